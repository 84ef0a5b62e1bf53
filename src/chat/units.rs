//! A text as the chat encoder reads it: units, each with its subwords.
//!
//! The twin is `models/training/units.py`; `tests/golden/units.json` holds both to the same ids.

use crate::normalise::in_simplified;
use nearshelf_text::{each_subword, fnv1a_32, fold, is_apostrophe, is_cjk};

/// Rows of the encoder's table; id 0 is padding.
pub const VOCABULARY: u32 = 16_384;
/// Units of a text that are read.
pub const MOST_UNITS: usize = 40;
/// Subwords of a unit that the encoder reads.
pub const MOST_SUBWORDS: usize = 20;
/// Letters of a word that are read: no word is longer.
const MOST_LETTERS: usize = 64;

/// A word, or a character of a script without spaces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unit {
    /// What is written, normalised.
    pub text: String,
    /// Its subwords, itself first, each with its prefix: `w:red`, `g:<re`, `c:裙`, `b:衣裙`.
    pub tokens: Vec<String>,
}

/// The first [`MOST_UNITS`] units of a cleaned text: NFKC, lower case, simplified, and each digit of
/// a run of three and more as `0`, since order numbers would else be words never seen.
#[must_use]
pub fn units(text: &str) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut word: Vec<char> = Vec::new();
    let mut previous: Option<char> = None;
    for c in without_long_numbers(&in_simplified(&fold(text))).chars() {
        if units.len() >= MOST_UNITS {
            break;
        }
        if is_cjk(c) {
            finish(&mut units, &mut word);
            let pair = previous.map(|previous| format!("b:{previous}{c}"));
            units.push(Unit {
                text: c.into(),
                tokens: [format!("c:{c}")].into_iter().chain(pair).collect(),
            });
            previous = Some(c);
            continue;
        }
        previous = None;
        if c.is_alphanumeric() {
            word.push(c);
        } else if !is_apostrophe(c) {
            finish(&mut units, &mut word);
        }
    }
    finish(&mut units, &mut word);
    // The last ideograph may have ended a word.
    units.truncate(MOST_UNITS);
    units
}

fn finish(units: &mut Vec<Unit>, word: &mut Vec<char>) {
    if word.is_empty() {
        return;
    }
    let mut tokens = Vec::new();
    // The n-grams of longer ones are beyond what is read.
    each_subword(&word[..word.len().min(MOST_LETTERS)], |prefix, letters| {
        tokens.push(prefix.chars().chain(letters.iter().copied()).collect());
    });
    if word.len() > MOST_LETTERS {
        tokens[0] = word.iter().fold("w:".to_owned(), |mut token, c| {
            token.push(*c);
            token
        });
    }
    units.push(Unit {
        text: word.drain(..).collect(),
        tokens,
    });
}

fn without_long_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            run += 1;
        } else if run >= 3 {
            let digits = out.len() - run;
            out.replace_range(digits.., &"0".repeat(run));
            run = 0;
        } else {
            run = 0;
        }
        out.push(c);
    }
    out.pop();
    out
}

/// The encoder's input: `units` rows of [`MOST_SUBWORDS`] ids, padded with zeros.
#[must_use]
pub fn unit_ids(units: &[Unit]) -> Vec<i32> {
    let mut ids = vec![0; units.len() * MOST_SUBWORDS];
    for (row, unit) in ids.chunks_exact_mut(MOST_SUBWORDS).zip(units) {
        for (id, token) in row.iter_mut().zip(&unit.tokens) {
            *id = (1 + fnv1a_32(token.as_bytes()) % (VOCABULARY - 1)).cast_signed();
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn tokens(text: &str) -> Vec<Vec<String>> {
        units(text).into_iter().map(|unit| unit.tokens).collect()
    }

    #[test]
    fn words_have_grams_and_ideographs_their_neighbour() {
        assert_eq!(
            tokens("Cat 裙子 xl"),
            [
                vec!["w:cat", "g:<ca", "g:cat", "g:at>", "g:<cat", "g:cat>"],
                vec!["c:裙"],
                vec!["c:子", "b:裙子"],
                vec!["w:xl"],
            ]
        );
    }

    #[test]
    fn long_numbers_lose_their_digits() {
        assert_eq!(tokens("order 48213, 12"), tokens("order 00000, 12"));
        assert_ne!(tokens("12"), tokens("34"));
    }

    #[test]
    fn only_forty_units_of_twenty_subwords_are_read() {
        let units = units(&"interchangeability ".repeat(100));
        assert_eq!(units.len(), MOST_UNITS);
        assert_eq!(unit_ids(&units).len(), MOST_UNITS * MOST_SUBWORDS);
        assert!(super::units("").is_empty() && unit_ids(&[]).is_empty());
    }

    #[test]
    fn ids_are_as_the_trainer_made_them() {
        #[derive(serde::Deserialize)]
        struct Golden {
            text: String,
            units: Vec<Vec<i32>>,
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/units.json");
        let json = std::fs::read_to_string(path).expect("the golden file is in the repository");
        let golden: Vec<Golden> = serde_json::from_str(&json).expect("a list of text and units");
        assert!(!golden.is_empty());
        for Golden { text, units: rows } in golden {
            let found = unit_ids(&units(&text));
            let found: Vec<Vec<i32>> = found
                .chunks(MOST_SUBWORDS)
                .map(|row| row.iter().copied().filter(|id| *id != 0).collect())
                .collect();
            assert_eq!(found, rows, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_ids_within_the_table(text in ".{0,200}") {
            let ids = unit_ids(&units(&text));
            prop_assert!(ids.len() <= MOST_UNITS * MOST_SUBWORDS);
            prop_assert!(ids.iter().all(|id| (0..VOCABULARY.cast_signed()).contains(id)));
        }
    }
}
