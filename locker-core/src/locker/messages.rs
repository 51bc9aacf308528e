//! Messages with codes: wanted by the rules, sent by the host, coded here (CODE-3, CODE-5).

use alloc::string::String;
use alloc::vec::Vec;

use super::ask::{Answer, Delivery, Refusal};
use super::codes::CHECK_IN_DAYS;
use super::durable::{Custody, Durable, Message};
use super::record::{Death, Origin, Record};
use super::session::{Stage, Step};
use super::{Draft, Locker, drop, link, lookup, touch};
use crate::chain;
use crate::exchange::{MessageState, Template};
use crate::fresh::Fresh;
use crate::ids::{CodeId, MessageId, VisitId};
use crate::machine::Machine;
use crate::screen::{Locale, Text};
use crate::secret::Personal;
use crate::time::{DAY, Date, HOUR, MINUTE, Mono, SECOND, TimeOfDay};
use crate::vault::Subject;
use crate::visit::Contact;

/// A message that somebody waits for has failed when no service has taken it for this long (DROP-7).
const AWAITED_MS: u64 = 30 * SECOND;
/// One that nobody waits for is tried for this long: a mail server that is down over night loses none.
const UNATTENDED_MS: u64 = DAY;
/// Messages of one visit in an hour and in a day, and of the locker in an hour (CODE-5).
const VISIT_IN_HOUR: usize = 3;
const VISIT_IN_DAY: usize = 6;
const LOCKER_IN_HOUR: usize = 30;
/// How long a pick-up PIN lives (PICK-4).
const PICK_UP_MS: u64 = 30 * DAY;

/// A message that waits to be sent, for the host that sends it.
#[derive(Clone, PartialEq)]
pub struct OpenMessage {
    /// Its number.
    pub message: MessageId,
    /// What it is for.
    pub template: Template,
    /// To whom.
    pub to: Contact,
    /// In which language.
    pub locale: Locale,
    /// The appointment's day and first time, for the text.
    pub appointment: Option<(Date, TimeOfDay)>,
    /// How long the code lives, in minutes, if it lives that way.
    pub minutes: Option<u16>,
}

impl core::fmt::Debug for OpenMessage {
    /// The receiver is not said.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "OpenMessage({}, {:?})", self.message, self.template)
    }
}

impl Locker {
    /// The messages that wait to be sent, oldest first. For each that [has a code](Template::has_code) the host asks
    /// [`super::Ask::MakeCode`]; without a link none is handed out (SAFE-6). Of each it tells [`super::Told::Delivery`]. Nothing is lost by a restart: what was not taken waits here again.
    #[must_use]
    pub fn open_messages(&self) -> Vec<OpenMessage> {
        // What must be sent waits as a wish without a code (SAFE-6).
        if link::is_down(self.frame().session()) {
            return Vec::new();
        }
        let durable = self.durable();
        let open = |(id, message): (&MessageId, &Message)| {
            let visit = durable.visits.get(&message.visit)?;
            let language = visit.people.get().and_then(|people| people.driver.language);
            let first = visit.appointments.iter().map(|appointment| appointment.time).min();
            Some(OpenMessage {
                message: *id,
                template: message.template,
                to: message.to.get()?.clone(),
                locale: language.unwrap_or(durable.settings.locale),
                appointment: first.map(|time| (visit.date, time)),
                minutes: match message.template {
                    Template::DropPin => Some(durable.settings.kiosk_pin_minutes),
                    Template::CheckInPin
                    | Template::PickUpPin
                    | Template::PickUpReminder
                    | Template::PickUpOff => None,
                },
            })
        };
        durable.messages.iter().filter_map(open).collect()
    }

    /// The idempotency key under which a message goes out now: the same for every try with the same words, another once
    /// it carries another code, and of no other locker. `None` when it does not wait any more, or has no live code yet:
    /// look at it when the message is handed over, so that no dead code leaves (CODE-3).
    #[must_use]
    pub fn message_key(&self, message: MessageId) -> Option<[u8; 16]> {
        let durable = self.durable();
        let open = durable.messages.get(&message)?;
        let code = durable.codes.of_message(message);
        if open.template.has_code() && code.is_none() {
            return None;
        }
        let code = code.map_or(0, |code| code.0);
        let parts: [&[u8]; 3] = [b"messages", &message.0.to_be_bytes(), &code.to_be_bytes()];
        Some(chain::short_hmac(self.frame.key().reveal(), &parts))
    }

    /// A phone number as it is dialled from anywhere, `+` and digits, however it was written at this location.
    #[must_use]
    pub fn dialled(&self, number: &str) -> Option<String> {
        lookup::phone_key(number, &self.durable().settings).map(|digits| alloc::format!("+{digits}"))
    }
}

/// After how long a message that no service has taken has failed.
pub(crate) const fn accepted_within_ms(template: Template) -> u64 {
    match template {
        // Somebody stands at the kiosk: the customer, or staff who can send it to another contact (STAFF-DROP-6).
        Template::DropPin | Template::PickUpPin => AWAITED_MS,
        Template::CheckInPin | Template::PickUpReminder | Template::PickUpOff => UNATTENDED_MS,
    }
}

/// Whether one more message may go out for a visit (CODE-5).
pub(crate) fn may_send(durable: &Durable, visit: VisitId, now: Mono) -> bool {
    let count = |visit, ms| Durable::counted(&durable.sends, visit, ms, now);
    count(Some(visit), HOUR) < VISIT_IN_HOUR
        && count(Some(visit), DAY) < VISIT_IN_DAY
        && count(None, HOUR) < LOCKER_IN_HOUR
}

/// Records that a message is wanted.
pub(crate) fn want(draft: &mut Draft<'_>, visit: VisitId, template: Template, to: Contact) -> MessageId {
    let message = MessageId(draft.durable().last_message.0 + 1);
    let to = Personal::new(Subject::Visit(visit), to);
    draft.record(Record::MessageWanted { message, visit, template, to });
    message
}

/// Makes the code of a message that is about to be sent. The PIN leaves here and nowhere else.
pub(crate) fn make_code(draft: &mut Draft<'_>, message: MessageId, fresh: &Fresh) -> Result<Answer, Refusal> {
    let open = draft.durable().messages.get(&message).ok_or(Refusal::NoSuchMessage)?;
    let (visit, template) = (open.visit, open.template);
    // A check-in makes its code for the page; its message waits.
    if link::is_down(&draft.session) && template != Template::CheckInPin {
        return Err(Refusal::NoLink);
    }
    // A cancelled visit gets no code any more, least of all one without an end.
    let day = draft.durable().visits.get(&visit).ok_or(Refusal::NoSuchVisit)?.date.plus_days(CHECK_IN_DAYS);
    let origin = match template {
        Template::DropPin => Origin::Kiosk,
        Template::CheckInPin => Origin::CheckIn,
        Template::PickUpPin | Template::PickUpReminder => Origin::PickUp,
        Template::PickUpOff => return Err(Refusal::NoSuchMessage),
    };
    // The key was taken back, or is home, before the message could be sent.
    if origin == Origin::PickUp && !is_waiting(draft.durable(), visit) {
        return Err(Refusal::NoSuchVisit);
    }
    let is_over = day < draft.now().today && !draft.durable().clock_doubted;
    // Spent while the message was still on its way: there is nothing left to drop.
    let is_dropped = draft.durable().custody(visit) != Custody::Customer;
    if origin == Origin::CheckIn && (is_over || is_dropped) {
        return Err(Refusal::NoSuchVisit);
    }
    // A newer code takes the place of the message's own, and of the visit's older kiosk PIN (CODE-2).
    let codes = &draft.durable().codes;
    let mut replaced: Vec<CodeId> = codes.of_message(message).into_iter().collect();
    if origin != Origin::CheckIn {
        replaced.extend(codes.only_pin_of(visit, origin).filter(|code| !replaced.contains(code)));
    }
    replaced.retain(|code| codes.get(*code).is_some_and(|code| code.held.is_none()));
    let settings = &draft.durable().settings;
    let most = match origin {
        Origin::Kiosk | Origin::PickUp => settings.short_codes_max,
        Origin::CheckIn => settings.long_codes_max,
    };
    if codes.count(origin) >= usize::from(most) + replaced.len() {
        return Err(Refusal::TooManyCodes);
    }
    let minutes = u64::from(settings.kiosk_pin_minutes);
    let (life_ms, last_day) = match origin {
        Origin::Kiosk => (Some(minutes * MINUTE), None),
        Origin::CheckIn => (None, Some(day)),
        // A fresh PIN lives no longer than the one before would have.
        Origin::PickUp => {
            let since = draft.durable().outbound.get(&visit).and_then(|waiting| waiting.since);
            let waited = since.map_or(0, |since| since.ms(draft.at().mono));
            (Some(PICK_UP_MS.saturating_sub(waited)), None)
        }
    };
    let code = CodeId(codes.last.0 + 1);
    let digits = match origin {
        Origin::Kiosk | Origin::PickUp => 6,
        Origin::CheckIn => 8,
    };
    let (pin, hash) = codes.draw(draft.key(), digits, fresh);
    for code in replaced {
        draft.record(Record::CodeDied { code, why: Death::Replaced });
    }
    draft.record(Record::CodeMade { code, visit, message, origin, hash, life_ms, last_day });
    Ok(Answer::Code { message, pin })
}

/// Whether the key of a visit lies in a box, certain or not, and waits for its customer: staff confirmed that they put
/// it in, or found it there (STAFF-DROP-4).
pub(crate) fn is_waiting(durable: &Durable, visit: VisitId) -> bool {
    let is_in = durable.outbound.get(&visit).is_some_and(|waiting| waiting.since.is_some());
    is_in && durable.box_of(visit).is_some()
}

/// Staff send the PIN of a waiting key again (STAFF-DROP-6).
pub(crate) fn send_again(draft: &mut Draft<'_>, visit: VisitId, to: Contact) -> Result<Answer, Refusal> {
    let durable = draft.durable();
    if !is_waiting(durable, visit) || durable.visits.get(&visit).is_none() {
        return Err(Refusal::NoSuchVisit);
    }
    if !lookup::is_reachable(&to, &durable.settings) {
        return Err(Refusal::NotReachable);
    }
    if !may_send(durable, visit, draft.at().mono) {
        return Err(Refusal::TooManyMessages);
    }
    want(draft, visit, Template::PickUpPin, to);
    Ok(Answer::Done)
}

/// Makes a check-in PIN: shown once by the host and sent (DROP-3). An older check-in PIN of the visit dies.
pub(crate) fn check_in(
    draft: &mut Draft<'_>,
    visit: VisitId,
    contact: u8,
    fresh: &Fresh,
) -> Result<Answer, Refusal> {
    let durable = draft.durable();
    let planned = durable.visits.get(&visit).ok_or(Refusal::NoSuchVisit)?;
    if durable.custody(visit) != Custody::Customer {
        return Err(Refusal::NoSuchVisit);
    }
    let people = planned.people.get().ok_or(Refusal::NoSuchVisit)?;
    let to = people.driver.contacts.get(usize::from(contact)).ok_or(Refusal::NotReachable)?.clone();
    if !lookup::is_reachable(&to, &durable.settings) {
        return Err(Refusal::NotReachable);
    }
    if !may_send(durable, visit, draft.at().mono) {
        return Err(Refusal::TooManyMessages);
    }
    for code in durable.codes.of_visit(visit) {
        let old = draft.durable().codes.get(code);
        if old.is_some_and(|code| code.origin == Origin::CheckIn && code.held.is_none()) {
            draft.record(Record::CodeDied { code, why: Death::Replaced });
        }
    }
    let message = want(draft, visit, Template::CheckInPin, to);
    make_code(draft, message, fresh)
}

/// The host says what became of a message.
pub(crate) fn delivered(draft: &mut Draft<'_>, message: MessageId, outcome: Delivery) {
    let state = match outcome {
        Delivery::Accepted => MessageState::Sent,
        Delivery::Refused => MessageState::Failed,
    };
    close(draft, message, state);
}

/// Gives up what waits for a visit that is gone: nobody is to get a code for it any more.
pub(crate) fn visit_gone(draft: &mut Draft<'_>, visit: VisitId) {
    let messages = draft.durable().messages.iter().filter(|(_, message)| message.visit == visit);
    let messages: Vec<MessageId> = messages.map(|(id, _)| *id).collect();
    for message in messages {
        close(draft, message, MessageState::Failed);
    }
}

/// Ends a message's way, and tells the person who waits for it.
pub(crate) fn close(draft: &mut Draft<'_>, message: MessageId, state: MessageState) {
    let Some(open) = draft.durable().messages.get(&message) else {
        return;
    };
    let (visit, template, to) = (open.visit, open.template, open.to.clone());
    let is_sent = state == MessageState::Sent;
    draft.record(if is_sent {
        Record::MessageSent { message, visit, template, to }
    } else {
        Record::MessageFailed { message, visit, template, to }
    });
    let Stage::Active(active) = &draft.session.stage else {
        return;
    };
    let Step::Sending { message: awaited, visit, chosen, failed } = &active.step else {
        return;
    };
    if *awaited != message {
        return;
    }
    let (visit, chosen, mut failed) = (*visit, *chosen, failed.clone());
    draft.session.touched = draft.at().mono;
    if is_sent {
        return touch::go(draft, Step::Sent);
    }
    failed.push(chosen);
    let chosen = drop::next_contact(draft, visit, &failed).unwrap_or(chosen);
    touch::go(draft, Step::Contact { visit, chosen, failed });
    touch::notice(draft, Text::new("drop-contact-failed"));
}

/// Lets check-in PINs die by date, unless the date is in doubt (SAFE-7). Looked at with every input, so that a code
/// is not alive because nobody ticked; once a day is enough, as no code is made for a day that is over.
pub(crate) fn bury_by_date(draft: &mut Draft<'_>) {
    let today = draft.now().today;
    if draft.durable().clock_doubted || draft.session.buried == Some(today) {
        return;
    }
    let planned = |visit: &VisitId| draft.durable().visits.get(visit).map(|visit| visit.date);
    let last_day = |visit: &VisitId| planned(visit).map(|date| date.plus_days(CHECK_IN_DAYS));
    let (codes, now) = (&draft.durable().codes, draft.at().mono);
    let over = codes.over_by_date(today, last_day);
    let (kept, over): (Vec<CodeId>, Vec<CodeId>) =
        over.into_iter().partition(|code| codes.is_kept(*code, now));
    // One that is still kept is looked at again with the next input.
    draft.session.buried = kept.is_empty().then_some(today);
    for code in over {
        draft.record(Record::CodeDied { code, why: Death::Expired });
    }
}
