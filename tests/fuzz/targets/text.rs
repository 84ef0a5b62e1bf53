#![no_main]
//! What a shopper types: subwords, and a search in a small pack in both languages.

use libfuzzer_sys::fuzz_target;
use nearshelf_recommend::{SearchIndex, text};
use std::sync::LazyLock;

static INDEX: LazyLock<SearchIndex> =
    LazyLock::new(|| SearchIndex::new(&nearshelf_fuzz::pack().expect("the pack is whole")));

fuzz_target!(|bytes: &[u8]| {
    let query = String::from_utf8_lossy(bytes);
    let ids = text::subword_ids(&query);
    assert!(ids.len() <= text::MAX_TOKENS);
    assert!(ids.iter().all(|id| (1..text::VOCABULARY).contains(id)));
    for locale in ["en", "zh-CN", &query] {
        assert!(INDEX.search(&query, locale, 3).len() <= 3);
    }
});
