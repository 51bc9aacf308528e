//! A pulse: when it is granted, what the reading after it says, when it is tried again, and what a box is that does not
//! open (BOX-2 to BOX-4).

use super::finish::{Shut, act, finish, last_screen, left, to_check, unused};
use super::opening::next_box;
use super::{current, enter, is_reserved, serving, serving_mut, set_phase};
use crate::cabinet::{Door, Item, PULSE_MS_LIMIT, PulseOutcome, PulseReport, Readings};
use crate::exchange::{CheckReason, ServiceReason};
use crate::ids::{BoxNo, PulseId, UserId};
use crate::locker::durable::Durable;
use crate::locker::record::{Ending, Record};
use crate::locker::session::{DoorPast, Phase, Serving, Sorry, Step, Way, Wish};
use crate::locker::{Draft, help, touch};
use crate::time::{Mono, SECOND};

/// Past this a granted pulse is not begun any more, if the lock's rest fits in.
const PULSE_WITHIN_MS: u64 = 8 * SECOND;
/// What a busy power group may take beyond the lock's rest.
const BEYOND_REST_MS: u64 = 2_500;
/// Not open this long after the pulse: look, and pulse again (BOX-4).
const OPENS_WITHIN_MS: u64 = 10 * SECOND;
/// Two pulses of a lock are at least this far apart (BOX-4); also when the board refused the first.
pub(super) const APART_MS: u64 = 2 * SECOND;
/// No reading for this long after it was due: the board is silent.
pub(super) const SILENT_AFTER_MS: u64 = 5 * SECOND;
/// Pulses of one opening (BOX-4).
pub(super) const PULSES_MAX: u8 = 3;

/// What makes a decision: a pulse needs a reading or a person, never a timer alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decider {
    Reading,
    Person,
    Timer,
}

/// How long a lock is energised.
pub(crate) fn pulse_ms(durable: &Durable) -> u16 {
    durable.pulse_ms.clamp(100, PULSE_MS_LIMIT)
}

/// From the beginning of a pulse to the end of that lock's rest: ten times its pulse, and never under 2 s (BOX-4).
fn rested_ms(durable: &Durable) -> u64 {
    (11 * u64::from(pulse_ms(durable))).max(APART_MS)
}

/// Within which time after its grant a pulse has to begin.
fn pulse_within_ms(durable: &Durable) -> u64 {
    (rested_ms(durable) + BEYOND_REST_MS).max(PULSE_WITHIN_MS)
}

/// How long after a pulse the door has to be open: a lock that rests longer is not asked for earlier.
pub(super) fn opens_within_ms(durable: &Durable) -> u64 {
    rested_ms(durable).max(OPENS_WITHIN_MS)
}

/// Grants one pulse.
pub(super) fn grant(draft: &mut Draft<'_>, box_no: BoxNo, attempt: u8, user: Option<UserId>) -> Phase {
    draft.session.pulses += 1;
    let pulse = PulseId { boot: draft.at().boot, n: draft.session.pulses };
    let session = draft.session.id().expect("an open belongs to a live session");
    let asked = draft.at().mono;
    draft.record(Record::PulseGranted { pulse, box_no, session, attempt, user });
    let not_after = asked.after(pulse_within_ms(draft.durable()));
    Phase::Opening { pulse, not_after, report: None, overdue: None }
}

pub(super) fn pulse_again(draft: &mut Draft<'_>, attempt: u8) {
    let serving = current(draft);
    let user = serving.purpose.staff();
    let phase = grant(draft, serving.box_no, attempt, user);
    enter(draft, phase);
    if let Some(serving) = serving_mut(draft) {
        serving.attempt = attempt;
    }
    draft.session.turn();
}

/// The cabinet says what became of a pulse. An accepted pulse is not an open door (BOX-2).
pub(crate) fn reported(draft: &mut Draft<'_>, report: PulseReport) {
    let Some(serving) = serving_mut(draft) else { return };
    let box_no = serving.box_no;
    let Phase::Opening { pulse, report: seen @ None, overdue, .. } = &mut serving.phase else {
        return;
    };
    if *pulse != report.id {
        return;
    }
    let pulse = *pulse;
    *seen = Some(report);
    // The clock runs from the pulse: one that came late is given its full time, and its lock its rest.
    *overdue = None;
    if report.outcome != PulseOutcome::NotDriven {
        draft.session.doors_mut().fired.insert(box_no, report.at);
    }
    draft.record(Record::PulseReported { pulse, box_no, outcome: report.outcome });
}

/// New levels: the door may stand open already, or be still closed when it was due.
pub(crate) fn read(draft: &mut Draft<'_>, readings: &Readings) {
    let Some(serving) = serving_mut(draft) else { return };
    let (box_no, attempt) = (serving.box_no, serving.attempt);
    let is_leaving = serving.wish == Some(Wish::Leave);
    let Phase::Opening { report, overdue, .. } = serving.phase else {
        return;
    };
    let level = readings.of(box_no);
    let is_unsteady = draft.durable().box_state(box_no).is_some_and(|state| state.unsteady);
    let door = if is_unsteady { Door::Unknown } else { level.map_or(Door::Unknown, |level| level.door) };
    let driven = report.filter(|report| report.outcome != PulseOutcome::NotDriven);
    if let Some(report) = driven {
        if door == Door::Open && readings.taken >= report.at {
            return set_phase(draft, Phase::Open { since: readings.taken });
        }
        if door == Door::Unknown && level.is_some() {
            return blind(draft, report.at);
        }
    }
    if overdue.is_none_or(|overdue| readings.taken < overdue) {
        return;
    }
    match door {
        Door::Open => set_phase(draft, Phase::Open { since: readings.taken }),
        Door::Closed if is_leaving => never_opened(draft),
        Door::Closed if attempt < PULSES_MAX => pulse_again(draft, attempt + 1),
        Door::Closed => fails(draft, ServiceReason::Jammed, Decider::Reading),
        Door::Unknown => match driven {
            // The board took the pulse and fell silent: the person may have used the box meanwhile.
            Some(report) if report.outcome == PulseOutcome::Accepted => blind(draft, report.at),
            Some(_) | None => fails(draft, ServiceReason::Silent, Decider::Reading),
        },
    }
}

/// Nobody can see whether the door opened: clocks run from the pulse (BOX-2, TIME-3).
fn blind(draft: &mut Draft<'_>, since: Mono) {
    set_phase(draft, Phase::Blind { since });
    if let Some(wish @ Wish::Leave) = serving(&draft.session).and_then(|serving| serving.wish) {
        act(draft, wish, Shut::Sensed);
    }
}

/// *It did not open*: the next reading decides, once the lock has rested and the pulse cannot come any more (BOX-4).
pub(super) fn hurry(draft: &mut Draft<'_>) {
    let now = draft.at().mono;
    let rested = rested_ms(draft.durable());
    let Some(serving) = serving_mut(draft) else { return };
    if let Phase::Opening { report, not_after, overdue: overdue @ None, .. } = &mut serving.phase {
        let from = report.map_or(not_after.after(1), |report| match report.outcome {
            PulseOutcome::NotDriven => report.at.after(APART_MS),
            PulseOutcome::Accepted | PulseOutcome::Unanswered => report.at.after(rested),
        });
        *overdue = Some(from.max(now));
    }
}

/// The person leaves, and the door never opened: nothing has changed.
fn never_opened(draft: &mut Draft<'_>) {
    let serving = current(draft);
    if serving.door != DoorPast::Shut {
        // It was open before: something may have been put in or taken.
        return left(draft, Shut::Sensed);
    }
    unused(draft, &serving);
    touch::end(draft, Ending::Aborted);
}

/// The box does not open, or nobody can tell: it goes out of service. A drop takes another box, staff are helped
/// (BOX-4). A box whose door was open before is to be checked: the key may lie behind it.
pub(super) fn fails(draft: &mut Draft<'_>, reason: ServiceReason, decider: Decider) {
    let serving = current(draft);
    let box_no = serving.box_no;
    let is_fresh = is_reserved(draft, box_no);
    // What was read before the pulse says nothing about it.
    let is_read = decider == Decider::Reading && draft.session.door(box_no) == Door::Closed;
    let is_seen_shut = is_read && serving.door == DoorPast::Shut;
    draft.record(Record::BoxOutOfService { box_no, reason });
    // Where only time has passed, the door may have opened unheard and the key may be in: it is not forgotten (BOX-11).
    let is_heard = decider != Decider::Timer;
    let is_empty = is_fresh && is_heard && !may_hold_key(draft, &serving);
    if serving.purpose.way() == Way::In && is_empty {
        draft.record(Record::BoxFreed { box_no });
        if !is_seen_shut {
            let reason = CheckReason::Unknown;
            draft.record(Record::BoxToCheck { box_no, visit: None, reason, user: None });
        }
        if serving.wish == Some(Wish::Leave) {
            return touch::end(draft, Ending::Aborted);
        }
        return next_box(draft, serving.purpose);
    } else if is_seen_shut {
        unused(draft, &serving);
    } else {
        to_check(draft, &serving, CheckReason::Unknown);
    }
    help::call(draft, "serve.jammed");
    let until = last_screen(draft);
    finish(draft, Ending::Failed, Step::Sorry { why: Sorry::Jammed, until });
}

/// Whether a key that a person came to drop may lie behind the door that does not open.
fn may_hold_key(draft: &Draft<'_>, serving: &Serving) -> bool {
    let is_seen = draft.session.item(serving.box_no) == Item::Present;
    match serving.door {
        DoorPast::Shut => false,
        DoorPast::Opened => is_seen,
        DoorPast::ShutAgain => true,
    }
}
