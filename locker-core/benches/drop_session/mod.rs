//! A whole drop by registration and PIN, input by input, for the benchmarks.
#![allow(dead_code, clippy::unwrap_used, reason = "each benchmark uses a part of it")]

use std::sync::Arc;

use locker_core::screen::{Action, Button, Surface, Touch};
use locker_core::*;

#[path = "../../tests/stories/rig.rs"]
pub mod rig;
use rig::Rig;

/// What somebody does, or the cabinet says.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    Press(Button),
    Plate,
    Digit(usize),
    /// The look-up has taken its time.
    Searched,
    MakeCode,
    Delivered,
    Opened,
    KeyIn,
    Closed,
}

/// The session, in order.
pub const SESSION: [Input; 25] = {
    use Button::*;
    use Input::*;
    [
        Press(DropKey),
        Press(Go),
        Press(ByRegistration),
        Plate,
        Press(Ok),
        Searched,
        Press(Send),
        MakeCode,
        Delivered,
        Press(EnterCode),
        Digit(0),
        Digit(1),
        Digit(2),
        Digit(3),
        Digit(4),
        Digit(5),
        Press(Ok),
        Press(Next),
        Press(Next),
        Opened,
        KeyIn,
        Closed,
        Press(Confirm),
        Press(Done),
        Press(PickUpKey),
    ]
};

/// What the machine gets: an ask, or something told.
pub enum Given {
    Ask(Ask),
    Told(Told),
}

/// A locker in the middle of the session.
pub struct World {
    pub rig: Rig,
    pin: Vec<u8>,
    touches: u64,
    edges: Vec<Edge>,
    report: Option<PulseReport>,
}

impl World {
    pub fn new() -> Self {
        let rig = Rig::with_boxes(16, |_| {});
        Self { rig, pin: Vec::new(), touches: 1_000, edges: Vec::new(), report: None }
    }

    /// The same with `count` inputs behind it.
    pub fn after(count: usize) -> Self {
        let mut world = Self::new();
        for input in &SESSION[..count] {
            let given = world.give(*input);
            let mut step = world.decide(given);
            let encoded = step.encode(&mut world.rig.vault).unwrap();
            world.rig.journal.extend(encoded.entries);
            let answer = world.rig.locker.commit(step).unwrap();
            world.answered(&answer);
        }
        world
    }

    pub fn decide(&self, given: Given) -> Step<Locker> {
        match given {
            Given::Ask(ask) => self.rig.locker.ask(ask, &self.rig.now()).unwrap(),
            Given::Told(told) => self.rig.locker.note(told, &self.rig.now()),
        }
    }

    pub fn answered(&mut self, answer: &Answer) {
        if let Answer::Code { pin, .. } = answer {
            self.pin.clone_from(pin.reveal());
        }
    }

    fn touch(&mut self, action: Action) -> Given {
        self.touches += 1;
        let generation = self.rig.locker.screen(Surface::Bottom, &self.rig.now()).generation;
        Given::Ask(Ask::Touch(Touch { generation, touch_id: self.touches, action, fresh: self.rig.fresh() }))
    }

    fn message(&self) -> MessageId {
        self.rig.locker.open_messages().first().unwrap().message
    }

    /// Makes the input; time passes as it does before it.
    pub fn give(&mut self, input: Input) -> Given {
        self.rig.mono += 200;
        self.rig.wall += 200;
        match input {
            Input::Press(button) => self.touch(Action::Press { button }),
            Input::Plate => self.touch(Action::Write { text: "1-ABC-123".into() }),
            Input::Digit(index) => {
                let digit = self.pin[index] - b'0';
                self.touch(Action::Digit { digit })
            }
            Input::Searched => {
                self.rig.mono += 1_500;
                self.rig.wall += 1_500;
                Given::Told(Told::Tick)
            }
            Input::MakeCode => Given::Ask(Ask::MakeCode { message: self.message(), fresh: self.rig.fresh() }),
            Input::Delivered => {
                Given::Told(Told::Delivery { message: self.message(), outcome: Delivery::Accepted })
            }
            Input::Opened => {
                let pulse = self.rig.locker.outputs(&self.rig.now()).pulse.unwrap();
                let at = Mono(self.rig.mono);
                self.report = Some(PulseReport { id: pulse.id, at, outcome: PulseOutcome::Accepted });
                self.edges = vec![Edge { n: 1, box_no: pulse.box_no, at, to: Door::Open }];
                self.readings(Door::Open, Item::Absent)
            }
            Input::KeyIn => self.readings(Door::Open, Item::Present),
            Input::Closed => {
                let box_no = self.edges[0].box_no;
                self.edges = vec![Edge { n: 2, box_no, at: Mono(self.rig.mono), to: Door::Closed }];
                self.readings(Door::Closed, Item::Present)
            }
        }
    }

    fn readings(&mut self, door: Door, item: Item) -> Given {
        let box_no = self.edges[0].box_no;
        let level = |other: BoxNo| {
            let is_used = other == box_no;
            BoxReading {
                box_no: other,
                door: if is_used { door } else { Door::Closed },
                item: if is_used { item } else { Item::Absent },
            }
        };
        let mut readings = Readings::new(Mono(self.rig.mono), BoxNo::first(16).map(level).collect());
        readings.edges.clone_from(&self.edges);
        readings.pulse = self.report;
        Given::Told(Told::Readings(Arc::new(readings)))
    }
}
