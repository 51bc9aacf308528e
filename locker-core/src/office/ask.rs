//! What is wanted of the office, what it is told, what it answers.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::code::CodeHolder;
use super::import::{Import, ImportReport};
use super::refuse::Denial;
use super::state::Location;
use super::user::{Rights, Role};
use crate::exchange::{Act, Fact, HelpAnswer, Scan, Settings, UnrecordedCall};
use crate::fresh::Fresh;
use crate::ids::{BoxNo, HelpId, LockerId, ScanId, TabletId, TicketId, UserId, VisitId};
use crate::locker::Store;
use crate::secret::Secret;
use crate::vault::Subject;
use crate::visit::Contact;

/// What a browser keeps to show who it is: the tablet and a secret. Given once, at log-in.
///
/// ```
/// # use locker_core::{TabletId, Secret, office::TabletToken};
/// let token = TabletToken { tablet: TabletId(7), secret: Secret::new([1; 32]) };
/// let again: TabletToken = token.text().reveal().parse().unwrap();
/// assert_eq!(again, token);
/// assert_eq!(format!("{token:?}"), "TabletToken { tablet: TabletId(7), secret: Secret(..) }");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabletToken {
    /// Which tablet.
    pub tablet: TabletId,
    /// What only this tablet knows. The office keeps an HMAC of it.
    pub secret: Secret<[u8; 32]>,
}

impl TabletToken {
    /// The token as a cookie or header carries it: the tablet, a dash, 64 hexadecimal digits.
    #[must_use]
    pub fn text(&self) -> Secret<String> {
        Secret::new(alloc::format!("{}-{}", self.tablet, hex::encode(self.secret.reveal())))
    }
}

impl core::str::FromStr for TabletToken {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let (tablet, secret) = text.split_once('-').ok_or(NotAToken)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(secret, &mut bytes).map_err(|_| NotAToken)?;
        let tablet = TabletId(tablet.parse().map_err(|_| NotAToken)?);
        Ok(Self { tablet, secret: Secret::new(bytes) })
    }
}

/// The text is no tablet's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the token of a tablet")]
pub struct NotAToken;

/// A user on a tablet, proved by the tablet's token. Only [`Office::authorize`](super::Office::authorize) makes one; it
/// is checked again whenever it is used, so that one from before a log-out is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    pub(super) tablet: TabletId,
    pub(super) user: UserId,
    pub(super) session: u64,
}

impl Caller {
    /// The tablet.
    #[must_use]
    pub const fn tablet(&self) -> TabletId {
        self.tablet
    }

    /// The user.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }
}

/// On whose word something is administered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The host's: the first set-up, an import with an API key, the command line.
    Host,
    /// A user's, who must be allowed to.
    User(Caller),
}

/// A user as an administrator or an import enters it. Has no `Debug`: it holds names.
#[derive(Clone, PartialEq, Eq)]
pub struct UserInput {
    /// The name to log in with: 1 to 80 characters, unique regardless of letter case.
    pub login: String,
    /// The name as it is shown: 1 to 80 characters.
    pub name: String,
    /// What the user is.
    pub role: Role,
    /// What the user may do; within what the role can be given.
    pub rights: Rights,
    /// Whether the user can log in.
    pub active: bool,
}

/// What is wanted of the office. Has no `Debug`: it holds codes and names.
#[derive(Clone)]
pub enum Ask {
    /// A user whose password the host has verified logs in. Answered with [`Answer::LoggedIn`].
    LogIn {
        /// Who.
        user: UserId,
        /// The token that this browser has from an earlier log-in, if it has one: it then stays the same tablet.
        earlier: Option<TabletToken>,
        /// For the token.
        fresh: Fresh,
    },
    /// The tablet logs out and drops its ticket.
    LogOut {
        /// Who.
        caller: Caller,
    },
    /// A ticket for an act (STAFF-PICK-3). Answered with [`Answer::Ticket`]; replaces the one that the tablet holds.
    RequestTicket {
        /// Who.
        caller: Caller,
        /// What for.
        act: Act,
        /// At which locker; a pick-up knows it by itself.
        locker: Option<LockerId>,
        /// For a drop: who gets the PIN.
        contact: Option<ContactChoice>,
        /// The location's security code, as it was typed.
        security_code: Secret<String>,
    },
    /// The tablet gives its ticket back.
    DropTicket {
        /// Who.
        caller: Caller,
    },
    /// The tablet scanned what a locker shows, or the user typed the digits. Answered with [`Answer::Forward`].
    Scan {
        /// Who.
        caller: Caller,
        /// What the tablet's page is for; must be the ticket's act.
        act: Act,
        /// The QR code's text, or the eight digits under it; spaces between digits do not matter.
        text: Secret<String>,
        /// At which locker the digits were read; the ticket's if not given.
        locker: Option<LockerId>,
    },
    /// Sends the PIN of a key that waits for its customer again (STAFF-DROP-6). Answered with [`Answer::SendAgain`].
    SendAgain {
        /// Who: a user with `key.drop`.
        caller: Caller,
        /// Whose key.
        visit: VisitId,
        /// To whom.
        contact: ContactChoice,
    },
    /// A user handles a call for help. Answered with [`Answer::Help`], to be handed to the locker.
    HandleHelp {
        /// Who.
        caller: Caller,
        /// At which locker.
        locker: LockerId,
        /// Which call.
        help: HelpId,
    },
    /// A user disregards a call for help: it closes for that user alone.
    DisregardHelp {
        /// Who.
        caller: Caller,
        /// At which locker.
        locker: LockerId,
        /// Which call.
        help: HelpId,
    },
    /// Sets the security code: 1000 to 9999. Every tablet must then log in again before it can ask for a ticket.
    SetSecurityCode {
        /// On whose word: a dealer admin's.
        by: By,
        /// The code.
        code: Secret<String>,
    },
    /// Lifts a wait or a lock after wrong security codes.
    LiftCodeLock {
        /// On whose word: a dealer admin's.
        by: By,
        /// Whose.
        holder: CodeHolder,
    },
    /// Enters a user or changes one. Answered with [`Answer::User`].
    SetUser {
        /// On whose word: a dealer admin's.
        by: By,
        /// Whom to change; `None` for a new user.
        user: Option<UserId>,
        /// As it shall be.
        input: UserInput,
    },
    /// Changes the location.
    SetLocation {
        /// On whose word: a dealer admin's.
        by: By,
        /// As it shall be.
        location: Location,
    },
    /// Enters a locker or changes its settings. Answered with [`Answer::Locker`].
    SetLocker {
        /// On whose word: that of a user with `locker.admin`.
        by: By,
        /// Which to change; `None` for a new locker.
        locker: Option<LockerId>,
        /// As they shall be. What the location decides (telephone, hours, text messages, calling code, language) is
        /// taken from the location.
        settings: Settings,
        /// The number of its boxes: 1 to 255.
        boxes: u8,
    },
    /// The car of a visit is in the shop (OFFICE-2).
    CarInShop {
        /// Who says so.
        caller: Caller,
        /// Whose car.
        visit: VisitId,
    },
    /// Shows the customer's remark to mechanics, or hides it again (OFFICE-3).
    ShareRemark {
        /// Who: a user with `remark.share`.
        caller: Caller,
        /// Of which visit.
        visit: VisitId,
        /// Whether mechanics shall see it.
        visible: bool,
    },
    /// A temporary PIN for a box of a locker (CODE-8). Answered with [`Answer::TemporaryPin`].
    TemporaryPin {
        /// Who: a user with `code.temporary`, who answers for it.
        caller: Caller,
        /// At which locker.
        locker: LockerId,
        /// The box; `None` for any one, chosen at the kiosk.
        box_no: Option<BoxNo>,
        /// Why: 1 to 200 characters, for the activity log.
        reason: String,
    },
    /// A user enrols an authenticator of their own for a locker (CODE-9). Answered with [`Answer::Enrol`]; an earlier
    /// one of that user for that locker is worth nothing any more.
    Enrol {
        /// Who: a user with `code.temporary`.
        caller: Caller,
        /// For which locker.
        locker: LockerId,
    },
    /// Revokes an authenticator, which the locker forgets as soon as it hears of it.
    RevokeAuthenticator {
        /// Who: its owner, or a dealer admin.
        caller: Caller,
        /// For which locker.
        locker: LockerId,
        /// Whose.
        user: UserId,
    },
    /// Takes over location, lockers, users and visits (OFFICE-9). Answered with [`Answer::Imported`].
    Import {
        /// On whose word: the host's or a dealer admin's.
        by: By,
        /// All of it.
        import: Import,
    },
    /// Erases what is personal of a visit or of a user who is no longer active (SAFE-5). Refused while a key hangs on the
    /// subject.
    Erase {
        /// On whose word: a dealer admin's.
        by: By,
        /// Whom.
        subject: Subject,
    },
}

/// Which contact of a visit's driver gets the PIN of a key that staff drop (STAFF-DROP-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "contact", rename_all = "snake_case")]
pub enum ContactChoice {
    /// One of the driver's.
    Driver {
        /// Counted from 0 in the order of the work order.
        index: u8,
    },
    /// The number that the customer added at the locker.
    Added,
}

/// What the office is told; never refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Time passes.
    Tick,
    /// A public fact of a locker. Taken in if it follows the cursor of that locker, else ignored: ask the locker
    /// again from [`Office::cursor`](super::Office::cursor).
    Fact(Fact),
    /// Somebody calls for help at a locker that can record nothing (SAFE-8). Never stored; told again it changes
    /// nothing, and a record of the same call that comes later takes its place.
    Unrecorded(UnrecordedCall),
    /// The office's own journal does not take records, or does again. Changes the session only; once it does again,
    /// who handled a recorded call in the meantime is recorded.
    Store(Store),
    /// A locker answered a forwarded scan.
    ScanAnswered {
        /// Which.
        scan: ScanId,
        /// What it said.
        outcome: ScanOutcome,
    },
    /// A locker was heard of.
    LockerSeen {
        /// Which.
        locker: LockerId,
    },
    /// What a wish asked for is done, or was taken over by something that will do it.
    WishDone {
        /// The wish's number.
        wish: u64,
    },
    /// The vault destroyed the key of somebody whom the office wants [erased](super::Office::to_erase).
    Erased {
        /// Whose key.
        subject: Subject,
    },
}

/// What a locker says to a forwarded scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ScanOutcome {
    /// The locker serves it. The ticket is spent when the locker's facts say that a box opened.
    Granted,
    /// The locker denied it; the ticket stays.
    Denied {
        /// The number of the locker's denial or refusal.
        code: u16,
    },
}

/// What the office answers; read it after commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    #[default]
    Done,
    /// Logged in: the browser keeps the token.
    LoggedIn {
        /// The token, given this once.
        token: TabletToken,
    },
    /// A ticket.
    Ticket {
        /// Its id.
        ticket: TicketId,
        /// The locker to go to.
        locker: LockerId,
    },
    /// Hand this to the locker now; tell the office what it says. Never stored.
    Forward {
        /// Which locker.
        locker: LockerId,
        /// What to hand over.
        scan: Scan,
    },
    /// Hand this to the locker now. Never stored.
    SendAgain {
        /// Which locker.
        locker: LockerId,
        /// Whose key.
        visit: VisitId,
        /// To whom.
        to: Contact,
    },
    /// Hand this to the locker now. Never stored.
    Help {
        /// Which locker.
        locker: LockerId,
        /// Which call.
        help: HelpId,
        /// What the kiosk may say.
        answer: HelpAnswer,
    },
    /// Ask this of the locker now. Never stored.
    TemporaryPin {
        /// Which locker.
        locker: LockerId,
        /// Who answers for it.
        user: UserId,
        /// The box; `None` for any one.
        box_no: Option<BoxNo>,
    },
    /// Ask this of the locker now. Never stored.
    Enrol {
        /// Which locker.
        locker: LockerId,
        /// Who.
        user: UserId,
        /// The office's revision that names this user.
        revision: u64,
    },
    /// The user that was entered or changed.
    User(UserId),
    /// The locker that was entered or changed.
    Locker(LockerId),
    /// What the import did.
    Imported(ImportReport),
    /// Denied, and recorded.
    Denied(Denial),
}

impl fmt::Debug for UserInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserInput")
            .field("role", &self.role)
            .field("rights", &self.rights)
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}

/// Whether a shown text fits: 1 to `max` characters, no control characters.
pub(super) fn fits(text: &str, max: usize) -> bool {
    !text.trim().is_empty() && fits_or_empty(text, max)
}

/// The same, and it may be empty.
pub(super) fn fits_or_empty(text: &str, max: usize) -> bool {
    text.chars().count() <= max && !text.chars().any(char::is_control)
}

/// Only the digits and letters, in upper case: how registrations are compared (DROP-4).
pub(super) fn plate_key(plate: &str) -> Vec<char> {
    plate.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
