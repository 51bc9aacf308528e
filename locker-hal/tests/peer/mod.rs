//! The other end of a wire in memory: it says what it is told to say to each request, byte for byte, and keeps what it heard.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use locker_hal::codec::modbus::crc;
use locker_hal::line::{Echo, LineSettings, Opener, Port, SharedLine};
use locker_hal::{Board, Channel, ChannelLevels, Door, Item, PulseId, PulseOrder};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Duration, Instant, sleep};

/// What the peer says to one request: pieces, each so many milliseconds after the one before. `HANG_UP` closes the wire.
pub type Saying = Vec<(u64, String)>;

pub const HANG_UP: &str = "hang up";

#[derive(Default)]
struct Script {
    sayings: VecDeque<Saying>,
    heard: Vec<String>,
    heard_at: Vec<Instant>,
    opened: usize,
    tried: usize,
    missing: bool,
}

/// A peer; clones are the same one.
#[derive(Clone, Default)]
pub struct Peer {
    script: Arc<Mutex<Script>>,
}

impl Peer {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// The next request is answered so; one without a saying is answered with nothing.
    pub fn says(&self, saying: &[(u64, &str)]) -> &Self {
        let saying = saying.iter().map(|(ms, bytes)| (*ms, bytes.to_string())).collect();
        self.script().sayings.push_back(saying);
        self
    }

    /// The next request is answered at once.
    pub fn replies(&self, bytes: &str) -> &Self {
        self.says(&[(0, bytes)])
    }

    /// The next request is answered with nothing.
    pub fn is_silent(&self) -> &Self {
        self.says(&[])
    }

    /// What was heard since this was asked last.
    pub fn heard(&self) -> Vec<String> {
        self.script().heard_at.clear();
        std::mem::take(&mut self.script().heard)
    }

    /// How long after the first request each of those came that `heard` will tell, in milliseconds.
    pub fn heard_ms(&self) -> Vec<u128> {
        let script = self.script();
        script.heard_at.iter().map(|at| at.duration_since(script.heard_at[0]).as_millis()).collect()
    }

    pub fn opened(&self) -> usize {
        self.script().opened
    }

    /// How often the port was to be opened in vain.
    pub fn tried(&self) -> usize {
        self.script().tried
    }

    /// The port is not there until it is.
    pub fn is_missing(&self, missing: bool) {
        self.script().missing = missing;
    }

    pub fn line(&self) -> SharedLine {
        self.line_with(Echo::Off)
    }

    pub fn line_with(&self, echo: Echo) -> SharedLine {
        SharedLine::new(self.clone(), LineSettings { echo, silence_ms: None })
    }

    async fn speak(self, mut wire: DuplexStream) {
        let mut request = [0; 256];
        while let Ok(count @ 1..) = wire.read(&mut request).await {
            let saying = {
                let mut script = self.script();
                script.heard_at.push(Instant::now());
                script.heard.push(hex::encode_upper(&request[..count]));
                script.sayings.pop_front().unwrap_or_default()
            };
            for (ms, bytes) in saying {
                sleep(Duration::from_millis(ms)).await;
                if bytes == HANG_UP {
                    return;
                }
                if wire.write_all(&hex::decode(bytes).unwrap()).await.is_err() {
                    return;
                }
            }
        }
    }
}

#[async_trait]
impl Opener for Peer {
    async fn open(&mut self) -> io::Result<Box<dyn Port>> {
        let mut script = self.script();
        if script.missing {
            script.tried += 1;
            return Err(io::ErrorKind::NotFound.into());
        }
        script.opened += 1;
        let (ours, theirs) = duplex(4096);
        tokio::spawn(self.clone().speak(theirs));
        Ok(Box::new(ours))
    }

    fn byte_us(&self) -> u32 {
        1_042
    }
}

/// The order to fire a channel for 500 ms.
pub fn order(channel: u8) -> PulseOrder {
    order_of(channel, 500)
}

pub fn order_of(channel: u8, length_ms: u16) -> PulseOrder {
    PulseOrder { id: PulseId { boot: locker_hal::Boot(1), n: 1 }, channel: Channel(channel), length_ms }
}

/// Makes the line ready for commands: a reading that fails opens it.
pub async fn open(peer: &Peer, board: &mut impl Board) {
    let _ = board.read().await;
    peer.heard();
}

/// The channels whose doors are open; all others are closed.
pub fn open_doors(levels: &ChannelLevels) -> Vec<u8> {
    let doors = || (0u8..).zip(&levels.0).map(|(channel, level)| (channel, level.door.0));
    assert!(doors().all(|(_, door)| door != Door::Unknown), "{levels:?}");
    doors().filter(|(_, door)| *door == Door::Open).map(|(channel, _)| channel).collect()
}

/// The channels with something in; `None` when nothing is known.
pub fn items(levels: &ChannelLevels) -> Vec<u8> {
    let items = || (0u8..).zip(&levels.0).map(|(channel, level)| (channel, level.item.0));
    items().filter(|(_, item)| *item == Item::Present).map(|(channel, _)| channel).collect()
}

/// A Modbus RTU frame: what is given, and its check.
pub fn rtu(bytes: &str) -> String {
    let check = crc(&hex::decode(bytes).unwrap()).to_le_bytes();
    format!("{bytes}{}", hex::encode_upper(check))
}
