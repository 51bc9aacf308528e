//! Pictures (feature `picture`): QR codes.

use alloc::string::String;
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
