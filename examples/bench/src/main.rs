//! `locker-bench`: what a technician needs at a cabinet before a kiosk runs on it.
//!
//! ```text
//! locker-bench ports                                  which serial ports and GPIO chips there are
//! locker-bench probe /dev/serial/by-id/…              which board answers there: driver, speed, address
//! locker-bench watch  --config cabinet.toml           hooks and items as they change
//! locker-bench pulse  --config cabinet.toml 3         fires one lock and says what came of it
//! locker-bench learn  --config cabinet.toml kiosk.toml   opens each in turn, asks which it was, writes the map
//! ```
//! Only `pulse` and `learn` fire locks, one at a time with the rests of a cabinet; stop the kiosk first.

mod learn;
mod live;
mod ports;
mod probe;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use locker_hal::BoxNo;
use locker_runtime::config::{BoardsError, Config, ConfigError};

/// Finds boards, watches sensors, fires one lock, learns which box hangs where.
#[derive(Debug, Parser)]
#[command(name = "locker-bench", version)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists serial ports by their ids, and GPIO chips.
    Ports,
    /// Asks every driver, speed and address on a port; fires and sets nothing.
    Probe {
        /// The port: `/dev/serial/by-id/…` or `tcp://HOST:PORT`.
        port: String,
        /// Asks addresses up to this one only.
        #[arg(long)]
        addresses: Option<u8>,
        /// Writes a configuration with what was found; must not be there yet.
        #[arg(long)]
        write: Option<PathBuf>,
    },
    /// Shows doors and items, and every change of them, until Ctrl-C.
    Watch {
        /// The kiosk's configuration, or one with `[cabinet]` alone.
        #[arg(long)]
        config: PathBuf,
        /// Ends after so many changes.
        #[arg(long)]
        changes: Option<u64>,
    },
    /// Fires the lock of one box, once.
    Pulse {
        /// The kiosk's configuration, or one with `[cabinet]` alone.
        #[arg(long)]
        config: PathBuf,
        /// The box.
        #[arg(value_name = "BOX", value_parser = clap::value_parser!(u8).range(1..))]
        box_no: u8,
    },
    /// Fires every channel in turn, asks which box opened, and writes the configuration with that map.
    Learn {
        /// A configuration with ports and boards; what its `boxes` say does not matter.
        #[arg(long)]
        config: PathBuf,
        /// Where to write the new one; must not be there yet.
        out: PathBuf,
    },
}

/// Why the program ends with an error.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Boards(#[from] BoardsError),
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Port(locker_hal::line::PortAddressError),
    #[error("the cabinet has no box {0}")]
    NoSuchBox(u8),
    #[error("no box was learned: nothing is written")]
    NothingLearned,
    #[error("the configuration's cabinet is simulated: cabinet.driver is not boards")]
    Simulated,
}

/// Reads a configuration; whether its boxes make a whole cabinet does not matter yet.
fn read(path: &Path) -> Result<Config, Failed> {
    let text = std::fs::read_to_string(path).map_err(|error| Failed::File(path.into(), error))?;
    let config = Config::parse_unchecked(&text)?;
    match config.cabinet.driver {
        locker_runtime::config::Driver::Boards => Ok(config),
        _ => Err(Failed::Simulated),
    }
}

async fn run(command: Command) -> Result<(), Failed> {
    match command {
        Command::Ports => ports::list(),
        Command::Probe { port, addresses, write } => probe::probe(&port, addresses, write.as_deref()).await,
        Command::Watch { config, changes } => {
            let config = read(&config)?;
            config.check()?;
            live::watch(locker_runtime::boards::cabinet(&config.cabinet)?, changes).await
        }
        Command::Pulse { config, box_no } => {
            let config = read(&config)?;
            config.check()?;
            let there = BoxNo::new(box_no).filter(|_| box_no <= config.cabinet.boxes);
            let there = there.ok_or(Failed::NoSuchBox(box_no))?;
            let cabinet = locker_runtime::boards::cabinet(&config.cabinet)?;
            live::pulse(cabinet, there, config.cabinet.pulse_ms).await
        }
        Command::Learn { config, out } => learn::learn(read(&config)?, &out).await,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Args::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("locker-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
