//! A wanted pulse is the next request on its wire: it waits for the exchange under way, and for no other board's reading.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod drivers;

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use locker_hal::line::{LineSettings, Opener, Port, SharedLine};
use locker_hal::{Boot, BoxNo, Clock, Outputs, POLL_PERIOD_MS, Pulse, PulseId, run_bus};
use locker_hal_sim::simboard::{Protocol, SimLine};
use locker_hal_sim::{RealClock, Sim, SimConfig};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

/// Three boards share the line.
const BOARDS: u8 = 3;
const BOXES_PER_BOARD: u8 = 8;
const PERIOD: Duration = Duration::from_millis(POLL_PERIOD_MS);

/// A port that notes the requests, and wants a pulse right when one of them goes out.
struct Tap {
    stream: DuplexStream,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    sim: Sim,
    outputs: watch::Sender<Outputs>,
    /// For each request, when it went out and how many pulses there had been by then.
    requests: Vec<(Instant, u64)>,
    /// What is wanted when this many more requests have gone out.
    at_request: Option<(usize, Outputs)>,
}

impl Seen {
    fn request(&mut self) {
        self.requests.push((Instant::now(), self.sim.state().pulses));
        if let Some((left, outputs)) = self.at_request.take() {
            match left {
                1 => drop(self.outputs.send_replace(outputs)),
                _ => self.at_request = Some((left - 1, outputs)),
            }
        }
    }
}

impl AsyncRead for Tap {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Tap {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        // The stream has room for every request at once.
        if matches!(written, Poll::Ready(Ok(count)) if count > 0) {
            self.seen.lock().unwrap().request();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

struct Plug {
    plugs: mpsc::UnboundedSender<DuplexStream>,
    seen: Arc<Mutex<Seen>>,
}

#[async_trait]
impl Opener for Plug {
    async fn open(&mut self) -> io::Result<Box<dyn Port>> {
        let (stream, wire) = tokio::io::duplex(1_024);
        self.plugs.send(wire).map_err(|_| io::ErrorKind::NotFound)?;
        Ok(Box::new(Tap { stream, seen: Arc::clone(&self.seen) }))
    }
}

/// A running bus of three boards of a kind.
struct Running {
    seen: Arc<Mutex<Seen>>,
    clock: RealClock,
    pulses: u32,
}

impl Running {
    async fn start(protocol: Protocol) -> Self {
        let boxes = BOARDS * BOXES_PER_BOARD;
        let config =
            SimConfig { boxes, boxes_per_board: BOXES_PER_BOARD, bounce_ms: 0, ..SimConfig::default() };
        let clock = RealClock::start();
        let sim = Sim::new(config, clock);
        let mut boards = SimLine::new(&sim, &drivers::make(protocol));
        let (plugs, mut streams) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(stream) = streams.recv().await {
                let _ = boards.serve(stream).await;
            }
        });
        let (outputs, latest) = watch::channel(Outputs::all_off(clock.now()));
        let seen = Seen { sim: sim.clone(), outputs, requests: Vec::new(), at_request: None };
        let seen = Arc::new(Mutex::new(seen));
        let line = SharedLine::new(Plug { plugs, seen: Arc::clone(&seen) }, LineSettings::default());
        let cabinet = drivers::cabinet(protocol, &[line], sim.config());
        let (offered, mut readings) = mpsc::channel(1);
        tokio::spawn(async move { while readings.recv().await.is_some() {} });
        tokio::spawn(run_bus(cabinet, clock, latest, offered, PERIOD));
        let mut running = Self { seen, clock, pulses: 0 };
        running.pass(5_000).await;
        running
    }

    /// Lets time pass, with outputs that never grow stale.
    async fn pass(&mut self, ms: u64) {
        for _ in 0..ms / 500 {
            sleep(Duration::from_millis(500)).await;
            let now = self.clock.now();
            self.seen.lock().unwrap().outputs.send_modify(|outputs| outputs.at = now);
        }
    }

    /// The next pulse, for a box of this board.
    fn next(&mut self, board: u8) -> Outputs {
        self.pulses += 1;
        let nth = board * BOXES_PER_BOARD + u8::try_from(self.pulses).unwrap() % BOXES_PER_BOARD;
        let box_no = BoxNo::new(nth + 1).unwrap();
        let id = PulseId { boot: Boot(1), n: self.pulses };
        let mut outputs = Outputs::all_off(self.clock.now());
        outputs.pulse = Some(Pulse { id, box_no, length_ms: 500, not_after: self.clock.now().after(10_000) });
        outputs
    }

    /// How many requests went out behind the one at which this was wanted, the unlock counted.
    async fn requests_until_unlocked(&mut self, board: u8, at_request: usize) -> usize {
        let outputs = self.next(board);
        let (wished, before) = {
            let mut seen = self.seen.lock().unwrap();
            seen.at_request = Some((at_request, outputs));
            (seen.requests.len() + at_request, seen.sim.state().pulses)
        };
        self.pass(3_000).await;
        let seen = self.seen.lock().unwrap();
        let fired = seen.requests.iter().position(|(_, pulses)| *pulses > before);
        // The request before the first that finds the coil fired.
        fired.expect("the coil is fired") - wished
    }
}

/// How many exchanges one reading may take: every tenth reading of a relay looks at the relays, too.
fn exchanges(protocol: Protocol) -> usize {
    if matches!(protocol, Protocol::Waveshare | Protocol::R421a08 | Protocol::Coils) { 2 } else { 1 }
}

#[tokio::test(start_paused = true)]
async fn box_08_a_pulse_wanted_within_a_poll_waits_for_the_exchange_under_way_and_for_no_other_board() {
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        let mut running = Running::start(protocol).await;
        for at_request in 1..=usize::from(BOARDS) {
            for board in 0..BOARDS {
                let behind = running.requests_until_unlocked(board, at_request).await;
                if behind == 0 || behind > exchanges(protocol) {
                    found.push(format!("{protocol}: board {board}, {at_request}: request {behind} behind"));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn box_08_a_pulse_wanted_between_two_polls_goes_out_at_once() {
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        let mut running = Running::start(protocol).await;
        for board in 0..BOARDS {
            // A pause has begun when nothing has gone out for 30 ms.
            let quiet = Duration::from_millis(30);
            while running.seen.lock().unwrap().requests.last().unwrap().0.elapsed() < quiet {
                sleep(Duration::from_millis(1)).await;
            }
            let outputs = running.next(board);
            let (wished, before) = {
                let seen = running.seen.lock().unwrap();
                seen.outputs.send_replace(outputs);
                (Instant::now(), (seen.requests.len(), seen.sim.state().pulses))
            };
            running.pass(3_000).await;
            let seen = running.seen.lock().unwrap();
            let next = seen.requests[before.0];
            let behind_it = seen.requests[before.0 + 1];
            if next != (wished, before.1) || behind_it.1 != before.1 + 1 {
                found.push(format!("{protocol}, board {board}: {:?} late", next.0 - wished));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
