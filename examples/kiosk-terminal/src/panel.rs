//! What stands on the terminal, and what a key does: no rule of a locker is in here.

use locker_core::screen::{Action, Button, Screen, Surface, Weight, Widget};
use locker_core::{BoxNo, Door, Generation};
use locker_hal_sim::{SimCommand, SimState};
use locker_runtime::site::Letter;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What a key asks for.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Something is done on the bottom screen of this generation.
    Touch(Generation, Action),
    /// Somebody does something at the simulated cabinet.
    Cabinet(SimCommand),
    /// The program ends.
    Quit,
}

/// Everything that is drawn.
pub(crate) struct Panel {
    /// The touch screen.
    pub(crate) bottom: Screen,
    /// The screen above it.
    pub(crate) top: Screen,
    /// The simulated cabinet, if there is one.
    pub(crate) cabinet: Option<SimState>,
    /// The newest message that would have gone out.
    pub(crate) letter: Option<Letter>,
    /// Whether that message is shown: it holds a code.
    pub(crate) letter_shown: bool,
    /// What has the focus, counted in the order of the screen.
    pub(crate) focus: usize,
    /// What was typed into the text entry, as it goes out.
    pub(crate) typed: Option<String>,
    /// The box at which the hands are, if they are at the cabinet and not at the screen.
    pub(crate) hands_at: Option<BoxNo>,
    /// Why the last key did nothing.
    pub(crate) refused: Option<String>,
    /// Where the web pages are.
    pub(crate) pages: String,
    /// Touches so far.
    pub(crate) touches: u64,
}

impl Panel {
    /// Nothing seen yet.
    pub(crate) fn new(pages: String) -> Self {
        Self {
            bottom: Screen::out_of_service(Surface::Bottom, Default::default()),
            top: Screen::out_of_service(Surface::Top, Default::default()),
            cabinet: None,
            letter: None,
            letter_shown: false,
            focus: 0,
            typed: None,
            hands_at: None,
            refused: None,
            pages,
            touches: 0,
        }
    }

    /// Takes over new screens. The focus stays where it is while the step and its choices stay the same; else it goes to
    /// the one next thing to do, as it does when that becomes another one and nobody has moved the focus away from it.
    pub(crate) fn seen(&mut self, bottom: Screen, top: Screen) {
        let overlay = |screen: &Screen| screen.overlay.as_ref().map(|overlay| overlay.id);
        let is_new = bottom.id != self.bottom.id || overlay(&bottom) != overlay(&self.bottom);
        let held = action_at(&self.bottom, self.focus);
        if is_new {
            self.typed = None;
        }
        let is_moved = self.focus != next_thing(&self.bottom);
        let is_same =
            action_at(&bottom, next_thing(&bottom)) == action_at(&self.bottom, next_thing(&self.bottom));
        let kept = held
            .filter(|_| !is_new && (is_moved || is_same))
            .and_then(|held| bottom.focus().iter().position(|focus| focus.action == held));
        self.focus = kept.unwrap_or_else(|| next_thing(&bottom));
        (self.bottom, self.top) = (bottom, top);
    }

    /// What the text entry holds, if the screen has one.
    pub(crate) fn entry(&self) -> Option<(String, usize)> {
        self.bottom.overlay.is_none().then_some(())?;
        self.bottom.widgets.iter().find_map(|widget| match widget {
            Widget::Entry { value, chars_max, .. } => {
                Some((self.typed.clone().unwrap_or_else(|| value.clone()), usize::from(*chars_max)))
            }
            _ => None,
        })
    }

    fn has_keypad(&self) -> bool {
        let is_keypad = |widget: &Widget| matches!(widget, Widget::Keypad { .. });
        self.bottom.overlay.is_none() && self.bottom.widgets.iter().any(is_keypad)
    }

    /// What a key does.
    pub(crate) fn key(&mut self, key: KeyEvent) -> Option<Deed> {
        if key.kind == KeyEventKind::Release {
            return None;
        }
        self.refused = None;
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c' | 'q') if control => return Some(Deed::Quit),
            KeyCode::F(2) => {
                let boxes = self.cabinet.as_ref().map_or(&[][..], |cabinet| &cabinet.boxes);
                let nearest = boxes.iter().find(|state| state.door == Door::Open).or(boxes.first());
                self.hands_at =
                    if self.hands_at.is_some() { None } else { nearest.map(|state| state.box_no) };
                return None;
            }
            KeyCode::F(3) => {
                self.letter_shown = !self.letter_shown;
                return None;
            }
            _ => {}
        }
        if let Some(box_no) = self.hands_at { self.hands(key.code, box_no) } else { self.touch(key.code) }
    }

    fn touch(&mut self, code: KeyCode) -> Option<Deed> {
        let count = self.bottom.focus().len();
        let action = match code {
            KeyCode::Esc => Action::Press { button: Button::Abort },
            KeyCode::F(1) => Action::Press { button: Button::Help },
            KeyCode::Enter => self.bottom.focus().get(self.focus)?.action.clone(),
            KeyCode::Tab | KeyCode::Down | KeyCode::Right => {
                self.focus = (self.focus + 1) % count.max(1);
                return None;
            }
            KeyCode::BackTab | KeyCode::Up | KeyCode::Left => {
                self.focus = (self.focus + count.saturating_sub(1)) % count.max(1);
                return None;
            }
            KeyCode::Backspace if self.has_keypad() => Action::Erase,
            KeyCode::Char(key) if self.has_keypad() => {
                Action::Digit { digit: u8::try_from(key.to_digit(10)?).ok()? }
            }
            KeyCode::Backspace | KeyCode::Char(_) => {
                let (mut text, chars_max) = self.entry()?;
                match code {
                    KeyCode::Char(key) if text.chars().count() < chars_max => text.push(key),
                    KeyCode::Char(_) => return None,
                    _ => {
                        text.pop();
                    }
                }
                self.typed = Some(text.clone());
                Action::Write { text }
            }
            _ => return None,
        };
        Some(Deed::Touch(self.bottom.generation, action))
    }

    fn hands(&mut self, code: KeyCode, box_no: BoxNo) -> Option<Deed> {
        let boxes = &self.cabinet.as_ref()?.boxes;
        let at = boxes.iter().position(|state| state.box_no == box_no)?;
        let state = boxes.get(at)?;
        let step = match code {
            KeyCode::Right | KeyCode::Down | KeyCode::Tab => 1,
            KeyCode::Left | KeyCode::Up | KeyCode::BackTab => boxes.len() - 1,
            _ => 0,
        };
        if step > 0 {
            self.hands_at = boxes.get((at + step) % boxes.len()).map(|state| state.box_no);
            return None;
        }
        Some(Deed::Cabinet(match code {
            KeyCode::Enter if state.door == Door::Open => SimCommand::Close { box_no },
            KeyCode::Enter => SimCommand::Open { box_no },
            KeyCode::Char('p') => SimCommand::Put { box_no, key: String::from("key") },
            KeyCode::Char('t') => SimCommand::Take { box_no, key: None },
            _ => return None,
        }))
    }
}

/// What stands at a place of the order of the screen.
fn action_at(screen: &Screen, focus: usize) -> Option<Action> {
    screen.focus().get(focus).map(|focus| focus.action.clone())
}

/// Where the focus begins: at the primary button if it can be pressed, else at the first thing.
fn next_thing(screen: &Screen) -> usize {
    let buttons = screen.overlay.as_ref().map_or(&screen.buttons, |overlay| &overlay.buttons);
    let primary = buttons.iter().find(|button| button.weight == Weight::Primary && button.enabled);
    let action = primary.map(|button| Action::Press { button: button.press });
    let place = action.and_then(|action| screen.focus().iter().position(|focus| focus.action == action));
    place.unwrap_or(0)
}
