//! Modbus RTU: relays and inputs of three kinds. Frames end with a CRC, low byte first; a broadcast is never answered.

use super::body::{Body, packed};
use super::make::{BoardMake, Protocol};
use super::speech::{HEARD_MAX, Look, Say, Speech};

const ILLEGAL_FUNCTION: u8 = 1;
const ILLEGAL_ADDRESS: u8 = 2;
const ILLEGAL_VALUE: u8 = 3;
const DEVICE_FAILURE: u8 = 4;

const ON: u16 = 0xFF00;
const OFF: u16 = 0x0000;
/// Waveshare's.
const TOGGLE: u16 = 0x5500;

/// The unit of hardware flashes, in milliseconds.
const FLASH_MS: u64 = 100;

/// How long an R421A08's *momentary* is, in milliseconds.
const MOMENTARY_MS: u64 = 1_000;

pub(crate) struct Modbus {
    protocol: Protocol,
    address: u8,
    channels: u8,
}

type Done = Result<Vec<Say>, u8>;

impl Modbus {
    pub(crate) fn new(make: &BoardMake, address: u8) -> Self {
        Self { protocol: make.protocol, address, channels: make.channels }
    }

    /// Runs a request without its address and check; the reply's function and data.
    fn run(&self, request: &[u8], body: &Body) -> Result<(Vec<u8>, Vec<Say>), u8> {
        let [function, a, b, c, d, ref rest @ ..] = *request else {
            return Err(ILLEGAL_VALUE);
        };
        let (first, value) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let has_coils = self.protocol != Protocol::R421a08;
        let head = || vec![function, a, b, c, d];
        match function {
            1 if has_coils => {
                let relays: Vec<_> = (0..self.channels).map(|channel| body.is_on(channel)).collect();
                Ok((bits(function, &relays, first, value)?, Vec::new()))
            }
            2 => Ok((bits(function, &self.inputs(body), first, value)?, Vec::new())),
            3 => Ok((self.registers(first, value, body)?, Vec::new())),
            5 if has_coils => self.write_coil(first, value, body).map(|says| (head(), says)),
            6 if !has_coils => self.command(first, c, d, body).map(|()| (head(), Vec::new())),
            15 if has_coils => {
                self.write_coils(first, value, rest, body)?;
                Ok((head(), Vec::new()))
            }
            _ => Err(ILLEGAL_FUNCTION),
        }
    }

    /// First the feedback contacts, one for each channel, then as many item sensors.
    fn inputs(&self, body: &Body) -> Vec<bool> {
        let channels = usize::from(self.channels);
        let (mut inputs, mut items) = (body.contacts(), body.items());
        inputs.resize(channels, false);
        items.resize(channels, false);
        inputs.extend(items);
        inputs
    }

    fn registers(&self, first: u16, count: u16, body: &Body) -> Result<Vec<u8>, u8> {
        if !(1..=125).contains(&count) {
            return Err(ILLEGAL_VALUE);
        }
        let mut reply = vec![3, u8::try_from(count * 2).unwrap_or(u8::MAX)];
        for register in first..first.saturating_add(count) {
            reply.extend(self.register(register, body)?.to_be_bytes());
        }
        Ok(reply)
    }

    fn register(&self, register: u16, body: &Body) -> Result<u16, u8> {
        let channels = u16::from(self.channels);
        match (self.protocol, register) {
            (Protocol::R421a08, 1..) if register <= channels => {
                Ok(u16::from(body.is_on(channel(register - 1))))
            }
            // Every relay is switched by coils alone; 9600 8N1; the address; version 2.00.
            (Protocol::Waveshare, 0x1000..) if register < 0x1000 + channels => Ok(0),
            (Protocol::Waveshare, 0x2000) => Ok(1),
            (Protocol::Waveshare, 0x4000) => Ok(u16::from(self.address)),
            (Protocol::Waveshare, 0x8000) => Ok(200),
            _ => Err(ILLEGAL_ADDRESS),
        }
    }

    fn write_coil(&self, address: u16, value: u16, body: &Body) -> Done {
        let channels = u16::from(self.channels);
        let flashes = self.protocol == Protocol::Waveshare;
        let one = |address: u16| (address < channels).then(|| channel(address)).ok_or(ILLEGAL_ADDRESS);
        match address {
            0x00FF if flashes => {
                (0..self.channels).try_for_each(|channel| self.switch(channel, value, body))?;
                Ok(Vec::new())
            }
            0x01FF if flashes => {
                (0..self.channels).try_for_each(|channel| self.switch(channel, TOGGLE, body))?;
                Ok(Vec::new())
            }
            0x0200..=0x02FF if flashes => {
                let channel = one(address - 0x0200)?;
                if value > 0x7FFF {
                    return Err(ILLEGAL_VALUE);
                }
                on(channel, Some(u64::from(value) * FLASH_MS), body)?;
                Ok(Vec::new())
            }
            0x0400..=0x04FF if flashes => {
                let channel = one(address - 0x0400)?;
                if value > 0x7FFF {
                    return Err(ILLEGAL_VALUE);
                }
                body.off(channel);
                let again = move |body: &Body| {
                    // Nobody waits for this one.
                    let _ = body.on(channel, None);
                    Vec::new()
                };
                Ok(vec![Say::later(u64::from(value) * FLASH_MS, again)])
            }
            _ => self.switch(one(address)?, value, body).map(|()| Vec::new()),
        }
    }

    fn switch(&self, channel: u8, value: u16, body: &Body) -> Result<(), u8> {
        match value {
            ON => on(channel, None, body),
            OFF => {
                body.off(channel);
                Ok(())
            }
            TOGGLE if self.protocol == Protocol::Waveshare => {
                let value = if body.is_on(channel) { OFF } else { ON };
                self.switch(channel, value, body)
            }
            _ => Err(ILLEGAL_VALUE),
        }
    }

    fn write_coils(&self, first: u16, count: u16, rest: &[u8], body: &Body) -> Result<(), u8> {
        let Some((bytes, states)) = rest.split_first() else {
            return Err(ILLEGAL_VALUE);
        };
        let wants_bytes = usize::from(count).div_ceil(8);
        if count == 0 || usize::from(*bytes) != wants_bytes || states.len() != wants_bytes {
            return Err(ILLEGAL_VALUE);
        }
        if u32::from(first) + u32::from(count) > u32::from(self.channels) {
            return Err(ILLEGAL_ADDRESS);
        }
        for n in 0..count {
            let is_on = states[usize::from(n / 8)] >> (n % 8) & 1 == 1;
            self.switch(channel(first + n), if is_on { ON } else { OFF }, body)?;
        }
        Ok(())
    }

    /// A command to one relay of an R421A08, numbered from 1.
    fn command(&self, register: u16, command: u8, seconds: u8, body: &Body) -> Result<(), u8> {
        if register == 0 || register > u16::from(self.channels) {
            return Err(ILLEGAL_ADDRESS);
        }
        let this = channel(register - 1);
        match command {
            1 => on(this, None, body),
            2 => {
                body.off(this);
                Ok(())
            }
            3 if body.is_on(this) => {
                body.off(this);
                Ok(())
            }
            3 => on(this, None, body),
            4 => {
                (0..self.channels).filter(|other| *other != this).for_each(|other| body.off(other));
                on(this, None, body)
            }
            5 => on(this, Some(MOMENTARY_MS), body),
            6 if seconds > 0 => on(this, Some(u64::from(seconds) * 1_000), body),
            _ => Err(ILLEGAL_VALUE),
        }
    }
}

/// A relay without a lock switches as well; nobody sees it.
fn on(channel: u8, length_ms: Option<u64>, body: &Body) -> Result<(), u8> {
    match body.on(channel, length_ms) {
        Err(_) if channel < body.wired() => Err(DEVICE_FAILURE),
        _ => Ok(()),
    }
}

fn channel(address: u16) -> u8 {
    u8::try_from(address).unwrap_or(u8::MAX)
}

fn bits(function: u8, all: &[bool], first: u16, count: u16) -> Result<Vec<u8>, u8> {
    if !(1..=2_000).contains(&count) {
        return Err(ILLEGAL_VALUE);
    }
    let (first, count) = (usize::from(first), usize::from(count));
    let asked = all.get(first..first + count).ok_or(ILLEGAL_ADDRESS)?;
    let bytes = packed(asked, count.div_ceil(8));
    let mut reply = vec![function, u8::try_from(bytes.len()).unwrap_or(u8::MAX)];
    reply.extend(bytes);
    Ok(reply)
}

/// The check of the serial line specification: polynomial A001, begun with all ones.
fn crc(bytes: &[u8]) -> [u8; 2] {
    let mut crc = u16::MAX;
    for byte in bytes {
        crc ^= u16::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1 == 1;
            crc >>= 1;
            if carry {
                crc ^= 0xA001;
            }
        }
    }
    crc.to_le_bytes()
}

fn is_whole(frame: &[u8]) -> bool {
    frame.len() >= 4 && frame[frame.len() - 2..] == crc(&frame[..frame.len() - 2])
}

pub(crate) fn framed(address: u8, reply: &[u8]) -> Vec<u8> {
    let mut frame = vec![address];
    frame.extend(reply);
    let check = crc(&frame);
    frame.extend(check);
    frame
}

impl Speech for Modbus {
    fn look(&self, heard: &[u8]) -> Look {
        let length = match heard.get(1) {
            Some(1..=6) => 8,
            Some(15 | 16) => match heard.get(6) {
                Some(bytes) => 9 + usize::from(*bytes),
                None => return Look::More,
            },
            // How long it is will be told by the silence behind it.
            Some(_) | None => return if heard.len() < HEARD_MAX { Look::More } else { Look::Junk },
        };
        match heard.get(..length) {
            None => Look::More,
            Some(frame) if is_whole(frame) => Look::Request(length),
            Some(_) => Look::Junk,
        }
    }

    fn act(&mut self, request: &[u8], body: &Body) -> Vec<Say> {
        let to = request[0];
        let function = request[1];
        let for_all = to == 0 && self.address != 0;
        let heeds_broadcasts = self.protocol != Protocol::R421a08 && matches!(function, 5 | 15);
        if to != self.address && !(for_all && heeds_broadcasts) {
            return Vec::new();
        }
        let (reply, mut says) = match self.run(&request[1..request.len() - 2], body) {
            Ok((reply, says)) => (reply, says),
            Err(exception) => (vec![function | 0x80, exception], Vec::new()),
        };
        if !for_all {
            let frame = framed(body.says_address(self.address), &self.names(reply, body));
            let say = Say::now(frame);
            let energises = matches!(function, 5 | 6 | 15);
            says.insert(0, if energises { say.acknowledges() } else { say });
        }
        says
    }

    fn puzzled(&self, heard: &[u8]) -> Vec<Say> {
        match heard {
            [to, function, ..] if *to == self.address && is_whole(heard) => {
                vec![Say::now(framed(self.address, &[function | 0x80, ILLEGAL_FUNCTION]))]
            }
            _ => Vec::new(),
        }
    }
}

impl Modbus {
    /// A board that answers for another box repeats another coil's number than it was given.
    fn names(&self, mut reply: Vec<u8>, body: &Body) -> Vec<u8> {
        if let [5, _, low, ..] = reply.as_mut_slice() {
            *low = body.says_channel(*low);
        }
        reply
    }
}
