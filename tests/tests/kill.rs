//! SAFE-2, SAFE-3, BOX-10, BOX-11: the kiosk's process killed with `kill -9` at random moments of drops and pick-ups, its
//! cabinet in a process of its own.
//!
//! `KILLS` says how often (25; 200 with `LOCKER_CI=1`), `KILL_SEED` repeats the choices of a run. What the processes do
//! with their time is not repeated, so that the same seed meets the same journeys at slightly other moments.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use locker_tests::site::{Counts, Site};

/// Sites at a time. They mostly wait: for a look-up's 1.5 s, for a door's second of rest.
const SITES: u64 = 6;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
#[allow(clippy::disallowed_methods, reason = "real processes live in real time")]
fn safe_02_a_kill_at_any_moment_loses_no_confirmed_key_opens_no_box_and_leaves_a_locker_that_starts() {
    let is_ci = std::env::var_os("LOCKER_CI").is_some();
    let kills = number("KILLS").unwrap_or(if is_ci { 200 } else { 25 });
    let today = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    let seed = number("KILL_SEED").unwrap_or(today);
    println!("KILLS={kills} KILL_SEED={seed}");
    let began = Instant::now();
    let left = AtomicI64::new(i64::try_from(kills).unwrap());
    let sums = Mutex::new((Counts::default(), Vec::<String>::new()));
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::thread::scope(|scope| {
        for lane in 0..SITES.min(kills.div_ceil(8)) {
            let (left, sums) = (&left, &sums);
            scope.spawn(move || {
                let mut round = 0;
                while left.load(Ordering::SeqCst) > 0 {
                    round += 1;
                    let (counts, broken) = one_site(scratch, seed ^ (lane << 32 | round), left);
                    let mut sums = sums.lock().unwrap();
                    sums.0.add(&counts);
                    if !broken.is_empty() {
                        left.store(0, Ordering::SeqCst);
                    }
                    sums.1.extend(broken);
                }
            });
        }
    });
    let (counts, broken) = sums.into_inner().unwrap();
    println!("{} s: {counts:#?}", began.elapsed().as_secs());
    assert!(broken.is_empty(), "KILL_SEED={seed}\n{}", broken.join("\n"));
    assert_eq!(u64::from(counts.kills), kills);
    // Safety holds vacuously where nothing happens.
    if kills >= 200 {
        for (what, count) in [
            ("kills in step 4", counts.in_step_4),
            ("kills in a drop", counts.in_drop),
            ("kills in a pick-up", counts.in_pick_up),
            ("kills while a touch waited for its answer", counts.unanswered),
            ("drops", counts.dropped),
            ("customers who came back", counts.returned),
            ("pick-ups", counts.picked_up),
            ("boxes settled", counts.settled),
            ("boxes to be checked", counts.to_check),
        ] {
            assert!(count >= 5, "{what}: {count}");
        }
    }
}

/// Kills one site until nothing is left to do there, or enough are killed.
fn one_site(scratch: &Path, seed: u64, left: &AtomicI64) -> (Counts, Vec<String>) {
    let mut site = Site::open(scratch, seed);
    let mut broken = Vec::new();
    while broken.is_empty() && left.fetch_sub(1, Ordering::SeqCst) > 0 {
        let (found, has_more) = site.kill_and_check();
        broken.extend(found);
        if !has_more {
            break;
        }
    }
    if broken.is_empty() {
        broken.extend(site.verify());
    }
    for line in &mut broken {
        *line = format!("site {seed:x}: {line}");
    }
    (site.counts, broken)
}
