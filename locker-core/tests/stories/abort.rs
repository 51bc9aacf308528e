//! Leaving (ABORT).

use locker_core::screen::{Action, Button};
use locker_core::*;

use crate::rig::{JANE, Rig, box_no};
use crate::walk;

#[test]
fn abort_01_every_screen_has_x_and_no_returns_to_the_very_same_screen_with_what_was_typed() {
    for (name, mut rig) in walk::all() {
        let before = rig.still();
        let records = rig.journal.len();
        rig.press(Button::Abort);
        assert_eq!(rig.overlay(), Some("abort"), "{name}");
        rig.press(Button::No);
        assert_eq!(rig.still(), before, "{name}");
        assert!(rig.still() == before, "{name}: the very same");
        assert_eq!(rig.journal.len(), records, "{name}: nothing happened");
    }
}

#[test]
fn abort_01_digits_that_were_shown_come_back_masked() {
    let mut rig = Rig::new();
    rig.show_pad();
    for digit in [4, 7, 1] {
        rig.touch(Action::Digit { digit }).unwrap();
    }
    let masked = rig.still();
    rig.press(Button::Show);
    assert!(rig.still() != masked);
    rig.press(Button::Abort);
    rig.press(Button::No);
    assert!(rig.still() == masked, "UX-14: the digits stay, masked again");
}

#[test]
fn abort_01_yes_ends_the_session_and_begins_nothing() {
    for (name, mut rig) in walk::all() {
        let is_open = rig.served().is_some() && rig.at().ends_with("serve");
        let (ended, driven) = (rig.count(ends), rig.driven.len());
        let began = rig.count(|record| matches!(record, Record::SessionBegan { .. }));
        rig.press(Button::Abort);
        rig.press(Button::Yes);
        if !is_open {
            assert_eq!(rig.at(), "start", "{name}");
            assert_eq!(rig.count(ends).max(ended), began, "{name}: each session ended once");
            assert_eq!(rig.driven.len(), driven, "{name}");
        }
    }
}

fn ends(record: &Record) -> bool {
    matches!(record, Record::SessionEnded { .. })
}

#[test]
fn abort_02_after_a_box_opened_the_key_may_stay_and_the_sensor_does_not_make_it_a_drop() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.put_key(number);
    rig.leave();
    assert_eq!(rig.at(), "drop.serve", "the door is waited for");
    assert_eq!(rig.screen().lines[0].id, "serve-leave");
    rig.close(number);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Aborted));
}

#[test]
fn abort_02_a_sensor_that_sees_no_key_frees_the_box() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.leave();
    rig.close(number);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.custody(JANE), Custody::Customer);
    let report = rig.report_of(number);
    assert_eq!((report.to_check, report.reserved), (None, false));
}

#[test]
fn abort_02_without_an_item_sensor_the_box_is_to_be_checked() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.sim(number).has_item_sensor = false;
    rig.readings();
    rig.leave();
    rig.close(number);
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
}

#[test]
fn abort_02_a_box_that_never_opened_is_free_again() {
    let mut rig = Rig::new();
    (1..=4).for_each(|number| rig.sim(number).jammed = true);
    rig.identified("1-ABC-123");
    rig.press(Button::Next);
    rig.press(Button::Next);
    rig.wait(1_000);
    rig.leave();
    rig.wait(11_000);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.driven.len(), 1, "who leaves gets no second pulse");
    assert_eq!(rig.report_of(1).to_check, None);
    assert!(!rig.report_of(1).reserved);
}

#[test]
fn abort_02_who_leaves_a_door_that_the_sensor_holds_open_can_say_that_it_is_shut() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.leave();
    assert_eq!(rig.try_press(Button::Confirm), Err(Refusal::NotOffered));
    assert_eq!(rig.try_press(Button::OpenAgain), Err(Refusal::NotOffered));
    rig.leap(60_000);
    rig.press(Button::DoorIsShut);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
}

#[test]
fn abort_02_a_door_left_open_after_leaving_ends_unconfirmed() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.leave();
    rig.leap(179_999);
    assert_eq!(rig.at(), "drop.serve");
    rig.leap(1);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Unconfirmed));
}
