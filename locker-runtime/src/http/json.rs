//! Views of the machines as the pages want them: times written in the location's zone, lockers by name.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use locker_core::{LockerId, Wall};
use serde::Serialize;
use serde_json::Value;

/// Fields that hold a wall time in milliseconds.
const TIMES: [&str; 6] = ["at", "since", "dropped_at", "over", "last_seen", "expires_at"];

/// A wall time as RFC 3339 writes it, in `zone`.
pub(super) fn time(wall: Wall, zone: &TimeZone) -> String {
    let stamp = Timestamp::from_millisecond(wall.0).unwrap_or_default();
    let zoned = stamp.to_zoned(zone.clone());
    zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A view as JSON for a page.
pub(super) fn page(view: &impl Serialize, zone: &TimeZone, lockers: &BTreeMap<LockerId, String>) -> Value {
    let mut value = serde_json::to_value(view).expect("views are plain values");
    write(&mut value, zone, lockers);
    value
}

fn write(value: &mut Value, zone: &TimeZone, lockers: &BTreeMap<LockerId, String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| write(item, zone, lockers)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_i64() {
                    Some(wall) if TIMES.contains(&name.as_str()) => *field = time(Wall(wall), zone).into(),
                    Some(id) if name == "locker" => {
                        let name = lockers.get(&LockerId(id.unsigned_abs()));
                        *field = name.cloned().unwrap_or_default().into();
                    }
                    Some(_) | None => write(field, zone, lockers),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
