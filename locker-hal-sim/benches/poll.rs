//! How long one reading of a board takes on a pseudo-terminal whose bytes take as long as on a wire, beside what the wire needs, and
//! how soon a wanted pulse is on the wire: `cargo bench -p locker-hal-sim --bench poll`. The board lives on a thread of its own.

#![allow(clippy::unwrap_used, reason = "a bench by hand")]

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::Duration;

use locker_hal::drivers::{
    Cu12, Cu12Settings, Cu16, Cu16Settings, Cu48, Cu48Settings, DoorInputs, Polarity, Relay, RelaySettings,
    StatusEnd, UnlockTime, Winnsen, WinnsenSettings, Wkly, WklySettings, Xor8a, XorPulse, XorSettings,
};
use locker_hal::line::{LineSettings, Opener, SerialPort, SharedLine};
use locker_hal::{
    Board, Boot, BoxNo, Cabinet, Clock, Outputs, POLL_PERIOD_MS, Pulse, PulseId, WireNo, run_bus,
};
use locker_hal_sim::simboard::{BoardMake, Protocol, Pty, SimLine};
use locker_hal_sim::{RealClock, Sim, SimConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::sync::watch;
use tokio::time::Instant;

const READINGS: u32 = 200;
const PULSES: u64 = 30;
/// Short, so that a lock has rested when its turn comes again.
const PULSE_MS: u16 = 50;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let cu16 = |line| Cu16::new(line, Cu16Settings::default()).unwrap();
        row("KERONG CU16", &BoardMake::of(Protocol::Cu16), 5 + 9, cu16).await;
        let fast = BoardMake { baud: 115_200, ..BoardMake::of(Protocol::Cu16) };
        row("KERONG CU16", &fast, 5 + 9, cu16).await;
        let cu48 = |line| Cu48::new(line, Cu48Settings { channels: 16, ..Cu48Settings::default() }).unwrap();
        let cu12 = |line| Cu12::new(line, Cu12Settings::default()).unwrap();
        row("KERONG CU12", &BoardMake::of(Protocol::Cu12), 8 + 10, cu12).await;
        row("KERONG CU48", &BoardMake::of(Protocol::Cu48), 6 + 12, cu48).await;
        let status = StatusEnd::Length(3);
        let xor =
            |line| Xor8a::new(line, XorSettings { channels: 16, status, ..XorSettings::default() }).unwrap();
        row("8A/80, length known", &BoardMake::of(Protocol::Xor80), 5 + 7, xor).await;
        let doors = Some(DoorInputs { unit: None, first: 0, polarity: Polarity::SetIsClosed });
        let relay = RelaySettings { channels: 16, doors, ..RelaySettings::default() };
        // Some readings look after the relays as well, and take twice as long: the median does not.
        row("Modbus, FC02", &BoardMake::of(Protocol::Waveshare), 8 + 7, |line| {
            Relay::new(line, relay).unwrap()
        })
        .await;
        let winnsen = |line| Winnsen::new(line, WinnsenSettings::default()).unwrap();
        row("Winnsen", &BoardMake::of(Protocol::Winnsen), 7 + 7, winnsen).await;
        let wkly = |line| Wkly::new(line, WklySettings { channels: 16, ..WklySettings::default() }).unwrap();
        row("WKLY", &BoardMake::of(Protocol::Wkly), 8 + 26, wkly).await;
        let status = StatusEnd::Length(3);
        let pulse = XorPulse::Board { ms: PULSE_MS };
        let settings = XorSettings { channels: 16, status, pulse, ..XorSettings::default() };
        let first = BoardMake::of(Protocol::Xor80).address;
        for boards in [1, 3] {
            let xor = |line, n| Xor8a::new(line, XorSettings { address: first + n, ..settings }).unwrap();
            pulses("8A/80", &BoardMake::of(Protocol::Xor80), boards, |bytes| bytes[0] == 0x8A, xor).await;
        }
        let unlock_time = UnlockTime::Trust { ms: PULSE_MS };
        for boards in [1, 3] {
            let cu16 = |line, address| {
                Cu16::new(line, Cu16Settings { address, unlock_time, ..Cu16Settings::default() }).unwrap()
            };
            let is_unlock = |bytes: &[u8]| bytes.get(2) == Some(&0x31);
            pulses("KERONG CU16", &BoardMake::of(Protocol::Cu16), boards, is_unlock, cu16).await;
        }
    });
}

/// The bytes of an exchange, the board's turnaround, and the silence behind it, beside what a reading really took.
async fn row<B: Board>(name: &str, make: &BoardMake, bytes: u64, driver: impl FnOnce(SharedLine) -> B) {
    let (path, heard) = board(make.clone(), 1);
    let port = SerialPort::new(path, make.baud);
    let line = SharedLine::new(port.clone(), LineSettings::default());
    let mut board = driver(line);
    board.read().await.unwrap_or_else(|_| panic!("{name} cannot be read"));
    let mut took = Vec::new();
    for _ in 0..READINGS {
        let began = Instant::now();
        if board.read().await.is_ok() {
            took.push(began.elapsed());
        }
    }
    took.sort_unstable();
    let median = took[took.len() / 2].as_secs_f64() * 1e3;
    drop(board);
    let request = heard.try_iter().last().unwrap().1;
    let character_ms = 10_000.0 / f64::from(make.baud);
    // What Modbus asks for, and never less than 1.75 ms.
    let silence_ms = (3.5 * character_ms).max(1.75);
    let bare = bare(port, &request, bytes as usize - request.len(), silence_ms).await;
    let wire_ms = bytes as f64 * character_ms + f64::from(make.turnaround_us) / 1e3 + silence_ms;
    println!(
        "{name}, {} baud: {wire_ms:.2} ms on the wire, {median:.2} ms measured: {:.2} ×; a bare loop on the same terminal {bare:.2} ms: {:.2} × ({} of {READINGS} readings)",
        make.baud,
        median / wire_ms,
        median / bare,
        took.len(),
    );
}

/// The same bytes and the same silence without driver and line: what the machine makes of it, in milliseconds, median.
async fn bare(mut port: SerialPort, request: &[u8], reply: usize, silence_ms: f64) -> f64 {
    let mut stream = port.open().await.unwrap();
    let mut bytes = vec![0; reply];
    let mut took = Vec::new();
    for _ in 0..READINGS {
        let began = Instant::now();
        stream.write_all(request).await.unwrap();
        stream.read_exact(&mut bytes).await.unwrap();
        port.pause(Duration::from_secs_f64(silence_ms / 1e3)).await;
        took.push(began.elapsed());
    }
    took.sort_unstable();
    took[took.len() / 2].as_secs_f64() * 1e3
}

/// From outputs that want a pulse to the first byte of the unlock, in a running bus that polls as a kiosk's does. Each is
/// compared with the poll period of its own moment: the median of the ten before it.
async fn pulses<B: Board>(
    name: &str,
    make: &BoardMake,
    boards: u8,
    is_unlock: fn(&[u8]) -> bool,
    driver: impl Fn(SharedLine, u8) -> B,
) {
    let (path, heard) = board(make.clone(), boards);
    let line = SharedLine::new(SerialPort::new(path, make.baud), LineSettings::default());
    let mut builder = Cabinet::builder();
    for n in 0..boards {
        let there = builder.board(WireNo(0), driver(line.clone(), n));
        builder.wire_boxes(there, BoxNo::first(16 * boards).skip(16 * usize::from(n)).take(16));
    }
    let cabinet = builder.build().unwrap();
    let clock = RealClock::start();
    let (wanted, latest) = watch::channel(Outputs::all_off(clock.now()));
    let (offered, _readings) = tokio::sync::mpsc::channel(1);
    let period = Duration::from_millis(POLL_PERIOD_MS);
    let bus = tokio::spawn(run_bus(cabinet, clock, latest, offered, period));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (mut took, mut periods, mut kept) = (Vec::new(), Vec::new(), 0);
    for n in 1..=PULSES {
        // Not in step with the bus: 37 goes round 60.
        tokio::time::sleep(Duration::from_millis(1_500 + n * 37 % 60)).await;
        // Nothing but readings: behind the unlock before, which a board may answer when it is over.
        let readings: Vec<Instant> = heard.try_iter().map(|(at, _)| at).collect();
        let turns: Vec<Instant> = readings.into_iter().step_by(boards.into()).collect();
        let recent = turns.len().saturating_sub(10);
        let mut own: Vec<_> = turns[recent..].windows(2).map(|pair| pair[1] - pair[0]).collect();
        own.sort_unstable();
        let period = own[own.len() / 2];
        periods.extend(own);
        let now = clock.now();
        let (n_th, board) = (usize::try_from(n).unwrap(), usize::try_from(n).unwrap() % usize::from(boards));
        let box_no = BoxNo::first(16 * boards).nth(16 * board + n_th % 16).unwrap();
        let id = PulseId { boot: Boot(1), n: u32::try_from(n).unwrap() };
        let pulse = Pulse { id, box_no, length_ms: PULSE_MS, not_after: now.after(1_500) };
        let began = Instant::now();
        let mut outputs = Outputs::all_off(now);
        outputs.pulse = Some(pulse);
        wanted.send_replace(outputs);
        tokio::time::sleep(Duration::from_millis(300)).await;
        let unlocked = heard.try_iter().find(|(_, bytes)| is_unlock(bytes));
        let after = unlocked.map(|(at, _)| at.duration_since(began));
        kept += u32::from(after.is_some_and(|after| after <= period + Duration::from_millis(1)));
        took.extend(after);
    }
    drop(wanted);
    drop(bus.await);
    took.sort_unstable();
    periods.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let half = |times: &[Duration]| times.get(times.len() / 2).map_or(0.0, |time| ms(*time));
    println!(
        "{name}, {boards} on the line, from wanting a pulse to the first byte of it, {} of {PULSES}: median {:.1} ms, longest {:.1} ms, {kept} within their own poll period and 1 ms; poll period {:.1} ms, longest {:.1} ms",
        took.len(),
        half(&took),
        took.last().map_or(0.0, |time| ms(*time)),
        half(&periods),
        periods.last().map_or(0.0, |time| ms(*time)),
    );
}

/// What the boards' end of the terminal hears, and when.
struct Tap {
    pty: Pty,
    heard: mpsc::Sender<(Instant, Vec<u8>)>,
}

impl AsyncRead for Tap {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.pty).poll_read(cx, buf);
        if buf.filled().len() > before {
            // Who only measures readings does not listen.
            let _ = self.heard.send((Instant::now(), buf.filled()[before..].to_vec()));
        }
        read
    }
}

impl AsyncWrite for Tap {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pty).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pty).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pty).poll_shutdown(cx)
    }
}

fn board(make: BoardMake, boards: u8) -> (PathBuf, mpsc::Receiver<(Instant, Vec<u8>)>) {
    let (opened, path) = mpsc::channel();
    let (heard, hears) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let config =
                SimConfig { boxes: 16 * boards, boxes_per_board: 16, bounce_ms: 0, ..SimConfig::default() };
            let mut line = SimLine::new(&Sim::new(config, RealClock::start()), &make).paced();
            let pty = Pty::open(make.baud).unwrap();
            opened.send(pty.path().to_owned()).unwrap();
            let _ = line.serve(Tap { pty, heard }).await;
        });
    });
    (path.recv().unwrap(), hears)
}
