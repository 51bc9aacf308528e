//! The pages: what each viewer may see.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::ask::{Caller, ContactChoice};
use super::code::{Bar, CODE_WAIT_MS, CodeHolder, Tries, worse};
use super::custody::{Custody, Event, EventKind, VisitRow};
use super::refuse::{Denial, Refusal};
use super::state::{Durable, HelpRow, HelpState, LockerRow, LogRow, Ticket};
use super::tickets::{contacts_of, is_for};
use super::user::{Right, Role, UserRow};
use super::view::{
    CodeState, ContactView, CustodyKind, CustodyView, DASH, DriverView, EventView, HelpStateView, HelpView,
    LockerView, LogView, Me, MessageView, NoticeView, OrderView, TabletView, TicketView, UserView, VisitPage,
    VisitView,
};
use super::{Office, check};
use crate::exchange::Act;
use crate::ids::{LockerId, UserId, VisitId};
use crate::locker::lookup::mask_contact;
use crate::machine::Machine;
use crate::secret::Personal;
use crate::time::{Boot, DAY, MINUTE, Now, Wall};
use crate::visit::Contact;

/// For how long a handled call for help is still shown, in milliseconds.
const HANDLED_SHOWN_MS: i64 = 10 * MINUTE as i64;

/// After how long a key that staff have not fetched is marked, in milliseconds (PICK-4).
const UNCOLLECTED_MS: i64 = DAY as i64;

/// After how long a key that the customer has not fetched is marked, in milliseconds (PICK-4).
const NOT_FETCHED_BY_CUSTOMER_MS: i64 = 3 * DAY as i64;

impl Office {
    /// The main page: visits from the day of `now` on and those whose key is not with the customer. First those whose
    /// key is in a box, newest drop first, until staff fetch it; then by date and time.
    ///
    /// # Errors
    /// The viewer is not logged in any more.
    pub fn main_page(&self, viewer: &Caller, now: &Now) -> Result<Vec<VisitView>, Refusal> {
        check(self.durable(), viewer)?;
        let is_due = |row: &VisitRow| {
            let date = row.visit.as_ref().map(|visit| visit.date);
            date.is_some_and(|date| date >= now.today) || !row.is_with_customer()
        };
        Ok(self.visit_views(viewer, now, |row| row.is_listed() && is_due(row)))
    }

    /// Where the keys are that are not with the customer (OFFICE-14).
    ///
    /// # Errors
    /// The viewer is not logged in any more.
    pub fn where_are_the_keys(&self, viewer: &Caller, now: &Now) -> Result<Vec<VisitView>, Refusal> {
        check(self.durable(), viewer)?;
        Ok(self.visit_views(viewer, now, |row| !row.is_with_customer()))
    }

    fn visit_views(&self, viewer: &Caller, now: &Now, wanted: impl Fn(&VisitRow) -> bool) -> Vec<VisitView> {
        let durable = self.durable();
        let rows = durable.visits.iter().filter(|(_, row)| wanted(row));
        let mut views: Vec<VisitView> =
            rows.map(|(id, row)| visit_view(durable, *id, row, viewer, now)).collect();
        views.sort_by_key(|view| {
            let dropped = if view.key_icon { view.dropped_at } else { None };
            let time = view.orders.iter().map(|order| order.time).min();
            (Reverse(view.key_icon), Reverse(dropped), view.date, time, view.id)
        });
        views
    }

    /// The page of one visit.
    ///
    /// # Errors
    /// The viewer is not logged in any more, or there is no such visit.
    pub fn visit_page(&self, viewer: &Caller, visit: VisitId, now: &Now) -> Result<VisitPage, Refusal> {
        let durable = self.durable();
        let (user, _) = check(durable, viewer)?;
        let row = durable.visits.get(&visit).filter(|row| row.is_listed()).ok_or(Refusal::NoSuchVisit)?;
        let is_mechanic = user.role == Role::Mechanic;
        let messages = row.messages.iter().map(|message| MessageView {
            at: message.at,
            id: message.message,
            channel: message.channel,
            to_masked: clear(Some(&message.to)),
            template: message.template,
            outcome: message.state,
        });
        Ok(VisitPage {
            visit: visit_view(durable, visit, row, viewer, now),
            timeline: row.timeline.iter().map(|event| event_view(durable, event)).collect(),
            added_phone: row.phone().filter(|_| !is_mechanic).map(|phone| clear(Some(phone))),
            remark_shared: row.is_remark_shared,
            contacts: if user.may(Right::Drop) { contact_views(durable, visit) } else { Vec::new() },
            messages: if is_mechanic { Vec::new() } else { messages.collect() },
        })
    }

    /// The calls for help that this viewer is to see: for users with `help.answer`, the open ones that the viewer has
    /// not disregarded and those handled in the last ten minutes; newest first.
    ///
    /// # Errors
    /// The viewer is not logged in any more.
    pub fn help_calls(&self, viewer: &Caller, now: &Now) -> Result<Vec<HelpView>, Refusal> {
        let durable = self.durable();
        let (user, _) = check(durable, viewer)?;
        if !user.may(Right::AnswerHelp) {
            return Ok(Vec::new());
        }
        let is_seen = |row: &HelpRow| match &row.state {
            HelpState::Open { disregarded_by, .. } => !disregarded_by.contains(&viewer.user),
            HelpState::Handled { at, .. } => now.wall.0.saturating_sub(at.0) < HANDLED_SHOWN_MS,
        };
        // What is known beyond the record stands in the place of the record of the same call (SAFE-8).
        let beyond = &self.frame.session().unrecorded;
        let is_apart = |locker, row: &HelpRow| beyond.get(locker).is_none_or(|known| known.row.id != row.id);
        let recorded = durable.help.iter().filter(|(locker, row)| is_apart(*locker, row));
        let recorded = recorded.map(|(locker, row)| (locker, row, false));
        let known = beyond.iter().map(|(locker, known)| (locker, &known.row, known.call.is_some()));
        let rows = recorded.chain(known).filter(|(_, row, _)| is_seen(row));
        let view = |(locker, row, unrecorded): (&LockerId, &HelpRow, bool)| {
            help_view(durable, *locker, row, unrecorded)
        };
        let mut views: Vec<HelpView> = rows.map(view).collect();
        views.sort_by_key(|view| Reverse((view.at, view.locker)));
        Ok(views)
    }

    /// The user, the tablet and its ticket.
    ///
    /// # Errors
    /// The viewer is not logged in any more.
    pub fn me(&self, viewer: &Caller, now: &Now) -> Result<Me, Refusal> {
        let durable = self.durable();
        let (user, tablet) = check(durable, viewer)?;
        let ticket = tablet.ticket().map(|ticket| ticket_view(ticket, now));
        let admins = durable.users.values().filter(|row| row.is_dealer_admin());
        let bar = worse(user.tries.bar, tablet.tries.bar);
        let is_classic = durable.location.profile.is_classic();
        Ok(Me {
            user: viewer.user,
            name: clear(Some(&user.name)),
            role: user.role,
            rights: user.rights.iter().copied().collect(),
            tablet: viewer.tablet,
            ticket: ticket.filter(|ticket| ticket.left_ms > 0),
            log_in_again: !is_classic && durable.code.is_some_and(|code| viewer.session < code.set),
            security_code: match durable.code {
                _ if is_classic => CodeState::NotNeeded,
                Some(_) => code_state(bar, now),
                None => CodeState::NotSet,
            },
            dealer_admins: admins.map(|row| clear(Some(&row.name))).collect(),
        })
    }

    /// What users are told about, newest first.
    ///
    /// # Errors
    /// The viewer is not logged in any more.
    pub fn notices(&self, viewer: &Caller) -> Result<Vec<NoticeView>, Refusal> {
        let durable = self.durable();
        check(durable, viewer)?;
        let mut views: Vec<NoticeView> = durable
            .notices
            .iter()
            .map(|(id, notice)| NoticeView {
                id: *id,
                kind: notice.kind,
                at: notice.at,
                locker: notice.locker,
                box_no: notice.box_no,
                visit: notice.visit,
                user: name_of(durable, notice.user),
                over: notice.over,
            })
            .collect();
        views.reverse();
        Ok(views)
    }

    /// The lockers.
    ///
    /// # Errors
    /// The viewer is not logged in any more.
    pub fn locker_views(&self, viewer: &Caller) -> Result<Vec<LockerView>, Refusal> {
        let durable = self.durable();
        check(durable, viewer)?;
        let seen = &self.frame().session().seen;
        let view = |id: &LockerId, row: &LockerRow| LockerView {
            id: *id,
            settings: row.settings.clone(),
            boxes: row.boxes,
            keys: durable.visits.values().filter(|row| row.custody().0.may_be_in(*id)).count(),
            last_seen: seen.get(id).copied().max(row.last_fact),
            cursor: row.cursor,
        };
        Ok(durable.lockers.iter().map(|(id, row)| view(id, row)).collect())
    }

    /// All users, for a dealer admin.
    ///
    /// # Errors
    /// The viewer is not logged in any more; or [`Denial::NotDealerAdmin`] within.
    pub fn users(&self, viewer: &Caller, now: &Now) -> Result<Result<Vec<UserView>, Denial>, Refusal> {
        let durable = self.durable();
        let (user, _) = check(durable, viewer)?;
        if !user.is_dealer_admin() {
            return Ok(Err(Denial::NotDealerAdmin));
        }
        let view = |id: &UserId, row: &UserRow| UserView {
            id: *id,
            login: clear(Some(&row.login)),
            name: clear(Some(&row.name)),
            role: row.role,
            rights: row.rights.iter().copied().collect(),
            active: row.active,
            security_code: code_state(row.tries.bar, now),
        };
        Ok(Ok(durable.users.iter().map(|(id, row)| view(id, row)).collect()))
    }

    /// The tablets that wait or are locked after wrong security codes, for a dealer admin.
    ///
    /// # Errors
    /// The viewer is not logged in any more; or [`Denial::NotDealerAdmin`] within.
    pub fn barred_tablets(
        &self,
        viewer: &Caller,
        now: &Now,
    ) -> Result<Result<Vec<TabletView>, Denial>, Refusal> {
        let durable = self.durable();
        let (user, _) = check(durable, viewer)?;
        if !user.is_dealer_admin() {
            return Ok(Err(Denial::NotDealerAdmin));
        }
        let rows = durable.tablets.iter().filter(|(_, row)| row.tries.bar != Bar::None);
        let views = rows.map(|(id, row)| TabletView {
            id: *id,
            user: name_of(durable, Some(row.user)).unwrap_or_default(),
            security_code: code_state(row.tries.bar, now),
        });
        Ok(Ok(views.collect()))
    }

    /// How many wrong security codes are counted, and whether they bar.
    #[must_use]
    pub fn wrong_codes(&self, holder: CodeHolder) -> Option<u8> {
        let durable = self.durable();
        let tries: Option<&Tries> = match holder {
            CodeHolder::User(user) => durable.users.get(&user).map(|row| &row.tries),
            CodeHolder::Tablet(tablet) => durable.tablets.get(&tablet).map(|row| &row.tries),
        };
        tries.map(|tries| tries.wrong)
    }

    /// The activity log, newest first, for users with `log.read`.
    ///
    /// # Errors
    /// The viewer is not logged in any more; or [`Denial::NoRight`] within.
    pub fn activity(&self, viewer: &Caller) -> Result<Result<Vec<LogView>, Denial>, Refusal> {
        let durable = self.durable();
        let (user, _) = check(durable, viewer)?;
        if !user.may(Right::ReadLog) {
            return Ok(Err(Denial::NoRight { right: Right::ReadLog }));
        }
        let mut views: Vec<LogView> =
            durable.log.iter().map(|(seq, row)| log_view(durable, *seq, row)).collect();
        views.reverse();
        Ok(Ok(views))
    }

    /// Who answers for the key of a visit.
    #[must_use]
    pub fn custody(&self, visit: VisitId) -> Custody {
        let row = self.durable().visits.get(&visit);
        row.map_or(Custody::Customer, |row| row.custody().0)
    }

    /// The running boot; 0 before the first start.
    #[must_use]
    pub fn boot(&self) -> Boot {
        self.frame().boot()
    }
}

fn contact_views(durable: &Durable, visit: VisitId) -> Vec<ContactView> {
    let settings = durable.lockers.values().next().map(|locker| locker.settings.clone()).unwrap_or_default();
    let contacts = contacts_of(durable, visit).into_iter();
    let view = |(choice, contact): (ContactChoice, Contact)| ContactView {
        choice,
        channel: contact.channel,
        kind: contact.kind,
        to_masked: mask_contact(&contact, &settings),
    };
    contacts.map(view).collect()
}

fn visit_view(durable: &Durable, id: VisitId, row: &VisitRow, viewer: &Caller, now: &Now) -> VisitView {
    let people = row.visit.as_ref().and_then(|visit| visit.people.get());
    let (custody, since) = row.custody();
    let is_in_box = matches!(custody, Custody::Box { .. });
    let may_be_in_box = is_in_box || matches!(custody, Custody::ToCheck { .. });
    let user = durable.users.get(&viewer.user);
    let is_mechanic = user.is_none_or(|user| user.role == Role::Mechanic);
    let is_drop = |event: &&Event| matches!(event.kind, EventKind::KeyDropped | EventKind::KeyDroppedBack);
    let dropped = row.timeline.iter().filter(is_drop);
    let dropped_at = dropped.map(|event| event.at).next_back();
    let outbound = may_be_in_box && row.is_outbound();
    let is_classic = durable.location.profile.is_classic();
    let limit = if outbound { NOT_FETCHED_BY_CUSTOMER_MS } else { UNCOLLECTED_MS };
    let is_old = |at: Wall| now.wall.0.saturating_sub(at.0) >= limit;
    let has_contact = people.is_some_and(|people| !people.driver.contacts.is_empty())
        || row.phone().and_then(Personal::get).is_some();
    let remark = row.remark().filter(|_| !is_mechanic || row.is_remark_shared);
    let orders = row.visit.iter().flat_map(|visit| &visit.appointments);
    VisitView {
        id,
        date: row.visit.as_ref().map(|visit| visit.date),
        plate: shown(row, people.map(|people| &people.plate)),
        vehicle: shown(row, people.map(|people| &people.vehicle)),
        driver: DriverView {
            name: shown(row, people.map(|people| &people.driver.name)),
            answered: row.is_answered && !is_classic,
        },
        owner: row.owner.as_ref().map(|name| clear(Some(name))),
        contractor: row.contractor.as_ref().map(|name| clear(Some(name))),
        orders: orders
            .map(|order| OrderView {
                number: order.order.clone(),
                time: order.time,
                work: order.work.clone(),
            })
            .collect(),
        custody: custody_view(durable, custody, since),
        key_icon: may_be_in_box,
        outbound,
        uncollected: is_in_box && now.wall_trusted && since.is_some_and(is_old),
        may_pick_up: is_in_box
            && user.is_some_and(|user| {
                user.may(Right::PickUp) && (!is_classic || is_for(user, &Act::PickUp { visit: id }))
            }),
        may_drop: !is_classic
            && !may_be_in_box
            && has_contact
            && user.is_some_and(|user| user.may(Right::Drop)),
        erased: row.is_erased,
        gone_from_planning: row.is_withdrawn || row.visit.is_none(),
        dropped_at,
        remark: remark.map(|remark| clear(Some(remark))),
    }
}

fn custody_view(durable: &Durable, custody: Custody, since: Option<Wall>) -> CustodyView {
    let (kind, place, user) = match custody {
        Custody::Customer => (CustodyKind::Customer, None, None),
        Custody::Box { locker, box_no } => (CustodyKind::Box, Some((locker, box_no)), None),
        Custody::Staff { user } => (CustodyKind::Staff, None, Some(user)),
        Custody::ToCheck { locker, box_no, last } => (CustodyKind::ToCheck, Some((locker, box_no)), last),
        Custody::Missing { locker, box_no, last } => (CustodyKind::Missing, Some((locker, box_no)), last),
    };
    CustodyView {
        kind,
        box_no: place.map(|(_, box_no)| box_no),
        locker: place.map(|(locker, _)| locker),
        user: name_of(durable, user),
        since,
    }
}

fn event_view(durable: &Durable, event: &Event) -> EventView {
    EventView { kind: event.kind, at: event.at, who: name_of(durable, event.user), box_no: event.box_no }
}

fn help_view(durable: &Durable, locker: LockerId, row: &HelpRow, unrecorded: bool) -> HelpView {
    let handler = match &row.state {
        HelpState::Open { .. } => None,
        HelpState::Handled { by, .. } => Some(*by),
    };
    HelpView {
        id: row.id,
        locker,
        step: row.step.clone(),
        at: row.at,
        repeats: row.repeats,
        state: if handler.is_some() { HelpStateView::Handled } else { HelpStateView::Open },
        handled_by: name_of(durable, handler),
        unrecorded,
    }
}

fn ticket_view(ticket: &Ticket, now: &Now) -> TicketView {
    TicketView {
        id: ticket.id,
        act: ticket.act,
        locker: ticket.locker,
        left_ms: ticket.dies_at().since(now.mono),
    }
}

fn log_view(durable: &Durable, seq: u64, row: &LogRow) -> LogView {
    LogView {
        seq,
        kind: row.kind.clone(),
        at: row.at,
        user: row.user,
        name: name_of(durable, row.user),
        tablet: row.tablet,
        locker: row.locker,
        visit: row.visit,
        box_no: row.box_no,
        code: row.code,
        reason: row.words.as_ref().map(|words| clear(Some(words))).or(row.reason.map(|why| why.key().into())),
    }
}

fn code_state(bar: Bar, now: &Now) -> CodeState {
    match bar {
        Bar::None => CodeState::Open,
        Bar::Waits { age } => match age.reaches(CODE_WAIT_MS).since(now.mono) {
            0 => CodeState::Open,
            for_ms => CodeState::Waits { for_ms },
        },
        Bar::Locked => CodeState::Locked,
    }
}

/// The name of a user, whether still active or not; a dash once erased.
fn name_of(durable: &Durable, user: Option<UserId>) -> Option<String> {
    user.map(|user| clear(durable.users.get(&user).map(|row| &row.name)))
}

fn clear(value: Option<&Personal<String>>) -> String {
    value.map_or_else(String::new, |value| value.get().cloned().unwrap_or_else(|| String::from(DASH)))
}

/// What planning says of a visit; a dash once erased, nothing if planning never said it.
fn shown(row: &VisitRow, value: Option<&String>) -> String {
    value.cloned().unwrap_or_else(|| String::from(if row.is_erased { DASH } else { "" }))
}
