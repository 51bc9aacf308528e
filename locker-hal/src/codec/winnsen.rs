//! Winnsen lock boards: 16 locks, 9600 baud 8N1. There is no check: only head, length and end tell a frame.
//!
//! Source: vendor's document V202104 as quoted in `LocQar/LocQar-Hardware-Mgt`, and the vectors of `LocQar/winnsen-test`.
//!
//! | request | bytes | reply |
//! |---|---|---|
//! | open | `90 06 05` station lock `03` | `90 07 85` station lock status `03` |
//! | poll | `90 07 02` station mask (low, high) `03` | `90 07 82` station open (low, high) `03` |
//!
//! Locks are from 1; a bit is 1 when its lock is *open*, lock 1 is bit 0 of the low byte. Some boards reply `A5` and `A2`.

use super::{Look, OutOfRange, Packet, Protocol, Rest};

/// The locks of a board.
pub const LOCKS: u8 = 16;

const HEAD: u8 = 0x90;
const END: u8 = 0x03;
const REPLY_BYTES: u8 = 7;

/// What a board is asked. Lock 1 to [`LOCKS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Energise one lock.
    Open {
        /// The board's address.
        station: u8,
        /// The lock, from 1.
        lock: u8,
    },
    /// Which of the locks of a mask are open; lock 1 is bit 0.
    Poll {
        /// The board's address.
        station: u8,
        /// The locks.
        mask: u16,
    },
}

impl Request {
    /// The bytes.
    ///
    /// # Errors
    /// A lock that is out of range.
    pub fn encode(self) -> Result<Packet, OutOfRange> {
        Ok(match self {
            Self::Open { station, lock } => {
                OutOfRange::unless("lock", lock, 1, LOCKS.into())?;
                Packet::checked(&[HEAD, 0x06, 0x05, station, lock, END], &[])
            }
            Self::Poll { station, mask } => {
                let [low, high] = mask.to_le_bytes();
                Packet::checked(&[HEAD, 0x07, 0x02, station, low, high, END], &[])
            }
        })
    }
}

/// What became of an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The lock was energised and says *open*.
    Opened,
    /// The lock was energised and does not say *open*.
    Failed,
    /// The lock was not energised: it has to cool down (some boards).
    Refused,
}

/// What a board says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// To an opening.
    Opened {
        /// The board's address.
        station: u8,
        /// The lock, from 1.
        lock: u8,
        /// What became of it.
        outcome: Outcome,
    },
    /// To a poll.
    Polled {
        /// The board's address.
        station: u8,
        /// Which locks are open; lock 1 is bit 0.
        open: u16,
    },
}

/// The protocol.
#[derive(Clone, Copy, Debug)]
pub struct Winnsen;

impl Protocol for Winnsen {
    type Frame = Reply;

    fn look(&self, bytes: &[u8], _rest: Rest) -> Look<Reply> {
        if bytes.first() != Some(&HEAD) || bytes.get(1).is_some_and(|len| *len != REPLY_BYTES) {
            return Look::Junk;
        }
        let Some(frame) = bytes.get(..usize::from(REPLY_BYTES)) else {
            return Look::Partial;
        };
        let &[_, _, function, station, fifth, sixth, END] = frame else {
            return Look::Junk;
        };
        let frame = match (function, sixth) {
            (0x85 | 0xA5, 0x01) => Reply::Opened { station, lock: fifth, outcome: Outcome::Opened },
            (0x85 | 0xA5, 0x00) => Reply::Opened { station, lock: fifth, outcome: Outcome::Failed },
            (0x85 | 0xA5, 0x02) => Reply::Opened { station, lock: fifth, outcome: Outcome::Refused },
            (0x82 | 0xA2, high) => Reply::Polled { station, open: u16::from_le_bytes([fifth, high]) },
            _ => return Look::Junk,
        };
        Look::Frame { frame, len: usize::from(REPLY_BYTES) }
    }
}
