//! Kinds of characters.

/// Ideographs, kana and hangul: scripts written without spaces, or (hangul) whose syllables carry
/// as much as a short word.
#[must_use]
pub fn is_cjk(c: char) -> bool {
    matches!(
        u32::from(c),
        0x3005..=0x3007        // iteration mark, closing mark, zero
        | 0x3040..=0x30FF      // hiragana, katakana
        | 0x31F0..=0x31FF      // katakana extensions
        | 0x3400..=0x4DBF      // ideographs, extension A
        | 0x4E00..=0x9FFF      // ideographs
        | 0xAC00..=0xD7AF      // hangul syllables
        | 0xF900..=0xFAFF      // compatibility ideographs
        | 0x20000..=0x3FFFF    // ideographs, further extensions
    )
}

/// Apostrophes, which are dropped inside words.
#[must_use]
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02BC}')
}
