//! `locker-sim run`: days of a dealership from one seed, or many dealerships from many seeds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Write, stdout};
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use locker_core::DAY;
use locker_hal_sim::world::{INVARIANTS, Mishap, Summary, Violation, WorldPlan};

use super::plant::{Plant, world};
use super::story::Story;
use super::{Failed, report, shrink};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// From this number follows everything.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A run of its own for each of these numbers, on all cores: 0..1000.
    #[arg(long, value_parser = range, conflicts_with_all = ["seed", "report"])]
    seeds: Option<Range<u64>>,
    /// How many lockers, 1 to 50; the seed's own draw if not given.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=50))]
    lockers: Option<u8>,
    /// How many boxes each has.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..))]
    boxes: Option<u8>,
    /// How many days.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=400))]
    days: Option<u32>,
    /// How many visits a day and locker.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=500))]
    visits: Option<u32>,
    /// What goes wrong: `default` (few kinds or many, as the seed draws), `none`, `all`, or kinds with commas between.
    #[arg(long, default_value = "default", value_parser = faults)]
    faults: Faults,
    /// Writes a report with a timeline of every box.
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// Plants a defect, to see that it is found and what that looks like.
    #[arg(long, value_enum)]
    plant: Option<Plant>,
    /// Where the story of a violation is written.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    stories: PathBuf,
}

/// Which kinds of mishap.
#[derive(Clone)]
enum Faults {
    Default,
    These(BTreeSet<Mishap>),
}

fn faults(text: &str) -> Result<Faults, String> {
    match text {
        "default" => return Ok(Faults::Default),
        "none" => return Ok(Faults::These(BTreeSet::new())),
        "all" => return Ok(Faults::These(Mishap::ALL.into())),
        _ => {}
    }
    let named = |name: &str| Mishap::ALL.into_iter().find(|kind| kind.key() == name);
    let kinds = text.split(',').map(|name| named(name).ok_or(name));
    kinds.collect::<Result<_, _>>().map(Faults::These).map_err(|name| {
        let known: Vec<_> = Mishap::ALL.iter().map(|kind| kind.key()).collect();
        format!("`{name}` is none of default, none, all, {}", known.join(", "))
    })
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let parts = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let range = parts.map(|(from, to)| from..to).filter(|range: &Range<u64>| !range.is_empty());
    range.ok_or_else(|| "two numbers with `..` between, the first one less".into())
}

impl Arguments {
    fn plan(&self, seed: u64) -> WorldPlan {
        let mut plan = WorldPlan::of_seed(seed);
        plan.lockers = self.lockers.unwrap_or(plan.lockers);
        plan.boxes = self.boxes.unwrap_or(plan.boxes);
        plan.days = self.days.unwrap_or(plan.days);
        plan.visits = self.visits.unwrap_or(plan.visits);
        if let Faults::These(kinds) = &self.faults {
            plan.mishaps.clone_from(kinds);
        }
        plan
    }
}

/// Runs what is asked for; 1 on a violation.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failed> {
    match &arguments.seeds {
        Some(seeds) => many(arguments, seeds.clone()),
        None => one(arguments),
    }
}

fn one(arguments: &Arguments) -> Result<ExitCode, Failed> {
    let plan = arguments.plan(arguments.seed);
    let days = u64::from(plan.days);
    let bar = bar(days, "{spinner} day {pos} of {len} {wide_bar} {msg} {eta}");
    let watch = super::clock::Stopwatch::start();
    let mut world = world(plan.clone(), arguments.plant);
    for day in 1..=days {
        if world.violation().is_some() {
            break;
        }
        world.live_until(day * DAY);
        bar.set_position(day);
        bar.set_message(format!("{} sessions", world.sessions()));
    }
    if world.violation().is_none() {
        bar.set_message("healing");
        world.heal();
    }
    bar.finish_and_clear();
    let took = watch.elapsed();
    if let Some(path) = &arguments.report {
        let text = report::html(&world, &plan);
        std::fs::write(path, text).map_err(|why| Failed::File { path: path.display().to_string(), why })?;
    }
    let mut total = Total::default();
    total.add(&plan, &world.summary());
    total.print(took)?;
    if let Some(path) = &arguments.report {
        writeln!(stdout(), "report            {}", path.display())?;
    }
    judge(arguments, total.violations)
}

fn many(arguments: &Arguments, seeds: Range<u64>) -> Result<ExitCode, Failed> {
    let bar = bar(seeds.end - seeds.start, "{spinner} seed {pos} of {len} {wide_bar} {msg} {eta}");
    let watch = super::clock::Stopwatch::start();
    let next = AtomicU64::new(seeds.start);
    let is_found = AtomicBool::new(false);
    let total = Mutex::new(Total::default());
    let work = || {
        while !is_found.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                break;
            }
            let plan = arguments.plan(seed);
            let mut world = world(plan.clone(), arguments.plant);
            world.live();
            if world.violation().is_none() {
                world.heal();
            }
            let summary = world.summary();
            if summary.violation.is_some() {
                is_found.store(true, Ordering::Relaxed);
            }
            let mut total = total.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            total.add(&plan, &summary);
            bar.inc(1);
            bar.set_message(format!("{} sessions", total.sessions));
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    bar.finish_and_clear();
    let total = total.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    total.print(watch.elapsed())?;
    judge(arguments, total.violations)
}

fn bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Shrinks the violation of the lowest seed and writes it down.
fn judge(arguments: &Arguments, mut violations: Vec<(WorldPlan, Violation)>) -> Result<ExitCode, Failed> {
    violations.sort_by_key(|(plan, _)| plan.seed);
    let Some((plan, violation)) = violations.into_iter().next() else { return Ok(ExitCode::SUCCESS) };
    let mut out = stdout().lock();
    writeln!(out, "seed {} violates {violation}", plan.seed)?;
    out.flush()?;
    let shrunk = shrink::shrink(&plan, &violation, arguments.plant);
    let path = arguments.stories.join(format!("violation-{}.story", plan.seed));
    let title = format!("seed {}: {}", plan.seed, shrunk.violation);
    let (plant, until) = (arguments.plant, shrunk.violation.at);
    let story = Story { title, plan: shrunk.plan, inputs: shrunk.inputs, until, plant };
    story.write(&path)?;
    writeln!(out, "shrunk from {} deeds to {}", shrunk.before, story.inputs.len())?;
    writeln!(out, "step through it with: locker-sim replay {}", path.display())?;
    Ok(ExitCode::FAILURE)
}

/// What came of all runs.
#[derive(Default)]
struct Total {
    runs: u64,
    lockers: u64,
    sessions: u64,
    drops: u64,
    picked_up: u64,
    collected: u64,
    settled: u64,
    records: u64,
    virtual_ms: u64,
    locker_ms: u64,
    mishaps: BTreeMap<&'static str, (u64, u64)>,
    checked: BTreeMap<&'static str, u64>,
    violations: Vec<(WorldPlan, Violation)>,
}

impl Total {
    fn add(&mut self, plan: &WorldPlan, summary: &Summary) {
        self.runs += 1;
        self.lockers += u64::from(plan.lockers);
        self.sessions += summary.sessions;
        self.drops += summary.drops;
        self.picked_up += summary.picked_up;
        self.collected += summary.collected;
        self.settled += summary.settled;
        self.records += summary.records;
        self.virtual_ms += summary.virtual_ms;
        self.locker_ms += summary.virtual_ms * u64::from(plan.lockers);
        for (kind, times) in &summary.mishaps {
            let (struck, survived) = self.mishaps.entry(kind).or_default();
            *struck += times;
            // Nobody can say which of them a run died of: none of its kinds counts as survived.
            *survived += if summary.violation.is_none() { *times } else { 0 };
        }
        for (rule, times) in &summary.checked {
            *self.checked.entry(rule).or_default() += times;
        }
        if let Some(violation) = &summary.violation {
            self.violations.push((plan.clone(), violation.clone()));
        }
    }

    /// The summary that a manager can read.
    fn print(&self, took: Duration) -> std::io::Result<()> {
        let mut out = stdout().lock();
        let seconds = took.as_secs_f64().max(0.001);
        let days = self.locker_ms as f64 / DAY as f64;
        writeln!(
            out,
            "runs              {}, with {} lockers and {days:.0} days of a locker",
            self.runs, self.lockers
        )?;
        writeln!(out, "sessions          {}", self.sessions)?;
        writeln!(
            out,
            "keys              {} dropped, {} picked up by staff, {} by customers",
            self.drops, self.picked_up, self.collected
        )?;
        writeln!(out, "boxes settled     {}", self.settled)?;
        writeln!(out, "records           {}", self.records)?;
        let struck: u64 = self.mishaps.values().map(|(struck, _)| struck).sum();
        writeln!(out, "mishaps           {struck}")?;
        for (kind, (struck, survived)) in &self.mishaps {
            writeln!(out, "  {kind:<16}{struck:>8} struck{survived:>9} survived")?;
        }
        let checks: u64 = self.checked.values().sum();
        writeln!(out, "checks            {checks} of {} invariants", INVARIANTS.len())?;
        for (rule, _) in INVARIANTS {
            writeln!(out, "  {rule:<16}{:>8}", self.checked.get(rule).copied().unwrap_or(0))?;
        }
        let speed = self.virtual_ms as f64 / 1_000.0 / seconds;
        writeln!(out, "time              {seconds:.1} s; {speed:.0} seconds of a dealership in each")?;
        writeln!(out, "violations        {}", if self.violations.is_empty() { "none" } else { "FOUND" })
    }
}
