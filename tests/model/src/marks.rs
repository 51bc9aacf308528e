//! What a step broke, and what it brought about.

use stateright::{Expectation, Model, Property};

/// Marks that a step leaves on the state after it. They are part of the state: otherwise a path that reaches the same
/// machine in another way would hide them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Marks {
    /// Rules that were broken on the way here, one bit each.
    pub broken: u32,
    /// What the last step brought about, one bit each.
    pub happened: u32,
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

/// A state with marks.
pub trait Marked {
    /// The marks.
    fn marks(&self) -> Marks;
}

/// A rule: no step ever leaves this mark.
pub fn always<M: Model, const BIT: u32>(name: &'static str) -> Property<M>
where
    M::State: Marked,
{
    let condition = |_: &M, state: &M::State| state.marks().broken & (1 << BIT) == 0;
    Property { expectation: Expectation::Always, name, condition }
}

/// Some step leaves this mark.
pub fn sometimes<M: Model, const BIT: u32>(name: &'static str) -> Property<M>
where
    M::State: Marked,
{
    let condition = |_: &M, state: &M::State| state.marks().happened & (1 << BIT) != 0;
    Property { expectation: Expectation::Sometimes, name, condition }
}

/// Gives every variant its bit, and makes the properties of a model: rules first, then what has to happen.
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
        }

        $(#[$events_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $events { $(#[doc = $event_name] $event,)* }

        fn properties<M: stateright::Model>() -> Vec<stateright::Property<M>>
        where
            M::State: $crate::marks::Marked,
        {
            vec![
                $($crate::marks::always::<M, { $rules::$rule as u32 }>($rule_name),)*
                $($crate::marks::sometimes::<M, { $events::$event as u32 }>($event_name),)*
            ]
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
