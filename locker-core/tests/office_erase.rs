//! SAFE-5 at the office: who is erased, when, and what is left.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{Absent, Answer, Ask, By, DASH, Denial, Import, Location, Refusal, Role, Told};
use locker_core::{Evidence, FactKind, Finding, Personal, Store, Subject, TicketId, UserId, VisitId};
use office_world::*;

const FIRST_ONE: Subject = Subject::Visit(FIRST);
const SECOND_ONE: Subject = Subject::Visit(SECOND);

fn collected(world: &mut World, visit: VisitId, number: u8) {
    let kind = FactKind::KeyCollected { visit, box_no: box_no(number), evidence: Evidence::Seen };
    world.fact(LOCKER, kind);
}

fn request(world: &mut World, subject: Subject) -> Result<Answer, Refusal> {
    world.ask(Ask::Erase { by: By::Host, subject })
}

fn known(world: &World) -> Vec<u64> {
    let desired = world.office.desired(LOCKER, world.now.today).unwrap();
    desired.visits.iter().map(|visit| visit.id.0).collect()
}

/// Everything that the dealer admin can see of the visit.
fn page(world: &mut World, visit: VisitId) -> String {
    let ada = world.log_in(ADA);
    let page = world.office.visit_page(&ada, visit, &world.now).unwrap();
    serde_json::to_string(&page).unwrap()
}

#[test]
fn safe_05_a_visit_is_erased_when_its_day_is_30_days_over_and_not_before() {
    let mut world = World::new();
    world.days(30);
    assert_eq!(world.erase(), []);
    world.days(1);
    assert_eq!(world.erase(), [FIRST_ONE, SECOND_ONE]);
    world.days(1);
    assert_eq!(world.office.to_erase(), [], "once");
}

#[test]
fn safe_05_the_30_days_begin_when_the_key_is_back() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    world.days(40);
    assert_eq!(world.erase(), [SECOND_ONE], "the key of the first is in a box");
    collected(&mut world, FIRST, 4);
    world.days(29);
    world.pass(locker_core::DAY - 1);
    assert_eq!(world.erase(), []);
    // The clock shows the moment; the calendar is looked at once a day.
    world.pass(1);
    world.days(1);
    assert_eq!(world.erase(), [FIRST_ONE]);
}

#[test]
fn safe_05_the_number_of_days_is_a_setting_with_a_range() {
    let mut world = World::new();
    let set = |world: &mut World, erase_after_days| {
        let location = Location { erase_after_days, ..world.office.location().clone() };
        world.ask(Ask::SetLocation { by: By::Host, location })
    };
    assert_eq!(world.office.location().erase_after_days, 30);
    assert_eq!(set(&mut world, 0), Err(Refusal::OutOfRange));
    assert_eq!(set(&mut world, 3_651), Err(Refusal::OutOfRange));
    set(&mut world, 2).unwrap();
    world.days(2);
    assert_eq!(world.erase(), []);
    world.days(1);
    assert_eq!(world.erase(), [FIRST_ONE, SECOND_ONE]);
}

#[test]
fn safe_05_safe_07_nothing_is_erased_by_a_clock_in_doubt() {
    let mut world = World::new();
    world.now.wall_trusted = false;
    world.days(100);
    assert_eq!(world.office.to_erase(), [], "nobody has confirmed it");
    world.fact(LOCKER, FactKind::ClockDoubted);
    world.now.wall_trusted = true;
    world.days(1);
    assert_eq!(world.office.to_erase(), [], "a locker doubts its own");
    world.fact(LOCKER, FactKind::ClockConfirmed);
    world.note(Told::Tick);
    assert_eq!(world.erase().len(), 2);
}

#[test]
fn safe_05_safe_07_a_jump_of_the_clock_erases_nothing_until_it_is_confirmed() {
    let mut world = World::new();
    world.pass(1);
    world.now.today = today().plus_days(400);
    world.now.wall.0 += 400 * locker_core::DAY.cast_signed();
    world.pass(1);
    world.pass(60_000);
    assert_eq!(world.office.to_erase(), []);
    world.fact(LOCKER, FactKind::ClockConfirmed);
    world.pass(1);
    assert_eq!(world.office.to_erase().len(), 2);
}

#[test]
fn safe_05_safe_07_a_jump_of_an_hour_is_believed_and_a_longer_one_is_not() {
    let erased = |jump: i64| {
        let mut world = World::new();
        world.days(30);
        world.now.wall.0 += jump;
        world.pass(1);
        world.now.today = world.now.today.plus_days(1);
        world.pass(1);
        world.office.to_erase().len()
    };
    let hour = 3_600_000;
    assert_eq!([erased(hour), erased(hour + 1), erased(-hour), erased(-hour - 1)], [2, 0, 2, 0]);
}

#[test]
fn safe_05_many_visits_are_erased_a_hundred_at_a_time() {
    let mut world = World::new();
    let rows = (0..150).map(|n| visit(today(), &format!("1-ROW-{n:03}"), &[&format!("R{n}")])).collect();
    world.import(Import { visits: rows, ..Import::default() });
    world.days(31);
    assert_eq!(world.erase().len(), 100);
    world.pass(1);
    assert_eq!(world.erase().len(), 52);
}

#[test]
fn safe_05_on_request_a_visit_is_erased_at_once_unless_a_key_hangs_on_it() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    assert_eq!(request(&mut world, FIRST_ONE), Err(Refusal::KeyNotBack), "in a box");
    let taken = FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: MAX, ticket: TicketId(1) };
    world.fact(LOCKER, taken);
    assert_eq!(request(&mut world, FIRST_ONE), Err(Refusal::KeyNotBack), "with staff");
    world.dropped(FIRST, 5);
    let empty = FactKind::Settled {
        box_no: box_no(5),
        visit: Some(FIRST),
        finding: Finding::Empty,
        user: Some(RITA),
    };
    world.fact(LOCKER, empty);
    assert_eq!(request(&mut world, FIRST_ONE), Err(Refusal::KeyNotBack), "missing");
    world.dropped(FIRST, 5);
    collected(&mut world, FIRST, 5);
    assert_eq!(request(&mut world, FIRST_ONE), Ok(Answer::Done));
    assert_eq!(request(&mut world, FIRST_ONE), Err(Refusal::AlreadySo));
    assert_eq!(world.erase(), [FIRST_ONE]);
    assert_eq!(request(&mut world, FIRST_ONE), Err(Refusal::AlreadySo));
    assert_eq!(request(&mut world, Subject::Visit(VisitId(99))), Err(Refusal::NoSuchVisit));
}

#[test]
fn safe_05_only_a_dealer_admin_has_somebody_erased() {
    let mut world = World::new();
    let (rita, ada) = (world.log_in(RITA), world.log_in(ADA));
    let ask = |caller| Ask::Erase { by: By::User(caller), subject: FIRST_ONE };
    assert_eq!(world.ask(ask(rita)), Ok(Answer::Denied(Denial::NotDealerAdmin)));
    assert_eq!(world.office.to_erase(), []);
    assert_eq!(world.ask(ask(ada)), Ok(Answer::Done));
}

#[test]
fn safe_05_an_erased_visit_shows_a_dash_and_keeps_what_is_not_personal() {
    let mut world = World::new();
    let words = |text: &str| Personal::new(FIRST_ONE, String::from(text));
    world.fact(LOCKER, FactKind::PhoneAdded { visit: FIRST, phone: Some(words("0470 00 00 01")) });
    world.fact(LOCKER, FactKind::RemarkLeft { visit: FIRST, remark: words("It squeaks.") });
    world.dropped(FIRST, 4);
    collected(&mut world, FIRST, 4);
    let secrets =
        ["1-ABC-123", "Hatchback", "Driver of", "Owner Sample", "0470", "squeaks", "example.invalid"];
    // The addresses of contacts are masked on the page already.
    for secret in &secrets[..6] {
        assert!(page(&mut world, FIRST).contains(secret), "{secret} is there before");
    }
    request(&mut world, FIRST_ONE).unwrap();
    world.erase();
    let after = page(&mut world, FIRST);
    for secret in secrets {
        assert!(!after.contains(secret), "{secret}");
    }
    let ada = world.log_in(ADA);
    let shown = world.office.visit_page(&ada, FIRST, &world.now).unwrap();
    assert!(shown.visit.erased);
    assert_eq!((shown.visit.plate.as_str(), shown.visit.driver.name.as_str()), (DASH, DASH));
    assert_eq!((shown.visit.remark.as_deref(), shown.added_phone.as_deref()), (Some(DASH), Some(DASH)));
    assert_eq!(shown.timeline.len(), 2, "what happened stays");
    assert_eq!(shown.visit.orders.len(), 2, "the numbers of the work orders stay");
    assert!(!shown.visit.may_drop && shown.contacts.is_empty());
    assert!(page(&mut world, SECOND).contains("1-XYZ-789"), "nobody else is erased");
    let snapshot = locker_core::Machine::snapshot(&world.office, &mut world.vault).unwrap();
    world.restart(1_000);
    assert_eq!(page(&mut world, FIRST).matches(DASH).count(), after.matches(DASH).count());
    let journal = world.journal.clone();
    let restored: locker_core::Office =
        locker_core::Machine::restore(&mut world.vault, Some(&snapshot), journal).unwrap();
    assert!(
        locker_core::Machine::frame(&restored).durable()
            == locker_core::Machine::frame(&world.office).durable(),
        "a snapshot brings nothing back"
    );
}

#[test]
fn safe_05_a_snapshot_from_before_the_erasure_brings_nothing_back() {
    let mut world = World::new();
    let before = locker_core::Machine::snapshot(&world.office, &mut world.vault).unwrap();
    request(&mut world, FIRST_ONE).unwrap();
    world.erase();
    let journal = world.journal.clone();
    world.office = locker_core::Machine::restore(&mut world.vault, Some(&before), journal).unwrap();
    world.note(Told::Tick);
    let step = locker_core::Machine::start(&world.office, &world.now);
    drop(step);
    world.restart(1);
    assert!(!page(&mut world, FIRST).contains("1-ABC-123"));
}

#[test]
fn safe_05_lockers_are_not_told_of_whom_is_to_be_erased() {
    let mut world = World::new();
    let before = world.office.desired(LOCKER, today()).unwrap();
    assert_eq!(known(&world), [1, 2]);
    request(&mut world, FIRST_ONE).unwrap();
    assert_eq!(known(&world), [2]);
    let revision = world.office.desired(LOCKER, today()).unwrap().revision;
    assert!(revision > before.revision);
    assert_eq!(world.office.to_erase()[0].revision, revision);
    let rita = world.log_in(RITA);
    let act = locker_core::Act::Drop { visit: FIRST };
    assert_eq!(world.request(rita, act, CODE), Err(Refusal::NoSuchVisit), "nor is a ticket given");
}

#[test]
fn safe_05_a_key_that_was_dropped_at_that_very_moment_ends_the_erasure() {
    let mut world = World::new();
    request(&mut world, FIRST_ONE).unwrap();
    world.dropped(FIRST, 4);
    assert_eq!(world.erase(), []);
    assert!(page(&mut world, FIRST).contains("1-ABC-123"));
    assert_eq!(known(&world), [1, 2]);
    world.note(Told::Erased { subject: FIRST_ONE });
    assert!(page(&mut world, FIRST).contains("1-ABC-123"), "nobody wanted it");
}

#[test]
fn safe_05_an_erasure_cut_short_is_there_after_a_restart() {
    let mut world = World::new();
    request(&mut world, FIRST_ONE).unwrap();
    world.restart(1_000);
    assert_eq!(world.erase(), [FIRST_ONE]);
    world.restart(1_000);
    assert_eq!(world.office.to_erase(), []);
}

#[test]
fn safe_05_a_late_word_about_somebody_who_was_erased_is_not_kept() {
    let mut world = World::new();
    request(&mut world, FIRST_ONE).unwrap();
    world.erase();
    let remark = Personal::new(FIRST_ONE, String::from("It squeaks."));
    world.fact(LOCKER, FactKind::RemarkLeft { visit: FIRST, remark });
    assert!(!page(&mut world, FIRST).contains("squeaks"));
    world.restart(1);
    assert!(!page(&mut world, FIRST).contains("squeaks"));
}

#[test]
fn safe_05_an_import_does_not_bring_back_what_was_erased() {
    let mut world = World::new();
    request(&mut world, FIRST_ONE).unwrap();
    world.erase();
    let again = || Import { absent: Absent::Withdraw, ..dealership() };
    let report = world.import(again());
    assert_eq!((report.good, report.changed, report.withdrawn, report.bad.len()), (9, 0, 0, 0));
    assert_eq!(known(&world), [2]);
    world.days(31);
    world.erase();
    let length = world.journal.len();
    world.import(again());
    assert_eq!(world.journal.len(), length, "too old to be taken in");
}

#[test]
fn safe_05_a_user_is_erased_once_inactive_and_without_a_key() {
    let mut world = World::new();
    let max = Subject::User(MAX);
    assert_eq!(request(&mut world, max), Err(Refusal::UserActive));
    let mut input = user("max", "Max Wrench", Role::Mechanic, Role::Mechanic.all_rights());
    input.active = false;
    let set = |input| Ask::SetUser { by: By::Host, user: Some(MAX), input };
    world.ask(set(input.clone())).unwrap();
    let taken = FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: MAX, ticket: TicketId(1) };
    world.fact(LOCKER, taken);
    assert_eq!(request(&mut world, max), Err(Refusal::KeyNotBack));
    world.dropped(FIRST, 4);
    assert_eq!(request(&mut world, max), Ok(Answer::Done));
    assert_eq!(world.ask(set(input.clone())), Err(Refusal::NoSuchUser), "not while it is under way");
    assert_eq!(world.erase(), [max]);
    let ada = world.log_in(ADA);
    let users = world.office.users(&ada, &world.now).unwrap().unwrap();
    assert_eq!((users[2].name.as_str(), users[2].login.as_str()), (DASH, DASH));
    assert!(page(&mut world, FIRST).contains(&format!("\"who\":\"{DASH}\"")), "what was done stays");
    assert_eq!(world.ask(set(input.clone())), Err(Refusal::NoSuchUser), "the key is gone for good");
    assert_eq!(request(&mut world, max), Err(Refusal::AlreadySo));
    assert_eq!(request(&mut world, Subject::User(UserId(9))), Err(Refusal::NoSuchUser));
    let again = world.ask(Ask::SetUser { by: By::Host, user: None, input });
    assert_eq!(again, Ok(Answer::User(UserId(5))), "the name is free again");
    world.restart(1_000);
}

#[test]
fn safe_05_a_ticket_asked_for_before_the_erasure_carries_no_address_any_more() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    let act = locker_core::Act::Drop { visit: FIRST };
    world.ticket(rita, act);
    assert!(world.forward(rita, act).to.is_some());
    request(&mut world, FIRST_ONE).unwrap();
    world.erase();
    assert_eq!(world.forward(rita, act).to, None);
}

#[test]
fn safe_05_safe_08_what_is_due_by_age_waits_for_a_journal() {
    let mut world = World::new();
    world.note(Told::Store(Store::Down));
    let records = world.journal.len();
    world.days(31);
    assert_eq!((world.erase(), world.journal.len()), (vec![], records));
    world.note(Told::Store(Store::Up));
    world.pass(1);
    assert_eq!(world.erase(), [FIRST_ONE, SECOND_ONE]);
}
