//! Pictures (feature `picture`): QR codes.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use fast_qr::{ECL, QRBuilder};

/// The quiet zone around a QR code, in modules (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// A QR code as an SVG picture, black on white, one unit a module. `None` when the text does not fit into one.
///
/// ```
/// let svg = locker_core::picture::qr_svg("KEYLOCKER:1:1:00112233445566778899AABBCCDDEEFF").unwrap();
/// assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
/// ```
#[must_use]
pub fn qr_svg(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let side = code.size + 2 * QUIET;
    let mut path = String::new();
    for row in 0..code.size {
        for column in 0..code.size {
            if code.data.get(row * code.size + column)?.value() {
                write!(path, "M{} {}h1v1h-1z", column + QUIET, row + QUIET).ok()?;
            }
        }
    }
    Some(alloc::format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

/// A QR code as a square of pixels, row by row, 0 black and 255 white, `scale` of them a module; and its side. `None` when
/// the text does not fit into one.
///
/// ```
/// let (side, pixels) = locker_core::picture::qr_pixels("otpauth://totp/Front:Ada?secret=MFRGG", 4).unwrap();
/// assert_eq!(pixels.len(), side * side);
/// assert_eq!(pixels.first(), Some(&255)); // the quiet zone
/// ```
#[must_use]
pub fn qr_pixels(text: &str, scale: usize) -> Option<(usize, Vec<u8>)> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let side = (code.size + 2 * QUIET) * scale;
    let is_dark = |at: usize| {
        let (row, column) =
            ((at / side / scale).checked_sub(QUIET)?, (at % side / scale).checked_sub(QUIET)?);
        let is_inside = row < code.size && column < code.size;
        is_inside.then(|| code.data.get(row * code.size + column).is_some_and(|module| module.value()))
    };
    let pixels = (0..side * side).map(|at| if is_dark(at) == Some(true) { 0 } else { 255 });
    Some((side, pixels.collect()))
}

/// A QR code in letters, for a terminal: two modules a letter, one above the other, white on the terminal's own dark ground.
/// `None` when the text does not fit into one.
///
/// ```
/// let code = locker_core::picture::qr_text("KEYLOCKER:1:1:00112233445566778899AABBCCDDEEFF").unwrap();
/// assert!(code.lines().all(|line| line.chars().all(|letter| " █▀▄".contains(letter))));
/// ```
#[must_use]
pub fn qr_text(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let side = code.size + 2 * QUIET;
    // Light is what is printed, so that the dark ground is the code's black.
    let is_within = |place: usize| (QUIET..QUIET + code.size).contains(&place);
    let is_light = |row: usize, column: usize| {
        let inside = is_within(row) && is_within(column);
        let module = || code.data.get((row - QUIET) * code.size + column - QUIET);
        !inside || module().is_some_and(|module| !module.value())
    };
    let mut letters = String::new();
    for row in (0..side).step_by(2) {
        for column in 0..side {
            letters.push(match (is_light(row, column), row + 1 < side && is_light(row + 1, column)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        letters.push('\n');
    }
    Some(letters)
}
