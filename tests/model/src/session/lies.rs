//! How the world around the machine lies, so that a rule can be seen to break.

/// How the world around the machine lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    /// It does not.
    #[default]
    None,
    /// A frontend asks for more time by itself.
    NeverIdle,
    /// The host's clock runs twice as fast as the world.
    FastClock,
    /// A frontend keeps the last screen when the start screen comes.
    KeepsScreen,
    /// A frontend fills entries with what was typed last.
    Refills,
    /// A frontend goes back a step when No is pressed.
    BackOnNo,
    /// A frontend forgets to send Yes.
    SwallowsYes,
    /// A frontend sends every touch with the newest generation.
    Restamps,
    /// A frontend gives a repeated touch a new number.
    Renumbers,
    /// A frontend does not draw x.
    HidesX,
    /// A frontend offers what the machine does not.
    OffersAll,
    /// A frontend takes the welcome screen away after an idle step.
    SkipsWelcome,
    /// A frontend does not draw the warning.
    HidesWarning,
    /// A frontend draws the start screen over an open box.
    ShowsStart,
    /// A host presses *Next* when nobody does.
    PressesNext,
    /// The journal does not keep that a code was accepted.
    LosesAccepted,
    /// The journal does not keep the last record of a step.
    LosesRecords,
    /// The host's clock runs at half the speed of the world.
    SlowClock,
    /// The journal does not keep that a customer took a key.
    LosesTaken,
    /// The journal does not keep that staff put a key in.
    LosesHandedIn,
    /// The journal does not keep that a PIN woke.
    LosesWoken,
}
