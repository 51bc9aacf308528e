//! What both machines know of the people and the work behind a key.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::ids::{ExternalRef, VisitId};
use crate::screen::Locale;
use crate::secret::{HoldsPersonal, Personal, Sealable};
use crate::time::{Date, TimeOfDay};
use crate::vault::SealError;

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    Mail,
    /// A text message to a mobile phone.
    Sms,
}

/// Which side of a person's life a contact belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// Private.
    Private,
    /// Business.
    Business,
}

/// An address at which a driver can be reached.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// How messages travel to it; a mobile number is [`Channel::Sms`].
    pub channel: Channel,
    /// Private or business.
    pub kind: ContactKind,
    /// The mail address or the phone number, as it was given.
    pub address: String,
    /// Whether the person has blocked communication to it; it then counts as absent (DROP-6).
    #[serde(default)]
    pub blocked: bool,
}

impl core::fmt::Debug for Contact {
    /// The address is not said.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Contact({:?}, {:?})", self.channel, self.kind)
    }
}

/// The driver of a vehicle: the person whose contacts receive codes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Driver {
    /// The name as it is written.
    pub name: String,
    /// All contacts, in the order in which the work order gives them.
    pub contacts: Vec<Contact>,
    /// The channel the driver prefers.
    #[serde(default)]
    pub preferred: Option<Channel>,
    /// The language of messages; the location's own if not given.
    #[serde(default)]
    pub language: Option<Locale>,
}

/// The personal part of a visit: sealed as one, erased as one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// The vehicle's registration, as it was given.
    pub plate: String,
    /// Make and model.
    pub vehicle: String,
    /// The driver.
    pub driver: Driver,
}

/// One job on the vehicle: what a customer checks in step 3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// The work order's number.
    pub order: ExternalRef,
    /// When the vehicle is expected, in the location's zone.
    pub time: TimeOfDay,
    /// The kind of work; says nothing about a person.
    pub work: String,
}

/// A visit: the work orders of one vehicle at one location on one date. A key hangs on it until it is back with the
/// customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// The appointment date, in the location's zone.
    pub date: Date,
    /// Vehicle and driver.
    pub people: Personal<People>,
    /// The jobs.
    pub appointments: Vec<Appointment>,
    /// Whether the key may not be picked up by the customer yet (PICK-5): unpaid, say.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub on_hold: bool,
}

impl HoldsPersonal for Visit {
    fn visit_personal(
        &mut self,
        visit: &mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>,
    ) -> Result<(), SealError> {
        visit(&mut self.people)
    }
}
