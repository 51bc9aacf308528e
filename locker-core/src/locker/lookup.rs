//! Finding a visit by what a person types, and masking what is shown before they proved anything
//! (DROP-4 to DROP-9).

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use super::durable::{Custody, Durable};
use super::session::LookupBy;
use crate::exchange::Settings;
use crate::ids::VisitId;
use crate::time::Date;
use crate::visit::{Channel, Contact, Driver, Visit};

/// A registration without spaces, dots and dashes, in upper case (DROP-4).
pub(crate) fn plate_key(plate: &str) -> String {
    plate.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// A phone number as calling code and subscriber number, digits only, however it was typed (DROP-5).
///
/// `+32 470 …`, `0032 470 …` and `0470 …` at a Belgian location are the same number. `None` when it has fewer than 6
/// or more than 15 digits (ITU-T E.164).
pub(crate) fn phone_key(typed: &str, settings: &Settings) -> Option<String> {
    // "+32 (0)470 …": the bracketed trunk prefix is for callers from within the country, who reach it without as well.
    let typed = typed.replace(&alloc::format!("({})", settings.trunk_prefix), "");
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let key = if typed.trim_start().starts_with('+') {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        String::from(rest)
    } else {
        let trunk = settings.trunk_prefix.as_str();
        let subscriber = digits.strip_prefix(trunk).unwrap_or(&digits);
        alloc::format!("{}{subscriber}", settings.calling_code)
    };
    (6..=15).contains(&key.len()).then_some(key)
}

/// Whether a text is a phone number and nothing else: what people type between digits, no words (DROP-11).
pub(crate) fn is_phone(typed: &str, settings: &Settings) -> bool {
    let typed = typed.trim();
    let rest = typed.strip_prefix('+').unwrap_or(typed);
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-' | '/' | '(' | ')');
    rest.chars().all(is_plain) && phone_key(typed, settings).is_some()
}

/// Whether a contact can be reached now (DROP-6).
pub(crate) fn is_reachable(contact: &Contact, settings: &Settings) -> bool {
    !contact.blocked
        && match contact.channel {
            Channel::Mail => contact.address.contains('@'),
            Channel::Sms => settings.sms && phone_key(&contact.address, settings).is_some(),
        }
}

/// The reachable contacts of a driver, the preferred channel first (DROP-7), each with its index in the driver's list.
pub(crate) fn reachable<'a>(driver: &'a Driver, settings: &Settings) -> Vec<(u8, &'a Contact)> {
    let indexed = (0_u8..).zip(&driver.contacts);
    let mut contacts: Vec<_> = indexed.filter(|(_, contact)| is_reachable(contact, settings)).collect();
    contacts.sort_by_key(|(_, contact)| driver.preferred != Some(contact.channel));
    contacts
}

/// The visits of the searched days that match what was typed, and whose key may be dropped.
///
/// With 2FA a driver must be reachable; without, a box to be checked stays shut for a plate alone (DROP-19). A vehicle
/// with visits on several of the days is found once, with its first.
pub(crate) fn find(
    durable: &Durable,
    settings: &Settings,
    by: LookupBy,
    typed: &str,
    days: RangeInclusive<Date>,
) -> Vec<VisitId> {
    let (plate, phone) = (plate_key(typed), phone_key(typed, settings));
    let matches = |visit: &&Visit| {
        let Some(people) = visit.people.get() else {
            return false;
        };
        let is_typed = match by {
            LookupBy::Registration => !plate.is_empty() && plate_key(&people.plate) == plate,
            LookupBy::Phone => phone.is_some() && has_mobile(&people.driver, phone.as_deref(), settings),
        };
        is_typed && (!settings.two_factor || !reachable(&people.driver, settings).is_empty())
    };
    let may_drop = |visit: &&Visit| match durable.custody(visit.id) {
        Custody::Customer => true,
        Custody::ToCheck { .. } => settings.two_factor,
        Custody::Box { .. } | Custody::Staff { .. } | Custody::Missing { .. } => false,
    };
    let dated = |visit: &&Visit| days.contains(&visit.date);
    let mut found: Vec<&Visit> =
        durable.visits.values().filter(dated).filter(matches).filter(may_drop).collect();
    found.sort_by_key(|visit| visit.date);
    let mut vehicles = Vec::new();
    found.retain(|visit| {
        let vehicle = visit.people.get().map(|people| plate_key(&people.plate)).unwrap_or_default();
        let is_new = vehicle.is_empty() || !vehicles.contains(&vehicle);
        vehicles.push(vehicle);
        is_new
    });
    found.iter().map(|visit| visit.id).collect()
}

fn has_mobile(driver: &Driver, key: Option<&str>, settings: &Settings) -> bool {
    let mut mobiles =
        driver.contacts.iter().filter(|contact| contact.channel == Channel::Sms && !contact.blocked);
    mobiles.any(|contact| phone_key(&contact.address, settings).as_deref() == key)
}

/// A contact such that its owner knows it and nobody else learns it: `j•••@e•••.be`, `+32 4•• •• •• 12` (DROP-7).
#[must_use]
pub(crate) fn mask_contact(contact: &Contact, settings: &Settings) -> String {
    match contact.channel {
        Channel::Mail => mask_mail(&contact.address),
        Channel::Sms => mask_phone(&contact.address, settings),
    }
}

fn mask_mail(address: &str) -> String {
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let tail = domain.rsplit_once('.').map_or("", |(_, tail)| tail);
    alloc::format!("{}•••@{}•••.{tail}", first(local), first(domain))
}

fn mask_phone(number: &str, settings: &Settings) -> String {
    let Some(key) = phone_key(number, settings) else {
        return String::from("•••");
    };
    let code = settings.calling_code.as_str();
    let (code, rest) = key.strip_prefix(code).map_or(("", key.as_str()), |rest| (code, rest));
    let first: String = rest.chars().take(1).collect();
    let last: String = rest.chars().skip(rest.chars().count().saturating_sub(2)).collect();
    if code.is_empty() {
        alloc::format!("+{first}•• •• •• {last}")
    } else {
        alloc::format!("+{code} {first}•• •• •• {last}")
    }
}

/// Registrations masked so that their owners can tell them apart: `1-A••-••3`, with as many more characters as that
/// takes (DROP-9).
pub(crate) fn mask_plates(plates: &[&str]) -> Vec<String> {
    let longest = plates.iter().map(|plate| plate_key(plate).chars().count()).max().unwrap_or(0);
    for shown in 2..=longest {
        let masked: Vec<String> = plates.iter().map(|plate| mask_plate(plate, shown)).collect();
        let is_apart =
            (1..).zip(&masked).all(|(next, one)| masked.iter().skip(next).all(|other| other != one));
        if is_apart {
            return masked;
        }
    }
    // The same registration twice: nothing more to show.
    plates.iter().map(|plate| mask_plate(plate, 2)).collect()
}

fn mask_plate(plate: &str, shown: usize) -> String {
    let length = plate.chars().filter(|c| c.is_alphanumeric()).count();
    let mut index = 0;
    let mut masked = String::new();
    for c in plate.chars() {
        if c.is_alphanumeric() {
            let is_shown = index < shown || index + 1 == length;
            masked.push(if is_shown { c } else { '•' });
            index += 1;
        } else {
            masked.push(c);
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::ContactKind;

    #[test]
    fn drop_04_spaces_dots_dashes_and_case_do_not_matter() {
        for typed in ["1-ABC-123", "1abc123", " 1.abc 123 ", "1 A-b.C 1-2 3"] {
            assert_eq!(plate_key(typed), "1ABC123");
        }
    }

    #[test]
    fn drop_05_a_number_is_the_same_however_it_is_typed() {
        let settings = Settings::default();
        for typed in ["0470 12 34 56", "+32 470 12 34 56", "0032470123456", "470/12.34.56", "+32(470)123456"]
        {
            assert_eq!(phone_key(typed, &settings).as_deref(), Some("32470123456"), "{typed}");
        }
        assert_eq!(phone_key("12", &settings), None);
        assert_eq!(phone_key("+49 151 1234 5678", &settings).as_deref(), Some("4915112345678"));
        assert_eq!(phone_key("+1234567890123456", &settings), None, "16 digits");
    }

    #[test]
    fn drop_07_contacts_are_masked() {
        let settings = Settings::default();
        let contact = |channel, address: &str| Contact {
            channel,
            kind: ContactKind::Private,
            address: address.into(),
            blocked: false,
        };
        assert_eq!(mask_contact(&contact(Channel::Mail, "jane@example.be"), &settings), "j•••@e•••.be");
        assert_eq!(mask_contact(&contact(Channel::Sms, "0470 12 34 12"), &settings), "+32 4•• •• •• 12");
        assert_eq!(mask_contact(&contact(Channel::Mail, "@"), &settings), "•••@•••.");
    }

    #[test]
    fn drop_09_plates_show_as_many_more_characters_as_tell_them_apart() {
        assert_eq!(mask_plates(&["1-ABC-123"]), ["1-A••-••3"]);
        assert_eq!(mask_plates(&["1-ABC-123", "1-AXC-123"]), ["1-AB•-••3", "1-AX•-••3"]);
        assert_eq!(mask_plates(&["1-ABC-123", "2-ABC-123"]), ["1-A••-••3", "2-A••-••3"]);
    }
}
