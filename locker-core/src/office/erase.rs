//! Erasing what is personal, by age and by request (SAFE-5).
//!
//! It takes two records. The first says that somebody is to be erased: from then on lockers are no longer told of the
//! visit. The host looks whether the locker has let go of it too, has the vault destroy the key, and says so; the
//! second record is that. In between nothing is lost: a key that was being dropped at that very moment ends the
//! erasure, and a host that stops goes on with [`Office::to_erase`] after its next start.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use super::admin::{Needs, allow};
use super::ask::{Answer, By};
use super::custody::{Custody, VisitRow};
use super::record::Record;
use super::refuse::Refusal;
use super::state::{Durable, Hold, NoticeKind};
use super::{Office, Session};
use crate::ids::{TabletId, UserId, VisitId};
use crate::locker::Store;
use crate::machine::Draft;
use crate::secret::{HoldsPersonal, Sealable};
use crate::time::{DAY, Date, HOUR, Now, Wall};
use crate::vault::Subject;

/// The range of [`Location::erase_after_days`](super::Location::erase_after_days).
pub const ERASE_AFTER_DAYS: RangeInclusive<u16> = 1..=3_650;

/// The most erasures by age that begin with one input; the next input goes on.
const BEGUN_AT_ONCE_MAX: usize = 100;

/// Somebody who is to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Whom.
    pub subject: Subject,
    /// The revision of [`Desired`](crate::Desired) from which on lockers are not told of the visit any more.
    pub revision: u64,
}

impl Office {
    /// Who is to be erased and is not yet. For each, once no locker [needs](crate::Locker::may_forget) the subject: have
    /// the vault [destroy](crate::Vault::erase) the key, then tell [`Told::Erased`](super::Told::Erased). Doing it
    /// again does no harm.
    #[must_use]
    pub fn to_erase(&self) -> Vec<Erasure> {
        let erasing = self.durable().erasing.iter();
        erasing.map(|(subject, revision)| Erasure { subject: *subject, revision: *revision }).collect()
    }
}

/// Begins to erase a visit or a user, on the word of a dealer admin.
pub(super) fn request(draft: &mut Draft<'_, Office>, by: By, subject: Subject) -> Result<Answer, Refusal> {
    let by = match allow(draft, by, Needs::DealerAdmin)? {
        Ok(by) => by,
        Err(denied) => return Ok(denied),
    };
    let durable = draft.durable();
    let is_erased = match subject {
        Subject::Visit(visit) => {
            let row = durable.visits.get(&visit).ok_or(Refusal::NoSuchVisit)?;
            if !row.is_with_customer() {
                return Err(Refusal::KeyNotBack);
            }
            row.is_erased
        }
        Subject::User(user) => {
            let row = durable.users.get(&user).ok_or(Refusal::NoSuchUser)?;
            if row.active {
                return Err(Refusal::UserActive);
            }
            if durable.visits.values().any(|row| hangs_on(row.custody().0, user)) {
                return Err(Refusal::KeyNotBack);
            }
            row.login.get().is_none()
        }
    };
    if is_erased || durable.erasing.contains_key(&subject) {
        return Err(Refusal::AlreadySo);
    }
    draft.record(Record::ErasureBegan { subject, by });
    Ok(Answer::Done)
}

/// Whether this user answers for the key, or had its box opened last.
fn hangs_on(custody: Custody, user: UserId) -> bool {
    match custody {
        Custody::Staff { user: holder } => holder == user,
        Custody::ToCheck { last, .. } | Custody::Missing { last, .. } => last == Some(user),
        Custody::Customer | Custody::Box { .. } => false,
    }
}

/// The host destroyed the key.
pub(super) fn done(draft: &mut Draft<'_, Office>, subject: Subject) {
    if draft.durable().erasing.contains_key(&subject) {
        draft.record(Record::Erased { subject });
    }
}

/// Begins the erasures that are due by age. Looked at with every input, once a day; not by a clock in doubt (SAFE-7), and
/// not while nothing can be recorded.
pub(super) fn by_age(draft: &mut Draft<'_, Office>) {
    let now = *draft.now();
    watch_clock(&mut draft.session, &now);
    if draft.session.aged == Some(now.today) || draft.session.store == Store::Down || is_doubted(draft, &now)
    {
        return;
    }
    let days = draft.durable().location.erase_after_days;
    let visits = draft.durable().visits.iter();
    let is_new = |visit: &VisitId| !draft.durable().erasing.contains_key(&Subject::Visit(*visit));
    let due = visits.filter(|(visit, row)| is_due(row, &now, days) && is_new(visit)).map(|(visit, _)| *visit);
    let due: Vec<VisitId> = due.take(BEGUN_AT_ONCE_MAX).collect();
    draft.session.aged = (due.len() < BEGUN_AT_ONCE_MAX).then_some(now.today);
    for visit in due {
        draft.record(Record::ErasureBegan { subject: Subject::Visit(visit), by: None });
    }
}

/// A jump of the wall clock against the monotonic one is doubted until a locker says that its clock, which is the
/// same one or was set by the same people, is confirmed.
fn watch_clock(session: &mut Session, now: &Now) {
    if let Some((mono, wall)) = session.clocks {
        let expected = wall.0.saturating_add_unsigned(now.mono.since(mono));
        session.is_clock_doubted |= now.wall.0.abs_diff(expected) > HOUR;
    }
    session.clocks = Some((now.mono, now.wall));
}

pub(super) fn is_doubted(draft: &Draft<'_, Office>, now: &Now) -> bool {
    let is_told = draft
        .durable()
        .notices
        .values()
        .any(|notice| notice.kind == NoticeKind::ClockDoubted && notice.over.is_none());
    !now.wall_trusted || draft.session.is_clock_doubted || is_told
}

/// Whether the visit is over, its key is back, and both for so many days.
fn is_due(row: &VisitRow, now: &Now, days: u16) -> bool {
    let (custody, since) = row.custody();
    let date = row.visit.as_ref().map(|visit| visit.date);
    let is_known = date.is_some() || since.is_some();
    !row.is_erased
        && is_known
        && custody == Custody::Customer
        && date.is_none_or(|date| is_over(date, now.today, days))
        && since.is_none_or(|since| is_past(since, now.wall, days))
}

/// Whether a day is over for so many days, or was never to be taken in again once it was erased.
pub(super) fn is_over(date: Date, today: Date, days: u16) -> bool {
    date.plus_days(i32::from(days)) < today
}

fn is_past(since: Wall, wall: Wall, days: u16) -> bool {
    let ms = u64::from(days) * DAY;
    wall.0.saturating_sub(since.0) >= ms.cast_signed()
}

impl Durable {
    /// Forgets what is personal about the subject; rows, custody, times and numbers stay.
    pub(super) fn erase(&mut self, subject: Subject) {
        self.erasing.remove(&subject);
        match subject {
            Subject::Visit(visit) => {
                if let Some(row) = self.visits.get_mut(&visit) {
                    row.is_erased = true;
                    row.scrub(subject);
                }
                self.scrub_tickets(subject);
            }
            Subject::User(user) => {
                if let Some(row) = self.users.get_mut(&user) {
                    row.login.erase(subject);
                    row.name.erase(subject);
                }
            }
        }
    }

    fn scrub_tickets(&mut self, subject: Subject) {
        let tablets: Vec<TabletId> = self.tablets.keys().copied().collect();
        for id in tablets {
            let held = self.tablets.get_mut(&id).map(|row| &mut row.hold);
            if let Some(Hold::Ticket(ticket) | Hold::Opened { ticket, .. }) = held
                && let Some(to) = &mut ticket.to
            {
                to.erase(subject);
            }
        }
    }

    /// After a fact about a visit: a key that is out after all ends its erasure, and what a late fact says of somebody who
    /// was erased is not kept.
    pub(super) fn look_at_erasure(&mut self, visit: VisitId) {
        let subject = Subject::Visit(visit);
        let Some(row) = self.visits.get_mut(&visit) else {
            return;
        };
        if row.is_erased {
            row.scrub(subject);
        } else if !row.is_with_customer() {
            self.erasing.remove(&subject);
        }
    }
}

impl VisitRow {
    fn scrub(&mut self, subject: Subject) {
        // `erase` cannot fail, so nor can this.
        let _ = self.visit_personal(&mut |personal: &mut dyn Sealable| {
            personal.erase(subject);
            Ok(())
        });
    }
}
