//! The one place that reads time, and the one that draws randomness. Everything else takes both as arguments.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use locker_core::{DAY, Date, Fresh, Mono, Now, Wall};
use tokio::sync::watch;

/// What waiting on a [`Clock`] gives.
pub type Waiting<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells the time and waits for it.
pub trait Clock: Send + Sync + 'static {
    /// The moment, by both clocks and the calendar of the location.
    fn now(&self) -> Now;

    /// Waits until the monotonic clock shows `mono`; at once if it is past.
    fn wait_until(&self, mono: Mono) -> Waiting<'_>;
}

/// Whether somebody has confirmed the wall clock (SAFE-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallClock {
    /// NTP, the office or a person has confirmed it.
    Confirmed,
    /// Nobody has, since the host started.
    Doubted,
}

/// The clock of the running system.
///
/// ```
/// use locker_runtime::clock::{Clock, SystemClock, WallClock};
///
/// let clock = SystemClock::start(jiff::tz::TimeZone::UTC, WallClock::Doubted);
/// assert!(!clock.now().wall_trusted);
/// clock.judge(WallClock::Confirmed);
/// assert!(clock.now().wall_trusted);
/// ```
pub struct SystemClock {
    began: Instant,
    zone: TimeZone,
    confirmed: AtomicBool,
}

impl SystemClock {
    /// Starts the monotonic clock at zero. Call it once, when the process starts: two clocks disagree.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the one clock of the process")]
    pub fn start(zone: TimeZone, wall: WallClock) -> Self {
        Self { began: Instant::now(), zone, confirmed: AtomicBool::new(wall == WallClock::Confirmed) }
    }

    /// Notes that somebody has confirmed, or come to doubt, the wall clock.
    pub fn judge(&self, wall: WallClock) {
        self.confirmed.store(wall == WallClock::Confirmed, Ordering::Release);
    }

    fn mono(&self) -> Mono {
        Mono(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    #[allow(clippy::disallowed_methods, reason = "the one clock of the process")]
    fn wall() -> Wall {
        let read = SystemTime::now();
        Wall(Timestamp::try_from(read).map_or(0, Timestamp::as_millisecond))
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let now = at(self.mono(), Self::wall(), &self.zone);
        if self.confirmed.load(Ordering::Acquire) { now } else { now.untrusted() }
    }

    fn wait_until(&self, mono: Mono) -> Waiting<'_> {
        let ms = mono.since(self.mono());
        Box::pin(tokio::time::sleep(Duration::from_millis(ms)))
    }
}

impl fmt::Debug for SystemClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemClock").finish_non_exhaustive()
    }
}

/// A clock that moves only when told, in UTC: for tests and demonstrations.
#[derive(Debug)]
pub struct HandClock {
    shows: watch::Sender<(Mono, Wall)>,
}

impl HandClock {
    /// A clock that stands at zero, on a wall clock that shows `wall`.
    #[must_use]
    pub fn new(wall: Wall) -> Self {
        Self { shows: watch::Sender::new((Mono(0), wall)) }
    }

    /// Moves both clocks forward by `ms`.
    pub fn advance(&self, ms: u64) {
        self.shows.send_modify(|(mono, wall)| {
            *mono = mono.after(ms);
            wall.0 = wall.0.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX));
        });
    }

    /// Sets the wall clock alone, as NTP or a person does.
    pub fn set_wall(&self, shown: Wall) {
        self.shows.send_modify(|(_, wall)| *wall = shown);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Now {
        let (mono, wall) = *self.shows.borrow();
        at(mono, wall, &TimeZone::UTC)
    }

    fn wait_until(&self, until: Mono) -> Waiting<'_> {
        let mut shown = self.shows.subscribe();
        Box::pin(async move {
            // The sender lives in `self`, which this future borrows: the channel cannot close under it.
            let _ = shown.wait_for(|(mono, _)| *mono >= until).await;
        })
    }
}

/// The moment at which the clocks show `mono` and `wall`, in the calendar of `zone`.
///
/// A day ends when the next one begins in the zone: after 23, 24 or 25 hours.
///
/// ```
/// # use locker_core::{Mono, Wall};
/// let paris = jiff::tz::TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
/// // 2026-10-25 01:30 in Paris, the night the clocks go back.
/// let now = locker_runtime::clock::at(Mono(0), Wall(1_792_884_600_000), &paris);
/// assert_eq!(now.today.to_string(), "2026-10-25");
/// assert_eq!(now.day_ends.0 - now.wall.0, (22 * 60 + 30 + 60) * 60_000);
/// ```
#[must_use]
pub fn at(mono: Mono, wall: Wall, zone: &TimeZone) -> Now {
    let stamp = Timestamp::from_millisecond(wall.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let civil = zone.to_datetime(stamp).date();
    let ends = civil
        .tomorrow()
        .and_then(|day| day.to_zoned(zone.clone()))
        .map_or(wall.0.saturating_add(DAY.cast_signed()), |day| day.timestamp().as_millisecond());
    let month = civil.month().unsigned_abs();
    let today = Date::from_ymd(i32::from(civil.year()), month, civil.day().unsigned_abs());
    Now::new(mono, wall, today.unwrap_or_default(), Wall(ends))
}

/// Draws 32 bytes from the system's cryptographic generator.
///
/// # Panics
/// When the system has no generator, which on the systems this runs on cannot be once they are up.
#[must_use]
pub fn fresh() -> Fresh {
    Fresh::new(draw())
}

/// Draws `N` bytes from the system's cryptographic generator.
pub(crate) fn draw<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("a system that is up has a cryptographic generator");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_a_zone_without_midnight_ends_when_the_next_begins() {
        // Where the clocks go forward at midnight the next day begins at 01:00.
        let zone = TimeZone::posix("XST-2XDT,M4.5.5/0,M10.5.5/0").unwrap();
        let before = Timestamp::from_millisecond(1_777_028_400_000).unwrap(); // 2026-04-24T11:00Z, an April Friday
        let now = at(Mono(5), Wall(before.as_millisecond()), &zone);
        assert!(now.day_ends.0 > now.wall.0 && now.day_ends.0 - now.wall.0 <= 25 * 3_600_000);
        let next = at(Mono(5), now.day_ends, &zone);
        assert_eq!(next.today, now.today.plus_days(1));
        assert_eq!(
            at(Mono(5), Wall(now.day_ends.0 - 1), &zone).today,
            now.today,
            "the last millisecond is still today"
        );
    }

    #[tokio::test]
    async fn a_clock_moved_by_hand_wakes_who_waits_for_it() {
        let clock = HandClock::new(Wall(0));
        clock.advance(10);
        clock.wait_until(Mono(10)).await;
        tokio::join!(clock.wait_until(Mono(30)), async { clock.advance(20) });
        assert_eq!((clock.now().mono, clock.now().wall), (Mono(30), Wall(30)));
        clock.set_wall(Wall(-5));
        assert_eq!(clock.now().wall, Wall(-5));
    }

    #[test]
    fn no_two_draws_are_alike() {
        assert_ne!(fresh(), fresh());
    }
}
