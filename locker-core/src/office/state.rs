//! What the office knows: the half of the machine that outlives a power cut.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use rpds::RedBlackTreeMapSync;
use serde::{Deserialize, Serialize};

use super::code::{Hashed, Tries};
use super::custody::VisitRow;
use super::user::UserRow;
use crate::chain::Head;
use crate::exchange::{Act, OpenReason, Profile, Settings, UnrecordedCall};
use crate::ids::{BoxNo, HelpId, LockerId, ScanId, TabletId, TicketId, UserId, VisitId};
use crate::locker::Store;
use crate::screen::Locale;
use crate::secret::{HoldsPersonal, Personal, Sealable};
use crate::time::{Age, At, Date, MINUTE, Mono, Wall};
use crate::vault::{SealError, Subject};
use crate::visit::Contact;

/// The most lockers of a location.
pub const LOCKERS_MAX: usize = 50;
/// The most users of a location.
pub const USERS_MAX: usize = 500;
/// The most tablets; a logged-out one without wrong codes makes room.
pub const TABLETS_MAX: usize = 500;
/// The most visits; those long over make room at an import.
pub const VISITS_MAX: usize = 20_000;
/// The most notices kept; the oldest fall away.
pub const NOTICES_MAX: usize = 200;
/// The most rows of the activity log kept at hand; the oldest fall away, the journal keeps them.
pub const LOG_ROWS_MAX: usize = 2_000;
/// The most wishes for a message to the location; the oldest fall away.
pub const WISHES_MAX: usize = 100;
/// The most times one ticket can be scanned with.
pub const SCANS_PER_TICKET_MAX: usize = 20;
/// The range of [`Location::ticket_minutes`] (STAFF-PICK-3).
pub const TICKET_MINUTES: core::ops::RangeInclusive<u16> = 2..=30;
/// After how long a call for help that nobody handled is told again, in milliseconds (HELP-3).
pub const HELP_TOLD_AGAIN_MS: u64 = 3 * MINUTE;

/// The location, as its users and customers see it; the lockers get the parts that they act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Location {
    /// Its name: 1 to 80 characters.
    pub name: String,
    /// The telephone number, as it is shown; empty if there is none.
    pub telephone: String,
    /// The opening hours, as they are shown; empty if not given.
    pub hours: String,
    /// The mail address to which the location is told things; empty if there is none.
    pub mail: String,
    /// Whether text messages can be sent (DROP-6).
    pub sms: bool,
    /// The name of the time zone, such as `Europe/Brussels`; the host knows what it means.
    pub zone: String,
    /// The country calling code without +: 1 to 3 digits.
    pub calling_code: String,
    /// What stands before a national number and falls away behind the calling code.
    pub trunk_prefix: String,
    /// The language in which lockers begin.
    pub locale: Locale,
    /// How long a ticket lives, in minutes (STAFF-PICK-3): 2 to 30.
    pub ticket_minutes: u16,
    /// After how many days what is personal of a visit is erased, counted from the end of its day and from the return
    /// of its key, whichever was later (SAFE-5): 1 to 3,650.
    pub erase_after_days: u16,
    /// Which edition of the rules the location keeps. Left out where it is the standard.
    #[serde(skip_serializing_if = "Profile::is_standard")]
    pub profile: Profile,
}

impl Default for Location {
    fn default() -> Self {
        Self {
            name: String::from("Location"),
            telephone: String::new(),
            hours: String::new(),
            mail: String::new(),
            sms: false,
            zone: String::from("Europe/Brussels"),
            calling_code: String::from("32"),
            trunk_prefix: String::from("0"),
            locale: Locale::En,
            ticket_minutes: 10,
            erase_after_days: 30,
            profile: Profile::Standard,
        }
    }
}

/// What the office knows. Opaque: read it through the views of [`Office`](super::Office).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Durable {
    pub(super) last: At,
    pub(super) location: Location,
    pub(super) code: Option<Code>,
    pub(super) revision: u64,
    pub(super) next: Next,
    pub(super) lockers: BTreeMap<LockerId, LockerRow>,
    pub(super) users: RedBlackTreeMapSync<UserId, UserRow>,
    pub(super) tablets: RedBlackTreeMapSync<TabletId, TabletRow>,
    pub(super) visits: RedBlackTreeMapSync<VisitId, VisitRow>,
    pub(super) scans: BTreeMap<ScanId, TabletId>,
    pub(super) help: BTreeMap<LockerId, HelpRow>,
    pub(super) notices: RedBlackTreeMapSync<u64, Notice>,
    pub(super) log: RedBlackTreeMapSync<u64, LogRow>,
    pub(super) wishes: RedBlackTreeMapSync<u64, WishKind>,
    /// Who has an authenticator for which locker (CODE-9).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) authenticators: BTreeMap<LockerId, BTreeSet<UserId>>,
    /// Who is to be erased, and since which record (SAFE-5).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) erasing: BTreeMap<Subject, u64>,
}

/// The security code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) hash: Hashed,
    /// The record that set it: a tablet that logged in before must do so again.
    pub(super) set: u64,
}

/// The newest number given in each of the office's own rows of ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Next {
    pub(super) locker: u64,
    pub(super) user: u64,
    pub(super) tablet: u64,
    pub(super) visit: u64,
    pub(super) ticket: u64,
    pub(super) scan: u64,
}

/// A locker as the office knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LockerRow {
    pub(super) settings: Settings,
    pub(super) boxes: u8,
    /// The newest public fact taken in.
    pub(super) cursor: u64,
    pub(super) head: Head,
    pub(super) last_fact: Option<Wall>,
}

/// A tablet: one browser of a member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TabletRow {
    pub(super) user: UserId,
    pub(super) token: Hashed,
    /// The record of the log-in; `None` once logged out.
    pub(super) session: Option<u64>,
    pub(super) at: Wall,
    pub(super) tries: Tries,
    pub(super) hold: Hold,
}

/// The one ticket that a tablet may hold, or how the last one ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hold {
    #[default]
    Nothing,
    Ticket(Ticket),
    /// A box was opened on it: used, unless the locker says that the door jammed (BOX-4).
    Opened {
        ticket: Ticket,
        box_no: BoxNo,
    },
    Ended(TicketEnd),
}

impl TabletRow {
    pub(super) fn ticket(&self) -> Option<&Ticket> {
        match &self.hold {
            Hold::Ticket(ticket) => Some(ticket),
            Hold::Nothing | Hold::Opened { .. } | Hold::Ended(_) => None,
        }
    }

    /// Whether it can be forgotten to make room: nobody is logged in and nothing is counted.
    pub(super) fn makes_room(&self) -> bool {
        self.session.is_none() && self.tries == Tries::default()
    }
}

/// A ticket: the permission for one act at one locker, for some minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ticket {
    pub(super) id: TicketId,
    pub(super) act: Act,
    pub(super) locker: LockerId,
    pub(super) age: Age,
    pub(super) minutes: u16,
    pub(super) scans: Vec<ScanId>,
    /// For a drop: who gets the PIN (STAFF-DROP-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<Personal<Contact>>,
}

impl Ticket {
    /// When it dies.
    pub(super) fn dies_at(&self) -> Mono {
        self.age.reaches(u64::from(self.minutes) * MINUTE)
    }
}

/// How a ticket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketEnd {
    /// Its time was over, or the office was restarted in doubtful time.
    Expired,
    /// The locker opened a box on it.
    Used,
    /// The tablet gave it back or logged out.
    Dropped,
    /// The user lost the right or was made inactive.
    Revoked,
}

/// A call for help of one locker: the open one, or the last one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HelpRow {
    pub(super) id: HelpId,
    pub(super) step: String,
    pub(super) at: Wall,
    pub(super) repeats: u32,
    pub(super) state: HelpState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum HelpState {
    /// Nobody has handled it.
    Open { age: Age, told_again: bool, disregarded_by: BTreeSet<UserId> },
    /// Somebody is coming.
    Handled { by: UserId, at: Wall },
}

impl HelpRow {
    /// When it is told again.
    pub(super) fn told_again_at(&self) -> Option<Mono> {
        self.state.told_again_at()
    }
}

impl HelpState {
    /// Open since `at`, for everybody.
    pub(super) fn open(at: At) -> Self {
        Self::Open { age: Age::begun(at), told_again: false, disregarded_by: BTreeSet::new() }
    }

    /// Whether nobody has handled it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// When it is told again.
    pub(super) fn told_again_at(&self) -> Option<Mono> {
        match self {
            Self::Open { age, told_again: false, .. } => Some(age.reaches(HELP_TOLD_AGAIN_MS)),
            Self::Open { .. } | Self::Handled { .. } => None,
        }
    }
}

/// What users are told about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A door stands open for three minutes.
    DoorLeftOpen,
    /// A door opened with no command: an alarm.
    DoorForced,
    /// A box is out of service: jammed, silent or taken out.
    OutOfService,
    /// A box is to be checked.
    ToCheck,
    /// A key is missing.
    KeyMissing,
    /// Code entry of a locker is locked.
    CodesLocked,
    /// No code of staff is looked for at a locker: too many were wrong.
    StaffCodesLocked,
    /// A locker reached its limit of unconfirmed openings.
    OpeningsLimited,
    /// A sensor contradicts people or itself.
    SensorDoubted,
    /// A locker doubts its clock.
    ClockDoubted,
    /// A message did not go out.
    MessageFailed,
    /// A user and a tablet are locked out of the security code.
    SecurityCodeLocked,
}

/// A notice to the users of the location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Notice {
    pub(super) kind: NoticeKind,
    pub(super) at: Wall,
    pub(super) locker: Option<LockerId>,
    pub(super) box_no: Option<BoxNo>,
    pub(super) visit: Option<VisitId>,
    pub(super) user: Option<UserId>,
    /// When it was over; `None` while it is not, or when it is of a kind that does not end.
    pub(super) over: Option<Wall>,
}

/// A row of the activity log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LogRow {
    pub(super) kind: String,
    pub(super) at: Wall,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tablet: Option<TabletId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) locker: Option<LockerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) visit: Option<VisitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) box_no: Option<BoxNo>,
    /// The number of the denial, here or at the locker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<u16>,
    /// Why, as somebody wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) words: Option<Personal<String>>,
    /// Why, as somebody chose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<OpenReason>,
}

/// What the location is to be told by mail: kept until the host says that it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum WishKind {
    /// A call for help was not handled within three minutes (HELP-3).
    HelpNotHandled {
        /// At which locker.
        locker: LockerId,
        /// Which call.
        help: HelpId,
    },
    /// Ten wrong security codes (CODE-6).
    SecurityCodeLocked {
        /// Of which user.
        user: UserId,
        /// On which tablet.
        tablet: TabletId,
    },
    /// A key is missing (BOX-13).
    KeyMissing {
        /// Whose.
        visit: VisitId,
        /// At which locker.
        locker: LockerId,
        /// Which box was found empty.
        box_no: BoxNo,
    },
    /// A key has waited for its customer for 30 days or more, and its PIN is dead (PICK-4). Told once a day.
    KeyUncollected {
        /// Whose.
        visit: VisitId,
        /// At which locker.
        locker: LockerId,
        /// In which box.
        box_no: BoxNo,
    },
}

/// A wish for a message to the location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Its number; the idempotency key of the message.
    pub id: u64,
    /// What it is about.
    #[serde(flatten)]
    pub kind: WishKind,
}

/// What dies with the host program: when each locker was last heard of, and what cannot be recorded.
#[derive(Clone, Debug, Default)]
pub struct Session {
    pub(super) seen: BTreeMap<LockerId, Wall>,
    /// How the office's own journal stands.
    pub(super) store: Store,
    /// What is known of the last call of each locker beyond what is recorded (SAFE-8).
    pub(super) unrecorded: BTreeMap<LockerId, UnrecordedHelp>,
    /// The last day on which was looked for who is to be erased by age.
    pub(super) aged: Option<Date>,
    /// The day on which the location was told of every key that it is to be told of (PICK-4).
    pub(super) told_on: Option<Date>,
    /// Both clocks at the last input, and whether they have disagreed since (SAFE-7).
    pub(super) clocks: Option<(Mono, Wall)>,
    pub(super) is_clock_doubted: bool,
}

/// A call for help that is not recorded, or what became of a recorded one while nothing could be.
#[derive(Clone, Debug)]
pub(super) struct UnrecordedHelp {
    /// The call as it stands, what is recorded of it included.
    pub(super) row: HelpRow,
    /// What the locker said last; `None` when its call is recorded.
    pub(super) call: Option<UnrecordedCall>,
}

impl Durable {
    /// Adds to a bounded map, dropping the oldest.
    pub(super) fn push<T: Clone>(rows: &mut RedBlackTreeMapSync<u64, T>, key: u64, row: T, max: usize) {
        rows.insert_mut(key, row);
        while rows.size() > max {
            let Some(oldest) = rows.first().map(|(key, _)| *key) else {
                break;
            };
            rows.remove_mut(&oldest);
        }
    }

    /// The visit's row, made if a locker speaks of one that the office does not know.
    pub(super) fn visit_mut(&mut self, visit: VisitId) -> &mut VisitRow {
        if !self.visits.contains_key(&visit) {
            self.visits.insert_mut(visit, VisitRow::default());
        }
        self.visits.get_mut(&visit).expect("the row was inserted if it was not there")
    }
}

impl HoldsPersonal for Durable {
    fn visit_personal(
        &mut self,
        visit: &mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>,
    ) -> Result<(), SealError> {
        let users: Vec<UserId> = self.users.keys().copied().collect();
        for id in users {
            if let Some(user) = self.users.get_mut(&id) {
                visit(&mut user.login)?;
                visit(&mut user.name)?;
            }
        }
        let visits: Vec<VisitId> = self.visits.keys().copied().collect();
        for id in visits {
            if let Some(row) = self.visits.get_mut(&id) {
                row.visit_personal(visit)?;
            }
        }
        let tablets: Vec<TabletId> = self.tablets.keys().copied().collect();
        for id in tablets {
            let held = self.tablets.get_mut(&id).map(|row| &mut row.hold);
            if let Some(Hold::Ticket(ticket) | Hold::Opened { ticket, .. }) = held
                && let Some(to) = &mut ticket.to
            {
                visit(to)?;
            }
        }
        let rows = self.log.iter().filter(|(_, row)| row.words.is_some());
        let rows: Vec<u64> = rows.map(|(key, _)| *key).collect();
        for key in rows {
            if let Some(words) = self.log.get_mut(&key).and_then(|row| row.words.as_mut()) {
                visit(words)?;
            }
        }
        Ok(())
    }
}
