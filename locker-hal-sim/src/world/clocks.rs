//! The clocks of one computer, as wrong as they can be, by the true time of the world.

use locker_core::{Date, HOUR, Mono, Now, Wall};

/// The wall clock at the true time 0: Monday, 5 January 2026, 06:00 in the dealership.
pub const BEGIN: Wall = Wall(1_767_589_200_000);
/// The dealership's zone is an hour ahead of universal time all year.
const ZONE_MS: i64 = HOUR as i64;
const DAY_MS: i64 = 24 * HOUR as i64;

/// A monotonic and a wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clocks {
    /// The true time of the start, and what the monotonic clock showed then.
    started: u64,
    origin: u64,
    /// How much faster than true time both run, in millionths.
    pub(super) drift_ppm: i64,
    /// By how much the wall clock is wrong.
    pub(super) wall_off_ms: i64,
    /// Whether somebody confirmed the wall clock since the start.
    pub(super) trusted: bool,
}

impl Clocks {
    pub(super) fn right() -> Self {
        Self { started: 0, origin: 0, drift_ppm: 0, wall_off_ms: 0, trusted: true }
    }

    /// The computer starts at `true_ms`: its monotonic clock begins anew, its wall clock keeps its error.
    pub(super) fn start(&mut self, true_ms: u64, origin: u64, trusted: bool) {
        let drifted = self.wall(true_ms).0 - BEGIN.0 - as_ms(true_ms);
        (self.started, self.origin, self.wall_off_ms, self.trusted) = (true_ms, origin, drifted, trusted);
    }

    /// Runs faster or slower from `true_ms` on. What was shown so far stays.
    pub(super) fn drift(&mut self, true_ms: u64, ppm: i64) {
        let (mono, wall) = (self.mono(true_ms), self.wall(true_ms));
        (self.started, self.origin, self.drift_ppm) = (true_ms, mono.0, ppm);
        self.wall_off_ms = wall.0 - BEGIN.0 - as_ms(true_ms);
    }

    /// The wall clock is set right and confirmed.
    pub(super) fn set_right(&mut self, true_ms: u64) {
        let wrong = self.wall(true_ms).0 - BEGIN.0 - as_ms(true_ms);
        self.wall_off_ms -= wrong;
        self.trusted = true;
    }

    pub(super) fn mono(&self, true_ms: u64) -> Mono {
        let passed = as_ms(true_ms.saturating_sub(self.started));
        let shown = passed + passed * self.drift_ppm / 1_000_000;
        Mono(self.origin.saturating_add_signed(shown))
    }

    /// The earliest true time at which the monotonic clock shows `mono`.
    pub(super) fn when(&self, mono: Mono) -> u64 {
        let passed = as_ms(mono.0.saturating_sub(self.origin));
        let mut guess = self.started + as_u64(passed * 1_000_000 / (1_000_000 + self.drift_ppm));
        while self.mono(guess) < mono {
            guess += 1;
        }
        while guess > self.started && self.mono(guess - 1) >= mono {
            guess -= 1;
        }
        guess
    }

    pub(super) fn wall(&self, true_ms: u64) -> Wall {
        let passed = as_ms(true_ms.saturating_sub(self.started));
        Wall(BEGIN.0 + as_ms(true_ms) + self.wall_off_ms + passed * self.drift_ppm / 1_000_000)
    }

    pub(super) fn now(&self, true_ms: u64) -> Now {
        let wall = self.wall(true_ms);
        let today = date_of(wall);
        let day_ends = Wall(((wall.0 + ZONE_MS).div_euclid(DAY_MS) + 1) * DAY_MS - ZONE_MS);
        let now = Now::new(self.mono(true_ms), wall, today, day_ends);
        if self.trusted { now } else { now.untrusted() }
    }
}

/// The day in the dealership's zone.
pub(super) fn date_of(wall: Wall) -> Date {
    let days = (wall.0 + ZONE_MS).div_euclid(DAY_MS);
    Date::default().plus_days(i32::try_from(days).unwrap_or(0))
}

fn as_ms(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

fn as_u64(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_drifts_is_read_back_to_the_millisecond() {
        for ppm in [-300, 0, 70, 100_000] {
            let mut clocks = Clocks::right();
            clocks.start(5_000, 1_000, true);
            clocks.drift(9_000, ppm);
            for true_ms in [9_000, 9_001, 12_345, 86_400_000] {
                let mono = clocks.mono(true_ms);
                let when = clocks.when(mono);
                assert!(when <= true_ms && clocks.mono(when) == mono);
                assert!(when == 9_000 || clocks.mono(when - 1) < mono);
            }
        }
    }

    #[test]
    fn the_world_begins_on_a_monday_at_six_and_a_restart_keeps_the_wall_clock() {
        let mut clocks = Clocks::right();
        assert_eq!(clocks.now(0).today.to_string(), "2026-01-05");
        assert_eq!(clocks.now(0).day_ends.0 - BEGIN.0, 18 * HOUR as i64);
        assert_eq!(clocks.now(18 * HOUR).today.to_string(), "2026-01-06");
        clocks.wall_off_ms = -7_000;
        clocks.drift(0, 1_000_000);
        clocks.start(10_000, 0, false);
        assert_eq!(clocks.wall(10_000).0 - BEGIN.0, 10_000 - 7_000 + 10_000);
        assert!(!clocks.now(10_000).wall_trusted);
    }
}
