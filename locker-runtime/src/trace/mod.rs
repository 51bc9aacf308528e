//! A trace of a locker for testers: what it was asked and told, what came of it, and what its screens showed, with
//! everything personal and every code taken out before it leaves the machine's thread.
//!
//! Off unless the configuration says `trace = true`. It stands beside the journal as `trace.jsonl`, a line of JSON for
//! each moment; `kiosk replay` tells both together, screen by screen. At [`TRACE_BYTES_MAX`] the file is set aside as
//! `trace.1.jsonl`, whose forerunner goes. It is not synced and proves nothing: a power cut may take its last lines, a
//! full disk ends it, and a line that finds the queue full is counted and left out.
//!
//! What is taken out goes by its type: of everything typed the number of characters is left, of every word and every masked
//! contact that a screen puts into its texts as many dots. Boxes, counts, days, times of day and the numbers of
//! visits and messages stay; they stand in the journal in clear.

mod redact;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use locker_core::screen::{Locale, Screen, Surface};
use locker_core::{Answer, Ask, Locker, Machine, Now, Readings, Told};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use crate::folder::{DataFolder, close_to_others, open_private};
use crate::task::{Came, Undone, Witness};

/// How large the file grows before it is set aside: some days of a busy locker.
pub const TRACE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Lines that wait to be written; what comes while it is full is left out, so that the locker never waits for its trace.
const LINES_MAX: usize = 1_024;

const FILE: &str = "trace.jsonl";
const SET_ASIDE: &str = "trace.1.jsonl";

/// One moment of a locker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The boot.
    pub boot: u32,
    /// When, by that boot's clock, in milliseconds.
    pub mono: u64,
    /// When, by the wall clock, in milliseconds since 1970 UTC.
    pub wall: i64,
    /// The number of the newest record before it.
    pub from: u64,
    /// The number of the newest record behind it.
    pub to: u64,
    /// What the locker was asked or told.
    pub input: String,
    /// What came of it, unless it was simply done: a denial, a refusal, or why nothing was done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub came: String,
    /// The lines of the bottom screen, where they changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bottom: Option<Vec<String>>,
    /// The lines of the top screen, where they changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<Vec<String>>,
    /// How many lines before this one are missing because the disk was too slow.
    #[serde(default, skip_serializing_if = "is_none")]
    pub missing: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Resolves once the last line is written.
pub type Written = oneshot::Receiver<()>;

/// Looks on at a locker and hands every moment of it to the thread that writes.
pub struct Recorder {
    lines: mpsc::Sender<Line>,
    input: Input,
    readings: Option<Arc<Readings>>,
    head: u64,
    shown: Option<[Vec<String>; 2]>,
    missing: u64,
}

/// What is about to be decided.
#[derive(Default)]
struct Input {
    said: String,
    /// Whether it is worth a line when nothing comes of it.
    is_news: bool,
}

impl Recorder {
    /// Begins to write the trace of `locker`, behind what its file holds.
    ///
    /// # Errors
    /// When the file cannot be opened, or the system gives no thread.
    pub fn start(folder: &DataFolder, locker: &Locker, now: &Now) -> io::Result<(Self, Written)> {
        let (lines, queue) = mpsc::channel(LINES_MAX);
        let file = TraceFile::open(folder.file(FILE), folder.file(SET_ASIDE))?;
        let (last, written) = oneshot::channel();
        std::thread::Builder::new().name("trace".into()).spawn(move || {
            write_all(file, queue);
            let _ = last.send(());
        })?;
        let mut recorder =
            Self { lines, input: Input::default(), readings: None, head: 0, shown: None, missing: 0 };
        recorder.head = locker.head().seq;
        recorder.input = Input { said: "the trace begins".into(), is_news: true };
        recorder.came(Came::Answer(&Answer::Done), locker, now);
        Ok((recorder, written))
    }
}

impl Witness<Locker> for Recorder {
    fn asked(&mut self, ask: &Ask) {
        self.input = Input { said: redact::asked(ask), is_news: true };
    }

    fn told(&mut self, told: &Told) {
        let said = redact::told(told, self.readings.as_deref());
        if let Told::Readings(readings) = told {
            self.readings = Some(Arc::clone(readings));
        }
        let is_news = said.is_some();
        self.input = Input { said: said.unwrap_or_else(|| "time passes".into()), is_news };
    }

    fn came(&mut self, came: Came<'_, Locker>, machine: &Locker, now: &Now) {
        let input = std::mem::take(&mut self.input);
        let (from, to) = (self.head, machine.head().seq);
        let is_lost = matches!(came, Came::Nothing(Undone::Unknown));
        let screen = |surface| match is_lost {
            true => Screen::out_of_service(surface, Locale::default()),
            false => machine.screen(surface, now),
        };
        let shown = [Surface::Bottom, Surface::Top].map(|surface| redact::screen(screen(surface)));
        let came = redact::came(&came);
        if !input.is_news && from == to && came.is_empty() && self.shown.as_ref() == Some(&shown) {
            return;
        }
        let [bottom, top] = [0, 1].map(|n| {
            let before = self.shown.as_ref().map(|before| &before[n]);
            (before != Some(&shown[n])).then(|| shown[n].clone())
        });
        let boot = machine.frame().boot().0;
        let missing = self.missing;
        let line = Line {
            boot,
            mono: now.mono.0,
            wall: now.wall.0,
            from,
            to,
            input: input.said,
            came,
            bottom,
            top,
            missing,
        };
        if self.lines.try_send(line).is_ok() {
            self.head = to;
            self.shown = Some(shown);
            self.missing = 0;
        } else {
            // What was shown is told again with the next line.
            self.shown = None;
            self.missing += 1;
        }
    }
}

fn write_all(mut file: TraceFile, mut queue: mpsc::Receiver<Line>) {
    while let Some(line) = queue.blocking_recv() {
        let written = file.write(&line).and_then(|()| if queue.is_empty() { file.flush() } else { Ok(()) });
        if let Err(error) = written {
            tracing::warn!(%error, "the trace ends here");
            return;
        }
    }
}

struct TraceFile {
    file: BufWriter<File>,
    bytes: u64,
    path: PathBuf,
    set_aside: PathBuf,
}

impl TraceFile {
    fn open(path: PathBuf, set_aside: PathBuf) -> io::Result<Self> {
        let mut file = open_private(&path)?;
        let bytes = io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
        let mut file = BufWriter::new(file);
        if bytes > 0 {
            // The last line may be torn: the next one begins for itself.
            file.write_all(b"\n")?;
        }
        Ok(Self { file, bytes, path, set_aside })
    }

    fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        if self.bytes + text.len() as u64 > TRACE_BYTES_MAX {
            self.flush()?;
            fs::rename(&self.path, &self.set_aside)?;
            *self = Self::open(self.path.clone(), self.set_aside.clone())?;
            close_to_others(&self.set_aside, 0o600)?;
        }
        self.bytes += text.len() as u64;
        self.file.write_all(&text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Reads the trace in a data folder, oldest line first; empty if there is none. A line that a power cut tore is left out.
///
/// # Errors
/// When a file cannot be read.
pub fn read(folder: &Path) -> io::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for name in [SET_ASIDE, FILE] {
        let file = match File::open(folder.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for line in BufReader::new(file).split(b'\n') {
            lines.extend(serde_json::from_slice::<Line>(&line?).ok());
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it knows")]

    use super::*;

    fn line(input: &str) -> Line {
        Line {
            boot: 1,
            mono: 2,
            wall: 3,
            from: 4,
            to: 5,
            input: input.into(),
            came: String::new(),
            bottom: Some(vec!["start".into()]),
            top: None,
            missing: 0,
        }
    }

    #[test]
    fn a_full_file_is_set_aside_and_a_torn_line_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let open = || TraceFile::open(dir.path().join(FILE), dir.path().join(SET_ASIDE)).unwrap();
        let mut file = open();
        file.write(&line("one")).unwrap();
        file.bytes = TRACE_BYTES_MAX;
        file.write(&line("two")).unwrap();
        file.flush().unwrap();
        drop(file);
        assert_eq!(read(dir.path()).unwrap(), [line("one"), line("two")]);
        let mut file = open();
        file.file.write_all(b"{\"boot\":1,\"mo").unwrap();
        file.flush().unwrap();
        assert_eq!(read(dir.path()).unwrap().len(), 2);
        drop(file);
        let mut file = open();
        file.write(&line("three")).unwrap();
        file.flush().unwrap();
        assert_eq!(read(dir.path()).unwrap(), [line("one"), line("two"), line("three")]);
    }
}
