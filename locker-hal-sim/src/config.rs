//! What a simulated cabinet is made of.

use std::collections::BTreeSet;

use locker_core::BoxNo;

/// The build of a simulated cabinet. Every field has a default: 16 boxes on two boards, all sensors fitted.
///
/// ```
/// use locker_hal_sim::SimConfig;
///
/// let config = SimConfig { boxes: 20, ..SimConfig::default() };
/// assert_eq!(config.boards(), 3, "8 + 8 + 4");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimConfig {
    /// How many boxes, 1 to 255; 0 counts as 1.
    pub boxes: u8,
    /// How many boxes hang on one board, 1 to 255; 0 counts as 1. Each board can die alone.
    pub boxes_per_board: u8,
    /// Boxes without a door sensor: they read *unknown*.
    pub without_door_sensor: BTreeSet<BoxNo>,
    /// Boxes without an item sensor: they read *unknown*.
    pub without_item_sensor: BTreeSet<BoxNo>,
    /// How long the coil must be on until the spring has pushed the door open, in milliseconds. A shorter pulse opens
    /// nothing.
    pub spring_ms: u16,
    /// How long a door contact bounces after a change, in milliseconds; 0 for never.
    pub bounce_ms: u64,
    /// How long the contact stays on either side while it bounces, in milliseconds; 0 counts as 1.
    pub bounce_period_ms: u64,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            boxes: 16,
            boxes_per_board: 8,
            without_door_sensor: BTreeSet::new(),
            without_item_sensor: BTreeSet::new(),
            spring_ms: 80,
            bounce_ms: 30,
            bounce_period_ms: 5,
        }
    }
}

impl SimConfig {
    /// How many boards there are.
    #[must_use]
    pub fn boards(&self) -> u8 {
        self.boxes.max(1).div_ceil(self.boxes_per_board.max(1))
    }

    /// How many channels `board` (from 0) has in use; 0 when there is no such board.
    #[must_use]
    pub fn channels(&self, board: u8) -> u8 {
        let before = u16::from(board) * u16::from(self.boxes_per_board.max(1));
        let left = u16::from(self.boxes.max(1)).saturating_sub(before);
        u8::try_from(left.min(u16::from(self.boxes_per_board.max(1)))).unwrap_or(u8::MAX)
    }

    /// The boxes of `board` (from 0), in the order of its channels.
    pub fn boxes_of(&self, board: u8) -> impl Iterator<Item = BoxNo> + use<> {
        let first = usize::from(board) * usize::from(self.boxes_per_board.max(1));
        BoxNo::first(self.boxes.max(1)).skip(first).take(usize::from(self.channels(board)))
    }

    /// The board and the channel of a box, both from 0.
    #[must_use]
    pub fn place_of(&self, box_no: BoxNo) -> (u8, u8) {
        let per_board = self.boxes_per_board.max(1);
        ((box_no.get() - 1) / per_board, (box_no.get() - 1) % per_board)
    }
}
