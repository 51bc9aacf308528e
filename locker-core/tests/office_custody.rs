//! Who answers for a key, folded from the lockers' facts (SAFE-3, OFFICE-2, OFFICE-4).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use std::collections::BTreeSet;

use locker_core::office::{Custody, CustodyKind, EventKind, Import, NoticeKind, Told, WishKind};
use locker_core::{
    Channel, CheckReason, Evidence, Fact, FactKind, Finding, LockerId, MessageId, MessageState, Personal,
    ServiceReason, Subject, Template, TicketId, UserId, VisitId, Wall,
};
use office_world::*;
use proptest::prelude::*;

fn taken(visit: VisitId, number: u8, user: UserId) -> FactKind {
    FactKind::KeyTaken { visit, box_no: box_no(number), user, ticket: TicketId(1) }
}

fn to_check(visit: VisitId, number: u8, user: Option<UserId>) -> FactKind {
    FactKind::ToCheck { box_no: box_no(number), visit: Some(visit), user, reason: CheckReason::Unconfirmed }
}

fn settled(visit: VisitId, number: u8, finding: Finding, user: Option<UserId>) -> FactKind {
    FactKind::Settled { box_no: box_no(number), visit: Some(visit), finding, user }
}

#[test]
fn safe_03_custody_goes_from_customer_to_box_to_staff() {
    let mut world = World::new();
    assert_eq!(world.office.custody(FIRST), Custody::Customer);
    world.dropped(FIRST, 4);
    let held = Custody::Box { locker: LOCKER, box_no: box_no(4) };
    assert_eq!(world.office.custody(FIRST), held);
    world.pass(60_000);
    world.fact(LOCKER, taken(FIRST, 4, MAX));
    assert_eq!(world.office.custody(FIRST), Custody::Staff { user: MAX });
    let rita = world.log_in(RITA);
    let page = world.office.visit_page(&rita, FIRST, &world.now).unwrap();
    let events: Vec<_> = page
        .timeline
        .iter()
        .map(|event| (event.kind, event.at.0 - MORNING.0, event.who.as_deref(), event.box_no))
        .collect();
    assert_eq!(
        events,
        [
            (EventKind::KeyDropped, 0, None, Some(box_no(4))),
            (EventKind::KeyPickedUp, 60_000, Some("Max Wrench"), Some(box_no(4))),
        ]
    );
    assert_eq!(page.visit.custody.since, Some(Wall(MORNING.0 + 60_000)));
    assert!(!page.visit.key_icon);
}

#[test]
fn safe_03_a_box_to_be_checked_keeps_its_key_and_names_who_opened_it_last() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    world.dropped(FIRST, 4);
    world.fact(LOCKER, to_check(FIRST, 4, Some(MAX)));
    assert_eq!(
        world.office.custody(FIRST),
        Custody::ToCheck { locker: LOCKER, box_no: box_no(4), last: Some(MAX) }
    );
    let row = &world.office.where_are_the_keys(&rita, &world.now).unwrap()[0];
    assert_eq!(row.custody.user.as_deref(), Some("Max Wrench"));
    assert!(row.key_icon && !row.may_pick_up);
    let notices = world.office.notices(&rita).unwrap();
    assert_eq!((notices[0].kind, notices[0].over), (NoticeKind::ToCheck, None));
    world.fact(LOCKER, to_check(FIRST, 4, None));
    let last = Some(MAX);
    assert_eq!(
        world.office.custody(FIRST),
        Custody::ToCheck { locker: LOCKER, box_no: box_no(4), last },
        "a later doubt without a user forgets nobody"
    );
    world.fact(LOCKER, settled(FIRST, 4, Finding::SomethingElse, Some(RITA)));
    assert!(matches!(world.office.custody(FIRST), Custody::ToCheck { .. }), "nobody saw the key");
    world.fact(LOCKER, settled(FIRST, 4, Finding::KeyStays, Some(RITA)));
    assert!(matches!(world.office.custody(FIRST), Custody::Box { .. }));
    assert!(world.office.notices(&rita).unwrap()[0].over.is_some());
    world.fact(LOCKER, settled(FIRST, 4, Finding::KeyTaken, Some(RITA)));
    assert_eq!(world.office.custody(FIRST), Custody::Staff { user: RITA });
}

#[test]
fn safe_03_of_two_lockers_the_newest_word_counts_whatever_came_first() {
    let dropped = FactKind::KeyDropped {
        visit: FIRST,
        box_no: box_no(9),
        evidence: Evidence::Seen,
        user: None,
        ticket: None,
    };
    for newest_first in [false, true] {
        let mut world = World::new();
        let mut facts = vec![world.next_fact(OTHER, dropped.clone())];
        world.pass(1_000);
        facts.push(world.next_fact(OTHER, taken(FIRST, 9, MAX)));
        world.pass(1_000);
        facts.push(world.next_fact(LOCKER, dropped.clone()));
        if newest_first {
            facts.rotate_right(1);
        }
        for fact in facts {
            world.note(Told::Fact(fact));
        }
        assert_eq!(world.office.custody(FIRST), Custody::Box { locker: LOCKER, box_no: box_no(9) });
    }
}

#[test]
fn box_13_empty_where_a_key_was_booked_makes_it_missing_and_the_location_is_told() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    world.dropped(FIRST, 4);
    world.fact(LOCKER, to_check(FIRST, 4, Some(MAX)));
    world.fact(LOCKER, settled(FIRST, 4, Finding::Empty, Some(RITA)));
    let box_no = box_no(4);
    assert_eq!(world.office.custody(FIRST), Custody::Missing { locker: LOCKER, box_no, last: Some(MAX) });
    let keys = world.office.where_are_the_keys(&rita, &world.now).unwrap();
    assert_eq!(keys[0].custody.kind, CustodyKind::Missing);
    assert_eq!(keys[0].custody.user.as_deref(), Some("Max Wrench"), "the last known holder");
    assert_eq!(world.office.wishes()[0].kind, WishKind::KeyMissing { visit: FIRST, locker: LOCKER, box_no });
    let kinds: Vec<_> = world
        .office
        .notices(&rita)
        .unwrap()
        .iter()
        .map(|notice| (notice.kind, notice.over.is_some()))
        .collect();
    assert_eq!(kinds, [(NoticeKind::KeyMissing, false), (NoticeKind::ToCheck, true)]);
}

#[test]
fn drop_14_a_drop_that_a_sensor_contradicts_shows_the_key_and_is_to_be_checked() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    world.fact(
        LOCKER,
        FactKind::KeyDropped {
            visit: FIRST,
            box_no: box_no(4),
            evidence: Evidence::Contradicted,
            user: None,
            ticket: None,
        },
    );
    let row = &world.office.main_page(&rita, &world.now).unwrap()[0];
    assert_eq!((row.id, row.key_icon, row.custody.kind), (FIRST, true, CustodyKind::ToCheck));
}

#[test]
fn safe_03_no_box_holds_the_keys_of_two_visits() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    world.dropped(SECOND, 4);
    assert!(matches!(world.office.custody(FIRST), Custody::ToCheck { .. }));
    assert!(matches!(world.office.custody(SECOND), Custody::Box { .. }));
}

#[test]
fn safe_03_a_key_of_a_visit_that_the_office_does_not_know_is_not_forgotten() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    world.dropped(VisitId(9), 4);
    let keys = world.office.where_are_the_keys(&rita, &world.now).unwrap();
    assert_eq!((keys[0].id, keys[0].date), (VisitId(9), None));
    assert!(keys[0].gone_from_planning);
    world.import(Import { visits: vec![visit(today(), "1-NEW-001", &["WO-9"])], ..Import::default() });
    let keys = world.office.where_are_the_keys(&rita, &world.now).unwrap();
    assert_eq!(keys.len(), 1, "no new visit gets that number");
    assert_eq!(keys[0].plate, "");
}

#[test]
fn a_fact_counts_once_and_only_in_its_order() {
    let mut world = World::new();
    let facts = [
        world.next_fact(
            LOCKER,
            FactKind::KeyDropped {
                visit: FIRST,
                box_no: box_no(4),
                evidence: Evidence::Seen,
                user: None,
                ticket: None,
            },
        ),
        world.next_fact(LOCKER, taken(FIRST, 4, MAX)),
    ];
    assert_eq!(world.office.cursor(LOCKER), Some(0));
    world.note(Told::Fact(facts[1].clone()));
    assert_eq!(world.office.cursor(LOCKER), Some(0), "one is missing before it");
    world.note(Told::Fact(facts[0].clone()));
    assert_eq!(world.office.cursor(LOCKER), Some(2));
    let length = world.journal.len();
    world.note(Told::Fact(facts[0].clone()));
    assert_eq!(world.journal.len(), length, "told twice, recorded once");
    world.note(Told::Fact(facts[1].clone()));
    assert_eq!(world.office.custody(FIRST), Custody::Staff { user: MAX });
    let mut foreign = facts[0].clone();
    foreign.locker = LockerId(9);
    world.note(Told::Fact(foreign));
    assert_eq!(world.office.cursor(LockerId(9)), None);
}

#[test]
fn office_04_the_communication_log_has_each_message_once_with_its_newest_state() {
    let mut world = World::new();
    let (rita, max) = (world.log_in(RITA), world.log_in(MAX));
    let message = |message, channel, state| FactKind::Message {
        message: MessageId(message),
        visit: FIRST,
        channel,
        to: Personal::new(Subject::Visit(FIRST), "j•••@e•••.be".to_string()),
        template: Template::DropPin,
        state,
    };
    world.fact(LOCKER, message(1, Channel::Mail, MessageState::Queued));
    world.pass(500);
    world.fact(LOCKER, message(1, Channel::Mail, MessageState::Failed));
    world.fact(LOCKER, message(2, Channel::Sms, MessageState::Queued));
    world.fact(LOCKER, message(2, Channel::Sms, MessageState::Sent));
    let page = world.office.visit_page(&rita, FIRST, &world.now).unwrap();
    let rows: Vec<_> = page
        .messages
        .iter()
        .map(|row| (row.at.0 - MORNING.0, row.channel, row.to_masked.as_str(), row.outcome))
        .collect();
    assert_eq!(
        rows,
        [
            (0, Channel::Mail, "j•••@e•••.be", MessageState::Failed),
            (500, Channel::Sms, "j•••@e•••.be", MessageState::Sent)
        ]
    );
    let page = world.office.visit_page(&max, FIRST, &world.now).unwrap();
    assert!(page.messages.is_empty(), "not for mechanics");
    let notices = world.office.notices(&rita).unwrap();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].kind, NoticeKind::MessageFailed);
}

#[test]
fn box_05_box_06_what_goes_wrong_at_a_locker_becomes_a_notice_and_ends_with_it() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    let box_no = box_no(4);
    for kind in [
        FactKind::DoorLeftOpen { box_no },
        FactKind::DoorClosedAgain { box_no },
        FactKind::OutOfService { box_no, reason: ServiceReason::Jammed },
        FactKind::BackInService { box_no },
        FactKind::DoorForced { box_no, since_pulse_ms: None, while_off: true },
        FactKind::CodesLocked { for_ms: 300_000 },
        FactKind::StaffCodesLocked { for_ms: 3_000_000 },
        FactKind::OpeningsLimited { visit: None },
        FactKind::SensorDoubted { box_no },
        FactKind::ClockDoubted,
        FactKind::ClockConfirmed,
    ] {
        world.fact(LOCKER, kind);
    }
    let notices = world.office.notices(&rita).unwrap();
    let rows: Vec<_> = notices.iter().rev().map(|notice| (notice.kind, notice.over.is_some())).collect();
    assert_eq!(
        rows,
        [
            (NoticeKind::DoorLeftOpen, true),
            (NoticeKind::OutOfService, true),
            (NoticeKind::DoorForced, false),
            (NoticeKind::CodesLocked, false),
            (NoticeKind::StaffCodesLocked, false),
            (NoticeKind::OpeningsLimited, false),
            (NoticeKind::SensorDoubted, false),
            (NoticeKind::ClockDoubted, true),
        ]
    );
}

#[test]
fn a_limit_on_every_list_that_grows() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    for _ in 0..2_010 {
        world.fact(LOCKER, FactKind::SensorDoubted { box_no: box_no(1) });
    }
    for _ in 0..101 {
        world.dropped(FIRST, 4);
        world.fact(LOCKER, settled(FIRST, 4, Finding::Empty, None));
    }
    assert_eq!(world.office.notices(&ada).unwrap().len(), 200);
    assert_eq!(world.office.activity(&ada).unwrap().unwrap().len(), 2_000);
    assert_eq!(world.office.wishes().len(), 100);
    let page = world.office.visit_page(&ada, FIRST, &world.now).unwrap();
    assert_eq!(page.timeline.len(), 100);
}

fn any_kind() -> impl Strategy<Value = FactKind> {
    let visit = (1_u64..=3).prop_map(VisitId);
    let number = (1_u8..=3).prop_map(box_no);
    let user = prop_oneof![Just(MAX), Just(RITA)];
    (visit, number, user, 0_u8..11).prop_map(|(visit, box_no, user, what)| match what {
        9 => FactKind::KeyDropped { visit, box_no, evidence: Evidence::Seen, user: Some(user), ticket: None },
        10 => FactKind::KeyCollected { visit, box_no, evidence: Evidence::Seen },
        0 | 1 => FactKind::KeyDropped {
            visit,
            box_no,
            evidence: if what == 0 { Evidence::Seen } else { Evidence::Contradicted },
            user: None,
            ticket: None,
        },
        2 => taken(visit, box_no.get(), user),
        3 => to_check(visit, box_no.get(), Some(user)),
        4 => settled(visit, box_no.get(), Finding::Empty, Some(user)),
        5 => settled(visit, box_no.get(), Finding::KeyStays, None),
        6 => settled(visit, box_no.get(), Finding::SomethingElse, Some(user)),
        7 => {
            FactKind::RemarkLeft { visit, remark: Personal::new(Subject::Visit(visit), format!("{box_no}")) }
        }
        _ => FactKind::PhoneAdded {
            visit,
            phone: (box_no.get() > 1).then(|| Personal::new(Subject::Visit(visit), format!("{box_no}"))),
        },
    })
}

/// The facts of two lockers, each in its order, at times that may go back.
fn any_facts(world: &mut World, kinds: &[(bool, FactKind, u8)]) -> [Vec<Fact>; 2] {
    let mut facts = [Vec::new(), Vec::new()];
    for (is_other, kind, minute) in kinds {
        let locker = if *is_other { OTHER } else { LOCKER };
        let mut fact = world.next_fact(locker, kind.clone());
        fact.at.wall = Wall(MORNING.0 + 60_000 * i64::from(*minute));
        facts[usize::from(*is_other)].push(fact);
    }
    facts
}

fn seen(world: &mut World) -> String {
    let rita = world.log_in(RITA);
    let pages: Vec<_> = (1..=3)
        .map(|id| {
            let page = world.office.visit_page(&rita, VisitId(id), &world.now);
            page.map(|page| serde_json::to_value(page).unwrap()).ok()
        })
        .collect();
    serde_json::to_string(&pages).unwrap()
}

fn no_box_holds_two(world: &World) {
    let mut boxes = BTreeSet::new();
    for id in 1..=3 {
        if let Custody::Box { locker, box_no } = world.office.custody(VisitId(id)) {
            assert!(boxes.insert((locker, box_no)), "two keys in one box");
        }
    }
}

proptest! {
    #[test]
    fn safe_03_facts_delayed_doubled_dropped_and_reordered_converge(
        kinds in prop::collection::vec((any::<bool>(), any_kind(), 0_u8..20), 0..24),
        told in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..40),
    ) {
        let mut straight = World::new();
        let facts = any_facts(&mut straight, &kinds);
        for fact in facts.iter().flatten() {
            straight.note(Told::Fact(fact.clone()));
            no_box_holds_two(&straight);
        }

        let mut crooked = World::new();
        for (is_other, index) in told {
            let of = &facts[usize::from(is_other)];
            if !of.is_empty() {
                crooked.note(Told::Fact(index.get(of).clone()));
                no_box_holds_two(&crooked);
            }
        }
        // The link heals: each locker is asked from its cursor, the other one first.
        for (locker, of) in [(OTHER, &facts[1]), (LOCKER, &facts[0])] {
            let cursor = crooked.office.cursor(locker).unwrap();
            for fact in of.iter().filter(|fact| fact.seq > cursor) {
                crooked.note(Told::Fact(fact.clone()));
                no_box_holds_two(&crooked);
            }
        }
        for locker in [LOCKER, OTHER] {
            prop_assert_eq!(straight.office.cursor(locker), crooked.office.cursor(locker));
        }
        prop_assert_eq!(seen(&mut straight), seen(&mut crooked));
    }
}
