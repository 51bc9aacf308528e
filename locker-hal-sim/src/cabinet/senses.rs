//! What the sensors say, and what a board makes of that.

use locker_core::{BoxNo, Door, Item, Mono};
use locker_hal::{ChannelLevel, Raw};

use super::SimCabinet;
#[cfg(feature = "world")]
use crate::boxes::SimBox;
use crate::command::Fault;

/// How long a fluttering door contact stays on either side, in milliseconds.
const UNSTEADY_MS: u64 = 200;

impl SimCabinet {
    /// What a board makes of its sensors, whether or not it says it.
    pub(crate) fn sensed(&mut self, at: Mono, board: u8) -> Vec<ChannelLevel> {
        let now = self.pass(at);
        let level = |box_no| {
            let (door, item) = self.told(now, box_no);
            ChannelLevel { door: Raw(door), item: Raw(item) }
        };
        self.config.boxes_of(board).map(level).collect()
    }

    /// What the board of a box makes of its sensors: perhaps of another's, or the opposite.
    fn told(&self, now: Mono, box_no: BoxNo) -> (Door, Item) {
        if self.faults.is_empty() {
            return (self.sensed_door(now, box_no), self.sensed_item(box_no));
        }
        let (board, channel) = self.config.place_of(box_no);
        let has = |fault| self.faults.contains(&fault);
        let channels = usize::from(self.config.channels(board)).max(1);
        let before = (usize::from(channel) + channels - 1) % channels;
        let other = self.config.boxes_of(board).nth(before).filter(|_| has(Fault::OtherBox { board }));
        let there = other.unwrap_or(box_no);
        let door = match self.sensed_door(now, there) {
            Door::Open | Door::Closed if has(Fault::OpenForEver { board }) => Door::Open,
            Door::Open if has(Fault::PolarityFlipped { board }) => Door::Closed,
            Door::Closed if has(Fault::PolarityFlipped { board }) => Door::Open,
            door => door,
        };
        (door, self.sensed_item(there))
    }

    /// When a sensor will say something else than now although nobody does anything, if ever.
    #[cfg(feature = "world")]
    pub(crate) fn next_change(&mut self, at: Mono) -> Option<Mono> {
        let now = self.pass(at);
        let springs = self.boxes.values().filter_map(SimBox::springs_at).min();
        let flutters = self.faults.iter().any(|fault| matches!(fault, Fault::DoorUnsteady { .. }));
        let flips = flutters.then(|| Mono((now.0 / UNSTEADY_MS + 1) * UNSTEADY_MS));
        let dies = self.dies.values().min().copied();
        springs.into_iter().chain(flips).chain(dies).min()
    }

    /// Whether these readings say what the boards say now, and no board that hears has a relay on unasked, so that another look would
    /// show nothing new and do nothing.
    #[cfg(feature = "world")]
    pub(crate) fn agrees(&mut self, at: Mono, readings: &locker_core::Readings) -> bool {
        let now = self.pass(at);
        for board in 0..self.config.boards() {
            if self.unheard(board).is_none() && self.is_on_unasked(now, board) {
                return false;
            }
        }
        let mut said = readings.boxes.iter().peekable();
        self.boxes.keys().all(|&box_no| {
            let there = said.next_if(|said| said.box_no == box_no);
            let board = self.config.place_of(box_no).0;
            let is_mute = !self.faults.is_empty()
                && (self.unheard(board).is_some()
                    || [Fault::BoardGarbles { board }, Fault::WrongAddress { board }]
                        .iter()
                        .any(|fault| self.faults.contains(fault)));
            match there {
                None => is_mute,
                Some(said) => !is_mute && (said.door, said.item) == self.told(now, box_no),
            }
        })
    }

    pub(super) fn sensed_door(&self, now: Mono, box_no: BoxNo) -> Door {
        let has = |fault| self.faults.contains(&fault);
        let Some(there) =
            self.boxes.get(&box_no).filter(|_| !self.config.without_door_sensor.contains(&box_no))
        else {
            return Door::Unknown;
        };
        if has(Fault::DoorCut { box_no }) {
            Door::Unknown
        } else if has(Fault::DoorStuckOpen { box_no }) {
            Door::Open
        } else if has(Fault::DoorStuckClosed { box_no }) {
            Door::Closed
        } else if has(Fault::DoorUnsteady { box_no }) {
            if (now.0 / UNSTEADY_MS).is_multiple_of(2) { Door::Open } else { Door::Closed }
        } else {
            there.contact(now, &self.config)
        }
    }

    pub(super) fn sensed_item(&self, box_no: BoxNo) -> Item {
        let has = |fault| self.faults.contains(&fault);
        let Some(there) =
            self.boxes.get(&box_no).filter(|_| !self.config.without_item_sensor.contains(&box_no))
        else {
            return Item::Unknown;
        };
        if has(Fault::ItemCut { box_no }) {
            Item::Unknown
        } else if has(Fault::ItemStuckPresent { box_no }) {
            Item::Present
        } else if has(Fault::ItemStuckAbsent { box_no }) || there.keys.is_empty() {
            Item::Absent
        } else {
            Item::Present
        }
    }
}
