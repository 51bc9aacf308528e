//! The technician's guide says what the program does.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use locker_runtime::config::Config;
use locker_runtime::site::ImportFile;

const GUIDE: &str = include_str!("../../docs/guides/kiosk.md");
const QA: &str = include_str!("../../docs/guides/qa.md");

/// The first block of a language in a page.
fn block<'a>(page: &'a str, language: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn the_guide_shows_the_configuration_as_the_program_prints_it() {
    assert_eq!(block(GUIDE, "toml"), Config::default().to_toml());
    assert!(Config::parse(block(QA, "toml")).is_ok());
}

#[test]
fn the_services_of_the_guide_are_taken_and_each_of_their_keys_is_explained() {
    let (_, section) = GUIDE.split_once("## Mail and text messages").unwrap();
    let config = Config::parse(block(section, "toml")).unwrap();
    assert!(config.mail.is_some() && config.sms.is_some());
    // One that has every key, so that none is left out of the table.
    let mut whole = config;
    if let (Some(mail), Some(sms)) = (&mut whole.mail, &mut whole.sms) {
        (mail.port, mail.password_env, mail.ca_file) = (Some(1), Some("X".into()), Some("x".into()));
        (sms.secret_env, sms.ca_file) = (Some("X".into()), Some("x".into()));
    }
    let mut table = "";
    for line in whole.to_toml().lines() {
        match line.trim_matches(['[', ']']) {
            name @ ("mail" | "sms") => table = name,
            "sms.headers" => break,
            _ => {}
        }
        if let (Some((key, _)), "mail" | "sms") = (line.split_once(" = "), table) {
            assert!(section.contains(&format!("`{table}.{key}`")), "{table}.{key}");
        }
    }
}

#[test]
fn the_guide_says_what_every_key_means() {
    let printed = Config::default().to_toml();
    let mut table = String::new();
    for line in printed.lines() {
        if let Some(name) = line.strip_prefix('[') {
            table = format!("{}.", name.trim_end_matches(']'));
        } else if let Some((key, _)) = line.split_once(" = ") {
            assert!(GUIDE.contains(&format!("| `{table}{key}` |")), "{table}{key}");
        }
    }
}

#[test]
fn the_import_file_of_the_guide_is_one() {
    assert!(ImportFile::parse(block(GUIDE, "json")).is_ok());
}
