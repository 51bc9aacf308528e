//! Relays that somebody switches on and off, and those that come on by themselves.

use locker_core::{Mono, PulseId};

#[cfg(feature = "boards")]
use super::BoardSays;
use super::{FOR_EVER, SimCabinet};
#[cfg(any(feature = "boards", feature = "world"))]
use crate::boxes::SimBox;
use crate::command::Fault;
#[cfg(any(feature = "boards", feature = "world"))]
use crate::state::Coil;

#[cfg(feature = "boards")]
impl SimCabinet {
    /// A relay of a board is switched on: until it is let go, or for `length_ms`. One that is on stays on, until the new end.
    pub(crate) fn relay_on(&mut self, at: Mono, board: u8, channel: u8, length_ms: Option<u64>) -> BoardSays {
        let now = self.pass(at);
        let until = length_ms.map_or(FOR_EVER, |length_ms| now.after(length_ms));
        if self.is_mute(board) {
            return BoardSays::Nothing;
        }
        let box_no = self.config.boxes_of(board).nth(usize::from(channel));
        let (Some(box_no), false) = (box_no, self.faults.contains(&Fault::BoardRefuses { board })) else {
            return BoardSays::Declined;
        };
        match self.boxes.get_mut(&box_no).filter(|there| there.coil() == Coil::On) {
            Some(there) => {
                there.lasts_until(until);
                self.lasts_until(now, box_no, until);
            }
            None => {
                let boot = locker_core::Boot(0);
                let n = u32::try_from(self.pulses + 1).unwrap_or(u32::MAX);
                self.energise(now, box_no, PulseId { boot, n }, until);
            }
        }
        BoardSays::Taken
    }

    /// A relay of a board is switched off.
    pub(crate) fn relay_off(&mut self, at: Mono, board: u8, channel: u8) -> BoardSays {
        let now = self.pass(at);
        if self.is_mute(board) {
            return BoardSays::Nothing;
        }
        match self.config.boxes_of(board).nth(usize::from(channel)) {
            Some(box_no) => {
                self.let_go_of(now, box_no);
                BoardSays::Taken
            }
            None => BoardSays::Declined,
        }
    }

    /// Whether the relay of a channel is on.
    pub(crate) fn relay(&mut self, at: Mono, board: u8, channel: u8) -> Coil {
        self.pass(at);
        let box_no = self.config.boxes_of(board).nth(usize::from(channel));
        box_no.and_then(|box_no| self.boxes.get(&box_no)).map_or(Coil::Off, SimBox::coil)
    }

    /// Whether a fault is switched on.
    pub(crate) fn has(&mut self, at: Mono, fault: Fault) -> bool {
        self.pass(at);
        self.faults.contains(&fault)
    }

    /// The power of a board comes for the first time.
    pub(crate) fn powers_up(&mut self, at: Mono, board: u8) {
        self.pass(at);
        self.power_up(board);
    }
}

#[cfg(feature = "world")]
impl SimCabinet {
    /// The power of the whole cabinet fails for an instant: all coils drop, whatever a board is at.
    pub(crate) fn power_fails(&mut self, at: Mono) {
        let now = self.pass(at);
        for board in 0..self.config.boards() {
            self.let_go(now, board);
            self.power_up(board);
        }
    }

    /// Whether the coil of a box is energised.
    pub(crate) fn coil(&mut self, at: Mono, box_no: locker_core::BoxNo) -> Coil {
        self.pass(at);
        self.boxes.get(&box_no).map_or(Coil::Off, SimBox::coil)
    }

    /// From now on boards say that they let their coils go, and do not.
    pub(crate) fn keep_relays_on(&mut self) {
        self.keeps_relays_on = true;
    }
}

impl SimCabinet {
    /// Whether a relay of a board is on that nobody will end unless told to.
    pub(crate) fn is_on_unasked(&mut self, at: Mono, board: u8) -> bool {
        self.pass(at);
        let mut there = self.config.boxes_of(board).filter_map(|box_no| self.boxes.get(&box_no));
        there.any(|there| there.ends_at() == Some(FOR_EVER))
    }

    /// The power of a board is back. All its relays may be on until they are told otherwise.
    pub(super) fn power_up(&mut self, board: u8) {
        if self.faults.contains(&Fault::RelaysOnAtPowerUp { board }) && !self.is_mute(board) {
            for box_no in self.config.boxes_of(board) {
                self.energise(self.now, box_no, PulseId::default(), FOR_EVER);
            }
        }
    }
}
