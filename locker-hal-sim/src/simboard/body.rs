//! What a board's electronics are wired to: coils and contacts of its part of the cabinet.

use locker_core::{Door, Item, Mono};
use locker_hal::Raw;

use super::make::Contact;
use crate::board::Sim;
use crate::cabinet::BoardSays;
use crate::command::Fault;
use crate::state::Coil;

/// The physical side of one board. Channels count from 0.
#[derive(Clone)]
pub(crate) struct Body {
    sim: Sim,
    board: u8,
    contact: Contact,
}

/// A command that the board cannot carry out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Declined;

impl Body {
    pub(crate) fn new(sim: &Sim, board: u8, contact: Contact) -> Self {
        Self { sim: sim.clone(), board, contact }
    }

    pub(crate) fn now(&self) -> Mono {
        self.sim.with(|_, now| now)
    }

    /// How many channels have a box.
    pub(crate) fn wired(&self) -> u8 {
        self.sim.config().channels(self.board)
    }

    pub(crate) fn has(&self, fault: fn(u8) -> Fault) -> bool {
        self.is_hurt(fault(self.board))
    }

    pub(crate) fn is_hurt(&self, fault: Fault) -> bool {
        self.sim.with(|truth, now| truth.has(now, fault))
    }

    /// Whether it neither acts nor answers.
    pub(crate) fn is_mute(&self) -> bool {
        self.has(|board| Fault::BoardDead { board }) || self.has(|board| Fault::BoardFrozen { board })
    }

    pub(crate) fn powers_up(&self) {
        self.sim.with(|truth, now| truth.powers_up(now, self.board));
    }

    /// The address that it says it has.
    pub(crate) fn says_address(&self, address: u8) -> u8 {
        if self.has(|board| Fault::WrongAddress { board }) { address.wrapping_add(1) } else { address }
    }

    /// The channel that it says it means.
    pub(crate) fn says_channel(&self, channel: u8) -> u8 {
        let wired = self.wired().max(1);
        if channel < wired && self.has(|board| Fault::OtherBox { board }) {
            (channel + 1) % wired
        } else {
            channel
        }
    }

    /// Energises a coil for `length_ms`, or until it is let go.
    pub(crate) fn on(&self, channel: u8, length_ms: Option<u64>) -> Result<(), Declined> {
        match self.sim.with(|truth, now| truth.relay_on(now, self.board, channel, length_ms)) {
            BoardSays::Declined => Err(Declined),
            _ => Ok(()),
        }
    }

    pub(crate) fn off(&self, channel: u8) {
        self.sim.with(|truth, now| truth.relay_off(now, self.board, channel));
    }

    pub(crate) fn is_on(&self, channel: u8) -> bool {
        self.sim.with(|truth, now| truth.relay(now, self.board, channel)) == Coil::On
    }

    /// What it makes of its hooks, lock 1 first: whether each is caught. A wire that is cut reads as a hook that is free.
    pub(crate) fn locked(&self) -> Vec<bool> {
        let levels = self.sim.with(|truth, now| truth.sensed(now, self.board));
        levels.iter().map(|level| level.door == Raw(Door::Closed)).collect()
    }

    /// Which feedback contacts are closed, lock 1 first. There is none where no box is.
    pub(crate) fn contacts(&self) -> Vec<bool> {
        self.locked().into_iter().map(|locked| locked == (self.contact == Contact::WhenLocked)).collect()
    }

    /// Whether the feedback contact of a channel is closed.
    pub(crate) fn contact(&self, channel: u8) -> bool {
        self.contacts().get(usize::from(channel)).copied().unwrap_or(false)
    }

    /// In which boxes the item sensors see something.
    pub(crate) fn items(&self) -> Vec<bool> {
        let levels = self.sim.with(|truth, now| truth.sensed(now, self.board));
        levels.iter().map(|level| level.item == Raw(Item::Present)).collect()
    }
}

/// Eight of `bits` in each byte, the first in bit 0 of the first byte; what is missing is 0, what is too much is left out.
pub(crate) fn packed(bits: &[bool], bytes: usize) -> Vec<u8> {
    let mut packed = vec![0; bytes];
    for (n, _) in bits.iter().enumerate().filter(|(_, bit)| **bit) {
        if let Some(byte) = packed.get_mut(n / 8) {
            *byte |= 1 << (n % 8);
        }
    }
    packed
}
