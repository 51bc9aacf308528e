//! The edges of a cabinet: numbered from 1, held until they are on record, never more than fit.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec;
use alloc::vec::Vec;

use locker_core::{BoxNo, Door, Edge, Mono};

/// The most edges that wait to be recorded.
///
/// Four for each of 255 boxes and a few more, so that when it is full some box has at least five, of which a pair in the
/// middle can go.
pub const EDGES_MAX: usize = 1_024;

/// Edges that are not on record yet, oldest first.
///
/// When [`EDGES_MAX`] wait (a journal that is down for long, a sensor that flutters), the box with the most loses an edge
/// that only came back to the level before it, or else its second and third: its first edge stays, so nobody misses that it
/// opened, and its last stays, so its level is right.
/// The numbers of lost edges are not given out again; [`EdgeLog::lost`] counts them.
///
/// ```
/// use locker_hal::{BoxNo, Door, EdgeLog, Mono};
///
/// let mut edges = EdgeLog::default();
/// let box_no = BoxNo::new(3).unwrap();
/// assert_eq!(edges.push(box_no, Mono(10), Door::Open), 1);
/// assert_eq!(edges.push(box_no, Mono(99), Door::Closed), 2);
/// edges.recorded_up_to(1);
/// assert_eq!(edges.held().len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct EdgeLog {
    given_out: u64,
    held: VecDeque<Edge>,
    lost: u64,
}

impl EdgeLog {
    /// Adds an edge and says its number.
    pub fn push(&mut self, box_no: BoxNo, at: Mono, to: Door) -> u64 {
        if self.held.len() >= EDGES_MAX {
            self.make_room();
        }
        self.given_out += 1;
        let n = self.given_out;
        self.held.push_back(Edge { n, box_no, at, to });
        n
    }

    /// Forgets the edges up to number `n`. A number that comes late, and is lower than before, changes nothing.
    pub fn recorded_up_to(&mut self, n: u64) {
        while self.held.front().is_some_and(|edge| edge.n <= n) {
            self.held.pop_front();
        }
    }

    /// The edges that wait, oldest first.
    #[must_use]
    pub fn held(&self) -> Vec<Edge> {
        self.held.iter().copied().collect()
    }

    /// How many edges were lost because too many waited.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    fn make_room(&mut self) {
        let mut counts: BTreeMap<BoxNo, usize> = BTreeMap::new();
        for edge in &self.held {
            *counts.entry(edge.box_no).or_default() += 1;
        }
        let Some((&busiest, _)) = counts.iter().max_by_key(|&(_, &count)| count) else {
            return;
        };
        let before = self.held.len();
        let theirs: Vec<Edge> = self.held.iter().filter(|edge| edge.box_no == busiest).copied().collect();
        let back = theirs.windows(2).find(|pair| pair[0].to == pair[1].to).map(|pair| pair[1].n);
        let goes: Vec<u64> = match back {
            Some(n) => vec![n],
            None => theirs.iter().skip(1).take(2).map(|edge| edge.n).collect(),
        };
        self.held.retain(|edge| !goes.contains(&edge.n));
        self.lost += (before - self.held.len()) as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn box_no(number: u8) -> BoxNo {
        BoxNo::new(number).unwrap()
    }

    #[test]
    fn edges_are_numbered_from_1_over_all_boxes_and_held_until_recorded() {
        let mut edges = EdgeLog::default();
        edges.push(box_no(9), Mono(1), Door::Open);
        edges.push(box_no(2), Mono(2), Door::Open);
        edges.push(box_no(9), Mono(3), Door::Closed);
        edges.recorded_up_to(2);
        edges.recorded_up_to(0);
        let left = Edge { n: 3, box_no: box_no(9), at: Mono(3), to: Door::Closed };
        assert_eq!(edges.held(), [left]);
        edges.recorded_up_to(7);
        assert_eq!(edges.held(), []);
        assert_eq!(edges.push(box_no(1), Mono(4), Door::Open), 4);
    }

    #[test]
    fn a_fluttering_sensor_loses_its_own_edges_and_keeps_the_first_opening_and_the_last_level() {
        let mut edges = EdgeLog::default();
        edges.push(box_no(1), Mono(0), Door::Open);
        for n in 0..5_000 {
            let to = if n % 2 == 0 { Door::Open } else { Door::Closed };
            edges.push(box_no(2), Mono(n), to);
        }
        let held = edges.held();
        assert_eq!(held.len(), 1_023, "5,001 edges of which pairs were lost: an odd number is left");
        assert_eq!(edges.lost(), 5_001 - 1_023);
        assert_eq!((held[0].n, held[0].box_no), (1, box_no(1)), "the other box lost nothing");
        assert_eq!((held[1].n, held[1].to), (2, Door::Open), "the first opening");
        assert_eq!((held[1_022].n, held[1_022].to), (5_001, Door::Closed), "the last level");
        assert!(held.windows(2).all(|pair| pair[0].n < pair[1].n));
        let flutter: Vec<Door> = held[1..].iter().map(|edge| edge.to).collect();
        assert!(flutter.windows(2).all(|pair| pair[0] != pair[1]), "open and closed still alternate");
    }

    #[test]
    fn a_contact_that_only_comes_back_to_its_level_loses_no_opening() {
        let mut edges = EdgeLog::default();
        edges.push(box_no(2), Mono(0), Door::Closed);
        edges.push(box_no(2), Mono(1), Door::Open);
        for n in 0..5_000 {
            edges.push(box_no(2), Mono(2 + n), Door::Open);
        }
        edges.push(box_no(2), Mono(6_000), Door::Closed);
        let held = edges.held();
        assert_eq!((held.len(), edges.lost()), (EDGES_MAX, 5_003 - 1_024));
        let mut levels: Vec<Door> = held.iter().map(|edge| edge.to).collect();
        levels.dedup();
        assert_eq!(levels, [Door::Closed, Door::Open, Door::Closed]);
        assert_eq!((held[1].n, held[1].at), (2, Mono(1)), "the opening itself");
    }
}
