//! Doors as the sensors tell them: openings with and without a command, doors left open, sensors that flutter
//! (BOX-5 to BOX-7).

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::durable::Durable;
use super::record::{Cause, Record};
use super::session::Session;
use super::{Draft, serve};
use crate::cabinet::{Door, Readings};
use crate::exchange::CheckReason;
use crate::ids::BoxNo;
use crate::time::{MINUTE, Mono};

/// A door open this long is told to the office (BOX-5).
const LEFT_OPEN_MS: u64 = 3 * MINUTE;
/// More changes than this within [`STEADY_MS`] are a fault of the sensor (BOX-7).
const CHANGES_MAX: usize = 10;
/// A sensor that has been quiet for this long is steady again.
const STEADY_MS: u64 = MINUTE;

/// Takes in what the cabinet says: edges first, in order, then levels that no edge explains.
pub(crate) fn read(draft: &mut Draft<'_>, readings: Arc<Readings>) {
    if draft.session.latest.as_ref().is_some_and(|latest| latest.taken > readings.taken) {
        return;
    }
    draft.session.latest = Some(Arc::clone(&readings));
    if let Some(report) = readings.pulse {
        serve::reported(draft, report);
    }
    for edge in &readings.edges {
        if edge.n > draft.session.edges_seen {
            draft.session.edges_seen = edge.n;
            changed(draft, edge.box_no, edge.to, edge.at);
        }
    }
    for level in &readings.boxes {
        let Some(state) = draft.durable().box_state(level.box_no) else {
            continue;
        };
        if !state.unsteady && level.door != Door::Unknown && level.door != state.door {
            changed(draft, level.box_no, level.door, readings.taken);
        }
        if !draft.session.doors.compared.contains(level.box_no) && level.door != Door::Unknown {
            draft.session.doors_mut().compared.insert(level.box_no);
        }
    }
    serve::read(draft, &readings);
}

fn changed(draft: &mut Draft<'_>, box_no: BoxNo, to: Door, at: Mono) {
    let Some(state) = draft.durable().box_state(box_no) else {
        return;
    };
    // The first level of all is no change.
    let is_edge = state.door != Door::Unknown;
    if to == Door::Unknown || is_edge && is_fluttering(draft, box_no, state.unsteady, at) {
        return;
    }
    let state = draft.durable().box_state(box_no).expect("looked up above");
    if state.door == to {
        return;
    }
    if to == Door::Open {
        let cause = cause_of(draft, box_no);
        opened(draft, box_no, cause, at);
    } else {
        let was_left_open = state.left_open;
        draft.session.doors_mut().open.remove(&box_no);
        draft.record(Record::DoorClosed { box_no, was_left_open });
    }
    serve::door_changed(draft, box_no, to, at);
    draft.session.turn();
}

fn cause_of(draft: &Draft<'_>, box_no: BoxNo) -> Cause {
    let state = draft.durable().box_state(box_no).expect("the caller looked it up");
    if serve::is_opening(&draft.session, box_no) {
        return Cause::Commanded;
    }
    let is_first = !draft.session.doors.compared.contains(box_no);
    match (state.door, state.unspent_pulse) {
        (_, Some(_)) => Cause::Late,
        (Door::Unknown, None) => Cause::Found,
        (Door::Closed | Door::Open, None) if draft.durable().maintenance.is_some() => Cause::Maintenance,
        (Door::Closed | Door::Open, None) if is_first => Cause::WhileOff,
        (Door::Closed | Door::Open, None) => Cause::Forced,
    }
}

fn opened(draft: &mut Draft<'_>, box_no: BoxNo, cause: Cause, at: Mono) {
    draft.session.doors_mut().open.insert(box_no, at);
    let fired = draft.session.doors.fired.get(&box_no).copied();
    let since_pulse_ms = match cause {
        Cause::Forced => fired.map(|fired| at.since(fired)),
        Cause::Commanded | Cause::Late | Cause::WhileOff | Cause::Maintenance | Cause::Found => None,
    };
    draft.record(Record::DoorOpened { box_no, cause, since_pulse_ms });
    let reason = match cause {
        Cause::Forced => CheckReason::Forced,
        Cause::WhileOff => CheckReason::OpenedWhileOff,
        Cause::Maintenance => CheckReason::Maintenance,
        // No alarm, but nobody stood there whom the locker knows: the content is not certain (BOX-11).
        Cause::Late => CheckReason::Unknown,
        Cause::Commanded | Cause::Found => return,
    };
    if serve::is_serving(&draft.session, box_no) {
        return;
    }
    let state = draft.durable().box_state(box_no).expect("the caller looked it up");
    if state.check.is_none() {
        let visit = state.booked();
        let user = match cause {
            Cause::Maintenance => draft.durable().maintenance.map(|maintenance| maintenance.user),
            Cause::Commanded | Cause::Late | Cause::Forced | Cause::WhileOff | Cause::Found => None,
        };
        draft.record(Record::BoxToCheck { box_no, visit, reason, user });
    }
}

/// Counts the change; says whether the sensor is not to be believed.
fn is_fluttering(draft: &mut Draft<'_>, box_no: BoxNo, is_unsteady: bool, at: Mono) -> bool {
    let changes: &mut Vec<Mono> = draft.session.doors_mut().changes.entry(box_no).or_default();
    changes.retain(|change| at.since(*change) < STEADY_MS);
    changes.push(at);
    if changes.len() > 2 * CHANGES_MAX {
        changes.remove(0);
    }
    let is_too_many = changes.len() > CHANGES_MAX;
    if is_too_many && !is_unsteady {
        draft.record(Record::DoorUnsteady { box_no });
        draft.session.turn();
    }
    is_unsteady || is_too_many
}

/// When the next door is left open too long, or the next sensor has been quiet long enough.
pub(crate) fn next_deadline(durable: &Durable, session: &Session) -> Option<Mono> {
    let left_open = session.doors.open.iter().filter_map(|(box_no, since)| {
        let state = durable.box_state(*box_no)?;
        (!state.left_open).then(|| since.after(LEFT_OPEN_MS))
    });
    let steady = session.doors.changes.iter().filter_map(|(box_no, changes)| {
        let is_unsteady = durable.box_state(*box_no)?.unsteady;
        is_unsteady.then(|| changes.last().copied().unwrap_or_default().after(STEADY_MS))
    });
    left_open.chain(steady).min()
}

/// Settles doors left open and sensors gone quiet.
pub(crate) fn settle(draft: &mut Draft<'_>) {
    let now = draft.at().mono;
    let open: Vec<(BoxNo, Mono)> =
        draft.session.doors.open.iter().map(|(box_no, since)| (*box_no, *since)).collect();
    for (box_no, since) in open {
        let is_told = draft.durable().box_state(box_no).is_none_or(|state| state.left_open);
        if !is_told && since.after(LEFT_OPEN_MS) <= now {
            draft.record(Record::DoorLeftOpen { box_no });
        }
    }
    let quiet = |(box_no, changes): (&BoxNo, &Vec<Mono>)| {
        let last = changes.last().copied().unwrap_or_default();
        (last.after(STEADY_MS) <= now).then_some(*box_no)
    };
    let quiet: Vec<BoxNo> = draft.session.doors.changes.iter().filter_map(quiet).collect();
    for box_no in quiet {
        draft.session.doors_mut().changes.remove(&box_no);
        if draft.durable().box_state(box_no).is_some_and(|state| state.unsteady) {
            draft.record(Record::DoorSteady { box_no });
        }
    }
}
