//! How each record changes what the office knows. Never fails: a record says what was already decided.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::code::{Bar, CodeHolder, Tries, WRONG_CODES_BEFORE_LOCK, WRONG_CODES_BEFORE_WAIT};
use super::custody::{Event, EventKind, Word};
use super::record::{Record, visit_of};
use super::state::{
    Code, Durable, HelpRow, HelpState, Hold, LockerRow, NOTICES_MAX, Notice, NoticeKind, TABLETS_MAX,
    TabletRow, Ticket, TicketEnd, WISHES_MAX, WishKind,
};
use super::user::{Right, Rights, UserRow};
use crate::exchange::Act;
use crate::ids::{HelpId, LockerId, TabletId, UserId};
use crate::machine::Stamped;
use crate::time::{Age, At};
use crate::vault::Subject;

/// The right that an act needs.
pub(super) const fn right_for(act: &Act) -> Right {
    match act {
        Act::PickUp { .. } => Right::PickUp,
        Act::Drop { .. } => Right::Drop,
        Act::Check { .. } => Right::Check,
    }
}

/// Changes `durable` by one record.
pub(super) fn apply(durable: &mut Durable, stamped: &Stamped<Record>) {
    let (at, seq) = (stamped.at, stamped.seq);
    durable.write_log(stamped);
    match &stamped.record {
        Record::Started { wall_trusted } => durable.cross_start(at, *wall_trusted),
        Record::LocationPut { location, .. } => {
            durable.location = location.clone();
            durable.revision = seq;
        }
        Record::LockerPut { locker, settings, boxes, .. } => {
            let row = durable.lockers.entry(*locker).or_insert_with(|| LockerRow {
                settings: settings.clone(),
                boxes: *boxes,
                cursor: 0,
                head: crate::chain::Head::default(),
                last_fact: None,
            });
            row.settings = settings.clone();
            row.boxes = *boxes;
            durable.next.locker = durable.next.locker.max(locker.0);
            durable.revision = seq;
        }
        Record::UserPut { user, login, name, role, rights, active, .. } => {
            let tries = durable.users.get(user).map(|row| row.tries.clone()).unwrap_or_default();
            durable.change_code_holder(*user, *active && rights.contains(&Right::TemporaryCode), seq);
            durable.users.insert_mut(
                *user,
                UserRow {
                    login: login.clone(),
                    name: name.clone(),
                    role: *role,
                    rights: rights.clone(),
                    active: *active,
                    tries,
                },
            );
            durable.next.user = durable.next.user.max(user.0);
            durable.revoke(*user, rights, *active);
        }
        Record::VisitPut { visit, owner, contractor } => {
            durable.next.visit = durable.next.visit.max(visit.id.0);
            let row = durable.visit_mut(visit.id);
            row.visit = Some(Arc::new(visit.clone()));
            row.owner.clone_from(owner);
            row.contractor.clone_from(contractor);
            row.is_withdrawn = false;
            durable.revision = seq;
        }
        Record::VisitWithdrawn { visit } => {
            durable.visit_mut(*visit).is_withdrawn = true;
            durable.revision = seq;
        }
        Record::VisitForgotten { visit } => {
            durable.visits.remove_mut(visit);
            durable.revision = seq;
        }
        Record::CarInShop { visit, by } => durable.visit_mut(*visit).add_event(Event {
            at: at.wall,
            locker: None,
            seq,
            kind: EventKind::CarInShop,
            user: Some(*by),
            box_no: None,
        }),
        Record::RemarkShared { visit, visible, .. } => {
            durable.visit_mut(*visit).is_remark_shared = *visible;
        }
        Record::LoggedIn { tablet, user, token } => {
            durable.make_room_for(*tablet);
            let tries = durable.tablets.get(tablet).map(|row| row.tries.clone()).unwrap_or_default();
            durable.tablets.insert_mut(
                *tablet,
                TabletRow {
                    user: *user,
                    token: *token,
                    session: Some(seq),
                    at: at.wall,
                    tries,
                    hold: Hold::Nothing,
                },
            );
            durable.next.tablet = durable.next.tablet.max(tablet.0);
        }
        Record::LoggedOut { tablet } => {
            if let Some(row) = durable.tablets.get_mut(tablet) {
                row.session = None;
                row.hold = Hold::Nothing;
            }
        }
        Record::CodeSet { code, .. } => {
            durable.code = Some(Code { hash: *code, set: seq });
        }
        Record::CodeWrong { tablet, user } => durable.count_wrong(*tablet, *user, at, seq),
        Record::CodeWaitOver { holder } => {
            if let Some(tries) = durable.tries_mut(*holder) {
                tries.bar = Bar::None;
            }
        }
        Record::CodeLifted { holder, .. } => {
            if let Some(tries) = durable.tries_mut(*holder) {
                *tries = Tries::default();
            }
        }
        Record::TicketGranted { ticket, tablet, user, locker, act, minutes, to } => {
            for holder in [CodeHolder::User(*user), CodeHolder::Tablet(*tablet)] {
                if let Some(tries) = durable.tries_mut(holder) {
                    *tries = Tries::default();
                }
            }
            if let Some(row) = durable.tablets.get_mut(tablet) {
                row.hold = Hold::Ticket(Ticket {
                    id: *ticket,
                    act: *act,
                    locker: *locker,
                    age: Age::begun(at),
                    minutes: *minutes,
                    to: to.clone(),
                    scans: Vec::new(),
                });
            }
            durable.next.ticket = durable.next.ticket.max(ticket.0);
        }
        Record::TicketEnded { tablet, end, .. } => {
            if let Some(row) = durable.tablets.get_mut(tablet) {
                row.hold = Hold::Ended(*end);
            }
        }
        Record::ScanForwarded { scan, tablet, .. } => {
            durable.next.scan = durable.next.scan.max(scan.0);
            durable.scans.insert(*scan, *tablet);
            if let Some(TabletRow { hold: Hold::Ticket(ticket), .. }) = durable.tablets.get_mut(tablet) {
                ticket.scans.push(*scan);
            }
        }
        Record::PinSentAgain { .. } | Record::TemporaryPinAsked { .. } => {}
        Record::AuthenticatorEnrolled { user, locker, .. } => {
            durable.authenticators.entry(*locker).or_default().insert(*user);
            durable.revision = seq;
        }
        Record::AuthenticatorRevoked { user, locker, .. } => {
            if let Some(people) = durable.authenticators.get_mut(locker) {
                people.remove(user);
            }
            durable.revision = seq;
        }
        Record::ScanAnswered { scan, .. } => {
            durable.scans.remove(scan);
        }
        Record::HelpHandled { locker, user, .. } => {
            if let Some(row) = durable.help.get_mut(locker) {
                row.state = HelpState::Handled { by: *user, at: at.wall };
            }
        }
        Record::HelpDisregarded { locker, user, .. } => {
            if let Some(HelpRow { state: HelpState::Open { disregarded_by, .. }, .. }) =
                durable.help.get_mut(locker)
            {
                disregarded_by.insert(*user);
            }
        }
        Record::HelpToldAgain { locker, help } => durable.tell_again(*locker, *help, seq),
        Record::FactTaken { locker, fact_seq, fact_at, head, fact } => {
            if let Some(row) = durable.lockers.get_mut(locker) {
                row.cursor = *fact_seq;
                row.head = *head;
                row.last_fact = Some(fact_at.wall);
            }
            let word = Word { locker: *locker, seq: *fact_seq, at: fact_at.wall, kind: fact };
            durable.take_fact(&word, at, seq);
            if let Some(visit) = visit_of(fact) {
                durable.look_at_erasure(visit);
            }
        }
        Record::WishDone { wish } => {
            durable.wishes.remove_mut(wish);
        }
        Record::UncollectedTold { visit, locker, box_no, day } => {
            let wish = WishKind::KeyUncollected { visit: *visit, locker: *locker, box_no: *box_no };
            Durable::push(&mut durable.wishes, seq, wish, WISHES_MAX);
            durable.visit_mut(*visit).told_on(*day);
        }
        Record::ErasureBegan { subject, .. } => {
            durable.erasing.insert(*subject, seq);
            if matches!(subject, Subject::Visit(_)) {
                durable.revision = seq;
            }
        }
        Record::Erased { subject } => durable.erase(*subject),
        Record::Denied { .. } => {}
    }
    durable.last = at;
}

impl Durable {
    /// Carries tickets, waits and calls over a start (SAFE-7): a ticket does not survive doubtful time, a wait begins
    /// again in full.
    fn cross_start(&mut self, start: At, wall_trusted: bool) {
        let last = self.last;
        let is_doubtful = !wall_trusted || start.wall < last.wall;
        self.scans.clear();
        let restart = |tries: &mut Tries| {
            if let Bar::Waits { age } = &mut tries.bar {
                *age = Age::begun(start);
            }
        };
        let tablets: Vec<TabletId> = self.tablets.keys().copied().collect();
        for id in tablets {
            let Some(row) = self.tablets.get_mut(&id) else {
                continue;
            };
            restart(&mut row.tries);
            match &mut row.hold {
                Hold::Ticket(_) if is_doubtful => row.hold = Hold::Ended(TicketEnd::Expired),
                Hold::Opened { .. } if is_doubtful => row.hold = Hold::Ended(TicketEnd::Used),
                Hold::Ticket(ticket) | Hold::Opened { ticket, .. } => {
                    ticket.age = ticket.age.cross(last, start, wall_trusted);
                }
                Hold::Nothing | Hold::Ended(_) => {}
            }
        }
        let users: Vec<UserId> = self.users.keys().copied().collect();
        for id in users {
            if let Some(row) = self.users.get_mut(&id) {
                restart(&mut row.tries);
            }
        }
        for row in self.help.values_mut() {
            if let HelpState::Open { age, .. } = &mut row.state {
                *age = age.cross(last, start, wall_trusted);
            }
        }
    }

    /// Ends the tickets that the user may no longer use, at once (START-6); an inactive user is logged out.
    fn revoke(&mut self, user: UserId, rights: &Rights, active: bool) {
        let tablets: Vec<TabletId> =
            self.tablets.iter().filter(|(_, row)| row.user == user).map(|(id, _)| *id).collect();
        for id in tablets {
            let Some(row) = self.tablets.get_mut(&id) else {
                continue;
            };
            let keeps = |ticket: &Ticket| active && rights.contains(&right_for(&ticket.act));
            match &row.hold {
                Hold::Ticket(ticket) | Hold::Opened { ticket, .. } if !keeps(ticket) => {
                    row.hold = Hold::Ended(TicketEnd::Revoked);
                }
                Hold::Nothing | Hold::Ticket(_) | Hold::Opened { .. } | Hold::Ended(_) => {}
            }
            if !active {
                row.session = None;
            }
        }
    }

    fn make_room_for(&mut self, tablet: TabletId) {
        if self.tablets.contains_key(&tablet) || self.tablets.size() < TABLETS_MAX {
            return;
        }
        let oldest = self.tablets.iter().find(|(_, row)| row.makes_room());
        if let Some(oldest) = oldest.map(|(id, _)| *id) {
            self.tablets.remove_mut(&oldest);
        }
    }

    fn tries_mut(&mut self, holder: CodeHolder) -> Option<&mut Tries> {
        match holder {
            CodeHolder::User(user) => self.users.get_mut(&user).map(|row| &mut row.tries),
            CodeHolder::Tablet(tablet) => self.tablets.get_mut(&tablet).map(|row| &mut row.tries),
        }
    }

    /// Counts a wrong code for user and tablet; whichever reaches the number bars both (CODE-6).
    fn count_wrong(&mut self, tablet: TabletId, user: UserId, at: At, seq: u64) {
        let holders = [CodeHolder::User(user), CodeHolder::Tablet(tablet)];
        let mut bar = Bar::None;
        for holder in holders {
            let Some(tries) = self.tries_mut(holder) else {
                continue;
            };
            tries.wrong = tries.wrong.saturating_add(1);
            if tries.wrong >= WRONG_CODES_BEFORE_LOCK {
                bar = Bar::Locked;
            } else if tries.wrong == WRONG_CODES_BEFORE_WAIT && bar != Bar::Locked {
                bar = Bar::Waits { age: Age::begun(at) };
            }
        }
        if bar == Bar::None {
            return;
        }
        for holder in holders {
            if let Some(tries) = self.tries_mut(holder) {
                tries.bar = bar;
            }
        }
        if bar == Bar::Locked {
            let wish = WishKind::SecurityCodeLocked { user, tablet };
            Self::push(&mut self.wishes, seq, wish, WISHES_MAX);
            let notice = Notice {
                kind: NoticeKind::SecurityCodeLocked,
                at: at.wall,
                locker: None,
                box_no: None,
                visit: None,
                user: Some(user),
                over: None,
            };
            Self::push(&mut self.notices, seq, notice, NOTICES_MAX);
        }
    }

    fn tell_again(&mut self, locker: LockerId, help: HelpId, seq: u64) {
        if let Some(HelpRow { state: HelpState::Open { told_again, disregarded_by, .. }, .. }) =
            self.help.get_mut(&locker)
        {
            *told_again = true;
            disregarded_by.clear();
            let wish = WishKind::HelpNotHandled { locker, help };
            Self::push(&mut self.wishes, seq, wish, WISHES_MAX);
        }
    }
}
