//! Inputs of an office: bytes become log-ins, tickets, scans, administration, imports, facts of lockers in and out of
//! order, clocks and restarts. What must hold is asked after each.

mod keyless;

use locker_core::office::{
    Absent, Answer, Ask, By, Caller, CodeHolder, ContactChoice, Import, Location, Office, Refusal, Right,
    Rights, Role, ScanOutcome, TabletToken, Told, UserInput,
};
use locker_core::screen::Locale;
use locker_core::{
    Act, Boot, BoxNo, Channel, CheckReason, Evidence, FactKind, Finding, Fresh, HelpId, LockerId, Machine,
    MessageId, MessageState, Personal, Profile, QrPayload, ScanId, Secret, ServiceReason, SessionId,
    Settings, Subject, TabletId, Template, TicketId, UserId, Vault, VisitId,
};

use crate::bytes::Bytes;
use crate::office_world::{CODE, World, dealership, today, visit};

const INPUTS_MAX: usize = 200;
const WORDS: [&str; 14] = [
    "",
    "4711",
    "1000",
    "9999",
    "0999",
    "ada",
    "MAX",
    "Ünïcode Ñame",
    "1-ABC-123",
    "1 xyz 789",
    "WO-1",
    "Front",
    "12345678",
    "\u{0}\u{202e}\n",
];
const REASONS: [CheckReason; 3] = [CheckReason::Unconfirmed, CheckReason::Forced, CheckReason::Interrupted];
const MONO_MAX: u64 = 1 << 62;
const WALL_MAX: i64 = 1 << 62;

/// Runs one input.
pub(crate) fn inputs(bytes: &[u8]) {
    let mut dealership = Dealership {
        world: World::new(),
        code: CODE.into(),
        people: Vec::new(),
        scans: Vec::new(),
        last: [(0, 0); 3],
        fresh: 0,
    };
    let mut bytes = Bytes::new(bytes);
    for _ in 0..INPUTS_MAX {
        let Some(kind) = bytes.next() else { break };
        dealership.input(kind, &mut bytes);
        dealership.holds();
    }
    dealership.restart(0);
}

struct Dealership {
    world: World,
    /// The security code as it stands.
    code: String,
    people: Vec<(TabletToken, Caller)>,
    scans: Vec<ScanId>,
    /// The newest fact of each locker: its number, and that of the one before it.
    last: [(u64, u64); 3],
    fresh: u64,
}

impl Dealership {
    fn input(&mut self, kind: u8, bytes: &mut Bytes<'_>) {
        // What came later has kinds of its own, so that the inputs kept before mean what they meant.
        match kind {
            240..=246 => return self.keyless(bytes),
            247..=249 => return self.later_fact(bytes),
            250 => return self.edition(bytes),
            251 => return self.unrecorded(bytes),
            _ => {}
        }
        match kind % 20 {
            0 | 1 => self.log_in(bytes),
            2 if bytes.flag() => self.log_out(bytes),
            2 => self.send_again(bytes),
            3 | 4 => self.ticket(bytes),
            5 | 6 => self.scan(bytes),
            7 => self.help(bytes),
            8 => self.code(bytes),
            9 => self.user(bytes),
            10 => self.location(bytes),
            11 => self.locker(bytes),
            12 => self.visit(bytes),
            13 => self.import(bytes),
            14..=16 => self.fact(bytes),
            17 => self.tell(bytes),
            18 => self.clock(bytes),
            _ => {
                let off_ms = i64::from(bytes.short()) << (bytes.byte() % 24);
                self.restart(off_ms);
            }
        }
    }

    /// A refusal changes and records nothing.
    fn ask(&mut self, ask: Ask) -> Result<Answer, Refusal> {
        let (length, durable) = (self.world.journal.len(), self.world.office.frame().durable().clone());
        let answer = self.world.ask(ask);
        if answer.is_err() {
            assert_eq!(self.world.journal.len(), length, "a refusal records nothing");
            assert!(*self.world.office.frame().durable() == durable, "a refusal changes nothing");
        }
        answer
    }

    fn fresh(&mut self) -> Fresh {
        self.fresh += 1;
        let mut bytes = [0x5a; 32];
        bytes[..8].copy_from_slice(&self.fresh.to_be_bytes());
        Fresh::new(bytes)
    }

    fn log_in(&mut self, bytes: &mut Bytes<'_>) {
        let user = UserId(u64::from(bytes.below(8)));
        let earlier = self.people.get(usize::from(bytes.byte())).map(|(token, _)| token.clone());
        let fresh = self.fresh();
        if let Ok(Answer::LoggedIn { token }) = self.ask(Ask::LogIn { user, earlier, fresh }) {
            let caller = self.world.office.authorize(&token).expect("who just logged in is known");
            assert_eq!(caller.user(), user);
            self.people.push((token, caller));
        }
    }

    fn caller(&self, bytes: &mut Bytes<'_>) -> Option<Caller> {
        let at = self.people.len().checked_sub(1 + usize::from(bytes.below(8)));
        at.or(self.people.len().checked_sub(1)).map(|at| self.people[at].1)
    }

    fn by(&self, bytes: &mut Bytes<'_>) -> By {
        if bytes.flag() { self.caller(bytes).map_or(By::Host, By::User) } else { By::Host }
    }

    fn log_out(&mut self, bytes: &mut Bytes<'_>) {
        if let Some(caller) = self.caller(bytes) {
            let _ = self.ask(Ask::LogOut { caller });
        }
    }

    fn act(bytes: &mut Bytes<'_>) -> Act {
        match bytes.flag() {
            true => {
                let visit = VisitId(u64::from(bytes.below(5)));
                if bytes.flag() { Act::PickUp { visit } } else { Act::Drop { visit } }
            }
            false => Act::Check { box_no: BoxNo::new(bytes.below(18) + 1).unwrap() },
        }
    }

    fn at(bytes: &mut Bytes<'_>) -> Option<LockerId> {
        bytes.below(4).checked_sub(1).map(|id| LockerId(u64::from(id)))
    }

    /// No ticket without the code and the right (STAFF-PICK-1, CODE-6).
    fn ticket(&mut self, bytes: &mut Bytes<'_>) {
        let Some(caller) = self.caller(bytes) else { return };
        let code = if bytes.below(4) > 0 { self.code.clone() } else { bytes.text(&WORDS) };
        let (act, locker) = (Self::act(bytes), Self::at(bytes));
        let (is_right, mine) = (code == self.code, self.world.office.me(&caller, &self.world.now));
        let security_code = Secret::new(code);
        let contact = bytes.flag().then(|| Self::contact(bytes));
        let answer = self.ask(Ask::RequestTicket { caller, act, locker, contact, security_code });
        if let Ok(Answer::Ticket { .. }) = answer {
            let is_classic = self.world.office.location().profile.is_classic();
            assert!(is_right || is_classic, "a ticket for a wrong code");
            let needed = match act {
                Act::PickUp { .. } => Right::PickUp,
                Act::Drop { .. } => Right::Drop,
                Act::Check { .. } => Right::Check,
            };
            let rights = serde_json::to_value(mine.expect("who got a ticket is logged in")).unwrap();
            assert!(rights["rights"].as_array().unwrap().iter().any(|right| right == needed.id()));
        }
    }

    fn contact(bytes: &mut Bytes<'_>) -> ContactChoice {
        if bytes.flag() { ContactChoice::Added } else { ContactChoice::Driver { index: bytes.below(4) } }
    }

    fn send_again(&mut self, bytes: &mut Bytes<'_>) {
        let Some(caller) = self.caller(bytes) else { return };
        let (visit, contact) = (VisitId(u64::from(bytes.below(5))), Self::contact(bytes));
        let _ = self.ask(Ask::SendAgain { caller, visit, contact });
    }

    fn scan(&mut self, bytes: &mut Bytes<'_>) {
        let Some(caller) = self.caller(bytes) else { return };
        if bytes.below(8) == 0 {
            let _ = self.ask(Ask::DropTicket { caller });
            return;
        }
        let (act, locker) = (Self::act(bytes), Self::at(bytes));
        let text = match bytes.below(4) {
            0 => bytes.text(&WORDS),
            1 => String::from("1234 5678"),
            _ => {
                let locker = LockerId(u64::from(bytes.below(3)));
                QrPayload { locker, nonce: Secret::new([bytes.byte(); 16]) }.text()
            }
        };
        let text = Secret::new(text);
        if let Ok(Answer::Forward { scan, .. }) = self.ask(Ask::Scan { caller, act, text, locker }) {
            assert_eq!((scan.act, scan.user), (act, caller.user()));
            assert!(!self.scans.contains(&scan.id), "a scan's id is new");
            self.scans.push(scan.id);
        }
    }

    fn help(&mut self, bytes: &mut Bytes<'_>) {
        let Some(caller) = self.caller(bytes) else { return };
        let (locker, help) = (LockerId(u64::from(bytes.below(3))), HelpId(u64::from(bytes.below(4))));
        let _ = self.ask(match bytes.flag() {
            true => Ask::HandleHelp { caller, locker, help },
            false => Ask::DisregardHelp { caller, locker, help },
        });
    }

    fn code(&mut self, bytes: &mut Bytes<'_>) {
        let by = self.by(bytes);
        if bytes.flag() {
            let holder = match bytes.flag() {
                true => CodeHolder::User(UserId(u64::from(bytes.below(6)))),
                false => CodeHolder::Tablet(TabletId(u64::from(bytes.below(6)))),
            };
            let _ = self.ask(Ask::LiftCodeLock { by, holder });
            return;
        }
        let code = bytes.text(&WORDS);
        if self.ask(Ask::SetSecurityCode { by, code: Secret::new(code.clone()) }) == Ok(Answer::Done) {
            let number: u16 = code.parse().expect("only a number is a security code");
            assert!((1_000..=9_999).contains(&number));
            self.code = code;
        }
    }

    fn user(&mut self, bytes: &mut Bytes<'_>) {
        let role = bytes.pick(&[Role::DealerAdmin, Role::Receptionist, Role::Mechanic]);
        let bits = bytes.short();
        let rights = Right::ALL.into_iter().enumerate().filter(|(n, _)| bits & 1 << n != 0);
        let rights: Rights = match bytes.flag() {
            true => rights.map(|(_, right)| right).collect(),
            false => role.all_rights(),
        };
        let (login, name, active) = (bytes.text(&WORDS), bytes.text(&WORDS), bytes.flag());
        let user = bytes.below(8).checked_sub(1).map(|id| UserId(u64::from(id)));
        let by = self.by(bytes);
        let _ = self.ask(Ask::SetUser { by, user, input: UserInput { login, name, role, rights, active } });
    }

    fn some_location(bytes: &mut Bytes<'_>) -> Location {
        Location {
            name: bytes.text(&WORDS),
            telephone: bytes.text(&WORDS),
            mail: bytes.text(&["", "desk@example.invalid", "x"]),
            sms: bytes.flag(),
            calling_code: bytes.text(&["32", "1", "1234", ""]),
            locale: bytes.pick(&Locale::ALL),
            ticket_minutes: bytes.short() % 40,
            erase_after_days: bytes.short() % 400,
            profile: if bytes.flag() { Profile::Classic } else { Profile::Standard },
            ..Location::default()
        }
    }

    fn location(&mut self, bytes: &mut Bytes<'_>) {
        let (by, location) = (self.by(bytes), Self::some_location(bytes));
        let _ = self.ask(Ask::SetLocation { by, location });
    }

    fn some_settings(bytes: &mut Bytes<'_>) -> Settings {
        Settings {
            name: bytes.text(&WORDS),
            active: bytes.flag(),
            two_factor: bytes.flag(),
            lookup_days_ahead: bytes.below(6),
            kiosk_pin_minutes: bytes.short() % 200,
            short_codes_max: bytes.short() % 40,
            profile: if bytes.flag() { Profile::Classic } else { Profile::Standard },
            ..Settings::default()
        }
    }

    fn locker(&mut self, bytes: &mut Bytes<'_>) {
        let (by, locker) = (self.by(bytes), Self::at(bytes));
        let (settings, boxes) = (Self::some_settings(bytes), bytes.byte());
        let _ = self.ask(Ask::SetLocker { by, locker, settings, boxes });
    }

    fn visit(&mut self, bytes: &mut Bytes<'_>) {
        let Some(caller) = self.caller(bytes) else { return };
        let visit = VisitId(u64::from(bytes.below(6)));
        let _ = self.ask(match bytes.below(3) {
            0 => Ask::CarInShop { caller, visit },
            choice => Ask::ShareRemark { caller, visit, visible: choice == 1 },
        });
    }

    fn import(&mut self, bytes: &mut Bytes<'_>) {
        let mut import = if bytes.flag() { dealership() } else { Import::default() };
        if bytes.below(4) == 0 {
            import.location = Some(Self::some_location(bytes));
        }
        if bytes.below(4) == 0 {
            let (settings, boxes) = (Self::some_settings(bytes), bytes.byte());
            import.lockers.push(locker_core::office::LockerInput { settings, boxes });
        }
        for _ in 0..bytes.below(4) {
            let (plate, order) = (bytes.text(&WORDS), bytes.text(&["WO-1", "WO-2", "WO-3", "WO-4", "x"]));
            let orders = [order.as_str()];
            // An outside id of other lengths is none, and the helper would stop at it.
            let orders = if (1..=64).contains(&order.len()) && !order.contains(char::is_control) {
                &orders[..]
            } else {
                &[]
            };
            let mut row = visit(today().plus_days(i32::from(bytes.below(90)) - 80), &plate, orders);
            row.driver.name = bytes.text(&WORDS);
            import.visits.push(row);
        }
        import.absent = if bytes.flag() { Absent::Withdraw } else { Absent::Keep };
        let rows = import.visits.len();
        let by = self.by(bytes);
        if let Ok(Answer::Imported(report)) = self.ask(Ask::Import { by, import }) {
            assert!(report.bad.len() <= 4 * rows + 20);
        }
    }

    fn kind(bytes: &mut Bytes<'_>) -> FactKind {
        let visit = VisitId(u64::from(bytes.below(5)));
        let box_no = BoxNo::new(bytes.below(18) + 1).unwrap();
        let user = UserId(u64::from(bytes.below(6)));
        match bytes.below(20) {
            0 => FactKind::Started,
            1 | 2 => {
                let (user, ticket) = (bytes.flag().then_some(user), bytes.flag().then_some(TicketId(1)));
                FactKind::KeyDropped { visit, box_no, evidence: Evidence::Seen, user, ticket }
            }
            3 if bytes.flag() => FactKind::KeyCollected { visit, box_no, evidence: Evidence::Seen },
            3 | 4 => FactKind::KeyTaken { visit, box_no, user, ticket: TicketId(u64::from(bytes.below(6))) },
            5 => {
                let (scan, typed) = (ScanId(u64::from(bytes.below(6))), bytes.flag());
                FactKind::OpenedForStaff { box_no, scan, user, typed }
            }
            6 | 7 => {
                let visit = bytes.flag().then_some(visit);
                FactKind::ToCheck { box_no, visit, user: Some(user), reason: bytes.pick(&REASONS) }
            }
            8 | 9 => {
                let found = [Finding::Empty, Finding::KeyStays, Finding::KeyTaken, Finding::SomethingElse];
                let (finding, user) = (bytes.pick(&found), bytes.flag().then_some(user));
                FactKind::Settled { box_no, visit: bytes.flag().then_some(visit), finding, user }
            }
            10 => FactKind::OutOfService { box_no, reason: ServiceReason::Jammed },
            11 => FactKind::BackInService { box_no },
            12 => FactKind::DoorLeftOpen { box_no },
            13 => {
                FactKind::DoorForced { box_no, since_pulse_ms: Some(bytes.long()), while_off: bytes.flag() }
            }
            14 => {
                let session = bytes.flag().then_some(SessionId { boot: Boot(1), n: 1 });
                FactKind::HelpCalled {
                    help: HelpId(u64::from(bytes.below(4))),
                    session,
                    step: bytes.text(&WORDS),
                }
            }
            15 if bytes.flag() => FactKind::StaffCodesLocked { for_ms: bytes.long() },
            15 => FactKind::CodesLocked { for_ms: bytes.long() },
            16 => {
                let phone = bytes.flag().then(|| Personal::new(Subject::Visit(visit), bytes.text(&WORDS)));
                FactKind::PhoneAdded { visit, phone }
            }
            17 => FactKind::RemarkLeft {
                visit,
                remark: Personal::new(Subject::Visit(visit), bytes.text(&WORDS)),
            },
            18 => FactKind::Message {
                message: MessageId(u64::from(bytes.below(8))),
                visit,
                channel: Channel::Mail,
                to: Personal::new(Subject::Visit(visit), bytes.text(&WORDS)),
                template: bytes.pick(&[Template::DropPin, Template::PickUpPin, Template::PickUpOff]),
                state: bytes.pick(&[MessageState::Queued, MessageState::Sent]),
            },
            _ if bytes.flag() => FactKind::MaintenanceEnded,
            _ => FactKind::ClockDoubted,
        }
    }

    fn fact(&mut self, bytes: &mut Bytes<'_>) {
        let which = 1 + usize::from(bytes.flag());
        let kind = Self::kind(bytes);
        self.take_in(which, kind, bytes);
    }

    /// A fact that does not follow the cursor is ignored (OFFICE-12).
    fn take_in(&mut self, which: usize, kind: FactKind, bytes: &mut Bytes<'_>) {
        let locker = LockerId(which as u64);
        let mut fact = self.world.next_fact(locker, kind);
        // The world counts by itself; here the facts are lost, doubled and out of order.
        let (newest, before) = self.last[which];
        let is_next = bytes.below(8) > 0;
        (fact.seq, fact.prev) = match (is_next, bytes.below(3)) {
            (true, _) => (newest.saturating_add(1 + u64::from(bytes.below(3))), newest),
            (false, 0) => (newest, before),
            (false, _) => (bytes.about(newest), bytes.about(newest)),
        };
        let cursor = self.world.office.cursor(locker);
        let (seq, prev) = (fact.seq, fact.prev);
        self.world.note(Told::Fact(fact));
        if self.world.office.cursor(locker) != cursor {
            assert_eq!(cursor, Some(prev), "only the next fact is taken in");
            assert_eq!(self.world.office.cursor(locker), Some(seq));
            self.last[which] = (seq, prev);
        }
    }

    fn tell(&mut self, bytes: &mut Bytes<'_>) {
        let scan = self.scans.last().copied().unwrap_or(ScanId(u64::from(bytes.byte())));
        if bytes.below(8) == 7 {
            return self.erase(bytes);
        }
        let told = match bytes.below(5) {
            0 => Told::ScanAnswered { scan, outcome: ScanOutcome::Granted },
            1 => Told::ScanAnswered { scan, outcome: ScanOutcome::Denied { code: bytes.short() } },
            2 => Told::LockerSeen { locker: LockerId(u64::from(bytes.below(4))) },
            3 => {
                let wishes = self.world.office.wishes();
                let known = wishes.get(usize::from(bytes.byte())).map(|wish| wish.id);
                Told::WishDone { wish: known.unwrap_or(u64::from(bytes.byte())) }
            }
            _ => Told::Tick,
        };
        self.world.note(told);
    }

    /// Somebody is to be erased, or was.
    fn erase(&mut self, bytes: &mut Bytes<'_>) {
        let subject = match bytes.flag() {
            true => Subject::Visit(VisitId(u64::from(bytes.below(6)))),
            false => Subject::User(UserId(u64::from(bytes.below(6)))),
        };
        if bytes.flag() {
            let by = self.by(bytes);
            let _ = self.ask(Ask::Erase { by, subject });
        } else if self.world.office.to_erase().iter().any(|erasure| erasure.subject == subject) {
            self.world.vault.erase(subject).unwrap();
            self.world.note(Told::Erased { subject });
        } else {
            let length = self.world.journal.len();
            self.world.note(Told::Erased { subject });
            assert_eq!(self.world.journal.len(), length, "nobody wanted it");
        }
    }

    fn clock(&mut self, bytes: &mut Bytes<'_>) {
        let now = &mut self.world.now;
        match bytes.below(6) {
            0 => now.wall_trusted ^= true,
            1 => now.today = now.today.plus_days(i32::from(bytes.byte()) - 100),
            2 => now.wall.0 = bytes.long().cast_signed().clamp(-WALL_MAX, WALL_MAX),
            _ => {
                let ms = u64::from(bytes.short()) << (bytes.byte() % 20);
                now.mono.0 = (now.mono.0 + ms).min(MONO_MAX);
                now.wall.0 = now.wall.0.saturating_add_unsigned(ms).clamp(-WALL_MAX, WALL_MAX);
            }
        }
        self.world.note(Told::Tick);
    }

    /// The world itself holds the restored office against the one that ran.
    fn restart(&mut self, off_ms: i64) {
        let (vault, office) = (&mut self.world.vault, &self.world.office);
        let bytes = office.snapshot(vault).unwrap();
        let again = Office::restore(vault, Some(&bytes), []).unwrap();
        assert!(again.frame().durable() == office.frame().durable(), "the snapshot says the same");
        assert_eq!(vault.head(Office::STREAM).unwrap(), Some(again.head()));
        self.world.now.wall.0 = self.world.now.wall.0.clamp(-WALL_MAX, WALL_MAX);
        self.world.restart(off_ms);
    }

    /// Every page can be shown to everybody, or is refused; nobody sees what needs a right without it.
    fn holds(&self) {
        let (office, now) = (&self.world.office, &self.world.now);
        let recent = self.people.iter().rev().take(2);
        for (token, caller) in recent {
            let is_in = office.authorize(token) == Some(*caller);
            assert_eq!(office.me(caller, now).is_ok(), is_in, "pages are for who is logged in");
            let pages = [
                office.me(caller, now).map(|page| serde_json::to_vec(&page)),
                office.main_page(caller, now).map(|page| serde_json::to_vec(&page)),
                office.where_are_the_keys(caller, now).map(|page| serde_json::to_vec(&page)),
                office.help_calls(caller, now).map(|page| serde_json::to_vec(&page)),
                office.notices(caller).map(|page| serde_json::to_vec(&page)),
                office.locker_views(caller).map(|page| serde_json::to_vec(&page)),
                office.visit_page(caller, VisitId(1), now).map(|page| serde_json::to_vec(&page)),
            ];
            for page in pages {
                assert!(is_in || page.is_err(), "a page for somebody who is not logged in");
                assert!(page.is_err() || page.is_ok_and(|json| json.is_ok()));
            }
            let _ = office.users(caller, now);
            let _ = office.activity(caller);
        }
        for locker in office.lockers() {
            let desired = office.desired(locker, now.today).expect("a known locker is told how to be");
            assert!(!desired.settings.name.is_empty());
            let may = |user: &UserId| desired.temporary.contains(user);
            assert!(desired.authenticators.iter().all(may), "an authenticator of somebody without the right");
            let sms_off = !desired.settings.profile.is_classic() || !desired.settings.sms;
            assert!(sms_off, "the older edition sends mail alone");
        }
    }
}
