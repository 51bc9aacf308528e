//! Instructions of single inputs of a drop beside a plain five-state machine, under callgrind:
//! `cargo bench -p locker-core --bench touch`. Needs valgrind and `gungraun-runner` of the same version as the library.
//!
//! `decide` is [`Machine::ask`] or [`Machine::note`]; `touch` is deciding and committing, for inputs that record nothing.
//! Sealing and writing records is apart: it is cryptography and JSON. The aim: at most 1,500 for the median input.

#![allow(missing_docs, reason = "macros make modules and enums")]

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use locker_core::{Locker, Machine, Step};
use statig::prelude::*;

mod drop_session;
use drop_session::{Given, SESSION, World};

// Boxed, so that handing the world over is no part of what is counted.
fn before(index: usize) -> (Box<World>, Given) {
    let mut world = Box::new(World::after(index));
    let given = world.give(SESSION[index]);
    (world, given)
}

#[library_benchmark]
#[benches::input(iter = 0..SESSION.len(), setup = before)]
fn decide((world, given): (Box<World>, Given)) -> (Box<World>, Step<Locker>) {
    let step = black_box(&world).decide(given);
    (world, step)
}

#[library_benchmark]
#[bench::press_by_registration(args = (2), setup = before)]
#[bench::plate(args = (3), setup = before)]
#[bench::digit(args = (12), setup = before)]
#[bench::press_next(args = (17), setup = before)]
fn touch((mut world, given): (Box<World>, Given)) -> Box<World> {
    let step = black_box(&world).decide(given);
    let _ = world.rig.locker.commit(step);
    world
}

/// The same shape of work without any of the rules: five states in a ring.
#[derive(Default)]
struct Ring {
    turns: u64,
}

enum Event {
    Next,
}

#[state_machine(initial = "State::start()")]
impl Ring {
    #[state]
    fn start(&mut self, event: &Event) -> Outcome<State> {
        match event {
            Event::Next => Transition(State::method()),
        }
    }
    #[state]
    fn method(&mut self, event: &Event) -> Outcome<State> {
        match event {
            Event::Next => Transition(State::pin()),
        }
    }
    #[state]
    fn pin(&mut self, event: &Event) -> Outcome<State> {
        match event {
            Event::Next => Transition(State::serve()),
        }
    }
    #[state]
    fn serve(&mut self, event: &Event) -> Outcome<State> {
        match event {
            Event::Next => Transition(State::thanks()),
        }
    }
    #[state]
    fn thanks(&mut self, event: &Event) -> Outcome<State> {
        self.turns += 1;
        match event {
            Event::Next => Transition(State::start()),
        }
    }
}

fn ring() -> statig::blocking::StateMachine<Ring> {
    let mut ring = Ring::default().state_machine();
    ring.handle(&Event::Next);
    ring
}

#[library_benchmark]
#[bench::transition(setup = ring)]
fn statig_five_states(
    mut ring: statig::blocking::StateMachine<Ring>,
) -> statig::blocking::StateMachine<Ring> {
    ring.handle(black_box(&Event::Next));
    ring
}

library_benchmark_group!(name = drops, benchmarks = [decide, touch, statig_five_states]);
main!(library_benchmark_groups = drops);
