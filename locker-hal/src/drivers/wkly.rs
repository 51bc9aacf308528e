//! Boards whose frames begin with `WKLY`.

use async_trait::async_trait;
use locker_core::{Door, Item, PULSE_MS_LIMIT};

use super::{OutOfRange, REPLY_MS, fixed, levels, unsent};
use crate::board::{Board, BoardSpec, ChannelLevels, PulseOrder};
use crate::codec::wkly::{self, LOCKS_MAX, Reply, Request, State};
use crate::error::ErrorKind;
use crate::line::{Awaiting, SharedLine};

/// How a board is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WklySettings {
    /// Its address.
    pub address: u8,
    /// How many locks it has, 1 to 64.
    pub channels: u8,
    /// How long the board's pulse is, in milliseconds, 1 to 2000.
    pub pulse_ms: u16,
    /// The time limit of a status, in milliseconds.
    pub reply_ms: u16,
    /// The time limit of the reply to an unlock, in milliseconds: it comes after the pulse.
    pub unlock_reply_ms: u16,
}

impl Default for WklySettings {
    fn default() -> Self {
        Self { address: 0, channels: 24, pulse_ms: 350, reply_ms: REPLY_MS, unlock_reply_ms: 1_500 }
    }
}

/// A board that speaks `WKLY` (see [`codec::wkly`](crate::codec::wkly)). It says itself whether a lock is open, so nothing
/// hangs on the kind of switch.
pub struct Wkly {
    line: SharedLine,
    settings: WklySettings,
}

impl Wkly {
    /// The baud rate of these boards.
    pub const BAUD: u32 = 9_600;

    /// A board on `line`.
    ///
    /// # Errors
    /// A setting that is out of range.
    pub fn new(line: SharedLine, settings: WklySettings) -> Result<Self, OutOfRange> {
        OutOfRange::unless("channels", settings.channels, 1, LOCKS_MAX as u32)?;
        OutOfRange::unless("pulse", settings.pulse_ms, 1, PULSE_MS_LIMIT.into())?;
        Ok(Self { line, settings })
    }
}

#[async_trait]
impl Board for Wkly {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        let read_ms = self.line.exchange_ms(8 + 10 + usize::from(self.settings.channels));
        let command_ms = self.line.exchange_ms(9 + 11) + u32::from(self.settings.unlock_reply_ms);
        fixed(self.settings.channels, self.settings.pulse_ms, read_ms, command_ms)
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let address = self.settings.address;
        let lock = order.channel.0.checked_add(1).ok_or(ErrorKind::Refused)?;
        let request = Request::Unlock { board: address, channel: lock }.encode().map_err(unsent)?;
        let awaiting = Awaiting::new(wkly::Wkly, self.settings.unlock_reply_ms);
        let ours = |reply| match reply {
            Reply::Unlocked { board, channel, done, .. } => {
                (board == address && channel == lock).then_some(done)
            }
            _ => None,
        };
        // A board that says *failed* may have had the coil on.
        let done = self.line.command()?.ask(&request, awaiting, ours).await?;
        if done { Ok(()) } else { Err(ErrorKind::Other) }
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let address = self.settings.address;
        let request = Request::ReadAll { board: address }.encode().map_err(unsent)?;
        let awaiting = Awaiting::new(wkly::Wkly, self.settings.reply_ms);
        let ours = |reply| match reply {
            Reply::All { board, states } => (board == address).then_some(states),
            _ => None,
        };
        let states = self.line.query().await?.ask(&request, awaiting, ours).await?;
        Ok(levels(self.settings.channels, |channel| {
            let door = match states.of_channel(channel.saturating_add(1)) {
                Some(State::Open) => Door::Open,
                Some(State::Closed) => Door::Closed,
                Some(State::Unknown) | None => Door::Unknown,
            };
            (door, Item::Unknown)
        }))
    }

    /// The board ends each pulse; what it keeps on by `88` was never asked for here.
    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
