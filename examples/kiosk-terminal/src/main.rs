//! The kiosk in a terminal: the same runtime and the same screens as the web pages have, drawn with letters. It proves that a
//! frontend holds no rule, and serves over a serial console or SSH. Office and tablets stay on their web pages.

mod draw;
mod host;
mod panel;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use kiosk::serve::{ServeError, Served, ended_by_somebody};
use locker_runtime::config::{Config, ConfigError};
use locker_runtime::site::{LockerHandle, Site};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event};
use tokio::sync::mpsc;

use crate::panel::{Deed, Panel};

/// A key locker with its screens in this terminal; office, tablet and mailbox are web pages.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Args {
    /// The configuration file; every key has a default.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Where journal and vault lie.
    #[arg(long)]
    data: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kiosk-terminal: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Failed> {
    let mut config = match &args.config {
        Some(path) => Config::parse(&std::fs::read_to_string(path)?)?,
        None => Config::default(),
    };
    if let Some(data) = &args.data {
        config.data.clone_from(data);
    }
    config.check()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let served = Served::start(&config).await?;
        let pages = format!("http://{}/", served.kiosk);
        let ended = match ratatui::try_init() {
            Ok(terminal) => {
                let ended = tokio::select! {
                    shown = show(terminal, &served.site, pages) => shown,
                    ended = ended_by_somebody() => ended,
                };
                ratatui::restore();
                ended
            }
            // No terminal: a pipe, a service manager.
            Err(error) => Err(error),
        };
        served.stop().await;
        Ok(ended?)
    })
}

/// Draws and listens until somebody quits.
async fn show(mut terminal: DefaultTerminal, site: &Site, pages: String) -> io::Result<()> {
    let mut keys = keys();
    let mut panel = Panel::new(pages);
    let mut view = site.locker.as_ref().map(LockerHandle::view);
    let mut tick = tokio::time::interval(Duration::from_millis(500));
    loop {
        host::look(&mut panel, site).await;
        terminal.draw(|frame| draw::panel(frame, &panel))?;
        let news = async {
            match &mut view {
                Some(view) => view.changed().await.is_ok(),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            event = keys.recv() => {
                let Some(event) = event else { return Ok(()) };
                let Event::Key(key) = event? else { continue };
                match panel.key(key) {
                    Some(Deed::Quit) => return Ok(()),
                    Some(deed) => host::act(&mut panel, site, deed).await,
                    None => {}
                }
            }
            goes_on = news => if !goes_on { view = None },
            _ = tick.tick() => {}
        }
    }
}

/// The terminal's events, read on a thread of its own because reading waits.
fn keys() -> mpsc::UnboundedReceiver<io::Result<Event>> {
    let (sender, keys) = mpsc::unbounded_channel();
    std::thread::spawn(move || while sender.send(event::read()).is_ok() {});
    keys
}
