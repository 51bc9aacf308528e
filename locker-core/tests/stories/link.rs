//! Without a link to the office and the message services (SAFE-6).

use locker_core::screen::{Button, Locale, Screen};
use locker_core::text;
use locker_core::*;

use crate::rig::{JANE, Rig, box_no};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;

/// A locker that had a link today and has none now.
fn offline(set: impl FnOnce(&mut Settings)) -> Rig {
    let mut rig = Rig::with(set);
    rig.note(Told::Link(Link::Up));
    rig.note(Told::Link(Link::Down));
    rig
}

/// The label of a button on the screen or on what lies over it, and whether it does something.
fn button(screen: &Screen, wanted: Button) -> (&'static str, bool) {
    let over = screen.overlay.iter().flat_map(|overlay| &overlay.buttons);
    let found = screen.buttons.iter().chain(over).find(|view| view.press == wanted).unwrap();
    (found.label.id, found.enabled)
}

fn spoken(screen: &Screen) -> Vec<&'static str> {
    screen.spoken.iter().map(|text| text.id).collect()
}

#[test]
fn safe_06_codes_that_are_known_work_without_a_link() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.note(Told::Link(Link::Up));
    rig.note(Told::Link(Link::Down));
    assert_eq!(rig.collect(&pin), Answer::Done);
    rig.take_and_confirm(number);
    assert_eq!(rig.custody(JANE), Custody::Customer, "a pick-up");
    rig.press(Button::Done);
    let mut rig = Rig::new();
    let pin = rig.check_in(JANE);
    rig.note(Told::Link(Link::Down));
    rig.begin_drop();
    rig.press(Button::ByPin);
    assert_eq!(rig.type_pin(&pin), Answer::Done, "a drop with a check-in PIN");
}

#[test]
fn safe_06_without_2fa_a_number_still_drops_a_key() {
    let mut rig = offline(|settings| settings.two_factor = false);
    rig.begin_drop();
    assert_eq!(button(&rig.screen(), Button::ByRegistration), ("method-registration", true));
    rig.look_up(Button::ByRegistration, "1-ABC-123");
    rig.press(Button::Next);
    rig.wait(200);
    let number = rig.served().expect("a box is open");
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}

#[test]
fn safe_06_buttons_that_need_a_link_say_so_before_they_are_pressed() {
    let mut rig = offline(|_| {});
    rig.begin_drop();
    let screen = rig.screen();
    for (press, label) in [
        (Button::ByRegistration, "method-registration-off"),
        (Button::ByPhone, "method-phone-off"),
        (Button::ByQr, "method-qr-off"),
    ] {
        assert_eq!(button(&screen, press), (label, false));
        assert_eq!(rig.try_press(press), Err(Refusal::NotOffered));
    }
    assert_eq!(button(&screen, Button::ByPin), ("method-pin", true));
    assert_eq!(rig.notice(), Some("method-no-link"));
    assert!(spoken(&screen).contains(&"method-no-link"), "who only hears it hears it");
    rig.leave();
    rig.press(Button::PickUpKey);
    rig.press(Button::Go);
    assert_eq!(button(&rig.screen(), Button::ByQr), ("method-qr-off", false));
    assert_eq!(button(&rig.screen(), Button::ByPin), ("method-pin", true));
    assert_eq!(rig.notice(), Some("method-no-link"));
}

#[test]
fn safe_06_they_say_so_in_all_four_languages() {
    let mut rig = offline(|_| {});
    rig.begin_drop();
    for locale in Locale::ALL {
        let mut screen = rig.screen();
        screen.locale = locale;
        text::fill(&mut screen);
        let of = |wanted| screen.buttons.iter().find(|view| view.press == wanted).unwrap();
        for press in [Button::ByRegistration, Button::ByPhone, Button::ByQr] {
            let label = of(press).label.text.clone();
            let says = if locale == Locale::Fr { "hors ligne" } else { "offline" };
            assert!(label.ends_with(says), "{label}");
        }
    }
}

#[test]
fn safe_06_help_is_not_called_without_a_link_and_says_whom_to_phone() {
    let mut rig = offline(|_| {});
    rig.begin_drop();
    rig.press(Button::Help);
    let screen = rig.screen();
    assert_eq!(button(&screen, Button::CallHelp), ("help-call-off", false));
    assert_eq!(rig.try_press(Button::CallHelp), Err(Refusal::NotOffered));
    assert!(spoken(&screen).contains(&"help-nobody") && spoken(&screen).contains(&"help-telephone"));
    assert_eq!(rig.count(|record| matches!(record, Record::HelpCalled { .. })), 0);
    rig.note(Told::Link(Link::Up));
    assert_eq!(button(&rig.screen(), Button::CallHelp), ("help-call", true));
    rig.press(Button::CallHelp);
    assert_eq!(rig.count(|record| matches!(record, Record::HelpCalled { .. })), 1);
}

#[test]
fn safe_06_a_link_that_goes_on_the_way_to_send_or_scan_is_said_there() {
    let mut rig = Rig::new();
    rig.note(Told::Link(Link::Up));
    rig.begin_drop();
    rig.look_up(Button::ByRegistration, "1-ABC-123");
    assert_eq!(button(&rig.screen(), Button::Send), ("send", true));
    rig.note(Told::Link(Link::Down));
    assert_eq!(button(&rig.screen(), Button::Send), ("send-off", false));
    assert_eq!((rig.notice(), rig.try_press(Button::Send)), (Some("send-no-link"), Err(Refusal::NotOffered)));
    rig.note(Told::Link(Link::Up));
    assert_eq!(button(&rig.screen(), Button::Send), ("send", true));
    rig.leave();
    rig.show_qr();
    rig.note(Told::Link(Link::Down));
    assert_eq!(button(&rig.screen(), Button::NewQr), ("method-qr-off", false));
    assert_eq!(rig.notice(), Some("method-no-staff"));
}

#[test]
fn safe_06_a_number_typed_while_the_link_goes_is_not_looked_up() {
    let mut rig = Rig::new();
    rig.note(Told::Link(Link::Up));
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("1-ABC-123");
    rig.note(Told::Link(Link::Down));
    rig.press(Button::Ok);
    assert_eq!((rig.at(), rig.notice()), ("drop.method", Some("method-no-link")));
    assert_eq!(rig.count(|record| matches!(record, Record::LookupMissed { .. })), 0, "nothing is counted");
}

#[test]
fn safe_06_what_must_be_sent_waits_without_a_code_and_has_its_full_time_once_the_link_is_back() {
    let mut rig = Rig::new();
    rig.note(Told::Link(Link::Up));
    let Answer::Opens(opened) = rig.staff_drop(JANE) else { panic!("no box opened") };
    rig.note(Told::Link(Link::Down));
    rig.put_key(opened.get());
    rig.close(opened.get());
    rig.press(Button::Confirm);
    let wanted = rig.records().iter().find_map(|record| match record {
        Record::MessageWanted { message, .. } => Some(*message),
        _ => None,
    });
    let message = wanted.expect("the wish is on record");
    assert!(rig.templates().is_empty(), "nobody is handed it");
    let fresh = rig.fresh();
    assert_eq!(rig.ask(Ask::MakeCode { message, fresh }), Err(Refusal::NoLink));
    rig.leap(26 * HOUR_MS);
    let failed = |rig: &Rig| rig.count(|record| matches!(record, Record::MessageFailed { .. }));
    let made = |rig: &Rig| rig.count(|record| matches!(record, Record::CodeMade { .. }));
    assert_eq!((failed(&rig), made(&rig)), (0, 0), "the link is down for a day");
    rig.note(Told::Link(Link::Up));
    rig.leap(29_900);
    assert_eq!((failed(&rig), rig.templates()), (0, vec![Template::PickUpPin]));
    let pin = rig.deliver().pop().unwrap();
    assert_eq!(rig.collect(&pin), Answer::Done);
}

#[test]
fn safe_06_a_message_that_nobody_takes_once_the_link_is_back_fails_after_its_time() {
    let mut rig = Rig::new();
    let Answer::Opens(opened) = rig.staff_drop(JANE) else { panic!("no box opened") };
    rig.note(Told::Link(Link::Down));
    rig.put_key(opened.get());
    rig.close(opened.get());
    rig.press(Button::Confirm);
    rig.leap(HOUR_MS);
    rig.note(Told::Link(Link::Up));
    rig.leap(30_000);
    assert_eq!(rig.count(|record| matches!(record, Record::MessageFailed { .. })), 1);
}

#[test]
fn safe_06_a_reminder_that_falls_due_without_a_link_waits_too() {
    let mut rig = Rig::new();
    let _ = rig.hand_in(JANE);
    rig.note(Told::Link(Link::Up));
    rig.note(Told::Link(Link::Down));
    rig.leap(72 * HOUR_MS);
    rig.leap(48 * HOUR_MS);
    assert!(rig.templates().is_empty());
    rig.note(Told::Link(Link::Up));
    assert_eq!(rig.templates(), [Template::PickUpReminder]);
    assert_eq!(rig.deliver().len(), 1);
}

#[test]
fn safe_06_look_ups_use_only_a_work_list_of_todays_date() {
    let mut rig = offline(|settings| {
        settings.two_factor = false;
        settings.lookup_days_ahead = 3;
    });
    rig.begin_drop();
    rig.look_up(Button::ByRegistration, "3-TOM-333");
    assert_eq!(rig.at(), "drop.no_match", "tomorrow's visit waits for the link");
    rig.leave();
    // Midnight: yesterday's list says nothing sure of today.
    rig.today = rig.today.plus_days(1);
    rig.leap(1_000);
    rig.begin_drop();
    assert_eq!(button(&rig.screen(), Button::ByRegistration), ("method-registration-off", false));
    assert_eq!(rig.try_press(Button::ByRegistration), Err(Refusal::NotOffered));
    assert_eq!(rig.notice(), Some("method-no-link"));
    rig.note(Told::Link(Link::Up));
    assert_eq!(button(&rig.screen(), Button::ByRegistration), ("method-registration", true));
}

#[test]
fn safe_06_after_a_restart_without_a_link_nobody_knows_how_old_the_list_is() {
    let mut rig = offline(|settings| settings.two_factor = false);
    rig.power_cut(1_000);
    rig.note(Told::Link(Link::Down));
    rig.begin_drop();
    assert_eq!(button(&rig.screen(), Button::ByRegistration), ("method-registration-off", false));
    assert_eq!(button(&rig.screen(), Button::ByPin), ("method-pin", true));
}

#[test]
fn safe_06_a_host_that_knows_of_no_link_has_one() {
    let mut rig = Rig::new();
    rig.begin_drop();
    assert_eq!(button(&rig.screen(), Button::ByQr), ("method-qr", true));
    rig.press(Button::ByQr);
    assert!(rig.qr().is_some());
}

#[test]
fn safe_06_the_same_word_twice_changes_no_screen() {
    let mut rig = offline(|_| {});
    rig.begin_drop();
    let before = rig.screen().generation;
    rig.note(Told::Link(Link::Down));
    assert_eq!(rig.screen().generation, before);
    rig.note(Told::Link(Link::Up));
    assert_ne!(rig.screen().generation, before, "other buttons, another set of actions");
}
