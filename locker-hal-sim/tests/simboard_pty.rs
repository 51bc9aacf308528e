//! Simulated boards on a real pseudo-terminal.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use locker_hal_sim::simboard::{BoardMake, Protocol, SimLine};
use locker_hal_sim::{Fault, RealClock, Sim, SimCommand, SimConfig};
use rustix::termios::{OptionalActions, ioctl_tiocexcl, tcgetattr, tcsetattr};
use tokio::sync::mpsc;

const STATUS: [u8; 5] = [0x02, 0x00, 0x30, 0x03, 0x35];
const ALL_LOCKED: [u8; 9] = [0x02, 0x00, 0x35, 0xFF, 0xFF, 0x00, 0x00, 0x03, 0x38];

fn cabinet() -> Sim {
    let config = SimConfig { boxes_per_board: 16, bounce_ms: 0, ..SimConfig::default() };
    Sim::new(config, RealClock::start())
}

/// Serves the boards in the background; tells each terminal that is opened.
fn served(mut line: SimLine, link: PathBuf) -> mpsc::UnboundedReceiver<PathBuf> {
    let (opened, paths) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let told = |path: &Path| opened.send(path.to_owned()).unwrap();
        line.serve_ptys(Some(&link), told).await.map(|never| match never {})
    });
    paths
}

/// As a driver would.
fn open(path: &Path) -> File {
    OpenOptions::new().read(true).write(true).open(path).unwrap()
}

/// Asks and waits for as many bytes as there should be, on a thread of its own.
async fn asks(mut port: File, request: &'static [u8]) -> (File, io::Result<[u8; 9]>) {
    let talk = tokio::task::spawn_blocking(move || {
        let mut reply = [0; 9];
        let done = port.write_all(request).and_then(|()| port.read_exact(&mut reply));
        (port, done.map(|()| reply))
    });
    tokio::time::timeout(Duration::from_secs(20), talk).await.expect("an answer").unwrap()
}

fn set_speed(port: &File, baud: u32) {
    let mut termios = tcgetattr(port).unwrap();
    termios.set_speed(baud).unwrap();
    tcsetattr(port, OptionalActions::Now, &termios).unwrap();
}

/// A folder of its own, so that tests side by side do not meet.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("simboard-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test]
async fn a_client_opens_the_link_asks_leaves_and_comes_back() {
    let link = folder("link").join("cu16");
    let mut paths = served(SimLine::new(&cabinet(), &BoardMake::of(Protocol::Cu16)), link.clone());
    paths.recv().await.unwrap();
    let (port, reply) = asks(open(&link), &STATUS).await;
    assert_eq!(reply.unwrap(), ALL_LOCKED);
    // It claims the port for itself, and is killed.
    ioctl_tiocexcl(&port).unwrap();
    drop(port);
    let (_port, reply) = asks(open(&link), &STATUS).await;
    assert_eq!(reply.unwrap(), ALL_LOCKED);
    assert!(paths.try_recv().is_err(), "it is one terminal all along");
}

#[tokio::test]
async fn a_board_understands_its_own_speed_alone() {
    let link = folder("speed").join("cu16");
    let sim = cabinet();
    let mut paths = served(SimLine::new(&sim, &BoardMake::of(Protocol::Cu16)), link.clone());
    paths.recv().await.unwrap();
    let mut port = open(&link);
    set_speed(&port, 115_200);
    // Were it understood, a box would open.
    port.write_all(&[0x02, 0x00, 0x31, 0x03, 0x36]).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    set_speed(&port, 19_200);
    let (_port, reply) = asks(port, &STATUS).await;
    assert_eq!(reply.unwrap(), ALL_LOCKED);
    assert_eq!(sim.state().fired, []);
}

#[tokio::test]
async fn a_port_that_was_pulled_ends_and_comes_back_behind_the_same_link() {
    let link = folder("pulled").join("cu16");
    let sim = cabinet();
    let mut paths = served(SimLine::new(&sim, &BoardMake::of(Protocol::Cu16)), link.clone());
    paths.recv().await.unwrap();
    let (mut port, _) = asks(open(&link), &STATUS).await;
    sim.command(SimCommand::Hurt { fault: Fault::HangUp { board: 0 } }).unwrap();
    let end = tokio::task::spawn_blocking(move || port.read(&mut [0; 9]));
    // Which of the two depends on whether the read had begun.
    let ended =
        end.await.unwrap().or_else(|why| if why.raw_os_error() == Some(5) { Ok(0) } else { Err(why) });
    assert_eq!(ended.unwrap(), 0, "the end of the stream, or EIO");
    assert!(!link.exists() && paths.try_recv().is_err(), "there is no port");
    sim.command(SimCommand::HealAll).unwrap();
    paths.recv().await.unwrap();
    let (_port, reply) = asks(open(&link), &STATUS).await;
    assert_eq!(reply.unwrap(), ALL_LOCKED);
}
