//! The contract between the owner of a machine and its cabinet, and the loop that serves it.

use alloc::boxed::Box;

use async_trait::async_trait;
use locker_core::{Outputs, Readings};

#[cfg(feature = "tokio")]
use crate::clock::Clock;
use crate::clock::DynClock;

/// Whatever brings outputs to a cabinet and readings back. [`Cabinet`](crate::Cabinet) is one.
///
/// One task owns a bus and calls [`Bus::cycle`] again and again with the *latest* outputs; there is no queue. The clock
/// is asked anew right before a first byte is written, so that no pulse begins past its time or past the lease.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Bus: Send {
    /// Brings the cabinet closer to `outputs` and says what its sensors say.
    ///
    /// A fault is no error here: a silent board's boxes are missing in the readings, a pulse that failed is reported.
    /// The future may be dropped at any point; what was begun goes on with the next cycle.
    async fn cycle(&mut self, outputs: &Outputs, clock: &DynClock) -> Readings;

    /// Lets all coils go and waits until every board has said so or failed to: for the exit.
    async fn all_off(&mut self);
}

#[async_trait]
impl Bus for Box<dyn Bus> {
    async fn cycle(&mut self, outputs: &Outputs, clock: &DynClock) -> Readings {
        (**self).cycle(outputs, clock).await
    }

    async fn all_off(&mut self) {
        (**self).all_off().await;
    }
}

/// Serves `bus` until the owner of the outputs or the taker of the readings is gone; then lets all coils go and gives
/// the bus back.
///
/// Each turn reads the latest outputs, cycles, offers the readings and waits for `period` (50 ms, say; the cabinet's
/// [`poll_period_ms`](crate::CabinetBuilder::poll_period_ms)). Readings that the taker has no room for are dropped,
/// since the next ones repeat levels, unrecorded edges and the last report; a slow owner never delays a poll. A channel
/// of 1 is best.
///
/// Needs the feature `tokio`.
///
/// ```
/// use core::time::Duration;
/// use locker_hal::{Cabinet, Clock, Mono, Outputs, POLL_PERIOD_MS, run_bus};
/// use tokio::sync::{mpsc, watch};
///
/// async fn serve(cabinet: Cabinet, clock: impl Clock + Clone + 'static) {
///     let (outputs, latest) = watch::channel(Outputs::all_off(clock.now()));
///     let (offered, mut readings) = mpsc::channel(1);
///     let period = Duration::from_millis(POLL_PERIOD_MS);
///     let bus = tokio::spawn(run_bus(cabinet, clock.clone(), latest, offered, period));
///     while let Some(seen) = readings.recv().await {
///         // Tell the machine, commit, and read its outputs anew: they hold for 2 s.
///         # if seen.taken > Mono(0) { break }
///         outputs.send_replace(Outputs::all_off(clock.now()));
///     }
///     drop(outputs);
///     let _cabinet_with_all_coils_off = bus.await;
/// }
/// ```
#[cfg(feature = "tokio")]
pub async fn run_bus<B: Bus, C: Clock + 'static>(
    mut bus: B,
    clock: C,
    outputs: tokio::sync::watch::Receiver<Outputs>,
    readings: tokio::sync::mpsc::Sender<Readings>,
    period: core::time::Duration,
) -> B {
    use tokio::sync::mpsc::error::TrySendError;

    while outputs.has_changed().is_ok() {
        let latest = outputs.borrow().clone();
        let seen = bus.cycle(&latest, &clock).await;
        if let Err(TrySendError::Closed(_)) = readings.try_send(seen) {
            break;
        }
        tokio::time::sleep(period).await;
    }
    bus.all_off().await;
    bus
}
