//! What can go wrong at a board, sorted by what it says about the coil.

use core::fmt;

/// What went wrong, in the few kinds that a cabinet treats differently.
///
/// A driver may have an error type as rich as it likes; [`BoardFault::kind`] sorts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// At least one byte went out and nothing came back in time. The coil may have fired.
    Silent,
    /// Something came back that nobody can read. The coil may have fired.
    Garbled,
    /// The board understood and declined. The coil did not fire.
    Refused,
    /// The way to the board is gone and no byte of this command went out. The coil did not fire.
    ///
    /// When the way breaks after the first byte, the kind is [`ErrorKind::Silent`].
    Disconnected,
    /// The board does something else just now and took nothing. The coil did not fire.
    Busy,
    /// None of the above. The coil may have fired.
    Other,
}

impl ErrorKind {
    /// Whether a coil may be energised although the pulse failed in this way.
    ///
    /// ```
    /// use locker_hal::ErrorKind;
    ///
    /// assert!(ErrorKind::Silent.may_have_fired());
    /// assert!(!ErrorKind::Refused.may_have_fired());
    /// ```
    #[must_use]
    pub const fn may_have_fired(self) -> bool {
        match self {
            Self::Silent | Self::Garbled | Self::Other => true,
            Self::Refused | Self::Disconnected | Self::Busy => false,
        }
    }

    /// Whether the board answered at all, if only to decline.
    #[must_use]
    pub const fn answered(self) -> bool {
        matches!(self, Self::Refused | Self::Busy)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Silent => "the board did not answer",
            Self::Garbled => "the board's answer cannot be read",
            Self::Refused => "the board refused",
            Self::Disconnected => "the board cannot be reached",
            Self::Busy => "the board is busy",
            Self::Other => "the board failed",
        })
    }
}

impl core::error::Error for ErrorKind {}

/// A driver's error: anything that can be sorted into an [`ErrorKind`].
pub trait BoardFault: core::error::Error + Send + Sync + 'static {
    /// The kind of this error.
    fn kind(&self) -> ErrorKind;
}

impl BoardFault for ErrorKind {
    fn kind(&self) -> ErrorKind {
        *self
    }
}
