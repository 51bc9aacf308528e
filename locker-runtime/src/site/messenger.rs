//! Sends what the machines want sent: asks for the code, writes the words, hands them over, says what became of it.

use std::sync::Arc;

use locker_core::office::{self, WishKind};
use locker_core::text::{self, CodeMessage, LocationMail};
use locker_core::{Answer, Ask, Channel, Delivery, Locker, OpenMessage, Secret, Told};
use tokio::sync::watch;

use super::{LockerHandle, Mailbox, OfficeHandle};
use crate::clock::{self, Clock};

/// Runs until told to stop.
pub(super) async fn run(
    locker: LockerHandle,
    office: OfficeHandle,
    mailbox: Mailbox,
    clock: Arc<dyn Clock>,
    mut stopping: watch::Receiver<bool>,
) {
    let (mut locker_view, mut office_view) = (locker.view(), office.view());
    loop {
        let shown = locker_view.borrow_and_update().shown.clone();
        if let Some(machine) = shown {
            for message in machine.open_messages() {
                send(&locker, &office, &machine, &mailbox, &*clock, &message).await;
            }
        }
        tell_location(&office, &mailbox, &*clock).await;
        tokio::select! {
            _ = stopping.changed() => return,
            changed = locker_view.changed() => if changed.is_err() { return },
            changed = office_view.changed() => if changed.is_err() { return },
        }
    }
}

/// The code is made when the message is sent; the locker forgets the message only when it was handed over.
async fn send(
    locker: &LockerHandle,
    office: &OfficeHandle,
    machine: &Locker,
    mailbox: &Mailbox,
    clock: &dyn Clock,
    open: &OpenMessage,
) {
    let message = open.message;
    let code = if open.template.has_code() {
        locker.ask(Ask::MakeCode { message, fresh: clock::fresh() }).await
    } else {
        Ok(Answer::Code { message, pin: Secret::new(Vec::new()) })
    };
    let outcome = match code {
        Ok(Answer::Code { pin, .. }) => {
            let location = office.view().borrow().shown.as_ref().map(|office| office.location().clone());
            let location = location.unwrap_or_default();
            let pin = String::from_utf8_lossy(pin.reveal()).into_owned();
            let words = CodeMessage {
                template: open.template,
                pin: &pin,
                locker: &machine.name(),
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
            mailbox.put(clock.now().wall, open.to.channel, open.to.address.clone(), subject, body);
            Delivery::Accepted
        }
        Ok(Answer::Done | Answer::Denied(_) | Answer::Opens(_)) | Err(_) => Delivery::Refused,
    };
    // Not recorded: the message is still open and goes out again, with a new code.
    let _ = locker.note(Told::Delivery { message, outcome }).await;
}

/// What the location is to be told by mail (HELP-3, CODE-6).
async fn tell_location(office: &OfficeHandle, mailbox: &Mailbox, clock: &dyn Clock) {
    let Some(machine) = office.view().borrow().shown.clone() else { return };
    for wish in machine.wishes() {
        let location = machine.location();
        if !location.mail.is_empty() {
            let words = match wish.kind {
                WishKind::HelpNotHandled { .. } => LocationMail::HelpNotHandled,
                WishKind::SecurityCodeLocked { .. } => LocationMail::SecurityCodeLocked,
                WishKind::KeyMissing { box_no, .. } => LocationMail::KeyMissing { box_no },
            };
            let mail = text::location_mail(location.locale, words);
            mailbox.put(clock.now().wall, Channel::Mail, location.mail.clone(), mail.subject, mail.body);
        }
        if office.note(office::Told::WishDone { wish: wish.id }).await.is_err() {
            return;
        }
    }
}
