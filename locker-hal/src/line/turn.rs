//! One exchange on a wire: request, reply, silence.

use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::sync::MutexGuard;
use tokio::task::coop::unconstrained;
use tokio::time::{Duration, Instant, timeout, timeout_at};

use super::{Echo, Line};
use crate::codec::{Decoder, Packet, Protocol};
use crate::error::ErrorKind;

/// Bytes of one frame are never further apart than this, in milliseconds: a USB adapter hands them over every 16 ms.
pub(crate) const GAP_MS: u16 = 20;

/// A request that cannot be written whole within this many milliseconds has failed.
const WRITE_MS_MAX: u64 = 1_000;

/// How often a wire that is not quiet is waited for; then it is spoken on all the same, since a board that never stops
/// would else be one that is never read.
const QUIETEN_MAX: usize = 5;

/// What a reply looks like and how long it may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Awaiting<P> {
    pub(crate) protocol: P,
    /// From the end of the request to the end of the reply, in milliseconds.
    pub(crate) limit_ms: u16,
    /// What has been incomplete for so long is over, in milliseconds.
    pub(crate) gap_ms: u16,
}

impl<P> Awaiting<P> {
    pub(crate) const fn new(protocol: P, limit_ms: u16) -> Self {
        Self { protocol, limit_ms, gap_ms: GAP_MS }
    }
}

/// The right to speak on a line.
pub(crate) struct Turn<'a> {
    line: MutexGuard<'a, Line>,
    /// How many bytes of our own are still to come back.
    echo: usize,
}

impl<'a> Turn<'a> {
    pub(super) fn new(line: MutexGuard<'a, Line>) -> Self {
        Self { line, echo: 0 }
    }

    /// Waits for silence if the wire was left in the middle of something or something is waiting to be read.
    pub(super) async fn quieten(&mut self) -> Result<(), ErrorKind> {
        for _ in 0..QUIETEN_MAX {
            let drained = self.drain().await?;
            if drained == 0 && self.line.settled {
                return Ok(());
            }
            self.line.pause().await;
            // Whatever still comes shows in the next round.
            self.line.settled = true;
        }
        Ok(())
    }

    /// Sends a request. The first byte goes out the first time that this is polled, or none does: a wire that takes
    /// nothing just now is [`ErrorKind::Busy`].
    pub(crate) async fn send(&mut self, request: &Packet) -> Result<(), ErrorKind> {
        self.drain().await?;
        let Some(port) = &mut self.line.port else {
            return Err(ErrorKind::Disconnected);
        };
        // Not even tokio's budget for a busy task may put it off.
        let write = poll_fn(|cx| Poll::Ready(Pin::new(&mut *port).poll_write(cx, request)));
        let first = unconstrained(write).await;
        let written = match first {
            Poll::Ready(Ok(written)) if written > 0 => written,
            Poll::Ready(_) => {
                self.line.close();
                return Err(ErrorKind::Disconnected);
            }
            Poll::Pending => return Err(ErrorKind::Busy),
        };
        self.line.settled = false;
        if self.line.echo == Echo::Strip {
            self.echo += request.len();
        }
        let rest = request.get(written..).unwrap_or_default();
        let write = async {
            port_of(&mut self.line)?.write_all(rest).await?;
            port_of(&mut self.line)?.flush().await
        };
        match timeout(Duration::from_millis(WRITE_MS_MAX), write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => {
                self.line.close();
                Err(ErrorKind::Silent)
            }
        }
    }

    /// Waits for the frame that `wanted` makes something of; all others are passed over.
    pub(crate) async fn receive<P: Protocol, T>(
        &mut self,
        awaiting: Awaiting<P>,
        mut wanted: impl FnMut(P::Frame) -> Option<T>,
    ) -> Result<T, ErrorKind> {
        let deadline = Instant::now() + Duration::from_millis(awaiting.limit_ms.into());
        let gap = Duration::from_millis(awaiting.gap_ms.into());
        let mut decoder = Decoder::new(awaiting.protocol);
        let mut heard = Instant::now();
        let mut buffer = [0; 64];
        loop {
            let until = if decoder.is_partial() { deadline.min(heard + gap) } else { deadline };
            let Some(port) = &mut self.line.port else {
                return Err(ErrorKind::Silent);
            };
            // What is there is read before the time is looked at: whoever is polled slowly has missed nothing.
            match timeout_at(until, port.read(&mut buffer)).await {
                Ok(Ok(0) | Err(_)) => {
                    self.line.close();
                    return Err(ErrorKind::Silent);
                }
                Ok(Ok(count)) => {
                    heard = Instant::now();
                    let bytes = buffer.get(..count).unwrap_or_default();
                    let own = self.echo.min(count);
                    self.echo -= own;
                    let mut bytes = bytes.get(own..).unwrap_or_default();
                    while let Some(frame) = decoder.feed(&mut bytes) {
                        if let Some(found) = wanted(frame) {
                            self.line.works();
                            return Ok(found);
                        }
                    }
                }
                Err(_) => {
                    while let Some(frame) = decoder.silence() {
                        if let Some(found) = wanted(frame) {
                            self.line.works();
                            return Ok(found);
                        }
                    }
                }
            }
            if Instant::now() >= deadline {
                return Err(if decoder.skipped() > 0 { ErrorKind::Garbled } else { ErrorKind::Silent });
            }
        }
    }

    /// The silence that ends an exchange. Without it the next turn has to wait.
    pub(crate) async fn settle(&mut self) {
        self.line.pause().await;
        self.line.settled = true;
    }

    /// Request, reply, silence.
    pub(crate) async fn ask<P: Protocol, T>(
        &mut self,
        request: &Packet,
        awaiting: Awaiting<P>,
        wanted: impl FnMut(P::Frame) -> Option<T>,
    ) -> Result<T, ErrorKind> {
        self.send(request).await?;
        let reply = self.receive(awaiting, wanted).await;
        self.settle().await;
        reply
    }

    /// Throws away what has come unasked; says how many bytes. Never waits.
    async fn drain(&mut self) -> Result<usize, ErrorKind> {
        let drained = poll_fn(|cx| Poll::Ready(self.drain_now(cx))).await;
        if drained.is_err() {
            self.line.close();
        }
        drained
    }

    fn drain_now(&mut self, cx: &mut Context<'_>) -> Result<usize, ErrorKind> {
        /// So many pieces at a time are more than any buffer of a port holds.
        const PIECES_MAX: usize = 64;
        let mut drained = 0;
        for _ in 0..PIECES_MAX {
            let port = self.line.port.as_mut().ok_or(ErrorKind::Disconnected)?;
            let mut piece = [0; 256];
            let mut buffer = ReadBuf::new(&mut piece);
            match Pin::new(port).poll_read(cx, &mut buffer) {
                Poll::Pending => break,
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => drained += buffer.filled().len(),
                Poll::Ready(_) => return Err(ErrorKind::Disconnected),
            }
        }
        self.echo = self.echo.saturating_sub(drained);
        Ok(drained)
    }
}

fn port_of(line: &mut Line) -> std::io::Result<&mut Box<dyn super::Port>> {
    line.port.as_mut().ok_or_else(|| std::io::ErrorKind::NotConnected.into())
}
