//! Journals for tests and demonstrations: one in memory, one that fails when told, one that forgets.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use locker_core::Entry;

use super::{Appended, Journal, JournalError, NotWritten, Room};

#[derive(Clone, Debug, Default)]
struct Kept {
    streams: BTreeMap<String, Vec<Entry>>,
    snapshots: BTreeMap<String, (u64, Vec<u8>)>,
}

impl Kept {
    fn last(&self, stream: &str) -> u64 {
        self.streams.get(stream).and_then(|entries| entries.last()).map_or(0, |entry| entry.seq)
    }

    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended {
        let found = self.last(stream);
        let in_order = entries.iter().zip(after + 1..).all(|(entry, seq)| entry.seq == seq);
        if found != after || !in_order {
            return Appended::NotWritten(NotWritten::Sequence { found });
        }
        let kept = self.streams.entry(stream.to_owned()).or_default();
        kept.extend_from_slice(entries);
        Appended::Ok
    }

    fn read(&self, stream: &str, after: u64, max: usize) -> Vec<Entry> {
        let entries = self.streams.get(stream).map_or(&[][..], Vec::as_slice);
        let behind = entries.iter().filter(|entry| entry.seq > after);
        behind.take(max).cloned().collect()
    }
}

/// A journal that lives as long as its last copy. Copies share what is in it.
///
/// ```
/// use locker_runtime::journal::{Appended, Journal, MemoryJournal};
///
/// let mut journal = MemoryJournal::default();
/// assert_eq!(journal.append("locker", 0, &[]), Appended::Ok);
/// assert!(journal.read("locker", 0, 10).unwrap().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal(Arc<Mutex<Kept>>);

impl MemoryJournal {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is kept behind the machine's back, as somebody does who can write the file.
    pub fn tamper(&self, stream: &str, change: impl FnOnce(&mut Vec<Entry>)) {
        change(self.kept().streams.entry(stream.to_owned()).or_default());
    }
}

impl Journal for MemoryJournal {
    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended {
        self.kept().append(stream, after, entries)
    }
    fn read(&mut self, stream: &str, after: u64, max: usize) -> Result<Vec<Entry>, JournalError> {
        Ok(self.kept().read(stream, after, max))
    }
    fn last(&mut self, stream: &str) -> Result<u64, JournalError> {
        Ok(self.kept().last(stream))
    }
    fn snapshot(&mut self, stream: &str) -> Result<Option<(u64, Vec<u8>)>, JournalError> {
        Ok(self.kept().snapshots.get(stream).cloned())
    }
    fn keep_snapshot(&mut self, stream: &str, seq: u64, bytes: &[u8]) -> Result<(), JournalError> {
        let mut kept = self.kept();
        kept.snapshots.insert(stream.to_owned(), (seq, bytes.to_vec()));
        Ok(())
    }
    fn probe(&mut self) -> Appended {
        Appended::Ok
    }
    fn verify(&mut self) -> Result<(), JournalError> {
        Ok(())
    }
}

/// A failure to be provoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The append fails and says so.
    NotWritten,
    /// The disk is full.
    Full,
    /// The append is written, and nobody can tell.
    UnknownWritten,
    /// The append is not written, and nobody can tell.
    UnknownNotWritten,
}

/// A journal that fails when told, over any other. Copies share the switch.
#[derive(Clone, Debug, Default)]
pub struct FaultyJournal<J> {
    inner: J,
    plan: Arc<Mutex<Plan>>,
}

#[derive(Debug, Default)]
struct Plan {
    next: VecDeque<Fault>,
    standing: Option<Fault>,
    room: Option<Room>,
    reads_left: Option<u32>,
}

impl<J: Journal> FaultyJournal<J> {
    /// Works as `inner` does, until told otherwise.
    pub fn over(inner: J) -> Self {
        Self { inner, plan: Arc::default() }
    }

    /// Lets one more append fail.
    pub fn fail_next(&self, fault: Fault) {
        self.plan().next.push_back(fault);
    }

    /// Lets every append fail, until [`FaultyJournal::heal`].
    pub fn fail(&self, fault: Fault) {
        self.plan().standing = Some(fault);
    }

    /// Says that this much room is left, until [`FaultyJournal::heal`].
    pub fn say_room(&self, room: Room) {
        self.plan().room = Some(room);
    }

    /// Lets reads fail once this many more have succeeded, until [`FaultyJournal::heal`].
    pub fn fail_reads_after(&self, reads: u32) {
        self.plan().reads_left = Some(reads);
    }

    /// Works again.
    pub fn heal(&self) {
        *self.plan() = Plan::default();
    }

    /// The journal underneath.
    pub fn inner(&self) -> &J {
        &self.inner
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self) -> Option<Fault> {
        let mut plan = self.plan();
        let next = plan.next.pop_front();
        next.or(plan.standing)
    }
}

impl<J: Journal> Journal for FaultyJournal<J> {
    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended {
        match self.fault() {
            None => self.inner.append(stream, after, entries),
            Some(Fault::NotWritten) => {
                Appended::NotWritten(NotWritten::Store(JournalError::Io(std::io::ErrorKind::Other)))
            }
            Some(Fault::Full) => Appended::NotWritten(NotWritten::Full),
            Some(Fault::UnknownNotWritten) => Appended::Unknown,
            Some(Fault::UnknownWritten) => {
                let _ = self.inner.append(stream, after, entries);
                Appended::Unknown
            }
        }
    }
    fn read(&mut self, stream: &str, after: u64, max: usize) -> Result<Vec<Entry>, JournalError> {
        match &mut self.plan().reads_left {
            Some(0) => return Err(JournalError::Io(std::io::ErrorKind::Other)),
            Some(left) => *left -= 1,
            None => {}
        }
        self.inner.read(stream, after, max)
    }
    fn last(&mut self, stream: &str) -> Result<u64, JournalError> {
        self.inner.last(stream)
    }
    fn snapshot(&mut self, stream: &str) -> Result<Option<(u64, Vec<u8>)>, JournalError> {
        self.inner.snapshot(stream)
    }
    fn keep_snapshot(&mut self, stream: &str, seq: u64, bytes: &[u8]) -> Result<(), JournalError> {
        self.inner.keep_snapshot(stream, seq, bytes)
    }
    fn probe(&mut self) -> Appended {
        match self.plan().standing {
            None => {}
            Some(Fault::Full) => return Appended::NotWritten(NotWritten::Full),
            Some(_) => return Appended::Unknown,
        }
        self.inner.probe()
    }
    fn verify(&mut self) -> Result<(), JournalError> {
        self.inner.verify()
    }
    fn room(&mut self) -> Room {
        let said = self.plan().room;
        match said {
            Some(room) => room,
            None => self.inner.room(),
        }
    }
    fn idle(&mut self) {
        self.inner.idle();
    }
}

/// Whether an append waits for the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sync {
    /// It does, as every journal must.
    #[default]
    Each,
    /// It does not: a bug, to show that a test would catch it.
    Never,
}

/// A journal that loses at a power cut what was not made durable. Copies share it, as they share a disk.
#[derive(Clone, Debug, Default)]
pub struct ForgetfulJournal {
    disk: Arc<Mutex<Disk>>,
    sync: Sync,
}

#[derive(Debug, Default)]
struct Disk {
    durable: Kept,
    cached: Kept,
}

impl ForgetfulJournal {
    /// An empty disk.
    #[must_use]
    pub fn new(sync: Sync) -> Self {
        Self { disk: Arc::default(), sync }
    }

    /// The power goes: what was not durable is gone.
    pub fn cut(&self) {
        let mut disk = self.disk();
        disk.cached = disk.durable.clone();
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for ForgetfulJournal {
    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended {
        let mut disk = self.disk();
        let appended = disk.cached.append(stream, after, entries);
        if appended == Appended::Ok && self.sync == Sync::Each {
            disk.durable = disk.cached.clone();
        }
        appended
    }
    fn read(&mut self, stream: &str, after: u64, max: usize) -> Result<Vec<Entry>, JournalError> {
        Ok(self.disk().cached.read(stream, after, max))
    }
    fn last(&mut self, stream: &str) -> Result<u64, JournalError> {
        Ok(self.disk().cached.last(stream))
    }
    fn snapshot(&mut self, stream: &str) -> Result<Option<(u64, Vec<u8>)>, JournalError> {
        Ok(self.disk().cached.snapshots.get(stream).cloned())
    }
    fn keep_snapshot(&mut self, stream: &str, seq: u64, bytes: &[u8]) -> Result<(), JournalError> {
        let mut disk = self.disk();
        disk.cached.snapshots.insert(stream.to_owned(), (seq, bytes.to_vec()));
        if self.sync == Sync::Each {
            disk.durable = disk.cached.clone();
        }
        Ok(())
    }
    fn probe(&mut self) -> Appended {
        Appended::Ok
    }
    fn verify(&mut self) -> Result<(), JournalError> {
        Ok(())
    }
}
