//! Calls for help (HELP-1 to HELP-3), the locker's side.

use alloc::string::String;

use super::Draft;
use super::record::Record;
use crate::exchange::HelpAnswer;
use crate::ids::HelpId;

/// Calls for help: one open request a locker, a repeat adds to it (HELP-3).
pub(crate) fn call(draft: &mut Draft<'_>, step: &str) {
    let open = draft.durable().help.filter(|help| help.answer != Some(HelpAnswer::Coming));
    let help = open.map_or(HelpId(draft.durable().last_help.0 + 1), |open| open.help);
    let session = draft.session.id();
    draft.record(Record::HelpCalled { help, session, step: String::from(step) });
    draft.session.turn();
}

/// The office says how the call stands.
pub(crate) fn answered(draft: &mut Draft<'_>, help: HelpId, answer: HelpAnswer) {
    let is_news = draft.durable().help.is_some_and(|open| {
        open.help == help && open.answer != Some(answer) && open.answer != Some(HelpAnswer::Coming)
    });
    if is_news {
        draft.record(Record::HelpAnswered { help, answer });
        draft.session.turn();
    }
}
