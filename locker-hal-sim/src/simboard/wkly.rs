//! `57 4B 4C 59 LEN ADDR CMD DATA XOR`: frames that say how long they are.

use super::body::Body;
use super::make::BoardMake;
use super::speech::{Look, Say, Speech, checked, is_checked, xor};

const HEADER: [u8; 4] = [0x57, 0x4B, 0x4C, 0x59];
const OK: u8 = 0x00;
const FAILED: u8 = 0xFF;

/// The shortest and the longest request, in bytes: a command alone, and a list of all channels.
const LENGTHS: core::ops::RangeInclusive<u8> = 8..=64;

pub(crate) struct Wkly {
    make: BoardMake,
    address: u8,
}

impl Wkly {
    pub(crate) fn new(make: BoardMake, address: u8) -> Self {
        Self { make, address }
    }

    fn pulse_ms(&self) -> u64 {
        u64::from(self.make.pulse_ms)
    }

    fn open_one(&self, channel: u8, body: &Body) -> Vec<Say> {
        let address = self.address;
        let fired = body.on(channel, Some(self.pulse_ms()));
        let reply = move |body: &Body| {
            let state = state(channel, body);
            // Whether the lock has opened is told by its state alone.
            let status = if fired.is_err() { FAILED } else { OK };
            frame(body.says_address(address), 0x82, &[status, body.says_channel(channel) + 1, state])
        };
        vec![Say::later(self.pulse_ms(), reply).acknowledges()]
    }

    /// All at once, or one after another.
    fn open_many(&self, command: u8, channels: Vec<u8>, each_ms: u64, body: &Body) -> Vec<Say> {
        let address = self.address;
        let unknown = channels.iter().any(|channel| *channel >= body.wired());
        let pulses =
            (0..).zip(&channels).map(|(n, channel)| Say::pulse(n * each_ms, *channel, self.make.pulse_ms));
        let turns = if each_ms == 0 { 1 } else { channels.len() as u64 };
        let status = if unknown { FAILED } else { OK };
        let reply = move |body: &Body| frame(body.says_address(address), command, &[status]);
        let reply = Say::later(turns * self.pulse_ms(), reply).acknowledges();
        pulses.chain([reply]).collect()
    }
}

/// 00 open, 01 closed, FF no such channel.
fn state(channel: u8, body: &Body) -> u8 {
    body.locked().get(usize::from(channel)).map_or(FAILED, |locked| u8::from(*locked))
}

fn frame(address: u8, command: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(8 + data.len()).unwrap_or(u8::MAX);
    let mut frame = HEADER.to_vec();
    frame.extend([length, address, command]);
    frame.extend(data);
    checked(frame, xor)
}

/// The channels that a request lists: how many, then each, from 1.
fn listed(data: &[u8]) -> Option<Vec<u8>> {
    let (count, channels) = data.split_first()?;
    let as_many = channels.len() == usize::from(*count) && !channels.contains(&0);
    as_many.then(|| channels.iter().map(|channel| channel - 1).collect())
}

impl Speech for Wkly {
    fn look(&self, heard: &[u8]) -> Look {
        let known = heard.len().min(HEADER.len());
        if heard[..known] != HEADER[..known] {
            return Look::Junk;
        }
        let Some(&length) = heard.get(4) else {
            return Look::More;
        };
        if !LENGTHS.contains(&length) {
            return Look::Junk;
        }
        match heard.get(..usize::from(length)) {
            None => Look::More,
            Some(frame) if is_checked(frame, xor) => Look::Request(frame.len()),
            Some(_) => Look::Junk,
        }
    }

    fn act(&mut self, request: &[u8], body: &Body) -> Vec<Say> {
        let (to, command, data) = (request[5], request[6], &request[7..request.len() - 1]);
        if to != self.address {
            return Vec::new();
        }
        let address = body.says_address(self.address);
        let say = |data: &[u8]| vec![Say::now(frame(address, command, data))];
        let one = match data {
            [channel] if (1..=self.make.channels).contains(channel) => Some(channel - 1),
            _ => None,
        };
        let status = |done: bool| if done { OK } else { FAILED };
        match (command, one) {
            (0x80, _) => listed(data).map_or_else(Vec::new, |list| self.open_many(command, list, 0, body)),
            (0x81, Some(channel)) => say(&[OK, body.says_channel(channel) + 1]),
            (0x82, Some(channel)) => self.open_one(channel, body),
            (0x83, Some(channel)) => {
                let state = state(channel, body);
                say(&[status(state != FAILED), body.says_channel(channel) + 1, state])
            }
            (0x84, _) if data.is_empty() => {
                let mut reply = vec![OK, body.wired()];
                reply.extend((0..body.wired()).map(|channel| state(channel, body)));
                say(&reply)
            }
            (0x86, _) if data.is_empty() => {
                self.open_many(command, (0..body.wired()).collect(), self.pulse_ms(), body)
            }
            (0x87, _) => listed(data)
                .map_or_else(Vec::new, |list| self.open_many(command, list, self.pulse_ms(), body)),
            (0x88, Some(channel)) => {
                say(&[status(body.on(channel, None).is_ok()), body.says_channel(channel) + 1])
            }
            (0x89, Some(channel)) => {
                body.off(channel);
                say(&[OK, body.says_channel(channel) + 1])
            }
            _ => Vec::new(),
        }
    }

    fn moved(&self, channel: u8, locked: bool, body: &Body) -> Option<Vec<u8>> {
        self.make.events?;
        let data = [body.says_channel(channel) + 1, u8::from(locked)];
        Some(frame(body.says_address(self.address), 0x85, &data))
    }
}
