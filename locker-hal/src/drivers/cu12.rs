//! KERONG CU12.

use async_trait::async_trait;
use locker_core::Item;

use super::{OutOfRange, Polarity, REPLY_MS, UnlockTime, fixed, is_set, keep_unlock_time, levels, unsent};
use crate::board::{Board, BoardSpec, ChannelLevels, PulseOrder};
use crate::codec::kerong::Whom;
use crate::codec::kerong::cu12::{self, ADDRESS_MAX, Ask, Command, LOCKS, Reply, Request};
use crate::error::ErrorKind;
use crate::line::{Awaiting, SharedLine};

/// How a board is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cu12Settings {
    /// Its address as its switches say, 0 to 15.
    pub address: u8,
    /// How many of its 12 locks are used, from the first.
    pub channels: u8,
    /// What the hook switches say.
    pub polarity: Polarity,
    /// How long a pulse is.
    pub unlock_time: UnlockTime,
    /// The time limit of a reply, in milliseconds.
    pub reply_ms: u16,
    /// The time limit of the reply to an unlock, in milliseconds: the board may wait for the lock to open.
    pub unlock_reply_ms: u16,
}

impl Default for Cu12Settings {
    fn default() -> Self {
        Self {
            address: 0,
            channels: LOCKS,
            polarity: Polarity::SetIsClosed,
            unlock_time: UnlockTime::default(),
            reply_ms: REPLY_MS,
            unlock_reply_ms: 1_500,
        }
    }
}

/// A KERONG CU12 (see [`codec::kerong::cu12`](crate::codec::kerong::cu12)).
pub struct Cu12 {
    line: SharedLine,
    settings: Cu12Settings,
}

impl Cu12 {
    /// The baud rate of these boards.
    pub const BAUD: u32 = 19_200;

    /// A board on `line`.
    ///
    /// # Errors
    /// A setting that is out of range.
    pub fn new(line: SharedLine, settings: Cu12Settings) -> Result<Self, OutOfRange> {
        OutOfRange::unless("address", settings.address, 0, ADDRESS_MAX.into())?;
        OutOfRange::unless("channels", settings.channels, 1, LOCKS.into())?;
        settings.unlock_time.checked()?;
        Ok(Self { line, settings })
    }

    fn awaiting(&self) -> Awaiting<cu12::Cu12> {
        Awaiting::new(cu12::Cu12, self.settings.reply_ms)
    }

    /// The hooks, if the reply is the board's; an error when it says that it failed.
    fn hooks(&self) -> impl Fn(Reply) -> Option<Result<u16, ErrorKind>> + use<> {
        let address = self.settings.address;
        move |reply| match reply.command {
            Command::Status(hooks) if reply.board == address => Some(hooks.ok_or(ErrorKind::Other)),
            _ => None,
        }
    }

    /// The unlock time, likewise.
    fn time(&self) -> impl Fn(Reply) -> Option<Result<u16, ErrorKind>> + Copy + use<> {
        let address = self.settings.address;
        move |reply| match reply.command {
            Command::UnlockTime(time) if reply.board == address => Some(time.ok_or(ErrorKind::Other)),
            _ => None,
        }
    }
}

#[async_trait]
impl Board for Cu12 {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        let read_ms = self.line.exchange_ms(8 + 10);
        let command_ms = self.line.exchange_ms(8 + 8) + u32::from(self.settings.unlock_reply_ms);
        fixed(self.settings.channels, self.settings.unlock_time.ms(), read_ms, command_ms)
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let (board, lock) = (self.settings.address, order.channel.0);
        let request = Request::Unlock { board, lock }.encode().map_err(unsent)?;
        let awaiting = Awaiting::new(cu12::Cu12, self.settings.unlock_reply_ms);
        let ours = |reply: Reply| {
            let is_ours = reply.board == board && reply.lock == lock && reply.command == Command::Unlock;
            is_ours.then_some(reply.ask)
        };
        match self.line.command()?.ask(&request, awaiting, ours).await? {
            // That the lock did not open in time is for the readings to say: the coil was on.
            Ask::Done | Ask::TimedOut => Ok(()),
            Ask::Failed => Err(ErrorKind::Other),
            Ask::Unknown | Ask::WrongSum => Err(ErrorKind::Refused),
        }
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let request = Request::Status(Whom::Board(self.settings.address)).encode().map_err(unsent)?;
        let hooks = self.line.query().await?.ask(&request, self.awaiting(), self.hooks()).await??;
        let Cu12Settings { channels, polarity, .. } = self.settings;
        Ok(levels(channels, |channel| (polarity.door(is_set(hooks, channel)), Item::Unknown)))
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
