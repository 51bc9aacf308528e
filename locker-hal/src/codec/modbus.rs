//! Modbus for relays and inputs: RTU frames on a serial wire, or TCP.
//!
//! Sources: *MODBUS Application Protocol Specification* V1.1b3 and *MODBUS over Serial Line* V1.02 (modbus.org) for frames, the
//! CRC and the silence of 3.5 characters; Waveshare's wiki of *Modbus RTU Relay* for the flash address; Eletechsup's sheet of
//! R421A08, as in `Erriez/R421A08-rs485-8ch-relay-board`, for its registers.
//!
//! | request | function | used for |
//! |---|---|---|
//! | read coils | `01` | what the relays are |
//! | read inputs | `02` | door contacts, item sensors |
//! | read registers | `03` | relays of an R421A08 |
//! | write a coil | `05` | a relay on (`FF00`) or off (`0000`); some clones want `0100` |
//! | … at `0200` + n | `05` | Waveshare: relay n on for value · 100 ms, ended by the board |
//! | write a register | `06` | R421A08: relay n on (`0100`), off (`0200`), on for a second (`0500`) |
//!
//! The reply to a write is the request, byte for byte: an adapter that echoes confirms for a dead board. What was written has to
//! be read back.
//!
//! Not offered: writing many coils (`0F`), all relays at once (coils `00FF` and `01FF` of Waveshare), broadcasts.

use super::bytes::Bytes;
use super::{Look, OutOfRange, Packet, Protocol, Rest};

/// Where Waveshare's relays are switched on for a time: relay n at this address + n.
pub const FLASH_ON: u16 = 0x0200;
/// The unit of a time at [`FLASH_ON`], in milliseconds.
pub const FLASH_STEP_MS: u16 = 100;
/// The value that switches a coil on.
pub const COIL_ON: u16 = 0xFF00;
/// The most bytes of data in a reply: 512 inputs or 32 registers.
pub const DATA_BYTES_MAX: usize = 64;

const ALL_COILS: [u16; 2] = [0x00FF, 0x01FF];
const EXCEPTION: u8 = 0x80;
const MBAP_BYTES: usize = 7;

/// The check of an RTU frame: CRC-16 with the reversed polynomial `A001` and all ones at first; the low byte goes first.
#[must_use]
pub fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 })
    })
}

/// What a device is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// So many coils from the first, 1 to 512.
    ReadCoils {
        /// The first.
        first: u16,
        /// How many.
        count: u16,
    },
    /// So many discrete inputs from the first, 1 to 512.
    ReadInputs {
        /// The first.
        first: u16,
        /// How many.
        count: u16,
    },
    /// So many holding registers from the first, 1 to 32.
    ReadRegisters {
        /// The first.
        first: u16,
        /// How many.
        count: u16,
    },
    /// One coil.
    WriteCoil {
        /// Its address.
        coil: u16,
        /// Its value.
        value: u16,
    },
    /// One holding register.
    WriteRegister {
        /// Its address.
        register: u16,
        /// Its value.
        value: u16,
    },
}

impl Request {
    /// The bytes of an RTU frame to `unit`.
    ///
    /// # Errors
    /// Unit 0, which is everyone, coils `00FF` and `01FF`, which are all relays on some boards, or a count that is out of range.
    ///
    /// ```
    /// use locker_hal::codec::modbus::{FLASH_ON, Request};
    ///
    /// // Relay 0 of a Waveshare board on for 700 ms.
    /// let packet = Request::WriteCoil { coil: FLASH_ON, value: 7 }.encode_rtu(1).unwrap();
    /// assert_eq!(*packet, [0x01, 0x05, 0x02, 0x00, 0x00, 0x07, 0x8D, 0xB0]);
    /// ```
    pub fn encode_rtu(self, unit: u8) -> Result<Packet, OutOfRange> {
        let [function, a, b, c, d] = self.pdu()?;
        OutOfRange::unless("unit", unit, 1, 255)?;
        let head = [unit, function, a, b, c, d];
        Ok(Packet::checked(&head, &crc(&head).to_le_bytes()))
    }

    /// The bytes of a TCP frame to `unit`; the reply carries the same `transaction`.
    ///
    /// # Errors
    /// As [`encode_rtu`](Self::encode_rtu).
    pub fn encode_tcp(self, unit: u8, transaction: u16) -> Result<Packet, OutOfRange> {
        let pdu = self.pdu()?;
        OutOfRange::unless("unit", unit, 1, 255)?;
        let [high, low] = transaction.to_be_bytes();
        Ok(Packet::checked(&[high, low, 0, 0, 0, 6, unit], &pdu))
    }

    fn pdu(self) -> Result<[u8; 5], OutOfRange> {
        let (function, first, second) = match self {
            Self::ReadCoils { first, count } | Self::ReadInputs { first, count } => {
                OutOfRange::unless("count", count, 1, DATA_BYTES_MAX as u32 * 8)?;
                (if matches!(self, Self::ReadCoils { .. }) { 1 } else { 2 }, first, count)
            }
            Self::ReadRegisters { first, count } => {
                OutOfRange::unless("count", count, 1, DATA_BYTES_MAX as u32 / 2)?;
                (3, first, count)
            }
            Self::WriteCoil { coil, value } => {
                if ALL_COILS.contains(&coil) {
                    OutOfRange::unless("coil", coil, 0, u32::from(coil) - 1)?;
                }
                (5, coil, value)
            }
            Self::WriteRegister { register, value } => (6, register, value),
        };
        let ([a, b], [c, d]) = (first.to_be_bytes(), second.to_be_bytes());
        Ok([function, a, b, c, d])
    }
}

/// Bits or registers as they came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Values(Bytes<DATA_BYTES_MAX>);

impl Values {
    /// The bytes as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Coil or input number `n` of those that were asked for.
    #[must_use]
    pub fn bit(&self, n: usize) -> Option<bool> {
        self.bytes().get(n / 8).map(|byte| byte >> (n % 8) & 1 == 1)
    }

    /// Register number `n` of those that were asked for.
    #[must_use]
    pub fn register(&self, n: usize) -> Option<u16> {
        let pair = self.bytes().get(2 * n..2 * n + 2)?;
        <[u8; 2]>::try_from(pair).ok().map(u16::from_be_bytes)
    }
}

impl core::fmt::Debug for Values {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:02X?}", self.bytes())
    }
}

/// What a device says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// To a reading.
    Read {
        /// The function that is answered: 1 to 4.
        function: u8,
        /// What was read.
        values: Values,
    },
    /// To a writing: what the request said.
    Wrote {
        /// The function that is answered: 5, 6, 15 or 16.
        function: u8,
        /// Where.
        address: u16,
        /// The value, or how many.
        value: u16,
    },
    /// It did not do it.
    Exception {
        /// The function that is answered.
        function: u8,
        /// Why: 1 function, 2 address, 3 value, 4 device failed, 6 busy.
        code: u8,
    },
}

/// A frame with whom it is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The transaction; 0 on a serial wire, which knows none.
    pub transaction: u16,
    /// The device.
    pub unit: u8,
    /// What it says.
    pub reply: Reply,
}

/// RTU frames.
#[derive(Clone, Copy, Debug)]
pub struct Rtu;

/// TCP frames.
#[derive(Clone, Copy, Debug)]
pub struct Tcp;

/// What a PDU (function and data) begins with, and how long it is.
fn pdu(bytes: &[u8]) -> Look<Reply> {
    let Some(&function) = bytes.first() else {
        return Look::Partial;
    };
    let len = match function {
        1..=4 => match bytes.get(1) {
            None => return Look::Partial,
            Some(&count) if count == 0 || usize::from(count) > DATA_BYTES_MAX => return Look::Junk,
            Some(&count) => 2 + usize::from(count),
        },
        5 | 6 | 15 | 16 => 5,
        0x81..=0x86 | 0x8F | 0x90 => 2,
        _ => return Look::Junk,
    };
    let Some(pdu) = bytes.get(..len) else {
        return Look::Partial;
    };
    let frame = match *pdu {
        [_, code] => Reply::Exception { function: function & !EXCEPTION, code },
        [_, a, b, c, d] if function > 4 => {
            Reply::Wrote { function, address: u16::from_be_bytes([a, b]), value: u16::from_be_bytes([c, d]) }
        }
        [_, _, ref values @ ..] => Reply::Read { function, values: Values(Bytes::of(values)) },
        _ => return Look::Junk,
    };
    Look::Frame { frame, len }
}

impl Protocol for Rtu {
    type Frame = Frame;

    fn look(&self, bytes: &[u8], _rest: Rest) -> Look<Frame> {
        let Some((&unit, behind)) = bytes.split_first() else {
            return Look::Partial;
        };
        let (reply, len) = match pdu(behind) {
            Look::Frame { frame, len } => (frame, len),
            Look::Partial => return Look::Partial,
            Look::Junk => return Look::Junk,
        };
        let Some((checked, check)) = bytes.get(..len + 3).and_then(|frame| frame.split_at_checked(len + 1))
        else {
            return Look::Partial;
        };
        if check != crc(checked).to_le_bytes() {
            return Look::Junk;
        }
        Look::Frame { frame: Frame { transaction: 0, unit, reply }, len: len + 3 }
    }
}

impl Protocol for Tcp {
    type Frame = Frame;

    fn look(&self, bytes: &[u8], _rest: Rest) -> Look<Frame> {
        let Some((head, behind)) = bytes.split_at_checked(MBAP_BYTES) else {
            return Look::Partial;
        };
        let &[high, low, 0, 0, 0, len, unit] = head else {
            return Look::Junk;
        };
        let said = usize::from(len).saturating_sub(1);
        if !(2..=DATA_BYTES_MAX + 2).contains(&said) {
            return Look::Junk;
        }
        let Some(behind) = behind.get(..said) else {
            return Look::Partial;
        };
        match pdu(behind) {
            Look::Frame { frame: reply, len } if len == said => Look::Frame {
                frame: Frame { transaction: u16::from_be_bytes([high, low]), unit, reply },
                len: MBAP_BYTES + len,
            },
            _ => Look::Junk,
        }
    }
}
