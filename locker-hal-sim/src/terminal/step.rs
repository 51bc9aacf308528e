//! Stepping through a story, forward and back.

use std::io::{self, BufRead, Write};

/// One moment of a story, as it is shown.
///
/// ```
/// use locker_hal_sim::terminal::{Moment, print, step};
///
/// let moment = |said: &str| Moment { at: "08:00".into(), said: vec![said.into()], picture: String::new() };
/// let moments = [moment("Jane comes"), moment("Jane goes")];
/// let mut shown = Vec::new();
/// step(&mut "\nb\nq\n".as_bytes(), &mut shown, "A visit", &moments)?;
/// let shown = String::from_utf8(shown).unwrap();
/// assert_eq!(shown.matches("Jane comes").count(), 2, "the first moment, and back to it");
///
/// let mut printed = Vec::new();
/// print(&mut printed, "A visit", &moments)?;
/// assert_eq!(String::from_utf8(printed).unwrap().matches("Jane").count(), 2);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When it was.
    pub at: String,
    /// What happened, line by line.
    pub said: Vec<String>,
    /// What could be seen.
    pub picture: String,
}

/// Prints all moments.
///
/// # Errors
/// When `out` cannot be written.
pub fn print(out: &mut dyn Write, title: &str, moments: &[Moment]) -> io::Result<()> {
    writeln!(out, "{title}")?;
    for (n, moment) in (1..).zip(moments) {
        show(out, n, moments.len(), moment)?;
    }
    Ok(())
}

/// Lets somebody step through the moments with short lines from `keys`: Enter goes on, `b` back.
///
/// # Errors
/// When `keys` cannot be read or `out` cannot be written.
pub fn step(keys: &mut dyn BufRead, out: &mut dyn Write, title: &str, moments: &[Moment]) -> io::Result<()> {
    writeln!(out, "{title}\n{} moments. {KEYS}", moments.len())?;
    let mut n = 1;
    while let Some(moment) = moments.get(n - 1) {
        show(out, n, moments.len(), moment)?;
        n = loop {
            write!(out, "> ")?;
            out.flush()?;
            let mut line = String::new();
            if keys.read_line(&mut line)? == 0 {
                return writeln!(out);
            }
            match next(line.trim(), n, moments) {
                Ok(there) => break there,
                Err(Stay::Quit) => return Ok(()),
                Err(Stay::Say(words)) => writeln!(out, "{words}")?,
            }
        };
    }
    Ok(())
}

/// What a line of keys does instead of going somewhere.
#[derive(Debug, PartialEq, Eq)]
enum Stay {
    Quit,
    Say(&'static str),
}

const KEYS: &str = "Enter: on · b: back · a number: go there · /words: on to where this is said · q: quit";

/// Where a line of keys leads.
fn next(line: &str, n: usize, moments: &[Moment]) -> Result<usize, Stay> {
    let last = moments.len();
    match line {
        "" | "n" if n < last => Ok(n + 1),
        "" | "n" => Err(Stay::Say("This is the last moment.")),
        "b" if n > 1 => Ok(n - 1),
        "b" => Err(Stay::Say("This is the first moment.")),
        "q" => Err(Stay::Quit),
        line => {
            if let Some(words) = line.strip_prefix('/') {
                let mut ahead = (1..).zip(moments).skip(n);
                let found = ahead.find(|(_, moment)| says(moment, words));
                return found.map(|(there, _)| there).ok_or(Stay::Say("That is not said behind here."));
            }
            let there = line.parse().ok().filter(|there| (1..=last).contains(there));
            there.ok_or(Stay::Say(KEYS))
        }
    }
}

fn says(moment: &Moment, words: &str) -> bool {
    moment.said.iter().chain([&moment.picture]).any(|line| line.contains(words))
}

fn show(out: &mut dyn Write, n: usize, of: usize, moment: &Moment) -> io::Result<()> {
    writeln!(out, "── moment {n} of {of} · {} ──", moment.at)?;
    for line in &moment.said {
        writeln!(out, "{line}")?;
    }
    write!(out, "{}", moment.picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_forward_and_back_and_stop_at_the_ends() {
        let moment =
            |word: &str| Moment { at: String::new(), said: vec![word.into()], picture: String::new() };
        let moments = [moment("one"), moment("two"), moment("three")];
        assert_eq!(next("", 1, &moments), Ok(2));
        assert_eq!(next("b", 2, &moments), Ok(1));
        assert_eq!(next("3", 1, &moments), Ok(3));
        assert_eq!(next("/thr", 1, &moments), Ok(3));
        assert_eq!(next("q", 1, &moments), Err(Stay::Quit));
        assert!(next("", 3, &moments).is_err() && next("b", 1, &moments).is_err());
        assert!(next("4", 1, &moments).is_err() && next("0", 1, &moments).is_err());
        assert!(next("/one", 1, &moments).is_err(), "only behind here");
    }
}
