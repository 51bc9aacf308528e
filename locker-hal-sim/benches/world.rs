//! How fast virtual time passes, and, with seeds, a hunt for a run that breaks an invariant. Run by hand:
//!
//! ```text
//! cargo bench -p locker-hal-sim --bench world                     the figures
//! cargo bench -p locker-hal-sim --bench world -- hunt 0 100000    worlds of seeds 0 to 99999, up to ten violations
//! cargo bench -p locker-hal-sim --bench world -- tell 17 60       the end of one of them: its last 60 records
//! ```
#![allow(clippy::disallowed_methods, reason = "a figure is taken by the wall")]
#![allow(clippy::unwrap_used, reason = "a bench stops at what it did not expect")]

use std::collections::BTreeMap;
use std::time::Instant;

use locker_hal_sim::world::{Mishap, Stage, Summary, World, WorldPlan};

fn main() {
    let args: Vec<String> = std::env::args().filter(|arg| arg != "--bench").skip(1).collect();
    match args.first().map(String::as_str) {
        Some("tell") => tell(args[1].parse().unwrap(), args[2].parse().unwrap()),
        Some("hunt") => hunt(args[1].parse().unwrap(), args[2].parse().unwrap()),
        _ => figures(),
    }
}

/// The end of a world that broke an invariant: what was done and what was recorded, each with its time.
fn tell(seed: u64, last: usize) {
    let mut world = World::new(WorldPlan { keeps_inputs: true, ..WorldPlan::of_seed(seed) });
    world.live();
    if world.violation().is_none() {
        world.heal();
    }
    println!("{:?}\n{:?}", WorldPlan::of_seed(seed), world.violation().map(ToString::to_string));
    let stage = world.stage();
    let from = stage.inputs().len().saturating_sub(last);
    let mut again = Stage::replay(stage.plan().clone(), &stage.inputs()[..from]);
    for input in &stage.inputs()[from..] {
        again.advance_to(input.at);
        println!("{:>10} {:?}: {:?}", input.at, input.deed, again.act(input.deed.clone()));
    }
    for locker in stage.lockers() {
        let records = stage.records(locker);
        let from = records.len().saturating_sub(last);
        for stamped in &records[from..] {
            println!("locker {locker} {:?} {:?}", stamped.at, stamped.record);
        }
    }
}

fn figures() {
    let day = WorldPlan { visits: 100, days: 3, watched: false, ..WorldPlan::default() };
    figure("200 sessions a day, no faults, not watched", &day);
    let watched = WorldPlan { watched: true, ..day.clone() };
    figure("the same, every invariant after every step", &watched);
    let mishaps = Mishap::ALL.into_iter().collect();
    figure("the same with every kind of fault", &WorldPlan { mishaps, ..watched });
}

fn figure(what: &str, plan: &WorldPlan) {
    let (mut virtual_ms, mut records, mut checks) = (0, 0, 0);
    let began = busy();
    let mut rounds = 0;
    while rounds == 0 || busy() < began + 2.0 {
        let summary = World::run(WorldPlan { seed: 7 + rounds, ..plan.clone() });
        assert_eq!(summary.violation, None);
        virtual_ms += summary.virtual_ms;
        records += summary.records;
        checks += summary.checked.values().sum::<u64>();
        rounds += 1;
    }
    let took = busy() - began;
    let times = virtual_ms as f64 / 1e3 / took;
    println!(
        "{what}: {times:.3e} x real time ({records} records and {checks} checks in {took:.1} s on one core)"
    );
}

/// For how many seconds this thread has had a core: on a machine that others use, the wall says little.
fn busy() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok());
    nanos.map_or_else(|| Instant::now().elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}

fn hunt(from: u64, to: u64) {
    let began = Instant::now();
    let mut total = Summary::default();
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in from..to {
        let plan = WorldPlan::of_seed(seed);
        let summary = World::run(plan.clone());
        total.sessions += summary.sessions;
        total.drops += summary.drops;
        total.picked_up += summary.picked_up;
        total.collected += summary.collected;
        total.settled += summary.settled;
        total.records += summary.records;
        total.virtual_ms += summary.virtual_ms;
        for (kind, count) in summary.kinds {
            *total.kinds.entry(kind).or_default() += count;
        }
        for (kind, count) in summary.mishaps {
            *total.mishaps.entry(kind).or_default() += count;
        }
        for (rule, count) in summary.checked {
            *total.checked.entry(rule).or_default() += count;
        }
        if let Some(violation) = summary.violation {
            *found.entry(violation.rule).or_default() += 1;
            println!("seed {seed}: {violation}\n  {:?}", plan.mishaps);
            if found.values().sum::<u64>() >= 10 {
                break;
            }
        }
    }
    let reached = |kind: &&&str| !total.kinds.contains_key(**kind);
    println!("never recorded: {:?}", locker_core::KINDS.iter().filter(reached).collect::<Vec<_>>());
    println!("{total:#?}\n{found:?} in {:.0} s", began.elapsed().as_secs_f64());
}
