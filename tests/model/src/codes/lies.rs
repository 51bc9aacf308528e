//! How the world around the machine lies, so that a rule can be seen to break.

/// How the world around the machine lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    /// It does not.
    #[default]
    None,
    /// After a power cut the host starts from its first snapshot.
    OldSnapshot,
    /// The host lifts every lock-out at once.
    LiftsAlone,
    /// The host's monotonic clock runs ten times too fast.
    FastClock,
    /// The host's monotonic clock runs three times too slow.
    SlowClock,
    /// The host does not know that a day has ended.
    StuckDay,
    /// The frontend mistypes dead codes.
    Mistypes,
    /// The frontend sends somebody else's registration with a wrong code.
    HidesPlate,
    /// The journal does not keep that a key was dropped.
    LosesDrops,
    /// The journal does not keep that a code died.
    LosesDeaths,
    /// The journal does not keep the last record of a step.
    LosesRecords,
    /// The frontend opens the pad of a drop for staff.
    TypesAtDrop,
}
