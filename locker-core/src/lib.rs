//! The rules of a key locker: two pure machines that decide, and a host that makes their decisions durable.
//!
//! [`Locker`] is the authority over one cabinet: its boxes, doors and codes, and the person in front of its screens.
//! [`Office`] is the authority over a dealership's staff: users, rights, tickets, calls for help, and what each locker
//! should be. Both are a [`Machine`]. Nothing here reads a clock, draws a random number, opens a file or starts a
//! thread: time and randomness are arguments, and what is decided comes back as records to be stored.
//!
//! ```text
//!             Ask, Told                 Step: records               Answer, outputs, screens,
//!  people, ─────────────▶ ┌─────────┐ ───────────────▶ journal      messages, facts
//!  doors,                 │ Machine │ ◀─────────────── durable      ────────────────────────▶
//!  services               └─────────┘     commit
//! ```
//!
//! # The contract of a host
//! 1. **One owner.** One thread or task decides and commits for a machine. Others read a copy, which is cheap.
//! 2. **Restore, then start.** [`Machine::restore`] rebuilds the machine from the newest snapshot, if there is one, and
//!    all entries behind it. Then the step of [`Machine::start`] is appended and committed; until then the machine
//!    refuses every ask, takes in nothing, and drives nothing. A [`RestoreError`] names the record that is wrong; such a
//!    locker serves no keys until staff decide.
//! 3. **Decide.** [`Machine::ask`] for what somebody wants, [`Machine::note`] for what the world, a service or the clock
//!    says. Both give a [`Step`] and change nothing. `Err` is a refusal: nothing is to be recorded. A denial (a wrong
//!    PIN, a missing right) is an answer and is recorded.
//! 4. **Append.** A step with records is [encoded](Step::encode), which seals personal data and chains the records; its
//!    entries are appended to the journal behind number [`Encoded::after`], all of them or none, and made durable. The
//!    [vault](Vault::keep_head) then keeps the head. If they were *not written*, drop the step. If *nobody knows*, drop
//!    the machine, let all outputs go, and go back to 2. A step without records needs no append.
//! 5. **Commit.** [`Machine::commit`] makes it so and gives the answer. [`Misuse::Stale`] means that something else was
//!    committed since: decide again.
//! 6. **Only then act.** Answers, outputs, screens, messages and facts are read after the commit, never before.
//! 7. **Outputs are levels.** [`Locker::outputs`] says what every lock, light and buzzer should be doing now. Read it
//!    after every commit and at least once a second; it holds for [`OUTPUTS_LEASE_MS`]. Whoever drives a lock marks
//!    the id of a [`Pulse`] before the first byte, never drives an id twice, and drives none that is
//!    [stale](Outputs::pulse_at). `locker-hal` does so.
//! 8. **Readings** go in as [`Told::Readings`]: debounced levels, edges until [`Outputs::edges_recorded`] covers them, and
//!    the last [`PulseReport`].
//! 9. **Time.** [`Now::mono`] never goes back within a boot. Say [`Told::Tick`] (or the office's own) when
//!    [`Machine::wake_at`] is reached; a late tick decides the same, since each deadline is settled at its own moment.
//!    [`Now::wall_trusted`] is true only if somebody confirmed the wall clock.
//! 10. **Randomness.** Each [`Fresh`] is 32 bytes of a cryptographic generator, used once.
//! 11. **Messages.** For each of [`Locker::open_messages`] ask [`Ask::MakeCode`], send the code, say [`Told::Delivery`]. They
//!     wait in the machine: what was not taken before a restart waits again, and gets a new code.
//! 12. **The other machine.** [`Locker::facts`] go to the office as its [`Told::Fact`](office::Told::Fact), in order;
//!     [`Office::desired`] goes to the locker as [`Told::Desired`]; scans, codes and answers to a call for help pass live
//!     and are never stored, and so does [`Locker::unrecorded_call`] as [`Unrecorded`](office::Told::Unrecorded) while
//!     it [is news](Office::is_news).
//! 13. **A journal that fails** is told as [`Told::Store`], to the office too. That it is down changes the session alone and
//!     is taken in without settling what is due, so that it never needs a record. Until it is up again nothing opens and
//!     no code is made; help is called and answered without a record. Ask a call for help that was not recorded once more
//!     after telling: whoever calls must not be the one who finds out.
//!
//! `locker-runtime` is a host that keeps this contract; `docs/guides/embedding.md` shows how to write another.
//!
//! # Example
//! A customer drops a key at a locker without two-factor, with a journal in memory, up to the pulse that opens the box:
//!
//! ```
//! use std::sync::Arc;
//!
//! use locker_core::mocks::MemoryVault;
//! use locker_core::screen::{Action, Button, Surface, Touch};
//! use locker_core::*;
//!
//! struct Host {
//!     locker: Locker,
//!     vault: MemoryVault,
//!     journal: Vec<Entry>,
//!     now: Now,
//! }
//!
//! impl Host {
//!     /// Rules 4 and 5.
//!     fn run(&mut self, mut step: Step<Locker>) -> Answer {
//!         let encoded = step.encode(&mut self.vault).unwrap();
//!         self.journal.extend(encoded.entries); // a real host waits for its disk
//!         self.vault.keep_head(Locker::STREAM, encoded.head).unwrap();
//!         self.locker.commit(step).unwrap()
//!     }
//!
//!     fn note(&mut self, told: Told) {
//!         let step = self.locker.note(told, &self.now);
//!         self.run(step);
//!     }
//!
//!     /// A touch on the screen that is shown now.
//!     fn touch(&mut self, touch_id: u64, action: Action) {
//!         let generation = self.locker.screen(Surface::Bottom, &self.now).generation;
//!         let fresh = Fresh::new([touch_id as u8; 32]); // a real host draws 32 bytes
//!         let touch = Touch { generation, touch_id, action, fresh };
//!         let step = self.locker.ask(Ask::Touch(touch), &self.now).unwrap();
//!         assert_eq!(self.run(step), Answer::Done);
//!     }
//! }
//!
//! let today = Date::from_ymd(2026, 3, 2).unwrap();
//! let mut vault = MemoryVault::new();
//! let mut host = Host {
//!     locker: Locker::restore(&mut vault, None, []).unwrap(),
//!     vault,
//!     journal: Vec::new(),
//!     now: Now::new(Mono(0), Wall(1_772_438_400_000), today, Wall(1_772_492_400_000)),
//! };
//! let start = host.locker.start(&host.now);
//! host.run(start);
//!
//! // The cabinet on the wall, and what the office wants: one visit of today.
//! host.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), 4, 2))));
//! let driver = Driver { name: "Jane Sample".into(), contacts: vec![], preferred: None, language: None };
//! let people = People { plate: "1-ABC-123".into(), vehicle: "Blue van".into(), driver };
//! let id = VisitId(1);
//! let visit =
//!     Visit { id, date: today, people: Personal::new(Subject::Visit(id), people), appointments: vec![], on_hold: false };
//! let settings = Settings { two_factor: false, ..Settings::default() };
//! let (temporary, authenticators) = (Vec::new(), Vec::new());
//! let visits = vec![Arc::new(visit)];
//! host.note(Told::Desired(Box::new(Desired { revision: 1, settings, visits, temporary, authenticators })));
//!
//! let press = |button| Action::Press { button };
//! host.touch(1, press(Button::DropKey));
//! host.touch(2, press(Button::Go));
//! host.touch(3, press(Button::ByRegistration));
//! host.touch(4, Action::Write { text: "1abc123".into() });
//! host.touch(5, press(Button::Ok));
//! host.now.mono = host.locker.wake_at().unwrap(); // a look-up takes 1.5 s, match or miss
//! host.note(Told::Tick);
//! assert_eq!(host.locker.screen(Surface::Bottom, &host.now).id, "drop.appointments");
//! assert_eq!(host.locker.outputs(&host.now).pulse, None);
//! host.touch(6, press(Button::Next));
//!
//! let pulse = host.locker.outputs(&host.now).pulse.unwrap();
//! assert_eq!(pulse.box_no, BoxNo::new(1).unwrap());
//!
//! // The same journal gives the same machine; a restart settles what was under way and opens nothing.
//! let again = Locker::restore(&mut host.vault, None, host.journal.clone()).unwrap();
//! assert_eq!(again.durable(), host.locker.durable());
//! host.locker = again;
//! let start = host.locker.start(&host.now);
//! host.run(start);
//! assert_eq!(host.locker.outputs(&host.now).pulse, None);
//! assert!(matches!(host.locker.custody(id), Custody::ToCheck { .. }));
//! ```
//!
//! # Features
//! No feature changes a decision, a record or a view model.
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `text` | yes | the words: Fluent catalogues for screens, messages and errors, in English, French, Dutch and German |
//! | `picture` | yes | QR codes as SVG |
//! | `mocks` | no | a vault in memory, for tests and examples |
//!
//! Without `text` and `picture` the crate is `no_std` with `alloc`.
//!
//! # Limits
//! | what | limit | why |
//! |---|---|---|
//! | one record | [`RECORD_BYTES_MAX`] | a journal can count on it; the longest visit of an import has 27 kB |
//! | one text entry | [`TEXT_BYTES_MAX`](screen::TEXT_BYTES_MAX) | 500 characters of four bytes |
//! | a coil | [`PULSE_MS_LIMIT`] | it burns when energised for longer |
//! | outputs | [`OUTPUTS_LEASE_MS`] | a host that hangs opens nothing |
//! | boxes of a locker | 255 | a [`BoxNo`] is 1 to 255 |
//! | live PINs of 6 and of 8 digits | 27 and 2,000 ([`Settings::check`]) | a day of guessing succeeds in less than 0.1 % |
//! | live temporary PINs, authenticators of a locker | 20, 50 | the same, with a count of their own |
//! | an office | [`LOCKERS_MAX`](office::LOCKERS_MAX), [`USERS_MAX`](office::USERS_MAX), [`TABLETS_MAX`](office::TABLETS_MAX), [`VISITS_MAX`](office::VISITS_MAX) | a snapshot stays readable in one piece |
//!
//! All other numbers stand in `docs/defaults.md`, each with the place where it is set.

#![no_std]
#![cfg_attr(not(test), deny(clippy::wildcard_enum_match_arm, clippy::indexing_slicing))]

extern crate alloc;
#[cfg(any(test, feature = "text", feature = "picture"))]
extern crate std;

mod cabinet;
mod chain;
mod codes_table;
mod exchange;
mod fresh;
mod ids;
mod locker;
mod machine;
#[cfg(any(test, feature = "mocks"))]
pub mod mocks;
pub mod office;
#[cfg(feature = "picture")]
pub mod picture;
pub mod screen;
mod secret;
#[cfg(feature = "text")]
pub mod text;
mod time;
mod vault;
mod visit;

pub use cabinet::{
    BoxReading, Buzzer, Door, Edge, Item, Light, OUTPUTS_LEASE_MS, Outputs, PULSE_MS_LIMIT, Pulse,
    PulseOutcome, PulseReport, Readings,
};
pub use chain::{ChainKey, Entry, Head};
pub use codes_table::Coded;
pub use exchange::{
    Act, CheckReason, Desired, Evidence, Fact, FactKind, Finding, HelpAnswer, MessageState, NotOurQr,
    OpenReason, Profile, Proof, QrPayload, Scan, ServiceReason, Settings, StaffCode, Template,
    UnrecordedCall,
};
pub use fresh::Fresh;
pub use ids::{
    BoxNo, CodeId, ExternalRef, Generation, HelpId, LockerId, MessageId, NotABox, NotAReference, NotAnId,
    PulseId, ScanId, SessionId, TabletId, TicketId, UserId, VisitId,
};
pub use locker::{
    Answer, Ask, Assignment, BoxReport, BoxState, Cause, Count, Custody, Death, Delivery, Denial, Durable,
    Ending, Flow, Help, InUse, KINDS, Layout, Link, Locker, Message, OpenMessage, Origin, Outbound, Place,
    Record, Refusal, Session, SettingsError, Store, TOTP_DIGITS, TOTP_STEP_SECONDS, ToCheck, Told,
    TotpSecret,
};
pub use machine::{
    Draft, Encoded, Frame, Machine, Misuse, RECORD_BYTES_MAX, RECORD_VERSION, RestoreError, Stamped, Step,
    decode,
};
pub use office::Office;
pub use secret::{HoldsPersonal, Personal, Sealable, Secret};
pub use time::{
    Age, At, Boot, DAY, Date, HOUR, MINUTE, Mono, NotADate, NotATimeOfDay, Now, SECOND, TimeOfDay, Wall,
};
pub use vault::{NotASubject, Opened, SealError, Subject, Vault};
pub use visit::{Appointment, Channel, Contact, ContactKind, Driver, People, Visit};
