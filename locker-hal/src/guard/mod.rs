//! The guard: a small process that holds coils without a pulse of their own, and lets them go when the kiosk dies.
//!
//! ```text
//!  kiosk: Cabinet ── GuardedBoard ──Unix socket, a line each──▶ Guard ── Switched (pins, plain relays)
//!                    read, 20 a second: also the heartbeat        ends every pulse by its own clock
//! ```
//!
//! The guard lets all coils of a board go
//! - when a pulse is over, at most 2 s after it began, whoever lives or hangs (BOX-8);
//! - when the kiosk says so, and when its connection ends: `kill -9`, a panic, a stop;
//! - when a coil is on and no line came for [`BEAT_MS_MAX`]: the kiosk hangs;
//! - at its own start and exit, and again and again where that failed.
//!
//! # What remains
//! A guard that is itself killed *within* a pulse, or whose machine loses its kernel but not its supply, lets nothing go:
//! what a line does then is the chip's affair, and many keep their level. A service manager that restarts the guard at once
//! (`Restart=always`) bounds that, since a guard begins with all coils off. Where it is not enough, use a board that ends
//! its pulses itself, or put a timer relay into the coils' supply; see `docs/guides/hardware.md`.
//!
//! # The socket
//! ASCII lines. The first on a connection names the board, from 0; one connection at a time has it. Every line is a beat.
//!
//! ```text
//! board 0         ok                          or: failed busy (another connection has it)
//! read            levels co,oa,u              per channel: door c o u, item p a or nothing when unknown
//! pulse 2 500     ok                          when the coil is on, not when it is off again
//! off             ok
//!                 moved                       unasked, once after a reading: a sensor moved, read again
//! ```
//!
//! The socket's file belongs to the guard's user, mode 0600: whoever writes to it opens doors.

mod client;
mod lines;
mod server;
mod words;

pub use client::{ANSWER_MS, GuardedBoard};
pub use server::{Guard, ListenError, Why};

/// A coil that is on is let go when no line came from the kiosk for this long, in milliseconds: ten polls.
pub const BEAT_MS_MAX: u64 = 500;
