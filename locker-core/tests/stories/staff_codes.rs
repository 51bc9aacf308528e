//! Staff without a tablet: temporary PINs and authenticators (CODE-8, CODE-9).

use locker_core::screen::{Action, Button, Screen, Text, Value, Widget};
use locker_core::*;

use crate::rig::{ADMIN, JANE, MECHANIC, OMAR, Rig, authenticator, box_no, contact};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const STEP: i64 = 30_000;

/// Chooses the item and touches *OK*.
fn choose(rig: &mut Rig, item: u8) {
    rig.touch(Action::Choose { item }).unwrap();
    rig.press(Button::Ok);
}

/// Shuts the open box and answers what was found in it.
fn settle_open(rig: &mut Rig, number: u8, found: Button) {
    rig.wait(200);
    assert_eq!(rig.served(), Some(number));
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.at(), "check.settle");
    rig.press(found);
    assert_eq!(rig.at(), "pick.thanks");
    rig.press(Button::Done);
}

fn opened(rig: &Rig) -> Vec<FactKind> {
    let is_it = |fact: &FactKind| matches!(fact, FactKind::OpenedByCode { .. });
    rig.facts().into_iter().filter(is_it).collect()
}

/// A code that no one has: the eight digits after those that this one has.
fn wrong(code: &str) -> String {
    format!("{:08}", (code.parse::<u32>().unwrap() + 1) % 100_000_000)
}

// ---- CODE-8 ----------------------------------------------------------------------------------------------------

#[test]
fn code_08_a_temporary_pin_opens_its_box_once_and_a_booked_key_asks_what_was_found() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    let pin = rig.temporary_pin(Some(number));
    assert!(pin.len() == 8 && pin.bytes().all(|digit| digit.is_ascii_digit()));
    assert_eq!(rig.collect(&pin), Answer::Done);
    assert_eq!((rig.at(), rig.served()), ("pick.serve", Some(number)));
    rig.take_key(number);
    settle_open(&mut rig, number, Button::KeyTaken);
    assert_eq!(
        rig.custody(JANE),
        Custody::Staff { user: ADMIN },
        "who asked for the PIN answers for the key"
    );
    let fact = FactKind::OpenedByCode {
        box_no: box_no(number),
        user: ADMIN,
        how: StaffCode::Temporary,
        reason: None,
    };
    assert_eq!(opened(&rig), [fact]);
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed), "once");
    assert_eq!(rig.notice(), Some("pick-pin-used"));
    assert_eq!(rig.count(|record| matches!(record, Record::StaffCodeFailed { .. })), 0, "not counted");
}

#[test]
fn code_08_box_13_each_answer_does_what_it_does_after_a_scan() {
    for (found, custody) in [
        (Button::BoxEmpty, Custody::Missing { box_no: box_no(1) }),
        (Button::KeyStays, Custody::Box { box_no: box_no(1) }),
        (Button::KeyTaken, Custody::Staff { user: ADMIN }),
        (Button::SomethingElse, Custody::ToCheck { box_no: box_no(1), user: Some(ADMIN) }),
    ] {
        let mut rig = Rig::new();
        assert_eq!(rig.drop_key("1-ABC-123"), 1);
        let pin = rig.temporary_pin(Some(1));
        rig.collect(&pin);
        settle_open(&mut rig, 1, found);
        assert_eq!(rig.custody(JANE), custody, "{found:?}");
    }
    // Where no key is booked there is none that stays or goes.
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(Some(2));
    rig.collect(&pin);
    rig.close(2);
    rig.press(Button::Confirm);
    assert!(rig.offers(Button::BoxEmpty) && rig.offers(Button::SomethingElse));
    assert!(!rig.offers(Button::KeyStays) && !rig.offers(Button::KeyTaken));
    rig.press(Button::BoxEmpty);
    assert!(rig.report_of(2).to_check.is_none());
}

#[test]
fn code_08_one_for_any_box_lets_the_kiosk_choose_it() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(None);
    assert_eq!(rig.collect(&pin), Answer::Done);
    assert_eq!(rig.at(), "staff.box");
    rig.press(Button::Ok);
    assert_eq!((rig.at(), rig.notice()), ("staff.box", Some("staff-box-choose")));
    assert!(rig.driven.is_empty(), "nothing opens before a box is chosen");
    choose(&mut rig, 2);
    settle_open(&mut rig, 3, Button::BoxEmpty);
    assert_eq!(rig.driven.iter().map(|(_, _, number)| number.get()).collect::<Vec<_>>(), [3]);
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed), "any one box, not any boxes");
}

#[test]
fn code_08_it_lives_ten_minutes_to_the_millisecond_and_an_interruption_gives_none() {
    for (after, answer) in
        [(10 * MINUTE - 1_000, Answer::Done), (10 * MINUTE, Answer::Denied(Denial::CodeExpired))]
    {
        let mut rig = Rig::new();
        let pin = rig.temporary_pin(None);
        rig.leap(after);
        assert_eq!(rig.collect(&pin), answer, "{after}");
    }
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(None);
    rig.leap(9 * MINUTE);
    rig.collect(&pin);
    rig.leave();
    rig.leap(MINUTE);
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeExpired));
}

#[test]
fn code_08_nothing_is_spent_when_the_box_never_opened_and_another_session_may_try() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(Some(2));
    rig.sim(2).jammed = true;
    rig.collect(&pin);
    rig.wait(30_600);
    assert_eq!(rig.at(), "sorry");
    rig.press(Button::Done);
    rig.sim(2).jammed = false;
    assert_eq!(rig.collect(&pin), Answer::Done);
    settle_open(&mut rig, 2, Button::BoxEmpty);
    assert!(rig.report_of(2).out.is_none(), "settled: back in service");
}

#[test]
fn code_08_a_power_cut_spends_one_in_use_and_leaves_the_box_to_be_checked() {
    let mut rig = Rig::new();
    let (used, other) = (rig.temporary_pin(Some(2)), rig.temporary_pin(Some(3)));
    rig.collect(&used);
    rig.wait(500);
    rig.power_cut(5_000);
    assert_eq!(rig.report_of(2).to_check, Some(CheckReason::Interrupted));
    rig.close(2);
    assert_eq!(rig.collect(&used), Answer::Denied(Denial::CodeUsed));
    rig.leave();
    assert_eq!(rig.collect(&other), Answer::Done, "the other lives on");
}

#[test]
fn code_08_leaving_a_box_open_spends_it_and_the_box_is_to_be_checked() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(Some(2));
    rig.collect(&pin);
    rig.leave();
    rig.close(2);
    assert_eq!(rig.at(), "start");
    assert_eq!(rig.report_of(2).to_check, Some(CheckReason::Aborted));
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeUsed));
}

#[test]
fn code_08_it_opens_nothing_at_drop_and_a_box_that_is_not_there_is_refused() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(Some(2));
    assert_eq!(rig.try_pin(&pin), Answer::Denied(Denial::WrongCode), "CODE-1: of the act in hand");
    let (fresh, user) = (rig.fresh(), ADMIN);
    let unknown = Ask::TemporaryPin { user, box_no: Some(box_no(5)), fresh };
    assert_eq!(rig.ask(unknown), Err(Refusal::UnknownBox));
}

#[test]
fn code_08_as_many_live_as_guessing_allows() {
    let mut rig = Rig::new();
    let pins: Vec<String> = (0..20).map(|_| rig.temporary_pin(None)).collect();
    let (fresh, user) = (rig.fresh(), ADMIN);
    let ask = Ask::TemporaryPin { user, box_no: None, fresh };
    assert_eq!(rig.ask(ask), Err(Refusal::TooManyCodes));
    let mut apart = pins.clone();
    apart.sort();
    apart.dedup();
    assert_eq!(apart.len(), 20);
    rig.leap(10 * MINUTE);
    rig.temporary_pin(None);
    let mut rig = Rig::with(|settings| settings.long_codes_max = 1);
    rig.check_in(JANE);
    let fresh = rig.fresh();
    let ask = Ask::TemporaryPin { user, box_no: None, fresh };
    assert_eq!(rig.ask(ask), Err(Refusal::TooManyCodes), "check-in and temporary PINs are counted together");
}

#[test]
fn code_08_a_user_who_may_not_any_more_loses_it_at_once() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(Some(2));
    let any = rig.temporary_pin(None);
    rig.collect(&any);
    assert_eq!(rig.at(), "staff.box");
    rig.temporary.clear();
    rig.push_desired();
    assert_eq!(rig.at(), "start", "also who is about to open a box");
    for pin in [&pin, &any] {
        assert_eq!(rig.collect(pin), Answer::Denied(Denial::CodeExpired));
        rig.leave();
    }
    // Whoever has a box open is let finish.
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(Some(2));
    rig.collect(&pin);
    rig.temporary.clear();
    rig.push_desired();
    settle_open(&mut rig, 2, Button::BoxEmpty);
    assert!(rig.report_of(2).to_check.is_none());
}

#[test]
fn code_08_safe_08_without_a_journal_none_is_made_and_none_opens() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(Some(2));
    rig.press(Button::PickUpKey);
    rig.press(Button::Go);
    rig.press(Button::ByPin);
    rig.note(Told::Store(Store::Down));
    let (fresh, user) = (rig.fresh(), ADMIN);
    assert_eq!(rig.ask(Ask::TemporaryPin { user, box_no: None, fresh }), Err(Refusal::StoreDown));
    for digit in pin.bytes() {
        rig.touch(Action::Digit { digit: digit - b'0' }).unwrap();
    }
    assert_eq!(rig.try_press(Button::Ok), Err(Refusal::StoreDown));
    rig.wait(1_000);
    assert!(rig.driven.is_empty());
}

#[test]
fn code_03_code_08_no_digit_and_no_secret_stands_in_the_journal_or_a_snapshot() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(None);
    let secret = rig.enrol(ADMIN);
    let code = authenticator(secret, rig.wall);
    rig.collect(&code);
    choose(&mut rig, 3);
    choose(&mut rig, 1);
    let snapshot = rig.locker.snapshot(&mut rig.vault).unwrap();
    let mut files: Vec<Vec<u8>> = rig.journal.iter().map(|entry| entry.body.clone()).collect();
    files.push(snapshot);
    let list = serde_json::to_string(&secret).unwrap();
    for file in files {
        let text = String::from_utf8(file).unwrap();
        let hidden = [pin.clone(), code.clone(), hex::encode(secret), list.trim_matches(['[', ']']).into()];
        assert!(!hidden.iter().any(|secret| text.contains(secret.as_str())), "{text}");
    }
    let records = format!("{:?}", rig.records());
    assert!(!records.contains(&hex::encode(secret)) && records.contains("Personal(user/9)"));
}

#[test]
fn code_08_a_pin_for_one_box_opens_no_other_once_the_cabinet_has_that_box_no_more() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(Some(4));
    rig.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), 3, 3))));
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeExpired));
    assert_eq!((rig.at(), rig.served()), ("pick.pin", None));
    assert!(opened(&rig).is_empty());
    rig.leave();
    rig.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), 4, 4))));
    assert_eq!(rig.collect(&pin), Answer::Denied(Denial::CodeExpired), "it is dead for good");
}

// ---- CODE-9 ----------------------------------------------------------------------------------------------------

#[test]
fn code_09_reason_and_box_are_chosen_at_the_kiosk_and_both_are_told() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    let secret = rig.enrol(ADMIN);
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Done);
    assert_eq!(rig.at(), "staff.reason");
    rig.press(Button::Ok);
    assert_eq!((rig.at(), rig.notice()), ("staff.reason", Some("staff-reason-choose")));
    choose(&mut rig, 2);
    assert_eq!(rig.at(), "staff.box");
    rig.press(Button::Back);
    assert_eq!(rig.at(), "staff.reason");
    choose(&mut rig, 0);
    rig.press(Button::Ok);
    assert_eq!(
        (rig.at(), rig.notice()),
        ("staff.box", Some("staff-box-choose")),
        "no box is chosen by the reason"
    );
    choose(&mut rig, number - 1);
    rig.wait(200);
    rig.take_key(number);
    settle_open(&mut rig, number, Button::KeyTaken);
    assert_eq!(rig.custody(JANE), Custody::Staff { user: ADMIN });
    let (box_no, reason) = (box_no(number), Some(OpenReason::Key));
    let how = StaffCode::Authenticator;
    assert_eq!(opened(&rig), [FactKind::OpenedByCode { box_no, user: ADMIN, how, reason }]);
}

#[test]
fn code_09_one_step_either_way_and_no_more() {
    for (off, answer) in [
        (-2, Answer::Denied(Denial::WrongCode)),
        (-1, Answer::Done),
        (0, Answer::Done),
        (1, Answer::Done),
        (2, Answer::Denied(Denial::WrongCode)),
    ] {
        let mut rig = Rig::new();
        let secret = rig.enrol(ADMIN);
        let code = authenticator(secret, rig.wall + off * STEP);
        assert_eq!(rig.collect(&code), answer, "{off}");
    }
}

#[test]
fn code_09_no_step_at_or_below_the_last_accepted_one_also_after_a_restart() {
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    let wall = rig.wall;
    let (earlier, now, later) =
        (authenticator(secret, wall - STEP), authenticator(secret, wall), authenticator(secret, wall + STEP));
    assert_eq!(rig.collect(&now), Answer::Done);
    rig.leave();
    for code in [&earlier, &now] {
        assert_eq!(rig.collect(code), Answer::Denied(Denial::CodeUsed));
        rig.leave();
    }
    rig.power_cut(1_000);
    for code in [&earlier, &now] {
        assert_eq!(rig.collect(code), Answer::Denied(Denial::CodeUsed), "after a restart");
        rig.leave();
    }
    assert_eq!(rig.count(|record| matches!(record, Record::StaffCodeFailed { .. })), 0);
    assert_eq!(rig.collect(&later), Answer::Done);
    rig.leave();
    assert_eq!(rig.restored().durable(), rig.locker.durable());
}

/// For how long staff codes pause, as often as the office was told.
fn told(rig: &Rig) -> Vec<u64> {
    let pause =
        |kind: FactKind| if let FactKind::StaffCodesLocked { for_ms } = kind { Some(for_ms) } else { None };
    rig.facts().into_iter().filter_map(pause).collect()
}

#[test]
fn code_09_a_count_of_its_own_five_an_hour() {
    let mut rig = Rig::new();
    rig.leap(2 * HOUR);
    let secret = rig.enrol(ADMIN);
    for n in 1..=5 {
        let code = wrong(&authenticator(secret, rig.wall));
        let answer = if n < 5 { Denial::WrongCode } else { Denial::CodesLocked };
        assert_eq!(rig.collect(&code), Answer::Denied(answer), "{n}");
        assert_eq!(told(&rig).len(), usize::from(n == 5), "{n}: the office is told when they pause");
        assert_eq!(rig.locker.staff_codes_locked_for(&rig.now()).is_some(), n == 5);
        rig.leave();
    }
    let for_ms = HOUR - 4 * 200;
    assert_eq!(told(&rig), [for_ms], "an hour from the first of the five");
    let last = rig.mono;
    let right = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&right), Answer::Denied(Denial::CodesLocked));
    assert_eq!(rig.notice(), Some("pick-staff-code-wait"));
    assert_eq!(told(&rig), [for_ms], "once a pause");
    rig.leave();
    // A restart does not shorten it, and customers hear nothing of it.
    rig.power_cut(0);
    assert_eq!(rig.locker.code_entry_locked_for(&rig.now()), None);
    assert_eq!(rig.count(|record| matches!(record, Record::CodeFailed { .. })), 0);
    let waited = last - rig.mono;
    rig.leap(HOUR - 10_000);
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Denied(Denial::CodesLocked), "{waited}");
    rig.leave();
    rig.leap(10_000);
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Done, "an hour after the first of the five");
    assert_eq!(rig.locker.staff_codes_locked_for(&rig.now()), None);
}

#[test]
fn code_09_the_lock_of_code_4_never_shuts_staff_out() {
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    for _ in 0..5 {
        rig.try_pin("471147");
    }
    assert!(rig.locker.code_entry_locked_for(&rig.now()).is_some());
    let temporary = rig.temporary_pin(Some(2));
    assert_eq!(rig.collect(&temporary), Answer::Done, "nor from a temporary PIN");
    settle_open(&mut rig, 2, Button::BoxEmpty);
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Done);
    assert_eq!(rig.at(), "staff.reason");
}

#[test]
fn code_09_code_01_a_pick_up_pin_of_six_digits_is_counted_as_ever() {
    let mut rig = Rig::new();
    rig.enrol(ADMIN);
    for _ in 0..4 {
        assert_eq!(rig.collect("471147"), Answer::Denied(Denial::WrongCode));
        rig.leave();
    }
    assert_eq!(rig.collect("471147"), Answer::Denied(Denial::CodesLocked));
    assert_eq!(rig.count(|record| matches!(record, Record::StaffCodeFailed { .. })), 0);
}

#[test]
fn code_09_one_secret_per_person_and_locker_and_a_new_one_replaces_it() {
    let mut rig = Rig::new();
    let (first, other) = (rig.enrol(ADMIN), rig.enrol(MECHANIC));
    assert_ne!(first, other);
    let second = rig.enrol(ADMIN);
    assert_ne!(first, second);
    let code = authenticator(first, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Denied(Denial::WrongCode), "the old one is worth nothing");
    rig.leave();
    let code = authenticator(other, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Done);
    choose(&mut rig, 1);
    choose(&mut rig, 1);
    let is_it = |record: &Record| matches!(record, Record::StaffCodeTaken { user: MECHANIC, .. });
    assert_eq!(rig.count(is_it), 1, "whose code it was");
    assert_eq!(rig.locker.durable().enrolled(), [MECHANIC, ADMIN]);
}

#[test]
fn code_09_start_06_a_revoked_authenticator_is_worth_nothing_at_once() {
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    let code = authenticator(secret, rig.wall);
    rig.collect(&code);
    assert_eq!(rig.at(), "staff.reason");
    rig.authenticators.clear();
    rig.push_desired();
    assert_eq!(rig.at(), "start", "also for who is about to open a box");
    rig.wait(60_000);
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Denied(Denial::WrongCode));
    assert!(rig.restored().durable().enrolled().is_empty());
}

#[test]
fn code_09_what_the_office_wanted_before_the_enrolment_does_not_revoke_it() {
    let mut rig = Rig::new();
    let (revision, fresh) = (rig.revision + 2, rig.fresh());
    let Ok(Answer::Enrolled { .. }) = rig.ask(Ask::Enrol { user: ADMIN, revision, fresh }) else { panic!() };
    rig.push_desired();
    assert_eq!(rig.locker.durable().enrolled(), [ADMIN], "on its way since before");
    rig.push_desired();
    assert!(rig.locker.durable().enrolled().is_empty());
}

#[test]
fn code_09_safe_05_an_erased_user_has_no_authenticator() {
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    rig.vault.erase(Subject::User(ADMIN)).unwrap();
    rig.power_cut(0);
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Denied(Denial::WrongCode));
}

#[test]
fn code_09_safe_07_a_clock_in_doubt_takes_codes_and_revives_none() {
    // A start without a confirmed time: the very case without a link.
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    rig.trusted = false;
    rig.power_cut(600_000);
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Done);
    rig.leave();
    // Back by two hours: a code of that time was alive before, whether it was used or not.
    rig.trusted = true;
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    rig.leap(1_000);
    rig.wall -= 2 * i64::try_from(HOUR).unwrap();
    rig.note(Told::Tick);
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Denied(Denial::CodeUsed));
    rig.leave();
    rig.note(Told::ClockConfirmed);
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Done, "the office says that it is this time");
    // On by two hours and back again: what counts is the time before the doubt began.
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    for hours in [2, -2] {
        rig.wall += hours * i64::try_from(HOUR).unwrap();
        rig.leap(1_000);
    }
    let code = authenticator(secret, rig.wall);
    assert_eq!(rig.collect(&code), Answer::Done);
}

#[test]
fn code_09_safe_08_without_a_journal_no_code_is_accepted_as_it_could_be_used_again() {
    let mut rig = Rig::new();
    let secret = rig.enrol(ADMIN);
    rig.press(Button::PickUpKey);
    rig.press(Button::Go);
    rig.press(Button::ByPin);
    rig.note(Told::Store(Store::Down));
    for digit in authenticator(secret, rig.wall).bytes() {
        rig.touch(Action::Digit { digit: digit - b'0' }).unwrap();
    }
    assert_eq!(rig.try_press(Button::Ok), Err(Refusal::StoreDown));
    assert_eq!(rig.at(), "pick.pin");
}

#[test]
fn code_09_as_many_people_as_guessing_allows() {
    let mut rig = Rig::new();
    for user in 1..=50 {
        rig.enrol(UserId(user));
    }
    let fresh = rig.fresh();
    let ask = Ask::Enrol { user: UserId(51), revision: 60, fresh };
    assert_eq!(rig.ask(ask), Err(Refusal::TooManyCodes));
    rig.enrol(UserId(7));
    assert_eq!(rig.locker.durable().enrolled().len(), 50);
}

// ---- The screens -----------------------------------------------------------------------------------------------

fn details(screen: &Screen) -> Vec<Option<Text>> {
    let choices = screen.widgets.iter().find_map(|widget| match widget {
        Widget::Choices { items } => Some(items),
        _ => None,
    });
    choices.unwrap().iter().map(|choice| choice.detail.clone()).collect()
}

#[test]
fn code_08_ux_12_the_choice_of_boxes_says_what_is_where_and_masks_registrations() {
    let mut rig = Rig::new();
    let (jane, omar) = (rig.drop_key("1-ABC-123"), rig.drop_key("2-XYZ-789"));
    assert_eq!((jane, omar), (1, 2));
    let other = vec![contact(Channel::Mail, ContactKind::Private, "tom@example.net")];
    rig.visits.push(crate::rig::visit(VisitId(8), rig.today, "1-ABD-999", other));
    rig.push_desired();
    let (number, _) = (rig.drop_key("1-ABD-999"), ());
    assert_eq!(number, 3);
    let pin = rig.temporary_pin(None);
    rig.collect(&pin);
    let masked = |text: &str| Value::Masked(text.into());
    let shown: Vec<_> = details(&rig.screen())
        .into_iter()
        .map(|detail| detail.map(|text| text.args.into_iter().next().map(|(_, value)| value)))
        .collect();
    let plates = ["1-A••-••3", "2-X••-••9", "1-A••-••9"].map(|plate| Some(Some(masked(plate))));
    assert!(shown[..3] == plates && shown[3].is_none(), "as many characters as tell them apart");
    assert_eq!(rig.custody(OMAR), Custody::Box { box_no: box_no(2) });
    rig.leave();
    rig.pry(4);
    rig.close(4);
    rig.collect(&pin);
    assert_eq!(details(&rig.screen())[3].as_ref().map(|text| text.id), Some("staff-box-to-check"));
}

#[test]
fn safe_05_code_09_nobody_is_forgotten_whose_authenticator_the_locker_still_takes() {
    let mut rig = Rig::new();
    rig.enrol(ADMIN);
    rig.authenticators.clear();
    // What the office wants is not taken over: a setting is out of range.
    rig.settings.kiosk_pin_minutes = 0;
    rig.push_desired();
    let subject = Subject::User(ADMIN);
    assert!(
        !rig.locker.may_forget(subject, rig.revision),
        "its secret is sealed under the key to be destroyed"
    );
    rig.settings.kiosk_pin_minutes = 30;
    rig.push_desired();
    assert!(rig.locker.may_forget(subject, rig.revision));
    rig.vault.erase(subject).unwrap();
    assert_eq!(rig.restored().durable(), rig.locker.durable());
}

#[test]
fn code_08_time_01_a_chooser_left_alone_opens_nothing_and_goes_to_the_start() {
    let mut rig = Rig::new();
    let pin = rig.temporary_pin(None);
    rig.collect(&pin);
    rig.leap(40_000);
    assert_eq!(rig.overlay(), Some("still_there"));
    rig.leap(20_000);
    assert_eq!(rig.at(), "start");
    assert!(rig.driven.is_empty());
    assert_eq!(rig.collect(&pin), Answer::Done, "nothing was spent");
}

#[test]
fn code_09_code_04_the_locked_pad_tells_staff_that_they_need_no_registration() {
    let mut rig = Rig::new();
    for _ in 0..5 {
        rig.try_pin("471147");
    }
    let lines = |rig: &Rig| rig.screen().lines.iter().map(|text| text.id).collect::<Vec<_>>();
    rig.show_pad();
    assert!(!lines(&rig).contains(&"pick-staff-code-locked"));
    rig.leave();
    rig.press(Button::PickUpKey);
    rig.press(Button::Go);
    rig.press(Button::ByPin);
    assert!(lines(&rig).contains(&"pick-staff-code-locked"));
}
