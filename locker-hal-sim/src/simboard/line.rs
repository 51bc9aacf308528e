//! The wire: who hears what, and when what is said arrives at the other end.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::time::Duration;

use fastrand::Rng;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::body::Body;
use super::cu12::Cu12;
use super::kerong::{Cu16, Cu48};
use super::make::{BoardMake, Protocol};
use super::mangle::{NOISE, mangled, of_replies};
use super::modbus::Modbus;
use super::pty::{Pty, PtyError, Settings};
use super::speech::{Say, Speech, hear};
use super::winnsen::Winnsen;
use super::wkly::Wkly;
use super::xor80::Xor80;
use crate::board::Sim;
use crate::command::Fault;
use crate::server::SLOW_MS;

/// A board forgets the beginning of a request after so many milliseconds of silence.
const QUIET_MS: u64 = 20;

/// How often doors and faults are looked at when nobody asks, in milliseconds.
const LOOK_MS: u64 = 20;

/// Bits of a character: start, eight, stop.
const CHARACTER_BITS: u64 = 10;

/// A timer of tokio's may be late by two milliseconds: it counts whole ones, and so does what it waits on.
const EARLY: Duration = Duration::from_millis(2);

/// How many turns of the loop the last bit of a pace may take: no end if time stands still, as in a test.
const TURNS_MAX: u32 = 100_000;

/// One simulated lock board: a part of a cabinet, electronics that speak, and their faults.
pub struct SimBoard {
    number: u8,
    body: Body,
    speech: Box<dyn Speech>,
    make: BoardMake,
    heard: Vec<u8>,
    /// A reply that comes with the next question.
    stale: Option<Vec<u8>>,
    script: VecDeque<Option<Fault>>,
    /// It has answered an unlock with nothing: the next reply is what acknowledges it.
    owes_word: bool,
    /// What unasked-for events have told of the hooks.
    told: Vec<bool>,
    dice: Rng,
}

impl SimBoard {
    /// The electronics of board `number` (from 0) of a cabinet. Its address is so many behind that of `make`.
    #[must_use]
    pub fn new(sim: &Sim, number: u8, make: &BoardMake) -> Self {
        let address = make.address.wrapping_add(number);
        let speech: Box<dyn Speech> = match make.protocol {
            Protocol::Xor80 => Box::new(Xor80::new(make.clone(), address)),
            Protocol::Cu16 => Box::new(Cu16::new(make.clone(), address)),
            Protocol::Cu48 => Box::new(Cu48::new(make.clone(), address)),
            Protocol::Cu12 => Box::new(Cu12::new(make, address)),
            Protocol::Waveshare | Protocol::R421a08 | Protocol::Coils => Box::new(Modbus::new(make, address)),
            Protocol::Winnsen => Box::new(Winnsen::new(make.clone(), address)),
            Protocol::Wkly => Box::new(Wkly::new(make.clone(), address)),
        };
        let body = Body::new(sim, number, make.contact);
        body.powers_up();
        Self {
            number,
            told: body.locked(),
            body,
            speech,
            make: make.clone(),
            heard: Vec::new(),
            stale: None,
            script: VecDeque::new(),
            owes_word: false,
            dice: Rng::with_seed(make.seed.wrapping_add(u64::from(number))),
        }
    }

    fn has(&self, fault: fn(u8) -> Fault) -> bool {
        self.body.has(fault)
    }

    fn hears(&mut self, bytes: &[u8]) -> Vec<Say> {
        if self.body.is_mute() {
            self.heard.clear();
            return Vec::new();
        }
        self.heard.extend_from_slice(bytes);
        let mut says = hear(self.speech.as_mut(), &mut self.heard, &self.body);
        if !says.is_empty()
            && let Some(stale) = self.stale.take()
        {
            says.insert(0, Say::now(stale));
        }
        says
    }

    fn grows_impatient(&mut self) -> Vec<Say> {
        let heard = core::mem::take(&mut self.heard);
        if heard.is_empty() || self.body.is_mute() { Vec::new() } else { self.speech.puzzled(&heard) }
    }

    /// What it says about doors that have moved, if it does so unasked.
    fn looks(&mut self) -> Vec<Say> {
        if self.make.events.is_none() || self.body.is_mute() {
            return Vec::new();
        }
        let now = self.body.locked();
        let told = core::mem::replace(&mut self.told, now.clone());
        let moved = (0..).zip(told.iter().zip(&now)).filter(|(_, (told, now))| told != now);
        let says = moved.filter_map(|(channel, (_, locked))| self.speech.moved(channel, *locked, &self.body));
        says.map(Say::now).collect()
    }

    /// Which faults strike the next reply.
    fn strikes(&mut self) -> Vec<Fault> {
        let faults = of_replies(self.number);
        if let Some(scripted) = self.script.pop_front() {
            return scripted.into_iter().collect();
        }
        let one_in = self.make.one_in.max(1);
        let is_on = |fault: &Fault| self.body.is_hurt(*fault);
        let on: Vec<_> = faults.into_iter().filter(is_on).collect();
        on.into_iter().filter(|_| self.dice.u8(0..one_in) == 0).collect()
    }
}

/// A wire with its boards: what a driver opens.
pub struct SimLine {
    boards: Vec<SimBoard>,
    due: Vec<Due>,
    /// Numbers what is said, so that what is due at the same time is said in order.
    said: u64,
    pace: Pace,
    quiet_at: Option<Instant>,
    /// When the last byte that was sent to the boards has passed the wire.
    heard_until: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pace {
    AtOnce,
    /// Bits a second.
    Baud(u32),
}

struct Due {
    at: Instant,
    n: u64,
    board: usize,
    say: Say,
}

impl SimLine {
    /// All boards of a cabinet on one wire, all of one kind.
    #[must_use]
    pub fn new(sim: &Sim, make: &BoardMake) -> Self {
        Self::of((0..sim.config().boards()).map(|number| SimBoard::new(sim, number, make)))
    }

    /// Any boards on one wire.
    #[must_use]
    pub fn of(boards: impl IntoIterator<Item = SimBoard>) -> Self {
        Self {
            boards: boards.into_iter().collect(),
            due: Vec::new(),
            said: 0,
            pace: Pace::AtOnce,
            quiet_at: None,
            heard_until: None,
        }
    }

    /// Lets every byte take as long as on a real wire, in both directions, and boards think before they answer.
    #[must_use]
    pub fn paced(mut self) -> Self {
        self.pace = Pace::Baud(self.baud());
        self
    }

    /// What strikes the next replies of a board (from 0, in the order of the line), one by one, instead of chance.
    #[must_use]
    pub fn script(mut self, board: usize, faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        if let Some(board) = self.boards.get_mut(board) {
            board.script.extend(faults);
        }
        self
    }

    /// Serves one stream until its other end is gone, or [`Fault::HangUp`] drops it. What the boards are at goes on when
    /// another stream is served.
    ///
    /// # Errors
    /// The stream's.
    pub async fn serve(&mut self, stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        self.serve_port(stream, None).await
    }

    /// Serves pseudo-terminals: one after the other as [`Fault::HangUp`] comes and goes, for ever. `link`, if any, is a
    /// symbolic link to the one that is there now; `opened` is told of each.
    ///
    /// # Errors
    /// [`PtyError`] when there can be none, or the link cannot be made.
    pub async fn serve_ptys(
        &mut self,
        link: Option<&Path>,
        mut opened: impl FnMut(&Path),
    ) -> Result<core::convert::Infallible, PtyError> {
        loop {
            while self.is_hung_up() {
                tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
            }
            let mut pty = Pty::open(self.baud())?;
            let settings = pty.settings();
            if let Some(link) = link {
                pty.link(link)?;
            }
            opened(pty.path());
            // An error of the stream is a wire that is gone; there will be another.
            let _ = self.serve_port(&mut pty, Some(&settings)).await;
        }
    }

    /// Serves connections, one after the other, for ever: to Modbus boards as Modbus TCP, through a gateway; to all others
    /// as a serial server, which passes on bytes.
    ///
    /// # Errors
    /// The listener's.
    pub async fn serve_tcp(&mut self, listener: TcpListener) -> io::Result<core::convert::Infallible> {
        loop {
            let (stream, _) = listener.accept().await?;
            let _ = stream.set_nodelay(true);
            let speaks_modbus = self.boards.iter().any(|board| board.make.protocol.is_modbus());
            if !speaks_modbus {
                // An error of the stream is a connection that is gone; there will be another.
                let _ = self.serve(stream).await;
                continue;
            }
            let (near, far) = tokio::io::duplex(512);
            tokio::select! {
                _ = self.serve(far) => {}
                _ = super::gateway::pass(stream, near) => {}
            }
        }
    }

    fn baud(&self) -> u32 {
        self.boards.first().map_or(9_600, |board| board.make.baud)
    }

    fn is_hung_up(&self) -> bool {
        self.boards.iter().any(|board| board.has(|board| Fault::HangUp { board }))
    }

    async fn serve_port<P: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        mut port: P,
        settings: Option<&Settings>,
    ) -> io::Result<()> {
        let mut bytes = [0; 256];
        loop {
            if self.is_hung_up() {
                return Ok(());
            }
            if let Some(settings) = settings {
                settings.let_others_in();
            }
            let wake = self.next_wake();
            tokio::select! {
                got = port.read(&mut bytes) => match got? {
                    0 => return Ok(()),
                    n => self.hears(&mut port, settings.and_then(Settings::baud), &bytes[..n]).await?,
                },
                () = tokio::time::sleep_until(wake) => {}
            }
            self.looks();
            while let Some(due) = self.next_due() {
                self.pace.until(due.at).await;
                self.says(&mut port, due).await?;
            }
        }
    }

    fn next_wake(&self) -> Instant {
        let look = Instant::now() + Duration::from_millis(LOOK_MS);
        let early = if self.pace == Pace::AtOnce { Duration::ZERO } else { EARLY };
        let due = self.due.iter().map(|due| due.at.checked_sub(early).unwrap_or(due.at)).min();
        [Some(look), due, self.quiet_at].into_iter().flatten().min().unwrap_or(look)
    }

    fn next_due(&mut self) -> Option<Due> {
        let soon = match self.pace {
            Pace::AtOnce => Instant::now(),
            Pace::Baud(_) => Instant::now() + EARLY,
        };
        let at = (0..self.due.len()).min_by_key(|&n| (self.due[n].at, self.due[n].n))?;
        (self.due[at].at <= soon).then(|| self.due.swap_remove(at))
    }

    async fn hears<P: AsyncWrite + Unpin>(
        &mut self,
        port: &mut P,
        baud: Option<u32>,
        bytes: &[u8],
    ) -> io::Result<()> {
        let now = Instant::now();
        let passed = match self.pace {
            Pace::AtOnce => now,
            Pace::Baud(_) => {
                self.heard_until.map_or(now, |until| until.max(now)) + self.pace.characters(bytes.len())
            }
        };
        self.heard_until = Some(passed);
        self.quiet_at = Some(passed + Duration::from_millis(QUIET_MS));
        if self.boards.iter().any(|board| board.has(|board| Fault::Echo { board })) {
            self.pace.write(port, bytes, now).await?;
        }
        for n in 0..self.boards.len() {
            let board = &mut self.boards[n];
            // At another speed it hears nothing that it could read.
            let says = match baud {
                Some(baud) if baud != board.make.baud => Vec::new(),
                _ => board.hears(bytes),
            };
            let thinks = match self.pace {
                Pace::AtOnce => Duration::ZERO,
                Pace::Baud(_) => Duration::from_micros(u64::from(board.make.turnaround_us)),
            };
            self.plan(n, passed + thinks, says);
        }
        Ok(())
    }

    fn looks(&mut self) {
        let now = Instant::now();
        let quiet = self.quiet_at.take_if(|at| *at <= now).is_some();
        for n in 0..self.boards.len() {
            let mut says = self.boards[n].looks();
            if quiet {
                says.extend(self.boards[n].grows_impatient());
            }
            self.plan(n, now, says);
        }
    }

    fn plan(&mut self, board: usize, from: Instant, says: Vec<Say>) {
        for say in says {
            self.said += 1;
            let at = from + Duration::from_millis(say.after_ms);
            self.due.push(Due { at, n: self.said, board, say });
        }
    }

    async fn says<P: AsyncWrite + Unpin>(&mut self, port: &mut P, due: Due) -> io::Result<()> {
        let board = &mut self.boards[due.board];
        if board.body.is_mute() {
            return Ok(());
        }
        let mut reply = (due.say.act)(&board.body);
        if reply.is_empty() {
            board.owes_word |= due.say.acknowledges;
            return Ok(());
        }
        if due.say.acknowledges || core::mem::take(&mut board.owes_word) {
            if board.has(|board| Fault::AckLost { board }) {
                return Ok(());
            }
            if board.has(|board| Fault::BoardSlow { board }) {
                let late = Say::later(SLOW_MS, |_| reply);
                self.plan(due.board, due.at, vec![late]);
                return Ok(());
            }
        }
        if board.has(|board| Fault::BoardGarbles { board }) {
            reply = NOISE.to_vec();
        }
        let faults = board.strikes();
        if faults.iter().any(|fault| matches!(fault, Fault::StaleReplies { .. })) {
            board.stale = Some(reply);
            return Ok(());
        }
        let pieces = mangled(reply, &faults, &mut board.dice);
        let mut at = due.at;
        for piece in pieces {
            at += Duration::from_millis(piece.after_ms);
            self.pace.until(at).await;
            self.pace.write(port, &piece.bytes, at).await?;
            at += self.pace.characters(piece.bytes.len());
        }
        Ok(())
    }
}

impl Pace {
    /// Writes as fast as the wire is, from `begins` on.
    async fn write<P: AsyncWrite + Unpin>(
        self,
        port: &mut P,
        bytes: &[u8],
        begins: Instant,
    ) -> io::Result<()> {
        if self == Self::AtOnce {
            port.write_all(bytes).await?;
            return port.flush().await;
        }
        for (n, byte) in (1..).zip(bytes) {
            // A byte has arrived when its last bit has.
            self.until(begins + self.characters(n)).await;
            port.write_all(&[*byte]).await?;
            port.flush().await?;
        }
        Ok(())
    }

    /// How long so many characters are on the wire.
    fn characters(self, count: usize) -> Duration {
        match self {
            Self::AtOnce => Duration::ZERO,
            Self::Baud(baud) => {
                let bits = CHARACTER_BITS * u64::try_from(count).unwrap_or(u64::MAX);
                Duration::from_nanos(bits * 1_000_000_000 / u64::from(baud.max(1)))
            }
        }
    }

    /// Where bytes are paced, the last bit of the time is waited for in turns of the loop.
    async fn until(self, at: Instant) {
        if self == Self::AtOnce {
            return tokio::time::sleep_until(at).await;
        }
        let before = at.checked_sub(EARLY).unwrap_or(at);
        if before > Instant::now() {
            tokio::time::sleep_until(before).await;
        }
        for _ in 0..TURNS_MAX {
            if Instant::now() >= at {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}
