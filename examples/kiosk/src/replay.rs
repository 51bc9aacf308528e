//! The journal of a kiosk told again, record by record, read off a copy; with its trace, screen by screen.

use std::fs;
use std::io::{BufReader, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;

use locker_core::{
    Assignment, BoxState, DAY, Date, Door, Durable, Entry, HOUR, HoldsPersonal, Locker, MINUTE, Machine,
    Record, RestoreError, SECOND, Wall, decode,
};
use locker_hal_sim::terminal::{self, Moment};
use locker_runtime::folder::{DataFolder, FolderError};
use locker_runtime::journal::{Journal, JournalError, PAGE_ENTRIES, SqliteJournal};
use locker_runtime::trace::{self, Line};
use locker_runtime::vault::{FileVault, VaultError};
use locker_runtime::verify::verify_stream;

/// What a data folder holds beside the journal, the keys and the heads, and a replay does not need.
const LEFT_BEHIND: [&str; 2] = ["lock", "reserve"];

/// Why a journal cannot be told again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReplayError {
    #[error("{0} holds no journal")]
    NoJournal(String),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Restore(#[from] RestoreError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Whether all is printed at once or somebody steps through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    Step,
    All,
}

/// Tells the locker's journal in the folder `data` again. The folder itself is only read.
pub(crate) fn replay(data: &Path, pace: Pace) -> Result<ExitCode, ReplayError> {
    let copy = copy(data)?;
    let folder = DataFolder::own(copy.path())?;
    let mut vault = FileVault::open(&folder)?;
    let mut journal = SqliteJournal::open(&folder)?.journal;
    let report = verify_stream::<Locker>(&mut journal, &mut vault);
    let state = report.damage.map_or_else(|| "well".into(), |damage| damage.to_string());
    let title = format!("{}: {} records, {state}", Locker::STREAM, report.records);
    let moments = with_trace(moments(&mut journal, &vault)?, &trace::read(copy.path())?);
    let mut out = stdout().lock();
    match pace {
        Pace::All => terminal::print(&mut out, &title, &moments)?,
        Pace::Step => terminal::step(&mut BufReader::new(stdin().lock()), &mut out, &title, &moments)?,
    }
    Ok(if report.damage.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A copy of the folder in a place of its own that goes when the copy is dropped, made while no kiosk runs on it.
fn copy(data: &Path) -> Result<tempfile::TempDir, ReplayError> {
    if !data.join("journal.db").is_file() {
        return Err(ReplayError::NoJournal(data.display().to_string()));
    }
    let _owned = DataFolder::own(data)?;
    let copy = tempfile::tempdir()?;
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        let is_needed = !LEFT_BEHIND.iter().any(|name| entry.file_name() == *name);
        if is_needed && entry.file_type()?.is_file() {
            fs::copy(entry.path(), copy.path().join(entry.file_name()))?;
        }
    }
    Ok(copy)
}

/// Every record with the cabinet as it stood behind it.
fn moments(journal: &mut SqliteJournal, vault: &FileVault) -> Result<Vec<Moment>, ReplayError> {
    let mut durable = Durable::default();
    let mut moments = Vec::new();
    let mut after = 0;
    loop {
        let page = journal.read(Locker::STREAM, after, PAGE_ENTRIES)?;
        for entry in &page {
            moments.push(moment(&mut durable, entry, vault)?);
            after = entry.seq;
        }
        if page.len() < PAGE_ENTRIES {
            return Ok(moments);
        }
    }
}

fn moment(durable: &mut Durable, entry: &Entry, vault: &FileVault) -> Result<Moment, ReplayError> {
    let mut stamped = decode::<Record>(entry)?;
    stamped.record.visit_personal(&mut |personal| personal.open(vault)).map_err(RestoreError::from)?;
    Locker::apply(durable, &stamped);
    let at = format!("boot {}, {}", stamped.at.boot.0, clock(stamped.at.wall));
    Ok(Moment { at, said: vec![terminal::record_line(entry)], picture: cabinet(durable) })
}

/// The moments of a trace among those of the journal: each with the records that came of it and both screens behind it. Moment
/// number n of the journal is record n.
fn with_trace(records: Vec<Moment>, trace: &[Line]) -> Vec<Moment> {
    let mut told = Vec::with_capacity(records.len() + trace.len());
    let mut records = (1..).zip(records).peekable();
    let mut cabinet = String::new();
    let (mut bottom, mut top) = (&Vec::new(), &Vec::new());
    for line in trace {
        while let Some((_, moment)) = records.next_if(|(seq, _)| *seq <= line.from) {
            cabinet.clone_from(&moment.picture);
            told.push(moment);
        }
        let mut said = vec![format!("> {}", line.input)];
        if line.missing > 0 {
            said.insert(0, format!("({} moments are missing here)", line.missing));
        }
        if !line.came.is_empty() {
            said.push(line.came.clone());
        }
        while let Some((_, moment)) = records.next_if(|(seq, _)| *seq <= line.to) {
            cabinet.clone_from(&moment.picture);
            said.extend(moment.said);
        }
        bottom = line.bottom.as_ref().unwrap_or(bottom);
        top = line.top.as_ref().unwrap_or(top);
        let at = format!("boot {}, {}", line.boot, clock(Wall(line.wall)));
        let picture = format!("{}{}{cabinet}", terminal::frame(top), terminal::frame(bottom));
        told.push(Moment { at, said, picture });
    }
    told.extend(records.map(|(_, moment)| moment));
    told
}

/// The boxes of which there is something to say, one a line.
fn cabinet(durable: &Durable) -> String {
    let boxes = (1..=u8::MAX).filter_map(locker_core::BoxNo::new).filter_map(|no| durable.box_state(no));
    boxes.filter_map(box_line).map(|line| format!("  {line}\n")).collect()
}

fn box_line(state: &BoxState) -> Option<String> {
    let mut said = Vec::new();
    match state.assignment {
        Assignment::Free => {}
        Assignment::Reserved { visit, .. } => said.push(format!("reserved for visit {visit}")),
        Assignment::Holding { visit } => said.push(format!("holds the key of visit {visit}")),
        Assignment::Collected { visit, .. } => said.push(format!("collected by visit {visit}")),
    }
    if state.in_use.is_some() {
        said.push("in use".into());
    }
    said.extend(state.check.map(|check| format!("to be checked: {:?}", check.reason).to_lowercase()));
    said.extend(state.out.map(|reason| format!("out of service: {reason:?}").to_lowercase()));
    match state.door {
        Door::Open => said.push("door open".into()),
        Door::Unknown | Door::Closed => {}
    }
    (!said.is_empty()).then(|| format!("box {}: {}", state.no(), said.join(", ")))
}

/// A wall clock's time, in UTC.
fn clock(wall: Wall) -> String {
    let ms = u64::try_from(wall.0).unwrap_or(0);
    let day = Date::default().plus_days(i32::try_from(ms / DAY).unwrap_or(0));
    let (hours, minutes, seconds) = (ms % DAY / HOUR, ms % HOUR / MINUTE, ms % MINUTE / SECOND);
    format!("{day} {hours:02}:{minutes:02}:{seconds:02}.{:03} UTC", ms % SECOND)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it knows")]

    use locker_core::{Layout, LockerId, Mono, Now, Told};
    use locker_runtime::journal::Appended;
    use locker_runtime::open::{RestoreFrom, open_machine};

    use super::*;

    /// Keeps the journal of a locker that was started and set up in `data`.
    fn kept(data: &Path) {
        let folder = DataFolder::own(data).unwrap();
        let (mut vault, mut journal) =
            (FileVault::open(&folder).unwrap(), SqliteJournal::open(&folder).unwrap().journal);
        let now = Now::new(Mono(0), Wall(1_772_438_400_000), Date::default(), Wall(1_772_492_400_000));
        let mut locker: Locker = open_machine(&mut journal, &mut vault, &now, RestoreFrom::Snapshot).unwrap();
        let mut step = locker.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), 4, 4))), &now);
        let encoded = step.encode(&mut vault).unwrap();
        assert_eq!(journal.append(Locker::STREAM, encoded.after, &encoded.entries), Appended::Ok);
        locker.commit(step).unwrap();
    }

    #[test]
    fn safe_04_a_journal_is_told_off_a_copy_and_the_folder_stays_as_it_was() {
        let data = tempfile::tempdir().unwrap();
        assert!(matches!(copy(data.path()), Err(ReplayError::NoJournal(_))));
        kept(data.path());
        let journal = fs::read(data.path().join("journal.db-wal")).unwrap();

        let copied = copy(data.path()).unwrap();
        let folder = DataFolder::own(copied.path()).unwrap();
        let vault = FileVault::open(&folder).unwrap();
        let mut opened = SqliteJournal::open(&folder).unwrap().journal;
        let moments = moments(&mut opened, &vault).unwrap();
        let said: Vec<_> = moments.iter().flat_map(|moment| &moment.said).collect();
        assert_eq!(said, ["#1 boot.started wall_trusted true", "#2 locker.set_up"]);
        assert_eq!(moments[0].at, "boot 1, 2026-03-02 08:00:00.000 UTC");
        assert_eq!(fs::read(data.path().join("journal.db-wal")).unwrap(), journal);
    }

    #[test]
    fn a_trace_stands_among_the_records_with_the_screens_of_each_moment() {
        let record = |n: u64| Moment {
            at: format!("at {n}"),
            said: vec![format!("#{n}")],
            picture: format!("box {n}\n"),
        };
        let line = |from, to, input: &str, bottom: Option<&str>| Line {
            boot: 2,
            mono: 0,
            wall: 1_772_438_400_000,
            from,
            to,
            input: input.into(),
            came: if from == to { "refused: locker.not_offered".into() } else { String::new() },
            bottom: bottom.map(|line| vec![line.into()]),
            top: None,
            missing: 0,
        };
        let trace =
            [line(1, 3, "touch 1: presses Go", Some("drop.method")), line(4, 4, "touch 2: a digit", None)];
        let told = with_trace((1..=5).map(record).collect(), &trace);
        let said: Vec<String> = told.iter().map(|moment| moment.said.join(" ")).collect();
        let refused = "> touch 2: a digit refused: locker.not_offered";
        assert_eq!(said, ["#1", "> touch 1: presses Go #2 #3", "#4", refused, "#5"]);
        assert_eq!(told[1].at, "boot 2, 2026-03-02 08:00:00.000 UTC");
        assert!(told[1].picture.contains("│ drop.method") && told[1].picture.ends_with("box 3\n"));
        assert!(
            told[3].picture.contains("│ drop.method") && told[3].picture.ends_with("box 4\n"),
            "as before"
        );
        assert_eq!(told[4], record(5), "behind the trace");
        assert_eq!(with_trace(vec![record(1)], &[]), [record(1)]);
    }

    #[test]
    fn a_folder_that_a_kiosk_runs_on_is_left_alone() {
        let data = tempfile::tempdir().unwrap();
        kept(data.path());
        let _owned = DataFolder::own(data.path()).unwrap();
        assert!(matches!(copy(data.path()), Err(ReplayError::Folder(FolderError::InUse))));
    }

    #[test]
    fn the_clock_is_that_of_the_record_in_utc() {
        assert_eq!(clock(Wall(0)), "1970-01-01 00:00:00.000 UTC");
        assert_eq!(clock(Wall(1_772_438_400_123)), "2026-03-02 08:00:00.123 UTC");
    }
}
