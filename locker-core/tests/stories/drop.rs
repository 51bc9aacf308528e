//! A customer drops a key (DROP).

use locker_core::screen::{Action, Button, NoticeKind, Text, Value, Widget};
use locker_core::*;

use crate::rig::{JANE, MECHANIC, OMAR, Rig, box_no, contact, offered, visit};

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
    assert_eq!(rig.screen().notice.unwrap().kind, NoticeKind::Ask, "it asks, it blames nobody");
    assert_eq!(rig.custody(JANE), Custody::Customer);
    rig.close(number);
    assert_eq!(rig.at(), "drop.thanks");
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}

/// What the choices or rows on the screen say.
fn said(rig: &Rig) -> Vec<String> {
    let word = |text: &Text| match text.args.first() {
        Some((_, Value::Words(word) | Value::Personal(word) | Value::Masked(word))) => word.clone(),
        _ => text.id.to_owned(),
    };
    let said = |widget: &Widget| match widget {
        Widget::Choices { items } => items.iter().map(|item| word(&item.label)).collect(),
        Widget::List { rows } => rows.iter().map(|row| word(&row.value)).collect(),
        _ => Vec::new(),
    };
    rig.screen().widgets.iter().flat_map(said).collect()
}

fn chosen(rig: &Rig) -> Option<usize> {
    rig.screen().widgets.iter().find_map(|widget| match widget {
        Widget::Choices { items } => items.iter().position(|item| item.chosen),
        _ => None,
    })
}

fn searched(rig: &mut Rig, by: Button, text: &str) -> &'static str {
    rig.begin_drop();
    rig.look_up(by, text);
    rig.at()
}

#[test]
fn drop_01_two_factor_is_a_setting_of_the_locker_and_concerns_dropping_only() {
    let pick = |two_factor| {
        let mut rig = Rig::with(|settings| settings.two_factor = two_factor);
        rig.press(Button::PickUpKey);
        rig.press(Button::Go);
        offered(&rig.screen())
    };
    assert_eq!(pick(true), pick(false));
    assert_eq!(searched(&mut Rig::new(), Button::ByRegistration, "1-ABC-123"), "drop.contact");
    let mut single = Rig::with(|settings| settings.two_factor = false);
    assert_eq!(searched(&mut single, Button::ByRegistration, "1-ABC-123"), "drop.appointments");
}

#[test]
fn drop_02_step_1_offers_pin_registration_phone_and_a_qr_that_says_it_is_for_staff() {
    let mut rig = Rig::new();
    rig.begin_drop();
    let screen = rig.screen();
    let ways: Vec<_> = screen.buttons.iter().map(|view| (view.press, view.label.id)).collect();
    assert_eq!(
        ways,
        [
            (Button::ByPin, "method-pin"),
            (Button::ByRegistration, "method-registration"),
            (Button::ByPhone, "method-phone"),
            (Button::ByQr, "method-qr")
        ]
    );
    rig.press(Button::ByQr);
    assert_eq!(rig.screen().title.id, "qr-title");
    let act = Act::PickUp { visit: JANE };
    assert_eq!(rig.scan(act), Answer::Denied(Denial::OtherFlow), "a customer's screen gives no key away");
}

#[test]
fn drop_03_a_check_in_pin_is_shown_once_and_a_reload_offers_a_new_one() {
    let mut rig = Rig::new();
    let first = rig.check_in(JANE);
    assert_eq!(first.len(), 8);
    let second = rig.check_in(JANE);
    assert_ne!(first, second);
    rig.show_pad();
    assert_eq!(rig.type_pin(&first), Answer::Denied(Denial::CodeReplaced));
    assert_eq!(rig.notice(), Some("drop-pin-replaced"));
    assert_eq!(rig.type_pin(&second), Answer::Done);
    assert_eq!(rig.at(), "drop.driver");
}

#[test]
fn drop_03_a_pin_sent_from_the_kiosk_works_beside_the_check_in_pin_and_a_drop_spends_both() {
    let mut rig = Rig::new();
    let check_in = rig.check_in(JANE);
    let kiosk = rig.pin_by_plate("1-ABC-123");
    assert_eq!(kiosk.len(), 6);
    rig.press(Button::EnterCode);
    rig.type_pin(&check_in);
    rig.press(Button::Next);
    rig.press(Button::Next);
    rig.wait(200);
    let number = rig.served().unwrap();
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    rig.press(Button::Done);
    assert_eq!(rig.try_pin(&check_in), Answer::Denied(Denial::CodeUsed));
    assert_eq!(rig.try_pin(&kiosk), Answer::Denied(Denial::CodeUsed));
}

#[test]
fn drop_03_a_check_in_needs_a_visit_whose_key_is_with_the_customer_and_a_contact_that_can_be_reached() {
    let mut rig = Rig::new();
    let ask = |rig: &mut Rig, visit, contact| {
        let fresh = rig.fresh();
        rig.ask(Ask::CheckIn { visit, contact, fresh }).err()
    };
    assert_eq!(ask(&mut rig, VisitId(99), 0), Some(Refusal::NoSuchVisit));
    assert_eq!(ask(&mut rig, JANE, 1), Some(Refusal::NotReachable), "a mobile, and no SMS here");
    assert_eq!(ask(&mut rig, JANE, 9), Some(Refusal::NotReachable));
    rig.drop_key("1-ABC-123");
    assert_eq!(ask(&mut rig, JANE, 0), Some(Refusal::NoSuchVisit));
}

#[test]
fn drop_04_a_registration_of_today_matches_however_it_is_written_and_another_day_does_not() {
    for text in ["1-ABC-123", "1abc123", " 1.a b-c 123 "] {
        assert_eq!(searched(&mut Rig::new(), Button::ByRegistration, text), "drop.contact", "{text}");
    }
    for text in ["1-ABC-12", "1-ABC-1234", "3-TOM-333", ".-"] {
        assert_eq!(searched(&mut Rig::new(), Button::ByRegistration, text), "drop.no_match", "{text}");
    }
}

#[test]
fn drop_04_days_ahead_from_0_to_3() {
    for days_ahead in 0..=3_u8 {
        for day in -1..=4_i32 {
            let mut rig = Rig::with(|settings| settings.lookup_days_ahead = days_ahead);
            let date = rig.today.plus_days(day);
            let mail = contact(Channel::Mail, ContactKind::Private, "a@example.net");
            rig.visits.push(visit(VisitId(20), date, "5-DAY-555", vec![mail]));
            rig.push_desired();
            let found = searched(&mut rig, Button::ByRegistration, "5-DAY-555") == "drop.contact";
            assert_eq!(found, (0..=i32::from(days_ahead)).contains(&day), "{day} of {days_ahead}");
        }
    }
}

#[test]
fn drop_04_today_is_decided_at_the_look_up_and_holds_past_midnight() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("1-ABC-123");
    rig.press(Button::Ok);
    rig.today = rig.today.plus_days(1);
    rig.leap(1_500);
    assert_eq!(rig.at(), "drop.contact", "looked up the day before");
    rig.press(Button::Send);
    let pin = rig.deliver().pop().unwrap();
    rig.press(Button::EnterCode);
    assert_eq!(rig.type_pin(&pin), Answer::Done);
    rig.press(Button::Next);
    rig.press(Button::Next);
    rig.wait(200);
    assert!(rig.served().is_some());

    let mut late = Rig::new();
    late.begin_drop();
    late.press(Button::ByRegistration);
    late.write("1-ABC-123");
    late.today = late.today.plus_days(1);
    late.press(Button::Ok);
    late.leap(1_500);
    assert_eq!(late.at(), "drop.no_match", "the other side of midnight");
}

#[test]
fn drop_05_the_drivers_mobile_matches_however_it_is_typed_private_or_business() {
    for text in ["0470 12 34 12", "+32470123412", "0032 470/12.34.12", "470123412", "+32 (0)470 12 34 12"] {
        assert_eq!(searched(&mut Rig::new(), Button::ByPhone, text), "drop.contact", "{text}");
    }
    for text in ["0470 12 34 13", "+33470123412", "12", "jane@example.be"] {
        assert_eq!(searched(&mut Rig::new(), Button::ByPhone, text), "drop.no_match", "{text}");
    }
    let mut private = Rig::new();
    let today = private.today;
    let contacts = vec![
        contact(Channel::Sms, ContactKind::Private, "+32 471 00 00 01"),
        contact(Channel::Mail, ContactKind::Private, "p@example.net"),
    ];
    private.visits.push(visit(VisitId(20), today, "5-PRI-555", contacts));
    private.push_desired();
    assert_eq!(searched(&mut private, Button::ByPhone, "0471 00 00 01"), "drop.contact");
}

#[test]
fn drop_06_only_a_mobile_is_reachable_exactly_when_sms_is_enabled_and_a_blocked_contact_is_absent() {
    let find = |sms, contacts: Vec<Contact>| {
        let mut rig = Rig::with(|settings| settings.sms = sms);
        let today = rig.today;
        rig.visits.push(visit(VisitId(20), today, "5-MOB-555", contacts));
        rig.push_desired();
        (searched(&mut rig, Button::ByRegistration, "5-MOB-555"), said(&rig).len())
    };
    let mobile = || contact(Channel::Sms, ContactKind::Private, "0471 00 00 01");
    let mail = || contact(Channel::Mail, ContactKind::Business, "m@example.net");
    let blocked = |one: Contact| Contact { blocked: true, ..one };
    assert_eq!(find(true, vec![mobile()]), ("drop.contact", 1));
    assert_eq!(find(false, vec![mobile()]).0, "drop.no_match");
    assert_eq!(find(true, vec![mobile(), mail()]), ("drop.contact", 2));
    assert_eq!(find(false, vec![mobile(), mail()]), ("drop.contact", 1));
    assert_eq!(find(true, vec![blocked(mobile()), mail()]), ("drop.contact", 1));
    assert_eq!(find(true, vec![blocked(mobile()), blocked(mail())]).0, "drop.no_match");
    assert_eq!(find(true, vec![]).0, "drop.no_match");
}

#[test]
fn drop_07_all_contacts_masked_the_preferred_channel_first_and_the_pin_goes_to_the_chosen_one() {
    let mut rig = Rig::with(|settings| settings.sms = true);
    assert_eq!(searched(&mut rig, Button::ByRegistration, "1-ABC-123"), "drop.contact");
    assert_eq!(said(&rig), ["j•••@e•••.be", "+32 4•• •• •• 12"]);
    rig.leave();
    let people = rig.visits[0].people.get().unwrap().clone();
    let driver = Driver { preferred: Some(Channel::Sms), ..people.driver.clone() };
    rig.visits[0].people = Personal::new(Subject::Visit(JANE), People { driver, ..people });
    rig.push_desired();
    searched(&mut rig, Button::ByRegistration, "1-ABC-123");
    assert_eq!(said(&rig), ["+32 4•• •• •• 12", "j•••@e•••.be"]);
    assert_eq!(chosen(&rig), Some(0));
    rig.touch(Action::Choose { item: 1 }).unwrap();
    assert_eq!(rig.touch(Action::Choose { item: 2 }), Err(Refusal::NotOffered));
    assert!(rig.locker.open_messages().is_empty(), "nothing goes out before Send");
    rig.press(Button::Send);
    let open = rig.locker.open_messages();
    assert_eq!((open.len(), open[0].to.address.as_str()), (1, "jane@example.be"));
    assert_eq!(rig.at(), "drop.sending");
    rig.deliver();
    assert_eq!(rig.at(), "drop.sent");
    let lines: Vec<_> = rig.screen().lines.iter().map(|line| line.id).collect();
    assert_eq!(lines, ["drop-sent", "drop-sent-back"]);
    assert!(rig.screen().lines[0].args[0].1 == Value::Number(30));
}

#[test]
fn drop_07_with_one_contact_only_send_is_shown() {
    let mut rig = Rig::new();
    searched(&mut rig, Button::ByRegistration, "2-XYZ-789");
    assert_eq!(said(&rig), ["o•••@e•••.org"]);
    assert_eq!(chosen(&rig), None, "nothing to choose");
    assert_eq!(rig.touch(Action::Choose { item: 0 }), Err(Refusal::NotOffered));
    assert_eq!(offered(&rig.screen()), [Button::Back, Button::Send, Button::Help, Button::Abort]);
}

#[test]
fn drop_07_not_accepted_within_30_s_says_so_and_offers_the_others() {
    let mut rig = Rig::with(|settings| settings.sms = true);
    searched(&mut rig, Button::ByRegistration, "1-ABC-123");
    rig.press(Button::Send);
    rig.leap(29_999);
    assert_eq!(rig.at(), "drop.sending");
    rig.leap(1);
    assert_eq!((rig.at(), rig.notice()), ("drop.contact", Some("drop-contact-failed")));
    assert_eq!(chosen(&rig), Some(1), "the other one");
    let failed = rig.count(|record| matches!(record, Record::MessageFailed { .. }));
    assert_eq!((failed, rig.locker.open_messages().len()), (1, 0));
    rig.press(Button::Send);
    assert_eq!(rig.locker.open_messages()[0].to.channel, Channel::Sms);
    let message = rig.locker.open_messages()[0].message;
    rig.note(Told::Delivery { message, outcome: Delivery::Refused });
    assert_eq!((rig.at(), chosen(&rig)), ("drop.contact", Some(1)), "all have failed: as it was");
    rig.note(Told::Delivery { message, outcome: Delivery::Accepted });
    assert_eq!(rig.at(), "drop.contact", "too late changes nothing");
}

#[test]
fn drop_08_every_miss_shows_one_and_the_same_screen_after_the_same_time() {
    let mut rig = Rig::new();
    rig.drop_key("2-XYZ-789");
    let today = rig.today;
    rig.visits.push(visit(VisitId(20), today, "5-UNR-555", vec![]));
    rig.push_desired();
    let mut screens = Vec::new();
    // Unknown, not today, nobody to reach, key already in.
    for text in ["9-NON-999", "3-TOM-333", "5-UNR-555", "2-XYZ-789"] {
        rig.begin_drop();
        rig.press(Button::ByRegistration);
        rig.write(text);
        rig.press(Button::Ok);
        rig.leap(1_499);
        assert_eq!(rig.at(), "drop.searching", "{text}");
        rig.leap(1);
        assert_eq!(rig.at(), "drop.no_match", "{text}");
        assert!(rig.offers(Button::Help));
        screens.push(rig.still());
        rig.leave();
    }
    assert!(screens.iter().all(|screen| *screen == screens[0]));
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("1-ABC-123");
    rig.press(Button::Ok);
    rig.leap(1_499);
    assert_eq!(rig.at(), "drop.searching", "a match takes as long");
    rig.leap(1);
    assert_eq!(rig.at(), "drop.contact");
}

#[test]
fn drop_08_what_was_typed_is_still_there_to_be_mended() {
    let mut rig = Rig::new();
    searched(&mut rig, Button::ByRegistration, "1-ABC-124");
    rig.press(Button::Back);
    rig.press(Button::ByRegistration);
    let Some(Widget::Entry { value, .. }) = rig.screen().widgets.first().cloned() else { panic!() };
    assert_eq!(value, "1-ABC-124");
    rig.press(Button::Back);
    rig.press(Button::ByPhone);
    let Some(Widget::Entry { value, .. }) = rig.screen().widgets.first().cloned() else { panic!() };
    assert_eq!(value, "", "another question");
}

#[test]
fn drop_09_several_vehicles_are_told_apart_by_masked_registrations() {
    let mut rig = Rig::new();
    let today = rig.today;
    let contacts = || {
        let mail = contact(Channel::Mail, ContactKind::Private, "f@example.net");
        vec![contact(Channel::Sms, ContactKind::Private, "0472 00 00 02"), mail]
    };
    rig.visits.push(visit(VisitId(21), today, "1-AKC-993", contacts()));
    rig.visits.push(visit(VisitId(22), today, "1-AXC-993", contacts()));
    // The same vehicle again, on a later day and for look-ups ahead: found once.
    rig.settings.lookup_days_ahead = 1;
    rig.visits.push(visit(VisitId(23), today.plus_days(1), "1-AKC-993", contacts()));
    rig.push_desired();
    assert_eq!(searched(&mut rig, Button::ByPhone, "0472 00 00 02"), "drop.vehicle");
    assert_eq!(said(&rig), ["1-AK•-••3", "1-AX•-••3"]);
    rig.press(Button::Ok);
    assert_eq!((rig.at(), rig.notice()), ("drop.vehicle", Some("drop-vehicle-choose")));
    assert_eq!(rig.touch(Action::Choose { item: 2 }), Err(Refusal::NotOffered));
    rig.touch(Action::Choose { item: 1 }).unwrap();
    rig.press(Button::Ok);
    assert_eq!(rig.at(), "drop.contact");
    rig.press(Button::Send);
    let wanted = |record: &Record| matches!(record, Record::MessageWanted { visit: VisitId(22), .. });
    assert_eq!(rig.count(wanted), 1);
}

#[test]
fn drop_09_one_vehicle_with_two_visits_is_never_shown_unmasked() {
    let mut rig = Rig::with(|settings| settings.lookup_days_ahead = 1);
    let tomorrow = rig.today.plus_days(1);
    let mail = contact(Channel::Mail, ContactKind::Private, "jane@example.be");
    rig.visits.push(visit(VisitId(0), tomorrow, "1-ABC-123", vec![mail]));
    rig.push_desired();
    assert_eq!(searched(&mut rig, Button::ByRegistration, "1-ABC-123"), "drop.contact");
    rig.press(Button::Send);
    let wanted = |record: &Record| matches!(record, Record::MessageWanted { visit: JANE, .. });
    assert_eq!(rig.count(wanted), 1, "the first day's visit");
}

#[test]
fn drop_10_without_2fa_a_number_needs_no_contact_and_step_2_is_skipped() {
    let mut rig = Rig::with(|settings| settings.two_factor = false);
    let today = rig.today;
    rig.visits.push(visit(VisitId(20), today, "5-UNR-555", vec![]));
    rig.push_desired();
    rig.begin_drop();
    let ways: Vec<_> = rig.screen().buttons.iter().map(|view| view.press).collect();
    assert_eq!(ways, [Button::ByRegistration, Button::ByPhone, Button::ByPin, Button::ByQr]);
    rig.look_up(Button::ByRegistration, "5-UNR-555");
    assert_eq!(rig.at(), "drop.appointments");
    let progress = rig.screen().progress.unwrap();
    assert_eq!((progress.step, progress.of), (2, 3));
    rig.press(Button::Next);
    rig.wait(200);
    assert_eq!(rig.at(), "drop.serve");
    assert!(rig.locker.open_messages().is_empty());

    let mut with_pin = Rig::with(|settings| settings.two_factor = false);
    let pin = with_pin.check_in(JANE);
    with_pin.show_pad();
    assert_eq!(with_pin.type_pin(&pin), Answer::Done);
    assert_eq!(with_pin.at(), "drop.appointments");
    assert_eq!(
        searched(&mut Rig::with(|s| s.two_factor = false), Button::ByRegistration, "3-TOM-333"),
        "drop.no_match"
    );
}

#[test]
fn drop_11_the_drivers_contacts_are_shown_and_a_phone_is_added_changed_and_removed() {
    let mut rig = Rig::new();
    rig.identified("1-ABC-123");
    let own = ["Driver 1", "jane@example.be", "0470 12 34 12"];
    assert_eq!(said(&rig), own);
    assert_eq!(rig.try_press(Button::RemovePhone), Err(Refusal::NotOffered));
    let with = |phone| [own[0], own[1], own[2], phone];
    let edit = |rig: &mut Rig, phone| {
        rig.press(Button::EditPhone);
        rig.write(phone);
        rig.press(Button::Ok);
    };
    edit(&mut rig, "0471 11 11 11");
    assert_eq!(said(&rig), with("0471 11 11 11"));
    edit(&mut rig, "+32 472 22 22 22");
    assert_eq!(said(&rig), with("+32 472 22 22 22"));
    rig.press(Button::RemovePhone);
    assert_eq!(said(&rig), own);
    edit(&mut rig, "0473 33 33 33");
    assert_eq!(rig.count(|record| matches!(record, Record::PhoneAdded { .. })), 0, "not before step 4");
    rig.press(Button::Next);
    rig.press(Button::Next);
    let added = |record: &Record| match record {
        Record::PhoneAdded { phone, .. } => phone.get().is_some_and(|phone| phone == "0473 33 33 33"),
        _ => false,
    };
    assert_eq!(rig.count(added), 1);
}

#[test]
fn drop_11_a_removed_phone_is_never_recorded() {
    let mut rig = Rig::new();
    rig.identified("1-ABC-123");
    rig.press(Button::EditPhone);
    rig.write("0471 11 11 11");
    rig.press(Button::Ok);
    rig.press(Button::RemovePhone);
    rig.press(Button::Next);
    rig.press(Button::Next);
    assert_eq!(rig.count(|record| matches!(record, Record::PhoneAdded { .. })), 0);
}

#[test]
fn drop_12_the_appointments_and_a_remark_of_200_characters() {
    let mut rig = Rig::new();
    rig.identified("1-ABC-123");
    rig.press(Button::Next);
    assert_eq!(said(&rig), ["Blue hatchback", "1-ABC-123", "Yearly service"]);
    rig.press(Button::EditRemark);
    let (good, long) = ("ü".repeat(200), "ü".repeat(201));
    assert_eq!(rig.touch(Action::Write { text: long }), Err(Refusal::TooLong));
    rig.write(&good);
    rig.press(Button::Ok);
    assert_eq!(said(&rig)[3], good);
    rig.press(Button::Next);
    let left = |record: &Record| match record {
        Record::RemarkLeft { visit: JANE, remark } => remark.get() == Some(&good),
        _ => false,
    };
    assert_eq!(rig.count(left), 1);
}

#[test]
fn drop_12_without_2fa_only_time_and_kind_of_work_are_shown() {
    let mut rig = Rig::with(|settings| settings.two_factor = false);
    searched(&mut rig, Button::ByRegistration, "1-ABC-123");
    assert_eq!(said(&rig), ["Yearly service"]);
    let pin = rig.check_in(JANE);
    rig.leave();
    rig.show_pad();
    rig.type_pin(&pin);
    assert_eq!(said(&rig), ["Yearly service"], "also with a PIN");
}

#[test]
fn drop_14_after_two_misses_confirm_completes_as_claimed_not_seen() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.close(number);
    for _ in 0..2 {
        rig.press(Button::Confirm);
        assert_eq!((rig.at(), rig.notice()), ("drop.serve", Some("serve-not-seen")));
        assert!(rig.offers(Button::OpenAgain));
        assert_eq!(rig.custody(JANE), Custody::Customer);
    }
    rig.press(Button::Confirm);
    assert_eq!(rig.at(), "drop.thanks");
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: None });
    let box_no = box_no(number);
    let evidence = Evidence::Contradicted;
    assert!(rig.facts().contains(&FactKind::KeyDropped {
        visit: JANE,
        box_no,
        evidence,
        user: None,
        ticket: None
    }));
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Contradicted));
}

#[test]
fn drop_14_a_key_put_in_after_a_miss_is_seen() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.close(number);
    rig.press(Button::Confirm);
    rig.wait(6_000);
    rig.press(Button::OpenAgain);
    rig.wait(6_000);
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
    assert_eq!(rig.driven.len(), 2);
}

#[test]
fn drop_14_nothing_but_confirm_completes_a_drop_without_an_item_sensor() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.sim(number).has_item_sensor = false;
    rig.readings();
    rig.close(number);
    rig.wait(30_000);
    assert_eq!(rig.custody(JANE), Custody::Customer);
    rig.press(Button::Confirm);
    let claimed = |record: &Record| matches!(record, Record::KeyDropped { evidence: Evidence::Claimed, .. });
    assert_eq!(rig.count(claimed), 1);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}

#[test]
fn drop_15_an_interrupted_drop_is_tried_again_with_the_same_pin_until_10_minutes_after() {
    // The PIN lives 30 minutes; it is accepted in its last second, and interrupted later.
    let interrupted = || {
        let mut rig = Rig::new();
        let pin = rig.pin_by_plate("1-ABC-123");
        rig.leave();
        rig.leap(30 * 60_000 - 1_000);
        rig.show_pad();
        assert_eq!(rig.type_pin(&pin), Answer::Done);
        rig.leap(90_000);
        assert_eq!(rig.at(), "drop.driver", "it carries its session past its own end");
        rig.leave();
        (rig, pin)
    };
    let (mut rig, pin) = interrupted();
    rig.leap(599_999);
    assert_eq!(rig.try_pin(&pin), Answer::Done);
    let (mut late, pin) = interrupted();
    late.leap(600_000);
    assert_eq!(late.try_pin(&pin), Answer::Denied(Denial::CodeExpired));
}

#[test]
fn drop_15_a_power_cut_is_an_interruption() {
    for (away_ms, answer) in [(599_999, Answer::Done), (600_000, Answer::Denied(Denial::CodeExpired))] {
        let mut rig = Rig::new();
        let pin = rig.pin_by_plate("1-ABC-123");
        rig.leave();
        rig.leap(30 * 60_000 - 1_000);
        rig.show_pad();
        rig.type_pin(&pin);
        rig.leap(2_000);
        rig.power_cut(60_000);
        assert_eq!(rig.at(), "start");
        rig.leap(away_ms);
        assert_eq!(rig.try_pin(&pin), answer);
    }
}

#[test]
fn drop_15_a_check_in_pin_accepted_on_its_last_day_has_its_10_minutes_past_midnight() {
    for (away_ms, answer) in [(599_999, Answer::Done), (600_000, Answer::Denied(Denial::CodeExpired))] {
        let mut rig = Rig::new();
        let pin = rig.check_in(JANE);
        rig.today = rig.today.plus_days(7);
        rig.show_pad();
        assert_eq!(rig.type_pin(&pin), Answer::Done);
        rig.today = rig.today.plus_days(1);
        rig.leap(1_000);
        rig.leave();
        rig.leap(away_ms);
        assert_eq!(rig.try_pin(&pin), answer);
    }
}

#[test]
fn drop_16_a_check_in_pin_works_on_any_day_up_to_7_after_the_appointment() {
    for (day, answer) in
        [(-2, Answer::Done), (0, Answer::Done), (7, Answer::Done), (8, Answer::Denied(Denial::CodeExpired))]
    {
        let mut rig = Rig::new();
        let pin = rig.check_in(JANE);
        rig.today = rig.today.plus_days(day);
        rig.show_pad();
        assert_eq!(rig.type_pin(&pin), answer, "day {day}");
    }
}

#[test]
fn drop_17_a_key_that_is_in_already_is_refused_kindly() {
    let mut rig = Rig::with(|settings| settings.two_factor = false);
    // A message asked for before the drop carries its code after it.
    rig.settings.two_factor = true;
    rig.push_desired();
    searched(&mut rig, Button::ByRegistration, "1-ABC-123");
    rig.press(Button::Send);
    let late = rig.locker.open_messages()[0].message;
    rig.leave();
    rig.settings.two_factor = false;
    rig.push_desired();
    searched(&mut rig, Button::ByRegistration, "1-ABC-123");
    rig.press(Button::Next);
    rig.wait(200);
    let number = rig.served().unwrap();
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    rig.press(Button::Done);
    let driven = rig.driven.len();
    let pin = rig.make_code(late);
    rig.show_pad();
    assert_eq!(rig.type_pin(&pin), Answer::Done, "no wrong code: nothing is counted");
    assert_eq!(rig.at(), "drop.no_match");
    rig.leave();
    assert_eq!(searched(&mut rig, Button::ByRegistration, "1-ABC-123"), "drop.no_match");
    assert_eq!(rig.driven.len(), driven);
}

#[test]
fn drop_18_the_final_screen_thanks_names_the_box_and_returns_to_start_after_20_s() {
    let thanked = || {
        let mut rig = Rig::new();
        let number = rig.drop_to_open_box("1-ABC-123");
        rig.put_key(number);
        rig.close(number);
        rig.press(Button::Confirm);
        (rig, number)
    };
    let (mut rig, number) = thanked();
    let line = Text::new("thanks-dropped").with("box", box_no(number));
    assert!(rig.screen().lines == [line]);
    rig.leap(19_999);
    assert_eq!(rig.at(), "drop.thanks");
    rig.leap(1);
    assert_eq!(rig.at(), "start");
    let (mut done, _) = thanked();
    done.press(Button::Done);
    assert_eq!(done.at(), "start");
    let (mut helped, _) = thanked();
    helped.leap(15_000);
    helped.press(Button::Help);
    helped.leap(19_999);
    assert_eq!(helped.overlay(), Some("help"), "whoever asks for help is not shown the door");
    helped.leap(1);
    assert_eq!((helped.at(), helped.overlay()), ("start", None));
}

/// A drop that is left with the key in the box: to be checked.
fn left_in_box(rig: &mut Rig, plate: &str) -> (u8, String) {
    let pin = rig.identified(plate);
    rig.press(Button::Next);
    rig.press(Button::Next);
    rig.wait(200);
    let number = rig.served().unwrap();
    rig.put_key(number);
    rig.leave();
    rig.close(number);
    rig.wait(6_000);
    (number, pin)
}

#[test]
fn drop_19_who_comes_back_with_a_live_pin_gets_that_box_again_even_when_the_locker_is_full() {
    let mut rig = Rig::with_boxes(2, |_| {});
    let (number, pin) = left_in_box(&mut rig, "1-ABC-123");
    rig.drop_key("2-XYZ-789");
    rig.wait(6_000);
    assert_eq!(rig.notice(), Some("start-full"));
    rig.show_pad();
    assert_eq!(rig.type_pin(&pin), Answer::Done);
    rig.wait(200);
    assert_eq!((rig.at(), rig.served()), ("drop.serve", Some(number)));
    assert!(!rig.offers(Button::SomethingInside), "never another box");
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
    assert_eq!(rig.report_of(number).to_check, None);
}

#[test]
fn drop_19_a_pin_from_the_kiosk_leads_back_as_well() {
    let mut rig = Rig::new();
    let (number, _) = left_in_box(&mut rig, "1-ABC-123");
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    rig.type_pin(&pin);
    rig.wait(200);
    assert_eq!(rig.served(), Some(number));
}

#[test]
fn drop_19_also_when_staff_had_the_box_open_last() {
    let mut rig = Rig::new();
    let (number, pin) = left_in_box(&mut rig, "1-ABC-123");
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(200);
    rig.sim(number).has_item_sensor = false;
    rig.readings();
    rig.leave();
    rig.close(number);
    rig.wait(6_000);
    assert_eq!(rig.custody(JANE), Custody::ToCheck { box_no: box_no(number), user: Some(MECHANIC) });
    rig.show_pad();
    rig.type_pin(&pin);
    rig.wait(200);
    assert_eq!(rig.served(), Some(number));
}

#[test]
fn drop_19_without_a_pin_the_box_stays_shut_and_help_is_offered() {
    let mut rig = Rig::with(|settings| settings.two_factor = false);
    searched(&mut rig, Button::ByRegistration, "1-ABC-123");
    rig.press(Button::Next);
    rig.wait(200);
    let number = rig.served().unwrap();
    rig.put_key(number);
    rig.leave();
    rig.close(number);
    rig.wait(6_000);
    assert_eq!(searched(&mut rig, Button::ByRegistration, "1-ABC-123"), "drop.no_match");
    assert!(rig.offers(Button::Help));
    assert_eq!(rig.driven.len(), 1, "a plate alone opens nothing");
}

#[test]
fn drop_19_at_most_two_boxes_of_a_visit_a_day() {
    let mut rig = Rig::new();
    for _ in 0..2 {
        let number = rig.drop_to_open_box("1-ABC-123");
        rig.leave();
        rig.close(number);
        rig.wait(6_000);
    }
    let pin = rig.check_in(OMAR);
    rig.identified("1-ABC-123");
    rig.press(Button::Next);
    rig.press(Button::Next);
    assert_eq!(rig.at(), "sorry");
    assert_eq!(rig.screen().lines[0].id, "sorry-limited");
    assert_eq!(rig.driven.len(), 2);
    assert!(rig.facts().contains(&FactKind::OpeningsLimited { visit: Some(JANE) }));
    rig.press(Button::Done);
    rig.show_pad();
    rig.type_pin(&pin);
    rig.press(Button::Next);
    rig.press(Button::Next);
    assert_eq!(rig.at(), "drop.serve", "another visit is not concerned");
    rig.leave();
    rig.wait(1_000);
    let number = rig.served().unwrap();
    rig.close(number);
    rig.leap(24 * 3_600_000);
    rig.drop_key("1-ABC-123");
}

#[test]
fn drop_19_after_three_unconfirmed_openings_an_hour_only_help_and_staff() {
    let mut rig = Rig::new();
    let (number, pin) = left_in_box(&mut rig, "1-ABC-123");
    for _ in 0..2 {
        assert!(!rig.facts().contains(&FactKind::OpeningsLimited { visit: None }));
        rig.show_pad();
        rig.type_pin(&pin);
        rig.wait(200);
        rig.leave();
        rig.close(number);
        rig.wait(6_000);
    }
    let (third, driven) = (rig.mono, rig.driven.len());
    rig.begin_drop();
    assert_eq!(offered(&rig.screen()), [Button::ByQr, Button::Help, Button::Abort]);
    assert_eq!(rig.notice(), Some("method-limited"));
    assert!(rig.facts().contains(&FactKind::OpeningsLimited { visit: None }), "the office is told");
    rig.leave();
    rig.leap(third + 3_600_000 - rig.mono);
    rig.begin_drop();
    assert!(rig.offers(Button::ByPin), "an hour after");
    assert_eq!(rig.driven.len(), driven);
}

#[test]
fn start_06_a_cancelled_visit_ends_the_choice_of_a_contact_for_its_own_driver_alone() {
    let at_contact = || {
        let mut rig = Rig::new();
        rig.begin_drop();
        rig.look_up(Button::ByRegistration, "1-ABC-123");
        assert_eq!(rig.at(), "drop.contact");
        rig
    };
    for (gone, step) in [(OMAR, "drop.contact"), (JANE, "drop.no_match")] {
        let mut rig = at_contact();
        rig.visits.retain(|visit| visit.id != gone);
        rig.push_desired();
        assert_eq!(rig.at(), step, "{gone} is cancelled");
        let mut sending = at_contact();
        sending.press(Button::Send);
        assert_eq!(sending.at(), "drop.sending");
        sending.visits.retain(|visit| visit.id != gone);
        sending.push_desired();
        let step = if gone == JANE { "drop.no_match" } else { "drop.sending" };
        assert_eq!(sending.at(), step, "{gone} is cancelled while the code is sent");
    }
}

#[test]
fn start_06_a_cancelled_visit_ends_what_its_driver_is_writing_and_nobody_elses() {
    for (gone, ends) in [(OMAR, false), (JANE, true)] {
        for step in ["drop.phone", "drop.remark"] {
            let mut rig = Rig::new();
            rig.identified("1-ABC-123");
            if step == "drop.phone" {
                rig.press(Button::EditPhone);
            } else {
                rig.press(Button::Next);
                rig.press(Button::EditRemark);
            }
            let writing = rig.at();
            rig.visits.retain(|visit| visit.id != gone);
            rig.push_desired();
            assert_eq!(rig.at(), if ends { "drop.no_match" } else { writing }, "{step}, {gone} is cancelled");
        }
    }
}
