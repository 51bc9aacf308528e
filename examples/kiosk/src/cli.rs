//! The command line.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kiosk::serve::{ServeError, Served, ended_by_somebody};
use locker_core::Locker;
use locker_core::office::Office;
use locker_hal::guard::ListenError;
use locker_runtime::config::{Config, ConfigError};
use locker_runtime::site::{ImportFile, ImportFileError, Site, SiteError};
use locker_runtime::verify::{Verify, VerifyError};

use crate::guard;
use crate::replay::{self, Pace, ReplayError};

/// A key locker: kiosk, office and a simulated cabinet in one process.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Args {
    /// The configuration file; every key has a default.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Where journal and vault lie.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// Where to listen; the kiosk's own pages are served on a loopback address only.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Writes a trace of inputs and screens beside the journal, without anything personal; `replay` then shows the screens.
    #[arg(long)]
    trace: bool,
    /// Prints the configuration with every default written out, and ends.
    #[arg(long)]
    print_config: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Takes over location, users and work orders from a JSON file; what was planned before is replaced. The kiosk
    /// must not be running.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Checks the journal from its first record: every authenticator, the newest head, the snapshot. The kiosk must not
    /// be running.
    Verify,
    /// Holds the boards without a pulse of their own for the kiosk, and lets their coils go when it dies or hangs. A process
    /// of its own, to be started before the kiosk and restarted at once by the service manager.
    Guard,
    /// Tells the locker's journal again, record by record, forward and back, with the boxes as they stood; with a trace,
    /// screen by screen. The folder is copied first and only read. The kiosk must not be running.
    Replay {
        /// Prints everything at once.
        #[arg(long)]
        all: bool,
    },
}

/// Why the program ends with an error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error(transparent)]
    Import(#[from] ImportFileError),
    #[error(transparent)]
    Verify(#[from] VerifyError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error("cabinet.guard is the socket of the guard; {0}")]
    Guard(#[from] ListenError),
    #[error("no board of the configuration needs a guard")]
    NothingToGuard,
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("the journal is damaged; see `kiosk verify`")]
    Damaged,
}

impl Args {
    fn config(&self) -> Result<Config, ConfigError> {
        let mut config = match &self.config {
            Some(path) => Config::parse(&std::fs::read_to_string(path)?)?,
            None => Config::default(),
        };
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        config.trace |= self.trace;
        config.check()?;
        Ok(config)
    }
}

/// Does what the command line says.
pub(crate) fn run(args: Args) -> Result<ExitCode, Failed> {
    let config = args.config()?;
    if args.print_config {
        print!("{}", config.to_toml());
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match args.command {
        None => runtime.block_on(serve(&config)).map(|()| ExitCode::SUCCESS),
        Some(Command::Import { file }) => runtime.block_on(import(&config, &file)),
        Some(Command::Verify) => verify(&config),
        Some(Command::Guard) => runtime.block_on(guard::run(&config)).map(|()| ExitCode::SUCCESS),
        Some(Command::Replay { all }) => {
            let pace = if all { Pace::All } else { Pace::Step };
            Ok(replay::replay(&config.data, pace)?)
        }
    }
}

/// Serves until Ctrl-C or SIGTERM, then stops in order.
async fn serve(config: &Config) -> Result<(), Failed> {
    let served = Served::start(config).await?;
    served.announce(config);
    ended_by_somebody().await?;
    served.stop().await;
    println!("stopped");
    Ok(())
}

async fn import(config: &Config, file: &Path) -> Result<ExitCode, Failed> {
    let file = ImportFile::read(file)?;
    // Into an empty folder nothing but the file is to come.
    let config = Config { seed: String::from("empty"), ..config.clone() };
    let site = Site::start(&config).await?;
    let Some(office) = site.office.clone() else {
        site.stop().await;
        return Err(Failed::Damaged);
    };
    let report = file.take_over(&office, &site.accounts, site.clock.now().today).await;
    drop(office);
    site.stop().await;
    let report = report?;
    println!("{} rows taken over, {} changed, {} withdrawn", report.good, report.changed, report.withdrawn);
    for bad in &report.bad {
        println!("{:?} row {}: {}", bad.part, bad.row, bad.why);
    }
    Ok(if report.bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn verify(config: &Config) -> Result<ExitCode, Failed> {
    let report = Verify::open(&config.data)?.stream::<Locker>().stream::<Office>().report();
    if let Some(torn) = &report.torn {
        println!("an append that a power cut had torn was dropped: {torn:?}");
    }
    if let Some(damage) = &report.file {
        println!("the file: {damage}");
    }
    for stream in &report.streams {
        match &stream.damage {
            None => println!("{}: {} records, well", stream.stream, stream.records),
            Some(damage) => println!("{}: {} records, {damage}", stream.stream, stream.records),
        }
    }
    Ok(if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
