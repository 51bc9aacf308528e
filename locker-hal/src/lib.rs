//! Real cabinets of a key locker, from the machine's side down to the contract that a lock board fulfils.
//!
//! ```text
//!            latest Outputs                      pulse · read · all_off
//!  machine ────────────────▶ Bus = Cabinet ────────────────────────────▶ Board (driver, simulator)
//!          ◀────────────────  leases · ids · gaps · rests   ◀──────────── raw levels, acknowledgements
//!              Readings       debounce · edges · back-off
//! ```
//!
//! The machine says what every lock should be doing *now* ([`Outputs`]); nobody queues orders. One task owns the
//! [`Cabinet`] and cycles it with the latest outputs, 20 times a second; [`run_bus`] is that task. A driver only
//! implements [`Board`]: what keeps a coil from burning and a door from springing open by itself is here, once:
//!
//! | rule | where |
//! |---|---|
//! | bounce, 50 ms of *open*, 1 s of *closed* (BOX-7) | [`Debounce`] |
//! | edges numbered and held until recorded (BOX-7) | [`EdgeLog`] |
//! | how long a door can stand open unseen (BOX-7) | [`BlindTime`] |
//! | one lock at a time, gap, rest, 2 s at most; ids never twice, leases (BOX-8, BOX-10) | [`Firing`] |
//! | all off at start, at a fault, when the lease runs out, at exit (BOX-8) | [`Cabinet`] |
//! | a board without a pulse of its own is refused (BOX-8) | [`CabinetBuilder`] |
//! | a dead board stops nobody (BOX-12) | [`Cabinet`] |
//!
//! The time is never read here: a [`Clock`] is handed in. Sensed ([`ChannelLevels`], [`Raw`]) and commanded
//! ([`PulseOrder`]) are types that do not mix: an accepted pulse is not an open door (BOX-2).
//!
//! # Example
//! ```
//! use locker_hal::{Board, BoardSpec, Bus, BoxNo, Cabinet, ChannelLevel, ChannelLevels, Door, ErrorKind, Item};
//! use locker_hal::{Mono, Outputs, PulseOrder, Raw, WireNo};
//!
//! /// A cabinet of one box whose door is always open.
//! struct OpenBox;
//!
//! #[async_trait::async_trait]
//! impl Board for OpenBox {
//!     type Error = ErrorKind;
//!     fn spec(&self) -> BoardSpec {
//!         BoardSpec::prompt(1)
//!     }
//!     async fn pulse(&mut self, _order: PulseOrder) -> Result<(), ErrorKind> {
//!         Ok(())
//!     }
//!     async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
//!         Ok(ChannelLevels(vec![ChannelLevel { door: Raw(Door::Open), item: Raw(Item::Unknown) }]))
//!     }
//!     async fn all_off(&mut self) -> Result<(), ErrorKind> {
//!         Ok(())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), locker_hal::CabinetError> {
//! let mut builder = Cabinet::builder();
//! let board = builder.board(WireNo(0), OpenBox);
//! builder.wire_boxes(board, BoxNo::first(1));
//! let mut cabinet = builder.build()?;
//!
//! let first = cabinet.cycle(&Outputs::all_off(Mono(0)), &Mono(0)).await;
//! assert!(first.boxes.is_empty(), "one reading might be bounce");
//! let second = cabinet.cycle(&Outputs::all_off(Mono(50)), &Mono(50)).await;
//! assert_eq!(second.boxes[0].door, Door::Open);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//! Without any, this crate is `no_std` with `alloc`: boards, cabinet and [`codec`] run on a microcontroller, and `codec` allocates
//! nothing; so do pins with `gpio`.
//! - `std`: the standard library; every other feature but `gpio` needs it.
//! - `tokio` (default): [`run_bus`], the lines and the drivers.
//! - `serial` (default): serial ports of the operating system, on Unix.
//! - `gpio`: coils and sensors on `embedded-hal` pins; `gpiochip`: on the lines of Linux GPIO chips.
//! - `guard`: the process that holds coils without a pulse of their own, and the board that talks to it.
//! - `conformance`: the suite that the simulator and every driver have to pass.
//! - `mocks`: `MockBoard` and `MockBus`.

#![cfg_attr(not(any(feature = "std", test)), no_std)]

extern crate alloc;

mod blind;
mod board;
mod builder;
mod bus;
mod cabinet;
mod clock;
pub mod codec;
#[cfg(feature = "conformance")]
pub mod conformance;
mod debounce;
#[cfg(feature = "tokio")]
pub mod drivers;
mod edges;
mod error;
mod firing;
#[cfg(feature = "gpio")]
pub mod gpio;
#[cfg(feature = "guard")]
pub mod guard;
#[cfg(feature = "tokio")]
pub mod line;
mod switched;
mod wire;

pub use blind::{BlindTime, OPEN_SEEN_MS};
#[cfg(feature = "mocks")]
pub use board::MockBoard;
pub use board::{
    Board, BoardSpec, Channel, ChannelLevel, ChannelLevels, PulseLength, PulseOrder, PulseSource, Raw,
};
pub use builder::{BoardNo, CabinetBuilder, CabinetError, POLL_PERIOD_MS, Place, WireNo};
#[cfg(feature = "mocks")]
pub use bus::MockBus;
#[cfg(feature = "tokio")]
pub use bus::run_bus;
pub use bus::{Bus, DynWanted, Wanted};
pub use cabinet::{Cabinet, LEVEL_HELD_MS};
#[cfg(target_has_atomic = "64")]
pub use clock::VirtualClock;
pub use clock::{Clock, DynClock};
pub use debounce::{BOUNCE_MS, BOUNCE_READINGS, CLOSED_REST_MS, Change, Debounce, HOLE_MS_MAX, Level, Taken};
pub use edges::{EDGES_MAX, EdgeLog};
pub use error::{BoardFault, ErrorKind};
pub use firing::{Firing, Lock, PULSE_GAP_MS, PowerGroup, REST_PULSES, Verdict};
pub use switched::{SoftwarePulse, Switched, Wait};
pub use wire::{BACK_OFF_MS_FIRST, BACK_OFF_MS_MAX, FAILURES_MAX};
// What passes over the contract, so that a driver needs this crate alone.
pub use locker_core::{
    Boot, BoxNo, BoxReading, Door, Edge, Item, Mono, OUTPUTS_LEASE_MS, Outputs, PULSE_MS_LIMIT, Pulse,
    PulseId, PulseOutcome, PulseReport, Readings,
};
