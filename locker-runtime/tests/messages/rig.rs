//! A kiosk whose messages really leave: a site behind its web API, and what can be asked of it.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use locker_core::{Answer, Ask, VisitId};
use locker_runtime::clock;
use locker_runtime::config::Config;
use locker_runtime::http::{self, Api};
use locker_runtime::site::Site;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt;

/// A channel and an address.
type Reach = (&'static str, &'static str);

/// The visits: plate, language, contacts.
const VISITS: [(&str, &str, &[Reach]); 6] = [
    ("1-AAA-001", "en", &[("mail", "jane@example.org"), ("mail", "unknown@example.org")]),
    ("1-AAA-002", "fr", &[("mail", "lucie@example.org"), ("sms", "0470 00 00 02")]),
    ("1-AAA-003", "nl", &[("mail", "karel@example.org"), ("sms", "0470 00 00 03")]),
    ("1-AAA-004", "de", &[("mail", "bernd@example.org"), ("sms", "+32 (0)470/00.00.04")]),
    ("1-AAA-005", "en", &[("mail", "omar@example.org"), ("sms", "0032 470 00 00 05")]),
    ("1-AAA-006", "en", &[("mail", "tom@example.org")]),
];

/// A running kiosk.
pub struct Kiosk {
    pub site: Site,
    router: Router,
    cookie: String,
    touches: u64,
    _stop: watch::Sender<bool>,
}

fn seed() -> Value {
    let visits = VISITS.iter().map(|(plate, language, contacts)| {
        let contact =
            |(channel, address): &Reach| json!({ "channel": channel, "kind": "private", "address": address });
        let contacts: Vec<Value> = contacts.iter().map(contact).collect();
        json!({
            "date": "today", "plate": plate, "vehicle": "Car",
            "driver": { "name": "Driver", "contacts": contacts, "language": language },
            "orders": [{ "order": format!("WO-{plate}"), "time": "08:30", "work": "Tyres" }],
        })
    });
    json!({
        "location": {
            "name": "Sample Motors", "telephone": "+32 2 555 01 00", "zone": "UTC", "sms": true,
            "mail": "reception@example.org", "calling_code": "32", "trunk_prefix": "0",
        },
        "security_code": "2468",
        "users": [{ "login": "rita", "name": "Rita", "role": "dealer_admin", "password": "demo" }],
        "visits": visits.collect::<Vec<_>>(),
    })
}

impl Kiosk {
    /// Starts one in a folder, with `services` as further lines of its configuration.
    pub async fn start(folder: &Path, services: &str) -> Self {
        keep_logs();
        let file = folder.join("seed.json");
        std::fs::write(&file, seed().to_string()).unwrap();
        let data = folder.join("data");
        let config = format!("data = {data:?}\nseed = {file:?}\nzone = \"UTC\"\n{services}");
        let site = Site::start(&Config::parse(&config).unwrap()).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let api = Api::of(&site, stopping);
        let router = http::local(api.clone()).merge(http::office(api));
        let mut kiosk = Self { site, router, cookie: String::new(), touches: 0, _stop: stop };
        kiosk.log_in().await;
        kiosk
    }

    pub async fn stop(self) {
        let Self { site, router, _stop: stop, .. } = self;
        drop((router, stop));
        site.stop().await;
    }

    async fn answer(&self, method: Method, path: &str, body: Option<Value>) -> axum::response::Response {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header("x-requested-with", "locker")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap()
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let answer = self.answer(method, path, body).await;
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, Some(body)).await
    }

    async fn log_in(&mut self) {
        let body = json!({ "user": "rita", "password": "demo" });
        let answer = self.answer(Method::POST, "/api/v1/login", Some(body)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
    }

    pub async fn touch(&mut self, action: Value) -> Value {
        self.touches += 1;
        let generation = self.get("/api/v1/screen?surface=bottom").await["generation"].clone();
        let touch = json!({ "generation": generation, "touch_id": self.touches, "action": action });
        self.post("/api/v1/touch", touch).await
    }

    pub async fn press(&mut self, button: &str) -> Value {
        self.touch(json!({ "do": "press", "button": button })).await
    }

    /// Waits until the bottom screen is at `id`, and is as wanted.
    pub async fn until(&self, id: &str, is: impl Fn(&Value) -> bool) -> Value {
        let mut screen = Value::Null;
        for _ in 0..800 {
            screen = self.get("/api/v1/screen?surface=bottom").await;
            if screen["id"] == id && is(&screen) {
                return screen;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let said: Vec<String> =
            logs().lines().filter(|line| line.contains("a message")).map(str::to_owned).collect();
        panic!("the screen is at {}, not {id}: {} {said:#?}", screen["id"], screen["notice"]);
    }

    /// A person asks at the kiosk for the PIN of a visit, for the contact with this number.
    pub async fn ask_for_pin(&mut self, visit: usize, contact: usize) {
        for button in ["drop_key", "go", "by_registration"] {
            self.press(button).await;
        }
        self.touch(json!({ "do": "write", "text": VISITS[visit].0 })).await;
        self.press("ok").await;
        self.until("drop.contact", |_| true).await;
        if contact > 0 {
            self.touch(json!({ "do": "choose", "item": contact })).await;
        }
        self.press("send").await;
    }

    /// Leaves whatever is on the screen.
    pub async fn leave(&mut self) {
        self.press("abort").await;
        self.press("yes").await;
        self.until("start", |_| true).await;
    }

    /// Types a PIN at the start of a drop, and leaves again. Says on which screen that ended, with which notice.
    pub async fn try_pin(&mut self, pin: &str) -> (String, String) {
        for button in ["drop_key", "go", "by_pin"] {
            self.press(button).await;
        }
        for digit in pin.bytes() {
            self.touch(json!({ "do": "digit", "digit": digit - b'0' })).await;
        }
        let screen = self.press("ok").await;
        self.leave().await;
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (word(&screen["id"]), screen["notice"].to_string())
    }

    /// The office's number of a visit.
    pub async fn id(&self, visit: usize) -> u64 {
        let visits = self.get("/api/v1/visits").await;
        let mut visits = visits.as_array().unwrap().iter();
        visits.find(|row| row["plate"] == VISITS[visit].0).unwrap()["id"].as_u64().unwrap()
    }

    /// An online check-in: its PIN is on its way to the first contact.
    pub async fn check_in(&self, visit: usize) {
        let visit = VisitId(self.id(visit).await);
        let locker = self.site.locker.as_ref().unwrap();
        for _ in 0..100 {
            // Until the office's desired state has come, the locker knows no visit.
            let ask = Ask::CheckIn { visit, contact: 0, fresh: clock::fresh() };
            if let Ok(Answer::Code { .. }) = locker.ask(ask).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no check-in");
    }

    /// What the communication log says about the messages of a visit, oldest first.
    pub async fn outcomes(&self, visit: usize) -> Vec<String> {
        let page = self.get(&format!("/api/v1/visits/{}", self.id(visit).await)).await;
        let mut rows: Vec<&Value> = page["messages"].as_array().unwrap().iter().collect();
        rows.sort_by_key(|row| row["id"].as_u64());
        rows.iter().map(|row| row["outcome"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until the communication log says so.
    pub async fn await_outcomes(&self, visit: usize, wanted: &[&str]) {
        for _ in 0..900 {
            if self.outcomes(visit).await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{:?}, not {wanted:?}", self.outcomes(visit).await);
    }
}

/// The code in a message: a line or a word of 6 or 8 digits.
pub fn pin_in(body: &str) -> String {
    let is_pin = |word: &&str| matches!(word.len(), 6 | 8) && word.bytes().all(|byte| byte.is_ascii_digit());
    body.split_whitespace().find(is_pin).expect("a code").to_owned()
}

/// Everything that was logged by this process, with every detail that a crate offers.
static LOGS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Keep;

impl io::Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGS.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn keep_logs() {
    static KEPT: OnceLock<()> = OnceLock::new();
    KEPT.get_or_init(|| {
        // The library of TLS writes handshakes in hexadecimal: digits of every kind, and nothing of ours.
        let logs =
            tracing_subscriber::fmt().with_env_filter("trace,rustls=info").without_time().with_ansi(false);
        logs.with_writer(|| Keep).init();
    });
}

pub fn logs() -> String {
    String::from_utf8(LOGS.lock().unwrap().clone()).unwrap()
}

/// No address, number, secret, nor any of `codes` was logged (CODE-3, SAFE-5).
pub fn assert_nothing_personal_was_logged(codes: &[String]) {
    let logs = logs();
    assert!(logs.contains("a message was taken"), "the log is kept");
    let secret = ["example.org", "0470 00 00", "47000000", "geheim"];
    for word in secret.into_iter().chain(codes.iter().map(String::as_str)) {
        let line = logs.lines().find(|line| line.contains(word));
        assert_eq!(line, None, "{word} was logged");
    }
}

/// A certificate authority of the test's own, and a certificate of `localhost` by it.
pub struct Papers {
    folder: TempDir,
}

impl Papers {
    pub fn issue() -> Self {
        use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
        let folder = tempfile::tempdir().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = authority.self_signed(&key).unwrap();
        let issuer = Issuer::new(authority, key);
        let server_key = KeyPair::generate().unwrap();
        let server = CertificateParams::new(vec![String::from("localhost")]).unwrap();
        let server = server.signed_by(&server_key, &issuer).unwrap();
        std::fs::write(folder.path().join("ca.pem"), root.pem()).unwrap();
        std::fs::write(folder.path().join("server.pem"), server.pem()).unwrap();
        std::fs::write(folder.path().join("server.key"), server_key.serialize_pem()).unwrap();
        Self { folder }
    }

    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    pub fn server(&self) -> (PathBuf, PathBuf) {
        (self.folder.path().join("server.pem"), self.folder.path().join("server.key"))
    }
}

/// An SMS gateway that does what it is told.
#[derive(Clone, Default)]
pub struct Gateway {
    status: Arc<Mutex<u16>>,
    /// The requests that came: line, headers, body.
    requests: Arc<Mutex<Vec<(String, String, String)>>>,
}

impl Gateway {
    /// What every request is answered with from now on.
    pub fn answer(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    pub fn requests(&self) -> Vec<(String, String, String)> {
        self.requests.lock().unwrap().clone()
    }

    /// Waits until so many requests have come.
    pub async fn await_count(&self, count: usize) -> Vec<(String, String, String)> {
        for _ in 0..900 {
            if self.requests().len() >= count {
                return self.requests();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} of {count} requests", self.requests().len());
    }

    pub fn router(&self) -> Router {
        let gateway = self.clone();
        Router::new().fallback(async move |request: Request<Body>| {
            let (parts, body) = request.into_parts();
            let body = axum::body::to_bytes(body, 1 << 16).await.unwrap();
            let mut headers = String::new();
            for (name, value) in &parts.headers {
                writeln!(headers, "{name}: {}", value.to_str().unwrap()).unwrap();
            }
            let line = format!("{} {}", parts.method, parts.uri);
            gateway.requests.lock().unwrap().push((line, headers, String::from_utf8(body.to_vec()).unwrap()));
            StatusCode::from_u16(*gateway.status.lock().unwrap()).unwrap()
        })
    }
}
