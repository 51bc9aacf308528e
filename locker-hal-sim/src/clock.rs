//! The one place of this crate where time is read: a simulated cabinet of its own process lives by the wall.

use locker_core::Mono;
use locker_hal::Clock;
use tokio::time::Instant;

/// The machine's own monotonic clock, in milliseconds since the clock was made.
///
/// A cabinet and its kiosk need not agree on the origin: no time passes between them.
#[derive(Clone, Copy, Debug)]
pub struct RealClock {
    origin: Instant,
}

impl RealClock {
    /// A clock that begins at 0 now.
    #[must_use]
    pub fn start() -> Self {
        Self { origin: Instant::now() }
    }
}

impl Clock for RealClock {
    fn now(&self) -> Mono {
        Mono(u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}
