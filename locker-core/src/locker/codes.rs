//! Codes: how they are drawn, kept, found, and how wrong ones are counted (CODE-1 to CODE-4).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use rpds::RedBlackTreeMapSync;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::record::{Death, Flow, Origin, Record};
use super::temporary::Temporary;
use crate::chain::{hmac, short_hmac};
use crate::exchange::Settings;
use crate::fresh::Fresh;
use crate::ids::{CodeId, MessageId, SessionId, VisitId};
use crate::secret::Secret;
use crate::time::{Age, At, DAY, Date, MINUTE, Mono};

/// Fewest digits that the pad hands over.
pub(crate) const DIGITS_MIN: usize = 4;
/// Most digits that the pad takes.
pub(crate) const DIGITS_MAX: usize = 8;
/// How long a dead code is not drawn again (CODE-1).
const DEAD_KEPT_MS: u64 = 30 * DAY;
/// How long an accepted code lives on after an interruption (DROP-15).
const AFTER_INTERRUPTION_MS: u64 = 10 * MINUTE;
/// Lock-outs in order; the last repeats (CODE-4).
const LOCKS_MS: [u64; 5] = [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE, 60 * MINUTE];
/// Wrong codes within [`SHORT_MS`] that lock code entry.
const WRONG_IN_SHORT: usize = 5;
const SHORT_MS: u64 = 15 * MINUTE;
/// Wrong codes within a day that lock code entry.
const WRONG_IN_DAY: usize = 10;
/// While locked: wrong tries a day with one registration, and with all.
const WRONG_WITH_PLATE: usize = 3;
const WRONG_WITH_ANY_PLATE: usize = 48;
/// How many days after the appointment a check-in PIN works (DROP-16).
pub(crate) const CHECK_IN_DAYS: i32 = 7;
/// Guesses that a lock-out lets through in a day, rounded up (CODE-1).
const GUESSES_A_DAY: u64 = 36;

/// A live code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) visit: VisitId,
    pub(crate) message: MessageId,
    pub(crate) origin: Origin,
    #[serde(with = "hex::serde")]
    hash: [u8; 32],
    age: Age,
    life_ms: Option<u64>,
    last_day: Option<Date>,
    /// Until this age it does not die by its date: it carried a session that was interrupted (DROP-15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kept_ms: Option<u64>,
    pub(crate) held: Option<SessionId>,
    /// Whether it opens nothing for now (STAFF-DROP-5).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(crate) asleep: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct DeadCode {
    #[serde(with = "hex::serde")]
    hash: [u8; 32],
    why: Death,
    age: Age,
    #[serde(default = "drop_flow")]
    flow: Flow,
}

const fn drop_flow() -> Flow {
    Flow::Drop
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Lock {
    age: Age,
    for_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct WithPlate {
    #[serde(with = "hex::serde")]
    plate: [u8; 16],
    age: Age,
}

/// All codes of a locker, and the count of wrong ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Codes {
    live: RedBlackTreeMapSync<CodeId, Code>,
    dead: RedBlackTreeMapSync<CodeId, DeadCode>,
    /// Those that open any box for staff (CODE-8), apart from those that carry the key of a visit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) temporary: BTreeMap<CodeId, Temporary>,
    pub(crate) last: CodeId,
    /// The earliest end of a live code, kept so that a touch need not look at all of them.
    next_end: Option<Mono>,
    failures: Vec<Age>,
    locks: Vec<Age>,
    lock: Option<Lock>,
    with_plate: Vec<WithPlate>,
}

/// What a typed code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Live(CodeId),
    Dead(Death),
    Nothing,
}

/// The HMAC under which a code is kept: under a key of this locker alone.
pub(crate) fn code_hash(machine_key: &Secret<[u8; 32]>, digits: &[u8]) -> [u8; 32] {
    let mut key = hmac(machine_key.reveal(), &[b"codes"]);
    let hash = hmac(&key, &[digits]);
    key.zeroize();
    hash
}

/// The short HMAC under which a registration is counted.
pub(crate) fn plate_hash(machine_key: &Secret<[u8; 32]>, plate: &str) -> [u8; 16] {
    short_hmac(machine_key.reveal(), &[b"plates", plate.as_bytes()])
}

/// Whether the digits are all equal or a straight run up or down.
fn is_too_simple(digits: &[u8]) -> bool {
    let all = |step: i16| {
        let mut pairs = digits.iter().zip(digits.iter().skip(1));
        pairs.all(|(first, second)| i16::from(*second) - i16::from(*first) == step)
    };
    all(0) || all(1) || all(-1)
}

impl Codes {
    /// Draws a code of 6 or 8 digits that no live or recently dead code of this locker equals: its digits (ASCII) and
    /// its hash.
    pub(crate) fn draw(
        &self,
        machine_key: &Secret<[u8; 32]>,
        length: u32,
        fresh: &Fresh,
    ) -> (Secret<Vec<u8>>, [u8; 32]) {
        let mut stream = fresh.stream(b"code");
        loop {
            let mut number = stream.below(10_u32.pow(length));
            let mut digits = alloc::vec![b'0'; length as usize];
            for digit in digits.iter_mut().rev() {
                *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
                number /= 10;
            }
            let digits = Secret::new(digits);
            let hash = code_hash(machine_key, digits.reveal());
            let is_known = self.live.values().any(|code| code.hash == hash)
                || self.dead.values().any(|code| code.hash == hash)
                || self.temporary.values().any(|code| code.hash == hash);
            if !is_known && !is_too_simple(digits.reveal()) {
                return (digits, hash);
            }
        }
    }

    /// Looks for a typed code among those of this act, comparing each in constant time.
    pub(crate) fn find(&self, flow: Flow, hash: &[u8; 32]) -> Found {
        let mut found = Found::Nothing;
        for code in self.dead.values().filter(|code| code.flow == flow) {
            if bool::from(code.hash.ct_eq(hash)) {
                found = Found::Dead(code.why);
            }
        }
        for (id, code) in self.live.iter().filter(|(_, code)| code.origin.flow() == flow) {
            if bool::from(code.hash.ct_eq(hash)) {
                found = Found::Live(*id);
            }
        }
        found
    }

    pub(crate) fn get(&self, id: CodeId) -> Option<&Code> {
        self.live.get(&id)
    }

    /// The live codes of a visit.
    pub(crate) fn of_visit(&self, visit: VisitId) -> Vec<CodeId> {
        self.live.iter().filter(|(_, code)| code.visit == visit).map(|(id, _)| *id).collect()
    }

    /// The live code that a message carries.
    pub(crate) fn of_message(&self, message: MessageId) -> Option<CodeId> {
        self.live.iter().find(|(_, code)| code.message == message).map(|(id, _)| *id)
    }

    /// The live kiosk or pick-up PIN of a visit (CODE-2, STAFF-DROP-6: at most one).
    pub(crate) fn only_pin_of(&self, visit: VisitId, origin: Origin) -> Option<CodeId> {
        let mut codes = self.live.iter();
        codes.find(|(_, code)| code.visit == visit && code.origin == origin).map(|(id, _)| *id)
    }

    /// How many codes with as many digits as those of this origin are alive (CODE-1).
    pub(crate) fn count(&self, origin: Origin) -> usize {
        let is_long = |origin| origin == Origin::CheckIn;
        let temporary = if is_long(origin) { self.temporary.len() } else { 0 };
        self.live.values().filter(|code| is_long(code.origin) == is_long(origin)).count() + temporary
    }

    /// Codes held by a session: all of them at a start, when no session lives.
    pub(crate) fn held(&self) -> Vec<CodeId> {
        let temporary = self.temporary.iter().filter(|(_, code)| code.held.is_some()).map(|(id, _)| *id);
        self.live.iter().filter(|(_, code)| code.held.is_some()).map(|(id, _)| *id).chain(temporary).collect()
    }

    /// The codes whose life is over at `now`.
    pub(crate) fn over(&self, now: Mono) -> Vec<CodeId> {
        let over = |end: Option<Mono>| end.is_some_and(|end| end <= now);
        let temporary = self.temporary.iter().filter(|(_, code)| over(code.ends())).map(|(id, _)| *id);
        self.live.iter().filter(|(_, code)| over(code.ends())).map(|(id, _)| *id).chain(temporary).collect()
    }

    /// Whether a session carries a code, or carried it less than 10 minutes ago: then its date does not end it (DROP-15).
    pub(crate) fn is_kept(&self, id: CodeId, now: Mono) -> bool {
        let is_kept = |code: &Code| code.kept_ms.is_some_and(|ms| code.age.ms(now) < ms);
        self.live.get(&id).is_some_and(|code| code.held.is_some() || is_kept(code))
    }

    /// The codes whose last day is before `today`. It moves with the appointment (OFFICE-13).
    pub(crate) fn over_by_date(
        &self,
        today: Date,
        moved_to: impl Fn(&VisitId) -> Option<Date>,
    ) -> Vec<CodeId> {
        let last_day = |code: &Code| code.last_day.map(|day| moved_to(&code.visit).unwrap_or(day));
        let over = |code: &Code| last_day(code).is_some_and(|day| day < today);
        self.live.iter().filter(|(_, code)| over(code)).map(|(id, _)| *id).collect()
    }

    /// When the next live code or the lock on code entry ends.
    pub(crate) fn next_deadline(&self) -> Option<Mono> {
        let lock = self.lock.map(|lock| lock.age.reaches(lock.for_ms));
        self.next_end.into_iter().chain(lock).min()
    }

    /// Whether code entry is locked, and for how many milliseconds more.
    pub(crate) fn locked_for(&self, now: Mono) -> Option<u64> {
        let lock = self.lock?;
        Some(lock.age.reaches(lock.for_ms).since(now)).filter(|left| *left > 0)
    }

    /// Whether the lock has run its time.
    pub(crate) fn lock_is_over(&self, now: Mono) -> bool {
        self.lock.is_some_and(|lock| lock.age.reaches(lock.for_ms) <= now)
    }

    /// For how long the failure just recorded locks code entry, if it does.
    pub(crate) fn lock_after_failure(&self, now: Mono) -> Option<u64> {
        let count = |ages: &[Age], ms| ages.iter().filter(|age| age.ms(now) < ms).count();
        let locks = count(&self.locks, DAY);
        let due = locks > 0
            || count(&self.failures, SHORT_MS) >= WRONG_IN_SHORT
            || count(&self.failures, DAY) >= WRONG_IN_DAY;
        // Each lock is longer than the one before; the last stands for all after it.
        if due { LOCKS_MS.iter().take(locks + 1).next_back().copied() } else { None }
    }

    /// Whether a try with this registration is still taken while code entry is locked.
    pub(crate) fn takes_plate(&self, plate: &[u8; 16], now: Mono) -> bool {
        let today = || self.with_plate.iter().filter(|tried| tried.age.ms(now) < DAY);
        today().filter(|tried| tried.plate == *plate).count() < WRONG_WITH_PLATE
            && today().count() < WRONG_WITH_ANY_PLATE
    }

    pub(crate) fn cross_boot(&mut self, start: At, cross: &impl Fn(&mut Age)) {
        let mut live = RedBlackTreeMapSync::default();
        for (id, code) in &self.live {
            let mut code = code.clone();
            cross(&mut code.age);
            live.insert_mut(*id, code);
        }
        self.live = live;
        let mut dead = RedBlackTreeMapSync::default();
        for (id, code) in &self.dead {
            let mut code = code.clone();
            cross(&mut code.age);
            dead.insert_mut(*id, code);
        }
        self.dead = dead;
        self.temporary.values_mut().for_each(|code| cross(&mut code.age));
        self.failures.iter_mut().for_each(cross);
        self.locks.iter_mut().for_each(cross);
        self.with_plate.iter_mut().for_each(|tried| cross(&mut tried.age));
        if let Some(lock) = &mut self.lock {
            // A lock-out starts again in full (SAFE-7).
            lock.age = Age::begun(start);
        }
        self.find_next_end();
    }

    fn find_next_end(&mut self) {
        let temporary = self.temporary.values().filter_map(Temporary::ends);
        self.next_end = self.live.values().filter_map(Code::ends).chain(temporary).min();
    }

    fn bury(&mut self, id: CodeId, why: Death, at: At) {
        if let Some(code) = self.live.get(&id) {
            let flow = code.origin.flow();
            let dead = DeadCode { hash: code.hash, why, age: Age::begun(at), flow };
            self.live.remove_mut(&id);
            self.dead.insert_mut(id, dead);
        } else if let Some(code) = self.temporary.remove(&id) {
            let dead = DeadCode { hash: code.hash, why, age: Age::begun(at), flow: Flow::PickUp };
            self.dead.insert_mut(id, dead);
        }
        let over: Vec<CodeId> = self
            .dead
            .iter()
            .filter(|(_, code)| code.age.ms(at.mono) >= DEAD_KEPT_MS)
            .map(|(id, _)| *id)
            .collect();
        for id in over {
            self.dead.remove_mut(&id);
        }
        self.find_next_end();
    }

    pub(crate) fn apply(&mut self, record: &Record, at: At) {
        let now = at.mono;
        if let Record::CodeMade { code, visit, message, origin, hash, life_ms, last_day } = record {
            self.last = *code;
            let made = Code {
                visit: *visit,
                message: *message,
                origin: *origin,
                hash: *hash,
                age: Age::begun(at),
                life_ms: *life_ms,
                last_day: *last_day,
                kept_ms: None,
                held: None,
                asleep: false,
            };
            self.live.insert_mut(*code, made);
            self.find_next_end();
        } else if let Record::TemporaryMade { code, user, box_no, hash } = record {
            self.last = *code;
            let (user, box_no, hash) = (*user, *box_no, *hash);
            let made = Temporary { user, box_no, hash, age: Age::begun(at), held: None };
            self.temporary.insert(*code, made);
            self.find_next_end();
        } else if let Record::CodeDied { code, why } = record {
            self.bury(*code, *why, at);
        } else if let Record::CodeSlept { code } | Record::CodeWoke { code } = record {
            if let Some(code) = self.live.get_mut(code) {
                code.asleep = matches!(record, Record::CodeSlept { .. });
            }
        } else if let Record::CodeAccepted { code, session } = record {
            if let Some(code) = self.live.get_mut(code) {
                code.held = Some(*session);
            } else if let Some(code) = self.temporary.get_mut(code) {
                code.held = Some(*session);
            }
            self.find_next_end();
        } else if let Record::CodeReleased { code } = record {
            if let Some(code) = self.live.get_mut(code) {
                code.held = None;
                let at_least = code.age.ms(now).saturating_add(AFTER_INTERRUPTION_MS);
                code.life_ms = code.life_ms.map(|life| life.max(at_least));
                code.kept_ms = Some(at_least);
            } else if let Some(code) = self.temporary.get_mut(code) {
                // Ten minutes are ten minutes (CODE-8).
                code.held = None;
            }
            self.find_next_end();
        } else if let Record::CodeFailed { .. } = record {
            self.failures.retain(|age| age.ms(now) < DAY);
            self.failures.push(Age::begun(at));
        } else if let Record::CodeFailedWithPlate { plate } = record {
            self.with_plate.retain(|tried| tried.age.ms(now) < DAY);
            self.with_plate.push(WithPlate { plate: *plate, age: Age::begun(at) });
        } else if let Record::CodesLocked { for_ms } = record {
            self.locks.retain(|age| age.ms(now) < DAY);
            self.locks.push(Age::begun(at));
            self.lock = Some(Lock { age: Age::begun(at), for_ms: *for_ms });
        } else if let Record::CodesUnlocked {} = record {
            self.lock = None;
        } else if let Record::CodesLifted { .. } = record {
            self.lock = None;
            self.locks.clear();
            self.failures.clear();
        }
    }
}

impl Code {
    /// When its life is over by the clock of this boot; never while a session holds it.
    fn ends(&self) -> Option<Mono> {
        if self.held.is_some() { None } else { self.life_ms.map(|life| self.age.reaches(life)) }
    }
}

/// Why a configuration is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// So many 6-digit codes alive at a time that guessing succeeds too often (CODE-1).
    #[error("short_codes_max is 1 to 27: 36 guesses a day must succeed in less than 0.1 %")]
    ShortCodes,
    /// So many 8-digit codes alive at a time that guessing succeeds too often (CODE-1).
    #[error("long_codes_max is 1 to 2000: 36 guesses a day must succeed in less than 0.1 %")]
    LongCodes,
    /// The life of a PIN asked for at the kiosk is out of range (CODE-2).
    #[error("kiosk_pin_minutes is 10 to 120")]
    KioskPin,
    /// The days of a look-up are out of range (DROP-4).
    #[error("lookup_days_ahead is 0 to 3")]
    LookupDays,
    /// The calling code is none.
    #[error("calling_code is 1 to 3 digits")]
    CallingCode,
    /// The name is empty or too long.
    #[error("name has 1 to 40 characters")]
    Name,
}

impl Settings {
    /// Checks every setting against its range.
    ///
    /// # Errors
    /// The first that is out of range.
    ///
    /// ```
    /// # use locker_core::{Settings, SettingsError};
    /// let mut settings = Settings::default();
    /// assert_eq!(settings.check(), Ok(()));
    /// settings.short_codes_max = 28;
    /// assert_eq!(settings.check(), Err(SettingsError::ShortCodes));
    /// ```
    pub fn check(&self) -> Result<(), SettingsError> {
        let succeeds_too_often =
            |codes: u16, space: u64| codes == 0 || GUESSES_A_DAY * u64::from(codes) * 1_000 > space;
        let ensure = |good: bool, error| if good { Ok(()) } else { Err(error) };
        ensure(!succeeds_too_often(self.short_codes_max, 1_000_000), SettingsError::ShortCodes)?;
        let long = self.long_codes_max;
        ensure(long <= 2_000 && !succeeds_too_often(long, 100_000_000), SettingsError::LongCodes)?;
        ensure((10..=120).contains(&self.kiosk_pin_minutes), SettingsError::KioskPin)?;
        ensure(self.lookup_days_ahead <= 3, SettingsError::LookupDays)?;
        let calling = &self.calling_code;
        let is_calling =
            (1..=3).contains(&calling.len()) && calling.bytes().all(|byte| byte.is_ascii_digit());
        ensure(is_calling, SettingsError::CallingCode)?;
        ensure((1..=40).contains(&self.name.chars().count()), SettingsError::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_01_all_equal_and_straight_runs_are_too_simple() {
        for simple in [&b"000000"[..], b"99999999", b"123456", b"01234567", b"987654", b"543210"] {
            assert!(is_too_simple(simple), "{simple:?}");
        }
        for good in [&b"000001"[..], b"123457", b"890123", b"112233", b"135792", b"102030"] {
            assert!(!is_too_simple(good), "{good:?}");
        }
    }

    #[test]
    fn code_01_what_is_too_simple_alive_or_lately_dead_is_drawn_again() {
        let key = Secret::new([4; 32]);
        let fresh_of = |n: u32| {
            let mut bytes = [0; 32];
            bytes.iter_mut().zip(n.to_be_bytes()).for_each(|(byte, new)| *byte = new);
            Fresh::new(bytes)
        };
        let first = |fresh: &Fresh| alloc::format!("{:06}", fresh.stream(b"code").below(1_000_000));
        let simple = (0..).map(fresh_of).find(|fresh| is_too_simple(first(fresh).as_bytes()));
        let simple = simple.expect("one in 50,000 draws is too simple");
        let mut codes = Codes::default();
        let (drawn, _) = codes.draw(&key, 6, &simple);
        assert!(!is_too_simple(drawn.reveal()));

        let fresh = fresh_of(1);
        let (drawn, hash) = codes.draw(&key, 6, &fresh);
        assert_eq!(drawn.reveal().as_slice(), first(&fresh).as_bytes());
        let at = |mono| At { mono: Mono(mono), ..At::default() };
        let (code, visit, message, origin) = (CodeId(1), VisitId(1), MessageId(1), Origin::Kiosk);
        let made = Record::CodeMade { code, visit, message, origin, hash, life_ms: Some(1), last_day: None };
        codes.apply(&made, at(0));
        assert_ne!(codes.draw(&key, 6, &fresh).1, hash, "alive");
        codes.apply(&Record::CodeDied { code, why: Death::Used }, at(1));
        assert_ne!(codes.draw(&key, 6, &fresh).1, hash, "dead since a moment ago");
        let bury_another = |codes: &mut Codes, id: u64, mono| {
            let made = Record::CodeMade {
                code: CodeId(id),
                visit,
                message,
                origin,
                hash: [u8::try_from(id).unwrap_or(0); 32],
                life_ms: Some(1),
                last_day: None,
            };
            codes.apply(&made, at(mono));
            codes.apply(&Record::CodeDied { code: CodeId(id), why: Death::Used }, at(mono));
        };
        bury_another(&mut codes, 2, 2_592_000_000);
        assert_ne!(codes.draw(&key, 6, &fresh).1, hash, "dead for a moment less than 30 days");
        bury_another(&mut codes, 3, 2_592_000_001);
        assert_eq!(codes.draw(&key, 6, &fresh).1, hash, "dead for 30 days");
    }
}
