//! The rules of a key locker.

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
    Act, CheckReason, Desired, Evidence, Fact, FactKind, Finding, HelpAnswer, MessageState, NotOurQr, Proof,
    QrPayload, Scan, ServiceReason, Settings, Template,
};
pub use fresh::Fresh;
pub use ids::{
    BoxNo, CodeId, ExternalRef, Generation, HelpId, LockerId, MessageId, NotABox, NotAReference, NotAnId,
    PulseId, ScanId, SessionId, TabletId, TicketId, UserId, VisitId,
};
pub use locker::{
    Answer, Ask, Assignment, BoxReport, BoxState, Cause, Count, Custody, Death, Delivery, Denial, Durable,
    Ending, Flow, Help, InUse, KINDS, Layout, Locker, Message, OpenMessage, Origin, Place, Record, Refusal,
    Session, SettingsError, Store, ToCheck, Told,
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
