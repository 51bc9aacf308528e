//! The loop that serves a bus.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use core::time::Duration;

use common::{Asked, TestBoard};
use locker_hal::{BoxNo, Cabinet, Clock, Mono, Outputs, VirtualClock, WireNo, run_bus};
use tokio::sync::{mpsc, watch};

const PERIOD: Duration = Duration::from_millis(50);

fn one_board() -> (Cabinet, TestBoard, VirtualClock) {
    let clock = VirtualClock::default();
    let board = TestBoard::new(&clock, 1);
    let mut builder = Cabinet::builder();
    let there = builder.board(WireNo(0), board.clone());
    builder.wire_boxes(there, BoxNo::first(1));
    (builder.build().unwrap(), board, clock)
}

#[tokio::test(start_paused = true)]
async fn the_loop_reads_the_latest_outputs_and_offers_readings() {
    let (cabinet, _board, clock) = one_board();
    let (outputs, latest) = watch::channel(Outputs::all_off(clock.now()));
    let (offered, mut readings) = mpsc::channel(1);
    let task = tokio::spawn(run_bus(cabinet, clock.clone(), latest, offered, PERIOD));
    for n in 0..5 {
        assert_eq!(readings.recv().await.unwrap().taken, Mono(n * 50));
        clock.advance(50);
        outputs.send_replace(Outputs::all_off(clock.now()));
    }
    drop(outputs);
    task.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn box_08_the_loop_ends_with_its_owner_and_lets_all_coils_go() {
    let (cabinet, board, clock) = one_board();
    let (outputs, latest) = watch::channel(Outputs::all_off(clock.now()));
    let (offered, readings) = mpsc::channel(1);
    let task = tokio::spawn(run_bus(cabinet, clock.clone(), latest, offered, PERIOD));
    tokio::time::advance(PERIOD).await;
    board.asked();
    drop(outputs);
    task.await.unwrap();
    assert_eq!(board.asked().last(), Some(&Asked::Off(Mono(0))));
    drop(readings);
}

#[tokio::test(start_paused = true)]
async fn a_slow_owner_delays_no_poll() {
    let (cabinet, board, clock) = one_board();
    let (_outputs, latest) = watch::channel(Outputs::all_off(clock.now()));
    let (offered, readings) = mpsc::channel(1);
    let task = tokio::spawn(run_bus(cabinet, clock.clone(), latest, offered, PERIOD));
    tokio::time::sleep(PERIOD * 10 + PERIOD / 2).await;
    assert_eq!(board.read_at().len(), 11, "although nobody takes readings");
    drop(readings);
    task.await.unwrap();
}
