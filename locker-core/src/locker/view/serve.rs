//! Step 4 and the last screens.

use alloc::vec;

use super::{Scene, map};
use crate::cabinet::Door;
use crate::locker::boxes::BoxState;
use crate::locker::serve;
use crate::locker::session::{Phase, Purpose, Serving, Sorry, Thanks, Way, Wish};
use crate::screen::{Notice, NoticeKind, Screen, Sound, Text, Widget};

/// A box is served.
pub(super) fn serving(scene: &Scene<'_>, serving: &Serving, screen: &mut Screen) {
    let box_no = serving.box_no;
    let is_leaving = serving.wish == Some(Wish::Leave);
    let is_again = matches!(serving.purpose, Purpose::Collect { again: true, .. });
    let id = match (serving.purpose.way(), serving.phase) {
        (_, Phase::Opening { .. }) => "serve-opening",
        (_, Phase::Open { .. } | Phase::Blind { .. }) if is_leaving => "serve-leave",
        (Way::Out, Phase::Open { .. } | Phase::Blind { .. } | Phase::Closed { .. }) if is_again => {
            "serve-take-left"
        }
        (Way::In, Phase::Open { .. } | Phase::Blind { .. }) => "serve-put",
        (Way::Out, Phase::Open { .. } | Phase::Blind { .. }) => "serve-take",
        (Way::Look, Phase::Open { .. } | Phase::Blind { .. }) => "serve-look",
        (Way::In, Phase::Closed { .. }) => "serve-put-closed",
        (Way::Out, Phase::Closed { .. }) => "serve-take-closed",
        (Way::Look, Phase::Closed { .. }) => "serve-look-closed",
    };
    screen.title = Text::new("serve-title").with("box", box_no);
    screen.lines = vec![Text::new(id).with("box", box_no)];
    screen.widgets = vec![Widget::BoxNumber { box_no }, map::map(scene, Some(box_no))];
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

/// Staff say what they found.
pub(super) fn settling(scene: &Scene<'_>, serving: &Serving, screen: &mut Screen) {
    let booked = scene.durable.box_state(serving.box_no).and_then(BoxState::booked).is_some();
    screen.title = Text::new("settle-title").with("box", serving.box_no);
    screen.lines = vec![Text::new(if booked { "settle-booked" } else { "settle-not-booked" })];
    screen.widgets = vec![Widget::BoxNumber { box_no: serving.box_no }];
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
        Thanks::HandedIn => ("thanks-handed-in-title", "thanks-handed-in"),
        Thanks::Collected => ("thanks-collected-title", "thanks-collected"),
        Thanks::Checked => ("thanks-checked-title", "thanks-checked"),
    };
    screen.title = Text::new(title);
    screen.lines = vec![Text::new(line).with("box", box_no)];
    screen.widgets = vec![Widget::BoxNumber { box_no }];
    screen.sound = Some(Sound::Done);
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
        Sorry::Reception => "sorry-reception",
    })];
    let telephone = scene.durable.settings.telephone.as_str();
    if !telephone.is_empty() {
        screen.lines.push(Text::new("help-telephone").with("telephone", telephone));
    }
    screen.sound = Some(Sound::Problem);
}
