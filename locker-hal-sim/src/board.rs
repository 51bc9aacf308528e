//! A simulated cabinet within the process: people on one side, boards on the other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use locker_hal::{
    Board, BoardSpec, Cabinet, CabinetError, ChannelLevels, Clock, ErrorKind, PulseOrder, WireNo,
};

use crate::cabinet::SimCabinet;
use crate::command::{SimCommand, SimRefusal};
use crate::config::SimConfig;
use crate::state::SimState;

/// A simulated cabinet that many may hold: clones are the same cabinet.
///
/// ```
/// use locker_hal::{Bus, VirtualClock};
/// use locker_hal_sim::{BoxNo, Door, Outputs, Sim, SimCommand, SimConfig};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clock = VirtualClock::default();
/// let sim = Sim::new(SimConfig::default(), clock.clone());
/// let mut bus = sim.cabinet()?;
///
/// let box_no = BoxNo::new(5).unwrap();
/// sim.command(SimCommand::Pry { box_no })?;
/// for _ in 0..3 {
///     clock.advance(50);
///     bus.cycle(&Outputs::all_off(locker_hal::Clock::now(&clock)), &clock).await;
/// }
/// let readings = bus.cycle(&Outputs::all_off(locker_hal::Clock::now(&clock)), &clock).await;
/// assert_eq!(readings.of(box_no).unwrap().door, Door::Open);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Sim {
    truth: Arc<Mutex<SimCabinet>>,
    clock: Arc<dyn Clock>,
    config: SimConfig,
}

impl Sim {
    /// Builds a cabinet that lives by `clock`: the host's own, or a [`VirtualClock`](locker_hal::VirtualClock).
    #[must_use]
    pub fn new(config: SimConfig, clock: impl Clock + 'static) -> Self {
        Self { truth: Arc::new(Mutex::new(SimCabinet::new(config.clone()))), clock: Arc::new(clock), config }
    }

    /// Lets a person do something, or a fault come or go.
    ///
    /// # Errors
    /// [`SimRefusal`] when that cannot be done; nothing has changed then.
    pub fn command(&self, command: SimCommand) -> Result<(), SimRefusal> {
        let now = self.clock.now();
        self.truth().command(now, command)
    }

    /// The truth now.
    #[must_use]
    pub fn state(&self) -> SimState {
        let now = self.clock.now();
        self.truth().state(now)
    }

    /// The boards, in order.
    #[must_use]
    pub fn boards(&self) -> Vec<DirectBoard> {
        let boards = 0..self.config.boards();
        boards.map(|board| DirectBoard { sim: self.clone(), board }).collect()
    }

    /// The cabinet as the machine's task needs it: every board on a wire of its own.
    ///
    /// # Errors
    /// None with a simulator; the type is that of [`CabinetBuilder::build`](locker_hal::CabinetBuilder::build).
    pub fn cabinet(&self) -> Result<Cabinet, CabinetError> {
        cabinet_of(&self.config, self.boards())
    }

    /// What the cabinet is made of.
    #[must_use]
    pub const fn config(&self) -> &SimConfig {
        &self.config
    }

    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut SimCabinet, locker_core::Mono) -> T) -> T {
        let now = self.clock.now();
        act(&mut self.truth(), now)
    }

    fn truth(&self) -> MutexGuard<'_, SimCabinet> {
        // The truth is a plain value; whoever panicked while holding it left it whole.
        self.truth.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts boards of one kind together as `config` says: in order, each on a wire of its own.
pub(crate) fn cabinet_of<B: Board>(
    config: &SimConfig,
    boards: impl IntoIterator<Item = B>,
) -> Result<Cabinet, CabinetError> {
    let mut builder = Cabinet::builder();
    for (n, board) in (0..=u8::MAX).zip(boards) {
        let there = builder.board(WireNo(n), board);
        builder.wire_boxes(there, config.boxes_of(n));
    }
    builder.build()
}

/// One board of a simulated cabinet in the same process. It never waits: what would time out fails at once.
pub struct DirectBoard {
    sim: Sim,
    board: u8,
}

#[async_trait]
impl Board for DirectBoard {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        BoardSpec::prompt(self.sim.config.channels(self.board))
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let says = self.sim.with(|truth, now| truth.pulse(now, self.board, order));
        says.understood().map(drop)
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let says = self.sim.with(|truth, now| {
            // As every driver of relays does: one that is on unasked is let go when it is seen.
            if truth.is_on_unasked(now, self.board) {
                truth.all_off(now, self.board);
            }
            truth.read(now, self.board)
        });
        says.understood()
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        let says = self.sim.with(|truth, now| truth.all_off(now, self.board));
        says.understood().map(drop)
    }
}
