//! What must hold of codes, by true time, and what has to happen.

use std::sync::Arc;

use locker_core::*;

use super::people::World;
use super::{Lie, Pin};
use crate::marks::properties;

properties! {
    /// What has to hold in every state.
    rules Rule {
        Locks "CODE-4 5 wrong codes in 15 minutes, or 10 in a day, or one more after a lock, lock code entry in full"
        StaysLocked "CODE-4 SAFE-7 while it is locked, by true time, no code is taken without its registration"
        Plates "CODE-4 no more than 3 wrong codes a day are taken with one registration"
        DeadStays "SAFE-7 CODE-2 DROP-15 a dead code is never taken again"
        Lives "CODE-2 a kiosk PIN lives 30 minutes of true time, and 10 more after an interruption"
        Midnight "DROP-16 a check-in PIN is dead after its last day, unless the date is in doubt or it was interrupted"
        DeadUncounted "CODE-1 a dead code is not counted, a wrong one is"
        SpentByDrop "DROP-15 a code dies as used by a confirmed drop alone"
        OneKioskPin "CODE-2 no visit has two live kiosk PINs"
        StaffPause "CODE-9 after 5 wrong staff codes within an hour of true time none is looked for, right or wrong"
        StaffApart "CODE-9 CODE-4 no staff code is counted with the customers', and their lock keeps no staff out"
        TemporaryOnce "CODE-8 a temporary PIN opens one box once, within ten minutes of true time"
        StepOnce "CODE-9 SAFE-7 no step of an authenticator at or below the last accepted one, over clocks and cuts"
        StepNow "CODE-9 an authenticator's code is taken within one step of the time, unless the time is in doubt"
        Durable "SAFE-1 SAFE-2 the journal gives what was committed"
    }
    /// What has to happen in some state.
    events Event {
        Locked "a lock-out begins"
        Unlocked "a lock-out ends by itself"
        Longer "a second lock-out is longer"
        Lifted "a lock-out is lifted"
        Taken "a code is taken"
        WithPlate "a code is taken with its registration while locked"
        WrongPlate "a code is refused with a registration while locked"
        Replaced "a code is told to be replaced"
        Used "a code is told to be used"
        Expired "a code is told to have run out"
        RanOut "a kiosk PIN runs out"
        EndedAtMidnight "a check-in PIN ends with its day"
        Dropped "a drop completes"
        Doubted "the wall clock is doubted"
        Confirmed "the wall clock is confirmed again"
        LockedOverCut "a lock-out goes on after a power cut"
        TemporaryTaken "a temporary PIN is taken"
        TemporaryUsed "a temporary PIN is told to be used"
        TemporaryOver "a temporary PIN is told to have run out"
        TemporaryLeft "a temporary PIN whose session was left opens a box after all"
        StepTaken "an authenticator's code is taken"
        StepAgain "an authenticator's code is refused the second time"
        StepOld "an authenticator's code is refused, as it is too old"
        StaffPaused "five wrong staff codes close the way for them"
        StaffAwake "the hour is over, and a staff code is taken again"
        StaffWhileLocked "a staff code is taken while the customers' code entry is locked"
        StaffOverCut "the pause goes on after a power cut"
        KeptAfter "a code is taken within the ten minutes after an interruption that outlast its life"
    }
}

/// The lock-outs in their order, in minutes (CODE-4).
pub(super) const LOCK_MINUTES: [u64; 5] = [5, 10, 20, 40, 60];
/// Midnight, in true milliseconds since the beginning.
pub(super) const MIDNIGHT: u64 = 5 * HOUR;

impl World {
    /// The records of the last step, judged one by one.
    #[allow(clippy::wildcard_enum_match_arm, reason = "the rules are about these kinds")]
    pub(super) fn judge(&mut self) {
        let records = Arc::clone(&self.host.records);
        let is_drop = |stamped: &Stamped<Record>| matches!(stamped.record, Record::KeyDropped { .. });
        let drops = records.iter().any(is_drop) && self.used.lie != Lie::LosesDrops;
        for stamped in records.iter() {
            match &stamped.record {
                Record::CodeDied { .. } if self.used.lie == Lie::LosesDeaths => {}
                Record::CodeDied { code, .. } if self.staff.is_temporary(*code) => {
                    self.staff.temporary_died(*code);
                }
                Record::CodeDied { code, why } => {
                    let is_kiosk = *code != self.check_in.code;
                    let mut all = self.kiosk.iter_mut().chain([&mut self.check_in]);
                    let made = all.find(|made| made.code == *code);
                    if let Some(made) = made {
                        made.is_dead = true;
                    }
                    self.marks.keep(Rule::SpentByDrop, *why != Death::Used || drops);
                    let is_expired = *why == Death::Expired;
                    self.marks.saw(Event::RanOut, is_expired && is_kiosk);
                    self.marks.saw(Event::EndedAtMidnight, is_expired && !is_kiosk);
                }
                Record::KeyDropped { .. } => self.marks.saw(Event::Dropped, true),
                Record::CodesUnlocked {} => self.marks.saw(Event::Unlocked, true),
                Record::ClockDoubted { .. } => self.marks.saw(Event::Doubted, true),
                Record::ClockConfirmed {} => self.marks.saw(Event::Confirmed, true),
                _ => {}
            }
        }
        self.marks.keep(Rule::Durable, !self.host.is_replay_wrong);
    }

    /// What the rules say of one more wrong code, by true time.
    pub(super) fn count_wrong(&mut self) {
        let now = self.truth;
        self.wrong.retain(|at| now - at < DAY);
        self.locks.retain(|at| now - at < DAY);
        self.wrong.push(now);
        let lately = self.wrong.iter().filter(|at| now - **at < 15 * MINUTE).count();
        if !self.locks.is_empty() || lately >= 5 || self.wrong.len() >= 10 {
            let minutes = LOCK_MINUTES.get(self.locks.len()).or(LOCK_MINUTES.last()).copied();
            let ms = minutes.unwrap_or_default() * MINUTE;
            let locked = self.host.locker.code_entry_locked_for(&self.host.now());
            self.marks.keep(Rule::Locks, locked.is_some_and(|left| left >= ms));
            self.marks.saw(Event::Locked, true);
            self.marks.saw(Event::Longer, self.locks.len() == 1);
            self.locks.push(now);
            self.locked_until = now + ms;
        }
    }

    /// A code was taken: whether it may live.
    pub(super) fn taken(&mut self, pin: Pin) {
        let (truth, is_known) = (self.truth, self.is_known);
        let may_ignore_date = !self.is_clock_right() && self.used.lie != Lie::StuckDay;
        let Some(made) = self.made(pin) else { return };
        let is_kept = made.released.is_some_and(|at| truth - at < 10 * MINUTE);
        let (is_dead, age) = (made.is_dead, truth - made.at);
        let is_alive = match pin {
            Pin::Newest | Pin::Older => age < 30 * MINUTE || is_kept,
            Pin::CheckIn | Pin::Wrong => true,
        };
        let is_in_time = pin != Pin::CheckIn || truth < MIDNIGHT || is_kept || may_ignore_date;
        self.marks.keep(Rule::DeadStays, !is_dead);
        self.marks.keep(Rule::Lives, is_alive || !is_known);
        self.marks.keep(Rule::Midnight, is_in_time || !is_known);
        self.marks.saw(Event::Taken, true);
        let is_late = pin != Pin::CheckIn && age >= 30 * MINUTE;
        self.marks.saw(Event::KeptAfter, is_kept && is_late);
    }

    /// Whether the wall clock is true and confirmed.
    pub(super) fn is_clock_right(&self) -> bool {
        self.host.trusted && self.host.wall == self.truth_wall()
    }
}
