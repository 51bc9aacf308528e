//! A whole cabinet: many boards behind one [`Bus`].

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::future::poll_fn;
use core::task::{Context, Poll};

use async_trait::async_trait;
use locker_core::{BoxNo, BoxReading, Door, Item, Mono, Outputs, Readings};

use crate::blind::BlindTime;
use crate::board::{Channel, ChannelLevels, PulseSource};
use crate::builder::CabinetBuilder;
use crate::bus::{Bus, DynWanted};
use crate::clock::DynClock;
use crate::debounce::{Debounce, Taken};
use crate::edges::EdgeLog;
use crate::error::ErrorKind;
use crate::firing::{Firing, Lock, PowerGroup, Verdict};
use crate::wire::{Ended, Outcome, Running, Slot, Wire, Work};

/// A level that was read longer ago than this, in milliseconds, is shown no more: its box is missing in the readings.
///
/// Longer than any command window, as short as the lease of the outputs.
pub const LEVEL_HELD_MS: u64 = 2_000;

/// Boards that said that a sensor moved are not listened to in a wait that begins within this many milliseconds of it: a
/// contact that flutters makes no more than one more cycle in a period.
const MOVED_MS_MIN: u64 = 50;

/// Boards and boxes as one [`Bus`].
///
/// - **Levels.** A box stands in the readings when its board answers and its door's level has settled since the board
///   (last) began to answer: 50 ms of *open*, 1 s of *closed*. A box that is missing cannot be judged now.
/// - **Edges.** The first level of a box in a boot is no edge; every change after that is one, also one that happened
///   while the board was away. So is every return of a contact to its level, after it had left it for longer than bounce:
///   that changes no door and is how the locker hears that a contact flutters (BOX-7).
/// - **A pulse** goes out as the next request on its wire, behind the exchange that is under way: before all readings.
/// - **A dead board** ([`FAILURES_MAX`](crate::FAILURES_MAX)) is asked with back-off, for ever. A cycle waits neither for
///   it nor for the acknowledgement of a pulse; both go on beside the reading of the other wires.
/// - **All off** is said to every board at start, when the lease of the outputs runs out, and when a board comes back;
///   until it has said yes, none of its coils is fired.
///
/// What another process fired just before is not known here: the first pulse waits a gap after the first cycle, rests
/// begin with this cabinet. So a cabinet lives as long as its hardware; when the machine is restored within one process, call
/// [`Cabinet::new_boot`], so that rests and gaps outlive the machine.
///
/// ```
/// use locker_hal::{BoardSpec, BoxNo, Cabinet, CabinetError, WireNo};
/// # use locker_hal::{Board, ChannelLevels, ErrorKind, PulseOrder};
/// # struct Driver;
/// # #[async_trait::async_trait]
/// # impl Board for Driver {
/// #     type Error = ErrorKind;
/// #     fn spec(&self) -> BoardSpec { BoardSpec::prompt(8) }
/// #     async fn pulse(&mut self, _: PulseOrder) -> Result<(), ErrorKind> { Ok(()) }
/// #     async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> { Ok(ChannelLevels::default()) }
/// #     async fn all_off(&mut self) -> Result<(), ErrorKind> { Ok(()) }
/// # }
/// # fn open_port() -> Driver { Driver }
/// let mut builder = Cabinet::builder();
/// let left = builder.board(WireNo(0), open_port());
/// let right = builder.board(WireNo(1), open_port());
/// builder.wire_boxes(left, BoxNo::first(8));
/// builder.wire_boxes(right, BoxNo::first(16).skip(8));
/// let cabinet = builder.build()?;
/// assert_eq!(cabinet.blind_time().usual_ms, 100);
/// # Ok::<(), CabinetError>(())
/// ```
pub struct Cabinet {
    wires: Vec<Wire>,
    boxes: BTreeMap<BoxNo, Fitted>,
    firing: Firing,
    edges: EdgeLog,
    blind: BlindTime,
    started: bool,
    lease_ran_out: bool,
    /// When a board last said that a sensor moved.
    moved_at: Option<Mono>,
}

/// A box where it is wired, with its sensors.
pub(crate) struct Fitted {
    wire: usize,
    slot: usize,
    channel: Channel,
    group: PowerGroup,
    door: Debounce<Door>,
    item: Debounce<Item>,
}

impl Fitted {
    pub(crate) fn new(wire: usize, slot: usize, channel: Channel, group: PowerGroup) -> Self {
        Self { wire, slot, channel, group, door: Debounce::default(), item: Debounce::default() }
    }
}

impl Cabinet {
    /// Begins to put a cabinet together.
    #[must_use]
    pub fn builder() -> CabinetBuilder {
        CabinetBuilder::default()
    }

    pub(crate) fn new(wires: Vec<Wire>, boxes: BTreeMap<BoxNo, Fitted>, blind: BlindTime) -> Self {
        Self {
            wires,
            boxes,
            firing: Firing::default(),
            edges: EdgeLog::default(),
            blind,
            started: false,
            lease_ran_out: false,
            moved_at: None,
        }
    }

    /// Begins the numbering of edges anew and drops the last report: the machine was restored with a new boot.
    ///
    /// What was driven, who rests and what the levels are is kept.
    pub fn new_boot(&mut self) {
        self.edges = EdgeLog::default();
        self.firing.forget_report();
    }

    /// How long a door can stand open unseen.
    #[must_use]
    pub const fn blind_time(&self) -> BlindTime {
        self.blind
    }

    /// The boxes, in order.
    pub fn boxes(&self) -> impl Iterator<Item = BoxNo> {
        self.boxes.keys().copied()
    }

    /// How many edges were lost because nobody recorded them; see [`EdgeLog`].
    #[must_use]
    pub const fn edges_lost(&self) -> u64 {
        self.edges.lost()
    }

    fn new_cycle(&mut self, outputs: &Outputs, now: Mono) {
        if !self.started {
            self.started = true;
            self.firing.started(now);
        }
        self.edges.recorded_up_to(outputs.edges_recorded);
        let stale = outputs.is_stale(now);
        let runs_out_now = stale && !self.lease_ran_out;
        self.lease_ran_out = stale;
        for slot in self.wires.iter_mut().flat_map(|wire| &mut wire.slots) {
            slot.new_cycle();
            slot.off_owed |= runs_out_now;
        }
    }

    /// Moves every wire on as far as it goes; ready when nothing is under way that a cycle waits for.
    fn poll_wires(&mut self, cx: &mut Context<'_>, wanted: &DynWanted, clock: &DynClock) -> Poll<()> {
        let mut waits = false;
        for wire in 0..self.wires.len() {
            waits |= self.poll_wire(wire, cx, wanted, clock);
        }
        if waits { Poll::Pending } else { Poll::Ready(()) }
    }

    fn poll_wire(&mut self, n: usize, cx: &mut Context<'_>, wanted: &DynWanted, clock: &DynClock) -> bool {
        loop {
            match self.finish_running(n, cx, clock) {
                Poll::Pending => {
                    return self.wires[n].running.as_ref().is_some_and(|running| running.waited_for);
                }
                Poll::Ready(()) if self.begin_next(n, wanted, clock) => {}
                Poll::Ready(()) => return false,
            }
        }
    }

    fn finish_running(&mut self, n: usize, cx: &mut Context<'_>, clock: &DynClock) -> Poll<()> {
        let wire = &mut self.wires[n];
        let Some(running) = &mut wire.running else {
            return Poll::Ready(());
        };
        let Poll::Ready(ended) = running.job.as_mut().poll(cx) else {
            return Poll::Pending;
        };
        self.finish(n, ended, clock.now());
        Poll::Ready(())
    }

    fn finish(&mut self, n: usize, (board, outcome): Ended, answered: Mono) {
        let wire = &mut self.wires[n];
        if let Some(Running { slot, work, asked, .. }) = wire.running.take() {
            wire.slots[slot].board = Some(board);
            self.settle(n, slot, work, Taken { asked, answered }, outcome);
        }
    }

    /// Begins what is next on a free wire: all-off, then the pulse, then readings. Says whether there was anything.
    fn begin_next(&mut self, n: usize, wanted: &DynWanted, clock: &DynClock) -> bool {
        let now = clock.now();
        let due = self.wires[n].next_due(now);
        if let Some((slot, Work::AllOff)) = due {
            self.wires[n].slots[slot].off_tried = true;
            self.wires[n].begin(slot, Work::AllOff, now);
            return true;
        }
        if self.begin_pulse(n, &wanted.outputs(), now) {
            return true;
        }
        let Some((slot, work)) = due else { return false };
        self.wires[n].slots[slot].read_tried = true;
        self.wires[n].begin(slot, work, now);
        true
    }

    fn begin_pulse(&mut self, n: usize, outputs: &Outputs, now: Mono) -> bool {
        match self.verdict(outputs, now) {
            Verdict::Nothing | Verdict::Wait => false,
            Verdict::GiveUp(pulse) => {
                self.firing.give_up(pulse, now);
                false
            }
            Verdict::Begin(pulse) => {
                let Some(fitted) = self.boxes.get(&pulse.box_no) else {
                    return false;
                };
                let (slot, channel, group) = (fitted.slot, fitted.channel, fitted.group);
                if fitted.wire != n || self.wires[n].slots[slot].off_owed {
                    return false;
                }
                self.firing.begin(pulse, group);
                let work = Work::Pulse { pulse, channel, group };
                self.wires[n].begin(slot, work, now);
                true
            }
        }
    }

    fn verdict(&self, outputs: &Outputs, now: Mono) -> Verdict {
        self.firing.verdict(outputs, now, |box_no| {
            let fitted = self.boxes.get(&box_no)?;
            let slot = self.wires.get(fitted.wire)?.slots.get(fitted.slot)?;
            Some(Lock { group: fitted.group, length: slot.spec.pulse_length })
        })
    }

    fn settle(&mut self, wire: usize, slot: usize, work: Work, taken: Taken, outcome: Outcome) {
        let seat = &mut self.wires[wire].slots[slot];
        match (work, outcome) {
            // Only a reading shows that a board is well: one that takes commands and says noise stays silent.
            (Work::AllOff, Ok(_)) => seat.off_owed = false,
            (Work::AllOff, Err(kind)) if kind.answered() => {}
            (Work::Read, Ok(levels)) => {
                seat.answered();
                seat.read_at = Some(taken.asked);
                self.sample(wire, slot, taken, &levels);
            }
            (Work::AllOff | Work::Read, Err(_)) => {
                seat.read_tried = true;
                if seat.failed(taken.answered) {
                    self.unsettle(wire, slot);
                }
            }
            (Work::Pulse { pulse, group, .. }, outcome) => {
                // A pulse of this process is over when it is answered; any other began by then.
                let began = match seat.spec.pulse_source {
                    PulseSource::Software => taken.answered.0.saturating_sub(u64::from(pulse.length_ms)),
                    PulseSource::Hardware | PulseSource::Guarded => taken.answered.0,
                };
                let taken = Taken { answered: Mono(began.max(taken.asked.0)), ..taken };
                let result: Result<(), ErrorKind> = outcome.map(drop);
                self.firing.ended(pulse, group, taken, result);
            }
        }
    }

    fn sample(&mut self, wire: usize, slot: usize, taken: Taken, levels: &ChannelLevels) {
        for (&box_no, fitted) in &mut self.boxes {
            if (fitted.wire, fitted.slot) != (wire, slot) {
                continue;
            }
            let level = levels.of(fitted.channel);
            fitted.item.sample(level.item, taken);
            if let Some(change) = fitted.door.sample(level.door, taken) {
                self.edges.push(box_no, change.at, change.to);
            }
        }
    }

    fn unsettle(&mut self, wire: usize, slot: usize) {
        let there = self.boxes.values_mut();
        for fitted in there.filter(|fitted| (fitted.wire, fitted.slot) == (wire, slot)) {
            fitted.door.unsettle();
            fitted.item.unsettle();
        }
    }

    fn readings(&self, now: Mono) -> Readings {
        let fresh =
            |slot: &Slot| slot.read_at.filter(|&at| now.since(at) <= LEVEL_HELD_MS && !slot.is_silent());
        let mut taken = now;
        let mut boxes = Vec::with_capacity(self.boxes.len());
        for (&box_no, fitted) in &self.boxes {
            let read_at = fresh(&self.wires[fitted.wire].slots[fitted.slot]);
            if let (Some(read_at), Some(door)) = (read_at, fitted.door.level()) {
                taken = taken.min(read_at);
                let item = fitted.item.level().unwrap_or_default();
                boxes.push(BoxReading { box_no, door, item });
            }
        }
        let mut readings = Readings::new(taken, boxes);
        readings.edges = self.edges.held();
        readings.pulse = self.firing.report();
        readings
    }
}

#[async_trait]
impl Bus for Cabinet {
    async fn cycle(&mut self, wanted: &DynWanted, clock: &DynClock) -> Readings {
        self.new_cycle(&wanted.outputs(), clock.now());
        poll_fn(|cx| self.poll_wires(cx, wanted, clock)).await;
        // A pulse for a wire that was busy all along may have run out of time meanwhile.
        if let Verdict::GiveUp(pulse) = self.verdict(&wanted.outputs(), clock.now()) {
            self.firing.give_up(pulse, clock.now());
        }
        self.readings(clock.now())
    }

    async fn news(&mut self, clock: &DynClock) {
        let listens = self.moved_at.is_none_or(|at| clock.now().since(at) >= MOVED_MS_MIN);
        let (mut running, mut moved) = (Vec::new(), Vec::new());
        for (n, wire) in self.wires.iter_mut().enumerate() {
            running.extend(wire.running.as_mut().map(|running| (n, running)));
            if listens {
                let there = wire.slots.iter_mut().filter_map(|slot| slot.board.as_mut());
                moved.extend(there.map(|board| board.moved()));
            }
        }
        let ended = poll_fn(|cx| {
            for (n, running) in &mut running {
                if let Poll::Ready(ended) = running.job.as_mut().poll(cx) {
                    return Poll::Ready(Some((*n, ended)));
                }
            }
            let has_moved = moved.iter_mut().any(|moved| moved.as_mut().poll(cx).is_ready());
            if has_moved { Poll::Ready(None) } else { Poll::Pending }
        })
        .await;
        drop(moved);
        match ended {
            Some((n, ended)) => self.finish(n, ended, clock.now()),
            None => self.moved_at = Some(clock.now()),
        }
    }

    async fn all_off(&mut self) {
        for wire in &mut self.wires {
            // What is under way ends first: half a frame on a wire would garble the next.
            if let Some(Running { slot, job, .. }) = wire.running.take() {
                let (board, _) = job.await;
                wire.slots[slot].board = Some(board);
            }
            for board in wire.slots.iter_mut().filter_map(|slot| slot.board.as_mut()) {
                // A board that does not answer was asked; there is nobody left to tell.
                let _ = board.all_off().await;
            }
        }
    }
}
