//! Modbus relays against a peer that says exactly what its board would.
#![allow(clippy::unwrap_used, reason = "tests")]

mod peer;

use std::pin::pin;
use std::task::{Context, Waker};

use locker_hal::drivers::{
    DoorInputs, Framing, ItemInputs, ItemSensor, Polarity, Relay, RelayProfile, RelaySettings,
};
use locker_hal::line::Echo;
use locker_hal::{Board, BoxNo, Cabinet, CabinetError, Door, ErrorKind, PulseLength, PulseSource, WireNo};
use peer::{Peer, items, open, open_doors, order, order_of, rtu};
use tokio::time::{Duration, sleep};

/// Waveshare, 700 ms on relay 0, as its wiki prints it.
const FLASH: &str = "0105020000078DB0";

fn waveshare(peer: &Peer) -> Relay {
    Relay::new(peer.line(), RelaySettings::default()).unwrap()
}

fn plain(peer: &Peer) -> Relay {
    let settings = RelaySettings { profile: RelayProfile::Plain { on: None }, ..RelaySettings::default() };
    Relay::new(peer.line(), settings).unwrap()
}

#[tokio::test(start_paused = true)]
async fn waveshare_ends_the_pulse_and_the_coil_read_back_confirms_it() {
    let peer = Peer::default();
    let mut board = waveshare(&peer);
    open(&peer, &mut board).await;
    peer.replies(FLASH).replies(&rtu("01010101"));
    assert_eq!(board.pulse(order_of(0, 799)).await, Ok(()));
    assert_eq!(peer.heard(), [FLASH, &rtu("010100000001")]);
    // Never longer than 2 s, never nothing.
    for (length_ms, value) in [(u16::MAX, "0014"), (1, "0001")] {
        let flash = rtu(&format!("01050207{value}"));
        peer.replies(&flash).replies(&rtu("01010101"));
        assert_eq!(board.pulse(order_of(7, length_ms)).await, Ok(()));
        assert_eq!(peer.heard()[0], flash);
    }
    let spec = board.spec();
    assert_eq!((spec.pulse_source, spec.pulse_length), (PulseSource::Hardware, PulseLength::AsOrdered));
}

#[tokio::test(start_paused = true)]
async fn box_02_an_acknowledgement_alone_confirms_nothing() {
    let flash = rtu("010502000005");
    let peer = Peer::default();
    let mut board = waveshare(&peer);
    open(&peer, &mut board).await;
    // A dead board behind an adapter that echoes, and nobody strips it.
    let query = rtu("010100000001");
    peer.replies(&flash).replies(&query);
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Garbled));
    assert_eq!(peer.heard(), [flash.clone(), query.clone()]);
    // The acknowledgement is lost, the coil is seen on.
    peer.is_silent().replies(&rtu("01010101"));
    assert_eq!(board.pulse(order(0)).await, Ok(()));
    // It is given, the coil is off: it may have been on.
    peer.replies(&flash).replies(&rtu("01010100"));
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent));
    peer.replies(&rtu("018502")).replies(&rtu("018506"));
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Refused));
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Busy));
    // Another device, another coil, another function.
    peer.says(&[(0, &rtu("020502000005")), (0, &rtu("010502010005")), (0, &rtu("010602000005"))]);
    peer.says(&[(0, &rtu("02010101")), (0, &rtu("01020101")), (0, &rtu("0101020101"))]);
    peer.heard();
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent));
    assert_eq!(peer.heard(), [flash, query]);
}

#[tokio::test(start_paused = true)]
async fn with_the_echo_stripped_a_dead_board_is_silent_and_a_live_one_is_heard() {
    let flash = rtu("010502000005");
    let query = rtu("010100000001");
    let peer = Peer::default();
    let mut board = Relay::new(peer.line_with(Echo::Strip), RelaySettings::default()).unwrap();
    open(&peer, &mut board).await;
    peer.replies(&flash).replies(&query);
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent));
    peer.replies(&flash.repeat(2)).says(&[(0, &query), (5, &rtu("01010101"))]);
    assert_eq!(board.pulse(order(0)).await, Ok(()));
}

/// A reply does not say which inputs it is about: of one device all are asked for at once, and a late reply is an older answer.
#[tokio::test(start_paused = true)]
async fn doors_and_items_of_one_device_are_one_question() {
    let peer = Peer::default();
    let settings = RelaySettings {
        doors: Some(DoorInputs { unit: None, first: 0, polarity: Polarity::SetIsClosed }),
        items: Some(ItemInputs { unit: None, first: 12, sensor: ItemSensor::SetIsPresent }),
        ..RelaySettings::default()
    };
    let mut board = Relay::new(peer.line(), settings).unwrap();
    // Doors 0 to 7 all shut but 1; inputs 8 to 11 are nobody's; items 12 to 19, of which 0 and 7 are there.
    peer.replies(&rtu("010203FD1F08"));
    let levels = board.read().await.unwrap();
    assert_eq!((open_doors(&levels), items(&levels)), (vec![1], vec![0, 7]));
    assert_eq!(peer.heard(), [rtu("010200000014")]);
}

#[tokio::test(start_paused = true)]
async fn doors_and_items_are_inputs_also_of_another_device() {
    let peer = Peer::default();
    let settings = RelaySettings {
        doors: Some(DoorInputs { unit: None, first: 0, polarity: Polarity::SetIsClosed }),
        items: Some(ItemInputs { unit: Some(2), first: 8, sensor: ItemSensor::SetIsPresent }),
        ..RelaySettings::default()
    };
    let mut board = Relay::new(peer.line(), settings).unwrap();
    peer.replies("01020100A188").replies(&rtu("02020181"));
    let levels = board.read().await.unwrap();
    assert_eq!((open_doors(&levels).len(), items(&levels)), (8, vec![0, 7]));
    assert_eq!(peer.heard(), ["01020000000879CC", &rtu("020200080008")]);
    peer.replies(&rtu("018202"));
    assert_eq!(board.read().await, Err(ErrorKind::Refused), "it has no inputs");
}

#[tokio::test(start_paused = true)]
async fn without_inputs_doors_are_unknown_and_the_relays_are_looked_at() {
    let peer = Peer::default();
    let mut board = waveshare(&peer);
    peer.replies("010101005188");
    let levels = board.read().await.unwrap();
    assert!(levels.0.iter().all(|level| level.door.0 == Door::Unknown));
    assert_eq!((levels.0.len(), peer.heard()), (8, vec!["0101000000083DCC".into()]));
}

#[tokio::test(start_paused = true)]
async fn box_08_relays_that_are_on_unasked_are_let_go() {
    let peer = Peer::default();
    let mut board = waveshare(&peer);
    let look = "0101000000083DCC";
    let off = [rtu("010500000000"), rtu("010500060000")];
    // At start, and whenever it is asked for.
    peer.replies("0101014191B8").replies(&off[0]).is_silent().replies("010101005188");
    assert_eq!(board.all_off().await, Ok(()));
    assert_eq!(peer.heard(), [look, &off[0], &off[1], look]);
    // A board that came up with a relay on.
    peer.replies(&rtu("01010140")).replies(&rtu("01010140")).replies(&off[1]).replies("010101005188");
    assert!(board.read().await.is_ok());
    assert_eq!(peer.heard(), [look, look, &off[1], look]);
    // One that stays on: an error, and it is tried again.
    let stuck = rtu("01010140");
    for _ in 0..4 {
        peer.replies(&stuck).replies(&off[1]);
    }
    assert_eq!(board.all_off().await, Err(ErrorKind::Other));
    peer.heard();
    peer.replies("010101005188").replies("010101005188");
    assert!(board.read().await.is_ok());
    assert_eq!(peer.heard(), [look, &off[1], look, look]);
}

#[tokio::test(start_paused = true)]
async fn a_relay_within_its_own_pulse_is_left_alone() {
    let peer = Peer::default();
    let mut board = waveshare(&peer);
    open(&peer, &mut board).await;
    peer.replies(&rtu("010502060005")).replies(&rtu("01010101")).replies(&rtu("01010140"));
    assert_eq!(board.pulse(order(6)).await, Ok(()));
    peer.heard();
    assert!(board.read().await.is_ok());
    assert_eq!(peer.heard(), ["0101000000083DCC"]);
    // It should have been off for a second by now.
    sleep(Duration::from_millis(1_500)).await;
    peer.replies(&rtu("01010140"))
        .replies(&rtu("01010140"))
        .replies(&rtu("010500060000"))
        .replies("010101005188");
    assert!(board.read().await.is_ok());
    assert_eq!(peer.heard().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn r421a08_is_on_for_a_second_by_itself() {
    let peer = Peer::default();
    let settings = RelaySettings { profile: RelayProfile::R421A08, ..RelaySettings::default() };
    let mut board = Relay::new(peer.line(), settings).unwrap();
    open(&peer, &mut board).await;
    let momentary = rtu("010600030500");
    peer.replies(&momentary).replies(&rtu("0103020001"));
    assert_eq!(board.pulse(order(2)).await, Ok(()));
    assert_eq!(peer.heard(), [momentary, rtu("010300030001")]);
    assert_eq!(board.spec().pulse_length, PulseLength::Fixed(1_000));
    let sixteen = RelaySettings { channels: 16, ..settings };
    assert_eq!(
        Relay::new(peer.line(), sixteen).err().unwrap().to_string(),
        "channels is 16, allowed is 1 to 8"
    );
    // All off asks each, and lets go of what is on.
    for channel in 1..=8 {
        peer.replies(&rtu(if channel == 5 { "0103020001" } else { "0103020000" }));
    }
    peer.replies(&rtu("010600050200"));
    for _ in 0..8 {
        peer.replies(&rtu("0103020000"));
    }
    assert_eq!(board.all_off().await, Ok(()));
    let heard = peer.heard();
    assert_eq!((heard.len(), &heard[8]), (17, &rtu("010600050200")));
}

#[tokio::test(start_paused = true)]
async fn box_08_a_plain_relay_is_held_by_the_host_and_seen_to_be_off() {
    let peer = Peer::default();
    let mut board = plain(&peer);
    open(&peer, &mut board).await;
    let [on, off] = [rtu("01050003FF00"), rtu("010500030000")];
    peer.replies(&on).replies(&rtu("01010101")).replies(&off).replies("010101005188");
    assert_eq!(board.pulse(order(3)).await, Ok(()));
    assert_eq!(peer.heard_ms()[2], 500, "from on to off");
    assert_eq!(peer.heard(), [&on, &rtu("010100030001"), &off, "0101000000083DCC"]);
    // Neither answers: it is let go all the same, in time, and asked for again at the next reading.
    for _ in 0..4 {
        peer.is_silent();
    }
    assert_eq!(board.pulse(order(3)).await, Err(ErrorKind::Silent));
    assert_eq!(peer.heard_ms()[2], 500, "from on to off");
    assert_eq!(peer.heard(), [&on, &rtu("010100030001"), &off, "0101000000083DCC"]);
    peer.replies(&rtu("01010108")).replies(&off).replies("010101005188").replies("010101005188");
    assert!(board.read().await.is_ok());
    assert_eq!(peer.heard(), ["0101000000083DCC", &off, "0101000000083DCC", "0101000000083DCC"]);
    // Never as long as the limit, and whoever answers half way is cut short.
    peer.replies(&on).replies(&rtu("01010101")).replies(&off).replies("010101005188");
    assert_eq!(board.pulse(order_of(3, u16::MAX)).await, Ok(()));
    assert_eq!(peer.heard_ms()[2], 1_980);
    peer.heard();
    peer.replies(&on).says(&[(60, "01")]).replies(&off).replies("010101005188");
    assert_eq!(board.pulse(order_of(3, 150)).await, Err(ErrorKind::Silent));
    assert_eq!((peer.heard_ms()[2], peer.heard().len()), (150, 4));
    // Refused: nothing is on.
    peer.replies(&rtu("018502"));
    assert_eq!(board.pulse(order(3)).await, Err(ErrorKind::Refused));
    assert_eq!(peer.heard(), [on]);
}

#[tokio::test(start_paused = true)]
async fn box_08_a_plain_relay_is_let_go_when_its_board_is_dropped_half_way() {
    let peer = Peer::default();
    let mut board = plain(&peer);
    open(&peer, &mut board).await;
    let [on, off] = [rtu("01050003FF00"), rtu("010500030000")];
    {
        let pulse = board.pulse(order(3));
        assert!(pin!(pulse).as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    sleep(Duration::from_millis(1)).await;
    assert_eq!(peer.heard(), [on]);
    drop(board);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(peer.heard(), [off]);
}

#[tokio::test(start_paused = true)]
async fn box_08_a_plain_relay_is_refused_unless_accepted() {
    let peer = Peer::default();
    let mut builder = Cabinet::builder();
    let board = builder.board(WireNo(0), plain(&peer));
    builder.wire_boxes(board, BoxNo::first(8));
    assert_eq!(builder.build().err(), Some(CabinetError::SoftwarePulse(board)));
}

#[tokio::test(start_paused = true)]
async fn clones_with_another_value_and_coils_from_1() {
    let peer = Peer::default();
    let profile = RelayProfile::Plain { on: Some(0x0100) };
    let settings = RelaySettings { profile, first_coil: 1, channels: 2, ..RelaySettings::default() };
    let mut board = Relay::new(peer.line(), settings).unwrap();
    open(&peer, &mut board).await;
    peer.replies("0105000101009D9A").replies(&rtu("01010101"));
    peer.replies(&rtu("010500010000")).replies(&rtu("01010100"));
    assert_eq!(board.pulse(order(0)).await, Ok(()));
    assert_eq!(peer.heard()[0], "0105000101009D9A");
}

#[tokio::test(start_paused = true)]
async fn over_tcp_a_reply_belongs_to_its_transaction() {
    let peer = Peer::default();
    let doors = Some(DoorInputs::default());
    let settings = RelaySettings { framing: Framing::Tcp, doors, ..RelaySettings::default() };
    let mut board = Relay::new(peer.line(), settings).unwrap();
    peer.replies("000100000004010201A1");
    assert_eq!(open_doors(&board.read().await.unwrap()), [1, 2, 3, 4, 6]);
    // That of the first reading comes once more, then the right one.
    peer.says(&[(0, "000100000004010201A1"), (5, "000200000004010201FF")]);
    assert_eq!(open_doors(&board.read().await.unwrap()), [0; 0]);
    assert_eq!(peer.heard(), ["000100000006010200000008", "000200000006010200000008"]);
    peer.replies("000300000006010502000005").replies("00040000000401010101");
    assert_eq!(board.pulse(order(0)).await, Ok(()));
    assert_eq!(peer.heard(), ["000300000006010502000005", "000400000006010100000001"]);
}
