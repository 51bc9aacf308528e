//! The driver of `docs/guides/driver.md` conforms, over a real socket, to boards of a simulated cabinet.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;
#[path = "../../locker-hal/examples/own_board.rs"]
#[allow(dead_code, unreachable_pub, reason = "an example is a program of its own")]
mod own_board;

use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use locker_hal::conformance::{self, Ability, Check, Deed, Energised, Rig};
use locker_hal::{
    Board, Boot, BoxNo, Bus, Cabinet, Clock, DynClock, DynWanted, ErrorKind, Mono, PulseId, Readings,
    VirtualClock, WireNo,
};
use locker_hal_sim::{Channel, DirectBoard, Door, Item, PulseOrder, Sim};
use own_board::OwnBoard;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test(start_paused = true)]
async fn the_board_of_the_guide_conforms() {
    let report = conformance::run(OwnRig::new).await;
    report.assert_passed();
    assert_eq!(report.passed, Check::ALL, "and nothing was skipped");
}

#[test]
fn the_guide_quotes_the_example() {
    let example = include_str!("../../locker-hal/examples/own_board.rs");
    let guide = include_str!("../../docs/guides/driver.md");
    let quoted = example.split("// The guide quotes from here …\n").nth(1).unwrap();
    let quoted = quoted.split("// … to here.\n").next().unwrap();
    assert!(guide.contains(quoted), "copy it anew");
}

/// What the board of the guide does with a line, over a board of the simulated cabinet; `None` when it says nothing.
async fn says(board: &mut DirectBoard, line: &str) -> Option<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let done = match words[..] {
        ["STATE"] => {
            let levels = board.read().await.ok()?.0;
            let doors = levels.iter().map(|level| if level.door.0 == Door::Closed { 'C' } else { 'O' });
            let items = levels.iter().map(|level| if level.item.0 == Item::Present { 'X' } else { '-' });
            return Some(format!("{} {}\n", doors.collect::<String>(), items.collect::<String>()));
        }
        ["FIRE", lock, length] => {
            let channel = Channel(lock.parse::<u8>().unwrap() - 1);
            let order = PulseOrder {
                id: PulseId { boot: Boot(0), n: 0 },
                channel,
                length_ms: length.parse().unwrap(),
            };
            board.pulse(order).await
        }
        ["OFF"] => board.all_off().await,
        _ => panic!("{line} is no command"),
    };
    match done {
        Ok(()) => Some("OK\n".into()),
        Err(ErrorKind::Refused) => Some("NO\n".into()),
        Err(_) => None,
    }
}

/// One board on a socket, one connection after the other.
async fn serve(listener: TcpListener, mut board: DirectBoard) {
    while let Ok((stream, _)) = listener.accept().await {
        let mut stream: BufReader<TcpStream> = BufReader::new(stream);
        let mut line = String::new();
        while stream.read_line(&mut line).await.is_ok_and(|count| count > 0) {
            if let Some(answer) = says(&mut board, line.trim_end()).await {
                let _ = stream.write_all(answer.as_bytes()).await;
            }
            line.clear();
        }
    }
}

struct OwnRig {
    sim: Sim,
    clock: VirtualClock,
    boards: Vec<(SocketAddr, tokio::task::JoinHandle<()>)>,
}

impl OwnRig {
    async fn new() -> Self {
        let clock = VirtualClock::default();
        let sim = Sim::new(common::config(), clock.clone());
        let mut boards = Vec::new();
        for board in sim.boards() {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            boards.push((listener.local_addr().unwrap(), tokio::spawn(serve(listener, board))));
        }
        Self { sim, clock, boards }
    }
}

impl Drop for OwnRig {
    fn drop(&mut self) {
        self.boards.iter().for_each(|(_, task)| task.abort());
    }
}

#[async_trait]
impl Rig for OwnRig {
    async fn start(&mut self) -> Box<dyn Bus> {
        let mut builder = Cabinet::builder();
        for (n, (address, _)) in (0..).zip(&self.boards) {
            let there = builder.board(WireNo(n), OwnBoard::new(*address));
            builder.wire_boxes(there, self.sim.config().boxes_of(n));
        }
        Box::new(InStep { cabinet: builder.build().unwrap(), before: self.clock.now() })
    }

    fn clock(&self) -> VirtualClock {
        self.clock.clone()
    }

    fn boxes(&self) -> Vec<BoxNo> {
        BoxNo::first(self.sim.config().boxes).collect()
    }

    fn can(&self, _ability: Ability) -> bool {
        true
    }

    async fn act(&mut self, deed: Deed) {
        self.sim.command(common::command(&self.sim, deed)).unwrap();
    }

    async fn energised(&mut self) -> Vec<Energised> {
        common::energised(&self.sim)
    }
}

/// Moves the runtime's time by what the suite's clock has moved since the cycle before.
struct InStep {
    cabinet: Cabinet,
    before: Mono,
}

#[async_trait]
impl Bus for InStep {
    async fn cycle(&mut self, wanted: &DynWanted, clock: &DynClock) -> Readings {
        let passed = clock.now().since(self.before);
        self.before = clock.now();
        tokio::time::advance(Duration::from_millis(passed)).await;
        self.cabinet.cycle(wanted, clock).await
    }

    async fn all_off(&mut self) {
        self.cabinet.all_off().await;
    }
}
