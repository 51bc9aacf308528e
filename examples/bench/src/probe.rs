//! Which board answers on a port: every driver, speed and address is asked for its state. Nothing is fired, nothing is set.

use std::io::Write;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use locker_hal::Board;
use locker_hal::drivers::{
    Cu12, Cu12Settings, Cu16, Cu16Settings, Cu48, Cu48Settings, DoorInputs, Relay, RelaySettings, StatusEnd,
    UnlockTime, Winnsen, WinnsenSettings, Wkly, WklySettings, Xor8a, XorSettings,
};
use locker_hal::line::{LineSettings, PortAddress, SharedLine};
use locker_runtime::config::{
    BoardConfig, BoardDriver, Config, Driver, Echo, Parity, PortConfig, RelayProfile,
};

use crate::Failed;

/// How long a board may take to say how it is, in milliseconds: all are asked, and most are not there.
const REPLY_MS: u16 = 150;

/// The name of the port in the configuration that is written.
const PORT: &str = "line";

/// What may be there.
#[derive(Clone, Copy, Debug)]
struct Guess {
    driver: BoardDriver,
    baud: u32,
    address: u8,
}

/// Every guess, the likeliest addresses of each driver and speed first.
fn guesses(addresses: Option<u8>) -> Vec<Guess> {
    let kinds = [
        (BoardDriver::Xor, Xor8a::BAUD, 1..=32),
        (BoardDriver::Modbus, Relay::BAUD, 1..=16),
        (BoardDriver::Winnsen, Winnsen::BAUD, 0..=8),
        (BoardDriver::Wkly, Wkly::BAUD, 0..=8),
        (BoardDriver::Cu16, Cu16::BAUDS[0], 0..=9),
        (BoardDriver::Cu48, Cu48::BAUD, 0..=9),
        (BoardDriver::Cu12, Cu12::BAUD, 0..=15),
        (BoardDriver::Cu16, Cu16::BAUDS[1], 0..=9),
    ];
    let of = |(driver, baud, range): (BoardDriver, u32, core::ops::RangeInclusive<u8>)| {
        range.map(move |address| Guess { driver, baud, address })
    };
    let is_wanted = |guess: &Guess| addresses.is_none_or(|count| guess.address <= count);
    kinds.into_iter().flat_map(of).filter(is_wanted).collect()
}

impl Guess {
    /// How many channels the board has, if it answers.
    async fn ask(self, line: SharedLine) -> Option<u8> {
        let Self { address, .. } = self;
        let reply_ms = REPLY_MS;
        // What a board would be told at its start is left out: it is only read.
        let unlock_time = UnlockTime::Trust { ms: 550 };
        match self.driver {
            BoardDriver::Xor => {
                let status = StatusEnd::Silence { ms: 20 };
                let settings = XorSettings { address, status, reply_ms, ..Default::default() };
                answers(Xor8a::new(line, settings).ok()?).await
            }
            BoardDriver::Cu16 => {
                let settings = Cu16Settings { address, unlock_time, reply_ms, ..Default::default() };
                answers(Cu16::new(line, settings).ok()?).await
            }
            BoardDriver::Cu48 => {
                answers(Cu48::new(line, Cu48Settings { address, reply_ms, ..Default::default() }).ok()?).await
            }
            BoardDriver::Cu12 => {
                let settings = Cu12Settings { address, unlock_time, reply_ms, ..Default::default() };
                answers(Cu12::new(line, settings).ok()?).await
            }
            BoardDriver::Modbus => {
                // Inputs alone: a look at relays that are on would switch them off.
                let doors = Some(DoorInputs::default());
                let settings = RelaySettings { unit: address, doors, reply_ms, ..Default::default() };
                answers(Relay::new(line, settings).ok()?).await
            }
            BoardDriver::Wkly => {
                answers(Wkly::new(line, WklySettings { address, reply_ms, ..Default::default() }).ok()?).await
            }
            BoardDriver::Winnsen => {
                let settings = WinnsenSettings { station: address, reply_ms, ..Default::default() };
                answers(Winnsen::new(line, settings).ok()?).await
            }
            BoardDriver::Gpio => None,
        }
    }
}

async fn answers(mut board: impl Board) -> Option<u8> {
    board.read().await.ok().map(|_| board.spec().channels)
}

pub(crate) async fn probe(port: &str, addresses: Option<u8>, write: Option<&Path>) -> Result<(), Failed> {
    let address: PortAddress = port.parse().map_err(Failed::Port)?;
    // It has to be there: a port that cannot be opened answers like one with no boards.
    let opened = address.opener(Xor8a::BAUD).open().await;
    drop(opened.map_err(|error| Failed::File(port.into(), error))?);
    let guesses = guesses(addresses);
    let progress = ProgressBar::new(guesses.len() as u64);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}  {eta} left");
    progress.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut found: Vec<(Guess, u8)> = Vec::new();
    for guess in guesses {
        progress.set_message(format!("{} at {}, address {}", guess.driver, guess.baud, guess.address));
        let line = SharedLine::new(address.opener(guess.baud), LineSettings::default());
        if let Some(channels) = guess.ask(line).await {
            let Guess { driver, baud, address } = guess;
            progress.suspend(|| {
                println!("{driver} at {baud} baud, address {address}, up to {channels} channels");
            });
            found.push((guess, channels));
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    match (found.first(), write) {
        (None, _) => println!("no board answers: are A and B swapped, is the supply on?"),
        (Some((first, _)), Some(out)) => {
            let same =
                found.iter().filter(|(guess, _)| guess.baud == first.baud && guess.driver == first.driver);
            let config = config(port, first.baud, same);
            let file = |error| Failed::File(out.into(), error);
            let mut written =
                std::fs::File::options().write(true).create_new(true).open(out).map_err(file)?;
            written.write_all(config.to_toml().as_bytes()).map_err(file)?;
            println!("written to {}; `locker-bench learn` finds out which box hangs where", out.display());
        }
        (Some(_), None) => {}
    }
    Ok(())
}

/// A configuration with what was found, its boxes in the order of channels.
fn config<'a>(port: &str, baud: u32, found: impl Iterator<Item = &'a (Guess, u8)>) -> Config {
    let mut config = Config::default();
    config.cabinet.driver = Driver::Boards;
    config.cabinet.ports = vec![PortConfig {
        name: PORT.into(),
        address: port.into(),
        baud: (!port.starts_with("tcp://")).then_some(baud),
        parity: Parity::None,
        stop_bits: 1,
        echo: Echo::Off,
        silence_ms: None,
    }];
    let mut boxes = 0_u8;
    for (guess, channels) in found {
        let first = boxes;
        boxes = boxes.saturating_add(*channels);
        let mut board = BoardConfig::new(guess.driver, (first..boxes).map(|before| before + 1).collect());
        board.port = Some(PORT.into());
        board.address = Some(guess.address);
        board.channels = Some(*channels);
        if guess.driver == BoardDriver::Modbus {
            board.profile = Some(RelayProfile::Waveshare);
            let polarity = locker_runtime::config::Polarity::SetIsClosed;
            board.door_inputs = Some(locker_runtime::config::DoorInputs { unit: None, first: 0, polarity });
        }
        config.cabinet.boards.push(board);
    }
    config.cabinet.boxes = boxes;
    config
}
