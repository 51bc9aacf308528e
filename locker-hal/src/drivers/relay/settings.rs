//! How Modbus relays are set up.

use super::super::{ItemSensor, Polarity, REPLY_MS};
use crate::codec::OutOfRange;

/// How frames are packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// For a serial wire, also behind a serial server.
    #[default]
    Rtu,
    /// Modbus TCP, for a device that speaks it itself.
    Tcp,
}

/// How a relay is switched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RelayProfile {
    /// Waveshare: the board ends the pulse (*flash on*), in steps of 100 ms.
    #[default]
    Waveshare,
    /// Eletechsup R421A08 and its kin: the board ends the pulse, after 1 s. Channels are registers from 1.
    R421A08,
    /// Any other: this process ends the pulse. The cabinet takes such a board only if told to, because a process that dies
    /// leaves the coil on.
    Plain {
        /// The value that switches a coil on; `FF00` unless said otherwise. Some clones want `0100`.
        on: Option<u16>,
    },
}

/// Inputs that are door contacts, one for each channel in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DoorInputs {
    /// Whose inputs, if not the relays' own unit.
    pub unit: Option<u8>,
    /// The address of channel 0's.
    pub first: u16,
    /// What a set input says.
    pub polarity: Polarity,
}

/// Inputs that are item sensors, one for each channel in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemInputs {
    /// Whose inputs, if not the relays' own unit.
    pub unit: Option<u8>,
    /// The address of channel 0's.
    pub first: u16,
    /// What a set input says.
    pub sensor: ItemSensor,
}

/// How relays are set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelaySettings {
    /// How frames are packed.
    pub framing: Framing,
    /// The device's address, 1 to 255; 0 would be everyone.
    pub unit: u8,
    /// How many relays are used, 1 to 64; 1 to 8 of an R421A08.
    pub channels: u8,
    /// How a relay is switched.
    pub profile: RelayProfile,
    /// The address of channel 0's coil, 0 to 127; some clones begin at 1. An R421A08 has none.
    pub first_coil: u16,
    /// Door contacts; without them doors are unknown.
    pub doors: Option<DoorInputs>,
    /// Item sensors; without them items are unknown.
    pub items: Option<ItemInputs>,
    /// The time limit of a reply, in milliseconds.
    pub reply_ms: u16,
}

/// Inputs that are asked for at once at most: 64 doors, 64 items and as many between them.
const INPUTS_AT_ONCE: u16 = 192;

impl RelaySettings {
    /// What to ask for, as unit, first and count. A reply does not say which inputs it is about: of one unit there is one
    /// question, so that a late reply can only be an older answer to it. Inputs too far apart are asked for one after the other.
    pub(super) fn inputs(&self) -> [Option<(u8, u16, u16)>; 2] {
        let count = u16::from(self.channels);
        let place = |unit: Option<u8>, first: u16| (unit.unwrap_or(self.unit), first, count);
        let doors = self.doors.map(|doors| place(doors.unit, doors.first));
        let items = self.items.map(|items| place(items.unit, items.first));
        let (Some((unit, door, _)), Some((other, item, _))) = (doors, items) else { return [doors, items] };
        let span = door.abs_diff(item) + count;
        if unit == other && span <= INPUTS_AT_ONCE {
            [Some((unit, door.min(item), span)), None]
        } else {
            [doors, items]
        }
    }
}

impl Default for RelaySettings {
    fn default() -> Self {
        Self {
            framing: Framing::Rtu,
            unit: 1,
            channels: 8,
            profile: RelayProfile::Waveshare,
            first_coil: 0,
            doors: None,
            items: None,
            reply_ms: REPLY_MS,
        }
    }
}

impl RelaySettings {
    pub(super) fn checked(&self) -> Result<(), OutOfRange> {
        let channels_max = if self.profile == RelayProfile::R421A08 { 8 } else { 64 };
        OutOfRange::unless("unit", self.unit, 1, 255)?;
        OutOfRange::unless("channels", self.channels, 1, channels_max)?;
        // So that no coil is that of *all relays* on a Waveshare board.
        OutOfRange::unless("first coil", self.first_coil, 0, 127)?;
        let units = [self.doors.and_then(|doors| doors.unit), self.items.and_then(|items| items.unit)];
        units.into_iter().flatten().try_for_each(|unit| OutOfRange::unless("unit of inputs", unit, 1, 255))
    }
}
