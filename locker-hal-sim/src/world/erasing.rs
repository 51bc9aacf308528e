//! Who is erased (SAFE-5), as the link of a running kiosk does it: once no locker needs them their keys are destroyed, and
//! then the office is told.

use locker_core::office::{self, By, Erasure, Office};
use locker_core::{DAY, HOUR, Opened, Subject, Vault, VisitId};

use super::clocks::{Clocks, date_of};
use super::dealer::reply_of;
use super::deed::{Reply, Undone};
use super::stage::{Seen, Site, Stage};

/// How soon is looked again whether the lockers have let go, in milliseconds.
const AGAIN_MS: u64 = 60_000;
/// From 06:00, when the world begins, to the first midnight.
pub(super) const FIRST_MIDNIGHT: u64 = 18 * HOUR;

impl Stage {
    /// A dealer admin has what is personal of a visit erased.
    pub(super) fn erase(&mut self, staff: u8, visit: VisitId) -> Result<Reply, Undone> {
        let caller = self.caller(staff)?;
        let subject = Subject::Visit(visit);
        reply_of(self.ask_office(office::Ask::Erase { by: By::User(caller), subject }))
    }

    /// Destroys the keys of those whom no locker needs any more, and tells the office.
    pub(super) fn destroy_keys(&mut self) {
        let at = self.now;
        let office = self.office.machine.as_ref();
        let all = office.map_or_else(Vec::new, Office::to_erase);
        self.erase_at = (office.is_none() || !all.is_empty()).then_some(at + AGAIN_MS);
        let is_reached = self.sites.iter().all(|site| !site.link.down && site.host.serves(at));
        if !is_reached || !self.office.serves(at) {
            return;
        }
        let keeps = self.lie.as_ref().is_some_and(|lie| lie.keeps_keys());
        for Erasure { subject, revision } in all {
            let lets_go = |site: &Site| {
                let machine = site.host.machine.as_ref();
                machine.is_some_and(|machine| machine.may_forget(subject, revision))
            };
            if !self.sites.iter().all(lets_go) {
                continue;
            }
            if !keeps {
                self.sites.iter_mut().for_each(|site| site.host.destroy_key(subject));
                self.office.destroy_key(subject);
            }
            let told = self.office.note(at, office::Told::Erased { subject });
            let is_told = told.is_ok();
            self.after_office(&told);
            if is_told {
                self.see(Seen::Erased { subject });
            }
        }
    }

    /// The office hears of every new day, as the link of a running kiosk has it.
    pub(super) fn tell_midnight(&mut self) {
        let at = self.now;
        let told = self.office.note(at, office::Told::Tick);
        self.midnight_at = if told.is_ok() {
            let today = date_of(self.wall());
            let mut next = self.midnight_at;
            while date_of(Clocks::right().wall(next)) <= today {
                next += DAY;
            }
            next
        } else {
            at + AGAIN_MS
        };
        self.after_office(&told);
    }

    /// Who is to be erased and is not yet.
    #[must_use]
    pub fn to_erase(&self) -> usize {
        self.office().map_or(0, |office| office.to_erase().len())
    }

    /// Whether the key of somebody is destroyed in every vault.
    #[must_use]
    pub fn is_destroyed(&self, subject: Subject) -> bool {
        let mut vaults = self.sites.iter().map(|site| &site.host.vault).chain([&self.office.vault]);
        vaults.all(|vault| matches!(vault.open(subject, b""), Ok(Opened::Erased)))
    }
}
