//! The whole kiosk on the drivers of real boards: the binary with the configurations of `docs/examples`, against simulated
//! boards in a process of their own on a pseudo-terminal. A key is dropped and fetched through the HTTP API.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

use std::path::{Path, PathBuf};

use locker_tests::process::Process;
use locker_tests::site::Site;

/// A folder for a link to the terminal, and for a socket.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(scratch()).unwrap()
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// An example from `[cabinet]` on, with its port where `link` is.
fn example(name: &str, port: &str, link: &Path) -> String {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "docs", "examples"].iter().collect();
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let cabinet = &text[text.find("[cabinet]").unwrap()..];
    assert_eq!(cabinet.matches(port).count(), 1, "{name} has its port at {port}");
    cabinet.replace(port, link.to_str().unwrap())
}

/// A drop and a pick-up on an example; what the locks did meanwhile.
fn drop_and_pick_up(name: &str, protocol: &str, arguments: &[&str], pulse_ms: u64) {
    let dir = folder();
    let link = dir.path().join("line");
    let boards = Process::boards(protocol, &link, arguments).unwrap();
    let cabinet = example(name, &format!("./{protocol}"), &link);
    let mut site = Site::open_on(scratch(), 1, boards, &cabinet);
    let box_no = site.drop_and_pick_up();
    let fired: Vec<_> =
        site.truth().fired.iter().map(|fired| (fired.box_no, fired.until.since(fired.from))).collect();
    assert_eq!(fired, [(box_no, pulse_ms), (box_no, pulse_ms)], "one pulse for each opening, and no other");
    assert_eq!(site.verify(), Vec::<String>::new());
}

#[test]
fn a_key_is_dropped_and_fetched_on_a_cu16() {
    drop_and_pick_up("cu16.toml", "cu16", &["--boxes", "16"], 550);
}

#[test]
fn a_key_is_dropped_and_fetched_on_a_cu16_that_answers_unlocks() {
    drop_and_pick_up("cu16.toml", "cu16", &["--boxes", "16", "--unlock-reply"], 550);
}

#[test]
fn a_key_is_dropped_and_fetched_on_a_cu48() {
    drop_and_pick_up("cu48.toml", "cu48", &["--boxes", "24"], 550);
}

#[test]
fn a_key_is_dropped_and_fetched_on_two_8a_80_boards() {
    drop_and_pick_up("xor.toml", "8a80", &["--boxes", "16", "--boxes-per-board", "8"], 300);
}

#[test]
fn a_key_is_dropped_and_fetched_on_modbus_relays() {
    drop_and_pick_up("modbus.toml", "waveshare", &["--boxes", "16"], 500);
}

/// Plain relays behind the guard, with pulses of this length: the site and its guard.
fn plain_relays(dir: &Path, pulse_ms: u16) -> (Site, Process) {
    let link = dir.join("line");
    let boards = Process::boards("coils", &link, &["--boxes", "16"]).unwrap();
    let guard = format!("pulse_ms = {pulse_ms}\nguard = {:?}", dir.join("guard.sock"));
    let cabinet = example("modbus.toml", "./waveshare", &link)
        .replace("profile = \"waveshare\"", "profile = \"plain\"\nsoftware_pulse = \"accepted\"")
        .replace("pulse_ms = 500", &guard);
    let config = dir.join("guard.toml");
    std::fs::write(&config, &cabinet).unwrap();
    let guard = Process::guard(&config);
    (Site::open_on(scratch(), 1, boards, &cabinet), guard)
}

#[test]
fn box_08_a_key_is_dropped_and_fetched_on_plain_relays_that_the_guard_lets_go() {
    let dir = folder();
    let (mut site, _guard) = plain_relays(dir.path(), 500);
    let box_no = site.drop_and_pick_up();
    let fired: Vec<_> = site.truth().fired.iter().map(|fired| fired.box_no).collect();
    assert_eq!(fired, [box_no, box_no], "one pulse for each opening, and no other");
}

/// Pulses of 2 s, so that there is time to kill the kiosk within one.
#[test]
fn box_08_plain_relays_are_let_go_by_the_guard_when_the_kiosk_is_killed_within_a_pulse() {
    let dir = folder();
    let (mut site, _guard) = plain_relays(dir.path(), 2_000);
    let killed_at = site.kill_within_a_pulse();
    let fired = site.truth().fired;
    assert_eq!(fired.iter().map(|fired| fired.box_no).collect::<Vec<_>>(), [killed_at]);
    let lasted = fired[0].until.since(fired[0].from);
    assert!(lasted < 2_000, "it ended before its time, after {lasted} ms");
}
