//! Room set aside for the day the disk is full (SAFE-8).
//!
//! A file of zeros lies beside the journal. When SQLite finds no room, a piece of the file is given back to the disk
//! and the append tried again: pick-ups go on while there are pieces left. Whoever filled the disk may take what is
//! given back, so it goes in small pieces.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::PathBuf;

use crate::folder::{DataFolder, open_private};

const FILE: &str = "reserve";
/// What is set aside, in bytes: with 500 bytes a record, and each written twice, some 16,000 records, a month of them.
pub const RESERVE_BYTES: u64 = 16 * 1024 * 1024;
/// What is given back at a time, in bytes.
const PIECE_BYTES: u64 = 1024 * 1024;

/// How much room is left for records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// The reserve is whole.
    Ample,
    /// The disk is full and the reserve is being used.
    Low,
}

pub(super) struct Reserve {
    path: PathBuf,
    room: Room,
}

impl Reserve {
    /// Sets the reserve aside, as far as the disk has it.
    pub(super) fn set_aside(folder: &DataFolder) -> Self {
        let mut reserve = Self { path: folder.file(FILE), room: Room::Low };
        reserve.refill();
        reserve
    }

    pub(super) fn room(&self) -> Room {
        self.room
    }

    /// Gives a piece back to the disk; `false` when there is none left.
    pub(super) fn give(&mut self) -> bool {
        self.room = Room::Low;
        self.shrink().unwrap_or(false)
    }

    /// Makes the reserve whole again if the disk has room for it and a piece more: it must not take the very last.
    pub(super) fn refill(&mut self) {
        if self.room == Room::Ample {
            return;
        }
        match self.fill() {
            Ok(()) => self.room = Room::Ample,
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), "the reserve cannot be set aside whole");
                // What was found is kept for records, and some of it left free.
                let _ = self.shrink();
            }
        }
    }

    fn shrink(&self) -> io::Result<bool> {
        let file = open_private(&self.path)?;
        let length = file.metadata()?.len();
        if length == 0 {
            return Ok(false);
        }
        file.set_len(length.saturating_sub(PIECE_BYTES))?;
        // Many file systems hand blocks out again only once the change is durable.
        file.sync_all()?;
        Ok(true)
    }

    fn fill(&self) -> io::Result<()> {
        let mut file = open_private(&self.path)?;
        let have = file.metadata()?.len();
        if have >= RESERVE_BYTES {
            return Ok(());
        }
        write_zeros(&mut file, have, RESERVE_BYTES + PIECE_BYTES)?;
        file.set_len(RESERVE_BYTES)?;
        file.sync_all()
    }
}

/// Writes zeros from `have` to `length`, so that the blocks are there.
pub(super) fn write_zeros(file: &mut File, have: u64, length: u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(have))?;
    let zeros = [0; 64 * 1024];
    let mut left = length.saturating_sub(have);
    while left > 0 {
        let now = usize::try_from(left).map_or(zeros.len(), |left| left.min(zeros.len()));
        file.write_all(&zeros[..now])?;
        left -= now as u64;
    }
    file.sync_all()
}
