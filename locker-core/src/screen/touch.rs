//! What a person can do on a screen.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::Locale;
use crate::fresh::Fresh;
use crate::ids::Generation;

/// What a person can do on a screen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Type one digit of a code.
    Digit {
        /// 0 to 9.
        digit: u8,
    },
    /// Take back the last digit.
    Erase,
    /// Say what a text entry holds now (a plate, a number, a remark).
    Write {
        /// The whole text, at most [`TEXT_BYTES_MAX`] bytes; longer is refused.
        text: String,
    },
    /// Choose the item with this index in the list of choices.
    Choose {
        /// Counted from 0.
        item: u8,
    },
    /// Speak another language until the session ends.
    Language {
        /// The language.
        locale: Locale,
    },
    /// Press a button.
    Press {
        /// The button.
        button: Button,
    },
}

impl Action {
    /// The button it presses, if it presses one.
    #[must_use]
    pub const fn button(&self) -> Option<Button> {
        match self {
            Self::Press { button } => Some(*button),
            Self::Digit { .. }
            | Self::Erase
            | Self::Write { .. }
            | Self::Choose { .. }
            | Self::Language { .. } => None,
        }
    }
}

/// The most bytes a text entry may hand over: 500 characters of four bytes.
pub const TEXT_BYTES_MAX: usize = 2_000;

impl fmt::Debug for Action {
    /// Digits and texts are not said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digit { .. } => f.write_str("Digit"),
            Self::Erase => f.write_str("Erase"),
            Self::Write { .. } => f.write_str("Write"),
            Self::Choose { item } => write!(f, "Choose({item})"),
            Self::Language { locale } => write!(f, "Language({locale:?})"),
            Self::Press { button } => write!(f, "Press({button:?})"),
        }
    }
}

/// Every button that any screen has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// Start screen: I want to drop a key.
    DropKey,
    /// Start screen: I want to pick up a key.
    PickUpKey,
    /// Welcome screen: begin step 1.
    Go,
    /// Welcome screen: I need a box that can be reached from low down; pressed again, not any more.
    LowBox,
    /// Step 1: I have a PIN.
    ByPin,
    /// Step 1: by registration number.
    ByRegistration,
    /// Step 1: by phone number.
    ByPhone,
    /// Step 1: staff, by QR code.
    ByQr,
    /// Hand over what was typed.
    Ok,
    /// Show the digits that were typed, or hide them again.
    Show,
    /// Send the code to the chosen contact.
    Send,
    /// Enter the code that was sent.
    EnterCode,
    /// Go back one step within step 1.
    Back,
    /// The shown information is right.
    Next,
    /// Add a phone number, or change the one added.
    EditPhone,
    /// Remove the phone number that was added.
    RemovePhone,
    /// Add a remark, or change it.
    EditRemark,
    /// Step 4: done; the key is in, or taken.
    Confirm,
    /// Step 4: the box did not open.
    DidNotOpen,
    /// Step 4: open the box once more.
    OpenAgain,
    /// Step 4 of a drop: something is already in the box.
    SomethingInside,
    /// Step 4 of a pick-up: my key is not in the box.
    NotMyKey,
    /// Step 4: the door is shut, whatever the sensor says.
    DoorIsShut,
    /// Final screen: done.
    Done,
    /// Ask for a new QR code.
    NewQr,
    /// Settling a box: it is empty.
    BoxEmpty,
    /// Settling a box: this key is in it and stays.
    KeyStays,
    /// Settling a box: this key is in it and I take it.
    KeyTaken,
    /// Settling a box: something else is in it.
    SomethingElse,
    /// The x of every screen.
    Abort,
    /// Overlay: yes, stop.
    Yes,
    /// Overlay: no, go on.
    No,
    /// The help of every screen.
    Help,
    /// Help: notify the office.
    CallHelp,
    /// Help: back to the step.
    CloseHelp,
    /// Warning: I need more time.
    MoreTime,
}

impl Button {
    /// Every button, in the order of the enum.
    pub const ALL: [Self; 36] = [
        Self::DropKey,
        Self::PickUpKey,
        Self::Go,
        Self::LowBox,
        Self::ByPin,
        Self::ByRegistration,
        Self::ByPhone,
        Self::ByQr,
        Self::Ok,
        Self::Show,
        Self::Send,
        Self::EnterCode,
        Self::Back,
        Self::Next,
        Self::EditPhone,
        Self::RemovePhone,
        Self::EditRemark,
        Self::Confirm,
        Self::DidNotOpen,
        Self::OpenAgain,
        Self::SomethingInside,
        Self::NotMyKey,
        Self::DoorIsShut,
        Self::Done,
        Self::NewQr,
        Self::BoxEmpty,
        Self::KeyStays,
        Self::KeyTaken,
        Self::SomethingElse,
        Self::Abort,
        Self::Yes,
        Self::No,
        Self::Help,
        Self::CallHelp,
        Self::CloseHelp,
        Self::MoreTime,
    ];
}

/// One touch, key or spoken command of the person at the bottom screen.
#[derive(Clone, Debug)]
pub struct Touch {
    /// The generation of the screen that the person saw.
    pub generation: Generation,
    /// The frontend's number for this touch; a number seen before in this session changes nothing.
    pub touch_id: u64,
    /// What was done.
    pub action: Action,
    /// 32 fresh bytes.
    pub fresh: Fresh,
}
