//! Lines off a socket, none longer than agreed.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest line either side sends, in bytes: the levels of 255 channels.
const LINE_BYTES_MAX: usize = 1_024;

pub(super) struct Lines<R> {
    from: R,
    read: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) const fn new(from: R) -> Self {
        Self { from, read: Vec::new() }
    }

    /// The next line without its end; `None` when the other side hung up. May be dropped and asked again.
    pub(super) async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.read.iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).take(end).collect();
                return String::from_utf8(line).map(Some).map_err(|_| io::ErrorKind::InvalidData.into());
            }
            if self.read.len() > LINE_BYTES_MAX {
                return Err(io::ErrorKind::InvalidData.into());
            }
            let mut some = [0; 256];
            match self.from.read(&mut some).await? {
                0 => return Ok(None),
                count => self.read.extend_from_slice(&some[..count]),
            }
        }
    }
}
