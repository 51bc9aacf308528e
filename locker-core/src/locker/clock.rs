//! Doubt of the wall clock (SAFE-7).

use super::Draft;
use super::record::Record;
use crate::time::{HOUR, Wall};

/// A jump of the wall clock against the monotonic one that is doubted.
const JUMP_MS: u64 = HOUR;

/// Compares both clocks with the last input, and takes in what the host says of the wall clock.
pub(crate) fn watch(draft: &mut Draft<'_>) {
    let now = *draft.now();
    if let Some((mono, wall)) = draft.session.clocks {
        let expected = wall.0.saturating_add_unsigned(now.mono.since(mono));
        if now.wall.0.abs_diff(expected) > JUMP_MS {
            draft.record(Record::ClockDoubted { before: Wall(expected), after: now.wall });
        }
    }
    draft.session.clocks = Some((now.mono, now.wall));
}

/// The office or NTP confirms the wall clock.
pub(crate) fn confirm(draft: &mut Draft<'_>) {
    if draft.durable().clock_doubted {
        draft.record(Record::ClockConfirmed {});
    }
}
