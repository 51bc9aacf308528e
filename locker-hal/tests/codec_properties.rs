//! Decoders on any bytes: no panic, pieces do not matter, and the next good frame is always found.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fmt::Debug;

use locker_hal::codec::kerong::{cu12::Cu12, cu16::Cu16, cu48::Cu48};
use locker_hal::codec::modbus::{Rtu, Tcp};
use locker_hal::codec::winnsen::Winnsen;
use locker_hal::codec::wkly::Wkly;
use locker_hal::codec::xor::{Awaited, Xor};
use locker_hal::codec::{Decoder, FRAME_BYTES_MAX, Look, Protocol, Rest};
use proptest::prelude::*;

/// Noise that looks like frames as often as not.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let heads = [0x80, 0x8A, 0x81, 0x02, 0x03, 0x57, 0x4B, 0x90, 0x07, 0x01, 0x05, 0x33, 0x11, 0x00, 0x10];
    let byte = prop_oneof![any::<u8>(), prop::sample::select(heads.to_vec())];
    prop::collection::vec(byte, 0..3 * FRAME_BYTES_MAX)
}

fn fed<P: Protocol<Frame: Debug>>(decoder: &mut Decoder<P>, mut bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(frame) = decoder.feed(&mut bytes) {
        found.push(format!("{frame:?}"));
    }
    found
}

fn silence<P: Protocol<Frame: Debug>>(decoder: &mut Decoder<P>) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(frame) = decoder.silence() {
        found.push(format!("{frame:?}"));
    }
    found
}

/// Whether some good frame begins in the noise and ends behind it: then the good frame is rightly not seen whole.
fn straddles<P: Protocol>(protocol: P, noise: usize, all: &[u8]) -> bool {
    (0..noise).any(|from| match protocol.look(&all[from..], Rest::IsOver) {
        Look::Frame { len, .. } => from + len > noise,
        Look::Partial | Look::Junk => false,
    })
}

fn holds<P: Protocol<Frame: Debug> + Copy>(
    protocol: P,
    good: &str,
    noise: &[u8],
    cut: usize,
) -> Result<(), TestCaseError> {
    let good = hex::decode(good).unwrap();
    let mut alone = Decoder::new(protocol);
    let mut expected = fed(&mut alone, &good);
    expected.extend(silence(&mut alone));
    prop_assert_eq!(expected.len(), 1);

    // Pieces do not matter.
    let (mut whole, mut pieces) = (Decoder::new(protocol), Decoder::new(protocol));
    let (first, second) = noise.split_at(cut % (noise.len() + 1));
    let mut found = fed(&mut pieces, first);
    found.extend(fed(&mut pieces, second));
    prop_assert_eq!(fed(&mut whole, noise), found);
    prop_assert_eq!(whole.skipped(), pieces.skipped());

    // After a silence nothing of the noise is left.
    silence(&mut whole);
    prop_assert!(!whole.is_partial());
    let mut found = fed(&mut whole, &good);
    found.extend(silence(&mut whole));
    prop_assert_eq!(&found, &expected);

    // Without one before it, the good frame is found too, at the latest in the silence behind it.
    let all = [noise, &good].concat();
    if !straddles(protocol, noise.len(), &all) {
        let mut decoder = Decoder::new(protocol);
        let mut found = fed(&mut decoder, &all);
        found.extend(silence(&mut decoder));
        prop_assert_eq!(found.last(), expected.last());
    }
    Ok(())
}

proptest! {
    #[test]
    fn xor(noise in noise(), cut: usize) {
        holds(Xor { awaited: Awaited::One }, "8001011191", &noise, cut)?;
        holds(Xor { awaited: Awaited::One }, "8A0101008A", &noise, cut)?;
        holds(Xor { awaited: Awaited::All(3) }, "800101010133B3", &noise, cut)?;
        holds(Xor { awaited: Awaited::All(32) }, "8101011190", &noise, cut)?;
        // What is ended by silence cannot be told from noise right before it.
        holds(Xor { awaited: Awaited::AllUntilSilence }, "800101010133B3", &[], cut)?;
        let mut decoder = Decoder::new(Xor { awaited: Awaited::AllUntilSilence });
        fed(&mut decoder, &noise);
        silence(&mut decoder);
        prop_assert!(!decoder.is_partial());
        fed(&mut decoder, &hex::decode("800101010133B3").unwrap());
        prop_assert_eq!(silence(&mut decoder), ["All { board: 1, switches: [01, 01, 01] }"]);
    }

    #[test]
    fn kerong(noise in noise(), cut: usize) {
        holds(Cu16, "02003501000100033C", &noise, cut)?;
        holds(Cu48, "020000650700000000C00331", &noise, cut)?;
        holds(Cu12, "020100801002039C0400", &noise, cut)?;
    }

    #[test]
    fn modbus(noise in noise(), cut: usize) {
        holds(Rtu, "01010277D15E50", &noise, cut)?;
        holds(Rtu, "0185030291", &noise, cut)?;
        holds(Tcp, "123400000004010201A1", &noise, cut)?;
    }

    #[test]
    fn winnsen(noise in noise(), cut: usize) {
        holds(Winnsen, "90078201010103", &noise, cut)?;
    }

    #[test]
    fn wkly(noise in noise(), cut: usize) {
        holds(Wkly, "574B4C590E008400040001010087", &noise, cut)?;
    }
}
