//! What an empty office begins with, and the import of a file that replaces it.

use std::collections::BTreeSet;
use std::path::Path;

use locker_core::office::{
    self, Absent, By, Import, ImportReport, Location, LockerInput, Right, Role, UserInput, VisitInput,
};
use locker_core::{Appointment, Date, Driver, Secret, Settings};
use serde::Deserialize;
use tokio::sync::watch;

use super::{LOCKER, OfficeHandle, SiteError};
use crate::clock::Clock;
use crate::config::Config;
use crate::vault::Accounts;

/// Believable people and work orders, with days relative to today.
const DEMO: &str = include_str!("demo.json");

/// A log-in of the demo, to be printed at the start. Its password is no secret: it stands in the demo's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogIn {
    /// What the user is.
    pub role: Role,
    /// The name to log in with.
    pub login: String,
    /// The password.
    pub password: String,
    /// The location's security code.
    pub security_code: Option<String>,
}

/// A file with a location, its users and its planning, as `import` reads it.
///
/// ```
/// use locker_runtime::site::ImportFile;
///
/// let file = ImportFile::parse(r#"{"visits": [{
///     "date": "today+1", "plate": "1-AAA-111", "vehicle": "Van",
///     "driver": {"name": "A. Driver", "contacts": [
///         {"channel": "mail", "kind": "private", "address": "driver@example.org"}]},
///     "orders": [{"order": "WO-1", "time": "08:30", "work": "Tyres"}]
/// }]}"#).unwrap();
/// assert!(ImportFile::parse(r#"{"visit": []}"#).map(drop).unwrap_err().to_string().contains("visit"));
/// # let _ = file;
/// ```
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportFile {
    location: Option<Location>,
    lockers: Vec<LockerRow>,
    security_code: Option<String>,
    users: Vec<UserRow>,
    visits: Vec<VisitRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockerRow {
    boxes: u8,
    #[serde(default)]
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserRow {
    login: String,
    name: String,
    role: Role,
    /// All that the role can be given, if not said.
    #[serde(default)]
    rights: Option<BTreeSet<Right>>,
    #[serde(default)]
    password: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisitRow {
    /// `today`, `today+N`, `today-N`, or a date.
    date: String,
    plate: String,
    vehicle: String,
    driver: Driver,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    contractor: Option<String>,
    #[serde(default)]
    on_hold: bool,
    orders: Vec<Appointment>,
}

/// Why a file is not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportFileError {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It is no JSON of this form; the message names line, column and field, and repeats no value.
    #[error("line {line}, column {column}: {what}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        what: String,
    },
    /// A date is none.
    #[error("visit {row}: the date is YYYY-MM-DD, today, today+N or today-N")]
    Date {
        /// The row, from 1.
        row: usize,
    },
    /// A password cannot be kept.
    #[error("user {row}: the password is empty, too long, or cannot be kept")]
    Password {
        /// The row, from 1.
        row: usize,
    },
    /// The office would not.
    #[error("the office would not take it over")]
    Refused,
}

impl From<serde_json::Error> for ImportFileError {
    fn from(error: serde_json::Error) -> Self {
        // What serde quotes may be a name. A field is named; of a value only what was expected instead is said, which
        // comes last: what was given may hold the same words.
        let said = error.to_string();
        let words = said.rsplit_once(" at line ").map_or(said.as_str(), |(words, _)| words);
        let what = if words.starts_with("unknown field ") || words.starts_with("missing field ") {
            words.to_owned()
        } else if let (true, Some((_, expected))) =
            (words.starts_with("unknown variant "), words.rsplit_once("`, expected "))
        {
            format!("a value that is not known here, expected {expected}")
        } else if error.is_eof() {
            String::from("the file ends too early")
        } else {
            String::from("not the form that is expected here")
        };
        Self::Json { line: error.line(), column: error.column(), what }
    }
}

fn day(text: &str, today: Date) -> Option<Date> {
    let Some(rest) = text.strip_prefix("today") else { return text.parse().ok() };
    if rest.is_empty() {
        return Some(today);
    }
    let days: i32 = rest.parse().ok()?;
    (-3_650..=3_650).contains(&days).then(|| today.plus_days(days))
}

impl ImportFile {
    /// Reads a file's text.
    ///
    /// # Errors
    /// [`ImportFileError::Json`], naming line and column.
    pub fn parse(text: &str) -> Result<Self, ImportFileError> {
        Ok(serde_json::from_str(text)?)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ImportFileError`].
    pub fn read(path: &Path) -> Result<Self, ImportFileError> {
        Self::parse(&std::fs::read_to_string(path)?)
    }

    /// Takes the file over: its planning replaces what was planned, its users the demo's.
    ///
    /// # Errors
    /// [`ImportFileError`]; bad rows are no error, they stand in the report.
    pub async fn take_over(
        self,
        office: &OfficeHandle,
        accounts: &Accounts,
        today: Date,
    ) -> Result<ImportReport, ImportFileError> {
        let mut visits = Vec::with_capacity(self.visits.len());
        for (row, visit) in (1..).zip(self.visits) {
            let date = day(&visit.date, today).ok_or(ImportFileError::Date { row })?;
            let VisitRow { plate, vehicle, driver, owner, contractor, orders, on_hold, .. } = visit;
            visits.push(VisitInput { date, plate, vehicle, driver, owner, contractor, orders, on_hold });
        }
        let mut users: Vec<UserInput> = self.users.iter().map(UserRow::input).collect();
        if !users.is_empty() {
            users.extend(retired_demo(office, &users));
        }
        let lockers =
            self.lockers.into_iter().map(|row| LockerInput { settings: row.settings, boxes: row.boxes });
        let import = Import {
            location: self.location,
            lockers: lockers.collect(),
            users,
            visits,
            absent: Absent::Withdraw,
        };
        let answer = office.ask(office::Ask::Import { by: By::Host, import }).await;
        let Ok(office::Answer::Imported(report)) = answer else { return Err(ImportFileError::Refused) };
        for (row, user) in (1..).zip(&self.users) {
            let known =
                office.view().borrow().shown.as_ref().and_then(|office| office.user_by_login(&user.login));
            if let (Some(id), Some(password)) = (known, &user.password) {
                let password = Secret::new(password.clone());
                accounts.set_password(id, password).await.map_err(|_| ImportFileError::Password { row })?;
            }
        }
        if let Some(code) = self.security_code {
            let ask = office::Ask::SetSecurityCode { by: By::Host, code: Secret::new(code) };
            let answer = office.ask(ask).await;
            if answer != Ok(office::Answer::Done) {
                return Err(ImportFileError::Refused);
            }
        }
        Ok(report)
    }
}

impl UserRow {
    fn without_password(self) -> Self {
        Self { password: None, ..self }
    }

    fn input(&self) -> UserInput {
        UserInput {
            login: self.login.clone(),
            name: self.name.clone(),
            role: self.role,
            rights: self.rights.clone().unwrap_or_else(|| self.role.all_rights()),
            active: true,
        }
    }
}

fn demo() -> ImportFile {
    ImportFile::parse(DEMO).expect("the demo's file is part of the program, and a test reads it")
}

/// The demo's users that are still active and not in an import: they are replaced, so they cannot log in any more.
fn retired_demo(office: &OfficeHandle, kept: &[UserInput]) -> Vec<UserInput> {
    let view = office.view();
    let shown = view.borrow().shown.clone();
    let Some(machine) = shown else { return Vec::new() };
    let retired = demo().users.into_iter().filter(|user| {
        machine.user_by_login(&user.login).is_some()
            && kept.iter().all(|kept| !kept.login.eq_ignore_ascii_case(&user.login))
    });
    retired.map(|user| UserInput { active: false, ..user.input() }).collect()
}

/// Tells the office how many boxes hang on the wall, when that has changed since it was seeded.
async fn count_boxes(office: &OfficeHandle, config: &Config, clock: &dyn Clock) {
    let shown = office.view().borrow().shown.clone();
    let Some(machine) = shown else { return };
    let boxes = config.cabinet.boxes;
    if machine.boxes(LOCKER).is_none_or(|known| known == boxes) {
        return;
    }
    let Some(desired) = machine.desired(LOCKER, clock.now().today) else { return };
    let (by, locker, settings) = (By::Host, Some(LOCKER), desired.settings);
    if office.ask(office::Ask::SetLocker { by, locker, settings, boxes }).await.is_err() {
        tracing::warn!(boxes, "the office keeps its number of boxes: keys are booked above the new one");
    }
}

/// Seeds an office that has no locker yet, and gives the demo's log-ins while they work.
pub(super) async fn first_start(
    office: &OfficeHandle,
    accounts: &Accounts,
    seed: &str,
    config: &Config,
    clock: &dyn Clock,
) -> Result<Vec<LogIn>, SiteError> {
    let shown = office.view().borrow().shown.clone();
    let is_empty = shown.is_some_and(|office| office.lockers().is_empty());
    if is_empty {
        let mut file = match seed {
            // Its passwords come later: hashing them would take most of the time to the first screen.
            "demo" => ImportFile {
                users: demo().users.into_iter().map(UserRow::without_password).collect(),
                ..demo()
            },
            "empty" => ImportFile::default(),
            path => ImportFile::read(Path::new(path))?,
        };
        let boxes = config.cabinet.boxes;
        if file.lockers.is_empty() {
            file.lockers.push(LockerRow { boxes, settings: Settings::default() });
        }
        for locker in &mut file.lockers {
            locker.boxes = boxes;
        }
        let location = file.location.get_or_insert_with(Location::default);
        location.zone.clone_from(&config.zone);
        if config.profile.is_classic() {
            location.profile = config.profile;
        }
        let report = file.take_over(office, accounts, clock.now().today).await?;
        for bad in &report.bad {
            tracing::warn!(part = ?bad.part, row = bad.row, why = bad.why.key(), "a row of the seed was not taken over");
        }
    }
    count_boxes(office, config, clock).await;
    if seed != "demo" {
        return Ok(Vec::new());
    }
    set_demo_code(office).await?;
    Ok(demo_log_ins(office))
}

/// The demo's log-ins, for as long as their users are active. Whether somebody has set other passwords since is not
/// looked at: that would take a slow hash each.
fn demo_log_ins(office: &OfficeHandle) -> Vec<LogIn> {
    let shown = office.view().borrow().shown.clone();
    let Some(machine) = shown else { return Vec::new() };
    let demo = demo();
    let active = demo.users.into_iter().filter(|user| machine.user_by_login(&user.login).is_some());
    let log_ins = active.map(|user| LogIn {
        role: user.role,
        login: user.login,
        password: user.password.unwrap_or_default(),
        security_code: demo.security_code.clone(),
    });
    log_ins.collect()
}

/// Sets the demo's security code, if a first start that was cut short did not.
async fn set_demo_code(office: &OfficeHandle) -> Result<(), SiteError> {
    let shown = office.view().borrow().shown.clone();
    let is_wanted = shown.is_some_and(|machine| !machine.has_security_code());
    if let (Some(code), true, false) = (demo().security_code, is_wanted, demo_log_ins(office).is_empty()) {
        let ask = office::Ask::SetSecurityCode { by: By::Host, code: Secret::new(code) };
        if office.ask(ask).await != Ok(office::Answer::Done) {
            return Err(ImportFileError::Refused.into());
        }
    }
    Ok(())
}

/// Gives those of `log_ins` a password who have none: at a first start, and after one that was cut short. One after
/// the other, beside everything else; whoever logs in meanwhile waits.
pub(super) async fn first_passwords(
    office: &OfficeHandle,
    accounts: &Accounts,
    log_ins: &[LogIn],
    stopping: watch::Receiver<bool>,
) -> Result<Option<impl Future<Output = ()> + Send + 'static>, SiteError> {
    let shown = office.view().borrow().shown.clone();
    let mut wanted = Vec::new();
    for (row, log_in) in (1..).zip(log_ins) {
        let user = shown.as_ref().and_then(|machine| machine.user_by_login(&log_in.login));
        let has = |user| accounts.has_password(user).map_err(|_| ImportFileError::Password { row });
        if let Some(user) = user
            && !has(user)?
        {
            wanted.push((user, Secret::new(log_in.password.clone())));
        }
    }
    if wanted.is_empty() {
        return Ok(None);
    }
    let (accounts, waiting) = (accounts.clone(), accounts.keep_waiting().await);
    Ok(Some(async move {
        for (user, password) in wanted {
            if *stopping.borrow() {
                return;
            }
            if let Err(error) = accounts.set_first_password(user, password).await {
                tracing::error!(%error, %user, "a password of the demo is set with the next start");
            }
        }
        drop(waiting);
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_reads_and_its_people_are_made_up() {
        let file = demo();
        assert!(file.visits.len() >= 10 && file.users.len() == 3);
        for visit in &file.visits {
            for contact in &visit.driver.contacts {
                let is_reserved =
                    contact.address.contains("@example.") || contact.address.starts_with("0470 00");
                assert!(is_reserved, "only reserved domains and a block of numbers that nobody has");
            }
        }
    }

    #[test]
    fn a_day_is_relative_to_today_or_a_date() {
        let today = Date::from_ymd(2026, 2, 28).unwrap();
        assert_eq!(day("today", today), Some(today));
        assert_eq!(day("today+1", today), Date::from_ymd(2026, 3, 1));
        assert_eq!(day("today-28", today), Date::from_ymd(2026, 1, 31));
        assert_eq!(day("2026-07-01", today), Date::from_ymd(2026, 7, 1));
        for wrong in ["", "tomorrow", "today+x", "today+99999", "2026-13-01"] {
            assert_eq!(day(wrong, today), None, "{wrong}");
        }
    }

    #[test]
    fn an_error_of_a_file_names_the_place_and_repeats_no_value() {
        let error = |text: &str| ImportFile::parse(text).map(drop).unwrap_err().to_string();
        assert_eq!(
            error("{\"users\": [\"Jane Sample\"]}"),
            "line 1, column 24: not the form that is expected here"
        );
        assert_eq!(error("{\"users\": ["), "line 1, column 11: the file ends too early");
        assert!(error("{\"user\": 1}").contains("unknown field `user`"));
        // A name that slipped into another column, and one that looks like what is said of fields.
        for slipped in ["Jane Sample", "Jane`, expected Sample", "unknown field Jane Sample at line 1"] {
            let said = error(&format!(
                "{{\"users\": [{{\"login\": \"x\", \"name\": \"y\", \"role\": \"{slipped}\"}}]}}"
            ));
            assert!(said.contains("a value that is not known here, expected one of `mechanic`"), "{said}");
            assert!(!said.contains("Jane"), "{said}");
        }
        let said = error("{\"users\": \"unknown field Jane Sample\"}");
        assert_eq!(said, "line 1, column 37: not the form that is expected here");
    }
}
