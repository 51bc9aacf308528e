//! A cabinet under a technician's hands: read all the time, fired one lock at a time.

use core::time::Duration;
use std::sync::Arc;

use locker_hal::{
    Boot, BoxNo, BoxReading, Bus, Cabinet, Door, Item, Mono, Outputs, POLL_PERIOD_MS, Pulse, PulseId,
    PulseOutcome, Readings,
};
use locker_runtime::clock::{Clock, SystemClock, WallClock};

use crate::Failed;

/// How long doors are given to be read for the first time, in milliseconds: they settle in 1 s.
const SETTLE_MS: u64 = 2_000;

/// How long a lock is watched after its pulse, in milliseconds.
const OPENS_MS: u64 = 2_500;

/// A cabinet that is polled.
pub(crate) struct Live {
    cabinet: Cabinet,
    clock: Arc<SystemClock>,
    outputs: Outputs,
    pulses: u32,
}

/// What came of firing a lock.
pub(crate) struct Fired {
    /// What the board said; `None` when the pulse could not begin: the board is silent.
    pub(crate) outcome: Option<PulseOutcome>,
    /// Boxes that were closed before and are open now.
    pub(crate) opened: Vec<BoxNo>,
    /// Boxes whose switch says *closed* since the pulse: its polarity may be the other one.
    pub(crate) closed: Vec<BoxNo>,
}

impl Live {
    pub(crate) fn new(cabinet: Cabinet) -> Self {
        let clock = Arc::new(SystemClock::start(jiff::tz::TimeZone::UTC, WallClock::Doubted));
        let outputs = Outputs::all_off(clock.now().mono);
        Self { cabinet, clock, outputs, pulses: 0 }
    }

    fn now(&self) -> Mono {
        self.clock.now().mono
    }

    /// One poll, and the pause after it.
    pub(crate) async fn poll(&mut self) -> Readings {
        self.outputs.at = self.now();
        let clock = Arc::clone(&self.clock);
        let readings = self.cabinet.cycle(&self.outputs, &move || clock.now().mono).await;
        self.outputs.edges_recorded =
            readings.edges.last().map_or(self.outputs.edges_recorded, |edge| edge.n);
        tokio::time::sleep(Duration::from_millis(POLL_PERIOD_MS)).await;
        readings
    }

    /// Polls until every box has been read, or for as long as that may take.
    pub(crate) async fn settle(&mut self) -> Readings {
        let (until, all) = (self.now().after(SETTLE_MS), self.cabinet.boxes().count());
        loop {
            let readings = self.poll().await;
            if readings.boxes.len() == all || self.now() > until {
                return readings;
            }
        }
    }

    /// Fires one lock, and watches all doors.
    pub(crate) async fn fire(&mut self, box_no: BoxNo, length_ms: u16) -> Fired {
        let before = self.settle().await;
        self.pulses += 1;
        let id = PulseId { boot: Boot(1), n: self.pulses };
        // Long enough for the rest of a lock that was fired just before.
        let not_after = self.now().after(30_000);
        self.outputs.pulse = Some(Pulse { id, box_no, length_ms, not_after });
        let begun = loop {
            let readings = self.poll().await;
            let report = readings.pulse.filter(|report| report.id == id);
            if report.is_some() || self.now() > not_after {
                break report;
            }
        };
        self.outputs.pulse = None;
        let until = self.now().after(OPENS_MS);
        let mut after = before.clone();
        while begun.is_some() && self.now() <= until {
            after = self.poll().await;
            if after.of(box_no).is_some_and(|reading| reading.door == Door::Open) {
                break;
            }
        }
        let is_now = |door: Door| {
            let boxes = after.boxes.iter().filter(move |reading| reading.door == door);
            let changed =
                boxes.filter(|reading| before.of(reading.box_no).is_some_and(|was| was.door != door));
            changed.map(|reading| reading.box_no).collect()
        };
        Fired {
            outcome: begun.map(|report| report.outcome),
            opened: is_now(Door::Open),
            closed: is_now(Door::Closed),
        }
    }

    /// Lets all coils go.
    pub(crate) async fn end(mut self) {
        self.cabinet.all_off().await;
    }
}

fn words(reading: &BoxReading) -> String {
    let door = match reading.door {
        Door::Closed => "closed",
        Door::Open => "open",
        Door::Unknown => "no door sensor",
    };
    let item = match reading.item {
        Item::Present => ", something inside",
        Item::Absent => ", empty",
        Item::Unknown => "",
    };
    format!("box {}: {door}{item}", reading.box_no)
}

/// Prints every box, then every change.
pub(crate) async fn watch(cabinet: Cabinet, changes: Option<u64>) -> Result<(), Failed> {
    let mut live = Live::new(cabinet);
    let mut shown: Vec<String> = live.settle().await.boxes.iter().map(words).collect();
    shown.iter().for_each(|line| println!("{line}"));
    let mut answered = shown.len();
    println!("{answered} boxes answer; watching, Ctrl-C ends");
    let mut left = changes;
    let mut ended = core::pin::pin!(tokio::signal::ctrl_c());
    while left != Some(0) {
        let readings = tokio::select! {
            _ = &mut ended => break,
            readings = live.poll() => readings,
        };
        let now: Vec<String> = readings.boxes.iter().map(words).collect();
        for line in now.iter().filter(|line| !shown.contains(line)) {
            println!("{line}");
            left = left.map(|left| left.saturating_sub(1));
        }
        if now.len() != answered {
            answered = now.len();
            println!("{answered} boxes answer");
        }
        shown = now;
    }
    live.end().await;
    Ok(())
}

/// Fires one lock and says what came of it.
pub(crate) async fn pulse(cabinet: Cabinet, box_no: BoxNo, length_ms: u16) -> Result<(), Failed> {
    let mut live = Live::new(cabinet);
    let fired = live.fire(box_no, length_ms).await;
    println!("{}", fired.words(box_no));
    live.end().await;
    Ok(())
}

impl Fired {
    /// What came of firing the lock of `box_no`, in words.
    pub(crate) fn words(&self, box_no: BoxNo) -> String {
        let said = match self.outcome {
            None => "the board is silent: nothing was fired",
            Some(PulseOutcome::Accepted) => "the board accepted",
            Some(PulseOutcome::Unanswered) => "no answer came: the lock may have fired",
            Some(PulseOutcome::NotDriven) => "nothing was fired",
        };
        let door = if self.opened.contains(&box_no) {
            String::from("its door opened")
        } else if self.closed.contains(&box_no) {
            String::from("its switch now says closed: is the polarity the other one?")
        } else {
            String::from("its door has not opened, or has no sensor")
        };
        let others: Vec<String> =
            self.opened.iter().filter(|other| **other != box_no).map(ToString::to_string).collect();
        let others =
            if others.is_empty() { String::new() } else { format!("; also open now: {}", others.join(", ")) };
        format!("{said}; {door}{others}")
    }
}
