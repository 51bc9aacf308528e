//! What a locker does without a link to the office and the message services, and what not (SAFE-6).
//!
//! Codes that it knows, drops by number and pick-ups go on. What must be sent waits as a wish without a code: it is not
//! handed out by [`Locker::open_messages`](super::Locker::open_messages), gets no code, and has its full time once the link is
//! back. Which link stands is the session's: it is told anew after every start.

use super::Draft;
use super::ask::Link;
use super::durable::Durable;
use super::session::Session;
use crate::time::{Date, Mono};

/// The link as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Linked {
    /// The host has said nothing: it stands, as for a host that knows of no link.
    #[default]
    Untold,
    /// It stands since then.
    Up(Mono),
    /// It is down. With the day on which the work list was last known to be the office's, if it was in this boot.
    Down(Option<Date>),
}

/// The host says how the link stands.
pub(crate) fn changed(draft: &mut Draft<'_>, link: Link) {
    let (mono, today) = (draft.at().mono, draft.now().today);
    let next = match (link, draft.session.link) {
        (Link::Up, Linked::Up(_)) | (Link::Down, Linked::Down(_)) => return,
        (Link::Up, Linked::Untold | Linked::Down(_)) => Linked::Up(mono),
        (Link::Down, Linked::Up(_)) => Linked::Down(Some(today)),
        (Link::Down, Linked::Untold) => Linked::Down(None),
    };
    let was_down = is_down(&draft.session);
    draft.session.link = next;
    if is_down(&draft.session) != was_down {
        draft.session.turn();
    }
}

/// Whether there is no link.
pub(crate) fn is_down(session: &Session) -> bool {
    matches!(session.link, Linked::Down(_))
}

/// Whether a look-up by number is of use: with a PIN to drop it ends in a message, which cannot be sent without a link; and
/// without one only a work list of today's date is looked through.
pub(crate) fn may_look_up(durable: &Durable, session: &Session, today: Date) -> bool {
    match session.link {
        Linked::Untold | Linked::Up(_) => true,
        Linked::Down(list) => !session.settings(durable).two_factor && list == Some(today),
    }
}

/// When a message that is due at `due` has failed: never without a link, and not before it had as long since the link is
/// back.
pub(crate) fn fails_at(session: &Session, due: Mono, within_ms: u64) -> Option<Mono> {
    match session.link {
        Linked::Untold => Some(due),
        Linked::Up(since) => Some(due.max(since.after(within_ms))),
        Linked::Down(_) => None,
    }
}
