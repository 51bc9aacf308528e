//! Our Modbus driver against a device that nobody here wrote: pymodbus' server, on a pair of pseudo-terminals (RTU) and over TCP.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, some of them in real time")]

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use locker_hal::drivers::{DoorInputs, Framing, Relay, RelayProfile, RelaySettings};
use locker_hal::line::{LineSettings, PortAddress, SharedLine};
use locker_hal::{Board, Boot, Channel, Door, ErrorKind, PulseId, PulseOrder};
use locker_hal_sim::simboard::Pty;
use locker_tests::peers::{has_python, python};

const PATIENCE: Duration = Duration::from_secs(20);
const PLAIN: RelayProfile = RelayProfile::Plain { on: None };

/// The way to the device.
#[derive(Clone)]
enum Way {
    /// Its end of the pair, and the driver's.
    Rtu {
        device: PathBuf,
        driver: PathBuf,
    },
    Tcp {
        port: u16,
    },
}

impl Way {
    /// Two terminals with a wire between them.
    fn rtu() -> Self {
        let (mut device, mut driver) = (Pty::open(9_600).unwrap(), Pty::open(9_600).unwrap());
        let way = Self::Rtu { device: device.path().into(), driver: driver.path().into() };
        tokio::spawn(async move { tokio::io::copy_bidirectional(&mut device, &mut driver).await });
        way
    }

    fn tcp() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        Self::Tcp { port: listener.local_addr().unwrap().port() }
    }

    fn driver(&self, profile: RelayProfile, first_coil: u16) -> Relay {
        let (address, framing) = match self {
            Self::Rtu { driver, .. } => (PortAddress::Serial(driver.clone()), Framing::Rtu),
            Self::Tcp { port } => (PortAddress::Tcp(format!("127.0.0.1:{port}")), Framing::Tcp),
        };
        let doors = Some(DoorInputs::default());
        let settings = RelaySettings { framing, profile, first_coil, doors, ..RelaySettings::default() };
        let line = SharedLine::new(address.opener(9_600), LineSettings::default());
        Relay::new(line, settings).unwrap()
    }
}

/// pymodbus, and what it says.
struct Device {
    child: Child,
    said: Receiver<String>,
}

impl Device {
    fn start(way: &Way) -> Self {
        let (kind, place) = match way {
            Way::Rtu { device, .. } => ("rtu", device.display().to_string()),
            Way::Tcp { port } => ("tcp", port.to_string()),
        };
        let mut command = Command::new(python());
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/peers/server.py")).args([kind, &place]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let (says, said) = channel();
        std::thread::spawn(move || lines.map(|line| says.send(line)).for_each(drop));
        let device = Self { child, said };
        assert_eq!(device.said.recv_timeout(PATIENCE).as_deref(), Ok("ready"));
        device
    }

    /// What it says up to a line; panics when that does not come.
    fn says(&self, last: &str) -> Vec<String> {
        let mut lines = Vec::new();
        while lines.last().is_none_or(|line| line != last) {
            lines.push(
                self.said.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{lines:?}, and no {last}")),
            );
        }
        lines
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn order(channel: u8) -> PulseOrder {
    PulseOrder { id: PulseId { boot: Boot(1), n: 1 }, channel: Channel(channel), length_ms: 300 }
}

/// Reads until it is well again: a port that is gone is asked for with back-off.
async fn well(board: &mut Relay) {
    let until = Instant::now() + PATIENCE;
    while let Err(kind) = board.read().await {
        assert!(Instant::now() < until, "{kind}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Everything that the driver does with a device that is well, and what a device says that declines.
async fn is_understood(way: Way) {
    let device = Device::start(&way);
    let mut board = way.driver(PLAIN, 0);
    board.all_off().await.unwrap();
    let doors: Vec<Door> = board.read().await.unwrap().0.iter().map(|level| level.door.0).collect();
    let expected: Vec<Door> = (0..8).map(|n| if n == 2 { Door::Open } else { Door::Closed }).collect();
    assert_eq!(doors, expected);
    assert_eq!(board.pulse(order(4)).await, Ok(()), "the coil was read back as on, and as off again");
    assert_eq!(device.says("write 5 4 0"), ["write 5 4 1", "write 5 4 0"], "once each");
    drop(board);

    // It knows no flash, whose coils are beyond those that it has: declined, and nothing was switched.
    let mut board = way.driver(RelayProfile::Waveshare, 0);
    well(&mut board).await;
    assert_eq!(board.pulse(order(1)).await, Err(ErrorKind::Refused));
    device.says("exception 5 2");
    board.all_off().await.unwrap();
    drop(board);

    // Coils that it does not have.
    let mut board = way.driver(PLAIN, 100);
    well(&mut board).await;
    assert_eq!(board.all_off().await, Err(ErrorKind::Refused));
    assert_eq!(device.says("exception 1 2"), ["exception 1 2"]);
    assert_eq!(board.pulse(order(1)).await, Err(ErrorKind::Refused));
    device.says("exception 5 2");
    drop(board);

    let mut board = way.driver(RelayProfile::R421A08, 0);
    well(&mut board).await;
    assert_eq!(board.pulse(order(6)).await, Ok(()), "register 7 is read back as on");
    assert_eq!(device.says("write 6 7 1280"), ["write 6 7 1280"]);
    // This device keeps whatever number it is given, so that a relay never lets go: the driver sees that.
    assert_eq!(board.all_off().await, Err(ErrorKind::Other));
    assert_eq!(device.says("write 6 7 512"), ["write 6 7 512"]);
}

/// A device that hangs, and one that is killed: nothing is confirmed, nothing is sent twice, and it is found again.
async fn is_missed_and_found(way: Way) {
    let mut device = Device::start(&way);
    let mut board = way.driver(PLAIN, 0);
    board.all_off().await.unwrap();
    well(&mut board).await;
    device.signal("-STOP");
    let fired = board.pulse(order(4)).await;
    assert!(fired.is_err_and(ErrorKind::may_have_fired), "{fired:?}");
    assert!(board.read().await.is_err());
    device.signal("-CONT");
    well(&mut board).await;
    board.all_off().await.unwrap();
    well(&mut board).await;
    // Of requests that came while it hung it takes some and drops others; all coils were read back as off.
    let said: Vec<String> = device.said.try_iter().collect();
    assert!(said.iter().filter(|line| *line == "write 5 4 1").count() <= 1, "never a second time: {said:?}");

    device.child.kill().unwrap();
    device.child.wait().unwrap();
    assert!(board.read().await.is_err());
    let fired = board.pulse(order(4)).await;
    assert!(fired.is_err(), "{fired:?}");
    let device = Device::start(&way);
    well(&mut board).await;
    board.all_off().await.unwrap();
    assert_eq!(board.pulse(order(5)).await, Ok(()));
    assert_eq!(device.says("write 5 5 0"), ["write 5 5 1", "write 5 5 0"], "and nothing of before");
}

#[tokio::test]
async fn pymodbus_understands_our_driver_over_rtu() {
    if has_python("pymodbus") {
        is_understood(Way::rtu()).await;
    }
}

#[tokio::test]
async fn pymodbus_understands_our_driver_over_tcp() {
    if has_python("pymodbus") {
        is_understood(Way::tcp()).await;
    }
}

#[tokio::test]
async fn box_04_box_12_a_device_of_pymodbus_that_hangs_and_dies_is_missed_and_found_over_rtu() {
    if has_python("pymodbus") {
        is_missed_and_found(Way::rtu()).await;
    }
}

#[tokio::test]
async fn box_04_box_12_a_device_of_pymodbus_that_hangs_and_dies_is_missed_and_found_over_tcp() {
    if has_python("pymodbus") {
        is_missed_and_found(Way::tcp()).await;
    }
}
