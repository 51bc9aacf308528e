//! When coils are energised (BOX-2, BOX-3, BOX-8, BOX-10).

use locker_core::{Door, OUTPUTS_LEASE_MS, PULSE_MS_LIMIT, PulseOutcome};

use super::bench::{Bench, STEP_MS};
use super::{Deed, Energised, Finding, Rig, expect};
use crate::firing::{PULSE_GAP_MS, REST_PULSES};

fn expect_outcome<R: Rig>(
    bench: &Bench<R>,
    pulse: locker_core::Pulse,
    outcome: PulseOutcome,
) -> Result<(), Finding> {
    let report = bench.report();
    expect(report.is_some_and(|report| (report.id, report.outcome) == (pulse.id, outcome)), || {
        format!("pulse {} should be reported as {outcome:?}, the report is {report:?}", pulse.id)
    })
}

fn length(energised: Energised) -> u64 {
    energised.until.since(energised.from)
}

pub(super) async fn no_coil_fires_at_start<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    bench.expect_pulses(0, "after a start").await?;
    let box_no = bench.first();
    bench.want(box_no);
    bench.pass(1_000).await;
    bench.expect_pulses(1, "after one was wanted").await?;
    bench.restart().await;
    bench.settle().await?;
    bench.expect_pulses(1, "after a restart, which fires nothing").await.map(drop)
}

pub(super) async fn a_pulse_opens_its_door<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.last_box();
    let pulse = bench.want(box_no);
    bench.pass(1_000).await;
    let energised = bench.expect_pulses(1, "for one that was wanted").await?;
    expect(energised[0].box_no == box_no, || format!("coil {box_no} was meant, not {energised:?}"))?;
    let ms = length(energised[0]);
    let wanted = bench.rig.pulse_ms();
    expect(ms == u64::from(wanted), || format!("the coil was on for {ms} ms, not {wanted}"))?;
    expect_outcome(&bench, pulse, PulseOutcome::Accepted)?;
    for there in bench.rig.boxes() {
        let door = if there == box_no { Door::Open } else { Door::Closed };
        bench.expect_door(there, Some(door), "after the pulse")?;
    }
    Ok(())
}

pub(super) async fn an_open_door_is_fired<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    let box_no = bench.first();
    bench.act(Deed::Open(box_no)).await;
    bench.settle().await?;
    bench.expect_door(box_no, Some(Door::Open), "before the pulse")?;
    let pulse = bench.want(box_no);
    bench.pass(1_000).await;
    bench.expect_pulses(1, "although the door is open").await?;
    expect_outcome(&bench, pulse, PulseOutcome::Accepted)
}

pub(super) async fn one_coil_at_a_time<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let boxes = bench.rig.boxes();
    bench.want(boxes[0]);
    bench.pass(STEP_MS).await;
    bench.want(boxes[1]);
    bench.pass(2_000).await;
    let energised = bench.expect_pulses(2, "for two that were wanted").await?;
    let gap_ms = energised[1].from.since(energised[0].until);
    let in_time = (PULSE_GAP_MS..=PULSE_GAP_MS + bench.rig.late_ms()).contains(&gap_ms);
    expect(in_time, || format!("{PULSE_GAP_MS} ms expected between two coils, there were {gap_ms}"))
}

pub(super) async fn a_lock_rests<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    let rest_ms = REST_PULSES * u64::from(bench.rig.pulse_ms());
    bench.settle().await?;
    let box_no = bench.first();
    bench.want(box_no);
    bench.pass(STEP_MS).await;
    bench.want(box_no);
    bench.pass(rest_ms + 3_000).await;
    let energised = bench.expect_pulses(2, "for two that were wanted").await?;
    let rested_ms = energised[1].from.since(energised[0].until);
    let in_time = (rest_ms..=rest_ms + bench.rig.late_ms()).contains(&rested_ms);
    expect(in_time, || format!("a rest of {rest_ms} ms expected, it was {rested_ms}"))
}

pub(super) async fn two_seconds_at_most<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    let mut pulse = bench.new_pulse(box_no);
    pulse.length_ms = u16::MAX;
    bench.outputs.pulse = Some(pulse);
    bench.pass(3_000).await;
    let energised = bench.expect_pulses(1, "for one that was wanted").await?;
    let ms = length(energised[0]);
    expect(ms <= u64::from(PULSE_MS_LIMIT), || format!("the coil was on for {ms} ms"))
}

pub(super) async fn let_go_when_the_lease_runs_out<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    let mut pulse = bench.new_pulse(box_no);
    pulse.length_ms = PULSE_MS_LIMIT;
    // The machine hangs right after it wanted the pulse, and the pulse begins late in the lease.
    bench.cycle().await;
    bench.hang();
    bench.outputs.pulse = Some(pulse);
    let given = bench.outputs.at;
    bench.rig.clock().advance(1_000);
    bench.pass(3_000).await;
    let energised = bench.expect_pulses(1, "within the lease").await?;
    let held_ms = energised[0].until.since(given);
    let in_time = (OUTPUTS_LEASE_MS..=OUTPUTS_LEASE_MS + bench.rig.late_ms()).contains(&held_ms);
    expect(in_time, || format!("the coil was let go {held_ms} ms after the last outputs"))
}

pub(super) async fn never_twice<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let boxes = bench.rig.boxes();
    let first = bench.want(boxes[0]);
    bench.pass(8_000).await;
    bench.expect_pulses(1, "for an id that is repeated").await?;
    let second = bench.want(boxes[1]);
    bench.pass(1_000).await;
    bench.expect_pulses(2, "for a second id").await?;
    for old in [first, second] {
        bench.outputs.pulse = Some(old);
        bench.pass(8_000).await;
        bench.expect_pulses(2, "although old outputs came back").await?;
    }
    bench.outputs.pulse = None;
    bench.pass(100).await;
    bench.outputs.pulse = Some(second);
    bench.pass(8_000).await;
    bench.expect_pulses(2, "although the id came back after a pause").await.map(drop)
}

pub(super) async fn past_the_lease<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    bench.want(box_no);
    bench.outputs.at = bench.now();
    bench.hang();
    bench.rig.clock().advance(OUTPUTS_LEASE_MS + 1);
    bench.cycle().await;
    bench.pass(1_000).await;
    bench.expect_pulses(0, "out of outputs older than their lease").await.map(drop)
}

pub(super) async fn past_its_time<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let box_no = bench.first();
    let mut pulse = bench.new_pulse(box_no);
    pulse.not_after = bench.now();
    bench.outputs.pulse = Some(pulse);
    bench.pass(1_000).await;
    bench.expect_pulses(0, "past the time of the pulse").await?;
    expect_outcome(&bench, pulse, PulseOutcome::NotDriven)
}

pub(super) async fn the_report_is_repeated<R: Rig>(mut bench: Bench<R>) -> Result<(), Finding> {
    bench.settle().await?;
    let report = bench.report();
    expect(report.is_none(), || format!("no pulse yet, and a report: {report:?}"))?;
    let box_no = bench.first();
    let pulse = bench.want(box_no);
    let wanted_at = bench.now();
    bench.pass(bench.rig.late_ms()).await;
    expect_outcome(&bench, pulse, PulseOutcome::Accepted)?;
    let first = bench.report();
    let began = first.map(|report| report.at);
    expect(began == Some(wanted_at.after(STEP_MS)), || {
        format!("begun at the first cycle, not at {began:?}")
    })?;
    bench.outputs.pulse = None;
    for _ in 0..20 {
        bench.pass(100).await;
        let again = bench.report();
        expect(again == first, || format!("{first:?} expected in every reading, not {again:?}"))?;
    }
    Ok(())
}
