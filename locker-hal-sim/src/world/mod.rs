//! A whole dealership in virtual time: lockers with their cabinets, the office, the line between them, the post, clocks that
//! go wrong, and people. For proofs, for figures, and for stories that can be told step by step.
//!
//! [`Stage`] is the dealership. Everything on it is the product's own: both machines of `locker_core`, sealed and chained
//! journals, the bus logic of `locker_hal` with its debounce, leases and rests. Simulated are only doors, coils and keys
//! ([`SimCabinet`](crate::SimCabinet)), the disk, the clocks, the line and the post. Nothing happens on it but deeds
//! ([`Deed`]) and what follows from them; time jumps from event to event. The same [`Plan`] and the same deeds at the same
//! times give the same story, bit by bit, so that a list of [`Input`]s is a film that can be played again.
//!
//! # Example: a key is dropped and picked up
//! ```
//! use locker_core::screen::{Action, Button, Surface};
//! use locker_core::*;
//! use locker_hal_sim::SimCommand;
//! use locker_hal_sim::world::{Deed, Plan, Planned, Reply, Stage, Who};
//!
//! let mut plan = Plan::default();
//! plan.settings.two_factor = false;
//! let mut stage = Stage::new(plan);
//! let locker = LockerId(1);
//!
//! // One visit of today.
//! let driver = Driver { name: "Jane Sample".into(), contacts: vec![], preferred: None, language: None };
//! let order = Appointment {
//!     order: ExternalRef::new("WO-1").unwrap(),
//!     time: TimeOfDay::new(8, 30).unwrap(),
//!     work: "Yearly service".into(),
//! };
//! let visit = Planned {
//!     date: Date::from_ymd(2026, 1, 5).unwrap(),
//!     plate: "1-ABC-123".into(),
//!     vehicle: "Blue van".into(),
//!     driver,
//!     orders: vec![order],
//!     on_hold: false,
//! };
//! stage.act(Deed::Plan { visits: vec![visit], whole: false })?;
//! stage.wait(100);
//!
//! // Jane drops her key.
//! let jane = Who::Customer(VisitId(1));
//! for button in [Button::DropKey, Button::Go, Button::ByRegistration] {
//!     stage.press(locker, button)?;
//! }
//! stage.touch(locker, Action::Write { text: "1abc123".into() })?;
//! stage.press(locker, Button::Ok)?;
//! stage.wait(1_500); // a look-up takes so long, match or miss
//! stage.press(locker, Button::Next)?;
//! stage.wait(500); // the bus fires the lock, the door springs open
//! let box_no = BoxNo::new(1).unwrap();
//! assert_eq!(stage.door(locker, box_no), Door::Open);
//! stage.command(locker, jane, SimCommand::Put { box_no, key: "key of 1-ABC-123".into() })?;
//! stage.command(locker, jane, SimCommand::Close { box_no })?;
//! stage.press(locker, Button::Confirm)?;
//! stage.wait(2_000); // a door counts as shut after a second of rest
//! assert_eq!(stage.screen(locker, Surface::Bottom).id, "drop.thanks");
//! assert_eq!(stage.custody(locker, VisitId(1)), Some(Custody::Box { box_no }));
//! stage.press(locker, Button::Done)?;
//!
//! // Max, a mechanic, fetches it.
//! let act = Act::PickUp { visit: VisitId(1) };
//! assert_eq!(stage.act(Deed::Ticket { staff: 2, act, locker })?, Reply::Ticket(locker));
//! for button in [Button::PickUpKey, Button::Go, Button::ByQr] {
//!     stage.press(locker, button)?;
//! }
//! assert_eq!(stage.act(Deed::Scan { staff: 2, act, locker })?, Reply::Opens(box_no));
//! stage.wait(5_000); // the lock has to rest first
//! stage.command(locker, Who::Staff(2), SimCommand::Take { box_no, key: None })?;
//! stage.command(locker, Who::Staff(2), SimCommand::Close { box_no })?;
//! stage.press(locker, Button::Confirm)?;
//! stage.wait(2_000);
//! let user = stage.user(2).unwrap();
//! assert_eq!(stage.custody(locker, VisitId(1)), Some(Custody::Staff { user }));
//!
//! // The same story, told again.
//! let mut again = Stage::replay(stage.plan().clone(), stage.inputs());
//! again.advance_to(stage.now());
//! assert_eq!(again.digest(), stage.digest());
//! # Ok::<(), locker_hal_sim::world::Undone>(())
//! ```

mod act;
mod clocks;
mod dealer;
mod deed;
mod disk;
mod erasing;
mod errands;
mod hardware;
mod heal;
mod host;
mod lie;
mod link;
mod mishap;
mod mood;
mod people;
mod plan;
mod post;
mod run;
mod staff_codes;
mod stage;
mod striking;
mod turn;
mod visitor;
mod watch;
mod world_plan;

pub use clocks::BEGIN;
pub use deed::{ClockFault, Computer, Deed, Input, Link, Planned, Post, Reply, Undone, Who};
pub use disk::{AppendFault, Room};
pub use host::CrashPoint;
pub use lie::Lie;
pub use mishap::Mishap;
pub use plan::{Plan, Staff};
pub use run::{Summary, World};
pub use stage::{Holder, Mail, Seen, Stage};
pub use watch::{INVARIANTS, Violation, Watch, key_of};
pub use world_plan::WorldPlan;
