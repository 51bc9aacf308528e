//! Simulated lock boards: the boards that can be bought, byte for byte, over the doors of a simulated cabinet.
//!
//! ```text
//!   Sim: doors, latches, keys, faults          one truth, many hands
//!        ▲ coils          │ hooks, items
//!   SimBoard: one board   ▼                    hears and speaks one protocol
//!        ▲                │
//!   SimLine: the wire     ▼                    address, pace, bytes that get lost
//!        a pseudo-terminal, or any stream      what the driver opens
//! ```
//!
//! They are written from what vendors and users have published about the boards, not from this project's drivers, and share no
//! code with them: a driver that has misread a document meets another reading here. Where the sources disagree, [`BoardMake`]
//! has a choice.
//!
//! Nothing here protects coils or doors. What is energised, since when and until when, stands in
//! [`SimState::fired`](crate::SimState::fired), and a coil that nobody ever switches off has no end there.
//!
//! # In a test
//! Any stream will do, and every delay is tokio's, so a test may let time stand still.
//!
//! ```
//! use locker_hal::VirtualClock;
//! use locker_hal_sim::simboard::{BoardMake, Protocol, SimLine};
//! use locker_hal_sim::{Sim, SimConfig};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let sim = Sim::new(SimConfig { boxes_per_board: 16, ..SimConfig::default() }, VirtualClock::default());
//! let mut line = SimLine::new(&sim, &BoardMake::of(Protocol::Cu16));
//! let (mut driver, wire) = tokio::io::duplex(256);
//! tokio::spawn(async move { line.serve(wire).await });
//!
//! driver.write_all(&[0x02, 0x00, 0x30, 0x03, 0x35]).await?;
//! let mut reply = [0; 9];
//! driver.read_exact(&mut reply).await?;
//! assert_eq!(reply, [0x02, 0x00, 0x35, 0xFF, 0xFF, 0x00, 0x00, 0x03, 0x38], "all hooks caught, nothing inside");
//! # Ok(())
//! # }
//! ```
//!
//! # As a process
//! `locker-sim board --protocol cu16 --link ./cu16` makes a pseudo-terminal, points the link at it, and serves people on a socket:
//! see `docs/guides/qa.md`.
//!
//! # Faults
//! Every [`Fault`](crate::Fault) works, those that need bytes to be told (the rest of [`Fault::of_wire`](crate::Fault::of_wire)) only here. A fault
//! that strikes single replies does so by chance, once in [`BoardMake::one_in`], from [`BoardMake::seed`]; or as a script says, reply by
//! reply: [`SimLine::script`].

mod body;
mod cu12;
mod gateway;
mod kerong;
mod line;
mod make;
mod mangle;
mod modbus;
mod pty;
mod speech;
mod winnsen;
mod wkly;
mod xor80;

pub use line::{SimBoard, SimLine};
pub use make::{BoardMake, Contact, GroupOrder, Protocol, UnknownProtocol, UnlockReply};
pub use pty::{Pty, PtyError};
