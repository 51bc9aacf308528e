//! What the sensors say (BOX-1, BOX-7).

use locker_core::{BoxNo, Door, Edge, Item, Mono};

use super::bench::{Bench, STEP_MS};
use super::{Deed, Finding, Rig, expect};

fn edge(n: u64, box_no: BoxNo, at: Mono, to: Door) -> Edge {
    Edge { n, box_no, at, to }
}

/// Opens the door for `ms` and shuts it again, with cycles as always; says when the first reading of each came.
async fn open_for<R: Rig>(bench: &mut Bench<R>, box_no: BoxNo, ms: u64) -> (Mono, Mono) {
    bench.act(Deed::Open(box_no)).await;
    let opened = bench.now().after(STEP_MS);
    bench.pass(ms).await;
    bench.act(Deed::Close(box_no)).await;
    (opened, bench.now().after(STEP_MS))
}

pub(super) async fn bounce_is_no_edge<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    for ms in [10, 20, 50] {
        // The first reading of an opening comes a step later: 50 ms are seen for 40.
        open_for(&mut bench, box_no, ms).await;
        bench.expect_door(box_no, Some(Door::Closed), "during bounce")?;
        bench.pass(200).await;
        bench.expect_door(box_no, Some(Door::Closed), "after bounce")?;
        bench.expect_edges(&[], "after bounce")?;
    }
    Ok(())
}

pub(super) async fn open_400_ms_is_seen<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.last_box();
    let (opened, closed) = open_for(&mut bench, box_no, 400).await;
    bench.expect_door(box_no, Some(Door::Open), "400 ms after it was opened")?;
    bench.expect_edges(&[edge(1, box_no, opened, Door::Open)], "while it is open")?;
    bench.pass(1_200).await;
    let edges = [edge(1, box_no, opened, Door::Open), edge(2, box_no, closed, Door::Closed)];
    bench.expect_edges(&edges, "after it was shut")
}

pub(super) async fn closed_after_rest<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    open_for(&mut bench, box_no, 400).await;
    bench.pass(900).await;
    bench.expect_door(box_no, Some(Door::Open), "after 900 ms of rest")?;
    // It bounces off the frame: the rest begins anew.
    open_for(&mut bench, box_no, 20).await;
    bench.pass(STEP_MS + 990).await;
    bench.expect_door(box_no, Some(Door::Open), "990 ms after it bounced")?;
    bench.pass(STEP_MS).await;
    bench.expect_door(box_no, Some(Door::Closed), "after 1 s of rest")
}

pub(super) async fn edges_are_held<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    bench.expect_edges(&[], "at start: the first level is no edge")?;
    let (one, other) = (bench.first(), bench.last_box());
    bench.act(Deed::Open(one)).await;
    let first = edge(1, one, bench.now().after(STEP_MS), Door::Open);
    bench.pass(100).await;
    bench.act(Deed::Open(other)).await;
    let second = edge(2, other, bench.now().after(STEP_MS), Door::Open);
    bench.pass(5_000).await;
    bench.expect_edges(&[first, second], "as long as nobody recorded them")?;
    bench.outputs.edges_recorded = 1;
    bench.pass(STEP_MS).await;
    bench.expect_edges(&[second], "after the first was recorded")?;
    bench.outputs.edges_recorded = 2;
    bench.pass(STEP_MS).await;
    bench.expect_edges(&[], "after both were recorded")?;
    bench.act(Deed::Close(one)).await;
    let third = edge(3, one, bench.now().after(STEP_MS), Door::Closed);
    bench.pass(1_200).await;
    bench.expect_edges(&[third], "with the next number")
}

pub(super) async fn items_are_seen<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    bench.act(Deed::Open(box_no)).await;
    for (deed, item) in [(Deed::Put(box_no), Item::Present), (Deed::Take(box_no), Item::Absent)] {
        bench.act(deed).await;
        bench.pass(200).await;
        let seen = bench.last.of(box_no).map(|reading| reading.item);
        expect(seen == Some(item), || format!("{item:?} expected in box {box_no}, seen {seen:?}"))?;
    }
    Ok(())
}
