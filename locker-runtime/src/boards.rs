//! The configured boards, put together: the kiosk's cabinet, and the guard's side of boards without a pulse of their own.

mod serial;

use std::path::Path;

use locker_hal::gpio::{self, DEBOUNCE_MS_MAX, Line, LineBank, LineChannel, LineOptions};
use locker_hal::guard::{Guard, GuardedBoard, Why};
use locker_hal::line::SharedLine;
use locker_hal::{
    Board, BoardNo, BoxNo, Cabinet, CabinetBuilder, CabinetError, Channel, Place, PowerGroup, PulseSource,
    Switched, WireNo,
};

use crate::config::{Bias, BoardConfig, BoardDriver, BoardsError, CabinetConfig, LineConfig, SoftwarePulse};

/// The cabinet of `[[cabinet.boards]]`. Nothing is opened yet.
///
/// # Errors
/// [`BoardsError`], naming the key.
pub fn cabinet(config: &CabinetConfig) -> Result<Cabinet, BoardsError> {
    let mut assembly = Assembly::of(config)?;
    for there in &assembly.boards {
        for (channel, box_no) in (0..=u8::MAX).map(Channel).zip(&there.board.boxes) {
            if let Some(box_no) = BoxNo::new(*box_no) {
                assembly.builder.wire_box(box_no, Place { board: there.no, channel });
            }
        }
    }
    assembly.builder.build().map_err(|error| named(&error))
}

/// A channel of a configured board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelOf {
    /// The board's place in `[[cabinet.boards]]`, from 0.
    pub board: usize,
    /// The channel.
    pub channel: Channel,
}

/// The cabinet of `[[cabinet.boards]]` with a box at every channel, whatever `boxes` says: for whoever finds out how it
/// is wired. The boxes are numbered from 1 in the order of what is returned beside it.
///
/// # Errors
/// [`BoardsError`], naming the key.
pub fn every_channel(config: &CabinetConfig) -> Result<(Cabinet, Vec<ChannelOf>), BoardsError> {
    let mut assembly = Assembly::of(config)?;
    let mut places = Vec::new();
    for (board, there) in assembly.boards.iter().enumerate() {
        let channels = (0..there.channels).map(Channel);
        places.extend(channels.map(|channel| (ChannelOf { board, channel }, there.no)));
    }
    if places.len() > usize::from(u8::MAX) {
        return Err(BoardsError::new("cabinet.boards", "of 255 channels at most, all together"));
    }
    for (box_no, &(place, board)) in BoxNo::first(u8::MAX).zip(&places) {
        assembly.builder.wire_box(box_no, Place { board, channel: place.channel });
    }
    let cabinet = assembly.builder.build().map_err(|error| named(&error))?;
    Ok((cabinet, places.into_iter().map(|(place, _)| place).collect()))
}

/// The boards of a cabinet before boxes are wired to them.
struct Assembly<'a> {
    builder: CabinetBuilder,
    boards: Vec<Seated<'a>>,
}

/// A board that was added.
struct Seated<'a> {
    board: &'a BoardConfig,
    no: BoardNo,
    channels: u8,
}

impl<'a> Assembly<'a> {
    fn of(config: &'a CabinetConfig) -> Result<Self, BoardsError> {
        let mut assembly = Self { builder: Cabinet::builder(), boards: Vec::new() };
        let lines = Lines::of(config)?;
        let mut guarded = 0;
        for (n, board) in config.boards.iter().enumerate() {
            let at = At { n, board };
            if at.is_guarded() {
                let (wire, spec) = match board.driver {
                    // Nobody shares its lines.
                    BoardDriver::Gpio => {
                        let wire = u8::try_from(config.ports.len() + n).unwrap_or(u8::MAX);
                        (WireNo(wire), at.lines()?.spec())
                    }
                    // One at a time here as there: the guard refuses a pulse while another board has the port.
                    _ => {
                        let (wire, line) = lines.on(&at)?;
                        (wire, Board::spec(&at.relay(line)?))
                    }
                };
                assembly.seat(&at, wire, GuardedBoard::new(at.guard(config)?, guarded, spec));
                guarded += 1;
                continue;
            }
            let (wire, line) = lines.on(&at)?;
            match board.driver {
                BoardDriver::Xor => assembly.seat(&at, wire, at.xor(line)?),
                BoardDriver::Cu16 => assembly.seat(&at, wire, at.cu16(line)?),
                BoardDriver::Cu48 => assembly.seat(&at, wire, at.cu48(line)?),
                BoardDriver::Cu12 => assembly.seat(&at, wire, at.cu12(line)?),
                BoardDriver::Modbus => assembly.seat(&at, wire, at.relay(line)?),
                BoardDriver::Wkly => assembly.seat(&at, wire, at.wkly(line)?),
                BoardDriver::Winnsen => assembly.seat(&at, wire, at.winnsen(line)?),
                BoardDriver::Gpio => return Err(at.wrong("driver", "behind the guard")),
            }
        }
        Ok(assembly)
    }

    fn seat(&mut self, at: &At<'a>, wire: WireNo, board: impl Board) {
        let spec = board.spec();
        let no = self.builder.board(wire, board);
        self.builder.power_group(no, PowerGroup(at.board.power_group));
        if spec.pulse_source != PulseSource::Hardware {
            // Whoever configured it was asked.
            self.builder.accept_software_pulse(no);
        }
        self.boards.push(Seated { board: at.board, no, channels: spec.channels });
    }
}

/// The guard of the boards that need one, in the order in which [`cabinet`] counts them; `None` when none does.
///
/// # Errors
/// [`BoardsError`], naming the key.
pub fn guard(
    config: &CabinetConfig,
    said: impl Fn(u8, Why) + Send + Sync + 'static,
) -> Result<Option<Guard>, BoardsError> {
    let mut guard = Guard::new(said);
    let lines = Lines::of(config)?;
    let mut guarded = 0;
    for (n, board) in config.boards.iter().enumerate() {
        let at = At { n, board };
        if !at.is_guarded() {
            continue;
        }
        at.guard(config)?;
        match board.driver {
            BoardDriver::Gpio => guard.board(at.lines()?),
            _ => guard.board(at.relay(lines.on(&at)?.1)?),
        };
        guarded += 1;
    }
    Ok((guarded > 0).then_some(guard))
}

/// The lines of `[[cabinet.ports]]`, by their names.
struct Lines<'a>(Vec<(&'a str, SharedLine)>);

impl<'a> Lines<'a> {
    fn of(config: &'a CabinetConfig) -> Result<Self, BoardsError> {
        let lines = config.ports.iter().enumerate();
        let lines = lines.map(|(n, port)| Ok((port.name.as_str(), serial::line(n, port)?)));
        let lines = Self(lines.collect::<Result<_, _>>()?);
        lines.check_guarded(config)?;
        Ok(lines)
    }

    /// The guard opens the ports of its boards, so nobody else can.
    fn check_guarded(&self, config: &CabinetConfig) -> Result<(), BoardsError> {
        for (name, _) in &self.0 {
            let on_it = config.boards.iter().enumerate().map(|(n, board)| At { n, board });
            let (guarded, others): (Vec<_>, Vec<_>) =
                on_it.filter(|at| at.board.port.as_deref() == Some(name)).partition(At::is_guarded);
            if let (Some(guarded), Some(other)) = (guarded.first(), others.first()) {
                let allowed =
                    format!("another port: {name:?} is the guard's, for cabinet.boards[{}]", guarded.n);
                return Err(other.wrong("port", allowed));
            }
        }
        Ok(())
    }

    fn on(&self, at: &At<'_>) -> Result<(WireNo, SharedLine), BoardsError> {
        let wanted = at.board.port.as_deref();
        let known = || self.0.iter().map(|(name, _)| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        let there = self.0.iter().zip(0..=u8::MAX).find(|((name, _), _)| wanted == Some(*name));
        let ((_, line), n) = there
            .ok_or_else(|| at.wrong("port", format!("the name of one of cabinet.ports: {}", known())))?;
        Ok((WireNo(n), line.clone()))
    }
}

/// What cannot be put together, by its key.
fn named(error: &CabinetError) -> BoardsError {
    match error {
        CabinetError::UnknownChannel { board, channel } => BoardsError::new(
            format!("cabinet.boards[{}].boxes", board.0),
            format!("not longer than the board, which has no channel {channel}, counted from 0"),
        ),
        CabinetError::TooBlind { blind_ms } => BoardsError::new(
            "cabinet.ports",
            format!(
                "fewer boards on more ports: a door that opens for {blind_ms} ms might go unseen (BOX-7)"
            ),
        ),
        other => BoardsError::new("cabinet.boards", format!("to be put together otherwise: {other}")),
    }
}

/// A board where it stands in the configuration.
struct At<'a> {
    n: usize,
    board: &'a BoardConfig,
}

impl At<'_> {
    fn wrong(&self, key: &str, allowed: impl Into<String>) -> BoardsError {
        BoardsError::new(format!("cabinet.boards[{}].{key}", self.n), allowed)
    }

    /// The guard's socket, if software pulses are accepted.
    fn guard<'c>(&self, config: &'c CabinetConfig) -> Result<&'c Path, BoardsError> {
        if self.board.software_pulse != Some(SoftwarePulse::Accepted) {
            let allowed = "\"accepted\", or the board cannot be used: it ends no pulse by itself (BOX-8)";
            return Err(self.wrong("software_pulse", allowed));
        }
        let socket = config.guard.as_deref();
        socket.ok_or_else(|| {
            let allowed =
                format!("the socket of `kiosk guard`, which cabinet.boards[{}] needs (BOX-8)", self.n);
            BoardsError::new("cabinet.guard", allowed)
        })
    }

    fn lines(&self) -> Result<LineBank, BoardsError> {
        let chip = self
            .board
            .chip
            .as_ref()
            .ok_or_else(|| self.wrong("chip", "the GPIO chip, /dev/gpiochip0 say"))?;
        let coils = self.board.coils.as_deref().unwrap_or_default();
        if coils.is_empty() || coils.len() > usize::from(u8::MAX) {
            return Err(self.wrong("coils", "1 to 255 lines, one for each channel"));
        }
        let mut taken = std::collections::BTreeSet::new();
        let mut channels = Vec::with_capacity(coils.len());
        for (n, coil) in coils.iter().enumerate() {
            let Some(coil) = line(*coil) else {
                return Err(self.wrong(&format!("coils[{n}]"), "a line: a channel has a coil"));
            };
            channels.push(LineChannel { coil, door: None, item: None });
        }
        let sensors = [
            ("doors", self.board.doors.as_deref().unwrap_or_default()),
            ("items", self.board.items.as_deref().unwrap_or_default()),
        ];
        for (key, lines) in sensors {
            if lines.len() > channels.len() {
                return Err(self.wrong(key, "not longer than coils"));
            }
            for (channel, sensor) in channels.iter_mut().zip(lines) {
                let of = if key == "doors" { &mut channel.door } else { &mut channel.item };
                *of = line(*sensor);
            }
        }
        let all =
            channels.iter().flat_map(|channel| [Some(channel.coil), channel.door, channel.item]).flatten();
        for used in all {
            if !taken.insert(used.offset) {
                return Err(
                    self.wrong("coils", format!("used once each, and line {} is named twice", used.offset))
                );
            }
        }
        let debounce_ms = self.board.debounce_ms.unwrap_or(0);
        if debounce_ms > DEBOUNCE_MS_MAX {
            return Err(self.wrong("debounce_ms", format!("0 to {DEBOUNCE_MS_MAX}")));
        }
        let bias = match self.board.bias.unwrap_or(Bias::AsIs) {
            Bias::AsIs => gpio::Bias::AsIs,
            Bias::PullUp => gpio::Bias::PullUp,
            Bias::PullDown => gpio::Bias::PullDown,
            Bias::Off => gpio::Bias::Off,
        };
        Ok(LineBank::new(chip, channels, LineOptions { bias, debounce_ms }))
    }
}

const fn line(line: LineConfig) -> Option<Line> {
    match line {
        LineConfig::High(offset) => Some(Line { offset, active: gpio::Active::High }),
        LineConfig::Low(offset) => Some(Line { offset, active: gpio::Active::Low }),
        LineConfig::None => None,
    }
}
