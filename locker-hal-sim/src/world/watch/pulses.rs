//! Coils: BOX-3, BOX-8, BOX-10, once, within the lease.

use std::collections::{BTreeMap, BTreeSet};

use locker_core::{
    BoxNo, Mono, OUTPUTS_LEASE_MS, Outputs, PULSE_MS_LIMIT, PulseId, Record, SessionId, Stamped,
};
use locker_hal::{PULSE_GAP_MS, REST_PULSES};

use super::Judge;
use crate::world::stage::Stage;
use crate::{Coil, Fault, Fired};

/// What clocks that drift may make of a gap or a rest, in milliseconds.
const SLACK_MS: u64 = 10;
/// A relay that is on by itself is let go within this many milliseconds of when its board can be told: the longest back-off of a
/// board that was silent, twice.
const LET_GO_MS: u64 = 10_000;
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

/// A coil that was energised, until it is seen that it is off.
#[derive(Clone, Copy)]
struct Lit {
    board: u8,
    /// Whether it came on with its board's power, with nobody's order.
    by_itself: bool,
    /// By when it is off.
    ends: u64,
}

#[derive(Default)]
pub(super) struct Pulses {
    boot: u32,
    /// The pulses of this boot that were granted last, by id.
    grants: BTreeMap<PulseId, Grant>,
    awaited: Option<PulseId>,
    /// Boards that are not well.
    sick: BTreeSet<Fault>,
    /// Boards whose relays are on when their power comes.
    relays: BTreeSet<u8>,
    /// When the power of such a board came.
    came_up: BTreeSet<(u8, u64)>,
    lit: BTreeMap<BoxNo, Lit>,
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
        let board = (box_no.get() - 1) / stage.plan().boxes_per_board.max(1);
        // Nobody's order: this board's relays come on, and its power came at that moment.
        let by_itself = fired.id == PulseId::default() && self.came_up.contains(&(board, fired.from.0));
        let most = if by_itself { LET_GO_MS } else { u64::from(PULSE_MS_LIMIT) };
        self.lit.insert(box_no, Lit { board, by_itself, ends: judge.at.max(fired.from.0) + most });
        if by_itself {
            return;
        }
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
    pub(super) fn board(&mut self, at: u64, fault: Fault, is_on: bool) {
        let Err(board) = fault.place() else { return };
        match fault {
            // Whatever it says of doors, its locks are fired.
            Fault::OtherBox { .. } | Fault::PolarityFlipped { .. } | Fault::OpenForEver { .. } => return,
            Fault::RelaysOnAtPowerUp { .. } if is_on => drop(self.relays.insert(board)),
            Fault::RelaysOnAtPowerUp { .. } => drop(self.relays.remove(&board)),
            _ => {
                if is_on {
                    self.sick.insert(fault)
                } else {
                    self.sick.remove(&fault)
                };
                self.unwell();
            }
        }
        if !is_on {
            if matches!(fault, Fault::BoardDead { .. }) && self.relays.contains(&board) {
                self.comes_up(board, at);
            }
            self.reached(at);
        }
    }

    pub(super) fn heal_all(&mut self, at: u64) {
        self.unwell();
        self.sick.clear();
        self.power_failed(at);
        self.relays.clear();
        self.reached(at);
    }

    /// All boards lost their power for an instant.
    pub(super) fn power_failed(&mut self, at: u64) {
        for board in self.relays.clone() {
            self.comes_up(board, at);
        }
    }

    /// The power of a board comes that has been without: what was on is off, and its relays come on.
    fn comes_up(&mut self, board: u8, at: u64) {
        self.came_up.insert((board, at));
        self.lit.retain(|_, lit| lit.board != board);
    }

    /// From now on a board can be told again, or a computer is there that tells it.
    pub(super) fn reached(&mut self, at: u64) {
        for lit in self.lit.values_mut().filter(|lit| lit.by_itself) {
            lit.ends = at + LET_GO_MS;
        }
    }

    /// Coils that should be off by now.
    fn still_on(&mut self, stage: &mut Stage, judge: &mut Judge<'_>) {
        let locker = judge.locker;
        let is_told = stage.locker(locker).is_some();
        let sick = &self.sick;
        self.lit.retain(|box_no, lit| {
            let board = lit.board;
            let is_frozen = sick.contains(&Fault::BoardFrozen { board });
            let is_away = lit.by_itself && (!is_told || sick.contains(&Fault::HangUp { board }));
            if judge.at <= lit.ends || is_frozen || is_away {
                return true;
            }
            let is_off = stage.coil(locker, *box_no) == Coil::Off;
            judge.check("BOX-8", is_off, || format!("the coil of box {box_no} stays on"));
            false
        });
    }

    /// A pulse that should have come by now, and a coil that should be off.
    pub(super) fn overdue(&mut self, stage: &mut Stage, judge: &mut Judge<'_>) {
        self.still_on(stage, judge);
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
