//! What a wire does to a reply.

use core::mem;

use fastrand::Rng;

use crate::command::Fault;

/// Between the two pieces of a split reply, in milliseconds: what cheap adapters collect bytes for.
const SPLIT_MS: u64 = 16;

/// How late a delayed reply begins, in milliseconds.
const DELAYED_MS: u64 = 40;

/// What stands before replies of some boards.
const JUNK: [u8; 4] = [0xFA, 0xFD, 0x99, 0x99];

/// What a board says that nobody can read.
pub(crate) const NOISE: [u8; 6] = [0x15, 0xFB, 0x2A, 0xFE, 0x6E, 0xE0];

/// Some bytes, and how long after what came before they come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) after_ms: u64,
    pub(crate) bytes: Vec<u8>,
}

/// The faults that strike single replies, in the order in which they do.
pub(crate) fn of_replies(board: u8) -> [Fault; 7] {
    [
        Fault::StaleReplies { board },
        Fault::BytesLost { board },
        Fault::BytesDoubled { board },
        Fault::BytesCorrupted { board },
        Fault::JunkPrefix { board },
        Fault::BytesSplit { board },
        Fault::BytesDelayed { board },
    ]
}

/// What arrives of `reply`, struck by `faults`. Empty when it is lost whole.
pub(crate) fn mangled(reply: Vec<u8>, faults: &[Fault], dice: &mut Rng) -> Vec<Piece> {
    let mut pieces = vec![Piece { after_ms: 0, bytes: reply }];
    for fault in faults {
        let first = &mut pieces[0];
        let at = if first.bytes.is_empty() { 0 } else { dice.usize(0..first.bytes.len()) };
        match fault {
            Fault::BytesLost { .. } if !first.bytes.is_empty() => drop(first.bytes.remove(at)),
            Fault::BytesDoubled { .. } if !first.bytes.is_empty() => {
                first.bytes.insert(at, first.bytes[at]);
            }
            Fault::BytesCorrupted { .. } if !first.bytes.is_empty() => first.bytes[at] ^= 1 << dice.u8(0..8),
            Fault::JunkPrefix { .. } => {
                let reply = mem::replace(&mut first.bytes, JUNK.to_vec());
                first.bytes.extend(reply);
            }
            Fault::BytesSplit { .. } if at > 0 => {
                let rest = first.bytes.split_off(at);
                pieces.push(Piece { after_ms: SPLIT_MS, bytes: rest });
            }
            Fault::BytesDelayed { .. } => first.after_ms += DELAYED_MS,
            _ => {}
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(fault: Fault, seed: u64) -> Vec<Piece> {
        mangled(vec![1, 2, 3, 4], &[fault], &mut Rng::with_seed(seed))
    }

    #[test]
    fn each_fault_does_what_it_is_called() {
        let board = 0;
        for seed in 0..50 {
            let one = |fault| struck(fault, seed).remove(0).bytes;
            let lost = one(Fault::BytesLost { board });
            assert!(lost.len() == 3 && lost.is_sorted(), "{lost:?}");
            let doubled = one(Fault::BytesDoubled { board });
            assert!(doubled.len() == 5 && doubled.is_sorted(), "{doubled:?}");
            let corrupted = one(Fault::BytesCorrupted { board });
            let flipped: u32 =
                corrupted.iter().zip(1..).map(|(is, was): (&u8, u8)| (is ^ was).count_ones()).sum();
            assert_eq!((corrupted.len(), flipped), (4, 1));
            assert_eq!(one(Fault::JunkPrefix { board }), [0xFA, 0xFD, 0x99, 0x99, 1, 2, 3, 4]);
            let delayed = struck(Fault::BytesDelayed { board }, seed);
            assert_eq!(delayed, [Piece { after_ms: 40, bytes: vec![1, 2, 3, 4] }]);
            let split = struck(Fault::BytesSplit { board }, seed);
            assert_eq!(split.iter().flat_map(|piece| piece.bytes.clone()).collect::<Vec<_>>(), [1, 2, 3, 4]);
        }
        let split = (0..50).filter(|seed| struck(Fault::BytesSplit { board }, *seed).len() == 2).count();
        assert!(split > 25, "only {split} of 50 are split");
    }
}
