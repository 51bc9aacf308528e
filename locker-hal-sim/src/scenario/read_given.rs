//! Reading `given …`: what is there before the story begins.

use locker_core::BoxNo;
use locker_core::office::{Right, Role};
use locker_core::screen::Locale;

use super::error::Flaw;
use super::story::{Customer, Given, Person, PersonKind, Reach};
use super::words::Words;

const WHAT: [&str; 16] = [
    "a locker",
    "box",
    "no door sensors",
    "no item sensors",
    "two-factor",
    "text messages",
    "typed digits",
    "language",
    "telephone",
    "security code",
    "look-ups",
    "kiosk PINs",
    "time",
    "customer",
    "mechanic, receptionist or dealer admin",
    "stranger",
];

pub(super) fn given(given: &mut Given, words: &mut Words) -> Result<(), Flaw> {
    if words.takes("a locker") {
        return locker(given, words);
    }
    if words.takes("box") {
        let box_no = words.box_no()?;
        let sensor = [("without door sensor", true), ("without item sensor", false)];
        let list = if words.one_of(&sensor)? {
            &mut given.without_door_sensor
        } else {
            &mut given.without_item_sensor
        };
        list.push(box_no);
    } else if words.takes("no door sensors") {
        given.without_door_sensor = BoxNo::first(given.boxes).collect();
    } else if words.takes("no item sensors") {
        given.without_item_sensor = BoxNo::first(given.boxes).collect();
    } else if words.takes("two-factor") {
        given.two_factor = on_or_off(words)?;
    } else if words.takes("text messages") {
        given.sms = on_or_off(words)?;
    } else if words.takes("typed digits") {
        given.typed_code = on_or_off(words)?;
    } else if words.takes("language") {
        given.locale = language(words)?;
    } else if words.takes("telephone") {
        given.telephone = words.quoted("a telephone number")?;
    } else if words.takes("security code") {
        let code: u16 = words.parsed("a number from 1000 to 9999")?;
        given.security_code = code;
    } else if words.takes("look-ups") {
        given.lookup_days_ahead = words.parsed("how many days ahead, 0 to 3")?;
        words.must("days ahead")?;
    } else if words.takes("kiosk PINs") {
        words.must("live")?;
        given.kiosk_pin_minutes = words.parsed("how many minutes, 10 to 120")?;
        words.must("min")?;
    } else if words.takes("time") {
        given.begin = words.time_of_day()?;
    } else {
        return somebody(given, words);
    }
    Ok(())
}

fn locker(given: &mut Given, words: &mut Words) -> Result<(), Flaw> {
    if words.takes("not in use") {
        given.active = false;
        return Ok(());
    }
    words.must("with")?;
    given.boxes = words.box_no()?.get();
    words.must("boxes")?;
    if words.takes("on boards of") {
        given.boxes_per_board = words.box_no()?.get();
    }
    Ok(())
}

fn somebody(given: &mut Given, words: &mut Words) -> Result<(), Flaw> {
    let kinds = [
        ("customer", None),
        ("mechanic", Some(Role::Mechanic)),
        ("receptionist", Some(Role::Receptionist)),
        ("dealer admin", Some(Role::DealerAdmin)),
    ];
    let Ok(role) = words.one_of(&kinds) else {
        if words.takes("stranger") {
            let name = new_name(given, words)?;
            given.people.push(Person { name, kind: PersonKind::Stranger });
            return Ok(());
        }
        return Err(words.unlike(format!("one of: {}", WHAT.join(", "))));
    };
    let name = new_name(given, words)?;
    let kind = match role {
        None => PersonKind::Customer(customer(words)?),
        Some(role) => PersonKind::Staff { role, without: without(words)? },
    };
    given.people.push(Person { name, kind });
    Ok(())
}

fn new_name(given: &Given, words: &mut Words) -> Result<String, Flaw> {
    let name = words.bare("a name")?;
    if given.person(&name).is_some() {
        return Err(words.unlike_last("a name that nobody has yet"));
    }
    if !name.chars().next().is_some_and(char::is_uppercase) || !name.chars().all(char::is_alphabetic) {
        return Err(words.unlike_last("a name: letters, the first a capital"));
    }
    Ok(name)
}

fn customer(words: &mut Words) -> Result<Customer, Flaw> {
    let mut customer =
        Customer { vehicle: "Blue hatchback".into(), work: "Yearly service".into(), ..Customer::default() };
    words.must("plate")?;
    customer.plate = words.text("a registration")?;
    while !words.is_done() {
        let is_business = words.takes("business");
        let is_mobile = words.takes("mobile");
        if is_mobile || words.takes("mail") {
            let what = if is_mobile { "a mobile number" } else { "a mail address" };
            let address = words.text(what)?;
            let is_blocked = words.takes("blocked");
            customer.contacts.push(Reach { is_mobile, is_business, is_blocked, address });
        } else if is_business {
            return Err(words.unlike("`mail` or `mobile`"));
        } else if words.takes("vehicle") {
            customer.vehicle = words.quoted("make and model")?;
        } else if words.takes("visit") {
            customer.day = day(words)?;
        } else if words.takes("at") {
            customer.time = Some(words.time_of_day()?);
        } else if words.takes("for") {
            customer.work = words.quoted("the kind of work")?;
        } else {
            return Err(words.unlike(
                "one of `mail`, `mobile`, `business mail`, `business mobile`, `vehicle`, `visit`, `at`, `for`",
            ));
        }
    }
    Ok(customer)
}

fn day(words: &mut Words) -> Result<i32, Flaw> {
    if words.takes("in") {
        let days = words.parsed("a number of days")?;
        words.must("days")?;
        return Ok(days);
    }
    if words.is_number() {
        let days: i32 = words.parsed("a number of days")?;
        words.must("days ago")?;
        return Ok(-days);
    }
    words.one_of(&[("today", 0), ("tomorrow", 1), ("yesterday", -1)])
}

fn without(words: &mut Words) -> Result<Vec<Right>, Flaw> {
    let rights = Right::ALL.map(|right| (right.id(), right));
    let mut without = Vec::new();
    if words.takes("without") {
        while !words.is_done() {
            without.push(words.one_of(&rights)?);
        }
    }
    Ok(without)
}

fn on_or_off(words: &mut Words) -> Result<bool, Flaw> {
    words.one_of(&[("on", true), ("off", false)])
}

/// A language by its own name or its English one.
pub(super) fn language(words: &mut Words) -> Result<Locale, Flaw> {
    words.one_of(&[("English", Locale::En), ("French", Locale::Fr), (Locale::Fr.own_name(), Locale::Fr)])
}
