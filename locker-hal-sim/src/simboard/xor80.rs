//! Boards with headers `8A` and `80`: five bytes and the exclusive or of all before it.

use super::body::{Body, packed};
use super::make::{BoardMake, GroupOrder};
use super::speech::{Look, Say, Speech, checked, is_checked, xor};

const OPEN: u8 = 0x8A;
const QUERY: u8 = 0x80;
const OPEN_SEVERAL: u8 = 0x90;
const KEEP_ON: u8 = 0x9A;
const KEEP_OFF: u8 = 0x9B;
const VERSION: u8 = 0x82;

/// What stands for a closed contact; an open one is 0.
const CLOSED: u8 = 0x11;

/// From the end of a pulse to its reply, in milliseconds: with the usual pulse the reply comes after half a second.
const SETTLE_MS: u64 = 200;

/// Between two pulses of *open all*, in milliseconds: 24 locks take about ten seconds.
const NEXT_MS: u64 = 100;

pub(crate) struct Xor80 {
    make: BoardMake,
    address: u8,
}

impl Xor80 {
    pub(crate) fn new(make: BoardMake, address: u8) -> Self {
        Self { make, address }
    }

    fn says(&self, header: u8, lock: u8, status: u8, body: &Body) -> Vec<u8> {
        checked(vec![header, body.says_address(self.address), lock, status], xor)
    }

    fn in_order(&self, mut groups: Vec<u8>) -> Vec<u8> {
        if self.make.group_order == GroupOrder::HighestFirst {
            groups.reverse();
        }
        groups
    }

    fn open(&self, lock: u8, length_ms: u16, body: &Body) -> Vec<Say> {
        if lock == 0 {
            return self.open_all(length_ms, body);
        }
        if lock > self.make.channels {
            return Vec::new();
        }
        // A lock that does not open is told by its contact alone.
        let _ = body.on(lock - 1, Some(u64::from(length_ms)));
        let address = self.address;
        let reply = move |body: &Body| {
            let status = if body.contact(lock - 1) { CLOSED } else { 0 };
            let lock = body.says_channel(lock - 1) + 1;
            checked(vec![OPEN, body.says_address(address), lock, status], xor)
        };
        vec![Say::later(u64::from(length_ms) + SETTLE_MS, reply).acknowledges()]
    }

    fn open_all(&self, length_ms: u16, body: &Body) -> Vec<Say> {
        let each = u64::from(length_ms) + NEXT_MS;
        let mut says: Vec<_> = (0..body.wired())
            .map(|channel| Say::pulse(u64::from(channel) * each, channel, length_ms))
            .collect();
        let address = self.address;
        let reply = move |body: &Body| checked(vec![OPEN, body.says_address(address), 0, CLOSED], xor);
        says.push(Say::later(u64::from(body.wired()) * each, reply).acknowledges());
        says
    }
}

impl Speech for Xor80 {
    fn look(&self, heard: &[u8]) -> Look {
        let whole = |length: usize| heard.get(..length).is_some_and(|frame| is_checked(frame, xor));
        let several = 3 + usize::from(self.make.status_bytes);
        match heard[0] {
            // With a time in seconds before its check it is one byte longer.
            OPEN if whole(5) => Look::Request(5),
            OPEN if whole(6) => Look::Request(6),
            OPEN if heard.len() < 6 => Look::More,
            OPEN_SEVERAL if whole(several) => Look::Request(several),
            OPEN_SEVERAL if heard.len() < several => Look::More,
            QUERY | KEEP_ON | KEEP_OFF | VERSION if whole(5) => Look::Request(5),
            QUERY | KEEP_ON | KEEP_OFF | VERSION if heard.len() < 5 => Look::More,
            _ => Look::Junk,
        }
    }

    fn act(&mut self, request: &[u8], body: &Body) -> Vec<Say> {
        if request[1] != self.address {
            return Vec::new();
        }
        match *request {
            [OPEN, _, lock, 0x11, _] => self.open(lock, self.make.pulse_ms, body),
            [OPEN, _, lock, 0x11, seconds @ 1..=9, _] => self.open(lock, u16::from(seconds) * 1_000, body),
            [QUERY, _, 0, 0x33, _] => {
                let groups = packed(&body.contacts(), usize::from(self.make.status_bytes));
                let mut reply = vec![QUERY, body.says_address(self.address)];
                reply.extend(self.in_order(groups));
                reply.push(0x33);
                vec![Say::now(checked(reply, xor))]
            }
            [QUERY, _, lock, 0x33, _] if lock <= self.make.channels => {
                let status = if body.contact(lock - 1) { CLOSED } else { 0 };
                vec![Say::now(self.says(QUERY, body.says_channel(lock - 1) + 1, status, body))]
            }
            [OPEN_SEVERAL, _, ref groups @ .., _] => {
                let groups = self.in_order(groups.to_vec());
                let wanted = |channel: &u8| {
                    groups.get(usize::from(channel / 8)).is_some_and(|group| group >> (channel % 8) & 1 == 1)
                };
                (0..body.wired())
                    .filter(wanted)
                    .map(|channel| Say::pulse(0, channel, self.make.pulse_ms))
                    .collect()
            }
            [KEEP_ON, _, lock, 0x11, _] if lock > 0 => {
                // Not told to anybody either way.
                let _ = body.on(lock - 1, None);
                Vec::new()
            }
            [KEEP_OFF, _, lock, 0x11, _] if lock > 0 => {
                body.off(lock - 1);
                Vec::new()
            }
            // What it answers about its version is not known.
            _ => Vec::new(),
        }
    }

    /// Those who have seen `81` read 00 as closed, those who have seen `82` read 11 so.
    fn moved(&self, channel: u8, locked: bool, body: &Body) -> Option<Vec<u8>> {
        let header = self.make.events?;
        let status = if locked == (header == VERSION) { CLOSED } else { 0 };
        Some(self.says(header, body.says_channel(channel) + 1, status, body))
    }
}
