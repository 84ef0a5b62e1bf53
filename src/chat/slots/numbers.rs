//! Numbers in digits, in English words and in Chinese numerals.

use crate::normalise::{Kind, Token};

/// The number that begins at a token: how many tokens it takes, and its value.
pub(super) fn number(tokens: &[Token]) -> Option<(usize, f64)> {
    let first = tokens.first()?;
    match first.kind {
        Kind::Word if first.text.starts_with(|c: char| c.is_ascii_digit()) => digits(tokens),
        Kind::Word => words(tokens),
        Kind::Ideograph => numerals(tokens),
        Kind::Symbol => None,
    }
}

const MOST_DECIMALS: usize = 15;

/// The number that digits, perhaps with a point among them, write. The standard library reads any float to the last bit, by tables
/// that would be a tenth of the module.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || text.ends_with('.') {
        return None;
    }
    // What a float doesn't hold would only overflow what the sum is divided by.
    let part = part.get(..MOST_DECIMALS).unwrap_or(part);
    let digits = whole.bytes().chain(part.bytes());
    let value = digits.fold(0.0, |value, digit| value * 10.0 + f64::from(digit - b'0'));
    Some(value / 10.0_f64.powi(part.len() as i32))
}

fn all_digits(token: Option<&Token>, length: Option<usize>) -> bool {
    token.is_some_and(|token| {
        !token.spaced
            && token.text.chars().all(|c| c.is_ascii_digit())
            && length.is_none_or(|length| token.text.len() == length)
    })
}

fn is(token: Option<&Token>, text: &str) -> bool {
    token.is_some_and(|token| !token.spaced && token.text == text)
}

fn digits(tokens: &[Token]) -> Option<(usize, f64)> {
    let first = tokens.first()?.text.as_str();
    let (mut written, factor) = match first.strip_suffix('k') {
        Some(thousands) => (thousands.to_owned(), 1000.0),
        None => (first.to_owned(), 1.0),
    };
    if written.len() > 12 || !written.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let mut taken = 1;
    while factor == 1.0
        && is(tokens.get(taken), ",")
        && all_digits(tokens.get(taken + 1), Some(3))
        && taken < 7
    {
        written.push_str(&tokens.get(taken + 1)?.text);
        taken += 2;
    }
    if is(tokens.get(taken), ".") && all_digits(tokens.get(taken + 1), None) {
        written.push('.');
        written.push_str(&tokens.get(taken + 1)?.text);
        taken += 2;
    }
    let mut value = decimal(&written)? * factor;
    for (ten, sign) in [(1e4, "万"), (1e3, "千"), (1e2, "百")] {
        if is(tokens.get(taken), sign) {
            value *= ten;
            taken += 1;
        }
    }
    Some((taken, value))
}

const SMALL: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: &[&str] = &[
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

fn words(tokens: &[Token]) -> Option<(usize, f64)> {
    let (mut total, mut part, mut taken, mut known) = (0.0, 0.0, 0, false);
    for token in tokens {
        let word = token.text.as_str();
        if let Some(value) = SMALL.iter().position(|small| *small == word) {
            part += value as f64;
        } else if let Some(value) = TENS.iter().position(|ten| *ten == word) {
            part += (value as f64 + 2.0) * 10.0;
        } else if word == "dozen" {
            part = times(part) * 12.0;
        } else if word == "hundred" {
            part = times(part) * 100.0;
        } else if word == "thousand" || word == "grand" {
            total += times(part) * 1000.0;
            part = 0.0;
        } else if taken == 0
            && matches!(word, "a" | "half")
            && tokens.get(1).is_some_and(|next| {
                matches!(
                    next.text.as_str(),
                    "dozen" | "hundred" | "thousand" | "grand"
                )
            })
        {
            part = if word == "half" { 0.5 } else { 1.0 };
            taken += 1;
            continue;
        } else if word == "and"
            && known
            && part >= 100.0
            && tokens
                .get(taken + 1)
                .is_some_and(|next| is_word(&next.text))
        {
            taken += 1;
            continue;
        } else {
            break;
        }
        known = true;
        taken += 1;
    }
    known.then_some((taken, total + part))
}

/// A hundred is one hundred; half a dozen isn't.
fn times(part: f64) -> f64 {
    if part == 0.0 { 1.0 } else { part }
}

fn is_word(text: &str) -> bool {
    SMALL.contains(&text) || TENS.contains(&text)
}

fn numeral(c: &str) -> Option<f64> {
    let value = match c {
        "零" | "〇" => 0,
        "一" | "壹" => 1,
        "二" | "两" | "俩" | "贰" => 2,
        "三" | "仨" => 3,
        "四" => 4,
        "五" => 5,
        "六" => 6,
        "七" => 7,
        "八" => 8,
        "九" => 9,
        _ => return None,
    };
    Some(f64::from(value))
}

fn numerals(tokens: &[Token]) -> Option<(usize, f64)> {
    if is_text(tokens.first(), "半") && is_dozen(tokens, 1) {
        return Some((2, 6.0));
    }
    let (mut total, mut section, mut digit, mut unit) = (0.0, 0.0, None, 1.0);
    let mut taken = 0;
    for token in tokens.iter().take(16) {
        let text = token.text.as_str();
        if let Some(value) = numeral(text) {
            digit = Some(value);
            unit = if value == 0.0 { 1.0 } else { unit };
        } else {
            let factor = match text {
                "十" => 10.0,
                "百" => 100.0,
                "千" => 1000.0,
                "万" => 10_000.0,
                _ => break,
            };
            if factor == 10_000.0 {
                if section == 0.0 && digit.is_none() {
                    break;
                }
                total += (section + digit.unwrap_or(0.0)) * factor;
                section = 0.0;
            } else if factor > 10.0 && digit.is_none() {
                break;
            } else {
                section += digit.unwrap_or(1.0) * factor;
            }
            digit = None;
            unit = factor / 10.0;
        }
        taken += 1;
    }
    // 三百五 is 350, 三百零五 is 305.
    let last = digit.map_or(0.0, |digit| {
        if section + total > 0.0 {
            digit * unit
        } else {
            digit
        }
    });
    let value = total + section + last;
    if taken > 0 && is_dozen(tokens, taken) {
        return Some((taken + 1, value * 12.0));
    }
    (taken > 0).then_some((taken, value))
}

/// 一打 is a dozen, 一打开 is "once opened".
fn is_dozen(tokens: &[Token], at: usize) -> bool {
    is_text(tokens.get(at), "打")
        && !tokens
            .get(at + 1)
            .is_some_and(|next| "开电包折扫算印扮理".contains(&next.text))
}

fn is_text(token: Option<&Token>, text: &str) -> bool {
    token.is_some_and(|token| token.text == text)
}

#[cfg(test)]
mod tests {
    use super::{decimal, number};
    use crate::normalise::{clean, tokens};

    #[test]
    fn decimals_are_what_they_say() {
        for text in ["0", "7", "49.99", "0.5", "1234567.25", "999999999999"] {
            assert_eq!(decimal(text), text.parse().ok(), "{text}");
        }
        for text in ["", ".", ".5", "5.", "-1", "1e9", "1.2.3", "nan", "１"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert!(decimal(&"9".repeat(400)).is_some_and(f64::is_infinite));
        assert_eq!(decimal(&format!("1.{}", "0".repeat(400))), Some(1.0));
        assert_eq!(
            decimal(&format!("1.5{}", "9".repeat(400))).map(f64::round),
            Some(2.0)
        );
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        for (text, value) in [
            ("50", 50.0),
            ("1,299.50", 1299.5),
            ("2k", 2000.0),
            ("1.5万", 15000.0),
            ("fifty", 50.0),
            ("twenty five", 25.0),
            ("two hundred and ten", 210.0),
            ("a hundred", 100.0),
            ("half dozen", 6.0),
            ("半打", 6.0),
            ("a dozen", 12.0),
            ("两百", 200.0),
            ("一百二十", 120.0),
            ("三百五", 350.0),
            ("三百零五", 305.0),
            ("十二", 12.0),
            ("一千", 1000.0),
            ("两万", 20000.0),
            ("两打", 24.0),
            ("一打开", 1.0),
        ] {
            assert_eq!(
                number(&tokens(&clean(text))).map(|(_, value)| value),
                Some(value),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "dress",
            "a",
            "and",
            "百货",
            "千",
            "",
            "m8",
            "半打折",
            "半打开",
            "99999999999999999999",
        ] {
            assert_eq!(number(&tokens(&clean(text))), None, "{text}");
        }
    }
}
