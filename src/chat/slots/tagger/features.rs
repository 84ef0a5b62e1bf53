//! What a tagger sees of each token.

use super::{Proposal, begin};
use crate::normalise::{Kind, Token};
use crate::slots::numbers::number;
use nearshelf_text::fnv1a_32;

/// The features of each token, hashed. What is asked tells whether a word narrows it, so that the intent is seen, too.
pub(super) fn features(
    tokens: &[Token],
    proposals: &[Proposal],
    intents: &[&str],
) -> Vec<Vec<u32>> {
    // Begin or inside of each slot that is proposed for a token.
    let mut marks: Vec<Vec<usize>> = vec![Vec::new(); tokens.len()];
    for proposal in proposals {
        for (at, marks) in marks
            .iter_mut()
            .enumerate()
            .take(proposal.end)
            .skip(proposal.start)
        {
            marks.push(begin(proposal.name) + usize::from(at > proposal.start));
        }
    }
    for marks in &mut marks {
        marks.sort_unstable();
        marks.dedup();
    }
    (0..tokens.len())
        .map(|at| of_token(tokens, &marks, intents, at))
        .collect()
}

fn of_token(tokens: &[Token], marks: &[Vec<usize>], intents: &[&str], at: usize) -> Vec<u32> {
    let text = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .map_or("^", |token| shown(token))
    };
    let (this, before, after) = (text(Some(at)), text(at.checked_sub(1)), text(Some(at + 1)));
    let two_before = text(at.checked_sub(2));
    let two_after = text(Some(at + 2));
    let mut rows = Vec::with_capacity(40);
    let mut add = |name: &str, parts: &[&str]| {
        let mut feature = name.to_owned();
        for part in parts {
            feature.push('\u{1f}');
            feature.push_str(part);
        }
        rows.push(fnv1a_32(feature.as_bytes()));
    };
    add("b", &[]);
    add("w", &[this]);
    add("p", &[before]);
    add("n", &[after]);
    add("pp", &[two_before, before]);
    add("nn", &[after, two_after]);
    add("pw", &[before, this]);
    add("wn", &[this, after]);
    add("pn", &[before, after]);
    add("ppw", &[two_before, before, this]);
    add("wnn", &[this, after, two_after]);
    let shape = shape(&tokens[at..]);
    add("s", &[shape]);
    add("sp", &[shape, before]);
    add("sn", &[shape, after]);
    let right_shape = self::shape(tokens.get(at + 1..).unwrap_or_default());
    let left_shape = at
        .checked_sub(1)
        .map_or("", |at| self::shape(&tokens[at..]));
    add("ss", &[left_shape, shape, right_shape]);
    if tokens[at].kind == Kind::Word {
        let letters: Vec<char> = this.chars().take(24).collect();
        for length in [2, 3, 4] {
            if letters.len() > length {
                add(
                    "e",
                    &[&letters[letters.len() - length..].iter().collect::<String>()],
                );
            }
        }
        if letters.len() > 4 {
            add("f", &[&letters[..4].iter().collect::<String>()]);
        }
    }
    let marks_at = |at: Option<usize>| {
        at.and_then(|at| marks.get(at))
            .map_or(&[][..], Vec::as_slice)
    };
    let all = |marks: &[usize]| {
        marks
            .iter()
            .map(|mark| char::from(b'A' + *mark as u8))
            .collect::<String>()
    };
    let (here, left, right) = (
        all(marks_at(Some(at))),
        all(marks_at(at.checked_sub(1))),
        all(marks_at(Some(at + 1))),
    );
    add("m", &[&here]);
    add("mp", &[&left, &here]);
    add("mn", &[&here, &right]);
    add("mpn", &[&left, &here, &right]);
    add("ms", &[shape, &here, &right]);
    add("mw", &[&here, before]);
    add("mx", &[&here, after]);
    add("ml", &[&left, this]);
    add("mr", &[&right, this]);
    for (place, intent) in ["", "2"].iter().zip(intents) {
        add("i", &[place, intent]);
        add("im", &[place, intent, &here]);
        add("iw", &[place, intent, this]);
        add("imp", &[place, intent, &here, before]);
        add("is", &[place, intent, shape]);
    }
    if let [first, second, ..] = intents {
        add("iim", &[first, second, &here]);
    }
    for mark in marks_at(Some(at)) {
        let mark = mark.to_string();
        for (place, intent) in ["", "2"].iter().zip(intents) {
            add("ik", &[place, intent, &mark]);
        }
        add("k", &[&mark]);
        add("kp", &[&mark, before]);
        add("kn", &[&mark, after]);
        add("ks", &[&mark, shape]);
    }
    rows
}

/// Numbers of three digits and more are alike.
fn shown(token: &Token) -> &str {
    let digits = token.text.len() >= 3 && token.text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { "000" } else { &token.text }
}

fn shape(tokens: &[Token]) -> &'static str {
    let Some(token) = tokens.first() else {
        return "";
    };
    let digits = token.text.chars().filter(char::is_ascii_digit).count();
    let length = token.text.chars().count();
    match token.kind {
        Kind::Ideograph if "零一二两俩三四五六七八九十百千万".contains(&token.text) => {
            "numeral"
        }
        Kind::Ideograph => "ideograph",
        Kind::Symbol => "symbol",
        Kind::Word if digits == length => match length {
            1 => "1",
            2 => "2",
            3 | 4 => "34",
            _ => "5",
        },
        Kind::Word if digits > 0 => "mixed",
        Kind::Word if number(tokens).is_some() => "numeral",
        Kind::Word if length <= 2 => "short",
        Kind::Word => "word",
    }
}
