//! Messages that leave: by a real mail server and a real HTTP gateway, which go away, are slow, refuse, and lose.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "tests")]

mod mail;
mod rig;
mod sms;
mod smtp;
