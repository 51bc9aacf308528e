//! What users see: plain values for web pages, personal data in the clear, made only for a
//! [`Caller`](super::Caller).
//!
//! Times stay [`Wall`]; the host writes them in the location's zone.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::ask::ContactChoice;
use super::custody::EventKind;
use super::state::NoticeKind;
use super::user::{Right, Role};
use crate::exchange::{Act, MessageState, Settings, Template};
use crate::ids::{BoxNo, ExternalRef, HelpId, LockerId, MessageId, TabletId, TicketId, UserId, VisitId};
use crate::time::{Date, TimeOfDay, Wall};
use crate::visit::{Channel, ContactKind};

/// What stands in the place of what was erased (SAFE-5).
pub const DASH: &str = "–";

/// A visit on the main page (OFFICE-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitView {
    /// Its id.
    pub id: VisitId,
    /// The appointment date; `None` for a visit of which only a locker knows.
    pub date: Option<Date>,
    /// The registration; a [dash](super::DASH) once erased.
    pub plate: String,
    /// Make and model.
    pub vehicle: String,
    /// The driver.
    pub driver: DriverView,
    /// The owner's name.
    pub owner: Option<String>,
    /// The contractor's name.
    pub contractor: Option<String>,
    /// The work orders.
    pub orders: Vec<OrderView>,
    /// Who answers for the key.
    pub custody: CustodyView,
    /// Whether its key is, or may be, in a box.
    pub key_icon: bool,
    /// Whether the key in the box waits for the customer; else it waits for staff.
    pub outbound: bool,
    /// Whether staff have not fetched the key for a day, or the customer for three (PICK-4).
    pub uncollected: bool,
    /// Whether this viewer can start a pick-up now.
    pub may_pick_up: bool,
    /// Whether this viewer can start a drop for the customer now (STAFF-DROP-1).
    pub may_drop: bool,
    /// Whether what is personal was erased (SAFE-5).
    pub erased: bool,
    /// Whether planning no longer has the visit; it is kept for its key.
    pub gone_from_planning: bool,
    /// When the key was last dropped.
    pub dropped_at: Option<Wall>,
    /// The customer's remark, on the mechanics' overview once shared (OFFICE-3).
    pub remark: Option<String>,
}

/// The driver, as the main page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DriverView {
    /// The name; a dash once erased.
    pub name: String,
    /// Whether the customer answered a check-in or a locker: the field is blue then.
    pub answered: bool,
}

/// A work order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderView {
    /// Its number.
    pub number: ExternalRef,
    /// When the vehicle is expected.
    pub time: TimeOfDay,
    /// The kind of work.
    pub work: String,
}

/// Where a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CustodyKind {
    /// With the customer.
    Customer,
    /// In a box.
    Box,
    /// With a user.
    Staff,
    /// Perhaps in a box that is to be checked.
    ToCheck,
    /// Missing.
    Missing,
}

/// Who answers for a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustodyView {
    /// Where it is.
    pub kind: CustodyKind,
    /// In which box.
    pub box_no: Option<BoxNo>,
    /// Of which locker.
    pub locker: Option<LockerId>,
    /// The name of the user who has it, or had the box opened last.
    pub user: Option<String>,
    /// Since when.
    pub since: Option<Wall>,
}

/// The page of one visit (OFFICE-2, OFFICE-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitPage {
    /// What the main page shows of it.
    #[serde(flatten)]
    pub visit: VisitView,
    /// What happened, oldest first.
    pub timeline: Vec<EventView>,
    /// The phone number that the customer added; not for mechanics.
    pub added_phone: Option<String>,
    /// Whether mechanics see the remark.
    pub remark_shared: bool,
    /// The contacts that can get the PIN of a key dropped for the customer, for who may drop (STAFF-DROP-2).
    pub contacts: Vec<ContactView>,
    /// The communication log, oldest first; not for mechanics.
    pub messages: Vec<MessageView>,
}

/// A contact to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactView {
    /// What choosing it means.
    #[serde(flatten)]
    pub choice: ContactChoice,
    /// How messages travel to it.
    pub channel: Channel,
    /// Private or business.
    pub kind: ContactKind,
    /// The address, masked.
    pub to_masked: String,
}

/// An event on the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventView {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Wall,
    /// The user's name; `None` if it was the customer or nobody.
    pub who: Option<String>,
    /// Which box.
    pub box_no: Option<BoxNo>,
}

/// A message to the driver. Never holds a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageView {
    /// When it was wanted.
    pub at: Wall,
    /// The locker's number for it.
    pub id: MessageId,
    /// How it travels.
    pub channel: Channel,
    /// To whom, masked.
    pub to_masked: String,
    /// What it is for.
    pub template: Template,
    /// How it stands.
    pub outcome: MessageState,
}

/// A call for help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HelpView {
    /// Its id.
    pub id: HelpId,
    /// At which locker.
    pub locker: LockerId,
    /// On which screen.
    pub step: String,
    /// When it was called first.
    pub at: Wall,
    /// How often it was called again.
    pub repeats: u32,
    /// How it stands.
    pub state: HelpStateView,
    /// The name of the user who handles it.
    pub handled_by: Option<String>,
    /// Whether the locker could not record it (SAFE-8).
    pub unrecorded: bool,
}

/// How a call for help stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpStateView {
    /// Nobody handles it.
    Open,
    /// Somebody does.
    Handled,
}

/// The user and the tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Me {
    /// The user.
    pub user: UserId,
    /// The user's name.
    pub name: String,
    /// The user's role.
    pub role: Role,
    /// What the user may do.
    pub rights: Vec<Right>,
    /// The tablet.
    pub tablet: TabletId,
    /// The ticket that the tablet holds.
    pub ticket: Option<TicketView>,
    /// Whether the tablet must log in again before it can ask for a ticket.
    pub log_in_again: bool,
    /// Whether the security code can be tried.
    pub security_code: CodeState,
    /// The names of the dealer admins: whom to ask (STAFF-PICK-1, STAFF-PICK-3).
    pub dealer_admins: Vec<String>,
}

/// Whether the security code can be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CodeState {
    /// It can.
    Open,
    /// None is set.
    NotSet,
    /// The location has none: the older edition of the rules.
    NotNeeded,
    /// After too many wrong ones user or tablet waits.
    Waits {
        /// How much longer, in milliseconds.
        for_ms: u64,
    },
    /// After too many wrong ones user or tablet is locked.
    Locked,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TicketView {
    /// Its id.
    pub id: TicketId,
    /// What for.
    #[serde(flatten)]
    pub act: Act,
    /// The locker to go to.
    pub locker: LockerId,
    /// How much longer it lives, in milliseconds.
    pub left_ms: u64,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeView {
    /// Its number.
    pub id: u64,
    /// What about.
    pub kind: NoticeKind,
    /// When.
    pub at: Wall,
    /// At which locker.
    pub locker: Option<LockerId>,
    /// Which box.
    pub box_no: Option<BoxNo>,
    /// Which visit.
    pub visit: Option<VisitId>,
    /// The name of the user in it.
    pub user: Option<String>,
    /// When it was over.
    pub over: Option<Wall>,
}

/// A locker on the dashboard (OFFICE-5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LockerView {
    /// Its id.
    pub id: LockerId,
    /// Its settings.
    pub settings: Settings,
    /// The number of its boxes.
    pub boxes: u8,
    /// The keys in it, or perhaps in it.
    pub keys: usize,
    /// When it was last heard of.
    pub last_seen: Option<Wall>,
    /// The newest fact taken in.
    pub cursor: u64,
}

/// A user on the users' page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserView {
    /// The id.
    pub id: UserId,
    /// The login name.
    pub login: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The rights.
    pub rights: Vec<Right>,
    /// Whether the user can log in.
    pub active: bool,
    /// Wait or lock after wrong security codes.
    pub security_code: CodeState,
}

/// A tablet whose security code waits or is locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TabletView {
    /// The tablet.
    pub id: TabletId,
    /// The name of its last user.
    pub user: String,
    /// Wait or lock.
    pub security_code: CodeState,
}

/// A row of the activity log (OFFICE-8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogView {
    /// The record behind it.
    pub seq: u64,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: Wall,
    /// Who, by id; the name stands beside it.
    pub user: Option<UserId>,
    /// The user's name.
    pub name: Option<String>,
    /// On which tablet.
    pub tablet: Option<TabletId>,
    /// At which locker.
    pub locker: Option<LockerId>,
    /// Which visit.
    pub visit: Option<VisitId>,
    /// Which box.
    pub box_no: Option<BoxNo>,
    /// The number of a denial.
    pub code: Option<u16>,
    /// Why: in the user's words, or the key of what was chosen at the kiosk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
