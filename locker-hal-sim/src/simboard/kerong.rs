//! KERONG KR-CU16 and KR-CU48: `02 … 03` and the low byte of the sum of all before it.

use locker_core::Mono;

use super::body::{Body, packed};
use super::make::{BoardMake, UnlockReply};
use super::speech::{Look, Say, Speech, checked, is_checked, sum};

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// How long a CU16 is deaf after it was set up, in milliseconds.
const DEAF_MS: u64 = 500;

/// Between two pulses of *unlock all*, in milliseconds.
const NEXT_MS: u64 = 100;

/// From one board's answer to the next one's when all are asked, in milliseconds.
const TURN_MS: u64 = 10;

pub(crate) struct Cu16 {
    make: BoardMake,
    address: u8,
    /// The unlock time, in units of 10 ms.
    unlock_time: u16,
    delay_s: u8,
    baud_code: u8,
    deaf_until: Mono,
}

impl Cu16 {
    pub(crate) fn new(make: BoardMake, address: u8) -> Self {
        let unlock_time = make.pulse_ms / 10;
        let baud_code = match make.baud {
            9_600 => 0,
            57_600 => 2,
            115_200 => 3,
            _ => 1,
        };
        Self { make, address, unlock_time, delay_s: 0, baud_code, deaf_until: Mono(0) }
    }

    fn pulse_ms(&self) -> u16 {
        self.unlock_time.saturating_mul(10)
    }

    fn says(&self, command: u8, data: [u8; 4], body: &Body) -> Vec<u8> {
        let [a, b, c, d] = data;
        checked(vec![STX, body.says_address(self.address) << 4, command, a, b, c, d, ETX], sum)
    }

    fn status(&self, command: u8, body: &Body) -> Vec<u8> {
        let (hooks, items) = (packed(&body.contacts(), 2), packed(&body.items(), 2));
        self.says(command, [hooks[0], hooks[1], items[0], items[1]], body)
    }

    /// A reply about a setting: the hooks, and the setting where the item sensors would be.
    fn setting(&self, command: u8, high: u8, low: u8, body: &Body) -> Vec<u8> {
        let hooks = packed(&body.contacts(), 2);
        self.says(command, [hooks[0], hooks[1], high, low], body)
    }

    fn unlock(&self, channel: u8, body: &Body) {
        // It has no word for a lock that it cannot fire.
        let _ = body.on(channel, Some(u64::from(self.pulse_ms())));
    }
}

impl Speech for Cu16 {
    fn look(&self, heard: &[u8]) -> Look {
        let whole = |length: usize| {
            heard.get(..length).is_some_and(|frame| frame[length - 2] == ETX && is_checked(frame, sum))
        };
        if heard[0] != STX {
            return Look::Junk;
        }
        let lengths: &[usize] = match heard.get(2) {
            None => return Look::More,
            Some(0x30..=0x33) => &[5],
            Some(0x37) => &[7, 5],
            Some(0x39 | 0x40) => &[6, 5],
            Some(_) => return Look::Junk,
        };
        match lengths.iter().find(|length| whole(**length)) {
            Some(length) => Look::Request(*length),
            None if heard.len() < lengths[0] => Look::More,
            None => Look::Junk,
        }
    }

    fn act(&mut self, request: &[u8], body: &Body) -> Vec<Say> {
        let (to, command) = (request[1], request[2]);
        let for_all = to == 0xF0;
        if (!for_all && to >> 4 != self.address) || body.now() < self.deaf_until {
            return Vec::new();
        }
        let lock = to & 0x0F;
        let after_ms = if for_all { u64::from(self.address) * TURN_MS } else { 0 };
        let say = |bytes: Vec<u8>| vec![Say::later(after_ms, move |_| bytes)];
        match (command, &request[3..request.len() - 2]) {
            (0x30, []) if !for_all => say(self.status(0x35, body)),
            (0x32, []) => say(self.status(0x36, body)),
            (0x31, []) if !for_all => {
                let after_ms = u64::from(self.delay_s) * 1_000;
                if after_ms == 0 {
                    self.unlock(lock, body);
                }
                let later = (after_ms > 0).then(|| Say::pulse(after_ms, lock, self.pulse_ms()));
                let reply = match self.make.unlock_reply {
                    UnlockReply::Nothing => Say::nothing(),
                    UnlockReply::Status => Say::now(self.status(0x35, body)).acknowledges(),
                };
                later.into_iter().chain([reply]).collect()
            }
            (0x33, []) if !for_all => {
                let each = u64::from(self.pulse_ms()) + NEXT_MS;
                let pulses = (0..body.wired())
                    .map(|channel| Say::pulse(u64::from(channel) * each, channel, self.pulse_ms()));
                pulses.chain([Say::now(self.status(0x35, body)).acknowledges()]).collect()
            }
            (0x37, []) => {
                let [high, low] = self.unlock_time.to_be_bytes();
                say(self.setting(0x38, high, low, body))
            }
            (0x37, &[high, low]) => {
                self.unlock_time = u16::from_be_bytes([high, low]).min(0x1770);
                self.deaf_until = body.now().after(DEAF_MS);
                let [high, low] = self.unlock_time.to_be_bytes();
                say(self.setting(0x38, high, low, body))
            }
            (0x39, []) => say(self.setting(0x39, 0, self.delay_s, body)),
            (0x39, &[seconds]) => {
                self.delay_s = seconds.min(250);
                self.deaf_until = body.now().after(DEAF_MS);
                say(self.setting(0x39, 0, self.delay_s, body))
            }
            (0x40, []) => say(self.setting(0x40, 0, self.baud_code, body)),
            (0x40, &[code @ 0..=3]) => {
                // It counts from the next power-up on, which this board does not see.
                self.baud_code = code;
                self.deaf_until = body.now().after(DEAF_MS);
                say(self.setting(0x40, 0, code, body))
            }
            _ => Vec::new(),
        }
    }
}

/// KR-CU48: the lock has a byte of its own, and an unlock is never answered.
pub(crate) struct Cu48 {
    make: BoardMake,
    address: u8,
}

const ALL_BOARDS: u8 = 0x0A;
const ALL_LOCKS: u8 = 0x30;

impl Cu48 {
    pub(crate) fn new(make: BoardMake, address: u8) -> Self {
        Self { make, address }
    }
}

impl Speech for Cu48 {
    fn look(&self, heard: &[u8]) -> Look {
        if heard[0] != STX || heard.get(3).is_some_and(|command| !matches!(command, 0x50 | 0x51)) {
            return Look::Junk;
        }
        match heard.get(..6) {
            None => Look::More,
            Some(frame) if frame[4] == ETX && is_checked(frame, sum) => Look::Request(6),
            Some(_) => Look::Junk,
        }
    }

    fn act(&mut self, request: &[u8], body: &Body) -> Vec<Say> {
        let (to, lock, command) = (request[1], request[2], request[3]);
        if to != self.address && to != ALL_BOARDS {
            return Vec::new();
        }
        match (command, lock) {
            (0x50, _) => {
                let after_ms = if to == ALL_BOARDS { u64::from(self.address) * TURN_MS } else { 0 };
                let mut reply = vec![STX, body.says_address(self.address), lock, 0x65];
                reply.extend(packed(&body.contacts(), 6));
                reply.push(ETX);
                vec![Say::later(after_ms, move |_| checked(reply, sum))]
            }
            (0x51, ALL_LOCKS) => {
                let each = u64::from(self.make.pulse_ms) + NEXT_MS;
                let pulse = |channel| Say::pulse(u64::from(channel) * each, channel, self.make.pulse_ms);
                (0..body.wired()).map(pulse).collect()
            }
            (0x51, lock) => {
                // It has no word for a lock that it cannot fire.
                let _ = body.on(lock, Some(u64::from(self.make.pulse_ms)));
                vec![Say::nothing()]
            }
            _ => Vec::new(),
        }
    }
}
