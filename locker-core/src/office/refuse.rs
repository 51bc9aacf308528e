//! Why the office would not: refusals (nothing recorded) and denials (recorded and counted).

use super::user::Right;
use crate::codes_table::Coded;

/// Why the office would not. Nothing is recorded, nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The office has not been started.
    #[error("the office has not been started")]
    NotStarted,
    /// The tablet is not logged in, or not any more.
    #[error("the tablet is not logged in")]
    NotLoggedIn,
    /// There is no such user.
    #[error("there is no such user")]
    NoSuchUser,
    /// The user is not active.
    #[error("the user is not active")]
    UserNotActive,
    /// The security code was changed: the tablet must log in again before it can ask for a ticket (CODE-6).
    #[error("the security code was changed: log in again first")]
    LogInAgain,
    /// No security code is set; a dealer admin can set one.
    #[error("no security code is set: ask a dealer admin")]
    NoSecurityCode,
    /// The text is no security code: 1000 to 9999.
    #[error("a security code is a number from 1000 to 9999")]
    NotASecurityCode,
    /// Too many wrong security codes: user and tablet wait (CODE-6).
    #[error("too many wrong codes: wait {for_ms} ms")]
    CodeWaits {
        /// How much longer, in milliseconds.
        for_ms: u64,
    },
    /// Too many wrong security codes: locked until a dealer admin lifts it (CODE-6).
    #[error("too many wrong codes: ask a dealer admin")]
    CodeLocked,
    /// There is no such visit.
    #[error("there is no such visit")]
    NoSuchVisit,
    /// The key is not in a box, or not in the named locker.
    #[error("the key is not in a box there")]
    KeyNotInBox,
    /// The key is in a box already, or may be.
    #[error("the key is in a box already, or may be")]
    KeyInBox,
    /// Nobody was chosen to get the code, or who was cannot be reached.
    #[error("choose a contact that can be reached")]
    NotReachable,
    /// There is no such locker.
    #[error("there is no such locker")]
    NoSuchLocker,
    /// The act needs a locker and none was named.
    #[error("name the locker")]
    WhichLocker,
    /// The locker has no such box.
    #[error("the locker has no such box")]
    NoSuchBox,
    /// The tablet holds no ticket that it could give back.
    #[error("the tablet holds no ticket")]
    NoTicket,
    /// The locker takes no typed digits (STAFF-PICK-7).
    #[error("the locker takes no typed digits")]
    TypedOff,
    /// There is no such open call for help for this user: handled by somebody, or disregarded before.
    #[error("the call for help is closed")]
    HelpClosed,
    /// The locker still holds keys, or has boxes to be checked or a key missing (OFFICE-5).
    #[error("keys are still in it, to be checked or missing there")]
    KeysInside,
    /// A right was to be given that the role cannot have.
    #[error("the role cannot have the right {right}")]
    RightNotForRole {
        /// The right.
        right: Right,
    },
    /// The login name is taken by another user.
    #[error("the login name is taken")]
    LoginTaken,
    /// The last active dealer admin cannot be changed into something else.
    #[error("the last dealer admin must stay")]
    LastDealerAdmin,
    /// A text is empty, too long, or holds control characters; or a number is out of its range.
    #[error("a value is out of its range")]
    OutOfRange,
    /// A limit is reached.
    #[error("a limit is reached")]
    Full,
    /// There is no remark to be shown.
    #[error("there is no remark")]
    NoRemark,
    /// It is so already.
    #[error("it is so already")]
    AlreadySo,
    /// A key still hangs on whom is to be erased: it is not back with the customer, or the user answers for it (SAFE-5).
    #[error("the key is not back yet")]
    KeyNotBack,
    /// A user who can log in is not erased: make the user inactive first.
    #[error("the user is still active")]
    UserActive,
    /// The location keeps the older edition of the rules: keys go from customers to staff only.
    #[error("keys go from customers to staff only here")]
    InboundOnly,
    /// The name or the password does not match: said by the host, which checks passwords.
    #[error("the name or the password does not match")]
    WrongLogIn,
    /// Too many wrong passwords of this user, or from this address: said by the host, which counts them.
    #[error("too many wrong passwords: wait {for_ms} ms")]
    LogInWaits {
        /// How much longer, in milliseconds.
        for_ms: u64,
    },
}

impl Refusal {
    /// One of each, for tables and tests.
    pub const ALL: [Self; 32] = [
        Self::NotStarted,
        Self::NotLoggedIn,
        Self::NoSuchUser,
        Self::UserNotActive,
        Self::LogInAgain,
        Self::NoSecurityCode,
        Self::NotASecurityCode,
        Self::CodeWaits { for_ms: 0 },
        Self::CodeLocked,
        Self::NoSuchVisit,
        Self::KeyNotInBox,
        Self::KeyInBox,
        Self::NotReachable,
        Self::NoSuchLocker,
        Self::WhichLocker,
        Self::NoSuchBox,
        Self::NoTicket,
        Self::TypedOff,
        Self::HelpClosed,
        Self::KeysInside,
        Self::RightNotForRole { right: Right::PickUp },
        Self::LoginTaken,
        Self::LastDealerAdmin,
        Self::OutOfRange,
        Self::Full,
        Self::NoRemark,
        Self::AlreadySo,
        Self::InboundOnly,
        Self::KeyNotBack,
        Self::UserActive,
        Self::WrongLogIn,
        Self::LogInWaits { for_ms: 0 },
    ];
}

impl Coded for Refusal {
    fn code(&self) -> u16 {
        match self {
            Self::NotStarted => 150,
            Self::NotLoggedIn => 151,
            Self::NoSuchUser => 152,
            Self::UserNotActive => 153,
            Self::LogInAgain => 154,
            Self::NoSecurityCode => 155,
            Self::NotASecurityCode => 156,
            Self::CodeWaits { .. } => 157,
            Self::CodeLocked => 158,
            Self::NoSuchVisit => 159,
            Self::KeyNotInBox => 160,
            Self::NoSuchLocker => 161,
            Self::WhichLocker => 162,
            Self::NoSuchBox => 163,
            Self::NoTicket => 164,
            Self::TypedOff => 165,
            Self::HelpClosed => 166,
            Self::KeysInside => 167,
            Self::RightNotForRole { .. } => 168,
            Self::LoginTaken => 169,
            Self::LastDealerAdmin => 170,
            Self::OutOfRange => 171,
            Self::Full => 172,
            Self::NoRemark => 173,
            Self::AlreadySo => 174,
            Self::WrongLogIn => 175,
            Self::InboundOnly => 192,
            Self::LogInWaits { .. } => 193,
            Self::KeyNotBack => 190,
            Self::UserActive => 191,
            Self::KeyInBox => 180,
            Self::NotReachable => 181,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::NotStarted => "office.not_started",
            Self::NotLoggedIn => "office.not_logged_in",
            Self::NoSuchUser => "office.no_such_user",
            Self::UserNotActive => "office.user_not_active",
            Self::LogInAgain => "office.log_in_again",
            Self::NoSecurityCode => "office.no_security_code",
            Self::NotASecurityCode => "office.not_a_security_code",
            Self::CodeWaits { .. } => "office.code_waits",
            Self::CodeLocked => "office.code_locked",
            Self::NoSuchVisit => "office.no_such_visit",
            Self::KeyNotInBox => "office.key_not_in_box",
            Self::NoSuchLocker => "office.no_such_locker",
            Self::WhichLocker => "office.which_locker",
            Self::NoSuchBox => "office.no_such_box",
            Self::NoTicket => "office.no_ticket_to_drop",
            Self::TypedOff => "office.typed_off",
            Self::HelpClosed => "office.help_closed",
            Self::KeysInside => "office.keys_inside",
            Self::RightNotForRole { .. } => "office.right_not_for_role",
            Self::LoginTaken => "office.login_taken",
            Self::LastDealerAdmin => "office.last_dealer_admin",
            Self::OutOfRange => "office.out_of_range",
            Self::Full => "office.full",
            Self::NoRemark => "office.no_remark",
            Self::AlreadySo => "office.already_so",
            Self::WrongLogIn => "office.wrong_log_in",
            Self::LogInWaits { .. } => "office.log_in_waits",
            Self::InboundOnly => "office.inbound_only",
            Self::KeyNotBack => "office.key_not_back",
            Self::UserActive => "office.user_active",
            Self::KeyInBox => "office.key_in_box",
            Self::NotReachable => "office.not_reachable",
        }
    }
}

/// Why the office denied something. It is recorded and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// The user has not this right; a dealer admin can give it (STAFF-PICK-1).
    #[error("the right {right} is missing: ask a dealer admin")]
    NoRight {
        /// The missing right.
        right: Right,
    },
    /// The security code is wrong.
    #[error("the security code is wrong")]
    WrongSecurityCode,
    /// The tablet holds no ticket.
    #[error("the tablet holds no ticket")]
    NoTicket,
    /// The tablet's last ticket has expired.
    #[error("the ticket has expired")]
    TicketExpired,
    /// The tablet's last ticket was used.
    #[error("the ticket was used")]
    TicketUsed,
    /// The tablet's ticket is for another act.
    #[error("the ticket is for another act")]
    OtherAct,
    /// The QR code is that of another locker than the ticket's.
    #[error("the QR code is that of another locker")]
    OtherLocker,
    /// What was scanned or typed is no QR code of a locker and no eight digits.
    #[error("this is not the QR code of a locker")]
    NotOurQr,
    /// The key is no longer in a box of the ticket's locker.
    #[error("the key is no longer there")]
    KeyGone,
    /// The ticket was tried too often; a new one can be asked for.
    #[error("the ticket was tried too often")]
    TooManyScans,
    /// Only a dealer admin may.
    #[error("only a dealer admin may")]
    NotDealerAdmin,
}

impl Denial {
    /// One of each, for tables and tests.
    pub const ALL: [Self; 11] = [
        Self::NoRight { right: Right::PickUp },
        Self::WrongSecurityCode,
        Self::NoTicket,
        Self::TicketExpired,
        Self::TicketUsed,
        Self::OtherAct,
        Self::OtherLocker,
        Self::NotOurQr,
        Self::KeyGone,
        Self::TooManyScans,
        Self::NotDealerAdmin,
    ];
}

impl Coded for Denial {
    fn code(&self) -> u16 {
        match self {
            Self::NoRight { .. } => 250,
            Self::WrongSecurityCode => 251,
            Self::NoTicket => 252,
            Self::TicketExpired => 253,
            Self::TicketUsed => 254,
            Self::OtherAct => 255,
            Self::OtherLocker => 256,
            Self::NotOurQr => 257,
            Self::KeyGone => 258,
            Self::TooManyScans => 259,
            Self::NotDealerAdmin => 260,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::NoRight { .. } => "office.no_right",
            Self::WrongSecurityCode => "office.wrong_security_code",
            Self::NoTicket => "office.no_ticket",
            Self::TicketExpired => "office.ticket_expired",
            Self::TicketUsed => "office.ticket_used",
            Self::OtherAct => "office.other_act",
            Self::OtherLocker => "office.other_locker",
            Self::NotOurQr => "office.not_our_qr",
            Self::KeyGone => "office.key_gone",
            Self::TooManyScans => "office.too_many_scans",
            Self::NotDealerAdmin => "office.not_dealer_admin",
        }
    }
}
