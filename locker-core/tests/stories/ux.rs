//! What every screen keeps to, whatever it is drawn with (KIOSK): proved on the view model, over every screen that a person can
//! come to.

use locker_core::screen::{Button, Locale, NoticeKind, Sound, Weight, Widget};
use locker_core::*;

use crate::rig::Rig;
use crate::{further, walk};

/// Every time limit of a step in which something can be lost, with where it stands when it has run out.
#[test]
fn ux_01_every_time_limit_warns_20_s_before_its_end_and_is_put_off_ten_times_by_one_press() {
    let mut limits = 0;
    for (name, mut rig) in walk::all() {
        let (at, Some(remaining)) = (rig.at(), rig.screen().remaining) else { continue };
        // A QR is made anew by one press, and at the end nothing is left to lose; a box is asked about in TIME-3.
        if ["qr", "thanks", "serve", "settle"].iter().any(|step| at.contains(step)) || at == "sorry" {
            continue;
        }
        // A look-up and a message end by themselves.
        if !rig.screen().widgets.iter().all(|widget| !matches!(widget, Widget::Busy { .. })) {
            continue;
        }
        // The welcome screen has nothing typed on it.
        if at.ends_with("welcome") {
            continue;
        }
        limits += 1;
        for time in 1..=10 {
            rig.leap(remaining.total_ms - 20_000);
            assert_eq!(rig.overlay(), Some("still_there"), "{name}, the {time}. time");
            assert!(rig.screen().remaining.unwrap().left_ms >= 20_000, "{name}");
            rig.press(Button::MoreTime);
            assert_eq!((rig.at(), rig.overlay()), (at, None), "{name}, the {time}. time");
            assert!(!rig.screen().remaining.unwrap().warning, "{name}");
        }
    }
    assert!(limits >= 12, "only {limits} steps have a limit");
}

#[test]
fn ux_02_a_warning_is_seen_and_heard_and_says_what_will_be_lost() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.leap(45_000);
    let screen = rig.screen();
    assert_eq!(rig.overlay(), Some("still_there"));
    assert_eq!(screen.sound, Some(Sound::Attention));
    let overlay = screen.overlay.unwrap();
    assert!(overlay.lines.iter().any(|line| line.id == "still-lose"));
    assert!(screen.spoken.iter().any(|text| text.id == "still-lose"), "said as well");
    assert!(screen.remaining.unwrap().warning);
}

/// Nothing is told by colour alone: whatever stands out has a kind, a text or a number of its own.
#[test]
fn ux_08_what_stands_out_has_words_and_boxes_have_numbers_and_places() {
    for (name, rig) in walk::all() {
        let screen = rig.screen();
        for button in screen.buttons.iter().chain(&screen.bar) {
            assert!(!button.label.id.is_empty(), "a button at {name} has no words");
        }
        if let Some(notice) = &screen.notice {
            assert!(!notice.text.id.is_empty(), "a notice at {name} has no words");
            let is_problem = notice.kind == NoticeKind::Problem;
            assert!(!is_problem || screen.spoken.contains(&notice.text), "a problem at {name} is not said");
        }
        for widget in &screen.widgets {
            let Widget::Map { boxes } = widget else { continue };
            let mut places: Vec<_> = boxes.iter().map(|place| (place.row, place.column)).collect();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len(), boxes.len(), "two boxes at one place at {name}");
        }
    }
}

/// What asks for two hands at once, in four languages.
const AT_ONCE: [&str; 21] = [
    "while",
    "hold ",
    "holding",
    "at the same time",
    "keep pressing",
    "long press",
    "both hands",
    "pendant que",
    "tout en ",
    "maintenez",
    "en même temps",
    "appui long",
    "terwijl",
    "ingedrukt",
    "tegelijk",
    "vasthouden",
    "während",
    "gedrückt",
    "gleichzeitig",
    "festhalten",
    "beide hände",
];

/// A hand that is at a door is never wanted at the screen as well: nothing is said to do two things at once, and at an
/// open box one follows the other, in either order, with nothing pressed in between.
#[test]
fn ux_09_one_action_at_a_time_the_door_first_or_confirm_first() {
    for (name, rig) in walk::all().into_iter().chain(further::all()) {
        for locale in Locale::ALL {
            let mut screen = rig.screen();
            screen.locale = locale;
            text::fill(&mut screen);
            for text in screen.texts_mut() {
                let words = text.text.to_lowercase();
                let found = AT_ONCE.iter().find(|at_once| words.contains(*at_once));
                assert_eq!(found, None, "{name} in {}: {}", locale.tag(), text.text);
            }
        }
    }
    for confirms_first in [true, false] {
        for is_drop in [true, false] {
            let mut rig = Rig::new();
            let number = if is_drop {
                rig.drop_to_open_box("1-ABC-123")
            } else {
                let (number, pin) = rig.hand_in(crate::rig::JANE);
                rig.collect(&pin);
                number
            };
            // The pulse has long ended, nobody touches anything: the door stays open by itself.
            rig.wait(20_000);
            if is_drop {
                rig.put_key(number);
            } else {
                rig.take_key(number);
            }
            if confirms_first {
                rig.press(Button::Confirm);
                rig.wait(20_000);
                assert!(rig.at().ends_with("serve"), "it waits for the door, with both hands free");
                rig.close(number);
            } else {
                rig.close(number);
                rig.wait(20_000);
                assert!(rig.at().ends_with("serve"), "it waits for the press, with the door shut");
                rig.press(Button::Confirm);
            }
            rig.wait(2_000);
            assert!(
                rig.at().ends_with("thanks"),
                "drop {is_drop}, Confirm first {confirms_first}: {}",
                rig.at()
            );
        }
    }
}

#[test]
fn ux_10_help_leaving_and_languages_are_at_the_same_place_on_every_screen() {
    for (name, rig) in walk::all() {
        let screen = rig.screen();
        let bar: Vec<Button> = screen.bar.iter().map(|button| button.press).collect();
        assert_eq!(bar, [Button::Help, Button::Abort], "at {name}");
        let languages: Vec<Locale> = screen.languages.iter().map(|language| language.locale).collect();
        assert_eq!(languages, Locale::ALL, "at {name}");
    }
}

#[test]
fn ux_11_nobody_is_asked_again_for_what_they_typed_in_this_session() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("1-ABC");
    rig.press(Button::Back);
    rig.press(Button::ByRegistration);
    let typed = |rig: &Rig| {
        rig.screen().widgets.into_iter().find_map(|widget| match widget {
            Widget::Entry { value, .. } => Some(value),
            _ => None,
        })
    };
    assert_eq!(typed(&rig).as_deref(), Some("1-ABC"));
    // Nor by a question that lies over it, nor in another language.
    rig.press(Button::Abort);
    rig.press(Button::No);
    rig.press(Button::Help);
    rig.press(Button::CloseHelp);
    rig.touch(screen::Action::Language { locale: Locale::Nl }).unwrap();
    assert_eq!(typed(&rig).as_deref(), Some("1-ABC"));
}

#[test]
fn ux_13_languages_have_their_own_names_and_the_choice_ends_with_the_session() {
    let mut rig = Rig::new();
    let names: Vec<&str> = rig.screen().languages.iter().map(|language| language.name).collect();
    assert_eq!(names, ["English", "Français", "Nederlands", "Deutsch"]);
    rig.press(Button::DropKey);
    rig.touch(screen::Action::Language { locale: Locale::De }).unwrap();
    assert_eq!(rig.screen().locale, Locale::De);
    rig.leave();
    assert_eq!((rig.at(), rig.screen().locale), ("start", Locale::En));
}

#[test]
fn ux_14_digits_are_masked_until_shown_masked_again_after_a_question_and_gone_with_the_session() {
    let shown = |rig: &Rig| {
        rig.screen().widgets.into_iter().find_map(|widget| match widget {
            Widget::Keypad { shown, .. } => Some(shown),
            _ => None,
        })
    };
    let mut rig = Rig::new();
    rig.show_pad();
    for digit in [4, 7, 1, 1] {
        rig.touch(screen::Action::Digit { digit }).unwrap();
    }
    assert_eq!(shown(&rig).as_deref(), Some("••••"));
    assert!(rig.offers(Button::Show));
    rig.press(Button::Show);
    assert_eq!(shown(&rig).as_deref(), Some("4711"));
    for (over, back) in [(Button::Abort, Button::No), (Button::Help, Button::CloseHelp)] {
        rig.press(over);
        rig.press(back);
        assert_eq!(shown(&rig).as_deref(), Some("••••"), "{over:?} is no way out: digits stay, masked again");
        rig.press(Button::Show);
    }
    rig.leave();
    rig.show_pad();
    assert_eq!(shown(&rig).as_deref(), Some(""), "a way out clears them");
}

#[test]
fn ux_15_a_wait_says_why_and_has_a_way_out() {
    let mut waits = 0;
    for (name, rig) in walk::all() {
        let screen = rig.screen();
        for widget in &screen.widgets {
            let Widget::Busy { reason } = widget else { continue };
            waits += 1;
            assert!(!reason.id.is_empty(), "at {name}");
            assert!(
                screen.bar.iter().any(|button| button.press == Button::Abort && button.enabled),
                "at {name}"
            );
        }
    }
    assert!(waits >= 2, "looking up and sending are waits");
}

#[test]
fn ux_17_every_screen_says_one_thing_to_do_and_steps_are_numbered() {
    for (name, rig) in walk::all() {
        let screen = rig.screen();
        assert!(!screen.title.id.is_empty(), "at {name}");
        assert!(screen.lines.len() <= 3, "{} lines at {name}", screen.lines.len());
        let primary =
            screen.buttons.iter().filter(|button| button.weight == Weight::Primary && button.enabled);
        assert!(primary.count() <= 1, "more than one next thing at {name}");
        let is_step = name.starts_with("drop.") || name.starts_with("pick.");
        if is_step && !name.contains("welcome") && !name.contains("thanks") {
            let progress = screen.progress.unwrap_or_else(|| panic!("no step's number at {name}"));
            assert!((1..=progress.of).contains(&progress.step), "at {name}");
        }
    }
}

#[test]
fn ux_19_the_box_is_shown_by_its_number_and_on_the_map_and_on_the_top_screen() {
    for name in ["drop.serve, open", "pick.serve", "pick.serve, customer"] {
        let (_, rig) = walk::all().into_iter().find(|(other, _)| *other == name).unwrap();
        let number = rig.served().unwrap();
        let screen = rig.screen();
        let is_number =
            |widget: &Widget| matches!(widget, Widget::BoxNumber { box_no } if box_no.get() == number);
        assert!(screen.widgets.iter().any(is_number), "at {name}");
        let is_here = |widget: &Widget| match widget {
            Widget::Map { boxes } => boxes.iter().any(|place| {
                let is_marked = matches!(place.mark, screen::BoxMark::Here | screen::BoxMark::HereOpen);
                place.box_no.get() == number && is_marked
            }),
            _ => false,
        };
        assert!(screen.widgets.iter().any(is_here), "at {name}");
        assert!(rig.top().widgets.iter().any(is_number), "on the top screen at {name}");
    }
}
