//! Starting (START).

use locker_core::screen::{Action, Button, Locale, Widget};
use locker_core::*;

use crate::rig::{JANE, OMAR, Rig, box_no, offered};

#[test]
fn start_01_the_start_screen_asks_why_the_person_came() {
    let mut rig = Rig::new();
    assert_eq!(rig.at(), "start");
    assert_eq!(
        rig.screen().buttons.iter().map(|view| view.press).collect::<Vec<_>>(),
        [Button::DropKey, Button::PickUpKey]
    );
    assert_eq!(rig.try_press(Button::Go), Err(Refusal::NotOffered), "nothing begins before the choice");
    rig.press(Button::PickUpKey);
    assert_eq!(rig.at(), "pick.welcome");
}

#[test]
fn start_02_a_welcome_screen_shows_the_steps_before_anything_is_asked_and_go_begins_step_1() {
    let steps = |rig: &Rig| match rig.screen().widgets.first() {
        Some(Widget::Steps { steps }) => steps.len(),
        _ => 0,
    };
    let mut rig = Rig::new();
    rig.press(Button::DropKey);
    assert_eq!((rig.at(), steps(&rig)), ("drop.welcome", 4));
    assert_eq!(rig.count(|record| matches!(record, Record::SessionBegan { .. })), 0);
    rig.press(Button::Go);
    assert_eq!(rig.at(), "drop.method");
    let progress = rig.screen().progress.unwrap();
    assert_eq!((progress.step, progress.of), (1, 4));
    assert_eq!(rig.count(|record| matches!(record, Record::SessionBegan { flow: Flow::Drop, .. })), 1);

    let mut single = Rig::with(|settings| settings.two_factor = false);
    single.press(Button::DropKey);
    assert_eq!(steps(&single), 3, "without 2FA nobody checks contacts");

    let mut pick = Rig::new();
    pick.press(Button::PickUpKey);
    assert_eq!((pick.at(), steps(&pick)), ("pick.welcome", 2));
    assert_eq!(pick.try_press(Button::LowBox), Err(Refusal::NotOffered), "the key is where it is");
}

#[test]
fn start_02_a_low_box_is_chosen_on_the_welcome_screen_and_can_be_taken_back() {
    let low = |rig: &Rig| rig.screen().buttons.iter().any(|view| view.press == Button::LowBox && view.on);
    // Eight boxes in two rows: 5 to 8 are low.
    let mut rig = Rig::with_boxes(8, |settings| settings.two_factor = false);
    rig.press(Button::DropKey);
    rig.press(Button::LowBox);
    assert!(low(&rig));
    rig.press(Button::LowBox);
    assert!(!low(&rig));
    rig.press(Button::LowBox);
    rig.press(Button::Go);
    rig.look_up(Button::ByRegistration, "1-ABC-123");
    rig.press(Button::Next);
    assert_eq!(rig.served(), Some(5));
}

#[test]
fn start_04_the_top_screen_shows_name_box_and_how_to_start_and_nothing_personal() {
    let mut rig = Rig::with(|settings| settings.name = "North gate".into());
    assert_eq!((rig.top().id, rig.top().locker.as_str()), ("top.start", "North gate"));
    assert!(rig.top().buttons.is_empty() && rig.top().bar.is_empty() && rig.top().overlay.is_none());
    let number = rig.drop_to_open_box("1-ABC-123");
    let top = rig.top();
    assert_eq!(top.id, "top.box");
    assert!(top.widgets.contains(&Widget::BoxNumber { box_no: box_no(number) }));
    let Some(Widget::Map { boxes }) = top.widgets.last() else { panic!("a map") };
    let here: Vec<_> = boxes.iter().filter(|view| view.mark == screen::BoxMark::HereOpen).collect();
    assert_eq!(here.len(), 1);
    assert_eq!(here[0].box_no, box_no(number));
}

#[test]
fn start_05_a_full_locker_says_so_and_begins_no_drop() {
    let mut rig = Rig::with_boxes(1, |_| {});
    assert_eq!(rig.notice(), None);
    rig.drop_key("1-ABC-123");
    rig.wait(1_000);
    assert_eq!(rig.notice(), Some("start-full"));
    assert_eq!(rig.try_press(Button::DropKey), Err(Refusal::NotOffered));
    rig.press(Button::PickUpKey);
    assert_eq!(rig.at(), "pick.welcome");
}

#[test]
fn start_05_a_full_locker_still_begins_the_drop_of_who_comes_back_to_a_box_to_be_checked() {
    let mut rig = Rig::with_boxes(1, |_| {});
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.put_key(number);
    rig.press(Button::Abort);
    rig.press(Button::Yes);
    rig.close(number);
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
    assert_eq!(rig.notice(), Some("start-full"));
    rig.press(Button::DropKey);
    assert_eq!(rig.at(), "drop.welcome");
}

#[test]
fn start_05_a_deactivated_locker_offers_neither_flow_and_says_how_to_reach_a_person() {
    let mut rig = Rig::new();
    rig.settings.active = false;
    rig.push_desired();
    assert_eq!(rig.notice(), Some("start-inactive"));
    assert_eq!(rig.screen().lines[0].id, "start-reach");
    assert_eq!(offered(&rig.screen()), [Button::Help, Button::Abort]);
    assert_eq!(rig.try_press(Button::DropKey), Err(Refusal::NotOffered));
    assert_eq!(rig.try_press(Button::PickUpKey), Err(Refusal::NotOffered));
    assert_eq!(rig.top().id, "top.out");
    rig.settings.telephone = String::new();
    rig.push_desired();
    assert_eq!(rig.screen().lines[0].id, "start-reach-help", "no number: help is the way");
    rig.settings.active = true;
    rig.push_desired();
    assert_eq!(rig.notice(), None);
    rig.press(Button::DropKey);
}

#[test]
fn start_05_a_locker_deactivated_at_the_welcome_screen_begins_nothing() {
    for flow in [Button::DropKey, Button::PickUpKey] {
        let mut rig = Rig::new();
        rig.press(flow);
        rig.settings.active = false;
        rig.push_desired();
        assert_eq!(rig.try_press(Button::Go), Err(Refusal::NotOffered));
        assert_eq!(rig.notice(), Some("start-inactive"));
    }
    let mut rig = Rig::new();
    rig.note(Told::Store(Store::Down));
    assert_eq!(rig.notice(), Some("start-store-down"));
    assert_eq!(offered(&rig.screen()), [Button::Help, Button::Abort], "out of service");
}

#[test]
fn start_06_a_welcome_screen_untouched_for_60_s_returns_to_start() {
    let mut rig = Rig::new();
    rig.press(Button::DropKey);
    rig.leap(39_999);
    assert_eq!(rig.overlay(), None);
    rig.leap(1);
    assert_eq!(rig.overlay(), Some("still_there"));
    rig.leap(19_999);
    assert_eq!(rig.at(), "drop.welcome");
    rig.leap(1);
    assert_eq!(rig.at(), "start");
}

#[test]
fn start_03_each_language_is_chosen_on_every_screen_and_ends_with_the_session() {
    let choose_each = |rig: &mut Rig| {
        for locale in Locale::ALL {
            rig.touch(Action::Language { locale }).unwrap();
            let screen = rig.screen();
            let chosen: Vec<_> = screen
                .languages
                .iter()
                .filter(|language| language.chosen)
                .map(|language| language.name)
                .collect();
            assert_eq!((screen.locale, chosen), (locale, vec![locale.own_name()]), "at {}", screen.id);
            assert_eq!(screen.languages.len(), 4, "at {}", screen.id);
        }
    };
    let mut rig = Rig::new();
    choose_each(&mut rig);
    for (button, at) in [
        (Button::DropKey, "drop.welcome"),
        (Button::Go, "drop.method"),
        (Button::ByPin, "drop.pin"),
        (Button::Help, "drop.pin"),
        (Button::CloseHelp, "drop.pin"),
        (Button::Back, "drop.method"),
        (Button::ByRegistration, "drop.registration"),
        (Button::Abort, "drop.registration"),
        (Button::Yes, "start"),
    ] {
        rig.press(button);
        assert_eq!(rig.at(), at);
        if at == "start" {
            assert_eq!(rig.screen().locale, Locale::En, "the next person begins in the locker's language");
        }
        choose_each(&mut rig);
    }
}

#[test]
fn start_06_what_was_typed_and_chosen_is_gone_when_a_session_ends() {
    let mut rig = Rig::new();
    rig.press(Button::DropKey);
    rig.press(Button::LowBox);
    rig.touch(Action::Language { locale: Locale::Fr }).unwrap();
    rig.press(Button::Go);
    rig.press(Button::ByRegistration);
    rig.write("9-XYZ-999");
    rig.leap(60_000);
    rig.leap(0);
    assert_eq!(rig.at(), "drop.welcome");
    let screen = rig.screen();
    assert_eq!(screen.locale, Locale::En);
    assert!(!screen.buttons.iter().any(|view| view.on), "the low box was the last person's wish");
    rig.press(Button::Go);
    rig.press(Button::ByRegistration);
    let Some(Widget::Entry { value, .. }) = rig.screen().widgets.first().cloned() else { panic!() };
    assert_eq!(value, "");
}

#[test]
fn start_06_the_language_that_is_spoken_is_the_one_that_is_marked() {
    let mut rig = Rig::new();
    let marked = |rig: &Rig| {
        let languages = rig.screen().languages.into_iter();
        languages.map(|view| (view.locale, view.chosen)).collect::<Vec<_>>()
    };
    let only = |spoken: Locale| Locale::ALL.map(|locale| (locale, locale == spoken)).to_vec();
    assert_eq!(marked(&rig), only(Locale::En));
    rig.touch(Action::Language { locale: Locale::Fr }).unwrap();
    assert_eq!(marked(&rig), only(Locale::Fr));
}

#[test]
fn start_06_a_language_or_an_open_help_does_not_outlast_the_person_on_the_start_screen() {
    let mut rig = Rig::new();
    rig.touch(Action::Language { locale: Locale::Fr }).unwrap();
    rig.press(Button::Help);
    rig.leap(59_999);
    assert_eq!((rig.screen().locale, rig.overlay()), (Locale::Fr, Some("help")));
    rig.leap(1);
    assert_eq!((rig.screen().locale, rig.overlay()), (Locale::En, None));
}

#[test]
fn start_06_settings_that_change_act_from_the_next_session() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.settings.two_factor = false;
    rig.settings.active = false;
    rig.push_desired();
    rig.look_up(Button::ByRegistration, "1-ABC-123");
    assert_eq!(rig.at(), "drop.contact", "this session began with two factors");
    assert_eq!(rig.screen().progress.unwrap().of, 4);
    rig.leave();
    assert_eq!(rig.notice(), Some("start-inactive"));
    rig.settings.active = true;
    rig.push_desired();
    rig.begin_drop();
    rig.look_up(Button::ByRegistration, "1-ABC-123");
    assert_eq!(rig.at(), "drop.appointments");
}

#[test]
fn start_06_a_cancelled_visit_acts_at_once_unless_a_box_is_already_open() {
    let cancel = |rig: &mut Rig| {
        rig.visits.retain(|visit| visit.id != JANE);
        rig.push_desired();
    };
    let mut rig = Rig::new();
    rig.identified("1-ABC-123");
    rig.press(Button::Next);
    cancel(&mut rig);
    assert_eq!(rig.at(), "drop.no_match");
    assert!(rig.driven.is_empty());

    let mut open = Rig::new();
    let number = open.drop_to_open_box("1-ABC-123");
    cancel(&mut open);
    assert_eq!(open.at(), "drop.serve");
    open.put_key(number);
    open.close(number);
    open.press(Button::Confirm);
    assert_eq!(open.custody(JANE), Custody::Box { box_no: box_no(number) });
    assert!(open.custody(OMAR) == Custody::Customer);
}
