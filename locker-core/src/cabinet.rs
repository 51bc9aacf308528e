//! What passes between a machine and the cabinet: what every lock, light and buzzer should be doing now, and what
//! the sensors and boards say.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::ids::{BoxNo, PulseId};
use crate::time::Mono;

/// How long outputs hold, in milliseconds: a bus that has seen nothing newer wants no pulse and lets all coils go.
pub const OUTPUTS_LEASE_MS: u64 = 2_000;

/// The longest time a coil may be energised, in milliseconds (BOX-8, fixed).
pub const PULSE_MS_LIMIT: u16 = 2_000;

/// One firing of one lock. A driver marks the id driven before it writes the first byte and never drives it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// The id, unique over all boots.
    pub id: PulseId,
    /// The box whose lock is fired.
    pub box_no: BoxNo,
    /// How long the coil is on, in milliseconds, at most [`PULSE_MS_LIMIT`].
    pub length_ms: u16,
    /// Past this reading of the clock the pulse is not begun any more.
    pub not_after: Mono,
}

/// What a box's light shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Dark.
    #[default]
    Off,
    /// This is the box in use.
    Here,
}

/// What the buzzer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buzzer {
    /// Silent.
    #[default]
    Off,
    /// Asks for a door to be closed.
    CloseDoor,
}

/// What the whole cabinet should be doing now. A level, not an order: a bus reads the latest and forgets the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Outputs {
    /// When this was read off the machine.
    pub at: Mono,
    /// The pulse wanted now, if any: one lock at a time (BOX-8).
    pub pulse: Option<Pulse>,
    /// The boxes whose light is not [`Light::Off`].
    pub lights: Vec<(BoxNo, Light)>,
    /// The buzzer.
    pub buzzer: Buzzer,
    /// Edges up to this number are on record: the bus may forget them.
    pub edges_recorded: u64,
}

impl Outputs {
    /// Nothing energised, nothing lit: the safe state.
    #[must_use]
    pub const fn all_off(at: Mono) -> Self {
        Self { at, pulse: None, lights: Vec::new(), buzzer: Buzzer::Off, edges_recorded: 0 }
    }

    /// Whether the lease has run out at `now`: then no pulse is wanted, whatever stands here.
    ///
    /// ```
    /// # use locker_core::{Mono, Outputs};
    /// let outputs = Outputs::all_off(Mono(1_000));
    /// assert!(!outputs.is_stale(Mono(3_000)));
    /// assert!(outputs.is_stale(Mono(3_001)));
    /// ```
    #[must_use]
    pub const fn is_stale(&self, now: Mono) -> bool {
        now.since(self.at) > OUTPUTS_LEASE_MS
    }

    /// The pulse that may begin at `now`: wanted, within its own time and within the lease.
    #[must_use]
    pub fn pulse_at(&self, now: Mono) -> Option<Pulse> {
        self.pulse.filter(|pulse| !self.is_stale(now) && now <= pulse.not_after)
    }
}

/// What a door contact (or, where there is none, the lock's hook switch) says after debouncing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Closed.
    Closed,
    /// Open.
    Open,
    /// There is no sensor, or nobody can read it now.
    #[default]
    Unknown,
}

/// What an item sensor says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Something lies in the box.
    Present,
    /// Nothing lies in the box.
    Absent,
    /// There is no sensor, or nobody can read it now.
    #[default]
    Unknown,
}

/// A change of a door's debounced level, or its return to that level after it had left it for longer than bounce, numbered
/// by the cabinet from 1 in every boot and held until recorded. A return changes no door; it is counted (BOX-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The number, rising by one over all boxes of the cabinet.
    pub n: u64,
    /// The box.
    pub box_no: BoxNo,
    /// When the level changed or came back (the first raw sample of it).
    pub at: Mono,
    /// The level from now on; for a return the one that it was.
    pub to: Door,
}

/// What one box's sensors say now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxReading {
    /// The box.
    pub box_no: BoxNo,
    /// The door's debounced level.
    pub door: Door,
    /// The item sensor's debounced level.
    pub item: Item,
}

/// What became of a pulse at the board. An accepted pulse is not an open door (BOX-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PulseOutcome {
    /// The board took the command.
    Accepted,
    /// The command was written and nothing came back: the coil may have fired.
    Unanswered,
    /// The board refused, or the command could not be written: the coil did not fire.
    NotDriven,
}

/// The report of a pulse. The last one of a bus is repeated in every reading of that boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PulseReport {
    /// Which pulse.
    pub id: PulseId,
    /// When the first byte was written, or the attempt given up.
    pub at: Mono,
    /// What became of it.
    pub outcome: PulseOutcome,
}

/// What the cabinet says: levels now, edges not yet recorded, the last pulse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Readings {
    /// When the levels were read (the oldest of them).
    pub taken: Mono,
    /// The boxes that could be read; a box that is missing here is on a silent board.
    pub boxes: Vec<BoxReading>,
    /// Edges with numbers above [`Outputs::edges_recorded`], oldest first.
    pub edges: Vec<Edge>,
    /// The last pulse that this cabinet took up in this boot.
    pub pulse: Option<PulseReport>,
}

impl Readings {
    /// Levels read at `taken`, with no edges and no pulse.
    #[must_use]
    pub const fn new(taken: Mono, boxes: Vec<BoxReading>) -> Self {
        Self { taken, boxes, edges: Vec::new(), pulse: None }
    }

    /// The reading of one box, if it could be read.
    #[must_use]
    pub fn of(&self, box_no: BoxNo) -> Option<&BoxReading> {
        self.boxes.iter().find(|reading| reading.box_no == box_no)
    }
}
