//! SAFE-2: a kiosk in a User-Mode-Linux guest, on a disk of the guest's own, and the guest killed: everything that was in
//! its page cache is gone, as when the power goes. By hand:
//!
//! ```text
//! apt-get install user-mode-linux e2fsprogs
//! CUTS=20 cargo test -p locker-tests --test crash_uml -- --ignored --nocapture --test-threads=1
//! ```
//!
//! People in the guest (`tests/uml/people.rs`) give the locker one name after another and drop keys. What they are told they write
//! through to the host. After each kill a second guest mounts the disk, runs `kiosk verify`, and hands out the data folder,
//! whose machines are then started here. `CUTS` says how often (5), `CUT_SEED` repeats the moments as far as they repeat.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, in real time")]
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use locker_core::{BoxNo, Custody, Locker, Office, VisitId, Wall};
use locker_runtime::clock::{Clock, HandClock};
use locker_runtime::folder::DataFolder;
use locker_runtime::journal::SqliteJournal;
use locker_runtime::open::{OpenError, RestoreFrom, open_machine};
use locker_runtime::site::LOCKER;
use locker_runtime::vault::FileVault;
use locker_tests::dice::Dice;
use locker_tests::process::programs;
use locker_tests::uml;
use serde_json::json;

const UML: &str = "linux.uml";

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// A disk and what is written through to this machine.
struct Place {
    work: tempfile::TempDir,
    sync: &'static str,
}

impl Place {
    fn new(sync: &'static str) -> Self {
        let work = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let place = Self { work, sync };
        uml::library(place.work.path(), "nosync");
        fs::File::create(place.path("disk")).unwrap().set_len(192 << 20).unwrap();
        uml::run(
            "mke2fs",
            &["-q", "-t", "ext4", "-E", "lazy_itable_init=0,lazy_journal_init=0", &place.path("disk")],
        );
        let config = "data = \"/mnt/disk/data\"\nseed = \"/mnt/work/seed.json\"\nzone = \"UTC\"\n";
        fs::write(place.path("kiosk.toml"), config).unwrap();
        fs::write(place.path("seed.json"), seed().to_string()).unwrap();
        fs::write(place.path("told"), "").unwrap();
        place
    }

    fn path(&self, name: &str) -> String {
        self.work.path().join(name).to_str().unwrap().to_owned()
    }

    fn guest(&self, role: &str, more: &[&str]) -> Child {
        let kiosk = programs().join("kiosk");
        let mut words = vec![
            format!("ubd0={}", self.path("disk")),
            format!("KIOSK={}", kiosk.display()),
            concat!("PEOPLE=", env!("CARGO_BIN_EXE_uml-people")).into(),
            format!("ROLE={role}"),
            format!("SYNC={}", self.sync),
        ];
        words.extend(more.iter().map(ToString::to_string));
        uml::guest(Path::new(UML), "guest", self.work.path(), &words)
    }

    /// Runs a guest until it has switched itself off.
    fn whole(&self, role: &str, more: &[&str]) {
        assert!(
            uml::ends(&mut self.guest(role, more)),
            "the guest does not stop:\n{}\n{}",
            self.read("said"),
            self.read("kernel")
        );
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// A guest that serves, killed some time after its people were told something.
    fn cut(&self, after: Duration) {
        let before = self.read("told").len();
        let mut guest = self.guest("serve", &[]);
        let until = Instant::now() + uml::PATIENCE;
        while self.read("told").len() == before {
            assert!(
                Instant::now() < until,
                "nobody is told anything:\n{}\n{}",
                self.read("said"),
                self.read("kernel")
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(after);
        uml::kill(&mut guest);
    }

    /// What is broken on the disk, beside what people were told.
    fn broken(&self) -> Vec<String> {
        let told = self.read("told");
        self.whole("look", &[]);
        let verified = self.read("verified");
        let mut broken = Vec::new();
        let well = verified.lines().filter(|line| line.ends_with("records, well")).count();
        if well != 2 || !verified.ends_with("exit 0\n") {
            broken.push(format!("kiosk verify: {verified}"));
        }
        match machines(&self.work.path().join("after")) {
            Ok((locker, office)) => broken.extend(against(&told, &locker, &office)),
            Err(error) => broken.push(format!("a machine does not start: {error}")),
        }
        broken
    }
}

fn seed() -> serde_json::Value {
    let visit = |n: u32| {
        json!({
            "date": "today", "plate": format!("1-UML-{n:03}"), "vehicle": "Car",
            "driver": { "name": format!("Driver {n}"), "contacts": [
                { "channel": "mail", "kind": "private", "address": format!("driver{n}@example.org") }
            ] },
            "orders": [{ "order": format!("WO-{n}"), "time": "08:30", "work": "Tyres" }],
        })
    };
    json!({
        "location": { "name": "Sample Motors", "telephone": "+32 2 555 01 00", "zone": "UTC" },
        "security_code": "2468",
        "users": [{ "login": "admin", "name": "Ada", "role": "dealer_admin", "password": "demo" }],
        "visits": (0..40).map(visit).collect::<Vec<_>>(),
    })
}

/// Both machines, started on a copy of what was on the disk.
fn machines(data: &Path) -> Result<(Locker, Office), OpenError> {
    let folder = DataFolder::own(data).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    let mut journal = SqliteJournal::open(&folder)?.journal;
    let now = HandClock::new(Wall(1_790_000_100_000)).now();
    let locker = open_machine::<Locker>(&mut journal, &mut vault, &now, RestoreFrom::FirstRecord)?;
    let office = open_machine::<Office>(&mut journal, &mut vault, &now, RestoreFrom::FirstRecord)?;
    assert_eq!(locker.outputs(&now).pulse, None, "a start drives nothing");
    Ok((locker, office))
}

/// What people were told and is not so.
fn against(told: &str, locker: &Locker, office: &Office) -> Vec<String> {
    let mut broken = Vec::new();
    let mut names = 0;
    for line in told.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["named", number] => names = number.parse::<u32>().unwrap(),
            ["dropped", visit, number] => {
                let box_no = BoxNo::new(number.parse().unwrap()).unwrap();
                let custody = locker.custody(VisitId(visit.parse().unwrap()));
                if custody != (Custody::Box { box_no }) {
                    broken.push(format!(
                        "the key of visit {visit} was confirmed in box {box_no} and is {custody:?}"
                    ));
                }
            }
            _ => {}
        }
    }
    let today = HandClock::new(Wall(1_790_000_100_000)).now().today;
    let kept = office.desired(LOCKER, today).map(|desired| desired.settings.name).unwrap_or_default();
    let number: u32 = kept.strip_prefix("Locker ").and_then(|number| number.parse().ok()).unwrap_or_default();
    if number < names {
        broken.push(format!("name {names} was acknowledged and it is {kept:?}"));
    }
    broken
}

/// Cuts until something is broken, `CUTS` times at most.
fn cuts(sync: &'static str) -> Vec<String> {
    let (cuts, seed) = (number("CUTS").unwrap_or(5), number("CUT_SEED").unwrap_or(7));
    let mut dice = Dice::new(seed);
    let place = Place::new(sync);
    place.whole("serve", &["STOP_AFTER=3"]);
    assert_eq!(place.broken(), Vec::<String>::new(), "before anything is cut");
    for cut in 1..=cuts {
        place.cut(Duration::from_millis(dice.below(if sync == "off" { 2_500 } else { 15_000 })));
        let broken = place.broken();
        let told = place.read("told");
        let dropped = told.lines().filter(|line| line.starts_with("dropped")).count();
        println!(
            "sync {sync}, cut {cut}: {} lines told, {dropped} keys confirmed; broken: {broken:?}",
            told.lines().count()
        );
        if !broken.is_empty() {
            return broken;
        }
    }
    Vec::new()
}

#[test]
#[ignore = "by hand: needs user-mode-linux and some minutes"]
fn safe_02_a_guest_whose_page_cache_is_lost_has_kept_all_that_people_were_told() {
    assert_eq!(cuts("on"), Vec::<String>::new());
}

#[test]
#[ignore = "by hand: needs user-mode-linux and some minutes"]
fn safe_02_where_nothing_waits_for_the_disk_the_loss_is_noticed() {
    assert_ne!(cuts("off"), Vec::<String>::new());
}
