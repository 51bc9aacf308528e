//! Simulated cabinets of a key locker: doors that people open and close, keys that lie in boxes, locks that jam, boards that
//! die, in the kiosk's process or as a process of its own.
//!
//! ```text
//!               SimCabinet: the physical truth, pure, time is an argument
//!                    ▲                                   ▲
//!   Sim: people, faults, state                SimServer: a loopback socket, JSON lines
//!   DirectBoard: a Board in process              ▲                      ▲
//!                                     SimClient: a Board      SimPeople: people, faults, state
//! ```
//!
//! Both ways end in the same [`locker_hal::Cabinet`], so debounce, leases, rests and edges are those of real hardware; the
//! [conformance suite](locker_hal) runs against both.
//!
//! # In process
//! For demos and tests. With the host's clock it lives in real time, with a
//! [`VirtualClock`](locker_hal::VirtualClock) in the test's.
//!
//! ```
//! use locker_hal::{Bus, Clock, VirtualClock};
//! use locker_hal_sim::{BoxNo, Door, Fault, Outputs, Sim, SimCommand, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = VirtualClock::default();
//! let sim = Sim::new(SimConfig::default(), clock.clone());
//! let mut bus = sim.cabinet()?;
//!
//! sim.command(SimCommand::Hurt { fault: Fault::BoardDead { board: 1 } })?;
//! let mut readings = bus.cycle(&Outputs::all_off(clock.now()), &clock).await;
//! for _ in 0..21 {
//!     clock.advance(50);
//!     readings = bus.cycle(&Outputs::all_off(clock.now()), &clock).await;
//! }
//! assert_eq!(readings.of(BoxNo::new(1).unwrap()).unwrap().door, Door::Closed);
//! assert_eq!(readings.of(BoxNo::new(9).unwrap()), None, "on the dead board");
//! # Ok(())
//! # }
//! ```
//!
//! # As a process of its own
//! So that doors and keys outlive a kill of the kiosk. `sim-cabinet --listen 127.0.0.1:0` prints `listening on ADDRESS`;
//! [`SimClient::cabinet`] is the kiosk's end, [`SimPeople`] that of a test or a page with doors to click at. The protocol is
//! one JSON object a line: a [`Request`] in, a [`Reply`] out, numbered; whatever cannot be read is answered with a
//! [`SimError`] and the connection stays.
//!
//! ```text
//! {"id":1,"do":"put","box_no":3,"key":"AB-1"}     {"id":1,"error":{"kind":"refused","why":"door_closed"}}
//! {"id":2,"ask":"read","board":0}                 {"id":2,"ok":{"levels":[{"door":"closed","item":"absent"},…]}}
//! {"id":3,"ask":"state"}                          {"id":3,"ok":{"state":{"at":5021,"boxes":[…],"fired":[…]}}}
//! ```
//!
//! The socket is bound to loopback only, because whoever reaches it opens every door.
//!
//! # As lock boards on a serial port
//! `simboard` (with the feature `boards`) speaks the protocols of the boards that can be bought, over the same doors, so that the real drivers run against
//! it: `locker-sim board --protocol cu16 --link ./cu16`.
//!
//! # Faults
//! [`Fault`] names them; `docs/faults.md` is their atlas. Nothing in this crate protects coils, repeats pulses or debounces:
//! it is the world, and [`SimState::fired`] is its record of what was really done to it.

mod board;
mod boxes;
mod cabinet;
mod client;
mod clock;
mod command;
mod config;
mod lines;
mod protocol;
#[cfg(feature = "world")]
pub mod scenario;
mod server;
#[cfg(feature = "boards")]
pub mod simboard;
mod state;
pub mod terminal;
#[cfg(feature = "world")]
pub mod world;

pub use board::{DirectBoard, Sim};
pub use cabinet::{BoardSays, SimCabinet};
pub use client::{ANSWER_MS, PeopleError, SimClient, SimPeople};
pub use clock::RealClock;
pub use command::{Fault, KEYS_MAX, LABEL_BYTES_MAX, SimCommand, SimRefusal};
pub use config::SimConfig;
// What stands in this crate's interface, so that a test needs this crate alone.
pub use locker_hal::{BoxNo, Channel, Door, Item, Mono, Outputs, Pulse, PulseId, PulseOrder};
pub use protocol::{
    Ask, REPLY_BYTES_MAX, REQUEST_BYTES_MAX, Reply, ReplyBody, Request, Sensed, SimAnswer, SimError, Wanted,
};
pub use server::{CLIENTS_MAX, SLOW_MS, ServeError, SimServer};
pub use state::{Coil, FIRED_MAX, Fired, SimBoxState, SimState};
