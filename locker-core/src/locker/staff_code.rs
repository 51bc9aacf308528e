//! Staff at *PIN code* of *Pick up*: a temporary PIN or the code of an authenticator, the reason, the box (CODE-8, CODE-9).
//!
//! Eight digits typed there are a staff code and nothing else, as pick-up PINs have six. They have a count of their own,
//! so that neither the count nor the lock of CODE-4 concerns them.

use super::ask::{Answer, Denial, Refusal};
use super::codes::{self, Found};
use super::record::{Death, Ending, Flow, Record};
use super::session::{CodeCase, PinEntry, Stage, Step};
use super::totp::Shown;
use super::{Draft, drop, serve, temporary, touch};
use crate::exchange::{OpenReason, StaffCode};
use crate::ids::{CodeId, UserId};
use crate::screen::{Action, Button, Text};

/// Whether these digits are a staff code.
pub(crate) fn is_one(flow: Flow, digits: &[u8]) -> bool {
    flow == Flow::PickUp && digits.len() == temporary::DIGITS as usize
}

/// *OK* on the pad with a staff code.
pub(crate) fn submit(draft: &mut Draft<'_>, entry: &PinEntry) -> Result<Answer, Refusal> {
    let now = draft.at().mono;
    if draft.durable().authenticators.waits_for(now).is_some() {
        return wait(draft);
    }
    let digits = entry.digits.reveal().typed();
    let hash = codes::code_hash(draft.key(), digits);
    let codes = &draft.durable().codes;
    if let Some(code) = codes.find_temporary(&hash) {
        return accept_temporary(draft, code);
    }
    let dead = match codes.find(Flow::PickUp, &hash) {
        Found::Dead(death) => Some(death),
        Found::Live(_) | Found::Nothing => None,
    };
    // The pad takes digits only.
    let digits = core::str::from_utf8(digits).unwrap_or_default();
    let shown = draft.durable().authenticators.find(digits, draft.now().wall);
    let (denial, notice) = match (shown, dead) {
        (Shown::Live { user, step }, _) => {
            let session = draft.session.id().expect("a code is typed in a session");
            draft.record(Record::TotpAccepted { user, step, session });
            let case = CodeCase { user, how: StaffCode::Authenticator, reason: None, chosen: None };
            return go(draft, Step::Reason(case));
        }
        (Shown::Dead, _) | (Shown::Nothing, Some(Death::Used | Death::Replaced)) => {
            (Denial::CodeUsed, "pick-pin-used")
        }
        (Shown::Nothing, Some(Death::Expired | Death::Cancelled)) => {
            (Denial::CodeExpired, "pick-pin-expired")
        }
        (Shown::Nothing, None) => {
            let session = draft.session.id().expect("a code is typed in a session");
            draft.record(Record::StaffCodeFailed { session });
            if let Some(for_ms) = draft.durable().authenticators.waits_for(now) {
                // Such a code opens any box: the office is told at each pause, as with customers' codes.
                draft.record(Record::StaffCodesLocked { for_ms });
                return wait(draft);
            }
            (Denial::WrongCode, "drop-pin-wrong")
        }
    };
    drop::deny(draft, PinEntry::new(), denial, notice)
}

/// Too many staff codes were wrong: none is looked for, right or wrong.
fn wait(draft: &mut Draft<'_>) -> Result<Answer, Refusal> {
    let left = draft.durable().authenticators.waits_for(draft.at().mono).unwrap_or_default();
    touch::go(draft, Step::Pin(PinEntry::new()));
    let minutes = left.div_ceil(60_000);
    touch::notice(draft, Text::new("pick-staff-code-wait").with("minutes", minutes));
    Ok(Answer::Denied(Denial::CodesLocked))
}

fn accept_temporary(draft: &mut Draft<'_>, code: CodeId) -> Result<Answer, Refusal> {
    let found = draft.durable().codes.temporary.get(&code).expect("found a moment ago");
    let (user, box_no) = (found.user, found.box_no);
    // A PIN for one box never becomes one for any: the cabinet was set up anew without that box.
    if box_no.is_some_and(|box_no| draft.durable().box_state(box_no).is_none()) {
        draft.record(Record::CodeDied { code, why: Death::Cancelled });
        return drop::deny(draft, PinEntry::new(), Denial::CodeExpired, "pick-pin-expired");
    }
    let session = draft.session.id().expect("a code is typed in a session");
    draft.record(Record::CodeAccepted { code, session });
    let case = CodeCase { user, how: StaffCode::Temporary, reason: None, chosen: None };
    match box_no {
        Some(box_no) => {
            serve::begin_by_code(draft, &case, box_no);
            Ok(Answer::Done)
        }
        None => go(draft, Step::AnyBox(case)),
    }
}

/// A touch while the reason or the box is chosen.
pub(crate) fn touched(draft: &mut Draft<'_>, action: &Action) -> Result<Answer, Refusal> {
    let boxes = draft.durable().boxes.len();
    let Stage::Active(active) = &mut draft.session.stage else {
        return Err(Refusal::NotOffered);
    };
    let is_reason = matches!(active.step, Step::Reason(_));
    let count = if is_reason { OpenReason::ALL.len() } else { boxes };
    let (Step::Reason(case) | Step::AnyBox(case)) = &mut active.step else {
        return Err(Refusal::NotOffered);
    };
    match action {
        Action::Choose { item } if usize::from(*item) < count => {
            case.chosen = Some(*item);
            active.notice = None;
            Ok(Answer::Done)
        }
        Action::Press { button: Button::Back } => {
            let case = CodeCase { chosen: None, ..case.clone() };
            go(draft, Step::Reason(case))
        }
        Action::Press { button: Button::Ok } => {
            let Some(chosen) = case.chosen.map(usize::from) else {
                let ask = if is_reason { "staff-reason-choose" } else { "staff-box-choose" };
                touch::notice(draft, Text::new(ask));
                return Ok(Answer::Done);
            };
            let case = case.clone();
            if is_reason {
                let reason = OpenReason::ALL.get(chosen).copied();
                return go(draft, Step::AnyBox(CodeCase { reason, chosen: None, ..case }));
            }
            let state = draft.durable().boxes.get(chosen).ok_or(Refusal::NotOffered)?;
            let box_no = state.no();
            serve::begin_by_code(draft, &case, box_no);
            Ok(Answer::Done)
        }
        Action::Digit { .. }
        | Action::Erase
        | Action::Write { .. }
        | Action::Choose { .. }
        | Action::Language { .. }
        | Action::Press { .. } => Err(Refusal::NotOffered),
    }
}

/// A user may not open boxes that way any more: one who is about to opens none (START-6).
pub(crate) fn user_gone(draft: &mut Draft<'_>, user: UserId, how: StaffCode) {
    let Stage::Active(active) = &draft.session.stage else {
        return;
    };
    if let Step::Reason(case) | Step::AnyBox(case) = &active.step
        && case.user == user
        && case.how == how
    {
        touch::end(draft, Ending::Failed);
    }
}

fn go(draft: &mut Draft<'_>, step: Step) -> Result<Answer, Refusal> {
    touch::go(draft, step);
    Ok(Answer::Done)
}
