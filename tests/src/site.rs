//! A kiosk that is killed again and again, its cabinet, and the people in front of both.
//!
//! A site is one data folder with one cabinet. Three openings that a kill leaves unconfirmed close the drop for an hour
//! (DROP-19), and nothing here bends that rule: staff then fetch what is in the boxes and settle what is to be checked, still
//! under kills, and when nothing is left to do the site is verified and the next one begins with an empty folder.

#![allow(clippy::disallowed_methods, reason = "real processes live in real time")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use locker_core::{BoxNo, PulseId};
use locker_hal_sim::{Coil, Door, Fault, SimCommand, SimState};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::http::{self, Gone, Reply};
use crate::ledger::{Found, Ledger, Locks, Place};
use crate::people::Hands;
use crate::process::{self, Process};
use crate::walk::Walker;

const BOXES: u8 = 16;
/// Visits of a site: fewer than the 30 messages that a locker sends in an hour (CODE-5).
const VISITS: u8 = 20;
const SECURITY_CODE: &str = "2468";
/// How long a restarted site is watched before the first touch. Two board polls and a lease would long have fired.
const REST: Duration = Duration::from_millis(350);
/// How long anything may take that the machines do by themselves.
const PATIENCE: Duration = Duration::from_secs(15);
/// Steps of a boot after which the kill comes at the latest: two or three journeys.
const STEPS: u64 = 55;

/// How often something happened, over all sites.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Kills.
    pub kills: u32,
    /// Kills while a box was being served.
    pub in_step_4: u32,
    /// Kills while a drop was going on, step 4 or before.
    pub in_drop: u32,
    /// Kills while staff fetched a key.
    pub in_pick_up: u32,
    /// Kills while staff settled a box.
    pub in_check: u32,
    /// Kills while a touch or a scan waited for its answer.
    pub unanswered: u32,
    /// Drops that were acknowledged.
    pub dropped: u32,
    /// Drops of customers who came back to their box after a kill.
    pub returned: u32,
    /// Pick-ups that were acknowledged.
    pub picked_up: u32,
    /// Boxes settled.
    pub settled: u32,
    /// Keys found in a box to be checked after a restart.
    pub to_check: u32,
    /// Restarts after which something was so that had been asked for and not acknowledged.
    pub done_unanswered: u32,
    /// Sites.
    pub sites: u32,
}

impl Counts {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.kills, other.kills),
            (&mut self.in_step_4, other.in_step_4),
            (&mut self.in_drop, other.in_drop),
            (&mut self.in_pick_up, other.in_pick_up),
            (&mut self.in_check, other.in_check),
            (&mut self.unanswered, other.unanswered),
            (&mut self.dropped, other.dropped),
            (&mut self.returned, other.returned),
            (&mut self.picked_up, other.picked_up),
            (&mut self.settled, other.settled),
            (&mut self.to_check, other.to_check),
            (&mut self.done_unanswered, other.done_unanswered),
            (&mut self.sites, other.sites),
        ];
        for (sum, more) in pairs {
            *sum += more;
        }
    }
}

/// When the kill comes: so long after a step has begun.
struct Fuse {
    step: u64,
    delay: Duration,
}

/// Who is at the locker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Nothing,
    Drop,
    PickUp,
    Check,
}

/// What somebody comes for, by the index of the customer.
#[derive(Clone, Copy, Debug)]
enum Journey {
    Drop(usize),
    PickUp(usize),
    Check(usize, BoxNo),
}

/// A customer with a key and a PIN that was sent.
struct Customer {
    key: String,
    visit: u64,
    mail: String,
    pin: Option<String>,
    /// As many messages as an hour allows have been sent (CODE-5).
    has_enough_mail: bool,
}

/// One data folder, its cabinet, and what is known about both.
pub struct Site {
    dice: Dice,
    config: PathBuf,
    /// Outlives every kill.
    cabinet: Process,
    hands: Hands,
    kiosk: Option<Process>,
    boot: u64,
    customers: Vec<Customer>,
    /// The keys that the mechanic has in hand.
    with_mechanic: BTreeSet<String>,
    /// Cookies of staff: they outlive every restart.
    mechanic: String,
    reception: String,
    admin: String,
    ledger: Ledger,
    locks: Locks,
    /// Whether the locker begins no drop for the rest of the hour (DROP-19).
    limited: bool,
    touches: u64,
    steps: u64,
    fuse: Option<Fuse>,
    killing: Option<JoinHandle<()>>,
    doing: Doing,
    served: Option<BoxNo>,
    is_waiting: bool,
    /// People wait until the kiosk has seen what they did.
    is_slow: bool,
    /// What happened.
    pub counts: Counts,
    _dir: tempfile::TempDir,
}

fn box_of(value: &Value) -> Option<BoxNo> {
    value.as_u64().and_then(|number| BoxNo::new(u8::try_from(number).ok()?))
}

fn press(button: &str) -> Value {
    json!({ "do": "press", "button": button })
}

fn wait(time: Duration) {
    thread::sleep(time);
}

/// Whether `is` became true in time.
fn within(time: Duration, mut is: impl FnMut() -> bool) -> bool {
    let until = Instant::now() + time;
    while !is() {
        if Instant::now() > until {
            return false;
        }
        wait(Duration::from_millis(10));
    }
    true
}

fn seed() -> Value {
    let visits: Vec<Value> = (0..VISITS)
        .map(|n| {
            json!({
                "date": "today", "plate": format!("1-KIL-{n:03}"), "vehicle": "Car",
                "driver": { "name": format!("Driver {n}"), "contacts": [
                    { "channel": "mail", "kind": "private", "address": format!("driver{n}@example.org") }
                ] },
                "orders": [{ "order": format!("WO-{n}"), "time": "08:30", "work": "Tyres" }],
            })
        })
        .collect();
    json!({
        "location": { "name": "Sample Motors", "telephone": "+32 2 555 01 00", "zone": "UTC" },
        "security_code": SECURITY_CODE,
        "users": [
            { "login": "mechanic", "name": "Max", "role": "mechanic", "password": "demo" },
            { "login": "reception", "name": "Rita", "role": "receptionist", "password": "demo" },
            { "login": "admin", "name": "Ada", "role": "dealer_admin", "password": "demo" },
        ],
        "visits": visits,
    })
}

impl Site {
    /// Starts a cabinet and a kiosk on an empty folder under `scratch`, and logs staff in.
    #[must_use]
    pub fn open(scratch: &Path, seed_of_dice: u64) -> Self {
        let cabinet = Process::cabinet(BOXES).unwrap();
        let text = format!(
            "[cabinet]\ndriver = \"simulated_process\"\naddress = \"{}\"\nboxes = {BOXES}\n",
            cabinet.address
        );
        Self::open_on(scratch, seed_of_dice, cabinet, &text)
    }

    /// The same on a cabinet that stands, with the configuration's part from `[cabinet]` on.
    #[must_use]
    pub fn open_on(scratch: &Path, seed_of_dice: u64, cabinet: Process, cabinet_text: &str) -> Self {
        let dir = tempfile::tempdir_in(scratch).unwrap();
        let (config, file) = (dir.path().join("kiosk.toml"), dir.path().join("seed.json"));
        fs::write(&file, self::seed().to_string()).unwrap();
        let data = dir.path().join("data");
        let text = format!("data = {data:?}\nseed = {file:?}\nzone = \"UTC\"\n{cabinet_text}");
        fs::write(&config, text).unwrap();
        let mut site = Self {
            dice: Dice::new(seed_of_dice),
            hands: Hands::at(cabinet.address),
            config,
            cabinet,
            kiosk: None,
            boot: 0,
            customers: Vec::new(),
            with_mechanic: BTreeSet::new(),
            mechanic: String::new(),
            reception: String::new(),
            admin: String::new(),
            ledger: Ledger::default(),
            locks: Locks::default(),
            limited: false,
            touches: 0,
            steps: 0,
            fuse: None,
            killing: None,
            doing: Doing::Nothing,
            served: None,
            is_waiting: false,
            is_slow: false,
            counts: Counts { sites: 1, ..Counts::default() },
            _dir: dir,
        };
        site.kiosk = Some(Process::kiosk(&site.config).unwrap());
        site.prepare().expect("nobody kills yet");
        site
    }

    fn prepare(&mut self) -> Result<(), Gone> {
        assert!(within(PATIENCE, || self.get("/healthz").is_ok_and(|reply| reply.is_ok())), "it starts");
        for login in ["mechanic", "reception", "admin"] {
            let body = json!({ "user": login, "password": "demo" });
            let reply = self.send("POST", "/api/v1/login", None, Some(&body))?;
            let cookie = reply.cookie.expect("a log-in gives a cookie");
            match login {
                "mechanic" => self.mechanic = cookie,
                "reception" => self.reception = cookie,
                _ => self.admin = cookie,
            }
        }
        let visits = self.send("GET", "/api/v1/visits", Some(&self.reception), None)?.body;
        for visit in visits.as_array().unwrap() {
            let key = visit["plate"].as_str().unwrap().to_owned();
            let n: u32 = key.rsplit('-').next().unwrap().parse().unwrap();
            self.ledger.is(&key, Place::Customer);
            let (visit, mail) = (visit["id"].as_u64().unwrap(), format!("driver{n}@example.org"));
            self.customers.push(Customer { key, visit, mail, pin: None, has_enough_mail: false });
        }
        assert_eq!(self.customers.len(), usize::from(VISITS));
        Ok(())
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        cookie: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Reply, Gone> {
        let kiosk = self.kiosk.as_ref().ok_or(Gone)?;
        http::request(kiosk.address, method, path, cookie, body)
    }

    fn get(&self, path: &str) -> Result<Reply, Gone> {
        self.send("GET", path, None, None)
    }

    /// Begins a step of a journey; the kill may be due in it.
    fn step(&mut self) {
        self.steps += 1;
        if self.fuse.as_ref().is_some_and(|fuse| fuse.step == self.steps) {
            let delay = self.fuse.take().map(|fuse| fuse.delay).unwrap_or_default();
            let kill = self.kiosk.as_ref().expect("it runs").killer();
            self.killing = Some(thread::spawn(move || {
                let until = Instant::now() + delay;
                while Instant::now() < until {
                    if delay > Duration::from_millis(2) {
                        wait(Duration::from_micros(200));
                    } else {
                        thread::yield_now();
                    }
                }
                kill();
            }));
        }
    }

    fn screen(&self) -> Result<Value, Gone> {
        self.get("/api/v1/screen").map(|reply| reply.body)
    }

    /// Touches the screen as it is now; `None` when the screen does not offer it.
    fn touch(&mut self, action: &Value) -> Result<Option<Value>, Gone> {
        self.step();
        for _ in 0..5 {
            self.touches += 1;
            let generation = &self.screen()?["generation"];
            let body = json!({ "generation": generation, "touch_id": self.touches, "action": action });
            self.is_waiting = true;
            let reply = self.send("POST", "/api/v1/touch", None, Some(&body))?;
            self.is_waiting = false;
            if reply.is_ok() {
                return Ok(Some(reply.body));
            }
            if reply.body["key"] != "locker.old_screen" {
                return Ok(None);
            }
        }
        Ok(None)
    }

    fn press(&mut self, button: &str) -> Result<Option<Value>, Gone> {
        self.touch(&press(button))
    }

    /// Waits for one of these screens.
    fn at(&mut self, ids: &[&str]) -> Result<Option<Value>, Gone> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let screen = self.screen()?;
            if ids.iter().any(|id| screen["id"] == *id) {
                return Ok(Some(screen));
            }
            wait(Duration::from_millis(8));
        }
        Ok(None)
    }

    fn hand(&mut self, command: SimCommand) -> bool {
        self.step();
        self.hands.command(command).is_ok()
    }

    /// Shuts a door as a person does, who takes longer than the coil: while that is on, the latch does not catch.
    fn shut(&mut self, box_no: BoxNo) {
        self.step();
        let is_off = |state: &SimState| state.of(box_no).is_some_and(|one| one.coil == Coil::Off);
        within(PATIENCE, || is_off(&self.hands.state()));
        let _ = self.hands.command(SimCommand::Close { box_no });
    }

    fn is_open(&mut self, box_no: BoxNo) -> bool {
        self.hands.state().of(box_no).is_some_and(|one| one.door == Door::Open)
    }

    fn lies_in(&mut self, box_no: BoxNo) -> Vec<String> {
        self.hands.state().of(box_no).map(|one| one.keys.clone()).unwrap_or_default()
    }

    fn await_open(&mut self, box_no: BoxNo) -> bool {
        within(PATIENCE, || {
            self.is_open(box_no) || self.killing.as_ref().is_some_and(JoinHandle::is_finished)
        }) && self.is_open(box_no)
            && (!self.is_slow || within(PATIENCE, || self.is_read(box_no, "open")))
    }

    /// Whether the kiosk has read this door so.
    fn is_read(&self, box_no: BoxNo, door: &str) -> bool {
        let lockers = self.send("GET", "/api/v1/lockers", Some(&self.admin), None);
        let boxes = lockers.map(|lockers| lockers.body[0]["boxes"].clone()).unwrap_or_default();
        let mut boxes = boxes.as_array().into_iter().flatten();
        boxes.any(|one| box_of(&one["box_no"]) == Some(box_no) && one["door"] == door)
    }

    /// Back to the start screen, if somebody left another.
    fn home(&mut self) -> Result<(), Gone> {
        self.doing = Doing::Nothing;
        self.served = None;
        let screen = self.screen()?;
        if screen["id"] == "start" {
            return Ok(());
        }
        let done = |screen: &Value| {
            screen["buttons"]
                .as_array()
                .is_some_and(|buttons| buttons.iter().any(|one| one["press"] == "done"))
        };
        if done(&screen) {
            self.press("done")?;
        } else {
            self.press("abort")?;
            self.press("yes")?;
        }
        self.at(&["start"]).map(drop)
    }

    /// A customer drops a key, or comes back for the box that is to be checked. Says whether it went through.
    fn drop_key(&mut self, index: usize) -> Result<bool, Gone> {
        let (key, mail) = (self.customers[index].key.clone(), self.customers[index].mail.clone());
        let returns_to = match self.ledger.place(&key) {
            Some(Place::ToCheck(box_no)) => Some(box_no),
            _ => None,
        };
        self.doing = Doing::Drop;
        if self.press("drop_key")?.is_none() || self.press("go")?.is_none() {
            self.limited = true;
            return Ok(false);
        }
        if let Some(pin) = self.customers[index].pin.clone() {
            if self.press("by_pin")?.is_none() {
                self.limited = true;
                return Ok(false);
            }
            self.type_pin(&key, &pin)?;
        } else {
            if self.press("by_registration")?.is_none() {
                self.limited = true;
                return Ok(false);
            }
            self.touch(&json!({ "do": "write", "text": key }))?;
            self.press("ok")?;
            if self
                .at(&["drop.contact", "drop.no_match"])?
                .is_none_or(|screen| screen["id"] != "drop.contact")
            {
                return Ok(false);
            }
            if self.press("send")?.is_none_or(|screen| screen["id"] == "drop.contact") {
                self.customers[index].has_enough_mail = true;
                return Ok(false);
            }
            if self.at(&["drop.sent"])?.is_none() {
                return Ok(false);
            }
            let Some(pin) = self.mailed(&mail)? else { return Ok(false) };
            self.customers[index].pin = Some(pin.clone());
            self.press("enter_code")?;
            self.type_pin(&key, &pin)?;
        }
        let mut screen = self.screen()?;
        if screen["id"] == "drop.pin" {
            // Replaced by one that was sent after the kill, or expired: a new one next time.
            self.customers[index].pin =
                self.mailed(&mail)?.filter(|pin| self.customers[index].pin.as_ref() != Some(pin));
            return Ok(false);
        }
        if screen["id"] == "drop.driver" {
            self.press("next")?;
            self.ledger.may_be_in_any_box(&key);
            screen = self.press("next")?.unwrap_or_default();
        }
        if screen["id"] == "sorry" {
            self.limited = true;
            return Ok(false);
        }
        let Some(box_no) = served(&screen) else { return Ok(false) };
        assert!(returns_to.is_none_or(|back| back == box_no), "another box opened for {key} (DROP-19)");
        self.served = Some(box_no);
        self.ledger.is(&key, Place::ToCheck(box_no));
        if !self.await_open(box_no) {
            return Err(Gone);
        }
        if self.lies_in(box_no).is_empty() {
            assert!(self.hand(SimCommand::Put { box_no, key: key.clone() }), "a hand goes into an open box");
        }
        self.close_and_confirm(box_no, &key, Place::Box(box_no), "drop.thanks")?;
        self.counts.dropped += 1;
        self.counts.returned += u32::from(returns_to.is_some());
        self.customers[index].pin = None;
        Ok(true)
    }

    fn type_pin(&mut self, key: &str, pin: &str) -> Result<(), Gone> {
        for digit in pin.bytes() {
            self.touch(&json!({ "do": "digit", "digit": digit - b'0' }))?;
        }
        // The box of a visit that is to be checked opens with this touch; nothing new can come of it.
        debug_assert!(self.ledger.keys().any(|known| known == key));
        self.press("ok").map(drop)
    }

    /// The PIN in the newest letter to an address.
    fn mailed(&self, mail: &str) -> Result<Option<String>, Gone> {
        let letters = self.get("/api/v1/mailbox")?.body;
        let mut letters = letters.as_array().into_iter().flatten();
        let letter = letters.find(|letter| letter["to"] == mail);
        let words = letter.and_then(|letter| letter["body"].as_str()).unwrap_or_default();
        let mut runs = words.split(|c: char| !c.is_ascii_digit());
        Ok(runs.find(|run| run.len() == 6).map(String::from))
    }

    /// Closes and confirms, or confirms and closes; afterwards it is acknowledged.
    fn close_and_confirm(&mut self, box_no: BoxNo, key: &str, then: Place, thanks: &str) -> Result<(), Gone> {
        let confirms_first = self.dice.chance(40);
        if confirms_first {
            self.ledger.may_be(key, then);
            self.confirm()?;
        }
        self.shut(box_no);
        if !confirms_first {
            self.ledger.may_be(key, then);
            self.confirm()?;
        }
        for _ in 0..4 {
            self.step();
            if self.at(&[thanks])?.is_some() {
                self.ledger.is(key, then);
                self.home()?;
                return Ok(());
            }
            self.confirm()?;
        }
        panic!("{key} in box {box_no}: {thanks} does not come; the screen is at {}", self.screen()?["id"]);
    }

    /// *Confirm*, once the screen has it: the door may just have been seen open.
    fn confirm(&mut self) -> Result<(), Gone> {
        let until = Instant::now() + PATIENCE;
        while self.press("confirm")?.is_none() && Instant::now() < until {
            wait(Duration::from_millis(20));
            if self.screen()?["id"].as_str().is_some_and(|id| id.ends_with("thanks") || id == "check.settle")
            {
                break;
            }
        }
        Ok(())
    }

    /// Asks for a ticket and scans the QR on the screen; gives the box that opens.
    fn scan(&mut self, cookie: &str, act: &Value, key: &str, may_be: Place) -> Result<Option<BoxNo>, Gone> {
        self.step();
        let mut wish = act.clone();
        wish["security_code"] = SECURITY_CODE.into();
        // The office hears of a drop a moment after it: staff see the key icon first.
        let until = Instant::now() + PATIENCE;
        loop {
            let ticket = self.send("POST", "/api/v1/tickets", Some(cookie), Some(&wish))?;
            if ticket.is_ok() {
                break;
            }
            assert!(Instant::now() < until, "{act}: {}", ticket.body);
            wait(Duration::from_millis(10));
        }
        if self.press("pick_up_key")?.is_none() {
            return Ok(None);
        }
        self.press("go")?;
        let screen = self.press("by_qr")?.unwrap_or_default();
        let widgets = screen["widgets"].as_array().cloned().unwrap_or_default();
        let Some(qr) = widgets.iter().find(|widget| widget["widget"] == "qr") else { return Ok(None) };
        self.step();
        self.is_waiting = true;
        self.ledger.may_be(key, may_be);
        let reply =
            self.send("POST", "/api/v1/scan", Some(cookie), Some(&json!({ "payload": qr["payload"] })))?;
        self.is_waiting = false;
        assert!(reply.is_ok(), "{act}: {}", reply.body);
        Ok(box_of(&reply.body["box_no"]))
    }

    /// The mechanic fetches a key.
    fn pick_up(&mut self, index: usize) -> Result<bool, Gone> {
        let (key, visit) = (self.customers[index].key.clone(), self.customers[index].visit);
        let Some(Place::Box(booked)) = self.ledger.place(&key) else { return Ok(false) };
        self.doing = Doing::PickUp;
        let cookie = self.mechanic.clone();
        let act = json!({ "act": "pick_up", "visit": visit });
        let opened = self.scan(&cookie, &act, &key, Place::ToCheck(booked))?;
        let Some(box_no) = opened else { return Ok(false) };
        assert_eq!(box_no, booked, "the box with the key opens");
        self.served = Some(box_no);
        self.ledger.is(&key, Place::ToCheck(box_no));
        if !self.await_open(box_no) {
            return Err(Gone);
        }
        let taken = self.hand(SimCommand::Take { box_no, key: Some(key.clone()) });
        assert!(taken, "a key booked for certain lies there, and a hand goes into an open box");
        self.with_mechanic.insert(key.clone());
        self.close_and_confirm(box_no, &key, Place::Staff, "pick.thanks")?;
        self.counts.picked_up += 1;
        Ok(true)
    }

    /// The receptionist settles a box that is to be checked (BOX-13).
    fn check(&mut self, index: usize, box_no: BoxNo) -> Result<bool, Gone> {
        let key = self.customers[index].key.clone();
        self.doing = Doing::Check;
        let cookie = self.reception.clone();
        let act = json!({ "act": "check", "box_no": box_no, "locker": 1 });
        let opened = self.scan(&cookie, &act, &key, Place::ToCheck(box_no))?;
        if opened.is_none() {
            return Ok(false);
        }
        assert_eq!(opened, Some(box_no), "the box that was asked for opens");
        self.served = Some(box_no);
        if !self.await_open(box_no) {
            return Err(Gone);
        }
        let lies = !self.lies_in(box_no).is_empty();
        let (answer, then) = match lies {
            false => ("box_empty", Place::Missing),
            true if self.dice.chance(30) => ("key_taken", Place::Staff),
            true => ("key_stays", Place::Box(box_no)),
        };
        if then == Place::Staff {
            assert!(self.hand(SimCommand::Take { box_no, key: None }), "a hand goes into an open box");
        }
        self.close_box_and(box_no, "confirm")?;
        if self.at(&["check.settle"])?.is_none() {
            panic!("box {box_no}: nobody asks what was found; the screen is at {}", self.screen()?["id"]);
        }
        self.ledger.may_be(&key, then);
        if self.press(answer)?.is_some_and(|screen| screen["id"] == "pick.thanks") {
            self.ledger.is(&key, then);
            self.counts.settled += 1;
        }
        self.home()?;
        Ok(true)
    }

    fn close_box_and(&mut self, box_no: BoxNo, button: &str) -> Result<(), Gone> {
        self.shut(box_no);
        let until = Instant::now() + PATIENCE;
        while self.press(button)?.is_none() && Instant::now() < until {
            wait(Duration::from_millis(20));
        }
        Ok(())
    }

    /// One journey after the other until the kill, or until nothing is left to do.
    fn live(&mut self) -> Result<(), Gone> {
        loop {
            self.home()?;
            let went = match self.next() {
                Some(Journey::Drop(index)) => self.drop_key(index)?,
                Some(Journey::PickUp(index)) => self.pick_up(index)?,
                Some(Journey::Check(index, box_no)) => self.check(index, box_no)?,
                None => return Ok(()),
            };
            if !went {
                // Whatever is in the way (a lag of the office, a limit), the next boot looks anew.
                self.step();
                wait(Duration::from_millis(20));
            }
        }
    }

    fn next(&mut self) -> Option<Journey> {
        let (mut fresh, mut unsettled, mut inside, mut back) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (index, one) in self.customers.iter().enumerate() {
            let may_drop = !self.limited && !one.has_enough_mail;
            match self.ledger.place(&one.key) {
                Some(Place::Customer) if may_drop => fresh.push(Journey::Drop(index)),
                Some(Place::Box(_)) => inside.push(Journey::PickUp(index)),
                Some(Place::ToCheck(box_no)) => {
                    // Nobody fetches what nobody is sure of: it is settled first.
                    unsettled.push(Journey::Check(index, box_no));
                    if may_drop && one.pin.is_some() && !self.with_mechanic.contains(&one.key) {
                        back.push(Journey::Drop(index));
                    }
                }
                _ => {}
            }
        }
        let chosen = match self.dice.below(100) {
            0..25 if !back.is_empty() => back,
            0..40 if !unsettled.is_empty() => unsettled,
            0..65 if !inside.is_empty() => inside,
            _ if !fresh.is_empty() => fresh,
            _ if !inside.is_empty() => inside,
            _ => unsettled,
        };
        self.dice.pick(&chosen).copied()
    }

    /// Lets people live until a kill, restarts, and checks. Says what is broken, and whether there is more to do here.
    pub fn kill_and_check(&mut self) -> (Vec<String>, bool) {
        let step = self.steps + 1 + self.dice.below(STEPS);
        // Half of the kills come within the few milliseconds in which a step is recorded.
        let micros = if self.dice.chance(50) { self.dice.below(8_000) } else { self.dice.below(400_000) };
        self.fuse = Some(Fuse { step, delay: Duration::from_micros(micros) });
        let has_more = self.live().is_err();
        match self.killing.take() {
            Some(killing) => killing.join().unwrap(),
            None if has_more => return (vec!["the kiosk went down by itself".into()], false),
            None => self.kiosk.as_ref().expect("it runs").killer()(),
        }
        self.fuse = None;
        self.kiosk = None;
        self.count_kill();
        // A lock that was fired as the kill came springs its door now, with the kiosk gone.
        wait(Duration::from_millis(120));
        let closes_late = self.dice.chance(40);
        self.react(closes_late);
        let mut broken = self.restart_and_check();
        if closes_late {
            self.close_all();
        }
        for line in &mut broken {
            *line = format!("kill {} of this site, boot {}: {line}", self.counts.kills, self.boot);
        }
        (broken, has_more)
    }

    /// A whole drop and a whole pick-up, once every door has been read; gives the box.
    ///
    /// # Panics
    /// When one of them does not go through.
    pub fn drop_and_pick_up(&mut self) -> BoxNo {
        self.await_doors();
        self.home().expect("nobody kills it");
        assert_eq!(self.drop_key(0), Ok(true), "the drop goes through");
        let key = self.customers[0].key.clone();
        let Some(Place::Box(box_no)) = self.ledger.place(&key) else { panic!("{key} is not in a box") };
        assert_eq!(self.lies_in(box_no), [key.as_str()], "the key lies where it is booked");
        assert_eq!(self.pick_up(0), Ok(true), "the pick-up goes through");
        assert_eq!(self.lies_in(box_no), Vec::<String>::new());
        box_no
    }

    /// Drops a key as far as the pulse, and kills the kiosk with `kill -9` while the coil is on; gives the box, whose coil
    /// is off again, whoever saw to that.
    ///
    /// # Panics
    /// When the coil never goes on, or stays on.
    pub fn kill_within_a_pulse(&mut self) -> BoxNo {
        let kill = self.kiosk.as_ref().expect("it runs").killer();
        let mut hands = Hands::at(self.cabinet.address);
        let coil_is = |hands: &mut Hands, coil: Coil| {
            hands.state().boxes.iter().find(|one| one.coil == coil).map(|one| one.box_no)
        };
        let killing = thread::spawn(move || {
            let mut on = None;
            assert!(within(PATIENCE, || {
                on = coil_is(&mut hands, Coil::On);
                on.is_some()
            }));
            kill();
            assert!(within(PATIENCE, || coil_is(&mut hands, Coil::On).is_none()), "the coil is let go");
            on.expect("it was on")
        });
        self.await_doors();
        self.home().expect("nobody kills it yet");
        let _ = self.drop_key(1);
        killing.join().unwrap()
    }

    /// Waits until every door has been read, and lets people be as slow from here on as people are: a board that
    /// acknowledges a pulse after its end is not read meanwhile, and a door opened and shut within that is never seen.
    fn await_doors(&mut self) {
        self.is_slow = true;
        let state = self.hands.state();
        let is_well = |board| {
            let faults = [
                Fault::BoardDead { board },
                Fault::BoardFrozen { board },
                Fault::BoardGarbles { board },
                Fault::WrongAddress { board },
                Fault::OpenForEver { board },
            ];
            !faults.iter().any(|fault| state.faults.contains(fault))
        };
        for box_no in state.boxes.iter().filter(|one| is_well(one.board)).map(|one| one.box_no) {
            assert!(within(PATIENCE, || self.is_read(box_no, "closed")), "door {box_no} is read");
        }
    }

    /// Makes something wrong with the cabinet.
    ///
    /// # Panics
    /// When it has no such part.
    pub fn hurt(&mut self, fault: Fault) {
        assert_eq!(self.hands.command(SimCommand::Hurt { fault }), Ok(()), "{}", fault.key());
    }

    /// Makes it well again.
    ///
    /// # Panics
    /// When the cabinet has no such part.
    pub fn heal(&mut self, fault: Fault) {
        assert_eq!(self.hands.command(SimCommand::Heal { fault }), Ok(()), "{}", fault.key());
    }

    /// Waits until every door has been read.
    ///
    /// # Panics
    /// When one is not.
    pub fn settle(&mut self) {
        self.await_doors();
    }

    /// Somebody who comes to the kiosk's screens.
    ///
    /// # Panics
    /// When it does not run.
    #[must_use]
    pub fn walker(&self) -> Walker {
        let mut walker = Walker::at_kiosk(self.kiosk.as_ref().expect("it runs").address);
        walker.cookie = Some(self.admin.clone());
        walker
    }

    /// The simulated cabinet as it is.
    pub fn truth(&mut self) -> SimState {
        self.hands.state()
    }

    fn count_kill(&mut self) {
        let counts = &mut self.counts;
        counts.kills += 1;
        counts.in_step_4 += u32::from(self.served.is_some());
        counts.unanswered += u32::from(self.is_waiting);
        match self.doing {
            Doing::Nothing => {}
            Doing::Drop => counts.in_drop += 1,
            Doing::PickUp => counts.in_pick_up += 1,
            Doing::Check => counts.in_check += 1,
        }
        self.is_waiting = false;
    }

    /// What the person does whose screen went dark before an open box: leaves the key or takes it along.
    fn react(&mut self, closes_late: bool) {
        let state = self.hands.state();
        for one in state.boxes.iter().filter(|one| one.door == Door::Open) {
            let box_no = one.box_no;
            let owner = self.customers.iter().map(|one| one.key.clone()).find(
                |key| matches!(self.ledger.place(key), Some(Place::ToCheck(booked)) if booked == box_no),
            );
            let leaves = self.dice.chance(50);
            match (one.keys.first().cloned(), owner) {
                (Some(_), _) if leaves || self.doing == Doing::Check => {}
                (Some(key), _) => {
                    let taken = self.hands.command(SimCommand::Take { box_no, key: Some(key.clone()) });
                    assert_eq!(taken, Ok(()), "an open box");
                    if self.doing == Doing::PickUp {
                        self.with_mechanic.insert(key);
                    }
                }
                (None, Some(key)) if leaves && self.doing == Doing::Drop => {
                    assert_eq!(self.hands.command(SimCommand::Put { box_no, key }), Ok(()), "an open box");
                }
                (None, _) => {}
            }
        }
        if !closes_late {
            self.close_all();
        }
    }

    fn close_all(&mut self) {
        let state = self.hands.state();
        for box_no in state.boxes.iter().filter(|one| one.door == Door::Open).map(|one| one.box_no) {
            self.shut(box_no);
        }
    }

    fn pulses(&mut self) -> (SimState, Vec<PulseId>) {
        let state = self.hands.state();
        let fired = state.fired.iter().map(|fired| fired.id).collect();
        (state, fired)
    }

    fn restart_and_check(&mut self) -> Vec<String> {
        let (state, fired) = self.pulses();
        let mut broken = self.locks.see(state.pulses, &fired);
        match Process::kiosk(&self.config) {
            Ok(kiosk) => self.kiosk = Some(kiosk),
            Err(said) => return vec![format!("it does not start by itself: {said}")],
        }
        let began = Instant::now();
        if !within(PATIENCE, || self.get("/healthz").is_ok_and(|reply| reply.is_ok())) {
            return vec!["it does not get well by itself (SAFE-2)".into()];
        }
        broken.extend(self.check_screen());
        broken.extend(self.check_custody());
        wait(REST.saturating_sub(began.elapsed()));
        let (state, fired) = self.pulses();
        broken.extend(self.locks.rest(state.pulses, &fired));
        for one in state.boxes.iter().filter(|one| one.coil == Coil::On) {
            broken.push(format!("the coil of box {} is on", one.box_no));
        }
        broken
    }

    /// The start screen of a newer boot, with nothing left of whoever was here.
    fn check_screen(&mut self) -> Vec<String> {
        let Ok(screen) = self.screen() else { return vec!["it went down by itself".into()] };
        let mut broken = Vec::new();
        let boot =
            screen["generation"].as_str().and_then(|text| text.split('.').next()?.parse().ok()).unwrap_or(0);
        if boot <= self.boot {
            broken.push(format!("boot {boot} follows boot {}", self.boot));
        }
        self.boot = boot;
        if screen["id"] != "start" {
            broken.push(format!("it starts at {}", screen["id"]));
        }
        broken
    }

    /// Custody as the locker and the office have it, against what was acknowledged and against the truth.
    fn check_custody(&mut self) -> Vec<String> {
        let mut found = Found::default();
        let mut agrees = false;
        let until = Instant::now() + PATIENCE;
        while !agrees && Instant::now() < until {
            let Ok(Some((next, same))) = self.found() else {
                return vec!["the office does not answer".into()];
            };
            (found, agrees) = (next, same);
        }
        let mut broken = Vec::new();
        if !agrees {
            broken.push("locker and office do not come to agree".into());
        }
        for (key, place) in &found.booked {
            self.counts.to_check += u32::from(matches!(place, Place::ToCheck(_)));
            let is_news = self.ledger.place(key).is_none();
            let is_done = matches!(place, Place::Box(_) | Place::Staff | Place::Missing);
            self.counts.done_unanswered += u32::from(is_news && is_done);
        }
        broken.extend(self.ledger.settle(&found));
        let state = self.hands.state();
        let lies: Vec<(BoxNo, String)> =
            state.boxes.iter().flat_map(|one| one.keys.iter().map(|key| (one.box_no, key.clone()))).collect();
        broken.extend(Ledger::against_truth(&found, &lies));
        broken
    }

    /// What locker and office say, and whether they say the same.
    fn found(&self) -> Result<Option<(Found, bool)>, Gone> {
        let visits = self.send("GET", "/api/v1/visits", Some(&self.admin), None)?;
        let lockers = self.send("GET", "/api/v1/lockers", Some(&self.admin), None)?;
        if !visits.is_ok() || !lockers.is_ok() {
            return Ok(None);
        }
        let mut found = Found::default();
        for one in lockers.body[0]["boxes"].as_array().into_iter().flatten() {
            let Some(box_no) = box_of(&one["box_no"]) else { continue };
            if one["assignment"] == "reserved" {
                found.reserved.push(box_no);
            }
            if let Some(key) = one["plate"].as_str() {
                let place =
                    if one["to_check"].is_null() { Place::Box(box_no) } else { Place::ToCheck(box_no) };
                found.booked.push((key.to_owned(), place));
            }
        }
        let mut agrees = true;
        for visit in visits.body.as_array().into_iter().flatten() {
            let key = visit["plate"].as_str().unwrap_or_default();
            let custody = &visit["custody"];
            let box_no = box_of(&custody["box_no"]);
            let at_office = match (custody["kind"].as_str().unwrap_or_default(), box_no) {
                ("box", Some(box_no)) => Place::Box(box_no),
                ("to_check", Some(box_no)) => Place::ToCheck(box_no),
                ("staff", _) => Place::Staff,
                ("missing", _) => Place::Missing,
                _ => Place::Customer,
            };
            let booked = found.booked.iter().find(|(label, _)| label == key).map(|(_, place)| *place);
            match (booked, at_office) {
                (Some(booked), at_office) => agrees &= booked == at_office,
                (None, Place::Box(_) | Place::ToCheck(_)) => agrees = false,
                (None, place) => found.booked.push((key.to_owned(), place)),
            }
        }
        Ok(Some((found, agrees)))
    }

    /// A last kill, and what `kiosk verify` says of the folder.
    pub fn verify(&mut self) -> Vec<String> {
        self.kiosk = None;
        let said = process::verify(&self.config);
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let well = text.lines().filter(|line| line.ends_with("records, well")).count();
        if said.status.success() && well == 2 { Vec::new() } else { vec![format!("kiosk verify: {text}")] }
    }
}

/// The box in use, as the screen shows it.
fn served(screen: &Value) -> Option<BoxNo> {
    let mut widgets = screen["widgets"].as_array()?.iter();
    widgets.find(|widget| widget["widget"] == "box_number").and_then(|widget| box_of(&widget["box_no"]))
}
