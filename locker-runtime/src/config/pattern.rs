//! Texts with places to be filled in, such as `{to}`.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{ConfigError, SmsFormat};

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// `{to}`
    To,
    /// `{text}`
    Text,
    /// `{id}`
    Id,
    /// `{secret}`
    Secret,
}

impl Slot {
    pub(super) const ALL: [Self; 4] = [Self::To, Self::Text, Self::Id, Self::Secret];
    pub(super) const IN_HEADERS: [Self; 2] = [Self::Id, Self::Secret];

    const fn name(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::Text => "text",
            Self::Id => "id",
            Self::Secret => "secret",
        }
    }
}

enum Piece {
    Words(String),
    Slot(Slot),
}

/// A text with places, and how what is filled in is escaped.
pub(crate) struct Pattern {
    pieces: Vec<Piece>,
    format: SmsFormat,
}

impl Pattern {
    /// Reads a text. `{name}` is a place; any other brace is a brace, so that JSON can be written as it is.
    pub(super) fn parse(
        key: &'static str,
        text: &str,
        allowed: &[Slot],
        format: SmsFormat,
    ) -> Result<Self, ConfigError> {
        let (mut pieces, mut words) = (Vec::new(), String::new());
        let mut rest = text;
        while let Some(brace) = rest.find('{') {
            words.push_str(&rest[..brace]);
            let inside = &rest[brace + 1..];
            let end = inside.find(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
            let name = &inside[..end.unwrap_or(inside.len())];
            if name.is_empty() || !inside[name.len()..].starts_with('}') {
                words.push('{');
                rest = inside;
                continue;
            }
            let Some(slot) = allowed.iter().find(|slot| slot.name() == name) else {
                let allowed = allowed.iter().map(|slot| format!("{{{}}}", slot.name())).collect::<Vec<_>>();
                return Err(ConfigError::Slot { key, name: name.to_owned(), allowed: allowed.join(", ") });
            };
            pieces.extend([Piece::Words(std::mem::take(&mut words)), Piece::Slot(*slot)]);
            rest = &inside[name.len() + 1..];
        }
        words.push_str(rest);
        pieces.push(Piece::Words(words));
        Ok(Self { pieces, format })
    }

    pub(super) fn has(&self, slot: Slot) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Slot(there) if *there == slot))
    }

    /// The text with every place filled in.
    pub(crate) fn fill<'a>(&self, value: impl Fn(Slot) -> &'a str) -> String {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => filled.push_str(words),
                Piece::Slot(slot) => match self.format {
                    SmsFormat::Json => {
                        let quoted = serde_json::Value::from(value(*slot)).to_string();
                        filled.push_str(&quoted[1..quoted.len() - 1]);
                    }
                    SmsFormat::Form => filled.extend(utf8_percent_encode(value(*slot), NON_ALPHANUMERIC)),
                    SmsFormat::Text => filled.push_str(value(*slot)),
                },
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str, format: SmsFormat) -> String {
        let value = |slot| match slot {
            Slot::To => "+32470000001",
            Slot::Text => "a \"b\" & {id}\né",
            Slot::Id => "0a",
            Slot::Secret => "s",
        };
        Pattern::parse("key", text, &Slot::ALL, format).unwrap().fill(value)
    }

    #[test]
    fn what_is_filled_in_is_escaped_for_where_it_stands_and_never_read_again() {
        let body = filled("{\"to\":\"{to}\",\"text\":\"{text}\"}", SmsFormat::Json);
        assert_eq!(body, "{\"to\":\"+32470000001\",\"text\":\"a \\\"b\\\" & {id}\\né\"}");
        let form = filled("to={to}&text={text}", SmsFormat::Form);
        assert_eq!(form, "to=%2B32470000001&text=a%20%22b%22%20%26%20%7Bid%7D%0A%C3%A9");
        assert_eq!(filled("{secret}{{id}{", SmsFormat::Text), "s{0a{");
    }

    #[test]
    fn a_place_that_nobody_knows_is_refused_by_its_name() {
        let unknown = Pattern::parse("sms.url", "x{number}", &Slot::IN_HEADERS, SmsFormat::Form);
        let error = unknown.err().unwrap().to_string();
        assert_eq!(error, "sms.url has {number}; it may have {id}, {secret}");
    }
}
