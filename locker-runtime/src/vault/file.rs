//! The vault of the running kiosk: a SQLite file and the file of heads beside it, readable by their owner alone.
//!
//! Erasure is the point of this file: a subject's key must be in no file once it is destroyed. So:
//! - `secure_delete=ON`: what leaves a page is overwritten with zeros. Keys are overwritten in place, by as many
//!   zeros, in a table that only grows at its end: its pages are never rebuilt, so no copy of a row stays behind in
//!   the slack of one.
//! - No write-ahead log: it would hold older pages until it happens to be overwritten. The rollback journal holds them
//!   too, for the time of one transaction; it is kept (`journal_mode=PERSIST`) so that the very same blocks can be
//!   overwritten with zeros right after, instead of being given back to the disk as they are.
//! - After each erasure every file of the vault is searched for the key; if it were found, the file is rebuilt.
//!
//! Out of reach: copies that a flash disk keeps when it moves blocks, snapshots of the file system, backups. A backup
//! of the vault must age out with the data it opens; encrypt the disk where that matters.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use locker_core::{ChainKey, Head, Opened, SealError, Secret, Subject, Vault};
use rusqlite::{Connection, OptionalExtension};
use zeroize::Zeroize;

use super::KeyStore;
use super::heads::{Heads, Kept, STREAMS_MAX};
use crate::clock::draw;
use crate::folder::{DataFolder, open_private};

const FILE: &str = "vault.db";
const HEADS: &str = "heads";
/// "lkvt": SQLite's mark of whose file it is.
const APPLICATION_ID: i64 = 0x6c6b_7674;
/// The format of the tables. Raised when a table changes.
const FORMAT: i64 = 1;
/// How long a writer waits for another copy's transaction.
const BUSY_MS: u64 = 5_000;

/// The first byte of what is sealed: ChaCha20-Poly1305, a nonce of 12 bytes, then the ciphertext with its tag.
const SEAL_FORMAT: u8 = 1;
const NONCE_BYTES: usize = 12;

/// The vault in the data folder. Copies share one connection; each has its own [`KeyStore::begin`]. `Debug` says
/// nothing.
pub struct FileVault {
    inner: Arc<Mutex<Inner>>,
    batch: Batch,
}

pub(super) struct Inner {
    folder: DataFolder,
    pub(super) db: Connection,
    heads: Option<Heads>,
    streams: BTreeMap<String, Stream>,
    keys: BTreeMap<Subject, KeyState>,
    /// Keys that are not durable yet, of all copies. They stay here until they are: what one copy could not write
    /// the next one writes.
    waiting: Vec<Subject>,
}

struct Stream {
    slot: usize,
    key: Secret<[u8; 32]>,
    chain: ChainKey,
    turn: u64,
}

enum KeyState {
    Has(Secret<[u8; 32]>),
    Destroyed,
}

/// When a new key becomes durable.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Batch {
    /// Before it is used.
    Each,
    /// At [`KeyStore::settle`].
    Together,
}

/// Why a vault cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file is damaged, or no vault.
    #[error("the vault file is damaged or of another format")]
    Damaged,
    /// SQLite reported this error.
    #[error("the vault file cannot be used: SQLite code {code}")]
    Sqlite {
        /// SQLite's extended result code.
        code: i32,
    },
    /// The operating system reported this error.
    #[error("the vault file cannot be used: {0}")]
    Io(#[from] io::Error),
}

impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match error.sqlite_error() {
            Some(cause) if !matches!(cause.code, DatabaseCorrupt | NotADatabase) => {
                Self::Sqlite { code: cause.extended_code }
            }
            Some(_) | None => Self::Damaged,
        }
    }
}

impl FileVault {
    /// Opens the folder's vault, made if absent.
    ///
    /// # Errors
    /// [`VaultError`] when it is damaged or cannot be written.
    pub fn open(folder: &DataFolder) -> Result<Self, VaultError> {
        let path = folder.file(FILE);
        let fresh = !path.exists();
        drop(open_private(&path)?);
        drop(open_private(&rollback_of(folder))?);
        let db = Connection::open(&path)?;
        db.busy_timeout(Duration::from_millis(BUSY_MS))?;
        db.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA secure_delete = ON;
             PRAGMA journal_mode = PERSIST;
             PRAGMA synchronous = EXTRA;
             PRAGMA fullfsync = ON;
             PRAGMA temp_store = MEMORY;
             PRAGMA cell_size_check = ON;
             PRAGMA trusted_schema = OFF;",
        )?;
        let heads = folder.file(HEADS);
        let made = set_up(&db)?;
        let heads = if made || fresh { Some(Heads::make(&heads)?) } else { Heads::open(&heads)? };
        folder.sync()?;
        let mut inner = Inner {
            folder: folder.clone(),
            db,
            heads,
            streams: BTreeMap::new(),
            keys: BTreeMap::new(),
            waiting: Vec::new(),
        };
        // What an erasure cut short may have left in the rollback journal.
        inner.scrub()?;
        Ok(Self { inner: Arc::new(Mutex::new(inner)), batch: Batch::Each })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for FileVault {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), batch: Batch::Each }
    }
}

impl std::fmt::Debug for FileVault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileVault(..)")
    }
}

impl Vault for FileVault {
    fn machine_key(&mut self, stream: &str) -> Result<Secret<[u8; 32]>, SealError> {
        let mut inner = self.lock();
        Ok(inner.stream(stream)?.key.clone())
    }

    fn seal(&mut self, subject: Subject, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut inner = self.lock();
        let key = match inner.key(subject)? {
            Some(KeyState::Has(key)) => key.clone(),
            Some(KeyState::Destroyed) => return Err(SealError::Erased),
            None => {
                let key = inner.make_key(subject);
                if self.batch == Batch::Each {
                    inner.settle()?;
                }
                key
            }
        };
        drop(inner);
        seal(&key, subject, plain)
    }

    fn open(&self, subject: Subject, sealed: &[u8]) -> Result<Opened, SealError> {
        let mut inner = self.lock();
        match inner.key(subject)? {
            Some(KeyState::Has(key)) => open(key, subject, sealed).map(Opened::Clear),
            Some(KeyState::Destroyed) => Ok(Opened::Erased),
            // A key is durable before anything sealed with it leaves the vault: these bytes are not ours.
            None => Err(SealError::Damaged),
        }
    }

    fn erase(&mut self, subject: Subject) -> Result<(), SealError> {
        let mut inner = self.lock();
        inner.erase(subject).map_err(|error| {
            tracing::error!(%error, "a key was not destroyed");
            SealError::Unavailable
        })
    }

    fn head(&self, stream: &str) -> Result<Option<Head>, SealError> {
        let mut inner = self.lock();
        inner.stream(stream)?;
        let (Some(heads), Some(found)) = (&inner.heads, inner.streams.get(stream)) else {
            // Somebody removed the file: the end of the journal can no longer be vouched for.
            return Err(SealError::Damaged);
        };
        match heads.newest(found.slot, &found.chain).map_err(unavailable)?.0 {
            Kept::Never => Ok(None),
            Kept::Newest(head) => Ok(Some(head)),
            Kept::Damaged => Err(SealError::Damaged),
        }
    }

    fn keep_head(&mut self, stream: &str, head: Head) -> Result<(), SealError> {
        let mut inner = self.lock();
        let inner = &mut *inner;
        inner.stream(stream)?;
        let (Some(heads), Some(found)) = (&mut inner.heads, inner.streams.get_mut(stream)) else {
            return Err(SealError::Unavailable);
        };
        heads.keep(found.slot, found.turn, head, &found.chain).map_err(unavailable)?;
        found.turn += 1;
        Ok(())
    }
}

impl KeyStore for FileVault {
    fn begin(&mut self) {
        self.batch = Batch::Together;
    }

    fn settle(&mut self) -> Result<(), SealError> {
        self.batch = Batch::Each;
        self.lock().settle()
    }

    fn idle(&mut self) {
        let inner = self.lock();
        if let Some(heads) = &inner.heads
            && let Err(error) = heads.sync()
        {
            tracing::warn!(%error, "the newest heads were not made durable");
        }
    }
}

impl Inner {
    /// The stream's key, made when it is first asked for.
    fn stream(&mut self, name: &str) -> Result<&Stream, SealError> {
        if !self.streams.contains_key(name) {
            let (slot, mut bytes) = self.load_stream(name).map_err(unavailable)?;
            let key = Secret::new(bytes);
            bytes.zeroize();
            let chain = ChainKey::derive(&key);
            let turn = match &self.heads {
                Some(heads) => heads.newest(slot, &chain).map_err(unavailable)?.1,
                None => 0,
            };
            let stream = Stream { slot, key, chain, turn };
            self.streams.insert(name.to_owned(), stream);
        }
        self.streams.get(name).ok_or(SealError::Unavailable)
    }

    fn load_stream(&mut self, name: &str) -> Result<(usize, [u8; 32]), VaultError> {
        let select = "SELECT slot, key FROM machine WHERE stream = ?1";
        let found =
            self.db.query_row(select, [name], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?))).optional()?;
        if let Some((slot, key)) = found {
            let slot = usize::try_from(slot).ok().filter(|slot| *slot < STREAMS_MAX);
            return Ok((slot.ok_or(VaultError::Damaged)?, key));
        }
        let key = draw::<32>();
        let slots: i64 = self.db.query_row("SELECT count(*) FROM machine", (), |row| row.get(0))?;
        let slot = usize::try_from(slots).ok().filter(|slot| *slot < STREAMS_MAX);
        let slot = slot.ok_or(VaultError::Damaged)?;
        self.db.execute("INSERT INTO machine (stream, slot, key) VALUES (?1, ?2, ?3)", (name, slots, key))?;
        Ok((slot, key))
    }

    /// The subject's key; `None` when there never was one.
    fn key(&mut self, subject: Subject) -> Result<Option<&KeyState>, SealError> {
        if !self.keys.contains_key(&subject) {
            let Some(state) = self.load_key(subject).map_err(unavailable)? else {
                return Ok(None);
            };
            self.keys.insert(subject, state);
        }
        Ok(self.keys.get(&subject))
    }

    fn load_key(&self, subject: Subject) -> rusqlite::Result<Option<KeyState>> {
        self.db
            .prepare_cached("SELECT key, destroyed FROM subject WHERE name = ?1")?
            .query_row([subject.to_string()], |row| {
                let mut bytes: [u8; 32] = row.get(0)?;
                let state = if row.get(1)? { KeyState::Destroyed } else { KeyState::Has(Secret::new(bytes)) };
                bytes.zeroize();
                Ok(state)
            })
            .optional()
    }

    fn make_key(&mut self, subject: Subject) -> Secret<[u8; 32]> {
        let key = Secret::new(draw());
        self.keys.insert(subject, KeyState::Has(key.clone()));
        self.waiting.push(subject);
        key
    }

    /// Makes the keys that wait durable, in one transaction.
    fn settle(&mut self) -> Result<(), SealError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.write_waiting().map_err(unavailable)?;
        self.waiting.clear();
        Ok(())
    }

    fn write_waiting(&mut self) -> rusqlite::Result<()> {
        // Rolled back when it is dropped before its commit.
        let transaction = self.db.transaction()?;
        for subject in &self.waiting {
            if let Some(KeyState::Has(key)) = self.keys.get(subject) {
                transaction
                    .prepare_cached("INSERT INTO subject (name, key, destroyed) VALUES (?1, ?2, 0)")?
                    .execute((subject.to_string(), key.reveal()))?;
            }
        }
        transaction.commit()
    }

    fn erase(&mut self, subject: Subject) -> Result<(), VaultError> {
        // A key that waits must not be kept after it was destroyed.
        self.write_waiting()?;
        self.waiting.clear();
        let old = match self.load_key(subject)? {
            Some(KeyState::Destroyed) => return Ok(self.scrub()?),
            Some(KeyState::Has(key)) => Some(key),
            None => None,
        };
        // As many zeros as there were bytes: SQLite then overwrites the row where it lies.
        self.db.execute(
            "INSERT INTO subject (name, key, destroyed) VALUES (?1, zeroblob(32), 1)
             ON CONFLICT (name) DO UPDATE SET key = zeroblob(32), destroyed = 1",
            [subject.to_string()],
        )?;
        self.keys.insert(subject, KeyState::Destroyed);
        self.scrub()?;
        if let Some(key) = old
            && self.holds(key.reveal())?
        {
            tracing::warn!("a destroyed key was left in slack space; the vault is rebuilt");
            self.db.execute_batch("VACUUM")?;
            self.scrub()?;
            if self.holds(key.reveal())? {
                return Err(VaultError::Damaged);
            }
        }
        Ok(())
    }

    /// Overwrites the rollback journal, which is in no use between two transactions, with zeros.
    fn scrub(&mut self) -> io::Result<()> {
        let mut file = open_private(&rollback_of(&self.folder))?;
        let mut left = file.metadata()?.len();
        file.seek(SeekFrom::Start(0))?;
        let zeros = [0; 16 * 1024];
        while left > 0 {
            let now = usize::try_from(left).map_or(zeros.len(), |left| left.min(zeros.len()));
            file.write_all(&zeros[..now])?;
            left -= now as u64;
        }
        file.sync_data()
    }

    /// Whether any file of the vault holds these bytes. The file has some 60 bytes a subject: a few megabytes after
    /// years.
    fn holds(&self, key: &[u8; 32]) -> io::Result<bool> {
        for path in [self.folder.file(FILE), rollback_of(&self.folder)] {
            let mut bytes = fs::read(path)?;
            let found = bytes.windows(key.len()).any(|window| window == key);
            bytes.zeroize();
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Makes the tables if the file is empty, and says whether it did.
fn set_up(db: &Connection) -> Result<bool, VaultError> {
    let number = |name: &str| db.query_row(&format!("PRAGMA {name}"), (), |row| row.get::<_, i64>(0));
    match (number("application_id")?, number("user_version")?) {
        (APPLICATION_ID, FORMAT) => Ok(false),
        (0, 0) if number("schema_version")? == 0 => {
            db.execute_batch(&format!(
                "BEGIN IMMEDIATE;
                 PRAGMA application_id = {APPLICATION_ID};
                 PRAGMA user_version = {FORMAT};
                 CREATE TABLE machine (stream TEXT PRIMARY KEY, slot INTEGER NOT NULL UNIQUE, key BLOB NOT NULL);
                 CREATE TABLE subject (
                     id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key BLOB NOT NULL, destroyed INTEGER NOT NULL);
                 CREATE TABLE account (user INTEGER PRIMARY KEY, hash TEXT NOT NULL);
                 COMMIT;"
            ))?;
            Ok(true)
        }
        _ => Err(VaultError::Damaged),
    }
}

fn rollback_of(folder: &DataFolder) -> PathBuf {
    folder.file("vault.db-journal")
}

fn unavailable(error: impl Into<VaultError>) -> SealError {
    let error = error.into();
    tracing::error!(%error, "the vault does not serve");
    SealError::Unavailable
}

fn seal(key: &Secret<[u8; 32]>, subject: Subject, plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce = draw::<NONCE_BYTES>();
    let name = subject.to_string();
    let payload = Payload { msg: plain, aad: name.as_bytes() };
    let cipher = ChaCha20Poly1305::new(&Key::from(*key.reveal()));
    let ciphertext = cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::NotPlain)?;
    let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + ciphertext.len());
    sealed.push(SEAL_FORMAT);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&ciphertext);
    Ok(sealed)
}

fn open(key: &Secret<[u8; 32]>, subject: Subject, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (format, rest) = sealed.split_first().ok_or(SealError::Damaged)?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Damaged)?;
    if *format != SEAL_FORMAT {
        return Err(SealError::Damaged);
    }
    let name = subject.to_string();
    let payload = Payload { msg: ciphertext, aad: name.as_bytes() };
    ChaCha20Poly1305::new(&Key::from(*key.reveal()))
        .decrypt(&Nonce::from(*nonce), payload)
        .map_err(|_| SealError::Damaged)
}
