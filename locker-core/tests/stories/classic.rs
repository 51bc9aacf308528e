//! The profile `classic`: the same machine with the older edition's settings.

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{JANE, MECHANIC, Rig, box_no};

const TAKE: Act = Act::PickUp { visit: JANE };

fn classic() -> Rig {
    Rig::with(|settings| settings.profile = Profile::Classic)
}

/// A key in a box, dropped from the welcome screen on.
fn dropped(rig: &mut Rig) -> u8 {
    rig.press(Button::Go);
    rig.look_up(Button::ByRegistration, "1-ABC-123");
    rig.press(Button::Send);
    let pin = rig.deliver().pop().unwrap();
    rig.press(Button::EnterCode);
    assert_eq!(rig.type_pin(&pin), Answer::Done);
    rig.press(Button::Next);
    rig.press(Button::Next);
    rig.wait(200);
    let number = rig.served().unwrap();
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.at(), "drop.thanks");
    rig.press(Button::Done);
    number
}

#[test]
fn classic_has_no_start_screen_the_welcome_comes_first() {
    let mut rig = classic();
    assert_eq!((rig.at(), rig.screen().title.id), ("drop.welcome", "drop-welcome-title"));
    assert!(!rig.offers(Button::DropKey) && !rig.offers(Button::PickUpKey));
    assert_eq!(rig.try_press(Button::PickUpKey), Err(Refusal::NotOffered));
    rig.leap(10 * 60_000);
    assert_eq!((rig.at(), rig.overlay()), ("drop.welcome", None), "untouched it asks nobody anything");
    let number = dropped(&mut rig);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
    assert_eq!(rig.at(), "drop.welcome", "and it is there again at the end");
    rig.power_cut(1_000);
    assert_eq!(rig.at(), "drop.welcome", "and after a power cut");
}

#[test]
fn classic_a_low_box_is_chosen_on_the_welcome_screen() {
    let mut rig = Rig::with_boxes(8, |settings| settings.profile = Profile::Classic);
    rig.press(Button::LowBox);
    assert_eq!(rig.at(), "drop.welcome");
    let number = dropped(&mut rig);
    assert!(number > 4, "box {number} is in the lower row");
}

#[test]
fn classic_the_qr_code_of_step_1_does_what_the_ticket_says() {
    let mut rig = classic();
    let number = dropped(&mut rig);
    rig.press(Button::Go);
    rig.press(Button::ByQr);
    assert_eq!(rig.scan(TAKE), Answer::Opens(box_no(number)));
    rig.wait(200);
    assert_eq!(rig.at(), "pick.serve");
    rig.take_and_confirm(number);
    assert_eq!((rig.at(), rig.custody(JANE)), ("pick.thanks", Custody::Staff { user: MECHANIC }));
    let mut standard = Rig::new();
    standard.drop_key("1-ABC-123");
    standard.begin_drop();
    standard.press(Button::ByQr);
    assert_eq!(standard.scan(TAKE), Answer::Denied(Denial::OtherFlow), "the other edition keeps them apart");
}

#[test]
fn classic_goes_inbound_only() {
    let mut rig = classic();
    rig.press(Button::Go);
    rig.press(Button::ByQr);
    assert_eq!(rig.scan(Act::Drop { visit: JANE }), Answer::Denied(Denial::OtherFlow));
    assert_eq!(rig.served(), None);
}

#[test]
fn classic_staff_come_in_when_the_locker_is_full() {
    let mut rig = Rig::with_boxes(1, |settings| settings.profile = Profile::Classic);
    let number = dropped(&mut rig);
    assert_eq!((rig.at(), rig.notice()), ("drop.welcome", Some("start-full")));
    rig.press(Button::Go);
    rig.press(Button::ByQr);
    assert_eq!(rig.scan(TAKE), Answer::Opens(box_no(number)));
}

#[test]
fn classic_a_locker_that_does_not_serve_says_so_on_the_welcome_screen() {
    let mut rig = Rig::with(|settings| {
        settings.profile = Profile::Classic;
        settings.active = false;
    });
    assert_eq!((rig.at(), rig.notice()), ("drop.welcome", Some("start-inactive")));
    assert_eq!(rig.try_press(Button::Go), Err(Refusal::NotOffered));
    rig.press(Button::Help);
    assert_eq!(rig.overlay(), Some("help"));
}

#[test]
fn classic_keeps_the_time_limits_of_the_standard() {
    let mut rig = classic();
    rig.press(Button::Go);
    rig.leap(40_000);
    assert_eq!(rig.overlay(), Some("still_there"));
    rig.leap(20_000);
    assert_eq!(rig.at(), "drop.welcome");
    rig.leap(60_000);
    assert_eq!((rig.at(), rig.overlay()), ("drop.welcome", None));
}

#[test]
fn classic_is_a_setting_that_acts_from_the_next_session() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.settings.profile = Profile::Classic;
    rig.push_desired();
    assert_eq!(rig.at(), "drop.method");
    rig.leave();
    assert_eq!(rig.at(), "drop.welcome");
    rig.settings.profile = Profile::Standard;
    rig.push_desired();
    assert_eq!(rig.at(), "start");
}
