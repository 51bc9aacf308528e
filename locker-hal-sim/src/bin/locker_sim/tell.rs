//! Telling a story: everything that happens in it, moment by moment, with the screen of each.

use locker_core::screen::{Action, Button, Locale, Screen, Surface};
use locker_core::{DAY, HOUR, LockerId, MINUTE, SECOND, text};
use locker_hal_sim::SimCommand;
use locker_hal_sim::terminal::{Moment, draw, record_line};
use locker_hal_sim::world::{Deed, Holder, Seen, Stage, Who};

use super::story::Story;

/// The world begins at six in the morning.
const BEGIN_MS: u64 = 6 * HOUR;

/// Plays a story and keeps every moment at which something happened.
pub(crate) fn tell(story: &Story) -> Vec<Moment> {
    let mut teller = Teller::new(story);
    for input in &story.inputs {
        teller.pass(input.at);
        teller.does(&input.deed);
    }
    teller.pass(story.until);
    teller.moments
}

struct Teller {
    stage: Stage,
    moments: Vec<Moment>,
    /// The locker that is looked at.
    locker: LockerId,
    screen: String,
    /// How far each locker's journal was read.
    read: Vec<u64>,
}

impl Teller {
    fn new(story: &Story) -> Self {
        let mut stage = Stage::new(story.plan.clone());
        stage.watch();
        if let Some(plant) = story.plant {
            plant.put_into(&mut stage);
        }
        let _ = stage.take_seen();
        let read = stage.lockers().map(|locker| stage.journal_len(locker)).collect();
        Self { stage, moments: Vec::new(), locker: LockerId(1), screen: String::new(), read }
    }

    /// Lets time pass, event by event.
    fn pass(&mut self, at: u64) {
        while self.stage.step_until(at) {
            self.moment(None);
        }
    }

    fn does(&mut self, deed: &Deed) {
        if let Some(locker) = locker_of(deed) {
            self.locker = locker;
        }
        let words = self.words(deed);
        let done = self.stage.act(deed.clone());
        let came = match done {
            Ok(reply) => format!("{words} → {}", format!("{reply:?}").to_lowercase()),
            Err(undone) => format!("{words} → {undone}"),
        };
        self.moment(Some(came));
    }

    /// Keeps this moment if something happened.
    fn moment(&mut self, deed: Option<String>) {
        let news = self.news();
        let screen = self.stage.screen(self.locker, Surface::Bottom);
        let still = draw(&still(&screen), Locale::En);
        if deed.is_none() && news.is_empty() && still == self.screen {
            return;
        }
        self.screen = still;
        let said = deed.into_iter().chain(news.into_iter().map(|news| format!("  {news}"))).collect();
        let picture = draw(&screen, Locale::En);
        self.moments.push(Moment { at: clock(self.stage.now()), said, picture });
    }

    fn news(&mut self) -> Vec<String> {
        let mut news = Vec::new();
        for seen in self.stage.take_seen() {
            match seen {
                Seen::Recorded { locker, .. } => {
                    self.locker = locker;
                    news.extend(self.recorded(locker));
                }
                Seen::Started { locker, .. } => news.push(format!("locker {locker} started")),
                // It is told with what came of it.
                Seen::Did { .. } | Seen::RecordedByOffice { .. } => {}
                Seen::Erased { subject } => news.push(format!("what is personal of {subject} is erased")),
                Seen::Fired { locker, fired, .. } => {
                    self.locker = locker;
                    news.push(format!("lock {} fired, pulse {}", fired.box_no, fired.id));
                }
                Seen::Mailed { index } => {
                    let mail = self.stage.mail().get(index);
                    news.extend(mail.map(|mail| format!("message to {}: code {}", mail.to, mail.pin)));
                }
                Seen::Moved { key, to } => news.push(format!("{key} is now {}", holder(&to))),
                Seen::Damaged { locker, why } => {
                    news.push(format!("locker {locker} cannot be restored: {why}"));
                }
                other => news.push(format!("{other:?}")),
            }
        }
        news
    }

    /// The records of a locker that were not told yet.
    fn recorded(&mut self, locker: LockerId) -> Vec<String> {
        let index = usize::try_from(locker.0.saturating_sub(1)).unwrap_or(0);
        let behind = self.read.get(index).copied().unwrap_or(0);
        let told = self.stage.journal(locker, behind).iter().map(record_line).collect();
        if let Some(read) = self.read.get_mut(index) {
            *read = self.stage.journal_len(locker);
        }
        told
    }

    fn words(&self, deed: &Deed) -> String {
        match deed {
            Deed::Touch { locker, action, .. } => {
                let mut screen = self.stage.screen(*locker, Surface::Bottom);
                screen.locale = Locale::En;
                text::fill(&mut screen);
                touch(&screen, action)
            }
            Deed::TouchAgain { .. } => "the last touch arrives once more".into(),
            Deed::Cabinet { who, command, .. } => format!("{} {}", person(*who), at_the_cabinet(command)),
            Deed::Ticket { staff, act, .. } => {
                format!("{} asks for a ticket to {act}", person(Who::Staff(*staff)))
            }
            Deed::Plan { visits, .. } => format!("planning brings {} visits", visits.len()),
            Deed::Scan { staff, .. } => format!("{} scans the QR", person(Who::Staff(*staff))),
            other => in_json(other),
        }
    }
}

/// The day and the time of day of a true time.
pub(crate) fn clock(at: u64) -> String {
    let at = at + BEGIN_MS;
    let (day, at_day) = (at / DAY + 1, at % DAY);
    let (hours, minutes) = (at_day / HOUR, at_day % HOUR / MINUTE);
    let (seconds, ms) = (at_day % MINUTE / SECOND, at_day % SECOND);
    format!("day {day} {hours:02}:{minutes:02}:{seconds:02}.{ms:03}")
}

/// A screen without the seconds that run on it.
fn still(screen: &Screen) -> Screen {
    let mut still = screen.clone();
    still.remaining = None;
    still
}

fn touch(screen: &Screen, action: &Action) -> String {
    match action {
        Action::Press { button } => format!("presses \"{}\"", label(screen, *button)),
        Action::Digit { digit } => format!("types {digit}"),
        Action::Erase => "erases a digit".into(),
        Action::Write { text } => format!("writes \"{text}\""),
        Action::Choose { item } => format!("chooses item {}", u16::from(*item) + 1),
        Action::Language { locale } => format!("speaks {}", locale.own_name()),
    }
}

fn label(screen: &Screen, button: Button) -> String {
    let over = screen.overlay.iter().flat_map(|overlay| &overlay.buttons);
    let found = over.chain(&screen.buttons).chain(&screen.bar).find(|view| view.press == button);
    found.map_or_else(|| format!("{button:?}, which is not there"), |view| view.label.text.clone())
}

fn person(who: Who) -> String {
    match who {
        Who::Customer(visit) => format!("the customer of visit {visit}"),
        Who::Staff(n) => format!("staff member {n}"),
        Who::Thief => "a thief".into(),
        _ => "somebody".into(),
    }
}

fn at_the_cabinet(command: &SimCommand) -> String {
    match command {
        SimCommand::Open { box_no } => format!("pulls at door {box_no}"),
        SimCommand::Pry { box_no } => format!("pries door {box_no}"),
        SimCommand::Close { box_no } => format!("closes door {box_no}"),
        SimCommand::Put { box_no, key } => format!("puts {key} in box {box_no}"),
        SimCommand::Take { box_no, key } => {
            format!("takes {} out of box {box_no}", key.as_deref().unwrap_or("what lies on top"))
        }
        SimCommand::Hurt { fault } => format!("lets {} come", in_json(fault)),
        SimCommand::Heal { fault } => format!("lets {} go", in_json(fault)),
        SimCommand::HealAll => "lets all faults go".into(),
        other => in_json(other),
    }
}

fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Box { locker, box_no, .. } => format!("in box {box_no} of locker {locker}"),
        Holder::Hand { who, .. } => format!("in the hand of {}", person(*who)),
        other => format!("{other:?}"),
    }
}

fn in_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The locker that a deed is about.
fn locker_of(deed: &Deed) -> Option<LockerId> {
    let value = serde_json::to_value(deed).ok()?;
    let there = value.get("locker").or_else(|| value.get("at")?.get("locker"))?;
    serde_json::from_value(there.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_begins_at_six_on_its_first_day() {
        assert_eq!(clock(0), "day 1 06:00:00.000");
        assert_eq!(clock(18 * HOUR + 1_250), "day 2 00:00:01.250");
    }
}
