//! Inputs of a locker: bytes become touches, scans, readings, news of the office, jumps of the clock and power cuts,
//! offered or not, plausible or not. What must hold is asked after each.

mod keyless;
mod outbound;
mod rules;

use std::cell::RefCell;
use std::sync::Arc;

use locker_core::screen::{Action, Button, Locale, Touch};
use locker_core::{
    Act, Answer, Ask, BoxNo, BoxReading, Delivery, Desired, Door, Edge, Generation, HelpAnswer, HelpId, Item,
    Layout, LockerId, Machine, MessageId, Mono, Outputs, Proof, PulseId, PulseOutcome, PulseReport, Readings,
    Refusal, Secret, Settings, Store, Told, UserId, VisitId,
};

pub use self::rules::{Lie, while_it_lies};

use self::keyless::Keyless;
use crate::bytes::Bytes;
use crate::rig::{JANE, OMAR, Rig, TOMORROW, jane_mail, offered};

/// A run ends here: what takes longer is found sooner in pieces.
const INPUTS_MAX: usize = 400;
/// How far the clocks run: the rig itself adds to them.
const MONO_MAX: u64 = 1 << 62;
const WALL_MAX: i64 = 1 << 62;
const VISITS: [VisitId; 4] = [JANE, OMAR, TOMORROW, VisitId(99)];
const WORDS: [&str; 12] = [
    "",
    "1-ABC-123",
    "2xyz789",
    "9-NOT-999",
    "0470 12 34 12",
    "+32470123412",
    "0032 470 12 34 12",
    "123456",
    "Winter tyres",
    "\u{202e}\u{0}\n",
    "ﬁß𝟙",
    "00000000",
];
const DOORS: [Door; 3] = [Door::Closed, Door::Open, Door::Unknown];
const ITEMS: [Item; 3] = [Item::Present, Item::Absent, Item::Unknown];
const OUTCOMES: [PulseOutcome; 3] =
    [PulseOutcome::Accepted, PulseOutcome::Unanswered, PulseOutcome::NotDriven];

/// Runs one input.
pub(crate) fn inputs(bytes: &[u8]) {
    thread_local! {
        static NEW: RefCell<Option<Rig>> = const { RefCell::new(None) };
    }
    let rig = NEW.with(|new| new.borrow_mut().get_or_insert_with(Rig::new).clone());
    let mut world = World { rig, pins: Vec::new(), scans: Vec::new(), keyless: Keyless::default() };
    let mut bytes = Bytes::new(bytes);
    for _ in 0..INPUTS_MAX {
        let Some(kind) = bytes.next() else { break };
        world.input(kind, &mut bytes);
        world.holds();
    }
    world.replays();
}

struct World {
    rig: Rig,
    pins: Vec<String>,
    scans: Vec<locker_core::Scan>,
    keyless: Keyless,
}

impl World {
    fn input(&mut self, kind: u8, bytes: &mut Bytes<'_>) {
        // What came later has kinds of its own, so that the inputs kept before mean what they meant.
        match kind {
            224..=229 => return self.staff_code(bytes),
            230..=232 => return self.ask_staff_code(bytes),
            233 => return self.who_may(bytes),
            234..=237 => return self.hand_in(bytes),
            238..=242 => return self.collect(bytes),
            243 => return self.hold(bytes),
            244 => return self.edition(),
            245 => return self.link(bytes),
            246 => return self.erase(bytes),
            _ => {}
        }
        match kind % 28 {
            0..=3 => self.press_offered(bytes.byte()),
            4 => self.touch(Action::Press { button: bytes.pick(&Button::ALL) }),
            5 => self.touch(Action::Digit { digit: bytes.byte() }),
            6 => self.touch(Action::Erase),
            7 => self.touch(Action::Write { text: bytes.text(&WORDS) }),
            8 => self.touch(Action::Choose { item: bytes.byte() }),
            9 => self.odd_touch(bytes),
            10 => self.type_pin(bytes),
            11 => self.scan(bytes),
            12 => self.deliver(bytes),
            13 => self.service(bytes),
            14 => self.rig.wait(u64::from(bytes.below(40)) * 100),
            15 => self.leap(bytes),
            16 | 17 => self.hand(bytes),
            18 => self.readings(bytes),
            19 => self.break_box(bytes),
            20 => self.desired(bytes),
            21 => self.tell(bytes),
            22 => self.clock(bytes),
            23 => self.store(bytes),
            24 => self.power_cut(bytes),
            25 => self.walk_in(bytes),
            26 => self.staff_in(bytes),
            _ => self.finish(bytes),
        }
    }

    /// A refusal changes and records nothing.
    fn ask(&mut self, ask: Ask) -> Result<Answer, Refusal> {
        let (length, durable) = (self.rig.journal.len(), self.rig.locker.durable().clone());
        let screen = self.rig.screen();
        let answer = self.rig.ask(ask);
        if answer.is_err() {
            assert_eq!(self.rig.journal.len(), length, "a refusal records nothing");
            assert!(*self.rig.locker.durable() == durable, "a refusal changes nothing");
            assert_eq!(self.rig.screen(), screen, "a refusal shows nothing");
        }
        if let Ok(Answer::Code { pin, .. }) = &answer
            && !self.rig.is_down
        {
            self.pins.push(String::from_utf8(pin.reveal().clone()).unwrap());
        }
        answer
    }

    fn touch(&mut self, action: Action) {
        let generation = self.rig.screen().generation;
        self.touch_of(generation, None, action);
    }

    fn touch_of(&mut self, generation: Generation, touch_id: Option<u64>, action: Action) {
        let fresh = self.rig.fresh();
        // The rig numbers its own touches from 1.
        let touch_id = touch_id.unwrap_or(1_000 + self.rig.inputs.len() as u64);
        let _ = self.ask(Ask::Touch(Touch { generation, touch_id, action, fresh }));
    }

    fn press(&mut self, button: Button) {
        if self.rig.offers(button) {
            self.touch(Action::Press { button });
        }
    }

    fn press_offered(&mut self, which: u8) {
        let offered = offered(&self.rig.screen());
        if !offered.is_empty() {
            self.touch(Action::Press { button: offered[usize::from(which) % offered.len()] });
        }
    }

    fn odd_touch(&mut self, bytes: &mut Bytes<'_>) {
        let mut generation = self.rig.screen().generation;
        match bytes.byte() {
            0 => generation = Generation::default(),
            1 => generation.n = u32::from(bytes.short()),
            2 => generation.boot.0 ^= u32::from(bytes.byte()),
            _ => {}
        }
        let touch_id = 1_000 + (self.rig.inputs.len() as u64).saturating_sub(u64::from(bytes.below(4)));
        let action = match bytes.below(3) {
            0 => Action::Language { locale: bytes.pick(&Locale::ALL) },
            1 => Action::Digit { digit: bytes.below(11) },
            _ => Action::Press { button: bytes.pick(&Button::ALL) },
        };
        self.touch_of(generation, Some(touch_id), action);
    }

    fn type_pin(&mut self, bytes: &mut Bytes<'_>) {
        let wrong = String::from("900900");
        let which = bytes.byte();
        let pin = self.pins.len().checked_sub(1 + usize::from(which >> 1)).map(|at| self.pins[at].clone());
        self.type_digits(&pin.filter(|_| which & 1 == 0).unwrap_or(wrong));
    }

    fn type_digits(&mut self, digits: &str) {
        for digit in digits.bytes() {
            self.touch(Action::Digit { digit: digit - b'0' });
        }
        self.press(Button::Ok);
    }

    fn scan(&mut self, bytes: &mut Bytes<'_>) {
        let proof = match (bytes.below(4), self.rig.qr()) {
            (0, Some((_, Some(digits)))) => {
                Proof::Typed(Secret::new(digits.into_bytes().try_into().unwrap()))
            }
            (1, _) => Proof::Typed(Secret::new(*b"12345678")),
            (2, _) | (_, None) => Proof::Qr(Secret::new([bytes.byte(); 16])),
            (_, Some((payload, _))) => Proof::Qr(payload.nonce),
        };
        let act = match bytes.flag() {
            true => {
                let visit = bytes.pick(&VISITS);
                if bytes.flag() { Act::PickUp { visit } } else { Act::Drop { visit } }
            }
            false => Act::Check { box_no: BoxNo::new(bytes.below(6) + 1).unwrap() },
        };
        let mut scan = self.rig.scan_of(proof, act);
        if let Some(earlier) = self.scans.get(usize::from(bytes.byte())) {
            scan.id = earlier.id;
        }
        self.scans.push(scan.clone());
        let fired = self.rig.driven.len();
        let known = self.scans.iter().filter(|one| one.id == scan.id).count();
        let first = self.ask(Ask::Scan(scan.clone()));
        if !self.rig.is_down && known == 1 {
            let length = self.rig.journal.len();
            assert_eq!(self.ask(Ask::Scan(scan)), first, "a doubled scan gets the same answer");
            assert_eq!(self.rig.journal.len(), length, "and acts once");
        }
        assert_eq!(self.rig.driven.len(), fired);
    }

    fn deliver(&mut self, bytes: &mut Bytes<'_>) {
        let open = self.rig.locker.open_messages();
        let message = match open.get(usize::from(bytes.below(8))) {
            Some(open) => open.message,
            None => open.first().map_or(MessageId(u64::from(bytes.byte())), |open| open.message),
        };
        if bytes.below(4) > 0 {
            let fresh = self.rig.fresh();
            let _ = self.ask(Ask::MakeCode { message, fresh });
        }
        let outcome = bytes.pick(&[Delivery::Accepted, Delivery::Refused]);
        self.rig.note(Told::Delivery { message, outcome });
    }

    fn service(&mut self, bytes: &mut Bytes<'_>) {
        let user = UserId(u64::from(bytes.below(3)));
        let ask = match bytes.below(5) {
            3 => Ask::SendAgain { visit: bytes.pick(&VISITS), to: jane_mail() },
            0 => Ask::LiftLock { user },
            1 => Ask::BeginMaintenance { user, reason: bytes.text(&WORDS) },
            2 => Ask::EndMaintenance,
            _ => {
                let (visit, contact, fresh) = (bytes.pick(&VISITS), bytes.below(4), self.rig.fresh());
                Ask::CheckIn { visit, contact, fresh }
            }
        };
        let _ = self.ask(ask);
    }

    fn leap(&mut self, bytes: &mut Bytes<'_>) {
        let ms = match bytes.byte() {
            0 => bytes.long() >> 16,
            1 => 1_500,
            2 => 86_400_000,
            unit => u64::from(bytes.short()) << (unit % 12),
        };
        self.rig.mono = self.rig.mono.saturating_add(ms).min(MONO_MAX);
        self.set_wall(self.rig.wall.saturating_add_unsigned(ms));
        self.rig.note(Told::Tick);
    }

    fn set_wall(&mut self, wall: i64) {
        self.rig.wall = wall.clamp(-WALL_MAX, WALL_MAX);
    }

    fn number(bytes: &mut Bytes<'_>) -> u8 {
        bytes.below(4) + 1
    }

    fn hand(&mut self, bytes: &mut Bytes<'_>) {
        let what = bytes.byte();
        let number = match self.rig.served() {
            Some(number) if what & 4 == 0 => number,
            _ => Self::number(bytes),
        };
        match what & 3 {
            0 => self.rig.pry(number),
            1 => self.rig.close(number),
            2 => self.rig.put_key(number),
            _ => self.rig.take_key(number),
        }
    }

    /// What no cabinet of ours would say: boxes that are not there, edges out of order, moments to come.
    fn readings(&mut self, bytes: &mut Bytes<'_>) {
        let taken = Mono(bytes.about(self.rig.mono));
        let boxes = (0..bytes.below(6)).map(|_| {
            let box_no = BoxNo::new(bytes.byte().max(1)).unwrap();
            BoxReading { box_no, door: bytes.pick(&DOORS), item: bytes.pick(&ITEMS) }
        });
        let mut readings = Readings::new(taken, boxes.collect());
        let recorded = self.rig.locker.outputs(&self.rig.now()).edges_recorded;
        for _ in 0..bytes.below(20) {
            let (n, box_no) = (bytes.about(recorded), BoxNo::new(bytes.below(6) + 1).unwrap());
            let (at, to) = (Mono(bytes.about(self.rig.mono)), bytes.pick(&DOORS));
            readings.edges.push(Edge { n, box_no, at, to });
        }
        if bytes.flag() {
            let boot = self.rig.locker.frame().boot();
            let wanted = self.rig.locker.outputs(&self.rig.now()).pulse.map(|pulse| pulse.id);
            let id = wanted.unwrap_or(PulseId { boot, n: u32::from(bytes.byte()) });
            let at = Mono(bytes.about(self.rig.mono));
            readings.pulse = Some(PulseReport { id, at, outcome: bytes.pick(&OUTCOMES) });
        }
        self.rig.note(Told::Readings(Arc::new(readings)));
    }

    fn break_box(&mut self, bytes: &mut Bytes<'_>) {
        let cabinet_box = self.rig.sim(Self::number(bytes));
        match bytes.below(6) {
            0 => cabinet_box.jammed ^= true,
            1 => cabinet_box.silent ^= true,
            2 => cabinet_box.has_door_sensor ^= true,
            3 => cabinet_box.has_item_sensor ^= true,
            _ => cabinet_box.board = bytes.pick(&OUTCOMES),
        }
        self.rig.readings();
    }

    fn desired(&mut self, bytes: &mut Bytes<'_>) {
        match bytes.below(10) {
            0 => self.rig.settings.two_factor ^= true,
            1 => self.rig.settings.active ^= true,
            2 => self.rig.settings.sms ^= true,
            3 => self.rig.settings.typed_code ^= true,
            4 => self.rig.settings.telephone = bytes.text(&WORDS),
            5 => self.rig.settings.calling_code = bytes.text(&["32", "", "1", "1234", "x"]),
            6 => self.rig.settings.kiosk_pin_minutes = bytes.short(),
            7 => {
                self.rig.settings.short_codes_max = bytes.short();
                self.rig.settings.long_codes_max = bytes.short();
            }
            8 => self.plan(bytes),
            _ => {
                // Not the rig's way: any revision, and settings as they come.
                let settings = Settings { lookup_days_ahead: bytes.byte(), ..self.rig.settings.clone() };
                let (revision, visits) =
                    (bytes.about(1), self.rig.visits.iter().cloned().map(Arc::new).collect());
                let (temporary, authenticators) = (Vec::new(), Vec::new());
                let desired = Desired { revision, settings, visits, temporary, authenticators };
                return self.rig.note(Told::Desired(Box::new(desired)));
            }
        }
        self.push_desired();
    }

    fn plan(&mut self, bytes: &mut Bytes<'_>) {
        let at = usize::from(bytes.byte()) % self.rig.visits.len().max(1);
        match bytes.below(6) {
            0 if self.rig.visits.len() > 1 => drop(self.rig.visits.remove(at)),
            1 if self.rig.visits.len() < 8 => {
                // The same visit twice, or the same plate for two of them.
                let mut again = self.rig.visits[at].clone();
                again.id = VisitId(u64::from(bytes.below(6)));
                self.rig.visits.push(again);
            }
            2 => self.rig.visits[at].date = self.rig.visits[at].date.plus_days(i32::from(bytes.byte()) - 128),
            3 => self.rig.visits[at].appointments.clear(),
            4 => {
                let plate = bytes.text(&WORDS);
                let address = bytes.text(&WORDS);
                let visit = &mut self.rig.visits[at];
                if let Some(mut people) = visit.people.get().cloned() {
                    people.plate = plate;
                    if let Some(contact) = people.driver.contacts.first_mut() {
                        contact.address = address;
                        contact.blocked ^= true;
                    }
                    visit.people = locker_core::Personal::new(locker_core::Subject::Visit(visit.id), people);
                }
            }
            _ => self.rig.visits = Rig::new().visits,
        }
    }

    fn tell(&mut self, bytes: &mut Bytes<'_>) {
        let told = match bytes.below(5) {
            0 => {
                let answer = bytes.pick(&[HelpAnswer::Notified, HelpAnswer::Nobody, HelpAnswer::Coming]);
                Told::Help { help: HelpId(u64::from(bytes.below(4))), answer }
            }
            1 => Told::ClockConfirmed,
            2 => Told::Torn,
            3 => {
                let layout = Layout::grid(LockerId(u64::from(bytes.below(2))), bytes.byte(), bytes.byte());
                Told::SetUp(Box::new(Layout { pulse_ms: bytes.short(), ..layout }))
            }
            _ => Told::Tick,
        };
        if let Told::SetUp(layout) = &told {
            // The cabinet on the wall is the one that was set up.
            if !(layout.boxes.len() >= 4
                && self.rig.boxes.keys().all(|known| layout.boxes.iter().any(|place| place.box_no == *known)))
            {
                return;
            }
            let one = self.rig.boxes.values().next().unwrap().clone();
            let one = crate::rig::SimBox { door: Door::Closed, item: Item::Absent, ..one };
            for place in &layout.boxes {
                self.rig.boxes.entry(place.box_no).or_insert_with(|| one.clone());
            }
        }
        self.rig.note(told);
    }

    fn clock(&mut self, bytes: &mut Bytes<'_>) {
        match bytes.below(5) {
            0 => self.rig.trusted ^= true,
            1 => self.rig.today = self.rig.today.plus_days(i32::from(bytes.byte()) - 100),
            2 => self.set_wall(bytes.long().cast_signed()),
            _ => self.set_wall(self.rig.wall.saturating_add((i64::from(bytes.short()) - 32_768) * 60_000)),
        }
        self.rig.note(Told::Tick);
    }

    fn store(&mut self, bytes: &mut Bytes<'_>) {
        let store = bytes.pick(&[Store::Up, Store::Low, Store::Down]);
        let length = self.rig.journal.len();
        // The host knows before the machine does.
        self.rig.is_down |= store == Store::Down;
        self.rig.note(Told::Store(store));
        assert_eq!(self.rig.journal.len(), length, "news of the journal is no record");
        self.rig.is_down = store == Store::Down;
        if store == Store::Down {
            assert_eq!(self.rig.locker.outputs(&self.rig.now()).pulse, None, "nothing opens unrecorded");
        }
    }

    fn power_cut(&mut self, bytes: &mut Bytes<'_>) {
        self.rig.is_down = false;
        let fired = self.rig.driven.len();
        self.replays();
        let restored = self.rig.restored();
        let off = Outputs::all_off(Mono(self.rig.mono));
        assert_eq!(restored.outputs(&self.rig.now()), off, "not started, nothing is driven");
        assert!(matches!(restored.ask(Ask::EndMaintenance, &self.rig.now()), Err(Refusal::NotStarted)));
        let lit = self.rig.locker.outputs(&self.rig.now()).lights;
        let off_ms = i64::from(bytes.short()) << (bytes.byte() % 20);
        self.set_wall(self.rig.wall.saturating_add(off_ms));
        self.rig.power_cut(0);
        assert_eq!(self.rig.locker.outputs(&self.rig.now()).pulse, None, "a start drives nothing");
        assert_eq!(self.rig.driven.len(), fired);
        assert_eq!(self.rig.served(), None, "no box is in use after a start");
        for (box_no, _) in lit {
            assert!(self.rig.report_of(box_no.get()).to_check.is_some(), "what was in use is to be checked");
        }
    }

    fn walk_in(&mut self, bytes: &mut Bytes<'_>) {
        for button in [Button::DropKey, Button::Go, Button::ByRegistration] {
            self.press(button);
        }
        self.touch(Action::Write { text: bytes.pick(&["1-ABC-123", "2xyz789", "3 TOM 333"]).into() });
        self.press(Button::Ok);
        self.rig.leap(1_500);
        self.press(Button::Send);
        if let Some(open) = self.rig.locker.open_messages().last() {
            let (message, fresh) = (open.message, self.rig.fresh());
            let _ = self.ask(Ask::MakeCode { message, fresh });
            self.rig.note(Told::Delivery { message, outcome: Delivery::Accepted });
        }
        self.press(Button::EnterCode);
        if let Some(pin) = self.pins.last().cloned() {
            for digit in pin.bytes() {
                self.touch(Action::Digit { digit: digit - b'0' });
            }
        }
        for button in [Button::Ok, Button::Next, Button::Next] {
            self.press(button);
        }
        self.rig.wait(200);
    }

    fn staff_in(&mut self, bytes: &mut Bytes<'_>) {
        let seed = bytes.byte();
        let visit = VISITS[usize::from(seed >> 1) % 3];
        let act = match seed {
            _ if seed & 0x81 == 0x80 => Act::Drop { visit },
            _ if seed & 1 == 0 => Act::PickUp { visit },
            _ => Act::Check { box_no: BoxNo::new((seed >> 1) % 4 + 1).unwrap() },
        };
        let flow = if let Act::Drop { .. } = act { Button::DropKey } else { Button::PickUpKey };
        for button in [flow, Button::Go, Button::ByQr] {
            self.press(button);
        }
        let Some((payload, _)) = self.rig.qr() else { return };
        let scan = self.rig.scan_of(Proof::Qr(payload.nonce), act);
        let _ = self.ask(Ask::Scan(scan));
        self.rig.wait(200);
    }

    fn finish(&mut self, bytes: &mut Bytes<'_>) {
        let what = bytes.byte();
        if let Some(number) = self.rig.served() {
            match what & 3 {
                0 => {}
                1 => self.rig.take_key(number),
                _ => self.rig.put_key(number),
            }
            self.rig.close(number);
        }
        self.press(if what & 4 == 0 { Button::Confirm } else { Button::Abort });
        self.press(Button::Yes);
        let found = [Button::BoxEmpty, Button::KeyStays, Button::KeyTaken, Button::SomethingElse];
        self.press(found[usize::from(what >> 3) % 4]);
        self.press(Button::Done);
    }
}
