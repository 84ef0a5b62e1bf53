#![no_main]
//! What a shopper types: subwords, and a search in a small pack in both languages.

use libfuzzer_sys::fuzz_target;
use nearshelf_catalogue::Pack;
use nearshelf_recommend::{SearchIndex, SearchRequest, text};
use std::sync::LazyLock;

static PACK: LazyLock<Pack> =
    LazyLock::new(|| nearshelf_fuzz::pack("pack-v1").expect("the pack is whole"));
static INDEX: LazyLock<SearchIndex> = LazyLock::new(|| SearchIndex::new(&PACK));

fuzz_target!(|bytes: &[u8]| {
    let query = String::from_utf8_lossy(bytes);
    let ids = text::subword_ids(&query);
    assert!(ids.len() <= text::MAX_TOKENS);
    assert!(ids.iter().all(|id| (1..text::VOCABULARY).contains(id)));
    for locale in ["en", "zh-CN", &query] {
        let request = SearchRequest {
            query: &query,
            locale,
            limit: 3,
            ..SearchRequest::default()
        };
        assert!(INDEX.search(&PACK, &request).items.len() <= 3);
    }
});
