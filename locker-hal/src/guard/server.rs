//! The guard's side: who holds the coils, and when it lets them go.

use core::time::Duration;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use locker_core::PULSE_MS_LIMIT;
use tokio::io::AsyncWriteExt;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::BEAT_MS_MAX;
use super::lines::Lines;
use super::words::{Answer, Order};
use crate::board::{Channel, ChannelLevels};
use crate::error::{BoardFault, ErrorKind};
use crate::switched::Switched;

/// How soon coils that could not be let go are tried again.
const AGAIN: Duration = Duration::from_millis(20);

/// The most connections at once; one more is hung up on.
const CLIENTS_MAX: usize = 16;

/// Why coils were let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The pulse was over.
    Over,
    /// No line came for [`BEAT_MS_MAX`] while a coil was on.
    NoBeat,
    /// The kiosk's connection ended.
    Gone,
    /// The kiosk said so.
    Told,
    /// Switching a coil on failed, so it may be on.
    Fault,
    /// The guard began.
    Start,
    /// The guard ends.
    Exit,
}

/// Why the guard's socket cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListenError {
    /// Somebody answers on it.
    #[error("another guard listens there")]
    Running,
    /// The system does not give it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The boards of a guard process.
///
/// ```no_run
/// use locker_hal::guard::{Guard, ListenError};
/// # use locker_hal::Switched;
/// # async fn run(pins: impl Switched) -> Result<(), ListenError> {
/// let listener = Guard::listen("/run/locker/guard.sock")?;
/// let mut guard = Guard::new(|board, why| eprintln!("board {board}: all coils off: {why:?}"));
/// guard.board(pins);
/// guard.serve(listener, async { drop(tokio::signal::ctrl_c().await) }).await;
/// # Ok(())
/// # }
/// ```
pub struct Guard {
    boards: Vec<Box<dyn AnySwitched>>,
    said: Said,
    faulty: Faulty,
}

type Said = Arc<dyn Fn(u8, Why) + Send + Sync>;
type Faulty = Arc<dyn Fn(u8, &str) + Send + Sync>;

/// A connection's way to the task that keeps its board.
#[derive(Clone)]
struct Seat {
    asks: mpsc::Sender<Ask>,
    free: Arc<Semaphore>,
    moved: Arc<Notify>,
}

enum Ask {
    Order(Order, oneshot::Sender<Answer>),
    Gone,
}

impl Guard {
    /// A guard without boards that tells `said` every time coils were let go, for its log.
    #[must_use]
    pub fn new(said: impl Fn(u8, Why) + Send + Sync + 'static) -> Self {
        Self { boards: Vec::new(), said: Arc::new(said), faulty: Arc::new(|_, _| {}) }
    }

    /// Tells `faulty` what is wrong with a board, in its driver's words, for the log: *line 5 of /dev/gpiochip0 is held by
    /// "gpioset"*. The same words are told again only once the board has been well in between.
    pub fn tell_faults(&mut self, faulty: impl Fn(u8, &str) + Send + Sync + 'static) -> &mut Self {
        self.faulty = Arc::new(faulty);
        self
    }

    /// Adds a board; they are numbered from 0.
    pub fn board(&mut self, board: impl Switched) -> &mut Self {
        self.boards.push(Box::new(board));
        self
    }

    /// Listens on a socket of this file system, for this user alone. A file that a dead guard left is taken over.
    ///
    /// # Errors
    /// [`ListenError`].
    pub fn listen(path: impl AsRef<Path>) -> Result<UnixListener, ListenError> {
        let path = path.as_ref();
        let listener = match UnixListener::bind(path) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                if std::os::unix::net::UnixStream::connect(path).is_ok() {
                    return Err(ListenError::Running);
                }
                std::fs::remove_file(path)?;
                UnixListener::bind(path)?
            }
            bound => bound?,
        };
        std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
        Ok(listener)
    }

    /// Serves until `until` is ready; then all coils are let go.
    ///
    /// # Panics
    /// When the task of a board panicked: its board is dropped then, with its coils, and the process has to begin anew.
    pub async fn serve(self, listener: UnixListener, until: impl Future<Output = ()>) {
        let mut keepers = JoinSet::new();
        let mut seats = Vec::new();
        for (no, board) in (0..=u8::MAX).zip(self.boards) {
            let (asks, asked) = mpsc::channel(1);
            let said = (Arc::clone(&self.said), Arc::clone(&self.faulty));
            let moved = Arc::new(Notify::new());
            keepers.spawn(Keeper::new(no, board, said, Arc::clone(&moved)).keep(asked));
            seats.push(Seat { asks, free: Arc::new(Semaphore::new(1)), moved });
        }
        let places = Arc::new(Semaphore::new(CLIENTS_MAX));
        let mut clients = JoinSet::new();
        let mut until = core::pin::pin!(until);
        loop {
            tokio::select! {
                () = &mut until => break,
                Some(ended) = keepers.join_next() => ended.expect("a board's task does not panic"),
                Some(_) = clients.join_next() => {}
                accepted = listener.accept() => {
                    if let (Ok((stream, _)), Ok(place)) = (accepted, Arc::clone(&places).try_acquire_owned()) {
                        let seats = seats.clone();
                        clients.spawn(async move {
                            let _place = place;
                            // A client that cannot be read is gone, and that is seen to inside.
                            let _ = client(stream, &seats).await;
                        });
                    }
                }
            }
        }
        clients.shutdown().await;
        drop(seats);
        while keepers.join_next().await.is_some() {}
    }
}

/// Serves one connection until it ends.
async fn client(stream: UnixStream, seats: &[Seat]) -> io::Result<()> {
    let (from, mut to) = stream.into_split();
    let mut lines = Lines::new(from);
    let Some(first) = lines.next().await? else { return Ok(()) };
    let seat = match first.parse() {
        Ok(Order::Board(no)) => seats.get(usize::from(no)),
        _ => None,
    };
    let Some(seat) = seat else { return say(&mut to, &Answer::Failed(ErrorKind::Refused)).await };
    let Ok(_owned) = seat.free.try_acquire() else {
        return say(&mut to, &Answer::Failed(ErrorKind::Busy)).await;
    };
    // Whatever ends this, also its being dropped, tells the keeper.
    let asks = Gone(seat.asks.clone());
    say(&mut to, &Answer::Done).await?;
    loop {
        let line = tokio::select! {
            line = lines.next() => line?,
            () = seat.moved.notified() => {
                say(&mut to, &Answer::Moved).await?;
                continue;
            }
        };
        let Some(line) = line else { break };
        let answer = match line.parse() {
            Ok(order) => {
                let (reply, replied) = oneshot::channel();
                let sent = asks.0.send(Ask::Order(order, reply)).await;
                if sent.is_err() {
                    break;
                }
                replied.await.unwrap_or(Answer::Failed(ErrorKind::Other))
            }
            Err(_) => Answer::Failed(ErrorKind::Refused),
        };
        say(&mut to, &answer).await?;
    }
    Ok(())
}

async fn say(to: &mut (impl AsyncWriteExt + Unpin), answer: &Answer) -> io::Result<()> {
    to.write_all(format!("{answer}\n").as_bytes()).await
}

/// Tells a board's keeper, at its end, that its kiosk is gone.
struct Gone(mpsc::Sender<Ask>);

impl Drop for Gone {
    fn drop(&mut self) {
        let asks = self.0.clone();
        // The queue may be full for an instant. Without a runtime the keeper ends too, and lets all go at that.
        if let (Err(mpsc::error::TrySendError::Full(gone)), Ok(runtime)) =
            (asks.try_send(Ask::Gone), tokio::runtime::Handle::try_current())
        {
            runtime.spawn(async move { asks.send(gone).await });
        }
    }
}

/// The one who holds a board.
struct Keeper {
    no: u8,
    board: Box<dyn AnySwitched>,
    said: Said,
    faulty: Faulty,
    /// Tells the connection that a sensor moved.
    moved: Arc<Notify>,
    /// The kiosk has read since it was last told so.
    is_read: bool,
    /// What was told to be wrong last; nothing once the board was well.
    fault: Option<String>,
    /// When the coil that is on has to be off.
    on_until: Option<Instant>,
    /// When the last line came.
    beat: Instant,
    /// Why coils have to be let go, as long as that has not been done.
    owed: Option<Why>,
}

impl Keeper {
    fn new(no: u8, board: Box<dyn AnySwitched>, (said, faulty): (Said, Faulty), moved: Arc<Notify>) -> Self {
        let (beat, owed) = (Instant::now(), Some(Why::Start));
        Self { no, board, said, faulty, moved, is_read: false, fault: None, on_until: None, beat, owed }
    }

    /// Tells what is wrong, and sorts it.
    fn noted<T>(&mut self, done: Result<T, Fault>) -> Result<T, ErrorKind> {
        match done {
            Ok(done) => {
                self.fault = None;
                Ok(done)
            }
            Err(fault) => {
                if self.fault.as_ref() != Some(&fault.words) {
                    (self.faulty)(self.no, &fault.words);
                    self.fault = Some(fault.words);
                }
                Err(fault.kind)
            }
        }
    }

    async fn keep(mut self, mut asked: mpsc::Receiver<Ask>) {
        let _ = self.let_go(Why::Start).await;
        loop {
            let due = self.due();
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(due.map_or(self.beat, |(at, _)| at)), if due.is_some() => {
                    let _ = self.let_go(due.map_or(Why::Over, |(_, why)| why)).await;
                }
                () = self.board.moved(), if self.is_read => {
                    // Told once: whoever reads again will be told again.
                    self.is_read = false;
                    self.moved.notify_one();
                }
                ask = asked.recv() => match ask {
                    Some(Ask::Order(order, reply)) => {
                        self.beat = Instant::now();
                        // Who asked may be gone meanwhile; that comes as an ask of its own.
                        let _ = reply.send(self.answer(order).await);
                    }
                    Some(Ask::Gone) if self.on_until.is_some() => drop(self.let_go(Why::Gone).await),
                    Some(Ask::Gone) => {}
                    None => break,
                },
            }
        }
        let _ = self.let_go(Why::Exit).await;
    }

    /// When coils are to be let go next, and why.
    fn due(&self) -> Option<(Instant, Why)> {
        if let Some(why) = self.owed {
            return Some((Instant::now() + AGAIN, why));
        }
        let over = self.on_until?;
        let hangs = self.beat + Duration::from_millis(BEAT_MS_MAX);
        Some(if over <= hangs { (over, Why::Over) } else { (hangs, Why::NoBeat) })
    }

    async fn let_go(&mut self, why: Why) -> Result<(), ErrorKind> {
        self.on_until = None;
        self.owed = Some(why);
        let done = self.board.all_off().await;
        self.noted(done)?;
        self.owed = None;
        (self.said)(self.no, why);
        Ok(())
    }

    async fn answer(&mut self, order: Order) -> Answer {
        let done = match order {
            Order::Read => match self.levels().await {
                Ok(levels) => {
                    self.is_read = true;
                    return Answer::Levels(levels);
                }
                Err(kind) => Err(kind),
            },
            Order::Off => self.let_go(Why::Told).await,
            Order::Pulse { channel, length_ms } => self.pulse(channel, length_ms).await,
            // One connection, one board.
            Order::Board(_) => Err(ErrorKind::Refused),
        };
        done.map_or_else(Answer::Failed, |()| Answer::Done)
    }

    /// The levels; none while coils may be on that should be off, so that nobody counts on this board.
    async fn levels(&mut self) -> Result<ChannelLevels, ErrorKind> {
        if let Some(why) = self.owed {
            self.let_go(why).await?;
        }
        let read = self.board.read().await;
        self.noted(read)
    }

    async fn pulse(&mut self, channel: Channel, length_ms: u16) -> Result<(), ErrorKind> {
        if channel.0 >= self.board.channels() || length_ms == 0 {
            return Err(ErrorKind::Refused);
        }
        if self.owed.is_some() || self.on_until.is_some() {
            return Err(ErrorKind::Busy);
        }
        // From before the first byte on: however long the board takes to say that its coil is on.
        let until = Instant::now() + Duration::from_millis(length_ms.min(PULSE_MS_LIMIT).into());
        let on = self.board.on(channel).await;
        if let Err(kind) = self.noted(on) {
            let _ = self.let_go(Why::Fault).await;
            return Err(kind);
        }
        self.on_until = Some(until);
        Ok(())
    }
}

/// What went wrong, whatever the board's error type.
struct Fault {
    kind: ErrorKind,
    words: String,
}

impl<F: BoardFault> From<F> for Fault {
    fn from(fault: F) -> Self {
        Self { kind: fault.kind(), words: fault.to_string() }
    }
}

/// A board of any error type.
#[async_trait]
trait AnySwitched: Send {
    fn channels(&self) -> u8;
    async fn on(&mut self, channel: Channel) -> Result<(), Fault>;
    async fn all_off(&mut self) -> Result<(), Fault>;
    async fn read(&mut self) -> Result<ChannelLevels, Fault>;
    async fn moved(&mut self);
}

#[async_trait]
impl<S: Switched> AnySwitched for S {
    fn channels(&self) -> u8 {
        self.spec().channels
    }

    async fn on(&mut self, channel: Channel) -> Result<(), Fault> {
        Ok(Switched::on(self, channel).await?)
    }

    async fn all_off(&mut self) -> Result<(), Fault> {
        Ok(Switched::all_off(self).await?)
    }

    async fn read(&mut self) -> Result<ChannelLevels, Fault> {
        Ok(Switched::read(self).await?)
    }

    async fn moved(&mut self) {
        Switched::moved(self).await;
    }
}
