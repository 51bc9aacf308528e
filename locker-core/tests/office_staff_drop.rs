//! Staff drop a key for the customer, the office's side (STAFF-DROP, PICK-4).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod office_world;

use locker_core::office::{
    Answer, Ask, Caller, ContactChoice, CustodyKind, Denial, EventKind, NoticeKind, Refusal, Right, VisitPage,
};
use locker_core::{
    Act, Channel, Contact, ContactKind, DAY, Evidence, FactKind, Finding, MessageId, MessageState, Personal,
    ServiceReason, Subject, Template, TicketId,
};
use office_world::*;

const DROP: Act = Act::Drop { visit: FIRST };
const PRIVATE_MAIL: ContactChoice = ContactChoice::Driver { index: 0 };

fn page(world: &World, caller: &Caller) -> VisitPage {
    world.office.visit_page(caller, FIRST, &world.now).unwrap()
}

fn dropped_back(world: &mut World, ticket: Option<TicketId>) {
    let (box_no, evidence, user) = (box_no(4), Evidence::Seen, Some(RITA));
    world.fact(LOCKER, FactKind::KeyDropped { visit: FIRST, box_no, evidence, user, ticket });
}

fn ask_for(world: &mut World, caller: Caller, contact: Option<ContactChoice>) -> Result<Answer, Refusal> {
    let security_code = secret(CODE);
    world.ask(Ask::RequestTicket { caller, act: DROP, locker: None, contact, security_code })
}

#[test]
fn staff_drop_01_only_a_user_with_the_right_is_shown_the_button_and_given_a_ticket() {
    let mut world = World::new();
    let (rita, max) = (world.log_in(RITA), world.log_in(MAX));
    assert!(page(&world, &rita).visit.may_drop);
    assert!(!page(&world, &max).visit.may_drop);
    assert_eq!(page(&world, &max).contacts, []);
    let denied = ask_for(&mut world, max, Some(PRIVATE_MAIL));
    assert_eq!(denied, Ok(Answer::Denied(Denial::NoRight { right: Right::Drop })));
    assert!(matches!(ask_for(&mut world, rita, Some(PRIVATE_MAIL)), Ok(Answer::Ticket { .. })));
}

#[test]
fn staff_drop_02_only_contacts_that_can_be_reached_are_listed_and_taken() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    let listed: Vec<_> = page(&world, &rita).contacts.iter().map(|one| one.choice).collect();
    assert_eq!(listed, [PRIVATE_MAIL]);
    for nobody in [None, Some(ContactChoice::Driver { index: 7 }), Some(ContactChoice::Added)] {
        assert_eq!(ask_for(&mut world, rita, nobody), Err(Refusal::NotReachable));
    }
}

#[test]
fn staff_drop_02_a_number_added_at_the_locker_is_not_listed_where_text_messages_are_not_sent() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    let phone = Some(Personal::new(Subject::Visit(FIRST), "0470 99 88 77".into()));
    world.fact(LOCKER, FactKind::PhoneAdded { visit: FIRST, phone });
    assert!(page(&world, &rita).added_phone.is_some());
    let has_added = |page: &VisitPage| page.contacts.iter().any(|one| one.choice == ContactChoice::Added);
    assert!(!has_added(&page(&world, &rita)));
}

#[test]
fn staff_drop_02_the_chosen_contact_travels_with_the_scan() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    world.ticket(rita, DROP);
    let scan = world.forward(rita, DROP);
    let to = scan.to.unwrap();
    assert_eq!((to.channel, to.kind), (Channel::Mail, ContactKind::Private));
    let Contact { address, .. } = to;
    assert!(address.contains('@'));
}

#[test]
fn staff_drop_04_the_dropped_key_shows_its_icon_and_waits_for_the_customer() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    let ticket = world.ticket(rita, DROP);
    dropped_back(&mut world, Some(ticket));
    let page = page(&world, &rita);
    assert!(page.visit.key_icon && page.visit.outbound && !page.visit.may_drop);
    assert_eq!((page.visit.custody.kind, page.visit.custody.box_no), (CustodyKind::Box, Some(box_no(4))));
    assert!(!page.visit.driver.answered, "it was not the customer who did it");
    assert_eq!(page.timeline.last().map(|event| event.kind), Some(EventKind::KeyDroppedBack));
    assert_eq!(page.timeline.last().unwrap().who.as_deref(), Some("Rita Desk"));
    assert_eq!(world.office.me(&rita, &world.now).unwrap().ticket, None, "the ticket is spent");
    assert_eq!(ask_for(&mut world, rita, Some(PRIVATE_MAIL)), Err(Refusal::KeyInBox), "OFFICE-14");
}

#[test]
fn staff_drop_04_a_message_that_was_not_taken_is_told_to_the_office() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    dropped_back(&mut world, None);
    let failed = FactKind::Message {
        message: MessageId(1),
        visit: FIRST,
        channel: Channel::Mail,
        to: Personal::new(Subject::Visit(FIRST), "d•••@e•••.invalid".into()),
        template: Template::PickUpPin,
        state: MessageState::Failed,
    };
    world.fact(LOCKER, failed);
    let notices = world.office.notices(&rita).unwrap();
    assert!(notices.iter().any(|one| one.kind == NoticeKind::MessageFailed && one.visit == Some(FIRST)));
}

#[test]
fn staff_drop_05_a_key_that_waits_can_be_taken_back_by_who_may_pick_up() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    dropped_back(&mut world, None);
    assert!(page(&world, &rita).visit.may_pick_up);
    let ticket = world.ticket(rita, pick_up(FIRST));
    world.fact(LOCKER, FactKind::KeyTaken { visit: FIRST, box_no: box_no(4), user: RITA, ticket });
    let page = page(&world, &rita);
    assert_eq!(page.visit.custody.kind, CustodyKind::Staff);
    assert!(page.visit.may_drop && !page.visit.outbound);
}

#[test]
fn staff_drop_06_the_pin_is_sent_again_only_for_a_key_that_waits_and_by_who_may_drop() {
    let mut world = World::new();
    let (rita, max) = (world.log_in(RITA), world.log_in(MAX));
    let again = |caller| Ask::SendAgain { caller, visit: FIRST, contact: PRIVATE_MAIL };
    assert_eq!(world.ask(again(rita)), Err(Refusal::KeyNotInBox));
    world.dropped(FIRST, 4);
    assert_eq!(world.ask(again(rita)), Err(Refusal::KeyNotInBox), "an inbound key has no PIN");
    world.fact(
        LOCKER,
        FactKind::Settled {
            box_no: box_no(4),
            visit: Some(FIRST),
            finding: Finding::KeyTaken,
            user: Some(RITA),
        },
    );
    dropped_back(&mut world, None);
    assert_eq!(world.ask(again(max)), Ok(Answer::Denied(Denial::NoRight { right: Right::Drop })));
    let Ok(Answer::SendAgain { locker, visit, to }) = world.ask(again(rita)) else { panic!("it is sent") };
    assert_eq!((locker, visit, to.channel), (LOCKER, FIRST, Channel::Mail));
    let elsewhere = Ask::SendAgain { caller: rita, visit: FIRST, contact: ContactChoice::Added };
    assert_eq!(world.ask(elsewhere), Err(Refusal::NotReachable));
}

#[test]
fn pick_02_a_collected_key_is_with_the_customer_and_on_the_timeline() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    dropped_back(&mut world, None);
    let (visit, box_no, evidence) = (FIRST, box_no(4), Evidence::Seen);
    world.fact(LOCKER, FactKind::KeyCollected { visit, box_no, evidence });
    let page = page(&world, &rita);
    assert_eq!(page.visit.custody.kind, CustodyKind::Customer);
    assert!(!page.visit.key_icon && !page.visit.outbound);
    assert_eq!(page.timeline.last().map(|event| event.kind), Some(EventKind::KeyCollected));
}

#[test]
fn pick_04_a_key_that_the_customer_has_not_fetched_is_marked_after_three_days_and_not_before() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    dropped_back(&mut world, None);
    world.pass(3 * DAY - 1);
    assert!(!page(&world, &rita).visit.uncollected);
    world.pass(1);
    assert!(page(&world, &rita).visit.uncollected);
}

#[test]
fn staff_drop_02_box_04_a_ticket_is_from_its_opening_on_that_lockers_whose_box_jammed() {
    let mut world = World::new();
    let rita = world.log_in(RITA);
    let ticket = world.ticket(rita, DROP);
    let Ok(Answer::Forward { locker: OTHER, scan }) = world.scan(rita, DROP, qr(OTHER, 7)) else {
        panic!("a drop ticket is good at any locker of the location");
    };
    let box_no = box_no(4);
    world.fact(OTHER, FactKind::OpenedForStaff { box_no, scan: scan.id, user: RITA, typed: false });
    let jammed = FactKind::OutOfService { box_no, reason: ServiceReason::Jammed };
    world.fact(LOCKER, jammed.clone());
    assert_eq!(world.office.me(&rita, &world.now).unwrap().ticket, None, "a box of another locker");
    world.fact(OTHER, jammed);
    assert_eq!(world.office.me(&rita, &world.now).unwrap().ticket.unwrap().id, ticket);
}
