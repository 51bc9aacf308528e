//! Never lost (SAFE), as far as the machine alone can promise it.

use locker_core::screen::Button;
use locker_core::*;

use crate::rig::{BEGIN, JANE, MECHANIC, OMAR, Rig, TOMORROW, box_no};

const HOUR_MS: i64 = 3_600_000;

/// Two drops, a pick-up, a box left unconfirmed, a check, wrong codes and a forced door: something of everything.
pub fn long_story() -> Rig {
    let mut rig = Rig::new();
    let jane = rig.drop_key("1-ABC-123");
    let omar = rig.drop_to_open_box("2-XYZ-789");
    rig.put_key(omar);
    rig.close(omar);
    rig.leave();
    rig.try_pin("900900");
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    rig.wait(200);
    rig.take_key(jane);
    rig.close(jane);
    rig.press(Button::Confirm);
    rig.press(Button::Done);
    rig.settle(omar, Button::KeyStays);
    rig.pry(4);
    rig.close(4);
    rig.check_in(TOMORROW);
    rig
}

/// What must hold of every locker at every moment (SAFE-3).
pub fn custody_holds(locker: &Locker) {
    let mut held: Vec<VisitId> = locker.boxes().iter().filter_map(|report| report.visit).collect();
    held.sort();
    let count = held.len();
    held.dedup();
    assert_eq!(held.len(), count, "a visit is in two boxes");
    for report in locker.boxes() {
        if let Some(visit) = report.visit {
            let is_there = match locker.custody(visit) {
                Custody::Box { box_no } => box_no == report.box_no && report.to_check.is_none(),
                Custody::ToCheck { box_no, .. } => box_no == report.box_no && report.to_check.is_some(),
                Custody::Customer | Custody::Staff { .. } | Custody::Missing { .. } => false,
            };
            assert!(is_there, "box {} holds a key that is elsewhere", report.box_no);
        }
    }
}

#[test]
fn safe_01_a_step_changes_nothing_before_it_is_committed_and_cannot_be_committed_unwritten() {
    let mut rig = Rig::new();
    let before = rig.locker.durable().clone();
    let fresh = rig.fresh();
    let now = rig.now();
    let ask = Ask::CheckIn { visit: JANE, contact: 0, fresh };
    let step = rig.locker.ask(ask, &now).unwrap();
    assert_eq!(step.records().len(), 2);
    assert_eq!(rig.locker.durable(), &before);
    assert_eq!(rig.locker.commit(step), Err(Misuse::NotEncoded));
    assert_eq!(rig.locker.durable(), &before);
}

#[test]
fn safe_01_of_two_steps_decided_on_the_same_version_only_one_is_committed() {
    let mut rig = Rig::new();
    let lift = || Ask::LiftLock { user: UserId(1) };
    let now = rig.now();
    let (one, mut two) = (rig.locker.ask(lift(), &now).unwrap(), rig.locker.ask(lift(), &now).unwrap());
    rig.append(one);
    two.encode(&mut rig.vault).unwrap();
    let before = rig.locker.durable().clone();
    assert_eq!(rig.locker.commit(two), Err(Misuse::Stale));
    assert_eq!(rig.locker.durable(), &before);
}

#[test]
fn safe_02_a_power_cut_at_every_record_opens_nothing_and_loses_no_key() {
    let rig = long_story();
    let stamped = rig.stamped();
    let (mut confirmed, mut taken, mut under_way) = (Vec::new(), Vec::new(), 0);
    for cut in 0..=rig.journal.len() {
        // The vault's head is kept after the append: at this cut it is at most as new as the journal.
        let mut vault = mocks::MemoryVault::new();
        let head = rig.journal[..cut].last().map(Entry::head).unwrap_or_default();
        vault.keep_head(Locker::STREAM, head).unwrap();
        let mut locker = Locker::restore(&mut vault, None, rig.journal[..cut].to_vec()).unwrap();
        let now = Now::new(Mono(5), Wall(rig.wall + 1_000), rig.today, Wall(BEGIN + 5 * HOUR_MS));
        let was: Vec<Custody> = [JANE, OMAR].map(|visit| locker.custody(visit)).into();
        let mut step = locker.start(&now);
        step.encode(&mut vault).unwrap();
        locker.commit(step).unwrap();
        assert_eq!(locker.outputs(&now).pulse, None, "cut at {cut}");
        custody_holds(&locker);
        match cut.checked_sub(1).map(|last| &stamped[last].record) {
            Some(Record::KeyDropped { visit, .. }) => confirmed.push(*visit),
            Some(Record::KeyTaken { visit, .. }) => {
                confirmed.retain(|held| held != visit);
                taken.push(*visit);
            }
            _ => {}
        }
        for visit in &confirmed {
            let is_in = matches!(locker.custody(*visit), Custody::Box { .. } | Custody::ToCheck { .. });
            assert!(is_in, "a confirmed key is lost at {cut}");
        }
        for visit in &taken {
            assert_eq!(locker.custody(*visit), Custody::Staff { user: MECHANIC });
        }
        // A key that was on its way in is to be checked, with the customer's key still booked.
        for (visit, was) in [JANE, OMAR].into_iter().zip(was) {
            if matches!((was, locker.custody(visit)), (Custody::Customer, Custody::ToCheck { .. })) {
                under_way += 1;
            }
        }
        assert!(locker.boxes().iter().all(|report| !report.reserved), "cut at {cut}");
    }
    assert!(under_way >= 6, "both drops were cut between pulse and Confirm: {under_way}");
}

#[test]
fn safe_02_a_code_that_carried_its_session_lives_ten_minutes_more_after_a_power_cut() {
    let mut rig = Rig::new();
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.leap(29 * 60_000);
    rig.show_pad();
    assert_eq!(rig.type_pin(&pin), Answer::Done);
    rig.leap(60_000);
    rig.power_cut(1_000);
    let begin = rig.mono;
    rig.leap(599_999);
    rig.show_pad();
    for digit in pin.bytes() {
        rig.touch(screen::Action::Digit { digit: digit - b'0' }).unwrap();
    }
    assert_eq!(rig.mono, begin + 599_999);
    rig.leap(1);
    assert_eq!(rig.press(Button::Ok), Answer::Denied(Denial::CodeExpired));
}

fn broken(rig: &Rig, entries: Vec<Entry>) -> RestoreError {
    Locker::restore(&mut rig.vault.clone(), None, entries).err().expect("damage was not found")
}

#[test]
fn safe_04_a_changed_dropped_swapped_cut_or_foreign_record_is_named_by_its_number() {
    let rig = long_story();
    let journal = &rig.journal;
    for at in 0..journal.len() {
        let seq = at as u64 + 1;
        let mut changed = journal.clone();
        let middle = changed[at].body.len() / 2;
        changed[at].body[middle] ^= 1;
        assert_eq!(broken(&rig, changed), RestoreError::Broken { seq });
        let mut forged = journal.clone();
        forged[at].mac[0] ^= 1;
        assert_eq!(broken(&rig, forged), RestoreError::Broken { seq });
        let mut dropped = journal.clone();
        dropped.remove(at);
        let is_last = at + 1 == journal.len();
        let named = if is_last { RestoreError::Cut { seq } } else { RestoreError::Broken { seq } };
        assert_eq!(broken(&rig, dropped), named);
        if !is_last {
            let mut swapped = journal.clone();
            swapped.swap(at, at + 1);
            assert_eq!(broken(&rig, swapped), RestoreError::Broken { seq });
        }
        let cut = journal[..at].to_vec();
        assert_eq!(broken(&rig, cut), RestoreError::Cut { seq });
    }
}

#[test]
fn safe_04_a_record_chained_under_another_key_is_foreign_and_a_doubled_one_changes_nothing() {
    let rig = long_story();
    let other = ChainKey::derive(&Secret::new([1; 32]));
    let mut grown = rig.journal.clone();
    let last = grown.last().unwrap().clone();
    grown.push(other.link(last.head(), last.body.clone()));
    let seq = rig.journal.len() as u64 + 1;
    assert_eq!(broken(&rig, grown), RestoreError::Broken { seq });
    let mut doubled = rig.journal.clone();
    doubled.push(last);
    let restored = Locker::restore(&mut rig.vault.clone(), None, doubled).unwrap();
    assert_eq!(restored.durable(), rig.locker.durable());
}

#[test]
fn safe_04_an_older_journal_that_was_grown_again_is_found_by_the_head_kept_apart() {
    let rig = long_story();
    let mut vault = rig.vault.clone();
    vault.keep_head(Locker::STREAM, Head::default()).unwrap();
    let mut grown = rig.journal[..40].to_vec();
    let mut locker = Locker::restore(&mut vault, None, grown.clone()).unwrap();
    let mut mono = 1;
    while grown.len() < rig.journal.len() + 3 {
        let now = Now::new(Mono(mono), Wall(rig.wall), rig.today, Wall(rig.wall + HOUR_MS));
        let mut step = locker.start(&now);
        grown.extend(step.encode(&mut vault).unwrap().entries);
        locker.commit(step).unwrap();
        mono += 1;
    }
    let seq = rig.journal.len() as u64;
    assert_eq!(broken(&rig, grown), RestoreError::Broken { seq });
}

#[test]
fn safe_04_a_vault_whose_head_is_behind_is_no_alarm() {
    let rig = long_story();
    let mut vault = rig.vault.clone();
    for behind in [0, rig.journal.len() - 2] {
        let head = rig.journal[..behind].last().map(Entry::head).unwrap_or_default();
        vault.keep_head(Locker::STREAM, head).unwrap();
        let restored = Locker::restore(&mut vault, None, rig.journal.clone()).unwrap();
        assert_eq!(restored.durable(), rig.locker.durable());
    }
}

#[test]
fn safe_04_a_snapshot_at_any_record_and_the_rest_give_the_same_locker() {
    let rig = long_story();
    for cut in (0..=rig.journal.len()).step_by(7) {
        let mut vault = rig.vault.clone();
        vault.keep_head(Locker::STREAM, Head::default()).unwrap();
        let old = Locker::restore(&mut vault, None, rig.journal[..cut].to_vec()).unwrap();
        let bytes = old.snapshot(&mut vault).unwrap();
        let whole = Locker::restore(&mut vault, Some(&bytes), rig.journal.clone()).unwrap();
        assert_eq!(whole.durable(), rig.locker.durable());
        assert_eq!(whole.head(), rig.locker.head());
        let rest = Locker::restore(&mut vault, Some(&bytes), rig.journal[cut..].to_vec()).unwrap();
        assert_eq!(rest.durable(), rig.locker.durable());
        assert_eq!(rest.frame().boot(), rig.locker.frame().boot());
    }
}

#[test]
fn safe_04_a_damaged_snapshot_is_refused_at_every_byte() {
    let mut rig = Rig::new();
    rig.drop_key("1-ABC-123");
    let bytes = rig.locker.snapshot(&mut rig.vault).unwrap();
    for at in (0..bytes.len()).step_by(13) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        let error = Locker::restore(&mut rig.vault, Some(&damaged), []).err();
        assert_eq!(error, (at != 64).then_some(RestoreError::Snapshot), "byte {at}");
    }
    for length in [0, 1, 64, 65, bytes.len() - 1] {
        let error = Locker::restore(&mut rig.vault, Some(&bytes[..length]), []).err();
        assert_eq!(error, Some(RestoreError::Snapshot), "{length} bytes");
    }
}

/// Puts a body of its own behind the journal, authentic.
fn behind(rig: &Rig, body: &str) -> RestoreError {
    let key = rig.vault.clone().machine_key(Locker::STREAM).unwrap();
    let last = rig.journal.last().unwrap().head();
    let body = body.replace("SEQ", &(last.seq + 1).to_string());
    let mut entries = rig.journal.clone();
    entries.push(ChainKey::derive(&key).link(last, body.into_bytes()));
    broken(rig, entries)
}

#[test]
fn safe_04_a_newer_version_and_an_unknown_kind_name_their_number() {
    let rig = Rig::new();
    let seq = rig.journal.len() as u64 + 1;
    let at = r#""at":{"boot":1,"mono":1,"wall":1}"#;
    let newer = behind(&rig, &format!(r#"{{"v":2,"seq":SEQ,{at},"k":"box.freed","box_no":1}}"#));
    assert_eq!(newer, RestoreError::TooNew { seq });
    let unknown = behind(&rig, &format!(r#"{{"v":1,"seq":SEQ,{at},"k":"box.painted","box_no":1}}"#));
    assert_eq!(unknown, RestoreError::Unreadable { seq });
    let renumbered = behind(&rig, &format!(r#"{{"v":1,"seq":1,{at},"k":"box.freed","box_no":1}}"#));
    assert_eq!(renumbered, RestoreError::Unreadable { seq });
    assert_eq!(behind(&rig, "{"), RestoreError::Unreadable { seq });
}

#[test]
fn safe_05_an_erased_person_replays_as_erased_and_the_chain_holds() {
    let mut rig = long_story();
    rig.vault.erase(Subject::Visit(JANE)).unwrap();
    let restored = Locker::restore(&mut rig.vault, None, rig.journal.clone()).unwrap();
    assert_eq!(restored.custody(JANE), Custody::Staff { user: MECHANIC });
    assert_eq!(restored.head(), rig.locker.head());
}

fn clock_records(rig: &Rig) -> Vec<Record> {
    let is = |record: &Record| matches!(record, Record::ClockDoubted { .. } | Record::ClockConfirmed {});
    rig.records().into_iter().filter(is).collect()
}

#[test]
fn safe_07_a_jump_of_more_than_an_hour_is_doubted_either_way_and_an_hour_is_not() {
    for jump in [HOUR_MS, -HOUR_MS] {
        let mut rig = Rig::new();
        rig.wall += jump;
        rig.note(Told::Tick);
        assert_eq!(clock_records(&rig), [], "{jump}");
        let mut rig = Rig::new();
        let before = Wall(rig.wall + 1_000);
        rig.wall += jump + jump.signum();
        let after = Wall(rig.wall + 1_000);
        rig.leap(1_000);
        assert_eq!(clock_records(&rig), [Record::ClockDoubted { before, after }], "both times are recorded");
        rig.note(Told::ClockConfirmed);
        assert_eq!(clock_records(&rig).last(), Some(&Record::ClockConfirmed {}));
        rig.note(Told::ClockConfirmed);
        assert_eq!(clock_records(&rig).len(), 2, "once");
    }
}

#[test]
fn safe_07_a_doubted_clock_stops_look_ups_and_expiry_by_date_and_kills_no_code() {
    let mut rig = Rig::new();
    let (planned, kiosk) = (rig.check_in(OMAR), rig.pin_by_plate("1-ABC-123"));
    rig.leave();
    rig.wall += 40 * 24 * HOUR_MS;
    rig.today = rig.today.plus_days(40);
    rig.leap(1_000);
    assert_eq!(rig.try_pin(&planned), Answer::Done, "codes alive at the jump stay alive");
    assert_eq!(rig.try_pin(&kiosk), Answer::Done);
    rig.begin_drop();
    let by = screen::Action::Press { button: Button::ByRegistration };
    assert_eq!(rig.touch(by), Err(Refusal::NotOffered));
    rig.leave();
    rig.note(Told::ClockConfirmed);
    // What was tried and left lives 10 minutes more (DROP-15).
    rig.leap(600_000);
    assert_eq!(rig.try_pin(&planned), Answer::Denied(Denial::CodeExpired), "confirmed: it is over by date");
    assert_eq!(rig.try_pin(&kiosk), Answer::Done, "a minute is a minute");
}

#[test]
fn safe_07_time_going_back_revives_no_dead_code() {
    let mut rig = Rig::new();
    let pin = rig.pin_by_plate("1-ABC-123");
    rig.leave();
    rig.leap(30 * 60_000);
    rig.wall -= 48 * HOUR_MS;
    rig.today = rig.today.plus_days(-2);
    assert_eq!(rig.try_pin(&pin), Answer::Denied(Denial::CodeExpired));
    rig.power_cut(-48 * HOUR_MS);
    assert_eq!(rig.try_pin(&pin), Answer::Denied(Denial::CodeExpired));
}

#[test]
fn safe_07_a_code_ages_while_the_locker_is_off_by_a_trusted_clock_only() {
    let minutes = 60_000;
    for (off, is_trusted, answer) in [
        (20 * minutes, true, Answer::Done),
        (31 * minutes, true, Answer::Denied(Denial::CodeExpired)),
        (31 * minutes, false, Answer::Done),
        (-31 * minutes, true, Answer::Done),
    ] {
        let mut rig = Rig::new();
        let pin = rig.pin_by_plate("1-ABC-123");
        rig.leave();
        rig.trusted = is_trusted;
        rig.power_cut(off);
        assert_eq!(rig.try_pin(&pin), answer, "{off} {is_trusted}");
    }
}

#[test]
fn safe_07_a_start_without_a_confirmed_time_is_doubted_until_it_is_confirmed() {
    let mut rig = Rig::new();
    rig.trusted = false;
    rig.power_cut(1_000);
    assert!(matches!(clock_records(&rig)[..], [Record::ClockDoubted { .. }]));
    rig.power_cut(1_000);
    assert_eq!(clock_records(&rig).len(), 1, "told once");
    rig.trusted = true;
    rig.power_cut(1_000);
    assert_eq!(clock_records(&rig).last(), Some(&Record::ClockConfirmed {}));
}

#[test]
fn safe_08_below_the_reserve_no_drops_and_pick_ups_go_on() {
    let mut rig = Rig::new();
    rig.drop_key("1-ABC-123");
    rig.note(Told::Store(Store::Low));
    let drop = screen::Action::Press { button: Button::DropKey };
    assert_eq!(rig.touch(drop), Err(Refusal::NotOffered));
    assert_eq!(rig.notice(), Some("start-store-low"));
    rig.show_qr();
    assert!(matches!(rig.scan(Act::PickUp { visit: JANE }), Answer::Opens(_)));
    rig.wait(200);
    assert_eq!(rig.driven.len(), 2);
}

#[test]
fn safe_08_without_a_journal_nothing_opens_no_code_leaves_and_help_answers() {
    let mut rig = Rig::new();
    rig.drop_key("1-ABC-123");
    rig.show_qr();
    let before = rig.journal.len();
    rig.note(Told::Store(Store::Down));
    assert_eq!(rig.journal.len(), before, "changes the session only");
    let (payload, _) = rig.qr().unwrap();
    let scan = rig.scan_of(Proof::Qr(payload.nonce), Act::PickUp { visit: JANE });
    assert_eq!(rig.ask(Ask::Scan(scan.clone())), Err(Refusal::StoreDown));
    let fresh = rig.fresh();
    assert_eq!(rig.ask(Ask::CheckIn { visit: OMAR, contact: 0, fresh }), Err(Refusal::StoreDown));
    rig.press(Button::Help);
    rig.press(Button::CallHelp);
    rig.press(Button::CloseHelp);
    rig.note(Told::Store(Store::Up));
    assert_eq!(rig.ask(Ask::Scan(scan)), Ok(Answer::Opens(box_no(1))), "nothing was spent");
}

#[test]
fn safe_08_a_journal_that_fails_takes_a_granted_pulse_back_and_the_start_screen_says_so() {
    let mut rig = Rig::new();
    rig.drop_key("1-ABC-123");
    rig.show_qr();
    rig.scan(Act::PickUp { visit: JANE });
    assert!(rig.locker.outputs(&rig.now()).pulse.is_some());
    rig.note(Told::Store(Store::Down));
    assert_eq!(rig.locker.outputs(&rig.now()).pulse, None);
    let mut rig = Rig::new();
    rig.note(Told::Store(Store::Down));
    assert_eq!(rig.notice(), Some("start-store-down"));
    for button in [Button::DropKey, Button::PickUpKey] {
        assert_eq!(rig.touch(screen::Action::Press { button }), Err(Refusal::NotOffered));
    }
}
