//! What a line speaks through, and how it is found.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::Duration;

/// Anything that bytes go through both ways: a serial port, a connection, a pipe in memory.
pub trait Port: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Port for T {}

/// Opens a port, as often as it takes.
#[async_trait]
pub trait Opener: Send + 'static {
    /// Opens the port. The one before is closed by then.
    ///
    /// # Errors
    /// It is not there, or somebody else has it: it is tried again later.
    async fn open(&mut self) -> io::Result<Box<dyn Port>>;

    /// How long one byte is on the wire, in microseconds, its start and stop bits included; 0 where that means nothing.
    fn byte_us(&self) -> u32 {
        0
    }

    /// Waits so long, for the silences between two exchanges. They are shorter than tokio's timers are exact, which count
    /// whole milliseconds twice; a port of an operating system that can do better does.
    async fn pause(&mut self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

#[async_trait]
impl Opener for Box<dyn Opener> {
    async fn open(&mut self) -> io::Result<Box<dyn Port>> {
        (**self).open().await
    }

    fn byte_us(&self) -> u32 {
        (**self).byte_us()
    }

    async fn pause(&mut self, time: Duration) {
        (**self).pause(time).await;
    }
}

/// A connection to a serial server (a gateway, KERONG's network module) or to a Modbus TCP device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcpPort {
    /// Host and port, as `relay.local:502`.
    pub address: String,
}

#[async_trait]
impl Opener for TcpPort {
    async fn open(&mut self) -> io::Result<Box<dyn Port>> {
        let stream = TcpStream::connect(&self.address).await?;
        // Requests are a few bytes, and each is waited for.
        stream.set_nodelay(true)?;
        Ok(Box::new(stream))
    }
}

/// Where a line is, as a configuration says it.
///
/// ```
/// use locker_hal::line::PortAddress;
///
/// let usb: PortAddress = "/dev/serial/by-id/usb-FTDI_FT232R-if00-port0".parse().unwrap();
/// assert!(matches!(usb, PortAddress::Serial(_)));
/// let far: PortAddress = "tcp://192.0.2.7:502".parse().unwrap();
/// assert_eq!(far.to_string(), "tcp://192.0.2.7:502");
/// assert!("tcp://192.0.2.7".parse::<PortAddress>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortAddress {
    /// A serial port by its path. Those below `/dev/serial/by-id/` stay the same whatever is plugged in beside them.
    Serial(PathBuf),
    /// A host and its port.
    Tcp(String),
}

/// Why a text is no [`PortAddress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortAddressError {
    /// It is empty.
    #[error("a port is the path of a serial port or `tcp://HOST:PORT`")]
    Empty,
    /// It begins with `tcp://` and goes on with something else than a host and a port.
    #[error("behind `tcp://` stand a host, a colon and a port from 1 to 65535")]
    Tcp,
}

impl FromStr for PortAddress {
    type Err = PortAddressError;

    fn from_str(text: &str) -> Result<Self, PortAddressError> {
        if text.is_empty() {
            return Err(PortAddressError::Empty);
        }
        let Some(address) = text.strip_prefix("tcp://") else {
            return Ok(Self::Serial(text.into()));
        };
        let (host, port) = address.rsplit_once(':').ok_or(PortAddressError::Tcp)?;
        let port_is_good = port.parse::<u16>().is_ok_and(|port| port > 0);
        if host.is_empty() || !port_is_good {
            return Err(PortAddressError::Tcp);
        }
        Ok(Self::Tcp(address.into()))
    }
}

impl fmt::Display for PortAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(path) => write!(f, "{}", path.display()),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
        }
    }
}

impl PortAddress {
    /// What opens it; a serial port at `baud` with 8 data bits, no parity, 1 stop bit.
    #[cfg(all(feature = "serial", unix))]
    #[must_use]
    pub fn opener(&self, baud: u32) -> Box<dyn Opener> {
        match self {
            Self::Serial(path) => Box::new(super::SerialPort::new(path.clone(), baud)),
            Self::Tcp(address) => Box::new(TcpPort { address: address.clone() }),
        }
    }
}
