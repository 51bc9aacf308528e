//! The bytes of one request.

use core::ops::Deref;

use super::bytes::Bytes;

/// The most bytes of a request.
pub const PACKET_BYTES_MAX: usize = 16;

/// The bytes of one request, ready for the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet(Bytes<PACKET_BYTES_MAX>);

impl Packet {
    /// `head`, then what `check` makes of it.
    pub(super) fn checked(head: &[u8], check: &[u8]) -> Self {
        Self(Bytes::of(head.iter().chain(check)))
    }
}

impl Deref for Packet {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// A number in a request that its protocol has no place for, or that would mean *all locks* there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {value}, allowed is {min} to {max}")]
pub struct OutOfRange {
    /// What the number is.
    pub field: &'static str,
    /// The number.
    pub value: u32,
    /// The least that is allowed.
    pub min: u32,
    /// The most that is allowed.
    pub max: u32,
}

impl OutOfRange {
    /// `Ok` if `value` is within `min` and `max`.
    pub(crate) fn unless(
        field: &'static str,
        value: impl Into<u32>,
        min: u32,
        max: u32,
    ) -> Result<(), OutOfRange> {
        let value = value.into();
        if (min..=max).contains(&value) { Ok(()) } else { Err(Self { field, value, min, max }) }
    }
}
