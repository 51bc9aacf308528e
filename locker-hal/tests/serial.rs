//! A serial port of the operating system: a pseudo-terminal, whose other end this test holds.
#![cfg(all(feature = "serial", target_os = "linux"))]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use locker_hal::drivers::{StatusEnd, Xor8a, XorSettings};
use locker_hal::line::{LineSettings, Opener, PortAddress, SerialPort, SharedLine};
use locker_hal::{Board, ErrorKind};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

const READ: &[u8] = &[0x80, 0x01, 0x00, 0x33, 0xB2];
const ALL_OPEN: &[u8] = &[0x80, 0x01, 0x00, 0x00, 0x00, 0x33, 0xB2];

/// A pseudo-terminal: our end of it, and the path of the other.
fn pty() -> (File, PathBuf) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let path = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    (File::from(ours), path.into())
}

fn board(path: &Path) -> Xor8a {
    let port: PortAddress = path.to_str().unwrap().parse().unwrap();
    let line = SharedLine::new(port.opener(9_600), LineSettings::default());
    let settings = XorSettings { channels: 8, status: StatusEnd::Length(3), ..XorSettings::default() };
    Xor8a::new(line, settings).unwrap()
}

/// Answers one reading, on a thread of its own; gives our end back.
fn answers_once(mut ours: File) -> std::thread::JoinHandle<File> {
    std::thread::spawn(move || {
        let mut request = [0; 5];
        ours.read_exact(&mut request).unwrap();
        assert_eq!(request, READ);
        ours.write_all(ALL_OPEN).unwrap();
        ours
    })
}

#[tokio::test]
async fn a_board_on_a_serial_port_is_read_and_reopened_under_the_same_name() {
    let folder = tempfile::tempdir().unwrap();
    // As `/dev/serial/by-id/` has it: a link that is made anew when the adapter is plugged in again.
    let by_id = folder.path().join("usb-adapter");
    let mut board = board(&by_id);
    assert_eq!(board.read().await, Err(ErrorKind::Disconnected), "it is not there");

    for round in 0..2 {
        let (ours, path) = pty();
        symlink(&path, &by_id).unwrap();
        let peer = answers_once(ours);
        let levels = loop {
            match board.read().await {
                Ok(levels) => break levels,
                Err(kind) => assert_eq!(kind, ErrorKind::Disconnected, "until the back-off is over"),
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(levels.0.len(), 8);
        // Pulled out: one reading notices, and from then on it is gone.
        drop(peer.join().unwrap());
        std::fs::remove_file(&by_id).unwrap();
        assert!(board.read().await.is_err(), "round {round}");
        assert_eq!(board.read().await, Err(ErrorKind::Disconnected));
    }
}

#[tokio::test]
async fn an_open_port_is_nobody_elses() {
    let (_ours, path) = pty();
    let mut port = SerialPort::new(&path, 9_600);
    let held = port.open().await.unwrap();
    assert!(port.open().await.is_err());
    drop(held);
    drop(port.open().await.unwrap());
}

#[test]
fn a_byte_takes_ten_bits_or_more() {
    use locker_hal::line::{Parity, StopBits};
    assert_eq!(SerialPort::new("port", 9_600).byte_us(), 1_042);
    let slow =
        SerialPort { parity: Parity::Even, stop_bits: StopBits::Two, ..SerialPort::new("port", 9_600) };
    assert_eq!(slow.byte_us(), 1_250);
}
