//! How long one reading of a board takes on a pseudo-terminal whose bytes take as long as on a wire, beside what the wire needs:
//! `cargo bench -p locker-hal-sim --bench poll`. The board lives on a thread of its own.

#![allow(clippy::unwrap_used, reason = "a bench by hand")]

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use locker_hal::Board;
use locker_hal::drivers::{
    Cu16, Cu16Settings, Cu48, Cu48Settings, DoorInputs, Polarity, Relay, RelaySettings, StatusEnd, Winnsen,
    WinnsenSettings, Wkly, WklySettings, Xor8a, XorSettings,
};
use locker_hal::line::{LineSettings, SerialPort, SharedLine};
use locker_hal_sim::simboard::{BoardMake, Protocol, SimLine};
use locker_hal_sim::{RealClock, Sim, SimConfig};
use tokio::time::Instant;

const READINGS: u32 = 200;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let cu16 = |line| Cu16::new(line, Cu16Settings::default()).unwrap();
        row("KERONG CU16", &BoardMake::of(Protocol::Cu16), 5 + 9, cu16).await;
        let fast = BoardMake { baud: 115_200, ..BoardMake::of(Protocol::Cu16) };
        row("KERONG CU16", &fast, 5 + 9, cu16).await;
        let cu48 = |line| Cu48::new(line, Cu48Settings { channels: 16, ..Cu48Settings::default() }).unwrap();
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
    });
}

/// The bytes of an exchange, the board's turnaround, and the silence behind it, beside what a reading really took.
async fn row<B: Board>(name: &str, make: &BoardMake, bytes: u64, driver: impl FnOnce(SharedLine) -> B) {
    let path = board(make.clone());
    let line = SharedLine::new(SerialPort::new(path, make.baud), LineSettings::default());
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
    let character_ms = 10_000.0 / f64::from(make.baud);
    // What Modbus asks for, and never less than 1.75 ms.
    let silence_ms = (3.5 * character_ms).max(1.75);
    let wire_ms = bytes as f64 * character_ms + f64::from(make.turnaround_us) / 1e3 + silence_ms;
    println!(
        "{name}, {} baud: {wire_ms:.2} ms on the wire, {median:.2} ms measured: {:.2} × ({} of {READINGS} readings)",
        make.baud,
        median / wire_ms,
        took.len(),
    );
}

fn board(make: BoardMake) -> PathBuf {
    let (opened, path) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            tokio::time::sleep(Duration::ZERO).await;
            let config = SimConfig { boxes_per_board: 16, bounce_ms: 0, ..SimConfig::default() };
            let mut line = SimLine::new(&Sim::new(config, RealClock::start()), &make).paced();
            let _ = line.serve_ptys(None, |path| drop(opened.send(path.to_owned()))).await;
        });
    });
    path.recv().unwrap()
}
