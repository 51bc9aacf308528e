//! Every driver with the simulated board that it is for.

#![allow(dead_code, unreachable_pub, reason = "every test file uses another part")]

use locker_hal::drivers::{
    Cu12, Cu12Settings, Cu16, Cu16Settings, Cu48, Cu48Settings, DoorInputs, ItemInputs, ItemSensor, Polarity,
    Relay, RelayProfile, RelaySettings, StatusEnd, UnlockTime, Winnsen, WinnsenSettings, Wkly, WklySettings,
    Xor8a, XorPulse, XorSettings,
};
use locker_hal::line::SharedLine;
use locker_hal::{BoxNo, Cabinet, CabinetBuilder, WireNo};
use locker_hal_sim::SimConfig;
use locker_hal_sim::simboard::{BoardMake, Protocol};

/// A board as the tests set it up: half a second for a pulse, where the board lets itself be set.
pub fn make(protocol: Protocol) -> BoardMake {
    let usual = BoardMake::of(protocol);
    BoardMake { pulse_ms: pulse_ms(protocol), ..usual }
}

/// How long its pulse is, in milliseconds.
pub fn pulse_ms(protocol: Protocol) -> u16 {
    if protocol == Protocol::R421a08 { 1_000 } else { 500 }
}

pub fn senses_items(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::Cu16 | Protocol::Waveshare | Protocol::R421a08 | Protocol::Coils)
}

/// Whether a pulse that is under way can be ended while the suite's clock stands: one that the host ends is waited for.
pub fn cuts_short(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::Waveshare | Protocol::R421a08)
}

/// The cabinet of a configuration, all its boards on one line, or each on its own.
pub fn cabinet(protocol: Protocol, lines: &[SharedLine], config: &SimConfig) -> Cabinet {
    let mut builder = Cabinet::builder();
    for number in 0..config.boards() {
        let n = if lines.len() == 1 { 0 } else { number };
        let wire = (WireNo(n), &lines[usize::from(n)]);
        add(&mut builder, protocol, wire, number, config.channels(number), config.boxes_of(number));
    }
    builder.build().unwrap()
}

fn add(
    builder: &mut CabinetBuilder,
    protocol: Protocol,
    (wire, line): (WireNo, &SharedLine),
    number: u8,
    channels: u8,
    boxes: impl Iterator<Item = BoxNo>,
) {
    let line = line.clone();
    let address = make(protocol).address + number;
    let pulse_ms = pulse_ms(protocol);
    let unlock_time = UnlockTime::Set { ms: pulse_ms };
    let board = match protocol {
        Protocol::Xor80 => {
            let pulse = XorPulse::Board { ms: pulse_ms };
            let status = StatusEnd::Length(3);
            let settings = XorSettings { address, channels, pulse, status, ..XorSettings::default() };
            builder.board(wire, Xor8a::new(line, settings).unwrap())
        }
        Protocol::Cu16 => {
            let settings = Cu16Settings { address, channels, unlock_time, ..Cu16Settings::default() };
            builder.board(wire, Cu16::new(line, settings).unwrap())
        }
        Protocol::Cu48 => {
            let settings = Cu48Settings { address, channels, pulse_ms, ..Cu48Settings::default() };
            builder.board(wire, Cu48::new(line, settings).unwrap())
        }
        Protocol::Cu12 => {
            let settings = Cu12Settings { address, channels, unlock_time, ..Cu12Settings::default() };
            builder.board(wire, Cu12::new(line, settings).unwrap())
        }
        Protocol::Waveshare | Protocol::R421a08 | Protocol::Coils => {
            let profile = match protocol {
                Protocol::Waveshare => RelayProfile::Waveshare,
                Protocol::R421a08 => RelayProfile::R421A08,
                _ => RelayProfile::Plain { on: None },
            };
            let items = u16::from(make(protocol).channels);
            let settings = RelaySettings {
                unit: address,
                channels,
                profile,
                doors: Some(DoorInputs { unit: None, first: 0, polarity: Polarity::SetIsClosed }),
                items: Some(ItemInputs { unit: None, first: items, sensor: ItemSensor::SetIsPresent }),
                ..RelaySettings::default()
            };
            let board = builder.board(wire, Relay::new(line, settings).unwrap());
            if protocol == Protocol::Coils {
                builder.accept_software_pulse(board);
            }
            board
        }
        Protocol::Winnsen => {
            let settings =
                WinnsenSettings { station: address, channels, pulse_ms, ..WinnsenSettings::default() };
            builder.board(wire, Winnsen::new(line, settings).unwrap())
        }
        Protocol::Wkly => {
            let settings = WklySettings { address, channels, pulse_ms, ..WklySettings::default() };
            builder.board(wire, Wkly::new(line, settings).unwrap())
        }
        other => panic!("no driver is known for {other}"),
    };
    builder.wire_boxes(board, boxes);
}

/// Whether a lost acknowledgement leaves an order unanswered: of a relay the coil is read back.
pub fn hangs_on_acknowledgements(protocol: Protocol) -> bool {
    !matches!(protocol, Protocol::Waveshare | Protocol::R421a08 | Protocol::Coils)
}
