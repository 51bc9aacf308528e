//! Putting everything right: the deeds after which a dealership must come to rest.

use locker_core::office::Right;
use locker_core::{Act, BoxNo, Door, HOUR, LockerId, MINUTE};

use super::deed::{ClockFault, Computer, Deed, Link, Post, Who};
use super::disk::Room;
use super::mood::Mood;
use super::run::{Event, World};
use super::stage::Stage;
use super::visitor::{Errand, Visitor};
use crate::SimCommand;

impl World {
    /// Faults stop, doors are closed, staff settle what is to be checked; then everything must agree.
    pub fn heal(&mut self) {
        self.plan.mishaps.clear();
        self.agenda.clear();
        self.present.iter_mut().for_each(|present| *present = None);
        for deed in cures(&self.stage) {
            self.act(deed);
            self.look();
        }
        let lockers: Vec<LockerId> = self.stage.lockers().collect();
        let mut permitted = false;
        for _ in 0..80 {
            self.rest(10 * MINUTE);
            if !permitted {
                let said: Vec<bool> =
                    permits(&self.stage).into_iter().map(|deed| self.act(deed).is_some()).collect();
                permitted = said.into_iter().all(|is_heard| is_heard);
            }
            for locker in &lockers {
                for deed in shut_doors(&mut self.stage, *locker) {
                    self.act(deed);
                }
                let boxes = self.stage.locker(*locker).map(locker_core::Locker::boxes).unwrap_or_default();
                let first = boxes.iter().find(|report| report.to_check.is_some() || report.out.is_some());
                if let Some(report) = first {
                    let errand = Errand::Staff { staff: 0, act: Act::Check { box_no: report.box_no } };
                    let visitor = Box::new(Visitor::new(errand, Who::Staff(0), Mood::PROMPT));
                    self.soon(1_000, Event::Arrive { locker: *locker, visitor, tries: 0 });
                }
            }
            let runs = lockers.iter().all(|locker| self.stage.locker(*locker).is_some());
            if runs && self.stage.office().is_some() && self.agenda.is_empty() || self.violation.is_some() {
                break;
            }
            self.rest(10 * MINUTE);
            self.agenda.clear();
            self.present.iter_mut().for_each(|present| *present = None);
        }
        self.rest(3 * HOUR);
        if let (Some(watch), None) = (&mut self.watch, &self.violation)
            && let Err(violation) = watch.converged(&mut self.stage)
        {
            self.violation = Some(violation);
        }
    }
}

/// Everything that was broken is mended.
fn cures(stage: &Stage) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let lockers = stage.lockers().map(Computer::Locker);
    for at in lockers.chain([Computer::Office]) {
        // Else a step of the last hours would be struck, with nobody left to wait for the power.
        deeds.push(Deed::Spare { at });
        deeds.push(Deed::Disk { at, room: Room::Ample });
        deeds.push(Deed::Confirms { at, clock: true });
        deeds.push(Deed::Clock { at, fault: ClockFault::Drift(0) });
        deeds.push(Deed::Clock { at, fault: ClockFault::Confirm });
    }
    for locker in stage.lockers() {
        deeds.push(Deed::Cabinet { locker, who: Who::Somebody, command: SimCommand::HealAll });
        deeds.push(Deed::Link { locker, link: Link::default() });
        deeds.push(Deed::Post { locker, post: Post::Up });
    }
    deeds
}

/// Everybody may do their work again: to be said once the machines run, for one that is away hears nothing.
fn permits(stage: &Stage) -> Vec<Deed> {
    // The security code may have changed without anybody hearing of it.
    let mut deeds = vec![Deed::SecurityCode { code: stage.plan().security_code }];
    for staff in 0..4 {
        deeds.push(Deed::Allow { staff, rights: Right::ALL.to_vec(), active: true });
    }
    deeds.extend(stage.lockers().map(|locker| Deed::EndMaintenance { locker }));
    deeds
}

/// Somebody shuts every door that stands open.
fn shut_doors(stage: &mut Stage, locker: LockerId) -> Vec<Deed> {
    let boxes = BoxNo::first(stage.plan().boxes.max(1));
    let open: Vec<BoxNo> = boxes.filter(|box_no| stage.door(locker, *box_no) == Door::Open).collect();
    let close = |box_no| Deed::Cabinet { locker, who: Who::Somebody, command: SimCommand::Close { box_no } };
    open.into_iter().map(close).collect()
}
