//! How mishaps come over a world.

use locker_core::LockerId;

use super::clocks::date_of;
use super::deed::{Deed, Who};
use super::mishap::Mishap;
use super::mood::{Mood, happens};
use super::run::{Event, World};
use super::visitor::{Errand, Visitor};

impl World {
    pub(super) fn strike(&mut self, kind: Mishap, locker: LockerId) {
        *self.summary.mishaps.entry(kind.key()).or_default() += 1;
        let (deeds, cures) = kind.strike(&mut self.stage, locker, &mut self.dice);
        // Hands take their time, and a door that is shut at once was never open.
        let mut ms = 0;
        for deed in deeds {
            self.soon(ms, Event::Cure { deed: Box::new(deed) });
            ms += self.dice.u64(800..3_000);
        }
        for (ms, deed) in cures {
            self.soon(ms, Event::Cure { deed: Box::new(deed) });
        }
        if kind == Mishap::Changes && self.dice.bool() {
            self.replan();
        }
        if kind == Mishap::Thieves && self.dice.u8(0..4) == 0 {
            let visitor = Box::new(Visitor::new(Errand::Guess, Who::Thief, Mood::PROMPT));
            self.soon(1_000, Event::Arrive { locker, visitor, tries: 0 });
        }
    }

    /// Mishaps like company: now and then one strikes while somebody stands there.
    pub(super) fn strike_in_company(&mut self, locker: LockerId) {
        let kinds = self.plan.mishaps.len();
        if kinds == 0 || !happens(&mut self.dice, 8) {
            return;
        }
        let chosen = self.dice.usize(0..kinds);
        if let Some(kind) = self.plan.mishaps.iter().copied().nth(chosen).filter(|kind| kind.is_an_event()) {
            self.strike(kind, locker);
        }
    }

    /// Planning moves one visit to tomorrow, or has another no more.
    fn replan(&mut self) {
        if self.cases.is_empty() {
            return;
        }
        let today = date_of(self.stage.wall());
        let chosen = self.dice.usize(0..self.cases.len());
        let changes = self.dice.u8(0..4);
        if changes < 3 {
            let mut planned = self.cases[chosen].planned.clone();
            if changes < 2 {
                planned.date = today.plus_days(1);
            } else {
                planned.on_hold = !planned.on_hold;
            }
            self.cases[chosen].planned = planned.clone();
            self.act(Deed::Plan { visits: vec![planned], whole: false });
        } else {
            let rest =
                self.cases.iter().enumerate().filter(|(n, case)| *n != chosen && case.planned.date >= today);
            let visits: Vec<_> = rest.map(|(_, case)| case.planned.clone()).collect();
            if !visits.is_empty() {
                self.act(Deed::Plan { visits, whole: true });
            }
        }
    }
}
