//! KERONG CU16.

use async_trait::async_trait;

use super::{
    CONFIRM_MS_MIN, ItemSensor, OutOfRange, Polarity, REPLY_MS, UnlockTime, after_firing, fixed, is_set,
    keep_unlock_time, levels, unsent,
};
use crate::board::{Board, BoardSpec, ChannelLevels, PulseOrder};
use crate::codec::kerong::Whom;
use crate::codec::kerong::cu16::{self, ADDRESS_MAX, LOCKS, Reply, Request};
use crate::error::ErrorKind;
use crate::line::{Awaiting, SharedLine};

/// How a board is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cu16Settings {
    /// Its address as its switches say, 0 to 9.
    pub address: u8,
    /// How many of its 16 locks are used, from the first.
    pub channels: u8,
    /// What the hook switches say.
    pub polarity: Polarity,
    /// What the infrared sensors say.
    pub items: ItemSensor,
    /// How long a pulse is.
    pub unlock_time: UnlockTime,
    /// The time limit of a reply, in milliseconds.
    pub reply_ms: u16,
    /// How long a reply to an unlock is waited for before the status is asked, in milliseconds: some boards send one.
    pub after_unlock_ms: u16,
}

impl Default for Cu16Settings {
    fn default() -> Self {
        Self {
            address: 0,
            channels: LOCKS,
            polarity: Polarity::SetIsClosed,
            items: ItemSensor::SetIsPresent,
            unlock_time: UnlockTime::default(),
            reply_ms: REPLY_MS,
            after_unlock_ms: 30,
        }
    }
}

/// A KERONG CU16 (see [`codec::kerong::cu16`](crate::codec::kerong::cu16)).
///
/// Vendors disagree on whether an unlock is answered. Either will do: if no status comes by itself, it is asked for, and
/// that one is the acknowledgement.
pub struct Cu16 {
    line: SharedLine,
    settings: Cu16Settings,
}

impl Cu16 {
    /// The baud rates of these boards; vendors disagree on the default. [`probe_baud`](super::probe_baud) finds out.
    pub const BAUDS: [u32; 2] = [19_200, 115_200];

    /// A board on `line`.
    ///
    /// # Errors
    /// A setting that is out of range.
    pub fn new(line: SharedLine, settings: Cu16Settings) -> Result<Self, OutOfRange> {
        OutOfRange::unless("address", settings.address, 0, ADDRESS_MAX.into())?;
        OutOfRange::unless("channels", settings.channels, 1, LOCKS.into())?;
        settings.unlock_time.checked()?;
        Ok(Self { line, settings })
    }

    fn awaiting(&self) -> Awaiting<cu16::Cu16> {
        Awaiting::new(cu16::Cu16, self.settings.reply_ms)
    }

    /// Hooks and items, if the reply is the board's status.
    fn status(&self) -> impl Fn(Reply) -> Option<(u16, u16)> + use<> {
        let address = self.settings.address;
        move |reply| match reply {
            Reply::Status { board, hooks, items } if board == address => Some((hooks, items)),
            _ => None,
        }
    }

    /// The unlock time, if the reply is the board's.
    fn time(&self) -> impl Fn(Reply) -> Option<Result<u16, ErrorKind>> + Copy + use<> {
        let address = self.settings.address;
        move |reply| match reply {
            Reply::UnlockTime { board, time } if board == address => Some(Ok(time)),
            _ => None,
        }
    }
}

#[async_trait]
impl Board for Cu16 {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        let read_ms = self.line.exchange_ms(5 + 9);
        let waits_ms =
            u32::from(self.settings.after_unlock_ms) + u32::from(self.settings.reply_ms.max(CONFIRM_MS_MIN));
        fixed(self.settings.channels, self.settings.unlock_time.ms(), read_ms, 2 * read_ms + waits_ms)
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let board = self.settings.address;
        let unlock = Request::Unlock { board, lock: order.channel.0 }.encode().map_err(unsent)?;
        let status = Request::Status(Whom::Board(board)).encode().map_err(unsent)?;
        let mut turn = self.line.command()?;
        turn.send(&unlock).await?;
        let by_itself = Awaiting::new(cu16::Cu16, self.settings.after_unlock_ms);
        let answered = turn.receive(by_itself, self.status()).await;
        turn.settle().await;
        if answered.is_ok() {
            return Ok(());
        }
        let limit_ms = self.settings.reply_ms.max(CONFIRM_MS_MIN);
        let awaiting = Awaiting::new(cu16::Cu16, limit_ms);
        turn.ask(&status, awaiting, self.status()).await.map(drop).map_err(after_firing)
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let request = Request::Status(Whom::Board(self.settings.address)).encode().map_err(unsent)?;
        let mut turn = self.line.query().await?;
        let (hooks, items) = turn.ask(&request, self.awaiting(), self.status()).await?;
        let Cu16Settings { channels, polarity, items: sensor, .. } = self.settings;
        Ok(levels(channels, |channel| {
            (polarity.door(is_set(hooks, channel)), sensor.item(is_set(items, channel)))
        }))
    }

    /// The board ends each pulse and knows no such command; that its pulses are as long as they should be is seen to here,
    /// because nothing is fired before this has succeeded.
    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        let UnlockTime::Set { ms } = self.settings.unlock_time else {
            return Ok(());
        };
        let (whom, wanted) = (Whom::Board(self.settings.address), ms / 10);
        let query = Request::UnlockTime(whom).encode().map_err(unsent)?;
        let set = Request::SetUnlockTime(whom, wanted).encode().map_err(unsent)?;
        keep_unlock_time(&self.line, (query, set), self.awaiting(), self.time(), wanted).await
    }
}
