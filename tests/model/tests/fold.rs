//! That the fingerprint hides nothing: where two states count as one, the same can happen next, and leads to what counts as
//! the same again.

use std::collections::HashMap;

use locker_model::codes::CodesModel;
use locker_model::doors::Doors;
use locker_model::session::{Lie, Sessions, Way};
use locker_model::{Game, State, Watched};
use stateright::Model;

/// What can happen next, and what it leads to.
type Next<G> = Vec<(<G as Game>::Act, State<<G as Game>::World>)>;

/// The first state of each fingerprint, and what it leads to.
type Known<G> = HashMap<u64, (State<<G as Game>::World>, Vec<(<G as Game>::Act, u64)>)>;

fn next<G: Game>(model: &Watched<G>, state: &State<G::World>) -> Next<G> {
    let mut acts = Vec::new();
    model.actions(state, &mut acts);
    acts.into_iter().map(|act| (act, model.step(state, act))).collect()
}

fn prints<G: Game>(next: &Next<G>) -> Vec<(G::Act, u64)> {
    next.iter().map(|(act, state)| (*act, state.print())).collect()
}

/// Looks so many steps far; of states that count as one, the first is followed, and every other is held against it.
fn hides_nothing<G: Game>(game: G, steps: usize) {
    let model = Watched::new(game);
    let mut known: Known<G> = HashMap::new();
    let (mut states, mut twins) = (model.init_states(), 0);
    for step in 0..steps {
        let mut further = Vec::new();
        for state in &states {
            let next = next(&model, state);
            let prints = prints::<G>(&next);
            match known.get(&state.print()) {
                None => {
                    known.insert(state.print(), (state.clone(), prints));
                    further.extend(next.into_iter().map(|(_, state)| state));
                }
                Some((twin, first)) => {
                    twins += 1;
                    for ((act, print), (other, wanted)) in prints.iter().zip(first) {
                        assert_eq!(act, other, "after {step} steps, at {state:?}");
                        if print != wanted {
                            println!("A {twin:#?}B {state:#?}");
                            println!(
                                "NEXTA {:#?}NEXTB {:#?}",
                                model.step(twin, *act),
                                model.step(state, *act)
                            );
                            panic!("after {step} steps, {act:?} at {state:?}");
                        }
                    }
                    assert_eq!(prints.len(), first.len(), "after {step} steps, at {state:?}");
                }
            }
        }
        states = further;
    }
    assert!(twins > 100, "{twins} states were held against others");
}

const SESSION: Sessions =
    Sessions { way: Way::In, goes: 1, extras: 1, odd_sleeps: 1, lie: Lie::None, only: None };

#[test]
fn nothing_is_hidden_in_sessions() {
    hides_nothing(SESSION, 9);
    hides_nothing(Sessions { way: Way::Out, goes: 2, extras: 0, ..SESSION }, 11);
}

#[test]
fn nothing_is_hidden_in_codes() {
    hides_nothing(CodesModel { wrong: 2, uses: 2, asks: 2, waits: 2, ..CodesModel::default() }, 5);
    hides_nothing(CodesModel { uses: 2, asks: 1, cuts: 1, jumps: 1, waits: 1, ..CodesModel::default() }, 5);
    hides_nothing(CodesModel { staff: 2, temporary: 1, waits: 2, cuts: 1, ..CodesModel::default() }, 5);
}

#[test]
fn nothing_is_hidden_behind_doors() {
    let doors = Doors { walks: 2, drops: 1, outs: 1, late: 1, again: 1, ..Doors::default() };
    hides_nothing(Doors { cuts: 1, ..doors }, 7);
    hides_nothing(Doors { mishaps: 1, pries: 1, ..doors }, 7);
}
