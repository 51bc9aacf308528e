//! KERONG CU48.

use async_trait::async_trait;
use locker_core::{Item, PULSE_MS_LIMIT};

use super::{CONFIRM_MS_MIN, OutOfRange, Polarity, REPLY_MS, after_firing, fixed, levels, unsent};
use crate::board::{Board, BoardSpec, ChannelLevels, PulseOrder};
use crate::codec::kerong::Whom;
use crate::codec::kerong::cu48::{self, ADDRESS_MAX, LOCKS, Request, Status};
use crate::error::ErrorKind;
use crate::line::{Awaiting, SharedLine};

/// How a board is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cu48Settings {
    /// Its address as its switches say, 0 to 9.
    pub address: u8,
    /// How many of its 48 locks are used, from the first.
    pub channels: u8,
    /// What the hook switches say.
    pub polarity: Polarity,
    /// How long the board's pulse is, in milliseconds, 1 to 2000: it can neither be asked nor set.
    pub pulse_ms: u16,
    /// The time limit of a reply, in milliseconds.
    pub reply_ms: u16,
    /// How long the board is left alone after an unlock, in milliseconds, before its status is asked.
    pub after_unlock_ms: u16,
}

impl Default for Cu48Settings {
    fn default() -> Self {
        Self {
            address: 0,
            channels: LOCKS,
            polarity: Polarity::SetIsClosed,
            pulse_ms: 550,
            reply_ms: REPLY_MS,
            after_unlock_ms: 30,
        }
    }
}

/// A KERONG CU48 (see [`codec::kerong::cu48`](crate::codec::kerong::cu48)).
///
/// An unlock is not answered; the status that is asked behind it is the acknowledgement: the board is there.
pub struct Cu48 {
    line: SharedLine,
    settings: Cu48Settings,
}

impl Cu48 {
    /// The baud rate of these boards.
    pub const BAUD: u32 = 19_200;

    /// A board on `line`.
    ///
    /// # Errors
    /// A setting that is out of range.
    pub fn new(line: SharedLine, settings: Cu48Settings) -> Result<Self, OutOfRange> {
        OutOfRange::unless("address", settings.address, 0, ADDRESS_MAX.into())?;
        OutOfRange::unless("channels", settings.channels, 1, LOCKS.into())?;
        OutOfRange::unless("pulse", settings.pulse_ms, 1, PULSE_MS_LIMIT.into())?;
        Ok(Self { line, settings })
    }

    fn awaiting(&self) -> Awaiting<cu48::Cu48> {
        Awaiting::new(cu48::Cu48, self.settings.reply_ms)
    }

    /// The hooks, if they are the board's.
    fn hooks(&self) -> impl Fn(Status) -> Option<u64> + use<> {
        let address = self.settings.address;
        move |status| (status.board == address).then_some(status.hooks)
    }
}

#[async_trait]
impl Board for Cu48 {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        let read_ms = self.line.exchange_ms(6 + 12);
        let waits_ms =
            u32::from(self.settings.after_unlock_ms) + u32::from(self.settings.reply_ms.max(CONFIRM_MS_MIN));
        fixed(self.settings.channels, self.settings.pulse_ms, read_ms, 2 * read_ms + waits_ms)
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let board = self.settings.address;
        let unlock = Request::Unlock { board, lock: order.channel.0 }.encode().map_err(unsent)?;
        let status = Request::Status(Whom::Board(board)).encode().map_err(unsent)?;
        let mut turn = self.line.command()?;
        turn.send(&unlock).await?;
        // Nothing is awaited; what comes all the same is noise or an echo.
        let nothing = Awaiting::new(cu48::Cu48, self.settings.after_unlock_ms);
        let _ = turn.receive(nothing, |_| None::<()>).await;
        turn.settle().await;
        let limit_ms = self.settings.reply_ms.max(CONFIRM_MS_MIN);
        let awaiting = Awaiting::new(cu48::Cu48, limit_ms);
        turn.ask(&status, awaiting, self.hooks()).await.map(drop).map_err(after_firing)
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let request = Request::Status(Whom::Board(self.settings.address)).encode().map_err(unsent)?;
        let hooks = self.line.query().await?.ask(&request, self.awaiting(), self.hooks()).await?;
        let Cu48Settings { channels, polarity, .. } = self.settings;
        Ok(levels(channels, |channel| (polarity.door(hooks >> channel & 1 == 1), Item::Unknown)))
    }

    /// The board ends each pulse and knows no such command.
    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
