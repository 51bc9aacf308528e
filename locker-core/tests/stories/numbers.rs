//! The numbers and keys of everything that can go wrong: unique, in their block, described, never reused.

use std::collections::BTreeSet;
use std::fs;

use locker_core::*;

/// Every coded variant with its number and key. They never change: this table is what hosts were promised.
const REFUSALS: [(Refusal, u16, &str); 14] = [
    (Refusal::NotStarted, 100, "locker.not_started"),
    (Refusal::OldScreen, 101, "locker.old_screen"),
    (Refusal::NotOffered, 102, "locker.not_offered"),
    (Refusal::TooLong, 103, "locker.too_long"),
    (Refusal::NotText, 104, "locker.not_text"),
    (Refusal::NoSuchMessage, 105, "locker.no_such_message"),
    (Refusal::NoSuchVisit, 106, "locker.no_such_visit"),
    (Refusal::NotReachable, 107, "locker.not_reachable"),
    (Refusal::TooManyCodes, 108, "locker.too_many_codes"),
    (Refusal::StoreDown, 109, "locker.store_down"),
    (Refusal::TooManyMessages, 110, "locker.too_many_messages"),
    (Refusal::NoReason, 111, "locker.no_reason"),
    (Refusal::UnknownBox, 112, "locker.unknown_box"),
    (Refusal::NoLink, 119, "locker.no_link"),
];
const DENIALS: [(Denial, u16, &str); 16] = [
    (Denial::WrongCode, 200, "locker.wrong_code"),
    (Denial::CodeReplaced, 201, "locker.code_replaced"),
    (Denial::CodeUsed, 202, "locker.code_used"),
    (Denial::CodeExpired, 203, "locker.code_expired"),
    (Denial::CodesLocked, 204, "locker.codes_locked"),
    (Denial::NoQr, 210, "locker.no_qr"),
    (Denial::ForeignQr, 211, "locker.foreign_qr"),
    (Denial::WrongDigits, 212, "locker.wrong_digits"),
    (Denial::TypingOff, 213, "locker.typing_off"),
    (Denial::OtherFlow, 214, "locker.other_flow"),
    (Denial::KeyNotHere, 215, "locker.key_not_here"),
    (Denial::NoSuchBox, 216, "locker.no_such_box"),
    (Denial::KeyInBox, 217, "locker.key_in_box"),
    (Denial::NobodyToTell, 218, "locker.nobody_to_tell"),
    (Denial::OnHold, 219, "locker.on_hold"),
    (Denial::Full, 220, "locker.full"),
];
const MISUSES: [(Misuse, u16, &str); 2] =
    [(Misuse::Stale, 401, "misuse.stale"), (Misuse::NotEncoded, 402, "misuse.not_encoded")];
const RESTORES: [(RestoreError, u16, &str); 6] = [
    (RestoreError::Broken { seq: 7 }, 501, "restore.broken"),
    (RestoreError::Cut { seq: 7 }, 502, "restore.cut"),
    (RestoreError::Unreadable { seq: 7 }, 503, "restore.unreadable"),
    (RestoreError::TooNew { seq: 7 }, 504, "restore.too_new"),
    (RestoreError::Snapshot, 505, "restore.snapshot"),
    (RestoreError::Vault(SealError::Unavailable), 506, "restore.vault"),
];

/// Number, key and words of everything, with the block it belongs to.
fn all() -> Vec<(u16, u16, &'static str, String)> {
    fn rows<C: Coded + core::fmt::Display>(
        block: u16,
        table: &[(C, u16, &'static str)],
    ) -> Vec<(u16, u16, &'static str, String)> {
        let row = |(coded, code, key): &(C, u16, &'static str)| {
            assert_eq!((coded.code(), coded.key()), (*code, *key));
            (block, *code, *key, coded.to_string())
        };
        table.iter().map(row).collect()
    }
    [rows(1, &REFUSALS), rows(2, &DENIALS), rows(4, &MISUSES), rows(5, &RESTORES)].concat()
}

#[test]
fn every_variant_is_in_the_table() {
    assert_eq!(REFUSALS.map(|(refusal, ..)| refusal), Refusal::ALL);
    assert_eq!(DENIALS.map(|(denial, ..)| denial), Denial::ALL);
}

#[test]
fn numbers_and_keys_are_unique_and_within_their_block() {
    let all = all();
    let numbers: BTreeSet<u16> = all.iter().map(|row| row.1).collect();
    let keys: BTreeSet<&str> = all.iter().map(|row| row.2).collect();
    assert_eq!((numbers.len(), keys.len()), (all.len(), all.len()));
    for (block, number, key, words) in all {
        assert_eq!(number / 100, block, "{key}");
        assert!(!words.is_empty());
        let is_plain = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.';
        assert!(key.chars().all(is_plain) && key.contains('.'), "{key}");
    }
}

#[test]
fn every_variant_has_a_line_of_documentation() {
    let source = |path: &str| fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for (path, name, count) in [
        ("src/locker/ask.rs", "pub enum Refusal {", REFUSALS.len()),
        ("src/locker/ask.rs", "pub enum Denial {", DENIALS.len()),
        ("src/machine.rs", "pub enum Misuse {", MISUSES.len()),
        ("src/machine.rs", "pub enum RestoreError {", RESTORES.len()),
    ] {
        let text = source(path);
        let body = text.split(name).nth(1).unwrap().split("\n}").next().unwrap();
        let lines: Vec<&str> = body.lines().collect();
        let variants = lines.iter().filter(|line| {
            line.starts_with("    ")
                && line.trim_start().starts_with(char::is_uppercase)
                && line.len() - line.trim_start().len() == 4
        });
        assert_eq!(variants.count(), count, "{name}");
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("    #[error")) {
            assert!(lines[at - 1].starts_with("    /// "), "{name} {line}");
        }
    }
}

#[test]
fn no_error_text_holds_a_datum() {
    for (_, _, key, words) in all() {
        let digits: String = words.chars().filter(char::is_ascii_digit).collect();
        assert!(digits.is_empty() || digits == "7", "{key}: only a sequence number");
    }
}
