//! Sizes and quantities.

use super::numbers::number;
use super::prices::currency_at;
use super::{Proposal, SlotName};
use crate::normalise::{Kind, Token};

/// Sizes that are words, and the sign of each.
const SIZES: &[(&str, &str)] = &[
    ("xxs", "XXS"),
    ("xs", "XS"),
    ("s", "S"),
    ("m", "M"),
    ("l", "L"),
    ("xl", "XL"),
    ("xxl", "XXL"),
    ("2xl", "XXL"),
    ("xxxl", "XXXL"),
    ("3xl", "XXXL"),
    ("4xl", "4XL"),
    ("小码", "S"),
    ("小号", "S"),
    ("中码", "M"),
    ("中号", "M"),
    ("大码", "L"),
    ("大号", "L"),
    ("加大", "XL"),
    ("加大码", "XL"),
    ("加加大", "XXL"),
    ("特大", "XL"),
    ("加小", "XS"),
    ("加小码", "XS"),
    ("均码", "one size"),
    ("单人", "single"),
    ("双人", "double"),
    ("宽松", "oversized"),
];
/// Sizes that stay what they are.
const NAMED: &[&str] = &[
    "small",
    "medium",
    "large",
    "king",
    "queen",
    "single",
    "double",
    "oversized",
    "petite",
    "tall",
    "one size",
    "extra large",
];
const UNITS: &[(&str, &str)] = &[
    ("cm", "cm"),
    ("mm", "mm"),
    ("inch", "inch"),
    ("inches", "inch"),
    ("in", "inch"),
    ("\"", "inch"),
    ("寸", "inch"),
    ("英寸", "inch"),
    ("厘米", "cm"),
    ("公分", "cm"),
    ("ml", "ml"),
    ("l", "l"),
    ("升", "l"),
    ("毫升", "ml"),
    ("litre", "l"),
    ("litres", "l"),
    ("liter", "l"),
    ("liters", "l"),
    ("kg", "kg"),
    ("g", "g"),
    ("公斤", "kg"),
    ("米", "m"),
    ("m", "m"),
    ("ft", "ft"),
    ("oz", "oz"),
];
/// What things are counted by.
const COUNTERS: &[&str] = &[
    "个", "件", "双", "条", "套", "只", "盒", "瓶", "支", "包", "把", "份", "本", "张", "顶", "副",
    "对", "台", "箱", "袋", "罐", "块", "枚", "束", "pairs", "pair", "pieces", "pcs", "pack",
    "packs", "x", "boxes", "bottles", "sets", "of", "piece", "pc", "set", "seat", "seats",
    "seater", "seaters", "bags", "jars", "cans", "片", "根", "粒", "颗", "盏", "部", "辆", "杯",
    "卷", "座", "幅", "壶", "桶", "朵", "株", "棵", "匹", "串", "叠", "身",
];
/// What "of ten" follows: a pack of ten.
const PACKS: &[&str] = &[
    "pack", "packs", "set", "box", "bag", "case", "lot", "bundle",
];

fn joined(tokens: &[Token], length: usize) -> Option<String> {
    let texts: Vec<&str> = tokens
        .get(..length)?
        .iter()
        .map(|token| token.text.as_str())
        .collect();
    let words = tokens.first()?.kind == Kind::Word && length > 1;
    Some(texts.join(if words { " " } else { "" }))
}

fn unit(tokens: &[Token]) -> Option<(usize, &'static str)> {
    (1..=2).rev().find_map(|length| {
        let text = joined(tokens, length)?;
        let (_, unit) = UNITS.iter().find(|(written, _)| *written == text)?;
        Some((length, *unit))
    })
}

/// Whether what follows a number says what it counts or measures.
pub(super) fn is_counted(after: &[Token]) -> bool {
    let next = after.first().map(|token| token.text.as_str());
    unit(after).is_some()
        || next.is_some_and(|next| {
            COUNTERS.contains(&next)
                || matches!(
                    next,
                    "days"
                        | "weeks"
                        | "years"
                        | "people"
                        | "%"
                        | "天"
                        | "周"
                        | "岁"
                        | "人"
                        | "码"
                        | "号"
                )
        })
}

/// Sizes that are words, numbers with a unit, and numbers beside the word for size.
pub(super) fn sizes(tokens: &[Token]) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match size(tokens, at) {
            Some((end, value)) => {
                found.push(Proposal {
                    name: SlotName::Size,
                    start: at,
                    end,
                    value: Some(value),
                });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn size(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let rest = tokens.get(at..)?;
    let text = rest.first()?.text.as_str();
    let said = |length: usize| joined(rest, length);
    if matches!(text, "size" | "uk" | "eu" | "us" | "age") {
        let (length, value) = number(rest.get(1..)?)?;
        let prefix = if text == "age" {
            "age ".to_owned()
        } else if text == "size" {
            String::new()
        } else {
            format!("{} ", text.to_ascii_uppercase())
        };
        return Some((at + 1 + length, format!("{prefix}{value}")));
    }
    for length in (1..=3).rev() {
        let Some(said) = said(length) else { continue };
        if let Some((written, sign)) = SIZES.iter().find(|(written, _)| *written == said) {
            let more = usize::from(
                written.is_ascii()
                    && rest
                        .get(length)
                        .is_some_and(|next| matches!(next.text.as_str(), "码" | "号" | "size")),
            );
            return Some((at + length + more, (*sign).to_owned()));
        }
        if NAMED.contains(&said.as_str()) {
            return Some((at + length, said));
        }
    }
    if is_dimensions(text) {
        return Some((at + 1, text.to_owned()));
    }
    if let Some((number, unit)) = measured(text) {
        return Some((at + 1, format!("{number} {unit}")));
    }
    if is_of_letters_and_digits(text) {
        return Some((at + 1, text.to_ascii_uppercase()));
    }
    let (length, value) = number(rest)?;
    if let [metre, after @ ..] = &rest[length.min(rest.len())..]
        && metre.text == "米"
        && let Some((more, hundredths)) = hundredths(after)
    {
        let metres = (value * 100.0 + hundredths).round() / 100.0;
        return Some((at + length + 1 + more, format!("{metres} m")));
    }
    if let Some((more, unit)) = unit(rest.get(length..).unwrap_or_default()) {
        return Some((at + length + more, format!("{value} {unit}")));
    }
    let next = rest.get(length).map(|token| token.text.as_str());
    match next {
        Some("码") => Some((at + length + 1, format!("{value}"))),
        Some("岁") => Some((at + length + 1, format!("age {value}"))),
        Some("x" | "×" | "*") => {
            let (more, second) = number(rest.get(length + 1..)?)?;
            Some((at + length + 1 + more, format!("{value}x{second}")))
        }
        _ => None,
    }
}

/// What follows 米: 1米8 is 1.8 m, 1米85 and 一米八五 are 1.85 m, 2米50元 is 2 m. How many tokens, and the hundredths.
fn hundredths(after: &[Token]) -> Option<(usize, f64)> {
    let digit = |at: usize| {
        let (_, digit) = number(std::slice::from_ref(after.get(at)?))?;
        (digit < 10.0).then_some(digit)
    };
    let ends = |at: usize| {
        let rest = after.get(at..).unwrap_or_default();
        !is_counted(rest) && currency_at(rest).is_none()
    };
    let first = after.first()?;
    if first.text.len() == 2 && !first.spaced {
        let (_, value) = number(std::slice::from_ref(first))?;
        return ends(1).then_some((1, value));
    }
    let tenths = digit(0).filter(|_| first.text.len() != 2)? * 10.0;
    match digit(1).filter(|_| first.kind == Kind::Ideograph && ends(2)) {
        Some(digit) => Some((2, tenths + digit)),
        None => Some((1, tenths)),
    }
}

/// `36d` and `75b` of underwear, `w32` and `l34` of jeans, `a4` of paper.
fn is_of_letters_and_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes {
        [a, b, cup] => {
            (a.is_ascii_digit() && b.is_ascii_digit() && matches!(cup, b'a'..=b'f'))
                || (matches!(a, b'w' | b'l') && b.is_ascii_digit() && cup.is_ascii_digit())
        }
        [b'a', b'2'..=b'6'] => true,
        _ => false,
    }
}

/// `60x60`, `200x90x30`.
fn is_dimensions(text: &str) -> bool {
    let parts: Vec<&str> = text.split('x').collect();
    (2..=3).contains(&parts.len())
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `28cm`.
fn measured(text: &str) -> Option<(&str, &'static str)> {
    let letters = text
        .find(|c: char| !c.is_ascii_digit())
        .filter(|at| *at > 0)?;
    let (number, word) = text.split_at(letters);
    let (_, unit) = UNITS.iter().find(|(written, _)| *written == word)?;
    Some((number, unit))
}

/// The sign of a size, whatever words it is said with.
pub(super) fn size_value(tokens: &[Token], surface: &str) -> String {
    match size(tokens, 0) {
        Some((_, value)) => value,
        None => {
            let text = surface.trim();
            let digits = text.trim_end_matches(['号', '码']);
            let short = digits.chars().count() <= 3 && digits.is_ascii();
            if short {
                digits.to_ascii_uppercase()
            } else {
                digits.to_owned()
            }
        }
    }
}

/// Numbers before a counter.
pub(super) fn quantities(tokens: &[Token]) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((length, value)) = number(&tokens[at..]) else {
            at += 1;
            continue;
        };
        let end = at + length;
        let word = |at: usize| tokens.get(at).map(|token| token.text.as_str());
        // A hyphen makes it what the thing is: "a two-piece suit".
        let next = word(end);
        let times = at > 0 && matches!(tokens[at - 1].text.as_str(), "x" | "×");
        let pack = at > 1
            && word(at - 1) == Some("of")
            && word(at - 2).is_some_and(|pack| PACKS.contains(&pack));
        let dozen = tokens[at..end]
            .iter()
            .any(|token| matches!(token.text.as_str(), "dozen" | "打"));
        if value.fract() == 0.0
            && (1.0..10_000.0).contains(&value)
            && (times || pack || dozen || next.is_some_and(|next| COUNTERS.contains(&next)))
        {
            found.push(Proposal {
                name: SlotName::Quantity,
                start: at,
                end,
                value: Some(format!("{value}")),
            });
        }
        at = end;
    }
    found
}

/// The whole number that tokens say.
pub(super) fn quantity_value(tokens: &[Token]) -> Option<String> {
    let (_, value) = (0..tokens.len()).find_map(|at| number(&tokens[at..]))?;
    Some(format!("{value:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::{clean, tokens};

    fn values(found: Vec<Proposal>) -> Vec<String> {
        found.into_iter().filter_map(|p| p.value).collect()
    }

    #[test]
    fn what_is_counted_is_a_quantity() {
        for (text, wanted) in [
            ("two of them", "2"),
            ("a pack of 10 socks", "10"),
            ("make it a dozen", "12"),
            ("凑一打加进去", "12"),
            ("来三只", "3"),
            ("要两座的", "2"),
        ] {
            assert_eq!(
                values(quantities(&tokens(&clean(text)))),
                [wanted],
                "{text}"
            );
        }
        for text in [
            "one day",
            "50",
            "iphone 12",
            "不打折",
            "半打折",
            "半打开",
            "a two-piece suit",
            "one-piece swimsuit",
            "a 3-seater sofa",
            "",
        ] {
            assert_eq!(values(quantities(&tokens(&clean(text)))), [""; 0], "{text}");
        }
    }

    #[test]
    fn sizes_are_read_with_their_units_and_letters() {
        for (text, wanted) in [
            ("size 40", "40"),
            ("36d please", "36D"),
            ("w32", "W32"),
            ("1米8的床", "1.8 m"),
            ("20 liters", "20 l"),
            ("60x60", "60x60"),
            ("38码", "38"),
            ("a4", "A4"),
            ("50g", "50 g"),
            ("80g of tea", "80 g"),
            ("1米85", "1.85 m"),
            ("2米05", "2.05 m"),
            ("一米八五", "1.85 m"),
            ("一米八", "1.8 m"),
        ] {
            assert_eq!(values(sizes(&tokens(&clean(text)))), [wanted], "{text}");
        }
    }
    #[test]
    fn a_price_after_metres_is_no_part_of_them() {
        assert_eq!(values(sizes(&tokens(&clean("2米50元")))), ["2 m"]);
        let bed = values(sizes(&tokens(&clean("1米8双人床"))));
        assert_eq!(bed, ["1.8 m", "double"]);
    }
}
