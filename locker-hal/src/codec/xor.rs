//! *8A/80* boards: 2 to 50 channels, 9600 baud 8N1, the last byte is the XOR of all before it.
//!
//! Sold under many names (Guangzhou Shuoming and its resellers). Numbers of locks are from 1; a board's address is set by
//! switches. What a set bit, or `11`, says about the lock hangs on its feedback switch.
//!
//! Sources: vendor's sheet *485锁控板通讯协议2024A1* as quoted in <https://blog.csdn.net/u012909822/article/details/147892413>
//! and in `nyh3174680732/yunle_sensors`; captures of a real board of 8 channels in `Open-Locker/Open-Locker`
//! (ADR-0061); `DejaOS/DejaOS` for door events.
//!
//! | request | bytes | reply |
//! |---|---|---|
//! | unlock | `8A` board lock `11` | `8A` board lock status, after about 500 ms |
//! | unlock, with on-time | `8A` board lock `11` seconds | the same |
//! | read one | `80` board lock `33` | `80` board lock status |
//! | read all | `80` board `00 33` | `80` board, a byte for each 8 locks, `33` |
//! | none | | `81` or `82` board lock status: a door moved |
//!
//! Not offered: `8A` board `00 11` (all locks), `90` (many at once), `9A`/`9B` (on and off for good).

use super::bytes::Bytes;
use super::{Look, OutOfRange, Packet, Protocol, Rest};

/// The most bytes of status in a reply to [`Request::ReadAll`]: 256 locks.
pub const STATUS_BYTES_MAX: usize = 32;
/// The highest address that switches of a known board can set.
pub const ADDRESS_MAX: u8 = 32;

const UNLOCK: u8 = 0x8A;
const READ: u8 = 0x80;
const CHANGED: [u8; 2] = [0x81, 0x82];
const SET: u8 = 0x11;
const ALL_END: u8 = 0x33;

/// The check of a frame: all its bytes but the last, XORed.
#[must_use]
pub fn check(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

/// What a board is asked. Board 1 to [`ADDRESS_MAX`], lock from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Energise one lock for as long as the board is set to.
    Unlock {
        /// The board's address.
        board: u8,
        /// The lock.
        lock: u8,
    },
    /// Energise one lock for so many seconds; a variant of some boards.
    UnlockFor {
        /// The board's address.
        board: u8,
        /// The lock.
        lock: u8,
        /// Seconds, 1 to 9.
        seconds: u8,
    },
    /// The state of one lock.
    Read {
        /// The board's address.
        board: u8,
        /// The lock.
        lock: u8,
    },
    /// The state of all locks.
    ReadAll {
        /// The board's address.
        board: u8,
    },
}

impl Request {
    /// The bytes.
    ///
    /// # Errors
    /// A board, lock or time that is out of range; lock 0 would be all of them.
    ///
    /// ```
    /// use locker_hal::codec::xor::Request;
    ///
    /// assert_eq!(*Request::Unlock { board: 1, lock: 1 }.encode().unwrap(), [0x8A, 0x01, 0x01, 0x11, 0x9B]);
    /// assert!(Request::Unlock { board: 1, lock: 0 }.encode().is_err());
    /// ```
    pub fn encode(self) -> Result<Packet, OutOfRange> {
        let packet = |bytes: &[u8]| Packet::checked(bytes, &[check(bytes)]);
        let (Self::Unlock { board, .. }
        | Self::UnlockFor { board, .. }
        | Self::Read { board, .. }
        | Self::ReadAll { board }) = self;
        OutOfRange::unless("board", board, 1, u32::from(ADDRESS_MAX))?;
        if let Self::Unlock { lock, .. } | Self::UnlockFor { lock, .. } | Self::Read { lock, .. } = self {
            OutOfRange::unless("lock", lock, 1, 255)?;
        }
        Ok(match self {
            Self::Unlock { lock, .. } => packet(&[UNLOCK, board, lock, SET]),
            Self::UnlockFor { lock, seconds, .. } => {
                OutOfRange::unless("seconds", seconds, 1, 9)?;
                packet(&[UNLOCK, board, lock, SET, seconds])
            }
            Self::Read { lock, .. } => packet(&[READ, board, lock, ALL_END]),
            Self::ReadAll { .. } => packet(&[READ, board, 0, ALL_END]),
        })
    }
}

/// What the feedback switch of a lock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// `00`.
    Clear,
    /// `11`.
    Set,
}

/// The switches of all locks, in bytes of eight as they came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Switches(Bytes<STATUS_BYTES_MAX>);

/// Which byte of [`Switches`] carries locks 1 to 8. Sources differ, and so do boards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupOrder {
    /// The last: the highest locks come first, as with most.
    #[default]
    HighestFirst,
    /// The first.
    LowestFirst,
}

impl Switches {
    /// The bytes as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The switch of a lock, from 1; `None` when the board did not say.
    #[must_use]
    pub fn of_lock(&self, lock: u8, order: GroupOrder) -> Option<Switch> {
        let index = usize::from(lock.checked_sub(1)?);
        let group = match order {
            GroupOrder::LowestFirst => index / 8,
            GroupOrder::HighestFirst => self.0.len().checked_sub(index / 8 + 1)?,
        };
        let byte = self.bytes().get(group)?;
        Some(if byte >> (index % 8) & 1 == 1 { Switch::Set } else { Switch::Clear })
    }
}

impl core::fmt::Debug for Switches {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:02X?}", self.bytes())
    }
}

/// What a board says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A lock was energised; its switch afterwards. When the lock stayed shut (on boards that say `11` for it) this is
    /// byte for byte the request, so an adapter that echoes cannot be told from a board: switch the echo off, or strip it.
    Unlocked {
        /// The board's address.
        board: u8,
        /// The lock.
        lock: u8,
        /// Its switch.
        switch: Switch,
    },
    /// The switch of one lock.
    Lock {
        /// The board's address.
        board: u8,
        /// The lock.
        lock: u8,
        /// Its switch.
        switch: Switch,
    },
    /// The switches of all locks.
    All {
        /// The board's address.
        board: u8,
        /// The switches.
        switches: Switches,
    },
    /// A door moved by itself; an option of some firmwares, on which sources differ in what the switch means.
    Changed {
        /// The board's address.
        board: u8,
        /// The lock.
        lock: u8,
        /// Its switch.
        switch: Switch,
    },
}

/// Which reply to `80` is awaited: its frames carry neither a length nor a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// That of [`Request::Read`].
    One,
    /// That of [`Request::ReadAll`] with so many bytes of status, 1 to [`STATUS_BYTES_MAX`].
    ///
    /// The number does not follow from the channels: a real board of 8 sends 3.
    All(u8),
    /// That of [`Request::ReadAll`] with 2 bytes of status or more, ended by silence. An echoed request would pass for
    /// a reply with a single one.
    AllUntilSilence,
}

/// The protocol, with the reply that is awaited.
#[derive(Clone, Copy, Debug)]
pub struct Xor {
    /// The reply to `80` that is awaited.
    pub awaited: Awaited,
}

impl Protocol for Xor {
    type Frame = Reply;

    fn look(&self, bytes: &[u8], rest: Rest) -> Look<Reply> {
        match (bytes.first(), self.awaited) {
            (Some(&READ), Awaited::All(count)) => all(bytes, usize::from(count) + 4),
            (Some(&READ), Awaited::AllUntilSilence) => match rest {
                Rest::MayFollow => Look::Partial,
                Rest::IsOver => (6..=STATUS_BYTES_MAX + 4)
                    .rev()
                    .map(|len| all(bytes, len))
                    .find(|look| matches!(look, Look::Frame { .. }))
                    .unwrap_or(Look::Junk),
            },
            (Some(&head), _) if head == UNLOCK || head == READ || CHANGED.contains(&head) => one(bytes),
            _ => Look::Junk,
        }
    }
}

fn one(bytes: &[u8]) -> Look<Reply> {
    let Some(&[head, board, lock, state, sum]) = bytes.get(..5) else {
        return Look::Partial;
    };
    let switch = match state {
        0x00 => Switch::Clear,
        SET => Switch::Set,
        _ => return Look::Junk,
    };
    if check(&[head, board, lock, state]) != sum {
        return Look::Junk;
    }
    let frame = match head {
        UNLOCK => Reply::Unlocked { board, lock, switch },
        READ => Reply::Lock { board, lock, switch },
        _ => Reply::Changed { board, lock, switch },
    };
    Look::Frame { frame, len: 5 }
}

fn all(bytes: &[u8], len: usize) -> Look<Reply> {
    let Some(frame) = bytes.get(..len) else {
        return Look::Partial;
    };
    let [_, board, switches @ .., ALL_END, _] = frame else {
        return Look::Junk;
    };
    // A good check makes the XOR of the whole frame nothing.
    if check(frame) != 0 || switches.len() > STATUS_BYTES_MAX {
        return Look::Junk;
    }
    Look::Frame { frame: Reply::All { board: *board, switches: Switches(Bytes::of(switches)) }, len }
}
