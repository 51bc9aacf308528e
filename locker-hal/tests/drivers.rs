//! Each driver against a peer that says exactly what its board would.
#![allow(clippy::unwrap_used, reason = "tests")]

mod peer;

use locker_hal::drivers::{
    Cu12, Cu12Settings, Cu16, Cu16Settings, Cu48, Cu48Settings, GroupOrder, ItemSensor, Polarity, StatusEnd,
    UnlockTime, Winnsen, WinnsenSettings, Wkly, WklySettings, Xor8a, XorPulse, XorSettings,
};
use locker_hal::{Board, Door, ErrorKind, PulseLength, PulseSource};
use peer::{Peer, items, open, open_doors, order};
use tokio::time::{Duration, Instant};

#[tokio::test(start_paused = true)]
async fn xor_reads_doors_by_polarity_and_group_order() {
    use GroupOrder::{HighestFirst, LowestFirst};
    use Polarity::{SetIsClosed, SetIsOpen};
    for (polarity, group_order, open) in [
        (SetIsOpen, HighestFirst, vec![1]),
        (SetIsOpen, LowestFirst, vec![17]),
        (SetIsClosed, HighestFirst, (0..24).filter(|n| *n != 1).collect()),
    ] {
        // In virtual time: the silence that ends the status, that before the first exchange, and that behind each.
        for (status, took_ms) in [(StatusEnd::Length(3), 4 + 4), (StatusEnd::Silence { ms: 20 }, 4 + 20 + 4)]
        {
            let peer = Peer::default();
            peer.replies("800100000233B0");
            let settings = XorSettings { polarity, group_order, status, ..XorSettings::default() };
            let mut board = Xor8a::new(peer.line(), settings).unwrap();
            let asked = Instant::now();
            assert_eq!(open_doors(&board.read().await.unwrap()), open);
            assert_eq!(asked.elapsed(), Duration::from_millis(took_ms));
            assert_eq!(peer.heard(), ["80010033B2"]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn xor_locks_that_the_board_does_not_tell_of_are_unknown() {
    let peer = Peer::default();
    peer.replies("800100000033B2");
    let mut board = Xor8a::new(peer.line(), XorSettings { channels: 50, ..XorSettings::default() }).unwrap();
    let levels = board.read().await.unwrap();
    let known = levels.0.iter().filter(|level| level.door.0 != Door::Unknown).count();
    assert_eq!((levels.0.len(), known), (50, 24));
}

#[tokio::test(start_paused = true)]
async fn box_02_xor_a_pulse_is_accepted_whether_the_lock_opened_or_not() {
    let peer = Peer::default();
    let mut board = Xor8a::new(peer.line(), XorSettings::default()).unwrap();
    open(&peer, &mut board).await;
    peer.says(&[(500, "8A0101008A")]).says(&[(500, "8A0101119B")]);
    assert_eq!(board.pulse(order(0)).await, Ok(()));
    assert_eq!(board.pulse(order(0)).await, Ok(()), "it stayed shut; the readings say so");
    assert_eq!(peer.heard(), ["8A0101119B", "8A0101119B"]);
    assert_eq!(board.spec().pulse_length, PulseLength::Fixed(300));
    assert_eq!(board.all_off().await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn xor_with_an_on_time() {
    let peer = Peer::default();
    let settings = XorSettings { pulse: XorPulse::Seconds(1), address: 2, ..XorSettings::default() };
    let mut board = Xor8a::new(peer.line(), settings).unwrap();
    open(&peer, &mut board).await;
    peer.replies("8A020C0084");
    assert_eq!(board.pulse(order(11)).await, Ok(()));
    assert_eq!(peer.heard(), ["8A020C110194"]);
    assert_eq!(board.spec().pulse_length, PulseLength::Fixed(1_000));
}

const CU16_TIME: &str = "020037033C";
const CU16_550: &str = "0200380F0000370383";

#[tokio::test(start_paused = true)]
async fn cu16_reads_hooks_and_items() {
    use {ItemSensor as Sensor, Polarity::*};
    for (polarity, sensor, doors, inside) in [
        (SetIsClosed, Sensor::SetIsPresent, 15, vec![0]),
        (SetIsOpen, Sensor::SetIsAbsent, 1, (1..16).collect()),
        (SetIsClosed, Sensor::None, 15, vec![]),
    ] {
        let peer = Peer::default();
        peer.replies("02003501000100033C");
        let settings = Cu16Settings { polarity, items: sensor, ..Cu16Settings::default() };
        let mut board = Cu16::new(peer.line(), settings).unwrap();
        let levels = board.read().await.unwrap();
        assert_eq!((open_doors(&levels).len(), items(&levels)), (doors, inside));
        assert_eq!(peer.heard(), ["0200300335"]);
    }
}

#[tokio::test(start_paused = true)]
async fn cu16_an_unlock_is_acknowledged_by_its_reply_or_by_the_status_behind_it() {
    let peer = Peer::default();
    let mut board = Cu16::new(peer.line(), Cu16Settings::default()).unwrap();
    open(&peer, &mut board).await;
    let status = "02003501000100033C";
    peer.says(&[(20, status)]);
    assert_eq!(board.pulse(order(2)).await, Ok(()));
    assert_eq!(peer.heard(), ["0202310338"]);
    // Without one; and with one that comes late, which is not taken for the reading behind it.
    peer.is_silent().says(&[(2, status), (10, "0200350000000003 3A".replace(' ', "").as_str())]);
    assert_eq!(board.pulse(order(2)).await, Ok(()));
    assert_eq!(peer.heard(), ["0202310338", "0200300335"]);
    tokio::time::sleep(Duration::from_millis(50)).await;
    peer.replies("0200350000000003FF").replies(status);
    assert_eq!(board.read().await, Err(ErrorKind::Garbled));
    assert_eq!(open_doors(&board.read().await.unwrap()).len(), 15);
    // Another board's status is no acknowledgement.
    peer.heard();
    peer.is_silent().says(&[(2, "02103501000100034C")]);
    assert_eq!(board.pulse(order(2)).await, Err(ErrorKind::Silent));
    assert_eq!(peer.heard(), ["0202310338", "0200300335"]);
}

#[tokio::test(start_paused = true)]
async fn box_08_cu16_fires_nothing_before_its_unlock_time_is_right() {
    let peer = Peer::default();
    let mut board = Cu16::new(peer.line(), Cu16Settings::default()).unwrap();
    peer.replies(CU16_550);
    assert_eq!(board.all_off().await, Ok(()));
    assert_eq!(peer.heard(), [CU16_TIME], "it was right");
    let slow = "0200380000006403A1";
    peer.replies(slow).replies(CU16_550).replies(CU16_550);
    let asked = Instant::now();
    assert_eq!(board.all_off().await, Ok(()));
    assert_eq!(peer.heard(), [CU16_TIME, "0200370037 0373".replace(' ', "").as_str(), CU16_TIME]);
    assert!(asked.elapsed() > Duration::from_millis(500), "the board needs that long");
    peer.replies(slow).is_silent().replies(slow);
    assert_eq!(board.all_off().await, Err(ErrorKind::Other), "it stays as it was");
    assert_eq!(board.all_off().await, Err(ErrorKind::Silent));
    let trusted = Cu16Settings { unlock_time: UnlockTime::Trust { ms: 800 }, ..Cu16Settings::default() };
    let mut board = Cu16::new(peer.line(), trusted).unwrap();
    peer.heard();
    assert_eq!(board.all_off().await, Ok(()));
    assert_eq!((peer.heard().len(), board.spec().pulse_length), (0, PulseLength::Fixed(800)));
}

#[tokio::test(start_paused = true)]
async fn cu48_is_acknowledged_by_the_status_behind_the_unlock() {
    let peer = Peer::default();
    let mut board = Cu48::new(peer.line(), Cu48Settings::default()).unwrap();
    let status = "020000650700000000C00331";
    peer.replies(status);
    let closed = [0, 1, 2, 46, 47];
    let open: Vec<u8> = (0..48).filter(|n| !closed.contains(n)).collect();
    assert_eq!(open_doors(&board.read().await.unwrap()), open);
    peer.is_silent().replies(status).is_silent().is_silent();
    assert_eq!(board.pulse(order(0)).await, Ok(()));
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent));
    let [read, unlock] = ["020000500355", "020000510356"];
    assert_eq!(peer.heard(), [read, unlock, read, unlock, read]);
    let other_switch = Cu48Settings { polarity: Polarity::SetIsOpen, ..Cu48Settings::default() };
    let mut board = Cu48::new(peer.line(), other_switch).unwrap();
    peer.replies(status);
    assert_eq!(open_doors(&board.read().await.unwrap()), closed);
}

#[tokio::test(start_paused = true)]
async fn cu12_says_what_became_of_an_unlock() {
    let peer = Peer::default();
    let mut board = Cu12::new(peer.line(), Cu12Settings { address: 1, ..Cu12Settings::default() }).unwrap();
    peer.replies("020100801002039C0400");
    let open: Vec<u8> = (0..12).filter(|n| *n != 2).collect();
    assert_eq!(open_doors(&board.read().await.unwrap()), open);
    let mut board = Cu12::new(peer.line(), Cu12Settings::default()).unwrap();
    peer.heard();
    peer.replies("02000082100203D00037");
    assert_eq!(board.all_off().await, Ok(()));
    peer.replies("0200028110000398").replies("020002811200039A").replies("0200028111000399");
    assert_eq!(board.pulse(order(2)).await, Ok(()));
    assert_eq!(board.pulse(order(2)).await, Ok(()), "the lock did not open in time; its coil was on");
    assert_eq!(board.pulse(order(2)).await, Err(ErrorKind::Other));
    peer.replies("020002811400039C").replies("0200018110000397");
    assert_eq!(board.pulse(order(2)).await, Err(ErrorKind::Refused), "it heard a wrong sum");
    assert_eq!(board.pulse(order(2)).await, Err(ErrorKind::Silent), "that was another lock");
    let unlock = "0200028100000388";
    assert_eq!(peer.heard(), ["0200008200000387", unlock, unlock, unlock, unlock, unlock]);
    // 550 ms are wanted, 1 s is set.
    let odd = "020000821002039D0064";
    peer.replies(odd).replies("020000821000 0397".replace(' ', "").as_str()).replies("02000082100203D00037");
    assert_eq!(board.all_off().await, Err(ErrorKind::Garbled), "a wrong sum");
    let heard = peer.heard();
    assert_eq!(heard, ["0200008200000387"]);
}

#[tokio::test(start_paused = true)]
async fn cu12_sets_its_unlock_time() {
    let peer = Peer::default();
    let mut board = Cu12::new(peer.line(), Cu12Settings::default()).unwrap();
    let second = "02000082100203FD0064";
    peer.replies(second).replies("0200008210000397").replies("02000082100203D00037");
    assert_eq!(board.all_off().await, Ok(()));
    assert_eq!(peer.heard(), ["0200008200000387", "02000082000203C00037", "0200008200000387"]);
}

#[tokio::test(start_paused = true)]
async fn wkly_says_itself_whether_a_lock_is_open() {
    let peer = Peer::default();
    let mut board = Wkly::new(peer.line(), WklySettings { channels: 5, ..WklySettings::default() }).unwrap();
    peer.replies("574B4C590E008400040001010087");
    let doors: Vec<Door> = board.read().await.unwrap().0.iter().map(|level| level.door.0).collect();
    use Door::{Closed, Open, Unknown};
    assert_eq!(doors, [Open, Closed, Closed, Open, Unknown]);
    // A door that reports by itself comes first.
    peer.says(&[(10, "574B4C590A0085010186"), (350, "574B4C590B008200010081")]);
    assert_eq!(board.pulse(order(0)).await, Ok(()));
    peer.replies("574B4C590B0082FF01017F").is_silent();
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Other), "failed; the coil may have been on");
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent));
    let unlock = "574B4C590900820183";
    assert_eq!(peer.heard(), ["574B4C5908008485", unlock, unlock, unlock]);
}

#[tokio::test(start_paused = true)]
async fn winnsen_bits_are_open_doors() {
    let peer = Peer::default();
    let mut board = Winnsen::new(peer.line(), WinnsenSettings::default()).unwrap();
    peer.replies("90078201010103")
        .replies("90078501050103")
        .replies("9007A501050003")
        .replies("90078501050203");
    assert_eq!(open_doors(&board.read().await.unwrap()), [0, 8]);
    assert_eq!(board.pulse(order(4)).await, Ok(()));
    assert_eq!(board.pulse(order(4)).await, Ok(()), "it stayed shut; the readings say so");
    assert_eq!(board.pulse(order(4)).await, Err(ErrorKind::Refused), "it cools down");
    let open = "900605010503";
    assert_eq!(peer.heard(), ["90070201FFFF03", open, open, open]);
}

#[tokio::test(start_paused = true)]
async fn box_08_every_board_here_ends_its_pulses_itself_and_within_2_s() {
    let line = || Peer::default().line();
    let specs = [
        Xor8a::new(line(), XorSettings::default()).unwrap().spec(),
        Cu16::new(line(), Cu16Settings::default()).unwrap().spec(),
        Cu48::new(line(), Cu48Settings::default()).unwrap().spec(),
        Cu12::new(line(), Cu12Settings::default()).unwrap().spec(),
        Wkly::new(line(), WklySettings::default()).unwrap().spec(),
        Winnsen::new(line(), WinnsenSettings::default()).unwrap().spec(),
    ];
    for spec in specs {
        assert_eq!(spec.pulse_source, PulseSource::Hardware);
        let PulseLength::Fixed(1..=2_000) = spec.pulse_length else { panic!("{spec:?}") };
    }
    let too_long = Cu48Settings { pulse_ms: 2_001, ..Cu48Settings::default() };
    let refused = Cu48::new(line(), too_long).err().unwrap();
    assert_eq!(refused.to_string(), "pulse is 2001, allowed is 1 to 2000");
    assert!(Xor8a::new(line(), XorSettings { address: 0, ..XorSettings::default() }).is_err());
    assert!(
        Xor8a::new(line(), XorSettings { pulse: XorPulse::Seconds(3), ..XorSettings::default() }).is_err()
    );
    let slow = Cu16Settings { unlock_time: UnlockTime::Set { ms: 2_010 }, ..Cu16Settings::default() };
    assert!(Cu16::new(line(), slow).is_err());
}

#[tokio::test(start_paused = true)]
async fn box_08_a_channel_that_a_board_does_not_have_fires_nothing() {
    let peer = Peer::default();
    let mut board = Cu16::new(peer.line(), Cu16Settings::default()).unwrap();
    open(&peer, &mut board).await;
    assert_eq!(board.pulse(order(16)).await, Err(ErrorKind::Refused));
    let mut board = Xor8a::new(peer.line(), XorSettings::default()).unwrap();
    open(&peer, &mut board).await;
    assert_eq!(
        board.pulse(order(255)).await,
        Err(ErrorKind::Refused),
        "256 would be 0, and 0 is all of them"
    );
    assert_eq!(peer.heard(), [""; 0]);
}
