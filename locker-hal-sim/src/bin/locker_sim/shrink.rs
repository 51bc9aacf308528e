//! Shrinking a violation to its shortest story: first the plan, then deed by deed.

use locker_hal_sim::world::{Deed, Input, Plan, Stage, Violation, Watch, World, WorldPlan};

use super::plant::{Plant, world};

/// How many smaller worlds are tried at most.
const WORLDS_MAX: usize = 60;
/// How many stories are tried at most.
const TRIES_MAX: usize = 600;

/// The invariant that is checked at the very end.
const CONVERGES: &str = "converges";

/// A violation with the story that leads to it.
pub(crate) struct Shrunk {
    pub(crate) violation: Violation,
    pub(crate) plan: Plan,
    pub(crate) inputs: Vec<Input>,
    /// How many deeds it took before.
    pub(crate) before: usize,
}

/// Finds a short story with a violation of the same rule.
pub(crate) fn shrink(plan: &WorldPlan, violation: &Violation, plant: Option<Plant>) -> Shrunk {
    let told = |plan: &WorldPlan| {
        let mut world = world(WorldPlan { keeps_inputs: true, ..plan.clone() }, plant);
        world.live();
        if world.violation().is_none() {
            world.heal();
        }
        let found = world.violation().filter(|found| found.rule == violation.rule).cloned()?;
        Some((found, world.stage().plan().clone(), world.stage().inputs().to_vec()))
    };
    // A planted defect is in no plan.
    let small = if plant.is_none() { World::shrink(plan, violation.rule, WORLDS_MAX) } else { plan.clone() };
    let before = told(plan).map_or(0, |(_, _, inputs)| inputs.len());
    let Some((found, plan, inputs)) = told(&small).or_else(|| told(plan)) else {
        let plan = World::new(plan.clone()).stage().plan().clone();
        return Shrunk { violation: violation.clone(), plan, inputs: Vec::new(), before };
    };
    if found.rule == CONVERGES {
        // What did not heal shows only behind the whole healing: every deed of it counts.
        return Shrunk { violation: found, plan, inputs, before };
    }
    let mut search = Search { plan: &plan, plant, tries: 0, best: inputs, found };
    search.shorten();
    let Search { best, found, .. } = search;
    Shrunk { violation: found, plan, inputs: best, before }
}

struct Search<'a> {
    plan: &'a Plan,
    plant: Option<Plant>,
    tries: usize,
    best: Vec<Input>,
    found: Violation,
}

impl Search<'_> {
    /// Leaves out what is not needed: large pieces first, then smaller ones, as long as the rule stays broken.
    fn shorten(&mut self) {
        let any_screen: Vec<Input> = self.best.iter().map(without_generation).collect();
        self.try_story(any_screen);
        let mut piece = self.best.len() / 2;
        while piece > 0 {
            let mut from = 0;
            let mut is_shorter = false;
            while from < self.best.len() && self.tries < TRIES_MAX {
                let mut story = self.best.clone();
                story.drain(from..(from + piece).min(story.len()));
                if self.try_story(story) {
                    is_shorter = true;
                } else {
                    from += piece;
                }
            }
            if self.tries >= TRIES_MAX {
                return;
            }
            piece = if is_shorter && piece == 1 { 1 } else { piece / 2 };
        }
    }

    fn try_story(&mut self, story: Vec<Input>) -> bool {
        self.tries += 1;
        match violates(self.plan, self.plant, &story, self.found.at) {
            Some(found) if found.rule == self.found.rule => {
                self.found = found;
                self.best = story;
                true
            }
            _ => false,
        }
    }
}

/// Touches whatever screen is there, so that a touch is not refused because one before it was left out.
fn without_generation(input: &Input) -> Input {
    let deed = match &input.deed {
        Deed::Touch { locker, action, .. } => {
            Deed::Touch { locker: *locker, action: action.clone(), generation: None }
        }
        other => other.clone(),
    };
    Input { at: input.at, deed }
}

/// The first violation of a story that ends at `until`.
fn violates(plan: &Plan, plant: Option<Plant>, story: &[Input], until: u64) -> Option<Violation> {
    let mut stage = Stage::new(Plan { keeps_inputs: false, ..plan.clone() });
    let mut watch = Watch::new(&mut stage);
    if let Some(plant) = plant {
        plant.put_into(&mut stage);
    }
    for input in story {
        while stage.step_until(input.at) {
            if let Err(found) = watch.look(&mut stage) {
                return Some(found);
            }
        }
        let _ = stage.act(input.deed.clone());
        if let Err(found) = watch.look(&mut stage) {
            return Some(found);
        }
    }
    while stage.step_until(until) {
        if let Err(found) = watch.look(&mut stage) {
            return Some(found);
        }
    }
    None
}
