//! The port to the place where keys live, apart from the journal.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize, de};

use crate::chain::Head;
use crate::ids::{UserId, VisitId};
use crate::secret::Secret;

/// Whom a personal datum is about: the unit of erasure. Written `visit/7` or `user/3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The people of one visit: driver, plate, remarks.
    Visit(VisitId),
    /// One user of the office.
    User(UserId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Visit(id) => write!(f, "visit/{id}"),
            Self::User(id) => write!(f, "user/{id}"),
        }
    }
}

impl core::str::FromStr for Subject {
    type Err = NotASubject;

    fn from_str(text: &str) -> Result<Self, NotASubject> {
        let (kind, id) = text.split_once('/').ok_or(NotASubject)?;
        let id = id.parse().map_err(|_| NotASubject)?;
        match kind {
            "visit" => Ok(Self::Visit(VisitId(id))),
            "user" => Ok(Self::User(UserId(id))),
            _ => Err(NotASubject),
        }
    }
}

/// The text names no subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a subject of the form visit/7 or user/3")]
pub struct NotASubject;

impl Serialize for Subject {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// What opening a seal gives.
#[derive(Clone, PartialEq, Eq)]
pub enum Opened {
    /// The plain bytes.
    Clear(Vec<u8>),
    /// The subject's key was destroyed.
    Erased,
}

/// Keeps the keys of subjects and machines and the newest chain heads, apart from the journal.
///
/// An implementation makes a key the first time it is asked for, keeps it durable before it returns, and never gives
/// a subject a new key after [`Vault::erase`].
pub trait Vault {
    /// The key of the machine whose stream is `stream`: 32 bytes from a cryptographic generator, always the same.
    ///
    /// # Errors
    /// [`SealError::Unavailable`] when the vault cannot be read or written.
    fn machine_key(&mut self, stream: &str) -> Result<Secret<[u8; 32]>, SealError>;

    /// Seals `plain` with authenticated encryption under the key of `subject`.
    ///
    /// # Errors
    /// [`SealError::Unavailable`] when the vault cannot be read or written, [`SealError::Erased`] when the subject's
    /// key was destroyed.
    fn seal(&mut self, subject: Subject, plain: &[u8]) -> Result<Vec<u8>, SealError>;

    /// Opens what [`Vault::seal`] made.
    ///
    /// # Errors
    /// [`SealError::Unavailable`] when the vault cannot be read, [`SealError::Damaged`] when the bytes were not
    /// sealed under this key.
    fn open(&self, subject: Subject, sealed: &[u8]) -> Result<Opened, SealError>;

    /// Destroys the key of `subject`, for ever.
    ///
    /// # Errors
    /// [`SealError::Unavailable`] when the vault cannot be written.
    fn erase(&mut self, subject: Subject) -> Result<(), SealError>;

    /// The newest head that was kept for `stream`.
    ///
    /// # Errors
    /// [`SealError::Unavailable`] when the vault cannot be read.
    fn head(&self, stream: &str) -> Result<Option<Head>, SealError>;

    /// Keeps the newest head of `stream`. Called after the append of the records up to it has succeeded; it may be
    /// lost in a power cut (then an older head is found, which is no alarm), never kept ahead of the journal.
    ///
    /// # Errors
    /// [`SealError::Unavailable`] when the vault cannot be written.
    fn keep_head(&mut self, stream: &str, head: Head) -> Result<(), SealError>;
}

/// Why something could not be sealed or opened. Holds no datum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The vault cannot be read or written now.
    #[error("the vault cannot be read or written")]
    Unavailable,
    /// The subject was erased.
    #[error("the subject was erased")]
    Erased,
    /// The sealed bytes are damaged or not sealed under this key.
    #[error("sealed bytes are damaged")]
    Damaged,
    /// The value has no plain form, or the opened bytes are no such value.
    #[error("a personal value has no plain form")]
    NotPlain,
}
