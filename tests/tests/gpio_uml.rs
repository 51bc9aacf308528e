//! BOX-8, BOX-12: our GPIO driver, the guard and the whole kiosk on the pins of a real kernel: `gpio-sim` in a User-Mode-Linux guest.
//! By hand, since the kernel takes some minutes to build:
//!
//! ```text
//! tests/uml/kernel WORK
//! UML_KERNEL=WORK cargo test -p locker-tests --test gpio_uml -- --ignored --nocapture
//! ```
//!
//! What is checked is in `tests/uml/pins.rs`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, in real time")]
#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;

use locker_tests::process::programs;
use locker_tests::uml;

/// How many checks `tests/uml/pins.rs` makes.
const CHECKS: usize = 14;

const KIOSK: &str = r#"
data = "/mnt/data/kiosk"
seed = "/mnt/work/seed.json"
zone = "UTC"

[cabinet]
driver = "boards"
boxes = 4
pulse_ms = 2000
guard = "/mnt/data/guard.sock"

[[cabinet.boards]]
driver = "gpio"
chip = "CHIP"
boxes = [1, 2, 3, 4]
coils = ["low 0", "low 1", "low 2", "low 3"]
doors = ["low 4", "low 5", "low 6", "low 7"]
debounce_ms = 10
software_pulse = "accepted"
"#;

const SEED: &str = r#"{
    "location": { "name": "Sample Motors", "telephone": "+32 2 555 01 00", "zone": "UTC" },
    "security_code": "2468",
    "users": [{ "login": "admin", "name": "Ada", "role": "dealer_admin", "password": "demo" }],
    "visits": [{
        "date": "today", "plate": "1-PIN-001", "vehicle": "Car",
        "driver": { "name": "Driver", "contacts": [
            { "channel": "mail", "kind": "private", "address": "driver@example.org" }
        ] },
        "orders": [{ "order": "WO-1", "time": "08:30", "work": "Tyres" }]
    }, {
        "date": "today", "plate": "1-PIN-002", "vehicle": "Van",
        "driver": { "name": "Second", "contacts": [
            { "channel": "mail", "kind": "private", "address": "second@example.org" }
        ] },
        "orders": [{ "order": "WO-2", "time": "09:30", "work": "Brakes" }]
    }]
}"#;

#[test]
#[ignore = "by hand: needs a kernel that tests/uml/kernel builds"]
fn box_08_pins_of_a_real_kernel_are_off_at_start_at_the_end_and_when_the_kiosk_is_killed_and_open_a_drop_and_a_pick_up()
 {
    let kernel =
        std::env::var_os("UML_KERNEL").expect("UML_KERNEL is the folder that tests/uml/kernel built in");
    let kernel = PathBuf::from(kernel).canonicalize().unwrap();
    let work = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    fs::write(work.path().join("kiosk.toml"), KIOSK).unwrap();
    fs::write(work.path().join("seed.json"), SEED).unwrap();
    let words = [
        format!("STUB={}", kernel.join("i2c-stub.ko").display()),
        format!("KIOSK={}", programs().join("kiosk").display()),
        concat!("PINS=", env!("CARGO_BIN_EXE_uml-pins")).into(),
    ];
    let mut guest = uml::guest(&kernel.join("linux"), "guest-pins", work.path(), &words);
    let ended = uml::ends(&mut guest);
    let read = |name: &str| fs::read_to_string(work.path().join(name)).unwrap_or_default();
    let said = read("said");
    println!("{said}");
    assert!(ended, "the guest does not stop: {}", read("kernel"));
    let well = said.lines().filter(|line| line.starts_with("ok ")).count();
    assert_eq!((well, said.matches("FAILED").count()), (CHECKS, 0), "{}", read("kernel"));
}
