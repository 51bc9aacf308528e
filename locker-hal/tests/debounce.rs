//! BOX-7 for one sensor: what is bounce and what counts.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use locker_hal::{Change, Debounce, Door, Mono, Raw, Taken};
use proptest::prelude::*;

fn settled(level: Door) -> (Debounce<Door>, u64) {
    let mut door = Debounce::default();
    for ms in (0..=1_000).step_by(50) {
        assert_eq!(door.sample(Raw(level), Taken::at(Mono(ms))), None, "the first level is no change");
    }
    assert_eq!(door.level(), Some(level));
    (door, 1_000)
}

#[test]
fn box_07_open_counts_after_50_ms_and_two_readings_whichever_is_longer() {
    let (mut door, t) = settled(Door::Closed);
    assert_eq!(door.sample(Raw(Door::Open), Taken::at(Mono(t + 10))), None);
    assert_eq!(door.sample(Raw(Door::Open), Taken::at(Mono(t + 59))), None, "49 ms");
    let opened = Change { to: Door::Open, at: Mono(t + 10) };
    assert_eq!(door.sample(Raw(Door::Open), Taken::at(Mono(t + 60))), Some(opened), "50 ms");

    let (mut door, t) = settled(Door::Closed);
    assert_eq!(door.sample(Raw(Door::Open), Taken::at(Mono(t + 300))), None, "one reading");
    let late = door.sample(Raw(Door::Open), Taken::at(Mono(t + 600)));
    assert_eq!(late.map(|change| change.at), Some(Mono(t + 300)), "two readings");
}

#[test]
fn box_07_closed_counts_after_1_s_of_rest_and_any_opening_begins_it_anew() {
    let (mut door, t) = settled(Door::Open);
    for ms in (50..1_050).step_by(50) {
        assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + ms))), None, "{ms}");
    }
    assert_eq!(door.sample(Raw(Door::Open), Taken::at(Mono(t + 1_020))), None, "bounced");
    for ms in (1_050..2_050).step_by(50) {
        assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + ms))), None, "{ms}");
    }
    let closed = Change { to: Door::Closed, at: Mono(t + 1_050) };
    assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + 2_050))), Some(closed));
}

#[test]
fn box_07_a_contact_that_leaves_its_level_for_longer_than_bounce_and_comes_back_says_so() {
    let (mut door, t) = settled(Door::Open);
    let mut told = Vec::new();
    for ms in (50..=1_050).step_by(50) {
        let raw = if (ms / 200) % 2 == 0 { Door::Closed } else { Door::Open };
        told.extend(door.sample(Raw(raw), Taken::at(Mono(t + ms))));
    }
    let back = |ms| Change { to: Door::Open, at: Mono(t + ms) };
    assert_eq!(told, [back(200), back(600), back(1_000)]);
    assert_eq!(door.level(), Some(Door::Open), "it never rested");
}

#[test]
fn box_07_bounce_on_either_side_is_no_return() {
    let (mut door, t) = settled(Door::Open);
    let mut raw = |level, ms| door.sample(Raw(level), Taken::at(Mono(t + ms)));
    assert_eq!(raw(Door::Closed, 10), None);
    assert_eq!(raw(Door::Closed, 59), None, "49 ms away");
    assert_eq!(raw(Door::Open, 60), None);
    assert_eq!(raw(Door::Closed, 200), None, "one reading away");
    assert_eq!(raw(Door::Open, 300), None);
    assert_eq!(raw(Door::Open, 400), None, "whatever follows");
    assert_eq!(raw(Door::Closed, 500), None);
    assert_eq!(raw(Door::Closed, 550), None, "50 ms away");
    assert_eq!(raw(Door::Open, 551), None);
    assert_eq!(raw(Door::Open, 600), None, "49 ms back");
    assert_eq!(raw(Door::Closed, 610), None, "and away again");
    assert_eq!(raw(Door::Closed, 660), None, "50 ms");
    assert_eq!(raw(Door::Open, 700), None);
    assert_eq!(raw(Door::Open, 750), Some(Change { to: Door::Open, at: Mono(t + 700) }), "50 ms back");
    assert_eq!(raw(Door::Open, 800), None, "said once");
}

#[test]
fn box_07_what_was_away_before_the_board_was_is_no_return() {
    let (mut door, t) = settled(Door::Open);
    for ms in [50, 100, 150] {
        assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + ms))), None);
    }
    door.unsettle();
    for ms in [5_000, 5_050, 5_100, 5_150] {
        assert_eq!(door.sample(Raw(Door::Open), Taken::at(Mono(t + ms))), None, "as before");
    }
}

#[test]
fn box_07_a_hole_between_two_readings_is_no_rest() {
    let (mut door, t) = settled(Door::Open);
    assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + 50))), None);
    assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + 5_000))), None, "400 ms of it count");
    assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + 5_400))), None, "800 ms");
    assert!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + 5_600))).is_some(), "1,000 ms");
}

#[test]
fn box_07_rest_is_counted_from_the_answer_to_the_next_question() {
    let (mut door, t) = settled(Door::Closed);
    let slow = |asked, answered| Taken { asked: Mono(t + asked), answered: Mono(t + answered) };
    assert_eq!(door.sample(Raw(Door::Open), slow(0, 40)), None);
    assert_eq!(door.sample(Raw(Door::Open), slow(60, 100)), None, "20 ms apart, maybe");
    assert!(door.sample(Raw(Door::Open), slow(130, 140)).is_some(), "30 ms more");
}

#[test]
fn box_01_a_cut_wire_is_unknown_and_a_lost_reading_of_it_is_bounce() {
    let (mut door, t) = settled(Door::Closed);
    assert_eq!(door.sample(Raw(Door::Unknown), Taken::at(Mono(t + 50))), None);
    assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + 100))), None);
    assert_eq!(door.level(), Some(Door::Closed));
    assert_eq!(door.sample(Raw(Door::Unknown), Taken::at(Mono(t + 150))), None);
    let cut = Change { to: Door::Unknown, at: Mono(t + 150) };
    assert_eq!(door.sample(Raw(Door::Unknown), Taken::at(Mono(t + 200))), Some(cut));
}

#[test]
fn box_12_a_sensor_that_was_away_has_no_level_until_it_settles_again() {
    let (mut door, t) = settled(Door::Closed);
    door.unsettle();
    assert_eq!(door.level(), None);
    assert_eq!(door.sample(Raw(Door::Open), Taken::at(Mono(t + 9_000))), None);
    assert_eq!(door.level(), None);
    let opened = Change { to: Door::Open, at: Mono(t + 9_000) };
    assert_eq!(door.sample(Raw(Door::Open), Taken::at(Mono(t + 9_050))), Some(opened));

    let (mut door, t) = settled(Door::Closed);
    door.unsettle();
    for ms in (9_000..=10_000).step_by(50) {
        assert_eq!(door.sample(Raw(Door::Closed), Taken::at(Mono(t + ms))), None, "as before");
    }
    assert_eq!(door.level(), Some(Door::Closed));
}

/// Readings of a door that begins closed and follows `stays`: how long on either side.
fn follow(stays: &[u64], periods: &[u64]) -> Vec<Change<Door>> {
    let (mut door, mut now) = settled(Door::Closed);
    let (begin, whole): (u64, u64) = (now, stays.iter().sum());
    let mut changes = Vec::new();
    for period in periods.iter().cycle() {
        now += period;
        if now - begin >= whole {
            break;
        }
        let mut left = now - begin;
        let side = stays.iter().position(|&stay| {
            left < stay || {
                left -= stay;
                false
            }
        });
        let level = if side.unwrap() % 2 == 0 { Door::Closed } else { Door::Open };
        changes.extend(door.sample(Raw(level), Taken::at(Mono(now))));
    }
    changes
}

proptest! {
    #[test]
    fn box_07_a_door_open_400_ms_is_always_seen(
        before in 0_u64..1_000,
        open in 400_u64..2_000,
        periods in prop::collection::vec(1_u64..=200, 1..20),
    ) {
        let changes = follow(&[before, open, 2_000], &periods);
        let sides: Vec<Door> = changes.iter().map(|change| change.to).collect();
        prop_assert_eq!(sides, [Door::Open, Door::Closed]);
        let opened = changes[0].at.0 - 1_000;
        prop_assert!(before <= opened && opened <= before + 200, "stamped {opened}, opened {before}");
    }

    #[test]
    fn box_07_bounce_shorter_than_50_ms_is_never_seen(
        stays in prop::collection::vec((1_u64..500, 1_u64..50), 1..20),
        periods in prop::collection::vec(1_u64..=200, 1..20),
    ) {
        let flat: Vec<u64> = stays.iter().flat_map(|&(closed, open)| [closed + 200, open]).collect();
        prop_assert_eq!(follow(&flat, &periods), []);
    }

    #[test]
    fn box_07_open_and_closed_alternate_whatever_the_door_does(
        stays in prop::collection::vec(1_u64..3_000, 1..40),
        periods in prop::collection::vec(1_u64..=200, 1..20),
    ) {
        let changes = follow(&stays, &periods);
        prop_assert!(changes.windows(2).all(|pair| pair[0].at < pair[1].at));
        let mut levels: Vec<Door> = changes.iter().map(|change| change.to).collect();
        let whole = levels.len();
        levels.dedup();
        for (n, level) in levels.iter().enumerate() {
            prop_assert_eq!(*level, if n % 2 == 0 { Door::Open } else { Door::Closed });
        }
        let back = changes.windows(2).filter(|pair| pair[0].to == pair[1].to);
        prop_assert!(back.clone().all(|pair| pair[1].to == Door::Open), "only a door that reads open can come back to it");
        prop_assert_eq!(back.count(), whole - levels.len());
    }
}
