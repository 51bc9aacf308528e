//! KERONG KR-CU16: 16 locks with hook switches and 16 infrared item sensors, up to 10 boards on a wire.
//!
//! Source: vendor's *CU16 protocol* V1.6 (2024-11-30), whose text stands in `mojisejr/smc-app`, `docs/system-architecture/CU16.txt`.
//! It contradicts itself on the baud rate: 19200 and 115200 both occur, so try both.
//!
//! | request | bytes | reply |
//! |---|---|---|
//! | status | `02` board·16 `30 03` | `02` address `35` hooks items `03` |
//! | status of everyone | `02 F0 32 03` | `36`, one frame from each board |
//! | unlock | `02` board·16+lock `31 03` | none, or a `35`: both kinds are on sale |
//! | unlock time | `02` board·16 `37 03` | `38`, the time in its last two bytes |
//! | set it | `02` board·16 `37` high low `03` | `38` |
//!
//! A hook bit is 1 when the lock is caught, or the other way round with the other kind of switch; an item bit is 1 when
//! something is seen. Times are in steps of 10 ms.

use super::{ETX, STX, Whom, packet, sum};
use crate::codec::{Look, OutOfRange, Packet, Protocol, Rest};

/// The highest address of a board.
pub const ADDRESS_MAX: u8 = 9;
/// The locks of a board.
pub const LOCKS: u8 = 16;

const EVERYONE: u8 = 0x0F;
const REPLY_BYTES: usize = 9;

/// What a board is asked. Board 0 to [`ADDRESS_MAX`], lock 0 to 15.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Hooks and items.
    Status(Whom),
    /// Energise one lock.
    Unlock {
        /// The board's address.
        board: u8,
        /// The lock, from 0.
        lock: u8,
    },
    /// How long an unlock energises.
    UnlockTime(Whom),
    /// Set how long an unlock energises; the board needs more than 500 ms for it.
    SetUnlockTime(
        /// Whose.
        Whom,
        /// In steps of 10 ms, 1 to 6000.
        u16,
    ),
}

impl Request {
    /// The bytes.
    ///
    /// # Errors
    /// A board, lock or time that is out of range.
    pub fn encode(self) -> Result<Packet, OutOfRange> {
        let high = |whom: Whom| whom.address(ADDRESS_MAX, EVERYONE).map(|address| address << 4);
        Ok(match self {
            Self::Status(whom) => {
                let command = if whom == Whom::Everyone { 0x32 } else { 0x30 };
                packet(&[STX, high(whom)?, command, ETX])
            }
            Self::Unlock { board, lock } => {
                OutOfRange::unless("lock", lock, 0, u32::from(LOCKS) - 1)?;
                packet(&[STX, high(Whom::Board(board))? | lock, 0x31, ETX])
            }
            Self::UnlockTime(whom) => packet(&[STX, high(whom)?, 0x37, ETX]),
            Self::SetUnlockTime(whom, time) => {
                OutOfRange::unless("unlock time", time, 1, 6_000)?;
                let [upper, lower] = time.to_be_bytes();
                packet(&[STX, high(whom)?, 0x37, upper, lower, ETX])
            }
        })
    }
}

/// What a board says. Bit 0 of hooks and items is lock 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Asked alone (`35`); some boards say this after an unlock too.
    Status {
        /// The board's address.
        board: u8,
        /// Its hook switches.
        hooks: u16,
        /// Its item sensors.
        items: u16,
    },
    /// Asked with everyone (`36`).
    StatusOfOne {
        /// The board's address.
        board: u8,
        /// Its hook switches.
        hooks: u16,
        /// Its item sensors.
        items: u16,
    },
    /// How long an unlock energises, in steps of 10 ms (`38`).
    UnlockTime {
        /// The board's address.
        board: u8,
        /// The time.
        time: u16,
    },
    /// The answer to a command that is not offered here (`39`: delay, `40`: baud rate).
    Other {
        /// The board's address.
        board: u8,
        /// The command.
        command: u8,
        /// Its data.
        data: [u8; 4],
    },
}

/// The protocol.
#[derive(Clone, Copy, Debug)]
pub struct Cu16;

impl Protocol for Cu16 {
    type Frame = Reply;

    fn look(&self, bytes: &[u8], _rest: Rest) -> Look<Reply> {
        if bytes.first() != Some(&STX) {
            return Look::Junk;
        }
        let Some(frame) = bytes.get(..REPLY_BYTES) else {
            return Look::Partial;
        };
        let &[_, address, command, low, high, third, fourth, ETX, check] = frame else {
            return Look::Junk;
        };
        if sum(&frame[..REPLY_BYTES - 1]) != check {
            return Look::Junk;
        }
        let board = address >> 4;
        let (hooks, items) = (u16::from_le_bytes([low, high]), u16::from_le_bytes([third, fourth]));
        let frame = match command {
            0x35 => Reply::Status { board, hooks, items },
            0x36 => Reply::StatusOfOne { board, hooks, items },
            0x38 => Reply::UnlockTime { board, time: u16::from_be_bytes([third, fourth]) },
            0x39 | 0x40 => Reply::Other { board, command, data: [low, high, third, fourth] },
            _ => return Look::Junk,
        };
        Look::Frame { frame, len: REPLY_BYTES }
    }
}
