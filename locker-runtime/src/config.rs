//! The deployment's configuration: paths, listeners, the cabinet's driver. What the locker does is set at the office.

mod boards;
mod pattern;
mod services;

use std::net::SocketAddr;
use std::path::PathBuf;

use locker_core::Profile;
use serde::{Deserialize, Serialize};

pub use boards::{
    Bias, BoardConfig, BoardDriver, BoardsError, DoorInputs, Echo, Framing, GroupOrder, ItemInputs,
    ItemSensor, LineConfig, Parity, Polarity, PortConfig, RelayProfile, SoftwarePulse,
};
pub(crate) use pattern::{Pattern, Slot};
pub use services::{MailConfig, MailTls, SmsConfig, SmsFormat, SmsMethod};

/// The version of the configuration format written today.
pub const CONFIG_VERSION: u32 = 1;

/// The whole configuration; every key has a default. An unknown key is refused by its name.
///
/// ```
/// use locker_runtime::config::Config;
///
/// let config = Config::parse("listen = \"127.0.0.1:9000\"").unwrap();
/// assert_eq!(config.listen.port(), 9000);
/// let error = Config::parse("lisen = \"127.0.0.1:9000\"").unwrap_err();
/// assert!(error.to_string().contains("lisen"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The format of this file; only 1 is known.
    pub config_version: u32,
    /// Where journal and vault lie. Closed to everybody but its owner.
    pub data: PathBuf,
    /// Where office and tablets are served; on a loopback address the kiosk's own pages too.
    pub listen: SocketAddr,
    /// Where the kiosk's own pages, the simulated cabinet and the mailbox are served when `listen` is not a loopback
    /// address. Must be one.
    pub local: SocketAddr,
    /// The location's time zone, by its IANA name.
    pub zone: String,
    /// Whether the system's clock is kept right by somebody (NTP, a radio clock). If not, the locker doubts it at
    /// every start until the office confirms it (SAFE-7).
    pub clock_confirmed: bool,
    /// What an empty journal begins with: `demo` (believable people and work orders of today), `empty`, or the path of
    /// an import file.
    pub seed: String,
    /// Which edition of the rules an empty journal begins with: `standard` or `classic`. Afterwards the location's setting
    /// counts.
    pub profile: Profile,
    /// Whether a [trace](crate::trace) of the locker is written beside the journal, for testers.
    pub trace: bool,
    /// The cabinet.
    pub cabinet: CabinetConfig,
    /// The mail server. With neither this nor `sms`, messages go nowhere but to the mailbox in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailConfig>,
    /// The SMS gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<SmsConfig>,
}

/// Which cabinet hangs on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CabinetConfig {
    /// What drives it.
    pub driver: Driver,
    /// Boxes: 1 to 255.
    pub boxes: u8,
    /// Columns in which they are numbered, from the top left: 1 to 255.
    pub columns: u8,
    /// How long a lock is energised, in milliseconds: 100 to 2,000 (BOX-8).
    pub pulse_ms: u16,
    /// Where the simulated cabinet of its own process listens, for `simulated_process`.
    pub address: SocketAddr,
    /// The socket of the guard process, for boards without a pulse of their own (BOX-8).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<PathBuf>,
    /// The ports that boards hang on, for `boards`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<PortConfig>,
    /// The boards, for `boards`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub boards: Vec<BoardConfig>,
}

/// What drives the cabinet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// A simulated cabinet in this process.
    Simulated,
    /// A simulated cabinet in a process of its own (`sim-cabinet`), so that doors and keys outlive this one.
    SimulatedProcess,
    /// Real boards: those of `[[cabinet.boards]]`.
    Boards,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            config_version: CONFIG_VERSION,
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            local: SocketAddr::from(([127, 0, 0, 1], 8081)),
            zone: String::from("Europe/Brussels"),
            clock_confirmed: true,
            seed: String::from("demo"),
            profile: Profile::Standard,
            trace: false,
            cabinet: CabinetConfig::default(),
            mail: None,
            sms: None,
        }
    }
}

impl Default for CabinetConfig {
    fn default() -> Self {
        Self {
            driver: Driver::Simulated,
            boxes: 16,
            columns: 4,
            pulse_ms: 500,
            address: SocketAddr::from(([127, 0, 0, 1], 7016)),
            guard: None,
            ports: Vec::new(),
            boards: Vec::new(),
        }
    }
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is no TOML, a key is unknown, or a value has the wrong form. The value is not said: it may be a password.
    #[error("line {line}{}{key}: {message}", if key.is_empty() { "" } else { ", " })]
    Toml {
        /// The line, from 1.
        line: usize,
        /// What stands before the line's `=`, if there is one.
        key: String,
        /// What is wrong.
        message: String,
    },
    /// The file is of a newer format.
    #[error("config_version is {0}; this version knows only {CONFIG_VERSION}")]
    Version(u32),
    /// A value is out of its range.
    #[error("{key} is {allowed}")]
    Range {
        /// The key.
        key: &'static str,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A text has a place that nobody knows how to fill.
    #[error("{key} has {{{name}}}; it may have {allowed}")]
    Slot {
        /// The key.
        key: &'static str,
        /// The unknown name.
        name: String,
        /// The known ones.
        allowed: String,
    },
    /// A file or a variable that the configuration names cannot be used. What is in it is not said.
    #[error("{key}: {why}")]
    Secret {
        /// The key.
        key: &'static str,
        /// Why not.
        why: String,
    },
    /// The cabinet's boards cannot be as they are.
    #[error(transparent)]
    Boards(#[from] BoardsError),
    /// The time zone is unknown.
    #[error("zone is the IANA name of a time zone, such as Europe/Brussels")]
    Zone,
    /// The file cannot be read.
    #[error("the configuration file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl ConfigError {
    /// What the TOML reader says of `text`, without the value that it is about.
    fn toml(text: &str, error: &toml::de::Error) -> Self {
        let begin = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.as_bytes().get(..begin).unwrap_or_default();
        let line = before.iter().filter(|&&byte| byte == b'\n').count();
        let words = text.lines().nth(line).unwrap_or_default();
        let key = words.split_once('=').map(|(key, _)| key.trim().to_owned()).unwrap_or_default();
        Self::Toml { line: line + 1, key, message: without_values(error.message()) }
    }
}

/// A message of the TOML reader without the value that it is about: what is between double quotes, and a variant that nobody
/// knows. Keys, and what is allowed, stand between backquotes.
fn without_values(message: &str) -> String {
    let mut kept = String::new();
    let (mut is_value, mut is_escaped) = (false, false);
    for letter in message.chars() {
        match letter {
            '"' if !is_escaped => {
                is_value = !is_value;
                kept.push_str(if is_value { "\"…" } else { "\"" });
            }
            _ if is_value => {}
            _ => kept.push(letter),
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    match kept.split_once("`, expected ") {
        Some((head, expected)) if head.starts_with("unknown variant `") => {
            format!("unknown value, expected {expected}")
        }
        _ => kept,
    }
}

impl Config {
    /// Reads a configuration and checks every value.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config = Self::parse_unchecked(text)?;
        config.check()?;
        Ok(config)
    }

    /// Reads a configuration that is still being made: names and kinds are right, ranges and boxes are for
    /// [`Config::check`].
    ///
    /// # Errors
    /// [`ConfigError::Toml`], naming line and key.
    pub fn parse_unchecked(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::toml(text, &error))
    }

    /// Checks every value against its range.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.config_version != CONFIG_VERSION {
            return Err(ConfigError::Version(self.config_version));
        }
        let ensure =
            |good: bool, key, allowed| if good { Ok(()) } else { Err(ConfigError::Range { key, allowed }) };
        let cabinet = &self.cabinet;
        ensure(cabinet.boxes >= 1, "cabinet.boxes", "1 to 255")?;
        ensure(cabinet.columns >= 1, "cabinet.columns", "1 to 255")?;
        ensure((100..=2_000).contains(&cabinet.pulse_ms), "cabinet.pulse_ms", "100 to 2000")?;
        match cabinet.driver {
            Driver::Boards => {
                boards::check(cabinet)?;
                crate::boards::cabinet(cabinet).map(drop)?;
            }
            Driver::Simulated | Driver::SimulatedProcess => {
                ensure(cabinet.boards.is_empty(), "cabinet.driver", "boards, if there are any")?;
            }
        }
        ensure(self.local.ip().is_loopback(), "local", "a loopback address")?;
        self.mail.as_ref().map_or(Ok(()), MailConfig::check)?;
        self.sms.as_ref().map_or(Ok(()), SmsConfig::check)?;
        self.time_zone().map(drop)
    }

    /// The location's time zone.
    ///
    /// # Errors
    /// [`ConfigError::Zone`].
    pub fn time_zone(&self) -> Result<jiff::tz::TimeZone, ConfigError> {
        jiff::tz::TimeZone::get(&self.zone).map_err(|_| ConfigError::Zone)
    }

    /// The configuration as a file, every default written out.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("plain values have a TOML form")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_written_out_reads_back() {
        let config = Config::default();
        assert_eq!(Config::parse(&config.to_toml()).unwrap(), config);
    }

    #[test]
    fn a_file_cut_at_any_byte_is_read_or_refused_with_a_message_and_never_taken_for_another_value() {
        let whole = Config { seed: "empty".into(), ..Config::default() }.to_toml();
        for end in 0..whole.len() {
            match Config::parse(&whole[..end]) {
                Ok(config) => config.check().unwrap(),
                Err(error) => assert!(!error.to_string().is_empty(), "cut at {end}"),
            }
        }
    }

    #[test]
    fn what_is_out_of_range_is_named_with_what_is_allowed() {
        let refused = |text: &str| Config::parse(text).unwrap_err().to_string();
        assert_eq!(refused("[cabinet]\nboxes = 0"), "cabinet.boxes is 1 to 255");
        assert_eq!(refused("[cabinet]\npulse_ms = 2001"), "cabinet.pulse_ms is 100 to 2000");
        assert_eq!(refused("local = \"0.0.0.0:1\""), "local is a loopback address");
        assert_eq!(refused("config_version = 2"), "config_version is 2; this version knows only 1");
        assert!(refused("zone = \"Mars/Olympus\"").starts_with("zone is the IANA name"));
        assert!(refused("[cabinet]\ndrvier = \"simulated\"").contains("drvier"));
    }

    #[test]
    fn safe_05_a_configuration_that_cannot_be_read_is_refused_without_the_value_that_stands_there() {
        let mail = "[mail]\nserver = \"mail.example.com\"\nfrom = \"x@example.com\"\n";
        let wrong = [
            ("password = \"hunter-2\"", "line 4, password: unknown field `password`"),
            ("port = \"hunter-2\"", "line 4, port: invalid type: string \"…\""),
            ("port = \"hunter-2 \\\" hunter-2\"", "line 4, port: invalid type: string \"…\""),
            ("tls = \"hunter-2\"", "line 4, tls: unknown value, expected one of"),
            ("user = \"hunter-2", "line 4, user: "),
            ("user = hunter-2", "line 4, user: "),
            ("hunter-2", "line 4: "),
        ];
        for (line, expected) in wrong {
            let said = Config::parse(&format!("{mail}{line}\n")).unwrap_err().to_string();
            assert!(said.starts_with(expected), "{said}");
            assert!(!said.contains("hunter"), "{said}");
        }
    }

    #[test]
    fn a_mail_server_that_is_half_described_is_refused_by_the_key() {
        let refused = |more: &str| {
            let mail = format!("[mail]\nserver = \"mail.example.com\"\nfrom = \"keys@example.com\"\n{more}");
            Config::parse(&mail).unwrap_err().to_string()
        };
        assert!(refused("tls = \"ssl\"").contains("expected one of `starttls`, `tls`, `none`"));
        assert!(refused("passwort_file = \"x\"").contains("passwort_file"));
        let log_in = "mail.user is set together with either mail.password_file or mail.password_env";
        assert_eq!(refused("user = \"kiosk\""), log_in);
        assert_eq!(refused("password_file = \"x\""), log_in);
        assert_eq!(refused("user = \"kiosk\"\npassword_file = \"x\"\npassword_env = \"X\""), log_in);
        let mail =
            Config::parse("[mail]\nserver = \"mail.example.com:25\"\nfrom = \"x\"").unwrap_err().to_string();
        assert_eq!(mail, "mail.server is the name or address of a server, without a port");
        let mail = Config::parse("[mail]\nserver = \"mail.example.com\"").unwrap_err().to_string();
        assert!(mail.contains("missing field `from`"), "{mail}");
        let from = Config::parse("[mail]\nserver = \"mail.example.com\"\nfrom = \"x\"").unwrap_err();
        assert!(from.to_string().starts_with("mail.from is a mail address"));
    }

    #[test]
    fn a_gateway_that_would_get_nonsense_is_refused_by_the_key() {
        let url = "url = \"https://sms.example.com/\"\n";
        let body = "body = '{\"to\": \"{to}\", \"text\": \"{text}\"}'\n";
        let refused = |lines: &[&str]| {
            let error = Config::parse(&format!("[sms]\n{}", lines.concat())).unwrap_err().to_string();
            error.split(" is ").next().map(str::to_owned).unwrap_or(error)
        };
        assert!(Config::parse(&format!("[sms]\n{url}{body}")).is_ok());
        assert_eq!(refused(&["url = \"sms.example.com\"\n", body]), "sms.url");
        assert_eq!(refused(&[url, "body = '{\"to\": {to}, \"text\": {text}}'"]), "sms.body");
        assert_eq!(refused(&[url, "body = '{\"to\": \"{to}\"}'"]), "sms.body");
        assert_eq!(refused(&[url, body, "method = \"GET\""]), "sms.body");
        assert_eq!(refused(&[url, body, "headers = { Authorization = \"{secret}\" }"]), "sms.secret_file");
        assert_eq!(refused(&[url, body, "secret_env = \"KEY\""]), "sms.secret_file");
        assert_eq!(refused(&[url, body, "headers = { \"X Y\" = \"z\" }"]), "sms.headers");
        assert_eq!(refused(&[url, body, "accepted = []"]), "sms.accepted");
        assert_eq!(refused(&[url, body, "refused = [200]"]), "sms.refused");
    }
}
