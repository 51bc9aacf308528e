//! The two programs as processes of their own.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

use locker_hal_sim::{Fault, SimCommand};

use crate::people::Hands;

/// The folder of the programs, built as this test was. A test of one package does not build another's programs.
#[must_use]
pub fn programs() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let itself = std::env::current_exe().unwrap();
        let folder = itself.ancestors().nth(2).expect("target/PROFILE/deps/TEST").to_owned();
        let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        build.args(["build", "-q", "-p", "kiosk", "-p", "locker-hal-sim", "--bins"]);
        build.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        if folder.file_name() == Some(OsStr::new("release")) {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "the programs are built");
        folder
    })
}

/// A process that says where it listens, and goes with its owner.
pub struct Process {
    child: Arc<Mutex<Child>>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its boards are, when they are on a network: `tcp://HOST:PORT`.
    pub line: Option<String>,
}

impl Process {
    fn start(command: Command) -> Result<Self, String> {
        Self::start_with(command, false)
    }

    fn start_with(mut command: Command, wants_line: bool) -> Result<Self, String> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut line, mut address) = (None, None);
        for words in lines.by_ref().map_while(Result::ok) {
            if let Some((_, there)) = words.split_once(" on tcp://") {
                line = Some(format!("tcp://{there}"));
            }
            if let Some(there) = words.strip_prefix("listening on ") {
                address = there.parse().ok();
            }
            if address.is_some() && (line.is_some() || !wants_line) {
                break;
            }
        }
        // Whatever it says later must not meet a closed pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let stderr = child.stderr.take().unwrap();
        let Some(address) = address else {
            let said: Vec<String> = BufReader::new(stderr).lines().map_while(Result::ok).collect();
            let _ = child.wait();
            return Err(said.join("\n"));
        };
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                eprintln!("    {line}");
            }
        });
        Ok(Self { child: Arc::new(Mutex::new(child)), address, line })
    }

    /// A simulated cabinet.
    ///
    /// # Errors
    /// What the program said instead of where it listens.
    pub fn cabinet(boxes: u8) -> Result<Self, String> {
        let mut command = Command::new(programs().join("sim-cabinet"));
        command.args(["--listen", "127.0.0.1:0", "--boxes", &boxes.to_string()]);
        Self::start(command)
    }

    /// Lock boards of this protocol over a simulated cabinet, on a pseudo-terminal to which `link` points; `arguments`
    /// are those of `locker-sim board`.
    ///
    /// # Errors
    /// What the program said instead of where it listens.
    pub fn boards(protocol: &str, link: &Path, arguments: &[&str]) -> Result<Self, String> {
        let mut command = Command::new(programs().join("locker-sim"));
        command.args(["board", "--protocol", protocol, "--listen", "127.0.0.1:0", "--link"]).arg(link);
        // It takes commands from its standard input, and ends with it.
        command.args(arguments).stdin(Stdio::piped());
        Self::start(command)
    }

    /// The same on a network; [`Process::line`] says where.
    ///
    /// # Errors
    /// What the program said instead of where it listens.
    pub fn boards_on_tcp(protocol: &str, arguments: &[&str]) -> Result<Self, String> {
        let mut command = Command::new(programs().join("locker-sim"));
        command.args(["board", "--protocol", protocol, "--listen", "127.0.0.1:0", "--tcp", "127.0.0.1:0"]);
        command.args(arguments).stdin(Stdio::piped());
        Self::start_with(command, true)
    }

    /// Makes something wrong with a cabinet or with boards.
    ///
    /// # Panics
    /// When there is no such part.
    pub fn hurt(&mut self, fault: Fault) {
        assert_eq!(Hands::at(self.address).command(SimCommand::Hurt { fault }), Ok(()), "{}", fault.key());
    }

    /// A kiosk on this configuration.
    ///
    /// # Errors
    /// What the program said instead of where it listens.
    pub fn kiosk(config: &Path) -> Result<Self, String> {
        let mut command = Command::new(programs().join("kiosk"));
        command.arg("--config").arg(config).args(["--listen", "127.0.0.1:0"]);
        Self::start(command)
    }

    /// The guard of this configuration, once it guards.
    ///
    /// # Panics
    /// When it does not.
    #[must_use]
    pub fn guard(config: &Path) -> Self {
        let mut command = Command::new(programs().join("kiosk"));
        command.arg("--config").arg(config).arg("guard");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.starts_with("guarding on ")), "it guards");
        std::thread::spawn(move || lines.for_each(drop));
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { child: Arc::new(Mutex::new(child)), address: nowhere, line: None }
    }

    /// The id of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.lock().unwrap().id()
    }

    /// `kill -9`, and waits until it is gone. To be called again from anywhere.
    pub fn killer(&self) -> impl Fn() + Send + 'static {
        let child = Arc::clone(&self.child);
        move || {
            let mut child = child.lock().unwrap();
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.killer()();
    }
}

/// What `kiosk verify` says of a data folder.
#[must_use]
pub fn verify(config: &Path) -> Output {
    Command::new(programs().join("kiosk")).arg("--config").arg(config).arg("verify").output().unwrap()
}
