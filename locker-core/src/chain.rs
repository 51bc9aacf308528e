//! The chain over the records: each is authenticated together with the one before it (SAFE-4).

use alloc::vec::Vec;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::secret::Secret;

/// The number and the authenticator of the newest record of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The record's sequence number; 0 before the first record.
    pub seq: u64,
    /// HMAC-SHA-256 over the authenticator before it, the sequence number and the record's bytes.
    #[serde(with = "hex::serde")]
    pub mac: [u8; 32],
}

/// One record as it is stored: its number, its canonical JSON, its authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The sequence number, from 1, without gaps.
    pub seq: u64,
    /// The record: canonical JSON, one line without its line end, personal data sealed.
    pub body: Vec<u8>,
    /// The authenticator, chained to the entry before.
    pub mac: [u8; 32],
}

impl Entry {
    /// The head after this entry.
    #[must_use]
    pub const fn head(&self) -> Head {
        Head { seq: self.seq, mac: self.mac }
    }
}

/// The key under which one stream is chained.
#[derive(Clone, Debug)]
pub struct ChainKey(Secret<[u8; 32]>);

impl ChainKey {
    /// Derives the key from a machine's own.
    #[must_use]
    pub fn derive(machine_key: &Secret<[u8; 32]>) -> Self {
        Self(Secret::new(hmac(machine_key.reveal(), &[b"chain"])))
    }

    /// Chains `body` behind `head`.
    #[must_use]
    pub fn link(&self, head: Head, body: Vec<u8>) -> Entry {
        let seq = head.seq + 1;
        let mac = hmac(self.0.reveal(), &[&head.mac, &seq.to_be_bytes(), &body]);
        Entry { seq, body, mac }
    }

    /// Whether `entry` follows `head` and is unchanged, compared in constant time.
    #[must_use]
    pub fn follows(&self, head: Head, entry: &Entry) -> bool {
        let expected = hmac(self.0.reveal(), &[&head.mac, &entry.seq.to_be_bytes(), &entry.body]);
        entry.seq == head.seq + 1 && bool::from(expected.ct_eq(&entry.mac))
    }

    /// Authenticates bytes that are kept outside the chain (a snapshot).
    #[must_use]
    pub fn seal(&self, label: &[u8], bytes: &[u8]) -> [u8; 32] {
        hmac(self.0.reveal(), &[label, bytes])
    }
}

/// HMAC-SHA-256 over the concatenation of `parts`.
pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The first half of [`hmac`]: enough to tell things apart, too little to be taken for the whole.
pub(crate) fn short_hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 16] {
    let long = hmac(key, parts);
    core::array::from_fn(|index| long.get(index).copied().unwrap_or_default())
}
