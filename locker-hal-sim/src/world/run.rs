//! A world: people who come and go at a dealership, mishaps that strike, a healing at the end, and somebody who watches.

use std::collections::BTreeMap;

use fastrand::Rng;
use locker_core::{DAY, LockerId, MINUTE, Record, VisitId};

use super::deed::{Deed, Planned, Reply};
use super::mishap::Mishap;
use super::people::Case;
use super::stage::{Seen, Stage};
use super::visitor::Visitor;
use super::watch::{Violation, Watch};
use super::world_plan::WorldPlan;

/// What came of a world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Sessions that began at a locker.
    pub sessions: u64,
    /// Drops that were confirmed.
    pub drops: u64,
    /// Keys that staff took.
    pub picked_up: u64,
    /// Keys that customers picked up.
    pub collected: u64,
    /// Boxes that staff settled.
    pub settled: u64,
    /// Records of all lockers.
    pub records: u64,
    /// How many records there are of each kind: what a run never reached cannot have been wrong in it.
    pub kinds: BTreeMap<String, u64>,
    /// How often each kind of mishap struck.
    pub mishaps: BTreeMap<&'static str, u64>,
    /// How often each invariant was checked.
    pub checked: BTreeMap<&'static str, u64>,
    /// The true time that passed, in milliseconds.
    pub virtual_ms: u64,
    /// The stage's digest at the end.
    pub digest: u64,
    /// The first violation.
    pub violation: Option<Violation>,
}

/// Something that is to happen at its time.
pub(super) enum Event {
    Day,
    Plan { visits: Vec<Planned> },
    Arrive { locker: LockerId, visitor: Box<Visitor>, tries: u8 },
    Act { locker: LockerId },
    Fetch { visit: VisitId, tries: u8 },
    HandIn { visit: VisitId },
    Collect { visit: VisitId, returns: u8 },
    Round { locker: LockerId },
    Strike { kind: Mishap, locker: LockerId },
    Cure { deed: Box<Deed> },
}

/// A dealership with its people, from its first day to its healing.
pub struct World {
    pub(super) plan: WorldPlan,
    pub(super) stage: Stage,
    pub(super) watch: Option<Watch>,
    pub(super) dice: Rng,
    pub(super) agenda: BTreeMap<(u64, u64), Event>,
    pub(super) entered: u64,
    pub(super) present: Vec<Option<Visitor>>,
    pub(super) cases: Vec<Case>,
    pub(super) summary: Summary,
    pub(super) violation: Option<Violation>,
}

impl World {
    /// The world before its first day.
    #[must_use]
    pub fn new(plan: WorldPlan) -> Self {
        let mut stage = Stage::new(plan.stage());
        let watch = plan.watched.then(|| Watch::new(&mut stage));
        let mut world = Self {
            dice: Rng::with_seed(plan.seed ^ 0x0dd5),
            present: stage.lockers().map(|_| None).collect(),
            agenda: BTreeMap::new(),
            entered: 0,
            cases: Vec::new(),
            summary: Summary::default(),
            violation: None,
            stage,
            watch,
            plan,
        };
        for day in 0..world.plan.days {
            world.enter(u64::from(day) * DAY + 10_000, Event::Day);
        }
        let kinds: Vec<Mishap> =
            world.plan.mishaps.iter().copied().filter(|kind| kind.is_an_event()).collect();
        for kind in kinds {
            let places = if kind.is_of_the_office() { 1 } else { usize::from(u8::MAX) };
            for locker in world.stage.lockers().take(places) {
                let at = 20 * MINUTE + kind.pause(&mut world.dice);
                world.enter(at, Event::Strike { kind, locker });
            }
        }
        world
    }

    /// Runs a plan from the first day through its healing.
    ///
    /// ```
    /// use locker_hal_sim::world::{World, WorldPlan};
    ///
    /// let summary = World::run(WorldPlan { visits: 5, ..WorldPlan::of_seed(7) });
    /// assert_eq!(summary.violation, None);
    /// ```
    #[must_use]
    pub fn run(plan: WorldPlan) -> Summary {
        let mut world = Self::new(plan);
        world.live();
        if world.violation.is_none() && world.plan.watched {
            world.heal();
        }
        world.summary()
    }

    /// The stage as it is.
    #[must_use]
    pub const fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The stage, to put a lie into it before the first day.
    pub const fn stage_mut(&mut self) -> &mut Stage {
        &mut self.stage
    }

    /// Lives through all days, or to the first violation.
    pub fn live(&mut self) {
        self.live_until(u64::from(self.plan.days) * DAY);
    }

    /// Lives on to `end`, in true time, or to the first violation.
    pub fn live_until(&mut self, end: u64) {
        while self.violation.is_none() && self.next_until(end) {}
    }

    /// The sessions that began so far.
    #[must_use]
    pub const fn sessions(&self) -> u64 {
        self.summary.sessions
    }

    /// The first violation, if there was one.
    #[must_use]
    pub const fn violation(&self) -> Option<&Violation> {
        self.violation.as_ref()
    }

    /// What came of it so far.
    #[must_use]
    pub fn summary(self) -> Summary {
        let mut summary = self.summary;
        summary.records = self.stage.lockers().map(|locker| self.stage.journal_len(locker)).sum();
        if self.plan.watched {
            for locker in self.stage.lockers() {
                for entry in self.stage.journal(locker, 0) {
                    if let Some(kind) = kind_of(&entry.body) {
                        *summary.kinds.entry(kind.into()).or_default() += 1;
                    }
                }
            }
        }
        summary.virtual_ms = self.stage.now();
        summary.digest = self.stage.digest();
        summary.checked = self.watch.map(|watch| watch.checked).unwrap_or_default();
        summary.violation = self.violation;
        summary
    }

    /// Lets one thing happen, not after `end`; says whether there was anything.
    fn next_until(&mut self, end: u64) -> bool {
        let next = self.agenda.first_key_value().map(|((at, _), _)| *at).filter(|at| *at < end);
        let until = next.unwrap_or(end);
        while self.stage.step_until(until) {
            self.look();
            if self.violation.is_some() {
                return false;
            }
        }
        if next.is_none() {
            return false;
        }
        if let Some((_, event)) = self.agenda.pop_first() {
            self.happen(event);
            self.look();
        }
        true
    }

    pub(super) fn look(&mut self) {
        if let Some(watch) = &mut self.watch {
            let sessions = self.stage.seen_records(|record| matches!(record, Record::SessionBegan { .. }));
            let drops = self.stage.seen_records(|record| matches!(record, Record::KeyDropped { .. }));
            let taken = self.stage.seen_records(|record| matches!(record, Record::KeyTaken { .. }));
            let collected = self.stage.seen_records(|record| matches!(record, Record::KeyCollected { .. }));
            self.summary.collected += collected;
            let settled = self.stage.seen_records(|record| matches!(record, Record::BoxSettled { .. }));
            self.summary.sessions += sessions;
            self.summary.drops += drops;
            self.summary.picked_up += taken;
            self.summary.settled += settled;
            if let Err(violation) = watch.look(&mut self.stage) {
                self.violation.get_or_insert(violation);
            }
        }
    }

    pub(super) fn enter(&mut self, at: u64, event: Event) {
        self.entered += 1;
        self.agenda.insert((at.max(self.stage.now()), self.entered), event);
    }

    pub(super) fn soon(&mut self, ms: u64, event: Event) {
        let at = self.stage.now() + ms;
        self.enter(at, event);
    }

    /// Does something; what comes of it shows on the stage.
    pub(super) fn act(&mut self, deed: Deed) -> Option<Reply> {
        self.stage.act(deed).ok()
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Day => self.day(),
            Event::Plan { visits } => self.plan_until_heard(visits),
            Event::Arrive { locker, visitor, tries } => self.arrive(locker, visitor, tries),
            Event::Act { locker } => self.visitor_acts(locker),
            Event::Fetch { visit, tries } => self.fetch(visit, tries),
            Event::HandIn { visit } => self.hand_in(visit),
            Event::Collect { visit, returns } => self.collect(visit, returns),
            Event::Round { locker } => self.round(locker),
            Event::Strike { kind, locker } => {
                let lockers = u64::from(self.plan.lockers.max(1));
                let elsewhere = kind.is_of_the_office() && lockers > 1;
                let there = if elsewhere { LockerId(self.dice.u64(1..=lockers)) } else { locker };
                self.strike(kind, there);
                let pause = kind.pause(&mut self.dice);
                self.soon(pause, Event::Strike { kind, locker });
            }
            Event::Cure { deed } => drop(self.act(*deed)),
        }
    }

    pub(super) fn rest(&mut self, ms: u64) {
        let end = self.stage.now() + ms;
        while self.violation.is_none() && self.next_until(end) {}
    }
}

/// The kind of a record, as it stands in the journal.
fn kind_of(body: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("\"k\":\"")?;
    rest.split_once('"').map(|(kind, _)| kind)
}

impl Stage {
    /// How many of the records that nobody has looked at yet are such.
    fn seen_records(&self, is: impl Fn(&Record) -> bool) -> u64 {
        let seen = self.seen.iter().flatten();
        let records = seen.filter_map(|seen| match seen {
            Seen::Recorded { records, .. } => Some(records.iter()),
            _ => None,
        });
        records.flatten().filter(|stamped| is(&stamped.record)).count() as u64
    }
}
