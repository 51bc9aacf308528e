//! Calls for help (HELP-2, HELP-3).

use super::Office;
use super::ask::{Answer, Caller};
use super::check;
use super::record::Record;
use super::refuse::{Denial, Refusal};
use super::state::{Durable, HelpRow, HelpState, Session, UnrecordedHelp};
use super::user::Right;
use crate::codes_table::Coded;
use crate::exchange::{HelpAnswer, UnrecordedCall};
use crate::ids::{HelpId, LockerId};
use crate::locker::Store;
use crate::machine::Draft;
use crate::time::{At, Mono};

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
    let by = caller.user;
    let is_recorded =
        draft.durable().help.get(&locker).is_some_and(|row| row.id == help && row.state.is_open());
    if is_recorded && draft.session.store != Store::Down {
        draft.record(Record::HelpHandled { locker, help, user: by });
    }
    let at = draft.at().wall;
    if let Some(row) = beyond(draft, locker, help) {
        row.state = HelpState::Handled { by, at };
    }
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
    let Some(HelpState::Open { disregarded_by, .. }) = standing(draft, locker, help).map(|row| &row.state)
    else {
        return Err(Refusal::HelpClosed);
    };
    if disregarded_by.contains(&caller.user) {
        return Err(Refusal::HelpClosed);
    }
    match beyond(draft, locker, help).map(|row| &mut row.state) {
        Some(HelpState::Open { disregarded_by, .. }) => {
            disregarded_by.insert(caller.user);
        }
        Some(HelpState::Handled { .. }) | None => {
            draft.record(Record::HelpDisregarded { locker, help, user: caller.user });
        }
    }
    Ok(Answer::Done)
}

/// A call as it stands: what is known beyond the record counts (SAFE-8).
fn standing<'a>(draft: &'a Draft<'_, Office>, locker: LockerId, help: HelpId) -> Option<&'a HelpRow> {
    let beyond = draft.session.unrecorded.get(&locker).map(|known| &known.row).filter(|row| row.id == help);
    beyond.or_else(|| draft.durable().help.get(&locker).filter(|row| row.id == help))
}

/// The call where it may be changed without a record: one that has none, and, while nothing can be recorded, any.
fn beyond<'a>(draft: &'a mut Draft<'_, Office>, locker: LockerId, help: HelpId) -> Option<&'a mut HelpRow> {
    let recorded = draft.durable().help.get(&locker).filter(|row| row.id == help).cloned();
    let is_known = draft.session.unrecorded.get(&locker).is_some_and(|known| known.row.id == help);
    if let Some(row) = recorded.filter(|_| !is_known && draft.session.store == Store::Down) {
        draft.session.unrecorded.insert(locker, UnrecordedHelp { row, call: None });
    }
    draft.session.unrecorded.get_mut(&locker).map(|known| &mut known.row).filter(|row| row.id == help)
}

/// Whether a known locker calls for help without a record as it has not yet.
pub(super) fn is_news(durable: &Durable, session: &Session, call: &UnrecordedCall) -> bool {
    let known = session.unrecorded.get(&call.locker).and_then(|known| known.call.as_ref());
    durable.lockers.contains_key(&call.locker) && known != Some(call)
}

/// A locker that can record nothing says that somebody calls for help (SAFE-8).
pub(super) fn take_unrecorded(draft: &mut Draft<'_, Office>, call: UnrecordedCall) {
    if !is_news(draft.durable(), &draft.session, &call) {
        return;
    }
    let (locker, at) = (call.locker, draft.at());
    let known = draft.session.unrecorded.get(&locker).filter(|known| known.row.id == call.help);
    let earlier = known.and_then(|known| known.call.as_ref());
    let counted = earlier.filter(|earlier| earlier.at == call.at).map_or(0, |earlier| earlier.calls);
    let more = call.calls.saturating_sub(counted);
    let row = match standing(draft, locker, call.help).cloned() {
        Some(mut row) => {
            row.repeats = row.repeats.saturating_add(more);
            row.step.clone_from(&call.step);
            if !row.state.is_open() {
                row.state = HelpState::open(at);
            }
            row
        }
        None => HelpRow {
            id: call.help,
            step: call.step.clone(),
            at: call.at.wall,
            repeats: more.saturating_sub(1),
            state: HelpState::open(at),
        },
    };
    draft.session.unrecorded.insert(locker, UnrecordedHelp { row, call: Some(call) });
}

/// A call is recorded: what was known beyond the record is over. Who handles a call that the locker recorded later
/// handles it still, so that nobody is called twice.
pub(super) fn recorded(draft: &mut Draft<'_, Office>, locker: LockerId, help: HelpId, at: At) {
    let Some(known) = draft.session.unrecorded.remove(&locker).filter(|known| known.row.id == help) else {
        return;
    };
    let is_same = known.call.is_some_and(|call| call.at.boot == at.boot);
    if let (HelpState::Handled { by, .. }, true) = (known.row.state, is_same) {
        draft.record(Record::HelpHandled { locker, help, user: by });
    }
}

/// The office's own journal went down or came up again: who handled a recorded call in between is then recorded.
pub(super) fn store_changed(draft: &mut Draft<'_, Office>, store: Store) {
    draft.session.store = store;
    if store == Store::Down {
        return;
    }
    for (locker, known) in draft.session.unrecorded.clone() {
        let help = known.row.id;
        let is_open =
            draft.durable().help.get(&locker).is_some_and(|row| row.id == help && row.state.is_open());
        if let (HelpState::Handled { by, .. }, true) = (&known.row.state, is_open) {
            draft.record(Record::HelpHandled { locker, help, user: *by });
        }
        if known.call.is_none() {
            draft.session.unrecorded.remove(&locker);
        }
    }
}

/// When a call that is not recorded is told again.
pub(super) fn next_deadline(session: &Session) -> Option<Mono> {
    session.unrecorded.values().filter_map(|known| known.row.told_again_at()).min()
}

/// Tells a call that is not recorded again, to those too who disregarded it (HELP-3). Not by mail: a mail is a record.
pub(super) fn settle(draft: &mut Draft<'_, Office>) {
    let now = draft.at().mono;
    for known in draft.session.unrecorded.values_mut() {
        if known.row.told_again_at().is_some_and(|due| due <= now)
            && let HelpState::Open { told_again, disregarded_by, .. } = &mut known.row.state
        {
            *told_again = true;
            disregarded_by.clear();
        }
    }
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
    let is_open = standing(draft, locker, help).is_some_and(|row| row.state.is_open());
    if is_open { Ok(None) } else { Err(Refusal::HelpClosed) }
}
