//! Whole flows by keys alone, over a running site, with the letters on the terminal looked at.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use locker_core::screen::{Action, Button, Locale, Widget};
use locker_runtime::config::Config;
use locker_runtime::http::{self, Api};
use locker_runtime::site::Site;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::panel::Panel;
use crate::{draw, host};

struct Kiosk {
    panel: Panel,
    site: Site,
    office: Router,
    cookie: String,
    terminal: Terminal<TestBackend>,
    _stop: watch::Sender<bool>,
    _dir: tempfile::TempDir,
}

impl Kiosk {
    async fn start() -> Self {
        Self::of(Config::default(), "start").await
    }

    /// A kiosk whose first screen is this one.
    async fn of(config: Config, first: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = Config { data: dir.path().join("data"), ..config };
        let site = Site::start(&config).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let office = http::office(Api::of(&site, stopping));
        let terminal = Terminal::new(TestBackend::new(110, 48)).unwrap();
        let panel = Panel::new(String::from("http://localhost/"));
        let mut kiosk = Self { panel, site, office, cookie: String::new(), terminal, _stop: stop, _dir: dir };
        kiosk.until(first).await;
        // The office's settings and visits have arrived, and with them the locker's name.
        for _ in 0..200 {
            if kiosk.panel.bottom.locker == "Front door" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            kiosk.seen().await;
        }
        kiosk
    }

    /// What stands on the terminal now.
    async fn seen(&mut self) -> String {
        host::look(&mut self.panel, &self.site).await;
        self.terminal.draw(|frame| draw::panel(frame, &self.panel)).unwrap();
        let buffer = self.terminal.backend().buffer();
        let rows = buffer.content.chunks(usize::from(buffer.area.width));
        rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).chain(["\n"]).collect::<String>())
            .collect()
    }

    /// Strikes a key; again, as a person does, when the screen moved on by itself in between. What Enter then means is
    /// for who strikes it.
    async fn key(&mut self, code: KeyCode) {
        for _ in 0..3 {
            self.seen().await;
            if let Some(deed) = self.panel.key(KeyEvent::new(code, KeyModifiers::NONE)) {
                host::act(&mut self.panel, &self.site, deed).await;
            }
            self.seen().await;
            if code == KeyCode::Enter || !self.moved_on() {
                return;
            }
        }
    }

    fn moved_on(&self) -> bool {
        let words = locker_core::text::error(self.panel.bottom.locale, "locker.old_screen");
        self.panel.refused.as_ref() == Some(&words)
    }

    /// Types what is no chord.
    async fn types(&mut self, text: &str) {
        for letter in text.chars() {
            self.key(KeyCode::Char(letter)).await;
        }
    }

    /// Goes to something with Tab and takes it with Enter; once more if the screen moved on by itself in between.
    async fn choose(&mut self, action: Action) {
        for _ in 0..3 {
            self.seen().await;
            for _ in 0..self.panel.bottom.focus().len() {
                if self.panel.bottom.focus()[self.panel.focus].action == action {
                    break;
                }
                self.key(KeyCode::Tab).await;
            }
            let at = self.panel.bottom.focus()[self.panel.focus].action.clone();
            assert_eq!(at, action, "not on screen {}", self.panel.bottom.id);
            self.key(KeyCode::Enter).await;
            if !self.moved_on() {
                break;
            }
        }
        assert_eq!(self.panel.refused, None);
    }

    async fn press(&mut self, button: Button) {
        self.choose(Action::Press { button }).await;
    }

    /// Waits for a step: look-ups and doors take their time.
    async fn until(&mut self, id: &str) -> String {
        for _ in 0..200 {
            let seen = self.seen().await;
            if self.panel.bottom.id == id {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let seen = self.seen().await;
        panic!("the screen is at {}, not {id}:\n{seen}", self.panel.bottom.id);
    }

    /// Waits until a button can be pressed.
    async fn offered(&mut self, button: Button) {
        let action = Action::Press { button };
        for _ in 0..200 {
            self.seen().await;
            if self.panel.bottom.focus().iter().any(|focus| focus.action == action) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{button:?} is not offered:\n{}", self.seen().await);
    }

    async fn press_when_offered(&mut self, button: Button) {
        self.offered(button).await;
        self.press(button).await;
    }

    /// Somebody at the door of the box in use: `p` puts a key in, `t` takes it; then the door is shut.
    async fn at_the_box(&mut self, hand: char) -> u8 {
        let number = |widget: &Widget| match widget {
            Widget::BoxNumber { box_no } => Some(*box_no),
            _ => None,
        };
        let box_no = self.panel.bottom.widgets.iter().find_map(number).unwrap();
        // The coil has let go: before that the spring pushes the door open again.
        tokio::time::sleep(Duration::from_millis(700)).await;
        self.key(KeyCode::F(2)).await;
        assert_eq!(self.panel.hands_at, Some(box_no), "hands begin at the door that stands open");
        self.types(&hand.to_string()).await;
        assert_eq!(self.panel.refused, None);
        self.key(KeyCode::Enter).await;
        self.key(KeyCode::F(2)).await;
        assert_eq!(self.panel.refused, None);
        box_no.get()
    }

    /// The PIN of the last message, as somebody reads it off the terminal.
    async fn pin(&mut self) -> String {
        self.key(KeyCode::F(3)).await;
        let seen = self.seen().await;
        self.key(KeyCode::F(3)).await;
        let is_pin = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        seen.split(['│', ' ', '\n']).find(is_pin).unwrap_or_else(|| panic!("no PIN:\n{seen}")).to_owned()
    }

    /// A request of the tablet's page; what it answers.
    async fn tablet(&mut self, method: &str, path: &str, body: String) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header("x-requested-with", "locker")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap();
        let answer = self.office.clone().oneshot(request).await.unwrap();
        if let Some(cookie) = answer.headers().get(header::SET_COOKIE) {
            cookie.to_str().unwrap().split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        let status = answer.status();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn log_in(&mut self, user: &str) {
        let log_in = format!(r#"{{"user":"{user}","password":"demo"}}"#);
        assert_eq!(self.tablet("POST", "/api/v1/login", log_in).await.0, StatusCode::OK);
    }

    /// The visit of Jane's first car, as the tablet knows it.
    async fn jane(&mut self) -> serde_json::Value {
        let (_, visits) = self.tablet("GET", "/api/v1/visits", String::new()).await;
        let visits: serde_json::Value = serde_json::from_str(&visits).unwrap();
        visits.as_array().unwrap().iter().find(|visit| visit["plate"] == "1-ABC-123").unwrap().clone()
    }

    /// Asks for a ticket about Jane's key; `more` is what the act needs beside.
    async fn ticket(&mut self, act: &str, more: &str) {
        let wish = format!(r#"{{"act":"{act}","visit":{}{more}}}"#, self.jane().await["id"]);
        let (status, answer) = self.tablet("POST", "/api/v1/tickets", wish).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }

    /// The tablet scans what the terminal shows, all of it.
    async fn scan(&mut self) {
        let seen = self.seen().await;
        let payload = self.panel.bottom.widgets.iter().find_map(|widget| match widget {
            Widget::Qr { payload, .. } => Some(payload.clone()),
            _ => None,
        });
        let payload = payload.unwrap();
        for line in locker_core::picture::qr_text(&payload).unwrap().lines() {
            assert!(seen.contains(line), "{seen}");
        }
        let scanned = format!(r#"{{"payload":"{payload}"}}"#);
        let (status, answer) = self.tablet("POST", "/api/v1/scan", scanned).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }

    /// At the open box: a key goes in or out, the door shuts, and *Confirm* until the screen thanks.
    async fn serve(&mut self, flow: &str, hand: char) -> u8 {
        self.until(&format!("{flow}.serve")).await;
        self.offered(Button::Confirm).await;
        let next = &self.panel.bottom.focus()[self.panel.focus].action;
        assert_eq!(
            *next,
            Action::Press { button: Button::Confirm },
            "the focus went on to the one next thing"
        );
        let box_no = self.at_the_box(hand).await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        self.press_when_offered(Button::Confirm).await;
        self.until(&format!("{flow}.thanks")).await;
        box_no
    }

    /// Eight digits at *Pick up*.
    async fn staff_code(&mut self, digits: &str) {
        for button in [Button::PickUpKey, Button::Go, Button::ByPin] {
            self.press(button).await;
        }
        self.types(digits).await;
        self.press(Button::Ok).await;
    }

    async fn choose_item(&mut self, item: u8) {
        self.choose(Action::Choose { item }).await;
        self.press(Button::Ok).await;
    }

    /// Shuts the box that a code of staff opened, and says that it is empty.
    async fn found_empty(&mut self, box_no: u8) {
        self.until("pick.serve").await;
        self.offered(Button::Confirm).await;
        assert_eq!(self.at_the_box(' ').await, box_no);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        self.press_when_offered(Button::Confirm).await;
        self.until("check.settle").await;
        self.press(Button::BoxEmpty).await;
        self.until("pick.thanks").await;
        self.press(Button::Done).await;
        self.until("start").await;
    }

    /// Jane's key goes into a box, by registration and PIN, from the screen that offers it.
    async fn drop_key(&mut self) -> u8 {
        self.press(Button::DropKey).await;
        let box_no = self.drop_from_welcome().await;
        self.until("start").await;
        box_no
    }

    async fn drop_from_welcome(&mut self) -> u8 {
        for button in [Button::Go, Button::ByRegistration] {
            self.press(button).await;
        }
        self.types("1 abc 123").await;
        self.press(Button::Ok).await;
        let seen = self.until("drop.contact").await;
        assert!(!seen.contains("jane@example.org"), "drop_09: contacts are masked before the PIN\n{seen}");
        self.press(Button::Send).await;
        self.until("drop.sent").await;
        self.press(Button::EnterCode).await;
        let pin = self.pin().await;
        self.types(&pin).await;
        let seen = self.seen().await;
        assert!(!seen.contains(&pin) && seen.contains("••••••"), "ux_14: digits are masked\n{seen}");
        self.press(Button::Ok).await;
        let seen = self.seen().await;
        assert!(seen.contains("Jane Sample"), "{seen}");
        self.press(Button::Next).await;
        self.press(Button::Next).await;
        let box_no = self.serve("drop", 'p').await;
        self.press(Button::Done).await;
        box_no
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_dropped_and_picked_up_by_keys_alone() {
    let mut kiosk = Kiosk::start().await;
    let box_no = kiosk.drop_key().await;

    kiosk.log_in("mechanic").await;
    kiosk.ticket("pick_up", r#","security_code":"2468""#).await;
    kiosk.press(Button::PickUpKey).await;
    kiosk.press(Button::Go).await;
    kiosk.press(Button::ByQr).await;
    kiosk.scan().await;
    assert_eq!(kiosk.serve("pick", 't').await, box_no);
    kiosk.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_drop_03_pick_02_staff_drop_a_key_and_the_customer_picks_it_up_by_keys_alone() {
    let mut kiosk = Kiosk::start().await;
    kiosk.log_in("reception").await;
    kiosk.ticket("drop", r#","to":{"contact":"driver","index":0},"security_code":"2468""#).await;
    kiosk.press(Button::DropKey).await;
    kiosk.press(Button::Go).await;
    kiosk.press(Button::ByQr).await;
    kiosk.scan().await;
    let box_no = kiosk.serve("drop", 'p').await;
    kiosk.press(Button::Done).await;
    kiosk.until("start").await;
    let pin = kiosk.pin().await;
    kiosk.staff_code(&pin).await;
    assert_eq!(kiosk.serve("pick", 't').await, box_no);
    kiosk.press(Button::Done).await;
    assert_eq!(kiosk.jane().await["custody"]["kind"], "customer");
    kiosk.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_08_code_09_staff_open_a_box_with_a_temporary_pin_and_with_an_authenticator() {
    let mut kiosk = Kiosk::start().await;
    kiosk.log_in("admin").await;
    let wish = String::from(r#"{"reason":"A test"}"#);
    let (_, made) = kiosk.tablet("POST", "/api/v1/lockers/1/temporary-pin", wish).await;
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    kiosk.staff_code(made["pin"].as_str().unwrap()).await;
    let seen = kiosk.until("staff.box").await;
    assert!(seen.contains("Box 2"), "{seen}");
    kiosk.choose_item(1).await;
    kiosk.found_empty(2).await;

    let (_, made) = kiosk.tablet("POST", "/api/v1/lockers/1/authenticator", String::from("{}")).await;
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let app = totp_rs::Totp::from_url(made["uri"].as_str().unwrap()).unwrap();
    let seconds = u64::try_from(kiosk.site.clock.now().wall.0 / 1_000).unwrap();
    kiosk.staff_code(&app.generate(seconds).to_string()).await;
    kiosk.until("staff.reason").await;
    kiosk.choose_item(1).await;
    kiosk.until("staff.box").await;
    kiosk.choose_item(3).await;
    kiosk.found_empty(4).await;
    kiosk.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn classic_begins_at_the_welcome_screen_and_step_1_gives_the_key_to_a_mechanic() {
    let config = Config { profile: locker_core::Profile::Classic, ..Config::default() };
    let mut kiosk = Kiosk::of(config, "drop.welcome").await;
    let box_no = kiosk.drop_from_welcome().await;
    kiosk.until("drop.welcome").await;
    kiosk.log_in("mechanic").await;
    kiosk.ticket("pick_up", "").await;
    kiosk.press(Button::Go).await;
    kiosk.press(Button::ByQr).await;
    kiosk.scan().await;
    assert_eq!(kiosk.serve("pick", 't').await, box_no);
    kiosk.press(Button::Done).await;
    kiosk.until("drop.welcome").await;
    kiosk.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_06_without_a_link_what_needs_one_says_so_and_cannot_be_chosen() {
    let mut kiosk = Kiosk::start().await;
    kiosk.site.wire.set_cut(true);
    kiosk.press(Button::DropKey).await;
    kiosk.press(Button::Go).await;
    let mut seen = String::new();
    for _ in 0..200 {
        seen = kiosk.seen().await;
        if seen.contains("offline") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(seen.contains("QR code: offline") && seen.contains("There is no connection"), "{seen}");
    let by_qr = Action::Press { button: Button::ByQr };
    assert!(kiosk.panel.bottom.focus().iter().all(|focus| focus.action != by_qr));
    kiosk.key(KeyCode::F(1)).await;
    let seen = kiosk.seen().await;
    assert!(seen.contains("offline") && seen.contains("+32 2 555 01 00"), "{seen}");
    kiosk.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn help_abort_and_another_language_are_keys_on_every_screen() {
    let mut kiosk = Kiosk::start().await;
    kiosk.press(Button::DropKey).await;
    kiosk.choose(Action::Language { locale: Locale::De }).await;
    let german = kiosk.seen().await;
    assert!(german.contains("Deutsch") && german.contains("Schlüssel"), "{german}");

    kiosk.key(KeyCode::F(1)).await;
    assert_eq!(kiosk.panel.bottom.overlay.as_ref().unwrap().id, "help");
    kiosk.press(Button::CallHelp).await;
    kiosk.press(Button::CloseHelp).await;

    kiosk.key(KeyCode::Esc).await;
    assert_eq!(kiosk.panel.bottom.overlay.as_ref().unwrap().id, "abort");
    kiosk.press(Button::No).await;
    assert_eq!(kiosk.panel.bottom.id, "drop.welcome");
    kiosk.key(KeyCode::Esc).await;
    kiosk.press(Button::Yes).await;
    kiosk.until("start").await;
    assert_eq!(
        kiosk.panel.bottom.locale,
        Locale::En,
        "start_03: the next person begins in the locker's language"
    );
    kiosk.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_means_nothing_does_nothing_and_a_refusal_is_said() {
    let mut kiosk = Kiosk::start().await;
    kiosk.key(KeyCode::Char('7')).await;
    kiosk.key(KeyCode::Backspace).await;
    kiosk.key(KeyCode::F(9)).await;
    assert_eq!((kiosk.panel.touches, kiosk.panel.bottom.id), (0, "start"));
    // A shut door does not open to a hand.
    kiosk.key(KeyCode::F(2)).await;
    kiosk.key(KeyCode::Enter).await;
    let refused = kiosk.panel.refused.clone().unwrap();
    let seen = kiosk.seen().await;
    assert!(seen.contains(&refused[..20]), "{refused}\n{seen}");
    kiosk.site.stop().await;
}
