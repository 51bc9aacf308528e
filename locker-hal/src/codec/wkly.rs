//! Boards whose frames begin with the letters `WKLY`: up to 24 locks and more, 9600 baud 8N1, the last byte is the XOR of all
//! before it.
//!
//! Sources: `junerver/LockDemo` (its test vectors and README), `Artcen-Design/Arcen-Locker`.
//!
//! A frame is `57 4B 4C 59`, its whole length, the board's address, a command, data, check. A reply's data begins with the
//! outcome, `00` or `FF`.
//!
//! | request | command and data | data of the reply |
//! |---|---|---|
//! | unlock | `82` channel | outcome, channel, state |
//! | read one | `83` channel | outcome, channel, state |
//! | read all | `84` | outcome, count, a state for each |
//! | none | | `85`: channel, state (no outcome): a door moved |
//!
//! Channels are from 1; a state is `00` open, `01` closed, `FF` unknown. One source XORs three bytes only, which comes to
//! the same in frames of 9 bytes because their head XORs to nothing.
//!
//! Not offered: opening many or all (`80`, `86`, `87`), on and off for good (`88`, `89`), lights (`81`).

use super::xor::check;
use super::{Look, OutOfRange, Packet, Protocol, Rest};

/// The most locks of a reply.
pub const LOCKS_MAX: usize = 64;

const HEAD: [u8; 4] = *b"WKLY";
const DONE: u8 = 0x00;

/// What a board is asked. Channel from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Energise one lock.
    Unlock {
        /// The board's address.
        board: u8,
        /// The lock's channel.
        channel: u8,
    },
    /// The state of one lock.
    Read {
        /// The board's address.
        board: u8,
        /// The lock's channel.
        channel: u8,
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
    /// A channel that is out of range.
    pub fn encode(self) -> Result<Packet, OutOfRange> {
        Ok(match self {
            Self::Unlock { board, channel } => with_channel(board, 0x82, channel)?,
            Self::Read { board, channel } => with_channel(board, 0x83, channel)?,
            Self::ReadAll { board } => {
                let head = [HEAD[0], HEAD[1], HEAD[2], HEAD[3], 8, board, 0x84];
                Packet::checked(&head, &[check(&head)])
            }
        })
    }
}

fn with_channel(board: u8, command: u8, channel: u8) -> Result<Packet, OutOfRange> {
    OutOfRange::unless("channel", channel, 1, LOCKS_MAX as u32)?;
    let head = [HEAD[0], HEAD[1], HEAD[2], HEAD[3], 9, board, command, channel];
    Ok(Packet::checked(&head, &[check(&head)]))
}

/// What a lock's switch says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// `00`.
    Open,
    /// `01`.
    Closed,
    /// Anything else; boards say `FF`.
    Unknown,
}

impl State {
    const fn of(byte: u8) -> Self {
        match byte {
            0x00 => Self::Open,
            0x01 => Self::Closed,
            _ => Self::Unknown,
        }
    }
}

/// The states of all locks as they came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct States {
    bytes: [u8; LOCKS_MAX],
    len: usize,
}

impl States {
    /// How many locks the board told of.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.len
    }

    /// The state of a channel, from 1; `None` when the board did not say.
    #[must_use]
    pub fn of_channel(&self, channel: u8) -> Option<State> {
        let index = usize::from(channel.checked_sub(1)?);
        self.bytes.get(..self.len)?.get(index).copied().map(State::of)
    }
}

impl core::fmt::Debug for States {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:02X?}", self.bytes.get(..self.len).unwrap_or_default())
    }
}

/// What a board says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// To an unlock.
    Unlocked {
        /// The board's address.
        board: u8,
        /// The lock's channel.
        channel: u8,
        /// Whether the board says that it did it.
        done: bool,
        /// The lock's state afterwards.
        state: State,
    },
    /// To a reading of one lock.
    Read {
        /// The board's address.
        board: u8,
        /// The lock's channel.
        channel: u8,
        /// Its state; unknown when the reading failed.
        state: State,
    },
    /// To a reading of all locks.
    All {
        /// The board's address.
        board: u8,
        /// The states.
        states: States,
    },
    /// A door moved by itself.
    Changed {
        /// The board's address.
        board: u8,
        /// The lock's channel.
        channel: u8,
        /// Its state now.
        state: State,
    },
    /// To a command that is not offered here.
    Other {
        /// The board's address.
        board: u8,
        /// The command.
        command: u8,
        /// Whether the board says that it did it.
        done: bool,
    },
}

/// The protocol.
#[derive(Clone, Copy, Debug)]
pub struct Wkly;

impl Protocol for Wkly {
    type Frame = Reply;

    fn look(&self, bytes: &[u8], _rest: Rest) -> Look<Reply> {
        if bytes.iter().zip(HEAD).any(|(seen, head)| *seen != head) {
            return Look::Junk;
        }
        let Some(&len) = bytes.get(HEAD.len()) else {
            return Look::Partial;
        };
        let len = usize::from(len);
        if !(9..=LOCKS_MAX + 10).contains(&len) {
            return Look::Junk;
        }
        let Some(frame) = bytes.get(..len) else {
            return Look::Partial;
        };
        // A good check makes the XOR of the whole frame nothing.
        if check(frame) != 0 {
            return Look::Junk;
        }
        let [_, _, _, _, _, board, command, ref data @ .., _] = *frame else {
            return Look::Junk;
        };
        match said(board, command, data) {
            Some(frame) => Look::Frame { frame, len },
            None => Look::Junk,
        }
    }
}

fn said(board: u8, command: u8, data: &[u8]) -> Option<Reply> {
    Some(match (command, data) {
        (0x82, &[outcome, channel, state]) => {
            Reply::Unlocked { board, channel, done: outcome == DONE, state: State::of(state) }
        }
        (0x83, &[outcome, channel, state]) => {
            let state = if outcome == DONE { State::of(state) } else { State::Unknown };
            Reply::Read { board, channel, state }
        }
        (0x84, &[DONE, count, ref states @ ..]) if usize::from(count) == states.len() => {
            let mut bytes = [0; LOCKS_MAX];
            bytes.get_mut(..states.len())?.copy_from_slice(states);
            Reply::All { board, states: States { bytes, len: states.len() } }
        }
        (0x85, &[channel, state]) => Reply::Changed { board, channel, state: State::of(state) },
        (0x80 | 0x81 | 0x86..=0x89, &[outcome] | &[outcome, _]) => {
            Reply::Other { board, command, done: outcome == DONE }
        }
        _ => return None,
    })
}
