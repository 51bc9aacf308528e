//! Every public vector of the boards' protocols (`vectors.json`, with meaning and source of each): what we ask is byte for
//! byte what vendors and projects print, what boards answer is understood, and what is wrong is refused.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Debug;

use locker_hal::codec::kerong::cu12::{self, Ask, Command, Cu12};
use locker_hal::codec::kerong::cu16::{self, Cu16};
use locker_hal::codec::kerong::cu48::{self, Cu48};
use locker_hal::codec::kerong::{Whom, sum};
use locker_hal::codec::modbus::{self, Rtu, crc};
use locker_hal::codec::winnsen::{self, Outcome, Winnsen};
use locker_hal::codec::wkly::{self, State, Wkly};
use locker_hal::codec::xor::{self, Awaited, GroupOrder, Switch, Xor, check};
use locker_hal::codec::{Decoder, OutOfRange, Packet, Protocol};

#[derive(serde::Deserialize)]
struct Vector {
    protocol: String,
    direction: String,
    bytes: String,
    meaning: String,
    check: String,
}

impl Vector {
    fn raw(&self) -> Vec<u8> {
        hex::decode(&self.bytes).unwrap()
    }
}

fn vectors(direction: &str, check: &str) -> Vec<Vector> {
    let all: Vec<Vector> = serde_json::from_str(include_str!("vectors.json")).unwrap();
    assert_eq!(all.len(), 181);
    all.into_iter().filter(|vector| vector.direction == direction && vector.check == check).collect()
}

type Encoded = Result<Packet, OutOfRange>;

/// What is asked, as its makers print it.
#[rustfmt::skip]
fn requests() -> BTreeMap<&'static str, Encoded> {
    BTreeMap::from([
        ("8A0101119B", xor::Request::Unlock { board: 1, lock: 1 }.encode()),
        ("8A01021198", xor::Request::Unlock { board: 1, lock: 2 }.encode()),
        ("8A01031199", xor::Request::Unlock { board: 1, lock: 3 }.encode()),
        ("8A0104119E", xor::Request::Unlock { board: 1, lock: 4 }.encode()),
        ("8A0105119F", xor::Request::Unlock { board: 1, lock: 5 }.encode()),
        ("8A0106119C", xor::Request::Unlock { board: 1, lock: 6 }.encode()),
        ("8A0107119D", xor::Request::Unlock { board: 1, lock: 7 }.encode()),
        ("8A01081192", xor::Request::Unlock { board: 1, lock: 8 }.encode()),
        ("8A010A1190", xor::Request::Unlock { board: 1, lock: 10 }.encode()),
        ("8A010B1191", xor::Request::Unlock { board: 1, lock: 11 }.encode()),
        ("8A010C1196", xor::Request::Unlock { board: 1, lock: 12 }.encode()),
        ("8A020C1195", xor::Request::Unlock { board: 2, lock: 12 }.encode()),
        ("8A030C1194", xor::Request::Unlock { board: 3, lock: 12 }.encode()),
        ("80010133B3", xor::Request::Read { board: 1, lock: 1 }.encode()),
        ("80010233B0", xor::Request::Read { board: 1, lock: 2 }.encode()),
        ("80010333B1", xor::Request::Read { board: 1, lock: 3 }.encode()),
        ("80030133B1", xor::Request::Read { board: 3, lock: 1 }.encode()),
        ("80010033B2", xor::Request::ReadAll { board: 1 }.encode()),
        ("80020033B1", xor::Request::ReadAll { board: 2 }.encode()),
        ("0200008000000385", cu12::Request::Status(Whom::Board(0)).encode()),
        ("0210008000000395", cu12::Request::Status(Whom::Everyone).encode()),
        ("0200028100000388", cu12::Request::Unlock { board: 0, lock: 2 }.encode()),
        ("0200008200000387", cu12::Request::UnlockTime(Whom::Board(0)).encode()),
        ("02000082000203ED0064", cu12::Request::SetUnlockTime(Whom::Board(0), 100).encode()),
        ("0200300335", cu16::Request::Status(Whom::Board(0)).encode()),
        ("0200310336", cu16::Request::Unlock { board: 0, lock: 0 }.encode()),
        ("0201310337", cu16::Request::Unlock { board: 0, lock: 1 }.encode()),
        ("0203310339", cu16::Request::Unlock { board: 0, lock: 3 }.encode()),
        ("020431033A", cu16::Request::Unlock { board: 0, lock: 4 }.encode()),
        ("020531033B", cu16::Request::Unlock { board: 0, lock: 5 }.encode()),
        ("020631033C", cu16::Request::Unlock { board: 0, lock: 6 }.encode()),
        ("020731033D", cu16::Request::Unlock { board: 0, lock: 7 }.encode()),
        ("020831033E", cu16::Request::Unlock { board: 0, lock: 8 }.encode()),
        ("020931033F", cu16::Request::Unlock { board: 0, lock: 9 }.encode()),
        ("020A310340", cu16::Request::Unlock { board: 0, lock: 10 }.encode()),
        ("020B310341", cu16::Request::Unlock { board: 0, lock: 11 }.encode()),
        ("020C310342", cu16::Request::Unlock { board: 0, lock: 12 }.encode()),
        ("020D310343", cu16::Request::Unlock { board: 0, lock: 13 }.encode()),
        ("020E310344", cu16::Request::Unlock { board: 0, lock: 14 }.encode()),
        ("0210310346", cu16::Request::Unlock { board: 1, lock: 0 }.encode()),
        ("0211310347", cu16::Request::Unlock { board: 1, lock: 1 }.encode()),
        ("0212310348", cu16::Request::Unlock { board: 1, lock: 2 }.encode()),
        ("020037033C", cu16::Request::UnlockTime(Whom::Board(0)).encode()),
        ("020037006403A0", cu16::Request::SetUnlockTime(Whom::Board(0), 100).encode()),
        ("02F037032C", cu16::Request::UnlockTime(Whom::Everyone).encode()),
        ("02F03700640390", cu16::Request::SetUnlockTime(Whom::Everyone, 100).encode()),
        ("020000500355", cu48::Request::Status(Whom::Board(0)).encode()),
        ("020A0050035F", cu48::Request::Status(Whom::Everyone).encode()),
        ("020000510356", cu48::Request::Unlock { board: 0, lock: 0 }.encode()),
        ("010500000000CDCA", modbus::Request::WriteCoil { coil: 0, value: 0 }.encode_rtu(1)),
        ("010500005500F29A", modbus::Request::WriteCoil { coil: 0, value: 0x5500 }.encode_rtu(1)),
        ("0105020000078DB0", modbus::Request::WriteCoil { coil: 0x0200, value: 7 }.encode_rtu(1)),
        ("0105020100089C74", modbus::Request::WriteCoil { coil: 0x0201, value: 8 }.encode_rtu(1)),
        ("0101000000083DCC", modbus::Request::ReadCoils { first: 0, count: 8 }.encode_rtu(1)),
        ("01020000000879CC", modbus::Request::ReadInputs { first: 0, count: 8 }.encode_rtu(1)),
        ("0101000000103DC6", modbus::Request::ReadCoils { first: 0, count: 16 }.encode_rtu(1)),
        ("010600010100D99A", modbus::Request::WriteRegister { register: 1, value: 0x0100 }.encode_rtu(1)),
        ("010600010200D96A", modbus::Request::WriteRegister { register: 1, value: 0x0200 }.encode_rtu(1)),
        ("FF02000000086C12", modbus::Request::ReadInputs { first: 0, count: 8 }.encode_rtu(255)),
        ("0105000101009D9A", modbus::Request::WriteCoil { coil: 1, value: 0x0100 }.encode_rtu(1)),
        ("900605010503", winnsen::Request::Open { station: 1, lock: 5 }.encode()),
        ("900605010103", winnsen::Request::Open { station: 1, lock: 1 }.encode()),
        ("90070202FF0F03", winnsen::Request::Poll { station: 2, mask: 0x0FFF }.encode()),
        ("574B4C590900820183", wkly::Request::Unlock { board: 0, channel: 1 }.encode()),
        ("574B4C590901820182", wkly::Request::Unlock { board: 1, channel: 1 }.encode()),
        ("574B4C59090A820189", wkly::Request::Unlock { board: 10, channel: 1 }.encode()),
    ])
}

/// Requests that boards know and that are not offered: they fire many locks, keep one on, reset, set baud rates, ask for what
/// nobody needs, or belong to a protocol of which nobody has published a reply.
#[rustfmt::skip]
const NOT_OFFERED: &[&str] = &[
    "5A5A0000000400010104", // open addr 0 lock 1
    "5A5A0001000400010206", // open addr 1 lock 2
    "5A5A001F000400011802", // open addr 31 lock 24
    "5A5A000F000400010C06", // open addr 15 lock 12
    "5A5A0001000400010E0A", // open addr 1 lock 14
    "5A5A000A00040001141B", // open addr 10 lock 20
    "5A5A0014000400010F1E", // open addr 20 lock 15
    "8A0100119A", // open ALL locks of board 1
    "8A02001199", // open ALL locks of board 2
    "900102020293", // open locks 2,10,18 of board 1 at once
    "9A0101118B", // keep lock 1 energised
    "82010022A1", // query firmware/version
    "02000C8100000392", // unlock all 12 locks of board 0
    "02100C81000003A2", // unlock all locks of all boards
    "0200008300000388", // query baud
    "020000850000038A", // query push-door wait time
    "0200008E00000393", // initialise board
    "0200008F00000394", // query version
    "0200330338", // unlock all 16 locks of board 0, one after another
    "02003901033F", // set delayed-unlock time 1 s, board 0
    "020040010346", // set baud code 1
    "020030510386", // unlock all 48 locks of board 0
    "020A30510390", // unlock everything on the bus
    "020000600365", // get status device 0
    "020000610366", // open device 0 lock index 0
    "F5B600005F0A", // get version, board 0
    "F5B664005F6E", // get version, all boards
    "010500FFFF00BC0A", // all relays on
    "010F0000000801FFBED5", // write 8 coils all on
    "010F000000100277D1058C", // write 16 coils 0x77 0xD1
    "010F0000001002AD715E94", // write 16 coils 0xAD 0x71
    "574B4C590C00800301020386", // open channels 1,2,3 simultaneously
    "574B4C590900810180", // flash channel 1
    "574B4C590C00870301020381", // open 1,2,3 one by one
    "574B4C590900890188", // stop keeping channel 1 on
];

fn said(reply: &impl Debug) -> String {
    format!("{reply:?}")
}

fn wrote(unit: u8, function: u8, address: u16, value: u16) -> String {
    said(&modbus::Frame { transaction: 0, unit, reply: modbus::Reply::Wrote { function, address, value } })
}

fn read(unit: u8, function: u8, values: &[u8]) -> String {
    format!(
        "Frame {{ transaction: 0, unit: {unit}, reply: Read {{ function: {function}, values: {values:02X?} }} }}"
    )
}

/// What boards answer, those apart that are looked at one by one below.
#[rustfmt::skip]
fn replies() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("8A0101008A", said(&xor::Reply::Unlocked { board: 1, lock: 1, switch: Switch::Clear })),
        ("8A01030088", said(&xor::Reply::Unlocked { board: 1, lock: 3, switch: Switch::Clear })),
        ("8A0104008F", said(&xor::Reply::Unlocked { board: 1, lock: 4, switch: Switch::Clear })),
        ("8A0105008E", said(&xor::Reply::Unlocked { board: 1, lock: 5, switch: Switch::Clear })),
        ("8A0106008D", said(&xor::Reply::Unlocked { board: 1, lock: 6, switch: Switch::Clear })),
        ("8A0107008C", said(&xor::Reply::Unlocked { board: 1, lock: 7, switch: Switch::Clear })),
        ("8A01080083", said(&xor::Reply::Unlocked { board: 1, lock: 8, switch: Switch::Clear })),
        ("8A010A0081", said(&xor::Reply::Unlocked { board: 1, lock: 10, switch: Switch::Clear })),
        ("8A010B0080", said(&xor::Reply::Unlocked { board: 1, lock: 11, switch: Switch::Clear })),
        ("8A010C0087", said(&xor::Reply::Unlocked { board: 1, lock: 12, switch: Switch::Clear })),
        ("8A01020089", said(&xor::Reply::Unlocked { board: 1, lock: 2, switch: Switch::Clear })),
        ("8A020C0084", said(&xor::Reply::Unlocked { board: 2, lock: 12, switch: Switch::Clear })),
        ("8A030C0085", said(&xor::Reply::Unlocked { board: 3, lock: 12, switch: Switch::Clear })),
        ("8001010080", said(&xor::Reply::Lock { board: 1, lock: 1, switch: Switch::Clear })),
        ("8001011191", said(&xor::Reply::Lock { board: 1, lock: 1, switch: Switch::Set })),
        ("8001021192", said(&xor::Reply::Lock { board: 1, lock: 2, switch: Switch::Set })),
        ("8001030082", said(&xor::Reply::Lock { board: 1, lock: 3, switch: Switch::Clear })),
        ("8101010081", said(&xor::Reply::Changed { board: 1, lock: 1, switch: Switch::Clear })),
        ("8101011190", said(&xor::Reply::Changed { board: 1, lock: 1, switch: Switch::Set })),
        ("8101021193", said(&xor::Reply::Changed { board: 1, lock: 2, switch: Switch::Set })),
        ("8201031191", said(&xor::Reply::Changed { board: 1, lock: 3, switch: Switch::Set })),
        ("8201041196", said(&xor::Reply::Changed { board: 1, lock: 4, switch: Switch::Set })),
        ("020100801002039C0400", said(&cu12::Reply { board: 1, lock: 0, command: Command::Status(Some(0x0004)), ask: Ask::Done })),
        ("0200028110000398", said(&cu12::Reply { board: 0, lock: 2, command: Command::Unlock, ask: Ask::Done })),
        ("02000C81100003A2", said(&cu12::Reply { board: 0, lock: 12, command: Command::Unlock, ask: Ask::Done })),
        ("02010C81100003A3", said(&cu12::Reply { board: 1, lock: 12, command: Command::Unlock, ask: Ask::Done })),
        ("02000082100203D00037", said(&cu12::Reply { board: 0, lock: 0, command: Command::UnlockTime(Some(55)), ask: Ask::Done })),
        ("020000831001039A01", said(&cu12::Reply { board: 0, lock: 0, command: Command::Other(0x83), ask: Ask::Done })),
        ("020000851001039B00", said(&cu12::Reply { board: 0, lock: 0, command: Command::Other(0x85), ask: Ask::Done })),
        ("0200008E100003A3", said(&cu12::Reply { board: 0, lock: 0, command: Command::Other(0x8E), ask: Ask::Done })),
        ("0200028111000399", said(&cu12::Reply { board: 0, lock: 2, command: Command::Unlock, ask: Ask::Failed })),
        ("020002811200039A", said(&cu12::Reply { board: 0, lock: 2, command: Command::Unlock, ask: Ask::TimedOut })),
        ("02003501000100033C", said(&cu16::Reply::Status { board: 0, hooks: 0x0001, items: 0x0001 })),
        ("02003600030100033F", said(&cu16::Reply::StatusOfOne { board: 0, hooks: 0x0300, items: 0x0001 })),
        ("021036010000080354", said(&cu16::Reply::StatusOfOne { board: 1, hooks: 0x0001, items: 0x0800 })),
        ("0200380F0000370383", said(&cu16::Reply::UnlockTime { board: 0, time: 55 })),
        ("0200380000006403A1", said(&cu16::Reply::UnlockTime { board: 0, time: 100 })),
        ("021038000000370384", said(&cu16::Reply::UnlockTime { board: 1, time: 55 })),
        ("0200380F00006403B0", said(&cu16::Reply::UnlockTime { board: 0, time: 100 })),
        ("0210380000006403B1", said(&cu16::Reply::UnlockTime { board: 1, time: 100 })),
        ("020039010000010340", said(&cu16::Reply::Other { board: 0, command: 0x39, data: [1, 0, 0, 1] })),
        ("021039010000010350", said(&cu16::Reply::Other { board: 1, command: 0x39, data: [1, 0, 0, 1] })),
        ("022039010000010360", said(&cu16::Reply::Other { board: 2, command: 0x39, data: [1, 0, 0, 1] })),
        ("020040010000010347", said(&cu16::Reply::Other { board: 0, command: 0x40, data: [1, 0, 0, 1] })),
        ("021040000000000355", said(&cu16::Reply::Other { board: 1, command: 0x40, data: [0, 0, 0, 0] })),
        ("020000650700000000C00331", said(&cu48::Status { board: 0, hooks: 0xC000_0000_0007 })),
        ("01050000FF008C3A", wrote(1, 5, 0x0000, 0xFF00)),
        ("010101005188", read(1, 1, &[0])),
        ("0101014191B8", read(1, 1, &[65])),
        ("010F000000105407", wrote(1, 15, 0x0000, 0x0010)),
        ("01010277D15E50", read(1, 1, &[119, 209])),
        ("010102AD710548", read(1, 1, &[173, 113])),
        ("010600010100D99A", wrote(1, 6, 0x0001, 0x0100)),
        ("FF02010151A0", read(255, 2, &[1])),
        ("90078501050103", said(&winnsen::Reply::Opened { station: 1, lock: 5, outcome: Outcome::Opened })),
        ("90078501030003", said(&winnsen::Reply::Opened { station: 1, lock: 3, outcome: Outcome::Failed })),
        ("90078201000003", said(&winnsen::Reply::Polled { station: 1, open: 0x0000 })),
        ("90078201010103", said(&winnsen::Reply::Polled { station: 1, open: 0x0101 })),
        ("90078503070103", said(&winnsen::Reply::Opened { station: 3, lock: 7, outcome: Outcome::Opened })),
        ("574B4C590B008200010081", said(&wkly::Reply::Unlocked { board: 0, channel: 1, done: true, state: State::Open })),
        ("574B4C590B018200040085", said(&wkly::Reply::Unlocked { board: 1, channel: 4, done: true, state: State::Open })),
        ("574B4C590900800080", said(&wkly::Reply::Other { board: 0, command: 0x80, done: true })),
        ("574B4C590A0081000183", said(&wkly::Reply::Other { board: 0, command: 0x81, done: true })),
        ("574B4C590B008300010080", said(&wkly::Reply::Read { board: 0, channel: 1, state: State::Open })),
        ("574B4C590A0085010186", said(&wkly::Reply::Changed { board: 0, channel: 1, state: State::Closed })),
        ("574B4C590900860086", said(&wkly::Reply::Other { board: 0, command: 0x86, done: true })),
        ("574B4C590900870087", said(&wkly::Reply::Other { board: 0, command: 0x87, done: true })),
        ("574B4C590A008800018A", said(&wkly::Reply::Other { board: 0, command: 0x88, done: true })),
        ("574B4C590A008900018B", said(&wkly::Reply::Other { board: 0, command: 0x89, done: true })),
    ])
}

/// Every frame in `bytes` and in the silence behind them.
fn frames<P: Protocol<Frame: Debug>>(protocol: P, bytes: &[u8]) -> Vec<String> {
    let mut decoder = Decoder::new(protocol);
    let (mut left, mut found) = (bytes, Vec::new());
    while let Some(frame) = decoder.feed(&mut left) {
        found.push(said(&frame));
    }
    while let Some(frame) = decoder.silence() {
        found.push(said(&frame));
    }
    assert!(!decoder.is_partial());
    found
}

/// Every frame by the decoder of a protocol.
fn decoded(protocol: &str, bytes: &[u8]) -> Vec<String> {
    match protocol {
        "bcc-8a80" => frames(Xor { awaited: Awaited::One }, bytes),
        "kerong-cu16" | "kerong-f5" => frames(Cu16, bytes),
        "kerong-cu48" | "kerong-cu48-0x60" => frames(Cu48, bytes),
        "kerong-cu12" => frames(Cu12, bytes),
        "modbus-rtu-relay" => frames(Rtu, bytes),
        "winnsen" => frames(Winnsen, bytes),
        "wkly" => frames(Wkly, bytes),
        other => panic!("{other} has no decoder"),
    }
}

#[test]
fn every_request_is_byte_for_byte_as_printed_or_not_offered() {
    let requests = requests();
    for vector in vectors("request", "ok") {
        let hex = vector.bytes.as_str();
        match requests.get(hex) {
            Some(encoded) => {
                assert_eq!(encoded.unwrap().to_vec(), vector.raw(), "{}", vector.meaning);
                assert!(!NOT_OFFERED.contains(&hex));
            }
            None => assert!(NOT_OFFERED.contains(&hex), "{hex}: {}", vector.meaning),
        }
    }
    assert_eq!(requests.len() + NOT_OFFERED.len(), vectors("request", "ok").len());
}

#[test]
fn what_is_not_offered_has_good_checks_all_the_same() {
    for hex in NOT_OFFERED {
        let bytes = hex::decode(hex).unwrap();
        let (&last, head) = bytes.split_last().unwrap();
        let good = match bytes[0] {
            0x57 | 0x5A | 0x80..=0x9A => check(head) == last,
            // Sums stand before the data in these two.
            0x02 if bytes.len() >= 8 => sum(&bytes[..7]) == bytes[7],
            0x02 => sum(head) == last,
            0xF5 => sum(&bytes[..5]) == bytes[5],
            _ => crc(&bytes[..bytes.len() - 2]).to_le_bytes() == bytes[bytes.len() - 2..],
        };
        assert!(good, "{hex}");
    }
}

#[test]
fn every_reply_is_understood() {
    let replies = replies();
    let mut apart = 0;
    for vector in vectors("reply", "ok") {
        match replies.get(vector.bytes.as_str()) {
            Some(reply) => {
                assert_eq!(
                    &decoded(&vector.protocol, &vector.raw())[..],
                    std::slice::from_ref(reply),
                    "{}",
                    vector.meaning
                );
            }
            None => apart += 1,
        }
    }
    // Three of all locks of an 8A/80 board, two of WKLY, two of a family that is not spoken; all below.
    assert_eq!(apart, 7);
}

#[test]
fn every_bit_of_a_reply_with_a_check_counts() {
    for vector in vectors("reply", "ok").iter().filter(|vector| vector.protocol != "winnsen") {
        let bytes = vector.raw();
        for bit in 0..bytes.len() * 8 {
            let mut wrong = bytes.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            let found = decoded(&vector.protocol, &wrong);
            assert!(found.is_empty(), "{} with bit {bit} wrong: {found:?}", vector.bytes);
        }
    }
}

#[test]
fn what_is_wrong_is_refused() {
    let bad: Vec<_> = ["request", "reply"].into_iter().flat_map(|way| vectors(way, "bad")).collect();
    assert_eq!(bad.len(), 4);
    for vector in bad {
        assert!(decoded(&vector.protocol, &vector.raw()).is_empty(), "{}", vector.meaning);
    }
    // The wrong request's right form.
    let right = cu16::Request::Status(Whom::Board(1)).encode().unwrap();
    assert_eq!(*right, [0x02, 0x10, 0x30, 0x03, 0x45]);
}

#[test]
fn xor_all_locks_by_length_and_by_silence() {
    let set = |hex: &str, awaited| {
        let mut decoder = Decoder::new(Xor { awaited });
        let bytes = hex::decode(hex).unwrap();
        let Some(xor::Reply::All { board: 1, switches }) =
            decoder.feed(&mut &bytes[..]).or_else(|| decoder.silence())
        else {
            panic!("{hex} says all locks");
        };
        let is_set = |lock: &u8, order| switches.of_lock(*lock, order) == Some(Switch::Set);
        let by = |order| (1..=24).filter(|lock| is_set(lock, order)).collect::<Vec<u8>>();
        assert_eq!(switches.of_lock(25, GroupOrder::HighestFirst), None);
        assert_eq!(switches.of_lock(25, GroupOrder::LowestFirst), None);
        assert_eq!(switches.of_lock(0, GroupOrder::LowestFirst), None);
        (by(GroupOrder::HighestFirst), by(GroupOrder::LowestFirst))
    };
    for awaited in [Awaited::All(3), Awaited::AllUntilSilence] {
        assert_eq!(set("800101010133B3", awaited), (vec![1, 9, 17], vec![1, 9, 17]));
        assert_eq!(set("800100000233B0", awaited), (vec![2], vec![18]));
        assert_eq!(set("80010000203392", awaited), (vec![6], vec![22]));
        // What a real board of 8 locks says.
        assert_eq!(set("800100000033B2", awaited), (vec![], vec![]));
    }
}

#[test]
fn xor_an_echoed_query_is_no_reply() {
    let echo = hex::decode("80010033B2").unwrap();
    assert!(frames(Xor { awaited: Awaited::AllUntilSilence }, &echo).is_empty());
    assert!(frames(Xor { awaited: Awaited::All(3) }, &echo).is_empty());
}

#[test]
fn wkly_all_locks() {
    let states = |hex: &str| {
        let bytes = hex::decode(hex).unwrap();
        let Some(wkly::Reply::All { board: 0, states }) = Decoder::new(Wkly).feed(&mut &bytes[..]) else {
            panic!("{hex} says all locks");
        };
        (1..=states.count()).map(|n| states.of_channel(u8::try_from(n).unwrap()).unwrap()).collect::<Vec<_>>()
    };
    let (open, closed) = (State::Open, State::Closed);
    assert_eq!(states("574B4C590E008400040001010087"), [open, closed, closed, open]);
    let all_open = "574B4C592200840018000000000000000000000000000000000000000000000000B7";
    assert_eq!(states(all_open), [open; 24]);
}

#[test]
fn modbus_exceptions_and_tcp() {
    let refused =
        modbus::Frame { transaction: 0, unit: 1, reply: modbus::Reply::Exception { function: 5, code: 2 } };
    assert_eq!(frames(Rtu, &hex::decode("018502C351").unwrap()), [said(&refused)]);
    let request = modbus::Request::ReadInputs { first: 0, count: 8 }.encode_tcp(1, 0x1234).unwrap();
    assert_eq!(hex::encode_upper(&*request), "123400000006010200000008");
    let reply = hex::decode("123400000004010201A1").unwrap();
    let Some(frame) = Decoder::new(modbus::Tcp).feed(&mut &reply[..]) else {
        panic!("a reply");
    };
    let modbus::Reply::Read { function: 2, values } = frame.reply else {
        panic!("inputs");
    };
    assert_eq!((frame.transaction, frame.unit, values.bytes()), (0x1234, 1, &[0xA1][..]));
    assert_eq!(
        [0, 1, 5, 7, 8].map(|n| values.bit(n)),
        [Some(true), Some(false), Some(true), Some(true), None]
    );
}

#[test]
fn nothing_that_means_all_locks_can_be_asked() {
    assert!(xor::Request::Unlock { board: 1, lock: 0 }.encode().is_err());
    assert!(cu16::Request::Unlock { board: 15, lock: 0 }.encode().is_err());
    assert!(cu16::Request::Unlock { board: 0, lock: 16 }.encode().is_err());
    assert!(cu48::Request::Unlock { board: 10, lock: 0 }.encode().is_err());
    assert!(cu48::Request::Unlock { board: 0, lock: 48 }.encode().is_err());
    assert!(cu12::Request::Unlock { board: 16, lock: 0 }.encode().is_err());
    assert!(cu12::Request::Unlock { board: 0, lock: 12 }.encode().is_err());
    assert!(winnsen::Request::Open { station: 1, lock: 0 }.encode().is_err());
    assert!(wkly::Request::Unlock { board: 0, channel: 0 }.encode().is_err());
    let everyone = modbus::Request::WriteCoil { coil: 0, value: modbus::COIL_ON };
    assert!(everyone.encode_rtu(0).is_err() && everyone.encode_tcp(0, 1).is_err());
    let all = modbus::Request::WriteCoil { coil: 0x00FF, value: modbus::COIL_ON }.encode_rtu(1);
    assert_eq!(all.unwrap_err().to_string(), "coil is 255, allowed is 0 to 254");
}
