//! One cabinet on the wall with the computer's own logic over it, looked at when there is something to see.
//!
//! A running kiosk polls 20 times a second. Here the cabinet is cycled at those of the same moments that can make a
//! difference: after somebody or something moved, while a level settles, while a pulse is wanted. A cycle in between would
//! read what the one before it read.

use core::pin::pin;
use core::task::{Context, Poll, Waker};

use locker_core::{BoxNo, Door, Mono, Outputs, PulseId, Readings};
use locker_hal::{Bus, Cabinet, PULSE_GAP_MS, REST_PULSES, VirtualClock};

use crate::cabinet::SimCabinet;
use crate::{Coil, DirectBoard, Fired, Sim, SimCommand, SimConfig, SimRefusal};

/// The poll period of a running kiosk, in milliseconds.
const PERIOD_MS: u64 = locker_hal::POLL_PERIOD_MS;
/// How far apart the looks at a level that settles are: two for bounce, the rest within what counts as seen.
const SETTLING_MS: [u64; 4] = [50, 350, 350, 250];
/// Looks this long apart, once a pulse has not begun for a while.
const PATIENT_MS: u64 = 250;

pub(super) struct Hardware {
    sim: Sim,
    clock: VirtualClock,
    shown: u64,
    bus: Option<Cabinet>,
    /// When the bus is cycled next.
    pub(super) poll_at: Option<u64>,
    /// How many looks there were since something moved.
    looks: usize,
    change_at: Option<u64>,
    fired_seen: u64,
    /// The pulse of the last report.
    reported: Option<PulseId>,
}

impl Hardware {
    pub(super) fn new(config: SimConfig) -> Self {
        let clock = VirtualClock::default();
        Self {
            sim: Sim::new(config, clock.clone()),
            clock,
            shown: 0,
            bus: None,
            poll_at: None,
            looks: 0,
            change_at: None,
            fired_seen: 0,
            reported: None,
        }
    }

    fn turn_to(&mut self, at: u64) {
        self.clock.advance(at.saturating_sub(self.shown));
        self.shown = self.shown.max(at);
    }

    /// The computer starts: a new bus.
    pub(super) fn start(&mut self, at: u64) {
        let boards: Vec<DirectBoard> = self.sim.boards();
        self.bus = crate::board::cabinet_of(self.sim.config(), boards).ok();
        self.reported = None;
        self.moved(at);
    }

    /// The computer is gone; with `power` the boards' too, for an instant: their coils drop.
    pub(super) fn stop(&mut self, at: u64, power: bool) {
        self.turn_to(at);
        self.bus = None;
        self.poll_at = None;
        if power {
            self.sim.with(SimCabinet::power_fails);
        }
    }

    pub(super) fn command(&mut self, at: u64, command: SimCommand) -> Result<(), SimRefusal> {
        self.turn_to(at);
        self.sim.command(command)?;
        self.moved(at);
        Ok(())
    }

    pub(super) fn door(&mut self, at: u64, box_no: BoxNo) -> Door {
        self.turn_to(at);
        self.sim.with(|truth, now| truth.door(now, box_no))
    }

    pub(super) fn keys(&self, box_no: BoxNo) -> Vec<String> {
        self.sim.with(|truth, _| truth.keys(box_no).to_vec())
    }

    pub(super) fn state(&mut self, at: u64) -> crate::SimState {
        self.turn_to(at);
        self.sim.state()
    }

    /// Something moved: look at the next moments.
    pub(super) fn moved(&mut self, at: u64) {
        self.looks = 0;
        self.look_at(at);
    }

    /// Looks at the first moment of the bus's rhythm from `at` on.
    pub(super) fn look_at(&mut self, at: u64) {
        if self.bus.is_some() {
            let tick = at.next_multiple_of(PERIOD_MS);
            self.poll_at = Some(self.poll_at.map_or(tick, |earlier| earlier.min(tick)));
        }
    }

    /// The machine decided something: a pulse that is wanted is to be driven, a box that is served to be looked at.
    pub(super) fn decided(&mut self, at: u64, outputs: &Outputs) {
        let wants = outputs.pulse.is_some_and(|pulse| Some(pulse.id) != self.reported);
        if wants || !outputs.lights.is_empty() {
            self.look_at(at + 1);
        }
    }

    /// One cycle of the bus with these outputs.
    pub(super) fn cycle(&mut self, at: u64, mono: Mono, outputs: &Outputs) -> Option<Readings> {
        self.turn_to(at);
        self.poll_at = None;
        if self.change_at.is_some_and(|change| change <= at) {
            self.looks = 0;
        }
        let bus = self.bus.as_mut()?;
        let readings = {
            let mut cycle = pin!(bus.cycle(outputs, &mono));
            match cycle.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(readings) => readings,
                Poll::Pending => unreachable!("simulated boards answer at once"),
            }
        };
        self.reported = readings.pulse.map(|report| report.id).or(self.reported);
        self.look_again(at, outputs, &readings);
        Some(readings)
    }

    fn look_again(&mut self, at: u64, outputs: &Outputs, readings: &Readings) {
        let (agrees, change) =
            self.sim.with(|truth, now| (truth.agrees(now, readings), truth.next_change(now)));
        self.change_at = change.map(|change| change.0);
        let mut next = self.change_at;
        // A contact that flutters is at its level again only once two readings say so.
        let flutters = self.looks == 0 && self.change_at.is_some();
        if !agrees || flutters {
            let wait = SETTLING_MS.get(self.looks).copied().unwrap_or(PERIOD_MS);
            let settling = at + wait;
            next = Some(next.map_or(settling, |next| next.min(settling)));
        }
        if let Some(pulse) = outputs.pulse
            && Some(pulse.id) != self.reported
        {
            let wait = if self.looks < 8 { PERIOD_MS } else { PATIENT_MS };
            let free = self.free_at(pulse.box_no, u64::from(pulse.length_ms)).max(at + wait);
            next = Some(next.map_or(free, |next| next.min(free)));
        }
        self.looks += 1;
        if let Some(next) = next {
            self.look_at(next.max(at + 1));
        }
    }

    /// When the lock of a box may be fired at the earliest, as far as the coils show: a hint, the bus decides.
    fn free_at(&self, box_no: BoxNo, length_ms: u64) -> u64 {
        self.sim.with(|truth, _| {
            let (_, fired) = truth.fired_behind(self.fired_seen.saturating_sub(4));
            // What is on by itself, or for ever, is no pulse of the bus.
            let fired = fired.filter(|fired| fired.id != PulseId::default() && fired.until.0 != u64::MAX);
            let free = fired.map(|fired| {
                let rest = if fired.box_no == box_no { REST_PULSES * length_ms } else { PULSE_GAP_MS };
                fired.until.0 + rest
            });
            free.max().unwrap_or(0)
        })
    }

    /// The pulses that were really fired since somebody last asked.
    pub(super) fn fired(&mut self) -> Vec<Fired> {
        let seen = self.fired_seen;
        let (all, fired) = self.sim.with(|truth, _| {
            let (all, fired) = truth.fired_behind(seen);
            (all, if all == seen { Vec::new() } else { fired.collect() })
        });
        self.fired_seen = all;
        fired
    }

    /// Whether the coil of a box is energised.
    pub(super) fn coil(&mut self, at: u64, box_no: BoxNo) -> Coil {
        self.turn_to(at);
        self.sim.with(|truth, now| truth.coil(now, box_no))
    }

    /// From now on boards say that they let their coils go, and do not.
    pub(super) fn keep_relays_on(&mut self) {
        self.sim.with(|truth, _| truth.keep_relays_on());
    }

    /// A board is fired past all logic, as a driver would that lies.
    pub(super) fn fire_unasked(&mut self, at: u64, box_no: BoxNo, id: PulseId, length_ms: u16) {
        self.turn_to(at);
        let (board, channel) = self.sim.config().place_of(box_no);
        let order = crate::PulseOrder { id, channel: locker_hal::Channel(channel), length_ms };
        self.sim.with(|truth, now| drop(truth.pulse(now, board, order)));
        self.moved(at);
    }
}
