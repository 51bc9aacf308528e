//! What a backend brings to be tested.

use async_trait::async_trait;
use locker_core::{BoxNo, Mono};

use crate::bus::Bus;
use crate::clock::VirtualClock;

/// What a rig can do beyond the least; checks that need more are skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ability {
    /// [`Deed::Jam`].
    Jam,
    /// [`Deed::LoseAcknowledgements`].
    LoseAcknowledgements,
    /// [`Deed::KillBoard`] and [`Deed::ReviveBoard`]; the first and the last box hang on different boards.
    KillABoard,
    /// [`Deed::Put`] and [`Deed::Take`], and sensors that see it.
    SenseItems,
    /// The hardware ends a running pulse when told to let go.
    CutAPulseShort,
}

/// Something that happens in the physical world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Deed {
    /// Somebody opens the door by force.
    Open(BoxNo),
    /// Somebody shuts the door.
    Close(BoxNo),
    /// Somebody lays something in.
    Put(BoxNo),
    /// Somebody takes it out.
    Take(BoxNo),
    /// The latch holds from now on, whatever the coil does.
    Jam(BoxNo),
    /// Acknowledgements of this box's board get lost from now on.
    LoseAcknowledgements(BoxNo),
    /// This box's board dies.
    KillBoard(BoxNo),
    /// This box's board lives again.
    ReviveBoard(BoxNo),
}

/// One time that a coil really was energised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Energised {
    /// The box.
    pub box_no: BoxNo,
    /// When the current began, by the rig's clock.
    pub from: Mono,
    /// When it ends or ended.
    pub until: Mono,
}

/// A physical world with a backend in it. It begins with all doors shut, all boxes empty, no fault, and no bounce.
#[async_trait]
pub trait Rig: Send {
    /// Starts the backend over the world as it stands now; the one before is gone.
    async fn start(&mut self) -> Box<dyn Bus>;

    /// The clock of the world and of the backend.
    fn clock(&self) -> VirtualClock;

    /// The boxes in order, at least two.
    fn boxes(&self) -> Vec<BoxNo>;

    /// Whether the rig can do this.
    fn can(&self, ability: Ability) -> bool;

    /// How long a pulse is, in milliseconds: what is ordered, unless the hardware knows one length alone.
    fn pulse_ms(&self) -> u16 {
        500
    }

    /// How late an order may take effect in the world, in milliseconds: a few steps of the suite, and what a board takes to
    /// acknowledge the one before.
    fn late_ms(&self) -> u64 {
        50
    }

    /// Does something in the world.
    async fn act(&mut self, deed: Deed);

    /// Every pulse of every coil since the rig was made, oldest first, of the physical world's own knowledge.
    async fn energised(&mut self) -> Vec<Energised>;
}
