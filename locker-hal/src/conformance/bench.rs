//! The bench on which a check is done: a rig, its bus, and the outputs a machine would give.

use locker_core::{Boot, BoxNo, Door, Edge, Mono, Outputs, Pulse, PulseId, PulseReport, Readings};

use super::{Deed, Energised, Finding, Rig, expect};
use crate::bus::Bus;
use crate::clock::Clock;

/// The poll period of the bench, in milliseconds; finer than a cabinet's own, so that bounce meets readings.
pub(super) const STEP_MS: u64 = 10;

/// How long after the start the doors have surely settled, in milliseconds.
const SETTLED_MS: u64 = 1_500;

pub(super) struct Bench<R> {
    pub(super) rig: R,
    bus: Box<dyn Bus>,
    /// What the machine wants; `at` is set anew at every step, unless the machine is said to hang.
    pub(super) outputs: Outputs,
    hangs: bool,
    next_id: u32,
    pub(super) last: Readings,
}

impl<R: Rig> Bench<R> {
    pub(super) async fn start(mut rig: R) -> Self {
        let bus = rig.start().await;
        Self {
            outputs: Outputs::all_off(rig.clock().now()),
            last: Readings::new(rig.clock().now(), Vec::new()),
            bus,
            rig,
            hangs: false,
            next_id: 1,
        }
    }

    /// Starts the backend anew: another process over the same world.
    pub(super) async fn restart(&mut self) {
        self.bus = self.rig.start().await;
        self.outputs = Outputs::all_off(self.now());
    }

    pub(super) fn now(&self) -> Mono {
        self.rig.clock().now()
    }

    pub(super) fn first(&self) -> BoxNo {
        self.rig.boxes()[0]
    }

    pub(super) fn last_box(&self) -> BoxNo {
        let boxes = self.rig.boxes();
        boxes[boxes.len() - 1]
    }

    /// The machine gives no new outputs any more: the lease begins to run out.
    pub(super) fn hang(&mut self) {
        self.hangs = true;
    }

    pub(super) async fn act(&mut self, deed: Deed) {
        self.rig.act(deed).await;
    }

    /// One cycle now.
    pub(super) async fn cycle(&mut self) {
        if !self.hangs {
            self.outputs.at = self.now();
        }
        let clock = self.rig.clock();
        self.last = self.bus.cycle(&self.outputs, &clock).await;
    }

    /// Lets `ms` milliseconds pass, with a cycle at the end of every step.
    pub(super) async fn pass(&mut self, ms: u64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(STEP_MS);
            self.rig.clock().advance(step);
            self.cycle().await;
            left -= step;
        }
    }

    /// Lets time pass until every door has settled.
    pub(super) async fn settle(&mut self) -> Result<(), Finding> {
        self.cycle().await;
        self.pass(SETTLED_MS).await;
        let (seen, all) = (self.last.boxes.len(), self.rig.boxes().len());
        expect(seen == all, || format!("{seen} of {all} boxes can be read {SETTLED_MS} ms after the start"))
    }

    /// A pulse that the machine has not asked for yet; `not_after` is far away.
    pub(super) fn new_pulse(&mut self, box_no: BoxNo) -> Pulse {
        let id = PulseId { boot: Boot(1), n: self.next_id };
        self.next_id += 1;
        Pulse { id, box_no, length_ms: self.rig.pulse_ms(), not_after: self.now().after(60_000) }
    }

    /// The machine wants a new pulse from now on; says which.
    pub(super) fn want(&mut self, box_no: BoxNo) -> Pulse {
        let pulse = self.new_pulse(box_no);
        self.outputs.pulse = Some(pulse);
        pulse
    }

    pub(super) async fn energised(&mut self) -> Vec<Energised> {
        self.rig.energised().await
    }

    /// Demands that coils were energised so often.
    pub(super) async fn expect_pulses(
        &mut self,
        count: usize,
        when: &str,
    ) -> Result<Vec<Energised>, Finding> {
        let energised = self.energised().await;
        expect(energised.len() == count, || {
            format!("{count} pulses expected {when}, there were {energised:?}")
        })?;
        Ok(energised)
    }

    pub(super) fn expect_door(&self, box_no: BoxNo, door: Option<Door>, when: &str) -> Result<(), Finding> {
        let seen = self.last.of(box_no).map(|reading| reading.door);
        expect(seen == door, || format!("door {box_no} should be {door:?} {when}, it is {seen:?}"))
    }

    pub(super) fn expect_edges(&self, edges: &[Edge], when: &str) -> Result<(), Finding> {
        let seen = &self.last.edges;
        expect(seen == edges, || format!("edges {edges:?} expected {when}, there were {seen:?}"))
    }

    pub(super) fn report(&self) -> Option<PulseReport> {
        self.last.pulse
    }
}
