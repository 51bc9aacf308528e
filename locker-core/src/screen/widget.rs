//! What a screen is drawn of.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use super::{Button, Text};
use crate::ids::BoxNo;

/// How a button wants to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The one next thing to do.
    Primary,
    /// Another way on.
    Secondary,
    /// Rarely needed.
    Quiet,
}

/// A button to draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ButtonView {
    /// What a touch on it presses.
    pub press: Button,
    /// Its label.
    pub label: Text,
    /// How it wants to look.
    pub weight: Weight,
    /// Whether it does something now; a touch on a disabled button is refused.
    pub enabled: bool,
    /// Whether it is switched on, for a button that toggles.
    pub on: bool,
}

/// One of the items to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChoiceView {
    /// What stands on it.
    pub label: Text,
    /// A smaller line below it.
    pub detail: Option<Text>,
    /// Whether it is the chosen one.
    pub chosen: bool,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// What it is.
    pub label: Text,
    /// What it says.
    pub value: Text,
}

/// What kind of text an entry takes: the keyboard follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A vehicle's registration: letters, digits.
    Registration,
    /// A phone number: digits and +.
    Phone,
    /// Words.
    Remark,
}

/// How a box stands on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxMark {
    /// Nothing to say.
    Plain,
    /// The box in use, its door not open yet.
    Here,
    /// The box in use, open.
    HereOpen,
    /// Open, and nobody is using it.
    Open,
    /// Out of service.
    OutOfService,
}

/// A box on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BoxView {
    /// Its number.
    pub box_no: BoxNo,
    /// Its column, from 0 at the left.
    pub column: u8,
    /// Its row, from 0 at the top.
    pub row: u8,
    /// How it stands.
    pub mark: BoxMark,
}

/// Something to draw between title and buttons, top to bottom.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "widget", rename_all = "snake_case")]
pub enum Widget {
    /// Numbered steps to read.
    Steps {
        /// In order.
        steps: Vec<Text>,
    },
    /// Items of which one can be chosen with [`Action::Choose`](super::Action::Choose).
    Choices {
        /// In order; the index is the choice.
        items: Vec<ChoiceView>,
    },
    /// A numeric keypad for a code: [`Action::Digit`](super::Action::Digit), [`Action::Erase`](super::Action::Erase), [`Button::Ok`], [`Button::Show`].
    Keypad {
        /// One `•` for each digit typed, or the digits after [`Button::Show`].
        shown: String,
        /// How many digits were typed.
        typed: u8,
        /// The most digits that can be typed.
        digits_max: u8,
        /// Whether the digits are shown.
        revealed: bool,
    },
    /// A text entry for [`Action::Write`](super::Action::Write).
    Entry {
        /// What kind of text.
        kind: EntryKind,
        /// What it holds.
        value: String,
        /// The most characters it takes.
        chars_max: u16,
        /// What it is for.
        label: Text,
    },
    /// Rows to read.
    List {
        /// Top to bottom.
        rows: Vec<RowView>,
    },
    /// A QR code to be scanned by a member of staff.
    Qr {
        /// What the code carries.
        payload: String,
        /// The digits under it, if they may be typed instead (STAFF-PICK-7).
        digits: Option<String>,
    },
    /// The map of the boxes.
    Map {
        /// All boxes.
        boxes: Vec<BoxView>,
    },
    /// The number of the box in use, large.
    BoxNumber {
        /// The box.
        box_no: BoxNo,
    },
    /// Something is being waited for; the text says what.
    Busy {
        /// What for.
        reason: Text,
    },
}

impl fmt::Debug for Widget {
    /// What was typed is not said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steps { .. } => "Steps",
            Self::Choices { .. } => "Choices",
            Self::Keypad { .. } => "Keypad",
            Self::Entry { .. } => "Entry",
            Self::List { .. } => "List",
            Self::Qr { .. } => "Qr",
            Self::Map { .. } => "Map",
            Self::BoxNumber { .. } => "BoxNumber",
            Self::Busy { .. } => "Busy",
        })
    }
}
