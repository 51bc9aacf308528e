//! The checks of the kill test can fail: hosts that are broken on purpose, in this file alone, are caught by them.
//!
//! `ForgetfulJournal` is the journal layer that forgets at a cut what was not synced. A killed process cannot show that: what
//! it wrote is in the kernel's cache, and outlives it. `crash_uml.rs` shows it with the real journal, by hand.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

use locker_core::screen::Button;
use locker_core::{Outputs, RestoreError};
use locker_runtime::journal::{ForgetfulJournal, MemoryJournal, Sync};
use locker_runtime::open::OpenError;
use locker_tests::hosted::{Host, KEY, Keys, VISIT, World};
use locker_tests::ledger::{Found, Ledger, Locks, Place};

fn label(_: locker_core::VisitId) -> String {
    KEY.into()
}

/// A confirmed drop, then the power goes: what the checks of the kill test say after the restart.
async fn after_a_cut(sync: Sync, loses_heads: bool) -> Result<(Vec<String>, Vec<String>), OpenError> {
    let world = World::default();
    let journal = ForgetfulJournal::new(sync);
    let mut host = Host::start(journal, Keys::default(), &world).await?;
    let mut ledger = Ledger::default();
    ledger.is(KEY, Place::Customer);
    host.drop_to_appointments().await;
    let box_no = host.put_key().await;
    host.press(Button::Confirm).await.unwrap();
    assert_eq!(host.screen().id, "drop.thanks");
    ledger.is(KEY, Place::Box(box_no));
    let (journal, keys) = host.cut();
    journal.cut();
    if loses_heads {
        keys.lose_heads();
    }
    let host = Host::start(journal, keys, &world).await?;
    let found = Found::of(&host.machine().unwrap(), &[VISIT], label);
    Ok((ledger.settle(&found), Ledger::against_truth(&found, &world.lies())))
}

#[tokio::test]
async fn safe_02_a_journal_that_does_not_wait_for_the_disk_is_caught_and_one_that_does_is_not() {
    assert_eq!(after_a_cut(Sync::Each, true).await, Ok((vec![], vec![])));
    let (acknowledged, truth) = after_a_cut(Sync::Never, true).await.unwrap();
    assert_eq!(acknowledged, ["key 1-ABC-123 is Customer, acknowledged was {Box(BoxNo(1))} (SAFE-2)"]);
    assert_eq!(truth, ["key 1-ABC-123 lies in box 1 and is booked [Customer]"]);
}

#[tokio::test]
async fn safe_04_where_the_newest_head_is_left_a_forgetful_journal_does_not_even_start() {
    let cut = OpenError::Restore(RestoreError::Cut { seq: 1 });
    assert_eq!(after_a_cut(Sync::Never, false).await, Err(cut));
}

/// When the power goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// The pulse is granted and was not driven.
    BeforeThePulse,
    /// It was driven.
    AfterThePulse,
}

/// What the locks do after a cut when the new host believes its machine, or what the old one wanted.
async fn locks_after(cut: Cut, believes_old_outputs: bool) -> Vec<String> {
    let world = World::default();
    let mut host = Host::start(MemoryJournal::default(), Keys::default(), &world).await.unwrap();
    host.drop_to_appointments().await;
    host.press(Button::Next).await.unwrap();
    let old: Outputs = host.outputs();
    assert!(old.pulse.is_some(), "a pulse is wanted");
    if cut == Cut::AfterThePulse {
        host.pass(1_000).await;
        assert_eq!(world.pulses().0, 1);
    }
    let (journal, keys) = host.cut();
    let mut locks = Locks::default();
    let (count, fired) = world.pulses();
    assert_eq!(locks.see(count, &fired), Vec::<String>::new());
    let mut host = Host::start(journal, keys, &world).await.unwrap();
    host.believes = believes_old_outputs.then_some(old);
    host.pass(10_000).await;
    let (count, fired) = world.pulses();
    locks.rest(count, &fired)
}

#[tokio::test]
async fn box_10_a_restart_that_believes_old_outputs_is_caught_and_one_that_believes_its_machine_fires_nothing()
 {
    for cut in [Cut::BeforeThePulse, Cut::AfterThePulse] {
        assert_eq!(locks_after(cut, false).await, Vec::<String>::new());
    }
    let unasked = "1 locks fired between the restart and the first touch (BOX-10)";
    assert_eq!(locks_after(Cut::BeforeThePulse, true).await, [unasked]);
    assert_eq!(locks_after(Cut::AfterThePulse, true).await, ["pulse 1.1 was driven twice", unasked]);
}
