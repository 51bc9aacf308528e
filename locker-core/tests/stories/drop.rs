//! A customer drops a key (DROP).

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{JANE, Rig, box_no};

#[test]
fn drop_13_and_14_a_key_goes_into_the_box_that_opens_and_confirm_books_it() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1abc123");
    assert_eq!(rig.at(), "drop.serve");
    assert_eq!(rig.served(), Some(number));
    assert_eq!(rig.driven.len(), 1);
    assert_eq!(rig.custody(JANE), Custody::Customer);
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.at(), "drop.thanks");
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
    let seen = Evidence::Seen;
    assert_eq!(
        rig.count(|record| matches!(record, Record::KeyDropped { evidence, .. } if *evidence == seen)),
        1
    );
}

#[test]
fn drop_14_confirm_waits_for_the_door() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.put_key(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.notice(), Some("serve-close-first"));
    assert_eq!(rig.custody(JANE), Custody::Customer);
    rig.close(number);
    assert_eq!(rig.at(), "drop.thanks");
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}
