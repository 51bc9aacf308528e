//! The security code and who may try it (CODE-6); the keys under which secrets of the office are kept.

use alloc::string::String;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::chain::hmac;
use crate::ids::{TabletId, UserId};
use crate::secret::Secret;
use crate::time::{Age, MINUTE, Mono};

/// After how many wrong security codes since the last right one user and tablet wait (CODE-6).
pub const WRONG_CODES_BEFORE_WAIT: u8 = 5;

/// After how many wrong security codes since the last right one they are locked until a dealer admin lifts it (CODE-6).
pub const WRONG_CODES_BEFORE_LOCK: u8 = 10;

/// How long user and tablet wait, in milliseconds (CODE-6).
pub const CODE_WAIT_MS: u64 = 15 * MINUTE;

/// HMAC-SHA-256 of a secret under a key that only this office has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hashed(#[serde(with = "hex::serde")] [u8; 32]);

impl Hashed {
    pub(super) fn security_code(machine_key: &Secret<[u8; 32]>, code: &SecurityCode) -> Self {
        Self::under(machine_key, b"office security code", code.0.reveal())
    }

    pub(super) fn token(machine_key: &Secret<[u8; 32]>, token: &Secret<[u8; 32]>) -> Self {
        Self::under(machine_key, b"office tablet token", token.reveal())
    }

    fn under(machine_key: &Secret<[u8; 32]>, purpose: &[u8], secret: &[u8]) -> Self {
        let key = Secret::new(hmac(machine_key.reveal(), &[purpose]));
        Self(hmac(key.reveal(), &[secret]))
    }

    /// Whether both are the same, compared in constant time.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        bool::from(self.0.ct_eq(&other.0))
    }
}

/// A security code as it was typed: 1000 to 9999.
pub(super) struct SecurityCode(Secret<[u8; 4]>);

impl SecurityCode {
    /// `None` when it is no number from 1000 to 9999 in four digits.
    pub(super) fn parse(text: &Secret<String>) -> Option<Self> {
        let digits: [u8; 4] = text.reveal().trim().as_bytes().try_into().ok()?;
        let fits = digits.iter().all(u8::is_ascii_digit) && digits.first() != Some(&b'0');
        fits.then(|| Self(Secret::new(digits)))
    }
}

/// Whose tries of the security code are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "of", content = "id", rename_all = "snake_case")]
pub enum CodeHolder {
    /// A user, on whatever tablet.
    User(UserId),
    /// A tablet, whoever holds it.
    Tablet(TabletId),
}

/// The tries of one user or of one tablet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tries {
    /// Wrong codes since the last right one.
    pub(super) wrong: u8,
    pub(super) bar: Bar,
}

/// What keeps somebody from trying.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "bar", rename_all = "snake_case")]
pub(super) enum Bar {
    #[default]
    None,
    Waits {
        age: Age,
    },
    Locked,
}

impl Bar {
    /// When the wait is over.
    pub(super) fn over_at(&self) -> Option<Mono> {
        match self {
            Self::Waits { age } => Some(age.reaches(CODE_WAIT_MS)),
            Self::None | Self::Locked => None,
        }
    }
}

/// The worse of two bars: locked, then the longer wait.
pub(super) fn worse(one: Bar, other: Bar) -> Bar {
    match (one, other) {
        (Bar::Locked, _) | (_, Bar::Locked) => Bar::Locked,
        (Bar::None, bar) | (bar, Bar::None) => bar,
        (Bar::Waits { .. }, Bar::Waits { .. }) if one.over_at() >= other.over_at() => one,
        (Bar::Waits { .. }, Bar::Waits { .. }) => other,
    }
}
