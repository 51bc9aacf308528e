//! What somebody types who stands in front of the simulated cabinet.

use locker_hal_sim::{BoxNo, Fault, SimCommand};

/// A typed line.
#[derive(Debug, PartialEq, Eq)]
pub enum Hand {
    /// Does something.
    Does(SimCommand),
    /// Asks how things are.
    Asks,
}

const HELP: &str =
    "open 3 · close 3 · pry 3 · put 3 KEY · take 3 [KEY] · hurt jammed:3 · heal jammed:3 · heal all · state";

/// Reads a line.
pub fn hand(line: &str) -> Result<Hand, &'static str> {
    let mut words = line.split_whitespace();
    let verb = words.next().ok_or(HELP)?;
    let object = words.next();
    let rest = words.next();
    if words.next().is_some() {
        return Err(HELP);
    }
    let box_no = || object.and_then(|word| word.parse().ok()).and_then(BoxNo::new).ok_or(HELP);
    let of_fault = || object.and_then(|word| fault(word).ok()).ok_or("no such fault: see docs/faults.md");
    let command = match (verb, object, rest) {
        ("state", None, None) => return Ok(Hand::Asks),
        ("open", _, None) => SimCommand::Open { box_no: box_no()? },
        ("close", _, None) => SimCommand::Close { box_no: box_no()? },
        ("pry", _, None) => SimCommand::Pry { box_no: box_no()? },
        ("put", _, Some(key)) => SimCommand::Put { box_no: box_no()?, key: key.into() },
        ("take", _, key) => SimCommand::Take { box_no: box_no()?, key: key.map(Into::into) },
        ("hurt", _, None) => SimCommand::Hurt { fault: of_fault()? },
        ("heal", Some("all"), None) => SimCommand::HealAll,
        ("heal", _, None) => SimCommand::Heal { fault: of_fault()? },
        _ => return Err(HELP),
    };
    Ok(Hand::Does(command))
}

/// Reads a fault: its name, and behind a colon the box, or the board (0 without one).
pub fn fault(text: &str) -> Result<Fault, String> {
    let (name, place) = text.split_once(':').map_or((text, None), |(name, place)| (name, Some(place)));
    let place: Option<u8> = place
        .map(str::parse)
        .transpose()
        .map_err(|_| format!("{text}: a number belongs behind the colon"))?;
    let of_box = place.and_then(BoxNo::new).map(Fault::of_box).into_iter().flatten();
    let board = place.unwrap_or(0);
    let of_board = Fault::of_board(board).into_iter().chain(Fault::of_wire(board));
    let found = of_box.chain(of_board).find(|fault| fault.key() == name);
    found.ok_or_else(|| format!("{text}: no such fault, or its box is missing, as in jammed:3"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let box_no = BoxNo::new(3).unwrap();
        assert_eq!(hand("open 3"), Ok(Hand::Does(SimCommand::Open { box_no })));
        assert_eq!(hand("put 3 AB-1"), Ok(Hand::Does(SimCommand::Put { box_no, key: "AB-1".into() })));
        assert_eq!(hand("take 3"), Ok(Hand::Does(SimCommand::Take { box_no, key: None })));
        assert_eq!(
            hand("hurt jammed:3"),
            Ok(Hand::Does(SimCommand::Hurt { fault: Fault::Jammed { box_no } }))
        );
        assert_eq!(hand("heal echo:1"), Ok(Hand::Does(SimCommand::Heal { fault: Fault::Echo { board: 1 } })));
        assert_eq!(hand("heal all"), Ok(Hand::Does(SimCommand::HealAll)));
        assert_eq!(hand("state"), Ok(Hand::Asks));
        for wrong in
            ["", "open", "open 0", "open 3 4", "put 3", "hurt jammed", "hurt nothing:3", "state 3", "eat 3"]
        {
            assert!(hand(wrong).is_err(), "{wrong}");
        }
    }
}
