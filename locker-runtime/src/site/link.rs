//! The link between a locker and its office in one process: facts one way, desired settings the other, answers to
//! calls for help; and calls for help themselves while they cannot be recorded.

use std::sync::Arc;
use std::time::Duration;

use locker_core::Link as Standing;
use locker_core::office::{self, Erasure, Office};
use locker_core::{Date, Desired, FactKind, Locker, Subject, Told, Vault};
use tokio::sync::watch;

use super::{LOCKER, LockerHandle, OfficeHandle};
use crate::clock::Clock;
use crate::journal::Journal;
use crate::open::read_records;
use crate::vault::{Accounts, FileVault};

/// Records read at a time.
const PAGE: usize = 256;
/// The link looks after both sides at least this often, whatever happens.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// The wire between the locker and its office. In one process it never breaks by itself; with a simulated cabinet people
/// may cut it, to see what goes on without it (SAFE-6).
#[derive(Clone, Debug)]
pub struct Wire(Arc<watch::Sender<bool>>);

impl Wire {
    pub(super) fn whole() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Cuts it, or mends it.
    pub fn set_cut(&self, is_cut: bool) {
        self.0.send_replace(is_cut);
    }

    /// Whether it is cut.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        *self.0.borrow()
    }
}

/// The link.
pub(super) struct Link<J> {
    locker: LockerHandle,
    office: OfficeHandle,
    journal: J,
    accounts: Accounts,
    vault: FileVault,
    clock: Arc<dyn Clock>,
    /// The locker's records up to here hold no fact behind the office's cursor.
    scanned: u64,
    /// What the locker was told last.
    desired: Option<Desired>,
    /// The last day on which the office was told that time passes.
    looked_on: Option<Date>,
    /// What the locker was told of the link.
    said: Option<Standing>,
    wire: Wire,
}

impl<J: Journal> Link<J> {
    pub(super) fn new(
        locker: LockerHandle,
        office: OfficeHandle,
        journal: J,
        vault: FileVault,
        clock: Arc<dyn Clock>,
        wire: Wire,
    ) -> Self {
        let accounts = Accounts::of(&vault);
        Self {
            locker,
            office,
            journal,
            accounts,
            vault,
            clock,
            scanned: 0,
            desired: None,
            looked_on: None,
            said: None,
            wire,
        }
    }

    /// Carries what there is to carry until told to stop.
    pub(super) async fn run(mut self, mut stopping: watch::Receiver<bool>) {
        let (mut locker, mut office) = (self.locker.view(), self.office.view());
        let mut wire = self.wire.0.subscribe();
        loop {
            if *wire.borrow_and_update() {
                self.say_link().await;
            } else {
                self.desired().await;
                self.say_link().await;
                self.facts().await;
                self.unrecorded().await;
                self.erase().await;
            }
            let changed = async {
                tokio::select! {
                    _ = wire.changed() => true,
                    changed = locker.changed() => changed.is_ok(),
                    changed = office.changed() => changed.is_ok(),
                    () = tokio::time::sleep(LOOK_AGAIN) => true,
                }
            };
            tokio::select! {
                _ = stopping.changed() => return,
                is_alive = changed => if !is_alive { return },
            }
        }
    }

    fn office_now(&self) -> Option<Arc<Office>> {
        self.office.view().borrow().shown.clone()
    }

    fn locker_now(&self) -> Option<Arc<Locker>> {
        self.locker.view().borrow().shown.clone()
    }

    /// Tells the locker what the office wants, when that has changed.
    async fn desired(&mut self) {
        let Some(office) = self.office_now() else { return };
        let Some(desired) = office.desired(LOCKER, self.clock.now().today) else { return };
        if self.desired.as_ref() == Some(&desired) {
            return;
        }
        if self.locker.note(Told::Desired(Box::new(desired.clone()))).await.is_ok() {
            self.desired = Some(desired);
        }
    }

    /// Says how the link stands (SAFE-6): it does once the locker was told what the office wants, while the office runs and
    /// the wire is whole.
    async fn say_link(&mut self) {
        let stands = !self.wire.is_cut() && self.office_now().is_some() && self.desired.is_some();
        let said = if stands { Standing::Up } else { Standing::Down };
        if self.said != Some(said) && self.locker.note(Told::Link(said)).await.is_ok() {
            self.said = Some(said);
        }
    }

    /// Hands over a call for help that the locker cannot record (SAFE-8). It is read off the locker, so that one that
    /// the office did not get, or forgot when it was restored, is handed over with the next look.
    async fn unrecorded(&mut self) {
        let (Some(locker), Some(office)) = (self.locker_now(), self.office_now()) else { return };
        let Some(call) = locker.unrecorded_call().filter(|call| office.is_news(call)) else { return };
        let help = call.help;
        if self.office.note(office::Told::Unrecorded(call)).await.is_ok() {
            let answer = office.help_reach();
            let _ = self.locker.note(Told::Help { help, answer }).await;
        }
    }

    /// Has the keys of those destroyed whom the office wants erased, once the locker has let go of them (SAFE-5). Behind
    /// desired settings and facts, so that nothing of them is under way; what a stop or a power cut leaves undone is done
    /// with the next look.
    async fn erase(&mut self) {
        // An office that nobody speaks to for a day looks at its visits all the same.
        let today = self.clock.now().today;
        if self.looked_on != Some(today) && self.office.note(office::Told::Tick).await.is_ok() {
            self.looked_on = Some(today);
        }
        let erasures = self.office_now().map(|office| office.to_erase()).unwrap_or_default();
        for Erasure { subject, revision } in erasures {
            let Some(locker) = self.locker_now() else { return };
            if !locker.may_forget(subject, revision) {
                continue;
            }
            // Password first: who could still log in would be a user without a name.
            if let Subject::User(user) = subject
                && let Err(error) = self.accounts.forget(user)
            {
                tracing::warn!(%error, "an account was not erased yet");
                continue;
            }
            if let Err(error) = self.vault.erase(subject) {
                tracing::warn!(%error, "a subject was not erased yet");
                continue;
            }
            let _ = self.office.note(office::Told::Erased { subject }).await;
        }
    }

    /// Hands the locker's new facts to the office, from the journal: what was missed is there too.
    async fn facts(&mut self) {
        loop {
            let (Some(locker), Some(office)) = (self.locker_now(), self.office_now()) else { return };
            let Some(cursor) = office.cursor(LOCKER) else { return };
            let after = self.scanned.max(cursor);
            if locker_core::Machine::head(&*locker).seq <= after {
                return;
            }
            let records = match read_records::<Locker>(&mut self.journal, &self.vault, after, PAGE) {
                Ok(records) => records,
                Err(error) => {
                    tracing::warn!(%error, "the locker's records cannot be read");
                    return;
                }
            };
            let Some(last) = records.last().map(|record| record.seq) else { return };
            for fact in locker.facts(cursor, &records) {
                let help = match &fact.kind {
                    FactKind::HelpCalled { help, .. } => Some(*help),
                    _ => None,
                };
                if self.office.note(office::Told::Fact(fact)).await.is_err() {
                    return;
                }
                if let (Some(help), Some(office)) = (help, self.office_now()) {
                    let answer = office.help_reach();
                    let _ = self.locker.note(Told::Help { help, answer }).await;
                }
            }
            self.scanned = last;
        }
    }
}
