//! Boards on serial lines and TCP connections: the configuration's words for what the drivers want to know.

use locker_hal::drivers::{
    self, Cu12, Cu12Settings, Cu16, Cu16Settings, Cu48, Cu48Settings, OutOfRange, Relay, RelaySettings,
    StatusEnd, UnlockTime, Winnsen, WinnsenSettings, Wkly, WklySettings, Xor8a, XorPulse, XorSettings,
};
use locker_hal::line::{self, LineSettings, Opener, PortAddress, SerialPort, SharedLine, StopBits, TcpPort};

use super::At;
use crate::config::{
    BoardDriver, BoardsError, Echo, Framing, GroupOrder, ItemSensor, Parity, Polarity, PortConfig,
    RelayProfile,
};

/// The line of `[[cabinet.ports]]` number `n`. It is opened by the first reading.
pub(super) fn line(n: usize, port: &PortConfig) -> Result<SharedLine, BoardsError> {
    let wrong = |key: &str, allowed: &str| BoardsError::new(format!("cabinet.ports[{n}].{key}"), allowed);
    let address: PortAddress = port
        .address
        .parse()
        .map_err(|error: line::PortAddressError| wrong("address", &format!("where the port is: {error}")))?;
    let opener: Box<dyn Opener> = match address {
        PortAddress::Tcp(address) => {
            if port.baud.is_some() {
                return Err(wrong("baud", "for a device only, not for tcp://"));
            }
            Box::new(TcpPort { address })
        }
        PortAddress::Serial(path) => {
            let baud = port.baud.filter(|baud| (300..=4_000_000).contains(baud));
            Box::new(SerialPort {
                path,
                baud: baud.ok_or_else(|| {
                    wrong("baud", "the speed of the boards, 300 to 4000000: mostly 9600 or 19200")
                })?,
                parity: match port.parity {
                    Parity::None => line::Parity::None,
                    Parity::Even => line::Parity::Even,
                    Parity::Odd => line::Parity::Odd,
                },
                stop_bits: match port.stop_bits {
                    1 => StopBits::One,
                    2 => StopBits::Two,
                    _ => return Err(wrong("stop_bits", "1 or 2")),
                },
            })
        }
    };
    let echo = match port.echo {
        Echo::Off => line::Echo::Off,
        Echo::Strip => line::Echo::Strip,
    };
    Ok(SharedLine::new(opener, LineSettings { echo, silence_ms: port.silence_ms }))
}

impl At<'_> {
    /// A driver's refusal, by the key that led to it.
    fn refused(&self, error: OutOfRange) -> BoardsError {
        let key = match error.field {
            "unlock time" | "pulse" => "pulse_ms",
            "pulse seconds" => "unlock_seconds",
            "unit" | "station" => "address",
            "unit of inputs" => "door_inputs.unit and item_inputs.unit",
            "first coil" => "first_coil",
            "status length" => "status_bytes",
            "status silence" => "status_silence_ms",
            field => field,
        };
        self.wrong(key, format!("{} to {}, not {}", error.min, error.max, error.value))
    }

    /// As many channels as were said, or as boxes were named, or as `usual` if neither is.
    fn channels(&self, usual: u8) -> u8 {
        let named = u8::try_from(self.board.boxes.len()).ok().filter(|boxes| *boxes > 0);
        self.board.channels.or(named).unwrap_or(usual)
    }

    fn polarity(&self) -> drivers::Polarity {
        self.board.polarity.map_or_else(drivers::Polarity::default, polarity)
    }

    fn unlock_time(&self) -> UnlockTime {
        let ms = self.board.pulse_ms.unwrap_or(550);
        if self.board.set_unlock_time.unwrap_or(true) {
            UnlockTime::Set { ms }
        } else {
            UnlockTime::Trust { ms }
        }
    }

    pub(super) fn xor(&self, line: SharedLine) -> Result<Xor8a, BoardsError> {
        let (board, usual) = (self.board, XorSettings::default());
        let status = match (board.status_bytes, board.status_silence_ms) {
            (Some(_), Some(_)) => {
                return Err(self.wrong("status_silence_ms", "instead of status_bytes, not beside it"));
            }
            (Some(bytes), None) => StatusEnd::Length(bytes),
            (None, Some(ms)) => StatusEnd::Silence { ms },
            (None, None) => usual.status,
        };
        let pulse = match (board.pulse_ms, board.unlock_seconds) {
            (Some(_), Some(_)) => {
                return Err(self.wrong("unlock_seconds", "instead of pulse_ms, not beside it"));
            }
            (Some(ms), None) => XorPulse::Board { ms },
            (None, Some(seconds)) => XorPulse::Seconds(seconds),
            (None, None) => usual.pulse,
        };
        let settings = XorSettings {
            address: board.address.unwrap_or(usual.address),
            channels: self.channels(usual.channels),
            polarity: self.polarity(),
            group_order: board.group_order.map_or(usual.group_order, |order| match order {
                GroupOrder::HighestFirst => drivers::GroupOrder::HighestFirst,
                GroupOrder::LowestFirst => drivers::GroupOrder::LowestFirst,
            }),
            status,
            pulse,
            reply_ms: board.reply_ms.unwrap_or(usual.reply_ms),
            unlock_reply_ms: board.unlock_reply_ms.unwrap_or(usual.unlock_reply_ms),
        };
        Xor8a::new(line, settings).map_err(|error| self.refused(error))
    }

    pub(super) fn cu16(&self, line: SharedLine) -> Result<Cu16, BoardsError> {
        let (board, usual) = (self.board, Cu16Settings::default());
        let settings = Cu16Settings {
            address: board.address.unwrap_or(usual.address),
            channels: self.channels(usual.channels),
            polarity: self.polarity(),
            items: board.item_sensor.map_or(usual.items, item_sensor),
            unlock_time: self.unlock_time(),
            reply_ms: board.reply_ms.unwrap_or(usual.reply_ms),
            after_unlock_ms: board.after_unlock_ms.unwrap_or(usual.after_unlock_ms),
        };
        Cu16::new(line, settings).map_err(|error| self.refused(error))
    }

    pub(super) fn cu48(&self, line: SharedLine) -> Result<Cu48, BoardsError> {
        let (board, usual) = (self.board, Cu48Settings::default());
        let settings = Cu48Settings {
            address: board.address.unwrap_or(usual.address),
            channels: self.channels(usual.channels),
            polarity: self.polarity(),
            pulse_ms: board.pulse_ms.unwrap_or(usual.pulse_ms),
            reply_ms: board.reply_ms.unwrap_or(usual.reply_ms),
            after_unlock_ms: board.after_unlock_ms.unwrap_or(usual.after_unlock_ms),
        };
        Cu48::new(line, settings).map_err(|error| self.refused(error))
    }

    pub(super) fn cu12(&self, line: SharedLine) -> Result<Cu12, BoardsError> {
        let (board, usual) = (self.board, Cu12Settings::default());
        let settings = Cu12Settings {
            address: board.address.unwrap_or(usual.address),
            channels: self.channels(usual.channels),
            polarity: self.polarity(),
            unlock_time: self.unlock_time(),
            reply_ms: board.reply_ms.unwrap_or(usual.reply_ms),
            unlock_reply_ms: board.unlock_reply_ms.unwrap_or(usual.unlock_reply_ms),
        };
        Cu12::new(line, settings).map_err(|error| self.refused(error))
    }

    pub(super) fn wkly(&self, line: SharedLine) -> Result<Wkly, BoardsError> {
        let (board, usual) = (self.board, WklySettings::default());
        let settings = WklySettings {
            address: board.address.unwrap_or(usual.address),
            channels: self.channels(usual.channels),
            pulse_ms: board.pulse_ms.unwrap_or(usual.pulse_ms),
            reply_ms: board.reply_ms.unwrap_or(usual.reply_ms),
            unlock_reply_ms: board.unlock_reply_ms.unwrap_or(usual.unlock_reply_ms),
        };
        Wkly::new(line, settings).map_err(|error| self.refused(error))
    }

    pub(super) fn winnsen(&self, line: SharedLine) -> Result<Winnsen, BoardsError> {
        let (board, usual) = (self.board, WinnsenSettings::default());
        let settings = WinnsenSettings {
            station: board.address.unwrap_or(usual.station),
            channels: self.channels(usual.channels),
            pulse_ms: board.pulse_ms.unwrap_or(usual.pulse_ms),
            reply_ms: board.reply_ms.unwrap_or(usual.reply_ms),
            unlock_reply_ms: board.unlock_reply_ms.unwrap_or(usual.unlock_reply_ms),
        };
        Winnsen::new(line, settings).map_err(|error| self.refused(error))
    }

    pub(super) fn relay(&self, line: SharedLine) -> Result<Relay, BoardsError> {
        let (board, usual) = (self.board, RelaySettings::default());
        let profile = match (board.profile, board.on_value) {
            (Some(RelayProfile::Plain), on) => drivers::RelayProfile::Plain { on },
            (_, Some(_)) => return Err(self.wrong("on_value", "for the profile plain only")),
            (Some(RelayProfile::Waveshare), None) => drivers::RelayProfile::Waveshare,
            (Some(RelayProfile::R421a08), None) => drivers::RelayProfile::R421A08,
            (None, None) => {
                return Err(self.wrong("profile", "waveshare, r421a08 or plain: how the relays end a pulse"));
            }
        };
        let settings = RelaySettings {
            framing: match board.framing {
                None | Some(Framing::Rtu) => drivers::Framing::Rtu,
                Some(Framing::Tcp) => drivers::Framing::Tcp,
            },
            unit: board.address.unwrap_or(usual.unit),
            channels: self.channels(usual.channels),
            profile,
            first_coil: board.first_coil.unwrap_or(usual.first_coil),
            doors: board.door_inputs.map(|doors| drivers::DoorInputs {
                unit: doors.unit,
                first: doors.first,
                polarity: polarity(doors.polarity),
            }),
            items: board.item_inputs.map(|items| drivers::ItemInputs {
                unit: items.unit,
                first: items.first,
                sensor: item_sensor(items.sensor),
            }),
            reply_ms: board.reply_ms.unwrap_or(usual.reply_ms),
        };
        Relay::new(line, settings).map_err(|error| self.refused(error))
    }

    /// Whether its pulses have to be ended by a guard.
    pub(super) fn is_guarded(&self) -> bool {
        self.board.driver == BoardDriver::Gpio || self.board.profile == Some(RelayProfile::Plain)
    }
}

const fn polarity(polarity: Polarity) -> drivers::Polarity {
    match polarity {
        Polarity::SetIsClosed => drivers::Polarity::SetIsClosed,
        Polarity::SetIsOpen => drivers::Polarity::SetIsOpen,
    }
}

const fn item_sensor(sensor: ItemSensor) -> drivers::ItemSensor {
    match sensor {
        ItemSensor::None => drivers::ItemSensor::None,
        ItemSensor::SetIsPresent => drivers::ItemSensor::SetIsPresent,
        ItemSensor::SetIsAbsent => drivers::ItemSensor::SetIsAbsent,
    }
}
