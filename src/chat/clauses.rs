//! A message that asks for several things, cut where one ends.

/// Most clauses that are looked at by themselves.
pub const MOST_CLAUSES: usize = 4;
/// Characters of a clause below which it is no request of its own.
const LEAST_CHARACTERS: usize = 4;
/// Words between two requests, in lower case.
const LINKS: &[&str] = &[
    " and also ",
    " and then ",
    " and can ",
    " and where ",
    " and what ",
    " and how ",
    " and do ",
    " also ",
    " plus ",
    "另外",
    "还有",
    "顺便",
    "以及",
    "同时",
    "再帮我",
    "再问",
];

/// The clauses of a cleaned text, in order; the whole text where it is one.
#[must_use]
pub fn clauses(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for sentence in text
        .split([
            '?', '!', ';', '\u{ff1f}', '\u{ff01}', '\u{ff1b}', '\u{3002}',
        ])
        .flat_map(|part| part.split(". "))
    {
        let mut rest = sentence;
        while let Some((at, length)) = link(rest) {
            found.push(&rest[..at]);
            rest = &rest[at + length..];
        }
        found.push(rest);
    }
    let mut clauses: Vec<&str> = found
        .into_iter()
        .map(|clause| clause.trim_matches([' ', ',', '.', '，', '、']))
        .filter(|clause| weight(clause) >= LEAST_CHARACTERS)
        .collect();
    if clauses.len() < 2 {
        return vec![text];
    }
    clauses.truncate(MOST_CLAUSES);
    clauses
}

/// An ideograph says as much as two letters.
fn weight(clause: &str) -> usize {
    clause
        .chars()
        .map(|c| if c.is_ascii() { 1 } else { 2 })
        .sum()
}

fn link(text: &str) -> Option<(usize, usize)> {
    // Of the same length in bytes, so that places are those of the text.
    let lower = text.to_ascii_lowercase();
    LINKS
        .iter()
        .filter_map(|link| Some((lower.find(link)?, link.len())))
        .filter(|(at, _)| *at > 0)
        .min()
}

#[cfg(test)]
mod tests {
    use super::{MOST_CLAUSES, clauses};

    #[test]
    fn requests_are_cut_apart() {
        assert_eq!(
            clauses("Where is my order? And do you have red shoes?"),
            ["Where is my order", "And do you have red shoes"]
        );
        assert_eq!(
            clauses("我要退货，另外有没有红色的鞋"),
            ["我要退货", "有没有红色的鞋"]
        );
        assert_eq!(
            clauses("show me dresses and also cancel my order"),
            ["show me dresses", "cancel my order"]
        );
    }

    #[test]
    fn one_request_stays_whole() {
        for text in ["a red dress, size M", "Hi! red?", "", "???", "also"] {
            assert_eq!(clauses(text), [text]);
        }
    }

    #[test]
    fn there_are_never_more_than_are_looked_at() {
        assert_eq!(clauses(&"where is it? ".repeat(50)).len(), MOST_CLAUSES);
    }
}
