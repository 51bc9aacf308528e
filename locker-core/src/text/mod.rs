//! What the screens, the messages and the errors say, in every language (feature `text`).
//!
//! The machines say texts by id; the catalogues `en.ftl`, `fr.ftl`, `nl.ftl` and `de.ftl` hold the words. [`fill`] does a whole screen,
//! [`say`] one text, [`error`] an error by its key, [`mail`] and [`sms`] the messages that carry a code.

mod catalogue;
mod dates;
mod gsm;
mod message;

pub use catalogue::{cues, error, fill, say};
pub use dates::{date, time};
pub use gsm::{SMS_SEPTETS_MAX, septets};
pub use message::{CodeMessage, LocationMail, Mail, location_mail, mail, sms};
