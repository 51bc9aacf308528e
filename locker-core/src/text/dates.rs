//! Days and times of day, as people say them.

use std::format;
use std::string::String;

use crate::screen::Locale;
use crate::time::{Date, TimeOfDay};

/// Says a day with its weekday and without its year.
///
/// ```
/// use locker_core::{Date, screen::Locale, text};
///
/// let day = Date::from_ymd(2026, 11, 21).unwrap();
/// assert_eq!(text::date(Locale::En, day), "Saturday 21 November");
/// assert_eq!(text::date(Locale::Fr, day), "samedi 21 novembre");
/// assert_eq!(text::date(Locale::Nl, day), "zaterdag 21 november");
/// assert_eq!(text::date(Locale::De, day), "Samstag, 21. November");
/// ```
#[must_use]
pub fn date(locale: Locale, date: Date) -> String {
    let (_, month, day) = date.ymd();
    // The first day of the calendar's count, 1970-01-01, was a Thursday.
    let weekday = (date.days_since(Date::default()) + 3).rem_euclid(7);
    let (weekday, month) = (usize::try_from(weekday).unwrap_or(0), usize::from(month) - 1);
    let words = names(locale);
    let name = |names: &[&'static str], index: usize| names.get(index).copied().unwrap_or_default();
    let (weekday, month) = (name(&words.days, weekday), name(&words.months, month));
    match locale {
        Locale::En | Locale::Nl => format!("{weekday} {day} {month}"),
        Locale::Fr => format!("{weekday} {day}{} {month}", if day == 1 { "er" } else { "" }),
        Locale::De => format!("{weekday}, {day}. {month}"),
    }
}

/// Says a time of day on the 24-hour clock; its spaces do not break.
///
/// ```
/// use locker_core::{TimeOfDay, screen::Locale, text};
///
/// let time = TimeOfDay::new(8, 30).unwrap();
/// assert_eq!(text::time(Locale::En, time), "08:30");
/// assert_eq!(text::time(Locale::Fr, time), "08\u{a0}h\u{a0}30");
/// assert_eq!(text::time(Locale::Nl, time), "08:30\u{a0}uur");
/// assert_eq!(text::time(Locale::De, time), "08:30\u{a0}Uhr");
/// ```
#[must_use]
pub fn time(locale: Locale, time: TimeOfDay) -> String {
    let (hour, minute) = time.hour_minute();
    match locale {
        Locale::En => format!("{hour:02}:{minute:02}"),
        Locale::Fr => format!("{hour:02}\u{a0}h\u{a0}{minute:02}"),
        Locale::Nl => format!("{hour:02}:{minute:02}\u{a0}uur"),
        Locale::De => format!("{hour:02}:{minute:02}\u{a0}Uhr"),
    }
}

/// The names of days, from Monday, and of months.
struct Names {
    days: [&'static str; 7],
    months: [&'static str; 12],
}

const fn names(locale: Locale) -> &'static Names {
    match locale {
        Locale::En => &EN,
        Locale::Fr => &FR,
        Locale::Nl => &NL,
        Locale::De => &DE,
    }
}

static EN: Names = Names {
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
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
    ],
};

static FR: Names = Names {
    days: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    months: [
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
    ],
};

static NL: Names = Names {
    days: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    months: [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
};

static DE: Names = Names {
    days: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
};
