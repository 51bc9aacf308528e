//! The people, the bus and the power: what each step does to cabinet and machine.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use locker_core::mocks::Flutter;
use locker_core::screen::Button;
use locker_core::*;

use super::rules::{By, Event, Rule};
use super::{Doors, Fired, KeyAt, Lie, Person, Purpose};
use crate::fold::{Ages, Lens, Print, recorded_door};
use crate::host::{Host, JANE, box_no};
use crate::marks::Marks;
use crate::state;

/// A pulse that the machine has granted.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    pub(super) pulse: PulseId,
    pub(super) box_no: BoxNo,
    pub(super) session: SessionId,
    pub(super) not_after: Mono,
    /// Its report was heard, or its door was seen open.
    pub(super) is_over: bool,
}

/// The machine, the cabinet and the people.
#[derive(Clone)]
pub struct World {
    pub(super) host: Host,
    /// Whether the boxes have item sensors.
    pub(super) has_items: bool,
    pub(super) is_off: bool,
    pub(super) is_open: [bool; 2],
    pub(super) key: KeyAt,
    pub(super) person: Option<Person>,
    pub(super) pin: Arc<[u8]>,
    /// The PIN for the pick-up that was sent last.
    pub(super) out_pin: Option<Arc<[u8]>>,
    // The bus.
    pub(super) taken: Option<Pulse>,
    pub(super) taken_for: Option<SessionId>,
    pub(super) mark: Option<PulseId>,
    pub(super) report: Option<PulseReport>,
    pub(super) edges: Vec<Edge>,
    pub(super) last_edge: u64,
    pub(super) sampled: Option<Arc<Readings>>,
    pub(super) told: Option<Arc<Readings>>,
    // What the rules need to know.
    pub(super) grant: Option<Grant>,
    /// A pulse that the board said it refused, and will fire.
    pub(super) pending: Option<Pulse>,
    pub(super) has_confirmed: bool,
    /// Somebody said what no sensor contradicts, and it is not so.
    pub(super) has_lied: bool,
    /// Staff said that they have the key, and have not.
    pub(super) is_untaken: bool,
    pub(super) spent: u8,
    /// Staff confirmed that they put the key in, and nobody has taken it since.
    pub(super) is_out: bool,
    /// What was durable before the last step, for a host that lies about it.
    pub(super) before: Option<Arc<Locker>>,
    pub(super) first: Option<Arc<Locker>>,
    /// Custody and the box in use when the power went.
    pub(super) at_cut: (Custody, Option<BoxNo>),
    pub(super) hidden: [bool; 2],
    pub(super) passed: u64,
    /// How much has happened on the way here, in the bounds' own terms, and the lie.
    pub(super) used: Doors,
    pub(super) marks: Marks,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return self.host.fmt(f);
        }
        let open: Vec<usize> =
            (1..).zip(self.is_open).filter_map(|(n, is_open)| is_open.then_some(n)).collect();
        let at = if self.is_off { "off" } else { self.host.screen().id };
        write!(f, "{at}, open {open:?}, key {:?}", self.key)
    }
}

pub(super) fn index(box_no: BoxNo) -> usize {
    usize::from(box_no.get()) - 1
}

pub(super) fn number(index: u8) -> BoxNo {
    box_no(index + 1)
}

impl state::World for World {
    fn marks(&self) -> Marks {
        self.marks
    }

    fn marks_mut(&mut self) -> &mut Marks {
        &mut self.marks
    }

    fn fold(&self, print: &mut Print) {
        self.host.fold(Lens { flutter: Flutter::Never, ages: Ages::Young }, print);
        let now = self.host.mono;
        let back = |at: Mono| now.wrapping_sub(at.0);
        let wanted = self.locker().outputs(&self.host.now()).pulse.map(|pulse| pulse.id);
        let edge = |edge: &Edge| (edge.box_no, back(edge.at), edge.to == Door::Open);
        // What the machine has heard of a pulse it does not hear again.
        let heard = self.told.as_ref().and_then(|told| told.pulse);
        let report = |report: &PulseReport| {
            let is_last = self.grant.is_some_and(|grant| grant.pulse == report.id);
            (Some(*report) != heard).then(|| (back(report.at), report.outcome as u8, is_last))
        };
        let sampled = self.sampled.as_ref().map(|sampled| {
            let levels: Vec<_> =
                sampled.boxes.iter().map(|level| (level.door as u8, level.item as u8)).collect();
            let edges: Vec<_> = sampled.edges.iter().map(edge).collect();
            (levels, edges, sampled.pulse.as_ref().and_then(report), back(sampled.taken))
        });
        let told = self.told.as_ref().map(|told| told.pulse == self.report);
        (self.has_items, self.is_off, self.is_open, self.key, self.person, self.hidden).hash(print);
        (self.taken.map(|pulse| pulse.box_no), wanted.map(|id| self.mark < Some(id))).hash(print);
        (self.report.as_ref().and_then(report), told, sampled).hash(print);
        self.edges.iter().map(edge).collect::<Vec<_>>().hash(print);
        (self.has_confirmed, self.has_lied, self.is_untaken, self.spent, self.is_out).hash(print);
        let used = &self.used;
        (used.walks, used.drops, used.outs, used.cuts, used.pries, used.mishaps, used.again, used.late)
            .hash(print);
        self.out_pin.is_some().hash(print);
    }
}

impl World {
    pub(super) fn new(has_items: bool) -> Self {
        let mut host = Host::new(2, |_| {});
        let pin = host.check_in(JANE).expect("the visit is planned");
        let mut world = Self {
            host,
            has_items,
            is_off: false,
            is_open: [false; 2],
            key: KeyAt::Driver,
            person: None,
            pin,
            out_pin: None,
            taken: None,
            taken_for: None,
            mark: None,
            report: None,
            edges: Vec::new(),
            last_edge: 0,
            sampled: None,
            told: None,
            grant: None,
            pending: None,
            has_confirmed: false,
            has_lied: false,
            is_untaken: false,
            spent: 0,
            is_out: false,
            before: None,
            first: None,
            at_cut: (Custody::Customer, None),
            hidden: [false; 2],
            passed: 0,
            used: Doors::default(),
            marks: Marks::default(),
        };
        let readings = world.readings();
        world.deliver(readings);
        world.judge_state();
        world
    }

    pub(super) fn locker(&self) -> &Locker {
        &self.host.locker
    }

    pub(super) fn served(&self) -> Option<BoxNo> {
        let boxes = &self.locker().boxes();
        let in_use = |report: &&BoxReport| {
            self.locker().durable().box_state(report.box_no).is_some_and(|state| state.in_use.is_some())
        };
        boxes.iter().find(in_use).map(|report| report.box_no)
    }

    pub(super) fn wanted(&self) -> Option<Pulse> {
        self.locker().outputs(&self.host.now()).pulse_at(Mono(self.host.mono))
    }

    pub(super) fn can_take_up(&self) -> Option<Pulse> {
        self.wanted().filter(|pulse| self.mark.is_none_or(|mark| pulse.id > mark))
    }

    pub(super) fn reads(&self, box_: u8) -> Door {
        let is_open = self.is_open.get(usize::from(box_)).is_some_and(|is_open| *is_open);
        let is_hidden = self.hidden.get(usize::from(box_)).is_some_and(|is_hidden| *is_hidden);
        if is_open && !is_hidden { Door::Open } else { Door::Closed }
    }

    /// What the cabinet senses now.
    pub(super) fn readings(&self) -> Arc<Readings> {
        let item = |box_: u8| match (self.has_items, self.key == KeyAt::Box(box_)) {
            (false, _) => Item::Unknown,
            (true, true) => Item::Present,
            (true, false) => Item::Absent,
        };
        let level = |box_| BoxReading { box_no: number(box_), door: self.reads(box_), item: item(box_) };
        let mut readings = Readings::new(Mono(self.host.mono), (0..2).map(level).collect());
        readings.edges.clone_from(&self.edges);
        readings.pulse = self.report;
        Arc::new(readings)
    }

    /// Whether the cabinet has something to say that the machine has not heard.
    pub(super) fn has_news(&self) -> bool {
        let now = self.readings();
        self.told
            .as_ref()
            .is_none_or(|told| told.boxes != now.boxes || told.pulse != now.pulse || !now.edges.is_empty())
    }

    /// Whether a reading or a pulse is on its way.
    pub(super) fn is_under_way(&self) -> bool {
        self.sampled.is_some() || self.has_news() || self.can_take_up().is_some()
    }

    pub(super) fn set_door(&mut self, box_: u8, to: Door) {
        if let Some(is_open) = self.is_open.get_mut(usize::from(box_)) {
            *is_open = to == Door::Open;
        }
        if !self.hidden.get(usize::from(box_)).is_some_and(|is_hidden| *is_hidden) && !self.is_off {
            self.last_edge += 1;
            let (n, box_no, at) = (self.last_edge, number(box_), Mono(self.host.mono));
            self.edges.push(Edge { n, box_no, at, to });
        }
        if to == Door::Closed
            && let Some(hidden) = self.hidden.get_mut(usize::from(box_))
        {
            *hidden = false;
        }
    }

    pub(super) fn deliver(&mut self, readings: Arc<Readings>) {
        self.told = Some(Arc::clone(&readings));
        self.keep_before();
        self.host.note(Told::Readings(readings));
        self.judge(By::Reading);
        let recorded = self.locker().outputs(&self.host.now()).edges_recorded;
        self.edges.retain(|edge| edge.n > recorded);
    }

    pub(super) fn keep_before(&mut self) {
        if self.used.lie == Lie::ActsUnrecorded {
            self.before = Some(Arc::clone(&self.host.locker));
        }
    }

    pub(super) fn press(&mut self, button: Button) -> bool {
        self.keep_before();
        if button == Button::Confirm || button == Button::DoorIsShut {
            self.has_confirmed = true;
        }
        let is_taken = self.host.press(button).is_ok();
        self.judge(By::Person);
        self.send();
        is_taken
    }

    /// The messages of the last step go out at once, and the driver reads them.
    pub(super) fn send(&mut self) {
        let is_wanted = |record: &Record| matches!(record, Record::MessageWanted { .. });
        if !self.host.recorded(is_wanted) {
            return;
        }
        let made = self.host.deliver();
        self.out_pin = made.or_else(|| self.out_pin.take());
    }

    pub(super) fn scan(&mut self, act: Purpose) -> bool {
        self.keep_before();
        let earlier = self.host.clone();
        let Ok(Answer::Opens(box_no)) = self.host.scan(act) else {
            self.judge(By::Scan);
            return false;
        };
        if self.used.lie == Lie::SparesOpenDoors && recorded_door(self.locker(), box_no) == Door::Open {
            self.host = earlier;
        }
        let is_granted = self.host.recorded(|record| matches!(record, Record::PulseGranted { .. }));
        self.marks.keep(Rule::AlwaysFired, is_granted);
        self.judge(By::Scan);
        true
    }

    pub(super) fn walk_in(&mut self) {
        self.used.walks += 1;
        self.used.drops += 1;
        self.person = Some(Person::Driver);
        self.has_confirmed = false;
        let held = self.locker().custody(JANE);
        let pin = Arc::clone(&self.pin);
        for button in [Button::DropKey, Button::Go, Button::ByPin] {
            self.press(button);
        }
        self.keep_before();
        if self.host.type_code(&pin) == Ok(Answer::Done) {
            self.judge(By::Person);
            while matches!(self.host.screen().id, "drop.driver" | "drop.appointments") {
                self.press(Button::Next);
            }
            if let (Custody::ToCheck { box_no, .. }, Some(grant)) = (held, self.grant) {
                let is_same = self.served() == Some(box_no) && grant.box_no == box_no;
                self.marks.saw(Event::Returned, is_same);
            }
        } else {
            self.judge(By::Person);
        }
        self.off_the_steps();
    }

    /// Whoever got no box goes away again.
    pub(super) fn off_the_steps(&mut self) {
        if !matches!(self.host.screen().id, "drop.serve" | "pick.serve" | "sorry") {
            self.press(Button::Abort);
            self.press(Button::Yes);
        }
    }

    pub(super) fn staff(&mut self, act: Purpose) {
        self.used.walks += 1;
        self.person = Some(Person::Staff);
        self.has_confirmed = false;
        let is_drop = matches!(act, Purpose::Drop { .. });
        let flow = if is_drop { Button::DropKey } else { Button::PickUpKey };
        for button in [flow, Button::Go, Button::ByQr] {
            self.press(button);
        }
        self.scan(act);
        self.off_the_steps();
    }

    /// Whether staff stand there to put a key in.
    pub(super) fn is_handing_in(&self) -> bool {
        self.host.screen().id == "drop.serve"
    }

    /// The driver comes for the key with the PIN that was sent.
    pub(super) fn collect(&mut self) {
        self.used.walks += 1;
        self.person = Some(Person::Driver);
        self.has_confirmed = false;
        for button in [Button::PickUpKey, Button::Go, Button::ByPin] {
            self.press(button);
        }
        self.keep_before();
        if let Some(pin) = self.out_pin.clone() {
            let _ = self.host.type_code(&pin);
            self.judge(By::Person);
        }
        self.off_the_steps();
    }

    pub(super) fn fire(&mut self, fired: Fired) {
        let Some(pulse) = self.taken.take() else { return };
        let opens = matches!(fired, Fired::Opens | Fired::Unanswered);
        let outcome = match fired {
            Fired::Opens | Fired::Jams => PulseOutcome::Accepted,
            Fired::Refused => PulseOutcome::NotDriven,
            Fired::Unanswered => PulseOutcome::Unanswered,
        };
        if fired != Fired::Opens {
            self.used.mishaps += 1;
        }
        let state = self.locker().durable().box_state(pulse.box_no);
        let session = state.and_then(|state| state.in_use).map(|in_use| in_use.session);
        let is_granted = self.taken_for.is_some() && self.taken_for == session && !self.is_off;
        let box_ = pulse.box_no.get() - 1;
        if opens {
            self.marks.keep(Rule::Granted, is_granted);
            if !self.is_open.get(index(pulse.box_no)).is_some_and(|is_open| *is_open) {
                self.set_door(box_, Door::Open);
            }
        }
        self.marks.saw(Event::Unanswered, fired == Fired::Unanswered);
        self.marks.saw(Event::Refused, fired == Fired::Refused);
        if !self.is_off {
            self.report = Some(PulseReport { id: pulse.id, at: Mono(self.host.mono), outcome });
        }
        if fired == Fired::Refused && self.used.lie == Lie::RefusesAndFires {
            self.pending = Some(pulse);
        }
    }

    pub(super) fn cut(&mut self) {
        self.used.cuts += 1;
        self.marks.saw(Event::CutGranted, self.can_take_up().is_some());
        self.marks.saw(
            Event::CutOpen,
            self.served()
                .is_some_and(|served| self.is_open.get(index(served)).is_some_and(|is_open| *is_open)),
        );
        let screen = self.host.screen().id;
        self.marks.saw(Event::CutHandedIn, screen == "drop.serve" && self.person == Some(Person::Staff));
        self.marks.saw(Event::CutCollected, screen == "pick.serve" && self.person == Some(Person::Driver));
        self.at_cut = (self.locker().custody(JANE), self.served());
        self.is_off = true;
        self.sampled = None;
        self.told = None;
        self.edges.clear();
        self.report = None;
        if self.used.lie != Lie::KeepsOrders {
            self.taken = None;
        }
        if let Some(before) = self.before.take().or_else(|| self.first.clone()) {
            self.host.locker = before;
        }
    }

    pub(super) fn boot(&mut self) {
        let (held, served) = self.at_cut;
        self.is_off = false;
        self.person = None;
        if self.used.lie == Lie::NeverStarts {
            self.host.restore();
        } else {
            self.host.power_cut();
        }
        self.last_edge = 0;
        self.judge(By::Start);
        let outputs = self.locker().outputs(&self.host.now());
        let is_quiet = outputs.pulse.is_none() && self.served().is_none();
        self.marks.keep(Rule::Quiet, is_quiet);
        let holds = self.locker().custody(JANE);
        let is_to_check = matches!(holds, Custody::ToCheck { box_no, .. } if Some(box_no) == served);
        self.marks.keep(Rule::Survives, holds == held || is_to_check);
        self.grant = None;
    }

    pub(super) fn wait(&mut self) {
        let ms = self.host.next_deadline().unwrap_or(0);
        self.passed += ms;
        self.used.late += u8::from(self.is_under_way());
        self.marks.keep(Rule::Bounded, self.passed < HOUR);
        self.keep_before();
        let is_wanted = self.can_take_up().is_some();
        self.host.pass(ms);
        self.judge(By::Timer);
        self.marks.saw(Event::Expired, is_wanted && self.wanted().is_none());
        if self.used.lie == Lie::StaleReadings
            && let Some(told) = self.told.clone()
        {
            let mut again = Readings::clone(&told);
            again.taken = Mono(self.host.mono);
            self.host.note(Told::Readings(Arc::new(again)));
            self.judge(By::Timer);
        }
    }
}
