//! Which board it is, and how it is set up.

use core::fmt;
use core::str::FromStr;

/// What a board speaks.
///
/// ```
/// use locker_hal_sim::simboard::Protocol;
///
/// assert_eq!("cu16".parse(), Ok(Protocol::Cu16));
/// assert_eq!(Protocol::ALL.len(), 9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// Boards of 2 to 50 locks with headers `8A` and `80` and an XOR check, under many names.
    Xor80,
    /// KERONG KR-CU16: 16 locks with item sensors.
    Cu16,
    /// KERONG KR-CU48: 48 locks.
    Cu48,
    /// KERONG KR-CU12: 12 locks.
    Cu12,
    /// Modbus RTU, relays as Waveshare's: coils, hardware flash, discrete inputs.
    Waveshare,
    /// Modbus RTU, relays as Eletechsup's R421A08: commands in holding registers; discrete inputs beside them.
    R421a08,
    /// Modbus RTU, plain coils and discrete inputs.
    Coils,
    /// Winnsen: `90 … 03`, without a check.
    Winnsen,
    /// `57 4B 4C 59`: frames that say their length, with an XOR check.
    Wkly,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Xor80,
        Self::Cu16,
        Self::Cu48,
        Self::Cu12,
        Self::Waveshare,
        Self::R421a08,
        Self::Coils,
        Self::Winnsen,
        Self::Wkly,
    ];

    /// Whether it is Modbus.
    #[must_use]
    pub const fn is_modbus(self) -> bool {
        matches!(self, Self::Waveshare | Self::R421a08 | Self::Coils)
    }

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xor80 => "8a80",
            Self::Cu16 => "cu16",
            Self::Cu48 => "cu48",
            Self::Cu12 => "cu12",
            Self::Waveshare => "waveshare",
            Self::R421a08 => "r421a08",
            Self::Coils => "coils",
            Self::Winnsen => "winnsen",
            Self::Wkly => "wkly",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Protocol {
    type Err = UnknownProtocol;

    fn from_str(name: &str) -> Result<Self, UnknownProtocol> {
        Self::ALL.into_iter().find(|protocol| protocol.name() == name).ok_or(UnknownProtocol)
    }
}

/// There is no protocol of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("one of: 8a80, cu16, cu48, cu12, waveshare, r421a08, coils, winnsen, wkly")]
pub struct UnknownProtocol;

/// When the feedback contact of a lock is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// While the hook is caught.
    WhenLocked,
    /// While the hook is free.
    WhenOpen,
}

/// Which status byte comes first where a board has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupOrder {
    /// That of the highest locks; locks 1 to 8 last.
    HighestFirst,
    /// That of locks 1 to 8.
    LowestFirst,
}

/// Whether a CU16 answers an unlock; its users do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnlockReply {
    /// Not at all, as its vendor's list of replies has it.
    Nothing,
    /// With its status, as some of its users have seen.
    Status,
}

/// A board's kind and its switches.
///
/// ```
/// use locker_hal_sim::simboard::{BoardMake, Contact, Protocol};
///
/// let other_switch = BoardMake { contact: Contact::WhenOpen, ..BoardMake::of(Protocol::Xor80) };
/// assert_eq!((other_switch.address, other_switch.baud, other_switch.status_bytes), (1, 9_600, 3));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardMake {
    /// What it speaks.
    pub protocol: Protocol,
    /// The address of the cabinet's first board; the others follow.
    pub address: u8,
    /// How many locks it could have, whether or not there are boxes for all.
    pub channels: u8,
    /// Bits a second, with 8 data bits, no parity, 1 stop bit.
    pub baud: u32,
    /// When feedback contacts are closed.
    pub contact: Contact,
    /// How long it energises a coil unless it is told otherwise, in milliseconds.
    pub pulse_ms: u16,
    /// 8A/80: the order of the status bytes.
    pub group_order: GroupOrder,
    /// 8A/80: how many status bytes there are; not what the number of locks would need.
    pub status_bytes: u8,
    /// CU16: whether an unlock is answered.
    pub unlock_reply: UnlockReply,
    /// 8A/80: the header of door events that nobody asked for, `81` or `82`; WKLY: any value switches them on.
    pub events: Option<u8>,
    /// How long it thinks before it answers when its wire is paced, in microseconds.
    pub turnaround_us: u32,
    /// A fault of single replies strikes one of so many; 1 for all, 0 counts as 1.
    pub one_in: u8,
    /// What the chances of faults are drawn from.
    pub seed: u64,
}

impl BoardMake {
    /// A board of that kind as it comes out of its box.
    #[must_use]
    pub const fn of(protocol: Protocol) -> Self {
        let (address, channels, baud, pulse_ms) = match protocol {
            Protocol::Xor80 => (1, 24, 9_600, 300),
            Protocol::Cu16 => (0, 16, 19_200, 550),
            Protocol::Cu48 => (0, 48, 19_200, 550),
            Protocol::Cu12 => (0, 12, 19_200, 550),
            Protocol::Waveshare | Protocol::Coils => (1, 16, 9_600, 1_000),
            Protocol::R421a08 => (1, 8, 9_600, 1_000),
            Protocol::Winnsen => (1, 16, 9_600, 500),
            Protocol::Wkly => (0, 24, 9_600, 350),
        };
        // The Modbus specification asks for a silence of 3.5 characters before a reply.
        let turnaround_us = match protocol {
            Protocol::Waveshare | Protocol::R421a08 | Protocol::Coils => 3_646,
            _ => 1_000,
        };
        Self {
            protocol,
            address,
            channels,
            baud,
            contact: Contact::WhenLocked,
            pulse_ms,
            group_order: GroupOrder::HighestFirst,
            status_bytes: 3,
            unlock_reply: UnlockReply::Nothing,
            events: None,
            turnaround_us,
            one_in: 4,
            seed: 1,
        }
    }
}
