//! Calls for help (HELP-2, HELP-3).

use super::Office;
use super::ask::{Answer, Caller};
use super::check;
use super::record::Record;
use super::refuse::{Denial, Refusal};
use super::state::HelpState;
use super::user::Right;
use crate::codes_table::Coded;
use crate::exchange::HelpAnswer;
use crate::ids::{HelpId, LockerId};
use crate::machine::Draft;

/// Somebody is coming: the call closes for everyone, and the kiosk may say so.
pub(super) fn handle(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    locker: LockerId,
    help: HelpId,
) -> Result<Answer, Refusal> {
    if let Some(denied) = refuse_or_deny(draft, caller, locker, help)? {
        return Ok(denied);
    }
    draft.record(Record::HelpHandled { locker, help, user: caller.user });
    Ok(Answer::Help { locker, help, answer: HelpAnswer::Coming })
}

/// The call closes for this user alone, until it is told again.
pub(super) fn disregard(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    locker: LockerId,
    help: HelpId,
) -> Result<Answer, Refusal> {
    if let Some(denied) = refuse_or_deny(draft, caller, locker, help)? {
        return Ok(denied);
    }
    let Some(HelpState::Open { disregarded_by, .. }) =
        draft.durable().help.get(&locker).map(|row| &row.state)
    else {
        return Err(Refusal::HelpClosed);
    };
    if disregarded_by.contains(&caller.user) {
        return Err(Refusal::HelpClosed);
    }
    draft.record(Record::HelpDisregarded { locker, help, user: caller.user });
    Ok(Answer::Done)
}

/// A user without the right is denied; a call that is closed is refused.
fn refuse_or_deny(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    locker: LockerId,
    help: HelpId,
) -> Result<Option<Answer>, Refusal> {
    let (user, _) = check(draft.durable(), caller)?;
    if !user.may(Right::AnswerHelp) {
        let denial = Denial::NoRight { right: Right::AnswerHelp };
        draft.record(Record::Denied {
            denial: denial.code(),
            tablet: caller.tablet,
            user: caller.user,
            locker: Some(locker),
            act: None,
        });
        return Ok(Some(Answer::Denied(denial)));
    }
    let row = draft.durable().help.get(&locker);
    let is_open = row.is_some_and(|row| row.id == help && matches!(row.state, HelpState::Open { .. }));
    if is_open { Ok(None) } else { Err(Refusal::HelpClosed) }
}
