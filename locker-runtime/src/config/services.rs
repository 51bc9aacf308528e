//! Whom messages are handed to: a mail server, an SMS gateway.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use super::pattern::{Pattern, Slot};

/// The mail server that takes messages: usually the provider's own, for which one logs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// Its name or address. Its certificate has to be for this name.
    pub server: String,
    /// Its port; by default 587 with `starttls`, 465 with `tls`, 25 with `none` (RFC 8314, RFC 5321).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// How the connection is sealed.
    #[serde(default)]
    pub tls: MailTls,
    /// The name to log in with; without it nobody logs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The file with the password and nothing else; a line end behind it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// The variable of the environment with the password, in place of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
    /// Who writes, as `Name <address>` or an address alone. Undeliverable mail comes back to it.
    pub from: String,
    /// A PEM file with a certificate authority of one's own; those of the system count besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

/// How the connection to the mail server is sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// By `STARTTLS`; without it nothing is sent.
    #[default]
    StartTls,
    /// From the first byte.
    Tls,
    /// Not at all: codes and password are readable on the way. For a server on the same machine.
    None,
}

impl MailConfig {
    /// The port, given or usual.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            MailTls::StartTls => 587,
            MailTls::Tls => 465,
            MailTls::None => 25,
        })
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let ensure = |good: bool, key, allowed| {
            if good { Ok(()) } else { Err(ConfigError::Range { key, allowed }) }
        };
        let is_host = |host: &str| !host.is_empty() && !host.contains(['/', ':', '@', ' ']);
        ensure(is_host(&self.server), "mail.server", "the name or address of a server, without a port")?;
        ensure(self.port != Some(0), "mail.port", "1 to 65535")?;
        let is_from = self.from.parse::<lettre::message::Mailbox>().is_ok();
        ensure(is_from, "mail.from", "a mail address, such as Sample Motors <keys@example.com>")?;
        let passwords = [self.password_file.is_some(), self.password_env.is_some()];
        let has_one = passwords[0] != passwords[1];
        let is_whole = if self.user.is_some() { has_one } else { passwords == [false, false] };
        ensure(is_whole, "mail.user", "set together with either mail.password_file or mail.password_env")
    }
}

/// The SMS gateway that takes messages: any that takes one HTTP request for one message.
///
/// `url`, `headers` and `body` may hold `{to}` (the number with `+` and calling code), `{text}`, `{id}` (the message's
/// idempotency key) and `{secret}`; headers only the last two. What is filled in is escaped for where it stands. The
/// key goes out as `Idempotency-Key` too.
///
/// ```
/// use locker_runtime::config::Config;
///
/// let sms = "[sms]\nurl = \"https://gateway.example/v1/messages\"\nbody = '{\"to\": \"{to}\", \"message\": \"{text}\"}'";
/// assert!(Config::parse(sms).is_ok());
/// let error = Config::parse(&sms.replace("{text}", "{words}")).unwrap_err();
/// assert_eq!(error.to_string(), "sms.body has {words}; it may have {to}, {text}, {id}, {secret}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsConfig {
    /// Where the request goes, with `http` or `https`.
    pub url: String,
    /// How.
    #[serde(default)]
    pub method: SmsMethod,
    /// Headers, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What the body is: it decides how text is escaped, and the `Content-Type` if `headers` has none.
    #[serde(default)]
    pub format: SmsFormat,
    /// The body; empty with `GET`.
    #[serde(default)]
    pub body: String,
    /// The file with the secret for `{secret}` and nothing else; a line end behind it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_file: Option<PathBuf>,
    /// The variable of the environment with the secret, in place of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_env: Option<String>,
    /// The statuses by which the gateway says that it took the message.
    #[serde(default = "accepted")]
    pub accepted: Vec<u16>,
    /// The statuses by which it says that it will never take it, such as for a number that is none. After any other
    /// the message is tried again.
    #[serde(default = "refused")]
    pub refused: Vec<u16>,
    /// A PEM file with a certificate authority of one's own; those of the system count besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

fn accepted() -> Vec<u16> {
    vec![200, 201, 202, 204]
}

fn refused() -> Vec<u16> {
    vec![400, 422]
}

/// The method of the request to an SMS gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SmsMethod {
    /// `POST`.
    #[default]
    Post,
    /// `PUT`.
    Put,
    /// `GET`: everything stands in the URL.
    Get,
}

/// What the body of the request to an SMS gateway is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsFormat {
    /// JSON: what is filled in stands within quotation marks.
    #[default]
    Json,
    /// A form, `application/x-www-form-urlencoded`.
    Form,
    /// Plain text.
    Text,
}

impl SmsConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let ensure = |good: bool, key, allowed| {
            if good { Ok(()) } else { Err(ConfigError::Range { key, allowed }) }
        };
        let (url, body) = (self.url_pattern()?, self.body_pattern()?);
        let sample = |slot| match slot {
            Slot::To => "+32470000000",
            Slot::Text => "\"1\" \\ é\n",
            Slot::Id | Slot::Secret => "0a1b",
        };
        let is_url = self.url.starts_with("https://") || self.url.starts_with("http://");
        let uri = url.fill(sample).parse::<axum::http::Uri>();
        let has_host = uri.is_ok_and(|uri| uri.host().is_some_and(|host| !host.is_empty()));
        ensure(is_url && has_host, "sms.url", "a URL with http or https")?;
        if self.method == SmsMethod::Get {
            ensure(self.body.is_empty(), "sms.body", "empty with GET")?;
        } else if self.format == SmsFormat::Json {
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&body.fill(sample)).is_ok();
            ensure(is_json, "sms.body", "JSON, with {to} and {text} within quotation marks")?;
        }
        let has = |slot| url.has(slot) || body.has(slot);
        ensure(
            has(Slot::To) && has(Slot::Text),
            "sms.body",
            "a text with {to} and {text}, if sms.url has not",
        )?;
        let mut needs_secret = has(Slot::Secret);
        for (name, value) in self.header_patterns()? {
            let is_name = name.parse::<axum::http::HeaderName>().is_ok();
            let is_value = axum::http::HeaderValue::from_str(&value.fill(sample)).is_ok();
            ensure(is_name && is_value, "sms.headers", "names and values of HTTP headers")?;
            needs_secret |= value.has(Slot::Secret);
        }
        let secrets = [self.secret_file.is_some(), self.secret_env.is_some()];
        let is_whole = if needs_secret { secrets[0] != secrets[1] } else { secrets == [false, false] };
        ensure(is_whole, "sms.secret_file", "set, or sms.secret_env, exactly where {secret} is used")?;
        let are_statuses = |statuses: &[u16]| statuses.iter().all(|status| (200..=599).contains(status));
        ensure(
            !self.accepted.is_empty() && are_statuses(&self.accepted),
            "sms.accepted",
            "statuses, 200 to 599",
        )?;
        let are_apart = self.refused.iter().all(|status| !self.accepted.contains(status));
        ensure(
            are_apart && are_statuses(&self.refused),
            "sms.refused",
            "other statuses than sms.accepted, 200 to 599",
        )
    }

    pub(crate) fn url_pattern(&self) -> Result<Pattern, ConfigError> {
        Pattern::parse("sms.url", &self.url, &Slot::ALL, SmsFormat::Form)
    }

    pub(crate) fn body_pattern(&self) -> Result<Pattern, ConfigError> {
        Pattern::parse("sms.body", &self.body, &Slot::ALL, self.format)
    }

    pub(crate) fn header_patterns(&self) -> Result<Vec<(String, Pattern)>, ConfigError> {
        let parse = |(name, value): (&String, &String)| {
            let value = Pattern::parse("sms.headers", value, &Slot::IN_HEADERS, SmsFormat::Text)?;
            Ok((name.clone(), value))
        };
        self.headers.iter().map(parse).collect()
    }
}
