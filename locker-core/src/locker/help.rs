//! Calls for help (HELP-1 to HELP-3), the locker's side.

use alloc::string::String;

use super::Draft;
use super::record::Record;
use super::session::Session;
use crate::exchange::HelpAnswer;
use crate::ids::HelpId;
use crate::time::{MINUTE, Mono, SECOND};

/// Calls for help: one open request a locker, a repeat adds to it (HELP-3).
pub(crate) fn call(draft: &mut Draft<'_>, step: &str) {
    let open = draft.durable().help.filter(|help| help.answer != Some(HelpAnswer::Coming));
    let help = open.map_or(HelpId(draft.durable().last_help.0 + 1), |open| open.help);
    let session = draft.session.id();
    draft.record(Record::HelpCalled { help, session, step: String::from(step) });
    draft.session.coming = None;
    draft.session.calling = Some(draft.at().mono);
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
    let is_news = draft.durable().help.is_some_and(|open| {
        open.help == help && open.answer != Some(answer) && open.answer != Some(HelpAnswer::Coming)
    });
    if is_news {
        draft.record(Record::HelpAnswered { help, answer });
        if answer == HelpAnswer::Coming {
            draft.session.coming = Some(draft.at().mono);
        }
    }
}
