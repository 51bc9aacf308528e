//! What a machine gets to see of each fault, through the cabinet that real hardware has too.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use locker_hal::{Boot, Bus, Cabinet, Clock, Edge, Item, Pulse, PulseOutcome, Readings, VirtualClock};
use locker_hal_sim::{BoxNo, Coil, Door, Fault, Mono, Outputs, PulseId, Sim, SimCommand, SimConfig};

fn box_no(number: u8) -> BoxNo {
    BoxNo::new(number).unwrap()
}

struct Bench {
    sim: Sim,
    bus: Cabinet,
    clock: VirtualClock,
    pulse: Option<Pulse>,
    last: Readings,
}

impl Bench {
    /// A cabinet whose doors have settled; the clock shows 2,000.
    async fn settled(config: SimConfig) -> Self {
        let clock = VirtualClock::default();
        let sim = Sim::new(config, clock.clone());
        let mut bench = Self {
            bus: sim.cabinet().unwrap(),
            sim,
            clock,
            pulse: None,
            last: Readings::new(Mono(0), Vec::new()),
        };
        bench.pass(2_000).await;
        bench
    }

    async fn pass(&mut self, ms: u64) {
        for _ in 0..ms / 50 {
            self.clock.advance(50);
            let mut outputs = Outputs::all_off(self.clock.now());
            outputs.pulse = self.pulse;
            self.last = self.bus.cycle(&outputs, &self.clock).await;
        }
    }

    fn hurt(&self, fault: Fault) {
        self.sim.command(SimCommand::Hurt { fault }).unwrap();
    }

    fn want(&mut self, n: u32, number: u8) {
        self.pulse = Some(Pulse {
            id: PulseId { boot: Boot(1), n },
            box_no: box_no(number),
            length_ms: 500,
            not_after: self.clock.now().after(5_000),
        });
    }

    fn seen(&self, number: u8) -> Option<(Door, Item)> {
        self.last.of(box_no(number)).map(|there| (there.door, there.item))
    }

    fn outcome(&self) -> Option<PulseOutcome> {
        self.last.pulse.map(|report| report.outcome)
    }
}

#[tokio::test]
async fn box_01_every_sensor_fault_reaches_the_readings() {
    let faults = Fault::of_box(box_no(3));
    let expected = [
        (Door::Closed, Item::Absent),
        (Door::Open, Item::Absent),
        (Door::Closed, Item::Absent),
        (Door::Unknown, Item::Absent),
        (Door::Open, Item::Absent), // unsteady: seen open once, never at rest again
        (Door::Closed, Item::Present),
        (Door::Closed, Item::Absent),
        (Door::Closed, Item::Unknown),
    ];
    for (fault, expected) in faults.into_iter().zip(expected) {
        let mut bench = Bench::settled(SimConfig::default()).await;
        bench.hurt(fault);
        bench.pass(5_000).await;
        assert_eq!(bench.seen(3), Some(expected), "{fault:?}");
        assert_eq!(bench.seen(4), Some((Door::Closed, Item::Absent)), "the next box is well");
    }
}

#[tokio::test]
async fn box_07_a_bouncing_contact_makes_one_edge_per_move() {
    let config = SimConfig { bounce_ms: 45, bounce_period_ms: 1, ..SimConfig::default() };
    let mut bench = Bench::settled(config).await;
    bench.want(1, 3);
    bench.pass(1_000).await;
    bench.sim.command(SimCommand::Close { box_no: box_no(3) }).unwrap();
    bench.pass(1_500).await;
    let edge = |n, at, to| Edge { n, box_no: box_no(3), at: Mono(at), to };
    // Fired at 2,050, open at 2,130 (and read as open by chance while it bounces), shut at 3,000.
    assert_eq!(bench.last.edges, [edge(1, 2_150, Door::Open), edge(2, 3_050, Door::Closed)]);
}

#[tokio::test]
async fn box_03_a_box_whose_sensor_says_open_is_fired_and_opens() {
    let mut bench = Bench::settled(SimConfig::default()).await;
    bench.hurt(Fault::DoorStuckOpen { box_no: box_no(3) });
    bench.pass(200).await;
    bench.want(1, 3);
    bench.pass(200).await;
    assert_eq!(bench.sim.state().of(box_no(3)).unwrap().door, Door::Open);
}

#[tokio::test]
async fn box_02_every_board_fault_reaches_the_report() {
    let outcomes = [
        None, // dead: it stays undecided as long as its time allows
        Some(PulseOutcome::Unanswered),
        Some(PulseOutcome::Unanswered),
        Some(PulseOutcome::NotDriven),
        None, // noise: the board counts as dead
    ];
    for (fault, outcome) in Fault::of_board(0).into_iter().zip(outcomes) {
        let mut bench = Bench::settled(SimConfig::default()).await;
        bench.hurt(fault);
        bench.pass(1_000).await;
        bench.want(1, 3);
        bench.pass(4_900).await;
        assert_eq!(bench.outcome(), outcome, "{fault:?}");
        bench.pass(200).await;
        assert_eq!(bench.outcome(), outcome.or(Some(PulseOutcome::NotDriven)), "{fault:?}");
        let fired = usize::from(outcome == Some(PulseOutcome::Unanswered));
        assert_eq!(bench.sim.state().fired.len(), fired, "{fault:?}");
    }
}

#[tokio::test]
async fn box_04_box_12_replies_that_are_lost_late_or_anothers_never_fire_twice_and_hide_no_door() {
    for fault in Fault::of_replies(0) {
        let mut bench = Bench::settled(SimConfig::default()).await;
        bench.hurt(fault);
        bench.pass(1_000).await;
        assert_eq!(bench.seen(9), Some((Door::Closed, Item::Absent)), "{fault:?}: the other board is well");
        bench.want(1, 3);
        bench.pass(4_900).await;
        let is_anothers = matches!(fault, Fault::WrongAddress { .. });
        assert_eq!(bench.sim.state().fired.len(), usize::from(!is_anothers), "{fault:?}");
        let expected = (!is_anothers).then_some((Door::Open, Item::Absent));
        assert_eq!(bench.seen(3), expected, "{fault:?}: missing, or as it is in the end");
        bench.sim.command(SimCommand::HealAll).unwrap();
        bench.pass(7_000).await;
        let door = if is_anothers { Door::Closed } else { Door::Open };
        assert_eq!(bench.seen(3), Some((door, Item::Absent)), "{fault:?}");
    }
}

#[tokio::test]
async fn box_02_box_06_what_a_board_says_of_doors_it_says_of_another_or_the_opposite() {
    let (open, closed) = (Door::Open, Door::Closed);
    // What is said of boxes 3 and 4 before box 3 is fired, and when it stands open; its board has eight boxes.
    let cases = [
        (Fault::OtherBox { board: 0 }, [closed, closed], [closed, open], PulseOutcome::Unanswered),
        (Fault::PolarityFlipped { board: 0 }, [open, open], [closed, open], PulseOutcome::Accepted),
        (Fault::OpenForEver { board: 0 }, [open, open], [open, open], PulseOutcome::Accepted),
    ];
    for (fault, before, after, outcome) in cases {
        let mut bench = Bench::settled(SimConfig::default()).await;
        let said = |bench: &Bench| [3, 4, 9].map(|number| bench.seen(number).unwrap().0);
        bench.hurt(fault);
        bench.pass(1_500).await;
        assert_eq!(said(&bench), [before[0], before[1], closed], "{fault:?}: the other board is well");
        bench.want(1, 3);
        bench.pass(1_500).await;
        assert_eq!(said(&bench), [after[0], after[1], closed], "{fault:?}");
        assert_eq!(bench.outcome(), Some(outcome), "{fault:?}");
        assert_eq!(bench.sim.state().of(box_no(3)).unwrap().door, open, "{fault:?}: what was fired is open");
        bench.sim.command(SimCommand::HealAll).unwrap();
        bench.pass(1_500).await;
        assert_eq!(said(&bench), [open, closed, closed], "{fault:?}");
    }
    let mut bench = Bench::settled(SimConfig { boxes: 9, ..SimConfig::default() }).await;
    bench.hurt(Fault::OtherBox { board: 1 });
    bench.sim.command(SimCommand::Pry { box_no: box_no(9) }).unwrap();
    bench.pass(200).await;
    assert_eq!(bench.seen(9).map(|(door, _)| door), Some(open), "of one box there is no other");
}

#[tokio::test]
async fn box_08_box_12_a_board_that_dies_freezes_or_is_cut_off_is_missing_and_what_it_leaves_on_is_its_own_doing()
 {
    // How long the coil was on, and the doors then and in the end.
    let cases = [
        (Fault::DiesWhileOn { board: 0 }, 50, Door::Closed),
        (Fault::BoardFrozen { board: 0 }, 5_000, Door::Open),
        (Fault::HangUp { board: 0 }, 500, Door::Open),
    ];
    for (fault, lasts, door) in cases {
        let mut bench = Bench::settled(SimConfig::default()).await;
        bench.want(1, 3);
        let dies = matches!(fault, Fault::DiesWhileOn { .. });
        if dies {
            bench.hurt(fault);
        }
        bench.pass(50).await;
        if !dies {
            bench.hurt(fault);
        }
        bench.pass(4_900).await;
        assert_eq!(bench.seen(3), None, "{fault:?}: missing");
        assert!(bench.seen(9).is_some(), "{fault:?}: the other board is well");
        bench.pulse = None;
        bench.pass(100).await;
        bench.sim.command(SimCommand::HealAll).unwrap();
        bench.pass(7_000).await;
        assert_eq!(bench.seen(3).map(|(door, _)| door), Some(door), "{fault:?}");
        let fired = bench.sim.state().fired;
        assert_eq!(fired.len(), 1, "{fault:?}: nothing fires when it comes back");
        assert_eq!(fired[0].until.since(fired[0].from), lasts, "{fault:?}");
    }
}

#[tokio::test]
async fn box_08_no_byte_goes_to_a_board_whose_adapter_is_gone() {
    let mut bench = Bench::settled(SimConfig::default()).await;
    bench.hurt(Fault::HangUp { board: 0 });
    bench.want(1, 3);
    bench.pass(50).await;
    assert_eq!(bench.outcome(), Some(PulseOutcome::NotDriven));
    assert!(bench.sim.state().fired.is_empty());
}

#[tokio::test]
async fn box_08_relays_that_are_on_when_the_power_comes_are_let_go_however_short_it_was_away() {
    for away_ms in [50, 3_000] {
        let mut bench = Bench::settled(SimConfig::default()).await;
        bench.hurt(Fault::RelaysOnAtPowerUp { board: 0 });
        bench.hurt(Fault::BoardDead { board: 0 });
        bench.pass(away_ms).await;
        bench.sim.command(SimCommand::Heal { fault: Fault::BoardDead { board: 0 } }).unwrap();
        let on = |bench: &Bench| bench.sim.state().boxes.iter().filter(|one| one.coil == Coil::On).count();
        assert_eq!(on(&bench), 8);
        bench.pass(5_000).await;
        assert_eq!(on(&bench), 0, "away for {away_ms} ms");
    }
}

#[tokio::test]
async fn box_12_half_the_cabinet_dies_and_the_other_half_serves() {
    let mut bench = Bench::settled(SimConfig::default()).await;
    bench.hurt(Fault::BoardDead { board: 0 });
    bench.pass(1_000).await;
    let seen: Vec<u8> = bench.last.boxes.iter().map(|there| there.box_no.get()).collect();
    assert_eq!(seen, [9, 10, 11, 12, 13, 14, 15, 16]);
    bench.want(1, 9);
    bench.pass(200).await;
    assert_eq!(bench.seen(9), Some((Door::Open, Item::Absent)));
}

#[tokio::test]
async fn box_07_edges_of_an_unsteady_sensor_are_bounded_and_end_at_the_level() {
    let config = SimConfig::default();
    let mut bench = Bench::settled(config).await;
    for _ in 0..1_000 {
        for command in [SimCommand::Pry { box_no: box_no(3) }, SimCommand::Close { box_no: box_no(3) }] {
            bench.sim.command(command).unwrap();
            bench.pass(1_100).await;
        }
    }
    assert_eq!(bench.last.edges.len(), 1_024);
    assert_eq!(bench.last.edges[0].n, 1);
    assert_eq!(bench.last.edges[1_023].to, Door::Closed);
    assert_eq!(bench.bus.edges_lost(), 2_000 - 1_024);
}

#[tokio::test]
async fn box_07_a_contact_that_flutters_opens_once_and_comes_back_five_times_in_two_seconds() {
    let mut bench = Bench::settled(SimConfig::default()).await;
    let begun = bench.clock.now().0;
    bench.hurt(Fault::DoorUnsteady { box_no: box_no(3) });
    bench.pass(2_100).await;
    assert_eq!(bench.seen(3).map(|(door, _)| door), Some(Door::Open));
    let sides: Vec<Door> = bench.last.edges.iter().map(|edge| edge.to).collect();
    assert_eq!(sides, [Door::Open; 6]);
    let first = bench.last.edges[0].at.0;
    assert!((begun..=begun + 400).contains(&first), "begun {begun}, opened {first}");
    let mut returns = bench.last.edges[1..].windows(2);
    assert!(returns.all(|pair| pair[1].at.since(pair[0].at) == 400));
}
