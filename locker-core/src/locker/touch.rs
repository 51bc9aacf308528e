//! A touch on the bottom screen: what is offered everywhere, and which step it goes to.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::ask::{Answer, Refusal};
use super::record::{Ending, Flow, Record};
use super::session::{Active, Overlay, Session, Stage, Step};
use super::{Draft, drop, help, qr, serve, staff_code, timers, view};
use crate::ids::{Generation, SessionId};
use crate::screen::{Action, Button, TEXT_BYTES_MAX, Text, Touch};

/// How long the last screen stays (DROP-18).
pub(crate) const LAST_SCREEN_MS: u64 = 20_000;

/// Takes a touch, or says why not.
pub(crate) fn decide(draft: &mut Draft<'_>, touch: Touch) -> Result<Answer, Refusal> {
    if draft.session.is_repeated(touch.touch_id) {
        return Ok(Answer::Done);
    }
    if touch.generation != generation(draft) {
        return Err(Refusal::OldScreen);
    }
    check_text(&touch.action)?;
    draft.session.touched = draft.at().mono;
    if let Action::Language { locale } = touch.action {
        draft.session.locale = Some(locale);
        draft.session.warned = false;
        draft.session.turn();
        return Ok(Answer::Done);
    }
    let is_asked = draft.session.warned && timers::idle_limit(&draft.session).is_some();
    draft.session.warned = false;
    if is_asked {
        // Any touch continues (TIME-1); what it would have done was covered by the question.
        draft.session.turn();
        return Ok(Answer::Done);
    }
    let offers = |button| view::offers(draft.durable(), &draft.session, draft.now(), button);
    if touch.action.button().is_some_and(|button| !offers(button)) {
        return Err(Refusal::NotOffered);
    }
    if let Some(overlay) = draft.session.overlay {
        return on_overlay(draft, overlay, &touch.action);
    }
    if let Action::Press { button } = touch.action {
        if button == Button::Help {
            return open(draft, Overlay::Help);
        }
        if button == Button::Abort {
            return open(draft, Overlay::Abort);
        }
    }
    match &draft.session.stage {
        Stage::Start if draft.durable().settings.profile.is_classic() => {
            on_welcome(draft, Flow::Drop, false, &touch.action)
        }
        Stage::Start => on_start(draft, &touch.action),
        Stage::Welcome { flow, low } => {
            let (flow, low) = (*flow, *low);
            on_welcome(draft, flow, low, &touch.action)
        }
        Stage::Active(active) => match &active.step {
            Step::Method
            | Step::Pin(_)
            | Step::Lookup(_)
            | Step::Searching { .. }
            | Step::Vehicle { .. }
            | Step::Contact { .. }
            | Step::Sending { .. }
            | Step::Sent
            | Step::NoMatch
            | Step::Driver(_)
            | Step::Phone { .. }
            | Step::Appointments(_)
            | Step::Remark { .. } => drop::touched(draft, touch),
            Step::Qr(_) => qr::touched(draft, &touch),
            Step::Reason(_) | Step::AnyBox(_) => staff_code::touched(draft, &touch.action),
            Step::Serve(_) | Step::Settle(_) => serve::touched(draft, &touch.action),
            Step::Thanks { .. } | Step::Sorry { .. } => {
                if touch.action == (Action::Press { button: Button::Done }) {
                    to_start(draft);
                    Ok(Answer::Done)
                } else {
                    Err(Refusal::NotOffered)
                }
            }
        },
    }
}

/// The set of actions of the draft's screen.
fn generation(draft: &Draft<'_>) -> Generation {
    Generation { boot: draft.at().boot, n: draft.session.generation }
}

fn check_text(action: &Action) -> Result<(), Refusal> {
    let Action::Write { text } = action else {
        return Ok(());
    };
    if text.len() > TEXT_BYTES_MAX {
        return Err(Refusal::TooLong);
    }
    let is_text = text.chars().all(|c| !c.is_control() || c == '\n');
    if is_text { Ok(()) } else { Err(Refusal::NotText) }
}

fn open(draft: &mut Draft<'_>, overlay: Overlay) -> Result<Answer, Refusal> {
    if let Stage::Active(Active { step: Step::Pin(entry), .. }) = &mut draft.session.stage {
        entry.revealed = false;
    }
    draft.session.overlay = Some(overlay);
    draft.session.turn();
    Ok(Answer::Done)
}

fn on_overlay(draft: &mut Draft<'_>, overlay: Overlay, action: &Action) -> Result<Answer, Refusal> {
    match (overlay, action.button()) {
        (Overlay::Abort, Some(Button::No)) | (Overlay::Help, Some(Button::CloseHelp)) => {
            draft.session.overlay = None;
            draft.session.turn();
            Ok(Answer::Done)
        }
        (Overlay::Abort, Some(Button::Yes)) => {
            draft.session.overlay = None;
            abort(draft);
            Ok(Answer::Done)
        }
        (Overlay::Help, Some(Button::CallHelp)) => {
            let step = view::screen_id(&draft.session);
            help::call(draft, step);
            Ok(Answer::Done)
        }
        (Overlay::Abort | Overlay::Help, _) => Err(Refusal::NotOffered),
    }
}

/// The person wants to stop: at once, unless a box may be open (ABORT-2).
fn abort(draft: &mut Draft<'_>) {
    if let Stage::Active(active) = &draft.session.stage {
        if matches!(active.step, Step::Serve(_) | Step::Settle(_)) {
            return serve::leave(draft);
        }
        let is_over = matches!(active.step, Step::Thanks { .. } | Step::Sorry { .. });
        if !is_over {
            return end(draft, Ending::Aborted);
        }
    }
    to_start(draft);
}

fn on_start(draft: &mut Draft<'_>, action: &Action) -> Result<Answer, Refusal> {
    let flow = match action.button() {
        Some(Button::DropKey) => Flow::Drop,
        Some(Button::PickUpKey) => Flow::PickUp,
        Some(_) | None => return Err(Refusal::NotOffered),
    };
    draft.session.stage = Stage::Welcome { flow, low: false };
    draft.session.turn();
    Ok(Answer::Done)
}

fn on_welcome(draft: &mut Draft<'_>, flow: Flow, low: bool, action: &Action) -> Result<Answer, Refusal> {
    match action.button() {
        Some(Button::LowBox) => {
            draft.session.stage = Stage::Welcome { flow, low: !low };
            draft.session.turn();
            Ok(Answer::Done)
        }
        Some(Button::Go) => {
            draft.session.sessions += 1;
            let id = SessionId { boot: draft.at().boot, n: draft.session.sessions };
            draft.record(Record::SessionBegan { session: id, flow });
            if flow == Flow::Drop && serve::is_limited_here(draft.durable(), draft.at().mono) {
                draft.record(Record::OpeningsLimited { visit: None });
            }
            let settings = Arc::new(draft.durable().settings.clone());
            let (typed, notice) = (None, None);
            let active = Active { id, flow, low, step: Step::Method, settings, typed, notice };
            draft.session.stage = Stage::Active(active);
            draft.session.misses = 0;
            draft.session.turn();
            Ok(Answer::Done)
        }
        Some(_) | None => Err(Refusal::NotOffered),
    }
}

/// Ends the session: its codes live on, what was typed is gone (START-6), the start screen comes back.
pub(crate) fn end(draft: &mut Draft<'_>, how: Ending) {
    let Stage::Active(active) = &draft.session.stage else {
        return to_start(draft);
    };
    let session = active.id;
    let held: Vec<_> = draft.durable().codes.held();
    for code in held {
        draft.record(Record::CodeReleased { code });
    }
    draft.record(Record::SessionEnded { session, how });
    to_start(draft);
}

/// Shows the start screen, with nothing left of whoever was here.
pub(crate) fn to_start(draft: &mut Draft<'_>) {
    let session: &mut Session = &mut draft.session;
    session.stage = Stage::Start;
    session.overlay = None;
    session.warned = false;
    session.locale = None;
    session.misses = 0;
    session.turn();
}

/// Changes the step of the running session.
pub(crate) fn go(draft: &mut Draft<'_>, step: Step) {
    if let Stage::Active(active) = &mut draft.session.stage {
        active.step = step;
        active.notice = None;
    }
    draft.session.turn();
}

/// Says something on the step: an error, a question, a confirmation.
pub(crate) fn notice(draft: &mut Draft<'_>, text: Text) {
    if let Stage::Active(active) = &mut draft.session.stage {
        active.notice = Some(Box::new(text));
    }
}
