//! The other end of a [`SimServer`](crate::SimServer): a board for a cabinet, and hands for people.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use locker_hal::{Board, BoardSpec, Cabinet, CabinetError, ChannelLevels, ErrorKind, PulseOrder};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

use crate::board::cabinet_of;
use crate::command::SimCommand;
use crate::config::SimConfig;
use crate::lines::{Line, Lines};
use crate::protocol::{
    Ask, REPLY_BYTES_MAX, Reply, ReplyBody, Request, SimAnswer, SimError, Wanted, channel_levels,
};
use crate::state::SimState;

/// How long a client waits for a connection or an answer, in milliseconds. Far longer than a loaded machine needs, as
/// short as the boards in the field.
pub const ANSWER_MS: u64 = 1_500;

/// A connection, with requests numbered from 1. A late answer to an older request is skipped.
struct Link {
    from: Lines<BufReader<OwnedReadHalf>>,
    to: OwnedWriteHalf,
    last_id: u64,
}

/// Why no answer came over a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    BeforeTheFirstByte,
    AfterTheFirstByte,
    Noise,
}

impl Link {
    async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (from, to) = stream.into_split();
        Ok(Self { from: Lines::new(BufReader::new(from), REPLY_BYTES_MAX), to, last_id: 0 })
    }

    async fn request(&mut self, body: Wanted) -> Result<ReplyBody, Broken> {
        self.last_id += 1;
        let id = self.last_id;
        let mut line = serde_json::to_vec(&Request { id, body }).expect("requests have string keys");
        line.push(b'\n');
        let written = self.to.write(&line).await.map_err(|_| Broken::BeforeTheFirstByte)?;
        let rest = line.get(written..).unwrap_or_default();
        self.to.write_all(rest).await.map_err(|_| Broken::AfterTheFirstByte)?;
        loop {
            let line = match self.from.next().await {
                Ok(Some(Line::Text(line))) => line,
                Ok(Some(Line::TooLong)) => return Err(Broken::Noise),
                Ok(None) | Err(_) => return Err(Broken::AfterTheFirstByte),
            };
            let reply: Reply = serde_json::from_slice(&line).map_err(|_| Broken::Noise)?;
            if reply.id.is_none_or(|replied| replied == id) {
                return Ok(reply.body);
            }
        }
    }
}

/// One board of a simulated cabinet in another process.
///
/// It connects when it is first read, and again for ever when the connection breaks; the [`Cabinet`] above spaces out
/// the attempts. A pulse never waits for a connection.
pub struct SimClient {
    address: SocketAddr,
    board: u8,
    channels: u8,
    answer: Duration,
    link: Option<Link>,
}

impl SimClient {
    /// The board `board` (from 0) of the cabinet at `address`, which is built as `config` says. Connects later.
    #[must_use]
    pub fn new(address: SocketAddr, config: &SimConfig, board: u8) -> Self {
        Self {
            address,
            board,
            channels: config.channels(board),
            answer: Duration::from_millis(ANSWER_MS),
            link: None,
        }
    }

    /// How long to wait for an answer, instead of [`ANSWER_MS`].
    #[must_use]
    pub fn answer_within(mut self, answer: Duration) -> Self {
        self.answer = answer;
        self
    }

    /// A whole cabinet of clients: every board on a connection and a wire of its own.
    ///
    /// # Errors
    /// None with a simulator; the type is that of [`CabinetBuilder::build`](locker_hal::CabinetBuilder::build).
    ///
    /// ```
    /// use locker_hal_sim::{SimClient, SimConfig};
    ///
    /// let cabinet = SimClient::cabinet("127.0.0.1:7070".parse()?, &SimConfig::default())?;
    /// assert_eq!(cabinet.boxes().count(), 16);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cabinet(address: SocketAddr, config: &SimConfig) -> Result<Cabinet, CabinetError> {
        let boards = 0..config.boards();
        cabinet_of(config, boards.map(|board| Self::new(address, config, board)))
    }

    /// Connects if need be; a connection that cannot be had is [`ErrorKind::Disconnected`].
    async fn connect(&mut self) -> Result<(), ErrorKind> {
        if self.link.is_none() {
            let opened = timeout(self.answer, Link::open(self.address)).await;
            self.link = Some(opened.ok().and_then(Result::ok).ok_or(ErrorKind::Disconnected)?);
        }
        Ok(())
    }

    async fn ask(&mut self, ask: Ask) -> Result<SimAnswer, ErrorKind> {
        let link = self.link.as_mut().ok_or(ErrorKind::Disconnected)?;
        match timeout(self.answer, link.request(Wanted::Ask(ask))).await {
            Ok(Ok(ReplyBody::Ok(answer))) => Ok(answer),
            Ok(Ok(ReplyBody::Error(SimError::Declined | SimError::Refused(_)))) => Err(ErrorKind::Refused),
            Ok(Ok(ReplyBody::Error(_)) | Err(Broken::Noise)) => Err(ErrorKind::Garbled),
            // The link stays: a late answer carries the number of its request.
            Err(_) => Err(ErrorKind::Silent),
            Ok(Err(broken)) => {
                self.link = None;
                let nothing_sent = broken == Broken::BeforeTheFirstByte;
                Err(if nothing_sent { ErrorKind::Disconnected } else { ErrorKind::Silent })
            }
        }
    }
}

#[async_trait]
impl Board for SimClient {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        let command_ms = u32::try_from(self.answer.as_millis()).unwrap_or(u32::MAX);
        BoardSpec { read_ms: 5, command_ms, ..BoardSpec::prompt(self.channels) }
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let pulse = Ask::Pulse {
            board: self.board,
            channel: order.channel.0,
            length_ms: order.length_ms,
            pulse: order.id,
        };
        self.ask(pulse).await.map(drop)
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        self.connect().await?;
        match self.ask(Ask::Read { board: self.board }).await? {
            SimAnswer::Levels(sensed) => Ok(channel_levels(sensed)),
            SimAnswer::Done | SimAnswer::State(_) => Err(ErrorKind::Garbled),
        }
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        self.connect().await?;
        self.ask(Ask::AllOff { board: self.board }).await.map(drop)
    }
}

/// Hands in front of a cabinet in another process: for tests, and for pages on which one clicks at doors.
pub struct SimPeople {
    link: Link,
}

/// Why a person could not do something over the socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// The cabinet cannot be reached, or hung up.
    #[error("the simulated cabinet cannot be reached")]
    Disconnected,
    /// What came back makes no sense.
    #[error("the simulated cabinet's answer cannot be read")]
    Garbled,
    /// The cabinet says no.
    #[error(transparent)]
    Sim(#[from] SimError),
}

impl SimPeople {
    /// Connects.
    ///
    /// # Errors
    /// [`PeopleError::Disconnected`].
    pub async fn connect(address: SocketAddr) -> Result<Self, PeopleError> {
        let opened = timeout(Duration::from_millis(ANSWER_MS), Link::open(address)).await;
        let link = opened.ok().and_then(Result::ok).ok_or(PeopleError::Disconnected)?;
        Ok(Self { link })
    }

    /// Does something, or switches a fault.
    ///
    /// # Errors
    /// [`PeopleError`]; with [`PeopleError::Sim`] nothing has changed.
    pub async fn command(&mut self, command: SimCommand) -> Result<(), PeopleError> {
        match self.request(Wanted::Do(command)).await? {
            SimAnswer::Done => Ok(()),
            SimAnswer::Levels(_) | SimAnswer::State(_) => Err(PeopleError::Garbled),
        }
    }

    /// The whole truth.
    ///
    /// # Errors
    /// [`PeopleError`].
    pub async fn state(&mut self) -> Result<SimState, PeopleError> {
        match self.request(Wanted::Ask(Ask::State)).await? {
            SimAnswer::State(state) => Ok(state),
            SimAnswer::Done | SimAnswer::Levels(_) => Err(PeopleError::Garbled),
        }
    }

    async fn request(&mut self, wanted: Wanted) -> Result<SimAnswer, PeopleError> {
        let answered = timeout(Duration::from_millis(ANSWER_MS), self.link.request(wanted)).await;
        match answered.map_err(|_| PeopleError::Disconnected)? {
            Ok(ReplyBody::Ok(answer)) => Ok(answer),
            Ok(ReplyBody::Error(error)) => Err(PeopleError::Sim(error)),
            Err(Broken::Noise) => Err(PeopleError::Garbled),
            Err(_) => Err(PeopleError::Disconnected),
        }
    }
}
