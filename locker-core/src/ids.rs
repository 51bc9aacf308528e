//! Names for things: every id is a type of its own.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize, de};

use crate::time::Boot;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

number_id! {
    /// A visit: the work orders of one vehicle at one location on one date. Numbered by the office.
    VisitId
}
number_id! {
    /// A user of the office. Numbered by the office.
    UserId
}
number_id! {
    /// A tablet: one logged-in browser or app of a member of staff. Numbered by the office.
    TabletId
}
number_id! {
    /// A ticket: the permission for one act. Numbered by the office.
    TicketId
}
number_id! {
    /// A locker. Numbered by the office.
    LockerId
}
number_id! {
    /// A message that is to reach a person. Numbered by the locker.
    MessageId
}
number_id! {
    /// A code, alive or dead. Numbered by the locker.
    CodeId
}
number_id! {
    /// A scan of a QR code, or the typing of the digits under it. Numbered by the office.
    ScanId
}
number_id! {
    /// A call for help. Numbered by the locker.
    HelpId
}

/// The number of a box on its door, 1 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct BoxNo(u8);

impl BoxNo {
    /// The box `number`, or `None` for 0.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// The number as it stands on the door.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The boxes 1 to `count`.
    pub fn first(count: u8) -> impl Iterator<Item = Self> + Clone {
        (1..=count).map(Self)
    }
}

impl TryFrom<u8> for BoxNo {
    type Error = NotABox;

    fn try_from(number: u8) -> Result<Self, NotABox> {
        Self::new(number).ok_or(NotABox)
    }
}

impl From<BoxNo> for u8 {
    fn from(number: BoxNo) -> Self {
        number.0
    }
}

impl fmt::Display for BoxNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// No box has the number 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("boxes are numbered from 1 to 255")]
pub struct NotABox;

macro_rules! boot_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            /// The boot in which it was given out.
            pub boot: Boot,
            /// Its number within that boot.
            pub n: u32,
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}.{}", self.boot.0, self.n)
            }
        }

        impl core::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let (boot, n) = text.split_once('.').ok_or(NotAnId)?;
                let number = |text: &str| text.parse::<u32>().map_err(|_| NotAnId);
                Ok(Self { boot: Boot(number(boot)?), n: number(n)? })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

boot_id! {
    /// One person's use of a locker. Written `boot.n`.
    SessionId
}
boot_id! {
    /// One pulse of one lock; never driven twice. Written `boot.n`.
    PulseId
}
boot_id! {
    /// A set of possible actions; a touch names the one it answers to. Written `boot.n`.
    Generation
}

/// The text is no id of the form `boot.n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form boot.n")]
pub struct NotAnId;

/// An id that somebody else gave, such as a work order's number: 1 to 64 bytes, no control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExternalRef(String);

impl ExternalRef {
    /// The most bytes an outside id may have.
    pub const BYTES_MAX: usize = 64;

    /// Takes `text` as an outside id.
    ///
    /// # Errors
    /// [`NotAReference`] when it is empty, longer than [`Self::BYTES_MAX`], or holds a control character.
    pub fn new(text: impl Into<String>) -> Result<Self, NotAReference> {
        let text = text.into();
        let fits = !text.is_empty() && text.len() <= Self::BYTES_MAX && !text.chars().any(char::is_control);
        if fits { Ok(Self(text)) } else { Err(NotAReference) }
    }

    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ExternalRef {
    type Error = NotAReference;

    fn try_from(text: String) -> Result<Self, NotAReference> {
        Self::new(text)
    }
}

impl From<ExternalRef> for String {
    fn from(reference: ExternalRef) -> Self {
        reference.0
    }
}

/// The text cannot be an outside id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an outside id has 1 to 64 bytes and no control characters")]
pub struct NotAReference;
