//! What was acknowledged, and what must therefore be so after any restart. One checker for every test that cuts.

use std::collections::{BTreeMap, BTreeSet};

use locker_core::{BoxNo, Custody, Locker, PulseId, VisitId};

/// Where a key is booked, as far as a restart may change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// With the customer.
    Customer,
    /// In a box, certain.
    Box(BoxNo),
    /// Perhaps in this box, which is to be checked.
    ToCheck(BoxNo),
    /// With a member of staff.
    Staff,
    /// Missing.
    Missing,
}

impl From<Custody> for Place {
    fn from(custody: Custody) -> Self {
        match custody {
            Custody::Customer => Self::Customer,
            Custody::Box { box_no } => Self::Box(box_no),
            Custody::ToCheck { box_no, .. } => Self::ToCheck(box_no),
            Custody::Staff { .. } => Self::Staff,
            Custody::Missing { .. } => Self::Missing,
        }
    }
}

/// Where one key may be found booked after a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct May {
    places: BTreeSet<Place>,
    /// An opening was asked for and nobody has said which box it will be.
    any_box_to_check: bool,
}

/// What the people in front of a locker were told, key by key.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    keys: BTreeMap<String, May>,
}

/// What a restarted locker says.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Where each key is booked, by label; a key in two boxes stands here twice.
    pub booked: Vec<(String, Place)>,
    /// Boxes kept for a session that cannot live any more.
    pub reserved: Vec<BoxNo>,
}

impl Found {
    /// What a machine in this process says; `label` names the key of a visit.
    #[must_use]
    pub fn of(locker: &Locker, visits: &[VisitId], label: impl Fn(VisitId) -> String) -> Self {
        let mut found = Self::default();
        for report in locker.boxes() {
            if let Some(visit) = report.visit {
                let place = if report.to_check.is_some() {
                    Place::ToCheck(report.box_no)
                } else {
                    Place::Box(report.box_no)
                };
                found.booked.push((label(visit), place));
            }
            if report.reserved {
                found.reserved.push(report.box_no);
            }
        }
        for visit in visits {
            match locker.custody(*visit).into() {
                Place::Box(_) | Place::ToCheck(_) => {}
                place => found.booked.push((label(*visit), place)),
            }
        }
        found
    }

    fn places(&self, key: &str) -> Vec<Place> {
        self.booked.iter().filter(|(label, _)| label == key).map(|(_, place)| *place).collect()
    }
}

impl Ledger {
    /// It was acknowledged: after a restart the key is booked here and nowhere else.
    pub fn is(&mut self, key: &str, place: Place) {
        let places = BTreeSet::from([place]);
        self.keys.insert(key.to_owned(), May { places, any_box_to_check: false });
    }

    /// It was asked for and not acknowledged: after a restart the key may also be booked here.
    pub fn may_be(&mut self, key: &str, place: Place) {
        if let Some(may) = self.keys.get_mut(key) {
            may.places.insert(place);
        }
    }

    /// An opening was asked for: the key may be in any box, to be checked.
    pub fn may_be_in_any_box(&mut self, key: &str) {
        if let Some(may) = self.keys.get_mut(key) {
            may.any_box_to_check = true;
        }
    }

    /// Where a key is booked, if that is certain.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<Place> {
        let may = self.keys.get(key).filter(|may| !may.any_box_to_check && may.places.len() == 1)?;
        may.places.first().copied()
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// What is broken after a restart; then takes what was found for what is known.
    #[must_use]
    pub fn settle(&mut self, found: &Found) -> Vec<String> {
        let mut broken = Vec::new();
        for (key, may) in &mut self.keys {
            let places = found.places(key);
            let [place] = places[..] else {
                broken.push(format!("key {key} is in {} places: {places:?} (SAFE-3)", places.len()));
                continue;
            };
            let is_some_box = may.any_box_to_check && matches!(place, Place::ToCheck(_));
            if !may.places.contains(&place) && !is_some_box {
                broken.push(format!("key {key} is {place:?}, acknowledged was {:?} (SAFE-2)", may.places));
            }
            *may = May { places: BTreeSet::from([place]), any_box_to_check: false };
        }
        let mut holders: BTreeMap<BoxNo, Vec<&str>> = BTreeMap::new();
        for (key, place) in &found.booked {
            if let Place::Box(box_no) | Place::ToCheck(box_no) = place {
                holders.entry(*box_no).or_default().push(key);
            }
        }
        for (box_no, keys) in holders.into_iter().filter(|(_, keys)| keys.len() > 1) {
            broken.push(format!("box {box_no} holds the keys of {keys:?} (SAFE-3)"));
        }
        for box_no in &found.reserved {
            broken.push(format!("box {box_no} is kept for a session that is dead"));
        }
        broken
    }

    /// What does not agree with what really lies in the boxes. People in these tests act as they say, so that a key that
    /// lies in a box is booked there, and a key booked for certain lies there.
    #[must_use]
    pub fn against_truth(found: &Found, lies: &[(BoxNo, String)]) -> Vec<String> {
        let mut broken = Vec::new();
        for (box_no, key) in lies {
            let places = found.places(key);
            if places != [Place::Box(*box_no)] && places != [Place::ToCheck(*box_no)] {
                broken.push(format!("key {key} lies in box {box_no} and is booked {places:?}"));
            }
        }
        for (key, place) in &found.booked {
            if let Place::Box(box_no) = place
                && !lies.contains(&(*box_no, key.clone()))
            {
                broken
                    .push(format!("key {key} is booked in box {box_no} for certain and does not lie there"));
            }
        }
        broken
    }
}

/// The locks as their cabinet saw them fired.
#[derive(Clone, Debug, Default)]
pub struct Locks {
    seen: BTreeSet<PulseId>,
    count: u64,
}

impl Locks {
    /// Takes in all pulses so far, by their ids where they are still remembered; says what is broken.
    #[must_use]
    pub fn see(&mut self, count: u64, fired: &[PulseId]) -> Vec<String> {
        let mut broken = Vec::new();
        let mut now = BTreeSet::new();
        for id in fired {
            if !now.insert(*id) {
                broken.push(format!("pulse {id} was driven twice"));
            }
        }
        self.seen.append(&mut now);
        self.count = count;
        broken
    }

    /// What is broken if nobody has touched the screen since the last [`Locks::see`] (BOX-10).
    #[must_use]
    pub fn rest(&mut self, count: u64, fired: &[PulseId]) -> Vec<String> {
        let before = self.count;
        let mut broken = self.see(count, fired);
        if count != before {
            broken.push(format!(
                "{} locks fired between the restart and the first touch (BOX-10)",
                count - before
            ));
        }
        broken
    }
}

#[cfg(test)]
mod tests {
    use locker_core::Boot;

    use super::*;

    fn box_no(number: u8) -> BoxNo {
        BoxNo::new(number).unwrap()
    }

    fn found(booked: &[(&str, Place)]) -> Found {
        let booked = booked.iter().map(|(key, place)| ((*key).to_owned(), *place)).collect();
        Found { booked, reserved: Vec::new() }
    }

    #[test]
    fn what_was_acknowledged_must_be_so_and_what_was_asked_for_may_be() {
        let mut ledger = Ledger::default();
        ledger.is("a", Place::Customer);
        assert_eq!(
            ledger.settle(&found(&[("a", Place::ToCheck(box_no(1)))])).len(),
            1,
            "nothing was asked for"
        );
        ledger.is("a", Place::Customer);
        ledger.may_be_in_any_box("a");
        assert!(ledger.settle(&found(&[("a", Place::ToCheck(box_no(1)))])).is_empty());
        ledger.may_be("a", Place::Box(box_no(1)));
        assert!(ledger.settle(&found(&[("a", Place::Box(box_no(1)))])).is_empty());
        assert_eq!(ledger.settle(&found(&[("a", Place::Customer)])).len(), 1, "a confirmed key was lost");
    }

    #[test]
    fn a_key_in_two_places_in_none_or_beside_another_is_found() {
        let mut ledger = Ledger::default();
        ledger.is("a", Place::Box(box_no(1)));
        let twice = found(&[("a", Place::Box(box_no(1))), ("a", Place::Box(box_no(2)))]);
        assert_eq!(ledger.settle(&twice).len(), 1);
        assert_eq!(ledger.settle(&found(&[])).len(), 1);
        let beside = found(&[("a", Place::Box(box_no(1))), ("b", Place::ToCheck(box_no(1)))]);
        assert_eq!(ledger.settle(&beside).len(), 1);
        let reserved = Found { reserved: vec![box_no(3)], ..found(&[("a", Place::Box(box_no(1)))]) };
        assert_eq!(ledger.settle(&reserved).len(), 1);
    }

    #[test]
    fn a_key_is_booked_where_it_lies_and_lies_where_it_is_booked_for_certain() {
        let lies = [(box_no(1), String::from("a"))];
        let broken = |place| Ledger::against_truth(&found(&[("a", place)]), &lies).len();
        assert_eq!(broken(Place::Box(box_no(1))), 0);
        assert_eq!(broken(Place::ToCheck(box_no(1))), 0);
        assert_eq!(broken(Place::Box(box_no(2))), 2, "lies elsewhere, and not there");
        assert_eq!(broken(Place::Staff), 1);
        assert_eq!(Ledger::against_truth(&found(&[("a", Place::ToCheck(box_no(1)))]), &[]).len(), 0);
    }

    #[test]
    fn a_lock_that_fires_unasked_or_by_an_old_pulse_is_found() {
        let pulse = |boot, n| PulseId { boot: Boot(boot), n };
        let mut locks = Locks::default();
        assert!(locks.see(1, &[pulse(1, 1)]).is_empty());
        assert!(locks.rest(1, &[pulse(1, 1)]).is_empty());
        assert_eq!(locks.rest(2, &[pulse(1, 1), pulse(1, 1)]).len(), 2);
        assert_eq!(locks.rest(3, &[pulse(1, 1), pulse(2, 1)]).len(), 1);
    }
}
