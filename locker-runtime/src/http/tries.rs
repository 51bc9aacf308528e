//! Wrong passwords at log-in, counted by user and by address (`docs/decisions/log-in.md`). In memory only: a restart
//! forgets them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use locker_core::{HOUR, MINUTE, Mono, UserId};

/// Wrong passwords of one user before the first wait.
const FREE_OF_A_USER: u32 = 5;
/// Wrong passwords from one address before the first wait: a whole dealership may be behind one.
const FREE_OF_AN_ADDRESS: u32 = 30;
/// The first wait, in milliseconds; each further wrong password doubles it.
const FIRST_WAIT_MS: u64 = MINUTE / 2;
/// The longest wait, in milliseconds.
const WAIT_MS_MAX: u64 = 15 * MINUTE;
/// After so many milliseconds without another, wrong passwords are forgotten.
const FORGOTTEN_MS: u64 = HOUR;
/// Users and addresses counted at the same time; the one that was quiet for the longest makes room.
const ROWS_MAX: usize = 10_000;
/// The longest name that a user can have: longer ones are one and the same nobody.
const NAME_CHARS_MAX: usize = 80;

/// Whose tries are counted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    User(UserId),
    /// Nobody has this name; a wait must not tell.
    Nobody(String),
    Address(IpAddr),
}

/// Those that one log-in counts for. Has no `Debug`: it may hold a name.
pub(super) struct Counted {
    user: Of,
    address: Option<Of>,
}

impl Counted {
    /// The user, or the name as it was typed, and the address where there is one.
    pub(super) fn of(user: Option<UserId>, typed: &str, address: Option<IpAddr>) -> Self {
        let name = typed.trim().to_lowercase();
        let name = if name.chars().count() > NAME_CHARS_MAX { String::new() } else { name };
        let user = user.map_or_else(|| Of::Nobody(name), Of::User);
        Self { user, address: address.map(|address| Of::Address(place(address))) }
    }

    fn each(&self) -> impl Iterator<Item = (&Of, u32)> {
        let address = self.address.iter().map(|address| (address, FREE_OF_AN_ADDRESS));
        core::iter::once((&self.user, FREE_OF_A_USER)).chain(address)
    }
}

/// An IPv6 address stands for its network of 64 bits: who has one of it has them all.
fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
        four @ IpAddr::V4(_) => four,
    }
}

struct Row {
    wrong: u32,
    last: Mono,
}

impl Row {
    /// How much longer this one waits, in milliseconds.
    fn waits_for(&self, free: u32, now: Mono) -> u64 {
        let Some(doubled) = self.wrong.checked_sub(free) else { return 0 };
        let wait = FIRST_WAIT_MS.saturating_mul(1 << doubled.min(16)).min(WAIT_MS_MAX);
        self.last.after(wait).since(now)
    }
}

/// The counts.
#[derive(Default)]
pub(super) struct Tries(Mutex<BTreeMap<Of, Row>>);

impl Tries {
    /// Counts a try as a wrong one, until [`Tries::was_right`] says otherwise.
    ///
    /// # Errors
    /// User or address must wait so many milliseconds more; the try is not counted.
    pub(super) fn begin(&self, counted: &Counted, now: Mono) -> Result<(), u64> {
        // A count that somebody broke off in the middle is still a count.
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.retain(|_, row| now.since(row.last) < FORGOTTEN_MS);
        let waits = counted.each().filter_map(|(of, free)| Some(rows.get(of)?.waits_for(free, now)));
        if let Some(for_ms) = waits.max().filter(|for_ms| *for_ms > 0) {
            return Err(for_ms);
        }
        for (of, _) in counted.each() {
            if !rows.contains_key(of) && rows.len() >= ROWS_MAX {
                let quiet = rows.iter().min_by_key(|(_, row)| row.last).map(|(of, _)| of.clone());
                quiet.and_then(|quiet| rows.remove(&quiet));
            }
            let row = rows.entry(of.clone()).or_insert(Row { wrong: 0, last: now });
            row.wrong = row.wrong.saturating_add(1);
            row.last = now;
        }
        Ok(())
    }

    /// The password was right: the user's wrong ones are forgotten, the address's stay.
    pub(super) fn was_right(&self, counted: &Counted) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.remove(&counted.user);
        if let Some(row) = counted.address.as_ref().and_then(|address| rows.get_mut(address)) {
            row.wrong = row.wrong.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Option<UserId> = Some(UserId(1));

    fn from(user: Option<UserId>, typed: &str, address: &str) -> Counted {
        Counted::of(user, typed, Some(address.parse().expect("an address")))
    }

    fn wrong(tries: &Tries, counted: &Counted, at: &mut u64) {
        assert_eq!(tries.begin(counted, Mono(*at)), Ok(()), "at {at}");
        *at += 1;
    }

    #[test]
    fn after_five_wrong_passwords_a_user_waits_longer_each_time() {
        let (tries, ada, mut at) = (Tries::default(), from(ADA, "ada", "10.0.0.1"), 0);
        for _ in 0..5 {
            wrong(&tries, &ada, &mut at);
        }
        for seconds in [30, 60, 120, 240, 480, 900, 900] {
            let last = at - 1;
            assert_eq!(tries.begin(&ada, Mono(at)), Err(seconds * 1_000 - 1));
            let elsewhere = from(ADA, "Ada ", "10.0.0.2");
            assert_eq!(tries.begin(&elsewhere, Mono(at)), Err(seconds * 1_000 - 1), "from anywhere");
            assert_eq!(
                tries.begin(&from(Some(UserId(2)), "rita", "10.0.0.1"), Mono(at)),
                Ok(()),
                "nobody else"
            );
            tries.was_right(&from(Some(UserId(2)), "rita", "10.0.0.1"));
            at = last + seconds * 1_000;
            wrong(&tries, &ada, &mut at);
        }
    }

    #[test]
    fn a_right_password_takes_the_users_count_away() {
        let (tries, ada, mut at) = (Tries::default(), from(ADA, "ada", "10.0.0.1"), 0);
        for _ in 0..7 {
            for _ in 0..5 {
                wrong(&tries, &ada, &mut at);
            }
            tries.was_right(&ada);
        }
        // Four of each five were wrong, and two more: the address waits all the same, whoever asks.
        let rita = from(Some(UserId(2)), "rita", "10.0.0.1");
        wrong(&tries, &rita, &mut at);
        wrong(&tries, &rita, &mut at);
        assert!(tries.begin(&rita, Mono(at)).is_err());
        assert_eq!(tries.begin(&from(Some(UserId(2)), "rita", "10.0.0.2"), Mono(at)), Ok(()));
    }

    #[test]
    fn names_that_nobody_has_wait_like_the_others() {
        let (tries, mut at) = (Tries::default(), 0);
        for typed in ["ghost", " Ghost", "GHOST", "ghost", "ghost"] {
            wrong(&tries, &Counted::of(None, typed, None), &mut at);
        }
        assert!(tries.begin(&Counted::of(None, "ghost", None), Mono(at)).is_err());
        assert_eq!(tries.begin(&Counted::of(None, "other", None), Mono(at)), Ok(()));
    }

    #[test]
    fn an_address_waits_after_thirty_of_any_users_and_an_ipv6_network_is_one_address() {
        let (tries, mut at) = (Tries::default(), 0);
        for user in 0..30 {
            let address = format!("2001:db8:0:1::{user:x}");
            wrong(&tries, &from(Some(UserId(user)), "", &address), &mut at);
        }
        assert!(tries.begin(&from(ADA, "ada", "2001:db8:0:1:ffff::1"), Mono(at)).is_err());
        assert_eq!(tries.begin(&from(Some(UserId(99)), "x", "2001:db8:0:2::1"), Mono(at)), Ok(()));
    }

    #[test]
    fn an_hour_without_a_wrong_password_forgets_them() {
        let (tries, ada, mut at) = (Tries::default(), from(ADA, "ada", "10.0.0.1"), 0);
        for _ in 0..5 {
            wrong(&tries, &ada, &mut at);
        }
        at += FORGOTTEN_MS;
        for _ in 0..5 {
            wrong(&tries, &ada, &mut at);
        }
        assert!(tries.begin(&ada, Mono(at)).is_err());
    }

    #[test]
    fn ten_thousand_are_counted_and_the_quietest_makes_room() {
        let (tries, ada, mut at) = (Tries::default(), Counted::of(ADA, "ada", None), 0);
        for _ in 0..5 {
            wrong(&tries, &ada, &mut at);
        }
        for n in 0..ROWS_MAX - 1 {
            assert_eq!(tries.begin(&Counted::of(None, &n.to_string(), None), Mono(at)), Ok(()));
        }
        assert!(tries.begin(&ada, Mono(at)).is_err());
        assert_eq!(tries.begin(&Counted::of(None, "one more", None), Mono(at)), Ok(()));
        assert_eq!(tries.begin(&ada, Mono(at)), Ok(()), "its room is taken");
    }
}
