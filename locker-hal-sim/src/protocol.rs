//! What stands in the lines between a simulated cabinet and its clients.

use locker_core::{Door, Item, PulseId};
use locker_hal::{ChannelLevel, ChannelLevels, Raw};
use serde::{Deserialize, Serialize};

use crate::command::{SimCommand, SimRefusal};
use crate::state::SimState;

/// The longest line that a client may send, in bytes, without the line feed.
pub const REQUEST_BYTES_MAX: usize = 4_096;

/// The longest line that a cabinet sends, in bytes, without the line feed: the state of 255 boxes full of keys with all
/// faults and the last pulses.
pub const REPLY_BYTES_MAX: usize = 1_048_576;

/// What a driver asks of a board, or a test of the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Ask {
    /// Fire a coil.
    Pulse {
        /// The board, from 0.
        board: u8,
        /// The channel, from 0.
        channel: u8,
        /// How long, in milliseconds.
        length_ms: u16,
        /// The id of the pulse, for the list of what was fired.
        pulse: PulseId,
    },
    /// Read the sensors.
    Read {
        /// The board, from 0.
        board: u8,
    },
    /// Let all coils go.
    AllOff {
        /// The board, from 0.
        board: u8,
    },
    /// The whole truth.
    State,
}

/// A line to the cabinet: a number that its reply repeats, and an [`Ask`] or a [`SimCommand`].
///
/// ```
/// use locker_hal_sim::{Ask, Request};
///
/// let request = Request::parse(br#"{"id":7,"ask":"read","board":1}"#).unwrap();
/// assert_eq!(request, Request { id: 7, body: locker_hal_sim::Wanted::Ask(Ask::Read { board: 1 }) });
/// assert!(Request::parse(br#"{"id":8,"do":"close","box_no":3}"#).is_ok());
/// assert_eq!(Request::parse(b"{").unwrap_err(), (None, locker_hal_sim::SimError::NotJson));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Any number; 0 if it is left out.
    pub id: u64,
    /// What is wanted.
    #[serde(flatten)]
    pub body: Wanted,
}

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Wanted {
    /// From a driver, or the truth.
    Ask(Ask),
    /// From people, or a fault.
    Do(SimCommand),
}

impl Request {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, and the number of the request if that could be read.
    pub fn parse(line: &[u8]) -> Result<Self, (Option<u64>, SimError)> {
        let value: serde_json::Value = serde_json::from_slice(line).map_err(|_| (None, SimError::NotJson))?;
        let serde_json::Value::Object(mut fields) = value else {
            return Err((None, SimError::UnknownRequest));
        };
        let id = match fields.remove("id") {
            None => 0,
            Some(id) => id.as_u64().ok_or((None, SimError::UnknownRequest))?,
        };
        let asks = fields.contains_key("ask");
        let value = serde_json::Value::Object(fields);
        let body = if asks {
            serde_json::from_value(value).map(Wanted::Ask)
        } else {
            serde_json::from_value(value).map(Wanted::Do)
        };
        let body = body.map_err(|_| (Some(id), SimError::UnknownRequest))?;
        Ok(Self { id, body })
    }
}

/// A line from the cabinet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The number of the request; nothing if it could not be read.
    pub id: Option<u64>,
    /// The answer.
    #[serde(flatten)]
    pub body: ReplyBody,
}

/// An answer: `"ok"` or `"error"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyBody {
    /// It is done, or here it is.
    Ok(SimAnswer),
    /// It is not done.
    Error(SimError),
}

/// What comes back when all is well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SimAnswer {
    /// It is done.
    Done,
    /// The raw levels of a board, channel 0 first.
    Levels(Vec<Sensed>),
    /// The whole truth.
    State(SimState),
}

/// The raw levels of one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sensed {
    /// The door contact.
    pub door: Door,
    /// The item sensor.
    pub item: Item,
}

/// What is wrong with a request. The connection stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", content = "why", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SimError {
    /// The line is no JSON.
    #[error("the line is no JSON")]
    NotJson,
    /// The line is JSON, and no request that this cabinet knows.
    #[error("no such request")]
    UnknownRequest,
    /// The line is longer than [`REQUEST_BYTES_MAX`].
    #[error("the line is too long")]
    LineTooLong,
    /// A board declines.
    #[error("the board declines")]
    Declined,
    /// People cannot do that.
    #[error(transparent)]
    Refused(SimRefusal),
}

impl From<ChannelLevel> for Sensed {
    fn from(level: ChannelLevel) -> Self {
        let (Raw(door), Raw(item)) = (level.door, level.item);
        Self { door, item }
    }
}

/// The levels as a driver hands them on.
pub(crate) fn channel_levels(sensed: Vec<Sensed>) -> ChannelLevels {
    let level = |Sensed { door, item }| ChannelLevel { door: Raw(door), item: Raw(item) };
    ChannelLevels(sensed.into_iter().map(level).collect())
}
