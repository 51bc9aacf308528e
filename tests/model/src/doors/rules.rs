//! What must hold of boxes, doors and keys, and what has to happen.

use std::sync::Arc;

use locker_core::*;

use super::KeyAt;
use super::people::{Grant, World, number};
use crate::fold::recorded_door;
use crate::host::JANE;
use crate::marks::properties;

properties! {
    /// What has to hold in every state.
    rules Rule {
        Granted "BOX-10 every opening by the lock has a pulse that was granted before it, to a session that still runs"
        Causes "BOX-10 a pulse is granted by a touch, a scan or a reading, never by a timer or a start"
        Quiet "BOX-10 SAFE-2 after a start nothing is driven, reserved or in use"
        OneAtATime "BOX-8 no lock gets a pulse while that of another lock may still be driven"
        NoIdTwice "BOX-8 no pulse id is granted twice, over all boots"
        AlwaysFired "BOX-3 who may have a box opened gets a pulse, whatever its door sensor says"
        Certain "BOX-11 DROP-19 no box is kept for a key while it holds one, or is to be checked"
        KeyFound "SAFE-2 SAFE-3 a key that lies in a box is booked there, or that box is in use or to be checked"
        KeyTrue "SAFE-3 a key whose box is certain lies in it, unless somebody said so without a sensor to contradict"
        Settled "ABORT-2 SAFE-2 without a session no box is reserved or in use"
        OnlyConfirm "DROP-14 only Confirm completes a drop, or the sensors agree that it is done"
        SpentOnce "DROP-15 a PIN is spent by a confirmed drop alone, and once"
        OutPin "STAFF-DROP-4 PICK-2 a pick-up PIN is made after staff confirmed, and dies with the key's leaving alone"
        Durable "SAFE-1 SAFE-2 the journal gives what was committed: a cut before a commit equals one after it"
        Bounded "the model keeps within its bounds: less than an hour, and no sensor that flutters"
        Survives "SAFE-2 a power cut changes no custody but to: to be checked in the box in use"
    }
    /// What has to happen in some state.
    events Event {
        Dropped "a drop completes"
        Fetched "staff fetch the key"
        Jammed "a box goes out of service because it did not open"
        Silent "a box goes out of service because nobody could read it"
        Another "a jam leads to another box"
        Forced "a door is pried open while the locker runs"
        WhileOff "a door is pried open while the power is off"
        Late "a door opens after its pulse was given up"
        Interrupted "a power cut leaves a box to be checked"
        Freed "a reservation is undone because the door never opened"
        Kept "a pick-up is left, and the sensor sees the key still there"
        Expired "a granted pulse is never driven"
        Unanswered "a board does not answer"
        Refused "a board refuses"
        Again "a lock is fired again after a reading that says still closed"
        Returned "the driver comes back and gets the same box again"
        ClaimedShut "somebody says that the door is shut, against the sensor"
        Unconfirmed "a session ends without Confirm"
        Contradicted "Confirm is contradicted by the item sensor"
        BySensor "a drop completes by its sensors"
        Limited "too many openings went unconfirmed"
        Missing "staff find a box empty in which a key was booked"
        Stays "staff find the key and leave it"
        HandedIn "staff put the key in for the driver"
        Collected "the driver takes the key with a PIN"
        CutHandedIn "the power goes while staff put a key in for the driver"
        CutCollected "the power goes while the driver has the box open"
        CutGranted "the power goes between the grant and the drive"
        CutOpen "the power goes while a box stands open"
    }
}

/// What made the machine decide.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Person,
    Scan,
    Reading,
    Timer,
    Start,
}

impl World {
    /// What the last step recorded: whether it was allowed.
    pub(super) fn judge(&mut self, by: By) {
        let records = Arc::clone(&self.host.records);
        let has = |is_it: fn(&Record) -> bool| records.iter().any(|stamped| is_it(&stamped.record));
        let drops = has(|record| matches!(record, Record::KeyDropped { .. }));
        let is_jam = has(|record| matches!(record, Record::BoxOutOfService { .. }));
        for stamped in records.iter() {
            self.judge_record(&stamped.record, by, drops, is_jam);
        }
        self.marks.keep(Rule::Durable, !self.host.is_replay_wrong);
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "the rules are about these kinds")]
    pub(super) fn judge_record(&mut self, record: &Record, by: By, drops: bool, is_jam: bool) {
        match record {
            Record::PulseGranted { pulse, box_no, session, attempt, .. } => {
                self.marks.keep(Rule::Causes, matches!(by, By::Person | By::Scan | By::Reading));
                self.marks.keep(Rule::NoIdTwice, self.mark.is_none_or(|mark| *pulse > mark));
                let now = Mono(self.host.mono);
                let is_over =
                    |earlier: Grant| earlier.box_no == *box_no || earlier.is_over || now > earlier.not_after;
                self.marks.keep(Rule::OneAtATime, self.grant.is_none_or(is_over));
                let outputs = self.locker().outputs(&self.host.now());
                let not_after = outputs.pulse.map_or(now, |pulse| pulse.not_after);
                let (pulse, box_no, session) = (*pulse, *box_no, *session);
                self.grant = Some(Grant { pulse, box_no, session, not_after, is_over: false });
                self.marks.saw(Event::Again, by == By::Reading && *attempt > 1);
            }
            Record::BoxReserved { box_no, .. } => {
                let is_to_check =
                    self.locker().durable().box_state(*box_no).is_none_or(|state| state.check.is_some());
                let is_empty = self.key != KeyAt::Box(box_no.get() - 1);
                self.marks.keep(Rule::Certain, !is_to_check && is_empty);
                self.marks.saw(Event::Another, is_jam);
            }
            Record::KeyDropped { box_no, evidence, user, .. } => {
                let is_in = self.key == KeyAt::Box(box_no.get() - 1);
                let is_sensed = *evidence == Evidence::BySensor && self.has_items;
                self.marks.keep(Rule::OnlyConfirm, self.has_confirmed || is_sensed);
                self.has_lied = !is_in && !self.has_items;
                self.is_out = user.is_some();
                self.marks.saw(Event::Dropped, user.is_none());
                self.marks.saw(Event::HandedIn, user.is_some());
                self.marks.saw(Event::BySensor, *evidence == Evidence::BySensor);
                self.marks.saw(Event::Contradicted, *evidence == Evidence::Contradicted);
            }
            Record::KeyTaken { box_no, .. } => {
                // A sensor sees that the key is still there, not that it never was.
                let is_seen = self.has_items && self.key == KeyAt::Box(box_no.get() - 1);
                self.is_untaken = self.key != KeyAt::Staff;
                self.has_lied = self.is_untaken && !is_seen;
                self.is_out = false;
                self.marks.saw(Event::Fetched, true);
            }
            // The check-in PIN was the first code of all; those of pick-ups follow.
            Record::CodeDied { code, why } if code.0 > 1 => {
                let may_die = !self.is_out || *why == Death::Replaced;
                self.marks.keep(Rule::OutPin, may_die);
            }
            Record::CodeMade { .. } => self.marks.keep(Rule::OutPin, self.is_out),
            Record::KeyCollected { box_no, .. } => {
                let is_seen = self.has_items && self.key == KeyAt::Box(box_no.get() - 1);
                self.is_untaken = self.key != KeyAt::Driver;
                self.has_lied = self.is_untaken && !is_seen;
                self.is_out = false;
                self.marks.saw(Event::Collected, true);
            }
            // A key that staff put in and took out again leaves nothing to drop either (STAFF-DROP-5).
            Record::CodeDied { why: Death::Cancelled, .. } => {
                self.marks.keep(Rule::SpentOnce, self.used.outs > 0 && !drops);
            }
            Record::CodeDied { why, .. } => {
                self.spent += 1;
                self.marks.keep(Rule::SpentOnce, *why == Death::Used && drops && self.spent == 1);
            }
            Record::BoxSettled { finding, visit, .. } => {
                if visit.is_some() {
                    (self.has_lied, self.is_untaken) = (false, false);
                    self.is_out &= matches!(finding, Finding::KeyStays | Finding::SomethingElse);
                }
                self.marks.saw(Event::Missing, *finding == Finding::Empty && visit.is_some());
                self.marks.saw(Event::Stays, *finding == Finding::KeyStays);
            }
            Record::BoxOutOfService { reason, .. } => {
                self.marks.saw(Event::Jammed, *reason == ServiceReason::Jammed);
                self.marks.saw(Event::Silent, *reason == ServiceReason::Silent);
            }
            Record::PulseReported { pulse, .. } => {
                if let Some(grant) = self.grant.as_mut().filter(|grant| grant.pulse == *pulse) {
                    grant.is_over = true;
                }
            }
            Record::DoorOpened { box_no, cause, .. } => {
                if let Some(grant) = self.grant.as_mut().filter(|grant| grant.box_no == *box_no) {
                    grant.is_over = true;
                }
                self.marks.saw(Event::Forced, *cause == Cause::Forced);
                self.marks.saw(Event::WhileOff, *cause == Cause::WhileOff);
                self.marks.saw(Event::Late, *cause == Cause::Late);
            }
            Record::BoxToCheck { reason, .. } => {
                self.marks.saw(Event::Interrupted, *reason == CheckReason::Interrupted);
            }
            Record::DoorUnsteady { .. } => self.marks.keep(Rule::Bounded, false),
            Record::BoxFreed { .. } => self.marks.saw(Event::Freed, true),
            Record::BoxKept { .. } => self.marks.saw(Event::Kept, true),
            Record::DoorClaimedShut { .. } => self.marks.saw(Event::ClaimedShut, true),
            Record::OpeningsLimited { .. } => self.marks.saw(Event::Limited, true),
            Record::SessionEnded { how, .. } => {
                self.marks.saw(Event::Unconfirmed, *how == Ending::Unconfirmed);
                self.person = None;
            }
            _ => {}
        }
    }

    /// What the cabinet could still tell about a box.
    pub(super) fn is_behind(&self, box_: u8) -> bool {
        let box_no = number(box_);
        let is_known = recorded_door(self.locker(), box_no) == self.reads(box_);
        !is_known || self.edges.iter().any(|edge| edge.box_no == box_no)
    }

    /// The rules about where the key is, and about what nobody keeps.
    pub(super) fn judge_state(&mut self) {
        if self.is_off {
            return;
        }
        let locker = Arc::clone(&self.host.locker);
        let custody = locker.custody(JANE);
        let state = |box_: u8| locker.durable().box_state(number(box_));
        let is_open_question = |box_: u8| {
            state(box_).is_some_and(|state| state.in_use.is_some() || state.check.is_some())
                || self.is_behind(box_)
        };
        let is_found = match self.key {
            KeyAt::Box(box_) => {
                custody == Custody::Box { box_no: number(box_) } || is_open_question(box_) || self.has_lied
            }
            KeyAt::Driver | KeyAt::Staff | KeyAt::Thief => true,
        };
        let is_true = match custody {
            Custody::Box { box_no } => {
                let box_ = box_no.get() - 1;
                self.key == KeyAt::Box(box_) || is_open_question(box_) || self.has_lied
            }
            Custody::Staff { .. } => match self.key {
                KeyAt::Staff => true,
                KeyAt::Box(box_) => is_open_question(box_) || self.has_lied,
                KeyAt::Driver | KeyAt::Thief => self.is_untaken,
            },
            // The driver has it, or has never brought it, or said to have taken it.
            Custody::Customer | Custody::ToCheck { .. } | Custody::Missing { .. } => true,
        };
        let screen = locker.screen(screen::Surface::Bottom, &self.host.now()).id;
        let is_served = screen.ends_with(".serve") || screen == "check.settle";
        let is_kept = |report: &BoxReport| {
            report.reserved || state(report.box_no.get() - 1).is_some_and(|state| state.in_use.is_some())
        };
        let is_loose = locker.boxes().iter().any(is_kept) && !is_served;
        let is_double = locker.boxes().iter().any(|report| report.reserved && report.to_check.is_some());
        self.marks.keep(Rule::KeyFound, is_found);
        self.marks.keep(Rule::KeyTrue, is_true);
        self.marks.keep(Rule::Settled, !is_loose);
        self.marks.keep(Rule::Certain, !is_double);
    }
}
