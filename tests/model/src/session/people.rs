//! Whoever stands there, the frontend and the host: what each step does to the machine.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use locker_core::mocks::Flutter;
use locker_core::screen::{Action, Button, Locale, Screen, Touch, Widget};
use locker_core::*;

use super::rules::{Event, Rule, limit_of, still};
use super::{Lie, Sleep, Typed, Way};
use crate::fold::{Ages, Lens, Print};
use crate::host::{Host, OMAR, PLATE, box_no};
use crate::marks::Marks;
use crate::state;

/// The machine, the screen as the frontend draws it, and whoever stands there.
#[derive(Clone)]
pub struct World {
    pub(super) host: Host,
    pub(super) is_open: [bool; 2],
    /// The PIN that was sent last.
    pub(super) pin: Option<Arc<[u8]>>,
    pub(super) way: Way,
    /// The box in which the other driver's key lies, as an item sensor sees it, if there is one.
    pub(super) key: Option<u8>,
    // What the rules need to know.
    pub(super) untouched: u64,
    pub(super) was_warned: bool,
    pub(super) has_typed: bool,
    pub(super) has_pin: bool,
    pub(super) is_french: bool,
    /// What became of the PIN with which the other driver picks up.
    pub(super) out: OutPin,
    pub(super) kept: Option<Arc<Screen>>,
    pub(super) shown: Arc<Screen>,
    pub(super) last_touch: u64,
    pub(super) passed: u64,
    pub(super) goes: u8,
    pub(super) extras: u8,
    pub(super) odd_sleeps: u8,
    pub(super) marks: Marks,
}

/// What happened before the model begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Another driver has dropped a key.
    Dropped,
    /// Nothing.
    Empty,
    /// Staff have put a key in for its driver, and the PIN was sent.
    HandedIn,
    /// The driver has just taken it.
    Taken,
}

/// A pick-up PIN, by what the records say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OutPin {
    /// Staff put the key in, and confirmed, and nobody has taken it.
    pub(super) is_in: bool,
    /// One is alive.
    pub(super) is_alive: bool,
    /// It sleeps.
    pub(super) is_asleep: bool,
    /// It was accepted in this session.
    pub(super) is_held: bool,
    /// Since when the customer has the key, by true time.
    pub(super) taken_at: Option<u64>,
}

impl state::World for World {
    fn marks(&self) -> Marks {
        self.marks
    }

    fn marks_mut(&mut self) -> &mut Marks {
        &mut self.marks
    }

    fn fold(&self, print: &mut Print) {
        self.host.fold(Lens { flutter: Flutter::Never, ages: Ages::Young }, print);
        let untouched = limit_of(self.shown.id).map(|_| self.untouched);
        (self.is_open, self.pin.is_some(), self.key, untouched, self.was_warned).hash(print);
        (self.has_typed, self.has_pin, self.is_french, self.kept.is_some()).hash(print);
        let taken = self.out.taken_at.map(|at| (self.passed - at).min(3 * MINUTE));
        OutPin { taken_at: taken, ..self.out }.hash(print);
        (self.goes, self.extras, self.odd_sleeps).hash(print);
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return self.host.fmt(f);
        }
        write!(f, "{}, overlay {:?}", self.shown.id, self.shown.overlay.as_ref().map(|overlay| overlay.id))
    }
}

impl World {
    pub(super) fn new(way: Way, begin: Begin) -> Self {
        let mut host = Host::new(2, |settings| settings.kiosk_pin_minutes = 120);
        let shown = Arc::new(host.screen());
        host.note(Told::Tick);
        let mut world = Self {
            host,
            is_open: [false; 2],
            pin: None,
            way,
            key: None,
            untouched: 0,
            was_warned: false,
            has_typed: false,
            has_pin: false,
            is_french: false,
            out: OutPin::default(),
            kept: None,
            shown,
            last_touch: 0,
            passed: 0,
            goes: 0,
            extras: 0,
            odd_sleeps: 0,
            marks: Marks::default(),
        };
        world.read(None);
        match begin {
            Begin::Dropped => world.fill_a_box(),
            Begin::Empty => world.see(Lie::None),
            Begin::HandedIn => world.hand_in(),
            Begin::Taken => {
                world.hand_in();
                world.take_out();
            }
        }
        world
    }

    /// Somebody dropped a key before the model begins.
    pub(super) fn fill_a_box(&mut self) {
        let pin = self.host.check_in(OMAR).expect("the visit is planned");
        for button in [Button::DropKey, Button::Go, Button::ByPin] {
            self.host.press(button).expect("offered");
        }
        self.host.type_code(&pin).expect("the PIN is right");
        for button in [Button::Next, Button::Next] {
            self.host.press(button).expect("offered");
        }
        self.put_in();
    }

    /// The box springs open, the key is put in, the door is shut and it is confirmed.
    fn put_in(&mut self) {
        self.springs();
        if let Some(box_) = self.served_open() {
            self.key = Some(box_);
            self.shut(box_);
        }
        self.host.press(Button::Confirm).expect("offered");
        self.judge(false, "drop.serve", Lie::None);
        self.host.press(Button::Done).expect("offered");
        self.see(Lie::None);
        self.marks = Marks::default();
    }

    /// Staff put a key in for its driver before the model begins, and the PIN was sent.
    fn hand_in(&mut self) {
        for button in [Button::DropKey, Button::Go, Button::ByQr] {
            self.host.press(button).expect("offered");
        }
        let act = locker_core::Act::Drop { visit: OMAR };
        self.host.scan(act).expect("staff may drop");
        self.put_in();
        self.mail(Delivery::Accepted, Lie::None);
        self.see(Lie::None);
        self.marks = Marks::default();
    }

    /// The driver takes the key.
    fn take_out(&mut self) {
        for button in [Button::PickUpKey, Button::Go, Button::ByPin] {
            self.host.press(button).expect("offered");
        }
        let pin = self.pin.clone().expect("sent a moment ago");
        self.host.type_code(&pin).expect("the PIN is right");
        self.springs();
        if let Some(box_) = self.served_open() {
            self.key = None;
            self.shut(box_);
        }
        self.host.press(Button::Confirm).expect("offered");
        self.judge(false, "pick.serve", Lie::None);
        self.host.press(Button::Done).expect("offered");
        self.see(Lie::None);
        self.marks = Marks::default();
    }

    /// Whether the other driver's key is booked in a box, certain or not.
    pub(super) fn is_booked(&self) -> bool {
        matches!(self.host.locker.custody(OMAR), Custody::Box { .. } | Custody::ToCheck { .. })
    }

    /// The box that is served, if it stands open.
    pub(super) fn served_open(&self) -> Option<u8> {
        let durable = self.host.locker.durable();
        let in_use = |box_no| durable.box_state(box_no).is_some_and(|state| state.in_use.is_some());
        let mut open = (0..).zip(self.is_open).filter(|(_, is_open)| *is_open).map(|(box_, _)| box_);
        open.find(|box_| in_use(box_no(box_ + 1)))
    }

    pub(super) fn read(&mut self, report: Option<PulseReport>) {
        let level = |box_: u8| {
            let is_open = self.is_open.get(usize::from(box_)).is_some_and(|is_open| *is_open);
            let door = if is_open { Door::Open } else { Door::Closed };
            let item = match (self.way, self.key == Some(box_)) {
                (Way::In, _) => Item::Unknown,
                (Way::Out, true) => Item::Present,
                (Way::Out, false) => Item::Absent,
            };
            BoxReading { box_no: box_no(box_ + 1), door, item }
        };
        let mut readings = Readings::new(Mono(self.host.mono), (0..2).map(level).collect());
        readings.pulse = report;
        self.host.note(Told::Readings(Arc::new(readings)));
    }

    pub(super) fn springs(&mut self) {
        let Some(pulse) = self.host.locker.outputs(&self.host.now()).pulse else { return };
        if let Some(is_open) = self.is_open.get_mut(usize::from(pulse.box_no.get() - 1)) {
            *is_open = true;
        }
        let (at, outcome) = (Mono(self.host.mono), PulseOutcome::Accepted);
        self.read(Some(PulseReport { id: pulse.id, at, outcome }));
    }

    pub(super) fn shut(&mut self, box_: u8) {
        if let Some(is_open) = self.is_open.get_mut(usize::from(box_)) {
            *is_open = false;
        }
        self.read(None);
    }

    /// What the frontend draws now.
    pub(super) fn see(&mut self, lie: Lie) {
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

    pub(super) fn touch(&mut self, action: Action, lie: Lie) -> bool {
        let before = self.shown.id;
        let generation = self.host.screen().generation;
        let (touch_id, fresh) = (self.host.unused(), self.host.fresh());
        let answer = self.host.ask(Ask::Touch(Touch { generation, touch_id, action, fresh }));
        let is_taken = answer.is_ok();
        let has_key = self.out.taken_at.is_some();
        self.marks.saw(Event::TooLate, has_key && answer == Ok(Answer::Denied(Denial::CodeUsed)));
        self.marks.saw(Event::Asleep, answer == Ok(Answer::Denied(Denial::OnHold)));
        self.last_touch = touch_id;
        if is_taken {
            self.untouched = 0;
            self.was_warned = false;
        }
        self.judge(false, before, lie);
        is_taken
    }

    pub(super) fn press(&mut self, button: Button, lie: Lie) {
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
            self.out.is_held = false;
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

    pub(super) fn type_pin(&mut self, typed: Typed, lie: Lie) {
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

    pub(super) fn write(&mut self, typed: Typed, lie: Lie) {
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

    pub(super) fn mail(&mut self, outcome: Delivery, lie: Lie) {
        let before = self.shown.id;
        let open = self.host.locker.open_messages();
        let Some(message) = open.first().map(|open| open.message) else { return };
        if outcome == Delivery::Accepted {
            let fresh = self.host.fresh();
            if let Ok(Answer::Code { pin, .. }) = self.host.ask(Ask::MakeCode { message, fresh }) {
                self.pin = Some(pin.reveal().as_slice().into());
                self.judge(false, before, lie);
            }
        } else {
            self.extras += 1;
        }
        self.host.note(Told::Delivery { message, outcome });
        self.kept = None;
        self.judge(false, before, lie);
        self.marks.saw(Event::NotSent, outcome == Delivery::Refused);
    }

    pub(super) fn sleep(&mut self, sleep: Sleep, lie: Lie) {
        let before = Arc::clone(&self.shown);
        let due = self.host.next_deadline().unwrap_or(0);
        let ms = match sleep {
            Sleep::Due => due,
            Sleep::Almost => due - 1,
            Sleep::Over => due + 10 * MINUTE,
        };
        self.odd_sleeps += u8::from(sleep != Sleep::Due);
        self.host.pass(ms);
        let ms = match lie {
            Lie::FastClock => ms / 2,
            Lie::SlowClock => 2 * ms,
            _ => ms,
        };
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

    pub(super) fn close_state(&mut self, lie: Lie) {
        self.see(lie);
        self.judge_state(lie);
    }
}
