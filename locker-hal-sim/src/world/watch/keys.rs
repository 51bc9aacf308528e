//! Keys: SAFE-2, SAFE-3, BOX-11, DROP-19, and that everything converges.
//!
//! The books follow from the records alone; what they say is compared with the machine, and with where the keys really are. A
//! box is *deceived* as long as its content can have been changed, or vouched for, behind the back of sound sensors: then
//! the locker cannot know better, and nothing is asked of it but that it says what its records say.

use std::collections::{BTreeMap, BTreeSet};

use locker_core::{
    BoxNo, CheckReason, CodeId, Custody, DAY, Evidence, Finding, HOUR, LockerId, MINUTE, Machine, Origin,
    Record, SessionId, Stamped, Store, UserId, VisitId,
};

use super::{Books, Judge};
use crate::Fault;
use crate::world::stage::Stage;

/// What drift may make of a day or an hour.
const SLACK_MS: u64 = 100_000;

#[derive(Clone, Default)]
struct Page {
    booked: Option<VisitId>,
    reserved: Option<VisitId>,
    /// Whose customer took the key out of it, and when.
    collected: Option<(VisitId, u64)>,
    checked: bool,
    in_use: bool,
    out: bool,
    deceived: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Away {
    Staff(UserId),
    Missing(BoxNo),
}

#[derive(Default)]
pub(super) struct Keys {
    boxes: BTreeMap<BoxNo, Page>,
    away: BTreeMap<VisitId, Away>,
    /// Boxes to be compared with the truth as soon as everything is quiet.
    doubtful: BTreeSet<BoxNo>,
    faults: BTreeSet<Fault>,
    reservations: Vec<(VisitId, u64)>,
    unconfirmed: Vec<u64>,
    codes: BTreeMap<CodeId, (VisitId, Origin)>,
    /// The session of a customer whose pick-up PIN was accepted, and the visit.
    collecting: Option<(SessionId, VisitId)>,
    /// Visits whose keys stay in their boxes, by what planning says.
    on_hold: BTreeSet<VisitId>,
    /// The session, and the box to which its code brings it back.
    returning: Option<(SessionId, BoxNo)>,
}

/// The label of the key of a visit, by which the books know it.
#[must_use]
pub fn label(visit: VisitId) -> String {
    format!("key {visit}")
}

impl Keys {
    fn custody(&self, visit: VisitId) -> Custody {
        let there = self.boxes.iter().find(|(_, page)| page.booked == Some(visit));
        match (there, self.away.get(&visit)) {
            (Some((&box_no, page)), _) if page.checked => Custody::ToCheck { box_no, user: None },
            (Some((&box_no, _)), _) => Custody::Box { box_no },
            (None, Some(Away::Staff(user))) => Custody::Staff { user: *user },
            (None, Some(Away::Missing(box_no))) => Custody::Missing { box_no: *box_no },
            (None, None) => Custody::Customer,
        }
    }

    fn is_sick(&self, stage: &Stage, box_no: BoxNo) -> bool {
        let board = (box_no.get() - 1) / stage.plan().boxes_per_board.max(1);
        let hurts = |fault: &Fault| match fault.place() {
            Ok(hurt) => hurt == box_no,
            Err(hurt) => hurt == board && deceives(*fault),
        };
        !stage.plan().door_sensors || self.faults.iter().any(hurts)
    }

    /// A fault comes: what the sensors say is not believed until somebody has looked.
    pub(super) fn hurt(&mut self, stage: &Stage, fault: Fault) {
        self.faults.insert(fault);
        let boxes: Vec<BoxNo> = self.boxes.keys().copied().collect();
        for box_no in boxes {
            if self.is_sick(stage, box_no)
                && let Some(page) = self.boxes.get_mut(&box_no)
            {
                page.deceived = true;
            }
        }
    }

    pub(super) fn heal_all(&mut self) {
        self.faults.clear();
    }

    pub(super) fn heal(&mut self, fault: Fault) {
        self.faults.remove(&fault);
    }

    fn page(&mut self, box_no: BoxNo) -> &mut Page {
        self.boxes.entry(box_no).or_default()
    }

    /// A key went into a box or out of it.
    pub(super) fn moved(&mut self, stage: &Stage, locker: LockerId, box_no: BoxNo) {
        let is_seen = stage.store(locker) != Store::Down && !self.is_sick(stage, box_no);
        let page = self.page(box_no);
        page.deceived |= !is_seen;
        self.doubtful.insert(box_no);
    }

    pub(super) fn take(&mut self, stage: &Stage, judge: &mut Judge<'_>, records: &[Stamped<Record>]) {
        let starts = records.iter().any(|stamped| matches!(stamped.record, Record::BootStarted { .. }));
        let used: Vec<BoxNo> = if starts {
            self.boxes.iter().filter(|(_, page)| page.in_use).map(|(box_no, _)| *box_no).collect()
        } else {
            Vec::new()
        };
        let mut about: Vec<VisitId> = Vec::new();
        for stamped in records {
            self.take_one(stage, judge, &stamped.record);
            about.extend(visit_of(&stamped.record));
        }
        for box_no in used {
            let is_checked = self.boxes.get(&box_no).is_some_and(|page| page.checked);
            judge.check("SAFE-2", is_checked, || {
                format!("box {box_no} was in use at the stop and is not to be checked")
            });
        }
        if starts {
            (self.returning, self.collecting) = (None, None);
            let kept = self.boxes.values().all(|page| page.reserved.is_none());
            judge.check("SAFE-2", kept, || "a box is reserved after a start".into());
        }
        let newest = records.last().map_or(0, |stamped| stamped.seq);
        if let Some(machine) = stage.locker(judge.locker).filter(|machine| machine.head().seq == newest) {
            for visit in about {
                self.agrees(judge, visit, machine.custody(visit));
            }
        }
    }

    fn agrees(&self, judge: &mut Judge<'_>, visit: VisitId, said: Custody) {
        let own = self.custody(visit);
        judge.check("SAFE-3", is_same(own, said), || {
            format!("the key of visit {visit}: the records say {own:?}, the locker {said:?}")
        });
    }

    /// A machine was restored: its books are the records' books.
    pub(super) fn started(&mut self, stage: &Stage, judge: &mut Judge<'_>, cold: bool) {
        if cold {
            // What moved just before the stop was perhaps never read.
            for box_no in self.doubtful.clone() {
                self.page(box_no).deceived = true;
            }
        }
        let Some(machine) = stage.locker(judge.locker) else { return };
        let booked = self.boxes.values().filter_map(|page| page.booked);
        let all: BTreeSet<VisitId> = booked.chain(self.away.keys().copied()).collect();
        for visit in all {
            let (own, said) = (self.custody(visit), machine.custody(visit));
            judge.check("SAFE-2", is_same(own, said), || {
                format!(
                    "the key of visit {visit} after a start: the records say {own:?}, the locker {said:?}"
                )
            });
        }
        for report in machine.boxes() {
            let Some(page) = self.boxes.get(&report.box_no) else { continue };
            let is_same = page.booked == report.visit && page.checked == report.to_check.is_some();
            judge.check("SAFE-2", is_same, || {
                format!("box {} after a start is not what it was", report.box_no)
            });
        }
    }

    fn take_one(&mut self, stage: &Stage, judge: &mut Judge<'_>, record: &Record) {
        match record {
            Record::SetUp { layout } => {
                for place in &layout.boxes {
                    self.page(place.box_no);
                }
            }
            Record::VisitPut { visit } if visit.on_hold => drop(self.on_hold.insert(visit.id)),
            Record::VisitPut { visit } => drop(self.on_hold.remove(&visit.id)),
            Record::CodeMade { code, visit, origin, .. } => {
                self.codes.insert(*code, (*visit, *origin));
            }
            Record::CodeDied { code, .. } => drop(self.codes.remove(code)),
            Record::CodeAccepted { code, session } => {
                self.held_back(judge, *code);
                let (visit, origin) = self.codes.get(code).copied().unwrap_or((VisitId(0), Origin::Kiosk));
                self.collecting = (origin == Origin::PickUp).then_some((*session, visit));
                self.returning = match self.custody(visit) {
                    Custody::ToCheck { box_no, .. } if origin != Origin::PickUp => Some((*session, box_no)),
                    _ => None,
                };
            }
            Record::BoxReserved { box_no, visit, outbound, .. } => {
                self.reserved(judge, *box_no, *visit, outbound.is_some());
            }
            Record::PulseGranted { box_no, session, user, .. } => {
                if let Some((_, visit)) = self.collecting.filter(|(collecting, _)| collecting == session) {
                    self.collects(judge, *box_no, visit);
                } else if let Some((_, back)) = self.returning.filter(|(returning, _)| returning == session) {
                    judge.check("DROP-19", back == *box_no, || {
                        format!("who came back for box {back} got box {box_no} opened")
                    });
                    let fresh = self.page(*box_no).in_use;
                    self.limited(judge, None, fresh);
                } else if user.is_none() {
                    let is_kept = self.page(*box_no).reserved.is_some();
                    judge.check("DROP-19", is_kept, || {
                        format!("box {box_no} was opened for a customer and kept for nobody")
                    });
                }
                self.page(*box_no).in_use = true;
                self.doubtful.insert(*box_no);
            }
            Record::BoxOutOfService { box_no, .. } => {
                let page = self.page(*box_no);
                (page.out, page.in_use) = (true, false);
            }
            Record::BoxInService { box_no } => self.page(*box_no).out = false,
            Record::BoxToCheck { box_no, reason, user, .. } => self.doubted(judge, *box_no, *reason, *user),
            record => self.certain(stage, judge, record),
        }
    }

    /// A pick-up PIN is accepted: not while the key is on hold, but for who has just collected it and comes back.
    fn held_back(&self, judge: &mut Judge<'_>, code: CodeId) {
        let Some((visit, _)) = self.codes.get(&code).filter(|(_, origin)| *origin == Origin::PickUp) else {
            return;
        };
        let is_again =
            self.boxes.values().any(|page| page.collected.is_some_and(|(taken, _)| taken == *visit));
        judge.check("PICK-5", is_again || !self.on_hold.contains(visit), || {
            format!("the pick-up PIN of visit {visit} was accepted, whose key is on hold")
        });
    }

    /// A pick-up PIN opens the box of its key, or once more the one that held it, and none else.
    fn collects(&mut self, judge: &mut Judge<'_>, box_no: BoxNo, visit: VisitId) {
        let page = self.page(box_no);
        let (holds, in_use, wrong) = (page.booked == Some(visit), page.in_use, judge.clocks_are_wrong);
        let is_again = page.collected.is_some_and(|(taken, at)| {
            taken == visit && (wrong || in_use || judge.at <= at + 3 * MINUTE + SLACK_MS)
        });
        judge.check("PICK-2", holds || is_again, || {
            format!(
                "box {box_no} was opened with the pick-up PIN of visit {visit}, whose key it does not hold"
            )
        });
    }

    fn reserved(&mut self, judge: &mut Judge<'_>, box_no: BoxNo, visit: VisitId, by_staff: bool) {
        let page = self.page(box_no);
        let is_free = page.booked.is_none()
            && page.reserved.is_none()
            && page.collected.is_none()
            && !page.checked
            && !page.in_use
            && !page.out;
        page.reserved = Some(visit);
        judge.check("BOX-11", is_free, || {
            format!("box {box_no} was assigned although it is not free and certain")
        });
        let custody = self.custody(visit);
        if by_staff {
            let is_in_box = matches!(custody, Custody::Box { .. } | Custody::ToCheck { .. });
            judge.check("STAFF-DROP-4", !is_in_box, || {
                format!("staff were given a box for the key of visit {visit}, which is {custody:?}")
            });
            return;
        }
        judge.check("DROP-19", custody == Custody::Customer, || {
            format!("a box was kept for visit {visit} whose key is {custody:?}")
        });
        self.limited(judge, Some(visit), false);
        self.reservations.push((visit, judge.at));
    }

    /// Whether a customer may have a box opened, by what was left unconfirmed.
    fn limited(&mut self, judge: &mut Judge<'_>, visit: Option<VisitId>, again: bool) {
        let at = judge.at;
        self.reservations.retain(|(_, kept)| kept + DAY > at + SLACK_MS);
        self.unconfirmed.retain(|left| left + HOUR > at + SLACK_MS);
        if judge.clocks_are_wrong || again {
            return;
        }
        let boxes = self.reservations.iter().filter(|(kept, _)| Some(*kept) == visit).count();
        judge.check("DROP-19", boxes < 2, || format!("a third box a day for visit {visit:?}"));
        let left = self.unconfirmed.len();
        judge.check("DROP-19", left < 3, || {
            format!("a box is opened after {left} unconfirmed openings within an hour")
        });
    }

    fn doubted(&mut self, judge: &mut Judge<'_>, box_no: BoxNo, reason: CheckReason, user: Option<UserId>) {
        let left =
            matches!(reason, CheckReason::Aborted | CheckReason::Unconfirmed | CheckReason::Interrupted);
        if left && user.is_none() {
            self.unconfirmed.push(judge.at);
        }
        let page = self.page(box_no);
        if let Some(visit) = page.reserved.take()
            && reason != CheckReason::Occupied
        {
            page.booked = Some(visit);
        }
        (page.checked, page.in_use, page.collected) = (true, false, None);
        self.doubtful.insert(box_no);
    }

    /// Records by which the content of a box becomes certain: somebody vouches for it, or the locker concludes it.
    fn certain(&mut self, stage: &Stage, judge: &mut Judge<'_>, record: &Record) {
        let (box_no, vouched) = match record {
            Record::KeyDropped { visit, box_no, evidence, .. } => {
                self.away.remove(visit);
                let page = self.page(*box_no);
                (page.booked, page.reserved) = (Some(*visit), None);
                (*box_no, *evidence == Evidence::Claimed || *evidence == Evidence::Contradicted)
            }
            Record::KeyTaken { visit, box_no, user, evidence, .. } => {
                self.away.insert(*visit, Away::Staff(*user));
                self.page(*box_no).booked = None;
                (*box_no, *evidence == Evidence::Claimed || *evidence == Evidence::Contradicted)
            }
            Record::KeyCollected { visit, box_no, evidence, .. } => {
                self.away.remove(visit);
                let page = self.page(*box_no);
                (page.booked, page.collected) = (None, Some((*visit, judge.at)));
                (*box_no, *evidence == Evidence::Claimed || *evidence == Evidence::Contradicted)
            }
            Record::BoxSettled { box_no, finding, user, .. } => {
                if !self.settled(*box_no, *finding, *user) {
                    return;
                }
                (*box_no, true)
            }
            Record::BoxFreed { box_no } => {
                let page = self.page(*box_no);
                (page.reserved, page.collected) = (None, None);
                (*box_no, false)
            }
            Record::BoxKept { box_no } => {
                // Nothing else is certain about a box that was to be checked before.
                self.page(*box_no).in_use = false;
                if self.page(*box_no).checked {
                    return;
                }
                (*box_no, false)
            }
            _ => return,
        };
        let is_sick = self.is_sick(stage, box_no);
        let page = self.page(box_no);
        page.in_use = false;
        if !matches!(record, Record::BoxFreed { .. } | Record::BoxKept { .. }) {
            page.checked = false;
        }
        let there = stage.keys_in(judge.locker, box_no);
        let is_true = match page.booked {
            Some(visit) => there.contains(&label(visit)),
            None => there.is_empty(),
        };
        // An item sensor sees something, not whose it is.
        let is_plausible = page.booked.is_some() != there.is_empty();
        if is_true {
            page.deceived = is_sick;
        } else {
            let excused = vouched || is_sick || page.deceived || is_plausible;
            page.deceived = true;
            judge.check("BOX-11", excused, || {
                format!(
                    "box {box_no} counts as certain by {} and has {} keys in it",
                    kind(record),
                    there.len()
                )
            });
        }
        self.doubtful.insert(box_no);
    }

    fn settled(&mut self, box_no: BoxNo, finding: Finding, user: Option<UserId>) -> bool {
        let page = self.page(box_no);
        (page.in_use, page.collected) = (false, None);
        let booked = page.booked;
        match finding {
            Finding::Empty | Finding::KeyTaken => page.booked = None,
            Finding::KeyStays => {}
            Finding::SomethingElse => {
                page.checked = true;
                return false;
            }
        }
        match (booked, finding, user) {
            (Some(visit), Finding::Empty, _) => drop(self.away.insert(visit, Away::Missing(box_no))),
            (Some(visit), Finding::KeyTaken, Some(user)) => drop(self.away.insert(visit, Away::Staff(user))),
            _ => {}
        }
        true
    }

    /// Compares the boxes that were touched with the truth, once nobody uses them and the sensors have been read.
    pub(super) fn quiet(&mut self, stage: &Stage, judge: &mut Judge<'_>) {
        if self.doubtful.is_empty()
            || stage.store(judge.locker) == Store::Down
            || !stage.is_still(judge.locker)
        {
            return;
        }
        for box_no in core::mem::take(&mut self.doubtful) {
            let is_sick = self.is_sick(stage, box_no);
            let Some(page) = self.boxes.get(&box_no) else { continue };
            if page.in_use || page.reserved.is_some() {
                self.doubtful.insert(box_no);
                continue;
            }
            if is_sick || page.deceived || page.checked {
                continue;
            }
            let there = stage.keys_in(judge.locker, box_no);
            let booked = page.booked;
            let is_true = booked.map_or(there.is_empty(), |visit| there.contains(&label(visit)));
            judge.check("SAFE-3", is_true, || {
                format!("box {box_no} is certain to hold the key of {booked:?} and holds {there:?}")
            });
        }
    }
}

/// What must be so at one locker once everything has healed.
pub(super) fn converged(books: &mut Books, stage: &mut Stage, judge: &mut Judge<'_>) {
    let locker = judge.locker;
    judge.check("converges", stage.locker(locker).is_some(), || "the locker does not run".into());
    let screen = stage.screen(locker, locker_core::screen::Surface::Bottom).id;
    judge.check("converges", screen == "start", || format!("the screen is {screen}"));
    judge.check("converges", books.codes.open_messages() == 0, || "a message is still open".into());
    let Some(machine) = stage.locker(locker) else { return };
    for report in machine.boxes() {
        let box_no = report.box_no;
        judge.check(
            "converges",
            report.to_check.is_none() && report.out.is_none() && !report.reserved,
            || format!("box {box_no} is {:?}, {:?}", report.to_check, report.out),
        );
    }
    for (box_no, page) in &books.keys.boxes {
        judge.check("converges", !page.in_use, || format!("box {box_no} is in use"));
    }
    let Some(office) = stage.office() else {
        judge.check("converges", false, || "the office does not run".into());
        return;
    };
    let booked = books.keys.boxes.values().filter_map(|page| page.booked);
    let all: BTreeSet<VisitId> = booked.chain(books.keys.away.keys().copied()).collect();
    for visit in all {
        let (here, there) = (machine.custody(visit), office.custody(visit));
        judge.check("converges", same_custody(here, there), || {
            format!("the key of visit {visit}: the locker says {here:?}, the office {there:?}")
        });
    }
    let wanted = stage.wanted_revision(locker);
    let known = stage.known_revision(locker);
    judge.check("converges", wanted == known, || {
        format!("the office wants revision {wanted:?}, the locker has {known:?}")
    });
    judge.check("converges", stage.replays(locker), || {
        "the journal replayed from its first record is another".into()
    });
}

fn is_same(own: Custody, said: Custody) -> bool {
    match (own, said) {
        (Custody::ToCheck { box_no, .. }, Custody::ToCheck { box_no: other, .. }) => box_no == other,
        (own, said) => own == said,
    }
}

fn same_custody(here: Custody, there: locker_core::office::Custody) -> bool {
    use locker_core::office::Custody as There;
    match (here, there) {
        (Custody::Customer, There::Customer) => true,
        (Custody::Box { box_no }, There::Box { box_no: other, .. })
        | (Custody::ToCheck { box_no, .. }, There::ToCheck { box_no: other, .. })
        | (Custody::Missing { box_no }, There::Missing { box_no: other, .. }) => box_no == other,
        (Custody::Staff { user }, There::Staff { user: other }) => user == other,
        _ => false,
    }
}

/// Whether what a board says of its sensors may be false or missing by this fault of it.
fn deceives(fault: Fault) -> bool {
    !matches!(
        fault,
        Fault::BoardSlow { .. }
            | Fault::AckLost { .. }
            | Fault::BoardRefuses { .. }
            | Fault::RelaysOnAtPowerUp { .. }
    )
}

fn visit_of(record: &Record) -> Option<VisitId> {
    match record {
        Record::BoxReserved { visit, .. }
        | Record::KeyDropped { visit, .. }
        | Record::KeyTaken { visit, .. }
        | Record::KeyCollected { visit, .. } => Some(*visit),
        Record::BoxToCheck { visit, .. } | Record::BoxSettled { visit, .. } => *visit,
        _ => None,
    }
}

fn kind(record: &Record) -> &'static str {
    match record {
        Record::KeyDropped { .. } => "a drop",
        Record::KeyTaken { .. } | Record::KeyCollected { .. } => "a pick-up",
        Record::BoxSettled { .. } => "a finding",
        Record::BoxFreed { .. } => "being freed",
        _ => "being kept",
    }
}
