//! Runs the browser tests of `tests/browser` against the kiosk that this workspace builds.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

#[allow(dead_code, reason = "shared with the stories of the core")]
#[path = "../../locker-core/tests/stories/further.rs"]
mod further;
#[allow(dead_code, reason = "shared with the stories of the core")]
#[path = "../../locker-core/tests/stories/rig.rs"]
mod rig;
#[allow(dead_code, reason = "shared with the stories of the core")]
#[path = "../../locker-core/tests/stories/walk.rs"]
mod walk;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use locker_core::screen::{Locale, Screen, Surface};
use locker_core::text;

/// The folder of the npm package.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser");

fn runs(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn missing() -> Vec<&'static str> {
    let browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let has_browser =
        std::env::var_os("CHROMIUM_BIN").is_some() || browsers.iter().any(|path| Path::new(path).exists());
    let has_packages = Path::new(FOLDER).join("node_modules/playwright-core").exists();
    let needs = [
        (runs("node", "--version"), "node"),
        (runs("ffmpeg", "-version"), "ffmpeg"),
        (has_browser, "chromium"),
        (has_packages, "node_modules (run `npm ci` in tests/browser)"),
    ];
    needs.into_iter().filter(|(is_there, _)| !is_there).map(|(_, name)| name).collect()
}

#[test]
fn a_browser_drops_keys_and_picks_them_up() {
    let missing = missing();
    if !missing.is_empty() {
        let is_ci = std::env::var_os("LOCKER_CI").is_some_and(|value| value == "1");
        assert!(!is_ci, "the browser tests cannot run here; missing: {missing:?}");
        println!("skipped: the browser tests cannot run here; missing: {missing:?}");
        return;
    }
    // Next to this test's own folder for files, whatever target folder is in use.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder has a parent");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--package", "kiosk", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo starts");
    assert!(built.success(), "the kiosk does not build");
    let kiosk = std::env::var_os("KIOSK_BIN").unwrap_or_else(|| target.join("debug/kiosk").into());
    let screens = write_screens(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let node = |arguments: &[&str]| node(&kiosk, &screens, arguments);
    let (passed, output) = node(&["--test-concurrency=1", "test/"]);
    println!("{output}");
    if passed {
        return;
    }
    // Pages, doors and cameras run in real time here. A test that failed has one more chance alone; one that needs it
    // is said to, and one that fails twice has failed.
    let failed = failing(&output);
    assert!(!failed.is_empty(), "the browser tests did not run to their end");
    for name in failed {
        println!("UNSTEADY, tried once more alone: {name}");
        let pattern = format!("--test-name-pattern=^{}$", escaped(&name));
        let (passed, output) = node(&[pattern.as_str(), "test/"]);
        println!("{output}");
        assert!(passed && !output.contains("\u{2139} pass 0"), "failed twice: {name}");
    }
}

/// Every screen that a person can come to, in every language, as the web API would send it: for the page to draw without
/// a kiosk behind it (`tests/browser/lib/stage.js`).
fn write_screens(folder: &Path) -> PathBuf {
    let mut screens = Vec::new();
    let mut add = |name: &str, screen: &Screen| {
        for locale in Locale::ALL {
            let mut screen = screen.clone();
            screen.locale = locale;
            for language in &mut screen.languages {
                language.chosen = language.locale == locale;
            }
            text::fill(&mut screen);
            screens.push(serde_json::json!({ "name": name, "locale": locale.tag(), "screen": screen }));
        }
    };
    for (name, rig) in walk::all().into_iter().chain(further::all()) {
        add(name, &rig.screen());
    }
    add("out of service", &Screen::out_of_service(Surface::Bottom, Locale::default()));
    let file = folder.join("screens.json");
    std::fs::write(&file, serde_json::to_vec(&screens).unwrap()).unwrap();
    file
}

#[test]
fn every_screen_is_written_for_the_browser() {
    let file = write_screens(Path::new(env!("CARGO_TARGET_TMPDIR")));
    println!("SCREENS={}", file.display());
}

/// Runs node's own test runner; says whether all passed, and what it printed.
fn node(kiosk: &OsStr, screens: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec"]).args(arguments);
    let output = command
        .current_dir(FOLDER)
        .env("KIOSK_BIN", kiosk)
        .env("SCREENS", screens)
        .stderr(Stdio::inherit())
        .output();
    let output = output.expect("node starts");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The names under *failing tests*, without their times.
fn failing(output: &str) -> Vec<String> {
    let Some((_, list)) = output.split_once("failing tests:") else {
        return Vec::new();
    };
    let names = list.lines().filter_map(|line| line.strip_prefix("\u{2716} "));
    names.filter_map(|line| line.rsplit_once(" (")).map(|(name, _)| name.to_owned()).collect()
}

/// The name as a regular expression that matches it and nothing else.
fn escaped(name: &str) -> String {
    let mut pattern = String::new();
    for letter in name.chars() {
        if !letter.is_alphanumeric() && letter != ' ' && letter != '_' {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

#[test]
fn failing_tests_are_read_off_what_the_runner_prints() {
    let output = "\u{2139} fail 1\n\u{2716} failing tests:\n\ntest at test/a.js:1:1\n\u{2716} box_13: a (b) c (12.5ms)\n  Error\n";
    assert_eq!(failing(output), ["box_13: a (b) c"]);
    assert_eq!(escaped("box_13: a*"), "box_13\\: a\\*");
    assert_eq!(failing("all well"), Vec::<String>::new());
}
