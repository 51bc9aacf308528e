//! Sends what the machines want sent: asks for the code, writes the words, hands them over, says what became of it.
//!
//! The queue is the machines' own: what waits stands in their journals and is read off them. Here is only what may die
//! with the process: when the next try is due, and the words, which hold a code (CODE-3). So a message goes out at least
//! once, each try of the same words under the same idempotency key, and never with a code that is dead at hand-over.

use std::collections::BTreeMap;
use std::sync::Arc;

use locker_core::office::{self, Office, WishKind};
use locker_core::text::{self, CodeMessage, LocationMail};
use locker_core::{Answer, Ask, Channel, Delivery, Locker, MessageId, Mono, OpenMessage, Told};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use super::post::{Outcome, Parcel, Post, Why};
use super::{LockerHandle, OfficeHandle};
use crate::clock::{self, Clock};
use crate::task::{AskError, Undone};

/// The first wait after a failure; each further one is twice as long.
const AGAIN_MS: u64 = 1_000;
/// The longest wait.
const AGAIN_MS_MAX: u64 = 5 * 60 * 1_000;
/// How long one try may take. A message that somebody waits for is given up before (DROP-7).
const TRY_MS: u64 = 60_000;
/// Tries after a failure that go on at once, so that a sick server is not run over when it comes back. First tries do
/// not wait for them: somebody may stand there.
const RETRIES_MAX: usize = 4;
/// How long the tries that go on get when the site stops.
const STOP_MS: u64 = 2_000;

/// What waits to be sent, by its number at its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Message(MessageId),
    Wish(u64),
}

/// How far an item is.
enum State {
    /// Until the next try, if there was one.
    Waits,
    /// A try goes on.
    Goes(AbortHandle),
    /// The service has spoken; the machine is to be told.
    Over(Delivery),
    /// The machine was told.
    Told,
}

struct Entry {
    state: State,
    /// Tries that have failed, of the service or of the journal.
    failures: u32,
    due: Mono,
    /// The words of a message, once there are some.
    parcel: Option<Parcel>,
}

/// Sends the messages of a locker and of its office.
pub(super) struct Messenger {
    pub(super) locker: LockerHandle,
    pub(super) office: OfficeHandle,
    pub(super) post: Arc<Post>,
    pub(super) clock: Arc<dyn Clock>,
}

struct Round {
    site: Messenger,
    entries: BTreeMap<Item, Entry>,
    tries: JoinSet<(Item, Outcome)>,
}

impl Messenger {
    /// Runs until told to stop.
    pub(super) async fn run(self, mut stopping: watch::Receiver<bool>) {
        let (mut locker_view, mut office_view) = (self.locker.view(), self.office.view());
        let mut round = Round { site: self, entries: BTreeMap::new(), tries: JoinSet::new() };
        while !*stopping.borrow() {
            let locker = locker_view.borrow_and_update().shown.clone();
            let office = office_view.borrow_and_update().shown.clone();
            round.look(locker.as_deref(), office.as_deref()).await;
            let clock = Arc::clone(&round.site.clock);
            let due = round.next_due();
            tokio::select! {
                _ = stopping.changed() => {}
                changed = locker_view.changed() => if changed.is_err() { break },
                changed = office_view.changed() => if changed.is_err() { break },
                Some(ended) = round.tries.join_next() => round.ended(ended.ok()),
                () = clock.wait_until(due.unwrap_or_default()), if due.is_some() => {}
            }
        }
        round.stop().await;
    }
}

impl Round {
    /// Forgets what does not wait any more, begins what is due. A machine that is not there now keeps its items.
    async fn look(&mut self, locker: Option<&Locker>, office: Option<&Office>) {
        let open = locker.map(Locker::open_messages);
        let wishes = office.map(Office::wishes);
        let waits = |item: &Item| match item {
            Item::Message(id) => open.as_ref().is_none_or(|open| open.iter().any(|open| open.message == *id)),
            Item::Wish(id) => wishes.as_ref().is_none_or(|wishes| wishes.iter().any(|wish| wish.id == *id)),
        };
        self.entries.retain(|item, entry| {
            // Given up, or its code has died: what is not handed over yet shall not be.
            if !waits(item) {
                entry.stop();
            }
            waits(item)
        });
        if let Some(locker) = locker {
            for open in open.unwrap_or_default() {
                let item = Item::Message(open.message);
                self.stop_if_dead(item, locker);
                while self.is_due(item) {
                    self.message(item, &open, locker).await;
                }
            }
        }
        if let Some(office) = office {
            for wish in wishes.unwrap_or_default() {
                while self.is_due(Item::Wish(wish.id)) {
                    self.wish(&wish, office).await;
                }
            }
        }
    }

    /// Whether something is to be done about an item now.
    fn is_due(&mut self, item: Item) -> bool {
        let now = self.site.clock.now().mono;
        let retries = self.entries.values().filter(|entry| entry.is_retry()).count();
        let entry = self.entries.entry(item).or_insert_with(Entry::new);
        match entry.state {
            State::Waits => entry.due <= now && (entry.failures == 0 || retries < RETRIES_MAX),
            State::Over(_) => entry.due <= now,
            State::Goes(_) | State::Told => false,
        }
    }

    /// Ends a try whose code has died, or has been replaced, since it began.
    fn stop_if_dead(&mut self, item: Item, locker: &Locker) {
        let Some(entry) = self.entries.get_mut(&item) else { return };
        let Some(parcel) = &entry.parcel else { return };
        if matches!(entry.state, State::Waits | State::Goes(_))
            && key_of(item, locker) != Some(parcel.key.clone())
        {
            entry.stop();
            entry.over(item, Outcome::Refused(Why::DeadCode), Mono(0));
        }
    }

    async fn message(&mut self, item: Item, open: &OpenMessage, locker: &Locker) {
        let Some(entry) = self.entries.get_mut(&item) else { return };
        let now = self.site.clock.now();
        if let State::Over(outcome) = entry.state {
            let told = self.site.locker.note(Told::Delivery { message: open.message, outcome }).await;
            return entry.told(told, now.mono);
        }
        if entry.parcel.is_none() {
            match self.site.write(item, open, locker).await {
                Ok(parcel) => entry.parcel = Some(parcel),
                Err(outcome) => return entry.over(item, outcome, now.mono),
            }
        }
        self.go(item);
    }

    async fn wish(&mut self, wish: &office::Wish, office: &Office) {
        let item = Item::Wish(wish.id);
        let Some(entry) = self.entries.get_mut(&item) else { return };
        let now = self.site.clock.now().mono;
        let location = office.location();
        if location.mail.is_empty() {
            // Nobody is to be told.
            entry.state = State::Over(Delivery::Accepted);
        }
        if let State::Over(_) = entry.state {
            let told = self.site.office.note(office::Told::WishDone { wish: wish.id }).await;
            return entry.told(told, now);
        }
        // Written anew for each try: the location may have got another address since.
        let words = match wish.kind {
            WishKind::HelpNotHandled { .. } => LocationMail::HelpNotHandled,
            WishKind::SecurityCodeLocked { .. } => LocationMail::SecurityCodeLocked,
            WishKind::KeyMissing { box_no, .. } => LocationMail::KeyMissing { box_no },
            WishKind::KeyUncollected { box_no, .. } => LocationMail::KeyUncollected { box_no },
        };
        let mail = text::location_mail(location.locale, words);
        entry.parcel = Some(Parcel {
            key: hex(office.wish_key(wish.id)),
            channel: Channel::Mail,
            to: location.mail.clone(),
            dialled: None,
            subject: mail.subject,
            body: mail.body,
        });
        self.go(item);
    }

    /// Begins a try.
    fn go(&mut self, item: Item) {
        let Some(entry) = self.entries.get_mut(&item) else { return };
        let Some(parcel) = entry.parcel.clone() else { return };
        let (post, clock) = (Arc::clone(&self.site.post), Arc::clone(&self.site.clock));
        let now = clock.now();
        entry.state = State::Goes(self.tries.spawn(async move {
            let outcome = tokio::select! {
                outcome = post.hand_over(&parcel, now.wall) => outcome,
                () = clock.wait_until(Mono(now.mono.0 + TRY_MS)) => Outcome::Later(Why::Silent),
            };
            (item, outcome)
        }));
    }

    /// A try has ended; `None` if it was stopped.
    fn ended(&mut self, ended: Option<(Item, Outcome)>) {
        let now = self.site.clock.now().mono;
        let Some((item, outcome)) = ended else { return };
        if let Some(entry) = self.entries.get_mut(&item)
            && matches!(entry.state, State::Goes(_))
        {
            entry.over(item, outcome, now);
        }
    }

    /// When something is next to be done, unless a machine speaks first.
    fn next_due(&self) -> Option<Mono> {
        let waits = |entry: &&Entry| matches!(entry.state, State::Waits | State::Over(_));
        let has_room = self.entries.values().filter(|entry| entry.is_retry()).count() < RETRIES_MAX;
        let can_go = |entry: &&Entry| has_room || !matches!(entry.state, State::Waits);
        let due = self.entries.values().filter(waits).filter(can_go).map(|entry| entry.due).min();
        // What is overdue after a look waits for a machine that is not there.
        let now = self.site.clock.now().mono;
        due.map(|due| if due > now { due } else { Mono(now.0 + AGAIN_MS) })
    }

    /// Lets what goes on come to its end, so that what was taken is not sent again after the restart.
    async fn stop(mut self) {
        let clock = Arc::clone(&self.site.clock);
        let until = Mono(clock.now().mono.0 + STOP_MS);
        loop {
            tokio::select! {
                ended = self.tries.join_next() => match ended {
                    Some(ended) => self.ended(ended.ok()),
                    None => break,
                },
                () = clock.wait_until(until) => break,
            }
        }
        let over = self.entries.iter().filter_map(|(item, entry)| match entry.state {
            State::Over(outcome) => Some((*item, outcome)),
            State::Waits | State::Goes(_) | State::Told => None,
        });
        for (item, outcome) in over {
            // What cannot be recorded now goes out once more after the restart.
            let _ = match item {
                Item::Message(message) => self.site.locker.note(Told::Delivery { message, outcome }).await,
                Item::Wish(wish) => self.site.office.note(office::Told::WishDone { wish }).await,
            };
        }
    }
}

impl Entry {
    const fn new() -> Self {
        Self { state: State::Waits, failures: 0, due: Mono(0), parcel: None }
    }

    const fn is_retry(&self) -> bool {
        matches!(self.state, State::Goes(_)) && self.failures > 0
    }

    /// Breaks a try off. A server that has not had the last line yet does not send.
    fn stop(&self) {
        if let State::Goes(going) = &self.state {
            going.abort();
        }
    }

    fn over(&mut self, item: Item, outcome: Outcome, now: Mono) {
        let channel = self.parcel.as_ref().map(|parcel| tracing::field::debug(parcel.channel));
        match outcome {
            Outcome::Accepted => {
                tracing::info!(?item, channel, tries = self.failures + 1, "a message was taken");
                self.settle(Delivery::Accepted);
            }
            Outcome::Refused(why) => {
                tracing::warn!(?item, channel, %why, "a message was not taken and is given up");
                self.settle(Delivery::Refused);
            }
            Outcome::Later(why) => {
                self.state = State::Waits;
                let wait_ms = self.fail(now);
                let tries = self.failures;
                tracing::warn!(?item, channel, %why, tries, wait_ms, "a message was not taken and is tried again");
            }
        }
    }

    fn settle(&mut self, outcome: Delivery) {
        self.state = State::Over(outcome);
        self.due = Mono(0);
        // The code is not needed any more.
        self.parcel = None;
    }

    fn told(&mut self, told: Result<(), Undone>, now: Mono) {
        if told.is_ok() {
            self.state = State::Told;
        } else {
            self.fail(now);
        }
    }

    /// Waits twice as long as the time before.
    fn fail(&mut self, now: Mono) -> u64 {
        let wait_ms = again_ms(self.failures);
        self.failures = self.failures.saturating_add(1);
        self.due = Mono(now.0 + wait_ms);
        wait_ms
    }
}

impl Messenger {
    /// Writes a message, with the code that the locker makes for it.
    async fn write(&self, item: Item, open: &OpenMessage, locker: &Locker) -> Result<Parcel, Outcome> {
        let pin = if open.template.has_code() { Some(self.code(open.message).await?) } else { None };
        // The key is that of the new code, so it is read off the newest machine.
        let newest = self.locker.view().borrow().shown.clone();
        let key = newest.and_then(|machine| key_of(item, &machine)).ok_or(Outcome::Later(Why::NoCode))?;
        let location = self.office.view().borrow().shown.as_ref().map(|office| office.location().clone());
        let location = location.unwrap_or_default();
        let words = CodeMessage {
            template: open.template,
            pin: pin.as_deref().unwrap_or_default(),
            locker: &locker.name(),
            location: Some(location.name.as_str()).filter(|name| !name.is_empty()),
            appointment: open.appointment,
            minutes: open.minutes,
            telephone: &location.telephone,
        };
        let (subject, body) = match open.to.channel {
            Channel::Mail => {
                let mail = text::mail(open.locale, &words);
                (mail.subject, mail.body)
            }
            Channel::Sms => (String::new(), text::sms(open.locale, &words)),
        };
        let (channel, to) = (open.to.channel, open.to.address.clone());
        Ok(Parcel { key, channel, dialled: locker.dialled(&to), to, subject, body })
    }

    async fn code(&self, message: MessageId) -> Result<String, Outcome> {
        match self.locker.ask(Ask::MakeCode { message, fresh: clock::fresh() }).await {
            Ok(Answer::Code { pin, .. }) => Ok(String::from_utf8_lossy(pin.reveal()).into_owned()),
            Ok(
                Answer::Done
                | Answer::Denied(_)
                | Answer::Opens(_)
                | Answer::Temporary { .. }
                | Answer::Enrolled { .. },
            )
            | Err(AskError::Refused(_)) => Err(Outcome::Refused(Why::NoCode)),
            Err(AskError::Undone(_)) => Err(Outcome::Later(Why::NoCode)),
        }
    }
}

/// The idempotency key under which an item of the locker goes out now.
fn key_of(item: Item, locker: &Locker) -> Option<String> {
    match item {
        Item::Message(message) => locker.message_key(message).map(hex),
        Item::Wish(_) => None,
    }
}

fn hex(key: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(key))
}

/// How long to wait after so many earlier failures.
fn again_ms(failures: u32) -> u64 {
    AGAIN_MS.saturating_mul(2_u64.saturating_pow(failures)).min(AGAIN_MS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_last_up_to_five_minutes() {
        let waits = [0, 1, 2, 3, 8, 9, 63, u32::MAX].map(again_ms);
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000, 300_000]);
    }
}
