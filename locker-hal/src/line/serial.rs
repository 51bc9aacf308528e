//! Serial ports of the operating system.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use serial2_tokio::Settings;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Duration;

use super::port::{Opener, Port};

/// The parity bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parity {
    /// None, as with nearly all boards.
    #[default]
    None,
    /// Even.
    Even,
    /// Odd.
    Odd,
}

/// How many stop bits there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StopBits {
    /// One, as with nearly all boards.
    #[default]
    One,
    /// Two.
    Two,
}

/// A serial port with 8 data bits. While it is open nobody else can open it: it is locked (`flock`) against programs that
/// look, and marked exclusive (`TIOCEXCL`) against those that do not (a pseudo-terminal is locked alone).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SerialPort {
    /// The path; best one below `/dev/serial/by-id/`.
    pub path: PathBuf,
    /// Bits a second.
    pub baud: u32,
    /// The parity bit.
    pub parity: Parity,
    /// The stop bits.
    pub stop_bits: StopBits,
}

impl SerialPort {
    /// A port without parity and with one stop bit.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, baud: u32) -> Self {
        Self { path: path.into(), baud, parity: Parity::None, stop_bits: StopBits::One }
    }

    fn set(&self, mut settings: Settings) -> io::Result<Settings> {
        settings.set_raw();
        settings.set_baud_rate(self.baud)?;
        settings.set_char_size(serial2_tokio::CharSize::Bits8);
        settings.set_parity(match self.parity {
            Parity::None => serial2_tokio::Parity::None,
            Parity::Even => serial2_tokio::Parity::Even,
            Parity::Odd => serial2_tokio::Parity::Odd,
        });
        settings.set_stop_bits(match self.stop_bits {
            StopBits::One => serial2_tokio::StopBits::One,
            StopBits::Two => serial2_tokio::StopBits::Two,
        });
        settings.set_flow_control(serial2_tokio::FlowControl::None);
        Ok(settings)
    }
}

#[async_trait]
impl Opener for SerialPort {
    async fn open(&mut self) -> io::Result<Box<dyn Port>> {
        use rustix::fs::OFlags;

        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
        let lock = OpenOptions::new().read(true).write(true).custom_flags(flags).open(&self.path)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => io::ErrorKind::ResourceBusy.into(),
            TryLockError::Error(error) => error,
        })?;
        let port = serial2_tokio::SerialPort::open(&self.path, |settings| self.set(settings))?;
        // A pseudo-terminal keeps the mark when it is closed, until its other end is closed too: a process that was killed
        // could not open it again.
        if !self.path.canonicalize()?.starts_with("/dev/pts") {
            // From here on nobody opens it again, not even this process: so it comes last.
            rustix::termios::ioctl_tiocexcl(&lock)?;
        }
        Ok(Box::new(Locked { port, _lock: lock }))
    }

    fn byte_us(&self) -> u32 {
        let parity_bits = u32::from(self.parity != Parity::None);
        let stop_bits = if self.stop_bits == StopBits::One { 1 } else { 2 };
        (1_000_000 * (1 + 8 + parity_bits + stop_bits)).div_ceil(self.baud.max(1))
    }

    #[cfg(target_os = "linux")]
    async fn pause(&mut self, time: Duration) {
        if exactly(time).await.is_err() {
            tokio::time::sleep(time).await;
        }
    }
}

/// Waits on a timer of the kernel, which counts nanoseconds.
#[cfg(target_os = "linux")]
async fn exactly(time: Duration) -> io::Result<()> {
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::unix::AsyncFd;

    // Zero would switch the timer off.
    let time = time.max(Duration::from_nanos(1));
    let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
    let once = Itimerspec {
        it_interval: Timespec::default(),
        it_value: Timespec::try_from(time).map_err(io::Error::other)?,
    };
    timerfd_settime(&timer, TimerfdTimerFlags::empty(), &once)?;
    #[expect(deprecated, reason = "sound for an owned descriptor; what replaces it is unsafe for all")]
    let timer = AsyncFd::new(timer)?;
    timer.readable().await.map(drop)
}

/// An open port with its lock; both go together.
struct Locked {
    port: serial2_tokio::SerialPort,
    _lock: File,
}

impl AsyncRead for Locked {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.port).poll_read(cx, buf)
    }
}

impl AsyncWrite for Locked {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.port).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.port).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.port).poll_shutdown(cx)
    }
}
