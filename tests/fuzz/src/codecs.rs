//! What comes in on the wires of lock boards: noise, pieces of frames, good ones, and silences between them. Whatever it was,
//! the pieces do not matter, a silence leaves nothing behind, and the next good frame is found.

use std::fmt::Debug;

use locker_hal::codec::kerong::{Whom, cu12, cu16, cu48, sum};
use locker_hal::codec::{Decoder, OutOfRange, Packet, Protocol, modbus, winnsen, wkly, xor};

use crate::bytes::Bytes;

/// One silence to the next.
struct Wire<P> {
    protocol: P,
    decoder: Decoder<P>,
    fed: Vec<u8>,
    found: Vec<String>,
}

impl<P: Protocol<Frame: Debug> + Copy> Wire<P> {
    fn new(protocol: P) -> Self {
        Self { protocol, decoder: Decoder::new(protocol), fed: Vec::new(), found: Vec::new() }
    }

    fn feed(&mut self, mut bytes: &[u8]) {
        self.fed.extend(bytes);
        while let Some(frame) = self.decoder.feed(&mut bytes) {
            self.found.push(format!("{frame:?}"));
        }
        assert!(bytes.is_empty(), "all is taken");
    }

    /// What was found since the last silence.
    fn silence(&mut self) -> Vec<String> {
        while let Some(frame) = self.decoder.silence() {
            self.found.push(format!("{frame:?}"));
        }
        assert!(!self.decoder.is_partial(), "a silence leaves nothing behind");
        let (fed, found) = (std::mem::take(&mut self.fed), std::mem::take(&mut self.found));
        let mut whole = Decoder::new(self.protocol);
        let (mut left, mut again) = (&fed[..], Vec::new());
        while let Some(frame) = whole.feed(&mut left).or_else(|| whole.silence()) {
            again.push(format!("{frame:?}"));
        }
        assert_eq!(again, found, "the pieces do not matter");
        assert!(whole.skipped() as usize + again.len() <= fed.len(), "no byte counts twice");
        found
    }
}

fn run<P: Protocol<Frame: Debug> + Copy>(protocol: P, good: &[&str], bytes: &mut Bytes<'_>) {
    let good: Vec<Vec<u8>> = good.iter().map(|frame| hex::decode(frame).unwrap()).collect();
    let mut wire = Wire::new(protocol);
    while let Some(kind) = bytes.next() {
        match kind % 5 {
            0 => {
                let noise: Vec<u8> = (0..bytes.byte()).map_while(|_| bytes.next()).collect();
                wire.feed(&noise);
            }
            1 => drop(wire.silence()),
            2 => wire.feed(&good[usize::from(bytes.byte()) % good.len()]),
            3 => {
                let mut frame = good[usize::from(bytes.byte()) % good.len()].clone();
                let at = usize::from(bytes.byte()) % frame.len();
                frame[at] = bytes.byte();
                frame.truncate(usize::from(bytes.byte()));
                wire.feed(&frame);
            }
            _ => wire.feed(&[kind]),
        }
    }
    wire.silence();
    for frame in &good {
        wire.feed(frame);
        let found = wire.silence();
        assert_eq!(found.len(), 1, "the next good frame is found: {found:?}");
    }
}

/// A request that is not refused: none means all locks, and its check is good.
fn asked(request: Result<Packet, OutOfRange>, is_good: impl Fn(&[u8]) -> bool) {
    if let Ok(packet) = request {
        assert!(is_good(&packet), "{:02X?}", &*packet);
    }
}

pub(crate) fn xor(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let (board, lock, seconds) = (bytes.byte(), bytes.byte(), bytes.byte());
    let names_a_lock = |packet: &[u8]| xor::check(packet) == 0 && packet[2] != 0;
    asked(xor::Request::Unlock { board, lock }.encode(), names_a_lock);
    asked(xor::Request::UnlockFor { board, lock, seconds }.encode(), names_a_lock);
    let (awaited, status) = match seconds % 3 {
        0 => (xor::Awaited::One, "8001011191"),
        1 => (xor::Awaited::All(3), "800101010133B3"),
        _ => (xor::Awaited::AllUntilSilence, "800101010133B3"),
    };
    run(xor::Xor { awaited }, &[status, "8A0101008A", "8A0101119B", "8101011190"], &mut bytes);
}

pub(crate) fn kerong(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let (board, lock, which) = (bytes.byte(), bytes.byte(), bytes.byte());
    let time = bytes.short();
    let summed = |packet: &[u8]| packet.split_last().is_some_and(|(last, head)| sum(head) == *last);
    match which % 3 {
        0 => {
            let unlock = cu16::Request::Unlock { board, lock }.encode();
            asked(unlock, |packet| summed(packet) && packet[1] >> 4 < 10 && packet[2] == 0x31);
            asked(cu16::Request::SetUnlockTime(Whom::Board(board), time).encode(), summed);
            run(cu16::Cu16, &["02003501000100033C", "0200380F0000370383"], &mut bytes);
        }
        1 => {
            let unlock = cu48::Request::Unlock { board, lock }.encode();
            asked(unlock, |packet| summed(packet) && packet[1] < 10 && packet[2] < 48);
            run(cu48::Cu48, &["020000650700000000C00331"], &mut bytes);
        }
        _ => {
            let unlock = cu12::Request::Unlock { board, lock }.encode();
            asked(unlock, |packet| summed(packet) && packet[1] < 16 && packet[2] < 12);
            run(cu12::Cu12, &["020100801002039C0400", "0200028110000398"], &mut bytes);
        }
    }
}

pub(crate) fn modbus(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let (unit, which) = (bytes.byte(), bytes.byte());
    let (coil, value) = (bytes.short(), bytes.short());
    let write = modbus::Request::WriteCoil { coil, value };
    asked(write.encode_rtu(unit), |packet| {
        let all = packet[2..4] == [0x00, 0xFF] || packet[2..4] == [0x01, 0xFF];
        // A CRC over a frame with its own is nothing.
        modbus::crc(packet) == 0 && packet[0] != 0 && !all
    });
    if which & 1 == 0 {
        run(modbus::Rtu, &["01010277D15E50", "0185030291", "010600010100D99A"], &mut bytes);
    } else {
        run(modbus::Tcp, &["123400000004010201A1", "000300000006010502000005"], &mut bytes);
    }
}

pub(crate) fn winnsen(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let (station, lock) = (bytes.byte(), bytes.byte());
    let open = winnsen::Request::Open { station, lock }.encode();
    asked(open, |packet| packet.len() == 6 && (1..=16).contains(&packet[4]));
    run(winnsen::Winnsen, &["90078501050103", "90078201010103"], &mut bytes);
}

pub(crate) fn wkly(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let (board, channel) = (bytes.byte(), bytes.byte());
    let unlock = wkly::Request::Unlock { board, channel }.encode();
    asked(unlock, |packet| xor::check(packet) == 0 && packet[6] == 0x82 && packet[7] != 0);
    let good = ["574B4C590E008400040001010087", "574B4C590B008200010081", "574B4C590A0085010186"];
    run(wkly::Wkly, &good, &mut bytes);
}
