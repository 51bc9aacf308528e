//! Staff with codes of their own: temporary PINs and authenticators (CODE-8, CODE-9).

use locker_core::office;
use locker_core::{Answer, Ask, BoxNo, LockerId};
use totp_rs::{Algorithm, Builder};

use super::dealer::reply_of;
use super::deed::{Reply, Undone};
use super::stage::{Stage, index_of, undone};

impl Stage {
    /// A dealer admin gets a temporary PIN.
    pub(super) fn temporary_pin(
        &mut self,
        staff: u8,
        locker: LockerId,
        box_no: Option<BoxNo>,
    ) -> Result<Reply, Undone> {
        let caller = self.caller(staff)?;
        let reason = String::from("Zq spare key for the tow truck");
        match self.ask_office(office::Ask::TemporaryPin { caller, locker, box_no, reason }) {
            Ok(office::Answer::TemporaryPin { locker, user, box_no }) => {
                let fresh = self.fresh();
                self.ask_locker(locker, Ask::TemporaryPin { user, box_no, fresh })
            }
            asked => reply_of(asked),
        }
    }

    /// A dealer admin scans the QR of an authenticator with a telephone.
    pub(super) fn enrol(&mut self, staff: u8, locker: LockerId) -> Result<Reply, Undone> {
        let caller = self.caller(staff)?;
        let (locker, user, revision) = match self.ask_office(office::Ask::Enrol { caller, locker }) {
            Ok(office::Answer::Enrol { locker, user, revision }) => (locker, user, revision),
            asked => return reply_of(asked),
        };
        let index = index_of(locker).filter(|index| *index < self.sites.len()).ok_or(Undone::NoSuch)?;
        if self.sites[index].link.down {
            return Err(Undone::Away);
        }
        let fresh = self.fresh();
        let asked = self.sites[index].host.ask(self.now, Ask::Enrol { user, revision, fresh });
        self.after(index, asked.as_ref().err().copied());
        match asked {
            Ok(Answer::Enrolled { secret }) => {
                self.authenticators.insert((staff, locker), *secret.reveal());
                Ok(Reply::Done)
            }
            Ok(_) => Ok(Reply::Done),
            Err(untaken) => Err(undone(&untaken)),
        }
    }

    /// An authenticator is revoked; its owner's telephone shows codes all the same.
    pub(super) fn revoke(&mut self, staff: u8, locker: LockerId, whose: u8) -> Result<Reply, Undone> {
        let caller = self.caller(staff)?;
        let user = self.user(whose).ok_or(Undone::NoSuch)?;
        reply_of(self.ask_office(office::Ask::RevokeAuthenticator { caller, locker, user }))
    }

    /// What the telephone of a member of staff shows now for a locker: telephones know what time it is.
    #[must_use]
    pub fn authenticator_shows(&self, staff: u8, locker: LockerId) -> Option<String> {
        let secret = *self.authenticators.get(&(staff, locker))?;
        let builder = Builder::new().with_algorithm(Algorithm::SHA256).with_digits(locker_core::TOTP_DIGITS);
        let seconds = u64::try_from(self.wall().0 / 1_000).ok()?;
        Some(builder.with_secret(secret).build().ok()?.generate(seconds).to_string())
    }
}
