//! A messenger that sends nothing: what would have gone out is kept in memory, for demos and tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use locker_core::{Channel, Wall};
use tokio::sync::watch;

/// Letters kept; the oldest goes first. They hold codes, so they live in memory alone (CODE-3).
pub const LETTERS_MAX: usize = 100;

/// A message that would have gone out. Has no `Debug`: it holds a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Counted from 1.
    pub id: u64,
    /// When.
    pub at: Wall,
    /// How it would have travelled.
    pub channel: Channel,
    /// To whom.
    pub to: String,
    /// The subject; empty for a text message.
    pub subject: String,
    /// The words.
    pub body: String,
}

/// Letters in memory, newest last. Copies share them.
#[derive(Clone)]
pub struct Mailbox {
    letters: Arc<Mutex<VecDeque<Letter>>>,
    count: Arc<watch::Sender<u64>>,
}

impl Default for Mailbox {
    fn default() -> Self {
        Self { letters: Arc::default(), count: Arc::new(watch::channel(0).0) }
    }
}

impl Mailbox {
    /// All letters, newest first.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }

    /// Says when a letter has come, by their count.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    pub(super) fn put(&self, at: Wall, channel: Channel, to: String, subject: String, body: String) {
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        if letters.len() == LETTERS_MAX {
            letters.pop_front();
        }
        let id = *self.count.borrow() + 1;
        letters.push_back(Letter { id, at, channel, to, subject, body });
        self.count.send_replace(id);
    }
}
