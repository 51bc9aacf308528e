//! Stories: whole flows through the locker machine in virtual time, each named after the rule it proves.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod abort;
mod bounds;
mod boxes;
mod classic;
mod codes;
mod drop;
mod further;
mod guards;
mod help;
mod keys;
mod keys_flows;
mod link;
mod luck;
mod numbers;
mod pick;
#[allow(dead_code, reason = "shared with the properties and the golden journal")]
mod rig;
mod safe;
mod staff_codes;
mod staff_drop;
mod staff_pick;
mod start;
mod time;
mod touches;
mod ux;
mod walk;
