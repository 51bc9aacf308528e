//! Whole worlds from their seeds: nothing that must not be ever is.
#![cfg(feature = "world")]

use locker_hal_sim::world::{World, WorldPlan};

/// How many sessions, if nobody says otherwise: some seconds in a debug build.
const SESSIONS: u64 = 300;

fn sessions() -> u64 {
    std::env::var("WORLD_SESSIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(SESSIONS)
}

/// `WORLD_SESSIONS=20000` asks for more, `WORLD_SEED` begins elsewhere.
#[test]
fn safe_03_no_world_of_any_seed_breaks_an_invariant() {
    let mut seed: u64 = std::env::var("WORLD_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let (first, mut done) = (seed, 0);
    let mut checks = 0;
    while done < sessions() {
        let plan = WorldPlan::of_seed(seed);
        let summary = World::run(plan.clone());
        checks += summary.checked.values().sum::<u64>();
        if let Some(violation) = summary.violation {
            let small = World::shrink(&plan, violation.rule, 30);
            let again = World::run(small.clone()).violation;
            panic!("seed {seed}: {violation}\nshrunk to {small:?}\n{again:?}");
        }
        done += summary.sessions;
        seed += 1;
    }
    println!("{done} sessions, {} worlds, {checks} checks", seed - first);
}

#[test]
fn the_same_seed_gives_the_same_world() {
    for seed in [3, 9, 27] {
        let run = || World::run(WorldPlan { visits: 6, days: 1, ..WorldPlan::of_seed(seed) });
        assert_eq!(run(), run(), "seed {seed}");
    }
}
