//! Users and what a change of their rights does (START-6, OFFICE-6), settings, remarks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{
    Answer, Ask, By, Denial, EventKind, Location, Refusal, Right, Rights, Role, TICKET_MINUTES, UserInput,
};
use locker_core::{FactKind, Personal, Subject, UserId};
use office_world::*;

fn set(world: &mut World, by: By, who: Option<UserId>, input: UserInput) -> Result<Answer, Refusal> {
    world.ask(Ask::SetUser { by, user: who, input })
}

fn max_with(rights: Rights) -> UserInput {
    user("max", "Max Wrench", Role::Mechanic, rights)
}

#[test]
fn start_06_a_right_that_is_taken_away_ends_its_ticket_at_once() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let (max, ada) = (world.log_in(MAX), world.log_in(ADA));
    world.ticket(max, pick_up(FIRST));
    set(&mut world, By::User(ada), Some(MAX), max_with(Rights::new())).unwrap();
    assert_eq!(world.office.me(&max, &world.now).unwrap().ticket, None);
    let right = Right::PickUp;
    let denied = world.scan(max, pick_up(FIRST), qr(LOCKER, 7));
    assert_eq!(denied, Ok(Answer::Denied(Denial::NoRight { right })));

    set(&mut world, By::User(ada), Some(MAX), max_with(Rights::from([right]))).unwrap();
    let none = world.scan(max, pick_up(FIRST), qr(LOCKER, 7));
    assert_eq!(none, Ok(Answer::Denied(Denial::NoTicket)), "given back, it acts from the next ticket");
    world.ticket(max, pick_up(FIRST));
}

#[test]
fn start_06_another_right_taken_away_leaves_the_ticket() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let rita = world.log_in(RITA);
    world.ticket(rita, pick_up(FIRST));
    let input = user("rita", "Rita Desk", Role::Receptionist, Rights::from([Right::PickUp]));
    set(&mut world, By::Host, Some(RITA), input).unwrap();
    world.forward(rita, pick_up(FIRST));
}

#[test]
fn start_06_a_user_made_inactive_is_out_at_once() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let token = world.token(MAX, None);
    let max = world.office.authorize(&token).unwrap();
    world.ticket(max, pick_up(FIRST));
    let mut input = max_with(Rights::from([Right::PickUp]));
    input.active = false;
    set(&mut world, By::Host, Some(MAX), input.clone()).unwrap();
    assert_eq!(world.office.authorize(&token), None);
    assert_eq!(world.scan(max, pick_up(FIRST), qr(LOCKER, 7)), Err(Refusal::NotLoggedIn));
    assert_eq!(world.office.user_by_login("max"), None);
    let fresh = world.fresh();
    let log_in = Ask::LogIn { user: MAX, earlier: None, fresh };
    assert_eq!(world.ask(log_in), Err(Refusal::UserNotActive));
    input.active = true;
    set(&mut world, By::Host, Some(MAX), input).unwrap();
    assert_eq!(world.office.user_by_login(" MAX "), Some(MAX));
    assert_eq!(world.office.authorize(&token), None, "has to log in again");
}

#[test]
fn office_06_users_are_entered_by_a_dealer_admin_within_what_the_role_can_be_given() {
    let mut world = World::new();
    let (ada, rita) = (world.log_in(ADA), world.log_in(RITA));
    let new = |rights| user("nina", "Nina New", Role::Mechanic, rights);
    let denied = set(&mut world, By::User(rita), None, new(Rights::new()));
    assert_eq!(denied, Ok(Answer::Denied(Denial::NotDealerAdmin)));
    let right = Right::Check;
    assert_eq!(
        set(&mut world, By::User(ada), None, new(Rights::from([right]))),
        Err(Refusal::RightNotForRole { right })
    );
    let by = By::User(ada);
    assert_eq!(set(&mut world, by, None, new(Rights::new())), Ok(Answer::User(UserId(5))));
    let mut taken = new(Rights::new());
    taken.login = "Rita".into();
    assert_eq!(set(&mut world, by, None, taken), Err(Refusal::LoginTaken));
    let mut empty = new(Rights::new());
    empty.name = " ".into();
    assert_eq!(set(&mut world, by, None, empty), Err(Refusal::OutOfRange));
    let unknown = set(&mut world, by, Some(UserId(9)), new(Rights::new()));
    assert_eq!(unknown, Err(Refusal::NoSuchUser));
    let fallen = user("ada", "Ada Admin", Role::Receptionist, Rights::new());
    assert_eq!(set(&mut world, by, Some(ADA), fallen), Err(Refusal::LastDealerAdmin));
    let users = world.office.users(&ada, &world.now).unwrap().unwrap();
    assert_eq!(users.len(), 5);
    assert_eq!(users[4].rights, [], "all are off for a new user");
    assert_eq!(world.office.users(&rita, &world.now), Ok(Err(Denial::NotDealerAdmin)));
}

#[test]
fn each_role_can_be_given_its_rights_and_no_others() {
    assert_eq!(Role::Mechanic.all_rights(), Rights::from([Right::PickUp]));
    let receptionist: Vec<_> = Role::Receptionist.all_rights().into_iter().map(Right::id).collect();
    assert_eq!(
        receptionist,
        ["key.pick_up", "key.drop", "box.check", "lock.lift", "help.answer", "remark.share"]
    );
    assert_eq!(Role::DealerAdmin.all_rights().len(), Right::ALL.len());
    for right in Right::ALL {
        assert_eq!(serde_json::to_string(&right).unwrap(), format!("\"{right}\""), "one id everywhere");
    }
}

#[test]
fn office_05_settings_of_a_locker_raise_the_desired_revision_and_carry_the_locations_part() {
    let mut world = World::new();
    let (ada, rita) = (world.log_in(ADA), world.log_in(RITA));
    let before = world.office.desired(LOCKER, today()).unwrap();
    assert_eq!(before.settings.name, "Front");
    assert_eq!(before.settings.telephone, "+32 2 555 01 23");
    let mut input = locker("Front door");
    input.settings.two_factor = false;
    input.settings.telephone = "not the location's".into();
    let set = |by, settings, boxes| Ask::SetLocker { by, locker: Some(LOCKER), settings, boxes };
    let denied = world.ask(set(By::User(rita), input.settings.clone(), 16));
    let right = Right::AdminLockers;
    assert_eq!(denied, Ok(Answer::Denied(Denial::NoRight { right })));
    let done = world.ask(set(By::User(ada), input.settings.clone(), 16));
    assert_eq!(done, Ok(Answer::Locker(LOCKER)));
    let after = world.office.desired(LOCKER, today()).unwrap();
    assert!(after.revision > before.revision);
    assert_eq!(world.office.revision(), after.revision, "one number for all lockers");
    assert!(!after.settings.two_factor);
    assert_eq!(after.settings.telephone, "+32 2 555 01 23");

    world.ask(set(By::User(ada), input.settings.clone(), 16)).unwrap();
    let same = world.office.desired(LOCKER, today()).unwrap();
    assert_eq!(same.revision, after.revision, "nothing changed");

    let location = Location { sms: true, ..world.office.location().clone() };
    let by = By::User(ada);
    world.ask(Ask::SetLocation { by, location }).unwrap();
    let told = world.office.desired(LOCKER, today()).unwrap();
    assert!(told.settings.sms && told.revision > after.revision);

    for wrong in [0, 1] {
        let mut input = input.clone();
        if wrong == 0 {
            input.settings.kiosk_pin_minutes = 9;
        } else {
            input.settings.short_codes_max = 28;
        }
        let refused = world.ask(set(By::User(ada), input.settings, 16));
        assert_eq!(refused, Err(Refusal::OutOfRange));
    }
}

#[test]
fn office_05_a_locker_with_a_key_in_it_is_not_deactivated_and_keeps_its_boxes() {
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let set = |settings, boxes| Ask::SetLocker { by: By::Host, locker: Some(LOCKER), settings, boxes };
    let mut off = locker("Front").settings;
    off.active = false;
    assert_eq!(world.ask(set(off.clone(), 16)), Err(Refusal::KeysInside));
    assert_eq!(world.ask(set(locker("Front").settings, 3)), Err(Refusal::KeysInside));
    world.ask(set(locker("Front").settings, 4)).unwrap();
    world.fact(
        LOCKER,
        FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: MAX, ticket: locker_core::TicketId(1) },
    );
    world.ask(set(off, 4)).unwrap();
}

#[test]
fn staff_pick_03_a_ticket_lives_as_long_as_the_location_says_from_2_to_30_minutes() {
    assert_eq!(TICKET_MINUTES, 2..=30);
    let mut world = World::new();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    let with = |world: &World, ticket_minutes| Ask::SetLocation {
        by: By::Host,
        location: Location { ticket_minutes, ..world.office.location().clone() },
    };
    for minutes in [1, 31] {
        let ask = with(&world, minutes);
        assert_eq!(world.ask(ask), Err(Refusal::OutOfRange));
    }
    let ask = with(&world, 2);
    world.ask(ask).unwrap();
    world.ticket(max, pick_up(FIRST));
    world.pass(119_999);
    world.forward(max, pick_up(FIRST));
    world.pass(1);
    assert_eq!(world.scan(max, pick_up(FIRST), qr(LOCKER, 7)), Ok(Answer::Denied(Denial::TicketExpired)));
}

#[test]
fn office_03_a_remark_is_hidden_from_mechanics_until_it_is_shared() {
    let mut world = World::new();
    let (max, rita) = (world.log_in(MAX), world.log_in(RITA));
    let share = |caller, visible| Ask::ShareRemark { caller, visit: FIRST, visible };
    assert_eq!(world.ask(share(rita, true)), Err(Refusal::NoRemark));
    let personal = |text: &str| Personal::new(Subject::Visit(FIRST), text.to_string());
    world.fact(LOCKER, FactKind::RemarkLeft { visit: FIRST, remark: personal("It squeaks.") });
    world.fact(LOCKER, FactKind::PhoneAdded { visit: FIRST, phone: Some(personal("0470 00 00 00")) });
    let page = |world: &World, caller| world.office.visit_page(&caller, FIRST, &world.now).unwrap();
    assert_eq!(page(&world, max).visit.remark, None);
    assert_eq!(page(&world, max).added_phone, None);
    assert_eq!(page(&world, rita).visit.remark.as_deref(), Some("It squeaks."));
    assert_eq!(page(&world, rita).added_phone.as_deref(), Some("0470 00 00 00"));
    let right = Right::ShareRemark;
    assert_eq!(world.ask(share(max, true)), Ok(Answer::Denied(Denial::NoRight { right })));
    world.ask(share(rita, true)).unwrap();
    assert_eq!(world.ask(share(rita, true)), Err(Refusal::AlreadySo));
    let overview = world.office.main_page(&max, &world.now).unwrap();
    assert_eq!(overview[0].remark.as_deref(), Some("It squeaks."));
    world.ask(share(rita, false)).unwrap();
    assert_eq!(page(&world, max).visit.remark, None);
    world.fact(LOCKER, FactKind::PhoneAdded { visit: FIRST, phone: None });
    assert_eq!(page(&world, rita).added_phone, None, "the customer removed it");
}

#[test]
fn office_02_the_car_in_the_shop_is_on_the_timeline_once() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    let ask = Ask::CarInShop { caller: rita, visit: FIRST };
    world.ask(ask.clone()).unwrap();
    assert_eq!(world.ask(ask), Err(Refusal::AlreadySo));
    let page = world.office.visit_page(&rita, FIRST, &world.now).unwrap();
    assert_eq!(page.timeline.len(), 1);
    assert_eq!(page.timeline[0].kind, EventKind::CarInShop);
    assert_eq!(page.timeline[0].who.as_deref(), Some("Rita Desk"));
}
