//! Winnsen: `90 LEN FN STATION … 03`, without a check.

use super::body::{Body, packed};
use super::make::BoardMake;
use super::speech::{Look, Say, Speech};

const HEADER: u8 = 0x90;
const END: u8 = 0x03;
const OPEN: u8 = 0x05;
const POLL: u8 = 0x02;

pub(crate) struct Winnsen {
    make: BoardMake,
    address: u8,
}

impl Winnsen {
    pub(crate) fn new(make: BoardMake, address: u8) -> Self {
        Self { make, address }
    }
}

impl Speech for Winnsen {
    fn look(&self, heard: &[u8]) -> Look {
        let length = match *heard {
            [HEADER] | [HEADER, 6 | 7] => return Look::More,
            [HEADER, 6, OPEN, ..] => 6,
            [HEADER, 7, POLL, ..] => 7,
            _ => return Look::Junk,
        };
        match heard.get(length - 1) {
            None => Look::More,
            Some(&END) => Look::Request(length),
            Some(_) => Look::Junk,
        }
    }

    fn act(&mut self, request: &[u8], body: &Body) -> Vec<Say> {
        let address = self.address;
        match *request {
            [HEADER, 6, OPEN, station, lock, END]
                if station == address && (1..=self.make.channels).contains(&lock) =>
            {
                let says = move |status: u8, body: &Body| {
                    let lock = body.says_channel(lock - 1) + 1;
                    vec![HEADER, 7, OPEN | 0x80, body.says_address(address), lock, status, END]
                };
                let length_ms = u64::from(self.make.pulse_ms);
                if body.on(lock - 1, Some(length_ms)).is_err() {
                    return vec![Say::now(says(0, body)).acknowledges()];
                }
                let reply = move |body: &Body| {
                    let locked = body.locked().get(usize::from(lock - 1)).copied().unwrap_or(false);
                    says(u8::from(!locked), body)
                };
                vec![Say::later(length_ms, reply).acknowledges()]
            }
            [HEADER, 7, POLL, station, low, high, END] if station == address => {
                let open: Vec<_> = body.locked().into_iter().map(|locked| !locked).collect();
                let open = packed(&open, 2);
                let (low, high) = (open[0] & low, open[1] & high);
                vec![Say::now(vec![HEADER, 7, POLL | 0x80, body.says_address(address), low, high, END])]
            }
            _ => Vec::new(),
        }
    }
}
