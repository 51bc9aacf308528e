//! Calls for help (HELP-1 to HELP-3), the locker's side.

use alloc::string::String;
use alloc::sync::Arc;

use super::Draft;
use super::ask::Store;
use super::durable::Durable;
use super::record::Record;
use super::session::{Called, Session, Unrecorded};
use crate::exchange::{HelpAnswer, UnrecordedCall};
use crate::ids::HelpId;
use crate::time::{MINUTE, Mono, SECOND};

/// Calls for help: one open request a locker, a repeat adds to it (HELP-3).
///
/// While nothing can be recorded the call is the session's alone, and the host carries it to the office as it is read
/// off the machine (SAFE-8).
pub(crate) fn call(draft: &mut Draft<'_>, step: &str) {
    let (help, session, step) = (open_or_next(draft), draft.session.id(), String::from(step));
    if draft.session.store == Store::Down {
        let earlier = draft.session.unrecorded.as_ref().filter(|open| open.help == help);
        let earlier = earlier.and_then(|open| open.call.as_ref());
        let at = earlier.map_or(draft.at(), |call| call.at);
        let calls = earlier.map_or(0, |call| call.calls).saturating_add(1);
        let call = Some(Called { session, step, at, calls });
        draft.session.unrecorded = Some(Arc::new(Unrecorded { help, call, answer: None }));
    } else {
        draft.session.unrecorded = None;
        draft.record(Record::HelpCalled { help, session, step });
    }
    draft.session.coming = None;
    draft.session.calling = Some(draft.at().mono);
}

/// The number of the call that is open, or of the next one. A call that was never recorded keeps its number for
/// itself, so that an answer to it answers no other.
fn open_or_next(draft: &Draft<'_>) -> HelpId {
    let durable = draft.durable();
    let unrecorded = draft.session.unrecorded.as_deref();
    let (standing, answer) = match (unrecorded, durable.help) {
        (Some(open), _) => (Some(open.help), open.answer),
        (None, Some(open)) => (Some(open.help), open.answer),
        (None, None) => (None, None),
    };
    let last = standing.unwrap_or_default().max(durable.last_help);
    match standing {
        Some(open) if answer != Some(HelpAnswer::Coming) => open,
        Some(_) | None => HelpId(last.0 + 1),
    }
}

/// How the last call stands: `None` without one, `Some(None)` while it has no answer.
pub(crate) fn standing(durable: &Durable, session: &Session) -> Option<Option<HelpAnswer>> {
    let unrecorded = session.unrecorded.as_ref().map(|open| open.answer);
    unrecorded.or_else(|| durable.help.map(|open| open.answer))
}

/// The call that stands without a record, until somebody comes or it is recorded.
pub(crate) fn unrecorded(durable: &Durable, session: &Session) -> Option<UnrecordedCall> {
    let open = session.unrecorded.as_ref().filter(|open| open.answer != Some(HelpAnswer::Coming))?;
    let Called { step, at, calls, .. } = open.call.clone()?;
    Some(UnrecordedCall { locker: durable.locker, help: open.help, step, at, calls })
}

/// Records can be kept again: a call that is still open is recorded, and so is the answer to a recorded one. A call
/// that was made and answered in between stays without a record: nobody is called twice.
pub(crate) fn store_changed(draft: &mut Draft<'_>) {
    let Some(open) = draft.session.unrecorded.clone().filter(|_| draft.session.store != Store::Down) else {
        return;
    };
    let is_recorded = draft.durable().help.is_some_and(|recorded| recorded.help == open.help);
    match (&open.call, open.answer) {
        (Some(call), None | Some(HelpAnswer::Notified | HelpAnswer::Nobody)) => {
            let (session, step) = (call.session, call.step.clone());
            draft.record(Record::HelpCalled { help: open.help, session, step });
        }
        (_, Some(answer)) if is_recorded => draft.record(Record::HelpAnswered { help: open.help, answer }),
        (Some(_) | None, Some(_)) | (None, None) => return,
    }
    draft.session.unrecorded = None;
}

/// For how long the screen says that somebody is coming, whoever stands there then (HELP-2).
const COMING_MS: u64 = 3 * MINUTE;
/// A call that the office has not taken after this long reached nobody (HELP-1).
const TAKEN_WITHIN_MS: u64 = 10 * SECOND;

/// Whether the screen says that somebody is coming.
pub(crate) fn says_coming(session: &Session, now: Mono) -> bool {
    session.coming.is_some_and(|since| now.since(since) < COMING_MS)
}

/// When what the screen says of a call changes by itself.
pub(crate) fn next_deadline(session: &Session) -> Option<Mono> {
    let coming = session.coming.map(|since| since.after(COMING_MS));
    let calling = session.calling.map(|since| since.after(TAKEN_WITHIN_MS));
    coming.into_iter().chain(calling).min()
}

/// Stops saying that somebody is coming, or that somebody is being called.
pub(crate) fn settle(draft: &mut Draft<'_>) {
    let now = draft.at().mono;
    let session = &mut draft.session;
    session.coming = session.coming.filter(|since| now.since(*since) < COMING_MS);
    session.calling = session.calling.filter(|since| now.since(*since) < TAKEN_WITHIN_MS);
}

/// The office says how the call stands.
pub(crate) fn answered(draft: &mut Draft<'_>, help: HelpId, answer: HelpAnswer) {
    let is_news = |known: Option<HelpAnswer>| known != Some(answer) && known != Some(HelpAnswer::Coming);
    let recorded = draft.durable().help.filter(|open| open.help == help);
    let unrecorded = draft.session.unrecorded.clone().filter(|open| open.help == help);
    match (unrecorded, recorded) {
        (Some(open), _) if is_news(open.answer) => {
            draft.session.unrecorded = Some(Arc::new(Unrecorded { answer: Some(answer), ..(*open).clone() }));
        }
        (None, Some(open)) if is_news(open.answer) => {
            if draft.session.store == Store::Down {
                let open = Unrecorded { help, call: None, answer: Some(answer) };
                draft.session.unrecorded = Some(Arc::new(open));
            } else {
                draft.record(Record::HelpAnswered { help, answer });
            }
        }
        (Some(_), _) | (None, _) => return,
    }
    if answer == HelpAnswer::Coming {
        draft.session.coming = Some(draft.at().mono);
    }
}
