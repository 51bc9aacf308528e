//! The texts fit the smallest screen (UX-16).
//!
//! The smallest display that the web page is made for lies down, has 800 × 480 pixels and is 9.8 inches across: 212 mm by
//! 127 mm, read from 400 mm (`docs/decisions/displays.md`). On its right stand help, stop and four languages (UX-3: 20 mm
//! each), 50 mm wide with gap and padding: 155 mm are left between the margins of the stage. UX-4 wants capitals of 4.87 mm
//! there, which is type of 6.9 mm. A letter of running text is half as wide as its type is high: 3.45 mm. Every line but
//! the last loses half a word, three letters, at its end.
//!
//! These bounds are for who writes a text; that it fits as it is drawn, `tests/browser/test/screens.test.js` measures.

use locker_core::screen::Locale;
use locker_core::text::error;

use crate::source::{Use, uses};
use crate::{error_keys, filled, none};

/// How wide a letter of running text is, in millimetres.
const LETTER_MM: f64 = 3.45;
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

/// Two lines on one of two buttons side by side, within its padding and beside its drawing.
const BUTTON: Kind = Kind { chars: 22, line_mm: 65.0, size: 1.0, lines: 2.0 };
/// Two lines beside the step's number.
const TITLE: Kind = Kind { chars: 40, line_mm: 124.0, size: 1.15, lines: 2.0 };
/// Two lines of a list's right column, within the padding of its card.
const APPOINTMENT: Kind = Kind { chars: 36, line_mm: 99.0, size: 1.0, lines: 2.0 };
/// Two lines of a list's left column, a third of its width.
const ROW: Kind = Kind { chars: 23, line_mm: 45.0, size: 1.0, lines: 2.0 };
/// Two lines of a choice in the right half of the stage, between its drawing and its mark.
const CONTACT: Kind = Kind { chars: 24, line_mm: 49.0, size: 1.0, lines: 2.0 };
/// One line above a field; only upright displays show it, 124 mm wide.
const LABEL: Kind = Kind { chars: 32, line_mm: 120.0, size: 1.0, lines: 1.0 };
/// Two lines beside a step's number.
const STEP: Kind = Kind { chars: 50, line_mm: 130.0, size: 1.0, lines: 2.0 };
/// Two lines above the stage.
const BAND: Kind = Kind { chars: 61, line_mm: 150.0, size: 1.0, lines: 2.0 };
/// Four lines of the help's panel, which covers the stage.
const HELP: Kind = Kind { chars: 120, line_mm: 145.0, size: 1.0, lines: 4.0 };
/// Three lines across the stage.
const LINE: Kind = Kind { chars: 108, line_mm: 150.0, size: 1.0, lines: 3.0 };
/// Five lines beside the map of the boxes.
const SERVE: Kind = Kind { chars: 108, line_mm: 90.0, size: 1.0, lines: 5.0 };
/// Read on a telephone or a tablet: five lines on 360 px, whose type of 16 px is 4.2 mm.
const ELSEWHERE: Kind = Kind { chars: 140, line_mm: 87.0, size: 0.61, lines: 5.0 };

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
