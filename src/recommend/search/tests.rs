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
        [2, 1],
        "a short title is more about its words"
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
fn of_a_query_without_end_the_first_words_are_looked_for() {
    let words: Vec<String> = (0..100_000).map(|n| format!("word{n}")).collect();
    let terms = terms::query_terms(&words.join(" "));
    assert_eq!(terms.len(), terms::MOST_WORDS);
    assert_eq!(terms[0].text, "word0");
    let ideographs: String = ('\u{4e00}'..'\u{9000}').collect();
    assert_eq!(terms::query_terms(&ideographs).len(), terms::MOST_WORDS);
    let items = vec![titled("Word0", "", ""), titled("Word99999", "", "")];
    assert_eq!(find(items, &words.join(" ")), [0]);
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

fn found(items: Vec<Item>, request: &SearchRequest) -> Found {
    let pack = Shop::with(items).pack();
    SearchIndex::new(&pack).search(&pack, request)
}

fn asked(query: &str) -> SearchRequest<'_> {
    SearchRequest {
        query,
        locale: "en",
        limit: 10,
        ..SearchRequest::default()
    }
}

#[test]
fn a_misspelt_word_finds_what_was_meant_and_a_right_one_only_itself() {
    let items = || {
        vec![
            titled("Press", "", ""),
            titled("Dress", "", ""),
            titled("Wheelbarrow", "", ""),
        ]
    };
    assert_eq!(find(items(), "dress"), [1]);
    assert_eq!(find(items(), "derss "), [1]);
    assert_eq!(find(items(), "wheelbarow "), [2]);
    assert_eq!(
        find(items(), "whelbarow "),
        [2],
        "two letters in a long word"
    );
    assert!(
        find(items(), "drs ").is_empty(),
        "short words must be right"
    );
    assert!(find(items(), "dreams ").is_empty());
}

#[test]
fn synonyms_of_one_word_and_of_many_are_found_in_both_directions() {
    let mut pack = Shop::with(vec![
        titled("Sofa", "", ""),
        titled("Couch", "", ""),
        titled("Tee", "", ""),
        titled("T shirt", "", ""),
        titled("连衣裙", "", ""),
        titled("Dress shirt", "", ""),
    ])
    .pack();
    let group = |words: [&str; 2]| words.map(search_words).to_vec();
    pack.merchandising.synonyms = vec![
        group(["sofa", "couch"]),
        group(["t shirt", "tee"]),
        group(["dress", "连衣裙"]),
    ];
    let find = |query: &str| search(&pack, query, "en", 10);
    assert_eq!(find("sofa "), [0, 1], "the word itself comes first");
    assert_eq!(find("couch "), [1, 0]);
    assert_eq!(find("tee "), [2, 3]);
    assert_eq!(find("t shirt "), [3, 2], "all words of it are needed");
    assert_eq!(find("dress "), [5, 4]);
    assert_eq!(find("连衣裙"), [4, 5]);
}

#[test]
fn filters_narrow_and_facets_count_what_is_left() {
    let mut items = vec![
        titled("Red lamp", "Home > Lamps", ""),
        titled("Blue lamp", "Home > Lamps", ""),
        titled("Blue lamp shade", "Home > Shades", ""),
        titled("Blue vase", "Home", ""),
    ];
    for (item, (brand, colour)) in items.iter_mut().zip([
        ("Acme", "red"),
        ("Acme", "blue"),
        ("Birch", "blue"),
        ("Birch", "blue"),
    ]) {
        item.brand = brand.to_owned();
        item.texts[0].attributes = vec![("Colour".to_owned(), colour.to_owned())];
    }
    let all = found(items.clone(), &asked("lamp"));
    assert_eq!((all.total, &all.items[..]), (3, &[0, 1, 2][..]));
    let facet = |name: &str| {
        all.facets
            .iter()
            .find(|facet| facet.name == name)
            .unwrap()
            .values
            .clone()
    };
    assert_eq!(
        facet("brand"),
        [("Acme".to_owned(), 2), ("Birch".to_owned(), 1)]
    );
    assert_eq!(
        facet("Colour"),
        [("blue".to_owned(), 2), ("red".to_owned(), 1)]
    );
    assert_eq!(
        facet("category"),
        [
            ("Home > Lamps".to_owned(), 2),
            ("Home > Shades".to_owned(), 1)
        ],
        "what all share narrows nothing"
    );
    let narrowed = |filter| {
        let request = SearchRequest {
            filter,
            ..asked("lamp")
        };
        found(items.clone(), &request).items
    };
    let brand = Filter {
        brands: vec!["Birch".to_owned()],
        ..Filter::default()
    };
    assert_eq!(narrowed(brand), [2]);
    let colour = Filter {
        attributes: vec![(
            "Colour".to_owned(),
            vec!["red".to_owned(), "green".to_owned()],
        )],
        ..Filter::default()
    };
    assert_eq!(narrowed(colour), [0]);
}

#[test]
fn rules_hold_for_searches_and_pins_for_their_words() {
    use nearshelf_catalogue::{Action, Rule};
    let rule = |queries: &[&str], action| Rule {
        name: String::new(),
        lists: vec!["search".to_owned()],
        from_millis: None,
        until_millis: None,
        queries: queries.iter().map(|words| (*words).to_owned()).collect(),
        action,
    };
    let mut pack = Shop::with(vec![
        titled("Lamp one", "", ""),
        titled("Lamp two", "", ""),
        titled("Lamp three", "", ""),
        titled("Vase", "", ""),
    ])
    .pack();
    pack.merchandising.rules = vec![
        rule(&["lamp"], Action::Pin { items: vec![3] }),
        rule(
            &[],
            Action::Weigh {
                factor: 0.1,
                items: vec![0],
            },
        ),
        rule(&[], Action::Exclude { items: vec![1] }),
    ];
    let find = |query: &str| search(&pack, query, "en", 10);
    assert_eq!(find("LAMP"), [3, 2, 0]);
    assert_eq!(find("lamps three"), [2]);
    assert!(find("").is_empty());
}

#[test]
fn a_pin_counts_for_a_quota_and_is_shown_all_the_same() {
    use nearshelf_catalogue::{Action, Rule};
    let rule = |action| Rule {
        name: String::new(),
        lists: Vec::new(),
        from_millis: None,
        until_millis: None,
        queries: Vec::new(),
        action,
    };
    let items = (0..5).map(|n| titled(&format!("Lamp {n}"), "", ""));
    let mut pack = Shop::with(items.collect()).pack();
    pack.merchandising.rules = vec![
        rule(Action::Quota {
            most: 1,
            groups: vec![1, 1, 1, 2, 0],
        }),
        rule(Action::Pin { items: vec![2, 1] }),
    ];
    let found = SearchIndex::new(&pack).search(&pack, &asked("lamp"));
    assert_eq!((&found.items[..], found.total), (&[2, 1, 3, 4][..], 4));
    pack.merchandising.rules.pop();
    assert_eq!(search(&pack, "lamp", "en", 10), [0, 3, 4]);
}

#[test]
fn what_is_meant_comes_behind_what_is_named() {
    let pack = Shop::with(vec![
        titled("Lamp", "", ""),
        titled("Lantern", "", ""),
        titled("Vase", "", ""),
    ])
    .embeddings(&[[100, 70], [127, 0], [0, 127]])
    .pack();
    let index = SearchIndex::new(&pack);
    let meant = |query, meaning: &[f32]| {
        let request = SearchRequest {
            meaning: Some(meaning),
            ..asked(query)
        };
        index.search(&pack, &request).items
    };
    assert_eq!(meant("lamp", &[1.0, 0.0]), [0, 1]);
    assert_eq!(meant("something for a tulip", &[0.0, 1.0]), [2, 0]);
    assert!(
        meant("lamp", &[f32::NAN, 0.0]) == [0],
        "what is no place is left aside"
    );
}

#[test]
fn a_page_of_results_goes_on_where_the_last_one_ended() {
    let items: Vec<Item> = (0..7)
        .map(|n| titled(&format!("Lamp {n}"), "", ""))
        .collect();
    let page = |offset| {
        let request = SearchRequest {
            offset,
            limit: 3,
            ..asked("lamp")
        };
        found(items.clone(), &request)
    };
    assert_eq!(page(0).items, [0, 1, 2]);
    assert_eq!(page(6).items, [6]);
    assert_eq!((page(9).items.len(), page(9).total), (0, 7));
}

fn ask(items: Vec<Item>, query: &str) -> Found {
    let pack = Shop::with(items).pack();
    let request = SearchRequest {
        query,
        locale: "en",
        limit: 10,
        ..SearchRequest::default()
    };
    SearchIndex::new(&pack).search(&pack, &request)
}

#[test]
fn without_a_red_dress_other_dresses_come_instead_and_the_answer_says_so() {
    let items = || {
        vec![
            titled("Red shoes", "Shoes", "red as red can be"),
            titled("Blue midi dress", "Dresses", ""),
            titled("Green dress", "Dresses", "to go under a coat"),
        ]
    };
    let found = ask(items(), "a red dress under 80");
    assert_eq!(found.items, [1, 2]);
    assert_eq!(found.unmatched, ["red"]);
    let found = ask(items(), "purple dress");
    assert_eq!(
        (found.items, found.unmatched),
        (vec![1, 2], vec!["purple".to_owned()])
    );
    let found = ask(items(), "red shoes");
    assert_eq!((found.items, found.unmatched), (vec![0], Vec::new()));
    assert!(
        ask(items(), "sofa").unmatched.is_empty(),
        "nothing is shown instead"
    );
}

#[test]
fn a_blue_shirt_in_chinese_is_no_blue_t_shirt() {
    let items = || {
        vec![
            titled("蓝色T恤", "T恤", "棉质的衬里，蓝色的"),
            titled("蓝色亚麻衬衫", "衬衫", ""),
            titled("白色的衬衫", "衬衫", ""),
        ]
    };
    assert_eq!(ask(items(), "蓝色的衬衫").items, [1]);
    let red = ask(items(), "紫红色的衬衫");
    assert_eq!(red.items, [2, 1]);
    assert_eq!(red.unmatched, ["紫红色"]);
}

#[test]
fn a_query_of_function_words_alone_is_looked_for_all_the_same() {
    let items = || vec![titled("The And", "", ""), titled("Lamp", "", "")];
    assert_eq!(ask(items(), "the and").items, [0]);
    assert_eq!(ask(items(), "an").items, [0], "the beginning of a word");
    assert!(ask(items(), "的").items.is_empty());
    assert!(ask(items(), "").items.is_empty());
}
