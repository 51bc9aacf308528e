//! Doors and power cuts: two boxes, one key, a customer who drops it, staff who fetch it or look for it, a thief who
//! pries doors open. Locks jam, boards refuse or do not answer, readings are late, the power goes between any two steps.

mod lies;
mod people;
mod rules;

use std::sync::Arc;

use locker_core::screen::Button;
use locker_core::*;
use stateright::Property;

pub use self::lies::Lie;
pub use self::people::World;
pub use self::rules::{Event, Rule};

use self::people::{index, number};
use crate::fold::recorded_door;
use crate::host::{JANE, offered};
use crate::state::{Game, Watched};

/// The model: how much can happen on one path.
#[derive(Clone, Copy, Debug, Default)]
pub struct Doors {
    /// How many people walk up.
    pub walks: u8,
    /// How many of them are the driver, at most.
    pub drops: u8,
    /// How many of them are staff who put the key in for the driver, at most.
    pub outs: u8,
    /// Power cuts.
    pub cuts: u8,
    /// Doors pried open.
    pub pries: u8,
    /// Locks that jam, boards that refuse or do not answer.
    pub mishaps: u8,
    /// Presses of *It did not open* and *Open again*.
    pub again: u8,
    /// Time limits that run out while a reading or a pulse is on its way.
    pub late: u8,
    /// The lie, if any.
    pub lie: Lie,
    /// The one rule that is looked at; all where none is named.
    pub only: Option<Rule>,
}

/// Where the key really is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyAt {
    /// In the driver's hand.
    Driver,
    /// In a box, counted from 0.
    Box(u8),
    /// In the hand of staff.
    Staff,
    /// Stolen.
    Thief,
}

/// Who stands in front of the locker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Person {
    /// The driver.
    Driver,
    /// A member of staff.
    Staff,
}

/// What becomes of a pulse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fired {
    /// The board takes it, and the door springs open.
    Opens,
    /// The board takes it, and the latch does not let go.
    Jams,
    /// The board refuses.
    Refused,
    /// The door springs open, and the board does not answer.
    Unanswered,
}

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The driver walks up and types the PIN, up to step 4.
    WalkIn,
    /// Staff come with the key, to put it in for the driver: QR, scan.
    HandIn,
    /// The driver walks up and types the PIN for the pick-up.
    Collect,
    /// Staff come for the key: QR, scan.
    Fetch,
    /// Staff come to see what is in a box.
    Look(u8),
    /// Somebody presses a button.
    Press(Button),
    /// Somebody presses x, and yes.
    Leave,
    /// The bus reads the outputs and marks the pulse as driven.
    TakeUp,
    /// The coil.
    Fire(Fired),
    /// The cabinet is read; the machine does not know yet.
    Sample,
    /// The machine takes the reading in.
    Deliver,
    /// Both at once, when there is no news.
    Reread,
    /// The driver puts the key in.
    Put(u8),
    /// Whoever stands there takes the key out; if nobody does, the thief.
    Take(u8),
    /// Somebody pushes a door shut.
    Close(u8),
    /// The thief pries a door open.
    Pry(u8),
    /// Nothing happens until the next time limit.
    Wait,
    /// The power goes.
    Cut,
    /// The power comes back.
    Boot,
}

/// What staff want, by the machine's name for it.
type Purpose = locker_core::Act;

impl Doors {
    fn people(&self, world: &World, acts: &mut Vec<Act>) {
        let screen = world.host.screen();
        let used = &world.used;
        let buttons = offered(&screen);
        if screen.id == "start" && used.walks < self.walks {
            let may_drop = used.drops < self.drops && (world.spent == 0 || self.lie == Lie::OldSnapshot);
            if may_drop && buttons.contains(&Button::DropKey) {
                acts.push(Act::WalkIn);
            }
            // Whoever has the key; the driver gives it to them for the purpose.
            let has_key = matches!(world.key, KeyAt::Driver | KeyAt::Staff);
            if used.outs < self.outs && has_key && buttons.contains(&Button::DropKey) {
                acts.push(Act::HandIn);
            }
            if world.out_pin.is_some() {
                acts.push(Act::Collect);
            }
            if matches!(world.locker().custody(JANE), Custody::Box { .. } | Custody::ToCheck { .. }) {
                acts.push(Act::Fetch);
            }
            acts.extend((0..2).map(Act::Look));
        }
        let is_truth = |button: &Button| {
            let served = world.served().map(|served| served.get() - 1);
            let is_in = matches!(world.key, KeyAt::Box(box_) if Some(box_) == served);
            match button {
                Button::BoxEmpty => !is_in,
                Button::KeyStays | Button::SomethingElse => is_in,
                Button::KeyTaken => world.key == KeyAt::Staff,
                _ => true,
            }
        };
        if screen.id != "start" {
            let is_again = |button: &Button| matches!(button, Button::DidNotOpen | Button::OpenAgain);
            let pressed = |button: &Button| {
                let is_left = !is_again(button) || used.again < self.again;
                !matches!(button, Button::Help | Button::Abort) && is_truth(button) && is_left
            };
            acts.extend(buttons.iter().copied().filter(pressed).map(Act::Press));
            let is_last = screen.id.ends_with(".thanks") || screen.id == "sorry";
            if !is_last && buttons.contains(&Button::Abort) {
                acts.push(Act::Leave);
            }
        }
    }

    fn doors(&self, world: &World, acts: &mut Vec<Act>) {
        for (box_, is_open) in (0..).zip(world.is_open) {
            let holds = world.key == KeyAt::Box(box_);
            // No hand is quicker than a reading, and what happens while the power is off behind a door that is shut
            // again, nobody can know.
            let is_known = recorded_door(world.locker(), number(box_)) == Door::Open
                && (world.is_off || !world.is_behind(box_))
                || world.hidden.get(usize::from(box_)).is_some_and(|is_hidden| *is_hidden);
            if is_open && is_known {
                acts.push(Act::Close(box_));
                let is_in_hand = match world.person {
                    Some(Person::Staff) => world.key == KeyAt::Staff && world.is_handing_in(),
                    // Nobody puts a key in a box that they came to empty.
                    Some(Person::Driver) => {
                        world.key == KeyAt::Driver && world.host.screen().id != "pick.serve"
                    }
                    None => world.key == KeyAt::Driver,
                };
                if is_in_hand {
                    acts.push(Act::Put(box_));
                }
                if holds {
                    acts.push(Act::Take(box_));
                }
            } else if !is_open && world.used.pries < self.pries {
                acts.push(Act::Pry(box_));
            }
        }
    }

    fn bus(&self, world: &World, acts: &mut Vec<Act>) {
        // A board that is firing is not read.
        let is_firing = world.taken.is_some() && self.lie == Lie::None;
        match (&world.sampled, world.has_news()) {
            (Some(_), _) => acts.push(Act::Deliver),
            (None, _) if is_firing => {}
            (None, true) => acts.push(Act::Sample),
            (None, false) => acts.push(Act::Reread),
        }
        if let Some(pulse) = world.taken {
            self.coil(world, pulse, acts);
        } else if world.can_take_up().is_some() {
            acts.push(Act::TakeUp);
        }
    }

    fn coil(&self, world: &World, pulse: Pulse, acts: &mut Vec<Act>) {
        acts.push(Act::Fire(Fired::Opens));
        let is_open = world.is_open.get(index(pulse.box_no)).is_some_and(|is_open| *is_open);
        if world.used.mishaps < self.mishaps {
            acts.extend([Fired::Refused, Fired::Unanswered].map(Act::Fire));
            if !is_open {
                acts.push(Act::Fire(Fired::Jams));
            }
        }
    }
}

impl Game for Doors {
    type World = World;
    type Act = Act;

    const EVENTS: &'static [&'static str] = Event::NAMES;

    fn begin(&self) -> Vec<World> {
        let set = |has_items| {
            let mut world = World::new(has_items);
            world.used.lie = self.lie;
            world.host.loses_records = self.lie == Lie::LosesRecords;
            world.first = (self.lie == Lie::OldSnapshot).then(|| Arc::clone(&world.host.locker));
            world
        };
        vec![set(true), set(false)]
    }

    fn acts(&self, world: &World, acts: &mut Vec<Act>) {
        self.doors(world, acts);
        if world.is_off {
            acts.push(Act::Boot);
            if let Some(pulse) = world.taken {
                self.coil(world, pulse, acts);
            }
            return;
        }
        self.people(world, acts);
        self.bus(world, acts);
        let screen = world.host.screen().id;
        let is_last = screen.ends_with(".thanks") || screen == "sorry";
        let is_held = world.taken.is_some() && self.lie == Lie::None;
        let is_late = world.is_under_way();
        let may_wait = !is_held && (!is_late || world.used.late < self.late);
        // A reminder in three days is nobody's time limit.
        let is_soon = world.host.next_deadline().is_some_and(|due| due < HOUR);
        if !is_last && may_wait && is_soon {
            acts.push(Act::Wait);
        }
        if world.used.cuts < self.cuts {
            acts.push(Act::Cut);
        }
    }

    fn play(&self, next: &mut World, act: Act) {
        match act {
            Act::WalkIn => next.walk_in(),
            Act::HandIn => {
                next.used.outs += 1;
                next.key = KeyAt::Staff;
                next.staff(Purpose::Drop { visit: JANE });
            }
            Act::Collect => next.collect(),
            Act::Fetch => next.staff(Purpose::PickUp { visit: JANE }),
            Act::Look(box_) => next.staff(Purpose::Check { box_no: number(box_) }),
            Act::Press(button) => {
                if matches!(button, Button::DidNotOpen | Button::OpenAgain) {
                    next.used.again += 1;
                }
                next.press(button);
            }
            Act::Leave => {
                next.press(Button::Abort);
                next.press(Button::Yes);
            }
            Act::TakeUp => {
                next.taken = next.can_take_up();
                let is_other =
                    |pending: Pulse| next.taken.is_some_and(|taken| taken.box_no != pending.box_no);
                let is_alone = !next.pending.is_some_and(is_other);
                next.marks.keep(Rule::OneAtATime, is_alone);
                let granted = |pulse: Pulse| next.grant.filter(|grant| grant.pulse == pulse.id);
                next.taken_for = next.taken.and_then(granted).map(|grant| grant.session);
                next.mark = next.mark.max(next.taken.map(|pulse| pulse.id));
            }
            Act::Fire(fired) => next.fire(fired),
            Act::Sample => next.sampled = Some(next.readings()),
            Act::Deliver => {
                if let Some(readings) = next.sampled.take() {
                    next.deliver(readings);
                }
            }
            Act::Reread => {
                let readings = next.readings();
                next.deliver(readings);
            }
            Act::Put(box_) => next.key = KeyAt::Box(box_),
            Act::Take(box_) => {
                let is_served = next.served() == Some(number(box_));
                next.key = match next.person.filter(|_| is_served) {
                    Some(Person::Driver) => KeyAt::Driver,
                    Some(Person::Staff) => KeyAt::Staff,
                    None => KeyAt::Thief,
                };
            }
            Act::Close(box_) => {
                next.set_door(box_, Door::Closed);
                if self.lie == Lie::ConfirmsAlone && !next.is_off {
                    let readings = next.readings();
                    next.deliver(readings);
                    let has_confirmed = next.has_confirmed;
                    next.press(Button::Confirm);
                    next.has_confirmed = has_confirmed;
                }
            }
            Act::Pry(box_) => {
                next.used.pries += 1;
                if self.lie == Lie::HidesForce
                    && let Some(hidden) = next.hidden.get_mut(usize::from(box_))
                {
                    *hidden = true;
                }
                next.set_door(box_, Door::Open);
            }
            Act::Wait => next.wait(),
            Act::Cut => next.cut(),
            Act::Boot => next.boot(),
        }
        next.judge_state();
    }

    fn rules(&self) -> Vec<Property<Watched<Self>>> {
        Rule::properties(self.only)
    }
}
