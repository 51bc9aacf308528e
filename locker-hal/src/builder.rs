//! How a cabinet is put together: boards on wires, boxes on channels, and what is refused.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use locker_core::{BoxNo, PULSE_MS_LIMIT};

use crate::blind::{BlindTime, OPEN_SEEN_MS};
use crate::board::{Board, Channel, PulseLength, PulseSource};
use crate::cabinet::{Cabinet, Fitted};
use crate::firing::PowerGroup;
use crate::wire::{AnyBoard, Slot, Wire};

/// How long a cabinet's task waits between two cycles if nothing else is said, in milliseconds.
pub const POLL_PERIOD_MS: u64 = 50;

/// A wire that boards share: on one wire one board is talked to at a time, different wires go on side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireNo(pub u8);

/// A board of a cabinet, as given out by [`CabinetBuilder::board`], in that order from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoardNo(pub usize);

/// Where a box is wired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The board.
    pub board: BoardNo,
    /// The channel on it.
    pub channel: Channel,
}

/// Why a cabinet cannot be put together this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CabinetError {
    /// There is no box at all.
    #[error("the cabinet has no boxes")]
    NoBoxes,
    /// A box is wired twice.
    #[error("box {0} is wired twice")]
    BoxTwice(BoxNo),
    /// Two boxes are wired to one channel.
    #[error("channel {channel} of board {} carries two boxes", .board.0, channel = .channel)]
    ChannelTwice {
        /// The board.
        board: BoardNo,
        /// The channel.
        channel: Channel,
    },
    /// A box hangs on a board that was never added.
    #[error("there is no board {}", .0.0)]
    UnknownBoard(BoardNo),
    /// A box hangs on a channel that its board does not have.
    #[error("board {} has no channel {channel}", .board.0, channel = .channel)]
    UnknownChannel {
        /// The board.
        board: BoardNo,
        /// The channel.
        channel: Channel,
    },
    /// A board cannot end a pulse by itself, and nobody accepted that (BOX-8).
    #[error("board {} has no pulse of its own and `software_pulse` is not accepted", .0.0)]
    SoftwarePulse(BoardNo),
    /// A board's fixed pulse is 0 or longer than a coil may be on.
    #[error("the pulse of board {} is 0 or longer than the limit of 2 s", .0.0)]
    PulseLength(BoardNo),
    /// A door could stand open for [`OPEN_SEEN_MS`] and go unseen (BOX-7).
    #[error("a door that opens for {blind_ms} ms might go unseen: poll faster or use more wires")]
    TooBlind {
        /// The longest opening that may go unseen, in milliseconds.
        blind_ms: u64,
    },
}

/// Puts a [`Cabinet`] together. See there for an example.
#[derive(Default)]
pub struct CabinetBuilder {
    boards: Vec<(WireNo, Box<dyn AnyBoard>)>,
    groups: BTreeMap<BoardNo, PowerGroup>,
    places: Vec<(BoxNo, Place)>,
    software_pulse: BTreeSet<BoardNo>,
    period_ms: Option<u64>,
}

impl CabinetBuilder {
    /// Adds a board on a wire and says its number.
    pub fn board(&mut self, wire: WireNo, board: impl Board) -> BoardNo {
        self.boards.push((wire, Box::new(board)));
        BoardNo(self.boards.len() - 1)
    }

    /// Wires one box.
    pub fn wire_box(&mut self, box_no: BoxNo, place: Place) -> &mut Self {
        self.places.push((box_no, place));
        self
    }

    /// Wires boxes to the channels of a board in order, beginning at channel 0.
    pub fn wire_boxes(&mut self, board: BoardNo, boxes: impl IntoIterator<Item = BoxNo>) -> &mut Self {
        let channels = (0..=u8::MAX).map(Channel);
        let places = channels.map(|channel| Place { board, channel });
        self.places.extend(boxes.into_iter().zip(places));
        self
    }

    /// Says that the locks of a board have a power supply of their own. Without this, all are in group 0.
    pub fn power_group(&mut self, board: BoardNo, group: PowerGroup) -> &mut Self {
        self.groups.insert(board, group);
        self
    }

    /// Accepts a board whose pulses this process has to end. Whoever says this answers for a guard outside the
    /// process that lets the coil go when the process dies (BOX-8).
    pub fn accept_software_pulse(&mut self, board: BoardNo) -> &mut Self {
        self.software_pulse.insert(board);
        self
    }

    /// Says how long the task will wait between two cycles, in milliseconds; [`POLL_PERIOD_MS`] if nothing is said.
    pub fn poll_period_ms(&mut self, period_ms: u64) -> &mut Self {
        self.period_ms = Some(period_ms);
        self
    }

    /// The cabinet.
    ///
    /// # Errors
    /// [`CabinetError`] names the first thing that does not fit.
    pub fn build(self) -> Result<Cabinet, CabinetError> {
        self.check_boards()?;
        self.check_places()?;
        let mut wires: BTreeMap<WireNo, Wire> = BTreeMap::new();
        let mut seats = Vec::new();
        for (n, (wire_no, board)) in self.boards.into_iter().enumerate() {
            let group = self.groups.get(&BoardNo(n)).copied().unwrap_or_default();
            let wire = wires.entry(wire_no).or_default();
            wire.slots.push(Slot::new(board));
            seats.push((wire_no, wire.slots.len() - 1, group));
        }
        let specs: Vec<Vec<_>> =
            wires.values().map(|wire| wire.slots.iter().map(|slot| slot.spec).collect()).collect();
        let blind = BlindTime::of(self.period_ms.unwrap_or(POLL_PERIOD_MS), &specs);
        if blind.usual_ms > OPEN_SEEN_MS {
            return Err(CabinetError::TooBlind { blind_ms: blind.usual_ms });
        }
        let order: Vec<WireNo> = wires.keys().copied().collect();
        let fitted = self.places.iter().filter_map(|(box_no, place)| {
            let &(wire_no, slot, group) = seats.get(place.board.0)?;
            let wire = order.binary_search(&wire_no).ok()?;
            Some((*box_no, Fitted::new(wire, slot, place.channel, group)))
        });
        let boxes = fitted.collect();
        Ok(Cabinet::new(wires.into_values().collect(), boxes, blind))
    }

    fn check_boards(&self) -> Result<(), CabinetError> {
        for (n, (_, board)) in self.boards.iter().enumerate() {
            let (board_no, spec) = (BoardNo(n), board.spec());
            if spec.pulse_source != PulseSource::Hardware && !self.software_pulse.contains(&board_no) {
                return Err(CabinetError::SoftwarePulse(board_no));
            }
            if let PulseLength::Fixed(ms) = spec.pulse_length
                && (ms == 0 || ms > PULSE_MS_LIMIT)
            {
                return Err(CabinetError::PulseLength(board_no));
            }
        }
        Ok(())
    }

    fn check_places(&self) -> Result<(), CabinetError> {
        let (mut boxes, mut places) = (BTreeSet::new(), BTreeSet::new());
        for &(box_no, place) in &self.places {
            let Place { board, channel } = place;
            let (_, known) = self.boards.get(board.0).ok_or(CabinetError::UnknownBoard(board))?;
            if channel.0 >= known.spec().channels {
                return Err(CabinetError::UnknownChannel { board, channel });
            }
            if !boxes.insert(box_no) {
                return Err(CabinetError::BoxTwice(box_no));
            }
            if !places.insert(place) {
                return Err(CabinetError::ChannelTwice { board, channel });
            }
        }
        if boxes.is_empty() {
            return Err(CabinetError::NoBoxes);
        }
        Ok(())
    }
}
