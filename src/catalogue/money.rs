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
    /// Beyond ten trillion minor units.
    #[error("the amount is too large")]
    TooLarge,
}

/// Largest amount that is taken for a price.
const MAX_MINOR_UNITS: i64 = 10_000_000_000_000;

impl Money {
    /// Reads `12.99 GBP`, `GBP 12.99`, `£12.99`, `1,299.00 USD`, or a bare amount in `assumed`.
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
        let amount: String = text
            .trim_matches(is_mark)
            .chars()
            .filter(|c| *c != ',')
            .collect();
        Ok(Self {
            minor_units: minor_units(&amount, currency)?,
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

fn minor_units(amount: &str, currency: [u8; 3]) -> Result<i64, MoneyError> {
    if let Some(rest) = amount.strip_prefix('-') {
        return Err(if rest.starts_with(|c: char| c.is_ascii_digit()) {
            MoneyError::Negative
        } else {
            MoneyError::NotAnAmount
        });
    }
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(MoneyError::NotAnAmount);
    }
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
mod tests {
    use super::*;

    fn units(text: &str) -> Result<(i64, [u8; 3]), MoneyError> {
        Money::parse(text, None).map(|money| (money.minor_units, money.currency))
    }

    #[test]
    fn amounts_are_read_with_the_currency_on_either_side() {
        for text in [
            "12.99 GBP",
            "GBP 12.99",
            "gbp12.99",
            "£12.99",
            " 12.990 GBP ",
        ] {
            assert_eq!(units(text), Ok((1299, *b"GBP")), "{text}");
        }
        assert_eq!(units("1,299 JPY"), Ok((1299, *b"JPY")));
        assert_eq!(units("1.5 KWD"), Ok((1500, *b"KWD")));
        assert_eq!(units("0 EUR"), Ok((0, *b"EUR")));
    }

    #[test]
    fn a_bare_amount_needs_an_assumed_currency() {
        assert_eq!(units("12.99"), Err(MoneyError::NoCurrency));
        assert_eq!(
            Money::parse("$12.99", Some(*b"USD")).map(|m| m.minor_units),
            Ok(1299)
        );
    }

    #[test]
    fn what_is_no_price_is_refused_by_kind() {
        assert_eq!(units(""), Err(MoneyError::Empty));
        assert_eq!(units("-1 GBP"), Err(MoneyError::Negative));
        assert_eq!(units("twelve"), Err(MoneyError::NotAnAmount));
        assert_eq!(units("GBP"), Err(MoneyError::NotAnAmount));
        assert_eq!(units("1.2.3 GBP"), Err(MoneyError::NotAnAmount));
        assert_eq!(units("NaN GBP"), Err(MoneyError::NotAnAmount));
        assert_eq!(units("99999999999999999999 GBP"), Err(MoneyError::TooLarge));
        assert!(matches!(
            units("1.999 GBP"),
            Err(MoneyError::TooManyDecimals { .. })
        ));
    }
}
