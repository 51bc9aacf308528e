//! Lines of a limited length from a stream. A read that is dropped half-way loses nothing.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// A line without its line feed, or the news that one was too long and has been skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Text(Vec<u8>),
    TooLong,
}

pub(crate) struct Lines<R> {
    from: R,
    bytes_max: usize,
    begun: Vec<u8>,
    skips: bool,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    pub(crate) fn new(from: R, bytes_max: usize) -> Self {
        Self { from, bytes_max, begun: Vec::new(), skips: false }
    }

    /// The next line; nothing at the end. What stands after the last line feed is no line.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let bytes = self.from.fill_buf().await?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let (part, ends) = match bytes.iter().position(|&byte| byte == b'\n') {
                Some(at) => (&bytes[..at], true),
                None => (bytes, false),
            };
            let used = part.len() + usize::from(ends);
            self.skips |= self.begun.len() + part.len() > self.bytes_max;
            if self.skips {
                self.begun.clear();
            } else {
                self.begun.extend_from_slice(part);
            }
            self.from.consume(used);
            if ends {
                let text = core::mem::take(&mut self.begun);
                let skipped = core::mem::take(&mut self.skips);
                return Ok(Some(if skipped { Line::TooLong } else { Line::Text(text) }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_that_is_too_long_is_skipped_and_the_next_one_is_whole() {
        let mut lines = Lines::new(&b"1234\n12345\n\nlast\nbegun"[..], 4);
        let text = |text: &[u8]| Some(Line::Text(text.to_vec()));
        assert_eq!(lines.next().await.unwrap(), text(b"1234"));
        assert_eq!(lines.next().await.unwrap(), Some(Line::TooLong));
        assert_eq!(lines.next().await.unwrap(), text(b""));
        assert_eq!(lines.next().await.unwrap(), text(b"last"));
        assert_eq!(lines.next().await.unwrap(), None);
    }
}
