//! The physical truth: doors, latches, coils, keys and faults, without any electronics above.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use locker_hal_sim::{
    BoardSays, BoxNo, Channel, Coil, Door, Fault, Item, Mono, PulseId, PulseOrder, SimCabinet, SimCommand,
    SimConfig, SimRefusal,
};

fn box_no(number: u8) -> BoxNo {
    BoxNo::new(number).unwrap()
}

fn order(n: u32, channel: u8, length_ms: u16) -> PulseOrder {
    PulseOrder { id: PulseId { n, ..PulseId::default() }, channel: Channel(channel), length_ms }
}

fn door(cabinet: &mut SimCabinet, at: u64, number: u8) -> Door {
    cabinet.state(Mono(at)).of(box_no(number)).unwrap().door
}

fn sensed(cabinet: &mut SimCabinet, at: u64, number: u8) -> (Door, Item) {
    let state = cabinet.state(Mono(at));
    let there = state.of(box_no(number)).unwrap();
    (there.sensed_door, there.sensed_item)
}

fn hurt(cabinet: &mut SimCabinet, at: u64, fault: Fault) {
    cabinet.command(Mono(at), SimCommand::Hurt { fault }).unwrap();
}

#[test]
fn a_pulse_frees_the_latch_and_the_spring_opens_the_door_80_ms_later() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    assert_eq!(cabinet.pulse(Mono(100), 1, order(1, 0, 500)), BoardSays::Taken);
    assert_eq!(door(&mut cabinet, 179, 9), Door::Closed);
    assert_eq!(door(&mut cabinet, 180, 9), Door::Open);
    let state = cabinet.state(Mono(599));
    assert_eq!(state.of(box_no(9)).unwrap().coil, Coil::On);
    assert_eq!(cabinet.state(Mono(600)).of(box_no(9)).unwrap().coil, Coil::Off);
    let fired = state.fired[0];
    assert_eq!((fired.id.n, fired.box_no, fired.from, fired.until), (1, box_no(9), Mono(100), Mono(600)));
    assert_eq!((state.pulses, state.of(box_no(9)).unwrap().pulses), (1, 1));
    assert!(state.boxes.iter().all(|there| there.box_no == box_no(9) || there.door == Door::Closed));
}

#[test]
fn a_pulse_shorter_than_the_spring_needs_opens_nothing() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    cabinet.pulse(Mono(0), 0, order(1, 0, 79));
    assert_eq!(door(&mut cabinet, 1_000, 1), Door::Closed);
    cabinet.pulse(Mono(1_000), 0, order(2, 0, 80));
    assert_eq!(door(&mut cabinet, 2_000, 1), Door::Open);
}

#[test]
fn a_door_that_is_pushed_shut_while_the_coil_is_on_springs_open_again() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    cabinet.pulse(Mono(0), 0, order(1, 0, 500));
    let close = SimCommand::Close { box_no: box_no(1) };
    cabinet.command(Mono(200), close.clone()).unwrap();
    assert_eq!(door(&mut cabinet, 279, 1), Door::Closed);
    assert_eq!(door(&mut cabinet, 280, 1), Door::Open);
    cabinet.command(Mono(450), close).unwrap();
    assert_eq!(door(&mut cabinet, 10_000, 1), Door::Closed, "30 ms before the coil lets go");
}

#[test]
fn people_open_what_is_unlatched_and_pry_the_rest() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    let box_no = box_no(3);
    let open = SimCommand::Open { box_no };
    assert_eq!(cabinet.command(Mono(0), open.clone()), Err(SimRefusal::Latched));
    cabinet.pulse(Mono(10), 0, order(1, 2, 500));
    assert_eq!(cabinet.command(Mono(20), open.clone()), Ok(()), "before the spring does");
    cabinet.command(Mono(600), SimCommand::Close { box_no }).unwrap();
    assert_eq!(cabinet.command(Mono(601), open), Err(SimRefusal::Latched));
    cabinet.command(Mono(602), SimCommand::Pry { box_no }).unwrap();
    assert_eq!(door(&mut cabinet, 602, 3), Door::Open);
}

#[test]
fn keys_go_in_and_out_of_open_boxes_only() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    let box_no = box_no(3);
    let put = |key: &str| SimCommand::Put { box_no, key: key.into() };
    let take = |key: Option<&str>| SimCommand::Take { box_no, key: key.map(Into::into) };
    let mut act = |command| cabinet.command(Mono(0), command);
    assert_eq!(act(put("A")), Err(SimRefusal::DoorClosed));
    act(SimCommand::Pry { box_no }).unwrap();
    for key in ["A", "B", "C"] {
        act(put(key)).unwrap();
    }
    assert_eq!(act(put("")), Err(SimRefusal::BadLabel));
    assert_eq!(act(put(&"x".repeat(65))), Err(SimRefusal::BadLabel));
    assert_eq!(act(take(Some("Z"))), Err(SimRefusal::NoSuchKey));
    act(take(Some("A"))).unwrap();
    act(take(None)).unwrap();
    act(SimCommand::Close { box_no }).unwrap();
    assert_eq!(act(take(None)), Err(SimRefusal::DoorClosed));
    let state = cabinet.state(Mono(0));
    assert_eq!(state.of(box_no).unwrap().keys, ["B"]);
    assert_eq!(state.of(box_no).unwrap().sensed_item, Item::Present);
}

#[test]
fn a_contact_bounces_for_30_ms_after_every_move() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    cabinet.command(Mono(1_000), SimCommand::Pry { box_no: box_no(1) }).unwrap();
    let seen: Vec<Door> = (0..40).step_by(5).map(|ms| sensed(&mut cabinet, 1_000 + ms, 1).0).collect();
    use Door::{Closed, Open};
    assert_eq!(seen, [Open, Closed, Open, Closed, Open, Closed, Open, Open]);
}

#[test]
fn every_sensor_fault_says_what_it_should_and_heals() {
    let box_no = box_no(2);
    let faults = [
        (Fault::DoorStuckOpen { box_no }, (Door::Open, Item::Absent)),
        (Fault::DoorStuckClosed { box_no }, (Door::Closed, Item::Absent)),
        (Fault::DoorCut { box_no }, (Door::Unknown, Item::Absent)),
        (Fault::ItemStuckPresent { box_no }, (Door::Closed, Item::Present)),
        (Fault::ItemStuckAbsent { box_no }, (Door::Closed, Item::Absent)),
        (Fault::ItemCut { box_no }, (Door::Closed, Item::Unknown)),
    ];
    for (fault, expected) in faults {
        let mut cabinet = SimCabinet::new(SimConfig::default());
        hurt(&mut cabinet, 0, fault);
        assert_eq!(sensed(&mut cabinet, 1, 2), expected, "{fault:?}");
        assert_eq!(cabinet.state(Mono(1)).faults, [fault]);
        assert_eq!(door(&mut cabinet, 1, 2), Door::Closed, "the door itself is as it was");
        cabinet.command(Mono(2), SimCommand::Heal { fault }).unwrap();
        assert_eq!(sensed(&mut cabinet, 2, 2), (Door::Closed, Item::Absent));
    }
}

#[test]
fn an_unsteady_contact_changes_every_200_ms() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    hurt(&mut cabinet, 0, Fault::DoorUnsteady { box_no: box_no(2) });
    let seen: Vec<Door> = (0..5).map(|n| sensed(&mut cabinet, n * 200, 2).0).collect();
    use Door::{Closed, Open};
    assert_eq!(seen, [Open, Closed, Open, Closed, Open]);
}

#[test]
fn a_jammed_latch_holds_and_a_person_cannot_pull_it_open() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    let box_no = box_no(1);
    hurt(&mut cabinet, 0, Fault::Jammed { box_no });
    assert_eq!(cabinet.pulse(Mono(0), 0, order(1, 0, 500)), BoardSays::Taken);
    assert_eq!(cabinet.command(Mono(100), SimCommand::Open { box_no }), Err(SimRefusal::Latched));
    assert_eq!(door(&mut cabinet, 1_000, 1), Door::Closed);
    cabinet.command(Mono(1_000), SimCommand::HealAll).unwrap();
    assert_eq!(door(&mut cabinet, 2_000, 1), Door::Closed, "it takes a new pulse");
}

#[test]
fn every_board_fault_fires_and_answers_as_it_should() {
    let faults = [
        (Fault::BoardDead { board: 0 }, 0, BoardSays::Nothing),
        (Fault::BoardRefuses { board: 0 }, 0, BoardSays::Declined),
        (Fault::BoardSlow { board: 0 }, 1, BoardSays::TakenTooLate),
        (Fault::AckLost { board: 0 }, 1, BoardSays::Nothing),
        (Fault::BoardGarbles { board: 0 }, 1, BoardSays::Noise),
    ];
    for (fault, pulses, says) in faults {
        let mut cabinet = SimCabinet::new(SimConfig::default());
        hurt(&mut cabinet, 0, fault);
        assert_eq!(cabinet.pulse(Mono(1), 0, order(1, 0, 500)), says, "{fault:?}");
        assert_eq!(cabinet.state(Mono(1)).pulses, pulses, "{fault:?}");
        assert_eq!(cabinet.pulse(Mono(2), 1, order(2, 0, 500)), BoardSays::Taken, "the other board is well");
    }
}

#[test]
fn a_board_that_dies_lets_its_coils_go() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    cabinet.pulse(Mono(0), 0, order(1, 0, 2_000));
    cabinet.pulse(Mono(0), 1, order(2, 0, 2_000));
    hurt(&mut cabinet, 50, Fault::BoardDead { board: 0 });
    let state = cabinet.state(Mono(1_000));
    assert_eq!((state.fired[0].until, state.fired[1].until), (Mono(50), Mono(2_000)));
    assert_eq!(state.of(box_no(1)).unwrap().door, Door::Closed, "30 ms before the spring had done it");
    assert_eq!(state.of(box_no(9)).unwrap().door, Door::Open);
    assert_eq!(cabinet.read(Mono(1_000), 0), BoardSays::Nothing);
}

#[test]
fn what_is_not_there_is_refused() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    let close = SimCommand::Close { box_no: box_no(17) };
    assert_eq!(cabinet.command(Mono(0), close), Err(SimRefusal::UnknownBox));
    let nowhere = Fault::BoardDead { board: 2 };
    let hurt = |fault| SimCommand::Hurt { fault };
    assert_eq!(cabinet.command(Mono(0), hurt(nowhere)), Err(SimRefusal::UnknownBoard));
    let nothing = Fault::Jammed { box_no: box_no(17) };
    assert_eq!(cabinet.command(Mono(0), hurt(nothing)), Err(SimRefusal::UnknownBox));
    assert_eq!(cabinet.pulse(Mono(0), 0, order(1, 8, 500)), BoardSays::Declined);
    assert_eq!(cabinet.pulse(Mono(0), 9, order(1, 0, 500)), BoardSays::Declined);
    assert_eq!(cabinet.state(Mono(0)).faults, []);
}

#[test]
fn cabinets_of_any_size_have_each_box_once() {
    for (boxes, per_board) in [(1, 1), (16, 8), (17, 8), (255, 1), (255, 255), (0, 0), (255, 48)] {
        let config = SimConfig { boxes, boxes_per_board: per_board, ..SimConfig::default() };
        let all: Vec<BoxNo> = (0..config.boards()).flat_map(|board| config.boxes_of(board)).collect();
        assert!(all.iter().copied().eq(BoxNo::first(boxes.max(1))), "{boxes} on boards of {per_board}");
        for (n, box_no) in (0..).zip(all) {
            let (board, channel) = config.place_of(box_no);
            assert_eq!(u32::from(board) * u32::from(per_board.max(1)) + u32::from(channel), n);
            assert!(channel < config.channels(board));
        }
        assert_eq!(config.channels(config.boards()), 0);
    }
}

#[test]
fn the_list_of_pulses_is_bounded_and_their_count_is_not() {
    let mut cabinet = SimCabinet::new(SimConfig::default());
    for n in 0..2_000 {
        cabinet.pulse(Mono(u64::from(n)), 0, order(n, 0, 1));
    }
    let state = cabinet.state(Mono(9_000));
    assert_eq!((state.pulses, state.fired.len()), (2_000, locker_hal_sim::FIRED_MAX));
    assert_eq!((state.fired[0].id.n, state.fired[1_023].id.n), (976, 1_999));
}

#[test]
fn boxes_without_sensors_say_unknown() {
    let config = SimConfig {
        without_door_sensor: [box_no(1)].into(),
        without_item_sensor: [box_no(2)].into(),
        ..SimConfig::default()
    };
    let mut cabinet = SimCabinet::new(config);
    assert_eq!(sensed(&mut cabinet, 0, 1), (Door::Unknown, Item::Absent));
    assert_eq!(sensed(&mut cabinet, 0, 2), (Door::Closed, Item::Unknown));
}
