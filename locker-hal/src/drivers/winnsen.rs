//! Winnsen boards.

use async_trait::async_trait;
use locker_core::{Item, PULSE_MS_LIMIT};

use super::{OutOfRange, Polarity, REPLY_MS, fixed, levels, unsent};
use crate::board::{Board, BoardSpec, ChannelLevels, PulseOrder};
use crate::codec::winnsen::{self, LOCKS, Outcome, Reply, Request};
use crate::error::ErrorKind;
use crate::line::{Awaiting, SharedLine};

/// How a board is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WinnsenSettings {
    /// Its address; some boards begin at 0, some at 1.
    pub station: u8,
    /// How many of its 16 locks are used, from the first.
    pub channels: u8,
    /// How long the board's pulse is, in milliseconds, 1 to 2000.
    pub pulse_ms: u16,
    /// The time limit of a status, in milliseconds.
    pub reply_ms: u16,
    /// The time limit of the reply to an opening, in milliseconds: it comes after the pulse.
    pub unlock_reply_ms: u16,
}

impl Default for WinnsenSettings {
    fn default() -> Self {
        Self { station: 1, channels: LOCKS, pulse_ms: 500, reply_ms: REPLY_MS, unlock_reply_ms: 1_500 }
    }
}

/// A Winnsen board (see [`codec::winnsen`](crate::codec::winnsen)).
///
/// Its frames carry no check: a byte that is wrong on the wire may be a door that is wrong. Two readings that agree are
/// what stands against it ([`BOUNCE_READINGS`](crate::BOUNCE_READINGS)); where the wire is long, take another board.
pub struct Winnsen {
    line: SharedLine,
    settings: WinnsenSettings,
}

impl Winnsen {
    /// The baud rate of these boards.
    pub const BAUD: u32 = 9_600;

    /// A board on `line`.
    ///
    /// # Errors
    /// A setting that is out of range.
    pub fn new(line: SharedLine, settings: WinnsenSettings) -> Result<Self, OutOfRange> {
        OutOfRange::unless("channels", settings.channels, 1, LOCKS.into())?;
        OutOfRange::unless("pulse", settings.pulse_ms, 1, PULSE_MS_LIMIT.into())?;
        Ok(Self { line, settings })
    }
}

#[async_trait]
impl Board for Winnsen {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        let command_ms = self.line.exchange_ms(6 + 7) + u32::from(self.settings.unlock_reply_ms);
        fixed(self.settings.channels, self.settings.pulse_ms, self.line.exchange_ms(7 + 7), command_ms)
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let ours = self.settings.station;
        let wanted = order.channel.0.checked_add(1).ok_or(ErrorKind::Refused)?;
        let request = Request::Open { station: ours, lock: wanted }.encode().map_err(unsent)?;
        let awaiting = Awaiting::new(winnsen::Winnsen, self.settings.unlock_reply_ms);
        let outcome = |reply| match reply {
            Reply::Opened { station, lock, outcome } => {
                (station == ours && lock == wanted).then_some(outcome)
            }
            Reply::Polled { .. } => None,
        };
        match self.line.command()?.ask(&request, awaiting, outcome).await? {
            // Whether the door is open is for the readings to say.
            Outcome::Opened | Outcome::Failed => Ok(()),
            Outcome::Refused => Err(ErrorKind::Refused),
        }
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let (ours, channels) = (self.settings.station, self.settings.channels);
        let mask = u16::MAX >> (16 - u32::from(channels.clamp(1, LOCKS)));
        let request = Request::Poll { station: ours, mask }.encode().map_err(unsent)?;
        let awaiting = Awaiting::new(winnsen::Winnsen, self.settings.reply_ms);
        let open = |reply| match reply {
            Reply::Polled { station, open } => (station == ours).then_some(open),
            Reply::Opened { .. } => None,
        };
        let open = self.line.query().await?.ask(&request, awaiting, open).await?;
        let is_set = |channel: u8| open.checked_shr(channel.into()).is_some_and(|bits| bits & 1 == 1);
        Ok(levels(channels, |channel| (Polarity::SetIsOpen.door(is_set(channel)), Item::Unknown)))
    }

    /// The board ends each pulse and knows no such command.
    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
