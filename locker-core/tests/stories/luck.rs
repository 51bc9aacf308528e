//! Bad luck on the outbound way (STAFF-DROP, PICK): clocks, midnight, a visit that moves, two lockers, two cars.

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{JANE, MECHANIC, OMAR, Rig, box_no, jane_mail, visit};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
const YEAR_MS: i64 = 365 * DAY_MS;

/// An hour, a day and ten years, either way.
const JUMPS: [i64; 6] = [HOUR_MS, -HOUR_MS, DAY_MS, -DAY_MS, 10 * YEAR_MS, -10 * YEAR_MS];

/// Somebody sets the wall clock; the calendar goes with it.
fn set_clock(rig: &mut Rig, jump: i64) {
    rig.wall += jump;
    rig.today = rig.today.plus_days(i32::try_from(jump / DAY_MS).unwrap());
    rig.note(Told::Tick);
}

#[test]
fn pick_02_safe_07_a_waiting_key_is_collected_whatever_the_clock_was_set_to() {
    for jump in JUMPS {
        let mut rig = Rig::new();
        let (number, pin) = rig.hand_in(JANE);
        set_clock(&mut rig, jump);
        assert_eq!(rig.collect(&pin), Answer::Done, "{jump}");
        assert_eq!(rig.served(), Some(number));
        rig.take_and_confirm(number);
        assert_eq!(rig.custody(JANE), Custody::Customer);
    }
}

#[test]
fn pick_04_safe_07_a_clock_set_forward_reminds_nobody_and_kills_no_pin_and_one_set_back_gives_no_day_more() {
    for jump in JUMPS {
        let mut rig = Rig::new();
        let (_, pin) = rig.hand_in(JANE);
        set_clock(&mut rig, jump);
        let is_doubted = jump.abs() > HOUR_MS;
        rig.leap(3 * DAY_MS as u64);
        let expected: &[Template] = if is_doubted { &[] } else { &[Template::PickUpReminder] };
        assert_eq!(rig.templates(), expected, "{jump}");
        rig.note(Told::ClockConfirmed);
        rig.note(Told::Tick);
        assert_eq!(rig.templates(), [Template::PickUpReminder], "once somebody has confirmed it");
        let fresh = rig.deliver().pop().unwrap();
        assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeReplaced));
        rig.leave();
        rig.leap(27 * DAY_MS as u64);
        assert_eq!(rig.collect(&fresh), Answer::Denied(Denial::CodeExpired), "30 days that were lived");
    }
}

#[test]
fn staff_drop_03_a_clock_that_is_set_while_staff_stand_at_the_open_box_books_the_key_all_the_same() {
    for jump in JUMPS {
        let mut rig = Rig::new();
        let Answer::Opens(opened) = rig.staff_drop(JANE) else { panic!("no box opened") };
        set_clock(&mut rig, jump);
        rig.put_key(opened.get());
        rig.close(opened.get());
        rig.press(Button::Confirm);
        assert_eq!(rig.custody(JANE), Custody::Box { box_no: opened }, "{jump}");
        assert_eq!(rig.deliver().len(), 1, "the PIN goes out");
    }
}

#[test]
fn pick_03_safe_07_no_clock_gives_more_than_three_minutes_for_what_was_left_in_the_box() {
    for jump in JUMPS {
        let mut rig = Rig::new();
        let (number, pin) = rig.hand_in(JANE);
        rig.collect(&pin);
        rig.take_and_confirm(number);
        rig.press(Button::Done);
        set_clock(&mut rig, jump);
        rig.leap(3 * MINUTE_MS as u64 - 1_000);
        assert_eq!(rig.collect(&pin), Answer::Done, "{jump}: still");
        let mut rig = Rig::new();
        let (number, pin) = rig.hand_in(JANE);
        rig.collect(&pin);
        rig.take_and_confirm(number);
        rig.press(Button::Done);
        set_clock(&mut rig, jump);
        rig.leap(3 * MINUTE_MS as u64);
        assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed), "{jump}: no more");
    }
}

#[test]
fn pick_04_safe_07_a_clock_set_back_while_the_locker_was_off_brings_no_dead_pin_back() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.leap(30 * DAY_MS as u64);
    for _ in 0..2 {
        rig.power_cut(-40 * DAY_MS);
        assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeExpired));
        rig.leave();
    }
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) }, "the key is not forgotten");
}

#[test]
fn pick_04_the_night_the_clocks_change_is_neither_doubted_nor_a_day_longer_or_shorter() {
    // The wall clock counts UTC: local time jumps, it does not. Only the day's end moves, and nothing here lives by it.
    for hours in [23, 25] {
        let mut rig = Rig::new();
        let (_, pin) = rig.hand_in(JANE);
        rig.leap(2 * DAY_MS as u64);
        rig.today = rig.today.plus_days(2);
        rig.leap(hours * HOUR_MS as u64);
        rig.today = rig.today.plus_days(1);
        assert_eq!(rig.count(|record| matches!(record, Record::ClockDoubted { .. })), 0);
        let reminded = usize::from(hours == 25);
        assert_eq!(rig.templates().len(), reminded, "72 hours, not three midnights");
        assert_eq!(rig.collect(&pin), Answer::Done);
    }
}

#[test]
fn staff_drop_03_midnight_while_staff_stand_at_the_open_box() {
    let mut rig = Rig::new();
    let Answer::Opens(opened) = rig.staff_drop(JANE) else { panic!("no box opened") };
    rig.today = rig.today.plus_days(1);
    rig.put_key(opened.get());
    rig.close(opened.get());
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: opened });
    rig.press(Button::Done);
    let pin = rig.deliver().pop().unwrap();
    assert_eq!(rig.collect(&pin), Answer::Done, "of a visit that was yesterday's");
}

#[test]
fn pick_02_midnight_between_the_pin_and_the_confirmation() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    assert_eq!(rig.collect(&pin), Answer::Done);
    rig.today = rig.today.plus_days(1);
    rig.take_and_confirm(number);
    assert_eq!((rig.at(), rig.custody(JANE)), ("pick.thanks", Custody::Customer));
}

#[test]
fn staff_pick_05_midnight_while_the_qr_is_shown_leaves_it_its_30_seconds() {
    let mut rig = Rig::new();
    let (number, _) = rig.hand_in(JANE);
    rig.show_qr();
    rig.today = rig.today.plus_days(1);
    rig.leap(29_000);
    assert_eq!(rig.scan(Act::PickUp { visit: JANE }), Answer::Opens(box_no(number)));
}

#[test]
fn pick_02_a_visit_that_moved_after_its_pin_went_out_is_collected_with_that_pin() {
    for days in [-3, 1, 400] {
        let mut rig = Rig::new();
        let (number, pin) = rig.hand_in(JANE);
        rig.visits[0].date = rig.today.plus_days(days);
        rig.push_desired();
        assert_eq!(rig.collect(&pin), Answer::Done, "moved by {days} days");
        assert_eq!(rig.served(), Some(number));
    }
}

#[test]
fn pick_02_office_13_a_visit_that_was_cancelled_after_its_pin_went_out_keeps_its_key_and_its_pin() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.visits.remove(0);
    rig.push_desired();
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
    assert_eq!(rig.collect(&pin), Answer::Done);
    rig.take_and_confirm(number);
    assert_eq!(rig.custody(JANE), Custody::Customer);
}

#[test]
fn staff_drop_06_a_contact_that_changed_gets_the_next_pin_and_the_one_that_went_out_lives_until_then() {
    let mut rig = Rig::new();
    let (_, first) = rig.hand_in(JANE);
    let to = Contact { address: "jane.new@example.be".into(), ..jane_mail() };
    let today = rig.today;
    rig.visits[0] = visit(JANE, today, "1-ABC-123", vec![to.clone()]);
    rig.push_desired();
    assert_eq!(rig.collect(&first), Answer::Done, "what was sent lives on (OFFICE-13)");
    rig.press(Button::Abort);
    rig.press(Button::Yes);
    let mut rig = Rig::new();
    let (_, first) = rig.hand_in(JANE);
    rig.ask(Ask::SendAgain { visit: JANE, to: to.clone() }).unwrap();
    assert_eq!(rig.locker.open_messages()[0].to, to);
    let second = rig.deliver().pop().unwrap();
    assert_eq!(rig.collect(&first), Answer::Denied(Denial::CodeReplaced));
    rig.leave();
    assert_eq!(rig.collect(&second), Answer::Done);
}

#[test]
fn pick_02_code_01_a_pin_typed_at_the_other_locker_of_the_location_opens_nothing_there_and_lives_on_here() {
    let (mut here, mut there) = (Rig::new(), Rig::new());
    // Both rigs draw alike; the other locker of the location does not.
    let _ = there.fresh();
    let (number, pin) = here.hand_in(JANE);
    let (_, other) = there.hand_in(OMAR);
    assert_ne!(pin, other);
    assert_eq!(there.collect(&pin), Answer::Denied(Denial::WrongCode));
    assert_eq!(there.served(), None);
    there.leave();
    assert_eq!(there.custody(JANE), Custody::Customer, "it knows nothing of that key");
    assert_eq!(here.collect(&pin), Answer::Done);
    assert_eq!(here.served(), Some(number));
}

#[test]
fn staff_pick_06_a_scan_at_the_other_locker_of_the_location_finds_no_key_and_spends_nothing() {
    let (mut here, mut there) = (Rig::new(), Rig::new());
    let (number, _) = here.hand_in(JANE);
    there.show_qr();
    assert_eq!(there.scan(Act::PickUp { visit: JANE }), Answer::Denied(Denial::KeyNotHere));
    assert!(there.qr().is_some(), "its QR is not spent");
    here.show_qr();
    assert_eq!(here.scan(Act::PickUp { visit: JANE }), Answer::Opens(box_no(number)));
}

/// Jane has two cars in the shop, and one mail address.
fn two_cars() -> Rig {
    let mut rig = Rig::new();
    let today = rig.today;
    rig.visits[1] = visit(OMAR, today, "2-XYZ-789", vec![jane_mail()]);
    rig.push_desired();
    rig
}

#[test]
fn pick_02_a_driver_with_two_cars_gets_two_pins_and_each_opens_its_own_box() {
    let mut rig = two_cars();
    let (first, one) = rig.hand_in(JANE);
    let (second, other) = rig.hand_in(OMAR);
    assert_ne!((first, &one), (second, &other));
    assert_eq!(rig.collect(&other), Answer::Done);
    assert_eq!(rig.served(), Some(second));
    rig.take_and_confirm(second);
    rig.press(Button::Done);
    assert_eq!(
        (rig.custody(OMAR), rig.custody(JANE)),
        (Custody::Customer, Custody::Box { box_no: box_no(first) })
    );
    assert_eq!(rig.collect(&one), Answer::Done, "the other key waits with its own PIN");
    assert_eq!(rig.served(), Some(first));
}

#[test]
fn staff_drop_05_taking_back_the_key_of_one_car_leaves_the_pin_of_the_other() {
    let mut rig = two_cars();
    let (first, one) = rig.hand_in(JANE);
    let (_, other) = rig.hand_in(OMAR);
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(200);
    rig.take_and_confirm(first);
    rig.press(Button::Done);
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
    assert_eq!(rig.templates(), [Template::PickUpOff], "one of the two is told off");
    assert_eq!(rig.collect(&one), Answer::Denied(Denial::CodeExpired));
    rig.leave();
    assert_eq!(rig.collect(&other), Answer::Done);
}
