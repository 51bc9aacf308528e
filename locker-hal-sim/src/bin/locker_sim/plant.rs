//! Defects that can be planted, to see that a violation is found, and what it looks like.

use locker_core::{Boot, BoxNo, HOUR, Mono, Outputs, Pulse, PulseId};
use locker_hal_sim::world::{Lie, Stage, World, WorldPlan};
use serde::{Deserialize, Serialize};

/// A defect that the product does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Plant {
    /// The lock of box 1 fires by itself, once (BOX-10).
    StrayPulse,
    /// The messenger throws a message away and says that it was sent.
    LostMail,
}

impl Plant {
    /// Puts the defect into the works.
    pub(crate) fn put_into(self, stage: &mut Stage) {
        stage.tell_lies(match self {
            Self::StrayPulse => Box::new(Stray { is_done: false }),
            Self::LostMail => Box::new(Lost(0)),
        });
    }
}

/// The world of a plan, with a defect if one is asked for.
pub(crate) fn world(plan: WorldPlan, plant: Option<Plant>) -> World {
    let mut world = World::new(plan);
    if let Some(plant) = plant {
        plant.put_into(world.stage_mut());
    }
    world
}

/// Whether the lock has fired.
struct Stray {
    is_done: bool,
}

impl Lie for Stray {
    fn fires(&mut self, outputs: &Outputs) -> Option<Pulse> {
        if self.is_done || outputs.at < FIRES_AT {
            return None;
        }
        self.is_done = true;
        let id = PulseId { boot: Boot(1), n: 1_000_000 };
        Some(Pulse { id, box_no: BoxNo::new(1)?, length_ms: 500, not_after: outputs.at })
    }
}

/// Counts the messages.
struct Lost(u32);

impl Lie for Lost {
    fn loses_mail(&mut self) -> bool {
        self.0 += 1;
        self.0 == MESSAGES
    }
}

/// When the lock fires, by the locker's own clock: once it has run for six hours.
const FIRES_AT: Mono = Mono(6 * HOUR);
/// The message that is lost.
const MESSAGES: u32 = 2;
