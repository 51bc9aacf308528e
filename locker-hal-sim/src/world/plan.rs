//! What a stage is built of.

use locker_core::office::{Location, Right, Rights, Role};
use locker_core::screen::Locale;
use locker_core::{HOUR, Settings};
use serde::{Deserialize, Serialize};

/// A dealership before its first day. The same plan and the same deeds give the same story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// From this follow all random bytes: nonces, PINs, delays of the line.
    pub seed: u64,
    /// How many lockers, 1 to 50.
    pub lockers: u8,
    /// How many boxes each has, 1 to 255, in four columns.
    pub boxes: u8,
    /// How many boxes hang on one board.
    pub boxes_per_board: u8,
    /// Whether the boxes have item sensors.
    pub item_sensors: bool,
    /// Whether the boxes have door sensors.
    pub door_sensors: bool,
    /// The settings of every locker at the beginning; the name gets the locker's number.
    pub settings: Settings,
    /// The location at the beginning.
    pub location: Location,
    /// The people of the dealership.
    pub staff: Vec<Staff>,
    /// The location's security code, 1000 to 9999.
    pub security_code: u16,
    /// How long the messenger takes for a message, in milliseconds.
    pub post_ms: u64,
    /// Whether inputs are kept, so that the story can be told again.
    pub keeps_inputs: bool,
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// The name to log in with.
    pub login: String,
    /// What the user is.
    pub role: Role,
    /// What the user may do.
    pub rights: Vec<Right>,
}

impl Staff {
    /// A user with all the rights that the role can have.
    #[must_use]
    pub fn new(login: &str, role: Role) -> Self {
        Self { login: login.into(), role, rights: role.all_rights().into_iter().collect() }
    }

    pub(super) fn rights(&self) -> Rights {
        self.rights.iter().copied().collect()
    }
}

impl Default for Plan {
    /// One locker of 16 boxes with all sensors, two-factor on, text messages on; an administrator (0), a receptionist
    /// (1) and two mechanics (2 and 3).
    fn default() -> Self {
        let location = Location {
            name: "Harbour Garage".into(),
            telephone: "+32 2 555 01 00".into(),
            mail: "desk@garage.example".into(),
            sms: true,
            locale: Locale::En,
            ..Location::default()
        };
        Self {
            seed: 1,
            lockers: 1,
            boxes: 16,
            boxes_per_board: 8,
            item_sensors: true,
            door_sensors: true,
            settings: Settings::default(),
            location,
            staff: vec![
                Staff::new("ada", Role::DealerAdmin),
                Staff::new("rita", Role::Receptionist),
                Staff::new("max", Role::Mechanic),
                Staff::new("moe", Role::Mechanic),
            ],
            security_code: 4_711,
            post_ms: 1_500,
            keeps_inputs: true,
        }
    }
}

/// Until when a second arrival is late at the most, in milliseconds.
pub(super) const LATE_MS: u64 = HOUR;
