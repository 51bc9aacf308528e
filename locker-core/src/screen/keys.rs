//! Everything by a numeric keypad, without looking: what its keys do on a screen, and what is said about it (KIOSK UX-6, UX-7).

use alloc::string::String;
use alloc::vec::Vec;

use super::{Action, Button, ButtonView, EntryKind, Screen, Text, Value, Weight, Widget};
use crate::time::Mono;

/// A second strike of the same key within this many milliseconds is a trembling hand, not a wish (UX-6).
pub const DOUBLE_STRIKE_MS: u64 = 500;

/// Choices that are said at once; with more of them, the key after them goes on.
const CHOICES_AT_ONCE: usize = 8;

/// The key that goes on to further choices.
const MORE: u8 = 9;

/// What each digit writes: the digit struck first chooses a row, the one struck next the letter in it. No time runs, unlike
/// on a telephone.
const ROWS: [&str; 10] = ["0 ", "1-.,+", "2abc", "3def", "4ghi", "5jkl", "6mno", "7pqrs", "8tuv", "9wxyz"];

/// A key of the keypad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// 0 to 9.
    Digit(u8),
    /// Does the one next thing.
    Confirm,
    /// Stops, as the x does; goes back where something lies over the step.
    Abort,
    /// Help.
    Help,
    /// Says everything again; where something is typed, also what else can be chosen.
    Repeat,
}

/// Something to be said, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// The key that does what the text says; `None` for what is only said.
    pub key: Option<Key>,
    /// The text.
    pub text: Text,
}

/// Where somebody is with the keypad. One for each keypad; it holds nothing that is not on the screen.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    has_headset: bool,
    step: Option<(&'static str, Option<&'static str>)>,
    /// Where something is typed: whether the choices are said instead.
    is_menu: bool,
    page: usize,
    field: usize,
    row: Option<u8>,
    last: Option<(Key, Mono)>,
}

/// What a number stands for.
enum Choice {
    Touch(Action),
    OtherField,
}

/// Where digits go.
#[derive(Clone, Copy)]
enum Field<'a> {
    Pad { typed: u8 },
    Entry { kind: EntryKind, value: &'a str, chars_max: u16, label: &'a Text },
}

impl Keys {
    /// Nobody has pressed anything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a headset is plugged in. Without one, what is personal is not said (UX-12).
    pub fn headset(&mut self, is_in: bool) {
        self.has_headset = is_in;
    }

    /// What a key does on `screen`: a touch to be sent, or `None` when it only changes what is said.
    ///
    /// ```
    /// use locker_core::screen::{Action, Button, ButtonView, Key, Keys, Locale, Screen, Surface, Text, Weight};
    /// use locker_core::Mono;
    ///
    /// let mut screen = Screen::out_of_service(Surface::Bottom, Locale::En);
    /// let go = Button::Go;
    /// screen.buttons.push(ButtonView { press: go, label: Text::new("go"), weight: Weight::Primary, enabled: true, on: false });
    /// let mut keys = Keys::new();
    /// assert_eq!(keys.press(&screen, Key::Confirm, Mono(0)), Some(Action::Press { button: go }));
    /// // The same key twice within half a second counts once.
    /// assert_eq!(keys.press(&screen, Key::Confirm, Mono(300)), None);
    /// ```
    pub fn press(&mut self, screen: &Screen, key: Key, at: Mono) -> Option<Action> {
        self.follow(screen);
        let struck = self.last.replace((key, at));
        if struck.is_some_and(|(last, when)| last == key && at.since(when) < DOUBLE_STRIKE_MS) {
            return None;
        }
        let press = |button| Some(Action::Press { button });
        match key {
            Key::Abort => match &screen.overlay {
                None => press(Button::Abort),
                Some(overlay) => {
                    let goes_back =
                        |button: &Button| matches!(button, Button::No | Button::CloseHelp | Button::MoreTime);
                    overlay.buttons.iter().map(|button| button.press).find(goes_back).and_then(press)
                }
            },
            Key::Help => {
                if screen.overlay.is_none() {
                    press(Button::Help)
                } else {
                    None
                }
            }
            Key::Confirm if self.row.take().is_some() => None,
            Key::Confirm => press(next_thing(screen)?.press),
            Key::Repeat => {
                self.row = None;
                self.page = 0;
                self.is_menu = !self.is_menu && !fields(screen).is_empty();
                None
            }
            Key::Digit(digit) => match self.typing(screen) {
                Some(field) => self.type_digit(field, digit),
                None => self.choose(screen, digit),
            },
        }
    }

    /// All that is to be said of `screen` now: what it shows, then what the keys do. When only some of it has changed since
    /// it was said last, it is enough to say that.
    #[must_use]
    pub fn say(&self, screen: &Screen) -> Vec<Cue> {
        let mut keys = self.clone();
        keys.follow(screen);
        let mut cues = Vec::new();
        keys.say_screen(screen, &mut cues);
        keys.say_keys(screen, &mut cues);
        cues
    }

    /// A new step is met with nothing chosen and nothing half typed.
    fn follow(&mut self, screen: &Screen) {
        let step = Some((screen.id, screen.overlay.as_ref().map(|overlay| overlay.id)));
        if self.step != step {
            *self = Self { has_headset: self.has_headset, last: self.last, step, ..Self::default() };
        }
        // What is said is at most what is there.
        if self.field >= fields(screen).len() {
            self.field = 0;
        }
    }

    /// The field that digits go to, unless numbers choose.
    fn typing<'a>(&self, screen: &'a Screen) -> Option<Field<'a>> {
        fields(screen).get(self.field).copied().filter(|_| !self.is_menu)
    }

    fn type_digit(&mut self, field: Field<'_>, digit: u8) -> Option<Action> {
        let (value, kind) = match field {
            Field::Pad { .. } => return Some(Action::Digit { digit }),
            Field::Entry { value, chars_max, .. } if value.chars().count() >= usize::from(chars_max) => {
                return None;
            }
            Field::Entry { value, kind, .. } => (value, kind),
        };
        let letter = if kind == EntryKind::Phone {
            char::from_digit(u32::from(digit), 10)?
        } else {
            let Some(row) = self.row.take() else {
                self.row = Some(digit);
                return None;
            };
            letters(row).nth(usize::from(digit.checked_sub(1)?))?
        };
        let mut text = String::from(value);
        text.push(letter);
        // Two strikes of one key can be two letters of one row: they are no double strike.
        self.last = None;
        Some(Action::Write { text })
    }

    fn choose(&mut self, screen: &Screen, digit: u8) -> Option<Action> {
        let choices = self.choices(screen);
        if digit == MORE && choices.len() > CHOICES_AT_ONCE {
            self.page = if (self.page + 1) * CHOICES_AT_ONCE < choices.len() { self.page + 1 } else { 0 };
            return None;
        }
        let place = usize::from(digit.checked_sub(1)?);
        if place >= CHOICES_AT_ONCE {
            return None;
        }
        let (choice, _) = choices.into_iter().nth(self.page * CHOICES_AT_ONCE + place)?;
        self.is_menu = false;
        self.page = 0;
        match choice {
            Choice::Touch(action) => Some(action),
            Choice::OtherField => {
                self.field += 1;
                None
            }
        }
    }

    /// What the numbers stand for.
    fn choices(&self, screen: &Screen) -> Vec<(Choice, Text)> {
        let mut choices = Vec::new();
        let fields = fields(screen);
        match fields.get(self.field) {
            Some(Field::Pad { typed: 1.. }) => {
                choices.push((Choice::Touch(Action::Erase), Text::new("keys-erase")));
            }
            Some(Field::Entry { value, .. }) if !value.is_empty() => {
                let mut text = String::from(*value);
                text.pop();
                choices.push((Choice::Touch(Action::Write { text }), Text::new("keys-erase")));
            }
            _ => {}
        }
        if fields.len() > 1 {
            choices.push((Choice::OtherField, Text::new("keys-other-field")));
        }
        for focus in screen.focus() {
            choices.push((Choice::Touch(focus.action.clone()), label(screen, &focus.action)));
        }
        choices
    }

    fn say_screen(&self, screen: &Screen, cues: &mut Vec<Cue>) {
        let mut texts = Vec::new();
        if let Some(progress) = screen.progress.filter(|_| screen.overlay.is_none()) {
            let (step, of) = (u64::from(progress.step), u64::from(progress.of));
            texts.push(Text::new("keys-progress").with("step", step).with("of", of));
        }
        texts.extend(screen.spoken.iter().cloned());
        if screen.overlay.is_none() {
            for widget in &screen.widgets {
                self.say_widget(widget, &mut texts);
            }
        }
        let mut is_private_said = false;
        for text in texts {
            let is_kept_back = !self.has_headset && is_personal(&text);
            if is_kept_back && is_private_said {
                continue;
            }
            is_private_said |= is_kept_back;
            let text = if is_kept_back { Text::new("keys-private") } else { text };
            cues.push(Cue { key: None, text });
        }
    }

    fn say_widget(&self, widget: &Widget, texts: &mut Vec<Text>) {
        match widget {
            Widget::Steps { steps } => texts.extend(steps.iter().cloned()),
            Widget::List { rows } => {
                for row in rows {
                    // A label alone says nothing.
                    if self.has_headset || !is_personal(&row.value) {
                        texts.push(row.label.clone());
                    }
                    texts.push(row.value.clone());
                }
            }
            Widget::Choices { items } => texts.extend(items.iter().filter_map(|item| item.detail.clone())),
            Widget::Keypad { typed: 0, .. } | Widget::Map { .. } => {}
            Widget::Keypad { typed, .. } => {
                texts.push(Text::new("keys-typed").with("typed", u64::from(*typed)));
            }
            Widget::Entry { label, value, .. } => {
                texts.push(label.clone());
                let count = value.chars().count();
                if count > 0 && self.has_headset {
                    texts.push(Text::new("words").with("words", spelled(value).as_str()));
                } else if count > 0 {
                    texts.push(Text::new("keys-entered").with("count", count as u64));
                }
            }
            Widget::Qr { digits, .. } => {
                texts.push(Text::new("keys-qr"));
                texts.extend(
                    digits.as_ref().map(|digits| Text::new("words").with("words", spelled(digits).as_str())),
                );
            }
            Widget::BoxNumber { box_no } => texts.push(Text::new("keys-box").with("box", *box_no)),
            Widget::Busy { reason } => texts.push(reason.clone()),
        }
    }

    fn say_keys(&self, screen: &Screen, cues: &mut Vec<Cue>) {
        let only_said = |text| Cue { key: None, text };
        if let Some(row) = self.row {
            for (key, letter) in (1..).zip(letters(row)) {
                let mut name = String::new();
                name.push(letter);
                let text = match letter {
                    ' ' => Text::new("keys-space"),
                    '-' => Text::new("keys-hyphen"),
                    _ => Text::new("words").with("words", name.as_str()),
                };
                cues.push(Cue { key: Some(Key::Digit(key)), text });
            }
            return;
        }
        if let Some(button) = next_thing(screen) {
            cues.push(Cue { key: Some(Key::Confirm), text: button.label.clone() });
        }
        if let Some(field) = self.typing(screen) {
            cues.push(only_said(match field {
                Field::Entry { kind: EntryKind::Registration | EntryKind::Remark, .. } => {
                    Text::new("keys-type-letters")
                }
                Field::Pad { .. } | Field::Entry { .. } => Text::new("keys-type-digits"),
            }));
            if let (Field::Entry { label, .. }, true) = (field, fields(screen).len() > 1) {
                cues.push(Cue { key: None, text: label.clone() });
            }
            cues.push(only_said(Text::new("keys-more-by-repeat")));
            return;
        }
        let choices = self.choices(screen);
        let is_paged = choices.len() > CHOICES_AT_ONCE;
        let page = choices.into_iter().skip(self.page * CHOICES_AT_ONCE).take(CHOICES_AT_ONCE);
        for (key, (_, text)) in (1..).zip(page) {
            cues.push(Cue { key: Some(Key::Digit(key)), text });
        }
        if is_paged {
            cues.push(Cue { key: Some(Key::Digit(MORE)), text: Text::new("keys-more") });
        }
        if self.is_menu {
            cues.push(only_said(Text::new("keys-back-by-repeat")));
        }
    }
}

/// Where digits go, in the order of the screen.
fn fields(screen: &Screen) -> Vec<Field<'_>> {
    if screen.overlay.is_some() {
        return Vec::new();
    }
    screen.widgets.iter().filter_map(field).collect()
}

fn field(widget: &Widget) -> Option<Field<'_>> {
    if let Widget::Entry { kind, value, chars_max, label } = widget {
        return Some(Field::Entry { kind: *kind, value, chars_max: *chars_max, label });
    }
    if let Widget::Keypad { typed, .. } = widget { Some(Field::Pad { typed: *typed }) } else { None }
}

/// The one next thing to do, if it can be done.
fn next_thing(screen: &Screen) -> Option<&ButtonView> {
    let buttons = screen.overlay.as_ref().map_or(&screen.buttons, |overlay| &overlay.buttons);
    buttons.iter().find(|button| button.weight == Weight::Primary && button.enabled)
}

/// What is said of a choice.
fn label(screen: &Screen, action: &Action) -> Text {
    let buttons = screen.buttons.iter().chain(&screen.bar);
    let mut buttons = buttons.chain(screen.overlay.iter().flat_map(|overlay| &overlay.buttons));
    let found = match action {
        Action::Press { button } => buttons.find(|view| view.press == *button).map(|view| view.label.clone()),
        Action::Choose { item } => screen.widgets.iter().find_map(|widget| {
            let Widget::Choices { items } = widget else { return None };
            Some(items.get(usize::from(*item))?.label.clone())
        }),
        Action::Language { locale } => Some(Text::new("words").with("words", locale.own_name())),
        Action::Digit { .. } | Action::Erase | Action::Write { .. } => None,
    };
    found.unwrap_or_else(|| Text::new("words").with("words", ""))
}

/// The letters of a row, capital: the locker reads registrations and remarks in either.
fn letters(row: u8) -> impl Iterator<Item = char> {
    let letters = ROWS.get(usize::from(row)).copied().unwrap_or_default();
    // The digit itself comes last: letters are what a row is struck for.
    letters.chars().skip(1).chain(letters.chars().take(1)).map(|letter| letter.to_ascii_uppercase())
}

/// Sign by sign, as it has to be said.
fn spelled(text: &str) -> String {
    let mut spelled = String::new();
    for sign in text.chars().filter(|sign| !sign.is_whitespace()) {
        if !spelled.is_empty() {
            spelled.push(' ');
        }
        spelled.push(sign);
    }
    spelled
}

fn is_personal(text: &Text) -> bool {
    text.args.iter().any(|(_, value)| matches!(value, Value::Personal(_)))
}
