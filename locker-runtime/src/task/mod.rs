//! The one thread that owns a machine: it alone decides, appends and commits, in this order, and everybody else sends
//! it messages and watches what comes of them.
//!
//! - **Durable first.** An answer is sent, a view published, a record broadcast only after the append (SAFE-1).
//! - **Not written**: the step is dropped, the caller hears [`Undone::Unrecorded`], the machine is told that its store
//!   is down. What needs no record goes on; what does is refused until a probe succeeds (SAFE-8).
//! - **Unknown**: the machine is dropped, nothing is shown or driven, and it is restored from the journal with the
//!   next boot.
//! - **Backpressure**: the queue is bounded and a sender waits for room; an ask whose caller has gone is not decided.
//! - **Shutdown**: what is in the queue is still served, a snapshot is kept, the last view shows nothing.
//!
//! It is a thread and not a task of the runtime because it waits for the disk, some milliseconds at a time.

mod owner;

use std::sync::Arc;

use locker_core::{Machine, Now, OUTPUTS_LEASE_MS, Stamped};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

pub use owner::{Ended, Owner, Running};

/// Messages that wait for the machine; the next sender waits with them. A machine takes a few microseconds to decide
/// and some milliseconds to record, so that this is about a second of work.
pub const QUEUE_MAX: usize = 256;
/// Steps held for slow readers of the broadcast; whoever falls further behind reads the journal by cursor.
pub const STEPS_HELD_MAX: usize = 1_024;
/// A snapshot is kept after this many records: a restore then reads no more, in some ten milliseconds.
pub const SNAPSHOT_RECORDS: u64 = 1_000;
/// The view is published anew this often when nothing happens, so that a reader can tell a quiet machine from a dead
/// one. Four in the life of a lease, so that losing one or two turns nothing off.
pub const REFRESH_MS: u64 = OUTPUTS_LEASE_MS / 4;
/// How often a store that is down is probed, and a machine that was lost is restored, until it works.
pub const RETRY_MS: u64 = 2_000;

/// Whether records can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// They can.
    Up,
    /// They can, from the reserve: the disk is full, no drop begins, pick-ups go on.
    Low,
    /// They cannot now: nothing opens, help still answers.
    Down,
}

/// A machine that can be hosted: it says how it is told of the host's own events.
pub trait Hosted:
    Machine<
        Ask: Send + 'static,
        Told: Send + 'static,
        Answer: Send + 'static,
        Refusal: Send + 'static,
        Record: Send + Sync + 'static,
    > + Send
    + 'static
{
    /// Time has passed.
    fn tick() -> Self::Told;

    /// The store went down or came up again.
    fn store(store: Store) -> Self::Told;

    /// A torn append was found at the start and dropped.
    fn torn() -> Option<Self::Told> {
        None
    }
}

/// What a machine shows after a commit.
#[derive(Debug)]
pub struct View<T> {
    /// Raised by one with every publication.
    pub version: u64,
    /// Whether records can be kept.
    pub store: Store,
    /// What was projected; `None` when no machine runs: everything off.
    pub shown: Option<Arc<T>>,
}

// By hand: `T` itself need not be cloned.
impl<T> Clone for View<T> {
    fn clone(&self) -> Self {
        Self { version: self.version, store: self.store, shown: self.shown.clone() }
    }
}

/// The records of one step, as they are broadcast after its commit.
pub type Records<M> = Arc<[Stamped<<M as Machine>::Record>]>;

/// Why an ask brought no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskError<R> {
    /// The machine refused; nothing was recorded.
    Refused(R),
    /// The machine was not asked, or its decision not recorded.
    Undone(Undone),
}

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// It could not be recorded, so it did not happen.
    #[error("it could not be recorded")]
    Unrecorded,
    /// Nobody knows whether it was recorded: it may turn out to have happened once the machine is restored.
    #[error("nobody knows whether it was recorded")]
    Unknown,
    /// No machine runs now.
    #[error("the machine is being restored")]
    Down,
    /// The machine was shut down.
    #[error("the machine was shut down")]
    Closed,
}

/// Somebody who looks on at a machine: hears of every input before it is decided, and of what came of it.
pub trait Witness<M: Machine>: Send {
    /// This is about to be asked.
    fn asked(&mut self, ask: &M::Ask);

    /// This is about to be told.
    fn told(&mut self, told: &M::Told);

    /// This came of it, and the machine is as it is behind it; it was decided at `now`.
    fn came(&mut self, came: Came<'_, M>, machine: &M, now: &Now);
}

/// What came of an input.
pub enum Came<'a, M: Machine> {
    /// It is recorded, with this answer.
    Answer(&'a M::Answer),
    /// The machine refused.
    Refusal(&'a M::Refusal),
    /// It was not done.
    Nothing(Undone),
}

enum Message<M: Machine> {
    Ask(M::Ask, oneshot::Sender<Result<M::Answer, AskError<M::Refusal>>>),
    Note(M::Told, oneshot::Sender<Result<(), Undone>>),
    ShutDown,
}

/// The way to a machine. Copies lead to the same one; it shuts down when the last is dropped.
pub struct Handle<M: Machine, T> {
    queue: mpsc::Sender<Message<M>>,
    view: watch::Receiver<View<T>>,
    records: broadcast::WeakSender<Records<M>>,
}

impl<M: Machine, T> Clone for Handle<M, T> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone(), view: self.view.clone(), records: self.records.clone() }
    }
}

impl<M: Hosted, T> Handle<M, T> {
    /// Asks, and waits until the answer is recorded.
    ///
    /// # Errors
    /// [`AskError`]; but for [`Undone::Unknown`], nothing has changed.
    pub async fn ask(&self, ask: M::Ask) -> Result<M::Answer, AskError<M::Refusal>> {
        let (reply, answer) = oneshot::channel();
        let closed = AskError::Undone(Undone::Closed);
        if self.queue.send(Message::Ask(ask, reply)).await.is_err() {
            return Err(closed);
        }
        answer.await.unwrap_or(Err(closed))
    }

    /// Tells the machine something, and waits until it is recorded: what must not be lost is kept until then.
    ///
    /// # Errors
    /// [`Undone`]: tell it again.
    pub async fn note(&self, told: M::Told) -> Result<(), Undone> {
        let (reply, done) = oneshot::channel();
        if self.queue.send(Message::Note(told, reply)).await.is_err() {
            return Err(Undone::Closed);
        }
        done.await.unwrap_or(Err(Undone::Closed))
    }

    /// What the machine shows, always the newest.
    #[must_use]
    pub fn view(&self) -> watch::Receiver<View<T>> {
        self.view.clone()
    }

    /// The records from now on, one message per step; `None` once the machine was shut down. A gap in their numbers,
    /// after a lag or a restore, is filled from the journal.
    #[must_use]
    pub fn records(&self) -> Option<broadcast::Receiver<Records<M>>> {
        self.records.upgrade().map(|records| records.subscribe())
    }

    /// Lets the machine serve what is in the queue, then end.
    pub async fn shut_down(&self) {
        // A machine that has already ended needs no telling.
        let _ = self.queue.send(Message::ShutDown).await;
    }
}
