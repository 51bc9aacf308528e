//! KERONG KR-CU12: `02 ADDR LOCK CMD ASK LEN 03 SUM` with data behind the sum, and in it.

use super::body::{Body, packed};
use super::make::BoardMake;
use super::speech::{Look, Say, Speech, sum};

const ALL_BOARDS: u8 = 0x10;
const ALL_LOCKS: u8 = 0x0C;
const OK: u8 = 0x10;
const FAILED: u8 = 0x11;
const TIMED_OUT: u8 = 0x12;
const UNKNOWN_COMMAND: u8 = 0x13;
const WRONG_SUM: u8 = 0x14;

/// Between two pulses of *unlock all*, in milliseconds.
const NEXT_MS: u64 = 100;

/// From one board's answer to the next one's when all are asked, in milliseconds.
const TURN_MS: u64 = 10;

pub(crate) struct Cu12 {
    address: u8,
    /// In units of 10 ms.
    unlock_time: u16,
    baud_code: u8,
    delay_s: u8,
    push_wait_s: u8,
}

impl Cu12 {
    pub(crate) fn new(make: &BoardMake, address: u8) -> Self {
        Self { address, unlock_time: make.pulse_ms / 10, baud_code: 1, delay_s: 0, push_wait_s: 0 }
    }

    fn pulse_ms(&self) -> u16 {
        self.unlock_time.saturating_mul(10)
    }

    fn unlock(&self, lock: u8, body: &Body) -> Vec<Say> {
        let address = self.address;
        if body.on(lock, Some(u64::from(self.pulse_ms()))).is_err() {
            return vec![Say::now(frame(body.says_address(address), lock, 0x81, FAILED, &[])).acknowledges()];
        }
        let reply = move |body: &Body| {
            let stays_locked = body.locked().get(usize::from(lock)).copied().unwrap_or(false);
            let ask = if stays_locked { TIMED_OUT } else { OK };
            frame(body.says_address(address), body.says_channel(lock), 0x81, ask, &[])
        };
        vec![Say::later(u64::from(self.pulse_ms()), reply).acknowledges()]
    }

    fn unlock_all(&self, body: &Body) -> Vec<Say> {
        let each = u64::from(self.pulse_ms()) + NEXT_MS;
        let pulses =
            (0..body.wired()).map(|channel| Say::pulse(u64::from(channel) * each, channel, self.pulse_ms()));
        let address = self.address;
        let reply = move |body: &Body| frame(body.says_address(address), ALL_LOCKS, 0x81, OK, &[]);
        let reply = Say::later(u64::from(body.wired()) * each, reply).acknowledges();
        pulses.chain([reply]).collect()
    }
}

/// A frame with its sum, which covers the data behind it.
fn frame(address: u8, lock: u8, command: u8, ask: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).unwrap_or(u8::MAX);
    let mut frame = vec![0x02, address, lock, command, ask, length, 0x03];
    frame.push(sum(&frame).wrapping_add(sum(data)));
    frame.extend(data);
    frame
}

impl Speech for Cu12 {
    fn look(&self, heard: &[u8]) -> Look {
        // No request has more than two bytes of data.
        if heard[0] != 0x02
            || heard.get(5).is_some_and(|length| *length > 2)
            || heard.get(6).is_some_and(|etx| *etx != 0x03)
        {
            return Look::Junk;
        }
        let length = 8 + usize::from(heard.get(5).copied().unwrap_or(0));
        if heard.len() < length { Look::More } else { Look::Request(length) }
    }

    fn act(&mut self, request: &[u8], body: &Body) -> Vec<Say> {
        let (to, lock, command) = (request[1], request[2], request[3]);
        if (to != self.address && to != ALL_BOARDS) || request[4] != 0 {
            return Vec::new();
        }
        let data = &request[8..];
        let after_ms = if to == ALL_BOARDS { u64::from(self.address) * TURN_MS } else { 0 };
        let address = body.says_address(self.address);
        let say = |ask, data: &[u8]| {
            let bytes = frame(address, lock, command, ask, data);
            vec![Say::later(after_ms, move |_| bytes)]
        };
        if request[7] != sum(&request[..7]).wrapping_add(sum(data)) {
            return say(WRONG_SUM, &[]);
        }
        match (command, data) {
            (0x80, []) => say(OK, &packed(&body.contacts(), 2)),
            (0x81, []) if lock == ALL_LOCKS => self.unlock_all(body),
            (0x81, []) => self.unlock(lock, body),
            (0x82, []) => say(OK, &self.unlock_time.to_be_bytes()),
            (0x82, &[high, low]) => {
                self.unlock_time = u16::from_be_bytes([high, low]);
                say(OK, &[])
            }
            (0x83, []) => say(OK, &[self.baud_code]),
            (0x83, &[code @ 0..=3]) => {
                self.baud_code = code;
                say(OK, &[])
            }
            (0x84, []) => say(OK, &[self.delay_s]),
            (0x84, &[seconds]) => {
                self.delay_s = seconds;
                say(OK, &[])
            }
            (0x85, []) => say(OK, &[self.push_wait_s]),
            (0x85, &[seconds]) => {
                self.push_wait_s = seconds;
                say(OK, &[])
            }
            (0x8E, []) => {
                (self.unlock_time, self.baud_code, self.delay_s, self.push_wait_s) = (55, 1, 0, 0);
                say(OK, &[])
            }
            (0x8F, []) => say(OK, &[1, 1]),
            _ => say(UNKNOWN_COMMAND, &[]),
        }
    }
}
