//! The view model: what a screen shows and what can be done on it. A frontend draws widgets and sends touches; it
//! holds no rule.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::fresh::Fresh;
use crate::ids::{BoxNo, Generation};
use crate::time::{Date, TimeOfDay};

/// Which of the two screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The touch screen that carries the steps.
    Bottom,
    /// The screen above it, for bystanders (START-4).
    Top,
}

/// A language the screens speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Locale {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// The language's own name.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
        }
    }
}

/// A text by its id and typed arguments; `text` is filled in by a catalogue (feature `text`).
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The message id in the catalogues.
    pub id: &'static str,
    /// The arguments by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(&'static str, Value)>,
    /// The text in the screen's language; empty until a catalogue has filled it in.
    pub text: String,
}

impl Text {
    /// A text without arguments.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new(), text: String::new() }
    }

    /// The same text with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl fmt::Debug for Text {
    /// Arguments can be personal, so only the id is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({})", self.id)
    }
}

/// A typed argument of a text.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A count or an amount; the text names the unit.
    Number(u64),
    /// A box.
    Box(BoxNo),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(TimeOfDay),
    /// Something masked: safe to show before anybody proved who they are.
    Masked(String),
    /// Words that are shown as they are: a name, a number, a remark, a kind of work.
    Words(String),
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<BoxNo> for Value {
    fn from(box_no: BoxNo) -> Self {
        Self::Box(box_no)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<TimeOfDay> for Value {
    fn from(time: TimeOfDay) -> Self {
        Self::Time(time)
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Self::Words(words.into())
    }
}

/// What a person can do on a screen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Type one digit of a code.
    Digit {
        /// 0 to 9.
        digit: u8,
    },
    /// Take back the last digit.
    Erase,
    /// Say what a text entry holds now (a plate, a number, a remark).
    Write {
        /// The whole text, at most [`TEXT_BYTES_MAX`] bytes; longer is refused.
        text: String,
    },
    /// Choose the item with this index in the list of choices.
    Choose {
        /// Counted from 0.
        item: u8,
    },
    /// Speak another language until the session ends.
    Language {
        /// The language.
        locale: Locale,
    },
    /// Press a button.
    Press {
        /// The button.
        button: Button,
    },
}

impl Action {
    /// The button it presses, if it presses one.
    #[must_use]
    pub const fn button(&self) -> Option<Button> {
        match self {
            Self::Press { button } => Some(*button),
            Self::Digit { .. }
            | Self::Erase
            | Self::Write { .. }
            | Self::Choose { .. }
            | Self::Language { .. } => None,
        }
    }
}

/// The most bytes a text entry may hand over: 500 characters of four bytes.
pub const TEXT_BYTES_MAX: usize = 2_000;

impl fmt::Debug for Action {
    /// Digits and texts are not said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digit { .. } => f.write_str("Digit"),
            Self::Erase => f.write_str("Erase"),
            Self::Write { .. } => f.write_str("Write"),
            Self::Choose { item } => write!(f, "Choose({item})"),
            Self::Language { locale } => write!(f, "Language({locale:?})"),
            Self::Press { button } => write!(f, "Press({button:?})"),
        }
    }
}

/// Every button that any screen has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// Start screen: I want to drop a key.
    DropKey,
    /// Start screen: I want to pick up a key.
    PickUpKey,
    /// Welcome screen: begin step 1.
    Go,
    /// Welcome screen: I need a box that can be reached from low down; pressed again, not any more.
    LowBox,
    /// Step 1: I have a PIN.
    ByPin,
    /// Step 1: by registration number.
    ByRegistration,
    /// Step 1: by phone number.
    ByPhone,
    /// Step 1: staff, by QR code.
    ByQr,
    /// Hand over what was typed.
    Ok,
    /// Show the digits that were typed, or hide them again.
    Show,
    /// Send the code to the chosen contact.
    Send,
    /// Enter the code that was sent.
    EnterCode,
    /// Go back one step within step 1.
    Back,
    /// The shown information is right.
    Next,
    /// Add a phone number, or change the one added.
    EditPhone,
    /// Remove the phone number that was added.
    RemovePhone,
    /// Add a remark, or change it.
    EditRemark,
    /// Step 4: done; the key is in, or taken.
    Confirm,
    /// Step 4: the box did not open.
    DidNotOpen,
    /// Step 4: open the box once more.
    OpenAgain,
    /// Step 4 of a drop: something is already in the box.
    SomethingInside,
    /// Step 4 of a pick-up: my key is not in the box.
    NotMyKey,
    /// Step 4: the door is shut, whatever the sensor says.
    DoorIsShut,
    /// Final screen: done.
    Done,
    /// Ask for a new QR code.
    NewQr,
    /// Settling a box: it is empty.
    BoxEmpty,
    /// Settling a box: this key is in it and stays.
    KeyStays,
    /// Settling a box: this key is in it and I take it.
    KeyTaken,
    /// Settling a box: something else is in it.
    SomethingElse,
    /// The x of every screen.
    Abort,
    /// Overlay: yes, stop.
    Yes,
    /// Overlay: no, go on.
    No,
    /// The help of every screen.
    Help,
    /// Help: notify the office.
    CallHelp,
    /// Help: back to the step.
    CloseHelp,
    /// Warning: I need more time.
    MoreTime,
}

/// One touch, key or spoken command of the person at the bottom screen.
#[derive(Clone, Debug)]
pub struct Touch {
    /// The generation of the screen that the person saw.
    pub generation: Generation,
    /// The frontend's number for this touch; a number seen before in this session changes nothing.
    pub touch_id: u64,
    /// What was done.
    pub action: Action,
    /// 32 fresh bytes.
    pub fresh: Fresh,
}

/// How a button wants to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The one next thing to do.
    Primary,
    /// Another way on.
    Secondary,
    /// Rarely needed.
    Quiet,
}

/// A button to draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ButtonView {
    /// What a touch on it presses.
    pub press: Button,
    /// Its label.
    pub label: Text,
    /// How it wants to look.
    pub weight: Weight,
    /// Whether it does something now; a touch on a disabled button is refused.
    pub enabled: bool,
    /// Whether it is switched on, for a button that toggles.
    pub on: bool,
}

/// One of the items to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChoiceView {
    /// What stands on it.
    pub label: Text,
    /// A smaller line below it.
    pub detail: Option<Text>,
    /// Whether it is the chosen one.
    pub chosen: bool,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// What it is.
    pub label: Text,
    /// What it says.
    pub value: Text,
}

/// What kind of text an entry takes: the keyboard follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A vehicle's registration: letters, digits.
    Registration,
    /// A phone number: digits and +.
    Phone,
    /// Words.
    Remark,
}

/// How a box stands on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxMark {
    /// Nothing to say.
    Plain,
    /// The box in use, its door not open yet.
    Here,
    /// The box in use, open.
    HereOpen,
    /// Open, and nobody is using it.
    Open,
    /// Out of service.
    OutOfService,
}

/// A box on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BoxView {
    /// Its number.
    pub box_no: BoxNo,
    /// Its column, from 0 at the left.
    pub column: u8,
    /// Its row, from 0 at the top.
    pub row: u8,
    /// How it stands.
    pub mark: BoxMark,
}

/// Something to draw between title and buttons, top to bottom.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "widget", rename_all = "snake_case")]
pub enum Widget {
    /// Numbered steps to read.
    Steps {
        /// In order.
        steps: Vec<Text>,
    },
    /// Items of which one can be chosen with [`Action::Choose`].
    Choices {
        /// In order; the index is the choice.
        items: Vec<ChoiceView>,
    },
    /// A numeric keypad for a code: [`Action::Digit`], [`Action::Erase`], [`Button::Ok`], [`Button::Show`].
    Keypad {
        /// One `•` for each digit typed, or the digits after [`Button::Show`].
        shown: String,
        /// How many digits were typed.
        typed: u8,
        /// The most digits that can be typed.
        digits_max: u8,
        /// Whether the digits are shown.
        revealed: bool,
    },
    /// A text entry for [`Action::Write`].
    Entry {
        /// What kind of text.
        kind: EntryKind,
        /// What it holds.
        value: String,
        /// The most characters it takes.
        chars_max: u16,
        /// What it is for.
        label: Text,
    },
    /// Rows to read.
    List {
        /// Top to bottom.
        rows: Vec<RowView>,
    },
    /// A QR code to be scanned by a member of staff.
    Qr {
        /// What the code carries.
        payload: String,
        /// The digits under it, if they may be typed instead (STAFF-PICK-7).
        digits: Option<String>,
    },
    /// The map of the boxes.
    Map {
        /// All boxes.
        boxes: Vec<BoxView>,
    },
    /// The number of the box in use, large.
    BoxNumber {
        /// The box.
        box_no: BoxNo,
    },
    /// Something is being waited for; the text says what.
    Busy {
        /// What for.
        reason: Text,
    },
}

impl fmt::Debug for Widget {
    /// What was typed is not said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steps { .. } => "Steps",
            Self::Choices { .. } => "Choices",
            Self::Keypad { .. } => "Keypad",
            Self::Entry { .. } => "Entry",
            Self::List { .. } => "List",
            Self::Qr { .. } => "Qr",
            Self::Map { .. } => "Map",
            Self::BoxNumber { .. } => "BoxNumber",
            Self::Busy { .. } => "Busy",
        })
    }
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
