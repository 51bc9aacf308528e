//! The cabinet's task: the latest outputs down, readings up; and the hands of people at a simulated cabinet.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use locker_core::{Mono, Outputs, Readings, Told};
use locker_hal::{Cabinet, POLL_PERIOD_MS, run_bus};
use locker_hal_sim::{PeopleError, Sim, SimCommand, SimError, SimPeople, SimState};
use tokio::sync::{mpsc, watch};

use super::LockerHandle;
use crate::clock::Clock;
use crate::task::Store;

/// Readings that say nothing new are still handed over this often, so that a time limit that waits for a reading is
/// settled soon.
const QUIET_MS: u64 = 250;

/// The host's clock as the cabinet reads it.
#[derive(Clone)]
pub(super) struct HalClock(pub(super) Arc<dyn Clock>);

impl locker_hal::Clock for HalClock {
    fn now(&self) -> Mono {
        self.0.now().mono
    }
}

/// What the locker wants of its cabinet now; nothing while it does not run or cannot record (SAFE-8).
fn wanted(locker: &LockerHandle, clock: &HalClock) -> Outputs {
    let now = clock.0.now();
    let view = locker.view().borrow().clone();
    let Some(machine) = view.shown else { return Outputs::all_off(now.mono) };
    let mut outputs = machine.outputs(&now);
    if view.store == Store::Down {
        outputs.pulse = None;
    }
    outputs
}

/// Serves the cabinet until told to stop; then all coils are let go.
pub(super) async fn run(
    cabinet: Cabinet,
    clock: HalClock,
    locker: LockerHandle,
    mut stopping: watch::Receiver<bool>,
) {
    let (outputs, latest) = watch::channel(wanted(&locker, &clock));
    let (readings, mut read) = mpsc::channel(1);
    let period = Duration::from_millis(POLL_PERIOD_MS);
    let bus = tokio::spawn(run_bus(cabinet, clock.clone(), latest, readings, period));
    let mut view = locker.view();
    let mut told: Option<Readings> = None;
    loop {
        tokio::select! {
            _ = stopping.changed() => break,
            changed = view.changed() => {
                if changed.is_err() {
                    break;
                }
                let _ = outputs.send(wanted(&locker, &clock));
            }
            seen = read.recv() => {
                let Some(seen) = seen else { break };
                if is_news(told.as_ref(), &seen) && locker.note(Told::Readings(Arc::new(seen.clone()))).await.is_ok() {
                    told = Some(seen);
                }
            }
        }
    }
    drop(outputs);
    drop(read);
    let _ = bus.await;
}

fn is_news(told: Option<&Readings>, seen: &Readings) -> bool {
    told.is_none_or(|told| {
        told.boxes != seen.boxes
            || told.edges != seen.edges
            || told.pulse != seen.pulse
            || seen.taken.since(told.taken) >= QUIET_MS
    })
}

/// What people and mishap can do at a simulated cabinet.
#[derive(Clone)]
pub struct CabinetHands {
    place: Place,
    /// Columns in which the boxes hang, for drawings.
    pub columns: u8,
}

#[derive(Clone)]
enum Place {
    Here(Sim),
    There(SocketAddr),
}

impl CabinetHands {
    pub(super) fn here(sim: Sim, columns: u8) -> Self {
        Self { place: Place::Here(sim), columns }
    }

    pub(super) fn there(address: SocketAddr, columns: u8) -> Self {
        Self { place: Place::There(address), columns }
    }

    /// Lets a person do something, or a fault come or go.
    ///
    /// # Errors
    /// [`PeopleError`] when that cannot be done, or the cabinet's process does not answer.
    pub async fn command(&self, command: SimCommand) -> Result<(), PeopleError> {
        match &self.place {
            Place::Here(sim) => sim.command(command).map_err(|refusal| SimError::Refused(refusal).into()),
            Place::There(address) => SimPeople::connect(*address).await?.command(command).await,
        }
    }

    /// How the cabinet really is.
    ///
    /// # Errors
    /// [`PeopleError`] when the cabinet's process does not answer.
    pub async fn state(&self) -> Result<SimState, PeopleError> {
        match &self.place {
            Place::Here(sim) => Ok(sim.state()),
            Place::There(address) => SimPeople::connect(*address).await?.state().await,
        }
    }
}
