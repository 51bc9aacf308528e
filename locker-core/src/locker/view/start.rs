//! Start, welcome, and the top screen (START-1, START-2, START-4, START-5).

use alloc::vec;

use super::{Scene, map};
use crate::locker::Flow;
use crate::locker::ask::Store;
use crate::locker::drop;
use crate::locker::session::{Stage, Step};
use crate::screen::{Notice, NoticeKind, Screen, Text, Widget};

/// The start screen: why did you come?
pub(super) fn start(scene: &Scene<'_>, screen: &mut Screen) {
    screen.title = Text::new("start-title");
    screen.lines = vec![Text::new("start-why")];
    screen.notice = why_not(scene);
    if !scene.is_serving() {
        screen.lines = vec![reach(scene)];
    }
}

/// Why not everything is offered (START-5, SAFE-8).
fn why_not(scene: &Scene<'_>) -> Option<Notice> {
    let store = scene.session.store;
    let id = if store == Store::Down {
        "start-store-down"
    } else if !scene.durable.settings.active {
        "start-inactive"
    } else if store == Store::Low {
        "start-store-low"
    } else if !drop::has_room(scene.durable) {
        "start-full"
    } else {
        return None;
    };
    Some(Notice { kind: NoticeKind::Problem, text: Text::new(id) })
}

/// How to reach a person: by telephone, or with *help* where no number is known.
fn reach(scene: &Scene<'_>) -> Text {
    match scene.durable.settings.telephone.as_str() {
        "" => Text::new("start-reach-help"),
        telephone => Text::new("start-reach").with("telephone", telephone),
    }
}

/// The steps of a flow, before anything is asked.
pub(super) fn welcome(scene: &Scene<'_>, screen: &mut Screen, flow: Flow) {
    let (title, steps): (_, &[_]) = match (flow, scene.durable.settings.two_factor) {
        (Flow::Drop, true) => {
            ("drop-welcome-title", &["drop-welcome-1", "drop-welcome-2", "drop-welcome-3", "drop-welcome-4"])
        }
        // Without 2FA nobody is asked to check contacts (DROP-10).
        (Flow::Drop, false) => {
            ("drop-welcome-title", &["drop-welcome-number", "drop-welcome-3", "drop-welcome-4"])
        }
        (Flow::PickUp, _) => ("pick-welcome-title", &["pick-welcome-1", "pick-welcome-2"]),
    };
    screen.title = Text::new(title);
    screen.widgets = vec![Widget::Steps { steps: steps.iter().map(|id| Text::new(id)).collect() }];
    if !scene.may_go(flow) {
        screen.notice = why_not(scene);
        screen.lines = vec![reach(scene)];
    }
}

/// What a bystander may see: the locker's name, the boxes, how to start (START-4).
pub(super) fn top(scene: &Scene<'_>, screen: &mut Screen) {
    let here = match &scene.session.stage {
        Stage::Active(active) => match &active.step {
            Step::Serve(serving) | Step::Settle(serving) => Some(serving.box_no),
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
            | Step::AnyBox(_)
            | Step::Driver(_)
            | Step::Phone { .. }
            | Step::Appointments(_)
            | Step::Remark { .. }
            | Step::Thanks { .. }
            | Step::Sorry { .. } => None,
        },
        Stage::Start | Stage::Welcome { .. } => None,
    };
    screen.languages.clear();
    screen.title = words_or_name(screen);
    screen.widgets = vec![map::map(scene, here)];
    screen.band = map::open_doors(scene);
    if let Some(box_no) = here {
        screen.id = "top.box";
        screen.lines = vec![Text::new("top-box").with("box", box_no)];
        screen.widgets.insert(0, Widget::BoxNumber { box_no });
    } else if !scene.is_serving() {
        screen.id = "top.out";
        screen.lines = vec![Text::new("top-out")];
    } else if matches!(scene.session.stage, Stage::Start) {
        screen.id = "top.start";
        screen.lines = vec![Text::new("top-start")];
    } else {
        screen.id = "top.busy";
        screen.lines = vec![Text::new("top-busy")];
    }
}

fn words_or_name(screen: &Screen) -> Text {
    super::words(&screen.locker)
}
