//! The QR code as a picture: what a scanner needs of it.
#![cfg(feature = "picture")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use locker_core::picture::{qr_pixels, qr_svg, qr_text};

/// The white border that a scanner needs, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// The side of the picture and its dark modules as column and row.
fn modules(svg: &str) -> (usize, BTreeSet<(usize, usize)>) {
    let side = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(
        svg.contains(&format!("viewBox=\"0 0 {side} {side}\""))
            && svg.contains(&format!("M0 0h{side}v{side}H0z"))
    );
    let dark = svg.rsplit("d=\"").next().unwrap().split('M').skip(1).map(|module| {
        let (column, rest) = module.split_once(' ').unwrap();
        (column.parse().unwrap(), rest.split('h').next().unwrap().parse().unwrap())
    });
    (side, dark.collect())
}

#[test]
fn staff_pick_04_a_qr_code_has_its_three_corners_and_a_white_border() {
    let (side, dark) = modules(&qr_svg("KEYLOCKER:1:1:00112233445566778899AABBCCDDEEFF").unwrap());
    // A code of this length is version 3 with 29 modules on a side.
    let size = side - 2 * QUIET;
    assert_eq!(size, 29);
    let (first, last) = (QUIET, QUIET + size - 1);
    assert!(dark.iter().all(|(column, row)| (first..=last).contains(column) && (first..=last).contains(row)));
    for (column, row) in [(first, first), (last - 6, first), (first, last - 6)] {
        for at in 0..7 {
            assert!(
                dark.contains(&(column + at, row)) && dark.contains(&(column + at, row + 6)),
                "a finder's rows"
            );
            assert!(
                dark.contains(&(column, row + at)) && dark.contains(&(column + 6, row + at)),
                "its columns"
            );
        }
        assert!((1..6).all(|at| !dark.contains(&(column + at, row + 1))), "the ring inside it is white");
        assert!(dark.contains(&(column + 3, row + 3)), "its middle is dark");
    }
    let corner = (0..7).filter(|at| dark.contains(&(last - at, last))).count();
    assert!(corner < 7, "the fourth corner has none");
}

#[test]
fn staff_pick_04_what_does_not_fit_into_a_qr_code_has_no_picture() {
    assert_eq!(qr_svg(&"x".repeat(5_000)), None);
}

/// The dark modules of a code in letters, where light is what is printed.
fn modules_of_letters(code: &str) -> BTreeSet<(usize, usize)> {
    let mut dark = BTreeSet::new();
    for (line, letters) in code.lines().enumerate() {
        for (column, letter) in letters.chars().enumerate() {
            let (upper, lower) = match letter {
                '█' => (true, true),
                '▀' => (true, false),
                '▄' => (false, true),
                ' ' => (false, false),
                other => panic!("{other:?} is no part of a code"),
            };
            dark.extend((!upper).then_some((column, 2 * line)));
            dark.extend((!lower).then_some((column, 2 * line + 1)));
        }
    }
    dark
}

#[test]
fn staff_pick_04_a_qr_code_in_letters_is_the_one_of_the_picture() {
    for text in ["KEYLOCKER:1:1:00112233445566778899AABBCCDDEEFF", "K", &"A".repeat(300)] {
        let (side, drawn) = modules(&qr_svg(text).unwrap());
        let code = qr_text(text).unwrap();
        assert!(code.lines().all(|line| line.chars().count() == side));
        assert_eq!(code.lines().count(), side.div_ceil(2));
        let written: BTreeSet<_> =
            modules_of_letters(&code).into_iter().filter(|(_, row)| *row < side).collect();
        assert_eq!(written, drawn);
        // A side is odd: what is below the last row prints nothing.
        assert!(code.lines().last().unwrap().chars().all(|letter| letter == '▀'));
    }
    assert_eq!(qr_text(&"A".repeat(10_000)), None);
}

#[test]
fn code_09_a_qr_code_in_pixels_is_the_one_of_the_picture() {
    for text in ["otpauth://totp/Front:Ada?secret=MFRGG", "K", &"A".repeat(300)] {
        let (side, drawn) = modules(&qr_svg(text).unwrap());
        for scale in [1, 2, 5] {
            let (width, pixels) = qr_pixels(text, scale).unwrap();
            assert_eq!((width, pixels.len()), (side * scale, width * width));
            for (at, pixel) in pixels.iter().enumerate() {
                let module = (at % width / scale, at / width / scale);
                assert_eq!(*pixel, if drawn.contains(&module) { 0 } else { 255 }, "{module:?}");
            }
        }
    }
    assert_eq!(qr_pixels(&"A".repeat(10_000), 1), None);
}
