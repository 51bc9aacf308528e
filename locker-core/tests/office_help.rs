//! Calls for help (HELP-1 to HELP-3).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{Answer, Ask, Caller, Denial, HelpStateView, Refusal, Right, Told, WishKind};
use locker_core::{FactKind, HelpAnswer, HelpId};
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
