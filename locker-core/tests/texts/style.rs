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
        "ongeldig",
        "vergeten",
        "mislukt",
        "u moet",
        "verkeerd",
        "verboden",
        "onjuist",
        "fehler",
        "ungültig",
        "falsch",
        "vergessen",
        "sie müssen",
        "fehlgeschlagen",
        "unzulässig",
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
fn french_keeps_its_typography() {
    for (id, entry) in catalogue::read(Locale::Fr) {
        let body = entry.body.as_str();
        for wrong in [" :", " ;", " ?", " »", "« ", "'", "\"", "...", "  "] {
            let body = if wrong == "  " { body.lines().next().unwrap_or_default() } else { body };
            assert!(!body.contains(wrong), "`{id}` has `{wrong}`: {body}");
        }
        for (at, _) in body.match_indices([':', ';', '?', '»']) {
            assert!(body[..at].ends_with('\u{a0}'), "`{id}` lacks a space before its mark: {body}");
        }
    }
}

#[test]
fn english_dutch_and_german_have_curly_marks_in_pairs() {
    let count = |body: &str, mark| body.matches(mark).count();
    for (locale, open, close) in [(Locale::En, '“', '”'), (Locale::Nl, '“', '”'), (Locale::De, '„', '“')]
    {
        let strangers = ['“', '”', '„', '«', '»'].into_iter().filter(|mark| ![open, close].contains(mark));
        let wrong: Vec<char> = strangers.chain(['\'', '"', '\u{a0}']).collect();
        for (id, entry) in catalogue::read(locale) {
            let body = entry.body.as_str();
            assert!(
                !body.contains(wrong.as_slice()) && !body.contains("..."),
                "`{id}` in {}: {body}",
                locale.tag()
            );
            assert_eq!(count(body, open), count(body, close), "`{id}` in {}: {body}", locale.tag());
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
    assert_eq!(sent(Locale::Nl, 1), "De code blijft 1 minuut geldig.");
    assert_eq!(sent(Locale::Nl, 30), "De code blijft 30 minuten geldig.");
    assert_eq!(sent(Locale::De, 1), "Er bleibt 1 Minute gültig.");
    assert_eq!(sent(Locale::De, 30), "Er bleibt 30 Minuten gültig.");
}

#[test]
fn a_lock_on_codes_is_said_with_and_without_its_minutes() {
    let locked = Text::new("drop-pin-locked");
    let ends = |locale, text: &Text, end: &str| assert!(say(locale, text).trim_end().ends_with(end));
    ends(Locale::En, &locked, "Try again in a few minutes.");
    ends(Locale::Fr, &locked, "Réessayez dans quelques minutes.");
    ends(Locale::Nl, &locked, "Probeer het over enkele minuten opnieuw.");
    ends(Locale::De, &locked, "Versuchen Sie es in einigen Minuten wieder.");
    for (minutes, en, nl, de) in [
        (1_u64, "1 minute.", "over 1 minuut opnieuw.", "in 1 Minute wieder."),
        (5, "5 minutes.", "over 5 minuten opnieuw.", "in 5 Minuten wieder."),
    ] {
        let locked = Text::new("drop-pin-locked").with("minutes", minutes);
        ends(Locale::En, &locked, en);
        ends(Locale::Fr, &locked, en);
        ends(Locale::Nl, &locked, nl);
        ends(Locale::De, &locked, de);
    }
}

#[test]
fn days_and_times_are_said_in_the_language() {
    let day = |year, month, day| Date::from_ymd(year, month, day).unwrap();
    assert_eq!(date(Locale::En, day(2026, 11, 21)), "Saturday 21 November");
    assert_eq!(date(Locale::Fr, day(2026, 11, 21)), "samedi 21 novembre");
    assert_eq!(date(Locale::Fr, day(2027, 8, 1)), "dimanche 1er août");
    assert_eq!(date(Locale::Nl, day(2026, 11, 21)), "zaterdag 21 november");
    assert_eq!(date(Locale::Nl, day(2027, 8, 1)), "zondag 1 augustus");
    assert_eq!(date(Locale::Nl, day(2028, 2, 29)), "dinsdag 29 februari");
    assert_eq!(date(Locale::De, day(2026, 11, 21)), "Samstag, 21. November");
    assert_eq!(date(Locale::De, day(2027, 8, 1)), "Sonntag, 1. August");
    assert_eq!(date(Locale::De, day(2028, 2, 29)), "Dienstag, 29. Februar");
    assert_eq!(date(Locale::En, day(1970, 1, 1)), "Thursday 1 January");
    assert_eq!(date(Locale::En, day(1969, 12, 31)), "Wednesday 31 December");
    assert_eq!(date(Locale::Fr, day(2028, 2, 29)), "mardi 29 février");
    let half_past = TimeOfDay::new(8, 30).unwrap();
    assert_eq!(time(Locale::En, half_past), "08:30");
    assert_eq!(time(Locale::Fr, half_past), "08\u{a0}h\u{a0}30");
    assert_eq!(time(Locale::Nl, half_past), "08:30\u{a0}uur");
    assert_eq!(time(Locale::De, half_past), "08:30\u{a0}Uhr");
    let row = Text::new("row-appointment").with("date", day(2026, 11, 21)).with("time", half_past);
    assert_eq!(say(Locale::En, &row), "Saturday 21 November, 08:30");
    assert_eq!(say(Locale::Fr, &row), "samedi 21 novembre, 08\u{a0}h\u{a0}30");
    assert_eq!(say(Locale::Nl, &row), "zaterdag 21 november, 08:30\u{a0}uur");
    assert_eq!(say(Locale::De, &row), "Samstag, 21. November, 08:30\u{a0}Uhr");
}

#[test]
fn every_weekday_and_every_month_has_its_name_in_the_language() {
    // A Monday to a Sunday; the 2nd of every month of 2027.
    let week = |locale| (16..=22).map(|day| date(locale, Date::from_ymd(2026, 11, day).unwrap())).collect();
    let year = |locale| (1..=12).map(|month| date(locale, Date::from_ymd(2027, month, 2).unwrap())).collect();
    let said: [Vec<String>; 8] = [
        week(Locale::En),
        year(Locale::En),
        week(Locale::Fr),
        year(Locale::Fr),
        week(Locale::Nl),
        year(Locale::Nl),
        week(Locale::De),
        year(Locale::De),
    ];
    let expected = [
        "Monday 16 November|Tuesday 17 November|Wednesday 18 November|Thursday 19 November|Friday 20 November|\
         Saturday 21 November|Sunday 22 November",
        "Saturday 2 January|Tuesday 2 February|Tuesday 2 March|Friday 2 April|Sunday 2 May|Wednesday 2 June|\
         Friday 2 July|Monday 2 August|Thursday 2 September|Saturday 2 October|Tuesday 2 November|\
         Thursday 2 December",
        "lundi 16 novembre|mardi 17 novembre|mercredi 18 novembre|jeudi 19 novembre|vendredi 20 novembre|\
         samedi 21 novembre|dimanche 22 novembre",
        "samedi 2 janvier|mardi 2 février|mardi 2 mars|vendredi 2 avril|dimanche 2 mai|mercredi 2 juin|\
         vendredi 2 juillet|lundi 2 août|jeudi 2 septembre|samedi 2 octobre|mardi 2 novembre|jeudi 2 décembre",
        "maandag 16 november|dinsdag 17 november|woensdag 18 november|donderdag 19 november|vrijdag 20 november|\
         zaterdag 21 november|zondag 22 november",
        "zaterdag 2 januari|dinsdag 2 februari|dinsdag 2 maart|vrijdag 2 april|zondag 2 mei|woensdag 2 juni|\
         vrijdag 2 juli|maandag 2 augustus|donderdag 2 september|zaterdag 2 oktober|dinsdag 2 november|\
         donderdag 2 december",
        "Montag, 16. November|Dienstag, 17. November|Mittwoch, 18. November|Donnerstag, 19. November|\
         Freitag, 20. November|Samstag, 21. November|Sonntag, 22. November",
        "Samstag, 2. Januar|Dienstag, 2. Februar|Dienstag, 2. März|Freitag, 2. April|Sonntag, 2. Mai|\
         Mittwoch, 2. Juni|Freitag, 2. Juli|Montag, 2. August|Donnerstag, 2. September|Samstag, 2. Oktober|\
         Dienstag, 2. November|Donnerstag, 2. Dezember",
    ];
    assert_eq!(said.map(|names| names.join("|")), expected);
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
fn start_03_the_languages_are_offered_by_their_own_names_in_order() {
    let screen = crate::messages::start_screen();
    let names: Vec<_> =
        screen.languages.iter().map(|language| (language.name, language.locale.tag())).collect();
    assert_eq!(names, [("English", "en"), ("Français", "fr"), ("Nederlands", "nl"), ("Deutsch", "de")]);
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
    screen.locale = Locale::Nl;
    assert!(is_filled(&mut screen));
    assert_eq!((screen.title.text.as_str(), screen.bar[0].label.text.as_str()), ("Wat wilt u doen?", "Hulp"));
    screen.locale = Locale::De;
    assert!(is_filled(&mut screen));
    assert_eq!(
        (screen.title.text.as_str(), screen.bar[0].label.text.as_str()),
        ("Was möchten Sie tun?", "Hilfe")
    );
}
