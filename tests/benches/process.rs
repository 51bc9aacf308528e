//! What the real process takes: `cargo bench -p locker-tests --bench process`.
//!
//! From the start of the process to the first served screen, on an empty folder and on one that exists; resident memory
//! when idle; from a tap to the next screen over the API, for a touch that records nothing and for one that does.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use locker_tests::http;
use locker_tests::process::Process;
use serde_json::{Value, json};

fn screen(kiosk: &Process) -> Option<Value> {
    let reply = http::request(kiosk.address, "GET", "/api/v1/screen", None, None).ok()?;
    reply.is_ok().then_some(reply.body)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn start(config: &Path) -> (Process, Duration) {
    let began = Instant::now();
    let kiosk = Process::kiosk(config).expect("it starts");
    while screen(&kiosk).is_none_or(|screen| screen["id"] != "start") {}
    (kiosk, began.elapsed())
}

fn memory_kib(kiosk: &Process, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", kiosk.id())).expect("it runs, on Linux");
    let line = status.lines().find(|line| line.starts_with(what)).expect("the kernel says so");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number of KiB")
}

fn tap(kiosk: &Process, touch_id: &mut u64, button: &str) -> Duration {
    let generation = screen(kiosk).expect("it serves")["generation"].take();
    *touch_id += 1;
    let body = json!({ "generation": generation, "touch_id": *touch_id, "action": { "do": "press", "button": button } });
    let began = Instant::now();
    let reply = http::request(kiosk.address, "POST", "/api/v1/touch", None, Some(&body)).expect("it serves");
    let took = began.elapsed();
    assert!(reply.is_ok(), "{button}: {}", reply.body);
    took
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    ms(times[times.len() / 2])
}

fn main() {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let config = dir.path().join("kiosk.toml");
    fs::write(&config, format!("data = {:?}\n", dir.path().join("data"))).expect("our folder");
    let (kiosk, first) = start(&config);
    drop(kiosk);
    println!("first start, demo seeded     {:7.1} ms", ms(first));
    let mut starts = Vec::new();
    for _ in 0..9 {
        let (kiosk, took) = start(&config);
        starts.push(took);
        drop(kiosk);
    }
    println!("start to first screen        {:7.1} ms (median of 9, after kill -9)", median(starts));
    let (kiosk, _) = start(&config);
    sleep(Duration::from_secs(5));
    let (rss, peak) = (memory_kib(&kiosk, "VmRSS"), memory_kib(&kiosk, "VmHWM"));
    println!(
        "resident, idle for 5 s       {:7.1} MB (peak {:.1} MB)",
        rss as f64 / 1024.0,
        peak as f64 / 1024.0
    );
    let (mut plain, mut recorded, mut touch_id) = (Vec::new(), Vec::new(), 0);
    for _ in 0..100 {
        plain.push(tap(&kiosk, &mut touch_id, "drop_key"));
        recorded.push(tap(&kiosk, &mut touch_id, "go"));
        tap(&kiosk, &mut touch_id, "abort");
        tap(&kiosk, &mut touch_id, "yes");
    }
    println!("tap to screen                {:7.2} ms (median of 100, nothing recorded)", median(plain));
    println!("tap to screen with a commit  {:7.2} ms (median of 100)", median(recorded));
}
