//! Every time limit: when it is next due, and what it settles (TIME, BOX-5, CODE).

use super::Draft;
use super::durable::{Durable, Message};
use super::messages;
use super::record::{Death, Ending, Flow, Record};
use super::session::{Session, Stage, Step};
use super::{doors, drop, help, link, maintenance, pick, qr, serve, touch};
use crate::exchange::MessageState;
use crate::ids::MessageId;
use crate::time::{MINUTE, Mono, SECOND};

/// A welcome screen untouched for this long goes back to the start screen (START-6), warned of like step 1 (UX-1).
/// A start screen on which a language was chosen or help was opened is itself again after as long (UX-13).
const WELCOME_MS: u64 = MINUTE;
/// Step 1: the warning, and the end (TIME-1).
const STEP_1_WARN_MS: u64 = 40 * SECOND;
const STEP_1_END_MS: u64 = 60 * SECOND;
/// Steps 2 and 3: the warning at least 20 s before the end (UX-1), and the end (TIME-2).
const STEP_2_WARN_MS: u64 = 100 * SECOND;
const STEP_2_END_MS: u64 = 120 * SECOND;

/// A time limit on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// When it began to run.
    pub(crate) from: Mono,
    /// After how long a warning is shown.
    pub(crate) warn_ms: u64,
    /// After how long it ends.
    pub(crate) end_ms: u64,
}

/// The idle limit of the step the person is at, if it has one.
pub(crate) fn idle_limit(session: &Session) -> Option<Limit> {
    let from = session.touched;
    let step_1 = Limit { from, warn_ms: STEP_1_WARN_MS, end_ms: STEP_1_END_MS };
    let step_2 = Limit { from, warn_ms: STEP_2_WARN_MS, end_ms: STEP_2_END_MS };
    match &session.stage {
        Stage::Start => {
            let is_changed = session.locale.is_some() || session.overlay.is_some();
            is_changed.then_some(Limit { from, warn_ms: WELCOME_MS, end_ms: WELCOME_MS })
        }
        Stage::Welcome { .. } => Some(Limit { from, warn_ms: STEP_1_WARN_MS, end_ms: WELCOME_MS }),
        Stage::Active(active) => match &active.step {
            Step::Method
            | Step::Pin(_)
            | Step::Lookup(_)
            | Step::Vehicle { .. }
            | Step::Contact { .. }
            | Step::Sent
            | Step::NoMatch
            | Step::Reason(_)
            | Step::AnyBox(_) => Some(step_1),
            Step::Qr(shown) => shown.closed.then_some(step_1),
            Step::Driver(_) | Step::Phone { .. } | Step::Appointments(_) | Step::Remark { .. } => {
                Some(step_2)
            }
            Step::Searching { .. }
            | Step::Sending { .. }
            | Step::Serve(_)
            | Step::Settle(_)
            | Step::Thanks { .. }
            | Step::Sorry { .. } => None,
        },
    }
}

/// When the step the person is at has something to settle next.
fn next_of_stage(durable: &Durable, session: &Session) -> Option<Mono> {
    if let Some(limit) = idle_limit(session) {
        let after = if session.warned { limit.end_ms } else { limit.warn_ms.min(limit.end_ms) };
        return Some(limit.from.after(after));
    }
    let Stage::Active(active) = &session.stage else {
        return None;
    };
    match &active.step {
        Step::Searching { ready, .. } => Some(*ready),
        Step::Qr(shown) => Some(shown.made.after(qr::LIFE_MS)),
        Step::Serve(serving) => serve::next_deadline(serving, durable, session),
        Step::Settle(_) => Some(session.touched.after(serve::settle_wait_ms(session))),
        Step::Thanks { until, .. } | Step::Sorry { until, .. } => {
            Some((*until).max(session.touched.after(touch::LAST_SCREEN_MS)))
        }
        Step::Method
        | Step::Pin(_)
        | Step::Lookup(_)
        | Step::Vehicle { .. }
        | Step::Contact { .. }
        | Step::Sending { .. }
        | Step::Sent
        | Step::NoMatch
        | Step::Reason(_)
        | Step::AnyBox(_)
        | Step::Driver(_)
        | Step::Phone { .. }
        | Step::Appointments(_)
        | Step::Remark { .. } => None,
    }
}

fn message_due(session: &Session, id: MessageId, message: &Message) -> Option<(Mono, MessageId)> {
    let within_ms = messages::accepted_within_ms(message.template);
    let is_queued = message.state == MessageState::Queued;
    let due = link::fails_at(session, message.age.reaches(within_ms), within_ms).filter(|_| is_queued)?;
    Some((due, id))
}

/// The first message to fail.
fn next_message(durable: &Durable, session: &Session) -> Option<(Mono, MessageId)> {
    durable.messages.iter().filter_map(|(id, message)| message_due(session, *id, message)).min()
}

/// The earlier of two deadlines. Written out: an iterator over them costs three times as much in every input.
fn first(one: Option<Mono>, other: Option<Mono>) -> Option<Mono> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, None) => one,
        (None, other) => other,
    }
}

/// The earliest deadline of all.
pub(crate) fn next(durable: &Durable, session: &Session) -> Option<Mono> {
    let message = next_message(durable, session).map(|(due, _)| due);
    let next = first(next_of_stage(durable, session), message);
    let next = first(next, durable.codes.next_deadline());
    let next = first(next, doors::next_deadline(durable, session));
    let next = first(next, pick::next_deadline(durable));
    let next = first(next, help::next_deadline(session));
    first(next, maintenance::next_deadline(durable))
}

/// Settles one thing that is due at the draft's moment.
pub(crate) fn settle(draft: &mut Draft<'_>) {
    let now = draft.at().mono;
    for code in draft.durable().codes.over(now) {
        draft.record(Record::CodeDied { code, why: Death::Expired });
    }
    if draft.durable().codes.lock_is_over(now) {
        draft.record(Record::CodesUnlocked {});
        draft.session.turn();
    }
    let message = next_message(draft.durable(), &draft.session);
    if let Some((_, message)) = message.filter(|(due, _)| *due <= now) {
        messages::close(draft, message, MessageState::Failed);
    }
    doors::settle(draft);
    pick::settle(draft);
    help::settle(draft);
    maintenance::settle(draft);
    if next_of_stage(draft.durable(), &draft.session).is_some_and(|due| due <= now) {
        settle_stage(draft);
    }
}

fn settle_stage(draft: &mut Draft<'_>) {
    let now = draft.at().mono;
    if let Some(limit) = idle_limit(&draft.session) {
        if !draft.session.warned && limit.warn_ms < limit.end_ms {
            draft.session.warned = true;
            draft.session.turn();
            return;
        }
        return end_idle(draft);
    }
    let Stage::Active(active) = &draft.session.stage else {
        return;
    };
    match &active.step {
        Step::Searching { .. } => drop::searched(draft),
        Step::Qr(_) => qr::close(draft),
        Step::Serve(_) => serve::due(draft),
        Step::Settle(_) => serve::settle_due(draft),
        Step::Thanks { .. } => touch::to_start(draft),
        Step::Sorry { .. } => touch::to_start(draft),
        Step::Method
        | Step::Pin(_)
        | Step::Lookup(_)
        | Step::Vehicle { .. }
        | Step::Contact { .. }
        | Step::Sending { .. }
        | Step::Sent
        | Step::NoMatch
        | Step::Reason(_)
        | Step::AnyBox(_)
        | Step::Driver(_)
        | Step::Phone { .. }
        | Step::Appointments(_)
        | Step::Remark { .. } => draft.session.touched = now,
    }
}

/// Nobody touched the screen: step 1 of a drop goes back to its welcome, everything else to the start (TIME-1, TIME-2).
fn end_idle(draft: &mut Draft<'_>) {
    let Stage::Active(active) = &draft.session.stage else {
        return touch::to_start(draft);
    };
    let flow = active.flow;
    let is_step_1 = idle_limit(&draft.session).is_some_and(|limit| limit.end_ms == STEP_1_END_MS);
    touch::end(draft, Ending::Idle);
    if is_step_1 && flow == Flow::Drop {
        draft.session.stage = Stage::Welcome { flow, low: false };
        draft.session.touched = draft.at().mono;
    }
}
