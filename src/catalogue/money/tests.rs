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
        " 12.9900 GBP ",
    ] {
        assert_eq!(units(text), Ok((1299, *b"GBP")), "{text}");
    }
    assert_eq!(units("1,299 JPY"), Ok((1299, *b"JPY")));
    assert_eq!(units("1.5 KWD"), Ok((1500, *b"KWD")));
    assert_eq!(units("0 EUR"), Ok((0, *b"EUR")));
}

#[test]
fn amounts_are_read_as_they_are_written_around_the_world() {
    for (text, expected) in [
        ("12,99 EUR", 1299),
        ("12,9 EUR", 1290),
        ("0,500 EUR", 50),
        ("1.299,00 EUR", 129_900),
        ("1.299.000,00 EUR", 129_900_000),
        ("1 299,00 €", 129_900),
        ("1\u{a0}299,00\u{a0}€", 129_900),
        ("1\u{202f}299 €", 129_900),
        ("CHF 1'299.00", 129_900),
        ("1’299.00 CHF", 129_900),
        ("1,299.00 USD", 129_900),
        ("1,299 USD", 129_900),
        ("1,299,000 USD", 129_900_000),
        ("1,29,900.00 INR", 12_990_000),
        ("1299.00 EUR", 129_900),
        ("12.990 CLP", 12_990),
        ("12,990 JPY", 12_990),
        ("1299.00 JPY", 1299),
        ("1.500 KWD", 1500),
        ("12,5 TND", 12_500),
        ("1,299.500 KWD", 1_299_500),
    ] {
        assert_eq!(units(text).map(|found| found.0), Ok(expected), "{text}");
    }
}

#[test]
fn an_amount_that_may_be_a_thousand_times_another_is_refused() {
    for (text, one, other) in [
        ("1.299 EUR", "1.30", "1299"),
        ("12.990 GBP", "12.99", "12990"),
        ("1.000 EUR", "1.00", "1000"),
        ("9.999 EUR", "10.00", "9999"),
        ("1,500 TND", "1.500", "1500"),
    ] {
        let expected = MoneyError::Ambiguous {
            found: text[..text.len() - 4].to_owned(),
            one: one.to_owned(),
            other: other.to_owned(),
        };
        assert_eq!(units(text), Err(expected));
        let currency = &text[text.len() - 4..];
        for mended in [one, other] {
            assert!(units(&format!("{mended}{currency}")).is_ok(), "{mended}");
        }
    }
}

#[test]
fn digits_that_nobody_groups_so_are_refused() {
    for text in [
        "12 99 GBP",
        "1,2,3 GBP",
        "1.29.00 EUR",
        "1,299'000 EUR",
        "1,,299 USD",
    ] {
        assert_eq!(units(text), Err(MoneyError::NotAnAmount), "{text}");
    }
    assert!(matches!(
        units("12,99 JPY"),
        Err(MoneyError::TooManyDecimals { .. })
    ));
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
        units("1.9999 GBP"),
        Err(MoneyError::TooManyDecimals { .. })
    ));
}
