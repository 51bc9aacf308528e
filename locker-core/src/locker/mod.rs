//! The cabinet's authority: boxes, doors, codes, and the person in front of it.

mod ask;
mod boxes;
mod clock;
mod codes;
mod doors;
mod drop;
mod durable;
mod facts;
mod help;
mod link;
pub(crate) mod lookup;
mod maintenance;
mod messages;
mod outputs;
mod pick;
mod qr;
mod record;
mod serve;
mod session;
mod settle;
mod staff_code;
mod temporary;
mod timers;
mod totp;
mod touch;
mod view;

pub use ask::{Answer, Ask, Delivery, Denial, Layout, Link, Place, Refusal, Store, Told};
pub use boxes::{Assignment, BoxState, InUse, ToCheck};
pub(crate) use codes::CHECK_IN_DAYS;
pub use codes::SettingsError;
pub use durable::{BoxReport, Count, Custody, Durable, Help, Message};
pub use messages::OpenMessage;
pub use record::{Cause, Death, Ending, Flow, KINDS, Origin, Outbound, Record};
pub use session::Session;
#[cfg(feature = "mocks")]
pub use session::fold::Flutter;
pub use totp::{TOTP_DIGITS, TOTP_STEP_SECONDS, TotpSecret};

use crate::exchange::UnrecordedCall;
use crate::ids::VisitId;
use crate::machine::{self, Frame, Machine, Stamped};
use crate::time::Mono;

/// Whether a record is one without which nothing may be done about it: an opening, a session, a code.
fn needs_the_journal(record: &Record) -> bool {
    matches!(
        record,
        Record::SessionBegan { .. }
            | Record::BoxReserved { .. }
            | Record::PulseGranted { .. }
            | Record::ScanTaken { .. }
            | Record::MessageWanted { .. }
            | Record::CodeMade { .. }
            | Record::CodeAccepted { .. }
            | Record::TemporaryMade { .. }
            | Record::TotpEnrolled { .. }
            | Record::TotpAccepted { .. }
            | Record::CodesLifted { .. }
            | Record::MaintenanceBegan { .. }
    )
}

/// A draft of this machine.
pub(crate) type Draft<'a> = machine::Draft<'a, Locker>;

/// A key locker: one cabinet, its two screens, and whoever stands in front of it.
///
/// See [`Machine`] for the host's contract, and the crate's documentation for an example.
#[derive(Clone)]
pub struct Locker {
    frame: Frame<Self>,
}

impl Locker {
    /// The half that outlives a power cut.
    #[must_use]
    pub fn durable(&self) -> &Durable {
        self.frame.durable()
    }

    /// Looks at both clocks. Not while nothing can be recorded: what they bring about would keep everything else from
    /// being done, a call for help too (SAFE-8), and is found later all the same.
    fn look_at_clocks(draft: &mut Draft<'_>) {
        if draft.session.store != Store::Down {
            clock::watch(draft);
            messages::bury_by_date(draft);
        }
    }

    /// The call for help that stands and cannot be recorded now (SAFE-8): hand it to the office as
    /// [`office::Told::Unrecorded`](crate::office::Told::Unrecorded), as long as it is there.
    #[must_use]
    pub fn unrecorded_call(&self) -> Option<UnrecordedCall> {
        help::unrecorded(self.durable(), self.frame.session())
    }

    /// Who answers for the key of a visit now (SAFE-3).
    #[must_use]
    pub fn custody(&self, visit: VisitId) -> Custody {
        self.durable().custody(visit)
    }
}

impl Machine for Locker {
    const STREAM: &'static str = "locker";
    type Ask = Ask;
    type Told = Told;
    type Answer = Answer;
    type Refusal = Refusal;
    type Record = Record;
    type Durable = Durable;
    type Session = Session;

    fn frame(&self) -> &Frame<Self> {
        &self.frame
    }

    fn frame_mut(&mut self) -> &mut Frame<Self> {
        &mut self.frame
    }

    fn from_frame(frame: Frame<Self>) -> Self {
        Self { frame }
    }

    fn not_started() -> Refusal {
        Refusal::NotStarted
    }

    fn apply(durable: &mut Durable, stamped: &Stamped<Record>) {
        durable.apply(stamped);
    }

    fn decide(draft: &mut Draft<'_>, ask: Ask) -> Result<Answer, Refusal> {
        Self::look_at_clocks(draft);
        let before = draft.records().len();
        let answer = match ask {
            Ask::Touch(touch) => touch::decide(draft, touch),
            Ask::Scan(scan) => qr::scanned(draft, &scan),
            Ask::MakeCode { message, fresh } => messages::make_code(draft, message, &fresh),
            Ask::CheckIn { visit, contact, fresh } => messages::check_in(draft, visit, contact, &fresh),
            Ask::SendAgain { visit, to } => messages::send_again(draft, visit, to),
            Ask::TemporaryPin { user, box_no, fresh } => temporary::make(draft, user, box_no, &fresh),
            Ask::Enrol { user, revision, fresh } => totp::enrol(draft, user, revision, &fresh),
            Ask::LiftLock { user } => {
                draft.record(Record::CodesLifted { user });
                Ok(Answer::Done)
            }
            Ask::BeginMaintenance { user, reason } => maintenance::begin(draft, user, reason),
            Ask::EndMaintenance => {
                maintenance::end(draft);
                Ok(Answer::Done)
            }
        }?;
        // Nothing opens and no code leaves while nothing can be recorded (SAFE-8).
        let is_down = draft.session.store == Store::Down;
        let mut decided = draft.records().iter().skip(before);
        if is_down && decided.any(|stamped| needs_the_journal(&stamped.record)) {
            return Err(Refusal::StoreDown);
        }
        Ok(answer)
    }

    fn take_in(draft: &mut Draft<'_>, told: Told) {
        if Self::settles_before(&told) {
            Self::look_at_clocks(draft);
        }
        match told {
            Told::Tick => {}
            Told::Readings(readings) => doors::read(draft, readings),
            Told::Desired(desired) => settle::desired(draft, *desired),
            Told::SetUp(layout) => settle::set_up(draft, *layout),
            Told::Delivery { message, outcome } => messages::delivered(draft, message, outcome),
            Told::Help { help, answer } => help::answered(draft, help, answer),
            Told::Store(store) => {
                if draft.session.store != store {
                    draft.session.store = store;
                    // What lies over a step offers the same as before.
                    if draft.session.overlay.is_none() {
                        draft.session.turn();
                    }
                    help::store_changed(draft);
                }
            }
            Told::Link(link) => link::changed(draft, link),
            Told::ClockConfirmed => clock::confirm(draft),
            Told::Torn => draft.record(Record::JournalTorn {}),
        }
    }

    fn settles_before(told: &Told) -> bool {
        !matches!(told, Told::Store(_))
    }

    fn settle_start(draft: &mut Draft<'_>) {
        settle::start(draft);
    }

    fn next_deadline(durable: &Durable, session: &Session) -> Option<Mono> {
        timers::next(durable, session)
    }

    fn settle(draft: &mut Draft<'_>) {
        timers::settle(draft);
    }
}
