//! When a coil may be energised (BOX-8, BOX-10). Pure: outputs and times in, verdicts out.

use alloc::collections::BTreeMap;

use locker_core::{BoxNo, Mono, Outputs, PULSE_MS_LIMIT, Pulse, PulseId, PulseOutcome, PulseReport};

use crate::board::PulseLength;
use crate::debounce::Taken;
use crate::error::ErrorKind;

/// The least time between the end of one pulse and the beginning of the next in its power group, in milliseconds.
pub const PULSE_GAP_MS: u64 = 300;

/// After a pulse a lock rests this many times as long as the pulse was.
pub const REST_PULSES: u64 = 10;

/// Locks that share a power supply: one of them is fired at a time. By default the whole cabinet is one group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PowerGroup(pub u8);

/// What is to be done about the pulse that stands in the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: no pulse is wanted, or it was taken up before, or the lease has run out.
    Nothing,
    /// It has to wait for a rest, for a gap or for the pulse under way.
    Wait,
    /// It is to begin now; its length is what the coil gets.
    Begin(Pulse),
    /// It can never begin: its time is over or there is no such lock. Report it as not driven.
    GiveUp(Pulse),
}

/// The memory that keeps coils from being fired twice, too soon or too long.
///
/// The order of calls: [`Firing::verdict`], then [`Firing::begin`] *before* the first byte is written, then
/// [`Firing::ended`]. The ids of pulses rise, so one mark is enough to know every id that was ever taken up.
#[derive(Clone, Debug, Default)]
pub struct Firing {
    mark: Option<PulseId>,
    under_way: BTreeMap<PowerGroup, PulseId>,
    group_free: BTreeMap<PowerGroup, Mono>,
    lock_rested: BTreeMap<BoxNo, Mono>,
    /// No coil is fired before; stands for what another process may have fired just before this one began.
    free_from: Option<Mono>,
    report: Option<PulseReport>,
}

/// A lock as far as firing is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Its power group.
    pub group: PowerGroup,
    /// How long its board's pulses are.
    pub length: PulseLength,
}

impl Firing {
    /// What to do at `now` about the pulse in `outputs`; `lock` finds the lock of its box.
    #[must_use]
    pub fn verdict(&self, outputs: &Outputs, now: Mono, lock: impl Fn(BoxNo) -> Option<Lock>) -> Verdict {
        let Some(pulse) = outputs.pulse else {
            return Verdict::Nothing;
        };
        if outputs.is_stale(now) || self.mark.is_some_and(|mark| pulse.id <= mark) {
            return Verdict::Nothing;
        }
        let Some(lock) = lock(pulse.box_no) else {
            return Verdict::GiveUp(pulse);
        };
        if outputs.pulse_at(now).is_none() || pulse.length_ms == 0 {
            return Verdict::GiveUp(pulse);
        }
        let begins = [
            self.free_from,
            self.group_free.get(&lock.group).copied(),
            self.lock_rested.get(&pulse.box_no).copied(),
        ];
        let waits = begins.into_iter().flatten().any(|free| now < free);
        if waits || self.under_way.contains_key(&lock.group) {
            return Verdict::Wait;
        }
        let length_ms = match lock.length {
            PulseLength::AsOrdered => pulse.length_ms.min(PULSE_MS_LIMIT),
            PulseLength::Fixed(ms) => ms,
        };
        Verdict::Begin(Pulse { length_ms, ..pulse })
    }

    /// Marks the pulse as driven. Nothing makes this undone: an id that was marked is never driven again.
    pub fn begin(&mut self, pulse: Pulse, group: PowerGroup) {
        self.mark = self.mark.max(Some(pulse.id));
        self.under_way.insert(group, pulse.id);
    }

    /// Notes what became of a pulse whose order took this long.
    ///
    /// The coil counts as let go at the latest moment possible: a full length after the answer.
    pub fn ended(&mut self, pulse: Pulse, group: PowerGroup, taken: Taken, result: Result<(), ErrorKind>) {
        self.under_way.remove(&group);
        let outcome = match result {
            Ok(()) => PulseOutcome::Accepted,
            Err(kind) if kind.may_have_fired() => PulseOutcome::Unanswered,
            Err(_) => PulseOutcome::NotDriven,
        };
        if outcome != PulseOutcome::NotDriven {
            let length_ms = u64::from(pulse.length_ms);
            let off = taken.answered.after(length_ms);
            self.group_free.insert(group, off.after(PULSE_GAP_MS));
            self.lock_rested.insert(pulse.box_no, off.after(REST_PULSES * length_ms));
        }
        self.note(pulse.id, taken.asked, outcome);
    }

    /// Marks a pulse that is given up at `now` and reports it as not driven.
    pub fn give_up(&mut self, pulse: Pulse, now: Mono) {
        self.mark = self.mark.max(Some(pulse.id));
        self.note(pulse.id, now, PulseOutcome::NotDriven);
    }

    /// Keeps every coil off for a gap from `now` on: who knows what was fired just before.
    pub fn started(&mut self, now: Mono) {
        self.free_from = Some(now.after(PULSE_GAP_MS));
    }

    /// The report of the last pulse that was taken up.
    #[must_use]
    pub const fn report(&self) -> Option<PulseReport> {
        self.report
    }

    /// Forgets the report, not what was driven nor who rests: a new boot of the machine begins.
    pub fn forget_report(&mut self) {
        self.report = None;
    }

    fn note(&mut self, id: PulseId, at: Mono, outcome: PulseOutcome) {
        self.report = Some(PulseReport { id, at, outcome });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use locker_core::Boot;

    const MAIN: PowerGroup = PowerGroup(0);

    fn lock(box_no: BoxNo) -> Option<Lock> {
        let lock = Lock { group: PowerGroup(box_no.get() / 100), length: PulseLength::AsOrdered };
        (box_no.get() != 99).then_some(lock)
    }

    fn wanted(n: u32, box_number: u8, at: u64) -> Outputs {
        let mut outputs = Outputs::all_off(Mono(at));
        outputs.pulse = Some(Pulse {
            id: PulseId { boot: Boot(1), n },
            box_no: BoxNo::new(box_number).unwrap(),
            length_ms: 500,
            not_after: Mono(at + 30_000),
        });
        outputs
    }

    fn fire(firing: &mut Firing, outputs: &Outputs, at: u64, result: Result<(), ErrorKind>) {
        let Verdict::Begin(pulse) = firing.verdict(outputs, Mono(at), lock) else {
            panic!("the pulse may begin");
        };
        firing.begin(pulse, MAIN);
        firing.ended(pulse, MAIN, Taken::at(Mono(at)), result);
    }

    #[test]
    fn box_08_the_next_lock_waits_300_ms_after_the_end_of_the_last_pulse() {
        let mut firing = Firing::default();
        fire(&mut firing, &wanted(1, 1, 1_000), 1_000, Ok(()));
        let next = wanted(2, 2, 1_000);
        assert_eq!(firing.verdict(&next, Mono(1_799), lock), Verdict::Wait);
        assert_eq!(firing.verdict(&next, Mono(1_800), lock), Verdict::Begin(next.pulse.unwrap()));
        let elsewhere = wanted(3, 100, 1_000);
        assert_eq!(
            firing.verdict(&elsewhere, Mono(1_001), lock),
            Verdict::Begin(elsewhere.pulse.unwrap()),
            "another power group does not wait"
        );
    }

    #[test]
    fn box_08_a_lock_rests_ten_times_its_pulse() {
        let mut firing = Firing::default();
        fire(&mut firing, &wanted(1, 1, 1_000), 1_000, Err(ErrorKind::Silent));
        let again = wanted(2, 1, 6_000);
        assert_eq!(firing.verdict(&again, Mono(6_499), lock), Verdict::Wait);
        assert_eq!(firing.verdict(&again, Mono(6_500), lock), Verdict::Begin(again.pulse.unwrap()));
    }

    #[test]
    fn box_08_a_pulse_is_never_longer_than_2_s() {
        let mut outputs = wanted(1, 1, 0);
        outputs.pulse.as_mut().unwrap().length_ms = 5_000;
        let Verdict::Begin(pulse) = Firing::default().verdict(&outputs, Mono(0), lock) else {
            panic!("the pulse may begin");
        };
        assert_eq!(pulse.length_ms, 2_000);
    }

    #[test]
    fn box_10_an_id_is_never_driven_twice_not_even_out_of_old_outputs() {
        let mut firing = Firing::default();
        let (first, second) = (wanted(1, 1, 0), wanted(2, 2, 0));
        fire(&mut firing, &first, 0, Ok(()));
        assert_eq!(firing.verdict(&first, Mono(1), lock), Verdict::Nothing);
        fire(&mut firing, &second, 800, Err(ErrorKind::Refused));
        assert_eq!(firing.verdict(&second, Mono(1_900), lock), Verdict::Nothing, "refused is driven");
        assert_eq!(firing.verdict(&first, Mono(1_900), lock), Verdict::Nothing);
    }

    #[test]
    fn box_10_a_pulse_past_its_time_or_without_a_lock_is_given_up_and_said_so() {
        let mut firing = Firing::default();
        let mut late = wanted(1, 1, 1_000);
        late.pulse.as_mut().unwrap().not_after = Mono(1_000);
        assert_eq!(firing.verdict(&late, Mono(1_000), lock), Verdict::Begin(late.pulse.unwrap()));
        assert_eq!(firing.verdict(&late, Mono(1_001), lock), Verdict::GiveUp(late.pulse.unwrap()));
        firing.give_up(late.pulse.unwrap(), Mono(1_001));
        assert_eq!(firing.verdict(&late, Mono(1_000), lock), Verdict::Nothing, "given up for good");
        let report =
            PulseReport { id: late.pulse.unwrap().id, at: Mono(1_001), outcome: PulseOutcome::NotDriven };
        assert_eq!(firing.report(), Some(report));
        let nowhere = wanted(2, 99, 1_000);
        assert_eq!(firing.verdict(&nowhere, Mono(1_000), lock), Verdict::GiveUp(nowhere.pulse.unwrap()));
    }

    #[test]
    fn box_10_outputs_past_their_lease_fire_nothing() {
        let outputs = wanted(1, 1, 1_000);
        let firing = Firing::default();
        assert_eq!(firing.verdict(&outputs, Mono(3_000), lock), Verdict::Begin(outputs.pulse.unwrap()));
        assert_eq!(firing.verdict(&outputs, Mono(3_001), lock), Verdict::Nothing);
    }

    #[test]
    fn a_refused_pulse_lets_the_next_one_begin_at_once() {
        let mut firing = Firing::default();
        fire(&mut firing, &wanted(1, 1, 0), 0, Err(ErrorKind::Disconnected));
        let next = wanted(2, 1, 0);
        assert_eq!(firing.verdict(&next, Mono(0), lock), Verdict::Begin(next.pulse.unwrap()));
    }
}
