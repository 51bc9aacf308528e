//! What a power cut left in SQLite's write-ahead log, read before SQLite does: it drops a torn tail without a word,
//! and SAFE-4 wants it noted.
//!
//! The format is SQLite's, as documented in "Database File Format", section 4: a header of 32 bytes, then frames of 24
//! bytes and a page. A frame belongs to the log if its salts are those of the header, and is intact if the checksum,
//! which runs on from frame to frame, agrees. The last frame of a transaction says so.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::JournalError;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The last bit says in which byte order the checksum reads the words.
const MAGIC: u32 = 0x377f_0682;

/// What was dropped from the end of the log: one append that was under way when the power went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn {
    /// Where in the log the torn append began, in bytes.
    pub at: u64,
}

/// Finds out how the log ends.
///
/// # Errors
/// [`JournalError::LogDamaged`] when more than one append is broken. Each append is durable before the next begins, so
/// a power cut breaks one at most.
pub(super) fn inspect(path: &Path) -> Result<Option<Torn>, JournalError> {
    let mut log = match File::open(path) {
        Ok(file) => BufReader::with_capacity(64 * 1024, file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut head = [0; HEADER];
    let got = fill(&mut log, &mut head)?;
    if head.iter().all(|byte| *byte == 0) {
        return Ok(None); // set aside and never written
    }
    let Some(mut sum) = Sum::of_header(&head).filter(|_| got == HEADER) else {
        return headless(log, &head);
    };
    let mut frame = vec![0; FRAME_HEADER + sum.page_bytes];
    let mut at = HEADER as u64;
    let mut open_since = at; // where the transaction that has not ended yet began
    let mut broken = None;
    let mut traces = Traces::default();
    loop {
        let got = fill(&mut log, &mut frame)?;
        let slot = frame.get(..got).unwrap_or_default();
        if slot.is_empty() {
            break;
        }
        if broken.is_none() {
            match sum.follow(slot) {
                Followed::Within => traces.open(),
                Followed::Ends => {
                    traces = Traces::default();
                    open_since = at + slot.len() as u64;
                }
                Followed::Broken => broken = Some(at),
            }
        }
        if broken.is_some() {
            traces.see(slot, &sum, frame.len());
        }
        at += slot.len() as u64;
    }
    if traces.more_than_one_append() {
        return Err(JournalError::LogDamaged { at: broken.unwrap_or(open_since) });
    }
    Ok(traces.any.then_some(Torn { at: open_since }))
}

/// A log whose header is torn has no frames: SQLite makes the header durable first.
fn headless(mut log: impl Read, head: &[u8; HEADER]) -> Result<Option<Torn>, JournalError> {
    let mut frame = [0; FRAME_HEADER];
    fill(&mut log, &mut frame)?;
    let salts = |bytes: &[u8], at: usize| bytes.get(at..at + 8).map(<[u8]>::to_vec);
    if salts(head, 16) == salts(&frame, 8) {
        return Err(JournalError::LogDamaged { at: 0 });
    }
    Ok(Some(Torn { at: 0 }))
}

/// What lies behind the last whole append.
#[derive(Default)]
struct Traces {
    any: bool,
    ended: bool,
    after_end: bool,
}

impl Traces {
    /// An intact frame of a transaction that has not ended yet.
    fn open(&mut self) {
        self.any = true;
    }

    /// A slot behind the first broken one. Older logs leave frames with other salts: they say nothing.
    fn see(&mut self, slot: &[u8], sum: &Sum, whole: usize) {
        let ours = slot.get(8..16) == Some(&sum.salts[..]);
        let partial = slot.len() < whole && slot.iter().any(|byte| *byte != 0);
        if !ours && !partial {
            return;
        }
        self.any = true;
        self.after_end |= self.ended;
        self.ended |= ours && word(slot, 4) != 0;
    }

    fn more_than_one_append(&self) -> bool {
        self.after_end
    }
}

enum Followed {
    Within,
    Ends,
    Broken,
}

/// The running checksum.
struct Sum {
    big_endian: bool,
    page_bytes: usize,
    salts: [u8; 8],
    state: (u32, u32),
}

impl Sum {
    fn of_header(head: &[u8; HEADER]) -> Option<Self> {
        let magic = word(head, 0);
        let page_bytes = usize::try_from(word(head, 8)).ok()?;
        let sane = (512..=65_536).contains(&page_bytes) && page_bytes.is_power_of_two();
        if magic & !1 != MAGIC || !sane {
            return None;
        }
        let mut salts = [0; 8];
        salts.copy_from_slice(&head[16..24]);
        let mut sum = Self { big_endian: magic & 1 == 1, page_bytes, salts, state: (0, 0) };
        sum.add(&head[..24]);
        (sum.state == (word(head, 24), word(head, 28))).then_some(sum)
    }

    fn follow(&mut self, slot: &[u8]) -> Followed {
        let whole = slot.len() == FRAME_HEADER + self.page_bytes;
        if !whole || slot[8..16] != self.salts || word(slot, 0) == 0 {
            return Followed::Broken;
        }
        let before = self.state;
        self.add(&slot[..8]);
        self.add(&slot[FRAME_HEADER..]);
        if self.state != (word(slot, 16), word(slot, 20)) {
            self.state = before;
            return Followed::Broken;
        }
        if word(slot, 4) == 0 { Followed::Within } else { Followed::Ends }
    }

    fn add(&mut self, bytes: &[u8]) {
        let (mut a, mut b) = self.state;
        for pair in bytes.chunks_exact(8) {
            let (x, y) = if self.big_endian {
                (word(pair, 0), word(pair, 4))
            } else {
                (word(pair, 0).swap_bytes(), word(pair, 4).swap_bytes())
            };
            a = a.wrapping_add(x).wrapping_add(b);
            b = b.wrapping_add(y).wrapping_add(a);
        }
        self.state = (a, b);
    }
}

/// The big-endian word at `at`; 0 past the end.
fn word(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at + 4) {
        Some(four) => u32::from_be_bytes([four[0], four[1], four[2], four[3]]),
        None => 0,
    }
}

/// Fills `into` as far as there are bytes, and says how far.
fn fill(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < into.len() {
        match from.read(&mut into[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}
