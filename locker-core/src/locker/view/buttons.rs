//! What can be pressed now. Apart from how a screen looks, because every press asks for it: what a screen does not show,
//! it does not take.

use super::Scene;
use crate::locker::boxes::{Assignment, BoxState};
use crate::locker::drop;
use crate::locker::link;
use crate::locker::record::Flow;
use crate::locker::serve::{self, REOPENED_MAX};
use crate::locker::session::{Active, Overlay, Phase, Purpose, QrShown, Serving, Stage, Step, Way, Wish};
use crate::screen::{Button, ButtonView, Text, Weight};

/// A button, before it is drawn.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    press: Button,
    label: &'static str,
    weight: Weight,
    enabled: bool,
    on: bool,
}

impl Offer {
    /// A button that does something.
    const fn new(press: Button, label: &'static str, weight: Weight) -> Self {
        Self { press, label, weight, enabled: true, on: false }
    }

    /// The same, doing something only if `enabled`.
    const fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    /// The same, switched on if `on`.
    const fn on(self, on: bool) -> Self {
        Self { on, ..self }
    }

    /// As it is drawn.
    pub(super) fn view(self) -> ButtonView {
        let Self { press, label, weight, enabled, on } = self;
        ButtonView { press, label: Text::new(label), weight, enabled, on }
    }
}

const BACK: Offer = Offer::new(Button::Back, "back", Weight::Secondary);
const OK: Offer = Offer::new(Button::Ok, "ok", Weight::Primary);
const DONE: Offer = Offer::new(Button::Done, "thanks-done", Weight::Primary);

/// The bar of every screen.
pub(super) const BAR: [Offer; 2] = [
    Offer::new(Button::Help, "bar-help", Weight::Quiet),
    Offer::new(Button::Abort, "bar-abort", Weight::Quiet),
];

/// The buttons of the question whether somebody is still there.
pub(super) const STILL_THERE: [Offer; 1] = [Offer::new(Button::MoreTime, "still-more", Weight::Primary)];

impl Scene<'_> {
    /// The buttons of what lies over the step.
    pub(super) fn of_overlay(&self, overlay: Overlay) -> [Offer; 2] {
        let call = || {
            let linked = Offer::new(Button::CallHelp, "help-call", Weight::Secondary);
            self.linked(linked, Offer::new(Button::CallHelp, "help-call-off", Weight::Secondary))
        };
        match overlay {
            Overlay::Abort => [
                Offer::new(Button::Yes, "abort-yes", Weight::Secondary),
                Offer::new(Button::No, "abort-no", Weight::Primary),
            ],
            Overlay::Help => [call(), Offer::new(Button::CloseHelp, "help-close", Weight::Primary)],
        }
    }

    /// A button that needs a link; without one it says so and does nothing (SAFE-6).
    fn linked(&self, offer: Offer, off: Offer) -> Offer {
        if link::is_down(self.session) { off.enabled(false) } else { offer }
    }

    /// Staff by QR code.
    fn by_qr(&self) -> Offer {
        let linked = Offer::new(Button::ByQr, "method-qr", Weight::Quiet);
        self.linked(linked, Offer::new(Button::ByQr, "method-qr-off", Weight::Quiet))
    }

    /// Whether the bottom screen offers this button now.
    pub(super) fn offers(&self, button: Button) -> bool {
        let is_it = |offer: &Offer| offer.press == button && offer.enabled;
        if self.is_asking() {
            return STILL_THERE.iter().any(is_it);
        }
        if let Some(overlay) = self.session.overlay {
            return self.of_overlay(overlay).iter().any(is_it);
        }
        let mut is_offered = BAR.iter().any(is_it);
        self.buttons(&mut |offer| is_offered |= is_it(&offer));
        is_offered
    }

    /// Hands over the buttons of the step, in the order in which they stand.
    pub(super) fn buttons(&self, to: &mut impl FnMut(Offer)) {
        match &self.session.stage {
            Stage::Start if self.is_welcome_first() => self.of_welcome(Flow::Drop, false, to),
            Stage::Start => {
                // Two ways of equal rank: neither is *the* next thing to do.
                let may_drop = drop::is_offered(self.durable, self.session);
                to(Offer::new(Button::DropKey, "start-drop", Weight::Secondary).enabled(may_drop));
                let may_pick = self.is_serving();
                to(Offer::new(Button::PickUpKey, "start-pick-up", Weight::Secondary).enabled(may_pick));
            }
            Stage::Welcome { flow, low } => self.of_welcome(*flow, *low, to),
            Stage::Active(active) => self.of_step(active, to),
        }
    }

    fn of_welcome(&self, flow: Flow, low: bool, to: &mut impl FnMut(Offer)) {
        if flow == Flow::Drop {
            to(Offer::new(Button::LowBox, "welcome-low-box", Weight::Quiet).on(low));
        }
        let may_go = self.may_go(flow) || self.is_welcome_for_staff();
        to(Offer::new(Button::Go, "welcome-go", Weight::Primary).enabled(may_go));
    }

    /// Whether staff come in by the welcome of the drop too, so that it is open when no key can be dropped (profile
    /// `classic`).
    fn is_welcome_for_staff(&self) -> bool {
        self.durable.settings.profile.is_classic() && self.is_serving()
    }

    /// Whether a flow can begin now.
    pub(super) fn may_go(&self, flow: Flow) -> bool {
        match flow {
            Flow::Drop => drop::is_offered(self.durable, self.session),
            Flow::PickUp => self.is_serving(),
        }
    }

    fn of_step(&self, active: &Active, to: &mut impl FnMut(Offer)) {
        match &active.step {
            Step::Method => self.of_method(active.flow, to),
            Step::Pin(entry) => {
                to(BACK);
                to(Offer::new(Button::Show, "pin-show", Weight::Quiet).on(entry.revealed));
                to(OK);
            }
            Step::Reason(_) => to(OK),
            Step::AnyBox(case) => {
                if case.reason.is_some() {
                    to(BACK);
                }
                to(OK);
            }
            Step::Lookup(_) | Step::Vehicle { .. } | Step::Phone { .. } | Step::Remark { .. } => {
                to(BACK);
                to(OK);
            }
            Step::Searching { .. } | Step::Sending { .. } => {}
            Step::Contact { .. } => {
                to(BACK);
                let linked = Offer::new(Button::Send, "send", Weight::Primary);
                to(self.linked(linked, Offer::new(Button::Send, "send-off", Weight::Primary)));
            }
            Step::Sent => {
                to(BACK);
                to(Offer::new(Button::EnterCode, "enter-code", Weight::Primary));
            }
            Step::NoMatch => {
                to(Offer::new(Button::Help, "bar-help", Weight::Secondary));
                to(Offer::new(Button::Back, "back", Weight::Primary));
            }
            Step::Qr(QrShown { closed, .. }) => {
                to(BACK);
                let weight = if *closed { Weight::Primary } else { Weight::Quiet };
                let linked = Offer::new(Button::NewQr, "qr-new", weight);
                to(self.linked(linked, Offer::new(Button::NewQr, "method-qr-off", weight)));
            }
            Step::Driver(case) => {
                let has_phone = case.phone.is_some();
                let edit = if has_phone { "phone-change" } else { "phone-add" };
                to(Offer::new(Button::EditPhone, edit, Weight::Secondary));
                if has_phone {
                    to(Offer::new(Button::RemovePhone, "phone-remove", Weight::Secondary));
                }
                to(Offer::new(Button::Next, "next", Weight::Primary));
            }
            Step::Appointments(case) => {
                let edit = if case.remark.is_some() { "remark-change" } else { "remark-add" };
                to(Offer::new(Button::EditRemark, edit, Weight::Secondary));
                to(Offer::new(Button::Next, "appointments-right", Weight::Primary));
            }
            Step::Serve(serving) => self.of_serving(serving, to),
            Step::Settle(serving) => {
                let booked = self.durable.box_state(serving.box_no).and_then(BoxState::booked).is_some();
                let found = |press, label| Offer::new(press, label, Weight::Secondary);
                to(found(Button::BoxEmpty, "settle-empty"));
                to(found(Button::KeyStays, "settle-key-stays").enabled(booked));
                to(found(Button::KeyTaken, "settle-key-taken").enabled(booked));
                to(found(Button::SomethingElse, "settle-something-else"));
            }
            Step::Thanks { .. } | Step::Sorry { .. } => to(DONE),
        }
    }

    fn of_method(&self, flow: Flow, to: &mut impl FnMut(Offer)) {
        if flow == Flow::PickUp {
            to(Offer::new(Button::ByPin, "method-pin", Weight::Secondary));
            return to(self.by_qr());
        }
        let looks_up = drop::looks_up(self.durable, self.session, self.now.today);
        let is_listed = link::may_look_up(self.durable, self.session, self.now.today);
        // After too many unconfirmed openings, help and staff only (DROP-19).
        let is_limited = serve::is_limited_here(self.durable, self.now.mono);
        let way = |press, label, is_open: bool| {
            Offer::new(press, label, Weight::Secondary).enabled(is_open && !is_limited)
        };
        let pin = way(Button::ByPin, "method-pin", true);
        let registration = if is_listed { "method-registration" } else { "method-registration-off" };
        let registration = way(Button::ByRegistration, registration, looks_up);
        let phone = if is_listed { "method-phone" } else { "method-phone-off" };
        let phone = way(Button::ByPhone, phone, looks_up);
        let two_factor = self.settings().two_factor;
        let ways = if two_factor { [pin, registration, phone] } else { [registration, phone, pin] };
        ways.into_iter().for_each(&mut *to);
        to(self.by_qr());
    }

    fn of_serving(&self, serving: &Serving, to: &mut impl FnMut(Offer)) {
        let asks = serve::asks_to_close(serving, self.now.mono);
        let shut = Offer::new(Button::DoorIsShut, "serve-door-is-shut", Weight::Secondary);
        let is_opening = matches!(serving.phase, Phase::Opening { .. });
        if !is_opening && serving.wish == Some(Wish::Leave) {
            if asks {
                to(shut);
            }
            return;
        }
        to(Offer::new(Button::DidNotOpen, "serve-did-not-open", Weight::Quiet));
        if is_opening {
            return;
        }
        let may_reopen = serving.reopened < REOPENED_MAX;
        to(Offer::new(Button::OpenAgain, "serve-open-again", Weight::Quiet).enabled(may_reopen));
        match serving.purpose.way() {
            Way::In => {
                let state = self.durable.box_state(serving.box_no);
                if state.is_some_and(|state| matches!(state.assignment, Assignment::Reserved { .. })) {
                    to(Offer::new(Button::SomethingInside, "serve-something-inside", Weight::Quiet));
                }
            }
            Way::Out => {
                if !matches!(serving.purpose, Purpose::Collect { again: true, .. }) {
                    to(Offer::new(Button::NotMyKey, "serve-not-my-key", Weight::Quiet));
                }
            }
            Way::Look => {}
        }
        let is_blind = matches!(serving.phase, Phase::Blind { .. });
        if asks || is_blind && serving.wish == Some(Wish::Confirm) {
            to(shut);
        }
        to(Offer::new(Button::Confirm, "serve-confirm", Weight::Primary));
    }
}
