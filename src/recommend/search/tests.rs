#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use nearshelf_catalogue::Item;

use super::*;
use crate::testing::{Shop, item, text};

fn titled(title: &str, category: &str, description: &str) -> Item {
    let mut text = text("en", title, category);
    text.description = description.into();
    Item {
        texts: vec![text],
        ..item(title)
    }
}

fn find(items: Vec<Item>, query: &str) -> Vec<u32> {
    search(&Shop::with(items).pack(), query, "en", 10)
}

#[test]
fn a_title_counts_more_than_a_category_and_that_more_than_a_description() {
    let items = vec![
        titled("Lamp", "Rooms", "goes with a teapot"),
        titled("Mug", "Teapot", ""),
        titled("Teapot", "Kitchen", ""),
    ];
    assert_eq!(find(items, "teapot"), [2, 1, 0]);
}

#[test]
fn items_that_match_all_words_hide_those_that_match_some() {
    let items = vec![
        titled("Red scarf", "", ""),
        titled("Red linen dress", "", ""),
        titled("Blue dress", "", ""),
    ];
    assert_eq!(find(items.clone(), "red dress"), [1]);
    assert_eq!(
        find(items, "green dress"),
        [1, 2],
        "ties keep catalogue order"
    );
}

#[test]
fn the_last_word_may_be_unfinished_unless_a_space_follows() {
    let items = || {
        vec![
            titled("Linen dress", "", ""),
            titled("Line drawing", "", ""),
        ]
    };
    assert_eq!(find(items(), "lin"), [0, 1]);
    assert_eq!(find(items(), "line"), [1, 0], "the whole word comes first");
    assert!(find(items(), "lin ").is_empty());
    assert_eq!(
        find(items(), "lin dress"),
        [0],
        "only the last word may be unfinished"
    );
}

#[test]
fn case_width_and_apostrophes_do_not_matter() {
    let items = || vec![titled("Children's CAFÉ Set", "", "")];
    for query in ["childrens", "CHILDREN’S", "café", "ｓｅｔ"] {
        assert_eq!(find(items(), query), [0], "{query}");
    }
}

#[test]
fn chinese_is_found_by_pairs_of_characters_and_by_a_single_one() {
    let dress = Item {
        texts: vec![text("en", "Dress", ""), text("zh-CN", "亚麻连衣裙", "")],
        ..item("dress")
    };
    let shirt = Item {
        texts: vec![text("en", "Shirt", ""), text("zh-CN", "棉衬衣", "")],
        ..item("shirt")
    };
    let pack = Shop::with(vec![shirt, dress]).pack();
    let find = |query| search(&pack, query, "zh", 10);
    assert_eq!(find("连衣裙"), [1]);
    assert_eq!(find("裙"), [1]);
    assert_eq!(find("衣"), [0, 1]);
    assert_eq!(find("dress"), [1], "other locales are searched, too");
    assert!(find("裤子").is_empty());
}

#[test]
fn the_asked_locale_counts_more() {
    let items = vec![
        Item {
            texts: vec![text("de", "Gift", "")],
            ..item("poison")
        },
        Item {
            texts: vec![text("en-GB", "Gift", "")],
            ..item("present")
        },
    ];
    let pack = Shop::with(items).pack();
    assert_eq!(search(&pack, "gift", "en-US", 9), [1, 0]);
    assert_eq!(search(&pack, "gift", "de", 9), [0, 1]);
}

#[test]
fn nothing_is_found_in_nothing_or_for_nothing() {
    assert!(find(vec![], "dress").is_empty());
    for query in ["", " ", "!?", "\u{0}", "'"] {
        assert!(
            find(vec![titled("Dress", "", "")], query).is_empty(),
            "{query:?}"
        );
    }
    let pack = Shop::with(vec![titled("Dress", "", "")]).pack();
    assert!(search(&pack, "dress", "", 0).is_empty());
    assert_eq!(search(&pack, "dress", "", usize::MAX), [0]);
}

proptest::proptest! {
    #[test]
    fn any_query_finds_items_at_most_once_and_within_the_limit(
        query in ".{0,40}",
        title in ".{0,40}",
        limit in 0..4_usize,
    ) {
        let items = vec![titled(&title, "", ""), titled(&query, "", ""), titled("Dress", "", "")];
        let found = find(items.clone(), &query);
        let mut once = found.clone();
        once.sort_unstable();
        once.dedup();
        proptest::prop_assert_eq!(once.len(), found.len());
        let some = search(&Shop::with(items).pack(), &query, "en", limit);
        proptest::prop_assert_eq!(&found[..limit.min(found.len())], some);
    }
}
