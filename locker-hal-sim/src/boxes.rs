//! One box as it really is: a door on a spring, a latch with a coil, and what lies inside.

use locker_core::{Door, Mono};

use crate::command::{KEYS_MAX, LABEL_BYTES_MAX, SimRefusal};
use crate::config::SimConfig;
use crate::state::Coil;

/// Where the leaf of the door is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    Shut,
    Open,
}

/// Whether the latch does what the coil tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Latch {
    Works,
    Jammed,
}

#[derive(Clone, Debug)]
pub(crate) struct SimBox {
    leaf: Leaf,
    moved_at: Option<Mono>,
    coil_until: Option<Mono>,
    springs_at: Option<Mono>,
    pub(crate) keys: Vec<String>,
    pub(crate) pulses: u32,
}

impl SimBox {
    pub(crate) fn shut_and_empty() -> Self {
        Self {
            leaf: Leaf::Shut,
            moved_at: None,
            coil_until: None,
            springs_at: None,
            keys: Vec::new(),
            pulses: 0,
        }
    }

    /// Lets happen what happens by itself until `now`.
    pub(crate) fn pass(&mut self, now: Mono) {
        if let Some(at) = self.springs_at.filter(|&at| at <= now) {
            self.springs_at = None;
            self.move_to(Leaf::Open, at);
        }
        self.coil_until = self.coil_until.filter(|&until| now < until);
    }

    pub(crate) fn energise(&mut self, now: Mono, until: Mono, latch: Latch, config: &SimConfig) {
        self.pulses = self.pulses.saturating_add(1);
        self.coil_until = Some(until);
        self.spring(now, latch, config);
    }

    /// The coil is on and stays on until `until`.
    pub(crate) fn lasts_until(&mut self, until: Mono) {
        self.coil_until = Some(until);
    }

    pub(crate) fn let_go(&mut self) {
        self.coil_until = None;
        self.springs_at = None;
    }

    pub(crate) fn pull(&mut self, now: Mono, latch: Latch) -> Result<(), SimRefusal> {
        if self.leaf == Leaf::Shut && (self.coil() == Coil::Off || latch == Latch::Jammed) {
            return Err(SimRefusal::Latched);
        }
        self.pry(now);
        Ok(())
    }

    pub(crate) fn pry(&mut self, now: Mono) {
        self.springs_at = None;
        self.move_to(Leaf::Open, now);
    }

    pub(crate) fn shut(&mut self, now: Mono, latch: Latch, config: &SimConfig) {
        self.move_to(Leaf::Shut, now);
        self.spring(now, latch, config);
    }

    pub(crate) fn put(&mut self, key: String) -> Result<(), SimRefusal> {
        if key.is_empty() || key.len() > LABEL_BYTES_MAX {
            return Err(SimRefusal::BadLabel);
        }
        self.hand_goes_in()?;
        if self.keys.len() >= KEYS_MAX {
            return Err(SimRefusal::BoxFull);
        }
        self.keys.push(key);
        Ok(())
    }

    pub(crate) fn take(&mut self, key: Option<&str>) -> Result<(), SimRefusal> {
        self.hand_goes_in()?;
        let found = match key {
            Some(key) => self.keys.iter().rposition(|inside| inside == key),
            None => self.keys.len().checked_sub(1),
        };
        self.keys.remove(found.ok_or(SimRefusal::NoSuchKey)?);
        Ok(())
    }

    pub(crate) fn coil(&self) -> Coil {
        if self.coil_until.is_some() { Coil::On } else { Coil::Off }
    }

    /// When the coil will be let go, if it is on.
    pub(crate) fn ends_at(&self) -> Option<Mono> {
        self.coil_until
    }

    /// When the door will spring open by itself.
    #[cfg(feature = "world")]
    pub(crate) fn springs_at(&self) -> Option<Mono> {
        self.springs_at
    }

    pub(crate) fn door(&self) -> Door {
        self.leaf.seen()
    }

    /// What a sound door contact says at `now`: for a while after a move it bounces.
    pub(crate) fn contact(&self, now: Mono, config: &SimConfig) -> Door {
        let bounces = self.moved_at.is_some_and(|at| {
            let since = now.since(at);
            since < config.bounce_ms && (since / config.bounce_period_ms.max(1)) % 2 == 1
        });
        match (self.leaf, bounces) {
            (Leaf::Shut, false) | (Leaf::Open, true) => Door::Closed,
            (Leaf::Open, false) | (Leaf::Shut, true) => Door::Open,
        }
    }

    /// A shut door springs open if the coil stays on long enough.
    fn spring(&mut self, now: Mono, latch: Latch, config: &SimConfig) {
        let opens_at = now.after(u64::from(config.spring_ms));
        let long_enough = self.coil_until.is_some_and(|until| opens_at <= until);
        let springs = self.leaf == Leaf::Shut && latch == Latch::Works && long_enough;
        self.springs_at = springs.then_some(opens_at);
    }

    fn hand_goes_in(&self) -> Result<(), SimRefusal> {
        match self.leaf {
            Leaf::Open => Ok(()),
            Leaf::Shut => Err(SimRefusal::DoorClosed),
        }
    }

    fn move_to(&mut self, leaf: Leaf, at: Mono) {
        if self.leaf != leaf {
            self.leaf = leaf;
            self.moved_at = Some(at);
        }
    }
}

impl Leaf {
    fn seen(self) -> Door {
        match self {
            Self::Shut => Door::Closed,
            Self::Open => Door::Open,
        }
    }
}
