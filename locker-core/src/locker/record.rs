//! The records of a locker: facts in the past tense, the only way its durable half changes.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::ask::{Denial, Layout};
use super::totp::TotpSecret;
use crate::cabinet::PulseOutcome;
use crate::exchange::{
    Act, CheckReason, Evidence, Finding, HelpAnswer, OpenReason, ServiceReason, Settings, StaffCode, Template,
};
use crate::ids::{BoxNo, CodeId, HelpId, MessageId, PulseId, ScanId, SessionId, TicketId, UserId, VisitId};
use crate::secret::{HoldsPersonal, Personal, Sealable};
use crate::time::{Date, Wall};
use crate::vault::SealError;
use crate::visit::{Contact, Visit};

/// Which of the two flows a session follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Drop a key.
    Drop,
    /// Pick up a key.
    PickUp,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The person finished.
    Finished,
    /// The person pressed x and confirmed.
    Aborted,
    /// Nobody touched the screen any more.
    Idle,
    /// A box stayed without *Confirm*.
    Unconfirmed,
    /// The locker could not serve.
    Failed,
}

/// Where a code came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Asked for at the kiosk: 6 digits, lives some minutes.
    Kiosk,
    /// An online check-in: 8 digits, lives by date.
    CheckIn,
    /// A key that staff put in a box for the customer: 6 digits, lives 30 days (PICK-4).
    PickUp,
}

impl Origin {
    /// The flow in which a code of this origin is looked for (CODE-1).
    pub(crate) const fn flow(self) -> Flow {
        match self {
            Self::Kiosk | Self::CheckIn => Flow::Drop,
            Self::PickUp => Flow::PickUp,
        }
    }
}

/// A key that staff put in a box: who did, and who gets the PIN (STAFF-DROP-2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outbound {
    /// The user.
    pub user: UserId,
    /// The contact that gets the PIN.
    pub to: Personal<Contact>,
}

/// Why a code died.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Death {
    /// A newer one took its place.
    Replaced,
    /// It did what it was made for.
    Used,
    /// Its time was over.
    Expired,
    /// The visit was cancelled or closed.
    Cancelled,
}

/// Why a door stands open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A pulse opened it.
    Commanded,
    /// It opened after the pulse had been given up: no alarm (BOX-4).
    Late,
    /// No pulse opened it: an alarm (BOX-6).
    Forced,
    /// It was closed when the locker stopped: an alarm.
    WhileOff,
    /// No pulse opened it, and maintenance was on (BOX-6).
    Maintenance,
    /// It was found so when a sensor could be read for the first time.
    Found,
}

/// One fact. `docs/schema.md` lists every kind with its fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "k")]
#[allow(missing_docs, reason = "docs/schema.md describes every field, checked by a test")]
pub enum Record {
    /// The host started the locker.
    #[serde(rename = "boot.started")]
    BootStarted { wall_trusted: bool },
    /// The cabinet was set up, or set up otherwise.
    #[serde(rename = "locker.set_up")]
    SetUp { layout: Layout },
    /// The office's settings were taken over.
    #[serde(rename = "desired.applied")]
    DesiredApplied { revision: u64, settings: Settings },
    /// A visit was planned or changed.
    #[serde(rename = "visit.put")]
    VisitPut { visit: Visit },
    /// A visit was cancelled or closed.
    #[serde(rename = "visit.gone")]
    VisitGone { visit: VisitId },
    /// A person pressed *Go*.
    #[serde(rename = "session.began")]
    SessionBegan { session: SessionId, flow: Flow },
    /// A session ended.
    #[serde(rename = "session.ended")]
    SessionEnded { session: SessionId, how: Ending },
    /// A look-up found nothing that may be used.
    #[serde(rename = "lookup.missed")]
    LookupMissed { session: SessionId },
    /// A message with a code is to be sent.
    #[serde(rename = "message.wanted")]
    MessageWanted { message: MessageId, visit: VisitId, template: Template, to: Personal<Contact> },
    /// The mail or SMS service took the message.
    #[serde(rename = "message.sent")]
    MessageSent { message: MessageId, visit: VisitId, template: Template, to: Personal<Contact> },
    /// The message was not taken.
    #[serde(rename = "message.failed")]
    MessageFailed { message: MessageId, visit: VisitId, template: Template, to: Personal<Contact> },
    /// A code was made; only its HMAC is kept.
    #[serde(rename = "code.made")]
    CodeMade {
        code: CodeId,
        visit: VisitId,
        message: MessageId,
        origin: Origin,
        #[serde(with = "hex::serde")]
        hash: [u8; 32],
        #[serde(default, skip_serializing_if = "Option::is_none")]
        life_ms: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_day: Option<Date>,
    },
    /// A code died.
    #[serde(rename = "code.died")]
    CodeDied { code: CodeId, why: Death },
    /// A code sleeps: staff have its key's box opened (STAFF-DROP-5).
    #[serde(rename = "code.slept")]
    CodeSlept { code: CodeId },
    /// A code is awake again: its key never left the box.
    #[serde(rename = "code.woke")]
    CodeWoke { code: CodeId },
    /// A code was accepted: it carries its session to the end.
    #[serde(rename = "code.accepted")]
    CodeAccepted { code: CodeId, session: SessionId },
    /// The session of an accepted code ended without *Confirm*: it lives ten minutes more at least.
    #[serde(rename = "code.released")]
    CodeReleased { code: CodeId },
    /// A wrong code was typed.
    #[serde(rename = "code.failed")]
    CodeFailed { session: SessionId },
    /// A wrong code was typed together with a registration while code entry was locked.
    #[serde(rename = "code.failed_with_plate")]
    CodeFailedWithPlate {
        #[serde(with = "hex::serde")]
        plate: [u8; 16],
    },
    /// Code entry was locked.
    #[serde(rename = "codes.locked")]
    CodesLocked { for_ms: u64 },
    /// The lock on code entry ran out.
    #[serde(rename = "codes.unlocked")]
    CodesUnlocked {},
    /// A user lifted the lock on code entry.
    #[serde(rename = "codes.lifted")]
    CodesLifted { user: UserId },
    /// A temporary PIN was made; only its HMAC is kept (CODE-8).
    #[serde(rename = "temporary.made")]
    TemporaryMade {
        code: CodeId,
        user: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        box_no: Option<BoxNo>,
        #[serde(with = "hex::serde")]
        hash: [u8; 32],
    },
    /// A user enrolled an authenticator (CODE-9).
    #[serde(rename = "totp.enrolled")]
    TotpEnrolled { user: UserId, revision: u64, secret: Personal<TotpSecret> },
    /// A user's authenticator is worth nothing any more.
    #[serde(rename = "totp.revoked")]
    TotpRevoked { user: UserId },
    /// A code of an authenticator was accepted; none of its step or of one before is again.
    #[serde(rename = "totp.accepted")]
    TotpAccepted { user: UserId, step: u64, session: SessionId },
    /// A wrong code of staff was typed.
    #[serde(rename = "staff_code.failed")]
    StaffCodeFailed { session: SessionId },
    /// Too many codes of staff were wrong: none is looked for, for a while (CODE-9).
    #[serde(rename = "staff_codes.locked")]
    StaffCodesLocked { for_ms: u64 },
    /// A code of staff opens a box.
    #[serde(rename = "staff_code.taken")]
    StaffCodeTaken {
        user: UserId,
        how: StaffCode,
        opens: BoxNo,
        session: SessionId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<OpenReason>,
    },
    /// The customer added a phone number.
    #[serde(rename = "phone.added")]
    PhoneAdded { visit: VisitId, phone: Personal<String> },
    /// The customer left a remark.
    #[serde(rename = "remark.left")]
    RemarkLeft { visit: VisitId, remark: Personal<String> },
    /// A box was kept for a visit.
    #[serde(rename = "box.reserved")]
    BoxReserved {
        box_no: BoxNo,
        visit: VisitId,
        session: SessionId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outbound: Option<Outbound>,
    },
    /// A box that was kept is free again: its door never opened, or the item sensor says that it is empty.
    #[serde(rename = "box.freed")]
    BoxFreed { box_no: BoxNo },
    /// A key that was not taken is safe in its box again.
    #[serde(rename = "box.kept")]
    BoxKept { box_no: BoxNo },
    /// A lock may be fired, once.
    #[serde(rename = "pulse.granted")]
    PulseGranted {
        pulse: PulseId,
        box_no: BoxNo,
        session: SessionId,
        attempt: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
    },
    /// What the board said of a pulse.
    #[serde(rename = "pulse.reported")]
    PulseReported { pulse: PulseId, box_no: BoxNo, outcome: PulseOutcome },
    /// A scan opened a box.
    #[serde(rename = "scan.taken")]
    ScanTaken {
        scan: ScanId,
        user: UserId,
        ticket: TicketId,
        #[serde(flatten)]
        act: Act,
        opens: BoxNo,
        session: SessionId,
        typed: bool,
    },
    /// A scan was not allowed.
    #[serde(rename = "scan.denied")]
    ScanDenied { scan: ScanId, user: UserId, why: Denial },
    /// The key is in the box.
    #[serde(rename = "key.dropped")]
    KeyDropped {
        visit: VisitId,
        box_no: BoxNo,
        session: SessionId,
        evidence: Evidence,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<TicketId>,
    },
    /// A user has the key.
    #[serde(rename = "key.taken")]
    KeyTaken {
        visit: VisitId,
        box_no: BoxNo,
        session: SessionId,
        user: UserId,
        ticket: TicketId,
        evidence: Evidence,
    },
    /// The customer has the key back; the box is kept for three minutes more (PICK-3).
    #[serde(rename = "key.collected")]
    KeyCollected { visit: VisitId, box_no: BoxNo, session: SessionId, evidence: Evidence },
    /// The content of a box is not certain.
    #[serde(rename = "box.to_check")]
    BoxToCheck {
        box_no: BoxNo,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<VisitId>,
        reason: CheckReason,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
    },
    /// The content of a box is certain again.
    #[serde(rename = "box.settled")]
    BoxSettled {
        box_no: BoxNo,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<VisitId>,
        finding: Finding,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
        seen: crate::cabinet::Item,
    },
    /// A box is out of service.
    #[serde(rename = "box.out_of_service")]
    BoxOutOfService { box_no: BoxNo, reason: ServiceReason },
    /// A box is back in service.
    #[serde(rename = "box.in_service")]
    BoxInService { box_no: BoxNo },
    /// A door opened.
    #[serde(rename = "door.opened")]
    DoorOpened {
        box_no: BoxNo,
        cause: Cause,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since_pulse_ms: Option<u64>,
    },
    /// A door closed.
    #[serde(rename = "door.closed")]
    DoorClosed {
        box_no: BoxNo,
        #[serde(default, skip_serializing_if = "is_false")]
        was_left_open: bool,
    },
    /// A door stood open for three minutes.
    #[serde(rename = "door.left_open")]
    DoorLeftOpen { box_no: BoxNo },
    /// A door sensor changes more often than a door can.
    #[serde(rename = "door.unsteady")]
    DoorUnsteady { box_no: BoxNo },
    /// A door sensor has been quiet for a minute.
    #[serde(rename = "door.steady")]
    DoorSteady { box_no: BoxNo },
    /// A person said the door is shut, against the sensor.
    #[serde(rename = "door.claimed_shut")]
    DoorClaimedShut { box_no: BoxNo },
    /// Somebody called for help, or called again.
    #[serde(rename = "help.called")]
    HelpCalled {
        help: HelpId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
        step: String,
    },
    /// The office answered a call for help.
    #[serde(rename = "help.answered")]
    HelpAnswered { help: HelpId, answer: HelpAnswer },
    /// Too many openings were not confirmed: of one visit in a day, or of the locker in an hour.
    #[serde(rename = "openings.limited")]
    OpeningsLimited {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<VisitId>,
    },
    /// A user began maintenance.
    #[serde(rename = "maintenance.began")]
    MaintenanceBegan { user: UserId, reason: Personal<String> },
    /// Maintenance ended, by its time or by a user.
    #[serde(rename = "maintenance.ended")]
    MaintenanceEnded {},
    /// A last append that a power cut had torn was dropped.
    #[serde(rename = "journal.torn")]
    JournalTorn {},
    /// The wall clock jumped, or the locker started without a confirmed time.
    #[serde(rename = "clock.doubted")]
    ClockDoubted { before: Wall, after: Wall },
    /// The wall clock is confirmed.
    #[serde(rename = "clock.confirmed")]
    ClockConfirmed {},
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl HoldsPersonal for Record {
    fn visit_personal(
        &mut self,
        visit: &mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>,
    ) -> Result<(), SealError> {
        if let Self::VisitPut { visit: put } = self {
            put.visit_personal(visit)
        } else if let Self::MessageWanted { to, .. }
        | Self::MessageSent { to, .. }
        | Self::MessageFailed { to, .. } = self
        {
            visit(to)
        } else if let Self::MaintenanceBegan { reason, .. } = self {
            visit(reason)
        } else if let Self::BoxReserved { outbound: Some(outbound), .. } = self {
            visit(&mut outbound.to)
        } else if let Self::TotpEnrolled { secret, .. } = self {
            visit(secret)
        } else if let Self::PhoneAdded { phone, .. } = self {
            visit(phone)
        } else if let Self::RemarkLeft { remark, .. } = self {
            visit(remark)
        } else {
            Ok(())
        }
    }
}

/// The kinds of records, as they stand in the journal.
pub const KINDS: &[&str] = &[
    "boot.started",
    "locker.set_up",
    "desired.applied",
    "visit.put",
    "visit.gone",
    "session.began",
    "session.ended",
    "lookup.missed",
    "message.wanted",
    "message.sent",
    "message.failed",
    "code.made",
    "code.died",
    "code.slept",
    "code.woke",
    "code.accepted",
    "code.released",
    "code.failed",
    "code.failed_with_plate",
    "codes.locked",
    "codes.unlocked",
    "codes.lifted",
    "temporary.made",
    "totp.enrolled",
    "totp.revoked",
    "totp.accepted",
    "staff_code.failed",
    "staff_codes.locked",
    "staff_code.taken",
    "phone.added",
    "remark.left",
    "box.reserved",
    "box.freed",
    "box.kept",
    "pulse.granted",
    "pulse.reported",
    "scan.taken",
    "scan.denied",
    "key.dropped",
    "key.taken",
    "key.collected",
    "box.to_check",
    "box.settled",
    "box.out_of_service",
    "box.in_service",
    "door.opened",
    "door.closed",
    "door.left_open",
    "door.unsteady",
    "door.steady",
    "door.claimed_shut",
    "help.called",
    "help.answered",
    "openings.limited",
    "maintenance.began",
    "maintenance.ended",
    "journal.torn",
    "clock.doubted",
    "clock.confirmed",
];
