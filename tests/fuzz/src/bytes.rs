//! Bytes read as choices. What comes later in the input never changes what came before it, so that an engine can cut,
//! join and repeat.

/// What is left of an input.
pub(crate) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next byte; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// The next byte; 0 behind the end.
    pub(crate) fn byte(&mut self) -> u8 {
        self.next().unwrap_or_default()
    }

    pub(crate) fn below(&mut self, end: u8) -> u8 {
        self.byte() % end
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    pub(crate) fn short(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    pub(crate) fn long(&mut self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    /// A number near `of`, or any.
    pub(crate) fn about(&mut self, of: u64) -> u64 {
        match self.byte() {
            0 => self.long(),
            1 => u64::MAX,
            near => of.wrapping_add(u64::from(near % 8)).wrapping_sub(3),
        }
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[usize::from(self.byte()) % items.len()]
    }

    /// One of `words`, or as many bytes as the next one says, as text.
    pub(crate) fn text(&mut self, words: &[&str]) -> String {
        match self.byte() {
            0 => {
                let length = usize::from(self.byte()).min(self.0.len());
                let (text, rest) = self.0.split_at(length);
                self.0 = rest;
                String::from_utf8_lossy(text).into_owned()
            }
            // Longer than anything may be.
            1 => "é".repeat(usize::from(self.short())),
            word => words[usize::from(word) % words.len()].into(),
        }
    }
}
