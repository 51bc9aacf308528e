//! How people are: nearly always in a hurry, now and then anything else.

use fastrand::Rng;

/// What a person tends to do, each in how many of a thousand moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mood {
    pub(super) walks_away: u16,
    pub(super) aborts: u16,
    pub(super) asks_for_help: u16,
    pub(super) dawdles: u16,
    pub(super) presses_anything: u16,
    pub(super) presses_twice: u16,
    pub(super) mistypes: u16,
    pub(super) leaves_doors_open: u16,
    pub(super) puts_nothing_in: u16,
    pub(super) takes_nothing_out: u16,
    pub(super) swaps_keys: u16,
    pub(super) lies: u16,
    pub(super) edits: u16,
}

impl Mood {
    /// Somebody who knows the way and does nothing else.
    pub(super) const PROMPT: Self = Self {
        walks_away: 0,
        aborts: 0,
        asks_for_help: 0,
        dawdles: 0,
        presses_anything: 0,
        presses_twice: 0,
        mistypes: 0,
        leaves_doors_open: 0,
        puts_nothing_in: 0,
        takes_nothing_out: 0,
        swaps_keys: 0,
        lies: 0,
        edits: 0,
    };

    /// Somebody with a few weaknesses: most have none or one, some have many.
    pub(super) fn of(dice: &mut Rng) -> Self {
        let mut mood = Self::PROMPT;
        let weaknesses = match dice.u8(0..10) {
            0..=2 => 0,
            3..=5 => 1,
            6..=8 => 3,
            _ => 12,
        };
        for _ in 0..weaknesses {
            let strength = if dice.bool() { 60 } else { 250 };
            match dice.u8(0..13) {
                0 => mood.walks_away = strength / 4,
                1 => mood.aborts = strength / 4,
                2 => mood.asks_for_help = strength / 4,
                3 => mood.dawdles = strength,
                4 => mood.presses_anything = strength,
                5 => mood.presses_twice = strength,
                6 => mood.mistypes = strength,
                7 => mood.leaves_doors_open = strength * 2,
                8 => mood.puts_nothing_in = strength,
                9 => mood.takes_nothing_out = strength,
                10 => mood.swaps_keys = strength,
                11 => mood.lies = strength,
                _ => mood.edits = strength,
            }
        }
        mood
    }
}

/// True in `per_mille` of a thousand cases; draws nothing when it cannot be.
pub(super) fn happens(dice: &mut Rng, per_mille: u16) -> bool {
    per_mille > 0 && dice.u16(0..1_000) < per_mille
}
