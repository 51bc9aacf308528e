//! How each machine is told of the host's own events.

use locker_core::office::{self, Office};
use locker_core::{Locker, Told};

use crate::task::{Hosted, Store};

impl Hosted for Locker {
    fn tick() -> Told {
        Told::Tick
    }

    fn store(store: Store) -> Told {
        Told::Store(as_told(store))
    }

    fn torn() -> Option<Told> {
        Some(Told::Torn)
    }
}

impl Hosted for Office {
    fn tick() -> office::Told {
        office::Told::Tick
    }

    fn store(store: Store) -> office::Told {
        office::Told::Store(as_told(store))
    }
}

fn as_told(store: Store) -> locker_core::Store {
    match store {
        Store::Up => locker_core::Store::Up,
        Store::Low => locker_core::Store::Low,
        Store::Down => locker_core::Store::Down,
    }
}
