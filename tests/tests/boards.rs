//! The whole kiosk on the drivers of real boards: the binary with the configurations of `docs/examples`, against simulated
//! boards in a process of their own on a pseudo-terminal. A key is dropped and fetched through the HTTP API.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use locker_hal_sim::{Coil, Fault};
use locker_tests::process::Process;
use locker_tests::site::Site;
use locker_tests::walk::Walker;
use serde_json::{Value, json};

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

/// A drop and a pick-up; what the locks did meanwhile.
fn drop_and_pick_up(boards: Process, cabinet: &str, pulse_ms: u64) {
    let mut site = Site::open_on(scratch(), 1, boards, cabinet);
    let box_no = site.drop_and_pick_up();
    let fired: Vec<_> =
        site.truth().fired.iter().map(|fired| (fired.box_no, fired.until.since(fired.from))).collect();
    assert_eq!(fired, [(box_no, pulse_ms), (box_no, pulse_ms)], "one pulse for each opening, and no other");
    assert_eq!(site.verify(), Vec::<String>::new());
}

/// The same on an example.
fn on_example(name: &str, protocol: &str, arguments: &[&str], pulse_ms: u64) {
    let dir = folder();
    let link = dir.path().join("line");
    let boards = Process::boards(protocol, &link, arguments).unwrap();
    drop_and_pick_up(boards, &example(name, &format!("./{protocol}"), &link), pulse_ms);
}

/// A port and a board of `boxes` boxes on it.
fn board(link: &Path, baud: u32, echo: &str, first: u8, boxes: u8, keys: &str) -> String {
    let numbers: Vec<u8> = (first..first + boxes).collect();
    format!(
        "[[cabinet.ports]]\nname = \"line{first}\"\naddress = {link:?}\nbaud = {baud}\necho = \"{echo}\"\n\n\
         [[cabinet.boards]]\nport = \"line{first}\"\nboxes = {numbers:?}\n{keys}\n"
    )
}

fn cabinet(boxes: u8, pulse_ms: u64, boards: &str) -> String {
    format!("[cabinet]\ndriver = \"boards\"\nboxes = {boxes}\npulse_ms = {pulse_ms}\n\n{boards}")
}

/// The same on one board of a kind that has no example.
fn on_board(protocol: &str, boxes: u8, baud: u32, keys: &str, pulse_ms: u64) {
    let dir = folder();
    let link = dir.path().join("line");
    let boards = Process::boards(protocol, &link, &["--boxes", &boxes.to_string()]).unwrap();
    let there = board(&link, baud, "off", 1, boxes, keys);
    drop_and_pick_up(boards, &cabinet(boxes, pulse_ms, &there), pulse_ms);
}

/// Two kinds of boards on two lines, and the boxes of one of them out of reach: so that the other is used.
fn on_two_kinds(fault: Fault, pulse_ms: u64) {
    let dir = folder();
    let links = [dir.path().join("one"), dir.path().join("two")];
    // Both are one argument, with a comma between them.
    let both = PathBuf::from(format!("{},{}", links[0].display(), links[1].display()));
    let mut boards = Process::boards("cu16,8a80", &both, &["--boxes", "16"]).unwrap();
    boards.hurt(fault);
    let text = board(&links[0], 19_200, "off", 1, 8, "driver = \"cu16\"")
        + &board(&links[1], 9_600, "off", 9, 8, "driver = \"xor\"\naddress = 2\nstatus_bytes = 3");
    let mut site = Site::open_on(scratch(), 1, boards, &cabinet(16, 550, &text));
    let box_no = site.drop_and_pick_up();
    assert_eq!(box_no.get() > 8, pulse_ms == 300, "on the board that is left");
    let fired = site.truth().fired;
    assert!(fired.iter().all(|fired| fired.box_no == box_no && fired.until.since(fired.from) == pulse_ms));
    assert_eq!(fired.len(), 2);
}

/// An adapter that gives back what is sent.
fn on_an_adapter_that_echoes() {
    let dir = folder();
    let link = dir.path().join("line");
    let boards = Process::boards("8a80", &link, &["--boxes", "16", "--faults", "echo"]).unwrap();
    let there = board(&link, 9_600, "strip", 1, 16, "driver = \"xor\"\nstatus_bytes = 3");
    drop_and_pick_up(boards, &cabinet(16, 300, &there), 300);
}

fn on_a_hurt_8a80(faults: &[&str]) {
    let dir = folder();
    let link = dir.path().join("line");
    let boards = Process::boards("8a80", &link, &[&["--boxes", "16"], faults].concat()).unwrap();
    let there = board(&link, 9_600, "off", 1, 16, "driver = \"xor\"\nstatus_bytes = 3");
    drop_and_pick_up(boards, &cabinet(16, 300, &there), 300);
}

/// Modbus TCP, to the gateway of relays that speak RTU.
fn over_modbus_tcp() {
    let boards = Process::boards_on_tcp("waveshare", &["--boxes", "16"]).unwrap();
    let address = boards.line.clone().expect("it says where");
    let text = example("modbus.toml", "./waveshare", Path::new(&address)).replace("baud = 9600", "");
    drop_and_pick_up(boards, &text.replace("framing = \"rtu\"", "framing = \"tcp\""), 500);
}

/// Each is a kiosk and its boards, most of the time at rest: so many at once do not disturb each other.
const AT_ONCE: usize = 7;

type Case = (&'static str, Box<dyn FnOnce() + Send>);

fn all(cases: Vec<Case>) {
    let cases = Mutex::new(cases.into_iter());
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = cases.lock().unwrap().next();
                    let Some((name, case)) = next else { return };
                    if catch_unwind(AssertUnwindSafe(case)).is_err() {
                        failed.lock().unwrap().push(name);
                    }
                }
            });
        }
    });
    assert_eq!(*failed.lock().unwrap(), Vec::<&str>::new());
}

#[test]
fn a_key_is_dropped_and_fetched_on_every_kind_of_board() {
    all(vec![
        ("cu16", Box::new(|| on_example("cu16.toml", "cu16", &["--boxes", "16"], 550))),
        (
            "cu16 that answers unlocks",
            Box::new(|| on_example("cu16.toml", "cu16", &["--boxes", "16", "--unlock-reply"], 550)),
        ),
        ("cu48", Box::new(|| on_example("cu48.toml", "cu48", &["--boxes", "24"], 550))),
        (
            "two 8A/80",
            Box::new(|| on_example("xor.toml", "8a80", &["--boxes", "16", "--boxes-per-board", "8"], 300)),
        ),
        ("Waveshare", Box::new(|| on_example("modbus.toml", "waveshare", &["--boxes", "16"], 500))),
        ("cu12", Box::new(|| on_board("cu12", 12, 19_200, "driver = \"cu12\"", 550))),
        ("WKLY", Box::new(|| on_board("wkly", 16, 9_600, "driver = \"wkly\"", 350))),
        ("Winnsen", Box::new(|| on_board("winnsen", 16, 9_600, "driver = \"winnsen\"", 500))),
        (
            "R421A08",
            Box::new(|| {
                let doors = "door_inputs = { first = 0, polarity = \"set_is_closed\" }";
                let keys = format!("driver = \"modbus\"\nprofile = \"r421a08\"\n{doors}");
                on_board("r421a08", 8, 9_600, &keys, 1_000);
            }),
        ),
        ("8A/80 and a dead cu16", Box::new(|| on_two_kinds(Fault::BoardDead { board: 0 }, 300))),
        ("cu16 and a dead 8A/80", Box::new(|| on_two_kinds(Fault::BoardDead { board: 1 }, 550))),
        ("8A/80 and a frozen cu16", Box::new(|| on_two_kinds(Fault::BoardFrozen { board: 0 }, 300))),
        ("cu16 and an 8A/80 that garbles", Box::new(|| on_two_kinds(Fault::BoardGarbles { board: 1 }, 550))),
        (
            "8A/80 and a cu16 of another address",
            Box::new(|| on_two_kinds(Fault::WrongAddress { board: 0 }, 300)),
        ),
        ("8A/80 whose acknowledgements are lost", Box::new(|| on_a_hurt_8a80(&["--faults", "ack_lost"]))),
        ("8A/80 whose acknowledgements are late", Box::new(|| on_a_hurt_8a80(&["--faults", "board_slow"]))),
        ("8A/80 on an adapter that echoes", Box::new(on_an_adapter_that_echoes)),
        ("Modbus TCP", Box::new(over_modbus_tcp)),
        ("cu16 on a bad wire", Box::new(|| on_example("cu16.toml", "cu16", &BAD_WIRE, 550))),
        ("8A/80 on a bad wire", Box::new(|| on_a_hurt_8a80(&BAD_WIRE[2..]))),
        ("Waveshare on a bad wire", Box::new(|| on_example("modbus.toml", "waveshare", &BAD_WIRE, 500))),
    ]);
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

/// Two boards of plain relays on one port behind the guard: neither is asked while the other speaks.
#[test]
fn box_08_a_key_is_dropped_and_fetched_on_two_boards_of_plain_relays_on_one_port() {
    let dir = folder();
    let link = dir.path().join("line");
    let boards = Process::boards("coils", &link, &["--boxes", "16", "--boxes-per-board", "8"]).unwrap();
    let keys = "driver = \"modbus\"\nprofile = \"plain\"\nsoftware_pulse = \"accepted\"\n\
                door_inputs = { first = 0, polarity = \"set_is_closed\" }";
    let text = board(&link, 9_600, "off", 1, 8, &format!("{keys}\naddress = 1"))
        + &format!(
            "[[cabinet.boards]]\nport = \"line1\"\nboxes = [9, 10, 11, 12, 13, 14, 15, 16]\n{keys}\naddress = 2\n"
        );
    let guard = format!("pulse_ms = 500\nguard = {:?}\n", dir.path().join("guard.sock"));
    let cabinet = cabinet(16, 500, &text).replace("pulse_ms = 500\n", &guard);
    let config = dir.path().join("guard.toml");
    std::fs::write(&config, &cabinet).unwrap();
    let _guard = Process::guard(&config);
    let mut site = Site::open_on(scratch(), 1, boards, &cabinet);
    let box_no = site.drop_and_pick_up();
    assert_eq!(fired(&mut site, 2_000), [box_no.get(); 2], "one pulse for each opening, and no other");
}

/// Every reply may suffer any of what a wire does to single replies.
const BAD_WIRE: [&str; 6] = [
    "--boxes",
    "16",
    "--faults",
    "bytes_lost,bytes_split,bytes_delayed,bytes_doubled,bytes_corrupted,junk_prefix,stale_replies",
    "--one-in",
    "40",
];

/// Two 8A/80 boards of eight boxes each, and a kiosk on them that has read all doors.
fn two_boards(dir: &Path) -> Site {
    let link = dir.join("line");
    let boards = Process::boards("8a80", &link, &["--boxes", "16", "--boxes-per-board", "8"]).unwrap();
    let mut site = Site::open_on(scratch(), 1, boards, &example("xor.toml", "./8a80", &link));
    site.settle();
    site
}

/// What the office knows of a box.
fn of_box(walker: &Walker, box_no: u8) -> Value {
    let lockers = walker.get("/api/v1/lockers").unwrap().body;
    let boxes = lockers[0]["boxes"].as_array().unwrap().clone();
    boxes.into_iter().find(|one| one["box_no"] == box_no).unwrap()
}

/// Waits until the screen serves this box.
fn serves(walker: &Walker, box_no: u8) {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let screen = walker.get("/api/v1/screen").unwrap().body;
        if screen["id"] == "drop.serve" && screen["widgets"][0]["box_no"] == box_no {
            // Whoever stands before a door that does not open can say so.
            let mut buttons = screen["buttons"].as_array().unwrap().iter();
            assert!(buttons.any(|button| button["press"] == "did_not_open"), "{screen}");
            return;
        }
        assert!(Instant::now() < until, "box {box_no} is not offered: {screen}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The boxes that were fired, in order. No coil is on for longer than the board's pulse, none is on now.
fn fired(site: &mut Site, pulse_ms: u64) -> Vec<u8> {
    let until = Instant::now() + Duration::from_secs(5);
    let mut state = site.truth();
    while state.boxes.iter().any(|one| one.coil == Coil::On) {
        assert!(Instant::now() < until, "a coil stays on");
        std::thread::sleep(Duration::from_millis(20));
        state = site.truth();
    }
    assert!(state.fired.iter().all(|fired| fired.until.since(fired.from) <= pulse_ms), "{:?}", state.fired);
    state.fired.iter().map(|fired| fired.box_no.get()).collect()
}

/// Box 1 is fired and box 2 is said to have opened: three tries, then another box, and neither of the two is used again.
fn answers_for_another_box() {
    let dir = folder();
    let mut site = two_boards(dir.path());
    site.hurt(Fault::OtherBox { board: 0 });
    let mut walker = site.walker();
    assert!(walker.as_far_as_a_box("1-KIL-001").unwrap().is_some());
    serves(&walker, 1);
    serves(&walker, 3);
    assert_eq!(fired(&mut site, 300)[..3], [1, 1, 1]);
    let (first, second) = (of_box(&walker, 1), of_box(&walker, 2));
    assert_eq!((&first["service"], &first["reason"]), (&json!("out_of_service"), &json!("jammed")));
    assert_eq!(second["to_check"], "forced");
}

/// Every shut door is said to be open: nobody is let begin, and nothing is fired.
fn flips_its_polarity() {
    let dir = folder();
    let mut site = two_boards(dir.path());
    site.hurt(Fault::PolarityFlipped { board: 0 });
    site.hurt(Fault::PolarityFlipped { board: 1 });
    let mut walker = site.walker();
    let until = Instant::now() + Duration::from_secs(10);
    while (1..=16).any(|box_no| of_box(&walker, box_no)["to_check"] != "forced") {
        assert!(Instant::now() < until, "every door has opened with no command");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(walker.press("drop_key"), Ok(false), "there is no box for a key");
    let screen = walker.get("/api/v1/screen").unwrap().body;
    assert_eq!((&screen["id"], &screen["notice"]["text"]["id"]), (&json!("start"), &json!("start-full")));
    assert_eq!(screen["band"]["id"], "band-open-several");
    assert_eq!((&screen["bar"][0]["press"], &screen["bar"][0]["enabled"]), (&json!("help"), &json!(true)));
    assert_eq!(fired(&mut site, 300), [0; 0]);
}

/// The boxes of the one board are not used, those of the other are.
fn reports_open_for_ever() {
    let dir = folder();
    let mut site = two_boards(dir.path());
    site.hurt(Fault::OpenForEver { board: 0 });
    let walker = site.walker();
    let until = Instant::now() + Duration::from_secs(10);
    while (1..=8).any(|box_no| of_box(&walker, box_no)["to_check"] != "forced") {
        assert!(Instant::now() < until, "eight doors have opened with no command");
        std::thread::sleep(Duration::from_millis(50));
    }
    let box_no = site.drop_and_pick_up();
    assert!(box_no.get() > 8);
    assert_eq!(fired(&mut site, 300), [box_no.get(); 2]);
}

/// The coil falls with the board's power; its box is out of service, and the person gets one of the other board.
fn dies_while_a_coil_is_on() {
    let dir = folder();
    let mut site = two_boards(dir.path());
    site.hurt(Fault::DiesWhileOn { board: 0 });
    let mut walker = site.walker();
    assert!(walker.as_far_as_a_box("1-KIL-001").unwrap().is_some());
    serves(&walker, 1);
    serves(&walker, 9);
    let first = of_box(&walker, 1);
    assert_eq!((&first["service"], &first["to_check"]), (&json!("out_of_service"), &json!("unknown")));
    let until = Instant::now() + Duration::from_secs(10);
    while of_box(&walker, 9)["door"] != "open" {
        assert!(Instant::now() < until, "the other board opens its box");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(fired(&mut site, 300), [1, 9]);
    let lasted = site.truth().fired.first().map(|fired| fired.until.since(fired.from));
    assert!(lasted.is_some_and(|ms| ms < 300), "{lasted:?}");
}

/// Says that the box did not open, again and again, until no box is offered any more; those that were, in order.
fn says_that_it_did_not_open(walker: &mut Walker) -> Vec<u64> {
    let until = Instant::now() + Duration::from_secs(120);
    let mut offered = Vec::new();
    loop {
        let screen = walker.get("/api/v1/screen").unwrap().body;
        if screen["id"] == "sorry" {
            return offered;
        }
        assert!(Instant::now() < until, "{offered:?} and no end: {screen}");
        if let Some(box_no) = screen["widgets"][0]["box_no"].as_u64() {
            offered.push(box_no);
            offered.dedup();
        }
        walker.press("did_not_open").unwrap();
        std::thread::sleep(Duration::from_millis(250));
    }
}

/// A board fires nothing: of two with two boxes each. Whether it can say so or not, both its boxes are tried three times and go out of
/// service, the person is shown whom to call, and the next one gets a box of the other board.
fn refuses_every_pulse(protocol: &str, pulse_ms: u64, keys: &str) {
    let dir = folder();
    let link = dir.path().join("line");
    let boards = Process::boards(protocol, &link, &["--boxes", "4", "--boxes-per-board", "2"]).unwrap();
    let text = board(&link, 9_600, "off", 1, 2, &format!("{keys}\naddress = 1"))
        + &format!("[[cabinet.boards]]\nport = \"line1\"\nboxes = [3, 4]\n{keys}\naddress = 2\n");
    let mut site = Site::open_on(scratch(), 1, boards, &cabinet(4, pulse_ms, &text));
    site.settle();
    site.hurt(Fault::BoardRefuses { board: 0 });
    let mut walker = site.walker();
    assert!(walker.as_far_as_a_box("1-KIL-002").unwrap().is_some());
    assert_eq!(says_that_it_did_not_open(&mut walker), [1, 2]);
    let screen = walker.get("/api/v1/screen").unwrap().body;
    assert_eq!((&screen["bar"][0]["press"], &screen["bar"][0]["enabled"]), (&json!("help"), &json!(true)));
    for number in 1..=2 {
        let there = of_box(&walker, number);
        assert_eq!((&there["service"], &there["reason"]), (&json!("out_of_service"), &json!("jammed")));
        assert_eq!((&there["door"], &there["to_check"]), (&json!("closed"), &Value::Null), "never open");
    }
    assert_eq!(fired(&mut site, pulse_ms), [0; 0]);
    assert_eq!(walker.press("done"), Ok(true));
    let box_no = site.drop_and_pick_up();
    assert!(box_no.get() > 2);
    assert_eq!(fired(&mut site, pulse_ms), [box_no.get(); 2]);
    assert_eq!(site.verify(), Vec::<String>::new());
}

/// The adapter is pulled and put in again: nothing opens, and the boxes serve.
fn hangs_up_and_comes_back() {
    let dir = folder();
    let mut site = two_boards(dir.path());
    site.hurt(Fault::HangUp { board: 0 });
    // Long enough for every reading to fail and for the port to be looked for again.
    std::thread::sleep(Duration::from_secs(3));
    site.heal(Fault::HangUp { board: 0 });
    let box_no = site.drop_and_pick_up();
    assert_eq!(fired(&mut site, 300), [box_no.get(); 2]);
}

/// All relays are on when the board's power comes back: they are let go, and every box is to be checked.
fn comes_back_with_all_relays_on() {
    let dir = folder();
    let link = dir.path().join("line");
    let boards = Process::boards("waveshare", &link, &["--boxes", "16"]).unwrap();
    let mut site = Site::open_on(scratch(), 1, boards, &example("modbus.toml", "./waveshare", &link));
    site.settle();
    site.hurt(Fault::RelaysOnAtPowerUp { board: 0 });
    site.hurt(Fault::BoardDead { board: 0 });
    site.heal(Fault::BoardDead { board: 0 });
    let walker = site.walker();
    let until = Instant::now() + Duration::from_secs(20);
    while site.truth().boxes.iter().any(|one| one.coil == Coil::On) {
        assert!(Instant::now() < until, "the relays are let go");
        std::thread::sleep(Duration::from_millis(20));
    }
    while (1..=16).any(|box_no| of_box(&walker, box_no)["to_check"] != "forced") {
        assert!(Instant::now() < until, "sixteen doors have opened with no command");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn box_08_box_12_boards_that_come_back_leave_nothing_on_and_open_nothing() {
    all(vec![
        ("hangs up and comes back", Box::new(hangs_up_and_comes_back)),
        ("comes back with all relays on", Box::new(comes_back_with_all_relays_on)),
    ]);
}

#[test]
fn box_04_box_06_box_12_boards_that_lie_or_die_leave_nothing_on_and_the_person_is_helped() {
    all(vec![
        ("answers for another box", Box::new(answers_for_another_box)),
        ("flips its polarity", Box::new(flips_its_polarity)),
        ("reports open for ever", Box::new(reports_open_for_ever)),
        ("dies while a coil is on", Box::new(dies_while_a_coil_is_on)),
        (
            "8A/80 that fires nothing and cannot say so",
            Box::new(|| refuses_every_pulse("8a80", 300, "driver = \"xor\"\nstatus_bytes = 3")),
        ),
        (
            "Waveshare that answers with an exception",
            Box::new(|| {
                let doors = "door_inputs = { first = 0, polarity = \"set_is_closed\" }";
                let keys = format!("driver = \"modbus\"\nprofile = \"waveshare\"\n{doors}");
                refuses_every_pulse("waveshare", 500, &keys);
            }),
        ),
    ]);
}
