//! KERONG KR-CU12: 12 locks with hook switches.
//!
//! Source: vendor's *CU12 protocol* V1.1 (2022-07-22), whose text stands in `mojisejr/smc-app`, `docs/system-architecture/CU12.txt`.
//!
//! A frame is `02` board lock command ask length `03` sum, then so many bytes of data, which the sum counts too. *Ask* is 0
//! in a request and the outcome in a reply. A hook bit is 1 when the lock is caught. (A project with such a board takes it
//! the other way round; the switch decides.)

use super::{ETX, STX, Whom, sum};
use crate::codec::{Look, OutOfRange, Packet, Protocol, Rest};

/// The highest address of a board.
pub const ADDRESS_MAX: u8 = 15;
/// The locks of a board.
pub const LOCKS: u8 = 12;
/// The most bytes of data in a reply; known ones have 2.
pub const DATA_BYTES_MAX: usize = 8;

const EVERYONE: u8 = 0x10;
const HEAD_BYTES: usize = 8;

/// What a board is asked. Board 0 to [`ADDRESS_MAX`], lock 0 to 11.
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
    /// A board, lock or time that is out of range; lock 12 would be all of them.
    pub fn encode(self) -> Result<Packet, OutOfRange> {
        let address = |whom: Whom| whom.address(ADDRESS_MAX, EVERYONE);
        Ok(match self {
            Self::Status(whom) => packet([address(whom)?, 0, 0x80], &[]),
            Self::Unlock { board, lock } => {
                OutOfRange::unless("lock", lock, 0, u32::from(LOCKS) - 1)?;
                packet([address(Whom::Board(board))?, lock, 0x81], &[])
            }
            Self::UnlockTime(whom) => packet([address(whom)?, 0, 0x82], &[]),
            Self::SetUnlockTime(whom, time) => {
                OutOfRange::unless("unlock time", time, 1, 6_000)?;
                packet([address(whom)?, 0, 0x82], &time.to_be_bytes())
            }
        })
    }
}

fn packet([board, lock, command]: [u8; 3], data: &[u8]) -> Packet {
    let len = u8::try_from(data.len()).unwrap_or(u8::MAX);
    let head = [STX, board, lock, command, 0, len, ETX];
    let mut check = [sum(&head).wrapping_add(sum(data)); 3];
    let behind = check.get_mut(1..=data.len()).unwrap_or_default();
    behind.copy_from_slice(data);
    Packet::checked(&head, check.get(..=data.len()).unwrap_or_default())
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Done.
    Done,
    /// Not done.
    Failed,
    /// The lock did not open in time.
    TimedOut,
    /// The board does not know the command.
    Unknown,
    /// The board received a wrong sum.
    WrongSum,
}

/// What a board says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The board's address.
    pub board: u8,
    /// The lock that was meant.
    pub lock: u8,
    /// The command that is answered.
    pub command: Command,
    /// The outcome.
    pub ask: Ask,
}

/// A command with what its reply carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Hooks; bit 0 is lock 0. Without data when it failed.
    Status(Option<u16>),
    /// An unlock.
    Unlock,
    /// The time of an unlock in steps of 10 ms.
    UnlockTime(Option<u16>),
    /// One that is not offered here.
    Other(u8),
}

/// The protocol.
#[derive(Clone, Copy, Debug)]
pub struct Cu12;

impl Protocol for Cu12 {
    type Frame = Reply;

    fn look(&self, bytes: &[u8], _rest: Rest) -> Look<Reply> {
        if bytes.first() != Some(&STX) {
            return Look::Junk;
        }
        let Some((head, behind)) = bytes.split_at_checked(HEAD_BYTES) else {
            return Look::Partial;
        };
        let &[_, board, lock, command, ask, len, ETX, check] = head else {
            return Look::Junk;
        };
        let ask = match ask {
            0x10 => Ask::Done,
            0x11 => Ask::Failed,
            0x12 => Ask::TimedOut,
            0x13 => Ask::Unknown,
            0x14 => Ask::WrongSum,
            _ => return Look::Junk,
        };
        let len = usize::from(len);
        if len > DATA_BYTES_MAX || !(0x80..=0x8F).contains(&command) {
            return Look::Junk;
        }
        let Some(data) = behind.get(..len) else {
            return Look::Partial;
        };
        if sum(&head[..HEAD_BYTES - 1]).wrapping_add(sum(data)) != check {
            return Look::Junk;
        }
        let pair = <[u8; 2]>::try_from(data).ok();
        let command = match command {
            0x80 => Command::Status(pair.map(u16::from_le_bytes)),
            0x81 => Command::Unlock,
            0x82 => Command::UnlockTime(pair.map(u16::from_be_bytes)),
            other => Command::Other(other),
        };
        Look::Frame { frame: Reply { board, lock, command, ask }, len: HEAD_BYTES + len }
    }
}
