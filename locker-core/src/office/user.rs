//! Users, their roles and their rights.

use alloc::collections::BTreeSet;
use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::code::Tries;
use crate::secret::Personal;

/// Something that a user may or may not do. All are off for a new user.
///
/// ```
/// # use locker_core::office::Right;
/// assert_eq!(Right::PickUp.to_string(), "key.pick_up");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Right {
    /// Take a key out of a box, also one that a colleague put there for the customer.
    #[serde(rename = "key.pick_up")]
    PickUp,
    /// Put a key in a box for the customer.
    #[serde(rename = "key.drop")]
    Drop,
    /// Settle a box whose content is not certain (BOX-13).
    #[serde(rename = "box.check")]
    Check,
    /// Maintenance (BOX-6).
    #[serde(rename = "box.service")]
    Service,
    /// Get a temporary PIN (CODE-8).
    #[serde(rename = "code.temporary")]
    TemporaryCode,
    /// Lift the lock of a locker's code entry (CODE-4).
    #[serde(rename = "lock.lift")]
    LiftLock,
    /// Be told of calls for help, handle and disregard them (HELP-2).
    #[serde(rename = "help.answer")]
    AnswerHelp,
    /// Show a customer's remark to mechanics (OFFICE-3).
    #[serde(rename = "remark.share")]
    ShareRemark,
    /// Change the settings of lockers (OFFICE-5).
    #[serde(rename = "locker.admin")]
    AdminLockers,
    /// Read the activity log (OFFICE-8).
    #[serde(rename = "log.read")]
    ReadLog,
}

impl Right {
    /// All rights, in the order in which they are listed.
    pub const ALL: [Self; 10] = [
        Self::PickUp,
        Self::Drop,
        Self::Check,
        Self::Service,
        Self::TemporaryCode,
        Self::LiftLock,
        Self::AnswerHelp,
        Self::ShareRemark,
        Self::AdminLockers,
        Self::ReadLog,
    ];

    /// The stable id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::PickUp => "key.pick_up",
            Self::Drop => "key.drop",
            Self::Check => "box.check",
            Self::Service => "box.service",
            Self::TemporaryCode => "code.temporary",
            Self::LiftLock => "lock.lift",
            Self::AnswerHelp => "help.answer",
            Self::ShareRemark => "remark.share",
            Self::AdminLockers => "locker.admin",
            Self::ReadLog => "log.read",
        }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A set of rights.
pub type Rights = BTreeSet<Right>;

/// What a user is at the location; it bounds the rights that can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works on the vehicles; may be given `key.pick_up` alone.
    Mechanic,
    /// Receives the customers; may be given all but service, temporary codes, locker administration and the log.
    Receptionist,
    /// Administers the location; may be given everything.
    DealerAdmin,
}

impl Role {
    /// Whether a user of this role can be given `right`.
    #[must_use]
    pub const fn may_have(self, right: Right) -> bool {
        match self {
            Self::Mechanic => matches!(right, Right::PickUp),
            Self::Receptionist => {
                !matches!(right, Right::Service | Right::TemporaryCode | Right::AdminLockers | Right::ReadLog)
            }
            Self::DealerAdmin => true,
        }
    }

    /// All rights that a user of this role can be given.
    #[must_use]
    pub fn all_rights(self) -> Rights {
        Right::ALL.into_iter().filter(|right| self.may_have(*right)).collect()
    }
}

/// A user as the office keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UserRow {
    pub(super) login: Personal<String>,
    pub(super) name: Personal<String>,
    pub(super) role: Role,
    pub(super) rights: Rights,
    pub(super) active: bool,
    pub(super) tries: Tries,
}

impl UserRow {
    /// Whether this user may do it now.
    pub(super) fn may(&self, right: Right) -> bool {
        self.active && self.rights.contains(&right)
    }

    pub(super) fn is_dealer_admin(&self) -> bool {
        self.active && self.role == Role::DealerAdmin
    }
}
