//! The office: who may do what, who holds which key, who is called for help.
//!
//! [`Office`] is a [`Machine`] like the locker's. It opens no box: a [ticket](Ask::RequestTicket) lets a user scan what
//! a locker shows, and the locker decides. What is physical it learns from the lockers' facts, and believes them; what
//! is permitted it decides, and the lockers believe it.
//!
//! ```text
//!  browser ── Ask ──▶ ┌────────┐ ── Answer::Forward, Answer::Help, desired() ──▶ locker
//!          ◀─ views ─ │ Office │ ◀─ Told::Fact (by cursor), Told::ScanAnswered ─
//!                     └────────┘ ── wishes() ──▶ mail
//! ```
//!
//! A first day, with everything in memory:
//!
//! ```
//! # #[cfg(feature = "mocks")] {
//! use locker_core::mocks::MemoryVault;
//! use locker_core::office::{Answer, Ask, By, Role, UserInput};
//! use locker_core::{Date, Fresh, Machine, Mono, Now, Office, Wall};
//!
//! let mut vault = MemoryVault::new();
//! let today = Date::from_ymd(2026, 3, 2).unwrap();
//! let now = Now::new(Mono(0), Wall(1_772_438_400_000), today, Wall(1_772_492_400_000));
//! let mut office = Office::restore(&mut vault, None, []).unwrap();
//! let mut step = office.start(&now);
//! step.encode(&mut vault).unwrap(); // and append it to the journal
//! office.commit(step).unwrap();
//!
//! let input = UserInput {
//!     login: "ada".into(),
//!     name: "Ada Admin".into(),
//!     role: Role::DealerAdmin,
//!     rights: Role::DealerAdmin.all_rights(),
//!     active: true,
//! };
//! let mut step = office.ask(Ask::SetUser { by: By::Host, user: None, input }, &now).unwrap();
//! step.encode(&mut vault).unwrap();
//! let Answer::User(ada) = office.commit(step).unwrap() else { unreachable!() };
//!
//! // The host has verified her password.
//! let mut step = office.ask(Ask::LogIn { user: ada, earlier: None, fresh: Fresh::new([1; 32]) }, &now).unwrap();
//! step.encode(&mut vault).unwrap();
//! let Answer::LoggedIn { token } = office.commit(step).unwrap() else { unreachable!() };
//! let caller = office.authorize(&token).unwrap();
//! assert_eq!(office.me(&caller, &now).unwrap().name, "Ada Admin");
//! # }
//! ```

mod admin;
mod apply;
mod ask;
mod code;
mod custody;
mod erase;
mod facts;
mod help;
mod import;
mod keyless;
mod log;
mod pages;
mod record;
mod refuse;
mod state;
mod tickets;
mod uncollected;
mod user;
mod view;

use alloc::vec::Vec;

pub use ask::{Answer, Ask, By, Caller, ContactChoice, NotAToken, ScanOutcome, TabletToken, Told, UserInput};
pub use code::{CODE_WAIT_MS, CodeHolder, Hashed, WRONG_CODES_BEFORE_LOCK, WRONG_CODES_BEFORE_WAIT};
pub use custody::{Custody, EventKind, MESSAGES_PER_VISIT_MAX, TIMELINE_MAX};
pub use erase::{ERASE_AFTER_DAYS, Erasure};
pub use import::{
    Absent, BadRow, CONTACTS_MAX, FORGOTTEN_AFTER_DAYS, IMPORT_ROWS_MAX, Import, ImportReport, LockerInput,
    ORDERS_MAX, Part, RowFault, VisitInput,
};
pub use keyless::AuthenticatorView;
pub use record::Record;
pub use refuse::{Denial, Refusal};
pub use state::{
    Durable, HELP_TOLD_AGAIN_MS, LOCKERS_MAX, LOG_ROWS_MAX, Location, NOTICES_MAX, NoticeKind,
    SCANS_PER_TICKET_MAX, Session, TABLETS_MAX, TICKET_MINUTES, TicketEnd, USERS_MAX, VISITS_MAX, WISHES_MAX,
    Wish, WishKind,
};
pub use user::{Right, Rights, Role};
pub use view::{
    CodeState, ContactView, CustodyKind, CustodyView, DASH, DriverView, EventView, HelpStateView, HelpView,
    LockerView, LogView, Me, MessageView, NoticeView, OrderView, TabletView, TicketView, UserView, VisitPage,
    VisitView,
};

use crate::chain;
use crate::exchange::{Desired, Fact, FactKind, HelpAnswer, UnrecordedCall};
use crate::ids::{LockerId, UserId};
use crate::locker::CHECK_IN_DAYS;
use crate::machine::{Draft, Frame, Machine, Stamped};
use crate::time::{Date, Mono};
use crate::vault::Subject;
use code::CodeHolder as Holder;
use state::{TabletRow, TicketEnd as End};
use user::UserRow;

/// The office of one location.
#[derive(Clone)]
pub struct Office {
    frame: Frame<Self>,
}

impl Machine for Office {
    const STREAM: &'static str = "office";
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

    fn apply(durable: &mut Durable, stamped: &Stamped<Record>) {
        apply::apply(durable, stamped);
    }

    fn decide(draft: &mut Draft<'_, Self>, ask: Ask) -> Result<Answer, Refusal> {
        erase::by_age(draft);
        uncollected::tell(draft);
        match ask {
            Ask::LogIn { user, earlier, fresh } => tickets::log_in(draft, user, earlier.as_ref(), &fresh),
            Ask::LogOut { caller } => tickets::log_out(draft, &caller),
            Ask::RequestTicket { caller, act, locker, contact, security_code } => {
                tickets::request(draft, &caller, act, locker, contact, &security_code)
            }
            Ask::SendAgain { caller, visit, contact } => tickets::send_again(draft, &caller, visit, contact),
            Ask::DropTicket { caller } => tickets::give_back(draft, &caller),
            Ask::Scan { caller, act, text, locker } => tickets::scan(draft, &caller, act, &text, locker),
            Ask::HandleHelp { caller, locker, help } => help::handle(draft, &caller, locker, help),
            Ask::DisregardHelp { caller, locker, help } => help::disregard(draft, &caller, locker, help),
            Ask::SetSecurityCode { by, code } => admin::set_security_code(draft, by, &code),
            Ask::LiftCodeLock { by, holder } => admin::lift_code_lock(draft, by, holder),
            Ask::SetUser { by, user, input } => admin::set_user(draft, by, user, input),
            Ask::SetLocation { by, location } => admin::set_location(draft, by, location),
            Ask::SetLocker { by, locker, settings, boxes } => {
                admin::set_locker(draft, by, locker, settings, boxes)
            }
            Ask::CarInShop { caller, visit } => admin::car_in_shop(draft, &caller, visit),
            Ask::ShareRemark { caller, visit, visible } => {
                admin::share_remark(draft, &caller, visit, visible)
            }
            Ask::TemporaryPin { caller, locker, box_no, reason } => {
                keyless::temporary_pin(draft, &caller, locker, box_no, reason)
            }
            Ask::Enrol { caller, locker } => keyless::enrol(draft, &caller, locker),
            Ask::RevokeAuthenticator { caller, locker, user } => {
                keyless::revoke(draft, &caller, locker, user)
            }
            Ask::Import { by, import } => import::import(draft, by, import),
            Ask::Erase { by, subject } => erase::request(draft, by, subject),
        }
    }

    fn take_in(draft: &mut Draft<'_, Self>, told: Told) {
        if Self::settles_before(&told) {
            erase::by_age(draft);
            uncollected::tell(draft);
        }
        match told {
            Told::Tick => {}
            Told::Fact(fact) => take_fact(draft, fact),
            Told::Unrecorded(call) => help::take_unrecorded(draft, call),
            Told::Store(store) => help::store_changed(draft, store),
            Told::ScanAnswered { scan, outcome } => {
                if draft.durable().scans.contains_key(&scan) {
                    let denied = match outcome {
                        ScanOutcome::Granted => None,
                        ScanOutcome::Denied { code } => Some(code),
                    };
                    draft.record(Record::ScanAnswered { scan, denied });
                }
            }
            Told::LockerSeen { locker } => {
                if draft.durable().lockers.contains_key(&locker) {
                    let wall = draft.now().wall;
                    draft.session.seen.insert(locker, wall);
                }
            }
            Told::WishDone { wish } => {
                if draft.durable().wishes.contains_key(&wish) {
                    draft.record(Record::WishDone { wish });
                }
            }
            Told::Erased { subject } => erase::done(draft, subject),
        }
    }

    fn settles_before(told: &Told) -> bool {
        !matches!(told, Told::Store(_))
    }

    fn settle_start(draft: &mut Draft<'_, Self>) {
        let wall_trusted = draft.now().wall_trusted;
        draft.record(Record::Started { wall_trusted });
    }

    fn next_deadline(durable: &Durable, session: &Session) -> Option<Mono> {
        let tablets = durable.tablets.values().flat_map(tablet_deadlines);
        let users = durable.users.values().filter_map(|row| row.tries.bar.over_at());
        let help = durable.help.values().filter_map(state::HelpRow::told_again_at);
        tablets.chain(users).chain(help).chain(help::next_deadline(session)).min()
    }

    fn settle(draft: &mut Draft<'_, Self>) {
        help::settle(draft);
        let due = due_at(draft.durable(), draft.at().mono);
        for record in due {
            draft.record(record);
        }
    }

    fn not_started() -> Refusal {
        Refusal::NotStarted
    }
}

fn tablet_deadlines(row: &TabletRow) -> impl Iterator<Item = Mono> {
    let ticket = row.ticket().map(state::Ticket::dies_at);
    [ticket, row.tries.bar.over_at()].into_iter().flatten()
}

/// Everything that is due: tickets first, then waits, then calls for help.
fn due_at(durable: &Durable, mono: Mono) -> Vec<Record> {
    let is_due = |due: Option<Mono>| due.is_some_and(|due| due <= mono);
    let tickets = durable.tablets.iter().filter_map(|(tablet, row)| {
        let ticket = row.ticket().filter(|ticket| ticket.dies_at() <= mono)?;
        Some(Record::TicketEnded { ticket: ticket.id, tablet: *tablet, end: End::Expired })
    });
    let users = durable
        .users
        .iter()
        .filter(|(_, row)| is_due(row.tries.bar.over_at()))
        .map(|(id, _)| Holder::User(*id));
    let tablets = durable
        .tablets
        .iter()
        .filter(|(_, row)| is_due(row.tries.bar.over_at()))
        .map(|(id, _)| Holder::Tablet(*id));
    let waits = users.chain(tablets).map(|holder| Record::CodeWaitOver { holder });
    let help = durable
        .help
        .iter()
        .filter(|(_, row)| is_due(row.told_again_at()))
        .map(|(locker, row)| Record::HelpToldAgain { locker: *locker, help: row.id });
    tickets.chain(waits).chain(help).collect()
}

/// Takes a fact in if it is the next of its locker: doubled, late and early ones are ignored, so each counts once.
fn take_fact(draft: &mut Draft<'_, Office>, fact: Fact) {
    let is_next = draft
        .durable()
        .lockers
        .get(&fact.locker)
        .is_some_and(|row| row.cursor == fact.prev && fact.seq > fact.prev);
    if !is_next {
        return;
    }
    let (wall, locker, fact_at) = (draft.now().wall, fact.locker, fact.at);
    draft.session.seen.insert(locker, wall);
    if fact.kind == FactKind::ClockConfirmed {
        draft.session.is_clock_doubted = false;
    }
    let called = if let FactKind::HelpCalled { help, .. } = &fact.kind { Some(*help) } else { None };
    draft.record(Record::FactTaken { locker, fact_seq: fact.seq, fact_at, head: fact.head, fact: fact.kind });
    if let Some(help) = called {
        help::recorded(draft, locker, help, fact_at);
    }
}

impl Office {
    fn durable(&self) -> &Durable {
        self.frame.durable()
    }

    /// Who holds this token: `None` when it was never given, was replaced, or the tablet is logged out.
    #[must_use]
    pub fn authorize(&self, token: &TabletToken) -> Option<Caller> {
        let row = self.durable().tablets.get(&token.tablet)?;
        let is_same = Hashed::token(self.frame.key(), &token.secret).agrees(&row.token);
        let caller = Caller { tablet: token.tablet, user: row.user, session: row.session? };
        (is_same && check(self.durable(), &caller).is_ok()).then_some(caller)
    }

    /// The active user with this login name, in whatever letter case; the host then verifies the password.
    #[must_use]
    pub fn user_by_login(&self, login: &str) -> Option<UserId> {
        let wanted = login.trim().to_lowercase();
        let is_it =
            |row: &UserRow| row.active && row.login.get().is_some_and(|login| login.to_lowercase() == wanted);
        let mut users = self.durable().users.iter();
        users.find(|(_, row)| is_it(row)).map(|(id, _)| *id)
    }

    /// The sequence number of the newest fact of `locker` that was taken in; 0 before the first. Facts are asked for
    /// from here. `None` for an unknown locker.
    #[must_use]
    pub fn cursor(&self, locker: LockerId) -> Option<u64> {
        self.durable().lockers.get(&locker).map(|row| row.cursor)
    }

    /// The number of boxes of `locker`, as the office knows it.
    #[must_use]
    pub fn boxes(&self, locker: LockerId) -> Option<u8> {
        self.durable().lockers.get(&locker).map(|row| row.boxes)
    }

    /// All lockers, by id.
    #[must_use]
    pub fn lockers(&self) -> Vec<LockerId> {
        self.durable().lockers.keys().copied().collect()
    }

    /// The number of what the office wants now of its lockers: that of every [`Office::desired`].
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.durable().revision
    }

    /// What the office wants of `locker`; `None` for an unknown one.
    ///
    /// The visits are those of eight days before `today` and later, and those whose key is not with the customer. As days
    /// pass visits fall out without a new revision: the locker does no harm with an old one.
    #[must_use]
    pub fn desired(&self, locker: LockerId, today: Date) -> Option<Desired> {
        let durable = self.durable();
        let row = durable.lockers.get(&locker)?;
        let location = &durable.location;
        let mut settings = row.settings.clone();
        settings.telephone.clone_from(&location.telephone);
        settings.hours.clone_from(&location.hours);
        settings.calling_code.clone_from(&location.calling_code);
        settings.trunk_prefix.clone_from(&location.trunk_prefix);
        settings.sms = location.sms;
        settings.locale = location.locale;
        settings.profile = location.profile;
        if location.profile.is_classic() {
            settings.two_factor = true;
            settings.sms = false;
        }
        // A check-in PIN works for a week after its day, and a little past the last midnight (DROP-15, DROP-16).
        let first = today.plus_days(-CHECK_IN_DAYS - 1);
        let visits = durable
            .visits
            .values()
            .filter_map(|row| Some((row, row.visit.as_ref()?)))
            .filter(|(row, visit)| {
                let is_planned = !row.is_withdrawn && !row.is_erased && visit.date >= first;
                let is_erasing = || durable.erasing.contains_key(&Subject::Visit(visit.id));
                (is_planned && !is_erasing()) || !row.is_with_customer()
            })
            .map(|(_, visit)| visit.clone())
            .collect();
        let (temporary, authenticators) = (keyless::holders(durable), keyless::enrolled(durable, locker));
        Some(Desired { revision: durable.revision, settings, visits, temporary, authenticators })
    }

    /// Whether a call for help without a record is to be told (SAFE-8): not one that the office has, nor one of a locker
    /// that it does not know.
    #[must_use]
    pub fn is_news(&self, call: &UnrecordedCall) -> bool {
        help::is_news(self.durable(), self.frame.session(), call)
    }

    /// What a locker may say to somebody who calls for help: whether anybody is there to be notified (HELP-1).
    #[must_use]
    pub fn help_reach(&self) -> HelpAnswer {
        let durable = self.durable();
        let is_there = |row: &TabletRow| {
            let user = durable.users.get(&row.user);
            row.session.is_some() && user.is_some_and(|user| user.may(Right::AnswerHelp))
        };
        if durable.tablets.values().any(is_there) { HelpAnswer::Notified } else { HelpAnswer::Nobody }
    }

    /// What the location is to be told by mail, oldest first; say [`Told::WishDone`] when it is.
    #[must_use]
    pub fn wishes(&self) -> Vec<Wish> {
        let wishes = self.durable().wishes.iter();
        wishes.map(|(id, kind)| Wish { id: *id, kind: *kind }).collect()
    }

    /// The idempotency key under which a wish goes out: the same for every try, and of no other office.
    #[must_use]
    pub fn wish_key(&self, wish: u64) -> [u8; 16] {
        chain::short_hmac(self.frame.key().reveal(), &[b"wishes", &wish.to_be_bytes()])
    }

    /// The location.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.durable().location
    }

    /// Whether a security code is set.
    #[must_use]
    pub fn has_security_code(&self) -> bool {
        self.durable().code.is_some()
    }
}

/// The user and the tablet of a caller, if the caller is still worth something.
fn check<'a>(durable: &'a Durable, caller: &Caller) -> Result<(&'a UserRow, &'a TabletRow), Refusal> {
    let tablet = durable
        .tablets
        .get(&caller.tablet)
        .filter(|row| row.session == Some(caller.session) && row.user == caller.user)
        .ok_or(Refusal::NotLoggedIn)?;
    let user = durable.users.get(&caller.user).ok_or(Refusal::NoSuchUser)?;
    if user.active { Ok((user, tablet)) } else { Err(Refusal::UserNotActive) }
}
