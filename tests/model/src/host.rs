//! A locker with its host: two clocks, a journal that is as good as its last snapshot, people who touch the screen.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use locker_core::mocks::MemoryVault;
use locker_core::screen::{Action, Button, Screen, Surface, Touch, Widget};
use locker_core::*;

use crate::fold::{self, Lens, Print};

/// The driver's visit: the model's one key belongs to it.
pub const JANE: VisitId = VisitId(1);
/// Another driver, whose codes and key are nobody's business.
pub const OMAR: VisitId = VisitId(2);
/// A member of staff.
pub const MECHANIC: UserId = UserId(7);
/// When every model begins: a Monday, 18:30.
pub const BEGIN: i64 = 1_767_634_200_000;
/// When that Monday ends.
const DAY_ENDS: i64 = BEGIN + 5 * HOUR.cast_signed();
/// The registration of the driver's car.
pub const PLATE: &str = "1-ABC-123";
/// The registration of the other driver's car.
pub const OTHER_PLATE: &str = "2-XYZ-789";

const JANE_MAIL: &str = "jane@example.be";
const OMAR_MAIL: &str = "omar@example.org";

/// The box with this number.
#[must_use]
pub fn box_no(number: u8) -> BoxNo {
    BoxNo::new(number).expect("boxes are numbered from 1")
}

/// A machine, the clocks of its host, and numbers that nobody gives twice.
#[derive(Clone)]
pub struct Host {
    /// The machine, shared by all states in which it is the same.
    pub locker: Arc<Locker>,
    /// The monotonic clock.
    pub mono: u64,
    /// The wall clock.
    pub wall: i64,
    /// Whether somebody confirmed it.
    pub trusted: bool,
    /// What the last step recorded.
    pub records: Arc<[Stamped<Record>]>,
    /// Whether the journal alone gave another durable half than the commit did: between the two the power may go.
    pub is_replay_wrong: bool,
    /// A journal that loses the last record of every step, so that this can be seen to be noticed.
    pub loses_records: bool,
    count: u64,
}

impl fmt::Debug for Host {
    /// All that can be seen of it, times as distances from now.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let screen = self.screen();
        writeln!(f, "at {} {} {} due {:?}", screen.id, self.mono, self.wall, self.next_deadline())?;
        writeln!(f, "{screen:?}")?;
        writeln!(f, "{:?}", self.locker.outputs(&self.now()))?;
        writeln!(f, "{:#?}", self.locker.durable())
    }
}

impl Host {
    /// A locker of `boxes` boxes without a key in it, with the visits of the model.
    #[must_use]
    pub fn new(boxes: u8, set: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings { telephone: "+32 2 555 00 00".into(), ..Settings::default() };
        set(&mut settings);
        let mut vault = MemoryVault::new();
        let locker = Locker::restore(&mut vault, None, []).expect("nothing to restore");
        let (locker, records) = (Arc::new(locker), Arc::default());
        let (mono, wall, trusted) = (HOUR, BEGIN, true);
        let (is_replay_wrong, loses_records) = (false, false);
        let mut host =
            Self { locker, mono, wall, trusted, records, is_replay_wrong, loses_records, count: 0 };
        host.start();
        host.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), boxes, 4))));
        let visits = vec![
            visit(JANE, host.today(), PLATE, &[JANE_MAIL, "jane@example.org"]),
            // A check-in PIN works for a week after the appointment: his ends with the first day (DROP-16).
            visit(OMAR, host.today().plus_days(-7), OTHER_PLATE, &[OMAR_MAIL]),
        ];
        let visits = visits.into_iter().map(Arc::new).collect();
        host.note(Told::Desired(Box::new(Desired {
            revision: 1,
            settings,
            visits,
            temporary: Vec::new(),
            authenticators: Vec::new(),
        })));
        host
    }

    /// The moment, as the host reads it.
    #[must_use]
    pub fn now(&self) -> Now {
        let day_ends = DAY_ENDS + i64::from(self.days()) * DAY.cast_signed();
        let now = Now::new(Mono(self.mono), Wall(self.wall), self.today(), Wall(day_ends));
        if self.trusted { now } else { now.untrusted() }
    }

    /// How many midnights the wall clock is past the first day; negative before it.
    fn days(&self) -> i32 {
        let past = (self.wall - DAY_ENDS).div_euclid(DAY.cast_signed()) + 1;
        i32::try_from(past).unwrap_or(i32::MAX)
    }

    /// The day that the wall clock says.
    #[must_use]
    pub fn today(&self) -> Date {
        Date::from_ymd(2026, 1, 5).expect("a day").plus_days(self.days())
    }

    /// Folds machine and clocks, times as distances from now.
    pub fn fold(&self, lens: Lens, print: &mut Print) {
        fold::fold(&self.locker, &self.now(), lens, print);
        (self.trusted, self.is_replay_wrong).hash(print);
    }

    fn commit(&mut self, mut step: Step<Locker>) -> Answer {
        let mut vault = MemoryVault::new();
        let encoded = step.encode(&mut vault).expect("the vault seals");
        self.records = step.records().into();
        let locker = Arc::make_mut(&mut self.locker);
        let mut replayed = None;
        if !encoded.entries.is_empty() {
            let mut durable = locker.durable().clone();
            let lost = usize::from(self.loses_records);
            for entry in encoded.entries.iter().rev().skip(lost).rev() {
                let mut stamped = decode::<Record>(entry).expect("written a moment ago");
                let opened = stamped.record.visit_personal(&mut |personal| personal.open(&vault));
                opened.expect("sealed a moment ago");
                Locker::apply(&mut durable, &stamped);
            }
            replayed = Some(durable);
        }
        let answer = locker.commit(step).expect("decided on this version");
        self.is_replay_wrong |= replayed.is_some_and(|durable| durable != *locker.durable());
        answer
    }

    /// Asks the machine, and makes its answer so.
    ///
    /// # Errors
    /// Its refusal; then nothing has changed.
    pub fn ask(&mut self, ask: Ask) -> Result<Answer, Refusal> {
        self.records = Arc::default();
        let step = self.locker.ask(ask, &self.now())?;
        Ok(self.commit(step))
    }

    /// Tells the machine.
    pub fn note(&mut self, told: Told) {
        let step = self.locker.note(told, &self.now());
        self.commit(step);
    }

    fn start(&mut self) {
        let step = self.locker.start(&self.now());
        self.commit(step);
    }

    /// What is on disk, restored and not started.
    pub fn restore(&mut self) {
        let mut vault = MemoryVault::new();
        let snapshot = self.locker.snapshot(&mut vault).expect("the vault seals");
        vault.keep_head(Locker::STREAM, self.locker.head()).expect("the vault keeps");
        let restored = Locker::restore(&mut vault, Some(&snapshot), []).expect("an undamaged snapshot");
        self.locker = Arc::new(restored);
        self.mono = 2 * HOUR;
    }

    /// The power goes, and what is on disk starts again: a snapshot, read and checked as after any power cut. The new
    /// boot's clock has another origin.
    pub fn power_cut(&mut self) {
        self.restore();
        self.start();
    }

    /// Lets time pass, with nothing but a tick at its end.
    pub fn pass(&mut self, ms: u64) {
        self.mono += ms;
        self.wall += ms.cast_signed();
        self.note(Told::Tick);
    }

    /// Milliseconds until the machine's next deadline.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        self.locker.wake_at().map(|at| at.since(Mono(self.mono)))
    }

    /// A number that was never given before.
    pub fn unused(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// 32 bytes that were never given before.
    pub fn fresh(&mut self) -> Fresh {
        let mut bytes = [0x5a; 32];
        bytes.iter_mut().zip(self.unused().to_be_bytes()).for_each(|(byte, new)| *byte = new);
        Fresh::new(bytes)
    }

    /// The bottom screen.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.locker.screen(Surface::Bottom, &self.now())
    }

    /// A touch that answers to the screen as it is.
    ///
    /// # Errors
    /// The machine's refusal.
    pub fn touch(&mut self, action: Action) -> Result<Answer, Refusal> {
        let generation = self.screen().generation;
        let (touch_id, fresh) = (self.unused(), self.fresh());
        self.ask(Ask::Touch(Touch { generation, touch_id, action, fresh }))
    }

    /// Presses a button.
    ///
    /// # Errors
    /// The machine's refusal.
    pub fn press(&mut self, button: Button) -> Result<Answer, Refusal> {
        self.touch(Action::Press { button })
    }

    /// Types a whole code and presses *OK*.
    ///
    /// # Errors
    /// The machine's refusal.
    pub fn type_code(&mut self, pin: &[u8]) -> Result<Answer, Refusal> {
        for digit in pin {
            self.touch(Action::Digit { digit: digit - b'0' })?;
        }
        self.press(Button::Ok)
    }

    /// A check-in PIN of a visit, made and sent.
    pub fn check_in(&mut self, visit: VisitId) -> Option<Arc<[u8]>> {
        let fresh = self.fresh();
        let Ok(Answer::Code { message, pin }) = self.ask(Ask::CheckIn { visit, contact: 0, fresh }) else {
            return None;
        };
        self.note(Told::Delivery { message, outcome: Delivery::Accepted });
        Some(pin.reveal().as_slice().into())
    }

    /// The nonce of the QR on the screen.
    #[must_use]
    pub fn nonce(&self) -> Option<Secret<[u8; 16]>> {
        self.screen().widgets.iter().find_map(|widget| match widget {
            Widget::Qr { payload, .. } => payload.parse().ok().map(|qr: QrPayload| qr.nonce),
            _ => None,
        })
    }

    /// A member of staff scans what stands on the screen.
    ///
    /// # Errors
    /// The machine's refusal.
    pub fn scan(&mut self, act: Act) -> Result<Answer, Refusal> {
        let nonce = self.nonce().unwrap_or(Secret::new([0; 16]));
        let (id, ticket) = (ScanId(self.unused()), TicketId(1));
        let to = match act {
            Act::Drop { visit } => Some(mail(if visit == JANE { JANE_MAIL } else { OMAR_MAIL })),
            Act::PickUp { .. } | Act::Check { .. } => None,
        };
        self.ask(Ask::Scan(Scan { id, proof: Proof::Qr(nonce), act, ticket, user: MECHANIC, to }))
    }

    /// Makes the code of the next message and has the message accepted; gives the PIN, if it carries one.
    pub fn deliver(&mut self) -> Option<Arc<[u8]>> {
        let message = self.locker.open_messages().first()?.message;
        let fresh = self.fresh();
        let answer = self.ask(Ask::MakeCode { message, fresh });
        self.note(Told::Delivery { message, outcome: Delivery::Accepted });
        match answer {
            Ok(Answer::Code { pin, .. }) => Some(pin.reveal().as_slice().into()),
            _ => None,
        }
    }

    /// A temporary PIN that opens any one box (CODE-8).
    pub fn temporary(&mut self) -> Option<Arc<[u8]>> {
        let fresh = self.fresh();
        match self.ask(Ask::TemporaryPin { user: MECHANIC, box_no: None, fresh }) {
            Ok(Answer::Temporary { pin }) => Some(pin.reveal().as_slice().into()),
            _ => None,
        }
    }

    /// The mechanic enrols an authenticator (CODE-9); gives its secret.
    pub fn enrol(&mut self) -> Option<[u8; 32]> {
        let fresh = self.fresh();
        match self.ask(Ask::Enrol { user: MECHANIC, revision: 2, fresh }) {
            Ok(Answer::Enrolled { secret }) => Some(*secret.reveal()),
            _ => None,
        }
    }

    /// Whether the last step recorded something of this kind.
    pub fn recorded(&self, is_it: impl Fn(&Record) -> bool) -> bool {
        self.records.iter().any(|stamped| is_it(&stamped.record))
    }
}

/// The buttons that act now.
#[must_use]
pub fn offered(screen: &Screen) -> Vec<Button> {
    let views: Vec<_> = match &screen.overlay {
        Some(overlay) => overlay.buttons.iter().collect(),
        None => screen.buttons.iter().chain(&screen.bar).collect(),
    };
    views.iter().filter(|view| view.enabled).map(|view| view.press).collect()
}

fn mail(address: &str) -> Contact {
    let (channel, kind) = (Channel::Mail, ContactKind::Private);
    Contact { channel, kind, address: address.into(), blocked: false }
}

/// What an authenticator shows at a wall clock, in milliseconds (RFC 6238).
#[must_use]
pub fn authenticator(secret: [u8; 32], wall: i64) -> Arc<[u8]> {
    let builder = totp_rs::Builder::new().with_algorithm(totp_rs::Algorithm::SHA256).with_digits(TOTP_DIGITS);
    let seconds = u64::try_from(wall / 1_000).unwrap_or_default();
    let shown = builder.with_secret(secret).build().expect("32 bytes and 8 digits");
    shown.generate(seconds).to_string().into_bytes().into()
}

fn visit(id: VisitId, date: Date, plate: &str, addresses: &[&str]) -> Visit {
    let contacts = addresses.iter().map(|address| mail(address)).collect();
    let driver = Driver { name: format!("Driver {id}"), contacts, preferred: None, language: None };
    let people = People { plate: plate.into(), vehicle: "Blue hatchback".into(), driver };
    let order = ExternalRef::new(format!("WO-{id}")).expect("a short text");
    let time = TimeOfDay::new(8, 30).expect("a time of day");
    let appointments = vec![Appointment { order, time, work: "Yearly service".into() }];
    Visit { id, date, people: Personal::new(Subject::Visit(id), people), appointments, on_hold: false }
}
