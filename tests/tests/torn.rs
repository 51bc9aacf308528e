//! SAFE-2, SAFE-4: a drop through the real journal and vault, its last transaction cut at every byte of the log.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

use std::fs;
use std::path::Path;

use locker_core::screen::Button;
use locker_core::{Locker, Machine, Mono, Outputs, Wall};
use locker_runtime::clock::{Clock, HandClock};
use locker_runtime::folder::DataFolder;
use locker_runtime::journal::SqliteJournal;
use locker_runtime::open::{RestoreFrom, open_machine};
use locker_runtime::vault::FileVault;
use locker_tests::hosted::{Host, KEY, VISIT, World};
use locker_tests::ledger::{Found, Ledger, Place};

const WAL: &str = "journal.db-wal";
const WAL_HEADER: usize = 32;
const FRAME: usize = 24 + 1024;

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// What a power cut leaves: the files as they are, nothing closed.
fn copy(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        if file.file_name() != "lock" && file.file_name() != "reserve" {
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    let length = fs::metadata(from.join("reserve")).unwrap().len();
    fs::File::create(to.join("reserve")).unwrap().set_len(length).unwrap();
}

/// The end of the last frame with the header's salts.
fn log_end(folder: &Path) -> usize {
    let bytes = fs::read(folder.join(WAL)).unwrap();
    let frames = bytes[WAL_HEADER..].chunks_exact(FRAME);
    WAL_HEADER + frames.take_while(|frame| frame[8..16] == bytes[16..24]).count() * FRAME
}

/// The locker that starts on a copy of `after` whose log ends at `cut`, with the heads of `before`.
fn started(before: &Path, after: &Path, cut: usize) -> (Locker, Outputs) {
    let dir = scratch();
    copy(after, dir.path());
    for heads in fs::read_dir(before).unwrap().map(|file| file.unwrap()) {
        if heads.file_name().to_string_lossy().starts_with("heads") {
            fs::copy(heads.path(), dir.path().join(heads.file_name())).unwrap();
        }
    }
    let log = fs::OpenOptions::new().write(true).open(dir.path().join(WAL)).unwrap();
    log.set_len(cut as u64).unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    let mut journal = SqliteJournal::open(&folder).unwrap().journal;
    let now = HandClock::new(Wall(1_790_000_100_000)).now();
    let locker = open_machine::<Locker>(&mut journal, &mut vault, &now, RestoreFrom::FirstRecord).unwrap();
    assert!(locker.frame().is_started());
    let outputs = locker.outputs(&now);
    (locker, outputs)
}

#[tokio::test]
async fn safe_02_a_confirm_torn_at_any_byte_leaves_the_box_to_be_checked_or_booked_and_opens_nothing() {
    let live = scratch();
    let world = World::default();
    let folder = DataFolder::own(live.path()).unwrap();
    let vault = FileVault::open(&folder).unwrap();
    let journal = SqliteJournal::open(&folder).unwrap().journal;
    let mut host = Host::start(journal, vault, &world).await.unwrap();
    host.drop_to_appointments().await;
    let box_no = host.put_key().await;
    let (before, after) = (scratch(), scratch());
    copy(live.path(), before.path());
    host.press(Button::Confirm).await.unwrap();
    assert_eq!(host.screen().id, "drop.thanks");
    copy(live.path(), after.path());
    let (begins, ends) = (log_end(before.path()), log_end(after.path()));
    assert!(begins < ends, "the log was not checkpointed in between");
    let mut booked = 0;
    for cut in begins..=ends {
        let (locker, outputs) = started(before.path(), after.path(), cut);
        let mut ledger = Ledger::default();
        ledger.is(KEY, Place::ToCheck(box_no));
        ledger.may_be(KEY, Place::Box(box_no));
        let found = Found::of(&locker, &[VISIT], |_| KEY.into());
        assert_eq!(ledger.settle(&found), Vec::<String>::new(), "cut at {cut}");
        assert_eq!(Ledger::against_truth(&found, &world.lies()), Vec::<String>::new(), "cut at {cut}");
        assert_eq!(outputs, Outputs::all_off(Mono(0)), "cut at {cut}");
        booked += usize::from(ledger.place(KEY) == Some(Place::Box(box_no)));
    }
    assert_eq!(booked, 1, "the whole transaction or none of it");
}
