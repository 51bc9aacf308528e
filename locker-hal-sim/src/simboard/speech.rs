//! What every protocol does: it finds requests among the bytes that were heard, acts on them, and says something, now or later.

use super::body::Body;

/// The most bytes that a board keeps of something that is no frame yet.
pub(crate) const HEARD_MAX: usize = 512;

/// Something that a board does and says, perhaps later.
pub(crate) struct Say {
    pub(crate) after_ms: u64,
    /// Whether it answers a command that energises: faults of acknowledgements concern these.
    pub(crate) acknowledges: bool,
    pub(crate) act: Act,
}

/// Done when the time has come; says what there is to say then, if anything.
pub(crate) type Act = Box<dyn FnOnce(&Body) -> Vec<u8> + Send>;

impl Say {
    pub(crate) fn now(bytes: Vec<u8>) -> Self {
        Self { after_ms: 0, acknowledges: false, act: Box::new(|_| bytes) }
    }

    pub(crate) fn later(after_ms: u64, act: impl FnOnce(&Body) -> Vec<u8> + Send + 'static) -> Self {
        Self { after_ms, acknowledges: false, act: Box::new(act) }
    }

    /// A command that energises is not answered: what is said next tells its sender that it was heard.
    pub(crate) fn nothing() -> Self {
        Self::later(0, |_| Vec::new()).acknowledges()
    }

    /// It answers a command that energises.
    pub(crate) fn acknowledges(self) -> Self {
        Self { acknowledges: true, ..self }
    }

    /// Energises a coil when the time comes, and says nothing.
    pub(crate) fn pulse(after_ms: u64, channel: u8, length_ms: u16) -> Self {
        Self::later(after_ms, move |body| {
            // Nobody is told of one of many.
            let _ = body.on(channel, Some(u64::from(length_ms)));
            Vec::new()
        })
    }
}

/// A protocol, as a board speaks it.
pub(crate) trait Speech: Send {
    /// How many of the first bytes are a whole request, or not one.
    fn look(&self, heard: &[u8]) -> Look;

    /// Acts on a request.
    fn act(&mut self, request: &[u8], body: &Body) -> Vec<Say>;

    /// A door has moved, and nobody has asked.
    fn moved(&self, _channel: u8, _locked: bool, _body: &Body) -> Option<Vec<u8>> {
        None
    }

    /// Nothing more came: what to say about bytes that are no request of this board.
    fn puzzled(&self, _heard: &[u8]) -> Vec<Say> {
        Vec::new()
    }
}

/// What the first bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// A request of so many bytes.
    Request(usize),
    /// Perhaps the beginning of a request.
    More,
    /// No request begins here.
    Junk,
}

/// Does all that can be understood, and leaves the rest in `heard`.
pub(crate) fn hear(speech: &mut dyn Speech, heard: &mut Vec<u8>, body: &Body) -> Vec<Say> {
    let mut says = Vec::new();
    while !heard.is_empty() {
        match speech.look(heard) {
            Look::Request(length) => {
                let request: Vec<u8> = heard.drain(..length.min(heard.len())).collect();
                says.extend(speech.act(&request, body));
            }
            Look::More if heard.len() < HEARD_MAX => break,
            Look::More | Look::Junk => drop(heard.remove(0)),
        }
    }
    says
}

/// The exclusive or of all bytes.
pub(crate) fn xor(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

/// The low byte of the sum of all bytes.
pub(crate) fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

/// The bytes and their check behind them.
pub(crate) fn checked(mut bytes: Vec<u8>, check: fn(&[u8]) -> u8) -> Vec<u8> {
    bytes.push(check(&bytes));
    bytes
}

/// Whether the last byte is the check of those before it.
pub(crate) fn is_checked(bytes: &[u8], check: fn(&[u8]) -> u8) -> bool {
    bytes.split_last().is_some_and(|(last, before)| *last == check(before))
}
