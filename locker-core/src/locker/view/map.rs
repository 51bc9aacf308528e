//! The map of the boxes, and the doors that stand open.

use alloc::vec::Vec;

use super::Scene;
use crate::cabinet::Door;
use crate::ids::BoxNo;
use crate::locker::boxes::BoxState;
use crate::locker::serve;
use crate::screen::{BoxMark, BoxView, Text, Widget};

/// The map; `here` is the box in use.
pub(super) fn map(scene: &Scene<'_>, here: Option<BoxNo>) -> Widget {
    let mark = |state: &BoxState| {
        let is_here = here == Some(state.no());
        match (is_here, state.door) {
            (true, Door::Open) => BoxMark::HereOpen,
            (true, Door::Closed | Door::Unknown) => BoxMark::Here,
            (false, Door::Open) => BoxMark::Open,
            (false, _) if state.out.is_some() => BoxMark::OutOfService,
            (false, Door::Closed | Door::Unknown) => BoxMark::Plain,
        }
    };
    let view = |state: &BoxState| BoxView {
        box_no: state.no(),
        column: state.place.column,
        row: state.place.row,
        mark: mark(state),
    };
    Widget::Map { boxes: scene.durable.boxes.iter().map(view).collect() }
}

/// The band over everything: a box that stands open and that nobody is using (TIME-3).
pub(super) fn open_doors(scene: &Scene<'_>) -> Option<Text> {
    let open: Vec<BoxNo> = scene
        .durable
        .boxes
        .iter()
        .filter(|state| state.door == Door::Open && !serve::is_serving(scene.session, state.no()))
        .map(BoxState::no)
        .collect();
    let first = open.first()?;
    Some(match open.len() {
        1 => Text::new("band-open").with("box", *first),
        count => Text::new("band-open-several").with("count", count as u64).with("box", *first),
    })
}
