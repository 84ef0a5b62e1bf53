//! From text to the subword ids that the `item-text` model reads.
//!
//! Everything here has a twin in `models/training/subwords.py`; `tests/golden/subwords.json` holds
//! both to the same ids. A change of one id makes every trained table meaningless, so the golden
//! file comes first.

use nearshelf_catalogue::Item;
use nearshelf_text::{each_subword, fnv1a_32, fold, is_apostrophe, is_cjk};

/// Number of ids the `item-text` model reads; longer texts are cut.
pub const MAX_TOKENS: usize = 128;

/// Rows of the model's table. Id 0 is padding, so tokens hash into `1..VOCABULARY`.
pub const VOCABULARY: u32 = 32_768;

/// How many of an item's category names, counted from the most specific, belong to its text.
const CATEGORY_NAMES: usize = 2;

/// Splits text into subwords and hashes each into `1..32768`; at most [`MAX_TOKENS`] ids.
///
/// The text is normalised (NFKC) and lowercased. Ideographs, kana and hangul give one token a
/// character and one a pair of neighbours. Other alphanumeric runs are words; apostrophes inside
/// them are dropped. A word gives itself and, from three characters on and unless it is all
/// digits, its character 3-grams and 4-grams between boundary marks.
pub fn subword_ids(text: &str) -> Vec<u32> {
    let mut ids = Ids::default();
    let mut word = String::new();
    let mut previous_cjk: Option<char> = None;
    for c in fold(text).chars() {
        if ids.full() {
            return ids.0;
        }
        if is_cjk(c) {
            ids.push_word(&mut word);
            ids.push("c:", &[c]);
            if let Some(previous) = previous_cjk {
                ids.push("b:", &[previous, c]);
            }
            previous_cjk = Some(c);
            continue;
        }
        previous_cjk = None;
        if c.is_alphanumeric() {
            word.push(c);
        } else if !is_apostrophe(c) {
            ids.push_word(&mut word);
        }
    }
    ids.push_word(&mut word);
    ids.0
}

/// The text that an item's embedding is made of: title, brand, the last two category names and
/// attribute values, of every locale, joined by single spaces.
///
/// All locales are read, so that one vector answers in each of them. The description is left out:
/// shops fill it with delivery terms and the like, which would make unlike items alike.
pub fn item_text(item: &Item) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for text in &item.texts {
        parts.push(&text.title);
        parts.push(&item.brand);
        let skipped = text.category.len().saturating_sub(CATEGORY_NAMES);
        parts.extend(text.category.iter().skip(skipped).map(String::as_str));
        parts.extend(text.attributes.iter().map(|(_, value)| value.as_str()));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

/// Ids collected so far, never more than [`MAX_TOKENS`].
#[derive(Default)]
struct Ids(Vec<u32>);

impl Ids {
    fn full(&self) -> bool {
        self.0.len() >= MAX_TOKENS
    }

    fn push(&mut self, prefix: &str, characters: &[char]) {
        if !self.full() {
            let token: String = prefix.chars().chain(characters.iter().copied()).collect();
            self.0
                .push(1 + fnv1a_32(token.as_bytes()) % (VOCABULARY - 1));
        }
    }

    /// Adds the tokens of a finished word and empties it.
    fn push_word(&mut self, word: &mut String) {
        if word.is_empty() {
            return;
        }
        let letters: Vec<char> = word.chars().collect();
        word.clear();
        each_subword(&letters, |prefix, characters| self.push(prefix, characters));
    }
}

#[cfg(test)]
mod tests;
