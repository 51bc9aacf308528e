//! What only another process can show: `kill -9`, a write that fails at a commit, a disk that is really full.
//!
//! The test starts itself as that process, which appends records, says each number once it is durable, and says what
//! else it got.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use locker_core::{ChainKey, Entry, Head, Secret};
use locker_runtime::folder::DataFolder;
use locker_runtime::journal::{Appended, Journal, NotWritten, Room, SqliteJournal, WAL_BYTES};

const DIR: &str = "LOCKER_TEST_CRASH_DIR";
/// The longest that the process appends, in records: it must end by itself if nobody ends it.
const RECORDS_MAX: u64 = 200_000;

fn key() -> ChainKey {
    ChainKey::derive(&Secret::new([1; 32]))
}

fn head_of(journal: &mut SqliteJournal) -> Head {
    let last = journal.last("locker").unwrap();
    let before = last.saturating_sub(1);
    journal.read("locker", before, 1).unwrap().first().map_or_else(Head::default, Entry::head)
}

/// The other process. As a test of its own it does nothing.
#[test]
fn as_another_process() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    let mut journal = SqliteJournal::open(&DataFolder::own(dir).unwrap()).unwrap().journal;
    let mut said = std::io::stdout().lock();
    let mut failures = 0;
    let mut room = Room::Ample;
    while journal.last("locker").is_ok_and(|last| last < RECORDS_MAX) && failures < 3 {
        let entry = key().link(head_of(&mut journal), vec![b'x'; 800]);
        let seq = entry.seq;
        match journal.append("locker", seq - 1, &[entry]) {
            Appended::Ok => writeln!(said, "\nok {seq}").unwrap(),
            Appended::Unknown => {
                failures += 1;
                writeln!(said, "\nunknown {seq}").unwrap();
            }
            Appended::NotWritten(reason) => {
                failures += 1;
                let full = matches!(reason, NotWritten::Full);
                writeln!(said, "\n{} {seq}", if full { "full" } else { "not-written" }).unwrap();
            }
        }
        if seq.is_multiple_of(500) {
            journal.idle();
        }
        if journal.room() != room {
            room = journal.room();
            writeln!(said, "\nroom {}", u8::from(room == Room::Ample)).unwrap();
        }
        said.flush().unwrap();
    }
}

/// Runs the other process on `dir`, by way of a shell that runs `before` first.
fn start(dir: &Path, before: &str) -> Child {
    let itself = std::env::current_exe().unwrap();
    Command::new("bash")
        .args(["-c", &format!("{before} exec \"$0\" --exact as_another_process --nocapture -q")])
        .arg(itself)
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the process said: a word and a number a line.
fn lines(child: &mut Child) -> impl Iterator<Item = (String, u64)> + use<> {
    let said = BufReader::new(child.stdout.take().unwrap());
    said.lines().filter_map(|line| {
        let line = line.ok()?;
        let (word, number) = line.split_once(' ')?;
        Some((word.to_owned(), number.parse().ok()?))
    })
}

/// The records that are there; the chain holds over all of them.
fn records_in(dir: &Path) -> u64 {
    let mut journal = SqliteJournal::open(&DataFolder::own(dir).unwrap()).unwrap().journal;
    journal.verify().unwrap();
    let mut head = Head::default();
    for entry in journal.read("locker", 0, usize::MAX).unwrap() {
        assert!(key().follows(head, &entry), "record {}", entry.seq);
        head = entry.head();
    }
    head.seq
}

#[test]
fn safe_02_a_process_killed_at_any_moment_loses_no_record_it_said_was_durable() {
    let dir = tempfile::tempdir().unwrap();
    let mut durable = 0;
    for round in 0..12 {
        let mut child = start(dir.path(), "");
        let mut lines = lines(&mut child);
        let oks = lines.by_ref().filter(|(word, _)| word == "ok");
        durable = oks.take(40 + round * 13).last().unwrap().1;
        child.kill().unwrap();
        // What it still said before it died counts too.
        durable = lines.filter(|(word, _)| word == "ok").last().map_or(durable, |(_, seq)| seq);
        child.wait().unwrap();
        let there = records_in(dir.path());
        assert!(there == durable || there == durable + 1, "{durable} said, {there} there");
    }
    assert!(durable > 1_000);
}

#[test]
fn safe_02_an_append_that_fails_at_its_commit_is_unknown_and_the_journal_goes_on_after_it() {
    let dir = tempfile::tempdir().unwrap();
    // The log is made at its full size here: only what lies past the limit fails over there.
    drop(SqliteJournal::open(&DataFolder::own(dir.path()).unwrap()).unwrap());
    let log = dir.path().join("journal.db-wal");
    assert_eq!(fs::metadata(log).unwrap().len(), WAL_BYTES);
    // No write past 512 KiB of any file, failing instead of ending the process.
    let mut child = start(dir.path(), "trap '' XFSZ; ulimit -f 512;");
    let said: Vec<_> = lines(&mut child).take_while(|(word, _)| word != "not-written").collect();
    child.kill().unwrap();
    child.wait().unwrap();
    let unknown = said.iter().position(|(word, _)| word == "unknown").unwrap();
    assert!(said[..unknown].iter().all(|(word, _)| word == "ok") && unknown > 50);
    let durable = said.iter().filter(|(word, _)| word == "ok").map(|(_, seq)| *seq).max().unwrap();
    assert!(durable >= said[unknown].1, "it went on after reopening");
    let there = records_in(dir.path());
    assert!(there == durable || there == durable + 1, "{durable} said, {there} there");
}

#[test]
fn safe_08_on_a_full_disk_the_reserve_is_used_up_before_a_record_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    // A disk of 32 MiB in the process's own name space, copied out at its end: it holds the log, the reserve and some.
    let before = "mount -t tmpfs -o size=32m none \"$LOCKER_TEST_CRASH_DIR\" || exit 9;";
    let script = format!(
        "{before} \"$0\" --exact as_another_process --nocapture -q; cp \"$LOCKER_TEST_CRASH_DIR\"/* \"$OUT\""
    );
    let out = tempfile::tempdir().unwrap();
    let mut child = Command::new("unshare")
        .args(["-Urm", "bash", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env(DIR, dir.path())
        .env("OUT", out.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said: Vec<_> = lines(&mut child).collect();
    if child.wait().unwrap().code() == Some(9) || said.is_empty() {
        eprintln!("skipped: this system lets nobody mount a small disk of their own");
        return;
    }
    let first = |word: &str| said.iter().position(|(said, _)| said == word);
    let low = first("room").unwrap();
    let full = first("full").unwrap();
    assert!(low + 5_000 < full, "low at {low}, full at {full}");
    assert!(first("unknown").is_none_or(|unknown| unknown > full));
    let durable = said.iter().filter(|(word, _)| word == "ok").map(|(_, seq)| *seq).max().unwrap();
    assert_eq!(records_in(out.path()), durable);
}
