//! Debounce: which of the raw readings count (BOX-7). Pure: readings and their times in, changes of level out.

use locker_core::{Door, Item, Mono};

use crate::board::Raw;

/// A level that lasts shorter than this, in milliseconds, is bounce (BOX-7).
pub const BOUNCE_MS: u64 = 50;

/// A level seen in fewer readings in a row is bounce, however long it lasted (BOX-7).
pub const BOUNCE_READINGS: u32 = 2;

/// A door counts as closed after this much rest, in milliseconds (BOX-7): doors bounce off the frame.
pub const CLOSED_REST_MS: u64 = 1_000;

/// The most of a hole between two readings that counts as seen, in milliseconds.
///
/// A door may have stood open for [`OPEN_SEEN_MS`](crate::OPEN_SEEN_MS) in a longer hole, so that is no rest.
pub const HOLE_MS_MAX: u64 = 400;

/// A level that can be debounced.
pub trait Level: Copy + Eq {
    /// How long it must last before it counts, in milliseconds.
    fn settle_ms(self) -> u64;
}

impl Level for Door {
    fn settle_ms(self) -> u64 {
        match self {
            Self::Closed => CLOSED_REST_MS,
            Self::Open | Self::Unknown => BOUNCE_MS,
        }
    }
}

impl Level for Item {
    fn settle_ms(self) -> u64 {
        BOUNCE_MS
    }
}

/// Between which two readings of the clock a raw reading was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// When the board was asked.
    pub asked: Mono,
    /// When its answer was there; not before `asked`.
    pub answered: Mono,
}

impl Taken {
    /// A reading that took no time.
    #[must_use]
    pub const fn at(now: Mono) -> Self {
        Self { asked: now, answered: now }
    }
}

/// A debounced level changed, or was left for longer than bounce and came back.
///
/// A contact that flutters never rests on the other side long enough to change its level: all that tells of it is how
/// often it comes back (BOX-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// The level from now on; the one that it was before if the sensor only came back to it.
    pub to: T,
    /// When the first reading of it was asked for.
    pub at: Mono,
}

/// A level on trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Trial<T> {
    to: T,
    since: Mono,
    last: Mono,
    readings: u32,
    seen_ms: u64,
}

impl<T> Trial<T> {
    fn begin(to: T, taken: Taken) -> Self {
        Self { to, since: taken.asked, last: taken.answered, readings: 1, seen_ms: 0 }
    }

    fn go_on(self, taken: Taken) -> Self {
        // From the latest moment the last one can have been read to the earliest moment of this one.
        let seen_ms = self.seen_ms + taken.asked.since(self.last).min(HOLE_MS_MAX);
        Self { last: taken.answered, readings: self.readings.saturating_add(1), seen_ms, ..self }
    }

    fn outlasts_bounce(&self) -> bool {
        self.readings >= BOUNCE_READINGS && self.seen_ms >= BOUNCE_MS
    }
}

/// One sensor's debounce.
///
/// Before its first level has settled, and again after [`Debounce::unsettle`], there is no level at all. The first
/// level of a sensor's life is no change: nobody saw another one.
///
/// ```
/// use locker_hal::{Change, Debounce, Door, Mono, Raw, Taken};
///
/// let mut door = Debounce::default();
/// for ms in (0..=1_000).step_by(50) {
///     assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(ms))), None);
/// }
/// assert_eq!(door.level(), Some(Door::Closed));
/// assert_eq!(door.sample(Raw(Door::Open), Taken::at(Mono(1_050))), None, "might be bounce");
/// assert_eq!(
///     door.sample(Raw(Door::Open), Taken::at(Mono(1_100))),
///     Some(Change { to: Door::Open, at: Mono(1_050) }),
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Debounce<T> {
    last: Option<T>,
    settled: bool,
    trial: Option<Trial<T>>,
    /// The level itself, on trial again after the sensor had left it for longer than bounce.
    back: Option<Trial<T>>,
}

impl<T> Default for Debounce<T> {
    fn default() -> Self {
        Self { last: None, settled: false, trial: None, back: None }
    }
}

impl<T: Level> Debounce<T> {
    /// Takes one raw reading; says so when the level changes by it, or when the sensor is back at its level after it had left
    /// it for longer than bounce. Readings come in the order of time.
    pub fn sample(&mut self, raw: Raw<T>, taken: Taken) -> Option<Change<T>> {
        let Raw(to) = raw;
        if self.settled && self.last == Some(to) {
            return self.at_its_level(to, taken);
        }
        self.back = None;
        let trial = match self.trial.filter(|trial| trial.to == to) {
            None => Trial::begin(to, taken),
            Some(trial) => trial.go_on(taken),
        };
        if !trial.outlasts_bounce() || trial.seen_ms < to.settle_ms() {
            self.trial = Some(trial);
            return None;
        }
        let before = self.last.replace(to);
        self.settled = true;
        self.trial = None;
        let changed = before.is_some_and(|before| before != to);
        changed.then_some(Change { to, at: trial.since })
    }

    fn at_its_level(&mut self, to: T, taken: Taken) -> Option<Change<T>> {
        self.back = match (self.trial.take(), self.back) {
            (Some(away), _) if away.outlasts_bounce() => Some(Trial::begin(to, taken)),
            (_, back) => back.map(|back| back.go_on(taken)),
        };
        let back = self.back.take_if(|back| back.outlasts_bounce())?;
        Some(Change { to, at: back.since })
    }

    /// Forgets what is on trial and hides the level until it has settled again: the sensor could not be read.
    ///
    /// If it settles on another level than before, that is a change.
    pub fn unsettle(&mut self) {
        self.settled = false;
        self.trial = None;
        self.back = None;
    }

    /// The level, once it has settled.
    #[must_use]
    pub fn level(&self) -> Option<T> {
        self.last.filter(|_| self.settled)
    }
}
