//! What a whole drop costs the pure machine: `cargo bench -p locker-core --bench session`.
//!
//! 25 inputs from the start screen to the next person's touch: deciding and committing, and apart from that what
//! sealing, writing and chaining the records takes. The aim: at most 25 µs without encoding.

use std::time::{Duration, Instant};

use locker_core::Machine;

mod drop_session;
use drop_session::{SESSION, World};

const ROUNDS: usize = 2_000;

#[allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn main() {
    let mut whole: Vec<(Duration, Duration)> = Vec::with_capacity(ROUNDS);
    let mut inputs = vec![Vec::with_capacity(ROUNDS); SESSION.len()];
    for _ in 0..ROUNDS {
        let mut world = World::new();
        let (mut machine, mut encoding) = (Duration::ZERO, Duration::ZERO);
        for (input, times) in SESSION.iter().zip(&mut inputs) {
            let given = world.give(*input);
            let began = Instant::now();
            let mut step = world.decide(given);
            let decided = Instant::now();
            let encoded = step.encode(&mut world.rig.vault).expect("a vault in memory seals");
            let encoded_at = Instant::now();
            let answer = world.rig.locker.commit(step).expect("decided a moment ago");
            let committed = Instant::now();
            let took = (decided - began) + (committed - encoded_at);
            machine += took;
            encoding += encoded_at - decided;
            times.push(took);
            world.rig.journal.extend(encoded.entries);
            world.answered(&answer);
        }
        whole.push((machine, encoding));
    }
    for (input, times) in SESSION.iter().zip(&mut inputs) {
        times.sort();
        println!("{:32} {:6.2} us", format!("{input:?}"), times[ROUNDS / 2].as_secs_f64() * 1e6);
    }
    let median = |mut times: Vec<Duration>| {
        times.sort();
        times[ROUNDS / 2].as_secs_f64() * 1e6
    };
    let machine = median(whole.iter().map(|(machine, _)| *machine).collect());
    let with = median(whole.iter().map(|(machine, encoding)| *machine + *encoding).collect());
    println!(
        "{} inputs, median of {ROUNDS} sessions: {machine:.1} us; with encoding {with:.1} us",
        SESSION.len()
    );
}
