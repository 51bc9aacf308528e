//! A simulated cabinet on a socket of this machine: newline-delimited JSON, many clients at once.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};

use crate::board::Sim;
use crate::cabinet::BoardSays;
use crate::lines::{Line, Lines};
use crate::protocol::{Ask, REQUEST_BYTES_MAX, Reply, ReplyBody, Request, SimAnswer, SimError, Wanted};
use locker_hal::{Channel, PulseOrder};

/// The most clients at once; one more is hung up on.
pub const CLIENTS_MAX: usize = 64;

/// Replies of one client that wait to be sent. A client that reads none is read no more until it does.
const REPLIES_WAITING_MAX: usize = 16;

/// How late a [`Fault::BoardSlow`](crate::Fault::BoardSlow) acknowledges, in milliseconds: past every time-out of
/// [`SimClient`](crate::SimClient).
pub const SLOW_MS: u64 = 3_000;

/// Why a cabinet cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is not one of this machine alone. Whoever reaches the socket opens every door.
    #[error("a simulated cabinet listens on a loopback address only")]
    NotLoopback,
    /// The system does not give the address.
    #[error("the address cannot be listened on")]
    Listen(#[source] io::Error),
}

/// A socket that serves one [`Sim`]. See [`SimClient`](crate::SimClient) for the other end.
pub struct SimServer {
    listener: TcpListener,
    sim: Sim,
    slow: Duration,
}

impl SimServer {
    /// Listens on `address`; port 0 takes any free one.
    ///
    /// # Errors
    /// [`ServeError`].
    pub async fn bind(address: SocketAddr, sim: Sim) -> Result<Self, ServeError> {
        if !address.ip().is_loopback() {
            return Err(ServeError::NotLoopback);
        }
        let listener = TcpListener::bind(address).await.map_err(ServeError::Listen)?;
        let slow = Duration::from_millis(SLOW_MS);
        Ok(Self { listener, sim, slow })
    }

    /// How late a slow board acknowledges, instead of [`SLOW_MS`]: for tests that cannot wait.
    #[must_use]
    pub fn slow(mut self, slow: Duration) -> Self {
        self.slow = slow;
        self
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves clients until the future is dropped.
    pub async fn run(self) {
        let seats = Arc::new(Semaphore::new(CLIENTS_MAX));
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                // Out of descriptors, say: let the clients that are here end first.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else {
                continue;
            };
            let (sim, slow) = (self.sim.clone(), self.slow);
            tokio::spawn(async move {
                serve(stream, &sim, slow).await;
                drop(seat);
            });
        }
    }
}

/// Serves one client until it hangs up. Its replies go through a queue, so that a late one holds up no other.
async fn serve(stream: TcpStream, sim: &Sim, slow: Duration) {
    // Lines are short and each is waited for.
    let _ = stream.set_nodelay(true);
    let (from, to) = stream.into_split();
    let (replies, queue) = mpsc::channel(REPLIES_WAITING_MAX);
    let writer = tokio::spawn(write_replies(to, queue));
    let mut lines = Lines::new(BufReader::new(from), REQUEST_BYTES_MAX);
    while let Ok(Some(line)) = lines.next().await {
        let sent = match answer(sim, line) {
            Answer::Nothing => Ok(()),
            Answer::Now(bytes) => replies.send(bytes).await,
            Answer::Late(bytes) => {
                let replies = replies.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(slow).await;
                    // The client may be gone by then.
                    let _ = replies.send(bytes).await;
                });
                Ok(())
            }
        };
        if sent.is_err() {
            break;
        }
    }
    drop(replies);
    // The writer ends when the last late reply has gone.
    let _ = writer.await;
}

async fn write_replies(mut to: OwnedWriteHalf, mut queue: mpsc::Receiver<Vec<u8>>) {
    while let Some(bytes) = queue.recv().await {
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

enum Answer {
    Now(Vec<u8>),
    Late(Vec<u8>),
    Nothing,
}

fn answer(sim: &Sim, line: Line) -> Answer {
    let parsed = match line {
        Line::TooLong => Err((None, SimError::LineTooLong)),
        Line::Text(text) => Request::parse(&text),
    };
    let Request { id, body } = match parsed {
        Ok(request) => request,
        Err((id, error)) => return Answer::Now(encode(id, ReplyBody::Error(error))),
    };
    let id = Some(id);
    let says = match body {
        Wanted::Do(command) => {
            let done = sim.command(command);
            let reply = done.map_or_else(
                |refusal| ReplyBody::Error(SimError::Refused(refusal)),
                |()| ReplyBody::Ok(SimAnswer::Done),
            );
            return Answer::Now(encode(id, reply));
        }
        Wanted::Ask(Ask::State) => {
            return Answer::Now(encode(id, ReplyBody::Ok(SimAnswer::State(sim.state()))));
        }
        Wanted::Ask(Ask::Read { board }) => sim.with(|truth, now| truth.read(now, board)),
        Wanted::Ask(Ask::AllOff { board }) => sim.with(|truth, now| truth.all_off(now, board)),
        Wanted::Ask(Ask::Pulse { board, channel, length_ms, pulse }) => {
            let order = PulseOrder { id: pulse, channel: Channel(channel), length_ms };
            sim.with(|truth, now| truth.pulse(now, board, order))
        }
    };
    let done = || encode(id, ReplyBody::Ok(SimAnswer::Done));
    match says {
        BoardSays::Taken => Answer::Now(done()),
        BoardSays::TakenTooLate => Answer::Late(done()),
        BoardSays::Levels(levels) => {
            let sensed = levels.0.into_iter().map(Into::into).collect();
            Answer::Now(encode(id, ReplyBody::Ok(SimAnswer::Levels(sensed))))
        }
        BoardSays::Declined => Answer::Now(encode(id, ReplyBody::Error(SimError::Declined))),
        BoardSays::Noise => Answer::Now(b"\x15\x2a noise\n".to_vec()),
        BoardSays::Nothing | BoardSays::Gone => Answer::Nothing,
    }
}

fn encode(id: Option<u64>, body: ReplyBody) -> Vec<u8> {
    let reply = Reply { id, body };
    let mut line = serde_json::to_vec(&reply).expect("replies have string keys and no failing Serialize");
    line.push(b'\n');
    line
}
