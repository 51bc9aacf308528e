//! Days and times of day, as people say them.

use std::format;
use std::string::String;

use crate::screen::Locale;
use crate::time::{Date, TimeOfDay};

const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAYS_FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// Says a day with its weekday and without its year.
///
/// ```
/// use locker_core::{Date, screen::Locale, text};
///
/// let day = Date::from_ymd(2026, 11, 21).unwrap();
/// assert_eq!(text::date(Locale::En, day), "Saturday 21 November");
/// assert_eq!(text::date(Locale::Fr, day), "samedi 21 novembre");
/// ```
#[must_use]
pub fn date(locale: Locale, date: Date) -> String {
    let (_, month, day) = date.ymd();
    // The first day of the calendar's count, 1970-01-01, was a Thursday.
    let weekday = (date.days_since(Date::default()) + 3).rem_euclid(7);
    let (weekday, month) = (usize::try_from(weekday).unwrap_or(0), usize::from(month) - 1);
    let name = |names: &[&'static str], index: usize| names.get(index).copied().unwrap_or_default();
    match locale {
        Locale::En => format!("{} {day} {}", name(&DAYS_EN, weekday), name(&MONTHS_EN, month)),
        Locale::Fr => {
            let first = if day == 1 { "er" } else { "" };
            format!("{} {day}{first} {}", name(&DAYS_FR, weekday), name(&MONTHS_FR, month))
        }
    }
}

/// Says a time of day on the 24-hour clock; the spaces in French do not break.
///
/// ```
/// use locker_core::{TimeOfDay, screen::Locale, text};
///
/// let time = TimeOfDay::new(8, 30).unwrap();
/// assert_eq!(text::time(Locale::En, time), "08:30");
/// assert_eq!(text::time(Locale::Fr, time), "08\u{a0}h\u{a0}30");
/// ```
#[must_use]
pub fn time(locale: Locale, time: TimeOfDay) -> String {
    let (hour, minute) = time.hour_minute();
    match locale {
        Locale::En => format!("{hour:02}:{minute:02}"),
        Locale::Fr => format!("{hour:02}\u{a0}h\u{a0}{minute:02}"),
    }
}
