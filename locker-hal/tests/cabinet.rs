//! A cabinet and its boards: who is asked when, and who waits for whom.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use common::{Asked, Bench, Says, TestBoard, box_no};
use locker_hal::{
    BoardSpec, BoxNo, Bus, Cabinet, Clock, Door, ErrorKind, Mono, PowerGroup, PulseLength, PulseOutcome,
    PulseSource, VirtualClock, WireNo,
};

/// Boxes 1 and 2 on one board, 3 and 4 on another.
fn two_boards(wires: [WireNo; 2]) -> (Bench, TestBoard, TestBoard) {
    let clock = VirtualClock::at(Mono(1_000));
    let boards = [TestBoard::new(&clock, 2), TestBoard::new(&clock, 2)];
    let mut builder = Cabinet::builder();
    let left = builder.board(wires[0], boards[0].clone());
    let right = builder.board(wires[1], boards[1].clone());
    builder.wire_boxes(left, BoxNo::first(2)).wire_boxes(right, BoxNo::first(4).skip(2));
    let [left, right] = boards;
    (Bench::new(builder.build().unwrap(), &clock), left, right)
}

const APART: [WireNo; 2] = [WireNo(0), WireNo(1)];
const TOGETHER: [WireNo; 2] = [WireNo(0), WireNo(0)];

#[tokio::test]
async fn box_08_all_coils_are_let_go_before_anything_else_at_start() {
    let (mut bench, left, right) = two_boards(TOGETHER);
    bench.cycle().await;
    assert_eq!(left.asked(), [Asked::Off(Mono(1_000)), Asked::Read(Mono(1_000))]);
    assert_eq!(right.asked(), [Asked::Off(Mono(1_000)), Asked::Read(Mono(1_000))]);
    bench.pass(50).await;
    assert_eq!(left.asked(), [Asked::Read(Mono(1_050))], "once");
}

#[tokio::test]
async fn box_08_no_coil_is_fired_before_its_board_has_let_go() {
    let (mut bench, left, _right) = two_boards(APART);
    left.pull(|strings| strings.offs = Says::Fails(ErrorKind::Refused));
    bench.want(1, 1);
    bench.pass(1_000).await;
    assert_eq!(left.pulsed_at(), []);
    left.pull(|strings| strings.offs = Says::Well);
    bench.pass(50).await;
    assert_eq!(left.pulsed_at(), [(2_050, 0)]);
}

#[tokio::test]
async fn box_08_coils_are_let_go_once_when_the_lease_runs_out_and_again_the_next_time() {
    let (mut bench, left, _right) = two_boards(APART);
    bench.pass(1_000).await;
    left.asked();
    let offs = |board: &TestBoard| {
        let asked = board.asked().into_iter();
        asked.filter(|asked| matches!(asked, Asked::Off(_))).collect::<Vec<_>>()
    };
    for hang in 0..2 {
        let given = bench.clock.now();
        bench.outputs.at = given;
        for _ in 0..60 {
            bench.clock.advance(50);
            bench.cabinet.cycle(&bench.outputs, &bench.clock).await;
        }
        assert_eq!(offs(&left), [Asked::Off(given.after(2_050))], "{hang}");
        bench.pass(100).await;
    }
}

#[tokio::test]
async fn box_12_a_silent_board_is_missing_after_three_failures_and_asked_with_back_off_for_ever() {
    let (mut bench, left, _right) = two_boards(APART);
    bench.pass(1_500).await;
    assert_eq!(bench.seen(), [1, 2, 3, 4]);
    left.asked();
    left.pull(|strings| strings.reads = Says::Fails(ErrorKind::Silent));
    left.pull(|strings| strings.offs = Says::Fails(ErrorKind::Silent));
    bench.pass(100).await;
    assert_eq!(bench.seen(), [1, 2, 3, 4], "two failures may be noise");
    bench.pass(50).await;
    assert_eq!(bench.seen(), [3, 4]);
    assert_eq!(left.read_at(), [2_550, 2_600, 2_650]);
    bench.pass(20_000).await;
    let offs: Vec<u64> = left
        .asked()
        .iter()
        .map(|asked| match asked {
            Asked::Off(at) => at.0,
            Asked::Read(_) | Asked::Pulse(..) => 0,
        })
        .collect();
    let waits = [200, 400, 800, 1_600, 3_200, 5_000, 5_000];
    let mut at = 2_650;
    let expected: Vec<u64> = waits
        .iter()
        .map(|wait| {
            at += wait;
            at
        })
        .collect();
    assert_eq!(offs, expected, "let go first, when it comes back");
    assert_eq!(bench.seen(), [3, 4]);
}

#[tokio::test]
async fn box_12_nobody_waits_for_a_silent_board() {
    let (mut bench, left, right) = two_boards(APART);
    bench.pass(1_500).await;
    left.pull(|strings| strings.reads = Says::Fails(ErrorKind::Silent));
    bench.pass(50).await;
    // From now on it takes 10 s to say nothing.
    left.pull(|strings| strings.reads = Says::NotBefore(Mono(12_550)));
    right.asked();
    bench.pass(3_000).await;
    assert_eq!(right.read_at().len(), 60, "the other board is read in every cycle");
    assert_eq!(bench.seen(), [3, 4], "and levels older than 2 s are not shown");
    assert_eq!(bench.last.taken, bench.clock.now());
    left.pull(|strings| strings.reads = Says::Well);
    bench.pass(8_000).await;
    assert_eq!(bench.seen(), [1, 2, 3, 4], "back by itself");
}

#[tokio::test]
async fn box_07_a_slow_acknowledgement_blinds_nobody_but_its_own_board() {
    let (mut bench, left, right) = two_boards(APART);
    bench.pass(1_500).await;
    left.pull(|strings| strings.pulses = Says::NotBefore(Mono(4_000)));
    bench.want(1, 1);
    left.asked();
    right.pull(|strings| strings.door = Door::Open);
    bench.pass(150).await;
    assert_eq!(left.pulsed_at(), [(2_550, 0)]);
    assert_eq!(bench.last.of(box_no(3)).unwrap().door, Door::Open);
    assert_eq!(bench.last.of(box_no(1)).unwrap().door, Door::Closed, "as it was last seen");
    assert_eq!(bench.last.taken, Mono(2_500), "which the reading says");
    assert_eq!(bench.last.pulse, None, "undecided");
    bench.pass(1_350).await;
    let report = bench.last.pulse.unwrap();
    assert_eq!((report.at, report.outcome), (Mono(2_550), PulseOutcome::Accepted));
    assert_eq!(bench.last.taken, Mono(4_000));
}

#[tokio::test]
async fn box_08_gap_and_rest_count_from_the_latest_end_of_the_pulse() {
    let (mut bench, left, _right) = two_boards(APART);
    bench.pass(1_500).await;
    left.asked();
    left.pull(|strings| strings.pulses = Says::NotBefore(Mono(4_000)));
    bench.want(1, 1);
    bench.pass(50).await;
    bench.want(2, 3);
    left.pull(|strings| strings.pulses = Says::Well);
    bench.pass(1_400).await;
    assert_eq!(bench.last.pulse, None, "still waiting for the first answer");
    bench.pass(5_000).await;
    let second = bench.last.pulse.unwrap();
    assert_eq!((second.id.n, second.at), (2, Mono(4_000 + 500 + 300)));
    bench.want(3, 1);
    bench.pass(5_000).await;
    assert_eq!(left.pulsed_at(), [(2_550, 0), (4_000 + 500 + 5_000, 0)]);
}

#[tokio::test]
async fn box_08_power_groups_do_not_wait_for_each_other() {
    let clock = VirtualClock::at(Mono(1_000));
    let (left, right) = (TestBoard::new(&clock, 2), TestBoard::new(&clock, 2));
    let mut builder = Cabinet::builder();
    let there = builder.board(WireNo(0), left.clone());
    let elsewhere = builder.board(WireNo(1), right.clone());
    builder.wire_boxes(there, BoxNo::first(2)).wire_boxes(elsewhere, BoxNo::first(4).skip(2));
    builder.power_group(elsewhere, PowerGroup(1));
    let mut bench = Bench::new(builder.build().unwrap(), &clock);
    bench.pass(1_500).await;
    bench.want(1, 1);
    bench.pass(50).await;
    bench.want(2, 3);
    bench.pass(50).await;
    assert_eq!((left.pulsed_at(), right.pulsed_at()), (vec![(2_550, 0)], vec![(2_600, 0)]));
}

#[tokio::test]
async fn box_08_the_rest_of_a_fixed_pulse_is_ten_times_what_the_board_does() {
    let clock = VirtualClock::at(Mono(1_000));
    let mut board = TestBoard::new(&clock, 1);
    board.spec = BoardSpec { pulse_length: PulseLength::Fixed(200), ..BoardSpec::prompt(1) };
    let mut builder = Cabinet::builder();
    let there = builder.board(WireNo(0), board.clone());
    builder.wire_boxes(there, BoxNo::first(1));
    let mut bench = Bench::new(builder.build().unwrap(), &clock);
    bench.pass(500).await;
    bench.want(1, 1);
    bench.pass(50).await;
    bench.want(2, 1);
    bench.pass(5_000).await;
    assert_eq!(board.pulsed_at(), [(1_550, 0), (1_550 + 200 + 2_000, 0)]);
}

#[tokio::test]
async fn box_10_a_pulse_waits_for_a_busy_wire_only_as_long_as_its_time_allows() {
    let (mut bench, left, _right) = two_boards(APART);
    bench.pass(1_500).await;
    left.pull(|strings| strings.reads = Says::Fails(ErrorKind::Silent));
    bench.pass(50).await;
    left.pull(|strings| strings.reads = Says::NotBefore(Mono(20_000)));
    bench.pass(50).await;
    left.asked();
    bench.want(1, 1);
    bench.pass(10_000).await;
    assert_eq!(bench.last.pulse, None, "it might still begin");
    bench.pass(50).await;
    let report = bench.last.pulse.unwrap();
    assert_eq!((report.at, report.outcome), (Mono(12_650), PulseOutcome::NotDriven));
    bench.pass(10_000).await;
    assert_eq!(left.pulsed_at(), [], "and does not begin later");
}

#[tokio::test]
async fn box_02_a_pulse_is_reported_by_what_the_board_said() {
    let cases = [
        (Says::Well, PulseOutcome::Accepted),
        (Says::Fails(ErrorKind::Silent), PulseOutcome::Unanswered),
        (Says::Fails(ErrorKind::Garbled), PulseOutcome::Unanswered),
        (Says::Fails(ErrorKind::Other), PulseOutcome::Unanswered),
        (Says::Fails(ErrorKind::Refused), PulseOutcome::NotDriven),
        (Says::Fails(ErrorKind::Busy), PulseOutcome::NotDriven),
        (Says::Fails(ErrorKind::Disconnected), PulseOutcome::NotDriven),
    ];
    for (says, outcome) in cases {
        let (mut bench, left, _right) = two_boards(APART);
        bench.pass(1_500).await;
        left.pull(|strings| strings.pulses = says);
        bench.want(1, 2);
        bench.pass(3_000).await;
        assert_eq!(bench.last.pulse.map(|report| report.outcome), Some(outcome), "{says:?}");
        assert_eq!(left.pulsed_at(), [(2_550, 1)], "once, {says:?}");
    }
}

#[tokio::test]
async fn a_cycle_that_is_dropped_half_way_loses_nothing() {
    let (mut bench, left, right) = two_boards(APART);
    left.pull(|strings| strings.offs = Says::NotBefore(Mono(1_100)));
    {
        let mut cycle = bench.cabinet.cycle(&bench.outputs, &bench.clock);
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(cycle.as_mut().poll(&mut cx).is_pending(), "the first answer is waited for");
    }
    bench.clock.advance(100);
    bench.cycle().await;
    assert_eq!(left.asked(), [Asked::Off(Mono(1_000)), Asked::Read(Mono(1_100))]);
    assert_eq!(right.read_at(), [1_000, 1_100]);
}

#[tokio::test]
async fn box_08_all_off_at_exit_reaches_every_board_after_what_is_under_way() {
    let (mut bench, left, right) = two_boards(TOGETHER);
    bench.pass(1_500).await;
    bench.want(1, 1);
    left.pull(|strings| strings.pulses = Says::Fails(ErrorKind::Silent));
    bench.pass(50).await;
    left.asked();
    right.asked();
    bench.cabinet.all_off().await;
    assert_eq!(left.asked(), [Asked::Off(Mono(2_550))]);
    assert_eq!(right.asked(), [Asked::Off(Mono(2_550))]);
}

#[tokio::test]
async fn box_10_a_new_boot_numbers_edges_anew_and_remembers_what_it_fired() {
    let (mut bench, left, _right) = two_boards(APART);
    bench.pass(1_500).await;
    bench.want(1, 1);
    left.pull(|strings| strings.door = Door::Open);
    bench.pass(200).await;
    assert_eq!(bench.last.edges.len(), 2);
    bench.cabinet.new_boot();
    left.asked();
    bench.pass(8_000).await;
    assert_eq!((bench.last.edges.len(), bench.last.pulse), (0, None));
    assert_eq!(left.pulsed_at(), [], "the old id stays driven");
    left.pull(|strings| strings.door = Door::Closed);
    bench.pass(1_100).await;
    let numbers: Vec<u64> = bench.last.edges.iter().map(|edge| edge.n).collect();
    assert_eq!(numbers, [1, 2]);
}

#[tokio::test]
async fn box_08_a_software_pulse_is_driven_to_its_end_within_the_cycle() {
    for (source, waits) in [(PulseSource::Hardware, false), (PulseSource::Software, true)] {
        let clock = VirtualClock::at(Mono(1_000));
        let mut board = TestBoard::new(&clock, 1);
        board.spec.pulse_source = source;
        let mut builder = Cabinet::builder();
        let there = builder.board(WireNo(0), board.clone());
        builder.wire_boxes(there, BoxNo::first(1)).accept_software_pulse(there);
        let mut bench = Bench::new(builder.build().unwrap(), &clock);
        bench.pass(500).await;
        board.pull(|strings| strings.pulses = Says::NotBefore(Mono(9_000)));
        bench.want(1, 1);
        bench.outputs.at = clock.now();
        let mut cycle = bench.cabinet.cycle(&bench.outputs, &bench.clock);
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        assert_eq!(cycle.as_mut().poll(&mut cx).is_pending(), waits, "{source:?}");
    }
}

#[tokio::test]
async fn box_12_a_board_that_came_back_shows_no_level_before_it_has_settled_anew() {
    let (mut bench, left, _right) = two_boards(APART);
    bench.pass(1_500).await;
    left.pull(|strings| strings.reads = Says::Fails(ErrorKind::Silent));
    bench.pass(150).await;
    assert_eq!(bench.seen(), [3, 4], "silent at 2,650, asked again at 2,850");
    left.pull(|strings| strings.reads = Says::Well);
    bench.pass(1_150).await;
    assert_eq!(bench.seen(), [3, 4], "950 ms of rest");
    bench.pass(50).await;
    assert_eq!(bench.seen(), [1, 2, 3, 4], "1 s of rest");
    assert_eq!(bench.last.edges, [], "closed as before");
}
