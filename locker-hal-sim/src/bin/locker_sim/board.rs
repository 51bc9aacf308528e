//! Lock boards on a pseudo-terminal: a kiosk in another process opens it as it opens a serial port.

use std::io::{BufRead, stdin};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::task::Poll;
use std::time::Duration;

use clap::ValueEnum;
use locker_hal_sim::simboard::{BoardMake, Contact, GroupOrder, Protocol, SimBoard, SimLine, UnlockReply};
use locker_hal_sim::{
    Coil, Door, Fault, RealClock, ServeError, Sim, SimCommand, SimConfig, SimServer, SimState,
};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::Failed;
use crate::hands::{Hand, fault, hand};

#[derive(clap::Args)]
pub struct Arguments {
    /// What the boards speak: 8a80, cu16, cu48, cu12, waveshare, r421a08, coils, winnsen, wkly. Of several, each is that of one
    /// board on a line of its own: cu16,8a80.
    #[arg(long, value_delimiter = ',', required = true)]
    protocol: Vec<Protocol>,
    /// A symbolic link to make to the pseudo-terminal, so that its path is known beforehand; one for each line.
    #[arg(long, value_delimiter = ',')]
    link: Vec<PathBuf>,
    /// Serves connections to this address instead of a pseudo-terminal: Modbus boards as Modbus TCP, others as a serial server
    /// does. Port 0 is any that is free.
    #[arg(long, conflicts_with = "link")]
    tcp: Option<SocketAddr>,
    /// How many boxes there are.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u8).range(1..))]
    boxes: u8,
    /// How many boxes hang on one board; without it, as many as the board has locks.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..))]
    boxes_per_board: Option<u8>,
    /// The address of the first board; the others follow. Without it, what such boards come with.
    #[arg(long)]
    address: Option<u8>,
    /// How long door contacts bounce, in milliseconds.
    #[arg(long, default_value_t = 30)]
    bounce_ms: u64,
    /// Bits a second; without it, what such boards come with. A client at another speed is not understood.
    #[arg(long)]
    baud: Option<u32>,
    /// Lets every byte take its time.
    #[arg(long)]
    paced: bool,
    /// When the feedback contact of a lock is closed.
    #[arg(long, value_enum, default_value_t = ContactClosed::WhenLocked)]
    contact: ContactClosed,
    /// 8A/80: the status byte of the lowest locks comes first.
    #[arg(long)]
    lowest_first: bool,
    /// 8A/80: how many status bytes there are.
    #[arg(long)]
    status_bytes: Option<u8>,
    /// 8A/80 and WKLY: doors that move are told unasked, with this header (129 and 130 are 81 and 82).
    #[arg(long)]
    events: Option<u8>,
    /// CU16: an unlock is answered with the status.
    #[arg(long)]
    unlock_reply: bool,
    /// Faults to begin with: names of docs/faults.md, with the box or the board behind a colon: jammed:3,echo,board_dead:1.
    #[arg(long, value_delimiter = ',', value_parser = fault)]
    faults: Vec<Fault>,
    /// A fault of single replies strikes one of so many.
    #[arg(long, default_value_t = 4)]
    one_in: u8,
    /// What the chances of faults are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where people and faults may come from besides these lines: as sim-cabinet. Loopback only.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// A folder in which doors and keys are kept for the next start.
    #[arg(long)]
    state: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ContactClosed {
    WhenLocked,
    WhenOpen,
}

/// How often doors and keys are written down if they have changed, in milliseconds.
const KEEP_MS: u64 = 200;

pub fn board(arguments: &Arguments) -> Result<ExitCode, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve(arguments))
}

impl Arguments {
    fn make(&self, protocol: Protocol) -> BoardMake {
        let usual = BoardMake::of(protocol);
        BoardMake {
            address: self.address.unwrap_or(usual.address),
            channels: usual.channels.max(self.boxes_per_board.unwrap_or(0)),
            baud: self.baud.unwrap_or(usual.baud),
            contact: match self.contact {
                ContactClosed::WhenLocked => Contact::WhenLocked,
                ContactClosed::WhenOpen => Contact::WhenOpen,
            },
            group_order: if self.lowest_first { GroupOrder::LowestFirst } else { usual.group_order },
            status_bytes: self.status_bytes.unwrap_or(usual.status_bytes),
            unlock_reply: if self.unlock_reply { UnlockReply::Status } else { usual.unlock_reply },
            events: self.events,
            one_in: self.one_in,
            seed: self.seed,
            ..usual
        }
    }
}

async fn serve(arguments: &Arguments) -> Result<ExitCode, Failed> {
    let makes: Vec<BoardMake> = arguments.protocol.iter().map(|protocol| arguments.make(*protocol)).collect();
    let lines = u8::try_from(makes.len()).unwrap_or(u8::MAX).max(1);
    let each = if lines > 1 { arguments.boxes.div_ceil(lines) } else { makes[0].channels };
    let boxes_per_board = arguments.boxes_per_board.unwrap_or(each);
    let bounce_ms = arguments.bounce_ms;
    let config = SimConfig { boxes: arguments.boxes, boxes_per_board, bounce_ms, ..SimConfig::default() };
    let sim = Sim::new(config, RealClock::start());
    let kept = arguments.state.as_ref().map(|folder| folder.join("cabinet.json"));
    if let (Some(folder), Some(kept)) = (&arguments.state, &kept) {
        std::fs::create_dir_all(folder)
            .map_err(|why| Failed::File { path: folder.display().to_string(), why })?;
        restore(&sim, kept)?;
    }
    for fault in &arguments.faults {
        sim.command(SimCommand::Hurt { fault: *fault }).map_err(Failed::Refused)?;
    }
    let paced = |line: SimLine| if arguments.paced { line.paced() } else { line };
    let mut lines: Vec<SimLine> = match &makes[..] {
        [make] => vec![paced(SimLine::new(&sim, make))],
        makes => {
            let boards = makes.iter().zip(0..).map(|(make, n)| SimLine::of([SimBoard::new(&sim, n, make)]));
            boards.map(paced).collect()
        }
    };
    if let Some(address) = arguments.listen {
        let server = SimServer::bind(address, sim.clone()).await.map_err(Failed::Serve)?;
        println!("listening on {}", server.local_addr().map_err(ServeError::Listen).map_err(Failed::Serve)?);
        tokio::spawn(server.run());
    }
    let mut hands = hands();
    let mut ends = signal(SignalKind::terminate())?;
    let lines = serve_lines(arguments, &mut lines);
    tokio::pin!(lines);
    let mut before = None;
    loop {
        tokio::select! {
            failed = &mut lines => return Err(failed),
            Some(line) = hands.recv() => match hand(&line) {
                Ok(Hand::Does(command)) => match sim.command(command) {
                    Ok(()) => println!("done"),
                    Err(refusal) => println!("{refusal}"),
                },
                Ok(Hand::Asks) => print!("{}", told(&sim.state())),
                Err(help) => println!("{help}"),
            },
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
            _ = ends.recv() => return Ok(ExitCode::SUCCESS),
            () = tokio::time::sleep(Duration::from_millis(KEEP_MS)) => {}
        }
        if let Some(kept) = &kept {
            keep(&sim, kept, &mut before)?;
        }
    }
}

/// Serves the lines for ever; gives why that is over.
async fn serve_lines(arguments: &Arguments, lines: &mut [SimLine]) -> Failed {
    let mut serving = Vec::new();
    for (n, (line, protocol)) in lines.iter_mut().zip(&arguments.protocol).enumerate() {
        serving.push(Box::pin(async move {
            if let Some(address) = arguments.tcp {
                let listener = match TcpListener::bind(address).await {
                    Ok(listener) => listener,
                    Err(why) => return Failed::from(why),
                };
                if let Ok(address) = listener.local_addr() {
                    println!("{protocol} on tcp://{address}");
                }
                return match line.serve_tcp(listener).await {
                    Ok(never) => match never {},
                    Err(why) => Failed::from(why),
                };
            }
            let opened = |path: &Path| println!("{protocol} on {}", path.display());
            match line.serve_ptys(arguments.link.get(n).map(PathBuf::as_path), opened).await {
                Ok(never) => match never {},
                Err(why) => Failed::from(why),
            }
        }));
    }
    std::future::poll_fn(|cx| {
        let over = serving.iter_mut().find_map(|line| match line.as_mut().poll(cx) {
            Poll::Ready(failed) => Some(failed),
            Poll::Pending => None,
        });
        over.map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

/// Lines that somebody types; none any more when there is nobody.
fn hands() -> mpsc::UnboundedReceiver<String> {
    let (typed, lines) = mpsc::unbounded_channel();
    // A thread of its own, because a terminal cannot be waited for otherwise; it ends with the process.
    std::thread::spawn(move || {
        for line in stdin().lock().lines() {
            let Ok(line) = line else { return };
            if typed.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// The cabinet as somebody in front of it sees it, and the coils.
fn told(state: &SimState) -> String {
    let mut told = String::new();
    for there in &state.boxes {
        let door = if there.door == Door::Open { "open" } else { "shut" };
        let coil = if there.coil == Coil::On { ", coil on" } else { "" };
        told += &format!("box {} {door}{coil} {}\n", there.box_no, there.keys.join(" "));
    }
    for fault in &state.faults {
        told += &format!("{}\n", fault.key());
    }
    told
}

fn keep(sim: &Sim, kept: &PathBuf, before: &mut Option<Vec<(Door, Vec<String>)>>) -> Result<(), Failed> {
    let state = sim.state();
    let now: Vec<_> = state.boxes.iter().map(|there| (there.door, there.keys.clone())).collect();
    if before.as_ref() == Some(&now) {
        return Ok(());
    }
    let failed = |why| Failed::File { path: kept.display().to_string(), why };
    let text = serde_json::to_vec(&state).map_err(std::io::Error::from)?;
    // In one move, so that a kill leaves the one or the other.
    let fresh = kept.with_extension("new");
    std::fs::write(&fresh, text).map_err(failed)?;
    std::fs::rename(&fresh, kept).map_err(failed)?;
    *before = Some(now);
    Ok(())
}

/// Lays every key back into its box and leaves open the doors that were.
fn restore(sim: &Sim, kept: &PathBuf) -> Result<(), Failed> {
    let failed = |why| Failed::File { path: kept.display().to_string(), why };
    let text = match std::fs::read(kept) {
        Ok(text) => text,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(why) => return Err(failed(why)),
    };
    let state: SimState = serde_json::from_slice(&text).map_err(|why| failed(why.into()))?;
    for there in state.boxes {
        let box_no = there.box_no;
        let mut commands = vec![SimCommand::Pry { box_no }];
        commands.extend(there.keys.into_iter().map(|key| SimCommand::Put { box_no, key }));
        if there.door != Door::Open {
            commands.push(SimCommand::Close { box_no });
        }
        for command in commands {
            sim.command(command).map_err(Failed::Refused)?;
        }
    }
    Ok(())
}
