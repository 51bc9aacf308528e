//! Simulated cabinets of a key locker.
mod board;
mod boxes;
mod cabinet;
mod client;
mod clock;
mod command;
mod config;
mod lines;
mod protocol;
mod server;
mod state;

pub use board::{Sim, SimBoard};
pub use cabinet::{BoardSays, SimCabinet};
pub use client::{ANSWER_MS, PeopleError, SimClient, SimPeople};
pub use clock::RealClock;
pub use command::{Fault, KEYS_MAX, LABEL_BYTES_MAX, SimCommand, SimRefusal};
pub use config::SimConfig;
pub use locker_hal::{BoxNo, Channel, Door, Item, Mono, Outputs, Pulse, PulseId, PulseOrder};
pub use protocol::{
    Ask, REPLY_BYTES_MAX, REQUEST_BYTES_MAX, Reply, ReplyBody, Request, Sensed, SimAnswer, SimError, Wanted,
};
pub use server::{CLIENTS_MAX, SLOW_MS, ServeError, SimServer};
pub use state::{Coil, FIRED_MAX, Fired, SimBoxState, SimState};
