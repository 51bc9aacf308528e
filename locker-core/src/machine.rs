//! The shape that both machines have: decide, append, commit.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::chain::{ChainKey, Entry, Head};
use crate::codes_table::Coded;
use crate::secret::{HoldsPersonal, Secret};
use crate::time::{At, Boot, Mono, Now};
use crate::vault::{SealError, Vault};

/// The version of the record format written today. Readers take this and all below it.
pub const RECORD_VERSION: u32 = 1;

/// The most bytes one record may have in its canonical form. A visit with ordinary texts has about 2 kB, the longest that an
/// import takes (20 work orders, 8 contacts, 120 characters of four bytes each) some 27 kB.
pub const RECORD_BYTES_MAX: usize = 32 * 1024;

/// Whether this version can read what was written as `version`.
const fn readable(version: u32, seq: u64) -> Result<(), RestoreError> {
    if version > RECORD_VERSION { Err(RestoreError::TooNew { seq }) } else { Ok(()) }
}

/// A record with its stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped<R> {
    /// The sequence number in the machine's stream.
    pub seq: u64,
    /// When it happened.
    pub at: At,
    /// What happened.
    pub record: R,
}

/// The body of an entry, as canonical JSON writes it: version, sequence, stamp, then the record's kind and fields.
#[derive(Serialize, Deserialize)]
struct Body<R> {
    v: u32,
    seq: u64,
    at: At,
    #[serde(flatten)]
    record: R,
}

/// A pure machine: it decides, and says what is to be recorded; the host makes that durable and commits.
///
/// The host's contract, in order:
/// 1. [`Machine::ask`] or [`Machine::note`] gives a [`Step`]; the machine is unchanged.
/// 2. A step with records is [encoded](Step::encode) and its entries appended to the journal. *Not written*: drop the
///    step. *Unknown*: drop the machine, all outputs off, restore from the journal with the next boot.
/// 3. [`Machine::commit`] makes it so and gives the answer.
/// 4. Only then act: read outputs and screens, send what is to be sent.
///
/// A restored machine refuses everything until the step of [`Machine::start`] is committed.
pub trait Machine: Sized {
    /// The name of the machine's stream in journal and vault.
    const STREAM: &'static str;
    /// What persons and hosts want of it.
    type Ask;
    /// What the world, a service or the clock tells it.
    type Told;
    /// What it answers.
    type Answer: Default;
    /// Why it would not; nothing is recorded.
    type Refusal: Coded;
    /// What happened, in the past tense: the only way its durable half changes.
    type Record: Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned + HoldsPersonal;
    /// The half that outlives a power cut. Cloning is cheap: bulk is shared.
    type Durable: Clone + PartialEq + Default + Serialize + DeserializeOwned + HoldsPersonal;
    /// The half that does not: what was typed, where the person stands.
    type Session: Clone + Default;

    /// The machine's frame.
    fn frame(&self) -> &Frame<Self>;

    /// The machine's frame, to commit into.
    fn frame_mut(&mut self) -> &mut Frame<Self>;

    /// Wraps a frame.
    fn from_frame(frame: Frame<Self>) -> Self;

    /// Changes `durable` by one record. Never fails: a record says what was already decided.
    fn apply(durable: &mut Self::Durable, stamped: &Stamped<Self::Record>);

    /// Decides what somebody wants.
    ///
    /// # Errors
    /// A refusal; the draft is then thrown away.
    fn decide(draft: &mut Draft<'_, Self>, ask: Self::Ask) -> Result<Self::Answer, Self::Refusal>;

    /// Takes in what it is told.
    fn take_in(draft: &mut Draft<'_, Self>, told: Self::Told);

    /// Settles what was under way when the host last stopped, and records the new boot.
    fn settle_start(draft: &mut Draft<'_, Self>);

    /// The earliest deadline that is still to be settled, if any.
    fn next_deadline(durable: &Self::Durable, session: &Self::Session) -> Option<Mono>;

    /// Settles what is due at the draft's moment, which is the deadline.
    fn settle(draft: &mut Draft<'_, Self>);

    /// Whether deadlines that are due are settled before this is taken in. Not before news of the journal itself:
    /// while it takes no records, what is due cannot be settled, and the news must not be lost with it.
    fn settles_before(told: &Self::Told) -> bool;

    /// The refusal of a machine that has not been started.
    fn not_started() -> Self::Refusal;

    /// Decides what somebody wants. Nothing changes until the step is committed.
    ///
    /// # Errors
    /// A refusal: nothing is recorded, nothing changes. Deadlines that are due are settled by the next step.
    fn ask(&self, ask: Self::Ask, now: &Now) -> Result<Step<Self>, Self::Refusal> {
        if !self.frame().started {
            return Err(Self::not_started());
        }
        let mut draft = Draft::new(self.frame(), now);
        draft.settle_due();
        let answer = Self::decide(&mut draft, ask)?;
        Ok(draft.finish(answer))
    }

    /// Takes in what the world, a service or the clock says. Never refused; a machine that has not been started
    /// takes in nothing.
    fn note(&self, told: Self::Told, now: &Now) -> Step<Self> {
        let mut draft = Draft::new(self.frame(), now);
        if self.frame().started {
            if Self::settles_before(&told) {
                draft.settle_due();
            }
            Self::take_in(&mut draft, told);
        }
        draft.finish(Self::Answer::default())
    }

    /// Raises the boot number and settles what was under way. Until this step is committed nothing is driven.
    fn start(&self, now: &Now) -> Step<Self> {
        let mut draft = Draft::new(self.frame(), now);
        draft.at.boot = Boot(self.frame().boot.0 + 1);
        draft.session = Box::default();
        Self::settle_start(&mut draft);
        draft.starts = true;
        draft.finish(Self::Answer::default())
    }

    /// Makes a decided step so.
    ///
    /// # Errors
    /// [`Misuse`], and the machine is unchanged: the step was decided on an older version, or it has records and was
    /// never encoded.
    fn commit(&mut self, step: Step<Self>) -> Result<Self::Answer, Misuse> {
        let frame = self.frame_mut();
        if step.version != frame.version {
            return Err(Misuse::Stale);
        }
        if let Some(recorded) = step.recorded {
            frame.head = recorded.encoded.ok_or(Misuse::NotEncoded)?;
            frame.durable = recorded.durable;
        }
        frame.boot = step.boot;
        frame.started |= step.starts;
        frame.session = step.session;
        frame.version += 1;
        Ok(step.answer)
    }

    /// When the host should call [`Machine::note`] with a tick at the latest, if nothing else happens before.
    fn wake_at(&self) -> Option<Mono> {
        let frame = self.frame();
        if frame.started { Self::next_deadline(&frame.durable, &frame.session) } else { None }
    }

    /// The newest record's number and authenticator.
    fn head(&self) -> Head {
        self.frame().head
    }

    /// The durable half sealed and authenticated, so that a restore need not read all records before it.
    ///
    /// # Errors
    /// [`SealError`] when the vault cannot seal.
    fn snapshot(&self, vault: &mut dyn Vault) -> Result<Vec<u8>, SealError> {
        let frame = self.frame();
        let mut durable = frame.durable.clone();
        durable.visit_personal(&mut |personal| personal.seal(vault))?;
        let paper = SnapshotPaper { v: RECORD_VERSION, head: frame.head, boot: frame.boot, durable };
        let body = serde_json::to_vec(&paper).map_err(|_| SealError::NotPlain)?;
        let mac = frame.chain.seal(b"snapshot", &body);
        let mut bytes = hex::encode(mac).into_bytes();
        bytes.push(b' ');
        bytes.extend_from_slice(&body);
        Ok(bytes)
    }

    /// Rebuilds the machine from its journal: the newest snapshot if there is one, then all entries behind it.
    ///
    /// Checks every authenticator, and that the journal reaches the head kept in the vault. The result drives and
    /// serves nothing until [`Machine::start`] is committed.
    ///
    /// # Errors
    /// [`RestoreError`], naming the sequence number of what is wrong.
    fn restore(
        vault: &mut dyn Vault,
        snapshot: Option<&[u8]>,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<Self, RestoreError> {
        let key = vault.machine_key(Self::STREAM)?;
        let chain = ChainKey::derive(&key);
        let mut frame = Frame {
            version: 0,
            durable: Box::default(),
            session: Box::default(),
            head: Head::default(),
            boot: Boot(0),
            started: false,
            key,
            chain,
        };
        if let Some(bytes) = snapshot {
            frame.load_snapshot(bytes, vault)?;
        }
        let mut machine = Self::from_frame(frame);
        machine.read_on(vault, entries)?;
        Ok(machine)
    }

    /// Reads on where [`Machine::restore`] or the last reading ended, with the same checks: a machine that follows a
    /// journal which another one writes, and is itself not started. Entries that it has are passed over.
    ///
    /// # Errors
    /// [`RestoreError`], naming the sequence number of what is wrong; the machine is then good for nothing.
    fn read_on(
        &mut self,
        vault: &mut dyn Vault,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<(), RestoreError> {
        let kept = vault.head(Self::STREAM)?.unwrap_or_default();
        let frame = self.frame_mut();
        for entry in entries {
            if entry.seq <= frame.head.seq {
                continue;
            }
            frame.replay(&entry, vault)?;
            // An older journal that was grown again has other records under the same numbers.
            if entry.seq == kept.seq && frame.head != kept {
                return Err(RestoreError::Broken { seq: entry.seq });
            }
        }
        if kept.seq > frame.head.seq {
            return Err(RestoreError::Cut { seq: frame.head.seq + 1 });
        }
        Ok(())
    }
}

/// What every machine is made of.
pub struct Frame<M: Machine> {
    version: u64,
    durable: Box<M::Durable>,
    session: Box<M::Session>,
    head: Head,
    boot: Boot,
    started: bool,
    key: Secret<[u8; 32]>,
    chain: ChainKey,
}

// By hand: the machine itself need not be cloned. A copy is for reading; a step decided on it is committed where it
// belongs, or is stale.
impl<M: Machine> Clone for Frame<M> {
    fn clone(&self) -> Self {
        Self {
            version: self.version,
            durable: self.durable.clone(),
            session: self.session.clone(),
            head: self.head,
            boot: self.boot,
            started: self.started,
            key: self.key.clone(),
            chain: self.chain.clone(),
        }
    }
}

impl<M: Machine> Frame<M> {
    /// The half that outlives a power cut.
    pub fn durable(&self) -> &M::Durable {
        &self.durable
    }

    /// The half that does not.
    pub fn session(&self) -> &M::Session {
        &self.session
    }

    /// The running boot; 0 before the first start.
    pub fn boot(&self) -> Boot {
        self.boot
    }

    /// Whether a start has been committed.
    pub fn is_started(&self) -> bool {
        self.started
    }

    /// The machine's own key.
    pub(crate) fn key(&self) -> &Secret<[u8; 32]> {
        &self.key
    }

    fn load_snapshot(&mut self, bytes: &[u8], vault: &dyn Vault) -> Result<(), RestoreError> {
        let (mac, body) = bytes.split_at_checked(65).ok_or(RestoreError::Snapshot)?;
        let expected = hex::encode(self.chain.seal(b"snapshot", body));
        if mac.get(..64) != Some(expected.as_bytes()) {
            return Err(RestoreError::Snapshot);
        }
        let paper: SnapshotPaper<M::Durable> =
            serde_json::from_slice(body).map_err(|_| RestoreError::Snapshot)?;
        readable(paper.v, paper.head.seq)?;
        *self.durable = paper.durable;
        self.durable.visit_personal(&mut |personal| personal.open(vault))?;
        self.head = paper.head;
        self.boot = paper.boot;
        Ok(())
    }

    fn replay(&mut self, entry: &Entry, vault: &dyn Vault) -> Result<(), RestoreError> {
        if !self.chain.follows(self.head, entry) {
            return Err(RestoreError::Broken { seq: self.head.seq + 1 });
        }
        let mut stamped = decode::<M::Record>(entry)?;
        stamped.record.visit_personal(&mut |personal| personal.open(vault))?;
        M::apply(&mut self.durable, &stamped);
        self.boot = stamped.at.boot;
        self.head = entry.head();
        Ok(())
    }
}

/// Reads a stored entry, personal data still sealed. Does not check the chain.
///
/// # Errors
/// [`RestoreError::Unreadable`] or [`RestoreError::TooNew`], naming the sequence number.
pub fn decode<R: DeserializeOwned>(entry: &Entry) -> Result<Stamped<R>, RestoreError> {
    #[derive(Deserialize)]
    struct Version {
        v: u32,
    }
    let seq = entry.seq;
    let unreadable = |_: serde_json::Error| RestoreError::Unreadable { seq };
    let body: Body<R> = match serde_json::from_slice(&entry.body) {
        Ok(body) => body,
        // What a newer version wrote need not be readable.
        Err(error) => {
            let version: Version = serde_json::from_slice(&entry.body).map_err(unreadable)?;
            readable(version.v, seq)?;
            return Err(unreadable(error));
        }
    };
    readable(body.v, seq)?;
    if body.seq != seq {
        return Err(RestoreError::Unreadable { seq });
    }
    Ok(Stamped { seq, at: body.at, record: body.record })
}

#[derive(Serialize, Deserialize)]
struct SnapshotPaper<D> {
    v: u32,
    head: Head,
    boot: Boot,
    durable: D,
}

/// A machine's working copy while it decides.
pub struct Draft<'a, M: Machine> {
    frame: &'a Frame<M>,
    recorded: Option<Box<Recorded<M>>>,
    /// The session as it will be.
    pub session: Box<M::Session>,
    now: Now,
    at: At,
    starts: bool,
}

/// What a draft has recorded. Apart, so that most inputs, which record nothing, move a pointer.
struct Recorded<M: Machine> {
    /// The durable half as it will be.
    durable: Box<M::Durable>,
    records: Vec<Stamped<M::Record>>,
    /// The head that the records lead to, once they are encoded.
    encoded: Option<Head>,
}

impl<'a, M: Machine> Draft<'a, M> {
    fn new(frame: &'a Frame<M>, now: &Now) -> Self {
        Self {
            frame,
            recorded: None,
            session: frame.session.clone(),
            now: *now,
            at: At { boot: frame.boot, mono: now.mono, wall: now.wall },
            starts: false,
        }
    }

    /// The durable half as it will be.
    pub fn durable(&self) -> &M::Durable {
        self.recorded.as_ref().map_or(&self.frame.durable, |recorded| &recorded.durable)
    }

    /// The moment of the input: the clock as the host read it.
    pub fn now(&self) -> &Now {
        &self.now
    }

    /// The moment at which the draft decides: the input's, or that of the deadline being settled.
    pub fn at(&self) -> At {
        self.at
    }

    /// The machine's own key.
    pub(crate) fn key(&self) -> &'a Secret<[u8; 32]> {
        self.frame.key()
    }

    /// What the draft has recorded so far, what was due included.
    #[must_use]
    pub fn records(&self) -> &[Stamped<M::Record>] {
        self.recorded.as_ref().map_or(&[], |recorded| &recorded.records)
    }

    /// Records that something happened, and lets it be so in the draft.
    pub fn record(&mut self, record: M::Record) {
        let Frame { head, durable, .. } = self.frame;
        let recorded = self.recorded.get_or_insert_with(|| {
            Box::new(Recorded { durable: durable.clone(), records: Vec::new(), encoded: None })
        });
        let seq = head.seq + 1 + recorded.records.len() as u64;
        let stamped = Stamped { seq, at: self.at, record };
        M::apply(&mut recorded.durable, &stamped);
        recorded.records.push(stamped);
    }

    /// Settles every deadline up to now, in order, each at its own moment, so that a late host decides the same.
    fn settle_due(&mut self) {
        while let Some(due) = M::next_deadline(self.durable(), &self.session) {
            if due > self.now.mono {
                break;
            }
            let late = i64::try_from(self.now.mono.since(due)).unwrap_or(i64::MAX);
            self.at.mono = due;
            self.at.wall.0 = self.now.wall.0.saturating_sub(late);
            M::settle(self);
        }
        self.at.mono = self.now.mono;
        self.at.wall = self.now.wall;
    }

    fn finish(self, answer: M::Answer) -> Step<M> {
        Step {
            version: self.frame.version,
            boot: self.at.boot,
            recorded: self.recorded,
            session: self.session,
            prior: self.frame.head,
            answer,
            starts: self.starts,
        }
    }
}

/// A decision that waits for its records to be durable.
#[must_use = "a step does nothing until it is committed"]
pub struct Step<M: Machine> {
    version: u64,
    boot: Boot,
    recorded: Option<Box<Recorded<M>>>,
    session: Box<M::Session>,
    /// The head that the records follow.
    prior: Head,
    answer: M::Answer,
    starts: bool,
}

impl<M: Machine> Step<M> {
    /// The records to be made durable; none for a digit or a quiet tick.
    #[must_use]
    pub fn records(&self) -> &[Stamped<M::Record>] {
        self.recorded.as_ref().map_or(&[], |recorded| &recorded.records)
    }

    /// Seals, writes and chains the records, ready to be appended behind sequence number [`Encoded::after`].
    ///
    /// # Errors
    /// [`SealError`] when the vault cannot seal; the step must then be dropped.
    pub fn encode(&mut self, vault: &mut dyn Vault) -> Result<Encoded, SealError> {
        let mut head = self.prior;
        let mut entries = Vec::new();
        if let Some(recorded) = &mut self.recorded {
            let chain = ChainKey::derive(&vault.machine_key(M::STREAM)?);
            entries.reserve_exact(recorded.records.len());
            for stamped in &recorded.records {
                let mut record = stamped.record.clone();
                record.visit_personal(&mut |personal| personal.seal(vault))?;
                let body = Body { v: RECORD_VERSION, seq: stamped.seq, at: stamped.at, record };
                let body = serde_json::to_vec(&body).map_err(|_| SealError::NotPlain)?;
                let entry = chain.link(head, body);
                head = entry.head();
                entries.push(entry);
            }
            recorded.encoded = Some(head);
        }
        Ok(Encoded { after: self.prior.seq, entries, head })
    }
}

impl<M: Machine> fmt::Debug for Step<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step").field("records", &self.records()).finish_non_exhaustive()
    }
}

/// The records of one step as they are stored: they are durable together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The sequence number that the journal must end with.
    pub after: u64,
    /// The entries, in order.
    pub entries: Vec<Entry>,
    /// The head once they are appended.
    pub head: Head,
}

/// The host did not keep to the contract. The machine is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misuse {
    /// The step was decided on an older version of the machine: decide again.
    #[error("the step was decided on an older version of the machine")]
    Stale,
    /// The step has records that were never encoded, so they cannot be in the journal.
    #[error("the step has records that were never encoded")]
    NotEncoded,
}

impl Coded for Misuse {
    fn code(&self) -> u16 {
        match self {
            Self::Stale => 401,
            Self::NotEncoded => 402,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::Stale => "misuse.stale",
            Self::NotEncoded => "misuse.not_encoded",
        }
    }
}

/// Why a machine cannot be rebuilt. The kiosk then serves no keys until staff decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The record with this number was changed, dropped or swapped, or is not of this locker.
    #[error("record {seq} is broken: changed, dropped, swapped or not of this locker")]
    Broken {
        /// The sequence number.
        seq: u64,
    },
    /// The journal ends before the newest head that was kept: records from this number on were cut off.
    #[error("the journal was cut: record {seq} and those after it are missing")]
    Cut {
        /// The first missing sequence number.
        seq: u64,
    },
    /// The record is authentic and cannot be read.
    #[error("record {seq} cannot be read")]
    Unreadable {
        /// The sequence number.
        seq: u64,
    },
    /// The record was written by a newer version of this library.
    #[error("record {seq} was written by a newer version")]
    TooNew {
        /// The sequence number.
        seq: u64,
    },
    /// The snapshot is damaged.
    #[error("the snapshot is damaged")]
    Snapshot,
    /// The vault does not serve.
    #[error("the vault does not serve: {0}")]
    Vault(#[from] SealError),
}

impl Coded for RestoreError {
    fn code(&self) -> u16 {
        match self {
            Self::Broken { .. } => 501,
            Self::Cut { .. } => 502,
            Self::Unreadable { .. } => 503,
            Self::TooNew { .. } => 504,
            Self::Snapshot => 505,
            Self::Vault(_) => 506,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::Broken { .. } => "restore.broken",
            Self::Cut { .. } => "restore.cut",
            Self::Unreadable { .. } => "restore.unreadable",
            Self::TooNew { .. } => "restore.too_new",
            Self::Snapshot => "restore.snapshot",
            Self::Vault(_) => "restore.vault",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_04_what_a_newer_version_wrote_is_refused_and_nothing_older() {
        assert!(readable(RECORD_VERSION, 7).is_ok() && readable(0, 7).is_ok());
        assert_eq!(readable(RECORD_VERSION + 1, 7), Err(RestoreError::TooNew { seq: 7 }));
        assert_eq!(readable(u32::MAX, 7), Err(RestoreError::TooNew { seq: 7 }));
    }
}
