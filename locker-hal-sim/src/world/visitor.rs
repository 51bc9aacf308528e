//! Somebody in front of a locker: looks at the screen and at the doors, and does the next thing.

use fastrand::Rng;
use locker_core::screen::{Action, Button, Screen, Widget};
use locker_core::{Act, BoxNo, Door, LockerId, StaffCode, Template, VisitId};

use super::deed::Who;
use super::mood::{Mood, happens};
use super::stage::{Holder, Stage};
use super::watch::key_of;
use crate::SimCommand;

/// Why somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// A customer drops a key.
    Drop { visit: VisitId, way: Way },
    /// A member of staff fetches a key or looks into a box.
    Staff { staff: u8, act: Act },
    /// A customer picks up a key that staff dropped, or comes back for what was left in the box.
    Collect { visit: VisitId },
    /// A dealer admin looks into a box with a code of their own.
    Code { staff: u8, how: StaffCode, box_no: BoxNo },
    /// A thief types PINs.
    Guess,
}

/// How a customer proves who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Plate,
    Phone,
    Pin,
}

/// What is done next.
#[derive(Debug)]
pub(super) enum Next {
    Touch(Action),
    Hand(SimCommand),
    Scan,
    Wait(u64),
    Leave,
}

pub(super) struct Visitor {
    pub(super) errand: Errand,
    pub(super) who: Who,
    pub(super) mood: Mood,
    pub(super) plate: String,
    pub(super) phone: String,
    pub(super) address: String,
    pub(super) pin: Option<String>,
    /// How much patience is left, in actions.
    pub(super) patience: u16,
    /// How often the errand was begun again.
    pub(super) returns: u8,
    is_fresh: bool,
    typed: usize,
    has_put: bool,
    has_confirmed: u8,
    waited: u32,
    called: bool,
    settles: Button,
}

fn press(button: Button) -> Next {
    Next::Touch(Action::Press { button })
}

/// The buttons that do something now.
fn offered(screen: &Screen) -> impl Iterator<Item = Button> + '_ {
    let all = match &screen.overlay {
        Some(overlay) => overlay.buttons.iter().chain(&[]),
        None => screen.buttons.iter().chain(&screen.bar),
    };
    all.filter(|view| view.enabled).map(|view| view.press)
}

impl Visitor {
    pub(super) fn new(errand: Errand, who: Who, mood: Mood) -> Self {
        Self {
            errand,
            who,
            mood,
            plate: String::new(),
            phone: String::new(),
            address: String::new(),
            pin: None,
            patience: 120,
            returns: 0,
            is_fresh: true,
            typed: 0,
            has_put: false,
            has_confirmed: 0,
            waited: 0,
            called: false,
            settles: Button::BoxEmpty,
        }
    }

    /// The same person comes again, from the beginning.
    pub(super) fn again(mut self) -> Self {
        self.patience = 120;
        self.returns += 1;
        self.is_fresh = true;
        (self.typed, self.has_put, self.has_confirmed, self.waited) = (0, false, 0, 0);
        self
    }

    /// The next thing to do.
    pub(super) fn next(
        &mut self,
        stage: &mut Stage,
        locker: LockerId,
        screen: &Screen,
        dice: &mut Rng,
    ) -> Next {
        if self.patience == 0 {
            return Next::Leave;
        }
        self.patience -= 1;
        if let Some(overlay) = &screen.overlay {
            return self.on_overlay(overlay.id, dice);
        }
        if core::mem::take(&mut self.is_fresh)
            && !matches!(screen.id, "start" | "drop.welcome" | "pick.welcome")
        {
            // Somebody else's session: wait for its end, or end it.
            self.is_fresh = true;
            return if happens(dice, 150) { press(Button::Abort) } else { Next::Wait(20_000) };
        }
        if let Some(next) = self.on_a_whim(screen, dice) {
            return next;
        }
        match self.errand {
            Errand::Drop { visit, way } => self.drops(stage, locker, screen, dice, visit, way),
            Errand::Staff { act, .. } => self.serves(stage, locker, screen, dice, act),
            Errand::Collect { visit } => self.collects(stage, locker, screen, dice, visit),
            Errand::Code { staff, how, box_no } => {
                if how == StaffCode::Authenticator && self.is_at_an_empty_pad(screen) {
                    self.pin = stage.authenticator_shows(staff, locker);
                }
                self.opens_by_code(stage, locker, screen, dice, box_no)
            }
            Errand::Guess => self.guesses(screen, dice),
        }
    }

    fn on_overlay(&mut self, id: &str, dice: &mut Rng) -> Next {
        match id {
            "still_there" => press(Button::MoreTime),
            "abort" if happens(dice, 700) => press(Button::Yes),
            "abort" => press(Button::No),
            _ if !self.called => {
                self.called = true;
                press(Button::CallHelp)
            }
            _ => press(Button::CloseHelp),
        }
    }

    fn on_a_whim(&mut self, screen: &Screen, dice: &mut Rng) -> Option<Next> {
        let mood = self.mood;
        if happens(dice, mood.walks_away) {
            return Some(Next::Leave);
        }
        if happens(dice, mood.aborts) {
            return Some(press(Button::Abort));
        }
        if happens(dice, mood.asks_for_help) {
            self.called = false;
            return Some(press(Button::Help));
        }
        if happens(dice, mood.dawdles) {
            return Some(Next::Wait(dice.u64(5_000..250_000)));
        }
        if happens(dice, mood.presses_anything) {
            let all: Vec<Button> = offered(screen).collect();
            return Some(
                all.get(dice.usize(0..all.len().max(1))).map_or(Next::Wait(500), |button| press(*button)),
            );
        }
        None
    }

    fn drops(
        &mut self,
        stage: &mut Stage,
        locker: LockerId,
        screen: &Screen,
        dice: &mut Rng,
        visit: VisitId,
        way: Way,
    ) -> Next {
        match screen.id {
            "start" => match screen.buttons.iter().find(|view| view.press == Button::DropKey && view.enabled)
            {
                Some(_) if self.has_confirmed == 0 => press(Button::DropKey),
                _ => Next::Leave,
            },
            "drop.welcome" => press(Button::Go),
            "drop.method" => {
                let button = match way {
                    _ if self.pin.is_some() && self.returns < 3 => Button::ByPin,
                    Way::Plate | Way::Pin => Button::ByRegistration,
                    Way::Phone => Button::ByPhone,
                };
                self.typed = 0;
                if offered(screen).any(|there| there == button) { press(button) } else { Next::Leave }
            }
            "drop.registration" | "drop.phone" => {
                let text = if screen.id == "drop.phone" { &self.phone } else { &self.plate };
                self.writes(screen, text.clone(), dice)
            }
            "drop.searching" => Next::Wait(1_600),
            "drop.vehicle" => {
                let chosen = screen.widgets.iter().any(
                    |widget| matches!(widget, Widget::Choices { items } if items.iter().any(|item| item.chosen)),
                );
                if chosen { press(Button::Ok) } else { Next::Touch(Action::Choose { item: 0 }) }
            }
            "drop.contact" => press(Button::Send),
            "drop.sending" => Next::Wait(2_000),
            "drop.sent" => {
                self.reads_mail(stage, locker);
                self.waited += 1;
                match (&self.pin, self.waited) {
                    (Some(_), _) => press(Button::EnterCode),
                    (None, 0..=5) => Next::Wait(5_000),
                    (None, _) => Next::Leave,
                }
            }
            "drop.pin" => self.types(screen, dice),
            "drop.driver" if happens(dice, self.mood.edits) => press(Button::EditPhone),
            "drop.driver" => press(Button::Next),
            "drop.appointments" if happens(dice, self.mood.edits) => press(Button::EditRemark),
            "drop.appointments" => press(Button::Next),
            "drop.add_phone" => self.writes(screen, "0470 99 88 77".into(), dice),
            "drop.remark" => self.writes(screen, "xq please check the brakes".into(), dice),
            "drop.serve" => self.puts(stage, locker, screen, dice, visit),
            "drop.thanks" => {
                self.has_confirmed = 9;
                press(Button::Done)
            }
            "sorry" => press(Button::Done),
            _ => Next::Leave,
        }
    }

    /// The newest PIN for this errand that came to this person's addresses.
    fn reads_mail(&mut self, stage: &Stage, locker: LockerId) {
        let collects = matches!(self.errand, Errand::Collect { .. });
        let mail = stage.mail().iter().rev().filter(|mail| mail.locker == locker);
        let mail = mail.take(40).filter(|mail| match mail.template {
            Template::DropPin | Template::CheckInPin => !collects,
            Template::PickUpPin | Template::PickUpReminder => collects,
            Template::PickUpOff => false,
        });
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let is_mine = |to: &str| to == self.address || digits(to) == digits(&self.phone);
        self.pin = { mail }.find(|mail| is_mine(&mail.to)).map(|mail| mail.pin.clone());
    }

    fn collects(
        &mut self,
        stage: &mut Stage,
        locker: LockerId,
        screen: &Screen,
        dice: &mut Rng,
        visit: VisitId,
    ) -> Next {
        match screen.id {
            "start" if self.has_confirmed == 0 => {
                let has = offered(screen).any(|there| there == Button::PickUpKey);
                if has { press(Button::PickUpKey) } else { Next::Leave }
            }
            "pick.welcome" => press(Button::Go),
            "drop.welcome" => press(Button::Abort),
            "pick.method" => {
                self.reads_mail(stage, locker);
                // Three tries are enough: something is wrong with the code.
                let gives_up = self.pin.is_none() || self.typed > 2;
                if gives_up { Next::Leave } else { press(Button::ByPin) }
            }
            "pick.pin" => self.types(screen, dice),
            "pick.serve" => self.takes(stage, locker, screen, dice, Act::PickUp { visit }),
            "pick.thanks" => {
                self.has_confirmed = 9;
                press(Button::Done)
            }
            "sorry" => press(Button::Done),
            _ => Next::Leave,
        }
    }

    fn is_at_an_empty_pad(&self, screen: &Screen) -> bool {
        screen.widgets.iter().any(|widget| matches!(widget, Widget::Keypad { typed: 0, .. }))
    }

    fn opens_by_code(
        &mut self,
        stage: &mut Stage,
        locker: LockerId,
        screen: &Screen,
        dice: &mut Rng,
        box_no: BoxNo,
    ) -> Next {
        match screen.id {
            "pick.method" if self.pin.is_none() && self.typed > 0 => Next::Leave,
            "pick.method" => press(Button::ByPin),
            "pick.pin" => self.types(screen, dice),
            "staff.reason" => chooses(screen, dice.u8(0..4)),
            "staff.box" => chooses(screen, box_no.get() - 1),
            _ => self.serves(stage, locker, screen, dice, Act::Check { box_no }),
        }
    }

    fn writes(&mut self, screen: &Screen, text: String, dice: &mut Rng) -> Next {
        let held = screen.widgets.iter().find_map(|widget| match widget {
            Widget::Entry { value, .. } => Some(value.as_str()),
            _ => None,
        });
        if held == Some(text.as_str()) || held.is_some_and(|held| !held.is_empty()) && dice.u8(0..4) == 0 {
            return press(Button::Ok);
        }
        let text = if happens(dice, self.mood.mistypes) { format!("{text}7") } else { text };
        Next::Touch(Action::Write { text })
    }

    fn types(&mut self, screen: &Screen, dice: &mut Rng) -> Next {
        let Some(pin) = self.pin.clone() else { return press(Button::Back) };
        let typed = screen.widgets.iter().find_map(|widget| match widget {
            Widget::Keypad { typed, .. } => Some(usize::from(*typed)),
            _ => None,
        });
        let needs_plate = screen
            .widgets
            .iter()
            .any(|widget| matches!(widget, Widget::Entry { value, .. } if value.is_empty()));
        // Staff have none, and need none.
        if needs_plate && !self.plate.is_empty() {
            return Next::Touch(Action::Write { text: self.plate.clone() });
        }
        match pin.as_bytes().get(typed.unwrap_or(0)) {
            Some(digit) => {
                let slip = u8::from(happens(dice, self.mood.mistypes));
                Next::Touch(Action::Digit { digit: (digit - b'0' + slip) % 10 })
            }
            None => {
                self.typed += 1;
                if self.typed > 2 {
                    // It does not work: ask for another.
                    self.pin = None;
                }
                press(Button::Ok)
            }
        }
    }

    fn puts(
        &mut self,
        stage: &mut Stage,
        locker: LockerId,
        screen: &Screen,
        dice: &mut Rng,
        visit: VisitId,
    ) -> Next {
        let Some(box_no) = shown_box(screen) else { return Next::Wait(1_000) };
        let mood = self.mood;
        if stage.door(locker, box_no) == Door::Closed {
            return self.confirms(screen, dice);
        }
        self.waited = 0;
        let key = key_of(visit);
        // Colleagues hand keys on to each other.
        let is_own = |who: Who| who == self.who || matches!((who, self.who), (Who::Staff(_), Who::Staff(_)));
        let is_mine = !matches!(stage.ledger().get(&key), Some(Holder::Hand { who, .. }) if !is_own(*who));
        let is_inside = stage.keys_in(locker, box_no).contains(&key);
        if !self.has_put {
            self.has_put = true;
            if happens(dice, mood.swaps_keys)
                && let Some(other) = stage.keys_in(locker, box_no).pop()
            {
                return Next::Hand(SimCommand::Take { box_no, key: Some(other) });
            }
            if is_mine && !is_inside && !matches!(stage.ledger().get(&key), Some(Holder::Box { .. })) {
                if happens(dice, mood.puts_nothing_in) {
                    return Next::Wait(1_000);
                }
                return Next::Hand(SimCommand::Put { box_no, key });
            }
        }
        if is_inside && happens(dice, mood.takes_nothing_out / 4) {
            // Takes it back out again.
            return Next::Hand(SimCommand::Take { box_no, key: Some(key) });
        }
        self.closes(screen, box_no, dice)
    }

    /// The door stands open and nothing is left to be done inside.
    fn closes(&mut self, screen: &Screen, box_no: BoxNo, dice: &mut Rng) -> Next {
        if happens(dice, self.mood.leaves_doors_open) {
            let shut = offered(screen).find(|button| matches!(button, Button::DoorIsShut | Button::Confirm));
            return if dice.bool() { Next::Leave } else { shut.map_or(Next::Wait(5_000), press) };
        }
        Next::Hand(SimCommand::Close { box_no })
    }

    fn confirms(&mut self, screen: &Screen, dice: &mut Rng) -> Next {
        let has = |button| offered(screen).any(|there| there == button);
        self.waited += 1;
        if has(Button::DoorIsShut) && (self.has_confirmed > 0 || self.waited > 3) {
            return press(Button::DoorIsShut);
        }
        if has(Button::Confirm) && self.has_confirmed < 6 && (self.waited == 1 || self.waited > 4) {
            self.has_confirmed += 1;
            self.waited = 1;
            return press(Button::Confirm);
        }
        match self.waited {
            0..=12 => Next::Wait(dice.u64(400..1_500)),
            13..=40 if has(Button::DidNotOpen) && dice.u8(0..4) == 0 => press(Button::DidNotOpen),
            13..=60 => Next::Wait(2_500),
            _ => Next::Leave,
        }
    }

    fn serves(
        &mut self,
        stage: &mut Stage,
        locker: LockerId,
        screen: &Screen,
        dice: &mut Rng,
        act: Act,
    ) -> Next {
        let flow = if let Act::Drop { .. } = act { Button::DropKey } else { Button::PickUpKey };
        match screen.id {
            "start" if self.has_confirmed == 0 => {
                let has = offered(screen).any(|there| there == flow);
                if has { press(flow) } else { Next::Leave }
            }
            "pick.welcome" if flow == Button::DropKey => press(Button::Abort),
            "drop.welcome" if flow == Button::PickUpKey => press(Button::Abort),
            "pick.welcome" | "drop.welcome" => press(Button::Go),
            "pick.method" | "drop.method" => press(Button::ByQr),
            "pick.qr" | "drop.qr" => {
                self.waited += 1;
                if self.waited > 4 {
                    return Next::Leave;
                }
                if screen.widgets.is_empty() { press(Button::NewQr) } else { Next::Scan }
            }
            "pick.serve" => self.takes(stage, locker, screen, dice, act),
            "drop.serve" => match act {
                Act::Drop { visit } => self.puts(stage, locker, screen, dice, visit),
                Act::PickUp { .. } | Act::Check { .. } => Next::Leave,
            },
            "check.settle" => {
                self.has_confirmed = 9;
                let lies = [Button::BoxEmpty, Button::KeyStays, Button::KeyTaken, Button::SomethingElse];
                let said = if happens(dice, self.mood.lies) { lies[dice.usize(0..4)] } else { self.settles };
                let there = offered(screen).find(|button| *button == said);
                press(there.unwrap_or(Button::BoxEmpty))
            }
            "pick.thanks" | "drop.thanks" => {
                self.has_confirmed = 9;
                press(Button::Done)
            }
            "sorry" => press(Button::Done),
            _ => Next::Leave,
        }
    }

    /// A box is open for staff: take the key, or look what is inside.
    fn takes(
        &mut self,
        stage: &mut Stage,
        locker: LockerId,
        screen: &Screen,
        dice: &mut Rng,
        act: Act,
    ) -> Next {
        let Some(box_no) = shown_box(screen) else { return Next::Wait(1_000) };
        if stage.door(locker, box_no) == Door::Closed {
            return self.confirms(screen, dice);
        }
        self.waited = 0;
        let inside = stage.keys_in(locker, box_no);
        let wanted = match act {
            Act::PickUp { visit } | Act::Drop { visit } => Some(visit),
            Act::Check { .. } => stage.booked_in(locker, box_no),
        };
        let key = wanted.map(key_of);
        let is_there = key.as_ref().is_some_and(|key| inside.contains(key));
        let lazy = happens(dice, self.mood.takes_nothing_out);
        if let Some(other) = inside.iter().find(|inside| Some(*inside) != key.as_ref())
            && matches!(act, Act::Check { .. })
            && !lazy
        {
            return Next::Hand(SimCommand::Take { box_no, key: Some(other.clone()) });
        }
        match act {
            Act::PickUp { .. } if is_there && !lazy => return Next::Hand(SimCommand::Take { box_no, key }),
            Act::PickUp { .. } | Act::Drop { .. } => {}
            Act::Check { .. } if self.has_put => {}
            Act::Check { .. } => {
                self.has_put = true;
                self.settles = match (is_there, inside.is_empty()) {
                    (true, _) if dice.bool() => Button::KeyStays,
                    (true, _) => {
                        self.settles = Button::KeyTaken;
                        return Next::Hand(SimCommand::Take { box_no, key });
                    }
                    (false, _) => Button::BoxEmpty,
                };
            }
        }
        self.closes(screen, box_no, dice)
    }

    fn guesses(&mut self, screen: &Screen, dice: &mut Rng) -> Next {
        match screen.id {
            "start" if offered(screen).any(|there| there == Button::DropKey) => press(Button::DropKey),
            "drop.welcome" => press(Button::Go),
            "drop.method" if offered(screen).any(|there| there == Button::ByPin) => press(Button::ByPin),
            "drop.pin" => {
                let typed = screen.widgets.iter().find_map(|widget| match widget {
                    Widget::Keypad { typed, .. } => Some(*typed),
                    _ => None,
                });
                if typed.unwrap_or(0) < 6 {
                    Next::Touch(Action::Digit { digit: dice.u8(0..10) })
                } else if dice.u8(0..8) == 0 {
                    Next::Wait(dice.u64(1_000..600_000))
                } else {
                    press(Button::Ok)
                }
            }
            _ => Next::Leave,
        }
    }
}

/// Chooses an item, and then goes on.
fn chooses(screen: &Screen, item: u8) -> Next {
    let is_chosen =
        |widget: &Widget| matches!(widget, Widget::Choices { items } if items.iter().any(|item| item.chosen));
    if screen.widgets.iter().any(is_chosen) {
        press(Button::Ok)
    } else {
        Next::Touch(Action::Choose { item })
    }
}

fn shown_box(screen: &Screen) -> Option<BoxNo> {
    screen.widgets.iter().find_map(|widget| match widget {
        Widget::BoxNumber { box_no } => Some(*box_no),
        _ => None,
    })
}
