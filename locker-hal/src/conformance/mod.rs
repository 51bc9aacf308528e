//! The suite that every backend has to pass: the simulator, and each driver with a simulated board behind its wire.
//!
//! A backend brings a [`Rig`]: a cabinet, hands and faults in its physical world, and a record of the coils that were
//! really energised. [`run`] builds a new rig for each [`Check`] and says which ones failed. Time is virtual.
//!
//! ```
//! use locker_hal::conformance::{self, Rig};
//!
//! async fn the_driver_conforms<R: Rig>(new_rig: fn() -> R) {
//!     let report = conformance::run(|| async { new_rig() }).await;
//!     report.assert_passed();
//! }
//! ```
//!
//! The suite itself is proven on backends that are broken on purpose: `the_suite_can_fail.rs` of the simulator.

mod bench;
mod doors;
mod faults;
mod pulses;
mod rig;

pub use rig::{Ability, Deed, Energised, Rig};

use bench::Bench;

/// What a backend did wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was expected and what was there instead.
    pub what: String,
}

/// One demand on a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Check {
    /// No coil fires at a start or a restart.
    Box08NoCoilFiresAtStart,
    /// A pulse opens its door, and no other.
    Box02APulseOpensItsDoorAndNoOther,
    /// An accepted pulse is not an open door.
    Box02AnAcceptedPulseIsNotAnOpenDoor,
    /// The sensor says *open*, and the lock is fired all the same.
    Box03AnOpenDoorIsFiredAllTheSame,
    /// A lost acknowledgement is said to be one, and nothing is fired again.
    Box04ALostAcknowledgementFiresNothingAgain,
    /// An opening shorter than bounce is no edge.
    Box07BounceIsNoEdge,
    /// A door that stands open for 400 ms is always seen.
    Box07ADoorOpen400MsIsAlwaysSeen,
    /// A door counts as closed after 1 s of rest.
    Box07ClosedCountsAfter1SOfRest,
    /// Edges are numbered from 1 and held until recorded.
    Box07EdgesAreNumberedAndHeldUntilRecorded,
    /// One coil at a time, and 300 ms between two.
    Box08OneCoilAtATimeAndAGap,
    /// A lock rests ten times its pulse.
    Box08ALockRestsTenPulses,
    /// No coil is on for more than 2 s.
    Box08NoCoilIsOnForMoreThan2S,
    /// When the lease runs out, coils are let go.
    Box08CoilsAreLetGoWhenTheLeaseRunsOut,
    /// An id is never driven twice.
    Box10AnIdIsNeverDrivenTwice,
    /// Outputs past their lease drive nothing.
    Box10OutputsPastTheirLeaseDriveNothing,
    /// A pulse past its time is not driven, and said so.
    Box10APulsePastItsTimeIsNotDriven,
    /// The last report is repeated.
    TheLastReportIsRepeated,
    /// A dead board's boxes are missing; the others serve.
    Box12ADeadBoardStopsNobody,
    /// A dead board that comes back serves again, by itself, and fires nothing.
    Box12ADeadBoardComesBack,
    /// Item sensors say what lies inside.
    Box01ItemSensorsSayWhatLiesInside,
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Box08NoCoilFiresAtStart,
        Self::Box02APulseOpensItsDoorAndNoOther,
        Self::Box02AnAcceptedPulseIsNotAnOpenDoor,
        Self::Box03AnOpenDoorIsFiredAllTheSame,
        Self::Box04ALostAcknowledgementFiresNothingAgain,
        Self::Box07BounceIsNoEdge,
        Self::Box07ADoorOpen400MsIsAlwaysSeen,
        Self::Box07ClosedCountsAfter1SOfRest,
        Self::Box07EdgesAreNumberedAndHeldUntilRecorded,
        Self::Box08OneCoilAtATimeAndAGap,
        Self::Box08ALockRestsTenPulses,
        Self::Box08NoCoilIsOnForMoreThan2S,
        Self::Box08CoilsAreLetGoWhenTheLeaseRunsOut,
        Self::Box10AnIdIsNeverDrivenTwice,
        Self::Box10OutputsPastTheirLeaseDriveNothing,
        Self::Box10APulsePastItsTimeIsNotDriven,
        Self::TheLastReportIsRepeated,
        Self::Box12ADeadBoardStopsNobody,
        Self::Box12ADeadBoardComesBack,
        Self::Box01ItemSensorsSayWhatLiesInside,
    ];

    /// What a rig must be able to do for this check.
    #[must_use]
    pub const fn needs(self) -> Option<Ability> {
        match self {
            Self::Box02AnAcceptedPulseIsNotAnOpenDoor => Some(Ability::Jam),
            Self::Box04ALostAcknowledgementFiresNothingAgain => Some(Ability::LoseAcknowledgements),
            Self::Box08CoilsAreLetGoWhenTheLeaseRunsOut => Some(Ability::CutAPulseShort),
            Self::Box12ADeadBoardStopsNobody | Self::Box12ADeadBoardComesBack => Some(Ability::KillABoard),
            Self::Box01ItemSensorsSayWhatLiesInside => Some(Ability::SenseItems),
            Self::Box08NoCoilFiresAtStart
            | Self::Box02APulseOpensItsDoorAndNoOther
            | Self::Box03AnOpenDoorIsFiredAllTheSame
            | Self::Box07BounceIsNoEdge
            | Self::Box07ADoorOpen400MsIsAlwaysSeen
            | Self::Box07ClosedCountsAfter1SOfRest
            | Self::Box07EdgesAreNumberedAndHeldUntilRecorded
            | Self::Box08OneCoilAtATimeAndAGap
            | Self::Box08ALockRestsTenPulses
            | Self::Box08NoCoilIsOnForMoreThan2S
            | Self::Box10AnIdIsNeverDrivenTwice
            | Self::Box10OutputsPastTheirLeaseDriveNothing
            | Self::Box10APulsePastItsTimeIsNotDriven
            | Self::TheLastReportIsRepeated => None,
        }
    }

    /// Runs this check on a new rig.
    ///
    /// # Errors
    /// The first thing that is not as it should be.
    pub async fn run<R: Rig>(self, rig: R) -> Result<(), Finding> {
        let bench = Bench::start(rig).await;
        match self {
            Self::Box08NoCoilFiresAtStart => pulses::no_coil_fires_at_start(bench).await,
            Self::Box02APulseOpensItsDoorAndNoOther => pulses::a_pulse_opens_its_door(bench).await,
            Self::Box02AnAcceptedPulseIsNotAnOpenDoor => faults::a_jammed_door_stays_closed(bench).await,
            Self::Box03AnOpenDoorIsFiredAllTheSame => pulses::an_open_door_is_fired(bench).await,
            Self::Box04ALostAcknowledgementFiresNothingAgain => faults::a_lost_acknowledgement(bench).await,
            Self::Box07BounceIsNoEdge => doors::bounce_is_no_edge(bench).await,
            Self::Box07ADoorOpen400MsIsAlwaysSeen => doors::open_400_ms_is_seen(bench).await,
            Self::Box07ClosedCountsAfter1SOfRest => doors::closed_after_rest(bench).await,
            Self::Box07EdgesAreNumberedAndHeldUntilRecorded => doors::edges_are_held(bench).await,
            Self::Box08OneCoilAtATimeAndAGap => pulses::one_coil_at_a_time(bench).await,
            Self::Box08ALockRestsTenPulses => pulses::a_lock_rests(bench).await,
            Self::Box08NoCoilIsOnForMoreThan2S => pulses::two_seconds_at_most(bench).await,
            Self::Box08CoilsAreLetGoWhenTheLeaseRunsOut => {
                pulses::let_go_when_the_lease_runs_out(bench).await
            }
            Self::Box10AnIdIsNeverDrivenTwice => pulses::never_twice(bench).await,
            Self::Box10OutputsPastTheirLeaseDriveNothing => pulses::past_the_lease(bench).await,
            Self::Box10APulsePastItsTimeIsNotDriven => pulses::past_its_time(bench).await,
            Self::TheLastReportIsRepeated => pulses::the_report_is_repeated(bench).await,
            Self::Box12ADeadBoardStopsNobody => faults::a_dead_board_stops_nobody(bench).await,
            Self::Box12ADeadBoardComesBack => faults::a_dead_board_comes_back(bench).await,
            Self::Box01ItemSensorsSayWhatLiesInside => doors::items_are_seen(bench).await,
        }
    }
}

/// What a run of the suite showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The checks that passed.
    pub passed: Vec<Check>,
    /// The checks that the rig cannot be put to.
    pub skipped: Vec<Check>,
    /// The checks that failed, and why.
    pub failed: Vec<(Check, Finding)>,
}

impl Report {
    /// Demands that nothing failed.
    ///
    /// # Panics
    /// When a check failed, with all that failed.
    pub fn assert_passed(&self) {
        assert!(self.failed.is_empty(), "the backend does not conform: {:#?}", self.failed);
    }

    /// Whether `check` failed.
    #[must_use]
    pub fn caught(&self, check: Check) -> bool {
        self.failed.iter().any(|(failed, _)| *failed == check)
    }
}

/// Puts a backend to every check that its rig is able to, each on a new rig.
pub async fn run<R: Rig, F: Future<Output = R>>(mut new_rig: impl FnMut() -> F) -> Report {
    let mut report = Report::default();
    for check in Check::ALL {
        let rig = new_rig().await;
        if check.needs().is_some_and(|ability| !rig.can(ability)) {
            report.skipped.push(check);
            continue;
        }
        match check.run(rig).await {
            Ok(()) => report.passed.push(check),
            Err(finding) => report.failed.push((check, finding)),
        }
    }
    report
}

/// Says what was expected when it is not so.
fn expect(holds: bool, what: impl FnOnce() -> String) -> Result<(), Finding> {
    if holds { Ok(()) } else { Err(Finding { what: what() }) }
}
