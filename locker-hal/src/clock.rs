//! The one way in which this crate learns the time: somebody hands it a clock.

use alloc::sync::Arc;
#[cfg(target_has_atomic = "64")]
use core::sync::atomic::{AtomicU64, Ordering};

use locker_core::Mono;

/// A monotonic clock. Every closure that gives a [`Mono`] is one, and so is a [`Mono`] itself: a clock that stands.
///
/// ```
/// use locker_hal::{Clock, Mono};
///
/// let started = Mono(40);
/// let host = move || started.after(2);
/// assert_eq!(Clock::now(&host), Mono(42));
/// assert_eq!(Clock::now(&Mono(7)), Mono(7));
/// ```
pub trait Clock: Send + Sync {
    /// Milliseconds since the host's origin; within a boot it never goes back.
    fn now(&self) -> Mono;
}

/// Any clock that borrows nothing.
pub type DynClock = dyn Clock;

impl<F: Fn() -> Mono + Send + Sync> Clock for F {
    fn now(&self) -> Mono {
        self()
    }
}

impl Clock for Mono {
    fn now(&self) -> Mono {
        *self
    }
}

impl Clock for Arc<dyn Clock> {
    fn now(&self) -> Mono {
        (**self).now()
    }
}

/// A clock that moves only when told, for tests and simulations. Clones show the same time.
///
/// ```
/// use locker_hal::{Clock, Mono, VirtualClock};
///
/// let clock = VirtualClock::at(Mono(1_000));
/// let seen_elsewhere = clock.clone();
/// clock.advance(50);
/// assert_eq!(seen_elsewhere.now(), Mono(1_050));
/// ```
#[cfg(target_has_atomic = "64")]
#[derive(Clone, Debug, Default)]
pub struct VirtualClock {
    ms: Arc<AtomicU64>,
}

#[cfg(target_has_atomic = "64")]
impl VirtualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn at(start: Mono) -> Self {
        Self { ms: Arc::new(AtomicU64::new(start.0)) }
    }

    /// Moves the clock on by `ms` milliseconds.
    pub fn advance(&self, ms: u64) {
        self.ms.fetch_add(ms, Ordering::SeqCst);
    }
}

#[cfg(target_has_atomic = "64")]
impl Clock for VirtualClock {
    fn now(&self) -> Mono {
        Mono(self.ms.load(Ordering::SeqCst))
    }
}
