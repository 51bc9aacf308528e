//! Staff pick up an inbound key (STAFF-PICK), the locker's side, and the QR code (CODE-7).

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{JANE, MECHANIC, OMAR, Rig, box_no};

const PICK: Act = Act::PickUp { visit: JANE };

/// Jane's key is in a box, and the QR for picking up is on the screen; gives the box.
fn with_key() -> (Rig, u8) {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.show_qr();
    (rig, number)
}

fn nonce(rig: &Rig) -> Proof {
    Proof::Qr(rig.qr().expect("a QR is shown").0.nonce)
}

/// The digits under the QR, each raised by `by`.
fn digits(rig: &Rig, by: u8) -> Proof {
    let shown = rig.qr().unwrap().1.expect("digits are shown");
    let digit = |digit: u8| b'0' + (digit - b'0' + by) % 10;
    Proof::Typed(Secret::new(core::array::from_fn(|index| digit(shown.as_bytes()[index]))))
}

fn scan(rig: &mut Rig, proof: Proof, act: Act) -> Answer {
    let scan = rig.scan_of(proof, act);
    rig.ask(Ask::Scan(scan)).unwrap()
}

fn pulses(rig: &Rig) -> usize {
    rig.count(|record| matches!(record, Record::PulseGranted { .. }))
}

#[test]
fn staff_pick_04_each_press_makes_a_qr_for_that_instance_alone() {
    let (mut rig, _) = with_key();
    let (first, first_digits) = rig.qr().unwrap();
    assert_eq!(first.locker, LockerId(1));
    assert_eq!(first_digits.as_ref().unwrap().len(), 8);
    rig.press(Button::NewQr);
    let (second, second_digits) = rig.qr().unwrap();
    assert_ne!(first.nonce, second.nonce);
    assert_ne!(first_digits, second_digits);
    let old = scan(&mut rig, Proof::Qr(first.nonce), PICK);
    assert_eq!(old, Answer::Denied(Denial::ForeignQr), "the old one is dead at once");
}

#[test]
fn staff_pick_05_the_qr_is_open_at_29_999_ms() {
    let (mut rig, number) = with_key();
    rig.leap(29_999);
    assert!(rig.qr().is_some());
    assert_eq!(rig.scan(PICK), Answer::Opens(box_no(number)));
}

#[test]
fn staff_pick_05_the_qr_is_closed_at_30_000_ms_and_a_press_makes_a_new_one() {
    let (mut rig, number) = with_key();
    let proof = nonce(&rig);
    // The scan itself is the first thing that the locker hears after 30 s.
    rig.mono += 30_000;
    rig.wall += 30_000;
    assert_eq!(scan(&mut rig, proof, PICK), Answer::Denied(Denial::NoQr));
    assert!(rig.qr().is_none());
    assert_eq!(rig.at(), "pick.qr");
    rig.press(Button::NewQr);
    assert_eq!(rig.scan(PICK), Answer::Opens(box_no(number)));
}

#[test]
fn staff_pick_06_a_nonce_opens_once() {
    let (mut rig, _) = with_key();
    let proof = nonce(&rig);
    scan(&mut rig, proof.clone(), PICK);
    let before = pulses(&rig);
    assert_eq!(scan(&mut rig, proof, PICK), Answer::Denied(Denial::NoQr), "another tablet");
    assert_eq!(pulses(&rig), before);
}

#[test]
fn staff_pick_06_a_foreign_nonce_is_refused_recorded_and_does_not_spend_the_qr() {
    let (mut rig, number) = with_key();
    let foreign = Proof::Qr(Secret::new([3; 16]));
    assert_eq!(scan(&mut rig, foreign, PICK), Answer::Denied(Denial::ForeignQr));
    let why = Denial::ForeignQr;
    let user = MECHANIC;
    assert_eq!(
        rig.records().last(),
        Some(&Record::ScanDenied { scan: ScanId(1), user, why }),
        "who tried is on record"
    );
    assert_eq!(rig.scan(PICK), Answer::Opens(box_no(number)), "the right one still works");
}

#[test]
fn staff_pick_06_without_a_qr_on_the_screen_nothing_opens() {
    let mut rig = Rig::new();
    rig.drop_key("1-ABC-123");
    let before = pulses(&rig);
    assert_eq!(scan(&mut rig, Proof::Qr(Secret::new([0; 16])), PICK), Answer::Denied(Denial::NoQr));
    rig.show_qr();
    let proof = nonce(&rig);
    rig.press(Button::Back);
    assert_eq!(scan(&mut rig, proof, PICK), Answer::Denied(Denial::NoQr), "the person went back");
    assert_eq!(pulses(&rig), before);
}

#[test]
fn staff_pick_06_a_doubled_scan_acts_once_and_gets_the_same_answer() {
    let (mut rig, number) = with_key();
    let proof = nonce(&rig);
    let request = rig.scan_of(proof, PICK);
    let before = pulses(&rig);
    for _ in 0..3 {
        assert_eq!(rig.ask(Ask::Scan(request.clone())), Ok(Answer::Opens(box_no(number))));
    }
    assert_eq!(pulses(&rig), before + 1);
    rig.wait(200);
    rig.take_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.ask(Ask::Scan(request)), Ok(Answer::Opens(box_no(number))), "a late double, no new act");
    assert_eq!(pulses(&rig), before + 1);
}

#[test]
fn staff_pick_06_a_key_that_is_not_here_is_refused_and_does_not_spend_the_qr() {
    let (mut rig, number) = with_key();
    let answer = rig.scan(Act::PickUp { visit: OMAR });
    assert_eq!(answer, Answer::Denied(Denial::KeyNotHere));
    let answer = rig.scan(Act::Check { box_no: box_no(200) });
    assert_eq!(answer, Answer::Denied(Denial::NoSuchBox));
    assert_eq!(rig.scan(PICK), Answer::Opens(box_no(number)));
}

#[test]
fn staff_pick_06_the_ticket_of_the_other_flow_is_refused() {
    let mut rig = Rig::new();
    rig.drop_key("1-ABC-123");
    rig.begin_drop();
    rig.press(Button::ByQr);
    assert_eq!(rig.scan(PICK), Answer::Denied(Denial::OtherFlow));
    assert!(rig.qr().is_some(), "not spent");
}

#[test]
fn staff_pick_07_the_digits_open_as_the_qr_does_and_are_recorded_as_typed() {
    let (mut rig, number) = with_key();
    let typed = digits(&rig, 0);
    assert_eq!(scan(&mut rig, typed, PICK), Answer::Opens(box_no(number)));
    assert_eq!(rig.count(|record| matches!(record, Record::ScanTaken { typed: true, .. })), 1);
    assert_eq!(rig.count(|record| matches!(record, Record::ScanTaken { typed: false, .. })), 0);
}

#[test]
fn staff_pick_07_two_wrong_entries_leave_the_qr_open_and_the_third_closes_it() {
    let (mut rig, number) = with_key();
    let (right, proof) = (digits(&rig, 0), nonce(&rig));
    for _ in 0..2 {
        let wrong = digits(&rig, 1);
        assert_eq!(scan(&mut rig, wrong, PICK), Answer::Denied(Denial::WrongDigits));
        assert!(rig.qr().is_some());
    }
    let wrong = digits(&rig, 1);
    assert_eq!(scan(&mut rig, wrong, PICK), Answer::Denied(Denial::WrongDigits));
    assert!(rig.qr().is_none(), "closed by the third");
    assert_eq!(scan(&mut rig, right, PICK), Answer::Denied(Denial::NoQr));
    assert_eq!(scan(&mut rig, proof, PICK), Answer::Denied(Denial::NoQr));
    rig.press(Button::NewQr);
    assert_eq!(rig.scan(PICK), Answer::Opens(box_no(number)), "a new one starts from none");
}

#[test]
fn staff_pick_07_a_wrong_entry_that_is_sent_twice_counts_once() {
    let (mut rig, _) = with_key();
    let wrong = digits(&rig, 1);
    let request = rig.scan_of(wrong, PICK);
    for _ in 0..5 {
        assert_eq!(rig.ask(Ask::Scan(request.clone())), Ok(Answer::Denied(Denial::WrongDigits)));
    }
    assert!(rig.qr().is_some());
    assert_eq!(rig.count(|record| matches!(record, Record::ScanDenied { .. })), 1);
}

#[test]
fn staff_pick_07_typing_can_be_switched_off() {
    let mut rig = Rig::with(|settings| settings.typed_code = false);
    let number = rig.drop_key("1-ABC-123");
    rig.show_qr();
    assert_eq!(rig.qr().unwrap().1, None, "no digits are shown");
    let typed = Proof::Typed(Secret::new(*b"12345678"));
    for _ in 0..4 {
        assert_eq!(scan(&mut rig, typed.clone(), PICK), Answer::Denied(Denial::TypingOff));
    }
    assert_eq!(rig.scan(PICK), Answer::Opens(box_no(number)), "scanning goes on");
}

#[test]
fn staff_pick_08_a_valid_scan_opens_the_box_and_confirm_moves_custody_to_the_user() {
    let (mut rig, number) = with_key();
    assert_eq!(rig.at(), "pick.qr");
    assert_eq!(rig.scan(PICK), Answer::Opens(box_no(number)));
    rig.wait(200);
    assert_eq!(rig.at(), "pick.serve");
    rig.take_key(number);
    rig.close(number);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) }, "not before Confirm");
    rig.press(Button::Confirm);
    assert_eq!(rig.at(), "pick.thanks");
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
    assert_eq!(rig.driven.len(), 2);
    assert!(!rig.report_of(number).reserved);
    assert_eq!(rig.report_of(number).visit, None);
}

#[test]
fn staff_pick_08_a_key_that_the_sensor_still_sees_is_asked_for_twice_and_then_to_be_checked() {
    let (mut rig, number) = with_key();
    rig.scan(PICK);
    rig.wait(200);
    rig.close(number);
    for _ in 0..2 {
        rig.press(Button::Confirm);
        assert_eq!(rig.notice(), Some("serve-still-seen"));
    }
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Contradicted));
}

#[test]
fn code_07_the_qr_carries_the_locker_and_a_nonce_and_nothing_else() {
    let (rig, _) = with_key();
    let (payload, _) = rig.qr().unwrap();
    let text = payload.text();
    assert!(text.starts_with("KEYLOCKER:1:1:"), "{text}");
    assert_eq!(text.len(), "KEYLOCKER:1:1:".len() + 32, "128 bits in hex, nothing behind");
    assert_eq!(text.parse::<QrPayload>().unwrap(), payload);
}
