//! What a start settles, and what the office and the host set.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::ask::Layout;
use super::boxes::Assignment;
use super::durable::{Custody, Durable};
use super::record::{Death, Record};
use super::{Draft, Locker, drop, messages, serve, temporary, totp};
use crate::cabinet::Door;
use crate::exchange::{CheckReason, Desired};
use crate::ids::VisitId;
use crate::vault::Subject;

/// Records the boot and settles what was under way when the host stopped (SAFE-2): a box in use is to be checked, a
/// box that was only kept is free, a code that carried a session lives on, nothing opens.
pub(crate) fn start(draft: &mut Draft<'_>) {
    let now = *draft.now();
    let before = draft.durable().last.wall;
    draft.record(Record::BootStarted { wall_trusted: now.wall_trusted });
    // What a temporary PIN was doing then nobody knows: it is spent.
    temporary::spend(draft);
    for code in draft.durable().codes.held() {
        draft.record(Record::CodeReleased { code });
    }
    let boxes = draft.durable().boxes.clone();
    for state in &boxes {
        let box_no = state.no();
        if let Assignment::Collected { visit, .. } = state.assignment {
            // Its three minutes end with the boot (PICK-3).
            serve::spend(draft, visit);
        }
        if let Some(in_use) = state.in_use {
            let (visit, reason, user) = (state.kept_for(), CheckReason::Interrupted, in_use.user);
            draft.record(Record::BoxToCheck { box_no, visit, reason, user });
        } else if matches!(state.assignment, Assignment::Reserved { .. } | Assignment::Collected { .. }) {
            draft.record(Record::BoxFreed { box_no });
        }
        if state.door == Door::Open {
            draft.session.doors_mut().open.insert(box_no, now.mono);
        }
    }
    match (now.wall_trusted, draft.durable().clock_doubted) {
        (false, false) => draft.record(Record::ClockDoubted { before, after: now.wall }),
        (true, true) => draft.record(Record::ClockConfirmed {}),
        (false, true) | (true, false) => {}
    }
}

/// Takes over the cabinet's layout if it differs from the recorded one.
pub(crate) fn set_up(draft: &mut Draft<'_>, layout: Layout) {
    let durable = draft.durable();
    let mut places = durable.boxes.iter().map(|state| state.place);
    let is_known = durable.locker == layout.locker
        && durable.pulse_ms == layout.pulse_ms
        && durable.boxes.len() == layout.boxes.len()
        && layout.boxes.iter().all(|place| places.next() == Some(*place));
    if !is_known {
        draft.record(Record::SetUp { layout });
    }
}

/// Takes over what the office wants, if it is newer: settings, and the visits that changed.
///
/// A visit that is gone loses its codes; one whose key is not with the customer is kept (OFFICE-13).
pub(crate) fn desired(draft: &mut Draft<'_>, desired: Desired) {
    if desired.revision <= draft.durable().revision || desired.settings.check().is_err() {
        return;
    }
    let wanted: BTreeSet<VisitId> = desired.visits.iter().map(|visit| visit.id).collect();
    let known: Vec<VisitId> = draft.durable().visits.keys().copied().collect();
    for visit in known {
        if !wanted.contains(&visit) && !is_bound(draft.durable(), visit) {
            // A code dies at once, even in use: no box is open yet (START-6).
            for code in draft.durable().codes.of_visit(visit) {
                draft.record(Record::CodeDied { code, why: Death::Cancelled });
            }
            draft.record(Record::VisitGone { visit });
            drop::visit_gone(draft, visit);
            messages::visit_gone(draft, visit);
        }
    }
    temporary::keep_only(draft, &desired.temporary);
    totp::keep_only(draft, &desired.authenticators, desired.revision);
    for visit in desired.visits {
        if draft.durable().visits.get(&visit.id) != Some(&*visit) {
            let visit = Arc::unwrap_or_clone(visit);
            draft.record(Record::VisitPut { visit });
        }
    }
    draft.record(Record::DesiredApplied { revision: desired.revision, settings: desired.settings });
}

/// Whether a visit's key is in a box, on its way into one, or anywhere but with the customer.
fn is_bound(durable: &Durable, visit: VisitId) -> bool {
    let reserved = |assignment: &Assignment| match assignment {
        Assignment::Reserved { visit: kept_for, .. } => *kept_for == visit,
        Assignment::Free | Assignment::Holding { .. } | Assignment::Collected { .. } => false,
    };
    durable.custody(visit) != Custody::Customer
        || durable.boxes.iter().any(|state| reserved(&state.assignment))
}

impl Locker {
    /// Whether nothing of this locker needs the subject any more, nor will from `revision` of what the office wants on:
    /// the office may then have the subject's key destroyed (SAFE-5).
    #[must_use]
    pub fn may_forget(&self, subject: Subject, revision: u64) -> bool {
        let durable = self.durable();
        match subject {
            Subject::Visit(visit) => {
                durable.revision >= revision
                    && !durable.visits.contains_key(&visit)
                    && !is_bound(durable, visit)
            }
            Subject::User(user) => {
                // The secret of an authenticator is sealed for its owner.
                durable.maintenance.is_none_or(|maintenance| maintenance.user != user)
                    && !durable.authenticators.has(user)
            }
        }
    }
}
