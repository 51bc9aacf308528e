//! One wire and its boards: who is well, who is asked next, and the work that goes on between two cycles.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::pin::Pin;

use async_trait::async_trait;
use locker_core::{Mono, Pulse};

use crate::board::{Board, BoardSpec, Channel, ChannelLevels, PulseOrder};
use crate::error::{BoardFault, ErrorKind};
use crate::firing::PowerGroup;

/// A board that failed this many times in a row is silent: its boxes are missing in the readings.
pub const FAILURES_MAX: u32 = 3;

/// A silent board is asked again after this many milliseconds, then after twice as many, and so on.
pub const BACK_OFF_MS_FIRST: u64 = 200;

/// A silent board is asked again at least this often, in milliseconds, for ever.
pub const BACK_OFF_MS_MAX: u64 = 5_000;

/// A board whose error type is sorted into kinds, so that boards of many types fit in one cabinet.
#[async_trait]
pub(crate) trait AnyBoard: Send {
    fn spec(&self) -> BoardSpec;
    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind>;
    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind>;
    async fn moved(&mut self);
    async fn all_off(&mut self) -> Result<(), ErrorKind>;
}

#[async_trait]
impl<B: Board> AnyBoard for B {
    fn spec(&self) -> BoardSpec {
        Board::spec(self)
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        Board::pulse(self, order).await.map_err(|fault| fault.kind())
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        Board::read(self).await.map_err(|fault| fault.kind())
    }

    async fn moved(&mut self) {
        Board::moved(self).await;
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        Board::all_off(self).await.map_err(|fault| fault.kind())
    }
}

/// What a board is busy with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    AllOff,
    Pulse { pulse: Pulse, channel: Channel, group: PowerGroup },
    Read,
}

/// What came of a piece of work; the levels of a read.
pub(crate) type Outcome = Result<ChannelLevels, ErrorKind>;

/// A piece of work that is over: its board, and what came of it.
pub(crate) type Ended = (Box<dyn AnyBoard>, Outcome);

type Job = Pin<Box<dyn Future<Output = Ended> + Send>>;

/// A piece of work under way. It owns its board, so a cycle may be dropped without harm.
pub(crate) struct Running {
    pub(crate) slot: usize,
    pub(crate) work: Work,
    pub(crate) asked: Mono,
    /// Whether a cycle waits for it. Nobody waits for a board that failed last time, nor for an acknowledgement.
    pub(crate) waited_for: bool,
    pub(crate) job: Job,
}

/// One wire: one piece of work at a time.
#[derive(Default)]
pub(crate) struct Wire {
    pub(crate) slots: Vec<Slot>,
    pub(crate) running: Option<Running>,
}

impl Wire {
    /// Begins `work` at `asked`. The board must be in its slot.
    pub(crate) fn begin(&mut self, slot: usize, work: Work, asked: Mono) {
        let Some(seat) = self.slots.get_mut(slot) else {
            return;
        };
        let Some(mut board) = seat.board.take() else {
            return;
        };
        let waited_for = match work {
            Work::AllOff | Work::Read => seat.failures == 0,
            Work::Pulse { .. } => seat.spec.pulse_source == crate::PulseSource::Software,
        };
        let job: Job = Box::pin(async move {
            let outcome = match work {
                Work::AllOff => board.all_off().await.map(|()| ChannelLevels::default()),
                Work::Read => board.read().await,
                Work::Pulse { pulse, channel, .. } => {
                    let order = PulseOrder { id: pulse.id, channel, length_ms: pulse.length_ms };
                    board.pulse(order).await.map(|()| ChannelLevels::default())
                }
            };
            (board, outcome)
        });
        self.running = Some(Running { slot, work, asked, waited_for, job });
    }

    /// The next all-off or read that is due in this cycle, in the order of the slots; all-off goes first.
    pub(crate) fn next_due(&self, now: Mono) -> Option<(usize, Work)> {
        let due = |slot: &Slot| slot.retry_at.is_none_or(|at| now >= at);
        let owed = |slot: &Slot| slot.off_owed && !slot.off_tried && due(slot);
        let unread = |slot: &Slot| !slot.read_tried && due(slot);
        let off = self.slots.iter().position(owed).map(|slot| (slot, Work::AllOff));
        off.or_else(|| self.slots.iter().position(unread).map(|slot| (slot, Work::Read)))
    }
}

/// A board's seat on its wire.
pub(crate) struct Slot {
    /// Empty while the board is busy.
    pub(crate) board: Option<Box<dyn AnyBoard>>,
    pub(crate) spec: BoardSpec,
    /// Its coils are not known to be off: nothing is fired before it has said so.
    pub(crate) off_owed: bool,
    pub(crate) off_tried: bool,
    pub(crate) read_tried: bool,
    /// When the last good reading was asked for.
    pub(crate) read_at: Option<Mono>,
    failures: u32,
    retry_at: Option<Mono>,
}

impl Slot {
    pub(crate) fn new(board: Box<dyn AnyBoard>) -> Self {
        Self {
            spec: board.spec(),
            board: Some(board),
            off_owed: true,
            off_tried: false,
            read_tried: false,
            read_at: None,
            failures: 0,
            retry_at: None,
        }
    }

    /// A new cycle: everything is tried at most once in it.
    pub(crate) fn new_cycle(&mut self) {
        self.off_tried = false;
        self.read_tried = false;
    }

    pub(crate) fn is_silent(&self) -> bool {
        self.failures >= FAILURES_MAX
    }

    pub(crate) fn answered(&mut self) {
        self.failures = 0;
        self.retry_at = None;
    }

    /// Notes a failure at `now`; says whether the board became silent by it.
    pub(crate) fn failed(&mut self, now: Mono) -> bool {
        self.failures = self.failures.saturating_add(1);
        if !self.is_silent() {
            return false;
        }
        let doublings = (self.failures - FAILURES_MAX).min(16);
        let wait = (BACK_OFF_MS_FIRST << doublings).min(BACK_OFF_MS_MAX);
        self.retry_at = Some(now.after(wait));
        self.off_owed = true;
        self.failures == FAILURES_MAX
    }
}
