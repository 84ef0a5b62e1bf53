//! Amounts of money as whole minor units: never a float.

use serde::{Deserialize, Serialize};

/// An amount in the smallest unit of a currency: 1299 GBP is £12.99, 1299 JPY is ¥1,299.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Amount; never negative when it comes from a reader.
    pub minor_units: i64,
    /// ISO 4217 code, upper-case ASCII letters.
    pub currency: [u8; 3],
}

/// Why a price can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing there.
    #[error("the price is empty")]
    Empty,
    /// No currency in the text and none assumed.
    #[error("no currency: write it after the amount, as in \"12.99 GBP\"")]
    NoCurrency,
    /// Neither an amount nor a code.
    #[error("not an amount: write it as in \"12.99 GBP\"")]
    NotAnAmount,
    /// Below zero.
    #[error("the amount is negative")]
    Negative,
    /// More digits after the point than the currency has.
    #[error("{currency} has {allowed} decimals, found {found}")]
    TooManyDecimals {
        /// The currency's code.
        currency: String,
        /// Decimals it has.
        allowed: u32,
        /// Decimals in the text.
        found: usize,
    },
    /// A point or comma before three digits, which some read as decimals and some as thousands.
    #[error("{found:?} can be read in two ways: write {one:?} or {other:?}")]
    Ambiguous {
        /// The amount.
        found: String,
        /// With the mark for decimals, in as many as the currency has.
        one: String,
        /// With the mark for thousands.
        other: String,
    },
    /// Beyond ten trillion minor units.
    #[error("the amount is too large")]
    TooLarge,
}

/// Largest amount that is taken for a price.
const MAX_MINOR_UNITS: i64 = 10_000_000_000_000;

impl Money {
    /// Reads `12.99 GBP`, `GBP 12.99`, `£12.99`, `1,299.00 USD`, `1.299,00 EUR`, `1 299,00 €`, `CHF 1'299.00`,
    /// or a bare amount in `assumed`.
    ///
    /// A last point or comma before one or two digits is the decimal mark. Before three digits it is taken for
    /// what it can only be, given the currency; `1.299 EUR` is refused, for it may be 1.30 or 1299.
    ///
    /// # Errors
    /// [`MoneyError`], which says how to write it.
    pub fn parse(text: &str, assumed: Option<[u8; 3]>) -> Result<Self, MoneyError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(MoneyError::Empty);
        }
        let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        let stated = match letters.len() {
            0 => symbol(text),
            3 => Some(code(&letters)?),
            _ => return Err(MoneyError::NotAnAmount),
        };
        let currency = stated.or(assumed).ok_or(MoneyError::NoCurrency)?;
        let is_mark = |c: char| {
            c.is_ascii_alphabetic() || SYMBOLS.iter().any(|(s, _)| *s == c) || c.is_whitespace()
        };
        let amount = text.trim_matches(is_mark);
        if let Some(rest) = amount.strip_prefix(['-', '\u{2212}']) {
            return Err(match split(rest.trim_start(), currency) {
                Ok(_) => MoneyError::Negative,
                Err(error) => error,
            });
        }
        let (whole, fraction) = split(amount, currency)?;
        Ok(Self {
            minor_units: minor_units(&whole, fraction, currency)?,
            currency,
        })
    }

    /// The currency's code.
    #[must_use]
    pub fn currency_code(&self) -> &str {
        std::str::from_utf8(&self.currency).unwrap_or("XXX")
    }

    /// Digits after the point in `currency` (ISO 4217).
    #[must_use]
    pub fn decimals(currency: [u8; 3]) -> u32 {
        match &currency {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

/// Signs that mean one currency; `$` and `¥` mean several and are left to the assumed one.
const SYMBOLS: &[(char, Option<[u8; 3]>)] = &[
    ('£', Some(*b"GBP")),
    ('€', Some(*b"EUR")),
    ('₹', Some(*b"INR")),
    ('₩', Some(*b"KRW")),
    ('$', None),
    ('¥', None),
];

fn symbol(text: &str) -> Option<[u8; 3]> {
    SYMBOLS
        .iter()
        .find(|(sign, _)| text.contains(*sign))
        .and_then(|(_, code)| *code)
}

fn code(letters: &str) -> Result<[u8; 3], MoneyError> {
    let upper = letters.to_ascii_uppercase();
    upper
        .as_bytes()
        .try_into()
        .map_err(|_| MoneyError::NotAnAmount)
}

/// Whole digits, without their grouping, and the digits after the decimal mark.
fn split(amount: &str, currency: [u8; 3]) -> Result<(String, &str), MoneyError> {
    let (whole, fraction) = match decimal_mark(amount, currency)? {
        Some(at) => (&amount[..at], &amount[at + 1..]),
        None => (amount, ""),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_separator = |c: char| matches!(c, '.' | ',' | '\'' | '\u{2019}') || c.is_whitespace();
    let groups: Vec<&str> = whole.split(is_separator).collect();
    if !groups.iter().all(|group| digits(group)) || !digits(fraction) || !grouped(&groups) {
        return Err(MoneyError::NotAnAmount);
    }
    let mut separators = whole.chars().filter(|c| is_separator(*c));
    let first = separators.next();
    if separators.any(|other| Some(other) != first) {
        return Err(MoneyError::NotAnAmount);
    }
    Ok((groups.concat(), fraction))
}

/// Whether digits are grouped as people do: by three, or (India) by two and the last by three.
fn grouped(groups: &[&str]) -> bool {
    match groups {
        [] => false,
        [only] => !only.is_empty(),
        [first, middle @ .., last] => {
            let size = middle.first().map_or(3, |group| group.len());
            (1..=size).contains(&first.len())
                && (2..=3).contains(&size)
                && middle.iter().all(|group| group.len() == size)
                && last.len() == 3
        }
    }
}

/// Where the decimal mark stands, if there is one.
fn decimal_mark(amount: &str, currency: [u8; 3]) -> Result<Option<usize>, MoneyError> {
    let Some(at) = amount.rfind(['.', ',']) else {
        return Ok(None);
    };
    let mark = &amount[at..=at];
    let (before, after) = (&amount[..at], &amount[at + 1..]);
    if before.contains(mark) {
        return Ok(None); // a mark that occurs twice groups
    }
    // Another separator before it, or a first group that no grouping has: it can only be the decimal mark.
    let only_decimal = before.contains(|c: char| !c.is_ascii_digit())
        || before.len() > 3
        || before.is_empty()
        || before.starts_with('0');
    if after.len() != 3 || only_decimal {
        return Ok(Some(at));
    }
    match (Money::decimals(currency), mark) {
        (0, _) | (2, ",") => Ok(None),
        (3, ".") => Ok(Some(at)),
        (decimals, _) => {
            let other = format!("{before}{after}");
            let thousandths: u32 = other.parse().map_err(|_| MoneyError::NotAnAmount)?;
            let one = if decimals == 3 {
                format!("{before}.{after}")
            } else {
                let hundredths = (thousandths + 5) / 10;
                format!("{}.{:02}", hundredths / 100, hundredths % 100)
            };
            Err(MoneyError::Ambiguous {
                found: amount.to_owned(),
                one,
                other,
            })
        }
    }
}

fn minor_units(whole: &str, fraction: &str, currency: [u8; 3]) -> Result<i64, MoneyError> {
    let decimals = Money::decimals(currency);
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > decimals as usize {
        let currency = String::from_utf8_lossy(&currency).into_owned();
        return Err(MoneyError::TooManyDecimals {
            currency,
            allowed: decimals,
            found: fraction.len(),
        });
    }
    let scaled = format!("{whole}{fraction:0<width$}", width = decimals as usize);
    match scaled.parse::<i64>() {
        Ok(units) if units <= MAX_MINOR_UNITS => Ok(units),
        _ => Err(MoneyError::TooLarge),
    }
}

#[cfg(test)]
mod tests;
