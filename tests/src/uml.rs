//! User-Mode-Linux guests: kernels that are a process of this machine, for what only a kernel can do or lose.

use std::fs::OpenOptions;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The longest a guest may take to start or to stop.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Runs a tool to its end.
///
/// # Panics
/// When there is none of that name, or it fails.
pub fn run(tool: &str, arguments: &[&str]) {
    let status = Command::new(tool).args(arguments).status().unwrap_or_else(|_| panic!("there is no {tool}"));
    assert!(status.success(), "{tool} {arguments:?}");
}

/// Compiles one of the small C libraries beside the guests' scripts into `work`.
pub fn library(work: &Path, name: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("uml/{name}.c"));
    let to = work.join(format!("{name}.so"));
    run("cc", &["-O2", "-shared", "-fPIC", "-o", to.to_str().unwrap(), from.to_str().unwrap(), "-ldl"]);
}

/// A guest on this machine's files, which it reads only, with one of the scripts of `tests/uml` as its first process. The
/// script finds `WORK`, a folder that both can write to, and `more` in its environment. What the kernel says is in `WORK/kernel`.
///
/// # Panics
/// When there is no such kernel.
#[must_use]
pub fn guest(kernel: &Path, script: &str, work: &Path, more: &[String]) -> Child {
    let shim = work.join("xstate.so");
    if !shim.exists() {
        library(work, "xstate");
    }
    let mut command = Command::new(kernel);
    command.args(["mem=384M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "quiet"]);
    command.args(["con=null", "con0=fd:0,fd:1", "ssl=null"]);
    command.arg(format!("init={}/uml/{script}", env!("CARGO_MANIFEST_DIR")));
    command.arg(format!("WORK={}", work.display())).args(more);
    command.env("LD_PRELOAD", shim).env("TMPDIR", "/dev/shm");
    let log = OpenOptions::new().create(true).append(true).open(work.join("kernel")).unwrap();
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
    // A guest is several processes, which die together.
    command.process_group(0).spawn().unwrap_or_else(|why| panic!("{}: {why}", kernel.display()))
}

/// Kills a guest with all of its processes.
pub fn kill(guest: &mut Child) {
    run("kill", &["-9", "--", &format!("-{}", guest.id())]);
    guest.wait().unwrap();
}

/// Waits until a guest has switched itself off; kills it and says `false` when it does not.
pub fn ends(guest: &mut Child) -> bool {
    let until = Instant::now() + PATIENCE;
    while guest.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            kill(guest);
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    true
}
