//! Who types codes, and what time and power do meanwhile.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use locker_core::mocks::Flutter;
use locker_core::screen::{Action, Button};
use locker_core::*;

use super::rules::{Event, MIDNIGHT, Rule};
use super::staff::Staff;
use super::{CodesModel, Lie, Pin, Then};
use crate::fold::{Ages, Lens, Print};
use crate::host::{BEGIN, Host, MECHANIC, OMAR, OTHER_PLATE, PLATE, box_no};
use crate::marks::Marks;
use crate::state;

/// A code that was made, in true time.
#[derive(Clone, Debug)]
pub struct Made {
    pub(super) code: CodeId,
    pub(super) pin: Arc<[u8]>,
    pub(super) at: u64,
    /// When a session that it carried was interrupted.
    pub(super) released: Option<u64>,
    pub(super) is_dead: bool,
}

/// The machine, the clocks, and the second opinion.
#[derive(Clone)]
pub struct World {
    pub(super) host: Host,
    pub(super) first: Option<Arc<Locker>>,
    /// True milliseconds since the beginning.
    pub(super) truth: u64,
    /// Whether ages can be trusted: no power cut has hidden true time from the machine.
    pub(super) is_known: bool,
    pub(super) kiosk: Vec<Made>,
    pub(super) check_in: Made,
    pub(super) staff: Staff,
    // The second opinion.
    pub(super) wrong: Vec<u64>,
    pub(super) locks: Vec<u64>,
    pub(super) locked_until: u64,
    pub(super) with_plate: Vec<u64>,
    /// How often the power may go.
    cuts: u8,
    /// How much has happened on the way here, in the bounds' own terms, and the lie.
    pub(super) used: CodesModel,
    pub(super) marks: Marks,
}

impl Made {
    /// A code of the step that was just made, which is remembered by its records.
    pub(super) fn now(host: &Host, pin: Arc<[u8]>, at: u64) -> Self {
        let code = |stamped: &Stamped<Record>| match &stamped.record {
            Record::CodeMade { code, .. } | Record::TemporaryMade { code, .. } => Some(*code),
            _ => None,
        };
        let code = host.records.iter().find_map(code).unwrap_or_default();
        Self { code, pin, at, released: None, is_dead: false }
    }

    /// What of it can still matter, with ages in place of times.
    pub(super) fn fold(&self, now: u64, life_ms: u64, print: &mut Print) {
        let kept = self.released.map(|at| (now - at).min(10 * MINUTE));
        let age = if self.is_dead { life_ms } else { (now - self.at).min(life_ms) };
        (age, kept, self.is_dead).hash(print);
    }
}

impl state::World for World {
    fn marks(&self) -> Marks {
        self.marks
    }

    fn marks_mut(&mut self) -> &mut Marks {
        &mut self.marks
    }

    fn fold(&self, print: &mut Print) {
        let used = &self.used;
        let ages = Ages::Count { may_be_cut: used.cuts < self.cuts };
        self.host.fold(Lens { flutter: Flutter::Never, ages }, print);
        let now = self.truth;
        let ago = |at: &u64| (now - at).min(DAY);
        let young = |ages: &[u64]| ages.iter().map(ago).filter(|age| *age < DAY).collect::<Vec<_>>();
        (young(&self.wrong), young(&self.locks), young(&self.with_plate)).hash(print);
        (self.locked_until.saturating_sub(now), self.is_known).hash(print);
        self.kiosk.iter().for_each(|made| made.fold(now, 30 * MINUTE, print));
        // It ends by its date.
        self.check_in.fold(now, 0, print);
        self.staff.fold(now, self.truth_wall(), print);
        (self.host.wall - self.truth_wall(), now.min(MIDNIGHT)).hash(print);
        (used.wrong, used.uses, used.asks, used.waits, used.cuts, used.jumps, used.staff, used.temporary)
            .hash(print);
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return self.host.fmt(f);
        }
        let locked = self.host.locker.code_entry_locked_for(&self.host.now());
        write!(f, "after {} s, locked for {locked:?} ms", self.truth / SECOND)
    }
}

impl World {
    pub(super) fn new(model: &CodesModel) -> Self {
        let lie = model.lie;
        let mut host = Host::new(3, |_| {});
        let pin = host.check_in(OMAR).expect("the visit is planned");
        // The first code of all.
        let check_in = Made { code: CodeId(1), pin, at: 0, released: None, is_dead: false };
        let staff = Staff::new(if model.staff > 0 { host.enrol() } else { None });
        let used = CodesModel { lie, ..CodesModel::default() };
        let mut world = Self {
            host,
            first: None,
            truth: 0,
            is_known: true,
            kiosk: Vec::new(),
            check_in,
            staff,
            wrong: Vec::new(),
            locks: Vec::new(),
            locked_until: 0,
            with_plate: Vec::new(),
            cuts: model.cuts,
            used,
            marks: Marks::default(),
        };
        world.read();
        world.host.loses_records = lie == Lie::LosesRecords;
        world.first = (lie == Lie::OldSnapshot).then(|| Arc::clone(&world.host.locker));
        world
    }

    pub(super) fn read(&mut self) {
        let level = |n| BoxReading { box_no: box_no(n), door: Door::Closed, item: Item::Unknown };
        let readings = Readings::new(Mono(self.host.mono), (1..=3).map(level).collect());
        self.host.note(Told::Readings(Arc::new(readings)));
        self.judge();
    }

    pub(super) fn truth_wall(&self) -> i64 {
        BEGIN + self.truth.cast_signed()
    }

    pub(super) fn is_locked(&self) -> bool {
        self.host.locker.code_entry_locked_for(&self.host.now()).is_some()
    }

    pub(super) fn made(&mut self, pin: Pin) -> Option<&mut Made> {
        let count = self.kiosk.len();
        match pin {
            Pin::Wrong => None,
            Pin::Newest => self.kiosk.last_mut(),
            Pin::Older => self.kiosk.get_mut(count.checked_sub(2)?),
            Pin::CheckIn => Some(&mut self.check_in),
        }
    }

    pub(super) fn press(&mut self, button: Button) -> bool {
        let is_taken = self.host.press(button).is_ok();
        self.judge();
        is_taken
    }

    /// *Drop a key*, *Go*, *PIN code*: the pad.
    pub(super) fn walk_up(&mut self) {
        for button in [Button::DropKey, Button::Go, Button::ByPin] {
            self.press(button);
        }
    }

    pub(super) fn leave(&mut self) {
        if self.host.screen().id != "start" {
            self.press(Button::Abort);
            self.press(Button::Yes);
        }
    }

    pub(super) fn digits(&mut self, pin: Pin) -> Arc<[u8]> {
        let lie = self.used.lie;
        match self.made(pin) {
            Some(made) if lie == Lie::Mistypes && made.is_dead => Arc::from(*b"900900"),
            Some(made) => Arc::clone(&made.pin),
            None => Arc::from(*b"900900"),
        }
    }

    pub(super) fn type_alone(&mut self, pin: Pin, then: Then) {
        match pin {
            Pin::Wrong => self.used.wrong += 1,
            Pin::Newest | Pin::Older | Pin::CheckIn => self.used.uses += 1,
        }
        let must_be_locked = self.truth < self.locked_until;
        let digits = self.digits(pin);
        self.walk_up();
        let answer = self.host.type_code(&digits).unwrap_or_default();
        self.judge();
        let has_failed = self.host.recorded(|record| matches!(record, Record::CodeFailed { .. }));
        let is_taken = self.host.recorded(|record| matches!(record, Record::CodeAccepted { .. }));
        let is_dead = self.made(pin).is_some_and(|made| made.is_dead);
        self.marks.keep(Rule::StaysLocked, !must_be_locked || !has_failed && !is_taken);
        self.marks.saw(Event::Replaced, answer == Answer::Denied(Denial::CodeReplaced));
        self.marks.saw(Event::Used, answer == Answer::Denied(Denial::CodeUsed));
        self.marks.saw(Event::Expired, answer == Answer::Denied(Denial::CodeExpired));
        self.marks.keep(Rule::DeadUncounted, !(is_dead && has_failed));
        if has_failed {
            self.count_wrong();
        }
        if is_taken {
            self.taken(pin);
            self.go_on(pin, then);
        }
        self.leave();
        if self.used.lie == Lie::LiftsAlone && self.is_locked() {
            let _ = self.host.ask(Ask::LiftLock { user: MECHANIC });
        }
    }

    pub(super) fn go_on(&mut self, pin: Pin, then: Then) {
        let truth = self.truth;
        if then == Then::Leave || self.host.screen().id == "drop.no_match" {
            if let Some(made) = self.made(pin) {
                made.released = Some(truth);
            }
            return;
        }
        self.press(Button::Next);
        self.press(Button::Next);
        self.open_and_shut();
        self.press(Button::Confirm);
        self.press(Button::Done);
    }

    /// The lock that is to be fired opens its door, and somebody shuts it.
    pub(super) fn open_and_shut(&mut self) {
        let Some(pulse) = self.host.locker.outputs(&self.host.now()).pulse else { return };
        let (at, outcome) = (Mono(self.host.mono), PulseOutcome::Accepted);
        for door in [Door::Open, Door::Closed] {
            let level = |n| {
                let is_it = box_no(n) == pulse.box_no;
                BoxReading {
                    box_no: box_no(n),
                    door: if is_it { door } else { Door::Closed },
                    item: Item::Unknown,
                }
            };
            let mut readings = Readings::new(at, (1..=3).map(level).collect());
            readings.pulse = Some(PulseReport { id: pulse.id, at, outcome });
            self.host.note(Told::Readings(Arc::new(readings)));
            self.judge();
        }
    }

    pub(super) fn type_with_plate(&mut self, pin: Pin) {
        match pin {
            Pin::Wrong => self.used.wrong += 1,
            Pin::Newest | Pin::Older | Pin::CheckIn => self.used.uses += 1,
        }
        let digits = self.digits(pin);
        let plate = match pin {
            Pin::CheckIn => OTHER_PLATE,
            Pin::Wrong | Pin::Newest | Pin::Older => PLATE,
        };
        let typed = match (self.used.lie, self.with_plate.len()) {
            (Lie::HidesPlate, n) if pin == Pin::Wrong => format!("9-NOT-{n}"),
            _ => plate.to_owned(),
        };
        self.walk_up();
        let _ = self.host.touch(Action::Write { text: typed });
        let _ = self.host.type_code(&digits);
        self.judge();
        let has_failed = self.host.recorded(|record| matches!(record, Record::CodeFailedWithPlate { .. }));
        let is_taken = self.host.recorded(|record| matches!(record, Record::CodeAccepted { .. }));
        let now = self.truth;
        self.with_plate.retain(|at| now - at < DAY);
        if plate == PLATE {
            self.marks.keep(Rule::Plates, self.with_plate.len() < 3 || !has_failed && !is_taken);
            if has_failed {
                self.with_plate.push(now);
            }
        }
        self.marks.saw(Event::WrongPlate, has_failed);
        self.marks.saw(Event::WithPlate, is_taken);
        if is_taken {
            self.taken(pin);
            self.go_on(pin, Then::Leave);
        }
        self.leave();
    }

    /// Step 1 by registration, up to the PIN that was sent.
    pub(super) fn ask_pin(&mut self) {
        self.used.asks += 1;
        for button in [Button::DropKey, Button::Go, Button::ByRegistration] {
            self.press(button);
        }
        let _ = self.host.touch(Action::Write { text: PLATE.into() });
        self.press(Button::Ok);
        self.pass(1_500);
        self.press(Button::Send);
        let open = self.host.locker.open_messages();
        if let Some(message) = open.first().map(|open| open.message) {
            let fresh = self.host.fresh();
            if let Ok(Answer::Code { pin, .. }) = self.host.ask(Ask::MakeCode { message, fresh }) {
                let made = Made::now(&self.host, pin.reveal().as_slice().into(), self.truth);
                self.judge();
                self.kiosk.push(made);
                self.host.note(Told::Delivery { message, outcome: Delivery::Accepted });
                self.judge();
            }
        }
        let alive = self.kiosk.iter().filter(|made| !made.is_dead).count();
        self.marks.keep(Rule::OneKioskPin, alive <= 1);
        self.leave();
    }

    /// Lets time pass by the host's clock.
    pub(super) fn pass(&mut self, ms: u64) {
        let truth = match self.used.lie {
            Lie::FastClock => ms / 10,
            Lie::SlowClock => 3 * ms,
            _ => ms,
        };
        self.staff.time_passes(self.truth_wall());
        self.truth += truth;
        self.host.mono += ms;
        self.host.wall += truth.cast_signed();
        if self.used.lie == Lie::StuckDay {
            self.host.wall = self.host.wall.min(BEGIN + MIDNIGHT.cast_signed() - 1);
        }
        self.host.note(Told::Tick);
        self.judge();
    }

    pub(super) fn cut(&mut self, minutes: u8, trusted: bool) {
        self.used.cuts += 1;
        let was_right = self.host.wall == self.truth_wall();
        let was_locked = self.is_locked();
        if let Some(first) = &self.first {
            self.host.locker = Arc::clone(first);
        }
        let ms = u64::from(minutes) * MINUTE;
        self.staff.time_passes(self.truth_wall());
        self.truth += ms;
        self.host.wall += ms.cast_signed();
        if trusted {
            self.host.wall = self.truth_wall();
        }
        self.host.trusted = trusted;
        // Without a clock that was right before and after, the machine cannot know how long ago its last record was.
        self.is_known &= trusted && was_right;
        self.host.power_cut();
        self.judge();
        self.read();
        self.marks.saw(Event::LockedOverCut, was_locked && self.is_locked());
        self.staff.has_been_off = true;
    }

    pub(super) fn set_clock(&mut self) {
        self.host.wall = self.truth_wall();
        self.host.trusted = true;
        self.host.note(Told::Tick);
        self.judge();
        self.host.note(Told::ClockConfirmed);
        self.judge();
    }
}
