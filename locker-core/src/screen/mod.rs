//! The view model: what a screen shows and what can be done on it. A frontend draws widgets and sends touches; it
//! holds no rule.

mod focus;
mod keys;
mod text;
mod touch;
mod widget;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::Generation;

pub use focus::Focus;
pub use keys::{Cue, DOUBLE_STRIKE_MS, Key, Keys};
pub use text::{Locale, Text, Value};
pub use touch::{Action, Button, TEXT_BYTES_MAX, Touch};
pub use widget::{BoxMark, BoxView, ButtonView, ChoiceView, EntryKind, RowView, Weight, Widget};

/// Which of the two screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The touch screen that carries the steps.
    Bottom,
    /// The screen above it, for bystanders (START-4).
    Top,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Good to know.
    Info,
    /// Something has to be done.
    Ask,
    /// Something did not work.
    Problem,
}

/// A line that stands out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// What it says.
    pub text: Text,
}

/// A step's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// From 1.
    pub step: u8,
    /// How many there are.
    pub of: u8,
}

/// A time limit that is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Remaining {
    /// Milliseconds left.
    pub left_ms: u64,
    /// Milliseconds in all.
    pub total_ms: u64,
    /// Whether the warning is shown: any touch gives more time.
    pub warning: bool,
}

/// A sound that goes with the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sound {
    /// Time is running out, or a door should be closed.
    Attention,
    /// Something did not work.
    Problem,
    /// Done.
    Done,
}

/// Something that floats over the step and leaves it as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OverlayView {
    /// Which one: `abort`, `help` or `still_there`.
    pub id: &'static str,
    /// Its title.
    pub title: Text,
    /// Its lines.
    pub lines: Vec<Text>,
    /// Its buttons.
    pub buttons: Vec<ButtonView>,
}

/// A language to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LanguageView {
    /// The language.
    pub locale: Locale,
    /// Its own name.
    pub name: &'static str,
    /// Whether it is spoken now.
    pub chosen: bool,
}

/// What one of the two screens shows now. The focus goes through the widgets, the buttons, the bar and the languages, each in
/// its order; with an overlay open, through its buttons and the languages.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Screen {
    /// Which screen.
    pub surface: Surface,
    /// Which step, such as `drop.pin`.
    pub id: &'static str,
    /// The set of actions; a touch carries it back.
    pub generation: Generation,
    /// The language.
    pub locale: Locale,
    /// The locker's name.
    pub locker: String,
    /// The step's number, where the flow has steps.
    pub progress: Option<Progress>,
    /// The title.
    pub title: Text,
    /// What to do, one thing at a time.
    pub lines: Vec<Text>,
    /// A line that stands out: an error, a question, a confirmation.
    pub notice: Option<Notice>,
    /// A band over everything, such as a box that stands open.
    pub band: Option<Text>,
    /// The widgets, top to bottom.
    pub widgets: Vec<Widget>,
    /// The step's buttons, the primary one last.
    pub buttons: Vec<ButtonView>,
    /// The buttons at the same place on every screen: help, and x where something can be left.
    pub bar: Vec<ButtonView>,
    /// The languages, at the same place on every screen.
    pub languages: Vec<LanguageView>,
    /// The overlay, if one is open: only its buttons, and the languages, act.
    pub overlay: Option<OverlayView>,
    /// The time limit that is running, if any.
    pub remaining: Option<Remaining>,
    /// What is spoken when the screen appears, in order.
    pub spoken: Vec<Text>,
    /// A sound when the screen appears.
    pub sound: Option<Sound>,
}

impl fmt::Debug for Screen {
    /// Arguments and typed text are not said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen")
            .field("id", &self.id)
            .field("generation", &self.generation)
            .field("overlay", &self.overlay.as_ref().map(|overlay| overlay.id))
            .field("widgets", &self.widgets)
            .finish_non_exhaustive()
    }
}

impl Screen {
    /// The screen of a locker that serves no keys because no machine runs: its journal is damaged, or it is just being
    /// restored (SAFE-4, SAFE-8).
    #[must_use]
    pub fn out_of_service(surface: Surface, locale: Locale) -> Self {
        Self {
            surface,
            id: "out_of_service",
            generation: Generation::default(),
            locale,
            locker: String::new(),
            progress: None,
            title: Text::new("out-title"),
            lines: alloc::vec![Text::new("out")],
            notice: None,
            band: None,
            widgets: Vec::new(),
            buttons: Vec::new(),
            bar: Vec::new(),
            languages: Vec::new(),
            overlay: None,
            remaining: None,
            spoken: alloc::vec![Text::new("out-title"), Text::new("out")],
            sound: None,
        }
    }

    /// Every text on the screen, for a catalogue to fill in.
    pub fn texts_mut(&mut self) -> Vec<&mut Text> {
        let mut texts: Vec<&mut Text> = Vec::new();
        texts.push(&mut self.title);
        texts.extend(&mut self.lines);
        texts.extend(self.notice.as_mut().map(|notice| &mut notice.text));
        texts.extend(&mut self.band);
        for widget in &mut self.widgets {
            match widget {
                Widget::Steps { steps } => texts.extend(steps),
                Widget::Choices { items } => {
                    for item in items {
                        texts.push(&mut item.label);
                        texts.extend(&mut item.detail);
                    }
                }
                Widget::Entry { label, .. } => texts.push(label),
                Widget::List { rows } => {
                    for row in rows {
                        texts.push(&mut row.label);
                        texts.push(&mut row.value);
                    }
                }
                Widget::Busy { reason } => texts.push(reason),
                Widget::Keypad { .. } | Widget::Qr { .. } | Widget::Map { .. } | Widget::BoxNumber { .. } => {
                }
            }
        }
        texts.extend(self.buttons.iter_mut().map(|button| &mut button.label));
        texts.extend(self.bar.iter_mut().map(|button| &mut button.label));
        if let Some(overlay) = &mut self.overlay {
            texts.push(&mut overlay.title);
            texts.extend(&mut overlay.lines);
            texts.extend(overlay.buttons.iter_mut().map(|button| &mut button.label));
        }
        texts.extend(&mut self.spoken);
        texts
    }
}
