//! The people in the guest: they give the locker one name after another, drop keys, and write down what they were told, line by line,
//! where it outlives the guest.
//!
//! `uml-people ADDRESS FILE [LINES]`: with a number they leave after so many lines.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a helper of tests, in real time")]

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use locker_tests::http::{self, Gone, Reply};
use serde_json::{Value, json};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let told = std::fs::read_to_string(&arguments[2]).unwrap_or_default();
    let last = told.lines().filter_map(|line| line.strip_prefix("named ")).next_back();
    let mut people = People {
        address: arguments[1].parse().unwrap(),
        told: OpenOptions::new().create(true).append(true).open(&arguments[2]).unwrap(),
        left: arguments.get(3).map(|lines| lines.parse().unwrap()),
        names: last.map_or(0, |number| number.parse().unwrap()),
        had: told.lines().filter_map(|line| Some(line.split(' ').nth(1)?.to_owned())).collect(),
        admin: String::new(),
        touches: 0,
    };
    while !people.get("/healthz").is_ok_and(|reply| reply.is_ok()) {
        wait(50);
    }
    let _ = people.live();
}

fn wait(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

struct People {
    address: SocketAddr,
    told: File,
    left: Option<u32>,
    /// How many names the locker has been given.
    names: u32,
    /// Numbers of visits that were tried before.
    had: BTreeSet<String>,
    admin: String,
    touches: u64,
}

impl People {
    fn live(&mut self) -> Result<(), Gone> {
        let body = json!({ "user": "admin", "password": "demo" });
        self.admin =
            self.send("POST", "/api/v1/login", Some(&body))?.cookie.expect("a log-in gives a cookie");
        let visits = self.get("/api/v1/visits")?.body;
        let mut visits = visits.as_array().unwrap().iter();
        while self.left != Some(0) {
            for _ in 0..3 {
                self.names += 1;
                let body = json!({ "name": format!("Locker {}", self.names) });
                let reply = self.send("PUT", "/api/v1/lockers/1/settings", Some(&body))?;
                assert!(reply.is_ok(), "a locker is given a name: {}", reply.body);
                self.say(&format!("named {}", self.names));
            }
            if self.left.is_none()
                && let Some(visit) = visits.find(|visit| !self.had.contains(&visit["id"].to_string()))
            {
                self.drop_key(&visit["id"], visit["plate"].as_str().unwrap())?;
                self.go_home()?;
            }
        }
        Ok(())
    }

    /// What was told, where the host keeps it.
    fn say(&mut self, line: &str) {
        writeln!(self.told, "{line}").unwrap();
        self.left = self.left.map(|left| left.saturating_sub(1));
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Reply, Gone> {
        http::request(self.address, method, path, Some(&self.admin), body)
    }

    fn get(&self, path: &str) -> Result<Reply, Gone> {
        self.send("GET", path, None)
    }

    fn touch(&mut self, action: &Value) -> Result<bool, Gone> {
        for _ in 0..5 {
            self.touches += 1;
            let generation = &self.get("/api/v1/screen")?.body["generation"];
            let body = json!({ "generation": generation, "touch_id": self.touches, "action": action });
            let reply = self.send("POST", "/api/v1/touch", Some(&body))?;
            if reply.body["key"] != "locker.old_screen" {
                return Ok(reply.is_ok());
            }
        }
        Ok(false)
    }

    fn press(&mut self, button: &str) -> Result<bool, Gone> {
        self.touch(&json!({ "do": "press", "button": button }))
    }

    /// Waits for a screen; `None` when it does not come.
    fn at(&self, id: &str) -> Result<Option<Value>, Gone> {
        for _ in 0..400 {
            let screen = self.get("/api/v1/screen")?.body;
            if screen["id"] == id {
                return Ok(Some(screen));
            }
            wait(20);
        }
        Ok(None)
    }

    fn hand(&self, act: &Value) -> Result<bool, Gone> {
        self.send("POST", "/api/v1/cabinet/act", Some(act)).map(|reply| reply.is_ok())
    }

    fn go_home(&mut self) -> Result<(), Gone> {
        for button in ["done", "abort", "yes"] {
            self.press(button)?;
        }
        self.at("start").map(drop)
    }

    /// A whole drop by registration and PIN; who gets stuck leaves.
    fn drop_key(&mut self, visit: &Value, plate: &str) -> Result<(), Gone> {
        self.say(&format!("begins {visit}"));
        self.had.insert(visit.to_string());
        for button in ["drop_key", "go", "by_registration"] {
            self.press(button)?;
        }
        self.touch(&json!({ "do": "write", "text": plate }))?;
        self.press("ok")?;
        if self.at("drop.contact")?.is_none() {
            return Ok(());
        }
        self.press("send")?;
        if self.at("drop.sent")?.is_none() {
            return Ok(());
        }
        let letters = self.get("/api/v1/mailbox")?.body;
        let words = letters[0]["body"].as_str().unwrap_or_default();
        let pin = words.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).unwrap_or_default();
        self.press("enter_code")?;
        for digit in pin.bytes() {
            self.touch(&json!({ "do": "digit", "digit": digit - b'0' }))?;
        }
        for button in ["ok", "next", "next"] {
            self.press(button)?;
        }
        let Some(screen) = self.at("drop.serve")? else { return Ok(()) };
        let box_no = &screen["widgets"][0]["box_no"];
        let put = json!({ "do": "put", "box_no": box_no, "item": plate });
        for _ in 0..200 {
            if self.hand(&put)? {
                break;
            }
            wait(20);
        }
        // Before the coil lets go, the spring pushes the door open again.
        wait(700);
        self.hand(&json!({ "do": "close", "box_no": box_no }))?;
        for _ in 0..200 {
            self.press("confirm")?;
            if self.get("/api/v1/screen")?.body["id"] == "drop.thanks" {
                self.say(&format!("dropped {visit} {box_no}"));
                break;
            }
            wait(50);
        }
        Ok(())
    }
}
