//! Codes, lock-outs and clocks: right, wrong and dead codes typed whole, alone or with a registration; codes that run out,
//! are replaced, are used; a wall clock that jumps both ways; power cuts with and without a confirmed time.
//!
//! Beside the machine stands a second opinion: what the rules say of true time, which no clock of the host can change.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use locker_core::mocks::Flutter;
use locker_core::screen::{Action, Button};
use locker_core::*;
use stateright::{Model, Property};

use crate::fold::{Ages, Lens, Print};
use crate::host::{BEGIN, Host, MECHANIC, OMAR, OTHER_PLATE, PLATE, box_no};
use crate::marks::{Marked, Marks, properties};

properties! {
    /// What has to hold in every state.
    rules Rule {
        Locks "CODE-4 5 wrong codes in 15 minutes, or 10 in a day, or one more after a lock, lock code entry in full"
        StaysLocked "CODE-4 SAFE-7 while it is locked, by true time, no code is taken without its registration"
        Plates "CODE-4 no more than 3 wrong codes a day are taken with one registration"
        DeadStays "SAFE-7 CODE-2 DROP-15 a dead code is never taken again"
        Lives "CODE-2 a kiosk PIN lives 30 minutes of true time, and 10 more after an interruption"
        Midnight "DROP-16 a check-in PIN is dead after its last day, unless the date is in doubt or it was interrupted"
        DeadUncounted "CODE-1 a dead code is not counted, a wrong one is"
        SpentByDrop "DROP-15 a code dies as used by a confirmed drop alone"
        OneKioskPin "CODE-2 no visit has two live kiosk PINs"
        Durable "SAFE-1 SAFE-2 the journal gives what was committed"
    }
    /// What has to happen in some state.
    events Event {
        Locked "a lock-out begins"
        Unlocked "a lock-out ends by itself"
        Longer "a second lock-out is longer"
        Lifted "a lock-out is lifted"
        Taken "a code is taken"
        WithPlate "a code is taken with its registration while locked"
        WrongPlate "a code is refused with a registration while locked"
        Replaced "a code is told to be replaced"
        Used "a code is told to be used"
        Expired "a code is told to have run out"
        RanOut "a kiosk PIN runs out"
        EndedAtMidnight "a check-in PIN ends with its day"
        Dropped "a drop completes"
        Doubted "the wall clock is doubted"
        Confirmed "the wall clock is confirmed again"
        LockedOverCut "a lock-out goes on after a power cut"
        KeptAfter "a code is taken within the ten minutes after an interruption that outlast its life"
    }
}

/// How the world around the machine lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    /// It does not.
    #[default]
    None,
    /// After a power cut the host starts from its first snapshot.
    OldSnapshot,
    /// The host lifts every lock-out at once.
    LiftsAlone,
    /// The host's monotonic clock runs ten times too fast.
    FastClock,
    /// The host's monotonic clock runs three times too slow.
    SlowClock,
    /// The host does not know that a day has ended.
    StuckDay,
    /// The frontend mistypes dead codes.
    Mistypes,
    /// The frontend sends somebody else's registration with a wrong code.
    HidesPlate,
    /// The journal does not keep that a key was dropped.
    LosesDrops,
    /// The journal does not keep that a code died.
    LosesDeaths,
    /// The journal does not keep the last record of a step.
    LosesRecords,
}

/// The model: how much can happen on one path.
#[derive(Clone, Copy, Debug)]
pub struct CodesModel {
    /// Wrong codes.
    pub wrong: u8,
    /// Right and dead codes typed.
    pub uses: u8,
    /// PINs asked for at the kiosk.
    pub asks: u8,
    /// Steps of time.
    pub waits: u8,
    /// Power cuts.
    pub cuts: u8,
    /// Jumps of the wall clock.
    pub jumps: u8,
    /// The lie, if any.
    pub lie: Lie,
    /// The one rule that is looked at; all where none is named.
    pub only: Option<Rule>,
}

/// A code that somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pin {
    /// Nobody's.
    Wrong,
    /// The newest that was sent to the driver.
    Newest,
    /// The one before.
    Older,
    /// The other driver's, from an online check-in.
    CheckIn,
}

/// What comes after a code was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The person leaves.
    Leave,
    /// The key is dropped.
    Drop,
}

/// How long nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Until the next time limit.
    Due,
    /// A quarter of an hour.
    Quarter,
    /// Until midnight.
    Midnight,
    /// A day.
    Day,
}

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A code alone.
    Type(Pin, Then),
    /// A code with the registration of its car, while code entry is locked.
    TypeWithPlate(Pin),
    /// The driver asks for a PIN at the kiosk.
    AskPin,
    /// Time passes.
    Pass(Pause),
    /// The wall clock jumps by hours.
    Jump(i8),
    /// The office says what time it is.
    SetClock,
    /// The power goes, for this many minutes; then the time is confirmed at the start, or nobody knows it.
    Cut {
        /// Minutes without power.
        minutes: u8,
        /// Whether the start has a confirmed time.
        trusted: bool,
    },
    /// A user lifts the lock.
    Lift,
}

/// A code that was made, in true time.
#[derive(Clone, Debug)]
struct Made {
    pin: Arc<[u8]>,
    at: u64,
    /// When a session that it carried was interrupted.
    released: Option<u64>,
    is_dead: bool,
}

/// The machine, the clocks, and the second opinion.
#[derive(Clone)]
pub struct World {
    host: Host,
    first: Option<Arc<Locker>>,
    /// True milliseconds since the beginning.
    truth: u64,
    /// Whether ages can be trusted: no power cut has hidden true time from the machine.
    is_known: bool,
    kiosk: Vec<Made>,
    check_in: Made,
    // The second opinion.
    wrong: Vec<u64>,
    locks: Vec<u64>,
    locked_until: u64,
    with_plate: Vec<u64>,
    /// How much has happened on the way here, in the bounds' own terms, and the lie.
    used: CodesModel,
    marks: Marks,
    print: u64,
}

impl Marked for World {
    fn marks(&self) -> Marks {
        self.marks
    }
}

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        self.print == other.print
    }
}

impl Hash for World {
    fn hash<H: Hasher>(&self, into: &mut H) {
        into.write_u64(self.print);
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let locked = self.host.locker.code_entry_locked_for(&self.host.now());
        write!(f, "after {} s, locked for {locked:?} ms", self.truth / SECOND)
    }
}

/// The lock-outs in their order, in minutes (CODE-4).
const LOCK_MINUTES: [u64; 5] = [5, 10, 20, 40, 60];
/// Midnight, in true milliseconds since the beginning.
const MIDNIGHT: u64 = 5 * HOUR;

impl World {
    fn new(lie: Lie) -> Self {
        let mut host = Host::new(3, |_| {});
        let pin = host.check_in(OMAR).expect("the visit is planned");
        let check_in = Made { pin, at: 0, released: None, is_dead: false };
        let used = CodesModel { wrong: 0, uses: 0, asks: 0, waits: 0, cuts: 0, jumps: 0, lie, only: None };
        let mut world = Self {
            host,
            first: None,
            truth: 0,
            is_known: true,
            kiosk: Vec::new(),
            check_in,
            wrong: Vec::new(),
            locks: Vec::new(),
            locked_until: 0,
            with_plate: Vec::new(),
            used,
            marks: Marks::default(),
            print: 0,
        };
        world.read();
        world.host.loses_records = lie == Lie::LosesRecords;
        world.first = (lie == Lie::OldSnapshot).then(|| Arc::clone(&world.host.locker));
        world.close_state();
        world
    }

    fn read(&mut self) {
        let level = |n| BoxReading { box_no: box_no(n), door: Door::Closed, item: Item::Unknown };
        let readings = Readings::new(Mono(self.host.mono), (1..=3).map(level).collect());
        self.host.note(Told::Readings(Arc::new(readings)));
        self.judge();
    }

    fn truth_wall(&self) -> i64 {
        BEGIN + self.truth.cast_signed()
    }

    fn is_locked(&self) -> bool {
        self.host.locker.code_entry_locked_for(&self.host.now()).is_some()
    }

    fn made(&mut self, pin: Pin) -> Option<&mut Made> {
        let count = self.kiosk.len();
        match pin {
            Pin::Wrong => None,
            Pin::Newest => self.kiosk.last_mut(),
            Pin::Older => self.kiosk.get_mut(count.checked_sub(2)?),
            Pin::CheckIn => Some(&mut self.check_in),
        }
    }

    /// The records of the last step, judged one by one.
    #[allow(clippy::wildcard_enum_match_arm, reason = "the rules are about these kinds")]
    fn judge(&mut self) {
        let records = Arc::clone(&self.host.records);
        let is_drop = |stamped: &Stamped<Record>| matches!(stamped.record, Record::KeyDropped { .. });
        let drops = records.iter().any(is_drop) && self.used.lie != Lie::LosesDrops;
        for stamped in records.iter() {
            match &stamped.record {
                Record::CodeDied { .. } if self.used.lie == Lie::LosesDeaths => {}
                Record::CodeDied { code, why } => {
                    // The check-in PIN was the first code of all; those of the kiosk follow in their order.
                    let made = match code.0 {
                        1 => Some(&mut self.check_in),
                        n => usize::try_from(n - 2).ok().and_then(|n| self.kiosk.get_mut(n)),
                    };
                    if let Some(made) = made {
                        made.is_dead = true;
                    }
                    self.marks.keep(Rule::SpentByDrop, *why != Death::Used || drops);
                    let is_expired = *why == Death::Expired;
                    self.marks.saw(Event::RanOut, is_expired && code.0 > 1);
                    self.marks.saw(Event::EndedAtMidnight, is_expired && code.0 == 1);
                }
                Record::KeyDropped { .. } => self.marks.saw(Event::Dropped, true),
                Record::CodesUnlocked {} => self.marks.saw(Event::Unlocked, true),
                Record::ClockDoubted { .. } => self.marks.saw(Event::Doubted, true),
                Record::ClockConfirmed {} => self.marks.saw(Event::Confirmed, true),
                _ => {}
            }
        }
        self.marks.keep(Rule::Durable, !self.host.is_replay_wrong);
    }

    fn press(&mut self, button: Button) -> bool {
        let is_taken = self.host.press(button).is_ok();
        self.judge();
        is_taken
    }

    /// *Drop a key*, *Go*, *PIN code*: the pad.
    fn walk_up(&mut self) {
        for button in [Button::DropKey, Button::Go, Button::ByPin] {
            self.press(button);
        }
    }

    fn leave(&mut self) {
        if self.host.screen().id != "start" {
            self.press(Button::Abort);
            self.press(Button::Yes);
        }
    }

    fn digits(&mut self, pin: Pin) -> Arc<[u8]> {
        let lie = self.used.lie;
        match self.made(pin) {
            Some(made) if lie == Lie::Mistypes && made.is_dead => Arc::from(*b"900900"),
            Some(made) => Arc::clone(&made.pin),
            None => Arc::from(*b"900900"),
        }
    }

    fn type_alone(&mut self, pin: Pin, then: Then) {
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

    /// What the rules say of one more wrong code, by true time.
    fn count_wrong(&mut self) {
        let now = self.truth;
        self.wrong.retain(|at| now - at < DAY);
        self.locks.retain(|at| now - at < DAY);
        self.wrong.push(now);
        let lately = self.wrong.iter().filter(|at| now - **at < 15 * MINUTE).count();
        if !self.locks.is_empty() || lately >= 5 || self.wrong.len() >= 10 {
            let minutes = LOCK_MINUTES.get(self.locks.len()).or(LOCK_MINUTES.last()).copied();
            let ms = minutes.unwrap_or_default() * MINUTE;
            let locked = self.host.locker.code_entry_locked_for(&self.host.now());
            self.marks.keep(Rule::Locks, locked.is_some_and(|left| left >= ms));
            self.marks.saw(Event::Locked, true);
            self.marks.saw(Event::Longer, self.locks.len() == 1);
            self.locks.push(now);
            self.locked_until = now + ms;
        }
    }

    /// A code was taken: whether it may live.
    fn taken(&mut self, pin: Pin) {
        let (truth, is_known) = (self.truth, self.is_known);
        let may_ignore_date = !self.is_clock_right() && self.used.lie != Lie::StuckDay;
        let Some(made) = self.made(pin) else { return };
        let is_kept = made.released.is_some_and(|at| truth - at < 10 * MINUTE);
        let (is_dead, age) = (made.is_dead, truth - made.at);
        let is_alive = match pin {
            Pin::Newest | Pin::Older => age < 30 * MINUTE || is_kept,
            Pin::CheckIn | Pin::Wrong => true,
        };
        let is_in_time = pin != Pin::CheckIn || truth < MIDNIGHT || is_kept || may_ignore_date;
        self.marks.keep(Rule::DeadStays, !is_dead);
        self.marks.keep(Rule::Lives, is_alive || !is_known);
        self.marks.keep(Rule::Midnight, is_in_time || !is_known);
        self.marks.saw(Event::Taken, true);
        let is_late = pin != Pin::CheckIn && age >= 30 * MINUTE;
        self.marks.saw(Event::KeptAfter, is_kept && is_late);
    }

    /// Whether the wall clock is true and confirmed.
    fn is_clock_right(&self) -> bool {
        self.host.trusted && self.host.wall == self.truth_wall()
    }

    fn go_on(&mut self, pin: Pin, then: Then) {
        let truth = self.truth;
        if then == Then::Leave || self.host.screen().id == "drop.no_match" {
            if let Some(made) = self.made(pin) {
                made.released = Some(truth);
            }
            return;
        }
        self.press(Button::Next);
        self.press(Button::Next);
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
        self.press(Button::Confirm);
        self.press(Button::Done);
    }

    fn type_with_plate(&mut self, pin: Pin) {
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
    fn ask_pin(&mut self) {
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
                self.judge();
                let pin = pin.reveal().as_slice().into();
                self.kiosk.push(Made { pin, at: self.truth, released: None, is_dead: false });
                self.host.note(Told::Delivery { message, outcome: Delivery::Accepted });
                self.judge();
            }
        }
        let alive = self.kiosk.iter().filter(|made| !made.is_dead).count();
        self.marks.keep(Rule::OneKioskPin, alive <= 1);
        self.leave();
    }

    /// Lets time pass by the host's clock.
    fn pass(&mut self, ms: u64) {
        let truth = match self.used.lie {
            Lie::FastClock => ms / 10,
            Lie::SlowClock => 3 * ms,
            _ => ms,
        };
        self.truth += truth;
        self.host.mono += ms;
        self.host.wall += truth.cast_signed();
        if self.used.lie == Lie::StuckDay {
            self.host.wall = self.host.wall.min(BEGIN + MIDNIGHT.cast_signed() - 1);
        }
        self.host.note(Told::Tick);
        self.judge();
    }

    fn cut(&mut self, minutes: u8, trusted: bool) {
        self.used.cuts += 1;
        let was_right = self.host.wall == self.truth_wall();
        let was_locked = self.is_locked();
        if let Some(first) = &self.first {
            self.host.locker = Arc::clone(first);
        }
        let ms = u64::from(minutes) * MINUTE;
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
    }

    fn set_clock(&mut self) {
        self.host.wall = self.truth_wall();
        self.host.trusted = true;
        self.host.note(Told::Tick);
        self.judge();
        self.host.note(Told::ClockConfirmed);
        self.judge();
    }

    fn close_state(&mut self) {
        let mut print = Print::default();
        self.host.fold(Lens { flutter: Flutter::Never, ages: Ages::Count }, &mut print);
        let now = self.truth;
        let ago = |at: &u64| (now - at).min(DAY);
        let young = |ages: &[u64]| ages.iter().map(ago).filter(|age| *age < DAY).collect::<Vec<_>>();
        let made = |made: &Made| {
            let kept = made.released.map(|at| (now - at).min(10 * MINUTE));
            (ago(&made.at).min(30 * MINUTE), kept, made.is_dead)
        };
        (young(&self.wrong), young(&self.locks), young(&self.with_plate)).hash(&mut print);
        (self.locked_until.saturating_sub(now), self.is_known).hash(&mut print);
        self.kiosk.iter().map(made).collect::<Vec<_>>().hash(&mut print);
        made(&self.check_in).hash(&mut print);
        (self.host.wall - self.truth_wall(), now.min(MIDNIGHT)).hash(&mut print);
        let used = &self.used;
        (used.wrong, used.uses, used.asks, used.waits, used.cuts, used.jumps).hash(&mut print);
        self.marks.hash(&mut print);
        self.print = print.finish();
    }
}

impl CodesModel {
    fn typing(&self, world: &World, acts: &mut Vec<Act>) {
        let used = &world.used;
        let is_locked = world.is_locked();
        if used.wrong < self.wrong {
            acts.push(Act::Type(Pin::Wrong, Then::Leave));
            if is_locked {
                acts.push(Act::TypeWithPlate(Pin::Wrong));
            }
        }
        if used.uses >= self.uses {
            return;
        }
        let kiosk = [Pin::Newest, Pin::Older].into_iter().take(world.kiosk.len());
        for pin in kiosk.chain([Pin::CheckIn]) {
            acts.push(Act::Type(pin, Then::Leave));
            if is_locked {
                acts.push(Act::TypeWithPlate(pin));
            } else {
                acts.push(Act::Type(pin, Then::Drop));
            }
        }
    }
}

impl Model for CodesModel {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.lie)]
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        let used = &world.used;
        self.typing(world, acts);
        if used.asks < self.asks {
            acts.push(Act::AskPin);
        }
        if used.waits < self.waits {
            if world.host.next_deadline().is_some() {
                acts.push(Act::Pass(Pause::Due));
            }
            acts.extend([Pause::Quarter, Pause::Day].map(Act::Pass));
            if world.truth < MIDNIGHT {
                acts.push(Act::Pass(Pause::Midnight));
            }
        }
        if used.jumps < self.jumps {
            acts.extend([Act::Jump(-2), Act::Jump(2)]);
        }
        if !world.is_clock_right() {
            acts.push(Act::SetClock);
        }
        if used.cuts < self.cuts {
            for minutes in [0, 20] {
                acts.extend([true, false].map(|trusted| Act::Cut { minutes, trusted }));
            }
        }
        if world.is_locked() {
            acts.push(Act::Lift);
        }
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        let mut next = world.clone();
        next.marks.happened = 0;
        match act {
            Act::Type(pin, then) => next.type_alone(pin, then),
            Act::TypeWithPlate(pin) => next.type_with_plate(pin),
            Act::AskPin => next.ask_pin(),
            Act::Pass(pause) => {
                next.used.waits += 1;
                let ms = match pause {
                    Pause::Due => next.host.next_deadline().unwrap_or_default(),
                    Pause::Quarter => 15 * MINUTE,
                    Pause::Midnight => MIDNIGHT - next.truth,
                    Pause::Day => DAY,
                };
                next.pass(ms);
            }
            Act::Jump(hours) => {
                next.used.jumps += 1;
                next.host.wall += i64::from(hours) * HOUR.cast_signed();
                next.host.note(Told::Tick);
                next.judge();
            }
            Act::SetClock => next.set_clock(),
            Act::Cut { minutes, trusted } => next.cut(minutes, trusted),
            Act::Lift => {
                let _ = next.host.ask(Ask::LiftLock { user: MECHANIC });
                next.judge();
                (next.wrong, next.locks, next.locked_until) = (Vec::new(), Vec::new(), 0);
                next.marks.saw(Event::Lifted, true);
            }
        }
        next.close_state();
        (next.print != world.print).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let is_wanted = |property: &Property<Self>| self.only.is_none_or(|rule| rule.name() == property.name);
        properties::<Self>().into_iter().filter(is_wanted).collect()
    }
}
