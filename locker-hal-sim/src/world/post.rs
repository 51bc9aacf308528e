//! The messenger of a locker: asks for the code of each message that waits, hands it over, says what became of it.

use locker_core::{Answer, Ask, Delivery, OpenMessage, Template, Told};

use super::deed::Post;
use super::stage::{Mail, Seen, Stage};

/// A message that was not got rid of is tried again after this many milliseconds.
const AGAIN_MS: u64 = 5_000;

impl Stage {
    /// Sends what waits at a locker.
    pub(super) fn send_mail(&mut self, index: usize) {
        let open = self.sites[index].host.machine.as_ref().map(locker_core::Locker::open_messages);
        let open = open.unwrap_or_default();
        if open.is_empty() {
            return;
        }
        if self.sites[index].post == Post::Silent || !self.sites[index].host.serves(self.now) {
            self.sites[index].post_at = Some(self.now + AGAIN_MS);
            return;
        }
        for message in &open {
            self.send_one(index, message);
            if self.sites[index].host.machine.is_none() {
                return;
            }
        }
        let left =
            self.sites[index].host.machine.as_ref().is_some_and(|locker| !locker.open_messages().is_empty());
        if left {
            self.sites[index].post_at = Some(self.now + AGAIN_MS);
        }
    }

    fn send_one(&mut self, index: usize, open: &OpenMessage) {
        let message = open.message;
        let fresh = self.fresh();
        let post = self.sites[index].post;
        let mut outcome = Delivery::Refused;
        if post != Post::Refuses && !open.template.has_code() {
            self.hand_over(index, open, b"");
            outcome = Delivery::Accepted;
        } else if post != Post::Refuses {
            let code = self.sites[index].host.ask(self.now, Ask::MakeCode { message, fresh });
            self.after(index, code.as_ref().err().copied());
            if let Ok(Answer::Code { pin, .. }) = code {
                self.hand_over(index, open, pin.reveal());
                outcome = Delivery::Accepted;
            }
        }
        if self.sites[index].host.machine.is_none() || post == Post::AnswerLost && self.dice.bool() {
            return;
        }
        if post == Post::Denies {
            outcome = Delivery::Refused;
        }
        let done = self.sites[index].host.note(self.now, Told::Delivery { message, outcome });
        self.after(index, done.err());
    }

    /// The service has the message: nothing takes it back.
    pub(super) fn hand_over(&mut self, index: usize, open: &OpenMessage, pin: &[u8]) {
        if self.lie.as_mut().is_some_and(|lie| lie.loses_mail()) {
            return;
        }
        let mail = Mail {
            at: self.now,
            locker: self.sites[index].id,
            message: open.message,
            to: open.to.address.clone(),
            pin: String::from_utf8_lossy(pin).into_owned(),
            check_in: open.template == Template::CheckInPin,
        };
        self.mail.push(mail);
        let index = self.mail.len() - 1;
        self.see(Seen::Mailed { index });
    }
}
