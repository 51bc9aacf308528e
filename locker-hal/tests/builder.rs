//! What a cabinet is made of, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use common::{TestBoard, box_no};
use locker_hal::{
    BoardNo, BoardSpec, BoxNo, Cabinet, CabinetBuilder, CabinetError, Channel, Place, PulseLength,
    PulseSource, VirtualClock, WireNo,
};

fn builder_of(spec: BoardSpec) -> (CabinetBuilder, BoardNo) {
    let mut board = TestBoard::new(&VirtualClock::default(), 8);
    board.spec = spec;
    let mut builder = Cabinet::builder();
    let there = builder.board(WireNo(0), board);
    (builder, there)
}

fn refusal(builder: CabinetBuilder) -> CabinetError {
    builder.build().err().expect("this does not fit")
}

#[test]
fn a_cabinet_without_boxes_is_refused() {
    let (builder, _) = builder_of(BoardSpec::prompt(8));
    assert_eq!(refusal(builder), CabinetError::NoBoxes);
}

#[test]
fn a_box_that_is_wired_twice_is_refused() {
    let (mut builder, board) = builder_of(BoardSpec::prompt(8));
    builder.wire_boxes(board, BoxNo::first(2));
    let channel = Channel(7);
    builder.wire_box(box_no(2), Place { board, channel });
    assert_eq!(refusal(builder), CabinetError::BoxTwice(box_no(2)));
}

#[test]
fn a_channel_that_carries_two_boxes_is_refused() {
    let (mut builder, board) = builder_of(BoardSpec::prompt(8));
    builder.wire_boxes(board, BoxNo::first(2));
    let channel = Channel(1);
    builder.wire_box(box_no(3), Place { board, channel });
    let error = refusal(builder);
    assert_eq!(error, CabinetError::ChannelTwice { board, channel });
    assert_eq!(error.to_string(), "channel 1 of board 0 carries two boxes");
}

#[test]
fn a_board_or_a_channel_that_is_not_there_is_refused() {
    let (mut builder, _) = builder_of(BoardSpec::prompt(8));
    builder.wire_boxes(BoardNo(1), BoxNo::first(1));
    assert_eq!(refusal(builder), CabinetError::UnknownBoard(BoardNo(1)));
    let (mut builder, board) = builder_of(BoardSpec::prompt(8));
    builder.wire_boxes(board, BoxNo::first(9));
    let channel = Channel(8);
    assert_eq!(refusal(builder), CabinetError::UnknownChannel { board, channel });
}

#[test]
fn box_08_a_board_without_a_pulse_of_its_own_is_refused_unless_accepted() {
    let spec = BoardSpec { pulse_source: PulseSource::Software, ..BoardSpec::prompt(8) };
    let (mut builder, board) = builder_of(spec);
    builder.wire_boxes(board, BoxNo::first(8));
    assert_eq!(refusal(builder), CabinetError::SoftwarePulse(board));
    let (mut builder, board) = builder_of(spec);
    builder.wire_boxes(board, BoxNo::first(8)).accept_software_pulse(board);
    assert!(builder.build().is_ok());
}

#[test]
fn box_08_a_fixed_pulse_longer_than_2_s_is_refused() {
    let fixed = |ms| BoardSpec { pulse_length: PulseLength::Fixed(ms), ..BoardSpec::prompt(8) };
    for (ms, fits) in [(0, false), (1, true), (2_000, true), (2_001, false)] {
        let (mut builder, board) = builder_of(fixed(ms));
        builder.wire_boxes(board, BoxNo::first(8));
        assert_eq!(builder.build().err(), (!fits).then_some(CabinetError::PulseLength(board)), "{ms}");
    }
}

#[test]
fn box_07_a_cabinet_that_might_miss_an_opening_of_400_ms_is_refused() {
    let build = |period_ms| {
        let (mut builder, board) = builder_of(BoardSpec::prompt(8));
        builder.wire_boxes(board, BoxNo::first(8)).poll_period_ms(period_ms);
        builder.build().map(|cabinet| cabinet.blind_time().usual_ms)
    };
    assert_eq!(build(200), Ok(400));
    assert_eq!(build(201), Err(CabinetError::TooBlind { blind_ms: 402 }));
}
