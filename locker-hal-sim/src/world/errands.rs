//! What brings people to the lockers of a world: the day's visits, keys that are fetched, handed in and collected, rounds.

use locker_core::screen::Surface;
use locker_core::{Act, BoxNo, Custody, DAY, HOUR, LockerId, MINUTE, StaffCode, VisitId, office};

use super::clocks::date_of;
use super::deed::{Deed, Planned, Reply, Who};
use super::mishap::Mishap;
use super::mood::{Mood, happens};
use super::people::Case;
use super::run::{Event, World};
use super::stage::index_of;
use super::visitor::{Errand, Next, Visitor, Way};

/// A world of more days than this has keys that nobody comes for.
const LONG_DAYS: u32 = 31;
/// Planning that was not heard is told again after so long, in milliseconds.
const PLAN_AGAIN_MS: u64 = 5 * MINUTE;

impl World {
    /// Planning brings the visits of the day; customers set out.
    pub(super) fn day(&mut self) {
        let today = date_of(self.stage.wall());
        let sloppy = self.plan.mishaps.contains(&Mishap::People);
        let mut planned = Vec::new();
        for locker in self.stage.lockers() {
            for _ in 0..self.plan.visits {
                let visit = VisitId(self.cases.len() as u64 + 1);
                let case = Case::draw(visit, locker, today, &mut self.dice);
                planned.push(case.planned.clone());
                let way = [Way::Plate, Way::Phone, Way::Pin][self.dice.usize(0..3)];
                let mood = if sloppy { Mood::of(&mut self.dice) } else { Mood::PROMPT };
                let mut visitor = Visitor::new(Errand::Drop { visit, way }, Who::Customer(visit), mood);
                visitor.plate.clone_from(&case.plate);
                visitor.phone.clone_from(&case.phone);
                visitor.address.clone_from(&case.address);
                self.cases.push(case);
                let ms = self.dice.u64(10 * MINUTE..11 * HOUR);
                self.soon(ms, Event::Arrive { locker, visitor: Box::new(visitor), tries: 0 });
            }
            self.soon(HOUR, Event::Round { locker });
        }
        self.plan_until_heard(planned);
    }

    /// Planning goes on until the office takes it: else the visits would be nobody's.
    pub(super) fn plan_until_heard(&mut self, visits: Vec<Planned>) {
        if self.act(Deed::Plan { visits: visits.clone(), whole: false }).is_none() {
            self.soon(PLAN_AGAIN_MS, Event::Plan { visits });
        }
    }

    pub(super) fn arrive(&mut self, locker: LockerId, mut visitor: Box<Visitor>, tries: u8) {
        let Some(index) = index_of(locker) else { return };
        if self.present[index].is_some() {
            if tries < 60 {
                let ms = self.dice.u64(20_000..90_000);
                self.soon(ms, Event::Arrive { locker, visitor, tries: tries + 1 });
            }
            return;
        }
        if let Errand::Drop { visit, way: Way::Pin } = visitor.errand
            && visitor.pin.is_none()
            && let Some(Reply::Pin(pin)) = self.act(Deed::CheckIn { locker, visit, contact: 0 })
        {
            visitor.pin = Some(pin);
        }
        if let Errand::Staff { staff, act } = visitor.errand {
            let ticket = self.act(Deed::Ticket { staff, act, locker });
            if !matches!(ticket, Some(Reply::Ticket(_))) {
                return;
            }
        }
        if let Errand::Code { staff, how, box_no } = visitor.errand
            && !self.gets_a_code(locker, staff, how, box_no, &mut visitor)
        {
            return;
        }
        self.present[index] = Some(*visitor);
        self.soon(500, Event::Act { locker });
    }

    /// A dealer admin gets a temporary PIN, or has an authenticator.
    fn gets_a_code(
        &mut self,
        locker: LockerId,
        staff: u8,
        how: StaffCode,
        box_no: BoxNo,
        visitor: &mut Visitor,
    ) -> bool {
        match how {
            StaffCode::Temporary if visitor.pin.is_none() => {
                let box_no = self.dice.bool().then_some(box_no);
                if let Some(Reply::Pin(pin)) = self.act(Deed::TemporaryPin { staff, locker, box_no }) {
                    visitor.pin = Some(pin);
                }
                visitor.pin.is_some()
            }
            StaffCode::Temporary => true,
            StaffCode::Authenticator => {
                if self.stage.authenticator_shows(staff, locker).is_none() || self.dice.u8(0..6) == 0 {
                    self.act(Deed::Enrol { staff, locker });
                } else if self.dice.u8(0..6) == 0 {
                    self.act(Deed::Revoke { staff, locker, whose: staff });
                }
                self.stage.authenticator_shows(staff, locker).is_some()
            }
        }
    }

    pub(super) fn visitor_acts(&mut self, locker: LockerId) {
        let Some(index) = index_of(locker) else { return };
        let Some(mut visitor) = self.present[index].take() else { return };
        let screen = self.stage.screen(locker, Surface::Bottom);
        let next = visitor.next(&mut self.stage, locker, &screen, &mut self.dice);
        let mut pause = self.dice.u64(150..900);
        match next {
            Next::Leave => return self.leave(locker, visitor),
            Next::Wait(ms) => pause = ms,
            Next::Touch(action) => {
                let generation = Some(screen.generation);
                self.act(Deed::Touch { locker, action, generation });
                if happens(&mut self.dice, visitor.mood.presses_twice) {
                    self.act(Deed::TouchAgain { locker });
                }
            }
            Next::Hand(command) => {
                self.act(Deed::Cabinet { locker, who: visitor.who, command });
            }
            Next::Scan => {
                if let Errand::Staff { staff, act } = visitor.errand {
                    self.act(Deed::Scan { staff, act, locker });
                }
                pause = 1_200;
            }
        }
        self.present[index] = Some(visitor);
        self.soon(pause, Event::Act { locker });
        self.strike_in_company(locker);
    }

    /// Somebody goes: a key that was dropped is fetched some time later, who was interrupted may come back.
    fn leave(&mut self, locker: LockerId, visitor: Visitor) {
        match visitor.errand {
            Errand::Drop { visit, .. } => {
                let has_dropped = self.stage.custody(locker, visit) != Some(Custody::Customer);
                if has_dropped {
                    let ms = self.dice.u64(5 * MINUTE..25 * MINUTE);
                    self.soon(ms, Event::Fetch { visit, tries: 0 });
                }
                let is_done = matches!(self.stage.custody(locker, visit), Some(Custody::Box { .. }));
                if !is_done && visitor.returns < 3 && self.dice.u8(0..3) > 0 {
                    let ms = self.dice.u64(MINUTE..40 * MINUTE);
                    let visitor = Box::new(visitor.again());
                    self.soon(ms, Event::Arrive { locker, visitor, tries: 0 });
                }
            }
            Errand::Staff { act: Act::PickUp { visit }, .. } => {
                match self.stage.custody(locker, visit) {
                    Some(Custody::Box { .. }) => {
                        self.soon(30 * MINUTE, Event::Fetch { visit, tries: 5 });
                    }
                    // The work is done, and the key goes back into a box for the customer.
                    Some(Custody::Staff { .. }) if self.dice.u8(0..3) > 0 => {
                        let ms = self.dice.u64(10 * MINUTE..3 * HOUR);
                        self.soon(ms, Event::HandIn { visit });
                    }
                    _ => {}
                }
            }
            Errand::Staff { act: Act::Drop { visit }, .. } => {
                let waits = if self.plan.days > LONG_DAYS && self.stage.now() < 3 * DAY {
                    // Nobody comes for it while the world lasts.
                    u64::from(self.plan.days) * DAY..u64::from(self.plan.days + 1) * DAY
                } else if self.dice.u8(0..12) == 0 {
                    DAY..5 * DAY
                } else {
                    2 * MINUTE..2 * HOUR
                };
                let ms = self.dice.u64(waits);
                if self.dice.u8(0..4) == 0 {
                    // One more thing was forgotten: staff want the key back, perhaps before its customer comes.
                    self.soon(ms / 2 + MINUTE, Event::Fetch { visit, tries: 9 });
                }
                self.soon(ms, Event::Collect { visit, returns: 0 });
                self.soon(5 * MINUTE, Event::Round { locker });
            }
            Errand::Collect { visit } => self.has_collected(locker, visit, visitor.returns),
            Errand::Staff { .. } | Errand::Code { .. } => self.soon(5 * MINUTE, Event::Round { locker }),
            Errand::Guess => {}
        }
    }

    fn staff(&mut self, errand: impl FnOnce(u8) -> Errand, staff: u8) -> Box<Visitor> {
        let sloppy = self.plan.mishaps.contains(&Mishap::People) && self.dice.u8(0..3) == 0;
        let mood = if sloppy { Mood::of(&mut self.dice) } else { Mood::PROMPT };
        Box::new(Visitor::new(errand(staff), Who::Staff(staff), mood))
    }

    /// Somebody fetches a key, once the office knows where it is.
    pub(super) fn fetch(&mut self, visit: VisitId, tries: u8) {
        let custody = self.stage.office().map(|office| office.custody(visit));
        let Some(case) = self.cases.get(usize::try_from(visit.0 - 1).unwrap_or(usize::MAX)) else { return };
        let locker = case.locker;
        match custody {
            Some(office::Custody::Box { locker, .. }) => {
                let staff = self.dice.u8(1..4);
                let visitor = self.staff(|staff| Errand::Staff { staff, act: Act::PickUp { visit } }, staff);
                self.soon(1_000, Event::Arrive { locker, visitor, tries: 0 });
            }
            _ if tries < 12 => self.soon(45 * MINUTE, Event::Fetch { visit, tries: tries + 1 }),
            _ => self.soon(1_000, Event::Round { locker }),
        }
    }

    /// The receptionist drops a key for the customer; any locker of the location will do.
    pub(super) fn hand_in(&mut self, visit: VisitId) {
        let custody = self.stage.office().map(|office| office.custody(visit));
        let Some(office::Custody::Staff { .. }) = custody else { return };
        let Some(case) = self.cases.get(usize::try_from(visit.0 - 1).unwrap_or(usize::MAX)) else { return };
        let locker = case.locker;
        let visitor = self.staff(|staff| Errand::Staff { staff, act: Act::Drop { visit } }, 1);
        self.soon(1_000, Event::Arrive { locker, visitor, tries: 0 });
    }

    /// A customer comes for a key that waits, or comes back.
    pub(super) fn collect(&mut self, visit: VisitId, returns: u8) {
        let sloppy = self.plan.mishaps.contains(&Mishap::People);
        let mood = if sloppy { Mood::of(&mut self.dice) } else { Mood::PROMPT };
        let Some(case) = self.cases.get(usize::try_from(visit.0 - 1).unwrap_or(usize::MAX)) else { return };
        let mut visitor = Visitor::new(Errand::Collect { visit }, Who::Customer(visit), mood);
        visitor.plate.clone_from(&case.plate);
        visitor.phone.clone_from(&case.phone);
        visitor.address.clone_from(&case.address);
        visitor.returns = returns;
        let locker = case.locker;
        self.soon(1, Event::Arrive { locker, visitor: Box::new(visitor), tries: 0 });
    }

    /// Who has the key may have left something in the box; who has not comes again, with a new PIN perhaps, until staff
    /// take the key back.
    fn has_collected(&mut self, locker: LockerId, visit: VisitId, returns: u8) {
        match self.stage.custody(locker, visit) {
            Some(Custody::Customer) if returns == 0 && self.dice.u8(0..3) == 0 => {
                let ms = self.dice.u64(10_000..170_000);
                self.soon(ms, Event::Collect { visit, returns: 9 });
            }
            // Who has everything may want to be forgotten.
            Some(Custody::Customer) if self.dice.u8(0..4) == 0 => {
                let ms = self.dice.u64(MINUTE..4 * HOUR);
                self.soon(ms, Event::Cure { deed: Box::new(Deed::Erase { staff: 0, visit }) });
            }
            Some(Custody::Box { .. } | Custody::ToCheck { .. }) if returns < 3 => {
                if self.dice.bool() {
                    self.act(Deed::SendAgain { staff: 1, visit });
                }
                let ms = self.dice.u64(5 * MINUTE..HOUR);
                self.soon(ms, Event::Collect { visit, returns: returns + 1 });
            }
            Some(Custody::Box { .. }) => self.soon(HOUR, Event::Fetch { visit, tries: 9 }),
            _ => {}
        }
    }

    /// Somebody looks into the first box that is to be checked or out of service, and may lift a lock on code entry.
    pub(super) fn round(&mut self, locker: LockerId) {
        if self.dice.u8(0..3) == 0 {
            // Refused where nothing is locked.
            self.act(Deed::LiftLock { staff: 0, locker });
        }
        let boxes = self.stage.locker(locker).map(locker_core::Locker::boxes).unwrap_or_default();
        let first = boxes.iter().find(|report| report.to_check.is_some() || report.out.is_some());
        if let Some(report) = first {
            let box_no = report.box_no;
            // Now and then the dealer admin comes, without a tablet.
            let visitor = match self.dice.u8(0..6) {
                0 => self.staff(|staff| Errand::Code { staff, how: StaffCode::Temporary, box_no }, 0),
                1 => self.staff(|staff| Errand::Code { staff, how: StaffCode::Authenticator, box_no }, 0),
                _ => self.staff(|staff| Errand::Staff { staff, act: Act::Check { box_no } }, 1),
            };
            let ms = self.dice.u64(MINUTE..20 * MINUTE);
            self.soon(ms, Event::Arrive { locker, visitor, tries: 0 });
        } else if self.stage.now() % DAY < 12 * HOUR {
            self.soon(2 * HOUR, Event::Round { locker });
        }
    }
}
