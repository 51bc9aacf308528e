//! What is wrong with a scenario, or what went otherwise than it says: always with line and column.

use std::fmt;

/// A place in a scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Whether a scenario cannot be read, or was played and went otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// The text is not a scenario.
    Unreadable,
    /// The scenario was played as far as this line, and something else happened.
    Otherwise,
}

/// A flaw of a scenario: where, what was found there, what was expected.
///
/// ```
/// use locker_hal_sim::scenario::Scenario;
///
/// let flaw = Scenario::parse("scenario A door\nexpect box 3 opem\n").unwrap_err();
/// assert_eq!((flaw.place.line, flaw.place.column), (2, 14));
/// assert!(flaw.in_file("door.scenario").starts_with("door.scenario:2:14: found `opem`, expected "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Which kind.
    pub kind: FlawKind,
    /// Where.
    pub place: Place,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

impl Flaw {
    /// A text that cannot be read.
    pub(crate) fn unreadable(place: Place, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { kind: FlawKind::Unreadable, place, found: found.into(), expected: expected.into() }
    }

    /// Something that went otherwise.
    pub(crate) fn otherwise(place: Place, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { kind: FlawKind::Otherwise, place, found: found.into(), expected: expected.into() }
    }

    /// The flaw with the name of the file before it: `name:line:column: found …, expected …`, as editors read it.
    #[must_use]
    pub fn in_file(&self, name: &str) -> String {
        let Place { line, column } = self.place;
        format!("{name}:{line}:{column}: found {}, expected {}", self.found, self.expected)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column } = self.place;
        write!(f, "line {line}, column {column}: found {}, expected {}", self.found, self.expected)
    }
}

impl std::error::Error for Flaw {}
