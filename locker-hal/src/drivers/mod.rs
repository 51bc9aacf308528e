//! Drivers of lock boards and relays: each is a [`Board`] on a [`SharedLine`].
//!
//! | driver | boards | pulse | acknowledged by | items |
//! |---|---|---|---|---|
//! | [`Xor8a`] | *8A/80* boards | the board's, fixed | its reply | |
//! | [`Cu16`] | KERONG CU16 | the board's, settable | a reply to the unlock, or to the status asked behind it | infrared |
//! | [`Cu48`] | KERONG CU48 | the board's, fixed | the status asked behind it | |
//! | [`Cu12`] | KERONG CU12 | the board's, settable | its reply | |
//! | [`Relay`] | Modbus relays | the board's, or the host's | the coil read back | inputs |
//! | [`Wkly`] | `WKLY` boards | the board's, fixed | its reply | |
//! | [`Winnsen`] | Winnsen | the board's, fixed | its reply | |
//!
//! Every driver keeps what [`Board`] demands: an unlock goes out once or not at all, and an acknowledgement
//! says that the board took it, never that a door is open. Bauds are those that the boards leave the factory with.
//!
//! Their time limits run by tokio's clock. What the protocols are and where that is known from stands with each
//! [codec](crate::codec).

mod cu12;
mod cu16;
mod cu48;
mod relay;
mod winnsen;
mod wkly;
mod xor8a;

use locker_core::{Door, Item, PULSE_MS_LIMIT};
use tokio::time::{Duration, sleep};

pub use cu12::{Cu12, Cu12Settings};
pub use cu16::{Cu16, Cu16Settings};
pub use cu48::{Cu48, Cu48Settings};
pub use relay::{DoorInputs, Framing, ItemInputs, Relay, RelayProfile, RelaySettings};
pub use winnsen::{Winnsen, WinnsenSettings};
pub use wkly::{Wkly, WklySettings};
pub use xor8a::{StatusEnd, Xor8a, XorPulse, XorSettings};

pub use crate::codec::OutOfRange;
pub use crate::codec::xor::GroupOrder;

use crate::board::{Board, BoardSpec, ChannelLevel, ChannelLevels, PulseLength, PulseSource, Raw};
use crate::codec::{Packet, Protocol};
use crate::error::ErrorKind;
use crate::line::{Awaiting, SharedLine};

/// The time limit of a status if nothing is said, in milliseconds. Boards answer within a few; but when one falls silent, the
/// cabinet waits for it once, and no door of the others may stand open unseen meanwhile
/// ([`OPEN_SEEN_MS`](crate::OPEN_SEEN_MS)).
const REPLY_MS: u16 = 200;

/// The least time limit of a status that acknowledges an unlock, in milliseconds: some boards are busy as long as the coil is
/// on, and nobody waits for it.
const CONFIRM_MS_MIN: u16 = 1_000;

/// A board needs more than 500 ms after it was set before it listens again (KERONG's sheets), in milliseconds.
const SET_MS: u64 = 600;

/// What a set bit of a lock's feedback switch, or of a door contact, says. It hangs on the switch (normally open or normally
/// closed), not on the board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Polarity {
    /// Set: the door is closed, the hook is caught.
    #[default]
    SetIsClosed,
    /// Set: the door is open.
    SetIsOpen,
}

impl Polarity {
    const fn door(self, set: bool) -> Door {
        match (self, set) {
            (Self::SetIsClosed, true) | (Self::SetIsOpen, false) => Door::Closed,
            (Self::SetIsClosed, false) | (Self::SetIsOpen, true) => Door::Open,
        }
    }
}

/// What a set bit of an item sensor says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ItemSensor {
    /// There is no sensor: nothing is known.
    None,
    /// Set: something is in the box.
    #[default]
    SetIsPresent,
    /// Set: nothing is in the box.
    SetIsAbsent,
}

impl ItemSensor {
    const fn item(self, set: bool) -> Item {
        match (self, set) {
            (Self::None, _) => Item::Unknown,
            (Self::SetIsPresent, true) | (Self::SetIsAbsent, false) => Item::Present,
            (Self::SetIsPresent, false) | (Self::SetIsAbsent, true) => Item::Absent,
        }
    }
}

/// How long a board energises a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnlockTime {
    /// The board is asked at start, and whenever it comes back, and set if it says another time: before that nothing is
    /// fired. In milliseconds, 10 to 2000, counted in steps of 10.
    Set {
        /// The time.
        ms: u16,
    },
    /// The board is neither asked nor set: somebody answers for this time, in milliseconds, 1 to 2000.
    Trust {
        /// The time.
        ms: u16,
    },
}

impl Default for UnlockTime {
    /// What KERONG's boards are set to in the factory: 550 ms.
    fn default() -> Self {
        Self::Set { ms: 550 }
    }
}

impl UnlockTime {
    fn checked(self) -> Result<(), OutOfRange> {
        match self {
            Self::Set { ms } => OutOfRange::unless("unlock time", ms, 10, PULSE_MS_LIMIT.into()),
            Self::Trust { ms } => OutOfRange::unless("unlock time", ms, 1, PULSE_MS_LIMIT.into()),
        }
    }

    const fn ms(self) -> u16 {
        match self {
            Self::Set { ms } => ms / 10 * 10,
            Self::Trust { ms } => ms,
        }
    }
}

/// Finds out at which baud rate a board answers: the first of `bauds` at which it can be read. Every board made by
/// `board_at` is dropped, and its port with it, before the next is made. Nothing is fired, nothing is set.
///
/// ```no_run
/// # #[cfg(feature = "serial")]
/// # async fn probe() -> Option<u32> {
/// use locker_hal::drivers::{Cu16, Cu16Settings, probe_baud};
/// use locker_hal::line::{LineSettings, SerialPort, SharedLine};
///
/// probe_baud(&Cu16::BAUDS, |baud| {
///     let line = SharedLine::new(SerialPort::new("/dev/ttyUSB0", baud), LineSettings::default());
///     Cu16::new(line, Cu16Settings::default()).expect("the defaults are in range")
/// })
/// .await
/// # }
/// ```
pub async fn probe_baud<B: Board>(bauds: &[u32], mut board_at: impl FnMut(u32) -> B) -> Option<u32> {
    for &baud in bauds {
        if board_at(baud).read().await.is_ok() {
            return Some(baud);
        }
    }
    None
}

/// Sees to it that a board's pulses are as long as they should be: asks, sets, and asks again. `time` finds the board's answer.
async fn keep_unlock_time<P: Protocol + Copy>(
    line: &SharedLine,
    (query, set): (Packet, Packet),
    awaiting: Awaiting<P>,
    time: impl Fn(P::Frame) -> Option<Result<u16, ErrorKind>> + Copy,
    wanted: u16,
) -> Result<(), ErrorKind> {
    let mut turn = line.query().await?;
    if turn.ask(&query, awaiting, time).await?? == wanted {
        return Ok(());
    }
    // Whether the setting is answered, and with what, does not matter: it is asked for again.
    let _ = turn.ask(&set, awaiting, time).await;
    sleep(Duration::from_millis(SET_MS)).await;
    if turn.ask(&query, awaiting, time).await?? == wanted { Ok(()) } else { Err(ErrorKind::Other) }
}

/// Whether a bit of up to 16 is set.
fn is_set(bits: u16, channel: u8) -> bool {
    bits.checked_shr(channel.into()).is_some_and(|bits| bits & 1 == 1)
}

/// A board that ends its pulses itself after a time of its own.
const fn fixed(channels: u8, pulse_ms: u16, read_ms: u32, command_ms: u32) -> BoardSpec {
    BoardSpec {
        channels,
        pulse_source: PulseSource::Hardware,
        pulse_length: PulseLength::Fixed(pulse_ms),
        read_ms,
        command_ms,
    }
}

/// The levels of so many channels.
fn levels(channels: u8, level: impl Fn(u8) -> (Door, Item)) -> ChannelLevels {
    let level = |channel| {
        let (door, item) = level(channel);
        ChannelLevel { door: Raw(door), item: Raw(item) }
    };
    ChannelLevels((0..channels).map(level).collect())
}

/// What went wrong once an unlock is out: whatever it is, the coil may have fired.
const fn after_firing(kind: ErrorKind) -> ErrorKind {
    match kind {
        ErrorKind::Disconnected | ErrorKind::Busy | ErrorKind::Refused => ErrorKind::Silent,
        other => other,
    }
}

/// A request that is out of range was never sent.
fn unsent(_: OutOfRange) -> ErrorKind {
    ErrorKind::Refused
}
