//! `cargo run --release -p locker-model -- doors|session|codes`: a model in full, with its figures, and two-phase commit
//! beside it for comparison. Numbers behind the name change the bounds, in the order in which the model's type names them;
//! `MODEL_STEPS` and `MODEL_SECONDS` in the environment end a run before it is whole.

use std::process::ExitCode;

use locker_model::codes::{self, CodesModel};
use locker_model::doors::{self, Doors};
use locker_model::session::{self, Sessions};
use locker_model::two_phase::TwoPhase;
use locker_model::{Figures, Reach, explore, memory_peak_kib};

/// Resource managers of the two-phase commit that is run for comparison.
const MANAGERS: u8 = 7;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: usize, other: u8| args.get(n).and_then(|arg| arg.parse().ok()).unwrap_or(other);
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(2));
    let limit = |name| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let reach = match (limit("MODEL_STEPS"), limit("MODEL_SECONDS")) {
        (Some(steps), _) => Reach::Steps(steps),
        (None, Some(seconds)) => Reach::Seconds(seconds as u64),
        (None, None) => Reach::Whole,
    };
    let figures = match args.first().map(String::as_str) {
        Some("doors") => explore("doors", whole_doors(number), reach, threads),
        Some("session") => explore("session", whole_session(number), reach, threads),
        Some("codes") => explore("codes", whole_codes(number), reach, threads),
        Some(_) | None => {
            eprintln!("which model? doors, session or codes");
            return ExitCode::from(2);
        }
    };
    print!("{figures}");
    if let Some(kib) = memory_peak_kib() {
        println!("  memory at most {} MiB", kib / 1024);
    }
    print!("{}", explore("2pc", TwoPhase { managers: MANAGERS }, Reach::Whole, threads));
    let Figures { is_whole, broken, never, .. } = figures;
    if is_whole && broken.is_empty() && never.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn whole_doors(number: impl Fn(usize, u8) -> u8) -> Doors {
    Doors {
        walks: number(1, 2),
        drops: number(2, 1),
        cuts: number(3, 1),
        pries: number(4, 1),
        mishaps: number(5, 3),
        again: number(6, 1),
        late: number(7, 1),
        lie: doors::Lie::None,
        only: None,
    }
}

fn whole_session(number: impl Fn(usize, u8) -> u8) -> Sessions {
    let lie = session::Lie::None;
    Sessions { goes: number(1, 2), extras: number(2, 1), odd_sleeps: number(3, 0), lie, only: None }
}

fn whole_codes(number: impl Fn(usize, u8) -> u8) -> CodesModel {
    CodesModel {
        wrong: number(1, 6),
        uses: number(2, 2),
        asks: number(3, 2),
        waits: number(4, 2),
        cuts: number(5, 1),
        jumps: number(6, 1),
        lie: codes::Lie::None,
        only: None,
    }
}
