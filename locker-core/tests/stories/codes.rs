//! Codes: drawn, kept, replaced, guessed at (CODE-1 to CODE-5).

use std::collections::{BTreeMap, BTreeSet};

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{BEGIN, JANE, OMAR, Rig, contact, visit};

const MINUTES: u64 = 60_000;
const HOURS: u64 = 60 * MINUTES;

/// A PIN of six digits that is none of `pins`.
fn wrong(pins: &[&str]) -> String {
    let mut candidates = (0..).map(|n| format!("{:06}", 900_900 + n));
    candidates.find(|candidate| !pins.contains(&candidate.as_str())).unwrap()
}

fn locked(rig: &Rig) -> Vec<u64> {
    let records = rig.records();
    let for_ms =
        |record: &Record| if let Record::CodesLocked { for_ms } = record { Some(*for_ms) } else { None };
    records.iter().filter_map(for_ms).collect()
}

/// A locker for many visits on today's date.
fn crowd(count: u64) -> Rig {
    let mut rig = Rig::with(|settings| settings.short_codes_max = 27);
    let mail = |n: u64| contact(Channel::Mail, ContactKind::Private, &format!("d{n}@example.be"));
    rig.visits =
        (1..=count).map(|n| visit(VisitId(n), rig.today, &format!("9-AAA-{n:03}"), vec![mail(n)])).collect();
    rig.push_desired();
    rig
}

#[test]
fn code_01_pins_are_spread_evenly_and_never_simple() {
    let mut rig = crowd(1);
    let (mut places, mut drawn) = (BTreeMap::new(), 0);
    let mut pins = BTreeSet::new();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("9AAA001");
    rig.press(Button::Ok);
    rig.wait(1_500);
    rig.press(Button::Send);
    let message = rig.locker.open_messages()[0].message;
    for _ in 0..2_000 {
        let pin = rig.make_code(message);
        assert_eq!(pin.len(), 6);
        let steps = pin.as_bytes().windows(2).map(|two| i16::from(two[1]) - i16::from(two[0]));
        let steps: Vec<i16> = steps.collect::<BTreeSet<_>>().into_iter().collect();
        assert!(!matches!(steps[..], [-1..=1]), "{pin} is all equal or a straight run");
        for (place, digit) in pin.bytes().enumerate() {
            *places.entry((place, digit)).or_insert(0_u32) += 1;
        }
        assert!(pins.insert(pin), "a dead code is not drawn again within 30 days");
        drawn += 1;
    }
    // Each of the 60 cells expects 200 with a deviation of 13.4; 5 deviations are 67.
    assert_eq!((drawn, places.len()), (2_000, 60));
    assert!(places.values().all(|count| (133..=267).contains(count)), "{places:?}");
}

#[test]
fn code_01_kiosk_pins_have_6_digits_and_check_in_pins_8() {
    let mut rig = Rig::new();
    assert_eq!(rig.check_in(JANE).len(), 8);
    assert_eq!(rig.pin_by_plate("1-ABC-123").len(), 6);
}

#[test]
fn code_01_a_configuration_that_can_be_guessed_is_refused() {
    let settings =
        |short, long| Settings { short_codes_max: short, long_codes_max: long, ..Settings::default() };
    assert_eq!(settings(27, 2_000).check(), Ok(()));
    assert_eq!(settings(28, 2_000).check(), Err(SettingsError::ShortCodes), "36 x 28 / 10^6 = 0.1008 %");
    assert_eq!(settings(0, 2_000).check(), Err(SettingsError::ShortCodes));
    assert_eq!(settings(27, 2_001).check(), Err(SettingsError::LongCodes));
    let mut rig = Rig::new();
    let before = rig.locker.durable().clone();
    rig.settings.short_codes_max = 28;
    rig.push_desired();
    assert_eq!(rig.locker.durable(), &before, "the office cannot set it either");
}

#[test]
fn code_01_as_many_codes_live_as_the_configuration_allows_and_no_more() {
    let mut rig = Rig::with(|settings| settings.short_codes_max = 1);
    rig.pin_by_plate("1-ABC-123");
    rig.leave();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("2xyz789");
    rig.press(Button::Ok);
    rig.wait(1_500);
    rig.press(Button::Send);
    let message = rig.locker.open_messages()[0].message;
    let fresh = rig.fresh();
    assert_eq!(rig.ask(Ask::MakeCode { message, fresh }), Err(Refusal::TooManyCodes));
    rig.leap(30 * MINUTES);
    assert_eq!(rig.locker.open_messages(), [], "not taken within 30 s");
}

#[test]
fn code_01_only_ok_submits_and_the_pad_takes_4_to_8_digits() {
    let mut rig = Rig::new();
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    for digit in pin.bytes() {
        rig.touch(screen::Action::Digit { digit: digit - b'0' }).unwrap();
    }
    assert_eq!(rig.at(), "drop.pin", "six right digits alone do nothing");
    for _ in 0..9 {
        rig.touch(screen::Action::Erase).unwrap();
    }
    assert_eq!(rig.type_pin("123"), Answer::Done, "three digits are not looked at");
    assert_eq!(rig.notice(), Some("drop-pin-short"));
    assert_eq!(rig.type_pin("9"), Answer::Denied(Denial::WrongCode), "four are");
    assert_eq!(rig.count(|record| matches!(record, Record::CodeFailed { .. })), 1);
    let long = rig.check_in(OMAR);
    assert_eq!(rig.type_pin(&format!("{long}77")), Answer::Done, "the ninth and tenth are not taken");
    assert_eq!(rig.at(), "drop.driver");
}

#[test]
fn code_01_replaced_used_and_expired_are_told_and_not_counted_all_else_looks_the_same() {
    let mut rig = Rig::new();
    let old = rig.pin_by_plate("1-ABC-123");
    rig.leave();
    let new = rig.pin_by_plate("1-ABC-123");
    rig.leave();
    assert_eq!(rig.try_pin(&old), Answer::Denied(Denial::CodeReplaced));
    rig.leap(30 * MINUTES);
    assert_eq!(rig.try_pin(&new), Answer::Denied(Denial::CodeExpired));
    let used = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    rig.type_pin(&used);
    rig.press(Button::Next);
    rig.press(Button::Next);
    rig.wait(200);
    let number = rig.served().unwrap();
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    rig.press(Button::Done);
    assert_eq!(rig.try_pin(&used), Answer::Denied(Denial::CodeUsed));
    assert_eq!(rig.count(|record| matches!(record, Record::CodeFailed { .. })), 0);
    let never = wrong(&[&old, &new, &used]);
    assert_eq!(rig.try_pin(&never), Answer::Denied(Denial::WrongCode));
    assert_eq!(rig.count(|record| matches!(record, Record::CodeFailed { .. })), 1);
}

#[test]
fn code_02_a_kiosk_pin_lives_30_minutes_to_the_millisecond() {
    let mut rig = Rig::new();
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.leave();
    rig.show_pad();
    for digit in pin.bytes() {
        rig.touch(screen::Action::Digit { digit: digit - b'0' }).unwrap();
    }
    // The person keeps the pad awake until the last moment.
    let begin = rig.mono;
    while rig.mono + 30_000 < begin + 30 * MINUTES {
        rig.leap(30_000);
        rig.touch(screen::Action::Erase).unwrap();
        rig.touch(screen::Action::Digit { digit: pin.as_bytes()[5] - b'0' }).unwrap();
    }
    rig.leap(begin + 30 * MINUTES - 1 - rig.mono);
    let mut twin = rig.locker.clone();
    let now = Now::new(Mono(rig.mono + 1), Wall(rig.wall + 1), rig.today, Wall(BEGIN + 5 * 3_600_000));
    let touch = screen::Touch {
        generation: twin.screen(screen::Surface::Bottom, &now).generation,
        touch_id: 77_777,
        action: screen::Action::Press { button: Button::Ok },
        fresh: rig.fresh(),
    };
    let mut step = twin.ask(Ask::Touch(touch), &now).unwrap();
    step.encode(&mut rig.vault.clone()).unwrap();
    assert_eq!(twin.commit(step), Ok(Answer::Denied(Denial::CodeExpired)), "at 30 minutes");
    assert_eq!(rig.press(Button::Ok), Answer::Done, "one millisecond before");
    assert_eq!(rig.at(), "drop.driver");
}

#[test]
fn code_02_a_kiosk_pin_kills_only_an_older_kiosk_pin_of_that_visit_and_the_drop_spends_both() {
    let mut rig = Rig::new();
    let planned = rig.check_in(JANE);
    let omar = rig.pin_by_plate("2-XYZ-789");
    rig.leave();
    let first = rig.pin_by_plate("1-ABC-123");
    rig.leave();
    let second = rig.pin_by_plate("1-ABC-123");
    rig.leave();
    assert_eq!(rig.try_pin(&first), Answer::Denied(Denial::CodeReplaced));
    assert_eq!(rig.try_pin(&omar), Answer::Done, "another visit's lives");
    assert_eq!(rig.try_pin(&planned), Answer::Done, "the check-in PIN lives on beside it");
    rig.show_pad();
    assert_eq!(rig.type_pin(&second), Answer::Done);
    rig.press(Button::Next);
    rig.press(Button::Next);
    rig.wait(200);
    let number = rig.served().unwrap();
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    rig.press(Button::Done);
    for spent in [&planned, &second] {
        assert_eq!(rig.try_pin(spent), Answer::Denied(Denial::CodeUsed));
    }
    assert_eq!(rig.try_pin(&omar), Answer::Done);
}

#[test]
fn code_03_a_check_in_pin_dies_by_date_with_whatever_input_comes_first_and_moves_with_the_visit() {
    let mut rig = Rig::new();
    let (jane, omar) = (rig.check_in(JANE), rig.check_in(OMAR));
    rig.visits[1].date = rig.today.plus_days(1);
    rig.push_desired();
    rig.today = rig.today.plus_days(8);
    let dead: Vec<_> = {
        rig.show_pad();
        rig.records().into_iter().filter(|record| matches!(record, Record::CodeDied { .. })).collect()
    };
    assert_eq!(dead, [Record::CodeDied { code: CodeId(1), why: Death::Expired }], "no tick was needed");
    rig.leave();
    assert_eq!(rig.try_pin(&jane), Answer::Denied(Denial::CodeExpired));
    assert_eq!(rig.try_pin(&omar), Answer::Done, "moved by a day, it lives a day longer");
    rig.today = rig.today.plus_days(1);
    rig.leap(600_000);
    assert_eq!(
        rig.try_pin(&omar),
        Answer::Denied(Denial::CodeExpired),
        "10 minutes after an interruption (DROP-15)"
    );
}

#[test]
fn code_03_a_cancelled_visit_gets_no_code_and_its_codes_die() {
    let mut rig = Rig::new();
    let pin = rig.check_in(JANE);
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("1-ABC-123");
    rig.press(Button::Ok);
    rig.wait(1_500);
    rig.press(Button::Send);
    let message = MessageId(2);
    rig.visits.remove(0);
    rig.push_desired();
    let fresh = rig.fresh();
    assert_eq!(rig.ask(Ask::MakeCode { message, fresh }), Err(Refusal::NoSuchMessage), "it has failed");
    assert_eq!(rig.count(|record| matches!(record, Record::MessageFailed { .. })), 1);
    rig.leave();
    assert_eq!(rig.try_pin(&pin), Answer::Denied(Denial::CodeExpired));
}

#[test]
fn code_03_a_visit_cancelled_while_its_driver_stands_there_opens_no_box_and_one_with_an_open_box_is_kept() {
    let mut rig = Rig::new();
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    rig.type_pin(&pin);
    let jane = rig.visits.remove(0);
    rig.push_desired();
    assert_eq!(rig.at(), "drop.no_match", "at once (START-6)");
    assert_eq!(rig.count(|record| matches!(record, Record::PulseGranted { .. })), 0);
    rig.leave();
    rig.visits.insert(0, jane);
    rig.push_desired();
    let number = rig.drop_to_open_box("1-ABC-123");
    rig.visits.remove(0);
    rig.push_desired();
    rig.put_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    assert_eq!(rig.count(|record| matches!(record, Record::VisitGone { .. })), 1, "only the first time");
}

#[test]
fn code_03_plain_codes_are_in_no_record_no_snapshot_and_no_debug_output() {
    let mut rig = Rig::new();
    let mut secrets = vec![rig.check_in(OMAR)];
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.press(Button::EnterCode);
    for digit in pin.bytes() {
        rig.touch(screen::Action::Digit { digit: digit - b'0' }).unwrap();
    }
    rig.press(Button::Show);
    let said = |rig: &Rig| {
        let (screen, session) = (rig.screen(), rig.locker.frame().session().clone());
        format!("{screen:?} {session:?} {:?}", rig.locker.durable())
    };
    let mut debug = said(&rig);
    rig.press(Button::Ok);
    rig.leave();
    rig.drop_key("1-ABC-123");
    rig.show_qr();
    let (payload, digits) = rig.qr().unwrap();
    secrets.extend([pin, digits.unwrap(), hex::encode(payload.nonce.reveal())]);
    let scan = rig.scan_of(Proof::Qr(payload.nonce), Act::PickUp { visit: JANE });
    debug += &said(&rig);
    debug += &format!("{scan:?}");
    rig.ask(Ask::Scan(scan)).unwrap();
    debug += &said(&rig);
    let mut files = rig.locker.snapshot(&mut rig.vault).unwrap();
    rig.journal.iter().for_each(|entry| files.extend_from_slice(&entry.body));
    debug += &format!("{:?}", rig.stamped());
    for secret in secrets {
        let is_in = |bytes: &[u8]| {
            bytes.windows(secret.len()).any(|window| window.eq_ignore_ascii_case(secret.as_bytes()))
        };
        assert!(!is_in(&files), "in a file");
        assert!(!is_in(debug.as_bytes()), "in debug output");
    }
    for personal in ["jane@example", "1-ABC-123", "0470"] {
        assert!(!debug.contains(personal), "{personal}");
        assert!(!String::from_utf8_lossy(&files).contains(personal), "{personal}");
    }
}

#[test]
fn code_03_asked_again_for_the_same_message_the_old_code_dies() {
    let mut rig = Rig::new();
    rig.begin_drop();
    rig.press(Button::ByRegistration);
    rig.write("1-ABC-123");
    rig.press(Button::Ok);
    rig.wait(1_500);
    rig.press(Button::Send);
    let message = rig.locker.open_messages()[0].message;
    let lost = rig.make_code(message);
    rig.power_cut(2_000);
    assert_eq!(rig.locker.open_messages()[0].message, message, "it waits again");
    let sent = rig.deliver().pop().unwrap();
    assert_ne!(lost, sent);
    assert_eq!(rig.try_pin(&lost), Answer::Denied(Denial::CodeReplaced));
    assert_eq!(rig.try_pin(&sent), Answer::Done);
}

#[test]
fn code_03_a_message_that_nobody_waits_for_is_tried_for_a_day_over_a_restart_too() {
    let mut rig = Rig::new();
    let fresh = rig.fresh();
    let Ok(Answer::Code { message, .. }) = rig.ask(Ask::CheckIn { visit: JANE, contact: 0, fresh }) else {
        panic!("a code")
    };
    rig.leap(12 * HOURS);
    rig.power_cut(12 * 3_600_000 - 60_000);
    assert_eq!(rig.locker.open_messages()[0].message, message);
    rig.leap(2 * MINUTES);
    assert!(rig.locker.open_messages().is_empty());
    assert_eq!(rig.count(|record| matches!(record, Record::MessageFailed { .. })), 1);
}

#[test]
fn code_03_a_message_has_one_idempotency_key_for_one_code_and_none_once_that_is_dead() {
    let mut rig = Rig::new();
    let check_in = |rig: &mut Rig| {
        let fresh = rig.fresh();
        match rig.ask(Ask::CheckIn { visit: JANE, contact: 0, fresh }) {
            Ok(Answer::Code { message, .. }) => message,
            other => panic!("{other:?}"),
        }
    };
    let first = check_in(&mut rig);
    let key = rig.locker.message_key(first).unwrap();
    rig.power_cut(2_000);
    assert_eq!(rig.locker.message_key(first), Some(key), "as long as it carries the same code");
    rig.make_code(first);
    let redrawn = rig.locker.message_key(first).unwrap();
    assert_ne!(redrawn, key);
    let second = check_in(&mut rig);
    assert_eq!(rig.locker.message_key(first), None, "its code has been replaced");
    assert!(rig.locker.message_key(second).is_some_and(|key| key != redrawn));
    rig.note(Told::Delivery { message: second, outcome: Delivery::Accepted });
    assert_eq!(rig.locker.message_key(second), None, "it does not wait any more");
}

#[test]
fn code_04_five_within_15_minutes_lock_and_four_do_not() {
    let mut rig = Rig::new();
    for _ in 0..4 {
        assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::WrongCode));
    }
    rig.leap(15 * MINUTES);
    assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::WrongCode), "the four are 15 minutes old");
    let mut rig = Rig::new();
    for _ in 0..4 {
        rig.try_pin("900900");
    }
    rig.leap(15 * MINUTES - 1);
    assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::CodesLocked));
    assert_eq!(locked(&rig), [5 * MINUTES]);
    assert!(rig.facts().contains(&FactKind::CodesLocked { for_ms: 5 * MINUTES }), "the office is told");
}

#[test]
fn code_04_how_long_it_is_locked_is_said_to_the_millisecond_though_nobody_ticks() {
    let mut rig = Rig::new();
    for _ in 0..5 {
        rig.try_pin("900900");
    }
    assert_eq!(rig.locker.code_entry_locked_for(&rig.now()), Some(5 * MINUTES));
    rig.mono += 5 * MINUTES - 1;
    assert_eq!(rig.locker.code_entry_locked_for(&rig.now()), Some(1));
    rig.mono += 1;
    assert_eq!(rig.locker.code_entry_locked_for(&rig.now()), None);
}

#[test]
fn code_04_ten_within_24_hours_lock_and_nine_do_not() {
    let mut rig = Rig::new();
    for n in 0..9 {
        assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::WrongCode), "{n}");
        rig.leap(HOURS);
    }
    assert!(locked(&rig).is_empty());
    rig.leap(15 * HOURS - 1);
    assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::CodesLocked), "the tenth within a day");
    let mut rig = Rig::new();
    for _ in 0..9 {
        rig.try_pin("900900");
        rig.leap(HOURS);
    }
    rig.leap(15 * HOURS);
    assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::WrongCode), "the first has faded");
}

#[test]
fn code_04_each_further_wrong_one_locks_longer_and_no_right_one_takes_it_back() {
    let mut rig = Rig::new();
    let right = rig.check_in(OMAR);
    for _ in 0..5 {
        rig.try_pin("900900");
    }
    for for_ms in [5, 10, 20, 40, 60, 60, 60] {
        assert_eq!(*locked(&rig).last().unwrap(), for_ms * MINUTES);
        rig.leap(for_ms * MINUTES - 1);
        rig.show_pad();
        rig.type_pin("900900");
        assert_eq!(rig.notice(), Some("drop-pin-plate-too"), "still locked: nothing is looked at");
        rig.leave();
        rig.leap(1);
        assert_eq!(rig.try_pin(&right), Answer::Done, "open to the millisecond");
        assert_eq!(
            rig.try_pin("900900"),
            Answer::Denied(Denial::CodesLocked),
            "a right code took nothing off"
        );
    }
    rig.leap(24 * HOURS);
    assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::WrongCode), "after a quiet day it begins anew");
}

#[test]
fn code_04_the_lock_starts_again_in_full_after_a_restart_and_the_count_stays() {
    let mut rig = Rig::new();
    for _ in 0..5 {
        rig.try_pin("900900");
    }
    rig.leap(4 * MINUTES);
    rig.power_cut(3_600_000);
    let begin = rig.mono;
    rig.leap(begin + 5 * MINUTES - 1 - rig.mono);
    rig.show_pad();
    rig.type_pin("900900");
    assert_eq!(rig.notice(), Some("drop-pin-plate-too"));
    rig.leave();
    rig.leap(1);
    assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::CodesLocked));
    assert_eq!(locked(&rig), [5 * MINUTES, 10 * MINUTES], "the next in the row");
}

#[test]
fn code_04_no_clock_change_shortens_a_lock_or_a_count() {
    for jump in [-40 * HOURS as i64, 40 * HOURS as i64] {
        let mut rig = Rig::new();
        for _ in 0..5 {
            rig.try_pin("900900");
        }
        rig.wall += jump;
        rig.leap(5 * MINUTES - 1);
        rig.show_pad();
        rig.type_pin("900900");
        assert_eq!(rig.notice(), Some("drop-pin-plate-too"), "{jump}");
        rig.leave();
        rig.leap(1);
        assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::CodesLocked));
        assert_eq!(locked(&rig), [5 * MINUTES, 10 * MINUTES]);
    }
}

/// Locks code entry and types a PIN with a registration.
fn with_plate(rig: &mut Rig, pin: &str, plate: &str) -> Answer {
    rig.show_pad();
    rig.write(plate);
    let answer = rig.type_pin(pin);
    rig.leave();
    answer
}

/// Found by the model check of codes, lock-outs and clocks.
#[test]
fn code_04_safe_07_a_clock_set_back_and_right_again_after_a_restart_forgets_no_wrong_code() {
    let mut rig = Rig::new();
    for _ in 0..4 {
        rig.try_pin("900900");
    }
    rig.wall -= 2 * HOURS as i64;
    rig.note(Told::Tick);
    rig.power_cut(2 * HOURS as i64);
    assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::CodesLocked), "the fifth within a minute");
}

#[test]
fn code_04_while_locked_a_pin_with_its_registration_is_taken_and_every_failure_looks_the_same() {
    let mut rig = Rig::new();
    let (jane, omar) = (rig.check_in(JANE), rig.check_in(OMAR));
    for _ in 0..5 {
        rig.try_pin("900900");
    }
    let same = Answer::Denied(Denial::WrongCode);
    assert_eq!(with_plate(&mut rig, &omar, "1-ABC-123"), same, "another visit's registration");
    assert_eq!(with_plate(&mut rig, "900900", "1-ABC-123"), same);
    assert_eq!(with_plate(&mut rig, &jane, "1 abc 123"), Answer::Done);
    assert_eq!(with_plate(&mut rig, "900900", "1-ABC-123"), same, "the third wrong one today");
    assert_eq!(with_plate(&mut rig, &jane, "1-ABC-123"), same, "nothing more with this registration");
    assert_eq!(with_plate(&mut rig, &omar, "2-XYZ-789"), Answer::Done, "with another");
    assert_eq!(locked(&rig), [5 * MINUTES], "none of them lengthens the lock");
}

#[test]
fn code_04_48_wrong_ones_with_registrations_a_day_and_no_more() {
    let mut rig = Rig::new();
    let jane = rig.check_in(JANE);
    for _ in 0..5 {
        rig.try_pin("900900");
    }
    let count = |rig: &Rig| rig.count(|record| matches!(record, Record::CodeFailedWithPlate { .. }));
    for n in 0..47 {
        with_plate(&mut rig, "900900", &format!("5-ZZZ-{n:03}"));
    }
    assert_eq!(count(&rig), 47);
    assert_eq!(with_plate(&mut rig, &jane, "1-ABC-123"), Answer::Done);
    with_plate(&mut rig, "900900", "6-ZZZ-000");
    assert_eq!(count(&rig), 48);
    assert_eq!(with_plate(&mut rig, &jane, "1-ABC-123"), Answer::Denied(Denial::WrongCode));
    assert_eq!(count(&rig), 48);
}

#[test]
fn code_04_staff_qr_and_help_work_while_locked_and_a_user_lifts_the_lock() {
    let mut rig = Rig::new();
    let number = rig.drop_key("1-ABC-123");
    let omar = rig.check_in(OMAR);
    for _ in 0..5 {
        rig.try_pin("900900");
    }
    rig.show_qr();
    assert!(matches!(rig.scan(Act::PickUp { visit: JANE }), Answer::Opens(_)));
    rig.wait(200);
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    rig.press(Button::CloseHelp);
    rig.take_key(number);
    rig.close(number);
    rig.press(Button::Confirm);
    rig.press(Button::Done);
    rig.ask(Ask::LiftLock { user: UserId(3) }).unwrap();
    assert_eq!(rig.records().last(), Some(&Record::CodesLifted { user: UserId(3) }));
    assert_eq!(rig.try_pin(&omar), Answer::Done);
    assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::WrongCode), "the count is lifted too");
}

/// The most guesses that somebody who stands there for 24 hours gets in, first as fast as possible, then by the
/// slowest-locking plan: nine without a lock, the tenth with the first lock, then one after each.
fn guesses_in_a_day(rig: &mut Rig, patient: bool) -> usize {
    let begin = rig.mono;
    let end = begin + 24 * HOURS;
    let mut guesses = 0;
    let plan: &[(u64, usize)] =
        if patient { &[(0, 4), (15 * MINUTES, 4), (30 * MINUTES, 2)] } else { &[(0, 5)] };
    for (at, count) in plan {
        rig.leap(begin + at - rig.mono);
        for _ in 0..*count {
            assert!(matches!(rig.try_pin("900900"), Answer::Denied(_)));
            guesses += 1;
        }
    }
    loop {
        let until = *locked(rig).last().unwrap();
        if rig.mono + until >= end {
            return guesses;
        }
        rig.leap(until);
        assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::CodesLocked));
        guesses += 1;
    }
}

#[test]
fn code_04_whoever_stands_there_all_day_guesses_36_times_at_most() {
    assert_eq!(guesses_in_a_day(&mut Rig::new(), false), 31);
    assert_eq!(guesses_in_a_day(&mut Rig::new(), true), 36);
}

#[test]
fn code_04_with_16_live_pins_a_day_of_guessing_succeeds_with_under_0_07_percent() {
    let mut rig = crowd(16);
    for n in 1..=16 {
        let pin = rig.pin_by_plate(&format!("9-AAA-{n:03}"));
        assert_eq!(pin.len(), 6);
        rig.leave();
    }
    let live = 16.0;
    // 36 guesses against all, and 48 with one registration each against that visit's one PIN.
    let odds = (36.0 * live + 48.0) / 1_000_000.0;
    assert!(odds < 0.000_7, "{odds}");
    let failed = |rig: &Rig| rig.count(|record| matches!(record, Record::CodeFailed { .. }));
    let guesses = guesses_in_a_day(&mut rig, true);
    assert_eq!(failed(&rig), guesses);
    assert_eq!(guesses, 36);
}

/// One look-up that finds nothing; gives how long it took.
fn miss(rig: &mut Rig) -> u64 {
    rig.press(Button::ByRegistration);
    rig.write("7-NOT-777");
    rig.press(Button::Ok);
    let begin = rig.mono;
    while rig.at() == "drop.searching" {
        rig.wait(100);
    }
    assert_eq!(rig.at(), "drop.no_match");
    rig.press(Button::Back);
    rig.mono - begin
}

#[test]
fn code_05_five_look_ups_without_a_match_a_session() {
    let mut rig = Rig::new();
    rig.begin_drop();
    for _ in 0..5 {
        assert_eq!(miss(&mut rig), 1_500);
    }
    let by = |button| screen::Action::Press { button };
    assert_eq!(rig.touch(by(Button::ByRegistration)), Err(Refusal::NotOffered));
    assert_eq!(rig.touch(by(Button::ByPhone)), Err(Refusal::NotOffered));
    rig.leave();
    rig.begin_drop();
    assert_eq!(miss(&mut rig), 1_500, "the next session may look again");
}

#[test]
fn code_05_after_20_misses_in_an_hour_a_look_up_takes_30_s_and_is_never_closed() {
    let mut rig = Rig::new();
    let begin = rig.mono;
    for n in 0..20 {
        rig.begin_drop();
        assert_eq!(miss(&mut rig), 1_500, "{n}");
        rig.leave();
    }
    rig.begin_drop();
    assert_eq!(miss(&mut rig), 30_000, "the 21st");
    rig.press(Button::ByRegistration);
    rig.write("1-ABC-123");
    rig.press(Button::Ok);
    rig.wait(29_900);
    assert_eq!(rig.at(), "drop.searching", "a match takes as long");
    rig.wait(100);
    assert_eq!(rig.at(), "drop.contact");
    rig.leave();
    rig.leap(begin + HOURS + 60_000 - rig.mono);
    rig.begin_drop();
    assert_eq!(miss(&mut rig), 1_500, "an hour later");
}

#[test]
fn code_05_three_messages_an_hour_and_six_a_day_for_a_visit() {
    let mut rig = Rig::new();
    let begin = rig.mono;
    let send = |rig: &mut Rig| {
        rig.begin_drop();
        rig.press(Button::ByRegistration);
        rig.write("1-ABC-123");
        rig.press(Button::Ok);
        rig.wait(1_500);
        rig.press(Button::Send);
        let is_sent = rig.at() == "drop.sending";
        assert!(is_sent || rig.notice() == Some("drop-contact-limit"));
        rig.deliver();
        rig.leave();
        is_sent
    };
    assert_eq!([(); 4].map(|()| send(&mut rig)), [true, true, true, false]);
    let fresh = rig.fresh();
    let refused = rig.ask(Ask::CheckIn { visit: JANE, contact: 0, fresh });
    assert_eq!(refused, Err(Refusal::TooManyMessages), "a check-in's message counts as well");
    rig.leap(HOURS);
    assert_eq!([(); 4].map(|()| send(&mut rig)), [true, true, true, false]);
    rig.leap(HOURS);
    assert!(!send(&mut rig), "six today");
    rig.leap(begin + 24 * HOURS + 60_000 - rig.mono);
    assert!(send(&mut rig));
}

#[test]
fn code_05_thirty_messages_an_hour_for_the_locker() {
    let mut rig = crowd(31);
    for n in 1..=30 {
        rig.check_in(VisitId(n));
    }
    let fresh = rig.fresh();
    let ask = Ask::CheckIn { visit: VisitId(31), contact: 0, fresh };
    assert_eq!(rig.ask(ask), Err(Refusal::TooManyMessages));
    rig.leap(HOURS);
    rig.check_in(VisitId(31));
}

#[test]
fn code_04_locks_of_the_last_24_hours_count_however_far_apart() {
    let mut rig = Rig::new();
    for _ in 0..5 {
        rig.try_pin("900900");
    }
    for hours in [11, 2, 1] {
        rig.leap(hours * HOURS);
        assert_eq!(rig.try_pin("900900"), Answer::Denied(Denial::CodesLocked));
    }
    assert_eq!(locked(&rig), [5, 10, 20, 40].map(|minutes| minutes * MINUTES));
}
