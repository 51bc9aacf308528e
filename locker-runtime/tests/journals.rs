//! One suite for every journal.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use locker_core::{ChainKey, Entry, Head, RECORD_BYTES_MAX, Secret};
use locker_runtime::folder::{DataFolder, FolderError};
use locker_runtime::journal::{
    Appended, FaultyJournal, ForgetfulJournal, Journal, JournalError, MemoryJournal, NotWritten,
    PAGE_ENTRIES, RESERVE_BYTES, Room, SqliteJournal, Sync, WAL_BYTES,
};

fn chained(after: Head, bodies: impl IntoIterator<Item = Vec<u8>>) -> Vec<Entry> {
    let key = ChainKey::derive(&Secret::new([1; 32]));
    let mut head = after;
    let link = |body| {
        let entry = key.link(head, body);
        head = entry.head();
        entry
    };
    bodies.into_iter().map(link).collect()
}

fn behaves(mut journal: impl Journal) {
    let entries = chained(Head::default(), (0..PAGE_ENTRIES + 5).map(|n| vec![7; n % 900]));
    assert_eq!(journal.last("locker"), Ok(0));
    assert_eq!(journal.append("locker", 0, &entries[..2]), Appended::Ok);
    assert_eq!(journal.append("locker", 2, &entries[2..]), Appended::Ok);
    let found = NotWritten::Sequence { found: entries.len() as u64 };
    assert_eq!(
        journal.append("locker", 2, &entries[2..3]),
        Appended::NotWritten(found),
        "somebody was faster"
    );
    let gap = chained(entries[1].head(), [vec![1], vec![2]]);
    assert!(matches!(
        journal.append("office", 0, &gap[1..]),
        Appended::NotWritten(NotWritten::Sequence { found: 0 })
    ));
    assert_eq!(journal.append("locker", entries.len() as u64, &[]), Appended::Ok);
    let first = journal.read("locker", 0, PAGE_ENTRIES).unwrap();
    assert_eq!(first, entries[..PAGE_ENTRIES]);
    let rest = journal.read("locker", PAGE_ENTRIES as u64, PAGE_ENTRIES).unwrap();
    assert_eq!(rest, entries[PAGE_ENTRIES..]);
    assert_eq!(journal.read("office", 0, 5).unwrap(), []);
    assert_eq!(journal.append("office", 0, &entries[..1]), Appended::Ok);
    assert_eq!(journal.last("office"), Ok(1));

    assert_eq!(journal.snapshot("locker"), Ok(None));
    journal.keep_snapshot("locker", 4, b"four").unwrap();
    journal.keep_snapshot("locker", 9, b"nine").unwrap();
    journal.keep_snapshot("office", 1, &vec![3; 300_000]).unwrap();
    assert_eq!(journal.snapshot("locker"), Ok(Some((9, b"nine".to_vec()))));
    assert_eq!(journal.probe(), Appended::Ok);
    journal.idle();
    assert_eq!(journal.verify(), Ok(()));
}

#[test]
fn safe_01_every_journal_appends_in_order_or_not_at_all() {
    behaves(MemoryJournal::default());
    behaves(FaultyJournal::over(MemoryJournal::default()));
    behaves(ForgetfulJournal::new(Sync::Each));
    let dir = tempfile::tempdir().unwrap();
    behaves(SqliteJournal::open(&DataFolder::own(dir.path()).unwrap()).unwrap().journal);
}

#[test]
fn safe_02_what_was_appended_is_there_after_every_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let entries = chained(Head::default(), (0..40).map(|n| vec![n; 400]));
    for (entry, after) in entries.iter().zip(0..) {
        let opened = SqliteJournal::open(&folder).unwrap();
        assert_eq!(opened.torn, None);
        let mut journal = opened.journal;
        let one = std::slice::from_ref(entry);
        assert_eq!(journal.append("locker", after, one), Appended::Ok);
        assert_eq!(journal.read("locker", 0, 100).unwrap(), entries[..=usize::try_from(after).unwrap()]);
    }
}

#[test]
fn the_log_never_outgrows_what_was_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let mut journal = SqliteJournal::open(&folder).unwrap().journal;
    let mut head = Head::default();
    for _ in 0..600 {
        let entries = chained(head, (0..30).map(|n| vec![n; 500]));
        assert_eq!(journal.append("locker", head.seq, &entries), Appended::Ok);
        head = entries[29].head();
    }
    let log = std::fs::metadata(folder.file("journal.db-wal")).unwrap();
    assert_eq!(log.len(), WAL_BYTES);
    assert_eq!(journal.verify(), Ok(()));
    assert_eq!(journal.last("locker"), Ok(18_000));
}

#[test]
fn a_record_that_is_too_long_and_a_stream_with_a_strange_name_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(&DataFolder::own(dir.path()).unwrap()).unwrap().journal;
    let long = chained(Head::default(), [vec![0; RECORD_BYTES_MAX], vec![0; RECORD_BYTES_MAX + 1]]);
    let refused = Appended::NotWritten(NotWritten::TooLong { seq: 2 });
    assert_eq!(journal.append("locker", 0, &long), refused);
    assert_eq!(journal.append("locker", 0, &long[..1]), Appended::Ok);
    for name in ["", "Locker", "a b", "x\"; DROP TABLE snapshot; --"] {
        assert_eq!(journal.last(name), Err(JournalError::Name));
    }
}

#[test]
fn safe_08_a_full_disk_is_answered_from_the_reserve_and_then_said() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let mut journal = SqliteJournal::open(&folder).unwrap().journal;
    let reserve = folder.file("reserve");
    let length = || std::fs::metadata(&reserve).unwrap().len();
    let entries = chained(Head::default(), (0..1_000).map(|_| vec![7; 1_000]));
    assert_eq!((journal.room(), length()), (Room::Ample, RESERVE_BYTES));
    journal.limit_pages(40);
    assert_eq!(journal.append("locker", 0, &entries[..500]), Appended::Ok);
    assert!(length() < RESERVE_BYTES);
    assert_eq!(journal.room(), Room::Low);
    std::fs::write(&reserve, []).unwrap();
    journal.limit_pages(40);
    let full = Appended::NotWritten(NotWritten::Full);
    assert_eq!(journal.append("locker", 500, &entries[500..]), full);
    assert_eq!(journal.last("locker"), Ok(500), "as it was");
    let opened_anew = journal.append("locker", 500, &entries[500..]);
    assert_eq!(opened_anew, Appended::Ok, "without the limit");
    journal.idle();
    assert_eq!((journal.room(), length()), (Room::Ample, RESERVE_BYTES), "set aside again");
}

#[test]
fn a_folder_has_one_owner_and_a_strange_file_is_no_journal() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    assert!(matches!(DataFolder::own(dir.path()), Err(FolderError::InUse)));
    std::fs::write(SqliteJournal::path(&folder), [b'x'; 4096]).unwrap();
    assert_eq!(SqliteJournal::open(&folder).err(), Some(JournalError::Damaged));
    std::fs::remove_file(SqliteJournal::path(&folder)).unwrap();
    let db = rusqlite::Connection::open(SqliteJournal::path(&folder)).unwrap();
    db.execute_batch("PRAGMA user_version = 9; CREATE TABLE other (x)").unwrap();
    drop(db);
    assert_eq!(SqliteJournal::open(&folder).err(), Some(JournalError::Format { found: 9 }));
}
