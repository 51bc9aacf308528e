//! What each fault of a wire and of a board's electronics is, seen from the other end of the wire.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::time::Duration;

use locker_hal_sim::simboard::{BoardMake, Protocol, SimLine};
use locker_hal_sim::{BoxNo, Coil, Door, Fault, Mono, RealClock, Sim, SimCommand, SimConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{Instant, sleep, timeout_at};

const STATUS: [u8; 5] = [0x02, 0x00, 0x30, 0x03, 0x35];
const UNLOCK_1: [u8; 5] = [0x02, 0x00, 0x31, 0x03, 0x36];
const NOTHING: [u8; 0] = [];
const ALL_LOCKED: [u8; 9] = [0x02, 0x00, 0x35, 0xFF, 0xFF, 0x00, 0x00, 0x03, 0x38];

fn cabinet() -> Sim {
    let config = SimConfig { boxes_per_board: 16, bounce_ms: 0, ..SimConfig::default() };
    Sim::new(config, RealClock::start())
}

fn over(mut line: SimLine) -> DuplexStream {
    let (driver, wire) = tokio::io::duplex(1_024);
    tokio::spawn(async move { line.serve(wire).await });
    driver
}

/// A CU16 whose every reply suffers what is switched on.
fn cu16(sim: &Sim) -> SimLine {
    SimLine::new(sim, &BoardMake { one_in: 1, ..BoardMake::of(Protocol::Cu16) })
}

/// What comes within a second.
async fn asks(driver: &mut DuplexStream, request: &[u8]) -> Vec<u8> {
    driver.write_all(request).await.unwrap();
    let (mut said, mut bytes) = (Vec::new(), [0; 256]);
    let end = Instant::now() + Duration::from_secs(1);
    while let Ok(got) = timeout_at(end, driver.read(&mut bytes)).await {
        match got.unwrap() {
            0 => break,
            n => said.extend_from_slice(&bytes[..n]),
        }
    }
    said
}

fn hurt(sim: &Sim, fault: Fault) {
    sim.command(SimCommand::Hurt { fault }).unwrap();
}

fn heal(sim: &Sim, fault: Fault) {
    sim.command(SimCommand::Heal { fault }).unwrap();
}

fn first() -> BoxNo {
    BoxNo::new(1).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_script_says_which_reply_is_struck_by_what() {
    let sim = cabinet();
    let board = 0;
    let script = [None, Some(Fault::BytesLost { board }), None, Some(Fault::BytesDoubled { board })];
    let mut driver = over(cu16(&sim).script(0, script));
    assert_eq!(asks(&mut driver, &STATUS).await, ALL_LOCKED);
    assert_eq!(asks(&mut driver, &STATUS).await.len(), 8);
    assert_eq!(asks(&mut driver, &STATUS).await, ALL_LOCKED);
    assert_eq!(asks(&mut driver, &STATUS).await.len(), 10);
    assert_eq!(
        asks(&mut driver, &STATUS).await,
        ALL_LOCKED,
        "and then chance again, with nothing switched on"
    );
}

#[tokio::test(start_paused = true)]
async fn chance_strikes_as_often_as_it_says_and_the_same_way_from_the_same_seed() {
    async fn struck(seed: u64) -> Vec<bool> {
        let sim = cabinet();
        hurt(&sim, Fault::BytesCorrupted { board: 0 });
        let make = BoardMake { one_in: 4, seed, ..BoardMake::of(Protocol::Cu16) };
        let mut driver = over(SimLine::new(&sim, &make));
        let mut struck = Vec::new();
        for _ in 0..200 {
            struck.push(asks(&mut driver, &STATUS).await != ALL_LOCKED);
        }
        struck
    }
    let first = struck(7).await;
    let count = first.iter().filter(|struck| **struck).count();
    assert!((25..75).contains(&count), "{count} of 200");
    assert_eq!(struck(7).await, first);
    assert_ne!(struck(8).await, first);
}

#[tokio::test(start_paused = true)]
async fn a_stale_reply_comes_with_the_next_question() {
    let sim = cabinet();
    let mut driver = over(cu16(&sim).script(0, [Some(Fault::StaleReplies { board: 0 })]));
    assert_eq!(asks(&mut driver, &STATUS).await, NOTHING);
    sim.command(SimCommand::Pry { box_no: first() }).unwrap();
    let now = [0x02, 0x00, 0x35, 0xFE, 0xFF, 0x00, 0x00, 0x03, 0x37];
    assert_eq!(asks(&mut driver, &STATUS).await, [ALL_LOCKED, now].concat());
}

#[tokio::test(start_paused = true)]
async fn an_echo_stands_before_what_is_said() {
    let sim = cabinet();
    hurt(&sim, Fault::Echo { board: 0 });
    let mut driver = over(cu16(&sim));
    assert_eq!(asks(&mut driver, &STATUS).await, [&STATUS[..], &ALL_LOCKED].concat());
    assert_eq!(asks(&mut driver, &UNLOCK_1).await, UNLOCK_1, "also where the board says nothing");
}

#[tokio::test(start_paused = true)]
async fn a_board_that_says_what_is_not_so() {
    let sim = cabinet();
    let mut driver = over(cu16(&sim));
    let cases = [
        (Fault::WrongAddress { board: 0 }, [0x02, 0x10, 0x35, 0xFE, 0xFF, 0x00, 0x00, 0x03]),
        (Fault::OtherBox { board: 0 }, [0x02, 0x00, 0x35, 0xFD, 0xFF, 0x00, 0x00, 0x03]),
        (Fault::PolarityFlipped { board: 0 }, [0x02, 0x00, 0x35, 0x01, 0x00, 0x00, 0x00, 0x03]),
        (Fault::OpenForEver { board: 0 }, [0x02, 0x00, 0x35, 0x00, 0x00, 0x00, 0x00, 0x03]),
    ];
    sim.command(SimCommand::Pry { box_no: first() }).unwrap();
    for (fault, says) in cases {
        hurt(&sim, fault);
        let said = asks(&mut driver, &STATUS).await;
        assert_eq!(said[..8], says, "{}", fault.key());
        assert_eq!(said[8], says.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)), "with a good check");
        heal(&sim, fault);
    }
}

#[tokio::test(start_paused = true)]
async fn a_board_that_dies_while_a_coil_is_on_lets_it_fall() {
    let sim = cabinet();
    hurt(&sim, Fault::DiesWhileOn { board: 0 });
    let mut driver = over(cu16(&sim));
    assert_eq!(asks(&mut driver, &UNLOCK_1).await, NOTHING);
    assert_eq!(asks(&mut driver, &STATUS).await, NOTHING, "it is dead");
    let state = sim.state();
    let fired = state.fired[0];
    assert_eq!((fired.box_no, fired.until.since(fired.from)), (first(), 50));
    let there = state.of(first()).unwrap();
    assert_eq!((there.coil, there.door), (Coil::Off, Door::Closed));
    heal(&sim, Fault::BoardDead { board: 0 });
    assert_eq!(asks(&mut driver, &STATUS).await, ALL_LOCKED);
}

#[tokio::test(start_paused = true)]
async fn a_frozen_board_leaves_on_what_is_on() {
    let sim = cabinet();
    let mut driver = over(cu16(&sim));
    driver.write_all(&UNLOCK_1).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    hurt(&sim, Fault::BoardFrozen { board: 0 });
    assert_eq!(asks(&mut driver, &STATUS).await, NOTHING);
    sleep(Duration::from_secs(60)).await;
    let state = sim.state();
    assert_eq!((state.of(first()).unwrap().coil, state.fired[0].until), (Coil::On, Mono(u64::MAX)));
    heal(&sim, Fault::BoardFrozen { board: 0 });
    let state = sim.state();
    assert_eq!((state.of(first()).unwrap().coil, state.fired[0].until), (Coil::Off, state.at));
    assert_eq!(asks(&mut driver, &STATUS).await.len(), 9);
}

#[tokio::test(start_paused = true)]
async fn relays_that_are_on_when_power_comes_stay_on_until_they_are_told() {
    let sim = cabinet();
    hurt(&sim, Fault::RelaysOnAtPowerUp { board: 0 });
    let on = |sim: &Sim| sim.state().boxes.iter().filter(|there| there.coil == Coil::On).count();
    assert_eq!(on(&sim), 0, "no board is there yet");
    let mut driver = over(SimLine::new(&sim, &BoardMake::of(Protocol::Waveshare)));
    sleep(Duration::from_secs(60)).await;
    assert_eq!(on(&sim), 16);
    let all_off = [0x01, 0x05, 0x00, 0xFF, 0x00, 0x00, 0xFD, 0xFA];
    assert_eq!(asks(&mut driver, &all_off).await, all_off);
    assert_eq!(on(&sim), 0);
    hurt(&sim, Fault::BoardDead { board: 0 });
    heal(&sim, Fault::BoardDead { board: 0 });
    assert_eq!(on(&sim), 16);
}

#[tokio::test(start_paused = true)]
async fn a_hang_up_leaves_on_what_the_host_was_to_switch_off() {
    let sim = cabinet();
    let mut line = SimLine::new(&sim, &BoardMake::of(Protocol::Coils));
    let (mut driver, wire) = tokio::io::duplex(64);
    let served = tokio::spawn(async move {
        line.serve(wire).await.unwrap();
        line
    });
    let on = [0x01, 0x05, 0x00, 0x00, 0xFF, 0x00, 0x8C, 0x3A];
    assert_eq!(asks(&mut driver, &on).await, on);
    hurt(&sim, Fault::HangUp { board: 0 });
    assert_eq!(driver.read(&mut [0; 8]).await.unwrap(), 0, "the end of the stream");
    let mut line = served.await.unwrap();
    sleep(Duration::from_secs(60)).await;
    assert_eq!(sim.state().of(first()).unwrap().coil, Coil::On);
    heal(&sim, Fault::HangUp { board: 0 });
    let (mut driver, wire) = tokio::io::duplex(64);
    tokio::spawn(async move { line.serve(wire).await });
    let off = [0x01, 0x05, 0x00, 0x00, 0x00, 0x00, 0xCD, 0xCA];
    assert_eq!(asks(&mut driver, &off).await, off);
    assert_eq!(sim.state().of(first()).unwrap().coil, Coil::Off);
}

#[tokio::test(start_paused = true)]
async fn a_board_forgets_half_a_request() {
    let sim = cabinet();
    for protocol in Protocol::ALL {
        let mut driver = over(SimLine::new(&sim, &BoardMake::of(protocol)));
        for junk in
            [&[0x8A, 0x01][..], &[0x02, 0x00], &[0x01, 0x01, 0x00], &[0x90, 0x06, 0x05, 0x01], &[0x57]]
        {
            assert_eq!(asks(&mut driver, junk).await, NOTHING, "{protocol} to {junk:02X?}");
        }
    }
    let mut driver = over(cu16(&sim));
    driver.write_all(&STATUS[..3]).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    assert_eq!(asks(&mut driver, &STATUS).await, ALL_LOCKED);
    assert_eq!(sim.state().fired, []);
}
