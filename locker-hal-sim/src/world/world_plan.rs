//! What a world is made of, and how one that breaks a rule is made smaller.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::mishap::Mishap;
use super::plan::Plan;
use super::run::World;

/// What a world is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorldPlan {
    /// From this follows everything.
    pub seed: u64,
    /// How many lockers.
    pub lockers: u8,
    /// How many boxes each has.
    pub boxes: u8,
    /// How many days.
    pub days: u32,
    /// How many visits a day and locker: a customer and, later, a member of staff each.
    pub visits: u32,
    /// Which kinds of mishap there are.
    pub mishaps: BTreeSet<Mishap>,
    /// After how many days what is personal of a visit is erased (SAFE-5).
    pub erase_after_days: u16,
    /// Whether drops need two factors.
    pub two_factor: bool,
    /// Whether boxes have item sensors.
    pub item_sensors: bool,
    /// Whether boxes have door sensors.
    pub door_sensors: bool,
    /// Whether every invariant is checked after every step.
    pub watched: bool,
    /// Whether inputs are kept, for [`Stage::replay`](super::Stage::replay).
    pub keeps_inputs: bool,
}

impl Default for WorldPlan {
    fn default() -> Self {
        Self {
            seed: 1,
            lockers: 1,
            boxes: 16,
            days: 1,
            visits: 20,
            mishaps: BTreeSet::new(),
            erase_after_days: 2,
            two_factor: true,
            item_sensors: true,
            door_sensors: true,
            watched: true,
            keeps_inputs: false,
        }
    }
}

impl WorldPlan {
    /// The plan of a seed: most have few kinds of mishap, some have many, some all.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        let mut dice = Rng::with_seed(seed ^ 0x5eed);
        let kinds = match dice.u8(0..10) {
            0 => 0,
            1..=3 => 1,
            4..=5 => 2,
            6..=7 => 4,
            8 => 8,
            _ => Mishap::ALL.len(),
        };
        let mut all = Mishap::ALL.to_vec();
        dice.shuffle(&mut all);
        let mut plan = Self {
            seed,
            lockers: if dice.u8(0..6) == 0 { 2 } else { 1 },
            boxes: [3, 8, 16][dice.usize(0..3)],
            // Now and then a key waits so long that its customer is reminded, and the old PIN dies.
            days: if dice.u8(0..12) == 0 { 6 } else { dice.u32(1..=3) },
            visits: dice.u32(4..=24),
            mishaps: all.into_iter().take(kinds).collect(),
            two_factor: dice.u8(0..3) > 0,
            item_sensors: dice.u8(0..3) > 0,
            door_sensors: dice.u8(0..8) > 0,
            ..Self::default()
        };
        plan.erase_after_days = dice.u16(1..=4);
        if dice.u8(0..50) == 0 {
            // Keys wait until nobody comes for them any more (PICK-4).
            (plan.days, plan.lockers, plan.visits) = (34, 1, dice.u32(1..=3));
            plan.mishaps = plan.mishaps.into_iter().take(2).collect();
        }
        plan
    }

    pub(super) fn stage(&self) -> Plan {
        let mut plan = Plan { seed: self.seed, lockers: self.lockers, boxes: self.boxes, ..Plan::default() };
        plan.settings.two_factor = self.two_factor;
        plan.location.telephone = "02 555 01 00".into();
        plan.location.erase_after_days = self.erase_after_days;
        plan.item_sensors = self.item_sensors;
        plan.door_sensors = self.door_sensors;
        plan.keeps_inputs = self.keeps_inputs;
        plan
    }
}

impl World {
    /// Finds a smaller plan that violates the same rule: fewer kinds of mishap, fewer days, fewer visits. Runs at most
    /// `worlds_max` worlds.
    #[must_use]
    pub fn shrink(plan: &WorldPlan, rule: &str, worlds_max: usize) -> WorldPlan {
        let mut left = worlds_max;
        let mut fails = |plan: &WorldPlan| {
            left = left.saturating_sub(1);
            left > 0 && Self::run(plan.clone()).violation.is_some_and(|found| found.rule == rule)
        };
        let mut best = plan.clone();
        loop {
            let mut smaller: Vec<WorldPlan> = Vec::new();
            for kind in &best.mishaps {
                let mut less = best.clone();
                less.mishaps.remove(kind);
                smaller.push(less);
            }
            if best.days > 1 {
                smaller.push(WorldPlan { days: best.days - 1, ..best.clone() });
            }
            if best.lockers > 1 {
                smaller.push(WorldPlan { lockers: best.lockers - 1, ..best.clone() });
            }
            if best.visits > 1 {
                smaller.push(WorldPlan { visits: best.visits / 2, ..best.clone() });
                smaller.push(WorldPlan { visits: best.visits - 1, ..best.clone() });
            }
            match smaller.into_iter().find(|plan| fails(plan)) {
                Some(less) => best = less,
                None => return best,
            }
        }
    }
}
