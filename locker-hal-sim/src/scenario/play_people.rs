//! The people of a scenario: who works here, who has a visit, what was sent to them; and the dealership that they find.

use locker_core::office::{self, Role};
use locker_core::{
    Appointment, Channel, Contact, ContactKind, Date, Driver, ExternalRef, Record, Settings, VisitId,
};

use super::error::Flaw;
use super::play::{DAY_MS, LOCKER, Player, READER, ZONE_MS};
use super::story::{Customer, Given, PersonKind};
use crate::world::{Plan, Planned, Staff};

impl Player<'_> {
    /// The visits of the customers whose names pass.
    pub(super) fn planned(&self, passes: impl Fn(&str) -> bool) -> Vec<Planned> {
        let today = self.today();
        let visits = self.given.people.iter().filter(|person| passes(&person.name));
        visits
            .filter_map(|person| match &person.kind {
                PersonKind::Customer(customer) => Some(planned(&person.name, customer, today)),
                PersonKind::Staff { .. } | PersonKind::Stranger => None,
            })
            .collect()
    }

    /// The day in the dealership's zone.
    pub(super) fn today(&self) -> Date {
        let days = (self.stage.wall().0 + ZONE_MS).div_euclid(DAY_MS);
        Date::default().plus_days(i32::try_from(days).unwrap_or(0))
    }

    /// Which visit is whose, by the registrations in the locker's journal.
    pub(super) fn find_visits(&mut self) {
        for stamped in self.stage.records(LOCKER) {
            let Record::VisitPut { visit } = stamped.record else { continue };
            let Some(people) = visit.people.get() else { continue };
            let owner = self.given.people.iter().find(
                |person| matches!(&person.kind, PersonKind::Customer(customer) if customer.plate == people.plate),
            );
            if let Some(owner) = owner {
                self.visits.insert(owner.name.clone(), visit.id);
            }
        }
    }

    pub(super) fn visit(&self, name: &str) -> Result<VisitId, Flaw> {
        let visit = self.visits.get(name).copied();
        visit.ok_or_else(|| self.flaw(format!("no visit of {name} at the locker"), "a customer with a visit"))
    }

    pub(super) fn customer(&self, name: &str) -> Result<&Customer, Flaw> {
        match self.given.person(name).map(|person| &person.kind) {
            Some(PersonKind::Customer(customer)) => Ok(customer),
            _ => Err(self.flaw(format!("{name}, who is no customer"), "a customer")),
        }
    }

    pub(super) fn staff(&self, name: &str) -> Result<u8, Flaw> {
        let place = self.given.staff().position(|(staff, ..)| staff == name);
        let place = place.and_then(|place| u8::try_from(place).ok());
        place.ok_or_else(|| self.flaw(format!("{name}, who does not work here"), "a member of staff"))
    }

    /// The PINs that were sent to a customer, oldest first.
    fn pins(&self, name: &str) -> Vec<String> {
        let Ok(customer) = self.customer(name) else { return Vec::new() };
        let is_to = |to: &str| customer.contacts.iter().any(|contact| contact.address == to);
        let mail = self.stage.mail().iter().filter(|mail| mail.template.has_code() && is_to(&mail.to));
        mail.map(|mail| mail.pin.clone()).collect()
    }

    pub(super) fn has_pin(&self, name: &str) -> bool {
        !self.pins(name).is_empty()
    }

    pub(super) fn pin_of(&self, name: &str, back: usize) -> Result<String, Flaw> {
        let pins = self.pins(name);
        let found = pins.iter().rev().nth(back).cloned();
        found.ok_or_else(|| self.flaw(format!("{} PINs sent to {name} so far", pins.len()), "more of them"))
    }

    /// Six digits that were never sent to anybody.
    pub(super) fn wrong_pin(&self) -> String {
        let is_real = |digits: &str| self.stage.mail().iter().any(|mail| mail.pin == digits);
        let candidates = (0..10).map(|n| format!("90817{n}"));
        candidates.into_iter().find(|digits| !is_real(digits)).unwrap_or_default()
    }

    /// What hangs on a person's key: the number of the visit, as the world labels keys.
    pub(super) fn label(&self, name: &str) -> String {
        match self.visits.get(name) {
            Some(visit) => format!("key {visit}"),
            None => format!("{name}'s key"),
        }
    }
}

/// The dealership of a scenario.
pub(super) fn plan(given: &Given) -> Plan {
    let mut staff: Vec<Staff> = given
        .staff()
        .map(|(name, role, without)| Staff {
            login: name.to_lowercase(),
            role,
            rights: role.all_rights().into_iter().filter(|right| !without.contains(right)).collect(),
        })
        .collect();
    staff.push(Staff { login: READER.into(), role: Role::DealerAdmin, rights: Vec::new() });
    let mut plan =
        Plan { boxes: given.boxes, boxes_per_board: given.boxes_per_board, staff, ..Plan::default() };
    plan.security_code = given.security_code;
    plan.location.sms = given.sms;
    plan.location.locale = given.locale;
    plan.location.telephone.clone_from(&given.telephone);
    plan.settings = Settings {
        name: "Key locker".into(),
        active: given.active,
        two_factor: given.two_factor,
        typed_code: given.typed_code,
        lookup_days_ahead: given.lookup_days_ahead,
        kiosk_pin_minutes: given.kiosk_pin_minutes,
        ..Settings::default()
    };
    plan
}

fn planned(name: &str, customer: &Customer, today: Date) -> Planned {
    let contact = |reach: &super::story::Reach| Contact {
        channel: if reach.is_mobile { Channel::Sms } else { Channel::Mail },
        kind: if reach.is_business { ContactKind::Business } else { ContactKind::Private },
        address: reach.address.clone(),
        blocked: reach.is_blocked,
    };
    let driver = Driver {
        name: name.into(),
        contacts: customer.contacts.iter().map(contact).collect(),
        preferred: None,
        language: None,
    };
    let order = ExternalRef::new(format!("WO-{name}")).expect("a name of letters makes a reference");
    let time = customer.time.unwrap_or_default();
    Planned {
        date: today.plus_days(customer.day),
        plate: customer.plate.clone(),
        vehicle: customer.vehicle.clone(),
        driver,
        orders: vec![Appointment { order, time, work: customer.work.clone() }],
        on_hold: false,
    }
}

impl Given {
    /// The people who work here, in the order in which they are given.
    pub(super) fn staff(&self) -> impl Iterator<Item = (&str, Role, &[office::Right])> {
        self.people.iter().filter_map(|person| match &person.kind {
            PersonKind::Staff { role, without } => Some((person.name.as_str(), *role, without.as_slice())),
            PersonKind::Customer(_) | PersonKind::Stranger => None,
        })
    }
}
