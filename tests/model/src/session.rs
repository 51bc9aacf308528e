//! A session, every time limit of it and every way out: the driver looks up the car, gets a PIN, types it, drops the key;
//! staff fetch another one. Everything that the screen offers is pressed at every step; nothing is, until a limit or just
//! before it; the host oversleeps; the language changes; x, yes, no, help; touches come twice and from old screens.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use locker_core::mocks::Flutter;
use locker_core::screen::{Action, Button, Locale, Notice, Screen, Surface, Touch, Widget};
use locker_core::*;
use stateright::{Model, Property};

use crate::fold::{Ages, Lens, Print};
use crate::host::{Host, OMAR, PLATE, box_no, offered};
use crate::marks::{Marked, Marks, properties};

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
        PinFirst "DROP-1 with 2FA no box opens for a drop before a PIN was accepted"
        Causes "BOX-10 a pulse is granted by a touch or a scan, never by a timer"
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
    }
}

/// How the world around the machine lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    /// It does not.
    #[default]
    None,
    /// A frontend asks for more time by itself.
    NeverIdle,
    /// The host's clock runs twice as fast as the world.
    FastClock,
    /// A frontend keeps the last screen when the start screen comes.
    KeepsScreen,
    /// A frontend fills entries with what was typed last.
    Refills,
    /// A frontend goes back a step when No is pressed.
    BackOnNo,
    /// A frontend forgets to send Yes.
    SwallowsYes,
    /// A frontend sends every touch with the newest generation.
    Restamps,
    /// A frontend gives a repeated touch a new number.
    Renumbers,
    /// A frontend does not draw x.
    HidesX,
    /// A frontend offers what the machine does not.
    OffersAll,
    /// A frontend takes the welcome screen away after an idle step.
    SkipsWelcome,
    /// A frontend does not draw the warning.
    HidesWarning,
    /// A frontend draws the start screen over an open box.
    ShowsStart,
    /// A host presses *Next* when nobody does.
    PressesNext,
    /// The journal does not keep that a code was accepted.
    LosesAccepted,
    /// The journal does not keep the last record of a step.
    LosesRecords,
}

/// The model: how much can happen on one path.
#[derive(Clone, Copy, Debug)]
pub struct Sessions {
    /// How often *Go* is pressed.
    pub goes: u8,
    /// Changes of language, calls for help, wrong inputs, repeated presses of *Show* and the low box, together.
    pub extras: u8,
    /// How often the host sleeps up to just before a limit, or past it.
    pub odd_sleeps: u8,
    /// The lie, if any.
    pub lie: Lie,
    /// The one rule that is looked at; all where none is named.
    pub only: Option<Rule>,
}

/// What somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// What belongs there.
    Right,
    /// Something else.
    Wrong,
}

/// How long nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sleep {
    /// Until the next limit.
    Due,
    /// A millisecond less.
    Almost,
    /// Ten minutes more.
    Over,
}

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A button that the screen offers.
    Press(Button),
    /// A whole code on the pad, without *OK*.
    Pin(Typed),
    /// A text in an entry.
    Write(Typed),
    /// The second of two contacts.
    Choose,
    /// Français.
    Language,
    /// The mail service takes the message, or refuses it.
    Mail(Delivery),
    /// The mechanic scans the QR for the key that lies in box 2.
    Scan,
    /// The lock fires, and the cabinet tells that the door is open.
    Springs,
    /// Somebody shuts the open door, and the cabinet tells.
    Shut(u8),
    /// Nothing happens.
    Sleep(Sleep),
}

/// The machine, the screen as the frontend draws it, and whoever stands there.
#[derive(Clone)]
pub struct World {
    host: Host,
    is_open: [bool; 2],
    pin: Option<Arc<[u8]>>,
    /// The key that lies in box 2 from the beginning is still there.
    other_key: bool,
    // What the rules need to know.
    untouched: u64,
    was_warned: bool,
    has_typed: bool,
    has_pin: bool,
    is_french: bool,
    kept: Option<Arc<Screen>>,
    shown: Arc<Screen>,
    last_touch: u64,
    passed: u64,
    goes: u8,
    extras: u8,
    odd_sleeps: u8,
    marks: Marks,
    print: u64,
}

impl Marked for World {
    fn marks(&self) -> Marks {
        self.marks
    }
}

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        self.print == other.print
    }
}

impl Hash for World {
    fn hash<H: Hasher>(&self, into: &mut H) {
        into.write_u64(self.print);
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, overlay {:?}", self.shown.id, self.shown.overlay.as_ref().map(|overlay| overlay.id))
    }
}

/// A screen without what every touch changes, and without what an overlay hides on purpose.
fn still(screen: &Screen) -> Screen {
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
fn limit_of(screen: &str) -> Option<u64> {
    match screen {
        "drop.welcome" | "pick.welcome" | "drop.method" | "pick.method" | "drop.pin"
        | "drop.registration" | "drop.vehicle" | "drop.contact" | "drop.sent" | "drop.no_match"
        | "drop.qr" | "pick.qr" => Some(60_000),
        "drop.driver" | "drop.add_phone" | "drop.appointments" | "drop.remark" => Some(120_000),
        _ => None,
    }
}

fn is_between(screen: &str) -> bool {
    matches!(screen, "start" | "drop.welcome" | "pick.welcome" | "drop.thanks" | "pick.thanks" | "sorry")
}

impl World {
    fn new() -> Self {
        let mut host = Host::new(2, |settings| settings.kiosk_pin_minutes = 120);
        let shown = Arc::new(host.screen());
        host.note(Told::Tick);
        let mut world = Self {
            host,
            is_open: [false; 2],
            pin: None,
            other_key: false,
            untouched: 0,
            was_warned: false,
            has_typed: false,
            has_pin: false,
            is_french: false,
            kept: None,
            shown,
            last_touch: 0,
            passed: 0,
            goes: 0,
            extras: 0,
            odd_sleeps: 0,
            marks: Marks::default(),
            print: 0,
        };
        world.read(None);
        world.fill_a_box();
        world
    }

    /// Somebody dropped a key before the model begins.
    fn fill_a_box(&mut self) {
        let pin = self.host.check_in(OMAR).expect("the visit is planned");
        for button in [Button::DropKey, Button::Go, Button::ByPin] {
            self.host.press(button).expect("offered");
        }
        self.host.type_code(&pin).expect("the PIN is right");
        for button in [Button::Next, Button::Next] {
            self.host.press(button).expect("offered");
        }
        self.springs();
        let open = self.is_open;
        for (box_, is_open) in (0..).zip(open) {
            if is_open {
                self.shut(box_);
            }
        }
        self.host.press(Button::Confirm).expect("offered");
        self.host.press(Button::Done).expect("offered");
        self.other_key = true;
        self.see(Lie::None);
    }

    fn read(&mut self, report: Option<PulseReport>) {
        let level = |box_: u8| {
            let is_open = self.is_open.get(usize::from(box_)).is_some_and(|is_open| *is_open);
            let door = if is_open { Door::Open } else { Door::Closed };
            BoxReading { box_no: box_no(box_ + 1), door, item: Item::Unknown }
        };
        let mut readings = Readings::new(Mono(self.host.mono), (0..2).map(level).collect());
        readings.pulse = report;
        self.host.note(Told::Readings(Arc::new(readings)));
    }

    fn springs(&mut self) {
        let Some(pulse) = self.host.locker.outputs(&self.host.now()).pulse else { return };
        if let Some(is_open) = self.is_open.get_mut(usize::from(pulse.box_no.get() - 1)) {
            *is_open = true;
        }
        let (at, outcome) = (Mono(self.host.mono), PulseOutcome::Accepted);
        self.read(Some(PulseReport { id: pulse.id, at, outcome }));
    }

    fn shut(&mut self, box_: u8) {
        if let Some(is_open) = self.is_open.get_mut(usize::from(box_)) {
            *is_open = false;
        }
        self.read(None);
    }

    /// What the frontend draws now.
    fn see(&mut self, lie: Lie) {
        let mut screen = self.host.screen();
        if lie == Lie::KeepsScreen && screen.id == "start" && self.shown.id != "start" {
            screen = Screen::clone(&self.shown);
            (screen.id, screen.overlay) = ("start", None);
        }
        if lie == Lie::ShowsStart && screen.id.ends_with(".serve") {
            screen.id = "start";
        }
        if lie == Lie::HidesX {
            screen.bar.retain(|button| button.press != Button::Abort);
        }
        if lie == Lie::OffersAll {
            screen.buttons.iter_mut().for_each(|button| button.enabled = true);
            let done = screen.bar.first().cloned().into_iter();
            screen.buttons.extend(done.map(|mut button| {
                button.press = Button::Done;
                button
            }));
        }
        self.shown = Arc::new(screen);
    }

    fn touch(&mut self, action: Action, lie: Lie) -> bool {
        let before = self.shown.id;
        let generation = self.host.screen().generation;
        let (touch_id, fresh) = (self.host.unused(), self.host.fresh());
        let is_taken = self.host.ask(Ask::Touch(Touch { generation, touch_id, action, fresh })).is_ok();
        self.last_touch = touch_id;
        if is_taken {
            self.untouched = 0;
            self.was_warned = false;
        }
        self.judge(false, before, lie);
        is_taken
    }

    fn press(&mut self, button: Button, lie: Lie) {
        let before = Arc::clone(&self.shown);
        match button {
            Button::Abort => self.kept = Some(Arc::new(still(&before))),
            Button::No => {}
            _ => self.kept = None,
        }
        self.marks.saw(Event::MoreTime, button == Button::MoreTime);
        self.marks.saw(Event::Low, button == Button::LowBox);
        if matches!(button, Button::Show | Button::LowBox | Button::CallHelp | Button::Help) {
            self.extras += 1;
        }
        if button == Button::Go {
            self.goes += 1;
            self.has_typed = false;
            self.has_pin = false;
        }
        if lie == Lie::SwallowsYes && button == Button::Yes {
            return self.marks.keep(Rule::NothingLeft, self.host.screen().id == "start");
        }
        let is_taken = self.touch(Action::Press { button }, lie);
        self.marks.keep(Rule::Offered, is_taken);
        if lie == Lie::BackOnNo && button == Button::No {
            let _ = self.host.press(Button::Back);
        }
        let after = self.host.screen();
        if button == Button::Go {
            self.marks.saw(Event::Second, self.goes == 2 && after.id.ends_with(".method"));
        }
        if button == Button::No
            && let Some(kept) = self.kept.take()
        {
            self.marks.keep(Rule::SameAgain, *kept == still(&after));
            self.marks.saw(Event::Stayed, true);
        }
        if button == Button::Yes {
            let is_early = !matches!(before.id, "drop.serve" | "pick.serve");
            let is_clean = after.id == "start" && self.is_loose().is_none();
            let keeps_codes = !self.host.recorded(|record| matches!(record, Record::CodeDied { .. }));
            self.marks.keep(Rule::NothingLeft, !is_early || is_clean && keeps_codes);
            self.marks.saw(Event::Aborted, is_early);
            self.marks.saw(Event::LanguageGone, is_early && self.is_french && after.locale == Locale::En);
        }
    }

    /// A box that somebody keeps.
    fn is_loose(&self) -> Option<BoxNo> {
        let durable = self.host.locker.durable();
        let in_use = |box_no| durable.box_state(box_no).is_some_and(|state| state.in_use.is_some());
        let boxes = self.host.locker.boxes();
        let kept = boxes.iter().find(|report| report.reserved || in_use(report.box_no));
        kept.map(|report| report.box_no)
    }

    fn type_pin(&mut self, typed: Typed, lie: Lie) {
        let pin = match (typed, &self.pin) {
            (Typed::Right, Some(pin)) => Arc::clone(pin),
            (Typed::Right, None) | (Typed::Wrong, _) => Arc::from(*b"900900"),
        };
        self.has_typed = true;
        self.extras += u8::from(typed == Typed::Wrong);
        for digit in pin.iter() {
            self.touch(Action::Digit { digit: digit - b'0' }, lie);
        }
    }

    fn write(&mut self, typed: Typed, lie: Lie) {
        let text = match (self.shown.id, typed) {
            ("drop.registration", Typed::Right) => PLATE,
            ("drop.add_phone", Typed::Right) => "0470 00 00 00",
            (_, Typed::Right) => "Please call me",
            (_, Typed::Wrong) => "9-NOT-999",
        };
        self.has_typed = true;
        self.extras += u8::from(typed == Typed::Wrong || self.shown.id != "drop.registration");
        self.touch(Action::Write { text: text.into() }, lie);
    }

    fn mail(&mut self, outcome: Delivery, lie: Lie) {
        let before = self.shown.id;
        let open = self.host.locker.open_messages();
        let Some(message) = open.first().map(|open| open.message) else { return };
        if outcome == Delivery::Accepted {
            let fresh = self.host.fresh();
            if let Ok(Answer::Code { pin, .. }) = self.host.ask(Ask::MakeCode { message, fresh }) {
                self.pin = Some(pin.reveal().as_slice().into());
            }
        } else {
            self.extras += 1;
        }
        self.host.note(Told::Delivery { message, outcome });
        self.kept = None;
        self.judge(false, before, lie);
        self.marks.saw(Event::NotSent, outcome == Delivery::Refused);
    }

    fn sleep(&mut self, sleep: Sleep, lie: Lie) {
        let before = Arc::clone(&self.shown);
        let due = self.host.next_deadline().unwrap_or(0);
        let ms = match sleep {
            Sleep::Due => due,
            Sleep::Almost => due - 1,
            Sleep::Over => due + 10 * MINUTE,
        };
        self.odd_sleeps += u8::from(sleep != Sleep::Due);
        self.host.pass(ms);
        let ms = if lie == Lie::FastClock { ms / 2 } else { ms };
        self.passed += ms;
        self.untouched += ms;
        self.kept = None;
        self.judge(true, before.id, lie);
        // The first press answers the warning.
        if lie == Lie::PressesNext
            && self.host.press(Button::Next).and_then(|_| self.host.press(Button::Next)).is_ok()
        {
            self.judge(true, before.id, lie);
        }
        if lie == Lie::SkipsWelcome && self.host.screen().id == "drop.welcome" && before.id != "drop.welcome"
        {
            let ended = Arc::clone(&self.host.records);
            let _ = self.host.press(Button::Abort).and_then(|_| self.host.press(Button::Yes));
            self.host.records = ended;
        }
        if lie == Lie::NeverIdle
            && self.host.screen().overlay.is_some_and(|overlay| overlay.id == "still_there")
        {
            let untouched = self.untouched;
            self.touch(Action::Press { button: Button::MoreTime }, lie);
            self.untouched = untouched;
        }
        let after = self.host.screen();
        let is_idle =
            self.host.recorded(|record| matches!(record, Record::SessionEnded { how: Ending::Idle, .. }));
        let is_welcome = before.id.ends_with(".welcome") && after.id == "start";
        if is_idle || is_welcome {
            let limit = limit_of(before.id).unwrap_or_default();
            self.marks.keep(Rule::NoSooner, self.untouched >= limit);
            self.marks.keep(Rule::Warned, self.was_warned || sleep == Sleep::Over);
        }
        if is_idle && sleep == Sleep::Due {
            let is_step_1 = limit_of(before.id) == Some(60_000);
            let is_drop = before.id.starts_with("drop.");
            let wanted = if is_step_1 && is_drop { "drop.welcome" } else { "start" };
            self.marks.keep(Rule::GoesTo, after.id == wanted);
            self.marks.saw(Event::IdleOne, is_step_1 && is_drop);
            self.marks.saw(Event::IdlePick, !is_drop);
            self.marks.saw(Event::IdleTwo, !is_step_1);
        }
        if is_idle {
            // The welcome screen has a limit of its own from the moment at which it came.
            self.untouched = 0;
            self.was_warned = false;
        }
        self.was_warned |= lie != Lie::HidesWarning
            && after.overlay.as_ref().is_some_and(|overlay| overlay.id == "still_there");
        self.marks.saw(Event::WelcomeOver, is_welcome);
        self.marks.saw(Event::LastScreen, before.id.ends_with(".thanks") && after.id == "start");
        self.marks.saw(Event::TimedOut, before.id == "drop.sending" && after.id == "drop.contact");
        let is_shown =
            |screen: &Screen| screen.widgets.iter().any(|widget| matches!(widget, Widget::Qr { .. }));
        self.marks.saw(Event::QrClosed, is_shown(&before) && after.id == before.id && !is_shown(&after));
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "the rules are about these kinds")]
    fn judge(&mut self, is_timer: bool, before: &str, lie: Lie) {
        let records = Arc::clone(&self.host.records);
        for stamped in records.iter() {
            match &stamped.record {
                Record::PulseGranted { user, .. } => {
                    self.marks.keep(Rule::Causes, !is_timer);
                    self.marks.keep(Rule::PinFirst, user.is_some() || self.has_pin);
                }
                Record::CodeAccepted { .. } => self.has_pin = lie != Lie::LosesAccepted,
                Record::CodeFailed { .. } => self.marks.saw(Event::WrongPin, true),
                Record::KeyDropped { .. } => self.marks.saw(Event::Dropped, true),
                Record::KeyTaken { .. } => {
                    self.other_key = false;
                    self.marks.saw(Event::Fetched, true);
                }
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
        }
        let after = self.host.screen().id;
        // The time in which the machine itself works is not the person's.
        if matches!(before, "drop.searching" | "drop.sending") && after != before {
            self.untouched = 0;
        }
        self.marks.keep(Rule::Durable, !self.host.is_replay_wrong);
    }

    fn judge_state(&mut self, lie: Lie) {
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
        if id == "start" && shown.overlay.is_none() && !self.is_french {
            self.marks.keep(Rule::Pristine, self.is_pristine(&shown));
        }
        self.marks.saw(Event::French, self.is_french && id == "drop.method");
        self.judge_touches(lie);
    }

    /// Whether the start screen is the one that the same journal gives to a locker that has just been switched on.
    fn is_pristine(&self, shown: &Screen) -> bool {
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
    fn judge_touches(&mut self, lie: Lie) {
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
        let is_nothing = self.last_touch == 0
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

    fn print_of(&self, locker: &Locker) -> u64 {
        let mut print = Print::default();
        locker.fold_session(&self.host.now(), Flutter::Never, &mut print);
        print.finish()
    }

    fn close_state(&mut self, lie: Lie) {
        self.see(lie);
        self.judge_state(lie);
        let mut print = Print::default();
        self.host.fold(Lens { flutter: Flutter::Never, ages: Ages::Young }, &mut print);
        let untouched = limit_of(self.shown.id).map(|_| self.untouched);
        (self.is_open, self.pin.is_some(), self.other_key, untouched, self.was_warned).hash(&mut print);
        (self.has_typed, self.has_pin, self.is_french, self.kept.is_some()).hash(&mut print);
        (self.goes, self.extras, self.odd_sleeps, self.marks).hash(&mut print);
        self.print = print.finish();
    }
}

impl Sessions {
    fn inputs(&self, world: &World, acts: &mut Vec<Act>) {
        let screen = &world.shown;
        let may_err = world.extras < self.extras;
        for widget in &screen.widgets {
            match widget {
                Widget::Keypad { typed: 0, .. } => {
                    if world.pin.is_some() {
                        acts.push(Act::Pin(Typed::Right));
                    }
                    if may_err {
                        acts.push(Act::Pin(Typed::Wrong));
                    }
                }
                Widget::Entry { value, .. } if value.is_empty() => {
                    if screen.id == "drop.registration" || may_err {
                        acts.push(Act::Write(Typed::Right));
                    }
                    if may_err {
                        acts.push(Act::Write(Typed::Wrong));
                    }
                }
                Widget::Choices { items }
                    if screen.id == "drop.contact" && !items.iter().skip(1).any(|item| item.chosen) =>
                {
                    acts.push(Act::Choose);
                }
                Widget::Qr { .. } if world.other_key && screen.id == "pick.qr" => acts.push(Act::Scan),
                _ => {}
            }
        }
        if may_err && screen.locale == Locale::En {
            acts.push(Act::Language);
        }
    }
}

impl Model for Sessions {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        let mut world = World::new();
        world.host.loses_records = self.lie == Lie::LosesRecords;
        world.close_state(self.lie);
        vec![world]
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        let may_err = world.extras < self.extras;
        let is_wanted = |button: &Button| match button {
            Button::Go => world.goes < self.goes,
            Button::Show | Button::LowBox | Button::Help | Button::CallHelp => may_err,
            // The same look-up by another number; the box is the doors' model.
            Button::ByPhone | Button::DidNotOpen | Button::OpenAgain | Button::SomethingInside => false,
            _ => true,
        };
        acts.extend(offered(&world.shown).into_iter().filter(is_wanted).map(Act::Press));
        if world.shown.overlay.is_none() {
            self.inputs(world, acts);
        }
        if !world.host.locker.open_messages().is_empty() {
            acts.push(Act::Mail(Delivery::Accepted));
            if may_err {
                acts.push(Act::Mail(Delivery::Refused));
            }
        }
        if world.host.locker.outputs(&world.host.now()).pulse.is_some() {
            acts.push(Act::Springs);
        }
        acts.extend(
            (0..).zip(world.is_open).filter(|(_, is_open)| *is_open).map(|(box_, _)| Act::Shut(box_)),
        );
        if let Some(due) = world.host.next_deadline().filter(|due| *due < 10 * MINUTE) {
            acts.push(Act::Sleep(Sleep::Due));
            if world.odd_sleeps < self.odd_sleeps {
                acts.push(Act::Sleep(Sleep::Over));
                if due > 1 {
                    acts.push(Act::Sleep(Sleep::Almost));
                }
            }
        }
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        let mut next = world.clone();
        next.marks.happened = 0;
        let before = world.shown.id;
        match act {
            Act::Press(button) => next.press(button, self.lie),
            Act::Pin(typed) => next.type_pin(typed, self.lie),
            Act::Write(typed) => next.write(typed, self.lie),
            Act::Choose => {
                next.touch(Action::Choose { item: 1 }, self.lie);
            }
            Act::Language => {
                next.extras += 1;
                next.touch(Action::Language { locale: Locale::Fr }, self.lie);
            }
            Act::Mail(outcome) => next.mail(outcome, self.lie),
            Act::Scan => {
                let _ = next.host.scan(locker_core::Act::PickUp { visit: OMAR });
                next.kept = None;
                next.judge(false, before, self.lie);
            }
            Act::Springs => {
                next.springs();
                next.kept = None;
                next.judge(false, before, self.lie);
            }
            Act::Shut(box_) => {
                next.shut(box_);
                next.kept = None;
                next.judge(false, before, self.lie);
            }
            Act::Sleep(sleep) => next.sleep(sleep, self.lie),
        }
        if self.lie == Lie::Refills && world.shown.id != "drop.registration" {
            let is_there = next.host.screen().id == "drop.registration" && next.goes > 1;
            if is_there && !next.has_typed {
                next.touch(Action::Write { text: PLATE.into() }, self.lie);
            }
        }
        let locale = next.host.screen().locale;
        next.is_french = locale == Locale::Fr;
        next.close_state(self.lie);
        (next.print != world.print).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let is_wanted = |property: &Property<Self>| self.only.is_none_or(|rule| rule.name() == property.name);
        properties::<Self>().into_iter().filter(is_wanted).collect()
    }
}
