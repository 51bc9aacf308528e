//! At the limit itself: what the office refuses by one, what one field alone changes, what two things alike do.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{
    Absent, Answer, Ask, By, CONTACTS_MAX, CodeState, Custody, IMPORT_ROWS_MAX, Import, LOCKERS_MAX,
    Location, LockerInput, MESSAGES_PER_VISIT_MAX, ORDERS_MAX, Refusal, Right, Rights, Role, RowFault,
    TIMELINE_MAX, TabletToken, Told, USERS_MAX, UserInput,
};
use locker_core::{
    Act, Appointment, Channel, Contact, ContactKind, ExternalRef, FactKind, HelpAnswer, HelpId, LockerId,
    Machine, MessageId, MessageState, Personal, RECORD_BYTES_MAX, ScanId, Subject, Template, TimeOfDay,
    UserId, VisitId,
};
use office_world::*;

fn is_recorded(world: &mut World, ask: Ask) -> bool {
    let before = world.journal.len();
    world.ask(ask).unwrap();
    world.journal.len() > before
}

#[test]
fn office_09_each_field_of_the_location_is_checked_alone() {
    let mut world = World::new();
    let good = || Location { name: "Sample Garage".into(), ..Location::default() };
    let long = || "x".repeat(2_000);
    let mut put = |location: Location| world.ask(Ask::SetLocation { by: By::Host, location });
    assert_eq!(put(good()).unwrap(), Answer::Done);
    let bad = [
        Location { name: String::new(), ..good() },
        Location { name: long(), ..good() },
        Location { telephone: long(), ..good() },
        Location { hours: "\u{7}".into(), ..good() },
        Location { mail: long(), ..good() },
        Location { zone: long(), ..good() },
        Location { calling_code: String::new(), ..good() },
        Location { calling_code: "3212".into(), ..good() },
        Location { calling_code: "x".into(), ..good() },
        Location { trunk_prefix: "0000".into(), ..good() },
        Location { trunk_prefix: "x".into(), ..good() },
        Location { ticket_minutes: 0, ..good() },
        Location { ticket_minutes: 10_000, ..good() },
    ];
    for (n, bad) in bad.into_iter().enumerate() {
        assert_eq!(put(bad).unwrap_err(), Refusal::OutOfRange, "number {n}");
    }
}

#[test]
fn office_09_each_field_of_a_user_is_recorded_when_it_alone_changes() {
    let mut world = World::new();
    let max = || user("max", "Max Wrench", Role::Mechanic, Rights::from([Right::PickUp]));
    let put = |input: UserInput| Ask::SetUser { by: By::Host, user: Some(MAX), input };
    assert!(!is_recorded(&mut world, put(max())));
    let changed = [
        UserInput { login: "maxim".into(), ..max() },
        UserInput { name: "Max W.".into(), ..max() },
        UserInput { role: Role::Receptionist, ..max() },
        UserInput { rights: Rights::new(), ..max() },
        UserInput { active: false, ..max() },
    ];
    for (n, changed) in changed.into_iter().enumerate() {
        assert!(is_recorded(&mut world, put(changed)), "field {n}");
        assert!(is_recorded(&mut world, put(max())), "field {n}, back");
    }
}

#[test]
fn office_09_users_and_lockers_are_full_at_their_number_and_unknown_ones_are_refused() {
    let mut world = World::new();
    let input = || user("nobody", "Nobody", Role::Mechanic, Rights::new());
    let unknown = Ask::SetUser { by: By::Host, user: Some(UserId(99)), input: input() };
    assert_eq!(world.ask(unknown).unwrap_err(), Refusal::NoSuchUser);
    for n in 4..USERS_MAX {
        let input = user(&format!("u{n}"), "Somebody", Role::Mechanic, Rights::new());
        world.ask(Ask::SetUser { by: By::Host, user: None, input }).unwrap();
    }
    assert_eq!(
        world.ask(Ask::SetUser { by: By::Host, user: None, input: input() }).unwrap_err(),
        Refusal::Full
    );
    let new = |n: usize| {
        let settings = locker(&format!("Wall {n}")).settings;
        Ask::SetLocker { by: By::Host, locker: None, settings, boxes: 1 }
    };
    for n in 2..LOCKERS_MAX {
        world.ask(new(n)).unwrap();
    }
    assert_eq!(world.ask(new(50)).unwrap_err(), Refusal::Full);
    let all: Vec<LockerId> = (1..=LOCKERS_MAX as u64).map(LockerId).collect();
    assert_eq!(world.office.lockers(), all);
    assert_eq!((world.office.boxes(LOCKER), world.office.boxes(LockerId(3))), (Some(16), Some(1)));
    assert_eq!(world.office.boxes(LockerId(99)), None);
}

#[test]
fn office_09_a_locker_is_neither_closed_nor_made_smaller_over_a_key_that_it_answers_for() {
    let mut world = World::new();
    let settings = |world: &World| {
        let desired = world.office.desired(LOCKER, today()).unwrap();
        locker_core::Settings { name: "Front".into(), ..desired.settings }
    };
    let put = |world: &mut World, locker, active, boxes| {
        let mut settings = settings(world);
        settings.active = active;
        if locker == OTHER {
            settings.name = "Yard".into();
        }
        world.ask(Ask::SetLocker { by: By::Host, locker: Some(locker), settings, boxes })
    };
    world.dropped(FIRST, 16);
    assert_eq!(put(&mut world, LOCKER, true, 15).unwrap_err(), Refusal::KeysInside);
    assert!(put(&mut world, LOCKER, true, 16).is_ok(), "the last box stays");
    let missing = FactKind::Settled {
        visit: Some(FIRST),
        box_no: box_no(16),
        finding: locker_core::Finding::Empty,
        user: Some(MAX),
    };
    world.fact(LOCKER, missing);
    assert!(matches!(world.office.custody(FIRST), Custody::Missing { .. }));
    assert!(put(&mut world, LOCKER, true, 4).is_ok(), "no box answers for it any more");
    assert_eq!(put(&mut world, LOCKER, false, 16).unwrap_err(), Refusal::KeysInside);
    assert!(put(&mut world, OTHER, false, 16).is_ok(), "another one");
}

#[test]
fn safe_07_a_start_at_the_very_moment_of_the_last_record_is_not_in_doubt() {
    let hold = |off_ms: i64, trusted: bool| {
        let mut world = World::new();
        let max = world.log_in(MAX);
        world.dropped(FIRST, 4);
        world.ticket(max, pick_up(FIRST));
        if !trusted {
            world.now = world.now.untrusted();
        }
        world.restart(off_ms);
        world.office.me(&max, &world.now).unwrap().ticket.is_some()
    };
    assert!(hold(0, true));
    assert!(hold(1, true));
    assert!(!hold(-1, true), "the clock went back");
    assert!(!hold(60_000, false), "the clock is not known");
}

#[test]
fn office_04_the_communication_log_and_the_timeline_keep_a_hundred_and_drop_the_oldest() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    let message = |n: u64| FactKind::Message {
        message: MessageId(n),
        visit: FIRST,
        channel: Channel::Mail,
        to: Personal::new(Subject::Visit(FIRST), String::from("driver@example.invalid")),
        template: Template::DropPin,
        state: MessageState::Sent,
    };
    let count = |world: &World| world.office.visit_page(&ada, FIRST, &world.now).unwrap().messages.len();
    for n in 1..=MESSAGES_PER_VISIT_MAX as u64 {
        world.fact(LOCKER, message(n));
    }
    assert_eq!(count(&world), MESSAGES_PER_VISIT_MAX);
    for n in 0..3 {
        world.fact(LOCKER, message(1_000 + n));
        assert_eq!(count(&world), MESSAGES_PER_VISIT_MAX);
    }
    let length = |world: &World| world.office.visit_page(&ada, FIRST, &world.now).unwrap().timeline.len();
    let mut last = length(&world);
    for _ in 0..TIMELINE_MAX {
        world.dropped(FIRST, 4);
        world.fact(
            LOCKER,
            FactKind::KeyTaken {
                visit: FIRST,
                box_no: box_no(4),
                user: MAX,
                ticket: locker_core::TicketId(99),
            },
        );
        last = length(&world);
    }
    assert_eq!(last, TIMELINE_MAX);
}

#[test]
fn safe_03_a_key_in_a_box_displaces_only_what_was_in_that_box_of_that_locker() {
    let mut world = World::new();
    let (third, there) = (VisitId(3), |world: &World, visit| world.office.custody(visit));
    world.import(Import { visits: vec![visit(today(), "3-AAA-111", &["WO-9"])], ..Import::default() });
    world.dropped(FIRST, 4);
    world.dropped(SECOND, 5);
    assert!(matches!(there(&world, FIRST), Custody::Box { .. }), "another box");
    world.dropped(third, 4);
    assert!(matches!(there(&world, FIRST), Custody::ToCheck { .. }), "two keys in one box");
    assert!(matches!(there(&world, SECOND), Custody::Box { .. }));
    assert!(matches!(there(&world, third), Custody::Box { .. }));
}

#[test]
fn staff_pick_06_a_ticket_goes_on_with_its_own_scan_and_its_own_box_alone() {
    let mut world = World::new();
    let max = world.log_in(MAX);
    world.dropped(FIRST, 4);
    world.ticket(max, pick_up(FIRST));
    let scan = world.forward(max, pick_up(FIRST));
    let opened = |scan: ScanId| FactKind::OpenedForStaff { user: MAX, box_no: box_no(4), scan, typed: false };
    let ticket = |world: &World| world.office.me(&max, &world.now).unwrap().ticket;
    let before = ticket(&world);
    world.fact(LOCKER, opened(ScanId(scan.id.0 + 50)));
    assert!(ticket(&world) == before, "somebody else's scan");
    world.fact(LOCKER, opened(scan.id));
    assert!(before.is_some() && ticket(&world).is_none(), "its box is open");
}

#[test]
fn help_02_a_call_that_was_handled_is_not_handled_again() {
    let mut world = World::new();
    let (rita, ada) = (world.log_in(RITA), world.log_in(ADA));
    world.fact(LOCKER, FactKind::HelpCalled { help: HelpId(1), session: None, step: "drop.pin".into() });
    let handle = |caller, help| Ask::HandleHelp { caller, locker: LOCKER, help: HelpId(help) };
    assert!(is_recorded(&mut world, handle(rita, 1)));
    let before = world.journal.len();
    let again = world.ask(handle(ada, 1));
    assert!(!matches!(again, Ok(Answer::Help { answer: HelpAnswer::Notified, .. })));
    assert_eq!(world.journal.len(), before, "handled once");
    let _ = world.ask(handle(ada, 7));
    assert_eq!(world.journal.len(), before, "no such call");
}

#[test]
fn office_13_imports_are_refused_by_their_limits_to_the_row() {
    let mut world = World::new();
    let contact = |n: usize| Contact {
        channel: Channel::Mail,
        kind: ContactKind::Private,
        address: format!("d{n}@example.invalid"),
        blocked: false,
    };
    let with_contacts = |n: usize| {
        let mut input = visit(today(), "4-CON-001", &["WO-40"]);
        input.driver.contacts = (0..n).map(contact).collect();
        Import { visits: vec![input], ..Import::default() }
    };
    assert!(world.import(with_contacts(CONTACTS_MAX)).bad.is_empty());
    for n in [CONTACTS_MAX + 1, CONTACTS_MAX + 2] {
        let bad = world.import(with_contacts(n)).bad;
        assert_eq!(bad.iter().map(|bad| bad.why).collect::<Vec<_>>(), [RowFault::Contacts], "{n}");
    }
    let twice =
        Import { visits: vec![visit(today(), "4-TWI-001", &["WO-41", "WO-41"])], ..Import::default() };
    let bad = world.import(twice).bad;
    assert_eq!(bad.iter().map(|bad| bad.why).collect::<Vec<_>>(), [RowFault::OrderTwice]);
    let many = |n: usize| {
        let users = (0..n).map(|n| user(&format!("u{n}"), "", Role::Mechanic, Rights::new())).collect();
        Ask::Import { by: By::Host, import: Import { users, ..Import::default() } }
    };
    assert!(matches!(world.ask(many(IMPORT_ROWS_MAX)), Ok(Answer::Imported(_))));
    assert_eq!(world.ask(many(IMPORT_ROWS_MAX + 1)).unwrap_err(), Refusal::Full);
}

#[test]
fn office_13_withdrawing_what_is_absent_takes_only_listed_visits_from_the_date_on_once() {
    let mut world = World::new();
    let whole = |plates: &[&str]| Import {
        visits: plates.iter().map(|plate| visit(today(), plate, &[&format!("WO-{plate}")])).collect(),
        absent: Absent::Withdraw,
        ..Import::default()
    };
    let report = world.import(whole(&["1-ABC-123"]));
    assert_eq!((report.withdrawn, report.kept), (1, 0), "one changed its orders, one is absent");
    let report = world.import(whole(&["1-ABC-123"]));
    assert_eq!(report.withdrawn, 0, "who is gone is not withdrawn again");
    world.dropped(FIRST, 4);
    let report = world.import(whole(&["9-NEW-001"]));
    assert_eq!((report.withdrawn, report.kept), (1, 1), "its key is in a box");
}

#[test]
fn staff_pick_02_of_two_waits_the_longer_counts() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let tokens = [world.token(MAX, None), world.token(RITA, None)];
    let wait = |world: &World, token: &TabletToken| {
        let caller = world.office.authorize(token).unwrap();
        match world.office.me(&caller, &world.now).unwrap().security_code {
            CodeState::Waits { for_ms } => Some(for_ms),
            _ => None,
        }
    };
    let fail = |world: &mut World, token: &TabletToken| {
        while wait(world, token).is_none() {
            let caller = world.office.authorize(token).unwrap();
            world.request(caller, pick_up(FIRST), "1234").unwrap();
        }
    };
    fail(&mut world, &tokens[0]);
    world.pass(60_000);
    fail(&mut world, &tokens[1]);
    let waits = tokens.each_ref().map(|token| wait(&world, token).unwrap());
    assert_eq!(waits[0] + 60_000, waits[1]);
    // Each at the other's tablet: the longer wait is now the tablet's, now the user's.
    let swapped = [world.token(RITA, Some(&tokens[0])), world.token(MAX, Some(&tokens[1]))];
    for token in &swapped {
        assert_eq!(wait(&world, token), Some(waits[1]));
    }
}

#[test]
fn staff_pick_06_a_mechanic_whose_right_goes_loses_the_ticket_and_keeps_it_when_another_goes() {
    let has_ticket = |rights: Rights| {
        let mut world = World::new();
        let both = user("max", "Max Wrench", Role::Mechanic, Role::Mechanic.all_rights());
        world.ask(Ask::SetUser { by: By::Host, user: Some(MAX), input: both }).unwrap();
        let max = world.log_in(MAX);
        world.dropped(FIRST, 4);
        world.ticket(max, pick_up(FIRST));
        let input = user("max", "Max Wrench", Role::Mechanic, rights);
        world.ask(Ask::SetUser { by: By::Host, user: Some(MAX), input }).unwrap();
        world.office.me(&max, &world.now).unwrap().ticket.is_some()
    };
    assert!(has_ticket(Rights::from([Right::PickUp])));
    assert!(!has_ticket(
        Role::Mechanic.all_rights().into_iter().filter(|right| *right != Right::PickUp).collect()
    ));
}

#[test]
fn staff_pick_03_a_box_is_checked_without_naming_the_locker_where_there_is_only_one() {
    let ask = |lockers: usize| {
        let mut world = World::empty();
        let mut import = dealership();
        import.lockers.truncate(lockers);
        world.import(import);
        world.set_code(By::Host, CODE).unwrap();
        let ada = world.log_in(ADA);
        world.ask(Ask::RequestTicket {
            caller: ada,
            act: check(4),
            locker: None,
            contact: None,
            security_code: secret(CODE),
        })
    };
    assert!(matches!(ask(1), Ok(Answer::Ticket { locker: LOCKER, .. })));
    assert_eq!(ask(2).unwrap_err(), Refusal::WhichLocker);
}

#[test]
fn staff_pick_02_who_logged_in_at_the_very_moment_of_the_new_code_need_not_again() {
    let mut world = World::new();
    let max = world.log_in(MAX);
    world.dropped(FIRST, 4);
    assert!(!world.office.me(&max, &world.now).unwrap().log_in_again);
    world.set_code(By::Host, "5822").unwrap();
    assert!(world.office.me(&max, &world.now).unwrap().log_in_again);
    assert_eq!(world.request(max, pick_up(FIRST), "5822").unwrap_err(), Refusal::LogInAgain);
}

#[test]
fn safe_04_facts_out_of_their_order_count_nothing() {
    let mut world = World::new();
    let first = world.next_fact(LOCKER, FactKind::Started);
    let mut stuck = first.clone();
    stuck.seq = stuck.prev;
    let before = world.journal.len();
    world.note(Told::Fact(stuck));
    assert_eq!(world.journal.len(), before, "a fact that does not go on");
    world.note(Told::Fact(first));
    assert_eq!(world.journal.len(), before + 1);
}

#[test]
fn office_01_who_may_pick_up_sees_it_offered_for_a_key_in_a_box_alone() {
    let mut world = World::new();
    let may = |world: &mut World, user| {
        let caller = world.log_in(user);
        world.office.visit_page(&caller, FIRST, &world.now).unwrap().visit.may_pick_up
    };
    assert!(!may(&mut world, MAX), "the customer has it");
    world.dropped(FIRST, 4);
    assert!(may(&mut world, MAX));
    assert!(!may(&mut world, MILO), "without the right");
}

#[test]
fn safe_01_the_office_names_its_location_its_boot_its_code_and_its_wishes() {
    let mut world = World::empty();
    assert!(!world.office.has_security_code());
    assert_eq!(world.office.boot().0, 1);
    world.import(dealership());
    world.set_code(By::Host, CODE).unwrap();
    assert!(world.office.has_security_code());
    assert_eq!(world.office.location().name, "Sample Garage");
    world.restart(1_000);
    assert_eq!(world.office.boot().0, 2);
    let keys = [world.office.wish_key(1), world.office.wish_key(2), World::empty().office.wish_key(1)];
    assert!(keys[0] != keys[1] && keys[0] == world.office.wish_key(1));
    assert_ne!(world.office.head().seq, 0);
    assert_eq!(world.office.head().seq, world.journal.last().unwrap().seq);
}

#[test]
fn office_13_visits_need_a_plate_a_driver_and_orders() {
    let mut world = World::new();
    let order = |n: usize| Appointment {
        order: ExternalRef::new(format!("WO-7{n}")).unwrap(),
        time: TimeOfDay::new(8, 0).unwrap(),
        work: String::new(),
    };
    let fault = |world: &mut World, count: usize| {
        let mut input = visit(today(), "6-ORD-001", &[]);
        input.orders = (0..count).map(order).collect();
        world
            .import(Import { visits: vec![input], ..Import::default() })
            .bad
            .iter()
            .map(|bad| bad.why)
            .collect::<Vec<_>>()
    };
    assert_eq!(fault(&mut world, 0), [RowFault::Orders]);
    assert_eq!(fault(&mut world, 21), [RowFault::Orders]);
    assert_eq!(fault(&mut world, 20), []);
    let _ = Act::Check { box_no: box_no(1) };
}

#[test]
fn office_13_a_locker_whose_boxes_alone_change_is_a_change() {
    let mut world = World::new();
    let import = |boxes| {
        let lockers = vec![LockerInput { boxes, ..locker("Front") }];
        Import { lockers, ..Import::default() }
    };
    let report = world.import(import(16));
    assert_eq!((report.good, report.changed), (1, 0));
    let report = world.import(import(20));
    assert_eq!((report.good, report.changed), (1, 1));
    let mut named = locker("Front");
    named.settings.two_factor = !named.settings.two_factor;
    let lockers = vec![LockerInput { boxes: 20, ..named }];
    let report = world.import(Import { lockers, ..Import::default() });
    assert_eq!((report.good, report.changed), (1, 1));
}

#[test]
fn safe_05_a_visit_is_too_old_to_be_taken_in_the_day_after_its_time_and_not_before() {
    let mut world = World::new();
    let days = i32::from(world.office.location().erase_after_days);
    let mut known = |days_ago: i32, plate: &str| {
        let input = visit(today().plus_days(-days_ago), plate, &[&format!("WO-{plate}")]);
        world.import(Import { visits: vec![input], ..Import::default() }).changed
    };
    assert_eq!(known(days, "5-OLD-030"), 1);
    assert_eq!(known(days + 1, "5-OLD-031"), 0);
}

#[test]
fn safe_05_a_user_who_had_a_box_opened_that_is_now_to_be_checked_is_not_erased() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let mut input = user("max", "Max Wrench", Role::Mechanic, Rights::from([Right::PickUp]));
    input.active = false;
    world.ask(Ask::SetUser { by: By::Host, user: Some(MAX), input }).unwrap();
    let to_check = |user| FactKind::ToCheck {
        box_no: box_no(4),
        visit: Some(FIRST),
        reason: locker_core::CheckReason::Unconfirmed,
        user,
    };
    let erase = |world: &mut World| world.ask(Ask::Erase { by: By::Host, subject: Subject::User(MAX) });
    world.fact(LOCKER, to_check(Some(MAX)));
    assert_eq!(erase(&mut world), Err(Refusal::KeyNotBack));
    world.dropped(FIRST, 4);
    world.fact(LOCKER, to_check(Some(MILO)));
    assert_eq!(erase(&mut world), Ok(Answer::Done), "somebody else had it opened");
}

#[test]
fn office_09_a_locker_has_a_box_at_least_and_a_temporary_pin_one_of_its_boxes() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    let settings = locker("Third").settings;
    let none = Ask::SetLocker { by: By::Host, locker: None, settings, boxes: 0 };
    assert_eq!(world.ask(none), Err(Refusal::OutOfRange));
    let pin = |number| Ask::TemporaryPin {
        caller: ada,
        locker: LOCKER,
        box_no: Some(box_no(number)),
        reason: "Hinge".into(),
    };
    assert!(world.ask(pin(16)).is_ok());
    assert_eq!(world.ask(pin(17)), Err(Refusal::NoSuchBox));
}

#[test]
fn office_14_who_may_drop_sees_it_offered_for_a_key_in_no_box_whose_customer_can_be_reached() {
    let mut world = World::new();
    let mut silent = visit(today(), "8-MUT-001", &["WO-80"]);
    silent.driver.contacts.clear();
    world.import(Import { visits: vec![silent], ..Import::default() });
    let may = |world: &mut World, user, visit| {
        let caller = world.log_in(user);
        world.office.visit_page(&caller, visit, &world.now).unwrap().visit.may_drop
    };
    assert!(may(&mut world, RITA, FIRST));
    assert!(!may(&mut world, MILO, FIRST), "without the right");
    assert!(!may(&mut world, RITA, VisitId(3)), "nobody can be told");
    world.dropped(FIRST, 4);
    assert!(!may(&mut world, RITA, FIRST), "it is in a box");
}

#[test]
fn office_08_a_ticket_to_check_a_box_is_logged_with_the_box() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    world.ticket(rita, check(4));
    let ada = world.log_in(ADA);
    let log = world.office.activity(&ada).unwrap().unwrap();
    assert!(log.iter().any(|row| row.box_no == Some(box_no(4)) && row.user == Some(RITA)));
}

#[test]
fn office_09_the_longest_visit_of_an_import_is_one_record_that_a_journal_takes() {
    let mut world = World::new();
    let long = |n: usize| format!("{n:0>3}{}", "\u{1f511}".repeat(117));
    let contact =
        |n| Contact { channel: Channel::Mail, kind: ContactKind::Business, address: long(n), blocked: false };
    let order = |n| Appointment {
        order: ExternalRef::new(format!("{n:\">64}")).unwrap(),
        time: TimeOfDay::new(23, 59).unwrap(),
        work: long(n),
    };
    let mut longest = visit(today(), &long(0), &["WO-1"]);
    longest.vehicle = long(1);
    longest.driver.name = long(2);
    longest.driver.contacts = (0..CONTACTS_MAX).map(contact).collect();
    longest.owner = Some(long(3));
    longest.contractor = Some(long(4));
    longest.orders = (0..ORDERS_MAX).map(order).collect();
    let report = world.import(Import { visits: vec![longest], ..Import::default() });
    assert_eq!((report.good, report.changed), (1, 1));
    let longest = world.journal.iter().map(|entry| entry.body.len()).max().unwrap();
    assert!((RECORD_BYTES_MAX * 3 / 4..=RECORD_BYTES_MAX).contains(&longest), "{longest} bytes");
}
