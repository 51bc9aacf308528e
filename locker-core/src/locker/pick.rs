//! A customer picks up a key (PICK-1 to PICK-5).

use super::ask::{Answer, Denial, Refusal};
use super::boxes::{Assignment, BoxState};
use super::durable::{Custody, Durable};
use super::messages;
use super::record::{Ending, Record};
use super::session::{PinEntry, Sorry, Step};
use super::{Draft, drop, serve, touch};
use crate::exchange::Template;
use crate::ids::{BoxNo, CodeId, VisitId};
use crate::time::{DAY, MINUTE, Mono};

/// For how long after *Confirm* the same PIN opens the empty box once more (PICK-3).
const AGAIN_MS: u64 = 3 * MINUTE;
/// After how long uncollected the driver is reminded, once (PICK-4).
const REMIND_MS: u64 = 3 * DAY;

/// A live PIN opens the box that holds its key (PICK-2), or once more the one that held it (PICK-3).
pub(super) fn accept(draft: &mut Draft<'_>, code: CodeId) -> Result<Answer, Refusal> {
    let durable = draft.durable();
    let found = durable.codes.get(code).expect("found a moment ago");
    let (visit, is_asleep) = (found.visit, found.asleep);
    let on_hold = durable.visits.get(&visit).is_some_and(|visit| visit.on_hold);
    let (box_no, again) = match (durable.custody(visit), collected(durable, visit)) {
        (_, Some(box_no)) => (box_no, true),
        (Custody::Box { box_no } | Custody::ToCheck { box_no, .. }, None) => (box_no, false),
        (Custody::Customer | Custody::Staff { .. } | Custody::Missing { .. }, None) => {
            return drop::deny(draft, PinEntry::new(), Denial::CodeUsed, "pick-pin-used");
        }
    };
    if (on_hold || is_asleep) && !again {
        // Nothing is counted, nothing is spent (PICK-5, STAFF-DROP-5).
        let until = draft.at().mono.after(touch::LAST_SCREEN_MS);
        serve::finish(draft, Ending::Failed, Step::Sorry { why: Sorry::Reception, until });
        return Ok(Answer::Denied(Denial::OnHold));
    }
    let session = draft.session.id().expect("a PIN is typed in a session");
    draft.record(Record::CodeAccepted { code, session });
    serve::begin_collect(draft, visit, box_no, again);
    Ok(Answer::Done)
}

/// The box from which this visit's customer took the key less than three minutes ago.
fn collected(durable: &Durable, visit: VisitId) -> Option<BoxNo> {
    durable.boxes.iter().find(|state| state.collected() == Some(visit)).map(BoxState::no)
}

/// The key of this visit is put in anew: the three minutes of the last pick-up are over, so that its PIN and the new one are
/// not taken for each other.
pub(super) fn over(draft: &mut Draft<'_>, visit: VisitId) {
    if let Some(box_no) = collected(draft.durable(), visit) {
        draft.record(Record::BoxFreed { box_no });
        serve::spend(draft, visit);
    }
}

/// The next box whose three minutes end, with its visit; not while it is open once more.
fn next_end(durable: &Durable) -> Option<(Mono, BoxNo, VisitId)> {
    let ends = durable.boxes.iter().filter_map(|state| match state.assignment {
        Assignment::Collected { visit, age } if state.in_use.is_none() => {
            Some((age.reaches(AGAIN_MS), state.no(), visit))
        }
        Assignment::Collected { .. }
        | Assignment::Free
        | Assignment::Reserved { .. }
        | Assignment::Holding { .. } => None,
    });
    ends.min()
}

/// The next driver to be reminded. Not by a clock in doubt (SAFE-7).
fn next_reminder(durable: &Durable) -> Option<(Mono, VisitId)> {
    if durable.clock_doubted {
        return None;
    }
    let waiting = durable.outbound.iter().filter(|(visit, waiting)| {
        !waiting.reminded && durable.box_of(**visit).is_some() && durable.visits.contains_key(visit)
    });
    waiting.filter_map(|(visit, waiting)| Some((waiting.since?.reaches(REMIND_MS), *visit))).min()
}

/// When a box is free again, or a driver is to be reminded.
pub(super) fn next_deadline(durable: &Durable) -> Option<Mono> {
    if durable.outbound.is_empty() {
        return next_end(durable).map(|(end, ..)| end);
    }
    let reminder = next_reminder(durable).map(|(due, _)| due);
    next_end(durable).map(|(end, ..)| end).into_iter().chain(reminder).min()
}

/// Frees a box whose three minutes are over, and reminds a driver whose key has waited for three days.
pub(super) fn settle(draft: &mut Draft<'_>) {
    let now = draft.at().mono;
    if let Some((_, box_no, visit)) = next_end(draft.durable()).filter(|(end, ..)| *end <= now) {
        draft.record(Record::BoxFreed { box_no });
        serve::spend(draft, visit);
    }
    if let Some((_, visit)) = next_reminder(draft.durable()).filter(|(due, _)| *due <= now) {
        let waiting = draft.durable().outbound.get(&visit);
        if let Some(to) = waiting.and_then(|waiting| waiting.outbound.to.get()).cloned() {
            messages::want(draft, visit, Template::PickUpReminder, to);
        }
    }
}
