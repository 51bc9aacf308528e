//! The alphabet of text messages (3GPP TS 23.038): one letter outside it, and 160 characters become 70.

use std::string::String;

/// The most septets of a text message that is not cut in two.
pub const SMS_SEPTETS_MAX: usize = 160;

/// The letters that take one septet.
const ONE: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                   ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// The letters that take two.
const TWO: &str = "^{}\\[~]|€";

/// Counts the septets of a text, or says `None` when it has a letter outside the alphabet.
///
/// ```
/// use locker_core::text::septets;
///
/// assert_eq!(septets("clé"), Some(3));
/// assert_eq!(septets("5 €"), Some(4));
/// assert_eq!(septets("août"), None);
/// ```
#[must_use]
pub fn septets(text: &str) -> Option<usize> {
    let count = |letter| match letter {
        letter if ONE.contains(letter) => Some(1),
        letter if TWO.contains(letter) => Some(2),
        _ => None,
    };
    text.chars().map(count).sum()
}

/// The nearest text in the alphabet: accents that it lacks fall away, what has no likeness becomes `?`.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        if ONE.contains(letter) || TWO.contains(letter) {
            folded.push(letter);
        } else {
            folded.push_str(likeness(letter));
        }
    }
    folded
}

const fn likeness(letter: char) -> &'static str {
    match letter {
        'á' | 'â' | 'ã' => "a",
        'ç' => "c",
        'ê' | 'ë' => "e",
        'í' | 'î' | 'ï' => "i",
        'ó' | 'ô' | 'õ' => "o",
        'ú' | 'û' => "u",
        'ý' | 'ÿ' => "y",
        'œ' => "oe",
        'À' | 'Á' | 'Â' | 'Ã' => "A",
        'È' | 'Ê' | 'Ë' => "E",
        'Ì' | 'Í' | 'Î' | 'Ï' => "I",
        'Ò' | 'Ó' | 'Ô' | 'Õ' => "O",
        'Ù' | 'Ú' | 'Û' => "U",
        'Ý' | 'Ÿ' => "Y",
        'Œ' => "OE",
        '‘' | '’' | '‚' | '`' | '´' => "'",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‐' | '‑' | '–' | '—' => "-",
        '…' => "...",
        '\u{a0}' | '\u{202f}' | '\t' => " ",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_the_four_languages_finds_its_likeness() {
        let pairs = [
            ("áâã", "aaa"),
            ("ç", "c"),
            ("êë", "ee"),
            ("íîï", "iii"),
            ("óôõ", "ooo"),
            ("úû", "uu"),
            ("ýÿ", "yy"),
            ("œ", "oe"),
            ("ÀÁÂÃ", "AAAA"),
            ("ÈÊË", "EEE"),
            ("ÌÍÎÏ", "IIII"),
            ("ÒÓÔÕ", "OOOO"),
            ("ÙÚÛ", "UUU"),
            ("ÝŸ", "YY"),
            ("Œ", "OE"),
            ("‘’‚`´", "'''''"),
            ("“”„«»", "\"\"\"\"\""),
            ("‐‑–—", "----"),
            ("…", "..."),
            ("\u{a0}\u{202f}\t", "   "),
            ("ж☃", "??"),
            ("éèàùìòñäöüÄÖÜÑÇÉß€[~", "éèàùìòñäöüÄÖÜÑÇÉß€[~"),
        ];
        for (text, folded) in pairs {
            assert_eq!(fold(text), folded);
            assert!(septets(&fold(text)).is_some(), "{text}");
        }
    }

    #[test]
    fn septets_count_two_for_the_letters_of_the_extension_and_refuse_the_others() {
        assert_eq!(
            (septets(""), septets("clé"), septets("5 €"), septets("[]{}")),
            (Some(0), Some(3), Some(4), Some(8))
        );
        assert_eq!((septets("août"), septets("ж")), (None, None));
    }
}
