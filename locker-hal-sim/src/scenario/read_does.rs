//! Reading what people do and what comes over the locker.

use locker_core::BoxNo;

use super::error::Flaw;
use super::read_given::language;
use super::story::{Act, Cut, Event, Given, Person, PersonKind, Where};
use super::words::Words;
use crate::command::Fault;
use crate::world::{AppendFault, CrashPoint, Post, Room};

/// What `person` does, by the words behind the name.
pub(super) fn act(given: &Given, person: &Person, words: &mut Words) -> Result<Act, Flaw> {
    let start = words.clone();
    if let Some(act) = at_the_screen(given, person, words)? {
        return Ok(act);
    }
    if let Some(act) = at_the_boxes(given, person, words)? {
        return Ok(act);
    }
    if let Some(act) = at_the_tablet(given, words)? {
        return if matches!(person.kind, PersonKind::Staff { .. }) {
            Ok(act)
        } else {
            Err(start.unlike(format!(
                "what {} can do: this needs a mechanic, receptionist or dealer admin",
                person.name
            )))
        };
    }
    if words.takes("checks in online") {
        return match person.kind {
            PersonKind::Customer(_) => Ok(Act::CheckIn),
            PersonKind::Staff { .. } | PersonKind::Stranger => {
                Err(start.unlike(format!("what {} can do: only a customer checks in", person.name)))
            }
        };
    }
    Err(words.unlike(
        "one of `presses`, `writes`, `types`, `erases`, `chooses`, `speaks`, `goes on to`, `walks away`, `puts`, `takes`, `closes`, \
         `pulls at`, `pries`, `checks in online`, `asks for`, `asks to check`, `asks to drop`, `sends`, `scans`, `handles`, `disregards`, `begins`, `ends`, \
         `lifts`, `enrols`, `revokes`",
    ))
}

fn at_the_screen(given: &Given, person: &Person, words: &mut Words) -> Result<Option<Act>, Flaw> {
    Ok(Some(if words.takes("presses") {
        Act::Press { label: words.quoted("the label of a button")? }
    } else if words.takes("writes") {
        Act::Write { text: words.quoted("a text")? }
    } else if words.takes("types") {
        typed(given, person, words)?
    } else if words.takes("erases a digit") {
        Act::Erase
    } else if words.takes("chooses") {
        Act::Choose { label: words.quoted("what stands on an item")? }
    } else if words.takes("speaks") {
        Act::Language { locale: language(words)? }
    } else if words.takes("goes on to") {
        Act::GoOnTo { screen: words.bare("the id of a screen, such as `drop.serve`")? }
    } else if words.takes("walks away") {
        Act::WalkAway
    } else {
        return Ok(None);
    }))
}

fn typed(given: &Given, person: &Person, words: &mut Words) -> Result<Act, Flaw> {
    if words.takes("a wrong PIN") {
        return Ok(Act::TypeWrongPin);
    }
    if words.takes("the digits under the QR") {
        return Ok(Act::TypeQrDigits { are_right: true });
    }
    if words.takes("wrong digits") {
        return Ok(Act::TypeQrDigits { are_right: false });
    }
    let of = if words.is_owner() {
        given.owner(words)?
    } else if words.takes("her") || words.takes("his") || words.takes("their") {
        person.name.clone()
    } else if words.is_number() {
        let digits = words.bare("digits")?;
        if !digits.bytes().all(|c| c.is_ascii_digit()) {
            return Err(words.unlike_last("digits"));
        }
        return Ok(Act::Type { digits });
    } else {
        return Err(words.unlike(
            "`her PIN`, `his PIN`, `their PIN`, `NAME's PIN`, `a wrong PIN`, digits, `the digits under the QR`, or `wrong digits`",
        ));
    };
    if given.is_staff(&of) {
        let kinds = [("temporary PIN", true), ("authenticator's code", false)];
        let is_temporary = words.one_of(&kinds)?;
        return Ok(if is_temporary { Act::TypeTemporary { of } } else { Act::TypeAuthenticator { of } });
    }
    let back = words.one_of(&[("PIN", 0), ("earlier PIN", 1)])?;
    Ok(Act::TypePin { of, back })
}

fn at_the_boxes(given: &Given, person: &Person, words: &mut Words) -> Result<Option<Act>, Flaw> {
    Ok(Some(if words.takes("puts") {
        let whose = key(given, person, words)?;
        words.must("in")?;
        Act::PutKey { whose, at: place(words)? }
    } else if words.takes("takes") {
        let whose = key(given, person, words)?;
        words.must("out of")?;
        Act::TakeKey { whose, at: place(words)? }
    } else if words.takes("closes") {
        Act::CloseDoor { at: place(words)? }
    } else if words.takes("pulls at") {
        Act::PullDoor { at: place(words)? }
    } else if words.takes("pries") {
        Act::PryDoor { at: place(words)? }
    } else {
        return Ok(None);
    }))
}

/// `her key`, `Jane's key`.
fn key(given: &Given, person: &Person, words: &mut Words) -> Result<String, Flaw> {
    let whose = if words.is_owner() {
        given.owner(words)?
    } else {
        words.one_of(&[("her", ()), ("his", ()), ("their", ())])?;
        person.name.clone()
    };
    words.must("key")?;
    Ok(whose)
}

/// `the box`, `box 3`.
fn place(words: &mut Words) -> Result<Where, Flaw> {
    if words.takes("the box") {
        return Ok(Where::Served);
    }
    if words.takes("box") {
        return Ok(Where::Box(words.box_no()?));
    }
    Err(words.unlike("`the box`, or `box` and its number"))
}

fn at_the_tablet(given: &Given, words: &mut Words) -> Result<Option<Act>, Flaw> {
    Ok(Some(if words.takes("asks for a temporary PIN for any box") {
        Act::AskForTemporaryPin { box_no: None }
    } else if words.takes("asks for a temporary PIN for box") {
        Act::AskForTemporaryPin { box_no: Some(given.a_box(words)?) }
    } else if words.takes("enrols an authenticator") {
        Act::Enrol
    } else if words.takes("revokes") {
        let whose = given.owner(words)?;
        words.must("authenticator")?;
        Act::Revoke { whose }
    } else if words.takes("asks for") {
        let whose = given.owner(words)?;
        words.must("key")?;
        Act::AskForKey { whose }
    } else if words.takes("asks to check box") {
        Act::AskToCheck { box_no: words.box_no()? }
    } else if words.takes("asks to drop") {
        let whose = given.owner(words)?;
        words.must("key")?;
        Act::AskToDrop { whose }
    } else if words.takes("sends") {
        let whose = given.owner(words)?;
        words.must("PIN again")?;
        Act::SendAgain { whose }
    } else if words.takes("scans the QR") {
        Act::ScanQr
    } else if words.takes("handles the call") {
        Act::AnswerHelp { handles: true }
    } else if words.takes("disregards the call") {
        Act::AnswerHelp { handles: false }
    } else if words.takes("begins maintenance") {
        Act::BeginMaintenance
    } else if words.takes("ends maintenance") {
        Act::EndMaintenance
    } else if words.takes("lifts the lock") {
        Act::LiftLock
    } else {
        return Ok(None);
    }))
}

/// What comes over the locker, if the line says that something does.
pub(super) fn event(given: &Given, words: &mut Words) -> Result<Option<Event>, Flaw> {
    Ok(Some(if words.takes("hurt") {
        Event::Hurt(fault(given, words)?)
    } else if words.takes("heal all") {
        Event::HealAll
    } else if words.takes("heal") {
        Event::Heal(fault(given, words)?)
    } else if words.takes("power cut") {
        power_cut(words)?
    } else if words.takes("power") {
        words.one_of(&[("off", Event::PowerOff), ("on", Event::PowerOn), ("cut", Event::PowerOn)])?
    } else if words.takes("link") {
        words.one_of(&[("down", Event::LinkDown), ("up", Event::LinkUp)])?
    } else if words.takes("clock") {
        clock(words)?
    } else if words.takes("disk") {
        let rooms = [("full", Room::Full), ("low", Room::Low), ("ample", Room::Ample)];
        Event::Disk(words.one_of(&rooms)?)
    } else if words.takes("messages") {
        let posts = [("refused", Post::Refuses), ("unanswered", Post::Silent), ("taken", Post::Up)];
        Event::Post(words.one_of(&posts)?)
    } else if words.takes("kiosk hangs for") {
        Event::Hang { ms: words.duration_ms()? }
    } else if words.takes("next append") {
        let faults = [
            ("refused", AppendFault::NotWritten),
            ("written and unanswered", AppendFault::UnknownWritten),
            ("lost and unanswered", AppendFault::UnknownLost),
        ];
        Event::Append(words.one_of(&faults)?)
    } else if words.takes("office") {
        office(given, words)?
    } else {
        return Ok(None);
    }))
}

fn office(given: &Given, words: &mut Words) -> Result<Event, Flaw> {
    if words.takes("cancels") {
        let whose = given.owner(words)?;
        words.must("visit")?;
        return Ok(Event::Cancel { whose });
    }
    words.one_of(&[
        ("switches the locker on", Event::Active(true)),
        ("switches the locker off", Event::Active(false)),
        ("switches two-factor on", Event::TwoFactor(true)),
        ("switches two-factor off", Event::TwoFactor(false)),
        ("cancels NAME's visit", Event::HealAll),
    ])
}

fn power_cut(words: &mut Words) -> Result<Event, Flaw> {
    let points = [
        ("before the next append", CrashPoint::Decided),
        ("within the next append", CrashPoint::Torn),
        ("before the next commit", CrashPoint::Appended),
        ("after the next commit", CrashPoint::Committed),
    ];
    let point = points.iter().find(|(phrase, _)| words.takes(phrase));
    let when = point.map_or(Cut::Now, |(_, point)| Cut::At(*point));
    let off_ms = if words.takes("for") { words.duration_ms()? } else { 10_000 };
    if !words.is_done() {
        let phrases: Vec<_> = points.iter().map(|(phrase, _)| format!("`{phrase}`")).collect();
        return Err(words.unlike(format!("`for`, or one of {}", phrases.join(", "))));
    }
    Ok(Event::PowerCut { off_ms, when })
}

fn clock(words: &mut Words) -> Result<Event, Flaw> {
    let kinds = [
        ("jumps on", 1),
        ("jumps back", -1),
        ("is confirmed at starts", 3),
        ("is confirmed", 0),
        ("is not confirmed at starts", 2),
    ];
    Ok(match words.one_of(&kinds)? {
        0 => Event::ClockConfirmed,
        2 => Event::ConfirmedAtStart(false),
        3 => Event::ConfirmedAtStart(true),
        sign => Event::ClockJump { ms: sign * i64::try_from(words.duration_ms()?).unwrap_or(i64::MAX) },
    })
}

/// A fault by its name in `docs/faults.md`, and its box or board.
fn fault(given: &Given, words: &mut Words) -> Result<Fault, Flaw> {
    let any = BoxNo::first(1).next().ok_or_else(|| words.unlike("a box"))?;
    let of_box = Fault::of_box(any).map(Fault::key);
    let of_board: Vec<_> = Fault::in_process(0).map(Fault::key).collect();
    let names: Vec<_> = of_box.iter().chain(&of_board).map(|name| (*name, *name)).collect();
    let name = words.one_of(&names)?;
    let faults: Vec<Fault> = if of_box.contains(&name) {
        words.must("box")?;
        let box_no = given.a_box(words)?;
        Fault::of_box(box_no).into()
    } else {
        words.must("board")?;
        let board: u8 = words.parsed("the number of a board, from 0")?;
        if board >= given.boxes.div_ceil(given.boxes_per_board) {
            return Err(words.unlike_last("the number of a board that the locker has, from 0"));
        }
        Fault::in_process(board).collect()
    };
    let found = faults.into_iter().find(|fault| fault.key() == name);
    found.ok_or_else(|| words.unlike_last("the name of a fault"))
}

impl Given {
    /// Whether this is a member of staff.
    fn is_staff(&self, name: &str) -> bool {
        self.person(name).is_some_and(|person| matches!(person.kind, PersonKind::Staff { .. }))
    }

    /// A box that the locker has.
    pub(super) fn a_box(&self, words: &mut Words) -> Result<BoxNo, Flaw> {
        let box_no = words.box_no()?;
        if box_no.get() > self.boxes {
            return Err(words.unlike_last(format!("a box of the locker, 1 to {}", self.boxes)));
        }
        Ok(box_no)
    }
}
