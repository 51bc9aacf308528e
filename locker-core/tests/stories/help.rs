//! Help (HELP), the locker's side.

use locker_core::screen::{Button, Text, Value};
use locker_core::*;

use crate::rig::Rig;
use crate::walk;

fn lines(rig: &Rig) -> Vec<&'static str> {
    rig.screen().overlay.map(|overlay| overlay.lines.iter().map(|line| line.id).collect()).unwrap_or_default()
}

fn calls(rig: &Rig) -> Vec<(HelpId, bool, String)> {
    let call = |record| match record {
        Record::HelpCalled { help, session, step } => Some((help, session.is_some(), step)),
        _ => None,
    };
    rig.records().into_iter().filter_map(call).collect()
}

fn answer(rig: &mut Rig, help: u64, answer: HelpAnswer) {
    rig.note(Told::Help { help: HelpId(help), answer });
}

#[test]
fn help_01_every_screen_has_help_and_closing_it_returns_to_the_very_same_screen() {
    for (name, mut rig) in walk::all() {
        rig.settings.hours = "8-18".into();
        rig.push_desired();
        let before = rig.still();
        rig.press(Button::Help);
        assert_eq!(rig.overlay(), Some("help"), "{name}");
        assert!(lines(&rig)[0].starts_with("help-"), "{name}: the step is explained");
        assert!(lines(&rig).contains(&"help-telephone"), "{name}");
        assert!(lines(&rig).contains(&"help-hours"), "{name}");
        rig.press(Button::CloseHelp);
        assert!(rig.still() == before, "{name}");
    }
}

#[test]
fn help_01_what_is_not_known_is_not_shown() {
    let mut rig = Rig::with(|settings| settings.telephone = String::new());
    rig.press(Button::Help);
    assert_eq!(lines(&rig), ["help-start"]);
}

#[test]
fn help_01_a_call_tells_the_office_locker_step_and_time_and_says_when_nobody_can_be_notified() {
    let mut rig = Rig::new();
    rig.show_pad();
    rig.press(Button::Help);
    assert!(calls(&rig).is_empty(), "opening help calls nobody");
    rig.press(Button::CallHelp);
    assert_eq!(calls(&rig), [(HelpId(1), true, "drop.pin".into())]);
    assert_eq!(lines(&rig).last(), Some(&"help-calling"));
    answer(&mut rig, 1, HelpAnswer::Nobody);
    assert_eq!(lines(&rig).last(), Some(&"help-nobody"));
    answer(&mut rig, 1, HelpAnswer::Notified);
    assert_eq!(lines(&rig).last(), Some(&"help-called"));
}

#[test]
fn help_01_a_call_that_nobody_answers_says_so_after_10_s() {
    let mut rig = Rig::new();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    rig.leap(9_999);
    assert_eq!(lines(&rig).last(), Some(&"help-calling"));
    rig.leap(1);
    assert_eq!(lines(&rig).last(), Some(&"help-nobody"));
}

#[test]
fn help_02_when_somebody_handles_it_the_kiosk_says_that_somebody_is_coming_for_three_minutes() {
    let mut rig = Rig::new();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    answer(&mut rig, 1, HelpAnswer::Notified);
    rig.press(Button::CloseHelp);
    assert_eq!(rig.notice(), None);
    answer(&mut rig, 1, HelpAnswer::Coming);
    assert_eq!(rig.notice(), Some("help-coming"), "whatever the screen is at");
    rig.press(Button::Help);
    assert_eq!(lines(&rig).last(), Some(&"help-coming"));
    rig.press(Button::CloseHelp);
    rig.leap(179_999);
    assert_eq!(rig.notice(), Some("help-coming"));
    rig.leap(1);
    assert_eq!(rig.notice(), None);
    rig.press(Button::Help);
    assert!(!lines(&rig).contains(&"help-coming"), "no news for the next person");
}

#[test]
fn help_02_an_answer_to_another_call_changes_nothing() {
    let mut rig = Rig::new();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    let (before, records) = (rig.screen(), rig.journal.len());
    answer(&mut rig, 2, HelpAnswer::Coming);
    assert!(rig.screen() == before);
    answer(&mut rig, 1, HelpAnswer::Coming);
    answer(&mut rig, 1, HelpAnswer::Nobody);
    assert_eq!(rig.journal.len(), records + 1, "who is coming is not called back");
}

#[test]
fn help_03_a_repeat_adds_to_the_open_request_and_a_handled_one_makes_room_for_the_next() {
    let mut rig = Rig::new();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    answer(&mut rig, 1, HelpAnswer::Nobody);
    rig.press(Button::CallHelp);
    assert_eq!(lines(&rig).last(), Some(&"help-calling"), "it is called again");
    rig.press(Button::CloseHelp);
    rig.begin_drop();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    let ids: Vec<u64> = calls(&rig).iter().map(|(help, _, _)| help.0).collect();
    assert_eq!(ids, [1, 1, 1]);
    answer(&mut rig, 1, HelpAnswer::Coming);
    rig.press(Button::CallHelp);
    assert_eq!(calls(&rig).last(), Some(&(HelpId(2), true, "drop.method".into())));
}

#[test]
fn help_01_the_number_is_the_locations_own() {
    let mut rig = Rig::new();
    rig.press(Button::Help);
    let text = Text::new("help-telephone").with("telephone", "+32 2 555 00 00");
    assert!(rig.screen().overlay.unwrap().lines.contains(&text));
    assert!(matches!(text.args[0].1, Value::Words(_)));
}

fn down(rig: &mut Rig) {
    rig.is_down = true;
    rig.note(Told::Store(Store::Down));
}

fn up(rig: &mut Rig) {
    rig.is_down = false;
    rig.note(Told::Store(Store::Up));
}

fn unrecorded(rig: &Rig) -> Option<(u64, String, u32)> {
    rig.locker.unrecorded_call().map(|call| (call.help.0, call.step, call.calls))
}

#[test]
fn safe_08_help_01_without_a_journal_a_call_is_the_sessions_alone_and_the_host_reads_it_off() {
    let mut rig = Rig::new();
    rig.show_pad();
    let before = rig.journal.len();
    down(&mut rig);
    rig.press(Button::Help);
    assert_eq!(unrecorded(&rig), None);
    rig.leap(5_000);
    let called = rig.now();
    rig.press(Button::CallHelp);
    assert_eq!(unrecorded(&rig), Some((1, "drop.pin".into(), 1)));
    let call = rig.locker.unrecorded_call().unwrap();
    assert_eq!((call.locker, call.at.wall), (LockerId(1), called.wall));
    assert_eq!(lines(&rig).last(), Some(&"help-calling"));
    rig.leap(1_000);
    rig.press(Button::CallHelp);
    assert_eq!(unrecorded(&rig), Some((1, "drop.pin".into(), 2)), "a repeat adds to it (HELP-3)");
    assert_eq!(rig.locker.unrecorded_call().unwrap().at.wall, called.wall);
    answer(&mut rig, 1, HelpAnswer::Nobody);
    assert_eq!(lines(&rig).last(), Some(&"help-nobody"));
    answer(&mut rig, 1, HelpAnswer::Notified);
    assert_eq!(lines(&rig).last(), Some(&"help-called"));
    answer(&mut rig, 2, HelpAnswer::Coming);
    assert!(unrecorded(&rig).is_some(), "an answer to another call");
    rig.press(Button::CloseHelp);
    answer(&mut rig, 1, HelpAnswer::Coming);
    assert_eq!(rig.notice(), Some("help-coming"));
    assert_eq!(unrecorded(&rig), None, "somebody is coming: nobody else is called");
    assert_eq!(rig.journal.len(), before, "no record");
}

#[test]
fn safe_08_help_01_a_call_that_nobody_takes_says_so_after_10_s_without_a_journal_too() {
    let mut rig = Rig::new();
    down(&mut rig);
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    rig.leap(9_999);
    assert_eq!(lines(&rig).last(), Some(&"help-calling"));
    rig.leap(1);
    assert_eq!(lines(&rig).last(), Some(&"help-nobody"));
}

#[test]
fn safe_08_a_call_that_is_open_when_the_journal_is_back_is_recorded_once_under_its_number() {
    let mut rig = Rig::new();
    rig.show_pad();
    down(&mut rig);
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    rig.press(Button::CallHelp);
    answer(&mut rig, 1, HelpAnswer::Notified);
    up(&mut rig);
    assert_eq!(calls(&rig), [(HelpId(1), true, "drop.pin".into())]);
    assert_eq!(unrecorded(&rig), None);
    rig.note(Told::Store(Store::Low));
    assert_eq!(calls(&rig).len(), 1, "once");
    answer(&mut rig, 1, HelpAnswer::Coming);
    assert_eq!(rig.count(|record| matches!(record, Record::HelpAnswered { .. })), 1, "and so is the answer");
}

#[test]
fn safe_08_a_call_that_was_answered_without_a_journal_stays_without_a_record_and_keeps_its_number() {
    let mut rig = Rig::new();
    down(&mut rig);
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    answer(&mut rig, 1, HelpAnswer::Coming);
    up(&mut rig);
    assert!(calls(&rig).is_empty(), "nobody is called twice");
    assert_eq!(lines(&rig).last(), Some(&"help-coming"), "somebody is still coming");
    rig.press(Button::CallHelp);
    assert_eq!(calls(&rig), [(HelpId(2), false, "start".into())]);
    answer(&mut rig, 1, HelpAnswer::Nobody);
    assert_eq!(lines(&rig).last(), Some(&"help-calling"), "an answer to the old call answers no other");
}

#[test]
fn safe_08_a_recorded_call_is_repeated_and_answered_without_a_journal_and_the_answer_recorded_later() {
    let mut rig = Rig::new();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    down(&mut rig);
    assert_eq!(unrecorded(&rig), None, "it is recorded");
    rig.press(Button::CallHelp);
    assert_eq!(unrecorded(&rig), Some((1, "start".into(), 1)), "the same call again");
    answer(&mut rig, 1, HelpAnswer::Coming);
    rig.press(Button::CloseHelp);
    assert_eq!(rig.notice(), Some("help-coming"));
    rig.leap(180_000);
    assert_eq!(rig.notice(), Some("start-store-down"));
    up(&mut rig);
    assert_eq!(calls(&rig).len(), 1);
    let coming = Record::HelpAnswered { help: HelpId(1), answer: HelpAnswer::Coming };
    assert_eq!(rig.count(|record| *record == coming), 1);
    let mut rig = Rig::new();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    down(&mut rig);
    answer(&mut rig, 1, HelpAnswer::Coming);
    assert_eq!(lines(&rig).last(), Some(&"help-coming"));
    up(&mut rig);
    assert_eq!(rig.count(|record| *record == coming), 1, "without a repeat too");
}

#[test]
fn safe_08_a_clock_that_jumps_without_a_journal_keeps_nobody_from_calling_for_help() {
    let mut rig = Rig::new();
    down(&mut rig);
    rig.press(Button::Help);
    rig.wall += 7_200_000;
    rig.press(Button::CallHelp);
    assert_eq!(unrecorded(&rig), Some((1, "start".into(), 1)));
    up(&mut rig);
    rig.note(Told::Tick);
    assert_eq!(rig.count(|record| matches!(record, Record::ClockDoubted { .. })), 1, "it is found later");
}
