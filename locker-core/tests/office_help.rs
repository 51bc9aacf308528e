//! Calls for help (HELP-1 to HELP-3).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{Answer, Ask, Caller, Denial, HelpStateView, Refusal, Right, Told, WishKind};
use locker_core::{At, Boot, FactKind, HelpAnswer, HelpId, Store, UnrecordedCall};
use office_world::*;

fn call(world: &mut World, locker: locker_core::LockerId, help: u64, step: &str) {
    world.fact(locker, FactKind::HelpCalled { help: HelpId(help), session: None, step: step.into() });
}

fn seen(world: &World, caller: Caller) -> Vec<(u64, u32, HelpStateView)> {
    let calls = world.office.help_calls(&caller, &world.now).unwrap();
    calls.iter().map(|call| (call.id.0, call.repeats, call.state)).collect()
}

use HelpStateView::{Handled, Open};

#[test]
fn help_01_a_call_reaches_all_office_users_with_locker_step_and_time() {
    let mut world = World::new();
    assert_eq!(world.office.help_reach(), HelpAnswer::Nobody, "it says so when nobody is there");
    let max = world.log_in(MAX);
    assert_eq!(world.office.help_reach(), HelpAnswer::Nobody, "a mechanic answers no calls");
    let (ada, rita) = (world.log_in(ADA), world.log_in(RITA));
    assert_eq!(world.office.help_reach(), HelpAnswer::Notified);
    call(&mut world, LOCKER, 1, "drop.pin");
    for caller in [ada, rita] {
        let calls = world.office.help_calls(&caller, &world.now).unwrap();
        assert_eq!(calls.len(), 1);
        let call = &calls[0];
        assert_eq!((call.locker, call.step.as_str(), call.at), (LOCKER, "drop.pin", MORNING));
    }
    assert_eq!(seen(&world, max), []);
}

#[test]
fn help_02_who_handles_a_call_closes_it_for_everyone_and_the_kiosk_may_say_that_somebody_comes() {
    let mut world = World::new();
    let (ada, rita, max) = (world.log_in(ADA), world.log_in(RITA), world.log_in(MAX));
    call(&mut world, LOCKER, 1, "drop.pin");
    let (locker, help) = (LOCKER, HelpId(1));
    let handle = |caller| Ask::HandleHelp { caller, locker, help };
    let denied = world.ask(handle(max));
    assert_eq!(denied, Ok(Answer::Denied(Denial::NoRight { right: Right::AnswerHelp })));
    assert_eq!(world.ask(handle(rita)), Ok(Answer::Help { locker, help, answer: HelpAnswer::Coming }));
    assert_eq!(world.ask(handle(ada)), Err(Refusal::HelpClosed));
    let calls = world.office.help_calls(&ada, &world.now).unwrap();
    assert_eq!(calls[0].handled_by.as_deref(), Some("Rita Desk"));
    assert_eq!(seen(&world, ada), [(1, 0, Handled)]);
    world.pass(599_999);
    assert_eq!(seen(&world, ada), [(1, 0, Handled)]);
    world.pass(1);
    assert_eq!(seen(&world, ada), []);
    assert!(world.office.wishes().is_empty(), "a handled call is not told again");
}

#[test]
fn help_02_who_disregards_a_call_closes_it_for_that_user_alone() {
    let mut world = World::new();
    let (ada, rita) = (world.log_in(ADA), world.log_in(RITA));
    let ada_too = world.log_in(ADA);
    call(&mut world, LOCKER, 1, "drop.pin");
    let disregard = Ask::DisregardHelp { caller: ada, locker: LOCKER, help: HelpId(1) };
    assert_eq!(world.ask(disregard.clone()), Ok(Answer::Done));
    assert_eq!(world.ask(disregard), Err(Refusal::HelpClosed));
    assert_eq!(seen(&world, ada), []);
    assert_eq!(seen(&world, ada_too), [], "the user's other tablet");
    assert_eq!(seen(&world, rita), [(1, 0, Open)]);
}

#[test]
fn help_03_one_open_call_per_locker_and_a_repeat_adds_to_it() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    call(&mut world, LOCKER, 1, "drop.pin");
    world.pass(60_000);
    call(&mut world, LOCKER, 1, "drop.confirm");
    call(&mut world, OTHER, 1, "pick.pin");
    let calls = world.office.help_calls(&ada, &world.now).unwrap();
    let rows: Vec<_> = calls
        .iter()
        .map(|call| (call.locker, call.step.as_str(), call.repeats, call.at.0 - MORNING.0))
        .collect();
    assert_eq!(rows, [(OTHER, "pick.pin", 0, 60_000), (LOCKER, "drop.confirm", 1, 0)]);
}

#[test]
fn help_03_not_handled_in_three_minutes_it_is_told_again_to_all_and_by_mail() {
    let mut world = World::new();
    let (ada, rita) = (world.log_in(ADA), world.log_in(RITA));
    call(&mut world, LOCKER, 1, "drop.pin");
    world.ask(Ask::DisregardHelp { caller: ada, locker: LOCKER, help: HelpId(1) }).unwrap();
    world.pass(100_000);
    call(&mut world, LOCKER, 1, "drop.pin");
    world.pass(79_999);
    assert_eq!(seen(&world, ada), []);
    assert!(world.office.wishes().is_empty());
    world.pass(1);
    assert_eq!(seen(&world, ada), [(1, 1, Open)], "told again, who disregarded it included");
    assert_eq!(seen(&world, rita), [(1, 1, Open)]);
    let wishes = world.office.wishes();
    assert_eq!(wishes.len(), 1);
    assert_eq!(wishes[0].kind, WishKind::HelpNotHandled { locker: LOCKER, help: HelpId(1) });
    world.note(Told::WishDone { wish: wishes[0].id });
    assert!(world.office.wishes().is_empty());
    world.pass(3_600_000);
    assert!(world.office.wishes().is_empty(), "once");
}

#[test]
fn help_03_the_three_minutes_run_on_while_the_office_is_off() {
    let mut world = World::new();
    call(&mut world, LOCKER, 1, "drop.pin");
    world.pass(60_000);
    world.restart(119_999);
    assert!(world.office.wishes().is_empty());
    world.pass(1);
    assert_eq!(world.office.wishes().len(), 1);
}

#[test]
fn help_03_a_call_after_a_handled_one_is_open_again() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    let handle = |help| Ask::HandleHelp { caller: ada, locker: LOCKER, help: HelpId(help) };
    call(&mut world, LOCKER, 1, "drop.pin");
    world.ask(handle(1)).unwrap();
    call(&mut world, LOCKER, 1, "drop.pin");
    assert_eq!(seen(&world, ada), [(1, 1, Open)], "nobody came");
    world.ask(handle(1)).unwrap();
    call(&mut world, LOCKER, 2, "pick.pin");
    assert_eq!(seen(&world, ada), [(2, 0, Open)]);
    assert_eq!(world.ask(handle(1)), Err(Refusal::HelpClosed));
    world.pass(180_000);
    assert_eq!(world.office.wishes().len(), 1);
}

fn unrecorded(world: &World, help: u64, calls: u32) -> UnrecordedCall {
    let at = At { boot: Boot(1), mono: world.now.mono, wall: MORNING };
    UnrecordedCall { locker: LOCKER, help: HelpId(help), step: "drop.pin".into(), at, calls }
}

/// Id, repeats, state, and whether it is marked as not recorded.
fn marked(world: &World, caller: Caller) -> Vec<(u64, u32, HelpStateView, bool)> {
    let calls = world.office.help_calls(&caller, &world.now).unwrap();
    calls.iter().map(|call| (call.id.0, call.repeats, call.state, call.unrecorded)).collect()
}

fn handle(world: &mut World, caller: Caller, help: u64) -> Result<Answer, Refusal> {
    world.ask(Ask::HandleHelp { caller, locker: LOCKER, help: HelpId(help) })
}

#[test]
fn safe_08_help_01_a_call_that_the_locker_cannot_record_is_shown_marked_and_recorded_nowhere() {
    let mut world = World::new();
    let (ada, rita) = (world.log_in(ADA), world.log_in(RITA));
    let records = world.journal.len();
    let call = unrecorded(&world, 1, 1);
    assert!(world.office.is_news(&call));
    world.note(Told::Unrecorded(call.clone()));
    assert!(!world.office.is_news(&call));
    world.note(Told::Unrecorded(call.clone()));
    assert_eq!(marked(&world, ada), [(1, 0, Open, true)], "told twice, called once");
    let again = UnrecordedCall { calls: 3, ..call };
    world.note(Told::Unrecorded(again));
    assert_eq!(marked(&world, ada), [(1, 2, Open, true)]);
    assert_eq!(world.office.help_calls(&ada, &world.now).unwrap()[0].at, MORNING);
    world.ask(Ask::DisregardHelp { caller: ada, locker: LOCKER, help: HelpId(1) }).unwrap();
    assert_eq!(marked(&world, ada), []);
    world.pass(180_000);
    assert_eq!(marked(&world, ada), [(1, 2, Open, true)], "told again (HELP-3)");
    let coming = Answer::Help { locker: LOCKER, help: HelpId(1), answer: HelpAnswer::Coming };
    assert_eq!(handle(&mut world, rita, 1), Ok(coming));
    assert_eq!(handle(&mut world, ada, 1), Err(Refusal::HelpClosed));
    assert_eq!(marked(&world, ada), [(1, 2, Handled, true)]);
    assert_eq!(world.journal.len(), records, "never stored");
    let unknown = UnrecordedCall { locker: locker_core::LockerId(9), ..unrecorded(&world, 1, 1) };
    assert!(!world.office.is_news(&unknown));
}

#[test]
fn safe_08_a_call_that_is_recorded_later_takes_the_place_of_the_unrecorded_one() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    let open = unrecorded(&world, 1, 1);
    world.note(Told::Unrecorded(open));
    call(&mut world, LOCKER, 1, "drop.pin");
    assert_eq!(marked(&world, ada), [(1, 0, Open, false)], "one call");
    handle(&mut world, ada, 1).unwrap();
    // Handled just before the locker, which has not heard of it, records it.
    let open = unrecorded(&world, 2, 1);
    world.note(Told::Unrecorded(open));
    handle(&mut world, ada, 2).unwrap();
    call(&mut world, LOCKER, 2, "drop.pin");
    assert_eq!(marked(&world, ada), [(2, 0, Handled, false)], "nobody is called twice");
}

#[test]
fn safe_08_a_call_of_another_boot_with_the_number_of_a_handled_one_is_open() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    let before = unrecorded(&world, 1, 1);
    let before = UnrecordedCall { at: At { boot: Boot(7), ..before.at }, ..before };
    world.note(Told::Unrecorded(before));
    handle(&mut world, ada, 1).unwrap();
    call(&mut world, LOCKER, 1, "start");
    assert_eq!(marked(&world, ada), [(1, 0, Open, false)]);
}

#[test]
fn safe_08_a_repeat_after_somebody_handled_it_opens_the_call_again() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    let once = unrecorded(&world, 1, 1);
    world.note(Told::Unrecorded(once));
    handle(&mut world, ada, 1).unwrap();
    let twice = unrecorded(&world, 1, 2);
    world.note(Told::Unrecorded(twice));
    assert_eq!(marked(&world, ada), [(1, 1, Open, true)], "nobody came");
}

#[test]
fn safe_08_an_office_without_a_journal_answers_recorded_calls_too_and_records_it_later() {
    let mut world = World::new();
    let (ada, rita) = (world.log_in(ADA), world.log_in(RITA));
    call(&mut world, LOCKER, 1, "drop.pin");
    let records = world.journal.len();
    world.note(Told::Store(Store::Down));
    world.ask(Ask::DisregardHelp { caller: ada, locker: LOCKER, help: HelpId(1) }).unwrap();
    assert_eq!((seen(&world, ada), seen(&world, rita)), (vec![], vec![(1, 0, Open)]));
    let again = unrecorded(&world, 1, 1);
    world.note(Told::Unrecorded(again));
    assert_eq!(marked(&world, rita), [(1, 1, Open, true)], "a repeat adds to the recorded call");
    assert!(handle(&mut world, rita, 1).is_ok());
    assert_eq!(marked(&world, ada), [(1, 1, Handled, true)]);
    assert_eq!(world.journal.len(), records);
    world.note(Told::Store(Store::Up));
    assert_eq!(world.journal.len(), records + 1, "who handled it is recorded");
    assert_eq!(handle(&mut world, ada, 1), Err(Refusal::HelpClosed));
    world.pass(600_000);
    assert!(world.office.wishes().is_empty(), "a handled call is not told again");
}

#[test]
fn safe_08_who_handles_an_unrecorded_call_has_not_handled_the_recorded_one() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    call(&mut world, LOCKER, 1, "drop.pin");
    let other = unrecorded(&world, 2, 1);
    world.note(Told::Unrecorded(other));
    let records = world.journal.len();
    handle(&mut world, ada, 2).unwrap();
    assert_eq!(world.journal.len(), records);
}

#[test]
fn safe_08_a_call_that_was_handled_on_record_is_not_recorded_again_after_a_repeat_without_one() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    call(&mut world, LOCKER, 1, "drop.pin");
    handle(&mut world, ada, 1).unwrap();
    world.note(Told::Store(Store::Down));
    let again = unrecorded(&world, 1, 1);
    world.note(Told::Unrecorded(again));
    handle(&mut world, ada, 1).unwrap();
    let records = world.journal.len();
    world.note(Told::Store(Store::Up));
    assert_eq!(world.journal.len(), records, "it is closed on record");
}

#[test]
fn safe_08_help_03_what_is_due_when_the_journal_goes_down_is_not_recorded() {
    let mut world = World::new();
    call(&mut world, LOCKER, 1, "drop.pin");
    let records = world.journal.len();
    world.now.mono = world.now.mono.after(180_000);
    world.note(Told::Store(Store::Down));
    assert_eq!(world.journal.len(), records);
}
