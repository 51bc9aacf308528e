//! A machine that writes something else than it decided: for the tests that show that somebody would notice.

use locker_core::mocks::MemoryVault;
use locker_core::{ChainKey, Encoded, Head, HoldsPersonal, Machine, RECORD_VERSION, Vault};
use serde::Serialize;

use super::host::Rewrite;

/// The body of an entry, as the core writes it.
#[derive(Serialize)]
struct Body<R> {
    v: u32,
    seq: u64,
    at: locker_core::At,
    #[serde(flatten)]
    record: R,
}

/// Writes the changed records in the place of the decided ones, chained behind `head`, the journal's own. The running
/// machine knows nothing of it; the next start believes it.
pub(super) fn write_something_else<M: Machine>(
    rewrite: &mut Rewrite<M>,
    records: &mut Vec<locker_core::Stamped<M::Record>>,
    encoded: &mut Encoded,
    mut head: Head,
    vault: &mut MemoryVault,
) {
    let count = records.len();
    rewrite(records);
    // The numbers of what follows stand already.
    assert_eq!(records.len(), count, "a lie has as many records as the truth");
    let Ok(key) = vault.machine_key(M::STREAM) else { return };
    let chain = ChainKey::derive(&key);
    let mut entries = Vec::with_capacity(records.len());
    for stamped in records.iter() {
        let mut record = stamped.record.clone();
        if record.visit_personal(&mut |personal| personal.seal(vault)).is_err() {
            return;
        }
        let body = Body { v: RECORD_VERSION, seq: stamped.seq, at: stamped.at, record };
        let Ok(body) = serde_json::to_vec(&body) else { return };
        let entry = chain.link(head, body);
        head = entry.head();
        entries.push(entry);
    }
    encoded.entries = entries;
    encoded.head = head;
}

/// A precise lie of a machine, a cabinet or a screen. Every method tells the truth unless it is written.
pub trait Lie {
    /// Changes what every locker writes into its journal. As many records as there were must stay.
    fn rewrite(&mut self) -> Option<Rewrite<locker_core::Locker>> {
        None
    }

    /// Changes what the office writes into its journal. As many records as there were must stay.
    fn rewrite_office(&mut self) -> Option<Rewrite<locker_core::office::Office>> {
        None
    }

    /// Whether the vaults say that a key is destroyed and keep it.
    fn keeps_keys(&self) -> bool {
        false
    }

    /// Changes what the bus is given.
    fn outputs(&mut self, outputs: &mut locker_core::Outputs) {
        let _ = outputs;
    }

    /// A coil that is energised past all logic after this cycle.
    fn fires(&mut self, outputs: &locker_core::Outputs) -> Option<locker_core::Pulse> {
        let _ = outputs;
        None
    }

    /// Whether boards say that they let their coils go, and do not.
    fn keeps_relays_on(&self) -> bool {
        false
    }

    /// Changes what a screen shows.
    fn screen(&self, screen: &mut locker_core::screen::Screen) {
        let _ = screen;
    }

    /// Whether the disks say *written* and forget it when the power goes.
    fn disk_forgets(&self) -> bool {
        false
    }

    /// Whether the messenger throws this message away and says that it was sent.
    fn loses_mail(&mut self) -> bool {
        false
    }
}
