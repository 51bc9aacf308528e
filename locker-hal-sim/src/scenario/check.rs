//! Comparing what is expected with what is so.

use locker_core::office::HelpStateView;
use locker_core::screen::{Screen, Surface};
use locker_core::{Assignment, BoxNo, Custody, Door, Mono, Now};

use super::error::{Flaw, Place};
use super::play::{LOCKER, Player};
use super::play_acts::{offered, what_is_offered};
use super::story::{BoxIs, Expect, KeyIs, Via, Words};
use crate::Coil;
use crate::terminal::lines;

impl Player<'_> {
    /// Checks one expectation, at its place.
    pub(super) fn expect(&mut self, place: Place, expect: &Expect) -> Result<(), Flaw> {
        if let Expect::Refused { key } = expect {
            return match self.refused.take() {
                Some((_, found)) if found == *key => Ok(()),
                Some((_, found)) => Err(Flaw::otherwise(place, format!("it refused: {found}"), key)),
                None => Err(Flaw::otherwise(place, "nothing refused", key)),
            };
        }
        self.nothing_refused()?;
        let otherwise = |found: String, expected: String| Err(Flaw::otherwise(place, found, expected));
        match self.found(expect) {
            None => Ok(()),
            Some((found, expected)) => otherwise(found, expected),
        }
    }

    /// What was found and what was expected, when the two differ.
    fn found(&mut self, expect: &Expect) -> Option<(String, String)> {
        match expect {
            Expect::Screen { top, id } => {
                let found = self.screen(surface(*top)).id;
                differ(found != id, format!("screen {found}"), format!("screen {id}"))
            }
            Expect::Overlay { id } => {
                let found = self.screen(Surface::Bottom).overlay.map(|overlay| overlay.id);
                let name = |id: Option<&str>| id.map_or("no overlay".into(), |id| format!("overlay {id}"));
                differ(found != id.as_deref(), name(found), name(id.as_deref()))
            }
            Expect::Text { top, is_there, text } => self.text(*top, *is_there, text),
            Expect::Button { label, is_offered } => {
                let screen = self.screen(Surface::Bottom);
                let found = offered(&screen).iter().any(|view| view.label.text == *label);
                let no = if *is_offered { "" } else { "no " };
                differ(found != *is_offered, what_is_offered(&screen), format!("{no}button \"{label}\""))
            }
            Expect::Box { box_no, is } => self.box_is(*box_no, is),
            Expect::BoxInUse { box_no } => {
                let found = self.served.map_or("no box yet".into(), |found| format!("box {found}"));
                differ(self.served != Some(*box_no), found, format!("box {box_no}"))
            }
            Expect::Key { whose, is } => self.key_is(whose, is),
            Expect::Message { to, via, count } => self.messages(to, *via, *count),
            Expect::Told { kind, box_no, is_told } => {
                let since = self.mark.notice;
                let told = self.notices().into_iter().rev().filter(|notice| notice.id > since);
                let told: Vec<_> = told.collect();
                let is_it = |box_: Option<BoxNo>| box_no.is_none() || box_ == *box_no;
                let found = told.iter().any(|notice| notice.kind == *kind && is_it(notice.box_no));
                let list: Vec<_> =
                    told.iter().map(|notice| notice_name(notice.kind, notice.box_no)).collect();
                let list = if list.is_empty() {
                    "the office told nothing".into()
                } else {
                    format!("the office told {}", list.join(", "))
                };
                let no = if *is_told { "" } else { "no " };
                differ(found != *is_told, list, format!("{no}{}", notice_name(*kind, *box_no)))
            }
            Expect::Called { who, is_called } => {
                let found = self.is_called(who);
                let name = |is: bool| format!("{who} {}called for help", if is { "" } else { "not " });
                differ(found != *is_called, name(found), name(*is_called))
            }
            Expect::Fired { box_no, times } => self.fired(*box_no, *times),
            Expect::Record { kind, count } => self.records(kind, *count),
            // Taken before.
            Expect::Refused { .. } => None,
        }
    }

    fn text(&self, top: bool, is_there: bool, text: &Words) -> Option<(String, String)> {
        let mut screen = self.screen(surface(top));
        let (found, wanted) = match text {
            Words::Id(id) => (ids(&mut screen).contains(&id.as_str()), format!("text {id}")),
            Words::Said(words) => {
                (lines(&screen).join("\n").contains(words.as_str()), format!("\"{words}\""))
            }
        };
        let shown = match text {
            Words::Id(_) => ids(&mut screen).join(", "),
            Words::Said(_) => lines(&screen).join(" / "),
        };
        let no = if is_there { "" } else { "no " };
        differ(found != is_there, format!("screen {}: {shown}", screen.id), format!("{no}{wanted}"))
    }

    fn box_is(&mut self, box_no: BoxNo, is: &BoxIs) -> Option<(String, String)> {
        let door = self.stage.door(LOCKER, box_no);
        let coil = self.stage.coil(LOCKER, box_no);
        let inside = self.stage.keys_in(LOCKER, box_no);
        let expected = format!("box {box_no} {}", box_words(is));
        let is_so = match is {
            BoxIs::DoorOpen => door == Door::Open,
            BoxIs::DoorClosed => door == Door::Closed,
            BoxIs::Energised => coil == Coil::On,
            BoxIs::NotEnergised => coil == Coil::Off,
            BoxIs::Empty => inside.is_empty(),
            BoxIs::Inside { whose } => inside.contains(&self.label(whose)),
            _ => {
                let visit = match is {
                    BoxIs::Holding { whose } => self.visits.get(whose).copied(),
                    _ => None,
                };
                let locker = self.stage.locker(LOCKER);
                let Some(state) = locker.and_then(|locker| locker.durable().box_state(box_no)) else {
                    return Some(("the locker's computer off".into(), expected));
                };
                match is {
                    BoxIs::Free => state.assignment == Assignment::Free && state.check.is_none(),
                    BoxIs::Kept => matches!(state.assignment, Assignment::Reserved { .. }),
                    BoxIs::Holding { .. } => state.booked().is_some() && state.booked() == visit,
                    BoxIs::ToCheck => state.check.is_some(),
                    BoxIs::Certain => state.check.is_none(),
                    BoxIs::OutOfService => state.out.is_some(),
                    BoxIs::InService => state.out.is_none(),
                    BoxIs::DoorOpen
                    | BoxIs::DoorClosed
                    | BoxIs::Energised
                    | BoxIs::NotEnergised
                    | BoxIs::Empty
                    | BoxIs::Inside { .. } => false,
                }
            }
        };
        let found = match is {
            BoxIs::Energised | BoxIs::NotEnergised => format!("its coil {coil:?}").to_lowercase(),
            _ => self.box_as_it_is(box_no, door, &inside),
        };
        differ(!is_so, found, expected)
    }

    fn box_as_it_is(&self, box_no: BoxNo, door: Door, inside: &[String]) -> String {
        let door = if door == Door::Open { "open" } else { "closed" };
        let keys: Vec<_> = inside.iter().map(|label| self.whose(label)).collect();
        let keys = if keys.is_empty() { "nothing".into() } else { keys.join(" and ") };
        let locker = self.stage.locker(LOCKER);
        let state = locker.and_then(|locker| locker.durable().box_state(box_no));
        let state = state.map_or_else(
            || "the computer off".into(),
            |state| {
                let whose = |visit| self.name_of(visit);
                let kept = match state.assignment {
                    Assignment::Free => "free".into(),
                    Assignment::Reserved { visit, .. } => format!("reserved for {}", whose(visit)),
                    Assignment::Holding { visit } => format!("booked for {}", whose(visit)),
                    Assignment::Collected { visit, .. } => format!("collected by {}", whose(visit)),
                };
                let check = if state.check.is_some() { ", to be checked" } else { "" };
                let out = if state.out.is_some() { ", out of service" } else { "" };
                format!("{kept}{check}{out}")
            },
        );
        format!("box {box_no} {state}; its door really {door}, {keys} inside")
    }

    fn name_of(&self, visit: locker_core::VisitId) -> String {
        let owner = self.visits.iter().find(|(_, id)| **id == visit);
        owner.map_or_else(|| format!("visit {visit}"), |(name, _)| name.clone())
    }

    /// A key by its label, in words.
    fn whose(&self, label: &str) -> String {
        let owner = self.visits.keys().find(|name| self.label(name) == label);
        owner.map_or_else(|| label.into(), |name| format!("{name}'s key"))
    }

    fn key_is(&self, whose: &str, is: &KeyIs) -> Option<(String, String)> {
        let custody = self.visits.get(whose).and_then(|visit| self.stage.custody(LOCKER, *visit));
        let user = |who: &str| self.staff(who).ok().and_then(|staff| self.stage.user(staff));
        let is_so = match (is, custody) {
            (KeyIs::WithCustomer, Some(Custody::Customer))
            | (KeyIs::Missing, Some(Custody::Missing { .. })) => true,
            (KeyIs::InBox { box_no }, Some(Custody::Box { box_no: found }))
            | (KeyIs::ToCheck { box_no }, Some(Custody::ToCheck { box_no: found, .. })) => {
                box_no.is_none_or(|wanted| wanted == found)
            }
            (KeyIs::With { who }, Some(Custody::Staff { user: found })) => user(who) == Some(found),
            _ => false,
        };
        let found = match custody {
            None => "not known to the locker".into(),
            Some(Custody::Customer) => "with the customer".into(),
            Some(Custody::Box { box_no }) => format!("in box {box_no}"),
            Some(Custody::ToCheck { box_no, .. }) => format!("to be checked in box {box_no}"),
            Some(Custody::Staff { user }) => format!("with user {user}"),
            Some(Custody::Missing { .. }) => "missing".into(),
        };
        let expected = match is {
            KeyIs::WithCustomer => "with the customer".into(),
            KeyIs::InBox { box_no } => box_no.map_or("in a box".into(), |box_no| format!("in box {box_no}")),
            KeyIs::ToCheck { box_no } => {
                box_no.map_or("to be checked".into(), |box_no| format!("to be checked in box {box_no}"))
            }
            KeyIs::With { who } => format!("with {who}"),
            KeyIs::Missing => "missing".into(),
        };
        differ(!is_so, format!("{whose}'s key {found}"), format!("{whose}'s key {expected}"))
    }

    fn messages(&self, to: &str, via: Option<Via>, count: u32) -> Option<(String, String)> {
        let customer = self.customer(to).ok();
        let addresses: Vec<_> = customer.iter().flat_map(|customer| &customer.contacts).collect();
        let is_it = |address: &str| {
            addresses.iter().any(|reach| {
                let by = match via {
                    None => true,
                    Some(Via::Mail) => !reach.is_mobile,
                    Some(Via::Sms) => reach.is_mobile,
                };
                by && reach.address == address
            })
        };
        let sent = self.stage.mail().iter().skip(self.mark.mail);
        let found = sent.filter(|mail| is_it(&mail.to)).count();
        let by = match via {
            None => "",
            Some(Via::Mail) => " by mail",
            Some(Via::Sms) => " by text message",
        };
        let said = |count: usize| format!("{count} messages to {to}{by}");
        let wanted = usize::try_from(count).unwrap_or(usize::MAX);
        differ(found != wanted, said(found), said(wanted))
    }

    fn is_called(&mut self, who: &str) -> bool {
        let Ok(staff) = self.staff(who) else { return false };
        let Ok(caller) = self.stage.caller(staff) else { return false };
        let wall = self.stage.wall();
        let now = Now::new(Mono(0), wall, self.today(), wall);
        let calls = self.stage.office().and_then(|office| office.help_calls(&caller, &now).ok());
        calls.into_iter().flatten().any(|call| call.state == HelpStateView::Open)
    }

    fn fired(&mut self, box_no: Option<BoxNo>, times: u32) -> Option<(String, String)> {
        let before = self.mark.pulses.clone();
        let since = self.pulses().into_iter().filter_map(|(number, count)| {
            let earlier = before.iter().find(|(other, _)| *other == number).map_or(0, |(_, count)| *count);
            (count > earlier).then_some((number, count - earlier))
        });
        let since: Vec<_> = since.collect();
        let found: u32 =
            since.iter().filter(|(number, _)| box_no.is_none_or(|no| no == *number)).map(|(_, n)| n).sum();
        let list: Vec<_> =
            since.iter().map(|(number, count)| format!("lock {number} {count} times")).collect();
        let list = if list.is_empty() { "no lock".into() } else { list.join(", ") };
        let of = box_no.map_or("no lock".into(), |box_no| format!("lock {box_no} {times} times"));
        differ(found != times, format!("{list} fired"), format!("{of} fired"))
    }

    fn records(&self, kind: &str, count: Option<u32>) -> Option<(String, String)> {
        let entries = self.stage.journal(LOCKER, self.mark.journal);
        let kinds: Vec<String> = entries.iter().map(kind_of).collect();
        let found = kinds.iter().filter(|found| *found == kind).count();
        let is_so = match count {
            None => found > 0,
            Some(count) => u32::try_from(found) == Ok(count),
        };
        let expected = match count {
            None => format!("a record {kind}"),
            Some(count) => format!("{count} records {kind}"),
        };
        let last: Vec<_> = kinds.iter().rev().take(8).rev().map(String::as_str).collect();
        differ(!is_so, format!("{found} records {kind} (the last ones: {})", last.join(", ")), expected)
    }
}

fn differ(is_different: bool, found: String, expected: String) -> Option<(String, String)> {
    is_different.then_some((found, expected))
}

fn surface(top: bool) -> Surface {
    if top { Surface::Top } else { Surface::Bottom }
}

fn ids(screen: &mut Screen) -> Vec<&'static str> {
    screen.texts_mut().iter().map(|text| text.id).collect()
}

/// The kind of a record, as it stands in the journal.
pub(super) fn kind_of(entry: &locker_core::Entry) -> String {
    let body: Result<serde_json::Value, _> = serde_json::from_slice(&entry.body);
    let kind = body.ok().and_then(|body| body.get("k").and_then(|kind| kind.as_str().map(Into::into)));
    kind.unwrap_or_default()
}

fn notice_name(kind: locker_core::office::NoticeKind, box_no: Option<BoxNo>) -> String {
    let name =
        serde_json::to_value(kind).ok().and_then(|kind| kind.as_str().map(String::from)).unwrap_or_default();
    let of = box_no.map(|box_no| format!(" of box {box_no}")).unwrap_or_default();
    format!("{name}{of}")
}

fn box_words(is: &BoxIs) -> String {
    match is {
        BoxIs::Free => "free".into(),
        BoxIs::Kept => "reserved".into(),
        BoxIs::Holding { whose } => format!("booked for {whose}"),
        BoxIs::ToCheck => "to be checked".into(),
        BoxIs::Certain => "certain".into(),
        BoxIs::OutOfService => "out of service".into(),
        BoxIs::InService => "in service".into(),
        BoxIs::DoorOpen => "open".into(),
        BoxIs::DoorClosed => "closed".into(),
        BoxIs::Energised => "energised".into(),
        BoxIs::NotEnergised => "not energised".into(),
        BoxIs::Empty => "empty".into(),
        BoxIs::Inside { whose } => format!("to hold {whose}'s key"),
    }
}
