//! The report of a run: one file for a browser, with a timeline of every box.

use std::fmt::Write as _;

use locker_core::{
    Assignment, BoxNo, BoxState, Cause, DAY, Door, Durable, Locker, LockerId, Machine, Record, Stamped,
};
use locker_hal_sim::world::{BEGIN, INVARIANTS, World, WorldPlan};

/// The page around the figures; the places of the figures are `@NAME@`.
const PAGE: &str = include_str!("report.html");

/// How a box stands, by number: the page's legend has the same order.
const FREE: u8 = 0;
const RESERVED: u8 = 1;
const HOLDING: u8 = 2;
const TO_CHECK: u8 = 3;
const OUT: u8 = 4;

/// The life of one box.
#[derive(Default)]
struct Life {
    /// When it began to stand so, in seconds since the world began.
    states: Vec<(i64, u8)>,
    /// When its door was open.
    open: Vec<(i64, i64)>,
    opened: Option<i64>,
    alarms: Vec<i64>,
    keys: u32,
    checks: u32,
}

/// The report of a world.
pub(crate) fn html(world: &World, plan: &WorldPlan) -> String {
    let stage = world.stage();
    let end = i64::try_from(stage.now() / 1_000).unwrap_or(i64::MAX);
    let mut data = String::from("[");
    let mut rows = String::new();
    for locker in stage.lockers() {
        let lives = lives(&stage.records(locker), plan.boxes, end);
        let boxes: Vec<String> = lives.iter().map(|(box_no, life)| life.data(*box_no)).collect();
        let _ = write!(data, "{}{{\"locker\":{locker},\"boxes\":[{}]}}", comma(&data), boxes.join(","));
        for (box_no, life) in &lives {
            let _ = writeln!(rows, "{}", life.row(locker, *box_no));
        }
    }
    data.push(']');
    let verdict = match world.violation() {
        None => String::from("No invariant was violated."),
        Some(violation) => format!("Violated: {}", escaped(&violation.to_string())),
    };
    let class = if world.violation().is_none() { "well" } else { "bad" };
    let kinds: Vec<_> = plan.mishaps.iter().map(|kind| kind.key()).collect();
    let kinds = if kinds.is_empty() { "none".into() } else { kinds.join(", ") };
    let rules: String = INVARIANTS
        .iter()
        .map(|(rule, says)| format!("<tr><th>{rule}</th><td>{}</td></tr>\n", escaped(says)))
        .collect();
    let title = format!("{} lockers, {} days, seed {}", plan.lockers, plan.days, plan.seed);
    let filled = [
        ("@TITLE@", title.as_str()),
        ("@VERDICT@", &verdict),
        ("@CLASS@", class),
        ("@SESSIONS@", &world.sessions().to_string()),
        ("@KINDS@", &kinds),
        ("@RULES@", &rules),
        ("@ROWS@", &rows),
        ("@DAY_S@", &(DAY / 1_000).to_string()),
        ("@END@", &end.to_string()),
        ("@DATA@", &data),
    ];
    filled.iter().fold(PAGE.into(), |page: String, (place, text)| page.replace(place, text))
}

fn comma(written: &str) -> &'static str {
    if written.ends_with('[') { "" } else { "," }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The lives of a locker's boxes, from its records alone.
fn lives(records: &[Stamped<Record>], boxes: u8, end: i64) -> Vec<(BoxNo, Life)> {
    let mut lives: Vec<(BoxNo, Life)> = BoxNo::first(boxes).map(|box_no| (box_no, Life::default())).collect();
    let mut durable = Durable::default();
    let mut now = 0;
    for stamped in records {
        Locker::apply(&mut durable, stamped);
        // A wall clock that was set back does not make a box live backwards.
        now = now.max(stamped.at.wall.0.saturating_sub(BEGIN.0) / 1_000).min(end);
        for (box_no, life) in &mut lives {
            if let Some(state) = durable.box_state(*box_no) {
                life.stands(now, state);
            }
        }
        let life_of = |lives: &mut Vec<(BoxNo, Life)>, wanted: BoxNo, change: fn(&mut Life, i64)| {
            if let Some((_, life)) = lives.iter_mut().find(|(box_no, _)| *box_no == wanted) {
                change(life, now);
            }
        };
        match &stamped.record {
            Record::DoorOpened { box_no, cause: Cause::Forced | Cause::WhileOff, .. } => {
                life_of(&mut lives, *box_no, |life, now| life.alarms.push(now));
            }
            Record::KeyDropped { box_no, .. } => life_of(&mut lives, *box_no, |life, _| life.keys += 1),
            Record::BoxToCheck { box_no, .. } => life_of(&mut lives, *box_no, |life, _| life.checks += 1),
            _ => {}
        }
    }
    for (_, life) in &mut lives {
        if let Some(opened) = life.opened.take() {
            life.open.push((opened, end));
        }
    }
    lives
}

impl Life {
    fn stands(&mut self, now: i64, state: &BoxState) {
        let stands = if state.out.is_some() {
            OUT
        } else if state.check.is_some() {
            TO_CHECK
        } else {
            match state.assignment {
                Assignment::Free => FREE,
                Assignment::Reserved { .. } | Assignment::Collected { .. } => RESERVED,
                Assignment::Holding { .. } => HOLDING,
            }
        };
        if self.states.last().map(|(_, last)| *last) != Some(stands) {
            self.states.push((now, stands));
        }
        match (state.door == Door::Open, self.opened) {
            (true, None) => self.opened = Some(now),
            (false, Some(opened)) => {
                self.open.push((opened, now));
                self.opened = None;
            }
            _ => {}
        }
    }

    /// The life as the page's script reads it.
    fn data(&self, box_no: BoxNo) -> String {
        let states: Vec<_> = self.states.iter().map(|(at, stands)| format!("{at},{stands}")).collect();
        let open: Vec<_> = self.open.iter().map(|(from, to)| format!("{from},{to}")).collect();
        let alarms: Vec<_> = self.alarms.iter().map(ToString::to_string).collect();
        let [states, open, alarms] = [states, open, alarms].map(|all| all.join(","));
        format!("{{\"box\":{box_no},\"states\":[{states}],\"open\":[{open}],\"alarms\":[{alarms}]}}")
    }

    fn row(&self, locker: LockerId, box_no: BoxNo) -> String {
        let times = |stands: u8| self.states.iter().filter(|(_, found)| *found == stands).count();
        format!(
            "<tr><td>{locker}</td><td>{box_no}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            self.keys,
            self.open.len(),
            self.alarms.len(),
            self.checks,
            times(OUT),
        )
    }
}
