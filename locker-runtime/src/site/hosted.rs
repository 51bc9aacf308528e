//! How each machine is told of the host's own events.

use locker_core::office::{self, Office};
use locker_core::{Locker, Told};

use crate::task::{Hosted, Store};

impl Hosted for Locker {
    fn tick() -> Told {
        Told::Tick
    }

    fn store(store: Store) -> Told {
        Told::Store(match store {
            Store::Up => locker_core::Store::Up,
            Store::Low => locker_core::Store::Low,
            Store::Down => locker_core::Store::Down,
        })
    }

    fn torn() -> Option<Told> {
        Some(Told::Torn)
    }
}

impl Hosted for Office {
    fn tick() -> office::Told {
        office::Told::Tick
    }

    fn store(_: Store) -> office::Told {
        // The office drives nothing; that it cannot record is said by whoever asks it.
        office::Told::Tick
    }
}
