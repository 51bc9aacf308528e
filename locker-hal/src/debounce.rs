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

/// A debounced level changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// The new level.
    pub to: T,
    /// When the first reading of the new level was asked for.
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
}

impl<T> Default for Debounce<T> {
    fn default() -> Self {
        Self { last: None, settled: false, trial: None }
    }
}

impl<T: Level> Debounce<T> {
    /// Takes one raw reading; says so when the level changes by it. Readings come in the order of time.
    pub fn sample(&mut self, raw: Raw<T>, taken: Taken) -> Option<Change<T>> {
        let Raw(to) = raw;
        if self.settled && self.last == Some(to) {
            self.trial = None;
            return None;
        }
        let trial = match self.trial.filter(|trial| trial.to == to) {
            None => Trial { to, since: taken.asked, last: taken.answered, readings: 1, seen_ms: 0 },
            Some(trial) => Trial {
                last: taken.answered,
                readings: trial.readings.saturating_add(1),
                // From the latest moment the last one can have been read to the earliest moment of this one.
                seen_ms: trial.seen_ms + taken.asked.since(trial.last).min(HOLE_MS_MAX),
                ..trial
            },
        };
        if trial.readings < BOUNCE_READINGS || trial.seen_ms < to.settle_ms() {
            self.trial = Some(trial);
            return None;
        }
        let before = self.last.replace(to);
        self.settled = true;
        self.trial = None;
        let changed = before.is_some_and(|before| before != to);
        changed.then_some(Change { to, at: trial.since })
    }

    /// Forgets what is on trial and hides the level until it has settled again: the sensor could not be read.
    ///
    /// If it settles on another level than before, that is a change.
    pub fn unsettle(&mut self) {
        self.settled = false;
        self.trial = None;
    }

    /// The level, once it has settled.
    #[must_use]
    pub fn level(&self) -> Option<T> {
        self.last.filter(|_| self.settled)
    }
}
