//! Staff codes as the office sees them: temporary PINs, authenticators, the boxes they opened (CODE-8, CODE-9); the older
//! edition; calls for help that no record tells of.

use locker_core::office::{Answer, Ask, By, Caller, Refusal, Right, Told};
use locker_core::{
    At, Boot, BoxNo, FactKind, HelpId, LockerId, OpenReason, Profile, StaffCode, UnrecordedCall, UserId,
};

use super::{Dealership, WORDS};
use crate::bytes::Bytes;

impl Dealership {
    /// Somebody asks for a temporary PIN, enrols an authenticator, or revokes one. Only who has the right gets one.
    pub(super) fn keyless(&mut self, bytes: &mut Bytes<'_>) {
        let Some(caller) = self.caller(bytes) else { return };
        let (locker, may) = (LockerId(u64::from(bytes.below(4))), self.may(&caller));
        match bytes.below(4) {
            0 | 1 => {
                let box_no = bytes.below(20).checked_sub(1).and_then(BoxNo::new);
                let reason = bytes.text(&WORDS);
                let is_said = !reason.trim().is_empty();
                let answer = self.ask(Ask::TemporaryPin { caller, locker, box_no, reason });
                if let Ok(Answer::TemporaryPin { user, locker: at, box_no: only }) = answer {
                    assert!(may && is_said, "a temporary PIN without the right or a reason (CODE-8)");
                    assert_eq!((user, at, only), (caller.user(), locker, box_no));
                }
            }
            2 => {
                if let Ok(Answer::Enrol { locker: at, user, revision }) =
                    self.ask(Ask::Enrol { caller, locker })
                {
                    assert!(may, "an authenticator without the right (CODE-9)");
                    let today = self.world.now.today;
                    let desired = self.world.office.desired(at, today).expect("a known locker");
                    assert!(desired.authenticators.contains(&user) && desired.revision >= revision);
                }
            }
            _ => {
                let user = UserId(u64::from(bytes.below(6)));
                if self.ask(Ask::RevokeAuthenticator { caller, locker, user }) == Ok(Answer::Done) {
                    let desired = self.world.office.desired(locker, self.world.now.today);
                    let is_gone = desired.is_none_or(|desired| !desired.authenticators.contains(&user));
                    assert!(is_gone, "a revoked authenticator is not wanted any more");
                }
            }
        }
    }

    fn may(&self, caller: &Caller) -> bool {
        let me = self.world.office.me(caller, &self.world.now);
        me.is_ok_and(|page| {
            let page = serde_json::to_value(page).unwrap();
            let mut rights = page["rights"].as_array().unwrap().iter();
            rights.any(|right| right == Right::TemporaryCode.id())
        })
    }

    /// Facts about staff codes, doors and maintenance.
    pub(super) fn later_fact(&mut self, bytes: &mut Bytes<'_>) {
        let which = 1 + usize::from(bytes.flag());
        let box_no = BoxNo::new(bytes.below(18) + 1).unwrap();
        let user = UserId(u64::from(bytes.below(6)));
        let kind = match bytes.below(6) {
            0 => {
                let reason = Some(bytes.pick(&OpenReason::ALL));
                FactKind::OpenedByCode { box_no, user, how: StaffCode::Authenticator, reason }
            }
            1 => FactKind::OpenedByCode { box_no, user, how: StaffCode::Temporary, reason: None },
            2 => FactKind::DoorClosedAgain { box_no },
            3 => FactKind::SensorDoubted { box_no },
            4 => FactKind::MaintenanceBegan { user },
            _ => FactKind::ClockConfirmed,
        };
        self.take_in(which, kind, bytes);
    }

    /// The location goes over to the older edition, or back.
    pub(super) fn edition(&mut self, bytes: &mut Bytes<'_>) {
        let mut location = self.world.office.location().clone();
        location.profile = if bytes.flag() { Profile::Classic } else { Profile::Standard };
        let answer = self.ask(Ask::SetLocation { by: By::Host, location });
        assert!(matches!(answer, Ok(_) | Err(Refusal::OutOfRange | Refusal::AlreadySo)), "{answer:?}");
    }

    /// A locker calls for help and can record nothing; told twice, it is one call (SAFE-8).
    pub(super) fn unrecorded(&mut self, bytes: &mut Bytes<'_>) {
        let (mono, wall) = (self.world.now.mono, self.world.now.wall);
        let call = UnrecordedCall {
            locker: LockerId(u64::from(bytes.below(4))),
            help: HelpId(u64::from(bytes.below(4))),
            step: bytes.text(&WORDS),
            at: At { boot: Boot(1), mono, wall },
            calls: u32::from(bytes.byte()),
        };
        let length = self.world.journal.len();
        self.world.note(Told::Unrecorded(call.clone()));
        assert!(!self.world.office.is_news(&call), "told once");
        assert_eq!(self.world.journal.len(), length, "it is never stored");
    }
}
