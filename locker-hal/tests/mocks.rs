//! The mocks of the feature `mocks` stand in for a board and for a bus.

#![cfg(feature = "mocks")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use locker_hal::{
    BoardSpec, BoxNo, Bus, Cabinet, ChannelLevels, ErrorKind, MockBoard, MockBus, Mono, Outputs, Readings,
    WireNo,
};

#[tokio::test]
async fn a_mocked_board_is_a_board() {
    let mut board = MockBoard::new();
    board.expect_spec().return_const(BoardSpec::prompt(1));
    board.expect_all_off().times(1).returning(|| Ok(()));
    board.expect_read().times(1).returning(|| Ok(ChannelLevels::default()));
    board.expect_pulse().times(0).returning(|_| Err(ErrorKind::Refused));
    let mut builder = Cabinet::builder();
    let there = builder.board(WireNo(0), board);
    builder.wire_boxes(there, BoxNo::first(1));
    let mut cabinet = builder.build().unwrap();
    assert_eq!(cabinet.cycle(&Outputs::all_off(Mono(0)), &Mono(0)).await.pulse, None);
}

#[tokio::test]
async fn a_mocked_bus_is_a_bus() {
    let mut bus = MockBus::new();
    bus.expect_cycle().returning(|_, clock| Readings::new(clock.now(), Vec::new()));
    let readings = bus.cycle(&Outputs::all_off(Mono(7)), &Mono(7)).await;
    assert_eq!(readings, Readings::new(Mono(7), Vec::new()));
}
