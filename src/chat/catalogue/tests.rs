#![allow(clippy::unwrap_used)]
use super::*;
use crate::normalise::tokens;
use crate::slots::slots;

fn item(index: u32, title: &str, category: &str, colour: &str, price: f64) -> ItemText {
    ItemText {
        index,
        title: title.into(),
        brand: "Lumera".into(),
        category: vec!["Shop".into(), category.into()],
        attributes: vec![("Color".into(), colour.into())],
        price: Some(price),
        currency: Some("USD".into()),
        in_stock: true,
    }
}

fn catalogue() -> Catalogue {
    let mut chinese = item(1, "亚麻连衣裙", "连衣裙", "红色", 60.0);
    chinese.attributes.push(("材质".into(), "亚麻".into()));
    Catalogue::new(&[
        item(0, "Silk evening dress", "Dresses", "Red", 120.0),
        item(1, "Linen dress", "Dresses", "Red", 60.0),
        chinese,
        item(2, "Blue dress", "Dresses", "Navy", 45.0),
        item(3, "Desk lamp", "Lamps", "White", 30.0),
    ])
}

fn find(text: &str) -> Found {
    let catalogue = catalogue();
    let slots = slots(text, &tokens(text), catalogue.lexicon(), None, &[]);
    catalogue.find(&Wish::of(&slots), 10)
}

#[test]
fn wishes_in_either_language_find_the_same_items() {
    for text in [
        "a red dress under 100",
        "一百以内的红色连衣裙",
        "red dresses, below $100",
    ] {
        assert_eq!(find(text).items, [1], "{text}");
    }
    assert_eq!(find("lamps").items, [3]);
}

#[test]
fn what_is_ruled_out_is_not_shown() {
    assert_eq!(find("a dress, not red").items, [2]);
}

#[test]
fn where_nothing_fits_the_least_telling_is_given_up_and_said_so() {
    let found = find("a white dress");
    assert_eq!(found.given_up, [SlotName::Colour]);
    assert_eq!(found.items.len(), 3);
    assert_eq!(
        find("a dress under 10"),
        Found::default(),
        "a price is not given up"
    );
    assert_eq!(find("hello"), Found::default());
    assert_eq!(find("a sofa"), Found::default());
}

#[test]
fn the_cheapest_come_first_when_asked() {
    let catalogue = catalogue();
    let mut wish = Wish::of(&slots(
        "dress",
        &tokens("dress"),
        catalogue.lexicon(),
        None,
        &[],
    ));
    wish.cheaper_than(catalogue.price(0));
    assert_eq!(catalogue.find(&wish, 10).items, [2, 1]);
}

#[test]
fn an_empty_catalogue_finds_nothing() {
    let wish = Wish::of(&slots(
        "dress",
        &tokens("dress"),
        &Lexicon::common(),
        None,
        &[],
    ));
    assert_eq!(Catalogue::new(&[]).find(&wish, 3), Found::default());
}

#[test]
fn who_asks_for_shirts_in_either_language_is_shown_no_t_shirts() {
    let mut chinese = item(1, "牛津纺衬衫", "衬衫", "蓝色", 40.0);
    chinese.attributes.clear();
    let mut tee = item(0, "纯棉T恤", "T恤", "蓝色", 15.0);
    tee.attributes.clear();
    let catalogue = Catalogue::new(&[
        item(0, "Cotton T-shirt", "T-shirts", "Blue", 15.0),
        tee,
        item(1, "Oxford shirt", "Shirts", "Blue", 40.0),
        chinese,
    ]);
    let items = |text: &str| {
        let slots = slots(text, &tokens(text), catalogue.lexicon(), None, &[]);
        catalogue.find(&Wish::of(&slots), 10).items
    };
    for text in ["有没有衬衫", "蓝色的衬衫", "a blue shirt", "shirts"] {
        assert_eq!(items(text), [1], "{text}");
    }
    for text in ["有没有T恤", "a blue t-shirt", "tees", "T shirts"] {
        assert_eq!(items(text), [0], "{text}");
    }
}

#[test]
fn a_kind_said_with_its_suffix_finds_all_whose_names_end_with_it() {
    let catalogue = Catalogue::new(&[
        item(0, "碎花长款 黑色", "连衣裙", "Black", 15.0),
        item(1, "百褶款 黑色", "半身裙", "Black", 15.0),
        item(2, "连帽卫衣", "卫衣", "Black", 15.0),
        item(3, "裙摆夹 黑色", "配件", "Black", 15.0),
        item(4, "棒球帽", "帽子", "Black", 15.0),
        item(5, "飞行员墨镜", "墨镜", "Black", 15.0),
    ]);
    let items = |text: &str| {
        let slots = slots(text, &tokens(text), catalogue.lexicon(), None, &[]);
        catalogue.find(&Wish::of(&slots), 10).items
    };
    assert_eq!(items("裙子"), [0, 1]);
    assert_eq!(items("帽子"), [4]);
    assert_eq!(items("连衣裙"), [0]);
    assert_eq!(items("镜子"), [0; 0]);
}
