//! `cargo run --release -p locker-model -- doors|session|codes`: a model, every part of it whole, with its figures, and
//! two-phase commit beside it for comparison. A name behind it runs one part; numbers run one with other bounds, in the
//! order in which the model's type names them. `MODEL_STEPS` and `MODEL_SECONDS` in the environment end a part before it
//! is whole.

use std::process::ExitCode;

use locker_model::bounds::{CODES, DOORS, SESSIONS};
use locker_model::codes::CodesModel;
use locker_model::doors::Doors;
use locker_model::session::{Sessions, Way};
use locker_model::two_phase::TwoPhase;
use locker_model::{Figures, Game, Reach, explore, explore_plain, memory_peak_kib};

/// Resource managers of the two-phase commit that is run for comparison.
const MANAGERS: u8 = 7;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let wanted = Wanted::new(args.get(1..).unwrap_or_default());
    let all = match args.first().map(String::as_str) {
        Some("doors") => run(&DOORS, &wanted, |_, number| Doors {
            walks: number(0),
            drops: number(1),
            outs: number(2),
            cuts: number(3),
            pries: number(4),
            mishaps: number(5),
            again: number(6),
            late: number(7),
            ..Doors::default()
        }),
        Some("session") => run(&SESSIONS, &wanted, |first, number| Sessions {
            way: if number(0) == 0 { Way::In } else { Way::Out },
            goes: number(1),
            extras: number(2),
            odd_sleeps: number(3),
            ..first
        }),
        Some("codes") => run(&CODES, &wanted, |_, number| CodesModel {
            wrong: number(0),
            uses: number(1),
            asks: number(2),
            waits: number(3),
            cuts: number(4),
            jumps: number(5),
            staff: number(6),
            temporary: number(7),
            ..CodesModel::default()
        }),
        Some(_) | None => {
            eprintln!("which model? doors, session or codes");
            return ExitCode::from(2);
        }
    };
    let first = all.first().map(|figures| figures.never.clone()).unwrap_or_default();
    let is_never = |event: &&str| all.iter().all(|figures| figures.never.contains(event));
    let never: Vec<&str> = first.into_iter().filter(is_never).collect();
    for event in &never {
        println!("NEVER {event}");
    }
    print!("{}", explore_plain("2pc", TwoPhase { managers: MANAGERS }, Reach::Whole, threads()));
    let is_sound = all.iter().all(|figures| figures.is_whole && figures.broken.is_empty());
    if is_sound && never.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the command line wants of a model.
struct Wanted {
    part: Option<String>,
    numbers: Vec<u8>,
}

impl Wanted {
    fn new(args: &[String]) -> Self {
        let numbers: Vec<u8> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
        let part = if numbers.is_empty() { args.first().cloned() } else { None };
        Self { part, numbers }
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get().min(2))
}

fn run<G: Game>(
    parts: &[(&'static str, G)],
    wanted: &Wanted,
    of_numbers: impl Fn(G, &dyn Fn(usize) -> u8) -> G,
) -> Vec<Figures> {
    let limit = |name| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let reach = match (limit("MODEL_STEPS"), limit("MODEL_SECONDS")) {
        (Some(steps), _) => Reach::Steps(steps),
        (None, Some(seconds)) => Reach::Seconds(seconds as u64),
        (None, None) => Reach::Whole,
    };
    let number = |n: usize| wanted.numbers.get(n).copied().unwrap_or_default();
    let mut games: Vec<(&'static str, G)> = parts.to_vec();
    match (wanted.numbers.is_empty(), games.first().cloned()) {
        (false, Some((_, first))) => games = vec![("by hand", of_numbers(first, &number))],
        _ => games.retain(|(name, _)| wanted.part.as_ref().is_none_or(|part| part == name)),
    }
    let mut all = Vec::new();
    for (name, game) in games {
        let figures = explore(name, game, reach, threads());
        print!("{figures}");
        if let Some(kib) = memory_peak_kib() {
            println!("  memory at most {} MiB so far", kib / 1024);
        }
        all.push(figures);
    }
    all
}
