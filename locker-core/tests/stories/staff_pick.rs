//! Staff pick up an inbound key (STAFF-PICK).

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{JANE, MECHANIC, Rig, box_no};

#[test]
fn staff_pick_08_a_valid_scan_opens_the_box_and_confirm_moves_custody_to_the_user() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.wait(1_000);
    rig.show_qr();
    assert_eq!(rig.at(), "pick.qr");
    assert_eq!(rig.scan(Act::PickUp { visit: JANE }), Answer::Opens(box_no(number)));
    rig.wait(200);
    assert_eq!(rig.at(), "pick.serve");
    rig.take_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.at(), "pick.thanks");
    assert_eq!(rig.custody(JANE), Custody::Staff { user: MECHANIC });
    assert_eq!(rig.driven.len(), 2);
}
