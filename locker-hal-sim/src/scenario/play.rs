//! Playing a scenario on a stage.

use std::collections::BTreeMap;

use locker_core::office::{self, NoticeView};
use locker_core::screen::{Action, Surface, Widget};
use locker_core::{Act as StaffAct, BoxNo, Coded, DAY, HOUR, LockerId, Settings, TimeOfDay, VisitId};

use super::error::{Flaw, Place};
use super::play_people::plan;
use super::story::{Act, Given, Line, Scenario, Step};
use crate::command::{SimCommand, SimRefusal};
use crate::world::{Deed, Reply, Stage, Undone, Violation, Watch, Who};

/// Every scenario plays at this one.
pub(super) const LOCKER: LockerId = LockerId(1);
/// How long a line of a person takes: what is done is done at its beginning.
pub(super) const LINE_MS: u64 = 1_000;
/// How long a finger takes from digit to digit.
pub(super) const DIGIT_MS: u64 = 100;
/// The zone of the stage, ahead of universal time.
pub(super) const ZONE_MS: i64 = HOUR as i64;
pub(super) const DAY_MS: i64 = DAY as i64;
/// A reader of the office's pages who has no right and is never told anything.
pub(super) const READER: &str = "scenario-reader";

impl Scenario {
    /// Plays the scenario; gives the stage as it is at the end.
    ///
    /// # Errors
    /// The first [`Flaw`]: what went otherwise than the scenario says.
    pub fn play(&self) -> Result<Stage, Flaw> {
        self.play_and_watch(|_, _, _| {})
    }

    /// Plays the scenario and calls `watch` after each line, with its place, the line, and the stage.
    ///
    /// # Errors
    /// As [`Scenario::play`].
    pub fn play_and_watch(&self, mut watch: impl FnMut(Place, &str, &mut Stage)) -> Result<Stage, Flaw> {
        let mut player = Player::new(&self.given);
        for line in &self.lines {
            player.line(line)?;
            player.nothing_violated()?;
            watch(line.place, &line.text, &mut player.stage);
        }
        player.nothing_refused()?;
        Ok(player.stage)
    }
}

/// A scenario that is being played.
pub(super) struct Player<'a> {
    pub(super) given: &'a Given,
    pub(super) stage: Stage,
    /// What must be so after every step, whatever the scenario expects.
    watch: Watch,
    violation: Option<Violation>,
    /// What is counted is counted from here.
    pub(super) mark: Mark,
    /// The box that was served last.
    pub(super) served: Option<BoxNo>,
    /// A refusal that no line has expected yet.
    pub(super) refused: Option<(Place, String)>,
    place: Place,
    pub(super) settings: Settings,
    /// The power is to go at some point of a step to come: the boot in which, and how long it is off then.
    pub(super) is_armed: Option<(u32, u64)>,
    pub(super) acts: BTreeMap<u8, StaffAct>,
    pub(super) visits: BTreeMap<String, VisitId>,
    /// The temporary PIN that somebody got last.
    temporary: BTreeMap<String, String>,
}

/// What had happened when counting began.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    pub(super) journal: u64,
    pub(super) mail: usize,
    pub(super) notice: u64,
    pub(super) pulses: Vec<(BoxNo, u32)>,
}

impl<'a> Player<'a> {
    fn new(given: &'a Given) -> Self {
        let plan = plan(given);
        let settings = plan.settings.clone();
        let mut stage = Stage::new(plan);
        let mut player = Self {
            given,
            watch: Watch::new(&mut stage),
            violation: None,
            stage,
            mark: Mark::default(),
            served: None,
            refused: None,
            place: Place::default(),
            settings,
            is_armed: None,
            acts: BTreeMap::new(),
            temporary: BTreeMap::new(),
            visits: BTreeMap::new(),
        };
        let visits = player.planned(|_| true);
        player.deed(Deed::Plan { visits, whole: true });
        player.cut_sensors();
        player.pass(LINE_MS);
        player.find_visits();
        let (hour, minute) = given.begin.hour_minute();
        let begin = (u64::from(hour) * 60 + u64::from(minute)) * 60_000;
        let midnight = player.since_midnight();
        player.pass(begin.saturating_sub(midnight).max(LINE_MS));
        player.count_anew();
        player
    }

    fn line(&mut self, line: &Line) -> Result<(), Flaw> {
        self.place = line.place;
        if let Step::Expect(expect) = &line.step {
            return self.expect(line.place, expect);
        }
        self.nothing_refused()?;
        match &line.step {
            Step::Does { who, act, times } => {
                for _ in 0..*times {
                    let from = self.stage.now();
                    self.does(who, act)?;
                    self.pass((from + LINE_MS).saturating_sub(self.stage.now()));
                    self.power_returns();
                }
            }
            Step::Wait { ms } => self.pass(*ms),
            Step::Until { days, time } => self.until(*days, *time),
            Step::Happens(event) => self.happens(event),
            Step::FromNowOn => self.count_anew(),
            Step::Expect(_) => {}
        }
        self.power_returns();
        Ok(())
    }

    /// Whatever a scenario expects, the invariants hold.
    fn nothing_violated(&self) -> Result<(), Flaw> {
        match &self.violation {
            None => Ok(()),
            Some(violation) => Err(self.flaw(violation.to_string(), "what must always be so")),
        }
    }

    /// Whatever was refused must have been expected.
    pub(super) fn nothing_refused(&mut self) -> Result<(), Flaw> {
        match self.refused.take() {
            None => Ok(()),
            Some((place, key)) => {
                let expected = format!("it to be done (or `expect refused {key}` behind it)");
                Err(Flaw::otherwise(place, format!("it refused: {key}"), expected))
            }
        }
    }

    pub(super) fn flaw(&self, found: impl Into<String>, expected: impl Into<String>) -> Flaw {
        Flaw::otherwise(self.place, found, expected)
    }

    /// Lets time pass, and keeps in mind which box is served.
    pub(super) fn pass(&mut self, ms: u64) {
        let until = self.stage.now() + ms;
        while self.stage.step_until(until) {
            self.look();
        }
        self.see_box();
    }

    fn look(&mut self) {
        if let Err(violation) = self.watch.look(&mut self.stage) {
            self.violation.get_or_insert(violation);
        }
    }

    fn see_box(&mut self) {
        let screen = self.stage.screen(LOCKER, Surface::Bottom);
        let number = screen.widgets.iter().find_map(|widget| match widget {
            Widget::BoxNumber { box_no } => Some(*box_no),
            _ => None,
        });
        self.served = number.or(self.served);
    }

    fn since_midnight(&self) -> u64 {
        let wall = self.stage.wall().0 + ZONE_MS;
        u64::try_from(wall.rem_euclid(DAY_MS)).unwrap_or(0)
    }

    /// Waits until a time of day comes round; `days` of them.
    fn until(&mut self, days: i32, time: TimeOfDay) {
        let (hour, minute) = time.hour_minute();
        let wanted = (i64::from(hour) * 60 + i64::from(minute)) * 60_000;
        let now = i64::try_from(self.since_midnight()).unwrap_or(0);
        let mut wait = wanted - now + i64::from(days) * DAY_MS;
        if wait < 0 {
            wait += DAY_MS;
        }
        self.pass(u64::try_from(wait).unwrap_or(0));
    }

    /// Does a deed; what is refused waits to be expected.
    pub(super) fn deed(&mut self, deed: Deed) -> Option<Reply> {
        let done = self.stage.act(deed);
        self.look();
        let key = match done {
            Ok(Reply::Denied(code)) => key_of(code),
            Ok(reply) => return Some(reply),
            Err(Undone::Away) if self.is_armed.is_some() => return None,
            Err(undone) => key_of_undone(&undone),
        };
        self.refused = Some((self.place, key));
        None
    }

    pub(super) fn touch(&mut self, action: Action) {
        self.deed(Deed::Touch { locker: LOCKER, action, generation: None });
    }

    pub(super) fn cabinet(&mut self, who: Who, command: SimCommand) {
        self.deed(Deed::Cabinet { locker: LOCKER, who, command });
    }

    fn does(&mut self, who: &str, act: &Act) -> Result<(), Flaw> {
        match act {
            Act::Press { label } => self.press_label(label)?,
            Act::Write { text } => self.touch(Action::Write { text: text.clone() }),
            Act::Type { digits } => self.digits(digits),
            Act::TypePin { of, back } => {
                let pin = self.pin_of(of, *back)?;
                self.digits(&pin);
            }
            Act::TypeTemporary { of } => {
                let pin = self.temporary.get(of).cloned();
                let pin = pin.ok_or_else(|| self.flaw("no temporary PIN so far", format!("one of {of}")))?;
                self.digits(&pin);
            }
            Act::TypeAuthenticator { of } => {
                let shown = self.stage.authenticator_shows(self.staff(of)?, LOCKER);
                let code = shown.ok_or_else(|| self.flaw("no authenticator", format!("one of {of}")))?;
                self.digits(&code);
            }
            Act::TypeWrongPin => {
                let pin = self.wrong_pin();
                self.digits(&pin);
            }
            Act::Erase => self.touch(Action::Erase),
            Act::Choose { label } => self.choose(label)?,
            Act::Language { locale } => self.touch(Action::Language { locale: *locale }),
            Act::GoOnTo { screen } => self.go_on_to(who, screen)?,
            Act::WalkAway => {}
            Act::PutKey { whose, at } => {
                let box_no = self.at(*at)?;
                self.cabinet(self.who(who), SimCommand::Put { box_no, key: self.label(whose) });
            }
            Act::TakeKey { whose, at } => {
                let box_no = self.at(*at)?;
                self.cabinet(self.who(who), SimCommand::Take { box_no, key: Some(self.label(whose)) });
            }
            Act::CloseDoor { at } => {
                let box_no = self.at(*at)?;
                self.cabinet(self.who(who), SimCommand::Close { box_no });
            }
            Act::PullDoor { at } => {
                let box_no = self.at(*at)?;
                self.cabinet(self.who(who), SimCommand::Open { box_no });
            }
            Act::PryDoor { at } => {
                let box_no = self.at(*at)?;
                self.cabinet(self.who(who), SimCommand::Pry { box_no });
            }
            Act::CheckIn => {
                let visit = self.visit(who)?;
                self.deed(Deed::CheckIn { locker: LOCKER, visit, contact: 0 });
            }
            Act::AskForKey { .. }
            | Act::AskToCheck { .. }
            | Act::AskToDrop { .. }
            | Act::SendAgain { .. }
            | Act::AskForTemporaryPin { .. }
            | Act::Enrol
            | Act::Revoke { .. }
            | Act::ScanQr
            | Act::TypeQrDigits { .. }
            | Act::AnswerHelp { .. }
            | Act::BeginMaintenance
            | Act::EndMaintenance
            | Act::LiftLock => self.works(who, act)?,
        }
        Ok(())
    }

    /// What staff do with their tablets.
    fn works(&mut self, who: &str, act: &Act) -> Result<(), Flaw> {
        let staff = self.staff(who)?;
        let locker = LOCKER;
        match act {
            Act::AskForKey { whose } => {
                let act = StaffAct::PickUp { visit: self.visit(whose)? };
                self.tickets(staff, act);
            }
            Act::AskToDrop { whose } => {
                let act = StaffAct::Drop { visit: self.visit(whose)? };
                self.tickets(staff, act);
            }
            Act::SendAgain { whose } => {
                let visit = self.visit(whose)?;
                self.deed(Deed::SendAgain { staff, visit });
            }
            Act::AskForTemporaryPin { box_no } => {
                if let Some(Reply::Pin(pin)) =
                    self.deed(Deed::TemporaryPin { staff, locker, box_no: *box_no })
                {
                    self.temporary.insert(who.into(), pin);
                }
            }
            Act::Enrol => drop(self.deed(Deed::Enrol { staff, locker })),
            Act::Revoke { whose } => {
                let whose = self.staff(whose)?;
                self.deed(Deed::Revoke { staff, locker, whose });
            }
            Act::AskToCheck { box_no } => self.tickets(staff, StaffAct::Check { box_no: *box_no }),
            Act::ScanQr => {
                self.scans(who)?;
            }
            Act::TypeQrDigits { are_right } => {
                let act = self.act_of(staff);
                let shown = self.shown_digits();
                let text = match (shown, are_right) {
                    (Some(digits), true) => digits,
                    (Some(digits), false) => {
                        digits.chars().map(|c| if c == '0' { '1' } else { '0' }).collect()
                    }
                    (None, _) => {
                        return Err(self.flaw("no digits under a QR on the screen", "a QR with digits"));
                    }
                };
                self.deed(Deed::ScanText { staff, act, locker, text });
            }
            Act::AnswerHelp { handles: true } => drop(self.deed(Deed::HandleHelp { staff, locker })),
            Act::AnswerHelp { handles: false } => drop(self.deed(Deed::DisregardHelp { staff, locker })),
            Act::BeginMaintenance => drop(self.deed(Deed::BeginMaintenance { staff, locker })),
            Act::EndMaintenance => drop(self.deed(Deed::EndMaintenance { locker })),
            Act::LiftLock => drop(self.deed(Deed::LiftLock { staff, locker })),
            _ => {}
        }
        Ok(())
    }

    /// What comes over the locker.
    /// What is counted is counted from here.
    fn count_anew(&mut self) {
        let pulses = self.pulses();
        self.mark = Mark {
            journal: self.stage.journal_len(LOCKER),
            mail: self.stage.mail().len(),
            notice: self.notices().iter().map(|notice| notice.id).max().unwrap_or(0),
            pulses,
        };
    }

    /// How often each lock was fired since the cabinet was built.
    pub(super) fn pulses(&mut self) -> Vec<(BoxNo, u32)> {
        let state = self.stage.cabinet(LOCKER);
        state.into_iter().flat_map(|state| state.boxes).map(|there| (there.box_no, there.pulses)).collect()
    }

    /// What the office's users are told about, newest first.
    pub(super) fn notices(&mut self) -> Vec<NoticeView> {
        let Ok(caller) = self.stage.caller(self.reader()) else { return Vec::new() };
        self.stage.office().and_then(|office| office.notices(&caller).ok()).unwrap_or_default()
    }

    /// The reader stands behind all staff.
    fn reader(&self) -> u8 {
        u8::try_from(self.given.staff().count()).unwrap_or(u8::MAX)
    }
}

/// The key of an error by its number, of whichever machine.
fn key_of(code: u16) -> String {
    fn found<E: Coded>(all: &[E], code: u16) -> Option<&'static str> {
        all.iter().find(|error| error.code() == code).map(Coded::key)
    }
    let key = found(&locker_core::Refusal::ALL, code)
        .or_else(|| found(&locker_core::Denial::ALL, code))
        .or_else(|| found(&office::Refusal::ALL, code))
        .or_else(|| found(&office::Denial::ALL, code));
    key.map_or_else(|| format!("number {code}"), Into::into)
}

fn key_of_undone(undone: &Undone) -> String {
    match undone {
        Undone::Refused(code) => key_of(*code),
        Undone::Cabinet(refusal) => format!("cabinet.{}", cabinet_key(*refusal)),
        Undone::Away => "computer.away".into(),
        Undone::Unrecorded => "computer.unrecorded".into(),
        Undone::NothingShown => "tablet.nothing_shown".into(),
        Undone::NoSuch => "tablet.no_such".into(),
    }
}

const fn cabinet_key(refusal: SimRefusal) -> &'static str {
    match refusal {
        SimRefusal::UnknownBox => "unknown_box",
        SimRefusal::UnknownBoard => "unknown_board",
        SimRefusal::Latched => "latched",
        SimRefusal::DoorClosed => "door_closed",
        SimRefusal::NoSuchKey => "no_such_key",
        SimRefusal::BoxFull => "box_full",
        SimRefusal::BadLabel => "bad_label",
    }
}
