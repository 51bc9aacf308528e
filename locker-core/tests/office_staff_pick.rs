//! Staff pick up a key: right, ticket, scan (STAFF-PICK).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{Answer, Ask, Custody, CustodyKind, Denial, Refusal, Right, ScanOutcome};
use locker_core::{Act, CheckReason, FactKind, Proof, Secret, ServiceReason, TicketId};
use office_world::*;

#[test]
fn staff_pick_01_without_the_right_it_is_denied_with_whom_to_ask_and_logged() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let milo = world.log_in(MILO);
    let denied = world.request(milo, pick_up(FIRST), CODE);
    let denial = Denial::NoRight { right: Right::PickUp };
    assert_eq!(denied, Ok(Answer::Denied(denial)));
    assert_eq!(denial.to_string(), "the right key.pick_up is missing: ask a dealer admin");
    let me = world.office.me(&milo, &world.now).unwrap();
    assert_eq!(me.dealer_admins, ["Ada Admin"]);
    assert_eq!(me.ticket, None);
    let ada = world.log_in(ADA);
    let log = world.office.activity(&ada).unwrap().unwrap();
    let row = log.iter().find(|row| row.kind == "ask.denied").unwrap();
    assert_eq!((row.user, row.visit, row.code), (Some(MILO), Some(FIRST), Some(250)));
    let rita = world.log_in(RITA);
    assert!(world.office.activity(&rita).unwrap().is_err());
}

#[test]
fn staff_pick_02_the_visit_whose_key_is_in_a_box_has_an_icon_and_comes_first() {
    let mut world = World::new();
    let (max, milo) = (world.log_in(MAX), world.log_in(MILO));
    let ids = |world: &World| {
        let page = world.office.main_page(&max, &world.now).unwrap();
        page.iter().map(|row| (row.id, row.key_icon, row.may_pick_up)).collect::<Vec<_>>()
    };
    assert_eq!(ids(&world), [(FIRST, false, false), (SECOND, false, false)]);
    world.pass(1_000);
    world.dropped(SECOND, 4);
    assert_eq!(ids(&world), [(SECOND, true, true), (FIRST, false, false)]);
    world.pass(1_000);
    world.dropped(FIRST, 5);
    assert_eq!(ids(&world), [(FIRST, true, true), (SECOND, true, true)]);
    let page = world.office.main_page(&milo, &world.now).unwrap();
    assert!(page[0].key_icon && !page[0].may_pick_up);
    assert_eq!(page[0].dropped_at.unwrap().0, MORNING.0 + 2_000);
    assert!(page[0].driver.answered);
    assert_eq!(page[0].custody.kind, CustodyKind::Box);
    assert_eq!(page[0].custody.box_no, Some(box_no(5)));
    assert!(!page[0].uncollected);
}

#[test]
fn pick_04_a_key_that_staff_do_not_fetch_is_marked_after_a_day() {
    let mut world = World::new();
    let max = world.log_in(MAX);
    world.dropped(FIRST, 4);
    world.pass(86_399_999);
    assert!(!world.office.main_page(&max, &world.now).unwrap()[0].uncollected);
    world.pass(1);
    assert!(world.office.main_page(&max, &world.now).unwrap()[0].uncollected);
}

#[test]
fn staff_pick_03_the_right_code_gives_a_ticket_of_ten_minutes_for_the_locker_that_holds_the_key() {
    let mut world = World::new();
    let max = world.log_in(MAX);
    let early = world.request(max, pick_up(FIRST), CODE);
    assert_eq!(early, Err(Refusal::KeyNotInBox));
    world.dropped(FIRST, 4);
    let ticket = world.ticket(max, pick_up(FIRST));
    let held = world.office.me(&max, &world.now).unwrap().ticket.unwrap();
    assert_eq!((held.id, held.locker, held.left_ms), (ticket, LOCKER, 600_000));
    world.pass(599_999);
    assert!(world.office.me(&max, &world.now).unwrap().ticket.is_some());
    world.forward(max, pick_up(FIRST));
    let mut over = world.now;
    over.mono = over.mono.after(1);
    assert_eq!(world.office.me(&max, &over).unwrap().ticket, None, "before anything noticed the time");
    world.pass(1);
    assert_eq!(world.office.me(&max, &world.now).unwrap().ticket, None);
    let late = world.scan(max, pick_up(FIRST), qr(LOCKER, 7));
    assert_eq!(late, Ok(Answer::Denied(Denial::TicketExpired)));
}

#[test]
fn staff_pick_03_a_tablet_holds_one_ticket_and_a_new_one_replaces_it() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    world.dropped(SECOND, 5);
    let max = world.log_in(MAX);
    world.ticket(max, pick_up(FIRST));
    world.ticket(max, pick_up(SECOND));
    let other = world.scan(max, pick_up(FIRST), qr(LOCKER, 7));
    assert_eq!(other, Ok(Answer::Denied(Denial::OtherAct)));
    world.forward(max, pick_up(SECOND));
    assert_eq!(world.ask(Ask::DropTicket { caller: max }), Ok(Answer::Done));
    assert_eq!(world.ask(Ask::DropTicket { caller: max }), Err(Refusal::NoTicket));
    let none = world.scan(max, pick_up(SECOND), qr(LOCKER, 7));
    assert_eq!(none, Ok(Answer::Denied(Denial::NoTicket)));
}

#[test]
fn staff_pick_03_a_ticket_grows_older_while_the_office_is_off_and_dies_in_doubtful_time() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    world.ticket(max, pick_up(FIRST));
    world.pass(60_000);
    world.restart(539_999);
    assert!(world.office.me(&max, &world.now).unwrap().ticket.is_some());
    world.pass(1);
    assert_eq!(world.office.me(&max, &world.now).unwrap().ticket, None);

    world.ticket(max, pick_up(FIRST));
    world.restart(-1);
    assert_eq!(world.office.me(&max, &world.now).unwrap().ticket, None, "the clock went back");

    world.ticket(max, pick_up(FIRST));
    world.now = world.now.untrusted();
    world.restart(1_000);
    assert_eq!(world.office.me(&max, &world.now).unwrap().ticket, None, "nobody knows the time");
}

#[test]
fn staff_pick_06_the_scan_goes_to_the_locker_with_act_user_and_ticket() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    let ticket = world.ticket(max, pick_up(FIRST));
    let scan = world.forward(max, pick_up(FIRST));
    assert_eq!((scan.act, scan.user, scan.ticket), (pick_up(FIRST), MAX, ticket));
    assert_eq!(scan.proof, Proof::Qr(Secret::new([7; 16])));
    let again = world.forward(max, pick_up(FIRST));
    assert_eq!(again.id.0, scan.id.0 + 1, "a scan acts once, so each has its own id");
}

#[test]
fn staff_pick_06_only_a_tablet_with_a_live_ticket_for_this_act_and_locker_can_use_it() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let (max, rita) = (world.log_in(MAX), world.log_in(RITA));
    world.ticket(max, pick_up(FIRST));
    let cases = [
        (rita, pick_up(FIRST), qr(LOCKER, 7), Denial::NoTicket),
        (max, pick_up(SECOND), qr(LOCKER, 7), Denial::OtherAct),
        (max, pick_up(FIRST), qr(OTHER, 7), Denial::OtherLocker),
        (max, pick_up(FIRST), secret("KEYLOCKER:1:1:00"), Denial::NotOurQr),
        (max, pick_up(FIRST), secret("https://example.invalid"), Denial::NotOurQr),
        (max, pick_up(FIRST), secret("1234567"), Denial::NotOurQr),
        (max, pick_up(FIRST), secret("123456789"), Denial::NotOurQr),
    ];
    for (caller, act, text, denial) in cases {
        let answer = world.scan(caller, act, text);
        assert_eq!(answer, Ok(Answer::Denied(denial)), "{denial}");
    }
    world.forward(max, pick_up(FIRST));
    let ada = world.log_in(ADA);
    let log = world.office.activity(&ada).unwrap().unwrap();
    assert_eq!(log.iter().filter(|row| row.kind == "ask.denied").count(), 7);
}

#[test]
fn staff_pick_06_a_denied_scan_leaves_the_ticket_and_an_opening_spends_it() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    let ticket = world.ticket(max, pick_up(FIRST));
    let scan = world.forward(max, pick_up(FIRST));
    world.answered(&scan, ScanOutcome::Denied { code: 211 });
    assert!(world.office.me(&max, &world.now).unwrap().ticket.is_some());

    let scan = world.forward(max, pick_up(FIRST));
    world.answered(&scan, ScanOutcome::Granted);
    assert!(
        world.office.me(&max, &world.now).unwrap().ticket.is_some(),
        "nothing has opened yet, and a jammed box spends nothing (BOX-4)"
    );
    world
        .fact(LOCKER, FactKind::OpenedForStaff { box_no: box_no(4), scan: scan.id, user: MAX, typed: false });
    assert_eq!(world.office.me(&max, &world.now).unwrap().ticket, None);
    let used = world.scan(max, pick_up(FIRST), qr(LOCKER, 8));
    assert_eq!(used, Ok(Answer::Denied(Denial::TicketUsed)));
    world.fact(LOCKER, FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: MAX, ticket });
    assert_eq!(world.office.custody(FIRST), Custody::Staff { user: MAX });
    let page = world.office.visit_page(&max, FIRST, &world.now).unwrap();
    assert_eq!(page.visit.custody.user.as_deref(), Some("Max Wrench"));
    let ada = world.log_in(ADA);
    let log = world.office.activity(&ada).unwrap().unwrap();
    let answers: Vec<_> = log.iter().filter(|row| row.kind == "scan.answered").collect();
    assert_eq!(answers.iter().map(|row| row.code).collect::<Vec<_>>(), [None, Some(211)]);
}

#[test]
fn box_04_a_jammed_door_spends_no_ticket() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    let ticket = world.ticket(max, pick_up(FIRST));
    let scan = world.forward(max, pick_up(FIRST));
    let opened = |scan: &locker_core::Scan| FactKind::OpenedForStaff {
        box_no: box_no(4),
        scan: scan.id,
        user: MAX,
        typed: false,
    };
    let jammed = |number| FactKind::OutOfService { box_no: box_no(number), reason: ServiceReason::Jammed };
    world.fact(LOCKER, opened(&scan));
    world.fact(LOCKER, jammed(5));
    assert_eq!(world.office.me(&max, &world.now).unwrap().ticket, None, "another box");
    world.fact(LOCKER, jammed(4));
    assert_eq!(world.office.me(&max, &world.now).unwrap().ticket.unwrap().id, ticket);
    let scan = world.forward(max, pick_up(FIRST));
    world.fact(LOCKER, opened(&scan));
    let unconfirmed = FactKind::ToCheck {
        box_no: box_no(4),
        visit: Some(FIRST),
        user: Some(MAX),
        reason: CheckReason::Unconfirmed,
    };
    world.fact(LOCKER, unconfirmed);
    world.fact(LOCKER, jammed(4));
    assert_eq!(world.office.me(&max, &world.now).unwrap().ticket, None, "it had opened");
}

#[test]
fn box_04_a_ticket_given_back_is_no_younger() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    world.ticket(max, pick_up(FIRST));
    let scan = world.forward(max, pick_up(FIRST));
    let (box_no, reason) = (box_no(4), ServiceReason::Jammed);
    world.fact(LOCKER, FactKind::OpenedForStaff { box_no, scan: scan.id, user: MAX, typed: false });
    world.pass(60_000);
    world.restart(60_000);
    world.pass(480_000);
    world.fact(LOCKER, FactKind::OutOfService { box_no, reason });
    world.pass(1);
    let late = world.scan(max, pick_up(FIRST), qr(LOCKER, 7));
    assert_eq!(late, Ok(Answer::Denied(Denial::TicketExpired)));
}

#[test]
fn staff_pick_06_right_user_and_key_are_checked_again_at_the_scan() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    let rita = world.log_in(RITA);
    world.ticket(max, pick_up(FIRST));
    let ticket = world.ticket(rita, pick_up(FIRST));
    world.fact(LOCKER, FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: RITA, ticket });
    let gone = world.scan(max, pick_up(FIRST), qr(LOCKER, 7));
    assert_eq!(gone, Ok(Answer::Denied(Denial::KeyGone)));
    let used = world.scan(rita, pick_up(FIRST), qr(LOCKER, 7));
    assert_eq!(used, Ok(Answer::Denied(Denial::TicketUsed)));
}

#[test]
fn staff_pick_03_a_pick_up_ticket_is_good_only_where_the_key_is() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    let elsewhere = Ask::RequestTicket {
        caller: max,
        act: pick_up(FIRST),
        locker: Some(OTHER),
        contact: None,
        security_code: secret(CODE),
    };
    assert_eq!(world.ask(elsewhere), Err(Refusal::KeyNotInBox));
    world.ticket(max, pick_up(FIRST));
    world.pass(1_000);
    let evidence = locker_core::Evidence::Seen;
    world.fact(
        OTHER,
        FactKind::KeyDropped { visit: FIRST, box_no: box_no(1), evidence, user: None, ticket: None },
    );
    let gone = world.scan(max, pick_up(FIRST), qr(LOCKER, 7));
    assert_eq!(gone, Ok(Answer::Denied(Denial::KeyGone)), "it is in another locker now");
}

#[test]
fn staff_pick_06_a_ticket_is_tried_twenty_times_at_most() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    world.ticket(max, pick_up(FIRST));
    for _ in 0..20 {
        world.forward(max, pick_up(FIRST));
    }
    let more = world.scan(max, pick_up(FIRST), qr(LOCKER, 7));
    assert_eq!(more, Ok(Answer::Denied(Denial::TooManyScans)));
}

#[test]
fn staff_pick_07_eight_digits_go_to_the_tickets_locker_and_are_logged_as_typed() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let ada = world.log_in(ADA);
    world.ticket(ada, pick_up(FIRST));
    let answer = world.scan(ada, pick_up(FIRST), secret("1234 5678")).unwrap();
    let Answer::Forward { locker, scan } = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(locker, LOCKER);
    assert_eq!(scan.proof, Proof::Typed(Secret::new(*b"12345678")));
    let log = world.office.activity(&ada).unwrap().unwrap();
    assert_eq!(log[0].kind, "scan.typed");
    let elsewhere = world.ask(Ask::Scan {
        caller: ada,
        act: pick_up(FIRST),
        text: secret("12345678"),
        locker: Some(OTHER),
    });
    assert_eq!(elsewhere, Ok(Answer::Denied(Denial::OtherLocker)));
}

#[test]
fn staff_pick_07_typing_can_be_switched_off() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    world.ticket(max, pick_up(FIRST));
    let mut input = locker("Front");
    input.settings.typed_code = false;
    world
        .ask(Ask::SetLocker {
            by: locker_core::office::By::Host,
            locker: Some(LOCKER),
            settings: input.settings,
            boxes: 16,
        })
        .unwrap();
    let typed = world.scan(max, pick_up(FIRST), secret("12345678"));
    assert_eq!(typed, Err(Refusal::TypedOff));
    world.forward(max, pick_up(FIRST));
}

#[test]
fn box_13_a_check_needs_its_own_right_a_locker_and_a_box_of_it() {
    let mut world = World::new();
    let (max, rita) = (world.log_in(MAX), world.log_in(RITA));
    let denied = world.request(max, check(4), CODE);
    assert_eq!(denied, Ok(Answer::Denied(Denial::NoRight { right: Right::Check })));
    let which = world.ask(Ask::RequestTicket {
        caller: rita,
        act: check(4),
        locker: None,
        contact: None,
        security_code: secret(CODE),
    });
    assert_eq!(which, Err(Refusal::WhichLocker), "there are two");
    assert_eq!(world.request(rita, check(17), CODE), Err(Refusal::NoSuchBox));
    world.ticket(rita, check(16));
    let scan = world.forward(rita, check(16));
    assert_eq!(scan.act, Act::Check { box_no: box_no(16) });
}

/// A key is to be taken, the box of its ticket has opened, and then `what` happens.
fn opened_then(what: impl FnOnce(&mut World)) -> Option<TicketId> {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    world.ticket(max, pick_up(FIRST));
    let scan = world.forward(max, pick_up(FIRST));
    let opened = FactKind::OpenedForStaff { box_no: box_no(4), scan: scan.id, user: MAX, typed: false };
    world.fact(LOCKER, opened);
    what(&mut world);
    world.fact(LOCKER, FactKind::OutOfService { box_no: box_no(4), reason: ServiceReason::Jammed });
    world.office.me(&max, &world.now).unwrap().ticket.map(|ticket| ticket.id)
}

#[test]
fn box_04_what_is_told_of_another_box_keeps_no_ticket_from_coming_back() {
    let to_check = |number| FactKind::ToCheck {
        box_no: box_no(number),
        visit: None,
        user: None,
        reason: CheckReason::Forced,
    };
    assert!(opened_then(|_| {}).is_some());
    assert!(opened_then(|world| world.fact(LOCKER, to_check(5))).is_some());
    assert!(opened_then(|world| world.fact(OTHER, to_check(4))).is_some());
    assert!(opened_then(|world| world.fact(LOCKER, to_check(4))).is_none(), "it had opened");
}

#[test]
fn safe_07_box_04_no_ticket_comes_back_over_a_start_that_is_in_doubt() {
    assert!(opened_then(|world| world.restart(1_000)).is_some());
    assert!(opened_then(|world| world.restart(-1)).is_none(), "the clock went back");
    let unknown = |world: &mut World| {
        world.now = world.now.untrusted();
        world.restart(1_000);
    };
    assert!(opened_then(unknown).is_none());
}
