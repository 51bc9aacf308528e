//! Putting everything right: the deeds after which a dealership must come to rest.

use locker_core::office::Right;
use locker_core::{BoxNo, Door, LockerId};

use super::deed::{ClockFault, Computer, Deed, Link, Post, Who};
use super::disk::Room;
use super::stage::Stage;
use crate::SimCommand;

/// Everything that was broken is mended.
pub(super) fn cures(stage: &Stage) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let lockers = stage.lockers().map(Computer::Locker);
    for at in lockers.chain([Computer::Office]) {
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
pub(super) fn permits(stage: &Stage) -> Vec<Deed> {
    // The security code may have changed without anybody hearing of it.
    let mut deeds = vec![Deed::SecurityCode { code: stage.plan().security_code }];
    for staff in 0..4 {
        deeds.push(Deed::Allow { staff, rights: Right::ALL.to_vec(), active: true });
    }
    deeds.extend(stage.lockers().map(|locker| Deed::EndMaintenance { locker }));
    deeds
}

/// Somebody shuts every door that stands open.
pub(super) fn shut_doors(stage: &mut Stage, locker: LockerId) -> Vec<Deed> {
    let boxes = BoxNo::first(stage.plan().boxes.max(1));
    let open: Vec<BoxNo> = boxes.filter(|box_no| stage.door(locker, *box_no) == Door::Open).collect();
    let close = |box_no| Deed::Cabinet { locker, who: Who::Somebody, command: SimCommand::Close { box_no } };
    open.into_iter().map(close).collect()
}
