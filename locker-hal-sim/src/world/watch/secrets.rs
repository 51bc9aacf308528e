//! Personal data: sealed in every journal and snapshot, and on no screen before a code was accepted.
//!
//! Every name, plate, address and vehicle of the world's people has `zq` in it, whatever they type of their own (a remark)
//! has `xq`, and every phone number is written with a blank or a plus: hexadecimal digits have none of these.

use locker_core::screen::{Screen, Surface, Text, Value, Widget};
use locker_core::{Entry, Generation};

use super::Judge;
use crate::world::stage::Stage;

#[derive(Default)]
pub(super) struct Secrets {
    searched: u64,
    snapshot: usize,
    shown: Option<(Generation, &'static str)>,
}

impl Secrets {
    pub(super) fn journal(&mut self, stage: &Stage, judge: &mut Judge<'_>) {
        let entries = stage.journal(judge.locker, self.searched);
        for Entry { seq, body, .. } in entries {
            judge.check("sealed", !leaks(body), || format!("record {seq} holds personal data in the clear"));
            self.searched = *seq;
        }
        if let Some(bytes) = stage.snapshot(judge.locker)
            && bytes.len() != self.snapshot
        {
            self.snapshot = bytes.len();
            judge.check("sealed", !leaks(bytes), || "a snapshot holds personal data in the clear".into());
        }
    }

    /// Looks at both screens when they are others than the last time.
    pub(super) fn screens(&mut self, stage: &Stage, judge: &mut Judge<'_>, is_identified: bool) {
        let bottom = stage.screen(judge.locker, Surface::Bottom);
        let what = (bottom.generation, bottom.id);
        if self.shown == Some(what) {
            return;
        }
        self.shown = Some(what);
        judge.check("screen", is_identified || !says_personal(&bottom), || {
            format!("the screen {} shows personal data before a code was accepted", bottom.id)
        });
        let top = stage.screen(judge.locker, Surface::Top);
        let is_map = |widget: &Widget| {
            matches!(widget, Widget::Map { .. } | Widget::Steps { .. } | Widget::BoxNumber { .. })
        };
        judge.check("screen", !says_personal(&top) && top.widgets.iter().all(is_map), || {
            "the upper screen shows more than a bystander may see".into()
        });
    }
}

pub(super) fn leaks(bytes: &[u8]) -> bool {
    let marked = |pair: &[u8]| {
        matches!(pair, [b'z' | b'Z' | b'x' | b'X', b'q' | b'Q']) || matches!(pair, [b'+', b'0'..=b'9'])
    };
    bytes.windows(2).any(marked)
}

/// Whether a text of the screen, but what the person has just typed, has a name, a plate or an address in it.
fn says_personal(screen: &Screen) -> bool {
    let mut texts: Vec<&Text> = vec![&screen.title];
    texts.extend(&screen.lines);
    texts.extend(screen.notice.iter().map(|notice| &notice.text));
    texts.extend(&screen.band);
    texts.extend(&screen.spoken);
    for widget in &screen.widgets {
        match widget {
            Widget::Choices { items } => {
                texts.extend(
                    items.iter().flat_map(|item| [Some(&item.label), item.detail.as_ref()]).flatten(),
                );
            }
            Widget::List { rows } => texts.extend(rows.iter().flat_map(|row| [&row.label, &row.value])),
            _ => {}
        }
    }
    if let Some(overlay) = &screen.overlay {
        texts.push(&overlay.title);
        texts.extend(&overlay.lines);
    }
    let is_marked =
        |words: &str| words.as_bytes().windows(2).any(|pair| matches!(pair, [b'z' | b'Z', b'q' | b'Q']));
    let says = |value: &Value| match value {
        Value::Masked(words) | Value::Words(words) | Value::Personal(words) => is_marked(words),
        Value::Number(_) | Value::Box(_) | Value::Date(_) | Value::Time(_) => false,
    };
    texts.iter().any(|text| text.args.iter().any(|(_, value)| says(value)))
}
