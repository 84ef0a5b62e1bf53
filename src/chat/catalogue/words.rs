//! Texts in a form in which words are looked up whole, singular or plural.

use crate::normalise::{Kind, Token, clean, tokens};

/// ` red dress `: tokens with spaces around, the plural of English words taken off; nothing for nothing.
///
/// A `t` belongs to the word behind it, with a hyphen or without: a T-shirt is no shirt.
pub(crate) fn canonical(text: &str) -> String {
    let mut words = String::new();
    let found = tokens(&clean(text));
    for (place, token) in found.iter().enumerate() {
        if token.kind == Kind::Symbol {
            continue;
        }
        if !follows_t(&found[..place]) {
            words.push(' ');
        }
        words.push_str(&singular(&token.text));
    }
    if !words.is_empty() {
        // Two, so that phrases never go across.
        words.push_str("  ");
    }
    words
}

/// Whether a word goes on with what is before it.
fn follows_t(before: &[Token]) -> bool {
    let before = match before {
        [before @ .., hyphen] if hyphen.text == "-" => before,
        _ => before,
    };
    before.last().is_some_and(|token| token.text == "t")
}

/// The same for both sides of a comparison; whether it is English doesn't matter.
fn singular(word: &str) -> String {
    let cut = |end: &str, instead: &str| {
        word.strip_suffix(end)
            .map(|stem| format!("{stem}{instead}"))
    };
    if word.len() <= 3 || !word.is_ascii() || word.ends_with("ss") {
        return word.to_owned();
    }
    cut("ies", "y")
        .or_else(|| cut("ves", "f"))
        .or_else(|| {
            ["sses", "shes", "ches", "xes"]
                .iter()
                .find_map(|end| cut(end, &end[..end.len() - 2]))
        })
        .or_else(|| cut("s", ""))
        .unwrap_or_else(|| {
            word.strip_suffix("fe")
                .map_or_else(|| word.to_owned(), |stem| format!("{stem}f"))
        })
}

/// Words that are looked for in a row.
pub(super) struct Phrase(String);

impl Phrase {
    pub fn new(said: &str) -> Option<Self> {
        let words = canonical(said);
        (!words.is_empty()).then(|| Self(words.trim_end().to_owned() + " "))
    }

    /// `None` where it isn't; else more where a name ends with it: there English and Chinese have what a thing is.
    pub fn found_in(&self, text: &str) -> Option<f64> {
        if self.ends_a_name_of(text) {
            return Some(1.0);
        }
        text.contains(&self.0).then_some(0.5)
    }

    /// Whether a name ends with it.
    pub fn ends_a_name_of(&self, text: &str) -> bool {
        text.match_indices(&self.0)
            .any(|(at, _)| matches!(text.as_bytes().get(at + self.0.len()), None | Some(b' ')))
    }
}

#[cfg(test)]
mod tests {
    use super::{Phrase, canonical};

    #[test]
    fn plurals_and_widths_do_not_matter() {
        let found = |text: &str, said: &str| {
            Phrase::new(said).is_some_and(|phrase| phrase.found_in(&canonical(text)).is_some())
        };
        for (text, said) in [
            ("Red Dresses", "dress"),
            ("Chef's Knives", "knife"),
            ("Cotton T-Shirt", "t-shirts"),
            ("真丝连衣裙", "连衣裙"),
            ("ＤＲＥＳＳ", "dress"),
            ("Watches", "watch"),
        ] {
            assert!(found(text, said), "{said} in {text}");
        }
        for (text, said) in [
            ("T-Shirt", "t shirts"),
            ("T Shirt", "t-shirt"),
            ("Tshirts", "t-shirt"),
            ("V-neck jumper", "jumper"),
            ("T-bar sandals", "sandal"),
            ("E-bike", "bike"),
        ] {
            assert!(found(text, said), "{said} in {text}");
        }
        assert!(!found("address book", "dress"));
        assert!(!found("Cotton T-Shirts", "shirt"));
        assert!(!found("T shirt", "shirt"));
        assert!(!found("dress", ""));
    }

    #[test]
    fn what_a_name_ends_with_counts_more() {
        let score =
            |text: &str| Phrase::new("dress").and_then(|phrase| phrase.found_in(&canonical(text)));
        assert!(score("evening dress") > score("dress shoes"));
    }
}
