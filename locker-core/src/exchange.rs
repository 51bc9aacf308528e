//! What passes between the two machines: facts, desired settings, live requests. There is no fourth kind.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::chain::Head;
use crate::ids::{BoxNo, HelpId, LockerId, MessageId, ScanId, SessionId, TicketId, UserId, VisitId};
use crate::screen::Locale;
use crate::secret::{Personal, Secret};
use crate::time::At;
use crate::visit::{Channel, Contact, Visit};

/// A public fact of a locker, in the order in which it happened; read by cursor, taken in once.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Which locker.
    pub locker: LockerId,
    /// The sequence number of the record behind it.
    pub seq: u64,
    /// The sequence number of the public fact before it; 0 for the first. A receiver that has not seen that one asks
    /// again from its cursor.
    pub prev: u64,
    /// When it happened.
    pub at: At,
    /// The newest head of the locker's journal when the fact was handed over (SAFE-4).
    pub head: Head,
    /// What happened.
    pub kind: FactKind,
}

/// How sure the locker is of what a person confirmed (BOX-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The person confirmed it; there is no sensor to say otherwise.
    Claimed,
    /// The person confirmed it and the item sensor agrees.
    Seen,
    /// The person confirmed it and a sensor says otherwise: the box is to be checked.
    Contradicted,
    /// Nobody confirmed it, and the item sensor and the door agree that it is done (TIME-3).
    BySensor,
}

/// Why a box is to be checked (BOX-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckReason {
    /// The person left after the box had opened.
    Aborted,
    /// Nobody pressed *Confirm*.
    Unconfirmed,
    /// The power went, or the program stopped, while the box was in use.
    Interrupted,
    /// A sensor contradicts what the person confirmed.
    Contradicted,
    /// The door opened with no command.
    Forced,
    /// The door was found open that was closed when the locker stopped.
    OpenedWhileOff,
    /// The person said that something was already in it.
    Occupied,
    /// The person said that the key was not in it.
    NotFound,
    /// It was opened by hand during maintenance.
    Maintenance,
    /// The lock was fired and nobody knows whether the door opened.
    Unknown,
}

/// Why a box is out of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceReason {
    /// The door did not open after three pulses.
    Jammed,
    /// The board did not answer.
    Silent,
    /// Somebody took it out of service.
    ByStaff,
}

/// What staff found in a box that was to be checked (BOX-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It is empty.
    Empty,
    /// The booked key is in it and stays.
    KeyStays,
    /// The booked key is in it and the user takes it.
    KeyTaken,
    /// Something else is in it.
    SomethingElse,
}

/// With what staff open a box without a tablet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffCode {
    /// A temporary PIN (CODE-8).
    Temporary,
    /// The code of an authenticator (CODE-9).
    Authenticator,
}

/// Why staff open a box with an authenticator: chosen at the kiosk (CODE-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenReason {
    /// To hand a key out, or take one in, while there is no link.
    Key,
    /// To see what is in it.
    Look,
    /// Lock, door or sensor.
    Repair,
    /// Anything else.
    Other,
}

impl OpenReason {
    /// All reasons, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Key, Self::Look, Self::Repair, Self::Other];

    /// The stable key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Look => "look",
            Self::Repair => "repair",
            Self::Other => "other",
        }
    }
}

/// How a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Wanted, not handed over yet.
    Queued,
    /// The mail or SMS service took it.
    Sent,
    /// The service refused it or did not take it in time.
    Failed,
}

/// What a message is for; the texts are in the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// A PIN to drop, asked for at the kiosk.
    DropPin,
    /// A PIN to drop, from an online check-in.
    CheckInPin,
    /// A PIN to pick up a key that staff put in a box (STAFF-DROP-4).
    PickUpPin,
    /// The same after three days, with a fresh PIN (PICK-4).
    PickUpReminder,
    /// The key was taken back and its PIN is worth nothing any more (STAFF-DROP-5). Carries no code.
    PickUpOff,
}

impl Template {
    /// Whether the message carries a code.
    #[must_use]
    pub const fn has_code(self) -> bool {
        match self {
            Self::DropPin | Self::CheckInPin | Self::PickUpPin | Self::PickUpReminder => true,
            Self::PickUpOff => false,
        }
    }
}

/// What happened, as far as the office may know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum FactKind {
    /// The locker started.
    Started,
    /// A customer put the key in a box and confirmed; or a user, for the customer.
    KeyDropped {
        /// Whose.
        visit: VisitId,
        /// Where.
        box_no: BoxNo,
        /// How sure.
        evidence: Evidence,
        /// The user, if it was one (STAFF-DROP).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
        /// With which ticket, which is then spent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<TicketId>,
    },
    /// The customer took the key out and confirmed (PICK-2): it is back where it belongs.
    KeyCollected {
        /// Whose.
        visit: VisitId,
        /// From where.
        box_no: BoxNo,
        /// How sure.
        evidence: Evidence,
    },
    /// A user took the key out and confirmed; custody is now that user's.
    KeyTaken {
        /// Whose.
        visit: VisitId,
        /// From where.
        box_no: BoxNo,
        /// By whom.
        user: UserId,
        /// With which ticket, which is then spent.
        ticket: TicketId,
    },
    /// A box opened for a member of staff.
    OpenedForStaff {
        /// Which box.
        box_no: BoxNo,
        /// By which scan.
        scan: ScanId,
        /// For whom.
        user: UserId,
        /// Whether the digits were typed, not the code scanned (STAFF-PICK-7).
        typed: bool,
    },
    /// A box opened for a member of staff with a code instead of a scan (CODE-8, CODE-9).
    OpenedByCode {
        /// Which box.
        box_no: BoxNo,
        /// Who answers for it.
        user: UserId,
        /// With what.
        how: StaffCode,
        /// Why, as it was chosen at the kiosk. For a temporary PIN the office was told when it was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<OpenReason>,
    },
    /// A box is to be checked; a key booked in it is not forgotten.
    ToCheck {
        /// Which box.
        box_no: BoxNo,
        /// The visit whose key may be in it.
        visit: Option<VisitId>,
        /// The user who had it opened last, if it was a user.
        user: Option<UserId>,
        /// Why.
        reason: CheckReason,
    },
    /// A box that was to be checked is settled.
    Settled {
        /// Which box.
        box_no: BoxNo,
        /// The visit whose key was booked in it. *Empty* makes that key missing.
        visit: Option<VisitId>,
        /// What was found.
        finding: Finding,
        /// By whom; `None` when the customer came back and confirmed (DROP-19).
        user: Option<UserId>,
    },
    /// A box went out of service.
    OutOfService {
        /// Which box.
        box_no: BoxNo,
        /// Why.
        reason: ServiceReason,
    },
    /// A box is back in service.
    BackInService {
        /// Which box.
        box_no: BoxNo,
    },
    /// A door stands open for three minutes (BOX-5).
    DoorLeftOpen {
        /// Which box.
        box_no: BoxNo,
    },
    /// A door that was reported left open is closed again.
    DoorClosedAgain {
        /// Which box.
        box_no: BoxNo,
    },
    /// A door opened with no command (BOX-6): an alarm.
    DoorForced {
        /// Which box.
        box_no: BoxNo,
        /// Milliseconds since the last pulse of that lock in this boot, if there was one.
        since_pulse_ms: Option<u64>,
        /// Whether it happened while the locker was off.
        while_off: bool,
    },
    /// A sensor contradicts people or itself.
    SensorDoubted {
        /// Which box.
        box_no: BoxNo,
    },
    /// Somebody at the locker calls for help, again or for the first time (HELP-3).
    HelpCalled {
        /// The request; a repeat carries the same id.
        help: HelpId,
        /// The session, if one runs.
        session: Option<SessionId>,
        /// The screen on which help was called.
        step: String,
    },
    /// Code entry is locked (CODE-4).
    CodesLocked {
        /// For how long, in milliseconds.
        for_ms: u64,
    },
    /// Too many codes of staff were wrong: none is looked for (CODE-9).
    StaffCodesLocked {
        /// For how long, in milliseconds.
        for_ms: u64,
    },
    /// A visit or the locker reached its limit of unconfirmed openings (DROP-19).
    OpeningsLimited {
        /// The visit, if it was the visit's limit.
        visit: Option<VisitId>,
    },
    /// The customer added a phone number, changed it, or removed it.
    PhoneAdded {
        /// Whose.
        visit: VisitId,
        /// The number; `None` when removed.
        phone: Option<Personal<String>>,
    },
    /// The customer left a remark.
    RemarkLeft {
        /// Whose.
        visit: VisitId,
        /// The words.
        remark: Personal<String>,
    },
    /// A message to the driver changed its state (the communication log).
    Message {
        /// Which message.
        message: MessageId,
        /// About which visit.
        visit: VisitId,
        /// How it travels.
        channel: Channel,
        /// To whom, masked and sealed.
        to: Personal<String>,
        /// What it is for.
        template: Template,
        /// How it stands.
        state: MessageState,
    },
    /// A user began maintenance (BOX-6).
    MaintenanceBegan {
        /// Who.
        user: UserId,
    },
    /// Maintenance ended.
    MaintenanceEnded,
    /// The locker doubts its wall clock (SAFE-7).
    ClockDoubted,
    /// The wall clock is confirmed again.
    ClockConfirmed,
}

/// What the office wants of a locker: the whole of it, numbered; the highest number wins.
#[derive(Clone, Debug, PartialEq)]
pub struct Desired {
    /// Rises with every change.
    pub revision: u64,
    /// The locker's settings.
    pub settings: Settings,
    /// All visits that the locker has to know: those of eight days ago and later, as a check-in PIN works for a week
    /// after its day (DROP-16), and those whose key is not back.
    pub visits: Vec<Arc<Visit>>,
    /// The users who may have temporary PINs: those of others die (CODE-8).
    pub temporary: Vec<UserId>,
    /// The users whose authenticators open boxes: those of others are forgotten (CODE-9).
    pub authenticators: Vec<UserId>,
}

/// Which edition of the rules a location keeps: one machine with different settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The rules as they stand.
    #[default]
    Standard,
    /// The older edition: two-factor drop on, messages by mail alone, inbound only; no start screen, the welcome comes
    /// first; no security code; mechanics alone fetch keys; *QR code* in step 1 does what the ticket says; no blue field.
    Classic,
}

impl Profile {
    /// Whether it is the rules as they stand.
    #[must_use]
    pub const fn is_standard(&self) -> bool {
        matches!(self, Self::Standard)
    }

    /// Whether it is the older edition.
    #[must_use]
    pub const fn is_classic(self) -> bool {
        matches!(self, Self::Classic)
    }
}

/// The settings of a locker and of its location, as far as the locker acts on them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The locker's name, as people say it: 1 to 40 characters.
    pub name: String,
    /// Whether it serves; a deactivated locker offers neither flow (START-5).
    pub active: bool,
    /// Whether a PIN is needed to drop (DROP-1).
    pub two_factor: bool,
    /// Whether the location can send text messages (DROP-6).
    pub sms: bool,
    /// How many days ahead a look-up finds an appointment (DROP-4): 0 to 3.
    pub lookup_days_ahead: u8,
    /// How long a PIN asked for at the kiosk lives, in minutes (CODE-2): 10 to 120.
    pub kiosk_pin_minutes: u16,
    /// Whether the digits under a QR may be typed instead (STAFF-PICK-7).
    pub typed_code: bool,
    /// The location's telephone number, as it is shown; empty if there is none.
    pub telephone: String,
    /// The location's opening hours, as they are shown; empty if not given.
    pub hours: String,
    /// The country calling code without +, for typed phone numbers (DROP-5): 1 to 3 digits.
    pub calling_code: String,
    /// What stands before a national number and falls away behind the calling code.
    pub trunk_prefix: String,
    /// The language a new session begins in.
    pub locale: Locale,
    /// The most live check-in and temporary PINs (8 digits) at a time: 1 to 2,000.
    pub long_codes_max: u16,
    /// The most live kiosk and pick-up PINs (6 digits) at a time: 1 to 27.
    pub short_codes_max: u16,
    /// Which edition of the rules the location keeps. Left out where it is the standard.
    #[serde(skip_serializing_if = "Profile::is_standard")]
    pub profile: Profile,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::from("Key locker"),
            active: true,
            two_factor: true,
            sms: false,
            lookup_days_ahead: 0,
            kiosk_pin_minutes: 30,
            typed_code: true,
            telephone: String::new(),
            hours: String::new(),
            calling_code: String::from("32"),
            trunk_prefix: String::from("0"),
            locale: Locale::En,
            long_codes_max: 500,
            short_codes_max: 16,
            profile: Profile::Standard,
        }
    }
}

/// The act for which staff want a box opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Take the key of a visit out of the box that holds it.
    PickUp {
        /// Whose key.
        visit: VisitId,
    },
    /// Put the key of a visit in a box, for the customer (STAFF-DROP).
    Drop {
        /// Whose key.
        visit: VisitId,
    },
    /// Open a box to see what is in it (BOX-13).
    Check {
        /// Which box.
        box_no: BoxNo,
    },
}

/// What shows that the tablet is in front of the locker now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The nonce of the QR on the screen.
    Qr(Secret<[u8; 16]>),
    /// The 8 digits under it.
    Typed(Secret<[u8; 8]>),
}

/// A live request of the office: this user may do this act, and holds what the screen shows. Never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Its id; it acts once (BOX-10).
    pub id: ScanId,
    /// What was scanned or typed.
    pub proof: Proof,
    /// The act.
    pub act: Act,
    /// The ticket it stands on.
    pub ticket: TicketId,
    /// The user.
    pub user: UserId,
    /// For a drop: the contact that will get the PIN (STAFF-DROP-2).
    pub to: Option<Contact>,
}

/// What a QR on the bottom screen carries: which locker, and a nonce (CODE-7). Written `KEYLOCKER:1:<locker>:<hex>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrPayload {
    /// The locker that shows it.
    pub locker: LockerId,
    /// Made by that locker for this one time.
    pub nonce: Secret<[u8; 16]>,
}

impl QrPayload {
    /// The text that the QR code carries.
    #[must_use]
    pub fn text(&self) -> String {
        alloc::format!("KEYLOCKER:1:{}:{}", self.locker, hex::encode_upper(self.nonce.reveal()))
    }
}

impl core::str::FromStr for QrPayload {
    type Err = NotOurQr;

    fn from_str(text: &str) -> Result<Self, NotOurQr> {
        let rest = text.strip_prefix("KEYLOCKER:1:").ok_or(NotOurQr)?;
        let (locker, nonce) = rest.split_once(':').ok_or(NotOurQr)?;
        let mut bytes = [0; 16];
        hex::decode_to_slice(nonce, &mut bytes).map_err(|_| NotOurQr)?;
        let locker = LockerId(locker.parse().map_err(|_| NotOurQr)?);
        Ok(Self { locker, nonce: Secret::new(bytes) })
    }
}

/// The text is not that of a locker's QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the QR code of a key locker")]
pub struct NotOurQr;

/// A live request of a locker: somebody calls for help there, and nothing can be recorded (SAFE-8). Never stored; read
/// off the locker as long as it stands, so that it may be handed over as often as one likes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnrecordedCall {
    /// At which locker.
    pub locker: LockerId,
    /// The request; a repeat carries the same id, and so does its record if it is recorded later.
    pub help: HelpId,
    /// The screen on which help was called last.
    pub step: String,
    /// When it was called first, while nothing could be recorded.
    pub at: At,
    /// How often it was called since, the first time included.
    pub calls: u32,
}

/// What the office says to a call for help (HELP-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpAnswer {
    /// The request arrived and somebody could be notified.
    Notified,
    /// The request arrived and nobody can be notified now.
    Nobody,
    /// Somebody is coming.
    Coming,
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PickUp { visit } => write!(f, "pick up the key of visit {visit}"),
            Self::Drop { visit } => write!(f, "drop the key of visit {visit}"),
            Self::Check { box_no } => write!(f, "check box {box_no}"),
        }
    }
}
