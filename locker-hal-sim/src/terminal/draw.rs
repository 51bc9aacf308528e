//! A screen in letters: what a terminal can show of it.

use locker_core::screen::{BoxMark, ButtonView, EntryKind, Locale, Screen, Text, Widget};
use locker_core::text;

/// How wide a drawn screen is inside its frame, in characters.
const WIDTH: usize = 62;

/// Draws a screen with the catalogue's words in `locale`, in a frame.
///
/// Buttons stand in brackets, those that do nothing now in parentheses; `(•)` is the chosen item of several.
///
/// ```
/// use locker_core::screen::{Locale, Surface};
/// use locker_core::{Machine, mocks::MemoryVault, Locker, Mono, Now, Wall, Date};
/// use locker_hal_sim::terminal::draw;
///
/// let locker = Locker::restore(&mut MemoryVault::new(), None, [])?;
/// let now = Now::new(Mono(0), Wall(0), Date::default(), Wall(0));
/// let drawn = draw(&locker.screen(Surface::Bottom, &now), Locale::En);
/// assert!(drawn.contains("This locker is not ready yet"));
/// # Ok::<(), locker_core::RestoreError>(())
/// ```
#[must_use]
pub fn draw(screen: &Screen, locale: Locale) -> String {
    let mut screen = screen.clone();
    screen.locale = locale;
    text::fill(&mut screen);
    frame(&lines(&screen))
}

/// Draws lines in a frame, those that are too long broken between words.
///
/// ```
/// let drawn = locker_hal_sim::terminal::frame(&["start".into()]);
/// assert_eq!(drawn.lines().count(), 3);
/// assert!(drawn.contains("│ start  "));
/// ```
#[must_use]
pub fn frame(lines: &[String]) -> String {
    let rule = "─".repeat(WIDTH + 2);
    let mut drawn = format!("┌{rule}┐\n");
    for line in lines.iter().flat_map(|line| wrap(line)) {
        let pad = " ".repeat(WIDTH.saturating_sub(line.chars().count()));
        drawn.push_str(&format!("│ {line}{pad} │\n"));
    }
    drawn.push_str(&format!("└{rule}┘\n"));
    drawn
}

/// The lines of a screen whose texts are [filled in](locker_core::text::fill), without a frame.
///
/// ```
/// use locker_core::screen::{Locale, Screen, Surface};
/// use locker_hal_sim::terminal::lines;
///
/// let mut screen = Screen::out_of_service(Surface::Top, Locale::En);
/// locker_core::text::fill(&mut screen);
/// assert_eq!(lines(&screen)[0], " · out_of_service");
/// ```
#[must_use]
pub fn lines(screen: &Screen) -> Vec<String> {
    let mut lines = vec![head(screen), String::new(), screen.title.text.clone()];
    if let Some(notice) = &screen.notice {
        lines.push(format!("! {}", notice.text.text));
    }
    lines.extend(said(&screen.lines));
    lines.extend(screen.widgets.iter().flat_map(widget));
    if !screen.buttons.is_empty() {
        lines.push(String::new());
        lines.extend(screen.buttons.iter().map(button));
    }
    if let Some(overlay) = &screen.overlay {
        lines.push(format!("── over it: {} ──", overlay.id));
        lines.push(overlay.title.text.clone());
        lines.extend(said(&overlay.lines));
        lines.extend(overlay.buttons.iter().map(button));
    }
    if let Some(band) = &screen.band {
        lines.push(format!("≡ {}", band.text));
    }
    if !screen.bar.is_empty() {
        let bar: Vec<_> = screen.bar.iter().map(button).collect();
        lines.extend([String::new(), bar.join("  ")]);
    }
    lines
}

fn head(screen: &Screen) -> String {
    let step = screen.progress.map(|progress| format!(" · step {} of {}", progress.step, progress.of));
    let left = screen.remaining.map(|remaining| format!(" · {} s left", remaining.left_ms.div_ceil(1_000)));
    format!("{} · {}{}{}", screen.locker, screen.id, step.unwrap_or_default(), left.unwrap_or_default())
}

fn said(texts: &[Text]) -> impl Iterator<Item = String> + '_ {
    texts.iter().map(|text| text.text.clone())
}

fn button(view: &ButtonView) -> String {
    let on = if view.on { " ✓" } else { "" };
    let label = &view.label.text;
    if view.enabled { format!("[ {label}{on} ]") } else { format!("( {label}{on} )") }
}

fn widget(widget: &Widget) -> Vec<String> {
    match widget {
        Widget::Steps { steps } => {
            (1..).zip(steps).map(|(n, step): (usize, _)| format!("{n}. {}", step.text)).collect()
        }
        Widget::Choices { items } => items
            .iter()
            .map(|item| {
                let mark = if item.chosen { "(•)" } else { "( )" };
                let detail = item.detail.as_ref().map(|detail| format!(" – {}", detail.text));
                format!("{mark} {}{}", item.label.text, detail.unwrap_or_default())
            })
            .collect(),
        Widget::Keypad { shown, digits_max, .. } => {
            vec![format!("digits: {shown}_  (up to {digits_max})")]
        }
        Widget::Entry { kind, value, label, .. } => {
            let shape = match kind {
                EntryKind::Registration | EntryKind::Phone => "letters and digits",
                EntryKind::Remark => "words",
            };
            vec![format!("{}: {value}_  ({shape})", label.text)]
        }
        Widget::List { rows } => {
            rows.iter().map(|row| format!("{}: {}", row.label.text, row.value.text)).collect()
        }
        Widget::Qr { payload, digits } => {
            let digits = digits.as_ref().map(|digits| format!("  {digits}"));
            vec![format!("▣ QR of {} characters{}", payload.chars().count(), digits.unwrap_or_default())]
        }
        Widget::Map { boxes } => {
            let rows = boxes.iter().map(|one| one.row).max().map_or(0, |row| row + 1);
            let row = |row| {
                let there = boxes.iter().filter(|one| one.row == row);
                let cells = there.map(|one| {
                    let mark = match one.mark {
                        BoxMark::Plain => ' ',
                        BoxMark::Here => '>',
                        BoxMark::HereOpen => 'O',
                        BoxMark::Open => 'o',
                        BoxMark::OutOfService => 'x',
                    };
                    format!("{mark}{:>2}", one.box_no)
                });
                cells.collect::<Vec<_>>().join(" ")
            };
            (0..rows).map(row).collect()
        }
        Widget::BoxNumber { box_no } => vec![format!("# {box_no}")],
        Widget::Busy { reason } => vec![format!("… {}", reason.text)],
    }
}

/// Breaks a line between words.
fn wrap(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let room = lines.last().map_or(0, |last| last.chars().count());
        if room > 0 && room + 1 + word.chars().count() > WIDTH {
            lines.push(String::new());
        }
        if let Some(last) = lines.last_mut() {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}
