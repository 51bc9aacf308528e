//! Log-in secrets of the office's users: password hashes and session tokens. Rights and names are the machine's.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use locker_core::{Secret, UserId, Wall};
use rusqlite::OptionalExtension;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::FileVault;
use crate::clock::draw;

/// The longest password that is taken, in bytes: longer ones would make work for nothing.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// Passwords hashed at the same time. Each takes 19 MiB and about 20 ms of a core.
const HASHING_MAX: usize = 2;
/// Random bytes in a session token.
const TOKEN_BYTES: usize = 32;

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

/// What a tablet or browser shows to prove that it logged in. Kept by the office only as SHA-256: 256 random bits need
/// no slow hash.
#[derive(Clone, Debug)]
pub struct SessionToken(Secret<String>);

impl SessionToken {
    /// Takes what a client showed.
    #[must_use]
    pub fn shown(text: &str) -> Self {
        Self(Secret::new(text.to_owned()))
    }

    /// The text, for the one answer that hands it out.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    fn draw() -> Self {
        Self(Secret::new(hex::encode(draw::<TOKEN_BYTES>())))
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.reveal().as_bytes()).into()
    }
}

impl Accounts {
    /// The accounts kept in `vault`.
    #[must_use]
    pub fn of(vault: &FileVault) -> Self {
        Self { vault: vault.clone(), hashing: Arc::new(Semaphore::new(HASHING_MAX)) }
    }

    /// Sets the password of a user and ends all the user's sessions.
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
            inner.db.execute("DELETE FROM session WHERE user = ?1", [id(user)])?;
            Ok(())
        })
        .await
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

    /// Removes a user's password and sessions.
    ///
    /// # Errors
    /// [`AccountsError::Unavailable`].
    pub async fn remove(&self, user: UserId) -> Result<(), AccountsError> {
        self.apart(move |vault| {
            let inner = vault.lock();
            inner.db.execute("DELETE FROM account WHERE user = ?1", [id(user)])?;
            inner.db.execute("DELETE FROM session WHERE user = ?1", [id(user)])?;
            Ok(())
        })
        .await
    }

    /// Begins a session of `user` that ends at `ends`.
    ///
    /// # Errors
    /// [`AccountsError::Unavailable`].
    pub async fn begin_session(&self, user: UserId, ends: Wall) -> Result<SessionToken, AccountsError> {
        let token = SessionToken::draw();
        let kept = token.hash();
        self.apart(move |vault| {
            let insert = "INSERT INTO session (token, user, ends) VALUES (?1, ?2, ?3)";
            vault.lock().db.execute(insert, (kept, id(user), ends.0))?;
            Ok(())
        })
        .await?;
        Ok(token)
    }

    /// Whose session the token stands for, if it has not ended. Found by its hash, so that time tells nothing.
    ///
    /// # Errors
    /// [`AccountsError::Unavailable`].
    pub async fn session_user(
        &self,
        token: &SessionToken,
        now: Wall,
    ) -> Result<Option<UserId>, AccountsError> {
        let shown = token.hash();
        self.apart(move |vault| {
            let select = "SELECT user FROM session WHERE token = ?1 AND ends > ?2";
            let found: Option<i64> =
                vault.lock().db.query_row(select, (shown, now.0), |row| row.get(0)).optional()?;
            Ok(found.map(|user| UserId(user.cast_unsigned())))
        })
        .await
    }

    /// Ends one session, and forgets those that have run out.
    ///
    /// # Errors
    /// [`AccountsError::Unavailable`].
    pub async fn end_session(&self, token: &SessionToken, now: Wall) -> Result<(), AccountsError> {
        let shown = token.hash();
        self.apart(move |vault| {
            let delete = "DELETE FROM session WHERE token = ?1 OR ends <= ?2";
            vault.lock().db.execute(delete, (shown, now.0))?;
            Ok(())
        })
        .await
    }

    /// Ends every session, as after a change of the security code (CODE-6).
    ///
    /// # Errors
    /// [`AccountsError::Unavailable`].
    pub async fn end_all_sessions(&self) -> Result<(), AccountsError> {
        self.apart(|vault| {
            vault.lock().db.execute("DELETE FROM session", ())?;
            Ok(())
        })
        .await
    }

    /// Runs what hashes, a few at a time: a flood of log-ins must not take the memory of the machine.
    async fn hashed<T: Send + 'static>(
        &self,
        work: impl FnOnce(&FileVault) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, AccountsError> {
        let _permit = self.hashing.acquire().await.map_err(|_| AccountsError::Unavailable)?;
        self.apart(work).await
    }

    /// Runs off the threads that serve requests: hashing takes tens of milliseconds, a write waits for the disk.
    async fn apart<T: Send + 'static>(
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
