//! Steps 1 to 3, and the QR.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::{Scene, keypad, masked, personal, serve, staff_code, words};
use crate::exchange::QrPayload;
use crate::ids::VisitId;
use crate::locker::Flow;
use crate::locker::drop::{self, NUMBER_CHARS_MAX, REMARK_CHARS_MAX};
use crate::locker::link;
use crate::locker::lookup;
use crate::locker::serve as serving;
use crate::locker::session::{Active, DropCase, LookupBy, PinEntry, QrShown, Step};
use crate::screen::{ChoiceView, EntryKind, Notice, NoticeKind, RowView, Screen, Sound, Text, Widget};
use crate::visit::{Channel, ContactKind, People, Visit};

/// Draws the step of a session.
pub(super) fn step(scene: &Scene<'_>, active: &Active, screen: &mut Screen) {
    match &active.step {
        Step::Method => method(scene, active.flow, screen),
        Step::Pin(entry) => pin(scene, active.flow, entry, screen),
        Step::Lookup(typed) => look_up(typed.by, &typed.text, screen),
        Step::Searching { .. } => {
            screen.title = Text::new("drop-searching-title");
            screen.widgets = vec![Widget::Busy { reason: Text::new("drop-searching") }];
        }
        Step::Vehicle { visits, chosen } => vehicle(scene, visits, *chosen, screen),
        Step::Contact { visit, chosen, failed } => contact(scene, *visit, *chosen, failed, screen),
        Step::Sending { .. } => {
            screen.title = Text::new("drop-sending-title");
            screen.widgets = vec![Widget::Busy { reason: Text::new("drop-sending") }];
        }
        Step::Sent => sent(scene, screen),
        Step::NoMatch => {
            screen.title = Text::new("drop-no-match-title");
            screen.lines = vec![Text::new("drop-no-match")];
        }
        Step::Qr(shown) => qr(scene, shown, screen),
        Step::Reason(case) => staff_code::reason(case, screen),
        Step::AnyBox(case) => staff_code::any_box(scene, case, screen),
        Step::Driver(case) => driver(scene, case, screen),
        Step::Phone { text, .. } => {
            screen.title = Text::new("drop-add-phone-title");
            entry(screen, EntryKind::Phone, text, NUMBER_CHARS_MAX, "drop-add-phone-label");
        }
        Step::Appointments(case) => appointments(scene, case, screen),
        Step::Remark { text, .. } => {
            screen.title = Text::new("drop-remark-title");
            entry(screen, EntryKind::Remark, text, REMARK_CHARS_MAX, "drop-remark-label");
        }
        Step::Serve(serving) => serve::serving(scene, serving, screen),
        Step::Settle(serving) => serve::settling(scene, serving, screen),
        Step::Thanks { box_no, what, .. } => serve::thanks(scene, *box_no, *what, screen),
        Step::Sorry { why, .. } => serve::sorry(scene, *why, screen),
    }
    if let Some(text) = &active.notice {
        // At the box something is asked for; nothing went wrong (UX-18).
        let is_asking = matches!(active.step, Step::Serve(_));
        let kind = if is_asking { NoticeKind::Ask } else { NoticeKind::Problem };
        screen.notice = Some(Notice { kind, text: (**text).clone() });
        screen.sound = Some(if is_asking { Sound::Attention } else { Sound::Problem });
    }
}

/// The text that explains a step in *help*.
pub(super) fn help_of(id: &str) -> &'static str {
    match id {
        "start" => "help-start",
        "drop.welcome" | "pick.welcome" => "help-welcome",
        "drop.method" | "drop.registration" | "drop.phone" | "drop.searching" | "drop.vehicle"
        | "drop.contact" | "drop.sending" | "drop.sent" | "drop.no_match" => "help-prove",
        "drop.pin" | "pick.pin" => "help-pin",
        "pick.method" => "help-pick-prove",
        "drop.qr" | "pick.qr" => "help-qr",
        "staff.reason" | "staff.box" => "help-staff-code",
        "drop.driver" | "drop.add_phone" => "help-driver",
        "drop.appointments" | "drop.remark" => "help-appointments",
        "drop.serve" => "help-drop-serve",
        "pick.serve" | "check.settle" => "help-pick-serve",
        _ => "help-done",
    }
}

fn method(scene: &Scene<'_>, flow: Flow, screen: &mut Screen) {
    let looks_up = drop::looks_up(scene.durable, scene.session, scene.now.today);
    let two_factor = scene.settings().two_factor;
    let is_down = link::is_down(scene.session);
    if flow == Flow::PickUp {
        screen.title = Text::new("pick-method-title");
        screen.lines = vec![Text::new("pick-method")];
        screen.notice = is_down.then(|| Notice { kind: NoticeKind::Info, text: Text::new("method-no-link") });
        return;
    }
    screen.title = Text::new("drop-method-title");
    screen.lines = vec![Text::new(if two_factor { "drop-method" } else { "drop-method-numbers" })];
    // After too many unconfirmed openings, help and staff only (DROP-19).
    let is_limited = serving::is_limited_here(scene.durable, scene.now.mono);
    let why = if is_limited {
        "method-limited"
    } else if scene.durable.clock_doubted {
        "method-clock"
    } else if is_down {
        if looks_up { "method-no-staff" } else { "method-no-link" }
    } else if looks_up {
        return;
    } else {
        "method-misses"
    };
    screen.notice = Some(Notice { kind: NoticeKind::Info, text: Text::new(why) });
}

fn pin(scene: &Scene<'_>, flow: Flow, entry: &PinEntry, screen: &mut Screen) {
    screen.title = Text::new("drop-pin-title");
    screen.lines = vec![Text::new("drop-pin")];
    if let Some(left) = scene.durable.codes.locked_for(scene.now.mono) {
        let minutes = left.div_ceil(60_000);
        let text = Text::new("drop-pin-locked").with("minutes", minutes);
        screen.notice = Some(Notice { kind: NoticeKind::Info, text });
        screen.lines = vec![Text::new("drop-pin-plate-too")];
        if flow == Flow::PickUp {
            screen.lines.push(Text::new("pick-staff-code-locked"));
        }
        screen.widgets.push(Widget::Entry {
            kind: EntryKind::Registration,
            value: entry.plate.clone(),
            chars_max: NUMBER_CHARS_MAX,
            label: Text::new("drop-registration-label"),
        });
    }
    screen.widgets.push(keypad(entry.digits.reveal().typed(), entry.revealed));
}

fn entry(screen: &mut Screen, kind: EntryKind, value: &str, chars_max: u16, label: &'static str) {
    screen.widgets = vec![Widget::Entry { kind, value: value.into(), chars_max, label: Text::new(label) }];
}

fn look_up(by: LookupBy, text: &str, screen: &mut Screen) {
    let (title, kind, label) = match by {
        LookupBy::Registration => {
            ("drop-registration-title", EntryKind::Registration, "drop-registration-label")
        }
        LookupBy::Phone => ("drop-phone-title", EntryKind::Phone, "drop-phone-label"),
    };
    screen.title = Text::new(title);
    entry(screen, kind, text, NUMBER_CHARS_MAX, label);
}

fn people<'a>(scene: &Scene<'a>, visit: VisitId) -> Option<&'a People> {
    scene.durable.visits.get(&visit).and_then(|visit| visit.people.get())
}

fn vehicle(scene: &Scene<'_>, visits: &[VisitId], chosen: Option<u8>, screen: &mut Screen) {
    let plates: Vec<&str> =
        visits.iter().map(|visit| people(scene, *visit).map_or("", |people| people.plate.as_str())).collect();
    let masks = lookup::mask_plates(&plates);
    let choice = |(item, (visit, plate)): (u8, (&VisitId, &String))| {
        let is_alone = masks.iter().filter(|other| *other == plate).count() == 1;
        ChoiceView {
            label: masked(plate.clone()),
            detail: if is_alone { None } else { first_job(scene, *visit) },
            chosen: chosen == Some(item),
        }
    };
    screen.title = Text::new("drop-vehicle-title");
    screen.widgets =
        vec![Widget::Choices { items: (0..).zip(visits.iter().zip(&masks)).map(choice).collect() }];
}

/// When a visit's first job is: tells apart vehicles whose registrations do not.
fn first_job(scene: &Scene<'_>, visit: VisitId) -> Option<Text> {
    let visit = scene.durable.visits.get(&visit)?;
    let time = visit.appointments.iter().map(|job| job.time).min()?;
    Some(Text::new("row-appointment").with("date", visit.date).with("time", time))
}

fn contact(scene: &Scene<'_>, visit: VisitId, chosen: u8, failed: &[u8], screen: &mut Screen) {
    let settings = scene.settings();
    let driver = people(scene, visit).map(|people| &people.driver);
    let contacts = driver.map(|driver| lookup::reachable(driver, settings)).unwrap_or_default();
    let choice = |(item, (_, contact)): (u8, &(u8, &crate::visit::Contact))| ChoiceView {
        label: masked(lookup::mask_contact(contact, settings)),
        detail: Some(Text::new(if failed.contains(&item) {
            "contact-failed"
        } else {
            match (contact.channel, contact.kind) {
                (Channel::Mail, ContactKind::Private) => "contact-mail-private",
                (Channel::Mail, ContactKind::Business) => "contact-mail-business",
                (Channel::Sms, ContactKind::Private) => "contact-sms-private",
                (Channel::Sms, ContactKind::Business) => "contact-sms-business",
            }
        })),
        chosen: item == chosen,
    };
    screen.title = Text::new("drop-contact-title");
    if link::is_down(scene.session) {
        screen.notice = Some(Notice { kind: NoticeKind::Problem, text: Text::new("send-no-link") });
    }
    let is_one = contacts.len() == 1;
    screen.lines = vec![Text::new(if is_one { "drop-contact-one" } else { "drop-contact" })];
    let items: Vec<ChoiceView> = (0..).zip(&contacts).map(choice).collect();
    screen.widgets = vec![if is_one {
        // Nothing to choose: only *Send* (DROP-7).
        let row = |item: ChoiceView| RowView { value: item.label, label: item.detail.unwrap_or(words("")) };
        Widget::List { rows: items.into_iter().map(row).collect() }
    } else {
        Widget::Choices { items }
    }];
}

fn sent(scene: &Scene<'_>, screen: &mut Screen) {
    let minutes = u64::from(scene.settings().kiosk_pin_minutes);
    screen.title = Text::new("drop-sent-title");
    screen.lines = vec![Text::new("drop-sent").with("minutes", minutes), Text::new("drop-sent-back")];
}

fn qr(scene: &Scene<'_>, shown: &QrShown, screen: &mut Screen) {
    screen.title = Text::new("qr-title");
    if link::is_down(scene.session) {
        screen.notice = Some(Notice { kind: NoticeKind::Problem, text: Text::new("method-no-staff") });
    }
    if shown.closed {
        screen.lines = vec![Text::new("qr-closed")];
    } else {
        let payload = QrPayload { locker: scene.durable.locker, nonce: shown.nonce.clone() }.text();
        let typed = scene.settings().typed_code;
        let digits = typed.then(|| shown.digits.reveal().iter().map(|digit| char::from(*digit)).collect());
        screen.lines = vec![Text::new(if typed { "qr-scan-or-type" } else { "qr-scan" })];
        screen.widgets = vec![Widget::Qr { payload, digits }];
        let total_ms = crate::locker::qr::LIFE_MS;
        let left_ms = shown.made.after(total_ms).since(scene.now.mono);
        screen.remaining = Some(crate::screen::Remaining { left_ms, total_ms, warning: false });
    }
}

fn row(label: &'static str, value: Text) -> RowView {
    RowView { label: Text::new(label), value }
}

fn driver(scene: &Scene<'_>, case: &DropCase, screen: &mut Screen) {
    let mut rows = Vec::new();
    if let Some(people) = people(scene, case.visit) {
        rows.push(row("row-name", personal(&people.driver.name)));
        rows.extend(people.driver.contacts.iter().filter(|contact| !contact.blocked).map(|contact| {
            let label = match (contact.channel, contact.kind) {
                (Channel::Mail, ContactKind::Private) => "contact-mail-private",
                (Channel::Mail, ContactKind::Business) => "contact-mail-business",
                (Channel::Sms, ContactKind::Private) => "contact-sms-private",
                (Channel::Sms, ContactKind::Business) => "contact-sms-business",
            };
            row(label, personal(&contact.address))
        }));
    }
    if let Some(phone) = &case.phone {
        rows.push(row("row-added-phone", personal(phone)));
    }
    screen.title = Text::new("drop-driver-title");
    screen.lines = vec![Text::new("drop-driver")];
    screen.widgets = vec![Widget::List { rows }];
}

fn appointments(scene: &Scene<'_>, case: &DropCase, screen: &mut Screen) {
    let two_factor = case.code.is_some() && scene.settings().two_factor;
    let mut rows = Vec::new();
    if let Some(visit) = scene.durable.visits.get(&case.visit) {
        if let (true, Some(people)) = (two_factor, visit.people.get()) {
            rows.push(row("row-vehicle", personal(&people.vehicle)));
            rows.push(row("row-registration", personal(&people.plate)));
        }
        rows.extend(jobs(visit));
    }
    if let Some(remark) = &case.remark {
        rows.push(row("row-remark", personal(remark)));
    }
    screen.title = Text::new("drop-appointments-title");
    screen.lines = vec![Text::new("drop-appointments")];
    screen.widgets = vec![Widget::List { rows }];
}

fn jobs(visit: &Visit) -> impl Iterator<Item = RowView> + '_ {
    visit.appointments.iter().map(|job| RowView {
        label: Text::new("row-appointment").with("date", visit.date).with("time", job.time),
        value: words(&job.work),
    })
}
