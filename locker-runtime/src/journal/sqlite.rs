//! The embedded journal: one SQLite file in the data folder.
//!
//! Why it is set up as it is:
//! - Write-ahead log, `synchronous=FULL`: a commit is one append to the log and one `fdatasync`, which is all that
//!   durability costs. (`.cargo/config.toml` says how SQLite is told to use it.)
//! - The log is set aside once, full of zeros, and then overwritten for ever: no commit makes a file grow, so that
//!   `fdatasync` has no metadata to write, and a full disk is noticed at start, not at a record.
//! - `fullfsync`: on macOS `fsync` alone leaves data in the disk's cache. Elsewhere it means nothing.
//! - `locking_mode=EXCLUSIVE`: the folder's lock already keeps others out; SQLite then needs no shared memory file.
//! - Checkpoints are ours, at idle, never within an append unless the log would outgrow itself.
//! - When the file is opened, and after every failure at a commit, what can be read is first made durable by a
//!   checkpoint. A failed `fdatasync` may leave pages that can be read and are not on disk; trusting them would be
//!   an acknowledgement that a power cut takes back.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use locker_core::{Entry, RECORD_BYTES_MAX};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension};

use super::reserve::{Reserve, write_zeros};
use super::{Appended, Journal, JournalError, NotWritten, Room, Torn, wal};
use crate::folder::{DataFolder, open_private};

/// The file's name in the data folder.
const FILE: &str = "journal.db";
/// "lkjr": SQLite's mark of whose file it is.
const APPLICATION_ID: i64 = 0x6c6b_6a72;
/// The format of the tables. Raised when a table changes.
const FORMAT: i64 = 1;
/// Pages of 1 KiB hold two to three records: a commit writes one of them, or four when the table grows a page.
const PAGE_BYTES: usize = 1024;

/// What is set aside for the log, in bytes: some 2,000 records between two checkpoints.
pub const WAL_BYTES: u64 = 4 * 1024 * 1024;
/// At idle the log is checkpointed when it is this full: often enough that no append ever has to.
const IDLE_FRAMES: i64 = 500;
/// An append checkpoints first when the log is this full, in frames: just before it would outgrow what was set aside.
const FULL_FRAMES: i64 = 3_500;

/// The journal in the data folder. Copies share one connection; each call holds it alone.
#[derive(Clone)]
pub struct SqliteJournal(Arc<Mutex<Inner>>);

/// An opened journal, and what opening it found.
pub struct OpenedJournal {
    /// The journal.
    pub journal: SqliteJournal,
    /// The append that a power cut had torn, dropped: to be noted, no alarm.
    pub torn: Option<Torn>,
}

struct Inner {
    folder: DataFolder,
    /// `None` after a failure at a commit, until it has been opened anew.
    db: Option<Connection>,
    /// The newest number of each stream that was used.
    last: BTreeMap<String, u64>,
    reserve: Reserve,
    /// Frames in the log since the last checkpoint, at most.
    frames: i64,
}

impl SqliteJournal {
    /// Opens the folder's journal, made if absent.
    ///
    /// # Errors
    /// [`JournalError`] when it is damaged, of another format, or cannot be written.
    pub fn open(folder: &DataFolder) -> Result<OpenedJournal, JournalError> {
        let (db, torn) = connect(folder)?;
        let inner = Inner {
            reserve: Reserve::set_aside(folder),
            folder: folder.clone(),
            db: Some(db),
            last: BTreeMap::new(),
            frames: 0,
        };
        Ok(OpenedJournal { journal: Self(Arc::new(Mutex::new(inner))), torn })
    }

    /// Where the folder keeps its journal file; the log lies beside it, with `-wal` behind its name.
    #[must_use]
    pub fn path(folder: &DataFolder) -> PathBuf {
        folder.file(FILE)
    }

    /// Lets the file grow to this many pages until it is opened anew: a full disk, for tests.
    pub fn limit_pages(&self, pages: u32) {
        if let Ok(db) = self.lock().db() {
            let _ = db.pragma_update(None, "max_page_count", pages);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic under the lock leaves the connection in a transaction at worst; the next append then fails at its
        // BEGIN and the connection is opened anew.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for SqliteJournal {
    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended {
        self.lock().append(stream, after, entries)
    }

    fn read(&mut self, stream: &str, after: u64, max: usize) -> Result<Vec<Entry>, JournalError> {
        self.lock().read(stream, after, max)
    }

    fn last(&mut self, stream: &str) -> Result<u64, JournalError> {
        self.lock().newest(stream)
    }

    fn snapshot(&mut self, stream: &str) -> Result<Option<(u64, Vec<u8>)>, JournalError> {
        let mut inner = self.lock();
        let found = inner
            .db()?
            .prepare_cached("SELECT seq, bytes FROM snapshot WHERE stream = ?1")?
            .query_row([stream], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?)))
            .optional()?;
        Ok(found)
    }

    fn keep_snapshot(&mut self, stream: &str, seq: u64, bytes: &[u8]) -> Result<(), JournalError> {
        let change = |db: &Connection| {
            db.prepare_cached("INSERT OR REPLACE INTO snapshot (stream, seq, bytes) VALUES (?1, ?2, ?3)")?
                .execute((stream, seq.cast_signed(), bytes))?;
            Ok(())
        };
        let code = match self.lock().write(frames_of(bytes.len()), change) {
            Appended::Ok => return Ok(()),
            Appended::NotWritten(NotWritten::Store(error)) => return Err(error),
            Appended::NotWritten(_) => rusqlite::ffi::SQLITE_FULL,
            Appended::Unknown => rusqlite::ffi::SQLITE_IOERR,
        };
        Err(JournalError::Sqlite { code })
    }

    fn probe(&mut self) -> Appended {
        self.lock().probe()
    }

    fn verify(&mut self) -> Result<(), JournalError> {
        let mut inner = self.lock();
        let said: String = inner.db()?.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))?;
        if said == "ok" { Ok(()) } else { Err(JournalError::Damaged) }
    }

    fn room(&mut self) -> Room {
        self.lock().reserve.room()
    }

    fn idle(&mut self) {
        let mut inner = self.lock();
        if inner.frames < IDLE_FRAMES {
            return;
        }
        match inner.checkpoint() {
            Ok(()) => inner.reserve.refill(),
            Err(error) => {
                tracing::warn!(%error, "the journal's log could not be checkpointed; tried again later");
                if error.is_full() {
                    inner.reserve.give();
                }
            }
        }
    }
}

impl Inner {
    /// The connection, opened anew after a failure.
    fn db(&mut self) -> Result<&Connection, JournalError> {
        if self.db.is_none() {
            let (db, torn) = connect(&self.folder)?;
            tracing::warn!(torn = torn.is_some(), "the journal was opened anew after a failure");
            self.last.clear();
            self.frames = 0;
            self.db = Some(db);
        }
        match &self.db {
            Some(db) => Ok(db),
            None => unreachable!("it was just opened"),
        }
    }

    fn newest(&mut self, stream: &str) -> Result<u64, JournalError> {
        check_name(stream)?;
        self.db()?;
        if let Some(last) = self.last.get(stream) {
            return Ok(*last);
        }
        let last = match newest_in(self.db()?, stream) {
            Ok(last) => last,
            Err(error) => {
                // Making the table is a commit too: see `write`.
                self.db = None;
                return Err(error.into());
            }
        };
        let last = last.unwrap_or(0).cast_unsigned();
        self.last.insert(stream.to_owned(), last);
        Ok(last)
    }

    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended {
        match self.newest(stream) {
            Ok(found) if found == after => {}
            Ok(found) => return Appended::NotWritten(NotWritten::Sequence { found }),
            Err(error) => return Appended::NotWritten(error.into()),
        }
        let mut bytes = 0;
        for (entry, seq) in entries.iter().zip(after + 1..) {
            if entry.seq != seq {
                return Appended::NotWritten(NotWritten::Sequence { found: after });
            }
            if entry.body.len() > RECORD_BYTES_MAX {
                return Appended::NotWritten(NotWritten::TooLong { seq });
            }
            bytes += entry.body.len() + 100;
        }
        let Some(newest) = entries.last() else {
            return Appended::Ok;
        };
        let appended = self.write_with_reserve(frames_of(bytes), |db| {
            let mut insert = db.prepare_cached(&format!(
                "INSERT INTO entry_{stream} (seq, body, mac) VALUES (?1, ?2, ?3)"
            ))?;
            for entry in entries {
                insert.execute((entry.seq.cast_signed(), &entry.body, &entry.mac))?;
            }
            Ok(())
        });
        if appended == Appended::Ok {
            self.last.insert(stream.to_owned(), newest.seq);
        }
        appended
    }

    fn probe(&mut self) -> Appended {
        self.write_with_reserve(1, |db| {
            db.prepare_cached("UPDATE mark SET probes = probes + 1")?.execute(())?;
            Ok(())
        })
    }

    /// One transaction; for want of room once more, with what the reserve gives.
    fn write_with_reserve(
        &mut self,
        frames: i64,
        change: impl Fn(&Connection) -> rusqlite::Result<()>,
    ) -> Appended {
        let mut appended = self.write(frames, &change);
        while appended == Appended::NotWritten(NotWritten::Full) && self.reserve.give() {
            tracing::warn!("the disk is full; the journal goes on with its reserve");
            appended = self.write(frames, &change);
        }
        appended
    }

    /// One transaction. What fails before its commit is not written; what fails at it may be.
    fn write(&mut self, frames: i64, change: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Appended {
        if self.frames + frames > FULL_FRAMES
            && self.frames > 0
            && let Err(error) = self.checkpoint()
        {
            return Appended::NotWritten(error.into());
        }
        self.frames += frames;
        let db = match self.db() {
            Ok(db) => db,
            Err(error) => return Appended::NotWritten(error.into()),
        };
        let statement = |sql| db.prepare_cached(sql)?.execute(());
        if let Err(error) = statement("BEGIN IMMEDIATE").and_then(|_| change(db)) {
            // Without a commit there is nothing in the log that a restart would take; the connection is left behind
            // so that no half of the transaction can be committed by a later call.
            self.db = None;
            return Appended::NotWritten(why(error));
        }
        match statement("COMMIT") {
            Ok(_) => Appended::Ok,
            Err(error) => {
                tracing::error!(code = ?error.sqlite_extended_error_code(), "a commit failed");
                self.db = None;
                // Full: the log's last frame was not written, and without it the others count for nothing. Anything
                // else may have happened after it was written.
                match why(error) {
                    NotWritten::Full => Appended::NotWritten(NotWritten::Full),
                    _ => Appended::Unknown,
                }
            }
        }
    }

    fn checkpoint(&mut self) -> Result<(), JournalError> {
        checkpoint(self.db()?, "RESTART")?;
        self.frames = 0;
        Ok(())
    }

    fn read(&mut self, stream: &str, after: u64, max: usize) -> Result<Vec<Entry>, JournalError> {
        self.newest(stream)?;
        let limit = i64::try_from(max).unwrap_or(i64::MAX);
        let mut select = self.db()?.prepare_cached(&format!(
            "SELECT seq, body, mac FROM entry_{stream} WHERE seq > ?1 ORDER BY seq LIMIT ?2"
        ))?;
        let rows = select.query_map((after.cast_signed(), limit), |row| {
            Ok(Entry { seq: row.get::<_, i64>(0)?.cast_unsigned(), body: row.get(1)?, mac: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// The number of the newest entry; its table is made when there is none.
fn newest_in(db: &Connection, stream: &str) -> rusqlite::Result<Option<i64>> {
    db.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS entry_{stream} (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, mac BLOB NOT NULL)"
    ))?;
    db.query_row(&format!("SELECT max(seq) FROM entry_{stream}"), (), |row| row.get(0))
}

fn why(error: rusqlite::Error) -> NotWritten {
    JournalError::from(error).into()
}

/// The frames that a transaction with this many bytes of rows takes at most: its pages, and those above them.
fn frames_of(bytes: usize) -> i64 {
    i64::try_from(bytes / (PAGE_BYTES / 2) + 5).unwrap_or(i64::MAX)
}

fn check_name(stream: &str) -> Result<(), JournalError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    if stream.is_empty() || stream.len() > 32 || !stream.bytes().all(plain) {
        return Err(JournalError::Name);
    }
    Ok(())
}

/// Opens the file so that everything that can be read from it is durable.
fn connect(folder: &DataFolder) -> Result<(Connection, Option<Torn>), JournalError> {
    let path = SqliteJournal::path(folder);
    let log = log_of(&path);
    drop(open_private(&path)?);
    let torn = wal::inspect(&log)?;
    let db = Connection::open(&path)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_prepared_statement_cache_capacity(32);
    db.execute_batch(&format!(
        "PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA page_size = {PAGE_BYTES};
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA cell_size_check = ON;
         PRAGMA trusted_schema = OFF;"
    ))?;
    set_up(&db)?;
    checkpoint(&db, if torn.is_some() { TORN_LOG } else { "RESTART" })?;
    if let Err(error) = set_aside(&log) {
        // The log then grows as it is written, as far as the disk lets it.
        tracing::warn!(%error, "the journal's log could not be set aside whole");
    }
    folder.sync()?;
    Ok((db, torn))
}

fn set_up(db: &Connection) -> Result<(), JournalError> {
    let number = |name: &str| db.query_row(&format!("PRAGMA {name}"), (), |row| row.get::<_, i64>(0));
    match (number("application_id")?, number("user_version")?) {
        (APPLICATION_ID, FORMAT) => Ok(()),
        (0, 0) if number("schema_version")? == 0 => Ok(db.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             PRAGMA application_id = {APPLICATION_ID};
             PRAGMA user_version = {FORMAT};
             CREATE TABLE snapshot (stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, bytes BLOB NOT NULL);
             CREATE TABLE mark (probes INTEGER NOT NULL);
             INSERT INTO mark VALUES (0);
             COMMIT;"
        ))?),
        (_, found) => Err(JournalError::Format { found }),
    }
}

fn checkpoint(db: &Connection, how: &str) -> Result<(), JournalError> {
    let busy: i64 = db.query_row(&format!("PRAGMA wal_checkpoint({how})"), (), |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(JournalError::Sqlite { code: rusqlite::ffi::SQLITE_BUSY }) }
}

/// Why a torn log is emptied: its frames would stay behind the next ones and, under the same salts, be taken for torn
/// once more.
const TORN_LOG: &str = "TRUNCATE";

/// Fills the log with zeros up to its full size, so that its blocks are there before they are needed. SQLite takes
/// zeros for the end of the log.
fn set_aside(log: &Path) -> Result<(), JournalError> {
    let mut file: File = open_private(log)?;
    let have = file.metadata()?.len();
    if have >= WAL_BYTES {
        return Ok(());
    }
    Ok(write_zeros(&mut file, have, WAL_BYTES)?)
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}
