//! The two screens, read off the state.

mod buttons;
mod map;
mod serve;
mod staff_code;
mod start;
mod steps;

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use self::buttons::Offer;
use super::ask::Store;
use super::session::{Active, LookupBy, Overlay, Session, Stage, Step, Typed};
use super::{Durable, Flow, Locker};
use super::{help, link, timers};
use crate::exchange::{HelpAnswer, Settings};
use crate::ids::Generation;
use crate::machine::Machine;
use crate::screen::{
    Button, LanguageView, Locale, Notice, NoticeKind, OverlayView, Progress, Remaining, Screen, Sound,
    Surface, Text, Widget,
};
use crate::time::Now;

/// What one screen needs to be drawn.
pub(super) struct Scene<'a> {
    durable: &'a Durable,
    session: &'a Session,
    now: Now,
}

impl Locker {
    /// What a screen shows now. Read it after every commit and once a second while something counts down; the texts
    /// are filled in by a catalogue (feature `text`).
    #[must_use]
    pub fn screen(&self, surface: Surface, now: &Now) -> Screen {
        let scene = Scene { durable: self.durable(), session: self.frame().session(), now: *now };
        let mut screen =
            scene.blank(surface, Generation { boot: self.frame().boot(), n: scene.session.generation });
        if !self.frame().is_started() {
            screen.id = "out_of_service";
            screen.title = Text::new("out-title");
            return screen;
        }
        match surface {
            Surface::Bottom => scene.bottom(&mut screen),
            Surface::Top => start::top(&scene, &mut screen),
        }
        screen.spoken = spoken(&screen);
        screen
    }
}

/// Whether the bottom screen offers this button now: what it does not show, it does not take.
pub(super) fn offers(durable: &Durable, session: &Session, now: &Now, button: Button) -> bool {
    Scene { durable, session, now: *now }.offers(button)
}

/// What is spoken: the title, what to do, what stands out.
fn spoken(screen: &Screen) -> Vec<Text> {
    if let Some(overlay) = &screen.overlay {
        return [&overlay.title].into_iter().chain(&overlay.lines).cloned().collect();
    }
    let notice = screen.notice.iter().map(|notice| &notice.text);
    [&screen.title].into_iter().chain(notice).chain(&screen.lines).chain(&screen.band).cloned().collect()
}

impl<'a> Scene<'a> {
    /// The settings in force: a session keeps those it began with (START-6).
    fn settings(&self) -> &'a Settings {
        self.session.settings(self.durable)
    }

    fn locale(&self) -> Locale {
        self.session.locale.unwrap_or(self.settings().locale)
    }

    fn blank(&self, surface: Surface, generation: Generation) -> Screen {
        let locale = self.locale();
        let language =
            |other: Locale| LanguageView { locale: other, name: other.own_name(), chosen: other == locale };
        Screen {
            surface,
            id: if self.is_welcome_first() { "drop.welcome" } else { screen_id(self.session) },
            generation,
            locale,
            locker: self.durable.settings.name.clone(),
            progress: None,
            title: Text::new("start-title"),
            lines: Vec::new(),
            notice: None,
            band: None,
            widgets: Vec::new(),
            buttons: Vec::new(),
            bar: Vec::new(),
            languages: Locale::ALL.into_iter().map(language).collect(),
            overlay: None,
            remaining: None,
            spoken: Vec::new(),
            sound: None,
        }
    }

    fn bottom(&self, screen: &mut Screen) {
        screen.bar = buttons::BAR.map(Offer::view).into();
        self.buttons(&mut |offer| screen.buttons.push(offer.view()));
        match &self.session.stage {
            Stage::Start if self.is_welcome_first() => start::welcome(self, screen, Flow::Drop),
            Stage::Start => start::start(self, screen),
            Stage::Welcome { flow, .. } => start::welcome(self, screen, *flow),
            Stage::Active(active) => {
                screen.progress = progress(active);
                steps::step(self, active, screen);
            }
        }
        screen.band = map::open_doors(self);
        self.coming(screen);
        self.overlay(screen);
        self.remaining(screen);
    }

    fn overlay(&self, screen: &mut Screen) {
        let Some(overlay) = self.session.overlay else {
            return;
        };
        screen.overlay = Some(match overlay {
            Overlay::Abort => OverlayView {
                id: "abort",
                title: Text::new("abort-title"),
                lines: vec![Text::new(match &self.session.stage {
                    Stage::Active(Active { step: Step::Serve(_) | Step::Settle(_), .. }) => "abort-box-open",
                    Stage::Start | Stage::Welcome { .. } | Stage::Active(_) => "abort-lose",
                })],
                buttons: self.of_overlay(overlay).map(Offer::view).into(),
            },
            Overlay::Help => OverlayView {
                id: "help",
                title: Text::new("help-title"),
                lines: self.help_lines(screen),
                buttons: self.of_overlay(overlay).map(Offer::view).into(),
            },
        });
    }

    /// Somebody is coming: said over the step, unless the step itself has something to say (HELP-2). That nothing can be
    /// recorded is what the person called for, and is said again afterwards (SAFE-8).
    fn coming(&self, screen: &mut Screen) {
        let is_told = |notice: &Notice| notice.text.id != "start-store-down";
        if help::says_coming(self.session, self.now.mono) && !screen.notice.as_ref().is_some_and(is_told) {
            screen.notice = Some(Notice { kind: NoticeKind::Info, text: Text::new("help-coming") });
        }
    }

    fn help_lines(&self, screen: &Screen) -> Vec<Text> {
        let settings = &self.durable.settings;
        let mut lines = vec![Text::new(steps::help_of(screen.id))];
        if !settings.telephone.is_empty() {
            lines.push(Text::new("help-telephone").with("telephone", settings.telephone.as_str()));
        }
        if !settings.hours.is_empty() {
            lines.push(Text::new("help-hours").with("hours", settings.hours.as_str()));
        }
        if link::is_down(self.session) && !help::says_coming(self.session, self.now.mono) {
            lines.push(Text::new("help-nobody"));
            return lines;
        }
        let id = match help::standing(self.durable, self.session) {
            None => return lines,
            Some(None) if self.session.calling.is_some() => "help-calling",
            Some(None) => "help-nobody",
            Some(Some(HelpAnswer::Notified)) => "help-called",
            Some(Some(HelpAnswer::Nobody)) => "help-nobody",
            Some(Some(HelpAnswer::Coming)) if help::says_coming(self.session, self.now.mono) => "help-coming",
            // Whoever called for help before has been helped: that is no news for the next person.
            Some(Some(HelpAnswer::Coming)) => return lines,
        };
        lines.push(Text::new(id));
        lines
    }

    fn remaining(&self, screen: &mut Screen) {
        if matches!(self.session.stage, Stage::Start) {
            return;
        }
        let Some(limit) = timers::idle_limit(self.session) else {
            return;
        };
        let left_ms = limit.from.after(limit.end_ms).since(self.now.mono);
        screen.remaining = Some(Remaining { left_ms, total_ms: limit.end_ms, warning: self.session.warned });
        if self.is_asking() {
            screen.sound = Some(Sound::Attention);
            screen.overlay = Some(OverlayView {
                id: "still_there",
                title: Text::new("still-title"),
                lines: vec![Text::new("still-lose")],
                buttons: buttons::STILL_THERE.map(Offer::view).into(),
            });
        }
    }

    /// Whether the person is asked whether they are still there (UX-1). A start screen just becomes itself again.
    fn is_asking(&self) -> bool {
        let is_start = matches!(self.session.stage, Stage::Start);
        self.session.warned && !is_start && timers::idle_limit(self.session).is_some()
    }

    /// Whether nobody is asked why they came: the welcome screen stands where the start screen would (profile `classic`).
    fn is_welcome_first(&self) -> bool {
        matches!(self.session.stage, Stage::Start) && self.durable.settings.profile.is_classic()
    }

    /// Whether keys are served at all.
    fn is_serving(&self) -> bool {
        self.durable.settings.active && self.session.store != Store::Down
    }
}

fn progress(active: &Active) -> Option<Progress> {
    let step = match &active.step {
        Step::Method
        | Step::Pin(_)
        | Step::Lookup(_)
        | Step::Searching { .. }
        | Step::Vehicle { .. }
        | Step::Contact { .. }
        | Step::Sending { .. }
        | Step::Sent
        | Step::NoMatch
        | Step::Qr(_)
        | Step::Reason(_)
        | Step::AnyBox(_) => 1,
        Step::Driver(_) | Step::Phone { .. } => 2,
        Step::Appointments(_) | Step::Remark { .. } => 3,
        Step::Serve(_) | Step::Settle(_) => 4,
        Step::Thanks { .. } | Step::Sorry { .. } => return None,
    };
    Some(match (active.flow, active.settings.two_factor) {
        (Flow::Drop, true) => Progress { step, of: 4 },
        (Flow::Drop, false) => Progress { step: if step > 1 { step - 1 } else { 1 }, of: 3 },
        (Flow::PickUp, _) => Progress { step: if step > 1 { 2 } else { 1 }, of: 2 },
    })
}

/// A keypad for a PIN.
fn keypad(digits: &[u8], revealed: bool) -> Widget {
    let shown = digits.iter().map(|digit| if revealed { char::from(*digit) } else { '•' }).collect();
    let typed = u8::try_from(digits.len()).unwrap_or(u8::MAX);
    Widget::Keypad { shown, typed, digits_max: 8, revealed }
}

/// The name of the step that the bottom screen is at.
pub(crate) fn screen_id(session: &Session) -> &'static str {
    let active = match &session.stage {
        Stage::Start => return "start",
        Stage::Welcome { flow: Flow::Drop, .. } => return "drop.welcome",
        Stage::Welcome { flow: Flow::PickUp, .. } => return "pick.welcome",
        Stage::Active(active) => active,
    };
    match (&active.step, active.flow) {
        (Step::Method, Flow::Drop) => "drop.method",
        (Step::Method, Flow::PickUp) => "pick.method",
        (Step::Pin(_), Flow::Drop) => "drop.pin",
        (Step::Pin(_), Flow::PickUp) => "pick.pin",
        (Step::Lookup(Typed { by: LookupBy::Registration, .. }), _) => "drop.registration",
        (Step::Lookup(Typed { by: LookupBy::Phone, .. }), _) => "drop.phone",
        (Step::Searching { .. }, _) => "drop.searching",
        (Step::Vehicle { .. }, _) => "drop.vehicle",
        (Step::Contact { .. }, _) => "drop.contact",
        (Step::Sending { .. }, _) => "drop.sending",
        (Step::Sent, _) => "drop.sent",
        (Step::NoMatch, _) => "drop.no_match",
        (Step::Qr(_), Flow::Drop) => "drop.qr",
        (Step::Qr(_), Flow::PickUp) => "pick.qr",
        (Step::Reason(_), _) => "staff.reason",
        (Step::AnyBox(_), _) => "staff.box",
        (Step::Driver(_), _) => "drop.driver",
        (Step::Phone { .. }, _) => "drop.add_phone",
        (Step::Appointments(_), _) => "drop.appointments",
        (Step::Remark { .. }, _) => "drop.remark",
        (Step::Serve(_), Flow::Drop) => "drop.serve",
        (Step::Serve(_), Flow::PickUp) => "pick.serve",
        (Step::Settle(_), _) => "check.settle",
        (Step::Thanks { .. }, Flow::Drop) => "drop.thanks",
        (Step::Thanks { .. }, Flow::PickUp) => "pick.thanks",
        (Step::Sorry { .. }, _) => "sorry",
    }
}

/// A line that says nothing but what it is given.
fn words(text: &str) -> Text {
    Text::new("words").with("words", text)
}

/// A line that says nothing but something about a person.
fn personal(text: &str) -> Text {
    Text {
        id: "words",
        args: vec![("words", crate::screen::Value::Personal(text.into()))],
        text: String::new(),
    }
}

/// A line of masked words.
fn masked(text: String) -> Text {
    Text { id: "words", args: vec![("words", crate::screen::Value::Masked(text))], text: String::new() }
}
