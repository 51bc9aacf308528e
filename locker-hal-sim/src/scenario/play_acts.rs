//! What people do at the screen, at the boxes and at the office, deed by deed.

use locker_core::screen::{Action, Button, ButtonView, Screen, Surface, Widget};
use locker_core::{Act as StaffAct, BoxNo, Door, VisitId, text};

use super::error::Flaw;
use super::play::{DIGIT_MS, LINE_MS, LOCKER, Player};
use super::story::{PersonKind, Where};
use crate::command::SimCommand;
use crate::world::{Deed, Who};

/// `goes on to` gives up after so many lines.
const LINES_MAX: usize = 60;

impl Player<'_> {
    /// The bottom screen with its words.
    pub(super) fn screen(&self, surface: Surface) -> Screen {
        let mut screen = self.stage.screen(LOCKER, surface);
        text::fill(&mut screen);
        screen.texts_mut().into_iter().for_each(|text| text.text = plain(&text.text));
        screen
    }

    /// Presses the button with this label.
    pub(super) fn press_label(&mut self, label: &str) -> Result<(), Flaw> {
        let screen = self.screen(Surface::Bottom);
        let offered = offered(&screen);
        let button = offered.iter().find(|view| view.label.text == label).map(|view| view.press);
        match button {
            Some(button) => {
                self.press(button);
                Ok(())
            }
            None => Err(self.flaw(what_is_offered(&screen), format!("a button \"{label}\""))),
        }
    }

    fn press(&mut self, button: Button) {
        self.touch(Action::Press { button });
    }

    /// Types digits as a finger does, one after the other.
    pub(super) fn digits(&mut self, digits: &str) {
        for digit in digits.bytes().filter(u8::is_ascii_digit) {
            self.touch(Action::Digit { digit: digit - b'0' });
            self.pass(DIGIT_MS);
        }
    }

    /// Chooses the item on which this stands.
    pub(super) fn choose(&mut self, label: &str) -> Result<(), Flaw> {
        let screen = self.screen(Surface::Bottom);
        let items: Vec<String> = screen
            .widgets
            .iter()
            .flat_map(|widget| match widget {
                Widget::Choices { items } => items.iter().map(|item| item.label.text.clone()).collect(),
                _ => Vec::new(),
            })
            .collect();
        match (0_u8..).zip(&items).find(|(_, item)| *item == label) {
            Some((item, _)) => {
                self.touch(Action::Choose { item });
                Ok(())
            }
            None => {
                Err(self
                    .flaw(format!("{} to choose from: {items:?}", screen.id), format!("an item \"{label}\"")))
            }
        }
    }

    /// Does what leads from screen to screen, line by line, until the wanted one is there.
    pub(super) fn go_on_to(&mut self, who: &str, wanted: &str) -> Result<(), Flaw> {
        for _ in 0..LINES_MAX {
            let screen = self.screen(Surface::Bottom);
            if screen.id == wanted {
                return Ok(());
            }
            if self.refused.is_some() {
                return self.nothing_refused();
            }
            let from = self.stage.now();
            self.go_on(who, wanted, &screen)?;
            self.pass((from + LINE_MS).saturating_sub(self.stage.now()));
        }
        Err(self
            .flaw(format!("screen {}", self.screen(Surface::Bottom).id), format!("a way to screen {wanted}")))
    }

    fn go_on(&mut self, who: &str, wanted: &str, screen: &Screen) -> Result<(), Flaw> {
        if screen.overlay.as_ref().is_some_and(|overlay| overlay.id == "still_there") {
            self.press(Button::MoreTime);
            return Ok(());
        }
        let is_staff =
            self.given.person(who).is_some_and(|person| matches!(person.kind, PersonKind::Staff { .. }));
        match screen.id {
            "start" if wanted.starts_with("pick.") || is_staff && !wanted.starts_with("drop.") => {
                self.press(Button::PickUpKey);
            }
            "start" => self.press(Button::DropKey),
            "drop.welcome" | "pick.welcome" => self.press(Button::Go),
            "pick.method" | "drop.method" if is_staff => self.press(Button::ByQr),
            "pick.method" => self.press(Button::ByPin),
            "drop.method" if wanted == "drop.phone" => self.press(Button::ByPhone),
            "drop.method" if wanted == "drop.pin" || self.has_pin(who) => self.press(Button::ByPin),
            "drop.method" => self.press(Button::ByRegistration),
            "drop.registration" => {
                let text = self.customer(who)?.plate.clone();
                self.touch(Action::Write { text });
                self.press(Button::Ok);
            }
            "drop.contact" => self.press(Button::Send),
            "drop.sent" => self.press(Button::EnterCode),
            "drop.pin" | "pick.pin" => {
                let pin = self.pin_of(who, 0)?;
                self.digits(&pin);
                self.press(Button::Ok);
            }
            "drop.driver" | "drop.appointments" => self.press(Button::Next),
            "drop.serve" | "pick.serve" => self.serve(who, screen)?,
            "pick.qr" | "drop.qr" => self.scans(who)?,
            "drop.thanks" | "pick.thanks" | "sorry" => self.press(Button::Done),
            _ => {}
        }
        Ok(())
    }

    /// One thing after the other at an open box: the key, the door, *Confirm*.
    fn serve(&mut self, who: &str, screen: &Screen) -> Result<(), Flaw> {
        let box_no = self.at(Where::Served)?;
        if self.stage.door(LOCKER, box_no) == Door::Closed {
            if offered(screen).iter().any(|view| view.press == Button::Confirm) {
                self.press(Button::Confirm);
            }
            return Ok(());
        }
        let inside = self.stage.keys_in(LOCKER, box_no);
        let person = self.who(who);
        // Staff drop what they asked to drop.
        let key = match self.staff(who).map(|staff| self.act_of(staff)) {
            Ok(StaffAct::Drop { visit }) => crate::world::key_of(visit),
            Ok(StaffAct::PickUp { .. } | StaffAct::Check { .. }) | Err(_) => self.label(who),
        };
        match screen.id {
            "drop.serve" if !inside.contains(&key) => self.cabinet(person, SimCommand::Put { box_no, key }),
            "pick.serve" if !inside.is_empty() => {
                self.cabinet(person, SimCommand::Take { box_no, key: None });
            }
            _ => self.cabinet(person, SimCommand::Close { box_no }),
        }
        Ok(())
    }

    /// A tablet scans the QR on the screen for what its user has asked for.
    pub(super) fn scans(&mut self, who: &str) -> Result<(), Flaw> {
        let staff = self.staff(who)?;
        let act = self.act_of(staff);
        self.deed(Deed::Scan { staff, act, locker: LOCKER });
        Ok(())
    }

    /// The digits under the QR on the screen.
    pub(super) fn shown_digits(&self) -> Option<String> {
        let screen = self.stage.screen(LOCKER, Surface::Bottom);
        screen.widgets.into_iter().find_map(|widget| match widget {
            Widget::Qr { digits, .. } => digits,
            _ => None,
        })
    }

    /// A ticket for an act, which the tablet then scans for.
    pub(super) fn tickets(&mut self, staff: u8, act: StaffAct) {
        self.deed(Deed::Ticket { staff, act, locker: LOCKER });
        self.acts.insert(staff, act);
    }

    /// What a tablet is to scan for; without a ticket something that the office will not grant.
    pub(super) fn act_of(&self, staff: u8) -> StaffAct {
        self.acts.get(&staff).copied().unwrap_or(StaffAct::PickUp { visit: VisitId(1) })
    }

    /// The box that is meant.
    pub(super) fn at(&self, at: Where) -> Result<BoxNo, Flaw> {
        match at {
            Where::Box(box_no) => Ok(box_no),
            Where::Served => self.served.ok_or_else(|| {
                self.flaw("no box that was served so far", "`the box` to be one that the screen has named")
            }),
        }
    }

    pub(super) fn who(&self, name: &str) -> Who {
        match self.given.person(name).map(|person| &person.kind) {
            Some(PersonKind::Customer(_)) => {
                self.visits.get(name).map_or(Who::Somebody, |visit| Who::Customer(*visit))
            }
            Some(PersonKind::Staff { .. }) => self.staff(name).map_or(Who::Somebody, Who::Staff),
            Some(PersonKind::Stranger) => Who::Thief,
            None => Who::Somebody,
        }
    }
}

/// A text as a keyboard types it: the narrow spaces of French become plain ones.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

/// The buttons that act now.
pub(super) fn offered(screen: &Screen) -> Vec<&ButtonView> {
    let views: Vec<_> = match &screen.overlay {
        Some(overlay) => overlay.buttons.iter().collect(),
        None => screen.buttons.iter().chain(&screen.bar).collect(),
    };
    views.into_iter().filter(|view| view.enabled).collect()
}

/// Says which buttons a screen offers.
pub(super) fn what_is_offered(screen: &Screen) -> String {
    let labels: Vec<_> = offered(screen).iter().map(|view| format!("\"{}\"", view.label.text)).collect();
    let over = screen.overlay.as_ref().map(|overlay| format!(" under {}", overlay.id)).unwrap_or_default();
    format!("screen {}{over}, which offers {}", screen.id, labels.join(", "))
}
