//! What the office owes: SAFE-5, who is erased stands nowhere in the clear; PICK-4, the location is told once a day of a key
//! that has waited for 30 days.

use std::collections::{BTreeMap, BTreeSet};

use locker_core::office::{self, Caller, DASH};
use locker_core::{
    DAY, Date, FactKind, Finding, Head, HoldsPersonal, LockerId, Machine, Opened, SealError, Secret, Stamped,
    Subject, Vault, VisitId, Wall,
};

use super::Judge;
use super::secrets::leaks;
use crate::world::clocks::{BEGIN, date_of};
use crate::world::deed::{Computer, Deed};
use crate::world::stage::Stage;

/// From this age on a key for its customer is told, in milliseconds.
const TOLD_AFTER_MS: u64 = 30 * DAY;
/// What drift may make of it.
const SLACK_MS: u64 = 10_000_000;

/// What a locker says of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// Somebody put it in a box.
    PutIn { by_staff: bool },
    /// Its box is to be checked: perhaps nobody confirmed that it was put in.
    MayBeIn { by_staff: bool },
    /// It is in no box any more.
    Out,
}

#[derive(Default)]
pub(super) struct OfficeBooks {
    erased: BTreeSet<Subject>,
    /// What lockers said of each key, in the order of their clocks.
    words: BTreeMap<VisitId, Vec<(Wall, Word)>>,
    /// When each key was told last.
    told: BTreeMap<VisitId, Date>,
    /// The running day, and whether it began with an office that was well and still is.
    day: Option<(Date, bool)>,
}

impl OfficeBooks {
    pub(super) fn take(&mut self, judge: &mut Judge<'_>, records: &[Stamped<office::Record>]) {
        for stamped in records {
            match &stamped.record {
                office::Record::FactTaken { fact_at, fact, .. } => self.hears(fact_at.wall, fact),
                office::Record::UncollectedTold { visit, day, .. } => {
                    let before = self.told.insert(*visit, *day);
                    judge.check("PICK-4", judge.clocks_are_wrong || before < Some(*day), || {
                        format!("the location was told of the key of visit {visit} twice on one day")
                    });
                    let is_old = self.waits_since(*visit).is_some_and(|since| {
                        judge.clocks_are_wrong || since + TOLD_AFTER_MS <= judge.at + SLACK_MS
                    });
                    judge.check("PICK-4", is_old, || {
                        format!(
                            "the location was told of the key of visit {visit}, which does not wait so long"
                        )
                    });
                }
                _ => {}
            }
        }
    }

    /// Lockers may be heard in any order.
    fn hears(&mut self, at: Wall, fact: &FactKind) {
        let (visit, word) = match fact {
            FactKind::KeyDropped { visit, user, .. } => (*visit, Word::PutIn { by_staff: user.is_some() }),
            FactKind::ToCheck { visit: Some(visit), user, .. } => {
                (*visit, Word::MayBeIn { by_staff: user.is_some() })
            }
            FactKind::KeyTaken { visit, .. }
            | FactKind::KeyCollected { visit, .. }
            | FactKind::Settled { visit: Some(visit), finding: Finding::Empty | Finding::KeyTaken, .. } => {
                (*visit, Word::Out)
            }
            _ => return,
        };
        let words = self.words.entry(visit).or_default();
        let place = words.partition_point(|(there, _)| *there <= at);
        words.insert(place, (at, word));
    }

    /// The true time since which a key waits in a box for its customer, if it does: since staff put it in.
    fn waits_since(&self, visit: VisitId) -> Option<u64> {
        let (mut is_in, mut since) = (false, None);
        for (at, word) in self.words.get(&visit)? {
            (is_in, since) = match word {
                Word::PutIn { by_staff } => (true, by_staff.then_some(*at)),
                Word::MayBeIn { by_staff } if !is_in => (true, by_staff.then_some(*at)),
                Word::MayBeIn { .. } => (true, since),
                Word::Out => (false, None),
            };
        }
        u64::try_from(since?.0 - BEGIN.0).ok()
    }

    /// Something was done to the office's computer: on such a day it need not tell.
    pub(super) fn did(&mut self, deed: &Deed) {
        if let Deed::PowerCut { at: Computer::Office, .. }
        | Deed::Crash { at: Computer::Office, .. }
        | Deed::Hang { at: Computer::Office, .. }
        | Deed::Append { at: Computer::Office, .. }
        | Deed::Disk { at: Computer::Office, .. } = deed
            && let Some((_, is_well)) = &mut self.day
        {
            *is_well = false;
        }
    }

    pub(super) fn erased(&mut self, stage: &Stage, judge: &mut Judge<'_>, subject: Subject) {
        self.erased.insert(subject);
        judge.check("SAFE-5", stage.is_destroyed(subject), || {
            format!("the key of {subject} is called destroyed and is not")
        });
        let Subject::Visit(visit) = subject else { return };
        let Some(caller) = stage.who_is_logged_in(0) else { return };
        self.page_says_nothing(stage, judge, &caller, visit);
    }

    /// What a dealer admin sees of somebody who was erased, but the names of staff.
    fn page_says_nothing(&self, stage: &Stage, judge: &mut Judge<'_>, caller: &Caller, visit: VisitId) {
        let Some(office) = stage.office() else { return };
        let Ok(mut page) = office.visit_page(caller, visit, &stage.office_now()) else { return };
        page.visit.custody.user = None;
        page.timeline.iter_mut().for_each(|event| event.who = None);
        let is_dashed = page.visit.erased && page.visit.plate == DASH && page.visit.driver.name == DASH;
        judge.check("SAFE-5", is_dashed && !leaks(format!("{page:?}").as_bytes()), || {
            format!("the page of visit {visit}, which was erased, still says whose it was")
        });
    }

    /// A look now and then: whether the day is over, and with it what had to be told.
    pub(super) fn look(&mut self, stage: &Stage, judge: &mut Judge<'_>) {
        let today = date_of(stage.wall());
        let is_well = stage.office().is_some() && !judge.clocks_are_wrong;
        match &mut self.day {
            Some((day, was_well)) if *day == today => *was_well &= is_well,
            _ => {
                if let Some((day, true)) = self.day {
                    self.day_is_over(judge, day);
                }
                self.day = Some((today, is_well));
                self.nobody_is_remembered(stage, judge);
            }
        }
    }

    fn day_is_over(&self, judge: &mut Judge<'_>, day: Date) {
        for visit in self.words.keys() {
            let Some(since) = self.waits_since(*visit) else { continue };
            // Old enough since the day before it at the latest: whatever the office heard on that day, it could tell.
            if since + TOLD_AFTER_MS + 2 * DAY <= judge.at {
                judge.check("PICK-4", self.told.get(visit) >= Some(&day), || {
                    format!("the location was not told of the key of visit {visit}, which waits for 30 days")
                });
            }
        }
    }

    /// Looks through all that the machines know for what is personal of those who were erased.
    pub(super) fn nobody_is_remembered(&self, stage: &Stage, judge: &mut Judge<'_>) {
        if self.erased.is_empty() {
            return;
        }
        let office = stage.office().map(|office| (None, Self::remembered(&self.erased, office)));
        let lockers = stage.lockers().filter_map(|id| Some((Some(id), stage.locker(id)?)));
        let lockers = lockers.map(|(id, locker)| (id, Self::remembered(&self.erased, locker)));
        for (locker, found) in office.into_iter().chain(lockers) {
            let whose =
                locker.map_or_else(|| "the office".into(), |locker: LockerId| format!("locker {locker}"));
            judge.check("SAFE-5", found.is_none(), || {
                format!(
                    "{whose} still knows something personal of {}",
                    found.unwrap_or(Subject::Visit(VisitId(0)))
                )
            });
        }
    }

    fn remembered<M: Machine>(erased: &BTreeSet<Subject>, machine: &M) -> Option<Subject> {
        let mut probe = Probe { erased, found: None };
        let mut durable = machine.frame().durable().clone();
        // The probe seals everything.
        let _ = durable.visit_personal(&mut |personal| personal.seal(&mut probe));
        probe.found
    }

    /// Nobody waits to be erased once everything has healed, and the office's journal still tells the same.
    pub(super) fn converged(&self, stage: &Stage, judge: &mut Judge<'_>) {
        let left = stage.to_erase();
        judge.check("SAFE-5", left == 0, || {
            format!("{left} wait to be erased although every locker has let go")
        });
        self.nobody_is_remembered(stage, judge);
        judge.check("converges", stage.office_replays(), || {
            "the office's journal replayed from its first record is another".into()
        });
    }
}

/// A vault that only looks who is still in the clear.
struct Probe<'a> {
    erased: &'a BTreeSet<Subject>,
    found: Option<Subject>,
}

impl Vault for Probe<'_> {
    fn machine_key(&mut self, _: &str) -> Result<Secret<[u8; 32]>, SealError> {
        Err(SealError::Unavailable)
    }

    fn seal(&mut self, subject: Subject, _: &[u8]) -> Result<Vec<u8>, SealError> {
        if self.erased.contains(&subject) {
            self.found.get_or_insert(subject);
        }
        Ok(Vec::new())
    }

    fn open(&self, _: Subject, _: &[u8]) -> Result<Opened, SealError> {
        Err(SealError::Unavailable)
    }

    fn erase(&mut self, _: Subject) -> Result<(), SealError> {
        Err(SealError::Unavailable)
    }

    fn head(&self, _: &str) -> Result<Option<Head>, SealError> {
        Err(SealError::Unavailable)
    }

    fn keep_head(&mut self, _: &str, _: Head) -> Result<(), SealError> {
        Err(SealError::Unavailable)
    }
}
