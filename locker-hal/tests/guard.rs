//! BOX-8: the guard lets coils go when a kiosk is killed, hangs or errs, and when a chip comes back.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod pins;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use async_trait::async_trait;
use locker_hal::conformance::Deed;
use locker_hal::gpio::PinFault;
use locker_hal::guard::{Guard, GuardedBoard, ListenError, Why};
use locker_hal::{
    Board, BoardSpec, Boot, BoxNo, Channel, ChannelLevels, Door, ErrorKind, PULSE_MS_LIMIT, PulseId,
    PulseOrder, Raw, Switched,
};
use pins::{BOXES, NONE, World};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// A guard of one chip in this process.
struct Watched {
    world: World,
    dir: tempfile::TempDir,
    said: mpsc::UnboundedReceiver<Why>,
    stop: Option<oneshot::Sender<()>>,
    guard: JoinHandle<()>,
}

impl Watched {
    fn start() -> Self {
        let (world, dir) = (World::new(), tempfile::tempdir().unwrap());
        let (says, said) = mpsc::unbounded_channel();
        let mut guard = Guard::new(move |_, why| {
            let _ = says.send(why);
        });
        guard.board(world.bank(0).unwrap());
        let listener = Guard::listen(dir.path().join("guard.sock")).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let guard = tokio::spawn(guard.serve(listener, async { drop(stopped.await) }));
        Self { world, dir, said, stop: Some(stop), guard }
    }

    fn board(&self) -> GuardedBoard {
        GuardedBoard::new(self.dir.path().join("guard.sock"), 0, BoardSpec::prompt(BOXES))
    }

    /// Waits until coils were let go for another reason than that somebody began or said so.
    async fn let_go(&mut self) -> Why {
        loop {
            match self.said.recv().await.unwrap() {
                Why::Start | Why::Told => {}
                why => return why,
            }
        }
    }
}

fn order(channel: u8, length_ms: u16) -> PulseOrder {
    PulseOrder { id: PulseId { boot: Boot(1), n: 1 }, channel: Channel(channel), length_ms }
}

/// A kiosk as a process of its own: it fires lock 3 for as long as a pulse may be, says so, and then does as it is told.
#[test]
#[ignore = "the kiosk that the other tests start, kill and let hang"]
fn a_kiosk() {
    let Some(socket) = std::env::var_os("GUARD_SOCKET") else { return };
    let hangs = std::env::var_os("HANGS").is_some();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut board = GuardedBoard::new(socket, 0, BoardSpec::prompt(BOXES));
        board.all_off().await.unwrap();
        assert_eq!(board.read().await.unwrap().of(Channel(2)).door, Raw(Door::Closed));
        board.pulse(order(2, PULSE_MS_LIMIT)).await.unwrap();
        println!("\nlock 3 is on");
        if hangs {
            std::future::pending::<()>().await;
        }
        loop {
            board.read().await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

/// Starts the kiosk above and waits until its lock is on.
fn kiosk(socket: &Path, hangs: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "a_kiosk", "--ignored", "--nocapture"]).env("GUARD_SOCKET", socket);
    if hangs {
        command.env("HANGS", "1");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok);
    assert!(lines.any(|line| line == "lock 3 is on"), "the kiosk fires");
    // Whatever it says later must not meet a closed pipe.
    std::thread::spawn(move || lines.for_each(drop));
    child
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn box_08_the_guard_lets_the_coil_go_when_the_kiosk_is_killed_with_kill_9() {
    let mut watched = Watched::start();
    let mut kiosk = kiosk(&watched.dir.path().join("guard.sock"), false);
    assert_eq!(watched.world.on(), [3]);
    kiosk.kill().unwrap();
    kiosk.wait().unwrap();
    assert_eq!(watched.let_go().await, Why::Gone, "and not because the pulse was over");
    assert_eq!(watched.world.on(), NONE);
    // The next kiosk is served at once.
    let mut next = watched.board();
    next.all_off().await.unwrap();
    next.pulse(order(0, 100)).await.unwrap();
    assert_eq!(watched.let_go().await, Why::Over);
    assert_eq!(watched.world.on(), NONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn box_08_the_guard_lets_the_coil_go_when_the_kiosk_hangs() {
    let mut watched = Watched::start();
    let mut kiosk = kiosk(&watched.dir.path().join("guard.sock"), true);
    assert_eq!(watched.let_go().await, Why::NoBeat, "and not because the pulse was over");
    assert_eq!(watched.world.on(), NONE);
    kiosk.kill().unwrap();
    kiosk.wait().unwrap();
}

#[tokio::test(start_paused = true)]
async fn box_08_the_guard_ends_a_pulse_by_itself_and_none_is_longer_than_2_s() {
    let mut watched = Watched::start();
    let mut board = watched.board();
    board.all_off().await.unwrap();
    board.pulse(order(1, 500)).await.unwrap();
    assert_eq!(watched.world.on(), [2]);
    assert_eq!(board.pulse(order(2, 500)).await, Err(ErrorKind::Busy), "one coil at a time");
    assert_eq!(board.pulse(order(BOXES, 500)).await, Err(ErrorKind::Refused), "no such lock");
    assert_eq!(watched.let_go().await, Why::Over);
    assert_eq!(watched.world.on(), NONE);
    board.pulse(order(1, u16::MAX)).await.unwrap();
    let began = tokio::time::Instant::now();
    let beats = async {
        loop {
            board.read().await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let why = tokio::select! {
        why = watched.let_go() => why,
        () = beats => unreachable!("it never ends"),
    };
    assert_eq!((why, began.elapsed()), (Why::Over, Duration::from_millis(PULSE_MS_LIMIT.into())));
}

#[tokio::test(start_paused = true)]
async fn box_08_coils_that_cannot_be_let_go_are_tried_until_they_can_and_nobody_counts_on_them_meanwhile() {
    let mut watched = Watched::start();
    let mut board = watched.board();
    board.all_off().await.unwrap();
    board.pulse(order(1, 500)).await.unwrap();
    let first = World::boxes()[0];
    watched.world.act(Deed::KillBoard(first));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(board.read().await, Err(ErrorKind::Other));
    assert_eq!(board.pulse(order(0, 500)).await, Err(ErrorKind::Busy));
    assert_eq!(watched.world.on(), [2]);
    watched.world.act(Deed::ReviveBoard(first));
    assert_eq!(watched.let_go().await, Why::Over);
    assert_eq!(watched.world.on(), NONE);
    assert!(board.read().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn box_08_the_guard_lets_all_coils_go_at_its_exit() {
    let mut watched = Watched::start();
    let mut board = watched.board();
    board.all_off().await.unwrap();
    board.pulse(order(3, 2_000)).await.unwrap();
    watched.stop.take().unwrap().send(()).unwrap();
    watched.guard.await.unwrap();
    assert_eq!(watched.world.on(), NONE);
    // Disconnected; or silent for as long as a process that another test is just starting has a copy of the sockets.
    let gone = [ErrorKind::Disconnected, ErrorKind::Silent];
    assert!(gone.contains(&board.pulse(order(3, 500)).await.unwrap_err()));
    assert!(gone.contains(&board.read().await.unwrap_err()));
    assert_eq!(watched.world.on(), NONE);
}

#[tokio::test(start_paused = true)]
async fn one_kiosk_has_a_board_and_what_is_no_order_is_refused() {
    let watched = Watched::start();
    let socket = watched.dir.path().join("guard.sock");
    let ask = |lines: &'static str| {
        let socket = socket.clone();
        async move {
            let mut stream = UnixStream::connect(socket).await.unwrap();
            stream.write_all(lines.as_bytes()).await.unwrap();
            stream
        }
    };
    async fn said(stream: &mut UnixStream, count: usize) -> Vec<String> {
        let mut lines = tokio::io::BufReader::new(stream).lines();
        let mut said = Vec::new();
        while said.len() < count {
            // Hung up with something unread is a reset.
            said.push(lines.next_line().await.unwrap_or_default().unwrap_or_default());
        }
        said
    }
    let mut owner = ask("board 0\nread\nopen sesame\npulse 1 0\n").await;
    assert_eq!(said(&mut owner, 4).await, ["ok", "levels ca,ca,ca,ca", "failed refused", "failed refused"]);
    let mut other = ask("board 0\npulse 1 500\n").await;
    assert_eq!(said(&mut other, 2).await, ["failed busy", ""], "and it is hung up on");
    let mut lost = ask("board 1\n").await;
    assert_eq!(said(&mut lost, 2).await, ["failed refused", ""]);
    let mut flood = ask("").await;
    let _ = flood.write_all(&[b'x'; 100_000]).await;
    assert_eq!(said(&mut flood, 1).await, [""], "a line without an end is hung up on");
    assert_eq!(watched.world.on(), NONE);
}

#[tokio::test]
async fn a_second_guard_is_refused_and_a_dead_one_leaves_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("guard.sock");
    let first = Guard::listen(&path).unwrap();
    assert!(matches!(Guard::listen(&path), Err(ListenError::Running)));
    drop(first);
    assert!(path.exists(), "a dead guard leaves its file");
    let _next = Guard::listen(&path).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

async fn says_nothing(board: &mut GuardedBoard) -> bool {
    tokio::time::timeout(Duration::from_millis(50), board.moved()).await.is_err()
}

/// Pins whose chip tells of edges.
struct Telling {
    bank: pins::Bank,
    moved: watch::Receiver<()>,
}

#[async_trait]
impl Switched for Telling {
    type Error = PinFault;

    fn spec(&self) -> BoardSpec {
        self.bank.spec()
    }

    async fn on(&mut self, channel: Channel) -> Result<(), PinFault> {
        Switched::on(&mut self.bank, channel).await
    }

    async fn all_off(&mut self) -> Result<(), PinFault> {
        self.bank.all_off().await
    }

    async fn read(&mut self) -> Result<ChannelLevels, PinFault> {
        self.moved.mark_unchanged();
        self.bank.read().await
    }

    async fn moved(&mut self) {
        let _ = self.moved.changed().await;
    }
}

#[tokio::test]
async fn box_07_the_guard_tells_once_after_each_reading_that_a_sensor_moved_and_no_answer_is_lost() {
    let (world, dir) = (World::new(), tempfile::tempdir().unwrap());
    let (moves, moved) = watch::channel(());
    let mut guard = Guard::new(|_, _| {});
    guard.board(Telling { bank: world.bank(0).unwrap(), moved });
    let socket = dir.path().join("guard.sock");
    let serving = tokio::spawn(guard.serve(Guard::listen(&socket).unwrap(), std::future::pending()));
    let mut board = GuardedBoard::new(&socket, 0, BoardSpec::prompt(BOXES));
    board.all_off().await.unwrap();
    board.read().await.unwrap();
    moves.send_replace(());
    board.moved().await;
    // It goes on moving; nobody reads.
    moves.send_replace(());
    board.all_off().await.unwrap();
    assert!(says_nothing(&mut board).await);
    board.read().await.unwrap();
    moves.send_replace(());
    // Two orders later the word still stands before an answer.
    tokio::task::yield_now().await;
    board.all_off().await.unwrap();
    world.act(Deed::Open(BoxNo::new(2).unwrap()));
    assert_eq!(board.read().await.unwrap().of(Channel(1)).door, Raw(Door::Open));
    serving.abort();
    let _ = serving.await;
    assert!(says_nothing(&mut board).await, "a guard that is gone");
    assert_eq!(board.read().await, Err(ErrorKind::Disconnected));
}
