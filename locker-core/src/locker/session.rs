//! The half of a locker that dies with the power: where the person stands, what was typed, what the sensors say now.

#[cfg(feature = "mocks")]
pub(crate) mod fold;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroize;

use super::ask::Store;
use super::codes::DIGITS_MAX;
use super::durable::Durable;
use super::link::Linked;
use super::record::Flow;
use crate::cabinet::{Door, Item, PulseReport, Readings};
use crate::exchange::{HelpAnswer, OpenReason, Settings, StaffCode};
use crate::ids::{BoxNo, CodeId, HelpId, MessageId, PulseId, SessionId, TicketId, UserId, VisitId};
use crate::screen::{Locale, Text};
use crate::secret::Secret;
use crate::time::{At, Date, Mono, Wall};
use crate::visit::Contact;

/// How many touches are remembered, so that a repeated one changes nothing: a frontend has one or two under way.
const TOUCHES_KEPT: usize = 8;

/// What is remembered of doors and locks until the host stops.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doors {
    /// Doors that stand open, and since when.
    pub(crate) open: BTreeMap<BoxNo, Mono>,
    /// When each door last changed, for sensors that change too often.
    pub(crate) changes: BTreeMap<BoxNo, Vec<Mono>>,
    /// When each lock was last fired.
    pub(crate) fired: BTreeMap<BoxNo, Mono>,
    /// The boxes whose door, as found at the start, was compared with the record.
    pub(crate) compared: BoxSet,
}

/// A set of boxes.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub(crate) struct BoxSet([u128; 2]);

impl BoxSet {
    /// Adds a box.
    pub(crate) fn insert(&mut self, box_no: BoxNo) {
        let [low, high] = &mut self.0;
        let half = if box_no.get() < 128 { low } else { high };
        *half |= 1 << (box_no.get() % 128);
    }

    /// Whether a box is in it.
    pub(crate) const fn contains(&self, box_no: BoxNo) -> bool {
        let [low, high] = self.0;
        let half = if box_no.get() < 128 { low } else { high };
        half >> (box_no.get() % 128) & 1 == 1
    }
}

/// The volatile half.
#[derive(Clone, Default)]
pub struct Session {
    /// What the bottom screen is at.
    pub(crate) stage: Stage,
    /// What lies over it.
    pub(crate) overlay: Option<Overlay>,
    /// Whether the person was asked whether they are still there.
    pub(crate) warned: bool,
    /// The language, until the session ends.
    pub(crate) locale: Option<Locale>,
    /// Counts the sets of actions of this boot.
    pub(crate) generation: u32,
    /// The last touch by the clock.
    pub(crate) touched: Mono,
    /// The last touches taken, in a ring, and how many there have been.
    touches: [u64; TOUCHES_KEPT],
    touches_taken: usize,
    /// Look-ups without a match in this session.
    pub(crate) misses: u8,
    /// Counts the sessions of this boot.
    pub(crate) sessions: u32,
    /// Counts the pulses of this boot.
    pub(crate) pulses: u32,
    /// What the cabinet says now.
    pub(crate) latest: Option<Arc<Readings>>,
    /// Edges up to this number were taken in.
    pub(crate) edges_seen: u64,
    /// What is remembered of doors and locks; shared, because most inputs leave it as it is.
    pub(crate) doors: Arc<Doors>,
    /// How the journal stands.
    pub(crate) store: Store,
    /// Both clocks at the last input, to notice a jump.
    pub(crate) clocks: Option<(Mono, Wall)>,
    /// Since when a call for help waits for the office's answer (HELP-1).
    pub(crate) calling: Option<Mono>,
    /// Since when the bottom screen says that somebody is coming (HELP-2).
    pub(crate) coming: Option<Mono>,
    /// The call for help as it stands beyond what is recorded (SAFE-8).
    pub(crate) unrecorded: Option<Arc<Unrecorded>>,
    /// The day for which codes that live by date were last looked at.
    pub(crate) buried: Option<Date>,
    /// How the link stands (SAFE-6).
    pub(crate) link: Linked,
}

impl fmt::Debug for Session {
    /// What was typed is not said: plates, numbers and remarks are personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id()).finish_non_exhaustive()
    }
}

impl Session {
    /// What is remembered of doors and locks, to change it.
    pub(crate) fn doors_mut(&mut self) -> &mut Doors {
        Arc::make_mut(&mut self.doors)
    }

    /// Goes to another set of actions.
    pub(crate) fn turn(&mut self) {
        self.generation += 1;
    }

    /// Whether this touch was taken before; remembers it.
    pub(crate) fn is_repeated(&mut self, touch_id: u64) -> bool {
        let kept = self.touches_taken.min(TOUCHES_KEPT);
        if self.touches.iter().take(kept).any(|taken| *taken == touch_id) {
            return true;
        }
        if let Some(oldest) = self.touches.get_mut(self.touches_taken % TOUCHES_KEPT) {
            *oldest = touch_id;
        }
        self.touches_taken += 1;
        false
    }

    /// What the door of a box is now; unknown when the box cannot be read.
    pub(crate) fn door(&self, box_no: BoxNo) -> Door {
        self.latest.as_ref().and_then(|latest| latest.of(box_no)).map_or(Door::Unknown, |box_| box_.door)
    }

    /// What the item sensor of a box says now.
    pub(crate) fn item(&self, box_no: BoxNo) -> Item {
        self.latest.as_ref().and_then(|latest| latest.of(box_no)).map_or(Item::Unknown, |box_| box_.item)
    }

    /// The settings in force: a session keeps those it began with (START-6).
    pub(crate) fn settings<'a>(&'a self, durable: &'a Durable) -> &'a Settings {
        match &self.stage {
            Stage::Active(active) => &active.settings,
            Stage::Start | Stage::Welcome { .. } => &durable.settings,
        }
    }

    /// The running session, if any.
    pub(crate) fn id(&self) -> Option<SessionId> {
        match &self.stage {
            Stage::Active(active) => Some(active.id),
            Stage::Start | Stage::Welcome { .. } => None,
        }
    }
}

/// What became of a call for help while nothing could be recorded (SAFE-8).
#[derive(Clone, Debug)]
pub(crate) struct Unrecorded {
    /// The call: the recorded one that was open, or one that has no record.
    pub(crate) help: HelpId,
    /// What was called; `None` when only the answer to a recorded call is not recorded.
    pub(crate) call: Option<Called>,
    /// How it stands.
    pub(crate) answer: Option<HelpAnswer>,
}

/// A call for help without a record.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    /// The session in which it was called last, if one ran.
    pub(crate) session: Option<SessionId>,
    /// The screen on which it was called last.
    pub(crate) step: String,
    /// When it was called first.
    pub(crate) at: At,
    /// How often it was called.
    pub(crate) calls: u32,
}

/// What the bottom screen is at.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one of it, and a box would be an allocation in every touch"
)]
#[derive(Clone, Default)]
pub(crate) enum Stage {
    /// The start screen.
    #[default]
    Start,
    /// The steps of a flow, before anything is asked.
    Welcome { flow: Flow, low: bool },
    /// A session.
    Active(Active),
}

/// A running session.
#[derive(Clone)]
pub(crate) struct Active {
    pub(crate) id: SessionId,
    pub(crate) flow: Flow,
    pub(crate) low: bool,
    pub(crate) step: Step,
    /// The settings with which it began; a change acts from the next session (START-6).
    pub(crate) settings: Arc<Settings>,
    /// What was last typed to look for, whether it was looked for or not: nobody types the same number twice (UX-11, UX-18).
    pub(crate) typed: Option<Arc<Typed>>,
    /// An error or a confirmation on the step.
    pub(crate) notice: Option<Box<Text>>,
}

/// What lies over a step and leaves it as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overlay {
    /// Really stop?
    Abort,
    /// How it goes on, and a call for help.
    Help,
}

/// Where in its flow a session is.
#[derive(Clone)]
pub(crate) enum Step {
    /// Step 1: how do you want to prove it?
    Method,
    /// Step 1: type the PIN.
    Pin(PinEntry),
    /// Step 1: type a registration or a phone number.
    Lookup(Typed),
    /// Step 1: looking, as long for a miss as for a match.
    Searching { ready: Mono, found: Vec<VisitId> },
    /// Step 1: one number, several vehicles.
    Vehicle { visits: Vec<VisitId>, chosen: Option<u8> },
    /// Step 1: to which contact shall the PIN go?
    Contact { visit: VisitId, chosen: u8, failed: Vec<u8> },
    /// Step 1: the PIN is being sent.
    Sending { visit: VisitId, chosen: u8, failed: Vec<u8>, message: MessageId },
    /// Step 1: the PIN was sent.
    Sent,
    /// Step 1: nothing that may be used was found (DROP-8).
    NoMatch,
    /// Step 1, staff: the QR.
    Qr(QrShown),
    /// Step 1, staff with an authenticator: why? (CODE-9)
    Reason(CodeCase),
    /// Step 1, staff with a code: which box? (CODE-8, CODE-9)
    AnyBox(CodeCase),
    /// Step 2: the driver's contacts.
    Driver(DropCase),
    /// Step 2: an additional phone number.
    Phone { case: DropCase, text: String },
    /// Step 3: the appointments.
    Appointments(DropCase),
    /// Step 3: a remark.
    Remark { case: DropCase, text: String },
    /// Step 4: a box is open for the person.
    Serve(Serving),
    /// Staff say what they found in a box.
    Settle(Serving),
    /// Done.
    Thanks { box_no: BoxNo, what: Thanks, until: Mono },
    /// It cannot go on, and why.
    Sorry { why: Sorry, until: Mono },
}

/// Typing a PIN.
#[derive(Clone)]
pub(crate) struct PinEntry {
    pub(crate) digits: Secret<Digits>,
    pub(crate) revealed: bool,
    /// While code entry is locked a PIN is taken with its registration only (CODE-4).
    pub(crate) plate: String,
}

impl PinEntry {
    pub(crate) fn new() -> Self {
        Self { digits: Secret::new(Digits::default()), revealed: false, plate: String::new() }
    }
}

/// The digits of a PIN as far as they were typed, as characters. In place: a buffer that grew would leave them behind.
#[derive(Clone, Default)]
pub(crate) struct Digits {
    typed: [u8; DIGITS_MAX],
    count: usize,
}

impl Zeroize for Digits {
    fn zeroize(&mut self) {
        self.typed.zeroize();
        self.count.zeroize();
    }
}

impl Digits {
    /// One more digit, 0 to 9, unless all are there.
    pub(crate) fn push(&mut self, digit: u8) {
        if let Some(next) = self.typed.get_mut(self.count) {
            *next = b'0' + digit;
            self.count += 1;
        }
    }

    /// One digit fewer.
    pub(crate) fn pop(&mut self) {
        self.count = self.count.saturating_sub(1);
        if let Some(last) = self.typed.get_mut(self.count) {
            *last = 0;
        }
    }

    /// What was typed.
    pub(crate) fn typed(&self) -> &[u8] {
        self.typed.get(..self.count).unwrap_or_default()
    }
}

/// What was typed for a look-up.
#[derive(Clone)]
pub(crate) struct Typed {
    pub(crate) by: LookupBy,
    pub(crate) text: String,
}

/// What a look-up goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LookupBy {
    Registration,
    Phone,
}

/// The QR on the screen.
#[derive(Clone, Debug)]
pub(crate) struct QrShown {
    pub(crate) nonce: Secret<[u8; 16]>,
    pub(crate) digits: Secret<[u8; 8]>,
    pub(crate) made: Mono,
    pub(crate) wrong: u8,
    /// Closed by time, by use or by wrong digits; a press makes a new one.
    pub(crate) closed: bool,
}

/// What a drop has gathered.
#[derive(Clone)]
pub(crate) struct DropCase {
    pub(crate) visit: VisitId,
    pub(crate) code: Option<CodeId>,
    pub(crate) phone: Option<String>,
    pub(crate) remark: Option<String>,
}

/// What a code of staff has gathered (CODE-8, CODE-9).
#[derive(Clone)]
pub(crate) struct CodeCase {
    pub(crate) user: UserId,
    pub(crate) how: StaffCode,
    /// With an authenticator, once it is chosen.
    pub(crate) reason: Option<OpenReason>,
    /// The item that is chosen now: of the reasons, or of the boxes.
    pub(crate) chosen: Option<u8>,
}

/// Why a box is open.
#[derive(Clone)]
pub(crate) enum Purpose {
    /// The customer drops (DROP).
    Drop(DropCase),
    /// Staff take the key of a visit out (STAFF-PICK, STAFF-DROP-5).
    PickUp { visit: VisitId, by: StaffAct },
    /// Staff put the key in for the customer (STAFF-DROP).
    StaffDrop { visit: VisitId, by: StaffAct, to: Contact },
    /// The customer takes the key (PICK); `again` when they have it already (PICK-3).
    Collect { visit: VisitId, again: bool },
    /// Staff look into it (BOX-13, CODE-8, CODE-9).
    Check { user: UserId },
}

/// What a box is open for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To put a key in.
    In,
    /// To take a key out.
    Out,
    /// To look.
    Look,
}

/// The member of staff for whom a box is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StaffAct {
    pub(crate) user: UserId,
    pub(crate) ticket: TicketId,
}

impl Purpose {
    /// The user, if it is one.
    pub(crate) fn staff(&self) -> Option<UserId> {
        match self {
            Self::Drop(_) | Self::Collect { .. } => None,
            Self::PickUp { by, .. } | Self::StaffDrop { by, .. } => Some(by.user),
            Self::Check { user } => Some(*user),
        }
    }

    /// What the box is open for.
    pub(crate) const fn way(&self) -> Way {
        match self {
            Self::Drop(_) | Self::StaffDrop { .. } => Way::In,
            Self::PickUp { .. } | Self::Collect { .. } => Way::Out,
            Self::Check { .. } => Way::Look,
        }
    }
}

/// A box that is being served.
#[derive(Clone)]
pub(crate) struct Serving {
    pub(crate) box_no: BoxNo,
    pub(crate) purpose: Purpose,
    pub(crate) phase: Phase,
    /// Which pulse of this opening, from 1 (BOX-4).
    pub(crate) attempt: u8,
    /// How often the person had it opened again (BOX-14).
    pub(crate) reopened: u8,
    /// How often *Confirm* met an item sensor that disagrees (DROP-14).
    pub(crate) misses: u8,
    /// Whether the door has stood open so long that the person was asked to close it (TIME-3).
    pub(crate) asked: bool,
    /// What is to happen once the door is closed.
    pub(crate) wish: Option<Wish>,
    /// How far the door has been in this serving.
    pub(crate) door: DoorPast,
}

/// How far the door of a served box has been, since the first pulse: what a person may have done with the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum DoorPast {
    /// Never open: nothing can have changed.
    Shut,
    /// Open, or nobody can see it: something can have been put in or taken.
    Opened,
    /// Open and shut again, or opened again at the person's wish: a key that was put in may lie behind the door.
    ShutAgain,
}

/// What the person wants that waits for the door to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// *Confirm*.
    Confirm,
    /// Leave.
    Leave,
    /// Another box: something is already in this one.
    Another,
    /// Help: the key is not in it.
    NotFound,
}

/// Where the door of a served box is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Phase {
    /// A pulse is wanted or was driven; the door is not seen open yet.
    Opening {
        pulse: PulseId,
        not_after: Mono,
        /// The cabinet's report, once there is one.
        report: Option<PulseReport>,
        /// Time is up: the next reading taken after this decides.
        overdue: Option<Mono>,
    },
    /// It is open.
    Open { since: Mono },
    /// It is closed again.
    Closed { since: Mono },
    /// There is no sensor: clocks run from the pulse.
    Blind { since: Mono },
}

/// What the last screen thanks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thanks {
    Dropped,
    PickedUp,
    /// Staff dropped, and the customer is being told.
    HandedIn,
    /// The customer has the key back.
    Collected,
    Checked,
}

/// Why it cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sorry {
    /// No box is free.
    Full,
    /// Too many openings were not confirmed.
    Limited,
    /// The box that holds the key does not open.
    Jammed,
    /// The key was not in the box.
    NotFound,
    /// The key is not handed out here now (PICK-5).
    Reception,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_03_digits_that_were_typed_leave_nothing_behind() {
        let mut digits = Digits::default();
        for digit in [4, 7, 1, 1] {
            digits.push(digit);
        }
        assert_eq!(digits.typed[..4], *b"4711");
        digits.zeroize();
        assert_eq!((digits.typed, digits.count), ([0; DIGITS_MAX], 0));
    }

    #[test]
    fn box_01_every_box_has_a_place_of_its_own_in_a_set() {
        for number in 1..=u8::MAX {
            let box_no = BoxNo::new(number).expect("not 0");
            let mut set = BoxSet::default();
            set.insert(box_no);
            for other in 1..=u8::MAX {
                let other = BoxNo::new(other).expect("not 0");
                assert_eq!(set.contains(other), other == box_no, "{other} of {box_no}");
            }
        }
    }
}
