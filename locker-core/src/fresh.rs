//! Randomness as data.

use core::fmt;

use zeroize::Zeroize;

use crate::chain::hmac;

/// 32 bytes from the host's cryptographic generator, used once. The core has no generator of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct Fresh([u8; 32]);

impl Fresh {
    /// Takes 32 bytes that nobody else has seen or will see again.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// An endless stream of bytes for one `purpose`: HMAC-SHA-256 in counter mode.
    pub(crate) fn stream(&self, purpose: &'static [u8]) -> Stream<'_> {
        Stream { fresh: self, purpose, block: [0; 32], counter: 0, used: 32 }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Fresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fresh(..)")
    }
}

/// Bytes drawn from [`Fresh`].
pub(crate) struct Stream<'a> {
    fresh: &'a Fresh,
    purpose: &'static [u8],
    block: [u8; 32],
    counter: u32,
    used: usize,
}

impl Stream<'_> {
    /// The next byte.
    fn byte(&mut self) -> u8 {
        if self.used == self.block.len() {
            self.block = hmac(&self.fresh.0, &[self.purpose, &self.counter.to_be_bytes()]);
            self.counter += 1;
            self.used = 0;
        }
        let byte = self.block.get(self.used).copied().expect("the block is refilled before it is used up");
        self.used += 1;
        byte
    }

    /// The next `N` bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        core::array::from_fn(|_| self.byte())
    }

    /// A number below `bound`, uniform: what would be biased is drawn again.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        loop {
            if let Some(number) = unbiased(u32::from_be_bytes(self.bytes()), bound) {
                return number;
            }
        }
    }
}

/// The number below `bound` that was drawn, or `None` for what lies above the last whole multiple of it.
const fn unbiased(drawn: u32, bound: u32) -> Option<u32> {
    let fair = u32::MAX - u32::MAX % bound;
    if drawn < fair { Some(drawn % bound) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_01_what_would_be_biased_is_drawn_again() {
        // 2^32 - 1 = 4 294 967 295; the last whole multiple of ten below it ends in 0.
        assert_eq!(unbiased(4_294_967_289, 10), Some(9));
        assert_eq!(unbiased(4_294_967_290, 10), None);
        assert_eq!(unbiased(u32::MAX, 10), None);
        assert_eq!(unbiased(0, 10), Some(0));
        assert_eq!(unbiased(u32::MAX - 1, 1), Some(0));
        assert_eq!(unbiased(2_999_999_999, 3_000_000_000), Some(2_999_999_999));
        assert_eq!(unbiased(3_000_000_000, 3_000_000_000), None);
    }

    #[test]
    fn code_01_each_block_of_a_stream_is_another() {
        let fresh = Fresh::new([7; 32]);
        let bytes: [u8; 96] = fresh.stream(b"one").bytes();
        assert!(bytes[..32] != bytes[32..64] && bytes[32..64] != bytes[64..] && bytes[..32] != bytes[64..]);
        assert!(fresh.stream(b"two").bytes::<96>() != bytes, "another purpose");
    }
}
