//! What goes wrong in a world: which kinds at all, drawn once for each run, and when, drawn as the run goes.

use fastrand::Rng;
use locker_core::office::Right;
use locker_core::{BoxNo, LockerId};
use serde::{Deserialize, Serialize};

use super::deed::{ClockFault, Computer, Deed, Link, Post, Who};
use super::disk::{AppendFault, Room};
use super::host::CrashPoint;
use super::stage::Stage;
use crate::{Fault, SimCommand};

/// A kind of mishap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mishap {
    /// A fault of a box: its latch, its door contact, its item sensor.
    BoxFault,
    /// A fault of a board.
    BoardFault,
    /// A locker loses its power.
    PowerCut,
    /// A locker's process is killed; the boards keep their power.
    Kill,
    /// The power goes between two parts of a step.
    Crash,
    /// An append is refused, or nobody knows what became of it.
    Append,
    /// A disk is full, or nearly.
    Disk,
    /// A wall clock jumps, a clock drifts, a start finds nobody who confirms the time.
    Clock,
    /// The owner of a machine hangs for half a minute.
    Hang,
    /// A line is down, for minutes or for days.
    LinkDown,
    /// A line is slow, doubles, swaps and loses.
    LinkBad,
    /// The services refuse, are silent, or say the opposite.
    Post,
    /// The office's computer stops or loses appends.
    Office,
    /// Settings, rights and the security code change; visits are cancelled and moved.
    Changes,
    /// People are slow, clumsy, forgetful and dishonest.
    People,
    /// Thieves pry doors, take what lies open, and type PINs.
    Thieves,
    /// A technician is at work.
    Maintenance,
}

impl Mishap {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::BoxFault,
        Self::BoardFault,
        Self::PowerCut,
        Self::Kill,
        Self::Crash,
        Self::Append,
        Self::Disk,
        Self::Clock,
        Self::Hang,
        Self::LinkDown,
        Self::LinkBad,
        Self::Post,
        Self::Office,
        Self::Changes,
        Self::People,
        Self::Thieves,
        Self::Maintenance,
    ];

    /// Its name.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::BoxFault => "box_fault",
            Self::BoardFault => "board_fault",
            Self::PowerCut => "power_cut",
            Self::Kill => "kill",
            Self::Crash => "crash",
            Self::Append => "append",
            Self::Disk => "disk",
            Self::Clock => "clock",
            Self::Hang => "hang",
            Self::LinkDown => "link_down",
            Self::LinkBad => "link_bad",
            Self::Post => "post",
            Self::Office => "office",
            Self::Changes => "changes",
            Self::People => "people",
            Self::Thieves => "thieves",
            Self::Maintenance => "maintenance",
        }
    }

    /// Whether it comes and goes by itself; the others are how people are.
    pub(super) const fn is_an_event(self) -> bool {
        !matches!(self, Self::People)
    }

    /// Whether it strikes the office, of which there is one, however many lockers there are.
    pub(super) const fn is_of_the_office(self) -> bool {
        matches!(self, Self::Office | Self::Changes)
    }

    /// How far apart two of a kind are at a locker, or at the office, in milliseconds, about.
    pub(super) fn pause(self, dice: &mut Rng) -> u64 {
        let minutes = match self {
            Self::Crash | Self::Append | Self::BoxFault | Self::Thieves => 40,
            Self::PowerCut | Self::Kill | Self::Hang | Self::BoardFault | Self::Post => 90,
            _ => 180,
        };
        dice.u64(1..minutes * 2) * 60_000
    }

    /// What is done now, and what puts it right, each after how many milliseconds from now.
    pub(super) fn strike(
        self,
        stage: &mut Stage,
        locker: LockerId,
        dice: &mut Rng,
    ) -> (Vec<Deed>, Vec<(u64, Deed)>) {
        let at = Computer::Locker(locker);
        let one = |deed| (vec![deed], Vec::new());
        let lasting = |deed, ms, cure| (vec![deed], vec![(ms, cure)]);
        match self {
            Self::BoxFault => {
                let box_no = any_box(stage, dice);
                let faults = Fault::of_box(box_no);
                let fault = faults[dice.usize(0..faults.len())];
                // A sensor that flutters is five events a second.
                let longest = if matches!(fault, Fault::DoorUnsteady { .. }) { 5 } else { 240 };
                hurts(locker, fault, dice.u64(1..=longest) * 60_000)
            }
            Self::BoardFault => {
                let boards = stage.plan().boxes.div_ceil(stage.plan().boxes_per_board.max(1));
                let board = dice.u8(0..boards.max(1));
                let faults: Vec<_> = Fault::in_process(board).collect();
                board_fault(locker, faults[dice.usize(0..faults.len())], dice)
            }
            Self::PowerCut => one(Deed::PowerCut { at, off_ms: off(dice), power: true }),
            Self::Kill => one(Deed::PowerCut { at, off_ms: 1_000 + off(dice) / 50, power: false }),
            Self::Crash => {
                let point = CrashPoint::ALL[dice.usize(0..4)];
                one(Deed::Crash { at, point, off_ms: off(dice), spares: dice.u16(0..30) })
            }
            Self::Append => one(Deed::Append { at, fault: append(dice), spares: dice.u16(0..30) }),
            Self::Disk => {
                let room = if dice.bool() { Room::Full } else { Room::Low };
                let cure = Deed::Disk { at, room: Room::Ample };
                lasting(Deed::Disk { at, room }, dice.u64(1_000..3_600_000), cure)
            }
            Self::Clock => clock(at, dice),
            Self::Hang => one(Deed::Hang { at, ms: dice.u64(500..40_000) }),
            Self::LinkDown => {
                let ms =
                    if dice.u8(0..5) == 0 { dice.u64(1..72) * 3_600_000 } else { dice.u64(1..60) * 60_000 };
                let down = Link { down: true, ..stage.link(locker) };
                lasting(Deed::Link { locker, link: down }, ms, Deed::Link { locker, link: Link::default() })
            }
            Self::LinkBad => {
                let some = |dice: &mut Rng| [0, 5, 40][dice.usize(0..3)];
                let (twice, swapped, lost) = (some(dice), some(dice), some(dice));
                let delay_ms = [0, 200, 9_000, 40_000][dice.usize(0..4)];
                let link = Link { down: false, delay_ms, twice, swapped, lost };
                let cure = Deed::Link { locker, link: Link::default() };
                lasting(Deed::Link { locker, link }, dice.u64(1..600) * 60_000, cure)
            }
            Self::Post => {
                let post = [Post::Refuses, Post::Silent, Post::AnswerLost, Post::Denies][dice.usize(0..4)];
                let cure = Deed::Post { locker, post: Post::Up };
                lasting(Deed::Post { locker, post }, dice.u64(1..120) * 60_000, cure)
            }
            Self::Office => one(office(dice)),
            Self::Changes => changes(stage, locker, dice),
            Self::Thieves => (thieves(stage, locker, dice), Vec::new()),
            Self::Maintenance => {
                let begin = Deed::BeginMaintenance { staff: 0, locker };
                let box_no = any_box(stage, dice);
                let open = SimCommand::Pry { box_no };
                let looks = Deed::Cabinet { locker, who: Who::Staff(0), command: open };
                (vec![begin, looks], vec![(dice.u64(1..40) * 60_000, Deed::EndMaintenance { locker })])
            }
            Self::People => (Vec::new(), Vec::new()),
        }
    }
}

fn hurts(locker: LockerId, fault: Fault, ms: u64) -> (Vec<Deed>, Vec<(u64, Deed)>) {
    (vec![hurt(locker, fault)], vec![(ms, heal(locker, fault))])
}

fn hurt(locker: LockerId, fault: Fault) -> Deed {
    Deed::Cabinet { locker, who: Who::Somebody, command: SimCommand::Hurt { fault } }
}

fn heal(locker: LockerId, fault: Fault) -> Deed {
    Deed::Cabinet { locker, who: Who::Somebody, command: SimCommand::Heal { fault } }
}

fn board_fault(locker: LockerId, fault: Fault, dice: &mut Rng) -> (Vec<Deed>, Vec<(u64, Deed)>) {
    let ms = dice.u64(500..3_600_000);
    match fault {
        // A board that has died of it needs its power back.
        Fault::DiesWhileOn { board } => {
            let power = heal(locker, Fault::BoardDead { board });
            (vec![hurt(locker, fault)], vec![(ms, power), (ms, heal(locker, fault))])
        }
        // Its power goes and comes back, and may do so again with that of the locker.
        Fault::RelaysOnAtPowerUp { board } => {
            let dead = Fault::BoardDead { board };
            let back = 5_000 + ms;
            let later = back + dice.u64(0..7_200_000);
            let cures = vec![(back, heal(locker, dead)), (later, heal(locker, fault))];
            (vec![hurt(locker, fault), hurt(locker, dead)], cures)
        }
        fault => hurts(locker, fault, ms),
    }
}

fn any_box(stage: &Stage, dice: &mut Rng) -> BoxNo {
    let all = stage.plan().boxes.max(1);
    // The first boxes are used most in a small world.
    let most = if dice.bool() { all } else { all.min(4) };
    BoxNo::new(dice.u8(1..=most)).expect("boxes are numbered from 1")
}

fn off(dice: &mut Rng) -> u64 {
    if dice.u8(0..4) == 0 { dice.u64(60_000..10_800_000) } else { dice.u64(2_000..60_000) }
}

fn append(dice: &mut Rng) -> AppendFault {
    [AppendFault::NotWritten, AppendFault::UnknownWritten, AppendFault::UnknownLost][dice.usize(0..3)]
}

fn clock(at: Computer, dice: &mut Rng) -> (Vec<Deed>, Vec<(u64, Deed)>) {
    let right = Deed::Clock { at, fault: ClockFault::Confirm };
    let ms = dice.u64(1..300) * 60_000;
    match dice.u8(0..4) {
        0 => {
            let hours = dice.i64(-72..72);
            (vec![Deed::Clock { at, fault: ClockFault::Step(hours * 3_600_000 + 17) }], vec![(ms, right)])
        }
        1 => (vec![Deed::Clock { at, fault: ClockFault::Step(dice.i64(-90_000..90_000)) }], Vec::new()),
        2 => (vec![Deed::Clock { at, fault: ClockFault::Drift(dice.i32(-200..200)) }], Vec::new()),
        _ => {
            let untrusted = Deed::Confirms { at, clock: false };
            let cut = Deed::PowerCut { at, off_ms: off(dice), power: true };
            (vec![untrusted, cut, Deed::Confirms { at, clock: false }], vec![(ms, right)])
        }
    }
}

fn office(dice: &mut Rng) -> Deed {
    let at = Computer::Office;
    match dice.u8(0..4) {
        0 => Deed::PowerCut { at, off_ms: off(dice), power: true },
        1 => {
            let point = CrashPoint::ALL[dice.usize(0..4)];
            Deed::Crash { at, point, off_ms: off(dice), spares: dice.u16(0..10) }
        }
        2 => Deed::Append { at, fault: append(dice), spares: dice.u16(0..10) },
        _ => Deed::Hang { at, ms: dice.u64(500..40_000) },
    }
}

fn changes(stage: &Stage, locker: LockerId, dice: &mut Rng) -> (Vec<Deed>, Vec<(u64, Deed)>) {
    match dice.u8(0..4) {
        0 => {
            let mut settings = stage.plan().settings.clone();
            settings.name = format!("{} {locker}", settings.name);
            settings.two_factor = dice.bool();
            settings.typed_code = dice.bool();
            settings.lookup_days_ahead = dice.u8(0..=3);
            settings.kiosk_pin_minutes = dice.u16(10..=120);
            (vec![Deed::Set { locker, settings }], Vec::new())
        }
        1 => {
            let staff = dice.u8(1..4);
            let all: Vec<Right> = Right::ALL.to_vec();
            let cure = Deed::Allow { staff, rights: all, active: true };
            let (rights, active) = (Vec::new(), dice.bool());
            (vec![Deed::Allow { staff, rights, active }], vec![(dice.u64(1..120) * 60_000, cure)])
        }
        2 => (vec![Deed::SecurityCode { code: dice.u16(1_000..=9_999) }], Vec::new()),
        _ => {
            let mut location = stage.plan().location.clone();
            location.sms = dice.bool();
            (vec![Deed::Locate { location }], Vec::new())
        }
    }
}

/// A thief takes what stands open, or pries a door and takes what is inside; some close it again.
fn thieves(stage: &mut Stage, locker: LockerId, dice: &mut Rng) -> Vec<Deed> {
    let who = Who::Thief;
    let act = |command| Deed::Cabinet { locker, who, command };
    let box_no = any_box(stage, dice);
    let is_open = stage.door(locker, box_no) == locker_core::Door::Open;
    let mut deeds = Vec::new();
    if !is_open {
        deeds.push(act(SimCommand::Pry { box_no }));
    }
    if dice.bool() {
        deeds.push(act(SimCommand::Take { box_no, key: None }));
    }
    if dice.bool() {
        deeds.push(act(SimCommand::Close { box_no }));
    }
    deeds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_mishap_stands_in_the_atlas() {
        let atlas = include_str!("../../../docs/faults.md");
        for kind in Mishap::ALL {
            assert!(atlas.contains(&format!("`{}`", kind.key())), "{} is not in docs/faults.md", kind.key());
        }
    }
}
