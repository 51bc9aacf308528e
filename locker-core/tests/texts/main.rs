//! The catalogues against the source: nothing missing, nothing left over, nothing that does not fit.
#![cfg(feature = "text")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod address;
mod catalogue;
mod messages;
mod room;
mod source;
mod style;

use std::collections::{BTreeMap, BTreeSet};

use catalogue::Catalogue;
use locker_core::screen::{Locale, Text, Value};
use locker_core::text::{date, error, say};
use locker_core::{BoxNo, Coded, Date, Denial, Refusal, TimeOfDay, office};
use source::{Use, uses};

/// The keys of everything that the two machines answer with a *no*.
pub fn error_keys() -> Vec<&'static str> {
    let locker = Refusal::ALL.iter().map(Coded::key).chain(Denial::ALL.iter().map(Coded::key));
    let office = office::Refusal::ALL.iter().map(Coded::key);
    let office = office.chain(office::Denial::ALL.iter().map(Coded::key));
    locker.chain(office).collect()
}

/// The longest value that an argument has in a language.
fn longest(locale: Locale, name: &str) -> Value {
    match name {
        "box" => Value::Box(BoxNo::new(255).unwrap()),
        "minutes" => Value::Number(120),
        "count" => Value::Number(16),
        "attempt" => Value::Number(3),
        "date" => Value::Date(longest_day(locale)),
        "time" => Value::Time(TimeOfDay::new(18, 30).unwrap()),
        "telephone" => Value::Words("+32 2 555 55 55".into()),
        "hours" => Value::Words("Mo-Fr 07:30-18:30, Sa 09:00-12:00".into()),
        "pin" => Value::Words("80415926".into()),
        "locker" | "location" => Value::Words("N".repeat(40)),
        "step" | "of" => Value::Number(4),
        "typed" => Value::Number(8),
        "digit" => Value::Number(9),
        "what" => Value::Words("Other choices".into()),
        "words" => Value::Words("Words".into()),
        other => panic!("say in `longest` which value the argument `{other}` has at most"),
    }
}

fn longest_day(locale: Locale) -> Date {
    let days = (0..365).map(|day| Date::from_ymd(2026, 1, 1).unwrap().plus_days(day));
    days.max_by_key(|day| date(locale, *day).chars().count()).unwrap()
}

/// A text with the longest arguments, as one use gives them.
fn filled(locale: Locale, id: &str, args: &BTreeSet<String>) -> String {
    let leak = |text: &str| -> &'static str { String::leak(text.into()) };
    let text = args.iter().fold(Text::new(leak(id)), |text, name| Text {
        args: [text.args, vec![(leak(name), longest(locale, name))]].concat(),
        ..text
    });
    say(locale, &text)
}

fn catalogues() -> BTreeMap<Locale, Catalogue> {
    Locale::ALL.into_iter().map(|locale| (locale, catalogue::read(locale))).collect()
}

/// Fails with every problem found.
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn every_text_in_the_source_is_found_by_the_scan() {
    let uses = uses();
    assert!(uses.len() > 150, "only {} uses found", uses.len());
    let find = |id: &str| uses.iter().filter(|found| found.id == id).collect::<Vec<_>>();
    let args = |found: &Use| found.args.iter().cloned().collect::<Vec<_>>();
    // One for each way in which the source names a text.
    assert_eq!(args(find("serve-put")[0]), ["box"], "a match bound to a name");
    assert_eq!(args(find("thanks-dropped")[0]), ["box"], "the second of a pair");
    assert_eq!(args(find("thanks-dropped-title")[0]), [""; 0], "the first of a pair");
    assert_eq!(args(find("row-appointment")[0]), ["date", "time"], "a chain");
    assert_eq!(args(find("words")[0]), ["words"], "written out");
    assert!(find("phone-change")[0].is_button, "a label bound to a name");
    assert!(find("ok").iter().all(|found| found.is_button), "a label of one word");
    assert!(!find("drop-pin-wrong").is_empty(), "through a helper");
    assert!(!find("help-qr").is_empty(), "through a table");
}

#[test]
fn every_text_that_the_source_uses_exists_in_every_language() {
    let catalogues = catalogues();
    let mut problems = Vec::new();
    for Use { id, place, .. } in uses() {
        for (locale, catalogue) in &catalogues {
            if !catalogue.contains_key(&id) {
                problems.push(format!("`{id}`, used at {place}, is missing in {}.ftl", locale.tag()));
            }
        }
    }
    none(&problems);
}

#[test]
fn every_refusal_and_every_denial_has_a_text_in_every_language() {
    let catalogues = catalogues();
    let mut problems = Vec::new();
    for key in error_keys() {
        for (locale, catalogue) in &catalogues {
            let id = error_id(key);
            match catalogue.get(&id) {
                Some(entry) => assert_eq!(error(*locale, key), filled(*locale, &id, &entry.args)),
                None => problems.push(format!("`{id}`, of {key}, is missing in {}.ftl", locale.tag())),
            }
        }
    }
    none(&problems);
}

fn error_id(key: &str) -> String {
    format!("error-{}", key.replace(['.', '_'], "-"))
}

#[test]
fn an_error_without_a_text_of_its_own_gets_a_general_one() {
    for locale in Locale::ALL {
        assert_eq!(error(locale, "office.of_a_later_version"), say(locale, &Text::new("error-unknown")));
    }
}

#[test]
fn no_text_is_left_over() {
    let used: BTreeSet<String> =
        uses().into_iter().map(|found| found.id).chain(error_keys().into_iter().map(error_id)).collect();
    let mut problems = Vec::new();
    for (locale, catalogue) in catalogues() {
        for id in catalogue.keys().filter(|id| !used.contains(*id)) {
            problems.push(format!("`{id}` of {}.ftl is used nowhere", locale.tag()));
        }
    }
    none(&problems);
}

#[test]
fn a_text_takes_the_same_arguments_in_every_language() {
    let catalogues = catalogues();
    let en = &catalogues[&Locale::En];
    let ids = |catalogue: &Catalogue| catalogue.keys().cloned().collect::<BTreeSet<_>>();
    for (locale, other) in &catalogues {
        let tag = locale.tag();
        let only: Vec<_> = ids(en).symmetric_difference(&ids(other)).cloned().collect();
        assert_eq!(only, [""; 0], "said in one of en and {tag} only");
        for (id, entry) in en {
            assert_eq!(entry.args, other[id].args, "the arguments of `{id}` in {tag}");
            // A button may be named in one language and described in the other; none is named that the other lacks.
            assert!(other[id].quotes.is_subset(&entry.quotes), "the labels in `{id}` in {tag}");
            assert!(
                entry.quotes.iter().all(|label| other.contains_key(label)),
                "the labels in `{id}` in {tag}"
            );
        }
    }
}

#[test]
fn no_text_was_left_in_english() {
    let catalogues = catalogues();
    // Arguments alone, and words that are the same in several languages.
    let same = ["words", "ok", "mail-code", "row-appointment", "row-name", "keys-digit"];
    let mut problems = Vec::new();
    for (locale, catalogue) in catalogues.iter().filter(|(locale, _)| **locale != Locale::En) {
        for (id, entry) in catalogue.iter().filter(|(id, _)| !same.contains(&id.as_str())) {
            if entry.body == catalogues[&Locale::En][id].body {
                problems.push(format!("`{id}` in {}: {}", locale.tag(), entry.body));
            }
        }
    }
    none(&problems);
}

#[test]
fn a_text_takes_the_arguments_that_the_source_passes() {
    let mut passed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for found in uses() {
        passed.entry(found.id).or_default().extend(found.args);
    }
    for (id, entry) in catalogue::read(Locale::En) {
        assert_eq!(entry.args, passed.remove(&id).unwrap_or_default(), "the arguments of `{id}`");
    }
}

#[test]
fn no_use_of_a_text_leaves_an_argument_open() {
    let mut problems = Vec::new();
    for found in uses() {
        for locale in Locale::ALL {
            let text = filled(locale, &found.id, &found.args);
            if text.is_empty() || text.contains(['{', '}', '$']) {
                let (id, place) = (&found.id, &found.place);
                problems.push(format!("`{id}`, used at {place}, says in {}: {text}", locale.tag()));
            }
        }
    }
    none(&problems);
}

#[test]
fn ux_07_what_a_key_does_is_said_with_its_number_and_the_next_thing_without() {
    use locker_core::screen::{Cue, Key};
    let more = |key| Cue { key, text: Text::new("keys-more") };
    let said = locker_core::text::cues(
        Locale::En,
        &[more(Some(Key::Digit(9))), more(Some(Key::Confirm)), more(None)],
    );
    assert_eq!(said[0], "9: Other choices");
    assert_eq!((said.len(), said[2].as_str()), (3, "Other choices"));
    assert!(said[1] != said[2] && said[1].contains("Other choices"), "{}", said[1]);
}
