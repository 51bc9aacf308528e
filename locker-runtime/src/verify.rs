//! Reading everything again: is what is kept what was recorded?

use locker_core::{Head, Machine};

use crate::folder::{DataFolder, FolderError};
use crate::journal::{Journal, JournalError, SqliteJournal, Torn};
use crate::open::{OpenError, RestoreFrom, restore};
use crate::vault::{FileVault, KeyStore, VaultError};

/// What a check found in one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamReport {
    /// The stream.
    pub stream: &'static str,
    /// The number of the newest record the journal holds.
    pub records: u64,
    /// The head after the last record, when all are well.
    pub head: Option<Head>,
    /// What is wrong, if something is.
    pub damage: Option<Damage>,
}

/// What is wrong with a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A record, the chain, the head or the vault.
    #[error(transparent)]
    Stream(#[from] OpenError),
    /// The snapshot and what follows it lead to another state than all the records.
    #[error("the snapshot says something else than the records")]
    Snapshot,
}

/// What a check of a data folder found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// A torn append that opening dropped: no damage.
    pub torn: Option<Torn>,
    /// What SQLite says of the journal file's structure, when it is not well.
    pub file: Option<JournalError>,
    /// The streams, in the order in which they were checked.
    pub streams: Vec<StreamReport>,
}

impl Report {
    /// Whether nothing is damaged.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.file.is_none() && self.streams.iter().all(|stream| stream.damage.is_none())
    }
}

/// Why a folder cannot be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The folder is in use, or not to be had.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The vault cannot be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// A data folder under check.
///
/// The caller names the machines whose streams are there:
/// `Verify::open(dir)?.stream::<Locker>().stream::<Office>().report()`.
pub struct Verify {
    journal: SqliteJournal,
    vault: FileVault,
    report: Report,
}

impl Verify {
    /// Opens the folder and checks the journal file's structure.
    ///
    /// # Errors
    /// [`VerifyError`] when the folder is in use or its files cannot be opened.
    pub fn open(path: impl AsRef<std::path::Path>) -> Result<Self, VerifyError> {
        let folder = DataFolder::own(path)?;
        let vault = FileVault::open(&folder)?;
        let mut opened = SqliteJournal::open(&folder)?;
        let report = Report { torn: opened.torn, file: opened.journal.verify().err(), streams: Vec::new() };
        Ok(Self { journal: opened.journal, vault, report })
    }

    /// Checks the stream of machine `M`.
    #[must_use]
    pub fn stream<M: Machine>(mut self) -> Self {
        let found = verify_stream::<M>(&mut self.journal, &mut self.vault);
        self.report.streams.push(found);
        self
    }

    /// What was found.
    #[must_use]
    pub fn report(self) -> Report {
        self.report
    }
}

/// Reads a stream from record 1, checks every authenticator and the kept head, and compares with what the snapshot
/// and the records behind it give.
pub fn verify_stream<M: Machine>(journal: &mut dyn Journal, vault: &mut dyn KeyStore) -> StreamReport {
    let records = journal.last(M::STREAM).unwrap_or(0);
    let (head, damage) = match compare::<M>(journal, vault) {
        Ok(head) => (Some(head), None),
        Err(damage) => (None, Some(damage)),
    };
    StreamReport { stream: M::STREAM, records, head, damage }
}

fn compare<M: Machine>(journal: &mut dyn Journal, vault: &mut dyn KeyStore) -> Result<Head, Damage> {
    let whole = restore::<M>(journal, vault, RestoreFrom::FirstRecord)?;
    let quick = restore::<M>(journal, vault, RestoreFrom::Snapshot)?;
    let same = whole.head() == quick.head() && whole.frame().durable() == quick.frame().durable();
    if same { Ok(whole.head()) } else { Err(Damage::Snapshot) }
}
