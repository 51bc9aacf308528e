//! Two-phase commit, the protocol by which model checkers are usually compared: a transaction manager and `managers`
//! resource managers that agree to commit, or one of them does not (Gray and Lamport, *Consensus on Transaction Commit*,
//! 2004, section 3).

use stateright::{Model, Property};

/// The protocol with this many resource managers, at most 16.
#[derive(Clone, Copy, Debug)]
pub struct TwoPhase {
    /// How many.
    pub managers: u8,
}

/// Where one of them is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stand {
    /// Has not said anything.
    Working,
    /// Has promised to commit.
    Prepared,
    /// Has committed.
    Committed,
    /// Has aborted.
    Aborted,
}

/// Everybody, and what was sent: messages stay, so that each can be late or come twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Everybody {
    stands: Vec<Stand>,
    decided: Option<Stand>,
    /// Promises that were sent, one bit a manager.
    sent: u16,
    /// Promises that the transaction manager has taken in.
    heard: u16,
}

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A manager promises.
    Promise(u8),
    /// A manager will not.
    Withdraw(u8),
    /// The transaction manager takes a promise in.
    Hear(u8),
    /// It has heard all and decides.
    Decide(Stand),
    /// A manager takes the decision in.
    Learn(u8),
}

impl Model for TwoPhase {
    type State = Everybody;
    type Action = Event;

    fn init_states(&self) -> Vec<Everybody> {
        let stands = vec![Stand::Working; usize::from(self.managers)];
        vec![Everybody { stands, decided: None, sent: 0, heard: 0 }]
    }

    fn actions(&self, state: &Everybody, events: &mut Vec<Event>) {
        let is_open = state.decided.is_none();
        if is_open {
            events.push(Event::Decide(Stand::Aborted));
            if state.heard.count_ones() == u32::from(self.managers) {
                events.push(Event::Decide(Stand::Committed));
            }
        }
        for (manager, stand) in (0..).zip(&state.stands) {
            if *stand == Stand::Working {
                events.extend([Event::Promise(manager), Event::Withdraw(manager)]);
            }
            if is_open && state.sent & 1 << manager != 0 {
                events.push(Event::Hear(manager));
            }
            if !is_open {
                events.push(Event::Learn(manager));
            }
        }
    }

    fn next_state(&self, state: &Everybody, event: Event) -> Option<Everybody> {
        let mut next = state.clone();
        let mut set = |manager: u8, stand| {
            if let Some(slot) = next.stands.get_mut(usize::from(manager)) {
                *slot = stand;
            }
        };
        match event {
            Event::Promise(manager) => {
                set(manager, Stand::Prepared);
                next.sent |= 1 << manager;
            }
            Event::Withdraw(manager) => set(manager, Stand::Aborted),
            Event::Hear(manager) => next.heard |= 1 << manager,
            Event::Decide(stand) => next.decided = Some(stand),
            Event::Learn(manager) => set(manager, state.decided?),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::sometimes("all abort", |_, state: &Everybody| {
                state.stands.iter().all(|stand| *stand == Stand::Aborted)
            }),
            Property::sometimes("all commit", |_, state: &Everybody| {
                state.stands.iter().all(|stand| *stand == Stand::Committed)
            }),
            Property::always("nobody commits beside one who aborted", |_, state: &Everybody| {
                !(state.stands.contains(&Stand::Committed) && state.stands.contains(&Stand::Aborted))
            }),
        ]
    }
}
