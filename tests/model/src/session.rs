//! A session, every time limit of it and every way out: the driver looks up the car, gets a PIN, types it, drops the key;
//! staff fetch another one. Everything that the screen offers is pressed at every step; nothing is, until a limit or just
//! before it; the host oversleeps; the language changes; x, yes, no, help; touches come twice and from old screens.
//!
//! The other way likewise: staff put a key in for its driver, who takes it with a PIN, or does not, or comes back for what
//! was forgotten; staff take it back.

mod lies;
mod people;
mod rules;

use locker_core::screen::{Action, Button, Locale, Widget};
use locker_core::{Delivery, MINUTE};
use stateright::Property;

pub use self::lies::Lie;
use self::people::Begin;
pub use self::people::World;
pub use self::rules::{Event, Rule};

use crate::host::{OMAR, offered};
use crate::state::{Game, Watched};

/// Which way keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A driver drops a key; staff fetch another.
    In,
    /// Staff put a key in for its driver, who picks it up (STAFF-DROP, PICK).
    Out,
}

/// The model: how much can happen on one path.
#[derive(Clone, Copy, Debug)]
pub struct Sessions {
    /// Which way.
    pub way: Way,
    /// How often *Go* is pressed.
    pub goes: u8,
    /// Changes of language, calls for help, wrong inputs, repeated presses of *Show* and the low box, together.
    pub extras: u8,
    /// How often the host sleeps up to just before a limit, or past it.
    pub odd_sleeps: u8,
    /// The lie, if any.
    pub lie: Lie,
    /// The one rule that is looked at; all where none is named.
    pub only: Option<Rule>,
}

/// What somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// What belongs there.
    Right,
    /// Something else.
    Wrong,
}

/// How long nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sleep {
    /// Until the next limit.
    Due,
    /// A millisecond less.
    Almost,
    /// Ten minutes more.
    Over,
}

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A button that the screen offers.
    Press(Button),
    /// A whole code on the pad, without *OK*.
    Pin(Typed),
    /// A text in an entry.
    Write(Typed),
    /// The second of two contacts.
    Choose,
    /// Français.
    Language,
    /// The mail service takes the message, or refuses it.
    Mail(Delivery),
    /// The mechanic scans the QR: for the key that lies in a box, or to put it in.
    Scan,
    /// Whoever stands at the open box takes the key out.
    Take,
    /// Whoever stands at the open box puts the key in.
    Put,
    /// The lock fires, and the cabinet tells that the door is open.
    Springs,
    /// Somebody shuts the open door, and the cabinet tells.
    Shut(u8),
    /// Nothing happens.
    Sleep(Sleep),
}

impl Sessions {
    fn inputs(&self, world: &World, acts: &mut Vec<Act>) {
        let screen = &world.shown;
        let may_err = world.extras < self.extras;
        for widget in &screen.widgets {
            match widget {
                Widget::Keypad { typed: 0, .. } => {
                    if world.pin.is_some() {
                        acts.push(Act::Pin(Typed::Right));
                    }
                    if may_err {
                        acts.push(Act::Pin(Typed::Wrong));
                    }
                }
                Widget::Entry { value, .. } if value.is_empty() => {
                    if screen.id == "drop.registration" || may_err {
                        acts.push(Act::Write(Typed::Right));
                    }
                    if may_err {
                        acts.push(Act::Write(Typed::Wrong));
                    }
                }
                Widget::Choices { items }
                    if screen.id == "drop.contact" && !items.iter().skip(1).any(|item| item.chosen) =>
                {
                    acts.push(Act::Choose);
                }
                Widget::Qr { .. } => {
                    let is_here = world.is_booked();
                    let is_out = self.way == Way::Out;
                    if screen.id == "pick.qr" && is_here || screen.id == "drop.qr" && is_out && !is_here {
                        acts.push(Act::Scan);
                    }
                }
                _ => {}
            }
        }
        if may_err && screen.locale == Locale::En {
            acts.push(Act::Language);
        }
    }

    fn is_wanted(&self, world: &World, button: Button) -> bool {
        let may_err = world.extras < self.extras;
        match button {
            Button::Go => world.goes < self.goes,
            Button::Show | Button::LowBox | Button::Help | Button::CallHelp => may_err,
            // The same look-up by another number; the box is the doors' model.
            Button::ByPhone | Button::DidNotOpen | Button::OpenAgain | Button::SomethingInside => false,
            // The other way has its own bounds.
            Button::ByRegistration => self.way == Way::In,
            Button::ByPin => self.way == Way::In || world.shown.id == "pick.method",
            _ => true,
        }
    }
}

impl Game for Sessions {
    type World = World;
    type Act = Act;

    const EVENTS: &'static [&'static str] = Event::NAMES;

    fn begin(&self) -> Vec<World> {
        let begins: &[Begin] = match self.way {
            Way::In => &[Begin::Dropped],
            Way::Out => &[Begin::HandedIn, Begin::Taken, Begin::Empty],
        };
        let set = |begin: &Begin| {
            let mut world = World::new(self.way, *begin);
            world.host.loses_records = self.lie == Lie::LosesRecords;
            world.close_state(self.lie);
            world
        };
        begins.iter().map(set).collect()
    }

    fn acts(&self, world: &World, acts: &mut Vec<Act>) {
        let may_err = world.extras < self.extras;
        let buttons = offered(&world.shown).into_iter().filter(|button| self.is_wanted(world, *button));
        acts.extend(buttons.map(Act::Press));
        if world.shown.overlay.is_none() {
            self.inputs(world, acts);
        }
        if !world.host.locker.open_messages().is_empty() {
            acts.push(Act::Mail(Delivery::Accepted));
            if may_err {
                acts.push(Act::Mail(Delivery::Refused));
            }
        }
        if world.host.locker.outputs(&world.host.now()).pulse.is_some() {
            acts.push(Act::Springs);
        }
        acts.extend(
            (0..).zip(world.is_open).filter(|(_, is_open)| *is_open).map(|(box_, _)| Act::Shut(box_)),
        );
        if self.way == Way::Out
            && let Some(box_) = world.served_open()
        {
            match world.key {
                Some(lies_in) if lies_in == box_ => acts.push(Act::Take),
                None if world.shown.id == "drop.serve" => acts.push(Act::Put),
                Some(_) | None => {}
            }
        }
        if let Some(due) = world.host.next_deadline().filter(|due| *due < 10 * MINUTE) {
            acts.push(Act::Sleep(Sleep::Due));
            if world.odd_sleeps < self.odd_sleeps {
                acts.push(Act::Sleep(Sleep::Over));
                if due > 1 {
                    acts.push(Act::Sleep(Sleep::Almost));
                }
            }
        }
    }

    fn play(&self, next: &mut World, act: Act) {
        let before = next.shown.id;
        match act {
            Act::Press(button) => next.press(button, self.lie),
            Act::Pin(typed) => next.type_pin(typed, self.lie),
            Act::Write(typed) => next.write(typed, self.lie),
            Act::Choose => {
                next.touch(Action::Choose { item: 1 }, self.lie);
            }
            Act::Language => {
                next.extras += 1;
                next.touch(Action::Language { locale: Locale::Fr }, self.lie);
            }
            Act::Mail(outcome) => next.mail(outcome, self.lie),
            Act::Scan => {
                let visit = OMAR;
                let is_drop = before == "drop.qr";
                let act = if is_drop {
                    locker_core::Act::Drop { visit }
                } else {
                    locker_core::Act::PickUp { visit }
                };
                let _ = next.host.scan(act);
                next.kept = None;
                next.judge(false, before, self.lie);
            }
            Act::Springs => {
                next.springs();
                next.kept = None;
                next.judge(false, before, self.lie);
            }
            Act::Shut(box_) => {
                next.shut(box_);
                next.kept = None;
                next.judge(false, before, self.lie);
            }
            Act::Take | Act::Put => {
                next.key = if act == Act::Put { next.served_open() } else { None };
                next.read(None);
                next.judge(false, before, self.lie);
            }
            Act::Sleep(sleep) => next.sleep(sleep, self.lie),
        }
        if self.lie == Lie::Refills && before != "drop.registration" {
            let is_there = next.host.screen().id == "drop.registration" && next.goes > 1;
            if is_there && !next.has_typed {
                next.touch(Action::Write { text: crate::host::PLATE.into() }, self.lie);
            }
        }
        let locale = next.host.screen().locale;
        next.is_french = locale == Locale::Fr;
        next.close_state(self.lie);
    }

    fn rules(&self) -> Vec<Property<Watched<Self>>> {
        Rule::properties(self.only)
    }
}
