//! Step 4: a box opens, the person does what they came for, closes it and confirms (DROP-13, DROP-14, STAFF-PICK-8,
//! BOX-2 to BOX-4, BOX-14, TIME-3, ABORT-2). What a touch, a door or a time limit means is decided here.
//!
//! Every pulse is granted in step 4, by a touch, a scan, or a reading that says *still closed*: never by a timer.

mod finish;
mod opening;
mod pulse;

pub(crate) use finish::{finish, leave, settle_due, settle_wait_ms, spend};
pub(crate) use opening::{
    OpenFor, begin_by_code, begin_collect, begin_drop, begin_for_staff, choose, is_limited_here, return_to,
};
pub(crate) use pulse::{pulse_ms, read, reported};

use finish::{Shut, act, agreement, confirmed, settle, unconfirmed};
use pulse::{APART_MS, Decider, PULSES_MAX, SILENT_AFTER_MS, fails, hurry, opens_within_ms, pulse_again};

use super::ask::{Answer, Refusal};
use super::boxes::Assignment;
use super::durable::Durable;
use super::outputs::ASK_TO_CLOSE_MS;
use super::record::Record;
use super::session::{DoorPast, Phase, Purpose, Serving, Session, Stage, Step, Way, Wish};
use super::{Draft, touch};
use crate::cabinet::{Door, PulseOutcome};
use crate::exchange::{Evidence, ServiceReason};
use crate::ids::BoxNo;
use crate::screen::{Action, Button, Text};
use crate::time::{MINUTE, Mono};

/// Openings at the person's wish, before *Confirm* (BOX-14).
pub(crate) const REOPENED_MAX: u8 = 3;
/// An open door untouched for this long ends the session (TIME-3).
const OPEN_END_MS: u64 = 3 * MINUTE;
/// A closed door without *Confirm*: asked again, and ended (TIME-3).
const CLOSED_ASK_MS: u64 = MINUTE;
const CLOSED_END_MS: u64 = 2 * MINUTE;

fn serving(session: &Session) -> Option<&Serving> {
    let Stage::Active(active) = &session.stage else {
        return None;
    };
    if let Step::Serve(serving) | Step::Settle(serving) = &active.step { Some(serving) } else { None }
}

fn serving_mut<'a>(draft: &'a mut Draft<'_>) -> Option<&'a mut Serving> {
    let Stage::Active(active) = &mut draft.session.stage else {
        return None;
    };
    if let Step::Serve(serving) = &mut active.step { Some(serving) } else { None }
}

fn current(draft: &Draft<'_>) -> Serving {
    serving(&draft.session).expect("a box is being served").clone()
}

fn is_reserved(draft: &Draft<'_>, box_no: BoxNo) -> bool {
    let state = draft.durable().box_state(box_no);
    state.is_some_and(|state| matches!(state.assignment, Assignment::Reserved { .. }))
}

/// Whether this box is being served now.
pub(crate) fn is_serving(session: &Session, box_no: BoxNo) -> bool {
    serving(session).is_some_and(|serving| serving.box_no == box_no)
}

/// Whether this box is being served and its door is awaited.
pub(crate) fn is_opening(session: &Session, box_no: BoxNo) -> bool {
    let is_opening = |serving: &Serving| matches!(serving.phase, Phase::Opening { .. });
    serving(session).is_some_and(|serving| serving.box_no == box_no && is_opening(serving))
}

/// Whether the door has stood open long enough to be asked for, at `now`.
pub(crate) fn asks_to_close(serving: &Serving, now: Mono) -> bool {
    match serving.phase {
        Phase::Open { since } | Phase::Blind { since } => now.since(since) >= ASK_TO_CLOSE_MS,
        Phase::Opening { .. } | Phase::Closed { .. } => false,
    }
}

/// A touch in step 4.
pub(crate) fn touched(draft: &mut Draft<'_>, action: &Action) -> Result<Answer, Refusal> {
    let Action::Press { button } = action else {
        return Err(Refusal::NotOffered);
    };
    let Stage::Active(active) = &mut draft.session.stage else {
        return Err(Refusal::NotOffered);
    };
    active.notice = None;
    let is_settling = matches!(active.step, Step::Settle(_));
    if is_settling {
        return settle(draft, *button);
    }
    let serving = current(draft);
    match (serving.phase, button) {
        (Phase::Opening { .. }, Button::DidNotOpen) => hurry(draft),
        (Phase::Open { .. } | Phase::Closed { .. } | Phase::Blind { .. }, Button::DidNotOpen) => {
            if serving.attempt < PULSES_MAX {
                pulse_again(draft, serving.attempt + 1);
            } else {
                fails(draft, ServiceReason::Jammed, Decider::Person);
            }
        }
        (Phase::Open { .. } | Phase::Closed { .. } | Phase::Blind { .. }, Button::OpenAgain) => {
            if serving.reopened >= REOPENED_MAX {
                return Err(Refusal::NotOffered);
            }
            pulse_again(draft, 1);
            if let Some(serving) = serving_mut(draft) {
                serving.reopened += 1;
                serving.wish = None;
                serving.door = DoorPast::ShutAgain;
            }
        }
        (phase, button) => {
            let is_fresh = is_reserved(draft, serving.box_no);
            let wish = wish_of(&serving.purpose, *button)
                .filter(|wish| *wish != Wish::Another || is_fresh)
                .ok_or(Refusal::NotOffered);
            return match (phase, button) {
                (Phase::Open { since }, Button::DoorIsShut) => claim_shut(draft, serving, since),
                // No sensor contradicts it: a plain *Confirm*.
                (Phase::Blind { .. }, Button::DoorIsShut) => {
                    act(draft, Wish::Confirm, Shut::Sensed);
                    Ok(Answer::Done)
                }
                (Phase::Open { .. } | Phase::Blind { .. }, _) => {
                    let wish = wish?;
                    want(draft, wish);
                    Ok(Answer::Done)
                }
                (Phase::Closed { .. }, _) => {
                    act(draft, wish?, Shut::Sensed);
                    Ok(Answer::Done)
                }
                (Phase::Opening { .. }, _) => Err(Refusal::NotOffered),
            };
        }
    }
    Ok(Answer::Done)
}

fn wish_of(purpose: &Purpose, button: Button) -> Option<Wish> {
    match (purpose.way(), button) {
        (_, Button::Confirm) => Some(Wish::Confirm),
        (Way::In, Button::SomethingInside) => Some(Wish::Another),
        (Way::Out, Button::NotMyKey) => Some(Wish::NotFound),
        (Way::In | Way::Out | Way::Look, _) => None,
    }
}

/// The person said what they want; the door is still open, or nobody can see it.
fn want(draft: &mut Draft<'_>, wish: Wish) {
    let serving = current(draft);
    if let Some(serving) = serving_mut(draft) {
        serving.wish = Some(wish);
    }
    let is_blind = matches!(serving.phase, Phase::Blind { .. });
    let question = if is_blind { "serve-is-it-shut" } else { "serve-close-first" };
    if is_blind && wish != Wish::Confirm {
        return act(draft, wish, Shut::Sensed);
    }
    touch::notice(draft, Text::new(question).with("box", serving.box_no));
    draft.session.turn();
}

/// *The door is shut*, against the sensor: it completes, the box is to be checked (TIME-3).
fn claim_shut(draft: &mut Draft<'_>, serving: Serving, since: Mono) -> Result<Answer, Refusal> {
    if draft.at().mono.since(since) < ASK_TO_CLOSE_MS {
        return Err(Refusal::NotOffered);
    }
    draft.record(Record::DoorClaimedShut { box_no: serving.box_no });
    act(draft, serving.wish.unwrap_or(Wish::Confirm), Shut::Claimed);
    Ok(Answer::Done)
}

fn set_phase(draft: &mut Draft<'_>, phase: Phase) {
    enter(draft, phase);
    draft.session.turn();
}

/// Puts the served box into a phase, and remembers how far its door has been.
fn enter(draft: &mut Draft<'_>, phase: Phase) {
    let Some(serving) = serving_mut(draft) else { return };
    serving.phase = phase;
    serving.asked = false;
    let past = match phase {
        Phase::Opening { .. } => DoorPast::Shut,
        Phase::Open { .. } | Phase::Blind { .. } => DoorPast::Opened,
        Phase::Closed { .. } => DoorPast::ShutAgain,
    };
    serving.door = serving.door.max(past);
    draft.session.warned = false;
}

/// The door of a served box opened or closed.
pub(crate) fn door_changed(draft: &mut Draft<'_>, box_no: BoxNo, to: Door, at: Mono) {
    let Some(serving) = serving_mut(draft) else { return };
    if serving.box_no != box_no {
        return;
    }
    let wish = serving.wish;
    match (serving.phase, to) {
        // Shut before the next pulse: what was put in meanwhile lies behind the door.
        (Phase::Opening { .. }, Door::Closed) => {
            if serving.door == DoorPast::Opened {
                serving.door = DoorPast::ShutAgain;
            }
        }
        (
            Phase::Opening { .. } | Phase::Open { .. } | Phase::Closed { .. } | Phase::Blind { .. },
            Door::Open,
        ) => enter(draft, Phase::Open { since: at }),
        (Phase::Open { .. } | Phase::Closed { .. } | Phase::Blind { .. }, Door::Closed) => {
            enter(draft, Phase::Closed { since: at });
            if let Some(wish) = wish {
                act(draft, wish, Shut::Sensed);
            }
        }
        (
            Phase::Opening { .. } | Phase::Open { .. } | Phase::Closed { .. } | Phase::Blind { .. },
            Door::Unknown,
        ) => {}
    }
}

/// When step 4 has something to settle next.
pub(crate) fn next_deadline(serving: &Serving, durable: &Durable, session: &Session) -> Option<Mono> {
    Some(match serving.phase {
        Phase::Opening { overdue: Some(overdue), .. } => overdue.after(SILENT_AFTER_MS),
        // A pulse that began at the last moment has to be reported.
        Phase::Opening { report: None, not_after, .. } => not_after.after(APART_MS),
        Phase::Opening { report: Some(report), .. } if report.outcome == PulseOutcome::NotDriven => {
            report.at.after(APART_MS)
        }
        Phase::Opening { report: Some(report), .. } => report.at.after(opens_within_ms(durable)),
        Phase::Open { since } | Phase::Blind { since } => {
            let end = since.max(session.touched).after(OPEN_END_MS);
            if serving.asked { end } else { end.min(since.after(ASK_TO_CLOSE_MS)) }
        }
        Phase::Closed { since } => {
            let wait = if session.warned { CLOSED_END_MS } else { CLOSED_ASK_MS };
            since.max(session.touched).after(wait)
        }
    })
}

/// A time limit of step 4 is over.
pub(crate) fn due(draft: &mut Draft<'_>) {
    let (now, is_asked) = (draft.at().mono, draft.session.warned);
    let Some(serving) = serving_mut(draft) else { return };
    match &mut serving.phase {
        Phase::Opening { overdue: overdue @ None, .. } => *overdue = Some(now),
        Phase::Opening { .. } => fails(draft, ServiceReason::Silent, Decider::Timer),
        // What can be done changes: *The door is shut* is offered (TIME-3).
        Phase::Open { .. } | Phase::Blind { .. } if !serving.asked => {
            serving.asked = true;
            draft.session.turn();
        }
        Phase::Open { .. } | Phase::Blind { .. } => unconfirmed(draft),
        Phase::Closed { .. } if !is_asked => {
            draft.session.warned = true;
            draft.session.turn();
        }
        Phase::Closed { .. } => match agreement(draft) {
            Some(Wish::Confirm) => confirmed(draft, Evidence::BySensor),
            Some(_) | None => unconfirmed(draft),
        },
    }
}
