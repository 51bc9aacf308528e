//! The frontend of the guide: a customer gets through a drop with nothing but its lines.

#![allow(clippy::unwrap_used, dead_code, reason = "a test, and an example's `main`")]

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use locker_runtime::config::Config;
use locker_runtime::site::Site;
use tokio::sync::mpsc;

#[path = "../examples/frontend.rs"]
mod frontend;

#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl io::Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Screen {
    /// Waits for the newest drawing to have `words`.
    async fn until(&self, words: &str) -> String {
        let mut drawing = String::new();
        for _ in 0..400 {
            let all = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            drawing = all[all.rfind("\n== ").unwrap_or_default()..].to_owned();
            if drawing.contains(words) {
                return drawing;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no {words:?} in {drawing}");
    }

    /// Waits for a choice, and gives the line that chooses it.
    async fn number(&self, label: &str) -> String {
        let drawing = self.until(&format!(") {label}")).await;
        let line = drawing.lines().find(|line| line.ends_with(&format!(") {label}"))).unwrap();
        line.split(')').next().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frontend_of_a_hundred_lines_takes_a_customer_to_the_driver_page() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data: folder.path().join("data"), ..Config::default() };
    let site = Site::start(&config).await.unwrap();
    let (screen, (typed, lines)) = (Screen::default(), mpsc::channel(1));
    let mut out = screen.clone();
    let mailbox = site.mailbox.clone();
    let person = async {
        for step in ["Drop a key", "Go", "Registration number", "=1 ABC 123", "OK", "Send", "Type the code"] {
            let line = if step.starts_with('=') { step.to_owned() } else { screen.number(step).await };
            typed.send(line).await.unwrap();
        }
        screen.until("# ").await;
        let letter = mailbox.letters().remove(0);
        let is_pin = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        let pin = letter.body.split_whitespace().find(is_pin).unwrap().to_owned();
        typed.send(format!("#{pin}")).await.unwrap();
        screen.until("# ••••••").await;
        typed.send(screen.number("OK").await).await.unwrap();
        let seen = screen.until("Jane").await;
        drop(typed);
        seen
    };
    let (talked, seen) = tokio::join!(frontend::talk(&site, lines, &mut out), person);
    talked.unwrap();
    assert!(seen.contains("Next"), "{seen}");
    site.stop().await;
    let source = include_str!("../examples/frontend.rs");
    assert!(source.lines().count() < 100, "{} lines", source.lines().count());
}
