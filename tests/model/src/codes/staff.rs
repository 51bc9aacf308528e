//! Staff codes: temporary PINs and the codes of an authenticator, with a count of their own (CODE-8, CODE-9).

use std::hash::Hash;
use std::sync::Arc;

use locker_core::screen::{Action, Button};
use locker_core::*;

use super::people::{Made, World};
use super::rules::{Event, Rule};
use super::{Lie, StaffPin, Then};
use crate::fold::Print;
use crate::host::authenticator;

const STEP_MS: i64 = TOTP_STEP_SECONDS.cast_signed() * 1_000;
/// How long a temporary PIN lives (CODE-8).
const LIFE_MS: u64 = 10 * MINUTE;

/// What staff hold, and the second opinion on it, by true time.
#[derive(Clone, Debug)]
pub struct Staff {
    secret: Option<[u8; 32]>,
    /// The newest temporary PIN, and whether a box stood open with it.
    temporary: Option<(Made, bool)>,
    /// When the authenticator was read before time last passed, by the true wall clock.
    before: Option<i64>,
    /// When the code was read that was taken last.
    last: Option<i64>,
    last_step: Option<u64>,
    wrong: Vec<u64>,
    /// The power went, at some time.
    pub(super) has_been_off: bool,
}

impl Staff {
    pub(super) fn new(secret: Option<[u8; 32]>) -> Self {
        let (temporary, before, last, last_step) = (None, None, None, None);
        Self { secret, temporary, before, last, last_step, wrong: Vec::new(), has_been_off: false }
    }

    pub(super) fn fold(&self, now: u64, wall: i64, print: &mut Print) {
        if self.secret.is_none() {
            return;
        }
        let hour = |at: &u64| Some(now - at).filter(|age| *age < HOUR);
        let steps_ago = |at: i64| wall.div_euclid(STEP_MS) - at.div_euclid(STEP_MS);
        self.wrong.iter().filter_map(hour).collect::<Vec<_>>().hash(print);
        (self.before.map(steps_ago), self.last.map(steps_ago), wall.rem_euclid(STEP_MS)).hash(print);
        let step = |step: u64| wall.div_euclid(STEP_MS) - step.cast_signed();
        (self.last_step.map(step), self.has_been_off).hash(print);
        if let Some((made, has_opened)) = &self.temporary {
            made.fold(now, LIFE_MS, print);
            has_opened.hash(print);
        }
    }

    pub(super) fn is_temporary(&self, code: CodeId) -> bool {
        self.temporary.as_ref().is_some_and(|(made, _)| made.code == code)
    }

    pub(super) fn temporary_died(&mut self, code: CodeId) {
        if let Some((made, _)) = self.temporary.as_mut().filter(|(made, _)| made.code == code) {
            made.is_dead = true;
        }
    }

    /// Whoever reads the authenticator now, and types what it shows when time has passed, types an old code.
    pub(super) fn time_passes(&mut self, wall: i64) {
        self.before = self.secret.map(|_| wall);
    }

    pub(super) fn has(&self, pin: StaffPin) -> bool {
        match pin {
            StaffPin::Wrong => true,
            StaffPin::Temporary => self.temporary.is_some(),
            StaffPin::Shown => self.secret.is_some(),
            StaffPin::ShownBefore => self.before.is_some(),
            StaffPin::ShownLast => self.last.is_some(),
        }
    }
}

impl World {
    /// The office asks for a temporary PIN that opens any one box.
    pub(super) fn ask_temporary(&mut self) {
        self.used.temporary += 1;
        if let Some(pin) = self.host.temporary() {
            self.staff.temporary = Some((Made::now(&self.host, pin, self.truth), false));
            self.judge();
            if self.used.lie == Lie::OldSnapshot {
                self.first = Some(Arc::clone(&self.host.locker));
            }
        }
    }

    /// Staff at the pad of *Pick up a key*.
    pub(super) fn type_staff(&mut self, pin: StaffPin, then: Then) {
        self.used.staff += 1;
        let read_at = match pin {
            StaffPin::Wrong | StaffPin::Temporary => None,
            StaffPin::Shown => Some(self.truth_wall()),
            StaffPin::ShownBefore => self.staff.before,
            StaffPin::ShownLast => self.staff.last,
        };
        let digits: Arc<[u8]> = match (pin, &self.staff.temporary, self.staff.secret, read_at) {
            (StaffPin::Temporary, Some((made, _)), _, _) => Arc::clone(&made.pin),
            (_, _, Some(secret), Some(at)) => authenticator(secret, at),
            _ => Arc::from(*b"90090090"),
        };
        let was_locked = self.is_locked();
        let is_at_drop = self.used.lie == Lie::TypesAtDrop;
        let flow = if is_at_drop { Button::DropKey } else { Button::PickUpKey };
        for button in [flow, Button::Go, Button::ByPin] {
            self.press(button);
        }
        let answer = self.host.type_code(&digits).unwrap_or_default();
        let step = self.host.records.iter().find_map(|stamped| match stamped.record {
            Record::TotpAccepted { step, .. } => Some(step),
            _ => None,
        });
        let is_taken = self.host.recorded(|record| matches!(record, Record::CodeAccepted { .. }));
        let has_failed = self.host.recorded(|record| matches!(record, Record::StaffCodeFailed { .. }));
        let is_counted = self.host.recorded(|record| matches!(record, Record::CodeFailed { .. }));
        self.judge();
        self.judge_staff(pin, &answer, step, is_taken, has_failed);
        // The fifth wrong one begins the pause itself.
        let is_closed = !has_failed && self.pause().is_none();
        let is_shut_out = was_locked && answer == Answer::Denied(Denial::CodesLocked) && is_closed;
        self.marks.keep(Rule::StaffApart, !is_counted && !is_shut_out);
        self.marks.saw(Event::StaffWhileLocked, was_locked && (is_taken || step.is_some()));
        if step.is_some() {
            (self.staff.last, self.staff.last_step) = (read_at, step);
        }
        if has_failed {
            self.staff.wrong.push(self.truth);
            self.marks.saw(Event::StaffPaused, self.pause().is_some());
        }
        if is_taken || step.is_some() {
            self.open_by_code(is_taken, then);
        }
        self.leave();
    }

    /// How much of the pause is left by true time: five wrong within an hour.
    fn pause(&self) -> Option<u64> {
        let fifth = self.staff.wrong.iter().rev().nth(4)?;
        (fifth + HOUR).checked_sub(self.truth).filter(|left| *left > 0)
    }

    fn judge_staff(
        &mut self,
        pin: StaffPin,
        answer: &Answer,
        step: Option<u64>,
        is_taken: bool,
        has_failed: bool,
    ) {
        let is_accepted = is_taken || step.is_some();
        let is_paused = self.pause().is_some();
        self.marks.keep(Rule::StaffPause, !is_paused || !(is_accepted || has_failed));
        self.marks.saw(Event::StaffAwake, is_accepted && self.staff.wrong.len() >= 5);
        let is_closed = *answer == Answer::Denied(Denial::CodesLocked);
        self.marks.saw(Event::StaffOverCut, is_closed && self.staff.has_been_off);
        if let Some(step) = step {
            let is_new = self.staff.last_step.is_none_or(|last| step > last);
            self.marks.keep(Rule::StepOnce, is_new);
            let wall = self.truth_wall().div_euclid(STEP_MS);
            let is_near = (step.cast_signed() - wall).abs() <= 1;
            let may_be_far = !self.is_clock_right() && self.used.lie != Lie::StuckDay;
            self.marks.keep(Rule::StepNow, is_near || may_be_far);
            self.marks.saw(Event::StepTaken, true);
        }
        if let Some((made, has_opened)) = self.staff.temporary.as_ref().filter(|_| is_taken) {
            let is_alive = self.truth - made.at < LIFE_MS || !self.is_known;
            let (is_first, was_left) = (!has_opened && !made.is_dead, made.released.is_some());
            self.marks.keep(Rule::TemporaryOnce, is_first && is_alive);
            self.marks.saw(Event::TemporaryTaken, true);
            self.marks.saw(Event::TemporaryLeft, was_left);
        }
        let is_used = *answer == Answer::Denied(Denial::CodeUsed);
        self.marks.saw(Event::StepAgain, is_used && pin == StaffPin::ShownLast);
        self.marks.saw(Event::StepOld, has_failed && pin == StaffPin::ShownBefore);
        self.marks.saw(Event::TemporaryUsed, is_used && pin == StaffPin::Temporary);
        self.marks.saw(Event::TemporaryOver, *answer == Answer::Denied(Denial::CodeExpired));
    }

    /// The code was taken: a box is chosen and opens, is found empty and shut again; or whoever stands there leaves before.
    fn open_by_code(&mut self, is_temporary: bool, then: Then) {
        let truth = self.truth;
        if then == Then::Leave {
            if let Some((made, _)) = self.staff.temporary.as_mut().filter(|_| is_temporary) {
                made.released = Some(truth);
            }
            return;
        }
        // Why, where an authenticator was used; and which box.
        for _ in if is_temporary { 1..2 } else { 0..2 } {
            let _ = self.host.touch(Action::Choose { item: 0 });
            self.press(Button::Ok);
        }
        self.open_and_shut();
        if let Some((_, has_opened)) = self.staff.temporary.as_mut().filter(|_| is_temporary) {
            *has_opened = true;
        }
        self.press(Button::Confirm);
        self.press(Button::BoxEmpty);
        self.press(Button::Done);
    }
}
