//! SAFE-5 on the disk of a real kiosk: visits are played, erased by request under `kill -9`, and then every byte of every
//! file in the data folder is searched for what was personal and for the keys.
//!
//! The people are made up. Their data lie sealed from the first record on, so that the search has to be shown to find
//! something: it finds the data in the seed's file beside the folder, and the keys in the vault before the erasure.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, in real time")]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use locker_tests::http::{self, Gone, Reply};
use locker_tests::process::{self, Process};
use rusqlite::Connection;
use serde_json::{Value, json};

const PLATE: &str = "2-QXZ-743";
/// What is personal of the visit that is played. The last two are typed at the kiosk.
const PERSONAL: [&str; 9] = [
    PLATE,
    "Wilhelmina Zandvoort",
    "wilhelmina.zandvoort@example.org",
    "w.zandvoort@example.com",
    "0478 20 31 42",
    "Ottoline Vandersteen",
    "Zeeman Contractors",
    "0479 11 22 33",
    "The left mirror hums above ninety",
];
const PHONE: &str = PERSONAL[7];
const REMARK: &str = PERSONAL[8];
/// Visits that are only planned; each is erased once, with a kill so many milliseconds after the request was sent.
const KILLED_AFTER_MS: [u64; 8] = [0, 1, 2, 3, 5, 8, 13, 30];

fn planned(n: usize) -> [String; 3] {
    [format!("3-PLN-{n:03}"), format!("Bartholomew {n}"), format!("bartholomew{n}@example.org")]
}

fn seed() -> Value {
    let contact = |kind: &str, channel: &str, address: &str| json!({ "channel": channel, "kind": kind, "address": address });
    let mut visits = vec![json!({
        "date": "today", "plate": PLATE, "vehicle": "Estate", "owner": PERSONAL[5], "contractor": PERSONAL[6],
        "driver": { "name": PERSONAL[1], "contacts": [
            contact("private", "mail", PERSONAL[2]),
            contact("business", "mail", PERSONAL[3]),
            contact("private", "sms", PERSONAL[4]),
        ] },
        "orders": [{ "order": "WO-1", "time": "08:30", "work": "Tyres" }],
    })];
    visits.extend((0..KILLED_AFTER_MS.len()).map(|n| {
        let [plate, name, mail] = planned(n);
        json!({
            "date": "today", "plate": plate, "vehicle": "Car",
            "driver": { "name": name, "contacts": [contact("private", "mail", &mail)] },
            "orders": [{ "order": format!("WO-1{n}"), "time": "09:30", "work": "Tyres" }],
        })
    }));
    json!({
        "location": { "name": "Sample Motors", "zone": "UTC", "sms": true },
        "security_code": "2468",
        "users": [
            { "login": "reception", "name": "Rita", "role": "receptionist", "password": "demo" },
            { "login": "admin", "name": "Ada", "role": "dealer_admin", "password": "demo" },
        ],
        "visits": visits,
    })
}

/// A kiosk on a folder of its own, and who uses it.
struct Kiosk {
    dir: tempfile::TempDir,
    process: Option<Process>,
    cookie: String,
    touches: u64,
}

impl Kiosk {
    fn open() -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (file, data) = (dir.path().join("seed.json"), dir.path().join("data"));
        fs::write(&file, seed().to_string()).unwrap();
        let text = format!("data = {data:?}\nseed = {file:?}\nzone = \"UTC\"\ntrace = true\n");
        fs::write(dir.path().join("kiosk.toml"), text).unwrap();
        let mut kiosk = Self { dir, process: None, cookie: String::new(), touches: 0 };
        kiosk.start();
        kiosk.log_in("admin");
        kiosk
    }

    fn config(&self) -> PathBuf {
        self.dir.path().join("kiosk.toml")
    }

    fn start(&mut self) {
        self.process = Some(Process::kiosk(&self.config()).unwrap());
        self.until("it is up", || self.send("GET", "/healthz", None).is_ok_and(|reply| reply.is_ok()));
    }

    /// `kill -9`.
    fn kill(&mut self) {
        self.process = None;
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Reply, Gone> {
        let process = self.process.as_ref().ok_or(Gone)?;
        http::request(process.address, method, path, Some(&self.cookie), body)
    }

    fn get(&self, path: &str) -> Value {
        let reply = self.send("GET", path, None).unwrap();
        assert!(reply.is_ok(), "{path}: {}", reply.body);
        reply.body
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let reply = self.send("POST", path, Some(body)).unwrap();
        assert!(reply.is_ok(), "{path}: {}", reply.body);
        reply.body
    }

    fn log_in(&mut self, user: &str) {
        self.cookie.clear();
        let body = json!({ "user": user, "password": "demo" });
        let mut reply = self.send("POST", "/api/v1/login", Some(&body)).unwrap();
        for _ in 0..100 {
            // The first start sets the passwords one after the other.
            if reply.is_ok() {
                break;
            }
            sleep(Duration::from_millis(100));
            reply = self.send("POST", "/api/v1/login", Some(&body)).unwrap();
        }
        self.cookie = reply.cookie.expect("a log-in gives a cookie");
    }

    fn until(&self, what: &str, is: impl Fn() -> bool) {
        for _ in 0..600 {
            if is() {
                return;
            }
            sleep(Duration::from_millis(25));
        }
        panic!("{what}: never");
    }

    fn screen(&self) -> Value {
        self.get("/api/v1/screen?surface=bottom")
    }

    fn touch(&mut self, action: &Value) -> Value {
        self.touches += 1;
        let generation = &self.screen()["generation"];
        self.post(
            "/api/v1/touch",
            &json!({ "generation": generation, "touch_id": self.touches, "action": action }),
        )
    }

    fn press(&mut self, buttons: &[&str]) {
        for button in buttons {
            self.touch(&json!({ "do": "press", "button": button }));
        }
    }

    fn write(&mut self, text: &str) {
        self.touch(&json!({ "do": "write", "text": text }));
        self.press(&["ok"]);
    }

    fn at(&self, id: &str) {
        self.until(id, || self.screen()["id"] == id);
    }

    fn pin(&self, letters: usize) -> String {
        self.until("the letter", || self.get("/api/v1/mailbox").as_array().unwrap().len() == letters);
        let body = self.get("/api/v1/mailbox")[0]["body"].as_str().unwrap().to_owned();
        let is_pin = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        body.split_whitespace().find(is_pin).unwrap().to_owned()
    }

    fn type_pin(&mut self, pin: &str) {
        for digit in pin.bytes() {
            self.touch(&json!({ "do": "digit", "digit": digit - b'0' }));
        }
        self.press(&["ok"]);
    }

    /// At the open box: the key goes in or out, the door is shut, *Confirm*.
    fn serve(&mut self, flow: &str) {
        let is_open = |screen: &Value| {
            screen["buttons"].as_array().unwrap().iter().any(|button| button["press"] == "confirm")
        };
        self.until("the box is open", || is_open(&self.screen()));
        let boxes = self.get("/api/v1/cabinet");
        let open = boxes["boxes"].as_array().unwrap().iter().find(|one| one["open"] == true).unwrap();
        let box_no = open["box_no"].clone();
        let act = match flow {
            "drop" => json!({ "do": "put", "box_no": box_no, "item": "key" }),
            _ => json!({ "do": "take", "box_no": box_no }),
        };
        self.post("/api/v1/cabinet/act", &act);
        // Before the coil has let go the spring pushes it open again.
        sleep(Duration::from_millis(700));
        self.post("/api/v1/cabinet/act", &json!({ "do": "close", "box_no": box_no }));
        sleep(Duration::from_millis(1_500));
        self.press(&["confirm"]);
        self.at(&format!("{flow}.thanks"));
        self.press(&["done"]);
    }

    fn visit_id(&self, plate: &str) -> u64 {
        let visits = self.get("/api/v1/visits");
        let found = visits.as_array().unwrap().iter().find(|visit| visit["plate"] == plate).unwrap();
        found["id"].as_u64().unwrap()
    }

    fn page(&self, visit: u64) -> Value {
        self.get(&format!("/api/v1/visits/{visit}"))
    }

    fn erase(&self, visit: u64) -> Result<Reply, Gone> {
        self.send("POST", &format!("/api/v1/visits/{visit}/erase"), Some(&json!({})))
    }

    /// The customer drops the key with a number and a remark, staff fetch it, bring it back, and the customer collects it.
    fn play(&mut self, visit: u64) {
        self.press(&["drop_key", "go", "by_registration"]);
        self.write(PLATE);
        self.at("drop.contact");
        self.press(&["send"]);
        self.at("drop.sent");
        self.press(&["enter_code"]);
        let pin = self.pin(1);
        self.type_pin(&pin);
        self.press(&["edit_phone"]);
        self.write(PHONE);
        self.press(&["next", "edit_remark"]);
        self.write(REMARK);
        self.press(&["next"]);
        self.serve("drop");
        self.until("in a box", || self.page(visit)["custody"]["kind"] == "box");
        let refused = self.erase(visit).unwrap();
        assert_eq!((refused.status, &refused.body["key"]), (409, &json!("office.key_not_back")));
        self.post("/api/v1/tickets", &json!({ "act": "pick_up", "visit": visit, "security_code": "2468" }));
        self.press(&["pick_up_key", "go", "by_qr"]);
        self.scan();
        self.serve("pick");
        self.until("with staff", || self.page(visit)["custody"]["kind"] == "staff");
        let to = json!({ "contact": "driver", "index": 1 });
        let wish = json!({ "act": "drop", "visit": visit, "security_code": "2468", "to": to });
        self.post("/api/v1/tickets", &wish);
        self.press(&["drop_key", "go", "by_qr"]);
        self.scan();
        self.serve("drop");
        let pin = self.pin(2);
        self.press(&["pick_up_key", "go", "by_pin"]);
        self.type_pin(&pin);
        self.serve("pick");
        self.until("with the customer", || self.page(visit)["custody"]["kind"] == "customer");
    }

    fn scan(&self) {
        let payload = self.screen()["widgets"][0]["payload"].clone();
        self.post("/api/v1/scan", &json!({ "payload": payload }));
    }
}

/// Every file under a folder that has these bytes, as they are or in hexadecimal.
fn files_with(dir: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for file in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        if file.file_type().unwrap().is_dir() {
            found.extend(files_with(&file.path(), bytes));
            continue;
        }
        let held = fs::read(file.path()).unwrap();
        let hex = |upper: bool| -> Vec<u8> {
            let one = |byte: &u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            bytes.iter().map(one).collect::<String>().into_bytes()
        };
        let shapes = [bytes.to_vec(), hex(false), hex(true)];
        if shapes.iter().any(|shape| held.windows(shape.len()).any(|window| window == shape.as_slice())) {
            found.push(file.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

/// The vault's keys of visits, read from a copy as somebody would who stole the disk.
fn keys(data: &Path, scratch: &Path) -> Vec<(String, Vec<u8>)> {
    let copy = tempfile::tempdir_in(scratch).unwrap();
    for name in ["vault.db", "vault.db-journal"] {
        fs::copy(data.join(name), copy.path().join(name)).unwrap();
    }
    let db = Connection::open(copy.path().join("vault.db")).unwrap();
    let mut select =
        db.prepare("SELECT name, key FROM subject WHERE name LIKE 'visit/%' AND destroyed = 0").unwrap();
    let rows = select.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn safe_05_after_erasure_under_kills_no_byte_of_anybody_is_in_any_file() {
    let mut kiosk = Kiosk::open();
    let scratch = kiosk.dir.path().to_owned();
    let data = scratch.join("data");
    let visit = kiosk.visit_id(PLATE);
    kiosk.play(visit);
    let shown = kiosk.page(visit).to_string();
    for word in [PLATE, PERSONAL[1], PERSONAL[5], PERSONAL[6], REMARK] {
        assert!(shown.contains(word), "{word} is shown before");
    }
    let timeline = kiosk.page(visit)["timeline"].clone();
    let others: Vec<u64> = (0..KILLED_AFTER_MS.len()).map(|n| kiosk.visit_id(&planned(n)[0])).collect();
    kiosk.log_in("reception");
    assert_eq!(kiosk.erase(visit).unwrap().status, 403, "a dealer admin alone");
    kiosk.log_in("admin");
    kiosk.kill();

    // The search finds what is there: the data beside the folder, the keys within it.
    let mut words: Vec<String> = PERSONAL.iter().map(|word| String::from(*word)).collect();
    words.extend((0..KILLED_AFTER_MS.len()).flat_map(planned));
    for word in words.iter().filter(|word| ![PHONE, REMARK].contains(&word.as_str())) {
        assert_eq!(files_with(&scratch, word.as_bytes()), ["seed.json"], "{word}");
    }
    let before = keys(&data, &scratch);
    assert_eq!(before.len(), 1 + others.len());
    for (name, key) in &before {
        assert!(files_with(&data, key).contains(&String::from("vault.db")), "{name}");
    }

    // Each erasure is killed, and finished by the next start.
    let mut asked_again = 0;
    for (visit, after_ms) in others.iter().chain([&visit]).zip(KILLED_AFTER_MS.into_iter().chain([4])) {
        kiosk.start();
        let killer = kiosk.process.as_ref().unwrap().killer();
        let killing = std::thread::spawn(move || {
            sleep(Duration::from_millis(after_ms));
            killer();
        });
        let acknowledged = kiosk.erase(*visit).is_ok_and(|reply| reply.is_ok());
        killing.join().unwrap();
        kiosk.kill();
        kiosk.start();
        let is_erased = || kiosk.page(*visit)["erased"] == json!(true);
        if !acknowledged {
            // It may have been recorded all the same.
            let again = kiosk.erase(*visit).unwrap();
            asked_again += u32::from(again.is_ok());
        }
        kiosk.until("erased", is_erased);
        kiosk.kill();
    }
    println!("{} erasures killed, {asked_again} asked for again", others.len() + 1);

    kiosk.start();
    let page = kiosk.page(visit);
    assert_eq!((&page["plate"], &page["driver"]["name"]), (&json!("–"), &json!("–")), "a dash, no error");
    assert_eq!(page["timeline"], timeline, "what happened is kept");
    assert!(kiosk.get("/api/v1/visits").as_array().unwrap().len() > others.len(), "the list shows them all");
    kiosk.kill();
    for word in &words {
        assert_eq!(files_with(&data, word.as_bytes()), [""; 0], "{word}");
    }
    for (name, key) in &before {
        assert_eq!(files_with(&data, key), [""; 0], "the key of {name}");
    }
    assert_eq!(keys(&data, &scratch), [], "no visit has a key any more");
    let verified = process::verify(&kiosk.config());
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}
