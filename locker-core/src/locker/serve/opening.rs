//! An opening: which box opens for a drop, a return or staff, and how many a visit and a locker may leave unconfirmed
//! (DROP-13, DROP-19, BOX-9).

use super::finish::{finish, last_screen};
use super::pulse::grant;
use crate::cabinet::Door;
use crate::exchange::Scan;
use crate::ids::{BoxNo, VisitId};
use crate::locker::ask::{Answer, Refusal};
use crate::locker::boxes::BoxState;
use crate::locker::durable::Durable;
use crate::locker::record::{Ending, Origin, Outbound, Record};
use crate::locker::session::{CodeCase, DoorPast, DropCase, Purpose, Serving, Sorry, Stage, Step};
use crate::locker::{Draft, pick, qr, touch};
use crate::secret::Personal;
use crate::time::{DAY, HOUR, Mono};
use crate::vault::Subject;
use crate::visit::Contact;

/// Boxes of one visit in a day, and unconfirmed openings of the locker in an hour (DROP-19).
const BOXES_A_DAY: usize = 2;
const UNCONFIRMED_AN_HOUR: usize = 3;

/// Step 4 of a drop: keeps a free box and opens it, within the limits (DROP-13, DROP-19).
pub(crate) fn begin_drop(draft: &mut Draft<'_>, case: DropCase) -> Result<Answer, Refusal> {
    let visit = case.visit;
    if draft.durable().visits.get(&visit).is_none() {
        // Cancelled while the person stood here: at once, as no box is open yet (START-6, OFFICE-13).
        touch::go(draft, Step::NoMatch);
        return Ok(Answer::Done);
    }
    if let Some(phone) = case.phone.clone() {
        let phone = Personal::new(Subject::Visit(visit), phone);
        draft.record(Record::PhoneAdded { visit, phone });
    }
    if let Some(remark) = case.remark.clone() {
        let remark = Personal::new(Subject::Visit(visit), remark);
        draft.record(Record::RemarkLeft { visit, remark });
    }
    next_box(draft, Purpose::Drop(case));
    Ok(Answer::Done)
}

/// Keeps the next free box for a key that is to be put in, or says why not.
pub(super) fn next_box(draft: &mut Draft<'_>, purpose: Purpose) {
    let (visit, outbound) = match &purpose {
        Purpose::Drop(case) => (case.visit, None),
        Purpose::StaffDrop { visit, by, to } => {
            let to = Personal::new(Subject::Visit(*visit), to.clone());
            (*visit, Some(Outbound { user: by.user, to }))
        }
        // Their key lies where it lies.
        Purpose::PickUp { .. } | Purpose::Collect { .. } | Purpose::Check { .. } => return,
    };
    // The limits are there against strangers; staff have proved who they are.
    if outbound.is_none() && is_limited(draft, Some(visit)) {
        return finish(draft, Ending::Failed, Step::Sorry { why: Sorry::Limited, until: last_screen(draft) });
    }
    let Some(box_no) = choose(draft) else {
        return finish(draft, Ending::Failed, Step::Sorry { why: Sorry::Full, until: last_screen(draft) });
    };
    let session = draft.session.id().expect("step 4 runs in a session");
    draft.record(Record::BoxReserved { box_no, visit, session, outbound });
    open(draft, box_no, purpose);
}

/// The visit's box that is to be checked opens again, never another (DROP-19).
pub(crate) fn return_to(draft: &mut Draft<'_>, case: DropCase, box_no: BoxNo) -> Result<Answer, Refusal> {
    if is_limited(draft, None) {
        finish(draft, Ending::Failed, Step::Sorry { why: Sorry::Limited, until: last_screen(draft) });
    } else {
        open(draft, box_no, Purpose::Drop(case));
    }
    Ok(Answer::Done)
}

/// A right PIN opens the box of the customer's key, or once more the empty one (PICK-2, PICK-3).
pub(crate) fn begin_collect(draft: &mut Draft<'_>, visit: VisitId, box_no: BoxNo, again: bool) {
    draft.session.touched = draft.at().mono;
    open(draft, box_no, Purpose::Collect { visit, again });
}

/// Whether too many openings of this locker went unconfirmed within the hour (DROP-19).
pub(crate) fn is_limited_here(durable: &Durable, now: Mono) -> bool {
    Durable::younger(&durable.unconfirmed, HOUR, now) >= UNCONFIRMED_AN_HOUR
}

/// Whether too many openings went unconfirmed; the office is told.
fn is_limited(draft: &mut Draft<'_>, visit: Option<VisitId>) -> bool {
    let (durable, now) = (draft.durable(), draft.at().mono);
    let boxes = visit.map_or(0, |visit| Durable::counted(&durable.reservations, Some(visit), DAY, now));
    let about = if is_limited_here(durable, now) {
        None
    } else if boxes >= BOXES_A_DAY {
        visit
    } else {
        return false;
    };
    draft.record(Record::OpeningsLimited { visit: about });
    true
}

/// The free box that was used longest ago; a low one for who asked for it (BOX-9).
pub(crate) fn choose(draft: &Draft<'_>) -> Option<BoxNo> {
    let wants_low = matches!(&draft.session.stage, Stage::Active(active) if active.low);
    let is_silent = |state: &BoxState| {
        draft.session.latest.as_ref().is_some_and(|latest| latest.of(state.no()).is_none())
    };
    let fits = |state: &&BoxState| state.takes_a_key() && draft.session.door(state.no()) != Door::Open;
    let boxes = draft.durable().boxes.iter().filter(fits);
    let best = boxes
        .min_by_key(|state| (is_silent(state), wants_low && !state.place.low, state.used_at, state.no()));
    best.map(BoxState::no)
}

/// A valid scan opens a box for a member of staff.
pub(crate) fn begin_for_staff(draft: &mut Draft<'_>, scan: &Scan, open_for: OpenFor) -> Answer {
    let by = qr::staff_of(scan);
    draft.session.touched = draft.at().mono;
    let (purpose, box_no) = match open_for {
        OpenFor::Drop { visit, to, box_no } => (Purpose::StaffDrop { visit, by, to }, box_no),
        OpenFor::PickUp { visit, box_no } => (Purpose::PickUp { visit, by }, box_no),
        OpenFor::Check { box_no } => (Purpose::Check { user: by.user }, box_no),
    };
    let session = draft.session.id().expect("a QR is shown in a session");
    let typed = matches!(scan.proof, crate::exchange::Proof::Typed(_));
    let (act, user, ticket) = (scan.act, scan.user, scan.ticket);
    draft.record(Record::ScanTaken { scan: scan.id, user, ticket, act, opens: box_no, session, typed });
    match purpose {
        Purpose::StaffDrop { visit, .. } => {
            next_box(draft, purpose);
            pick::over(draft, visit);
        }
        Purpose::PickUp { visit, .. } => {
            // The customer's PIN sleeps until it is known what became of the key (STAFF-DROP-5).
            if let Some(code) = draft.durable().codes.only_pin_of(visit, Origin::PickUp) {
                draft.record(Record::CodeSlept { code });
            }
            open(draft, box_no, purpose);
        }
        Purpose::Drop(_) | Purpose::Collect { .. } | Purpose::Check { .. } => open(draft, box_no, purpose),
    }
    Answer::Opens(box_no)
}

/// A right code of staff opens a box to be looked into (CODE-8, CODE-9).
pub(crate) fn begin_by_code(draft: &mut Draft<'_>, case: &CodeCase, box_no: BoxNo) {
    draft.session.touched = draft.at().mono;
    let session = draft.session.id().expect("a code is typed in a session");
    let (user, how, reason) = (case.user, case.how, case.reason);
    draft.record(Record::StaffCodeTaken { user, how, opens: box_no, session, reason });
    open(draft, box_no, Purpose::Check { user });
}

/// What a scan that was found right opens a box for.
pub(crate) enum OpenFor {
    /// A key is put in this free box, for the customer.
    Drop { visit: VisitId, to: Contact, box_no: BoxNo },
    /// The key in this box is taken.
    PickUp { visit: VisitId, box_no: BoxNo },
    /// This box is looked into.
    Check { box_no: BoxNo },
}

fn open(draft: &mut Draft<'_>, box_no: BoxNo, purpose: Purpose) {
    let phase = grant(draft, box_no, 1, purpose.staff());
    let (attempt, reopened, misses, wish) = (1, 0, 0, None);
    let door = DoorPast::Shut;
    let asked = false;
    let serving = Serving { box_no, purpose, phase, attempt, reopened, misses, asked, wish, door };
    touch::go(draft, Step::Serve(serving));
}
