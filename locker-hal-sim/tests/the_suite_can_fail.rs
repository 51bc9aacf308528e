//! The conformance suite catches backends that are broken on purpose, each by the check that is meant for it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use async_trait::async_trait;
use common::SimRig;
use locker_hal::conformance::{self, Check, Report};
use locker_hal::{
    Board, BoardSpec, BoxReading, Bus, Cabinet, Channel, ChannelLevels, Door, DynClock, DynWanted, ErrorKind,
    Mono, Outputs, PulseId, PulseOrder, Raw, Readings, VirtualClock, WireNo,
};
use locker_hal_sim::{DirectBoard, Sim};
use std::collections::BTreeMap;

async fn put_to_the_suite(make: common::MakeBus) -> Report {
    conformance::run(|| async { SimRig::new(make) }).await
}

/// A cabinet whose boards all have a flaw.
fn flawed<const FLAW: u8>(sim: &Sim, _clock: &VirtualClock) -> Box<dyn Bus> {
    let mut builder = Cabinet::builder();
    for (n, board) in (0..).zip(sim.boards()) {
        let board = Flawed::<FLAW> { board, held: None };
        let there = builder.board(WireNo(n), board);
        builder.wire_boxes(there, sim.config().boxes_of(n));
    }
    Box::new(builder.build().unwrap())
}

const FIRES_TWICE: u8 = 0;
const FIRES_WHEN_TOLD_TO_LET_GO: u8 = 1;
const NEVER_LETS_GO: u8 = 2;
const FIRES_THE_NEXT_CHANNEL: u8 = 3;
const ACCEPTS_EVERYTHING: u8 = 4;
const REPEATS_WHAT_IS_UNANSWERED: u8 = 5;
const FIRES_THREE_TIMES_AS_LONG: u8 = 6;
const SENSES_OPEN_AS_CLOSED: u8 = 7;
const SAYS_WHAT_IT_SAID_BEFORE: u8 = 8;

struct Flawed<const FLAW: u8> {
    board: DirectBoard,
    held: Option<ChannelLevels>,
}

#[async_trait]
impl<const FLAW: u8> Board for Flawed<FLAW> {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        self.board.spec()
    }

    async fn pulse(&mut self, mut order: PulseOrder) -> Result<(), ErrorKind> {
        match FLAW {
            FIRES_TWICE => self.board.pulse(order).await?,
            FIRES_THE_NEXT_CHANNEL => order.channel = Channel((order.channel.0 + 1) % 8),
            FIRES_THREE_TIMES_AS_LONG => order.length_ms *= 3,
            _ => {}
        }
        let result = self.board.pulse(order).await;
        match FLAW {
            ACCEPTS_EVERYTHING => Ok(()),
            REPEATS_WHAT_IS_UNANSWERED if result.is_err() => self.board.pulse(order).await,
            _ => result,
        }
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let result = self.board.read().await;
        if FLAW == SAYS_WHAT_IT_SAID_BEFORE {
            self.held = result.ok().or(self.held.take());
            return self.held.clone().ok_or(ErrorKind::Silent);
        }
        let mut levels = result?;
        if FLAW == SENSES_OPEN_AS_CLOSED {
            levels.0.iter_mut().for_each(|level| level.door = Raw(Door::Closed));
        }
        Ok(levels)
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        if FLAW == FIRES_WHEN_TOLD_TO_LET_GO {
            let order = PulseOrder { id: PulseId::default(), channel: Channel(0), length_ms: 100 };
            self.board.pulse(order).await?;
        }
        if FLAW == NEVER_LETS_GO { Ok(()) } else { self.board.all_off().await }
    }
}

/// Declares the test that a broken backend is caught by a check.
macro_rules! caught {
    ($($name:ident: $make:expr => $($check:ident),+;)+) => {$(
        #[tokio::test]
        async fn $name() {
            let report = put_to_the_suite($make).await;
            $(assert!(report.caught(Check::$check), "not caught: {report:#?}");)+
        }
    )+};
}

caught! {
    a_board_that_fires_twice_is_caught: flawed::<FIRES_TWICE> => Box02APulseOpensItsDoorAndNoOther, Box10AnIdIsNeverDrivenTwice;
    a_board_that_fires_at_start_is_caught: flawed::<FIRES_WHEN_TOLD_TO_LET_GO> => Box08NoCoilFiresAtStart, Box12ADeadBoardComesBack;
    a_board_that_never_lets_go_is_caught: flawed::<NEVER_LETS_GO> => Box08CoilsAreLetGoWhenTheLeaseRunsOut;
    a_board_that_fires_the_next_channel_is_caught: flawed::<FIRES_THE_NEXT_CHANNEL> => Box02APulseOpensItsDoorAndNoOther;
    a_board_that_accepts_everything_is_caught: flawed::<ACCEPTS_EVERYTHING> => Box04ALostAcknowledgementFiresNothingAgain;
    a_board_that_repeats_what_is_unanswered_is_caught: flawed::<REPEATS_WHAT_IS_UNANSWERED> => Box04ALostAcknowledgementFiresNothingAgain;
    a_board_that_fires_too_long_is_caught: flawed::<FIRES_THREE_TIMES_AS_LONG> => Box08NoCoilIsOnForMoreThan2S, Box08OneCoilAtATimeAndAGap;
    a_board_that_senses_no_opening_is_caught: flawed::<SENSES_OPEN_AS_CLOSED> => Box07ADoorOpen400MsIsAlwaysSeen, Box03AnOpenDoorIsFiredAllTheSame;
    a_board_that_hides_its_death_is_caught: flawed::<SAYS_WHAT_IT_SAID_BEFORE> => Box12ADeadBoardStopsNobody;
    a_bus_that_gives_an_id_a_new_name_every_second_is_caught: spoilt::<RENAMES_IDS> => Box10AnIdIsNeverDrivenTwice;
    a_bus_that_renews_the_lease_is_caught: spoilt::<RENEWS_THE_LEASE> => Box10OutputsPastTheirLeaseDriveNothing, Box08CoilsAreLetGoWhenTheLeaseRunsOut;
    a_bus_that_forgets_when_a_pulse_is_too_late_is_caught: spoilt::<FORGETS_NOT_AFTER> => Box10APulsePastItsTimeIsNotDriven;
    a_bus_that_tells_edges_once_is_caught: spoilt::<TELLS_EDGES_ONCE> => Box07EdgesAreNumberedAndHeldUntilRecorded;
    a_bus_that_tells_a_report_once_is_caught: spoilt::<TELLS_REPORTS_ONCE> => TheLastReportIsRepeated;
    a_bus_without_debounce_is_caught: spoilt::<TELLS_RAW_LEVELS> => Box07BounceIsNoEdge, Box07ClosedCountsAfter1SOfRest;
    a_bus_that_forgets_what_it_fired_is_caught: spoilt::<FORGETS_WHAT_IT_FIRED> => Box08OneCoilAtATimeAndAGap, Box08ALockRestsTenPulses;
    a_bus_that_fires_no_open_door_is_caught: spoilt::<FIRES_NO_OPEN_DOOR> => Box03AnOpenDoorIsFiredAllTheSame;
    a_bus_that_does_nothing_is_caught: spoilt::<DOES_NOTHING> => Box02APulseOpensItsDoorAndNoOther, Box08NoCoilFiresAtStart;
    a_bus_that_sees_no_items_is_caught: spoilt::<SEES_NO_ITEMS> => Box01ItemSensorsSayWhatLiesInside;
    a_bus_that_calls_a_pulse_an_opening_is_caught: spoilt::<CALLS_A_PULSE_AN_OPENING> => Box02AnAcceptedPulseIsNotAnOpenDoor;
}

const RENAMES_IDS: u8 = 0;
const RENEWS_THE_LEASE: u8 = 1;
const FORGETS_NOT_AFTER: u8 = 2;
const TELLS_EDGES_ONCE: u8 = 3;
const TELLS_REPORTS_ONCE: u8 = 4;
const TELLS_RAW_LEVELS: u8 = 5;
const FORGETS_WHAT_IT_FIRED: u8 = 6;
const FIRES_NO_OPEN_DOOR: u8 = 7;
const DOES_NOTHING: u8 = 8;
const SEES_NO_ITEMS: u8 = 9;
const CALLS_A_PULSE_AN_OPENING: u8 = 10;

/// A sound cabinet behind a bus with a flaw.
struct Spoilt<const FLAW: u8> {
    sim: Sim,
    cabinet: Cabinet,
    edges_told: u64,
    pulse_told: Option<PulseId>,
    fired: BTreeMap<PulseId, locker_hal::BoxNo>,
}

fn spoilt<const FLAW: u8>(sim: &Sim, _clock: &VirtualClock) -> Box<dyn Bus> {
    Box::new(Spoilt::<FLAW> {
        cabinet: common::cabinet(sim),
        sim: sim.clone(),
        edges_told: 0,
        pulse_told: None,
        fired: BTreeMap::new(),
    })
}

impl<const FLAW: u8> Spoilt<FLAW> {
    fn spoil_outputs(&mut self, outputs: &mut Outputs, now: Mono) {
        if FLAW == RENEWS_THE_LEASE {
            outputs.at = now;
        }
        let Some(pulse) = &mut outputs.pulse else { return };
        match FLAW {
            RENAMES_IDS => pulse.id.n += 1_000 * u32::try_from(now.0 / 1_000).unwrap(),
            FORGETS_NOT_AFTER => pulse.not_after = Mono(u64::MAX),
            FORGETS_WHAT_IT_FIRED if self.fired.insert(pulse.id, pulse.box_no).is_none() => {
                self.cabinet = common::cabinet(&self.sim);
            }
            CALLS_A_PULSE_AN_OPENING => drop(self.fired.insert(pulse.id, pulse.box_no)),
            _ => {}
        }
        let state = self.sim.state();
        if FLAW == FIRES_NO_OPEN_DOOR && state.of(pulse.box_no).unwrap().door == Door::Open {
            outputs.pulse = None;
        }
    }

    fn spoil_readings(&mut self, readings: &mut Readings) {
        match FLAW {
            TELLS_EDGES_ONCE => {
                readings.edges.retain(|edge| edge.n > self.edges_told);
                self.edges_told = readings.edges.last().map_or(self.edges_told, |edge| edge.n);
            }
            TELLS_REPORTS_ONCE => {
                let id = readings.pulse.map(|report| report.id);
                readings.pulse.take_if(|_| self.pulse_told == id);
                self.pulse_told = id;
            }
            TELLS_RAW_LEVELS => {
                let raw = self.sim.state().boxes.into_iter().map(|there| BoxReading {
                    box_no: there.box_no,
                    door: there.sensed_door,
                    item: there.sensed_item,
                });
                readings.boxes = raw.collect();
            }
            SEES_NO_ITEMS => readings.boxes.iter_mut().for_each(|there| there.item = Default::default()),
            CALLS_A_PULSE_AN_OPENING => {
                let fired: Vec<_> = self.fired.values().collect();
                let opened = readings.boxes.iter_mut().filter(|there| fired.contains(&&there.box_no));
                opened.for_each(|there| there.door = Door::Open);
            }
            _ => {}
        }
    }
}

#[async_trait]
impl<const FLAW: u8> Bus for Spoilt<FLAW> {
    async fn cycle(&mut self, wanted: &DynWanted, clock: &DynClock) -> Readings {
        let mut outputs = wanted.outputs();
        self.spoil_outputs(&mut outputs, clock.now());
        if FLAW == DOES_NOTHING {
            outputs.pulse = None;
        }
        let mut readings = self.cabinet.cycle(&outputs, clock).await;
        self.spoil_readings(&mut readings);
        readings
    }

    async fn all_off(&mut self) {
        self.cabinet.all_off().await;
    }
}
