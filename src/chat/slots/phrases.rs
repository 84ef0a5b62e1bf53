//! Phrases among tokens.

use crate::normalise::Token;

/// The longest of these that tokens begin with, in tokens.
pub(super) fn begins(tokens: &[Token], phrases: &[&str]) -> Option<usize> {
    let length = |phrase: &&str| {
        let mut taken = 0;
        let mut follows = |part: &str| {
            let same = tokens.get(taken).is_some_and(|token| token.text == part);
            taken += 1;
            same
        };
        let all = if phrase.is_ascii() {
            phrase.split(' ').all(follows)
        } else {
            phrase.chars().all(|c| follows(c.encode_utf8(&mut [0; 4])))
        };
        all.then_some(taken)
    };
    phrases.iter().filter_map(length).max()
}

/// What a rule finds in a text, each told by its surface and the proposal.
#[cfg(test)]
pub(super) fn said(
    text: &str,
    rule: impl Fn(&[Token]) -> Vec<super::Proposal>,
    tell: impl Fn(String, super::Proposal) -> String,
) -> Vec<String> {
    let text = crate::normalise::clean(text);
    let all = crate::normalise::tokens(&text);
    let letters: Vec<char> = text.chars().collect();
    let told = |proposal: super::Proposal| {
        let (first, last) = (&all[proposal.start], &all[proposal.end - 1]);
        tell(letters[first.start..last.end].iter().collect(), proposal)
    };
    rule(&all).into_iter().map(told).collect()
}
