//! Coils: BOX-3, BOX-8, BOX-10, once, within the lease.

use std::collections::{BTreeMap, BTreeSet};

use locker_core::{
    BoxNo, Mono, OUTPUTS_LEASE_MS, Outputs, PULSE_MS_LIMIT, PulseId, Record, SessionId, Stamped,
};
use locker_hal::{PULSE_GAP_MS, REST_PULSES};

use super::Judge;
use crate::world::stage::Stage;
use crate::{Fault, Fired};

/// What clocks that drift may make of a gap or a rest, in milliseconds.
const SLACK_MS: u64 = 10;
/// A pulse of half a second begins within this many milliseconds of its grant, or not at all.
const WITHIN_MS: u64 = 8_000;

#[derive(Clone, Copy)]
struct Grant {
    box_no: BoxNo,
    session: SessionId,
    mono: Mono,
    at: u64,
    /// Whether the board was well all the time, and its owner too.
    well: bool,
}

#[derive(Default)]
pub(super) struct Pulses {
    boot: u32,
    /// The pulses of this boot that were granted last, by id.
    grants: BTreeMap<PulseId, Grant>,
    awaited: Option<PulseId>,
    /// Boards that are not well.
    sick: BTreeSet<Fault>,
    session: Option<SessionId>,
    newest_fired: Option<PulseId>,
    last: Option<Fired>,
    last_of: BTreeMap<BoxNo, (Fired, u32)>,
}

impl Pulses {
    pub(super) fn take(&mut self, judge: &mut Judge<'_>, records: &[Stamped<Record>]) {
        for stamped in records {
            match &stamped.record {
                Record::BootStarted { .. } => {
                    self.boot = stamped.at.boot.0;
                    self.grants.clear();
                    (self.awaited, self.session) = (None, None);
                }
                Record::SessionBegan { session, .. } => self.session = Some(*session),
                Record::SessionEnded { .. } => (self.session, self.awaited) = (None, None),
                Record::PulseGranted { pulse, box_no, session, .. } => {
                    judge.check("BOX-10", self.session == Some(*session), || {
                        format!("a pulse of box {box_no} was granted to a session that does not run")
                    });
                    self.never_came(judge);
                    let (mono, at, well) = (stamped.at.mono, judge.at, self.sick.is_empty());
                    let grant = Grant { box_no: *box_no, session: *session, mono, at, well };
                    while self.grants.len() >= 8 {
                        self.grants.pop_first();
                    }
                    self.grants.insert(*pulse, grant);
                    self.awaited = Some(*pulse);
                }
                // Opened while its pulse was awaited, or given up by the board: nothing to wait for.
                Record::DoorOpened { .. } | Record::PulseReported { .. } | Record::BoxOutOfService { .. } => {
                    self.awaited = None;
                }
                _ => {}
            }
        }
    }

    /// A board or its owner was unwell: a pulse under way need not come.
    pub(super) fn unwell(&mut self) {
        if let Some(grant) = self.awaited.and_then(|pulse| self.grants.get_mut(&pulse)) {
            grant.well = false;
        }
    }

    pub(super) fn fired(
        &mut self,
        stage: &Stage,
        judge: &mut Judge<'_>,
        fired: Fired,
        outputs: &Outputs,
        mono: Mono,
    ) {
        let box_no = fired.box_no;
        judge.check("pulse.once", self.newest_fired.is_none_or(|newest| fired.id > newest), || {
            format!(
                "pulse {:?} of box {box_no} was driven although {:?} was before",
                fired.id, self.newest_fired
            )
        });
        self.newest_fired = self.newest_fired.max(Some(fired.id));
        let grant = self.grants.get(&fired.id).copied();
        let is_live = grant.is_some_and(|grant| {
            grant.box_no == box_no && fired.id.boot.0 == self.boot && self.session == Some(grant.session)
        });
        judge.check("BOX-10", is_live, || {
            format!("box {box_no} was fired for no live session of boot {}", self.boot)
        });
        let in_time = grant.is_none_or(|grant| mono.since(grant.mono) <= WITHIN_MS)
            && mono.since(outputs.at) <= OUTPUTS_LEASE_MS
            && outputs.pulse.is_none_or(|pulse| pulse.id != fired.id || mono <= pulse.not_after);
        judge.check("pulse.lease", in_time, || format!("the pulse of box {box_no} began after its time"));
        if self.awaited == Some(fired.id) {
            self.awaited = None;
        }
        self.coils(judge, fired);
        let _ = stage;
    }

    fn coils(&mut self, judge: &mut Judge<'_>, fired: Fired) {
        let box_no = fired.box_no;
        let length = fired.until.since(fired.from);
        judge.check("BOX-8", length <= u64::from(PULSE_MS_LIMIT), || {
            format!("the coil of box {box_no} was on for {length} ms")
        });
        if let Some(last) = self.last {
            let free = last.until.after(PULSE_GAP_MS - SLACK_MS);
            judge.check("BOX-8", fired.from >= free, || {
                format!(
                    "box {box_no} was fired {} ms after box {}",
                    fired.from.since(last.until),
                    last.box_no
                )
            });
        }
        // A new process does not know who rests.
        if let Some((last, boot)) = self.last_of.get(&box_no)
            && *boot == self.boot
        {
            let rest = REST_PULSES * last.until.since(last.from);
            judge.check("BOX-8", fired.from.after(SLACK_MS) >= last.until.after(rest), || {
                format!("the lock of box {box_no} rested {} ms", fired.from.since(last.until))
            });
        }
        self.last = Some(fired);
        self.last_of.insert(box_no, (fired, self.boot));
    }

    /// A fault of a board comes or goes; of a box it is no excuse.
    pub(super) fn board(&mut self, fault: Fault, is_on: bool) {
        if fault.place().is_err() {
            self.unwell();
            if is_on {
                self.sick.insert(fault)
            } else {
                self.sick.remove(&fault)
            };
        }
    }

    pub(super) fn heal_all(&mut self) {
        self.unwell();
        self.sick.clear();
    }

    /// A pulse that should have come by now.
    pub(super) fn overdue(&mut self, stage: &Stage, judge: &mut Judge<'_>) {
        if self.awaited.is_some() && stage.store(judge.locker) == locker_core::Store::Down {
            self.unwell();
        }
        let grant = self.awaited.and_then(|pulse| self.grants.get(&pulse));
        if grant.is_some_and(|grant| judge.at > grant.at + WITHIN_MS + 3_000) {
            self.never_came(judge);
        }
    }

    /// The awaited pulse does not come any more: its board or its owner must have been unwell.
    fn never_came(&mut self, judge: &mut Judge<'_>) {
        let grant = self.awaited.take().and_then(|pulse| self.grants.get(&pulse)).copied();
        if let Some(grant) = grant.filter(|grant| judge.at > grant.at + WITHIN_MS) {
            judge.check("BOX-3", !grant.well, || {
                format!("the pulse granted to box {} was never driven", grant.box_no)
            });
        }
    }
}
