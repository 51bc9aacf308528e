//! Which serial ports and GPIO chips there are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Failed;

/// Names that stay the same whichever socket an adapter is plugged into, and however many there are.
const BY_ID: &str = "/dev/serial/by-id";

/// Devices by these names may be serial ports, or are GPIO chips.
const PREFIXES: [&str; 5] = ["ttyUSB", "ttyACM", "ttyAMA", "ttyS", "gpiochip"];

pub(crate) fn list() -> Result<(), Failed> {
    let ids = sorted(Path::new(BY_ID), |_| true);
    let mut named = Vec::new();
    for id in &ids {
        let device = fs::canonicalize(id).unwrap_or_default();
        println!("{}  ->  {}", id.display(), device.display());
        named.push(device);
    }
    for device in sorted(Path::new("/dev"), |name| PREFIXES.iter().any(|prefix| name.starts_with(prefix))) {
        if !named.contains(&device) {
            println!("{}", device.display());
        }
    }
    if ids.is_empty() {
        println!("no adapter has an id under {BY_ID}");
    }
    Ok(())
}

/// What a folder holds; nothing when it is not there.
fn sorted(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let wanted = entries.filter(|entry| entry.file_name().to_str().is_some_and(&is_wanted));
    let mut paths: Vec<PathBuf> = wanted.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
