//! Instructions of one touch without cryptography, counted by callgrind, beside a five-state machine of `statig` in the
//! same run. By hand: `cargo bench -p locker-tests --bench touch` (needs valgrind and `gungraun-runner`).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark")]
#![allow(missing_docs, reason = "a benchmark")]

#[allow(dead_code, reason = "shared with the stories")]
#[path = "../../locker-core/tests/stories/rig.rs"]
mod rig;

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use locker_core::screen::{Action, Button, Touch};
use locker_core::{Ask, Locker, Machine, Now};
use statig::prelude::*;

use rig::Rig;

/// A locker, a touch that is about to come, and the moment.
type Moment = (Locker, Touch, Now);

fn moment(rig: &mut Rig, action: Action) -> Moment {
    let touch = Touch { generation: rig.screen().generation, touch_id: 1 << 40, action, fresh: rig.fresh() };
    (rig.locker.clone(), touch, rig.now())
}

fn press(rig: &mut Rig, button: Button) -> Moment {
    moment(rig, Action::Press { button })
}

/// The third digit of a PIN: the median input of a drop.
fn digit() -> Moment {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByPin);
    for digit in [4, 7] {
        rig.touch(Action::Digit { digit }).unwrap();
    }
    moment(&mut rig, Action::Digit { digit: 1 })
}

fn by_pin() -> Moment {
    let mut rig = Rig::new();
    rig.begin_drop();
    press(&mut rig, Button::ByPin)
}

fn write() -> Moment {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    moment(&mut rig, Action::Write { text: "1-ABC-123".into() })
}

fn next() -> Moment {
    let mut rig = Rig::new();
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    rig.type_pin(&pin);
    press(&mut rig, Button::Next)
}

#[library_benchmark]
#[bench::digit(setup = digit)]
#[bench::by_pin(setup = by_pin)]
#[bench::write(setup = write)]
#[bench::next(setup = next)]
fn touch((mut locker, touch, now): Moment) -> Locker {
    let step = locker.ask(Ask::Touch(touch), &now).unwrap();
    black_box(locker.commit(step)).unwrap();
    locker
}

/// A turnstile of five states: what a state machine costs that does nothing else.
#[derive(Default)]
struct Five {
    turns: u64,
}

#[derive(Clone, Copy)]
struct Turn;

#[state_machine(initial = "State::one()")]
impl Five {
    #[state]
    fn one(&mut self, event: &Turn) -> Outcome<State> {
        let Turn = event;
        self.turns += 1;
        Transition(State::two())
    }

    #[state]
    fn two(&mut self, event: &Turn) -> Outcome<State> {
        let Turn = event;
        self.turns += 1;
        Transition(State::three())
    }

    #[state]
    fn three(&mut self, event: &Turn) -> Outcome<State> {
        let Turn = event;
        self.turns += 1;
        Transition(State::four())
    }

    #[state]
    fn four(&mut self, event: &Turn) -> Outcome<State> {
        let Turn = event;
        self.turns += 1;
        Transition(State::five())
    }

    #[state]
    fn five(&mut self, event: &Turn) -> Outcome<State> {
        let Turn = event;
        self.turns += 1;
        Transition(State::one())
    }
}

fn five() -> StateMachine<Five> {
    let mut five = Five::default().state_machine();
    five.handle(&Turn);
    five
}

#[library_benchmark]
#[bench::turn(setup = five)]
fn five_states(mut five: StateMachine<Five>) -> StateMachine<Five> {
    five.handle(black_box(&Turn));
    five
}

library_benchmark_group!(name = touches; benchmarks = touch, five_states);

main!(library_benchmark_groups = touches);
