//! A simulated cabinet on pins: coils that free latches, switches on hooks, and chips that can die.

#![allow(dead_code, unreachable_pub, reason = "every test file uses another part")]

use std::sync::{Arc, Mutex, MutexGuard};

use embedded_hal::digital::{ErrorKind as PinErrorKind, ErrorType, InputPin, OutputPin};
use locker_hal::conformance::{Deed, Energised};
use locker_hal::gpio::{PinBank, PinChannel, PinFault, Wired};
use locker_hal::{BoxNo, Clock, Mono, VirtualClock};

/// How long a coil has to be on until its latch lets go, in milliseconds.
const SPRING_MS: u64 = 80;

/// Boxes on one chip; a world has two chips.
pub const BOXES: u8 = 4;

/// No coil is on.
pub const NONE: [u8; 0] = [];

pub type Bank = PinBank<CoilPin, SensePin, { BOXES as usize }>;

#[derive(Default)]
struct PinBox {
    open: bool,
    item: bool,
    jammed: bool,
    on_since: Option<Mono>,
}

#[derive(Default)]
struct Truth {
    boxes: Vec<PinBox>,
    dead: [bool; 2],
    fired: Vec<Energised>,
}

impl Truth {
    /// Lets springs push open what coils have freed by `now`.
    fn settle(&mut self, now: Mono) {
        for there in &mut self.boxes {
            let freed = there.on_since.is_some_and(|since| now.since(since) >= SPRING_MS);
            there.open |= freed && !there.jammed;
        }
    }
}

/// The world behind the pins. Clones are the same.
#[derive(Clone)]
pub struct World {
    truth: Arc<Mutex<Truth>>,
    pub clock: VirtualClock,
}

impl World {
    pub fn new() -> Self {
        let boxes = (0..2 * BOXES).map(|_| PinBox::default()).collect();
        let truth = Truth { boxes, ..Truth::default() };
        Self { truth: Arc::new(Mutex::new(truth)), clock: VirtualClock::default() }
    }

    fn truth(&self) -> MutexGuard<'_, Truth> {
        let now = self.clock.now();
        let mut truth = self.truth.lock().unwrap();
        truth.settle(now);
        truth
    }

    /// The channels of a chip: relays that a low level switches on, hook switches to ground, item sensors that say high.
    pub fn channels(&self, chip: usize) -> [PinChannel<CoilPin, SensePin>; BOXES as usize] {
        std::array::from_fn(|n| {
            let (world, n) = (self.clone(), chip * usize::from(BOXES) + n);
            PinChannel {
                coil: Wired::low(CoilPin { world: world.clone(), n }),
                door: Some(Wired::low(SensePin { world: world.clone(), n, sees: Sees::Door })),
                item: Some(Wired::high(SensePin { world, n, sees: Sees::Item })),
            }
        })
    }

    pub fn bank(&self, chip: usize) -> Result<Bank, PinFault> {
        PinBank::new(self.channels(chip))
    }

    pub fn boxes() -> Vec<BoxNo> {
        BoxNo::first(2 * BOXES).collect()
    }

    pub fn act(&self, deed: Deed) {
        let mut truth = self.truth();
        let at = |box_no: BoxNo| usize::from(box_no.get() - 1);
        match deed {
            Deed::Open(box_no) => truth.boxes[at(box_no)].open = true,
            Deed::Close(box_no) => truth.boxes[at(box_no)].open = false,
            Deed::Put(box_no) => truth.boxes[at(box_no)].item = true,
            Deed::Take(box_no) => truth.boxes[at(box_no)].item = false,
            Deed::Jam(box_no) => truth.boxes[at(box_no)].jammed = true,
            Deed::KillBoard(box_no) => truth.dead[at(box_no) / usize::from(BOXES)] = true,
            Deed::ReviveBoard(box_no) => truth.dead[at(box_no) / usize::from(BOXES)] = false,
            other => panic!("pins do not know {other:?}"),
        }
    }

    /// Every time a coil was on; one that still is, until now.
    pub fn energised(&self) -> Vec<Energised> {
        let now = self.clock.now();
        let truth = self.truth();
        let mut energised = truth.fired.clone();
        for (box_no, there) in World::boxes().into_iter().zip(&truth.boxes) {
            energised.extend(there.on_since.map(|from| Energised { box_no, from, until: now }));
        }
        energised
    }

    /// The boxes whose coils are on.
    pub fn on(&self) -> Vec<u8> {
        let truth = self.truth();
        let on = |(n, there): (u8, &PinBox)| there.on_since.map(|_| n + 1);
        (0..).zip(&truth.boxes).filter_map(on).collect()
    }
}

/// What drives a coil; low is on.
pub struct CoilPin {
    world: World,
    n: usize,
}

impl CoilPin {
    fn set(&self, on: bool) -> Result<(), PinErrorKind> {
        let now = self.world.clock.now();
        let mut truth = self.world.truth();
        if truth.dead[self.n / usize::from(BOXES)] {
            return Err(PinErrorKind::Other);
        }
        let since = truth.boxes[self.n].on_since;
        match (since, on) {
            (None, true) => truth.boxes[self.n].on_since = Some(now),
            (Some(from), false) => {
                truth.boxes[self.n].on_since = None;
                let box_no = World::boxes()[self.n];
                truth.fired.push(Energised { box_no, from, until: now });
            }
            (None, false) | (Some(_), true) => {}
        }
        Ok(())
    }
}

impl ErrorType for CoilPin {
    type Error = PinErrorKind;
}

impl OutputPin for CoilPin {
    fn set_low(&mut self) -> Result<(), PinErrorKind> {
        self.set(true)
    }

    fn set_high(&mut self) -> Result<(), PinErrorKind> {
        self.set(false)
    }
}

#[derive(Clone, Copy)]
enum Sees {
    Door,
    Item,
}

/// A sensor: the hook pulls its line low, an item its line high.
pub struct SensePin {
    world: World,
    n: usize,
    sees: Sees,
}

impl ErrorType for SensePin {
    type Error = PinErrorKind;
}

impl InputPin for SensePin {
    fn is_high(&mut self) -> Result<bool, PinErrorKind> {
        let truth = self.world.truth();
        if truth.dead[self.n / usize::from(BOXES)] {
            return Err(PinErrorKind::Other);
        }
        Ok(match self.sees {
            Sees::Door => truth.boxes[self.n].open,
            Sees::Item => truth.boxes[self.n].item,
        })
    }

    fn is_low(&mut self) -> Result<bool, PinErrorKind> {
        self.is_high().map(|is_high| !is_high)
    }
}
