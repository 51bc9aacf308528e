//! What people and mishap do to a cabinet; the same in process and over the socket.

use locker_core::BoxNo;
use serde::{Deserialize, Serialize};

/// Something a person does in front of the cabinet, or a fault that comes or goes.
///
/// ```
/// use locker_hal_sim::{BoxNo, Fault, SimCommand};
///
/// let jam = SimCommand::Hurt { fault: Fault::Jammed { box_no: BoxNo::new(3).unwrap() } };
/// let line = serde_json::to_string(&jam).unwrap();
/// assert_eq!(line, r#"{"do":"hurt","fault":{"kind":"jammed","box_no":3}}"#);
/// assert_eq!(serde_json::from_str::<SimCommand>(&line).unwrap(), jam);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum SimCommand {
    /// Pulls at a door: it opens if its latch is free.
    Open {
        /// The box.
        box_no: BoxNo,
    },
    /// Forces a door open, latch or no latch.
    Pry {
        /// The box.
        box_no: BoxNo,
    },
    /// Shuts a door; the latch catches unless the coil is on.
    Close {
        /// The box.
        box_no: BoxNo,
    },
    /// Lays a key into an open box.
    Put {
        /// The box.
        box_no: BoxNo,
        /// The key's label, at most [`LABEL_BYTES_MAX`] bytes.
        key: String,
    },
    /// Takes a key out of an open box.
    Take {
        /// The box.
        box_no: BoxNo,
        /// Which key; without it, the one that was laid in last.
        #[serde(default)]
        key: Option<String>,
    },
    /// Switches a fault on.
    Hurt {
        /// The fault.
        fault: Fault,
    },
    /// Switches a fault off.
    Heal {
        /// The fault.
        fault: Fault,
    },
    /// Switches all faults off.
    HealAll,
}

/// The longest label of a key, in bytes.
pub const LABEL_BYTES_MAX: usize = 64;

/// The most keys that fit into a box.
pub const KEYS_MAX: usize = 8;

/// A fault of the cabinet. `docs/faults.md` says what each is in the world and what a locker must do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// The latch does not let go although the coil pulls.
    Jammed {
        /// The box.
        box_no: BoxNo,
    },
    /// The door contact says *open* whatever the door does; a plain contact whose wire is cut does the same.
    DoorStuckOpen {
        /// The box.
        box_no: BoxNo,
    },
    /// The door contact says *closed* whatever the door does.
    DoorStuckClosed {
        /// The box.
        box_no: BoxNo,
    },
    /// The wire of a supervised door contact is cut: it says *unknown*.
    DoorCut {
        /// The box.
        box_no: BoxNo,
    },
    /// The door contact flutters: *open* and *closed* for 200 ms each.
    DoorUnsteady {
        /// The box.
        box_no: BoxNo,
    },
    /// The item sensor says *present* whatever lies in the box.
    ItemStuckPresent {
        /// The box.
        box_no: BoxNo,
    },
    /// The item sensor says *absent* whatever lies in the box.
    ItemStuckAbsent {
        /// The box.
        box_no: BoxNo,
    },
    /// The wire of the item sensor is cut: it says *unknown*.
    ItemCut {
        /// The box.
        box_no: BoxNo,
    },
    /// The board has no power: it neither acts nor answers.
    BoardDead {
        /// The board, from 0.
        board: u8,
    },
    /// The board fires and acknowledges later than anybody waits for it.
    BoardSlow {
        /// The board, from 0.
        board: u8,
    },
    /// The board fires, and its acknowledgement gets lost.
    AckLost {
        /// The board, from 0.
        board: u8,
    },
    /// The board declines every pulse.
    BoardRefuses {
        /// The board, from 0.
        board: u8,
    },
    /// The board fires and senses, and what it answers cannot be read.
    BoardGarbles {
        /// The board, from 0.
        board: u8,
    },
    /// A byte of a reply gets lost on the wire.
    BytesLost {
        /// The board, from 0.
        board: u8,
    },
    /// A reply comes in two pieces, as through an adapter that collects bytes.
    BytesSplit {
        /// The board, from 0.
        board: u8,
    },
    /// A reply begins late, within what drivers wait for.
    BytesDelayed {
        /// The board, from 0.
        board: u8,
    },
    /// A byte of a reply comes twice.
    BytesDoubled {
        /// The board, from 0.
        board: u8,
    },
    /// A bit of a reply is flipped.
    BytesCorrupted {
        /// The board, from 0.
        board: u8,
    },
    /// Junk stands before a reply.
    JunkPrefix {
        /// The board, from 0.
        board: u8,
    },
    /// The adapter hands back every byte that was sent.
    Echo {
        /// The board, from 0.
        board: u8,
    },
    /// A reply comes when the next question has been asked, and then both.
    StaleReplies {
        /// The board, from 0.
        board: u8,
    },
    /// Replies carry the address of another board, with a good check.
    WrongAddress {
        /// The board, from 0.
        board: u8,
    },
    /// The board answers for another box: everything that it says is one channel off.
    OtherBox {
        /// The board, from 0.
        board: u8,
    },
    /// The board says *open* where it said *closed*, and the other way round.
    PolarityFlipped {
        /// The board, from 0.
        board: u8,
    },
    /// The board says that all its doors are open.
    OpenForEver {
        /// The board, from 0.
        board: u8,
    },
    /// The board loses its power while the next coil is on; then it is dead.
    DiesWhileOn {
        /// The board, from 0.
        board: u8,
    },
    /// The board's processor stands: no answer, and what is energised stays energised.
    BoardFrozen {
        /// The board, from 0.
        board: u8,
    },
    /// When power comes back, all relays are on until the board is told otherwise.
    RelaysOnAtPowerUp {
        /// The board, from 0.
        board: u8,
    },
    /// The port of the board's wire is gone, as an adapter that was pulled.
    HangUp {
        /// The board, from 0.
        board: u8,
    },
}

/// Why a person or a fault cannot do that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SimRefusal {
    /// There is no such box.
    #[error("there is no such box")]
    UnknownBox,
    /// There is no such board.
    #[error("there is no such board")]
    UnknownBoard,
    /// The door is shut and the latch holds it.
    #[error("the latch holds the door")]
    Latched,
    /// Hands do not go through a shut door.
    #[error("the door is shut")]
    DoorClosed,
    /// There is no such key in the box.
    #[error("there is no such key in the box")]
    NoSuchKey,
    /// No more keys fit in.
    #[error("no more keys fit into the box")]
    BoxFull,
    /// The label is empty or longer than [`LABEL_BYTES_MAX`].
    #[error("a label has 1 to 64 bytes")]
    BadLabel,
}

impl Fault {
    /// Every fault that a box can have.
    ///
    /// ```
    /// use locker_hal_sim::{BoxNo, Fault};
    ///
    /// let keys = Fault::of_box(BoxNo::new(1).unwrap()).map(Fault::key);
    /// assert_eq!(keys[0], "jammed");
    /// ```
    #[must_use]
    pub const fn of_box(box_no: BoxNo) -> [Self; 8] {
        [
            Self::Jammed { box_no },
            Self::DoorStuckOpen { box_no },
            Self::DoorStuckClosed { box_no },
            Self::DoorCut { box_no },
            Self::DoorUnsteady { box_no },
            Self::ItemStuckPresent { box_no },
            Self::ItemStuckAbsent { box_no },
            Self::ItemCut { box_no },
        ]
    }

    /// Every fault that a board (from 0) can have.
    #[must_use]
    pub const fn of_board(board: u8) -> [Self; 5] {
        [
            Self::BoardDead { board },
            Self::BoardSlow { board },
            Self::AckLost { board },
            Self::BoardRefuses { board },
            Self::BoardGarbles { board },
        ]
    }

    /// The faults of a wire (board from 0) that need no bytes to be told: a cabinet in process has them too. A driver finds in
    /// them nothing, noise, or the answer to the question before.
    #[must_use]
    pub const fn of_replies(board: u8) -> [Self; 5] {
        [
            Self::BytesLost { board },
            Self::BytesDoubled { board },
            Self::BytesCorrupted { board },
            Self::StaleReplies { board },
            Self::WrongAddress { board },
        ]
    }

    /// The faults of a board's mind and of its way (board from 0) that need no bytes to be told: a cabinet in process has them too.
    #[must_use]
    pub const fn of_mind(board: u8) -> [Self; 7] {
        [
            Self::OtherBox { board },
            Self::PolarityFlipped { board },
            Self::OpenForEver { board },
            Self::DiesWhileOn { board },
            Self::BoardFrozen { board },
            Self::RelaysOnAtPowerUp { board },
            Self::HangUp { board },
        ]
    }

    /// The faults of a wire (board from 0) that are nothing but bytes: only a [simulated lock board](crate::simboard) has them.
    const fn of_bytes(board: u8) -> [Self; 4] {
        [
            Self::BytesSplit { board },
            Self::BytesDelayed { board },
            Self::JunkPrefix { board },
            Self::Echo { board },
        ]
    }

    /// Every fault of a wire (board from 0), or of a board, that a [simulated lock board](crate::simboard) has beside those of
    /// any board.
    pub fn of_wire(board: u8) -> impl Iterator<Item = Self> {
        Self::of_replies(board).into_iter().chain(Self::of_mind(board)).chain(Self::of_bytes(board))
    }

    /// Every fault of a board (from 0) that a cabinet in process has.
    pub fn in_process(board: u8) -> impl Iterator<Item = Self> {
        Self::of_board(board).into_iter().chain(Self::of_replies(board)).chain(Self::of_mind(board))
    }

    /// Its name in `docs/faults.md` and on the socket.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Jammed { .. } => "jammed",
            Self::DoorStuckOpen { .. } => "door_stuck_open",
            Self::DoorStuckClosed { .. } => "door_stuck_closed",
            Self::DoorCut { .. } => "door_cut",
            Self::DoorUnsteady { .. } => "door_unsteady",
            Self::ItemStuckPresent { .. } => "item_stuck_present",
            Self::ItemStuckAbsent { .. } => "item_stuck_absent",
            Self::ItemCut { .. } => "item_cut",
            Self::BoardDead { .. } => "board_dead",
            Self::BoardSlow { .. } => "board_slow",
            Self::AckLost { .. } => "ack_lost",
            Self::BoardRefuses { .. } => "board_refuses",
            Self::BoardGarbles { .. } => "board_garbles",
            Self::BytesLost { .. } => "bytes_lost",
            Self::BytesSplit { .. } => "bytes_split",
            Self::BytesDelayed { .. } => "bytes_delayed",
            Self::BytesDoubled { .. } => "bytes_doubled",
            Self::BytesCorrupted { .. } => "bytes_corrupted",
            Self::JunkPrefix { .. } => "junk_prefix",
            Self::Echo { .. } => "echo",
            Self::StaleReplies { .. } => "stale_replies",
            Self::WrongAddress { .. } => "wrong_address",
            Self::OtherBox { .. } => "other_box",
            Self::PolarityFlipped { .. } => "polarity_flipped",
            Self::OpenForEver { .. } => "open_for_ever",
            Self::DiesWhileOn { .. } => "dies_while_on",
            Self::BoardFrozen { .. } => "board_frozen",
            Self::RelaysOnAtPowerUp { .. } => "relays_on_at_power_up",
            Self::HangUp { .. } => "hang_up",
        }
    }

    /// The box or the board that suffers.
    pub(crate) fn place(self) -> Result<BoxNo, u8> {
        match self {
            Self::Jammed { box_no }
            | Self::DoorStuckOpen { box_no }
            | Self::DoorStuckClosed { box_no }
            | Self::DoorCut { box_no }
            | Self::DoorUnsteady { box_no }
            | Self::ItemStuckPresent { box_no }
            | Self::ItemStuckAbsent { box_no }
            | Self::ItemCut { box_no } => Ok(box_no),
            Self::BoardDead { board }
            | Self::BoardSlow { board }
            | Self::AckLost { board }
            | Self::BoardRefuses { board }
            | Self::BoardGarbles { board }
            | Self::BytesLost { board }
            | Self::BytesSplit { board }
            | Self::BytesDelayed { board }
            | Self::BytesDoubled { board }
            | Self::BytesCorrupted { board }
            | Self::JunkPrefix { board }
            | Self::Echo { board }
            | Self::StaleReplies { board }
            | Self::WrongAddress { board }
            | Self::OtherBox { board }
            | Self::PolarityFlipped { board }
            | Self::OpenForEver { board }
            | Self::DiesWhileOn { board }
            | Self::BoardFrozen { board }
            | Self::RelaysOnAtPowerUp { board }
            | Self::HangUp { board } => Err(board),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_one_name_and_stands_in_the_atlas() {
        let atlas = include_str!("../../docs/faults.md");
        let box_no = BoxNo::new(1).unwrap();
        let faults = Fault::of_box(box_no).into_iter().chain(Fault::of_board(0)).chain(Fault::of_wire(0));
        let mut keys = std::collections::BTreeSet::new();
        for fault in faults {
            let key = fault.key();
            let named = serde_json::to_value(fault).unwrap();
            assert_eq!(named["kind"], key);
            assert!(atlas.contains(&format!("### `{key}`")), "{key} is not in docs/faults.md");
            keys.insert(key);
        }
        assert_eq!(keys.len(), atlas.matches("### `").count(), "the atlas names a fault that does not exist");
    }
}
