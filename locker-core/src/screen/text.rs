//! Texts by id, with typed arguments.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::BoxNo;
use crate::time::{Date, TimeOfDay};

/// A language the screens speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
    /// Dutch.
    Nl,
    /// German.
    De,
}

impl Locale {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::En, Self::Fr, Self::Nl, Self::De];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Nl => "nl",
            Self::De => "de",
        }
    }

    /// The language's own name.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
            Self::Nl => "Nederlands",
            Self::De => "Deutsch",
        }
    }
}

/// A text by its id and typed arguments; `text` is filled in by a catalogue (feature `text`).
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The message id in the catalogues.
    pub id: &'static str,
    /// The arguments by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(&'static str, Value)>,
    /// The text in the screen's language; empty until a catalogue has filled it in.
    pub text: String,
}

impl Text {
    /// A text without arguments.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new(), text: String::new() }
    }

    /// The same text with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl fmt::Debug for Text {
    /// Arguments can be personal, so only the id is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({})", self.id)
    }
}

/// A typed argument of a text.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A count or an amount; the text names the unit.
    Number(u64),
    /// A box.
    Box(BoxNo),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(TimeOfDay),
    /// Something masked: safe to show before anybody proved who they are.
    Masked(String),
    /// Words that are shown as they are: the locker's name, a telephone number.
    Words(String),
    /// Words about a person, shown as they are: a name, a contact, a plate, a remark. Said on a headset only (KIOSK UX-12).
    Personal(String),
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<BoxNo> for Value {
    fn from(box_no: BoxNo) -> Self {
        Self::Box(box_no)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<TimeOfDay> for Value {
    fn from(time: TimeOfDay) -> Self {
        Self::Time(time)
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Self::Words(words.into())
    }
}
