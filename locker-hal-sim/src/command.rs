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
            | Self::BoardGarbles { board } => Err(board),
        }
    }
}
