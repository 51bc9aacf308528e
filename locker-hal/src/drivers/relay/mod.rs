//! Modbus relays, with or without inputs.

mod settings;

use async_trait::async_trait;
use locker_core::{Door, Item, PULSE_MS_LIMIT};
use tokio::time::{Duration, Instant, sleep_until, timeout_at};

pub use settings::{DoorInputs, Framing, ItemInputs, RelayProfile, RelaySettings};

use super::{OutOfRange, after_firing, levels, unsent};
use crate::board::{Board, BoardSpec, Channel, ChannelLevels, PulseLength, PulseOrder, PulseSource};
use crate::codec::modbus::{COIL_ON, FLASH_ON, FLASH_STEP_MS, Frame, Reply, Request, Rtu, Tcp, Values};
use crate::error::ErrorKind;
use crate::line::{Awaiting, SharedLine, Turn};
use crate::switched::Switched;

/// How long an R421A08 switches on for when told *momentary*, in milliseconds.
const MOMENTARY_MS: u16 = 1_000;
const R421A08_ON_FOR_1_S: u16 = 0x0500;
const R421A08_OFF: u16 = 0x0200;
const COIL_OFF: u16 = 0x0000;
/// Device busy.
const BUSY: u8 = 6;
/// A pulse that this process ends is this much shorter than the limit of a coil at least, in milliseconds: the host may be busy.
const LATE_MS: u16 = 20;
/// A relay that was told to let go is asked this many times whether it did, and told again. To let go twice harms nobody.
const OFF_TRIES: usize = 3;
/// With inputs, relays are looked at once in so many readings.
const READS_PER_LOOK: u8 = 10;

/// Modbus relays (see [`codec::modbus`](crate::codec::modbus)), with inputs as door contacts and item sensors.
///
/// The reply to a writing is the request over again, so an adapter that echoes would confirm for a dead board. Whether a
/// relay was switched is therefore read back, and that alone counts.
///
/// A relay that is on although no pulse of this driver can be under way (after a power cut of the board, say) is let go
/// when it is seen: each reading looks at one or at all relays where there are no inputs to read, each tenth one otherwise.
pub struct Relay {
    line: SharedLine,
    settings: RelaySettings,
    transaction: u16,
    reads: u8,
    looks: u8,
    /// The relay that this driver switched on last, and when it is off at the latest.
    on: Option<(u8, Instant)>,
    off_owed: bool,
}

impl Relay {
    /// The baud rate of these boards.
    pub const BAUD: u32 = 9_600;

    /// A board on `line`.
    ///
    /// # Errors
    /// A setting that is out of range.
    pub fn new(line: SharedLine, settings: RelaySettings) -> Result<Self, OutOfRange> {
        settings.checked()?;
        Ok(Self { line, settings, transaction: 0, reads: 0, looks: 0, on: None, off_owed: false })
    }

    /// One exchange; what the device says to this request.
    async fn ask(&mut self, turn: &mut Turn<'_>, unit: u8, request: Request) -> Result<Reply, ErrorKind> {
        let limit_ms = self.settings.reply_ms;
        let ours = move |reply: &Reply| answers(request, reply);
        match self.settings.framing {
            Framing::Rtu => {
                let packet = request.encode_rtu(unit).map_err(unsent)?;
                let ours = |frame: Frame| (frame.unit == unit && ours(&frame.reply)).then_some(frame.reply);
                turn.ask(&packet, Awaiting::new(Rtu, limit_ms), ours).await
            }
            Framing::Tcp => {
                self.transaction = self.transaction.wrapping_add(1);
                let transaction = self.transaction;
                let packet = request.encode_tcp(unit, transaction).map_err(unsent)?;
                let ours = |frame: Frame| {
                    let is_ours = frame.transaction == transaction && frame.unit == unit;
                    (is_ours && ours(&frame.reply)).then_some(frame.reply)
                };
                turn.ask(&packet, Awaiting::new(Tcp, limit_ms), ours).await
            }
        }
    }

    /// A reading that has to succeed.
    async fn values(&mut self, turn: &mut Turn<'_>, unit: u8, request: Request) -> Result<Values, ErrorKind> {
        match self.ask(turn, unit, request).await? {
            Reply::Read { values, .. } => Ok(values),
            Reply::Wrote { .. } => Err(ErrorKind::Other),
            Reply::Exception { code, .. } => Err(declined(code)),
        }
    }

    /// Whether the relay of a channel is on, as the board says.
    async fn is_on(&mut self, turn: &mut Turn<'_>, channel: u8) -> Result<bool, ErrorKind> {
        let RelaySettings { unit, profile, first_coil, .. } = self.settings;
        match profile {
            RelayProfile::R421A08 => {
                let request = Request::ReadRegisters { first: u16::from(channel) + 1, count: 1 };
                let values = self.values(turn, unit, request).await?;
                Ok(values.register(0).is_some_and(|value| value != 0))
            }
            RelayProfile::Waveshare | RelayProfile::Plain { .. } => {
                let request = Request::ReadCoils { first: first_coil + u16::from(channel), count: 1 };
                let values = self.values(turn, unit, request).await?;
                Ok(values.bit(0).unwrap_or_default())
            }
        }
    }

    /// The channels whose relays are on.
    async fn all_on(&mut self, turn: &mut Turn<'_>) -> Result<Vec<u8>, ErrorKind> {
        let RelaySettings { unit, channels, profile, first_coil, .. } = self.settings;
        let mut on = Vec::new();
        if profile == RelayProfile::R421A08 {
            for channel in 0..channels {
                if self.is_on(turn, channel).await? {
                    on.push(channel);
                }
            }
        } else {
            let request = Request::ReadCoils { first: first_coil, count: channels.into() };
            let values = self.values(turn, unit, request).await?;
            on.extend((0..channels).filter(|channel| values.bit((*channel).into()).unwrap_or_default()));
        }
        Ok(on)
    }

    fn off(&self, channel: u8) -> Request {
        match self.settings.profile {
            RelayProfile::R421A08 => {
                Request::WriteRegister { register: u16::from(channel) + 1, value: R421A08_OFF }
            }
            RelayProfile::Waveshare | RelayProfile::Plain { .. } => {
                Request::WriteCoil { coil: self.settings.first_coil + u16::from(channel), value: COIL_OFF }
            }
        }
    }

    /// Lets go of whatever is on, and sees that it did.
    async fn let_go(&mut self, turn: &mut Turn<'_>) -> Result<(), ErrorKind> {
        self.off_owed = true;
        for _ in 0..OFF_TRIES {
            let on = self.all_on(turn).await?;
            if on.is_empty() {
                self.off_owed = false;
                self.on = None;
                return Ok(());
            }
            for channel in on {
                // Whether it was heard shows when it is asked again.
                let _ = self.ask(turn, self.settings.unit, self.off(channel)).await;
            }
        }
        Err(ErrorKind::Other)
    }

    /// A pulse that the board ends.
    async fn flash(
        &mut self,
        turn: &mut Turn<'_>,
        channel: u8,
        request: Request,
        length_ms: u16,
    ) -> Result<(), ErrorKind> {
        let began = Instant::now();
        let told = self.ask(turn, self.settings.unit, request).await;
        self.on = Some((channel, began + Duration::from_millis(u64::from(length_ms) + 1_000)));
        match told {
            Ok(Reply::Exception { code, .. }) => return Err(declined(code)),
            // No byte went out.
            Err(kind @ (ErrorKind::Disconnected | ErrorKind::Busy | ErrorKind::Refused)) => return Err(kind),
            Ok(_) | Err(_) => {}
        }
        match self.is_on(turn, channel).await {
            Ok(true) => Ok(()),
            // It may have been on and be off again.
            Ok(false) => Err(ErrorKind::Silent),
            Err(kind) => Err(after_firing(kind)),
        }
    }

    /// Switches one relay on, once: refused, or what it says when it is asked whether it is on.
    async fn switch_on(
        &mut self,
        turn: &mut Turn<'_>,
        channel: u8,
        on: u16,
    ) -> Result<Result<bool, ErrorKind>, ErrorKind> {
        let coil = self.settings.first_coil + u16::from(channel);
        match self.ask(turn, self.settings.unit, Request::WriteCoil { coil, value: on }).await {
            Ok(Reply::Exception { code, .. }) => return Err(declined(code)),
            // No byte went out.
            Err(kind @ (ErrorKind::Disconnected | ErrorKind::Busy | ErrorKind::Refused)) => {
                return Err(kind);
            }
            Ok(_) | Err(_) => {}
        }
        Ok(self.is_on(turn, channel).await)
    }

    /// A pulse that this process ends.
    async fn hold(
        &mut self,
        turn: &mut Turn<'_>,
        channel: u8,
        on: u16,
        length_ms: u16,
    ) -> Result<(), ErrorKind> {
        // Set before the first byte: whoever drops this half way lets go.
        let length_ms = length_ms.min(PULSE_MS_LIMIT - LATE_MS);
        let ends = Instant::now() + Duration::from_millis(length_ms.into());
        self.on = Some((channel, ends));
        // Timers count whole milliseconds: one earlier, so that the silence is over in time.
        let heard_by = ends - self.line.silence() - Duration::from_millis(1);
        let switched = timeout_at(heard_by, self.switch_on(turn, channel, on)).await;
        let seen_on = match switched {
            Ok(Err(kind)) => {
                self.on = None;
                return Err(kind);
            }
            Ok(Ok(seen_on)) => seen_on,
            // The pulse ends in time, whatever has been heard by then.
            Err(_) => {
                turn.settle().await;
                Err(ErrorKind::Silent)
            }
        };
        sleep_until(ends).await;
        let _ = self.ask(turn, self.settings.unit, self.off(channel)).await;
        self.let_go(turn).await.map_err(after_firing)?;
        if seen_on.map_err(after_firing)? { Ok(()) } else { Err(ErrorKind::Silent) }
    }

    /// Looks for relays that are on although they should not be, and lets them go.
    async fn look(&mut self, turn: &mut Turn<'_>) -> Result<(), ErrorKind> {
        self.looks = (self.looks + 1) % self.settings.channels;
        let on = if self.settings.profile == RelayProfile::R421A08 {
            // One at a time: each takes an exchange of its own.
            let channel = self.looks;
            if self.is_on(turn, channel).await? { vec![channel] } else { vec![] }
        } else {
            self.all_on(turn).await?
        };
        let may_be_on =
            |channel: u8| self.on.is_some_and(|(ours, until)| ours == channel && Instant::now() < until);
        if on.into_iter().all(may_be_on) { Ok(()) } else { self.let_go(turn).await }
    }
}

/// Whether this is what a device says to `request`, and not to one before it.
fn answers(request: Request, reply: &Reply) -> bool {
    let bits = |count: u16| usize::from(count).div_ceil(8);
    let (asked, length, echoed) = match request {
        Request::ReadCoils { count, .. } => (1, bits(count), None),
        Request::ReadInputs { count, .. } => (2, bits(count), None),
        Request::ReadRegisters { count, .. } => (3, usize::from(count) * 2, None),
        Request::WriteCoil { coil, value } => (5, 0, Some((coil, value))),
        Request::WriteRegister { register, value } => (6, 0, Some((register, value))),
    };
    match *reply {
        Reply::Read { function, values } => function == asked && values.bytes().len() == length,
        Reply::Wrote { function, address, value } => function == asked && echoed == Some((address, value)),
        Reply::Exception { function, .. } => function == asked,
    }
}

const fn declined(code: u8) -> ErrorKind {
    if code == BUSY { ErrorKind::Busy } else { ErrorKind::Refused }
}

#[async_trait]
impl Board for Relay {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        let settings = &self.settings;
        let exchange_ms = |values: usize| self.line.exchange_ms(8 + 5 + values);
        let bits = usize::from(settings.channels).div_ceil(8);
        let exchanges = u32::from(settings.doors.is_some()) + u32::from(settings.items.is_some());
        // A look at the relays comes on top, now and then.
        let read_ms = (exchanges + 1) * exchange_ms(bits);
        let waits_ms = 2 * u32::from(settings.reply_ms) + exchange_ms(8) + exchange_ms(1);
        let (pulse_source, pulse_length, pulse_ms) = match settings.profile {
            RelayProfile::Waveshare => (PulseSource::Hardware, PulseLength::AsOrdered, 0),
            RelayProfile::R421A08 => (PulseSource::Hardware, PulseLength::Fixed(MOMENTARY_MS), 0),
            RelayProfile::Plain { .. } => {
                (PulseSource::Software, PulseLength::AsOrdered, u32::from(PULSE_MS_LIMIT))
            }
        };
        let command_ms = waits_ms + if pulse_ms == 0 { 0 } else { pulse_ms + waits_ms };
        BoardSpec { channels: settings.channels, pulse_source, pulse_length, read_ms, command_ms }
    }

    async fn pulse(&mut self, order: PulseOrder) -> Result<(), ErrorKind> {
        let (channel, length_ms) = (order.channel.0, order.length_ms.min(PULSE_MS_LIMIT));
        if channel >= self.settings.channels {
            return Err(ErrorKind::Refused);
        }
        let line = self.line.clone();
        let mut turn = line.command()?;
        match self.settings.profile {
            RelayProfile::Waveshare => {
                let steps = (length_ms / FLASH_STEP_MS).max(1);
                let coil = FLASH_ON + self.settings.first_coil + u16::from(channel);
                let request = Request::WriteCoil { coil, value: steps };
                self.flash(&mut turn, channel, request, steps * FLASH_STEP_MS).await
            }
            RelayProfile::R421A08 => {
                let register = u16::from(channel) + 1;
                let request = Request::WriteRegister { register, value: R421A08_ON_FOR_1_S };
                self.flash(&mut turn, channel, request, MOMENTARY_MS).await
            }
            RelayProfile::Plain { on } => {
                self.hold(&mut turn, channel, on.unwrap_or(COIL_ON), length_ms).await
            }
        }
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        let line = self.line.clone();
        let mut turn = line.query().await?;
        if self.off_owed {
            self.let_go(&mut turn).await?;
        }
        let RelaySettings { channels, doors, items, .. } = self.settings;
        self.reads = self.reads.wrapping_add(1);
        if (doors.is_none() && items.is_none()) || self.reads.is_multiple_of(READS_PER_LOOK) {
            self.look(&mut turn).await?;
        }
        let ask = self.settings.inputs();
        let mut read = [None; 2];
        for (values, ask) in read.iter_mut().zip(ask) {
            if let Some((unit, first, count)) = ask {
                let request = Request::ReadInputs { first, count };
                *values = Some((unit, first, self.values(&mut turn, unit, request).await?));
            }
        }
        let bit = |unit: Option<u8>, first: u16, channel: u8| {
            let (unit, wanted) = (unit.unwrap_or(self.settings.unit), first + u16::from(channel));
            let mut read = read.iter().flatten();
            read.find_map(|(of, from, values)| {
                let place = wanted.checked_sub(*from).filter(|_| *of == unit)?;
                values.bit(place.into())
            })
        };
        Ok(levels(channels, |channel| {
            let door =
                doors.and_then(|doors| Some(doors.polarity.door(bit(doors.unit, doors.first, channel)?)));
            let item =
                items.and_then(|items| Some(items.sensor.item(bit(items.unit, items.first, channel)?)));
            (door.unwrap_or(Door::Unknown), item.unwrap_or(Item::Unknown))
        }))
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        let line = self.line.clone();
        let mut turn = line.query().await?;
        self.let_go(&mut turn).await
    }
}

/// Without a pulse of its own ([`RelayProfile::Plain`]), for the guard process; relays of other profiles refuse.
#[async_trait]
impl Switched for Relay {
    type Error = ErrorKind;

    fn spec(&self) -> BoardSpec {
        Board::spec(self)
    }

    async fn on(&mut self, channel: Channel) -> Result<(), ErrorKind> {
        let RelayProfile::Plain { on } = self.settings.profile else { return Err(ErrorKind::Refused) };
        if channel.0 >= self.settings.channels {
            return Err(ErrorKind::Refused);
        }
        let line = self.line.clone();
        let mut turn = line.command()?;
        // Whoever holds this board lets go by then; a look at the relays before leaves it alone.
        let ends = Instant::now() + Duration::from_millis(locker_core::PULSE_MS_LIMIT.into());
        self.on = Some((channel.0, ends));
        match self.switch_on(&mut turn, channel.0, on.unwrap_or(COIL_ON)).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(ErrorKind::Silent),
            Ok(Err(kind)) => Err(after_firing(kind)),
            Err(kind) => {
                self.on = None;
                Err(kind)
            }
        }
    }

    async fn all_off(&mut self) -> Result<(), ErrorKind> {
        Board::all_off(self).await
    }

    async fn read(&mut self) -> Result<ChannelLevels, ErrorKind> {
        Board::read(self).await
    }
}

impl Drop for Relay {
    /// A relay that this process would have to let go is let go, as far as that can be done without waiting.
    fn drop(&mut self) {
        let (Some((channel, _)), RelayProfile::Plain { .. }) = (self.on, self.settings.profile) else {
            return;
        };
        let packet = match self.settings.framing {
            Framing::Rtu => self.off(channel).encode_rtu(self.settings.unit),
            Framing::Tcp => {
                self.off(channel).encode_tcp(self.settings.unit, self.transaction.wrapping_add(1))
            }
        };
        if let Ok(packet) = packet {
            self.line.last_words(&packet);
        }
    }
}
