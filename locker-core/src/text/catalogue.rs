//! The catalogues: parsed once, asked for texts.

use std::borrow::Cow;
use std::string::String;
use std::sync::OnceLock;
use std::vec;
use std::vec::Vec;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::dates;
use crate::screen::{Cue, Key, Locale, Screen, Text, Value};

type Bundle = FluentBundle<FluentResource>;

static EN: OnceLock<Bundle> = OnceLock::new();
static FR: OnceLock<Bundle> = OnceLock::new();
static NL: OnceLock<Bundle> = OnceLock::new();
static DE: OnceLock<Bundle> = OnceLock::new();

/// Fills in every text of a screen, in the screen's language.
///
/// ```
/// use locker_core::screen::{Locale, Text};
///
/// let text = Text::new("serve-title").with("box", locker_core::BoxNo::new(7).unwrap());
/// assert_eq!(locker_core::text::say(Locale::Fr, &text), "Casier 7");
/// ```
pub fn fill(screen: &mut Screen) {
    let locale = screen.locale;
    for text in screen.texts_mut() {
        text.text = say(locale, text);
    }
}

/// Says one text in a language. An id that no catalogue has is said as it stands, so that a screen never goes blank.
#[must_use]
pub fn say(locale: Locale, text: &Text) -> String {
    let value = |(name, value): &(&'static str, Value)| (*name, fluent(locale, value));
    let args: FluentArgs<'_> = text.args.iter().map(value).collect();
    format(locale, text.id, &args).unwrap_or_else(|| text.id.into())
}

/// Says what a numeric keypad's user hears, in order: texts, and what each key does.
///
/// ```
/// use locker_core::screen::{Cue, Key, Locale, Text};
/// use locker_core::text;
///
/// let cue = Cue { key: Some(Key::Digit(2)), text: Text::new("keys-more") };
/// assert_eq!(text::cues(Locale::En, &[cue]), ["2: Other choices"]);
/// ```
#[must_use]
pub fn cues(locale: Locale, cues: &[Cue]) -> Vec<String> {
    let said = |cue: &Cue| {
        let what = say(locale, &cue.text);
        match cue.key {
            None => what,
            Some(Key::Digit(digit)) => {
                let digit = u64::from(digit);
                say(locale, &Text::new("keys-digit").with("digit", digit).with("what", what.as_str()))
            }
            Some(Key::Confirm | Key::Abort | Key::Help | Key::Repeat) => {
                say(locale, &Text::new("keys-confirm").with("what", what.as_str()))
            }
        }
    };
    cues.iter().map(said).collect()
}

/// Says what an error is and what to do about it, by the key of its [`Coded`](crate::Coded). A key without a text of
/// its own gets a general one.
///
/// ```
/// use locker_core::{Coded, Denial, screen::Locale, text};
///
/// assert_eq!(
///     text::error(Locale::En, Denial::NoSuchBox.key()),
///     "This locker has no such box. Please check its number."
/// );
/// assert_eq!(
///     text::error(Locale::En, "no.such_key"),
///     "That did not work. Please try again, or ask for help."
/// );
/// ```
#[must_use]
pub fn error(locale: Locale, key: &str) -> String {
    let id = String::from("error-") + &key.replace(['.', '_'], "-");
    let none = FluentArgs::new();
    format(locale, &id, &none).unwrap_or_else(|| say(locale, &Text::new("error-unknown")))
}

fn fluent(locale: Locale, value: &Value) -> FluentValue<'static> {
    match value {
        Value::Number(number) => FluentValue::from(*number),
        // A name, not an amount: it has no plural.
        Value::Box(box_no) => words(std::format!("{}", box_no.get())),
        Value::Date(date) => words(dates::date(locale, *date)),
        Value::Time(time) => words(dates::time(locale, *time)),
        Value::Masked(text) | Value::Words(text) | Value::Personal(text) => words(text.clone()),
    }
}

fn words(text: String) -> FluentValue<'static> {
    FluentValue::String(Cow::Owned(text))
}

/// The text in the language asked for, or in English.
fn format(locale: Locale, id: &str, args: &FluentArgs<'_>) -> Option<String> {
    let mut bundles = [locale, Locale::En].into_iter().map(bundle);
    let (bundle, pattern) = bundles.find_map(|bundle| Some((bundle, bundle.get_message(id)?.value()?)))?;
    // What is missing among the arguments shows in the text; the tests forbid it for every use in the source.
    let mut missing: Vec<_> = vec![];
    Some(bundle.format_pattern(pattern, Some(args), &mut missing).into_owned())
}

fn bundle(locale: Locale) -> &'static Bundle {
    match locale {
        Locale::En => EN.get_or_init(|| parse("en", include_str!("en.ftl"))),
        Locale::Fr => FR.get_or_init(|| parse("fr-BE", include_str!("fr.ftl"))),
        Locale::Nl => NL.get_or_init(|| parse("nl", include_str!("nl.ftl"))),
        Locale::De => DE.get_or_init(|| parse("de", include_str!("de.ftl"))),
    }
}

fn parse(tag: &str, source: &str) -> Bundle {
    let resource = FluentResource::try_new(source.into()).expect("the catalogue is tested to be well formed");
    let language = tag.parse().expect("the tags are tested to be well formed");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // The marks around arguments confuse voices, plain mails and text messages; all languages run left to right.
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).expect("the catalogue is tested to say each id once");
    bundle
}
