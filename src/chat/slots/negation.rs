//! Whether a slot is ruled out: "not red", "anything but leather", "不要拉链".

use crate::normalise::{Kind, Token};

const BEFORE: &[&str] = &[
    "not",
    "no",
    "without",
    "except",
    "never",
    "dont",
    "isnt",
    "arent",
    "hate",
    "avoid",
    "minus",
    "non",
    "excluding",
    "exclude",
    "nothing",
    "hide",
    "apart",
    "instead",
    "but",
    "nix",
    "allergic",
    "skip",
];
/// Between a negation and what it rules out.
const BETWEEN: &[&str] = &[
    "in", "a", "an", "the", "any", "want", "like", "made", "of", "from", "with", "to", "too",
    "that", "have", "show", "me", "by", "need", "really", "as", "for", "is", "be", "all", "those",
];
/// What ends a negation before its word is reached: a pause ("no, red"), "not only", "not just", "nothing under".
const ENDS: &[&str] = &[
    ",", ".", "!", ";", "?", "only", "just", "sure", "more", "less", "under", "over", "below",
];
/// A negation that asks for something: "but in red", "not just", "no, red".
const TURNS: &[&str] = &["but", "instead"];
const BEFORE_ZH: &[&str] = &[
    "不要",
    "不想要",
    "别",
    "除了",
    "不是",
    "不含",
    "不喜欢",
    "不带",
    "没有",
    "非",
    "不用",
    "排除",
    "讨厌",
    "别要",
    "别给我",
    "去掉",
    "不",
    "无",
    "过敏",
];
/// After it: "leather is out", "红色除外".
const AFTER_ZH: &[&str] = &[
    "除外",
    "不要",
    "以外",
    "之外",
    "过敏",
    "就算了",
    "不行",
    "不考虑",
];

/// Whether the tokens from `first` to `end` are ruled out by what stands around them.
pub(super) fn is_negated(tokens: &[Token], first: usize, end: usize) -> bool {
    let ideographs = tokens
        .get(first)
        .is_some_and(|token| token.kind == Kind::Ideograph);
    chinese(tokens, first, end)
        || (!ideographs && english(tokens, first, end))
        || (ideographs && english_near(tokens, first))
}

fn english(tokens: &[Token], first: usize, end: usize) -> bool {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut at = first;
    let mut after_or = false;
    for _ in 0..5 {
        let Some(before) = at.checked_sub(1) else {
            break;
        };
        at = before;
        let text = word(at);
        if TURNS.contains(&text) {
            // "anything but red" rules out, "the same but red" doesn't; "instead of red" does.
            return (text == "but"
                && at > 0
                && matches!(
                    word(at - 1),
                    "anything" | "everything" | "any" | "nothing" | "all"
                ))
                || (text == "instead" && word(at + 1) == "of");
        }
        if BEFORE.contains(&text) {
            return !(at + 1..first).any(|between| ENDS.contains(&word(between)));
        }
        if text == "or" || text == "nor" {
            // "no red or pink": what rules out the one rules out the other.
            after_or = true;
            continue;
        }
        if !BETWEEN.contains(&text) && !std::mem::take(&mut after_or) {
            return false;
        }
    }
    matches!(word(end), "free")
        || (matches!(word(end), "is" | "are") && matches!(word(end + 1), "out" | "ugly"))
}

/// English around Chinese: "not 红色".
fn english_near(tokens: &[Token], first: usize) -> bool {
    first
        .checked_sub(1)
        .and_then(|at| tokens.get(at))
        .is_some_and(|token| matches!(token.text.as_str(), "not" | "no" | "without"))
}

fn chinese(tokens: &[Token], first: usize, end: usize) -> bool {
    let text = |from: usize, to: usize| -> String {
        tokens
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .map(|token| token.text.as_str())
            .collect()
    };
    // A pause, and what follows it, is another matter.
    let from = (first.saturating_sub(5)..first)
        .rev()
        .find(|at| tokens[*at].kind == Kind::Symbol)
        .map_or(first.saturating_sub(5), |at| at + 1);
    let before = text(from, first);
    let negates = BEFORE_ZH.iter().any(|word| {
        before.find(word).is_some_and(|at| {
            let rest = &before[at + word.len()..];
            let asks = before[..at].ends_with('有')
                || (before[..at].ends_with('要') && word.starts_with('不'))
                || (before[..at].ends_with('是') && word.starts_with('不'));
            let close = rest.chars().count() <= 2
                && !rest.contains(['的', '要', '贵', '错', '想', '到', '超', '过', '知']);
            let question = *word == "没有";
            !asks && close && !question && (*word != "不" || rest.is_empty())
        })
    });
    let after = text(end, (end + 5).min(tokens.len()));
    let after = after.strip_prefix(['的', '色']).unwrap_or(&after);
    negates
        || AFTER_ZH
            .iter()
            .any(|word| after.strip_prefix("的").unwrap_or(after).starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::is_negated;
    use crate::normalise::{clean, tokens};

    /// Whether `what` is ruled out in `text`.
    fn negated(text: &str, what: &str) -> bool {
        let all = tokens(&clean(text));
        let wanted = tokens(what);
        let first = all
            .windows(wanted.len())
            .position(|window| window.iter().zip(&wanted).all(|(a, b)| a.text == b.text));
        first.is_some_and(|first| is_negated(&all, first, first + wanted.len()))
    }

    #[test]
    fn what_is_not_wanted_is_ruled_out() {
        for (text, what) in [
            ("a dress, not red", "red"),
            ("anything except white", "white"),
            ("no leather please", "leather"),
            ("without a zip", "zip"),
            ("anything but pink", "pink"),
            ("not in black or grey", "grey"),
            ("不要拉链的", "拉链"),
            ("除了红色都行", "红色"),
            ("红色除外", "红色"),
        ] {
            assert!(negated(text, what), "{text}");
        }
    }

    #[test]
    fn what_is_wanted_is_not() {
        for (text, what) in [
            ("no, red", "red"),
            ("not red but blue", "blue"),
            ("the same but red", "red"),
            ("有没有红色", "红色"),
            ("要不要红色", "红色"),
            ("不贵的裙子", "裙子"),
            ("not only red", "red"),
            ("I don't know, red", "red"),
            ("不要红色，要蓝色", "蓝色"),
        ] {
            assert!(!negated(text, what), "{text}");
        }
    }
}
