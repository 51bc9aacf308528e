//! The panel in letters.

use locker_core::screen::{BoxMark, NoticeKind, Screen, Widget};
use locker_core::{Door, picture};
use locker_hal_sim::SimState;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Wrap};

use crate::panel::Panel;

const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
const FOCUS: Style = Style::new().add_modifier(Modifier::REVERSED);
const FAINT: Style = Style::new().add_modifier(Modifier::DIM);

/// Draws everything: the touch screen at the left; the top screen, the cabinet and the last message at the right.
pub(crate) fn panel(frame: &mut Frame<'_>, panel: &Panel) {
    let [screens, keys] = Layout::vertical([Constraint::Min(0), Constraint::Length(2)]).areas(frame.area());
    let [left, right] = Layout::horizontal([Constraint::Fill(3), Constraint::Fill(2)]).areas(screens);
    let [top, cabinet, letter] =
        Layout::vertical([Constraint::Length(8), Constraint::Length(7), Constraint::Min(0)]).areas(right);
    put(frame, left, panel.bottom.locker.as_str(), bottom(panel));
    put(frame, top, "Top screen", spoken_lines(&panel.top));
    if let Some(state) = &panel.cabinet {
        put(frame, cabinet, "Cabinet", doors(panel, state));
    }
    if let Some(mail) = panel.letter.as_ref().filter(|_| panel.letter_shown) {
        let mut lines = vec![Line::from(Span::styled(mail.subject.clone(), BOLD))];
        lines.extend(mail.body.lines().map(|line| Line::from(line.to_owned())));
        put(frame, letter, "Last message", lines);
    }
    let hint = if panel.hands_at.is_some() {
        "At the cabinet: arrows choose a box, Enter opens or shuts its door, p puts a key in, t takes it. F2 back to the screen"
    } else {
        "Tab and Enter choose, digits and letters type, Esc stops, F1 help, F2 the cabinet, F3 the last message, Ctrl-Q ends"
    };
    let lines = vec![Line::styled(hint, FAINT), Line::styled(format!("Web pages: {}", panel.pages), FAINT)];
    frame.render_widget(Paragraph::new(lines), keys);
}

fn put(frame: &mut Frame<'_>, area: Rect, title: &str, lines: Vec<Line<'_>>) {
    let block = Block::bordered().title(title.to_owned());
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }).block(block), area);
}

fn spoken_lines(screen: &Screen) -> Vec<Line<'_>> {
    let mut lines = vec![Line::styled(screen.title.text.as_str(), BOLD)];
    lines.extend(screen.lines.iter().map(|line| Line::from(line.text.as_str())));
    lines
}

/// The touch screen, from its step to its languages.
fn bottom(panel: &Panel) -> Vec<Line<'_>> {
    let screen = &panel.bottom;
    let mut lines = Vec::new();
    if let Some(band) = &screen.band {
        lines.push(Line::styled(format!("! {}", band.text), FOCUS));
    }
    if let Some(progress) = screen.progress {
        lines.push(Line::styled(format!("{} / {}", progress.step, progress.of), FAINT));
    }
    match &screen.overlay {
        Some(overlay) => {
            lines.push(Line::styled(overlay.title.text.as_str(), BOLD));
            lines.extend(overlay.lines.iter().map(|line| Line::from(line.text.as_str())));
        }
        None => {
            lines.extend(spoken_lines(screen));
            for widget in &screen.widgets {
                lines.push(Line::default());
                lines.extend(of_widget(panel, widget));
            }
        }
    }
    if let Some(notice) = &screen.notice {
        let mark = match notice.kind {
            NoticeKind::Info => "i",
            NoticeKind::Ask => "?",
            NoticeKind::Problem => "!",
        };
        lines.push(Line::styled(format!("{mark} {}", notice.text.text), BOLD));
    }
    if let Some(refused) = &panel.refused {
        lines.push(Line::styled(format!("! {refused}"), BOLD));
    }
    lines.push(Line::default());
    for (place, focus) in screen.focus().into_iter().enumerate() {
        let has_focus = place == panel.focus && panel.hands_at.is_none();
        let mark = if focus.on { "*" } else { " " };
        let style = if has_focus { FOCUS } else { Style::new() };
        lines.push(Line::styled(
            format!("{} {mark}{} ", if has_focus { ">" } else { " " }, focus.label),
            style,
        ));
    }
    // What cannot be done now says so, and why, before anybody tries (SAFE-6).
    let buttons = match &screen.overlay {
        Some(overlay) => overlay.buttons.iter().chain(&[]),
        None => screen.buttons.iter().chain(&screen.bar),
    };
    for button in buttons.filter(|button| !button.enabled) {
        lines.push(Line::styled(format!("   {} ", button.label.text), FAINT));
    }
    if let Some(remaining) = screen.remaining {
        let style = if remaining.warning { BOLD } else { FAINT };
        lines.push(Line::styled(format!("{} s", remaining.left_ms.div_ceil(1_000)), style));
    }
    lines
}

fn of_widget<'a>(panel: &'a Panel, widget: &'a Widget) -> Vec<Line<'a>> {
    match widget {
        Widget::Steps { steps } => {
            (1..).zip(steps).map(|(number, step)| Line::from(format!("{number}. {}", step.text))).collect()
        }
        // They stand among what can be chosen; here only what is smaller below them.
        Widget::Choices { items } => {
            let details = items.iter().filter_map(|item| Some((&item.label, item.detail.as_ref()?)));
            details.map(|(label, detail)| Line::from(format!("{}: {}", label.text, detail.text))).collect()
        }
        Widget::Keypad { shown, digits_max, .. } => {
            let free = usize::from(*digits_max).saturating_sub(shown.chars().count());
            vec![Line::styled(format!("  {shown}{}", "_".repeat(free)), BOLD)]
        }
        Widget::Entry { label, .. } => {
            let text = panel.entry().map(|(text, _)| text).unwrap_or_default();
            vec![Line::from(label.text.as_str()), Line::styled(format!("  {text}_"), BOLD)]
        }
        Widget::List { rows } => {
            let row = |label: &str, value: &str| Line::from(format!("{label}: {value}"));
            rows.iter().map(|rows| row(&rows.label.text, &rows.value.text)).collect()
        }
        Widget::Qr { payload, digits } => {
            let code = picture::qr_text(payload).unwrap_or_default();
            let mut lines: Vec<Line<'_>> = code.lines().map(|line| Line::from(line.to_owned())).collect();
            lines.extend(digits.as_deref().map(|digits| Line::styled(digits, BOLD)));
            lines
        }
        Widget::Map { boxes } => {
            let rows = boxes.iter().map(|place| place.row).max().unwrap_or_default();
            let cell = |mark, number: u8| match mark {
                BoxMark::Plain => format!("  {number:>2}  "),
                BoxMark::Here => format!(" [{number:>2}] "),
                BoxMark::HereOpen => format!(" [{number:>2}]<"),
                BoxMark::Open => format!("  {number:>2} <"),
                BoxMark::OutOfService => format!("  {number:>2} x"),
            };
            let row = |row| boxes.iter().filter(move |place| place.row == row);
            (0..=rows)
                .map(|at| {
                    Line::from(row(at).map(|place| cell(place.mark, place.box_no.get())).collect::<String>())
                })
                .collect()
        }
        Widget::BoxNumber { box_no } => vec![Line::styled(format!("  [ {} ]", box_no.get()), BOLD)],
        Widget::Busy { reason } => vec![Line::from(format!("... {}", reason.text))],
    }
}

/// The doors as they really are: the simulated cabinet, not the screen.
fn doors<'a>(panel: &Panel, state: &SimState) -> Vec<Line<'a>> {
    let cell = |state: &locker_hal_sim::SimBoxState| {
        let door = if state.door == Door::Open { '<' } else { '|' };
        let key = if state.keys.is_empty() { ' ' } else { 'k' };
        let style = if panel.hands_at == Some(state.box_no) { FOCUS } else { Style::new() };
        Span::styled(format!(" {:>2}{key}{door} ", state.box_no.get()), style)
    };
    state.boxes.chunks(4).map(|row| Line::from(row.iter().map(cell).collect::<Vec<_>>())).collect()
}
