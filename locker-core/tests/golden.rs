//! The journal of version 1 as it was written when that version was released: every later version has to read it.
//!
//! `GOLDEN=write cargo test -p locker-core --test golden` writes it anew; only a release that has not left the house
//! may do that.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[allow(dead_code, reason = "shared with the stories")]
#[path = "stories/rig.rs"]
mod rig;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use locker_core::screen::{Action, Button};
use locker_core::*;

use rig::{JANE, OMAR, Rig, TOMORROW};

fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// One line an entry: the authenticator in hex, a space, the body.
fn lines(entries: &[Entry]) -> String {
    let line = |entry: &Entry| {
        format!("{} {}\n", hex::encode(entry.mac), String::from_utf8(entry.body.clone()).unwrap())
    };
    entries.iter().map(line).collect()
}

fn entries(text: &str) -> Vec<Entry> {
    let entry = |(seq, line): (u64, &str)| {
        let (mac, body) = line.split_once(' ').unwrap();
        Entry { seq, body: body.as_bytes().to_vec(), mac: hex::decode(mac).unwrap().try_into().unwrap() }
    };
    (1..).zip(text.lines()).map(entry).collect()
}

fn golden() -> Vec<Entry> {
    entries(&fs::read_to_string(file("tests/golden/locker-v1.jsonl")).unwrap())
}

/// A story in which every kind of record comes, each at least once.
fn every_kind() -> Rig {
    let mut rig = Rig::new();
    drops_with_phone_and_remark(&mut rig);
    a_pick_up_left_alone(&mut rig);
    codes_and_messages_that_fail(&mut rig);
    doors(&mut rig);
    there_and_back(&mut rig);
    staff_codes(&mut rig);
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    rig.press(Button::CloseHelp);
    let help =
        HelpId(u64::try_from(rig.count(|record| matches!(record, Record::HelpCalled { .. }))).unwrap());
    rig.note(Told::Help { help, answer: HelpAnswer::Notified });
    rig.trusted = false;
    rig.power_cut(60_000);
    rig.note(Told::Torn);
    rig.ask(Ask::BeginMaintenance { user: rig::MECHANIC, reason: "New hinge".into() }).unwrap();
    rig.ask(Ask::EndMaintenance).unwrap();
    rig.note(Told::ClockConfirmed);
    rig.trusted = true;
    rig.visits.pop();
    rig.push_desired();
    rig
}

fn drops_with_phone_and_remark(rig: &mut Rig) {
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    rig.type_pin(&pin);
    rig.press(Button::EditPhone);
    rig.write("0470 99 88 77");
    rig.press(Button::Ok);
    rig.press(Button::Next);
    rig.press(Button::EditRemark);
    rig.write("Winter tyres are in the boot.");
    rig.press(Button::Ok);
    rig.sim(1).jammed = true;
    rig.press(Button::Next);
    rig.wait(30_600);
    rig.sim(1).jammed = false;
    let number = rig.served().unwrap();
    rig.put_key(number);
    rig.wait(60_000);
    rig.press(Button::DoorIsShut);
    rig.press(Button::Done);
    rig.close(number);
    rig.settle(number, Button::KeyStays);
    rig.settle(1, Button::BoxEmpty);
}

fn a_pick_up_left_alone(rig: &mut Rig) {
    let pick = Act::PickUp { visit: JANE };
    let Custody::Box { box_no } = rig.custody(JANE) else { panic!("the key is in a box") };
    rig.show_qr();
    rig.scan(pick);
    rig.wait(200);
    rig.close(box_no.get());
    rig.leave();
    rig.show_qr();
    let foreign = rig.scan_of(Proof::Qr(Secret::new([1; 16])), pick);
    rig.ask(Ask::Scan(foreign)).unwrap();
    rig.scan(pick);
    rig.wait(200);
    rig.take_key(box_no.get());
    rig.close(box_no.get());
    rig.press(Button::Confirm);
    rig.press(Button::Done);
}

/// Staff drop, look again without taking the key, and the customer collects it.
fn there_and_back(rig: &mut Rig) {
    let (number, pin) = rig.hand_in(JANE);
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(200);
    rig.close(number);
    rig.leave();
    rig.collect(&pin);
    rig.take_and_confirm(number);
    rig.press(Button::Done);
    rig.leap(180_000);
}

/// A temporary PIN, and an authenticator that is revoked afterwards.
fn staff_codes(rig: &mut Rig) {
    let pin = rig.temporary_pin(Some(2));
    rig.collect(&pin);
    rig.close(2);
    rig.press(Button::Confirm);
    rig.press(Button::BoxEmpty);
    rig.press(Button::Done);
    let secret = rig.enrol(rig::ADMIN);
    rig.collect("90090090");
    rig.leave();
    let code = rig::authenticator(secret, rig.wall);
    rig.collect(&code);
    for item in [2, 0] {
        rig.touch(Action::Choose { item }).unwrap();
        rig.press(Button::Ok);
    }
    rig.wait(200);
    rig.close(1);
    rig.press(Button::Confirm);
    rig.press(Button::BoxEmpty);
    rig.press(Button::Done);
    rig.authenticators.clear();
    rig.push_desired();
    for _ in 0..4 {
        rig.collect("90090090");
        rig.leave();
    }
}

fn codes_and_messages_that_fail(rig: &mut Rig) {
    rig.check_in(TOMORROW);
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("9-NOT-999");
    rig.press(Button::Ok);
    rig.wait(1_500);
    rig.press(Button::Back);
    rig.press(Button::ByRegistration);
    rig.write("2-XYZ-789");
    rig.press(Button::Ok);
    rig.wait(1_500);
    rig.press(Button::Send);
    rig.leap(30_000);
    rig.leave();
    for _ in 0..5 {
        rig.try_pin("900900");
    }
    rig.show_pad();
    rig.write("1-ABC-123");
    rig.type_pin("900900");
    rig.leave();
    rig.leap(300_000);
    rig.try_pin("900900");
    rig.ask(Ask::LiftLock { user: UserId(3) }).unwrap();
    for n in 0..3 {
        let number = rig.drop_to_open_box("2-XYZ-789");
        rig.sim(number).has_item_sensor = n > 0;
        rig.close(number);
        rig.leave();
        if let Custody::ToCheck { .. } = rig.custody(OMAR) {
            rig.settle(number, Button::SomethingElse);
            rig.settle(number, Button::BoxEmpty);
            break;
        }
    }
    rig.leap(3_600_000);
}

fn doors(rig: &mut Rig) {
    rig.wait(100);
    rig.pry(4);
    rig.leap(180_000);
    rig.close(4);
    for _ in 0..6 {
        rig.pry(3);
        rig.close(3);
    }
    rig.leap(60_000);
    rig.settle(4, Button::BoxEmpty);
    rig.settle(3, Button::BoxEmpty);
    // Two boxes for one visit in a day, and no third.
    rig.visits.push(rig::visit(
        VisitId(4),
        rig.today,
        "4-LIM-444",
        vec![rig::contact(Channel::Mail, ContactKind::Private, "lim@example.be")],
    ));
    rig.push_desired();
    let number = rig.drop_to_open_box("4-LIM-444");
    for _ in 0..2 {
        let number = rig.served().unwrap_or(number);
        rig.press(Button::SomethingInside);
        rig.close(number);
        rig.wait(200);
    }
    rig.press(Button::Done);
}

#[test]
fn golden_v1_has_every_kind_and_restores_to_the_same_state() {
    let rig = every_kind();
    if std::env::var("GOLDEN").is_ok_and(|wish| wish == "write") {
        fs::create_dir_all(file("tests/golden")).unwrap();
        fs::write(file("tests/golden/locker-v1.jsonl"), lines(&rig.journal)).unwrap();
    }
    let golden = golden();
    let mut vault = rig.vault.clone();
    vault.keep_head(Locker::STREAM, golden.last().unwrap().head()).unwrap();
    let restored = Locker::restore(&mut vault, None, golden.clone()).unwrap();
    assert_eq!(restored.durable(), rig.locker.durable());
    let kinds: BTreeSet<String> = golden.iter().map(kind).collect();
    let missing: Vec<_> = KINDS.iter().filter(|kind| !kinds.contains(**kind)).collect();
    assert!(missing.is_empty(), "not in the golden journal: {missing:?}");
    assert_eq!(kinds.len(), KINDS.len(), "a kind that KINDS does not list");
}

/// What is written today is what was written then, to the byte.
#[test]
fn golden_v1_is_written_the_same_today() {
    let (told, written) = (every_kind().journal, golden());
    for (today, then) in told.iter().zip(&written) {
        assert_eq!(String::from_utf8_lossy(&today.body), String::from_utf8_lossy(&then.body));
        assert_eq!(today, then);
    }
    assert_eq!(told.len(), written.len());
}

fn kind(entry: &Entry) -> String {
    let body: serde_json::Value = serde_json::from_slice(&entry.body).unwrap();
    body["k"].as_str().unwrap().into()
}

/// Every field of a record, nested ones as `outer.inner`.
fn fields(value: &serde_json::Value, prefix: &str, into: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, inner) in object {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                into.insert(path.clone());
                fields(inner, &path, into);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| fields(item, prefix, into)),
        _ => {}
    }
}

#[test]
fn the_schema_describes_every_kind_and_every_field() {
    let schema = fs::read_to_string(file("../docs/schema.md")).unwrap();
    for kind in KINDS {
        assert!(schema.contains(&format!("### `{kind}`")), "docs/schema.md lacks {kind}");
    }
    for entry in golden() {
        let kind = kind(&entry);
        let section = schema.split(&format!("### `{kind}`\n")).nth(1).unwrap();
        let section = section.split("\n### ").next().unwrap();
        let body: serde_json::Value = serde_json::from_slice(&entry.body).unwrap();
        let mut named = BTreeSet::new();
        fields(&body, "", &mut named);
        for field in named {
            let is_common =
                ["v", "seq", "k"].contains(&field.as_str()) || field.split('.').next() == Some("at");
            let leaf = format!("`{field}`");
            assert!(is_common || section.contains(&leaf), "docs/schema.md: {kind} lacks {leaf}");
        }
    }
}
