//! What a trace says of inputs, answers and screens. An input of a kind that is not named here is told without anything of
//! it, so that a new one leaks nothing.

use locker_core::screen::{Action, Screen, Value, Widget};
use locker_core::{Answer, Ask, Coded, Door, Item, Locker, Proof, Readings, Told, text};
use locker_hal_sim::terminal;

use crate::task::Came;

pub(super) fn asked(ask: &Ask) -> String {
    match ask {
        Ask::Touch(touch) => format!("touch {}: {}", touch.touch_id, touched(&touch.action)),
        Ask::Scan(scan) => match scan.proof {
            Proof::Qr(_) => "the QR is scanned".into(),
            Proof::Typed(_) => "the digits under the QR are typed".into(),
        },
        Ask::MakeCode { message, .. } => format!("a code for message {message} is wanted"),
        Ask::CheckIn { visit, .. } => format!("an online check-in of visit {visit}"),
        Ask::BeginMaintenance { reason, .. } => {
            format!("maintenance begins, with a reason of {} characters", reason.chars().count())
        }
        _ => "the office asks".into(),
    }
}

fn touched(action: &Action) -> String {
    match action {
        Action::Digit { .. } => "a digit".into(),
        Action::Erase => "erases a digit".into(),
        Action::Write { text } => format!("writes {} characters", text.chars().count()),
        Action::Choose { item } => format!("chooses item {}", u16::from(*item) + 1),
        Action::Language { locale } => format!("speaks {}", locale.own_name()),
        Action::Press { button } => format!("presses {button:?}"),
    }
}

/// What a locker is told; `None` for what is no news.
pub(super) fn told(told: &Told, before: Option<&Readings>) -> Option<String> {
    Some(match told {
        Told::Tick => return None,
        Told::Readings(readings) => return read(readings, before),
        Told::Desired(desired) => {
            format!("the office wants revision {} with {} visits", desired.revision, desired.visits.len())
        }
        Told::SetUp(layout) => format!("a cabinet of {} boxes", layout.boxes.len()),
        Told::Delivery { message, outcome } => format!("message {message} is {outcome:?}").to_lowercase(),
        Told::Store(store) => format!("the journal is {store:?}").to_lowercase(),
        Told::Link(link) => format!("the link is {link:?}"),
        Told::ClockConfirmed => "the clock is confirmed".into(),
        Told::Torn => "a torn append was dropped".into(),
        Told::Help { .. } => "the office answers the call for help".into(),
        #[allow(unreachable_patterns, reason = "what is told one day and not named here is not told")]
        _ => "the host tells something".into(),
    })
}

/// What the cabinet says that it did not say before.
fn read(readings: &Readings, before: Option<&Readings>) -> Option<String> {
    let mut news = Vec::new();
    for level in &readings.boxes {
        let (box_no, was) = (level.box_no, before.and_then(|before| before.of(level.box_no)));
        if was.map(|was| was.door) != Some(level.door) && (was.is_some() || level.door != Door::Closed) {
            news.push(format!("door {box_no} {:?}", level.door));
        }
        if was.map(|was| was.item) != Some(level.item) && (was.is_some() || level.item == Item::Present) {
            news.push(format!("item {box_no} {:?}", level.item));
        }
    }
    let silent =
        before.iter().flat_map(|before| &before.boxes).filter(|was| readings.of(was.box_no).is_none());
    news.extend(silent.map(|was| format!("box {} is silent", was.box_no)));
    let seen = before.and_then(|before| before.edges.last()).map_or(0, |edge| edge.n);
    for edge in readings.edges.iter().filter(|edge| edge.n > seen) {
        news.push(format!("edge {} of door {} to {:?}", edge.n, edge.box_no, edge.to));
    }
    if let Some(report) =
        readings.pulse.filter(|report| before.and_then(|before| before.pulse) != Some(*report))
    {
        news.push(format!("pulse {} {:?}", report.id, report.outcome));
    }
    (!news.is_empty()).then(|| format!("the cabinet: {}", news.join(", ").to_lowercase()))
}

/// What came of it, if that is worth a word.
pub(super) fn came(came: &Came<'_, Locker>) -> String {
    match came {
        Came::Answer(Answer::Denied(denial)) => format!("denied: {}", denial.key()),
        // A code leaves the machine here: nothing is said of it.
        Came::Answer(_) => String::new(),
        Came::Refusal(refusal) => format!("refused: {}", refusal.key()),
        Came::Nothing(undone) => format!("not done: {undone}"),
    }
}

/// The lines of a screen, with dots for everything that somebody typed or that is about somebody. A time limit that runs is left
/// out: it changes by itself.
pub(super) fn screen(mut screen: Screen) -> Vec<String> {
    screen.remaining = None;
    for text in screen.texts_mut() {
        for (_, value) in &mut text.args {
            match value {
                Value::Words(words) | Value::Personal(words) | Value::Masked(words) => *words = dots(words),
                Value::Number(_) | Value::Box(_) | Value::Date(_) | Value::Time(_) => {}
            }
        }
    }
    for widget in &mut screen.widgets {
        match widget {
            Widget::Keypad { shown, .. } => *shown = dots(shown),
            Widget::Entry { value, .. } => *value = dots(value),
            Widget::Qr { payload, digits } => {
                *payload = dots(payload);
                *digits = digits.as_deref().map(dots);
            }
            Widget::Steps { .. }
            | Widget::Choices { .. }
            | Widget::List { .. }
            | Widget::Map { .. }
            | Widget::BoxNumber { .. }
            | Widget::Busy { .. } => {}
        }
    }
    text::fill(&mut screen);
    terminal::lines(&screen)
}

fn dots(text: &str) -> String {
    "•".repeat(text.chars().count())
}
