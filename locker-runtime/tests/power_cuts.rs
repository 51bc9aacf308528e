//! SAFE-1, SAFE-2, SAFE-4: the journal's file and log, cut at every byte and changed at many.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use std::fs;
use std::ops::Range;
use std::path::Path;

use common::{Ask, Counter, now};
use locker_core::{Entry, Machine, RestoreError};
use locker_runtime::folder::DataFolder;
use locker_runtime::journal::{Appended, Journal, JournalError, RESERVE_BYTES, SqliteJournal, Torn};
use locker_runtime::open::{OpenError, RestoreFrom, open_machine, restore};
use locker_runtime::vault::{FileVault, KeyStore};

const WAL: &str = "journal.db-wal";
const WAL_HEADER: usize = 32;
const FRAME: usize = 24 + 1024;

/// Thousands of folders are made and checked, and what matters is their bytes: in memory where there is such a disk.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// Ends the process's use of the folder without any goodbye: what a power cut leaves is a copy of the files.
fn copy(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        if file.file_name() != "lock" && file.file_name() != "reserve" {
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    // A hole of the right length is as good here, and spares thousands of copies of zeros.
    let reserve = fs::File::create(to.join("reserve")).unwrap();
    reserve.set_len(RESERVE_BYTES).unwrap();
}

fn append(machine: &mut Counter, journal: &mut SqliteJournal, vault: &mut FileVault, by: u64) {
    let mut step = machine.ask(Ask::Add(by), &now()).unwrap();
    let encoded = step.encode(vault).unwrap();
    assert_eq!(journal.append(Counter::STREAM, encoded.after, &encoded.entries), Appended::Ok);
    locker_core::Vault::keep_head(vault, Counter::STREAM, encoded.head).unwrap();
    machine.commit(step).unwrap();
}

/// A folder whose log holds `count` appends behind the start; the copy is made before anything is closed.
struct Scene {
    dir: tempfile::TempDir,
    entries: Vec<Entry>,
    /// Where in the log the last append lies.
    last: Range<usize>,
}

fn scene(count: u64) -> Scene {
    let live = scratch();
    let folder = DataFolder::own(live.path()).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    let mut journal = SqliteJournal::open(&folder).unwrap().journal;
    let mut machine: Counter = open_machine(&mut journal, &mut vault, &now(), RestoreFrom::Snapshot).unwrap();
    for by in 1..count {
        append(&mut machine, &mut journal, &mut vault, by);
    }
    let before = log_end(&live.path().join(WAL));
    append(&mut machine, &mut journal, &mut vault, count);
    let after = log_end(&live.path().join(WAL));
    let dir = scratch();
    copy(live.path(), dir.path());
    Scene { dir, entries: journal.read(Counter::STREAM, 0, 1_000).unwrap(), last: before..after }
}

/// The end of the last frame with the header's salts.
fn log_end(log: &Path) -> usize {
    let bytes = fs::read(log).unwrap();
    let salts = &bytes[16..24];
    let ours = bytes[WAL_HEADER..].chunks_exact(FRAME).take_while(|frame| &frame[8..16] == salts);
    WAL_HEADER + ours.count() * FRAME
}

/// What a start finds after the log was changed.
struct Found {
    torn: Option<Torn>,
    entries: Vec<Entry>,
    restored: Result<u64, OpenError>,
}

fn start_with(
    scene: &Scene,
    change: impl FnOnce(&mut Vec<u8>),
    file: &str,
    heads: Heads,
) -> Result<Found, JournalError> {
    let dir = scratch();
    copy(scene.dir.path(), dir.path());
    let path = dir.path().join(file);
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(&path, bytes).unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    if let Heads::Lag = heads {
        // The page with the newest head had not reached the disk.
        let kept = &scene.entries[scene.entries.len() - 2];
        locker_core::Vault::keep_head(&mut vault, Counter::STREAM, kept.head()).unwrap();
        locker_core::Vault::keep_head(&mut vault, Counter::STREAM, kept.head()).unwrap();
    }
    let mut opened = SqliteJournal::open(&folder)?;
    let entries = opened.journal.read(Counter::STREAM, 0, 1_000)?;
    let restored = restore::<Counter>(&mut opened.journal, &mut vault, RestoreFrom::FirstRecord);
    opened.journal.verify()?;
    Ok(Found {
        torn: opened.torn,
        entries,
        restored: restored.map(|machine| machine.frame().durable().total),
    })
}

#[derive(Clone, Copy)]
enum Heads {
    /// As they are.
    Newest,
    /// One behind.
    Lag,
}

#[test]
fn safe_04_a_last_append_cut_at_every_byte_is_dropped_and_noted_and_what_was_before_survives() {
    let scene = scene(6);
    let before = &scene.entries[..scene.entries.len() - 1];
    assert!(scene.last.len() >= FRAME);
    let log = fs::read(scene.dir.path().join(WAL)).unwrap();
    for cut in scene.last.clone() {
        let found = start_with(&scene, |log| log.truncate(cut), WAL, Heads::Lag).unwrap();
        assert_eq!(found.entries, before, "cut at {cut}");
        assert_eq!(found.restored, Ok(15), "cut at {cut}");
        let began = scene.last.start as u64;
        // A few zeros at the end are what was set aside: nothing of the append had reached the disk.
        let reached = log[scene.last.start..cut].iter().any(|byte| *byte != 0);
        let trace = reached.then_some(Torn { at: began });
        assert_eq!(found.torn, trace, "cut at {cut}");
    }
    let whole = start_with(&scene, |log| log.truncate(scene.last.end), WAL, Heads::Newest).unwrap();
    assert_eq!((whole.torn, whole.restored), (None, Ok(21)));
}

#[test]
fn safe_04_a_last_append_over_zeros_set_aside_is_noted_once_its_salts_are_written() {
    let scene = scene(6);
    for cut in scene.last.clone() {
        let tear = |log: &mut Vec<u8>| log[cut..scene.last.end].fill(0);
        let found = start_with(&scene, tear, WAL, Heads::Lag).unwrap();
        // Where the last bytes are zeros by themselves, nothing is missing.
        if found.entries.len() == scene.entries.len() {
            assert_eq!((found.torn, found.restored), (None, Ok(21)), "cut at {cut}");
            continue;
        }
        assert_eq!(found.restored, Ok(15), "cut at {cut}");
        let written = cut - scene.last.start;
        if written >= 16 {
            assert!(found.torn.is_some(), "cut at {cut}");
        }
    }
}

#[test]
fn safe_04_an_acknowledged_record_that_is_cut_off_is_named() {
    let scene = scene(6);
    let missing = scene.entries.len() as u64;
    for cut in [scene.last.start, scene.last.start + 700, scene.last.end - 1] {
        let found = start_with(&scene, |log| log.truncate(cut), WAL, Heads::Newest).unwrap();
        let named = OpenError::Restore(RestoreError::Cut { seq: missing });
        assert_eq!(found.restored, Err(named), "cut at {cut}");
    }
    let gone = start_with(&scene, Vec::clear, WAL, Heads::Newest).unwrap();
    assert!(matches!(gone.restored, Err(OpenError::Restore(RestoreError::Cut { .. }))));
}

/// Every changed byte leads to the same history or to an error that says so.
fn assert_never_another_history(scene: &Scene, file: &str, at: usize, bit: u8) {
    let Ok(found) = start_with(scene, |bytes| bytes[at] ^= 1 << bit, file, Heads::Newest) else {
        return;
    };
    match found.restored {
        Ok(total) => {
            assert_eq!(found.entries, scene.entries, "{file} byte {at} bit {bit}");
            assert_eq!(total, 21, "{file} byte {at} bit {bit}");
        }
        Err(OpenError::Restore(_) | OpenError::Journal(_)) => {}
        Err(other) => panic!("{file} byte {at} bit {bit}: {other:?}"),
    }
}

#[test]
fn safe_04_no_changed_byte_of_the_log_gives_another_history() {
    let scene = scene(6);
    for at in (0..WAL_HEADER + 40).chain((WAL_HEADER + 40..scene.last.end).step_by(37)) {
        assert_never_another_history(&scene, WAL, at, u8::try_from(at % 8).unwrap());
    }
}

#[test]
fn safe_04_a_log_broken_before_its_last_append_is_damage_and_no_torn_tail() {
    let scene = scene(6);
    let at = scene.last.start - FRAME * 2 + 500;
    let found = start_with(&scene, |log| log[at] ^= 1, WAL, Heads::Newest);
    assert!(matches!(found, Err(JournalError::LogDamaged { .. })));
}

#[test]
fn safe_04_no_changed_byte_of_the_file_gives_another_history() {
    // Opening checkpoints: after it the records lie in the file and the log says nothing new.
    let mut scene = scene(6);
    let folder = DataFolder::own(scene.dir.path()).unwrap();
    drop(SqliteJournal::open(&folder).unwrap());
    drop(folder);
    let settled = scratch();
    copy(scene.dir.path(), settled.path());
    fs::write(settled.path().join(WAL), []).unwrap();
    scene.dir = settled;
    let length = fs::metadata(scene.dir.path().join("journal.db")).unwrap().len();
    for at in (0..usize::try_from(length).unwrap()).step_by(29) {
        assert_never_another_history(&scene, "journal.db", at, u8::try_from(at % 8).unwrap());
    }
}

#[test]
fn safe_04_a_missing_file_of_heads_is_named_since_no_power_cut_removes_it() {
    let scene = scene(3);
    fs::remove_file(scene.dir.path().join("heads")).unwrap();
    let folder = DataFolder::own(scene.dir.path()).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    let mut journal = SqliteJournal::open(&folder).unwrap().journal;
    let opened = open_machine::<Counter>(&mut journal, &mut vault, &now(), RestoreFrom::Snapshot);
    assert!(matches!(opened, Err(OpenError::Restore(RestoreError::Vault(_)))));
}

#[test]
fn safe_04_a_journal_cut_behind_its_snapshot_is_named() {
    let scene = scene(6);
    let folder = DataFolder::own(scene.dir.path()).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    let mut journal = SqliteJournal::open(&folder).unwrap().journal;
    let machine = restore::<Counter>(&mut journal, &mut vault, RestoreFrom::FirstRecord).unwrap();
    let bytes = machine.snapshot(&mut vault).unwrap();
    let seq = machine.head().seq;
    journal.keep_snapshot(Counter::STREAM, seq, &bytes).unwrap();
    drop(journal);
    let db = rusqlite::Connection::open(scene.dir.path().join("journal.db")).unwrap();
    db.execute("DELETE FROM entry_counter WHERE seq = ?1", [seq.cast_signed()]).unwrap();
    drop(db);
    let mut journal = SqliteJournal::open(&folder).unwrap().journal;
    let found = restore::<Counter>(&mut journal, &mut vault, RestoreFrom::Snapshot).err();
    assert_eq!(found, Some(OpenError::Restore(RestoreError::Cut { seq })));
    KeyStore::idle(&mut vault);
}
