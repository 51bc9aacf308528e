//! One wire and its boards: echo, noise, late replies, a port that vanishes.
#![allow(clippy::unwrap_used, reason = "tests")]

mod peer;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use locker_hal::drivers::{Cu16, Cu16Settings, StatusEnd, UnlockTime, Xor8a, XorSettings, probe_baud};
use locker_hal::line::{Echo, LineSettings, SharedLine};
use locker_hal::{Board, ErrorKind};
use peer::{HANG_UP, Peer, open, open_doors, order};
use tokio::time::{Duration, Instant, sleep};

fn xor(line: SharedLine) -> Xor8a {
    let settings = XorSettings { channels: 8, status: StatusEnd::Length(3), ..XorSettings::default() };
    Xor8a::new(line, settings).unwrap()
}

const READ: &str = "80010033B2";
const ALL_OPEN: &str = "800100000033B2";
const UNLOCK: &str = "8A0101119B";
const UNLOCKED: &str = "8A0101008A";

#[tokio::test(start_paused = true)]
async fn box_10_a_pulse_goes_out_at_once_or_not_at_all() {
    let peer = Peer::default();
    let mut board = xor(peer.line());
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Disconnected), "nothing was opened yet");
    assert_eq!((peer.opened(), peer.heard().len()), (0, 0));
    open(&peer, &mut board).await;
    {
        let pulse = board.pulse(order(0));
        let mut pulse = pin!(pulse);
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(pulse.as_mut().poll(&mut context), Poll::Pending);
        // Dropped here, with the request on the wire.
    }
    sleep(Duration::from_millis(1)).await;
    assert_eq!(peer.heard(), [UNLOCK], "written the first time it was polled");
}

#[tokio::test(start_paused = true)]
async fn after_an_exchange_that_was_dropped_only_a_reading_may_speak() {
    let peer = Peer::default();
    let mut board = xor(peer.line());
    open(&peer, &mut board).await;
    {
        let read = board.read();
        let mut read = pin!(read);
        let _ = read.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Busy));
    // The reply to what was dropped is thrown away: it says that all doors are open.
    peer.replies(ALL_OPEN).replies("800101010133B3").replies(UNLOCKED);
    assert_eq!(open_doors(&board.read().await.unwrap()).len(), 7);
    assert_eq!(board.pulse(order(0)).await, Ok(()));
    assert_eq!(peer.heard(), [READ, READ, UNLOCK]);
}

#[tokio::test(start_paused = true)]
async fn box_04_a_lost_acknowledgement_fires_nothing_again() {
    let peer = Peer::default();
    let mut board = xor(peer.line());
    open(&peer, &mut board).await;
    let asked = Instant::now();
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent));
    assert_eq!(asked.elapsed(), Duration::from_millis(1_500 + 4), "time limit and silence");
    sleep(Duration::from_secs(60)).await;
    assert_eq!(peer.heard(), [UNLOCK]);
}

#[tokio::test(start_paused = true)]
async fn a_late_reply_is_not_taken_for_the_next() {
    let peer = Peer::default();
    let mut board = xor(peer.line());
    open(&peer, &mut board).await;
    // The reply to lock 1 comes when it is given up, that to lock 2 never.
    peer.says(&[(1_600, UNLOCKED)]).is_silent();
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent));
    assert_eq!(board.pulse(order(1)).await, Err(ErrorKind::Silent), "that was another lock");
    // In the buffer before the request: drained, whatever it says.
    peer.says(&[(0, UNLOCKED), (10, UNLOCKED)]).is_silent();
    assert_eq!(board.pulse(order(0)).await, Ok(()));
    sleep(Duration::from_millis(50)).await;
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent), "that was the one before");
}

#[tokio::test(start_paused = true)]
async fn an_echo_is_stripped_by_count_and_never_confirms() {
    let peer = Peer::default();
    let mut board = xor(peer.line_with(Echo::Strip));
    peer.says(&[(0, &READ[..4]), (1, &READ[4..]), (1, ALL_OPEN)]);
    assert_eq!(open_doors(&board.read().await.unwrap()).len(), 8);
    // A lock that stays shut answers with the very bytes of the request.
    peer.says(&[(0, UNLOCK), (500, UNLOCK)]);
    assert_eq!(board.pulse(order(0)).await, Ok(()));
    // A dead board behind an adapter that echoes.
    peer.replies(UNLOCK);
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent));
    peer.replies(READ);
    assert_eq!(board.read().await, Err(ErrorKind::Silent));
}

#[tokio::test(start_paused = true)]
async fn with_an_echo_that_nobody_strips_no_reading_succeeds() {
    for status in [StatusEnd::Length(3), StatusEnd::Silence { ms: 20 }] {
        let peer = Peer::default();
        let mut board = Xor8a::new(peer.line(), XorSettings { status, ..XorSettings::default() }).unwrap();
        peer.replies(READ);
        assert_eq!(board.read().await, Err(ErrorKind::Garbled));
    }
}

#[tokio::test(start_paused = true)]
async fn noise_and_pieces_and_strangers_are_passed_over() {
    let peer = Peer::default();
    let mut board = xor(peer.line());
    // Noise, another board's reply, a door that reports by itself, then the reply in pieces.
    peer.says(&[(0, "FAFD9999"), (3, "800200000033B1"), (3, "8101011190"), (3, "8001"), (15, "00000233B0")]);
    assert_eq!(open_doors(&board.read().await.unwrap()), [0, 2, 3, 4, 5, 6, 7]);
    // Half a frame, silence, and then the good one.
    peer.says(&[(0, "8001"), (25, ALL_OPEN)]);
    assert_eq!(open_doors(&board.read().await.unwrap()).len(), 8);
    peer.replies("800100000233B1");
    assert_eq!(board.read().await, Err(ErrorKind::Garbled), "its check is wrong");
    peer.says(&[(100, "800100000033")]);
    assert_eq!(board.read().await, Err(ErrorKind::Garbled), "its end is missing");
}

#[tokio::test(start_paused = true)]
async fn a_board_that_never_stops_talking_ends_no_worse_than_a_silent_one() {
    let peer = Peer::default();
    let mut board = xor(peer.line());
    let babble: Vec<(u64, &str)> = std::iter::repeat_n((1, "8A8A8A8A8A"), 3_000).collect();
    peer.says(&babble);
    let asked = Instant::now();
    assert_eq!(board.read().await, Err(ErrorKind::Garbled));
    assert!(asked.elapsed() <= Duration::from_millis(200 + 10), "{:?}", asked.elapsed());
    assert_eq!(board.read().await, Err(ErrorKind::Garbled));
}

#[tokio::test(start_paused = true)]
async fn a_port_that_vanished_is_opened_again_for_ever() {
    let peer = Peer::default();
    let mut board = xor(peer.line());
    peer.replies(ALL_OPEN).says(&[(0, HANG_UP)]);
    board.read().await.unwrap();
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Silent), "it went with the request on the wire");
    peer.is_missing(true);
    assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Disconnected));
    let mut tries = 0;
    for _ in 0..600 {
        tries += 1;
        assert_eq!(board.read().await, Err(ErrorKind::Disconnected));
        assert_eq!(board.pulse(order(0)).await, Err(ErrorKind::Disconnected), "a pulse opens no port");
        sleep(Duration::from_secs(1)).await;
    }
    assert_eq!((tries, peer.opened()), (600, 1));
    // At once, after 0.2, 0.4, 0.8, 1.6, 3.2 s, then every 5 s: the readings come each second.
    assert!((110..130).contains(&peer.tried()), "{}", peer.tried());
    peer.is_missing(false);
    peer.replies(ALL_OPEN);
    sleep(Duration::from_secs(5)).await;
    board.read().await.unwrap();
    assert_eq!(peer.opened(), 2);
    assert_eq!(peer.heard(), [READ, UNLOCK, READ]);
    // It worked: the next time the back-off begins anew.
    peer.says(&[(0, HANG_UP)]).replies(ALL_OPEN);
    assert_eq!(board.read().await, Err(ErrorKind::Silent));
    assert_eq!(board.read().await, Err(ErrorKind::Disconnected));
    sleep(Duration::from_millis(200)).await;
    board.read().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn box_12_boards_of_different_kinds_share_a_wire() {
    let peer = Peer::default();
    let line = peer.line();
    let mut first = xor(line.clone());
    let settings = Cu16Settings { unlock_time: UnlockTime::Trust { ms: 550 }, ..Cu16Settings::default() };
    let mut second = Cu16::new(line, settings).unwrap();
    peer.replies(ALL_OPEN).replies("02003501000100033C").is_silent().replies("02003501000100033C");
    assert_eq!(open_doors(&first.read().await.unwrap()).len(), 8);
    assert_eq!(open_doors(&second.read().await.unwrap()).len(), 15);
    assert_eq!(first.read().await, Err(ErrorKind::Silent), "it is dead now");
    assert_eq!(open_doors(&second.read().await.unwrap()).len(), 15);
    assert_eq!((peer.opened(), peer.heard().len()), (1, 4));
    // While one is spoken to, a command to the other does not wait.
    let reading = first.read();
    let mut reading = pin!(reading);
    assert!(reading.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(second.pulse(order(0)).await, Err(ErrorKind::Busy));
    assert_eq!(peer.heard(), [""; 0]);
}

/// Polls a call as a cabinet does that waits for nobody: once, and again 50 ms later.
async fn slowly<T>(call: impl Future<Output = T>) -> T {
    let mut call = pin!(call);
    loop {
        if let Poll::Ready(done) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn calls_may_be_driven_slowly() {
    let peer = Peer::default();
    let mut board = Xor8a::new(peer.line(), XorSettings { channels: 8, ..XorSettings::default() }).unwrap();
    peer.says(&[(3, "FA"), (3, "800100"), (2, "000033B2")]).says(&[(500, UNLOCKED)]);
    assert_eq!(open_doors(&slowly(board.read()).await.unwrap()).len(), 8);
    assert_eq!(slowly(board.pulse(order(0))).await, Ok(()));
    assert_eq!(slowly(board.pulse(order(0))).await, Err(ErrorKind::Silent));
    let mut board = Cu16::new(peer.line(), Cu16Settings::default()).unwrap();
    open(&peer, &mut board).await;
    peer.is_silent().says(&[(12, "02003501000100033C")]);
    assert_eq!(slowly(board.pulse(order(2))).await, Ok(()));
    assert_eq!(peer.heard(), ["0202310338", "0200300335"]);
}

#[tokio::test(start_paused = true)]
async fn the_baud_rate_is_the_first_at_which_the_board_answers() {
    let (slow, fast) = (Peer::default(), Peer::default());
    fast.replies("02003501000100033C");
    let probe = |baud| {
        let peer = if baud == 115_200 { &fast } else { &slow };
        Cu16::new(SharedLine::new(peer.clone(), LineSettings::default()), Cu16Settings::default()).unwrap()
    };
    assert_eq!(probe_baud(&Cu16::BAUDS, probe).await, Some(115_200));
    assert_eq!(slow.heard(), ["0200300335"], "it only asks");
    let nobody = |_| Cu16::new(slow.line(), Cu16Settings::default()).unwrap();
    assert_eq!(probe_baud(&Cu16::BAUDS, nobody).await, None);
}

#[tokio::test]
async fn a_gateway_is_spoken_to_over_tcp() {
    use locker_hal::line::TcpPort;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let gateway = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = gateway.local_addr().unwrap().to_string();
    let served = tokio::spawn(async move {
        for _ in 0..2 {
            let (mut wire, _) = gateway.accept().await.unwrap();
            let mut request = [0; 5];
            wire.read_exact(&mut request).await.unwrap();
            wire.write_all(&hex::decode(ALL_OPEN).unwrap()).await.unwrap();
            // And the connection is closed.
        }
    });
    let mut board = xor(SharedLine::new(TcpPort { address }, LineSettings::default()));
    let mut read = 0;
    while read < 2 {
        // The reading that finds it closed fails, and so do those before the back-off is over.
        read += usize::from(board.read().await.is_ok());
    }
    served.await.unwrap();
}
