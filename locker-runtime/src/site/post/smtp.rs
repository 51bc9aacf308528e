//! Mail, to one mail server (RFC 5321), one connection for each message.

use std::time::{Duration, SystemTime};

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use locker_core::Wall;

use super::{Outcome, Parcel, Why, certificates, is_tls, secret};
use crate::config::{ConfigError, MailConfig, MailTls};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may take to say good-bye, after it took the message.
const QUIT: Duration = Duration::from_secs(5);

/// The way to a mail server.
pub(super) struct Smtp {
    server: String,
    port: u16,
    tls: MailTls,
    /// `None` without TLS.
    trust: Option<TlsParameters>,
    log_in: Option<Credentials>,
    from: Mailbox,
}

impl Smtp {
    pub(super) fn of(config: &MailConfig) -> Result<Self, ConfigError> {
        let password = secret(
            ("mail.password_file", config.password_file.as_deref()),
            ("mail.password_env", config.password_env.as_deref()),
        )?;
        let log_in =
            config.user.clone().zip(password).map(|(user, password)| Credentials::new(user, password));
        let trust = match config.tls {
            MailTls::None => None,
            MailTls::StartTls | MailTls::Tls => Some(trust(config)?),
        };
        let from = config.from.parse();
        let from = from.map_err(|_| ConfigError::Range { key: "mail.from", allowed: "a mail address" })?;
        Ok(Self { server: config.server.clone(), port: config.port(), tls: config.tls, trust, log_in, from })
    }

    pub(super) async fn hand_over(&self, parcel: &Parcel, at: Wall) -> Outcome {
        let Some(message) = self.write(parcel, at) else { return Outcome::Refused(Why::BadAddress) };
        // Whatever goes wrong until the server has let us in is about the server, not about this message.
        let mut connection = match self.connect().await {
            Ok(connection) => connection,
            Err(why) => return Outcome::Later(why),
        };
        let outcome = match connection.send(message.envelope(), &message.formatted()).await {
            Ok(_) => Outcome::Accepted,
            Err(error) if error.is_permanent() => Outcome::Refused(why(&error)),
            Err(error) => Outcome::Later(why(&error)),
        };
        // Said apart: a server that never says good-bye has taken the message all the same.
        tokio::spawn(async move { tokio::time::timeout(QUIT, connection.abort()).await });
        outcome
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Why> {
        let hello = ClientId::default();
        let server = (self.server.as_str(), self.port);
        let at_once = self.trust.clone().filter(|_| self.tls == MailTls::Tls);
        let connected =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT), &hello, at_once, None).await;
        let mut connection = connected.map_err(|error| why(&error))?;
        if let (MailTls::StartTls, Some(trust)) = (self.tls, &self.trust) {
            let sealed = connection.starttls(trust.clone(), &hello).await;
            sealed.map_err(|error| why(&error))?;
        }
        if let Some(log_in) = &self.log_in {
            let let_in = connection.auth(DEFAULT_MECHANISMS, log_in).await;
            let_in.map_err(|error| error.status().map_or(why(&error), |code| Why::LogIn(code.into())))?;
        }
        Ok(connection)
    }

    /// The message as it travels; `None` if the address is none.
    fn write(&self, parcel: &Parcel, at: Wall) -> Option<Message> {
        let to: Address = parcel.to.trim().parse().ok()?;
        let date = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(at.0).unwrap_or_default());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(parcel.subject.as_str())
            .date(date)
            .message_id(Some(format!("<{}@{}>", parcel.key, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(parcel.body.clone())
            .ok()?;
        // Nobody's absence note is wanted (RFC 3834).
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".into()));
        Some(message)
    }
}

fn trust(config: &MailConfig) -> Result<TlsParameters, ConfigError> {
    let bad = |key| move |_: Error| ConfigError::Secret { key, why: "no certificates in PEM".into() };
    let mut trust = TlsParameters::builder(config.server.clone());
    if let Some(file) = &config.ca_file {
        let pem = certificates("mail.ca_file", file)?;
        trust = trust.add_root_certificate(Certificate::from_pem(&pem).map_err(bad("mail.ca_file"))?);
    }
    trust.build().map_err(bad("mail.server"))
}

fn why(error: &Error) -> Why {
    match error.status() {
        Some(code) => Why::Answered(code.into()),
        None if error.is_tls() || is_tls(error) => Why::Tls,
        None if error.is_client() => Why::NotOffered,
        None => Why::Unreachable,
    }
}
