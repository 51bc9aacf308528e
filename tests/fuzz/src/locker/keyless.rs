//! Staff codes: temporary PINs and authenticators, asked for, typed, taken away (CODE-8, CODE-9); and subjects erased
//! (SAFE-5).

use locker_core::screen::{Action, Button};
use locker_core::{Answer, Ask, BoxNo, Subject, TOTP_STEP_SECONDS, UserId, VisitId};

use super::World;
use crate::bytes::Bytes;
use crate::rig::{ADMIN, MECHANIC, authenticator};

const USERS: [UserId; 3] = [ADMIN, MECHANIC, UserId(3)];
/// How far back the wall clock of an authenticator can be asked for.
const WALL_MAX: i64 = 1 << 50;

/// What staff hold, and who is erased.
#[derive(Default)]
pub(super) struct Keyless {
    /// Temporary PINs in the order of their making.
    temporary: Vec<String>,
    /// Secrets of authenticators in the order of their enrolment.
    secrets: Vec<[u8; 32]>,
    pub(super) erased: Vec<Subject>,
}

impl World {
    /// The office asks for a temporary PIN, or enrols an authenticator.
    pub(super) fn ask_staff_code(&mut self, bytes: &mut Bytes<'_>) {
        let (user, which) = (bytes.pick(&USERS), bytes.byte());
        if self.keyless.erased.contains(&Subject::User(user)) {
            return;
        }
        let fresh = self.rig.fresh();
        let ask = match which % 8 {
            0..=3 => Ask::TemporaryPin { user, box_no: None, fresh },
            4 | 5 => {
                let box_no = BoxNo::new(bytes.below(6) + 1);
                Ask::TemporaryPin { user, box_no, fresh }
            }
            _ => Ask::Enrol { user, revision: self.rig.revision + 1, fresh },
        };
        match self.ask(ask) {
            Ok(Answer::Temporary { pin }) if !self.rig.is_down => {
                self.keyless.temporary.push(String::from_utf8(pin.reveal().clone()).unwrap());
            }
            Ok(Answer::Enrolled { secret }) if !self.rig.is_down => {
                self.keyless.secrets.push(*secret.reveal());
                if !self.rig.authenticators.contains(&user) {
                    self.rig.authenticators.push(user);
                }
                if which < 128 {
                    self.push_desired();
                }
            }
            _ => {}
        }
    }

    /// Who may have temporary PINs, and whose authenticators stand, changes.
    pub(super) fn who_may(&mut self, bytes: &mut Bytes<'_>) {
        let (user, is_temporary) = (bytes.pick(&USERS), bytes.flag());
        if self.keyless.erased.contains(&Subject::User(user)) {
            return;
        }
        let list = if is_temporary { &mut self.rig.temporary } else { &mut self.rig.authenticators };
        match list.iter().position(|known| *known == user) {
            Some(at) => drop(list.remove(at)),
            None => list.push(user),
        }
        self.push_desired();
    }

    /// Staff at the kiosk: *Pick up a key*, the pad, eight digits; then a reason and a box, as far as they are asked.
    pub(super) fn staff_code(&mut self, bytes: &mut Bytes<'_>) {
        for button in [Button::PickUpKey, Button::Go, Button::ByPin] {
            self.press(button);
        }
        let (which, back) = (bytes.byte(), usize::from(bytes.byte()));
        let newest = |count: usize| count.checked_sub(1 + back % 4);
        let temporary = newest(self.keyless.temporary.len()).map(|at| self.keyless.temporary[at].clone());
        let secret = newest(self.keyless.secrets.len()).map(|at| self.keyless.secrets[at]);
        let digits = match (which % 8, temporary, secret) {
            (0, _, _) | (_, None, None) => String::from("90090090"),
            (1..=3, Some(pin), _) | (_, Some(pin), None) => pin,
            (step, _, Some(secret)) => {
                // Codes of this step, of those beside it, and of some that are too far away.
                let steps = [0, -1, 1, 0, 0, 2, -2, -1][usize::from(step)];
                let off = steps * TOTP_STEP_SECONDS.cast_signed() * 1_000;
                authenticator(secret, self.rig.wall.clamp(0, WALL_MAX).saturating_add(off).max(0))
            }
        };
        self.type_digits(&digits);
        if which & 0x80 != 0 {
            return;
        }
        for _ in 0..2 {
            self.touch(Action::Choose { item: bytes.below(6) });
            self.press(Button::Ok);
        }
        self.rig.wait(200);
    }

    /// Somebody is erased as the host does it: the office wants nothing of them any more, the locker lets go, the key is
    /// destroyed (SAFE-5).
    pub(super) fn erase(&mut self, bytes: &mut Bytes<'_>) {
        let subject = match bytes.below(4) {
            0 => Subject::User(bytes.pick(&USERS)),
            visit => Subject::Visit(VisitId(u64::from(visit))),
        };
        if !self.keyless.erased.contains(&subject) {
            let (mut visits, mut temporary, mut authenticators) =
                (self.rig.visits.clone(), self.rig.temporary.clone(), self.rig.authenticators.clone());
            visits.retain(|visit| Subject::Visit(visit.id) != subject);
            temporary.retain(|user| Subject::User(*user) != subject);
            authenticators.retain(|user| Subject::User(*user) != subject);
            (self.rig.visits, self.rig.temporary, self.rig.authenticators) =
                (visits, temporary, authenticators);
            self.push_desired();
            if self.rig.is_down || !self.rig.locker.may_forget(subject, self.rig.revision) {
                return;
            }
            self.keyless.erased.push(subject);
        }
        use locker_core::Vault;
        self.rig.vault.erase(subject).unwrap();
        self.replays();
    }

    /// What the office wants, without those who are erased.
    pub(super) fn push_desired(&mut self) {
        let erased = self.keyless.erased.clone();
        let is_there = |subject| !erased.contains(&subject);
        self.rig.visits.retain(|visit| is_there(Subject::Visit(visit.id)));
        self.rig.temporary.retain(|user| is_there(Subject::User(*user)));
        self.rig.authenticators.retain(|user| is_there(Subject::User(*user)));
        self.rig.push_desired();
    }
}
