//! The texts fit the smallest screen (UX-16).
//!
//! The smallest screen that a frontend must serve has 800 × 480 pixels; such screens are 7 inches across: 5.25 pixels to
//! the millimetre, 152 mm by 91 mm. On its right stand help, stop and four languages, two buttons wide (UX-3: 20 mm
//! each), 44 mm with gap, padding and border: 105 mm are left between the margins of the stage. UX-4 wants capitals
//! of 7.33 mm at 600 mm, which is type of 10.2 mm; a screen this small cannot carry it, and `fit.js` lets it give way.
//! The bounds here hold for type at 0.53 of that, where `fit.js` cuts lists into pages rather than shrink on: 5.4 mm. A
//! letter of running text is half as wide as its type is high: 2.7 mm. Every line but the last loses half a word, three
//! letters, at its end.

use locker_core::screen::Locale;
use locker_core::text::error;

use crate::source::{Use, uses};
use crate::{error_keys, filled, none};

/// How wide a letter of running text is, in millimetres.
const LETTER_MM: f64 = 2.7;
/// The letters that a line but the last loses at its end.
const RAGGED: f64 = 3.0;

/// A kind of text and the room that the smallest screen has for it.
struct Kind {
    /// The bound: characters.
    chars: u16,
    /// The width of a line, in millimetres.
    line_mm: f64,
    /// Its type, as a part of that of running text.
    size: f64,
    /// How many lines there are.
    lines: f64,
}

/// One of two buttons side by side; `fit.js` lets a label give way to 0.77 before the whole screen has to.
const BUTTON: Kind = Kind { chars: 22, line_mm: 47.0, size: 0.77, lines: 1.0 };
/// Two lines beside the step's number.
const TITLE: Kind = Kind { chars: 40, line_mm: 74.0, size: 1.15, lines: 2.0 };
/// One line of a list, within the padding of its card.
const APPOINTMENT: Kind = Kind { chars: 36, line_mm: 99.0, size: 1.0, lines: 1.0 };
/// Two lines of a list's left column, a third of its width.
const ROW: Kind = Kind { chars: 23, line_mm: 31.0, size: 0.86, lines: 2.0 };
/// Two lines above an entry in the right half of the stage, beside its mark.
const CONTACT: Kind = Kind { chars: 24, line_mm: 43.0, size: 0.72, lines: 2.0 };
/// One line above a field.
const LABEL: Kind = Kind { chars: 32, line_mm: 105.0, size: 1.0, lines: 1.0 };
/// Two lines beside a step's number.
const STEP: Kind = Kind { chars: 50, line_mm: 85.0, size: 1.0, lines: 2.0 };
/// One line across the whole screen in smaller type, a twentieth of its height.
const BAND: Kind = Kind { chars: 61, line_mm: 141.0, size: 0.85, lines: 1.0 };
/// Four lines of the help's panel, which covers the stage.
const HELP: Kind = Kind { chars: 120, line_mm: 95.0, size: 1.0, lines: 4.0 };
/// Three lines across the stage.
const LINE: Kind = Kind { chars: 108, line_mm: 105.0, size: 1.0, lines: 3.0 };
/// Five lines beside the map of the boxes, where type goes down to 0.42, which is 0.8 of what is reckoned with here.
const SERVE: Kind = Kind { chars: 108, line_mm: 57.0, size: 0.8, lines: 5.0 };
/// Read on a telephone or a tablet: five lines on 360 px, whose type of 16 px is 4.2 mm.
const ELSEWHERE: Kind = Kind { chars: 140, line_mm: 87.0, size: 0.78, lines: 5.0 };

const KINDS: [&Kind; 12] =
    [&BUTTON, &TITLE, &APPOINTMENT, &ROW, &CONTACT, &LABEL, &STEP, &BAND, &HELP, &LINE, &SERVE, &ELSEWHERE];

fn kind(found: &Use) -> &'static Kind {
    let id = found.id.as_str();
    match id {
        // Heard, not shown: no longer than somebody can keep in mind.
        _ if id.starts_with("keys-") => &ELSEWHERE,
        _ if found.is_button => &BUTTON,
        _ if id.ends_with("-title") => &TITLE,
        "row-appointment" => &APPOINTMENT,
        _ if id.starts_with("row-") => &ROW,
        _ if id.starts_with("contact-") => &CONTACT,
        _ if id.ends_with("-label") => &LABEL,
        _ if id.contains("-welcome-") => &STEP,
        _ if id.starts_with("band-") || id.starts_with("top-") => &BAND,
        _ if id.starts_with("help-") => &HELP,
        _ if id.starts_with("mail-") || id.starts_with("sms-") || id.starts_with("error-") => &ELSEWHERE,
        _ if id.starts_with("serve-") => &SERVE,
        _ => &LINE,
    }
}

#[test]
fn ux_16_the_bounds_follow_from_the_smallest_screen() {
    for kind in KINDS {
        let room =
            (kind.line_mm / (LETTER_MM * kind.size)).floor() * kind.lines - RAGGED * (kind.lines - 1.0);
        assert!(f64::from(kind.chars) <= room, "{} characters do not fit {room}", kind.chars);
    }
}

#[test]
fn ux_16_every_text_fits_the_smallest_screen() {
    let mut problems = Vec::new();
    for locale in Locale::ALL {
        let mut check = |id: &str, text: &str, kind: &Kind| {
            let (chars, most) = (text.chars().count(), usize::from(kind.chars));
            if chars > most {
                problems.push(format!("`{id}` has {chars} of {most} characters in {}: {text}", locale.tag()));
            }
        };
        for found in uses() {
            check(&found.id, &filled(locale, &found.id, &found.args), kind(&found));
        }
        for key in error_keys() {
            check(key, &error(locale, key), &ELSEWHERE);
        }
    }
    none(&problems);
}
