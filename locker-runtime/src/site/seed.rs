//! What an empty office begins with, and the import of a file that replaces it.

use std::collections::BTreeSet;
use std::path::Path;

use locker_core::office::{
    self, Absent, By, Import, ImportReport, Location, LockerInput, Right, Role, UserInput, VisitInput,
};
use locker_core::{Appointment, Date, Driver, Secret, Settings};
use serde::Deserialize;

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
        // What serde quotes may be a name; fields and expectations are between backquotes or after "expected".
        let words = error.to_string();
        let what = if words.contains("unknown field")
            || words.contains("missing field")
            || words.contains("unknown variant")
        {
            words.split(" at line").next().unwrap_or_default().to_owned()
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
            "demo" => demo(),
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
        let report = file.take_over(office, accounts, clock.now().today).await?;
        for bad in &report.bad {
            tracing::warn!(part = ?bad.part, row = bad.row, why = bad.why.key(), "a row of the seed was not taken over");
        }
    }
    count_boxes(office, config, clock).await;
    if seed != "demo" {
        return Ok(Vec::new());
    }
    finish_demo(office, accounts).await
}

/// Gives the demo's users what a first start that was cut short did not give them, and their log-ins for as long as
/// they are active. Whether somebody has set other passwords since is not looked at: that would take a slow hash each.
async fn finish_demo(office: &OfficeHandle, accounts: &Accounts) -> Result<Vec<LogIn>, SiteError> {
    let shown = office.view().borrow().shown.clone();
    let Some(machine) = shown else { return Ok(Vec::new()) };
    let demo = demo();
    let mut log_ins = Vec::new();
    for (row, user) in (1..).zip(demo.users) {
        let Some(known) = machine.user_by_login(&user.login) else { continue };
        let password = user.password.unwrap_or_default();
        let wrong = |_| ImportFileError::Password { row };
        if !accounts.has_password(known).map_err(wrong)? {
            accounts.set_password(known, Secret::new(password.clone())).await.map_err(wrong)?;
        }
        let security_code = demo.security_code.clone();
        log_ins.push(LogIn { role: user.role, login: user.login, password, security_code });
    }
    if let (Some(code), false, false) = (demo.security_code, machine.has_security_code(), log_ins.is_empty())
    {
        let ask = office::Ask::SetSecurityCode { by: By::Host, code: Secret::new(code) };
        if office.ask(ask).await != Ok(office::Answer::Done) {
            return Err(ImportFileError::Refused.into());
        }
    }
    Ok(log_ins)
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
    }
}
