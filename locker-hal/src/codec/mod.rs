//! What lock boards say on the wire, byte by byte, without a runtime, a clock or an allocation.
//!
//! Each module knows one protocol: a `Request` becomes a [`Packet`], and a [`Decoder`] turns what comes back, in whatever
//! pieces, into replies. Anything else on the wire (half a frame, the end of an old one, noise) is skipped up to the next
//! good frame.
//!
//! | module | boards | check |
//! |---|---|---|
//! | [`xor`] | *8A/80* boards of 2 to 50 channels, of many resellers | XOR of all bytes |
//! | [`kerong`] | KERONG CU16, CU48, CU12 | sum of all bytes |
//! | [`modbus`] | Modbus relays and inputs, RTU and TCP | CRC-16; none over TCP |
//! | [`wkly`] | boards that begin with the letters `WKLY` | XOR of all bytes |
//! | [`winnsen`] | Winnsen | none: head, length and end alone |
//!
//! No request is offered that energises more than one coil, that keeps one on, that resets a board or that touches its
//! firmware (KERONG's `B5` erases it), though the boards know such requests.
//!
//! # Example
//! ```
//! use locker_hal::codec::{Decoder, kerong::cu16};
//!
//! let request = cu16::Request::Unlock { board: 0, lock: 2 }.encode()?;
//! assert_eq!(*request, [0x02, 0x02, 0x31, 0x03, 0x38]);
//!
//! // Two bytes of noise, then the frame in two pieces.
//! let mut decoder = Decoder::new(cu16::Cu16);
//! assert_eq!(decoder.feed(&mut &[0xFB, 0x02, 0x02, 0x00, 0x35, 0x01][..]), None);
//! let Some(cu16::Reply::Status { board, hooks, items }) = decoder.feed(&mut &[0x00, 0x01, 0x00, 0x03, 0x3C][..])
//! else {
//!     panic!("a status");
//! };
//! assert_eq!((board, hooks, items), (0, 1, 1));
//! assert_eq!(decoder.skipped(), 2);
//! # Ok::<(), locker_hal::codec::OutOfRange>(())
//! ```

mod bytes;
mod decoder;
pub mod kerong;
pub mod modbus;
mod packet;
pub mod winnsen;
pub mod wkly;
pub mod xor;

pub use decoder::{Decoder, FRAME_BYTES_MAX, Look, Protocol, Rest};
pub use packet::{OutOfRange, PACKET_BYTES_MAX, Packet};
