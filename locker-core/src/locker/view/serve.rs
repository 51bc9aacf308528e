//! Step 4 and the last screens.

use alloc::vec;

use super::{Scene, button, button_if, map};
use crate::cabinet::Door;
use crate::locker::boxes::{Assignment, BoxState};
use crate::locker::serve::{self, REOPENED_MAX};
use crate::locker::session::{Phase, Purpose, Serving, Sorry, Thanks, Wish};
use crate::screen::{Button, ButtonView, Notice, NoticeKind, Screen, Sound, Text, Weight, Widget};

/// A box is served.
pub(super) fn serving(scene: &Scene<'_>, serving: &Serving, screen: &mut Screen) {
    let box_no = serving.box_no;
    let is_leaving = serving.wish == Some(Wish::Leave);
    let id = match (&serving.purpose, serving.phase) {
        (_, Phase::Opening { .. }) => "serve-opening",
        (_, Phase::Open { .. } | Phase::Blind { .. }) if is_leaving => "serve-leave",
        (Purpose::Drop(_), Phase::Open { .. } | Phase::Blind { .. }) => "serve-put",
        (Purpose::PickUp { .. }, Phase::Open { .. } | Phase::Blind { .. }) => "serve-take",
        (Purpose::Check { .. }, Phase::Open { .. } | Phase::Blind { .. }) => "serve-look",
        (Purpose::Drop(_), Phase::Closed { .. }) => "serve-put-closed",
        (Purpose::PickUp { .. }, Phase::Closed { .. }) => "serve-take-closed",
        (Purpose::Check { .. }, Phase::Closed { .. }) => "serve-look-closed",
    };
    screen.title = Text::new("serve-title").with("box", box_no);
    screen.lines = vec![Text::new(id).with("box", box_no)];
    screen.widgets = vec![Widget::BoxNumber { box_no }, map::map(scene, Some(box_no))];
    screen.buttons = buttons(scene, serving);
    if serve::asks_to_close(serving, scene.now.mono) {
        let text = Text::new("serve-please-close").with("box", box_no);
        screen.notice = Some(Notice { kind: NoticeKind::Ask, text });
        screen.sound = Some(Sound::Attention);
    } else if scene.session.warned {
        let text = Text::new("serve-please-confirm");
        screen.notice = Some(Notice { kind: NoticeKind::Ask, text });
        screen.sound = Some(Sound::Attention);
    } else if serving.attempt > 1 && matches!(serving.phase, Phase::Opening { .. }) {
        let text = Text::new("serve-again").with("attempt", u64::from(serving.attempt));
        screen.notice = Some(Notice { kind: NoticeKind::Info, text });
    }
}

fn buttons(scene: &Scene<'_>, serving: &Serving) -> vec::Vec<ButtonView> {
    let mut buttons = vec![button(Button::DidNotOpen, "serve-did-not-open", Weight::Quiet)];
    if matches!(serving.phase, Phase::Opening { .. }) {
        return buttons;
    }
    let shut = button(Button::DoorIsShut, "serve-door-is-shut", Weight::Secondary);
    let asks = serve::asks_to_close(serving, scene.now.mono);
    if serving.wish == Some(Wish::Leave) {
        return if asks { vec![shut] } else { vec![] };
    }
    let may_reopen = serving.reopened < REOPENED_MAX;
    buttons.push(button_if(may_reopen, Button::OpenAgain, "serve-open-again", Weight::Quiet));
    match serving.purpose {
        Purpose::Drop(_) => {
            let state = scene.durable.box_state(serving.box_no);
            if state.is_some_and(|state| matches!(state.assignment, Assignment::Reserved { .. })) {
                buttons.push(button(Button::SomethingInside, "serve-something-inside", Weight::Quiet));
            }
        }
        Purpose::PickUp { .. } => buttons.push(button(Button::NotMyKey, "serve-not-my-key", Weight::Quiet)),
        Purpose::Check { .. } => {}
    }
    let is_blind = matches!(serving.phase, Phase::Blind { .. });
    if asks || is_blind && serving.wish == Some(Wish::Confirm) {
        buttons.push(shut);
    }
    buttons.push(button(Button::Confirm, "serve-confirm", Weight::Primary));
    buttons
}

/// Staff say what they found.
pub(super) fn settling(scene: &Scene<'_>, serving: &Serving, screen: &mut Screen) {
    let booked = scene.durable.box_state(serving.box_no).and_then(BoxState::booked).is_some();
    screen.title = Text::new("settle-title").with("box", serving.box_no);
    screen.lines = vec![Text::new(if booked { "settle-booked" } else { "settle-not-booked" })];
    screen.widgets = vec![Widget::BoxNumber { box_no: serving.box_no }];
    screen.buttons = vec![
        button(Button::BoxEmpty, "settle-empty", Weight::Secondary),
        button_if(booked, Button::KeyStays, "settle-key-stays", Weight::Secondary),
        button_if(booked, Button::KeyTaken, "settle-key-taken", Weight::Secondary),
        button(Button::SomethingElse, "settle-something-else", Weight::Secondary),
    ];
    if scene.session.warned {
        screen.notice = Some(Notice { kind: NoticeKind::Ask, text: Text::new("settle-please") });
        screen.sound = Some(Sound::Attention);
    }
}

/// Done.
pub(super) fn thanks(scene: &Scene<'_>, box_no: crate::ids::BoxNo, what: Thanks, screen: &mut Screen) {
    let (title, line) = match what {
        Thanks::Dropped => ("thanks-dropped-title", "thanks-dropped"),
        Thanks::PickedUp => ("thanks-picked-up-title", "thanks-picked-up"),
        Thanks::Checked => ("thanks-checked-title", "thanks-checked"),
    };
    screen.title = Text::new(title);
    screen.lines = vec![Text::new(line).with("box", box_no)];
    screen.widgets = vec![Widget::BoxNumber { box_no }];
    screen.sound = Some(Sound::Done);
    screen.buttons = vec![button(Button::Done, "thanks-done", Weight::Primary)];
    let is_open = scene.durable.box_state(box_no).is_some_and(|state| state.door == Door::Open);
    if is_open {
        let text = Text::new("serve-please-close").with("box", box_no);
        screen.notice = Some(Notice { kind: NoticeKind::Ask, text });
    }
}

/// It cannot go on.
pub(super) fn sorry(scene: &Scene<'_>, why: Sorry, screen: &mut Screen) {
    screen.title = Text::new("sorry-title");
    screen.lines = vec![Text::new(match why {
        Sorry::Full => "sorry-full",
        Sorry::Limited => "sorry-limited",
        Sorry::Jammed => "sorry-jammed",
        Sorry::NotFound => "sorry-not-found",
    })];
    let telephone = scene.durable.settings.telephone.as_str();
    if !telephone.is_empty() {
        screen.lines.push(Text::new("help-telephone").with("telephone", telephone));
    }
    screen.sound = Some(Sound::Problem);
    screen.buttons = vec![button(Button::Done, "thanks-done", Weight::Primary)];
}
