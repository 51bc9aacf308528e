//! How the world around the machine lies, so that a rule can be seen to break.

/// How the world around the machine lies, so that a rule can be seen to break.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    /// It does not.
    #[default]
    None,
    /// A bus keeps a pulse that it has read, and fires it whenever it likes.
    KeepsOrders,
    /// With every tick the host hands the last readings in again, as if they were taken now.
    StaleReadings,
    /// The host restarts on what was durable one step ago: it acted before its record was on disk.
    ActsUnrecorded,
    /// A board says that it refused, and fires later.
    RefusesAndFires,
    /// A host spares a lock whose door already reads open.
    SparesOpenDoors,
    /// A cabinet does not tell of doors that opened without a pulse.
    HidesForce,
    /// The frontend presses *Confirm* as soon as the door is shut.
    ConfirmsAlone,
    /// After a power cut the host starts from its first snapshot.
    OldSnapshot,
    /// After a power cut the host serves what it has restored without starting it.
    NeverStarts,
    /// The journal does not keep the last record of a step.
    LosesRecords,
}
