//! Running a model, and what it cost.

use std::fmt;
use std::hash::Hash;
use std::time::{Duration, Instant};

use stateright::{Checker, Expectation, HasDiscoveries, Model, Property};

use crate::state::{Game, Watched};

/// What a run looked at and found.
#[derive(Debug)]
pub struct Figures {
    /// The model.
    pub name: &'static str,
    /// States that differ.
    pub unique: usize,
    /// States generated, those seen before included.
    pub generated: usize,
    /// The longest shortest path.
    pub depth: usize,
    /// Seconds by the clock on the wall.
    pub seconds: f64,
    /// Whether every state within reach was looked at; not when time ran out or a rule was broken.
    pub is_whole: bool,
    /// Rules that do not hold, each with the steps that break it.
    pub broken: Vec<(&'static str, Vec<String>)>,
    /// What has to happen and did not.
    pub never: Vec<&'static str>,
    /// What has to happen and did, with the number of steps to it.
    pub reached: Vec<(&'static str, usize)>,
}

impl Figures {
    /// The steps that break a rule.
    #[must_use]
    pub fn path_to(&self, rule: &str) -> Option<&[String]> {
        self.broken.iter().find(|(name, _)| *name == rule).map(|(_, path)| path.as_slice())
    }
}

impl fmt::Display for Figures {
    #[allow(clippy::cast_precision_loss, reason = "a rate for people to read")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, unique, generated, depth, seconds, .. } = self;
        let rate = *generated as f64 / seconds;
        writeln!(
            f,
            "{name:<10} {unique:>10} unique states, {generated:>11} generated, depth {depth:>3}, {seconds:>7.1} s, \
             {rate:>9.0} states/s"
        )?;
        if !self.is_whole {
            writeln!(f, "  STOPPED before every state within reach was looked at")?;
        }
        for (rule, path) in &self.broken {
            writeln!(f, "  BROKEN {rule}")?;
            for (n, step) in path.iter().enumerate() {
                writeln!(f, "    {:>2} {step}", n + 1)?;
            }
        }
        for event in &self.never {
            writeln!(f, "  not    {event}")?;
        }
        for (event, steps) in &self.reached {
            writeln!(f, "  after {steps:>2} steps: {event}")?;
        }
        Ok(())
    }
}

/// How far a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To every state.
    Whole,
    /// To every state that is at most so many steps away.
    Steps(usize),
    /// For so long, and as far as that gets it.
    Seconds(u64),
}

/// Looks at every state of a game, the near ones first, and stops at the first broken rule.
#[must_use]
pub fn explore<G: Game>(name: &'static str, game: G, reach: Reach, threads: usize) -> Figures {
    let (mut figures, checker) = look(name, Watched::new(game), reach, threads);
    for (event, name) in G::EVENTS.iter().copied().enumerate() {
        match checker.model().seen.steps_to(event) {
            Some(steps) => figures.reached.push((name, steps as usize)),
            None => figures.never.push(name),
        }
    }
    figures
}

/// The same for a model that is no game: what has to happen are its own properties.
#[must_use]
pub fn explore_plain<M>(name: &'static str, model: M, reach: Reach, threads: usize) -> Figures
where
    M: Model + Send + Sync + 'static,
    M::State: Hash + Send + Sync + Clone + PartialEq + 'static,
    M::Action: Clone + PartialEq + fmt::Debug,
{
    let (mut figures, checker) = look(name, model, reach, threads);
    let found = checker.discoveries();
    let has_to_happen = |property: &Property<M>| property.expectation == Expectation::Sometimes;
    for property in checker.model().properties().into_iter().filter(has_to_happen) {
        match found.get(property.name) {
            Some(path) => figures.reached.push((property.name, path.clone().into_actions().len())),
            None => figures.never.push(property.name),
        }
    }
    figures
}

fn look<M>(name: &'static str, model: M, reach: Reach, threads: usize) -> (Figures, impl Checker<M>)
where
    M: Model + Send + Sync + 'static,
    M::State: Hash + Send + Sync + Clone + PartialEq + 'static,
    M::Action: Clone + PartialEq + fmt::Debug,
{
    #[allow(clippy::disallowed_methods, reason = "a figure for people to read, on which nothing depends")]
    let began = Instant::now();
    let mut checker = model.checker().threads(threads).finish_when(HasDiscoveries::AnyFailures);
    checker = match reach {
        Reach::Whole => checker,
        Reach::Steps(steps) => checker.target_max_depth(steps + 1),
        Reach::Seconds(seconds) => checker.timeout(Duration::from_secs(seconds)),
    };
    let checker = checker.spawn_bfs().join();
    let seconds = began.elapsed().as_secs_f64();
    let mut found = checker.discoveries();
    let mut broken = Vec::new();
    for property in checker.model().properties() {
        if property.expectation != Expectation::Sometimes
            && let Some(path) = found.remove(property.name)
        {
            let steps = path.into_actions().iter().map(|action| format!("{action:?}")).collect();
            broken.push((property.name, steps));
        }
    }
    let is_in_time = match reach {
        Reach::Seconds(seconds) => began.elapsed() < Duration::from_secs(seconds),
        Reach::Steps(steps) => checker.max_depth() <= steps,
        Reach::Whole => true,
    };
    let is_whole = is_in_time && broken.is_empty();
    let (unique, generated, depth) =
        (checker.unique_state_count(), checker.state_count(), checker.max_depth());
    let (never, reached) = (Vec::new(), Vec::new());
    (Figures { name, unique, generated, depth, seconds, is_whole, broken, never, reached }, checker)
}

/// The most memory that this process has had, in KiB, where the system says so.
#[must_use]
pub fn memory_peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
