//! What a step broke, and what it brought about.

use std::sync::atomic::{AtomicU32, Ordering};

use stateright::{Expectation, Property};

use crate::state::{Game, State, Watched, World};

/// Marks that a step leaves on the state after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Marks {
    /// Rules that were broken on the way here, one bit each. They are part of the state: otherwise a path that reaches the
    /// same machine in another way would hide them.
    pub broken: u64,
    /// What the last step brought about, one bit each. Not part of the state: it is [noted](Seen) as the step is made, the
    /// steps to known states included.
    pub happened: u64,
}

impl Marks {
    /// Leaves a mark unless the rule is kept.
    pub fn keep(&mut self, rule: impl Into<u32>, is_kept: bool) {
        if !is_kept {
            self.broken |= 1 << rule.into();
        }
    }

    /// Leaves a mark if something has happened.
    pub fn saw(&mut self, event: impl Into<u32>, is_so: bool) {
        if is_so {
            self.happened |= 1 << event.into();
        }
    }
}

/// What has happened on any step so far, and the fewest steps to it.
#[derive(Debug)]
pub struct Seen([AtomicU32; 64]);

impl Default for Seen {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU32::new(u32::MAX)))
    }
}

impl Seen {
    /// Notes what a step brought about.
    pub fn note(&self, happened: u64, steps: u32) {
        let mut left = happened;
        while left != 0 {
            if let Some(fewest) = self.0.get(left.trailing_zeros() as usize) {
                fewest.fetch_min(steps, Ordering::Relaxed);
            }
            left &= left - 1;
        }
    }

    /// The fewest steps to an event, if it happened.
    #[must_use]
    pub fn steps_to(&self, event: usize) -> Option<u32> {
        let steps = self.0.get(event).map(|fewest| fewest.load(Ordering::Relaxed));
        steps.filter(|steps| *steps != u32::MAX)
    }
}

/// A rule: no step ever leaves this mark.
pub fn always<G: Game, const BIT: u32>(name: &'static str) -> Property<Watched<G>> {
    let condition = |_: &Watched<G>, state: &State<G::World>| state.world().marks().broken & (1 << BIT) == 0;
    Property { expectation: Expectation::Always, name, condition }
}

/// Gives every variant its bit, and makes the properties of a model; and names what has to happen.
macro_rules! properties {
    (
        $(#[$rules_doc:meta])* rules $rules:ident { $($rule:ident $rule_name:literal)* }
        $(#[$events_doc:meta])* events $events:ident { $($event:ident $event_name:literal)* }
    ) => {
        $(#[$rules_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $rules { $(#[doc = $rule_name] $rule,)* }

        impl $rules {
            /// Its name, with the ids of the rules that it stands for.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$rule => $rule_name,)* }
            }

            /// All of them, as the checker wants them; or the only one that is looked at.
            pub(crate) fn properties<G: $crate::state::Game>(
                only: Option<Self>,
            ) -> Vec<stateright::Property<$crate::state::Watched<G>>> {
                let all = [$($crate::marks::always::<G, { $rules::$rule as u32 }>($rule_name),)*];
                let is_wanted = |name: &str| only.is_none_or(|only| only.name() == name);
                all.into_iter().filter(|property| is_wanted(property.name)).collect()
            }
        }

        $(#[$events_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $events { $(#[doc = $event_name] $event,)* }

        impl $events {
            /// What they are called, in the order of their bits.
            pub(crate) const NAMES: &[&str] = &[$($event_name,)*];
        }

        impl From<$rules> for u32 {
            fn from(rule: $rules) -> Self {
                rule as Self
            }
        }

        impl From<$events> for u32 {
            fn from(event: $events) -> Self {
                event as Self
            }
        }
    };
}
pub(crate) use properties;
