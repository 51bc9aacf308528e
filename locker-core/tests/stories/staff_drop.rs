//! Staff drop a key for the customer, outbound (STAFF-DROP), the locker's side.

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{JANE, MECHANIC, OMAR, Rig, box_no, contact, jane_mail};

const DROP: Act = Act::Drop { visit: JANE };
const TAKE: Act = Act::PickUp { visit: JANE };

/// Jane's key is with the mechanic, who fetched it from a box.
fn with_staff() -> Rig {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.show_qr();
    rig.scan(TAKE);
    rig.wait(200);
    rig.take_and_confirm(number);
    rig.press(Button::Done);
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
    rig
}

#[test]
fn staff_drop_03_a_scan_in_the_drop_flow_opens_a_free_box_and_confirm_books_the_key_in_it() {
    let mut rig = with_staff();
    let Answer::Opens(opened) = rig.staff_drop(JANE) else { panic!() };
    assert_eq!(rig.at(), "drop.serve");
    assert_eq!(rig.served(), Some(opened.get()));
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC }, "until it is confirmed");
    rig.put_key(opened.get());
    rig.close(opened.get());
    rig.press(Button::Confirm);
    assert_eq!(rig.at(), "drop.thanks");
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: opened });
    let (user, evidence) = (Some(MECHANIC), Evidence::Seen);
    let is_it = |fact: &FactKind| {
        matches!(fact, FactKind::KeyDropped { visit: JANE, user: who, evidence: how, .. }
            if *who == user && *how == evidence)
    };
    assert_eq!(rig.facts().iter().filter(|fact| is_it(fact)).count(), 1);
}

#[test]
fn staff_drop_04_the_pin_is_made_and_sent_on_confirm_and_not_before() {
    let mut rig = with_staff();
    let Answer::Opens(opened) = rig.staff_drop(JANE) else { panic!() };
    rig.put_key(opened.get());
    rig.close(opened.get());
    assert_eq!(rig.templates(), []);
    rig.press(Button::Confirm);
    assert_eq!(rig.templates(), [Template::PickUpPin]);
    let open = rig.locker.open_messages().remove(0);
    assert_eq!(open.to, jane_mail(), "the selected contact");
    let pin = rig.deliver().pop().unwrap();
    assert_eq!(pin.len(), 6, "CODE-3");
}

#[test]
fn staff_drop_04_a_message_that_nobody_takes_for_30_s_has_failed_and_the_office_hears_it() {
    let mut rig = with_staff();
    let Answer::Opens(opened) = rig.staff_drop(JANE) else { panic!() };
    rig.put_key(opened.get());
    rig.close(opened.get());
    rig.press(Button::Confirm);
    let failed = |fact: &FactKind| {
        matches!(fact, FactKind::Message { template: Template::PickUpPin, state: MessageState::Failed, .. })
    };
    let confirmed_at = rig.mono;
    rig.leap(29_999);
    assert!(!rig.facts().iter().any(failed));
    rig.leap(confirmed_at + 30_000 - rig.mono);
    assert!(rig.facts().iter().any(failed));
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: opened }, "the key is safe all the same");
}

#[test]
fn staff_drop_03_the_other_flow_and_a_key_in_a_box_are_denied() {
    let mut rig = with_staff();
    rig.show_qr();
    assert_eq!(rig.scan(DROP), Answer::Denied(Denial::OtherFlow));
    rig.leave();
    rig.hand_in(JANE);
    assert_eq!(
        rig.staff_drop(JANE),
        Answer::Denied(Denial::KeyInBox),
        "OFFICE-14: from any custody but a box"
    );
}

#[test]
fn staff_drop_02_without_a_contact_that_can_be_reached_nothing_opens() {
    let mut rig = with_staff();
    rig.begin_drop();
    rig.press(Button::ByQr);
    let payload = rig.qr().unwrap().0;
    let scan = rig.scan_of(Proof::Qr(payload.nonce), DROP);
    let sms = contact(Channel::Sms, ContactKind::Private, "0470 12 34 56");
    for to in [None, Some(sms), Some(Contact { blocked: true, ..jane_mail() })] {
        let id = ScanId(scan.id.0 + 100 + u64::from(to.is_some()) + rig.mono);
        rig.wait(100);
        let scan = Scan { id, to, ..scan.clone() };
        assert_eq!(rig.ask(Ask::Scan(scan)), Ok(Answer::Denied(Denial::NobodyToTell)));
    }
    assert_eq!(rig.ask(Ask::Scan(scan)).map(|answer| matches!(answer, Answer::Opens(_))), Ok(true));
}

#[test]
fn staff_drop_03_a_full_locker_denies_and_the_qr_stays() {
    let mut rig = Rig::with_boxes(2, |_| {});
    let (taken, _) = rig.hand_in(OMAR);
    rig.begin_drop();
    rig.press(Button::ByQr);
    rig.pry(3 - taken);
    rig.wait(200);
    assert_eq!(rig.scan(DROP), Answer::Denied(Denial::Full));
    assert_eq!(rig.at(), "drop.qr");
}

#[test]
fn staff_drop_03_leaving_with_an_empty_box_keeps_the_key_where_it_was() {
    let mut rig = with_staff();
    let Answer::Opens(opened) = rig.staff_drop(JANE) else { panic!() };
    rig.press(Button::Abort);
    rig.press(Button::Yes);
    rig.close(opened.get());
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
    assert_eq!(rig.report_of(opened.get()).visit, None);
    assert_eq!(rig.templates(), []);
}

#[test]
fn staff_drop_03_a_power_cut_with_the_box_open_leaves_it_to_check_and_no_pin_goes_out() {
    let mut rig = with_staff();
    let Answer::Opens(opened) = rig.staff_drop(JANE) else { panic!() };
    rig.put_key(opened.get());
    rig.power_cut(60_000);
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: opened, user: Some(MECHANIC) });
    assert_eq!(rig.templates(), []);
    let again = Ask::SendAgain { visit: JANE, to: jane_mail() };
    assert_eq!(rig.ask(again), Err(Refusal::NoSuchVisit), "nobody has confirmed that the key is in");
    rig.close(opened.get());
    rig.settle(opened.get(), Button::KeyStays);
    assert_eq!(rig.templates(), [Template::PickUpPin], "BOX-13: it was to be made");
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: opened });
    let pin = rig.deliver().pop().unwrap();
    assert_eq!(rig.collect(&pin), Answer::Done);
    assert_eq!(rig.served(), Some(opened.get()));
    rig.take_and_confirm(opened.get());
    assert_eq!(rig.custody(JANE), Custody::Customer, "SAFE-3: no longer with who had it before the drop");
}

#[test]
fn staff_drop_05_taking_it_back_kills_the_pin_at_confirm_and_the_customer_is_told() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.show_qr();
    assert_eq!(rig.scan(TAKE), Answer::Opens(box_no(number)));
    rig.wait(200);
    assert_eq!(rig.count(|record| matches!(record, Record::CodeSlept { .. })), 1);
    rig.take_and_confirm(number);
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
    assert_eq!(rig.templates(), [Template::PickUpOff]);
    assert_eq!(rig.deliver(), [""; 0], "it carries no code");
    rig.press(Button::Done);
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeExpired));
}

#[test]
fn staff_drop_05_the_pin_wakes_if_the_door_never_opened() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.sim(number).jammed = true;
    rig.show_qr();
    rig.scan(TAKE);
    rig.wait(40_000);
    assert_eq!(rig.at(), "sorry");
    rig.press(Button::Done);
    rig.sim(number).jammed = false;
    assert_eq!(rig.count(|record| matches!(record, Record::CodeWoke { .. })), 1);
    assert_eq!(rig.collect(&pin), Answer::Done);
    assert_eq!(rig.served(), Some(number));
}

#[test]
fn staff_drop_05_while_it_sleeps_the_pin_opens_nothing_and_is_not_counted() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.show_qr();
    rig.scan(TAKE);
    rig.wait(200);
    rig.power_cut(1_000);
    rig.close(number);
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: Some(MECHANIC) });
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::OnHold));
    assert_eq!(rig.at(), "sorry");
    rig.press(Button::Done);
    rig.settle(number, Button::KeyStays);
    let anew = rig.deliver().pop().expect("BOX-13: made anew");
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeReplaced));
    rig.leave();
    assert_eq!(rig.collect(&anew), Answer::Done);
}

#[test]
fn staff_drop_06_sent_again_the_old_pin_dies_and_the_new_one_goes_to_the_other_contact() {
    let mut rig = Rig::new();
    let (number, old) = rig.hand_in(JANE);
    let work = contact(Channel::Mail, ContactKind::Business, "work@example.be");
    let again = |to: &Contact| Ask::SendAgain { visit: JANE, to: to.clone() };
    assert_eq!(rig.ask(again(&work)), Ok(Answer::Done));
    assert_eq!(rig.locker.open_messages()[0].to, work);
    let new = rig.deliver().pop().unwrap();
    assert_eq!(rig.collect(&old), Answer::Denied(Denial::CodeReplaced));
    rig.leave();
    assert_eq!(rig.ask(again(&work)), Ok(Answer::Done));
    rig.deliver();
    assert_eq!(rig.ask(again(&work)), Err(Refusal::TooManyMessages), "CODE-5: three an hour");
    assert_eq!(rig.collect(&new), Answer::Denied(Denial::CodeReplaced));
    rig.leave();
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
    assert_eq!(rig.ask(Ask::SendAgain { visit: OMAR, to: work }), Err(Refusal::NoSuchVisit));
}
