//! Step 4: a box opens, the person does what they came for, closes it and confirms (DROP-13, DROP-14, STAFF-PICK-8,
//! BOX-2 to BOX-4, BOX-14, TIME-3, ABORT-2).
//!
//! Every pulse is granted here, by a touch, a scan, or a reading that says *still closed*: never by a timer.

use super::ask::{Answer, Refusal};
use super::boxes::{Assignment, BoxState};
use super::durable::Durable;
use super::outputs::ASK_TO_CLOSE_MS;
use super::record::{Death, Ending, Record};
use super::session::{
    DoorPast, DropCase, Phase, Purpose, Serving, Session, Sorry, Stage, Step, Thanks, Wish,
};
use super::{Draft, help, qr, touch};
use crate::cabinet::{Door, Item, PULSE_MS_LIMIT, PulseOutcome, PulseReport, Readings};
use crate::exchange::{Act, CheckReason, Evidence, Finding, Scan, ServiceReason};
use crate::ids::{BoxNo, PulseId, UserId, VisitId};
use crate::screen::{Action, Button, Text};
use crate::secret::Personal;
use crate::time::{DAY, HOUR, MINUTE, Mono, SECOND};
use crate::vault::Subject;

/// Past this a granted pulse is not begun any more, if the lock's rest fits in.
const PULSE_WITHIN_MS: u64 = 8 * SECOND;
/// What a busy power group may take beyond the lock's rest.
const BEYOND_REST_MS: u64 = 2_500;
/// Not open this long after the pulse: look, and pulse again (BOX-4).
const OPENS_WITHIN_MS: u64 = 10 * SECOND;
/// Two pulses of a lock are at least this far apart (BOX-4); also when the board refused the first.
const APART_MS: u64 = 2 * SECOND;
/// No reading for this long after it was due: the board is silent.
const SILENT_AFTER_MS: u64 = 5 * SECOND;
/// Pulses of one opening (BOX-4).
const PULSES_MAX: u8 = 3;
/// Openings at the person's wish, before *Confirm* (BOX-14).
pub(crate) const REOPENED_MAX: u8 = 3;
/// An open door untouched for this long ends the session (TIME-3).
const OPEN_END_MS: u64 = 3 * MINUTE;
/// A closed door without *Confirm*: asked again, and ended (TIME-3).
const CLOSED_ASK_MS: u64 = MINUTE;
const CLOSED_END_MS: u64 = 2 * MINUTE;
/// *Confirm* against the item sensor before it completes as claimed (DROP-14).
const MISSES_MAX: u8 = 2;
/// Boxes of one visit in a day, and unconfirmed openings of the locker in an hour (DROP-19).
const BOXES_A_DAY: usize = 2;
const UNCONFIRMED_AN_HOUR: usize = 3;

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
fn opens_within_ms(durable: &Durable) -> u64 {
    rested_ms(durable).max(OPENS_WITHIN_MS)
}

/// Whether the door counts as shut because a sensor says so, or because the person says so against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shut {
    Sensed,
    Claimed,
}

/// What makes a decision: a pulse needs a reading or a person, never a timer alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decider {
    Reading,
    Person,
    Timer,
}

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

/// Whether this box is being served now.
pub(crate) fn is_serving(session: &Session, box_no: BoxNo) -> bool {
    serving(session).is_some_and(|serving| serving.box_no == box_no)
}

/// Whether this box is being served and its door is awaited.
pub(crate) fn is_opening(session: &Session, box_no: BoxNo) -> bool {
    let is_opening = |serving: &Serving| matches!(serving.phase, Phase::Opening { .. });
    serving(session).is_some_and(|serving| serving.box_no == box_no && is_opening(serving))
}

/// Step 4 of a drop: keeps a free box and opens it, within the limits (DROP-13, DROP-19).
pub(crate) fn begin_drop(draft: &mut Draft<'_>, case: DropCase) -> Result<Answer, Refusal> {
    let visit = case.visit;
    if draft.durable().visits.get(&visit).is_none() {
        // Cancelled while the person stood here: at once, as no box is open yet (START-6, OFFICE-13).
        touch::go(draft, Step::NoMatch);
        return Ok(Answer::Done);
    }
    if let Some(phone) = case.phone.clone() {
        let phone = Personal::new(Subject::Visit(visit), phone);
        draft.record(Record::PhoneAdded { visit, phone });
    }
    if let Some(remark) = case.remark.clone() {
        let remark = Personal::new(Subject::Visit(visit), remark);
        draft.record(Record::RemarkLeft { visit, remark });
    }
    next_box(draft, case);
    Ok(Answer::Done)
}

/// Keeps the next free box for a drop, or says why not.
fn next_box(draft: &mut Draft<'_>, case: DropCase) {
    let visit = case.visit;
    if is_limited(draft, Some(visit)) {
        return finish(draft, Ending::Failed, Step::Sorry { why: Sorry::Limited, until: last_screen(draft) });
    }
    let Some(box_no) = choose(draft) else {
        return finish(draft, Ending::Failed, Step::Sorry { why: Sorry::Full, until: last_screen(draft) });
    };
    let session = draft.session.id().expect("step 4 runs in a session");
    draft.record(Record::BoxReserved { box_no, visit, session });
    open(draft, box_no, Purpose::Drop(case));
}

/// The visit's box that is to be checked opens again, never another (DROP-19).
pub(crate) fn return_to(draft: &mut Draft<'_>, case: DropCase, box_no: BoxNo) -> Result<Answer, Refusal> {
    if is_limited(draft, None) {
        finish(draft, Ending::Failed, Step::Sorry { why: Sorry::Limited, until: last_screen(draft) });
    } else {
        open(draft, box_no, Purpose::Drop(case));
    }
    Ok(Answer::Done)
}

/// Whether too many openings of this locker went unconfirmed within the hour (DROP-19).
pub(crate) fn is_limited_here(durable: &Durable, now: Mono) -> bool {
    Durable::younger(&durable.unconfirmed, HOUR, now) >= UNCONFIRMED_AN_HOUR
}

/// Whether too many openings went unconfirmed; the office is told.
fn is_limited(draft: &mut Draft<'_>, visit: Option<VisitId>) -> bool {
    let (durable, now) = (draft.durable(), draft.at().mono);
    let boxes = visit.map_or(0, |visit| Durable::counted(&durable.reservations, Some(visit), DAY, now));
    let about = if is_limited_here(durable, now) {
        None
    } else if boxes >= BOXES_A_DAY {
        visit
    } else {
        return false;
    };
    draft.record(Record::OpeningsLimited { visit: about });
    true
}

/// The free box that was used longest ago; a low one for who asked for it (BOX-9).
fn choose(draft: &Draft<'_>) -> Option<BoxNo> {
    let wants_low = matches!(&draft.session.stage, Stage::Active(active) if active.low);
    let is_silent = |state: &BoxState| {
        draft.session.latest.as_ref().is_some_and(|latest| latest.of(state.no()).is_none())
    };
    let fits = |state: &&BoxState| state.takes_a_key() && draft.session.door(state.no()) != Door::Open;
    let boxes = draft.durable().boxes.iter().filter(fits);
    let best = boxes
        .min_by_key(|state| (is_silent(state), wants_low && !state.place.low, state.used_at, state.no()));
    best.map(BoxState::no)
}

/// A valid scan opens a box for a member of staff.
pub(crate) fn begin_for_staff(draft: &mut Draft<'_>, scan: &Scan, box_no: BoxNo) -> Answer {
    let by = qr::staff_of(scan);
    let session = draft.session.id().expect("a QR is shown in a session");
    let typed = matches!(scan.proof, crate::exchange::Proof::Typed(_));
    let (act, user, ticket) = (scan.act, scan.user, scan.ticket);
    draft.record(Record::ScanTaken { scan: scan.id, user, ticket, act, opens: box_no, session, typed });
    let purpose = match scan.act {
        Act::PickUp { visit } => Purpose::PickUp { visit, by },
        Act::Check { .. } => Purpose::Check { by },
    };
    draft.session.touched = draft.at().mono;
    open(draft, box_no, purpose);
    Answer::Opens(box_no)
}

fn open(draft: &mut Draft<'_>, box_no: BoxNo, purpose: Purpose) {
    let phase = grant(draft, box_no, 1, purpose.staff().map(|by| by.user));
    let (attempt, reopened, misses, wish) = (1, 0, 0, None);
    let door = DoorPast::Shut;
    let asked = false;
    let serving = Serving { box_no, purpose, phase, attempt, reopened, misses, asked, wish, door };
    touch::go(draft, Step::Serve(serving));
}

/// Grants one pulse.
fn grant(draft: &mut Draft<'_>, box_no: BoxNo, attempt: u8, user: Option<UserId>) -> Phase {
    draft.session.pulses += 1;
    let pulse = PulseId { boot: draft.at().boot, n: draft.session.pulses };
    let session = draft.session.id().expect("an open belongs to a live session");
    let asked = draft.at().mono;
    draft.record(Record::PulseGranted { pulse, box_no, session, attempt, user });
    let not_after = asked.after(pulse_within_ms(draft.durable()));
    Phase::Opening { pulse, not_after, report: None, overdue: None }
}

fn pulse_again(draft: &mut Draft<'_>, attempt: u8) {
    let serving = current(draft);
    let user = serving.purpose.staff().map(|by| by.user);
    let phase = grant(draft, serving.box_no, attempt, user);
    enter(draft, phase);
    if let Some(serving) = serving_mut(draft) {
        serving.attempt = attempt;
    }
    draft.session.turn();
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
        draft.session.fired.insert(box_no, report.at);
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

/// The door of a served box opened or closed.
pub(crate) fn door_changed(draft: &mut Draft<'_>, box_no: BoxNo, to: Door, at: Mono) {
    let Some(serving) = serving_mut(draft) else { return };
    if serving.box_no != box_no {
        return;
    }
    let wish = serving.wish;
    match (serving.phase, to) {
        (Phase::Opening { .. }, Door::Closed) => {}
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

/// Whether the item sensor agrees that the act is done (TIME-3).
fn agreement(draft: &Draft<'_>) -> Option<Wish> {
    let serving = current(draft);
    let agrees = match (&serving.purpose, draft.session.item(serving.box_no)) {
        (Purpose::Drop(_), Item::Present) | (Purpose::PickUp { .. }, Item::Absent) => true,
        (Purpose::Drop(_) | Purpose::PickUp { .. } | Purpose::Check { .. }, _) => false,
    };
    agrees.then_some(Wish::Confirm)
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
    let is_opening = matches!(serving.phase, Phase::Opening { .. });
    if serving.wish == Some(Wish::Leave) && !is_opening && *button != Button::DoorIsShut {
        // Who leaves is only waited for.
        return Err(Refusal::NotOffered);
    }
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
    match (purpose, button) {
        (_, Button::Confirm) => Some(Wish::Confirm),
        (Purpose::Drop(_), Button::SomethingInside) => Some(Wish::Another),
        (Purpose::PickUp { .. }, Button::NotMyKey) => Some(Wish::NotFound),
        (Purpose::Drop(_) | Purpose::PickUp { .. } | Purpose::Check { .. }, _) => None,
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
    if let Stage::Active(active) = &mut draft.session.stage {
        active.notice = Some(Text::new(question).with("box", serving.box_no));
    }
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

/// *It did not open*: the next reading decides, once the lock has rested and the pulse cannot come any more (BOX-4).
fn hurry(draft: &mut Draft<'_>) {
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

/// The door is shut: what the person wanted is done now.
fn act(draft: &mut Draft<'_>, wish: Wish, shut: Shut) {
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
    if let Stage::Active(active) = &mut draft.session.stage {
        let id = if is_drop { "serve-not-seen" } else { "serve-still-seen" };
        active.notice = Some(Text::new(id).with("box", serving.box_no));
    }
    draft.session.turn();
}

/// The act is done: custody passes, codes are spent, the last screen thanks.
fn confirmed(draft: &mut Draft<'_>, evidence: Evidence) {
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
fn settle(draft: &mut Draft<'_>, button: Button) -> Result<Answer, Refusal> {
    let serving = current(draft);
    let box_no = serving.box_no;
    let state = draft.durable().box_state(box_no);
    let visit = state.and_then(BoxState::booked);
    let is_out = state.is_some_and(|state| state.out.is_some());
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
fn left(draft: &mut Draft<'_>, shut: Shut) {
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

/// The person leaves, and the door never opened: nothing has changed.
fn never_opened(draft: &mut Draft<'_>) {
    let serving = current(draft);
    let box_no = serving.box_no;
    if serving.door != DoorPast::Shut {
        // It was open before: something may have been put in or taken.
        return left(draft, Shut::Sensed);
    }
    let kept =
        if is_reserved(draft, box_no) { Record::BoxFreed { box_no } } else { Record::BoxKept { box_no } };
    draft.record(kept);
    touch::end(draft, Ending::Aborted);
}

fn is_reserved(draft: &Draft<'_>, box_no: BoxNo) -> bool {
    let state = draft.durable().box_state(box_no);
    state.is_some_and(|state| matches!(state.assignment, Assignment::Reserved { .. }))
}

/// The box does not open, or nobody can tell: it goes out of service. A drop takes another box, staff are helped
/// (BOX-4). A box whose door was open before is to be checked: the key may lie behind it.
fn fails(draft: &mut Draft<'_>, reason: ServiceReason, decider: Decider) {
    let serving = current(draft);
    let box_no = serving.box_no;
    let is_fresh = is_reserved(draft, box_no);
    // What was read before the pulse says nothing about it.
    let is_read = decider == Decider::Reading && draft.session.door(box_no) == Door::Closed;
    let is_seen_shut = is_read && serving.door == DoorPast::Shut;
    draft.record(Record::BoxOutOfService { box_no, reason });
    if let (Purpose::Drop(case), true) = (&serving.purpose, is_fresh && !may_hold_key(draft, &serving)) {
        draft.record(Record::BoxFreed { box_no });
        if !is_seen_shut {
            let reason = CheckReason::Unknown;
            draft.record(Record::BoxToCheck { box_no, visit: None, reason, user: None });
        }
        if serving.wish == Some(Wish::Leave) {
            return touch::end(draft, Ending::Aborted);
        }
        if decider != Decider::Timer {
            return next_box(draft, case.clone());
        }
    } else if is_seen_shut {
        let kept = if is_fresh { Record::BoxFreed { box_no } } else { Record::BoxKept { box_no } };
        draft.record(kept);
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

/// Nobody pressed *Confirm*: the box is to be checked, the office is told (TIME-3, BOX-11).
fn unconfirmed(draft: &mut Draft<'_>) {
    let serving = current(draft);
    to_check(draft, &serving, CheckReason::Unconfirmed);
    touch::end(draft, Ending::Unconfirmed);
}

fn to_check(draft: &mut Draft<'_>, serving: &Serving, reason: CheckReason) {
    let box_no = serving.box_no;
    let kept_for = draft.durable().box_state(box_no).and_then(|state| match state.assignment {
        Assignment::Free => None,
        Assignment::Reserved { visit, .. } | Assignment::Holding { visit } => Some(visit),
    });
    let user = serving.purpose.staff().map(|by| by.user);
    draft.record(Record::BoxToCheck { box_no, visit: kept_for, reason, user });
}

fn last_screen(draft: &Draft<'_>) -> Mono {
    draft.at().mono.after(touch::LAST_SCREEN_MS)
}

/// Ends the session on a last screen.
fn finish(draft: &mut Draft<'_>, how: Ending, last: Step) {
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

/// Whether the door has stood open long enough to be asked for, at `now`.
pub(crate) fn asks_to_close(serving: &Serving, now: Mono) -> bool {
    match serving.phase {
        Phase::Open { since } | Phase::Blind { since } => now.since(since) >= ASK_TO_CLOSE_MS,
        Phase::Opening { .. } | Phase::Closed { .. } => false,
    }
}
