//! Taking over location, lockers, users and visits from elsewhere (OFFICE-9, OFFICE-13).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::Office;
use super::admin::{self, Needs, allow};
use super::ask::{Answer, By, UserInput, fits, fits_or_empty, plate_key};
use super::custody::VisitRow;
use super::record::Record;
use super::refuse::Refusal;
use super::state::{Durable, Location, VISITS_MAX};
use crate::codes_table::Coded;
use crate::exchange::Settings;
use crate::ids::{ExternalRef, UserId, VisitId};
use crate::machine::Draft;
use crate::secret::Personal;
use crate::time::Date;
use crate::vault::Subject;
use crate::visit::{Appointment, Driver, People, Visit};

/// The most rows of one kind in one import.
pub const IMPORT_ROWS_MAX: usize = 5_000;
/// The most work orders of one visit.
pub const ORDERS_MAX: usize = 20;
/// The most contacts of one driver.
pub const CONTACTS_MAX: usize = 8;
/// After how many days a visit whose key is with the customer, and of which nothing personal is left (SAFE-5), is forgotten
/// at an import.
pub const FORGOTTEN_AFTER_DAYS: i32 = 60;
/// The most characters of a name, a plate, an address, a kind of work.
const TEXT_MAX: usize = 120;

/// What an import does with visits that are in the office and not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Absent {
    /// They stay: the import brings some visits.
    #[default]
    Keep,
    /// They are withdrawn, from the earliest date in the import on: the import is the whole of the planning. With a bad
    /// row among the visits nothing is withdrawn, for the bad row may be one of them.
    Withdraw,
}

/// What is to be taken over; all parts may be empty. Has no `Debug`: it holds names.
#[derive(Clone, Default)]
pub struct Import {
    /// The location.
    pub location: Option<Location>,
    /// Lockers, known by their names.
    pub lockers: Vec<LockerInput>,
    /// Users, known by their login names.
    pub users: Vec<UserInput>,
    /// Visits, known by date and registration, or by a work order.
    pub visits: Vec<VisitInput>,
    /// What becomes of the other visits.
    pub absent: Absent,
}

/// A locker as an import brings it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockerInput {
    /// Its settings; the name in them tells which locker it is.
    pub settings: Settings,
    /// The number of its boxes.
    pub boxes: u8,
}

/// A visit as an import brings it. Has no `Debug`: it holds names.
#[derive(Clone, PartialEq, Eq)]
pub struct VisitInput {
    /// The appointment date.
    pub date: Date,
    /// The vehicle's registration.
    pub plate: String,
    /// Make and model.
    pub vehicle: String,
    /// The driver.
    pub driver: Driver,
    /// The owner's name.
    pub owner: Option<String>,
    /// The contractor's name.
    pub contractor: Option<String>,
    /// The work orders: 1 to [`ORDERS_MAX`].
    pub orders: Vec<Appointment>,
    /// Whether the customer may not pick the key up yet (PICK-5): unpaid, say.
    pub on_hold: bool,
}

/// Which part of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The location.
    Location,
    /// The lockers.
    Locker,
    /// The users.
    User,
    /// The visits.
    Visit,
}

/// What is wrong with a row. Says nothing of what the row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// The registration is empty or too long.
    #[error("the registration is empty or too long")]
    Plate,
    /// A name is empty or too long.
    #[error("a name is empty or too long")]
    Name,
    /// There are no work orders, or too many, or the text of one is too long.
    #[error("no work orders, too many, or a text too long")]
    Orders,
    /// A work order stands in two rows.
    #[error("a work order stands in two rows")]
    OrderTwice,
    /// A row before it has the same vehicle and date.
    #[error("a row before it has the same vehicle and date")]
    VisitTwice,
    /// There are too many contacts, or one is empty or too long.
    #[error("too many contacts, or one empty or too long")]
    Contacts,
    /// A limit of the office is reached.
    #[error("a limit of the office is reached")]
    Full,
    /// The same as an administrator would be told.
    #[error("{0}")]
    Refused(Refusal),
}

impl RowFault {
    /// The stable key.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Plate => "row.plate",
            Self::Name => "row.name",
            Self::Orders => "row.orders",
            Self::OrderTwice => "row.order_twice",
            Self::VisitTwice => "row.visit_twice",
            Self::Contacts => "row.contacts",
            Self::Full => "row.full",
            Self::Refused(refusal) => refusal.key(),
        }
    }
}

impl Serialize for RowFault {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.key())
    }
}

/// A row that was not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// In which part.
    pub part: Part,
    /// The row's number, from 1.
    pub row: usize,
    /// What is wrong with it.
    pub why: RowFault,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Rows taken over, changed or not.
    pub good: usize,
    /// Records made: new and changed rows.
    pub changed: usize,
    /// Visits that planning no longer has, withdrawn.
    pub withdrawn: usize,
    /// Visits among them that are kept because their key is not with the customer (OFFICE-13).
    pub kept: usize,
    /// Rows that were not taken over.
    pub bad: Vec<BadRow>,
}

/// Takes over what is good and reports what is not.
pub(super) fn import(draft: &mut Draft<'_, Office>, by: By, import: Import) -> Result<Answer, Refusal> {
    let by = match allow(draft, by, Needs::DealerAdmin)? {
        Ok(by) => by,
        Err(denied) => return Ok(denied),
    };
    let rows = [import.lockers.len(), import.users.len(), import.visits.len()];
    if rows.iter().any(|rows| *rows > IMPORT_ROWS_MAX) {
        return Err(Refusal::Full);
    }
    let mut report = ImportReport::default();
    take_location(draft, by, import.location, &mut report);
    take_lockers(draft, by, import.lockers, &mut report);
    take_users(draft, by, import.users, &mut report);
    take_visits(draft, import.visits, import.absent, &mut report);
    Ok(Answer::Imported(report))
}

impl ImportReport {
    fn bad(&mut self, part: Part, index: usize, why: RowFault) {
        self.bad.push(BadRow { part, row: index + 1, why });
    }

    fn good(&mut self, is_changed: bool) {
        self.good += 1;
        self.changed += usize::from(is_changed);
    }
}

fn take_location(
    draft: &mut Draft<'_, Office>,
    by: Option<UserId>,
    location: Option<Location>,
    report: &mut ImportReport,
) {
    let Some(location) = location else {
        return;
    };
    match admin::check_location(&location) {
        Ok(()) => {
            report.good(draft.durable().location != location);
            admin::put_location(draft, by, location);
        }
        Err(refusal) => report.bad(Part::Location, 0, RowFault::Refused(refusal)),
    }
}

fn take_lockers(
    draft: &mut Draft<'_, Office>,
    by: Option<UserId>,
    lockers: Vec<LockerInput>,
    report: &mut ImportReport,
) {
    for (index, input) in lockers.into_iter().enumerate() {
        let durable = draft.durable();
        let known = durable
            .lockers
            .iter()
            .find(|(_, row)| row.settings.name == input.settings.name)
            .map(|(id, _)| *id);
        let row = known.and_then(|id| durable.lockers.get(&id));
        let is_same = row.is_some_and(|row| row.settings == input.settings && row.boxes == input.boxes);
        match admin::check_locker(durable, known, &input.settings, input.boxes) {
            Ok(()) => {
                report.good(!is_same);
                admin::put_locker(draft, by, known, input.settings, input.boxes);
            }
            Err(refusal) => report.bad(Part::Locker, index, RowFault::Refused(refusal)),
        }
    }
}

fn take_users(
    draft: &mut Draft<'_, Office>,
    by: Option<UserId>,
    users: Vec<UserInput>,
    report: &mut ImportReport,
) {
    for (index, input) in users.into_iter().enumerate() {
        let known = admin::login_holder(draft.durable(), &input.login);
        match admin::check_user(draft.durable(), known, &input) {
            Ok(()) => {
                let before = draft.durable().users.get(&known.unwrap_or_default()).cloned();
                let id = admin::put_user(draft, by, known, input);
                report.good(before.as_ref() != draft.durable().users.get(&id));
            }
            Err(refusal) => report.bad(Part::User, index, RowFault::Refused(refusal)),
        }
    }
}

fn take_visits(
    draft: &mut Draft<'_, Office>,
    visits: Vec<VisitInput>,
    absent: Absent,
    report: &mut ImportReport,
) {
    if visits.is_empty() {
        return;
    }
    forget_the_old(draft);
    let from = visits.iter().map(|input| input.date).min();
    let known = recognise(draft.durable(), &visits);
    let mut orders = BTreeSet::new();
    let mut vehicles = BTreeSet::new();
    let erased = Erased::of(draft);
    let mut claimed = BTreeSet::new();
    for (index, (input, known)) in visits.into_iter().zip(known).enumerate() {
        let fault = fault_of(&input, &orders, &vehicles).or_else(|| {
            (known.is_none() && draft.durable().visits.size() >= VISITS_MAX).then_some(RowFault::Full)
        });
        if let Some(fault) = fault {
            report.bad(Part::Visit, index, fault);
            continue;
        }
        orders.extend(input.orders.iter().map(|order| order.order.clone()));
        vehicles.insert((input.date, plate_key(&input.plate)));
        if known.is_none() && erased.has(&input) {
            report.good(false);
            continue;
        }
        let (id, is_changed) = put_visit(draft, known, input);
        claimed.insert(id);
        report.good(is_changed);
    }
    let has_bad = report.bad.iter().any(|bad| bad.part == Part::Visit);
    if absent == Absent::Withdraw && !has_bad {
        withdraw(draft, from, &claimed, report);
    }
}

/// What is not taken in again, though planning still has it, because it would undo an erasure (SAFE-5).
struct Erased {
    orders: BTreeSet<ExternalRef>,
    /// A new visit of a day before this one would be erased at once. `None` by a clock in doubt.
    first: Option<Date>,
}

impl Erased {
    fn of(draft: &Draft<'_, Office>) -> Self {
        let durable = draft.durable();
        let is_gone = |id: &VisitId, row: &VisitRow| {
            row.is_erased || durable.erasing.contains_key(&Subject::Visit(*id))
        };
        let rows = durable.visits.iter().filter(|(id, row)| is_gone(id, row)).map(|(_, row)| row);
        let orders = rows.filter_map(|row| row.visit.as_ref()).flat_map(|visit| &visit.appointments);
        let days = i32::from(durable.location.erase_after_days);
        let is_sure = draft.now().wall_trusted;
        Self {
            orders: orders.map(|order| order.order.clone()).collect(),
            first: is_sure.then(|| draft.now().today.plus_days(-days)),
        }
    }

    fn has(&self, input: &VisitInput) -> bool {
        let is_too_old = self.first.is_some_and(|first| input.date < first);
        is_too_old || input.orders.iter().all(|order| self.orders.contains(&order.order))
    }
}

/// Which visit each row is: the one of that vehicle and date, else one with a work order of the row that no other row
/// claims (a work order moved, OFFICE-13), else a new one.
fn recognise(durable: &Durable, rows: &[VisitInput]) -> Vec<Option<VisitId>> {
    let mut by_vehicle = BTreeMap::new();
    let mut by_order = BTreeMap::new();
    for (id, row) in &durable.visits {
        let Some(visit) = &row.visit else { continue };
        // An erased visit is never filled again: its key is destroyed.
        let is_erasing = durable.erasing.contains_key(&Subject::Visit(*id));
        let Some(people) = visit.people.get().filter(|_| !is_erasing) else {
            continue;
        };
        by_vehicle.insert((visit.date, plate_key(&people.plate)), *id);
        for order in &visit.appointments {
            by_order.insert(order.order.clone(), *id);
        }
    }
    let mut claimed = BTreeSet::new();
    let mut known: Vec<Option<VisitId>> = rows
        .iter()
        .map(|row| {
            let id = by_vehicle.get(&(row.date, plate_key(&row.plate)))?;
            claimed.insert(*id).then_some(*id)
        })
        .collect();
    for (row, known) in rows.iter().zip(&mut known) {
        if known.is_none() {
            let mut ids = row.orders.iter().filter_map(|order| by_order.get(&order.order));
            *known = ids.find(|id| claimed.insert(**id)).copied();
        }
    }
    known
}

fn fault_of(
    input: &VisitInput,
    orders: &BTreeSet<ExternalRef>,
    vehicles: &BTreeSet<(Date, Vec<char>)>,
) -> Option<RowFault> {
    let plate = plate_key(&input.plate);
    if plate.is_empty() || !fits(&input.plate, TEXT_MAX) {
        return Some(RowFault::Plate);
    }
    let others = [&input.owner, &input.contractor];
    let are_named = fits(&input.driver.name, TEXT_MAX)
        && fits_or_empty(&input.vehicle, TEXT_MAX)
        && others.into_iter().flatten().all(|name| fits(name, TEXT_MAX));
    if !are_named {
        return Some(RowFault::Name);
    }
    let is_order_good = |order: &Appointment| fits_or_empty(&order.work, TEXT_MAX);
    if !(1..=ORDERS_MAX).contains(&input.orders.len()) || !input.orders.iter().all(is_order_good) {
        return Some(RowFault::Orders);
    }
    let own: BTreeSet<_> = input.orders.iter().map(|order| &order.order).collect();
    if own.len() < input.orders.len() || own.into_iter().any(|order| orders.contains(order)) {
        return Some(RowFault::OrderTwice);
    }
    if vehicles.contains(&(input.date, plate)) {
        return Some(RowFault::VisitTwice);
    }
    let contacts = &input.driver.contacts;
    let are_good = contacts.iter().all(|contact| fits(&contact.address, TEXT_MAX));
    if contacts.len() > CONTACTS_MAX || !are_good {
        return Some(RowFault::Contacts);
    }
    None
}

/// Records the visit unless nothing changes.
fn put_visit(draft: &mut Draft<'_, Office>, known: Option<VisitId>, input: VisitInput) -> (VisitId, bool) {
    let id = known.unwrap_or(VisitId(draft.durable().next.visit.saturating_add(1)));
    let personal = |name| Personal::new(Subject::Visit(id), name);
    let people = People { plate: input.plate, vehicle: input.vehicle, driver: input.driver };
    let visit = Visit {
        id,
        date: input.date,
        people: Personal::new(Subject::Visit(id), people),
        appointments: input.orders,
        on_hold: input.on_hold,
    };
    let owner = input.owner.map(personal);
    let contractor = input.contractor.map(personal);
    let is_same = draft.durable().visits.get(&id).is_some_and(|row| {
        row.visit.as_deref() == Some(&visit)
            && row.owner == owner
            && row.contractor == contractor
            && !row.is_withdrawn
    });
    if !is_same {
        draft.record(Record::VisitPut { visit, owner, contractor });
    }
    (id, !is_same)
}

fn withdraw(
    draft: &mut Draft<'_, Office>,
    from: Option<Date>,
    claimed: &BTreeSet<VisitId>,
    report: &mut ImportReport,
) {
    let gone: Vec<(VisitId, bool)> = draft
        .durable()
        .visits
        .iter()
        .filter(|(id, row)| {
            let date = row.visit.as_ref().map(|visit| visit.date);
            !row.is_withdrawn && !row.is_erased && date >= from && date.is_some() && !claimed.contains(id)
        })
        .map(|(id, row)| (*id, row.is_with_customer()))
        .collect();
    for (visit, is_with_customer) in gone {
        report.withdrawn += 1;
        report.kept += usize::from(!is_with_customer);
        draft.record(Record::VisitWithdrawn { visit });
    }
}

/// Forgets visits long over whose key is with the customer, if it is sure what day it is.
fn forget_the_old(draft: &mut Draft<'_, Office>) {
    if !draft.now().wall_trusted {
        return;
    }
    let before = draft.now().today.plus_days(-FORGOTTEN_AFTER_DAYS);
    let old: Vec<VisitId> = draft
        .durable()
        .visits
        .iter()
        .filter(|(_, row)| {
            let date = row.visit.as_ref().map(|visit| visit.date);
            date.is_some_and(|date| date < before) && row.is_with_customer() && row.is_erased
        })
        .map(|(id, _)| *id)
        .collect();
    for visit in old {
        draft.record(Record::VisitForgotten { visit });
    }
}
