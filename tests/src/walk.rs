//! Somebody at the locker's screens, over HTTP: as far as the open box.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};

use crate::http::{self, Gone, Reply};

/// Somebody who touches the screen.
pub struct Walker {
    address: SocketAddr,
    touches: u64,
    /// The cookie of a tablet, if somebody is logged in.
    pub cookie: Option<String>,
}

impl Walker {
    /// Somebody in front of the kiosk that listens there.
    #[must_use]
    pub const fn at_kiosk(address: SocketAddr) -> Self {
        Self { address, touches: 0, cookie: None }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// [`Gone`].
    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Reply, Gone> {
        http::request(self.address, method, path, self.cookie.as_deref(), body)
    }

    /// Reads a page.
    ///
    /// # Errors
    /// [`Gone`].
    pub fn get(&self, path: &str) -> Result<Reply, Gone> {
        self.send("GET", path, None)
    }

    /// Touches the screen as it is now; whether it was taken.
    ///
    /// # Errors
    /// [`Gone`].
    pub fn touch(&mut self, action: &Value) -> Result<bool, Gone> {
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

    /// Presses a button.
    ///
    /// # Errors
    /// [`Gone`].
    pub fn press(&mut self, button: &str) -> Result<bool, Gone> {
        self.touch(&json!({ "do": "press", "button": button }))
    }

    /// Waits for a screen; `None` when it does not come.
    ///
    /// # Errors
    /// [`Gone`].
    pub fn at(&self, id: &str) -> Result<Option<Value>, Gone> {
        for _ in 0..400 {
            let screen = self.get("/api/v1/screen")?.body;
            if screen["id"] == id {
                return Ok(Some(screen));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(None)
    }

    /// A drop by registration and PIN as far as the touch that opens a box; the screen then, or `None` for who gets stuck.
    ///
    /// # Errors
    /// [`Gone`].
    pub fn as_far_as_a_box(&mut self, plate: &str) -> Result<Option<Value>, Gone> {
        for button in ["drop_key", "go", "by_registration"] {
            self.press(button)?;
        }
        self.touch(&json!({ "do": "write", "text": plate }))?;
        self.press("ok")?;
        if self.at("drop.contact")?.is_none() {
            return Ok(None);
        }
        self.press("send")?;
        if self.at("drop.sent")?.is_none() {
            return Ok(None);
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
        self.at("drop.serve")
    }

    /// Logs in, asks for a key that is in a box, and scans the QR on the screen, as far as the opening; what the scan was
    /// answered.
    ///
    /// # Errors
    /// [`Gone`].
    pub fn fetches(&mut self, login: &str, security_code: &str, plate: &str) -> Result<Reply, Gone> {
        let body = json!({ "user": login, "password": "demo" });
        self.cookie = self.send("POST", "/api/v1/login", Some(&body))?.cookie;
        let visits = self.get("/api/v1/visits")?.body;
        let visit = visits.as_array().and_then(|visits| visits.iter().find(|visit| visit["plate"] == plate));
        let visit = visit.map_or(Value::Null, |visit| visit["id"].clone());
        let wish = json!({ "act": "pick_up", "visit": visit, "security_code": security_code });
        for _ in 0..400 {
            // The office hears of a drop a moment after it.
            if self.send("POST", "/api/v1/tickets", Some(&wish))?.is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        for button in ["pick_up_key", "go", "by_qr"] {
            self.press(button)?;
        }
        let screen = self.at("pick.qr")?.unwrap_or_default();
        let widgets = screen["widgets"].as_array().cloned().unwrap_or_default();
        let qr = widgets.iter().find(|widget| widget["widget"] == "qr").cloned().unwrap_or_default();
        self.send("POST", "/api/v1/scan", Some(&json!({ "payload": qr["payload"] })))
    }
}
