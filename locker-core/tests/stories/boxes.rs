//! Boxes and doors (BOX), the locker's side. *Maintenance* (BOX-6) is not built yet.

use locker_core::screen::{Button, Surface, Widget};
use locker_core::*;

use crate::rig::{JANE, MECHANIC, OMAR, Rig, box_no, contact, visit};

const MINUTES: u64 = 60_000;

fn all_jammed(rig: &mut Rig) {
    rig.boxes.values_mut().for_each(|one| one.jammed = true);
}

/// Steps 1 to 3 of Jane's drop, up to the press that opens a box.
fn to_the_box(rig: &mut Rig) {
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    rig.type_pin(&pin);
    rig.press(Button::Next);
    rig.press(Button::Next);
}

fn outs(rig: &Rig) -> Vec<(u8, ServiceReason)> {
    let out = |report: BoxReport| report.out.map(|reason| (report.box_no.get(), reason));
    rig.locker.boxes().into_iter().filter_map(out).collect()
}

fn granted(rig: &Rig) -> usize {
    rig.count(|record| matches!(record, Record::PulseGranted { .. }))
}

fn openings(rig: &Rig) -> Vec<(u8, Cause, Option<u64>)> {
    let of = |record: Record| match record {
        Record::DoorOpened { box_no, cause, since_pulse_ms } => Some((box_no.get(), cause, since_pulse_ms)),
        _ => None,
    };
    rig.records().into_iter().filter_map(of).collect()
}

#[test]
fn box_01_what_a_person_claimed_is_kept_beside_what_a_sensor_saw() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.close(number);
    for _ in 0..2 {
        rig.press(Button::Confirm);
        assert_eq!(rig.notice(), Some("serve-not-seen"));
    }
    rig.press(Button::Confirm);
    let report = rig.report_of(number);
    assert_eq!(report.visit, Some(JANE), "the key is booked as claimed");
    assert_eq!(report.to_check, Some(CheckReason::Contradicted), "and the sensor's doubt is kept");
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
}

#[test]
fn box_02_an_accepted_pulse_is_not_an_open_door() {
    let mut rig = Rig::new();
    all_jammed(&mut rig);
    to_the_box(&mut rig);
    rig.wait(5_000);
    assert_eq!(rig.driven.len(), 1);
    assert_eq!(openings(&rig), []);
    assert!(
        rig.screen().buttons.iter().all(|button| button.press != Button::Confirm),
        "nothing to confirm yet"
    );
}

#[test]
fn box_03_the_lock_is_fired_though_the_sensor_says_open() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.pry(number);
    let fired = rig.driven.len();
    rig.show_qr();
    assert_eq!(rig.scan(Act::PickUp { visit: JANE }), Answer::Opens(box_no(number)));
    rig.wait(200);
    assert_eq!(rig.driven.len(), fired + 1);
    rig.take_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
}

#[test]
fn box_04_three_pulses_10_s_apart_then_out_of_service_and_another_box() {
    let mut rig = Rig::new();
    rig.sim(1).jammed = true;
    to_the_box(&mut rig);
    let begin = rig.mono;
    rig.wait(30_200);
    let fired: Vec<(u64, u8)> = rig.driven.iter().map(|(at, _, number)| (at - begin, number.get())).collect();
    // Each is driven with the rig's next step of 100 ms after the reading that said *still closed*.
    assert_eq!(fired, [(100, 1), (10_200, 1), (20_300, 1)]);
    assert_eq!(outs(&rig), []);
    rig.wait(100);
    assert_eq!(outs(&rig), [(1, ServiceReason::Jammed)]);
    assert!(
        rig.facts().contains(&FactKind::OutOfService { box_no: box_no(1), reason: ServiceReason::Jammed })
    );
    assert_eq!(rig.report_of(1).to_check, None, "its door never opened");
    rig.wait(200);
    assert_eq!(rig.served(), Some(2), "another box is taken");
    rig.put_key(2);
    rig.close(2);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(2) });
}

#[test]
fn box_04_no_pulse_comes_from_a_timer_only_from_a_reading_taken_after_it() {
    let mut rig = Rig::new();
    rig.sim(1).jammed = true;
    to_the_box(&mut rig);
    rig.wait(100);
    assert_eq!(granted(&rig), 1);
    let pulsed = rig.mono;
    rig.leap(10_000);
    rig.leap(4_000);
    assert_eq!(granted(&rig), 1, "ticks alone grant nothing");
    let old = Readings::new(Mono(pulsed + 9_999), shut(&rig));
    rig.readings_of(old);
    assert_eq!(granted(&rig), 1, "a reading taken before the 10 s were over");
    let due = Readings::new(Mono(pulsed + 10_000), shut(&rig));
    rig.readings_of(due);
    assert_eq!(granted(&rig), 2, "one taken at 10 s");
}

fn shut(rig: &Rig) -> Vec<BoxReading> {
    let shut = |box_no: &BoxNo| BoxReading { box_no: *box_no, door: Door::Closed, item: Item::Absent };
    rig.boxes.keys().map(shut).collect()
}

#[test]
fn box_04_a_cabinet_that_says_nothing_grants_nothing_and_help_is_called() {
    let mut rig = Rig::new();
    to_the_box(&mut rig);
    // The host ticks, and no reading ever comes.
    for _ in 0..60 {
        rig.leap(1_000);
    }
    assert_eq!(granted(&rig), 1);
    assert_eq!(outs(&rig), [(1, ServiceReason::Silent)]);
    assert_eq!(rig.count(|record| matches!(record, Record::HelpCalled { .. })), 1);
    assert_eq!(rig.report_of(1).to_check, Some(CheckReason::Unknown));
}

#[test]
fn box_04_without_an_acknowledgement_the_door_is_read_first() {
    for (is_jammed, pulses) in [(false, 1), (true, 2)] {
        let mut rig = Rig::new();
        rig.sim(1).board = PulseOutcome::Unanswered;
        rig.sim(1).jammed = is_jammed;
        to_the_box(&mut rig);
        rig.wait(10_000);
        assert_eq!(rig.driven.len(), 1, "the coil may have fired");
        rig.wait(300);
        assert_eq!(rig.driven.len(), pulses, "jammed: {is_jammed}");
    }
}

#[test]
fn box_04_a_pulse_that_the_board_refused_is_granted_again_after_2_s() {
    let mut rig = Rig::new();
    rig.sim(1).board = PulseOutcome::NotDriven;
    to_the_box(&mut rig);
    rig.wait(2_000);
    assert_eq!(granted(&rig), 1);
    rig.wait(100);
    assert_eq!(granted(&rig), 2);
    rig.sim(1).board = PulseOutcome::Accepted;
    rig.wait(200);
    assert_eq!(rig.driven.len(), 1);
    assert_eq!(rig.served(), Some(1));
}

#[test]
fn box_04_it_did_not_open_waits_for_the_locks_rest_and_a_reading() {
    let mut rig = Rig::new();
    rig.sim(1).jammed = true;
    to_the_box(&mut rig);
    rig.wait(200);
    let fired = rig.driven_at()[0];
    rig.press(Button::DidNotOpen);
    rig.wait(5_300);
    assert_eq!(rig.mono - fired, 5_400);
    assert_eq!(granted(&rig), 1, "500 ms of pulse and 5 s of rest");
    rig.wait(100);
    assert_eq!(granted(&rig), 2);
}

/// Somebody at a box whose latch holds, in a cabinet with pulses of this length.
fn at_a_jammed_box(pulse_ms: u16) -> Rig {
    let mut rig = Rig::new();
    let mut layout = Layout::grid(LockerId(1), 4, 4);
    layout.pulse_ms = pulse_ms;
    rig.note(Told::SetUp(Box::new(layout)));
    rig.sim(1).jammed = true;
    to_the_box(&mut rig);
    rig
}

#[test]
fn box_04_a_short_pulse_is_not_repeated_before_2_s_and_a_long_one_not_before_its_rest() {
    for (pulse_ms, apart) in [(100, 2_000), (2_000, 22_000)] {
        let mut rig = at_a_jammed_box(pulse_ms);
        rig.wait(200);
        let fired = rig.driven_at()[0];
        rig.press(Button::DidNotOpen);
        rig.wait(fired + apart - 100 - rig.mono);
        assert_eq!(granted(&rig), 1, "{pulse_ms}");
        rig.wait(100);
        assert_eq!(granted(&rig), 2, "{pulse_ms}");
    }
}

#[test]
fn box_04_by_itself_a_lock_with_a_long_rest_is_asked_for_after_its_rest() {
    let mut rig = at_a_jammed_box(2_000);
    rig.wait(100 + 21_900);
    assert_eq!(granted(&rig), 1);
    rig.wait(100);
    assert_eq!(granted(&rig), 2);
}

#[test]
fn box_04_a_short_pulse_has_eight_seconds_to_begin_and_a_long_one_what_its_rest_takes() {
    for (pulse_ms, within) in [(100, 8_000), (499, 8_000), (500, 8_000), (600, 9_100), (2_000, 24_500)] {
        let rig = at_a_jammed_box(pulse_ms);
        let pulse = rig.locker.outputs(&rig.now()).pulse.unwrap();
        assert_eq!(pulse.not_after.0 - rig.mono, within, "{pulse_ms}");
    }
}

#[test]
fn box_04_a_pulse_that_was_driven_late_gets_its_ten_seconds() {
    let mut rig = Rig::new();
    rig.sim(1).jammed = true;
    to_the_box(&mut rig);
    let begin = rig.mono;
    let pulse = rig.locker.outputs(&rig.now()).pulse.unwrap();
    assert_eq!((pulse.not_after.0 - begin, pulse.length_ms), (8_000, 500));
    rig.leap(10_000);
    let mut readings = Readings::new(Mono(rig.mono), shut(&rig));
    readings.pulse =
        Some(PulseReport { id: pulse.id, at: Mono(begin + 8_000), outcome: PulseOutcome::Accepted });
    rig.readings_of(readings.clone());
    assert_eq!(granted(&rig), 1, "fired 2 s ago");
    rig.leap(8_000);
    readings.taken = Mono(rig.mono);
    rig.readings_of(readings);
    assert_eq!(granted(&rig), 2, "fired 10 s ago");
}

#[test]
fn box_04_on_a_pick_up_help_is_called_nothing_is_spent_and_a_new_session_may_try_again() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.sim(number).jammed = true;
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(30_400);
    assert_eq!(rig.at(), "sorry");
    assert_eq!(rig.driven.len(), 4);
    assert_eq!(outs(&rig), [(number, ServiceReason::Jammed)]);
    assert_eq!(rig.count(|record| matches!(record, Record::HelpCalled { .. })), 1);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) }, "the key is where it was");
    rig.press(Button::Done);
    rig.sim(number).jammed = false;
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(200);
    rig.take_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
}

#[test]
fn box_04_a_door_that_opens_later_is_opened_late_and_no_alarm_but_to_be_checked() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.sim(number).jammed = true;
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(30_400);
    rig.press(Button::Done);
    rig.pry(number);
    assert_eq!(openings(&rig).last(), Some(&(number, Cause::Late, None)));
    assert!(!rig.facts().iter().any(|fact| matches!(fact, FactKind::DoorForced { .. })));
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Unknown));
    rig.close(number);
    rig.pry(number);
    assert_eq!(openings(&rig).last().unwrap().1, Cause::Forced, "the next time it is one");
}

#[test]
fn box_04_a_box_that_was_open_before_it_jammed_is_never_given_to_another_key() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.sim(number).has_item_sensor = false;
    rig.put_key(number);
    rig.close(number);
    rig.sim(number).jammed = true;
    rig.press(Button::OpenAgain);
    rig.wait(30_400);
    assert_eq!(rig.at(), "sorry", "no other box: the key may lie behind the door");
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
    assert_eq!(outs(&rig), [(number, ServiceReason::Jammed)]);
}

#[test]
fn box_04_leaving_while_a_box_that_was_open_does_not_open_again_forgets_no_key() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.sim(number).has_item_sensor = false;
    rig.close(number);
    rig.sim(number).jammed = true;
    rig.press(Button::OpenAgain);
    rig.wait(200);
    rig.leave();
    rig.wait(10_100);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
    // A box that never opened is free again.
    let mut rig = Rig::new();
    all_jammed(&mut rig);
    to_the_box(&mut rig);
    rig.wait(200);
    rig.leave();
    rig.wait(10_100);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.custody(JANE), Custody::Customer);
    assert!(!rig.report_of(1).reserved);
    assert_eq!(rig.report_of(1).to_check, None);
}

#[test]
fn box_05_the_buzzer_at_60_s_the_office_at_180_s_and_again_when_closed() {
    let mut rig = Rig::new();
    rig.wait(100);
    rig.pry(3);
    let buzzer = |rig: &Rig| rig.locker.outputs(&rig.now()).buzzer;
    rig.leap(59_999);
    assert_eq!(buzzer(&rig), Buzzer::Off);
    rig.leap(1);
    assert_eq!(buzzer(&rig), Buzzer::CloseDoor);
    let told = |rig: &Rig| {
        rig.facts().iter().filter(|fact| **fact == FactKind::DoorLeftOpen { box_no: box_no(3) }).count()
    };
    rig.leap(119_999);
    assert_eq!(told(&rig), 0);
    rig.leap(1);
    assert_eq!(told(&rig), 1);
    rig.leap(10 * MINUTES);
    assert_eq!(told(&rig), 1, "once");
    assert_eq!(rig.screen().band.unwrap().id, "band-open");
    rig.close(3);
    assert_eq!(rig.facts().last(), Some(&FactKind::DoorClosedAgain { box_no: box_no(3) }));
    assert_eq!(buzzer(&rig), Buzzer::Off);
    rig.pry(3);
    rig.close(3);
    assert!(
        matches!(rig.facts().last(), Some(FactKind::DoorForced { .. })),
        "closed in time: nothing to tell"
    );
}

#[test]
fn box_06_a_door_that_opens_with_no_command_is_an_alarm_with_the_time_since_the_pulse() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    let fired = rig.driven_at()[0];
    rig.leap(4_321);
    rig.pry(number);
    let since = Some(rig.mono - fired);
    assert_eq!(openings(&rig).last(), Some(&(number, Cause::Forced, since)));
    let alarm = FactKind::DoorForced { box_no: box_no(number), since_pulse_ms: since, while_off: false };
    assert!(rig.facts().contains(&alarm));
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
    rig.pry(4);
    assert_eq!(openings(&rig).last(), Some(&(4, Cause::Forced, None)), "never fired in this boot");
    assert_eq!(rig.report_of(4).to_check, Some(CheckReason::Forced), "an empty one as well");
}

#[test]
fn box_06_closed_then_found_open_at_the_start_is_opened_while_off() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.sim(number).door = Door::Open;
    rig.power_cut(60_000);
    assert_eq!(openings(&rig).last(), Some(&(number, Cause::WhileOff, None)));
    assert!(rig.facts().contains(&FactKind::DoorForced {
        box_no: box_no(number),
        since_pulse_ms: None,
        while_off: true
    }));
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::OpenedWhileOff));
    // One that was open already is no news.
    rig.pry(4);
    let before = openings(&rig).len();
    rig.power_cut(60_000);
    assert_eq!(openings(&rig).len(), before);
}

#[test]
fn box_07_ten_edges_a_minute_are_believed_and_the_eleventh_is_a_fault_recorded_once() {
    let mut rig = Rig::new();
    rig.wait(1_000);
    let unsteady = |rig: &Rig| rig.count(|record| matches!(record, Record::DoorUnsteady { .. }));
    for _ in 0..5 {
        rig.pry(4);
        rig.leap(1_000);
        rig.close(4);
        rig.leap(1_000);
    }
    assert_eq!(unsteady(&rig), 0);
    for _ in 0..20 {
        rig.pry(4);
        rig.leap(1_000);
        rig.close(4);
        rig.leap(1_000);
    }
    assert_eq!(unsteady(&rig), 1);
    assert_eq!(openings(&rig).len(), 5, "what an unsteady sensor says is not recorded");
    assert!(rig.facts().contains(&FactKind::SensorDoubted { box_no: box_no(4) }));
    let steady = |rig: &Rig| rig.count(|record| matches!(record, Record::DoorSteady { .. }));
    rig.leap(58_999);
    assert_eq!(steady(&rig), 0);
    rig.leap(1);
    assert_eq!(steady(&rig), 1, "60 s after the last edge");
    rig.pry(4);
    assert_eq!(openings(&rig).len(), 6);
}

#[test]
fn box_07_eleven_edges_in_more_than_a_minute_are_no_fault() {
    let mut rig = Rig::new();
    rig.wait(1_000);
    for n in 0..11 {
        if n % 2 == 0 {
            rig.pry(4);
        } else {
            rig.close(4);
        }
        rig.leap(6_000);
    }
    assert_eq!(rig.count(|record| matches!(record, Record::DoorUnsteady { .. })), 0);
}

#[test]
fn box_07_a_contact_that_comes_back_to_its_level_eleven_times_a_minute_is_unsteady_and_no_door_moved() {
    let mut rig = Rig::new();
    rig.wait(1_000);
    rig.pry(4);
    let closings = |rig: &Rig| rig.count(|record| matches!(record, Record::DoorClosed { .. }));
    let found = closings(&rig);
    let unsteady = |rig: &Rig| rig.count(|record| matches!(record, Record::DoorUnsteady { .. }));
    for n in 1..=10 {
        assert_eq!(unsteady(&rig), 0, "{n} edges with the opening");
        rig.comes_back(4);
        rig.leap(1_000);
    }
    assert_eq!(unsteady(&rig), 1, "the opening and ten returns");
    for _ in 0..10 {
        rig.comes_back(4);
        rig.leap(1_000);
    }
    assert_eq!(unsteady(&rig), 1);
    assert_eq!(openings(&rig).len(), 1, "a return is no opening");
    assert_eq!(closings(&rig), found, "and no closing");
    assert!(rig.facts().contains(&FactKind::SensorDoubted { box_no: box_no(4) }));
    rig.close(4);
    rig.leap(30_000);
    rig.readings();
    rig.leap(29_999);
    assert_eq!(closings(&rig), found);
    rig.leap(1);
    rig.wait(100);
    assert_eq!(closings(&rig), found + 1, "quiet for 60 s");
}

#[test]
fn box_07_a_box_with_an_unsteady_sensor_is_not_assigned() {
    let mut rig = Rig::new();
    rig.wait(1_000);
    for _ in 0..6 {
        rig.pry(1);
        rig.close(1);
    }
    assert_eq!(rig.report_of(1).door, Door::Closed);
    assert_eq!(rig.drop_to_open_box("1-ABC-123"), 2);
}

#[test]
fn box_09_free_boxes_are_taken_least_recently_used_first() {
    let mut rig = Rig::new();
    rig.visits = (1..=6)
        .map(|n| {
            let mail = contact(Channel::Mail, ContactKind::Private, "driver@example.be");
            visit(VisitId(n), rig.today, &format!("9-AAA-{n:03}"), vec![mail])
        })
        .collect();
    rig.push_desired();
    let fetch = |rig: &mut Rig, id: u64, number: u8| {
        rig.show_qr();
        rig.scan(Act::PickUp { visit: VisitId(id) });
        rig.wait(200);
        rig.take_key(number);
        rig.close(number);
        rig.press(Button::Confirm);
        rig.press(Button::Done);
    };
    assert_eq!(rig.drop_key("9-AAA-001"), 1);
    assert_eq!(rig.drop_key("9-AAA-002"), 2);
    fetch(&mut rig, 2, 2);
    fetch(&mut rig, 1, 1);
    assert_eq!(rig.drop_key("9-AAA-003"), 3);
    assert_eq!(rig.drop_key("9-AAA-004"), 4);
    assert_eq!(rig.drop_key("9-AAA-005"), 2, "2 was emptied before 1");
    assert_eq!(rig.drop_key("9-AAA-006"), 1);
}

#[test]
fn box_09_who_asked_for_a_low_box_gets_one_and_another_if_none_is_free() {
    let mut rig = Rig::with_boxes(8, |_| {});
    let low: Vec<u8> = rig
        .locker
        .boxes()
        .iter()
        .filter(|report| report.place.low)
        .map(|report| report.box_no.get())
        .collect();
    assert_eq!(low, [5, 6, 7, 8]);
    let ask_low = |rig: &mut Rig, plate: &str| {
        let pin = rig.pin_by_plate(plate);
        rig.leave();
        rig.press(Button::DropKey);
        rig.press(Button::LowBox);
        rig.press(Button::Go);
        rig.press(Button::ByPin);
        rig.type_pin(&pin);
        rig.press(Button::Next);
        rig.press(Button::Next);
        rig.wait(200);
        rig.served().unwrap()
    };
    assert_eq!(ask_low(&mut rig, "1-ABC-123"), 5);
    rig.put_key(5);
    rig.close(5);
    rig.press(Button::Confirm);
    rig.press(Button::Done);
    for number in [6, 7, 8] {
        rig.pry(number);
    }
    assert_eq!(ask_low(&mut rig, "2-XYZ-789"), 1);
}

#[test]
fn box_10_no_start_restart_or_old_scan_opens_a_box() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.show_qr();
    let (payload, _) = rig.qr().unwrap();
    let scan = rig.scan_of(Proof::Qr(payload.nonce.clone()), Act::PickUp { visit: JANE });
    let later = rig.scan_of(Proof::Qr(payload.nonce), Act::PickUp { visit: JANE });
    rig.ask(Ask::Scan(scan.clone())).unwrap();
    assert!(rig.locker.outputs(&rig.now()).pulse.is_some(), "granted, not driven yet");
    rig.power_cut(1_000);
    let fired = rig.driven.len();
    rig.wait(60_000);
    assert_eq!(rig.driven.len(), fired);
    assert_eq!(rig.locker.outputs(&rig.now()).pulse, None);
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: Some(MECHANIC) });
    assert_eq!(rig.ask(Ask::Scan(scan)), Ok(Answer::Opens(box_no(number))), "the same answer, no new act");
    assert_eq!(rig.ask(Ask::Scan(later)), Ok(Answer::Denied(Denial::NoQr)), "the QR is gone with the boot");
    rig.wait(60_000);
    assert_eq!(rig.driven.len(), fired);
}

#[test]
fn box_10_a_restored_locker_that_was_not_started_drives_and_serves_nothing() {
    let mut rig = Rig::new();
    to_the_box(&mut rig);
    let locker = rig.restored();
    assert_eq!(locker.outputs(&rig.now()), Outputs::all_off(Mono(rig.mono)));
    assert_eq!(locker.wake_at(), None);
    let refused = locker.ask(Ask::LiftLock { user: UserId(1) }, &rig.now());
    assert_eq!(refused.err(), Some(Refusal::NotStarted));
    assert_eq!(locker.screen(Surface::Bottom, &rig.now()).id, "out_of_service");
}

#[test]
fn box_10_a_granted_pulse_not_begun_within_8_s_is_not_begun_at_all() {
    let mut rig = Rig::new();
    to_the_box(&mut rig);
    let pulse = |rig: &Rig| rig.locker.outputs(&rig.now()).pulse.map(|pulse| pulse.id.n);
    assert_eq!(pulse(&rig), Some(1));
    rig.leap(8_000);
    assert_eq!(pulse(&rig), Some(1));
    rig.leap(1);
    assert_eq!(pulse(&rig), None);
}

#[test]
fn box_11_a_box_to_be_checked_is_never_assigned_until_it_is_settled() {
    let mut rig = Rig::new();
    for number in 1..=3 {
        rig.pry(number);
        rig.close(number);
        assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Forced));
    }
    assert_eq!(rig.drop_key("1-ABC-123"), 4);
    assert_eq!(rig.screen().notice.unwrap().text.id, "start-full");
    let drop = rig.screen().buttons.into_iter().find(|button| button.press == Button::DropKey).unwrap();
    assert!(!drop.enabled);
    rig.settle(2, Button::BoxEmpty);
    assert_eq!(rig.drop_key("2-XYZ-789"), 2);
}

#[test]
fn box_12_a_locker_works_on_with_a_dead_board() {
    let mut rig = Rig::new();
    rig.sim(1).silent = true;
    rig.sim(2).silent = true;
    rig.wait(1_000);
    assert_eq!(rig.drop_key("1-ABC-123"), 3, "the silent ones are taken last");
    assert_eq!(rig.drop_key("2-XYZ-789"), 4);
}

#[test]
fn box_12_a_board_that_dies_before_the_pulse_costs_its_box_and_the_drop_goes_on() {
    let mut rig = Rig::new();
    to_the_box(&mut rig);
    rig.sim(1).silent = true;
    rig.wait(10_100);
    assert_eq!(outs(&rig), [(1, ServiceReason::Silent)]);
    assert_eq!(rig.report_of(1).to_check, Some(CheckReason::Unknown));
    rig.wait(200);
    assert_eq!(rig.served(), Some(2));
    rig.put_key(2);
    rig.close(2);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(2) });
}

#[test]
fn box_11_safe_03_a_box_of_which_nothing_was_heard_since_its_pulse_keeps_its_key() {
    let mut rig = Rig::new();
    to_the_box(&mut rig);
    // The disk is full while the door springs open, the key goes in and the door is shut: nothing of it is taken in, and
    // the first that the locker hears again is that time has passed.
    rig.leap(60_000);
    assert_eq!(outs(&rig), [(1, ServiceReason::Silent)]);
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(1), user: None });
    assert_eq!(rig.served(), None, "no other box opens by itself");
}

#[test]
fn box_11_safe_03_a_key_shut_in_while_the_next_pulse_is_awaited_is_not_forgotten() {
    let mut rig = Rig::new();
    rig.sim(1).has_item_sensor = false;
    to_the_box(&mut rig);
    rig.wait(200);
    rig.put_key(1);
    for _ in 0..2 {
        // Pressed with the door open, and the door pushed shut before the lock has rested.
        rig.press(Button::DidNotOpen);
        rig.close(1);
        rig.wait(8_000);
    }
    rig.press(Button::DidNotOpen);
    assert_eq!(outs(&rig), [(1, ServiceReason::Jammed)]);
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(1), user: None });
}

#[test]
fn box_12_a_board_that_took_the_pulse_and_died_leaves_the_answer_to_the_person() {
    let mut rig = Rig::new();
    to_the_box(&mut rig);
    rig.sim(1).has_door_sensor = false;
    rig.sim(1).jammed = true;
    let pulse = rig.locker.outputs(&rig.now()).pulse.unwrap();
    rig.leap(100);
    let report = PulseReport { id: pulse.id, at: Mono(rig.mono), outcome: PulseOutcome::Accepted };
    let others = |rig: &Rig| shut(rig).into_iter().filter(|level| level.box_no != box_no(1)).collect();
    let mut readings = Readings::new(Mono(rig.mono), others(&rig));
    readings.pulse = Some(report);
    rig.readings_of(readings.clone());
    rig.leap(10_000);
    readings.taken = Mono(rig.mono);
    rig.readings_of(readings);
    assert_eq!(granted(&rig), 1);
    assert_eq!(outs(&rig), []);
    rig.press(Button::Confirm);
    assert_eq!(rig.notice(), Some("serve-is-it-shut"));
    rig.press(Button::DoorIsShut);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(1) });
}

/// A box that is to be checked with Jane's key booked in it.
fn unconfirmed() -> (Rig, u8) {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.put_key(number);
    rig.close(number);
    rig.leave();
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Aborted));
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
    (rig, number)
}

fn settled(rig: &Rig) -> Record {
    rig.records().into_iter().rfind(|record| matches!(record, Record::BoxSettled { .. })).unwrap()
}

#[test]
fn box_13_empty_makes_the_booked_key_missing_and_the_location_is_told() {
    let (mut rig, number) = unconfirmed();
    rig.take_key(number);
    rig.settle(number, Button::BoxEmpty);
    assert_eq!(rig.custody(JANE), Custody::Missing { box_no: box_no(number) });
    let (visit, finding, user) = (Some(JANE), Finding::Empty, Some(MECHANIC));
    let (box_no, seen) = (box_no(number), Item::Absent);
    assert_eq!(settled(&rig), Record::BoxSettled { box_no, visit, finding, user, seen });
    assert!(rig.facts().contains(&FactKind::Settled { box_no, visit, finding, user }));
    assert_eq!(rig.report_of(number).visit, None);
    assert_eq!(rig.report_of(number).to_check, None);
}

#[test]
fn box_13_this_key_stays() {
    let (mut rig, number) = unconfirmed();
    rig.settle(number, Button::KeyStays);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
    let (visit, finding, user) = (Some(JANE), Finding::KeyStays, Some(MECHANIC));
    let (box_no, seen) = (box_no(number), Item::Present);
    assert_eq!(
        settled(&rig),
        Record::BoxSettled { box_no, visit, finding, user, seen },
        "what the sensor saw too"
    );
}

#[test]
fn box_13_this_key_i_take_it() {
    let (mut rig, number) = unconfirmed();
    rig.settle(number, Button::KeyTaken);
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
    assert_eq!(rig.report_of(number).visit, None);
}

#[test]
fn box_13_something_else_leaves_it_to_be_checked_and_forgets_no_key() {
    let (mut rig, number) = unconfirmed();
    rig.settle(number, Button::SomethingElse);
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Occupied));
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: Some(MECHANIC) });
    assert_ne!(rig.drop_to_open_box("2-XYZ-789"), number);
}

#[test]
fn box_13_without_a_booked_key_only_empty_and_something_else_are_answers() {
    let mut rig = Rig::new();
    rig.check_box(4);
    rig.close(4);
    rig.press(Button::Confirm);
    for button in [Button::KeyStays, Button::KeyTaken] {
        assert_eq!(rig.touch(screen::Action::Press { button }), Err(Refusal::NotOffered));
    }
    rig.press(Button::BoxEmpty);
    assert_eq!(rig.report_of(4).to_check, None);
}

#[test]
fn box_13_a_settled_box_is_back_in_service() {
    let mut rig = Rig::new();
    rig.sim(1).jammed = true;
    to_the_box(&mut rig);
    rig.wait(30_600);
    assert_eq!(rig.served(), Some(2));
    rig.close(2);
    rig.leave();
    rig.sim(1).jammed = false;
    rig.settle(1, Button::BoxEmpty);
    assert_eq!(outs(&rig), []);
    assert!(rig.facts().contains(&FactKind::BackInService { box_no: box_no(1) }));
}

#[test]
fn box_14_open_again_three_times_and_not_a_fourth() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    for n in 0..3 {
        rig.close(number);
        rig.press(Button::OpenAgain);
        rig.wait(200);
        assert_eq!(rig.driven.len(), n + 2);
    }
    rig.close(number);
    let again = screen::Action::Press { button: Button::OpenAgain };
    assert_eq!(rig.touch(again), Err(Refusal::NotOffered));
    rig.put_key(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}

#[test]
fn box_14_something_is_already_in_it_takes_another_box_once_the_door_is_shut() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.press(Button::SomethingInside);
    assert_eq!(rig.notice(), Some("serve-close-first"));
    assert_eq!(rig.driven.len(), 1);
    rig.close(number);
    rig.wait(200);
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Occupied));
    assert_eq!(rig.report_of(number).visit, None, "what lies there is not Jane's");
    let next = rig.served().unwrap();
    assert_ne!(next, number);
    rig.put_key(next);
    rig.close(next);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(next) });
}

#[test]
fn box_14_my_key_is_not_in_it_calls_help_and_the_box_is_to_be_checked() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(200);
    rig.press(Button::NotMyKey);
    rig.close(number);
    assert_eq!(rig.at(), "sorry");
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::NotFound));
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: Some(MECHANIC) });
    assert_eq!(rig.count(|record| matches!(record, Record::HelpCalled { .. })), 1);
}

#[test]
fn box_14_it_did_not_open_after_the_door_was_seen_open_fires_at_once_and_ends_as_jammed() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.close(number);
    for n in 0..2 {
        rig.press(Button::DidNotOpen);
        rig.wait(200);
        assert_eq!(rig.driven.len(), n + 2);
        rig.close(number);
    }
    rig.press(Button::DidNotOpen);
    assert_eq!(rig.at(), "sorry");
    assert_eq!(
        rig.custody(JANE),
        Custody::ToCheck { box_no: box_no(number), user: None },
        "its key may be in"
    );
    assert_eq!(rig.custody(OMAR), Custody::Customer);
}

#[test]
fn box_14_leaving_a_box_without_a_sensor_while_it_opens_ends_the_session() {
    let mut rig = Rig::new();
    rig.sim(1).has_door_sensor = false;
    rig.sim(1).has_item_sensor = false;
    to_the_box(&mut rig);
    rig.leave();
    rig.wait(200);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.report_of(1).to_check, Some(CheckReason::Aborted));
}

#[test]
fn box_04_a_pulse_of_an_earlier_boot_excuses_no_opening() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.sim(number).jammed = true;
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(30_400);
    rig.power_cut(1_000);
    rig.pry(number);
    assert_eq!(openings(&rig).last().unwrap().1, Cause::Forced);
}

#[test]
fn box_14_a_door_that_opens_and_shuts_again_is_asked_for_anew() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.put_key(number);
    rig.sim(number).has_item_sensor = false;
    rig.close(number);
    rig.leap(60_000);
    assert_eq!(rig.notice(), Some("serve-please-confirm"));
    rig.pry(number);
    rig.close(number);
    assert_eq!(rig.notice(), None);
    rig.leap(59_999);
    assert_eq!(rig.notice(), None);
    rig.leap(1);
    assert_eq!(rig.notice(), Some("serve-please-confirm"));
    rig.leap(60_000);
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Unconfirmed));
}

#[test]
fn box_06_maintenance_logs_instead_of_alarming_and_leaves_every_opened_box_to_be_checked() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    let begin = |reason: &str| Ask::BeginMaintenance { user: MECHANIC, reason: reason.into() };
    let before = rig.journal.len();
    assert_eq!(rig.ask(begin("  ")), Err(Refusal::NoReason));
    assert_eq!(rig.ask(begin(&"x".repeat(201))), Err(Refusal::TooLong));
    assert_eq!(rig.journal.len(), before);
    assert_eq!(rig.ask(begin("New hinge")), Ok(Answer::Done));
    assert!(rig.locker.is_in_maintenance());
    rig.pry(number);
    let is_alarm = |record: &Record| matches!(record, Record::DoorOpened { cause: Cause::Forced, .. });
    assert_eq!(rig.count(is_alarm), 0);
    let user = Some(MECHANIC);
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user });
    rig.close(number);
    // 60 minutes, then doors alarm again.
    rig.leap(3_599_999);
    assert!(rig.locker.is_in_maintenance());
    rig.leap(1);
    assert!(!rig.locker.is_in_maintenance());
    rig.pry(number);
    assert_eq!(rig.count(is_alarm), 1);
}

#[test]
fn box_06_maintenance_goes_on_over_a_start_and_is_ended_by_a_user() {
    let mut rig = Rig::new();
    rig.ask(Ask::BeginMaintenance { user: MECHANIC, reason: "New board".into() }).unwrap();
    rig.leap(600_000);
    rig.power_cut(2_999_999);
    assert!(rig.locker.is_in_maintenance(), "10 min, then 50 min less 1 ms without power");
    rig.ask(Ask::EndMaintenance).unwrap();
    assert!(!rig.locker.is_in_maintenance());
    let records = rig.journal.len();
    rig.ask(Ask::EndMaintenance).unwrap();
    assert_eq!(rig.journal.len(), records, "ended twice, recorded once");
}

/// Found by the model check of doors.
#[test]
fn box_11_time_03_what_staff_find_behind_a_door_that_is_not_shut_leaves_the_box_to_be_checked() {
    let mut rig = Rig::new();
    rig.check_box(1);
    rig.wait(60_000);
    rig.press(Button::DoorIsShut);
    rig.press(Button::BoxEmpty);
    assert_eq!(rig.report_of(1).to_check, Some(CheckReason::Contradicted), "the sensor says that it is open");
    rig.put_key(1);
    rig.close(1);
    assert_eq!(rig.report_of(1).to_check, Some(CheckReason::Contradicted));

    let mut rig = Rig::new();
    rig.check_box(1);
    rig.close(1);
    rig.press(Button::Confirm);
    rig.pry(1);
    rig.press(Button::BoxEmpty);
    assert_eq!(rig.report_of(1).to_check, Some(CheckReason::Contradicted), "forced open while they answered");
}

#[test]
fn box_01_a_cabinet_that_hangs_otherwise_shows_its_boxes_where_they_are_and_keeps_what_they_hold() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    let places = |rig: &Rig| {
        let map = rig.top().widgets.into_iter().find_map(|widget| match widget {
            Widget::Map { boxes } => Some(boxes),
            _ => None,
        });
        map.unwrap().iter().map(|one| (one.box_no.to_string(), one.column, one.row)).collect::<Vec<_>>()
    };
    let place = |box_no: &str, column, row| (box_no.to_owned(), column, row);
    let wide: Vec<_> = (0..4).map(|n| place(&(n + 1).to_string(), n, 0)).collect();
    assert_eq!(places(&rig), wide);
    rig.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), 4, 2))));
    let square = [place("1", 0, 0), place("2", 1, 0), place("3", 0, 1), place("4", 1, 1)];
    assert_eq!(places(&rig), square);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}
