//! The doors and power cuts in small, and each rule broken by one lie.

use locker_model::bounds::NO_DOORS;
use locker_model::doors::{Doors, Lie, Rule};
use locker_model::{Figures, Reach, explore};

/// Small worlds, each with one kind of trouble and looked at so many steps deep; together they reach most of what the
/// whole one reaches.
const SMALL: [(Doors, usize); 6] = [
    (Doors { walks: 1, drops: 1, ..NO_DOORS }, 40),
    (Doors { walks: 1, drops: 1, mishaps: 3, late: 1, ..NO_DOORS }, 11),
    (Doors { walks: 1, drops: 1, cuts: 1, late: 1, ..NO_DOORS }, 12),
    (Doors { walks: 2, drops: 1, pries: 1, ..NO_DOORS }, 11),
    (Doors { walks: 2, drops: 2, cuts: 1, again: 1, ..NO_DOORS }, 11),
    (Doors { walks: 1, outs: 1, cuts: 1, ..NO_DOORS }, 11),
];

/// What takes more steps than that.
const BEYOND: [&str; 11] = [
    "the driver takes the key with a PIN",
    "the power goes while the driver has the box open",
    "staff fetch the key",
    "staff find the key and leave it",
    "staff find a box empty in which a key was booked",
    "a box goes out of service because it did not open",
    "a jam leads to another box",
    "too many openings went unconfirmed",
    "a door opens after its pulse was given up",
    "a drop completes by its sensors",
    "a pick-up is left, and the sensor sees the key still there",
];

fn lies(lie: Lie, rule: Rule, model: Doors) {
    let figures = explore("doors", Doors { lie, only: Some(rule), ..model }, Reach::Whole, 1);
    let path = figures.path_to(rule.name());
    assert!(path.is_some(), "{lie:?} does not break {}:\n{figures}", rule.name());
}

#[test]
fn safe_02_safe_03_box_10_no_step_of_people_doors_and_power_cuts_loses_a_key_or_opens_a_box_by_itself() {
    let small = SMALL.into_iter();
    let all: Vec<Figures> =
        small.map(|(model, steps)| explore("doors", model, Reach::Steps(steps), 1)).collect();
    for figures in &all {
        assert!(figures.broken.is_empty(), "{figures}");
    }
    let first = all.first().map(|figures| figures.never.clone()).unwrap_or_default();
    let never = |event: &&str| all.iter().all(|figures| figures.never.contains(event));
    let never: Vec<&str> = first.into_iter().filter(never).filter(|event| !BEYOND.contains(event)).collect();
    assert!(never.is_empty(), "none of the small worlds reaches {never:?}");
}

#[test]
fn box_10_a_bus_that_keeps_orders_is_caught() {
    lies(Lie::KeepsOrders, Rule::Granted, Doors { walks: 1, drops: 1, cuts: 1, ..NO_DOORS });
}

#[test]
fn box_10_a_host_that_hands_old_readings_in_again_is_caught() {
    lies(Lie::StaleReadings, Rule::Causes, Doors { walks: 1, drops: 1, mishaps: 1, ..NO_DOORS });
}

#[test]
fn box_10_safe_02_a_host_that_serves_what_it_has_not_started_is_caught() {
    let model = Doors { walks: 1, drops: 1, cuts: 1, ..NO_DOORS };
    lies(Lie::NeverStarts, Rule::Quiet, model);
    lies(Lie::NeverStarts, Rule::Settled, model);
}

#[test]
fn box_08_a_board_that_refuses_and_fires_later_is_caught() {
    lies(Lie::RefusesAndFires, Rule::OneAtATime, Doors { walks: 1, drops: 1, mishaps: 3, ..NO_DOORS });
}

#[test]
fn safe_02_safe_03_a_host_that_starts_from_an_old_snapshot_is_caught() {
    lies(Lie::OldSnapshot, Rule::KeyFound, Doors { walks: 1, drops: 1, cuts: 1, ..NO_DOORS });
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes unoptimised: run by hand with --release")]
fn box_08_box_11_drop_15_an_old_snapshot_gives_ids_boxes_and_codes_twice_and_is_caught() {
    let model = Doors { walks: 2, drops: 2, cuts: 1, ..NO_DOORS };
    lies(Lie::OldSnapshot, Rule::NoIdTwice, Doors { cuts: 2, ..model });
    lies(Lie::OldSnapshot, Rule::Certain, model);
    lies(Lie::OldSnapshot, Rule::SpentOnce, model);
}

#[test]
fn box_03_a_host_that_spares_doors_that_read_open_is_caught() {
    lies(Lie::SparesOpenDoors, Rule::AlwaysFired, Doors { walks: 1, pries: 1, ..NO_DOORS });
}

#[test]
fn safe_03_a_cabinet_that_hides_force_is_caught() {
    lies(Lie::HidesForce, Rule::KeyTrue, Doors { walks: 1, drops: 1, pries: 1, ..NO_DOORS });
}

#[test]
fn drop_14_a_frontend_that_confirms_by_itself_is_caught() {
    lies(Lie::ConfirmsAlone, Rule::OnlyConfirm, Doors { walks: 1, drops: 1, ..NO_DOORS });
}

#[test]
fn safe_01_a_host_that_acts_unrecorded_is_caught() {
    lies(Lie::ActsUnrecorded, Rule::Survives, Doors { walks: 1, drops: 1, cuts: 1, ..NO_DOORS });
}

#[test]
fn safe_01_a_journal_that_loses_records_is_caught() {
    lies(Lie::LosesRecords, Rule::Durable, Doors { walks: 1, drops: 1, ..NO_DOORS });
}
