//! How time passes on the stage: from one event to the next, never in between.

use std::sync::Arc;

use locker_core::{Layout, Link, Outputs, RestoreError, Store, Told};

use super::host::Untaken;
use super::link::Flight;
use super::stage::{Seen, Stage};

/// How soon a locker that did not listen is told of its link again, in milliseconds.
const LINK_AGAIN_MS: u64 = 1_000;
/// The monotonic clock of a computer that has just started shows at most this.
const ORIGIN_MS_MAX: u64 = 90_000;
/// A computer whose start could not be recorded tries again.
const BOOT_AGAIN_MS: u64 = 2_000;
/// Outputs are stale this long after an owner began to hang.
const STALE_MS: u64 = locker_core::OUTPUTS_LEASE_MS + 1;

/// Whose turn it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Office,
    Site(usize),
    Flight,
    Erase,
    Midnight,
}

impl Stage {
    /// When something happens by itself next, in true time.
    #[must_use]
    pub fn next_event(&self) -> Option<u64> {
        self.next_turn().map(|(at, _)| at)
    }

    /// Lets time pass to `at`, event by event. A time that is over changes nothing.
    pub fn advance_to(&mut self, at: u64) {
        while self.step_until(at) {}
    }

    /// Lets `ms` milliseconds pass.
    pub fn wait(&mut self, ms: u64) {
        self.advance_to(self.now + ms);
    }

    /// Goes to the next event, if it comes not later than `at`, or else to `at`; says whether there was an event.
    pub fn step_until(&mut self, at: u64) -> bool {
        let Some((due, turn)) = self.next_turn().filter(|(due, _)| *due <= at) else {
            self.now = self.now.max(at);
            return false;
        };
        self.now = self.now.max(due);
        match turn {
            Turn::Office => self.office_turn(),
            Turn::Site(index) => self.site_turn(index),
            Turn::Flight => self.land(),
            Turn::Erase => self.destroy_keys(),
            Turn::Midnight => self.tell_midnight(),
        }
        true
    }

    fn next_turn(&self) -> Option<(u64, Turn)> {
        let office = self.office.next().into_iter().chain(self.office_boot_at).min();
        let office = office.map(|at| (at, Turn::Office));
        let sites = self.sites.iter().enumerate();
        let sites = sites.filter_map(|(index, site)| Some((site.next()?, Turn::Site(index))));
        let flight = self.flights.first_key_value().map(|((at, _), _)| (*at, Turn::Flight));
        let erase = self.erase_at.map(|at| (at, Turn::Erase));
        let midnight = (self.midnight_at, Turn::Midnight);
        office.into_iter().chain(sites).chain(flight).chain(erase).chain([midnight]).min()
    }

    fn office_turn(&mut self) {
        let at = self.now;
        if self.office_boot_at.is_some_and(|due| due <= at) {
            self.office_boot_at = None;
            let origin = self.dice.u64(0..ORIGIN_MS_MAX);
            self.office.clocks.start(at, origin, self.office_confirms);
            if self.office.boot(at).is_err() {
                self.office_boot_at = Some(at + BOOT_AGAIN_MS);
            }
        } else if self.office.see_to_what_is_due(at) == Err(Untaken::Crashed) {
            self.office_crashed();
        }
        self.office_changed();
    }

    pub(super) fn office_crashed(&mut self) {
        self.stop_office(self.office_off_ms, true);
    }

    /// The office's computer stops, and starts again after `off_ms`.
    pub(super) fn stop_office(&mut self, off_ms: u64, power: bool) {
        self.office.die();
        if power {
            self.office.disk.power_cut();
        }
        self.office_boot_at = Some(self.now + off_ms);
    }

    /// Does what is due at a locker: one thing, in a fixed order.
    fn site_turn(&mut self, index: usize) {
        let at = self.now;
        let site = &mut self.sites[index];
        site.is_stirred = true;
        let due = |when: Option<u64>| when.is_some_and(|when| when <= at);
        if due(site.boot_at) {
            return self.start_site(index);
        }
        if due(site.host.next()) {
            let was_down = site.host.store == Store::Down;
            let done = site.host.see_to_what_is_due(at);
            if was_down && site.host.store != Store::Down {
                // What moved meanwhile is read again and again until it can be recorded.
                site.hardware.moved(at);
            }
            return self.after(index, done.err());
        }
        if due(site.hardware.poll_at) {
            return self.poll(index);
        }
        if due(site.wanted_at) {
            site.wanted_at = None;
            return self.tell_wanted(index);
        }
        if due(site.facts_at) {
            site.facts_at = None;
            return self.tell_facts(index);
        }
        if due(site.link_at) {
            site.link_at = None;
            return self.say_link(index);
        }
        if due(site.post_at) {
            site.post_at = None;
            self.send_mail(index);
        }
    }

    /// The locker hears whether it has a link (SAFE-6); once it has, what waited can be sent.
    fn say_link(&mut self, index: usize) {
        let at = self.now;
        let site = &mut self.sites[index];
        let link = if site.link.down { Link::Down } else { Link::Up };
        let done = site.host.note(at, Told::Link(link));
        if done.is_err() && site.host.machine.is_some() {
            site.link_at = Some(at + LINK_AGAIN_MS);
        } else if link == Link::Up {
            site.post_at.get_or_insert(at + self.plan.post_ms);
        }
        self.after(index, done.err());
    }

    /// A cycle of the bus; what it read goes to the machine, unless its owner hangs.
    fn poll(&mut self, index: usize) {
        let at = self.now;
        let site = &mut self.sites[index];
        let hangs = at < site.host.hangs_until;
        if !hangs {
            site.outputs = site.outputs_now(at);
        }
        let mono = site.host.clocks.mono(at);
        let mut outputs = site.outputs.clone();
        let mut extra = None;
        if let Some(lie) = &mut self.lie {
            lie.outputs(&mut outputs);
            extra = lie.fires(&outputs);
        }
        let readings = site.hardware.cycle(at, mono, &outputs);
        if let Some(pulse) = extra {
            site.hardware.fire_unasked(at, pulse.box_no, pulse.id, pulse.length_ms);
        }
        if self.seen.is_some() {
            let locker = site.id;
            for fired in site.hardware.fired() {
                self.see(Seen::Fired { locker, fired, outputs: outputs.clone(), mono });
            }
        }
        let site = &mut self.sites[index];
        if hangs {
            let stale = site.host.clocks.when(outputs.at) + STALE_MS;
            site.hardware.look_at(if at < stale { stale } else { site.host.hangs_until });
            return;
        }
        if let Some(readings) = readings {
            let done = site.host.note(at, Told::Readings(Arc::new(readings)));
            self.after_reading(index, done.err());
        }
    }

    /// What a commit of a locker brings along: news for the bus, the line, the post and whoever watches.
    pub(super) fn after<R>(&mut self, index: usize, untaken: Option<Untaken<R>>) {
        self.news(index, &untaken);
        let at = self.now;
        let site = &mut self.sites[index];
        site.is_stirred = true;
        if site.host.machine.is_some() {
            let outputs = site.outputs_now(at);
            site.hardware.decided(at, &outputs);
            site.outputs = outputs;
        }
    }

    /// The same after a reading: only a pulse that is wanted wants another.
    fn after_reading<R>(&mut self, index: usize, untaken: Option<Untaken<R>>) {
        self.news(index, &untaken);
        let at = self.now;
        let site = &mut self.sites[index];
        if site.host.machine.is_some() {
            let mut outputs = site.outputs_now(at);
            site.outputs = outputs.clone();
            outputs.lights.clear();
            site.hardware.decided(at, &outputs);
        }
    }

    fn news<R>(&mut self, index: usize, untaken: &Option<Untaken<R>>) {
        let recorded = core::mem::take(&mut self.sites[index].host.recorded);
        for records in recorded {
            self.take_facts(index, &records);
            let locker = self.sites[index].id;
            let applied = records.iter().rev().find_map(|stamped| match stamped.record {
                locker_core::Record::DesiredApplied { revision, .. } => Some(revision),
                _ => None,
            });
            self.sites[index].applied = applied.unwrap_or(self.sites[index].applied);
            if records
                .iter()
                .any(|stamped| matches!(stamped.record, locker_core::Record::MessageWanted { .. }))
            {
                let at = self.now + self.plan.post_ms;
                self.sites[index].post_at.get_or_insert(at);
            }
            self.see(Seen::Recorded { locker, records });
        }
        if matches!(untaken, Some(Untaken::Crashed)) {
            let off_ms = self.sites[index].off_ms;
            self.stop_site(index, off_ms, true);
        }
        let boot = self.sites[index].boot_number();
        if boot != 0 && boot != self.sites[index].boot {
            self.sites[index].boot = boot;
            self.started(index);
        }
    }

    /// A locker's computer stops, and starts again after `off_ms`.
    pub(super) fn stop_site(&mut self, index: usize, off_ms: u64, power: bool) {
        let at = self.now;
        let site = &mut self.sites[index];
        site.is_stirred = true;
        site.host.die();
        if power {
            site.host.disk.power_cut();
        }
        site.hardware.stop(at, power);
        site.outputs = Outputs::all_off(site.outputs.at);
        (site.facts_at, site.wanted_at, site.post_at, site.link_at) = (None, None, None, None);
        site.boot_at = Some(at + off_ms);
        site.cold = true;
        if power {
            let locker = site.id;
            self.see(Seen::PowerFailed { locker });
        }
    }

    /// A locker's computer starts: the machine is restored, and serves if its journal is whole.
    pub(super) fn start_site(&mut self, index: usize) {
        let at = self.now;
        let origin = self.dice.u64(0..ORIGIN_MS_MAX);
        let site = &mut self.sites[index];
        site.boot_at = None;
        site.host.clocks.start(at, origin, site.confirms);
        match site.host.boot(at) {
            Ok(()) => {
                site.damage = None;
                site.hardware.start(at);
                let plan = &self.plan;
                let layout = Layout::grid(site.id, plan.boxes, 4);
                let done = site.host.note(at, Told::SetUp(Box::new(layout)));
                self.after(index, done.err());
            }
            Err(RestoreError::Vault(_)) => site.boot_at = Some(at + BOOT_AGAIN_MS),
            Err(why) => {
                site.damage = Some(why);
                let locker = site.id;
                self.see(Seen::Damaged { locker, why });
            }
        }
    }

    /// A machine was started, with its computer or after it was lost.
    fn started(&mut self, index: usize) {
        let at = self.now;
        let cursor = self.office.machine.as_ref().and_then(|office| office.cursor(self.sites[index].id));
        let site = &mut self.sites[index];
        // The bus lives on when only the machine was lost: edges that nobody recorded are held, as a running kiosk has it.
        site.hardware.moved(at);
        site.told = 0;
        site.wanted_at = Some(at + site.link.delay_ms);
        site.post_at = Some(at + self.plan.post_ms);
        site.link_at = Some(at);
        let locker = site.id;
        if let Some(cursor) = cursor {
            self.read_facts_behind(index, cursor);
        }
        let cold = core::mem::take(&mut self.sites[index].cold);
        self.see(Seen::Started { locker, cold });
    }

    pub(super) fn send_later(&mut self, at: u64, flight: Flight) {
        self.dispatched += 1;
        self.flights.insert((at, self.dispatched), flight);
    }
}
