//! A customer drops a key: steps 1 to 3 (DROP-1 to DROP-12).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use zeroize::Zeroize;

use super::ask::{Answer, Denial, Refusal, Store};
use super::codes::{self, DIGITS_MIN, Found};
use super::durable::{Custody, Durable};
use super::record::{Death, Flow, Record};
use super::session::{Digits, DropCase, LookupBy, PinEntry, Session, Stage, Step, Typed};
use super::{Draft, link, lookup, messages, pick, qr, serve, staff_code, touch};
use crate::exchange::Template;
use crate::ids::{CodeId, VisitId};
use crate::screen::{Action, Button, Text, Touch};
use crate::secret::Secret;
use crate::time::{Date, HOUR, SECOND};
use crate::visit::Contact;

/// How long a look-up takes, for a match and for a miss alike (DROP-8, fixed).
const SEARCH_MS: u64 = 1_500;
/// How long it takes once many have missed (CODE-5).
const SLOW_SEARCH_MS: u64 = 30 * SECOND;
/// Look-ups without a match in an hour after which each is slow.
const MISSES_FAST: usize = 20;
/// Look-ups without a match in a session.
pub(crate) const MISSES_IN_SESSION: u8 = 5;
/// The most characters of a registration or a phone number.
pub(crate) const NUMBER_CHARS_MAX: u16 = 20;
/// The most characters of a remark at the kiosk (DROP-12).
pub(crate) const REMARK_CHARS_MAX: u16 = 200;

/// Whether a drop can be begun now (START-5, SAFE-8).
pub(crate) fn is_offered(durable: &Durable, session: &Session) -> bool {
    let returns = || {
        let mut boxes = durable.boxes.iter();
        boxes.any(|state| state.check.is_some_and(|check| check.user.is_none()) && state.booked().is_some())
    };
    durable.settings.active && session.store == Store::Up && (has_room(durable) || returns())
}

/// Whether a box can take a key.
pub(crate) fn has_room(durable: &Durable) -> bool {
    durable.boxes.iter().any(super::boxes::BoxState::takes_a_key)
}

/// Whether look-ups by number are offered: not after five misses, not while *today* is in doubt (SAFE-7), and without a link only
/// where they end in no message (SAFE-6).
pub(crate) fn looks_up(durable: &Durable, session: &Session, today: Date) -> bool {
    session.misses < MISSES_IN_SESSION && !durable.clock_doubted && link::may_look_up(durable, session, today)
}

/// Takes a touch in steps 1 to 3.
pub(crate) fn touched(draft: &mut Draft<'_>, touch: Touch) -> Result<Answer, Refusal> {
    let Stage::Active(active) = &mut draft.session.stage else {
        return Err(Refusal::NotOffered);
    };
    let flow = active.flow;
    active.notice = None;
    let Some(action) = typed(&mut active.step, touch.action)? else {
        return Ok(Answer::Done);
    };
    let step = core::mem::replace(&mut active.step, Step::Method);
    match step {
        Step::Method => {
            if action == (Action::Press { button: Button::ByQr }) {
                return qr::show(draft, &touch.fresh);
            }
            on_method(draft, flow, &action)
        }
        Step::Pin(entry) => on_pin(draft, entry, action),
        Step::Lookup(typed) => on_lookup(draft, typed, action),
        Step::Vehicle { visits, chosen } => on_vehicle(draft, visits, chosen, &action),
        Step::Contact { visit, chosen, failed } => on_contact(draft, visit, chosen, failed, &action),
        Step::Sent => match action {
            Action::Press { button: Button::EnterCode } => go(draft, Step::Pin(PinEntry::new())),
            Action::Press { button: Button::Back } => go(draft, Step::Method),
            Action::Digit { .. }
            | Action::Erase
            | Action::Write { .. }
            | Action::Choose { .. }
            | Action::Language { .. }
            | Action::Press { .. } => Err(Refusal::NotOffered),
        },
        Step::NoMatch => match action {
            Action::Press { button: Button::Back } => go(draft, Step::Method),
            Action::Digit { .. }
            | Action::Erase
            | Action::Write { .. }
            | Action::Choose { .. }
            | Action::Language { .. }
            | Action::Press { .. } => Err(Refusal::NotOffered),
        },
        Step::Driver(case) => on_driver(draft, case, &action),
        Step::Phone { case, text } => on_phone(draft, case, text, action),
        Step::Appointments(case) => match action {
            Action::Press { button: Button::EditRemark } => {
                let text = case.remark.clone().unwrap_or_default();
                go(draft, Step::Remark { case, text })
            }
            Action::Press { button: Button::Next } => serve::begin_drop(draft, case),
            Action::Digit { .. }
            | Action::Erase
            | Action::Write { .. }
            | Action::Choose { .. }
            | Action::Language { .. }
            | Action::Press { .. } => Err(Refusal::NotOffered),
        },
        Step::Remark { case, text } => on_remark(draft, case, text, action),
        Step::Searching { .. }
        | Step::Sending { .. }
        | Step::Qr(_)
        | Step::Reason(_)
        | Step::AnyBox(_)
        | Step::Serve(_)
        | Step::Settle(_)
        | Step::Thanks { .. }
        | Step::Sorry { .. } => Err(Refusal::NotOffered),
    }
}

/// Takes what is being typed, where it stands. Gives the action back if it is no typing.
fn typed(step: &mut Step, action: Action) -> Result<Option<Action>, Refusal> {
    match (step, action) {
        (Step::Pin(entry), Action::Digit { digit: digit @ 0..=9 }) => entry.digits.reveal_mut().push(digit),
        (Step::Pin(entry), Action::Erase) => entry.digits.reveal_mut().pop(),
        (Step::Pin(entry), Action::Press { button: Button::Show }) => entry.revealed = !entry.revealed,
        (
            Step::Lookup(Typed { text: typed, .. }) | Step::Phone { text: typed, .. },
            Action::Write { text },
        ) => {
            check_length(&text, NUMBER_CHARS_MAX)?;
            *typed = text;
        }
        (Step::Remark { text: typed, .. }, Action::Write { text }) => {
            check_length(&text, REMARK_CHARS_MAX)?;
            *typed = text;
        }
        (_, action) => return Ok(Some(action)),
    }
    Ok(None)
}

fn go(draft: &mut Draft<'_>, step: Step) -> Result<Answer, Refusal> {
    touch::go(draft, step);
    Ok(Answer::Done)
}

/// Puts the step back as it is: what was typed changed, what can be done did not.
fn stay(draft: &mut Draft<'_>, step: Step, notice: Option<Text>) -> Result<Answer, Refusal> {
    if let Stage::Active(active) = &mut draft.session.stage {
        active.step = step;
        active.notice = notice.map(Box::new);
    }
    Ok(Answer::Done)
}

fn on_method(draft: &mut Draft<'_>, flow: Flow, action: &Action) -> Result<Answer, Refusal> {
    let by = match (action, flow) {
        (Action::Press { button: Button::ByPin }, _) => return go(draft, Step::Pin(PinEntry::new())),
        // A key is picked up with a PIN or by staff, never by a number (PICK-1).
        (_, Flow::PickUp) => return Err(Refusal::NotOffered),
        (Action::Press { button: Button::ByRegistration }, Flow::Drop) => LookupBy::Registration,
        (Action::Press { button: Button::ByPhone }, Flow::Drop) => LookupBy::Phone,
        (
            Action::Digit { .. }
            | Action::Erase
            | Action::Write { .. }
            | Action::Choose { .. }
            | Action::Language { .. }
            | Action::Press { .. },
            Flow::Drop,
        ) => return Err(Refusal::NotOffered),
    };
    if !looks_up(draft.durable(), &draft.session, draft.now().today) {
        return Err(Refusal::NotOffered);
    }
    let Stage::Active(active) = &draft.session.stage else {
        return Err(Refusal::NotOffered);
    };
    let before = active.typed.as_deref().filter(|typed| typed.by == by);
    let typed = before.cloned().unwrap_or(Typed { by, text: String::new() });
    go(draft, Step::Lookup(typed))
}

fn on_pin(draft: &mut Draft<'_>, mut entry: PinEntry, action: Action) -> Result<Answer, Refusal> {
    match action {
        Action::Write { text } => {
            check_length(&text, NUMBER_CHARS_MAX)?;
            if draft.durable().codes.locked_for(draft.at().mono).is_none() {
                return Err(Refusal::NotOffered);
            }
            entry.plate = text;
            stay(draft, Step::Pin(entry), None)
        }
        Action::Press { button: Button::Back } => go(draft, Step::Method),
        Action::Press { button: Button::Ok } => submit(draft, entry),
        Action::Digit { .. }
        | Action::Erase
        | Action::Choose { .. }
        | Action::Language { .. }
        | Action::Press { .. } => Err(Refusal::NotOffered),
    }
}

/// *OK* on the pad: the one place where a typed PIN is looked for.
fn submit(draft: &mut Draft<'_>, entry: PinEntry) -> Result<Answer, Refusal> {
    // The day may have ended since the last tick (DROP-16).
    messages::bury_by_date(draft);
    if entry.digits.reveal().typed().len() < DIGITS_MIN {
        return stay(draft, Step::Pin(entry), Some(Text::new("drop-pin-short")));
    }
    if staff_code::is_one(flow(draft), entry.digits.reveal().typed()) {
        return staff_code::submit(draft, &entry);
    }
    let hash = codes::code_hash(draft.key(), entry.digits.reveal().typed());
    let found = draft.durable().codes.find(flow(draft), &hash);
    if draft.durable().codes.locked_for(draft.at().mono).is_some() {
        return submit_locked(draft, entry, found);
    }
    match found {
        Found::Live(code) => accept(draft, code),
        Found::Dead(death) => {
            let (denial, notice) = match (death, flow(draft)) {
                (Death::Replaced, _) => (Denial::CodeReplaced, "drop-pin-replaced"),
                (Death::Used, Flow::Drop) => (Denial::CodeUsed, "drop-pin-used"),
                (Death::Used, Flow::PickUp) => (Denial::CodeUsed, "pick-pin-used"),
                (Death::Expired | Death::Cancelled, Flow::Drop) => (Denial::CodeExpired, "drop-pin-expired"),
                (Death::Expired | Death::Cancelled, Flow::PickUp) => {
                    (Denial::CodeExpired, "pick-pin-expired")
                }
            };
            deny(draft, PinEntry::new(), denial, notice)
        }
        Found::Nothing => {
            let session = draft.session.id().expect("a PIN is typed in a session");
            draft.record(Record::CodeFailed { session });
            if let Some(for_ms) = draft.durable().codes.lock_after_failure(draft.at().mono) {
                draft.record(Record::CodesLocked { for_ms });
                // The screen itself says for how long, and what is still taken.
                touch::go(draft, Step::Pin(PinEntry::new()));
                return Ok(Answer::Denied(Denial::CodesLocked));
            }
            deny(draft, PinEntry::new(), Denial::WrongCode, "drop-pin-wrong")
        }
    }
}

/// While code entry is locked, a PIN counts together with its registration only: one answer for every failure
/// (CODE-4).
fn submit_locked(draft: &mut Draft<'_>, mut entry: PinEntry, found: Found) -> Result<Answer, Refusal> {
    let plate = lookup::plate_key(&entry.plate);
    if plate.is_empty() {
        return stay(draft, Step::Pin(entry), Some(Text::new("drop-pin-plate-too")));
    }
    let counted = codes::plate_hash(draft.key(), &plate);
    let takes = draft.durable().codes.takes_plate(&counted, draft.at().mono);
    let fits = |code: &CodeId| {
        let durable = draft.durable();
        let visit = durable.codes.get(*code).and_then(|code| durable.visits.get(&code.visit));
        visit
            .and_then(|visit| visit.people.get())
            .is_some_and(|people| lookup::plate_key(&people.plate) == plate)
    };
    match found {
        Found::Live(code) if takes && fits(&code) => accept(draft, code),
        Found::Live(_) | Found::Dead(_) | Found::Nothing => {
            if takes {
                draft.record(Record::CodeFailedWithPlate { plate: counted });
            }
            entry.digits = Secret::new(Digits::default());
            deny(draft, entry, Denial::WrongCode, "drop-pin-wrong-with-plate")
        }
    }
}

pub(super) fn deny(
    draft: &mut Draft<'_>,
    entry: PinEntry,
    denial: Denial,
    notice: &'static str,
) -> Result<Answer, Refusal> {
    stay(draft, Step::Pin(entry), Some(Text::new(notice)))?;
    Ok(Answer::Denied(denial))
}

fn flow(draft: &Draft<'_>) -> Flow {
    match &draft.session.stage {
        Stage::Active(active) => active.flow,
        Stage::Welcome { flow, .. } => *flow,
        Stage::Start => Flow::Drop,
    }
}

/// A live PIN: it carries its session to the end (DROP-15).
fn accept(draft: &mut Draft<'_>, code: CodeId) -> Result<Answer, Refusal> {
    if flow(draft) == Flow::PickUp {
        return pick::accept(draft, code);
    }
    let visit = draft.durable().codes.get(code).expect("found a moment ago").visit;
    let session = draft.session.id().expect("a PIN is typed in a session");
    let case = DropCase { visit, code: Some(code), phone: None, remark: None };
    match draft.durable().custody(visit) {
        Custody::Customer => {
            draft.record(Record::CodeAccepted { code, session });
            if draft.session.settings(draft.durable()).two_factor {
                go(draft, Step::Driver(case))
            } else {
                go(draft, Step::Appointments(case))
            }
        }
        Custody::ToCheck { box_no, .. } => {
            draft.record(Record::CodeAccepted { code, session });
            serve::return_to(draft, case, box_no)
        }
        // The key is in already (DROP-17), or not with the customer.
        Custody::Box { .. } | Custody::Staff { .. } | Custody::Missing { .. } => go(draft, Step::NoMatch),
    }
}

fn on_lookup(draft: &mut Draft<'_>, typed: Typed, action: Action) -> Result<Answer, Refusal> {
    match action {
        Action::Press { button: Button::Back } => {
            if let Stage::Active(active) = &mut draft.session.stage {
                active.typed = Some(Arc::new(typed));
            }
            go(draft, Step::Method)
        }
        Action::Press { button: Button::Ok } => {
            if typed.text.trim().is_empty() {
                return stay(draft, Step::Lookup(typed), Some(Text::new("drop-lookup-empty")));
            }
            let (now, durable) = (*draft.now(), draft.durable());
            if !looks_up(durable, &draft.session, now.today) {
                // The link went meanwhile, or the day; the screen before says so.
                return go(draft, Step::Method);
            }
            let settings = draft.session.settings(durable);
            let days = if link::is_down(&draft.session) { 0 } else { settings.lookup_days_ahead };
            let found = lookup::find(
                durable,
                settings,
                typed.by,
                &typed.text,
                now.today..=now.today.plus_days(i32::from(days)),
            );
            let is_slow = Durable::younger(&durable.misses, HOUR, now.mono) >= MISSES_FAST;
            let wait = if is_slow { SLOW_SEARCH_MS } else { SEARCH_MS };
            if let Stage::Active(active) = &mut draft.session.stage {
                active.typed = Some(Arc::new(typed));
            }
            go(draft, Step::Searching { ready: now.mono.after(wait), found })
        }
        Action::Digit { .. }
        | Action::Erase
        | Action::Write { .. }
        | Action::Choose { .. }
        | Action::Language { .. }
        | Action::Press { .. } => Err(Refusal::NotOffered),
    }
}

/// The look-up has taken its time.
pub(crate) fn searched(draft: &mut Draft<'_>) {
    let now = draft.at().mono;
    let session = draft.session.id().expect("a look-up runs in a session");
    let Stage::Active(active) = &draft.session.stage else {
        return;
    };
    let Step::Searching { found, .. } = &active.step else {
        return;
    };
    let mut found = found.clone();
    // A visit may have been cancelled meanwhile.
    found.retain(|visit| draft.durable().visits.contains_key(visit));
    draft.session.touched = now;
    match found.as_slice() {
        [] => {
            draft.session.misses += 1;
            draft.record(Record::LookupMissed { session });
            touch::go(draft, Step::NoMatch);
        }
        [visit] => matched(draft, *visit),
        _ => touch::go(draft, Step::Vehicle { visits: found, chosen: None }),
    }
}

fn matched(draft: &mut Draft<'_>, visit: VisitId) {
    if draft.session.settings(draft.durable()).two_factor {
        touch::go(draft, Step::Contact { visit, chosen: 0, failed: Vec::new() });
    } else {
        touch::go(draft, Step::Appointments(DropCase { visit, code: None, phone: None, remark: None }));
    }
}

fn on_vehicle(
    draft: &mut Draft<'_>,
    visits: Vec<VisitId>,
    chosen: Option<u8>,
    action: &Action,
) -> Result<Answer, Refusal> {
    match action {
        Action::Choose { item } if usize::from(*item) < visits.len() => {
            stay(draft, Step::Vehicle { visits, chosen: Some(*item) }, None)
        }
        Action::Press { button: Button::Back } => go(draft, Step::Method),
        Action::Press { button: Button::Ok } => {
            let Some(visit) = chosen.and_then(|item| visits.get(usize::from(item))).copied() else {
                return stay(draft, Step::Vehicle { visits, chosen }, Some(Text::new("drop-vehicle-choose")));
            };
            matched(draft, visit);
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

fn on_contact(
    draft: &mut Draft<'_>,
    visit: VisitId,
    chosen: u8,
    failed: Vec<u8>,
    action: &Action,
) -> Result<Answer, Refusal> {
    let contacts = contacts_of(draft, visit);
    match action {
        // With one contact there is nothing to choose (DROP-7).
        Action::Choose { item } if contacts.len() > 1 && usize::from(*item) < contacts.len() => {
            stay(draft, Step::Contact { visit, chosen: *item, failed }, None)
        }
        Action::Press { button: Button::Back } => go(draft, Step::Method),
        Action::Press { button: Button::Send } => {
            let Some(to) = contacts.get(usize::from(chosen)).cloned() else {
                return go(draft, Step::NoMatch);
            };
            if !messages::may_send(draft.durable(), visit, draft.at().mono) {
                let step = Step::Contact { visit, chosen, failed };
                return stay(draft, step, Some(Text::new("drop-contact-limit")));
            }
            let message = messages::want(draft, visit, Template::DropPin, to);
            go(draft, Step::Sending { visit, chosen, failed, message })
        }
        Action::Digit { .. }
        | Action::Erase
        | Action::Write { .. }
        | Action::Choose { .. }
        | Action::Language { .. }
        | Action::Press { .. } => Err(Refusal::NotOffered),
    }
}

fn contacts_of(draft: &Draft<'_>, visit: VisitId) -> Vec<Contact> {
    let durable = draft.durable();
    let people = durable.visits.get(&visit).and_then(|visit| visit.people.get());
    let reachable = people.map(|people| lookup::reachable(&people.driver, draft.session.settings(durable)));
    reachable.unwrap_or_default().into_iter().map(|(_, contact)| contact.clone()).collect()
}

/// The first contact to which sending has not failed, so that the others are offered (DROP-7).
pub(crate) fn next_contact(draft: &Draft<'_>, visit: VisitId, failed: &[u8]) -> Option<u8> {
    let count = contacts_of(draft, visit).len();
    (0..).take(count).find(|item| !failed.contains(item))
}

/// A visit was cancelled: whoever is about to drop its key is told at once, unless a box is already open (START-6).
pub(crate) fn visit_gone(draft: &mut Draft<'_>, gone: VisitId) {
    let Stage::Active(active) = &draft.session.stage else {
        return;
    };
    let is_concerned = match &active.step {
        Step::Vehicle { visits, .. } => visits.contains(&gone),
        Step::Contact { visit, .. } | Step::Sending { visit, .. } => *visit == gone,
        Step::Driver(case) | Step::Appointments(case) => case.visit == gone,
        Step::Phone { case, .. } | Step::Remark { case, .. } => case.visit == gone,
        Step::Method
        | Step::Pin(_)
        | Step::Lookup(_)
        | Step::Searching { .. }
        | Step::Sent
        | Step::NoMatch
        | Step::Qr(_)
        | Step::Reason(_)
        | Step::AnyBox(_)
        | Step::Serve(_)
        | Step::Settle(_)
        | Step::Thanks { .. }
        | Step::Sorry { .. } => false,
    };
    if is_concerned {
        touch::go(draft, Step::NoMatch);
    }
}

fn on_driver(draft: &mut Draft<'_>, mut case: DropCase, action: &Action) -> Result<Answer, Refusal> {
    match action {
        Action::Press { button: Button::EditPhone } => {
            let text = case.phone.clone().unwrap_or_default();
            go(draft, Step::Phone { case, text })
        }
        Action::Press { button: Button::RemovePhone } => {
            wipe(&mut case.phone);
            go(draft, Step::Driver(case))
        }
        Action::Press { button: Button::Next } => go(draft, Step::Appointments(case)),
        Action::Digit { .. }
        | Action::Erase
        | Action::Write { .. }
        | Action::Choose { .. }
        | Action::Language { .. }
        | Action::Press { .. } => Err(Refusal::NotOffered),
    }
}

fn on_phone(
    draft: &mut Draft<'_>,
    mut case: DropCase,
    text: String,
    action: Action,
) -> Result<Answer, Refusal> {
    match action {
        Action::Press { button: Button::Back } => go(draft, Step::Driver(case)),
        Action::Press { button: Button::Ok } => {
            if !lookup::is_phone(&text, draft.session.settings(draft.durable())) {
                return stay(draft, Step::Phone { case, text }, Some(Text::new("drop-phone-wrong")));
            }
            case.phone = Some(text);
            go(draft, Step::Driver(case))
        }
        Action::Digit { .. }
        | Action::Erase
        | Action::Write { .. }
        | Action::Choose { .. }
        | Action::Language { .. }
        | Action::Press { .. } => Err(Refusal::NotOffered),
    }
}

fn on_remark(
    draft: &mut Draft<'_>,
    mut case: DropCase,
    text: String,
    action: Action,
) -> Result<Answer, Refusal> {
    match action {
        Action::Press { button: Button::Back } => go(draft, Step::Appointments(case)),
        Action::Press { button: Button::Ok } => {
            case.remark = Some(text).filter(|text| !text.trim().is_empty());
            go(draft, Step::Appointments(case))
        }
        Action::Digit { .. }
        | Action::Erase
        | Action::Write { .. }
        | Action::Choose { .. }
        | Action::Language { .. }
        | Action::Press { .. } => Err(Refusal::NotOffered),
    }
}

fn check_length(text: &str, chars_max: u16) -> Result<(), Refusal> {
    if text.chars().count() > usize::from(chars_max) { Err(Refusal::TooLong) } else { Ok(()) }
}

fn wipe(text: &mut Option<String>) {
    if let Some(mut text) = text.take() {
        text.zeroize();
    }
}
