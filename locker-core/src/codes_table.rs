//! Stable numbers and keys of everything that can go wrong.

/// Something with a number and a key that never change and are never used again for anything else.
///
/// 1xx refusals (nothing recorded), 2xx denials (recorded and counted), 3xx faults, 4xx misuse by the host, 5xx restore.
pub trait Coded {
    /// The number.
    fn code(&self) -> u16;

    /// The key, in lower case with dots.
    fn key(&self) -> &'static str;
}
