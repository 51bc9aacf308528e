//! A dealership with its lockers in virtual time, on the command line: plays days of it, plays scenarios, tells stories again;
//! and simulated lock boards in real time.
//!
//! ```text
//! $ locker-sim scenario locker-hal-sim/scenarios
//! $ locker-sim run --lockers 20 --days 30 --seed 7 --faults default
//! $ locker-sim replay violation-7.story
//! $ locker-sim board --protocol cu16 --link ./cu16
//! ```
//!
//! Ends with 0 when all went as it should, 1 on a violation or a scenario that went otherwise, 2 when it was asked for something
//! that it cannot do.

mod board;
mod clock;
mod hands;
mod plant;
mod play;
mod report;
mod run;
mod shrink;
mod story;
mod tell;

use std::io::{BufReader, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use locker_hal_sim::{ServeError, SimRefusal, simboard, terminal};

use story::Story;

/// A dealership with its lockers in virtual time.
#[derive(Parser)]
#[command(name = "locker-sim", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plays days of a dealership with its people and mishaps, every invariant checked after every step.
    Run(run::Arguments),
    /// Plays scenarios and says which went otherwise, with file, line and column.
    Scenario(play::Arguments),
    /// Tells a story again, moment by moment, with the screen of each.
    Replay(ReplayArguments),
    /// Puts simulated lock boards on a pseudo-terminal, for a kiosk in another process.
    Board(board::Arguments),
}

#[derive(clap::Args)]
struct ReplayArguments {
    /// A story that `run` or `scenario --story` has written.
    file: PathBuf,
    /// Prints all moments at once.
    #[arg(long)]
    all: bool,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Scenario(arguments) => play::play(&arguments),
        Command::Replay(arguments) => replay_file(&arguments),
        Command::Board(arguments) => board::board(&arguments),
    };
    match done {
        Ok(code) => code,
        // Whoever reads has seen enough.
        Err(Failed::Output(why)) if why.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("locker-sim: {why}");
            ExitCode::from(2)
        }
    }
}

/// Why a command could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("{path}: {why}")]
    File { path: String, why: std::io::Error },
    #[error("{path}: no scenario in it")]
    NoScenario { path: String },
    #[error(transparent)]
    Story(#[from] story::StoryError),
    #[error(transparent)]
    Pty(#[from] simboard::PtyError),
    #[error(transparent)]
    Serve(ServeError),
    #[error("{0}")]
    Refused(SimRefusal),
    #[error("{0}")]
    Output(#[from] std::io::Error),
}

fn replay_file(arguments: &ReplayArguments) -> Result<ExitCode, Failed> {
    let story = Story::read(&arguments.file)?;
    let moments = tell::tell(&story);
    let mut out = stdout().lock();
    if arguments.all {
        terminal::print(&mut out, &story.title, &moments)?;
    } else {
        terminal::step(&mut BufReader::new(stdin().lock()), &mut out, &story.title, &moments)?;
    }
    Ok(ExitCode::SUCCESS)
}
