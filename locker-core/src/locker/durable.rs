//! The half of a locker that outlives a power cut, and how each record changes it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use rpds::RedBlackTreeMapSync;
use serde::{Deserialize, Serialize};

use super::Locker;
use super::ask::{Denial, Layout};
use super::boxes::{Assignment, BoxState, InUse, ToCheck};
use super::codes::Codes;
use super::record::{Cause, Outbound, Record};
use super::totp::Authenticators;
use crate::cabinet::{Door, PulseOutcome};
use crate::exchange::{CheckReason, Finding, HelpAnswer, MessageState, Settings, Template};
use crate::ids::{BoxNo, HelpId, LockerId, MessageId, ScanId, UserId, VisitId};
use crate::machine::Stamped;
use crate::secret::{HoldsPersonal, Personal, Sealable};
use crate::time::{Age, At, DAY, HOUR, Mono};
use crate::vault::SealError;
use crate::visit::{Contact, Visit};

/// How many scans are remembered, so that a doubled one acts once. One scan lives 30 s and takes seconds to make.
const SCANS_KEPT: usize = 32;

/// Who answers for a key now (SAFE-3): always exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Custody {
    /// The customer.
    Customer,
    /// It lies in a box.
    Box {
        /// Which.
        box_no: BoxNo,
    },
    /// It may lie in a box, which is to be checked.
    ToCheck {
        /// Which.
        box_no: BoxNo,
        /// The user who had it open last, if it was a user.
        user: Option<UserId>,
    },
    /// A named user has it.
    Staff {
        /// Who.
        user: UserId,
    },
    /// It was booked in a box that was found empty.
    Missing {
        /// Which.
        box_no: BoxNo,
    },
}

/// A key that is neither with the customer nor in a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Away {
    Staff { user: UserId },
    Missing { box_no: BoxNo },
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// About which visit.
    pub visit: VisitId,
    /// What it is for.
    pub template: Template,
    /// To whom.
    pub to: Personal<Contact>,
    /// How it stands.
    pub state: MessageState,
    /// How old it is.
    pub age: Age,
}

/// Something that is counted over a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// About which visit; `None` where only the locker counts.
    pub visit: Option<VisitId>,
    /// When.
    pub age: Age,
}

/// A call for help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// The request.
    pub help: HelpId,
    /// What the office said, if anything yet.
    pub answer: Option<HelpAnswer>,
}

/// A key that waits for its customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    /// Who put it in, and who gets the PIN.
    #[serde(flatten)]
    pub(crate) outbound: Outbound,
    /// Since when it is in, once it is.
    pub(crate) since: Option<Age>,
    /// Whether the customer was reminded (PICK-4).
    pub(crate) reminded: bool,
}

/// A technician is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// Who began it.
    pub user: UserId,
    /// How long it has lasted.
    pub age: Age,
}

/// What a locker knows for good.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Durable {
    pub(crate) locker: LockerId,
    pub(crate) pulse_ms: u16,
    pub(crate) settings: Settings,
    pub(crate) revision: u64,
    pub(crate) visits: RedBlackTreeMapSync<VisitId, Visit>,
    pub(crate) boxes: Vec<BoxState>,
    away: BTreeMap<VisitId, Away>,
    pub(crate) codes: Codes,
    pub(crate) messages: BTreeMap<MessageId, Message>,
    pub(crate) last_message: MessageId,
    pub(crate) misses: Vec<Age>,
    pub(crate) sends: Vec<Count>,
    pub(crate) reservations: Vec<Count>,
    pub(crate) unconfirmed: Vec<Age>,
    pub(crate) scans: Vec<(ScanId, BoxNo)>,
    /// Apart from those that opened a box, so that no number of wrong ones drives those out.
    pub(crate) denied: Vec<(ScanId, Denial)>,
    pub(crate) help: Option<Help>,
    pub(crate) last_help: HelpId,
    pub(crate) maintenance: Option<Maintenance>,
    /// Keys that staff put, or are putting, in a box for the customer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) outbound: BTreeMap<VisitId, Waiting>,
    /// What opens boxes without a link (CODE-9).
    #[serde(default)]
    pub(crate) authenticators: Authenticators,
    pub(crate) clock_doubted: bool,
    pub(crate) last: At,
}

impl Durable {
    /// The box with this number, if the cabinet has it.
    #[must_use]
    pub fn box_state(&self, box_no: BoxNo) -> Option<&BoxState> {
        // Most cabinets number their boxes from 1 without a gap.
        let expected = self.boxes.get(usize::from(box_no.get()) - 1).filter(|state| state.no() == box_no);
        expected.or_else(|| self.boxes.iter().find(|state| state.no() == box_no))
    }

    fn change(&mut self, box_no: BoxNo, change: impl FnOnce(&mut BoxState)) {
        if let Some(state) = self.boxes.iter_mut().find(|state| state.no() == box_no) {
            change(state);
        }
    }

    /// The box in which a visit's key is booked, certain or not.
    #[must_use]
    pub fn box_of(&self, visit: VisitId) -> Option<&BoxState> {
        self.boxes.iter().find(|state| state.booked() == Some(visit))
    }

    /// Who answers for a visit's key now.
    #[must_use]
    pub fn custody(&self, visit: VisitId) -> Custody {
        if let Some(state) = self.box_of(visit) {
            return match state.check {
                None => Custody::Box { box_no: state.no() },
                Some(check) => Custody::ToCheck { box_no: state.no(), user: check.user },
            };
        }
        match self.away.get(&visit) {
            None => Custody::Customer,
            Some(Away::Staff { user }) => Custody::Staff { user: *user },
            Some(Away::Missing { box_no }) => Custody::Missing { box_no: *box_no },
        }
    }

    /// How many of `counts` are about `visit` and younger than `ms`.
    pub(crate) fn counted(counts: &[Count], visit: Option<VisitId>, ms: u64, now: Mono) -> usize {
        let counts = counts.iter().filter(|count| visit.is_none() || count.visit == visit);
        counts.filter(|count| count.age.ms(now) < ms).count()
    }

    /// How many of `ages` are younger than `ms`.
    pub(crate) fn younger(ages: &[Age], ms: u64, now: Mono) -> usize {
        ages.iter().filter(|age| age.ms(now) < ms).count()
    }

    fn cross_boot(&mut self, start: At, wall_trusted: bool) {
        // From a wall clock that was in doubt nobody can tell how long it was off: what was lived counts, nothing more.
        let (last, wall_trusted) = (self.last, wall_trusted && !self.clock_doubted);
        let cross = |age: &mut Age| *age = age.cross(last, start, wall_trusted);
        self.codes.cross_boot(start, &cross);
        self.authenticators.cross_boot(&cross);
        self.messages.values_mut().for_each(|message| cross(&mut message.age));
        self.misses.iter_mut().for_each(&cross);
        self.sends.iter_mut().for_each(|count| cross(&mut count.age));
        self.reservations.iter_mut().for_each(|count| cross(&mut count.age));
        self.unconfirmed.iter_mut().for_each(&cross);
        if let Some(maintenance) = &mut self.maintenance {
            cross(&mut maintenance.age);
        }
        self.outbound.values_mut().filter_map(|waiting| waiting.since.as_mut()).for_each(&cross);
        for state in &mut self.boxes {
            state.unspent_pulse = None;
            state.unsteady = false;
        }
    }

    fn set_up(&mut self, layout: &Layout) {
        self.locker = layout.locker;
        self.pulse_ms = layout.pulse_ms;
        let known = core::mem::take(&mut self.boxes);
        let mut missing = known.clone();
        self.boxes = layout
            .boxes
            .iter()
            .map(|place| {
                missing.retain(|state| state.no() != place.box_no);
                let known = known.iter().find(|state| state.no() == place.box_no);
                known.map_or_else(
                    || BoxState::new(*place),
                    |state| BoxState { place: *place, ..state.clone() },
                )
            })
            .collect();
        // A box that holds a key is never forgotten, whatever the layout says.
        missing.retain(|state| state.booked().is_some() || state.check.is_some());
        self.boxes.extend(missing);
        self.boxes.sort_by_key(BoxState::no);
    }

    fn mark_to_check(&mut self, box_no: BoxNo, reason: CheckReason, user: Option<UserId>, at: At) {
        if matches!(reason, CheckReason::Aborted | CheckReason::Unconfirmed | CheckReason::Interrupted)
            && user.is_none()
        {
            self.unconfirmed.retain(|age| age.ms(at.mono) < HOUR);
            self.unconfirmed.push(Age::begun(at));
        }
        self.change(box_no, |state| {
            state.assignment = match (state.assignment, reason) {
                (Assignment::Reserved { .. }, CheckReason::Occupied) => Assignment::Free,
                (Assignment::Reserved { visit, .. }, _) => Assignment::Holding { visit },
                (Assignment::Collected { .. }, _) => Assignment::Free,
                (kept @ (Assignment::Free | Assignment::Holding { .. }), _) => kept,
            };
            let user = user.or_else(|| state.check.and_then(|check| check.user));
            state.check = Some(ToCheck { reason, user });
            state.in_use = None;
        });
    }

    fn settled(&mut self, box_no: BoxNo, finding: Finding, user: Option<UserId>, (at, seq): (At, u64)) {
        let booked = self.box_state(box_no).and_then(BoxState::booked);
        self.change(box_no, |state| {
            state.in_use = None;
            state.used_at = seq;
            match finding {
                Finding::Empty | Finding::KeyTaken => {
                    state.assignment = Assignment::Free;
                    state.check = None;
                }
                Finding::KeyStays => state.check = None,
                Finding::SomethingElse => {
                    state.check = Some(ToCheck { reason: CheckReason::Occupied, user });
                }
            }
        });
        match (booked, finding) {
            (Some(visit), Finding::Empty | Finding::KeyTaken) => drop(self.outbound.remove(&visit)),
            (Some(visit), Finding::KeyStays) => self.waits_from(visit, at),
            (Some(_) | None, _) => {}
        }
        match (booked, finding, user) {
            (Some(visit), Finding::Empty, _) => {
                self.away.insert(visit, Away::Missing { box_no });
            }
            (Some(visit), Finding::KeyTaken, Some(user)) => {
                self.away.insert(visit, Away::Staff { user });
            }
            (Some(_) | None, _, _) => {}
        }
    }

    /// A key that staff put in for the customer is in: confirmed, or found.
    fn waits_from(&mut self, visit: VisitId, at: At) {
        if let Some(waiting) = self.outbound.get_mut(&visit) {
            waiting.since.get_or_insert(Age::begun(at));
        }
    }

    /// Changes this by one record.
    #[allow(clippy::too_many_lines, reason = "one arm a kind, each a line or two")]
    pub(crate) fn apply(&mut self, stamped: &Stamped<Record>) {
        let (at, seq) = (stamped.at, stamped.seq);
        match &stamped.record {
            Record::BootStarted { wall_trusted } => self.cross_boot(at, *wall_trusted),
            Record::SetUp { layout } => self.set_up(layout),
            Record::DesiredApplied { revision, settings } => {
                self.revision = *revision;
                self.settings = settings.clone();
            }
            Record::VisitPut { visit } => self.visits.insert_mut(visit.id, visit.clone()),
            Record::VisitGone { visit } => {
                self.visits.remove_mut(visit);
            }
            Record::SessionBegan { .. } | Record::OpeningsLimited { .. } => {}
            Record::SessionEnded { .. } => {}
            Record::LookupMissed { .. } => {
                self.misses.retain(|age| age.ms(at.mono) < HOUR);
                self.misses.push(Age::begun(at));
            }
            Record::MessageWanted { message, visit, template, to } => {
                self.last_message = *message;
                if let Some(waiting) = self.outbound.get_mut(visit) {
                    match template {
                        Template::PickUpPin => waiting.outbound.to = to.clone(),
                        Template::PickUpReminder => waiting.reminded = true,
                        Template::DropPin | Template::CheckInPin | Template::PickUpOff => {}
                    }
                }
                self.sends.retain(|count| count.age.ms(at.mono) < DAY);
                self.sends.push(Count { visit: Some(*visit), age: Age::begun(at) });
                let (visit, template, to) = (*visit, *template, to.clone());
                let state = MessageState::Queued;
                self.messages.insert(*message, Message { visit, template, to, state, age: Age::begun(at) });
            }
            Record::MessageSent { message, .. } | Record::MessageFailed { message, .. } => {
                self.messages.remove(message);
            }
            Record::CodeMade { .. }
            | Record::CodeDied { .. }
            | Record::CodeSlept { .. }
            | Record::CodeWoke { .. }
            | Record::CodeAccepted { .. }
            | Record::CodeReleased { .. }
            | Record::CodeFailed { .. }
            | Record::CodeFailedWithPlate { .. }
            | Record::CodesLocked { .. }
            | Record::CodesUnlocked {}
            | Record::TemporaryMade { .. }
            | Record::CodesLifted { .. } => self.codes.apply(&stamped.record, at),
            Record::TotpEnrolled { .. }
            | Record::TotpRevoked { .. }
            | Record::TotpAccepted { .. }
            | Record::StaffCodeFailed { .. } => self.authenticators.apply(&stamped.record, at),
            Record::StaffCodeTaken { .. } | Record::StaffCodesLocked { .. } => {}
            Record::PhoneAdded { .. } | Record::RemarkLeft { .. } => {}
            Record::BoxReserved { box_no, visit, session, outbound } => {
                if let Some(outbound) = outbound.clone() {
                    let waiting = Waiting { outbound, since: None, reminded: false };
                    self.outbound.insert(*visit, waiting);
                } else {
                    self.outbound.remove(visit);
                    self.reservations.retain(|count| count.age.ms(at.mono) < DAY);
                    self.reservations.push(Count { visit: Some(*visit), age: Age::begun(at) });
                }
                let (visit, session) = (*visit, *session);
                self.change(*box_no, |state| {
                    state.assignment = Assignment::Reserved { visit, session };
                    state.used_at = seq;
                });
            }
            Record::BoxFreed { box_no } => {
                let kept_for = self.box_state(*box_no).and_then(BoxState::kept_for);
                if let Some(visit) = kept_for.filter(|visit| self.box_of(*visit).is_none()) {
                    self.outbound.remove(&visit);
                }
                self.change(*box_no, |state| {
                    if state.booked().is_none() {
                        state.assignment = Assignment::Free;
                    }
                    state.in_use = None;
                });
            }
            Record::BoxKept { box_no } => self.change(*box_no, |state| state.in_use = None),
            Record::PulseGranted { pulse, box_no, session, user, .. } => {
                let (pulse, session, user) = (*pulse, *session, *user);
                self.change(*box_no, |state| {
                    state.in_use = Some(InUse { session, user });
                    state.unspent_pulse = Some(pulse);
                });
            }
            Record::PulseReported { box_no, outcome, .. } => self.change(*box_no, |state| {
                if *outcome == PulseOutcome::NotDriven {
                    state.unspent_pulse = None;
                }
            }),
            Record::ScanTaken { scan, opens, .. } => {
                if self.scans.len() == SCANS_KEPT {
                    self.scans.remove(0);
                }
                self.scans.push((*scan, *opens));
            }
            Record::ScanDenied { scan, why, .. } => {
                if self.denied.len() == SCANS_KEPT {
                    self.denied.remove(0);
                }
                self.denied.push((*scan, *why));
            }
            Record::KeyDropped { visit, box_no, .. } => {
                let visit = *visit;
                self.away.remove(&visit);
                self.waits_from(visit, at);
                self.change(*box_no, |state| {
                    state.assignment = Assignment::Holding { visit };
                    state.check = None;
                    state.in_use = None;
                    state.used_at = seq;
                });
            }
            Record::KeyTaken { visit, box_no, user, .. } => {
                self.away.insert(*visit, Away::Staff { user: *user });
                self.outbound.remove(visit);
                self.change(*box_no, |state| {
                    state.assignment = Assignment::Free;
                    state.check = None;
                    state.in_use = None;
                    state.used_at = seq;
                });
            }
            Record::KeyCollected { visit, box_no, .. } => {
                let visit = *visit;
                self.away.remove(&visit);
                self.outbound.remove(&visit);
                self.change(*box_no, |state| {
                    state.assignment = Assignment::Collected { visit, age: Age::begun(at) };
                    state.check = None;
                    state.in_use = None;
                    state.used_at = seq;
                });
            }
            Record::BoxToCheck { box_no, reason, user, .. } => {
                self.mark_to_check(*box_no, *reason, *user, at);
            }
            Record::BoxSettled { box_no, finding, user, .. } => {
                self.settled(*box_no, *finding, *user, (at, seq));
            }
            Record::BoxOutOfService { box_no, reason } => {
                self.change(*box_no, |state| {
                    state.out = Some(*reason);
                    state.in_use = None;
                });
            }
            Record::BoxInService { box_no } => self.change(*box_no, |state| state.out = None),
            Record::DoorOpened { box_no, cause, .. } => self.change(*box_no, |state| {
                state.door = Door::Open;
                if matches!(cause, Cause::Commanded | Cause::Late) {
                    state.unspent_pulse = None;
                }
            }),
            Record::DoorClosed { box_no, .. } => self.change(*box_no, |state| {
                state.door = Door::Closed;
                state.unspent_pulse = None;
                state.left_open = false;
            }),
            Record::DoorLeftOpen { box_no } => self.change(*box_no, |state| state.left_open = true),
            Record::DoorUnsteady { box_no } => self.change(*box_no, |state| state.unsteady = true),
            Record::DoorSteady { box_no } => self.change(*box_no, |state| state.unsteady = false),
            Record::DoorClaimedShut { .. } => {}
            Record::HelpCalled { help, .. } => {
                self.last_help = *help;
                // A repeat is a call of its own: what the office said to the one before is old.
                self.help = Some(Help { help: *help, answer: None });
            }
            Record::HelpAnswered { help, answer } => {
                if let Some(open) = self.help.as_mut().filter(|open| open.help == *help) {
                    open.answer = Some(*answer);
                }
            }
            Record::MaintenanceBegan { user, .. } => {
                self.maintenance = Some(Maintenance { user: *user, age: Age::begun(at) });
            }
            Record::MaintenanceEnded {} => self.maintenance = None,
            Record::JournalTorn {} => {}
            Record::ClockDoubted { .. } | Record::ClockConfirmed {} => {
                self.clock_doubted = matches!(stamped.record, Record::ClockDoubted { .. });
                self.authenticators.apply(&stamped.record, at);
            }
        }
        self.last = at;
    }
}

impl HoldsPersonal for Durable {
    fn visit_personal(
        &mut self,
        visit: &mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>,
    ) -> Result<(), SealError> {
        let ids: Vec<VisitId> = self.visits.keys().copied().collect();
        for id in ids {
            if let Some(entry) = self.visits.get_mut(&id) {
                entry.visit_personal(visit)?;
            }
        }
        for message in self.messages.values_mut() {
            visit(&mut message.to)?;
        }
        for waiting in self.outbound.values_mut() {
            visit(&mut waiting.outbound.to)?;
        }
        self.authenticators.visit_personal(visit)
    }
}

/// What a locker tells of one box, for pages and tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoxReport {
    /// Its number.
    pub box_no: BoxNo,
    /// Why it is out of service, if it is.
    pub out: Option<crate::exchange::ServiceReason>,
    /// Whose key is booked in it.
    pub visit: Option<VisitId>,
    /// Whether a session keeps it.
    pub reserved: bool,
    /// Why it is to be checked, if it is.
    pub to_check: Option<CheckReason>,
    /// The door as recorded.
    pub door: Door,
    /// Where it is.
    pub place: super::ask::Place,
}

impl Locker {
    /// Every box as the journal knows it.
    #[must_use]
    pub fn boxes(&self) -> Vec<BoxReport> {
        let report = |state: &BoxState| BoxReport {
            box_no: state.no(),
            out: state.out,
            visit: state.booked(),
            reserved: matches!(state.assignment, Assignment::Reserved { .. }),
            to_check: state.check.map(|check| check.reason),
            door: state.door,
            place: state.place,
        };
        self.durable().boxes.iter().map(report).collect()
    }

    /// Whether a technician is at work (BOX-6).
    #[must_use]
    pub fn is_in_maintenance(&self) -> bool {
        self.durable().maintenance.is_some()
    }

    /// For how many milliseconds more code entry is locked, if it is (CODE-4).
    #[must_use]
    pub fn code_entry_locked_for(&self, now: &crate::time::Now) -> Option<u64> {
        self.durable().codes.locked_for(now.mono)
    }

    /// For how many milliseconds more no code of staff is looked for, if too many were wrong (CODE-9).
    #[must_use]
    pub fn staff_codes_locked_for(&self, now: &crate::time::Now) -> Option<u64> {
        self.durable().authenticators.waits_for(now.mono)
    }

    /// The locker's name as the office set it.
    #[must_use]
    pub fn name(&self) -> String {
        self.durable().settings.name.clone()
    }
}
