//! What faults do, and what they do not (BOX-2, BOX-4, BOX-12).

use locker_core::{Door, PulseOutcome};

use super::bench::Bench;
use super::{Deed, Finding, Rig, expect};

fn expect_report<R: Rig>(bench: &Bench<R>, outcome: PulseOutcome) -> Result<(), Finding> {
    let seen = bench.report().map(|report| report.outcome);
    expect(seen == Some(outcome), || format!("{outcome:?} should be reported, not {seen:?}"))
}

pub(super) async fn a_jammed_door_stays_closed<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    bench.act(Deed::Jam(box_no)).await;
    bench.want(box_no);
    bench.pass(5_000).await;
    bench.expect_pulses(1, "at a jammed lock").await?;
    expect_report(&bench, PulseOutcome::Accepted)?;
    bench.expect_door(box_no, Some(Door::Closed), "because the lock is jammed")?;
    bench.expect_edges(&[], "at a jammed lock")
}

pub(super) async fn a_lost_acknowledgement<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    bench.act(Deed::LoseAcknowledgements(box_no)).await;
    bench.want(box_no);
    bench.pass(8_000).await;
    bench.expect_pulses(1, "although its acknowledgement got lost").await?;
    expect_report(&bench, PulseOutcome::Unanswered)?;
    bench.expect_door(box_no, Some(Door::Open), "because the coil fired")
}

pub(super) async fn a_dead_board_stops_nobody<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let (dead, alive) = (bench.first(), bench.last_box());
    bench.act(Deed::KillBoard(dead)).await;
    bench.pass(10_000).await;
    bench.expect_door(dead, None, "on a dead board")?;
    bench.expect_door(alive, Some(Door::Closed), "on the other board")?;
    let fresh = bench.last.taken == bench.now();
    expect(fresh, || format!("the levels are of {:?}, now is {:?}", bench.last.taken, bench.now()))?;
    bench.want(alive);
    bench.pass(1_000).await;
    bench.expect_pulses(1, "on the other board").await?;
    expect_report(&bench, PulseOutcome::Accepted)?;
    bench.expect_door(alive, Some(Door::Open), "on the other board")?;
    let pulse = bench.want(dead);
    bench.pass(8_000).await;
    bench.expect_pulses(1, "because a dead board fires nothing").await?;
    // It stays undecided, or it is reported as not accepted.
    let report = bench.report();
    let accepted =
        report.is_some_and(|report| report.id == pulse.id && report.outcome == PulseOutcome::Accepted);
    expect(!accepted, || "a dead board cannot accept".into())
}

pub(super) async fn a_dead_board_comes_back<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    bench.act(Deed::KillBoard(box_no)).await;
    bench.pass(20_000).await;
    bench.expect_door(box_no, None, "on a dead board")?;
    bench.act(Deed::Open(box_no)).await;
    bench.act(Deed::ReviveBoard(box_no)).await;
    bench.pass(crate::BACK_OFF_MS_MAX + 1_500).await;
    bench.expect_door(box_no, Some(Door::Open), "on the board that came back")?;
    let edges: Vec<_> = bench.last.edges.iter().map(|edge| (edge.n, edge.box_no, edge.to)).collect();
    let expected = [(1, box_no, Door::Open)];
    expect(edges == expected, || format!("{expected:?} expected, not {edges:?}"))?;
    bench.expect_pulses(0, "because nobody wanted one").await?;
    bench.want(box_no);
    bench.pass(1_000).await;
    bench.expect_pulses(1, "on the board that came back").await?;
    expect_report(&bench, PulseOutcome::Accepted)
}
