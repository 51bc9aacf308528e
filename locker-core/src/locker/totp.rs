//! Authenticators: a code of staff that needs no link (CODE-9). RFC 6238, <https://www.rfc-editor.org/rfc/rfc6238>.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use totp_rs::{Algorithm, Builder};

use super::ask::{Answer, Refusal};
use super::durable::Durable;
use super::record::Record;
use super::{Draft, staff_code};
use crate::exchange::StaffCode;
use crate::fresh::Fresh;
use crate::ids::UserId;
use crate::secret::{HoldsPersonal, Personal, Sealable, Secret};
use crate::time::{Age, At, HOUR, Mono, Wall};
use crate::vault::{SealError, Subject};

/// How long a code of an authenticator is shown, in seconds (CODE-9, fixed).
pub const TOTP_STEP_SECONDS: u64 = 30;
/// The digits of a code of an authenticator (CODE-9, fixed).
pub const TOTP_DIGITS: u8 = 8;
/// Steps that a clock may be off, either way (CODE-9, fixed).
const SKEW: u64 = 1;
/// Wrong staff codes within an hour after which none is looked for (CODE-9).
const WRONG_AN_HOUR: usize = 5;
/// The most people enrolled at a locker: 120 tries a day against three codes of each, and against the temporary PINs,
/// succeed in 0.017 % (`docs/decisions/staff-codes.md`).
const PEOPLE_MAX: usize = 50;

/// What an authenticator and one locker share: 32 bytes. In a record or a snapshot only within a [`Personal`], sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpSecret(Secret<[u8; 32]>);

impl Serialize for TotpSecret {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.reveal().serialize(to)
    }
}

impl<'de> Deserialize<'de> for TotpSecret {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <[u8; 32]>::deserialize(from).map(|bytes| Self(Secret::new(bytes)))
    }
}

impl TotpSecret {
    /// Whether these digits are the code of a step.
    fn shows(&self, digits: &str, step: u64) -> bool {
        let authenticator = Builder::new()
            .with_algorithm(Algorithm::SHA256)
            .with_digits(TOTP_DIGITS)
            .with_step_duration(TOTP_STEP_SECONDS)
            .with_skew(0)
            .with_secret(*self.0.reveal())
            .build()
            .expect("32 bytes and 8 digits are within RFC 6238");
        authenticator.check(digits, step.saturating_mul(TOTP_STEP_SECONDS)).is_some()
    }
}

/// One person's authenticator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Enrolment {
    secret: Personal<TotpSecret>,
    /// The office's revision when it was asked for: what the office wanted before says nothing of it.
    revision: u64,
    /// The step of the last code that was accepted: no code of it or of one before is accepted again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_step: Option<u64>,
}

/// Everybody's authenticators, and the count of wrong staff codes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Authenticators {
    people: BTreeMap<UserId, Enrolment>,
    failures: Vec<Age>,
    /// The last time that was not in doubt, while the clock is: no code of a step before it is alive (SAFE-7).
    not_before: Option<Wall>,
}

/// What digits turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// This person's code of this step.
    Live { user: UserId, step: u64 },
    /// A code that was accepted before, or of a time before the clock went back.
    Dead,
    /// Nobody's.
    Nothing,
}

fn step_at(wall: Wall) -> u64 {
    // Before 1970 no authenticator shows anything.
    u64::try_from(wall.0).unwrap_or_default() / (TOTP_STEP_SECONDS * 1_000)
}

impl Authenticators {
    /// Whether this user has one.
    pub(crate) fn has(&self, user: UserId) -> bool {
        self.people.contains_key(&user)
    }

    /// Whose code these digits are at `wall`. Looks at all people and steps, found or not.
    pub(crate) fn find(&self, digits: &str, wall: Wall) -> Shown {
        let now = step_at(wall);
        let oldest = self.not_before.map_or(0, |before| step_at(before).saturating_sub(SKEW));
        let mut found = Shown::Nothing;
        for (user, enrolment) in &self.people {
            let Some(secret) = enrolment.secret.get() else { continue };
            for step in now.saturating_sub(SKEW)..=now + SKEW {
                if !secret.shows(digits, step) {
                    continue;
                }
                if step >= oldest && enrolment.last_step.is_none_or(|last| step > last) {
                    found = Shown::Live { user: *user, step };
                } else if found == Shown::Nothing {
                    found = Shown::Dead;
                }
            }
        }
        found
    }

    /// For how many milliseconds no staff code is looked for, if too many were wrong.
    pub(crate) fn waits_for(&self, now: Mono) -> Option<u64> {
        let fifth = self.failures.iter().rev().nth(WRONG_AN_HOUR - 1)?;
        Some(fifth.reaches(HOUR).since(now)).filter(|left| *left > 0)
    }

    pub(crate) fn cross_boot(&mut self, cross: &impl Fn(&mut Age)) {
        self.failures.iter_mut().for_each(cross);
    }

    pub(crate) fn apply(&mut self, record: &Record, at: At) {
        if let Record::TotpEnrolled { user, revision, secret } = record {
            let enrolment = Enrolment { secret: secret.clone(), revision: *revision, last_step: None };
            self.people.insert(*user, enrolment);
        } else if let Record::TotpRevoked { user } = record {
            self.people.remove(user);
        } else if let Record::TotpAccepted { user, step, .. } = record {
            if let Some(enrolment) = self.people.get_mut(user) {
                enrolment.last_step = Some(*step);
            }
        } else if let Record::StaffCodeFailed { .. } = record {
            self.failures.retain(|age| age.ms(at.mono) < HOUR);
            self.failures.push(Age::begun(at));
        } else if let Record::ClockDoubted { before, .. } = record {
            if !self.people.is_empty() {
                self.not_before.get_or_insert(*before);
            }
        } else if let Record::ClockConfirmed {} = record {
            self.not_before = None;
        }
    }
}

impl HoldsPersonal for Authenticators {
    fn visit_personal(
        &mut self,
        visit: &mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>,
    ) -> Result<(), SealError> {
        self.people.values_mut().try_for_each(|enrolment| visit(&mut enrolment.secret))
    }
}

/// Makes a secret for a user's authenticator; an earlier one of that user is worth nothing any more. It leaves the
/// machine here and nowhere else.
pub(crate) fn enrol(
    draft: &mut Draft<'_>,
    user: UserId,
    revision: u64,
    fresh: &Fresh,
) -> Result<Answer, Refusal> {
    let people = &draft.durable().authenticators.people;
    if people.len() >= PEOPLE_MAX && !people.contains_key(&user) {
        return Err(Refusal::TooManyCodes);
    }
    let bytes = fresh.stream(b"authenticator").bytes();
    let secret = Personal::new(Subject::User(user), TotpSecret(Secret::new(bytes)));
    draft.record(Record::TotpEnrolled { user, revision, secret });
    Ok(Answer::Enrolled { secret: Secret::new(bytes) })
}

/// Forgets the authenticators that the office does not name any more; one that was enrolled since is not meant. A
/// person who is about to open a box with one opens none (START-6).
pub(crate) fn keep_only(draft: &mut Draft<'_>, wanted: &[UserId], revision: u64) {
    let people = draft.durable().authenticators.people.iter();
    let is_revoked = |user: &UserId, known: &Enrolment| !wanted.contains(user) && known.revision <= revision;
    let revoked: Vec<UserId> =
        people.filter(|(user, known)| is_revoked(user, known)).map(|(user, _)| *user).collect();
    for user in revoked {
        draft.record(Record::TotpRevoked { user });
        staff_code::user_gone(draft, user, StaffCode::Authenticator);
    }
}

impl Durable {
    /// Who has an authenticator for this locker, in the order of their ids (CODE-9).
    #[must_use]
    pub fn enrolled(&self) -> Vec<UserId> {
        self.authenticators.people.keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret and the codes for SHA-256.
    #[test]
    fn code_09_the_vectors_of_rfc_6238_for_sha_256() {
        let secret = TotpSecret(Secret::new(*b"12345678901234567890123456789012"));
        for (seconds, code) in [
            (59, "46119246"),
            (1_111_111_109, "68084774"),
            (1_111_111_111, "67062674"),
            (1_234_567_890, "91819424"),
            (2_000_000_000, "90698825"),
            (20_000_000_000, "77737706"),
        ] {
            let step = step_at(Wall(seconds * 1_000));
            assert!(secret.shows(code, step), "{seconds}");
            assert!(!secret.shows(code, step + 1) && !secret.shows(code, step - 1), "{seconds}");
        }
        assert!(!secret.shows("4611924", 1) && !secret.shows("+4611924", 1));
    }
}
