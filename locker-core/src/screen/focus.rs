//! The order in which a screen is walked through without touching it.

use alloc::vec::Vec;

use super::{Action, ButtonView, Screen, Widget};

/// Something on a screen that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focus<'a> {
    /// What choosing it does.
    pub action: Action,
    /// What stands on it; empty until a catalogue has filled the texts in.
    pub label: &'a str,
    /// Whether it is the chosen one, or switched on.
    pub on: bool,
}

impl Screen {
    /// Everything that can be chosen now, in the order in which the focus goes: the items of the widgets, the step's buttons,
    /// the bar, the languages; with an overlay open its buttons and the languages. Digits and text entries are typed, not
    /// chosen, and buttons that are not enabled are left out (KIOSK UX-6).
    ///
    /// ```
    /// use locker_core::screen::{Locale, Screen, Surface};
    ///
    /// assert!(Screen::out_of_service(Surface::Bottom, Locale::En).focus().is_empty());
    /// ```
    #[must_use]
    pub fn focus(&self) -> Vec<Focus<'_>> {
        let mut order = Vec::new();
        if let Some(overlay) = &self.overlay {
            order.extend(overlay.buttons.iter().filter_map(of_button));
        } else {
            for widget in &self.widgets {
                let Widget::Choices { items } = widget else { continue };
                order.extend((0_u8..).zip(items).map(|(item, choice)| Focus {
                    action: Action::Choose { item },
                    label: &choice.label.text,
                    on: choice.chosen,
                }));
            }
            order.extend(self.buttons.iter().chain(&self.bar).filter_map(of_button));
        }
        order.extend(self.languages.iter().map(|language| Focus {
            action: Action::Language { locale: language.locale },
            label: language.name,
            on: language.chosen,
        }));
        order
    }
}

fn of_button(button: &ButtonView) -> Option<Focus<'_>> {
    let ButtonView { press, label, enabled, on, .. } = button;
    enabled.then(|| Focus { action: Action::Press { button: *press }, label: &label.text, on: *on })
}
