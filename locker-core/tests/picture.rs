//! The QR code as a picture: what a scanner needs of it.
#![cfg(feature = "picture")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use locker_core::picture::qr_svg;

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
