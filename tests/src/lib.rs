//! What crosses crates: the real processes of a kiosk and its cabinet, the people in front of them, and the checks that
//! hold after every restart.
//!
//! ```text
//!   Site (one data folder)            Kiosk process ──socket──► sim-cabinet process: the physical truth
//!     journeys: customer, mechanic ──HTTP──►│                        ▲
//!     hands: doors and keys ─────────────────────────────────────────┘
//!     Ledger: what was acknowledged, and where a key may therefore be after the next restart
//! ```

#![allow(clippy::disallowed_methods, reason = "real processes are driven in real time")]
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "helpers of tests are tests")]

pub mod dice;
pub mod hosted;

pub mod http;
pub mod ledger;
pub mod peers;
pub mod people;
pub mod process;
pub mod site;
pub mod uml;
pub mod walk;
