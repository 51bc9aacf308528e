//! Two clocks and a calendar, all of them arguments: the core never reads the time.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize, de};

/// One second, in the unit of [`Mono`].
pub const SECOND: u64 = 1_000;
/// One minute, in the unit of [`Mono`].
pub const MINUTE: u64 = 60 * SECOND;
/// One hour, in the unit of [`Mono`].
pub const HOUR: u64 = 60 * MINUTE;
/// One day, in the unit of [`Mono`].
pub const DAY: u64 = 24 * HOUR;

/// A reading of the monotonic clock in milliseconds since an origin that the host chooses once a boot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mono(pub u64);

impl Mono {
    /// The reading `ms` milliseconds later, held at the largest value.
    #[must_use]
    pub const fn after(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// The milliseconds from `earlier` to this reading; zero if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A reading of the wall clock in milliseconds since 1970-01-01T00:00:00Z; it may jump both ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Wall(pub i64);

/// The number of a start of the host program; every start raises it by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Boot(pub u32);

/// A day of the proleptic Gregorian calendar in the location's time zone, years 1 to 9999.
///
/// ```
/// # use locker_core::Date;
/// let day = Date::from_ymd(2026, 2, 28).unwrap();
/// assert_eq!(day.plus_days(1).to_string(), "2026-03-01");
/// assert!(Date::from_ymd(2026, 2, 29).is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Date {
    /// Days since 1970-01-01.
    days: i32,
}

impl Date {
    /// The day `year`-`month`-`day`, or `None` when there is no such day.
    #[must_use]
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        // Days from civil, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let month_from_march = (i32::from(month) + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i32::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let date = Self { days: era * 146_097 + day_of_era - 719_468 };
        (date.ymd() == (year, month, day)).then_some(date)
    }

    /// The year, the month (1 to 12) and the day of the month (1 to 31).
    #[must_use]
    pub fn ymd(self) -> (i32, u8, u8) {
        let shifted = self.days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
    }

    /// The day `days` later, or earlier when negative.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self { days: self.days.saturating_add(days) }
    }

    /// The number of days from `earlier` to this day; negative if `earlier` is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i32 {
        self.days.saturating_sub(earlier.days)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::str::FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let mut parts = text.splitn(3, '-');
        let mut next = || parts.next().ok_or(NotADate);
        let (year, month, day) = (next()?, next()?, next()?);
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(NotADate);
        }
        let number = |text: &str| text.parse::<u16>().map_err(|_| NotADate);
        let narrow = |value: u16| u8::try_from(value).map_err(|_| NotADate);
        Self::from_ymd(i32::from(number(year)?), narrow(number(month)?)?, narrow(number(day)?)?)
            .ok_or(NotADate)
    }
}

/// The text is no day of the form `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form YYYY-MM-DD")]
pub struct NotADate;

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// A time of day in the location's zone, in minutes after midnight (0 to 1439).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// `hour`:`minute`, or `None` past 23:59.
    #[must_use]
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then(|| Self(u16::from(hour) * 60 + u16::from(minute)))
    }

    /// The hour (0 to 23) and the minute (0 to 59).
    #[must_use]
    pub const fn hour_minute(self) -> (u16, u16) {
        (self.0 / 60, self.0 % 60)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute) = self.hour_minute();
        write!(f, "{hour:02}:{minute:02}")
    }
}

impl core::str::FromStr for TimeOfDay {
    type Err = NotATimeOfDay;

    fn from_str(text: &str) -> Result<Self, NotATimeOfDay> {
        let (hour, minute) = text.split_once(':').ok_or(NotATimeOfDay)?;
        // Two digits, no sign: `parse` alone would take `+7`.
        let number = |text: &str| {
            let is_two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            if is_two_digits { text.parse::<u8>().map_err(|_| NotATimeOfDay) } else { Err(NotATimeOfDay) }
        };
        Self::new(number(hour)?, number(minute)?).ok_or(NotATimeOfDay)
    }
}

/// The text is no time of day of the form `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time of the form HH:MM")]
pub struct NotATimeOfDay;

impl Serialize for TimeOfDay {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// What the host knows of the time when it hands something to a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Now {
    /// The monotonic clock; within a boot it never goes back.
    pub mono: Mono,
    /// The wall clock.
    pub wall: Wall,
    /// Today in the location's time zone, as the wall clock says.
    pub today: Date,
    /// When today ends in the location's time zone.
    pub day_ends: Wall,
    /// Whether somebody (NTP, the office) has confirmed the wall clock since the host started.
    pub wall_trusted: bool,
}

impl Now {
    /// A moment whose wall clock is confirmed.
    #[must_use]
    pub const fn new(mono: Mono, wall: Wall, today: Date, day_ends: Wall) -> Self {
        Self { mono, wall, today, day_ends, wall_trusted: true }
    }

    /// The same moment with a wall clock that nobody has confirmed.
    #[must_use]
    pub const fn untrusted(mut self) -> Self {
        self.wall_trusted = false;
        self
    }
}

/// The stamp of a record: when it happened, by both clocks of that boot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// The boot in which it happened.
    pub boot: Boot,
    /// The monotonic clock of that boot; for a deadline, the deadline.
    pub mono: Mono,
    /// The wall clock.
    pub wall: Wall,
}

/// How long something has lived, counted so that no clock change makes it younger (SAFE-7).
///
/// Within a boot it ages by the monotonic clock. [`Age::cross`] carries it over a start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Age {
    /// Milliseconds lived before `since`.
    before: u64,
    /// The monotonic clock of the running boot at which counting goes on.
    since: Mono,
}

impl Age {
    /// The age of something that begins at `at`.
    #[must_use]
    pub const fn begun(at: At) -> Self {
        Self { before: 0, since: at.mono }
    }

    /// The age in milliseconds at `mono` of the same boot.
    #[must_use]
    pub const fn ms(&self, mono: Mono) -> u64 {
        self.before.saturating_add(mono.since(self.since))
    }

    /// When it reaches `ms` of age, by the monotonic clock of this boot; in the past at once if it is older.
    #[must_use]
    pub const fn reaches(&self, ms: u64) -> Mono {
        Mono(self.since.0.saturating_add(ms.saturating_sub(self.before)))
    }

    /// Carries the age over a start: up to `last`, the last record of the old boot, by that boot's clock; then by
    /// the wall clock if it is trusted and went forward.
    #[must_use]
    pub fn cross(&self, last: At, start: At, wall_trusted: bool) -> Self {
        let forward = u64::try_from(start.wall.0.saturating_sub(last.wall.0)).unwrap_or(0);
        let away = if wall_trusted { forward } else { 0 };
        Self { before: self.ms(last.mono).saturating_add(away), since: start.mono }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn every_day_of_four_hundred_years_survives_the_calendar() {
        let mut date = Date::from_ymd(1970, 1, 1).unwrap();
        for days in 0..146_097 {
            let (year, month, day) = date.ymd();
            assert_eq!(Date::from_ymd(year, month, day), Some(date), "day {days}");
            assert_eq!(date.to_string().parse(), Ok(date));
            date = date.plus_days(1);
        }
        assert_eq!(date.to_string(), "2370-01-01");
    }

    #[test]
    fn safe_07_an_age_never_shrinks_when_the_clock_goes_back() {
        let at = |boot, mono, wall| At { boot: Boot(boot), mono: Mono(mono), wall: Wall(wall) };
        let age = Age::begun(at(1, 1_000, 50_000));
        let last = at(1, 4_000, 53_000);
        assert_eq!(age.ms(Mono(4_000)), 3_000);
        let back = age.cross(last, at(2, 7, 10_000), true);
        assert_eq!(back.ms(Mono(7)), 3_000, "wall went back: what was lived counts, nothing more");
        let forth = age.cross(last, at(2, 7, 60_000), true);
        assert_eq!(forth.ms(Mono(7)), 10_000);
        assert_eq!(age.cross(last, at(2, 7, 60_000), false).ms(Mono(7)), 3_000);
        assert_eq!(forth.reaches(12_000), Mono(2_007));
    }

    #[test]
    fn what_is_no_day_and_no_time_is_refused() {
        for (year, month, day) in [
            (0, 1, 1),
            (10_000, 1, 1),
            (2026, 0, 1),
            (2026, 13, 1),
            (2026, 1, 0),
            (2026, 2, 29),
            (2026, 4, 31),
        ] {
            assert_eq!(Date::from_ymd(year, month, day), None, "{year}-{month}-{day}");
        }
        for text in ["7:30", "07:3", "007:30", "24:00", "07:60", "0730", "+7:30", ""] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(NotATimeOfDay), "{text}");
        }
        assert_eq!("07:30".parse::<TimeOfDay>().unwrap().hour_minute(), (7, 30));
    }
}
