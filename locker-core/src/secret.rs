//! Values that must not leak: codes and keys ([`Secret`]), names and numbers ([`Personal`]).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, ser};
use zeroize::Zeroize;

use crate::vault::{Opened, SealError, Subject, Vault};

/// A code or a key. It is wiped when dropped, has no `Display` or `Serialize`, and its `Debug` says nothing.
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes `value` as a secret.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that has to use it.
    #[must_use]
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// The value, for the one place that changes it.
    pub(crate) const fn reveal_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize + Clone> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl<T: Zeroize + PartialEq> PartialEq for Secret<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Zeroize + Eq> Eq for Secret<T> {}

/// A personal datum: in memory the value, in every record, snapshot and file its sealed bytes, after erasure nothing.
///
/// Its `Debug` names the subject alone. Serialising a clear value is an error, so that a forgotten seal cannot leak.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal<T> {
    subject: Subject,
    state: State<T>,
}

#[derive(Clone, PartialEq, Eq)]
enum State<T> {
    Clear(T),
    Sealed(Vec<u8>),
    Erased,
}

impl<T> Personal<T> {
    /// A value about `subject`.
    #[must_use]
    pub const fn new(subject: Subject, value: T) -> Self {
        Self { subject, state: State::Clear(value) }
    }

    /// Whom the value is about.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        self.subject
    }

    /// The value; `None` while sealed and once erased.
    #[must_use]
    pub const fn get(&self) -> Option<&T> {
        match &self.state {
            State::Clear(value) => Some(value),
            State::Sealed(_) | State::Erased => None,
        }
    }
}

/// Something that holds [`Personal`] values and can hand each of them to a visitor.
pub trait HoldsPersonal {
    /// Calls `visit` with every personal value, always in the same order.
    ///
    /// # Errors
    /// The first error of `visit`.
    fn visit_personal(
        &mut self,
        visit: &mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>,
    ) -> Result<(), SealError>;
}

/// A [`Personal`] value whose type does not matter: it can be sealed and opened.
pub trait Sealable {
    /// Replaces a clear value by its sealed bytes, or by *erased* when the subject's key is gone.
    ///
    /// # Errors
    /// [`SealError`] when the vault cannot seal.
    fn seal(&mut self, vault: &mut dyn Vault) -> Result<(), SealError>;

    /// Replaces sealed bytes by the clear value, or by *erased* when the subject's key is gone.
    ///
    /// # Errors
    /// [`SealError`] when the bytes are not what the vault sealed.
    fn open(&mut self, vault: &dyn Vault) -> Result<(), SealError>;

    /// Forgets the value if it is about `subject`.
    fn erase(&mut self, subject: Subject);
}

impl<T: Serialize + DeserializeOwned> Sealable for Personal<T> {
    fn seal(&mut self, vault: &mut dyn Vault) -> Result<(), SealError> {
        if let State::Clear(value) = &self.state {
            let mut plain = serde_json::to_vec(value).map_err(|_| SealError::NotPlain)?;
            let sealed = vault.seal(self.subject, &plain);
            plain.zeroize();
            self.state = match sealed {
                // What is said of somebody who was erased is not written down (SAFE-5).
                Err(SealError::Erased) => State::Erased,
                sealed => State::Sealed(sealed?),
            };
        }
        Ok(())
    }

    fn open(&mut self, vault: &dyn Vault) -> Result<(), SealError> {
        if let State::Sealed(sealed) = &self.state {
            self.state = match vault.open(self.subject, sealed)? {
                Opened::Clear(mut plain) => {
                    let value = serde_json::from_slice(&plain).map_err(|_| SealError::NotPlain);
                    plain.zeroize();
                    State::Clear(value?)
                }
                Opened::Erased => State::Erased,
            };
        }
        Ok(())
    }

    fn erase(&mut self, subject: Subject) {
        if self.subject == subject {
            self.state = State::Erased;
        }
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Personal({})", self.subject)
    }
}

#[derive(Serialize, Deserialize)]
struct OnPaper {
    subject: Subject,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ciphertext: Option<String>,
}

impl<T> Serialize for Personal<T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let ciphertext = match &self.state {
            State::Clear(_) => return Err(ser::Error::custom("a personal value was not sealed")),
            State::Sealed(sealed) => Some(hex::encode(sealed)),
            State::Erased => None,
        };
        OnPaper { subject: self.subject, ciphertext }.serialize(to)
    }
}

impl<'de, T> Deserialize<'de> for Personal<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let paper = OnPaper::deserialize(from)?;
        let state = match paper.ciphertext {
            None => State::Erased,
            Some(text) => {
                let mut sealed = alloc::vec![0; text.len() / 2];
                hex::decode_to_slice(text, &mut sealed).map_err(serde::de::Error::custom)?;
                State::Sealed(sealed)
            }
        };
        Ok(Self { subject: paper.subject, state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn a_clear_personal_value_cannot_be_serialised_and_debug_says_nothing() {
        let name = Personal::new(Subject::Visit(crate::VisitId(7)), String::from("Jane Sample"));
        assert!(serde_json::to_string(&name).is_err());
        assert_eq!(format!("{name:?}"), "Personal(visit/7)");
        assert_eq!(format!("{:?}", Secret::new(String::from("123456"))), "Secret(..)");
    }
}
