//! How long a door can stand open unseen (BOX-7): computed from the configuration, before anything is polled.

use alloc::vec::Vec;

use crate::board::BoardSpec;
use crate::debounce::{BOUNCE_MS, BOUNCE_READINGS};

/// A door that stands open this long, in milliseconds, is always seen, command windows apart (BOX-7).
pub const OPEN_SEEN_MS: u64 = 400;

/// The worst blind times of a cabinet: the longest opening that may go unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlindTime {
    /// As long as no board is in its command window, in milliseconds; at most [`OPEN_SEEN_MS`].
    pub usual_ms: u64,
    /// Around a command, in milliseconds: the longest command window comes on top. The level afterwards counts.
    pub command_ms: u64,
}

impl BlindTime {
    /// The blind times when the poll period is `period_ms` and these boards hang on one wire each.
    ///
    /// In the worst case a door opens right after a reading, and needs as many readings, as far apart as bounce
    /// asks for, to count.
    ///
    /// ```
    /// use locker_hal::{BlindTime, BoardSpec};
    ///
    /// let board = BoardSpec { read_ms: 20, command_ms: 1_500, ..BoardSpec::prompt(8) };
    /// let blind = BlindTime::of(50, &[vec![board, board]]);
    /// assert_eq!(blind.usual_ms, 2 * (50 + 20 + 20));
    /// assert_eq!(blind.command_ms, 2 * (50 + 20 + 20) + 1_500);
    /// ```
    #[must_use]
    pub fn of(period_ms: u64, wires: &[Vec<BoardSpec>]) -> Self {
        let wire_ms = |wire: &Vec<BoardSpec>| wire.iter().map(|spec| u64::from(spec.read_ms)).sum::<u64>();
        let cycle_ms = (period_ms + wires.iter().map(wire_ms).max().unwrap_or(0)).max(1);
        let further = BOUNCE_MS.div_ceil(cycle_ms).max(u64::from(BOUNCE_READINGS) - 1);
        let usual_ms = cycle_ms + further * cycle_ms;
        let windows = wires.iter().flatten().map(|spec| u64::from(spec.command_ms));
        Self { usual_ms, command_ms: usual_ms + windows.max().unwrap_or(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn box_07_the_blind_time_of_a_prompt_cabinet_is_two_periods() {
        let blind = |period_ms| BlindTime::of(period_ms, &[vec![BoardSpec::prompt(8)]]).usual_ms;
        assert_eq!(blind(50), 100);
        assert_eq!(blind(20), 80, "one period to the first reading, three more until 50 ms have passed");
        assert_eq!(blind(200), 400);
        assert_eq!(blind(0), 51);
    }

    #[test]
    fn box_07_boards_on_wires_of_their_own_do_not_add_up() {
        let slow = BoardSpec { read_ms: 30, ..BoardSpec::prompt(8) };
        assert_eq!(BlindTime::of(50, &[vec![slow], vec![slow]]).usual_ms, 160);
        assert_eq!(BlindTime::of(50, &[vec![slow, slow]]).usual_ms, 220);
    }
}
