//! The newest head of each stream, in a small file of its own.
//!
//! Two slots a stream, written in turn, each in a sector of its own and authenticated under the stream's key: a torn
//! write spoils the slot being written, and the other still holds the head before it.
//!
//! The slot is written after the append has succeeded and without waiting for the disk, which costs microseconds.
//! So after a power cut an older head may be found, by as much as the system held back, but never one ahead of the
//! journal: what it names was durable before it was written. A crash of the process alone loses nothing. The file is
//! made at its full size and durable before it is used, so that a missing or emptied one is damage and not a power
//! cut.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use locker_core::{ChainKey, Head};

use crate::folder::open_private;

/// What a disk writes at once, at least.
const SECTOR: usize = 512;
/// Streams that have room.
pub(super) const STREAMS_MAX: usize = 8;
const FILE_BYTES: usize = STREAMS_MAX * 2 * SECTOR;
/// Number, authenticator of the record, authenticator of the slot.
const SLOT_BYTES: usize = 8 + 32 + 32;

pub(super) struct Heads {
    file: File,
}

/// What the two slots of a stream say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Nothing was ever kept.
    Never,
    /// The newest head.
    Newest(Head),
    /// Something was kept and cannot be read.
    Damaged,
}

impl Heads {
    /// Makes the file, all slots empty.
    pub(super) fn make(path: &Path) -> io::Result<Self> {
        let mut file = open_private(path)?;
        file.write_all(&[0; FILE_BYTES])?;
        file.sync_all()?;
        Ok(Self { file })
    }

    /// Opens the file; `None` when it is not there at its full size.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::metadata(path) {
            Ok(found) if found.len() == FILE_BYTES as u64 => Ok(Some(Self { file: open_private(path)? })),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps `head` in the slot whose turn it is: that of its number, so that two neighbours never share one.
    pub(super) fn keep(&mut self, stream: usize, turn: u64, head: Head, key: &ChainKey) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset(stream, turn)))?;
        self.file.write_all(&encode(stream, head, key))
    }

    /// Reads both slots.
    pub(super) fn newest(&self, stream: usize, key: &ChainKey) -> io::Result<(Kept, u64)> {
        let mut file = &self.file;
        let mut slots = [[0; SLOT_BYTES]; 2];
        for (slot, turn) in slots.iter_mut().zip(0..) {
            file.seek(SeekFrom::Start(offset(stream, turn)))?;
            file.read_exact(slot)?;
        }
        Ok(choose(stream, &slots, key))
    }

    /// Makes what was kept durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// The newest head, and the turn of the slot to be written next: never that of the newest.
fn choose(stream: usize, slots: &[[u8; SLOT_BYTES]; 2], key: &ChainKey) -> (Kept, u64) {
    let read = |slot: &[u8; SLOT_BYTES]| decode(stream, slot, key);
    let [first, second] = [read(&slots[0]), read(&slots[1])];
    match (first, second) {
        (Some(a), Some(b)) if b.seq > a.seq => (Kept::Newest(b), 0),
        (Some(a), _) => (Kept::Newest(a), 1),
        (None, Some(b)) => (Kept::Newest(b), 0),
        (None, None) if slots.iter().flatten().all(|byte| *byte == 0) => (Kept::Never, 0),
        // The very first write was torn: the other slot is untouched, so nothing older is lost.
        (None, None) if slots[1].iter().all(|byte| *byte == 0) => (Kept::Never, 0),
        (None, None) => (Kept::Damaged, 0),
    }
}

fn offset(stream: usize, turn: u64) -> u64 {
    (stream * 2 * SECTOR) as u64 + (turn % 2) * SECTOR as u64
}

fn encode(stream: usize, head: Head, key: &ChainKey) -> [u8; SLOT_BYTES] {
    let mut slot = [0; SLOT_BYTES];
    slot[..8].copy_from_slice(&head.seq.to_be_bytes());
    slot[8..40].copy_from_slice(&head.mac);
    let seal = seal(stream, &slot[..40], key);
    slot[40..].copy_from_slice(&seal);
    slot
}

fn decode(stream: usize, slot: &[u8; SLOT_BYTES], key: &ChainKey) -> Option<Head> {
    use subtle::ConstantTimeEq;
    let (said, sealed) = slot.split_at(40);
    let agrees = bool::from(seal(stream, said, key).as_slice().ct_eq(sealed));
    let (seq, mac) = said.split_at(8);
    let head = Head { seq: u64::from_be_bytes(seq.try_into().ok()?), mac: mac.try_into().ok()? };
    agrees.then_some(head)
}

fn seal(stream: usize, said: &[u8], key: &ChainKey) -> [u8; 32] {
    let mut bytes = vec![u8::try_from(stream).unwrap_or(u8::MAX)];
    bytes.extend_from_slice(said);
    key.seal(b"kept head", &bytes)
}

#[cfg(test)]
mod tests {
    use locker_core::Secret;
    use proptest::prelude::*;

    use super::*;

    fn key() -> ChainKey {
        ChainKey::derive(&Secret::new([7; 32]))
    }

    fn head(seq: u64) -> Head {
        let mac = [u8::try_from(seq % 251).unwrap(); 32];
        Head { seq, mac }
    }

    #[test]
    fn safe_04_a_slot_torn_at_every_byte_leaves_the_head_before_it() {
        for writes in 1..6_u64 {
            let mut slots = [[0; SLOT_BYTES]; 2];
            let mut turn = 0;
            for seq in 1..=writes {
                slots[usize::try_from(turn).unwrap()] = encode(0, head(seq), &key());
                turn = choose(0, &slots, &key()).1;
            }
            let next = encode(0, head(writes + 1), &key());
            for cut in 0..=SLOT_BYTES {
                let mut torn = slots;
                torn[usize::try_from(turn).unwrap()][..cut].copy_from_slice(&next[..cut]);
                let expected = if cut == SLOT_BYTES { writes + 1 } else { writes };
                let (kept, _) = choose(0, &torn, &key());
                assert_eq!(kept, Kept::Newest(head(expected)), "{writes} writes, cut at {cut}");
            }
        }
    }

    #[test]
    fn safe_04_the_first_slot_torn_at_every_byte_says_that_nothing_was_kept() {
        let next = encode(3, head(1), &key());
        for cut in 0..SLOT_BYTES {
            let mut torn = [[0; SLOT_BYTES]; 2];
            torn[0][..cut].copy_from_slice(&next[..cut]);
            assert_eq!(choose(3, &torn, &key()), (Kept::Never, 0), "cut at {cut}");
        }
    }

    proptest! {
        #[test]
        fn safe_04_no_changed_byte_makes_a_head_that_was_never_kept(at in 0..SLOT_BYTES * 2, bit in 0..8_u8, seq in 1..1_000_u64) {
            let mut slots = [encode(1, head(seq), &key()), encode(1, head(seq + 1), &key())];
            slots[at / SLOT_BYTES][at % SLOT_BYTES] ^= 1 << bit;
            let kept = choose(1, &slots, &key()).0;
            prop_assert!(kept == Kept::Newest(head(seq)) || kept == Kept::Newest(head(seq + 1)));
        }
    }
}
