//! What a running key locker needs around the pure machines of `locker-core`: the clock, the journal, the vault, and
//! the one task that owns a machine.
//!
//! ```text
//!  people, doors, services            one thread per machine                    readers
//!  ───────────────────────►  Handle ──► decide ─► encode ─► append ─► commit ──► watch: outputs, screens
//!                                              (vault)   (journal)          └──► broadcast: records
//! ```
//!
//! Nothing is answered, shown or driven before its records are durable (SAFE-1): [`task`] keeps to that order, so that
//! nobody else has to.

pub mod boards;
pub mod clock;
pub mod config;
pub mod folder;
pub mod http;
pub mod journal;
pub mod open;
pub mod site;
pub mod task;
pub mod trace;
pub mod vault;
pub mod verify;

/// The README and the guide for embedders, compiled and run.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../README.md")]
    struct Readme;
    #[doc = include_str!("../../docs/guides/embedding.md")]
    struct Embedding;
}
