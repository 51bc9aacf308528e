//! A board that a test holds by the strings.

#![allow(dead_code, unreachable_pub, reason = "every test file uses another part")]

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use async_trait::async_trait;
use locker_hal::{
    Board, BoardSpec, Boot, BoxNo, Bus, Cabinet, ChannelLevel, ChannelLevels, Clock, Door, ErrorKind, Item,
    Mono, Outputs, Pulse, PulseId, PulseOrder, Raw, Readings, VirtualClock,
};

/// What happens when a board is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Well,
    Fails(ErrorKind),
    /// Nobody answers before the clock shows this.
    NotBefore(Mono),
}

/// What was asked of a board, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Off(Mono),
    Read(Mono),
    Pulse(Mono, PulseOrder),
}

pub struct Strings {
    pub door: Door,
    pub reads: Says,
    pub pulses: Says,
    pub offs: Says,
    pub asked: Vec<Asked>,
}

/// Clones are the same board.
#[derive(Clone)]
pub struct TestBoard {
    pub strings: Arc<Mutex<Strings>>,
    pub spec: BoardSpec,
    pub clock: VirtualClock,
}

impl TestBoard {
    pub fn new(clock: &VirtualClock, channels: u8) -> Self {
        let strings = Strings {
            door: Door::Closed,
            reads: Says::Well,
            pulses: Says::Well,
            offs: Says::Well,
            asked: Vec::new(),
        };
        Self {
            strings: Arc::new(Mutex::new(strings)),
            spec: BoardSpec::prompt(channels),
            clock: clock.clone(),
        }
    }

    pub fn pull<T>(&self, pull: impl FnOnce(&mut Strings) -> T) -> T {
        pull(&mut self.strings.lock().unwrap())
    }

    /// What was asked since the last time.
    pub fn asked(&self) -> Vec<Asked> {
        self.pull(|strings| std::mem::take(&mut strings.asked))
    }

    /// The reads since the last time.
    pub fn read_at(&self) -> Vec<u64> {
        let reads = self.asked().into_iter().filter_map(|asked| match asked {
            Asked::Read(at) => Some(at.0),
            Asked::Off(_) | Asked::Pulse(..) => None,
        });
        reads.collect()
    }

    /// The pulses since the last time.
    pub fn pulsed_at(&self) -> Vec<(u64, u8)> {
        let pulses = self.asked().into_iter().filter_map(|asked| match asked {
            Asked::Pulse(at, order) => Some((at.0, order.channel.0)),
            Asked::Off(_) | Asked::Read(_) => None,
        });
        pulses.collect()
    }

    async fn answer(&self, says: Says) -> Result<(), ErrorKind> {
        match says {
            Says::Well => Ok(()),
            Says::Fails(kind) => Err(kind),
            Says::NotBefore(at) => {
                poll_fn(|_| if self.clock.now() < at { Poll::Pending } else { Poll::Ready(()) }).await;
                Ok(())
            }
        }
    }
}

#[async_trait]
impl Board for TestBoard {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        self.spec
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let now = self.clock.now();
        let says = self.pull(|strings| {
            strings.asked.push(Asked::Pulse(now, order));
            strings.pulses
        });
        self.answer(says).await
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let now = self.clock.now();
        let says = self.pull(|strings| {
            strings.asked.push(Asked::Read(now));
            strings.reads
        });
        self.answer(says).await?;
        let level = ChannelLevel { door: Raw(self.pull(|strings| strings.door)), item: Raw(Item::Unknown) };
        Ok(ChannelLevels(vec![level; usize::from(self.spec.channels)]))
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        let now = self.clock.now();
        let says = self.pull(|strings| {
            strings.asked.push(Asked::Off(now));
            strings.offs
        });
        self.answer(says).await
    }
}

pub fn box_no(number: u8) -> BoxNo {
    BoxNo::new(number).unwrap()
}

/// A cabinet with the outputs that a machine would give it.
pub struct Bench {
    pub cabinet: Cabinet,
    pub clock: VirtualClock,
    pub outputs: Outputs,
    pub last: Readings,
}

impl Bench {
    pub fn new(cabinet: Cabinet, clock: &VirtualClock) -> Self {
        Self {
            cabinet,
            clock: clock.clone(),
            outputs: Outputs::all_off(Mono(0)),
            last: Readings::new(Mono(0), Vec::new()),
        }
    }

    /// Cycles now, with fresh outputs.
    pub async fn cycle(&mut self) {
        self.outputs.at = self.clock.now();
        self.last = self.cabinet.cycle(&self.outputs, &self.clock).await;
    }

    /// Lets time pass with a cycle every 50 ms.
    pub async fn pass(&mut self, ms: u64) {
        for _ in 0..ms / 50 {
            self.clock.advance(50);
            self.cycle().await;
        }
    }

    pub fn want(&mut self, n: u32, number: u8) {
        self.outputs.pulse = Some(Pulse {
            id: PulseId { boot: Boot(1), n },
            box_no: box_no(number),
            length_ms: 500,
            not_after: self.clock.now().after(10_000),
        });
    }

    pub fn seen(&self) -> Vec<u8> {
        self.last.boxes.iter().map(|there| there.box_no.get()).collect()
    }
}
