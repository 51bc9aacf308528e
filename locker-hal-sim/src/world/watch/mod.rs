//! What must be so after every step, whatever happened: the invariants, each with the rule's name.
//!
//! They look at what became durable ([`Seen::Recorded`]), at the coils that were really energised, at the keys where they
//! really are, and at the screens; they keep books of their own and never ask the machine what it thinks is right, but to
//! compare. Each looks only at what the last step touched.

mod codes;
mod keys;
mod office;
mod pulses;
mod secrets;
mod staff_codes;

use std::collections::BTreeMap;

use locker_core::{LockerId, Record, Stamped};

pub use keys::label as key_of;

use super::deed::{Computer, Deed};
use super::stage::{Seen, Stage};
use crate::SimCommand;

/// Something that must never be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which of [`INVARIANTS`].
    pub rule: &'static str,
    /// The true time, in milliseconds since the world began.
    pub at: u64,
    /// At which locker.
    pub locker: LockerId,
    /// What is wrong, without names and codes.
    pub what: String,
}

impl core::fmt::Display for Violation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (days, rest) = (self.at / 86_400_000, self.at % 86_400_000);
        let (minutes, millis) = (rest / 60_000, rest % 60_000);
        write!(f, "{} at locker {}, day {days} ", self.rule, self.locker)?;
        // The world begins at 06:00.
        write!(
            f,
            "{:02}:{:02}:{:06.3}: {}",
            (minutes / 60 + 6) % 24,
            minutes % 60,
            millis as f64 / 1e3,
            self.what
        )
    }
}

/// The invariants by name, each with what it says.
pub const INVARIANTS: &[(&str, &str)] = &[
    (
        "SAFE-2",
        "a start settles what was under way: a box in use is to be checked, the books stay as they were",
    ),
    (
        "SAFE-3",
        "custody is what the records say; a key that nobody hid from the sensors is where the locker says",
    ),
    ("BOX-3", "a pulse that was granted is driven, whatever the door's sensor says, if the board is well"),
    (
        "BOX-8",
        "one lock at a time, 300 ms apart, 2 s at most, a rest of ten pulses; what is on by itself is let go within 10 s",
    ),
    ("BOX-10", "a coil is energised only for a live session of this boot"),
    ("BOX-11", "a box whose content is not certain is never assigned, nor called certain without a reason"),
    ("CODE-2", "one live kiosk PIN of a visit, within its life; the confirmed drop spends all"),
    ("CODE-4", "wrong codes lock code entry in time; no more than 36 guesses a day"),
    ("CODE-8", "a temporary PIN is accepted within its ten minutes and opens one box, once"),
    ("CODE-9", "no step of an authenticator is accepted twice; five wrong codes of staff an hour"),
    (
        "DROP-15",
        "a PIN is spent by Confirm and by nothing else; accepted, it carries its session and ten minutes more",
    ),
    (
        "DROP-19",
        "who comes back gets the same box; two boxes a visit a day, three unconfirmed openings an hour",
    ),
    (
        "STAFF-DROP-4",
        "a PIN to pick up is made only for a key that staff have confirmed, or found, in a box for its customer",
    ),
    (
        "PICK-2",
        "a pick-up PIN that is awake opens the box of its key and no other; once collected, the same box for 3 minutes",
    ),
    (
        "PICK-4",
        "the location is told once a day of a key that has waited for its customer for 30 days, and of no other",
    ),
    ("PICK-5", "a key on hold stays in its box, whatever its customer types"),
    (
        "SAFE-5",
        "who was erased stands in the clear in no machine and on no page, no vault has their key, and nobody waits for it for ever",
    ),
    ("pulse.once", "no pulse id is driven twice"),
    ("pulse.lease", "no pulse begins after its time or on stale outputs"),
    ("sealed", "no name, plate, number or address stands outside its seal in a journal or a snapshot"),
    ("message", "a message that counts as sent was handed over, with a code that was alive"),
    (
        "screen",
        "no screen shows a name, a plate or an address before a code was accepted; the upper one never",
    ),
    ("converges", "once faults stop and staff have looked, nothing is to be checked and both machines agree"),
];

/// The books of one locker.
#[derive(Default)]
struct Books {
    keys: keys::Keys,
    pulses: pulses::Pulses,
    codes: codes::Codes,
    secrets: secrets::Secrets,
}

/// Watches a stage.
pub struct Watch {
    books: Vec<Books>,
    office: office::OfficeBooks,
    /// How often each was checked.
    pub checked: BTreeMap<&'static str, u64>,
    /// Whether clocks went wrong or were not confirmed: what is counted by time across starts is then not judged.
    pub(super) clocks_are_wrong: bool,
    found: Option<Violation>,
}

/// What a check needs: where and when, and where to put what it finds.
pub(super) struct Judge<'a> {
    pub(super) at: u64,
    pub(super) locker: LockerId,
    pub(super) clocks_are_wrong: bool,
    checked: &'a mut BTreeMap<&'static str, u64>,
    found: &'a mut Option<Violation>,
}

impl Judge<'_> {
    /// The rule holds if `good`; if not, `what` says why.
    pub(super) fn check(&mut self, rule: &'static str, good: bool, what: impl FnOnce() -> String) {
        *self.checked.entry(rule).or_default() += 1;
        if !good && self.found.is_none() {
            *self.found = Some(Violation { rule, at: self.at, locker: self.locker, what: what() });
        }
    }
}

impl Watch {
    /// Begins to watch.
    #[must_use]
    pub fn new(stage: &mut Stage) -> Self {
        stage.watch();
        let books = stage.lockers().map(|_| Books::default()).collect();
        let office = office::OfficeBooks::default();
        let mut watch =
            Self { books, office, checked: BTreeMap::new(), clocks_are_wrong: false, found: None };
        for locker in stage.lockers() {
            let records = stage.records(locker);
            watch.take(stage, locker, &records);
        }
        watch
    }

    /// Looks at what became so since the last time.
    ///
    /// # Errors
    /// The first violation.
    pub fn look(&mut self, stage: &mut Stage) -> Result<(), Violation> {
        let seen = stage.take_seen();
        let mut touched: Vec<LockerId> = Vec::new();
        for one in &seen {
            let locker = match one {
                Seen::Recorded { locker, records } => {
                    self.take(stage, *locker, records);
                    *locker
                }
                Seen::Did { deed } => match self.did(stage, deed) {
                    Some(locker) => locker,
                    None => continue,
                },
                Seen::Started { locker, cold } => {
                    self.with(stage, *locker, |books, stage, judge| {
                        books.pulses.reached(judge.at);
                        books.keys.started(stage, judge, *cold);
                    });
                    *locker
                }
                Seen::PowerFailed { locker } => {
                    self.with(stage, *locker, |books, _, judge| books.pulses.power_failed(judge.at));
                    *locker
                }
                Seen::Fired { locker, fired, outputs, mono } => {
                    self.with(stage, *locker, |books, stage, judge| {
                        books.pulses.fired(stage, judge, *fired, outputs, *mono);
                    });
                    *locker
                }
                Seen::Mailed { index } => {
                    let Some(mail) = stage.mail().get(*index) else { continue };
                    let (locker, message, template) = (mail.locker, mail.message, mail.template);
                    self.with(stage, locker, |books, _, judge| books.codes.mailed(judge, message, template));
                    locker
                }
                Seen::Moved { to, .. } => {
                    let (super::Holder::Box { locker, box_no, .. }
                    | super::Holder::Hand { locker, box_no, .. }) = *to;
                    self.with(stage, locker, |books, stage, _| books.keys.moved(stage, locker, box_no));
                    locker
                }
                Seen::RecordedByOffice { records } => {
                    self.with_office(stage, |books, _, judge| books.take(judge, records));
                    continue;
                }
                Seen::Erased { subject } => {
                    self.with_office(stage, |books, stage, judge| books.erased(stage, judge, *subject));
                    continue;
                }
                Seen::Damaged { locker, why } => {
                    self.with(stage, *locker, |_, _, judge| {
                        judge.check("SAFE-2", false, || format!("the journal cannot be restored: {why}"));
                    });
                    *locker
                }
            };
            if !touched.contains(&locker) {
                touched.push(locker);
            }
        }
        for locker in stage.lockers() {
            let is_touched = stage.take_stirred(locker) || touched.contains(&locker);
            self.with(stage, locker, |books, stage, judge| {
                books.pulses.overdue(stage, judge);
                if is_touched {
                    books.keys.quiet(stage, judge);
                    books.secrets.screens(stage, judge, books.codes.is_identified());
                }
            });
        }
        self.with_office(stage, |books, stage, judge| books.look(stage, judge));
        self.found.take().map_or(Ok(()), Err)
    }

    /// Whether a person has proved who they are in the running session of a locker.
    #[must_use]
    pub fn is_identified(&self, locker: LockerId) -> bool {
        let books = super::stage::index_of(locker).and_then(|index| self.books.get(index));
        books.is_some_and(|books| books.codes.is_identified())
    }

    /// What a deed means for the books; the locker that it touches.
    fn did(&mut self, stage: &Stage, deed: &Deed) -> Option<LockerId> {
        self.office.did(deed);
        match deed {
            Deed::Touch { locker, .. } | Deed::TouchAgain { locker } => return Some(*locker),
            Deed::Cabinet { locker, command, .. } => {
                let books = self.books.get_mut(super::stage::index_of(*locker)?)?;
                match command {
                    SimCommand::Hurt { fault } => {
                        books.keys.hurt(stage, *fault);
                        books.pulses.board(stage.now(), *fault, true);
                    }
                    SimCommand::Heal { fault } => {
                        books.keys.heal(*fault);
                        books.pulses.board(stage.now(), *fault, false);
                    }
                    SimCommand::HealAll => {
                        books.keys.heal_all();
                        books.pulses.heal_all(stage.now());
                    }
                    _ => {}
                }
            }
            Deed::Clock { .. } | Deed::Confirms { .. } => self.clocks_are_wrong = true,
            Deed::PowerCut { at, .. }
            | Deed::Crash { at, .. }
            | Deed::Hang { at, .. }
            | Deed::Append { at, .. }
            | Deed::Disk { at, .. } => {
                if let Computer::Locker(locker) = at {
                    self.books.get_mut(super::stage::index_of(*locker)?)?.pulses.unwell();
                }
            }
            _ => {}
        }
        None
    }

    /// All that must be so once everything has healed.
    ///
    /// # Errors
    /// The first violation.
    pub fn converged(&mut self, stage: &mut Stage) -> Result<(), Violation> {
        for locker in stage.lockers() {
            self.with(stage, locker, keys::converged);
        }
        self.with_office(stage, |books, stage, judge| books.converged(stage, judge));
        self.found.take().map_or(Ok(()), Err)
    }

    fn take(&mut self, stage: &mut Stage, locker: LockerId, records: &[Stamped<Record>]) {
        self.with(stage, locker, |books, stage, judge| {
            books.pulses.take(judge, records);
            books.codes.take(judge, records);
            books.keys.take(stage, judge, records);
            books.secrets.journal(stage, judge);
        });
    }

    /// What is wrong at the office is told with the first locker.
    fn with_office(
        &mut self,
        stage: &mut Stage,
        judge: impl FnOnce(&mut office::OfficeBooks, &mut Stage, &mut Judge<'_>),
    ) {
        let mut bench = Judge {
            at: stage.now(),
            locker: LockerId(1),
            clocks_are_wrong: self.clocks_are_wrong,
            checked: &mut self.checked,
            found: &mut self.found,
        };
        judge(&mut self.office, stage, &mut bench);
    }

    fn with(
        &mut self,
        stage: &mut Stage,
        locker: LockerId,
        judge: impl FnOnce(&mut Books, &mut Stage, &mut Judge<'_>),
    ) {
        let Some(books) = super::stage::index_of(locker).and_then(|index| self.books.get_mut(index)) else {
            return;
        };
        let mut bench = Judge {
            at: stage.now(),
            locker,
            clocks_are_wrong: self.clocks_are_wrong,
            checked: &mut self.checked,
            found: &mut self.found,
        };
        judge(books, stage, &mut bench);
    }
}
