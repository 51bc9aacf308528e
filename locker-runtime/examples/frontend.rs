//! A whole frontend on standard input and output: it draws what the locker shows and sends what was typed. No rule is in it.
//!
//! `cargo run -p locker-runtime --example frontend -- FOLDER`, then a number to choose, `#12` to type digits, `=words` to write.

use std::error::Error;
use std::io::{self, Write};

use locker_core::screen::{Action, Screen, Surface, Widget};
use locker_core::text;
use locker_runtime::config::Config;
use locker_runtime::site::Site;
use tokio::sync::mpsc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let data = std::env::args().nth(1).unwrap_or_else(|| String::from("data"));
    let site = Site::start(&Config { data: data.into(), ..Config::default() }).await?;
    let (typed, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        io::stdin().lines().map_while(Result::ok).try_for_each(|line| typed.blocking_send(line))
    });
    talk(&site, lines, &mut io::stdout()).await?;
    site.stop().await;
    Ok(())
}

/// Draws the bottom screen whenever it has changed, and touches it for each line that is typed, until the lines end.
pub async fn talk(site: &Site, mut lines: mpsc::Receiver<String>, out: &mut impl Write) -> io::Result<()> {
    let Some(locker) = &site.locker else { return writeln!(out, "The journal is damaged.") };
    let mut view = locker.view();
    let (mut drawn, mut touch_id) = (String::new(), 0);
    loop {
        let screen = screen(site);
        let before = std::mem::replace(&mut drawn, draw(&screen));
        if drawn != before {
            writeln!(out, "{drawn}")?;
        }
        tokio::select! {
            changed = view.changed() => if changed.is_err() { return Ok(()) },
            line = lines.recv() => {
                let Some(line) = line else { return Ok(()) };
                // What was typed is about the screen that was seen: the generation says which.
                for action in actions(&screen, &line) {
                    touch_id += 1;
                    if locker.touch(screen.generation, touch_id, action).await.is_err() {
                        writeln!(out, "(not now)")?;
                    }
                }
            }
        }
    }
}

/// The bottom screen as it is now, its texts filled in.
fn screen(site: &Site) -> Screen {
    let shown = site.locker.as_ref().and_then(|locker| locker.view().borrow().shown.clone());
    let mut screen = match shown {
        Some(locker) => locker.screen(Surface::Bottom, &site.clock.now()),
        None => Screen::out_of_service(Surface::Bottom, Default::default()),
    };
    text::fill(&mut screen);
    screen
}

fn draw(screen: &Screen) -> String {
    let mut lines = vec![format!("== {} ==", screen.title.text)];
    let said = screen.overlay.as_ref().map_or(&screen.lines, |overlay| &overlay.lines);
    lines.extend(said.iter().map(|line| line.text.clone()));
    lines.extend(screen.notice.iter().map(|notice| format!("! {}", notice.text.text)));
    let rows = screen
        .widgets
        .iter()
        .flat_map(|widget| if let Widget::List { rows } = widget { &rows[..] } else { &[] });
    lines.extend(rows.map(|row| format!("{}: {}", row.label.text, row.value.text)));
    lines.extend(screen.widgets.iter().filter_map(|widget| match widget {
        Widget::Keypad { shown, .. } => Some(format!("# {shown}")),
        Widget::Entry { value, label, .. } => Some(format!("= {}: {value}", label.text)),
        Widget::BoxNumber { box_no } => Some(format!("[{box_no}]")),
        Widget::Qr { payload, .. } => Some(payload.clone()),
        _ => None,
    }));
    lines.extend((1..).zip(screen.focus()).map(|(number, choice)| format!("{number}) {}", choice.label)));
    lines.join("\n")
}

fn actions(screen: &Screen, line: &str) -> Vec<Action> {
    if let Some(digits) = line.strip_prefix('#') {
        return digits
            .bytes()
            .filter(u8::is_ascii_digit)
            .map(|byte| Action::Digit { digit: byte - b'0' })
            .collect();
    }
    if let Some(words) = line.strip_prefix('=') {
        return vec![Action::Write { text: words.to_owned() }];
    }
    let number = line.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    number.and_then(|index| Some(screen.focus().get(index)?.action.clone())).into_iter().collect()
}
