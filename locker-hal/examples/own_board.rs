//! Your own board: a whole driver, with a program that watches it. `docs/guides/driver.md` goes through it.
//!
//! ```text
//! cargo run -p locker-hal --example own_board -- 192.0.2.7:7000
//! ```

use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use locker_hal::{
    Board, BoardSpec, BoxNo, Bus, Cabinet, ChannelLevel, ChannelLevels, Clock, Door, ErrorKind, Item, Mono,
    Outputs, PulseOrder, Raw, WireNo,
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

// The guide quotes from here …
/// How long the board may take to answer, and how long its longest answer is.
const ANSWER: Duration = Duration::from_millis(200);
const LINE_BYTES_MAX: u64 = 64;

/// A board with eight locks that speaks lines over TCP:
/// `STATE` → `CCCCOCCC --X-----` (door closed or open; something inside or not), `FIRE 4 500` → `OK` or `NO`,
/// `OFF` → `OK`. It ends every pulse by itself.
pub struct OwnBoard {
    address: SocketAddr,
    way: Option<BufReader<TcpStream>>,
}

impl OwnBoard {
    /// The board at this address. Nothing is connected yet.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, way: None }
    }

    /// The connection, made anew if need be. Only `read` and `all_off` do that: a pulse never waits for a way.
    async fn way(&mut self) -> Result<BufReader<TcpStream>, ErrorKind> {
        if let Some(way) = self.way.take() {
            return Ok(way);
        }
        let stream = timeout(ANSWER, TcpStream::connect(self.address)).await;
        stream.ok().and_then(Result::ok).map(BufReader::new).ok_or(ErrorKind::Disconnected)
    }

    /// One line out, one line in. Whatever goes wrong, the connection is dropped with what may still come over it, so
    /// that a late answer is never taken for the next one.
    async fn ask(&mut self, mut way: BufReader<TcpStream>, line: &str) -> Result<String, ErrorKind> {
        way.write_all(line.as_bytes()).await.map_err(|_| ErrorKind::Disconnected)?;
        let mut answer = String::new();
        let mut limited = (&mut way).take(LINE_BYTES_MAX);
        match timeout(ANSWER, limited.read_line(&mut answer)).await {
            Ok(Ok(_)) if answer.ends_with('\n') => {
                self.way = Some(way);
                Ok(answer.trim_end().into())
            }
            // The command went out: the coil may have fired.
            _ => Err(ErrorKind::Silent),
        }
    }
}

#[async_trait]
impl Board for OwnBoard {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        BoardSpec { read_ms: 5, command_ms: 200, ..BoardSpec::prompt(8) }
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let way = self.way.take().ok_or(ErrorKind::Disconnected)?;
        let fire = format!("FIRE {} {}\n", order.channel.0 + 1, order.length_ms);
        match self.ask(way, &fire).await?.as_str() {
            "OK" => Ok(()),
            "NO" => Err(ErrorKind::Refused),
            _ => Err(ErrorKind::Garbled),
        }
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let way = self.way().await?;
        let answer = self.ask(way, "STATE\n").await?;
        let (doors, items) = answer.split_once(' ').ok_or(ErrorKind::Garbled)?;
        if (doors.len(), items.len()) != (8, 8) {
            return Err(ErrorKind::Garbled);
        }
        let level = |(door, item)| ChannelLevel {
            door: Raw(if door == b'C' { Door::Closed } else { Door::Open }),
            item: Raw(if item == b'X' { Item::Present } else { Item::Absent }),
        };
        Ok(ChannelLevels(doors.bytes().zip(items.bytes()).map(level).collect()))
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        let way = self.way().await?;
        if self.ask(way, "OFF\n").await? == "OK" { Ok(()) } else { Err(ErrorKind::Garbled) }
    }
}
// … to here.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).ok_or("which address?")?.parse()?;
    let mut builder = Cabinet::builder();
    let board = builder.board(WireNo(0), OwnBoard::new(address));
    builder.wire_boxes(board, BoxNo::first(8));
    let mut cabinet = builder.build()?;
    let began = tokio::time::Instant::now();
    let clock = move || Mono(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
    loop {
        let readings = cabinet.cycle(&Outputs::all_off(clock.now()), &clock).await;
        println!("{:?}", readings.boxes);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
