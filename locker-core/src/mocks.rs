//! Stand-ins for tests: a vault in memory, and what a model checker tells two lockers apart by
//! ([`Locker::fold_session`](crate::Locker::fold_session)).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

pub use crate::locker::Flutter;

use crate::chain::{Head, hmac};
use crate::secret::Secret;
use crate::vault::{Opened, SealError, Subject, Vault};

/// A vault in memory whose keys follow from their names: the same run gives the same bytes. For tests only.
#[derive(Clone, Debug, Default)]
pub struct MemoryVault {
    erased: BTreeSet<Subject>,
    heads: BTreeMap<String, Head>,
    sealed: u64,
    /// When set, everything answers [`SealError::Unavailable`].
    pub is_down: bool,
}

impl MemoryVault {
    /// An empty vault.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn up(&self) -> Result<(), SealError> {
        if self.is_down { Err(SealError::Unavailable) } else { Ok(()) }
    }
}

fn subject_key(subject: Subject) -> [u8; 32] {
    hmac(&[7; 32], &[alloc::format!("{subject}").as_bytes()])
}

fn keystream(key: &[u8; 32], nonce: &[u8], bytes: &mut [u8]) {
    for (n, chunk) in (0_u32..).zip(bytes.chunks_mut(32)) {
        let block = hmac(key, &[nonce, &n.to_be_bytes()]);
        for (byte, pad) in chunk.iter_mut().zip(block) {
            *byte ^= pad;
        }
    }
}

impl Vault for MemoryVault {
    fn machine_key(&mut self, stream: &str) -> Result<Secret<[u8; 32]>, SealError> {
        self.up()?;
        Ok(Secret::new(hmac(&[9; 32], &[stream.as_bytes()])))
    }

    fn seal(&mut self, subject: Subject, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.up()?;
        if self.erased.contains(&subject) {
            return Err(SealError::Erased);
        }
        self.sealed += 1;
        let key = subject_key(subject);
        let mut sealed = self.sealed.to_be_bytes().to_vec();
        let mut body = plain.to_vec();
        keystream(&key, &sealed, &mut body);
        sealed.extend_from_slice(&body);
        let tag = hmac(&key, &[b"tag", &sealed]);
        sealed.extend_from_slice(tag.get(..8).unwrap_or_default());
        Ok(sealed)
    }

    fn open(&self, subject: Subject, sealed: &[u8]) -> Result<Opened, SealError> {
        self.up()?;
        if self.erased.contains(&subject) {
            return Ok(Opened::Erased);
        }
        let split = sealed.len().checked_sub(8).ok_or(SealError::Damaged)?;
        let (body, tag) = sealed.split_at(split);
        let key = subject_key(subject);
        if hmac(&key, &[b"tag", body]).get(..8) != Some(tag) {
            return Err(SealError::Damaged);
        }
        let (nonce, cipher) = body.split_at_checked(8).ok_or(SealError::Damaged)?;
        let mut plain = cipher.to_vec();
        keystream(&key, nonce, &mut plain);
        Ok(Opened::Clear(plain))
    }

    fn erase(&mut self, subject: Subject) -> Result<(), SealError> {
        self.up()?;
        self.erased.insert(subject);
        Ok(())
    }

    fn head(&self, stream: &str) -> Result<Option<Head>, SealError> {
        self.up()?;
        Ok(self.heads.get(stream).copied())
    }

    fn keep_head(&mut self, stream: &str, head: Head) -> Result<(), SealError> {
        self.up()?;
        self.heads.insert(stream.into(), head);
        Ok(())
    }
}
