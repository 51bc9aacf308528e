//! PICK-4 at the office: keys that nobody comes for are told, daily.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{Told, WishKind};
use locker_core::{CheckReason, Evidence, FactKind, Finding, Store, TicketId, UserId, VisitId};
use office_world::*;

/// Staff put the key in a box for the customer.
fn handed_in(world: &mut World, visit: VisitId, number: u8) {
    let kind = FactKind::KeyDropped {
        visit,
        box_no: box_no(number),
        evidence: Evidence::Seen,
        user: Some(RITA),
        ticket: Some(TicketId(1)),
    };
    world.fact(LOCKER, kind);
}

/// What the location is to be told; the host does so.
fn told(world: &mut World) -> Vec<WishKind> {
    let wishes = world.office.wishes();
    for wish in &wishes {
        world.note(Told::WishDone { wish: wish.id });
    }
    wishes.iter().map(|wish| wish.kind).collect()
}

fn first_in(number: u8) -> WishKind {
    WishKind::KeyUncollected { visit: FIRST, locker: LOCKER, box_no: box_no(number) }
}

#[test]
fn pick_04_after_30_days_the_office_is_told_daily_until_the_key_is_out() {
    let mut world = World::new();
    handed_in(&mut world, FIRST, 4);
    world.days(29);
    assert_eq!(told(&mut world), []);
    world.days(1);
    assert_eq!(told(&mut world), [first_in(4)]);
    world.pass(3_600_000);
    assert_eq!(told(&mut world), [], "once a day");
    world.restart(1_000);
    world.pass(1);
    assert_eq!(told(&mut world), [], "and not again after a restart");
    for _ in 0..3 {
        world.days(1);
        assert_eq!(told(&mut world), [first_in(4)]);
    }
    let kind = FactKind::KeyCollected { visit: FIRST, box_no: box_no(4), evidence: Evidence::Seen };
    world.fact(LOCKER, kind);
    world.days(1);
    assert_eq!(told(&mut world), []);
}

#[test]
fn pick_04_the_30_days_are_those_of_the_pin_whoever_looked_into_the_box_meanwhile() {
    let mut world = World::new();
    handed_in(&mut world, FIRST, 4);
    world.days(20);
    let (at, visit) = (box_no(4), Some(FIRST));
    world.fact(LOCKER, FactKind::ToCheck { box_no: at, visit, user: None, reason: CheckReason::Forced });
    world.fact(
        LOCKER,
        FactKind::Settled {
            box_no: box_no(4),
            visit: Some(FIRST),
            finding: Finding::KeyStays,
            user: Some(RITA),
        },
    );
    world.days(10);
    assert_eq!(told(&mut world), [first_in(4)]);
}

/// Staff had the key, and a box was opened for them to put it in; the power went before they confirmed. It was in there.
fn found_unconfirmed(world: &mut World, number: u8, user: Option<UserId>) {
    let (visit, box_no) = (Some(FIRST), box_no(number));
    world.fact(LOCKER, FactKind::ToCheck { box_no, visit, user, reason: CheckReason::Interrupted });
    let finding = Finding::KeyStays;
    world.fact(LOCKER, FactKind::Settled { box_no, visit, finding, user: Some(RITA) });
}

#[test]
fn pick_04_a_key_that_staff_put_in_and_nobody_confirmed_waits_from_then_on_not_from_an_earlier_time() {
    let mut world = World::new();
    handed_in(&mut world, FIRST, 4);
    let taken = FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: MAX, ticket: TicketId(1) };
    world.fact(LOCKER, taken);
    world.days(10);
    found_unconfirmed(&mut world, 5, Some(RITA));
    world.days(29);
    assert_eq!(told(&mut world), []);
    world.days(1);
    assert_eq!(told(&mut world), [first_in(5)]);
}

#[test]
fn pick_04_staff_drop_06_a_key_that_staff_put_in_and_nobody_confirmed_is_for_its_customer() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let taken = FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: MAX, ticket: TicketId(1) };
    world.fact(LOCKER, taken);
    found_unconfirmed(&mut world, 5, Some(MAX));
    let rita = world.log_in(RITA);
    assert!(world.office.main_page(&rita, &world.now).unwrap()[0].outbound);
    world.days(30);
    assert_eq!(told(&mut world), [first_in(5)]);
}

#[test]
fn pick_04_a_key_that_a_customer_put_in_and_nobody_confirmed_waits_for_nobody() {
    let mut world = World::new();
    found_unconfirmed(&mut world, 5, None);
    world.days(40);
    assert_eq!(told(&mut world), []);
    let rita = world.log_in(RITA);
    assert!(!world.office.main_page(&rita, &world.now).unwrap()[0].outbound);
}

#[test]
fn pick_04_an_inbound_key_is_marked_and_not_told() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let marked = |world: &mut World| {
        let max = world.log_in(MAX);
        world.office.main_page(&max, &world.now).unwrap()[0].uncollected
    };
    assert!(!marked(&mut world), "it is there since a moment ago");
    world.days(40);
    assert_eq!(told(&mut world), []);
    assert!(marked(&mut world));
    let taken = FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: MAX, ticket: TicketId(1) };
    world.fact(LOCKER, taken);
    world.days(40);
    assert!(!marked(&mut world), "staff have it");
}

#[test]
fn pick_04_safe_07_a_clock_in_doubt_tells_nobody() {
    let mut world = World::new();
    handed_in(&mut world, FIRST, 4);
    world.now.wall_trusted = false;
    world.days(40);
    assert_eq!(told(&mut world), []);
    world.now.wall_trusted = true;
    world.pass(1);
    assert_eq!(told(&mut world), [first_in(4)]);
}

#[test]
fn pick_04_a_key_whose_30_days_are_over_later_that_day_is_told_then() {
    const TWO_HOURS: u64 = 2 * 3_600_000;
    let mut world = World::new();
    world.pass(TWO_HOURS);
    handed_in(&mut world, FIRST, 4);
    world.days_less(30, TWO_HOURS);
    assert_eq!(told(&mut world), []);
    world.pass(TWO_HOURS);
    assert_eq!(told(&mut world), [first_in(4)]);
}

#[test]
fn pick_04_nobody_is_told_while_nothing_can_be_recorded_and_then_at_once() {
    let mut world = World::new();
    handed_in(&mut world, FIRST, 4);
    world.note(Told::Store(Store::Down));
    let records = world.journal.len();
    world.days(30);
    assert_eq!((told(&mut world), world.journal.len()), (vec![], records));
    world.note(Told::Store(Store::Up));
    world.pass(1);
    assert_eq!(told(&mut world), [first_in(4)]);
}
