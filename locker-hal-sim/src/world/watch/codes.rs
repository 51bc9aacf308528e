//! Codes and messages: CODE-2, CODE-4, DROP-15, and that what counts as sent was handed over.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use locker_core::{
    At, CodeId, DAY, Death, Finding, MINUTE, MessageId, Origin, Record, SessionId, Stamped, Template, VisitId,
};

use super::Judge;
use super::staff_codes::StaffCodes;

/// What drift and an off computer's rounding may make of a lifetime, in thousandths and milliseconds.
const SLACK_MS: u64 = 2_000;
/// Guesses that a lock-out lets through in a day (CODE-1, CODE-4).
const GUESSES_A_DAY: usize = 36;
const LOCKS_MINUTES: [u64; 5] = [5, 10, 20, 40, 60];

struct Live {
    visit: VisitId,
    origin: Origin,
    message: MessageId,
    made: u64,
    life_ms: Option<u64>,
    held: Option<SessionId>,
    /// When its session ended last: by true time, and as the record is stamped.
    released: Option<(u64, At)>,
}

#[derive(Default)]
pub(super) struct Codes {
    live: BTreeMap<CodeId, Live>,
    failures: VecDeque<u64>,
    locks: VecDeque<u64>,
    locked_until: u64,
    mailed: BTreeSet<MessageId>,
    open: BTreeSet<MessageId>,
    session: Option<SessionId>,
    identified: bool,
    /// Keys that staff put in a box for the customer, and confirmed or found there.
    handed_in: BTreeSet<VisitId>,
    /// Boxes that are, or may be, used for such a key.
    outbound: BTreeSet<VisitId>,
    /// Keys that their customers have picked up.
    collected: BTreeSet<VisitId>,
    asleep: BTreeSet<CodeId>,
    staff: StaffCodes,
}

impl Codes {
    pub(super) fn is_identified(&self) -> bool {
        self.identified
    }

    pub(super) fn open_messages(&self) -> usize {
        self.open.len()
    }

    pub(super) fn take(&mut self, judge: &mut Judge<'_>, records: &[Stamped<Record>]) {
        let dropped = records.iter().find_map(|stamped| match stamped.record {
            Record::KeyDropped { visit, .. } => Some(visit),
            _ => None,
        });
        for stamped in records {
            self.take_one(judge, stamped, records, dropped);
        }
        if let Some(visit) = dropped {
            judge.check("CODE-2", self.live.values().all(|code| code.visit != visit), || {
                format!("a code of visit {visit} outlived its confirmed drop")
            });
        }
    }

    fn take_one(
        &mut self,
        judge: &mut Judge<'_>,
        stamped: &Stamped<Record>,
        step: &[Stamped<Record>],
        dropped: Option<VisitId>,
    ) {
        self.staff.take(judge, &stamped.record);
        match &stamped.record {
            Record::BootStarted { .. } => (self.session, self.identified) = (None, false),
            Record::SessionBegan { session, .. } => (self.session, self.identified) = (Some(*session), false),
            Record::SessionEnded { .. } => {
                (self.session, self.identified) = (None, false);
                judge.check("DROP-15", self.live.values().all(|code| code.held.is_none()), || {
                    "a code was not given back by a session that ended".into()
                });
            }
            Record::MessageWanted { message, .. } => drop(self.open.insert(*message)),
            Record::MessageSent { message, .. } => {
                self.open.remove(message);
                judge.check("message", self.mailed.contains(message), || {
                    format!("message {message} counts as sent and was never handed over")
                });
            }
            Record::MessageFailed { message, .. } => drop(self.open.remove(message)),
            Record::BoxReserved { visit, outbound, .. } => {
                self.handed_in.remove(visit);
                self.collected.remove(visit);
                if outbound.is_some() {
                    self.outbound.insert(*visit)
                } else {
                    self.outbound.remove(visit)
                };
            }
            Record::KeyDropped { visit, user: Some(_), .. } => drop(self.handed_in.insert(*visit)),
            Record::BoxSettled { visit: Some(visit), finding: Finding::KeyStays, .. }
                if self.outbound.contains(visit) =>
            {
                self.handed_in.insert(*visit);
            }
            Record::BoxSettled {
                visit: Some(visit), finding: Finding::Empty | Finding::KeyTaken, ..
            }
            | Record::KeyTaken { visit, .. } => {
                self.handed_in.remove(visit);
                self.outbound.remove(visit);
            }
            Record::KeyCollected { visit, .. } => {
                self.handed_in.remove(visit);
                self.outbound.remove(visit);
                self.collected.insert(*visit);
            }
            Record::CodeSlept { code } => drop(self.asleep.insert(*code)),
            Record::CodeWoke { code } => drop(self.asleep.remove(code)),
            Record::CodeMade { code, visit, message, origin, life_ms, .. } => {
                judge.check("STAFF-DROP-4", *origin != Origin::PickUp || self.handed_in.contains(visit), || {
                    format!("a PIN to pick up was made for visit {visit}, whose key nobody put in a box for its customer")
                });
                let other = self
                    .live
                    .values()
                    .any(|live| live.visit == *visit && live.origin == Origin::Kiosk && live.held.is_none());
                judge.check("CODE-2", *origin != Origin::Kiosk || !other, || {
                    format!("visit {visit} has two live kiosk PINs")
                });
                let (visit, origin, message, life_ms) = (*visit, *origin, *message, *life_ms);
                let (made, held, released) = (judge.at, None, None);
                self.live.insert(*code, Live { visit, origin, message, made, life_ms, held, released });
            }
            Record::CodeDied { code, why } => self.died(judge, stamped.at, (*code, *why), dropped),
            Record::CodeAccepted { code, session } => self.accepted(judge, *code, *session),
            Record::TotpAccepted { session, .. } => self.identified = self.session == Some(*session),
            Record::CodeReleased { code } => {
                if let Some(live) = self.live.get_mut(code) {
                    (live.held, live.released) = (None, Some((judge.at, stamped.at)));
                }
            }
            Record::CodeFailed { .. } => self.failed(judge, step),
            Record::CodesLocked { for_ms } => self.locked(judge, *for_ms),
            Record::CodesLifted { .. } => {
                self.failures.clear();
                self.locks.clear();
                self.locked_until = 0;
            }
            _ => {}
        }
    }

    fn died(
        &mut self,
        judge: &mut Judge<'_>,
        at: At,
        (code, why): (CodeId, Death),
        dropped: Option<VisitId>,
    ) {
        let Some(live) = self.live.remove(&code) else { return };
        match why {
            Death::Used if live.origin == Origin::PickUp && dropped != Some(live.visit) => {
                judge.check("PICK-2", self.collected.contains(&live.visit), || {
                    format!("the pick-up PIN of visit {} was spent and its key not collected", live.visit)
                });
            }
            Death::Used => judge.check("DROP-15", dropped == Some(live.visit), || {
                format!("a code of visit {} was spent without a confirmed drop", live.visit)
            }),
            Death::Expired => {
                // A deadline is stamped with its own moment, however late it is recorded: here both may be.
                let since = live.released.map(|(_, stamp)| {
                    if stamp.boot == at.boot {
                        at.mono.since(stamp.mono)
                    } else {
                        u64::try_from(at.wall.0 - stamp.wall.0).unwrap_or_default()
                    }
                });
                let is_early = !judge.clocks_are_wrong
                    && since.is_some_and(|since| since + slack(10 * MINUTE) < 10 * MINUTE);
                judge.check("DROP-15", live.held.is_none() && !is_early, || {
                    format!("an accepted code of visit {} died before its time", live.visit)
                });
            }
            Death::Replaced => judge.check("DROP-15", live.held.is_none(), || {
                format!("the code that carries a session of visit {} was replaced", live.visit)
            }),
            Death::Cancelled => {}
        }
    }

    fn accepted(&mut self, judge: &mut Judge<'_>, code: CodeId, session: SessionId) {
        self.identified = self.session == Some(session);
        if self.staff.is_temporary(code) {
            return;
        }
        judge.check("PICK-2", !self.asleep.contains(&code), || "a code that sleeps was accepted".into());
        let wrong = judge.clocks_are_wrong;
        let at = judge.at;
        let is_in_life = self.live.get(&code).map(|live| {
            let end = live.life_ms.map(|life| {
                let kept =
                    live.released.map_or(0, |(released, _)| released + 10 * MINUTE + slack(10 * MINUTE));
                kept.max(live.made + life + slack(life))
            });
            wrong || end.is_none_or(|end| at <= end)
        });
        judge.check("CODE-2", is_in_life == Some(true), || match is_in_life {
            None => "a code was accepted that is not alive".into(),
            Some(_) => "a code was accepted after its life".into(),
        });
        if let Some(live) = self.live.get_mut(&code) {
            live.held = Some(session);
        }
    }

    fn failed(&mut self, judge: &mut Judge<'_>, step: &[Stamped<Record>]) {
        let at = judge.at;
        self.failures.push_back(at);
        while self.failures.front().is_some_and(|first| first + DAY < at) {
            self.failures.pop_front();
        }
        while self.locks.front().is_some_and(|first| first + DAY < at) {
            self.locks.pop_front();
        }
        if judge.clocks_are_wrong {
            return;
        }
        judge.check("CODE-4", self.failures.len() <= GUESSES_A_DAY, || {
            format!("{} guesses within a day", self.failures.len())
        });
        judge.check("CODE-4", at + slack(60 * MINUTE) >= self.locked_until, || {
            "a guess was taken while code entry is locked".into()
        });
        // A little younger than the edge, so that drift decides nothing.
        let within = |ms: u64| self.failures.iter().filter(|failed| **failed + ms > at + slack(ms)).count();
        let young = self.locks.iter().any(|locked| *locked + DAY > at + slack(DAY));
        let is_due = within(15 * MINUTE) >= 5 || within(DAY) >= 10 || young;
        let is_locked = step.iter().any(|stamped| matches!(stamped.record, Record::CodesLocked { .. }));
        judge.check("CODE-4", !is_due || is_locked, || {
            format!("{} wrong codes and no lock", self.failures.len())
        });
    }

    fn locked(&mut self, judge: &mut Judge<'_>, for_ms: u64) {
        let before = self.locks.len().min(LOCKS_MINUTES.len() - 1);
        let expected = LOCKS_MINUTES[before] * MINUTE;
        // At the edge of a day the locker may count one more or one less.
        let nearly = LOCKS_MINUTES[before.saturating_sub(1)] * MINUTE;
        let is_right = judge.clocks_are_wrong || for_ms >= expected.min(nearly);
        judge.check("CODE-4", is_right, || format!("the lock lasts {for_ms} ms, {expected} were due"));
        self.locks.push_back(judge.at);
        self.locked_until = judge.at + for_ms;
    }

    /// A service took a message: its code must be alive.
    pub(super) fn mailed(&mut self, judge: &mut Judge<'_>, message: MessageId, template: Template) {
        self.mailed.insert(message);
        if !template.has_code() {
            return;
        }
        let is_alive = self.live.values().any(|code| code.message == message);
        judge.check("message", is_alive, || {
            format!("the code of message {message} was dead when it was handed over")
        });
    }
}

pub(super) fn slack(ms: u64) -> u64 {
    SLACK_MS + ms / 1_000
}
