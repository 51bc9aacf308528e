//! The rigs of the simulator: in process, and over a socket to a cabinet in virtual time.

#![allow(dead_code, unreachable_pub, reason = "every test file uses another part")]

use async_trait::async_trait;
use locker_hal::conformance::{Ability, Deed, Energised, Rig};
use locker_hal::{BoxNo, Bus, Cabinet, VirtualClock};
use locker_hal_sim::{Fault, Sim, SimCommand, SimConfig};

/// Makes the cabinet of a rig out of its simulator.
pub type MakeBus = fn(&Sim, &VirtualClock) -> Box<dyn Bus>;

/// A simulated world.
pub struct SimRig {
    pub sim: Sim,
    pub clock: VirtualClock,
    make: MakeBus,
}

pub fn config() -> SimConfig {
    SimConfig { bounce_ms: 0, ..SimConfig::default() }
}

pub fn in_process(sim: &Sim, _clock: &VirtualClock) -> Box<dyn Bus> {
    Box::new(cabinet(sim))
}

pub fn cabinet(sim: &Sim) -> Cabinet {
    sim.cabinet().expect("a simulator's cabinet fits")
}

impl SimRig {
    pub fn new(make: MakeBus) -> Self {
        let clock = VirtualClock::default();
        Self { sim: Sim::new(config(), clock.clone()), clock, make }
    }
}

/// A deed in the words of the simulator.
pub fn command(sim: &Sim, deed: Deed) -> SimCommand {
    let board = |box_no| sim.config().place_of(box_no).0;
    match deed {
        Deed::Open(box_no) => SimCommand::Pry { box_no },
        Deed::Close(box_no) => SimCommand::Close { box_no },
        Deed::Put(box_no) => SimCommand::Put { box_no, key: "KEY".into() },
        Deed::Take(box_no) => SimCommand::Take { box_no, key: None },
        Deed::Jam(box_no) => SimCommand::Hurt { fault: Fault::Jammed { box_no } },
        Deed::LoseAcknowledgements(box_no) => {
            SimCommand::Hurt { fault: Fault::AckLost { board: board(box_no) } }
        }
        Deed::KillBoard(box_no) => SimCommand::Hurt { fault: Fault::BoardDead { board: board(box_no) } },
        Deed::ReviveBoard(box_no) => SimCommand::Heal { fault: Fault::BoardDead { board: board(box_no) } },
        other => panic!("the simulator does not know {other:?}"),
    }
}

pub fn energised(sim: &Sim) -> Vec<Energised> {
    let fired = sim.state().fired.into_iter();
    let energised =
        fired.map(|fired| Energised { box_no: fired.box_no, from: fired.from, until: fired.until });
    energised.collect()
}

#[async_trait]
impl Rig for SimRig {
    async fn start(&mut self) -> Box<dyn Bus> {
        (self.make)(&self.sim, &self.clock)
    }

    fn clock(&self) -> VirtualClock {
        self.clock.clone()
    }

    fn boxes(&self) -> Vec<BoxNo> {
        BoxNo::first(self.sim.config().boxes).collect()
    }

    fn can(&self, _ability: Ability) -> bool {
        true
    }

    async fn act(&mut self, deed: Deed) {
        let command = command(&self.sim, deed);
        self.sim.command(command).expect("the world does what the suite does to it");
    }

    async fn energised(&mut self) -> Vec<Energised> {
        energised(&self.sim)
    }
}
