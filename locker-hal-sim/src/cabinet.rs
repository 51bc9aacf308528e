//! The physical truth about a whole cabinet. Pure: every call says what time it is.

mod relays;
mod senses;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use locker_core::{BoxNo, Mono, PulseId};
use locker_hal::{ChannelLevels, ErrorKind, PulseOrder};

use crate::boxes::{Latch, SimBox};
use crate::command::{Fault, SimCommand, SimRefusal};
use crate::config::SimConfig;
use crate::state::{Coil, FIRED_MAX, Fired, SimBoxState, SimState};

/// How long a coil is on until a [`Fault::DiesWhileOn`] takes the board's power: shorter than the spring of a door needs.
const DIES_MS: u64 = 50;

/// The end of what is energised until somebody ends it.
const FOR_EVER: Mono = Mono(u64::MAX);

/// What a board does with a command: what comes back over its wire, if anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BoardSays {
    /// The command was taken.
    Taken,
    /// The levels that were asked for.
    Levels(ChannelLevels),
    /// The command is declined.
    Declined,
    /// The command was taken, and the acknowledgement comes after everybody has stopped waiting.
    TakenTooLate,
    /// Something that nobody can read.
    Noise,
    /// Nothing at all.
    Nothing,
    /// Nothing, and no byte of the command has reached it: the way to it is gone.
    Gone,
}

impl BoardSays {
    /// What a driver makes of this, for a driver that waits no longer than it should.
    ///
    /// # Errors
    /// The kind of the error; see [`ErrorKind`].
    pub fn understood(self) -> Result<ChannelLevels, ErrorKind> {
        match self {
            Self::Taken => Ok(ChannelLevels::default()),
            Self::Levels(levels) => Ok(levels),
            Self::Declined => Err(ErrorKind::Refused),
            Self::Noise => Err(ErrorKind::Garbled),
            Self::TakenTooLate | Self::Nothing => Err(ErrorKind::Silent),
            Self::Gone => Err(ErrorKind::Disconnected),
        }
    }
}

/// A simulated cabinet as a plain value: doors, latches, coils, keys, boards and their faults.
///
/// The time of a call must not be earlier than that of the call before; an earlier one counts as the same time.
///
/// ```
/// use locker_hal_sim::{BoardSays, BoxNo, Channel, Door, Mono, PulseId, PulseOrder, SimCabinet, SimCommand, SimConfig};
///
/// let mut cabinet = SimCabinet::new(SimConfig::default());
/// let box_no = BoxNo::new(3).unwrap();
/// let order = PulseOrder { id: PulseId::default(), channel: Channel(2), length_ms: 500 };
/// assert_eq!(cabinet.pulse(Mono(1_000), 0, order), BoardSays::Taken);
/// assert_eq!(cabinet.state(Mono(1_079)).of(box_no).unwrap().door, Door::Closed);
/// assert_eq!(cabinet.state(Mono(1_080)).of(box_no).unwrap().door, Door::Open);
/// cabinet.command(Mono(2_000), SimCommand::Put { box_no, key: "AB-1".into() })?;
/// cabinet.command(Mono(3_000), SimCommand::Close { box_no })?;
/// assert!(cabinet.command(Mono(3_001), SimCommand::Open { box_no }).is_err(), "latched again");
/// # Ok::<(), locker_hal_sim::SimRefusal>(())
/// ```
#[derive(Clone, Debug)]
pub struct SimCabinet {
    config: SimConfig,
    now: Mono,
    boxes: BTreeMap<BoxNo, SimBox>,
    faults: BTreeSet<Fault>,
    pulses: u64,
    fired: VecDeque<Fired>,
    /// Boards that are about to lose their power, and when.
    dies: BTreeMap<u8, Mono>,
    /// How many replies went over a wire with a fault.
    replies: u64,
    /// What such boards said last.
    said: BTreeMap<u8, ChannelLevels>,
    /// Whether boards say that they let their coils go, and do not: a lie for a test.
    keeps_relays_on: bool,
}

impl SimCabinet {
    /// A cabinet with all doors shut and all boxes empty, without a fault.
    #[must_use]
    pub fn new(config: SimConfig) -> Self {
        let boxes = BoxNo::first(config.boxes.max(1));
        Self {
            boxes: boxes.map(|box_no| (box_no, SimBox::shut_and_empty())).collect(),
            config,
            now: Mono(0),
            faults: BTreeSet::new(),
            pulses: 0,
            fired: VecDeque::new(),
            dies: BTreeMap::new(),
            replies: 0,
            said: BTreeMap::new(),
            keeps_relays_on: false,
        }
    }

    /// Lets a person do something, or a fault come or go.
    ///
    /// # Errors
    /// [`SimRefusal`] when that cannot be done; nothing has changed then.
    pub fn command(&mut self, at: Mono, command: SimCommand) -> Result<(), SimRefusal> {
        let now = self.pass(at);
        match command {
            SimCommand::Open { box_no } => {
                let latch = self.latch(box_no);
                self.of(box_no)?.pull(now, latch)
            }
            SimCommand::Pry { box_no } => {
                self.of(box_no)?.pry(now);
                Ok(())
            }
            SimCommand::Close { box_no } => {
                let (latch, config) = (self.latch(box_no), self.config.clone());
                self.of(box_no)?.shut(now, latch, &config);
                Ok(())
            }
            SimCommand::Put { box_no, key } => self.of(box_no)?.put(key),
            SimCommand::Take { box_no, key } => self.of(box_no)?.take(key.as_deref()),
            SimCommand::Hurt { fault } => self.hurt(fault),
            SimCommand::Heal { fault } => {
                self.heal(fault);
                Ok(())
            }
            SimCommand::HealAll => {
                for fault in self.faults.clone() {
                    self.heal(fault);
                }
                Ok(())
            }
        }
    }

    /// A board is ordered to fire a coil, for as long as it is told: nothing here protects coils.
    pub fn pulse(&mut self, at: Mono, board: u8, order: PulseOrder) -> BoardSays {
        let now = self.pass(at);
        let has = |fault| self.faults.contains(&fault);
        if let Some(nothing) = self.unheard(board) {
            return nothing;
        }
        let box_no = self.config.boxes_of(board).nth(usize::from(order.channel.0));
        let (Some(box_no), false) = (box_no, has(Fault::BoardRefuses { board })) else {
            return BoardSays::Declined;
        };
        self.energise(now, box_no, order.id, now.after(u64::from(order.length_ms)));
        let has = |fault| self.faults.contains(&fault);
        if has(Fault::BoardGarbles { board }) {
            BoardSays::Noise
        } else if has(Fault::AckLost { board }) || has(Fault::OtherBox { board }) {
            // An acknowledgement that names another lock is nobody's.
            BoardSays::Nothing
        } else if has(Fault::BoardSlow { board }) {
            BoardSays::TakenTooLate
        } else {
            self.acknowledged(board)
        }
    }

    /// A board is asked for its sensors.
    pub fn read(&mut self, at: Mono, board: u8) -> BoardSays {
        let now = self.pass(at);
        if let Some(nothing) = self.unheard(board) {
            return nothing;
        }
        if self.faults.contains(&Fault::BoardGarbles { board }) {
            return BoardSays::Noise;
        }
        let levels = ChannelLevels(self.sensed(now, board));
        match self.strike(board) {
            None => {
                self.said.insert(board, levels.clone());
                BoardSays::Levels(levels)
            }
            Some(Fault::StaleReplies { .. }) => match self.said.insert(board, levels) {
                Some(before) => BoardSays::Levels(before),
                None => BoardSays::Nothing,
            },
            Some(Fault::WrongAddress { .. }) => BoardSays::Nothing,
            Some(_) => BoardSays::Noise,
        }
    }

    /// What strikes the next reply of a board, if anything: a wrong address each, all else one in four.
    fn strike(&mut self, board: u8) -> Option<Fault> {
        let is_on = |fault: &Fault| self.faults.contains(fault);
        let fault = Fault::of_replies(board).into_iter().rfind(is_on)?;
        self.replies += 1;
        // Spread evenly, in no order that a poll could fall in step with.
        let is_struck = self.replies.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 62 == 0;
        (is_struck || matches!(fault, Fault::WrongAddress { .. })).then_some(fault)
    }

    /// What comes back of a command that was taken.
    fn acknowledged(&mut self, board: u8) -> BoardSays {
        match self.strike(board) {
            None => BoardSays::Taken,
            Some(Fault::StaleReplies { .. } | Fault::WrongAddress { .. }) => BoardSays::Nothing,
            Some(_) => BoardSays::Noise,
        }
    }

    /// A board is told to let all its coils go.
    pub fn all_off(&mut self, at: Mono, board: u8) -> BoardSays {
        let now = self.pass(at);
        if let Some(nothing) = self.unheard(board) {
            return nothing;
        }
        if !self.keeps_relays_on {
            self.let_go(now, board);
        }
        if self.faults.contains(&Fault::BoardGarbles { board }) {
            return BoardSays::Noise;
        }
        self.acknowledged(board)
    }

    /// The whole truth at `at`.
    pub fn state(&mut self, at: Mono) -> SimState {
        let now = self.pass(at);
        let boxes = self.boxes.iter().map(|(&box_no, there)| {
            let (board, channel) = self.config.place_of(box_no);
            SimBoxState {
                box_no,
                board,
                channel,
                door: there.door(),
                coil: there.coil(),
                keys: there.keys.clone(),
                pulses: there.pulses,
                sensed_door: self.sensed_door(now, box_no),
                sensed_item: self.sensed_item(box_no),
            }
        });
        SimState {
            at: now,
            boxes: boxes.collect(),
            faults: self.faults.iter().copied().collect(),
            pulses: self.pulses,
            fired: self.fired.iter().copied().collect(),
        }
    }

    /// What the cabinet is made of.
    #[must_use]
    pub const fn config(&self) -> &SimConfig {
        &self.config
    }

    /// The door of a box as it really stands; closed when there is no such box.
    #[cfg(feature = "world")]
    pub(crate) fn door(&mut self, at: Mono, box_no: BoxNo) -> locker_core::Door {
        self.pass(at);
        self.boxes.get(&box_no).map_or(locker_core::Door::Closed, SimBox::door)
    }

    /// The labels of the keys in a box, oldest first.
    #[cfg(feature = "world")]
    pub(crate) fn keys(&self, box_no: BoxNo) -> &[String] {
        self.boxes.get(&box_no).map_or(&[], |there| &there.keys)
    }

    /// How many pulses there were, and those behind the first `seen` of them.
    #[cfg(feature = "world")]
    pub(crate) fn fired_behind(&self, seen: u64) -> (u64, impl Iterator<Item = Fired> + '_) {
        let fresh = usize::try_from(self.pulses.saturating_sub(seen)).unwrap_or(usize::MAX);
        let skip = self.fired.len().saturating_sub(fresh);
        (self.pulses, self.fired.iter().skip(skip).copied())
    }

    fn pass(&mut self, at: Mono) -> Mono {
        while let Some((&board, &dies)) =
            self.dies.iter().min_by_key(|(_, dies)| **dies).filter(|(_, dies)| **dies <= at)
        {
            self.dies.remove(&board);
            self.pass_to(dies);
            self.faults.remove(&Fault::DiesWhileOn { board });
            self.faults.insert(Fault::BoardDead { board });
            self.let_go(self.now, board);
        }
        self.pass_to(at)
    }

    fn pass_to(&mut self, at: Mono) -> Mono {
        self.now = self.now.max(at);
        for there in self.boxes.values_mut() {
            there.pass(self.now);
        }
        self.now
    }

    fn energise(&mut self, now: Mono, box_no: BoxNo, id: PulseId, until: Mono) {
        let latch = self.latch(box_no);
        if let Some(there) = self.boxes.get_mut(&box_no) {
            there.energise(now, until, latch, &self.config);
        }
        let board = self.config.place_of(box_no).0;
        if self.faults.contains(&Fault::DiesWhileOn { board }) {
            self.dies.entry(board).or_insert(now.after(DIES_MS));
        }
        self.pulses += 1;
        if self.fired.len() >= FIRED_MAX {
            self.fired.pop_front();
        }
        self.fired.push_back(Fired { id, box_no, from: now, until });
    }

    fn let_go(&mut self, now: Mono, board: u8) {
        for box_no in self.config.boxes_of(board) {
            self.let_go_of(now, box_no);
        }
    }

    fn let_go_of(&mut self, now: Mono, box_no: BoxNo) {
        if let Some(there) = self.boxes.get_mut(&box_no) {
            there.let_go();
        }
        self.lasts_until(now, box_no, now);
    }

    /// What is energised now ends at `until` instead.
    fn lasts_until(&mut self, now: Mono, box_no: BoxNo, until: Mono) {
        let lasting = self.fired.iter_mut().filter(|fired| fired.box_no == box_no && fired.until > now);
        lasting.for_each(|fired| fired.until = until);
    }

    /// Whether the board neither acts nor answers.
    fn is_mute(&self, board: u8) -> bool {
        [Fault::BoardDead { board }, Fault::BoardFrozen { board }]
            .iter()
            .any(|fault| self.faults.contains(fault))
    }

    /// What comes of speaking to a board that neither acts nor answers, or to which there is no way.
    fn unheard(&self, board: u8) -> Option<BoardSays> {
        let is_gone = self.faults.contains(&Fault::HangUp { board });
        if self.is_mute(board) { Some(BoardSays::Nothing) } else { is_gone.then_some(BoardSays::Gone) }
    }

    /// A board stops, with its timers: what is energised stays energised.
    fn freeze(&mut self, board: u8) {
        for box_no in self.config.boxes_of(board) {
            let there = self.boxes.get_mut(&box_no).filter(|there| there.coil() == Coil::On);
            if let Some(there) = there {
                there.lasts_until(FOR_EVER);
                self.lasts_until(self.now, box_no, FOR_EVER);
            }
        }
    }

    fn heal(&mut self, fault: Fault) {
        if !self.faults.remove(&fault) {
            return;
        }
        match fault {
            // Its watchdog starts it anew.
            Fault::BoardFrozen { board } => self.let_go(self.now, board),
            Fault::BoardDead { board } => self.power_up(board),
            Fault::DiesWhileOn { board } => drop(self.dies.remove(&board)),
            _ => {}
        }
    }

    fn hurt(&mut self, fault: Fault) -> Result<(), SimRefusal> {
        match fault.place() {
            Ok(box_no) => drop(self.of(box_no)?),
            Err(board) if board >= self.config.boards() => return Err(SimRefusal::UnknownBoard),
            Err(_) => {}
        }
        self.faults.insert(fault);
        match fault {
            // Without power no coil stays on.
            Fault::BoardDead { board } => self.let_go(self.now, board),
            Fault::BoardFrozen { board } => self.freeze(board),
            _ => {}
        }
        Ok(())
    }

    fn of(&mut self, box_no: BoxNo) -> Result<&mut SimBox, SimRefusal> {
        self.boxes.get_mut(&box_no).ok_or(SimRefusal::UnknownBox)
    }

    fn latch(&self, box_no: BoxNo) -> Latch {
        if self.faults.contains(&Fault::Jammed { box_no }) { Latch::Jammed } else { Latch::Works }
    }
}
