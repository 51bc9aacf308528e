//! A customer picks up a key (PICK).

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{JANE, Rig, box_no};

const DAY_MS: u64 = 86_400_000;

#[test]
fn pick_01_step_1_offers_pin_and_qr_whatever_the_2fa_setting() {
    for two_factor in [true, false] {
        let mut rig = Rig::with(|settings| settings.two_factor = two_factor);
        rig.press(Button::PickUpKey);
        rig.press(Button::Go);
        assert_eq!(rig.at(), "pick.method");
        assert!(rig.offers(Button::ByPin) && rig.offers(Button::ByQr));
        for number in [Button::ByRegistration, Button::ByPhone] {
            assert_eq!(rig.try_press(number), Err(Refusal::NotOffered));
        }
        rig.press(Button::ByPin);
        assert_eq!(rig.at(), "pick.pin");
    }
}

#[test]
fn pick_02_a_right_pin_opens_the_box_and_confirm_gives_the_key_back_to_the_customer() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    assert_eq!(rig.collect(&pin), Answer::Done);
    assert_eq!((rig.at(), rig.served()), ("pick.serve", Some(number)));
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) }, "until it is confirmed");
    rig.take_and_confirm(number);
    assert_eq!(rig.at(), "pick.thanks");
    assert_eq!(rig.custody(JANE), Custody::Customer);
    let is_it = |fact: &FactKind| {
        matches!(fact, FactKind::KeyCollected { visit: JANE, evidence: Evidence::Seen, .. })
    };
    assert_eq!(rig.facts().iter().filter(|fact| is_it(fact)).count(), 1);
}

#[test]
fn pick_02_a_drop_pin_opens_nothing_here_and_a_pick_up_pin_drops_nothing() {
    let mut rig = Rig::new();
    let drop_pin = rig.check_in(JANE);
    assert_eq!(
        rig.collect(&drop_pin),
        Answer::Denied(Denial::WrongCode),
        "CODE-1: only those of the act in hand"
    );
    rig.leave();
    let (_, pin) = rig.hand_in(JANE);
    assert_eq!(rig.try_pin(&pin), Answer::Denied(Denial::WrongCode));
}

#[test]
fn pick_03_the_same_pin_opens_the_empty_box_once_more_at_2_59_999() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.collect(&pin);
    rig.take_and_confirm(number);
    let confirmed_at = rig.mono;
    rig.press(Button::Done);
    assert_eq!(rig.report_of(number).visit, None);
    rig.leap(confirmed_at + 170_000 - rig.mono);
    assert_eq!(rig.collect(&pin), Answer::Done);
    assert_eq!((rig.at(), rig.served()), ("pick.serve", Some(number)));
    assert!(!rig.offers(Button::NotMyKey));
    rig.wait(20_000);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.at(), "pick.thanks");
    assert_eq!(rig.custody(JANE), Custody::Customer);
    rig.press(Button::Done);
    rig.wait(1_000);
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed), "the three minutes are over");
}

#[test]
fn pick_03_after_three_minutes_the_box_is_free_and_the_pin_is_used() {
    let mut rig = Rig::with_boxes(1, |_| {});
    let (number, pin) = rig.hand_in(JANE);
    rig.collect(&pin);
    rig.take_and_confirm(number);
    let confirmed_at = rig.mono;
    rig.press(Button::Done);
    rig.leap(confirmed_at + 179_999 - rig.mono);
    assert!(!rig.offers(Button::DropKey), "the box is kept");
    rig.leap(1);
    assert!(rig.offers(Button::DropKey));
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed));
}

#[test]
fn pick_03_something_left_in_the_reopened_box_leaves_it_to_check_for_nobody() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.collect(&pin);
    rig.take_and_confirm(number);
    rig.press(Button::Done);
    rig.wait(10_000);
    rig.collect(&pin);
    rig.put_key(number);
    rig.close(number);
    for _ in 0..3 {
        rig.press(Button::Confirm);
    }
    assert_eq!(rig.at(), "pick.thanks");
    let report = rig.report_of(number);
    assert_eq!((report.visit, report.to_check), (None, Some(CheckReason::Contradicted)));
    assert_eq!(rig.custody(JANE), Custody::Customer);
    rig.press(Button::Done);
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed));
}

#[test]
fn pick_03_a_power_cut_ends_the_three_minutes() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.collect(&pin);
    rig.take_and_confirm(number);
    rig.power_cut(5_000);
    assert_eq!(rig.custody(JANE), Custody::Customer);
    assert_eq!(rig.report_of(number).to_check, None);
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed));
}

#[test]
fn pick_02_leaving_without_confirm_keeps_the_pin_and_comes_back_to_the_same_box() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.collect(&pin);
    rig.take_key(number);
    rig.press(Button::Abort);
    rig.press(Button::Yes);
    rig.close(number);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None }, "BOX-11");
    rig.wait(10_000);
    assert_eq!(rig.collect(&pin), Answer::Done);
    assert_eq!(rig.served(), Some(number));
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Customer);
}

#[test]
fn pick_02_a_confirm_that_the_item_sensor_contradicts_spends_the_pin_and_leaves_the_box_to_check() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.collect(&pin);
    rig.close(number);
    for _ in 0..3 {
        rig.press(Button::Confirm);
    }
    assert_eq!(rig.at(), "pick.thanks");
    assert_eq!(rig.custody(JANE), Custody::Customer, "so the customer says");
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Contradicted));
    let spent = |record: &Record| matches!(record, Record::CodeDied { why: Death::Used, .. });
    assert_eq!(rig.count(spent), 1);
    rig.press(Button::Done);
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed));
}

#[test]
fn pick_04_after_three_days_one_reminder_with_a_fresh_pin() {
    let mut rig = Rig::new();
    let (number, old) = rig.hand_in(JANE);
    rig.leap(3 * DAY_MS - 60_000);
    assert_eq!(rig.templates(), []);
    rig.leap(60_000);
    assert_eq!(rig.templates(), [Template::PickUpReminder]);
    let fresh = rig.deliver().pop().unwrap();
    rig.leap(4 * DAY_MS);
    assert_eq!(rig.templates(), [], "one");
    assert_eq!(rig.collect(&old), Answer::Denied(Denial::CodeReplaced));
    rig.leave();
    assert_eq!(rig.collect(&fresh), Answer::Done);
    assert_eq!(rig.served(), Some(number));
}

#[test]
fn pick_04_after_30_days_the_pin_is_dead_and_the_key_stays_booked() {
    let mut rig = Rig::new();
    let (number, _) = rig.hand_in(JANE);
    rig.leap(3 * DAY_MS);
    let fresh = rig.deliver().pop().unwrap();
    rig.leap(27 * DAY_MS + 1_000);
    assert_eq!(rig.collect(&fresh), Answer::Denied(Denial::CodeExpired), "30 days from the drop");
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}

#[test]
fn pick_05_a_work_order_on_hold_keeps_its_box_shut_and_nothing_is_counted_or_spent() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.visits[0].on_hold = true;
    rig.push_desired();
    for _ in 0..6 {
        assert_eq!(rig.collect(&pin), Answer::Denied(Denial::OnHold));
        assert_eq!(rig.at(), "sorry");
        rig.press(Button::Done);
    }
    assert_eq!(
        rig.count(|record| matches!(record, Record::CodeFailed { .. } | Record::CodeAccepted { .. })),
        0
    );
    rig.visits[0].on_hold = false;
    rig.push_desired();
    assert_eq!(rig.collect(&pin), Answer::Done);
    assert_eq!(rig.served(), Some(number));
}

#[test]
fn pick_03_staff_who_settle_the_box_within_the_three_minutes_end_them() {
    for answer in [Button::BoxEmpty, Button::SomethingElse] {
        let mut rig = Rig::new();
        let (number, pin) = rig.hand_in(JANE);
        rig.collect(&pin);
        rig.take_and_confirm(number);
        rig.press(Button::Done);
        rig.settle(number, answer);
        rig.wait(20_000);
        rig.close(number);
        rig.wait(2_000);
        assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed), "after {answer:?}");
        assert_eq!(rig.served(), None);
    }
}

#[test]
fn pick_03_staff_drop_04_a_key_that_goes_back_in_within_three_minutes_keeps_its_new_pin() {
    let mut rig = Rig::new();
    let (number, old) = rig.hand_in(JANE);
    rig.collect(&old);
    rig.take_and_confirm(number);
    rig.press(Button::Done);
    let (number, pin) = rig.hand_in(JANE);
    assert_eq!(rig.collect(&old), Answer::Denied(Denial::CodeUsed), "the old one is spent");
    rig.leave();
    rig.leap(4 * 60_000);
    assert_eq!(rig.collect(&pin), Answer::Done, "and its three minutes take the new one with them");
    assert_eq!(rig.served(), Some(number), "which opens the box with the key");
    rig.take_and_confirm(number);
    assert_eq!(rig.custody(JANE), Custody::Customer);
}
