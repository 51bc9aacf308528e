//! Passwords of the office's users, hashed. Rights and names are the machine's, and so is who is logged in.

use std::sync::Arc;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use locker_core::{Secret, UserId};
use rusqlite::OptionalExtension;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::FileVault;

/// The longest password that is taken, in bytes: longer ones would make work for nothing.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// Passwords hashed at the same time. Each takes 19 MiB and about 20 ms of a core.
const HASHING_MAX: u32 = 2;
/// What is asked of the allocator for a hash, in blocks of 1 KiB: more than the 32 MiB above which glibc always gives
/// memory back. Of a smaller piece it learns to keep as much for the next one, for each thread. Only the blocks that
/// the hash uses are ever touched.
const BLOCKS_ASKED: usize = 33 * 1024;

/// The accounts in a vault. Copies share the vault.
#[derive(Clone)]
pub struct Accounts {
    vault: FileVault,
    hashing: Arc<Semaphore>,
}

/// Why an account operation failed. Holds no datum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountsError {
    /// The vault cannot be read or written.
    #[error("the accounts cannot be read or written")]
    Unavailable,
    /// The password is empty or too long.
    #[error("the password is empty or too long")]
    Length,
}

impl Accounts {
    /// The accounts kept in `vault`.
    #[must_use]
    pub fn of(vault: &FileVault) -> Self {
        Self { vault: vault.clone(), hashing: Arc::new(Semaphore::new(HASHING_MAX as usize)) }
    }

    /// Sets the password of a user.
    ///
    /// # Errors
    /// [`AccountsError`].
    pub async fn set_password(&self, user: UserId, password: Secret<String>) -> Result<(), AccountsError> {
        if password.reveal().is_empty() || password.reveal().len() > PASSWORD_BYTES_MAX {
            return Err(AccountsError::Length);
        }
        self.hashed(move |vault| put(vault, user, &password)).await
    }

    /// Keeps whoever logs in waiting until what is returned is dropped.
    pub(crate) async fn keep_waiting(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.hashing).acquire_many_owned(HASHING_MAX).await.ok()
    }

    /// Sets the password of a user while [kept waiting](Self::keep_waiting).
    pub(crate) async fn set_first_password(
        &self,
        user: UserId,
        password: Secret<String>,
    ) -> Result<(), AccountsError> {
        self.off_the_runtime(move |vault| put(vault, user, &password)).await
    }

    /// Whether the user has a password. Costs no hash.
    ///
    /// # Errors
    /// [`AccountsError::Unavailable`].
    pub fn has_password(&self, user: UserId) -> Result<bool, AccountsError> {
        let select = "SELECT 1 FROM account WHERE user = ?1";
        let found = self.vault.lock().db.query_row(select, [id(user)], |_| Ok(())).optional();
        found.map(|found| found.is_some()).map_err(|_| AccountsError::Unavailable)
    }

    /// Forgets the password of a user who is erased (SAFE-5).
    ///
    /// # Errors
    /// [`AccountsError::Unavailable`].
    pub fn forget(&self, user: UserId) -> Result<(), AccountsError> {
        let deleted = self.vault.lock().db.execute("DELETE FROM account WHERE user = ?1", [id(user)]);
        deleted.map(drop).map_err(|_| AccountsError::Unavailable)
    }

    /// Whether `password` is the user's. Takes as long for a user who has none.
    ///
    /// # Errors
    /// [`AccountsError::Unavailable`].
    pub async fn check_password(
        &self,
        user: Option<UserId>,
        password: Secret<String>,
    ) -> Result<bool, AccountsError> {
        if password.reveal().len() > PASSWORD_BYTES_MAX {
            return Ok(false);
        }
        self.hashed(move |vault| {
            let kept: Option<String> = match user {
                None => None,
                Some(user) => vault
                    .lock()
                    .db
                    .query_row("SELECT hash FROM account WHERE user = ?1", [id(user)], |row| row.get(0))
                    .optional()?,
            };
            match kept {
                Some(kept) => Ok(agrees(&kept, &password)),
                None => hash(&password).map(|_| false),
            }
        })
        .await
    }

    /// Runs what hashes off the threads that serve requests, a few at a time: a flood of log-ins must not take the
    /// memory of the machine.
    async fn hashed<T: Send + 'static>(
        &self,
        work: impl FnOnce(&FileVault) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, AccountsError> {
        let _permit = self.hashing.acquire().await.map_err(|_| AccountsError::Unavailable)?;
        self.off_the_runtime(work).await
    }

    async fn off_the_runtime<T: Send + 'static>(
        &self,
        work: impl FnOnce(&FileVault) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, AccountsError> {
        let vault = self.vault.clone();
        match tokio::task::spawn_blocking(move || work(&vault)).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(Failed)) | Err(_) => Err(AccountsError::Unavailable),
        }
    }
}

/// What went wrong is logged by its kind; a caller can do nothing about it.
struct Failed;

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(code = ?error.sqlite_extended_error_code(), "the accounts do not serve");
        Self
    }
}

fn put(vault: &FileVault, user: UserId, password: &Secret<String>) -> Result<(), Failed> {
    let hash = hash(password)?;
    let change = "INSERT INTO account (user, hash) VALUES (?1, ?2)
                  ON CONFLICT (user) DO UPDATE SET hash = ?2";
    vault.lock().db.execute(change, (id(user), hash))?;
    Ok(())
}

/// Argon2id with the crate's defaults, which are the least that OWASP recommends: 19 MiB, two passes.
fn hash(password: &Secret<String>) -> Result<String, Failed> {
    let (params, salt) = (Params::default(), Salt::generate());
    let hashed = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|_| Failed)?,
        hash: Some(digest(params, &salt, password).ok_or(Failed)?),
        salt: Some(salt),
    };
    Ok(hashed.to_string())
}

/// Whether the password is the one that was hashed; compared in constant time.
fn agrees(kept: &str, password: &Secret<String>) -> bool {
    let Ok(kept) = PasswordHash::new(kept) else { return false };
    let is_ours =
        kept.algorithm == Algorithm::Argon2id.ident() && kept.version == Some(Version::V0x13.into());
    let (Ok(params), Some(salt), true) = (Params::try_from(&kept), &kept.salt, is_ours) else { return false };
    kept.hash.is_some() && digest(params, salt, password) == kept.hash
}

fn digest(params: Params, salt: &Salt, password: &Secret<String>) -> Option<Output> {
    let mut blocks = Vec::with_capacity(BLOCKS_ASKED.max(params.block_count()));
    blocks.resize(params.block_count(), Block::new());
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hashed =
        argon2.hash_password_into_with_memory(password.reveal().as_bytes(), salt, &mut out, &mut blocks);
    hashed.ok().and_then(|()| Output::new(&out).ok())
}

fn id(user: UserId) -> i64 {
    user.0.cast_signed()
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn a_hash_is_what_the_crate_itself_writes_and_reads() {
        let (right, wrong) = (Secret::new(String::from("right")), Secret::new(String::from("wrong")));
        let ours = hash(&right).unwrap_or_default();
        assert!(Argon2::default().verify_password(b"right", &PasswordHash::new(&ours).unwrap()).is_ok());
        let theirs = Argon2::default().hash_password(b"right").unwrap().to_string();
        assert!(agrees(&theirs, &right) && agrees(&ours, &right));
        assert!(!agrees(&theirs, &wrong) && !agrees(&ours, &wrong) && !agrees("", &right));
        assert!(!agrees(&theirs.replace("argon2id", "argon2i"), &right));
        assert_eq!(ours.split('$').nth(3), theirs.split('$').nth(3), "memory and passes");
    }
}
