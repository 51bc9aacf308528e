//! Reading `expect …`.

use locker_core::office::NoticeKind;

use super::error::Flaw;
use super::story::{BoxIs, Expect, Given, KeyIs, Via, Words as Said};
use super::words::Words;

/// What users can be told, by the names of the office's interface.
const NOTICES: [(&str, NoticeKind); 12] = [
    ("door_left_open", NoticeKind::DoorLeftOpen),
    ("door_forced", NoticeKind::DoorForced),
    ("out_of_service", NoticeKind::OutOfService),
    ("to_check", NoticeKind::ToCheck),
    ("key_missing", NoticeKind::KeyMissing),
    ("codes_locked", NoticeKind::CodesLocked),
    ("staff_codes_locked", NoticeKind::StaffCodesLocked),
    ("openings_limited", NoticeKind::OpeningsLimited),
    ("sensor_doubted", NoticeKind::SensorDoubted),
    ("clock_doubted", NoticeKind::ClockDoubted),
    ("message_failed", NoticeKind::MessageFailed),
    ("security_code_locked", NoticeKind::SecurityCodeLocked),
];

pub(super) fn expect(given: &Given, words: &mut Words) -> Result<Expect, Flaw> {
    if words.takes("no") {
        return none(given, words);
    }
    if words.takes("screen") {
        return Ok(Expect::Screen { top: false, id: id(words)? });
    }
    if words.takes("top screen") {
        return Ok(Expect::Screen { top: true, id: id(words)? });
    }
    if words.takes("overlay") {
        return Ok(Expect::Overlay { id: Some(id(words)?) });
    }
    if words.takes("text") {
        return Ok(Expect::Text { top: false, is_there: true, text: said(words)? });
    }
    if words.takes("top text") {
        return Ok(Expect::Text { top: true, is_there: true, text: said(words)? });
    }
    if words.takes("button") {
        return Ok(Expect::Button { label: words.quoted("the label of a button")?, is_offered: true });
    }
    if words.takes("the box to be box") {
        return Ok(Expect::BoxInUse { box_no: given.a_box(words)? });
    }
    if words.takes("box") {
        let box_no = given.a_box(words)?;
        return Ok(Expect::Box { box_no, is: box_is(given, words)? });
    }
    if words.takes("alarm at box") {
        let box_no = Some(given.a_box(words)?);
        return Ok(Expect::Told { kind: NoticeKind::DoorForced, box_no, is_told: true });
    }
    if words.takes("office told") {
        let kind = words.one_of(&NOTICES)?;
        return Ok(Expect::Told { kind, box_no: of_box(given, words)?, is_told: true });
    }
    if words.takes("lock of box") {
        let box_no = Some(given.a_box(words)?);
        words.must("fired")?;
        let times = times(words)?;
        return Ok(Expect::Fired { box_no, times });
    }
    if words.takes("record") {
        return Ok(Expect::Record { kind: kind(words)?, count: None });
    }
    if words.takes("refused") {
        return Ok(Expect::Refused { key: words.bare("the key of an error, such as `locker.wrong_code`")? });
    }
    if words.takes("message to") {
        return message(given, words, 1);
    }
    if words.is_owner() {
        let whose = given.owner(words)?;
        words.must("key")?;
        return Ok(Expect::Key { whose, is: key_is(given, words)? });
    }
    if words.is_number() {
        let count = words.parsed("how many")?;
        if words.takes("messages to") {
            return message(given, words, count);
        }
        words.must("records")?;
        return Ok(Expect::Record { kind: kind(words)?, count: Some(count) });
    }
    if words.names_one_of(given.people.iter().map(|person| person.name.as_str())) {
        let who = given.known(words)?;
        let is_called = words.one_of(&[("is called", true), ("is not called", false)])?;
        return Ok(Expect::Called { who, is_called });
    }
    Err(words.unlike(
        "one of `screen`, `top screen`, `overlay`, `text`, `top text`, `button`, `box`, `the box to be box`, `NAME's key`, `message to`, \
         `alarm at box`, `office told`, `NAME is called`, `lock of box`, `record`, `N records`, `N messages to`, `refused`, `no …`",
    ))
}

fn none(given: &Given, words: &mut Words) -> Result<Expect, Flaw> {
    if words.takes("overlay") {
        return Ok(Expect::Overlay { id: None });
    }
    if words.takes("text") {
        return Ok(Expect::Text { top: false, is_there: false, text: said(words)? });
    }
    if words.takes("top text") {
        return Ok(Expect::Text { top: true, is_there: false, text: said(words)? });
    }
    if words.takes("button") {
        return Ok(Expect::Button { label: words.quoted("the label of a button")?, is_offered: false });
    }
    if words.takes("message to") {
        return message(given, words, 0);
    }
    if words.takes("alarm") {
        return Ok(Expect::Told { kind: NoticeKind::DoorForced, box_no: None, is_told: false });
    }
    if words.takes("office told") {
        let kind = words.one_of(&NOTICES)?;
        return Ok(Expect::Told { kind, box_no: of_box(given, words)?, is_told: false });
    }
    if words.takes("lock fired") {
        return Ok(Expect::Fired { box_no: None, times: 0 });
    }
    if words.takes("record") {
        return Ok(Expect::Record { kind: kind(words)?, count: Some(0) });
    }
    Err(words.unlike(
        "one of `overlay`, `text`, `top text`, `button`, `message to`, `alarm`, `office told`, `lock fired`, `record`",
    ))
}

fn message(given: &Given, words: &mut Words, count: u32) -> Result<Expect, Flaw> {
    let to = given.known(words)?;
    let via = if words.takes("by") {
        Some(words.one_of(&[("mail", Via::Mail), ("text message", Via::Sms)])?)
    } else {
        None
    };
    Ok(Expect::Message { to, via, count })
}

fn id(words: &mut Words) -> Result<String, Flaw> {
    words.bare("the id of a screen, such as `drop.serve`")
}

fn said(words: &mut Words) -> Result<Said, Flaw> {
    let is_said = words.is_quoted();
    let text = words.text("words in quotes, or the id of a text")?;
    Ok(if is_said { Said::Said(text) } else { Said::Id(text) })
}

fn of_box(given: &Given, words: &mut Words) -> Result<Option<locker_core::BoxNo>, Flaw> {
    if words.takes("of box") { given.a_box(words).map(Some) } else { Ok(None) }
}

fn times(words: &mut Words) -> Result<u32, Flaw> {
    if words.takes("once") {
        return Ok(1);
    }
    let times = words.parsed("`once`, or a number and `times`")?;
    words.must("times")?;
    Ok(times)
}

fn kind(words: &mut Words) -> Result<String, Flaw> {
    let kind = words.bare("the kind of a record, such as `key.dropped`")?;
    if locker_core::KINDS.contains(&kind.as_str()) {
        Ok(kind)
    } else {
        Err(words.unlike_last("the kind of a record as docs/schema.md has it"))
    }
}

fn box_is(given: &Given, words: &mut Words) -> Result<BoxIs, Flaw> {
    if words.takes("booked for") {
        return Ok(BoxIs::Holding { whose: given.known(words)? });
    }
    if words.takes("to hold") {
        let whose = given.owner(words)?;
        words.must("key")?;
        return Ok(BoxIs::Inside { whose });
    }
    words.one_of(&[
        ("free", BoxIs::Free),
        ("reserved", BoxIs::Kept),
        ("to be checked", BoxIs::ToCheck),
        ("certain", BoxIs::Certain),
        ("out of service", BoxIs::OutOfService),
        ("in service", BoxIs::InService),
        ("open", BoxIs::DoorOpen),
        ("closed", BoxIs::DoorClosed),
        ("energised", BoxIs::Energised),
        ("not energised", BoxIs::NotEnergised),
        ("empty", BoxIs::Empty),
        ("booked for NAME", BoxIs::Free),
        ("to hold NAME's key", BoxIs::Free),
    ])
}

fn key_is(given: &Given, words: &mut Words) -> Result<KeyIs, Flaw> {
    if words.takes("in box") {
        return Ok(KeyIs::InBox { box_no: Some(given.a_box(words)?) });
    }
    if words.takes("to be checked in box") {
        return Ok(KeyIs::ToCheck { box_no: Some(given.a_box(words)?) });
    }
    if words.takes("with the customer") {
        return Ok(KeyIs::WithCustomer);
    }
    if words.takes("with") {
        return Ok(KeyIs::With { who: given.known(words)? });
    }
    words.one_of(&[
        ("in a box", KeyIs::InBox { box_no: None }),
        ("to be checked", KeyIs::ToCheck { box_no: None }),
        ("missing", KeyIs::Missing),
        ("with the customer", KeyIs::WithCustomer),
        ("with NAME", KeyIs::Missing),
        ("in box N", KeyIs::Missing),
    ])
}
