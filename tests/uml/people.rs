//! The people in the guest: they give the locker one name after another, drop keys, and write down what they were told, line by line,
//! where it outlives the guest.
//!
//! `uml-people ADDRESS FILE [LINES]`: with a number they leave after so many lines.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a helper of tests, in real time")]

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::time::Duration;

use locker_tests::http::Gone;
use locker_tests::walk::Walker;
use serde_json::{Value, json};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let told = std::fs::read_to_string(&arguments[2]).unwrap_or_default();
    let last = told.lines().filter_map(|line| line.strip_prefix("named ")).next_back();
    let mut people = People {
        walker: Walker::at_kiosk(arguments[1].parse().unwrap()),
        told: OpenOptions::new().create(true).append(true).open(&arguments[2]).unwrap(),
        left: arguments.get(3).map(|lines| lines.parse().unwrap()),
        names: last.map_or(0, |number| number.parse().unwrap()),
        had: told.lines().filter_map(|line| Some(line.split(' ').nth(1)?.to_owned())).collect(),
    };
    while !people.walker.get("/healthz").is_ok_and(|reply| reply.is_ok()) {
        wait(50);
    }
    let _ = people.live();
}

fn wait(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

struct People {
    walker: Walker,
    told: File,
    left: Option<u32>,
    /// How many names the locker has been given.
    names: u32,
    /// Numbers of visits that were tried before.
    had: BTreeSet<String>,
}

impl People {
    fn live(&mut self) -> Result<(), Gone> {
        let body = json!({ "user": "admin", "password": "demo" });
        self.walker.cookie = self.walker.send("POST", "/api/v1/login", Some(&body))?.cookie;
        let visits = self.walker.get("/api/v1/visits")?.body;
        let mut visits = visits.as_array().unwrap().iter();
        while self.left != Some(0) {
            for _ in 0..3 {
                self.names += 1;
                let body = json!({ "name": format!("Locker {}", self.names) });
                let reply = self.walker.send("PUT", "/api/v1/lockers/1/settings", Some(&body))?;
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

    fn hand(&self, act: &Value) -> Result<bool, Gone> {
        self.walker.send("POST", "/api/v1/cabinet/act", Some(act)).map(|reply| reply.is_ok())
    }

    fn go_home(&mut self) -> Result<(), Gone> {
        for button in ["done", "abort", "yes"] {
            self.walker.press(button)?;
        }
        self.walker.at("start").map(drop)
    }

    /// A whole drop by registration and PIN; who gets stuck leaves.
    fn drop_key(&mut self, visit: &Value, plate: &str) -> Result<(), Gone> {
        self.say(&format!("begins {visit}"));
        self.had.insert(visit.to_string());
        let Some(screen) = self.walker.as_far_as_a_box(plate)? else { return Ok(()) };
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
            self.walker.press("confirm")?;
            if self.walker.get("/api/v1/screen")?.body["id"] == "drop.thanks" {
                self.say(&format!("dropped {visit} {box_no}"));
                break;
            }
            wait(50);
        }
        Ok(())
    }
}
