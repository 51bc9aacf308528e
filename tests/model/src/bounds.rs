//! The bounds in which a command runs each model whole, one part after the other.

use crate::codes::CodesModel;
use crate::doors::Doors;
use crate::session::{Lie, Sessions, Way};

/// Nothing happens.
pub const NO_DOORS: Doors = Doors {
    walks: 0,
    drops: 0,
    outs: 0,
    cuts: 0,
    pries: 0,
    mishaps: 0,
    again: 0,
    late: 0,
    lie: crate::doors::Lie::None,
    only: None,
};

/// Doors and power cuts: each kind of trouble with everything that people do.
pub const DOORS: [(&str, Doors); 10] = [
    ("cut", Doors { walks: 1, drops: 1, cuts: 1, ..NO_DOORS }),
    ("handed-in", Doors { walks: 1, outs: 1, cuts: 1, ..NO_DOORS }),
    ("mishap", Doors { walks: 1, drops: 1, mishaps: 1, ..NO_DOORS }),
    ("jammed", Doors { walks: 1, drops: 1, mishaps: 3, ..NO_DOORS }),
    ("late", Doors { walks: 1, drops: 1, again: 1, late: 1, ..NO_DOORS }),
    ("thief", Doors { walks: 1, drops: 1, pries: 1, ..NO_DOORS }),
    ("collected", Doors { walks: 2, outs: 1, ..NO_DOORS }),
    ("collected-cut", Doors { walks: 2, outs: 1, cuts: 1, ..NO_DOORS }),
    ("fetched", Doors { walks: 2, drops: 1, ..NO_DOORS }),
    ("returned", Doors { walks: 2, drops: 2, ..NO_DOORS }),
];

const NO_SESSION: Sessions =
    Sessions { way: Way::In, goes: 1, extras: 0, odd_sleeps: 0, lie: Lie::None, only: None };

/// Sessions: either way, with things out of the ordinary, and with hosts that sleep.
pub const SESSIONS: [(&str, Sessions); 6] = [
    ("in", Sessions { extras: 2, ..NO_SESSION }),
    ("in-asleep", Sessions { extras: 1, odd_sleeps: 1, ..NO_SESSION }),
    ("in-twice", Sessions { goes: 2, ..NO_SESSION }),
    ("out", Sessions { way: Way::Out, extras: 1, ..NO_SESSION }),
    ("out-twice", Sessions { way: Way::Out, goes: 2, ..NO_SESSION }),
    ("out-asleep", Sessions { way: Way::Out, odd_sleeps: 1, ..NO_SESSION }),
];

/// Nothing happens.
pub const NO_CODES: CodesModel = CodesModel {
    wrong: 0,
    uses: 0,
    asks: 0,
    waits: 0,
    cuts: 0,
    jumps: 0,
    staff: 0,
    temporary: 0,
    lie: crate::codes::Lie::None,
    only: None,
};

/// Codes: wrong ones, right and dead ones, clocks and cuts, staff's, and staff's beside the customers'.
pub const CODES: [(&str, CodesModel); 7] = [
    ("wrong", CodesModel { wrong: 7, waits: 2, cuts: 1, jumps: 1, ..NO_CODES }),
    ("locked", CodesModel { wrong: 7, uses: 1, waits: 2, ..NO_CODES }),
    ("asked", CodesModel { uses: 3, asks: 3, waits: 2, ..NO_CODES }),
    ("cut", CodesModel { uses: 2, asks: 1, waits: 1, cuts: 1, jumps: 1, ..NO_CODES }),
    ("staff", CodesModel { staff: 2, temporary: 1, waits: 1, cuts: 1, jumps: 1, ..NO_CODES }),
    ("paused", CodesModel { wrong: 5, staff: 6, waits: 1, ..NO_CODES }),
    ("paused-cut", CodesModel { staff: 6, cuts: 1, ..NO_CODES }),
];
