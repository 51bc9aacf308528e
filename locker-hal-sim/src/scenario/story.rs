//! A scenario as a value: who is there, what they do, what is expected.

use locker_core::office::{NoticeKind, Right, Role};
use locker_core::screen::Locale;
use locker_core::{BoxNo, TimeOfDay};

use super::error::Place;
use crate::command::Fault;
use crate::world::{AppendFault, CrashPoint, Post, Room};

/// A scenario: a story of people at one locker, with what must come of it. See the [module](super).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What it is about.
    pub title: String,
    /// The ids of the rules it shows, such as `DROP-14`.
    pub rules: Vec<String>,
    pub(super) given: Given,
    pub(super) lines: Vec<Line>,
}

/// What is there before the story begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) boxes: u8,
    pub(super) boxes_per_board: u8,
    pub(super) begin: TimeOfDay,
    pub(super) security_code: u16,
    pub(super) two_factor: bool,
    pub(super) sms: bool,
    pub(super) typed_code: bool,
    pub(super) active: bool,
    pub(super) locale: Locale,
    pub(super) telephone: String,
    pub(super) lookup_days_ahead: u8,
    pub(super) kiosk_pin_minutes: u16,
    pub(super) without_door_sensor: Vec<BoxNo>,
    pub(super) without_item_sensor: Vec<BoxNo>,
    pub(super) people: Vec<Person>,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            boxes: 4,
            boxes_per_board: 8,
            begin: TimeOfDay::new(8, 0).expect("eight o'clock is a time of day"),
            security_code: 4_711,
            two_factor: true,
            sms: false,
            typed_code: true,
            active: true,
            locale: Locale::En,
            telephone: "02 555 01 00".into(),
            lookup_days_ahead: 0,
            kiosk_pin_minutes: 30,
            without_door_sensor: Vec::new(),
            without_item_sensor: Vec::new(),
            people: Vec::new(),
        }
    }
}

/// Somebody in the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) kind: PersonKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PersonKind {
    Customer(Customer),
    Staff {
        role: Role,
        without: Vec<Right>,
    },
    /// Nobody whom the office knows: a passer-by, a thief.
    Stranger,
}

/// A customer with one vehicle and one visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Customer {
    pub(super) plate: String,
    pub(super) vehicle: String,
    pub(super) contacts: Vec<Reach>,
    /// Days from today.
    pub(super) day: i32,
    pub(super) time: Option<TimeOfDay>,
    pub(super) work: String,
}

/// One way to reach a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) is_mobile: bool,
    pub(super) is_business: bool,
    pub(super) is_blocked: bool,
    pub(super) address: String,
}

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Where the line's own words begin.
    pub(super) place: Place,
    /// The line as it is written.
    pub(super) text: String,
    pub(super) step: Step,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A person does something, `times` in a row.
    Does {
        who: String,
        act: Act,
        times: u32,
    },
    /// Time passes.
    Wait {
        ms: u64,
    },
    /// Time passes until a time of day, `days` days from now.
    Until {
        days: i32,
        time: TimeOfDay,
    },
    /// Something comes over the locker.
    Happens(Event),
    /// What is counted is counted from here.
    FromNowOn,
    Expect(Expect),
}

/// What a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Presses the button with this label.
    Press {
        label: String,
    },
    /// Writes into the entry on the screen.
    Write {
        text: String,
    },
    /// Types these digits.
    Type {
        digits: String,
    },
    /// Types a PIN that came by message: the newest, or one before it.
    TypePin {
        of: String,
        back: usize,
    },
    /// Types the temporary PIN that a member of staff got last.
    TypeTemporary {
        of: String,
    },
    /// Types what the authenticator of a member of staff shows.
    TypeAuthenticator {
        of: String,
    },
    /// Types six digits that are nobody's PIN.
    TypeWrongPin,
    Erase,
    /// Chooses an item of the list by what stands on it.
    Choose {
        label: String,
    },
    Language {
        locale: Locale,
    },
    /// Does what leads a customer or a mechanic to this screen.
    GoOnTo {
        screen: String,
    },
    WalkAway,
    PutKey {
        whose: String,
        at: Where,
    },
    TakeKey {
        whose: String,
        at: Where,
    },
    CloseDoor {
        at: Where,
    },
    PullDoor {
        at: Where,
    },
    PryDoor {
        at: Where,
    },
    CheckIn,
    AskForKey {
        whose: String,
    },
    AskToCheck {
        box_no: BoxNo,
    },
    AskToDrop {
        whose: String,
    },
    SendAgain {
        whose: String,
    },
    /// Gets a temporary PIN, for this box or for any one.
    AskForTemporaryPin {
        box_no: Option<BoxNo>,
    },
    Enrol,
    Revoke {
        whose: String,
    },
    ScanQr,
    TypeQrDigits {
        are_right: bool,
    },
    AnswerHelp {
        handles: bool,
    },
    BeginMaintenance,
    EndMaintenance,
    LiftLock,
}

/// Which box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// The one that is being served, or was served last.
    Served,
    Box(BoxNo),
}

/// What comes over the locker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Hurt(Fault),
    Heal(Fault),
    HealAll,
    /// The power goes and comes back after this long.
    PowerCut {
        off_ms: u64,
        when: Cut,
    },
    /// The power goes until it is switched on again.
    PowerOff,
    PowerOn,
    LinkDown,
    LinkUp,
    /// The wall clock is set on or back.
    ClockJump {
        ms: i64,
    },
    ClockConfirmed,
    /// Whether somebody confirms the wall clock at the coming starts.
    ConfirmedAtStart(bool),
    Disk(Room),
    Post(Post),
    /// The kiosk's program does nothing for so long.
    Hang {
        ms: u64,
    },
    /// The next append goes wrong.
    Append(AppendFault),
    /// Planning closes a visit.
    Cancel {
        whose: String,
    },
    /// The office switches the locker on or off.
    Active(bool),
    TwoFactor(bool),
}

/// When the power goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Now,
    /// At this point of the next step that records something.
    At(CrashPoint),
}

/// What is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    Screen {
        top: bool,
        id: String,
    },
    Overlay {
        id: Option<String>,
    },
    Text {
        top: bool,
        is_there: bool,
        text: Words,
    },
    Button {
        label: String,
        is_offered: bool,
    },
    Box {
        box_no: BoxNo,
        is: BoxIs,
    },
    /// The box in use, or the last one, is this.
    BoxInUse {
        box_no: BoxNo,
    },
    Key {
        whose: String,
        is: KeyIs,
    },
    Message {
        to: String,
        via: Option<Via>,
        count: u32,
    },
    Told {
        kind: NoticeKind,
        box_no: Option<BoxNo>,
        is_told: bool,
    },
    /// Whether a member of staff sees an open call for help.
    Called {
        who: String,
        is_called: bool,
    },
    Fired {
        box_no: Option<BoxNo>,
        times: u32,
    },
    Record {
        kind: String,
        count: Option<u32>,
    },
    Refused {
        key: String,
    },
}

/// Words on a screen, or the id of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Words {
    Id(String),
    Said(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BoxIs {
    Free,
    Kept,
    Holding {
        whose: String,
    },
    ToCheck,
    Certain,
    OutOfService,
    InService,
    DoorOpen,
    DoorClosed,
    /// Whether its coil really is on.
    Energised,
    NotEnergised,
    /// What really lies in it.
    Empty,
    Inside {
        whose: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyIs {
    WithCustomer,
    InBox { box_no: Option<BoxNo> },
    ToCheck { box_no: Option<BoxNo> },
    With { who: String },
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    Mail,
    Sms,
}
