//! Which of the languages a message is in.

use crate::normalise::{Kind, Token};
use serde::{Deserialize, Serialize};

/// A language that the assistant answers in, or both at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, and whatever else is written in words.
    En,
    /// Chinese.
    Zh,
    /// Chinese with words of English in it.
    Mixed,
}

/// Two ideographs say about as much as a word. `None` where a message has neither.
#[must_use]
pub fn detect(tokens: &[Token]) -> Option<Language> {
    let count = |wanted: fn(&Token) -> bool| tokens.iter().filter(|token| wanted(token)).count();
    let ideographs = count(|token| token.kind == Kind::Ideograph);
    // Numbers and sizes are of no language.
    let words = count(|token| {
        token.kind == Kind::Word
            && token.text.chars().count() > 2
            && token.text.chars().all(char::is_alphabetic)
    });
    match (ideographs, words) {
        (0, 0) if count(|token| token.kind == Kind::Word) == 0 => None,
        (0, _) => Some(Language::En),
        (_, 0) => Some(Language::Zh),
        (ideographs, words) if ideographs < words => Some(Language::En),
        _ => Some(Language::Mixed),
    }
}

impl Language {
    /// Whether the answer is in Chinese.
    #[must_use]
    pub fn is_chinese(self) -> bool {
        self != Self::En
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, detect};
    use crate::normalise::{clean, tokens};

    #[test]
    fn the_script_tells_the_language() {
        for (text, language) in [
            ("a red dress", Some(Language::En)),
            ("有没有红色的连衣裙", Some(Language::Zh)),
            ("T恤 XL 有吗", Some(Language::Zh)),
            ("这条dress有M码吗", Some(Language::Mixed)),
            (
                "do you sell the 旗袍 that I saw last week",
                Some(Language::En),
            ),
            ("M?", Some(Language::En)),
            ("?!", None),
            ("", None),
        ] {
            assert_eq!(detect(&tokens(&clean(text))), language, "{text}");
        }
    }
}
