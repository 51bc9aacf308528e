//! The contract between the owner of a machine and its cabinet, and the loop that serves it.

use alloc::boxed::Box;

use async_trait::async_trait;
use locker_core::{Outputs, Readings};

#[cfg(feature = "tokio")]
use crate::clock::Clock;
use crate::clock::DynClock;

/// What the owner of the machine wants now. Every closure that gives [`Outputs`] says so, and so do `Outputs` themselves:
/// a wish that does not change.
///
/// ```
/// use locker_hal::{Mono, Outputs, Wanted};
///
/// let outputs = Outputs::all_off(Mono(7));
/// assert_eq!(Wanted::outputs(&outputs), outputs);
/// let latest = || Outputs::all_off(Mono(8));
/// assert_eq!(Wanted::outputs(&latest).at, Mono(8));
/// ```
pub trait Wanted: Send + Sync {
    /// The latest outputs.
    fn outputs(&self) -> Outputs;
}

/// Any wish that borrows nothing.
pub type DynWanted = dyn Wanted;

impl<F: Fn() -> Outputs + Send + Sync> Wanted for F {
    fn outputs(&self) -> Outputs {
        self()
    }
}

impl Wanted for Outputs {
    fn outputs(&self) -> Outputs {
        self.clone()
    }
}

/// Whatever brings outputs to a cabinet and readings back. [`Cabinet`](crate::Cabinet) is one.
///
/// One task owns a bus and calls [`Bus::cycle`] again and again; there is no queue. What is wanted and what time it is are
/// asked anew right before a first byte is written: a pulse that is wanted while a cycle goes on waits for the exchange that
/// is under way on its wire and for no other, and none begins past its time or past the lease.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Bus: Send {
    /// Brings the cabinet closer to what is `wanted` and says what its sensors say.
    ///
    /// A fault is no error here: a silent board's boxes are missing in the readings, a pulse that failed is reported.
    /// The future may be dropped at any point; what was begun goes on with the next cycle.
    async fn cycle(&mut self, wanted: &DynWanted, clock: &DynClock) -> Readings;

    /// Goes on between two cycles with what is under way, and is ready when a cycle is worth while before its time: an
    /// exchange has ended that the last one did not wait for, or a sensor that says so by itself has moved.
    ///
    /// It may be dropped at any point, and a bus whose cycles leave nothing under way is never ready.
    async fn news(&mut self, _clock: &DynClock) {
        core::future::pending::<()>().await;
    }

    /// Lets all coils go and waits until every board has said so or failed to: for the exit.
    async fn all_off(&mut self);
}

#[async_trait]
impl Bus for Box<dyn Bus> {
    async fn cycle(&mut self, wanted: &DynWanted, clock: &DynClock) -> Readings {
        (**self).cycle(wanted, clock).await
    }

    async fn news(&mut self, clock: &DynClock) {
        (**self).news(clock).await;
    }

    async fn all_off(&mut self) {
        (**self).all_off().await;
    }
}

/// Serves `bus` until the owner of the outputs or the taker of the readings is gone; then lets all coils go and gives
/// the bus back.
///
/// Each turn cycles with the latest outputs, offers the readings and waits for `period` (50 ms, say; the cabinet's
/// [`poll_period_ms`](crate::CabinetBuilder::poll_period_ms)), or for less: a pulse that was not wanted before begins the next
/// cycle at once, and so does the bus's [`news`](Bus::news). Readings that the taker has no room for are dropped,
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

    let mut changes = outputs.clone();
    let latest = move || outputs.borrow().clone();
    while changes.has_changed().is_ok() {
        let known = pulse_of(&mut changes);
        let seen = {
            let mut cycle = bus.cycle(&latest, &clock);
            loop {
                tokio::select! {
                    biased;
                    seen = &mut cycle => break seen,
                    // Asked again, it sees to a wire that has nothing to do.
                    Ok(()) = changes.changed() => {}
                }
            }
        };
        if let Err(TrySendError::Closed(_)) = readings.try_send(seen) {
            break;
        }
        let mut next = core::pin::pin!(tokio::time::sleep(period));
        loop {
            tokio::select! {
                biased;
                changed = changes.changed() => {
                    let wanted = pulse_of(&mut changes);
                    if changed.is_err() || (wanted.is_some() && wanted != known) {
                        break;
                    }
                }
                () = bus.news(&clock) => break,
                () = &mut next => break,
            }
        }
    }
    bus.all_off().await;
    bus
}

#[cfg(feature = "tokio")]
fn pulse_of(outputs: &mut tokio::sync::watch::Receiver<Outputs>) -> Option<locker_core::PulseId> {
    outputs.borrow_and_update().pulse.map(|pulse| pulse.id)
}
