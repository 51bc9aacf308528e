//! Temporary PINs: a dealer admin gets one that opens one named box, or any one box, once (CODE-8).

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::ask::{Answer, Refusal};
use super::codes::Codes;
use super::record::{Death, Origin, Record};
use super::{Draft, staff_code};
use crate::exchange::StaffCode;
use crate::fresh::Fresh;
use crate::ids::{BoxNo, CodeId, SessionId, UserId};
use crate::time::{Age, MINUTE, Mono};

/// How long a temporary PIN lives (CODE-8, fixed).
const LIFE_MS: u64 = 10 * MINUTE;
/// The most temporary PINs alive at a time (`docs/decisions/staff-codes.md`).
const LIVE_MAX: usize = 20;
/// Its digits (CODE-3, CODE-8).
pub(crate) const DIGITS: u32 = 8;

/// A live temporary PIN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Temporary {
    /// Who asked for it, and answers for what is done with it.
    pub(crate) user: UserId,
    /// The box it opens; `None` for any one, chosen at the kiosk.
    pub(crate) box_no: Option<BoxNo>,
    #[serde(with = "hex::serde")]
    pub(crate) hash: [u8; 32],
    pub(crate) age: Age,
    pub(crate) held: Option<SessionId>,
}

impl Temporary {
    /// When its life is over by the clock of this boot; never while a session holds it.
    pub(crate) fn ends(&self) -> Option<Mono> {
        if self.held.is_some() { None } else { Some(self.age.reaches(LIFE_MS)) }
    }
}

impl Codes {
    /// Looks for a typed temporary PIN, comparing each in constant time.
    pub(crate) fn find_temporary(&self, hash: &[u8; 32]) -> Option<CodeId> {
        let mut found = None;
        for (id, code) in &self.temporary {
            if bool::from(code.hash.ct_eq(hash)) {
                found = Some(*id);
            }
        }
        found
    }
}

/// Makes a temporary PIN. It leaves the machine here and nowhere else.
pub(crate) fn make(
    draft: &mut Draft<'_>,
    user: UserId,
    box_no: Option<BoxNo>,
    fresh: &Fresh,
) -> Result<Answer, Refusal> {
    let durable = draft.durable();
    if box_no.is_some_and(|box_no| durable.box_state(box_no).is_none()) {
        return Err(Refusal::UnknownBox);
    }
    let codes = &durable.codes;
    let most = usize::from(durable.settings.long_codes_max);
    if codes.temporary.len() >= LIVE_MAX || codes.count(Origin::CheckIn) >= most {
        return Err(Refusal::TooManyCodes);
    }
    let code = CodeId(codes.last.0 + 1);
    let (pin, hash) = codes.draw(draft.key(), DIGITS, fresh);
    draft.record(Record::TemporaryMade { code, user, box_no, hash });
    Ok(Answer::Temporary { pin })
}

/// The session's temporary PIN has opened its box, or nobody can say that it has not.
pub(crate) fn spend(draft: &mut Draft<'_>) {
    for code in held(draft) {
        draft.record(Record::CodeDied { code, why: Death::Used });
    }
}

fn held(draft: &Draft<'_>) -> Vec<CodeId> {
    let temporary = draft.durable().codes.temporary.iter();
    temporary.filter(|(_, code)| code.held.is_some()).map(|(id, _)| *id).collect()
}

/// The PINs of users who may have none any more die at once, unless a box is already open with one (START-6).
pub(crate) fn keep_only(draft: &mut Draft<'_>, may: &[UserId]) {
    let temporary = draft.durable().codes.temporary.iter().filter(|(_, code)| !may.contains(&code.user));
    let dead: Vec<(CodeId, UserId)> = temporary.map(|(id, code)| (*id, code.user)).collect();
    for (code, user) in dead {
        staff_code::user_gone(draft, user, StaffCode::Temporary);
        if draft.durable().codes.temporary.get(&code).is_some_and(|code| code.held.is_none()) {
            draft.record(Record::CodeDied { code, why: Death::Cancelled });
        }
    }
}
