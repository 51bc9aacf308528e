//! A locker with everything around it in virtual time: a cabinet whose doors obey pulses, a journal in memory, people
//! who press buttons.

use std::collections::BTreeMap;
use std::sync::Arc;

use locker_core::mocks::MemoryVault;
use locker_core::screen::{Action, Button, Screen, Surface, Touch, Widget};
use locker_core::*;

/// The visit of Jane, who can be reached by mail and mobile.
pub const JANE: VisitId = VisitId(1);
/// The visit of a second driver, by mail only.
pub const OMAR: VisitId = VisitId(2);
/// A visit of tomorrow.
pub const TOMORROW: VisitId = VisitId(3);
/// A dealer admin, who may have codes of their own (CODE-8, CODE-9).
pub const ADMIN: UserId = UserId(9);
/// A mechanic.
pub const MECHANIC: UserId = UserId(7);
/// When every story begins: a Monday, 18:30 in Brussels.
pub const BEGIN: i64 = 1_767_634_200_000;

/// One box of the simulated cabinet.
#[derive(Clone, Debug)]
pub struct SimBox {
    pub door: Door,
    pub item: Item,
    pub has_door_sensor: bool,
    pub has_item_sensor: bool,
    pub jammed: bool,
    pub silent: bool,
    /// What the board says of a pulse; with [`PulseOutcome::NotDriven`] the coil does not fire.
    pub board: PulseOutcome,
}

/// An input as it was given, to be given again to another locker.
#[derive(Clone, Debug)]
pub enum Input {
    Touch(Touch),
    Scan(Scan),
    MakeCode(MessageId, Fresh),
    CheckIn(VisitId, u8, Fresh),
    SendAgain(VisitId, Contact),
    TemporaryPin(UserId, Option<BoxNo>, Fresh),
    Enrol(UserId, u64, Fresh),
    LiftLock(UserId),
    BeginMaintenance(UserId, String),
    EndMaintenance,
    Told(Told),
}

impl Input {
    fn of(ask: &Ask) -> Self {
        match ask {
            Ask::Touch(touch) => Self::Touch(touch.clone()),
            Ask::Scan(scan) => Self::Scan(scan.clone()),
            Ask::MakeCode { message, fresh } => Self::MakeCode(*message, fresh.clone()),
            Ask::CheckIn { visit, contact, fresh } => Self::CheckIn(*visit, *contact, fresh.clone()),
            Ask::SendAgain { visit, to } => Self::SendAgain(*visit, to.clone()),
            Ask::TemporaryPin { user, box_no, fresh } => Self::TemporaryPin(*user, *box_no, fresh.clone()),
            Ask::Enrol { user, revision, fresh } => Self::Enrol(*user, *revision, fresh.clone()),
            Ask::LiftLock { user } => Self::LiftLock(*user),
            Ask::BeginMaintenance { user, reason } => Self::BeginMaintenance(*user, reason.clone()),
            Ask::EndMaintenance => Self::EndMaintenance,
        }
    }

    /// What a locker decides on this input, at its moment.
    pub fn given_to(self, locker: &Locker, now: &Now) -> Result<Step<Locker>, Refusal> {
        let ask = match self {
            Self::Touch(touch) => Ask::Touch(touch),
            Self::Scan(scan) => Ask::Scan(scan),
            Self::MakeCode(message, fresh) => Ask::MakeCode { message, fresh },
            Self::CheckIn(visit, contact, fresh) => Ask::CheckIn { visit, contact, fresh },
            Self::SendAgain(visit, to) => Ask::SendAgain { visit, to },
            Self::TemporaryPin(user, box_no, fresh) => Ask::TemporaryPin { user, box_no, fresh },
            Self::Enrol(user, revision, fresh) => Ask::Enrol { user, revision, fresh },
            Self::LiftLock(user) => Ask::LiftLock { user },
            Self::BeginMaintenance(user, reason) => Ask::BeginMaintenance { user, reason },
            Self::EndMaintenance => Ask::EndMaintenance,
            Self::Told(told) => return Ok(locker.note(told, now)),
        };
        locker.ask(ask, now)
    }
}

/// A locker and its world.
#[derive(Clone)]
pub struct Rig {
    pub locker: Locker,
    pub vault: MemoryVault,
    pub journal: Vec<Entry>,
    pub boxes: BTreeMap<BoxNo, SimBox>,
    /// Every pulse that was driven: when, which, where.
    pub driven: Vec<(u64, PulseId, BoxNo)>,
    pub mono: u64,
    pub wall: i64,
    pub today: Date,
    pub trusted: bool,
    edges: Vec<Edge>,
    last_edge: u64,
    report: Option<PulseReport>,
    touch_id: u64,
    fresh: u64,
    scan: u64,
    pub revision: u64,
    pub settings: Settings,
    pub visits: Vec<Visit>,
    /// Who may have temporary PINs, and whose authenticators stand, as the office says.
    pub temporary: Vec<UserId>,
    pub authenticators: Vec<UserId>,
    /// Whether the journal takes nothing: a step with records is then dropped, as the contract says.
    pub is_down: bool,
    /// Every input with its moment.
    pub inputs: Vec<(Now, Input)>,
}

pub fn box_no(number: u8) -> BoxNo {
    BoxNo::new(number).unwrap()
}

pub fn contact(channel: Channel, kind: ContactKind, address: &str) -> Contact {
    Contact { channel, kind, address: address.into(), blocked: false }
}

/// The contact that staff choose to get a PIN.
pub fn jane_mail() -> Contact {
    contact(Channel::Mail, ContactKind::Private, "jane@example.be")
}

pub fn visit(id: VisitId, date: Date, plate: &str, contacts: Vec<Contact>) -> Visit {
    let driver = Driver { name: format!("Driver {id}"), contacts, preferred: None, language: None };
    let people = People { plate: plate.into(), vehicle: "Blue hatchback".into(), driver };
    let order = ExternalRef::new(format!("WO-{id}")).unwrap();
    let time = TimeOfDay::new(8, 30).unwrap();
    let appointments = vec![Appointment { order, time, work: "Yearly service".into() }];
    let people = Personal::new(Subject::Visit(id), people);
    Visit { id, date, people, appointments, on_hold: false }
}

impl Rig {
    /// Four boxes with both sensors, two-factor drop, three visits.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same with other settings.
    pub fn with(set: impl FnOnce(&mut Settings)) -> Self {
        Self::with_boxes(4, set)
    }

    /// The same with another number of boxes.
    pub fn with_boxes(count: u8, set: impl FnOnce(&mut Settings)) -> Self {
        let mut vault = MemoryVault::new();
        let locker = Locker::restore(&mut vault, None, []).unwrap();
        let today = Date::from_ymd(2026, 1, 5).unwrap();
        let mut settings = Settings { telephone: "+32 2 555 00 00".into(), ..Settings::default() };
        set(&mut settings);
        let mail = |address: &str| contact(Channel::Mail, ContactKind::Private, address);
        let mobile = |number: &str| contact(Channel::Sms, ContactKind::Business, number);
        let visits = vec![
            visit(JANE, today, "1-ABC-123", vec![mail("jane@example.be"), mobile("0470 12 34 12")]),
            visit(OMAR, today, "2-XYZ-789", vec![mail("omar@example.org")]),
            visit(TOMORROW, today.plus_days(1), "3-TOM-333", vec![mail("tom@example.net")]),
        ];
        let new_box = SimBox {
            door: Door::Closed,
            item: Item::Absent,
            has_door_sensor: true,
            has_item_sensor: true,
            jammed: false,
            silent: false,
            board: PulseOutcome::Accepted,
        };
        let mut rig = Self {
            locker,
            vault,
            journal: Vec::new(),
            boxes: BoxNo::first(count).map(|number| (number, new_box.clone())).collect(),
            driven: Vec::new(),
            mono: 0,
            wall: BEGIN,
            today,
            trusted: true,
            edges: Vec::new(),
            last_edge: 0,
            report: None,
            touch_id: 0,
            fresh: 0,
            scan: 0,
            revision: 0,
            settings,
            visits,
            temporary: vec![ADMIN],
            authenticators: Vec::new(),
            is_down: false,
            inputs: Vec::new(),
        };
        rig.start();
        rig.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), count, 4))));
        rig.push_desired();
        rig.readings();
        rig
    }

    pub fn now(&self) -> Now {
        let now = Now::new(Mono(self.mono), Wall(self.wall), self.today, Wall(BEGIN + 5 * 3_600_000));
        if self.trusted { now } else { now.untrusted() }
    }

    fn start(&mut self) {
        let step = self.locker.start(&self.now());
        self.append(step);
    }

    /// Makes a step durable and commits it.
    pub fn append(&mut self, mut step: Step<Locker>) -> Answer {
        if self.is_down && !step.records().is_empty() {
            return Answer::default();
        }
        let encoded = step.encode(&mut self.vault).unwrap();
        assert_eq!(encoded.after, self.journal.len() as u64);
        self.journal.extend(encoded.entries);
        self.vault.keep_head(Locker::STREAM, encoded.head).unwrap();
        self.locker.commit(step).unwrap()
    }

    pub fn ask(&mut self, ask: Ask) -> Result<Answer, Refusal> {
        self.inputs.push((self.now(), Input::of(&ask)));
        let step = self.locker.ask(ask, &self.now())?;
        Ok(self.append(step))
    }

    pub fn note(&mut self, told: Told) {
        self.inputs.push((self.now(), Input::Told(told.clone())));
        let step = self.locker.note(told, &self.now());
        self.append(step);
    }

    /// Sends the office's settings and visits as they are in the rig.
    pub fn push_desired(&mut self) {
        self.revision += 1;
        let (revision, settings) = (self.revision, self.settings.clone());
        let visits = self.visits.iter().cloned().map(Arc::new).collect();
        let (temporary, authenticators) = (self.temporary.clone(), self.authenticators.clone());
        let desired = Desired { revision, settings, visits, temporary, authenticators };
        self.note(Told::Desired(Box::new(desired)));
    }

    /// The office asks for a temporary PIN of the dealer admin (CODE-8).
    pub fn temporary_pin(&mut self, number: Option<u8>) -> String {
        let fresh = self.fresh();
        match self.ask(Ask::TemporaryPin { user: ADMIN, box_no: number.map(box_no), fresh }).unwrap() {
            Answer::Temporary { pin } => String::from_utf8(pin.reveal().clone()).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// A user enrols an authenticator (CODE-9); gives its secret.
    pub fn enrol(&mut self, user: UserId) -> [u8; 32] {
        self.authenticators.push(user);
        let (revision, fresh) = (self.revision + 1, self.fresh());
        let answer = self.ask(Ask::Enrol { user, revision, fresh }).unwrap();
        let Answer::Enrolled { secret } = answer else { panic!("{answer:?}") };
        self.push_desired();
        *secret.reveal()
    }

    /// 32 bytes that were never given before.
    pub fn fresh(&mut self) -> Fresh {
        self.fresh += 1;
        let mut bytes = [0x5a; 32];
        bytes[..8].copy_from_slice(&self.fresh.to_be_bytes());
        Fresh::new(bytes)
    }

    pub fn screen(&self) -> Screen {
        self.locker.screen(Surface::Bottom, &self.now())
    }

    pub fn top(&self) -> Screen {
        self.locker.screen(Surface::Top, &self.now())
    }

    /// Where the bottom screen is.
    pub fn at(&self) -> &'static str {
        self.screen().id
    }

    /// The id of the notice on the screen.
    pub fn notice(&self) -> Option<&'static str> {
        self.screen().notice.map(|notice| notice.text.id)
    }

    /// The id of the overlay on the screen.
    pub fn overlay(&self) -> Option<&'static str> {
        self.screen().overlay.map(|overlay| overlay.id)
    }

    pub fn touch(&mut self, action: Action) -> Result<Answer, Refusal> {
        self.touch_id += 1;
        let touch = Touch {
            generation: self.screen().generation,
            touch_id: self.touch_id,
            action,
            fresh: self.fresh(),
        };
        self.ask(Ask::Touch(touch))
    }

    /// Presses a button that must be on the screen and must do something.
    pub fn press(&mut self, button: Button) -> Answer {
        let screen = self.screen();
        let mut offered: Vec<_> = screen.buttons.iter().chain(&screen.bar).collect();
        if let Some(overlay) = &screen.overlay {
            offered = overlay.buttons.iter().collect();
        }
        assert!(
            offered.iter().any(|view| view.press == button && view.enabled),
            "{button:?} is not offered on {}",
            screen.id
        );
        self.touch(Action::Press { button }).unwrap()
    }

    pub fn write(&mut self, text: &str) {
        self.touch(Action::Write { text: text.into() }).unwrap();
    }

    /// Types digits and presses *OK*.
    pub fn type_pin(&mut self, pin: &str) -> Answer {
        for digit in pin.bytes() {
            self.touch(Action::Digit { digit: digit - b'0' }).unwrap();
        }
        self.press(Button::Ok)
    }

    /// Lets time pass in steps of 100 ms, with a cabinet that does what it is told and people who do nothing.
    pub fn wait(&mut self, ms: u64) {
        assert_eq!(ms % 100, 0, "the rig ticks every 100 ms");
        for _ in 0..ms / 100 {
            self.mono += 100;
            self.wall += 100;
            self.drive();
            self.readings();
        }
    }

    /// Lets time pass with nothing but one tick at its end.
    pub fn leap(&mut self, ms: u64) {
        self.mono += ms;
        self.wall += ms as i64;
        self.note(Told::Tick);
    }

    fn drive(&mut self) {
        let outputs = self.locker.outputs(&self.now());
        self.edges.retain(|edge| edge.n > outputs.edges_recorded);
        let Some(pulse) = outputs.pulse_at(Mono(self.mono)) else { return };
        let cabinet_box = self.boxes.get(&pulse.box_no).unwrap().clone();
        if cabinet_box.silent || self.report.is_some_and(|report| report.id == pulse.id) {
            return;
        }
        let outcome = cabinet_box.board;
        self.report = Some(PulseReport { id: pulse.id, at: Mono(self.mono), outcome });
        if outcome == PulseOutcome::NotDriven {
            return;
        }
        self.driven.push((self.mono, pulse.id, pulse.box_no));
        if !cabinet_box.jammed {
            self.set_door(pulse.box_no, Door::Open);
        }
    }

    fn set_door(&mut self, box_no: BoxNo, to: Door) {
        let cabinet_box = self.boxes.get_mut(&box_no).unwrap();
        if cabinet_box.door == to {
            return;
        }
        cabinet_box.door = to;
        if cabinet_box.has_door_sensor {
            self.last_edge += 1;
            self.edges.push(Edge { n: self.last_edge, box_no, at: Mono(self.mono), to });
        }
    }

    /// Hands over what the sensors say.
    pub fn readings(&mut self) {
        let level = |(number, cabinet_box): (&BoxNo, &SimBox)| BoxReading {
            box_no: *number,
            door: if cabinet_box.has_door_sensor { cabinet_box.door } else { Door::Unknown },
            item: if cabinet_box.has_item_sensor { cabinet_box.item } else { Item::Unknown },
        };
        let boxes = self.boxes.iter().filter(|(_, one)| !one.silent).map(level).collect();
        let mut readings = Readings::new(Mono(self.mono), boxes);
        readings.edges.clone_from(&self.edges);
        readings.pulse = self.report;
        self.note(Told::Readings(Arc::new(readings)));
    }

    /// Somebody opens a door with force, or one that is not latched.
    pub fn pry(&mut self, number: u8) {
        self.set_door(box_no(number), Door::Open);
        self.readings();
    }

    pub fn close(&mut self, number: u8) {
        self.set_door(box_no(number), Door::Closed);
        self.readings();
    }

    /// A contact leaves its level for longer than bounce and comes back to it.
    pub fn comes_back(&mut self, number: u8) {
        self.last_edge += 1;
        let (box_no, to) = (box_no(number), self.sim(number).door);
        self.edges.push(Edge { n: self.last_edge, box_no, at: Mono(self.mono), to });
        self.readings();
    }

    pub fn put_key(&mut self, number: u8) {
        self.boxes.get_mut(&box_no(number)).unwrap().item = Item::Present;
        self.readings();
    }

    pub fn take_key(&mut self, number: u8) {
        self.boxes.get_mut(&box_no(number)).unwrap().item = Item::Absent;
        self.readings();
    }

    /// Sends what waits to be sent, as a mail service that takes everything; gives the PINs in order.
    pub fn deliver(&mut self) -> Vec<String> {
        let open = self.locker.open_messages();
        let mut pins = Vec::new();
        for message in open {
            if message.template.has_code() {
                pins.push(self.make_code(message.message));
            }
            let outcome = Delivery::Accepted;
            self.note(Told::Delivery { message: message.message, outcome });
        }
        pins
    }

    /// What waits to be sent is for.
    pub fn templates(&self) -> Vec<Template> {
        self.locker.open_messages().iter().map(|message| message.template).collect()
    }

    /// Start → *Drop a key* → *Go* → *QR code*, and the mechanic's tablet scans it to drop a key for the customer.
    pub fn staff_drop(&mut self, visit: VisitId) -> Answer {
        self.begin_drop();
        self.press(Button::ByQr);
        let answer = self.scan(Act::Drop { visit });
        self.wait(200);
        answer
    }

    /// Staff put the key of a visit in a box for the customer; gives the box and the PIN that is sent.
    pub fn hand_in(&mut self, visit: VisitId) -> (u8, String) {
        let Answer::Opens(opened) = self.staff_drop(visit) else { panic!("no box opened") };
        let number = opened.get();
        self.put_key(number);
        self.close(number);
        self.press(Button::Confirm);
        assert_eq!(self.at(), "drop.thanks");
        self.press(Button::Done);
        (number, self.deliver().pop().expect("a PIN is sent"))
    }

    /// Start → *Pick up a key* → *Go* → *PIN code*, and a PIN typed.
    pub fn collect(&mut self, pin: &str) -> Answer {
        self.press(Button::PickUpKey);
        self.press(Button::Go);
        self.press(Button::ByPin);
        let answer = self.type_pin(pin);
        self.wait(200);
        answer
    }

    /// Takes the key out of the box that stands open, shuts it and confirms.
    pub fn take_and_confirm(&mut self, number: u8) {
        self.take_key(number);
        self.close(number);
        self.press(Button::Confirm);
    }

    pub fn make_code(&mut self, message: MessageId) -> String {
        let fresh = self.fresh();
        match self.ask(Ask::MakeCode { message, fresh }).unwrap() {
            Answer::Code { pin, .. } => String::from_utf8(pin.reveal().clone()).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// Start → *Drop a key* → *Go*: step 1.
    pub fn begin_drop(&mut self) {
        self.press(Button::DropKey);
        self.press(Button::Go);
    }

    /// Asks for a PIN by registration and gives it.
    pub fn pin_by_plate(&mut self, plate: &str) -> String {
        self.begin_drop();
        self.press(Button::ByRegistration);
        self.write(plate);
        self.press(Button::Ok);
        self.wait(1_500);
        self.press(Button::Send);
        self.deliver().pop().unwrap()
    }

    /// A whole session up to an open box, by registration and PIN; gives the box.
    pub fn drop_to_open_box(&mut self, plate: &str) -> u8 {
        let pin = self.pin_by_plate(plate);
        self.press(Button::EnterCode);
        assert_eq!(self.type_pin(&pin), Answer::Done);
        self.press(Button::Next);
        self.press(Button::Next);
        self.wait(200);
        self.served().expect("a box is open")
    }

    /// A whole drop; gives the box.
    pub fn drop_key(&mut self, plate: &str) -> u8 {
        let number = self.drop_to_open_box(plate);
        self.put_key(number);
        self.close(number);
        self.press(Button::Confirm);
        assert_eq!(self.at(), "drop.thanks");
        self.press(Button::Done);
        number
    }

    /// The box in use, as the screen shows it.
    pub fn served(&self) -> Option<u8> {
        self.screen().widgets.iter().find_map(|widget| match widget {
            Widget::BoxNumber { box_no } => Some(box_no.get()),
            _ => None,
        })
    }

    /// Start → *Pick up a key* → *Go* → *QR code*.
    pub fn show_qr(&mut self) {
        self.press(Button::PickUpKey);
        self.press(Button::Go);
        self.press(Button::ByQr);
    }

    /// What the QR on the screen carries, and the digits under it.
    pub fn qr(&self) -> Option<(QrPayload, Option<String>)> {
        self.screen().widgets.iter().find_map(|widget| match widget {
            Widget::Qr { payload, digits } => Some((payload.parse().unwrap(), digits.clone())),
            _ => None,
        })
    }

    /// A scan of what stands on the screen, for this act, as the office forwards it.
    pub fn scan_of(&mut self, proof: Proof, act: Act) -> Scan {
        self.scan += 1;
        let to = match act {
            Act::Drop { .. } => Some(jane_mail()),
            Act::PickUp { .. } | Act::Check { .. } => None,
        };
        Scan { id: ScanId(self.scan), proof, act, ticket: TicketId(self.scan), user: MECHANIC, to }
    }

    /// The mechanic's tablet scans the QR on the screen.
    pub fn scan(&mut self, act: Act) -> Answer {
        let (payload, _) = self.qr().expect("a QR is on the screen");
        let scan = self.scan_of(Proof::Qr(payload.nonce), act);
        self.ask(Ask::Scan(scan)).unwrap()
    }

    /// The kinds of all records, with their payload, from the journal.
    pub fn records(&self) -> Vec<Record> {
        let decoded = self.journal.iter().map(|entry| {
            let mut stamped = decode::<Record>(entry).unwrap();
            stamped.record.visit_personal(&mut |personal| personal.open(&self.vault)).unwrap();
            stamped.record
        });
        decoded.collect()
    }

    /// How many records of a kind there are.
    pub fn count(&self, is: impl Fn(&Record) -> bool) -> usize {
        self.records().iter().filter(|record| is(record)).count()
    }

    /// The power goes and comes back after `off_ms`: what was not recorded is gone.
    pub fn power_cut(&mut self, off_ms: i64) {
        let entries = self.journal.clone();
        self.locker = Locker::restore(&mut self.vault, None, entries).unwrap();
        self.mono = 1_000;
        self.wall += off_ms;
        self.report = None;
        self.edges.clear();
        self.last_edge = 0;
        self.start();
        self.readings();
    }

    pub fn custody(&self, visit: VisitId) -> Custody {
        self.locker.custody(visit)
    }

    /// Gives an input of another locker to this one, at its moment.
    pub fn replay(&mut self, (now, input): (Now, Input)) {
        if let Ok(step) = input.given_to(&self.locker, &now) {
            self.append(step);
        }
    }

    /// A box of the simulated cabinet, to break it.
    pub fn sim(&mut self, number: u8) -> &mut SimBox {
        self.boxes.get_mut(&box_no(number)).unwrap()
    }

    /// When the locks were fired.
    pub fn driven_at(&self) -> Vec<u64> {
        self.driven.iter().map(|(at, _, _)| *at).collect()
    }

    /// Readings that the host takes in at another moment than now.
    pub fn readings_of(&mut self, readings: Readings) {
        self.note(Told::Readings(Arc::new(readings)));
    }

    /// The public facts of the whole journal.
    pub fn facts(&self) -> Vec<FactKind> {
        let stamped: Vec<_> = self.stamped();
        self.locker.facts(0, &stamped).into_iter().map(|fact| fact.kind).collect()
    }

    /// All records with their stamps, opened.
    pub fn stamped(&self) -> Vec<Stamped<Record>> {
        let decoded = self.journal.iter().map(|entry| {
            let mut stamped = decode::<Record>(entry).unwrap();
            stamped.record.visit_personal(&mut |personal| personal.open(&self.vault)).unwrap();
            stamped
        });
        decoded.collect()
    }

    /// Opens the PIN pad of a drop.
    pub fn show_pad(&mut self) {
        self.begin_drop();
        self.press(Button::ByPin);
    }

    /// Types a PIN on a fresh pad and goes back to the start screen.
    pub fn try_pin(&mut self, pin: &str) -> Answer {
        self.show_pad();
        let answer = self.type_pin(pin);
        self.leave();
        answer
    }

    /// x, yes.
    pub fn leave(&mut self) {
        self.press(Button::Abort);
        self.press(Button::Yes);
    }

    /// A check-in PIN of a visit, made and sent.
    pub fn check_in(&mut self, visit: VisitId) -> String {
        let fresh = self.fresh();
        match self.ask(Ask::CheckIn { visit, contact: 0, fresh }).unwrap() {
            Answer::Code { message, pin } => {
                self.note(Told::Delivery { message, outcome: Delivery::Accepted });
                String::from_utf8(pin.reveal().clone()).unwrap()
            }
            other => panic!("{other:?}"),
        }
    }

    /// Staff check a box: pick-up, QR, scan; the box stands open afterwards.
    pub fn check_box(&mut self, number: u8) {
        self.show_qr();
        assert_eq!(self.scan(Act::Check { box_no: box_no(number) }), Answer::Opens(box_no(number)));
        self.wait(200);
    }

    /// Staff find something in a box that is to be checked; `is_taken` empties it before the door is shut.
    pub fn settle(&mut self, number: u8, button: Button) {
        self.check_box(number);
        self.close(number);
        self.press(Button::Confirm);
        assert_eq!(self.at(), "check.settle");
        self.press(button);
        self.press(Button::Done);
    }

    /// The same locker rebuilt from its journal, as the next boot would find it.
    pub fn restored(&self) -> Locker {
        Locker::restore(&mut self.vault.clone(), None, self.journal.clone()).unwrap()
    }

    /// How one box stands.
    pub fn report_of(&self, number: u8) -> BoxReport {
        self.locker.boxes().into_iter().find(|report| report.box_no == box_no(number)).unwrap()
    }

    /// Touches without asking whether the screen offers it.
    pub fn try_press(&mut self, button: Button) -> Result<Answer, Refusal> {
        self.touch(Action::Press { button })
    }

    /// Step 1: a look-up that has taken its time.
    pub fn look_up(&mut self, by: Button, text: &str) {
        self.press(by);
        self.write(text);
        self.press(Button::Ok);
        self.leap(1_500);
    }

    /// Step 2 of a drop, with a PIN sent to the kiosk's caller.
    pub fn identified(&mut self, plate: &str) -> String {
        let pin = self.pin_by_plate(plate);
        self.press(Button::EnterCode);
        assert_eq!(self.type_pin(&pin), Answer::Done);
        assert_eq!(self.at(), "drop.driver");
        pin
    }

    /// Whether the screen shows this button, enabled.
    pub fn offers(&self, button: Button) -> bool {
        offered(&self.screen()).contains(&button)
    }

    /// The bottom screen without what every touch changes: the generation, the running clock.
    pub fn still(&self) -> Screen {
        still(self.screen())
    }
}

/// What an authenticator shows at a wall clock, in milliseconds.
pub fn authenticator(secret: [u8; 32], wall: i64) -> String {
    let builder = totp_rs::Builder::new().with_algorithm(totp_rs::Algorithm::SHA256).with_digits(8);
    let seconds = u64::try_from(wall / 1_000).unwrap();
    builder.with_secret(secret).build().unwrap().generate(seconds).to_string()
}

/// A screen without what every touch changes.
pub fn still(mut screen: Screen) -> Screen {
    screen.generation = Generation::default();
    screen.remaining = None;
    screen
}

/// The buttons that act now.
pub fn offered(screen: &Screen) -> Vec<Button> {
    let views: Vec<_> = match &screen.overlay {
        Some(overlay) => overlay.buttons.iter().collect(),
        None => screen.buttons.iter().chain(&screen.bar).collect(),
    };
    views.iter().filter(|view| view.enabled).map(|view| view.press).collect()
}
