//! What of the configuration says how real boards are wired: `[[cabinet.ports]]` and `[[cabinet.boards]]`.
//!
//! A board has one flat table of keys. Which of them it knows depends on its driver ([`BoardDriver::keys`]); a key of another
//! driver is refused by its name, and so is a value out of its range, by the driver itself, when the cabinet is built.

use core::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A serial line or a TCP connection with boards on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortConfig {
    /// What boards call it.
    pub name: String,
    /// The device, best by its id (`/dev/serial/by-id/…`), or `tcp://HOST:PORT`.
    pub address: String,
    /// Bits a second; for a device only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baud: Option<u32>,
    /// The parity bit.
    #[serde(default)]
    pub parity: Parity,
    /// How many stop bits: 1 or 2.
    #[serde(default = "one")]
    pub stop_bits: u8,
    /// Whether the adapter gives back what is sent.
    #[serde(default)]
    pub echo: Echo,
    /// How long the line rests between two exchanges, in milliseconds; what its speed asks for, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence_ms: Option<u16>,
}

const fn one() -> u8 {
    1
}

/// The parity bit of a serial line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parity {
    /// There is none.
    #[default]
    None,
    /// Even.
    Even,
    /// Odd.
    Odd,
}

/// Whether an RS-485 adapter hears itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Echo {
    /// It does not.
    #[default]
    Off,
    /// It does: as many bytes as were sent are thrown away.
    Strip,
}

/// What drives a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardDriver {
    /// The boards of many makers that begin a frame with 8A or 80 and end it with an XOR.
    Xor,
    /// KERONG KR-CU16.
    Cu16,
    /// KERONG KR-CU48, the one with frames of its own.
    Cu48,
    /// KERONG KR-CU12.
    Cu12,
    /// Modbus relays: Waveshare, R421A08 and plain ones.
    Modbus,
    /// WKLY boards.
    Wkly,
    /// Winnsen boards.
    Winnsen,
    /// Lines of a Linux GPIO chip, behind the guard.
    Gpio,
}

/// What a set bit of a feedback switch says about the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// Closed.
    SetIsClosed,
    /// Open.
    SetIsOpen,
}

/// What a set bit of an item sensor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemSensor {
    /// Nothing: none is fitted.
    None,
    /// Something lies there.
    SetIsPresent,
    /// Nothing lies there.
    SetIsAbsent,
}

/// In which order a board of many channels sends its groups of eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupOrder {
    /// The highest channels first.
    HighestFirst,
    /// The lowest first.
    LowestFirst,
}

/// How a Modbus relay board ends a pulse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayProfile {
    /// By itself, as Waveshare's *flash on*: 100 ms steps.
    Waveshare,
    /// By itself, after 1 s: R421A08, R4D8 and the like.
    R421a08,
    /// Not at all: needs `software_pulse` and the guard.
    Plain,
}

/// How Modbus frames are wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// Modbus RTU, also through a TCP server that passes on bytes.
    Rtu,
    /// Modbus TCP.
    Tcp,
}

/// Discrete inputs that read doors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoorInputs {
    /// The unit they are on, if it is another one than that of the relays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<u8>,
    /// The address of the first.
    pub first: u16,
    /// What a set one says.
    pub polarity: Polarity,
}

/// Discrete inputs that read item sensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemInputs {
    /// The unit they are on, if it is another one than that of the relays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<u8>,
    /// The address of the first.
    pub first: u16,
    /// What a set one says.
    pub sensor: ItemSensor,
}

/// Whether a board without a pulse of its own may be used (BOX-8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SoftwarePulse {
    /// It may not.
    #[default]
    Refused,
    /// It may, behind the guard process; see `docs/guides/hardware.md` for what remains.
    Accepted,
}

/// A resistor within a GPIO chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bias {
    /// As the chip comes up.
    AsIs,
    /// Pulled up.
    PullUp,
    /// Pulled down.
    PullDown,
    /// None.
    Off,
}

/// A line of a GPIO chip as the configuration writes it: `"17"`, `"low 17"` when a low level means *yes*, or `"none"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LineConfig {
    /// A line; high means *coil on*, *door closed*, *item present*.
    High(u32),
    /// A line on which low means that.
    Low(u32),
    /// This channel has none.
    None,
}

impl TryFrom<String> for LineConfig {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let line = match text.strip_prefix("low ") {
            _ if text == "none" => Some(Self::None),
            Some(offset) => offset.parse().ok().map(Self::Low),
            None => text.parse().ok().map(Self::High),
        };
        line.ok_or(
            "a line is its offset, as in `17`, with `low` before it when a low level means yes, or `none`",
        )
    }
}

impl From<LineConfig> for String {
    fn from(line: LineConfig) -> Self {
        match line {
            LineConfig::High(offset) => offset.to_string(),
            LineConfig::Low(offset) => format!("low {offset}"),
            LineConfig::None => Self::from("none"),
        }
    }
}

macro_rules! board_config {
    ($($(#[$doc:meta])* $key:ident: $type:ty,)*) => {
        /// A board: its driver, its boxes, and whatever keys the driver knows.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct BoardConfig {
            /// What drives it.
            pub driver: BoardDriver,
            /// The box at each channel, from the first; 0 where there is none.
            pub boxes: Vec<u8>,
            /// Boards with the same number share a power supply: one of their coils is on at a time.
            #[serde(default)]
            pub power_group: u8,
            $(
                $(#[$doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $key: Option<$type>,
            )*
        }

        impl BoardConfig {
            /// A board with nothing said but what has to be.
            #[must_use]
            pub const fn new(driver: BoardDriver, boxes: Vec<u8>) -> Self {
                Self { driver, boxes, power_group: 0, $($key: None,)* }
            }

            /// The keys that are set, apart from those that every board knows.
            fn set_keys(&self) -> impl Iterator<Item = &'static str> {
                [$((self.$key.is_some(), stringify!($key)),)*].into_iter().filter(|(is_set, _)| *is_set).map(|(_, key)| key)
            }
        }
    };
}

board_config! {
    /// The port it hangs on, by name.
    port: String,
    /// Its address on the port; the unit of a Modbus board.
    address: u8,
    /// How many channels it has, if that is not as many as its boxes.
    channels: u8,
    /// What a set bit says about the door.
    polarity: Polarity,
    /// What a set bit of the infrared sensors says.
    item_sensor: ItemSensor,
    /// The order of the groups in a status.
    group_order: GroupOrder,
    /// How many bytes of status there are, if the board says so in its manual.
    status_bytes: u8,
    /// How long the line is quiet after a status, in milliseconds, if the number of bytes is not known.
    status_silence_ms: u16,
    /// How long the board's own pulse is, in milliseconds.
    pulse_ms: u16,
    /// Asks for a pulse of so many seconds with every unlock, on boards that know that.
    unlock_seconds: u8,
    /// Whether `pulse_ms` is written to the board; otherwise it is believed.
    set_unlock_time: bool,
    /// How long an answer may take, in milliseconds.
    reply_ms: u16,
    /// How long the answer to an unlock may take, in milliseconds.
    unlock_reply_ms: u16,
    /// How long the board is left alone after an unlock, in milliseconds.
    after_unlock_ms: u16,
    /// How the relays end a pulse.
    profile: RelayProfile,
    /// How frames are wrapped.
    framing: Framing,
    /// The address of the first relay.
    first_coil: u16,
    /// What is written to switch a plain relay on, FF00 if nothing is said.
    on_value: u16,
    /// The inputs that read doors.
    door_inputs: DoorInputs,
    /// The inputs that read item sensors.
    item_inputs: ItemInputs,
    /// The GPIO chip, `/dev/gpiochip0` say.
    chip: PathBuf,
    /// The lines that drive coils, a channel each.
    coils: Vec<LineConfig>,
    /// The lines that read doors.
    doors: Vec<LineConfig>,
    /// The lines that read item sensors.
    items: Vec<LineConfig>,
    /// The resistors of the inputs.
    bias: Bias,
    /// How long the kernel waits for an input to be quiet, in milliseconds, 0 to 50.
    debounce_ms: u16,
    /// Whether a board without a pulse of its own may be used.
    software_pulse: SoftwarePulse,
}

impl BoardDriver {
    /// The keys that a board with this driver knows beside `driver`, `boxes` and `power_group`.
    #[must_use]
    pub const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Xor => &[
                "port",
                "address",
                "channels",
                "polarity",
                "group_order",
                "status_bytes",
                "status_silence_ms",
                "pulse_ms",
                "unlock_seconds",
                "reply_ms",
                "unlock_reply_ms",
            ],
            Self::Cu16 => &[
                "port",
                "address",
                "channels",
                "polarity",
                "item_sensor",
                "pulse_ms",
                "set_unlock_time",
                "reply_ms",
                "after_unlock_ms",
            ],
            Self::Cu48 => {
                &["port", "address", "channels", "polarity", "pulse_ms", "reply_ms", "after_unlock_ms"]
            }
            Self::Cu12 => &[
                "port",
                "address",
                "channels",
                "polarity",
                "pulse_ms",
                "set_unlock_time",
                "reply_ms",
                "unlock_reply_ms",
            ],
            Self::Modbus => &[
                "port",
                "address",
                "channels",
                "profile",
                "framing",
                "first_coil",
                "on_value",
                "door_inputs",
                "item_inputs",
                "reply_ms",
                "software_pulse",
            ],
            Self::Wkly | Self::Winnsen => {
                &["port", "address", "channels", "pulse_ms", "reply_ms", "unlock_reply_ms"]
            }
            Self::Gpio => &["chip", "coils", "doors", "items", "bias", "debounce_ms", "software_pulse"],
        }
    }
}

impl fmt::Display for BoardDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Xor => "xor",
            Self::Cu16 => "cu16",
            Self::Cu48 => "cu48",
            Self::Cu12 => "cu12",
            Self::Modbus => "modbus",
            Self::Wkly => "wkly",
            Self::Winnsen => "winnsen",
            Self::Gpio => "gpio",
        })
    }
}

/// A key of the cabinet that cannot be as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} is {allowed}")]
pub struct BoardsError {
    /// The key, `cabinet.boards[0].port` say.
    pub key: String,
    /// What is allowed.
    pub allowed: String,
}

impl BoardsError {
    /// Something is wrong with a key.
    pub fn new(key: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self { key: key.into(), allowed: allowed.into() }
    }
}

/// Refuses keys that the drivers do not know, boxes that are on no board or on two, and ports that are not there.
pub(super) fn check(cabinet: &super::CabinetConfig) -> Result<(), BoardsError> {
    for (n, port) in cabinet.ports.iter().enumerate() {
        let earlier = cabinet.ports.get(..n).unwrap_or_default();
        if earlier.iter().any(|other| other.name == port.name) {
            let allowed = format!("a name of its own, and {:?} is taken", port.name);
            return Err(BoardsError::new(format!("cabinet.ports[{n}].name"), allowed));
        }
        if !cabinet.boards.iter().any(|board| board.port.as_ref() == Some(&port.name)) {
            let allowed = format!("the name that a board calls it by, and none says {:?}", port.name);
            return Err(BoardsError::new(format!("cabinet.ports[{n}].name"), allowed));
        }
    }
    for (n, board) in cabinet.boards.iter().enumerate() {
        let known = board.driver.keys();
        if let Some(key) = board.set_keys().find(|key| !known.contains(key)) {
            let allowed = format!("no key of {}, which knows {}", board.driver, known.join(", "));
            return Err(BoardsError::new(format!("cabinet.boards[{n}].{key}"), allowed));
        }
    }
    check_boxes(cabinet)
}

fn check_boxes(cabinet: &super::CabinetConfig) -> Result<(), BoardsError> {
    let mut wired = std::collections::BTreeMap::new();
    for (n, board) in cabinet.boards.iter().enumerate() {
        for (channel, &box_no) in board.boxes.iter().enumerate().filter(|&(_, &box_no)| box_no != 0) {
            let key = format!("cabinet.boards[{n}].boxes[{channel}]");
            if box_no > cabinet.boxes {
                let allowed = format!("0 for none or a box up to cabinet.boxes, which is {}", cabinet.boxes);
                return Err(BoardsError::new(key, allowed));
            }
            if let Some(earlier) = wired.insert(box_no, key.clone()) {
                let allowed = format!("a box that is wired once, and {box_no} is at {earlier} already");
                return Err(BoardsError::new(key, allowed));
            }
        }
    }
    match (1..=cabinet.boxes).find(|box_no| !wired.contains_key(box_no)) {
        None => Ok(()),
        Some(missing) => {
            let allowed = format!("how many boxes the boards carry, and box {missing} is on none");
            Err(BoardsError::new("cabinet.boxes", allowed))
        }
    }
}
