//! SAFE-2, SAFE-3, BOX-10: the journal of a whole session, cut behind every record, restored and started each time, from
//! the first record and from every snapshot taken on the way.
//!
//! A step's records are written together or not at all, so that half of these cuts never happen; they must do no harm
//! all the same. What `torn.rs` does with the bytes of one transaction is done here with the records of all.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[allow(dead_code, reason = "shared with the stories of the core")]
#[path = "../../locker-core/tests/stories/rig.rs"]
mod rig;

use locker_core::screen::Button;
use locker_core::{Act, BoxNo, Entry, Locker, Machine, Mono, Now, Outputs, VisitId};
use locker_runtime::journal::{Journal, MemoryJournal};
use locker_runtime::open::{RestoreFrom, open_machine};
use locker_tests::hosted::Keys;
use locker_tests::ledger::{Found, Ledger, Place};
use rig::{JANE, OMAR, Rig, box_no};

const KEYS: [(VisitId, &str); 2] = [(JANE, "jane"), (OMAR, "omar")];

/// A moment of the session at which the power may go.
struct Moment {
    what: &'static str,
    /// The records by then.
    records: usize,
    /// Where each key really lies, if in a box.
    lies: Vec<(BoxNo, String)>,
    /// Where each key is booked after a restart from here.
    booked: [Place; 2],
    now: Now,
    snapshot: Vec<u8>,
}

/// The session as it went.
struct Session {
    rig: Rig,
    moments: Vec<Moment>,
    lies: Vec<(BoxNo, String)>,
    booked: [Place; 2],
}

impl Session {
    fn act(&mut self, what: &'static str, act: impl FnOnce(&mut Rig)) {
        act(&mut self.rig);
        let snapshot = self.rig.locker.snapshot(&mut self.rig.vault).unwrap();
        self.moments.push(Moment {
            what,
            records: self.rig.journal.len(),
            lies: self.lies.clone(),
            booked: self.booked,
            now: self.rig.now(),
            snapshot,
        });
    }

    /// From the last moment on, a restart finds this key there.
    fn books(&mut self, key: usize, place: Place) {
        self.booked[key] = place;
        self.moments.last_mut().unwrap().booked = self.booked;
    }

    fn served(&self) -> u8 {
        self.rig.served().expect("a box is in use")
    }

    fn put(&mut self, key: usize) {
        let number = self.served();
        self.lies.push((box_no(number), KEYS[key].1.into()));
        self.act("the key is in", |rig| rig.put_key(number));
        self.act("the door is shut", |rig| rig.close(number));
    }

    fn take(&mut self, key: usize) {
        let number = self.served();
        self.lies.retain(|(_, lying)| lying != KEYS[key].1);
        self.act("the key is out", |rig| rig.take_key(number));
        self.act("the door is shut", |rig| rig.close(number));
    }
}

/// Two drops, one of them cut off by a power cut and settled by staff; a pick-up; a door forced; help.
fn session() -> Session {
    let booked = [Place::Customer; 2];
    let mut session = Session { rig: Rig::new(), moments: Vec::new(), lies: Vec::new(), booked };
    let (jane, omar) = (0, 1);
    session.act("ready", |_| {});
    session.act("a PIN is sent", |rig| {
        let pin = rig.pin_by_plate("1-ABC-123");
        rig.press(Button::EnterCode);
        rig.type_pin(&pin);
        rig.press(Button::Next);
    });
    session.act("a pulse is granted", |rig| drop(rig.press(Button::Next)));
    let first = box_no(session.served());
    session.books(jane, Place::ToCheck(first));
    session.act("the box is open", |rig| rig.wait(200));
    session.put(jane);
    session.act("confirmed", |rig| drop(rig.press(Button::Confirm)));
    session.books(jane, Place::Box(first));
    session.act("thanked", |rig| drop(rig.press(Button::Done)));
    session.act("the second box is open", |rig| {
        rig.drop_to_open_box("2-XYZ-789");
    });
    let second = box_no(session.served());
    session.books(omar, Place::ToCheck(second));
    session.put(omar);
    session.act("the power went", |rig| rig.power_cut(60_000));
    session.act("staff check the box", |rig| rig.check_box(second.get()));
    session.act("and shut it", |rig| rig.close(second.get()));
    session.act("and go on", |rig| drop(rig.press(Button::Confirm)));
    session.act("and say that it stays", |rig| drop(rig.press(Button::KeyStays)));
    session.books(omar, Place::Box(second));
    session.act("and leave", |rig| drop(rig.press(Button::Done)));
    session.act("a QR is shown", Rig::show_qr);
    session.act("it is scanned", |rig| drop(rig.scan(Act::PickUp { visit: JANE })));
    session.books(jane, Place::ToCheck(first));
    session.act("the box is open for staff", |rig| rig.wait(200));
    session.take(jane);
    session.act("the pick-up is confirmed", |rig| drop(rig.press(Button::Confirm)));
    session.books(jane, Place::Staff);
    session.act("the mechanic leaves", |rig| drop(rig.press(Button::Done)));
    session.act("a door is forced", |rig| rig.pry(second.get()));
    session.books(omar, Place::ToCheck(second));
    session.act("help is called", |rig| {
        rig.press(Button::Help);
        rig.press(Button::CallHelp);
    });
    session
}

/// The locker that starts on these records, with heads that had not reached the disk.
fn started(entries: &[Entry], snapshot: Option<&Moment>, now: &Now) -> (Locker, Outputs) {
    let mut journal = MemoryJournal::default();
    journal.tamper(Locker::STREAM, |kept| kept.extend_from_slice(entries));
    if let Some(moment) = snapshot {
        journal.keep_snapshot(Locker::STREAM, moment.records as u64, &moment.snapshot).unwrap();
    }
    let mut after = *now;
    after.mono = Mono(0);
    after.wall.0 += 60_000;
    let locker =
        open_machine::<Locker>(&mut journal, &mut Keys::default(), &after, RestoreFrom::Snapshot).unwrap();
    assert!(locker.frame().is_started());
    let outputs = locker.outputs(&after);
    (locker, outputs)
}

/// What is broken when the power went between `before` and `after`, and this locker started.
fn broken(locker: &Locker, before: &Moment, after: &Moment) -> Vec<String> {
    let mut ledger = Ledger::default();
    for (at, (_, key)) in KEYS.into_iter().enumerate() {
        ledger.is(key, before.booked[at]);
        ledger.may_be(key, after.booked[at]);
    }
    let label = |visit| KEYS.into_iter().find(|(known, _)| *known == visit).unwrap().1.to_owned();
    let found = Found::of(locker, &KEYS.map(|(visit, _)| visit), label);
    let mut broken = ledger.settle(&found);
    // People act on what they are told, so that the keys lie as they did before.
    broken.extend(Ledger::against_truth(&found, &before.lies));
    broken
}

#[test]
fn safe_02_a_journal_cut_behind_any_record_of_a_session_starts_loses_no_key_and_opens_nothing() {
    let session = session();
    let journal = &session.rig.journal;
    let mut cuts = 0;
    for (before, after) in session.moments.iter().zip(session.moments.iter().skip(1)) {
        for cut in before.records..=after.records {
            let usable = session.moments.iter().filter(|moment| moment.records <= cut).map(Some);
            for snapshot in [None].into_iter().chain(usable) {
                // What an act changes in the world, it changes once its records are there.
                let from = if cut == after.records { after } else { before };
                let (locker, outputs) = started(&journal[..cut], snapshot, &from.now);
                let place = format!("{} / {}, cut behind record {cut}", before.what, after.what);
                assert_eq!(broken(&locker, from, after), Vec::<String>::new(), "{place}");
                assert_eq!((outputs.pulse, outputs.lights), (None, vec![]), "{place}");
                cuts += 1;
            }
        }
    }
    assert!(journal.len() > 50 && cuts > 500, "a whole session: {} records, {cuts} starts", journal.len());
}

#[test]
fn safe_02_records_that_people_were_told_of_and_that_are_lost_are_caught() {
    let session = session();
    for lost in ["confirmed", "the pick-up is confirmed"] {
        let at = session.moments.iter().position(|moment| moment.what == lost).unwrap();
        let (before, told) = (&session.moments[at - 1], &session.moments[at]);
        assert!(before.records < told.records);
        for cut in 0..=before.records {
            let (locker, _) = started(&session.rig.journal[..cut], None, &told.now);
            assert_ne!(broken(&locker, told, told), Vec::<String>::new(), "{lost}, cut behind record {cut}");
        }
    }
}
