//! The other flows by the numeric keypad alone, screen blank: every key that is struck was said before.

use locker_core::screen::{Cue, Key, Value};
use locker_core::*;

use crate::keys::Listener;
use crate::rig::{ADMIN, JANE, MECHANIC, Rig, authenticator, box_no, contact, visit};

/// Whoever stands there knows from what is said that a box is open; its door is then shut, with the key in or out.
fn serve(somebody: &mut Listener, put: bool) -> u8 {
    somebody.rig.wait(1_000);
    assert!(somebody.hears("keys-box"), "at {}", somebody.rig.at());
    let number = somebody.rig.served().unwrap();
    if put {
        somebody.rig.put_key(number);
    } else {
        somebody.rig.take_key(number);
    }
    somebody.rig.close(number);
    somebody.rig.wait(2_000);
    somebody.strike(Key::Confirm);
    number
}

fn begin(somebody: &mut Listener, flow: &str, method: &str) {
    somebody.does(flow);
    somebody.strike(Key::Confirm);
    somebody.does(method);
}

#[test]
fn ux_06_drop_02_a_key_is_dropped_with_a_pin_of_an_earlier_message_by_the_keypad_alone() {
    let mut rig = Rig::new();
    let pin = rig.check_in(JANE);
    let mut somebody = Listener::at(rig);
    begin(&mut somebody, "start-drop", "method-pin");
    somebody.digits(&pin);
    for _ in 0..3 {
        somebody.strike(Key::Confirm);
    }
    let number = serve(&mut somebody, true);
    assert_eq!(somebody.rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}

#[test]
fn ux_06_drop_05_a_key_is_dropped_by_phone_with_a_choice_of_vehicles_by_the_keypad_alone() {
    let mut rig = Rig::with(|settings| settings.sms = true);
    for (n, plate) in (31..).zip(["4-TWO-001", "8-XYZ-999"]) {
        let phone = contact(Channel::Sms, ContactKind::Private, "0470 99 88 77");
        rig.visits.push(visit(VisitId(n), rig.today, plate, vec![phone]));
    }
    rig.push_desired();
    let mut somebody = Listener::at(rig);
    begin(&mut somebody, "start-drop", "method-phone");
    somebody.digits("0470998877");
    somebody.strike(Key::Confirm);
    somebody.rig.wait(3_000);
    assert_eq!(somebody.rig.at(), "drop.vehicle");
    // The second of those that are named.
    let is_second =
        |cue: &&Cue| matches!(&cue.text.args[..], [(_, Value::Masked(plate))] if plate.ends_with('9'));
    let key = somebody.heard().iter().find(is_second).unwrap().key.unwrap();
    somebody.strike(key);
    somebody.strike(Key::Confirm);
    somebody.does("send");
    let codes = somebody.rig.deliver();
    somebody.strike(Key::Confirm);
    somebody.digits(&codes[0]);
    for _ in 0..3 {
        somebody.strike(Key::Confirm);
    }
    let number = serve(&mut somebody, true);
    assert_eq!(somebody.rig.custody(VisitId(32)), Custody::Box { box_no: box_no(number) });
}

#[test]
fn ux_06_pick_02_a_customer_picks_a_key_up_by_the_keypad_alone() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.wait(1_000);
    let mut somebody = Listener::at(rig);
    begin(&mut somebody, "start-pick-up", "method-pin");
    somebody.digits(&pin);
    somebody.strike(Key::Confirm);
    assert_eq!(serve(&mut somebody, false), number);
    assert_eq!((somebody.rig.at(), somebody.rig.custody(JANE)), ("pick.thanks", Custody::Customer));
}

#[test]
fn ux_06_staff_drop_03_staff_drop_a_key_for_the_customer_by_the_keypad_alone() {
    let mut somebody = Listener::at(Rig::new());
    begin(&mut somebody, "start-drop", "method-qr");
    assert!(somebody.hears("keys-qr"));
    somebody.rig.scan(Act::Drop { visit: JANE });
    let number = serve(&mut somebody, true);
    assert_eq!(somebody.rig.at(), "drop.thanks");
    assert_eq!(somebody.rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}

#[test]
fn ux_06_code_09_staff_choose_reason_and_box_by_the_keypad_alone() {
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    rig.wait(1_000);
    let mut somebody = Listener::at(rig);
    begin(&mut somebody, "start-pick-up", "method-pin");
    // Eight digits at leisure, within the half minute and the one after it.
    let code = authenticator(secret, somebody.rig.wall);
    somebody.digits(&code);
    somebody.strike(Key::Confirm);
    assert_eq!(somebody.rig.at(), "staff.reason");
    somebody.does("staff-reason-look");
    somebody.strike(Key::Confirm);
    assert_eq!(somebody.rig.at(), "staff.box");
    // The first box is number one.
    somebody.strike(Key::Digit(1));
    somebody.strike(Key::Confirm);
    somebody.rig.wait(1_000);
    assert_eq!(somebody.rig.served(), Some(1));
    somebody.rig.close(1);
    somebody.rig.wait(2_000);
    somebody.strike(Key::Confirm);
    somebody.does("settle-empty");
    assert_eq!(somebody.rig.at(), "pick.thanks");
}

#[test]
fn ux_06_box_13_staff_settle_a_box_by_the_keypad_alone() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.put_key(number);
    rig.close(number);
    rig.leave();
    let Custody::ToCheck { .. } = rig.custody(JANE) else { panic!("to be checked") };
    let mut somebody = Listener::at(rig);
    begin(&mut somebody, "start-pick-up", "method-qr");
    somebody.rig.scan(Act::Check { box_no: box_no(number) });
    somebody.rig.wait(1_000);
    assert!(somebody.hears("keys-box"));
    somebody.rig.take_key(number);
    somebody.rig.close(number);
    somebody.rig.wait(2_000);
    somebody.strike(Key::Confirm);
    somebody.does("settle-key-taken");
    assert_eq!(somebody.rig.custody(JANE), Custody::Staff { user: MECHANIC });
}
