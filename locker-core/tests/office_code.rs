//! The security code (CODE-6).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{
    Answer, Ask, By, Caller, CodeHolder, CodeState, Denial, NoticeKind, Refusal, WishKind,
};
use office_world::*;

const WRONG: &str = "4712";

fn wrong(world: &mut World, caller: Caller, times: usize) {
    for _ in 0..times {
        let answer = world.request(caller, pick_up(FIRST), WRONG);
        assert_eq!(answer, Ok(Answer::Denied(Denial::WrongSecurityCode)));
    }
}

fn with_key() -> (World, Caller) {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    (world, max)
}

#[test]
fn code_06_the_security_code_is_a_number_from_1000_to_9999_set_by_a_dealer_admin() {
    let mut world = World::empty();
    world.import(dealership());
    let (ada, rita) = (world.log_in(ADA), world.log_in(RITA));
    assert!(!world.office.has_security_code());
    let none = world.request(rita, check(1), CODE);
    assert_eq!(none, Err(Refusal::NoSecurityCode));
    for bad in ["", "999", "0999", "10000", "12a4", "١٢٣٤"] {
        let refused = world.set_code(By::User(ada), bad);
        assert_eq!(refused, Err(Refusal::NotASecurityCode), "{bad}");
    }
    let denied = world.set_code(By::User(rita), "1000");
    assert_eq!(denied, Ok(Answer::Denied(Denial::NotDealerAdmin)));
    for good in ["1000", "9999"] {
        assert_eq!(world.set_code(By::User(ada), good), Ok(Answer::Done));
    }
    let rita = world.log_in(RITA);
    let malformed = world.request(rita, check(1), "99999");
    assert_eq!(malformed, Err(Refusal::NotASecurityCode));
    assert!(matches!(world.request(rita, check(1), "9999"), Ok(Answer::Ticket { .. })));
}

#[test]
fn code_06_the_security_code_and_the_token_are_in_no_record() {
    let mut world = World::new();
    let token = world.token(MAX, None);
    let text = token.text();
    let (_, hex) = text.reveal().split_once('-').unwrap();
    for entry in &world.journal {
        let body = String::from_utf8(entry.body.clone()).unwrap();
        assert!(!body.contains(hex) && !body.contains("4711"), "record {}", entry.seq);
        for name in ["Ada", "Wrench", "ABC-123", "example.invalid", "rita"] {
            assert!(!body.contains(name), "record {} holds a name", entry.seq);
        }
    }
}

#[test]
fn code_06_after_five_wrong_codes_user_and_tablet_wait_fifteen_minutes() {
    let (mut world, max) = with_key();
    wrong(&mut world, max, 5);
    let barred = world.request(max, pick_up(FIRST), CODE);
    assert_eq!(barred, Err(Refusal::CodeWaits { for_ms: 900_000 }));

    let elsewhere = world.log_in(MAX);
    let barred = world.request(elsewhere, pick_up(FIRST), CODE);
    assert_eq!(barred, Err(Refusal::CodeWaits { for_ms: 900_000 }), "the user waits");

    world.pass(899_999);
    let barred = world.request(max, pick_up(FIRST), CODE);
    assert_eq!(barred, Err(Refusal::CodeWaits { for_ms: 1 }));
    let state = world.office.me(&max, &world.now).unwrap().security_code;
    assert_eq!(state, CodeState::Waits { for_ms: 1 });
    world.pass(1);
    let state = world.office.me(&max, &world.now).unwrap().security_code;
    assert_eq!(state, CodeState::Open);
    world.ticket(max, pick_up(FIRST));
}

#[test]
fn code_06_a_late_host_lets_the_wait_end_all_the_same() {
    let (mut world, max) = with_key();
    wrong(&mut world, max, 5);
    // No tick in between: the request itself settles what was due.
    world.now.mono = world.now.mono.after(900_000);
    world.ticket(max, pick_up(FIRST));
}

#[test]
fn code_06_the_tablet_waits_too_whoever_holds_it() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let token = world.token(MAX, None);
    let max = world.office.authorize(&token).unwrap();
    wrong(&mut world, max, 5);
    world.ask(Ask::LogOut { caller: max }).unwrap();
    let token = world.token(RITA, Some(&token));
    let rita = world.office.authorize(&token).unwrap();
    assert_eq!(rita.tablet(), max.tablet(), "the browser stays the same tablet");
    let barred = world.request(rita, pick_up(FIRST), CODE);
    assert_eq!(barred, Err(Refusal::CodeWaits { for_ms: 900_000 }));
    let rita = world.log_in(RITA);
    world.ticket(rita, pick_up(FIRST));
}

#[test]
fn code_06_a_right_code_begins_the_count_again() {
    let (mut world, max) = with_key();
    for _ in 0..3 {
        wrong(&mut world, max, 4);
        world.ticket(max, pick_up(FIRST));
    }
    assert_eq!(world.office.wrong_codes(CodeHolder::User(MAX)), Some(0));
}

#[test]
fn code_06_after_ten_wrong_codes_it_is_locked_until_a_dealer_admin_lifts_it_and_the_location_is_told() {
    let (mut world, max) = with_key();
    wrong(&mut world, max, 5);
    world.pass(900_000);
    wrong(&mut world, max, 4);
    assert!(world.office.wishes().is_empty());
    wrong(&mut world, max, 1);
    assert_eq!(world.request(max, pick_up(FIRST), CODE), Err(Refusal::CodeLocked));
    world.pass(86_400_000);
    assert_eq!(world.request(max, pick_up(FIRST), CODE), Err(Refusal::CodeLocked));
    let wishes = world.office.wishes();
    assert_eq!(wishes.len(), 1);
    let tablet = max.tablet();
    assert_eq!(wishes[0].kind, WishKind::SecurityCodeLocked { user: MAX, tablet });
    let (ada, rita) = (world.log_in(ADA), world.log_in(RITA));
    let notices = world.office.notices(&rita).unwrap();
    assert_eq!(notices[0].kind, NoticeKind::SecurityCodeLocked);
    assert_eq!(notices[0].user.as_deref(), Some("Max Wrench"));

    let lift = |by, holder| Ask::LiftCodeLock { by, holder };
    let denied = world.ask(lift(By::User(rita), CodeHolder::User(MAX)));
    assert_eq!(denied, Ok(Answer::Denied(Denial::NotDealerAdmin)));
    let barred = world.office.barred_tablets(&ada, &world.now).unwrap().unwrap();
    assert_eq!((barred.len(), barred[0].id, barred[0].security_code), (1, tablet, CodeState::Locked));
    world.ask(lift(By::User(ada), CodeHolder::User(MAX))).unwrap();
    assert_eq!(world.request(max, pick_up(FIRST), CODE), Err(Refusal::CodeLocked), "the tablet still is");
    world.ask(lift(By::User(ada), CodeHolder::Tablet(tablet))).unwrap();
    world.ticket(max, pick_up(FIRST));
    let nothing = world.ask(lift(By::User(ada), CodeHolder::User(MAX)));
    assert_eq!(nothing, Err(Refusal::AlreadySo));
}

#[test]
fn code_06_count_wait_and_lock_survive_a_restart() {
    let (mut world, max) = with_key();
    wrong(&mut world, max, 4);
    world.restart(1_000);
    assert_eq!(world.office.wrong_codes(CodeHolder::User(MAX)), Some(4));
    wrong(&mut world, max, 1);
    world.pass(899_999);
    world.restart(3_600_000);
    let barred = world.request(max, pick_up(FIRST), CODE);
    assert_eq!(barred, Err(Refusal::CodeWaits { for_ms: 900_000 }), "a wait begins again in full (SAFE-7)");
    world.pass(900_000);
    world.restart(1_000);
    wrong(&mut world, max, 5);
    world.restart(86_400_000);
    assert_eq!(world.request(max, pick_up(FIRST), CODE), Err(Refusal::CodeLocked));
}

#[test]
fn code_06_after_a_change_every_tablet_logs_in_again_before_it_can_ask_for_a_ticket() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    world.dropped(SECOND, 5);
    let (max, rita, ada) = (world.log_in(MAX), world.log_in(RITA), world.log_in(ADA));
    world.ticket(max, pick_up(FIRST));
    world.set_code(By::User(ada), "1234").unwrap();
    for caller in [max, rita, ada] {
        assert_eq!(world.request(caller, pick_up(SECOND), "1234"), Err(Refusal::LogInAgain));
        assert!(world.office.me(&caller, &world.now).unwrap().log_in_again);
    }
    world.forward(max, pick_up(FIRST));
    world.restart(1_000);
    assert_eq!(world.request(rita, pick_up(SECOND), "1234"), Err(Refusal::LogInAgain));
    let rita = world.log_in(RITA);
    assert_eq!(
        world.request(rita, pick_up(SECOND), CODE),
        Ok(Answer::Denied(Denial::WrongSecurityCode)),
        "the old code is dead"
    );
    assert!(matches!(world.request(rita, pick_up(SECOND), "1234"), Ok(Answer::Ticket { .. })));
}

#[test]
fn a_token_is_worth_nothing_once_logged_out_replaced_or_changed() {
    let mut world = World::new();
    let token = world.token(MAX, None);
    let max = world.office.authorize(&token).unwrap();
    assert_eq!((max.user(), max.tablet()), (MAX, token.tablet));
    let mut forged = token.clone();
    forged.secret = locker_core::Secret::new([0; 32]);
    assert_eq!(world.office.authorize(&forged), None);
    let newer = world.token(MAX, Some(&token));
    assert_eq!(newer.tablet, token.tablet);
    assert_eq!(world.office.authorize(&token), None);
    assert_eq!(
        world.office.main_page(&max, &world.now),
        Err(Refusal::NotLoggedIn),
        "a caller of the old log-in"
    );
    let max = world.office.authorize(&newer).unwrap();
    world.ask(Ask::LogOut { caller: max }).unwrap();
    assert_eq!(world.office.authorize(&newer), None);
    assert_eq!(world.ask(Ask::LogOut { caller: max }), Err(Refusal::NotLoggedIn));
    let stranger = world.token(MILO, Some(&forged));
    assert_ne!(stranger.tablet, forged.tablet, "a forged token takes over no tablet");
}
