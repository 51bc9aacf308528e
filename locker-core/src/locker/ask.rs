//! What a locker is asked and told, and what it answers.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::cabinet::Readings;
use crate::codes_table::Coded;
use crate::exchange::{Desired, HelpAnswer, Scan};
use crate::fresh::Fresh;
use crate::ids::{BoxNo, HelpId, LockerId, MessageId, UserId, VisitId};
use crate::screen::Touch;
use crate::secret::Secret;
use crate::visit::Contact;

/// What a person or a host wants of a locker.
#[derive(Debug)]
pub enum Ask {
    /// The person at the bottom screen touched it.
    Touch(Touch),
    /// The office forwards a scan of the QR on the screen.
    Scan(Scan),
    /// A message is about to be sent: make its code. Asked again for the same message, a new code is made and the old
    /// one dies.
    MakeCode {
        /// The message.
        message: MessageId,
        /// 32 fresh bytes.
        fresh: Fresh,
    },
    /// The driver confirmed an online check-in: make a drop PIN to be shown once and sent (DROP-3).
    CheckIn {
        /// The visit.
        visit: VisitId,
        /// Which of the driver's contacts gets the message, counted from 0.
        contact: u8,
        /// 32 fresh bytes.
        fresh: Fresh,
    },
    /// Staff send the PIN of a key that waits for its customer again, to this contact (STAFF-DROP-6). The old one dies
    /// when the new one is made.
    SendAgain {
        /// Whose key.
        visit: VisitId,
        /// To whom.
        to: Contact,
    },
    /// A dealer admin gets a PIN that opens one box, once, within 10 minutes (CODE-8). Answered with
    /// [`Answer::Temporary`].
    TemporaryPin {
        /// Who answers for it.
        user: UserId,
        /// The box; `None` for any one, chosen at the kiosk.
        box_no: Option<BoxNo>,
        /// 32 fresh bytes.
        fresh: Fresh,
    },
    /// A user enrols an authenticator, which opens boxes without a link (CODE-9). Answered with [`Answer::Enrolled`];
    /// an earlier one of that user is worth nothing any more.
    Enrol {
        /// Who.
        user: UserId,
        /// The office's revision of this wish: [`Desired`] of an earlier one does not revoke it.
        revision: u64,
        /// 32 fresh bytes.
        fresh: Fresh,
    },
    /// A user with the right lifts the lock on code entry (CODE-4).
    LiftLock {
        /// The user.
        user: UserId,
    },
    /// A user with the right begins maintenance: doors that open are logged instead of alarming (BOX-6).
    BeginMaintenance {
        /// The user.
        user: UserId,
        /// Why: 1 to 200 characters.
        reason: String,
    },
    /// A user ends maintenance before its hour is over.
    EndMaintenance,
}

/// What a locker is told.
#[derive(Clone, Debug)]
pub enum Told {
    /// Time passed.
    Tick,
    /// The cabinet says what it senses.
    Readings(Arc<Readings>),
    /// The office says how it should be.
    Desired(Box<Desired>),
    /// Which cabinet this is: told once at every start, recorded when it differs.
    SetUp(Box<Layout>),
    /// What became of a message.
    Delivery {
        /// The message.
        message: MessageId,
        /// Taken or not.
        outcome: Delivery,
    },
    /// The office answers a call for help.
    Help {
        /// The request.
        help: HelpId,
        /// The answer.
        answer: HelpAnswer,
    },
    /// The journal does not take records, or does again. Changes the session only (SAFE-8); once it does again, a call
    /// for help that is still open is recorded.
    Store(Store),
    /// The link to the office and the message services stands, or is down (SAFE-6). Say *up* once the locker has the work list
    /// that the office wants it to have. A host that never says anything has a link that stands.
    Link(Link),
    /// The office or NTP confirms the wall clock.
    ClockConfirmed,
    /// At the start a last append was found that a power cut had torn; it was dropped (SAFE-4).
    Torn,
}

/// Whether the mail or SMS service took a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It took it.
    Accepted,
    /// It refused it, or could not be reached.
    Refused,
}

/// How the journal stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Store {
    /// It takes records.
    #[default]
    Up,
    /// Less than the reserve is left: no drops, pick-ups go on.
    Low,
    /// It takes none: nothing opens, help still answers.
    Down,
}

/// How the link to the office and the message services stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It stands.
    Up,
    /// It is down: known codes, drops by number and pick-ups go on; nothing is sent, staff cannot scan, nobody can be called.
    Down,
}

/// The cabinet as it hangs on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The locker's id at the office.
    pub locker: LockerId,
    /// Its boxes, in the order of their numbers.
    pub boxes: Vec<Place>,
    /// How long a lock is energised, in milliseconds: 100 to 2,000 (BOX-8).
    pub pulse_ms: u16,
}

impl Layout {
    /// A cabinet of `count` boxes in `columns` columns, numbered from the top left, row by row; the lowest half of
    /// the rows counts as low.
    #[must_use]
    pub fn grid(locker: LockerId, count: u8, columns: u8) -> Self {
        let columns = columns.max(1);
        let rows = count.div_ceil(columns);
        let place = |box_no: BoxNo| {
            let index = box_no.get() - 1;
            let row = index / columns;
            Place { box_no, column: index % columns, row, low: row >= rows / 2 }
        };
        Self { locker, boxes: BoxNo::first(count).map(place).collect(), pulse_ms: 500 }
    }
}

/// Where a box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its number.
    pub box_no: BoxNo,
    /// Its column, from 0 at the left.
    pub column: u8,
    /// Its row, from 0 at the top.
    pub row: u8,
    /// Whether it can be reached from a wheelchair.
    pub low: bool,
}

/// What a locker answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// It is so.
    #[default]
    Done,
    /// It was recorded and counted, and is not allowed.
    Denied(Denial),
    /// A box opens for a member of staff.
    Opens(BoxNo),
    /// The code of a message: 6 or 8 decimal digits. It leaves the machine here and nowhere else.
    Code {
        /// The message that carries it.
        message: MessageId,
        /// The digits.
        pin: Secret<Vec<u8>>,
    },
    /// A temporary PIN: 8 decimal digits. It leaves the machine here and nowhere else.
    Temporary {
        /// The digits.
        pin: Secret<Vec<u8>>,
    },
    /// The secret of an authenticator, for its QR. It leaves the machine here and nowhere else.
    Enrolled {
        /// 32 bytes.
        secret: Secret<[u8; 32]>,
    },
}

/// Why a locker would not; nothing is recorded and nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The locker has not been started.
    #[error("the locker has not been started")]
    NotStarted,
    /// The touch answers to a screen that is gone.
    #[error("the touch answers to a screen that is gone")]
    OldScreen,
    /// The screen does not offer this now.
    #[error("the screen does not offer this")]
    NotOffered,
    /// The text is longer than the entry takes.
    #[error("the text is too long")]
    TooLong,
    /// The text has control characters.
    #[error("the text has characters that no keyboard types")]
    NotText,
    /// No open message has this number.
    #[error("no open message has this number")]
    NoSuchMessage,
    /// No visit has this number, or its key is not with the customer.
    #[error("no such visit, or its key is not with the customer")]
    NoSuchVisit,
    /// The driver has no such contact, or it cannot be reached.
    #[error("the contact cannot be reached")]
    NotReachable,
    /// As many codes are alive as the configuration allows.
    #[error("as many codes are alive as the configuration allows")]
    TooManyCodes,
    /// The journal takes no records.
    #[error("the journal takes no records")]
    StoreDown,
    /// As many messages went out as an hour or a day allows (CODE-5).
    #[error("as many messages went out as an hour or a day allows")]
    TooManyMessages,
    /// Maintenance needs a reason.
    #[error("maintenance needs a reason")]
    NoReason,
    /// The cabinet has no box of this number.
    #[error("the cabinet has no box of this number")]
    UnknownBox,
    /// Without a link nothing can be sent, and no code is made for it (SAFE-6).
    #[error("there is no link")]
    NoLink,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Self; 14] = [
        Self::NotStarted,
        Self::OldScreen,
        Self::NotOffered,
        Self::TooLong,
        Self::NotText,
        Self::NoSuchMessage,
        Self::NoSuchVisit,
        Self::NotReachable,
        Self::TooManyCodes,
        Self::StoreDown,
        Self::TooManyMessages,
        Self::NoReason,
        Self::UnknownBox,
        Self::NoLink,
    ];
}

impl Coded for Refusal {
    fn code(&self) -> u16 {
        match self {
            Self::NotStarted => 100,
            Self::OldScreen => 101,
            Self::NotOffered => 102,
            Self::TooLong => 103,
            Self::NotText => 104,
            Self::NoSuchMessage => 105,
            Self::NoSuchVisit => 106,
            Self::NotReachable => 107,
            Self::TooManyCodes => 108,
            Self::StoreDown => 109,
            Self::TooManyMessages => 110,
            Self::NoReason => 111,
            Self::UnknownBox => 112,
            Self::NoLink => 119,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::NotStarted => "locker.not_started",
            Self::OldScreen => "locker.old_screen",
            Self::NotOffered => "locker.not_offered",
            Self::TooLong => "locker.too_long",
            Self::NotText => "locker.not_text",
            Self::NoSuchMessage => "locker.no_such_message",
            Self::NoSuchVisit => "locker.no_such_visit",
            Self::NotReachable => "locker.not_reachable",
            Self::TooManyCodes => "locker.too_many_codes",
            Self::StoreDown => "locker.store_down",
            Self::TooManyMessages => "locker.too_many_messages",
            Self::NoReason => "locker.no_reason",
            Self::UnknownBox => "locker.unknown_box",
            Self::NoLink => "locker.no_link",
        }
    }
}

/// Why something was not allowed; it is recorded and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// The code is wrong.
    #[error("the code is wrong")]
    WrongCode,
    /// The code was replaced by a newer one.
    #[error("the code was replaced by a newer one")]
    CodeReplaced,
    /// The code was used.
    #[error("the code was used")]
    CodeUsed,
    /// The code has expired.
    #[error("the code has expired")]
    CodeExpired,
    /// Code entry is locked.
    #[error("code entry is locked")]
    CodesLocked,
    /// No QR is shown, or it has closed.
    #[error("no QR code is shown at the locker")]
    NoQr,
    /// The QR on the screen is another one: used, old or foreign.
    #[error("the QR code is used, old or of another locker")]
    ForeignQr,
    /// The digits under the QR are others.
    #[error("the digits are wrong")]
    WrongDigits,
    /// The digits may not be typed at this locker.
    #[error("typing the digits is switched off")]
    TypingOff,
    /// The person at the locker chose the other flow.
    #[error("the person at the locker chose the other flow")]
    OtherFlow,
    /// The key is not in this locker.
    #[error("the key is not in this locker")]
    KeyNotHere,
    /// There is no such box.
    #[error("there is no such box")]
    NoSuchBox,
    /// The key is in a box, or may be.
    #[error("the key is in a box already, or may be")]
    KeyInBox,
    /// The visit is not known here, or nobody was chosen to get the PIN.
    #[error("the visit is not known here, or nobody was chosen to get the code")]
    NobodyToTell,
    /// The key may not be picked up by the customer now (PICK-5, STAFF-DROP-5).
    #[error("the key may not be picked up now")]
    OnHold,
    /// No box is free.
    #[error("no box is free")]
    Full,
}

impl Denial {
    /// Every denial.
    pub const ALL: [Self; 16] = [
        Self::WrongCode,
        Self::CodeReplaced,
        Self::CodeUsed,
        Self::CodeExpired,
        Self::CodesLocked,
        Self::NoQr,
        Self::ForeignQr,
        Self::WrongDigits,
        Self::TypingOff,
        Self::OtherFlow,
        Self::KeyNotHere,
        Self::NoSuchBox,
        Self::KeyInBox,
        Self::NobodyToTell,
        Self::OnHold,
        Self::Full,
    ];
}

impl Coded for Denial {
    fn code(&self) -> u16 {
        match self {
            Self::WrongCode => 200,
            Self::CodeReplaced => 201,
            Self::CodeUsed => 202,
            Self::CodeExpired => 203,
            Self::CodesLocked => 204,
            Self::NoQr => 210,
            Self::ForeignQr => 211,
            Self::WrongDigits => 212,
            Self::TypingOff => 213,
            Self::OtherFlow => 214,
            Self::KeyNotHere => 215,
            Self::NoSuchBox => 216,
            Self::KeyInBox => 217,
            Self::NobodyToTell => 218,
            Self::OnHold => 219,
            Self::Full => 220,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::WrongCode => "locker.wrong_code",
            Self::CodeReplaced => "locker.code_replaced",
            Self::CodeUsed => "locker.code_used",
            Self::CodeExpired => "locker.code_expired",
            Self::CodesLocked => "locker.codes_locked",
            Self::NoQr => "locker.no_qr",
            Self::ForeignQr => "locker.foreign_qr",
            Self::WrongDigits => "locker.wrong_digits",
            Self::TypingOff => "locker.typing_off",
            Self::OtherFlow => "locker.other_flow",
            Self::KeyNotHere => "locker.key_not_here",
            Self::NoSuchBox => "locker.no_such_box",
            Self::KeyInBox => "locker.key_in_box",
            Self::NobodyToTell => "locker.nobody_to_tell",
            Self::OnHold => "locker.on_hold",
            Self::Full => "locker.full",
        }
    }
}
