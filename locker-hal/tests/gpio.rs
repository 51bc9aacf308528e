//! Coils and sensors on pins: they conform, with pulses of this process and through the guard; exact bytes at expanders.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod pins;

use std::future::ready;
use std::time::Duration;

use async_trait::async_trait;
use embedded_hal_mock::eh1::i2c::{Mock as I2c, Transaction};
use locker_hal::conformance::{self, Ability, Check, Deed, Energised, Rig};
use locker_hal::gpio::{PinBank, PinChannel, PinRole, Wired, mcp23017_latches};
use locker_hal::guard::{Guard, GuardedBoard};
use locker_hal::{
    BoardFault, BoardSpec, BoxNo, Bus, Cabinet, CabinetError, Channel, Clock, Door, DynClock, DynWanted,
    ErrorKind, Item, Mono, Raw, Readings, SoftwarePulse, VirtualClock, WireNo,
};
use pins::{BOXES, NONE, World};
use port_expander::{Mcp23x17, Pca9555};

/// The checks that pins cannot be put to: they acknowledge nothing that could get lost.
const NO_ACKNOWLEDGEMENT: [Check; 1] = [Check::Box04ALostAcknowledgementFiresNothingAgain];

#[tokio::test]
async fn box_08_pins_with_pulses_of_this_process_conform() {
    let report = conformance::run(|| async { SoftwareRig(World::new()) }).await;
    report.assert_passed();
    // What this process ends, it ends by waiting: a lease that runs out meanwhile waits too, 2 s at most.
    let skipped = [NO_ACKNOWLEDGEMENT[0], Check::Box08CoilsAreLetGoWhenTheLeaseRunsOut];
    assert_eq!(report.skipped, skipped);
}

#[tokio::test(start_paused = true)]
async fn box_08_pins_behind_the_guard_conform() {
    let report = conformance::run(GuardedRig::new).await;
    report.assert_passed();
    assert_eq!(report.skipped, NO_ACKNOWLEDGEMENT);
}

#[test]
fn box_08_pins_are_refused_unless_software_pulses_are_accepted() {
    let world = World::new();
    let mut builder = Cabinet::builder();
    let wait = |_: u16| ready(());
    let there = builder.board(WireNo(0), SoftwarePulse::new(world.bank(0).unwrap(), wait));
    builder.wire_boxes(there, BoxNo::first(BOXES));
    assert_eq!(builder.build().err(), Some(CabinetError::SoftwarePulse(there)));
    let mut builder = Cabinet::builder();
    let there = builder.board(WireNo(0), GuardedBoard::new("nowhere", 0, BoardSpec::prompt(BOXES)));
    builder.wire_boxes(there, BoxNo::first(BOXES));
    assert_eq!(builder.build().err(), Some(CabinetError::SoftwarePulse(there)), "not behind a guard either");
}

#[test]
fn box_08_all_coils_are_let_go_when_a_bank_is_made_and_when_it_is_dropped() {
    let world = World::new();
    let mut left_on = world.bank(0).unwrap();
    left_on.on(Channel(1)).unwrap();
    std::mem::forget(left_on);
    assert_eq!(world.on(), [2], "a process died within a pulse");
    let mut bank = world.bank(0).unwrap();
    assert_eq!(world.on(), NONE, "the next one lets all go");
    bank.on(Channel(3)).unwrap();
    assert_eq!(world.on(), [4]);
    drop(bank);
    assert_eq!(world.on(), NONE);
}

#[test]
fn a_pin_that_fails_is_named_and_the_coils_behind_it_are_let_go_all_the_same() {
    use embedded_hal_mock::eh1::MockError;
    use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};

    let fails = Transaction::set(State::Low).with_error(MockError::Io(std::io::ErrorKind::NotConnected));
    let mut bad = Mock::new(&[Transaction::set(State::Low), fails.clone(), fails]);
    let low = Transaction::set(State::Low);
    let mut good = Mock::new(&[low.clone(), low.clone(), low]);
    let channel =
        |pin: &Mock| PinChannel { coil: Wired::high(pin.clone()), door: None::<Wired<Mock>>, item: None };
    let mut bank = PinBank::new([channel(&bad), channel(&good)]).unwrap();
    let fault = bank.off().unwrap_err();
    assert_eq!((fault.channel, fault.role), (Channel(0), PinRole::Coil));
    assert_eq!(fault.kind(), ErrorKind::Other, "the coil may be on");
    assert_eq!(fault.to_string(), "the coil pin of channel 0 failed: Other");
    drop(bank);
    bad.done();
    good.done();
}

#[cfg(feature = "gpiochip")]
#[tokio::test]
async fn a_gpio_chip_that_is_not_there_fires_nothing_and_is_asked_for_again_by_every_reading() {
    use locker_hal::Switched;
    use locker_hal::gpio::{Active, Bias, Line, LineBank, LineChannel, LineFault, LineOptions};

    let coil = Line { offset: 5, active: Active::Low };
    let options = LineOptions { bias: Bias::PullUp, debounce_ms: 10 };
    for no_chip in ["/dev/there-is-no-such-chip", "/dev/null"] {
        let mut bank = LineBank::new(no_chip, vec![LineChannel { coil, door: None, item: None }], options);
        let fault = bank.on(Channel(0)).await.unwrap_err();
        assert!(matches!(fault, LineFault::NotHeld), "a pulse never waits for lines: {fault}");
        for _ in 0..2 {
            for fault in [bank.all_off().await.unwrap_err(), bank.read().await.map(drop).unwrap_err()] {
                assert!(matches!(fault, LineFault::Request { .. }), "{fault}");
                assert_eq!(fault.kind(), ErrorKind::Disconnected);
            }
        }
    }
}

/// Address 0x20: both banks of registers, as the data sheet of the PCA9555 numbers them.
const OUTPUT_0: u8 = 0x02;
const CONFIGURATION_0: u8 = 0x06;
const INPUT_1: u8 = 0x01;

#[test]
fn at_a_pca9555_the_latch_is_written_before_the_direction() {
    let address = 0x20;
    let mut i2c = I2c::new(&[
        // A coil that is on at a low level: off is written, then the pin becomes an output.
        Transaction::write(address, vec![OUTPUT_0, 0xFF]),
        Transaction::write_read(address, vec![CONFIGURATION_0], vec![0xFF]),
        Transaction::write(address, vec![CONFIGURATION_0, 0xFE]),
        // A coil that is on at a high level, likewise.
        Transaction::write(address, vec![OUTPUT_0, 0xFD]),
        Transaction::write_read(address, vec![CONFIGURATION_0], vec![0xFE]),
        Transaction::write(address, vec![CONFIGURATION_0, 0xFC]),
        // All off at start.
        Transaction::write(address, vec![OUTPUT_0, 0xFD]),
        Transaction::write(address, vec![OUTPUT_0, 0xFD]),
        // A pulse on the second.
        Transaction::write(address, vec![OUTPUT_0, 0xFF]),
        Transaction::write_read(address, vec![INPUT_1], vec![0b1111_1110]),
        Transaction::write(address, vec![OUTPUT_0, 0xFF]),
        Transaction::write(address, vec![OUTPUT_0, 0xFD]),
        // All off at the end.
        Transaction::write(address, vec![OUTPUT_0, 0xFD]),
        Transaction::write(address, vec![OUTPUT_0, 0xFD]),
    ]);
    let mut expander = Pca9555::new(i2c.clone(), false, false, false);
    let pins = expander.split();
    let first = PinChannel {
        coil: Wired::low(pins.io0_0.into_output_high().unwrap()),
        door: Some(Wired::low(pins.io1_0)),
        item: None,
    };
    let second = PinChannel { coil: Wired::high(pins.io0_1.into_output().unwrap()), door: None, item: None };
    let mut bank = PinBank::new([first, second]).unwrap();
    bank.on(Channel(1)).unwrap();
    let levels = bank.levels().unwrap();
    assert_eq!((levels[0].door, levels[0].item), (Raw(Door::Closed), Raw(Item::Unknown)));
    bank.off().unwrap();
    drop(bank);
    i2c.done();
}

/// `port-expander` 0.6 writes no latch of an MCP23017 before its direction, and believes that all latches are low; so a
/// coil that is on at a low level needs the two writes that this test shows. The kernel's driver does not need them.
#[test]
fn at_an_mcp23017_low_active_coils_have_their_latches_written_before_they_are_outputs() {
    let (address, iodir_a, gpio_a, olat_a) = (0x20, 0x00, 0x12, 0x14);
    let mut i2c = I2c::new(&[
        Transaction::write(address, vec![olat_a, 0x03, 0x00]),
        Transaction::write_read(address, vec![iodir_a], vec![0xFF]),
        Transaction::write(address, vec![iodir_a, 0xFE]),
        Transaction::write_read(address, vec![iodir_a], vec![0xFE]),
        Transaction::write(address, vec![iodir_a, 0xFC]),
        // One write for both: a write for the first alone would pull the second low.
        Transaction::write(address, vec![gpio_a, 0x03]),
        Transaction::write(address, vec![gpio_a, 0x03]),
        Transaction::write(address, vec![gpio_a, 0x03]),
        Transaction::write(address, vec![gpio_a, 0x03]),
        Transaction::write(address, vec![gpio_a, 0x03]),
    ]);
    let mut bus = i2c.clone();
    mcp23017_latches(&mut bus, address, 0b11).unwrap();
    let mut expander = Mcp23x17::new_mcp23017(bus, false, false, false);
    let pins = expander.split();
    let (mut first, mut second) =
        (pins.gpa0.into_output_high().unwrap(), pins.gpa1.into_output_high().unwrap());
    port_expander::write_multiple([&mut first, &mut second], [true, true]).unwrap();
    let channel =
        |coil, door| PinChannel { coil: Wired::low(coil), door: Some(Wired::low(door)), item: None };
    let bank = PinBank::new([channel(first, pins.gpb0), channel(second, pins.gpb1)]).unwrap();
    drop(bank);
    i2c.done();
}

struct SoftwareRig(World);

fn cabinet(boards: [impl locker_hal::Board; 2]) -> Cabinet {
    let mut builder = Cabinet::builder();
    for ((wire, skip), board) in (0..).zip([0, usize::from(BOXES)]).zip(boards) {
        let there = builder.board(WireNo(wire), board);
        builder.accept_software_pulse(there);
        builder.wire_boxes(there, BoxNo::first(2 * BOXES).skip(skip).take(usize::from(BOXES)));
    }
    builder.build().unwrap()
}

#[async_trait]
impl Rig for SoftwareRig {
    async fn start(&mut self) -> Box<dyn Bus> {
        let board = |chip| {
            let clock = self.0.clock.clone();
            let wait = move |ms: u16| {
                clock.advance(ms.into());
                ready(())
            };
            SoftwarePulse::new(self.0.bank(chip).unwrap(), wait)
        };
        Box::new(cabinet([board(0), board(1)]))
    }

    fn clock(&self) -> VirtualClock {
        self.0.clock.clone()
    }

    fn boxes(&self) -> Vec<BoxNo> {
        World::boxes()
    }

    fn can(&self, ability: Ability) -> bool {
        !matches!(ability, Ability::LoseAcknowledgements | Ability::CutAPulseShort)
    }

    async fn act(&mut self, deed: Deed) {
        self.0.act(deed);
    }

    async fn energised(&mut self) -> Vec<Energised> {
        self.0.energised()
    }
}

/// A guard that outlives its kiosks, on a real socket. The runtime's time stands still but for what the suite's clock moves.
struct GuardedRig {
    world: World,
    dir: tempfile::TempDir,
    guard: tokio::task::JoinHandle<()>,
}

impl GuardedRig {
    async fn new() -> Self {
        let (world, dir) = (World::new(), tempfile::tempdir().unwrap());
        let mut guard = Guard::new(|_, _| {});
        for chip in 0..2 {
            guard.board(world.bank(chip).unwrap());
        }
        let listener = Guard::listen(dir.path().join("guard.sock")).unwrap();
        let guard = tokio::spawn(guard.serve(listener, std::future::pending()));
        Self { world, dir, guard }
    }
}

impl Drop for GuardedRig {
    fn drop(&mut self) {
        self.guard.abort();
    }
}

#[async_trait]
impl Rig for GuardedRig {
    async fn start(&mut self) -> Box<dyn Bus> {
        let socket = self.dir.path().join("guard.sock");
        let board = |no| GuardedBoard::new(&socket, no, BoardSpec::prompt(BOXES));
        Box::new(InStep { cabinet: cabinet([board(0), board(1)]), before: self.world.clock.now() })
    }

    fn clock(&self) -> VirtualClock {
        self.world.clock.clone()
    }

    fn boxes(&self) -> Vec<BoxNo> {
        World::boxes()
    }

    fn can(&self, ability: Ability) -> bool {
        ability != Ability::LoseAcknowledgements
    }

    async fn act(&mut self, deed: Deed) {
        self.world.act(deed);
    }

    async fn energised(&mut self) -> Vec<Energised> {
        self.world.energised()
    }
}

/// Moves the runtime's time by what the suite's clock has moved since the cycle before.
struct InStep {
    cabinet: Cabinet,
    before: Mono,
}

#[async_trait]
impl Bus for InStep {
    async fn cycle(&mut self, wanted: &DynWanted, clock: &DynClock) -> Readings {
        let passed = clock.now().since(self.before);
        self.before = clock.now();
        tokio::time::advance(Duration::from_millis(passed)).await;
        self.cabinet.cycle(wanted, clock).await
    }

    async fn all_off(&mut self) {
        self.cabinet.all_off().await;
    }
}
