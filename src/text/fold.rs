//! One spelling of texts that differ in width, composition or case only: NFKC, then lower case.

/// `text` in Unicode's form NFKC (UAX #15) and lower case.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkc().collect::<String>().to_lowercase()
}

/// `text` in Unicode's form NFKC (UAX #15) and lower case.
///
/// The browser brings Unicode's tables along, which would be a fifth of the module. Versions of Unicode
/// differ only in characters that the older one doesn't know: normalisation is stable.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    String::from(
        js_sys::JsString::from(text)
            .normalize("NFKC")
            .to_lower_case(),
    )
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn width_composition_and_case_do_not_matter() {
        assert_eq!(fold("ＤＲＥＳＳ"), "dress");
        assert_eq!(fold("Cafe\u{301}"), fold("CAFÉ"));
        assert_eq!(fold("ﬁt ①"), "fit 1");
    }

    #[test]
    fn a_final_sigma_and_a_dotted_i_fold_as_unicode_says() {
        assert_eq!(fold("ΟΔΟΣ"), "οδος");
        assert_eq!(fold("İ"), "i\u{307}");
    }

    #[test]
    fn nothing_stays_nothing() {
        assert_eq!(fold(""), "");
    }
}
