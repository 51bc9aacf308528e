//! What a wish does once the door is shut: confirm, leave, take another box, say what was found; and the last screens
//! (DROP-14, STAFF-PICK-8, BOX-13, TIME-3, ABORT-2).

use super::opening::next_box;
use super::{CLOSED_ASK_MS, CLOSED_END_MS, current, is_reserved, serving_mut};
use crate::cabinet::{Door, Item};
use crate::exchange::{CheckReason, Evidence, Finding};
use crate::locker::ask::{Answer, Refusal};
use crate::locker::boxes::{Assignment, BoxState};
use crate::locker::record::{Death, Ending, Record};
use crate::locker::session::{Phase, Purpose, Serving, Session, Sorry, Step, Thanks, Wish};
use crate::locker::{Draft, help, touch};
use crate::screen::{Button, Text};
use crate::time::Mono;

/// *Confirm* against the item sensor before it completes as claimed (DROP-14).
const MISSES_MAX: u8 = 2;

/// Whether the door counts as shut because a sensor says so, or because the person says so against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shut {
    Sensed,
    Claimed,
}

/// The door is shut: what the person wanted is done now.
pub(super) fn act(draft: &mut Draft<'_>, wish: Wish, shut: Shut) {
    match wish {
        Wish::Confirm => confirm(draft, shut),
        Wish::Leave => left(draft, shut),
        Wish::Another => {
            let serving = current(draft);
            let (box_no, reason) = (serving.box_no, CheckReason::Occupied);
            draft.record(Record::BoxToCheck { box_no, visit: None, reason, user: None });
            if let Purpose::Drop(case) = serving.purpose {
                next_box(draft, case);
            }
        }
        Wish::NotFound => {
            let serving = current(draft);
            to_check(draft, &serving, CheckReason::NotFound);
            help::call(draft, "pick.not_found");
            let until = last_screen(draft);
            finish(draft, Ending::Failed, Step::Sorry { why: Sorry::NotFound, until });
        }
    }
}

/// *Confirm* with the door shut: the item sensor is heard, and overruled after two misses (DROP-14).
fn confirm(draft: &mut Draft<'_>, shut: Shut) {
    let serving = current(draft);
    let item = draft.session.item(serving.box_no);
    let evidence = match (&serving.purpose, item) {
        (Purpose::Check { .. }, _) => return ask_finding(draft, serving),
        (Purpose::Drop(_), Item::Present) | (Purpose::PickUp { .. }, Item::Absent) => Evidence::Seen,
        (Purpose::Drop(_) | Purpose::PickUp { .. }, Item::Unknown) => Evidence::Claimed,
        (Purpose::Drop(_), Item::Absent) | (Purpose::PickUp { .. }, Item::Present) => Evidence::Contradicted,
    };
    let is_missed = evidence == Evidence::Contradicted && serving.misses < MISSES_MAX;
    if is_missed && shut == Shut::Sensed {
        return missed(draft, &serving);
    }
    let evidence = if shut == Shut::Claimed { Evidence::Contradicted } else { evidence };
    confirmed(draft, evidence);
}

fn missed(draft: &mut Draft<'_>, serving: &Serving) {
    let is_drop = matches!(serving.purpose, Purpose::Drop(_));
    if let Some(serving) = serving_mut(draft) {
        serving.misses += 1;
        serving.wish = None;
    }
    let id = if is_drop { "serve-not-seen" } else { "serve-still-seen" };
    touch::notice(draft, Text::new(id).with("box", serving.box_no));
    draft.session.turn();
}

/// Whether the item sensor agrees that the act is done (TIME-3).
pub(super) fn agreement(draft: &Draft<'_>) -> Option<Wish> {
    let serving = current(draft);
    let agrees = match (&serving.purpose, draft.session.item(serving.box_no)) {
        (Purpose::Drop(_), Item::Present) | (Purpose::PickUp { .. }, Item::Absent) => true,
        (Purpose::Drop(_) | Purpose::PickUp { .. } | Purpose::Check { .. }, _) => false,
    };
    agrees.then_some(Wish::Confirm)
}

/// The act is done: custody passes, codes are spent, the last screen thanks.
pub(super) fn confirmed(draft: &mut Draft<'_>, evidence: Evidence) {
    let serving = current(draft);
    let session = draft.session.id().expect("step 4 runs in a session");
    let box_no = serving.box_no;
    let what = match &serving.purpose {
        Purpose::Drop(case) => {
            let visit = case.visit;
            draft.record(Record::KeyDropped { visit, box_no, session, evidence });
            for code in draft.durable().codes.of_visit(visit) {
                draft.record(Record::CodeDied { code, why: Death::Used });
            }
            Thanks::Dropped
        }
        Purpose::PickUp { visit, by } => {
            let (visit, user, ticket) = (*visit, by.user, by.ticket);
            draft.record(Record::KeyTaken { visit, box_no, session, user, ticket, evidence });
            Thanks::PickedUp
        }
        Purpose::Check { .. } => return ask_finding(draft, serving),
    };
    if evidence == Evidence::Contradicted {
        to_check(draft, &serving, CheckReason::Contradicted);
    }
    let until = last_screen(draft);
    finish(draft, Ending::Finished, Step::Thanks { box_no, what, until });
}

fn ask_finding(draft: &mut Draft<'_>, serving: Serving) {
    draft.session.touched = draft.at().mono;
    touch::go(draft, Step::Settle(serving));
}

/// The staff's answer to what is in the box (BOX-13).
pub(super) fn settle(draft: &mut Draft<'_>, button: Button) -> Result<Answer, Refusal> {
    let serving = current(draft);
    let box_no = serving.box_no;
    let state = draft.durable().box_state(box_no);
    let visit = state.and_then(BoxState::booked);
    let is_out = state.is_some_and(|state| state.out.is_some());
    let is_open = state.is_some_and(|state| state.door == Door::Open);
    let finding = match (button, visit) {
        (Button::BoxEmpty, _) => Finding::Empty,
        (Button::KeyStays, Some(_)) => Finding::KeyStays,
        (Button::KeyTaken, Some(_)) => Finding::KeyTaken,
        (Button::SomethingElse, _) => Finding::SomethingElse,
        (_, Some(_) | None) => return Err(Refusal::NotOffered),
    };
    let user = serving.purpose.staff().map(|by| by.user);
    let seen = draft.session.item(box_no);
    draft.record(Record::BoxSettled { box_no, visit, finding, user, seen });
    if is_open {
        // Said to be shut against its sensor, or forced meanwhile: what was found need not be what lies in it (TIME-3,
        // BOX-11).
        to_check(draft, &serving, CheckReason::Contradicted);
    }
    if is_out {
        draft.record(Record::BoxInService { box_no });
    }
    let until = last_screen(draft);
    finish(draft, Ending::Finished, Step::Thanks { box_no, what: Thanks::Checked, until });
    Ok(Answer::Done)
}

/// How long staff may take to say what they found, before and after being asked again.
pub(crate) fn settle_wait_ms(session: &Session) -> u64 {
    if session.warned { CLOSED_END_MS } else { CLOSED_ASK_MS }
}

/// Staff have not said what they found.
pub(crate) fn settle_due(draft: &mut Draft<'_>) {
    if draft.session.warned {
        unconfirmed(draft);
    } else {
        draft.session.warned = true;
        draft.session.turn();
    }
}

/// The person leaves while a box may be open: only the door is waited for (ABORT-2).
pub(crate) fn leave(draft: &mut Draft<'_>) {
    let serving = current(draft);
    let is_settling = serving_mut(draft).is_none();
    if is_settling {
        to_check(draft, &serving, CheckReason::Aborted);
        return touch::end(draft, Ending::Aborted);
    }
    if let Some(serving) = serving_mut(draft) {
        serving.wish = Some(Wish::Leave);
    }
    match serving.phase {
        Phase::Opening { .. } | Phase::Open { .. } => draft.session.turn(),
        Phase::Closed { .. } | Phase::Blind { .. } => act(draft, Wish::Leave, Shut::Sensed),
    }
}

/// The door is shut behind who leaves; the item sensor settles what it can.
pub(super) fn left(draft: &mut Draft<'_>, shut: Shut) {
    let serving = current(draft);
    let (box_no, item) = (serving.box_no, draft.session.item(serving.box_no));
    let is_fresh = is_reserved(draft, box_no);
    match (&serving.purpose, item, shut) {
        (Purpose::Drop(_), Item::Absent, Shut::Sensed) if is_fresh => {
            draft.record(Record::BoxFreed { box_no });
        }
        (Purpose::PickUp { .. }, Item::Present, Shut::Sensed) => draft.record(Record::BoxKept { box_no }),
        (Purpose::Drop(_) | Purpose::PickUp { .. } | Purpose::Check { .. }, _, _) => {
            to_check(draft, &serving, CheckReason::Aborted);
        }
    }
    touch::end(draft, Ending::Aborted);
}

/// Nobody pressed *Confirm*: the box is to be checked, the office is told (TIME-3, BOX-11).
pub(super) fn unconfirmed(draft: &mut Draft<'_>) {
    let serving = current(draft);
    to_check(draft, &serving, CheckReason::Unconfirmed);
    touch::end(draft, Ending::Unconfirmed);
}

pub(super) fn to_check(draft: &mut Draft<'_>, serving: &Serving, reason: CheckReason) {
    let box_no = serving.box_no;
    let kept_for = draft.durable().box_state(box_no).and_then(|state| match state.assignment {
        Assignment::Free => None,
        Assignment::Reserved { visit, .. } | Assignment::Holding { visit } => Some(visit),
    });
    let user = serving.purpose.staff().map(|by| by.user);
    draft.record(Record::BoxToCheck { box_no, visit: kept_for, reason, user });
}

pub(super) fn last_screen(draft: &Draft<'_>) -> Mono {
    draft.at().mono.after(touch::LAST_SCREEN_MS)
}

/// Ends the session on a last screen.
pub(super) fn finish(draft: &mut Draft<'_>, how: Ending, last: Step) {
    for code in draft.durable().codes.held() {
        draft.record(Record::CodeReleased { code });
    }
    if let Some(session) = draft.session.id() {
        draft.record(Record::SessionEnded { session, how });
    }
    draft.session.overlay = None;
    draft.session.warned = false;
    touch::go(draft, last);
}
