//! One wire and its boards: who owns the port, who may speak, and what is done when it is gone.
//!
//! A [`SharedLine`] is the one owner of a port. Each board on it holds a clone and takes a *turn* for each exchange: a
//! request, what comes back until the reply or the time limit, and then the silence that the wire needs. What is still
//! in the buffers before a request is thrown away, so that a late reply is never taken for the next one; what is not
//! meant for the request at hand is passed over by the driver.
//!
//! | what happens | what is done |
//! |---|---|
//! | the adapter hears itself ([`Echo::Strip`]) | as many bytes as were sent are dropped, never by content: the reply of several boards *is* the request |
//! | noise, half frames | the decoder finds the next good frame; silence ends what is incomplete |
//! | the port ends or fails (USB pulled, connection closed) | it is closed at once, and opened anew by the next reading, for ever, with back-off |
//! | a command while the port is gone, or busy | it fails at once: nothing was sent, no coil fired |
//! | a turn is dropped half way | the next reading waits for silence first |
//!
//! No request is ever sent twice here.
//!
//! All boards of a line belong on one [`WireNo`](crate::WireNo) of their cabinet.

mod port;
#[cfg(all(feature = "serial", unix))]
mod serial;
mod turn;

use std::sync::Arc;

use tokio::io::AsyncWrite;
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};

pub use port::{Opener, Port, PortAddress, PortAddressError, TcpPort};
#[cfg(all(feature = "serial", unix))]
pub use serial::{Parity, SerialPort, StopBits};
pub(crate) use turn::{Awaiting, Turn};

use crate::error::ErrorKind;
use crate::wire::{BACK_OFF_MS_FIRST, BACK_OFF_MS_MAX};

/// A port that does not open within this many milliseconds counts as gone for now.
const OPEN_MS_MAX: u64 = 1_000;

/// The least silence between two exchanges, in microseconds: what Modbus asks for at high speed.
const SILENCE_US_MIN: u32 = 1_750;

/// Whether the receiver hears what is sent, as many RS485 adapters do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Echo {
    /// It does not.
    #[default]
    Off,
    /// It does: as many bytes as were sent are dropped.
    Strip,
}

/// How a wire is to be treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineSettings {
    /// Whether the receiver hears what is sent.
    pub echo: Echo,
    /// How long the wire is silent after each exchange, in milliseconds. If nothing is said: as long as 3.5 characters
    /// take, and 1.75 ms at least, which is what Modbus asks for.
    pub silence_ms: Option<u16>,
}

/// A wire that boards share; clones are the same wire.
///
/// ```no_run
/// # #[cfg(feature = "serial")]
/// # fn open() -> Result<(), Box<dyn std::error::Error>> {
/// use locker_hal::drivers::{Cu16, Cu16Settings, Xor8a, XorSettings};
/// use locker_hal::line::{LineSettings, PortAddress, SharedLine};
/// use locker_hal::{BoxNo, Cabinet, WireNo};
///
/// let port: PortAddress = "/dev/serial/by-id/usb-FTDI_FT232R-if00-port0".parse()?;
/// let line = SharedLine::new(port.opener(19_200), LineSettings::default());
///
/// let mut builder = Cabinet::builder();
/// let first = builder.board(WireNo(0), Cu16::new(line.clone(), Cu16Settings::default())?);
/// let second = builder.board(WireNo(0), Cu16::new(line, Cu16Settings { address: 1, ..Default::default() })?);
/// builder.wire_boxes(first, BoxNo::first(16));
/// builder.wire_boxes(second, BoxNo::first(32).skip(16));
/// let cabinet = builder.build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SharedLine {
    line: Arc<Mutex<Line>>,
    silence: Duration,
    byte_us: u32,
}

/// The port, with what has to be known of its past.
pub(crate) struct Line {
    opener: Box<dyn Opener>,
    port: Option<Box<dyn Port>>,
    echo: Echo,
    silence: Duration,
    /// The last exchange came to its end, silence included.
    settled: bool,
    failures: u32,
    retry_at: Option<Instant>,
}

impl SharedLine {
    /// A wire whose port is opened by the first reading.
    #[must_use]
    pub fn new(opener: impl Opener, settings: LineSettings) -> Self {
        let byte_us = opener.byte_us();
        let silence = settings.silence_ms.map_or_else(
            || Duration::from_micros((byte_us * 7).div_ceil(2).max(SILENCE_US_MIN).into()),
            |ms| Duration::from_millis(ms.into()),
        );
        let line = Line {
            opener: Box::new(opener),
            port: None,
            echo: settings.echo,
            silence,
            settled: false,
            failures: 0,
            retry_at: None,
        };
        Self { line: Arc::new(Mutex::new(line)), silence, byte_us }
    }

    /// How long an exchange of so many bytes takes when all is well, in milliseconds: the bytes, the board's thinking,
    /// and the silence.
    pub(crate) fn exchange_ms(&self, bytes: usize) -> u32 {
        const BOARD_MS: u32 = 5;
        let wire_us = self.byte_us.saturating_mul(u32::try_from(bytes).unwrap_or(u32::MAX));
        let silence_us = u32::try_from(self.silence.as_micros()).unwrap_or(u32::MAX);
        wire_us.div_ceil(1_000).saturating_add(BOARD_MS).saturating_add(silence_us.div_ceil(1_000))
    }

    /// How long the wire is silent behind each exchange.
    pub(crate) const fn silence(&self) -> Duration {
        self.silence
    }

    /// Takes a turn for a reading: waits for the others, opens the port if it is gone, and waits until the wire is quiet
    /// if it was left in the middle of something.
    pub(crate) async fn query(&self) -> Result<Turn<'_>, ErrorKind> {
        let mut line = self.line.lock().await;
        line.open().await?;
        let mut turn = Turn::new(line);
        turn.quieten().await?;
        Ok(turn)
    }

    /// Takes a turn for a command: now, or not at all.
    pub(crate) fn command(&self) -> Result<Turn<'_>, ErrorKind> {
        let line = self.line.try_lock().map_err(|_| ErrorKind::Busy)?;
        match (&line.port, line.settled) {
            (None, _) => Err(ErrorKind::Disconnected),
            (Some(_), false) => Err(ErrorKind::Busy),
            (Some(_), true) => Ok(Turn::new(line)),
        }
    }

    /// Writes `bytes` as far as that goes without waiting, for a board that is dropped with a coil on.
    pub(crate) fn last_words(&self, bytes: &[u8]) {
        if let Ok(mut line) = self.line.try_lock() {
            line.write_now(bytes);
        }
    }
}

impl core::fmt::Debug for SharedLine {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SharedLine").finish_non_exhaustive()
    }
}

impl Line {
    async fn open(&mut self) -> Result<(), ErrorKind> {
        if self.port.is_some() {
            return Ok(());
        }
        if self.retry_at.is_some_and(|at| Instant::now() < at) {
            return Err(ErrorKind::Disconnected);
        }
        // A turn that is dropped while it opens finds nothing half open.
        let opened = tokio::time::timeout(Duration::from_millis(OPEN_MS_MAX), self.opener.open()).await;
        match opened {
            Ok(Ok(port)) => {
                self.port = Some(port);
                self.settled = false;
                Ok(())
            }
            Ok(Err(_)) | Err(_) => {
                self.close();
                Err(ErrorKind::Disconnected)
            }
        }
    }

    /// Closes the port. It is closed before it is opened again: else a USB adapter comes back under another name.
    fn close(&mut self) {
        self.port = None;
        let wait = (BACK_OFF_MS_FIRST << self.failures.min(16)).min(BACK_OFF_MS_MAX);
        self.failures = self.failures.saturating_add(1);
        self.retry_at = Some(Instant::now() + Duration::from_millis(wait));
    }

    async fn pause(&mut self) {
        self.opener.pause(self.silence).await;
    }

    /// A good frame has come: the port works.
    fn works(&mut self) {
        self.failures = 0;
        self.retry_at = None;
    }

    fn write_now(&mut self, bytes: &[u8]) {
        let mut context = core::task::Context::from_waker(core::task::Waker::noop());
        if let Some(port) = &mut self.port {
            // Whatever comes of it, there is nobody left to tell.
            let _ = core::pin::Pin::new(port).poll_write(&mut context, bytes);
        }
    }
}
