//! The office as a machine: its records replay to what it is, a refusal changes nothing, every number is its own, the
//! journal of every released format still restores.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use std::collections::BTreeSet;
use std::path::Path;

use locker_core::mocks::MemoryVault;
use locker_core::office::{
    Absent, Answer, Ask, By, Caller, CodeHolder, ContactChoice, Denial, Import, Record, Refusal, Right,
    Rights, Role, ScanOutcome, Told,
};
use locker_core::{
    Act, CheckReason, Coded, Entry, Evidence, FactKind, Finding, HelpId, LockerId, Machine, Misuse, Office,
    OpenReason, Personal, ScanId, StaffCode, Subject, TicketId, UserId, VisitId,
};
use office_world::*;
use proptest::prelude::*;

/// One thing that happens to an office.
#[derive(Clone, Debug)]
enum Move {
    LogIn(UserId, bool),
    LogOut(usize),
    Request(usize, Act, bool),
    GiveBack(usize),
    Scan(usize, Act, u8),
    Answered(u64, bool),
    Opened(u64),
    Fact(bool, u8, u64, u8),
    Help(bool, u64),
    Handle(usize, u64),
    Disregard(usize, u64),
    SetCode(bool),
    Lift(usize),
    Rights(UserId, bool, bool),
    Import(bool, i32),
    Mark(usize, u64, bool),
    Keyless(usize, u8, UserId),
    WishDone,
    Pass(u64),
    Restart(i64, bool),
    Snapshot,
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![(1_u64..=3).prop_map(|visit| pick_up(VisitId(visit))), (1_u8..=3).prop_map(check),]
}

fn any_move() -> impl Strategy<Value = Move> {
    let who = 0_usize..4;
    let user = (1_u64..=4).prop_map(UserId);
    prop_oneof![
        3 => (user.clone(), any::<bool>()).prop_map(|(user, same)| Move::LogIn(user, same)),
        1 => who.clone().prop_map(Move::LogOut),
        6 => (who.clone(), any_act(), any::<bool>()).prop_map(|(who, act, right)| Move::Request(who, act, right)),
        1 => who.clone().prop_map(Move::GiveBack),
        4 => (who.clone(), any_act(), 0_u8..4).prop_map(|(who, act, text)| Move::Scan(who, act, text)),
        2 => (1_u64..6, any::<bool>()).prop_map(|(scan, granted)| Move::Answered(scan, granted)),
        2 => (1_u64..6).prop_map(Move::Opened),
        6 => (any::<bool>(), 0_u8..7, 1_u64..=4, 1_u8..=3)
            .prop_map(|(other, kind, visit, number)| Move::Fact(other, kind, visit, number)),
        2 => (any::<bool>(), 1_u64..3).prop_map(|(other, help)| Move::Help(other, help)),
        2 => (who.clone(), 1_u64..3).prop_map(|(who, help)| Move::Handle(who, help)),
        2 => (who.clone(), 1_u64..3).prop_map(|(who, help)| Move::Disregard(who, help)),
        1 => any::<bool>().prop_map(Move::SetCode),
        1 => who.clone().prop_map(Move::Lift),
        2 => (who.clone(), 0_u8..3, user.clone()).prop_map(|(who, what, user)| Move::Keyless(who, what, user)),
        1 => (user, any::<bool>(), any::<bool>()).prop_map(|(user, all, active)| Move::Rights(user, all, active)),
        1 => (any::<bool>(), 0_i32..90).prop_map(|(withdraw, days)| Move::Import(withdraw, days)),
        1 => (who, 1_u64..=4, any::<bool>()).prop_map(|(who, visit, on)| Move::Mark(who, visit, on)),
        1 => Just(Move::WishDone),
        3 => prop_oneof![Just(1_u64), Just(59_999), Just(180_000), Just(600_000), Just(900_000)].prop_map(Move::Pass),
        1 => (-5_000_i64..2_000_000, any::<bool>()).prop_map(|(off, trusted)| Move::Restart(off, trusted)),
        1 => Just(Move::Snapshot),
    ]
}

/// A world and the callers that logged in, of whom some are stale.
struct Stage {
    world: World,
    callers: Vec<(locker_core::office::TabletToken, Caller)>,
}

impl Stage {
    fn new() -> Self {
        let mut stage = Self { world: World::new(), callers: Vec::new() };
        stage.log_in(RITA, false);
        stage
    }

    fn log_in(&mut self, user: UserId, same: bool) {
        let fresh = self.world.fresh();
        let earlier = self.callers.last().filter(|_| same).map(|(token, _)| token.clone());
        if let Ok(Answer::LoggedIn { token }) = self.ask(Ask::LogIn { user, earlier, fresh }) {
            let caller = self.world.office.authorize(&token).unwrap();
            self.callers.push((token, caller));
        }
    }

    fn caller(&self, index: usize) -> Caller {
        let recent = self.callers.iter().rev();
        let callers: Vec<_> = recent.take(4).map(|(_, caller)| *caller).collect();
        callers[index % callers.len()]
    }

    /// Asks, and checks that a refusal changes nothing at all.
    fn ask(&mut self, ask: Ask) -> Result<Answer, Refusal> {
        let (length, wake_at) = (self.world.journal.len(), self.world.office.wake_at());
        let before = self.world.office.frame().durable().clone();
        let answer = self.world.ask(ask);
        if answer.is_err() {
            assert_eq!(self.world.journal.len(), length);
            assert_eq!(self.world.office.wake_at(), wake_at);
            assert!(before == *self.world.office.frame().durable());
        }
        if let Ok(Answer::Denied(_)) = answer {
            assert!(self.world.journal.len() > length, "a denial is recorded");
        }
        answer
    }

    fn play(&mut self, step: Move) {
        match step {
            Move::LogIn(user, same) => self.log_in(user, same),
            Move::LogOut(who) => {
                let caller = self.caller(who);
                let _ = self.ask(Ask::LogOut { caller });
            }
            Move::Keyless(who, what, user) => {
                let (caller, locker) = (self.caller(who), LOCKER);
                let _ = self.ask(match what {
                    0 => Ask::Enrol { caller, locker },
                    1 => Ask::RevokeAuthenticator { caller, locker, user },
                    _ => Ask::TemporaryPin { caller, locker, box_no: None, reason: "Hinge".into() },
                });
            }
            Move::Request(who, act, right) => {
                let caller = self.caller(who);
                let _ = self.ask(Ask::RequestTicket {
                    caller,
                    act,
                    locker: matches!(act, Act::Check { .. }).then_some(LOCKER),
                    contact: None,
                    security_code: secret(if right { CODE } else { "1111" }),
                });
            }
            Move::GiveBack(who) => {
                let caller = self.caller(who);
                let _ = self.ask(Ask::DropTicket { caller });
            }
            Move::Scan(who, act, text) => {
                let text = match text {
                    0 => qr(LOCKER, 1),
                    1 => qr(OTHER, 1),
                    2 => secret("12345678"),
                    _ => secret("nonsense"),
                };
                let caller = self.caller(who);
                let locker = None;
                let _ = self.ask(Ask::Scan { caller, act, text, locker });
            }
            Move::Handle(who, help) => {
                let (caller, help) = (self.caller(who), HelpId(help));
                let locker = LOCKER;
                let _ = self.ask(Ask::HandleHelp { caller, locker, help });
            }
            Move::Disregard(who, help) => {
                let (caller, help) = (self.caller(who), HelpId(help));
                let locker = LOCKER;
                let _ = self.ask(Ask::DisregardHelp { caller, locker, help });
            }
            Move::SetCode(same) => {
                let (by, code) = (By::Host, secret(if same { CODE } else { "2222" }));
                let _ = self.ask(Ask::SetSecurityCode { by, code });
            }
            Move::Lift(who) => {
                let caller = self.caller(who);
                for holder in [CodeHolder::User(caller.user()), CodeHolder::Tablet(caller.tablet())] {
                    let _ = self.ask(Ask::LiftCodeLock { by: By::User(caller), holder });
                }
            }
            Move::Mark(who, visit, visible) => {
                let (caller, visit) = (self.caller(who), VisitId(visit));
                let _ = self.ask(Ask::CarInShop { caller, visit });
                let _ = self.ask(Ask::ShareRemark { caller, visit, visible });
            }
            Move::Rights(user, all, active) => self.set_rights(user, all, active),
            Move::Import(withdraw, days) => self.import(withdraw, days),
            Move::Answered(scan, granted) => {
                let outcome = if granted { ScanOutcome::Granted } else { ScanOutcome::Denied { code: 203 } };
                let scan = ScanId(scan);
                self.world.note(Told::ScanAnswered { scan, outcome });
            }
            Move::Opened(scan) => self.world.fact(
                LOCKER,
                FactKind::OpenedForStaff { box_no: box_no(1), scan: ScanId(scan), user: MAX, typed: true },
            ),
            Move::Fact(other, kind, visit, number) => {
                let locker = if other { OTHER } else { LOCKER };
                self.world.fact(locker, fact(kind, VisitId(visit), number));
            }
            Move::Help(other, help) => self.world.fact(
                if other { OTHER } else { LOCKER },
                FactKind::HelpCalled { help: HelpId(help), session: None, step: "drop.pin".into() },
            ),
            Move::WishDone => {
                let wish = self.world.office.wishes().first().map_or(0, |wish| wish.id);
                self.world.note(Told::WishDone { wish });
            }
            Move::Pass(ms) => self.world.pass(ms),
            Move::Restart(off, trusted) => {
                self.world.now.wall_trusted = trusted;
                self.world.restart(off);
            }
            Move::Snapshot => self.snapshot(),
        }
    }

    fn set_rights(&mut self, who: UserId, all: bool, active: bool) {
        let mut input = dealership().users.remove(usize::try_from(who.0 - 1).unwrap());
        if !all {
            input.rights = Rights::new();
        }
        input.active = active;
        let by = By::Host;
        let _ = self.ask(Ask::SetUser { by, user: Some(who), input });
    }

    fn import(&mut self, withdraw: bool, days: i32) {
        self.world.now.today = self.world.now.today.plus_days(days);
        let import = Import {
            visits: vec![visit(self.world.now.today, "1-ABC-123", &["WO-1"])],
            absent: if withdraw { Absent::Withdraw } else { Absent::Keep },
            ..Import::default()
        };
        let _ = self.ask(Ask::Import { by: By::Host, import });
    }

    /// A snapshot and the records behind it give the same as all records.
    fn snapshot(&mut self) {
        let half = self.world.office.snapshot(&mut self.world.vault).unwrap();
        self.world.pass(1);
        self.world.dropped(FIRST, 2);
        let restored =
            Office::restore(&mut self.world.vault, Some(&half), self.world.journal.clone()).unwrap();
        assert!(restored.frame().durable() == self.world.office.frame().durable());
        assert_eq!(restored.head(), self.world.office.head());
    }
}

fn fact(kind: u8, visit: VisitId, number: u8) -> FactKind {
    let box_no = box_no(number);
    match kind {
        0 => FactKind::KeyDropped { visit, box_no, evidence: Evidence::Claimed, user: None, ticket: None },
        1 => FactKind::KeyTaken { visit, box_no, user: MAX, ticket: TicketId(1) },
        2 => FactKind::ToCheck { box_no, visit: Some(visit), user: None, reason: CheckReason::Aborted },
        3 => FactKind::Settled { box_no, visit: Some(visit), finding: Finding::Empty, user: Some(RITA) },
        4 => {
            FactKind::RemarkLeft { visit, remark: Personal::new(Subject::Visit(visit), "It squeaks.".into()) }
        }
        5 => FactKind::PhoneAdded {
            visit,
            phone: Some(Personal::new(Subject::Visit(visit), "0470 00 00 00".into())),
        },
        _ => FactKind::DoorLeftOpen { box_no },
    }
}

proptest! {
    #[test]
    fn safe_01_the_durable_half_is_its_replay_and_a_refusal_changes_nothing(
        moves in prop::collection::vec(any_move(), 1..60),
    ) {
        let mut stage = Stage::new();
        for step in moves {
            stage.play(step);
        }
        stage.snapshot();
        stage.world.restart(1_000);
    }
}

#[test]
fn before_its_start_the_office_refuses_and_takes_nothing_in() {
    let mut vault = MemoryVault::new();
    let world = World::new();
    let office = Office::restore(&mut vault, None, world.journal.clone()).unwrap();
    let asked = office.ask(Ask::SetSecurityCode { by: By::Host, code: secret(CODE) }, &world.now);
    assert_eq!(asked.unwrap_err(), Refusal::NotStarted);
    let step = office.note(Told::LockerSeen { locker: LOCKER }, &world.now);
    assert!(step.records().is_empty());
    assert_eq!(office.wake_at(), None);
}

#[test]
fn a_step_that_was_decided_on_an_older_office_is_stale() {
    let mut world = World::new();
    let ask = Ask::SetSecurityCode { by: By::Host, code: secret(CODE) };
    let mut step = world.office.ask(ask, &world.now).unwrap();
    world.pass(1);
    step.encode(&mut world.vault).unwrap();
    assert_eq!(world.office.commit(step).unwrap_err(), Misuse::Stale);
}

#[test]
fn a_quiet_tick_and_a_sign_of_life_need_no_record() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    let length = world.journal.len();
    world.pass(1_000);
    world.note(Told::LockerSeen { locker: LOCKER });
    world.note(Told::LockerSeen { locker: LockerId(9) });
    world.note(Told::ScanAnswered { scan: ScanId(9), outcome: ScanOutcome::Granted });
    world.note(Told::WishDone { wish: 9 });
    assert_eq!(world.journal.len(), length);
    let lockers = world.office.locker_views(&rita).unwrap();
    assert_eq!(lockers[0].last_seen, Some(world.now.wall));
    assert_eq!(lockers[1].last_seen, None);
}

/// How many variants an enum has, read from its source: `ALL` must have them all.
fn variants(source: &str, name: &str) -> usize {
    let start = source.find(&format!("pub enum {name} {{")).unwrap();
    let body = &source[start..];
    let body = &body[..body.find("\n}").unwrap()];
    body.lines().filter(|line| line.starts_with("    ") && line.as_bytes()[4].is_ascii_uppercase()).count()
}

#[test]
fn every_number_and_key_is_unique_in_its_block_and_every_one_has_a_doc_line() {
    let source = include_str!("../src/office/refuse.rs");
    assert_eq!(variants(source, "Refusal"), Refusal::ALL.len());
    assert_eq!(variants(source, "Denial"), Denial::ALL.len());
    let mut numbers = BTreeSet::new();
    let mut keys = BTreeSet::new();
    for refusal in Refusal::ALL {
        assert!((150..=199).contains(&refusal.code()), "{refusal}");
        assert!(numbers.insert(refusal.code()) && keys.insert(refusal.key()));
    }
    for denial in Denial::ALL {
        assert!((250..=299).contains(&denial.code()), "{denial}");
        assert!(numbers.insert(denial.code()) && keys.insert(denial.key()));
    }
    for key in keys {
        assert!(key.starts_with("office."), "{key}");
    }
    let lines: Vec<&str> = source.lines().collect();
    for pair in lines.windows(2) {
        if pair[1].trim_start().starts_with("#[error(") {
            assert!(pair[0].trim_start().starts_with("///"), "{}", pair[1]);
        }
    }
}

#[test]
fn every_record_kind_is_in_the_schema() {
    let schema = include_str!("../../docs/schema-office.md");
    let documented: BTreeSet<&str> =
        schema.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect();
    assert_eq!(documented, BTreeSet::from(Record::KINDS));
    let source = include_str!("../src/office/record.rs");
    assert_eq!(variants(source, "Record"), Record::KINDS.len());
}

/// A story that makes a record of every kind.
fn golden_story() -> World {
    let mut stage = Stage::new();
    let (ada, max) = (stage.world.log_in(ADA), stage.world.log_in(MAX));
    let rita = stage.caller(0);
    let world = &mut stage.world;
    world.dropped(FIRST, 4);
    world.ask(Ask::CarInShop { caller: rita, visit: FIRST }).unwrap();
    world.fact(LOCKER, fact(4, FIRST, 4));
    world.fact(LOCKER, fact(5, FIRST, 4));
    world.ask(Ask::ShareRemark { caller: rita, visit: FIRST, visible: true }).unwrap();
    world.request(rita, check(1), "1111").unwrap();
    for _ in 0..5 {
        world.request(max, pick_up(FIRST), "1111").unwrap();
    }
    world.pass(900_000);
    let holder = CodeHolder::User(MAX);
    world.ask(Ask::LiftCodeLock { by: By::User(ada), holder }).unwrap();
    world.ticket(max, pick_up(FIRST));
    world.scan(max, pick_up(FIRST), qr(OTHER, 1)).unwrap();
    let scan = world.forward(max, pick_up(FIRST));
    world.answered(&scan, ScanOutcome::Denied { code: 203 });
    world.ask(Ask::DropTicket { caller: max }).unwrap();
    world.ticket(max, pick_up(FIRST));
    let scan = world.forward(max, pick_up(FIRST));
    world.answered(&scan, ScanOutcome::Granted);
    world
        .fact(LOCKER, FactKind::OpenedForStaff { box_no: box_no(4), scan: scan.id, user: MAX, typed: false });
    world.fact(LOCKER, fact(1, FIRST, 4));
    there_and_back(world, rita);
    for help in [1, 2] {
        world.fact(
            LOCKER,
            FactKind::HelpCalled { help: HelpId(help), session: None, step: "drop.pin".into() },
        );
        let (locker, help) = (LOCKER, HelpId(help));
        world.ask(Ask::DisregardHelp { caller: rita, locker, help }).unwrap();
        world.pass(180_000);
        let wish = world.office.wishes()[0].id;
        world.note(Told::WishDone { wish });
        world.ask(Ask::HandleHelp { caller: ada, locker, help }).unwrap();
    }
    world.fact(LOCKER, fact(3, FIRST, 4));
    world.dropped(SECOND, 5);
    let import = |date, absent| Import {
        visits: vec![visit(date, "1-NEW-001", &["WO-9"])],
        absent,
        ..Import::default()
    };
    world.import(import(today(), Absent::Withdraw));
    world.now.today = today().plus_days(61);
    world.import(import(world.now.today, Absent::Keep));
    world.erase();
    world.import(import(world.now.today.plus_days(61), Absent::Keep));
    world.now.today = today().plus_days(200);
    world.import(Import {
        visits: vec![visit(world.now.today, "1-NEW-002", &["WO-10"])],
        ..Import::default()
    });
    world.erase();
    world.set_code(By::User(ada), "9999").unwrap();
    world.ask(Ask::LogOut { caller: max }).unwrap();
    let input = user("milo", "Milo Wrench", Role::Mechanic, Rights::from([Right::PickUp]));
    world.ask(Ask::SetUser { by: By::User(ada), user: Some(MILO), input }).unwrap();
    codes_of_their_own(world, ada);
    world.restart(1_000);
    stage.world
}

/// The dealer admin has a temporary PIN made, and an authenticator, which is revoked.
fn codes_of_their_own(world: &mut World, ada: Caller) {
    let (caller, locker, reason) = (ada, LOCKER, String::from("Spare key for the tow truck"));
    let box_no = box_no(6);
    world.ask(Ask::TemporaryPin { caller, locker, box_no: Some(box_no), reason }).unwrap();
    world.ask(Ask::Enrol { caller, locker }).unwrap();
    let (how, reason) = (StaffCode::Authenticator, Some(OpenReason::Repair));
    world.fact(LOCKER, FactKind::OpenedByCode { box_no, user: ADA, how, reason });
    world.ask(Ask::RevokeAuthenticator { caller, locker, user: ADA }).unwrap();
}

/// The receptionist drops the first key for the customer, has the PIN sent again, the customer collects it, and comes back.
fn there_and_back(world: &mut World, rita: Caller) {
    let act = Act::Drop { visit: FIRST };
    let ticket = world.ticket(rita, act);
    let scan = world.forward(rita, act);
    world.answered(&scan, ScanOutcome::Granted);
    let box_no = box_no(4);
    world.fact(LOCKER, FactKind::OpenedForStaff { box_no, scan: scan.id, user: RITA, typed: false });
    let (evidence, user, ticket) = (Evidence::Seen, Some(RITA), Some(ticket));
    world.fact(LOCKER, FactKind::KeyDropped { visit: FIRST, box_no, evidence, user, ticket });
    world.days(30);
    let rita = world.log_in(RITA);
    let contact = ContactChoice::Driver { index: 0 };
    world.ask(Ask::SendAgain { caller: rita, visit: FIRST, contact }).unwrap();
    world.fact(LOCKER, FactKind::KeyCollected { visit: FIRST, box_no, evidence });
    world.dropped(FIRST, 4);
}

/// What users see of it: stays the same for ever, whatever the inner state becomes.
fn golden_views(world: &mut World) -> String {
    let ada = world.log_in(ADA);
    let office = &world.office;
    let now = &world.now;
    let visits: Vec<_> = (1..=4).map(|id| office.visit_page(&ada, VisitId(id), now).ok()).collect();
    let views = serde_json::json!({
        "main": office.main_page(&ada, now).unwrap(),
        "keys": office.where_are_the_keys(&ada, now).unwrap(),
        "visits": visits,
        "help": office.help_calls(&ada, now).unwrap(),
        "notices": office.notices(&ada).unwrap(),
        "lockers": office.locker_views(&ada).unwrap(),
        "users": office.users(&ada, now).unwrap().unwrap(),
        "activity": office.activity(&ada).unwrap().unwrap(),
        "wishes": office.wishes(),
    });
    serde_json::to_string_pretty(&views).unwrap() + "\n"
}

/// A line of a golden journal: number, authenticator, and the record's bytes as a text.
fn entry(line: &str) -> Entry {
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let mut mac = [0; 32];
    hex::decode_to_slice(line["mac"].as_str().unwrap(), &mut mac).unwrap();
    Entry { seq: line["seq"].as_u64().unwrap(), body: line["body"].as_str().unwrap().into(), mac }
}

fn golden(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// `GOLDEN=write cargo test -p locker-core --test office_replay` writes the golden files anew. Only for a new version
/// of the format: a released journal is never changed.
#[test]
fn the_golden_journal_of_version_1_restores_to_the_same_state() {
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        let mut told = golden_story();
        let lines: Vec<String> = told
            .journal
            .iter()
            .map(|entry| {
                let body = String::from_utf8(entry.body.clone()).unwrap();
                let mac = hex::encode(entry.mac);
                serde_json::json!({"seq": entry.seq, "mac": mac, "body": body}).to_string()
                    + "
"
            })
            .collect();
        std::fs::write(golden("office-v1.jsonl"), lines.concat()).unwrap();
        std::fs::write(golden("office-v1.views.json"), golden_views(&mut told)).unwrap();
    }
    let journal = std::fs::read_to_string(golden("office-v1.jsonl")).unwrap();
    let entries: Vec<Entry> = journal.lines().map(entry).collect();
    for kind in Record::KINDS {
        let field = format!("\"k\":\"{kind}\"").into_bytes();
        let is_there = |entry: &Entry| entry.body.windows(field.len()).any(|part| part == field);
        assert!(entries.iter().any(is_there), "no {kind} in the golden journal");
    }
    let mut world = World::empty();
    world.vault = MemoryVault::new();
    world.office = Office::restore(&mut world.vault, None, entries.clone()).unwrap();
    world.journal.clone_from(&entries);
    let last: serde_json::Value = serde_json::from_slice(&entries.last().unwrap().body).unwrap();
    world.now.wall = locker_core::Wall(last["at"]["wall"].as_i64().unwrap());
    world.now.today = today().plus_days(200);
    world.restart(0);
    let views = std::fs::read_to_string(golden("office-v1.views.json")).unwrap();
    let mut seen: serde_json::Value = serde_json::from_str(&golden_views(&mut world)).unwrap();
    let mut kept: serde_json::Value = serde_json::from_str(&views).unwrap();
    // The start and the log-in that this test itself needs stand at the top of the log.
    for views in [&mut seen, &mut kept] {
        let rows = views["activity"].as_array_mut().unwrap();
        rows.retain(|row| row["kind"] != "office.started" && row["kind"] != "tablet.logged_in");
    }
    assert_eq!(seen, kept);
}
