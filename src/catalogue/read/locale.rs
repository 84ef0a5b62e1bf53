//! Locales in column names and values.

/// Whether a tag has the shape of BCP 47: language, then perhaps script, region and variants.
#[must_use]
pub fn is_locale(tag: &str) -> bool {
    let letters = |part: &str, from: usize, to: usize| {
        (from..=to).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
    };
    let is_region = |part: &str| {
        letters(part, 2, 2) || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_variant = |part: &str| {
        let long = (5..=8).contains(&part.len());
        let with_digit = part.len() == 4 && part.starts_with(|c: char| c.is_ascii_digit());
        (long || with_digit) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let mut parts = tag.split(['-', '_']).peekable();
    if !parts.next().is_some_and(|language| letters(language, 2, 3)) {
        return false;
    }
    parts.next_if(|part| letters(part, 4, 4));
    parts.next_if(|part| is_region(part));
    parts.all(is_variant)
}

/// A locale as BCP 47 writes it: column names are matched in lower case.
pub(super) fn canonical(locale: &str) -> String {
    let part = |(index, part): (usize, &str)| match (index, part.len()) {
        (0, _) => part.to_lowercase(),
        (_, 2) => part.to_uppercase(),
        (_, 4) => part
            .chars()
            .take(1)
            .flat_map(char::to_uppercase)
            .chain(part.chars().skip(1).flat_map(char::to_lowercase))
            .collect(),
        _ => part.to_lowercase(),
    };
    locale
        .split(['-', '_'])
        .enumerate()
        .map(part)
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_are_told_from_other_words() {
        for tag in [
            "en",
            "zh-cn",
            "zh-hans-cn",
            "pt_BR",
            "es-419",
            "de-1996",
            "sl-rozaj",
        ] {
            assert!(is_locale(tag), "{tag}");
        }
        for word in [
            "",
            "e",
            "width",
            "full-width",
            "max-length-x",
            "en-",
            "us-men",
            "1",
            "zh-cn-hans",
            "inch",
        ] {
            assert!(!is_locale(word), "{word}");
        }
        assert_eq!(canonical("zh_hans_cn"), "zh-Hans-CN");
        assert_eq!(canonical("EN-gb"), "en-GB");
    }
}
