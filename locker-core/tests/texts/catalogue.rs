//! The catalogues, read as text: ids, arguments, references.

use std::collections::{BTreeMap, BTreeSet};

use locker_core::screen::Locale;

/// One message of a catalogue.
pub struct Entry {
    /// Its text as it is written.
    pub body: String,
    /// The arguments it takes.
    pub args: BTreeSet<String>,
    /// The messages it quotes.
    pub quotes: BTreeSet<String>,
}

/// A catalogue's messages by id.
pub type Catalogue = BTreeMap<String, Entry>;

/// The file of a language.
pub fn file(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../../src/text/en.ftl"),
        Locale::Fr => include_str!("../../src/text/fr.ftl"),
        Locale::Nl => include_str!("../../src/text/nl.ftl"),
        Locale::De => include_str!("../../src/text/de.ftl"),
    }
}

/// Reads the catalogue of a language.
pub fn read(locale: Locale) -> Catalogue {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in file(locale).lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.split_once(" = ") {
            Some((id, body)) if is_id(id) => entries.push((id.into(), body.into())),
            _ => {
                let (_, body) = entries.last_mut().expect("a catalogue begins with a message");
                body.push('\n');
                body.push_str(line);
            }
        }
    }
    let mut catalogue = Catalogue::new();
    for (id, body) in entries {
        let args = words_after(&body, "$");
        let quotes = words_after(&body, "{ ");
        let twice = catalogue.insert(id.clone(), Entry { body, args, quotes });
        assert!(twice.is_none(), "`{id}` is said twice in {}", locale.tag());
    }
    catalogue
}

fn words_after(body: &str, mark: &str) -> BTreeSet<String> {
    let starts = body.match_indices(mark).map(|(at, _)| &body[at + mark.len()..]);
    let word = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
    starts.map(word).filter(|word: &String| !word.is_empty()).collect()
}

fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
