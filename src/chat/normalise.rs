//! What a shopper typed, made harmless and of one script, with the places where each token stood.

mod traditional;

use nearshelf_text::{fold, is_apostrophe, is_cjk};
pub use traditional::simplified;

/// Characters of a message that are read; the rest is left out, however long it is.
pub const MOST_CHARACTERS: usize = 1_000;

/// The message as it may be shown and read: control characters and marks that turn the direction
/// of writing are left out, white space is a single space, and only the first
/// [`MOST_CHARACTERS`] count.
#[must_use]
pub fn clean(message: &str) -> String {
    let mut text = String::new();
    let mut length = 0;
    // What is left out counts, too: a megabyte of nothing must not take long.
    for c in message.chars().take(4 * MOST_CHARACTERS) {
        if length == MOST_CHARACTERS {
            break;
        }
        let space = c.is_whitespace();
        if (space && (text.is_empty() || text.ends_with(' '))) || (!space && is_unseen(c)) {
            continue;
        }
        text.push(if space { ' ' } else { c });
        length += 1;
    }
    text.truncate(text.trim_end().len());
    text
}

/// Control characters, marks of direction, zero-width spaces and joiners, tags and private use.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0x00AD | 0x061C | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
            | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF9..=0xFFFB | 0xE000..=0xF8FF | 0xE0000..=0xE0FFF
            | 0xF0000..=0x10_FFFF
        )
}

/// Which kind of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters and digits of a script with spaces.
    Word,
    /// One character of a script without.
    Ideograph,
    /// One other character.
    Symbol,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Normalised (NFKC), in lower case, simplified, without apostrophes.
    pub text: String,
    /// First character of it in the text.
    pub start: usize,
    /// Character after the last.
    pub end: usize,
    /// What it is made of.
    pub kind: Kind,
    /// Whether white space stands before it, or nothing.
    pub spaced: bool,
}

/// The tokens of a cleaned text, in order; white space is none.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens: Vec<Token> = Vec::new();
    let mut spaced = true;
    let mut at = 0;
    while at < letters.len() {
        let start = at;
        at += 1;
        while letters.get(at).is_some_and(|c| is_mark(*c)) {
            at += 1;
        }
        let first = letters[start];
        if first.is_whitespace() {
            spaced = true;
            continue;
        }
        let inside = at < letters.len() && !spaced;
        if is_apostrophe(first) && inside && tokens.last().is_some_and(|t| t.kind == Kind::Word) {
            // What follows goes on with the word.
            if letters[at].is_alphanumeric() && !is_cjk(letters[at]) {
                if let Some(word) = tokens.last_mut() {
                    word.end = at;
                }
                continue;
            }
        }
        for c in folded(&letters[start..at]).chars() {
            add(&mut tokens, c, (start, at), spaced);
            spaced = false;
        }
    }
    tokens
}

fn add(tokens: &mut Vec<Token>, c: char, (start, end): (usize, usize), spaced: bool) {
    let kind = match c {
        c if is_cjk(c) => Kind::Ideograph,
        c if c.is_alphanumeric() || is_mark(c) => Kind::Word,
        _ => Kind::Symbol,
    };
    if c.is_whitespace() {
        return;
    }
    match tokens.last_mut() {
        Some(word)
            if kind == Kind::Word && word.kind == Kind::Word && !spaced && word.end >= start =>
        {
            word.text.push(c);
            word.end = end;
        }
        _ => tokens.push(Token {
            text: if kind == Kind::Ideograph {
                simplified(c)
            } else {
                c
            }
            .into(),
            start,
            end,
            kind,
            spaced,
        }),
    }
}

/// Marks that belong to the character before them.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036F | 0x3099..=0x309A | 0x20D0..=0x20FF)
}

fn folded(letters: &[char]) -> String {
    match letters {
        // Most of what is typed needs no table.
        [c] if c.is_ascii() => c.to_ascii_lowercase().into(),
        [c @ '\u{4E00}'..='\u{9FFF}'] => (*c).into(),
        _ => fold(&letters.iter().collect::<String>()),
    }
}

/// A text with its traditional characters simplified.
#[must_use]
pub fn in_simplified(text: &str) -> String {
    text.chars().map(simplified).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<String> {
        tokens(&clean(text))
            .into_iter()
            .map(|token| token.text)
            .collect()
    }

    #[test]
    fn what_cannot_be_seen_is_left_out() {
        assert_eq!(
            clean("red\u{202E}\u{0} \u{7}\n\t shoes\u{200B} "),
            "red shoes"
        );
        assert_eq!(clean("\u{202E}"), "");
    }

    #[test]
    fn only_the_first_thousand_characters_are_read() {
        assert_eq!(
            clean(&"ab ".repeat(40_000)).chars().count(),
            MOST_CHARACTERS
        );
        assert_eq!(clean(&"\u{202E}".repeat(100_000)), "");
        assert_eq!(
            clean(&"长".repeat(100_000)).chars().count(),
            MOST_CHARACTERS
        );
    }

    #[test]
    fn words_symbols_and_ideographs_are_told_apart() {
        assert_eq!(
            texts("Don't! $49.99 红色dress"),
            ["dont", "!", "$", "49", ".", "99", "红", "色", "dress"]
        );
        assert_eq!(texts("ＤＲＥＳＳ ２８ｃｍ"), ["dress", "28cm"]);
        assert_eq!(texts("Cafe\u{301}"), ["café"]);
    }

    #[test]
    fn traditional_characters_are_simplified() {
        assert_eq!(texts("連衣裙").concat(), "连衣裙");
        assert_eq!(in_simplified("退貨運費"), "退货运费");
    }

    #[test]
    fn a_token_says_where_it_stood() {
        let text = clean("get ２８ｃｍ don't");
        let letters: Vec<char> = text.chars().collect();
        let surface = |token: &Token| letters[token.start..token.end].iter().collect::<String>();
        let surfaces: Vec<String> = tokens(&text).iter().map(surface).collect();
        assert_eq!(surfaces, ["get", "２８ｃｍ", "don't"]);
    }

    proptest! {
        #[test]
        fn tokens_lie_in_order_within_any_text(text in any::<String>()) {
            let text = clean(&text);
            let length = text.chars().count();
            let mut before = 0;
            for token in tokens(&text) {
                prop_assert!(token.start < token.end && token.end <= length);
                prop_assert!(token.start >= before);
                before = token.start;
            }
        }
    }
}
