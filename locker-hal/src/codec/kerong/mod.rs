//! KERONG control boards: frames between `02` and `03`, with the low byte of the sum of all bytes as their check.
//!
//! | module | board | locks | frames |
//! |---|---|---|---|
//! | [`cu16`] | KR-CU16 | 16 | 5 to 7 bytes, replies 9 |
//! | [`cu48`] | KR-CU48 | 48 | 6 bytes, replies 12 |
//! | [`cu12`] | KR-CU12 | 12 | 8 bytes and data |
//!
//! Not offered: opening all locks, resets, baud rates, delays, and the second family of frames that begins with `F5`, in
//! which `B5` erases the firmware. A board of the same name may speak something else altogether (a *CU48* with Modbus is
//! on sale): the protocol is a matter of configuration, never of the name.

pub mod cu12;
pub mod cu16;
pub mod cu48;

use super::{OutOfRange, Packet};

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// The check of a frame: the low byte of the sum of all its bytes but the check itself.
#[must_use]
pub fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
}

/// One board, or each on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// One board, by its address from 0.
    Board(u8),
    /// Every board on the wire, each of which answers in its turn.
    Everyone,
}

impl Whom {
    fn address(self, max: u8, everyone: u8) -> Result<u8, OutOfRange> {
        match self {
            Self::Board(board) => OutOfRange::unless("board", board, 0, u32::from(max)).map(|()| board),
            Self::Everyone => Ok(everyone),
        }
    }
}

fn packet(bytes: &[u8]) -> Packet {
    Packet::checked(bytes, &[sum(bytes)])
}
