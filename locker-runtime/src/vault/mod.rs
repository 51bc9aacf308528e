//! Where keys, the newest heads and log-in secrets live, apart from the journal.

mod accounts;
mod file;
mod heads;

use locker_core::{SealError, Vault};

pub use accounts::{Accounts, AccountsError, PASSWORD_BYTES_MAX};
pub use file::{FileVault, VaultError};

/// A vault that can make many new keys durable at once.
///
/// An import seals for hundreds of visits in one step; one write to the disk for all of them is enough, as long as it
/// comes before the append of the records.
pub trait KeyStore: Vault + Send {
    /// New keys need not be durable before [`KeyStore::settle`].
    fn begin(&mut self) {}

    /// Makes the keys since [`KeyStore::begin`] durable.
    ///
    /// # Errors
    /// [`SealError::Unavailable`]: none of them is; what was sealed with them must be dropped.
    fn settle(&mut self) -> Result<(), SealError> {
        Ok(())
    }

    /// Makes the newest heads durable, when there is time for it.
    fn idle(&mut self) {}
}
