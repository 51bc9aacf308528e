//! Keys that nobody comes for: after 30 days the office is told, daily (PICK-4).

use alloc::vec::Vec;

use super::Office;
use super::custody::{Custody, VisitRow};
use super::erase;
use super::record::Record;
use crate::ids::{BoxNo, LockerId, VisitId};
use crate::locker::Store;
use crate::machine::Draft;
use crate::time::{DAY, Date, Wall};

/// After how long in its box a key for the customer is told daily: when its PIN has died, in milliseconds.
const TOLD_AFTER_MS: i64 = 30 * DAY as i64;

/// Wishes that the location be told of every key that has waited for its customer for 30 days, once on each day. Looked at with
/// every input until there is none left to become due on that day; not by a clock in doubt (SAFE-7), and not while nothing
/// can be recorded.
pub(super) fn tell(draft: &mut Draft<'_, Office>) {
    let now = *draft.now();
    let day = now.today;
    if draft.session.told_on == Some(day)
        || draft.session.store == Store::Down
        || erase::is_doubted(draft, &now)
    {
        return;
    }
    let by = |end: Wall| {
        let rows = draft.durable().visits.iter();
        rows.filter_map(move |(visit, row)| due(*visit, row, day, end))
    };
    let now_due: Vec<(VisitId, LockerId, BoxNo)> = by(now.wall).collect();
    let is_last = by(now.day_ends).count() == now_due.len();
    draft.session.told_on = is_last.then_some(day);
    for (visit, locker, box_no) in now_due {
        draft.record(Record::UncollectedTold { visit, locker, box_no, day });
    }
}

/// Whose key it is and where, if the location is to be told of it on `day`, by `end`.
fn due(visit: VisitId, row: &VisitRow, day: Date, end: Wall) -> Option<(VisitId, LockerId, BoxNo)> {
    let (Custody::Box { locker, box_no } | Custody::ToCheck { locker, box_no, .. }) = row.custody().0 else {
        return None;
    };
    let is_old = |since: Wall| end.0.saturating_sub(since.0) >= TOLD_AFTER_MS;
    let is_due = row.told_on < Some(day) && row.handed_in_at().is_some_and(is_old);
    is_due.then_some((visit, locker, box_no))
}

impl VisitRow {
    /// The location was told on this day.
    pub(super) fn told_on(&mut self, day: Date) {
        self.told_on = Some(day);
    }
}
