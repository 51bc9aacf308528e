//! Conditions that one situation alone needs: without it nothing else would notice that they are gone.

use locker_core::screen::{Action, Button, Widget};
use locker_core::*;

use crate::rig::{ADMIN, JANE, OMAR, Rig, authenticator, contact, visit};

const MINUTE: u64 = 60_000;

fn causes(rig: &Rig, number: u8) -> Vec<Cause> {
    let of = |record: Record| match record {
        Record::DoorOpened { box_no, cause, .. } if box_no.get() == number => Some(cause),
        _ => None,
    };
    rig.records().into_iter().filter_map(of).collect()
}

fn freed(rig: &Rig) -> usize {
    rig.count(|record| matches!(record, Record::BoxFreed { .. }))
}

fn help_lines(rig: &Rig) -> Vec<&'static str> {
    rig.screen().overlay.map(|overlay| overlay.lines.iter().map(|line| line.id).collect()).unwrap_or_default()
}

/// Which items of the choice on the screen are marked.
fn chosen(rig: &Rig) -> Vec<bool> {
    let items = rig.screen().widgets.into_iter().find_map(|widget| match widget {
        Widget::Choices { items } => Some(items),
        _ => None,
    });
    items.expect("there is a choice").iter().map(|item| item.chosen).collect()
}

/// The customer is told to put the key in box 1, whose lock is about to fire.
fn to_the_box(rig: &mut Rig) {
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    rig.type_pin(&pin);
    rig.press(Button::Next);
    rig.press(Button::Next);
}

#[test]
fn code_01_a_temporary_pin_takes_no_room_from_the_six_digits_of_the_customers() {
    let mut rig = Rig::with(|settings| (settings.short_codes_max, settings.long_codes_max) = (1, 2));
    rig.temporary_pin(None);
    assert_eq!(rig.pin_by_plate("1-ABC-123").len(), 6);
    rig.leave();
    assert_eq!(rig.check_in(JANE).len(), 8);
    let (fresh, user) = (rig.fresh(), ADMIN);
    assert_eq!(rig.ask(Ask::TemporaryPin { user, box_no: None, fresh }), Err(Refusal::TooManyCodes));
}

#[test]
fn box_03_another_door_than_the_awaited_one_is_forced_and_so_is_the_awaited_one_after_it_was_shut() {
    let mut rig = Rig::new();
    to_the_box(&mut rig);
    rig.pry(3);
    assert_eq!(causes(&rig, 3), [Cause::Forced]);
    rig.wait(200);
    assert_eq!(causes(&rig, 1), [Cause::Commanded]);
    rig.close(1);
    rig.wait(1_000);
    rig.pry(1);
    assert_eq!(causes(&rig, 1), [Cause::Commanded, Cause::Forced]);
}

#[test]
fn box_07_a_door_that_is_read_again_and_again_as_it_was_is_not_unsteady() {
    let mut rig = Rig::new();
    rig.wait(10_000);
    assert!(rig.locker.boxes().iter().all(|report| report.door == Door::Closed));
    assert_eq!(rig.count(|record| matches!(record, Record::DoorUnsteady { .. })), 0);
}

#[test]
fn box_04_a_pulse_without_an_answer_from_a_board_that_fell_silent_is_not_taken_for_an_open_box() {
    let mut rig = Rig::new();
    rig.sim(1).board = PulseOutcome::Unanswered;
    rig.sim(1).jammed = true;
    to_the_box(&mut rig);
    rig.wait(200);
    rig.sim(1).silent = true;
    rig.wait(15_000);
    assert_eq!(rig.report_of(1).out, Some(ServiceReason::Silent));
}

#[test]
fn box_04_box_11_a_door_that_was_open_keeps_its_box_when_a_key_is_seen_in_it_and_frees_it_when_none_is() {
    for has_key in [true, false] {
        let mut rig = Rig::new();
        to_the_box(&mut rig);
        rig.wait(200);
        if has_key {
            rig.put_key(1);
        }
        for _ in 0..3 {
            rig.press(Button::DidNotOpen);
            rig.wait(10_000);
        }
        assert_eq!(rig.report_of(1).out, Some(ServiceReason::Jammed));
        assert_eq!(freed(&rig), usize::from(!has_key));
        assert_eq!(rig.report_of(1).visit, has_key.then_some(JANE));
    }
}

#[test]
fn drop_19_abort_02_who_takes_the_key_out_again_and_leaves_has_a_box_to_be_checked() {
    let mut rig = Rig::new();
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    rig.type_pin(&pin);
    rig.press(Button::Next);
    rig.press(Button::Next);
    rig.wait(200);
    rig.put_key(1);
    rig.leave();
    rig.close(1);
    rig.wait(6_000);
    let told = |rig: &Rig| rig.count(|record| matches!(record, Record::BoxToCheck { .. }));
    assert_eq!(told(&rig), 1);
    rig.show_pad();
    rig.type_pin(&pin);
    rig.wait(200);
    rig.take_key(1);
    rig.leave();
    rig.close(1);
    assert_eq!((rig.report_of(1).visit, told(&rig)), (Some(JANE), 2), "what was there is there no more");
}

#[test]
fn pick_03_a_box_that_is_open_once_more_when_its_three_minutes_end_is_freed_when_it_is_shut() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.collect(&pin);
    rig.take_and_confirm(number);
    rig.press(Button::Done);
    rig.wait(170_000);
    assert_eq!(rig.collect(&pin), Answer::Done);
    rig.wait(20_000);
    assert_eq!((rig.at(), freed(&rig)), ("pick.serve", 0));
    rig.close(number);
    rig.press(Button::Confirm);
    rig.press(Button::Done);
    rig.wait(1_000);
    assert_eq!(freed(&rig), 1);
}

#[test]
fn safe_08_abort_01_who_stands_there_when_the_journal_goes_down_can_leave() {
    let mut rig = Rig::new();
    rig.show_pad();
    rig.note(Told::Store(Store::Down));
    rig.press(Button::Abort);
    rig.press(Button::Yes);
    assert_eq!(rig.at(), "start");
}

#[test]
fn help_01_a_call_goes_on_when_something_else_is_due_meanwhile() {
    let mut rig = Rig::new();
    rig.pry(3);
    rig.leap(175_000);
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    rig.leap(6_000);
    assert_eq!(help_lines(&rig).last(), Some(&"help-calling"));
}

#[test]
fn help_02_that_somebody_is_coming_is_said_for_three_minutes_to_the_millisecond_though_nobody_ticks() {
    let mut rig = Rig::new();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    rig.note(Told::Help { help: HelpId(1), answer: HelpAnswer::Coming });
    rig.press(Button::CloseHelp);
    rig.mono += 3 * MINUTE - 1;
    assert_eq!(rig.notice(), Some("help-coming"));
    rig.mono += 1;
    assert_eq!(rig.notice(), None);
}

#[test]
fn safe_08_help_02_who_is_coming_to_an_unrecorded_call_is_not_called_back() {
    let mut rig = Rig::new();
    rig.is_down = true;
    rig.note(Told::Store(Store::Down));
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    for answer in [HelpAnswer::Coming, HelpAnswer::Notified] {
        rig.note(Told::Help { help: HelpId(1), answer });
        assert!(rig.locker.unrecorded_call().is_none(), "nobody else is called");
    }
}

#[test]
fn safe_05_a_locker_lets_go_of_a_visit_and_of_a_user_when_it_needs_them_no_more() {
    let mut rig = Rig::new();
    let visit = Subject::Visit(JANE);
    let number = rig.drop_key("1-ABC-123");
    rig.visits.retain(|visit| visit.id != JANE);
    rig.push_desired();
    assert!(!rig.locker.may_forget(visit, rig.revision), "its key is in a box");
    rig.settle(number, Button::KeyTaken);
    assert_ne!(rig.custody(JANE), Custody::Customer, "staff have it");
    assert!(!rig.locker.may_forget(visit, rig.revision));
    let gone = Subject::Visit(VisitId(77));
    assert!(rig.locker.may_forget(gone, rig.revision));
    assert!(!rig.locker.may_forget(gone, rig.revision + 1), "what the office wants is not applied yet");
    assert!(!rig.locker.may_forget(Subject::Visit(OMAR), rig.revision), "a visit of today");
    let (admin, other) = (Subject::User(ADMIN), Subject::User(UserId(3)));
    assert!(rig.locker.may_forget(admin, rig.revision));
    rig.ask(Ask::BeginMaintenance { user: ADMIN, reason: "Hinge".into() }).unwrap();
    assert!(!rig.locker.may_forget(admin, rig.revision), "whose maintenance it is");
    assert!(rig.locker.may_forget(other, rig.revision));
    rig.ask(Ask::EndMaintenance).unwrap();
    assert!(rig.locker.may_forget(admin, rig.revision));
}

#[test]
fn code_08_the_box_that_is_chosen_is_the_one_that_is_marked() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(None);
    rig.collect(&pin);
    assert_eq!(chosen(&rig), [false; 4]);
    rig.touch(Action::Choose { item: 2 }).unwrap();
    assert_eq!(chosen(&rig), [false, false, true, false]);
}

#[test]
fn code_09_the_reason_that_is_chosen_is_marked_and_going_back_leaves_none_chosen() {
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    let code = authenticator(secret, rig.wall);
    rig.collect(&code);
    let reasons = OpenReason::ALL.len();
    assert_eq!(chosen(&rig), vec![false; reasons]);
    rig.touch(Action::Choose { item: 1 }).unwrap();
    assert_eq!(chosen(&rig).iter().position(|marked| *marked), Some(1));
    rig.press(Button::Help);
    assert_eq!(help_lines(&rig)[0], "help-staff-code");
    rig.press(Button::CloseHelp);
    rig.press(Button::Ok);
    rig.touch(Action::Choose { item: 0 }).unwrap();
    rig.press(Button::Help);
    assert_eq!(help_lines(&rig)[0], "help-staff-code");
    rig.press(Button::CloseHelp);
    rig.press(Button::Back);
    assert_eq!((rig.at(), chosen(&rig)), ("staff.reason", vec![false; reasons]));
}

#[test]
fn drop_05_two_vehicles_that_look_alike_say_their_jobs_and_the_third_does_not() {
    let phone = || vec![contact(Channel::Sms, ContactKind::Private, "0470 99 88 77")];
    let mut rig = Rig::with(|settings| settings.sms = true);
    for (n, plate) in (31..).zip(["", "", "8-XYZ-999"]) {
        rig.visits.push(visit(VisitId(n), rig.today, plate, phone()));
    }
    rig.push_desired();
    rig.begin_drop();
    rig.look_up(Button::ByPhone, "0470 99 88 77");
    let items = rig.screen().widgets.into_iter().find_map(|widget| match widget {
        Widget::Choices { items } => Some(items),
        _ => None,
    });
    let told: Vec<bool> = items.unwrap().iter().map(|item| item.detail.is_some()).collect();
    assert_eq!(told, [true, true, false]);
}

#[test]
fn drop_05_a_trunk_prefix_in_brackets_is_for_callers_from_within_the_country() {
    for typed in ["+32 (0)470 99 88 77", "0032 (0)470 99 88 77", "(0)470 99 88 77", "0470 99 88 77"] {
        let mut rig = Rig::with(|settings| settings.sms = true);
        let phone = contact(Channel::Sms, ContactKind::Private, "+32 470 99 88 77");
        rig.visits.push(visit(VisitId(31), rig.today, "8-XYZ-999", vec![phone]));
        rig.push_desired();
        rig.begin_drop();
        rig.look_up(Button::ByPhone, typed);
        assert_eq!(rig.at(), "drop.contact", "{typed}");
    }
}
