//! A whole drop session through the pure machine, by hand: `cargo bench -p locker-tests --bench session`.
//!
//! The locker knows 200 work orders. What is timed is deciding and committing; sealing, chaining and writing the
//! records is timed beside it, on a vault in memory.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads the clock and prints"
)]
#![allow(missing_docs, reason = "a benchmark")]

#[allow(dead_code, reason = "shared with the stories")]
#[path = "../../locker-core/tests/stories/rig.rs"]
mod rig;

use std::time::{Duration, Instant};

use locker_core::screen::{Action, Button};
use locker_core::{Locker, Machine, Now, VisitId};

use rig::{Input, Rig, contact, visit};

/// Sessions that are timed.
const ROUNDS: u32 = 2_000;

/// A locker with 200 work orders, before the session, and the session's inputs.
fn session() -> (Rig, Vec<(Now, Input)>) {
    let mut rig = Rig::with_boxes(16, |_| {});
    for n in 10..207 {
        let mail = format!("driver{n}@example.org");
        let contacts = vec![contact(locker_core::Channel::Mail, locker_core::ContactKind::Private, &mail)];
        rig.visits.push(visit(VisitId(n), rig.today, &format!("9-TST-{n}"), contacts));
    }
    rig.push_desired();
    let before = rig.clone();
    let from = rig.inputs.len();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("1-ABC-123");
    rig.press(Button::Ok);
    rig.leap(1_500);
    rig.press(Button::Send);
    let pin = rig.deliver().pop().unwrap();
    rig.press(Button::EnterCode);
    for digit in pin.bytes() {
        rig.touch(Action::Digit { digit: digit - b'0' }).unwrap();
    }
    for button in [Button::Ok, Button::Next, Button::Next] {
        rig.press(button);
    }
    rig.wait(200);
    let number = rig.served().unwrap();
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    rig.press(Button::Done);
    let inputs = rig.inputs[from..].to_vec();
    (before, inputs)
}

/// One run: how long the machine took, how long its records took to be encoded, how many records there were.
fn run(rig: &Rig, inputs: &[(Now, Input)]) -> (Duration, Duration, usize) {
    let mut locker: Locker = rig.locker.clone();
    let mut vault = rig.vault.clone();
    let (mut machine, mut paper, mut records) = (Duration::ZERO, Duration::ZERO, 0);
    for (now, input) in inputs {
        let began = Instant::now();
        let mut step = input.clone().given_to(&locker, now).unwrap();
        machine += began.elapsed();
        records += step.records().len();
        let began = Instant::now();
        step.encode(&mut vault).unwrap();
        paper += began.elapsed();
        let began = Instant::now();
        locker.commit(step).unwrap();
        machine += began.elapsed();
    }
    (machine, paper, records)
}

fn main() {
    let (rig, inputs) = session();
    let mut times: Vec<(Duration, Duration, usize)> = (0..ROUNDS).map(|_| run(&rig, &inputs)).collect();
    times.sort();
    let (machine, paper, records) = times[times.len() / 2];
    println!("{} inputs, {records} records, 200 work orders; median of {ROUNDS} sessions", inputs.len());
    println!("decide and commit:        {:>8.1} µs (aim: under 25)", machine.as_secs_f64() * 1e6);
    println!("seal, write and chain:    {:>8.1} µs (vault in memory)", paper.as_secs_f64() * 1e6);
}
