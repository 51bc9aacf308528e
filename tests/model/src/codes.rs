//! Codes, lock-outs and clocks: right, wrong and dead codes typed whole, alone or with a registration; codes that run out,
//! are replaced, are used; a wall clock that jumps both ways; power cuts with and without a confirmed time.
//!
//! Beside the machine stands a second opinion: what the rules say of true time, which no clock of the host can change.

mod lies;
mod people;
mod rules;
mod staff;

use locker_core::{Ask, DAY, HOUR, MINUTE, SECOND, Told};
use stateright::Property;

pub use self::lies::Lie;
pub use self::people::World;
pub use self::rules::{Event, Rule};

use self::rules::MIDNIGHT;
use crate::host::MECHANIC;
use crate::state::{Game, Watched};

/// The model: how much can happen on one path.
#[derive(Clone, Copy, Debug, Default)]
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
    /// Staff codes typed.
    pub staff: u8,
    /// Temporary PINs that the office asks for.
    pub temporary: u8,
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

/// A staff code that somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffPin {
    /// Nobody's.
    Wrong,
    /// The newest temporary PIN.
    Temporary,
    /// What the authenticator shows now.
    Shown,
    /// What it showed before time last passed.
    ShownBefore,
    /// What was taken last.
    ShownLast,
}

/// What comes after a code was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The person leaves.
    Leave,
    /// The key is dropped, or staff open a box.
    Drop,
}

/// How long nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Until the next time limit.
    Due,
    /// Until an authenticator shows another code.
    Step,
    /// A quarter of an hour.
    Quarter,
    /// An hour.
    Hour,
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
    /// A staff code.
    TypeStaff(StaffPin, Then),
    /// The driver asks for a PIN at the kiosk.
    AskPin,
    /// The office asks for a temporary PIN.
    AskTemporary,
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

impl CodesModel {
    fn staff(&self, world: &World, acts: &mut Vec<Act>) {
        let used = &world.used;
        if used.temporary < self.temporary {
            acts.push(Act::AskTemporary);
        }
        if used.staff >= self.staff {
            return;
        }
        let all = [
            StaffPin::Wrong,
            StaffPin::Temporary,
            StaffPin::Shown,
            StaffPin::ShownBefore,
            StaffPin::ShownLast,
        ];
        for pin in all.into_iter().filter(|pin| world.staff.has(*pin)) {
            acts.push(Act::TypeStaff(pin, Then::Leave));
            if pin != StaffPin::Wrong {
                acts.push(Act::TypeStaff(pin, Then::Drop));
            }
        }
    }

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

impl Game for CodesModel {
    type World = World;
    type Act = Act;

    const EVENTS: &'static [&'static str] = Event::NAMES;

    fn begin(&self) -> Vec<World> {
        vec![World::new(self)]
    }

    fn acts(&self, world: &World, acts: &mut Vec<Act>) {
        let used = &world.used;
        self.typing(world, acts);
        self.staff(world, acts);
        if used.asks < self.asks {
            acts.push(Act::AskPin);
        }
        if used.waits < self.waits {
            if world.host.next_deadline().is_some() {
                acts.push(Act::Pass(Pause::Due));
            }
            let steps =
                if self.staff > 0 { [Pause::Step, Pause::Hour] } else { [Pause::Quarter, Pause::Day] };
            acts.extend(steps.map(Act::Pass));
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

    fn play(&self, next: &mut World, act: Act) {
        match act {
            Act::Type(pin, then) => next.type_alone(pin, then),
            Act::TypeWithPlate(pin) => next.type_with_plate(pin),
            Act::TypeStaff(pin, then) => next.type_staff(pin, then),
            Act::AskPin => next.ask_pin(),
            Act::AskTemporary => next.ask_temporary(),
            Act::Pass(pause) => {
                next.used.waits += 1;
                let ms = match pause {
                    Pause::Due => next.host.next_deadline().unwrap_or_default(),
                    Pause::Step => 30 * SECOND,
                    Pause::Quarter => 15 * MINUTE,
                    Pause::Hour => HOUR,
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
    }

    fn rules(&self) -> Vec<Property<Watched<Self>>> {
        Rule::properties(self.only)
    }
}
