//! The owner of one machine, as the contract in `locker_core` asks: decide, append, commit; and everything that can come in
//! between.

use std::sync::Arc;

use locker_core::mocks::MemoryVault;
use locker_core::office::{self, Office};
use locker_core::{
    Entry, Locker, Machine, Mono, Now, RestoreError, SECOND, Stamped, Step, Store, Subject, Told, Vault,
};
use serde::{Deserialize, Serialize};

use super::clocks::Clocks;
use super::disk::{Appended, Disk, Room};

/// A journal that takes nothing is tried again after this many milliseconds, as a running kiosk does.
const RETRY_MS: u64 = 2 * SECOND;
/// A snapshot is kept after this many records, as a running kiosk does.
const SNAPSHOT_RECORDS: usize = 1_000;
/// Deadlines settled in a row without a record; a machine has a handful.
const DEADLINES_MAX: usize = 64;

/// Between which two parts of a step the power goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CrashPoint {
    /// Decided, nothing appended.
    Decided,
    /// In the middle of the append: the next start finds it torn and drops it.
    Torn,
    /// Appended, not committed.
    Appended,
    /// Committed; neither locks nor screens nor the head's keeper have heard of it.
    Committed,
}

impl CrashPoint {
    /// Every point, in the order of a step.
    pub const ALL: [Self; 4] = [Self::Decided, Self::Torn, Self::Appended, Self::Committed];
}

/// What strikes now, if nothing is spared any more; else one less is.
pub(super) fn now_or_later<T: Copy>(armed: &mut Option<(T, u16)>) -> Option<T> {
    match armed {
        Some((_, spared)) if *spared > 0 => {
            *spared -= 1;
            None
        }
        _ => armed.take().map(|(what, _)| what),
    }
}

/// What the owner has to say to any machine.
pub(super) trait Hosted: Machine {
    fn tick() -> Self::Told;
    fn store(store: Store) -> Self::Told;
    fn torn() -> Option<Self::Told>;
}

impl Hosted for Locker {
    fn tick() -> Told {
        Told::Tick
    }

    fn store(store: Store) -> Told {
        Told::Store(store)
    }

    fn torn() -> Option<Told> {
        Some(Told::Torn)
    }
}

impl Hosted for Office {
    fn tick() -> office::Told {
        office::Told::Tick
    }

    fn store(_: Store) -> office::Told {
        office::Told::Tick
    }

    fn torn() -> Option<office::Told> {
        None
    }
}

/// The records of one step, durable.
pub(super) type Records<M> = Arc<[Stamped<<M as Machine>::Record>]>;

/// Changes what a machine is about to write: a machine that lies, for tests of the invariants.
pub(super) type Rewrite<M> = Box<dyn FnMut(&mut Vec<Stamped<<M as Machine>::Record>>)>;

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Untaken<R> {
    /// The machine refused.
    Refused(R),
    /// No machine runs, or it hangs.
    Away,
    /// It could not be recorded.
    Unrecorded,
    /// Nobody knows whether it was recorded.
    Unknown,
    /// The power went.
    Crashed,
}

/// A machine, its journal, its vault and its clocks.
pub(super) struct Host<M: Machine> {
    pub(super) machine: Option<M>,
    pub(super) disk: Disk,
    pub(super) vault: MemoryVault,
    pub(super) clocks: Clocks,
    pub(super) store: Store,
    /// The true time until which the owner hangs.
    pub(super) hangs_until: u64,
    /// Where the power goes in a step that has records, and how many such steps are spared before.
    pub(super) crash: Option<(CrashPoint, u16)>,
    /// What became durable since somebody last looked.
    pub(super) recorded: Vec<Records<M>>,
    pub(super) rewrite: Option<Rewrite<M>>,
    /// Whether the machine was lost and waits to be restored.
    lost: bool,
    retry_at: u64,
    ticked: Option<Mono>,
    up_until: Mono,
    since_snapshot: usize,
    /// What the last start read off the journal, and the snapshot it began with: the next start reads on from there.
    read: Option<(M, u64)>,
    /// When the machine wants to be woken, by true time.
    wake: Option<u64>,
}

impl<M: Hosted> Host<M> {
    pub(super) fn new() -> Self {
        Self {
            machine: None,
            disk: Disk::default(),
            vault: MemoryVault::new(),
            clocks: Clocks::right(),
            store: Store::Up,
            hangs_until: 0,
            crash: None,
            recorded: Vec::new(),
            rewrite: None,
            lost: false,
            retry_at: 0,
            ticked: None,
            up_until: Mono(0),
            since_snapshot: 0,
            read: None,
            wake: None,
        }
    }

    /// Whether a machine runs and its owner does not hang.
    pub(super) fn serves(&self, at: u64) -> bool {
        self.machine.is_some() && at >= self.hangs_until
    }

    /// When something is to be done here by itself.
    pub(super) fn next(&self) -> Option<u64> {
        let due = if self.lost || (self.machine.is_some() && self.store == Store::Down) {
            Some(self.retry_at)
        } else {
            self.machine.as_ref().and(self.wake)
        };
        due.map(|due| due.max(self.hangs_until))
    }

    /// Does what is due at `at`.
    pub(super) fn see_to_what_is_due(&mut self, at: u64) -> Result<(), Untaken<M::Refusal>> {
        if self.lost {
            if at >= self.retry_at {
                self.retry_at = at + RETRY_MS;
                self.lost = self.boot(at).is_err();
            }
            return Ok(());
        }
        if self.machine.is_none() || !self.serves(at) {
            return Ok(());
        }
        if self.store == Store::Down {
            if at >= self.retry_at {
                self.retry_at = at + RETRY_MS;
                if self.disk.room != Room::Full {
                    self.store = self.room();
                    return self.note(at, M::store(self.store)).map(drop);
                }
                return self.note(at, M::tick()).map(drop);
            }
            return Ok(());
        }
        if self.wake.is_some_and(|wake| wake <= at) {
            self.ticked = Some(self.clocks.mono(at));
            self.note(at, M::tick())?;
        }
        Ok(())
    }

    /// Tells the machine how much room there is, if that changed.
    pub(super) fn see_room(&mut self, at: u64) -> Result<(), Untaken<M::Refusal>> {
        let found = self.room();
        if self.store == Store::Down || self.store == found || !self.serves(at) {
            return Ok(());
        }
        self.store = found;
        self.note(at, M::store(found)).map(drop)
    }

    fn room(&self) -> Store {
        match self.disk.room {
            Room::Ample => Store::Up,
            Room::Low | Room::Full => Store::Low,
        }
    }

    /// Restores the machine from its journal and commits its start.
    ///
    /// # Errors
    /// The damage; [`RestoreError::Vault`] stands also for a start that was not recorded.
    pub(super) fn boot(&mut self, at: u64) -> Result<(), RestoreError> {
        if self.disk.room == Room::Full {
            // Its start could not be recorded: the same without the work of a restore.
            self.machine = None;
            return Err(RestoreError::Vault(locker_core::SealError::Unavailable));
        }
        self.machine = Some(self.restore()?);
        (self.store, self.ticked, self.wake) = (Store::Up, None, None);
        self.up_until = Mono(0);
        let now = self.clocks.now(at);
        let Some(step) = self.machine.as_ref().map(|machine| machine.start(&now)) else { return Ok(()) };
        if self.take(at, step).is_err() {
            self.machine = None;
            return Err(RestoreError::Vault(locker_core::SealError::Unavailable));
        }
        if core::mem::take(&mut self.disk.torn)
            && let Some(told) = M::torn()
        {
            // A start without it is a start all the same.
            let _ = self.note(at, told);
        }
        Ok(())
    }

    /// The machine as the newest snapshot and the journal behind it have it. What an earlier start read of the same bytes is
    /// not read again, or a world would spend its time with that: every snapshot is read once, every record once behind it.
    fn restore(&mut self) -> Result<M, RestoreError> {
        let (after, snapshot) = match &self.disk.snapshot {
            Some((seq, bytes)) => (*seq, Some(bytes.as_slice())),
            None => (0, None),
        };
        let is_good = |(read, began): &(M, u64)| *began == after && self.disk.holds(read.head());
        let machine = match self.read.take().filter(is_good) {
            Some((mut read, _)) => {
                let entries = self.disk.behind(read.head().seq).iter().cloned();
                read.read_on(&mut self.vault, entries)?;
                read
            }
            None => {
                let entries = self.disk.behind(after).iter().cloned();
                M::restore(&mut self.vault, snapshot, entries)?
            }
        };
        let restored = M::from_frame(machine.frame().clone());
        self.read = Some((machine, after));
        Ok(restored)
    }

    /// Destroys a key. What an earlier start read is read on to the end first: there the locker has let go, and the office will
    /// with its next record, so that nothing has to be read again.
    pub(super) fn destroy_key(&mut self, subject: Subject) {
        let read = self.read.take().filter(|(read, _)| self.disk.holds(read.head()));
        self.read = read.and_then(|(mut read, began)| {
            let entries = self.disk.behind(read.head().seq).iter().cloned();
            read.read_on(&mut self.vault, entries).ok().map(|()| (read, began))
        });
        // A vault in memory takes everything.
        let _ = self.vault.erase(subject);
    }

    /// The process is gone, with everything that was not appended.
    pub(super) fn die(&mut self) {
        self.machine = None;
        self.wake = None;
        self.lost = false;
        self.hangs_until = 0;
        self.crash = None;
    }

    /// Neither a crash nor a fault of an append waits for its step any more.
    pub(super) fn spare(&mut self) {
        (self.crash, self.disk.next) = (None, None);
    }

    /// Tries to boot from time to time until it works.
    pub(super) fn boot_soon(&mut self, at: u64) {
        self.lost = true;
        self.retry_at = at;
    }

    pub(super) fn ask(&mut self, at: u64, ask: M::Ask) -> Result<M::Answer, Untaken<M::Refusal>> {
        if !self.serves(at) {
            return Err(Untaken::Away);
        }
        let now = self.moment(at)?;
        let Some(machine) = &self.machine else { return Err(Untaken::Away) };
        let step = machine.ask(ask, &now).map_err(Untaken::Refused)?;
        self.take(at, step)
    }

    pub(super) fn note(&mut self, at: u64, told: M::Told) -> Result<M::Answer, Untaken<M::Refusal>> {
        if !self.serves(at) {
            return Err(Untaken::Away);
        }
        let now = self.moment(at)?;
        let Some(machine) = &self.machine else { return Err(Untaken::Away) };
        let step = machine.note(told, &now);
        self.take(at, step)
    }

    /// The moment to decide at. While nothing can be recorded the machine's time stands still before the first deadline
    /// that needs a record, as the owner of a running kiosk has it.
    fn moment(&mut self, at: u64) -> Result<Now, Untaken<M::Refusal>> {
        let now = self.clocks.now(at);
        if self.store != Store::Down {
            return Ok(now);
        }
        for _ in 0..DEADLINES_MAX {
            let Some(machine) = &self.machine else { return Err(Untaken::Away) };
            let Some(due) = machine.wake_at().filter(|due| *due <= now.mono) else { return Ok(now) };
            let mut then = now;
            then.mono = due;
            let step = machine.note(M::tick(), &then);
            if !step.records().is_empty() || self.commit(at, step).is_err() {
                then.mono = Mono(due.0.saturating_sub(1)).max(self.up_until).min(now.mono);
                return Ok(then);
            }
        }
        Ok(now)
    }

    fn take(&mut self, at: u64, step: Step<M>) -> Result<M::Answer, Untaken<M::Refusal>> {
        if step.records().is_empty() {
            return self.commit(at, step);
        }
        if self.store == Store::Down {
            return Err(Untaken::Unrecorded);
        }
        self.record(at, step)
    }

    fn record(&mut self, at: u64, mut step: Step<M>) -> Result<M::Answer, Untaken<M::Refusal>> {
        let crash = now_or_later(&mut self.crash);
        if crash == Some(CrashPoint::Decided) {
            return Err(Untaken::Crashed);
        }
        let Ok(mut encoded) = step.encode(&mut self.vault) else {
            self.store_down(at);
            return Err(Untaken::Unrecorded);
        };
        let mut records: Vec<_> = step.records().to_vec();
        if let Some(rewrite) = &mut self.rewrite {
            let head = self.disk.entries.last().map(Entry::head).unwrap_or_default();
            super::lie::write_something_else::<M>(rewrite, &mut records, &mut encoded, head, &mut self.vault);
        }
        if crash == Some(CrashPoint::Torn) {
            self.disk.torn = true;
            return Err(Untaken::Crashed);
        }
        let before = self.disk.last();
        let appended = self.disk.append(encoded.after, encoded.entries);
        if self.disk.last() > before {
            self.since_snapshot += records.len();
            self.recorded.push(records.into());
        }
        match appended {
            Appended::Ok => {}
            Appended::NotWritten => {
                self.store_down(at);
                return Err(Untaken::Unrecorded);
            }
            Appended::Unknown => {
                self.machine = None;
                self.boot_soon(at);
                return Err(Untaken::Unknown);
            }
        }
        if crash == Some(CrashPoint::Appended) {
            return Err(Untaken::Crashed);
        }
        if crash != Some(CrashPoint::Committed) {
            // A head that is not kept is no reason to stop: an older one is found.
            let _ = self.vault.keep_head(M::STREAM, encoded.head);
        }
        let answer = self.commit(at, step)?;
        if crash == Some(CrashPoint::Committed) {
            return Err(Untaken::Crashed);
        }
        if self.since_snapshot >= SNAPSHOT_RECORDS && self.rewrite.is_none() {
            self.keep_snapshot();
        }
        Ok(answer)
    }

    fn commit(&mut self, at: u64, step: Step<M>) -> Result<M::Answer, Untaken<M::Refusal>> {
        let Some(machine) = &mut self.machine else { return Err(Untaken::Away) };
        let Ok(answer) = machine.commit(step) else { return Err(Untaken::Unknown) };
        if self.store != Store::Down {
            self.up_until = self.clocks.mono(at);
        }
        self.rewake();
        Ok(answer)
    }

    /// Reads off the machine when it wants to be woken, after a commit or a change of the clocks. A deadline that a
    /// tick did not settle, because nothing could be recorded, does not wake again until something can.
    pub(super) fn rewake(&mut self) {
        let wake = self.machine.as_ref().and_then(Machine::wake_at);
        let can_settle = self.store != Store::Down;
        let wake = wake.filter(|wake| can_settle || self.ticked.is_none_or(|ticked| *wake > ticked));
        self.wake = wake.map(|wake| self.clocks.when(wake));
    }

    fn store_down(&mut self, at: u64) {
        self.store = Store::Down;
        self.retry_at = at + RETRY_MS;
        let Ok(then) = self.moment(at) else { return };
        let Some(machine) = &self.machine else { return };
        let step = machine.note(M::store(Store::Down), &then);
        if step.records().is_empty() {
            // It changes the session only; if even that fails the next probe tells it again.
            let _ = self.commit(at, step);
        }
    }

    fn keep_snapshot(&mut self) {
        let Some(machine) = &self.machine else { return };
        if let Ok(bytes) = machine.snapshot(&mut self.vault) {
            self.since_snapshot = 0;
            self.disk.snapshot = Some((machine.head().seq, bytes));
        }
    }
}
