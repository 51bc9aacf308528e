//! Every published frame that a simulated board should understand is put to it, and every published reply comes out of one.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeSet;
use std::time::Duration;

use locker_hal_sim::simboard::{BoardMake, Protocol, SimLine};
use locker_hal_sim::{BoxNo, Fault, RealClock, Sim, SimCommand, SimConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{Instant, timeout_at};

/// A bus of boards, as it stands when it is asked.
#[derive(Clone)]
struct Bus {
    make: BoardMake,
    boxes: u8,
    per_board: u8,
    /// These alone are locked, the doors of the others stand open; without it all are locked.
    locked: Option<&'static [u8]>,
    items: &'static [u8],
    faults: &'static [Fault],
}

fn bus(protocol: Protocol) -> Bus {
    let make = BoardMake::of(protocol);
    let per_board = make.channels;
    Bus { make, boxes: per_board, per_board, locked: None, items: &[], faults: &[] }
}

impl Bus {
    fn boards(self, boards: u8) -> Self {
        Self { boxes: self.per_board * boards, ..self }
    }

    fn locks(self, locks: u8) -> Self {
        Self { boxes: locks, per_board: locks, ..self }
    }

    fn at(self, address: u8) -> Self {
        Self { make: BoardMake { address, ..self.make }, ..self }
    }

    fn events(self, header: u8) -> Self {
        Self { make: BoardMake { events: Some(header), ..self.make }, ..self }
    }

    fn locked(self, locked: &'static [u8]) -> Self {
        Self { locked: Some(locked), ..self }
    }

    fn items(self, items: &'static [u8]) -> Self {
        Self { items, ..self }
    }

    fn hurt(self, faults: &'static [Fault]) -> Self {
        Self { faults, ..self }
    }

    fn sim(&self) -> Sim {
        let config = SimConfig {
            boxes: self.boxes,
            boxes_per_board: self.per_board,
            bounce_ms: 0,
            ..SimConfig::default()
        };
        let sim = Sim::new(config, RealClock::start());
        for box_no in BoxNo::first(self.boxes) {
            sim.command(SimCommand::Pry { box_no }).unwrap();
            if self.items.contains(&box_no.get()) {
                sim.command(SimCommand::Put { box_no, key: "KEY".into() }).unwrap();
            }
            if self.locked.is_none_or(|locked| locked.contains(&box_no.get())) {
                sim.command(SimCommand::Close { box_no }).unwrap();
            }
        }
        for fault in self.faults {
            sim.command(SimCommand::Hurt { fault: *fault }).unwrap();
        }
        sim
    }
}

fn over(sim: &Sim, make: &BoardMake) -> DuplexStream {
    let mut line = SimLine::new(sim, make);
    let (driver, wire) = tokio::io::duplex(1_024);
    tokio::spawn(async move { line.serve(wire).await });
    driver
}

/// All that comes within forty seconds.
async fn all_of(driver: &mut DuplexStream) -> String {
    let (mut said, mut bytes) = (Vec::new(), [0; 256]);
    let end = Instant::now() + Duration::from_secs(40);
    while let Ok(got) = timeout_at(end, driver.read(&mut bytes)).await {
        match got.unwrap() {
            0 => break,
            n => said.extend_from_slice(&bytes[..n]),
        }
    }
    hex(&said)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// What was put to boards and what they said, to see at the end that no vector was left out.
#[derive(Default)]
struct Seen(BTreeSet<String>);

impl Seen {
    /// Asks, expects the replies one behind the other and nothing else, and hands back the boxes that were fired.
    async fn asks(&mut self, bus: &Bus, request: &str, replies: &[&str]) -> Vec<u8> {
        let sim = bus.sim();
        let mut driver = over(&sim, &bus.make);
        driver.write_all(&unhex(request)).await.unwrap();
        assert_eq!(all_of(&mut driver).await, replies.concat(), "to {request}");
        self.0.insert(request.into());
        self.0.extend(replies.iter().map(|reply| (*reply).to_owned()));
        sim.state().fired.iter().map(|fired| fired.box_no.get()).collect()
    }

    /// One after the other on the same bus.
    async fn asks_on(&mut self, bus: &Bus, talk: &[(&str, &str)]) {
        let sim = bus.sim();
        let mut driver = over(&sim, &bus.make);
        for (request, reply) in talk {
            driver.write_all(&unhex(request)).await.unwrap();
            let mut got = vec![0; reply.len() / 2];
            driver.read_exact(&mut got).await.unwrap();
            assert_eq!(hex(&got), *reply, "to {request}");
            self.0.extend([(*request).to_owned(), (*reply).to_owned()]);
        }
    }

    /// Somebody moves a door, and the board says so by itself.
    async fn hears(&mut self, bus: &Bus, command: SimCommand, event: &str) {
        let sim = bus.sim();
        let mut driver = over(&sim, &bus.make);
        tokio::time::sleep(Duration::from_millis(50)).await;
        sim.command(command).unwrap();
        assert_eq!(all_of(&mut driver).await, event);
        self.0.insert(event.into());
    }
}

fn close(n: u8) -> SimCommand {
    SimCommand::Close { box_no: BoxNo::new(n).unwrap() }
}

fn pry(n: u8) -> SimCommand {
    SimCommand::Pry { box_no: BoxNo::new(n).unwrap() }
}

const JAMMED_3: &[Fault] = &[Fault::Jammed { box_no: BoxNo::new(3).unwrap() }];
const NOBODY: [u8; 0] = [];
const REFUSES: &[Fault] = &[Fault::BoardRefuses { board: 0 }];

async fn xor80(seen: &mut Seen) {
    let three = bus(Protocol::Xor80).boards(3);
    for (request, reply, fired) in [
        ("8A0101119B", "8A0101008A", 1),
        ("8A01021198", "8A01020089", 2),
        ("8A01031199", "8A01030088", 3),
        ("8A0104119E", "8A0104008F", 4),
        ("8A0105119F", "8A0105008E", 5),
        ("8A0106119C", "8A0106008D", 6),
        ("8A0107119D", "8A0107008C", 7),
        ("8A01081192", "8A01080083", 8),
        ("8A010A1190", "8A010A0081", 10),
        ("8A010B1191", "8A010B0080", 11),
        ("8A010C1196", "8A010C0087", 12),
        ("8A020C1195", "8A020C0084", 36),
        ("8A030C1194", "8A030C0085", 60),
    ] {
        assert_eq!(seen.asks(&three, request, &[reply]).await, [fired]);
    }
    let jammed = three.clone().hurt(JAMMED_3);
    assert_eq!(seen.asks(&jammed, "8A01031199", &["8A01031199"]).await, [3], "a failure looks like an echo");
    assert_eq!(seen.asks(&three, "8A0100119A", &["8A0100119A"]).await, (1..=24).collect::<Vec<_>>());
    assert_eq!(seen.asks(&three, "8A02001199", &["8A02001199"]).await, (25..=48).collect::<Vec<_>>());
    assert_eq!(seen.asks(&three, "900102020293", &[]).await, [2, 10, 18]);
    assert_eq!(seen.asks(&three, "9A0101118B", &[]).await, [1]);
    for (request, reply) in
        [("80010133B3", "8001011191"), ("80010233B0", "8001021192"), ("80030133B1", "8003011193")]
    {
        seen.asks(&three, request, &[reply]).await;
    }
    let open = three.clone().locked(&[]);
    for (request, reply) in [
        ("80010133B3", "8001010080"),
        ("80010333B1", "8001030082"),
        ("80010033B2", "800100000033B2"),
        ("80020033B1", "800200000033B1"),
    ] {
        seen.asks(&open, request, &[reply]).await;
    }
    seen.asks(&three.clone().locked(&[1, 9, 17]), "80010033B2", &["800101010133B3"]).await;
    seen.asks(&three.clone().locked(&[2]), "80010033B2", &["800100000233B0"]).await;
    seen.asks(&three.clone().locked(&[6]), "80010033B2", &["80010000203392"]).await;
    // What it would answer is not known.
    seen.asks(&three, "82010022A1", &[]).await;
    let events = bus(Protocol::Xor80).events(0x81);
    seen.hears(&events, pry(1), "8101011190").await;
    seen.hears(&events, pry(2), "8101021193").await;
    seen.hears(&events.clone().locked(&[]), close(1), "8101010081").await;
    let events = bus(Protocol::Xor80).events(0x82).locked(&[]);
    seen.hears(&events, close(3), "8201031191").await;
    seen.hears(&events, close(4), "8201041196").await;
}

async fn cu16(seen: &mut Seen) {
    let three = bus(Protocol::Cu16).boards(3);
    let status = three.clone().locked(&[1]).items(&[1]);
    seen.asks(&status, "0200300335", &["02003501000100033C"]).await;
    let two = bus(Protocol::Cu16).boards(2);
    let status = two.clone().locked(&[9, 10, 17]).items(&[1, 28]);
    seen.asks(&status, "02F0320327", &["02003600030100033F", "021036010000080354"]).await;
    for lock in [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18_u8] {
        let request = format!("02{lock:02X}3103{:02X}", 0x36 + lock);
        assert_eq!(seen.asks(&three, &request, &[]).await, [lock + 1]);
    }
    assert_eq!(seen.asks(&three, "0200330338", &["020035FFFF00000338"]).await, (1..=16).collect::<Vec<_>>());
    let four = two.clone().locked(&[1, 2, 3, 4]);
    seen.asks(&four, "020037033C", &["0200380F0000370383"]).await;
    seen.asks(&four, "02F037032C", &["0200380F0000370383", "021038000000370384"]).await;
    seen.asks(&four, "02F03700640390", &["0200380F00006403B0", "0210380000006403B1"]).await;
    seen.asks(&two.clone().locked(&[]), "020037006403A0", &["0200380000006403A1"]).await;
    let one_each = three.clone().locked(&[1, 17, 33]);
    seen.asks(&one_each, "02003901033F", &["020039010000010340"]).await;
    let delays = ["020039010000010340", "021039010000010350", "022039010000010360"];
    seen.asks(&one_each, "02F03901032F", &delays).await;
    seen.asks(&one_each, "020040010346", &["020040010000010347"]).await;
    seen.asks(&two.locked(&[]), "021040000355", &["021040000000000355"]).await;
    // The other family of frames, which can erase its program, is none of this board's.
    for frame in ["F5B600005F0A", "F5B664005F6E"] {
        assert_eq!(seen.asks(&three, frame, &[]).await, NOBODY);
    }
}

async fn cu48(seen: &mut Seen) {
    let two = bus(Protocol::Cu48).boards(2);
    let status = two.clone().locked(&[1, 2, 3, 47, 48, 72]);
    let board_0 = "020000650700000000C00331";
    seen.asks(&status, "020000500355", &[board_0]).await;
    seen.asks(&status, "020A0050035F", &[board_0, "0201006500008000000003EB"]).await;
    assert_eq!(seen.asks(&two, "020000510356", &[]).await, [1]);
    assert_eq!(seen.asks(&two, "020030510386", &[]).await, (1..=48).collect::<Vec<_>>());
    let mut fired = seen.asks(&two, "020A30510390", &[]).await;
    fired.sort_unstable();
    assert_eq!(fired, (1..=96).collect::<Vec<_>>());
}

async fn cu12(seen: &mut Seen) {
    let two = bus(Protocol::Cu12).boards(2);
    let status = two.clone().locked(&[15]);
    let none = "02000080100203970000";
    seen.asks(&status, "0200008000000385", &[none]).await;
    seen.asks(&status, "0210008000000395", &[none, "020100801002039C0400"]).await;
    assert_eq!(seen.asks(&two, "0200028100000388", &["0200028110000398"]).await, [3]);
    assert_eq!(
        seen.asks(&two, "02000C8100000392", &["02000C81100003A2"]).await,
        (1..=12).collect::<Vec<_>>()
    );
    let all = seen.asks(&two, "02100C81000003A2", &["02000C81100003A2", "02010C81100003A3"]).await;
    assert_eq!(all.len(), 24);
    assert_eq!(
        seen.asks(&two.clone().hurt(REFUSES), "0200028100000388", &["0200028111000399"]).await,
        NOBODY
    );
    assert_eq!(seen.asks(&two.clone().hurt(JAMMED_3), "0200028100000388", &["020002811200039A"]).await, [3]);
    for (request, reply) in [
        ("0200008200000387", "02000082100203D00037"),
        ("02000082000203ED0064", "0200008210000397"),
        ("0200008300000388", "020000831001039A01"),
        ("020000850000038A", "020000851001039B00"),
        ("0200008E00000393", "0200008E100003A3"),
        ("0200008F00000394", "0200008F100203A80101"),
    ] {
        seen.asks(&two, request, &[reply]).await;
    }
}

async fn modbus(seen: &mut Seen) {
    let relays = bus(Protocol::Waveshare);
    for echoed in [
        "01050000FF008C3A",
        "010500000000CDCA",
        "010500005500F29A",
        "010500FFFF00BC0A",
        "0105020000078DB0",
        "0105020100089C74",
    ] {
        seen.asks(&relays, echoed, &[echoed]).await;
    }
    seen.asks(&relays, "0101000000083DCC", &["010101005188"]).await;
    seen.asks(&relays.clone().locked(&[]), "01020000000879CC", &["01020100A188"]).await;
    seen.asks_on(
        &relays,
        &[
            ("010F0000000801FFBED5", "010F00000008540D"),
            ("010F000000100277D1058C", "010F000000105407"),
            ("0101000000103DC6", "01010277D15E50"),
            ("010F0000001002AD715E94", "010F000000105407"),
            ("0101000000103DC6", "010102AD710548"),
            // Off, then two of them on.
            ("010500FF0000FDFA", "010500FF0000FDFA"),
            ("01050000FF008C3A", "01050000FF008C3A"),
            ("01050006FF006C3B", "01050006FF006C3B"),
            ("0101000000083DCC", "0101014191B8"),
        ],
    )
    .await;
    let commands = bus(Protocol::R421a08);
    seen.asks_on(
        &commands,
        &[("010600010100D99A", "010600010100D99A"), ("010600010200D96A", "010600010200D96A")],
    )
    .await;
    let inputs = bus(Protocol::Coils).at(255).locked(&[1]);
    seen.asks(&inputs, "FF02000000086C12", &["FF02010151A0"]).await;
    // What plain coils say to a value that is neither on nor off.
    seen.asks(&bus(Protocol::Coils), "0105000101009D9A", &["0185030291"]).await;
}

async fn winnsen(seen: &mut Seen) {
    let three = bus(Protocol::Winnsen).boards(3);
    assert_eq!(seen.asks(&three, "900605010503", &["90078501050103"]).await, [5]);
    assert_eq!(seen.asks(&three, "900605010103", &["90078501010103"]).await, [1]);
    assert_eq!(seen.asks(&three, "900605030703", &["90078503070103"]).await, [39]);
    seen.asks(&three.clone().hurt(JAMMED_3), "900605010303", &["90078501030003"]).await;
    seen.asks(&three, "90070202FF0F03", &["90078202000003"]).await;
    seen.asks(&three, "90070201FFFF03", &["90078201000003"]).await;
    let open = three.clone().locked(&[2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16]);
    seen.asks(&open, "90070201FFFF03", &["90078201010103"]).await;
    seen.asks(&open, "90070201010003", &["90078201010003"]).await;
}

async fn wkly(seen: &mut Seen) {
    let two = bus(Protocol::Wkly).boards(2);
    assert_eq!(seen.asks(&two, "574B4C590900820183", &["574B4C590B008200010081"]).await, [1]);
    assert_eq!(seen.asks(&two, "574B4C590901820182", &["574B4C590B018200010080"]).await, [25]);
    assert_eq!(seen.asks(&two, "574B4C590901820487", &["574B4C590B018200040085"]).await, [28]);
    let ten = bus(Protocol::Wkly).at(10);
    assert_eq!(seen.asks(&ten, "574B4C59090A820189", &["574B4C590B0A820001008B"]).await, [1]);
    assert_eq!(seen.asks(&two, "574B4C590C00800301020386", &["574B4C590900800080"]).await, [1, 2, 3]);
    assert_eq!(seen.asks(&two, "574B4C590C00870301020381", &["574B4C590900870087"]).await, [1, 2, 3]);
    assert_eq!(seen.asks(&two, "574B4C590900810180", &["574B4C590A0081000183"]).await, NOBODY);
    assert_eq!(seen.asks(&two, "574B4C5908008687", &["574B4C590900860086"]).await.len(), 24);
    let kept =
        [("574B4C590900880189", "574B4C590A008800018A"), ("574B4C590900890188", "574B4C590A008900018B")];
    seen.asks_on(&two, &kept).await;
    let open = two.clone().locked(&[]);
    seen.asks(&open, "574B4C590900830182", &["574B4C590B008300010080"]).await;
    let all = "574B4C592200840018000000000000000000000000000000000000000000000000B7";
    seen.asks(&open, "574B4C5908008485", &[all]).await;
    let four = bus(Protocol::Wkly).locks(4).locked(&[2, 3]);
    seen.asks(&four, "574B4C5908008485", &["574B4C590E008400040001010087"]).await;
    seen.hears(&four.clone().events(0x85), close(1), "574B4C590A0085010186").await;
}

struct Vector {
    protocol: String,
    bytes: String,
    check: String,
}

fn vectors() -> Vec<Vector> {
    let all: serde_json::Value =
        serde_json::from_str(include_str!("../../locker-hal/tests/vectors.json")).unwrap();
    let text = |vector: &serde_json::Value, field: &str| vector[field].as_str().unwrap().to_owned();
    let read = |vector: &serde_json::Value| Vector {
        protocol: text(vector, "protocol"),
        bytes: text(vector, "bytes"),
        check: text(vector, "check"),
    };
    all.as_array().unwrap().iter().map(read).collect()
}

/// Frames that no simulated board speaks.
const NOT_SPOKEN: [&str; 4] = [
    // One family of projects numbers the commands of a CU48 otherwise.
    "020000600365",
    "020000610366",
    // Replies of the CU16's other family of frames.
    "F5B600025F0E0101",
    "F5B602025F130401",
];

#[tokio::test(start_paused = true)]
async fn simulated_boards_answer_the_vectors_with_the_vectors() {
    let mut seen = Seen::default();
    xor80(&mut seen).await;
    cu16(&mut seen).await;
    cu48(&mut seen).await;
    cu12(&mut seen).await;
    modbus(&mut seen).await;
    winnsen(&mut seen).await;
    wkly(&mut seen).await;
    let spoken = |vector: &Vector| {
        vector.check == "ok" && vector.protocol != "5a5a" && !NOT_SPOKEN.contains(&vector.bytes.as_str())
    };
    let missing: Vec<_> = vectors()
        .into_iter()
        .filter(spoken)
        .map(|vector| vector.bytes)
        .filter(|bytes| !seen.0.contains(bytes))
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "put to no board, and said by none");
}

#[tokio::test(start_paused = true)]
async fn simulated_boards_say_and_fire_nothing_on_a_bad_frame() {
    let bad: Vec<_> = vectors().into_iter().filter(|vector| vector.check == "bad").collect();
    assert_eq!(bad.len(), 4);
    for vector in bad {
        for protocol in Protocol::ALL {
            let bus = bus(protocol).boards(2);
            let sim = bus.sim();
            let mut driver = over(&sim, &bus.make);
            driver.write_all(&unhex(&vector.bytes)).await.unwrap();
            let said = all_of(&mut driver).await;
            // A CU12 says that a sum is wrong.
            assert!(
                said.is_empty() || protocol == Protocol::Cu12,
                "{said} to {} of {protocol}",
                vector.bytes
            );
            assert_eq!(sim.state().fired, []);
        }
    }
}
