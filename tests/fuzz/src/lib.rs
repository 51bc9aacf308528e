//! Fuzz targets: functions that take any bytes and panic when something that must hold does not.
//!
//! `cargo test -p locker-fuzz` runs each over its corpus; `tests/fuzz/run TARGET` lets libFuzzer look for more by hand.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a target stops where it goes wrong")]

mod bytes;
mod codecs;
mod http;
mod locker;
mod office;
#[path = "../../../locker-core/tests/office_world/mod.rs"]
mod office_world;
mod records;
#[allow(dead_code, unreachable_pub, reason = "shared with the stories of the locker")]
#[path = "../../../locker-core/tests/stories/rig.rs"]
mod rig;
mod texts;

pub use locker::{Lie, while_it_lies};

/// What runs one input.
pub type Target = fn(&[u8]);

/// Every target: its name, which is that of its corpus, and what runs one input.
pub const TARGETS: [(&str, Target); 14] = [
    ("locker", locker::inputs),
    ("office", office::inputs),
    ("records", records::records),
    ("snapshot", records::snapshot),
    ("config", texts::config),
    ("import", texts::import),
    ("scan", texts::scan),
    ("http", http::request),
    ("frame", http::frame),
    ("xor", codecs::xor),
    ("kerong", codecs::kerong),
    ("modbus", codecs::modbus),
    ("winnsen", codecs::winnsen),
    ("wkly", codecs::wkly),
];

/// The target with this name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().find(|(known, _)| *known == name).map(|(_, run)| *run)
}
