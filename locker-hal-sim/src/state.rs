//! The truth about a simulated cabinet at one moment, for drawings and for tests.

use locker_core::{BoxNo, Door, Item, Mono, PulseId};
use serde::{Deserialize, Serialize};

use crate::command::Fault;

/// Whether a coil is energised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coil {
    /// No current: the latch holds a shut door.
    Off,
    /// Current: the latch is free, unless it is jammed.
    On,
}

/// One box as it really is, and what its sensors make of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SimBoxState {
    /// The box.
    pub box_no: BoxNo,
    /// Its board, from 0.
    pub board: u8,
    /// Its channel on the board, from 0.
    pub channel: u8,
    /// The door as it really stands: never *unknown*.
    pub door: Door,
    /// The coil.
    pub coil: Coil,
    /// The labels of the keys inside, oldest first.
    pub keys: Vec<String>,
    /// How often the coil was energised since the cabinet was built.
    pub pulses: u32,
    /// What the door contact says, undebounced.
    pub sensed_door: Door,
    /// What the item sensor says, undebounced.
    pub sensed_item: Item,
}

/// One time that a coil was energised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fired {
    /// The id of the pulse.
    pub id: PulseId,
    /// The box.
    pub box_no: BoxNo,
    /// When the current began.
    pub from: Mono,
    /// When it ends or ended.
    pub until: Mono,
}

/// The truth about the whole cabinet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SimState {
    /// When this was so, by the cabinet's own clock.
    pub at: Mono,
    /// All boxes, in order.
    pub boxes: Vec<SimBoxState>,
    /// The faults that are switched on, in order.
    pub faults: Vec<Fault>,
    /// How many pulses there were since the cabinet was built.
    pub pulses: u64,
    /// The last pulses, oldest first, at most [`FIRED_MAX`].
    pub fired: Vec<Fired>,
}

/// How many pulses a cabinet remembers one by one: more than a test needs, few enough to send.
pub const FIRED_MAX: usize = 1_024;

impl SimState {
    /// One box, if there is such a box.
    #[must_use]
    pub fn of(&self, box_no: BoxNo) -> Option<&SimBoxState> {
        self.boxes.iter().find(|state| state.box_no == box_no)
    }
}
