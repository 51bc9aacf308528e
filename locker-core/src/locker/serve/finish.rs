//! What a wish does once the door is shut: confirm, leave, take another box, say what was found; and the last screens
//! (DROP-14, STAFF-PICK-8, BOX-13, TIME-3, ABORT-2).

use super::opening::next_box;
use super::{CLOSED_ASK_MS, CLOSED_END_MS, current, is_reserved, serving_mut};
use crate::cabinet::{Door, Item};
use crate::exchange::{CheckReason, Evidence, Finding, Template};
use crate::ids::VisitId;
use crate::locker::ask::{Answer, Refusal};
use crate::locker::boxes::BoxState;
use crate::locker::record::{Death, Ending, Origin, Record};
use crate::locker::session::{Phase, Purpose, Serving, Session, Sorry, Step, Thanks, Way, Wish};
use crate::locker::{Draft, help, messages, temporary, touch};
use crate::screen::{Button, Text};
use crate::time::Mono;
use crate::visit::Contact;

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
            next_box(draft, serving.purpose);
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
    let evidence = match (serving.purpose.way(), item) {
        (Way::Look, _) => return ask_finding(draft, serving),
        (Way::In, Item::Present) | (Way::Out, Item::Absent) => Evidence::Seen,
        (Way::In | Way::Out, Item::Unknown) => Evidence::Claimed,
        (Way::In, Item::Absent) | (Way::Out, Item::Present) => Evidence::Contradicted,
    };
    let is_missed = evidence == Evidence::Contradicted && serving.misses < MISSES_MAX;
    if is_missed && shut == Shut::Sensed {
        return missed(draft, &serving);
    }
    let evidence = if shut == Shut::Claimed { Evidence::Contradicted } else { evidence };
    confirmed(draft, evidence);
}

fn missed(draft: &mut Draft<'_>, serving: &Serving) {
    let is_drop = serving.purpose.way() == Way::In;
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
    let agrees = match (serving.purpose.way(), draft.session.item(serving.box_no)) {
        (Way::In, Item::Present) | (Way::Out, Item::Absent) => true,
        (Way::In | Way::Out | Way::Look, _) => false,
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
            let (visit, user, ticket) = (case.visit, None, None);
            draft.record(Record::KeyDropped { visit, box_no, session, evidence, user, ticket });
            die(draft, visit, Death::Used);
            Thanks::Dropped
        }
        Purpose::StaffDrop { visit, by, to } => {
            let (visit, user, ticket) = (*visit, Some(by.user), Some(by.ticket));
            draft.record(Record::KeyDropped { visit, box_no, session, evidence, user, ticket });
            // With a key in the box there is nothing left to drop.
            die(draft, visit, Death::Used);
            messages::want(draft, visit, Template::PickUpPin, to.clone());
            Thanks::HandedIn
        }
        Purpose::PickUp { visit, by } => {
            let (visit, user, ticket) = (*visit, by.user, by.ticket);
            let waiting = draft.durable().outbound.get(&visit);
            let told = waiting.and_then(|waiting| waiting.outbound.to.get()).cloned();
            draft.record(Record::KeyTaken { visit, box_no, session, user, ticket, evidence });
            if let Some(to) = told {
                die(draft, visit, Death::Cancelled);
                messages::want(draft, visit, Template::PickUpOff, to);
            }
            Thanks::PickedUp
        }
        Purpose::Collect { again: true, .. } => {
            draft.record(Record::BoxKept { box_no });
            Thanks::Collected
        }
        Purpose::Collect { visit, again: false } => {
            // Its PIN lives three minutes more (PICK-3).
            draft.record(Record::KeyCollected { visit: *visit, box_no, session, evidence });
            Thanks::Collected
        }
        Purpose::Check { .. } => return ask_finding(draft, serving),
    };
    if evidence == Evidence::Contradicted {
        to_check(draft, &serving, CheckReason::Contradicted);
    }
    let until = last_screen(draft);
    finish(draft, Ending::Finished, Step::Thanks { box_no, what, until });
}

/// All codes of a visit die.
fn die(draft: &mut Draft<'_>, visit: VisitId, why: Death) {
    for code in draft.durable().codes.of_visit(visit) {
        draft.record(Record::CodeDied { code, why });
    }
}

/// The PIN of a key that was collected is spent: its three minutes are over (PICK-3).
pub(crate) fn spend(draft: &mut Draft<'_>, visit: VisitId) {
    if let Some(code) = draft.durable().codes.only_pin_of(visit, Origin::PickUp) {
        draft.record(Record::CodeDied { code, why: Death::Used });
    }
}

/// The served box was not used: what was kept is free, what lies in it is safe, its PIN is awake again.
pub(super) fn unused(draft: &mut Draft<'_>, serving: &Serving) {
    let box_no = serving.box_no;
    let kept =
        if is_reserved(draft, box_no) { Record::BoxFreed { box_no } } else { Record::BoxKept { box_no } };
    draft.record(kept);
    if let Purpose::PickUp { visit, .. } = serving.purpose {
        let pin = draft.durable().codes.only_pin_of(visit, Origin::PickUp);
        if let Some(code) = pin {
            draft.record(Record::CodeWoke { code });
        }
    }
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
    let collected = state.and_then(BoxState::collected);
    let is_out = state.is_some_and(|state| state.out.is_some());
    let is_open = state.is_some_and(|state| state.door == Door::Open);
    let finding = match (button, visit) {
        (Button::BoxEmpty, _) => Finding::Empty,
        (Button::KeyStays, Some(_)) => Finding::KeyStays,
        (Button::KeyTaken, Some(_)) => Finding::KeyTaken,
        (Button::SomethingElse, _) => Finding::SomethingElse,
        (_, Some(_) | None) => return Err(Refusal::NotOffered),
    };
    let user = serving.purpose.staff();
    let seen = draft.session.item(box_no);
    let waiting = visit.and_then(|visit| draft.durable().outbound.get(&visit));
    let told = waiting.and_then(|waiting| waiting.outbound.to.get()).cloned();
    draft.record(Record::BoxSettled { box_no, visit, finding, user, seen });
    temporary::spend(draft);
    if let Some(visit) = collected {
        // Staff know what is in it now: its three minutes are over (PICK-3).
        spend(draft, visit);
    }
    if let (Some(visit), Some(to)) = (visit, told) {
        settle_outbound(draft, visit, finding, to);
    }
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

/// What a finding means for the PIN of a key that waits for its customer (BOX-13).
fn settle_outbound(draft: &mut Draft<'_>, visit: VisitId, finding: Finding, to: Contact) {
    let codes = &draft.durable().codes;
    let pin = codes.only_pin_of(visit, Origin::PickUp).and_then(|code| codes.get(code));
    let is_awake = pin.is_some_and(|code| !code.asleep);
    match finding {
        // One that sleeps or is dead is made anew; the old one dies when the new one is made.
        Finding::KeyStays if !is_awake => {
            messages::want(draft, visit, Template::PickUpPin, to);
        }
        Finding::KeyStays | Finding::SomethingElse => {}
        Finding::KeyTaken | Finding::Empty => {
            die(draft, visit, Death::Cancelled);
            messages::want(draft, visit, Template::PickUpOff, to);
        }
    }
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
    let item = draft.session.item(serving.box_no);
    let is_fresh = is_reserved(draft, serving.box_no);
    let is_again = matches!(serving.purpose, Purpose::Collect { again: true, .. });
    match (serving.purpose.way(), item, shut) {
        (Way::In, Item::Absent, Shut::Sensed) if is_fresh => unused(draft, &serving),
        (Way::Out, Item::Present, Shut::Sensed) if !is_again => unused(draft, &serving),
        (Way::Out, Item::Absent, Shut::Sensed) if is_again => unused(draft, &serving),
        (Way::In | Way::Out | Way::Look, _, _) => to_check(draft, &serving, CheckReason::Aborted),
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
    let state = draft.durable().box_state(box_no);
    let visit = state.and_then(BoxState::kept_for);
    let collected = state.and_then(BoxState::collected);
    let user = serving.purpose.staff();
    draft.record(Record::BoxToCheck { box_no, visit, reason, user });
    temporary::spend(draft);
    if let Some(visit) = collected {
        // What lies in the box, if anything, is no longer the key: the PIN is spent.
        spend(draft, visit);
    }
}

pub(super) fn last_screen(draft: &Draft<'_>) -> Mono {
    draft.at().mono.after(touch::LAST_SCREEN_MS)
}

/// Ends the session on a last screen.
pub(crate) fn finish(draft: &mut Draft<'_>, how: Ending, last: Step) {
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
