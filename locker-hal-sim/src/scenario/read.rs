//! Reading a scenario: one line, one thing.

use super::error::{Flaw, Place};
use super::story::{Given, Line, Person, Scenario, Step};
use super::words::Words;
use super::{read_does, read_expect, read_given};

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// The first [`Flaw`] of the text: what stands where, and what was expected there.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let mut scenario =
            Self { title: String::new(), rules: Vec::new(), given: Given::default(), lines: Vec::new() };
        let mut last = Place { line: 1, column: 1 };
        for (number, line) in (1..).zip(text.lines()) {
            let mut words = Words::of(number, line)?;
            if words.is_empty() {
                continue;
            }
            last = Place { line: number + 1, column: 1 };
            scenario.read(&mut words, line)?;
            words.end()?;
        }
        if scenario.title.is_empty() {
            return Err(Flaw::unreadable(last, "no title", "a line `scenario …` at the top"));
        }
        if scenario.lines.is_empty() {
            return Err(Flaw::unreadable(last, "no story", "a line in which somebody does something"));
        }
        Ok(scenario)
    }

    fn read(&mut self, words: &mut Words, line: &str) -> Result<(), Flaw> {
        let place = words.place();
        if words.takes("scenario") {
            if !self.title.is_empty() {
                return Err(Flaw::unreadable(place, "a second `scenario`", "one scenario a file"));
            }
            words.rest("what the scenario is about")?;
            // As it is written, commas and all.
            self.title = line.trim().trim_start_matches("scenario").trim().into();
            return Ok(());
        }
        if self.title.is_empty() {
            return Err(words.unlike("`scenario` and what it is about"));
        }
        if words.takes("rules") {
            while !words.is_done() {
                let rule = words.bare("the id of a rule")?;
                if !is_rule(&rule) {
                    return Err(words.unlike_last("the id of a rule, such as `DROP-14`"));
                }
                self.rules.push(rule);
            }
            return Ok(());
        }
        if words.takes("given") {
            if !self.lines.is_empty() {
                return Err(Flaw::unreadable(place, "`given`", "all `given` before the story begins"));
            }
            return read_given::given(&mut self.given, words);
        }
        let step = self.step(words)?;
        // An expectation is wrong in what it says, not in its first word.
        let column = place.column + if matches!(step, Step::Expect(_)) { EXPECT_CHARS } else { 0 };
        let place = Place { column, ..place };
        self.lines.push(Line { place, text: line.trim().into(), step });
        Ok(())
    }

    fn step(&self, words: &mut Words) -> Result<Step, Flaw> {
        if words.takes("wait") {
            return Ok(Step::Wait { ms: words.duration_ms()? });
        }
        if words.takes("at") {
            let days = i32::from(words.takes("tomorrow"));
            return Ok(Step::Until { days, time: words.time_of_day()? });
        }
        if words.takes("from now on") {
            return Ok(Step::FromNowOn);
        }
        if words.takes("expect") {
            return Ok(Step::Expect(read_expect::expect(&self.given, words)?));
        }
        if let Some(event) = read_does::event(&self.given, words)? {
            return Ok(Step::Happens(event));
        }
        let who = words.bare("somebody's name")?;
        let Some(person) = self.given.person(&who) else {
            let names = self.given.names();
            return Err(words.unlike_last(format!(
                "`expect`, `wait`, `at`, `from now on`, `hurt`, `heal`, `power cut`, `link`, `clock`, `disk`, `messages`, `kiosk`, `next append`, `office`, or somebody who \
                 is given{names}"
            )));
        };
        let act = read_does::act(&self.given, person, words)?;
        let times = if words.is_number() {
            let times = words.parsed("how many times")?;
            words.must("times")?;
            times
        } else {
            1
        };
        Ok(Step::Does { who, act, times })
    }
}

impl Given {
    pub(super) fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    /// The names, ready to stand behind a phrase.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.people.iter().map(|person| format!("`{}`", person.name)).collect();
        if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
    }

    /// A name that must be a person's.
    pub(super) fn known(&self, words: &mut Words) -> Result<String, Flaw> {
        let name = words.bare("somebody's name")?;
        self.is_known(words, name)
    }

    /// A name with `'s` that must be a person's.
    pub(super) fn owner(&self, words: &mut Words) -> Result<String, Flaw> {
        let name = words.owner()?;
        self.is_known(words, name)
    }

    fn is_known(&self, words: &Words, name: String) -> Result<String, Flaw> {
        match self.person(&name) {
            Some(_) => Ok(name),
            None => Err(words.unlike_last(format!("somebody who is given{}", self.names()))),
        }
    }
}

/// `expect` and the space behind it.
const EXPECT_CHARS: usize = 7;

fn is_rule(rule: &str) -> bool {
    let parts = rule.rsplit_once('-');
    parts.is_some_and(|(group, number)| {
        !group.is_empty()
            && group.chars().all(|c| c.is_ascii_uppercase() || c == '-')
            && number.parse::<u8>().is_ok()
    })
}
