//! Where records become durable.

mod memory;
mod reserve;
mod sqlite;
mod wal;

use std::io;

use locker_core::Entry;

pub use memory::{Fault, FaultyJournal, ForgetfulJournal, MemoryJournal, Sync};
pub use reserve::{RESERVE_BYTES, Room};
pub use sqlite::{OpenedJournal, SqliteJournal, WAL_BYTES};
pub use wal::Torn;

/// The entries that one [`Journal::read`] gives at most, unless asked for fewer: with records of 500 bytes half a
/// megabyte.
pub const PAGE_ENTRIES: usize = 1_000;

/// Keeps streams of entries for ever, in order.
///
/// The calls block; the thread that owns a machine makes them. Every implementation keeps these promises:
/// - After [`Appended::Ok`] the entries survive a power cut, all of them, unchanged.
/// - The entries of one call are kept together or not at all.
/// - After [`Appended::NotWritten`] they are not there and will not appear later.
/// - An entry is never changed or removed.
pub trait Journal: Send {
    /// Appends `entries` to `stream` if it ends with number `after`.
    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended;

    /// The entries behind number `after`, in order, at most `max` of them. Fewer than `max` means there are no more.
    ///
    /// # Errors
    /// [`JournalError`] when they cannot be read.
    fn read(&mut self, stream: &str, after: u64, max: usize) -> Result<Vec<Entry>, JournalError>;

    /// The number of the newest entry of `stream`; 0 when there is none.
    ///
    /// # Errors
    /// [`JournalError`] when it cannot be read.
    fn last(&mut self, stream: &str) -> Result<u64, JournalError>;

    /// The newest snapshot of `stream`, with the number of the record it reaches.
    ///
    /// # Errors
    /// [`JournalError`] when it cannot be read.
    fn snapshot(&mut self, stream: &str) -> Result<Option<(u64, Vec<u8>)>, JournalError>;

    /// Keeps a snapshot in place of the one before. Losing it costs time at the next start, nothing else.
    ///
    /// # Errors
    /// [`JournalError`] when it cannot be written.
    fn keep_snapshot(&mut self, stream: &str, seq: u64, bytes: &[u8]) -> Result<(), JournalError>;

    /// Writes something that is no entry, durably: whether an append would succeed.
    fn probe(&mut self) -> Appended;

    /// Checks the store's own structure, as far as it can. The chain is checked by who has its key.
    ///
    /// # Errors
    /// [`JournalError`], naming what is wrong.
    fn verify(&mut self) -> Result<(), JournalError>;

    /// How much room is left.
    fn room(&mut self) -> Room {
        Room::Ample
    }

    /// Does what can wait until nobody does.
    fn idle(&mut self) {}
}

impl<J: Journal + ?Sized> Journal for Box<J> {
    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended {
        (**self).append(stream, after, entries)
    }
    fn read(&mut self, stream: &str, after: u64, max: usize) -> Result<Vec<Entry>, JournalError> {
        (**self).read(stream, after, max)
    }
    fn last(&mut self, stream: &str) -> Result<u64, JournalError> {
        (**self).last(stream)
    }
    fn snapshot(&mut self, stream: &str) -> Result<Option<(u64, Vec<u8>)>, JournalError> {
        (**self).snapshot(stream)
    }
    fn keep_snapshot(&mut self, stream: &str, seq: u64, bytes: &[u8]) -> Result<(), JournalError> {
        (**self).keep_snapshot(stream, seq, bytes)
    }
    fn probe(&mut self) -> Appended {
        (**self).probe()
    }
    fn verify(&mut self) -> Result<(), JournalError> {
        (**self).verify()
    }
    fn room(&mut self) -> Room {
        (**self).room()
    }
    fn idle(&mut self) {
        (**self).idle();
    }
}

/// What became of an append.
#[must_use = "a step may be committed after `Ok` alone"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// Durable.
    Ok,
    /// Not there, and will not be: drop the step.
    NotWritten(NotWritten),
    /// Nobody knows: drop the machine and restore it from the journal.
    Unknown,
}

/// Why entries were not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// The stream ends with another number than the one they were decided behind.
    #[error("the stream ends with record {found}")]
    Sequence {
        /// The number it ends with.
        found: u64,
    },
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// A record is longer than a record may be.
    #[error("record {seq} is too long")]
    TooLong {
        /// Its number.
        seq: u64,
    },
    /// The store does not serve.
    #[error("the journal cannot be written: {0}")]
    Store(JournalError),
}

impl From<JournalError> for NotWritten {
    fn from(error: JournalError) -> Self {
        if error.is_full() { Self::Full } else { Self::Store(error) }
    }
}

/// Why a journal does not serve. Holds numbers and kinds only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The file's structure is damaged.
    #[error("the journal file is damaged")]
    Damaged,
    /// The write-ahead log is damaged before its end: more than one append is broken, which no power cut does.
    #[error("the journal's write-ahead log is damaged at byte {at}")]
    LogDamaged {
        /// The offset of the first byte that cannot be trusted.
        at: u64,
    },
    /// The file was written by a newer version of this library, or is no journal.
    #[error("the journal file has another format: {found}")]
    Format {
        /// The number found.
        found: i64,
    },
    /// Not a stream name: a to z and `_`, at most 32.
    #[error("not a stream name")]
    Name,
    /// SQLite reported this error.
    #[error("the journal file cannot be used: SQLite code {code}")]
    Sqlite {
        /// SQLite's extended result code.
        code: i32,
    },
    /// The operating system reported this error.
    #[error("the journal file cannot be used: {0}")]
    Io(io::ErrorKind),
}

impl JournalError {
    /// Whether it is for want of room.
    fn is_full(self) -> bool {
        let full = io::ErrorKind::StorageFull;
        self == Self::Io(full)
            || matches!(self, Self::Sqlite { code } if code & 0xff == rusqlite::ffi::SQLITE_FULL)
    }
}

impl From<io::Error> for JournalError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error() {
            Some(cause) => match cause.code {
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged,
                _ => Self::Sqlite { code: cause.extended_code },
            },
            // A row of another shape than the one written: somebody changed the schema or its values.
            None => Self::Damaged,
        }
    }
}

/// Reads a stream to its end, page by page. An error ends it and is kept for [`Pages::end`].
pub(crate) struct Pages<'a> {
    journal: &'a mut dyn Journal,
    stream: &'a str,
    after: u64,
    page: std::vec::IntoIter<Entry>,
    more: bool,
    error: Option<JournalError>,
}

impl<'a> Pages<'a> {
    pub(crate) fn behind(journal: &'a mut dyn Journal, stream: &'a str, after: u64) -> Self {
        Self { journal, stream, after, page: Vec::new().into_iter(), more: true, error: None }
    }

    /// Whether the entries ended because there are no more.
    ///
    /// # Errors
    /// The error that ended them.
    pub(crate) fn end(self) -> Result<(), JournalError> {
        self.error.map_or(Ok(()), Err)
    }
}

impl Iterator for &mut Pages<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            if let Some(entry) = self.page.next() {
                self.after = entry.seq;
                return Some(entry);
            }
            if !self.more {
                return None;
            }
            match self.journal.read(self.stream, self.after, PAGE_ENTRIES) {
                Ok(page) => {
                    self.more = page.len() == PAGE_ENTRIES;
                    self.page = page.into_iter();
                }
                Err(error) => {
                    self.more = false;
                    self.error = Some(error);
                }
            }
        }
    }
}
