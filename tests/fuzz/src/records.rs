//! Records and snapshots as bytes. The authenticators are made to fit, so that the readers behind them are reached: who
//! has the key can write anything, and a newer or broken version of this library has it.

use locker_core::mocks::MemoryVault;
use locker_core::office::{self, Office};
use locker_core::{
    ChainKey, Entry, Head, Locker, Machine, Mono, Now, Opened, Outputs, Record, RestoreError, SealError,
    Secret, Stamped, Subject, Vault, Wall, decode,
};
use serde_json::Value;

use crate::office_world::today;

/// Opens everything: what was not sealed under its keys is taken as it is, so that what is in a seal is reached as well.
#[derive(Default)]
struct OpenVault(MemoryVault);

impl Vault for OpenVault {
    fn machine_key(&mut self, stream: &str) -> Result<Secret<[u8; 32]>, SealError> {
        self.0.machine_key(stream)
    }
    fn seal(&mut self, subject: Subject, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.seal(subject, plain)
    }
    fn open(&self, subject: Subject, sealed: &[u8]) -> Result<Opened, SealError> {
        match self.0.open(subject, sealed) {
            Err(SealError::Damaged) => Ok(Opened::Clear(sealed.to_vec())),
            other => other,
        }
    }
    fn erase(&mut self, subject: Subject) -> Result<(), SealError> {
        self.0.erase(subject)
    }
    fn head(&self, stream: &str) -> Result<Option<Head>, SealError> {
        self.0.head(stream)
    }
    fn keep_head(&mut self, stream: &str, head: Head) -> Result<(), SealError> {
        self.0.keep_head(stream, head)
    }
}

fn now() -> Now {
    Now::new(Mono(5), Wall(1_772_438_400_000), today(), Wall(1_772_492_400_000))
}

fn chain<M: Machine>(vault: &mut OpenVault) -> ChainKey {
    ChainKey::derive(&vault.machine_key(M::STREAM).unwrap())
}

/// One record a line, chained in that order; a number that does not fit is put right, so that lines can be cut and
/// joined.
fn entries<M: Machine>(vault: &mut OpenVault, lines: &[u8]) -> Vec<Entry> {
    let chain = chain::<M>(vault);
    let (mut head, mut entries) = (Head::default(), Vec::new());
    for line in lines.split(|byte| *byte == b'\n') {
        let body = match serde_json::from_slice(line) {
            Ok(Value::Object(mut body)) => {
                body.insert("seq".into(), (head.seq + 1).into());
                serde_json::to_vec(&body).unwrap()
            }
            _ => line.to_vec(),
        };
        let entry = chain.link(head, body);
        head = entry.head();
        entries.push(entry);
    }
    entries
}

/// What is read is written the same again.
fn reads_back<R>(entry: &Entry, vault: &OpenVault)
where
    R: serde::Serialize
        + serde::de::DeserializeOwned
        + PartialEq
        + std::fmt::Debug
        + Clone
        + locker_core::HoldsPersonal,
{
    let Ok(stamped) = decode::<R>(entry) else { return };
    let again = serde_json::to_value(&stamped.record).unwrap();
    assert_eq!(serde_json::from_value::<R>(again).unwrap(), stamped.record);
    let mut opened: Stamped<R> = stamped;
    let _ = opened.record.visit_personal(&mut |personal| personal.open(vault));
}

/// A restored machine is whole: it starts, is driven by nothing, and its snapshot says the same.
fn stands<M: Machine>(machine: &M, vault: &mut OpenVault) {
    let bytes = machine.snapshot(vault).unwrap();
    let Ok(again) = M::restore(vault, Some(&bytes), []) else { panic!("a snapshot that was just made") };
    assert!(again.frame().durable() == machine.frame().durable(), "the snapshot says the same");
}

fn starts_a_locker(mut locker: Locker, vault: &mut OpenVault) {
    stands(&locker, vault);
    assert_eq!(locker.outputs(&now()), Outputs::all_off(now().mono), "not started, nothing is driven");
    let mut step = locker.start(&now());
    step.encode(vault).unwrap();
    locker.commit(step).unwrap();
    assert_eq!(locker.outputs(&now()).pulse, None, "a start drives nothing");
    for surface in [locker_core::screen::Surface::Bottom, locker_core::screen::Surface::Top] {
        let _ = locker.screen(surface, &now());
    }
}

fn starts_an_office(mut office: Office, vault: &mut OpenVault) {
    stands(&office, vault);
    let mut step = office.start(&now());
    step.encode(vault).unwrap();
    office.commit(step).unwrap();
    for locker in office.lockers() {
        let _ = office.desired(locker, now().today);
    }
}

/// A journal of either machine: the first byte says of which, and whether the bytes are one record as they are.
pub(crate) fn records(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let mut vault = OpenVault::default();
    match kind % 4 {
        0 => {
            let entries = entries::<Locker>(&mut vault, bytes);
            entries.iter().for_each(|entry| reads_back::<Record>(entry, &vault));
            match Locker::restore(&mut vault, None, entries) {
                Ok(locker) => starts_a_locker(locker, &mut vault),
                Err(error) => named(error),
            }
        }
        1 => {
            let entries = entries::<Office>(&mut vault, bytes);
            entries.iter().for_each(|entry| reads_back::<office::Record>(entry, &vault));
            match Office::restore(&mut vault, None, entries) {
                Ok(office) => starts_an_office(office, &mut vault),
                Err(error) => named(error),
            }
        }
        other => {
            let entry = Entry { seq: u64::from(*kind), body: bytes.to_vec(), mac: [0; 32] };
            match other {
                2 => reads_back::<Record>(&entry, &vault),
                _ => reads_back::<office::Record>(&entry, &vault),
            }
            // Without the key it is nothing.
            let foreign = Entry { seq: 1, ..entry };
            let restored = Locker::restore(&mut vault, None, [foreign]);
            assert_eq!(restored.err(), Some(RestoreError::Broken { seq: 1 }));
        }
    }
}

fn named(error: RestoreError) {
    assert!(
        !matches!(error, RestoreError::Broken { .. } | RestoreError::Cut { .. }),
        "the chain is whole: {error}"
    );
}

/// A snapshot of either machine: the first byte says of which, and whether it is authentic.
pub(crate) fn snapshot(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let mut vault = OpenVault::default();
    match kind % 3 {
        0 => {
            if let Ok(locker) = of_snapshot::<Locker>(&mut vault, bytes) {
                starts_a_locker(locker, &mut vault);
            }
        }
        1 => {
            if let Ok(office) = of_snapshot::<Office>(&mut vault, bytes) {
                starts_an_office(office, &mut vault);
            }
        }
        _ => {
            let restored = Locker::restore(&mut vault, Some(bytes), []);
            assert_eq!(restored.err(), Some(RestoreError::Snapshot));
        }
    }
}

fn of_snapshot<M: Machine>(vault: &mut OpenVault, body: &[u8]) -> Result<M, RestoreError> {
    let mut bytes = hex(&chain::<M>(vault).seal(b"snapshot", body)).into_bytes();
    bytes.push(b' ');
    bytes.extend_from_slice(body);
    M::restore(vault, Some(&bytes), [])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
