//! Programs that nobody here wrote, which speak to our drivers and boards.

use std::process::{Command, Stdio};

/// Python with the packages of `tests/peers/requirements.txt`.
#[must_use]
pub fn python() -> String {
    std::env::var("LOCKER_PEERS_PYTHON").unwrap_or_else(|_| "python3".into())
}

/// Whether a program is here and well.
#[must_use]
pub fn runs(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Says so if a peer is not here, and fails where everything has to be.
///
/// # Panics
/// When it is missing and `LOCKER_CI` is 1.
#[must_use]
pub fn is_here(name: &str, is_there: bool) -> bool {
    if !is_there {
        let is_ci = std::env::var_os("LOCKER_CI").is_some_and(|value| value == "1");
        assert!(!is_ci, "{name} is missing");
        println!("skipped: {name} is missing");
    }
    is_there
}

/// Whether Python has a package.
#[must_use]
pub fn has_python(package: &str) -> bool {
    let there = runs(&python(), &["-c", &format!("import {package}")]);
    is_here(&format!("Python's {package} (see tests/peers/requirements.txt, LOCKER_PEERS_PYTHON)"), there)
}
