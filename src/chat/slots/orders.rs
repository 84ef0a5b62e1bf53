//! Order numbers.

use super::{Proposal, SlotName};
use crate::normalise::{Kind, Token};

/// `60-120`: two short numbers, the second above the first.
fn is_short_range(text: &str) -> bool {
    let Some((first, second)) = text.split_once('-') else {
        return false;
    };
    let number = |part: &str| {
        let short = (1..=4).contains(&part.len()) && !part.starts_with('0');
        part.parse::<u32>().ok().filter(|_| short)
    };
    matches!((number(first), number(second)), (Some(first), Some(second)) if first < second)
}

/// Long numbers, and ones with letters and dashes, perhaps after a `#`.
pub(super) fn order_numbers(tokens: &[Token]) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let start = at;
        let hash = tokens[at].text == "#";
        at += usize::from(hash);
        let mut end = at;
        while let Some(token) = tokens.get(end) {
            let joins = matches!(token.text.as_str(), "-" | "/" | "_") && !token.spaced && end > at;
            let goes_on = token.kind == Kind::Word
                && token.text.is_ascii()
                && (end == at || (!token.spaced && tokens[end - 1].kind == Kind::Symbol));
            if !(goes_on
                || (joins
                    && tokens.get(end + 1).is_some_and(|next| {
                        next.kind == Kind::Word && !next.spaced && next.text.is_ascii()
                    })))
            {
                break;
            }
            end += 1;
        }
        let text: String = tokens[at..end]
            .iter()
            .map(|token| token.text.as_str())
            .collect();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let letters = text.chars().filter(char::is_ascii_alphabetic).count();
        let cue = start > 0
            && tokens[start.saturating_sub(3)..start].iter().any(|token| {
                matches!(
                    token.text.as_str(),
                    "order" | "number" | "no" | "单" | "号" | "nr" | "ref"
                )
            });
        let long = digits >= 5
            || (digits >= 4 && cue)
            || (digits >= 2 && hash)
            || (digits >= 2 && letters > 0 && letters <= 4 && end - at > 2 && digits >= letters);
        if end > at && long && (hash || cue || !is_short_range(&text)) {
            found.push(Proposal {
                name: SlotName::OrderNumber,
                start,
                end,
                value: None,
            });
        }
        at = end.max(start + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::order_numbers;
    use crate::normalise::{clean, tokens};

    fn found(text: &str) -> Vec<String> {
        let all = tokens(&clean(text));
        let texts = |p: crate::slots::Proposal| {
            let inside = all[p.start..p.end].iter();
            inside.map(|token| token.text.as_str()).collect()
        };
        order_numbers(&all).into_iter().map(texts).collect()
    }

    #[test]
    fn long_numbers_and_ones_with_letters_are_orders() {
        for (text, wanted) in [
            ("where is #48213", "#48213"),
            ("PX/2026/0415 status", "px/2026/0415"),
            ("order 4471-K", "4471-k"),
            ("订单20260318774", "20260318774"),
        ] {
            assert_eq!(found(text), [wanted], "{text}");
        }
    }

    #[test]
    fn prices_and_sizes_are_none() {
        for text in ["60-120", "size 42", "two", "300 元", "", "#", "-"] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
