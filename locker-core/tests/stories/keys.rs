//! Everything by the numeric keypad alone, by somebody who only hears: no story here looks at a widget.

use locker_core::screen::{Action, Cue, DOUBLE_STRIKE_MS, Key, Keys, Locale, Text, Value};
use locker_core::*;

use crate::rig::{JANE, Rig};
use crate::walk;

/// Somebody with a blank screen.
struct Listener {
    rig: Rig,
    keys: Keys,
}

impl Listener {
    fn at(rig: Rig) -> Self {
        Self { rig, keys: Keys::new() }
    }

    fn heard(&self) -> Vec<Cue> {
        self.keys.say(&self.rig.screen())
    }

    fn hears(&self, id: &str) -> bool {
        self.heard().iter().any(|cue| cue.text.id == id)
    }

    /// Strikes a key, at leisure.
    fn strike(&mut self, key: Key) {
        self.rig.wait(DOUBLE_STRIKE_MS);
        if let Some(action) = self.keys.press(&self.rig.screen(), key, Mono(self.rig.mono)) {
            self.rig.touch(action).unwrap();
        }
    }

    fn digits(&mut self, digits: &str) {
        for digit in digits.bytes() {
            self.strike(Key::Digit(digit - b'0'));
        }
    }

    /// Strikes the key that was said to do this.
    fn does(&mut self, id: &str) {
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
    fn spells(&mut self, text: &str) {
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
        keys.press(&screen, Key::Digit(9), Mono(1_000));
        said.extend(keys.say(&screen));
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
                (0..3).any(|page| {
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
