//! What passes over the socket: one order, one answer, a line each.

use core::fmt;
use core::str::FromStr;

use locker_core::{Door, Item};

use crate::board::{Channel, ChannelLevel, ChannelLevels, Raw};
use crate::error::ErrorKind;

/// What the kiosk wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The rest of the connection is about this board.
    Board(u8),
    Read,
    Pulse {
        channel: Channel,
        length_ms: u16,
    },
    Off,
}

/// What the guard says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Done,
    Levels(ChannelLevels),
    Failed(ErrorKind),
    /// No answer but a word of the guard's own: a sensor has moved, so that it is worth while to read.
    Moved,
}

/// A line that is none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unknown;

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Board(no) => write!(f, "board {no}"),
            Self::Read => f.write_str("read"),
            Self::Pulse { channel, length_ms } => write!(f, "pulse {channel} {length_ms}"),
            Self::Off => f.write_str("off"),
        }
    }
}

impl FromStr for Order {
    type Err = Unknown;

    fn from_str(line: &str) -> Result<Self, Unknown> {
        let mut words = line.split(' ');
        let order = match words.next() {
            Some("board") => Self::Board(number(words.next())?),
            Some("read") => Self::Read,
            Some("pulse") => {
                Self::Pulse { channel: Channel(number(words.next())?), length_ms: number(words.next())? }
            }
            Some("off") => Self::Off,
            _ => return Err(Unknown),
        };
        if words.next().is_none() { Ok(order) } else { Err(Unknown) }
    }
}

fn number<T: FromStr>(word: Option<&str>) -> Result<T, Unknown> {
    word.and_then(|word| word.parse().ok()).ok_or(Unknown)
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("ok"),
            Self::Levels(levels) => {
                f.write_str("levels ")?;
                for (n, level) in levels.0.iter().enumerate() {
                    let door = match level.door.0 {
                        Door::Closed => "c",
                        Door::Open => "o",
                        Door::Unknown => "u",
                    };
                    let item = match level.item.0 {
                        Item::Present => "p",
                        Item::Absent => "a",
                        Item::Unknown => "",
                    };
                    write!(f, "{}{door}{item}", if n == 0 { "" } else { "," })?;
                }
                Ok(())
            }
            Self::Failed(kind) => write!(f, "failed {}", word_of(*kind)),
            Self::Moved => f.write_str("moved"),
        }
    }
}

impl FromStr for Answer {
    type Err = Unknown;

    fn from_str(line: &str) -> Result<Self, Unknown> {
        match line.split_once(' ') {
            None if line == "ok" => Ok(Self::Done),
            None if line == "moved" => Ok(Self::Moved),
            Some(("levels", levels)) => {
                let levels: Result<_, _> = levels.split(',').map(level).collect();
                Ok(Self::Levels(ChannelLevels(levels?)))
            }
            Some(("failed", kind)) => {
                let known = KINDS.into_iter().find(|known| word_of(*known) == kind);
                known.map(Self::Failed).ok_or(Unknown)
            }
            _ => Err(Unknown),
        }
    }
}

fn level(word: &str) -> Result<ChannelLevel, Unknown> {
    let mut letters = word.chars();
    let door = match letters.next() {
        Some('c') => Door::Closed,
        Some('o') => Door::Open,
        Some('u') => Door::Unknown,
        _ => return Err(Unknown),
    };
    let item = match letters.next() {
        Some('p') => Item::Present,
        Some('a') => Item::Absent,
        None => Item::Unknown,
        Some(_) => return Err(Unknown),
    };
    match letters.next() {
        None => Ok(ChannelLevel { door: Raw(door), item: Raw(item) }),
        Some(_) => Err(Unknown),
    }
}

const KINDS: [ErrorKind; 6] = [
    ErrorKind::Silent,
    ErrorKind::Garbled,
    ErrorKind::Refused,
    ErrorKind::Disconnected,
    ErrorKind::Busy,
    ErrorKind::Other,
];

const fn word_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Silent => "silent",
        ErrorKind::Garbled => "garbled",
        ErrorKind::Refused => "refused",
        ErrorKind::Disconnected => "disconnected",
        ErrorKind::Busy => "busy",
        ErrorKind::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_and_every_answer_reads_back() {
        let orders =
            [Order::Board(3), Order::Read, Order::Pulse { channel: Channel(15), length_ms: 500 }, Order::Off];
        for order in orders {
            assert_eq!(order.to_string().parse(), Ok(order));
        }
        let doors = [Door::Closed, Door::Open, Door::Unknown];
        let items = [Item::Present, Item::Absent, Item::Unknown];
        let levels = doors.map(|door| items.map(|item| ChannelLevel { door: Raw(door), item: Raw(item) }));
        let levels = Answer::Levels(ChannelLevels(levels.concat()));
        assert_eq!(levels.to_string(), "levels cp,ca,c,op,oa,o,up,ua,u");
        for answer in [Answer::Done, Answer::Moved, levels].into_iter().chain(KINDS.map(Answer::Failed)) {
            assert_eq!(answer.to_string().parse(), Ok(answer));
        }
    }

    #[test]
    fn what_is_no_order_and_no_answer_is_refused() {
        for line in
            ["", "board", "board 256", "read 1", "pulse 1", "pulse 256 1", "pulse 1 65536", "on 1", "OFF"]
        {
            assert_eq!(line.parse::<Order>(), Err(Unknown), "{line}");
        }
        for line in ["", "ok 1", "moved 1", "levels ", "levels x", "levels cpp", "failed", "failed hot"] {
            assert_eq!(line.parse::<Answer>(), Err(Unknown), "{line}");
        }
    }
}
