//! A mail server of other people's making, in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde_json::Value;

/// The version of the server.
const AIOSMTPD: &str = "aiosmtpd==1.4.6";

/// The Python with the server in it, made by the first test that wants it and kept with what was built; or what is
/// missing.
fn python() -> Result<PathBuf, String> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PYTHON.get_or_init(make).clone()
}

fn make() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("aiosmtpd");
    let python = folder.join("bin/python");
    let has = || Command::new(&python).args(["-c", "import aiosmtpd.smtp"]).stderr(Stdio::null()).status();
    if has().is_ok_and(|status| status.success()) {
        return Ok(python);
    }
    let mut steps = [Command::new("python3"), Command::new(&python)];
    steps[0].args(["-m", "venv", "--clear"]).arg(&folder);
    steps[1].args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", AIOSMTPD]);
    for step in &mut steps {
        let done = step.output().map_err(|error| format!("{step:?}: {error}"))?;
        if !done.status.success() {
            return Err(format!("{step:?}: {}", String::from_utf8_lossy(&done.stderr)));
        }
    }
    Ok(python)
}

/// How the server is reached.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// `starttls`, `tls` or `none`.
    pub tls: &'static str,
    /// The certificate and its key, both in PEM.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// User and password.
    pub log_in: Option<(&'static str, &'static str)>,
}

impl Door {
    pub fn plain() -> Self {
        Self { tls: "none", ..Self::default() }
    }
}

/// A running mail server. It goes with its owner.
pub struct MailServer {
    child: Child,
    orders: ChildStdin,
    seen: Arc<Mutex<Vec<Value>>>,
}

/// A port that nobody listens at.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl MailServer {
    /// Starts one, and waits until it listens. `None`, with a message, where there is no Python or no way to get the
    /// server; on the build server that is a failure.
    pub async fn start(port: u16, door: &Door) -> Option<Self> {
        let python = match tokio::task::spawn_blocking(python).await.unwrap() {
            Ok(python) => python,
            Err(missing) => {
                assert!(std::env::var_os("LOCKER_CI").is_none_or(|ci| ci != "1"), "{missing}");
                eprintln!("skipped: no mail server to test with: {missing}");
                return None;
            }
        };
        let mut command = Command::new(python);
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/messages/smtp_server.py"));
        command.args(["--port", &port.to_string(), "--tls", door.tls]);
        if let Some((certificate, key)) = &door.certificate {
            command.arg("--certificate").arg(certificate).arg("--key").arg(key);
        }
        if let Some((user, password)) = door.log_in {
            command.args(["--user", user, "--password", password]);
        }
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let orders = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sees = Arc::clone(&seen);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                sees.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        let server = Self { child, orders, seen };
        server.await_count("listens", 1).await;
        Some(server)
    }

    /// Changes what it does from now on.
    pub async fn be(&mut self, mode: &str) {
        let count = self.of("mode").len();
        writeln!(self.orders, "{mode}").unwrap();
        self.await_count("mode", count + 1).await;
    }

    /// What it saw of one kind.
    pub fn of(&self, event: &str) -> Vec<Value> {
        self.seen.lock().unwrap().iter().filter(|seen| seen["event"] == event).cloned().collect()
    }

    /// Waits until it has seen as many of one kind.
    pub async fn await_count(&self, event: &str, count: usize) -> Vec<Value> {
        for _ in 0..900 {
            let seen = self.of(event);
            if seen.len() >= count {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} of {count} {event}: {:?}", self.of(event).len(), self.seen.lock().unwrap());
    }

    /// Pulls its plug.
    pub fn die(mut self) -> Vec<Value> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.of("mail")
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
