//! The simulated Modbus boards against programs that nobody here wrote: libmodbus and minimalmodbus.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use locker_hal_sim::simboard::{BoardMake, Protocol, SimLine};
use locker_hal_sim::{BoxNo, Coil, Fault, RealClock, Sim, SimCommand, SimConfig};
use locker_tests::peers::{has_python, is_here, python, runs};

fn has_mbpoll() -> bool {
    is_here("mbpoll (Debian's package of that name)", runs("mbpoll", &["-V"]))
}

/// A cabinet of 16 boxes, box 3 open, with such a board on a terminal.
struct Board {
    sim: Sim,
    port: PathBuf,
}

impl Board {
    async fn new(protocol: Protocol) -> Self {
        let make = BoardMake { one_in: 1, ..BoardMake::of(protocol) };
        let config = SimConfig {
            boxes: make.channels,
            boxes_per_board: make.channels,
            bounce_ms: 0,
            ..SimConfig::default()
        };
        let sim = Sim::new(config, RealClock::start());
        sim.command(SimCommand::Pry { box_no: BoxNo::new(3).unwrap() }).unwrap();
        let mut line = SimLine::new(&sim, &make);
        let (opened, port) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let mut opened = Some(opened);
            let told = |path: &Path| drop(opened.take().map(|opened| opened.send(path.to_owned())));
            line.serve_ptys(None, told).await.map(|never| match never {})
        });
        Self { sim, port: port.await.unwrap() }
    }

    /// What a program says that is run on the board's port.
    async fn hears(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        println!("{program} {arguments:?}\n{out}{err}");
        format!("{out}{err}")
    }

    async fn mbpoll(&self, arguments: &[&str], values: &[&str]) -> String {
        let port = self.port.to_str().unwrap();
        let usual = ["-m", "rtu", "-b", "9600", "-P", "none", "-1", "-o", "1"];
        self.hears("mbpoll", &[&usual[..], arguments, &[port], values].concat()).await
    }

    fn on(&self) -> Vec<u8> {
        let state = self.sim.state();
        state.boxes.iter().filter(|there| there.coil == Coil::On).map(|there| there.box_no.get()).collect()
    }
}

/// The values of a poll, in order.
fn values(said: &str) -> Vec<u16> {
    let lines = said.lines().filter(|line| line.starts_with('['));
    lines.map(|line| line.split_whitespace().nth(1).unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn libmodbus_reads_and_switches_the_simulated_relays() {
    if !has_mbpoll() {
        return;
    }
    let board = Board::new(Protocol::Waveshare).await;
    let inputs = board.mbpoll(&["-t", "1", "-r", "1", "-c", "16"], &[]).await;
    assert_eq!(values(&inputs), [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    let written = board.mbpoll(&["-t", "0", "-r", "2"], &["1"]).await;
    assert!(written.contains("Written 1 references"), "{written}");
    assert_eq!(board.on(), [2]);
    let several = board.mbpoll(&["-t", "0", "-r", "1"], &["1", "0", "0", "1", "1", "0", "0", "0", "1"]).await;
    assert!(several.contains("Written 9 references"), "{several}");
    assert_eq!(board.on(), [1, 4, 5, 9]);
    let relays = board.mbpoll(&["-t", "0", "-r", "1", "-c", "16"], &[]).await;
    assert_eq!(values(&relays), [1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    // All off, by the vendor's address 00FF.
    board.mbpoll(&["-t", "0", "-r", "256"], &["0"]).await;
    assert_eq!(board.on(), [0_u8; 0]);
    let beyond = board.mbpoll(&["-t", "0", "-r", "100"], &[]).await;
    assert!(beyond.contains("Illegal data address"), "{beyond}");
    let version = board.mbpoll(&["-t", "4", "-r", "32769"], &[]).await;
    assert_eq!(values(&version), [200]);
}

#[tokio::test]
async fn libmodbus_switches_the_simulated_registers() {
    if !has_mbpoll() {
        return;
    }
    let board = Board::new(Protocol::R421a08).await;
    // It numbers references from 1, the board its registers too: register 1 is reference 2.
    board.mbpoll(&["-t", "4", "-r", "2"], &["256"]).await;
    assert_eq!(board.on(), [1]);
    let relays = board.mbpoll(&["-t", "4", "-r", "2", "-c", "8"], &[]).await;
    assert_eq!(values(&relays), [1, 0, 0, 0, 0, 0, 0, 0]);
    board.mbpoll(&["-t", "4", "-r", "2"], &["512"]).await;
    assert_eq!(board.on(), [0_u8; 0]);
    let coils = board.mbpoll(&["-t", "0", "-r", "1"], &[]).await;
    assert!(coils.contains("Illegal function"), "{coils}");
}

#[tokio::test]
async fn libmodbus_sees_the_faults_of_the_wire() {
    if !has_mbpoll() {
        return;
    }
    let board = Board::new(Protocol::Coils).await;
    let faults = [
        (Fault::BytesCorrupted { board: 0 }, ["CRC", "Invalid", "timed out"]),
        (Fault::BytesLost { board: 0 }, ["CRC", "Invalid", "timed out"]),
        (Fault::BoardDead { board: 0 }, ["timed out"; 3]),
    ];
    for (fault, says) in faults {
        board.sim.command(SimCommand::Hurt { fault }).unwrap();
        let said = board.mbpoll(&["-t", "1", "-r", "1", "-c", "16"], &[]).await;
        assert!(
            said.contains("failed") && says.iter().any(|says| said.contains(says)),
            "{}: {said}",
            fault.key()
        );
        board.sim.command(SimCommand::HealAll).unwrap();
    }
    let stranger = board.mbpoll(&["-a", "2", "-t", "1", "-r", "1"], &[]).await;
    assert!(stranger.contains("timed out"), "{stranger}");
    let inputs = board.mbpoll(&["-t", "1", "-r", "1", "-c", "4"], &[]).await;
    assert_eq!(values(&inputs), [1, 1, 0, 1]);
}

#[tokio::test]
async fn minimalmodbus_reads_and_switches_the_simulated_boards() {
    if !has_python("minimalmodbus") {
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/minimal.py");
    let coils = [
        "inputs [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]",
        "on None",
        "relay 1",
        "several None",
        "relays [1, 0, 0, 1, 0, 0, 0, 0]",
        "off None",
        "beyond IllegalRequestError",
        "register IllegalRequestError",
    ];
    let registers = [
        "on None",
        "momentary None",
        "relays [1, 1, 0, 0, 0, 0, 0, 0]",
        "off None",
        "relays [0]",
        "none IllegalRequestError",
        "nothing IllegalRequestError",
    ];
    let kinds = [
        (Protocol::Waveshare, "coils", &coils[..]),
        (Protocol::Coils, "coils", &coils),
        (Protocol::R421a08, "registers", &registers),
    ];
    for (protocol, kind, expected) in kinds {
        let board = Board::new(protocol).await;
        let said = board.hears(&python(), &[script, board.port.to_str().unwrap(), "1", kind]).await;
        assert_eq!(said.lines().collect::<Vec<_>>(), expected, "{protocol}");
    }
}
