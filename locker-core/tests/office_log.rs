//! The activity log (OFFICE-8): what each row says, and what is forgotten to make room.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{Absent, Answer, Ask, Import, LogView, Refusal, TabletToken};
use locker_core::{
    BoxNo, Channel, CheckReason, Evidence, ExternalRef, FactKind, Finding, Fresh, HelpId, LockerId,
    MessageId, MessageState, Personal, ScanId, ServiceReason, StaffCode, Subject, TabletId, Template,
    TicketId, UserId, VisitId,
};
use office_world::*;

/// The log as a dealer admin reads it, oldest first, from a row on.
fn log(world: &mut World, from: usize) -> Vec<LogView> {
    let ada = world.log_in(ADA);
    let mut log = world.office.activity(&ada).unwrap().unwrap();
    log.remove(0);
    log.reverse();
    log.split_off(from)
}

fn rows(world: &mut World) -> usize {
    log(world, 0).len() + 1
}

#[test]
fn office_08_every_fact_of_a_locker_is_logged_by_its_name_with_visit_box_and_user() {
    let mut world = World::new();
    let (b, user, scan, ticket) = (box_no(4), MAX, ScanId(1), TicketId(1));
    let words = || Personal::new(Subject::Visit(FIRST), String::from("0470 00 00 01"));
    let message = FactKind::Message {
        message: MessageId(1),
        visit: SECOND,
        channel: Channel::Mail,
        to: words(),
        template: Template::DropPin,
        state: MessageState::Sent,
    };
    type Row = (FactKind, &'static str, Option<VisitId>, Option<BoxNo>, Option<UserId>);
    let (first, there, max) = (Some(FIRST), Some(b), Some(MAX));
    let facts: [Row; 26] = [
        (FactKind::Started, "fact.started", None, None, None),
        (
            FactKind::KeyDropped {
                visit: FIRST,
                box_no: b,
                evidence: Evidence::Seen,
                user: None,
                ticket: None,
            },
            "fact.key_dropped",
            first,
            there,
            None,
        ),
        (
            FactKind::KeyDropped {
                visit: FIRST,
                box_no: b,
                evidence: Evidence::Seen,
                user: Some(user),
                ticket: Some(ticket),
            },
            "fact.key_dropped",
            first,
            there,
            max,
        ),
        (
            FactKind::KeyCollected { visit: FIRST, box_no: b, evidence: Evidence::Seen },
            "fact.key_collected",
            first,
            there,
            None,
        ),
        (FactKind::KeyTaken { visit: FIRST, box_no: b, user, ticket }, "fact.key_taken", first, there, max),
        (
            FactKind::OpenedForStaff { box_no: b, scan, user, typed: false },
            "fact.opened_for_staff",
            None,
            there,
            max,
        ),
        (
            FactKind::OpenedByCode { box_no: b, user, how: StaffCode::Temporary, reason: None },
            "fact.opened_by_code",
            None,
            there,
            max,
        ),
        (
            FactKind::ToCheck { box_no: b, visit: first, user: max, reason: CheckReason::Aborted },
            "fact.to_check",
            first,
            there,
            max,
        ),
        (
            FactKind::Settled { box_no: b, visit: first, finding: Finding::KeyTaken, user: max },
            "fact.settled",
            first,
            there,
            max,
        ),
        (
            FactKind::OutOfService { box_no: b, reason: ServiceReason::Jammed },
            "fact.out_of_service",
            None,
            there,
            None,
        ),
        (FactKind::BackInService { box_no: b }, "fact.back_in_service", None, there, None),
        (FactKind::DoorLeftOpen { box_no: b }, "fact.door_left_open", None, there, None),
        (FactKind::DoorClosedAgain { box_no: b }, "fact.door_closed_again", None, there, None),
        (
            FactKind::DoorForced { box_no: b, since_pulse_ms: None, while_off: false },
            "fact.door_forced",
            None,
            there,
            None,
        ),
        (FactKind::SensorDoubted { box_no: b }, "fact.sensor_doubted", None, there, None),
        (
            FactKind::HelpCalled { help: HelpId::default(), session: None, step: "start".into() },
            "fact.help_called",
            None,
            None,
            None,
        ),
        (FactKind::CodesLocked { for_ms: 300_000 }, "fact.codes_locked", None, None, None),
        (FactKind::StaffCodesLocked { for_ms: 3_000_000 }, "fact.staff_codes_locked", None, None, None),
        (FactKind::OpeningsLimited { visit: first }, "fact.openings_limited", first, None, None),
        (FactKind::PhoneAdded { visit: FIRST, phone: Some(words()) }, "fact.phone_added", first, None, None),
        (FactKind::RemarkLeft { visit: FIRST, remark: words() }, "fact.remark_left", first, None, None),
        (message, "fact.message", Some(SECOND), None, None),
        (FactKind::MaintenanceBegan { user }, "fact.maintenance_began", None, None, max),
        (FactKind::MaintenanceEnded, "fact.maintenance_ended", None, None, None),
        (FactKind::ClockDoubted, "fact.clock_doubted", None, None, None),
        (FactKind::ClockConfirmed, "fact.clock_confirmed", None, None, None),
    ];
    let from = rows(&mut world);
    for (fact, ..) in &facts {
        world.fact(LOCKER, fact.clone());
    }
    let log = log(&mut world, from);
    assert_eq!(log.len(), facts.len());
    for ((_, kind, visit, box_no, user), row) in facts.into_iter().zip(log) {
        assert_eq!((row.kind.as_str(), row.locker), (kind, Some(LOCKER)));
        assert_eq!((row.visit, row.box_no, row.user), (visit, box_no, user), "{kind}");
    }
}

#[test]
fn office_08_what_users_do_is_logged_with_tablet_locker_visit_and_box() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let from = rows(&mut world);
    let max = world.log_in(MAX);
    let tablet = max.tablet();
    assert!(world.request(max, pick_up(FIRST), "1000").is_ok(), "denied");
    world.ticket(max, pick_up(FIRST));
    world.forward(max, pick_up(FIRST));
    world.ask(Ask::DropTicket { caller: max }).unwrap();
    let rita = world.log_in(RITA);
    world.ask(Ask::CarInShop { caller: rita, visit: FIRST }).unwrap();
    world.ask(Ask::LogOut { caller: rita }).unwrap();
    let other = Import {
        visits: vec![visit(today(), "1-NEW-001", &["WO-9"])],
        absent: Absent::Withdraw,
        ..Import::default()
    };
    world.import(other);
    type Row = (&'static str, Option<UserId>, Option<TabletId>, Option<LockerId>, Option<VisitId>);
    let rows: Vec<Row> = vec![
        ("tablet.logged_in", Some(MAX), Some(tablet), None, None),
        ("security_code.wrong", Some(MAX), Some(tablet), None, None),
        ("ticket.granted", Some(MAX), Some(tablet), Some(LOCKER), Some(FIRST)),
        ("scan.forwarded", Some(MAX), Some(tablet), Some(LOCKER), None),
        ("ticket.ended", None, Some(tablet), None, None),
        ("tablet.logged_in", Some(RITA), Some(rita.tablet()), None, None),
        ("visit.car_in_shop", Some(RITA), None, None, Some(FIRST)),
        ("tablet.logged_out", None, Some(rita.tablet()), None, None),
        ("visit.withdrawn", None, None, None, Some(FIRST)),
        ("visit.withdrawn", None, None, None, Some(SECOND)),
    ];
    let log = log(&mut world, from);
    let told: Vec<_> =
        log.iter().map(|row| (row.kind.as_str(), row.user, row.tablet, row.locker, row.visit)).collect();
    assert_eq!(told, rows);
}

fn log_in(world: &mut World, n: u16, earlier: Option<&TabletToken>) -> Result<TabletToken, Refusal> {
    let mut bytes = [7; 32];
    bytes[..2].copy_from_slice(&n.to_be_bytes());
    match world.ask(Ask::LogIn { user: MAX, earlier: earlier.cloned(), fresh: Fresh::new(bytes) })? {
        Answer::LoggedIn { token } => Ok(token),
        other => panic!("{other:?}"),
    }
}

#[test]
fn code_06_a_tablet_that_logged_out_stays_the_same_until_500_others_need_its_room() {
    let mut world = World::new();
    let log_out = |world: &mut World, token: &TabletToken| {
        let caller = world.office.authorize(token).unwrap();
        world.ask(Ask::LogOut { caller }).unwrap();
    };
    let first = log_in(&mut world, 0, None).unwrap();
    log_out(&mut world, &first);
    for n in 1..500 {
        log_in(&mut world, n, None).unwrap();
    }
    let again = log_in(&mut world, 500, Some(&first)).unwrap();
    assert_eq!(again.tablet, first.tablet, "there was room for 500");
    assert_eq!(log_in(&mut world, 501, None), Err(Refusal::Full));
    log_out(&mut world, &again);
    log_in(&mut world, 502, None).unwrap();
    assert_eq!(log_in(&mut world, 503, Some(&again)), Err(Refusal::Full), "its room is taken");
}

#[test]
fn office_09_an_outside_id_is_the_text_that_was_given() {
    let id = ExternalRef::new("WO-17/b").unwrap();
    assert_eq!(id.as_str(), "WO-17/b");
    assert!(ExternalRef::new("x".repeat(64)).is_ok());
    for bad in [String::new(), "x".repeat(65), "a\nb".into()] {
        assert!(ExternalRef::new(bad).is_err());
    }
}
