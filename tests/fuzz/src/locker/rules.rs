//! What must hold: of the machine after every input, and of its records as they stand in the journal, read by somebody who
//! knows nothing but the records.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use locker_core::screen::Surface;
use locker_core::{
    Act, At, Boot, BoxNo, Cause, CodeId, Custody, Death, Entry, Finding, Flow, HOUR, Locker, MINUTE, Machine,
    Mono, Origin, PULSE_MS_LIMIT, Record, SessionId, StaffCode, Stamped, Template, UserId, VisitId, decode,
    text,
};

use super::World;

impl World {
    /// What must hold after every input (SAFE-3, BOX-8, BOX-10).
    pub(super) fn holds(&self) {
        let (locker, now) = (&self.rig.locker, self.rig.now());
        custody_holds(locker);
        let outputs = locker.outputs(&now);
        if let Some(pulse) = outputs.pulse {
            assert!(locker.frame().is_started() && (1..=PULSE_MS_LIMIT).contains(&pulse.length_ms));
            assert!(
                locker.boxes().iter().any(|report| report.box_no == pulse.box_no),
                "a lock that is there"
            );
            assert_eq!(pulse.id.boot, locker.frame().boot(), "granted in this boot");
        }
        for surface in [Surface::Bottom, Surface::Top] {
            let mut screen = locker.screen(surface, &now);
            text::fill(&mut screen);
            serde_json::to_vec(&screen).unwrap();
        }
        let mut ids: Vec<_> = self.rig.driven.iter().map(|(_, id, _)| *id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "a pulse id was driven twice");
    }

    /// The state is what the records say, and what the snapshot says; and the records themselves are such as may be.
    pub(super) fn replays(&mut self) {
        let restored = self.rig.restored();
        assert!(restored.durable() == self.rig.locker.durable(), "replay(records) is the durable half");
        assert_eq!(restored.head(), self.rig.locker.head());
        let bytes = self.rig.locker.snapshot(&mut self.rig.vault).unwrap();
        let again = Locker::restore(&mut self.rig.vault, Some(&bytes), []).unwrap();
        assert!(again.durable() == self.rig.locker.durable(), "and so is the snapshot");
        history_holds(&self.rig.journal);
    }
}

/// A key is in one place, and a box holds the key of one visit (SAFE-3).
fn custody_holds(locker: &Locker) {
    let mut held: Vec<VisitId> = locker.boxes().iter().filter_map(|report| report.visit).collect();
    held.sort();
    let count = held.len();
    held.dedup();
    assert_eq!(held.len(), count, "a visit is in two boxes");
    for report in locker.boxes() {
        let Some(visit) = report.visit else { continue };
        let is_there = match locker.custody(visit) {
            Custody::Box { box_no } => box_no == report.box_no && report.to_check.is_none(),
            Custody::ToCheck { box_no, .. } => box_no == report.box_no && report.to_check.is_some(),
            Custody::Customer | Custody::Staff { .. } | Custody::Missing { .. } => false,
        };
        assert!(is_there, "box {} holds a key that is elsewhere", report.box_no);
    }
}

/// A code as the records tell of it.
struct Code {
    visit: Option<VisitId>,
    origin: Option<Origin>,
    /// The box of a temporary PIN for one.
    only: Option<BoxNo>,
    made: At,
    is_dead: bool,
    /// A box stood open with it (CODE-8: once).
    has_opened: bool,
}

/// A session as the records tell of it.
struct Sitting {
    id: SessionId,
    flow: Flow,
    is_classic: bool,
    codes: Vec<CodeId>,
    /// A code of an authenticator was accepted, or a scan.
    is_staff: bool,
    opens: Option<BoxNo>,
}

/// What a reader of the journal knows so far.
#[derive(Default)]
struct History {
    codes: BTreeMap<CodeId, Code>,
    /// Visits whose key is in a box, or may be.
    inside: BTreeSet<VisitId>,
    /// The last step of each authenticator.
    steps: BTreeMap<UserId, Option<u64>>,
    /// Wrong staff codes of this boot.
    wrong: Vec<Mono>,
    boot: Boot,
    is_classic: bool,
    sitting: Option<Sitting>,
}

fn history_holds(journal: &[Entry]) {
    let lie = LIE.get();
    let mut history = History::default();
    for entry in journal {
        let Stamped { record, at, .. } = decode::<Record>(entry).unwrap();
        let (is_lost, is_twice) = lie.is_told_of(&record);
        for _ in 0..u8::from(!is_lost) + u8::from(is_twice) {
            history.read(&record, at);
        }
        history.is_classic |= lie == Lie::Classic;
    }
}

/// A journal that does not say what happened, so that the rules can be seen to notice: what is planted here looks to them
/// as a mistake of the machine would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// It does.
    None,
    /// Keys that staff put in are not in it: their PINs were made before (STAFF-DROP-4).
    LosesHandedIn,
    /// The PINs that customers typed are not in it (PICK-1).
    LosesAccepted,
    /// Every code of an authenticator is taken twice (CODE-9).
    TakesStepsTwice,
    /// Wrong staff codes are counted for two (CODE-9).
    FailsTwice,
    /// Every code dies twice (SAFE-7).
    DiesTwice,
    /// It is the journal of the older edition (`classic`).
    Classic,
}

impl Lie {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::LosesHandedIn,
        Self::LosesAccepted,
        Self::TakesStepsTwice,
        Self::FailsTwice,
        Self::DiesTwice,
        Self::Classic,
    ];

    /// Whether a record is lost, and whether it is there twice.
    fn is_told_of(self, record: &Record) -> (bool, bool) {
        let is_lost = match self {
            Self::LosesHandedIn => matches!(record, Record::KeyDropped { user: Some(_), .. }),
            Self::LosesAccepted => matches!(record, Record::CodeAccepted { .. }),
            _ => false,
        };
        let is_twice = match self {
            Self::TakesStepsTwice => matches!(record, Record::TotpAccepted { .. }),
            Self::FailsTwice => matches!(record, Record::StaffCodeFailed { .. }),
            Self::DiesTwice => matches!(record, Record::CodeDied { .. }),
            _ => false,
        };
        (is_lost, is_twice)
    }
}

thread_local! {
    static LIE: Cell<Lie> = const { Cell::new(Lie::None) };
}

/// Runs something while the journal of lockers lies.
pub fn while_it_lies(lie: Lie, run: impl FnOnce()) {
    LIE.set(lie);
    run();
    LIE.set(Lie::None);
}

impl History {
    #[allow(clippy::wildcard_enum_match_arm, reason = "the rules are about these kinds")]
    fn read(&mut self, record: &Record, at: At) {
        match record {
            Record::BootStarted { .. } => {
                (self.boot, self.sitting) = (at.boot, None);
                self.wrong.clear();
            }
            Record::DesiredApplied { settings, .. } => self.is_classic = settings.profile.is_classic(),
            Record::SessionBegan { session, flow } => {
                let (id, flow, is_classic) = (*session, *flow, self.is_classic);
                let (codes, is_staff, opens) = (Vec::new(), false, None);
                self.sitting = Some(Sitting { id, flow, is_classic, codes, is_staff, opens });
            }
            Record::SessionEnded { .. } => self.sitting = None,
            Record::KeyDropped { visit, .. } => {
                self.inside.insert(*visit);
            }
            Record::KeyTaken { visit, .. } => {
                self.inside.remove(visit);
            }
            Record::KeyCollected { visit, session, .. } => self.collected(*visit, *session),
            Record::BoxToCheck { visit: Some(visit), .. } => {
                self.inside.insert(*visit);
            }
            Record::BoxSettled {
                visit: Some(visit), finding: Finding::Empty | Finding::KeyTaken, ..
            } => {
                self.inside.remove(visit);
            }
            Record::MessageWanted { visit, template: Template::PickUpPin, .. } => {
                assert!(self.inside.contains(visit), "a pick-up PIN before the key is in (STAFF-DROP-4)");
            }
            Record::ScanTaken { act, .. } => {
                let sitting = self.sitting.as_mut().expect("a QR is shown in a session");
                sitting.is_staff = true;
                let is_out = matches!(act, Act::Drop { .. });
                assert!(!(sitting.is_classic && is_out), "a key goes out in the older edition");
            }
            Record::PulseGranted { user, .. } => self.granted(user.is_some()),
            _ => self.read_code(record, at),
        }
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "the rules are about these kinds")]
    fn read_code(&mut self, record: &Record, at: At) {
        let new =
            |visit, origin, only| Code { visit, origin, only, made: at, is_dead: false, has_opened: false };
        match record {
            Record::CodeMade { code, visit, origin, .. } => {
                let is_out = *origin == Origin::PickUp;
                assert!(!is_out || self.inside.contains(visit), "a pick-up PIN without a key (STAFF-DROP-4)");
                let before = self.codes.insert(*code, new(Some(*visit), Some(*origin), None));
                assert!(before.is_none(), "a code is made twice");
            }
            Record::TemporaryMade { code, box_no, .. } => {
                let before = self.codes.insert(*code, new(None, None, *box_no));
                assert!(before.is_none(), "a code is made twice");
            }
            Record::CodeDied { code, why } => {
                let died = self.codes.get_mut(code).expect("made before it dies");
                assert!(!died.is_dead, "a code dies twice");
                let is_early = *why == Death::Expired
                    && died.origin.is_none()
                    && died.made.boot == at.boot
                    && at.mono.since(died.made.mono) < 10 * MINUTE;
                assert!(!is_early, "a temporary PIN lives ten minutes (CODE-8)");
                died.is_dead = true;
            }
            Record::CodeAccepted { code, .. } => self.accepted(*code, at),
            Record::TotpEnrolled { user, .. } => {
                self.steps.insert(*user, None);
            }
            Record::TotpRevoked { user } => {
                self.steps.remove(user);
            }
            Record::TotpAccepted { user, step, .. } => {
                self.is_awake(at);
                let last = self.steps.get_mut(user).expect("nobody without an authenticator (CODE-9)");
                assert!(last.is_none_or(|last| *step > last), "a step is accepted twice (CODE-9)");
                *last = Some(*step);
                self.sitting.as_mut().expect("typed in a session").is_staff = true;
            }
            Record::StaffCodeFailed { .. } => {
                self.is_awake(at);
                self.wrong.push(at.mono);
            }
            Record::StaffCodeTaken { how, opens, .. } => self.taken(*how, *opens),
            Record::DoorOpened { box_no, cause: Cause::Commanded, .. } => self.opened(*box_no),
            _ => {}
        }
    }

    /// Five wrong staff codes in an hour: none is looked for (CODE-9).
    fn is_awake(&self, at: At) {
        let lately = self.wrong.iter().filter(|wrong| at.mono.since(**wrong) < HOUR).count();
        assert!(lately < 5, "a sixth staff code within the hour (CODE-9)");
    }

    fn accepted(&mut self, code: CodeId, at: At) {
        let known = self.codes.get(&code).expect("made before it is accepted");
        assert!(!known.is_dead, "a dead code is accepted (SAFE-7)");
        if known.origin.is_none() {
            self.is_awake(at);
            assert!(!known.has_opened, "a temporary PIN opens twice (CODE-8)");
            let is_old = known.made.boot == at.boot && at.mono.since(known.made.mono) >= 10 * MINUTE;
            assert!(!is_old, "a temporary PIN outlives ten minutes (CODE-8)");
        }
        self.sitting.as_mut().expect("typed in a session").codes.push(code);
    }

    fn taken(&mut self, how: StaffCode, opens: BoxNo) {
        let sitting = self.sitting.as_mut().expect("typed in a session");
        sitting.opens = Some(opens);
        if how == StaffCode::Temporary {
            let code = sitting.codes.last().expect("a temporary PIN was accepted (CODE-8)");
            let only = self.codes.get(code).and_then(|code| code.only);
            assert!(only.is_none_or(|only| only == opens), "a PIN for one box opens another (CODE-8)");
        } else {
            assert!(sitting.is_staff, "an authenticator's code was accepted (CODE-9)");
        }
    }

    fn opened(&mut self, box_no: BoxNo) {
        let Some(sitting) = self.sitting.as_ref().filter(|sitting| sitting.opens == Some(box_no)) else {
            return;
        };
        for code in &sitting.codes {
            if let Some(code) = self.codes.get_mut(code) {
                code.has_opened = true;
            }
        }
    }

    /// To pick up, a customer needs a PIN (PICK-1).
    fn granted(&self, is_staff: bool) {
        let sitting = self.sitting.as_ref().expect("a pulse belongs to a session (BOX-10)");
        let is_customer = sitting.flow == Flow::PickUp && !is_staff;
        let has_pin = sitting
            .codes
            .iter()
            .any(|code| self.codes.get(code).is_some_and(|code| code.origin == Some(Origin::PickUp)));
        assert!(!is_customer || has_pin, "a pick-up without a PIN (PICK-1)");
    }

    fn collected(&mut self, visit: VisitId, session: SessionId) {
        assert!(self.inside.remove(&visit), "a key is collected that is not there");
        let sitting = self.sitting.as_ref().expect("a key is collected in a session");
        assert_eq!(sitting.id, session);
        let is_own = |code: &CodeId| {
            self.codes
                .get(code)
                .is_some_and(|code| code.visit == Some(visit) && code.origin == Some(Origin::PickUp))
        };
        assert!(sitting.codes.iter().any(is_own), "collected with the PIN of another key (PICK-2)");
    }
}
