//! The address is formal: vous, u, Sie.

use locker_core::screen::Locale;

use crate::catalogue;

/// The words of the familiar address; German ones as they are written within a sentence, where *Ihr* is formal and
/// *ihr* is not.
const fn familiar_words(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::En => &[],
        Locale::Fr => &[
            "tu",
            "te",
            "t",
            "toi",
            "ton",
            "ta",
            "tes",
            "tien",
            "tienne",
            "tape",
            "choisis",
            "vérifie",
            "réessaie",
            "dépose",
        ],
        Locale::Nl => &["je", "jij", "jou", "jouw", "jouwe", "jullie", "jezelf"],
        Locale::De => &[
            "du",
            "dich",
            "dir",
            "dein",
            "deine",
            "deinem",
            "deinen",
            "deiner",
            "deines",
            "ihr",
            "ihre",
            "ihrem",
            "ihren",
            "ihrer",
            "ihres",
            "euch",
            "euer",
            "eure",
            "eurem",
            "euren",
            "eurer",
            "Du",
            "Dich",
            "Dir",
            "Dein",
            "Deine",
            "Deinem",
            "Deinen",
            "Deiner",
            "Euch",
            "Euer",
            "Eure",
            "tippe",
            "gib",
            "wähle",
            "nimm",
            "lege",
            "prüfe",
            "schließe",
        ],
    }
}

/// The first familiar word of a text.
fn familiar(locale: Locale, text: &str) -> Option<String> {
    // The t of *a-t-il* is no word.
    let text = text.replace("-t-", " ");
    let is_familiar = |word: &&str| {
        let said = if locale == Locale::De { (*word).into() } else { word.to_lowercase() };
        familiar_words(locale).contains(&said.as_str())
    };
    text.split(|c: char| !c.is_alphabetic()).find(is_familiar).map(Into::into)
}

#[test]
fn nobody_is_addressed_familiarly() {
    for locale in Locale::ALL {
        for (id, entry) in catalogue::read(locale) {
            assert_eq!(familiar(locale, &entry.body), None, "`{id}` in {}: {}", locale.tag(), entry.body);
        }
    }
}

#[test]
fn a_familiar_word_would_be_found() {
    let slips = [
        (Locale::Fr, "Déposez ta clé.", "ta"),
        (Locale::Fr, "Comment t’aider\u{a0}?", "t"),
        (Locale::Nl, "Leg je sleutel in het vak.", "je"),
        (Locale::Nl, "Jouw code is onderweg.", "Jouw"),
        (Locale::De, "Schließen Sie bitte deine Tür.", "deine"),
        (Locale::De, "Habt ihr den Schlüssel?", "ihr"),
    ];
    for (locale, text, word) in slips {
        assert_eq!(familiar(locale, text).as_deref(), Some(word));
    }
    assert_eq!(familiar(Locale::De, "Ihr Code ist unterwegs."), None);
}

#[test]
fn every_language_addresses_people_formally() {
    let formal = [(Locale::Fr, ["vous", "votre"]), (Locale::Nl, ["u", "uw"]), (Locale::De, ["Sie", "Ihr"])];
    for (locale, words) in formal {
        let entries = catalogue::read(locale);
        for word in words {
            let says = |body: &str| body.split(|c: char| !c.is_alphabetic()).any(|said| said == word);
            assert!(entries.values().any(|entry| says(&entry.body)), "{} never says `{word}`", locale.tag());
        }
    }
}
