//! SAFE-5 in a running site: erased by age, and finished by the next start wherever the last one stopped.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use locker_core::office::{Ask, By, Location, UserInput};
use locker_core::{Entry, Office, Subject, UserId, VisitId};
use locker_runtime::config::Config;
use locker_runtime::journal::{Appended, Journal, JournalError, NotWritten, SqliteJournal};
use locker_runtime::site::Site;
use serde_json::json;

const VISIT: Subject = Subject::Visit(VisitId(1));

/// A journal that takes no record of one kind, until it is told to take all.
#[derive(Clone)]
struct Stopped {
    inner: SqliteJournal,
    kind: Arc<Mutex<&'static str>>,
}

impl Journal for Stopped {
    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended {
        let field = format!("\"k\":\"{}\"", self.kind.lock().unwrap()).into_bytes();
        let is_it = |entry: &Entry| entry.body.windows(field.len()).any(|part| part == field);
        if entries.iter().any(is_it) {
            return Appended::NotWritten(NotWritten::Full);
        }
        self.inner.append(stream, after, entries)
    }
    fn read(&mut self, stream: &str, after: u64, max: usize) -> Result<Vec<Entry>, JournalError> {
        self.inner.read(stream, after, max)
    }
    fn last(&mut self, stream: &str) -> Result<u64, JournalError> {
        self.inner.last(stream)
    }
    fn snapshot(&mut self, stream: &str) -> Result<Option<(u64, Vec<u8>)>, JournalError> {
        self.inner.snapshot(stream)
    }
    fn keep_snapshot(&mut self, stream: &str, seq: u64, bytes: &[u8]) -> Result<(), JournalError> {
        self.inner.keep_snapshot(stream, seq, bytes)
    }
    fn probe(&mut self) -> Appended {
        self.inner.probe()
    }
    fn verify(&mut self) -> Result<(), JournalError> {
        self.inner.verify()
    }
}

fn config(dir: &Path) -> Config {
    let visit = |date: &str, plate: &str| {
        json!({
            "date": date, "plate": plate, "vehicle": "Car",
            "driver": { "name": "Wilhelmina Zandvoort", "contacts": [] },
            "orders": [{ "order": plate, "time": "08:30", "work": "Tyres" }],
        })
    };
    let seed = json!({
        "location": { "name": "Sample Motors", "zone": "UTC", "erase_after_days": 60 },
        "security_code": "2468",
        "users": [
            { "login": "ada", "name": "Ada", "role": "dealer_admin", "password": "demo" },
            { "login": "max", "name": "Maximilian", "role": "mechanic", "password": "demo" },
        ],
        "visits": [visit("today-20", "2-QXZ-743"), visit("today", "2-QXZ-744")],
    });
    let file = dir.join("seed.json");
    std::fs::write(&file, seed.to_string()).unwrap();
    let data = dir.join("data");
    Config::parse(&format!("data = {data:?}\nseed = {file:?}\nzone = \"UTC\"\n")).unwrap()
}

fn office(site: &Site) -> Arc<Office> {
    site.office.as_ref().unwrap().view().borrow().shown.clone().unwrap()
}

async fn ask(site: &Site, ask: Ask) {
    site.office.as_ref().unwrap().ask(ask).await.unwrap();
}

async fn until(what: &str, is: impl Fn() -> bool) {
    for _ in 0..400 {
        if is() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what}: never");
}

/// The names in the vault whose keys are destroyed, and how many are not.
fn destroyed(dir: &Path) -> Vec<String> {
    let copy = tempfile::tempdir().unwrap();
    for name in ["vault.db", "vault.db-journal"] {
        std::fs::copy(dir.join("data").join(name), copy.path().join(name)).unwrap();
    }
    let db = rusqlite::Connection::open(copy.path().join("vault.db")).unwrap();
    let mut select = db.prepare("SELECT name FROM subject WHERE destroyed = 1 ORDER BY name").unwrap();
    let rows = select.query_map((), |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn erased(site: &Site) -> bool {
    office(site).to_erase().is_empty()
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_05_a_visit_whose_days_are_over_is_erased_by_itself_with_the_locker_told_first() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let site = Site::start(&config).await.unwrap();
    assert_eq!(destroyed(dir.path()), [""; 0]);
    let location = Location { erase_after_days: 19, ..office(&site).location().clone() };
    ask(&site, Ask::SetLocation { by: By::Host, location }).await;
    // The next input looks: here the first that anybody asks.
    ask(&site, Ask::SetSecurityCode { by: By::Host, code: locker_core::Secret::new("1357".into()) }).await;
    until("erased", || destroyed(dir.path()) == ["visit/1"]).await;
    until("recorded", || erased(&site)).await;
    site.stop().await;
    let site = Site::start(&config).await.unwrap();
    assert!(erased(&site));
    site.stop().await;
    assert_eq!(destroyed(dir.path()), ["visit/1"], "nobody else");
}

/// Stops where records of `kind` would be written, and starts again without the fault.
async fn stopped_at(kind: &'static str, at_the_stop: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let switch = Arc::new(Mutex::new("none"));
    let lay = |inner| Stopped { inner, kind: Arc::clone(&switch) };
    let site = Site::start_over(&config, lay).await.unwrap();
    *switch.lock().unwrap() = kind;
    ask(&site, Ask::Erase { by: By::Host, subject: VISIT }).await;
    until("as far as it goes", || destroyed(dir.path()) == at_the_stop).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!erased(&site), "it is under way");
    assert_eq!(destroyed(dir.path()), at_the_stop);
    site.stop().await;
    let site = Site::start(&config).await.unwrap();
    until("finished", || erased(&site)).await;
    site.stop().await;
    assert_eq!(destroyed(dir.path()), ["visit/1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_05_stopped_before_the_locker_has_let_go_the_key_is_not_destroyed_until_it_has() {
    stopped_at("desired.applied", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_05_stopped_between_key_and_record_the_next_start_records_it() {
    stopped_at("erasure.done", &["visit/1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_05_an_erased_user_loses_name_and_password() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let site = Site::start(&config).await.unwrap();
    let max = UserId(2);
    until("the passwords are set", || site.accounts.has_password(max).unwrap()).await;
    let role = locker_core::office::Role::Mechanic;
    let input = UserInput {
        login: "max".into(),
        name: "Maximilian".into(),
        role,
        rights: role.all_rights(),
        active: false,
    };
    ask(&site, Ask::SetUser { by: By::Host, user: Some(max), input }).await;
    ask(&site, Ask::Erase { by: By::Host, subject: Subject::User(max) }).await;
    until("erased", || erased(&site)).await;
    assert!(!site.accounts.has_password(max).unwrap());
    site.stop().await;
    assert_eq!(destroyed(dir.path()), ["user/2"]);
}
