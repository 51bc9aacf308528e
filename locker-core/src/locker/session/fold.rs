//! What tells two volatile halves apart, for a model checker that looks for states it has seen before (feature
//! `mocks`). Every field is named here: a new one does not compile until somebody has said whether it counts.

use core::hash::{Hash, Hasher};
use core::mem::discriminant;

use super::{
    Active, CodeCase, Doors, DropCase, Phase, PinEntry, Purpose, QrShown, Serving, Session, Stage, Step,
    Typed, Unrecorded,
};
use crate::locker::Locker;
use crate::locker::link::Linked;
use crate::locker::touch::LAST_SCREEN_MS;
use crate::machine::Machine;
use crate::screen::Text;
use crate::time::{Date, MINUTE, Mono, Now};

/// How far away days are told apart.
const DAYS: i32 = 31;

/// Whether a model has doors whose sensors flutter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flutter {
    /// It has: every change of a door within the last minute tells two states apart.
    Counts,
    /// It has not, and makes sure of it: no box is ever recorded as unsteady, so that past changes decide nothing.
    Never,
}

impl Locker {
    /// Folds the volatile half into `hasher`, with every time as its distance from `now`: two lockers whose folds and
    /// durable halves agree decide alike from here on. For tests only.
    ///
    /// Left out, because nothing is decided by them: numbers that only count up (generation, sessions, pulses, edges,
    /// touches), the bytes of a QR, when a lock was last fired, and when the latest readings were taken, as long as the
    /// host hands readings over in their order.
    pub fn fold_session(&self, now: &Now, flutter: Flutter, hasher: &mut impl Hasher) {
        self.frame().is_started().hash(hasher);
        let is_current = |active: &Active| *active.settings == self.durable().settings;
        Fold { now: *now, flutter, into: hasher }.session(self.frame().session(), is_current);
    }
}

struct Fold<'a, H> {
    now: Now,
    flutter: Flutter,
    into: &'a mut H,
}

impl<H: Hasher> Fold<'_, H> {
    fn put(&mut self, value: impl Hash) {
        value.hash(self.into);
    }

    /// A time of this boot, in the past or to come.
    fn time(&mut self, at: Mono) {
        self.put(self.now.mono.0.wrapping_sub(at.0));
    }

    fn times(&mut self, at: Option<Mono>) {
        self.put(at.map(|at| self.now.mono.0.wrapping_sub(at.0)));
    }

    /// A day, as its distance from today: a clock that goes back brings it nearer.
    fn day(&mut self, day: Option<Date>) {
        let today = self.now.today;
        self.put(day.map(|day| (-DAYS..=DAYS).find(|days| today.plus_days(*days) == day)));
    }

    fn session(&mut self, session: &Session, is_current: impl Fn(&Active) -> bool) {
        let Session {
            stage,
            overlay,
            warned,
            locale,
            generation: _,
            touched,
            touches: _,
            touches_taken: _,
            misses,
            sessions: _,
            pulses: _,
            latest,
            edges_seen: _,
            doors,
            store,
            clocks,
            calling,
            coming,
            unrecorded,
            buried,
            link,
        } = session;
        self.put((overlay.map(|overlay| discriminant(&overlay)), warned, misses, discriminant(store)));
        self.put(locale.map(|locale| discriminant(&locale)));
        self.stage(stage, *touched, is_current);
        // On an untouched start screen no limit runs; at an open box it is folded with its door, on a last screen
        // with its end.
        let is_folded = matches!(
            stage,
            Stage::Active(Active { step: Step::Serve(_) | Step::Thanks { .. } | Step::Sorry { .. }, .. })
        );
        if !is_folded && (!matches!(stage, Stage::Start) || overlay.is_some() || locale.is_some()) {
            self.time(*touched);
        }
        self.put(latest.as_ref().map(|latest| latest.boxes.len()));
        for level in latest.iter().flat_map(|latest| &latest.boxes) {
            self.put((level.box_no, discriminant(&level.door), discriminant(&level.item)));
        }
        self.doors(doors);
        let offset = |mono: Mono, wall: i64| wall.wrapping_sub_unsigned(mono.0);
        let here = offset(self.now.mono, self.now.wall.0);
        self.put(clocks.map(|(mono, wall)| here.wrapping_sub(offset(mono, wall.0))));
        self.times(*calling);
        self.times(*coming);
        let unrecorded = unrecorded.as_deref();
        let calls = |unrecorded: &Unrecorded| unrecorded.call.as_ref().map(|call| call.calls);
        self.put(
            unrecorded.map(|unrecorded| (calls(unrecorded), unrecorded.answer.map(|a| discriminant(&a)))),
        );
        self.day(*buried);
        self.put(discriminant(link));
        match link {
            Linked::Untold => {}
            Linked::Up(since) => self.time(*since),
            Linked::Down(list) => self.day(*list),
        }
    }

    fn doors(&mut self, doors: &Doors) {
        let Doors { open, changes, fired: _, compared } = doors;
        self.put(open.len());
        for (box_no, since) in open {
            self.put((box_no, self.now.mono.since(*since).min(3 * MINUTE)));
        }
        let counted = if self.flutter == Flutter::Counts { Some(changes) } else { None };
        for (box_no, changes) in counted.into_iter().flatten() {
            let ages = changes.iter().map(|change| self.now.mono.since(*change));
            let young = ages.filter(|age| *age < MINUTE).collect::<alloc::vec::Vec<_>>();
            if !young.is_empty() {
                self.put((box_no, young));
            }
        }
        self.put(u8::MAX);
        self.put(compared);
    }

    fn stage(&mut self, stage: &Stage, touched: Mono, is_current: impl Fn(&Active) -> bool) {
        self.put(discriminant(stage));
        match stage {
            Stage::Start => {}
            Stage::Welcome { flow, low } => self.put((discriminant(flow), low)),
            Stage::Active(active) => {
                let Active { id: _, flow, low, step, settings: _, typed, notice } = active;
                self.put((discriminant(flow), low, is_current(active)));
                self.typed(typed.as_deref());
                self.notice(notice.as_deref());
                self.step(step, touched);
            }
        }
    }

    fn typed(&mut self, typed: Option<&Typed>) {
        self.put(typed.map(|Typed { by, text }| (discriminant(by), text.as_str())));
    }

    fn notice(&mut self, notice: Option<&Text>) {
        self.put(notice.map(|text| (text.id, text.args.len())));
    }

    fn step(&mut self, step: &Step, touched: Mono) {
        self.put(discriminant(step));
        match step {
            Step::Method | Step::Sent | Step::NoMatch => {}
            Step::Pin(PinEntry { digits, revealed, plate }) => {
                self.put((digits.reveal().typed(), revealed, plate));
            }
            Step::Lookup(typed) => self.typed(Some(typed)),
            Step::Searching { ready, found } => {
                self.time(*ready);
                self.put(found);
            }
            Step::Vehicle { visits, chosen } => self.put((visits, chosen)),
            Step::Contact { visit, chosen, failed } | Step::Sending { visit, chosen, failed, message: _ } => {
                self.put((visit, chosen, failed));
            }
            Step::Qr(QrShown { nonce: _, digits: _, made, wrong, closed }) => {
                self.times((!closed).then_some(*made));
                self.put((wrong, closed));
            }
            Step::Reason(case) | Step::AnyBox(case) => {
                let CodeCase { user, how, reason, chosen } = case;
                self.put((user, discriminant(how), reason.map(|reason| discriminant(&reason)), chosen));
            }
            Step::Driver(case) | Step::Appointments(case) => self.case(case),
            Step::Phone { case, text } | Step::Remark { case, text } => {
                self.case(case);
                self.put(text);
            }
            Step::Serve(serving) | Step::Settle(serving) => self.serving(serving, touched),
            Step::Thanks { box_no, what, until } => {
                self.put((box_no, discriminant(what)));
                self.time((*until).max(touched.after(LAST_SCREEN_MS)));
            }
            Step::Sorry { why, until } => {
                self.put(discriminant(why));
                self.time((*until).max(touched.after(LAST_SCREEN_MS)));
            }
        }
    }

    fn case(&mut self, case: &DropCase) {
        let DropCase { visit, code, phone, remark } = case;
        self.put((visit, code.is_some(), phone, remark));
    }

    fn serving(&mut self, serving: &Serving, touched: Mono) {
        let Serving { box_no, purpose, phase, attempt, reopened, misses, asked, wish, door } = serving;
        self.put((box_no, attempt, reopened, misses, asked, door));
        self.put(wish.map(|wish| discriminant(&wish)));
        self.put(discriminant(purpose));
        match purpose {
            Purpose::Drop(case) => self.case(case),
            Purpose::PickUp { visit, by } => self.put((visit, by.user)),
            Purpose::StaffDrop { visit, by, to } => {
                self.put((visit, by.user, to.channel, &to.address));
            }
            Purpose::Collect { visit, again } => self.put((visit, again)),
            Purpose::Check { user } => self.put(user),
        }
        self.put(discriminant(phase));
        match phase {
            Phase::Opening { pulse: _, not_after, report, overdue } => {
                // Once it is reported, the pulse's own time is over.
                self.times(report.is_none().then_some(*not_after));
                self.times(report.map(|report| report.at));
                self.put(report.map(|report| discriminant(&report.outcome)));
                self.times(*overdue);
                self.time(touched);
            }
            // From a minute on only the later of door and touch counts.
            Phase::Open { since } | Phase::Blind { since } => {
                self.put(self.now.mono.since(*since).min(MINUTE));
                self.time(touched.max(*since));
            }
            Phase::Closed { since } => self.time(touched.max(*since)),
        }
    }
}
