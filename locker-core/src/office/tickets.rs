//! Log-in, tickets and scans (STAFF-PICK, CODE-6).

use alloc::string::String;
use alloc::vec::Vec;

use super::apply::right_for;
use super::ask::{Answer, Caller, ContactChoice, TabletToken};
use super::check;
use super::code::{Bar, CODE_WAIT_MS, Hashed, SecurityCode, worse};
use super::custody::Custody;
use super::record::Record;
use super::refuse::{Denial, Refusal};
use super::state::{Durable, Hold, SCANS_PER_TICKET_MAX, TABLETS_MAX, Ticket, TicketEnd};
use super::user::{Right, Role, UserRow};
use super::{Office, TabletRow};
use crate::codes_table::Coded;
use crate::exchange::{Act, Proof, QrPayload, Scan};
use crate::fresh::Fresh;
use crate::ids::{LockerId, ScanId, TabletId, TicketId, UserId, VisitId};
use crate::locker::lookup;
use crate::machine::Draft;
use crate::secret::{Personal, Secret};
use crate::time::Mono;
use crate::vault::Subject;
use crate::visit::{Channel, Contact, ContactKind};

/// A user whose password the host has verified logs in.
pub(super) fn log_in(
    draft: &mut Draft<'_, Office>,
    user: UserId,
    earlier: Option<&TabletToken>,
    fresh: &Fresh,
) -> Result<Answer, Refusal> {
    let durable = draft.durable();
    let row = durable.users.get(&user).ok_or(Refusal::NoSuchUser)?;
    if !row.active {
        return Err(Refusal::UserNotActive);
    }
    let same = earlier.filter(|token| is_known(durable, draft.key(), token));
    let tablet = same.map_or(TabletId(durable.next.tablet + 1), |token| token.tablet);
    let has_room =
        durable.tablets.size() < TABLETS_MAX || durable.tablets.values().any(TabletRow::makes_room);
    if same.is_none() && !has_room {
        return Err(Refusal::Full);
    }
    let secret = Secret::new(fresh.stream(b"office tablet token").bytes::<32>());
    let token = Hashed::token(draft.key(), &secret);
    draft.record(Record::LoggedIn { tablet, user, token });
    Ok(Answer::LoggedIn { token: TabletToken { tablet, secret } })
}

/// Whether the tablet had this token, logged in or not: its wrong codes stay counted through a log-out.
fn is_known(durable: &Durable, key: &Secret<[u8; 32]>, token: &TabletToken) -> bool {
    let row = durable.tablets.get(&token.tablet);
    row.is_some_and(|row| Hashed::token(key, &token.secret).agrees(&row.token))
}

pub(super) fn log_out(draft: &mut Draft<'_, Office>, caller: &Caller) -> Result<Answer, Refusal> {
    check(draft.durable(), caller)?;
    draft.record(Record::LoggedOut { tablet: caller.tablet });
    Ok(Answer::Done)
}

/// Grants a ticket: the right, the act, then the security code.
pub(super) fn request(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    act: Act,
    locker: Option<LockerId>,
    contact: Option<ContactChoice>,
    typed: &Secret<String>,
) -> Result<Answer, Refusal> {
    let durable = draft.durable();
    let (user, tablet) = check(durable, caller)?;
    let right = right_for(&act);
    let is_classic = durable.location.profile.is_classic();
    if !user.may(right) || is_classic && !is_for(user, &act) {
        let denial = Denial::NoRight { right };
        return Ok(deny(draft, caller, locker, act, denial));
    }
    if is_classic && matches!(act, Act::Drop { .. }) {
        return Err(Refusal::InboundOnly);
    }
    // The older edition has no security code.
    let code = if is_classic { None } else { Some(durable.code.ok_or(Refusal::NoSecurityCode)?) };
    if code.is_some_and(|code| caller.session < code.set) {
        return Err(Refusal::LogInAgain);
    }
    let locker = locker_for(durable, &act, locker)?;
    let to = match act {
        Act::Drop { visit } => {
            let contact = contact.ok_or(Refusal::NotReachable)?;
            let mut choices = contacts_of(durable, visit).into_iter();
            let (_, to) = choices.find(|(choice, _)| *choice == contact).ok_or(Refusal::NotReachable)?;
            Some(Personal::new(Subject::Visit(visit), to))
        }
        Act::PickUp { .. } | Act::Check { .. } => None,
    };
    if let Some(code) = code {
        refuse_barred(worse(user.tries.bar, tablet.tries.bar), draft.at().mono)?;
        let typed = SecurityCode::parse(typed).ok_or(Refusal::NotASecurityCode)?;
        if !Hashed::security_code(draft.key(), &typed).agrees(&code.hash) {
            draft.record(Record::CodeWrong { tablet: caller.tablet, user: caller.user });
            return Ok(Answer::Denied(Denial::WrongSecurityCode));
        }
    }
    let ticket = TicketId(durable.next.ticket + 1);
    let minutes = durable.location.ticket_minutes;
    draft.record(Record::TicketGranted {
        ticket,
        tablet: caller.tablet,
        user: caller.user,
        locker,
        act,
        minutes,
        to,
    });
    Ok(Answer::Ticket { ticket, locker })
}

/// Whether the older edition lets this user do it: mechanics alone fetch keys.
pub(super) fn is_for(user: &UserRow, act: &Act) -> bool {
    !matches!(act, Act::PickUp { .. }) || user.role == Role::Mechanic
}

fn refuse_barred(bar: Bar, mono: Mono) -> Result<(), Refusal> {
    match bar {
        Bar::None => Ok(()),
        Bar::Waits { age } => Err(Refusal::CodeWaits { for_ms: age.reaches(CODE_WAIT_MS).since(mono) }),
        Bar::Locked => Err(Refusal::CodeLocked),
    }
}

/// The locker of an act: that which holds the key, or the named one with the box.
fn locker_for(durable: &Durable, act: &Act, named: Option<LockerId>) -> Result<LockerId, Refusal> {
    match act {
        Act::PickUp { visit } => {
            let row = durable.visits.get(visit).ok_or(Refusal::NoSuchVisit)?;
            match row.custody().0 {
                Custody::Box { locker, .. } if named.is_none_or(|named| named == locker) => Ok(locker),
                Custody::Box { .. }
                | Custody::Customer
                | Custody::Staff { .. }
                | Custody::ToCheck { .. }
                | Custody::Missing { .. } => Err(Refusal::KeyNotInBox),
            }
        }
        // From any custody but a box (OFFICE-14); at any locker of the location (STAFF-PICK-3).
        Act::Drop { visit } => {
            let is_erasing = durable.erasing.contains_key(&Subject::Visit(*visit));
            let row = durable.visits.get(visit).filter(|row| row.is_listed() && !is_erasing);
            let row = row.ok_or(Refusal::NoSuchVisit)?;
            match row.custody().0 {
                Custody::Box { .. } | Custody::ToCheck { .. } => Err(Refusal::KeyInBox),
                Custody::Customer | Custody::Staff { .. } | Custody::Missing { .. } => {
                    let first = || durable.lockers.keys().next().copied();
                    let locker = named.or_else(first).ok_or(Refusal::NoSuchLocker)?;
                    durable.lockers.contains_key(&locker).then_some(locker).ok_or(Refusal::NoSuchLocker)
                }
            }
        }
        Act::Check { box_no } => {
            let only = || match durable.lockers.len() {
                1 => durable.lockers.keys().next().copied(),
                _ => None,
            };
            let locker = named.or_else(only).ok_or(Refusal::WhichLocker)?;
            let row = durable.lockers.get(&locker).ok_or(Refusal::NoSuchLocker)?;
            if box_no.get() > row.boxes {
                return Err(Refusal::NoSuchBox);
            }
            Ok(locker)
        }
    }
}

/// The contacts to which the PIN of a visit's key can go: the driver's that can be reached, and the number that was
/// added at the locker where text messages can be sent (STAFF-DROP-2).
pub(super) fn contacts_of(durable: &Durable, visit: VisitId) -> Vec<(ContactChoice, Contact)> {
    let Some(row) = durable.visits.get(&visit) else {
        return Vec::new();
    };
    let Some(settings) = durable.lockers.values().next().map(|locker| &locker.settings) else {
        return Vec::new();
    };
    let driver = row.visit.as_ref().and_then(|visit| visit.people.get()).map(|people| &people.driver);
    let own = driver.map(|driver| lookup::reachable(driver, settings)).unwrap_or_default();
    let own = own.into_iter().map(|(index, contact)| (ContactChoice::Driver { index }, contact.clone()));
    let added = row.phone().and_then(Personal::get).map(|phone| Contact {
        channel: Channel::Sms,
        kind: ContactKind::Private,
        address: phone.clone(),
        blocked: false,
    });
    let added = added.filter(|contact| lookup::is_reachable(contact, settings));
    own.chain(added.map(|contact| (ContactChoice::Added, contact))).collect()
}

/// Has the PIN of a waiting key sent again, by the locker that holds the key (STAFF-DROP-6).
pub(super) fn send_again(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    visit: VisitId,
    contact: ContactChoice,
) -> Result<Answer, Refusal> {
    let durable = draft.durable();
    let (user, _) = check(durable, caller)?;
    let row = durable.visits.get(&visit).ok_or(Refusal::NoSuchVisit)?;
    let (Custody::Box { locker, .. } | Custody::ToCheck { locker, .. }) = row.custody().0 else {
        return Err(Refusal::KeyNotInBox);
    };
    if durable.location.profile.is_classic() {
        return Err(Refusal::InboundOnly);
    }
    if !user.may(Right::Drop) {
        let denial = Denial::NoRight { right: Right::Drop };
        return Ok(deny(draft, caller, Some(locker), Act::Drop { visit }, denial));
    }
    if !row.is_outbound() {
        return Err(Refusal::KeyNotInBox);
    }
    let mut choices = contacts_of(durable, visit).into_iter();
    let (_, to) = choices.find(|(choice, _)| *choice == contact).ok_or(Refusal::NotReachable)?;
    let (tablet, user) = (caller.tablet, caller.user);
    draft.record(Record::PinSentAgain { visit, tablet, user, locker });
    Ok(Answer::SendAgain { locker, visit, to })
}

pub(super) fn give_back(draft: &mut Draft<'_, Office>, caller: &Caller) -> Result<Answer, Refusal> {
    let (_, tablet) = check(draft.durable(), caller)?;
    let ticket = tablet.ticket().ok_or(Refusal::NoTicket)?.id;
    draft.record(Record::TicketEnded { ticket, tablet: caller.tablet, end: TicketEnd::Dropped });
    Ok(Answer::Done)
}

/// Hands a scan to the ticket's locker if ticket, right, user and key still agree (STAFF-PICK-6).
pub(super) fn scan(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    act: Act,
    text: &Secret<String>,
    named: Option<LockerId>,
) -> Result<Answer, Refusal> {
    let (user, tablet) = check(draft.durable(), caller)?;
    let right = right_for(&act);
    if !user.may(right) {
        let denial = Denial::NoRight { right };
        return Ok(deny(draft, caller, named, act, denial));
    }
    let ticket = match ticket_for(draft.durable(), &tablet.hold, &act) {
        Ok(ticket) => ticket.clone(),
        Err(denial) => return Ok(deny(draft, caller, named, act, denial)),
    };
    let Some((shown_by, proof)) = read(text) else {
        return Ok(deny(draft, caller, named, act, Denial::NotOurQr));
    };
    let is_typed = matches!(proof, Proof::Typed(_));
    let there = shown_by.or(named).unwrap_or(ticket.locker);
    let is_bound = !matches!(act, Act::Drop { .. });
    if is_bound && there != ticket.locker {
        return Ok(deny(draft, caller, Some(there), act, Denial::OtherLocker));
    }
    let row = draft.durable().lockers.get(&there).ok_or(Refusal::NoSuchLocker)?;
    if is_typed && !row.settings.typed_code {
        return Err(Refusal::TypedOff);
    }
    let id = ScanId(draft.durable().next.scan + 1);
    draft.record(Record::ScanForwarded {
        scan: id,
        ticket: ticket.id,
        tablet: caller.tablet,
        user: caller.user,
        locker: there,
        typed: is_typed,
    });
    let to = ticket.to.as_ref().and_then(|to| to.get().cloned());
    let scan = Scan { id, proof, act, ticket: ticket.id, user: caller.user, to };
    Ok(Answer::Forward { locker: there, scan })
}

/// The live ticket for this act, or why there is none.
fn ticket_for<'a>(durable: &Durable, hold: &'a Hold, act: &Act) -> Result<&'a Ticket, Denial> {
    let ticket = match hold {
        Hold::Ticket(ticket) => ticket,
        Hold::Ended(TicketEnd::Expired) => return Err(Denial::TicketExpired),
        Hold::Opened { .. } | Hold::Ended(TicketEnd::Used) => return Err(Denial::TicketUsed),
        Hold::Nothing | Hold::Ended(TicketEnd::Dropped | TicketEnd::Revoked) => {
            return Err(Denial::NoTicket);
        }
    };
    if ticket.act != *act {
        return Err(Denial::OtherAct);
    }
    if ticket.scans.len() >= SCANS_PER_TICKET_MAX {
        return Err(Denial::TooManyScans);
    }
    match locker_for(durable, act, Some(ticket.locker)) {
        Ok(_) => Ok(ticket),
        Err(_) => Err(Denial::KeyGone),
    }
}

/// Reads what was scanned or typed: the locker that shows it, if the text says so, and the proof.
fn read(text: &Secret<String>) -> Option<(Option<LockerId>, Proof)> {
    let text = text.reveal().trim();
    if let Ok(payload) = text.parse::<QrPayload>() {
        return Some((Some(payload.locker), Proof::Qr(payload.nonce)));
    }
    let mut digits = Secret::new([0; 8]);
    let mut count = 0;
    let mut typed = [0; 8];
    for byte in text.bytes().filter(|byte| *byte != b' ') {
        let place = typed.get_mut(count)?;
        if !byte.is_ascii_digit() {
            return None;
        }
        *place = byte;
        count += 1;
    }
    if count == typed.len() {
        digits = Secret::new(typed);
    }
    (count == typed.len()).then_some((None, Proof::Typed(digits)))
}

/// Denies and records it.
fn deny(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    locker: Option<LockerId>,
    act: Act,
    denial: Denial,
) -> Answer {
    draft.record(Record::Denied {
        denial: denial.code(),
        tablet: caller.tablet,
        user: caller.user,
        locker,
        act: Some(act),
    });
    Answer::Denied(denial)
}
