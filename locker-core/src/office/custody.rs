//! Who answers for a key: folded from the facts of the lockers (SAFE-3).
//!
//! Each locker's facts arrive in their order; those of two lockers in any. What one locker says of a visit is folded
//! on its own, and the newest word counts, so that the order of arrival between lockers makes no difference.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::exchange::{Evidence, FactKind, Finding, MessageState, Template};
use crate::ids::{BoxNo, LockerId, MessageId, UserId};
use crate::secret::{HoldsPersonal, Personal, Sealable};
use crate::time::{Date, Wall};
use crate::vault::SealError;
use crate::visit::{Channel, Visit};

/// The most events on the timeline of one visit; the oldest fall away. A visit has about five.
pub const TIMELINE_MAX: usize = 100;

/// The most rows in the communication log of one visit; the oldest fall away. At most six go out in a day (CODE-5).
pub const MESSAGES_PER_VISIT_MAX: usize = 100;

/// Who answers for the key of a visit: always exactly one (SAFE-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Custody {
    /// The customer has it.
    #[default]
    Customer,
    /// It is in a box.
    Box {
        /// Of which locker.
        locker: LockerId,
        /// In which box.
        box_no: BoxNo,
    },
    /// A user has it.
    Staff {
        /// Who.
        user: UserId,
    },
    /// It may be in a box that is to be checked.
    ToCheck {
        /// Of which locker.
        locker: LockerId,
        /// In which box.
        box_no: BoxNo,
        /// The user who had the box opened last; `None` if it was the customer.
        last: Option<UserId>,
    },
    /// A box in which it was booked was found empty (BOX-13).
    Missing {
        /// Of which locker.
        locker: LockerId,
        /// In which box it was booked.
        box_no: BoxNo,
        /// The user who had the box opened last; `None` if it was the customer.
        last: Option<UserId>,
    },
}

impl Custody {
    /// Whether the key is in, or may be in, a box of `locker`.
    pub(super) fn may_be_in(&self, locker: LockerId) -> bool {
        match self {
            Self::Box { locker: there, .. } | Self::ToCheck { locker: there, .. } => *there == locker,
            Self::Customer | Self::Staff { .. } | Self::Missing { .. } => false,
        }
    }
}

/// What happened to a visit, as its timeline shows it (OFFICE-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The car is in the shop.
    CarInShop,
    /// The customer put the key in a box.
    KeyDropped,
    /// A user took the key.
    KeyPickedUp,
    /// A user put the key in a box for the customer.
    KeyDroppedBack,
    /// The customer took the key.
    KeyCollected,
    /// The box of the key is to be checked.
    ToCheck,
    /// The box was checked and the key was in it.
    Settled,
    /// The box was checked and the key was not in it.
    Missing,
}

/// An event on the timeline of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) at: Wall,
    pub(super) locker: Option<LockerId>,
    pub(super) seq: u64,
    pub(super) kind: EventKind,
    pub(super) user: Option<UserId>,
    pub(super) box_no: Option<BoxNo>,
}

/// A message about a visit, as the communication log keeps it (OFFICE-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MessageRow {
    pub(super) at: Wall,
    pub(super) locker: LockerId,
    pub(super) message: MessageId,
    pub(super) channel: Channel,
    pub(super) to: Personal<String>,
    pub(super) template: Template,
    pub(super) state: MessageState,
}

/// A value and when it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Dated<T> {
    pub(super) at: Wall,
    pub(super) value: T,
}

/// What one locker last said of a visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Report {
    custody: Option<Dated<Custody>>,
    phone: Option<Dated<Option<Personal<String>>>>,
    remark: Option<Dated<Personal<String>>>,
}

/// A visit as the office keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct VisitRow {
    /// `None` when a locker speaks of a visit that the office does not know: its key is not forgotten.
    pub(super) visit: Option<Arc<Visit>>,
    pub(super) owner: Option<Personal<String>>,
    pub(super) contractor: Option<Personal<String>>,
    /// Whether planning no longer has it.
    pub(super) is_withdrawn: bool,
    /// Whether mechanics see the remark.
    pub(super) is_remark_shared: bool,
    /// Whether the customer answered at a locker (OFFICE-1).
    pub(super) is_answered: bool,
    /// Whether what is personal was erased (SAFE-5).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(super) is_erased: bool,
    /// The last day on which the location was told that nobody collects the key (PICK-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) told_on: Option<Date>,
    pub(super) timeline: Vec<Event>,
    pub(super) messages: Vec<MessageRow>,
    reports: BTreeMap<LockerId, Report>,
}

impl VisitRow {
    /// Adds an event in its place; events carry their own time, so the order of arrival does not matter.
    pub(super) fn add_event(&mut self, event: Event) {
        let place = self.timeline.partition_point(|there| *there < event);
        self.timeline.insert(place, event);
        if self.timeline.len() > TIMELINE_MAX {
            self.timeline.remove(0);
        }
    }

    /// Takes in what the locker says of this visit; says whether it is about custody.
    pub(super) fn take(&mut self, fact: &Word<'_>) {
        if let Some((custody, kind, user)) = self.fold(fact) {
            let box_no = box_of(fact.kind);
            self.report(fact.locker).custody = Some(Dated { at: fact.at, value: custody });
            self.add_event(Event {
                at: fact.at,
                locker: Some(fact.locker),
                seq: fact.seq,
                kind,
                user,
                box_no,
            });
        }
        self.take_words(fact);
    }

    /// What custody becomes by the fact, the event that goes on the timeline, and the user in it.
    fn fold(&self, fact: &Word<'_>) -> Option<(Custody, EventKind, Option<UserId>)> {
        let locker = fact.locker;
        match fact.kind {
            FactKind::KeyDropped { box_no, evidence, user, .. } => {
                let box_no = *box_no;
                let custody = match evidence {
                    Evidence::Claimed | Evidence::Seen | Evidence::BySensor => {
                        Custody::Box { locker, box_no }
                    }
                    Evidence::Contradicted => Custody::ToCheck { locker, box_no, last: *user },
                };
                let kind = if user.is_some() { EventKind::KeyDroppedBack } else { EventKind::KeyDropped };
                Some((custody, kind, *user))
            }
            FactKind::KeyCollected { .. } => Some((Custody::Customer, EventKind::KeyCollected, None)),
            FactKind::KeyTaken { user, .. } => {
                Some((Custody::Staff { user: *user }, EventKind::KeyPickedUp, Some(*user)))
            }
            FactKind::ToCheck { box_no, user, .. } => {
                let last = user.or_else(|| self.last_opener(locker));
                Some((Custody::ToCheck { locker, box_no: *box_no, last }, EventKind::ToCheck, *user))
            }
            FactKind::Settled { box_no, finding, user, .. } => {
                Some(self.settled(locker, *box_no, *finding, *user))
            }
            FactKind::Started
            | FactKind::OpenedForStaff { .. }
            | FactKind::OpenedByCode { .. }
            | FactKind::OutOfService { .. }
            | FactKind::BackInService { .. }
            | FactKind::DoorLeftOpen { .. }
            | FactKind::DoorClosedAgain { .. }
            | FactKind::DoorForced { .. }
            | FactKind::SensorDoubted { .. }
            | FactKind::HelpCalled { .. }
            | FactKind::CodesLocked { .. }
            | FactKind::StaffCodesLocked { .. }
            | FactKind::OpeningsLimited { .. }
            | FactKind::PhoneAdded { .. }
            | FactKind::RemarkLeft { .. }
            | FactKind::Message { .. }
            | FactKind::MaintenanceBegan { .. }
            | FactKind::MaintenanceEnded
            | FactKind::ClockDoubted
            | FactKind::ClockConfirmed => None,
        }
    }

    fn settled(
        &self,
        locker: LockerId,
        box_no: BoxNo,
        finding: Finding,
        user: Option<UserId>,
    ) -> (Custody, EventKind, Option<UserId>) {
        let last = self.last_opener(locker);
        match (finding, user) {
            (Finding::Empty, _) => (Custody::Missing { locker, box_no, last }, EventKind::Missing, user),
            (Finding::KeyStays, _) => (Custody::Box { locker, box_no }, EventKind::Settled, user),
            (Finding::KeyTaken, Some(user)) => (Custody::Staff { user }, EventKind::KeyPickedUp, Some(user)),
            // The customer came back and took it again.
            (Finding::KeyTaken, None) => (Custody::Customer, EventKind::Settled, None),
            // Nobody saw the key: its box stays to be checked, the key is not forgotten.
            (Finding::SomethingElse, _) => {
                (Custody::ToCheck { locker, box_no, last: user.or(last) }, EventKind::ToCheck, user)
            }
        }
    }

    /// The user who last had the box of this key opened, as far as this locker knows.
    fn last_opener(&self, locker: LockerId) -> Option<UserId> {
        match self.reports.get(&locker)?.custody.as_ref()?.value {
            Custody::ToCheck { last, .. } | Custody::Missing { last, .. } => last,
            Custody::Staff { user } => Some(user),
            Custody::Customer | Custody::Box { .. } => None,
        }
    }

    /// What is not custody: answers, phone, remark, messages.
    fn take_words(&mut self, fact: &Word<'_>) {
        match fact.kind {
            FactKind::KeyDropped { user: None, .. } => self.is_answered = true,
            FactKind::PhoneAdded { phone, .. } => {
                self.is_answered = true;
                self.report(fact.locker).phone = Some(Dated { at: fact.at, value: phone.clone() });
            }
            FactKind::RemarkLeft { remark, .. } => {
                self.is_answered = true;
                self.report(fact.locker).remark = Some(Dated { at: fact.at, value: remark.clone() });
            }
            FactKind::Message { message, channel, to, template, state, .. } => {
                self.take_message(MessageRow {
                    at: fact.at,
                    locker: fact.locker,
                    message: *message,
                    channel: *channel,
                    to: to.clone(),
                    template: *template,
                    state: *state,
                });
            }
            FactKind::Started
            | FactKind::KeyDropped { user: Some(_), .. }
            | FactKind::KeyTaken { .. }
            | FactKind::KeyCollected { .. }
            | FactKind::ToCheck { .. }
            | FactKind::Settled { .. }
            | FactKind::OpenedForStaff { .. }
            | FactKind::OpenedByCode { .. }
            | FactKind::OutOfService { .. }
            | FactKind::BackInService { .. }
            | FactKind::DoorLeftOpen { .. }
            | FactKind::DoorClosedAgain { .. }
            | FactKind::DoorForced { .. }
            | FactKind::SensorDoubted { .. }
            | FactKind::HelpCalled { .. }
            | FactKind::CodesLocked { .. }
            | FactKind::StaffCodesLocked { .. }
            | FactKind::OpeningsLimited { .. }
            | FactKind::MaintenanceBegan { .. }
            | FactKind::MaintenanceEnded
            | FactKind::ClockDoubted
            | FactKind::ClockConfirmed => {}
        }
    }

    fn take_message(&mut self, row: MessageRow) {
        let same = |there: &&mut MessageRow| there.locker == row.locker && there.message == row.message;
        if let Some(there) = self.messages.iter_mut().find(same) {
            there.state = row.state;
            return;
        }
        let order = |row: &MessageRow| (row.at, row.locker, row.message);
        let place = self.messages.partition_point(|there| order(there) < order(&row));
        self.messages.insert(place, row);
        if self.messages.len() > MESSAGES_PER_VISIT_MAX {
            self.messages.remove(0);
        }
    }

    fn report(&mut self, locker: LockerId) -> &mut Report {
        self.reports.entry(locker).or_default()
    }

    /// Another key was confirmed in the box in which this locker had this one: that box is to be checked, for no box
    /// holds the keys of two visits. Cannot happen while the locker keeps its own rules.
    pub(super) fn is_displaced(&mut self, locker: LockerId, box_no: BoxNo, at: Wall) {
        let report = self.report(locker);
        if report.custody.as_ref().map(|dated| dated.value) == Some(Custody::Box { locker, box_no }) {
            report.custody = Some(Dated { at, value: Custody::ToCheck { locker, box_no, last: None } });
        }
    }

    /// Whether this locker's own word is that the key is in its box `box_no`.
    pub(super) fn is_reported_in(&self, locker: LockerId, box_no: BoxNo) -> bool {
        let word = self.reports.get(&locker).and_then(|report| report.custody.as_ref());
        word.is_some_and(|dated| dated.value == Custody::Box { locker, box_no })
    }

    /// Who answers for the key now, and since when: the newest word of any locker.
    pub(super) fn custody(&self) -> (Custody, Option<Wall>) {
        newest(&self.reports, |report| report.custody.as_ref())
            .map_or((Custody::Customer, None), |dated| (dated.value, Some(dated.at)))
    }

    /// The phone number that the customer added.
    pub(super) fn phone(&self) -> Option<&Personal<String>> {
        newest(&self.reports, |report| report.phone.as_ref())?.value.as_ref()
    }

    /// The customer's remark.
    pub(super) fn remark(&self) -> Option<&Personal<String>> {
        newest(&self.reports, |report| report.remark.as_ref()).map(|dated| &dated.value)
    }

    /// Since when the key lies in a box, or may, into which staff put it for the customer: since they confirmed it or, if nobody
    /// did, since its box is to be checked. Who looks into the box meanwhile changes nothing.
    pub(super) fn handed_in_at(&self) -> Option<Wall> {
        let (mut is_in_box, mut handed_in_at) = (false, None);
        for event in &self.timeline {
            (is_in_box, handed_in_at) = match event.kind {
                EventKind::KeyDropped => (true, None),
                EventKind::KeyDroppedBack => (true, Some(event.at)),
                // A drop that nobody confirmed: that of a customer names no user.
                EventKind::ToCheck if !is_in_box => (true, event.user.map(|_| event.at)),
                EventKind::KeyPickedUp | EventKind::KeyCollected | EventKind::Missing => (false, None),
                EventKind::ToCheck | EventKind::Settled | EventKind::CarInShop => (is_in_box, handed_in_at),
            };
        }
        handed_in_at
    }

    /// Whether the key lies in a box, or may, into which staff put it for the customer.
    pub(super) fn is_outbound(&self) -> bool {
        self.handed_in_at().is_some()
    }

    /// Whether the key is with the customer, as far as anybody said.
    pub(super) fn is_with_customer(&self) -> bool {
        self.custody().0 == Custody::Customer
    }

    /// Whether the office shows it: planned, or its key is not back.
    pub(super) fn is_listed(&self) -> bool {
        !self.is_withdrawn || !self.is_with_customer()
    }
}

impl HoldsPersonal for VisitRow {
    fn visit_personal(
        &mut self,
        visit: &mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>,
    ) -> Result<(), SealError> {
        if let Some(row) = &mut self.visit {
            Arc::make_mut(row).visit_personal(visit)?;
        }
        for name in [&mut self.owner, &mut self.contractor].into_iter().flatten() {
            visit(name)?;
        }
        for message in &mut self.messages {
            visit(&mut message.to)?;
        }
        for report in self.reports.values_mut() {
            if let Some(Dated { value: Some(phone), .. }) = &mut report.phone {
                visit(phone)?;
            }
            if let Some(remark) = &mut report.remark {
                visit(&mut remark.value)?;
            }
        }
        Ok(())
    }
}

/// A fact, as far as a visit cares.
pub(super) struct Word<'a> {
    pub(super) locker: LockerId,
    pub(super) seq: u64,
    pub(super) at: Wall,
    pub(super) kind: &'a FactKind,
}

/// The newest word of any locker; of two at one time that of the higher id.
fn newest<'a, T>(
    reports: &'a BTreeMap<LockerId, Report>,
    of: impl Fn(&'a Report) -> Option<&'a Dated<T>>,
) -> Option<&'a Dated<T>> {
    reports.values().filter_map(of).max_by_key(|dated| dated.at)
}

/// The box that a fact is about, if it is about one.
pub(super) fn box_of(kind: &FactKind) -> Option<BoxNo> {
    match kind {
        FactKind::KeyDropped { box_no, .. }
        | FactKind::KeyTaken { box_no, .. }
        | FactKind::KeyCollected { box_no, .. }
        | FactKind::OpenedForStaff { box_no, .. }
        | FactKind::OpenedByCode { box_no, .. }
        | FactKind::ToCheck { box_no, .. }
        | FactKind::Settled { box_no, .. }
        | FactKind::OutOfService { box_no, .. }
        | FactKind::BackInService { box_no }
        | FactKind::DoorLeftOpen { box_no }
        | FactKind::DoorClosedAgain { box_no }
        | FactKind::DoorForced { box_no, .. }
        | FactKind::SensorDoubted { box_no } => Some(*box_no),
        FactKind::Started
        | FactKind::HelpCalled { .. }
        | FactKind::CodesLocked { .. }
        | FactKind::StaffCodesLocked { .. }
        | FactKind::OpeningsLimited { .. }
        | FactKind::PhoneAdded { .. }
        | FactKind::RemarkLeft { .. }
        | FactKind::Message { .. }
        | FactKind::MaintenanceBegan { .. }
        | FactKind::MaintenanceEnded
        | FactKind::ClockDoubted
        | FactKind::ClockConfirmed => None,
    }
}
