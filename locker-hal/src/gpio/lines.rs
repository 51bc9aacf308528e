//! Coils and sensors on the lines of a Linux GPIO chip, through its character device (uAPI v2, Linux 5.10 and later).

use core::future::{pending, poll_fn};
use core::task::Poll;
use core::time::Duration;
use std::collections::BTreeSet;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use gpiocdev::line::{EdgeDetection, Offset, Value, Values};
use gpiocdev::request::{Config, Request};
use locker_core::{Door, Item};
use tokio::io::unix::AsyncFd;

use super::bank::Active;
use crate::board::{BoardSpec, Channel, ChannelLevel, ChannelLevels, Raw};
use crate::error::{BoardFault, ErrorKind};
use crate::switched::Switched;

/// The longest debounce that the kernel is asked for, in milliseconds: the cabinet debounces as well, and every
/// millisecond here is one in which a door that opened is not seen.
pub const DEBOUNCE_MS_MAX: u16 = 50;

/// How many lines one request takes (uAPI v2).
const LINES_PER_REQUEST: usize = 64;

/// The most reads that empty a request of its events: the kernel keeps 16 for each line, and a read takes up to 16.
const READS_MAX: usize = LINES_PER_REQUEST;

/// What the kernel shows as the holder of the lines (`gpioinfo`).
const CONSUMER: &str = "key-locker";

/// One line of a chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its offset on the chip, from 0.
    pub offset: u32,
    /// Which level means *coil on*, *door closed*, *item present*.
    pub active: Active,
}

/// The lines of one box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineChannel {
    /// What drives the coil.
    pub coil: Line,
    /// The door contact or the lock's hook switch.
    pub door: Option<Line>,
    /// The item sensor.
    pub item: Option<Line>,
}

/// A resistor within the chip, for the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bias {
    /// As the chip comes up.
    AsIs,
    /// Pulled up: for a switch to ground.
    PullUp,
    /// Pulled down: for a switch to the supply.
    PullDown,
    /// None.
    Off,
}

/// How the lines are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineOptions {
    /// The resistors of the inputs.
    pub bias: Bias,
    /// How long the kernel waits for an input to be quiet, in milliseconds, 0 to [`DEBOUNCE_MS_MAX`]; 0 for not at all.
    pub debounce_ms: u16,
}

/// What can go wrong at a GPIO chip.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineFault {
    /// Somebody else holds one of the lines.
    #[error("line {line} of {} is held by {holder:?}", chip.display())]
    Taken {
        /// The chip.
        chip: PathBuf,
        /// The line's offset on it.
        line: u32,
        /// What its holder calls itself.
        holder: String,
    },
    /// The lines cannot be had for another reason: there is no such chip, or this user may not open it.
    #[error("the lines of {} cannot be had: {source}", chip.display())]
    Request {
        /// The chip.
        chip: PathBuf,
        /// The system's reason.
        source: gpiocdev::Error,
    },
    /// The lines are not held at the moment: the chip went away and has not come back.
    #[error("the lines are not held at the moment")]
    NotHeld,
    /// Lines could not be set: coils may be on.
    #[error("coils could not be switched: {0}")]
    Set(#[source] gpiocdev::Error),
    /// Lines could not be read.
    #[error("sensors could not be read: {0}")]
    Get(#[source] gpiocdev::Error),
}

impl BoardFault for LineFault {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Taken { .. } | Self::Request { .. } | Self::NotHeld => ErrorKind::Disconnected,
            Self::Set(_) | Self::Get(_) => ErrorKind::Other,
        }
    }
}

/// Channels on the lines of one chip, `/dev/gpiochip0` say: pins of the processor, or of an expander with a kernel
/// driver (MCP23017, PCA9555: then one chip each).
///
/// - Lines are asked for once, by the first [`Switched::all_off`] or [`Switched::read`], coils with their *off* value, which
///   the kernel writes before it makes them outputs. While they are held nobody else gets them.
/// - A chip that went away (an expander on USB) is asked for again by every read, for ever.
/// - All coils are let go when the bank is dropped.
/// - Levels are read, never counted from events: edges that come fast are merged by the kernel, a level is not. An edge only
///   says that it is time to read ([`Switched::moved`], which needs tokio's I/O). Lines without interrupts, as those of an
///   expander whose `INT` is not wired, are read all the same, once in a poll period.
pub struct LineBank {
    chip: PathBuf,
    channels: Vec<LineChannel>,
    options: LineOptions,
    held: Option<Held>,
}

/// The requests of one chip: so many lines each as the kernel takes.
struct Held {
    coils: Vec<(BTreeSet<Offset>, Request)>,
    sensors: Vec<Sensors>,
}

/// One request of sensors.
struct Sensors {
    request: Request,
    /// Whether the kernel tells of their edges.
    tells: bool,
}

impl Sensors {
    /// Forgets the edges that have been told.
    fn forget_edges(&self) {
        let mut events = vec![0; 16 * self.request.edge_event_u64_size()];
        for _ in 0..READS_MAX {
            let told = self.tells && self.request.has_edge_event().unwrap_or_default();
            if !told || self.request.read_edge_events_into_slice(&mut events).is_err() {
                return;
            }
        }
    }
}

impl LineBank {
    /// A bank on `chip`, channel 0 first. Nothing is asked of the kernel yet.
    #[must_use]
    pub fn new(chip: impl AsRef<Path>, channels: Vec<LineChannel>, options: LineOptions) -> Self {
        Self { chip: chip.as_ref().into(), channels, options, held: None }
    }

    fn held(&mut self) -> Result<&Held, LineFault> {
        if self.held.is_none() {
            self.held = Some(self.request().map_err(|source| self.refused(source))?);
        }
        self.held.as_ref().ok_or(LineFault::NotHeld)
    }

    /// Why the lines were not given, once none of them is held here.
    fn refused(&self, source: gpiocdev::Error) -> LineFault {
        let chip = self.chip.clone();
        let holder = gpiocdev::chip::Chip::from_path(&chip).ok().and_then(|of| {
            let lines = self.channels.iter().flat_map(|wires| [Some(wires.coil), wires.door, wires.item]);
            let infos = lines.flatten().filter_map(|line| of.line_info(line.offset).ok());
            infos.into_iter().find(|info| info.used)
        });
        match holder {
            Some(info) => LineFault::Taken { chip, line: info.offset, holder: info.consumer },
            None => LineFault::Request { chip, source },
        }
    }

    fn request(&self) -> Result<Held, gpiocdev::Error> {
        let coils: Vec<Line> = self.channels.iter().map(|channel| channel.coil).collect();
        let sensed = |channel: &LineChannel| [channel.door, channel.item];
        let sensors: Vec<Line> = self.channels.iter().flat_map(sensed).flatten().collect();
        let coils = coils.chunks(LINES_PER_REQUEST).map(|lines| {
            let request = self.ask(lines, |config| {
                config.as_output(Value::Inactive);
            })?;
            Ok((lines.iter().map(|line| line.offset).collect(), request))
        });
        let coils = coils.collect::<Result<_, gpiocdev::Error>>()?;
        let sensors = sensors.chunks(LINES_PER_REQUEST).map(|lines| {
            let told = self.sensors(lines, Some(EdgeDetection::BothEdges));
            let tells = told.is_ok();
            told.or_else(|_| self.sensors(lines, None)).map(|request| Sensors { request, tells })
        });
        Ok(Held { coils, sensors: sensors.collect::<Result<_, _>>()? })
    }

    fn sensors(&self, lines: &[Line], edges: Option<EdgeDetection>) -> Result<Request, gpiocdev::Error> {
        self.ask(lines, |config| {
            config.as_input().with_edge_detection(edges).with_bias(match self.options.bias {
                Bias::AsIs => None,
                Bias::PullUp => Some(gpiocdev::line::Bias::PullUp),
                Bias::PullDown => Some(gpiocdev::line::Bias::PullDown),
                Bias::Off => Some(gpiocdev::line::Bias::Disabled),
            });
            if self.options.debounce_ms > 0 {
                let ms = self.options.debounce_ms.min(DEBOUNCE_MS_MAX);
                config.with_debounce_period(Duration::from_millis(ms.into()));
            }
        })
    }

    fn ask(&self, lines: &[Line], set: impl Fn(&mut Config)) -> Result<Request, gpiocdev::Error> {
        let mut config = Config::default();
        config.on_chip(&self.chip);
        for line in lines {
            // What is set applies to the line that was named last.
            config.with_line(line.offset);
            set(&mut config);
            match line.active {
                Active::High => config.as_active_high(),
                Active::Low => config.as_active_low(),
            };
        }
        Request::from_config(config).with_consumer(CONSUMER).request()
    }

    fn levels(&mut self) -> Result<ChannelLevels, LineFault> {
        let held = self.held()?;
        let mut active = BTreeSet::new();
        for sensors in &held.sensors {
            // Before the levels are read: what moves from here on is told again.
            sensors.forget_edges();
            let mut values = Values::default();
            sensors.request.values(&mut values).map_err(LineFault::Get)?;
            let on = values.iter().filter(|line| line.value == Value::Active);
            active.extend(on.map(|line| line.offset));
        }
        let is = |line: Option<Line>| line.map(|line| active.contains(&line.offset));
        let levels = self.channels.iter().map(|channel| ChannelLevel {
            door: Raw(is(channel.door).map_or(Door::Unknown, |is_closed| match is_closed {
                true => Door::Closed,
                false => Door::Open,
            })),
            item: Raw(is(channel.item).map_or(Item::Unknown, |is_there| match is_there {
                true => Item::Present,
                false => Item::Absent,
            })),
        });
        Ok(ChannelLevels(levels.collect()))
    }

    fn off(&mut self) -> Result<(), LineFault> {
        let Some(held) = &self.held else { return self.held().map(drop) };
        let mut first = Ok(());
        for (offsets, request) in &held.coils {
            let mut values = Values::default();
            for &offset in offsets {
                values.set(offset, Value::Inactive);
            }
            first = first.and(request.set_values(&values).map_err(LineFault::Set));
        }
        first
    }

    /// Gives the lines back after a fault, so that the next reading asks for them anew, with all coils off.
    fn or_give_back<T>(&mut self, outcome: Result<T, LineFault>) -> Result<T, LineFault> {
        if outcome.is_err() {
            self.held = None;
        }
        outcome
    }
}

#[async_trait]
impl Switched for LineBank {
    type Error = LineFault;

    fn spec(&self) -> BoardSpec {
        BoardSpec::prompt(u8::try_from(self.channels.len()).unwrap_or(u8::MAX))
    }

    async fn on(&mut self, channel: Channel) -> Result<(), LineFault> {
        let held = self.held.as_ref().ok_or(LineFault::NotHeld)?;
        let Some(wires) = self.channels.get(usize::from(channel.0)) else { return Ok(()) };
        let offset = wires.coil.offset;
        let request = held.coils.iter().find(|(offsets, _)| offsets.contains(&offset));
        let (_, request) = request.ok_or(LineFault::NotHeld)?;
        request.set_value(offset, Value::Active).map(drop).map_err(LineFault::Set)
    }

    async fn all_off(&mut self) -> Result<(), LineFault> {
        let off = self.off();
        self.or_give_back(off)
    }

    async fn read(&mut self) -> Result<ChannelLevels, LineFault> {
        let levels = self.levels();
        self.or_give_back(levels)
    }

    async fn moved(&mut self) {
        let told = self.held.iter().flat_map(|held| &held.sensors).filter(|sensors| sensors.tells);
        #[expect(deprecated, reason = "sound for a borrowed descriptor; what replaces it is unsafe for all")]
        let told: Vec<_> =
            told.filter_map(|sensors| Some((sensors, AsyncFd::new(sensors.request.as_fd()).ok()?))).collect();
        if told.is_empty() {
            return pending().await;
        }
        let sensors = poll_fn(|cx| {
            let moved = told.iter().find(|(_, events)| events.poll_read_ready(cx).is_ready());
            moved.map_or(Poll::Pending, |(sensors, _)| Poll::Ready(*sensors))
        });
        sensors.await.forget_edges();
    }
}

impl Drop for LineBank {
    fn drop(&mut self) {
        // Without this a line keeps its last level on many chips when its holder goes.
        if self.held.is_some() {
            let _ = self.off();
        }
    }
}
