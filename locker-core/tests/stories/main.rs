//! Stories: whole flows through the locker machine in virtual time, each named after the rule it proves.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod drop;
mod rig;
mod staff_pick;
