//! From the journal to a machine that runs: restore, then start, in one function.

use locker_core::{ChainKey, Entry, Head, Machine, Now, RestoreError, SealError, Stamped, decode};

use crate::journal::{Appended, Journal, JournalError, NotWritten, Pages};
use crate::vault::KeyStore;

/// Where a restore begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestoreFrom {
    /// At the newest snapshot: the quick way.
    #[default]
    Snapshot,
    /// At record 1: reads and checks everything. The way past a damaged snapshot, once somebody has decided so.
    FirstRecord,
}

/// Restores the machine, checks that the journal ends where the machine does, and commits its start: only now may it
/// serve and drive.
///
/// # Errors
/// [`OpenError`]. Nothing was served; the journal may hold the start that was not committed, which the next one
/// follows.
pub fn open_machine<M: Machine>(
    journal: &mut dyn Journal,
    vault: &mut dyn KeyStore,
    now: &Now,
    from: RestoreFrom,
) -> Result<M, OpenError> {
    let mut machine = restore::<M>(journal, vault, from)?;
    let mut step = machine.start(now);
    vault.begin();
    let encoded = step.encode(vault);
    vault.settle()?;
    let encoded = encoded?;
    match journal.append(M::STREAM, encoded.after, &encoded.entries) {
        Appended::Ok => {}
        Appended::NotWritten(reason) => return Err(OpenError::NotWritten(reason)),
        Appended::Unknown => return Err(OpenError::Unknown),
    }
    keep_head(vault, M::STREAM, encoded.head);
    machine.commit(step).map_err(|_| OpenError::Unknown)?;
    Ok(machine)
}

/// Rebuilds the machine, not started: for reading and for checks.
///
/// # Errors
/// [`OpenError::Restore`], naming the damage; [`OpenError::Journal`] when the journal cannot be read.
pub fn restore<M: Machine>(
    journal: &mut dyn Journal,
    vault: &mut dyn KeyStore,
    from: RestoreFrom,
) -> Result<M, OpenError> {
    check_kept_head(journal, vault, M::STREAM)?;
    let snapshot = match from {
        RestoreFrom::Snapshot => journal.snapshot(M::STREAM)?,
        RestoreFrom::FirstRecord => None,
    };
    let (after, bytes) = match &snapshot {
        Some((seq, bytes)) => (*seq, Some(bytes.as_slice())),
        None => (0, None),
    };
    if let Some((seq, _)) = &snapshot {
        check_chain_up_to(journal, vault, M::STREAM, *seq)?;
    }
    let ends_with = journal.last(M::STREAM)?;
    let mut pages = Pages::behind(journal, M::STREAM, after);
    let restored = M::restore(vault, bytes, &mut pages);
    // An error of the journal ends the entries early, which the restore would take for a cut.
    pages.end()?;
    let machine = restored?;
    // A snapshot may reach further than a journal whose end was cut off.
    if ends_with < machine.head().seq {
        return Err(RestoreError::Cut { seq: ends_with + 1 }.into());
    }
    Ok(machine)
}

/// The records that a snapshot spares the replay are still held to the chain, so that a changed one is named at the
/// start and not only by a check by hand (SAFE-4). Some microseconds a record; they are read and not parsed.
fn check_chain_up_to(
    journal: &mut dyn Journal,
    vault: &mut dyn KeyStore,
    stream: &str,
    last: u64,
) -> Result<(), OpenError> {
    let chain = ChainKey::derive(&vault.machine_key(stream)?);
    let mut head = Head::default();
    let mut pages = Pages::behind(journal, stream, 0);
    for entry in &mut pages {
        if entry.seq > last {
            break;
        }
        if !chain.follows(head, &entry) {
            return Err(RestoreError::Broken { seq: head.seq + 1 }.into());
        }
        head = entry.head();
    }
    pages.end()?;
    if head.seq < last { Err(RestoreError::Cut { seq: head.seq + 1 }.into()) } else { Ok(()) }
}

/// The record at the kept head must be the very one whose head was kept: a journal of this locker with another history
/// (an old copy that went on elsewhere) has the number and not the authenticator.
fn check_kept_head(journal: &mut dyn Journal, vault: &dyn KeyStore, stream: &str) -> Result<(), OpenError> {
    let Some(kept) = vault.head(stream).map_err(RestoreError::from)? else {
        return Ok(());
    };
    let Some(before) = kept.seq.checked_sub(1) else {
        return Ok(());
    };
    match journal.read(stream, before, 1)?.first() {
        Some(entry) if entry.seq == kept.seq && entry.mac != kept.mac => {
            Err(RestoreError::Broken { seq: kept.seq }.into())
        }
        // Missing ones are named by the restore.
        _ => Ok(()),
    }
}

/// A head that cannot be kept is no reason to stop: the journal is durable, an older head is found.
pub(crate) fn keep_head(vault: &mut dyn KeyStore, stream: &str, head: locker_core::Head) {
    if let Err(error) = vault.keep_head(stream, head) {
        tracing::warn!(stream, seq = head.seq, %error, "the newest head was not kept");
    }
}

/// Reads records by cursor, personal data opened: for who fell behind the broadcast, and for exports. The chain is not
/// checked here.
///
/// # Errors
/// [`OpenError`] when the journal or a record cannot be read.
pub fn read_records<M: Machine>(
    journal: &mut dyn Journal,
    vault: &dyn KeyStore,
    after: u64,
    max: usize,
) -> Result<Vec<Stamped<M::Record>>, OpenError> {
    use locker_core::HoldsPersonal;
    let entries = journal.read(M::STREAM, after, max)?;
    let open = |entry: &Entry| {
        let mut stamped = decode::<M::Record>(entry)?;
        stamped.record.visit_personal(&mut |personal| personal.open(vault))?;
        Ok(stamped)
    };
    entries.iter().map(open).collect()
}

/// Why a machine does not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// What was kept is damaged, and named. Staff decide what happens next.
    #[error(transparent)]
    Restore(#[from] RestoreError),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The start was not written.
    #[error("the start was not recorded: {0}")]
    NotWritten(NotWritten),
    /// Nobody knows whether the start was written. Open once more.
    #[error("nobody knows whether the start was recorded")]
    Unknown,
}

impl From<SealError> for OpenError {
    fn from(error: SealError) -> Self {
        Self::Restore(RestoreError::Vault(error))
    }
}
