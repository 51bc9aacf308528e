//! The profile `classic` at the office: the same machine with the older edition's settings.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{Answer, Ask, By, CodeState, ContactChoice, Denial, Location, Refusal, Right};
use locker_core::{Act, Profile};
use office_world::*;

/// The dealership with the profile set and text messages switched on.
fn classic() -> World {
    let mut world = World::new();
    let location = Location { profile: Profile::Classic, sms: true, ..world.office.location().clone() };
    world.ask(Ask::SetLocation { by: By::Host, location }).unwrap();
    world
}

#[test]
fn classic_lockers_are_told_two_factor_mail_alone_and_the_profile() {
    let mut world = classic();
    let mut settings = world.office.desired(LOCKER, today()).unwrap().settings;
    assert!(settings.two_factor && !settings.sms && settings.profile.is_classic());
    settings.two_factor = false;
    let (by, locker) = (By::Host, Some(LOCKER));
    world.ask(Ask::SetLocker { by, locker, settings, boxes: 16 }).unwrap();
    assert!(
        world.office.desired(LOCKER, today()).unwrap().settings.two_factor,
        "whatever the locker's own setting"
    );
    let location = Location { profile: Profile::Standard, ..world.office.location().clone() };
    world.ask(Ask::SetLocation { by: By::Host, location }).unwrap();
    let settings = world.office.desired(LOCKER, today()).unwrap().settings;
    assert!(!settings.two_factor && settings.sms, "they are back with the other edition");
}

#[test]
fn classic_asks_for_no_security_code() {
    let mut world = classic();
    world.dropped(FIRST, 4);
    let max = world.log_in(MAX);
    world.set_code(By::Host, "9999").unwrap();
    let me = world.office.me(&max, &world.now).unwrap();
    assert_eq!((me.security_code, me.log_in_again), (CodeState::NotNeeded, false));
    assert!(matches!(world.request(max, pick_up(FIRST), ""), Ok(Answer::Ticket { .. })));
    let mut standard = World::new();
    standard.dropped(FIRST, 4);
    let max = standard.log_in(MAX);
    assert_eq!(standard.request(max, pick_up(FIRST), ""), Err(Refusal::NotASecurityCode));
}

#[test]
fn classic_mechanics_alone_fetch_keys() {
    let mut world = classic();
    world.dropped(FIRST, 4);
    let (rita, ada, milo) = (world.log_in(RITA), world.log_in(ADA), world.log_in(MILO));
    let no_right = Ok(Answer::Denied(Denial::NoRight { right: Right::PickUp }));
    for caller in [rita, ada, milo] {
        assert_eq!(world.request(caller, pick_up(FIRST), ""), no_right);
        assert!(!world.office.visit_page(&caller, FIRST, &world.now).unwrap().visit.may_pick_up);
    }
    let max = world.log_in(MAX);
    assert!(world.office.visit_page(&max, FIRST, &world.now).unwrap().visit.may_pick_up);
    assert!(
        matches!(world.request(ada, check(4), ""), Ok(Answer::Ticket { .. })),
        "boxes are checked as ever"
    );
}

#[test]
fn classic_nothing_goes_out_to_customers() {
    let mut world = classic();
    let rita = world.log_in(RITA);
    assert!(!world.office.visit_page(&rita, FIRST, &world.now).unwrap().visit.may_drop);
    assert_eq!(world.request(rita, Act::Drop { visit: FIRST }, CODE), Err(Refusal::InboundOnly));
    world.dropped(FIRST, 4);
    let contact = ContactChoice::Driver { index: 0 };
    assert_eq!(world.ask(Ask::SendAgain { caller: rita, visit: FIRST, contact }), Err(Refusal::InboundOnly));
}

#[test]
fn classic_has_no_blue_field() {
    let mut world = classic();
    let mut standard = World::new();
    for (world, is_blue) in [(&mut world, false), (&mut standard, true)] {
        world.dropped(FIRST, 4);
        let rita = world.log_in(RITA);
        let page = world.office.visit_page(&rita, FIRST, &world.now).unwrap();
        assert_eq!(page.visit.driver.answered, is_blue);
    }
}
