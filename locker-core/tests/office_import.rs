//! What comes from planning (OFFICE-9, OFFICE-13) and what a locker gets of it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{
    Absent, Answer, Ask, BadRow, By, Denial, IMPORT_ROWS_MAX, Import, Part, Refusal, Right, Rights, Role,
    RowFault, VisitInput,
};
use locker_core::{ExternalRef, FactKind, VisitId};
use office_world::*;

fn visits(visits: Vec<VisitInput>, absent: Absent) -> Import {
    Import { visits, absent, ..Import::default() }
}

fn desired(world: &World) -> Vec<u64> {
    let desired = world.office.desired(LOCKER, today()).unwrap();
    desired.visits.iter().map(|visit| visit.id.0).collect()
}

#[test]
fn office_09_a_bad_row_is_reported_with_its_number_and_why_and_the_good_ones_are_kept() {
    let mut world = World::empty();
    let mut nobody = visit(today(), "1-BAD-002", &["WO-2"]);
    nobody.driver.name = String::new();
    let mut unreachable = visit(today(), "1-BAD-003", &["WO-3"]);
    unreachable.driver.contacts[0].address = String::new();
    let mut loud = user("loud", "Loud", Role::Mechanic, Rights::from([Right::ReadLog]));
    loud.active = true;
    let mut import = dealership();
    import.lockers.push(locker(""));
    import.users.push(loud);
    import.location.as_mut().unwrap().ticket_minutes = 99;
    import.visits = vec![
        visit(today(), "1-ABC-123", &["WO-1"]),
        nobody,
        unreachable,
        visit(today(), " - ", &["WO-4"]),
        visit(today(), "1-BAD-005", &[]),
        visit(today(), "1-BAD-006", &["WO-1"]),
        visit(today(), "1 abc 123", &["WO-7"]),
        visit(today(), "1-GUT-008", &["WO-8"]),
    ];
    let report = world.import(import);
    let bad = |part, row, why| BadRow { part, row, why };
    assert_eq!(
        report.bad,
        [
            bad(Part::Location, 1, RowFault::Refused(Refusal::OutOfRange)),
            bad(Part::Locker, 3, RowFault::Refused(Refusal::OutOfRange)),
            bad(Part::User, 5, RowFault::Refused(Refusal::RightNotForRole { right: Right::ReadLog })),
            bad(Part::Visit, 2, RowFault::Name),
            bad(Part::Visit, 3, RowFault::Contacts),
            bad(Part::Visit, 4, RowFault::Plate),
            bad(Part::Visit, 5, RowFault::Orders),
            bad(Part::Visit, 6, RowFault::OrderTwice),
            bad(Part::Visit, 7, RowFault::VisitTwice),
        ]
    );
    assert_eq!((report.good, report.changed), (8, 8));
    assert_eq!(desired(&world), [1, 2]);
    assert_eq!(
        serde_json::to_value(report.bad[3]).unwrap(),
        serde_json::json!({"part": "visit", "row": 2, "why": "row.name"})
    );
}

#[test]
fn office_09_the_same_import_again_changes_nothing() {
    let mut world = World::new();
    let length = world.journal.len();
    let revision = world.office.desired(LOCKER, today()).unwrap().revision;
    let report = world.import(dealership());
    assert_eq!((report.good, report.changed), (9, 0));
    assert_eq!(world.journal.len(), length);
    assert_eq!(world.office.desired(LOCKER, today()).unwrap().revision, revision);
}

#[test]
fn office_09_an_import_is_the_hosts_or_a_dealer_admins_and_has_a_limit() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    let ask = |by, import| Ask::Import { by, import };
    let denied = world.ask(ask(By::User(rita), Import::default()));
    assert_eq!(denied, Ok(Answer::Denied(Denial::NotDealerAdmin)));
    let row = visit(today(), "1-ABC-123", &["WO-1"]);
    let rows = vec![row; IMPORT_ROWS_MAX + 1];
    let refused = world.ask(ask(By::Host, visits(rows, Absent::Keep)));
    assert_eq!(refused, Err(Refusal::Full));
}

#[test]
fn office_13_a_work_order_that_moved_takes_its_visit_along() {
    let mut world = World::new();
    let tomorrow = today().plus_days(1);
    let moved = visit(tomorrow, "1-ABC-123", &["WO-1", "WO-2"]);
    world.import(visits(vec![moved], Absent::Keep));
    let desired = world.office.desired(LOCKER, today()).unwrap();
    let rows: Vec<_> = desired.visits.iter().map(|visit| (visit.id, visit.date)).collect();
    assert_eq!(rows, [(FIRST, tomorrow), (SECOND, today())]);
}

#[test]
fn office_13_of_two_work_orders_the_one_that_moved_becomes_a_visit_of_its_own() {
    let mut world = World::new();
    let tomorrow = today().plus_days(1);
    for flip in [false, true] {
        let mut rows = vec![visit(today(), "1-ABC-123", &["WO-1"]), visit(tomorrow, "1-ABC-123", &["WO-2"])];
        if flip {
            rows.reverse();
        }
        world.import(visits(rows, Absent::Keep));
        let desired = world.office.desired(LOCKER, today()).unwrap();
        let order = |id: VisitId| {
            let visit = desired.visits.iter().find(|visit| visit.id == id).unwrap();
            (visit.date, visit.appointments[0].order.clone())
        };
        assert_eq!(order(FIRST), (today(), ExternalRef::new("WO-1").unwrap()));
        assert_eq!(order(VisitId(3)), (tomorrow, ExternalRef::new("WO-2").unwrap()));
    }
}

#[test]
fn office_13_a_visit_whose_key_is_not_with_the_customer_is_never_removed_by_import() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    world.dropped(FIRST, 4);
    let other = visit(today(), "1-NEW-001", &["WO-9"]);
    let report = world.import(visits(vec![other.clone()], Absent::Withdraw));
    assert_eq!((report.withdrawn, report.kept), (2, 1));
    let page = world.office.main_page(&rita, &world.now).unwrap();
    let rows: Vec<_> = page.iter().map(|row| (row.id.0, row.gone_from_planning)).collect();
    assert_eq!(rows, [(1, true), (3, false)]);
    assert_eq!(desired(&world), [1, 3]);
    assert_eq!(world.office.visit_page(&rita, SECOND, &world.now), Err(Refusal::NoSuchVisit));
    let report = world.import(visits(vec![other], Absent::Withdraw));
    assert_eq!(report.withdrawn, 0);
    world.dropped(SECOND, 5);
    assert_eq!(desired(&world), [1, 2, 3], "a key dropped meanwhile brings its visit back");
    world.import(visits(dealership().visits, Absent::Keep));
    let page = world.office.main_page(&rita, &world.now).unwrap();
    assert!(page.iter().all(|row| !row.gone_from_planning));
}

#[test]
fn office_13_with_a_bad_row_nothing_is_withdrawn() {
    let mut world = World::new();
    let rows = vec![visit(today(), "1-NEW-001", &["WO-9"]), visit(today(), "1-ABC-123", &[])];
    let report = world.import(visits(rows, Absent::Withdraw));
    assert_eq!((report.withdrawn, report.bad.len()), (0, 1));
    assert_eq!(desired(&world), [1, 2, 3]);
}

#[test]
fn desired_has_the_visits_of_eight_days_ago_and_later_and_those_whose_key_is_not_back() {
    let mut world = World::empty();
    world.import(dealership());
    let days = [-9, -8, 0, 3];
    let rows = days.map(|days| {
        let date = today().plus_days(days);
        visit(date, &format!("1-DAY-{}", days + 10), &[&format!("D{days}")])
    });
    world.import(visits(rows.to_vec(), Absent::Keep));
    assert_eq!(desired(&world), [1, 2, 4, 5, 6]);
    world.dropped(VisitId(3), 4);
    assert_eq!(desired(&world), [1, 2, 3, 4, 5, 6]);
    assert_eq!(world.office.desired(locker_core::LockerId(9), today()), None);
}

#[test]
fn a_visit_long_over_is_forgotten_unless_its_key_is_out_or_the_clock_is_doubted() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let later = |world: &mut World, days| {
        world.now.today = today().plus_days(days);
        world.pass(0);
        world.erase();
        let date = world.now.today;
        world.import(visits(vec![visit(date, "1-NEW-001", &["WO-9"])], Absent::Keep))
    };
    let knows = |world: &mut World, id| {
        let rita = world.log_in(RITA);
        world.office.visit_page(&rita, id, &world.now).is_ok()
    };
    later(&mut world, 60);
    assert!(knows(&mut world, SECOND));
    world.now = world.now.untrusted();
    later(&mut world, 61);
    assert!(knows(&mut world, SECOND), "nobody knows what day it is");
    world.now.wall_trusted = true;
    later(&mut world, 61);
    assert!(!knows(&mut world, SECOND));
    assert!(knows(&mut world, FIRST), "its key is in a box");
    world.fact(
        LOCKER,
        FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: MAX, ticket: locker_core::TicketId(1) },
    );
    later(&mut world, 400);
    assert!(knows(&mut world, FIRST), "its key is with staff");
}

#[test]
fn drop_16_the_locker_knows_a_visit_for_as_long_as_its_check_in_pin_works() {
    let world = World::new();
    let known = |days| {
        let desired = world.office.desired(LOCKER, today().plus_days(days)).unwrap();
        desired.visits.iter().any(|visit| visit.id == FIRST)
    };
    assert!(known(7) && known(8), "its last day, and what was interrupted at midnight");
    assert!(!known(9));
}
