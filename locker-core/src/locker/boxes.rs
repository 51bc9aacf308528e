//! What is on record about a box: facts kept apart (BOX-1).

use serde::{Deserialize, Serialize};

use super::ask::Place;
use crate::cabinet::Door;
use crate::exchange::{CheckReason, ServiceReason};
use crate::ids::{BoxNo, PulseId, SessionId, UserId, VisitId};
use crate::time::Age;

/// Whom a box is kept for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// Nobody.
    #[default]
    Free,
    /// A running session that is about to put a key in.
    Reserved {
        /// Whose key.
        visit: VisitId,
        /// The session.
        session: SessionId,
    },
    /// The key of a visit is booked in it.
    Holding {
        /// Whose key.
        visit: VisitId,
    },
    /// The customer of a visit has taken the key, and may have left something (PICK-3).
    Collected {
        /// Whose key it was.
        visit: VisitId,
        /// Since when.
        age: Age,
    },
}

/// Why the content of a box is not certain, and who had it open last (BOX-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToCheck {
    /// Why.
    pub reason: CheckReason,
    /// The user who had it open last, if it was a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
}

/// A session has had, or may have had, the box opened, and it is not settled yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InUse {
    /// The session.
    pub session: SessionId,
    /// The user it was opened for, if it was a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
}

/// One box as the journal knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxState {
    /// Where it is.
    pub place: Place,
    /// Why it is out of service, if it is.
    pub out: Option<ServiceReason>,
    /// Whom it is kept for.
    pub assignment: Assignment,
    /// Why it is to be checked, if it is.
    pub check: Option<ToCheck>,
    /// Who has it open, if somebody has.
    pub in_use: Option<InUse>,
    /// The door as it was last recorded.
    pub door: Door,
    /// A pulse of this lock that has not been followed by an opening.
    pub unspent_pulse: Option<PulseId>,
    /// Whether *left open* was recorded and *closed* was not yet.
    pub left_open: bool,
    /// Whether the door sensor is unsteady.
    pub unsteady: bool,
    /// The sequence number of the record with which it was last used: the least is taken first (BOX-9).
    pub used_at: u64,
}

impl BoxState {
    /// An empty box in service.
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self {
            place,
            out: None,
            assignment: Assignment::Free,
            check: None,
            in_use: None,
            door: Door::Unknown,
            unspent_pulse: None,
            left_open: false,
            unsteady: false,
            used_at: 0,
        }
    }

    /// Its number.
    #[must_use]
    pub fn no(&self) -> BoxNo {
        self.place.box_no
    }

    /// The visit whose key is booked in it, certain or not.
    #[must_use]
    pub fn booked(&self) -> Option<VisitId> {
        match self.assignment {
            Assignment::Holding { visit } => Some(visit),
            Assignment::Free | Assignment::Reserved { .. } | Assignment::Collected { .. } => None,
        }
    }

    /// The visit for whose key the box is open or kept, or in which it is booked.
    #[must_use]
    pub(crate) fn kept_for(&self) -> Option<VisitId> {
        match self.assignment {
            Assignment::Free | Assignment::Collected { .. } => None,
            Assignment::Reserved { visit, .. } | Assignment::Holding { visit } => Some(visit),
        }
    }

    /// Whether a key may be put in: in service, free, certain, and not standing open.
    #[must_use]
    pub fn takes_a_key(&self) -> bool {
        self.out.is_none()
            && self.assignment == Assignment::Free
            && self.check.is_none()
            && self.in_use.is_none()
            && self.door != Door::Open
            && !self.unsteady
    }
}
