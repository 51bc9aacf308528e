//! Passwords of the office's users, hashed. Rights and names are the machine's, and so is who is logged in.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use locker_core::{Secret, UserId};
use rusqlite::OptionalExtension;
use tokio::sync::Semaphore;

use super::FileVault;

/// The longest password that is taken, in bytes: longer ones would make work for nothing.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// Passwords hashed at the same time. Each takes 19 MiB and about 20 ms of a core.
const HASHING_MAX: usize = 2;

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
        Self { vault: vault.clone(), hashing: Arc::new(Semaphore::new(HASHING_MAX)) }
    }

    /// Sets the password of a user.
    ///
    /// # Errors
    /// [`AccountsError`].
    pub async fn set_password(&self, user: UserId, password: Secret<String>) -> Result<(), AccountsError> {
        if password.reveal().is_empty() || password.reveal().len() > PASSWORD_BYTES_MAX {
            return Err(AccountsError::Length);
        }
        self.hashed(move |vault| {
            let hash = hash(&password)?;
            let inner = vault.lock();
            let change = "INSERT INTO account (user, hash) VALUES (?1, ?2)
                          ON CONFLICT (user) DO UPDATE SET hash = ?2";
            inner.db.execute(change, (id(user), hash))?;
            Ok(())
        })
        .await
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

/// Argon2id with the crate's defaults, which are the least that OWASP recommends: 19 MiB, two passes.
fn hash(password: &Secret<String>) -> Result<String, Failed> {
    let hashed = Argon2::default().hash_password(password.reveal().as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|_| Failed)
}

fn agrees(kept: &str, password: &Secret<String>) -> bool {
    PasswordHash::new(kept)
        .is_ok_and(|kept| Argon2::default().verify_password(password.reveal().as_bytes(), &kept).is_ok())
}

fn id(user: UserId) -> i64 {
    user.0.cast_signed()
}
