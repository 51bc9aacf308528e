//! The customers of a world and what they drive.

use fastrand::Rng;
use locker_core::{
    Appointment, Channel, Contact, ContactKind, Date, Driver, ExternalRef, LockerId, TimeOfDay, VisitId,
};

use super::deed::Planned;

/// A customer's visit.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) locker: LockerId,
    pub(super) plate: String,
    pub(super) phone: String,
    pub(super) address: String,
    pub(super) planned: Planned,
}

impl Case {
    /// The next visit of a world. Every name and plate has `zq` in it and every number a blank, so that a leak is seen.
    pub(super) fn draw(visit: VisitId, locker: LockerId, date: Date, dice: &mut Rng) -> Self {
        let n = visit.0;
        let plate =
            format!("{}-ZQ{}-{:03}", n / 26_000 % 10, char::from(b'A' + (n / 1_000 % 26) as u8), n % 1_000);
        let phone = format!("0470 {:02} {:02} {:02}", n / 10_000 % 100, n / 100 % 100, n % 100);
        let address = format!("zq{n}@example.org");
        let contact =
            |channel, kind, address: &str| Contact { channel, kind, address: address.into(), blocked: false };
        let mail = contact(Channel::Mail, ContactKind::Private, &address);
        let mobile = contact(Channel::Sms, ContactKind::Business, &phone);
        let contacts = match dice.u8(0..8) {
            0 => vec![mobile.clone(), mail],
            1 => vec![Contact { blocked: true, ..mobile.clone() }, mail],
            _ => vec![mail, mobile.clone()],
        };
        let preferred = [None, Some(Channel::Mail), Some(Channel::Sms)][dice.usize(0..3)];
        let driver = Driver { name: format!("Zqara Driver {n}"), contacts, preferred, language: None };
        let order = ExternalRef::new(format!("WO-{n}")).expect("a short number is a reference");
        let time = TimeOfDay::new(8 + dice.u8(0..9), 30).expect("within the day");
        let orders = vec![Appointment { order, time, work: "Yearly service".into() }];
        let (vehicle, on_hold) = ("Blue zqombi".into(), false);
        let planned = Planned { date, plate: plate.clone(), vehicle, driver, orders, on_hold };
        Self { locker, plate, phone, address, planned }
    }
}
