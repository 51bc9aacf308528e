//! When two lockers count as the same state: a fingerprint of the machine in which times are distances from now, ages
//! end where nothing looks at them any more, and numbers that only count up are left out.
//!
//! The durable half is read through its own serialisation, field by field: a field that this file does not know counts
//! as it stands, so that forgetting one can make a model larger and never blind. The volatile half is folded by
//! [`Locker::fold_session`].

use std::fmt;
use std::hash::{Hash, Hasher};

use locker_core::mocks::Flutter;
use locker_core::{BoxNo, DAY, Door, HOUR, Locker, MINUTE, Now, SECOND, TOTP_STEP_SECONDS};
use serde::{Serialize, ser};

/// How long an authenticator shows one code (CODE-9).
const STEP_MS: i64 = TOTP_STEP_SECONDS.cast_signed() * 1_000;
/// How long a message is tried that somebody waits for (DROP-7).
const AWAITED_MS: u64 = 30 * SECOND;
/// No number.
const NOTHING: i64 = i64::MIN;

/// A 64-bit fingerprint: folded multiplication, as in wyhash. Ten million states meet by chance once in 10⁵ runs.
#[derive(Clone, Copy, Debug)]
pub struct Print(u64);

impl Default for Print {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }
}

impl Hasher for Print {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.write_u64(u64::from_le_bytes(word) ^ (chunk.len() as u64) << 59);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_u64(&mut self, word: u64) {
        let wide =
            u128::from(self.0 ^ word ^ 0xa076_1d64_78bd_642f) * u128::from(word ^ 0xe703_7ed1_a0b4_28db);
        self.0 = (wide as u64 ^ (wide >> 64) as u64).wrapping_add(self.0.rotate_left(23));
    }
}

/// What a model leaves out, because nothing in it depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lens {
    /// Whether doors change so often that a sensor counts as unsteady.
    pub flutter: Flutter,
    /// How old what is counted is: of openings, messages, wrong codes. No matter where less than an hour passes.
    pub ages: Ages,
}

/// See [`Lens::ages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ages {
    /// Ages tell states apart.
    Count {
        /// Whether the power may still go, so that it counts how long ago the last record was.
        may_be_cut: bool,
    },
    /// Nothing grows so old that it stops to count.
    Young,
}

/// Folds the whole machine into `print`, as it stands at `now`.
pub fn fold(locker: &Locker, now: &Now, lens: Lens, print: &mut Print) {
    locker.fold_session(now, lens.flutter, print);
    let mut used: Vec<u64> =
        locker.boxes().iter().filter_map(|report| used_at(locker, report.box_no)).collect();
    used.sort_unstable();
    let open = locker.open_messages().iter().map(|message| message.message.0).collect();
    let mut fold = Fold {
        now: *now,
        ages: lens.ages,
        used,
        open,
        print: *print,
        is_dead: false,
        field: "",
        owner: "",
        is_personal: false,
        age: None,
        caught: None,
    };
    locker.durable().serialize(&mut fold).expect("what is not serialised is not folded");
    *print = fold.print;
}

fn used_at(locker: &Locker, box_no: BoxNo) -> Option<u64> {
    locker.durable().box_state(box_no).map(|state| state.used_at)
}

/// Whether the recorded door of a box is this.
#[must_use]
pub fn recorded_door(locker: &Locker, box_no: BoxNo) -> Door {
    locker.durable().box_state(box_no).map_or(Door::Unknown, |state| state.door)
}

/// A serialiser whose output is a fingerprint.
struct Fold {
    now: Now,
    ages: Ages,
    /// When boxes were last used, in order: only the order counts.
    used: Vec<u64>,
    /// Messages on their way, in order: only which of them counts.
    open: Vec<u64>,
    print: Print,
    /// The element just folded is older than anybody looks.
    is_dead: bool,
    field: &'static str,
    owner: &'static str,
    /// The key that was folded last names somebody's contact.
    is_personal: bool,
    /// The age of a code, once it is known.
    age: Option<u64>,
    /// A number that is wanted itself, not folded.
    caught: Option<i64>,
}

impl Fold {
    fn put(&mut self, value: impl Hash) {
        value.hash(&mut self.print);
    }

    /// The number that a clock or a count serialises as.
    fn number<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<i64, Never> {
        self.caught = Some(NOTHING);
        value.serialize(&mut *self)?;
        self.caught.take().ok_or(Never)
    }

    /// What stands in for a field, if it is not folded as it stands.
    fn stands_in(&mut self, owner: &'static str, field: &'static str) -> bool {
        match (owner, field) {
            // They do not change, or their revision does.
            ("Durable", "visits" | "settings")
            // They only count up.
            | ("Durable", "last_message" | "last_help" | "scans" | "denied")
            | ("Codes", "last")
            | ("Help", "help")
            // They follow from others.
            | ("Codes", "next_end")
            // The models keep the PINs in the order in which they were made.
            | ("Code" | "DeadCode" | "Temporary", "hash")
            // There is one authenticator, and its secret does not change.
            | ("Enrolment", "secret" | "revision")
            // A dead code stays for 30 days, and no model lasts that long.
            | ("DeadCode", "age")
            | ("InUse" | "Reserved", "session")
            | ("Message", "to") => true,
            _ => false,
        }
    }

    /// How old something can be before nobody looks at its age any more.
    fn age_counts_for(&self, owner: &str) -> u64 {
        match (owner, self.field) {
            ("Authenticators", _) | (_, "misses" | "unconfirmed") => HOUR,
            _ => DAY,
        }
    }

    /// A start without a right clock takes from every age what was lived since the last record: what is too old now need not
    /// be so then.
    fn may_be_cut(&self) -> bool {
        self.ages == Ages::Count { may_be_cut: true }
    }

    /// The step of an authenticator that is shown now.
    fn step(&self) -> i64 {
        self.now.wall.0.div_euclid(STEP_MS)
    }
}

/// Folding cannot fail; `serde` wants to know how it would.
#[derive(Debug)]
struct Never;

impl fmt::Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value would not be serialised")
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! plain {
    ($($name:ident($kind:ty))*) => {
        $(fn $name(self, value: $kind) -> Result<(), Never> {
            self.put(value);
            Ok(())
        })*
    };
}

impl<'a> ser::Serializer for &'a mut Fold {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Elements<'a>;
    type SerializeTuple = Elements<'a>;
    type SerializeTupleStruct = ser::Impossible<(), Never>;
    type SerializeTupleVariant = ser::Impossible<(), Never>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Fields<'a>;

    plain! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_char(char) serialize_bytes(&[u8])
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.is_personal = value == "to";
        self.put(value);
        Ok(())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Never> {
        match &mut self.caught {
            Some(caught) => *caught = value,
            // The last time that was not in doubt.
            None if (self.owner, self.field) == ("Authenticators", "not_before") => {
                self.put(self.now.wall.0 - value);
            }
            None => self.put(value),
        }
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Never> {
        if let Some(caught) = &mut self.caught {
            *caught = value.cast_signed();
            return Ok(());
        }
        match (self.owner, self.field) {
            ("BoxState", "used_at") => {
                let rank = self.used.binary_search(&value).ok();
                self.put(rank);
            }
            ("Enrolment", "last_step") => self.put(self.step() - value.cast_signed()),
            ("Code", "message") => {
                let rank = self.open.binary_search(&value).ok();
                self.put(rank);
            }
            _ => self.put(value),
        }
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.put(value.to_bits());
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        self.put(value.to_bits());
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.put(false);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        self.put(true);
        // Ids of a session or a pulse: whether there is one.
        if matches!((self.owner, self.field), ("Code" | "Temporary", "held") | ("BoxState", "unspent_pulse"))
        {
            return Ok(());
        }
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, index: u32, _: &'static str) -> Result<(), Never> {
        self.put(index);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.put(index);
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'a>, Never> {
        Ok(Elements { fold: self })
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements<'a>, Never> {
        Ok(Elements { fold: self })
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Never> {
        Err(Never)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Never> {
        Err(Never)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, Never> {
        Ok(Entries { fold: self })
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields<'a>, Never> {
        let (owner, field) = (self.owner, self.field);
        self.owner = name;
        Ok(Fields { owner, field, name, mono: 0, number: 0, code: (0, None, None), fold: self })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields<'a>, Never> {
        self.put(index);
        let name = if variant == "reserved" { "Reserved" } else { variant };
        self.serialize_struct(name, 0)
    }
}

/// The elements of a list: those that are older than anybody looks are not there.
struct Elements<'a> {
    fold: &'a mut Fold,
}

impl Elements<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        let before = self.fold.print;
        self.fold.is_dead = false;
        value.serialize(&mut *self.fold)?;
        if self.fold.is_dead {
            self.fold.print = before;
            self.fold.is_dead = false;
        }
        Ok(())
    }

    fn close(self) {
        self.fold.put(u8::MAX);
    }
}

impl ser::SerializeSeq for Elements<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<(), Never> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for Elements<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<(), Never> {
        self.close();
        Ok(())
    }
}

/// The entries of a map. Keys are numbers in the order of their making, except those of visits.
struct Entries<'a> {
    fold: &'a mut Fold,
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        if matches!(self.fold.field, "live" | "dead" | "messages" | "temporary") {
            return Ok(());
        }
        key.serialize(&mut *self.fold)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        // A structure that is flattened into a map: every visit has one contact here.
        if std::mem::take(&mut self.fold.is_personal) {
            return Ok(());
        }
        value.serialize(&mut *self.fold)
    }

    fn end(self) -> Result<(), Never> {
        self.fold.put(u8::MAX);
        Ok(())
    }
}

/// The fields of a structure; those of times and ages are put together at its end.
struct Fields<'a> {
    fold: &'a mut Fold,
    owner: &'static str,
    field: &'static str,
    name: &'static str,
    mono: u64,
    number: i64,
    /// Of a code: its age, the end of its life, and until when its date does not end it, as ages.
    code: (u64, Option<u64>, Option<u64>),
}

impl Fields<'_> {
    fn one<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        match (self.name, key) {
            ("Age", "before") => self.number = self.fold.number(value)?,
            ("Age", "since") | ("At", "mono") => {
                self.mono = self.fold.number(value)?.cast_unsigned();
            }
            ("At", "wall") => self.number = self.fold.number(value)?,
            ("At", _) => {}
            ("Code", "age") => {
                self.fold.age = None;
                self.fold.owner = "age of a code";
                value.serialize(&mut *self.fold)?;
                self.code.0 = self.fold.age.take().ok_or(Never)?;
            }
            ("Code", "life_ms" | "kept_ms") => {
                let number = self.fold.number(value)?;
                // `None` catches nothing.
                let end = (number != NOTHING).then_some(number.cast_unsigned());
                if key == "life_ms" { self.code.1 = end } else { self.code.2 = end }
            }
            _ if self.fold.stands_in(self.name, key) => {}
            _ => {
                self.fold.owner = self.name;
                // An age is cut off by the list that it stands in.
                if key != "age" {
                    self.fold.field = key;
                }
                value.serialize(&mut *self.fold)?;
            }
        }
        Ok(())
    }

    fn done(self) {
        let Self { fold, owner, field, name, mono, number, code } = self;
        (fold.owner, fold.field) = (owner, field);
        let now = fold.now;
        match name {
            // What runs out sooner than a model ends keeps its age.
            "Age" if owner == "age of a code" => {
                fold.age = Some(number.cast_unsigned() + now.mono.0.saturating_sub(mono));
            }
            // What is left of its life counts, not how long it has lived.
            "Code" => {
                let (age, life, kept) = code;
                let left = |end: u64| end.wrapping_sub(age).cast_signed();
                let kept = kept.map(left).filter(|left| *left > 0 || fold.may_be_cut());
                match fold.ages {
                    Ages::Count { .. } => fold.put((life.map(left), kept)),
                    Ages::Young => fold.put(life.is_some()),
                }
            }
            "Age" if fold.ages == Ages::Young && !matches!(owner, "Message" | "collected") => {}
            // One that somebody waits for has failed by then; any other is tried for a day.
            "Age" if fold.ages == Ages::Young && owner == "Message" => {
                fold.put((number.cast_unsigned() + now.mono.0.saturating_sub(mono)).min(AWAITED_MS));
            }
            // After these an empty box is free, as soon as it is not open once more (PICK-3).
            "Age" if owner == "collected" => {
                fold.put((number.cast_unsigned() + now.mono.0.saturating_sub(mono)).min(3 * MINUTE));
            }
            "Age" => {
                let age = number.cast_unsigned() + now.mono.0.saturating_sub(mono);
                fold.is_dead = age >= fold.age_counts_for(owner) && !fold.may_be_cut();
                fold.put(if fold.may_be_cut() { age } else { age.min(DAY) });
            }
            // Between the last record and a start things age by the wall clock, if it was right all the time.
            "At" => {
                let ago = now.mono.0.wrapping_sub(mono);
                let slip = (now.wall.0 - number) - ago.cast_signed();
                match fold.ages {
                    Ages::Count { may_be_cut: true } => fold.put((slip, ago)),
                    Ages::Count { may_be_cut: false } | Ages::Young => fold.put(slip),
                }
            }
            _ => {}
        }
    }
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        self.one(key, value)
    }

    fn end(self) -> Result<(), Never> {
        self.done();
        Ok(())
    }
}

impl ser::SerializeStructVariant for Fields<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        self.one(key, value)
    }

    fn end(self) -> Result<(), Never> {
        self.done();
        Ok(())
    }
}
