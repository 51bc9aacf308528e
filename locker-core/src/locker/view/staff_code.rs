//! Staff who typed a code of their own say why and which box (CODE-8, CODE-9).

use alloc::vec;
use alloc::vec::Vec;

use super::{Scene, masked};
use crate::exchange::OpenReason;
use crate::locker::boxes::BoxState;
use crate::locker::lookup;
use crate::locker::session::CodeCase;
use crate::screen::{ChoiceView, Screen, Text, Widget};

/// Why?
pub(super) fn reason(case: &CodeCase, screen: &mut Screen) {
    let choice = |(item, reason): (u8, OpenReason)| ChoiceView {
        label: Text::new(match reason {
            OpenReason::Key => "staff-reason-key",
            OpenReason::Look => "staff-reason-look",
            OpenReason::Repair => "staff-reason-repair",
            OpenReason::Other => "staff-reason-other",
        }),
        detail: None,
        chosen: case.chosen == Some(item),
    };
    screen.title = Text::new("staff-reason-title");
    screen.lines = vec![Text::new("staff-reason")];
    screen.widgets = vec![Widget::Choices { items: (0..).zip(OpenReason::ALL).map(choice).collect() }];
}

/// Which box? What is booked in one is said by a masked registration, so that the right key is found without a link.
pub(super) fn any_box(scene: &Scene<'_>, case: &CodeCase, screen: &mut Screen) {
    let boxes = &scene.durable.boxes;
    let plate = |state: &BoxState| {
        let visit = scene.durable.visits.get(&state.booked()?)?;
        visit.people.get().map(|people| people.plate.as_str())
    };
    let known: Vec<&str> = boxes.iter().filter_map(plate).collect();
    let mut masks = lookup::mask_plates(&known).into_iter();
    let choice = |(item, state): (u8, &BoxState)| ChoiceView {
        label: Text::new("staff-box-number").with("box", state.no()),
        detail: if plate(state).is_some() {
            masks.next().map(masked)
        } else if state.booked().is_some() {
            Some(Text::new("staff-box-holds"))
        } else {
            state.check.map(|_| Text::new("staff-box-to-check"))
        },
        chosen: case.chosen == Some(item),
    };
    screen.title = Text::new("staff-box-title");
    screen.lines = vec![Text::new("staff-box")];
    screen.widgets = vec![Widget::Choices { items: (0..).zip(boxes).map(choice).collect() }];
}
