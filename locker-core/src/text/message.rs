//! The messages that carry a code, by mail and by text message.

use core::fmt;
use std::string::String;
use std::vec;
use std::vec::Vec;

use super::catalogue::say;
use super::gsm::{SMS_SEPTETS_MAX, fold, septets};
use crate::exchange::Template;
use crate::ids::BoxNo;
use crate::locker::CHECK_IN_DAYS;
use crate::screen::{Locale, Text, Value};
use crate::time::{Date, TimeOfDay};

/// What a message with a code says.
#[derive(Clone, Copy)]
pub struct CodeMessage<'a> {
    /// What it is for.
    pub template: Template,
    /// The digits of the code; empty for a message that [carries none](Template::has_code).
    pub pin: &'a str,
    /// The locker's name.
    pub locker: &'a str,
    /// The location's name, if the sender knows it.
    pub location: Option<&'a str>,
    /// The appointment's day and first time.
    pub appointment: Option<(Date, TimeOfDay)>,
    /// How long the code lives, in minutes, if it lives that way.
    pub minutes: Option<u16>,
    /// The location's telephone number; empty if there is none.
    pub telephone: &'a str,
}

impl fmt::Debug for CodeMessage<'_> {
    /// Neither the code nor anything about a person is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodeMessage({:?})", self.template)
    }
}

impl CodeMessage<'_> {
    /// The last day of a code that dies by date (DROP-16).
    fn last_day(&self) -> Option<Date> {
        match self.template {
            Template::DropPin | Template::PickUpPin | Template::PickUpReminder | Template::PickUpOff => None,
            Template::CheckInPin => self.appointment.map(|(day, _)| day.plus_days(CHECK_IN_DAYS)),
        }
    }
}

/// A mail in plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its subject; without the code, which would show on a locked telephone.
    pub subject: String,
    /// Its body: lines of text, paragraphs apart by an empty line.
    pub body: String,
}

impl fmt::Debug for Mail {
    /// The body has a code, so nothing is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail(..)")
    }
}

/// What a location is told by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationMail {
    /// A call for help was not handled within three minutes (HELP-3).
    HelpNotHandled,
    /// A user and a tablet are locked out of the security code (CODE-6).
    SecurityCodeLocked,
    /// A key is missing: its box was found empty (BOX-13).
    KeyMissing {
        /// The box.
        box_no: BoxNo,
    },
    /// Nobody has collected a key for 30 days (PICK-4).
    KeyUncollected {
        /// The box.
        box_no: BoxNo,
    },
}

/// Writes a mail to the location.
#[must_use]
pub fn location_mail(locale: Locale, mail: LocationMail) -> Mail {
    let (subject, body) = match mail {
        LocationMail::HelpNotHandled => {
            (Text::new("mail-office-help-subject"), Text::new("mail-office-help"))
        }
        LocationMail::SecurityCodeLocked => {
            (Text::new("mail-office-code-locked-subject"), Text::new("mail-office-code-locked"))
        }
        LocationMail::KeyMissing { box_no } => {
            (Text::new("mail-office-missing-subject"), Text::new("mail-office-missing").with("box", box_no))
        }
        LocationMail::KeyUncollected { box_no } => (
            Text::new("mail-office-uncollected-subject"),
            Text::new("mail-office-uncollected").with("box", box_no),
        ),
    };
    Mail { subject: say(locale, &subject), body: say(locale, &body) }
}

/// Writes the mail that carries a code.
///
/// ```
/// use locker_core::{Template, screen::Locale, text};
///
/// let mail = text::mail(Locale::En, &text::CodeMessage {
///     template: Template::DropPin,
///     pin: "490216",
///     locker: "Front door",
///     location: None,
///     appointment: None,
///     minutes: Some(30),
///     telephone: "",
/// });
/// assert_eq!(mail.subject, "Your code to drop your key");
/// assert!(mail.body.contains("\n490216\n"));
/// assert!(!mail.subject.contains("490216"));
/// ```
#[must_use]
pub fn mail(locale: Locale, message: &CodeMessage<'_>) -> Mail {
    let (subject, why) = match message.template {
        Template::DropPin => (Text::new("mail-drop-pin-subject"), Text::new("mail-drop-pin")),
        Template::CheckInPin => (Text::new("mail-check-in-pin-subject"), Text::new("mail-check-in-pin")),
        Template::PickUpPin => (Text::new("mail-pick-up-pin-subject"), Text::new("mail-pick-up-pin")),
        Template::PickUpReminder => {
            (Text::new("mail-pick-up-reminder-subject"), Text::new("mail-pick-up-reminder"))
        }
        Template::PickUpOff => (Text::new("mail-pick-up-off-subject"), Text::new("mail-pick-up-off")),
    };
    let code = Text::new("mail-code").with("pin", message.pin);
    let [how, keep] = advice(message.template);
    let paragraphs = [
        vec![Text::new("mail-hello")],
        vec![why],
        if message.template.has_code() { vec![code] } else { vec![] },
        life(message),
        place(message),
        how,
        keep,
        question(message),
        vec![Text::new("mail-bye")],
    ];
    let say = |text: &Text| say(locale, text);
    let paragraph = |lines: &Vec<Text>| lines.iter().map(say).collect::<Vec<_>>().join("\n");
    let written = paragraphs.iter().filter(|lines| !lines.is_empty()).map(paragraph);
    let body = written.collect::<Vec<_>>().join("\n\n") + "\n";
    Mail { subject: say(&subject), body }
}

/// What to do with the code, and to keep it; nothing where there is none.
fn advice(template: Template) -> [Vec<Text>; 2] {
    match template {
        Template::DropPin | Template::CheckInPin => {
            [vec![Text::new("mail-how")], vec![Text::new("mail-keep")]]
        }
        Template::PickUpPin | Template::PickUpReminder => {
            [vec![Text::new("mail-how-pick-up")], vec![Text::new("mail-keep-pick-up")]]
        }
        Template::PickUpOff => [vec![], vec![]],
    }
}

fn life(message: &CodeMessage<'_>) -> Vec<Text> {
    let minutes = |minutes| Text::new("mail-valid-minutes").with("minutes", u64::from(minutes));
    let last_day = |day: Date| Text::new("mail-valid-until").with("date", day);
    message.minutes.map(minutes).or_else(|| message.last_day().map(last_day)).into_iter().collect()
}

fn place(message: &CodeMessage<'_>) -> Vec<Text> {
    let when =
        |(day, time): (Date, TimeOfDay)| Text::new("mail-appointment").with("date", day).with("time", time);
    let place = match message.location {
        Some(location) => {
            Text::new("mail-where-at").with("locker", message.locker).with("location", location)
        }
        None => Text::new("mail-where").with("locker", message.locker),
    };
    message.appointment.map(when).into_iter().chain([place]).collect()
}

fn question(message: &CodeMessage<'_>) -> Vec<Text> {
    let telephone = message.telephone;
    let call = || Text::new("mail-telephone").with("telephone", telephone);
    (!telephone.is_empty()).then(call).into_iter().collect()
}

/// Writes the text message that carries a code: at most [`SMS_SEPTETS_MAX`] septets of the GSM alphabet. The code
/// comes first; then, as far as they fit, how long it lives, the telephone number, and where the locker is.
///
/// ```
/// use locker_core::{Template, screen::Locale, text};
///
/// let sms = text::sms(Locale::En, &text::CodeMessage {
///     template: Template::DropPin,
///     pin: "490216",
///     locker: "Front door",
///     location: None,
///     appointment: None,
///     minutes: Some(30),
///     telephone: "",
/// });
/// assert_eq!(sms, "490216 is your code to drop your key. Locker: Front door. Valid for 30 minutes.");
/// ```
#[must_use]
pub fn sms(locale: Locale, message: &CodeMessage<'_>) -> String {
    let locker: String = message.locker.chars().take(LOCKER_CHARS_MAX).collect();
    let locker = Value::Words(locker);
    let first = match message.template {
        Template::DropPin | Template::CheckInPin => {
            Text::new("sms-pin").with("pin", message.pin).with("locker", locker)
        }
        Template::PickUpPin | Template::PickUpReminder => {
            Text::new("sms-pick-up-pin").with("pin", message.pin).with("locker", locker)
        }
        Template::PickUpOff => Text::new("sms-pick-up-off").with("locker", locker),
    };
    let minutes = |minutes| Text::new("sms-valid-minutes").with("minutes", u64::from(minutes));
    let last_day = |day: Date| Text::new("sms-valid-until").with("date", day);
    let location = |location| Text::new("sms-where-at").with("location", location);
    let telephone = Some(message.telephone).filter(|telephone| !telephone.is_empty());
    let more = [
        message.minutes.map(minutes).or_else(|| message.last_day().map(last_day)),
        telephone.map(|telephone| Text::new("sms-telephone").with("telephone", telephone)),
        message.location.map(location),
    ];
    let mut sms = fold(&say(locale, &first));
    for text in more.iter().flatten() {
        let longer = std::format!("{sms} {}", fold(&say(locale, text)));
        if septets(&longer).is_some_and(|septets| septets <= SMS_SEPTETS_MAX) {
            sms = longer;
        }
    }
    sms
}

/// A locker's name has no more characters than this; a longer one is cut, so that the code always fits.
const LOCKER_CHARS_MAX: usize = 40;
