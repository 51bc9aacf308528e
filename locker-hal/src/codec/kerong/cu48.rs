//! KERONG KR-CU48: 48 locks with hook switches, 19200 baud, up to 10 boards on a wire.
//!
//! Source: vendor's *CU48 Protocol And Introduction* V2.1 (2020-03-23), in `Boudha25/CasierIntelligent`, `Datasheet/`.
//!
//! | request | bytes | reply |
//! |---|---|---|
//! | status | `02` board `00 50 03` | `02` board, a byte without meaning, `65`, hooks in 6 bytes, `03` |
//! | unlock | `02` board lock `51 03` | none |
//!
//! A hook bit is 1 when the lock is caught, or the other way round with the other kind of switch.

use super::{ETX, STX, Whom, packet, sum};
use crate::codec::{Look, OutOfRange, Packet, Protocol, Rest};

/// The highest address of a board.
pub const ADDRESS_MAX: u8 = 9;
/// The locks of a board.
pub const LOCKS: u8 = 48;

const EVERYONE: u8 = 0x0A;
const REPLY_BYTES: usize = 12;

/// What a board is asked. Board 0 to [`ADDRESS_MAX`], lock 0 to 47.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Hooks.
    Status(Whom),
    /// Energise one lock.
    Unlock {
        /// The board's address.
        board: u8,
        /// The lock, from 0.
        lock: u8,
    },
}

impl Request {
    /// The bytes.
    ///
    /// # Errors
    /// A board or lock that is out of range; lock 48 would be all of them.
    pub fn encode(self) -> Result<Packet, OutOfRange> {
        let address = |whom: Whom| whom.address(ADDRESS_MAX, EVERYONE);
        Ok(match self {
            Self::Status(whom) => packet(&[STX, address(whom)?, 0, 0x50, ETX]),
            Self::Unlock { board, lock } => {
                OutOfRange::unless("lock", lock, 0, u32::from(LOCKS) - 1)?;
                packet(&[STX, address(Whom::Board(board))?, lock, 0x51, ETX])
            }
        })
    }
}

/// The hooks of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The board's address.
    pub board: u8,
    /// Its hook switches; bit 0 is lock 0.
    pub hooks: u64,
}

/// The protocol.
#[derive(Clone, Copy, Debug)]
pub struct Cu48;

impl Protocol for Cu48 {
    type Frame = Status;

    fn look(&self, bytes: &[u8], _rest: Rest) -> Look<Status> {
        if bytes.first() != Some(&STX) {
            return Look::Junk;
        }
        let Some(frame) = bytes.get(..REPLY_BYTES) else {
            return Look::Partial;
        };
        let &[_, board, _, 0x65, a, b, c, d, e, f, ETX, check] = frame else {
            return Look::Junk;
        };
        if sum(&frame[..REPLY_BYTES - 1]) != check {
            return Look::Junk;
        }
        let hooks = u64::from_le_bytes([a, b, c, d, e, f, 0, 0]);
        Look::Frame { frame: Status { board, hooks }, len: REPLY_BYTES }
    }
}
