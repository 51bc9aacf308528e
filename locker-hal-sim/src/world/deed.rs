//! What people, computers and mishap do on the stage, as plain values: a list of them with their times is a story that
//! can be written down and told again.

use locker_core::office::{Location, Right};
use locker_core::screen::Action;
use locker_core::{Act, Appointment, BoxNo, Date, Driver, Generation, LockerId, Settings, VisitId};
use serde::{Deserialize, Serialize};

use super::disk::{AppendFault, Room};
use super::host::CrashPoint;
use crate::{SimCommand, SimRefusal};

/// Who stands in front of a cabinet, for the ledger of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Who {
    /// The customer of a visit.
    Customer(VisitId),
    /// A member of staff, counted from 0 in the order of [`Plan::staff`](super::Plan::staff).
    Staff(u8),
    /// A thief.
    Thief,
    /// Anybody.
    Somebody,
}

/// A computer of the dealership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Computer {
    /// The one in a locker.
    Locker(LockerId),
    /// The office's.
    Office,
}

/// A visit as planning knows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The appointment's day.
    pub date: Date,
    /// The registration.
    pub plate: String,
    /// Make and model.
    pub vehicle: String,
    /// The driver.
    pub driver: Driver,
    /// The work orders; their numbers tell which visit it is when everything else changes.
    pub orders: Vec<Appointment>,
    /// Whether the key stays in its box until reception says otherwise (PICK-5).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub on_hold: bool,
}

/// The line between a locker and the office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// Nothing passes, neither facts nor requests.
    pub down: bool,
    /// How long everything takes, in milliseconds.
    pub delay_ms: u64,
    /// How many of a hundred facts and settings arrive twice, the second time up to an hour late.
    pub twice: u8,
    /// How many of a hundred facts arrive before the one ahead of them.
    pub swapped: u8,
    /// How many of a hundred facts are lost and are asked for again.
    pub lost: u8,
}

/// The mail and SMS services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Post {
    /// They take everything.
    #[default]
    Up,
    /// They refuse everything.
    Refuses,
    /// Nobody answers; the messenger waits for ever.
    Silent,
    /// They take every message and the answer gets lost: it goes out again.
    AnswerLost,
    /// They take everything, and say that they did not.
    Denies,
}

/// What happens to a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockFault {
    /// The wall clock jumps by so many milliseconds.
    Step(i64),
    /// Both clocks run so many millionths too fast.
    Drift(i32),
    /// The wall clock is set right and confirmed.
    Confirm,
}

/// One thing that is done.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields say what they are: where, who, what")]
pub enum Deed {
    /// Somebody touches the bottom screen; without a generation, that of the screen as it is now.
    Touch {
        locker: LockerId,
        action: Action,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        generation: Option<Generation>,
    },
    /// The last touch arrives once more, as when a page sends it again.
    TouchAgain { locker: LockerId },
    /// Somebody does something to the cabinet, or a fault of it comes or goes.
    Cabinet { locker: LockerId, who: Who, command: SimCommand },
    /// A driver confirms an online check-in and is given a PIN.
    CheckIn { locker: LockerId, visit: VisitId, contact: u8 },
    /// Planning brings visits; with `whole` it is all there is from the first of its days on.
    Plan { visits: Vec<Planned>, whole: bool },
    /// The office changes a locker's settings.
    Set { locker: LockerId, settings: Settings },
    /// The office changes the location.
    Locate { location: Location },
    /// The office changes what a member of staff may do.
    Allow { staff: u8, rights: Vec<Right>, active: bool },
    /// The office changes its security code and lifts what wrong ones have locked.
    SecurityCode { code: u16 },
    /// A member of staff asks for a ticket.
    Ticket { staff: u8, act: Act, locker: LockerId },
    /// A member of staff scans what the screen of a locker shows.
    Scan { staff: u8, act: Act, locker: LockerId },
    /// A member of staff scans or types something else: an old photo, eight digits.
    ScanText { staff: u8, act: Act, locker: LockerId, text: String },
    /// A member of staff handles the call for help of a locker.
    HandleHelp { staff: u8, locker: LockerId },
    /// A member of staff disregards it.
    DisregardHelp { staff: u8, locker: LockerId },
    /// A member of staff has the PIN of a key that waits for its customer sent again, to the first contact that can be
    /// reached.
    SendAgain { staff: u8, visit: VisitId },
    /// A member of staff has what is personal of a visit erased (SAFE-5).
    Erase { staff: u8, visit: VisitId },
    /// A member of staff gets a temporary PIN, for this box or for any one.
    TemporaryPin {
        staff: u8,
        locker: LockerId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        box_no: Option<BoxNo>,
    },
    /// A member of staff enrols an authenticator for a locker.
    Enrol { staff: u8, locker: LockerId },
    /// A member of staff revokes the authenticator of another, or their own.
    Revoke { staff: u8, locker: LockerId, whose: u8 },
    /// A member of staff lifts the lock on code entry.
    LiftLock { staff: u8, locker: LockerId },
    /// A member of staff begins maintenance.
    BeginMaintenance { staff: u8, locker: LockerId },
    /// Maintenance is ended by hand.
    EndMaintenance { locker: LockerId },
    /// The process is killed, with `power` the boards lose their power too. It starts again after `off_ms`.
    PowerCut { at: Computer, off_ms: u64, power: bool },
    /// The power goes at this point of a step that records something, `spares` such steps from now; it comes back after
    /// `off_ms`.
    Crash {
        at: Computer,
        point: CrashPoint,
        off_ms: u64,
        #[serde(default)]
        spares: u16,
    },
    /// The owner of the machine does nothing for so long.
    Hang { at: Computer, ms: u64 },
    /// An append goes wrong, `spares` appends from now.
    Append {
        at: Computer,
        fault: AppendFault,
        #[serde(default)]
        spares: u16,
    },
    /// Whatever was to go wrong with a step to come goes wrong no more.
    Spare { at: Computer },
    /// The disk fills or is cleared.
    Disk { at: Computer, room: Room },
    /// A clock goes wrong or is set right.
    Clock { at: Computer, fault: ClockFault },
    /// Whether somebody confirms the wall clock at the coming starts.
    Confirms { at: Computer, clock: bool },
    /// The line changes.
    Link { locker: LockerId, link: Link },
    /// The services change.
    Post { locker: LockerId, post: Post },
}

/// What came of a deed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// It is done.
    Done,
    /// It was recorded and is not allowed; the number of the denial.
    Denied(u16),
    /// A box opens for a member of staff.
    Opens(BoxNo),
    /// A ticket for this locker.
    Ticket(LockerId),
    /// The PIN of an online check-in, or a temporary one.
    Pin(String),
    /// It is on its way; what comes of it shows later.
    Sent,
}

/// Why nothing came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Undone {
    /// The computer is off, hangs, or cannot be reached.
    #[error("nobody answers")]
    Away,
    /// The machine refused; the number of the refusal.
    #[error("refused with number {0}")]
    Refused(u16),
    /// It could not be recorded.
    #[error("it could not be recorded")]
    Unrecorded,
    /// The cabinet does not allow it.
    #[error("{0}")]
    Cabinet(#[from] SimRefusal),
    /// There is nothing to scan on the screen.
    #[error("there is nothing to scan on the screen")]
    NothingShown,
    /// There is no such locker, member of staff, or call for help.
    #[error("there is no such locker, member of staff, or call for help")]
    NoSuch,
}

/// A deed and its true time, in milliseconds since the world began.
#[derive(Clone, Serialize, Deserialize)]
pub struct Input {
    /// When.
    #[serde(rename = "time_ms")]
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

impl core::fmt::Debug for Deed {
    /// The kind alone: what was typed and who was planned is personal.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Touch { action, .. } => write!(f, "touch {action:?}"),
            Self::Cabinet { who, command, .. } => write!(f, "{who:?} {command:?}"),
            other => f.write_str(other.key()),
        }
    }
}

impl Deed {
    /// Its name in a written story.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Touch { .. } => "touch",
            Self::TouchAgain { .. } => "touch_again",
            Self::Cabinet { .. } => "cabinet",
            Self::CheckIn { .. } => "check_in",
            Self::Plan { .. } => "plan",
            Self::Set { .. } => "set",
            Self::Locate { .. } => "locate",
            Self::Allow { .. } => "allow",
            Self::SecurityCode { .. } => "security_code",
            Self::Ticket { .. } => "ticket",
            Self::Scan { .. } => "scan",
            Self::ScanText { .. } => "scan_text",
            Self::HandleHelp { .. } => "handle_help",
            Self::DisregardHelp { .. } => "disregard_help",
            Self::SendAgain { .. } => "send_again",
            Self::Erase { .. } => "erase",
            Self::TemporaryPin { .. } => "temporary_pin",
            Self::Enrol { .. } => "enrol",
            Self::Revoke { .. } => "revoke",
            Self::LiftLock { .. } => "lift_lock",
            Self::BeginMaintenance { .. } => "begin_maintenance",
            Self::EndMaintenance { .. } => "end_maintenance",
            Self::PowerCut { .. } => "power_cut",
            Self::Crash { .. } => "crash",
            Self::Hang { .. } => "hang",
            Self::Append { .. } => "append",
            Self::Spare { .. } => "spare",
            Self::Disk { .. } => "disk",
            Self::Clock { .. } => "clock",
            Self::Confirms { .. } => "confirms",
            Self::Link { .. } => "link",
            Self::Post { .. } => "post",
        }
    }
}
