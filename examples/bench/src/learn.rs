//! Learns the box map: fires every channel in turn and asks which box opened.

use std::io::{BufRead, Write};
use std::path::Path;

use indicatif::ProgressBar;
use locker_hal::BoxNo;
use locker_runtime::boards::{ChannelOf, every_channel};
use locker_runtime::config::Config;

use crate::Failed;
use crate::live::Live;

/// What a technician says to a channel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Box(u8),
    None,
    Again,
    End,
}

pub(crate) async fn learn(mut config: Config, out: &Path) -> Result<(), Failed> {
    let (cabinet, channels) = every_channel(&config.cabinet)?;
    let file = |error| Failed::File(out.into(), error);
    // Before anything is fired: what is learned has to go somewhere.
    let mut written = std::fs::File::options().write(true).create_new(true).open(out).map_err(file)?;
    for board in &mut config.cabinet.boards {
        board.boxes.clear();
    }
    println!("{} channels. Close all doors. Every lock is fired once, one after the other.", channels.len());
    println!("For each: the number of the box that opened; Enter for none; a for again; q to stop here.");
    let mut live = Live::new(cabinet);
    let progress = ProgressBar::new(channels.len() as u64);
    let mut known = Vec::new();
    'channels: for (box_no, place) in BoxNo::first(u8::MAX).zip(channels) {
        loop {
            progress.tick();
            let fired = live.fire(box_no, config.cabinet.pulse_ms).await;
            progress.suspend(|| {
                let ChannelOf { board, channel } = place;
                println!("board {board}, channel {channel}: {}", fired.words(box_no));
            });
            match progress.suspend(|| ask(&known))? {
                Said::Again => continue,
                Said::End => break 'channels,
                Said::None => note(&mut config, place, 0),
                Said::Box(number) => {
                    known.push(number);
                    note(&mut config, place, number);
                }
            }
            break;
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    live.end().await;
    let Some(&highest) = known.iter().max() else {
        drop(written);
        std::fs::remove_file(out).map_err(file)?;
        return Err(Failed::NothingLearned);
    };
    config.cabinet.boxes = highest;
    written.write_all(config.to_toml().as_bytes()).map_err(file)?;
    println!("{} boxes, written to {}", known.len(), out.display());
    if let Err(error) = config.check() {
        println!("before a kiosk takes it: {error}");
    }
    Ok(())
}

fn note(config: &mut Config, place: ChannelOf, box_no: u8) {
    if let Some(board) = config.cabinet.boards.get_mut(place.board) {
        board.boxes.resize(usize::from(place.channel.0) + 1, 0);
        if let Some(there) = board.boxes.last_mut() {
            *there = box_no;
        }
    }
}

fn ask(known: &[u8]) -> Result<Said, Failed> {
    loop {
        print!("which box opened? ");
        std::io::stdout().flush()?;
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line)? == 0 {
            return Ok(Said::End);
        }
        match line.trim() {
            "" => return Ok(Said::None),
            "a" => return Ok(Said::Again),
            "q" => return Ok(Said::End),
            number => match number.parse() {
                Ok(number) if number > 0 && !known.contains(&number) => return Ok(Said::Box(number)),
                Ok(number) if number > 0 => println!("box {number} is known already"),
                _ => println!("a number from 1 to 255, Enter, a or q"),
            },
        }
    }
}
