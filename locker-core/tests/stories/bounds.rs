//! At the limit itself: the last millisecond, the last one that is allowed, the one that changes nothing.

use locker_core::screen::{Action, Button, Progress, TEXT_BYTES_MAX, Text, Widget};
use locker_core::*;

use crate::rig::{JANE, OMAR, Rig, box_no, contact, visit};
use crate::walk;

const MINUTE: u64 = 60_000;

fn notices(rig: &Rig) -> Vec<&'static str> {
    rig.screen().notice.iter().map(|notice| notice.text.id).collect()
}

#[test]
fn code_04_a_registration_is_used_up_for_a_day_to_the_millisecond() {
    let mut rig = Rig::new();
    let jane = rig.check_in(JANE);
    let lock = |rig: &mut Rig| {
        for _ in 0..5 {
            rig.try_pin("900900");
        }
    };
    let try_both = |rig: &mut Rig, pin: &str| {
        rig.show_pad();
        rig.write("1-ABC-123");
        let answer = rig.type_pin(pin);
        rig.leave();
        answer
    };
    lock(&mut rig);
    for _ in 0..3 {
        assert_eq!(try_both(&mut rig, "900900"), Answer::Denied(Denial::WrongCode));
    }
    // The third stands at this moment; a minute before its day is over, code entry is locked again.
    let third = rig.mono;
    rig.leap(DAY - MINUTE);
    lock(&mut rig);
    rig.leap(third + DAY - 1 - rig.mono);
    assert_eq!(try_both(&mut rig, &jane), Answer::Denied(Denial::WrongCode));
    rig.leap(1);
    assert_eq!(try_both(&mut rig, &jane), Answer::Done);
}

#[test]
fn code_04_the_fifth_lock_and_every_one_after_it_lasts_as_long_as_the_longest() {
    let mut rig = Rig::new();
    let mut locks = Vec::new();
    for _ in 0..7 {
        while rig.locker.code_entry_locked_for(&rig.now()).is_none() {
            rig.try_pin("900900");
        }
        let for_ms = rig.locker.code_entry_locked_for(&rig.now()).unwrap();
        locks.push(for_ms / MINUTE);
        rig.leap(for_ms);
    }
    assert_eq!(locks[..4], [5, 10, 20, 40]);
    assert_eq!(locks[4..], [60, 60, 60]);
}

#[test]
fn drop_06_a_blocked_mobile_or_a_mail_of_the_same_digits_is_found_by_no_number() {
    let mut rig = Rig::with(|settings| settings.sms = true);
    let mail = contact(Channel::Mail, ContactKind::Private, "0470998877@example.be");
    let blocked = Contact { blocked: true, ..contact(Channel::Sms, ContactKind::Private, "0470 99 88 77") };
    rig.visits.push(visit(VisitId(21), rig.today, "7-BLK-001", vec![mail, blocked]));
    rig.push_desired();
    rig.begin_drop();
    rig.look_up(Button::ByPhone, "0470 99 88 77");
    assert_eq!(rig.at(), "drop.no_match");
}

#[test]
fn drop_07_with_one_contact_a_failure_offers_the_same_again_and_with_three_each_in_turn() {
    let mail = |n: u8| contact(Channel::Mail, ContactKind::Private, &format!("zq{n}@example.be"));
    let fail = |rig: &mut Rig| {
        rig.press(Button::Send);
        let open = rig.locker.open_messages().pop().unwrap();
        rig.make_code(open.message);
        let to = open.to.address.clone();
        rig.note(Told::Delivery { message: open.message, outcome: Delivery::Refused });
        to
    };
    let mut rig = Rig::new();
    rig.visits.push(visit(VisitId(21), rig.today, "7-ONE-001", vec![mail(1)]));
    rig.visits.push(visit(VisitId(22), rig.today, "7-TRI-001", vec![mail(1), mail(2), mail(3)]));
    rig.push_desired();
    rig.begin_drop();
    rig.look_up(Button::ByRegistration, "7-ONE-001");
    assert_eq!([fail(&mut rig), fail(&mut rig)], ["zq1@example.be", "zq1@example.be"]);
    rig.leave();
    rig.begin_drop();
    rig.look_up(Button::ByRegistration, "7-TRI-001");
    let tried = [fail(&mut rig), fail(&mut rig), fail(&mut rig)];
    assert_eq!(tried, ["zq1@example.be", "zq2@example.be", "zq3@example.be"]);
}

#[test]
fn drop_05_a_vehicle_says_its_first_job_where_its_masked_registration_is_not_alone() {
    let phone = || vec![contact(Channel::Sms, ContactKind::Private, "0470 99 88 77")];
    let details = |plates: [&str; 2]| {
        let mut rig = Rig::with(|settings| settings.sms = true);
        for (n, plate) in (31..).zip(plates) {
            rig.visits.push(visit(VisitId(n), rig.today, plate, phone()));
        }
        rig.push_desired();
        rig.begin_drop();
        rig.look_up(Button::ByPhone, "0470 99 88 77");
        assert_eq!(rig.at(), "drop.vehicle");
        let widgets = rig.screen().widgets;
        let items = widgets.into_iter().find_map(|widget| match widget {
            Widget::Choices { items } => Some(items),
            _ => None,
        });
        items.unwrap().iter().map(|item| item.detail.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(details(["4-TWO-001", "8-XYZ-999"]), [false, false]);
    assert_eq!(details(["", ""]), [true, true], "nothing else tells them apart");
}

#[test]
fn code_02_a_new_check_in_pin_ends_the_older_check_in_pin_alone_and_not_while_it_is_used() {
    let deaths = |rig: &Rig| rig.count(|record| matches!(record, Record::CodeDied { .. }));
    let mut rig = Rig::new();
    rig.pin_by_plate("1-ABC-123");
    rig.leave();
    let first = rig.check_in(JANE);
    assert_eq!(deaths(&rig), 0, "the kiosk's own PIN lives on");
    rig.show_pad();
    assert_eq!(rig.type_pin(&first), Answer::Done);
    rig.check_in(JANE);
    assert_eq!(deaths(&rig), 0, "whoever stands there with it goes on");
}

#[test]
fn code_03_a_check_in_pin_whose_day_is_over_is_not_made_unless_the_date_is_in_doubt() {
    let wanted = |trusted: bool| {
        let mut rig = Rig::new();
        let fresh = rig.fresh();
        let asked = rig.ask(Ask::CheckIn { visit: JANE, contact: 0, fresh }).unwrap();
        let Answer::Code { message, .. } = asked else { panic!("{asked:?}") };
        rig.today = rig.today.plus_days(30);
        if !trusted {
            // Set back by two hours.
            rig.wall -= 120 * MINUTE as i64;
        }
        rig.note(Told::Tick);
        let fresh = rig.fresh();
        rig.ask(Ask::MakeCode { message, fresh })
    };
    assert_eq!(wanted(true), Err(Refusal::NoSuchVisit));
    assert!(matches!(wanted(false), Ok(Answer::Code { .. })));
}

#[test]
fn drop_19_three_unconfirmed_openings_an_hour_are_counted_to_the_millisecond() {
    let goes_on = |early_ms: u64| {
        let mut rig = Rig::with_boxes(16, |settings| settings.two_factor = false);
        let mail = |n: u64| contact(Channel::Mail, ContactKind::Private, &format!("zq{n}@example.be"));
        let plate = |n: u64| format!("7-FOU-{n:03}");
        rig.visits = (1..=3).map(|n| visit(VisitId(n), rig.today, &plate(n), vec![mail(n)])).collect();
        rig.push_desired();
        let look = |rig: &mut Rig, n: u64| {
            rig.begin_drop();
            rig.look_up(Button::ByRegistration, &plate(n));
            rig.press(Button::Next);
        };
        for n in 1..=3 {
            look(&mut rig, n);
            rig.wait(1_000);
            let number = rig.served().unwrap_or_else(|| panic!("{n} at {} {:?}", rig.at(), notices(&rig)));
            rig.put_key(number);
            rig.close(number);
            rig.leave();
            rig.wait(5_000);
            if rig.at() != "start" {
                rig.press(Button::Done);
            }
        }
        let is_opening = |one: &&Stamped<Record>| matches!(one.record, Record::BoxToCheck { .. });
        let first = rig.stamped().iter().find(is_opening).unwrap().at.mono.0;
        rig.leap(first + 60 * MINUTE - early_ms - rig.mono);
        rig.begin_drop();
        rig.offers(Button::ByRegistration)
    };
    assert!(!goes_on(1));
    assert!(goes_on(0));
}

#[test]
fn help_02_the_same_answer_twice_is_recorded_once() {
    let mut rig = Rig::new();
    rig.show_pad();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    for _ in 0..2 {
        rig.note(Told::Help { help: HelpId(1), answer: HelpAnswer::Notified });
    }
    for _ in 0..2 {
        rig.note(Told::Help { help: HelpId(1), answer: HelpAnswer::Coming });
        rig.note(Told::Help { help: HelpId(1), answer: HelpAnswer::Notified });
    }
    assert_eq!(rig.count(|record| matches!(record, Record::HelpAnswered { .. })), 2);
}

#[test]
fn help_01_who_called_again_while_somebody_was_coming_still_hears_that_the_call_is_on_its_way() {
    let mut rig = Rig::new();
    rig.show_pad();
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    rig.note(Told::Help { help: HelpId(1), answer: HelpAnswer::Coming });
    let says = |rig: &Rig, id: &str| {
        let screen = rig.screen();
        let mut texts: Vec<Text> = screen.overlay.iter().flat_map(|overlay| overlay.lines.clone()).collect();
        texts.extend(screen.band.clone());
        texts.iter().any(|text| text.id == id)
    };
    rig.leap(3 * MINUTE - 5_000);
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    let before: Vec<_> = rig.screen().overlay.unwrap().lines.iter().map(|line| line.id).collect();
    rig.leap(5_000);
    let after: Vec<_> = rig.screen().overlay.unwrap().lines.iter().map(|line| line.id).collect();
    assert!(!says(&rig, "help-coming"));
    assert_eq!(before, after);
    rig.leap(5_000);
    let late: Vec<_> = rig.screen().overlay.unwrap().lines.iter().map(|line| line.id).collect();
    assert_ne!(after, late, "ten seconds after the second call nobody has taken it");
}

#[test]
fn box_06_a_board_silent_at_the_start_that_wakes_with_a_door_open_found_it_opened_while_off() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.sim(number).has_door_sensor = false;
    rig.power_cut(60_000);
    rig.wait(1_000);
    rig.sim(number).door = Door::Open;
    rig.sim(number).has_door_sensor = true;
    rig.readings();
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::OpenedWhileOff));
}

#[test]
fn box_01_a_box_that_a_new_layout_lacks_stays_while_a_key_may_be_in_it() {
    let mut rig = Rig::new();
    for _ in 0..2 {
        rig.pry(4);
        rig.close(4);
    }
    let number = rig.drop_key("1-ABC-123");
    assert_ne!(number, 4);
    let numbers = |rig: &Rig| rig.locker.boxes().iter().map(|report| report.box_no.get()).collect::<Vec<_>>();
    let mut small = Layout::grid(LockerId(1), 3, 3);
    small.boxes.retain(|place| place.box_no.get() != number && place.box_no.get() != 2);
    rig.note(Told::SetUp(Box::new(small)));
    // Booked, or to be checked: kept; empty and certain: gone.
    let mut expected: Vec<u8> = (1..=4).filter(|box_no| *box_no != 2 || number == 2).collect();
    expected.dedup();
    assert_eq!(numbers(&rig), expected);
    assert_eq!(rig.custody(JANE), Custody::Box { box_no: box_no(number) });
}

#[test]
fn box_01_boxes_numbered_with_a_gap_are_told_apart() {
    let mut rig = Rig::with_boxes(6, |_| {});
    let mut gap = Layout::grid(LockerId(1), 6, 3);
    gap.boxes.retain(|place| place.box_no.get() != 2);
    rig.note(Told::SetUp(Box::new(gap)));
    rig.pry(4);
    assert_eq!(rig.report_of(4).to_check, Some(CheckReason::Forced));
    assert_eq!(rig.report_of(5).to_check, None);
    assert_eq!(rig.locker.durable().box_state(box_no(4)).unwrap().no(), box_no(4));
    assert_eq!(rig.locker.durable().box_state(box_no(2)).map(BoxState::no), None);
}

#[test]
fn safe_02_a_start_with_the_same_layout_records_no_set_up() {
    let mut rig = Rig::new();
    rig.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), 4, 4))));
    rig.power_cut(60_000);
    rig.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), 4, 4))));
    assert_eq!(rig.count(|record| matches!(record, Record::SetUp { .. })), 1);
    rig.note(Told::SetUp(Box::new(Layout::grid(LockerId(2), 4, 4))));
    assert_eq!(rig.count(|record| matches!(record, Record::SetUp { .. })), 2);
}

#[test]
fn staff_pick_08_staff_have_15_s_to_say_what_they_found_before_they_are_asked() {
    let mut rig = Rig::new();
    rig.check_box(2);
    rig.close(2);
    rig.press(Button::Confirm);
    assert_eq!(rig.at(), "check.settle");
    let wake = rig.locker.wake_at().unwrap().0;
    let wait = wake - rig.mono;
    assert!(wait >= 10_000, "{wait} ms");
    rig.leap(wait - 1);
    assert!(notices(&rig).is_empty());
    rig.leap(1);
    assert_eq!(notices(&rig), ["settle-please"]);
}

#[test]
fn start_01_a_text_too_long_is_refused_whatever_its_length() {
    let mut rig = Rig::new();
    let mut write = |bytes: usize| rig.touch(Action::Write { text: "A".repeat(bytes) });
    for bytes in [TEXT_BYTES_MAX + 1, TEXT_BYTES_MAX + 2, TEXT_BYTES_MAX * 3] {
        assert_eq!(write(bytes), Err(Refusal::TooLong));
    }
    assert_eq!(write(TEXT_BYTES_MAX), Err(Refusal::NotOffered), "nothing is written here");
}

#[test]
fn drop_14_the_box_is_opened_again_three_times_and_then_the_button_rests() {
    let mut rig = Rig::new();
    rig.drop_to_open_box("1-ABC-123");
    let mut again = 0;
    while rig.offers(Button::OpenAgain) {
        let number = rig.served().unwrap();
        rig.close(number);
        rig.press(Button::OpenAgain);
        rig.wait(6_000);
        again += 1;
        assert!(again < 10);
    }
    assert_eq!(again, 3);
    assert_eq!(rig.try_press(Button::OpenAgain), Err(Refusal::NotOffered));
}

#[test]
fn drop_14_only_a_second_pulse_is_called_another_try() {
    let mut rig = Rig::new();
    rig.identified("1-ABC-123");
    rig.press(Button::Next);
    for number in 1..=4 {
        rig.sim(number).jammed = true;
    }
    rig.press(Button::Next);
    rig.wait(100);
    assert!(notices(&rig).is_empty(), "the first try is nothing to speak of");
    let mut heard = false;
    for _ in 0..300 {
        rig.wait(100);
        heard |= notices(&rig) == ["serve-again"];
    }
    assert!(heard);
}

#[test]
fn drop_18_a_door_that_is_shut_is_not_asked_for_at_the_end() {
    let mut rig = Rig::new();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!((rig.at(), notices(&rig)), ("drop.thanks", vec![]));
    rig.pry(number);
    assert_eq!(notices(&rig), ["serve-please-close"]);
}

#[test]
fn help_01_who_cannot_go_on_is_told_a_telephone_number_if_there_is_one() {
    let lines = |telephone: &str| {
        let mut rig = Rig::with(|settings| settings.telephone = telephone.into());
        let number = rig.drop_key("1-ABC-123");
        rig.wait(1_000);
        rig.show_qr();
        rig.scan(Act::PickUp { visit: JANE });
        rig.wait(200);
        rig.press(Button::NotMyKey);
        rig.close(number);
        assert_eq!(rig.at(), "sorry");
        rig.screen().lines.iter().map(|line| line.id).collect::<Vec<_>>()
    };
    assert_eq!(lines(""), ["sorry-not-found"]);
    assert_eq!(lines("+32 2 555 00 00"), ["sorry-not-found", "help-telephone"]);
}

#[test]
fn help_01_each_step_explains_itself() {
    let of = |wanted: &str| -> &'static str {
        let (_, mut rig) = walk::all().into_iter().find(|(name, _)| *name == wanted).unwrap();
        rig.press(Button::Help);
        rig.screen().overlay.unwrap().lines[0].id
    };
    let expected = [
        ("drop.pin", "help-pin"),
        ("pick.qr", "help-qr"),
        ("drop.serve, open", "help-drop-serve"),
        ("pick.serve", "help-pick-serve"),
        ("drop.method", "help-prove"),
        ("pick.method", "help-pick-prove"),
        ("drop.driver", "help-driver"),
        ("drop.add_phone", "help-driver"),
        ("drop.appointments", "help-appointments"),
        ("drop.remark", "help-appointments"),
        ("drop.welcome", "help-welcome"),
    ];
    for (screen, help) in expected {
        assert_eq!(of(screen), help, "{screen}");
    }
}

#[test]
fn ux_14_progress_counts_from_one_with_and_without_two_factors() {
    let at = |rig: &Rig| rig.screen().progress;
    let progress = |step, of| Some(Progress { step, of });
    for two_factor in [true, false] {
        let mut rig = Rig::with(|settings| settings.two_factor = two_factor);
        rig.begin_drop();
        assert_eq!(at(&rig), progress(1, if two_factor { 4 } else { 3 }));
        rig.leave();
        rig.press(Button::PickUpKey);
        rig.press(Button::Go);
        assert_eq!(at(&rig), progress(1, 2));
    }
    let mut rig = Rig::with(|settings| settings.two_factor = false);
    rig.begin_drop();
    rig.look_up(Button::ByRegistration, "1-ABC-123");
    assert_eq!((rig.at(), at(&rig)), ("drop.appointments", progress(2, 3)));
}

#[test]
fn safe_07_a_locker_says_when_it_has_something_to_do() {
    let mut rig = Rig::new();
    rig.begin_drop();
    let wake = rig.locker.wake_at().unwrap();
    assert!(wake.0 > rig.mono);
    rig.leap(wake.0 - rig.mono - 1);
    assert!(notices(&rig).is_empty() && rig.overlay().is_none());
    rig.leap(1);
    assert_eq!(rig.overlay(), Some("still_there"));
    let restored = rig.restored();
    assert_eq!(restored.wake_at(), None, "nothing before it is started");
}

#[test]
fn office_08_an_act_is_said_in_words_and_a_locker_by_its_name() {
    assert_eq!(Act::PickUp { visit: JANE }.to_string(), format!("pick up the key of visit {JANE}"));
    assert_eq!(Act::Drop { visit: OMAR }.to_string(), format!("drop the key of visit {OMAR}"));
    assert_eq!(Act::Check { box_no: box_no(3) }.to_string(), "check box 3");
    let rig = Rig::with(|settings| settings.name = "North wall".into());
    assert_eq!(rig.locker.name(), "North wall");
    assert_eq!(rig.locker.dialled("0470 12 34 12").as_deref(), Some("+32470123412"));
    assert_eq!(rig.locker.dialled("no number"), None);
}

#[test]
fn box_10_a_start_with_a_door_open_counts_from_the_start() {
    let mut rig = Rig::new();
    rig.pry(3);
    rig.power_cut(60_000);
    let open =
        |rig: &Rig| rig.facts().iter().filter(|fact| matches!(fact, FactKind::DoorLeftOpen { .. })).count();
    let before = open(&rig);
    rig.leap(30 * MINUTE);
    rig.readings();
    assert_eq!(open(&rig), before + 1, "{:?}", rig.facts());
}

#[test]
fn box_10_outputs_hold_for_two_seconds_and_a_pulse_within_its_own_time() {
    let pulse = Pulse {
        id: PulseId { boot: Boot(1), n: 1 },
        box_no: box_no(3),
        length_ms: 500,
        not_after: Mono(2_500),
    };
    let mut outputs = Outputs::all_off(Mono(1_000));
    outputs.pulse = Some(pulse);
    for (now, stale) in [(1_000, false), (2_999, false), (3_000, false), (3_001, true), (9_000, true)] {
        assert_eq!(outputs.is_stale(Mono(now)), stale, "{now}");
    }
    assert_eq!(outputs.pulse_at(Mono(2_500)), Some(pulse));
    assert_eq!(outputs.pulse_at(Mono(2_501)), None, "too late for it");
    let mut lasting = outputs;
    lasting.pulse = Some(Pulse { not_after: Mono(60_000), ..pulse });
    assert_eq!(lasting.pulse_at(Mono(3_001)), None, "nobody has said so for two seconds");
    assert!(lasting.pulse_at(Mono(3_000)).is_some());
}

#[test]
fn safe_04_the_head_is_the_newest_record() {
    let rig = Rig::new();
    assert_eq!(rig.locker.head(), rig.journal.last().unwrap().head());
    assert_eq!(rig.restored().head(), rig.locker.head());
}

#[test]
fn box_06_a_restart_of_the_cabinet_compares_each_door_once() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    rig.power_cut(60_000);
    rig.wait(1_000);
    rig.pry(number);
    assert_eq!(rig.report_of(number).to_check, Some(CheckReason::Forced), "not while it was off");
}

#[test]
fn time_03_the_band_names_the_open_doors_but_for_the_one_that_is_served() {
    let mut rig = Rig::new();
    let band = |rig: &Rig| rig.screen().band.map(|text| text.id);
    let number = rig.drop_to_open_box("1-ABC-123");
    assert_eq!(band(&rig), None, "it is the one that is used");
    let other = if number == 4 { 3 } else { 4 };
    rig.pry(other);
    assert_eq!(band(&rig), Some("band-open"));
    rig.pry(if number == 2 { 1 } else { 2 });
    assert_eq!(band(&rig), Some("band-open-several"));
}

#[test]
fn start_03_a_language_or_a_page_of_help_on_the_start_screen_goes_back_by_itself() {
    let mut rig = Rig::new();
    rig.touch(Action::Language { locale: screen::Locale::De }).unwrap();
    let wake = rig.locker.wake_at().expect("the language ends");
    rig.leap(wake.0 - rig.mono);
    assert_eq!(rig.screen().locale, screen::Locale::En);
    rig.press(Button::Help);
    let wake = rig.locker.wake_at().expect("the page of help ends");
    rig.leap(wake.0 - rig.mono);
    assert_eq!(rig.overlay(), None);
}

#[test]
fn drop_09_the_vehicle_that_was_chosen_is_the_one_that_is_marked() {
    let (_, mut rig) = walk::all().into_iter().find(|(name, _)| *name == "drop.vehicle").unwrap();
    let chosen = |rig: &Rig| {
        let widgets = rig.screen().widgets;
        let items = widgets.into_iter().find_map(|widget| match widget {
            Widget::Choices { items } => Some(items),
            _ => None,
        });
        items.unwrap().iter().map(|item| item.chosen).collect::<Vec<_>>()
    };
    for item in [1, 0] {
        rig.touch(Action::Choose { item }).unwrap();
        assert_eq!(chosen(&rig), [item == 0, item == 1]);
    }
}

#[test]
fn box_13_a_key_that_stays_keeps_the_pin_that_is_awake() {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    let wanted = |rig: &Rig| rig.count(|record| matches!(record, Record::MessageWanted { .. }));
    rig.wait(6_000);
    rig.pry(number);
    rig.close(number);
    let before = wanted(&rig);
    rig.settle(number, Button::KeyStays);
    let is_awake = wanted(&rig) == before;
    rig.wait(6_000);
    let answer = rig.collect(&pin);
    // Either the old PIN goes on, or a new one is on its way: never both, never neither.
    assert_eq!(answer == Answer::Done, is_awake, "{answer:?}");
}

#[test]
fn code_01_no_more_short_codes_than_the_setting_and_a_new_one_for_the_same_visit_takes_no_more_room() {
    let mut rig = Rig::with(|settings| settings.short_codes_max = 2);
    let mail = |n: u64| contact(Channel::Mail, ContactKind::Private, &format!("zq{n}@example.be"));
    let plate = |n: u64| format!("7-MAX-{n:03}");
    rig.visits = (1..=3).map(|n| visit(VisitId(n), rig.today, &plate(n), vec![mail(n)])).collect();
    rig.push_desired();
    // Check-in PINs are longer, and take nothing of the room of the short ones.
    for n in 1..=3 {
        rig.check_in(VisitId(n));
    }
    let make = |rig: &mut Rig, n: u64| {
        rig.begin_drop();
        rig.look_up(Button::ByRegistration, &plate(n));
        rig.press(Button::Send);
        let message = rig.locker.open_messages().pop().unwrap().message;
        let fresh = rig.fresh();
        let made = rig.ask(Ask::MakeCode { message, fresh }).map(|_| ());
        rig.note(Told::Delivery { message, outcome: Delivery::Accepted });
        rig.leave();
        made
    };
    assert_eq!([make(&mut rig, 1), make(&mut rig, 2)], [Ok(()), Ok(())]);
    assert_eq!(make(&mut rig, 3), Err(Refusal::TooManyCodes));
    assert_eq!(make(&mut rig, 1), Ok(()), "it takes the place of its older one");
}

#[test]
fn drop_04_a_calling_code_is_one_to_three_digits() {
    let check =
        |calling_code: &str| Settings { calling_code: calling_code.into(), ..Settings::default() }.check();
    for good in ["1", "32", "352"] {
        assert_eq!(check(good), Ok(()));
    }
    for bad in ["", "3212", "x", "+32", "3a"] {
        assert_eq!(check(bad), Err(SettingsError::CallingCode), "{bad}");
    }
}

#[test]
fn drop_11_a_number_that_is_not_there_cannot_be_removed() {
    let mut rig = Rig::new();
    rig.identified("1-ABC-123");
    assert_eq!(rig.try_press(Button::RemovePhone), Err(Refusal::NotOffered));
    rig.press(Button::EditPhone);
    rig.write("0470 11 22 33");
    rig.press(Button::Ok);
    assert_eq!(rig.try_press(Button::RemovePhone), Ok(Answer::Done));
    assert_eq!(rig.try_press(Button::RemovePhone), Err(Refusal::NotOffered));
}

#[test]
fn safe_04_facts_go_on_behind_the_cursor() {
    let mut rig = Rig::new();
    rig.drop_key("1-ABC-123");
    let stamped = rig.stamped();
    let all = rig.locker.facts(0, &stamped);
    assert!(all.len() > 2);
    for (n, fact) in all.iter().enumerate() {
        let rest = rig.locker.facts(fact.seq, &stamped);
        assert_eq!(rest.len(), all.len() - n - 1, "the fact at the cursor is known");
        assert!(rest.first().is_none_or(|next| next.prev == fact.seq));
    }
}

#[test]
fn box_06_a_reason_for_maintenance_has_200_characters_at_most() {
    let mut rig = Rig::new();
    let mut begin = |length: usize| {
        rig.ask(Ask::BeginMaintenance { user: UserId(1), reason: "x".repeat(length) }).map(|_| ())
    };
    assert_eq!(begin(0), Err(Refusal::NoReason));
    assert_eq!(begin(201), Err(Refusal::TooLong));
    assert_eq!(begin(200), Ok(()));
}

#[test]
fn code_03_a_check_in_pin_is_made_to_the_last_day_of_its_life() {
    let made = |days: i32| {
        let mut rig = Rig::new();
        let fresh = rig.fresh();
        let Answer::Code { message, .. } = rig.ask(Ask::CheckIn { visit: JANE, contact: 0, fresh }).unwrap()
        else {
            panic!("no code")
        };
        rig.today = rig.today.plus_days(days);
        let fresh = rig.fresh();
        rig.ask(Ask::MakeCode { message, fresh }).is_ok()
    };
    assert_eq!([made(0), made(7), made(8)], [true, true, false]);
}

#[test]
fn safe_01_a_touch_among_the_last_eight_is_not_taken_twice() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    let mut write = |touch_id: u64, text: &str| {
        let generation = rig.screen().generation;
        let (action, fresh) = (Action::Write { text: text.into() }, rig.fresh());
        rig.ask(Ask::Touch(screen::Touch { generation, touch_id, action, fresh })).unwrap();
        rig.screen().widgets.iter().find_map(|widget| match widget {
            Widget::Entry { value, .. } => Some(value.clone()),
            _ => None,
        })
    };
    for n in 0..20 {
        assert_eq!(write(1_000 + n, &format!("A{n}")), Some(format!("A{n}")));
        for back in 0..=n.min(7) {
            assert_eq!(write(1_000 + n - back, "again"), Some(format!("A{n}")), "{back} touches ago");
        }
    }
}

#[test]
fn start_05_a_low_box_is_asked_for_to_drop_and_not_to_pick_up() {
    let mut rig = Rig::new();
    rig.press(Button::PickUpKey);
    assert_eq!(rig.try_press(Button::LowBox), Err(Refusal::NotOffered));
    rig.press(Button::Abort);
    rig.press(Button::Yes);
    rig.press(Button::DropKey);
    assert_eq!(rig.try_press(Button::LowBox), Ok(Answer::Done));
}

#[test]
fn box_05_the_map_marks_the_box_that_is_out_of_service_and_no_other() {
    let mut rig = Rig::new();
    let marks = |rig: &Rig| {
        let map = rig.top().widgets.into_iter().find_map(|widget| match widget {
            Widget::Map { boxes } => Some(boxes),
            _ => None,
        });
        let is_out = |view: &screen::BoxView| view.mark == screen::BoxMark::OutOfService;
        map.unwrap().iter().map(is_out).collect::<Vec<_>>()
    };
    assert!(marks(&rig).iter().all(|out| !out));
    rig.sim(1).jammed = true;
    rig.identified("1-ABC-123");
    rig.press(Button::Next);
    rig.press(Button::Next);
    for _ in 0..600 {
        rig.wait(100);
        if rig.report_of(1).out.is_some() {
            break;
        }
    }
    let expected: Vec<bool> =
        rig.locker.boxes().iter().map(|report| report.out.is_some() && report.door != Door::Open).collect();
    assert!(expected.contains(&true), "a box went out of service");
    if let Some(number) = rig.served() {
        rig.close(number);
    }
    rig.wait(1_000);
    assert_eq!(marks(&rig)[0], rig.report_of(1).out.is_some());
    assert_eq!(marks(&rig).iter().filter(|out| **out).count(), 1);
}

/// A key that was collected, and its box opened once more.
fn opened_again() -> (Rig, u8) {
    let mut rig = Rig::new();
    let (number, pin) = rig.hand_in(JANE);
    rig.wait(6_000);
    assert_eq!(rig.collect(&pin), Answer::Done);
    rig.take_and_confirm(number);
    rig.press(Button::Done);
    rig.wait(60_000);
    assert_eq!(rig.collect(&pin), Answer::Done);
    assert_eq!(rig.served(), Some(number));
    (rig, number)
}

#[test]
fn pick_03_a_box_opened_once_more_says_so_and_is_free_once_it_is_shut_empty() {
    let (mut rig, number) = opened_again();
    assert_eq!(rig.screen().lines[0].id, "serve-take-left");
    assert_eq!(rig.try_press(Button::NotMyKey), Err(Refusal::NotOffered));
    rig.close(number);
    rig.leave();
    rig.wait(3_000);
    assert_eq!(rig.report_of(number).to_check, None, "seen to be empty");
    let (mut rig, number) = opened_again();
    rig.put_key(number);
    rig.close(number);
    rig.leave();
    rig.wait(3_000);
    assert!(rig.report_of(number).to_check.is_some(), "something was left in it");
}

#[test]
fn pick_03_the_three_minutes_do_not_end_while_the_box_is_open_once_more() {
    let (mut rig, number) = opened_again();
    rig.leap(3 * MINUTE - 10_000);
    rig.readings();
    let freed = rig.count(|record| matches!(record, Record::BoxFreed { .. }));
    rig.close(number);
    rig.wait(1_000);
    assert_eq!(rig.count(|record| matches!(record, Record::BoxFreed { .. })), freed);
    assert_eq!(rig.at(), "pick.serve");
}

#[test]
fn drop_13_who_puts_a_key_in_and_who_leaves_are_told_different_things() {
    let mut rig = Rig::new();
    rig.drop_to_open_box("1-ABC-123");
    assert_eq!(rig.screen().lines[0].id, "serve-put");
    rig.leave();
    assert_eq!(rig.screen().lines[0].id, "serve-leave");
    let (_, picking) = walk::all().into_iter().find(|(name, _)| *name == "pick.serve").unwrap();
    assert_eq!(picking.screen().lines[0].id, "serve-take");
    assert_eq!(picking.screen().progress, Some(Progress { step: 2, of: 2 }));
}
