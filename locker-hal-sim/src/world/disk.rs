//! The disk under a machine's journal, and what can happen to an append.

use locker_core::{Entry, Head};
use serde::{Deserialize, Serialize};

/// How much room the disk has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Room {
    /// Enough.
    #[default]
    Ample,
    /// Less than the reserve: the machine is told.
    Low,
    /// None: every append is refused.
    Full,
}

/// What becomes of the next append that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AppendFault {
    /// It is refused and nothing is written.
    NotWritten,
    /// It is written, and the answer gets lost.
    UnknownWritten,
    /// It is not written, and the answer gets lost.
    UnknownLost,
}

/// What an append came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Appended {
    Ok,
    NotWritten,
    Unknown,
}

/// A journal in memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    pub(super) entries: Vec<Entry>,
    pub(super) snapshot: Option<(u64, Vec<u8>)>,
    pub(super) room: Room,
    /// The next append that goes wrong, and how many are spared before.
    pub(super) next: Option<(AppendFault, u16)>,
    /// The disk says *done* and is not: what was appended since is forgotten when the power goes. No machine survives
    /// that; it is here to show that somebody would notice.
    pub(super) lies_since: Option<usize>,
    /// A last append was found torn, and dropped.
    pub(super) torn: bool,
}

impl Disk {
    /// Appends all of `entries` or none.
    pub(super) fn append(&mut self, after: u64, entries: Vec<Entry>) -> Appended {
        if after != self.last() {
            // Somebody else appended: what the machine knows is not what the journal holds.
            return Appended::Unknown;
        }
        if self.room == Room::Full {
            return Appended::NotWritten;
        }
        match super::host::now_or_later(&mut self.next) {
            Some(AppendFault::NotWritten) => return Appended::NotWritten,
            Some(AppendFault::UnknownLost) => return Appended::Unknown,
            Some(AppendFault::UnknownWritten) => {
                self.entries.extend(entries);
                return Appended::Unknown;
            }
            None => {}
        }
        self.entries.extend(entries);
        Appended::Ok
    }

    /// The sequence number of the newest entry.
    pub(super) fn last(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }

    /// The entries behind `seq`, which are numbered from 1 without gaps.
    pub(super) fn behind(&self, seq: u64) -> &[Entry] {
        let skip = usize::try_from(seq).unwrap_or(usize::MAX).min(self.entries.len());
        &self.entries[skip..]
    }

    /// Whether the entry of this head is in it, unchanged.
    pub(super) fn holds(&self, head: Head) -> bool {
        let index = head.seq.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        index.is_none_or(|index| self.entries.get(index).is_some_and(|entry| entry.mac == head.mac))
    }

    /// The power goes: a disk that lied forgets.
    pub(super) fn power_cut(&mut self) {
        if let Some(kept) = self.lies_since {
            self.entries.truncate(kept);
            if self.snapshot.as_ref().is_some_and(|(seq, _)| *seq > self.last()) {
                self.snapshot = None;
            }
        }
    }
}
