//! The kiosk's side of the guard.

use core::time::Duration;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

use super::lines::Lines;
use super::words::{Answer, Order};
use crate::board::{Board, BoardSpec, ChannelLevels, PulseOrder, PulseSource};
use crate::error::ErrorKind;

/// How long the guard may take to answer, in milliseconds. After that the connection is ended, and with it every pulse.
pub const ANSWER_MS: u64 = 1_000;

/// A board that a guard process holds. Its pulses end without this process, so a cabinet does not wait for them; it still
/// has to be told that they are accepted (BOX-8), for a guard is a program and no circuit.
///
/// ```
/// use locker_hal::guard::GuardedBoard;
/// use locker_hal::{BoardSpec, Cabinet, CabinetError, BoxNo, WireNo};
///
/// let board = GuardedBoard::new("/run/locker/guard.sock", 0, BoardSpec::prompt(8));
/// let mut builder = Cabinet::builder();
/// let there = builder.board(WireNo(0), board);
/// builder.accept_software_pulse(there).wire_boxes(there, BoxNo::first(8));
/// # builder.build().map(drop)?;
/// # Ok::<(), CabinetError>(())
/// ```
pub struct GuardedBoard {
    socket: PathBuf,
    no: u8,
    spec: BoardSpec,
    way: Option<Way>,
}

struct Way {
    lines: Lines<OwnedReadHalf>,
    to: OwnedWriteHalf,
}

impl Way {
    async fn line(&mut self) -> Result<Answer, ErrorKind> {
        let Ok(Some(line)) = self.lines.next().await else { return Err(ErrorKind::Silent) };
        line.parse().map_err(|_| ErrorKind::Garbled)
    }

    /// The next answer; what the guard has said of its own accord is passed over, since levels are read behind it.
    async fn answer(&mut self) -> Result<Answer, ErrorKind> {
        loop {
            match self.line().await? {
                Answer::Moved => {}
                answer => return Ok(answer),
            }
        }
    }
}

impl GuardedBoard {
    /// Board `no` of the guard at `socket`; `spec` is that of the board behind it. Nothing is connected yet.
    #[must_use]
    pub fn new(socket: impl AsRef<Path>, no: u8, spec: BoardSpec) -> Self {
        let command_ms = u32::try_from(ANSWER_MS).unwrap_or(u32::MAX).max(spec.command_ms);
        let spec = BoardSpec { pulse_source: PulseSource::Guarded, command_ms, ..spec };
        Self { socket: socket.as_ref().into(), no, spec, way: None }
    }

    /// The way to the guard, taken out until it has answered: what was dropped halfway is out of step.
    async fn way(&mut self) -> Result<Way, ErrorKind> {
        if let Some(way) = self.way.take() {
            return Ok(way);
        }
        let stream = UnixStream::connect(&self.socket).await.map_err(|_| ErrorKind::Disconnected)?;
        let (from, to) = stream.into_split();
        let way = Way { lines: Lines::new(from), to };
        match self.ask(way, Order::Board(self.no)).await? {
            Answer::Done => self.way.take().ok_or(ErrorKind::Disconnected),
            Answer::Failed(_) | Answer::Levels(_) | Answer::Moved => {
                // Another kiosk has the board, or the guard's configuration is another one.
                self.way = None;
                Err(ErrorKind::Disconnected)
            }
        }
    }

    async fn ask(&mut self, mut way: Way, order: Order) -> Result<Answer, ErrorKind> {
        let line = format!("{order}\n");
        way.to.write_all(line.as_bytes()).await.map_err(|_| ErrorKind::Disconnected)?;
        let answered = timeout(Duration::from_millis(ANSWER_MS), way.answer()).await;
        let answer = answered.unwrap_or(Err(ErrorKind::Silent))?;
        self.way = Some(way);
        Ok(answer)
    }
}

#[async_trait]
impl Board for GuardedBoard {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        self.spec
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let way = self.way.take().ok_or(ErrorKind::Disconnected)?;
        done(self.ask(way, Order::Pulse { channel: order.channel, length_ms: order.length_ms }).await?)
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let way = self.way().await?;
        match self.ask(way, Order::Read).await? {
            Answer::Levels(levels) => Ok(levels),
            Answer::Failed(kind) => Err(kind),
            Answer::Done | Answer::Moved => Err(ErrorKind::Garbled),
        }
    }

    async fn moved(&mut self) {
        let Some(way) = &mut self.way else { return core::future::pending().await };
        if way.line().await != Ok(Answer::Moved) {
            // The guard is gone, or out of step: the next reading asks for another connection.
            self.way = None;
            core::future::pending::<()>().await;
        }
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        let way = self.way().await?;
        done(self.ask(way, Order::Off).await?)
    }
}

fn done(answer: Answer) -> Result<(), ErrorKind> {
    match answer {
        Answer::Done => Ok(()),
        Answer::Failed(kind) => Err(kind),
        Answer::Levels(_) | Answer::Moved => Err(ErrorKind::Garbled),
    }
}
