//! The QR on the screen and the scan that answers it (STAFF-PICK-4 to STAFF-PICK-7, CODE-7).

use subtle::ConstantTimeEq;

use super::ask::{Answer, Denial, Refusal};
use super::durable::Custody;
use super::record::{Flow, Record};
use super::serve::OpenFor;
use super::session::{QrShown, StaffAct, Stage, Step};
use super::{Draft, lookup, serve, touch};
use crate::exchange::{Act, Proof, Scan};
use crate::fresh::Fresh;
use crate::screen::{Button, Touch};
use crate::secret::Secret;
use crate::time::SECOND;

/// How long a QR stays open (STAFF-PICK-5, fixed).
pub(crate) const LIFE_MS: u64 = 30 * SECOND;
/// Wrong entries of the digits under it that close it (STAFF-PICK-7).
const WRONG_DIGITS_MAX: u8 = 3;

/// Shows a QR made for this instance alone.
pub(crate) fn show(draft: &mut Draft<'_>, fresh: &Fresh) -> Result<Answer, Refusal> {
    let nonce = Secret::new(fresh.stream(b"qr").bytes());
    let mut stream = fresh.stream(b"digits");
    let mut digits = [0; 8];
    for digit in &mut digits {
        *digit = b'0' + u8::try_from(stream.below(10)).unwrap_or_default();
    }
    let made = draft.at().mono;
    let shown = QrShown { nonce, digits: Secret::new(digits), made, wrong: 0, closed: false };
    touch::go(draft, Step::Qr(shown));
    Ok(Answer::Done)
}

/// A touch while the QR is shown.
pub(crate) fn touched(draft: &mut Draft<'_>, touch: &Touch) -> Result<Answer, Refusal> {
    match touch.action.button() {
        Some(Button::NewQr) => show(draft, &touch.fresh),
        Some(Button::Back) => {
            touch::go(draft, Step::Method);
            Ok(Answer::Done)
        }
        Some(_) | None => Err(Refusal::NotOffered),
    }
}

/// Closes the QR: by time, or after three wrong entries.
pub(crate) fn close(draft: &mut Draft<'_>) {
    if let Some(shown) = shown_mut(draft) {
        shown.closed = true;
        draft.session.turn();
    }
}

fn shown_mut<'a>(draft: &'a mut Draft<'_>) -> Option<&'a mut QrShown> {
    let Stage::Active(active) = &mut draft.session.stage else {
        return None;
    };
    let Step::Qr(shown) = &mut active.step else {
        return None;
    };
    (!shown.closed).then_some(shown)
}

/// The office forwards a scan: the first with the right proof takes the QR and opens the box, any other is refused,
/// recorded, and does not spend it (STAFF-PICK-6).
pub(crate) fn scanned(draft: &mut Draft<'_>, scan: &Scan) -> Result<Answer, Refusal> {
    if let Some((_, opened)) = draft.durable().scans.iter().find(|(id, _)| *id == scan.id) {
        return Ok(Answer::Opens(*opened));
    }
    // A denied scan that comes again is the same scan: it is counted once, and cannot come to be right later.
    if let Some((_, why)) = draft.durable().denied.iter().find(|(id, _)| *id == scan.id) {
        return Ok(Answer::Denied(*why));
    }
    match judge(draft, scan) {
        Ok(open_for) => {
            if let (OpenFor::PickUp { .. }, Stage::Active(active)) = (&open_for, &mut draft.session.stage) {
                active.flow = Flow::PickUp;
            }
            Ok(serve::begin_for_staff(draft, scan, open_for))
        }
        Err(why) => {
            draft.record(Record::ScanDenied { scan: scan.id, user: scan.user, why });
            Ok(Answer::Denied(why))
        }
    }
}

fn judge(draft: &mut Draft<'_>, scan: &Scan) -> Result<OpenFor, Denial> {
    let may_type = draft.durable().settings.typed_code;
    let Stage::Active(active) = &draft.session.stage else {
        return Err(Denial::NoQr);
    };
    let flow = active.flow;
    let is_classic = active.settings.profile.is_classic();
    let shown = shown_mut(draft).ok_or(Denial::NoQr)?;
    match &scan.proof {
        Proof::Qr(nonce) => {
            if !bool::from(nonce.reveal().ct_eq(shown.nonce.reveal())) {
                return Err(Denial::ForeignQr);
            }
        }
        Proof::Typed(_) if !may_type => return Err(Denial::TypingOff),
        Proof::Typed(digits) => {
            if !bool::from(digits.reveal().ct_eq(shown.digits.reveal())) {
                shown.wrong += 1;
                if shown.wrong >= WRONG_DIGITS_MAX {
                    close(draft);
                }
                return Err(Denial::WrongDigits);
            }
        }
    }
    let durable = draft.durable();
    match scan.act {
        // In the older edition the ticket says what is done, and nothing goes out to customers.
        Act::PickUp { .. } if flow == Flow::Drop && !is_classic => Err(Denial::OtherFlow),
        Act::Drop { .. } if flow == Flow::PickUp || is_classic => Err(Denial::OtherFlow),
        Act::PickUp { visit } => match durable.custody(visit) {
            Custody::Box { box_no } | Custody::ToCheck { box_no, .. } => {
                Ok(OpenFor::PickUp { visit, box_no })
            }
            Custody::Customer | Custody::Staff { .. } | Custody::Missing { .. } => Err(Denial::KeyNotHere),
        },
        // From any custody but a box (OFFICE-14).
        Act::Drop { visit } => match (durable.custody(visit), durable.visits.get(&visit), &scan.to) {
            (Custody::Box { .. } | Custody::ToCheck { .. }, _, _) => Err(Denial::KeyInBox),
            (Custody::Customer | Custody::Staff { .. } | Custody::Missing { .. }, Some(_), Some(to))
                if lookup::is_reachable(to, &durable.settings) =>
            {
                let box_no = serve::choose(draft).ok_or(Denial::Full)?;
                Ok(OpenFor::Drop { visit, to: to.clone(), box_no })
            }
            (Custody::Customer | Custody::Staff { .. } | Custody::Missing { .. }, _, _) => {
                Err(Denial::NobodyToTell)
            }
        },
        Act::Check { box_no } => {
            durable.box_state(box_no).map(|_| OpenFor::Check { box_no }).ok_or(Denial::NoSuchBox)
        }
    }
}

/// Who acts, by a scan.
pub(crate) fn staff_of(scan: &Scan) -> StaffAct {
    StaffAct { user: scan.user, ticket: scan.ticket }
}
