//! Everything by the numeric keypad alone, by somebody who only hears: no story here looks at a widget.

use locker_core::screen::{Action, Button, Cue, DOUBLE_STRIKE_MS, Key, Keys, Locale, Text, Value};
use locker_core::*;

use crate::rig::{JANE, Rig};
use crate::walk;

/// Somebody with a blank screen.
pub(crate) struct Listener {
    pub(crate) rig: Rig,
    keys: Keys,
}

impl Listener {
    pub(crate) fn at(rig: Rig) -> Self {
        Self { rig, keys: Keys::new() }
    }

    pub(crate) fn heard(&self) -> Vec<Cue> {
        self.keys.say(&self.rig.screen())
    }

    pub(crate) fn hears(&self, id: &str) -> bool {
        self.heard().iter().any(|cue| cue.text.id == id)
    }

    /// Strikes a key, at leisure.
    pub(crate) fn strike(&mut self, key: Key) {
        self.rig.wait(DOUBLE_STRIKE_MS);
        if let Some(action) = self.keys.press(&self.rig.screen(), key, Mono(self.rig.mono)) {
            self.rig.touch(action).unwrap();
        }
    }

    pub(crate) fn digits(&mut self, digits: &str) {
        for digit in digits.bytes() {
            self.strike(Key::Digit(digit - b'0'));
        }
    }

    /// Strikes the key that was said to do this.
    pub(crate) fn does(&mut self, id: &str) {
        let cues = self.heard();
        let cue = cues.iter().find(|cue| cue.key.is_some() && cue.text.id == id);
        let ids: Vec<_> = cues.iter().map(|cue| cue.text.id).collect();
        self.strike(
            cue.unwrap_or_else(|| panic!("no key for {id} at {}: {ids:?}", self.rig.at())).key.unwrap(),
        );
    }

    /// The same for what is not the one next thing while something is typed.
    fn does_by_menu(&mut self, id: &str) {
        self.strike(Key::Repeat);
        self.does(id);
    }

    /// Spells a text with rows and letters, as they were said.
    pub(crate) fn spells(&mut self, text: &str) {
        for sign in text.chars() {
            let rows = ["0 ", "1-", "2ABC", "3DEF", "4GHI", "5JKL", "6MNO", "7PQRS", "8TUV", "9WXYZ"];
            let row = (0..).zip(rows).find(|(_, row)| row.contains(sign)).unwrap().0;
            self.strike(Key::Digit(row));
            let says = |cue: &&Cue| match sign {
                ' ' => cue.text.id == "keys-space",
                '-' => cue.text.id == "keys-hyphen",
                _ => matches!(&cue.text.args[..], [(_, Value::Words(word))] if *word == sign.to_string()),
            };
            let cues = self.heard();
            let key = cues.iter().find(|cue| cue.key.is_some() && says(cue)).unwrap().key.unwrap();
            self.strike(key);
        }
    }
}

#[test]
fn ux_06_drop_01_a_key_is_dropped_by_the_keypad_alone_with_the_screen_blank() {
    let mut somebody = Listener::at(Rig::new());
    somebody.does("start-drop");
    somebody.strike(Key::Confirm);
    assert!(somebody.hears("keys-progress"));
    somebody.does("method-registration");
    assert!(somebody.hears("keys-type-letters"));
    somebody.spells("1-ABC-123");
    somebody.strike(Key::Confirm);
    somebody.rig.wait(3_000);
    somebody.does("send");
    let codes = somebody.rig.deliver();
    somebody.strike(Key::Confirm);
    somebody.digits(&codes[0]);
    assert!(somebody.hears("keys-typed"));
    somebody.strike(Key::Confirm);
    // Driver, then appointments.
    assert!(somebody.hears("keys-private"), "personal data is not said without a headset");
    somebody.strike(Key::Confirm);
    somebody.strike(Key::Confirm);
    somebody.rig.wait(1_000);
    assert!(somebody.hears("keys-box"));
    let number = somebody.rig.served().unwrap();
    somebody.rig.put_key(number);
    somebody.rig.close(number);
    somebody.rig.wait(2_000);
    somebody.strike(Key::Confirm);
    assert!(matches!(somebody.rig.custody(JANE), Custody::Box { .. }), "at {}", somebody.rig.at());
    somebody.strike(Key::Confirm);
    assert_eq!(somebody.rig.at(), "start");
}

#[test]
fn ux_06_staff_pick_08_staff_pick_up_a_key_by_the_keypad_alone() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.wait(1_000);
    let mut somebody = Listener::at(rig);
    somebody.does("start-pick-up");
    somebody.strike(Key::Confirm);
    somebody.does("method-qr");
    assert!(somebody.hears("keys-qr"));
    somebody.rig.scan(Act::PickUp { visit: JANE });
    somebody.rig.wait(1_000);
    somebody.rig.take_key(number);
    somebody.rig.close(number);
    somebody.rig.wait(2_000);
    somebody.strike(Key::Confirm);
    assert_eq!(somebody.rig.at(), "pick.thanks");
}

#[test]
fn ux_06_help_abort_and_language_are_keys_too() {
    let mut somebody = Listener::at(Rig::new());
    somebody.does("start-drop");
    somebody.strike(Key::Help);
    assert!(somebody.hears("help-title"));
    somebody.strike(Key::Abort);
    assert_eq!(somebody.rig.overlay(), None, "the abort key goes back from what lies over the step");
    somebody.strike(Key::Abort);
    assert!(somebody.hears("abort-title"));
    somebody.strike(Key::Abort);
    assert_eq!((somebody.rig.overlay(), somebody.rig.at()), (None, "drop.welcome"));
    let german = |cue: &&Cue| matches!(&cue.text.args[..], [(_, Value::Words(word))] if word == "Deutsch");
    let cues = somebody.heard();
    somebody.strike(cues.iter().find(german).unwrap().key.unwrap());
    assert_eq!(somebody.rig.screen().locale, Locale::De);
}

#[test]
fn ux_06_a_double_strike_counts_once_and_two_different_keys_count_both() {
    let mut rig = Rig::new();
    rig.show_pad();
    let mut keys = Keys::new();
    let mut struck = |key, at| keys.press(&rig.screen(), key, Mono(at));
    let digit = |digit| Some(Action::Digit { digit });
    assert_eq!(struck(Key::Digit(4), 1_000), digit(4));
    assert_eq!(struck(Key::Digit(4), 1_499), None);
    // Whoever trembles on is still not meant; half a second of rest ends it.
    assert_eq!(struck(Key::Digit(4), 1_998), None);
    assert_eq!(struck(Key::Digit(4), 2_498), digit(4));
    assert_eq!(struck(Key::Digit(5), 2_500), digit(5));
}

#[test]
fn ux_07_masked_digits_are_said_as_star_even_when_they_are_shown() {
    let mut somebody = Listener::at(Rig::new());
    somebody.rig.show_pad();
    somebody.digits("4711");
    somebody.does_by_menu("pin-show");
    let said = somebody.heard();
    assert!(said.iter().any(|cue| cue.text.id == "keys-typed"));
    for cue in said {
        assert!(
            !cue.text
                .args
                .iter()
                .any(|(_, value)| matches!(value, Value::Words(word) if word.contains("4711")))
        );
    }
    somebody.does_by_menu("keys-erase");
    let typed = somebody.heard().into_iter().find(|cue| cue.text.id == "keys-typed").unwrap();
    assert!(typed.text.args == [("typed", Value::Number(3))]);
}

#[test]
fn ux_12_what_is_personal_is_said_on_a_headset_only() {
    let mut rig = Rig::new();
    rig.identified("1-ABC-123");
    let screen = rig.screen();
    let mut keys = Keys::new();
    let is_personal = |cue: &Cue| cue.text.args.iter().any(|(_, value)| matches!(value, Value::Personal(_)));
    let said = keys.say(&screen);
    assert!(!said.iter().any(is_personal));
    assert_eq!(said.iter().filter(|cue| cue.text.id == "keys-private").count(), 1);
    keys.headset(true);
    let said = keys.say(&screen);
    assert!(said.iter().any(is_personal) && said.iter().all(|cue| cue.text.id != "keys-private"));
}

/// Everything that stands on a screen is said, and everything that can be chosen has a key, on every screen there is.
#[test]
fn ux_07_no_text_stands_on_a_screen_without_its_spoken_form() {
    for (name, rig) in walk::all() {
        let screen = rig.screen();
        let mut keys = Keys::new();
        keys.headset(true);
        let mut said = keys.say(&screen);
        // Where something is typed, the choices come with *Repeat*; further ones with the key after the eighth.
        keys.press(&screen, Key::Repeat, Mono(0));
        said.extend(keys.say(&screen));
        for page in 1..4 {
            keys.press(&screen, Key::Digit(9), Mono(1_000 * page));
            said.extend(keys.say(&screen));
        }
        let is_said = |text: &Text| said.iter().any(|cue| cue.text == *text);
        let mut shown = screen.clone();
        if let Some(overlay) = &shown.overlay {
            // What lies under it is not said until it is gone.
            (shown.title, shown.lines) = (overlay.title.clone(), Vec::new());
            (shown.notice, shown.band) = (None, None);
            shown.widgets.clear();
            shown.buttons.clear();
            shown.bar.clear();
        }
        let off = |button: &&mut screen::ButtonView| !button.enabled;
        let disabled: Vec<Text> =
            shown.buttons.iter_mut().filter(off).map(|button| button.label.clone()).collect();
        for text in shown.texts_mut() {
            assert!(is_said(text) || disabled.contains(text), "{} at {name} is not said", text.id);
        }
        for focus in screen.focus() {
            let can = (1..=9).any(|digit| {
                (0..4).any(|page| {
                    let mut keys = Keys::new();
                    let is_typed = screen.widgets.iter().any(|widget| {
                        matches!(widget, screen::Widget::Keypad { .. } | screen::Widget::Entry { .. })
                    });
                    if is_typed && screen.overlay.is_none() {
                        keys.press(&screen, Key::Repeat, Mono(0));
                    }
                    for turn in 0..page {
                        keys.press(&screen, Key::Digit(9), Mono(1_000 * (turn + 1)));
                    }
                    keys.press(&screen, Key::Digit(digit), Mono(10_000)) == Some(focus.action.clone())
                })
            });
            assert!(can, "{:?} at {name} has no key", focus.action);
        }
    }
}

#[test]
fn ux_06_a_double_strike_counts_once_though_the_first_strike_changed_the_screen() {
    let mut rig = Rig::new();
    rig.press(Button::DropKey);
    let mut keys = Keys::new();
    let go = keys.press(&rig.screen(), Key::Confirm, Mono(1_000)).unwrap();
    rig.touch(go).unwrap();
    assert_eq!(rig.at(), "drop.method");
    rig.press(Button::ByRegistration);
    rig.write("1-ABC-123");
    assert_eq!(keys.press(&rig.screen(), Key::Confirm, Mono(1_499)), None);
    assert_eq!(
        keys.press(&rig.screen(), Key::Confirm, Mono(1_999)),
        Some(Action::Press { button: Button::Ok })
    );
}

#[test]
fn ux_06_choices_are_turned_over_and_begin_again_and_more_is_said_where_there_is_more() {
    let mut paged = 0;
    for (name, rig) in walk::all() {
        let screen = rig.screen();
        let mut keys = Keys::new();
        let can_type = |keys: &Keys| keys.say(&screen).iter().any(|cue| cue.text.id == "keys-more-by-repeat");
        if can_type(&keys) {
            keys.press(&screen, Key::Repeat, Mono(0));
        }
        let chosen = |keys: &Keys| -> Vec<Cue> {
            let digits = |cue: &Cue| matches!(cue.key, Some(Key::Digit(1..=8)));
            keys.say(&screen).into_iter().filter(digits).collect()
        };
        let has_more = keys.say(&screen).iter().any(|cue| cue.text.id == "keys-more");
        let (first, mut pages) = (chosen(&keys), 0);
        let mut all = Vec::new();
        loop {
            let page = chosen(&keys);
            assert!((1..=8).contains(&page.len()), "{name}: {} choices on page {pages}", page.len());
            all.extend(page);
            pages += 1;
            keys.press(&screen, Key::Digit(9), Mono(1_000 * pages));
            if chosen(&keys) == first {
                break;
            }
        }
        assert_eq!(has_more, all.len() > 8, "{name}");
        assert_eq!(pages > 1, has_more, "{name}");
        paged += usize::from(has_more);
    }
    assert!(paged > 0, "no screen has more than eight choices");
}

#[test]
fn ux_06_another_field_is_offered_and_named_where_there_are_two() {
    let mut both = [0, 0];
    for (name, rig) in walk::all() {
        let screen = rig.screen();
        let fields: Vec<&screen::Widget> = screen
            .widgets
            .iter()
            .filter(|widget| matches!(widget, screen::Widget::Keypad { .. } | screen::Widget::Entry { .. }))
            .collect();
        if fields.is_empty() || screen.overlay.is_some() {
            continue;
        }
        both[usize::from(fields.len() > 1)] += 1;
        let mut keys = Keys::new();
        keys.press(&screen, Key::Repeat, Mono(0));
        let cues = keys.say(&screen);
        let other = cues.iter().find(|cue| cue.text.id == "keys-other-field");
        assert_eq!(other.is_some(), fields.len() > 1, "{name}");
        // The field that digits go to is named after what they are, if there is a choice of fields.
        let mut keys = Keys::new();
        if let (Some(cue), false) = (other, matches!(fields[0], screen::Widget::Entry { .. })) {
            keys.press(&screen, Key::Repeat, Mono(0));
            keys.press(&screen, cue.key.unwrap(), Mono(1_000));
        }
        let label = fields.iter().find_map(|widget| match widget {
            screen::Widget::Entry { label, .. } => Some(label),
            _ => None,
        });
        let Some(label) = label else { continue };
        let said = keys.say(&screen).iter().filter(|cue| cue.text == *label).count();
        assert_eq!(said, if fields.len() > 1 { 2 } else { 1 }, "{name}");
    }
    assert!(both[0] > 0 && both[1] > 0, "no screen with one field, or none with two");
}

#[test]
fn ux_07_what_was_entered_is_counted_and_spelled_on_a_headset_and_its_end_is_taken_away() {
    let mut somebody = Listener::at(Rig::new());
    somebody.does("start-drop");
    somebody.strike(Key::Confirm);
    somebody.does("method-registration");
    let spelled = |keys: &Keys, rig: &Rig| -> Option<String> {
        keys.say(&rig.screen()).iter().find_map(|cue| match &cue.text.args[..] {
            [(_, Value::Words(word))] if cue.text.id == "words" && cue.key.is_none() => Some(word.clone()),
            _ => None,
        })
    };
    let entered = |somebody: &Listener| {
        let cues = somebody.heard();
        let cue = cues.iter().find(|cue| cue.text.id == "keys-entered")?;
        match cue.text.args[..] {
            [("count", Value::Number(count))] => Some(count),
            _ => None,
        }
    };
    let mut headset = Keys::new();
    headset.headset(true);
    assert_eq!((entered(&somebody), spelled(&headset, &somebody.rig)), (None, None));
    somebody.spells("1-AB 2");
    assert_eq!(entered(&somebody), Some(6));
    assert_eq!(spelled(&somebody.keys, &somebody.rig), None, "not aloud");
    assert_eq!(spelled(&headset, &somebody.rig).as_deref(), Some("1 - A B 2"));
    somebody.does_by_menu("keys-erase");
    assert_eq!(entered(&somebody), Some(5));
    for _ in 0..5 {
        somebody.does_by_menu("keys-erase");
    }
    somebody.strike(Key::Repeat);
    assert!(!somebody.hears("keys-erase"), "nothing is left to be taken away");
}

#[test]
fn ux_07_the_digits_under_a_qr_code_are_said_one_by_one() {
    let mut somebody = Listener::at(Rig::new());
    somebody.rig.show_qr();
    let Some((_, Some(digits))) = somebody.rig.qr() else { panic!("no digits") };
    let one_by_one: Vec<String> = digits.chars().filter(|sign| *sign != ' ').map(String::from).collect();
    let said = one_by_one.join(" ");
    let is_said = |cue: &Cue| matches!(&cue.text.args[..], [(_, Value::Words(word))] if *word == said);
    assert!(somebody.heard().iter().any(is_said));
}

#[test]
fn ux_06_confirm_within_a_row_of_letters_leaves_the_row_and_sends_nothing() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("1-ABC-12");
    let mut keys = Keys::new();
    let before: Vec<_> = keys.say(&rig.screen()).iter().map(|cue| cue.text.id).collect();
    assert_eq!(keys.press(&rig.screen(), Key::Digit(3), Mono(1_000)), None);
    assert!(
        keys.say(&rig.screen()).iter().any(|cue| cue.key == Some(Key::Digit(4))),
        "the letters of the row"
    );
    assert_eq!(keys.press(&rig.screen(), Key::Confirm, Mono(2_000)), None);
    let after: Vec<_> = keys.say(&rig.screen()).iter().map(|cue| cue.text.id).collect();
    assert_eq!(before, after);
    assert_eq!(
        keys.press(&rig.screen(), Key::Confirm, Mono(3_000)),
        Some(Action::Press { button: Button::Ok })
    );
}

#[test]
fn ux_06_a_row_that_was_begun_is_forgotten_on_the_next_screen() {
    let mut rig = Rig::new();
    rig.begin_drop();
    let choices = Keys::new().say(&rig.screen()).len();
    rig.press(Button::ByRegistration);
    let mut keys = Keys::new();
    keys.press(&rig.screen(), Key::Digit(3), Mono(1_000));
    rig.press(Button::Back);
    assert_eq!((rig.at(), keys.say(&rig.screen()).len()), ("drop.method", choices));
    // Nothing is typed here, so there is nothing to come back to either.
    assert_eq!(keys.press(&rig.screen(), Key::Repeat, Mono(2_000)), None);
    assert!(keys.say(&rig.screen()).iter().all(|cue| cue.text.id != "keys-back-by-repeat"));
    assert_eq!(keys.say(&rig.screen()).len(), choices);
}

#[test]
fn ux_06_digits_go_to_the_other_field_once_it_was_chosen() {
    let two = walk::all().into_iter().filter(|(_, rig)| {
        let screen = rig.screen();
        let is_field = |widget: &&screen::Widget| {
            matches!(widget, screen::Widget::Keypad { .. } | screen::Widget::Entry { .. })
        };
        screen.overlay.is_none() && screen.widgets.iter().filter(is_field).count() == 2
    });
    let mut seen = 0;
    for (name, rig) in two {
        let screen = rig.screen();
        let is_digit = |keys: &mut Keys, at| {
            matches!(keys.press(&screen, Key::Digit(4), Mono(at)), Some(Action::Digit { digit: 4 }))
        };
        let mut keys = Keys::new();
        let first = is_digit(&mut keys, 1_000);
        let mut keys = Keys::new();
        keys.press(&screen, Key::Repeat, Mono(0));
        let cue = keys.say(&screen).into_iter().find(|cue| cue.text.id == "keys-other-field").unwrap();
        assert_eq!(keys.press(&screen, cue.key.unwrap(), Mono(1_000)), None);
        assert_ne!(is_digit(&mut keys, 2_000), first, "{name}");
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn ux_12_the_label_of_what_is_kept_back_is_not_said_either() {
    let mut both = [0, 0];
    for (name, rig) in walk::all() {
        let screen = rig.screen();
        if screen.overlay.is_some() {
            continue;
        }
        for headset in [false, true] {
            let mut keys = Keys::new();
            keys.headset(headset);
            let said = keys.say(&screen);
            for widget in &screen.widgets {
                let screen::Widget::List { rows } = widget else { continue };
                for row in rows {
                    let is_personal =
                        row.value.args.iter().any(|(_, value)| matches!(value, Value::Personal(_)));
                    let count = rows.iter().filter(|other| other.label == row.label).count();
                    if count > 1 {
                        continue;
                    }
                    both[usize::from(is_personal)] += 1;
                    let is_said = said.iter().any(|cue| cue.text == row.label);
                    assert_eq!(is_said, headset || !is_personal, "{} at {name}", row.label.id);
                }
            }
        }
    }
    assert!(both[0] > 0 && both[1] > 0, "{both:?}");
}

#[test]
fn ux_06_a_registration_that_is_full_takes_no_further_letter() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    let widgets = rig.screen().widgets;
    let room = widgets.iter().find_map(|widget| match widget {
        screen::Widget::Entry { chars_max, .. } => Some(usize::from(*chars_max)),
        _ => None,
    });
    let room = room.unwrap();
    let letter = |rig: &Rig| {
        let mut keys = Keys::new();
        let row = keys.press(&rig.screen(), Key::Digit(2), Mono(1_000));
        assert_eq!(row, None);
        keys.press(&rig.screen(), Key::Digit(3), Mono(2_000))
    };
    rig.write(&"A".repeat(room - 1));
    assert!(matches!(letter(&rig), Some(Action::Write { text }) if text.chars().count() == room));
    rig.write(&"A".repeat(room));
    assert_eq!(letter(&rig), None);
}
