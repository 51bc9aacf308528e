//! Doors and power cuts: two boxes, one key, a customer who drops it, staff who fetch it or look for it, a thief who
//! pries doors open. Locks jam, boards refuse or do not answer, readings are late, the power goes between any two steps.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use locker_core::mocks::Flutter;
use locker_core::screen::Button;
use locker_core::*;
use stateright::{Model, Property};

use crate::fold::{Ages, Lens, Print, recorded_door};
use crate::host::{Host, JANE, box_no, offered};
use crate::marks::{Marked, Marks, properties};

properties! {
    /// What has to hold in every state.
    rules Rule {
        Granted "BOX-10 every opening by the lock has a pulse that was granted before it, to a session that still runs"
        Causes "BOX-10 a pulse is granted by a touch, a scan or a reading, never by a timer or a start"
        Quiet "BOX-10 SAFE-2 after a start nothing is driven, reserved or in use"
        OneAtATime "BOX-8 no lock gets a pulse while that of another lock may still be driven"
        NoIdTwice "BOX-8 no pulse id is granted twice, over all boots"
        AlwaysFired "BOX-3 who may have a box opened gets a pulse, whatever its door sensor says"
        Certain "BOX-11 DROP-19 no box is kept for a key while it holds one, or is to be checked"
        KeyFound "SAFE-2 SAFE-3 a key that lies in a box is booked there, or that box is in use or to be checked"
        KeyTrue "SAFE-3 a key whose box is certain lies in it, unless somebody said so without a sensor to contradict"
        Settled "ABORT-2 SAFE-2 without a session no box is reserved or in use"
        OnlyConfirm "DROP-14 only Confirm completes a drop, or the sensors agree that it is done"
        SpentOnce "DROP-15 a PIN is spent by a confirmed drop alone, and once"
        Durable "SAFE-1 SAFE-2 the journal gives what was committed: a cut before a commit equals one after it"
        Bounded "the model keeps within its bounds: less than an hour, and no sensor that flutters"
        Survives "SAFE-2 a power cut changes no custody but to: to be checked in the box in use"
    }
    /// What has to happen in some state.
    events Event {
        Dropped "a drop completes"
        Fetched "staff fetch the key"
        Jammed "a box goes out of service because it did not open"
        Silent "a box goes out of service because nobody could read it"
        Another "a jam leads to another box"
        Forced "a door is pried open while the locker runs"
        WhileOff "a door is pried open while the power is off"
        Late "a door opens after its pulse was given up"
        Interrupted "a power cut leaves a box to be checked"
        Freed "a reservation is undone because the door never opened"
        Kept "a pick-up is left, and the sensor sees the key still there"
        Expired "a granted pulse is never driven"
        Unanswered "a board does not answer"
        Refused "a board refuses"
        Again "a lock is fired again after a reading that says still closed"
        Returned "the driver comes back and gets the same box again"
        ClaimedShut "somebody says that the door is shut, against the sensor"
        Unconfirmed "a session ends without Confirm"
        Contradicted "Confirm is contradicted by the item sensor"
        BySensor "a drop completes by its sensors"
        Limited "too many openings went unconfirmed"
        Missing "staff find a box empty in which a key was booked"
        Stays "staff find the key and leave it"
        CutGranted "the power goes between the grant and the drive"
        CutOpen "the power goes while a box stands open"
    }
}

/// How the world around the machine lies, so that a rule can be seen to break.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    /// It does not.
    #[default]
    None,
    /// A bus keeps a pulse that it has read, and fires it whenever it likes.
    KeepsOrders,
    /// With every tick the host hands the last readings in again, as if they were taken now.
    StaleReadings,
    /// The host restarts on what was durable one step ago: it acted before its record was on disk.
    ActsUnrecorded,
    /// A board says that it refused, and fires later.
    RefusesAndFires,
    /// A host spares a lock whose door already reads open.
    SparesOpenDoors,
    /// A cabinet does not tell of doors that opened without a pulse.
    HidesForce,
    /// The frontend presses *Confirm* as soon as the door is shut.
    ConfirmsAlone,
    /// After a power cut the host starts from its first snapshot.
    OldSnapshot,
    /// After a power cut the host serves what it has restored without starting it.
    NeverStarts,
    /// The journal does not keep the last record of a step.
    LosesRecords,
}

/// The model: how much can happen on one path.
#[derive(Clone, Copy, Debug)]
pub struct Doors {
    /// How many people walk up.
    pub walks: u8,
    /// How many of them are the driver, at most.
    pub drops: u8,
    /// Power cuts.
    pub cuts: u8,
    /// Doors pried open.
    pub pries: u8,
    /// Locks that jam, boards that refuse or do not answer.
    pub mishaps: u8,
    /// Presses of *It did not open* and *Open again*.
    pub again: u8,
    /// Time limits that run out while a reading or a pulse is on its way.
    pub late: u8,
    /// The lie, if any.
    pub lie: Lie,
    /// The one rule that is looked at; all where none is named.
    pub only: Option<Rule>,
}

/// Where the key really is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyAt {
    /// In the driver's hand.
    Driver,
    /// In a box, counted from 0.
    Box(u8),
    /// In the hand of staff.
    Staff,
    /// Stolen.
    Thief,
}

/// Who stands in front of the locker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Person {
    Driver,
    Staff,
}

/// What becomes of a pulse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fired {
    /// The board takes it, and the door springs open.
    Opens,
    /// The board takes it, and the latch does not let go.
    Jams,
    /// The board refuses.
    Refused,
    /// The door springs open, and the board does not answer.
    Unanswered,
}

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The driver walks up and types the PIN, up to step 4.
    WalkIn,
    /// Staff come for the key: QR, scan.
    Fetch,
    /// Staff come to see what is in a box.
    Look(u8),
    /// Somebody presses a button.
    Press(Button),
    /// Somebody presses x, and yes.
    Leave,
    /// The bus reads the outputs and marks the pulse as driven.
    TakeUp,
    /// The coil.
    Fire(Fired),
    /// The cabinet is read; the machine does not know yet.
    Sample,
    /// The machine takes the reading in.
    Deliver,
    /// Both at once, when there is no news.
    Reread,
    /// The driver puts the key in.
    Put(u8),
    /// Whoever stands there takes the key out; if nobody does, the thief.
    Take(u8),
    /// Somebody pushes a door shut.
    Close(u8),
    /// The thief pries a door open.
    Pry(u8),
    /// Nothing happens until the next time limit.
    Wait,
    /// The power goes.
    Cut,
    /// The power comes back.
    Boot,
}

/// A pulse that the machine has granted.
#[derive(Clone, Copy, Debug)]
struct Grant {
    pulse: PulseId,
    box_no: BoxNo,
    session: SessionId,
    not_after: Mono,
    /// Its report was heard, or its door was seen open.
    is_over: bool,
}

/// The machine, the cabinet and the people.
#[derive(Clone)]
pub struct World {
    host: Host,
    /// Whether the boxes have item sensors.
    has_items: bool,
    is_off: bool,
    is_open: [bool; 2],
    key: KeyAt,
    person: Option<Person>,
    pin: Arc<[u8]>,
    // The bus.
    taken: Option<Pulse>,
    taken_for: Option<SessionId>,
    mark: Option<PulseId>,
    report: Option<PulseReport>,
    edges: Vec<Edge>,
    last_edge: u64,
    sampled: Option<Arc<Readings>>,
    told: Option<Arc<Readings>>,
    // What the rules need to know.
    grant: Option<Grant>,
    /// A pulse that the board said it refused, and will fire.
    pending: Option<Pulse>,
    has_confirmed: bool,
    /// Somebody said what no sensor contradicts, and it is not so.
    has_lied: bool,
    /// Staff said that they have the key, and have not.
    is_untaken: bool,
    spent: u8,
    /// What was durable before the last step, for a host that lies about it.
    before: Option<Arc<Locker>>,
    first: Option<Arc<Locker>>,
    /// Custody and the box in use when the power went.
    at_cut: (Custody, Option<BoxNo>),
    hidden: [bool; 2],
    passed: u64,
    /// How much has happened on the way here, in the bounds' own terms, and the lie.
    used: Doors,
    marks: Marks,
    print: u64,
}

impl Marked for World {
    fn marks(&self) -> Marks {
        self.marks
    }
}

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        self.print == other.print
    }
}

impl Hash for World {
    fn hash<H: Hasher>(&self, into: &mut H) {
        into.write_u64(self.print);
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open: Vec<usize> =
            (1..).zip(self.is_open).filter_map(|(n, is_open)| is_open.then_some(n)).collect();
        let at = if self.is_off { "off" } else { self.host.screen().id };
        write!(f, "{at}, open {open:?}, key {:?}", self.key)
    }
}

fn index(box_no: BoxNo) -> usize {
    usize::from(box_no.get()) - 1
}

fn number(index: u8) -> BoxNo {
    box_no(index + 1)
}

/// What made the machine decide.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Person,
    Scan,
    Reading,
    Timer,
    Start,
}

impl World {
    fn new(has_items: bool) -> Self {
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
            before: None,
            first: None,
            at_cut: (Custody::Customer, None),
            hidden: [false; 2],
            passed: 0,
            used: Doors {
                walks: 0,
                drops: 0,
                cuts: 0,
                pries: 0,
                mishaps: 0,
                again: 0,
                late: 0,
                lie: Lie::None,
                only: None,
            },
            marks: Marks::default(),
            print: 0,
        };
        let readings = world.readings();
        world.deliver(readings);
        world.close_state();
        world
    }

    fn locker(&self) -> &Locker {
        &self.host.locker
    }

    fn served(&self) -> Option<BoxNo> {
        let boxes = &self.locker().boxes();
        let in_use = |report: &&BoxReport| {
            self.locker().durable().box_state(report.box_no).is_some_and(|state| state.in_use.is_some())
        };
        boxes.iter().find(in_use).map(|report| report.box_no)
    }

    fn wanted(&self) -> Option<Pulse> {
        self.locker().outputs(&self.host.now()).pulse_at(Mono(self.host.mono))
    }

    fn can_take_up(&self) -> Option<Pulse> {
        self.wanted().filter(|pulse| self.mark.is_none_or(|mark| pulse.id > mark))
    }

    fn reads(&self, box_: u8) -> Door {
        let is_open = self.is_open.get(usize::from(box_)).is_some_and(|is_open| *is_open);
        let is_hidden = self.hidden.get(usize::from(box_)).is_some_and(|is_hidden| *is_hidden);
        if is_open && !is_hidden { Door::Open } else { Door::Closed }
    }

    /// What the cabinet senses now.
    fn readings(&self) -> Arc<Readings> {
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
    fn has_news(&self) -> bool {
        let now = self.readings();
        self.told
            .as_ref()
            .is_none_or(|told| told.boxes != now.boxes || told.pulse != now.pulse || !now.edges.is_empty())
    }

    /// Whether a reading or a pulse is on its way.
    fn is_under_way(&self) -> bool {
        self.sampled.is_some() || self.has_news() || self.can_take_up().is_some()
    }

    fn set_door(&mut self, box_: u8, to: Door) {
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

    fn deliver(&mut self, readings: Arc<Readings>) {
        self.told = Some(Arc::clone(&readings));
        self.keep_before();
        self.host.note(Told::Readings(readings));
        self.judge(By::Reading);
        let recorded = self.locker().outputs(&self.host.now()).edges_recorded;
        self.edges.retain(|edge| edge.n > recorded);
    }

    fn keep_before(&mut self) {
        if self.used.lie == Lie::ActsUnrecorded {
            self.before = Some(Arc::clone(&self.host.locker));
        }
    }

    fn press(&mut self, button: Button) -> bool {
        self.keep_before();
        if button == Button::Confirm || button == Button::DoorIsShut {
            self.has_confirmed = true;
        }
        let is_taken = self.host.press(button).is_ok();
        self.judge(By::Person);
        is_taken
    }

    fn scan(&mut self, act: Purpose) -> bool {
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

    fn walk_in(&mut self) {
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
    fn off_the_steps(&mut self) {
        if !matches!(self.host.screen().id, "drop.serve" | "pick.serve" | "sorry") {
            self.press(Button::Abort);
            self.press(Button::Yes);
        }
    }

    fn staff(&mut self, act: Purpose) {
        self.used.walks += 1;
        self.person = Some(Person::Staff);
        self.has_confirmed = false;
        for button in [Button::PickUpKey, Button::Go, Button::ByQr] {
            self.press(button);
        }
        self.scan(act);
        self.off_the_steps();
    }

    fn fire(&mut self, fired: Fired) {
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

    fn cut(&mut self) {
        self.used.cuts += 1;
        self.marks.saw(Event::CutGranted, self.can_take_up().is_some());
        self.marks.saw(
            Event::CutOpen,
            self.served()
                .is_some_and(|served| self.is_open.get(index(served)).is_some_and(|is_open| *is_open)),
        );
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

    fn boot(&mut self) {
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

    fn wait(&mut self) {
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

    /// What the last step recorded: whether it was allowed.
    fn judge(&mut self, by: By) {
        let records = Arc::clone(&self.host.records);
        let has = |is_it: fn(&Record) -> bool| records.iter().any(|stamped| is_it(&stamped.record));
        let drops = has(|record| matches!(record, Record::KeyDropped { .. }));
        let is_jam = has(|record| matches!(record, Record::BoxOutOfService { .. }));
        for stamped in records.iter() {
            self.judge_record(&stamped.record, by, drops, is_jam);
        }
        self.marks.keep(Rule::Durable, !self.host.is_replay_wrong);
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "the rules are about these kinds")]
    fn judge_record(&mut self, record: &Record, by: By, drops: bool, is_jam: bool) {
        match record {
            Record::PulseGranted { pulse, box_no, session, attempt, .. } => {
                self.marks.keep(Rule::Causes, matches!(by, By::Person | By::Scan | By::Reading));
                self.marks.keep(Rule::NoIdTwice, self.mark.is_none_or(|mark| *pulse > mark));
                let now = Mono(self.host.mono);
                let is_over =
                    |earlier: Grant| earlier.box_no == *box_no || earlier.is_over || now > earlier.not_after;
                self.marks.keep(Rule::OneAtATime, self.grant.is_none_or(is_over));
                let outputs = self.locker().outputs(&self.host.now());
                let not_after = outputs.pulse.map_or(now, |pulse| pulse.not_after);
                let (pulse, box_no, session) = (*pulse, *box_no, *session);
                self.grant = Some(Grant { pulse, box_no, session, not_after, is_over: false });
                self.marks.saw(Event::Again, by == By::Reading && *attempt > 1);
            }
            Record::BoxReserved { box_no, .. } => {
                let is_to_check =
                    self.locker().durable().box_state(*box_no).is_none_or(|state| state.check.is_some());
                let is_empty = self.key != KeyAt::Box(box_no.get() - 1);
                self.marks.keep(Rule::Certain, !is_to_check && is_empty);
                self.marks.saw(Event::Another, is_jam);
            }
            Record::KeyDropped { box_no, evidence, .. } => {
                let is_in = self.key == KeyAt::Box(box_no.get() - 1);
                let is_sensed = *evidence == Evidence::BySensor && self.has_items;
                self.marks.keep(Rule::OnlyConfirm, self.has_confirmed || is_sensed);
                self.has_lied = !is_in && !self.has_items;
                self.marks.saw(Event::Dropped, true);
                self.marks.saw(Event::BySensor, *evidence == Evidence::BySensor);
                self.marks.saw(Event::Contradicted, *evidence == Evidence::Contradicted);
            }
            Record::KeyTaken { box_no, .. } => {
                // A sensor sees that the key is still there, not that it never was.
                let is_seen = self.has_items && self.key == KeyAt::Box(box_no.get() - 1);
                self.is_untaken = self.key != KeyAt::Staff;
                self.has_lied = self.is_untaken && !is_seen;
                self.marks.saw(Event::Fetched, true);
            }
            Record::CodeDied { why, .. } => {
                self.spent += 1;
                self.marks.keep(Rule::SpentOnce, *why == Death::Used && drops && self.spent == 1);
            }
            Record::BoxSettled { finding, visit, .. } => {
                if visit.is_some() {
                    (self.has_lied, self.is_untaken) = (false, false);
                }
                self.marks.saw(Event::Missing, *finding == Finding::Empty && visit.is_some());
                self.marks.saw(Event::Stays, *finding == Finding::KeyStays);
            }
            Record::BoxOutOfService { reason, .. } => {
                self.marks.saw(Event::Jammed, *reason == ServiceReason::Jammed);
                self.marks.saw(Event::Silent, *reason == ServiceReason::Silent);
            }
            Record::PulseReported { pulse, .. } => {
                if let Some(grant) = self.grant.as_mut().filter(|grant| grant.pulse == *pulse) {
                    grant.is_over = true;
                }
            }
            Record::DoorOpened { box_no, cause, .. } => {
                if let Some(grant) = self.grant.as_mut().filter(|grant| grant.box_no == *box_no) {
                    grant.is_over = true;
                }
                self.marks.saw(Event::Forced, *cause == Cause::Forced);
                self.marks.saw(Event::WhileOff, *cause == Cause::WhileOff);
                self.marks.saw(Event::Late, *cause == Cause::Late);
            }
            Record::BoxToCheck { reason, .. } => {
                self.marks.saw(Event::Interrupted, *reason == CheckReason::Interrupted);
            }
            Record::DoorUnsteady { .. } => self.marks.keep(Rule::Bounded, false),
            Record::BoxFreed { .. } => self.marks.saw(Event::Freed, true),
            Record::BoxKept { .. } => self.marks.saw(Event::Kept, true),
            Record::DoorClaimedShut { .. } => self.marks.saw(Event::ClaimedShut, true),
            Record::OpeningsLimited { .. } => self.marks.saw(Event::Limited, true),
            Record::SessionEnded { how, .. } => {
                self.marks.saw(Event::Unconfirmed, *how == Ending::Unconfirmed);
                self.person = None;
            }
            _ => {}
        }
    }

    /// What the cabinet could still tell about a box.
    fn is_behind(&self, box_: u8) -> bool {
        let box_no = number(box_);
        let is_known = recorded_door(self.locker(), box_no) == self.reads(box_);
        !is_known || self.edges.iter().any(|edge| edge.box_no == box_no)
    }

    /// The rules about where the key is, and about what nobody keeps.
    fn judge_state(&mut self) {
        if self.is_off {
            return;
        }
        let locker = Arc::clone(&self.host.locker);
        let custody = locker.custody(JANE);
        let state = |box_: u8| locker.durable().box_state(number(box_));
        let is_open_question = |box_: u8| {
            state(box_).is_some_and(|state| state.in_use.is_some() || state.check.is_some())
                || self.is_behind(box_)
        };
        let is_found = match self.key {
            KeyAt::Box(box_) => {
                custody == Custody::Box { box_no: number(box_) } || is_open_question(box_) || self.has_lied
            }
            KeyAt::Driver | KeyAt::Staff | KeyAt::Thief => true,
        };
        let is_true = match custody {
            Custody::Box { box_no } => {
                let box_ = box_no.get() - 1;
                self.key == KeyAt::Box(box_) || is_open_question(box_) || self.has_lied
            }
            Custody::Staff { .. } => match self.key {
                KeyAt::Staff => true,
                KeyAt::Box(box_) => is_open_question(box_) || self.has_lied,
                KeyAt::Driver | KeyAt::Thief => self.is_untaken,
            },
            Custody::Customer | Custody::ToCheck { .. } | Custody::Missing { .. } => true,
        };
        let screen = locker.screen(screen::Surface::Bottom, &self.host.now()).id;
        let is_served = screen.ends_with(".serve") || screen == "check.settle";
        let is_kept = |report: &BoxReport| {
            report.reserved || state(report.box_no.get() - 1).is_some_and(|state| state.in_use.is_some())
        };
        let is_loose = locker.boxes().iter().any(is_kept) && !is_served;
        let is_double = locker.boxes().iter().any(|report| report.reserved && report.to_check.is_some());
        self.marks.keep(Rule::KeyFound, is_found);
        self.marks.keep(Rule::KeyTrue, is_true);
        self.marks.keep(Rule::Settled, !is_loose);
        self.marks.keep(Rule::Certain, !is_double);
    }

    /// The fingerprint: the machine's, and what of the world can still matter.
    fn close_state(&mut self) {
        self.judge_state();
        let mut print = Print::default();
        self.host.fold(Lens { flutter: Flutter::Never, ages: Ages::Young }, &mut print);
        let now = self.host.mono;
        let back = |at: Mono| now.wrapping_sub(at.0);
        let wanted = self.locker().outputs(&self.host.now()).pulse.map(|pulse| pulse.id);
        let edge = |edge: &Edge| (edge.box_no, back(edge.at), edge.to == Door::Open);
        let report = |report: &PulseReport| {
            // Of a pulse that is not wanted any more, the machine has heard.
            (Some(report.id) == wanted).then(|| (back(report.at), report.outcome as u8))
        };
        let sampled = self.sampled.as_ref().map(|sampled| {
            let levels: Vec<_> =
                sampled.boxes.iter().map(|level| (level.door as u8, level.item as u8)).collect();
            let edges: Vec<_> = sampled.edges.iter().map(edge).collect();
            (levels, edges, sampled.pulse.as_ref().and_then(report), back(sampled.taken))
        });
        let told = self.told.as_ref().map(|told| told.pulse == self.report);
        (self.has_items, self.is_off, self.is_open, self.key, self.person, self.hidden).hash(&mut print);
        (self.taken.map(|pulse| pulse.box_no), wanted.map(|id| self.mark < Some(id))).hash(&mut print);
        (self.report.as_ref().and_then(report), told, sampled).hash(&mut print);
        self.edges.iter().map(edge).collect::<Vec<_>>().hash(&mut print);
        (self.has_confirmed, self.has_lied, self.is_untaken, self.spent).hash(&mut print);
        let used = &self.used;
        (used.walks, used.drops, used.cuts, used.pries, used.mishaps, used.again, used.late).hash(&mut print);
        self.marks.hash(&mut print);
        self.print = print.finish();
    }
}

/// What staff want, by the machine's name for it.
type Purpose = locker_core::Act;

impl Doors {
    fn people(&self, world: &World, acts: &mut Vec<Act>) {
        let screen = world.host.screen();
        let used = &world.used;
        let buttons = offered(&screen);
        if screen.id == "start" && used.walks < self.walks {
            let may_drop = used.drops < self.drops && (world.spent == 0 || self.lie == Lie::OldSnapshot);
            if may_drop && buttons.contains(&Button::DropKey) {
                acts.push(Act::WalkIn);
            }
            if matches!(world.locker().custody(JANE), Custody::Box { .. } | Custody::ToCheck { .. }) {
                acts.push(Act::Fetch);
            }
            acts.extend((0..2).map(Act::Look));
        }
        let is_truth = |button: &Button| {
            let served = world.served().map(|served| served.get() - 1);
            let is_in = matches!(world.key, KeyAt::Box(box_) if Some(box_) == served);
            match button {
                Button::BoxEmpty => !is_in,
                Button::KeyStays | Button::SomethingElse => is_in,
                Button::KeyTaken => world.key == KeyAt::Staff,
                _ => true,
            }
        };
        if screen.id != "start" {
            let is_again = |button: &Button| matches!(button, Button::DidNotOpen | Button::OpenAgain);
            let pressed = |button: &Button| {
                let is_left = !is_again(button) || used.again < self.again;
                !matches!(button, Button::Help | Button::Abort) && is_truth(button) && is_left
            };
            acts.extend(buttons.iter().copied().filter(pressed).map(Act::Press));
            let is_last = screen.id.ends_with(".thanks") || screen.id == "sorry";
            if !is_last && buttons.contains(&Button::Abort) {
                acts.push(Act::Leave);
            }
        }
    }

    fn doors(&self, world: &World, acts: &mut Vec<Act>) {
        for (box_, is_open) in (0..).zip(world.is_open) {
            let holds = world.key == KeyAt::Box(box_);
            // No hand is quicker than a reading, and what happens while the power is off behind a door that is shut
            // again, nobody can know.
            let is_known = recorded_door(world.locker(), number(box_)) == Door::Open
                && (world.is_off || !world.is_behind(box_))
                || world.hidden.get(usize::from(box_)).is_some_and(|is_hidden| *is_hidden);
            if is_open && is_known {
                acts.push(Act::Close(box_));
                if world.key == KeyAt::Driver {
                    acts.push(Act::Put(box_));
                }
                if holds {
                    acts.push(Act::Take(box_));
                }
            } else if !is_open && world.used.pries < self.pries {
                acts.push(Act::Pry(box_));
            }
        }
    }

    fn bus(&self, world: &World, acts: &mut Vec<Act>) {
        // A board that is firing is not read.
        let is_firing = world.taken.is_some() && self.lie == Lie::None;
        match (&world.sampled, world.has_news()) {
            (Some(_), _) => acts.push(Act::Deliver),
            (None, _) if is_firing => {}
            (None, true) => acts.push(Act::Sample),
            (None, false) => acts.push(Act::Reread),
        }
        if let Some(pulse) = world.taken {
            self.coil(world, pulse, acts);
        } else if world.can_take_up().is_some() {
            acts.push(Act::TakeUp);
        }
    }

    fn coil(&self, world: &World, pulse: Pulse, acts: &mut Vec<Act>) {
        acts.push(Act::Fire(Fired::Opens));
        let is_open = world.is_open.get(index(pulse.box_no)).is_some_and(|is_open| *is_open);
        if world.used.mishaps < self.mishaps {
            acts.extend([Fired::Refused, Fired::Unanswered].map(Act::Fire));
            if !is_open {
                acts.push(Act::Fire(Fired::Jams));
            }
        }
    }
}

impl Model for Doors {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        let set = |has_items| {
            let mut world = World::new(has_items);
            world.used.lie = self.lie;
            world.host.loses_records = self.lie == Lie::LosesRecords;
            world.first = (self.lie == Lie::OldSnapshot).then(|| Arc::clone(&world.host.locker));
            world
        };
        vec![set(true), set(false)]
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        self.doors(world, acts);
        if world.is_off {
            acts.push(Act::Boot);
            if let Some(pulse) = world.taken {
                self.coil(world, pulse, acts);
            }
            return;
        }
        self.people(world, acts);
        self.bus(world, acts);
        let screen = world.host.screen().id;
        let is_last = screen.ends_with(".thanks") || screen == "sorry";
        let is_held = world.taken.is_some() && self.lie == Lie::None;
        let is_late = world.is_under_way();
        let may_wait = !is_held && (!is_late || world.used.late < self.late);
        if !is_last && may_wait && world.host.next_deadline().is_some() {
            acts.push(Act::Wait);
        }
        if world.used.cuts < self.cuts {
            acts.push(Act::Cut);
        }
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        let mut next = world.clone();
        next.marks.happened = 0;
        match act {
            Act::WalkIn => next.walk_in(),
            Act::Fetch => next.staff(Purpose::PickUp { visit: JANE }),
            Act::Look(box_) => next.staff(Purpose::Check { box_no: number(box_) }),
            Act::Press(button) => {
                if matches!(button, Button::DidNotOpen | Button::OpenAgain) {
                    next.used.again += 1;
                }
                next.press(button);
            }
            Act::Leave => {
                next.press(Button::Abort);
                next.press(Button::Yes);
            }
            Act::TakeUp => {
                next.taken = next.can_take_up();
                let is_other =
                    |pending: Pulse| next.taken.is_some_and(|taken| taken.box_no != pending.box_no);
                let is_alone = !next.pending.is_some_and(is_other);
                next.marks.keep(Rule::OneAtATime, is_alone);
                let granted = |pulse: Pulse| next.grant.filter(|grant| grant.pulse == pulse.id);
                next.taken_for = next.taken.and_then(granted).map(|grant| grant.session);
                next.mark = next.mark.max(next.taken.map(|pulse| pulse.id));
            }
            Act::Fire(fired) => next.fire(fired),
            Act::Sample => next.sampled = Some(next.readings()),
            Act::Deliver => {
                let readings = next.sampled.take()?;
                next.deliver(readings);
            }
            Act::Reread => {
                let readings = next.readings();
                next.deliver(readings);
            }
            Act::Put(box_) => next.key = KeyAt::Box(box_),
            Act::Take(box_) => {
                let is_served = next.served() == Some(number(box_));
                next.key = match next.person.filter(|_| is_served) {
                    Some(Person::Driver) => KeyAt::Driver,
                    Some(Person::Staff) => KeyAt::Staff,
                    None => KeyAt::Thief,
                };
            }
            Act::Close(box_) => {
                next.set_door(box_, Door::Closed);
                if self.lie == Lie::ConfirmsAlone && !next.is_off {
                    let readings = next.readings();
                    next.deliver(readings);
                    let has_confirmed = next.has_confirmed;
                    next.press(Button::Confirm);
                    next.has_confirmed = has_confirmed;
                }
            }
            Act::Pry(box_) => {
                next.used.pries += 1;
                if self.lie == Lie::HidesForce
                    && let Some(hidden) = next.hidden.get_mut(usize::from(box_))
                {
                    *hidden = true;
                }
                next.set_door(box_, Door::Open);
            }
            Act::Wait => next.wait(),
            Act::Cut => next.cut(),
            Act::Boot => next.boot(),
        }
        next.close_state();
        (next.print != world.print).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let is_wanted = |property: &Property<Self>| self.only.is_none_or(|rule| rule.name() == property.name);
        properties::<Self>().into_iter().filter(is_wanted).collect()
    }
}
