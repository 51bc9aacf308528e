//! The loop that serves a bus.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use core::future::pending;
use core::time::Duration;

use async_trait::async_trait;
use common::{Asked, TestBoard};
use locker_hal::{
    Board, BoardSpec, Boot, BoxNo, Cabinet, ChannelLevels, Clock, ErrorKind, Mono, Outputs, Pulse, PulseId,
    PulseOrder, VirtualClock, WireNo, run_bus,
};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

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

/// A board that answers a pulse after 30 ms, says itself when a sensor has moved, and tells when it is asked what.
struct Talkative {
    origin: Instant,
    moved: watch::Receiver<()>,
    asked: mpsc::UnboundedSender<(&'static str, u128)>,
}

impl Talkative {
    fn asked(&self, what: &'static str) {
        let _ = self.asked.send((what, self.origin.elapsed().as_millis()));
    }
}

#[async_trait]
impl Board for Talkative {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        BoardSpec::prompt(1)
    }

    async fn pulse(&mut self, _order: PulseOrder) -> Result<(), ErrorKind> {
        self.asked("pulse");
        sleep(Duration::from_millis(30)).await;
        Ok(())
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        self.asked("read");
        self.moved.mark_unchanged();
        Ok(ChannelLevels::default())
    }

    async fn moved(&mut self) {
        if self.moved.changed().await.is_err() {
            pending::<()>().await;
        }
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

/// What a bus with one such board asks of it from 1,000 ms to 1,200 ms when `deeds` happen at their times.
async fn asked_of_a_talkative_board(deeds: &[(u64, Deed)]) -> Vec<(&'static str, u128)> {
    let origin = Instant::now();
    let (moves, moved) = watch::channel(());
    let (asked, mut log) = mpsc::unbounded_channel();
    let mut builder = Cabinet::builder();
    let there = builder.board(WireNo(0), Talkative { origin, moved, asked });
    builder.wire_boxes(there, BoxNo::first(1));
    let clock = move || Mono(u64::try_from(origin.elapsed().as_millis()).unwrap());
    let (outputs, latest) = watch::channel(Outputs::all_off(Mono(0)));
    let (offered, mut readings) = mpsc::channel(1);
    let taker = tokio::spawn(async move { while readings.recv().await.is_some() {} });
    let task = tokio::spawn(run_bus(builder.build().unwrap(), clock, latest, offered, PERIOD));
    for (at, deed) in deeds {
        sleep_until(origin + Duration::from_millis(*at)).await;
        match deed {
            Deed::Move => moves.send_replace(()),
            Deed::Want(n) => {
                let id = PulseId { boot: Boot(1), n: *n };
                let pulse = Pulse { id, box_no: common::box_no(1), length_ms: 50, not_after: Mono(5_000) };
                let mut wanted = Outputs::all_off(clock());
                wanted.pulse = Some(pulse);
                outputs.send_replace(wanted);
            }
        }
    }
    sleep_until(origin + Duration::from_millis(1_205)).await;
    drop(outputs);
    task.await.unwrap();
    taker.await.unwrap();
    let all = std::iter::from_fn(|| log.try_recv().ok());
    all.filter(|(_, at)| (1_000..1_200).contains(at)).collect()
}

fn times(asked: Vec<(&'static str, u128)>) -> Vec<u128> {
    asked.into_iter().map(|(_, at)| at).collect()
}

#[derive(Clone, Copy)]
enum Deed {
    Move,
    Want(u32),
}

#[tokio::test(start_paused = true)]
async fn box_04_a_wanted_pulse_waits_for_no_period_and_the_reading_behind_it_for_nothing_but_its_answer() {
    let asked = asked_of_a_talkative_board(&[(1_010, Deed::Want(1)), (1_020, Deed::Want(1))]).await;
    let expected = [
        ("read", 1_000),
        ("pulse", 1_010),
        ("read", 1_040),
        ("read", 1_090),
        ("read", 1_140),
        ("read", 1_190),
    ];
    assert_eq!(asked, expected);
}

#[tokio::test(start_paused = true)]
async fn box_07_a_sensor_that_moves_is_read_at_once_and_one_that_flutters_once_in_a_period() {
    let asked = asked_of_a_talkative_board(&[(1_010, Deed::Move)]).await;
    assert_eq!(times(asked), [1_000, 1_010, 1_060, 1_110, 1_160]);
    let flutters: Vec<_> = (1_010..1_100).step_by(3).map(|at| (at, Deed::Move)).collect();
    let asked = asked_of_a_talkative_board(&flutters).await;
    assert_eq!(times(asked), [1_000, 1_010, 1_060, 1_061, 1_111, 1_161]);
}
