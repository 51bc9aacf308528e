//! Maintenance: a technician opens doors by hand; they are logged instead of alarming, and every box that was opened is
//! left to be checked (BOX-6).

use alloc::string::String;

use super::Draft;
use super::ask::{Answer, Refusal};
use super::durable::{Durable, Maintenance};
use super::record::Record;
use crate::ids::UserId;
use crate::secret::Personal;
use crate::time::{MINUTE, Mono};
use crate::vault::Subject;

/// It ends by itself after this.
const ENDS_AFTER_MS: u64 = 60 * MINUTE;
/// The most characters of a reason.
const REASON_CHARS_MAX: usize = 200;

/// A user with the right begins maintenance; begun again, it lasts anew.
pub(crate) fn begin(draft: &mut Draft<'_>, user: UserId, reason: String) -> Result<Answer, Refusal> {
    let is_reason = !reason.trim().is_empty() && !reason.chars().any(char::is_control);
    if !is_reason {
        return Err(Refusal::NoReason);
    }
    if reason.chars().count() > REASON_CHARS_MAX {
        return Err(Refusal::TooLong);
    }
    draft.record(Record::MaintenanceBegan { user, reason: Personal::new(Subject::User(user), reason) });
    Ok(Answer::Done)
}

/// A user ends it before its time.
pub(crate) fn end(draft: &mut Draft<'_>) {
    if draft.durable().maintenance.is_some() {
        draft.record(Record::MaintenanceEnded {});
    }
}

/// When it ends by itself.
pub(crate) fn next_deadline(durable: &Durable) -> Option<Mono> {
    durable.maintenance.map(|Maintenance { age, .. }| age.reaches(ENDS_AFTER_MS))
}

/// Ends it when its time is over.
pub(crate) fn settle(draft: &mut Draft<'_>) {
    if next_deadline(draft.durable()).is_some_and(|due| due <= draft.at().mono) {
        draft.record(Record::MaintenanceEnded {});
    }
}
