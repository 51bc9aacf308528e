//! The thread's inside.

use std::io;
use std::sync::Arc;

use locker_core::{Head, Machine, Misuse, Mono, Now, RestoreError, SealError, Step};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::{
    AskError, Came, Handle, Hosted, Message, QUEUE_MAX, REFRESH_MS, RETRY_MS, Records, SNAPSHOT_RECORDS,
    STEPS_HELD_MAX, Store, Undone, View, Witness,
};
use crate::clock::Clock;
use crate::journal::{Appended, Journal, JournalError, NotWritten, Room};
use crate::open::{OpenError, RestoreFrom, keep_head, open_machine};
use crate::vault::KeyStore;

/// How the owner's thread ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was told to, or nobody is left who could ask.
    ShutDown,
    /// A lost machine cannot be restored: staff decide.
    Damaged(OpenError),
    /// A bug: the thread panicked. Nothing was acted on that is not in the journal.
    Panicked,
}

/// Deadlines settled in a row without a record; a machine has a handful.
const DEADLINES_MAX: usize = 64;

/// A running owner.
pub struct Running(oneshot::Receiver<Ended>);

impl Running {
    /// Waits until the thread has ended. Await it before the runtime goes.
    pub async fn ended(self) -> Ended {
        self.0.await.unwrap_or(Ended::Panicked)
    }
}

/// A started machine with all that it needs, before its thread runs.
pub struct Owner<M: Machine, J, V, P> {
    machine: M,
    journal: J,
    vault: V,
    clock: Arc<dyn Clock>,
    project: P,
    torn: bool,
    witness: Option<Box<dyn Witness<M>>>,
}

impl<M, J, V, P> Owner<M, J, V, P>
where
    M: Hosted,
    J: Journal + 'static,
    V: KeyStore + 'static,
{
    /// Takes a machine that [`open_machine`] gave, and what it shows after every commit.
    ///
    /// `project` must turn every pulse off while the store is [`Store::Down`]: the machine may not have heard yet.
    pub fn new<T>(machine: M, journal: J, vault: V, clock: Arc<dyn Clock>, project: P) -> Self
    where
        P: Fn(&M, &Now, Store) -> T + Send + 'static,
    {
        Self { machine, journal, vault, clock, project, torn: false, witness: None }
    }

    /// Has the machine note that a torn append was dropped when its journal was opened (SAFE-4).
    #[must_use]
    pub fn torn(mut self) -> Self {
        self.torn = true;
        self
    }

    /// Lets somebody look on. It is called on the machine's thread: it must not wait.
    #[must_use]
    pub fn watched_by(mut self, witness: impl Witness<M> + 'static) -> Self {
        self.witness = Some(Box::new(witness));
        self
    }

    /// Starts the thread. To be called within a Tokio runtime, whose timer the thread uses.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn spawn<T>(self) -> io::Result<(Handle<M, T>, Running)>
    where
        P: Fn(&M, &Now, Store) -> T + Send + 'static,
        T: Send + Sync + 'static,
    {
        let (queue, messages) = mpsc::channel(QUEUE_MAX);
        let (view, watched) = watch::channel(View { version: 0, store: Store::Up, shown: None });
        let (records, _) = broadcast::channel(STEPS_HELD_MAX);
        let handle = Handle { queue, view: watched, records: records.downgrade() };
        let (tell_end, ended) = oneshot::channel();
        let runtime = tokio::runtime::Handle::current();
        let now = self.clock.now().mono;
        std::thread::Builder::new().name(M::STREAM.into()).spawn(move || {
            let body = Body {
                since_snapshot: 0,
                owner: self,
                lost: false,
                store: Store::Up,
                retry_at: now,
                refresh_at: now,
                ticked_at: None,
                up_until: now,
                publisher: Publisher(view),
                records,
            };
            let ended = runtime.block_on(body.run(messages));
            let _ = tell_end.send(ended);
        })?;
        Ok((handle, Running(ended)))
    }
}

/// Shows nothing when it goes, however it goes: a reader must not take the last view of a dead machine for its state.
struct Publisher<T>(watch::Sender<View<T>>);

impl<T> Publisher<T> {
    fn publish(&self, store: Store, shown: Option<T>) {
        self.0.send_modify(|view| {
            view.version += 1;
            view.store = store;
            view.shown = shown.map(Arc::new);
        });
    }
}

impl<T> Drop for Publisher<T> {
    fn drop(&mut self) {
        self.publish(Store::Down, None);
    }
}

struct Body<M: Machine, J, V, P, T> {
    owner: Owner<M, J, V, P>,
    /// Whether the machine must not be used: what the journal holds is not known.
    lost: bool,
    store: Store,
    retry_at: Mono,
    refresh_at: Mono,
    /// When the machine was last told that time has passed.
    ticked_at: Option<Mono>,
    /// The last commit while records could be kept: the machine's time never stands still before it.
    up_until: Mono,
    since_snapshot: u64,
    publisher: Publisher<T>,
    records: broadcast::Sender<Records<M>>,
}

/// Why a step was not taken.
enum Untaken {
    /// This one cannot be recorded; others can.
    Step,
    /// Nothing can be recorded now.
    Store,
    /// Nobody knows.
    Unknown,
}

impl<M, J, V, P, T> Body<M, J, V, P, T>
where
    M: Hosted,
    J: Journal + 'static,
    V: KeyStore + 'static,
    P: Fn(&M, &Now, Store) -> T + Send + 'static,
{
    async fn run(mut self, mut messages: mpsc::Receiver<Message<M>>) -> Ended {
        let clock = Arc::clone(&self.owner.clock);
        self.publish(&clock.now());
        if self.owner.torn
            && let Some(told) = M::torn()
        {
            let _ = self.note(told);
        }
        loop {
            let message = tokio::select! {
                message = messages.recv() => message.map(Some),
                () = clock.wait_until(self.wakes_at()) => Some(None),
            };
            match message {
                Some(Some(Message::ShutDown)) => messages.close(),
                Some(Some(message)) => self.serve(message),
                Some(None) => {}
                None => break,
            }
            if let Err(error) = self.see_to_what_is_due() {
                tracing::error!(%error, stream = M::STREAM, "the machine cannot be restored");
                return Ended::Damaged(error);
            }
        }
        self.keep_snapshot();
        Ended::ShutDown
    }

    fn serve(&mut self, message: Message<M>) {
        match message {
            Message::Ask(_, reply) if reply.is_closed() => {}
            Message::Ask(ask, reply) => {
                let answer = self.ask(ask);
                // A caller who has gone in the meantime finds what happened in the records.
                let _ = reply.send(answer);
            }
            Message::Note(told, reply) => {
                let _ = reply.send(self.note(told));
            }
            Message::ShutDown => {}
        }
    }

    fn ask(&mut self, ask: M::Ask) -> Result<M::Answer, AskError<M::Refusal>> {
        if self.lost {
            return Err(AskError::Undone(Undone::Down));
        }
        let now = self.moment();
        if let Some(witness) = &mut self.owner.witness {
            witness.asked(&ask);
        }
        let answer = match self.owner.machine.ask(ask, &now) {
            Ok(step) => self.take(step).map_err(AskError::Undone),
            Err(refusal) => Err(AskError::Refused(refusal)),
        };
        let came = match &answer {
            Ok(answer) => Came::Answer(answer),
            Err(AskError::Refused(refusal)) => Came::Refusal(refusal),
            Err(AskError::Undone(undone)) => Came::Nothing(*undone),
        };
        if let Some(witness) = &mut self.owner.witness {
            witness.came(came, &self.owner.machine, &now);
        }
        answer
    }

    fn note(&mut self, told: M::Told) -> Result<(), Undone> {
        if self.lost {
            return Err(Undone::Down);
        }
        let now = self.moment();
        if let Some(witness) = &mut self.owner.witness {
            witness.told(&told);
        }
        let step = self.owner.machine.note(told, &now);
        let done = self.take(step);
        let came = match &done {
            Ok(answer) => Came::Answer(answer),
            Err(undone) => Came::Nothing(*undone),
        };
        if let Some(witness) = &mut self.owner.witness {
            witness.came(came, &self.owner.machine, &now);
        }
        done.map(drop)
    }

    /// The moment to decide at.
    ///
    /// While nothing can be recorded, deadlines are settled one by one as far as that needs no record. At the first
    /// that does, the machine's time stands still: otherwise every step would bring that record along and fail, and
    /// no touch, no call for help and no word about the store would reach the machine (SAFE-8). Time goes on where
    /// the clock is once records can be kept; machines do not mind how late their host wakes.
    fn moment(&mut self) -> Now {
        let mut now = self.owner.clock.now();
        if self.store != Store::Down {
            return now;
        }
        for _ in 0..DEADLINES_MAX {
            let due = self.owner.machine.wake_at().filter(|due| *due <= now.mono);
            let Some(due) = due else {
                return now;
            };
            let mut then = now;
            then.mono = due;
            let step = self.owner.machine.note(M::tick(), &then);
            if !step.records().is_empty() || self.record_and_commit(step).is_err() {
                now.mono = Mono(due.0.saturating_sub(1)).max(self.up_until).min(now.mono);
                return now;
            }
        }
        now
    }

    /// Records a step, commits it and publishes what came of it.
    fn take(&mut self, step: Step<M>) -> Result<M::Answer, Undone> {
        if self.store == Store::Down && !step.records().is_empty() {
            return Err(Undone::Unrecorded);
        }
        match self.record_and_commit(step) {
            Ok(answer) => {
                if self.store != Store::Down {
                    self.up_until = self.owner.clock.now().mono;
                }
                self.publish(&self.owner.clock.now());
                if self.since_snapshot >= SNAPSHOT_RECORDS {
                    self.keep_snapshot();
                }
                Ok(answer)
            }
            Err(Untaken::Step) => Err(Undone::Unrecorded),
            Err(Untaken::Store) => {
                self.store_down();
                Err(Undone::Unrecorded)
            }
            Err(Untaken::Unknown) => {
                self.lose();
                Err(Undone::Unknown)
            }
        }
    }

    fn record_and_commit(&mut self, mut step: Step<M>) -> Result<M::Answer, Untaken> {
        if !step.records().is_empty() {
            let head = self.append(&mut step)?;
            keep_head(&mut self.owner.vault, M::STREAM, head);
        }
        let records: Records<M> = step.records().into();
        let answer = self.owner.machine.commit(step).map_err(|misuse| match misuse {
            // One thread decides and commits, and every step was encoded: a bug, and the records are in the journal.
            Misuse::Stale | Misuse::NotEncoded => Untaken::Unknown,
        })?;
        if !records.is_empty() {
            self.since_snapshot += records.len() as u64;
            // Nobody listens: the journal has them.
            let _ = self.records.send(records);
        }
        Ok(answer)
    }

    fn append(&mut self, step: &mut Step<M>) -> Result<Head, Untaken> {
        let owner = &mut self.owner;
        owner.vault.begin();
        let encoded = step.encode(&mut owner.vault);
        let settled = owner.vault.settle();
        let encoded = match settled.and(encoded) {
            Ok(encoded) => encoded,
            Err(error) => {
                tracing::error!(%error, stream = M::STREAM, "a step was not sealed");
                return Err(match error {
                    SealError::Unavailable => Untaken::Store,
                    SealError::Erased | SealError::Damaged | SealError::NotPlain => Untaken::Step,
                });
            }
        };
        match owner.journal.append(M::STREAM, encoded.after, &encoded.entries) {
            Appended::Ok => Ok(encoded.head),
            Appended::NotWritten(reason) => {
                tracing::error!(%reason, stream = M::STREAM, after = encoded.after, "a step was not written");
                Err(match reason {
                    NotWritten::TooLong { .. } => Untaken::Step,
                    // Somebody else appended: what this machine knows is not what the journal holds.
                    NotWritten::Sequence { .. } => Untaken::Unknown,
                    NotWritten::Full | NotWritten::Store(_) => Untaken::Store,
                })
            }
            Appended::Unknown => {
                tracing::error!(stream = M::STREAM, after = encoded.after, "nobody knows what was written");
                Err(Untaken::Unknown)
            }
        }
    }

    /// The machine is told, unless it would record even that. The view says it in any case.
    fn store_down(&mut self) {
        let now = self.owner.clock.now();
        self.store = Store::Down;
        self.retry_at = now.mono.after(RETRY_MS);
        let then = self.moment();
        let step = self.owner.machine.note(M::store(Store::Down), &then);
        if step.records().is_empty() {
            let _ = self.record_and_commit(step);
        }
        self.publish(&now);
    }

    fn lose(&mut self) {
        self.lost = true;
        self.retry_at = self.owner.clock.now().mono;
        self.publisher.publish(Store::Down, None);
    }

    fn wakes_at(&self) -> Mono {
        let mut at = self.refresh_at;
        if self.lost || self.store == Store::Down {
            at = at.min(self.retry_at);
        } else if let Some(wake) = self.owner.machine.wake_at()
            // A deadline that a tick did not settle must not keep this thread spinning.
            && self.ticked_at.is_none_or(|ticked| wake > ticked)
        {
            at = at.min(wake);
        }
        at
    }

    fn see_to_what_is_due(&mut self) -> Result<(), OpenError> {
        let now = self.owner.clock.now();
        if self.lost {
            return self.try_restore(&now);
        }
        if self.store == Store::Down {
            self.try_store(&now);
        } else if self.owner.machine.wake_at().is_some_and(|wake| wake <= now.mono)
            && self.ticked_at.is_none_or(|ticked| ticked < now.mono)
        {
            self.ticked_at = Some(now.mono);
            let _ = self.note(M::tick());
        }
        if !self.lost && now.mono >= self.refresh_at {
            if self.store == Store::Down {
                // Screens time out all the same, as far as that needs no record.
                let _ = self.note(M::tick());
            }
            self.publish(&now);
            self.owner.journal.idle();
        }
        if !self.lost {
            self.see_room();
        }
        Ok(())
    }

    fn try_store(&mut self, now: &Now) {
        if now.mono < self.retry_at {
            return;
        }
        self.retry_at = now.mono.after(RETRY_MS);
        if self.owner.journal.probe() == Appended::Ok {
            tracing::info!(stream = M::STREAM, "the store is up again");
            self.store = self.room();
            let _ = self.note(M::store(self.store));
        }
    }

    fn room(&mut self) -> Store {
        match self.owner.journal.room() {
            Room::Ample => Store::Up,
            Room::Low => Store::Low,
        }
    }

    /// The machine hears when the reserve begins to be used, and when it is whole again.
    fn see_room(&mut self) {
        if self.store == Store::Down {
            return;
        }
        let found = self.room();
        if found != self.store {
            self.store = found;
            let _ = self.note(M::store(found));
        }
    }

    fn try_restore(&mut self, now: &Now) -> Result<(), OpenError> {
        if now.mono < self.retry_at {
            return Ok(());
        }
        self.retry_at = now.mono.after(RETRY_MS);
        self.refresh_at = now.mono.after(REFRESH_MS);
        let owner = &mut self.owner;
        match open_machine::<M>(&mut owner.journal, &mut owner.vault, now, RestoreFrom::Snapshot) {
            Ok(machine) => {
                owner.machine = machine;
                self.lost = false;
                self.store = Store::Up;
                self.ticked_at = None;
                self.publish(now);
                Ok(())
            }
            Err(error) if is_passing(&error) => {
                tracing::warn!(%error, stream = M::STREAM, "the machine is not restored yet");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn publish(&mut self, now: &Now) {
        self.refresh_at = now.mono.after(REFRESH_MS);
        let shown = (self.owner.project)(&self.owner.machine, now, self.store);
        self.publisher.publish(self.store, Some(shown));
    }

    /// Without a snapshot the next start takes longer, and that is all.
    fn keep_snapshot(&mut self) {
        if self.lost || self.store == Store::Down {
            return;
        }
        self.since_snapshot = 0;
        let owner = &mut self.owner;
        match owner.machine.snapshot(&mut owner.vault) {
            Ok(bytes) => {
                let seq = owner.machine.head().seq;
                if let Err(error) = owner.journal.keep_snapshot(M::STREAM, seq, &bytes) {
                    tracing::warn!(%error, stream = M::STREAM, "no snapshot was kept");
                }
            }
            Err(error) => tracing::warn!(%error, stream = M::STREAM, "no snapshot was sealed"),
        }
        owner.vault.idle();
    }
}

/// Whether trying again may help.
fn is_passing(error: &OpenError) -> bool {
    match error {
        OpenError::Unknown | OpenError::NotWritten(_) => true,
        OpenError::Restore(RestoreError::Vault(SealError::Unavailable)) => true,
        OpenError::Restore(_) => false,
        OpenError::Journal(error) => matches!(error, JournalError::Sqlite { .. } | JournalError::Io(_)),
    }
}
