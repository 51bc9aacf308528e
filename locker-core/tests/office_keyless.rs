//! The office and the codes with which staff open boxes without a tablet (CODE-8, CODE-9).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{Answer, Ask, By, Caller, Denial, Refusal, Right, Rights, Role};
use locker_core::{FactKind, LockerId, OpenReason, StaffCode, UserId};
use office_world::*;

/// A second dealer admin.
const EVE: UserId = UserId(5);

fn temporary(caller: Caller, number: Option<u8>, reason: &str) -> Ask {
    Ask::TemporaryPin { caller, locker: LOCKER, box_no: number.map(box_no), reason: reason.into() }
}

fn enrol(world: &mut World, caller: Caller) -> Result<Answer, Refusal> {
    world.ask(Ask::Enrol { caller, locker: LOCKER })
}

fn wanted(world: &World, locker: LockerId) -> (Vec<UserId>, Vec<UserId>, u64) {
    let desired = world.office.desired(locker, today()).unwrap();
    (desired.temporary, desired.authenticators, desired.revision)
}

fn second_admin(world: &mut World) {
    let input = user("eve", "Eve Admin", Role::DealerAdmin, Role::DealerAdmin.all_rights());
    assert_eq!(world.ask(Ask::SetUser { by: By::Host, user: None, input }), Ok(Answer::User(EVE)));
}

#[test]
fn code_08_a_dealer_admin_with_the_right_gets_one_and_the_reason_is_logged() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    let answer = world.ask(temporary(ada, Some(3), "Spare key for the tow truck")).unwrap();
    assert_eq!(answer, Answer::TemporaryPin { locker: LOCKER, user: ADA, box_no: Some(box_no(3)) });
    let any = world.ask(temporary(ada, None, "Hinge")).unwrap();
    assert_eq!(any, Answer::TemporaryPin { locker: LOCKER, user: ADA, box_no: None });
    let log = world.office.activity(&ada).unwrap().unwrap();
    let row = &log[1];
    assert_eq!((row.kind.as_str(), row.user, row.locker), ("temporary_pin.asked", Some(ADA), Some(LOCKER)));
    assert_eq!((row.box_no, row.tablet), (Some(box_no(3)), Some(ada.tablet())));
    assert_eq!(row.reason.as_deref(), Some("Spare key for the tow truck"));
    assert_eq!((log[0].box_no, log[0].reason.as_deref()), (None, Some("Hinge")));
    let journal: Vec<u8> = world.journal.iter().flat_map(|entry| entry.body.clone()).collect();
    assert!(!String::from_utf8(journal).unwrap().contains("tow truck"), "sealed");
}

#[test]
fn code_08_without_the_right_it_is_denied_and_without_a_reason_refused() {
    let mut world = World::new();
    let denied = Ok(Answer::Denied(Denial::NoRight { right: Right::TemporaryCode }));
    for who in [RITA, MAX, MILO] {
        let caller = world.log_in(who);
        assert_eq!(world.ask(temporary(caller, None, "Hinge")), denied);
        assert_eq!(enrol(&mut world, caller), denied);
    }
    let ada = world.log_in(ADA);
    for reason in ["", "   ", "a\nb", &"x".repeat(201)] {
        assert_eq!(world.ask(temporary(ada, None, reason)), Err(Refusal::OutOfRange), "{reason:?}");
    }
    assert!(world.ask(temporary(ada, None, &"é".repeat(200))).is_ok());
    assert_eq!(world.ask(temporary(ada, Some(17), "Hinge")), Err(Refusal::NoSuchBox));
    let nowhere =
        Ask::TemporaryPin { caller: ada, locker: LockerId(9), box_no: None, reason: "Hinge".into() };
    assert_eq!(world.ask(nowhere), Err(Refusal::NoSuchLocker));
    assert_eq!(world.ask(Ask::Enrol { caller: ada, locker: LockerId(9) }), Err(Refusal::NoSuchLocker));
}

#[test]
fn code_09_enrolment_is_of_one_person_at_one_locker_and_the_locker_is_told_who() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    let (temporary, nobody, before) = wanted(&world, LOCKER);
    assert_eq!((temporary, nobody), (vec![ADA], vec![]));
    let Ok(Answer::Enrol { locker, user, revision }) = enrol(&mut world, ada) else { panic!() };
    assert_eq!((locker, user), (LOCKER, ADA));
    let (_, enrolled, now) = wanted(&world, LOCKER);
    assert_eq!(enrolled, [ADA]);
    assert!(now > before && now == revision, "what names the user is what the locker compares with");
    assert_eq!(wanted(&world, OTHER).1, [], "one locker");
    world.restart(1_000);
    assert_eq!(wanted(&world, LOCKER).1, [ADA]);
}

#[test]
fn code_09_its_owner_or_a_dealer_admin_revokes_it() {
    let mut world = World::new();
    second_admin(&mut world);
    let (ada, eve, rita) = (world.log_in(ADA), world.log_in(EVE), world.log_in(RITA));
    let revoke = |caller, user| Ask::RevokeAuthenticator { caller, locker: LOCKER, user };
    assert_eq!(world.ask(revoke(ada, ADA)), Err(Refusal::AlreadySo));
    for (by, name) in [(ada, "owner"), (eve, "another admin")] {
        enrol(&mut world, ada).unwrap();
        let (.., before) = wanted(&world, LOCKER);
        assert_eq!(world.ask(revoke(rita, ADA)), Ok(Answer::Denied(Denial::NotDealerAdmin)));
        assert_eq!(world.ask(revoke(by, ADA)), Ok(Answer::Done), "{name}");
        let (_, enrolled, now) = wanted(&world, LOCKER);
        assert!(enrolled.is_empty() && now > before);
    }
    let log = world.office.activity(&ada).unwrap().unwrap();
    assert_eq!((log[0].kind.as_str(), log[0].user), ("authenticator.revoked", Some(EVE)));
}

#[test]
fn code_09_start_06_who_loses_the_right_or_leaves_loses_it_for_good() {
    for (rights, active) in [(Rights::new(), true), (Role::DealerAdmin.all_rights(), false)] {
        let mut world = World::new();
        second_admin(&mut world);
        let eve = world.log_in(EVE);
        enrol(&mut world, eve).unwrap();
        let (.., before) = wanted(&world, LOCKER);
        let mut input = user("eve", "Eve Admin", Role::DealerAdmin, rights);
        input.active = active;
        world.ask(Ask::SetUser { by: By::Host, user: Some(EVE), input }).unwrap();
        let (temporary, enrolled, now) = wanted(&world, LOCKER);
        assert_eq!((temporary, enrolled), (vec![ADA], vec![]));
        assert!(now > before, "the lockers are told");
        let input = user("eve", "Eve Admin", Role::DealerAdmin, Role::DealerAdmin.all_rights());
        world.ask(Ask::SetUser { by: By::Host, user: Some(EVE), input }).unwrap();
        let (temporary, enrolled, _) = wanted(&world, LOCKER);
        assert_eq!((temporary, enrolled), (vec![ADA, EVE], vec![]), "the locker has forgotten the secret");
    }
}

#[test]
fn code_09_a_dealer_admin_sees_all_and_others_their_own() {
    let mut world = World::new();
    second_admin(&mut world);
    let (ada, eve, rita) = (world.log_in(ADA), world.log_in(EVE), world.log_in(RITA));
    enrol(&mut world, eve).unwrap();
    let names = |world: &World, viewer| {
        let views = world.office.authenticators(&viewer, LOCKER).unwrap();
        views.into_iter().map(|view| (view.user, view.name, view.own)).collect::<Vec<_>>()
    };
    assert_eq!(names(&world, ada), [(EVE, "Eve Admin".into(), false)]);
    assert_eq!(names(&world, eve), [(EVE, "Eve Admin".into(), true)]);
    assert_eq!(names(&world, rita), []);
    world.ask(Ask::LogOut { caller: rita }).unwrap();
    assert_eq!(world.office.authenticators(&rita, LOCKER), Err(Refusal::NotLoggedIn));
}

#[test]
fn code_09_office_08_the_log_says_who_opened_what_and_why_it_was_chosen() {
    let mut world = World::new();
    let ada = world.log_in(ADA);
    for (how, reason, said) in [
        (StaffCode::Authenticator, Some(OpenReason::Repair), Some("repair")),
        (StaffCode::Temporary, None, None),
    ] {
        world.fact(LOCKER, FactKind::OpenedByCode { box_no: box_no(2), user: ADA, how, reason });
        let log = world.office.activity(&ada).unwrap().unwrap();
        assert_eq!((log[0].kind.as_str(), log[0].user), ("fact.opened_by_code", Some(ADA)));
        assert_eq!((log[0].box_no, log[0].reason.as_deref()), (Some(box_no(2)), said));
    }
}
