//! The socket: what it refuses, what it survives, and the process that serves it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use locker_hal::{Board, Bus, Clock, ErrorKind, PULSE_MS_LIMIT, PulseOrder, VirtualClock};
use locker_hal_sim::{
    BoxNo, CLIENTS_MAX, Channel, Door, Fault, Outputs, PeopleError, PulseId, REQUEST_BYTES_MAX, RealClock,
    ServeError, Sim, SimClient, SimCommand, SimConfig, SimError, SimPeople, SimRefusal, SimServer,
};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn box_no(number: u8) -> BoxNo {
    BoxNo::new(number).unwrap()
}

fn any_port() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

async fn served() -> (Sim, VirtualClock, SocketAddr) {
    let clock = VirtualClock::default();
    let sim = Sim::new(SimConfig::default(), clock.clone());
    let server = SimServer::bind(any_port(), sim.clone()).await.unwrap();
    let server = server.slow(Duration::from_millis(40));
    let address = server.local_addr().unwrap();
    tokio::spawn(server.run());
    (sim, clock, address)
}

fn order(n: u32) -> PulseOrder {
    PulseOrder { id: PulseId { n, ..PulseId::default() }, channel: Channel(0), length_ms: PULSE_MS_LIMIT }
}

#[tokio::test]
async fn only_loopback_addresses_are_served() {
    let sim = Sim::new(SimConfig::default(), VirtualClock::default());
    let refused = SimServer::bind("0.0.0.0:0".parse().unwrap(), sim.clone()).await;
    assert!(matches!(refused.err(), Some(ServeError::NotLoopback)));
    let refused = SimServer::bind("[::]:0".parse().unwrap(), sim).await;
    assert!(matches!(refused.err(), Some(ServeError::NotLoopback)));
}

#[tokio::test]
async fn malformed_lines_are_answered_and_the_connection_stays() {
    let (_sim, _clock, address) = served().await;
    let (from, mut to) = TcpStream::connect(address).await.unwrap().into_split();
    let mut lines = tokio::io::BufReader::new(from).lines();
    let too_long = format!("\"{}\"", "x".repeat(REQUEST_BYTES_MAX));
    let cases = [
        ("nonsense", r#"{"id":null,"error":{"kind":"not_json"}}"#),
        ("", r#"{"id":null,"error":{"kind":"not_json"}}"#),
        ("[1]", r#"{"id":null,"error":{"kind":"unknown_request"}}"#),
        (r#"{"id":-1,"ask":"state"}"#, r#"{"id":null,"error":{"kind":"unknown_request"}}"#),
        (r#"{"id":2,"ask":"dance"}"#, r#"{"id":2,"error":{"kind":"unknown_request"}}"#),
        (r#"{"id":3,"do":"close"}"#, r#"{"id":3,"error":{"kind":"unknown_request"}}"#),
        (r#"{"id":4,"do":"close","box_no":0}"#, r#"{"id":4,"error":{"kind":"unknown_request"}}"#),
        (r#"{"id":5,"do":"close","box_no":1,"x":1}"#, r#"{"id":5,"error":{"kind":"unknown_request"}}"#),
        (r#"{"id":6,"do":"open","box_no":1}"#, r#"{"id":6,"error":{"kind":"refused","why":"latched"}}"#),
        (
            r#"{"id":7,"ask":"pulse","board":7,"channel":0,"length_ms":1,"pulse":"1.1"}"#,
            r#"{"id":7,"error":{"kind":"declined"}}"#,
        ),
        (too_long.as_str(), r#"{"id":null,"error":{"kind":"line_too_long"}}"#),
        (r#"{"id":8,"do":"pry","box_no":1}"#, r#"{"id":8,"ok":"done"}"#),
    ];
    for (line, expected) in cases {
        to.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        assert_eq!(lines.next_line().await.unwrap().unwrap(), expected, "{line}");
    }
}

#[tokio::test]
async fn people_and_drivers_share_one_cabinet() {
    let (sim, clock, address) = served().await;
    let mut people = SimPeople::connect(address).await.unwrap();
    let mut board = SimClient::new(address, sim.config(), 0);
    board.read().await.unwrap();
    board.pulse(order(1)).await.unwrap();
    clock.advance(80);
    let put = SimCommand::Put { box_no: box_no(1), key: "AB-1".into() };
    people.command(put).await.unwrap();
    let state = people.state().await.unwrap();
    assert_eq!(state, sim.state());
    assert_eq!(state.of(box_no(1)).unwrap().keys, ["AB-1"]);
    let refused = people.command(SimCommand::Open { box_no: box_no(2) }).await;
    assert_eq!(refused, Err(PeopleError::Sim(SimError::Refused(SimRefusal::Latched))));
}

#[tokio::test]
async fn the_state_of_the_biggest_cabinet_fits_in_a_line() {
    let config = SimConfig { boxes: 255, ..SimConfig::default() };
    let sim = Sim::new(config, VirtualClock::default());
    for number in 1..=255 {
        let box_no = box_no(number);
        sim.command(SimCommand::Pry { box_no }).unwrap();
        for _ in 0..8 {
            let key = "\u{1}".repeat(64);
            sim.command(SimCommand::Put { box_no, key }).unwrap();
        }
        sim.command(SimCommand::Hurt { fault: Fault::Jammed { box_no } }).unwrap();
    }
    let mut board = sim.boards().swap_remove(0);
    for n in 0..2_000 {
        board.pulse(order(u32::MAX - n)).await.unwrap();
    }
    let server = SimServer::bind(any_port(), sim.clone()).await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(server.run());
    let mut people = SimPeople::connect(address).await.unwrap();
    assert_eq!(people.state().await.unwrap(), sim.state());
}

#[tokio::test]
async fn box_10_a_pulse_never_waits_for_a_connection() {
    let (sim, _clock, address) = served().await;
    let mut board = SimClient::new(address, sim.config(), 0);
    assert_eq!(board.pulse(order(1)).await, Err(ErrorKind::Disconnected), "it was never read");
    assert_eq!(sim.state().pulses, 0);
    board.read().await.unwrap();
    assert_eq!(board.pulse(order(2)).await, Ok(()));
    assert_eq!(sim.state().fired[0].id.n, 2);
}

#[tokio::test]
async fn box_04_a_late_acknowledgement_is_taken_for_no_other() {
    let (sim, _clock, address) = served().await;
    let mut board = SimClient::new(address, sim.config(), 0).answer_within(Duration::from_millis(20));
    while board.read().await.is_err() {}
    sim.command(SimCommand::Hurt { fault: Fault::BoardSlow { board: 0 } }).unwrap();
    assert_eq!(board.pulse(order(1)).await, Err(ErrorKind::Silent));
    let mut board = board.answer_within(Duration::from_secs(5));
    sim.command(SimCommand::Hurt { fault: Fault::AckLost { board: 0 } }).unwrap();
    // The late "done" comes while this waits for levels, and is skipped.
    let until = tokio::time::Instant::now() + Duration::from_millis(100);
    while tokio::time::Instant::now() < until {
        assert_eq!(board.read().await.unwrap().0.len(), 8);
    }
    assert_eq!(sim.state().pulses, 1);
}

#[tokio::test]
async fn noise_and_refusals_are_told_apart() {
    let (sim, _clock, address) = served().await;
    let mut board = SimClient::new(address, sim.config(), 1);
    board.read().await.unwrap();
    let fault = Fault::BoardGarbles { board: 1 };
    sim.command(SimCommand::Hurt { fault }).unwrap();
    assert_eq!(board.read().await, Err(ErrorKind::Garbled));
    sim.command(SimCommand::Heal { fault }).unwrap();
    board.read().await.unwrap();
    sim.command(SimCommand::Hurt { fault: Fault::BoardRefuses { board: 1 } }).unwrap();
    assert_eq!(board.pulse(order(1)).await, Err(ErrorKind::Refused));
}

#[tokio::test]
async fn one_client_too_many_is_hung_up_on_and_the_others_stay() {
    let (_sim, _clock, address) = served().await;
    let mut seated = Vec::new();
    for _ in 0..CLIENTS_MAX {
        let mut people = SimPeople::connect(address).await.unwrap();
        people.state().await.unwrap();
        seated.push(people);
    }
    let mut one_more = SimPeople::connect(address).await.unwrap();
    assert_eq!(one_more.state().await, Err(PeopleError::Disconnected));
    assert!(seated[0].state().await.is_ok());
}

/// The program, killed when the test ends.
struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    fn start(listen: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sim-cabinet"))
            .args(["--listen", listen, "--bounce-ms", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap().parse().unwrap();
        Self { child, address }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Cycles until `done` says so, at most 20 s.
async fn cycle_until(
    bus: &mut dyn Bus,
    clock: &RealClock,
    mut done: impl FnMut(&locker_hal::Readings) -> bool,
) {
    for _ in 0..2_000 {
        let readings = bus.cycle(&Outputs::all_off(clock.now()), clock).await;
        if done(&readings) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("this never came");
}

#[tokio::test]
async fn safe_02_the_truth_outlives_a_cabinet_that_dies_and_a_restart_fires_nothing() {
    let process = Process::start("127.0.0.1:0");
    let (config, clock) = (SimConfig::default(), RealClock::start());
    let mut people = SimPeople::connect(process.address).await.unwrap();
    people.command(SimCommand::Pry { box_no: box_no(5) }).await.unwrap();
    for _start in 0..2 {
        let mut bus = SimClient::cabinet(process.address, &config).unwrap();
        cycle_until(&mut bus, &clock, |readings| {
            readings.of(box_no(5)).is_some_and(|there| there.door == Door::Open)
        })
        .await;
        drop(bus);
    }
    assert_eq!(people.state().await.unwrap().pulses, 0);
}

#[tokio::test]
async fn box_12_a_client_comes_back_by_itself_when_the_process_does() {
    let process = Process::start("127.0.0.1:0");
    let (config, clock, address) = (SimConfig::default(), RealClock::start(), process.address);
    let mut bus = SimClient::cabinet(address, &config).unwrap();
    cycle_until(&mut bus, &clock, |readings| readings.boxes.len() == 16).await;
    drop(process);
    cycle_until(&mut bus, &clock, |readings| readings.boxes.is_empty()).await;
    let _again = Process::start(&address.to_string());
    cycle_until(&mut bus, &clock, |readings| readings.boxes.len() == 16).await;
}

#[test]
fn the_program_refuses_to_listen_to_the_world() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_sim-cabinet")).args(["--listen", "0.0.0.0:0"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("loopback"));
}
