//! The stage: one dealership in virtual time.

use std::collections::BTreeMap;

use locker_core::office::{Office, TabletToken};
use locker_core::screen::{Locale, Screen, Surface};
use locker_core::{
    BoxNo, Custody, Door, Fact, Generation, Locker, LockerId, Machine, Outputs, Record, RestoreError,
    Stamped, Store, Subject, Template, UserId, VisitId, Wall,
};

use super::clocks::Clocks;
use super::deed::{Computer, Input, Link, Post, Who};
use super::erasing::FIRST_MIDNIGHT;
use super::hardware::Hardware;
use super::host::{Host, Records, Untaken};
use super::lie::Lie;
use super::plan::Plan;
use crate::{Coil, Fired, SimConfig, SimState};

/// A dealership in virtual time: lockers, their cabinets, the office, the line between them, the post, the clocks.
///
/// See the [module](super) for what it is made of and for an example.
pub struct Stage {
    pub(super) plan: Plan,
    pub(super) now: u64,
    pub(super) dice: fastrand::Rng,
    /// The moment at which random bytes were last drawn, and how often at that moment.
    pub(super) drawn: (u64, u64),
    pub(super) sites: Vec<Site>,
    pub(super) office: Host<Office>,
    pub(super) office_boot_at: Option<u64>,
    pub(super) office_off_ms: u64,
    pub(super) office_confirms: bool,
    pub(super) office_boot: u32,
    /// The number of the office's newest record that changes what it wants of the lockers.
    pub(super) revision: u64,
    pub(super) staff: Vec<Badge>,
    pub(super) security_code: u16,
    /// What is on its way and arrives late, by time and order of dispatch.
    pub(super) flights: BTreeMap<(u64, u64), super::link::Flight>,
    pub(super) dispatched: u64,
    /// When is looked next whether the lockers have let go of those who are to be erased.
    pub(super) erase_at: Option<u64>,
    /// When the office hears that a new day has begun.
    pub(super) midnight_at: u64,
    pub(super) holders: BTreeMap<String, Holder>,
    pub(super) mail: Vec<Mail>,
    /// What the telephones of staff hold.
    pub(super) authenticators: BTreeMap<(u8, LockerId), [u8; 32]>,
    pub(super) inputs: Vec<Input>,
    pub(super) seen: Option<Vec<Seen>>,
    pub(super) lie: Option<Box<dyn Lie>>,
}

/// One locker where it hangs.
pub(super) struct Site {
    pub(super) id: LockerId,
    pub(super) host: Host<Locker>,
    pub(super) hardware: Hardware,
    pub(super) boot: u32,
    pub(super) boot_at: Option<u64>,
    /// Whether the computer was off since the last start.
    pub(super) cold: bool,
    pub(super) off_ms: u64,
    pub(super) confirms: bool,
    pub(super) damage: Option<RestoreError>,
    /// What the bus was given last, for an owner that hangs.
    pub(super) outputs: Outputs,
    pub(super) touches: u64,
    pub(super) last_touch: Option<(u64, locker_core::screen::Action, Generation)>,
    pub(super) link: Link,
    pub(super) facts: Vec<Fact>,
    pub(super) last_fact: u64,
    pub(super) facts_at: Option<u64>,
    pub(super) wanted_at: Option<u64>,
    pub(super) told: u64,
    /// The revision that the locker's journal holds last of what the office wants.
    pub(super) applied: u64,
    pub(super) post: Post,
    pub(super) post_at: Option<u64>,
    /// When the locker is told how the link stands.
    pub(super) link_at: Option<u64>,
    /// Whether anything happened here since somebody last looked.
    pub(super) is_stirred: bool,
}

/// A member of staff at the office.
pub(super) struct Badge {
    pub(super) user: UserId,
    pub(super) token: Option<TabletToken>,
}

/// Where a key really is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Holder {
    /// It lies in a box.
    Box {
        /// Of which locker.
        locker: LockerId,
        /// In which box.
        box_no: BoxNo,
        /// Who put it there.
        by: Who,
    },
    /// Somebody took it out of a box and has it.
    Hand {
        /// Who.
        who: Who,
        /// Out of the box of which locker.
        locker: LockerId,
        /// Out of which box.
        box_no: BoxNo,
    },
}

/// A message that a service took.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// When, in true time.
    pub at: u64,
    /// From which locker.
    pub locker: LockerId,
    /// The message.
    pub message: locker_core::MessageId,
    /// To which address.
    pub to: String,
    /// What it is for.
    pub template: Template,
    /// The code in it; empty for a message that carries none.
    pub pin: String,
}

impl core::fmt::Debug for Mail {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Mail({} of locker {} at {})", self.message, self.locker, self.at)
    }
}

/// Something that became so, for whoever watches; see [`Stage::watch`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Seen {
    /// Records of a locker are in its journal, committed or not.
    Recorded {
        /// Which locker.
        locker: LockerId,
        /// One step's.
        records: Records<Locker>,
    },
    /// Records of the office are in its journal, committed or not.
    RecordedByOffice {
        /// One step's.
        records: Records<Office>,
    },
    /// The keys of somebody were destroyed, and the office knows.
    Erased {
        /// Whose.
        subject: Subject,
    },
    /// A deed was done, or tried.
    Did {
        /// Which.
        deed: super::deed::Deed,
    },
    /// A locker's machine was started.
    Started {
        /// Which locker.
        locker: LockerId,
        /// Whether its computer was off; else only the machine had been lost.
        cold: bool,
    },
    /// The power of a locker failed for an instant: its boards come up anew.
    PowerFailed {
        /// Which locker.
        locker: LockerId,
    },
    /// A coil was energised.
    Fired {
        /// Which locker.
        locker: LockerId,
        /// The pulse as it really was, by true time.
        fired: Fired,
        /// What the bus had been given, by the locker's clock.
        outputs: Outputs,
        /// The locker's clock when the bus was cycled.
        mono: locker_core::Mono,
    },
    /// A service took a message.
    Mailed {
        /// Index into [`Stage::mail`].
        index: usize,
    },
    /// A key went into a box or out of it.
    Moved {
        /// Its label.
        key: String,
        /// Where it is now.
        to: Holder,
    },
    /// A locker cannot be restored: it serves no keys until staff decide.
    Damaged {
        /// Which locker.
        locker: LockerId,
        /// Why.
        why: RestoreError,
    },
}

impl Stage {
    /// Builds the dealership, starts its computers, and lets them talk until every locker knows its settings.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let mut stage = Self {
            now: 0,
            dice: fastrand::Rng::with_seed(plan.seed),
            drawn: (0, 0),
            sites: (1..=u64::from(plan.lockers.max(1))).map(|id| Site::new(LockerId(id), &plan)).collect(),
            office: Host::new(),
            office_boot_at: None,
            office_off_ms: 0,
            office_confirms: true,
            office_boot: 0,
            revision: 0,
            staff: Vec::new(),
            security_code: plan.security_code,
            flights: BTreeMap::new(),
            dispatched: 0,
            erase_at: None,
            midnight_at: FIRST_MIDNIGHT,
            holders: BTreeMap::new(),
            mail: Vec::new(),
            authenticators: BTreeMap::new(),
            inputs: Vec::new(),
            seen: None,
            lie: None,
            plan,
        };
        stage.open_the_office();
        for index in 0..stage.sites.len() {
            stage.start_site(index);
        }
        stage.advance_to(5_000);
        stage
    }

    /// What it was built of.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The true time, in milliseconds since the world began (a Monday in January, 06:00).
    #[must_use]
    pub const fn now(&self) -> u64 {
        self.now
    }

    /// The true time as a right wall clock shows it.
    #[must_use]
    pub fn wall(&self) -> Wall {
        Clocks::right().wall(self.now)
    }

    /// The moment as the office's clocks show it.
    pub(super) fn office_now(&self) -> locker_core::Now {
        self.office.clocks.now(self.now)
    }

    /// The lockers, in order.
    pub fn lockers(&self) -> impl Iterator<Item = LockerId> + use<> {
        (1..=self.sites.len() as u64).map(LockerId)
    }

    /// The machine of a locker, to read it; `None` while its computer is off or its journal is damaged.
    #[must_use]
    pub fn locker(&self, locker: LockerId) -> Option<&Locker> {
        self.site(locker)?.host.machine.as_ref()
    }

    /// The office's machine, to read it; `None` while its computer is off.
    #[must_use]
    pub fn office(&self) -> Option<&Office> {
        self.office.machine.as_ref()
    }

    /// What a screen of a locker shows now.
    #[must_use]
    pub fn screen(&self, locker: LockerId, surface: Surface) -> Screen {
        let site = self.site(locker).filter(|site| site.host.serves(self.now));
        match site.and_then(|site| Some((site.host.machine.as_ref()?, site))) {
            Some((machine, site)) => {
                let mut screen = machine.screen(surface, &site.host.clocks.now(self.now));
                if let Some(lie) = &self.lie {
                    lie.screen(&mut screen);
                }
                screen
            }
            None => Screen::out_of_service(surface, Locale::En),
        }
    }

    /// What the whole cabinet of a locker really is like now.
    #[must_use]
    pub fn cabinet(&mut self, locker: LockerId) -> Option<SimState> {
        let now = self.now;
        self.site_mut(locker).map(|site| site.hardware.state(now))
    }

    /// How a door really stands.
    pub fn door(&mut self, locker: LockerId, box_no: BoxNo) -> Door {
        let now = self.now;
        self.site_mut(locker).map_or(Door::Closed, |site| site.hardware.door(now, box_no))
    }

    /// Whether the coil of a box is really energised.
    pub fn coil(&mut self, locker: LockerId, box_no: BoxNo) -> Coil {
        let now = self.now;
        self.site_mut(locker).map_or(Coil::Off, |site| site.hardware.coil(now, box_no))
    }

    /// The labels of the keys that really lie in a box.
    #[must_use]
    pub fn keys_in(&self, locker: LockerId, box_no: BoxNo) -> Vec<String> {
        self.site(locker).map_or_else(Vec::new, |site| site.hardware.keys(box_no))
    }

    /// Where every key that was ever put in a box really is, by its label.
    #[must_use]
    pub const fn ledger(&self) -> &BTreeMap<String, Holder> {
        &self.holders
    }

    /// Who answers for a key, as a locker says.
    #[must_use]
    pub fn custody(&self, locker: LockerId, visit: VisitId) -> Option<Custody> {
        self.locker(locker).map(|machine| machine.custody(visit))
    }

    /// Whether a locker's journal takes records; [`Store::Down`] also while its computer is off.
    #[must_use]
    pub fn store(&self, locker: LockerId) -> Store {
        self.site(locker)
            .filter(|site| site.host.machine.is_some())
            .map_or(Store::Down, |site| site.host.store)
    }

    /// The line of a locker.
    #[must_use]
    pub fn link(&self, locker: LockerId) -> Link {
        self.site(locker).map(|site| site.link).unwrap_or_default()
    }

    /// How many records a locker's journal holds.
    #[must_use]
    pub fn journal_len(&self, locker: LockerId) -> u64 {
        self.site(locker).map_or(0, |site| site.host.disk.last())
    }

    /// The entries of a locker's journal behind this sequence number.
    #[must_use]
    pub fn journal(&self, locker: LockerId, behind: u64) -> &[locker_core::Entry] {
        self.site(locker).map_or(&[], |site| site.host.disk.behind(behind))
    }

    /// The newest snapshot of a locker's journal.
    #[must_use]
    pub fn snapshot(&self, locker: LockerId) -> Option<&[u8]> {
        self.site(locker)?.host.disk.snapshot.as_ref().map(|(_, bytes)| bytes.as_slice())
    }

    /// The records of a locker's journal, personal data opened.
    #[must_use]
    pub fn records(&self, locker: LockerId) -> Vec<Stamped<Record>> {
        self.site(locker).map_or_else(Vec::new, |site| site.records_behind(0))
    }

    /// All messages that a service took, in order.
    #[must_use]
    pub fn mail(&self) -> &[Mail] {
        &self.mail
    }

    /// The visit whose key a locker has booked in a box, certain or not.
    #[must_use]
    pub fn booked_in(&self, locker: LockerId, box_no: BoxNo) -> Option<VisitId> {
        self.locker(locker)?.durable().box_state(box_no)?.booked()
    }

    /// Whether nothing is left to be seen of a cabinet: the sensors were read since somebody or something moved.
    #[must_use]
    pub fn is_still(&self, locker: LockerId) -> bool {
        let site = self.site(locker).filter(|site| site.host.serves(self.now));
        site.is_some_and(|site| site.hardware.poll_at.is_none())
    }

    /// The newest revision of what the office wants of a locker.
    #[must_use]
    pub fn wanted_revision(&self, locker: LockerId) -> Option<u64> {
        let office = self.office()?;
        office.boxes(locker).map(|_| office.revision())
    }

    /// The revision that a locker took over last, by its journal.
    #[must_use]
    pub fn known_revision(&self, locker: LockerId) -> Option<u64> {
        let entries = self.journal(locker, 0).iter().rev();
        let mut records = entries.map_while(|entry| locker_core::decode::<Record>(entry).ok());
        records.find_map(|stamped| match stamped.record {
            Record::DesiredApplied { revision, .. } => Some(revision),
            _ => None,
        })
    }

    /// Whether a locker's journal, replayed from its first record, gives the durable half of the running machine.
    #[must_use]
    pub fn replays(&self, locker: LockerId) -> bool {
        let Some(site) = self.site(locker) else { return false };
        let Some(machine) = &site.host.machine else { return false };
        let entries = site.host.disk.entries.iter().cloned();
        let again = Locker::restore(&mut site.host.vault.clone(), None, entries);
        again.is_ok_and(|again| again.durable() == machine.durable())
    }

    /// Whether the office's journal, replayed from its first record, gives the durable half of the running machine.
    #[must_use]
    pub fn office_replays(&self) -> bool {
        let Some(machine) = &self.office.machine else { return false };
        let entries = self.office.disk.entries.iter().cloned();
        let again = Office::restore(&mut self.office.vault.clone(), None, entries);
        again.is_ok_and(|again| again.frame().durable() == machine.frame().durable())
    }

    /// The user of a member of staff.
    #[must_use]
    pub fn user(&self, staff: u8) -> Option<UserId> {
        self.staff.get(usize::from(staff)).map(|badge| badge.user)
    }

    /// Every deed so far, with its time.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Begins to keep what becomes so, for [`Stage::take_seen`].
    pub fn watch(&mut self) {
        self.seen.get_or_insert_default();
    }

    /// What became so since the last time, in order.
    pub fn take_seen(&mut self) -> Vec<Seen> {
        self.seen.as_mut().map(core::mem::take).unwrap_or_default()
    }

    /// Whether anything happened at a locker since this was asked last: only then can its screens, its boxes and its records be
    /// others than they were.
    pub(super) fn take_stirred(&mut self, locker: LockerId) -> bool {
        self.site_mut(locker).is_some_and(|site| core::mem::take(&mut site.is_stirred))
    }

    /// Puts a lie into the works, for a test that somebody notices.
    pub fn tell_lies(&mut self, mut lie: Box<dyn Lie>) {
        for site in &mut self.sites {
            site.host.rewrite = lie.rewrite();
            if lie.keeps_relays_on() {
                site.hardware.keep_relays_on();
            }
            site.host.disk.lies_since = lie.disk_forgets().then_some(site.host.disk.entries.len());
        }
        self.office.rewrite = lie.rewrite_office();
        self.lie = Some(lie);
    }

    /// Tells a story again from its plan and its deeds, to the last of them.
    ///
    /// ```
    /// use locker_hal_sim::world::{Deed, Plan, Stage};
    /// # use locker_core::LockerId;
    /// # use locker_core::screen::{Action, Button};
    /// let mut stage = Stage::new(Plan::default());
    /// let action = Action::Press { button: Button::DropKey };
    /// stage.act(Deed::Touch { locker: LockerId(1), action, generation: None }).unwrap();
    /// let again = Stage::replay(stage.plan().clone(), stage.inputs());
    /// assert_eq!(again.digest(), stage.digest());
    /// ```
    #[must_use]
    pub fn replay(plan: Plan, inputs: &[Input]) -> Self {
        let mut stage = Self::new(plan);
        for input in inputs {
            stage.advance_to(input.at);
            // What it came to then it comes to now.
            let _ = stage.act(input.deed.clone());
        }
        stage
    }

    /// A number that tells two stories apart: of the heads of all journals, and of the ledger of keys.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut digest = Digest(0xcbf2_9ce4_8422_2325);
        digest.add(&self.now.to_be_bytes());
        for site in &self.sites {
            digest.add(&site.host.disk.last().to_be_bytes());
            digest.add(site.host.disk.entries.last().map_or(&[], |entry| &entry.mac));
        }
        digest.add(self.office.disk.entries.last().map_or(&[], |entry| &entry.mac));
        for (key, holder) in &self.holders {
            digest.add(format!("{key}{holder:?}").as_bytes());
        }
        digest.add(&(self.mail.len() as u64).to_be_bytes());
        digest.0
    }

    pub(super) fn site(&self, locker: LockerId) -> Option<&Site> {
        self.sites.get(index_of(locker)?)
    }

    pub(super) fn site_mut(&mut self, locker: LockerId) -> Option<&mut Site> {
        self.sites.get_mut(index_of(locker)?)
    }

    pub(super) fn see(&mut self, seen: Seen) {
        if let Some(all) = &mut self.seen {
            all.push(seen);
        }
    }

    /// Random bytes that follow from the moment, not from how many were drawn before: a story from which a deed is left out
    /// keeps its later codes.
    pub(super) fn fresh(&mut self) -> locker_core::Fresh {
        self.drawn = if self.drawn.0 == self.now { (self.now, self.drawn.1 + 1) } else { (self.now, 0) };
        let (at, n) = self.drawn;
        let mut dice = fastrand::Rng::with_seed(self.plan.seed ^ at.rotate_left(20) ^ n.rotate_left(52));
        let mut bytes = [0; 32];
        dice.fill(&mut bytes);
        locker_core::Fresh::new(bytes)
    }

    pub(super) fn computer(&self, at: Computer) -> Option<usize> {
        match at {
            Computer::Locker(locker) => index_of(locker).filter(|index| *index < self.sites.len()),
            Computer::Office => None,
        }
    }
}

pub(super) fn index_of(locker: LockerId) -> Option<usize> {
    usize::try_from(locker.0.checked_sub(1)?).ok()
}

impl Site {
    fn new(id: LockerId, plan: &Plan) -> Self {
        let boxes = BoxNo::first(plan.boxes.max(1));
        let without_item_sensor =
            if plan.item_sensors { Default::default() } else { boxes.clone().collect() };
        let without_door_sensor = if plan.door_sensors { Default::default() } else { boxes.collect() };
        let config = SimConfig {
            boxes: plan.boxes,
            boxes_per_board: plan.boxes_per_board,
            without_item_sensor,
            without_door_sensor,
            ..SimConfig::default()
        };
        Self {
            id,
            host: Host::new(),
            hardware: Hardware::new(config),
            boot: 0,
            boot_at: None,
            cold: true,
            off_ms: 0,
            confirms: true,
            damage: None,
            outputs: Outputs::all_off(locker_core::Mono(0)),
            touches: 0,
            last_touch: None,
            link: Link::default(),
            facts: Vec::new(),
            last_fact: 0,
            facts_at: None,
            wanted_at: None,
            told: 0,
            applied: 0,
            post: Post::Up,
            post_at: None,
            link_at: None,
            is_stirred: true,
        }
    }

    /// The machine's outputs at this moment; nothing while it cannot record, whatever it has heard of that.
    pub(super) fn outputs_now(&self, at: u64) -> Outputs {
        let now = self.host.clocks.now(at);
        let Some(machine) = &self.host.machine else { return Outputs::all_off(now.mono) };
        let mut outputs = machine.outputs(&now);
        if self.host.store == Store::Down {
            outputs.pulse = None;
        }
        outputs
    }

    pub(super) fn records_behind(&self, seq: u64) -> Vec<Stamped<Record>> {
        use locker_core::HoldsPersonal;
        let open = |entry: &locker_core::Entry| {
            let mut stamped = locker_core::decode::<Record>(entry).ok()?;
            stamped.record.visit_personal(&mut |personal| personal.open(&self.host.vault)).ok()?;
            Some(stamped)
        };
        self.host.disk.behind(seq).iter().map_while(open).collect()
    }

    pub(super) fn next(&self) -> Option<u64> {
        [
            self.host.next(),
            self.hardware.poll_at,
            self.boot_at,
            self.facts_at,
            self.wanted_at,
            self.post_at,
            self.link_at,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    pub(super) fn boot_number(&self) -> u32 {
        self.host.machine.as_ref().map_or(0, |machine| machine.frame().boot().0)
    }
}

/// FNV-1a over what is added.
struct Digest(u64);

impl Digest {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// The number of a refusal, or why there was none.
pub(super) fn undone<R: locker_core::Coded>(untaken: &Untaken<R>) -> super::deed::Undone {
    use super::deed::Undone;
    match untaken {
        Untaken::Refused(refusal) => Undone::Refused(refusal.code()),
        Untaken::Away | Untaken::Crashed | Untaken::Unknown => Undone::Away,
        Untaken::Unrecorded => Undone::Unrecorded,
    }
}
