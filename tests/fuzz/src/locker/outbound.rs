//! The outbound way: staff put a key in a box, the customer takes it with a PIN (STAFF-DROP, PICK); the older edition, a
//! visit on hold, the link.

use locker_core::screen::Button;
use locker_core::{Act, Ask, Delivery, Link, Proof, Told, VisitId};

use super::World;
use crate::bytes::Bytes;
use crate::rig::{JANE, OMAR, TOMORROW};

const VISITS: [VisitId; 3] = [JANE, OMAR, TOMORROW];

impl World {
    /// Staff drop a key for the customer, up to *Confirm* and the message, or leave somewhere on the way.
    pub(super) fn hand_in(&mut self, bytes: &mut Bytes<'_>) {
        let (visit, what) = (bytes.pick(&VISITS), bytes.byte());
        for button in [Button::DropKey, Button::Go, Button::ByQr] {
            self.press(button);
        }
        let Some((payload, _)) = self.rig.qr() else { return };
        let scan = self.rig.scan_of(Proof::Qr(payload.nonce), Act::Drop { visit });
        let _ = self.ask(Ask::Scan(scan));
        self.rig.wait(200);
        if what & 1 == 0
            && let Some(number) = self.rig.served()
        {
            self.rig.put_key(number);
        }
        self.shut_and(if what & 6 == 6 { Button::Abort } else { Button::Confirm });
        if what & 8 == 0 {
            self.deliver_all(if what & 0x30 == 0x30 { Delivery::Refused } else { Delivery::Accepted });
        }
    }

    /// A customer types a PIN at *Pick up a key*, and takes the key or does not.
    pub(super) fn collect(&mut self, bytes: &mut Bytes<'_>) {
        let (which, what) = (usize::from(bytes.byte()), bytes.byte());
        for button in [Button::PickUpKey, Button::Go, Button::ByPin] {
            self.press(button);
        }
        let pin = self.pins.len().checked_sub(1 + which % 4).map(|at| self.pins[at].clone());
        self.type_digits(&pin.unwrap_or_else(|| "900900".into()));
        self.rig.wait(200);
        if what & 1 == 0
            && let Some(number) = self.rig.served()
        {
            self.rig.take_key(number);
        }
        if what & 0x40 == 0 {
            self.shut_and(match what >> 1 & 3 {
                0 | 1 => Button::Confirm,
                2 => Button::NotMyKey,
                _ => Button::Abort,
            });
        }
    }

    /// A visit is put on hold, or not any more (PICK-5).
    pub(super) fn hold(&mut self, bytes: &mut Bytes<'_>) {
        let visit = bytes.pick(&VISITS);
        for known in self.rig.visits.iter_mut().filter(|known| known.id == visit) {
            known.on_hold ^= true;
        }
        self.push_desired();
    }

    /// The older edition, or the rules as they stand.
    pub(super) fn edition(&mut self) {
        use locker_core::Profile::{Classic, Standard};
        let profile = &mut self.rig.settings.profile;
        *profile = if profile.is_classic() { Standard } else { Classic };
        self.push_desired();
    }

    /// The link to the office and the message services goes or comes.
    pub(super) fn link(&mut self, bytes: &mut Bytes<'_>) {
        self.rig.note(Told::Link(if bytes.flag() { Link::Up } else { Link::Down }));
    }

    fn shut_and(&mut self, button: Button) {
        if let Some(number) = self.rig.served() {
            self.rig.close(number);
        }
        for button in [button, Button::Yes, Button::Done] {
            self.press(button);
        }
    }

    fn deliver_all(&mut self, outcome: Delivery) {
        for open in self.rig.locker.open_messages() {
            let message = open.message;
            if open.template.has_code() {
                let fresh = self.rig.fresh();
                let _ = self.ask(Ask::MakeCode { message, fresh });
            }
            self.rig.note(Told::Delivery { message, outcome });
        }
    }
}
