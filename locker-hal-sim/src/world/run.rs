//! A world: people who come and go at a dealership, mishaps that strike, a healing at the end, and somebody who watches.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use locker_core::screen::Surface;
use locker_core::{Act, BoxNo, DAY, HOUR, LockerId, MINUTE, Record, StaffCode, VisitId};
use serde::{Deserialize, Serialize};

use super::clocks::date_of;
use super::deed::{Deed, Reply, Who};
use super::mishap::Mishap;
use super::mood::{Mood, happens};
use super::people::Case;
use super::plan::Plan;
use super::stage::{Seen, Stage};
use super::visitor::{Errand, Next, Visitor, Way};
use super::watch::{Violation, Watch};

/// What a world is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorldPlan {
    /// From this follows everything.
    pub seed: u64,
    /// How many lockers.
    pub lockers: u8,
    /// How many boxes each has.
    pub boxes: u8,
    /// How many days.
    pub days: u32,
    /// How many visits a day and locker: a customer and, later, a member of staff each.
    pub visits: u32,
    /// Which kinds of mishap there are.
    pub mishaps: BTreeSet<Mishap>,
    /// Whether drops need two factors.
    pub two_factor: bool,
    /// Whether boxes have item sensors.
    pub item_sensors: bool,
    /// Whether boxes have door sensors.
    pub door_sensors: bool,
    /// Whether every invariant is checked after every step.
    pub watched: bool,
    /// Whether inputs are kept, for [`Stage::replay`].
    pub keeps_inputs: bool,
}

impl Default for WorldPlan {
    fn default() -> Self {
        Self {
            seed: 1,
            lockers: 1,
            boxes: 16,
            days: 1,
            visits: 20,
            mishaps: BTreeSet::new(),
            two_factor: true,
            item_sensors: true,
            door_sensors: true,
            watched: true,
            keeps_inputs: false,
        }
    }
}

impl WorldPlan {
    /// The plan of a seed: most have few kinds of mishap, some have many, some all.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        let mut dice = Rng::with_seed(seed ^ 0x5eed);
        let kinds = match dice.u8(0..10) {
            0 => 0,
            1..=3 => 1,
            4..=5 => 2,
            6..=7 => 4,
            8 => 8,
            _ => Mishap::ALL.len(),
        };
        let mut all = Mishap::ALL.to_vec();
        dice.shuffle(&mut all);
        Self {
            seed,
            lockers: if dice.u8(0..6) == 0 { 2 } else { 1 },
            boxes: [3, 8, 16][dice.usize(0..3)],
            // Now and then a key waits so long that its customer is reminded, and the old PIN dies.
            days: if dice.u8(0..12) == 0 { 6 } else { dice.u32(1..=3) },
            visits: dice.u32(4..=24),
            mishaps: all.into_iter().take(kinds).collect(),
            two_factor: dice.u8(0..3) > 0,
            item_sensors: dice.u8(0..3) > 0,
            door_sensors: dice.u8(0..8) > 0,
            ..Self::default()
        }
    }

    fn stage(&self) -> Plan {
        let mut plan = Plan { seed: self.seed, lockers: self.lockers, boxes: self.boxes, ..Plan::default() };
        plan.settings.two_factor = self.two_factor;
        plan.location.telephone = "02 555 01 00".into();
        plan.item_sensors = self.item_sensors;
        plan.door_sensors = self.door_sensors;
        plan.keeps_inputs = self.keeps_inputs;
        plan
    }
}

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
enum Event {
    Day,
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
    plan: WorldPlan,
    stage: Stage,
    watch: Option<Watch>,
    dice: Rng,
    agenda: BTreeMap<(u64, u64), Event>,
    entered: u64,
    present: Vec<Option<Visitor>>,
    cases: Vec<Case>,
    summary: Summary,
    violation: Option<Violation>,
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
            for locker in world.stage.lockers() {
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

    fn enter(&mut self, at: u64, event: Event) {
        self.entered += 1;
        self.agenda.insert((at.max(self.stage.now()), self.entered), event);
    }

    fn soon(&mut self, ms: u64, event: Event) {
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
            Event::Arrive { locker, visitor, tries } => self.arrive(locker, visitor, tries),
            Event::Act { locker } => self.visitor_acts(locker),
            Event::Fetch { visit, tries } => self.fetch(visit, tries),
            Event::HandIn { visit } => self.hand_in(visit),
            Event::Collect { visit, returns } => self.collect(visit, returns),
            Event::Round { locker } => self.round(locker),
            Event::Strike { kind, locker } => {
                self.strike(kind, locker);
                let pause = kind.pause(&mut self.dice);
                self.soon(pause, Event::Strike { kind, locker });
            }
            Event::Cure { deed } => drop(self.act(*deed)),
        }
    }

    /// Planning brings the visits of the day; customers set out.
    fn day(&mut self) {
        let today = date_of(self.stage.wall());
        let sloppy = self.plan.mishaps.contains(&Mishap::People);
        let mut planned = Vec::new();
        for locker in self.stage.lockers() {
            for _ in 0..self.plan.visits {
                let visit = VisitId(self.cases.len() as u64 + 1);
                let case = Case::draw(visit, locker, today, &mut self.dice);
                planned.push(case.planned.clone());
                let way = [Way::Plate, Way::Phone, Way::Pin][self.dice.usize(0..3)];
                let mood = if sloppy { Mood::of(&mut self.dice) } else { Mood::PROMPT };
                let mut visitor = Visitor::new(Errand::Drop { visit, way }, Who::Customer(visit), mood);
                visitor.plate.clone_from(&case.plate);
                visitor.phone.clone_from(&case.phone);
                visitor.address.clone_from(&case.address);
                self.cases.push(case);
                let ms = self.dice.u64(10 * MINUTE..11 * HOUR);
                self.soon(ms, Event::Arrive { locker, visitor: Box::new(visitor), tries: 0 });
            }
            self.soon(HOUR, Event::Round { locker });
        }
        self.act(Deed::Plan { visits: planned, whole: false });
    }

    fn arrive(&mut self, locker: LockerId, mut visitor: Box<Visitor>, tries: u8) {
        let Some(index) = super::stage::index_of(locker) else { return };
        if self.present[index].is_some() {
            if tries < 60 {
                let ms = self.dice.u64(20_000..90_000);
                self.soon(ms, Event::Arrive { locker, visitor, tries: tries + 1 });
            }
            return;
        }
        if let Errand::Drop { visit, way: Way::Pin } = visitor.errand
            && visitor.pin.is_none()
            && let Some(Reply::Pin(pin)) = self.act(Deed::CheckIn { locker, visit, contact: 0 })
        {
            visitor.pin = Some(pin);
        }
        if let Errand::Staff { staff, act } = visitor.errand {
            let ticket = self.act(Deed::Ticket { staff, act, locker });
            if !matches!(ticket, Some(Reply::Ticket(_))) {
                return;
            }
        }
        if let Errand::Code { staff, how, box_no } = visitor.errand
            && !self.gets_a_code(locker, staff, how, box_no, &mut visitor)
        {
            return;
        }
        self.present[index] = Some(*visitor);
        self.soon(500, Event::Act { locker });
    }

    /// A dealer admin gets a temporary PIN, or has an authenticator.
    fn gets_a_code(
        &mut self,
        locker: LockerId,
        staff: u8,
        how: StaffCode,
        box_no: BoxNo,
        visitor: &mut Visitor,
    ) -> bool {
        match how {
            StaffCode::Temporary if visitor.pin.is_none() => {
                let box_no = self.dice.bool().then_some(box_no);
                if let Some(Reply::Pin(pin)) = self.act(Deed::TemporaryPin { staff, locker, box_no }) {
                    visitor.pin = Some(pin);
                }
                visitor.pin.is_some()
            }
            StaffCode::Temporary => true,
            StaffCode::Authenticator => {
                if self.stage.authenticator_shows(staff, locker).is_none() || self.dice.u8(0..6) == 0 {
                    self.act(Deed::Enrol { staff, locker });
                } else if self.dice.u8(0..6) == 0 {
                    self.act(Deed::Revoke { staff, locker, whose: staff });
                }
                self.stage.authenticator_shows(staff, locker).is_some()
            }
        }
    }

    fn visitor_acts(&mut self, locker: LockerId) {
        let Some(index) = super::stage::index_of(locker) else { return };
        let Some(mut visitor) = self.present[index].take() else { return };
        let screen = self.stage.screen(locker, Surface::Bottom);
        let next = visitor.next(&mut self.stage, locker, &screen, &mut self.dice);
        let mut pause = self.dice.u64(150..900);
        match next {
            Next::Leave => return self.leave(locker, visitor),
            Next::Wait(ms) => pause = ms,
            Next::Touch(action) => {
                let generation = Some(screen.generation);
                self.act(Deed::Touch { locker, action, generation });
                if happens(&mut self.dice, visitor.mood.presses_twice) {
                    self.act(Deed::TouchAgain { locker });
                }
            }
            Next::Hand(command) => {
                self.act(Deed::Cabinet { locker, who: visitor.who, command });
            }
            Next::Scan => {
                if let Errand::Staff { staff, act } = visitor.errand {
                    self.act(Deed::Scan { staff, act, locker });
                }
                pause = 1_200;
            }
        }
        self.present[index] = Some(visitor);
        self.soon(pause, Event::Act { locker });
        self.strike_in_company(locker);
    }

    /// Somebody goes: a key that was dropped is fetched some time later, who was interrupted may come back.
    fn leave(&mut self, locker: LockerId, visitor: Visitor) {
        match visitor.errand {
            Errand::Drop { visit, .. } => {
                let has_dropped = self.stage.custody(locker, visit) != Some(locker_core::Custody::Customer);
                if has_dropped {
                    let ms = self.dice.u64(5 * MINUTE..25 * MINUTE);
                    self.soon(ms, Event::Fetch { visit, tries: 0 });
                }
                let is_done =
                    matches!(self.stage.custody(locker, visit), Some(locker_core::Custody::Box { .. }));
                if !is_done && visitor.returns < 3 && self.dice.u8(0..3) > 0 {
                    let ms = self.dice.u64(MINUTE..40 * MINUTE);
                    let visitor = Box::new(visitor.again());
                    self.soon(ms, Event::Arrive { locker, visitor, tries: 0 });
                }
            }
            Errand::Staff { act: Act::PickUp { visit }, .. } => {
                match self.stage.custody(locker, visit) {
                    Some(locker_core::Custody::Box { .. }) => {
                        self.soon(30 * MINUTE, Event::Fetch { visit, tries: 5 });
                    }
                    // The work is done, and the key goes back into a box for the customer.
                    Some(locker_core::Custody::Staff { .. }) if self.dice.u8(0..3) > 0 => {
                        let ms = self.dice.u64(10 * MINUTE..3 * HOUR);
                        self.soon(ms, Event::HandIn { visit });
                    }
                    _ => {}
                }
            }
            Errand::Staff { act: Act::Drop { visit }, .. } => {
                let waits = if self.dice.u8(0..12) == 0 { DAY..5 * DAY } else { 2 * MINUTE..2 * HOUR };
                let ms = self.dice.u64(waits);
                if self.dice.u8(0..4) == 0 {
                    // One more thing was forgotten: staff want the key back, perhaps before its customer comes.
                    self.soon(ms / 2 + MINUTE, Event::Fetch { visit, tries: 9 });
                }
                self.soon(ms, Event::Collect { visit, returns: 0 });
                self.soon(5 * MINUTE, Event::Round { locker });
            }
            Errand::Collect { visit } => self.has_collected(locker, visit, visitor.returns),
            Errand::Staff { .. } | Errand::Code { .. } => self.soon(5 * MINUTE, Event::Round { locker }),
            Errand::Guess => {}
        }
    }

    fn staff(&mut self, errand: impl FnOnce(u8) -> Errand, staff: u8) -> Box<Visitor> {
        let sloppy = self.plan.mishaps.contains(&Mishap::People) && self.dice.u8(0..3) == 0;
        let mood = if sloppy { Mood::of(&mut self.dice) } else { Mood::PROMPT };
        Box::new(Visitor::new(errand(staff), Who::Staff(staff), mood))
    }

    /// Somebody fetches a key, once the office knows where it is.
    fn fetch(&mut self, visit: VisitId, tries: u8) {
        let custody = self.stage.office().map(|office| office.custody(visit));
        let Some(case) = self.cases.get(usize::try_from(visit.0 - 1).unwrap_or(usize::MAX)) else { return };
        let locker = case.locker;
        match custody {
            Some(locker_core::office::Custody::Box { locker, .. }) => {
                let staff = self.dice.u8(1..4);
                let visitor = self.staff(|staff| Errand::Staff { staff, act: Act::PickUp { visit } }, staff);
                self.soon(1_000, Event::Arrive { locker, visitor, tries: 0 });
            }
            _ if tries < 12 => self.soon(45 * MINUTE, Event::Fetch { visit, tries: tries + 1 }),
            _ => self.soon(1_000, Event::Round { locker }),
        }
    }

    /// The receptionist drops a key for the customer; any locker of the location will do.
    fn hand_in(&mut self, visit: VisitId) {
        let custody = self.stage.office().map(|office| office.custody(visit));
        let Some(locker_core::office::Custody::Staff { .. }) = custody else { return };
        let Some(case) = self.cases.get(usize::try_from(visit.0 - 1).unwrap_or(usize::MAX)) else { return };
        let locker = case.locker;
        let visitor = self.staff(|staff| Errand::Staff { staff, act: Act::Drop { visit } }, 1);
        self.soon(1_000, Event::Arrive { locker, visitor, tries: 0 });
    }

    /// A customer comes for a key that waits, or comes back.
    fn collect(&mut self, visit: VisitId, returns: u8) {
        let sloppy = self.plan.mishaps.contains(&Mishap::People);
        let mood = if sloppy { Mood::of(&mut self.dice) } else { Mood::PROMPT };
        let Some(case) = self.cases.get(usize::try_from(visit.0 - 1).unwrap_or(usize::MAX)) else { return };
        let mut visitor = Visitor::new(Errand::Collect { visit }, Who::Customer(visit), mood);
        visitor.plate.clone_from(&case.plate);
        visitor.phone.clone_from(&case.phone);
        visitor.address.clone_from(&case.address);
        visitor.returns = returns;
        let locker = case.locker;
        self.soon(1, Event::Arrive { locker, visitor: Box::new(visitor), tries: 0 });
    }

    /// Who has the key may have left something in the box; who has not comes again, with a new PIN perhaps, until staff
    /// take the key back.
    fn has_collected(&mut self, locker: LockerId, visit: VisitId, returns: u8) {
        match self.stage.custody(locker, visit) {
            Some(locker_core::Custody::Customer) if returns == 0 && self.dice.u8(0..3) == 0 => {
                let ms = self.dice.u64(10_000..170_000);
                self.soon(ms, Event::Collect { visit, returns: 9 });
            }
            Some(locker_core::Custody::Box { .. } | locker_core::Custody::ToCheck { .. }) if returns < 3 => {
                if self.dice.bool() {
                    self.act(Deed::SendAgain { staff: 1, visit });
                }
                let ms = self.dice.u64(5 * MINUTE..HOUR);
                self.soon(ms, Event::Collect { visit, returns: returns + 1 });
            }
            Some(locker_core::Custody::Box { .. }) => self.soon(HOUR, Event::Fetch { visit, tries: 9 }),
            _ => {}
        }
    }

    /// Somebody looks into the first box that is to be checked or out of service, and may lift a lock on code entry.
    fn round(&mut self, locker: LockerId) {
        if self.dice.u8(0..3) == 0 {
            // Refused where nothing is locked.
            self.act(Deed::LiftLock { staff: 0, locker });
        }
        let boxes = self.stage.locker(locker).map(locker_core::Locker::boxes).unwrap_or_default();
        let first = boxes.iter().find(|report| report.to_check.is_some() || report.out.is_some());
        if let Some(report) = first {
            let box_no = report.box_no;
            // Now and then the dealer admin comes, without a tablet.
            let visitor = match self.dice.u8(0..6) {
                0 => self.staff(|staff| Errand::Code { staff, how: StaffCode::Temporary, box_no }, 0),
                1 => self.staff(|staff| Errand::Code { staff, how: StaffCode::Authenticator, box_no }, 0),
                _ => self.staff(|staff| Errand::Staff { staff, act: Act::Check { box_no } }, 1),
            };
            let ms = self.dice.u64(MINUTE..20 * MINUTE);
            self.soon(ms, Event::Arrive { locker, visitor, tries: 0 });
        } else if self.stage.now() % DAY < 12 * HOUR {
            self.soon(2 * HOUR, Event::Round { locker });
        }
    }

    fn strike(&mut self, kind: Mishap, locker: LockerId) {
        *self.summary.mishaps.entry(kind.key()).or_default() += 1;
        let (deeds, cure) = kind.strike(&mut self.stage, locker, &mut self.dice);
        // Hands take their time, and a door that is shut at once was never open.
        let mut ms = 0;
        for deed in deeds {
            self.soon(ms, Event::Cure { deed: Box::new(deed) });
            ms += self.dice.u64(800..3_000);
        }
        if let Some((ms, deed)) = cure {
            self.soon(ms, Event::Cure { deed: Box::new(deed) });
        }
        if kind == Mishap::Changes && self.dice.bool() {
            self.replan();
        }
        if kind == Mishap::Thieves && self.dice.u8(0..4) == 0 {
            let visitor = Box::new(Visitor::new(Errand::Guess, Who::Thief, Mood::PROMPT));
            self.soon(1_000, Event::Arrive { locker, visitor, tries: 0 });
        }
    }

    /// Mishaps like company: now and then one strikes while somebody stands there.
    fn strike_in_company(&mut self, locker: LockerId) {
        let kinds = self.plan.mishaps.len();
        if kinds == 0 || !happens(&mut self.dice, 8) {
            return;
        }
        let chosen = self.dice.usize(0..kinds);
        if let Some(kind) = self.plan.mishaps.iter().copied().nth(chosen).filter(|kind| kind.is_an_event()) {
            self.strike(kind, locker);
        }
    }

    /// Planning moves one visit to tomorrow, or has another no more.
    fn replan(&mut self) {
        if self.cases.is_empty() {
            return;
        }
        let today = date_of(self.stage.wall());
        let chosen = self.dice.usize(0..self.cases.len());
        let moves = self.dice.bool();
        if moves {
            let mut planned = self.cases[chosen].planned.clone();
            planned.date = today.plus_days(1);
            self.cases[chosen].planned = planned.clone();
            self.act(Deed::Plan { visits: vec![planned], whole: false });
        } else {
            let rest =
                self.cases.iter().enumerate().filter(|(n, case)| *n != chosen && case.planned.date >= today);
            let visits: Vec<_> = rest.map(|(_, case)| case.planned.clone()).collect();
            if !visits.is_empty() {
                self.act(Deed::Plan { visits, whole: true });
            }
        }
    }

    /// Faults stop, doors are closed, staff settle what is to be checked; then everything must agree.
    pub fn heal(&mut self) {
        self.plan.mishaps.clear();
        self.agenda.clear();
        self.present.iter_mut().for_each(|present| *present = None);
        for deed in super::heal::cures(&self.stage) {
            self.act(deed);
            self.look();
        }
        let lockers: Vec<LockerId> = self.stage.lockers().collect();
        let mut permitted = false;
        for _ in 0..80 {
            self.rest(10 * MINUTE);
            if !permitted {
                let said: Vec<bool> = super::heal::permits(&self.stage)
                    .into_iter()
                    .map(|deed| self.act(deed).is_some())
                    .collect();
                permitted = said.into_iter().all(|is_heard| is_heard);
            }
            for locker in &lockers {
                for deed in super::heal::shut_doors(&mut self.stage, *locker) {
                    self.act(deed);
                }
                let boxes = self.stage.locker(*locker).map(locker_core::Locker::boxes).unwrap_or_default();
                let first = boxes.iter().find(|report| report.to_check.is_some() || report.out.is_some());
                if let Some(report) = first {
                    let errand = Errand::Staff { staff: 0, act: Act::Check { box_no: report.box_no } };
                    let visitor = Box::new(Visitor::new(errand, Who::Staff(0), Mood::PROMPT));
                    self.soon(1_000, Event::Arrive { locker: *locker, visitor, tries: 0 });
                }
            }
            let runs = lockers.iter().all(|locker| self.stage.locker(*locker).is_some());
            if runs && self.stage.office().is_some() && self.agenda.is_empty() || self.violation.is_some() {
                break;
            }
            self.rest(10 * MINUTE);
            self.agenda.clear();
            self.present.iter_mut().for_each(|present| *present = None);
        }
        self.rest(3 * HOUR);
        if let (Some(watch), None) = (&mut self.watch, &self.violation)
            && let Err(violation) = watch.converged(&mut self.stage)
        {
            self.violation = Some(violation);
        }
    }

    fn rest(&mut self, ms: u64) {
        let end = self.stage.now() + ms;
        while self.violation.is_none() && self.next_until(end) {}
    }

    /// Finds a smaller plan that violates the same rule: fewer kinds of mishap, fewer days, fewer visits. Runs at most
    /// `worlds_max` worlds.
    #[must_use]
    pub fn shrink(plan: &WorldPlan, rule: &str, worlds_max: usize) -> WorldPlan {
        let mut left = worlds_max;
        let mut fails = |plan: &WorldPlan| {
            left = left.saturating_sub(1);
            left > 0 && Self::run(plan.clone()).violation.is_some_and(|found| found.rule == rule)
        };
        let mut best = plan.clone();
        loop {
            let mut smaller: Vec<WorldPlan> = Vec::new();
            for kind in &best.mishaps {
                let mut less = best.clone();
                less.mishaps.remove(kind);
                smaller.push(less);
            }
            if best.days > 1 {
                smaller.push(WorldPlan { days: best.days - 1, ..best.clone() });
            }
            if best.lockers > 1 {
                smaller.push(WorldPlan { lockers: best.lockers - 1, ..best.clone() });
            }
            if best.visits > 1 {
                smaller.push(WorldPlan { visits: best.visits / 2, ..best.clone() });
                smaller.push(WorldPlan { visits: best.visits - 1, ..best.clone() });
            }
            match smaller.into_iter().find(|plan| fails(plan)) {
                Some(less) => best = less,
                None => return best,
            }
        }
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
