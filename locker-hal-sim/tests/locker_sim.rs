//! `locker-sim` as testers use it: scenarios, runs, a violation, its story, the report.
#![cfg(feature = "world")]
#![allow(clippy::unwrap_used, reason = "a test says what it knows")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn locker_sim(within: &Path, arguments: &[&str], keys: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locker-sim"));
    command.args(arguments).current_dir(within);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Whoever does not read keys closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(keys.as_bytes());
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

const GOOD: &str =
    "scenario A thief\nrules BOX-6\ngiven stranger Tess\nTess pries box 3\nexpect alarm at box 3\n";

#[test]
fn a_scenario_that_goes_otherwise_ends_with_1_and_names_file_line_and_column() {
    let there = folder("scenario");
    std::fs::write(there.join("good.scenario"), GOOD).unwrap();
    std::fs::write(there.join("wrong.scenario"), GOOD.replace("at box 3", "at box 2")).unwrap();
    std::fs::write(there.join("slip.scenario"), GOOD.replace("pries", "pires")).unwrap();

    let good = locker_sim(&there, &["scenario", "good.scenario"], "");
    assert_eq!(good.status.code(), Some(0), "{}", said(&good));
    assert_eq!(
        said(&good),
        "ok good.scenario: A thief (BOX-6)\n1 scenarios, 1 went as they say, 0 otherwise\n"
    );

    let all = locker_sim(&there, &["scenario", "."], "");
    assert_eq!(all.status.code(), Some(1));
    assert!(said(&all).contains("./slip.scenario:4:6: found `pires`, expected one of "), "{}", said(&all));
    assert!(
        said(&all).contains("./wrong.scenario:5:8: found the office told door_forced of box 3"),
        "{}",
        said(&all)
    );
    assert!(said(&all).ends_with("3 scenarios, 1 went as they say, 2 otherwise\n"), "{}", said(&all));

    let absent = locker_sim(&there, &["scenario", "absent.scenario"], "");
    assert_eq!(absent.status.code(), Some(2));
}

#[test]
fn a_scenario_becomes_a_story_that_is_stepped_through_forward_and_back() {
    let there = folder("story");
    std::fs::write(there.join("good.scenario"), GOOD).unwrap();
    assert!(locker_sim(&there, &["scenario", "--story", "good.story", "good.scenario"], "").status.success());

    let all = said(&locker_sim(&there, &["replay", "good.story", "--all"], ""));
    assert!(all.starts_with("A thief\n"), "{all}");
    assert!(all.contains("a thief pries door 3 → done"), "{all}");
    assert!(all.contains("door.opened box_no 3, cause forced"), "{all}");
    assert!(all.contains("What would you like to do?"), "{all}");

    let stepped = said(&locker_sim(&there, &["replay", "good.story"], "/pries\n\nb\nq\n"));
    assert_eq!(stepped.matches("a thief pries door 3").count(), 2, "there, on, and back:\n{stepped}");
    assert_eq!(stepped.matches("── moment 1 of").count(), 1, "{stepped}");

    std::fs::write(there.join("torn.story"), &std::fs::read(there.join("good.story")).unwrap()[..400])
        .unwrap();
    let torn = locker_sim(&there, &["replay", "torn.story"], "");
    assert_eq!(torn.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&torn.stderr).contains("torn.story:1: not a line of a story"));
}

#[test]
fn a_run_says_what_it_did_and_its_report_needs_nothing_else() {
    let there = folder("run");
    let arguments = [
        "run",
        "--seed",
        "7",
        "--lockers",
        "2",
        "--days",
        "2",
        "--visits",
        "4",
        "--faults",
        "power_cut,people",
        "--report",
        "r.html",
    ];
    let run = locker_sim(&there, &arguments, "");
    let said = said(&run);
    assert_eq!(run.status.code(), Some(0), "{said}");
    for word in
        ["sessions  ", "keys  ", "mishaps  ", "checks  ", "SAFE-3", "time  ", "violations        none"]
    {
        assert!(said.contains(word), "{word} is missing:\n{said}");
    }
    let report = std::fs::read_to_string(there.join("r.html")).unwrap();
    assert!(report.contains("<title>locker-sim: 2 lockers, 2 days, seed 7</title>"));
    assert!(report.contains("No invariant was violated."));
    assert!(report.contains("{\"locker\":2,\"boxes\":[{\"box\":1,"), "the timelines are in it");
    for outside in ["http:", "https:", "src=", "@import", "@TITLE@", "@DATA@", "@ROWS@", "@END@"] {
        assert!(!report.contains(outside), "{outside} is in the report");
    }
}

#[test]
fn many_seeds_run_and_a_kind_of_mishap_that_nobody_knows_is_refused() {
    let there = folder("seeds");
    let run = locker_sim(
        &there,
        &["run", "--seeds", "0..4", "--days", "1", "--visits", "3", "--faults", "none"],
        "",
    );
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
    assert!(said(&run).starts_with("runs              4,"), "{}", said(&run));
    for wrong in [&["run", "--faults", "flood"][..], &["run", "--seeds", "4..0"], &["run", "--lockers", "0"]]
    {
        let refused = locker_sim(&there, wrong, "");
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
    }
    let refused = locker_sim(&there, &["run", "--faults", "power_cut,flood"], "");
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("`flood` is none of default, none, all, box_fault")
    );
}

#[test]
fn a_planted_defect_is_found_shrunk_and_told() {
    for (plant, rule) in [("stray-pulse", "BOX-10"), ("lost-mail", "message")] {
        let there = folder(plant);
        let small =
            ["run", "--seed", "3", "--lockers", "1", "--days", "1", "--visits", "4", "--faults", "none"];
        let run = locker_sim(&there, &[&small[..], &["--plant", plant]].concat(), "");
        let said_of_run = said(&run);
        assert_eq!(run.status.code(), Some(1), "{said_of_run}");
        assert!(said_of_run.contains(&format!("seed 3 violates {rule} at locker 1")), "{said_of_run}");
        let shrunk = said_of_run.lines().find_map(|line| line.strip_prefix("shrunk from ")).unwrap();
        let (before, after) = shrunk.split_once(" deeds to ").unwrap();
        let (before, after): (usize, usize) = (before.parse().unwrap(), after.parse().unwrap());
        assert!(after < before, "{before} deeds became {after}");

        let told = locker_sim(&there, &["replay", "violation-3.story", "--all"], "");
        assert_eq!(told.status.code(), Some(0));
        assert!(said(&told).starts_with(&format!("seed 3: {rule} at locker 1")), "{}", said(&told));
    }
}

/// A process of boards, killed when it is dropped.
struct Boards {
    child: std::process::Child,
    told: std::io::BufReader<std::process::ChildStdout>,
}

impl Boards {
    fn start(within: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_locker-sim"));
        command
            .args(["board", "--protocol", "cu16", "--link", "port", "--state", "kept", "--bounce-ms", "0"])
            .current_dir(within);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let told = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut boards = Self { child, told };
        assert!(boards.says().starts_with("cu16 on /dev/"));
        boards
    }

    fn says(&mut self) -> String {
        let mut line = String::new();
        std::io::BufRead::read_line(&mut self.told, &mut line).unwrap();
        line
    }

    fn types(&mut self, line: &str) -> String {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
        self.says()
    }

    /// The hooks and item sensors that a driver reads.
    fn status(within: &Path) -> [u8; 4] {
        use std::io::Read;
        let mut port = std::fs::OpenOptions::new().read(true).write(true).open(within.join("port")).unwrap();
        port.write_all(&[0x02, 0x00, 0x30, 0x03, 0x35]).unwrap();
        let mut reply = [0; 9];
        port.read_exact(&mut reply).unwrap();
        [reply[3], reply[4], reply[5], reply[6]]
    }
}

impl Drop for Boards {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn boards_are_opened_by_their_link_and_what_people_do_outlives_even_them() {
    let there = folder("boards");
    let mut boards = Boards::start(&there);
    assert_eq!(Boards::status(&there), [0xFF, 0xFF, 0, 0]);
    assert_eq!(boards.types("open 3"), "the latch holds the door\n");
    assert_eq!(boards.types("pry 3"), "done\n");
    assert_eq!(boards.types("put 3 AB-1"), "done\n");
    assert_eq!(boards.types("close 4"), "done\n");
    assert_eq!(boards.types("pry 5"), "done\n");
    assert_eq!(boards.types("hurt nonsense:3"), "no such fault: see docs/faults.md\n");
    assert_eq!(Boards::status(&there), [0b1110_1011, 0xFF, 0b100, 0]);
    let kept = there.join("kept/cabinet.json");
    while !std::fs::read_to_string(&kept).is_ok_and(|text| {
        text.contains("\"pulses\":0,\"sensed_door\":\"open\"")
            && text.matches("\"door\":\"open\"").count() == 2
    }) {
        std::thread::yield_now();
    }
    drop(boards);
    let _boards = Boards::start(&there);
    assert_eq!(Boards::status(&there), [0b1110_1011, 0xFF, 0b100, 0]);
}
