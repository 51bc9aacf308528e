//! The services that take messages: a mail server, an SMS gateway, or the mailbox of the demo.

mod gateway;
mod smtp;

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use locker_core::{Channel, Wall};

use self::gateway::Gateway;
use self::smtp::Smtp;
use super::Mailbox;
use crate::config::{Config, ConfigError};

/// A written message. Has no `Debug`: it holds a code and an address.
#[derive(Clone)]
pub(super) struct Parcel {
    /// The idempotency key, in hexadecimal digits.
    pub(super) key: String,
    pub(super) channel: Channel,
    /// To whom, as the contact was written down.
    pub(super) to: String,
    /// The number as it is dialled from anywhere; `None` if it is none.
    pub(super) dialled: Option<String>,
    /// Empty for a text message.
    pub(super) subject: String,
    pub(super) body: String,
}

/// What a service said to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It took it.
    Accepted,
    /// It will never take it.
    Refused(Why),
    /// It may take it later.
    Later(Why),
}

/// Why a message was not taken. Says nothing of what the service wrote: that may repeat the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The configuration has no service for this channel.
    NoService,
    /// The address or number is none.
    BadAddress,
    /// The code died on the way.
    DeadCode,
    /// No connection, or it broke.
    Unreachable,
    /// No answer in time.
    Silent,
    /// No TLS, or none that can be trusted.
    Tls,
    /// The server offers no `STARTTLS` or no way to log in that is known here.
    NotOffered,
    /// It did not let the kiosk in.
    LogIn(u16),
    /// It answered with this status.
    Answered(u16),
    /// The locker did not make a code.
    NoCode,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoService => f.write_str("no service for this channel is configured"),
            Self::BadAddress => f.write_str("the address is none"),
            Self::DeadCode => f.write_str("the code has died"),
            Self::Unreachable => f.write_str("no connection"),
            Self::Silent => f.write_str("no answer in time"),
            Self::Tls => f.write_str("no trusted TLS"),
            Self::NotOffered => f.write_str("the server offers no STARTTLS or no known way to log in"),
            Self::LogIn(status) => write!(f, "the log-in was answered with {status}"),
            Self::Answered(status) => write!(f, "answered with {status}"),
            Self::NoCode => f.write_str("no code was made"),
        }
    }
}

/// The services of a site.
pub(super) struct Post {
    /// Takes everything if nothing else is configured.
    mailbox: Option<Mailbox>,
    mail: Option<Smtp>,
    sms: Option<Gateway>,
}

impl Post {
    /// Reads secrets and certificates; connects nowhere yet.
    pub(super) fn of(config: &Config, mailbox: &Mailbox) -> Result<Self, ConfigError> {
        let is_demo = config.mail.is_none() && config.sms.is_none();
        Ok(Self {
            mailbox: is_demo.then(|| mailbox.clone()),
            mail: config.mail.as_ref().map(Smtp::of).transpose()?,
            sms: config.sms.as_ref().map(Gateway::of).transpose()?,
        })
    }

    /// Hands a message to its service, and waits for what that says.
    pub(super) async fn hand_over(&self, parcel: &Parcel, at: Wall) -> Outcome {
        if let Some(mailbox) = &self.mailbox {
            let Parcel { channel, to, subject, body, .. } = parcel.clone();
            mailbox.put(at, channel, to, subject, body);
            return Outcome::Accepted;
        }
        match (parcel.channel, &self.mail, &self.sms) {
            (Channel::Mail, Some(mail), _) => mail.hand_over(parcel, at).await,
            (Channel::Sms, _, Some(sms)) => sms.hand_over(parcel).await,
            (Channel::Mail, None, _) | (Channel::Sms, _, None) => Outcome::Refused(Why::NoService),
        }
    }
}

/// Whether TLS is what an error is about, however deep.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>()
        || inner.is_some_and(|inner| is_tls(inner))
        || error.source().is_some_and(is_tls)
}

/// Reads a secret from the file or the variable that is configured.
fn secret(
    file: (&'static str, Option<&Path>),
    variable: (&'static str, Option<&str>),
) -> Result<Option<String>, ConfigError> {
    if let (key, Some(file)) = file {
        let read = std::fs::read_to_string(file);
        let read = read.map_err(|error| ConfigError::Secret { key, why: error.kind().to_string() })?;
        return Ok(Some(read.trim_end_matches(['\r', '\n']).to_owned()));
    }
    let (key, Some(variable)) = variable else { return Ok(None) };
    let read = std::env::var(variable);
    read.map(Some).map_err(|_| ConfigError::Secret { key, why: "the variable is not set".into() })
}

/// Reads a file of certificates.
fn certificates(key: &'static str, file: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(file).map_err(|error| ConfigError::Secret { key, why: error.kind().to_string() })
}
