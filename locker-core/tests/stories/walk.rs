//! Every screen that a person can come to, each with something typed where something can be typed.

use locker_core::screen::{Action, Button};
use locker_core::*;

use crate::rig::{JANE, Rig, contact, visit};

/// How somebody comes to a screen.
pub type Way = fn(&mut Rig);

/// Every screen by a name, with the rig that stands at it.
pub fn all() -> Vec<(&'static str, Rig)> {
    WAYS.iter().map(reach).collect()
}

/// A rig that has gone this way.
pub fn reach((name, way): &(&'static str, Way)) -> (&'static str, Rig) {
    let mut rig = Rig::with_boxes(16, |settings| settings.sms = true);
    let phone = contact(Channel::Sms, ContactKind::Private, "0470 99 88 77");
    let (today, phones) = (rig.today, vec![phone]);
    rig.visits.push(visit(VisitId(11), today, "4-TWO-001", phones.clone()));
    rig.visits.push(visit(VisitId(12), today, "4-TWO-002", phones));
    rig.push_desired();
    way(&mut rig);
    (*name, rig)
}

fn contact_step(rig: &mut Rig) {
    rig.begin_drop();
    rig.look_up(Button::ByRegistration, "1-ABC-123");
}

fn appointments(rig: &mut Rig) {
    rig.identified("1-ABC-123");
    rig.press(Button::Next);
}

fn digits(rig: &mut Rig) {
    for digit in [4, 7, 1, 1] {
        rig.touch(Action::Digit { digit }).unwrap();
    }
}

fn picking(rig: &mut Rig) {
    rig.drop_key("1-ABC-123");
    rig.wait(1_000);
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(200);
}

const WAYS: &[(&str, Way)] = &[
    ("start", |_| {}),
    ("drop.welcome", |rig| {
        rig.press(Button::DropKey);
        rig.press(Button::LowBox);
    }),
    ("pick.welcome", |rig| {
        rig.press(Button::PickUpKey);
    }),
    ("drop.method", Rig::begin_drop),
    ("drop.pin", |rig| {
        rig.show_pad();
        digits(rig);
    }),
    ("drop.pin, wrong", |rig| {
        rig.show_pad();
        rig.type_pin("471147");
        digits(rig);
    }),
    ("drop.pin, locked", |rig| {
        for _ in 0..5 {
            rig.try_pin("000000");
        }
        rig.show_pad();
        digits(rig);
        rig.write("9-NON-E");
    }),
    ("drop.registration", |rig| {
        rig.begin_drop();
        rig.press(Button::ByRegistration);
        rig.write("9-NON-E");
    }),
    ("drop.phone", |rig| {
        rig.begin_drop();
        rig.press(Button::ByPhone);
        rig.write("0470 1");
    }),
    ("drop.searching", |rig| {
        rig.begin_drop();
        rig.press(Button::ByRegistration);
        rig.write("1-ABC-123");
        rig.press(Button::Ok);
    }),
    ("drop.vehicle", |rig| {
        rig.begin_drop();
        rig.look_up(Button::ByPhone, "0470 99 88 77");
        rig.touch(Action::Choose { item: 1 }).unwrap();
    }),
    ("drop.contact", |rig| {
        contact_step(rig);
        rig.touch(Action::Choose { item: 1 }).unwrap();
    }),
    ("drop.contact, one", |rig| {
        rig.begin_drop();
        rig.look_up(Button::ByRegistration, "2-XYZ-789");
    }),
    ("drop.sending", |rig| {
        contact_step(rig);
        rig.press(Button::Send);
    }),
    ("drop.contact, failed", |rig| {
        contact_step(rig);
        rig.press(Button::Send);
        rig.leap(30_000);
    }),
    ("drop.sent", |rig| {
        rig.pin_by_plate("1-ABC-123");
    }),
    ("drop.no_match", |rig| {
        rig.begin_drop();
        rig.look_up(Button::ByRegistration, "9-NON-E");
    }),
    ("drop.qr", |rig| {
        rig.begin_drop();
        rig.press(Button::ByQr);
    }),
    ("drop.driver", |rig| {
        rig.identified("1-ABC-123");
    }),
    ("drop.add_phone", |rig| {
        rig.identified("1-ABC-123");
        rig.press(Button::EditPhone);
        rig.write("0471 00 00 0");
    }),
    ("drop.appointments", appointments),
    ("drop.remark", |rig| {
        appointments(rig);
        rig.press(Button::EditRemark);
        rig.write("The horn is shy");
    }),
    ("drop.serve, opening", |rig| {
        appointments(rig);
        rig.press(Button::Next);
    }),
    ("drop.serve, open", |rig| {
        rig.drop_to_open_box("1-ABC-123");
    }),
    ("drop.serve, closed", |rig| {
        let number = rig.drop_to_open_box("1-ABC-123");
        rig.close(number);
    }),
    ("drop.serve, confirm waits", |rig| {
        rig.drop_to_open_box("1-ABC-123");
        rig.press(Button::Confirm);
    }),
    ("drop.thanks", |rig| {
        let number = rig.drop_to_open_box("1-ABC-123");
        rig.put_key(number);
        rig.close(number);
        rig.press(Button::Confirm);
    }),
    ("pick.method", |rig| {
        rig.press(Button::PickUpKey);
        rig.press(Button::Go);
    }),
    ("pick.pin", |rig| {
        rig.press(Button::PickUpKey);
        rig.press(Button::Go);
        rig.press(Button::ByPin);
        digits(rig);
    }),
    ("pick.serve, customer", |rig| {
        let (_, pin) = rig.hand_in(JANE);
        rig.collect(&pin);
        rig.wait(1_000);
    }),
    ("pick.thanks, customer", |rig| {
        let (number, pin) = rig.hand_in(JANE);
        rig.collect(&pin);
        rig.take_and_confirm(number);
    }),
    ("pick.qr", Rig::show_qr),
    ("pick.qr, closed", |rig| {
        rig.show_qr();
        rig.leap(30_000);
    }),
    ("pick.serve", picking),
    ("pick.thanks", |rig| {
        picking(rig);
        let number = rig.served().unwrap();
        rig.take_key(number);
        rig.close(number);
        rig.press(Button::Confirm);
    }),
    ("check.settle", |rig| {
        rig.check_box(2);
        rig.close(2);
        rig.press(Button::Confirm);
    }),
    ("staff.reason", |rig| {
        let secret = rig.enrol(crate::rig::ADMIN);
        let code = crate::rig::authenticator(secret, rig.wall);
        rig.collect(&code);
        rig.touch(Action::Choose { item: 1 }).unwrap();
    }),
    ("staff.box", |rig| {
        rig.drop_key("1-ABC-123");
        let secret = rig.enrol(crate::rig::ADMIN);
        let code = crate::rig::authenticator(secret, rig.wall);
        rig.collect(&code);
        rig.touch(Action::Choose { item: 3 }).unwrap();
        rig.press(Button::Ok);
        rig.touch(Action::Choose { item: 0 }).unwrap();
    }),
    ("sorry", |rig| {
        picking(rig);
        let number = rig.served().unwrap();
        rig.press(Button::NotMyKey);
        rig.close(number);
    }),
];
