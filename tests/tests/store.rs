//! SAFE-1, SAFE-8: a real locker whose journal cannot be written, or whose commit is lost without an answer.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

use locker_core::screen::Button;
use locker_core::{Custody, Door};
use locker_runtime::journal::{Fault, FaultyJournal, MemoryJournal};
use locker_runtime::task::{AskError, Store, Undone};
use locker_tests::hosted::{Host, KEY, Keys, VISIT, World};
use locker_tests::ledger::{Found, Ledger, Place};

type Hosted = Host<FaultyJournal<MemoryJournal>, Keys>;

async fn host() -> (Hosted, FaultyJournal<MemoryJournal>, World) {
    let (world, journal) = (World::default(), FaultyJournal::over(MemoryJournal::default()));
    // Copies share the switch; this one pulls it.
    let host = Host::start(journal.clone(), Keys::default(), &world).await.unwrap();
    (host, journal, world)
}

fn unrecorded<T, R>() -> Result<T, AskError<R>> {
    Err(AskError::Undone(Undone::Unrecorded))
}

fn notice(host: &Hosted) -> Option<&'static str> {
    host.screen().notice.map(|notice| notice.text.id)
}

fn is_offered(host: &Hosted, button: Button) -> bool {
    host.screen().buttons.iter().any(|view| view.press == button && view.enabled)
}

#[tokio::test]
async fn safe_08_a_journal_that_cannot_be_written_is_said_on_the_screen_and_comes_back() {
    let (mut host, journal, _) = host().await;
    host.press(Button::DropKey).await.unwrap();
    for fault in [Fault::NotWritten, Fault::Full] {
        journal.fail(fault);
        assert_eq!(host.press(Button::Go).await, unrecorded());
        assert_eq!(host.store(), Store::Down);
        host.press(Button::Abort).await.unwrap();
        host.press(Button::Yes).await.unwrap();
        assert_eq!((host.screen().id, notice(&host)), ("start", Some("start-store-down")));
        assert!(!is_offered(&host, Button::DropKey) && !is_offered(&host, Button::PickUpKey));
        host.press(Button::Help).await.unwrap();
        assert_eq!(host.screen().overlay.map(|overlay| overlay.id), Some("help"), "help still answers");
        host.press(Button::CloseHelp).await.unwrap();
        journal.heal();
        host.until_up().await;
        host.pass(100).await;
        assert_eq!(notice(&host), None);
        host.press(Button::DropKey).await.unwrap();
    }
    host.press(Button::Go).await.unwrap();
    assert_eq!(host.screen().id, "drop.method");
}

#[tokio::test]
async fn safe_08_while_nothing_can_be_recorded_no_lock_fires_and_the_session_goes_on_afterwards() {
    let (mut host, journal, world) = host().await;
    host.drop_to_appointments().await;
    journal.fail(Fault::NotWritten);
    assert_eq!(host.press(Button::Next).await, unrecorded());
    host.pass(5_000).await;
    assert_eq!((world.pulses().0, host.outputs().pulse), (0, None));
    assert_eq!(host.screen().id, "drop.appointments");
    journal.heal();
    host.until_up().await;
    let box_no = host.put_key().await;
    assert_eq!(world.pulses().0, 1);
    journal.fail(Fault::NotWritten);
    assert_eq!(host.press(Button::Confirm).await, unrecorded());
    assert_eq!(host.screen().id, "drop.serve", "nothing thanks for what is not recorded");
    assert_eq!(host.machine().unwrap().custody(VISIT), Custody::Customer);
    journal.heal();
    host.until_up().await;
    host.press(Button::Confirm).await.unwrap();
    assert_eq!(host.screen().id, "drop.thanks");
    assert_eq!(host.machine().unwrap().custody(VISIT), Custody::Box { box_no });
    assert_eq!(world.pulses().0, 1);
}

/// A commit without an answer at *Confirm* or at the grant of a pulse; what is found afterwards.
async fn lost_at(button: Button, fault: Fault) -> Place {
    let (mut host, journal, world) = host().await;
    let mut ledger = Ledger::default();
    ledger.is(KEY, Place::Customer);
    host.drop_to_appointments().await;
    ledger.may_be_in_any_box(KEY);
    if button == Button::Confirm {
        let box_no = host.put_key().await;
        ledger.is(KEY, Place::ToCheck(box_no));
        ledger.may_be(KEY, Place::Box(box_no));
    }
    let before = world.pulses().0;
    journal.fail_next(fault);
    assert_eq!(host.press(button).await, Err(AskError::Undone(Undone::Unknown)));
    assert_eq!(host.outputs().pulse, None, "all off until it is known");
    host.until_up().await;
    host.pass(10_000).await;
    assert_eq!(world.pulses().0, before, "no lock fires for what was restored");
    assert_eq!(host.screen().id, "start");
    assert!(world.sim.state().boxes.iter().all(|one| one.door == Door::Closed));
    let found = Found::of(&host.machine().unwrap(), &[VISIT], |_| KEY.into());
    assert_eq!(ledger.settle(&found), Vec::<String>::new());
    assert_eq!(Ledger::against_truth(&found, &world.lies()), Vec::<String>::new());
    host.press(Button::DropKey).await.unwrap();
    host.press(Button::Go).await.unwrap();
    ledger.place(KEY).unwrap()
}

#[tokio::test]
async fn safe_02_a_commit_without_an_answer_is_looked_up_with_the_next_boot_and_opens_nothing() {
    let first = locker_core::BoxNo::new(1).unwrap();
    assert_eq!(lost_at(Button::Next, Fault::UnknownNotWritten).await, Place::Customer);
    assert_eq!(lost_at(Button::Next, Fault::UnknownWritten).await, Place::ToCheck(first));
    assert_eq!(lost_at(Button::Confirm, Fault::UnknownNotWritten).await, Place::ToCheck(first));
    assert_eq!(lost_at(Button::Confirm, Fault::UnknownWritten).await, Place::Box(first));
}
