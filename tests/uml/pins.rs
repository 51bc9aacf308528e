//! What the pins of a real kernel do under our driver, our guard and the whole kiosk: run as root in the guest of
//! `tests/tests/gpio_uml.rs`, where the pins are `gpio-sim`'s and an MCP23017 that is a piece of memory.
//!
//! `uml-pins KIOSK FOLDER`: the kiosk's program, and a folder with its `kiosk.toml` and `seed.json`. Says a line for each check.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a helper of tests, in real time")]

use std::fs::{self, read_to_string, write};
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use locker_hal::gpio::{Active, Bias, Line, LineBank, LineChannel, LineOptions};
use locker_hal::guard::{Guard, GuardedBoard};
use locker_hal::{
    Board, BoardSpec, BoxNo, Cabinet, Channel, Door, Item, Mono, Outputs, SoftwarePulse, Switched, WireNo,
    run_bus,
};
use locker_tests::walk::Walker;
use tokio::sync::{mpsc, watch};

const TRACING: &str = "/sys/kernel/tracing";
/// The lines of one simulated chip: coils from 0, doors from 4, items from 8.
const LINES: u32 = 12;
const CHANNELS: u32 = 4;
const OPTIONS: LineOptions = LineOptions { bias: Bias::AsIs, debounce_ms: 0 };

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    for event in ["gpio", "smbus"] {
        write(format!("{TRACING}/events/{event}/enable"), "1").unwrap();
    }
    let checks: [(&str, fn()); 12] = [
        ("the trace shows an output that begins on", trace_shows_on),
        ("coils are off before they are outputs", off_before_output),
        ("low means on where it is said so", active_low),
        ("all coils are let go at the end", off_at_drop),
        ("a line that somebody holds is said to be held, and by whom", busy),
        ("a chip that is not there is said not to be", missing),
        ("resistors are switched in", bias),
        ("the kernel debounces", debounce),
        ("levels are read, however many edges there were", edges),
        ("a door that moves is read at once, between two polls", told_of_edges),
        ("and so is one behind the guard", told_through_the_guard),
        ("an expander's latch is written before its direction", expander),
    ];
    for (name, check) in checks {
        told(name, check);
    }
    let (kiosk, folder) = (arguments[1].as_str(), Path::new(&arguments[2]));
    let mut locker = OnPins::start(kiosk, folder);
    told("a key is dropped and picked up: the whole kiosk, its guard, and hands at the doors", || {
        dropped_and_picked_up(&mut locker);
    });
    told("a kiosk that is killed within a pulse: the guard lets go", || {
        killed_within_a_pulse(locker, kiosk, folder);
    });
}

fn told(name: &str, check: impl FnOnce()) {
    let done = catch_unwind(AssertUnwindSafe(check));
    println!("{} {name}", if done.is_ok() { "ok" } else { "FAILED" });
}

fn wait(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

fn now<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// A simulated chip; gone when it is dropped.
struct Chip {
    config: PathBuf,
    lines: PathBuf,
    path: PathBuf,
    /// The number of its line 0 in the trace.
    base: u32,
}

impl Chip {
    fn new(name: &str) -> Self {
        let config = Path::new("/sys/kernel/config/gpio-sim").join(name);
        fs::create_dir_all(config.join("bank0")).unwrap();
        write(config.join("bank0/num_lines"), LINES.to_string()).unwrap();
        write(config.join("live"), "1").unwrap();
        let read = |name: &str| read_to_string(config.join(name)).unwrap().trim().to_owned();
        let (device, chip) = (read("dev_name"), read("bank0/chip_name"));
        let lines = Path::new("/sys/devices/platform").join(&device).join(&chip);
        let path = Path::new("/dev").join(chip);
        Self { base: base_of(&lines), config, lines, path }
    }

    fn is_high(&self, line: u32) -> bool {
        read_to_string(self.lines.join(format!("sim_gpio{line}/value"))).unwrap().trim() == "1"
    }

    fn pull(&self, line: u32, high: bool) {
        let pull = if high { "pull-up" } else { "pull-down" };
        write(self.lines.join(format!("sim_gpio{line}/pull")), pull).unwrap();
    }

    /// Coils of relays that a low level switches on, with resistors that hold them off; switches to ground.
    fn bank(&self, options: LineOptions) -> LineBank {
        (0..CHANNELS).for_each(|line| self.pull(line, true));
        LineBank::new(&self.path, channels(), options)
    }
}

impl Drop for Chip {
    fn drop(&mut self) {
        write(self.config.join("live"), "0").unwrap();
        fs::remove_dir(self.config.join("bank0")).unwrap();
        fs::remove_dir(&self.config).unwrap();
    }
}

fn channels() -> Vec<LineChannel> {
    let low = |offset| Line { offset, active: Active::Low };
    let channel = |n| LineChannel {
        coil: low(n),
        door: Some(low(4 + n)),
        item: Some(Line { offset: 8 + n, active: Active::High }),
    };
    (0..CHANNELS).map(channel).collect()
}

/// The number of a chip's line 0.
fn base_of(chip: &Path) -> u32 {
    let gpio = fs::read_dir(chip.join("gpio")).or_else(|_| fs::read_dir(chip.join("../gpio"))).unwrap();
    let chips = gpio.map(|entry| entry.unwrap().path());
    let mut bases = chips.filter_map(|chip| read_to_string(chip.join("base")).ok());
    bases.next().unwrap().trim().parse().unwrap()
}

fn forget_trace() {
    write(format!("{TRACING}/trace"), "").unwrap();
}

/// What was done to a line since: `set 1`, `out`.
fn traced(number: u32) -> Vec<String> {
    let trace = read_to_string(format!("{TRACING}/trace")).unwrap();
    let of_line = |line: &str| {
        let (_, rest) = line.split_once(": gpio_")?;
        let (_, rest) = rest.split_once(": ")?;
        let done = rest.strip_prefix(&format!("{number} "))?;
        let done = done.split(" (").next()?.trim();
        (!done.starts_with("get")).then(|| done.to_owned())
    };
    trace.lines().filter_map(of_line).collect()
}

/// The check of the check: a line that is made an output in the old way begins low, and low is *on*.
fn trace_shows_on() {
    let chip = Chip::new("plain");
    chip.pull(0, true);
    forget_trace();
    let number = chip.base;
    write("/sys/class/gpio/export", number.to_string()).unwrap();
    write(format!("/sys/class/gpio/gpio{number}/direction"), "out").unwrap();
    let done = traced(number);
    write("/sys/class/gpio/unexport", number.to_string()).unwrap();
    assert!(done.contains(&"set 0".to_owned()), "{done:?}");
}

fn off_before_output() {
    let chip = Chip::new("off");
    let mut bank = chip.bank(OPTIONS);
    forget_trace();
    now(bank.all_off()).unwrap();
    for line in 0..CHANNELS {
        let done = traced(chip.base + line);
        assert_eq!(done.first().map(String::as_str), Some("set 1"), "line {line}: {done:?}");
        assert!(done.contains(&"out".to_owned()) && !done.contains(&"set 0".to_owned()), "{done:?}");
    }
}

fn active_low() {
    let chip = Chip::new("low");
    let mut bank = chip.bank(OPTIONS);
    (4..8).for_each(|line| chip.pull(line, line != 6));
    (8..12).for_each(|line| chip.pull(line, line == 9));
    now(bank.all_off()).unwrap();
    assert_eq!((0..CHANNELS).map(|line| chip.is_high(line)).collect::<Vec<_>>(), [true; 4]);
    now(bank.on(Channel(2))).unwrap();
    assert_eq!((0..CHANNELS).map(|line| chip.is_high(line)).collect::<Vec<_>>(), [true, true, false, true]);
    let levels = now(bank.read()).unwrap();
    let doors: Vec<Door> = levels.0.iter().map(|level| level.door.0).collect();
    assert_eq!(doors, [Door::Open, Door::Open, Door::Closed, Door::Open]);
    let items: Vec<Item> = levels.0.iter().map(|level| level.item.0).collect();
    assert_eq!(items, [Item::Absent, Item::Present, Item::Absent, Item::Absent]);
    now(bank.all_off()).unwrap();
    assert!(chip.is_high(2));
}

fn off_at_drop() {
    let chip = Chip::new("drop");
    let mut bank = chip.bank(OPTIONS);
    now(bank.all_off()).unwrap();
    now(bank.on(Channel(1))).unwrap();
    assert!(!chip.is_high(1));
    // With this a line that is only given back would stay on.
    forget_trace();
    drop(bank);
    assert_eq!(
        traced(chip.base + 1).first().map(String::as_str),
        Some("set 1"),
        "it is let go before it is given back"
    );
}

fn busy() {
    let chip = Chip::new("busy");
    let mut holder = chip.bank(OPTIONS);
    now(holder.all_off()).unwrap();
    now(holder.on(Channel(3))).unwrap();
    let mut second = LineBank::new(&chip.path, channels(), OPTIONS);
    let said = now(second.read()).unwrap_err().to_string();
    assert_eq!(said, format!("line 0 of {} is held by \"key-locker\"", chip.path.display()));
    assert!(now(second.all_off()).is_err());
    assert!(now(second.on(Channel(0))).is_err());
    assert!(!chip.is_high(3) && chip.is_high(0), "whoever holds it notices nothing");
    drop(holder);
    now(second.read()).unwrap();
    // One line among many, of somebody else.
    drop(second);
    write("/sys/class/gpio/export", (chip.base + 9).to_string()).unwrap();
    let mut third = LineBank::new(&chip.path, channels(), OPTIONS);
    let said = now(third.all_off()).unwrap_err().to_string();
    write("/sys/class/gpio/unexport", (chip.base + 9).to_string()).unwrap();
    assert_eq!(said, format!("line 9 of {} is held by \"sysfs\"", chip.path.display()));
    now(third.all_off()).unwrap();
}

fn missing() {
    let mut bank = LineBank::new("/dev/gpiochip99", channels(), OPTIONS);
    let said = now(bank.read()).unwrap_err().to_string();
    assert!(said.contains("/dev/gpiochip99") && said.contains("cannot be had"), "{said}");
}

fn bias() {
    for (bias, closed) in [(Bias::PullUp, false), (Bias::PullDown, true)] {
        let chip = Chip::new("bias");
        let mut bank = chip.bank(LineOptions { bias, debounce_ms: 0 });
        (4..8).for_each(|line| chip.pull(line, closed));
        let levels = now(bank.read()).unwrap();
        let is_closed: Vec<bool> = levels.0.iter().map(|level| level.door.0 == Door::Closed).collect();
        assert_eq!(is_closed, [closed; 4], "{bias:?}: nothing is connected");
        assert!((0..CHANNELS).all(|line| chip.is_high(line)), "{bias:?}: that is for inputs alone");
    }
}

fn door(bank: &mut LineBank) -> Door {
    now(bank.read()).unwrap().0[0].door.0
}

fn debounce() {
    let chip = Chip::new("bounce");
    let mut bank = chip.bank(LineOptions { bias: Bias::AsIs, debounce_ms: 50 });
    chip.pull(4, false);
    assert_eq!(door(&mut bank), Door::Closed);
    for _ in 0..5 {
        chip.pull(4, true);
        wait(5);
        assert_eq!(door(&mut bank), Door::Closed, "a contact that bounces");
        chip.pull(4, false);
        wait(5);
    }
    wait(200);
    assert_eq!(door(&mut bank), Door::Closed);
    chip.pull(4, true);
    assert_eq!(door(&mut bank), Door::Closed, "not yet");
    wait(200);
    assert_eq!(door(&mut bank), Door::Open);
}

fn edges() {
    let chip = Chip::new("edges");
    let mut bank = chip.bank(OPTIONS);
    for toggles in [10, 11, 1_000, 1_001] {
        for n in 1..=toggles {
            chip.pull(4, n % 2 == 1);
        }
        assert_eq!(door(&mut bank), if toggles % 2 == 1 { Door::Open } else { Door::Closed }, "{toggles}");
        chip.pull(4, false);
    }
}

/// A bus that polls once in a minute reads such a board when a door moves.
async fn reads_when_a_door_moves(chip: &Chip, board: impl Board) {
    let mut builder = Cabinet::builder();
    let there = builder.board(WireNo(0), board);
    builder.accept_software_pulse(there).wire_boxes(there, BoxNo::first(4));
    let began = Instant::now();
    let clock = move || Mono(u64::try_from(began.elapsed().as_millis()).unwrap());
    let (_outputs, latest) = watch::channel(Outputs::all_off(Mono(0)));
    let (offered, mut readings) = mpsc::channel(1);
    let minute = Duration::from_secs(60);
    let bus = tokio::spawn(run_bus(builder.build().unwrap(), clock, latest, offered, minute));
    readings.recv().await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let moved = Instant::now();
    chip.pull(4, true);
    let seen = tokio::time::timeout(Duration::from_secs(20), readings.recv()).await;
    assert!(seen.expect("it is read long before the minute is over").is_some());
    println!(
        "   read {} ms after it moved, where a poll comes once in a minute",
        moved.elapsed().as_millis()
    );
    bus.abort();
    let _ = bus.await;
}

fn told_of_edges() {
    let chip = Chip::new("told");
    let bank = chip.bank(OPTIONS);
    (4..8).for_each(|line| chip.pull(line, false));
    now(reads_when_a_door_moves(&chip, SoftwarePulse::new(bank, |_| std::future::ready(()))));
}

fn told_through_the_guard() {
    let chip = Chip::new("guarded");
    let bank = chip.bank(LineOptions { bias: Bias::AsIs, debounce_ms: 5 });
    (4..8).for_each(|line| chip.pull(line, false));
    now(async {
        let mut guard = Guard::new(|_, _| {});
        guard.board(bank);
        let socket = "/mnt/data/told.sock";
        tokio::spawn(guard.serve(Guard::listen(socket).unwrap(), std::future::pending()));
        reads_when_a_door_moves(&chip, GuardedBoard::new(socket, 0, BoardSpec::prompt(4))).await;
    });
}

/// An MCP23017 through the kernel's own driver. Register 0x00 is the direction, 0x14 the latch; every bit of the
/// direction is 1, an input, when the power comes.
fn expander() {
    let device = Path::new("/sys/bus/i2c/devices/0-0020");
    let chips = fs::read_dir(device).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let chip =
        chips.into_iter().find(|name| name.starts_with("gpiochip")).expect("the kernel has made it a chip");
    let mut bank = LineBank::new(Path::new("/dev").join(chip), channels(), OPTIONS);
    forget_trace();
    now(bank.all_off()).unwrap();
    let trace = read_to_string(format!("{TRACING}/trace")).unwrap();
    let writes: Vec<&str> = trace.lines().filter(|line| line.contains("smbus_write")).collect();
    let first = |register: &str| writes.iter().position(|line| line.contains(&format!(" c={register} ")));
    let (latch, direction) = (first("14"), first("0"));
    assert!(latch.is_some() && direction.is_some(), "{writes:#?}");
    assert!(latch < direction, "{writes:#?}");
    now(bank.on(Channel(2))).unwrap();
    now(bank.read()).unwrap();
    drop(bank);
}

/// A process that says when it is ready, and goes with its owner.
struct Running(Child);

impl Running {
    /// Starts the kiosk's program; gives what follows `ready` on its line.
    fn start(program: &str, folder: &Path, arguments: &[&str], ready: &str) -> (Self, String) {
        let mut command = Command::new(program);
        command.arg("--config").arg(folder.join("kiosk.toml")).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let said = lines.find_map(|line| Some(line.strip_prefix(ready)?.trim().to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        (Self(child), said.expect("it starts"))
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The coils that are on.
fn on(chip: &Chip) -> Vec<u32> {
    (0..CHANNELS).filter(|line| !chip.is_high(*line)).collect()
}

/// The kiosk and its guard, on the pins of a chip. Pulses last 2 s, so that there is time to kill the kiosk within one.
struct OnPins {
    process: Running,
    guard: Running,
    /// Whoever stands there: touches of one screen are numbered through.
    walker: Walker,
    chip: Chip,
}

impl OnPins {
    fn start(kiosk: &str, folder: &Path) -> Self {
        let chip = Chip::new("kiosk");
        (0..CHANNELS).for_each(|line| chip.pull(line, true));
        // All doors are shut: their switches pull to ground.
        (4..8).for_each(|line| chip.pull(line, false));
        let config = read_to_string(folder.join("kiosk.toml")).unwrap();
        write(folder.join("kiosk.toml"), config.replace("CHIP", chip.path.to_str().unwrap())).unwrap();
        let (guard, _) = Running::start(kiosk, folder, &["guard"], "guarding on ");
        let (process, address) = Running::start(kiosk, folder, &LISTEN, "listening on ");
        let walker = Walker::at_kiosk(address.parse().unwrap());
        within("it gets well", || walker.get("/healthz").is_ok_and(|reply| reply.is_ok()));
        // Doors count as shut once they have rested for a second.
        wait(2_000);
        Self { process, guard, walker, chip }
    }

    /// The lock lets go, the door springs open, a hand does what it came for, and the door is shut again.
    fn door_is_used(&self) -> u32 {
        within("a coil goes on", || !on(&self.chip).is_empty());
        let fired = on(&self.chip);
        assert_eq!(fired.len(), 1, "one coil at a time");
        let coil = fired[0];
        self.chip.pull(4 + coil, true);
        within("the coil is let go", || on(&self.chip).is_empty());
        wait(500);
        self.chip.pull(4 + coil, false);
        wait(500);
        coil
    }
}

const LISTEN: [&str; 2] = ["--listen", "127.0.0.1:0"];

/// Waits for what is to come within a minute.
fn within(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < until, "{what}");
        wait(1);
    }
}

fn dropped_and_picked_up(locker: &mut OnPins) {
    assert!(locker.walker.as_far_as_a_box("1-PIN-001").unwrap().is_some(), "a box opens");
    let coil = locker.door_is_used();
    assert!(locker.walker.press("confirm").unwrap());
    assert!(locker.walker.at("drop.thanks").unwrap().is_some(), "the key is in");
    assert!(locker.walker.press("done").unwrap());
    let opened = locker.walker.fetches("admin", "2468", "1-PIN-001").unwrap();
    assert!(opened.is_ok(), "{}", opened.body);
    assert_eq!(locker.door_is_used(), coil, "the box with the key");
    assert!(locker.walker.press("confirm").unwrap());
    assert!(locker.walker.at("pick.thanks").unwrap().is_some(), "the key is taken");
    assert!(locker.walker.press("done").unwrap());
    println!("   box {}, opened twice", coil + 1);
}

fn killed_within_a_pulse(locker: OnPins, kiosk: &str, folder: &Path) {
    let OnPins { mut process, guard, mut walker, chip } = locker;
    let said = now(LineBank::new(&chip.path, channels(), OPTIONS).read()).unwrap_err().to_string();
    assert!(said.contains("is held by"), "{said}");
    let walking = std::thread::spawn(move || walker.as_far_as_a_box("1-PIN-002"));
    within("a coil goes on", || !on(&chip).is_empty());
    wait(100);
    assert_eq!(on(&chip).len(), 1, "one coil at a time, and it is still on");
    let killed = Instant::now();
    process.kill();
    while !on(&chip).is_empty() {
        assert!(killed.elapsed() < Duration::from_secs(5), "the coil stays on");
        wait(1);
    }
    println!(
        "   the coil was let go {} ms after the kill, within a pulse of 2000 ms",
        killed.elapsed().as_millis()
    );
    assert!(killed.elapsed() < Duration::from_millis(1_000), "it was the pulse's end, not the kill");
    let _ = walking.join();
    // Started again it fires nothing, and the next kill finds nothing to let go.
    let (again, _) = Running::start(kiosk, folder, &LISTEN, "listening on ");
    let until = Instant::now() + Duration::from_secs(3);
    while Instant::now() < until {
        assert_eq!(on(&chip), [0; 0], "nothing is fired by a start");
        wait(5);
    }
    drop(again);
    drop(guard);
}
