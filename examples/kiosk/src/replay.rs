//! The journal of a kiosk told again, record by record, read off a copy.

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
    let moments = moments(&mut journal, &vault)?;
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
