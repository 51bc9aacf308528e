//! What administrators set: security code, users, location, lockers; and small marks on a visit.

use alloc::string::String;

use super::Office;
use super::ask::{Answer, By, Caller, UserInput, fits, fits_or_empty};
use super::check;
use super::code::{CodeHolder, Hashed, SecurityCode, Tries};
use super::custody::{Custody, EventKind};
use super::erase::ERASE_AFTER_DAYS;
use super::record::Record;
use super::refuse::{Denial, Refusal};
use super::state::{Durable, LOCKERS_MAX, Location, TICKET_MINUTES, USERS_MAX};
use super::user::{Right, UserRow};
use crate::codes_table::Coded;
use crate::exchange::Settings;
use crate::ids::{LockerId, UserId, VisitId};
use crate::machine::Draft;
use crate::secret::{Personal, Secret};
use crate::vault::Subject;

/// The most characters of a login name, a user's name, a location's name.
const NAME_MAX: usize = 80;
/// The most characters of a locker's name.
const LOCKER_NAME_MAX: usize = 40;
/// The most characters of telephone, hours, mail address and zone.
const LINE_MAX: usize = 200;

/// What administering needs.
#[derive(Clone, Copy)]
pub(super) enum Needs {
    DealerAdmin,
    Right(Right),
}

/// Whose word it is, or the denial of a user who may not.
pub(super) fn allow(
    draft: &mut Draft<'_, Office>,
    by: By,
    needs: Needs,
) -> Result<Result<Option<UserId>, Answer>, Refusal> {
    let caller = match by {
        By::Host => return Ok(Ok(None)),
        By::User(caller) => caller,
    };
    let (user, _) = check(draft.durable(), &caller)?;
    let denial = match needs {
        Needs::DealerAdmin if user.is_dealer_admin() => return Ok(Ok(Some(caller.user))),
        Needs::Right(right) if user.may(right) => return Ok(Ok(Some(caller.user))),
        Needs::DealerAdmin => Denial::NotDealerAdmin,
        Needs::Right(right) => Denial::NoRight { right },
    };
    draft.record(Record::Denied {
        denial: denial.code(),
        tablet: caller.tablet,
        user: caller.user,
        locker: None,
        act: None,
    });
    Ok(Err(Answer::Denied(denial)))
}

pub(super) fn set_security_code(
    draft: &mut Draft<'_, Office>,
    by: By,
    code: &Secret<String>,
) -> Result<Answer, Refusal> {
    let by = match allow(draft, by, Needs::DealerAdmin)? {
        Ok(by) => by,
        Err(denied) => return Ok(denied),
    };
    let code = SecurityCode::parse(code).ok_or(Refusal::NotASecurityCode)?;
    let code = Hashed::security_code(draft.key(), &code);
    draft.record(Record::CodeSet { code, by });
    Ok(Answer::Done)
}

pub(super) fn lift_code_lock(
    draft: &mut Draft<'_, Office>,
    by: By,
    holder: CodeHolder,
) -> Result<Answer, Refusal> {
    let by = match allow(draft, by, Needs::DealerAdmin)? {
        Ok(by) => by,
        Err(denied) => return Ok(denied),
    };
    let durable = draft.durable();
    let tries = match holder {
        CodeHolder::User(user) => durable.users.get(&user).map(|row| &row.tries),
        CodeHolder::Tablet(tablet) => durable.tablets.get(&tablet).map(|row| &row.tries),
    };
    if *tries.ok_or(Refusal::NoSuchUser)? == Tries::default() {
        return Err(Refusal::AlreadySo);
    }
    draft.record(Record::CodeLifted { holder, by });
    Ok(Answer::Done)
}

pub(super) fn set_user(
    draft: &mut Draft<'_, Office>,
    by: By,
    user: Option<UserId>,
    input: UserInput,
) -> Result<Answer, Refusal> {
    let author = match allow(draft, by, Needs::DealerAdmin)? {
        Ok(author) => author,
        Err(denied) => return Ok(denied),
    };
    let durable = draft.durable();
    check_user(durable, user, &input)?;
    if let (By::User(_), Some(user)) = (by, user) {
        keep_one_admin(durable, user, &input)?;
    }
    Ok(Answer::User(put_user(draft, author, user, input)))
}

/// Whether the input can be that user's.
pub(super) fn check_user(durable: &Durable, user: Option<UserId>, input: &UserInput) -> Result<(), Refusal> {
    if !fits(&input.login, NAME_MAX) || !fits(&input.name, NAME_MAX) {
        return Err(Refusal::OutOfRange);
    }
    let too_much = input.rights.iter().find(|right| !input.role.may_have(**right));
    if let Some(right) = too_much {
        return Err(Refusal::RightNotForRole { right: *right });
    }
    match user {
        // Who was erased is never filled again: the key is destroyed.
        Some(user) if durable.users.get(&user).is_none_or(|row| row.login.get().is_none()) => {
            return Err(Refusal::NoSuchUser);
        }
        Some(user) if durable.erasing.contains_key(&Subject::User(user)) => return Err(Refusal::NoSuchUser),
        None if durable.users.size() >= USERS_MAX => return Err(Refusal::Full),
        Some(_) | None => {}
    }
    let holder = login_holder(durable, &input.login);
    if holder.is_some() && holder != user {
        return Err(Refusal::LoginTaken);
    }
    Ok(())
}

/// The user with this login name, active or not.
pub(super) fn login_holder(durable: &Durable, login: &str) -> Option<UserId> {
    let wanted = login.trim().to_lowercase();
    let is_it = |row: &UserRow| row.login.get().is_some_and(|login| login.to_lowercase() == wanted);
    let mut users = durable.users.iter();
    users.find(|(_, row)| is_it(row)).map(|(id, _)| *id)
}

/// A dealer admin cannot lock everybody out.
fn keep_one_admin(durable: &Durable, user: UserId, input: &UserInput) -> Result<(), Refusal> {
    let stays = input.active && input.role == super::user::Role::DealerAdmin;
    let was = durable.users.get(&user).is_some_and(UserRow::is_dealer_admin);
    let admins = durable.users.values().filter(|row| row.is_dealer_admin()).count();
    if was && !stays && admins == 1 { Err(Refusal::LastDealerAdmin) } else { Ok(()) }
}

/// Records the user unless nothing changes.
pub(super) fn put_user(
    draft: &mut Draft<'_, Office>,
    by: Option<UserId>,
    user: Option<UserId>,
    input: UserInput,
) -> UserId {
    let id = user.unwrap_or(UserId(draft.durable().next.user + 1));
    let login = Personal::new(Subject::User(id), String::from(input.login.trim()));
    let name = Personal::new(Subject::User(id), String::from(input.name.trim()));
    let is_same = draft.durable().users.get(&id).is_some_and(|row| {
        row.login == login
            && row.name == name
            && row.role == input.role
            && row.rights == input.rights
            && row.active == input.active
    });
    if !is_same {
        draft.record(Record::UserPut {
            user: id,
            login,
            name,
            role: input.role,
            rights: input.rights,
            active: input.active,
            by,
        });
    }
    id
}

pub(super) fn set_location(
    draft: &mut Draft<'_, Office>,
    by: By,
    location: Location,
) -> Result<Answer, Refusal> {
    let by = match allow(draft, by, Needs::DealerAdmin)? {
        Ok(by) => by,
        Err(denied) => return Ok(denied),
    };
    check_location(&location)?;
    // Others may be due to be erased now.
    draft.session.aged = None;
    put_location(draft, by, location);
    Ok(Answer::Done)
}

pub(super) fn check_location(location: &Location) -> Result<(), Refusal> {
    let lines = [&location.telephone, &location.hours, &location.mail, &location.zone];
    let calling = &location.calling_code;
    let is_right = fits(&location.name, NAME_MAX)
        && lines.iter().all(|line| fits_or_empty(line, LINE_MAX))
        && (1..=3).contains(&calling.len())
        && calling.bytes().all(|byte| byte.is_ascii_digit())
        && location.trunk_prefix.len() <= 3
        && location.trunk_prefix.bytes().all(|byte| byte.is_ascii_digit())
        && TICKET_MINUTES.contains(&location.ticket_minutes)
        && ERASE_AFTER_DAYS.contains(&location.erase_after_days);
    if is_right { Ok(()) } else { Err(Refusal::OutOfRange) }
}

pub(super) fn put_location(draft: &mut Draft<'_, Office>, by: Option<UserId>, location: Location) {
    if draft.durable().location != location {
        draft.record(Record::LocationPut { location, by });
    }
}

pub(super) fn set_locker(
    draft: &mut Draft<'_, Office>,
    by: By,
    locker: Option<LockerId>,
    settings: Settings,
    boxes: u8,
) -> Result<Answer, Refusal> {
    let by = match allow(draft, by, Needs::Right(Right::AdminLockers))? {
        Ok(by) => by,
        Err(denied) => return Ok(denied),
    };
    check_locker(draft.durable(), locker, &settings, boxes)?;
    Ok(Answer::Locker(put_locker(draft, by, locker, settings, boxes)))
}

pub(super) fn check_locker(
    durable: &Durable,
    locker: Option<LockerId>,
    settings: &Settings,
    boxes: u8,
) -> Result<(), Refusal> {
    let is_right = fits(&settings.name, LOCKER_NAME_MAX) && settings.check().is_ok() && boxes > 0;
    if !is_right {
        return Err(Refusal::OutOfRange);
    }
    let Some(locker) = locker else {
        let has_room = durable.lockers.len() < LOCKERS_MAX;
        return if has_room { Ok(()) } else { Err(Refusal::Full) };
    };
    let row = durable.lockers.get(&locker).ok_or(Refusal::NoSuchLocker)?;
    let is_closing = row.settings.active && !settings.active;
    let is_needed = |custody: Custody| match custody {
        Custody::Missing { locker: there, .. } => is_closing && there == locker,
        Custody::Box { locker: there, box_no } | Custody::ToCheck { locker: there, box_no, .. } => {
            there == locker && (is_closing || box_no.get() > boxes)
        }
        Custody::Customer | Custody::Staff { .. } => false,
    };
    if durable.visits.values().any(|row| is_needed(row.custody().0)) {
        return Err(Refusal::KeysInside);
    }
    Ok(())
}

/// Records the locker unless nothing changes.
pub(super) fn put_locker(
    draft: &mut Draft<'_, Office>,
    by: Option<UserId>,
    locker: Option<LockerId>,
    settings: Settings,
    boxes: u8,
) -> LockerId {
    let id = locker.unwrap_or(LockerId(draft.durable().next.locker + 1));
    let row = draft.durable().lockers.get(&id);
    if !row.is_some_and(|row| row.settings == settings && row.boxes == boxes) {
        draft.record(Record::LockerPut { locker: id, settings, boxes, by });
    }
    id
}

pub(super) fn car_in_shop(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    visit: VisitId,
) -> Result<Answer, Refusal> {
    check(draft.durable(), caller)?;
    let row = draft.durable().visits.get(&visit).ok_or(Refusal::NoSuchVisit)?;
    if row.timeline.iter().any(|event| event.kind == EventKind::CarInShop) {
        return Err(Refusal::AlreadySo);
    }
    draft.record(Record::CarInShop { visit, by: caller.user });
    Ok(Answer::Done)
}

pub(super) fn share_remark(
    draft: &mut Draft<'_, Office>,
    caller: &Caller,
    visit: VisitId,
    visible: bool,
) -> Result<Answer, Refusal> {
    let by = match allow(draft, By::User(*caller), Needs::Right(Right::ShareRemark))? {
        Ok(_) => caller.user,
        Err(denied) => return Ok(denied),
    };
    let row = draft.durable().visits.get(&visit).ok_or(Refusal::NoSuchVisit)?;
    if row.remark().is_none() {
        return Err(Refusal::NoRemark);
    }
    if row.is_remark_shared == visible {
        return Err(Refusal::AlreadySo);
    }
    draft.record(Record::RemarkShared { visit, visible, by });
    Ok(Answer::Done)
}
