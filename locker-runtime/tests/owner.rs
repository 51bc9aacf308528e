//! The thread that owns a machine: its order, its failures, its end.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use std::sync::Arc;

use common::{Ask, Counter, Refusal, Told, now};
use locker_core::{Machine, RestoreError, Subject, Vault, VisitId, Wall};
use locker_runtime::clock::HandClock;
use locker_runtime::folder::DataFolder;
use locker_runtime::journal::{
    Appended, Fault, FaultyJournal, ForgetfulJournal, Journal, MemoryJournal, Room, SqliteJournal, Sync,
};
use locker_runtime::open::{OpenError, RestoreFrom, open_machine, read_records, restore};
use locker_runtime::task::{
    AskError, Ended, Handle, Owner, RETRY_MS, Running, SNAPSHOT_RECORDS, Store, Undone,
};
use locker_runtime::vault::FileVault;
use locker_runtime::verify::{Damage, Verify, verify_stream};

/// What the counter shows.
#[derive(Debug, PartialEq)]
struct Shown {
    total: u64,
    boot: u32,
    looks: u64,
    awake: bool,
    guest: bool,
    told: Option<Store>,
}

fn project(machine: &Counter, _: &locker_core::Now, _: Store) -> Shown {
    let (durable, session) = (machine.frame().durable(), machine.frame().session());
    Shown {
        total: durable.total,
        boot: machine.frame().boot().0,
        looks: session.looks,
        awake: session.awake_until.is_some(),
        guest: durable.guest.is_some(),
        told: session.store,
    }
}

struct Scene<J> {
    _dir: tempfile::TempDir,
    vault: FileVault,
    journal: J,
    clock: Arc<HandClock>,
    handle: Handle<Counter, Shown>,
    running: Running,
}

fn run<J: Journal + Clone + 'static>(journal: J) -> Scene<J> {
    let dir = tempfile::tempdir().unwrap();
    let vault = FileVault::open(&DataFolder::own(dir.path()).unwrap()).unwrap();
    run_in(dir, vault, journal)
}

fn run_in<J: Journal + Clone + 'static>(
    dir: tempfile::TempDir,
    mut vault: FileVault,
    mut journal: J,
) -> Scene<J> {
    let clock = Arc::new(HandClock::new(Wall(1_790_000_000_000)));
    let machine = open_machine::<Counter>(&mut journal, &mut vault, &now(), RestoreFrom::Snapshot).unwrap();
    let owner = Owner::new(machine, journal.clone(), vault.clone(), clock.clone(), project);
    let (handle, running) = owner.spawn().unwrap();
    Scene { _dir: dir, vault, journal, clock, handle, running }
}

impl<J> Scene<J> {
    async fn until(&self, what: impl Fn(&Shown, Store) -> bool) {
        let mut view = self.handle.view();
        let seen = view.wait_for(|view| view.shown.as_ref().is_some_and(|shown| what(shown, view.store)));
        seen.await.unwrap();
    }

    async fn end(self) -> (FileVault, J, tempfile::TempDir) {
        self.handle.shut_down().await;
        assert_eq!(self.running.ended().await, Ended::ShutDown);
        (self.vault, self.journal, self._dir)
    }
}

fn faulty() -> FaultyJournal<MemoryJournal> {
    FaultyJournal::over(MemoryJournal::default())
}

#[tokio::test]
async fn safe_01_an_answer_comes_after_the_record_is_in_the_journal_and_the_view_shows_it() {
    let mut scene = run(MemoryJournal::default());
    let mut records = scene.handle.records().unwrap();
    for by in 1..=20 {
        let total = scene.handle.ask(Ask::Add(by)).await.unwrap();
        assert_eq!(total, by * (by + 1) / 2);
        assert_eq!(scene.journal.last("counter").unwrap(), by + 1, "behind the start");
        assert_eq!(scene.vault.head("counter").unwrap().unwrap().seq, by + 1);
        assert_eq!(scene.handle.view().borrow().shown.as_ref().unwrap().total, total);
        assert_eq!(records.recv().await.unwrap()[0].seq, by + 1);
    }
    let refused = scene.handle.ask(Ask::Add(2_000)).await;
    assert_eq!(refused, Err(AskError::Refused(Refusal::TooMuch)));
    assert_eq!(scene.journal.last("counter").unwrap(), 21);
    scene.handle.note(Told::Seen(5)).await.unwrap();
    let read = read_records::<Counter>(&mut scene.journal, &scene.vault, 20, 10).unwrap();
    assert_eq!((read.len(), read[1].seq), (2, 22));
    scene.end().await;
}

#[tokio::test]
async fn safe_08_what_is_not_written_did_not_happen_and_what_needs_no_record_goes_on() {
    let scene = run(faulty());
    scene.handle.ask(Ask::Add(1)).await.unwrap();
    scene.journal.fail(Fault::Full);
    let unrecorded = Err(AskError::Undone(Undone::Unrecorded));
    assert_eq!(scene.handle.ask(Ask::Add(10)).await, unrecorded);
    scene.until(|shown, store| store == Store::Down && shown.told == Some(Store::Down)).await;
    assert_eq!(scene.handle.ask(Ask::Look).await, Ok(1));
    assert_eq!(scene.handle.ask(Ask::Add(10)).await, unrecorded);
    scene.journal.heal();
    assert_eq!(
        scene.handle.ask(Ask::Add(10)).await,
        unrecorded,
        "a probe decides when the store is up, and its time has not come"
    );
    scene.clock.advance(RETRY_MS);
    scene.until(|shown, store| store == Store::Up && shown.told == Some(Store::Up)).await;
    assert_eq!(scene.handle.ask(Ask::Add(10)).await, Ok(11));
    let seen = scene.handle.view().borrow().shown.clone().unwrap();
    assert_eq!((seen.looks, seen.boot), (1, 1), "the session and the boot lived on");
    scene.end().await;
}

#[tokio::test]
async fn safe_08_a_deadline_that_needs_a_record_stops_nothing_else_while_the_store_is_down() {
    let scene = run(faulty());
    let welcome = Ask::Welcome(VisitId(1), "Jane Sample".into());
    scene.handle.ask(welcome).await.unwrap();
    scene.journal.fail(Fault::NotWritten);
    scene.clock.advance(common::STAY_MS + 5);
    scene.until(|shown, store| store == Store::Down && shown.told == Some(Store::Down)).await;
    assert_eq!(scene.handle.ask(Ask::Look).await, Ok(0));
    scene.clock.advance(RETRY_MS);
    assert_eq!(scene.handle.ask(Ask::Look).await, Ok(0));
    let seen = scene.handle.view().borrow().shown.clone().unwrap();
    assert!(seen.guest && seen.looks == 2, "{seen:?}");
    scene.journal.heal();
    scene.clock.advance(RETRY_MS);
    scene.until(|shown, store| store == Store::Up && !shown.guest && shown.looks == 2).await;
    scene.end().await;
}

#[tokio::test]
async fn safe_08_what_times_out_without_a_record_does_so_while_the_store_is_down() {
    let scene = run(faulty());
    scene.journal.fail(Fault::NotWritten);
    assert!(scene.handle.ask(Ask::Add(1)).await.is_err());
    scene.handle.ask(Ask::Look).await.unwrap();
    scene.until(|shown, _| shown.awake).await;
    scene.clock.advance(common::AWAKE_MS);
    scene.until(|shown, store| !shown.awake && store == Store::Down).await;
    scene.end().await;
}

#[tokio::test]
async fn safe_02_a_journal_that_cannot_be_read_for_a_while_is_no_damage() {
    let scene = run(faulty());
    scene.handle.ask(Ask::Add(2)).await.unwrap();
    // The first read is that of the kept head; the second is the replay's.
    scene.journal.fail_reads_after(1);
    scene.journal.fail_next(Fault::UnknownNotWritten);
    assert!(scene.handle.ask(Ask::Add(1)).await.is_err());
    scene.clock.advance(RETRY_MS);
    let down = Err(AskError::Undone(Undone::Down));
    assert_eq!(scene.handle.ask(Ask::Look).await, down);
    let mut vault = scene.vault.clone();
    scene.journal.fail_reads_after(1);
    let found = restore::<Counter>(&mut scene.journal.clone(), &mut vault, RestoreFrom::FirstRecord);
    assert!(matches!(found.err(), Some(OpenError::Journal(_))));
    scene.journal.heal();
    scene.clock.advance(RETRY_MS);
    scene.until(|shown, _| shown.boot == 2 && shown.total == 2).await;
    scene.end().await;
}

#[tokio::test]
async fn safe_04_a_journal_of_this_locker_with_another_history_is_named() {
    let scene = run(MemoryJournal::default());
    let (mut vault, mut journal, _dir) = {
        scene.handle.ask(Ask::Add(1)).await.unwrap();
        scene.end().await
    };
    // The same locker from the same start, on a copy: another record 2, authentic in itself.
    let mut copy = MemoryJournal::default();
    let start = journal.read("counter", 0, 1).unwrap();
    assert_eq!(copy.append("counter", 0, &start), Appended::Ok);
    let kept = vault.head("counter").unwrap().unwrap();
    vault.keep_head("counter", start[0].head()).unwrap();
    vault.keep_head("counter", start[0].head()).unwrap();
    let mut there: Counter = restore(&mut copy, &mut vault, RestoreFrom::FirstRecord).unwrap();
    let mut step = there.start(&now());
    let encoded = step.encode(&mut vault).unwrap();
    assert_eq!(copy.append("counter", encoded.after, &encoded.entries), Appended::Ok);
    there.commit(step).unwrap();
    assert!(restore::<Counter>(&mut copy, &mut vault, RestoreFrom::FirstRecord).is_ok());
    vault.keep_head("counter", kept).unwrap();
    let found = restore::<Counter>(&mut copy, &mut vault, RestoreFrom::FirstRecord).err();
    assert_eq!(found, Some(OpenError::Restore(RestoreError::Broken { seq: 2 })));
}

#[tokio::test]
async fn safe_02_a_machine_whose_journal_somebody_else_wrote_is_restored_from_it() {
    let scene = run(MemoryJournal::default());
    scene.handle.ask(Ask::Add(1)).await.unwrap();
    let (mut journal, mut vault) = (scene.journal.clone(), scene.vault.clone());
    let other = open_machine::<Counter>(&mut journal, &mut vault, &now(), RestoreFrom::Snapshot).unwrap();
    assert_eq!(other.frame().boot().0, 2);
    let unknown = Err(AskError::Undone(Undone::Unknown));
    assert_eq!(scene.handle.ask(Ask::Add(1)).await, unknown);
    scene.until(|shown, _| shown.boot == 3 && shown.total == 1).await;
    scene.end().await;
}

#[tokio::test]
async fn an_ask_whose_caller_has_gone_is_not_decided() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = FileVault::open(&DataFolder::own(dir.path()).unwrap()).unwrap();
    let mut journal = MemoryJournal::default();
    let machine = open_machine::<Counter>(&mut journal, &mut vault, &now(), RestoreFrom::Snapshot).unwrap();
    let (held, gate) = std::sync::mpsc::channel::<()>();
    let clock = Arc::new(HandClock::new(Wall(0)));
    let owner = Owner::new(machine, journal, vault, clock, move |_, _, _| {
        // Waits until the test lets go.
        let _ = gate.recv();
    });
    let (handle, running) = owner.spawn().unwrap();
    tokio::select! {
        biased;
        answer = handle.ask(Ask::Add(10)) => panic!("answered behind the gate: {answer:?}"),
        () = std::future::ready(()) => {}
    }
    drop(held);
    assert_eq!(handle.ask(Ask::Add(1)).await, Ok(1));
    handle.shut_down().await;
    assert_eq!(running.ended().await, Ended::ShutDown);
}

#[tokio::test]
async fn a_panic_shows_nothing_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = FileVault::open(&DataFolder::own(dir.path()).unwrap()).unwrap();
    let mut journal = MemoryJournal::default();
    let machine = open_machine::<Counter>(&mut journal, &mut vault, &now(), RestoreFrom::Snapshot).unwrap();
    let clock = Arc::new(HandClock::new(Wall(0)));
    let owner = Owner::new(machine, journal, vault, clock, |machine, _, _| {
        let total = machine.frame().durable().total;
        assert_ne!(total, 13, "a bug, provoked");
        total
    });
    let (handle, running) = owner.spawn().unwrap();
    assert_eq!(handle.ask(Ask::Add(12)).await, Ok(12));
    assert_eq!(handle.view().borrow().shown.as_deref(), Some(&12));
    let closed = AskError::Undone(Undone::Closed);
    assert_eq!(handle.ask(Ask::Add(1)).await, Err(closed));
    assert_eq!(running.ended().await, Ended::Panicked);
    assert!(handle.view().borrow().shown.is_none());
}

#[tokio::test]
async fn a_machine_that_nobody_can_reach_any_more_shuts_down() {
    let scene = run(MemoryJournal::default());
    let mut view = scene.handle.view();
    drop(scene.handle);
    assert_eq!(scene.running.ended().await, Ended::ShutDown);
    assert!(view.borrow_and_update().shown.is_none());
}

#[tokio::test]
async fn safe_08_the_machine_hears_when_the_reserve_is_used_and_when_it_is_whole_again() {
    let scene = run(faulty());
    scene.journal.say_room(Room::Low);
    scene.handle.ask(Ask::Add(1)).await.unwrap();
    scene.until(|shown, store| store == Store::Low && shown.told == Some(Store::Low)).await;
    assert_eq!(scene.handle.ask(Ask::Add(1)).await, Ok(2), "records go on");
    scene.journal.heal();
    scene.handle.ask(Ask::Look).await.unwrap();
    scene.until(|shown, store| store == Store::Up && shown.told == Some(Store::Up)).await;
    scene.end().await;
}

#[tokio::test]
async fn safe_02_when_nobody_knows_what_was_written_the_journal_decides_with_the_next_boot() {
    for (fault, total) in [(Fault::UnknownWritten, 8), (Fault::UnknownNotWritten, 3)] {
        let scene = run(faulty());
        scene.handle.ask(Ask::Add(3)).await.unwrap();
        scene.handle.ask(Ask::Look).await.unwrap();
        scene.journal.fail_next(fault);
        let unknown = scene.handle.ask(Ask::Add(5)).await;
        assert_eq!(unknown, Err(AskError::Undone(Undone::Unknown)));
        scene.until(|shown, _| shown.boot == 2).await;
        let seen = scene.handle.view().borrow().shown.clone().unwrap();
        assert_eq!((seen.total, seen.looks), (total, 0), "{fault:?}");
        assert_eq!(scene.handle.ask(Ask::Add(1)).await, Ok(total + 1));
        let (mut vault, mut journal, _dir) = scene.end().await;
        assert_eq!(verify_stream::<Counter>(&mut journal, &mut vault).damage, None);
    }
}

#[tokio::test]
async fn safe_02_nothing_is_shown_while_nobody_knows() {
    let scene = run(faulty());
    scene.journal.fail(Fault::UnknownNotWritten);
    let unknown = scene.handle.ask(Ask::Add(5)).await;
    assert_eq!(unknown, Err(AskError::Undone(Undone::Unknown)));
    assert!(scene.handle.view().borrow().shown.is_none());
    assert_eq!(scene.handle.ask(Ask::Look).await, Err(AskError::Undone(Undone::Down)));
    assert_eq!(scene.handle.note(Told::Seen(1)).await, Err(Undone::Down));
    scene.journal.heal();
    scene.clock.advance(RETRY_MS);
    scene.until(|shown, _| shown.boot == 2).await;
    assert_eq!(scene.handle.note(Told::Seen(1)).await, Ok(()));
    scene.end().await;
}

#[tokio::test]
async fn safe_04_a_machine_whose_journal_was_changed_meanwhile_is_not_restored() {
    let scene = run(faulty());
    scene.handle.ask(Ask::Add(3)).await.unwrap();
    scene.journal.inner().tamper("counter", |entries| entries[1].body[40] ^= 1);
    scene.journal.fail_next(Fault::UnknownNotWritten);
    let _ = scene.handle.ask(Ask::Add(5)).await;
    let damage = OpenError::Restore(RestoreError::Broken { seq: 2 });
    assert_eq!(scene.running.ended().await, Ended::Damaged(damage));
    assert!(scene.handle.view().borrow().shown.is_none());
    let closed = AskError::Undone(Undone::Closed);
    assert_eq!(scene.handle.ask(Ask::Look).await, Err(closed));
    assert!(scene.handle.records().is_none());
}

#[tokio::test]
async fn a_deadline_wakes_the_machine_by_itself() {
    let scene = run(MemoryJournal::default());
    let welcome = Ask::Welcome(VisitId(1), "Jane Sample".into());
    scene.handle.ask(welcome).await.unwrap();
    scene.clock.advance(common::STAY_MS - 1);
    scene.handle.ask(Ask::Look).await.unwrap();
    assert!(scene.handle.view().borrow().shown.as_ref().unwrap().guest);
    scene.clock.advance(1);
    scene.until(|shown, _| !shown.guest).await;
    scene.end().await;
}

#[tokio::test]
async fn safe_05_an_erased_subject_stays_erased_through_snapshot_and_replay() {
    let scene = run(MemoryJournal::default());
    let welcome = Ask::Welcome(VisitId(1), "Jane Sample".into());
    scene.handle.ask(welcome).await.unwrap();
    let (mut vault, mut journal, dir) = scene.end().await;
    vault.erase(Subject::Visit(VisitId(1))).unwrap();
    let report = verify_stream::<Counter>(&mut journal, &mut vault);
    assert_eq!((report.records, report.damage), (2, None));
    let scene = run_in(dir, vault, journal);
    scene.until(|shown, _| shown.boot == 2 && !shown.guest).await;
    scene.end().await;
}

#[tokio::test]
async fn a_snapshot_is_kept_every_so_many_records_and_at_shutdown() {
    let mut scene = run(MemoryJournal::default());
    for _ in 0..SNAPSHOT_RECORDS {
        scene.handle.ask(Ask::Add(1)).await.unwrap();
    }
    let at = scene.journal.snapshot("counter").unwrap().unwrap().0;
    assert_eq!(at, SNAPSHOT_RECORDS + 1);
    scene.handle.ask(Ask::Add(1)).await.unwrap();
    let (mut vault, mut journal, _dir) = scene.end().await;
    let (at, mut bytes) = journal.snapshot("counter").unwrap().unwrap();
    assert_eq!(at, SNAPSHOT_RECORDS + 2);
    assert_eq!(verify_stream::<Counter>(&mut journal, &mut vault).damage, None);

    bytes[70] ^= 1;
    journal.keep_snapshot("counter", at, &bytes).unwrap();
    let damage = verify_stream::<Counter>(&mut journal, &mut vault).damage;
    let named = OpenError::Restore(RestoreError::Snapshot);
    assert_eq!(damage, Some(Damage::Stream(named)));
    let quick = open_machine::<Counter>(&mut journal, &mut vault, &now(), RestoreFrom::Snapshot);
    assert_eq!(quick.err(), Some(named));
    let whole = open_machine::<Counter>(&mut journal, &mut vault, &now(), RestoreFrom::FirstRecord).unwrap();
    assert_eq!(whole.frame().durable().total, SNAPSHOT_RECORDS + 1);
}

#[tokio::test]
async fn what_is_in_the_queue_is_served_before_the_end() {
    let scene = run(MemoryJournal::default());
    let asks: Vec<_> = (0..50)
        .map(|_| {
            let handle = scene.handle.clone();
            tokio::spawn(async move { handle.ask(Ask::Add(1)).await })
        })
        .collect();
    tokio::task::yield_now().await;
    let (mut vault, mut journal, _dir) = scene.end().await;
    let mut served = 0;
    for ask in asks {
        served += u64::from(ask.await.unwrap().is_ok());
    }
    assert_eq!(journal.last("counter").unwrap(), served + 1);
    assert_eq!(verify_stream::<Counter>(&mut journal, &mut vault).damage, None);
}

#[tokio::test]
async fn safe_02_a_power_cut_loses_no_answer_and_a_journal_that_does_not_sync_is_caught() {
    for sync in [Sync::Each, Sync::Never] {
        let disk = ForgetfulJournal::new(sync);
        let scene = run(disk.clone());
        scene.handle.ask(Ask::Add(4)).await.unwrap();
        let mut vault = scene.vault.clone();
        disk.cut();
        let restored = open_machine::<Counter>(&mut disk.clone(), &mut vault, &now(), RestoreFrom::Snapshot);
        match sync {
            Sync::Each => assert_eq!(restored.unwrap().frame().durable().total, 4),
            Sync::Never => {
                let cut = OpenError::Restore(RestoreError::Cut { seq: 1 });
                assert_eq!(restored.err(), Some(cut));
            }
        }
    }
}

#[tokio::test]
async fn safe_04_a_torn_append_found_at_the_start_is_noted_as_a_record() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let vault = FileVault::open(&folder).unwrap();
    let journal = SqliteJournal::open(&folder).unwrap().journal;
    let scene = run_in(dir, vault, journal);
    scene.handle.ask(Ask::Add(4)).await.unwrap();
    let log = folder.file("journal.db-wal");
    let (vault, journal, dir) = scene.end().await;
    drop((vault, journal));
    // Half a frame of another append.
    let mut bytes = std::fs::read(&log).unwrap();
    let salts: Vec<u8> = bytes[16..24].to_vec();
    let frame = 24 + 1024;
    let ours = bytes[32..].chunks_exact(frame).take_while(|slot| slot[8..16] == salts);
    let end = 32 + ours.count() * frame;
    bytes[end + 8..end + 16].copy_from_slice(&salts);
    std::fs::write(&log, bytes).unwrap();

    let mut vault = FileVault::open(&folder).unwrap();
    let mut opened = SqliteJournal::open(&folder).unwrap();
    assert_eq!(opened.torn.unwrap().at, end as u64);
    let machine =
        open_machine::<Counter>(&mut opened.journal, &mut vault, &now(), RestoreFrom::Snapshot).unwrap();
    let clock = Arc::new(HandClock::new(Wall(0)));
    let owner = Owner::new(machine, opened.journal, vault, clock, |machine, _, _| {
        (machine.frame().durable().torn, machine.frame().durable().total)
    });
    let (handle, running) = owner.torn().spawn().unwrap();
    let mut view = handle.view();
    view.wait_for(|view| view.shown.as_deref() == Some(&(1, 4))).await.unwrap();
    handle.shut_down().await;
    assert_eq!(running.ended().await, Ended::ShutDown);
    drop(folder);
    let report = Verify::open(dir.path()).unwrap().stream::<Counter>().report();
    assert!(report.is_well(), "{report:?}");
    assert_eq!((report.torn, report.streams[0].records), (None, 4));
}
