//! A tiny machine to host: it counts, remembers names, and has a deadline.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]

use std::fmt;

use locker_core::{
    Coded, Draft, Frame, HoldsPersonal, Machine, Mono, Personal, SealError, Sealable, Stamped, Subject,
    VisitId, Wall,
};
use locker_runtime::clock::{Clock, HandClock};
use locker_runtime::task::{Hosted, Store};
use serde::{Deserialize, Serialize};

/// How long the machine stays awake after a look, in milliseconds.
pub const AWAKE_MS: u64 = 30_000;
/// How long a guest stays, in milliseconds.
pub const STAY_MS: u64 = 60_000;

pub struct Counter(Frame<Self>);

#[derive(Clone, Debug)]
pub enum Ask {
    Add(u64),
    /// Changes the session alone.
    Look,
    Welcome(VisitId, String),
}

#[derive(Clone, Debug)]
pub enum Told {
    Tick,
    Store(Store),
    Torn,
    /// Something seen that must not be lost.
    Seen(u64),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "k")]
pub enum Record {
    #[serde(rename = "started")]
    Started,
    #[serde(rename = "added")]
    Added { by: u64 },
    #[serde(rename = "welcomed")]
    Welcomed { name: Personal<String>, until: Mono },
    #[serde(rename = "left")]
    Left,
    #[serde(rename = "torn")]
    Torn,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Durable {
    pub total: u64,
    pub starts: u64,
    pub torn: u64,
    pub guest: Option<Personal<String>>,
    pub until: Option<Mono>,
}

#[derive(Clone, Debug, Default)]
pub struct Session {
    pub looks: u64,
    pub awake_until: Option<Mono>,
    pub store: Option<Store>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotStarted,
    TooMuch,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl Coded for Refusal {
    fn code(&self) -> u16 {
        match self {
            Self::NotStarted => 100,
            Self::TooMuch => 101,
        }
    }
    fn key(&self) -> &'static str {
        match self {
            Self::NotStarted => "refusal.not_started",
            Self::TooMuch => "refusal.too_much",
        }
    }
}

type Visit<'a> = &'a mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>;

impl HoldsPersonal for Record {
    fn visit_personal(&mut self, visit: Visit<'_>) -> Result<(), SealError> {
        match self {
            Self::Welcomed { name, .. } => visit(name),
            _ => Ok(()),
        }
    }
}

impl HoldsPersonal for Durable {
    fn visit_personal(&mut self, visit: Visit<'_>) -> Result<(), SealError> {
        self.guest.as_mut().map_or(Ok(()), |name| visit(name))
    }
}

impl Machine for Counter {
    const STREAM: &'static str = "counter";
    type Ask = Ask;
    type Told = Told;
    type Answer = u64;
    type Refusal = Refusal;
    type Record = Record;
    type Durable = Durable;
    type Session = Session;

    fn frame(&self) -> &Frame<Self> {
        &self.0
    }
    fn frame_mut(&mut self) -> &mut Frame<Self> {
        &mut self.0
    }
    fn from_frame(frame: Frame<Self>) -> Self {
        Self(frame)
    }
    fn apply(durable: &mut Durable, stamped: &Stamped<Record>) {
        match &stamped.record {
            Record::Started => durable.starts += 1,
            Record::Added { by } => durable.total += by,
            Record::Welcomed { name, until } => {
                durable.guest = Some(name.clone());
                durable.until = Some(*until);
            }
            Record::Left => {
                durable.guest = None;
                durable.until = None;
            }
            Record::Torn => durable.torn += 1,
        }
    }
    fn decide(draft: &mut Draft<'_, Self>, ask: Ask) -> Result<u64, Refusal> {
        match ask {
            Ask::Add(by) if by > 1_000 => return Err(Refusal::TooMuch),
            Ask::Add(by) => draft.record(Record::Added { by }),
            Ask::Look => {
                draft.session.looks += 1;
                draft.session.awake_until = Some(draft.at().mono.after(AWAKE_MS));
            }
            Ask::Welcome(visit, name) => {
                let until = draft.at().mono.after(STAY_MS);
                let name = Personal::new(Subject::Visit(visit), name);
                draft.record(Record::Welcomed { name, until });
            }
        }
        Ok(draft.durable().total)
    }
    fn take_in(draft: &mut Draft<'_, Self>, told: Told) {
        match told {
            Told::Tick => {}
            Told::Store(store) => draft.session.store = Some(store),
            Told::Torn => draft.record(Record::Torn),
            Told::Seen(by) => draft.record(Record::Added { by }),
        }
    }
    fn settle_start(draft: &mut Draft<'_, Self>) {
        if draft.durable().guest.is_some() {
            draft.record(Record::Left);
        }
        draft.record(Record::Started);
    }
    fn next_deadline(durable: &Durable, session: &Session) -> Option<Mono> {
        durable.until.into_iter().chain(session.awake_until).min()
    }
    fn settle(draft: &mut Draft<'_, Self>) {
        let now = draft.at().mono;
        if draft.session.awake_until.is_some_and(|until| until <= now) {
            draft.session.awake_until = None;
        } else {
            draft.record(Record::Left);
        }
    }
    fn settles_before(_told: &Self::Told) -> bool {
        true
    }

    fn not_started() -> Refusal {
        Refusal::NotStarted
    }
}

impl Hosted for Counter {
    fn tick() -> Told {
        Told::Tick
    }
    fn store(store: Store) -> Told {
        Told::Store(store)
    }
    fn torn() -> Option<Told> {
        Some(Told::Torn)
    }
}

/// A moment, for what needs one and not its progress.
pub fn now() -> locker_core::Now {
    HandClock::new(Wall(1_790_000_000_000)).now()
}
