//! Every invariant is broken once, by a locker, a cabinet or a messenger that lies in one precise way, and somebody notices.
#![cfg(feature = "world")]
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use locker_core::screen::{Screen, Text};
use locker_core::*;
use locker_hal_sim::world::{INVARIANTS, Lie, Mishap, World, WorldPlan};

type Records = Vec<Stamped<Record>>;
type Rewrite = Box<dyn FnMut(&mut Records)>;

/// With `ANY_WORLD=20` the lies are told in that many whole worlds as `locker-sim run` draws them, not in small ones that suit the
/// lie: to see how many it takes, and how many of all notice.
fn any_worlds() -> Option<u64> {
    std::env::var("ANY_WORLD").ok().and_then(|text| text.parse().ok())
}

/// Which rule notices the lie in this world, if one does.
fn noticed(plan: WorldPlan, lie: impl Lie + 'static) -> Option<&'static str> {
    let mut world = World::new(plan);
    world.stage_mut().tell_lies(Box::new(lie));
    world.live();
    if world.violation().is_none() {
        world.heal();
    }
    world.violation().map(|violation| violation.rule)
}

/// A small world with these kinds of mishap.
fn small(mishaps: &[Mishap]) -> WorldPlan {
    WorldPlan { visits: 8, boxes: 8, mishaps: mishaps.iter().copied().collect(), ..WorldPlan::default() }
}

/// Runs worlds of seed after seed with a lie in each, until this rule is the first to notice one: how many it took.
fn found<L: Lie + 'static>(rule: &str, plan: &WorldPlan, lie: impl Fn() -> L) -> u64 {
    let first = (0..20).find(|seed| noticed(WorldPlan { seed: *seed, ..plan.clone() }, lie()) == Some(rule));
    first.expect("20 worlds, and this rule noticed nothing first") + 1
}

/// Tells the lie in so many whole worlds, each with a seed of its own from 0 on.
fn tell_everywhere<L: Lie + 'static>(worlds: u64, lie: impl Fn() -> L) {
    let by: Vec<_> = (0..worlds).map(|seed| noticed(WorldPlan::of_seed(seed), lie())).collect();
    let first = by.iter().position(Option::is_some).map(|n| n + 1);
    let rules: BTreeSet<_> = by.iter().flatten().collect();
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let count = by.iter().flatten().count();
    println!("first noticed in world {first:?}, in {count} of {worlds}, by {rules:?}: {test}");
    assert!(count > 0, "{worlds} worlds and nobody noticed");
}

#[track_caller]
fn is_noticed<L: Lie + 'static>(rule: &'static str, mishaps: &[Mishap], lie: impl Fn() -> L) {
    is_noticed_in(rule, &small(mishaps), lie);
}

#[track_caller]
fn is_noticed_in<L: Lie + 'static>(rule: &'static str, plan: &WorldPlan, lie: impl Fn() -> L) {
    assert!(INVARIANTS.iter().any(|(name, _)| *name == rule));
    if let Some(worlds) = any_worlds() {
        return tell_everywhere(worlds, lie);
    }
    let seeds = found(rule, plan, lie);
    println!("{rule}: noticed in world {seeds}");
}

/// Writes other records than were decided.
struct Writes(Option<Rewrite>);

impl Lie for Writes {
    fn rewrite(&mut self) -> Option<Rewrite> {
        self.0.take()
    }
}

fn writes(change: impl FnMut(&mut Record) + 'static) -> Writes {
    let mut change = change;
    Writes(Some(Box::new(move |records| {
        for stamped in records {
            change(&mut stamped.record);
        }
    })))
}

#[test]
fn the_same_worlds_without_a_lie_are_sound() {
    for seed in 0..4 {
        let mishaps = [Mishap::People, Mishap::Thieves].into_iter().collect();
        let plan = WorldPlan { seed, visits: 8, boxes: 8, mishaps, ..WorldPlan::default() };
        assert_eq!(World::run(plan).violation, None);
    }
}

#[test]
fn safe_02_a_disk_that_forgets_what_it_said_was_written_is_noticed() {
    struct Forgets;
    impl Lie for Forgets {
        fn disk_forgets(&self) -> bool {
            true
        }
    }
    is_noticed("SAFE-2", &[Mishap::PowerCut], || Forgets);
}

#[test]
fn safe_02_a_start_that_forgets_the_box_in_use_is_noticed() {
    let forgets = || {
        writes(|record| {
            if let Record::BoxToCheck { box_no, reason: CheckReason::Interrupted, .. } = *record {
                *record = Record::BoxKept { box_no };
            }
        })
    };
    is_noticed("SAFE-2", &[Mishap::Crash, Mishap::Kill, Mishap::PowerCut], forgets);
}

#[test]
fn safe_03_a_locker_that_books_another_key_as_taken_is_noticed() {
    is_noticed("SAFE-3", &[], || {
        writes(|record| {
            if let Record::KeyTaken { visit, .. } = record {
                visit.0 += 100;
            }
        })
    });
}

#[test]
fn box_03_a_bus_that_never_hears_of_a_pulse_is_noticed() {
    struct Deaf;
    impl Lie for Deaf {
        fn outputs(&mut self, outputs: &mut Outputs) {
            outputs.pulse = None;
        }
    }
    is_noticed("BOX-3", &[], || Deaf);
}

/// Fires by itself.
#[derive(Default)]
struct Fires {
    /// Keeps the wanted pulse from the bus.
    takes: bool,
    length_ms: Option<u16>,
    /// How long it waits.
    after_ms: u64,
    taken: Option<Pulse>,
    at: Mono,
    wanted_at: Mono,
}

impl Lie for Fires {
    fn outputs(&mut self, outputs: &mut Outputs) {
        self.at = outputs.at;
        if let Some(pulse) = outputs.pulse {
            if self.taken.is_none() {
                self.taken = Some(pulse);
                self.wanted_at = outputs.at;
            }
            if self.takes {
                outputs.pulse = None;
            }
        }
    }

    fn fires(&mut self, _outputs: &Outputs) -> Option<Pulse> {
        let pulse = self.taken?;
        if self.at.since(self.wanted_at) < self.after_ms {
            return None;
        }
        self.taken = None;
        Some(Pulse { length_ms: self.length_ms.unwrap_or(pulse.length_ms), ..pulse })
    }
}

#[test]
fn box_08_a_coil_that_is_on_for_longer_than_2_s_is_noticed() {
    is_noticed("BOX-8", &[], || Fires { takes: true, length_ms: Some(2_500), ..Fires::default() });
}

/// Relays that came on by themselves with their board's power.
#[test]
fn box_08_relays_that_nobody_lets_go_are_noticed() {
    struct Keeps;
    impl Lie for Keeps {
        fn keeps_relays_on(&self) -> bool {
            true
        }
    }
    is_noticed("BOX-8", &[Mishap::BoardFault], || Keeps);
}

/// A fault that excuses coils which come on by themselves excuses no others.
#[test]
fn box_10_a_coil_that_comes_on_as_relays_do_without_its_boards_power_is_noticed() {
    #[derive(Default)]
    struct Springs(u32);
    impl Lie for Springs {
        fn fires(&mut self, outputs: &Outputs) -> Option<Pulse> {
            self.0 += 1;
            let (id, box_no) = (PulseId::default(), BoxNo::new(1).unwrap());
            self.0.is_multiple_of(40).then_some(Pulse { id, box_no, length_ms: 500, not_after: outputs.at })
        }
    }
    is_noticed("BOX-10", &[Mishap::BoardFault, Mishap::PowerCut], Springs::default);
}

#[test]
fn box_10_a_coil_that_is_energised_for_nobody_is_noticed() {
    #[derive(Default)]
    struct Springs(u32);
    impl Lie for Springs {
        fn fires(&mut self, outputs: &Outputs) -> Option<Pulse> {
            self.0 += 1;
            let id = PulseId { boot: Boot(1), n: 900 + self.0 };
            let box_no = BoxNo::new(1).unwrap();
            (self.0 == 40).then_some(Pulse { id, box_no, length_ms: 500, not_after: outputs.at })
        }
    }
    is_noticed("BOX-10", &[], Springs::default);
}

#[test]
fn a_pulse_that_is_driven_twice_is_noticed() {
    is_noticed("pulse.once", &[], Fires::default);
}

#[test]
fn a_pulse_that_is_driven_after_its_lease_is_noticed() {
    is_noticed("pulse.lease", &[], || Fires { takes: true, after_ms: 9_000, ..Fires::default() });
}

#[test]
fn box_11_a_box_that_is_assigned_although_it_holds_a_key_is_noticed() {
    is_noticed("BOX-11", &[], || {
        let mut full = None;
        writes(move |record| match record {
            Record::KeyDropped { box_no, .. } => full = Some(*box_no),
            Record::KeyTaken { .. } => full = None,
            Record::BoxReserved { box_no, .. } => *box_no = full.unwrap_or(*box_no),
            _ => {}
        })
    });
}

#[test]
fn code_02_a_code_that_outlives_its_drop_is_noticed() {
    is_noticed("CODE-2", &[], || {
        writes(|record| {
            if let Record::CodeDied { code, why: Death::Used } = *record {
                *record = Record::CodeReleased { code };
            }
        })
    });
}

#[test]
fn code_04_wrong_codes_that_lock_nothing_are_noticed() {
    is_noticed("CODE-4", &[Mishap::Thieves], || {
        writes(|record| {
            if let Record::CodesLocked { .. } = record {
                *record = Record::JournalTorn {};
            }
        })
    });
}

#[test]
fn code_08_a_box_that_opens_for_a_temporary_pin_that_was_not_accepted_is_noticed() {
    is_noticed("CODE-8", &[Mishap::People], || {
        let mut made = BTreeSet::new();
        writes(move |record| match record {
            Record::TemporaryMade { code, .. } => drop(made.insert(*code)),
            Record::CodeAccepted { code, .. } if made.contains(code) => *record = Record::JournalTorn {},
            _ => {}
        })
    });
}

#[test]
fn code_09_a_step_that_is_long_over_is_noticed() {
    is_noticed("CODE-9", &[Mishap::People], || {
        writes(|record| {
            if let Record::TotpAccepted { step, .. } = record {
                *step -= 3;
            }
        })
    });
}

#[test]
fn drop_15_a_pin_that_is_spent_before_confirm_is_noticed() {
    is_noticed("DROP-15", &[], || {
        let mut accepted = None;
        writes(move |record| match record {
            Record::CodeAccepted { code, .. } => accepted = Some(*code),
            Record::PulseReported { .. } => {
                if let Some(code) = accepted.take() {
                    *record = Record::CodeDied { code, why: Death::Used };
                }
            }
            _ => {}
        })
    });
}

#[test]
fn drop_19_another_box_than_the_one_kept_is_noticed() {
    is_noticed("DROP-19", &[], || {
        writes(|record| {
            if let Record::PulseGranted { box_no, user: None, .. } = record {
                *box_no = BoxNo::new(if box_no.get() == 8 { 1 } else { box_no.get() + 1 }).unwrap();
            }
        })
    });
}

#[test]
fn staff_drop_04_a_pin_to_pick_up_a_key_that_nobody_dropped_is_noticed() {
    is_noticed("STAFF-DROP-4", &[], || {
        writes(|record| {
            if let Record::CodeMade { origin, .. } = record {
                *origin = Origin::PickUp;
            }
        })
    });
}

#[test]
fn pick_02_a_pick_up_pin_that_opens_another_box_is_noticed() {
    is_noticed("PICK-2", &[], || {
        let (mut to_pick_up, mut wrong) = (BTreeSet::new(), false);
        writes(move |record| match record {
            Record::CodeMade { code, origin: Origin::PickUp, .. } => drop(to_pick_up.insert(*code)),
            Record::CodeAccepted { code, .. } => wrong = to_pick_up.contains(code),
            Record::PulseGranted { box_no, user: None, .. } if wrong => {
                *box_no = BoxNo::new(if box_no.get() == 8 { 1 } else { box_no.get() + 1 }).unwrap();
            }
            _ => {}
        })
    });
}

#[test]
fn safe_05_a_name_outside_its_seal_is_noticed() {
    is_noticed("sealed", &[], || {
        writes(|record| {
            if let Record::LookupMissed { .. } | Record::MessageSent { .. } = record {
                let step = String::from("Zqara Driver");
                *record = Record::HelpCalled { help: HelpId(9), session: None, step };
            }
        })
    });
}

#[test]
fn safe_05_a_key_that_is_called_destroyed_and_kept_is_noticed() {
    struct Keeps;
    impl Lie for Keeps {
        fn keeps_keys(&self) -> bool {
            true
        }
    }
    is_noticed("SAFE-5", &[], || Keeps);
}

/// An office whose journal says something else than it decided.
struct OfficeWrites(fn(&mut office::Record));

impl Lie for OfficeWrites {
    fn rewrite_office(&mut self) -> Option<Box<dyn FnMut(&mut Vec<Stamped<office::Record>>)>> {
        let change = self.0;
        Some(Box::new(move |records| records.iter_mut().for_each(|stamped| change(&mut stamped.record))))
    }
}

#[test]
fn safe_05_an_office_that_forgets_whom_it_began_to_erase_is_noticed() {
    let forgets = || {
        OfficeWrites(|record| {
            if let office::Record::Erased { .. } = record {
                *record = office::Record::WishDone { wish: 0 };
            }
        })
    };
    // The running office knows better; its journal does not.
    is_noticed("converges", &[], forgets);
}

/// Weeks in which hardly anything happens but that a key waits.
fn weeks() -> WorldPlan {
    WorldPlan { days: 34, visits: 3, ..small(&[]) }
}

#[test]
fn pick_04_a_location_that_is_not_told_of_a_key_that_waits_for_30_days_is_noticed() {
    let is_silent = || {
        OfficeWrites(|record| {
            if let office::Record::UncollectedTold { .. } = record {
                *record = office::Record::WishDone { wish: 0 };
            }
        })
    };
    is_noticed_in("PICK-4", &weeks(), is_silent);
}

#[test]
fn pick_04_a_location_that_is_told_of_another_key_is_noticed() {
    let mistakes = || {
        OfficeWrites(|record| {
            if let office::Record::UncollectedTold { visit, .. } = record {
                visit.0 += 90;
            }
        })
    };
    is_noticed_in("PICK-4", &weeks(), mistakes);
}

#[test]
fn pick_05_a_box_that_opens_although_its_key_is_on_hold_is_noticed() {
    is_noticed("PICK-5", &[], || {
        writes(|record| {
            if let Record::VisitPut { visit } = record {
                visit.on_hold = true;
            }
        })
    });
}

#[test]
fn a_message_that_is_thrown_away_and_called_sent_is_noticed() {
    struct Loses;
    impl Lie for Loses {
        fn loses_mail(&mut self) -> bool {
            true
        }
    }
    is_noticed("message", &[], || Loses);
}

#[test]
fn a_screen_that_greets_by_name_before_the_pin_is_noticed() {
    struct Greets;
    impl Lie for Greets {
        fn screen(&self, screen: &mut Screen) {
            if screen.id == "drop.contact" {
                screen.lines.push(Text::new("words").with("words", "Zqara Driver"));
            }
        }
    }
    is_noticed("screen", &[], || Greets);
}

#[test]
fn a_locker_that_never_learns_the_newest_settings_is_noticed() {
    let told = Rc::new(RefCell::new(0));
    is_noticed("converges", &[], move || {
        let told = Rc::clone(&told);
        writes(move |record| {
            if let Record::DesiredApplied { revision, .. } = record {
                *told.borrow_mut() += 1;
                *revision -= 1;
            }
        })
    });
}
