//! The real [`Locker`](locker_core::Locker) in small worlds, every state of which a model checker looks at.
//!
//! Three models, each bounded so that it fits: [`doors`] with power cuts and a thief, a [`session`] with every limit and
//! every way out of it, [`codes`] with lock-outs and clocks that jump. A model has rules that hold in every state, and
//! things that have to happen in some state, so that a model that looks at nothing fails. `docs/decisions/model-check.md`
//! says what is left out and why.

pub mod bounds;
pub mod codes;
pub mod doors;
pub mod fold;
mod host;
mod marks;
mod run;
pub mod session;
mod state;
pub mod two_phase;

pub use marks::{Marks, Seen};
pub use run::{Figures, Reach, explore, explore_plain, memory_peak_kib};
pub use state::{Game, State, Watched, World};
