//! A lock board: so many channels, each with a coil that can be pulsed and with sensors that can be read.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use async_trait::async_trait;
use locker_core::{Door, Item, PulseId};

use crate::error::BoardFault;
#[cfg(feature = "mocks")]
use crate::error::ErrorKind;

/// The number of a channel on its board, from 0, whatever the print on the board says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(pub u8);

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// What a wire says in this instant, before debouncing. Only a [`Debounce`](crate::Debounce) makes a level of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Raw<T>(pub T);

/// What the sensors of one channel say in this instant. This is what was sensed, never what was commanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChannelLevel {
    /// The door contact or the lock's hook switch.
    pub door: Raw<Door>,
    /// The item sensor.
    pub item: Raw<Item>,
}

/// What the sensors of a whole board say, channel 0 first. A channel that is missing at the end counts as unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelLevels(pub Vec<ChannelLevel>);

impl ChannelLevels {
    /// The levels of `channel`; unknown when the board did not say.
    ///
    /// ```
    /// use locker_hal::{Channel, ChannelLevel, ChannelLevels, Door, Item, Raw};
    ///
    /// let open = ChannelLevel { door: Raw(Door::Open), item: Raw(Item::Absent) };
    /// let levels = ChannelLevels(vec![open]);
    /// assert_eq!(levels.of(Channel(0)), open);
    /// assert_eq!(levels.of(Channel(1)), ChannelLevel::default());
    /// ```
    #[must_use]
    pub fn of(&self, channel: Channel) -> ChannelLevel {
        self.0.get(usize::from(channel.0)).copied().unwrap_or_default()
    }
}

/// One firing of one coil as a board is asked for it. This is what is commanded, never what is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PulseOrder {
    /// The pulse's id, for logs; boards know nothing of it.
    pub id: PulseId,
    /// The channel.
    pub channel: Channel,
    /// How long the coil is to be on, in milliseconds, 1 to [`PULSE_MS_LIMIT`](locker_core::PULSE_MS_LIMIT).
    pub length_ms: u16,
}

/// Who ends a pulse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PulseSource {
    /// The board itself, also when the host dies right after the command.
    Hardware,
    /// A guard process on the same machine: also when the host dies, not when the guard does. A cabinet refuses such a
    /// board like the next one, unless its configuration accepts it (BOX-8).
    Guarded,
    /// The host, by a second command. A host that dies between the two leaves the coil on, so a cabinet refuses such
    /// a board unless its configuration accepts it (BOX-8), with a guard outside the kiosk's process.
    Software,
}

/// How long a pulse of a board is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PulseLength {
    /// As long as the order says.
    AsOrdered,
    /// Always this many milliseconds, whatever the order says.
    Fixed(u16),
}

/// What a cabinet needs to know of a board before it uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardSpec {
    /// How many channels it has, 1 to 255.
    pub channels: u8,
    /// Who ends a pulse.
    pub pulse_source: PulseSource,
    /// How long a pulse is.
    pub pulse_length: PulseLength,
    /// How long one read of the whole board takes when all is well, in milliseconds.
    pub read_ms: u32,
    /// How long the board can neither be read nor commanded because of a command (its *command window*), in
    /// milliseconds: at most until the time-out of the acknowledgement.
    pub command_ms: u32,
}

impl BoardSpec {
    /// A board with `channels` channels that ends its pulses itself and answers at once.
    ///
    /// ```
    /// use locker_hal::{BoardSpec, PulseSource};
    ///
    /// let spec = BoardSpec { read_ms: 12, command_ms: 1_500, ..BoardSpec::prompt(16) };
    /// assert_eq!(spec.pulse_source, PulseSource::Hardware);
    /// ```
    #[must_use]
    pub const fn prompt(channels: u8) -> Self {
        Self {
            channels,
            pulse_source: PulseSource::Hardware,
            pulse_length: PulseLength::AsOrdered,
            read_ms: 0,
            command_ms: 0,
        }
    }
}

/// A lock board, or whatever can do the same.
///
/// A board decides nothing: rest, gaps, leases and ids are the cabinet's. What a driver owes:
/// - **At once or not at all.** `pulse` writes its first byte the first time it is polled, or fails. It never waits for
///   a connection or a free port, because the cabinet has checked lease and `not_after` an instant before.
/// - **Once.** It never repeats a pulse by itself, not even when no acknowledgement comes (BOX-4).
/// - **An end.** Every call ends by itself, with [`ErrorKind::Silent`](crate::ErrorKind::Silent) if need be.
/// - **For ever.** A way that broke is built up again by `read` (or behind it), not by `pulse`.
/// - **All off** when it is dropped, as far as its hardware lets it.
///
/// Calls may be driven slowly: whoever cycles a cabinet without [`Bus::news`](crate::Bus::news) polls them at his next cycle
/// (software pulses apart).
#[cfg_attr(feature = "mocks", mockall::automock(type Error = ErrorKind;))]
#[async_trait]
pub trait Board: Send + 'static {
    /// The driver's own error.
    type Error: BoardFault;

    /// What the board is and needs. It never changes.
    fn spec(&self) -> BoardSpec;

    /// Energises one coil for one pulse and waits for the acknowledgement, not for the door.
    ///
    /// # Errors
    /// Any; [`ErrorKind`](crate::ErrorKind) says whether the coil may have fired all the same.
    async fn pulse(&mut self, order: PulseOrder) -> Result<(), Self::Error>;

    /// Reads every sensor once.
    ///
    /// # Errors
    /// Any: nothing is known then.
    async fn read(&mut self) -> Result<ChannelLevels, Self::Error>;

    /// Is ready when a sensor may have moved since the last reading, so that it is worth while to read now; it may be dropped
    /// and asked again. A board that cannot tell by itself is never ready, and is read once in a poll period.
    async fn moved(&mut self) {
        core::future::pending::<()>().await;
    }

    /// Lets every coil go. A board whose hardware ends each pulse and knows no such command says `Ok`.
    ///
    /// # Errors
    /// Any: coils may still be on, and the cabinet asks again.
    async fn all_off(&mut self) -> Result<(), Self::Error>;
}
