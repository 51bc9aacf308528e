//! A line of a scenario as words, each with its column, and the questions that a grammar asks of them.

use std::str::FromStr;

use locker_core::{BoxNo, TimeOfDay};

use super::error::{Flaw, Place};

/// A word, or what stands between double quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    is_quoted: bool,
    column: usize,
}

/// The words of one line, read from left to right.
#[derive(Clone, Debug)]
pub(super) struct Words {
    line: usize,
    words: Vec<Word>,
    next: usize,
    /// The column behind the last character.
    end: usize,
}

impl Words {
    /// Splits a line at white space and commas; `#` begins a comment. Within double quotes all stands as it is.
    pub(super) fn of(line: usize, text: &str) -> Result<Self, Flaw> {
        let mut words = Vec::new();
        let mut chars = text.chars().zip(1..).peekable();
        let mut end = 1;
        while let Some((first, column)) = chars.next() {
            if first == '#' {
                break;
            }
            if first.is_whitespace() || first == ',' {
                continue;
            }
            let is_quoted = first == '"';
            let mut word = if is_quoted { String::new() } else { String::from(first) };
            let mut is_closed = !is_quoted;
            let stops =
                |c: char| if is_quoted { c == '"' } else { c.is_whitespace() || c == ',' || c == '#' };
            while let Some((c, _)) = chars.peek() {
                if stops(*c) {
                    is_closed = true;
                    break;
                }
                word.extend(chars.next().map(|(c, _)| c));
            }
            if !is_closed {
                return Err(Flaw::unreadable(Place { line, column }, "a quote without an end", "another \""));
            }
            end = column + word.chars().count() + if is_quoted { 2 } else { 0 };
            if is_quoted {
                chars.next();
            }
            words.push(Word { text: word, is_quoted, column });
        }
        Ok(Self { line, words, next: 0, end })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Where the next word is.
    pub(super) fn place(&self) -> Place {
        let column = self.words.get(self.next).map_or(self.end, |word| word.column);
        Place { line: self.line, column }
    }

    /// Says that something else was expected at the next word.
    pub(super) fn unlike(&self, expected: impl Into<String>) -> Flaw {
        let found = self.words.get(self.next).map_or_else(|| "the end of the line".into(), shown);
        Flaw::unreadable(self.place(), found, expected)
    }

    /// Says that something else was expected at the word that was read last.
    pub(super) fn unlike_last(&self, expected: impl Into<String>) -> Flaw {
        let last = Self { next: self.next.saturating_sub(1), ..self.clone() };
        last.unlike(expected)
    }

    /// Takes the next words if they are these.
    pub(super) fn takes(&mut self, phrase: &str) -> bool {
        let wanted = phrase.split(' ');
        let count = wanted.clone().count();
        let ahead =
            self.words.iter().skip(self.next).filter(|word| !word.is_quoted).map(|word| word.text.as_str());
        let is_it = ahead.take(count).eq(wanted);
        if is_it {
            self.next += count;
        }
        is_it
    }

    /// Takes these words, which must be there.
    pub(super) fn must(&mut self, phrase: &str) -> Result<(), Flaw> {
        if self.takes(phrase) { Ok(()) } else { Err(self.unlike(format!("`{phrase}`"))) }
    }

    /// Takes one of several phrases. Of two with the same beginning the longer must stand first.
    pub(super) fn one_of<T: Clone>(&mut self, phrases: &[(&str, T)]) -> Result<T, Flaw> {
        for (phrase, value) in phrases {
            if self.takes(phrase) {
                return Ok(value.clone());
            }
        }
        let names: Vec<_> = phrases.iter().map(|(phrase, _)| format!("`{phrase}`")).collect();
        Err(self.unlike(format!("one of {}", names.join(", "))))
    }

    /// Whether the next word is one of these names.
    pub(super) fn names_one_of<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> bool {
        let word = self.words.get(self.next).filter(|word| !word.is_quoted);
        word.is_some_and(|word| names.any(|name| name == word.text))
    }

    /// Whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.next >= self.words.len()
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), Flaw> {
        if self.is_done() { Ok(()) } else { Err(self.unlike("the end of the line")) }
    }

    /// Whether the next word stands in quotes.
    pub(super) fn is_quoted(&self) -> bool {
        self.words.get(self.next).is_some_and(|word| word.is_quoted)
    }

    /// Something in quotes.
    pub(super) fn quoted(&mut self, what: &str) -> Result<String, Flaw> {
        if self.is_quoted() { self.text(what) } else { Err(self.unlike(format!("{what} in quotes"))) }
    }

    /// A word, or something in quotes.
    pub(super) fn text(&mut self, what: &str) -> Result<String, Flaw> {
        let text = self.words.get(self.next).map(|word| word.text.clone());
        let text = text.ok_or_else(|| self.unlike(what))?;
        self.next += 1;
        Ok(text)
    }

    /// A word that is not in quotes.
    pub(super) fn bare(&mut self, what: &str) -> Result<String, Flaw> {
        if self.is_quoted() { Err(self.unlike(what)) } else { self.text(what) }
    }

    /// Whose something is: a name with `'s`.
    pub(super) fn owner(&mut self) -> Result<String, Flaw> {
        let word = self.bare("a name with 's")?;
        let name = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
        name.map(Into::into).ok_or_else(|| self.unlike_last("a name with 's"))
    }

    /// Whether the next word is a name with `'s`.
    pub(super) fn is_owner(&self) -> bool {
        self.words
            .get(self.next)
            .is_some_and(|word| !word.is_quoted && (word.text.ends_with("'s") || word.text.ends_with("’s")))
    }

    /// A number, or whatever else a word can be read as.
    pub(super) fn parsed<T: FromStr>(&mut self, what: &str) -> Result<T, Flaw> {
        let word = self.bare(what)?;
        word.parse().map_err(|_| self.unlike_last(what))
    }

    /// Whether the next word begins with a digit.
    pub(super) fn is_number(&self) -> bool {
        let word = self.words.get(self.next).filter(|word| !word.is_quoted);
        word.is_some_and(|word| word.text.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// The number of a box.
    pub(super) fn box_no(&mut self) -> Result<BoxNo, Flaw> {
        let number = self.parsed("the number of a box, 1 to 255")?;
        BoxNo::new(number).ok_or_else(|| self.unlike_last("the number of a box, 1 to 255"))
    }

    /// A length of time, such as `90 s`, in milliseconds.
    pub(super) fn duration_ms(&mut self) -> Result<u64, Flaw> {
        let number: u64 = self.parsed("a number and a unit, such as `60 s`")?;
        let units = [
            ("ms", 1),
            ("s", 1_000),
            ("min", 60_000),
            ("h", 3_600_000),
            ("days", 86_400_000),
            ("day", 86_400_000),
        ];
        let unit: u64 = self.one_of(&units)?;
        number
            .checked_mul(unit)
            .filter(|ms| *ms <= DURATION_MS_MAX)
            .ok_or_else(|| self.unlike_last("at most 400 days"))
    }

    /// A time of day, such as `18:30`.
    pub(super) fn time_of_day(&mut self) -> Result<TimeOfDay, Flaw> {
        const WHAT: &str = "a time of day, such as `18:30`";
        let word = self.bare(WHAT)?;
        let parts = word.split_once(':').and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)));
        parts.and_then(|(h, m)| TimeOfDay::new(h, m)).ok_or_else(|| self.unlike_last(WHAT))
    }

    /// Takes everything that is left, of which there must be some.
    pub(super) fn rest(&mut self, what: &str) -> Result<(), Flaw> {
        if self.is_done() {
            return Err(self.unlike(what));
        }
        self.next = self.words.len();
        Ok(())
    }
}

/// A longer wait is a slip of the pen.
const DURATION_MS_MAX: u64 = 400 * 86_400_000;

fn shown(word: &Word) -> String {
    if word.is_quoted { format!("\"{}\"", word.text) } else { format!("`{}`", word.text) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it knows")]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_columns_in_characters() {
        let mut words = Words::of(7, "  Zoë presses  \"Drop a key\", now # not this").unwrap();
        assert_eq!(words.bare("a name").unwrap(), "Zoë");
        assert!(words.takes("presses"));
        assert_eq!(words.place(), Place { line: 7, column: 16 });
        assert_eq!(words.quoted("a label").unwrap(), "Drop a key");
        assert_eq!(words.place(), Place { line: 7, column: 30 });
        assert!(words.takes("now"));
        assert_eq!(words.place(), Place { line: 7, column: 33 });
        assert!(words.end().is_ok());
    }

    #[test]
    fn a_quote_without_an_end_is_named_where_it_begins() {
        let flaw = Words::of(3, "Jane writes \"1-ABC").unwrap_err();
        assert_eq!(flaw.place, Place { line: 3, column: 13 });
    }

    #[test]
    fn lengths_of_time_have_units() {
        let ms = |text: &str| Words::of(1, text).unwrap().duration_ms();
        assert_eq!(ms("90 s").unwrap(), 90_000);
        assert_eq!(ms("2 days").unwrap(), 172_800_000);
        assert_eq!(ms("90").unwrap_err().found, "the end of the line");
        assert_eq!(ms("90 x").unwrap_err().place.column, 4);
        assert!(ms("999999 h").is_err());
    }
}
