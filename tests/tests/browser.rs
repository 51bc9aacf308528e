//! Runs the browser tests of `tests/browser` against the kiosk that this workspace builds.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

use std::path::Path;
use std::process::{Command, Stdio};

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
    let tested = Command::new("npm")
        .args(["test", "--silent"])
        .current_dir(FOLDER)
        .env("KIOSK_BIN", std::env::var_os("KIOSK_BIN").unwrap_or_else(|| target.join("debug/kiosk").into()))
        .status()
        .expect("npm starts");
    assert!(tested.success(), "a browser test failed");
}
