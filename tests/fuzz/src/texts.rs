//! Texts that come from outside: configuration, import files, what a tablet scanned.

use locker_core::office::{Answer, Ask, TabletToken};
use locker_core::{Date, ExternalRef, Generation, QrPayload, Secret, Subject, TimeOfDay};
use locker_runtime::config::Config;
use locker_runtime::site::ImportFile;

use crate::office_world::{FIRST, MAX, World, check, pick_up};

/// A configuration is refused with a message, or every value is within its range and it reads back when written out.
pub(crate) fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Config::parse(text) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(config) => {
            config.check().unwrap();
            assert!(
                config.cabinet.boxes > 0 && config.cabinet.columns > 0 && config.local.ip().is_loopback()
            );
            assert_eq!(Config::parse(&config.to_toml()).unwrap(), config, "what is written out reads back");
        }
    }
}

/// What stands in a file is never repeated by the error (SAFE-5).
pub(crate) fn import(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(error) = ImportFile::parse(text) {
        // A field is named, whatever it is called.
        let said = error.to_string();
        assert!(
            !said.contains("XYZZY") || said.contains("unknown field"),
            "an error repeats a value: {said}"
        );
    }
}

/// What is scanned or typed: read and written it is the same; a tablet with a ticket can hand in anything.
pub(crate) fn scan(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if let Ok(payload) = text.parse::<QrPayload>() {
        assert_eq!(payload.text().parse(), Ok(payload));
    }
    if let Ok(token) = text.parse::<TabletToken>() {
        assert_eq!(token.text().reveal().parse(), Ok(token));
    }
    if let Ok(subject) = text.parse::<Subject>() {
        assert_eq!(subject.to_string().parse(), Ok(subject));
    }
    if let Ok(date) = text.parse::<Date>() {
        assert_eq!(date.to_string().parse(), Ok(date));
    }
    if let Ok(time) = text.parse::<TimeOfDay>() {
        assert_eq!(time.to_string().parse(), Ok(time));
    }
    if let Ok(generation) = text.parse::<Generation>() {
        assert_eq!(generation.to_string().parse(), Ok(generation));
    }
    if let Ok(reference) = ExternalRef::new(text.clone()) {
        assert_eq!(String::from(reference), text);
    }
    let mut world = World::new();
    world.dropped(FIRST, 3);
    let caller = world.log_in(MAX);
    world.ticket(caller, pick_up(FIRST));
    let length = world.journal.len();
    for act in [pick_up(FIRST), check(3)] {
        let text = Secret::new(text.clone());
        match world.ask(Ask::Scan { caller, act, text, locker: None }) {
            Ok(Answer::Forward { scan, .. }) => assert_eq!((scan.act, act), (pick_up(FIRST), pick_up(FIRST))),
            Ok(_) => {}
            Err(_) => assert!(world.journal.len() <= length + 1),
        }
    }
}
