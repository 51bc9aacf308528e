//! From bytes in any pieces to frames; what is no frame is skipped.

/// The most bytes of a frame that any of the protocols here takes.
pub const FRAME_BYTES_MAX: usize = 80;

/// What is known of the bytes behind those that were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// More may follow at any time.
    MayFollow,
    /// The wire has been quiet for so long that nothing more belongs to them.
    IsOver,
}

/// What bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look<F> {
    /// A good frame.
    Frame {
        /// What it says.
        frame: F,
        /// How many bytes it is long, at least 1.
        len: usize,
    },
    /// What may become a frame when more follows.
    Partial,
    /// What will never be one.
    Junk,
}

/// What the frames of a protocol look like.
pub trait Protocol {
    /// What a frame says.
    type Frame;

    /// Judges what `bytes` begin with. There is at least one.
    fn look(&self, bytes: &[u8], rest: Rest) -> Look<Self::Frame>;
}

/// Finds the frames of a protocol among bytes.
///
/// It keeps at most [`FRAME_BYTES_MAX`] bytes. When what it keeps can be no frame, or is too long for one, it drops the
/// first byte and looks again; so the next good frame is always found, at the latest after a [`silence`](Self::silence).
#[derive(Clone, Debug)]
pub struct Decoder<P> {
    protocol: P,
    bytes: [u8; FRAME_BYTES_MAX],
    len: usize,
    skipped: u64,
}

impl<P: Protocol> Decoder<P> {
    /// An empty decoder.
    pub const fn new(protocol: P) -> Self {
        Self { protocol, bytes: [0; FRAME_BYTES_MAX], len: 0, skipped: 0 }
    }

    /// Takes bytes off `input` until a frame is whole; `None` when all are taken and none is.
    pub fn feed(&mut self, input: &mut &[u8]) -> Option<P::Frame> {
        loop {
            if let Some(frame) = self.scan(Rest::MayFollow) {
                return Some(frame);
            }
            let (&first, rest) = input.split_first()?;
            *input = rest;
            // The scan has left room: a full buffer is never only partial.
            if let Some(place) = self.bytes.get_mut(self.len) {
                *place = first;
                self.len += 1;
            }
        }
    }

    /// Says that the wire has been quiet for longer than the protocol's frames allow: what is kept is all there is.
    /// Gives the next frame in it; to be asked until there is none, and then nothing is kept.
    pub fn silence(&mut self) -> Option<P::Frame> {
        self.scan(Rest::IsOver)
    }

    /// Forgets what is kept.
    pub fn clear(&mut self) {
        self.skip(self.len);
    }

    /// Whether the beginning of something is kept.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        self.len > 0
    }

    /// How many bytes were no part of a good frame, so far.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    fn scan(&mut self, rest: Rest) -> Option<P::Frame> {
        while self.len > 0 {
            let kept = self.bytes.get(..self.len).unwrap_or_default();
            match self.protocol.look(kept, rest) {
                Look::Frame { frame, len } => {
                    self.take(len.max(1));
                    return Some(frame);
                }
                Look::Partial if rest == Rest::MayFollow && self.len < FRAME_BYTES_MAX => return None,
                Look::Partial | Look::Junk => self.skip(1),
            }
        }
        None
    }

    fn skip(&mut self, count: usize) {
        self.skipped = self.skipped.saturating_add(count as u64);
        self.take(count);
    }

    fn take(&mut self, count: usize) {
        let count = count.min(self.len);
        self.bytes.copy_within(count..self.len, 0);
        self.len -= count;
    }
}
