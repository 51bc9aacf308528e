//! A whole site behind its web API: what a browser would do, without one.

#![allow(clippy::unwrap_used, reason = "tests")]

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use locker_runtime::config::Config;
use locker_runtime::http::{self, Api, ROUTES};
use locker_runtime::journal::{Fault, FaultyJournal, Journal, SqliteJournal};
use locker_runtime::site::Site;
use serde_json::{Value, json};
use tokio::sync::watch;
use tower::ServiceExt;

/// A running site on a folder of its own, and its routers as one.
struct Place {
    site: Site,
    router: Router,
    cookie: String,
    _stop: watch::Sender<bool>,
    dir: tempfile::TempDir,
    touches: u64,
}

impl Place {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::on(dir).await
    }

    async fn on(dir: tempfile::TempDir) -> Self {
        Self::over(dir, |journal| journal).await
    }

    /// A site whose journal fails when it is told to, for locker and office alike.
    async fn that_may_fail() -> (Self, FaultyJournal<SqliteJournal>) {
        let mut switch = None;
        let place = Self::over(tempfile::tempdir().unwrap(), |journal| {
            switch.insert(FaultyJournal::over(journal)).clone()
        });
        let place = place.await;
        (place, switch.unwrap())
    }

    async fn over<J: Journal + Clone + 'static>(
        dir: tempfile::TempDir,
        lay: impl FnOnce(SqliteJournal) -> J,
    ) -> Self {
        let config = Config { data: dir.path().join("data"), ..Config::default() };
        let site = Site::start_over(&config, lay).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let api = Api::of(&site, stopping);
        let router = http::local(api.clone()).merge(http::office(api));
        Self { site, router, cookie: String::new(), _stop: stop, dir, touches: 0 }
    }

    async fn again(self) -> Self {
        let Self { site, dir, router, _stop: stop, .. } = self;
        // Streams end, and the folder is free once nobody can ask any more.
        drop((router, stop));
        site.stop().await;
        Self::on(dir).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header("x-requested-with", "locker")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let answer = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(Method::POST, path, Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }

    async fn screen(&self) -> Value {
        self.get("/api/v1/screen?surface=bottom").await
    }

    async fn touch(&mut self, action: Value) -> Value {
        self.touches += 1;
        let generation = self.screen().await["generation"].clone();
        let touch = json!({ "generation": generation, "touch_id": self.touches, "action": action });
        self.post("/api/v1/touch", touch).await
    }

    /// A key of the keypad, and a moment of rest.
    async fn strike(&mut self, key: &str) -> Value {
        self.touches += 1;
        let generation = self.screen().await["generation"].clone();
        let struck = json!({ "generation": generation, "touch_id": self.touches, "key": key });
        self.post("/api/v1/keys", struck).await
    }

    async fn press(&mut self, button: &str) -> Value {
        self.touch(json!({ "do": "press", "button": button })).await
    }

    /// Waits until the bottom screen is at `id`: look-ups and doors take their time.
    async fn until(&self, id: &str, is: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..100 {
            let screen = self.screen().await;
            if screen["id"] == id && is(&screen) {
                return screen;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let screen = self.screen().await;
        panic!("the screen is at {}, not {id}: {} {}", screen["id"], screen["notice"], screen["lines"]);
    }

    async fn log_in(&mut self, user: &str) {
        let body = json!({ "user": user, "password": "demo" });
        let request = Request::post("/api/v1/login")
            .header(header::HOST, "localhost:8080")
            .header("x-requested-with", "locker")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
    }

    /// Jane's key goes into a box, by registration and PIN; gives the box.
    async fn drop_key(&mut self) -> u64 {
        // The office's settings and visits have arrived, and with them the locker's name.
        self.until("start", |screen| screen["locker"] == "Front door").await;
        for button in ["drop_key", "go", "by_registration"] {
            self.press(button).await;
        }
        self.touch(json!({ "do": "write", "text": "1 abc 123" })).await;
        self.press("ok").await;
        self.until("drop.contact", |_| true).await;
        self.press("send").await;
        self.until("drop.sent", |_| true).await;
        self.press("enter_code").await;
        let pin = self.pin().await;
        self.type_digits(&pin).await;
        self.press("ok").await;
        self.press("next").await;
        self.press("next").await;
        let screen = self.until("drop.serve", is_open).await;
        let box_no = screen["widgets"][0]["box_no"].as_u64().unwrap();
        let act = json!({ "do": "put", "box_no": box_no, "item": "key" });
        self.post("/api/v1/cabinet/act", act).await;
        self.press("confirm").await;
        self.close(box_no).await;
        self.until("drop.thanks", |_| true).await;
        self.press("done").await;
        box_no
    }

    /// Shuts a door, once its coil has let go: before that the spring pushes it open again.
    async fn close(&self, box_no: u64) {
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        self.post("/api/v1/cabinet/act", json!({ "do": "close", "box_no": box_no })).await;
    }

    async fn pin(&self) -> String {
        let letters = self.get("/api/v1/mailbox").await;
        let body = letters[0]["body"].as_str().unwrap().to_owned();
        let is_pin = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        body.split_whitespace().find(is_pin).unwrap().to_owned()
    }

    /// Waits for the `count`th letter, which goes to this address; gives its PIN.
    async fn pin_in_mail(&self, count: usize, to: &str) -> String {
        for _ in 0..100 {
            let letters = self.get("/api/v1/mailbox").await;
            if letters.as_array().unwrap().len() == count {
                assert_eq!(letters[0]["to"], to);
                return self.pin().await;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("there is no letter {count}");
    }

    async fn type_digits(&mut self, digits: &str) {
        for digit in digits.bytes() {
            self.touch(json!({ "do": "digit", "digit": digit - b'0' })).await;
        }
    }

    async fn jane(&self) -> Value {
        let visits = self.get("/api/v1/visits").await;
        visits.as_array().unwrap().iter().find(|visit| visit["plate"] == "1-ABC-123").unwrap().clone()
    }

    /// Waits until the office has taken in what the locker did.
    async fn custody(&self, kind: &str) -> Value {
        for _ in 0..100 {
            let jane = self.jane().await;
            if jane["custody"]["kind"] == kind {
                return jane;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("custody is {}", self.jane().await["custody"]);
    }
}

fn is_open(screen: &Value) -> bool {
    let buttons = screen["buttons"].as_array().unwrap();
    buttons.iter().any(|button| button["press"] == "confirm")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_drops_a_key_and_a_mechanic_collects_it_through_the_web_api() {
    let mut place = Place::open().await;
    let box_no = place.drop_key().await;
    place.log_in("mechanic").await;
    let jane = place.custody("box").await;
    assert_eq!(jane["custody"]["box_no"], box_no);
    assert_eq!((&jane["key_icon"], &jane["may_pick_up"]), (&json!(true), &json!(true)));

    let wrong = json!({ "act": "pick_up", "visit": jane["id"], "security_code": "1111" });
    let (status, problem) = place.call(Method::POST, "/api/v1/tickets", Some(wrong)).await;
    assert_eq!((status, &problem["key"]), (StatusCode::FORBIDDEN, &json!("office.wrong_security_code")));
    let wish = json!({ "act": "pick_up", "visit": jane["id"], "security_code": "2468" });
    let ticket = place.post("/api/v1/tickets", wish).await;
    assert_eq!((&ticket["act"], &ticket["locker"]), (&json!("pick_up"), &json!("Front door")));

    for button in ["pick_up_key", "go"] {
        place.press(button).await;
    }
    let screen = place.press("by_qr").await;
    let qr = &screen["widgets"][0];
    assert_eq!(qr["widget"], "qr");
    let foreign = json!({ "payload": "KEYLOCKER:1:1:00000000000000000000000000000000" });
    let (status, problem) = place.call(Method::POST, "/api/v1/scan", Some(foreign)).await;
    assert_eq!((status, &problem["key"]), (StatusCode::FORBIDDEN, &json!("locker.foreign_qr")));
    let opened = place.post("/api/v1/scan", json!({ "payload": qr["payload"] })).await;
    assert_eq!(opened["box_no"], box_no);
    place.until("pick.serve", is_open).await;
    place.post("/api/v1/cabinet/act", json!({ "do": "take", "box_no": box_no })).await;
    place.close(box_no).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    place.press("confirm").await;
    place.until("pick.thanks", |_| true).await;
    let jane = place.custody("staff").await;
    assert_eq!(jane["custody"]["user"], "Max Mechanic");

    // Everything is on record: a new start knows it all, and the tablet is still logged in.
    let cookie = place.cookie.clone();
    let mut place = place.again().await;
    place.cookie = cookie;
    let page = place.get(&format!("/api/v1/visits/{}", jane["id"])).await;
    let kinds: Vec<&str> =
        page["timeline"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["key_dropped", "key_picked_up"]);
    assert_eq!(page["custody"]["kind"], "staff");
    place.site.stop().await;
}

/// STAFF-DROP and PICK, from the tablet to the customer's hand.
#[tokio::test(flavor = "multi_thread")]
async fn staff_drop_03_pick_02_a_receptionist_drops_a_key_and_the_customer_picks_it_up_through_the_web_api() {
    let mut place = Place::open().await;
    place.log_in("reception").await;
    let jane = place.jane().await;
    assert_eq!((&jane["may_drop"], &jane["outbound"]), (&json!(true), &json!(false)));
    let page = place.get(&format!("/api/v1/visits/{}", jane["id"])).await;
    let contacts: Vec<&str> =
        page["contacts"].as_array().unwrap().iter().map(|one| one["to_masked"].as_str().unwrap()).collect();
    assert_eq!(contacts, ["j•••@e•••.org", "j•••@e•••.com"], "no SMS at this location");

    let nobody = json!({ "act": "drop", "visit": jane["id"], "security_code": "2468",
        "to": { "contact": "driver", "index": 2 } });
    let (status, problem) = place.call(Method::POST, "/api/v1/tickets", Some(nobody)).await;
    assert_eq!((status, &problem["key"]), (StatusCode::CONFLICT, &json!("office.not_reachable")));
    let wish = json!({ "act": "drop", "visit": jane["id"], "security_code": "2468",
        "to": { "contact": "driver", "index": 1 } });
    let ticket = place.post("/api/v1/tickets", wish).await;
    assert_eq!((&ticket["act"], &ticket["box_no"]), (&json!("drop"), &json!(null)));
    for button in ["drop_key", "go"] {
        place.press(button).await;
    }
    let screen = place.press("by_qr").await;
    let opened = place.post("/api/v1/scan", json!({ "payload": screen["widgets"][0]["payload"] })).await;
    let box_no = opened["box_no"].clone();
    place.until("drop.serve", is_open).await;
    place.post("/api/v1/cabinet/act", json!({ "do": "put", "box_no": box_no, "item": "key" })).await;
    let box_no = box_no.as_u64().unwrap();
    assert_eq!(place.get("/api/v1/mailbox").await, json!([]), "STAFF-DROP-4: not before Confirm");
    place.press("confirm").await;
    place.close(box_no).await;
    place.until("drop.thanks", |_| true).await;
    let jane = place.custody("box").await;
    assert_eq!((&jane["outbound"], &jane["key_icon"]), (&json!(true), &json!(true)));
    let first = place.pin_in_mail(1, "jane.sample@example.com").await;

    // STAFF-DROP-6: once more, to the other address; the old PIN is replaced.
    let path = format!("/api/v1/visits/{}/send-again", jane["id"]);
    place.post(&path, json!({ "to": { "contact": "driver", "index": 0 } })).await;
    let second = place.pin_in_mail(2, "jane@example.org").await;
    for button in ["done", "pick_up_key", "go", "by_pin"] {
        place.press(button).await;
    }
    place.type_digits(&first).await;
    let screen = place.press("ok").await;
    assert!(screen["notice"].to_string().contains("drop-pin-replaced"), "{}", screen["notice"]);
    place.type_digits(&second).await;
    place.press("ok").await;
    place.until("pick.serve", is_open).await;
    place.post("/api/v1/cabinet/act", json!({ "do": "take", "box_no": box_no })).await;
    place.press("confirm").await;
    place.close(box_no).await;
    place.until("pick.thanks", |_| true).await;
    place.custody("customer").await;
    let page = place.get(&format!("/api/v1/visits/{}", jane["id"])).await;
    let kinds: Vec<&str> =
        page["timeline"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["key_dropped_back", "key_collected"]);
    place.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_for_help_reaches_the_office_and_the_answer_the_kiosk() {
    let mut place = Place::open().await;
    place.press("drop_key").await;
    place.press("help").await;
    place.press("call_help").await;
    let said = |screen: &Value, id: &str| screen["overlay"]["lines"].to_string().contains(id);
    place.until("drop.welcome", |screen| said(screen, "help-nobody")).await;
    place.log_in("reception").await;
    let calls = place.get("/api/v1/help").await;
    assert_eq!((&calls[0]["step"], &calls[0]["state"]), (&json!("drop.welcome"), &json!("open")));
    place.post(&format!("/api/v1/help/{}/handle", calls[0]["id"]), json!({})).await;
    place.until("drop.welcome", |screen| said(screen, "help-coming")).await;
    place.site.stop().await;
}

/// Neither the locker nor the office can record anything.
#[tokio::test(flavor = "multi_thread")]
async fn safe_08_help_01_with_the_journal_down_a_call_reaches_the_office_and_the_answer_the_kiosk() {
    let (mut place, journal) = Place::that_may_fail().await;
    place.log_in("reception").await;
    journal.fail(Fault::NotWritten);
    place.press("drop_key").await;
    place.press("help").await;
    // Nobody knows yet that nothing can be recorded: this press finds out.
    place.press("call_help").await;
    let said = |screen: &Value, id: &str| screen["overlay"]["lines"].to_string().contains(id);
    place.until("drop.welcome", |screen| said(screen, "help-called")).await;
    let calls = place.get("/api/v1/help").await;
    assert_eq!(calls.as_array().unwrap().len(), 1);
    let call = &calls[0];
    assert_eq!((&call["step"], &call["state"]), (&json!("drop.welcome"), &json!("open")));
    assert_eq!((&call["unrecorded"], &call["locker"]), (&json!(true), &json!("Front door")));
    place.post(&format!("/api/v1/help/{}/handle", call["id"]), json!({})).await;
    let screen = place.until("drop.welcome", |screen| said(screen, "help-coming")).await;
    assert_eq!(screen["notice"]["text"]["id"], "help-coming");
    let calls = place.get("/api/v1/help").await;
    assert_eq!((&calls[0]["state"], &calls[0]["handled_by"]), (&json!("handled"), &json!("Rita Reception")));

    // A second call is still open when the journal is back: it is recorded, and shown once.
    place.press("call_help").await;
    place.until("drop.welcome", |screen| said(screen, "help-called")).await;
    journal.heal();
    let mut calls = place.get("/api/v1/help").await;
    for _ in 0..300 {
        if calls[0]["unrecorded"] == false {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        calls = place.get("/api/v1/help").await;
    }
    assert_eq!(calls.as_array().unwrap().len(), 1, "{calls}");
    assert_eq!((&calls[0]["state"], &calls[0]["unrecorded"]), (&json!("open"), &json!(false)));
    place.post(&format!("/api/v1/help/{}/handle", calls[0]["id"]), json!({})).await;
    place.until("drop.welcome", |screen| said(screen, "help-coming")).await;
    place.site.stop().await;
}

/// Somebody who only hears: every key is taken from what was said.
#[tokio::test(flavor = "multi_thread")]
async fn ux_06_a_keypad_is_served_and_heard_through_the_web_api() {
    let mut place = Place::open().await;
    place.until("start", |screen| screen["locker"] == "Front door").await;
    let said = place.get("/api/v1/heard").await;
    assert_eq!((&said["step"], &said["locale"]), (&json!("start/"), &json!("en")));
    let line = said["say"].as_array().unwrap().iter().find(|line| line.as_str().unwrap().contains("Drop"));
    let key = line.unwrap().as_str().unwrap().split(':').next().unwrap().to_owned();
    let screen = place.strike(&key).await;
    assert_eq!(screen["id"], "drop.welcome");
    assert_eq!(place.strike("confirm").await["id"], "drop.method");
    assert_eq!(place.strike("help").await["overlay"]["id"], "help");
    let said = place.get("/api/v1/heard").await;
    assert_eq!(said["step"], "drop.method/help");
    place.strike("abort").await;
    let generation = place.screen().await["generation"].clone();
    for (body, status, key) in [
        (json!({ "generation": generation, "touch_id": 900, "key": "10" }), 400, "http.not_a_key"),
        (json!({ "generation": generation, "touch_id": 900 }), 400, "http.not_a_key"),
        (json!({ "generation": "9.9", "touch_id": 900, "key": "confirm" }), 409, "locker.old_screen"),
    ] {
        let (was, problem) = place.call(Method::POST, "/api/v1/keys", Some(body)).await;
        assert_eq!((was.as_u16(), &problem["key"]), (status, &json!(key)));
    }
    place.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_get_a_typed_problem_and_change_nothing() {
    let place = Place::open().await;
    // The office's settings have arrived, and with them the locker's name.
    let before = place.until("start", |screen| screen["locker"] == "Front door").await;
    let cases = [
        (json!({}), 400, "http.not_a_touch"),
        (json!({ "generation": "x", "touch_id": 1, "action": { "do": "erase" } }), 400, "http.not_a_touch"),
        (
            json!({ "generation": "9.9", "touch_id": 1, "action": { "do": "erase" } }),
            409,
            "locker.old_screen",
        ),
        (
            json!({ "generation": before["generation"], "touch_id": 1, "action": { "do": "digit", "digit": 7 } }),
            409,
            "locker.not_offered",
        ),
        (
            json!({ "generation": before["generation"], "touch_id": 1,
                    "action": { "do": "write", "text": "x".repeat(4_096) } }),
            409,
            "locker.too_long",
        ),
    ];
    for (body, status, key) in cases {
        let (answered, problem) = place.call(Method::POST, "/api/v1/touch", Some(body)).await;
        assert_eq!((answered.as_u16(), &problem["key"]), (status, &json!(key)));
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }
    for (method, path, key) in [
        (Method::GET, "/api/v1/screen?surface=left", "http.query"),
        (Method::GET, "/api/v1/events?surface=left", "http.query"),
        (Method::GET, "/api/v1/visits/one", "http.path"),
        (Method::POST, "/api/v1/lockers/1%FF/lift", "http.path"),
        (Method::POST, "/api/v1/help/-1/handle", "http.path"),
    ] {
        let (answered, problem) = place.call(method, path, None).await;
        assert_eq!((answered, &problem["key"]), (StatusCode::BAD_REQUEST, &json!(key)), "{path}");
    }
    let steady = |mut screen: Value| {
        screen.as_object_mut().unwrap().remove("version");
        screen
    };
    assert_eq!(steady(place.screen().await), steady(before));
    for path in ["/api/v1/me", "/api/v1/visits", "/api/v1/help", "/api/v1/lockers"] {
        let (status, problem) = place.call(Method::GET, path, None).await;
        assert_eq!((status, &problem["key"]), (StatusCode::UNAUTHORIZED, &json!("office.not_logged_in")));
    }
    let wrong = json!({ "user": "mechanic", "password": "wrong" });
    let (status, _) = place.call(Method::POST, "/api/v1/login", Some(wrong)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let act = json!({ "do": "put", "box_no": 3, "item": "key" });
    let (status, _) = place.call(Method::POST, "/api/v1/cabinet/act", Some(act)).await;
    assert_eq!(status, StatusCode::CONFLICT, "the door is closed");
    place.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_pages_are_kept_out() {
    let place = Place::open().await;
    let call = async |host: &str, origin: Option<&str>, ours: bool, path: &str| {
        let mut request = Request::post(path).header(header::HOST, host);
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        if ours {
            request = request.header("x-requested-with", "locker");
        }
        let request =
            request.header(header::CONTENT_TYPE, "application/json").body(Body::from("{}")).unwrap();
        place.router.clone().oneshot(request).await.unwrap().status()
    };
    let forbidden = StatusCode::FORBIDDEN;
    assert_eq!(call("evil.example", None, true, "/api/v1/touch").await, forbidden);
    assert_eq!(call("localhost:8080", Some("http://evil.example"), true, "/api/v1/touch").await, forbidden);
    assert_eq!(call("office.example", Some("http://evil.example"), true, "/api/v1/login").await, forbidden);
    assert_eq!(call("office.example", None, false, "/api/v1/login").await, forbidden);
    assert_ne!(call("localhost:8080", Some("http://localhost:8080"), true, "/api/v1/touch").await, forbidden);
    assert_ne!(call("office.example", Some("http://office.example"), true, "/api/v1/login").await, forbidden);
    place.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_openapi_document_names_every_operation_and_no_other() {
    let place = Place::open().await;
    let document = place.get("/api/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    for route in ROUTES {
        let path = route.path.replace("{visit}", "1").replace("{help}", "1").replace("{locker}", "1");
        if path.ends_with("/events") {
            continue; // A stream has no end to wait for.
        }
        let method = Method::from_bytes(route.method.to_uppercase().as_bytes()).unwrap();
        let (status, _) = place.call(method, &path, Some(json!({}))).await;
        let is_there = status != StatusCode::METHOD_NOT_ALLOWED
            && (status != StatusCode::NOT_FOUND || path.ends_with("qr.svg"));
        assert!(is_there, "{} {path}: {status}", route.method);
        assert!(document["paths"][route.path][route.method]["summary"].is_string());
    }
    let source = include_str!("../src/http/mod.rs");
    let served = source.matches(".route(").count();
    let known: std::collections::BTreeSet<&str> = ROUTES.iter().map(|route| route.path).collect();
    assert_eq!(served, known.len(), "every path that is served is in the table");
    place.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_04_a_changed_record_is_named_and_no_keys_are_served_until_staff_decide() {
    let place = Place::open().await;
    let Place { site, router, dir, _stop: stop, .. } = place;
    drop((router, stop));
    site.stop().await;
    let journal = rusqlite::Connection::open(dir.path().join("data/journal.db")).unwrap();
    let changed = journal.execute(
        "UPDATE entry_locker SET body = CAST(replace(CAST(body AS TEXT), 'boot.started', 'boot.startee') AS BLOB)
         WHERE seq = 1",
        (),
    );
    assert_eq!(changed.unwrap(), 1);
    drop(journal);
    let place = Place::on(dir).await;
    assert_eq!(place.site.damage, Some(locker_core::RestoreError::Broken { seq: 1 }));
    let screen = place.screen().await;
    assert_eq!(screen["id"], "out_of_service");
    let (status, health) = place.call(Method::GET, "/healthz", None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(health["damage"].as_str().unwrap().contains("record 1"));
    let touch =
        json!({ "generation": "1.0", "touch_id": 1, "action": { "do": "press", "button": "drop_key" } });
    let (status, _) = place.call(Method::POST, "/api/v1/touch", Some(touch)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    place.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_cut_short_before_the_passwords_is_finished_by_the_next() {
    let place = Place::open().await;
    let Place { site, router, dir, _stop: stop, .. } = place;
    drop((router, stop));
    site.stop().await;
    let vault = rusqlite::Connection::open(dir.path().join("data/vault.db")).unwrap();
    // Not one was set before the power went.
    vault.execute("DELETE FROM account", ()).unwrap();
    drop(vault);
    let mut place = Place::on(dir).await;
    assert_eq!(place.site.log_ins.len(), 3);
    place.log_in("mechanic").await;
    place.site.stop().await;
}

/// Types a code at *Pick up* and hands it over.
async fn type_at_pick_up(place: &mut Place, code: &str) -> Value {
    for button in ["pick_up_key", "go", "by_pin"] {
        place.press(button).await;
    }
    place.type_digits(code).await;
    place.press("ok").await
}

/// Shuts the box that stands open, and says that it is empty.
async fn found_empty(place: &mut Place, box_no: u64) {
    place.until("pick.serve", is_open).await;
    place.press("confirm").await;
    place.close(box_no).await;
    place.until("check.settle", |_| true).await;
    place.press("box_empty").await;
    place.press("done").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_08_a_dealer_admin_gets_a_temporary_pin_and_it_opens_the_box_through_the_web_api() {
    let mut place = Place::open().await;
    let path = "/api/v1/lockers/1/temporary-pin";
    place.log_in("reception").await;
    let wish = json!({ "box_no": 3, "reason": "Spare key for the tow truck" });
    let (status, problem) = place.call(Method::POST, path, Some(wish.clone())).await;
    assert_eq!((status, &problem["key"]), (StatusCode::FORBIDDEN, &json!("office.no_right")));

    place.log_in("admin").await;
    for (wish, key) in [
        (json!({ "reason": " " }), "office.out_of_range"),
        (json!({ "box_no": 200, "reason": "Hinge" }), "office.no_such_box"),
    ] {
        let (status, problem) = place.call(Method::POST, path, Some(wish)).await;
        assert_eq!((status, &problem["key"]), (StatusCode::CONFLICT, &json!(key)));
    }
    let (status, _) = place.call(Method::POST, "/api/v1/lockers/2/temporary-pin", Some(wish.clone())).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let made = place.post(path, wish).await;
    assert_eq!((&made["box_no"], &made["minutes"]), (&json!(3), &json!(10)));
    let pin = made["pin"].as_str().unwrap().to_owned();
    assert_eq!(pin.len(), 8);

    type_at_pick_up(&mut place, &pin).await;
    found_empty(&mut place, 3).await;
    let screen = type_at_pick_up(&mut place, &pin).await;
    assert!(screen["notice"].to_string().contains("pick-pin-used"), "{}", screen["notice"]);
    place.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_09_an_authenticator_is_enrolled_opens_a_box_and_is_revoked_through_the_web_api() {
    let mut place = Place::open().await;
    let path = "/api/v1/lockers/1/authenticator";
    place.log_in("mechanic").await;
    let (status, problem) = place.call(Method::POST, path, Some(json!({}))).await;
    assert_eq!((status, &problem["key"]), (StatusCode::FORBIDDEN, &json!("office.no_right")));
    place.log_in("admin").await;
    let made = place.post(path, json!({})).await;
    let uri = made["uri"].as_str().unwrap();
    let authenticator = totp_rs::Totp::from_url(uri).unwrap();
    assert_eq!((authenticator.digits(), authenticator.step()), (8, 30));
    assert_eq!(authenticator.algorithm(), totp_rs::Algorithm::SHA256);
    assert_eq!((authenticator.issuer(), authenticator.account_name()), (Some("Front door"), "Ada Admin"));
    assert_eq!(authenticator.secret().as_bytes().len(), 32);
    // The picture says the same, read by another library.
    let png =
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, made["png"].as_str().unwrap());
    let grey =
        image::load_from_memory_with_format(&png.unwrap(), image::ImageFormat::Png).unwrap().to_luma8();
    let mut prepared = rqrr::PreparedImage::prepare(grey);
    let (_, read) = prepared.detect_grids().first().unwrap().decode().unwrap();
    assert_eq!(read, uri);

    let lockers = place.get("/api/v1/lockers").await;
    let people = &lockers[0]["authenticators"];
    assert_eq!((&people[0]["name"], &people[0]["own"]), (&json!("Ada Admin"), &json!(true)));
    let user = people[0]["user"].clone();
    let seconds = u64::try_from(place.site.clock.now().wall.0 / 1_000).unwrap();
    let code = authenticator.generate(seconds).to_string();
    type_at_pick_up(&mut place, &code).await;
    place.until("staff.reason", |_| true).await;
    for (item, screen) in [(1, "staff.box"), (4, "pick.serve")] {
        place.touch(json!({ "do": "choose", "item": item })).await;
        place.press("ok").await;
        place.until(screen, |_| true).await;
    }
    found_empty(&mut place, 5).await;

    let revoke = format!("{path}/{user}");
    let (status, _) = place.call(Method::DELETE, &revoke, None).await;
    assert_eq!(status, StatusCode::OK);
    let (status, problem) = place.call(Method::DELETE, &revoke, None).await;
    assert_eq!((status, &problem["key"]), (StatusCode::CONFLICT, &json!("office.already_so")));
    let (status, problem) = place.call(Method::DELETE, &format!("{path}/one"), None).await;
    assert_eq!((status, &problem["key"]), (StatusCode::BAD_REQUEST, &json!("http.path")));
    for _ in 0..100 {
        let locker = place.site.locker.as_ref().unwrap().view().borrow().shown.clone().unwrap();
        if locker.durable().enrolled().is_empty() {
            place.site.stop().await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the locker was not told");
}

/// Without the address of a connection the user alone is counted; with one, see `http/tries.rs`.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_waits_after_five_wrong_passwords_and_says_for_how_long() {
    let place = Place::open().await;
    let try_it = async |user: &str, password: &str| {
        let request = Request::post("/api/v1/login")
            .header(header::HOST, "localhost:8080")
            .header("x-requested-with", "locker")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "user": user, "password": password }).to_string()))
            .unwrap();
        let answer = place.router.clone().oneshot(request).await.unwrap();
        let (status, again) = (answer.status(), answer.headers().get(header::RETRY_AFTER).cloned());
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 16).await.unwrap();
        let body: Value = serde_json::from_slice(&bytes).unwrap();
        (status, body["key"].as_str().unwrap_or_default().to_owned(), again)
    };
    for user in ["reception", "nobody"] {
        for _ in 0..5 {
            let (status, key, again) = try_it(user, "wrong").await;
            assert_eq!((status, key.as_str()), (StatusCode::UNAUTHORIZED, "office.wrong_log_in"));
            assert_eq!(again, None);
        }
        let (status, key, again) = try_it(user, "demo").await;
        assert_eq!((status, key.as_str()), (StatusCode::TOO_MANY_REQUESTS, "office.log_in_waits"), "{user}");
        let seconds: u64 = again.unwrap().to_str().unwrap().parse().unwrap();
        assert!((1..=30).contains(&seconds), "{user}: {seconds}");
    }
    assert_eq!(try_it("mechanic", "demo").await.0, StatusCode::OK, "nobody else waits");
    place.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn office_08_the_activity_log_is_read_in_pages_by_who_may_and_filtered() {
    let mut place = Place::open().await;
    let box_no = place.drop_key().await;
    place.log_in("reception").await;
    let (status, problem) = place.call(Method::GET, "/api/v1/log", None).await;
    assert_eq!((status, &problem["key"]), (StatusCode::FORBIDDEN, &json!("office.no_right")));
    let (status, problem) = place.call(Method::GET, "/api/v1/users", None).await;
    assert_eq!((status, &problem["key"]), (StatusCode::FORBIDDEN, &json!("office.not_dealer_admin")));
    let denied = json!({ "act": "pick_up", "visit": place.jane().await["id"], "security_code": "1000" });
    assert_eq!(place.call(Method::POST, "/api/v1/tickets", Some(denied)).await.0, StatusCode::FORBIDDEN);
    place.log_in("admin").await;
    place.custody("box").await;
    let whole = place.get("/api/v1/log?limit=200").await;
    assert_eq!(whole["more"], json!(false));
    let whole = whole["rows"].as_array().unwrap().clone();
    let mut paged = Vec::new();
    let mut query = String::from("/api/v1/log?limit=3");
    loop {
        let page = place.get(&query).await;
        paged.extend(page["rows"].as_array().unwrap().clone());
        if page["more"] == json!(false) {
            break;
        }
        query = format!("/api/v1/log?limit=3&before={}", paged.last().unwrap()["seq"]);
    }
    assert_eq!(paged, whole);
    let dropped = whole.iter().find(|row| row["kind"] == "fact.key_dropped").unwrap();
    assert_eq!((&dropped["plate"], &dropped["locker"]), (&json!("1-ABC-123"), &json!("Front door")));
    let wrong = whole.iter().find(|row| row["kind"] == "security_code.wrong").unwrap();
    assert_eq!(wrong["name"], "Rita Reception");
    for (field, value) in
        [("box_no", json!(box_no)), ("user", wrong["user"].clone()), ("visit", dropped["visit"].clone())]
    {
        let rows =
            place.get(&format!("/api/v1/log?{field}={value}")).await["rows"].as_array().unwrap().clone();
        let expected: Vec<_> = whole.iter().filter(|row| row[field] == value).cloned().collect();
        assert!(!rows.is_empty() && rows.len() < whole.len(), "{field}");
        assert_eq!(rows, expected, "{field}");
    }
    let (status, problem) = place.call(Method::GET, "/api/v1/log?user=Rita", None).await;
    assert_eq!((status, &problem["key"]), (StatusCode::BAD_REQUEST, &json!("http.query")));
    let people = place.get("/api/v1/users").await;
    assert!(people.as_array().unwrap().iter().any(|person| person["name"] == "Rita Reception"));
    place.site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_06_with_the_wire_cut_live_requests_say_so_and_what_was_missed_comes_later() {
    let mut place = Place::open().await;
    place.drop_key().await;
    place.log_in("admin").await;
    let jane = place.custody("box").await;
    let wish = json!({ "act": "pick_up", "visit": jane["id"], "security_code": "2468" });
    place.post("/api/v1/tickets", wish).await;
    let cut = |on: bool| json!({ "do": "fault", "fault": "link_cut", "on": on });
    assert_eq!(place.post("/api/v1/cabinet/act", cut(true)).await["link_cut"], json!(true));
    for (path, body) in [
        ("/api/v1/lockers/1/temporary-pin", json!({ "reason": "A test" })),
        ("/api/v1/lockers/1/maintenance", json!({ "reason": "A test" })),
        ("/api/v1/scan", json!({ "digits": "12345678" })),
    ] {
        let (status, problem) = place.call(Method::POST, path, Some(body)).await;
        assert_eq!(
            (status, &problem["key"]),
            (StatusCode::SERVICE_UNAVAILABLE, &json!("locker.no_link")),
            "{path}"
        );
    }
    assert_eq!(place.get("/api/v1/lockers").await[0]["linked"], json!(false));
    place.press("drop_key").await;
    place.press("go").await;
    let screen = place.until("drop.method", |screen| !screen["notice"].is_null()).await;
    let qr = screen["buttons"]
        .as_array()
        .unwrap()
        .iter()
        .find(|button| button["press"] == "by_qr")
        .unwrap()
        .clone();
    assert_eq!(qr["enabled"], json!(false));
    place.post("/api/v1/cabinet/act", cut(false)).await;
    place.until("drop.method", |screen| screen["notice"].is_null()).await;
    assert_eq!(place.get("/api/v1/lockers").await[0]["linked"], json!(true));
    place.site.stop().await;
}

/// The profile of the configuration is what an empty journal begins with; then the location's setting counts.
#[tokio::test(flavor = "multi_thread")]
async fn classic_is_one_word_in_the_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let text = |profile: &str| format!("data = {:?}\nprofile = \"{profile}\"\n", dir.path().join("data"));
    assert!(Config::parse(&text("antique")).is_err());
    for profile in ["classic", "standard"] {
        let site = Site::start(&Config::parse(&text(profile)).unwrap()).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let api = Api::of(&site, stopping);
        let router = http::local(api.clone()).merge(http::office(api));
        let dir = tempfile::tempdir().unwrap();
        let mut place = Place { site, router, cookie: String::new(), _stop: stop, dir, touches: 0 };
        place.until("drop.welcome", |_| true).await;
        place.log_in("mechanic").await;
        assert_eq!(place.get("/api/v1/me").await["security_code"]["state"], "not_needed");
        let Place { site, router, _stop: stop, .. } = place;
        drop((router, stop));
        site.stop().await;
    }
}
