//! The simulator conforms, in process and over the socket.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use common::{SimRig, in_process};
use locker_hal::conformance::{self, Ability, Check, Deed, Energised, Rig};
use locker_hal::{BoxNo, Bus, Cabinet, Clock, DynClock, DynWanted, Mono, Readings, VirtualClock};
use locker_hal_sim::{Sim, SimClient, SimPeople, SimServer};

#[tokio::test]
async fn the_simulator_in_process_conforms() {
    let report = conformance::run(|| async { SimRig::new(in_process) }).await;
    report.assert_passed();
    assert_eq!(report.passed, Check::ALL, "and nothing was skipped");
}

#[tokio::test(start_paused = true)]
async fn the_simulator_over_the_socket_conforms() {
    let report = conformance::run(SocketRig::new).await;
    report.assert_passed();
    assert_eq!(report.passed, Check::ALL, "and nothing was skipped");
}

/// A cabinet behind a real socket. The runtime's time stands still but for what the suite's clock moves, so time-outs
/// take as long as they say in the suite's time and none of ours.
struct SocketRig {
    sim: Sim,
    clock: VirtualClock,
    address: SocketAddr,
    people: SimPeople,
    server: tokio::task::JoinHandle<()>,
}

impl SocketRig {
    async fn new() -> Self {
        let clock = VirtualClock::default();
        let sim = Sim::new(common::config(), clock.clone());
        let any_port = "127.0.0.1:0".parse().unwrap();
        let server = SimServer::bind(any_port, sim.clone()).await.unwrap();
        let address = server.local_addr().unwrap();
        let server = tokio::spawn(server.run());
        let people = SimPeople::connect(address).await.unwrap();
        Self { sim, clock, address, people, server }
    }
}

impl Drop for SocketRig {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[async_trait]
impl Rig for SocketRig {
    async fn start(&mut self) -> Box<dyn Bus> {
        Box::new(InStep {
            cabinet: SimClient::cabinet(self.address, self.sim.config()).unwrap(),
            before: self.clock.now(),
        })
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
        let command = common::command(&self.sim, deed);
        self.people.command(command).await.unwrap();
    }

    async fn energised(&mut self) -> Vec<Energised> {
        common::energised(&self.sim)
    }
}

/// Moves the runtime's time by what the suite's clock has moved since the cycle before.
struct InStep {
    cabinet: Cabinet,
    before: Mono,
}

#[async_trait]
impl Bus for InStep {
    async fn cycle(&mut self, wanted: &DynWanted, clock: &DynClock) -> Readings {
        let passed = clock.now().since(self.before);
        self.before = clock.now();
        tokio::time::advance(Duration::from_millis(passed)).await;
        self.cabinet.cycle(wanted, clock).await
    }

    async fn all_off(&mut self) {
        self.cabinet.all_off().await;
    }
}
