//! The stage: power cuts between the parts of a step, lines that are down, disks that refuse, owners that hang.
#![cfg(feature = "world")]
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use locker_core::screen::{Action, Button, Surface};
use locker_core::*;
use locker_hal_sim::world::{
    AppendFault, ClockFault, Computer, CrashPoint, Deed, Link, Plan, Planned, Post, Reply, Room, Stage,
    Undone, Who,
};
use locker_hal_sim::{Fault, SimCommand};

const LOCKER: LockerId = LockerId(1);
const JANE: VisitId = VisitId(1);
const HERE: Computer = Computer::Locker(LOCKER);

fn box_no(number: u8) -> BoxNo {
    BoxNo::new(number).unwrap()
}

fn jane() -> Planned {
    let contact =
        |channel, kind, address: &str| Contact { channel, kind, address: address.into(), blocked: false };
    let contacts = vec![
        contact(Channel::Mail, ContactKind::Private, "jane@example.be"),
        contact(Channel::Sms, ContactKind::Business, "0470 12 34 12"),
    ];
    let driver = Driver { name: "Jane Sample".into(), contacts, preferred: None, language: None };
    let order = ExternalRef::new("WO-1").unwrap();
    let orders =
        vec![Appointment { order, time: TimeOfDay::new(8, 30).unwrap(), work: "Yearly service".into() }];
    let date = Date::from_ymd(2026, 1, 5).unwrap();
    Planned { date, plate: "1-ABC-123".into(), vehicle: "Blue van".into(), driver, orders, on_hold: false }
}

fn stage() -> Stage {
    let mut stage = Stage::new(Plan::default());
    stage.act(Deed::Plan { visits: vec![jane()], whole: false }).unwrap();
    stage.wait(1_000);
    stage
}

fn at(stage: &Stage) -> &'static str {
    stage.screen(LOCKER, Surface::Bottom).id
}

/// Step 3 of a drop, with a PIN by mail.
fn to_step_3(stage: &mut Stage) {
    for button in [Button::DropKey, Button::Go, Button::ByRegistration] {
        stage.press(LOCKER, button).unwrap();
    }
    stage.touch(LOCKER, Action::Write { text: "1abc123".into() }).unwrap();
    stage.press(LOCKER, Button::Ok).unwrap();
    stage.wait(1_500);
    stage.press(LOCKER, Button::Send).unwrap();
    stage.wait(2_000);
    let pin = stage.mail().last().unwrap().pin.clone();
    stage.press(LOCKER, Button::EnterCode).unwrap();
    stage.type_pin(LOCKER, &pin).unwrap();
    stage.press(LOCKER, Button::Next).unwrap();
    assert_eq!(at(stage), "drop.appointments");
}

fn put_and_close(stage: &mut Stage, number: u8) {
    let (who, box_no) = (Who::Customer(JANE), box_no(number));
    stage.command(LOCKER, who, SimCommand::Put { box_no, key: "jane".into() }).unwrap();
    stage.command(LOCKER, who, SimCommand::Close { box_no }).unwrap();
}

fn fired(stage: &mut Stage) -> usize {
    stage.cabinet(LOCKER).unwrap().fired.len()
}

#[test]
fn what_was_to_go_wrong_with_a_step_to_come_can_be_spared() {
    for is_spared in [false, true] {
        let mut stage = stage();
        let (point, fault) = (CrashPoint::Decided, AppendFault::NotWritten);
        stage.act(Deed::Crash { at: HERE, point, off_ms: 60_000, spares: 0 }).unwrap();
        stage.act(Deed::Append { at: HERE, fault, spares: 0 }).unwrap();
        if is_spared {
            stage.act(Deed::Spare { at: HERE }).unwrap();
        }
        // That maintenance begins is recorded.
        let begun = stage.act(Deed::BeginMaintenance { staff: 0, locker: LOCKER });
        assert_eq!(begun, if is_spared { Ok(Reply::Done) } else { Err(Undone::Away) });
        assert_eq!(stage.locker(LOCKER).is_some(), is_spared);
    }
}

#[test]
fn safe_02_a_power_cut_at_every_point_of_the_opening_step_opens_nothing_afterwards() {
    for point in CrashPoint::ALL {
        let mut stage = stage();
        to_step_3(&mut stage);
        stage.act(Deed::Crash { at: HERE, point, off_ms: 3_000, spares: 0 }).unwrap();
        assert_eq!(stage.press(LOCKER, Button::Next), Err(Undone::Away));
        assert_eq!(at(&stage), "out_of_service");
        stage.wait(60_000);
        assert_eq!(at(&stage), "start", "{point:?}");
        assert_eq!(fired(&mut stage), 0, "{point:?}");
        let expected = match point {
            CrashPoint::Decided | CrashPoint::Torn => Custody::Customer,
            _ => Custody::ToCheck { box_no: box_no(1), user: None },
        };
        assert_eq!(stage.custody(LOCKER, JANE), Some(expected), "{point:?}");
        let torn =
            stage.records(LOCKER).iter().any(|stamped| matches!(stamped.record, Record::JournalTorn {}));
        assert_eq!(torn, point == CrashPoint::Torn);
    }
}

#[test]
fn safe_02_a_power_cut_around_confirm_loses_no_key() {
    for point in CrashPoint::ALL {
        let mut stage = stage();
        to_step_3(&mut stage);
        stage.press(LOCKER, Button::Next).unwrap();
        stage.wait(1_000);
        put_and_close(&mut stage, 1);
        stage.wait(2_000);
        stage.act(Deed::Crash { at: HERE, point, off_ms: 3_000, spares: 0 }).unwrap();
        assert_eq!(stage.press(LOCKER, Button::Confirm), Err(Undone::Away));
        stage.wait(60_000);
        let expected = match point {
            CrashPoint::Decided | CrashPoint::Torn => Custody::ToCheck { box_no: box_no(1), user: None },
            _ => Custody::Box { box_no: box_no(1) },
        };
        assert_eq!(stage.custody(LOCKER, JANE), Some(expected), "{point:?}");
        assert_eq!(fired(&mut stage), 1);
        let office = stage.office().unwrap().custody(JANE);
        assert!(
            matches!(office, office::Custody::Box { .. } | office::Custody::ToCheck { .. }),
            "{office:?}"
        );
    }
}

#[test]
fn safe_08_a_full_disk_opens_nothing_and_a_free_one_serves_again() {
    let mut stage = stage();
    to_step_3(&mut stage);
    stage.act(Deed::Disk { at: HERE, room: Room::Full }).unwrap();
    assert_eq!(stage.press(LOCKER, Button::Next), Err(Undone::Unrecorded));
    stage.wait(30_000);
    assert_eq!((fired(&mut stage), stage.store(LOCKER)), (0, Store::Down));
    stage.act(Deed::Disk { at: HERE, room: Room::Ample }).unwrap();
    stage.wait(3_000);
    assert_eq!(stage.store(LOCKER), Store::Up);
    stage.press(LOCKER, Button::Next).unwrap();
    stage.wait(1_000);
    assert_eq!(fired(&mut stage), 1);
}

#[test]
fn safe_08_box_06_what_moved_while_nothing_could_be_recorded_is_recorded_once_it_can() {
    let mut stage = stage();
    stage.act(Deed::Disk { at: HERE, room: Room::Full }).unwrap();
    let command = SimCommand::Pry { box_no: box_no(2) };
    stage.act(Deed::Cabinet { locker: LOCKER, who: Who::Thief, command }).unwrap();
    stage.wait(60_000);
    let to_check = |stage: &Stage| stage.locker(LOCKER).unwrap().boxes()[1].to_check;
    assert_eq!((stage.store(LOCKER), to_check(&stage)), (Store::Down, None));
    stage.act(Deed::Disk { at: HERE, room: Room::Ample }).unwrap();
    stage.wait(3_000);
    assert_eq!((stage.store(LOCKER), to_check(&stage)), (Store::Up, Some(CheckReason::Forced)));
}

#[test]
fn an_append_whose_answer_is_lost_restores_the_machine_in_the_next_boot() {
    for fault in [AppendFault::UnknownWritten, AppendFault::UnknownLost] {
        let mut stage = stage();
        to_step_3(&mut stage);
        stage.act(Deed::Append { at: HERE, fault, spares: 0 }).unwrap();
        assert_eq!(stage.press(LOCKER, Button::Next), Err(Undone::Away));
        stage.wait(5_000);
        assert_eq!((at(&stage), fired(&mut stage)), ("start", 0));
        let is_booked = matches!(stage.custody(LOCKER, JANE), Some(Custody::ToCheck { .. }));
        assert_eq!(is_booked, fault == AppendFault::UnknownWritten);
    }
}

#[test]
fn box_08_an_owner_that_hangs_fires_nothing_and_goes_on_where_it_was() {
    let mut stage = stage();
    to_step_3(&mut stage);
    for board in 0..2 {
        let fault = Fault::BoardDead { board };
        stage.command(LOCKER, Who::Somebody, SimCommand::Hurt { fault }).unwrap();
    }
    stage.wait(2_000);
    stage.press(LOCKER, Button::Next).unwrap();
    stage.act(Deed::Hang { at: HERE, ms: 30_000 }).unwrap();
    let heal = SimCommand::HealAll;
    stage.wait(2_500);
    stage.command(LOCKER, Who::Somebody, heal).unwrap();
    stage.wait(20_000);
    assert_eq!(fired(&mut stage), 0, "the lease ran out before the board came back");
    stage.wait(60_000);
    assert!(fired(&mut stage) <= 1);
    assert_ne!(at(&stage), "out_of_service");
}

#[test]
fn a_line_that_is_down_for_days_delivers_every_fact_afterwards() {
    let mut stage = stage();
    to_step_3(&mut stage);
    // Without a line no PIN would have come (SAFE-6).
    stage.act(Deed::Link { locker: LOCKER, link: Link { down: true, ..Link::default() } }).unwrap();
    stage.press(LOCKER, Button::Next).unwrap();
    stage.wait(1_000);
    put_and_close(&mut stage, 1);
    stage.press(LOCKER, Button::Confirm).unwrap();
    stage.wait(3 * DAY);
    assert_eq!(stage.office().unwrap().custody(JANE), office::Custody::Customer);
    let bad = Link { delay_ms: 700, twice: 50, swapped: 50, lost: 30, ..Link::default() };
    stage.act(Deed::Link { locker: LOCKER, link: bad }).unwrap();
    stage.wait(HOUR);
    let expected = office::Custody::Box { locker: LOCKER, box_no: box_no(1) };
    assert_eq!(stage.office().unwrap().custody(JANE), expected);
}

#[test]
fn code_03_a_message_goes_out_again_when_its_answer_was_lost_and_the_newest_pin_is_alive() {
    let mut stage = stage();
    stage.act(Deed::Post { locker: LOCKER, post: Post::AnswerLost }).unwrap();
    for button in [Button::DropKey, Button::Go, Button::ByRegistration] {
        stage.press(LOCKER, button).unwrap();
    }
    stage.touch(LOCKER, Action::Write { text: "1abc123".into() }).unwrap();
    stage.press(LOCKER, Button::Ok).unwrap();
    stage.wait(1_500);
    stage.press(LOCKER, Button::Send).unwrap();
    stage.wait(25_000);
    assert!(!stage.mail().is_empty());
    let pin = stage.mail().last().unwrap().pin.clone();
    stage.press(LOCKER, Button::EnterCode).unwrap();
    assert_eq!(stage.type_pin(LOCKER, &pin), Ok(Reply::Done));
    assert_eq!(at(&stage), "drop.driver");
}

#[test]
fn safe_07_a_wall_clock_that_jumps_is_doubted_until_somebody_confirms_it() {
    let mut stage = stage();
    stage.act(Deed::Clock { at: HERE, fault: ClockFault::Step(-3 * 3_600_000) }).unwrap();
    stage.press(LOCKER, Button::DropKey).unwrap();
    stage.press(LOCKER, Button::Go).unwrap();
    assert!(stage.press(LOCKER, Button::ByRegistration).is_err());
    stage.act(Deed::Clock { at: HERE, fault: ClockFault::Confirm }).unwrap();
    stage.press(LOCKER, Button::ByRegistration).unwrap();
}

#[test]
fn a_story_told_again_is_the_same_story() {
    let mut stage = stage();
    to_step_3(&mut stage);
    stage.press(LOCKER, Button::Next).unwrap();
    stage.wait(1_000);
    stage.power_cut(LOCKER, 4_000).unwrap();
    stage.wait(60_000);
    let written = serde_json::to_string(stage.inputs()).unwrap();
    let inputs: Vec<locker_hal_sim::world::Input> = serde_json::from_str(&written).unwrap();
    let mut again = Stage::replay(stage.plan().clone(), &inputs);
    again.advance_to(stage.now());
    assert_eq!(again.digest(), stage.digest());
}
