//! What must hold of a session, and what has to happen.

use std::hash::Hasher;
use std::sync::Arc;

use locker_core::mocks::Flutter;
use locker_core::screen::{Action, Button, Notice, Screen, Surface, Touch, Widget};
use locker_core::*;

use super::people::{OutPin, World};
use super::{Lie, Way};
use crate::fold::Print;
use crate::host::{OMAR, offered};
use crate::marks::properties;

properties! {
    /// What has to hold in every state.
    rules Rule {
        NoLonger "TIME-1 TIME-2 START-6 nobody stays on a step beyond its limit"
        NoSooner "TIME-1 TIME-2 nobody is sent away before the limit"
        Warned "TIME-1 nobody is sent away without a warning, unless the host overslept"
        GoesTo "TIME-1 an idle step 1 of a drop goes to its welcome screen, everything else to the start"
        Pristine "START-3 START-6 the start screen is that of a locker where nobody was"
        OwnTyping "START-6 what stands in an entry was typed in this session"
        SameAgain "ABORT-1 No returns to the very same screen with what was typed"
        NothingLeft "ABORT-1 whoever leaves before a box opened leaves nothing behind"
        Loose "ABORT-2 without a session no box is reserved or in use"
        OldScreen "a touch that answers to another screen is refused"
        TouchTwice "a touch that comes twice changes nothing"
        Exits "ABORT-1 HELP-1 every screen has x and help"
        Offered "what the screen offers is taken"
        PinFirst "DROP-1 PICK-1 with 2FA no box opens for a drop before a PIN was accepted, nor ever for a pick-up"
        Causes "BOX-10 a pulse is granted by a touch or a scan, never by a timer"
        AfterConfirm "STAFF-DROP-4 no pick-up PIN is wanted or made before staff confirmed that the key is in"
        SpentByTaking "PICK-2 a pick-up PIN is spent when the key was taken, and by nothing else"
        StaysBooked "PICK-2 SAFE-3 a key that nobody confirmed to have taken stays booked, and its PIN alive"
        OnceMore "PICK-3 a PIN whose key was taken opens the same empty box for three minutes, and no longer"
        Awake "STAFF-DROP-5 a PIN sleeps only while it is not known what staff did with the key"
        Durable "SAFE-1 SAFE-2 the journal gives what was committed"
        Bounded "the model keeps within its bounds: less than an hour"
    }
    /// What has to happen in some state.
    events Event {
        Dropped "a drop completes"
        Fetched "staff fetch the key"
        IdleOne "an idle step 1 ends on the welcome screen"
        IdlePick "an idle pick-up ends on the start screen"
        IdleTwo "an idle step 2 or 3 ends on the start screen"
        WelcomeOver "an idle welcome screen goes back to the start"
        MoreTime "somebody asks for more time"
        Aborted "somebody leaves before a box opened"
        AbortedOpen "somebody leaves after a box opened"
        Stayed "somebody wants to leave, and does not"
        Unconfirmed "a session ends without Confirm"
        LastScreen "the last screen goes by itself"
        NotSent "a message is not accepted, and the other contact is offered"
        TimedOut "a message is not accepted in time"
        NoMatch "a look-up finds nothing"
        WrongPin "a wrong PIN is refused"
        QrClosed "a QR closes by itself"
        French "a session in another language"
        LanguageGone "the language goes with the session"
        HelpCalled "somebody calls for help"
        Remark "a remark is left"
        Phone "a phone number is added"
        Low "somebody asks for a low box"
        Second "a second session begins after the first"
        Left "a door stays open for three minutes"
        HandedIn "staff put a key in for its driver"
        PinSent "the driver gets a pick-up PIN"
        Collected "a driver takes the key"
        Reopened "the same PIN opens the empty box once more"
        TooLate "three minutes later the PIN is told to be used"
        Untaken "a pick-up is left, and the sensor sees the key still there"
        NotFound "a driver says that the key is not in the box"
        LeftUnknown "a pick-up ends without Confirm, and the box is to be checked"
        CameBack "a driver comes back to a box that is to be checked, and gets it open"
        TakenBack "staff take the key back"
        AskedBack "a driver is told that the PIN is off, as staff took the key"
        Asleep "a sleeping PIN is sent to the reception"
        Woke "a PIN wakes, as the door never opened"
    }
}

/// A screen without what every touch changes, and without what an overlay hides on purpose.
pub(super) fn still(screen: &Screen) -> Screen {
    let mut still = screen.clone();
    still.generation = Generation::default();
    (still.remaining, still.overlay, still.sound) = (None, None, None);
    still.spoken.clear();
    // Whoever touches the screen need not be reminded.
    let is_reminder =
        |notice: &mut Notice| matches!(notice.text.id, "serve-please-confirm" | "settle-please");
    still.notice.take_if(is_reminder);
    for widget in &mut still.widgets {
        if let Widget::Keypad { shown, revealed, .. } = widget {
            shown.clear();
            *revealed = false;
        }
    }
    still.buttons.iter_mut().for_each(|button| button.on = false);
    still
}

/// The limit of a step, by the rules' own words.
pub(super) fn limit_of(screen: &str) -> Option<u64> {
    match screen {
        "drop.welcome" | "pick.welcome" | "drop.method" | "pick.method" | "drop.pin" | "pick.pin"
        | "drop.registration" | "drop.vehicle" | "drop.contact" | "drop.sent" | "drop.no_match"
        | "drop.qr" | "pick.qr" => Some(60_000),
        "drop.driver" | "drop.add_phone" | "drop.appointments" | "drop.remark" => Some(120_000),
        _ => None,
    }
}

pub(super) fn is_between(screen: &str) -> bool {
    matches!(screen, "start" | "drop.welcome" | "pick.welcome" | "drop.thanks" | "pick.thanks" | "sorry")
}

impl World {
    #[allow(clippy::wildcard_enum_match_arm, reason = "the rules are about these kinds")]
    pub(super) fn judge(&mut self, is_timer: bool, before: &str, lie: Lie) {
        let records = Arc::clone(&self.host.records);
        for stamped in records.iter() {
            match &stamped.record {
                Record::PulseGranted { user, .. } => {
                    self.marks.keep(Rule::Causes, !is_timer);
                    self.marks.keep(Rule::PinFirst, user.is_some() || self.has_pin);
                }
                Record::CodeAccepted { .. } => self.has_pin = lie != Lie::LosesAccepted,
                Record::CodeFailed { .. } => self.marks.saw(Event::WrongPin, true),
                Record::KeyDropped { user: None, .. } => self.marks.saw(Event::Dropped, true),
                Record::KeyTaken { .. } if self.way == Way::In => self.marks.saw(Event::Fetched, true),
                Record::LookupMissed { .. } => self.marks.saw(Event::NoMatch, true),
                Record::HelpCalled { .. } => self.marks.saw(Event::HelpCalled, true),
                Record::RemarkLeft { .. } => self.marks.saw(Event::Remark, true),
                Record::PhoneAdded { .. } => self.marks.saw(Event::Phone, true),
                Record::DoorLeftOpen { .. } => self.marks.saw(Event::Left, true),
                Record::SessionEnded { how, .. } => {
                    self.marks.saw(Event::Unconfirmed, *how == Ending::Unconfirmed);
                    let is_open = before.ends_with(".serve") && *how == Ending::Aborted;
                    self.marks.saw(Event::AbortedOpen, is_open);
                }
                _ => {}
            }
            self.judge_out(&stamped.record, lie);
        }
        let after = self.host.screen().id;
        // The time in which the machine itself works is not the person's.
        if matches!(before, "drop.searching" | "drop.sending") && after != before {
            self.untouched = 0;
        }
        self.marks.keep(Rule::Durable, !self.host.is_replay_wrong);
    }

    /// The outbound way: what becomes of the key, and of the PIN that opens its box.
    #[allow(clippy::wildcard_enum_match_arm, reason = "the rules are about these kinds")]
    fn judge_out(&mut self, record: &Record, lie: Lie) {
        let out = self.out;
        match record {
            Record::KeyDropped { user: Some(_), .. } if lie != Lie::LosesHandedIn => {
                self.out = OutPin { is_in: true, ..OutPin::default() };
                self.marks.saw(Event::HandedIn, true);
            }
            Record::MessageWanted { template: Template::PickUpPin, .. } => {
                self.marks.keep(Rule::AfterConfirm, out.is_in);
            }
            Record::MessageWanted { template: Template::PickUpOff, .. } => {
                self.marks.saw(Event::AskedBack, true);
            }
            Record::CodeMade { origin: Origin::PickUp, .. } => {
                self.marks.keep(Rule::AfterConfirm, out.is_in);
                (self.out.is_alive, self.out.is_asleep) = (true, false);
                self.marks.saw(Event::PinSent, true);
            }
            Record::CodeAccepted { .. } if self.way == Way::Out => {
                let is_late = out.taken_at.is_some_and(|at| self.passed - at >= 3 * MINUTE);
                self.marks.keep(Rule::OnceMore, !is_late && out.is_alive);
                self.out.is_held = true;
                self.marks.saw(Event::Reopened, out.taken_at.is_some());
                let is_to_check = matches!(self.host.locker.custody(OMAR), Custody::ToCheck { .. });
                self.marks.saw(Event::CameBack, out.taken_at.is_none() && is_to_check);
            }
            Record::PulseGranted { user: None, box_no: opened, .. } if self.way == Way::Out => {
                // The box of the key, or the one that it was taken from.
                let kept = |state: &BoxState| match state.assignment {
                    Assignment::Holding { visit } | Assignment::Collected { visit, .. } => visit == OMAR,
                    Assignment::Free | Assignment::Reserved { .. } => false,
                };
                let state = self.host.locker.durable().box_state(*opened);
                self.marks.keep(Rule::OnceMore, out.is_held && state.is_some_and(kept));
            }
            Record::KeyCollected { .. } if lie != Lie::LosesTaken => {
                self.out = OutPin { is_in: false, taken_at: Some(self.passed), ..out };
                self.marks.saw(Event::Collected, true);
            }
            Record::KeyTaken { .. } if self.way == Way::Out => {
                self.out = OutPin { is_in: false, ..out };
                self.marks.saw(Event::TakenBack, true);
            }
            Record::CodeSlept { .. } => self.out.is_asleep = true,
            Record::CodeWoke { .. } if lie != Lie::LosesWoken => {
                self.out.is_asleep = false;
                self.marks.saw(Event::Woke, true);
            }
            Record::CodeDied { why, .. } if self.way == Way::Out => {
                self.out.is_alive = false;
                self.marks.keep(Rule::SpentByTaking, *why != Death::Used || out.taken_at.is_some());
                self.marks.keep(Rule::StaysBooked, !out.is_in);
            }
            Record::BoxKept { .. } => {
                let is_untaken = self.way == Way::Out && out.is_held && out.taken_at.is_none();
                self.marks.saw(Event::Untaken, is_untaken);
            }
            Record::BoxToCheck { reason, .. } if self.way == Way::Out => {
                self.marks.saw(Event::NotFound, *reason == CheckReason::NotFound);
                self.marks.saw(Event::LeftUnknown, out.is_held && *reason == CheckReason::Unconfirmed);
            }
            _ => {}
        }
    }

    /// A key that staff put in is where the records say, and its PIN is awake when nobody has to ask.
    fn judge_out_state(&mut self) {
        if self.way == Way::In {
            return;
        }
        let custody = self.host.locker.custody(OMAR);
        let is_booked = matches!(custody, Custody::Box { .. } | Custody::ToCheck { .. });
        self.marks.keep(Rule::StaysBooked, !self.out.is_in || is_booked);
        let is_certain = matches!(custody, Custody::Box { .. }) && self.is_loose().is_none();
        self.marks.keep(Rule::Awake, !(is_certain && self.out.is_asleep));
    }

    pub(super) fn judge_state(&mut self, lie: Lie) {
        let shown = Arc::clone(&self.shown);
        let id = shown.id;
        if let Some(limit) = limit_of(id) {
            self.marks.keep(Rule::NoLonger, self.untouched < limit);
        }
        let has = |wanted| shown.bar.iter().any(|button| button.press == wanted);
        self.marks.keep(Rule::Exits, has(Button::Help) && has(Button::Abort));
        let is_full = shown.widgets.iter().any(|widget| match widget {
            Widget::Entry { value, .. } => !value.is_empty(),
            Widget::Keypad { typed, .. } => *typed > 0,
            _ => false,
        });
        self.marks.keep(Rule::OwnTyping, !is_full || self.has_typed);
        self.marks.keep(Rule::Loose, !is_between(id) || self.is_loose().is_none());
        self.marks.keep(Rule::Bounded, self.passed < HOUR);
        // A start ends the three minutes in which an empty box is kept for who has just taken a key.
        let is_kept = self.out.taken_at.is_some_and(|at| self.passed - at < 3 * MINUTE);
        if id == "start" && shown.overlay.is_none() && !self.is_french && !is_kept {
            self.marks.keep(Rule::Pristine, self.is_pristine(&shown));
        }
        self.judge_out_state();
        self.marks.saw(Event::French, self.is_french && id == "drop.method");
        self.judge_touches(lie);
    }

    /// Whether the start screen is the one that the same journal gives to a locker that has just been switched on.
    pub(super) fn is_pristine(&self, shown: &Screen) -> bool {
        let mut twin = self.clone();
        twin.host.power_cut();
        twin.read(None);
        let mut shown = still(shown);
        if shown.notice.as_ref().is_some_and(|notice| notice.text.id == "help-coming") {
            shown.notice = None;
        }
        shown == still(&twin.host.screen())
    }

    /// Touches that must not count, tried in every state.
    pub(super) fn judge_touches(&mut self, lie: Lie) {
        let now = self.host.now();
        let newest = self.host.locker.screen(Surface::Bottom, &now).generation;
        let button = offered(&self.shown).first().copied().unwrap_or(Button::Help);
        let touch = |generation, touch_id| {
            let (action, fresh) = (Action::Press { button }, Fresh::new([7; 32]));
            self.host.locker.ask(Ask::Touch(Touch { generation, touch_id, action, fresh }), &now)
        };
        let old = if lie == Lie::Restamps { newest } else { Generation { n: newest.n + 1, ..newest } };
        let is_refused = matches!(touch(old, u64::MAX), Err(Refusal::OldScreen));
        let again = if lie == Lie::Renumbers { u64::MAX } else { self.last_touch };
        // What is due is settled with any input.
        let is_due = self.host.next_deadline() == Some(0);
        let is_nothing = self.last_touch == 0
            || is_due
            || touch(newest, again).is_ok_and(|step| {
                let mut after = Locker::clone(&self.host.locker);
                let is_quiet = step.records().is_empty();
                is_quiet
                    && after.commit(step).is_ok()
                    && self.print_of(&after) == self.print_of(&self.host.locker)
            });
        self.marks.keep(Rule::OldScreen, is_refused);
        self.marks.keep(Rule::TouchTwice, is_nothing);
    }

    pub(super) fn print_of(&self, locker: &Locker) -> u64 {
        let mut print = Print::default();
        locker.fold_session(&self.host.now(), Flutter::Never, &mut print);
        print.finish()
    }

    /// A box that somebody keeps.
    pub(super) fn is_loose(&self) -> Option<BoxNo> {
        let durable = self.host.locker.durable();
        let in_use = |box_no| durable.box_state(box_no).is_some_and(|state| state.in_use.is_some());
        let boxes = self.host.locker.boxes();
        let kept = boxes.iter().find(|report| report.reserved || in_use(report.box_no));
        kept.map(|report| report.box_no)
    }
}
