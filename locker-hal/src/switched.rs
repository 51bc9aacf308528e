//! Boards whose coils are only switched on and off, and the pulse that a host makes of it.

use alloc::boxed::Box;

use async_trait::async_trait;

use crate::board::{Board, BoardSpec, Channel, ChannelLevels, PulseOrder, PulseSource};
use crate::error::BoardFault;

/// A board that knows no pulse: a coil is on until somebody switches it off. A pin, a plain relay.
///
/// Somebody else ends what begins here: a guard process (`guard` of this crate), or [`SoftwarePulse`] on a
/// microcontroller whose watchdog resets the pins. What a driver owes is what a [`Board`] owes: every call ends by
/// itself, nothing is repeated, a broken way is built up again by `read` and by `all_off`, never by `on`; all off at drop.
#[async_trait]
pub trait Switched: Send + 'static {
    /// The driver's own error.
    type Error: BoardFault;

    /// What the board is; who ends a pulse and how long it is, is not asked here.
    fn spec(&self) -> BoardSpec;

    /// Energises one coil, at once or not at all.
    ///
    /// # Errors
    /// Any; the coil may be on all the same.
    async fn on(&mut self, channel: Channel) -> Result<(), Self::Error>;

    /// Lets every coil go.
    ///
    /// # Errors
    /// Any: coils may still be on, and whoever asked asks again.
    async fn all_off(&mut self) -> Result<(), Self::Error>;

    /// Reads every sensor once.
    ///
    /// # Errors
    /// Any: nothing is known then.
    async fn read(&mut self) -> Result<ChannelLevels, Self::Error>;

    /// Is ready when a sensor may have moved since the last reading, as [`Board::moved`].
    async fn moved(&mut self) {
        core::future::pending::<()>().await;
    }
}

/// How a pulse waits for its end. Every closure from milliseconds to a future is one.
///
/// ```
/// use core::time::Duration;
/// use locker_hal::Wait;
///
/// fn on_tokio() -> impl Wait {
///     |ms: u16| tokio::time::sleep(Duration::from_millis(ms.into()))
/// }
/// # let _ = on_tokio();
/// ```
pub trait Wait: Send + 'static {
    /// Is ready after `ms` milliseconds.
    fn ms(&mut self, ms: u16) -> impl Future<Output = ()> + Send;
}

impl<F, W> Wait for F
where
    F: FnMut(u16) -> W + Send + 'static,
    W: Future<Output = ()> + Send,
{
    fn ms(&mut self, ms: u16) -> impl Future<Output = ()> + Send {
        self(ms)
    }
}

/// A [`Switched`] board with pulses that this process ends. A cabinet refuses it unless its configuration accepts it
/// ([`accept_software_pulse`](crate::CabinetBuilder::accept_software_pulse), BOX-8): a host that dies within a pulse
/// leaves the coil on.
///
/// After a switching-off that failed nothing is fired or read before all coils are known to be off.
pub struct SoftwarePulse<S, W> {
    switched: S,
    wait: W,
    off_owed: bool,
}

impl<S: Switched, W: Wait> SoftwarePulse<S, W> {
    /// Pulses over `switched`, timed by `wait`.
    pub const fn new(switched: S, wait: W) -> Self {
        Self { switched, wait, off_owed: false }
    }

    async fn let_go(&mut self) -> Result<(), S::Error> {
        self.off_owed = true;
        self.switched.all_off().await?;
        self.off_owed = false;
        Ok(())
    }
}

#[async_trait]
impl<S: Switched, W: Wait> Board for SoftwarePulse<S, W> {
    type Error = S::Error;

    fn spec(&self) -> BoardSpec {
        BoardSpec { pulse_source: PulseSource::Software, ..self.switched.spec() }
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), S::Error> {
        if self.off_owed {
            self.let_go().await?;
        }
        let switched = self.switched.on(order.channel).await;
        if switched.is_ok() {
            self.wait.ms(order.length_ms).await;
        }
        self.let_go().await?;
        switched
    }

    async fn read(&mut self) -> Result<ChannelLevels, S::Error> {
        if self.off_owed {
            self.let_go().await?;
        }
        self.switched.read().await
    }

    async fn moved(&mut self) {
        self.switched.moved().await;
    }

    async fn all_off(&mut self) -> Result<(), S::Error> {
        self.let_go().await
    }
}
