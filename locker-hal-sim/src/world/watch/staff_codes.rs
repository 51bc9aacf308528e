//! Codes of staff: CODE-8 and CODE-9.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use locker_core::{CodeId, Death, HOUR, MINUTE, Record, TOTP_STEP_SECONDS, UserId};

use super::Judge;
use super::codes::slack;
use crate::world::BEGIN;

/// How long a temporary PIN lives.
const LIFE_MS: u64 = 10 * MINUTE;
/// Wrong ones an hour.
const WRONG_AN_HOUR: usize = 5;

#[derive(Default)]
pub(super) struct StaffCodes {
    /// When each live temporary PIN was made, by true time.
    live: BTreeMap<CodeId, u64>,
    /// Those that were ever made: a dead one is none of a visit's either.
    made: BTreeSet<CodeId>,
    last_step: BTreeMap<UserId, u64>,
    failures: VecDeque<u64>,
    /// A code was accepted in this session, and no box was opened with it yet.
    may_open: bool,
}

impl StaffCodes {
    pub(super) fn is_temporary(&self, code: CodeId) -> bool {
        self.made.contains(&code)
    }

    pub(super) fn take(&mut self, judge: &mut Judge<'_>, record: &Record) {
        match record {
            Record::BootStarted { .. } | Record::SessionBegan { .. } | Record::SessionEnded { .. } => {
                self.may_open = false;
            }
            Record::TemporaryMade { code, .. } => {
                self.live.insert(*code, judge.at);
                self.made.insert(*code);
            }
            Record::CodeDied { code, why } if self.made.contains(code) => {
                let made = self.live.remove(code);
                judge.check("CODE-8", made.is_some() && *why != Death::Replaced, || {
                    format!("temporary PIN {code} died twice, or for another")
                });
            }
            Record::CodeAccepted { code, .. } if self.made.contains(code) => {
                let made = self.live.get(code).copied();
                let is_in_life = made.is_some_and(|made| {
                    judge.clocks_are_wrong || judge.at <= made + LIFE_MS + slack(LIFE_MS)
                });
                judge.check("CODE-8", is_in_life, || {
                    format!("temporary PIN {code} was accepted used, or after its ten minutes")
                });
                self.may_open = true;
            }
            Record::TotpEnrolled { user, .. } | Record::TotpRevoked { user } => {
                self.last_step.remove(user);
            }
            Record::TotpAccepted { user, step, .. } => {
                let last = self.last_step.insert(*user, *step);
                judge.check("CODE-9", last.is_none_or(|last| last < *step), || {
                    format!("step {step} of user {user} was accepted again, or one before it")
                });
                // One step either way, and one for what clocks may be off by without being wrong.
                let now =
                    BEGIN.0.saturating_add_unsigned(judge.at).unsigned_abs() / (TOTP_STEP_SECONDS * 1_000);
                judge.check("CODE-9", judge.clocks_are_wrong || now.abs_diff(*step) <= 2, || {
                    format!("step {step} of user {user} was accepted at step {now}")
                });
                self.may_open = true;
            }
            Record::StaffCodeTaken { .. } => {
                let may_open = core::mem::take(&mut self.may_open);
                judge.check("CODE-8", may_open, || {
                    "a box was opened by a code of staff that nobody typed".into()
                });
            }
            Record::StaffCodeFailed { .. } => self.failed(judge),
            _ => {}
        }
    }

    fn failed(&mut self, judge: &mut Judge<'_>) {
        let at = judge.at;
        self.failures.push_back(at);
        while self.failures.front().is_some_and(|first| first + HOUR < at + slack(HOUR)) {
            self.failures.pop_front();
        }
        let count = self.failures.len();
        judge.check("CODE-9", judge.clocks_are_wrong || count <= WRONG_AN_HOUR, || {
            format!("{count} wrong codes of staff within an hour")
        });
    }
}
