//! The line between a locker and its office: facts by cursor one way, what is wanted the other, both late, doubled,
//! swapped or lost when it is bad. Live requests pass at once or not at all.

use locker_core::office::{self, ScanOutcome};
use locker_core::{Answer, Ask, Coded, Desired, Fact, FactKind, LockerId, Record, Scan, Stamped, Told};

use super::host::Untaken;
use super::plan::LATE_MS;
use super::stage::{Seen, Stage};

/// A line that is down, or an office that is off, is tried again after this many milliseconds.
const AGAIN_MS: u64 = 5_000;

/// Something that is on its way for a while.
pub(super) enum Flight {
    Fact(Fact),
    Wanted { locker: LockerId, desired: Box<Desired> },
    Scan { locker: LockerId, scan: Scan },
}

impl Stage {
    /// The public facts among records that have just become durable.
    pub(super) fn take_facts(&mut self, index: usize, records: &[Stamped<Record>]) {
        let site = &mut self.sites[index];
        let Some(machine) = &site.host.machine else { return };
        let facts = machine.facts(site.last_fact, records);
        if let Some(last) = facts.last() {
            site.last_fact = last.seq;
            site.facts.extend(facts);
            site.facts_at.get_or_insert(self.now + site.link.delay_ms);
        }
    }

    /// The facts behind the office's cursor, from the journal: after a start, or when some were lost.
    pub(super) fn read_facts_behind(&mut self, index: usize, cursor: u64) {
        let site = &mut self.sites[index];
        let records = site.records_behind(cursor);
        let Some(machine) = &site.host.machine else { return };
        site.facts = machine.facts(cursor, &records);
        site.last_fact = site.facts.last().map_or(cursor, |fact| fact.seq);
        if !site.facts.is_empty() {
            site.facts_at.get_or_insert(self.now + site.link.delay_ms);
        }
    }

    /// Hands over the facts that wait.
    pub(super) fn tell_facts(&mut self, index: usize) {
        let at = self.now;
        let site = &mut self.sites[index];
        let link = site.link;
        if site.facts.is_empty() {
            return;
        }
        if link.down || self.office.machine.is_none() {
            site.facts_at = Some(at + AGAIN_MS);
            return;
        }
        let mut facts = core::mem::take(&mut site.facts);
        for n in 1..facts.len() {
            if self.dice.u8(0..100) < link.swapped {
                facts.swap(n - 1, n);
            }
        }
        let locker = self.sites[index].id;
        for fact in &facts {
            if self.dice.u8(0..100) < link.lost {
                continue;
            }
            if self.dice.u8(0..100) < link.twice {
                let late = at + self.dice.u64(0..LATE_MS);
                self.send_later(late, Flight::Fact(fact.clone()));
            }
            self.tell_fact(fact.clone());
        }
        let Some(cursor) = self.office.machine.as_ref().and_then(|office| office.cursor(locker)) else {
            facts.sort_by_key(|fact| fact.seq);
            self.sites[index].facts = facts;
            self.sites[index].facts_at = Some(at + AGAIN_MS);
            return;
        };
        facts.retain(|fact| fact.seq > cursor);
        facts.sort_by_key(|fact| fact.seq);
        let site = &mut self.sites[index];
        // What came meanwhile comes behind.
        facts.append(&mut site.facts);
        site.facts = facts;
        if !site.facts.is_empty() {
            site.facts_at = Some(at + AGAIN_MS);
        }
    }

    fn tell_fact(&mut self, fact: Fact) {
        let locker = fact.locker;
        let help = match &fact.kind {
            FactKind::HelpCalled { help, .. } => Some(*help),
            _ => None,
        };
        let told = self.office.note(self.now, office::Told::Fact(fact));
        self.after_office(&told);
        if told.is_err() {
            return;
        }
        let (Some(help), Some(office)) = (help, &self.office.machine) else { return };
        let answer = office.help_reach();
        self.tell_locker(locker, Told::Help { help, answer });
    }

    /// Tells a locker something now, if its computer runs.
    pub(super) fn tell_locker(&mut self, locker: LockerId, told: Told) {
        let Some(index) = super::stage::index_of(locker) else { return };
        let done = self.sites[index].host.note(self.now, told);
        self.after(index, done.err());
    }

    /// Notes what the office wants to have changed: every locker is told.
    pub(super) fn office_changed(&mut self) {
        let at = self.now;
        for records in core::mem::take(&mut self.office.recorded) {
            for stamped in records.iter() {
                if let office::Record::ErasureBegan { .. } | office::Record::Started { .. } = stamped.record {
                    self.erase_at.get_or_insert(at + 1_000);
                }
                if matches!(
                    stamped.record,
                    office::Record::LocationPut { .. }
                        | office::Record::LockerPut { .. }
                        | office::Record::VisitPut { .. }
                        | office::Record::VisitWithdrawn { .. }
                        | office::Record::VisitForgotten { .. }
                        | office::Record::UserPut { .. }
                        | office::Record::AuthenticatorEnrolled { .. }
                        | office::Record::AuthenticatorRevoked { .. }
                        | office::Record::ErasureBegan { .. }
                ) {
                    self.revision = stamped.seq;
                }
            }
            self.see(Seen::RecordedByOffice { records });
        }
        for site in &mut self.sites {
            if site.told != self.revision && site.boot_at.is_none() {
                site.wanted_at.get_or_insert(at + site.link.delay_ms);
            }
        }
        let boot = self.office.machine.as_ref().map_or(0, |office| office.boot().0);
        if boot != 0 && boot != self.office_boot {
            self.office_boot = boot;
            // What the office had taken in and not committed comes again, or was recorded: ask from its cursor.
            for index in 0..self.sites.len() {
                let id = self.sites[index].id;
                if let Some(cursor) = self.office.machine.as_ref().and_then(|office| office.cursor(id)) {
                    self.read_facts_behind(index, cursor);
                }
            }
        }
    }

    /// Tells a locker what the office wants, if it has not heard that.
    pub(super) fn tell_wanted(&mut self, index: usize) {
        let at = self.now;
        let (locker, link) = (self.sites[index].id, self.sites[index].link);
        if link.down || self.office.machine.is_none() || !self.sites[index].host.serves(at) {
            self.sites[index].wanted_at = Some(at + AGAIN_MS);
            return;
        }
        let revision = self.office.machine.as_ref().map(locker_core::office::Office::revision);
        if revision == Some(self.sites[index].applied) {
            // It would throw it away.
            self.sites[index].told = self.revision;
            return;
        }
        let today = self.office.clocks.now(at).today;
        let desired = self.office.machine.as_ref().and_then(|office| office.desired(locker, today));
        let Some(desired) = desired else { return };
        if self.dice.u8(0..100) < link.twice {
            let late = at + self.dice.u64(0..LATE_MS);
            self.send_later(late, Flight::Wanted { locker, desired: Box::new(desired.clone()) });
        }
        let told = desired.revision;
        let done = self.sites[index].host.note(at, Told::Desired(Box::new(desired)));
        if done.is_ok() {
            self.sites[index].told = told.max(self.revision);
        } else {
            self.sites[index].wanted_at = Some(at + AGAIN_MS);
        }
        self.after(index, done.err());
    }

    /// What was on its way arrives.
    pub(super) fn land(&mut self) {
        let Some((_, flight)) = self.flights.pop_first() else { return };
        match flight {
            Flight::Fact(fact) => self.tell_fact(fact),
            Flight::Wanted { locker, desired } => self.tell_locker(locker, Told::Desired(desired)),
            Flight::Scan { locker, scan } => drop(self.scan_arrives(locker, scan)),
        }
    }

    /// A scan reaches the locker; its answer goes back to the office.
    pub(super) fn scan_arrives(
        &mut self,
        locker: LockerId,
        scan: Scan,
    ) -> Result<Answer, Untaken<locker_core::Refusal>> {
        let Some(index) = super::stage::index_of(locker) else { return Err(Untaken::Away) };
        let id = scan.id;
        let answer = self.sites[index].host.ask(self.now, Ask::Scan(scan));
        self.after(index, answer.as_ref().err().copied());
        let outcome = match &answer {
            Ok(Answer::Opens(_)) => Some(ScanOutcome::Granted),
            Ok(Answer::Denied(denial)) => Some(ScanOutcome::Denied { code: denial.code() }),
            Err(Untaken::Refused(refusal)) => Some(ScanOutcome::Denied { code: refusal.code() }),
            Ok(_) | Err(_) => None,
        };
        if let Some(outcome) = outcome.filter(|_| !self.sites[index].link.down) {
            let told = self.office.note(self.now, office::Told::ScanAnswered { scan: id, outcome });
            self.after_office(&told);
        }
        answer
    }
}
