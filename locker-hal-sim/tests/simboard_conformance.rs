//! Every driver over its simulated board conforms: on a good wire, and on one that splits, delays, echoes and adds junk.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;
mod drivers;

use std::io;
use std::time::Duration;

use async_trait::async_trait;
use locker_hal::conformance::{self, Ability, Check, Deed, Energised, Report, Rig};
use locker_hal::line::{Echo, LineSettings, Opener, Port, SharedLine};
use locker_hal::{
    Boot, BoxNo, Bus, Cabinet, Clock, Door, DynClock, DynWanted, Outputs, Pulse, PulseId, Readings,
    VirtualClock,
};
use locker_hal_sim::simboard::{BoardMake, Protocol, SimBoard, SimLine};
use locker_hal_sim::{Fault, RealClock, Sim, SimCommand};
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Where a driver finds its port: each opening is another end of the same line.
struct Plug(mpsc::UnboundedSender<DuplexStream>);

#[async_trait]
impl Opener for Plug {
    async fn open(&mut self) -> io::Result<Box<dyn Port>> {
        let (driver, wire) = tokio::io::duplex(1_024);
        self.0.send(wire).map_err(|_| io::ErrorKind::NotFound)?;
        Ok(Box::new(driver))
    }
}

/// Serves a line for as long as somebody opens it.
fn plugged(mut line: SimLine) -> mpsc::UnboundedSender<DuplexStream> {
    let (plug, mut streams) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(stream) = streams.recv().await {
            // A driver that goes is no end of the line.
            let _ = line.serve(stream).await;
        }
    });
    plug
}

/// A line of simulated boards under the suite's clock.
struct LineRig {
    protocol: Protocol,
    sim: Sim,
    clock: VirtualClock,
    origin: Instant,
    /// One for all boards, or one for each.
    plugs: Vec<mpsc::UnboundedSender<DuplexStream>>,
    echo: Echo,
}

/// How the boards are wired up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wires {
    /// All on one: a dead board holds up the others for as long as it is waited for.
    One,
    /// Each on its own.
    Each,
}

impl LineRig {
    /// Two boards of such a make, with these faults of their wire.
    async fn new(make: &BoardMake, faults: &[fn(u8) -> Fault], wires: Wires) -> Self {
        let clock = VirtualClock::default();
        let sim = Sim::new(common::config(), RealClock::start());
        for fault in faults {
            for board in 0..2 {
                sim.command(SimCommand::Hurt { fault: fault(board) }).unwrap();
            }
        }
        let echoes = faults.iter().any(|fault| matches!(fault(0), Fault::Echo { .. }));
        let lines = match wires {
            Wires::One => vec![SimLine::new(&sim, make)],
            Wires::Each => (0..2).map(|n| SimLine::of([SimBoard::new(&sim, n, make)])).collect(),
        };
        let plugs = lines.into_iter().map(plugged).collect();
        let echo = if echoes { Echo::Strip } else { Echo::Off };
        Self { protocol: make.protocol, sim, clock, origin: Instant::now(), plugs, echo }
    }

    fn bus(&self) -> InStep {
        let settings = LineSettings { echo: self.echo, ..LineSettings::default() };
        let line = |plug: &mpsc::UnboundedSender<_>| SharedLine::new(Plug(plug.clone()), settings);
        let lines: Vec<_> = self.plugs.iter().map(line).collect();
        let cabinet = drivers::cabinet(self.protocol, &lines, self.sim.config());
        InStep { cabinet, origin: self.origin }
    }
}

#[async_trait]
impl Rig for LineRig {
    async fn start(&mut self) -> Box<dyn Bus> {
        Box::new(self.bus())
    }

    fn clock(&self) -> VirtualClock {
        self.clock.clone()
    }

    fn boxes(&self) -> Vec<BoxNo> {
        BoxNo::first(self.sim.config().boxes).collect()
    }

    fn can(&self, ability: Ability) -> bool {
        match ability {
            Ability::SenseItems => drivers::senses_items(self.protocol),
            Ability::CutAPulseShort => drivers::cuts_short(self.protocol),
            Ability::LoseAcknowledgements => drivers::hangs_on_acknowledgements(self.protocol),
            _ => true,
        }
    }

    fn pulse_ms(&self) -> u16 {
        drivers::pulse_ms(self.protocol)
    }

    fn late_ms(&self) -> u64 {
        1_000
    }

    async fn act(&mut self, deed: Deed) {
        let command = common::command(&self.sim, deed);
        self.sim.command(command).unwrap();
    }

    async fn energised(&mut self) -> Vec<Energised> {
        common::energised(&self.sim)
    }
}

/// Lets the runtime's time, by which drivers, wires and boards live, follow the suite's. What a cycle waits for has passed
/// before the suite's clock moves.
struct InStep {
    cabinet: Cabinet,
    origin: Instant,
}

#[async_trait]
impl Bus for InStep {
    async fn cycle(&mut self, wanted: &DynWanted, clock: &DynClock) -> Readings {
        let now = self.origin + Duration::from_millis(clock.now().0);
        tokio::time::advance(now.saturating_duration_since(Instant::now())).await;
        self.cabinet.cycle(wanted, clock).await
    }

    async fn all_off(&mut self) {
        self.cabinet.all_off().await;
    }
}

async fn conforms(make: &BoardMake, faults: &[fn(u8) -> Fault]) -> Report {
    conformance::run(|| LineRig::new(make, faults, Wires::Each)).await
}

/// What is wrong, if anything, with what was skipped.
fn flaws(protocol: Protocol, report: &Report) -> Vec<String> {
    let mut skipped = Vec::new();
    if !drivers::hangs_on_acknowledgements(protocol) {
        skipped.push(Check::Box04ALostAcknowledgementFiresNothingAgain);
    }
    if !drivers::cuts_short(protocol) {
        skipped.push(Check::Box08CoilsAreLetGoWhenTheLeaseRunsOut);
    }
    if !drivers::senses_items(protocol) {
        skipped.push(Check::Box01ItemSensorsSayWhatLiesInside);
    }
    let failed =
        report.failed.iter().map(|(check, finding)| format!("{protocol}: {check:?}: {}", finding.what));
    let mut flaws: Vec<_> = failed.collect();
    if report.skipped != skipped {
        flaws.push(format!("{protocol}: skipped {:?}", report.skipped));
    }
    flaws
}

#[tokio::test(start_paused = true)]
async fn every_driver_conforms_over_its_board() {
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        found.extend(flaws(protocol, &conforms(&drivers::make(protocol), &[]).await));
    }
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn every_driver_conforms_over_an_adapter_that_echoes_and_a_wire_with_junk() {
    let faults: [fn(u8) -> Fault; 2] = [|board| Fault::Echo { board }, |board| Fault::JunkPrefix { board }];
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        found.extend(flaws(protocol, &conforms(&drivers::make(protocol), &faults).await));
    }
    assert_eq!(found, Vec::<String>::new());
}

/// Nothing is wrong with replies that come late or in pieces: every order fires once, and every door is seen.
#[tokio::test(start_paused = true)]
async fn a_wire_that_splits_and_delays_hides_nothing() {
    let faults: [fn(u8) -> Fault; 2] =
        [|board| Fault::BytesSplit { board }, |board| Fault::BytesDelayed { board }];
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        let make = BoardMake { one_in: 4, ..drivers::make(protocol) };
        let (orders, pulses, wrong) = over_a_wire(&make, &faults).await;
        found.extend(wrong);
        if pulses != orders {
            found.push(format!("{protocol}: {pulses} pulses for {orders} orders"));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// A wire that loses, doubles and corrupts bytes and hands over stale replies: whatever comes of an order, the coil is on
/// once at most, and no door is said to be what it is not.
#[tokio::test(start_paused = true)]
async fn on_a_bad_wire_no_order_fires_twice_and_no_door_is_misread() {
    let faults: [fn(u8) -> Fault; 4] = [
        |board| Fault::BytesLost { board },
        |board| Fault::BytesDoubled { board },
        |board| Fault::BytesCorrupted { board },
        |board| Fault::StaleReplies { board },
    ];
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        for seed in 0..4 {
            let make = BoardMake { seed, one_in: 40, ..drivers::make(protocol) };
            let (orders, pulses, wrong) = over_a_wire(&make, &faults).await;
            found.extend(wrong);
            if pulses > orders || pulses < orders / 4 {
                found.push(format!("{protocol} {seed}: {pulses} pulses for {orders} orders"));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// Whatever is wrong with one of two boards: no order fires twice, no coil is on for longer than 2 s, the other board serves as
/// ever, and once it is well again it serves, too.
#[tokio::test(start_paused = true)]
async fn box_04_box_08_box_12_no_fault_of_a_board_fires_twice_or_is_the_next_boards_and_what_is_well_again_serves()
 {
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        let make = BoardMake { one_in: 1, ..drivers::make(protocol) };
        for fault in Fault::of_board(0).into_iter().chain(Fault::of_wire(0)) {
            found.extend(
                beside_a_fault(&make, fault).await.map(|flaw| format!("{protocol}, {fault:?}: {flaw}")),
            );
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

async fn beside_a_fault(make: &BoardMake, fault: Fault) -> Option<&'static str> {
    let rig = LineRig::new(make, &[], Wires::Each).await;
    let mut bus = rig.bus();
    pass(&rig, &mut bus, 2_000, None).await;
    rig.sim.command(SimCommand::Hurt { fault }).unwrap();
    pass(&rig, &mut bus, 1_000, None).await;
    pass(&rig, &mut bus, 4_000, Some((1, 3))).await;
    let readings = pass(&rig, &mut bus, 4_000, Some((2, 11))).await;
    let seen = |readings: &Readings, n: u8| readings.of(BoxNo::new(n).unwrap()).map(|there| there.door);
    if (seen(&readings, 11), seen(&readings, 12)) != (Some(Door::Open), Some(Door::Closed)) {
        return Some("the other board's doors");
    }
    rig.sim.command(SimCommand::HealAll).unwrap();
    // At worst it is asked again after 5 s; then its doors settle.
    pass(&rig, &mut bus, 8_000, None).await;
    let readings = pass(&rig, &mut bus, 4_000, Some((3, 5))).await;
    if seen(&readings, 5) != Some(Door::Open) {
        return Some("it does not serve again");
    }
    let fired = rig.sim.state().fired;
    let times = |n: u8| fired.iter().filter(|fired| fired.box_no.get() == n).count();
    if times(3) > 1 || times(11) != 1 || times(5) != 1 || times(3) + 2 != fired.len() {
        return Some("what was fired");
    }
    fired.iter().any(|fired| fired.until.since(fired.from) > 2_000).then_some("a coil is on for too long")
}

/// Lets time pass, with an order if there is one: its number and its box.
async fn pass(rig: &LineRig, bus: &mut InStep, ms: u64, order: Option<(u32, u8)>) -> Readings {
    let mut outputs = Outputs::all_off(rig.clock.now());
    outputs.pulse = order.map(|(n, box_no)| Pulse {
        id: PulseId { boot: Boot(1), n },
        box_no: BoxNo::new(box_no).unwrap(),
        length_ms: 500,
        not_after: rig.clock.now().after(3_000),
    });
    for _ in 1..ms / 50 {
        rig.clock.advance(50);
        outputs.at = rig.clock.now();
        bus.cycle(&outputs, &rig.clock).await;
    }
    rig.clock.advance(50);
    outputs.at = rig.clock.now();
    bus.cycle(&outputs, &rig.clock).await
}

/// Orders twenty pulses for boxes 1 to 7, one every ten seconds, with box 8 open and all others shut all the time: how many
/// orders, how many pulses, and which of the doors that never move are said to. Winnsen's frames have no check: what they say of
/// doors is not held against its driver.
async fn over_a_wire(make: &BoardMake, faults: &[fn(u8) -> Fault]) -> (u64, u64, Vec<String>) {
    let protocol = make.protocol;
    let rig = LineRig::new(make, faults, Wires::One).await;
    rig.sim.command(SimCommand::Pry { box_no: BoxNo::new(8).unwrap() }).unwrap();
    let mut bus = rig.bus();
    let mut outputs = Outputs::all_off(rig.clock.now());
    let mut wrong = Vec::new();
    let mut orders = 0;
    for tick in 0..4_000_u32 {
        rig.clock.advance(50);
        if tick % 200 == 100 {
            orders += 1;
            let box_no = BoxNo::new(1 + (orders % 7) as u8).unwrap();
            let id = PulseId { boot: Boot(1), n: orders };
            let not_after = rig.clock.now().after(5_000);
            outputs.pulse = Some(Pulse { id, box_no, length_ms: 500, not_after });
        }
        outputs.at = rig.clock.now();
        let readings = bus.cycle(&outputs, &rig.clock).await;
        if tick > 100 && protocol != Protocol::Winnsen {
            let seen = readings.boxes.iter().filter(|seen| seen.box_no.get() >= 8);
            let moved = seen.filter(|seen| (seen.door == Door::Open) != (seen.box_no.get() == 8));
            wrong.extend(moved.map(|seen| format!("{protocol}: box {} is not {:?}", seen.box_no, seen.door)));
        }
    }
    (orders.into(), rig.sim.state().pulses, wrong)
}
