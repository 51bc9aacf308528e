//! Time limits (TIME).

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{JANE, Rig, box_no};

/// Untouched: the warning and the end of a step, to the millisecond.
fn assert_limit(rig: &mut Rig, warn_ms: u64, end_ms: u64, then: &str) {
    let at = rig.at();
    rig.leap(warn_ms - 1);
    assert_eq!((rig.at(), rig.overlay()), (at, None), "1 ms before the warning");
    rig.leap(1);
    assert_eq!((rig.at(), rig.overlay()), (at, Some("still_there")));
    let remaining = rig.screen().remaining.unwrap();
    assert_eq!((remaining.left_ms, remaining.total_ms, remaining.warning), (end_ms - warn_ms, end_ms, true));
    assert_eq!(rig.screen().sound, Some(screen::Sound::Attention), "two senses (UX-2)");
    rig.leap(end_ms - warn_ms - 1);
    assert_eq!(rig.at(), at, "1 ms before the end");
    rig.leap(1);
    assert_eq!((rig.at(), rig.overlay()), (then, None));
    assert_eq!(rig.count(|record| matches!(record, Record::SessionEnded { how: Ending::Idle, .. })), 1);
}

#[test]
fn time_01_step_1_of_a_drop_goes_back_to_its_welcome_screen_after_60_s_and_then_to_start() {
    for way in [Button::ByPin, Button::ByRegistration, Button::ByPhone] {
        let mut rig = Rig::new();
        rig.begin_drop();
        rig.press(way);
        assert_limit(&mut rig, 40_000, 60_000, "drop.welcome");
        rig.leap(59_999);
        assert_eq!(rig.at(), "drop.welcome", "the welcome screen has its own minute");
        rig.leap(1);
        assert_eq!(rig.at(), "start");
    }
}

#[test]
fn time_01_a_host_that_wakes_late_finds_the_same() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.leap(119_999);
    assert_eq!(rig.at(), "drop.welcome");
    rig.leap(1);
    assert_eq!(rig.at(), "start");
}

#[test]
fn time_01_step_1_of_a_pick_up_goes_to_the_start_screen() {
    let mut rig = Rig::new();
    rig.press(Button::PickUpKey);
    rig.press(Button::Go);
    assert_limit(&mut rig, 40_000, 60_000, "start");
}

#[test]
fn time_01_a_qr_does_not_prolong_step_1() {
    let mut rig = Rig::new();
    rig.show_qr();
    rig.leap(30_000);
    assert_eq!(rig.qr(), None);
    rig.leap(29_999);
    assert_eq!((rig.at(), rig.overlay()), ("pick.qr", Some("still_there")));
    rig.leap(1);
    assert_eq!(rig.at(), "start");
}

#[test]
fn time_01_any_touch_continues_ten_times_and_more_and_does_nothing_else() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByPin);
    rig.touch(screen::Action::Digit { digit: 4 }).unwrap();
    let before = rig.still();
    for round in 0..12 {
        rig.leap(40_000);
        assert_eq!(rig.overlay(), Some("still_there"), "round {round}");
        let touch = match round % 3 {
            0 => rig.try_press(Button::MoreTime),
            1 => rig.try_press(Button::Back),
            _ => rig.touch(screen::Action::Digit { digit: 9 }),
        };
        assert_eq!(touch, Ok(Answer::Done));
        assert_eq!(rig.still(), before, "round {round}");
    }
    rig.leap(39_999);
    assert_eq!(rig.overlay(), None, "and the time begins anew");
}

#[test]
fn time_01_a_touch_before_the_warning_begins_the_time_anew() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByPin);
    rig.leap(39_999);
    rig.touch(screen::Action::Digit { digit: 4 }).unwrap();
    rig.leap(39_999);
    assert_eq!(rig.overlay(), None);
    rig.leap(1);
    assert_eq!(rig.overlay(), Some("still_there"));
}

#[test]
fn time_02_steps_2_and_3_have_120_s_and_go_to_the_start_screen() {
    let to: [fn(&mut Rig); 4] = [
        |_| {},
        |rig| {
            rig.press(Button::EditPhone);
        },
        |rig| {
            rig.press(Button::Next);
        },
        |rig| {
            rig.press(Button::Next);
            rig.press(Button::EditRemark);
        },
    ];
    for go in to {
        let mut rig = Rig::new();
        rig.identified("1-ABC-123");
        go(&mut rig);
        assert_limit(&mut rig, 100_000, 120_000, "start");
    }
}

#[test]
fn time_03_an_open_door_is_asked_for_after_60_s_and_the_door_is_shut_completes_against_the_sensor() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    let opened = rig.driven[0].0;
    rig.put_key(number);
    rig.leap(opened + 59_999 - rig.mono);
    assert_eq!(rig.notice(), None);
    assert_eq!(rig.try_press(Button::DoorIsShut), Err(Refusal::NotOffered));
    let generation = rig.screen().generation;
    rig.leap(1);
    assert_eq!(rig.notice(), Some("serve-please-close"));
    assert_eq!(rig.screen().sound, Some(screen::Sound::Attention));
    assert!(rig.screen().generation > generation, "another set of actions");
    rig.press(Button::DoorIsShut);
    assert_eq!(rig.at(), "drop.thanks");
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
    assert_eq!(rig.count(|record| matches!(record, Record::DoorClaimedShut { .. })), 1);
    assert_eq!(rig.count(|record| matches!(record, Record::KeyDropped { .. })), 1);
    assert!(rig.facts().contains(&FactKind::SensorDoubted { box_no: box_no(number) }));
}

#[test]
fn time_03_open_and_untouched_180_s_ends_unconfirmed_and_the_start_screen_carries_the_band() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    let opened = rig.driven[0].0;
    rig.leap(opened + 179_999 - rig.mono);
    assert_eq!(rig.at(), "drop.serve");
    rig.leap(1);
    assert_eq!(rig.at(), "start");
    let band = rig.screen().band.unwrap();
    assert_eq!(band, screen::Text::new("band-open").with("box", box_no(number)));
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
    assert_eq!(
        rig.count(|record| matches!(record, Record::SessionEnded { how: Ending::Unconfirmed, .. })),
        1
    );
    assert_eq!(rig.count(|record| matches!(record, Record::DoorLeftOpen { .. })), 1, "BOX-5 goes on");
    rig.close(number);
    assert_eq!(rig.screen().band, None);
}

#[test]
fn time_03_a_touch_on_an_open_box_keeps_the_session_for_180_s_more() {
    let mut rig = Rig::new();
    rig.drop_to_open_box("1-ABC-123");
    rig.leap(150_000);
    rig.press(Button::Help);
    rig.press(Button::CloseHelp);
    rig.leap(179_999);
    assert_eq!(rig.at(), "drop.serve");
    rig.leap(1);
    assert_eq!(rig.at(), "start");
}

#[test]
fn time_03_closed_without_confirm_is_asked_again_after_60_s_and_completes_by_the_sensor_60_s_later() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.put_key(number);
    rig.close(number);
    rig.leap(59_999);
    assert_eq!(rig.notice(), None);
    rig.leap(1);
    assert_eq!(rig.notice(), Some("serve-please-confirm"));
    rig.leap(59_999);
    assert_eq!(rig.custody(JANE), Custody::Customer);
    rig.leap(1);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
    let by_sensor =
        |record: &Record| matches!(record, Record::KeyDropped { evidence: Evidence::BySensor, .. });
    assert_eq!(rig.count(by_sensor), 1);
}

#[test]
fn time_03_closed_without_confirm_and_without_an_agreeing_sensor_ends_unconfirmed() {
    for has_item_sensor in [true, false] {
        let mut rig = Rig::new();
        let number = rig.drop_to_open_box("1-ABC-123");
        rig.sim(number).has_item_sensor = has_item_sensor;
        rig.close(number);
        rig.leap(119_999);
        assert_eq!(rig.at(), "drop.serve");
        rig.leap(1);
        assert_eq!(rig.at(), "start");
        assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
        let told = FactKind::ToCheck {
            box_no: box_no(number),
            visit: Some(JANE),
            user: None,
            reason: CheckReason::Unconfirmed,
        };
        assert!(rig.facts().contains(&told));
    }
}

#[test]
fn time_03_a_door_nobody_can_see_runs_from_the_pulse_and_confirm_asks_whether_it_is_shut() {
    let blind = || {
        let mut rig = Rig::new();
        for number in 1..=4 {
            rig.sim(number).has_door_sensor = false;
            rig.sim(number).has_item_sensor = false;
        }
        rig.readings();
        rig.drop_to_open_box("1-ABC-123");
        rig
    };
    let mut rig = blind();
    assert!(!rig.offers(Button::DoorIsShut));
    rig.press(Button::Confirm);
    assert_eq!(rig.notice(), Some("serve-is-it-shut"));
    assert_eq!(rig.custody(JANE), Custody::Customer);
    rig.press(Button::DoorIsShut);
    assert_eq!(rig.at(), "drop.thanks");
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(1) });

    let mut asked = blind();
    asked.leap(asked.driven[0].0 + 60_000 - asked.mono);
    assert_eq!(asked.notice(), Some("serve-please-close"));
    asked.press(Button::DoorIsShut);
    assert_eq!(asked.custody(JANE), Custody::Box { box_no: box_no(1) });
    let claims = |record: &Record| matches!(record, Record::DoorClaimedShut { .. });
    assert_eq!(asked.count(claims), 0, "there is no sensor to report");

    let mut ended = blind();
    ended.leap(ended.driven[0].0 + 179_999 - ended.mono);
    assert_eq!(ended.at(), "drop.serve");
    ended.leap(1);
    assert_eq!(ended.at(), "start");
    assert_eq!(ended.custody(JANE), Custody::ToCheck { box_no: box_no(1), user: None });
}
