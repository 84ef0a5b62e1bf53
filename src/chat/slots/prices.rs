//! Prices that a message states: an amount, perhaps a currency, and on which side it bounds.

use super::measures::is_counted;
use super::numbers::{decimal, number};
use super::{Proposal, SlotName};
use crate::normalise::Token;

/// Currency of a sign or a word, ISO 4217.
pub(super) fn currency(text: &str) -> Option<&'static str> {
    Some(match text {
        "$" | "usd" | "dollar" | "dollars" | "bucks" | "buck" | "美元" | "美金" | "刀" => {
            "USD"
        }
        "¥" | "cny" | "rmb" | "yuan" | "元" | "块" | "块钱" | "人民币" | "kuai" => "CNY",
        "€" | "eur" | "euro" | "euros" | "欧元" | "欧" => "EUR",
        "£" | "gbp" | "pound" | "pounds" | "quid" | "英镑" | "镑" => "GBP",
        _ => return None,
    })
}

/// The currency that begins at a token: how many tokens, and which.
pub(super) fn currency_at(tokens: &[Token]) -> Option<(usize, &'static str)> {
    (1..=3).rev().find_map(|length| {
        let text: String = tokens
            .get(..length)?
            .iter()
            .map(|token| token.text.as_str())
            .collect();
        Some((length, currency(&text)?))
    })
}

const BELOW: &[&str] = &[
    "under",
    "below",
    "less than",
    "max",
    "maximum",
    "up to",
    "within",
    "at most",
    "no more than",
    "not more than",
    "cheaper than",
    "budget",
    "cap",
    "limit",
    "tops",
    "not over",
    "to about",
    "up to about",
    "around",
    "about",
    "spend",
    "only have",
    "beneath",
    "不超过",
    "不超",
    "最多",
    "预算",
    "低于",
    "小于",
    "少于",
    "不到",
    "控制在",
    "别超过",
    "顶多",
    "至多",
    "不高于",
    "大概",
    "加到",
    "降到",
    "以下",
];
const ABOVE: &[&str] = &[
    "over",
    "above",
    "more than",
    "at least",
    "from",
    "min",
    "minimum",
    "starting at",
    "upwards of",
    "nothing under",
    "not under",
    "no less than",
    "nothing below",
    "not below",
    "beyond",
    "不低于",
    "至少",
    "最少",
    "起码",
    "高于",
    "大于",
    "超过",
    "满",
    "从",
];
const BELOW_AFTER: &[&str] = &[
    "以内", "以下", "之内", "内", "左右", "上下", "封顶", "max", "or less", "tops", "at most",
    "or under", "or below", "budget", "以里", "maximum", "limit",
];
const ABOVE_AFTER: &[&str] = &[
    "以上",
    "起",
    "起步",
    "and up",
    "up",
    "or more",
    "and above",
    "or above",
    "plus",
    "往上",
    "upwards",
    "minimum",
    "打底",
];

/// Words (with spaces) or characters at the end of what is before, or the begin of what is after.
fn ends_with(before: &[Token], phrase: &str) -> bool {
    let mut rest = before.iter().rev();
    let parts: Vec<String> = parts(phrase);
    parts
        .iter()
        .rev()
        .all(|part| rest.next().is_some_and(|token| token.text == *part))
}

fn begins_with(after: &[Token], phrase: &str) -> bool {
    let parts = parts(phrase);
    after.len() >= parts.len()
        && parts
            .iter()
            .zip(after)
            .all(|(part, token)| token.text == *part)
}

fn parts(phrase: &str) -> Vec<String> {
    if phrase.is_ascii() {
        phrase.split(' ').map(str::to_owned).collect()
    } else {
        phrase.chars().map(String::from).collect()
    }
}

/// An amount with its currency, if it states one: tokens from `start` to `end`.
struct Amount {
    start: usize,
    end: usize,
    value: f64,
    currency: Option<&'static str>,
}

fn amount(tokens: &[Token], start: usize) -> Option<Amount> {
    let sign = currency_at(tokens.get(start..)?).filter(|(length, _)| *length == 1);
    let sign = sign.filter(|_| !tokens[start].text.chars().all(char::is_alphabetic));
    let from = start + sign.map_or(0, |(length, _)| length);
    let rest = tokens.get(from..)?;
    if let Some((value, code)) = joined(rest.first()?) {
        return Some(Amount {
            start,
            end: from + 1,
            value,
            currency: Some(code),
        });
    }
    let (length, value) = number(rest)?;
    let end = from + length;
    let after = currency_at(tokens.get(end..).unwrap_or_default());
    Some(match (sign, after) {
        (Some((_, code)), _) => Amount {
            start,
            end,
            value,
            currency: Some(code),
        },
        (None, Some((length, code))) => Amount {
            start,
            end: end + length,
            value,
            currency: Some(code),
        },
        (None, None) => Amount {
            start,
            end,
            value,
            currency: None,
        },
    })
}

/// `50usd`.
fn joined(token: &Token) -> Option<(f64, &'static str)> {
    let letters = token.text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, word) = token.text.split_at(letters);
    Some((decimal(digits)?, currency(word)?))
}

/// `50` or `49.99 USD`.
pub(super) fn written(value: f64, currency: Option<&str>) -> String {
    let number = if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    };
    match currency {
        Some(code) => format!("{number} {code}"),
        None => number,
    }
}

/// Every price that bounds what is wanted.
pub(super) fn prices(tokens: &[Token]) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(first) = amount(tokens, at) else {
            at += 1;
            continue;
        };
        at = first.end;
        let before = &tokens[..first.start];
        let after = &tokens[first.end..];
        let dash = after.first().is_some_and(|token| {
            matches!(token.text.as_str(), "-" | "–" | "~" | "到" | "至" | "to")
        }) || (after.first().is_some_and(|token| token.text == "and")
            && ends_with(before, "between"));
        if dash && let Some(second) = amount(tokens, first.end + 1) {
            let stated = first.currency.or(second.currency);
            let cue = first.currency.is_some()
                || second.currency.is_some()
                || ends_with(before, "between")
                || is_range(&first, &second, &tokens[second.end..])
                || cued(before, &tokens[second.end..]).is_some();
            if cue && first.value < second.value {
                at = second.end;
                found.push(proposal(
                    SlotName::PriceMin,
                    &first,
                    first.currency.or(second.currency),
                ));
                found.push(proposal(SlotName::PriceMax, &second, stated));
                continue;
            }
        }
        if let Some(side) = cued(before, after) {
            found.push(proposal(side, &first, first.currency));
        } else if first.currency.is_some() {
            found.push(proposal(SlotName::PriceMax, &first, first.currency));
        }
    }
    found
}

/// Whether "60 to 120" says what may be paid, though no word of money stands by: no unit follows, nor is it a size or a day.
fn is_range(first: &Amount, second: &Amount, after: &[Token]) -> bool {
    first.value >= 10.0
        && second.value >= 50.0
        && second.value <= first.value * 20.0
        && !is_counted(after)
}

/// On which side an amount bounds, going by what stands around it.
fn cued(before: &[Token], after: &[Token]) -> Option<SlotName> {
    // Longer phrases first: "nothing under" holds an "under".
    let near = |phrases: &[&str]| {
        let hit = phrases.iter().filter(|phrase| {
            ends_with(before, phrase)
                || before.split_last().is_some_and(|(last, rest)| {
                    matches!(
                        last.text.as_str(),
                        "is" | "of" | "about" | "around" | "在" | "the" | "是" | ":" | "was"
                    ) && ends_with(rest, phrase)
                })
        });
        hit.map(|phrase| phrase.len()).max()
    };
    let follows = |phrases: &[&str]| phrases.iter().any(|phrase| begins_with(after, phrase));
    match (near(BELOW), near(ABOVE)) {
        _ if follows(BELOW_AFTER) => Some(SlotName::PriceMax),
        _ if follows(ABOVE_AFTER) => Some(SlotName::PriceMin),
        (Some(below), above) if above.is_none_or(|above| above < below) => Some(SlotName::PriceMax),
        (_, Some(_)) => Some(SlotName::PriceMin),
        _ => None,
    }
}

fn proposal(name: SlotName, amount: &Amount, currency: Option<&'static str>) -> Proposal {
    Proposal {
        name,
        start: amount.start,
        end: amount.end,
        value: Some(written(amount.value, currency)),
    }
}

/// What the tokens of a price say.
pub(super) fn value(tokens: &[Token]) -> Option<String> {
    let found = (0..tokens.len()).find_map(|at| amount(tokens, at))?;
    Some(written(found.value, found.currency))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::{clean, tokens};

    fn found(text: &str) -> Vec<(SlotName, String)> {
        prices(&tokens(&clean(text)))
            .into_iter()
            .map(|p| (p.name, p.value.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn bounds_are_read_in_both_languages() {
        use SlotName::{PriceMax, PriceMin};
        for (text, name, value) in [
            ("under fifty", PriceMax, "50"),
            ("anything below $49.99?", PriceMax, "49.99 USD"),
            ("两百以内的", PriceMax, "200"),
            ("预算三百元", PriceMax, "300 CNY"),
            ("nothing under 30 please", PriceMin, "30"),
            ("五十块以上", PriceMin, "50 CNY"),
            ("max 15 pounds", PriceMax, "15 GBP"),
            ("my budget is 300rmb", PriceMax, "300 CNY"),
        ] {
            assert_eq!(found(text), [(name, value.to_owned())], "{text}");
        }
    }

    #[test]
    fn a_range_has_both() {
        let both = |code: &str| {
            [
                (SlotName::PriceMin, format!("20{code}")),
                (SlotName::PriceMax, format!("30{code}")),
            ]
        };
        assert_eq!(found("$20-30"), both(" USD"));
        assert_eq!(found("between 20 and 30"), both(""));
        assert_eq!(found("二十到三十块"), both(" CNY"));
        let bare = [
            (SlotName::PriceMin, "60".to_owned()),
            (SlotName::PriceMax, "120".to_owned()),
        ];
        assert_eq!(found("60-120 instead"), bare);
        assert_eq!(found("60到120之间的"), bare);
    }

    #[test]
    fn other_numbers_are_no_prices() {
        assert_eq!(found("size 42, two pairs, order 48213"), []);
        assert_eq!(found("60 to 120 cm, 38-40, 3 to 5 days"), []);
    }
}
