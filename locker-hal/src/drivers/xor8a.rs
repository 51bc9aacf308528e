//! *8A/80* boards.

use async_trait::async_trait;
use locker_core::{Door, Item, PULSE_MS_LIMIT};

use super::{GroupOrder, OutOfRange, Polarity, REPLY_MS, fixed, levels, unsent};
use crate::board::{Board, BoardSpec, ChannelLevels, PulseOrder};
use crate::codec::xor::{ADDRESS_MAX, Awaited, Reply, Request, STATUS_BYTES_MAX, Switch, Xor};
use crate::error::ErrorKind;
use crate::line::{Awaiting, SharedLine};

/// How the end of a reply with all locks is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusEnd {
    /// It has so many bytes of status, 1 to 32. That is faster; but the number does not follow from the channels (a real
    /// board of 8 sends 3), so it has to be seen first.
    Length(u8),
    /// So many milliseconds of silence end it, 2 to 100.
    Silence {
        /// The silence.
        ms: u16,
    },
}

/// How long a board energises a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XorPulse {
    /// As long as it was made for, in milliseconds, 1 to 2000; most say 300.
    Board {
        /// The time.
        ms: u16,
    },
    /// So many seconds, 1 or 2, told with each unlock: for boards that know the longer request.
    Seconds(u8),
}

/// How a board is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XorSettings {
    /// Its address as its switches say, 1 to 32.
    pub address: u8,
    /// How many locks it has, from 1.
    pub channels: u8,
    /// What the locks' switches say.
    pub polarity: Polarity,
    /// Which byte of the status carries locks 1 to 8.
    pub group_order: GroupOrder,
    /// How the end of the status is told.
    pub status: StatusEnd,
    /// How long a pulse is.
    pub pulse: XorPulse,
    /// The time limit of a status, in milliseconds.
    pub reply_ms: u16,
    /// The time limit of the reply to an unlock, in milliseconds: it comes after the pulse, about 500 ms.
    pub unlock_reply_ms: u16,
}

impl Default for XorSettings {
    fn default() -> Self {
        Self {
            address: 1,
            channels: 24,
            polarity: Polarity::SetIsClosed,
            group_order: GroupOrder::HighestFirst,
            status: StatusEnd::Silence { ms: 20 },
            pulse: XorPulse::Board { ms: 300 },
            reply_ms: REPLY_MS,
            unlock_reply_ms: 1_500,
        }
    }
}

/// A board that speaks *8A/80* (see [`codec::xor`](crate::codec::xor)).
///
/// Doors that report by themselves (`81`, `82`) are passed over: sources differ in what these frames say, and the next
/// reading says it surely.
pub struct Xor8a {
    line: SharedLine,
    settings: XorSettings,
}

impl Xor8a {
    /// The baud rate of these boards.
    pub const BAUD: u32 = 9_600;

    /// A board on `line`.
    ///
    /// # Errors
    /// A setting that is out of range.
    pub fn new(line: SharedLine, settings: XorSettings) -> Result<Self, OutOfRange> {
        OutOfRange::unless("address", settings.address, 1, ADDRESS_MAX.into())?;
        OutOfRange::unless("channels", settings.channels, 1, 255)?;
        match settings.status {
            StatusEnd::Length(count) => {
                OutOfRange::unless("status length", count, 1, STATUS_BYTES_MAX as u32)?;
            }
            StatusEnd::Silence { ms } => OutOfRange::unless("status silence", ms, 2, 100)?,
        }
        match settings.pulse {
            XorPulse::Board { ms } => OutOfRange::unless("pulse", ms, 1, PULSE_MS_LIMIT.into())?,
            XorPulse::Seconds(seconds) => OutOfRange::unless("pulse seconds", seconds, 1, 2)?,
        }
        Ok(Self { line, settings })
    }

    const fn pulse_ms(&self) -> u16 {
        match self.settings.pulse {
            XorPulse::Board { ms } => ms,
            XorPulse::Seconds(seconds) => seconds as u16 * 1_000,
        }
    }
}

#[async_trait]
impl Board for Xor8a {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        let (bytes, silence_ms) = match self.settings.status {
            StatusEnd::Length(count) => (usize::from(count), 0),
            StatusEnd::Silence { ms } => (usize::from(self.settings.channels.div_ceil(8).max(3)), ms),
        };
        let read_ms = self.line.exchange_ms(5 + bytes + 4) + u32::from(silence_ms);
        let command_ms = self.line.exchange_ms(11) + u32::from(self.settings.unlock_reply_ms);
        fixed(self.settings.channels, self.pulse_ms(), read_ms, command_ms)
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let board = self.settings.address;
        let lock = order.channel.0.checked_add(1).ok_or(ErrorKind::Refused)?;
        let request = match self.settings.pulse {
            XorPulse::Board { .. } => Request::Unlock { board, lock },
            XorPulse::Seconds(seconds) => Request::UnlockFor { board, lock, seconds },
        };
        let awaiting = Awaiting::new(Xor { awaited: Awaited::One }, self.settings.unlock_reply_ms);
        // Whether the lock is said to have opened is not asked: the coil was on, and the door is what the readings say.
        let ours = |reply| match reply {
            Reply::Unlocked { board: from, lock: of, .. } => (from == board && of == lock).then_some(()),
            Reply::Lock { .. } | Reply::All { .. } | Reply::Changed { .. } => None,
        };
        self.line.command()?.ask(&request.encode().map_err(unsent)?, awaiting, ours).await
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let settings = self.settings;
        let request = Request::ReadAll { board: settings.address }.encode().map_err(unsent)?;
        let awaiting = match settings.status {
            StatusEnd::Length(count) => {
                Awaiting::new(Xor { awaited: Awaited::All(count) }, settings.reply_ms)
            }
            StatusEnd::Silence { ms } => Awaiting {
                gap_ms: ms,
                ..Awaiting::new(Xor { awaited: Awaited::AllUntilSilence }, settings.reply_ms)
            },
        };
        let ours = |reply| match reply {
            Reply::All { board, switches } => (board == settings.address).then_some(switches),
            Reply::Unlocked { .. } | Reply::Lock { .. } | Reply::Changed { .. } => None,
        };
        let switches = self.line.query().await?.ask(&request, awaiting, ours).await?;
        Ok(levels(settings.channels, |channel| {
            let lock = channel.saturating_add(1);
            let door = match switches.of_lock(lock, settings.group_order) {
                Some(switch) => settings.polarity.door(switch == Switch::Set),
                None => Door::Unknown,
            };
            (door, Item::Unknown)
        }))
    }

    /// The board ends each pulse and knows no such command.
    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
