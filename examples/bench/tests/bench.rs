//! `locker-bench` as a process, on a board of four locks that this test holds behind a guard.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use locker_hal::guard::Guard;
use locker_hal::{BoardSpec, Channel, ChannelLevel, ChannelLevels, Door, ErrorKind, Item, Raw, Switched};
use locker_hal_sim::simboard::{BoardMake, Protocol, SimLine};
use locker_hal_sim::{RealClock, Sim, SimConfig};
use locker_runtime::config::Config;

/// Doors that open when their coils are on; clones are the same.
#[derive(Clone, Default)]
struct Locks {
    open: Arc<Mutex<[bool; 4]>>,
    fired: Arc<Mutex<Vec<u8>>>,
}

#[async_trait]
impl Switched for Locks {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        BoardSpec::prompt(4)
    }

    async fn on(&mut self, channel: Channel) -> Result<(), ErrorKind> {
        self.fired.lock().unwrap().push(channel.0);
        // The last lock is jammed.
        self.open.lock().unwrap()[usize::from(channel.0)] = channel.0 != 3;
        Ok(())
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let open = *self.open.lock().unwrap();
        let level = |is_open| ChannelLevel {
            door: Raw(if is_open { Door::Open } else { Door::Closed }),
            item: Raw(Item::Absent),
        };
        Ok(ChannelLevels(open.into_iter().map(level).collect()))
    }
}

/// A guard with the locks, and the configuration that names it.
async fn with_locks(boxes: &str) -> (Locks, tempfile::TempDir) {
    let (locks, dir) = (Locks::default(), tempfile::tempdir().unwrap());
    let socket = dir.path().join("guard.sock");
    let mut guard = Guard::new(|_, _| {});
    guard.board(locks.clone());
    tokio::spawn(guard.serve(Guard::listen(&socket).unwrap(), std::future::pending()));
    let text = format!(
        "[cabinet]\ndriver = \"boards\"\nboxes = 4\npulse_ms = 100\nguard = {socket:?}\n[[cabinet.boards]]\n\
         driver = \"gpio\"\nboxes = {boxes}\nchip = \"/dev/gpiochip0\"\ncoils = [\"1\", \"2\", \"3\", \"4\"]\n\
         software_pulse = \"accepted\"\n"
    );
    std::fs::write(dir.path().join("cabinet.toml"), text).unwrap();
    (locks, dir)
}

/// Runs the program in `dir` with `typed` on its standard input.
async fn bench(dir: &Path, arguments: &[&str], typed: &str) -> Output {
    let (dir, typed) = (dir.to_owned(), typed.to_owned());
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let run = move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_locker-bench"));
        let command = command.args(arguments).current_dir(dir).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn erred(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pulse_fires_one_lock_and_says_what_came_of_it() {
    let (locks, dir) = with_locks("[4, 3, 2, 1]").await;
    let output = bench(dir.path(), &["pulse", "--config", "cabinet.toml", "3"], "").await;
    assert_eq!(said(&output), "the board accepted; its door opened\n");
    assert_eq!(*locks.fired.lock().unwrap(), [1]);
    let output = bench(dir.path(), &["pulse", "--config", "cabinet.toml", "1"], "").await;
    assert_eq!(said(&output), "the board accepted; its door has not opened, or has no sensor\n");
    let output = bench(dir.path(), &["pulse", "--config", "cabinet.toml", "5"], "").await;
    assert_eq!(erred(&output), "locker-bench: the cabinet has no box 5\n");
    assert_eq!(*locks.fired.lock().unwrap(), [1, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn learn_opens_each_in_turn_asks_which_it_was_and_writes_a_configuration_that_a_kiosk_takes() {
    let (locks, dir) = with_locks("[]").await;
    // The second is fired again; one answer is no number, one is taken; the last channel carries no box.
    let typed = "2\na\n3\nlow\n2\n1\n\n";
    let output = bench(dir.path(), &["learn", "--config", "cabinet.toml", "kiosk.toml"], typed).await;
    let said = said(&output);
    assert_eq!(*locks.fired.lock().unwrap(), [0, 1, 1, 2, 3], "{said}");
    assert!(said.contains("board 0, channel 0: the board accepted; its door opened\n"), "{said}");
    assert!(
        said.contains("a number from 1 to 255, Enter, a or q\nwhich box opened? box 2 is known already\n"),
        "{said}"
    );
    assert!(said.ends_with("3 boxes, written to kiosk.toml\n"), "{said}");
    let text = std::fs::read_to_string(dir.path().join("kiosk.toml")).unwrap();
    let config = Config::parse(&text).unwrap();
    assert_eq!((config.cabinet.boxes, &config.cabinet.boards[0].boxes), (3, &vec![2, 3, 1, 0]));
    let again = bench(dir.path(), &["learn", "--config", "cabinet.toml", "kiosk.toml"], "").await;
    assert!(erred(&again).starts_with("locker-bench: kiosk.toml: "), "nothing is overwritten");
    assert_eq!(locks.fired.lock().unwrap().len(), 5, "and nothing fired for it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watch_shows_every_box_and_then_what_changes_and_fires_nothing() {
    let (locks, dir) = with_locks("[1, 2, 3, 4]").await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_locker-bench"));
    let command =
        command.args(["watch", "--config", "cabinet.toml", "--changes", "1"]).current_dir(dir.path());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let open = Arc::clone(&locks.open);
    let said = tokio::task::spawn_blocking(move || {
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // It ends with the first change, so that has to come after all were shown.
        let seen = lines.inspect(|line| open.lock().unwrap()[2] |= line.ends_with("Ctrl-C ends"));
        let said: Vec<String> = seen.collect();
        assert!(child.wait().unwrap().success());
        said
    });
    let closed = [1, 2, 3, 4].map(|number| format!("box {number}: closed, empty"));
    let mut expected = closed.to_vec();
    expected.extend(["4 boxes answer; watching, Ctrl-C ends", "box 3: open, empty"].map(String::from));
    assert_eq!(said.await.unwrap(), expected);
    assert!(locks.fired.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_simulated_cabinet_is_none_for_a_technician() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("cabinet.toml"), "").unwrap();
    let output = bench(dir.path(), &["watch", "--config", "cabinet.toml"], "").await;
    assert!(erred(&output).contains("cabinet.driver is not boards"));
}

/// A simulated board on a pseudo-terminal: the cabinet, and what to open.
async fn board(make: BoardMake) -> (Sim, String) {
    let config = SimConfig { boxes: make.channels, boxes_per_board: make.channels, ..SimConfig::default() };
    let sim = Sim::new(config, RealClock::start());
    let mut line = SimLine::new(&sim, &make);
    let (opened, port) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let mut opened = Some(opened);
        let told = |path: &Path| drop(opened.take().map(|opened| opened.send(path.to_owned())));
        line.serve_ptys(None, told).await.map(|never| match never {})
    });
    (sim, port.await.unwrap().to_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probe_finds_driver_speed_and_address_fires_nothing_and_writes_what_learn_reads() {
    let dir = tempfile::tempdir().unwrap();
    let make = BoardMake { address: 1, baud: 115_200, ..BoardMake::of(Protocol::Cu16) };
    let (sim, port) = board(make).await;
    let output = bench(dir.path(), &["probe", &port, "--addresses", "2", "--write", "found.toml"], "").await;
    let said = said(&output);
    assert!(
        said.starts_with("cu16 at 115200 baud, address 1, up to 16 channels\nwritten to found.toml"),
        "{said}"
    );
    assert_eq!(sim.state().pulses, 0);
    let config = Config::parse(&std::fs::read_to_string(dir.path().join("found.toml")).unwrap()).unwrap();
    let there = &config.cabinet.boards[0];
    assert_eq!(
        (config.cabinet.ports[0].baud, there.address, config.cabinet.boxes),
        (Some(115_200), Some(1), 16)
    );
    let output = bench(dir.path(), &["pulse", "--config", "found.toml", "7"], "").await;
    assert_eq!(self::said(&output), "the board accepted; its door opened\n");
    let fired: Vec<u8> = sim.state().fired.iter().map(|fired| fired.box_no.get()).collect();
    assert_eq!(fired, [7]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probe_says_when_nobody_answers_and_when_there_is_no_port() {
    let dir = tempfile::tempdir().unwrap();
    let (_sim, port) = board(BoardMake { address: 9, ..BoardMake::of(Protocol::Cu16) }).await;
    let output = bench(dir.path(), &["probe", &port, "--addresses", "1"], "").await;
    assert_eq!(said(&output), "no board answers: are A and B swapped, is the supply on?\n");
    let output = bench(dir.path(), &["probe", "/dev/nothing-here"], "").await;
    assert!(erred(&output).starts_with("locker-bench: /dev/nothing-here: "));
    let output = bench(dir.path(), &["probe", "tcp://nowhere"], "").await;
    assert!(erred(&output).contains("behind `tcp://` stand a host, a colon and a port"));
}
