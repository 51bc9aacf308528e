//! A few bytes without an allocation.

use core::ops::Deref;

/// At most `N` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bytes<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Bytes<N> {
    /// These bytes; whoever calls has seen that there are not more than `N`.
    pub(super) fn of<'a>(given: impl IntoIterator<Item = &'a u8>) -> Self {
        let (mut bytes, mut len) = ([0; N], 0);
        for (place, byte) in bytes.iter_mut().zip(given) {
            *place = *byte;
            len += 1;
        }
        Self { bytes, len }
    }
}

impl<const N: usize> Deref for Bytes<N> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}
