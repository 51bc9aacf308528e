//! Boxes that staff open with a code of their own: temporary PINs and authenticators (CODE-8, CODE-9).
//!
//! The office says who may; the locker makes the code, live. Who may not any more is said by
//! [`Desired`](crate::Desired), so that a locker out of reach hears of it as soon as it is back.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::admin::{Needs, allow};
use super::ask::{Answer, By, Caller, fits};
use super::record::Record;
use super::refuse::Refusal;
use super::state::Durable;
use super::user::Right;
use super::{Office, check};
use crate::ids::{BoxNo, LockerId, UserId};
use crate::machine::{Draft, Machine};
use crate::secret::Personal;
use crate::vault::Subject;

/// The most characters of a reason.
const REASON_MAX: usize = 200;

/// Somebody's authenticator for a locker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuthenticatorView {
    /// Whose.
    pub user: UserId,
    /// The name; empty once erased.
    pub name: String,
    /// Whether it is the viewer's own.
    pub own: bool,
}

/// A user asks for a temporary PIN: the right, the box, the reason.
pub(super) fn temporary_pin(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    locker: LockerId,
    box_no: Option<BoxNo>,
    reason: String,
) -> Result<Answer, Refusal> {
    if let Err(denied) = allow(draft, By::User(*caller), Needs::Right(Right::TemporaryCode))? {
        return Ok(denied);
    }
    let row = draft.durable().lockers.get(&locker).ok_or(Refusal::NoSuchLocker)?;
    if box_no.is_some_and(|box_no| box_no.get() > row.boxes) {
        return Err(Refusal::NoSuchBox);
    }
    if !fits(&reason, REASON_MAX) {
        return Err(Refusal::OutOfRange);
    }
    let (tablet, user) = (caller.tablet, caller.user);
    let reason = Personal::new(Subject::User(user), reason);
    draft.record(Record::TemporaryPinAsked { tablet, user, locker, box_no, reason });
    Ok(Answer::TemporaryPin { locker, user, box_no })
}

/// A user enrols an authenticator: for nobody else, as its secret is shown.
pub(super) fn enrol(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    locker: LockerId,
) -> Result<Answer, Refusal> {
    if let Err(denied) = allow(draft, By::User(*caller), Needs::Right(Right::TemporaryCode))? {
        return Ok(denied);
    }
    if !draft.durable().lockers.contains_key(&locker) {
        return Err(Refusal::NoSuchLocker);
    }
    let (tablet, user) = (caller.tablet, caller.user);
    draft.record(Record::AuthenticatorEnrolled { tablet, user, locker });
    Ok(Answer::Enrol { locker, user, revision: draft.durable().revision })
}

/// The owner or a dealer admin revokes an authenticator.
pub(super) fn revoke(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    locker: LockerId,
    user: UserId,
) -> Result<Answer, Refusal> {
    check(draft.durable(), caller)?;
    if user != caller.user
        && let Err(denied) = allow(draft, By::User(*caller), Needs::DealerAdmin)?
    {
        return Ok(denied);
    }
    let known = draft.durable().authenticators.get(&locker);
    if !known.is_some_and(|people| people.contains(&user)) {
        return Err(Refusal::AlreadySo);
    }
    draft.record(Record::AuthenticatorRevoked { user, locker, by: caller.user });
    Ok(Answer::Done)
}

/// The users who may have temporary PINs now.
pub(super) fn holders(durable: &Durable) -> Vec<UserId> {
    let users = durable.users.iter();
    users.filter(|(_, row)| row.may(Right::TemporaryCode)).map(|(id, _)| *id).collect()
}

/// The users whose authenticators open the boxes of a locker.
pub(super) fn enrolled(durable: &Durable, locker: LockerId) -> Vec<UserId> {
    durable.authenticators.get(&locker).into_iter().flatten().copied().collect()
}

impl Durable {
    /// A user was entered or changed: who may not any more loses the authenticators for good, and the lockers are told.
    pub(super) fn change_code_holder(&mut self, user: UserId, may: bool, seq: u64) {
        let might = self.users.get(&user).is_some_and(|row| row.may(Right::TemporaryCode));
        if might != may {
            self.revision = seq;
        }
        if !may {
            self.authenticators.values_mut().for_each(|people| {
                people.remove(&user);
            });
        }
    }
}

impl Office {
    /// Who has an authenticator for a locker: all of them for a dealer admin, their own for others.
    ///
    /// # Errors
    /// The viewer is not logged in any more.
    pub fn authenticators(
        &self,
        viewer: &Caller,
        locker: LockerId,
    ) -> Result<Vec<AuthenticatorView>, Refusal> {
        let durable = self.frame().durable();
        let (row, _) = check(durable, viewer)?;
        let view = |user: UserId| {
            let name = durable.users.get(&user).and_then(|row| row.name.get().cloned());
            AuthenticatorView { user, name: name.unwrap_or_default(), own: user == viewer.user }
        };
        let all = enrolled(durable, locker).into_iter().map(view);
        Ok(all.filter(|view| view.own || row.is_dealer_admin()).collect())
    }
}
