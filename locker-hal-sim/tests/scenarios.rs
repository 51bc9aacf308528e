//! The shipped scenarios, and what the format says when something is wrong.
#![cfg(feature = "world")]
#![allow(clippy::unwrap_used, reason = "a test says what it knows")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use locker_hal_sim::Fault;
use locker_hal_sim::scenario::{Flaw, FlawKind, Scenario};

fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            assert!(name.ends_with(".scenario"), "{name} is no scenario");
            (name, std::fs::read_to_string(file).unwrap())
        })
        .collect()
}

fn play(text: &str) -> Result<(), Flaw> {
    Scenario::parse(text)?.play().map(drop)
}

#[test]
fn every_shipped_scenario_goes_as_it_says() {
    let flaws: Vec<_> =
        shipped().iter().filter_map(|(name, text)| play(text).err().map(|flaw| flaw.in_file(name))).collect();
    assert!(flaws.is_empty(), "{} scenarios went otherwise:\n{}", flaws.len(), flaws.join("\n"));
}

#[test]
fn the_shipped_scenarios_show_every_rule_group_that_exists() {
    let shipped = shipped();
    assert!(shipped.len() >= 30, "{} scenarios", shipped.len());
    let mut shown = BTreeSet::new();
    for (name, text) in &shipped {
        let scenario = Scenario::parse(text).unwrap();
        assert!(!scenario.rules.is_empty(), "{name} names no rule");
        shown.extend(scenario.rules);
    }
    let rules = include_str!("../../docs/rules.md");
    for rule in &shown {
        assert!(rules.contains(&format!("| {rule} |")), "{rule} is no rule");
    }
    for group in ["START", "DROP", "STAFF-PICK", "CODE", "BOX", "TIME", "ABORT", "HELP", "SAFE"] {
        let of_group = |rule: &&String| rule.rsplit_once('-').is_some_and(|(found, _)| found == group);
        assert!(shown.iter().any(|rule| of_group(&rule)), "no scenario shows {group}");
    }
}

/// Turns every expectation of every shipped scenario into its opposite, one at a time: each must be noticed, at its line.
#[test]
fn every_expectation_of_the_shipped_scenarios_can_fail() {
    let mut turned = 0;
    for (name, text) in &shipped() {
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let Some(opposite) = opposite(line) else { continue };
            let mut wrong = lines.clone();
            wrong[index] = &opposite;
            let flaw = play(&wrong.join("\n")).expect_err(&format!("{name}: {opposite:?} holds as well"));
            assert_eq!(flaw.kind, FlawKind::Otherwise, "{name}: {flaw}");
            assert_eq!(flaw.place.line, index + 1, "{name}: {flaw}");
            turned += 1;
        }
    }
    assert!(turned > 200, "only {turned} expectations were turned");
}

/// The opposite of an expectation, if it has a simple one.
fn opposite(line: &str) -> Option<String> {
    let expected = line.strip_prefix("expect ")?;
    let swap = |from: &str, to: &str| expected.strip_prefix(from).map(|rest| format!("expect {to}{rest}"));
    let ends = |from: &str, to: &str| expected.strip_suffix(from).map(|rest| format!("expect {rest}{to}"));
    if expected == "no lock fired" {
        return Some("expect lock of box 1 fired once".into());
    }
    if expected == "no overlay" {
        return Some("expect overlay abort".into());
    }
    if expected.starts_with("alarm at box ") {
        return Some("expect no alarm".into());
    }
    if let Some((there, _)) = line.split_once(" to hold ") {
        return Some(format!("{there} empty"));
    }
    if expected == "no alarm" {
        return Some("expect office told door_forced".into());
    }
    swap("no ", "")
        .or_else(|| swap("text ", "no text "))
        .or_else(|| swap("button ", "no button "))
        .or_else(|| swap("record ", "no record "))
        .or_else(|| swap("message to ", "no message to "))
        .or_else(|| swap("office told ", "no office told "))
        .or_else(|| swap("screen ", "screen not."))
        .or_else(|| swap("overlay ", "overlay not."))
        .or_else(|| swap("refused ", "refused not."))
        .or_else(|| ends(" is called", " is not called"))
        .or_else(|| ends(" is not called", " is called"))
        .or_else(|| ends(" once", " 7 times"))
        .or_else(|| ends(" to be checked", " certain"))
        .or_else(|| ends(" certain", " to be checked"))
        .or_else(|| ends(" open", " closed"))
        .or_else(|| ends(" not energised", " energised"))
        .or_else(|| ends(" energised", " not energised"))
        .or_else(|| ends(" missing", " with the customer"))
        .or_else(|| key_of(line).map(|key| format!("{key} missing")))
}

fn key_of(line: &str) -> Option<String> {
    let end = line.find("'s key")?;
    Some(line[..end + "'s key".len()].into())
}

/// A text that is wrong, the line and column at which that is said, what is said to be found, and a word of what is expected.
type Wrong = (&'static str, (usize, usize), &'static str, &'static str);

const WRONG: &[Wrong] = &[
    ("", (1, 1), "no title", "scenario"),
    ("given stranger Tess\n", (1, 1), "`given`", "`scenario`"),
    ("scenario\n", (1, 9), "the end of the line", "what the scenario is about"),
    ("scenario A\nscenario B\n", (2, 1), "a second `scenario`", "one scenario a file"),
    ("scenario A\n\n# nothing\n", (2, 1), "no story", "somebody does something"),
    ("scenario A\nrules DROP14\n", (2, 7), "`DROP14`", "`DROP-14`"),
    ("scenario A\ngiven a dog\n", (2, 7), "`a`", "customer"),
    ("scenario A\ngiven a locker with 300 boxes\n", (2, 21), "`300`", "1 to 255"),
    ("scenario A\ngiven customer jane plate 1-A\n", (2, 16), "`jane`", "the first a capital"),
    ("scenario A\ngiven customer Jane mail j@example.be\n", (2, 21), "`mail`", "`plate`"),
    ("scenario A\ngiven stranger Sam\ngiven mechanic Sam\n", (3, 16), "`Sam`", "nobody has yet"),
    ("scenario A\ngiven mechanic Max without box.chek\n", (2, 28), "`box.chek`", "`box.check`"),
    ("scenario A\nwait 60\n", (2, 8), "the end of the line", "`min`"),
    ("scenario A\nwait 60 sec\n", (2, 9), "`sec`", "`s`"),
    ("scenario A\nat 25:00\n", (2, 4), "`25:00`", "18:30"),
    ("scenario A\nTess pries box 1\n", (2, 1), "`Tess`", "somebody who is given"),
    ("scenario A\ngiven stranger Tess\nTess steals box 1\n", (3, 6), "`steals`", "`pries`"),
    (
        "scenario A\ngiven stranger Tess\nTess pries box 1 gently\n",
        (3, 18),
        "`gently`",
        "the end of the line",
    ),
    ("scenario A\ngiven stranger Tess\nTess presses Help\n", (3, 14), "`Help`", "in quotes"),
    ("scenario A\ngiven stranger Tess\nTess presses \"Help\n", (3, 14), "a quote without an end", "\""),
    ("scenario A\ngiven stranger Tess\nTess scans the QR\n", (3, 6), "`scans`", "mechanic"),
    ("scenario A\ngiven stranger Tess\nTess checks in online\n", (3, 6), "`checks`", "customer"),
    ("scenario A\ngiven stranger Tess\nTess takes Jane's key out of box 1\n", (3, 12), "`Jane's`", "`Tess`"),
    ("scenario A\nwait 1 s\ngiven stranger Tess\n", (3, 1), "`given`", "before the story"),
    ("scenario A\nhurt jamed box 1\n", (2, 6), "`jamed`", "`jammed`"),
    ("scenario A\nhurt jammed board 1\n", (2, 13), "`board`", "`box`"),
    ("scenario A\nhurt jammed box 5\n", (2, 17), "`5`", "1 to 4"),
    ("scenario A\nhurt board_dead board 1\n", (2, 23), "`1`", "from 0"),
    ("scenario A\npower cut befor the next append\n", (2, 11), "`befor`", "`before the next append`"),
    ("scenario A\nexpect scren start\n", (2, 8), "`scren`", "`screen`"),
    ("scenario A\nexpect box 9 open\n", (2, 12), "`9`", "1 to 4"),
    ("scenario A\nexpect box 1 opened\n", (2, 14), "`opened`", "`open`"),
    ("scenario A\nexpect record key.droped\n", (2, 15), "`key.droped`", "docs/schema.md"),
    ("scenario A\nexpect office told fire\n", (2, 20), "`fire`", "`door_forced`"),
    ("scenario A\n  expect no lock fird\n", (2, 13), "`lock`", "`lock fired`"),
];

#[test]
fn what_cannot_be_read_is_named_with_line_and_column() {
    for (text, (line, column), found, expected) in WRONG {
        let flaw = Scenario::parse(text).expect_err(text);
        assert_eq!(flaw.kind, FlawKind::Unreadable, "{text:?}");
        assert_eq!((flaw.place.line, flaw.place.column), (*line, *column), "{text:?}: {flaw}");
        assert_eq!(flaw.found, *found, "{text:?}");
        assert!(flaw.expected.contains(expected), "{text:?}: expected {}", flaw.expected);
    }
}

#[test]
fn what_goes_otherwise_is_named_with_line_and_column() {
    let head = "scenario A\ngiven customer Jane plate 1-ABC-123 mail jane@example.be\ngiven mechanic Max\n";
    let wrong: &[(&str, (usize, usize), &str, &str)] = &[
        ("expect screen drop.pin\n", (4, 8), "screen start", "screen drop.pin"),
        (
            "Jane presses \"Drop the key\"\n",
            (4, 1),
            "screen start, which offers \"Drop a key\", \"Pick up a key\", \"Help\"",
            "a button \"Drop the key\"",
        ),
        ("Jane writes \"x\"\nwait 1 s\n", (4, 1), "it refused: locker.not_offered", "it to be done"),
        ("Jane writes \"x\"\n", (4, 1), "it refused: locker.not_offered", "it to be done"),
        ("wait 1 s\nexpect refused locker.wrong_code\n", (5, 8), "nothing refused", "locker.wrong_code"),
        (
            "Jane writes \"x\"\nexpect refused locker.wrong_code\n",
            (5, 8),
            "it refused: locker.not_offered",
            "locker.wrong_code",
        ),
        ("Jane types her PIN\n", (4, 1), "0 PINs sent to Jane so far", "more of them"),
        ("Jane closes the box\n", (4, 1), "no box that was served so far", "`the box`"),
        ("Jane pulls at box 2\n", (4, 1), "it refused: cabinet.latched", "it to be done"),
        ("Max asks for Jane's key\n", (4, 1), "it refused: office.key_not_in_box", "it to be done"),
        // She drops her key, begins anew, and has no code that lives.
        ("Jane goes on to drop.moon\n", (4, 1), "it refused: locker.code_used", "it to be done"),
        ("expect Jane's key in box 2\n", (4, 8), "Jane's key with the customer", "Jane's key in box 2"),
        (
            "expect box 2 booked for Jane\n",
            (4, 8),
            "box 2 free; its door really closed, nothing inside",
            "box 2 booked for Jane",
        ),
    ];
    for (lines, (line, column), found, expected) in wrong {
        let flaw = play(&format!("{head}{lines}")).expect_err(lines);
        assert_eq!(flaw.kind, FlawKind::Otherwise, "{lines:?}: {flaw}");
        assert_eq!((flaw.place.line, flaw.place.column), (*line, *column), "{lines:?}: {flaw}");
        assert!(flaw.found.starts_with(found), "{lines:?}: found {}", flaw.found);
        assert!(flaw.expected.starts_with(expected), "{lines:?}: expected {}", flaw.expected);
    }
}

#[test]
fn every_fault_of_the_atlas_can_be_switched_on_by_its_name() {
    let of_box =
        Fault::of_box(locker_hal_sim::BoxNo::new(1).unwrap()).map(|fault| format!("{} box 1", fault.key()));
    let faults = Fault::in_process(0);
    let of_board: Vec<_> = faults.map(|fault| format!("{} board 0", fault.key())).collect();
    for fault in of_box.iter().chain(&of_board) {
        play(&format!("scenario A fault\nhurt {fault}\nwait 1 min\nheal {fault}\nwait 1 min\n"))
            .expect(fault);
    }
}

#[test]
fn the_same_scenario_gives_the_same_story() {
    for (name, text) in shipped().iter().take(5) {
        let scenario = Scenario::parse(text).unwrap();
        assert_eq!(scenario.play().unwrap().digest(), scenario.play().unwrap().digest(), "{name}");
    }
}
