#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use nearshelf_catalogue::{Availability, EventKind, Item};

use super::*;
use crate::request::{Filter, HistoryEvent};
use crate::testing::{Shop, in_category, item, pounds};

const DAY: i64 = 86_400_000;

fn did(kind: EventKind, item: u32) -> HistoryEvent {
    HistoryEvent {
        item,
        kind,
        time_millis: 0,
    }
}

fn viewed(item: u32) -> HistoryEvent {
    did(EventKind::View, item)
}

/// By score alone.
fn request(kind: Kind) -> Request {
    Request {
        kind,
        diversity: 0.0,
        ..Request::default()
    }
}

fn items(answer: &[Recommendation]) -> Vec<u32> {
    answer.iter().map(|answered| answered.item).collect()
}

fn ask(shop: Shop, request: &Request) -> Vec<u32> {
    items(&recommend(&shop.pack(), request, None))
}

#[test]
fn for_you_follows_the_neighbours_of_what_was_viewed_and_says_so() {
    let pack = Shop::of(6).viewed(0, 3, 1.0).viewed(0, 4, 0.5).pack();
    let request = Request {
        history: vec![viewed(0)],
        limit: 2,
        ..request(Kind::ForYou)
    };
    let answer = recommend(&pack, &request, None);
    assert_eq!(items(&answer), [3, 4]);
    assert_eq!(answer[0].reasons, [Reason::BecauseViewed { item: 0 }]);
}

#[test]
fn the_reason_names_the_event_that_gave_most_points() {
    let pack = Shop::of(6).viewed(0, 3, 0.2).bought(1, 3, 0.9).pack();
    let request = Request {
        history: vec![viewed(0), did(EventKind::Purchase, 1)],
        limit: 1,
        ..request(Kind::ForYou)
    };
    let answer = recommend(&pack, &request, None);
    assert_eq!(answer[0].item, 3);
    assert_eq!(answer[0].reasons[0], Reason::BecauseBought { item: 1 });
}

#[test]
fn a_recent_view_outweighs_an_old_one() {
    let shop = Shop::of(6).viewed(0, 3, 1.0).viewed(1, 4, 1.0);
    let mut old = viewed(0);
    old.time_millis = -300 * DAY;
    let request = Request {
        history: vec![old, viewed(1)],
        limit: 1,
        ..request(Kind::ForYou)
    };
    assert_eq!(ask(shop, &request), [4]);
}

#[test]
fn taking_something_out_of_the_cart_takes_back_what_it_said() {
    let shop = || {
        Shop::of(6)
            .bought(0, 3, 1.0)
            .popularity(&[0.0, 0.0, 0.1, 0.0, 0.0, 0.0])
    };
    let with = |history| Request {
        history,
        limit: 1,
        ..request(Kind::ForYou)
    };
    let kept = vec![did(EventKind::AddToCart, 0)];
    assert_eq!(ask(shop(), &with(kept.clone())), [3]);
    let removed = [kept, vec![did(EventKind::Remove, 0)]].concat();
    assert_eq!(ask(shop(), &with(removed)), [2]);
}

#[test]
fn related_answers_neighbours_and_never_the_anchor_or_its_variants() {
    let variant = |id: &str| Item {
        group_id: Some("shirt".into()),
        ..item(id)
    };
    let shop = Shop::with(vec![variant("s"), variant("m"), item("2"), item("3")])
        .viewed(0, 1, 1.0)
        .viewed(0, 3, 0.5);
    let request = Request {
        anchors: vec![0, 0],
        limit: 9,
        ..request(Kind::Related)
    };
    assert_eq!(ask(shop, &request), [3, 2]);
}

#[test]
fn related_without_events_is_what_lies_close_and_says_what_it_is_like() {
    let pack = Shop::of(4)
        .embeddings(&[[127, 0], [0, 127], [120, 40], [90, 90]])
        .pack();
    let request = Request {
        anchors: vec![0],
        limit: 2,
        ..request(Kind::Related)
    };
    let answer = recommend(&pack, &request, None);
    assert_eq!(items(&answer), [2, 3]);
    assert_eq!(answer[0].reasons, [Reason::SimilarTo { item: 0 }]);
}

#[test]
fn bought_together_crosses_from_all_of_the_cart() {
    let pack = Shop::of(6)
        .bought(0, 3, 0.6)
        .bought(1, 3, 0.6)
        .bought(1, 4, 1.0)
        .pack();
    let anchored = Request {
        anchors: vec![0, 1],
        limit: 2,
        ..request(Kind::BoughtTogether)
    };
    let answer = recommend(&pack, &anchored, None);
    assert_eq!(items(&answer), [3, 4]);
    assert_eq!(answer[1].reasons, [Reason::BoughtTogetherWith { item: 1 }]);

    let from_history = Request {
        history: vec![did(EventKind::AddToCart, 1)],
        limit: 1,
        ..request(Kind::BoughtTogether)
    };
    let answer = recommend(&pack, &from_history, None);
    assert_eq!(items(&answer), [4]);
    assert_eq!(answer[0].reasons, [Reason::BecauseInCart { item: 1 }]);
}

#[test]
fn trending_goes_by_rise_before_size() {
    let pack = Shop::of(3)
        .popularity(&[1.0, 0.3, 0.3])
        .trend(&[-0.5, 0.8, 0.0])
        .pack();
    let answer = recommend(&pack, &request(Kind::Trending), None);
    assert_eq!(items(&answer), [1, 0, 2]);
    assert_eq!(answer[0].reasons, [Reason::Trending]);
    assert_eq!(answer[1].reasons, [Reason::Popular]);
}

#[test]
fn recently_viewed_is_newest_first_and_nothing_else() {
    let request = Request {
        history: vec![viewed(2), viewed(4), viewed(2), did(EventKind::Purchase, 5)],
        anchors: vec![4],
        ..request(Kind::RecentlyViewed)
    };
    assert_eq!(ask(Shop::of(9).popularity(&[1.0; 9]), &request), [2]);
}

#[test]
fn the_models_query_refines_and_is_named_as_the_ground() {
    let pack = Shop::of(3)
        .embeddings(&[[127, 0], [0, 127], [90, 90]])
        .pack();
    let request = Request {
        limit: 1,
        ..request(Kind::ForYou)
    };
    let answer = recommend(&pack, &request, Some(&[0.0, 1.0]));
    assert_eq!(items(&answer), [1]);
    assert_eq!(answer[0].reasons, [Reason::MatchesYourTaste]);
    for unusable in [&[f32::NAN, 0.0][..], &[0.0, 0.0], &[1.0]] {
        let answer = recommend(&pack, &request, Some(unusable));
        assert_eq!(answer, recommend(&pack, &request, None), "{unusable:?}");
    }
}

#[test]
fn a_shop_that_knows_nothing_answers_its_own_order_spread_over_categories() {
    let shop = Shop::with(vec![
        in_category("0", "Hats"),
        in_category("1", "Hats"),
        in_category("2", "Hats"),
        in_category("3", "Shoes"),
        item("4"),
    ]);
    let pack = shop.pack();
    let answer = recommend(&pack, &request(Kind::ForYou), None);
    assert_eq!(items(&answer), [0, 3, 4, 1, 2]);
    let only_sold = |answered: &Recommendation| answered.reasons == [Reason::Catalogue];
    assert!(answer.iter().all(only_sold));
}

#[test]
fn popularity_fills_what_neighbours_leave() {
    let shop = Shop::of(5)
        .viewed(0, 3, 1.0)
        .popularity(&[0.0, 0.2, 0.9, 0.0, 0.0]);
    let request = Request {
        history: vec![viewed(0)],
        exclude: vec![0],
        limit: 3,
        ..request(Kind::ForYou)
    };
    assert_eq!(ask(shop, &request), [3, 2, 1]);
}

#[test]
fn bought_items_stay_away_unless_buying_again_is_wanted() {
    let shop = || Shop::of(3).popularity(&[1.0, 0.5, 0.1]);
    let mut asked = Request {
        history: vec![did(EventKind::Purchase, 0)],
        ..request(Kind::ForYou)
    };
    assert_eq!(ask(shop(), &asked), [1, 2]);
    asked.now_millis = 1000 * DAY;
    assert_eq!(ask(shop(), &asked), [0, 1, 2], "long ago is long ago");
    asked.now_millis = 0;
    asked.repeat_purchases = true;
    let answer = recommend(&shop().pack(), &asked, None);
    assert_eq!(items(&answer), [0, 1, 2]);
    assert_eq!(answer[0].reasons[0], Reason::BecauseBought { item: 0 });
}

#[test]
fn the_filter_goes_by_stock_category_and_the_price_that_is_paid() {
    let mut shop = Shop::with(vec![
        in_category("0", "Women > Dresses"),
        in_category("1", "Women > Shoes"),
        in_category("2", "Women > Dresses > Long"),
        in_category("3", "Women > Dresses"),
        in_category("4", "Women > Dresses"),
    ]);
    shop.items[3].availability = Availability::OutOfStock;
    shop.items[4].price = None;
    shop.items[0].price = Some(pounds(9000));
    shop.items[0].sale_price = Some(pounds(500));
    let pack = shop.pack();
    let ask = |filter: Filter| {
        let request = Request {
            filter,
            ..request(Kind::Trending)
        };
        let mut found = items(&recommend(&pack, &request, None));
        found.sort_unstable();
        found
    };
    let dresses = vec![vec!["Women".to_owned(), "Dresses".to_owned()]];
    let by_category = Filter {
        categories: dresses,
        ..Filter::default()
    };
    assert_eq!(ask(by_category), [0, 2, 3, 4]);
    let by_stock = Filter {
        in_stock_only: true,
        ..Filter::default()
    };
    assert_eq!(ask(by_stock), [0, 1, 2, 4]);
    let by_price = |currency: &str| Filter {
        price_max: Some(600),
        currency: Some(currency.to_owned()),
        ..Filter::default()
    };
    assert_eq!(ask(by_price("gbp")), [0]);
    assert!(ask(by_price("EUR")).is_empty());
    let at_least = Filter {
        price_min: Some(1000),
        ..Filter::default()
    };
    assert_eq!(ask(at_least), [1, 2, 3]);
}

#[test]
fn a_strict_filter_still_fills_the_list_from_the_whole_catalogue() {
    let mut shop = Shop::of(2000).popularity(&[0.5; 2000]);
    for item in &mut shop.items[1990..] {
        item.price = Some(pounds(1));
    }
    let request = Request {
        filter: Filter {
            price_max: Some(1),
            ..Filter::default()
        },
        ..request(Kind::ForYou)
    };
    assert_eq!(ask(shop, &request).len(), 8);
}

#[test]
fn pins_come_first_in_their_order_where_they_may_be_shown() {
    let pack = Shop::of(6)
        .popularity(&[0.9, 0.8, 0.7, 0.0, 0.0, 0.0])
        .pack();
    let request = Request {
        pins: vec![5, 99, 4, 5, 3],
        exclude: vec![3],
        limit: 4,
        ..request(Kind::ForYou)
    };
    let answer = recommend(&pack, &request, None);
    assert_eq!(items(&answer), [5, 4, 0, 1]);
    assert_eq!(answer[0].reasons, [Reason::Pinned]);
}

#[test]
fn what_was_turned_down_goes_and_what_is_all_but_identical_sinks() {
    let shop = Shop::of(4).popularity(&[1.0, 0.9, 0.5, 0.4]).embeddings(&[
        [127, 0],
        [127, 1],
        [0, 127],
        [90, 90],
    ]);
    let request = Request {
        not_interested: vec![0],
        ..request(Kind::ForYou)
    };
    assert_eq!(ask(shop, &request), [2, 3, 1]);
}

#[test]
fn variants_of_one_product_and_what_another_list_shows_appear_once() {
    let variant = |id: &str, group: &str| Item {
        group_id: Some(group.into()),
        ..item(id)
    };
    let shop = Shop::with(vec![
        variant("0", "a"),
        variant("1", "a"),
        variant("2", "b"),
        variant("3", "b"),
        item("4"),
        item("5"),
    ])
    .popularity(&[0.9, 0.8, 0.7, 0.6, 0.5, 0.4]);
    let request = Request {
        already_shown: vec![3, 4],
        ..request(Kind::ForYou)
    };
    assert_eq!(ask(shop, &request), [0, 5]);
}

#[test]
fn diversity_brings_in_other_categories() {
    let mut all: Vec<Item> = (0..5)
        .map(|n| in_category(&n.to_string(), "Hats"))
        .collect();
    all.push(in_category("5", "Shoes"));
    let shop = || {
        let items = all.clone();
        Shop::with(items).popularity(&[1.0, 0.98, 0.96, 0.94, 0.92, 0.8])
    };
    let mut asked = Request {
        limit: 2,
        ..request(Kind::ForYou)
    };
    assert_eq!(ask(shop(), &asked), [0, 1]);
    asked.diversity = 0.5;
    assert_eq!(ask(shop(), &asked), [0, 5]);
}

#[test]
fn an_empty_pack_and_a_limit_of_zero_answer_nothing() {
    for kind in Kind::ALL {
        let mut asked = Request {
            anchors: vec![0],
            history: vec![viewed(0)],
            pins: vec![0],
            ..request(kind)
        };
        assert!(ask(Shop::of(0), &asked).is_empty());
        asked.limit = 0;
        assert!(ask(Shop::of(3), &asked).is_empty());
    }
}

#[test]
fn a_list_of_the_whole_catalogue_has_every_item_once() {
    let shop = Shop::of(1500).popularity(&[0.5; 1500]);
    let asked = Request {
        limit: usize::MAX,
        diversity: 0.7,
        ..request(Kind::Trending)
    };
    let mut answer = ask(shop, &asked);
    answer.sort_unstable();
    assert!(answer.into_iter().eq(0..1500));
}
