//! What a terminal shows: screens in letters, records in a line, and a story to step through.

mod draw;
mod step;

use locker_core::Entry;

pub use draw::{draw, frame, lines};
pub use step::{Moment, print, step};

/// The longest field of a record that is told; longer ones are seals and hashes.
const FIELD_CHARS_MAX: usize = 24;

/// A record as a line: its number, its kind, and its short fields. Sealed ones are not told.
///
/// ```
/// use locker_core::{Boot, ChainKey, Head, Secret};
/// use locker_hal_sim::terminal::record_line;
///
/// let body = br#"{"v":1,"seq":1,"at":{"boot":1,"mono":0,"wall":0},"k":"door.opened","box_no":3,"cause":"forced"}"#;
/// let entry = ChainKey::derive(&Secret::new([1; 32])).link(Head::default(), body.to_vec());
/// assert_eq!(record_line(&entry), "#1 door.opened box_no 3, cause forced");
/// ```
#[must_use]
pub fn record_line(entry: &Entry) -> String {
    let body: serde_json::Value = serde_json::from_slice(&entry.body).unwrap_or_default();
    let kind = body.get("k").and_then(serde_json::Value::as_str).unwrap_or("?");
    let fields = body.as_object().into_iter().flatten().filter_map(|(name, value)| {
        let value = match value {
            serde_json::Value::String(text) if text.len() <= FIELD_CHARS_MAX => text.clone(),
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::Bool(flag) => flag.to_string(),
            _ => return None,
        };
        (!matches!(name.as_str(), "k" | "v" | "seq" | "at")).then(|| format!("{name} {value}"))
    });
    let fields: Vec<_> = fields.collect();
    format!("#{} {kind} {}", entry.seq, fields.join(", ")).trim_end().into()
}
