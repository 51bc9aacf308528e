//! What comes over the locker of a scenario: faults, power, line, clock, disk, and what the office changes.

use locker_core::{DAY, Machine, Settings};

use super::play::{LINE_MS, LOCKER, Player};
use super::story::{Cut, Event};
use crate::command::{Fault, SimCommand};
use crate::world::{ClockFault, Computer, Deed, Link, Who};

/// Until somebody switches the power on.
const OFF_MS: u64 = 1_000 * DAY;

impl Player<'_> {
    pub(super) fn happens(&mut self, event: &Event) {
        let (locker, at) = (LOCKER, Computer::Locker(LOCKER));
        match event {
            Event::Hurt(fault) => self.cabinet(Who::Somebody, SimCommand::Hurt { fault: *fault }),
            Event::Heal(fault) => self.cabinet(Who::Somebody, SimCommand::Heal { fault: *fault }),
            Event::HealAll => {
                self.cabinet(Who::Somebody, SimCommand::HealAll);
                self.cut_sensors();
            }
            Event::PowerCut { off_ms, when: Cut::Now } => {
                self.deed(Deed::PowerCut { at, off_ms: *off_ms, power: true });
                self.pass(off_ms + LINE_MS);
            }
            Event::PowerCut { off_ms, when: Cut::At(point) } => {
                self.deed(Deed::Crash { at, point: *point, off_ms: *off_ms, spares: 0 });
                self.is_armed = Some((self.boot(), *off_ms));
            }
            Event::PowerOff => drop(self.deed(Deed::PowerCut { at, off_ms: OFF_MS, power: true })),
            Event::PowerOn => {
                self.deed(Deed::PowerCut { at, off_ms: 0, power: true });
                self.pass(LINE_MS);
            }
            Event::LinkDown => {
                drop(self.deed(Deed::Link { locker, link: Link { down: true, ..Link::default() } }));
            }
            Event::LinkUp => drop(self.deed(Deed::Link { locker, link: Link::default() })),
            Event::ClockJump { ms } => drop(self.deed(Deed::Clock { at, fault: ClockFault::Step(*ms) })),
            Event::ClockConfirmed => drop(self.deed(Deed::Clock { at, fault: ClockFault::Confirm })),
            Event::ConfirmedAtStart(clock) => drop(self.deed(Deed::Confirms { at, clock: *clock })),
            Event::Disk(room) => drop(self.deed(Deed::Disk { at, room: *room })),
            Event::Post(post) => drop(self.deed(Deed::Post { locker, post: *post })),
            Event::Hang { ms } => drop(self.deed(Deed::Hang { at, ms: *ms })),
            Event::Append(fault) => drop(self.deed(Deed::Append { at, fault: *fault, spares: 0 })),
            Event::Cancel { whose } => {
                let visits = self.planned(|name| name != whose);
                self.deed(Deed::Plan { visits, whole: true });
                self.pass(LINE_MS);
            }
            Event::Active(active) => self.set(|settings| settings.active = *active),
            Event::TwoFactor(two_factor) => self.set(|settings| settings.two_factor = *two_factor),
        }
    }

    fn set(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        let settings = self.settings.clone();
        self.deed(Deed::Set { locker: LOCKER, settings });
        self.pass(LINE_MS);
    }

    /// The number of the running boot, 0 while the computer is off.
    fn boot(&self) -> u32 {
        self.stage.locker(LOCKER).map_or(0, |locker| locker.frame().boot().0)
    }

    /// A power cut that was waiting for its moment has come: the time until the computer is back passes.
    pub(super) fn power_returns(&mut self) {
        if let Some((boot, off_ms)) = self.is_armed
            && self.boot() != boot
        {
            self.is_armed = None;
            self.pass(off_ms + LINE_MS);
        }
    }

    /// Boxes without a sensor: its wire is cut for good.
    pub(super) fn cut_sensors(&mut self) {
        let doors = self.given.without_door_sensor.iter().map(|box_no| Fault::DoorCut { box_no: *box_no });
        let items = self.given.without_item_sensor.iter().map(|box_no| Fault::ItemCut { box_no: *box_no });
        for fault in doors.chain(items) {
            self.cabinet(Who::Somebody, SimCommand::Hurt { fault });
        }
    }
}
