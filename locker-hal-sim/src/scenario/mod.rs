//! Scenarios: stories of people at a locker, in a text that testers write and anybody can read.
//!
//! A scenario is one file, read line by line; each line says one thing. It is played on a [`Stage`](crate::world::Stage), so that
//! days pass in milliseconds and a box opens by the product's own logic. The first thing that goes otherwise is a [`Flaw`] with its
//! line and column. `docs/guides/qa.md` teaches the language.
//!
//! ```
//! use locker_hal_sim::scenario::Scenario;
//!
//! let text = r#"
//! scenario A thief forces an empty box
//! rules BOX-6
//! given stranger Tess
//! Tess pries box 3            # a crowbar needs no code
//! expect alarm at box 3
//! expect no lock fired
//! "#;
//! let scenario = Scenario::parse(text)?;
//! assert_eq!((scenario.title.as_str(), scenario.rules.len()), ("A thief forces an empty box", 1));
//! scenario.play()?;
//!
//! let wrong = text.replace("box 3\nexpect no", "box 4\nexpect no");
//! let flaw = Scenario::parse(&wrong)?.play().map(drop).unwrap_err();
//! assert_eq!(flaw.to_string(), "line 6, column 8: found the office told door_forced of box 3, to_check of box 3, \
//!     expected door_forced of box 4");
//! # Ok::<(), locker_hal_sim::scenario::Flaw>(())
//! ```
//!
//! Lines begin with one of
//!
//! | word | what the line says |
//! |---|---|
//! | `scenario` | what it is about; the first line |
//! | `rules` | the ids of the rules it shows |
//! | `given` | who and what is there before the story begins |
//! | a name | what that person does, at this moment; each such line takes one second |
//! | `wait`, `at` | time passes |
//! | `hurt`, `heal`, `power`, `link`, `clock`, `disk`, `messages`, `kiosk`, `next append`, `office` | what comes over the locker |
//! | `from now on` | messages, notices, pulses and records are counted from here |
//! | `expect` | what must be so now |
//!
//! What a locker, the office or a door refuses must be expected by an `expect refused …` behind it, so that no slip of the pen goes
//! unseen.

mod check;
mod error;
mod play;
mod play_acts;
mod play_events;
mod play_people;
mod read;
mod read_does;
mod read_expect;
mod read_given;
mod story;
mod words;

pub use error::{Flaw, FlawKind, Place};
pub use story::Scenario;
