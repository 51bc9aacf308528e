//! How the texts speak (UX-17, UX-18).

use locker_core::screen::{Locale, Screen, Text, Value};
use locker_core::text::{date, error, fill, say, time};
use locker_core::{Date, TimeOfDay};

use crate::{catalogue, error_keys};

#[test]
fn no_text_shouts_or_blames() {
    let blame = [
        "!",
        "invalid",
        "illegal",
        "failed",
        "your fault",
        "incorrect",
        "forgot",
        "error",
        "must",
        "erreur",
        "invalide",
        "oublié",
        "vous devez",
        "faute",
        "échou",
        "interdit",
    ];
    for locale in Locale::ALL {
        for (id, entry) in catalogue::read(locale) {
            let body = entry.body.to_lowercase();
            for word in blame {
                assert!(!body.contains(word), "`{id}` in {} says `{word}`", locale.tag());
            }
        }
    }
}

#[test]
fn ux_18_an_error_says_what_happened_and_what_to_do() {
    for key in error_keys() {
        for locale in Locale::ALL {
            let text = error(locale, key);
            let sentences = text.split_inclusive(['.', ':']).filter(|part| !part.trim().is_empty()).count();
            assert!(sentences >= 2 && text.ends_with('.'), "{key} in {}: {text}", locale.tag());
        }
    }
}

#[test]
fn french_keeps_its_typography_and_says_vous() {
    for (id, entry) in catalogue::read(Locale::Fr) {
        let body = entry.body.as_str();
        for wrong in [" :", " ;", " ?", " »", "« ", "'", "\"", "...", "  "] {
            let body = if wrong == "  " { body.lines().next().unwrap_or_default() } else { body };
            assert!(!body.contains(wrong), "`{id}` has `{wrong}`: {body}");
        }
        for (at, _) in body.match_indices([':', ';', '?', '»']) {
            assert!(body[..at].ends_with('\u{a0}'), "`{id}` lacks a space before its mark: {body}");
        }
        let said = format!(" {} ", body.to_lowercase().replace(['’', ',', '.'], " "));
        for word in [" tu ", " te ", " ton ", " ta ", " tes ", " toi "] {
            assert!(!said.contains(word), "`{id}` says `{word}`: {body}");
        }
    }
}

#[test]
fn english_has_curly_marks_only() {
    for (id, entry) in catalogue::read(Locale::En) {
        for wrong in ["'", "\"", "...", "\u{a0}"] {
            assert!(!entry.body.contains(wrong), "`{id}` has `{wrong}`");
        }
    }
}

#[test]
fn minutes_have_a_singular_and_a_plural() {
    let sent = |locale, minutes: u64| say(locale, &Text::new("drop-sent").with("minutes", minutes));
    assert_eq!(sent(Locale::En, 1), "It stays valid for 1 minute.");
    assert_eq!(sent(Locale::En, 30), "It stays valid for 30 minutes.");
    assert_eq!(sent(Locale::Fr, 1), "Il reste valable 1 minute.");
    assert_eq!(sent(Locale::Fr, 30), "Il reste valable 30 minutes.");
}

#[test]
fn a_lock_on_codes_is_said_with_and_without_its_minutes() {
    let locked = Text::new("drop-pin-locked");
    let ends = |locale, text: &Text, end: &str| assert!(say(locale, text).trim_end().ends_with(end));
    ends(Locale::En, &locked, "Try again in a few minutes.");
    ends(Locale::Fr, &locked, "Réessayez dans quelques minutes.");
    for (minutes, en, fr) in [(1_u64, "1 minute.", "1 minute."), (5, "5 minutes.", "5 minutes.")] {
        let locked = Text::new("drop-pin-locked").with("minutes", minutes);
        ends(Locale::En, &locked, en);
        ends(Locale::Fr, &locked, fr);
    }
}

#[test]
fn days_and_times_are_said_in_the_language() {
    let day = |year, month, day| Date::from_ymd(year, month, day).unwrap();
    assert_eq!(date(Locale::En, day(2026, 11, 21)), "Saturday 21 November");
    assert_eq!(date(Locale::Fr, day(2026, 11, 21)), "samedi 21 novembre");
    assert_eq!(date(Locale::Fr, day(2027, 8, 1)), "dimanche 1er août");
    assert_eq!(date(Locale::En, day(1970, 1, 1)), "Thursday 1 January");
    assert_eq!(date(Locale::En, day(1969, 12, 31)), "Wednesday 31 December");
    assert_eq!(date(Locale::Fr, day(2028, 2, 29)), "mardi 29 février");
    let half_past = TimeOfDay::new(8, 30).unwrap();
    assert_eq!(time(Locale::En, half_past), "08:30");
    assert_eq!(time(Locale::Fr, half_past), "08\u{a0}h\u{a0}30");
    let row = Text::new("row-appointment").with("date", day(2026, 11, 21)).with("time", half_past);
    assert_eq!(say(Locale::En, &row), "Saturday 21 November, 08:30");
    assert_eq!(say(Locale::Fr, &row), "samedi 21 novembre, 08\u{a0}h\u{a0}30");
}

#[test]
fn what_people_typed_is_shown_as_it_is() {
    for typed in ["{ $box }", "{ ok }", "a\"b", "j•••@e•••.be", "<b>", "-term = x"] {
        for locale in Locale::ALL {
            assert_eq!(say(locale, &Text::new("words").with("words", typed)), typed);
            let mut text = Text::new("words");
            text.args.push(("words", Value::Masked(typed.into())));
            assert_eq!(say(locale, &text), typed);
        }
    }
}

#[test]
fn a_text_that_no_catalogue_has_is_said_as_its_id() {
    assert_eq!(say(Locale::Fr, &Text::new("no-such-text")), "no-such-text");
}

/// Fills in a screen and says whether every text has its words.
fn is_filled(screen: &mut Screen) -> bool {
    fill(screen);
    screen.texts_mut().iter().all(|text| !text.text.is_empty())
}

#[test]
fn a_screen_is_filled_in_as_a_whole_and_again_in_another_language() {
    let mut screen = crate::messages::start_screen();
    assert!(is_filled(&mut screen));
    assert_eq!(screen.title.text, "What would you like to do?");
    assert_eq!(screen.spoken[0].text, "What would you like to do?");
    screen.locale = Locale::Fr;
    assert!(is_filled(&mut screen));
    assert_eq!(screen.title.text, "Que souhaitez-vous faire\u{a0}?");
    assert_eq!(screen.bar[0].label.text, "Aide");
}
