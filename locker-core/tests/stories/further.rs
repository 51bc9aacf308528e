//! Further states of the screens that `walk` comes to: what lies over a step, what goes wrong at a box, what the start
//! screen says when not everything is offered.

use locker_core::screen::{Action, Button};
use locker_core::*;

use crate::rig::{JANE, MECHANIC, OMAR, Rig, contact};
use crate::walk::{self, Way};

/// Every one by a name, with the rig that stands at it.
pub fn all() -> Vec<(&'static str, Rig)> {
    WAYS.iter().map(walk::reach).collect()
}

fn entered(rig: &mut Rig) {
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("1-ABC");
}

/// Somebody with long names and everything that a work order can hold, at step 2.
fn long(rig: &mut Rig) {
    let mail = |address: &str, kind| contact(Channel::Mail, kind, address);
    let mobile = |number: &str, kind| contact(Channel::Sms, kind, number);
    let contacts = vec![
        mail("maximiliane.hohenstein@werkstatt.example", ContactKind::Private),
        mail("m.hohenstein-bergmann@fuhrpark.example", ContactKind::Business),
        mobile("0470 12 34 12", ContactKind::Private),
        mobile("+49 151 23456789", ContactKind::Business),
    ];
    let name = "Maximiliane von Hohenstein-Bergmann".into();
    let driver = Driver { name, contacts, preferred: None, language: None };
    let people = People { plate: "1-ABC-123".into(), vehicle: "Blue hatchback".into(), driver };
    rig.visits[0].people = Personal::new(Subject::Visit(JANE), people);
    rig.push_desired();
    rig.identified("1-ABC-123");
    rig.press(Button::EditPhone);
    rig.write("+49 170 98765432");
    rig.press(Button::Ok);
}

fn staff(rig: &mut Rig) {
    assert!(matches!(rig.staff_drop(JANE), Answer::Opens(_)));
    rig.wait(200);
}

fn collecting(rig: &mut Rig) -> u8 {
    let (number, pin) = rig.hand_in(JANE);
    rig.collect(&pin);
    rig.wait(1_000);
    number
}

/// A locker that had a link today and has none now (SAFE-6).
fn unlinked(rig: &mut Rig) {
    rig.note(Told::Link(Link::Up));
    rig.note(Told::Link(Link::Down));
}

fn older(rig: &mut Rig) {
    rig.settings.profile = Profile::Classic;
    rig.push_desired();
}

const WAYS: &[(&str, Way)] = &[
    ("drop.method, no link", |rig| {
        unlinked(rig);
        rig.begin_drop();
    }),
    ("drop.method, no link, without two-factor", |rig| {
        rig.settings.two_factor = false;
        rig.push_desired();
        unlinked(rig);
        rig.begin_drop();
    }),
    ("drop.method, no link, help", |rig| {
        unlinked(rig);
        rig.begin_drop();
        rig.press(Button::Help);
    }),
    ("drop.contact, no link", |rig| {
        rig.begin_drop();
        rig.look_up(Button::ByRegistration, "1-ABC-123");
        unlinked(rig);
    }),
    ("pick.method, no link", |rig| {
        unlinked(rig);
        rig.press(Button::PickUpKey);
        rig.press(Button::Go);
    }),
    ("pick.qr, no link", |rig| {
        rig.show_qr();
        unlinked(rig);
    }),
    ("pick.pin, staff codes wait", |rig| {
        for _ in 0..4 {
            rig.collect("90090090");
            rig.leave();
        }
        rig.collect("90090090");
    }),
    ("drop.welcome, older edition", older),
    ("drop.method, older edition", |rig| {
        older(rig);
        rig.press(Button::Go);
    }),
    ("start, inactive", |rig| {
        rig.settings.active = false;
        rig.push_desired();
    }),
    ("start, no record", |rig| rig.note(Told::Store(Store::Down))),
    ("start, little room", |rig| rig.note(Told::Store(Store::Low))),
    ("drop.serve, leaving", |rig| {
        rig.drop_to_open_box("1-ABC-123");
        rig.leave();
    }),
    ("start, two boxes open", |rig| {
        rig.pry(3);
        rig.pry(11);
        rig.wait(1_000);
    }),
    ("start, maintenance", |rig| {
        rig.ask(Ask::BeginMaintenance { user: MECHANIC, reason: "New lock".into() }).unwrap();
        rig.pry(5);
        rig.wait(1_000);
    }),
    ("start, help", |rig| {
        rig.press(Button::Help);
    }),
    ("drop.welcome, without two-factor", |rig| {
        rig.settings.two_factor = false;
        rig.push_desired();
        rig.press(Button::DropKey);
    }),
    ("drop.method, without two-factor", |rig| {
        rig.settings.two_factor = false;
        rig.push_desired();
        rig.begin_drop();
    }),
    ("drop.method, abort", |rig| {
        rig.begin_drop();
        rig.press(Button::Abort);
    }),
    ("drop.registration, help", |rig| {
        entered(rig);
        rig.press(Button::Help);
    }),
    ("drop.registration, help called", |rig| {
        entered(rig);
        rig.press(Button::Help);
        rig.press(Button::CallHelp);
        rig.note(Told::Help { help: HelpId(1), answer: HelpAnswer::Notified });
    }),
    ("drop.registration, nobody there", |rig| {
        entered(rig);
        rig.press(Button::Help);
        rig.press(Button::CallHelp);
        rig.note(Told::Help { help: HelpId(1), answer: HelpAnswer::Nobody });
    }),
    ("drop.registration, somebody comes", |rig| {
        entered(rig);
        rig.press(Button::Help);
        rig.press(Button::CallHelp);
        rig.note(Told::Help { help: HelpId(1), answer: HelpAnswer::Coming });
        rig.press(Button::CloseHelp);
    }),
    ("drop.registration, still there", |rig| {
        entered(rig);
        rig.leap(45_000);
    }),
    ("drop.pin, shown", |rig| {
        rig.show_pad();
        for digit in [2, 8, 4, 6, 9, 1, 7, 3] {
            rig.touch(Action::Digit { digit }).unwrap();
        }
        rig.press(Button::Show);
    }),
    ("drop.pin, locked", |rig| {
        rig.show_pad();
        for _ in 0..5 {
            rig.type_pin("471147");
        }
    }),
    ("drop.driver, long", long),
    ("drop.driver, still there", |rig| {
        rig.identified("1-ABC-123");
        rig.leap(105_000);
    }),
    ("drop.appointments, without two-factor", |rig| {
        rig.settings.two_factor = false;
        rig.push_desired();
        rig.begin_drop();
        rig.look_up(Button::ByRegistration, "1-ABC-123");
    }),
    ("drop.appointments, many", |rig| {
        let works = ["Oil change and brake inspection", "Winter tyres", "Windscreen", "Recall 23V-851"];
        let first = rig.visits[0].appointments[0].clone();
        let appointment = |work: &&str| Appointment { work: (*work).into(), ..first.clone() };
        rig.visits[0].appointments = works.iter().map(appointment).collect();
        rig.push_desired();
        rig.identified("1-ABC-123");
        rig.press(Button::Next);
    }),
    ("drop.appointments, remark", |rig| {
        rig.identified("1-ABC-123");
        rig.press(Button::Next);
        rig.press(Button::EditRemark);
        rig.write(
            "The left front tyre loses air every week; please look at the rim and at the valve, and call me.",
        );
        rig.press(Button::Ok);
    }),
    ("drop.remark, full", |rig| {
        rig.identified("1-ABC-123");
        rig.press(Button::Next);
        rig.press(Button::EditRemark);
        rig.write(&"The tyre loses air. ".repeat(10));
    }),
    ("drop.serve, opened again", |rig| {
        rig.drop_to_open_box("1-ABC-123");
        rig.press(Button::OpenAgain);
    }),
    ("drop.serve, door left open", |rig| {
        rig.drop_to_open_box("1-ABC-123");
        rig.wait(61_000);
    }),
    ("drop.serve, not confirmed", |rig| {
        let number = rig.drop_to_open_box("1-ABC-123");
        rig.put_key(number);
        rig.sim(number).has_item_sensor = false;
        rig.close(number);
        rig.wait(62_000);
    }),
    ("drop.serve, no key seen", |rig| {
        let number = rig.drop_to_open_box("1-ABC-123");
        rig.close(number);
        rig.press(Button::Confirm);
    }),
    ("drop.serve, abort", |rig| {
        rig.drop_to_open_box("1-ABC-123");
        rig.press(Button::Abort);
    }),
    ("drop.serve, something inside", |rig| {
        rig.drop_to_open_box("1-ABC-123");
        rig.press(Button::SomethingInside);
    }),
    ("drop.serve, help", |rig| {
        rig.drop_to_open_box("1-ABC-123");
        rig.press(Button::Help);
    }),
    ("drop.serve, staff", staff),
    ("drop.thanks, staff", |rig| {
        staff(rig);
        let number = rig.served().unwrap();
        rig.put_key(number);
        rig.close(number);
        rig.press(Button::Confirm);
    }),
    ("pick.pin, wrong", |rig| {
        let (_, pin) = rig.hand_in(JANE);
        rig.press(Button::PickUpKey);
        rig.press(Button::Go);
        rig.press(Button::ByPin);
        rig.type_pin(if pin == "471147" { "471148" } else { "471147" });
    }),
    ("pick.pin, used", |rig| {
        let (number, pin) = rig.hand_in(JANE);
        rig.collect(&pin);
        rig.wait(1_000);
        rig.take_and_confirm(number);
        rig.press(Button::Done);
        rig.wait(181_000);
        rig.collect(&pin);
    }),
    ("pick.pin, on hold", |rig| {
        let (_, pin) = rig.hand_in(OMAR);
        rig.visits[1].on_hold = true;
        rig.push_desired();
        rig.collect(&pin);
    }),
    ("pick.serve, closed", |rig| {
        let number = collecting(rig);
        rig.take_key(number);
        rig.sim(number).has_item_sensor = false;
        rig.close(number);
    }),
    ("pick.serve, key still in", |rig| {
        let number = collecting(rig);
        rig.close(number);
        rig.press(Button::Confirm);
    }),
    ("pick.serve, once more", |rig| {
        let (number, pin) = rig.hand_in(JANE);
        rig.collect(&pin);
        rig.wait(1_000);
        rig.take_and_confirm(number);
        rig.press(Button::Done);
        rig.collect(&pin);
        rig.wait(1_000);
    }),
    ("pick.serve, jammed", |rig| {
        let (number, pin) = rig.hand_in(JANE);
        rig.sim(number).jammed = true;
        rig.collect(&pin);
        rig.wait(40_000);
    }),
    ("drop.serve, tried again", |rig| {
        rig.identified("1-ABC-123");
        rig.press(Button::Next);
        for number in 1..=16 {
            rig.sim(number).jammed = true;
        }
        rig.press(Button::Next);
        rig.wait(12_000);
    }),
    ("pick.method, still there", |rig| {
        rig.press(Button::PickUpKey);
        rig.press(Button::Go);
        rig.leap(45_000);
    }),
    ("check.serve", |rig| rig.check_box(2)),
    ("check.settle, booked", |rig| {
        let number = rig.drop_key("1-ABC-123");
        rig.wait(1_000);
        rig.check_box(number);
        rig.close(number);
        rig.press(Button::Confirm);
    }),
];
