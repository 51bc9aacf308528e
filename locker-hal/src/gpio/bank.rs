//! Coils and sensors on `embedded-hal` pins.

use alloc::boxed::Box;
use core::fmt;

use async_trait::async_trait;
use embedded_hal::digital::{Error as _, ErrorKind as PinErrorKind, InputPin, OutputPin};
use locker_core::{Door, Item};

use crate::board::{BoardSpec, Channel, ChannelLevel, ChannelLevels, Raw};
use crate::error::{BoardFault, ErrorKind};
use crate::switched::Switched;

/// Which level of a wire means *yes*: coil on, door closed, item present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Active {
    /// The high level.
    High,
    /// The low level: a relay module with inverting inputs, a switch to ground with a pull-up.
    Low,
}

/// A pin with the level that means *yes* on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wired<P> {
    /// The pin.
    pub pin: P,
    /// The level that means *coil on*, *door closed*, *item present*.
    pub active: Active,
}

impl<P> Wired<P> {
    /// A pin on which high means *yes*.
    pub const fn high(pin: P) -> Self {
        Self { pin, active: Active::High }
    }

    /// A pin on which low means *yes*.
    pub const fn low(pin: P) -> Self {
        Self { pin, active: Active::Low }
    }
}

impl<O: OutputPin> Wired<O> {
    fn set(&mut self, on: bool) -> Result<(), PinErrorKind> {
        let high = on == (self.active == Active::High);
        let set = if high { self.pin.set_high() } else { self.pin.set_low() };
        set.map_err(|error| error.kind())
    }
}

impl<I: InputPin> Wired<I> {
    fn is_active(&mut self) -> Result<bool, PinErrorKind> {
        let is_high = self.pin.is_high().map_err(|error| error.kind())?;
        Ok(is_high == (self.active == Active::High))
    }
}

/// The pins of one box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinChannel<O, I> {
    /// What drives the coil, through a transistor or a relay: never the coil itself.
    pub coil: Wired<O>,
    /// The door contact or the lock's hook switch; active means *closed*.
    pub door: Option<Wired<I>>,
    /// The item sensor; active means *present*.
    pub item: Option<Wired<I>>,
}

/// What a pin is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinRole {
    /// It drives a coil.
    Coil,
    /// It reads a door.
    Door,
    /// It reads an item sensor.
    Item,
}

impl fmt::Display for PinRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Coil => "coil",
            Self::Door => "door",
            Self::Item => "item",
        })
    }
}

/// A pin that could not be set or read: an expander that does not answer on its I²C bus, say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {role} pin of channel {channel} failed: {kind:?}")]
pub struct PinFault {
    /// Whose pin.
    pub channel: Channel,
    /// Which one.
    pub role: PinRole,
    /// What its driver says.
    pub kind: PinErrorKind,
}

impl BoardFault for PinFault {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// `N` channels on pins. All coils are let go when it is made and when it is dropped.
///
/// It needs no heap and no clock. Without a kiosk's process around it, on a microcontroller, [`PinBank::on`],
/// [`PinBank::off`] and [`PinBank::levels`] are all there is.
///
/// ```
/// use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};
/// use locker_hal::gpio::{PinBank, PinChannel, Wired};
/// use locker_hal::{Channel, Door, Raw};
///
/// // A relay module that switches on with a low level, and a hook switch to ground.
/// let relay = Mock::new(&[
///     Transaction::set(State::High), // off at start
///     Transaction::set(State::Low),
///     Transaction::set(State::High),
///     Transaction::set(State::High), // off at drop
/// ]);
/// let hook = Mock::new(&[Transaction::get(State::Low)]);
/// let channel =
///     PinChannel { coil: Wired::low(relay.clone()), door: Some(Wired::low(hook.clone())), item: None };
/// let mut bank = PinBank::new([channel])?;
/// bank.on(Channel(0))?;
/// bank.off()?;
/// assert_eq!(bank.levels()?[0].door, Raw(Door::Closed));
/// drop(bank);
/// # for mut mock in [relay, hook] { mock.done() }
/// # Ok::<(), locker_hal::gpio::PinFault>(())
/// ```
pub struct PinBank<O: OutputPin, I: InputPin, const N: usize> {
    channels: [PinChannel<O, I>; N],
}

impl<O: OutputPin, I: InputPin, const N: usize> PinBank<O, I, N> {
    /// A bank of these channels, channel 0 first; at most 255 are of use. The pins are outputs and inputs already, see
    /// [the module](crate::gpio) for the order of that.
    ///
    /// # Errors
    /// [`PinFault`] when a coil cannot be let go.
    pub fn new(channels: [PinChannel<O, I>; N]) -> Result<Self, PinFault> {
        let mut bank = Self { channels };
        bank.off()?;
        Ok(bank)
    }

    /// Energises one coil; nothing ends that but [`PinBank::off`]. A channel that is not there has no coil.
    ///
    /// # Errors
    /// [`PinFault`]: the coil may be on.
    pub fn on(&mut self, channel: Channel) -> Result<(), PinFault> {
        let Some(wires) = self.channels.get_mut(usize::from(channel.0)) else { return Ok(()) };
        wires.coil.set(true).map_err(|kind| PinFault { channel, role: PinRole::Coil, kind })
    }

    /// Lets every coil go, also those behind one that fails.
    ///
    /// # Errors
    /// The first [`PinFault`]: that coil may still be on.
    pub fn off(&mut self) -> Result<(), PinFault> {
        let mut first = Ok(());
        for (n, wires) in (0..=u8::MAX).zip(&mut self.channels) {
            let set = wires.coil.set(false);
            let set = set.map_err(|kind| PinFault { channel: Channel(n), role: PinRole::Coil, kind });
            first = first.and(set);
        }
        first
    }

    /// What the sensors say now; *unknown* where there is none.
    ///
    /// # Errors
    /// The first [`PinFault`]: nothing is known then.
    pub fn levels(&mut self) -> Result<[ChannelLevel; N], PinFault> {
        let mut levels = [ChannelLevel::default(); N];
        for ((n, wires), level) in (0..=u8::MAX).zip(&mut self.channels).zip(&mut levels) {
            let fault = |role| move |kind| PinFault { channel: Channel(n), role, kind };
            if let Some(door) = &mut wires.door {
                let is_closed = door.is_active().map_err(fault(PinRole::Door))?;
                level.door = Raw(if is_closed { Door::Closed } else { Door::Open });
            }
            if let Some(item) = &mut wires.item {
                let is_there = item.is_active().map_err(fault(PinRole::Item))?;
                level.item = Raw(if is_there { Item::Present } else { Item::Absent });
            }
        }
        Ok(levels)
    }
}

impl<O: OutputPin, I: InputPin, const N: usize> Drop for PinBank<O, I, N> {
    fn drop(&mut self) {
        // A coil that cannot be let go any more: there is nobody left to tell.
        let _ = self.off();
    }
}

#[async_trait]
impl<O, I, const N: usize> Switched for PinBank<O, I, N>
where
    O: OutputPin + Send + 'static,
    I: InputPin + Send + 'static,
{
    type Error = PinFault;

    fn spec(&self) -> BoardSpec {
        BoardSpec::prompt(u8::try_from(N).unwrap_or(u8::MAX))
    }

    async fn on(&mut self, channel: Channel) -> Result<(), PinFault> {
        PinBank::on(self, channel)
    }

    async fn all_off(&mut self) -> Result<(), PinFault> {
        self.off()
    }

    async fn read(&mut self) -> Result<ChannelLevels, PinFault> {
        self.levels().map(|levels| ChannelLevels(levels.to_vec()))
    }
}
