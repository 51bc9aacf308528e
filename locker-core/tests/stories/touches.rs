//! What touches may not do, and what no screen may show: tables over every screen.

use locker_core::screen::{Action, Button, Screen, Text, Value, Weight, Widget};
use locker_core::*;

use crate::rig::{JANE, Rig, offered};
use crate::walk;

fn touch_with(
    rig: &mut Rig,
    generation: Generation,
    touch_id: u64,
    action: Action,
) -> Result<Answer, Refusal> {
    let fresh = rig.fresh();
    rig.ask(Ask::Touch(screen::Touch { generation, touch_id, action, fresh }))
}

/// What can be done on a screen.
fn actions(screen: &Screen) -> Vec<String> {
    let mut actions: Vec<String> = offered(screen).iter().map(|button| format!("{button:?}")).collect();
    if screen.overlay.is_none() {
        for widget in &screen.widgets {
            match widget {
                Widget::Choices { items } => actions.push(format!("choose {}", items.len())),
                Widget::Keypad { digits_max, .. } => actions.push(format!("digits {digits_max}")),
                Widget::Entry { kind, .. } => actions.push(format!("write {kind:?}")),
                _ => {}
            }
        }
    }
    actions.sort();
    actions
}

#[test]
fn every_button_that_a_screen_does_not_offer_is_refused_and_changes_nothing() {
    for (name, rig) in &mut walk::all() {
        let (before, records) = (rig.screen(), rig.journal.len());
        let offered = offered(&before);
        for button in Button::ALL.iter().filter(|button| !offered.contains(button)) {
            assert_eq!(rig.try_press(*button), Err(Refusal::NotOffered), "{button:?} on {name}");
            assert!(rig.screen() == before, "{button:?} on {name}");
            assert_eq!(rig.journal.len(), records, "{button:?} on {name}");
        }
    }
}

#[test]
fn every_button_that_a_screen_offers_is_taken() {
    for (name, rig) in walk::all() {
        for button in offered(&rig.screen()) {
            assert!(rig.clone().try_press(button).is_ok(), "{button:?} on {name}");
        }
    }
}

#[test]
fn what_a_screen_has_no_widget_for_is_refused() {
    for (name, rig) in &mut walk::all() {
        let (before, records) = (rig.screen(), rig.journal.len());
        let has = |what: &str| actions(&before).iter().any(|action| action.starts_with(what));
        let mut wrong = vec![Action::Digit { digit: 10 }, Action::Digit { digit: 255 }];
        if !has("digits") {
            wrong.extend([Action::Digit { digit: 1 }, Action::Erase]);
        }
        if !has("choose") {
            wrong.push(Action::Choose { item: 0 });
        }
        if !has("write") {
            wrong.push(Action::Write { text: "x".into() });
        }
        let items = before.widgets.iter().find_map(|widget| match widget {
            Widget::Choices { items } => u8::try_from(items.len()).ok(),
            _ => None,
        });
        wrong.push(Action::Choose { item: items.unwrap_or(2) });
        wrong.push(Action::Choose { item: 255 });
        for action in wrong {
            assert_eq!(rig.touch(action.clone()), Err(Refusal::NotOffered), "{action:?} on {name}");
            assert!(rig.screen() == before, "{action:?} on {name}");
            assert_eq!(rig.journal.len(), records);
        }
    }
}

#[test]
fn odd_texts_change_nothing_or_are_kept_as_they_are() {
    let entries = ["drop.registration", "drop.phone", "drop.add_phone", "drop.remark"];
    for (name, rig) in walk::all().iter_mut().filter(|(name, _)| entries.contains(name)) {
        let before = rig.screen();
        for (text, why) in [
            ("x".repeat(4_096), Refusal::TooLong),
            ("é".repeat(1_001), Refusal::TooLong),
            ("x".repeat(201), Refusal::TooLong),
            ("1-ABC\u{0}123".into(), Refusal::NotText),
            ("\u{1b}[2J".into(), Refusal::NotText),
            ("\u{7f}".into(), Refusal::NotText),
            ("tab\there".into(), Refusal::NotText),
        ] {
            assert_eq!(rig.touch(Action::Write { text }), Err(why), "{name}");
            assert!(rig.screen() == before, "{name}");
        }
        for text in ["", "   ", "Ключ 鍵 مفتاح", "'; DROP TABLE", "🔑🔑🔑", "{ $words }"] {
            rig.write(text);
            let Some(Widget::Entry { value, .. }) = rig.screen().widgets.first().cloned() else { panic!() };
            assert_eq!(value, text, "{name}");
            let taken = rig.try_press(Button::Ok);
            assert!(taken.is_ok(), "{name}");
            rig.leap(1_500);
            match rig.at() {
                "drop.no_match" => {
                    rig.press(Button::Back);
                    let by = if *name == "drop.phone" { Button::ByPhone } else { Button::ByRegistration };
                    rig.press(by);
                }
                "drop.appointments" => {
                    rig.press(Button::EditRemark);
                }
                _ => {}
            }
            if !rig.screen().widgets.iter().any(|widget| matches!(widget, Widget::Entry { .. })) {
                break;
            }
        }
    }
}

#[test]
fn an_added_phone_number_is_a_number_and_nothing_else() {
    for text in
        ["", "call me", "12", "0470 12 34 56 ext 7", "hello 0470123456", "+", "0470\n123456", "٠٤٧٠١٢٣٤٥٦"]
    {
        let mut rig = Rig::new();
        rig.identified("1-ABC-123");
        rig.press(Button::EditPhone);
        rig.write(text);
        rig.press(Button::Ok);
        assert_eq!((rig.at(), rig.notice()), ("drop.add_phone", Some("drop-phone-wrong")), "{text:?}");
        let Some(Widget::Entry { value, .. }) = rig.screen().widgets.first().cloned() else { panic!() };
        assert_eq!(value, text, "what was typed is kept (UX-18)");
    }
}

#[test]
fn a_touch_on_an_old_screen_is_refused_and_a_doubled_one_changes_nothing() {
    let mut rig = Rig::new();
    rig.show_pad();
    let generation = rig.screen().generation;
    for digit in 1..=3 {
        let id = 1_000 + u64::from(digit);
        assert_eq!(touch_with(&mut rig, generation, id, Action::Digit { digit }), Ok(Answer::Done));
        assert_eq!(
            touch_with(&mut rig, generation, id, Action::Digit { digit }),
            Ok(Answer::Done),
            "doubled"
        );
    }
    let typed = |rig: &Rig| match rig.screen().widgets.first() {
        Some(Widget::Keypad { typed, .. }) => *typed,
        _ => 0,
    };
    assert_eq!(typed(&rig), 3);
    // Out of order: a lower id that is new is taken.
    assert_eq!(touch_with(&mut rig, generation, 900, Action::Digit { digit: 4 }), Ok(Answer::Done));
    assert_eq!(typed(&rig), 4);
    let old = Generation { boot: generation.boot, n: generation.n - 1 };
    let next = Generation { boot: generation.boot, n: generation.n + 1 };
    let other = Generation { boot: Boot(generation.boot.0 + 1), n: generation.n };
    for (id, wrong) in [(2_001, old), (2_002, next), (2_003, other)] {
        assert_eq!(touch_with(&mut rig, wrong, id, Action::Erase), Err(Refusal::OldScreen));
    }
    assert_eq!(typed(&rig), 4);
    // A refused touch was not taken: its id is still good.
    assert_eq!(touch_with(&mut rig, generation, 2_001, Action::Erase), Ok(Answer::Done));
    assert_eq!(typed(&rig), 3);
}

#[test]
fn a_quick_typist_loses_no_digit_and_a_ninth_is_not_taken() {
    let mut rig = Rig::new();
    rig.show_pad();
    let generation = rig.screen().generation;
    for (id, digit) in (100..).zip([1, 2, 3, 4, 5, 6, 7, 8, 9, 9]) {
        assert_eq!(touch_with(&mut rig, generation, id, Action::Digit { digit }), Ok(Answer::Done));
    }
    assert_eq!(rig.screen().generation, generation);
    let Some(Widget::Keypad { shown, typed, revealed, .. }) = rig.screen().widgets.first().cloned() else {
        panic!()
    };
    assert_eq!((shown.as_str(), typed, revealed), ("••••••••", 8, false));
    rig.press(Button::Show);
    let Some(Widget::Keypad { shown, .. }) = rig.screen().widgets.first().cloned() else { panic!() };
    assert_eq!(shown, "12345678");
    rig.press(Button::Back);
    rig.press(Button::ByPin);
    let Some(Widget::Keypad { typed, .. }) = rig.screen().widgets.first().cloned() else { panic!() };
    assert_eq!(typed, 0, "cleared on the way out (UX-14)");
}

#[test]
fn the_generation_changes_whenever_the_set_of_actions_does() {
    for (name, rig) in walk::all() {
        for button in offered(&rig.screen()) {
            let mut next = rig.clone();
            let before = next.screen();
            next.try_press(button).unwrap();
            let after = next.screen();
            if actions(&before) != actions(&after) || before.id != after.id {
                assert!(after.generation != before.generation, "{button:?} on {name}");
            }
        }
    }
}

#[test]
fn every_screen_has_a_title_something_to_read_and_at_most_one_primary_button_last() {
    for (name, rig) in walk::all() {
        for screen in [rig.screen(), rig.top()] {
            assert!(!screen.title.id.is_empty(), "{name}");
            assert!(!screen.lines.is_empty() || !screen.widgets.is_empty(), "{name}");
            assert_eq!(screen.spoken.first(), Some(&screen.title), "{name}: the title is spoken first");
            let primary: Vec<usize> = (0..)
                .zip(&screen.buttons)
                .filter(|(_, view)| view.weight == Weight::Primary)
                .map(|(index, _)| index)
                .collect();
            assert!(primary.is_empty() || primary == [screen.buttons.len() - 1], "{name}: {primary:?}");
        }
        let bar: Vec<Button> = rig.screen().bar.iter().map(|view| view.press).collect();
        assert_eq!(bar, [Button::Help, Button::Abort], "{name}: at the same place (UX-10)");
    }
}

/// Every word that a screen says, the text a person types excepted.
fn said(mut screen: Screen) -> Vec<String> {
    let entry = screen.widgets.iter().any(|widget| matches!(widget, Widget::Entry { .. }));
    let texts: Vec<Text> = screen.texts_mut().into_iter().map(|text| text.clone()).collect();
    let mut words = vec![screen.locker.clone()];
    assert!(!entry || screen.widgets.len() <= 2);
    for text in texts {
        for (_, value) in text.args {
            if let Value::Words(word) | Value::Personal(word) | Value::Masked(word) = value {
                words.push(word);
            }
        }
    }
    words
}

#[test]
fn ux_12_no_name_address_number_or_plate_is_unmasked_before_the_pin_or_ever_on_the_top_screen() {
    let personal = [
        "jane@example.be",
        "omar@example.org",
        "0470 12 34 12",
        "0470 99 88 77",
        "1-ABC-123",
        "2-XYZ-789",
        "4-TWO-001",
        "Driver 1",
        "Driver 2",
        "Blue hatchback",
    ];
    let after_pin = ["drop.driver", "drop.add_phone", "drop.appointments", "drop.remark"];
    for (name, rig) in walk::all() {
        let mut words = said(rig.top());
        if !after_pin.contains(&name) {
            words.extend(said(rig.screen()));
        }
        for word in words {
            assert!(!personal.iter().any(|secret| word.contains(secret)), "{name} says {word}");
        }
    }
    // The opposite: after the PIN the driver's own data stand there in full, nobody else's.
    let mut rig = Rig::new();
    rig.identified("1-ABC-123");
    let words = said(rig.screen());
    assert!(words.contains(&"jane@example.be".into()) && words.contains(&"Driver 1".into()));
    assert!(!words.iter().any(|word| word.contains("omar")));
    assert_eq!(rig.custody(JANE), Custody::Customer);
}

#[test]
fn every_button_stands_in_the_list_of_all() {
    let unknown = serde_json::from_str::<Button>("\"none\"").unwrap_err().to_string();
    let (_, known) = unknown.split_once("expected one of ").unwrap();
    let known: Vec<String> = known.split('`').skip(1).step_by(2).map(|name| format!("\"{name}\"")).collect();
    let listed = Button::ALL.map(|button| serde_json::to_string(&button).unwrap());
    assert_eq!(listed.as_slice(), known, "in the order of the enum");
}
