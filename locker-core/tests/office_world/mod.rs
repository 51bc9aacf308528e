//! A small dealership for stories: an office on a journal in memory, a locker whose facts are written by hand.
#![allow(dead_code, unreachable_pub, reason = "each story uses its part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

use locker_core::mocks::MemoryVault;
use locker_core::office::{
    Answer, Ask, By, Caller, ContactChoice, Import, Location, LockerInput, Refusal, Right, Rights, Role,
    ScanOutcome, TabletToken, Told, UserInput, VisitInput,
};
use locker_core::screen::Locale;
use locker_core::{
    Act, Appointment, At, Boot, BoxNo, Channel, Contact, ContactKind, Date, Driver, Entry, ExternalRef, Fact,
    FactKind, Fresh, Head, LockerId, Machine, Mono, Now, Office, Scan, Secret, Settings, Step, Subject,
    TicketId, TimeOfDay, UserId, VisitId, Wall,
};

/// 2026-03-02T08:00:00Z.
pub const MORNING: Wall = Wall(1_772_438_400_000);
pub const CODE: &str = "4711";
pub const LOCKER: LockerId = LockerId(1);
pub const OTHER: LockerId = LockerId(2);
pub const ADA: UserId = UserId(1);
pub const RITA: UserId = UserId(2);
pub const MAX: UserId = UserId(3);
pub const MILO: UserId = UserId(4);
pub const FIRST: VisitId = VisitId(1);
pub const SECOND: VisitId = VisitId(2);

pub fn today() -> Date {
    Date::from_ymd(2026, 3, 2).unwrap()
}

pub fn box_no(number: u8) -> BoxNo {
    BoxNo::new(number).unwrap()
}

pub fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_string())
}

pub fn pick_up(visit: VisitId) -> Act {
    Act::PickUp { visit }
}

pub fn check(number: u8) -> Act {
    Act::Check { box_no: box_no(number) }
}

/// The QR text that a locker shows, with a nonce of one byte repeated.
pub fn qr(locker: LockerId, nonce: u8) -> Secret<String> {
    let nonce = Secret::new([nonce; 16]);
    Secret::new(locker_core::QrPayload { locker, nonce }.text())
}

pub fn user(login: &str, name: &str, role: Role, rights: Rights) -> UserInput {
    UserInput { login: login.into(), name: name.into(), role, rights, active: true }
}

pub fn visit(date: Date, plate: &str, orders: &[&str]) -> VisitInput {
    VisitInput {
        date,
        plate: plate.into(),
        vehicle: "Hatchback, blue".into(),
        driver: Driver {
            name: format!("Driver of {plate}"),
            contacts: vec![Contact {
                channel: Channel::Mail,
                kind: ContactKind::Private,
                address: "driver@example.invalid".into(),
                blocked: false,
            }],
            preferred: None,
            language: Some(Locale::Fr),
        },
        owner: Some("Owner Sample".into()),
        contractor: None,
        orders: orders
            .iter()
            .map(|order| Appointment {
                order: ExternalRef::new(*order).unwrap(),
                time: TimeOfDay::new(9, 30).unwrap(),
                work: "Inspection".into(),
            })
            .collect(),
        on_hold: false,
    }
}

pub fn locker(name: &str) -> LockerInput {
    LockerInput { settings: Settings { name: name.into(), ..Settings::default() }, boxes: 16 }
}

/// Users 1 to 4: Ada the dealer admin, Rita the receptionist, Max and Milo the mechanics (Milo has no rights).
pub fn dealership() -> Import {
    Import {
        location: Some(Location {
            name: "Sample Garage".into(),
            telephone: "+32 2 555 01 23".into(),
            ..Location::default()
        }),
        lockers: vec![locker("Front"), locker("Yard")],
        users: vec![
            user("ada", "Ada Admin", Role::DealerAdmin, Role::DealerAdmin.all_rights()),
            user("rita", "Rita Desk", Role::Receptionist, Role::Receptionist.all_rights()),
            user("max", "Max Wrench", Role::Mechanic, Rights::from([Right::PickUp])),
            user("milo", "Milo Wrench", Role::Mechanic, Rights::new()),
        ],
        visits: vec![visit(today(), "1-ABC-123", &["WO-1", "WO-2"]), visit(today(), "1-XYZ-789", &["WO-3"])],
        ..Import::default()
    }
}

/// Where the facts of a locker stand.
#[derive(Clone, Copy, Default)]
struct Cursor {
    seq: u64,
    prev: u64,
}

pub struct World {
    pub office: Office,
    pub vault: MemoryVault,
    pub journal: Vec<Entry>,
    pub now: Now,
    fresh: u8,
    facts: [Cursor; 3],
}

impl World {
    /// An office that was started and knows nothing.
    pub fn empty() -> Self {
        let mut vault = MemoryVault::new();
        let office = Office::restore(&mut vault, None, []).unwrap();
        let mut world = Self {
            office,
            vault,
            journal: Vec::new(),
            now: Now::new(Mono(0), MORNING, today(), Wall(MORNING.0 + 15 * 3_600_000)),
            fresh: 0,
            facts: [Cursor::default(); 3],
        };
        let step = world.office.start(&world.now);
        world.commit(step);
        world
    }

    /// The dealership with its security code.
    pub fn new() -> Self {
        let mut world = Self::empty();
        world.import(dealership());
        world.set_code(By::Host, CODE).unwrap();
        world
    }

    pub fn import(&mut self, import: Import) -> locker_core::office::ImportReport {
        let by = By::Host;
        match self.ask(Ask::Import { by, import }).unwrap() {
            Answer::Imported(report) => report,
            other => panic!("{other:?}"),
        }
    }

    pub fn set_code(&mut self, by: By, code: &str) -> Result<Answer, Refusal> {
        let code = secret(code);
        self.ask(Ask::SetSecurityCode { by, code })
    }

    fn commit(&mut self, mut step: Step<Office>) -> Answer {
        let encoded = step.encode(&mut self.vault).unwrap();
        self.journal.extend(encoded.entries);
        use locker_core::Vault;
        self.vault.keep_head(Office::STREAM, encoded.head).unwrap();
        self.office.commit(step).unwrap()
    }

    pub fn ask(&mut self, ask: Ask) -> Result<Answer, Refusal> {
        let step = self.office.ask(ask, &self.now)?;
        Ok(self.commit(step))
    }

    pub fn note(&mut self, told: Told) {
        let step = self.office.note(told, &self.now);
        self.commit(step);
    }

    /// Lets time pass; the host wakes only at the end of it.
    pub fn pass(&mut self, ms: u64) {
        self.now.mono = self.now.mono.after(ms);
        self.now.wall.0 += i64::try_from(ms).unwrap();
        self.note(Told::Tick);
    }

    /// So many days pass, by both clocks and the calendar.
    pub fn days(&mut self, days: i32) {
        self.days_less(days, 0);
    }

    /// So many days pass, less `ms`: to a time of day that is earlier by that.
    pub fn days_less(&mut self, days: i32, ms: u64) {
        let passed = u64::try_from(days).unwrap() * locker_core::DAY;
        self.now.today = self.now.today.plus_days(days);
        self.now.day_ends.0 += i64::try_from(passed).unwrap();
        self.pass(passed - ms);
    }

    /// The host has everybody's key destroyed who is to be erased, and says so.
    pub fn erase(&mut self) -> Vec<Subject> {
        use locker_core::Vault;
        let subjects: Vec<Subject> = self.office.to_erase().iter().map(|erasure| erasure.subject).collect();
        for subject in &subjects {
            self.vault.erase(*subject).unwrap();
            self.note(Told::Erased { subject: *subject });
        }
        subjects
    }

    /// The power goes for `off_ms`; the office comes back from its journal as it was.
    pub fn restart(&mut self, off_ms: i64) {
        let office = Office::restore(&mut self.vault, None, self.journal.clone()).unwrap();
        assert!(office.frame().durable() == self.office.frame().durable(), "replay gives what there was");
        self.office = office;
        self.now.mono = Mono(5);
        self.now.wall.0 += off_ms;
        let step = self.office.start(&self.now);
        self.commit(step);
    }

    pub fn fresh(&mut self) -> Fresh {
        self.fresh += 1;
        Fresh::new([self.fresh; 32])
    }

    pub fn token(&mut self, user: UserId, earlier: Option<&TabletToken>) -> TabletToken {
        let fresh = self.fresh();
        let earlier = earlier.cloned();
        match self.ask(Ask::LogIn { user, earlier, fresh }).unwrap() {
            Answer::LoggedIn { token } => token,
            other => panic!("{other:?}"),
        }
    }

    pub fn log_in(&mut self, user: UserId) -> Caller {
        let token = self.token(user, None);
        self.office.authorize(&token).unwrap()
    }

    pub fn request(&mut self, caller: Caller, act: Act, code: &str) -> Result<Answer, Refusal> {
        self.ask(Ask::RequestTicket {
            caller,
            act,
            locker: matches!(act, Act::Check { .. }).then_some(LOCKER),
            contact: Some(ContactChoice::Driver { index: 0 }),
            security_code: secret(code),
        })
    }

    pub fn ticket(&mut self, caller: Caller, act: Act) -> TicketId {
        match self.request(caller, act, CODE).unwrap() {
            Answer::Ticket { ticket, locker } => {
                assert_eq!(locker, LOCKER);
                ticket
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn scan(&mut self, caller: Caller, act: Act, text: Secret<String>) -> Result<Answer, Refusal> {
        self.ask(Ask::Scan { caller, act, text, locker: None })
    }

    pub fn forward(&mut self, caller: Caller, act: Act) -> Scan {
        match self.scan(caller, act, qr(LOCKER, 7)).unwrap() {
            Answer::Forward { locker, scan } => {
                assert_eq!(locker, LOCKER);
                scan
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn answered(&mut self, scan: &Scan, outcome: ScanOutcome) {
        self.note(Told::ScanAnswered { scan: scan.id, outcome });
    }

    /// The next public fact of a locker; between two there is a private record.
    pub fn next_fact(&mut self, locker: LockerId, kind: FactKind) -> Fact {
        let cursor = &mut self.facts[usize::try_from(locker.0).unwrap()];
        let prev = cursor.prev;
        cursor.seq += 2;
        cursor.prev = cursor.seq;
        Fact {
            locker,
            seq: cursor.seq,
            prev,
            at: At { boot: Boot(1), mono: self.now.mono, wall: self.now.wall },
            head: Head::default(),
            kind,
        }
    }

    pub fn fact(&mut self, locker: LockerId, kind: FactKind) {
        let fact = self.next_fact(locker, kind);
        self.note(Told::Fact(fact));
    }

    pub fn dropped(&mut self, visit: VisitId, number: u8) {
        self.fact(
            LOCKER,
            FactKind::KeyDropped {
                visit,
                box_no: box_no(number),
                evidence: locker_core::Evidence::Seen,
                user: None,
                ticket: None,
            },
        );
    }
}
