#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::path::Path;

use nearshelf_catalogue::ItemText;
use proptest::prelude::*;

use super::*;

fn id(token: &str) -> u32 {
    1 + fnv1a_32(token.as_bytes()) % (VOCABULARY - 1)
}

fn ids(tokens: &[&str]) -> Vec<u32> {
    tokens.iter().map(|token| id(token)).collect()
}

#[test]
fn a_word_gives_itself_and_its_grams_between_boundary_marks() {
    let expected = ids(&["w:cat", "g:<ca", "g:cat", "g:at>", "g:<cat", "g:cat>"]);
    assert_eq!(subword_ids("Cat"), expected);
}

#[test]
fn short_words_and_numbers_have_no_grams() {
    assert_eq!(subword_ids("XL 2024"), ids(&["w:xl", "w:2024"]));
}

#[test]
fn ideographs_give_characters_and_pairs_of_neighbours() {
    let mut expected = ids(&["c:裙", "c:子", "b:裙子", "c:裙"]);
    let mut found = subword_ids("裙子 裙");
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected, "a space parts neighbours");
}

#[test]
fn width_case_and_apostrophes_do_not_matter() {
    assert_eq!(subword_ids("ＤＲＥＳＳ"), subword_ids("dress"));
    assert_eq!(subword_ids("Children's"), subword_ids("childrens"));
    assert_eq!(subword_ids("Children’s"), subword_ids("childrens"));
}

#[test]
fn nothing_gives_nothing() {
    for text in ["", " \t\n", "—!?", "\u{0}"] {
        assert!(subword_ids(text).is_empty(), "{text:?}");
    }
}

#[test]
fn ids_are_as_the_trainer_made_them() {
    #[derive(serde::Deserialize)]
    struct Golden {
        text: String,
        ids: Vec<u32>,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/subwords.json");
    let json = std::fs::read_to_string(&path).expect("the golden file is in the repository");
    let golden: Vec<Golden> = serde_json::from_str(&json).expect("a list of text and ids");
    assert!(!golden.is_empty());
    for Golden { text, ids } in golden {
        assert_eq!(subword_ids(&text), ids, "{text:?}");
    }
}

#[test]
fn the_text_of_an_item_joins_all_locales_without_descriptions() {
    let text = |title: &str, category: &[&str], value: &str| ItemText {
        title: title.into(),
        description: "Ships in two days".into(),
        category: category.iter().map(|name| (*name).to_owned()).collect(),
        attributes: vec![("color".into(), value.into())],
        ..ItemText::default()
    };
    let item = Item {
        brand: "Acme".into(),
        texts: vec![
            text("Dress", &["Women", "Clothing", "Dresses"], "red"),
            text("连衣裙", &["女装"], ""),
        ],
        ..Item::default()
    };
    assert_eq!(
        item_text(&item),
        "Dress Acme Clothing Dresses red 连衣裙 Acme 女装"
    );
    assert_eq!(item_text(&Item::default()), "");
}

proptest! {
    #[test]
    fn any_text_gives_at_most_128_ids_within_the_table(text in ".{0,200}") {
        let ids = subword_ids(&text);
        prop_assert!(ids.len() <= MAX_TOKENS);
        prop_assert!(ids.iter().all(|id| (1..VOCABULARY).contains(id)));
    }
}
