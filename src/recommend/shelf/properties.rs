//! What holds for every request on every pack.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use nearshelf_catalogue::{Availability, EventKind, Item, Neighbour};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::request::{Filter, HistoryEvent};
use crate::testing::{Shop, in_category};

fn any_item() -> impl Strategy<Value = Item> {
    let category = prop_oneof![Just(""), Just("Hats"), Just("Hats > Warm"), Just("Shoes")];
    let group = proptest::option::weighted(0.3, "[ab]");
    (category, group, any::<bool>()).prop_map(|(category, group_id, in_stock)| Item {
        group_id,
        availability: if in_stock {
            Availability::InStock
        } else {
            Availability::OutOfStock
        },
        ..in_category("", category)
    })
}

fn any_list() -> impl Strategy<Value = Vec<Neighbour>> {
    vec((0..9_u32, 0.0_f32..1.0), 0..4).prop_map(|list| {
        let mut list: Vec<Neighbour> = list
            .into_iter()
            .map(|(item, weight)| Neighbour { item, weight })
            .collect();
        list.sort_by_key(|neighbour| neighbour.item);
        list.dedup_by_key(|neighbour| neighbour.item);
        list
    })
}

fn any_shop() -> impl Strategy<Value = Shop> {
    (0..9_usize).prop_flat_map(|count| {
        let lists = || vec(any_list(), count);
        let embeddings = proptest::option::of(vec(any::<i8>(), count * 2));
        let measures = (vec(0.0_f32..1.0, count), vec(-1.0_f32..1.0, count));
        let items = vec(any_item(), count);
        (items, lists(), lists(), lists(), measures, embeddings).prop_map(
            |(mut items, viewed, bought, after, (popularity, trend), values)| {
                for (index, item) in items.iter_mut().enumerate() {
                    item.id = format!("item {index}");
                }
                let count = items.len() as u32;
                let own = |mut lists: Vec<Vec<Neighbour>>| {
                    for (item, list) in lists.iter_mut().enumerate() {
                        list.retain(|n| n.item < count && n.item as usize != item);
                        list.sort_by(|a, b| b.weight.total_cmp(&a.weight));
                    }
                    lists
                };
                let mut shop = Shop::with(items);
                shop.viewed_together = own(viewed);
                shop.bought_together = own(bought);
                shop.bought_after_viewing = own(after);
                shop.popularity = popularity;
                shop.trend = trend;
                shop.embeddings = values.map(|values| (2, values));
                shop
            },
        )
    })
}

fn any_event() -> impl Strategy<Value = HistoryEvent> {
    let kind = prop_oneof![
        Just(EventKind::View),
        Just(EventKind::AddToCart),
        Just(EventKind::Purchase),
        Just(EventKind::Remove),
    ];
    let time = prop_oneof![5 => 0..1_000_000_000_i64, 1 => any::<i64>()];
    (0..11_u32, kind, time).prop_map(|(item, kind, time_millis)| HistoryEvent {
        item,
        kind,
        time_millis,
    })
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let categories = prop_oneof![
        3 => Just(Vec::new()),
        1 => Just(vec![vec!["Hats".to_owned()]]),
        1 => Just(vec![Vec::new()]),
    ];
    let price = proptest::option::weighted(0.2, 0..2000_i64);
    (any::<bool>(), categories, price.clone(), price).prop_map(
        |(in_stock_only, categories, price_min, price_max)| Filter {
            in_stock_only,
            categories,
            price_min,
            price_max,
            brands: Vec::new(),
            attributes: Vec::new(),
            currency: Some("GBP".to_owned()),
        },
    )
}

fn any_request() -> impl Strategy<Value = Request> {
    let few = || vec(0..11_u32, 0..4);
    let kind = (0..Kind::ALL.len()).prop_map(|n| Kind::ALL[n]);
    let limit = prop_oneof![4 => 0..6_usize, 1 => Just(usize::MAX)];
    let dial = prop_oneof![4 => 0.0_f32..1.0, 2 => Just(0.0), 1 => any::<f32>()];
    let lists = (few(), few(), few(), few(), few());
    let history = vec(any_event(), 0..12);
    let now = prop_oneof![5 => 0..1_000_000_000_i64, 1 => any::<i64>()];
    (
        kind,
        history,
        limit,
        dial,
        lists,
        any_filter(),
        now,
        any::<bool>(),
    )
        .prop_map(
            |(kind, history, limit, diversity, lists, filter, now_millis, repeat_purchases)| {
                let (anchors, pins, exclude, not_interested, already_shown) = lists;
                Request {
                    kind,
                    anchors,
                    history,
                    limit,
                    filter,
                    pins,
                    exclude,
                    not_interested,
                    already_shown,
                    now_millis,
                    diversity,
                    novelty: diversity,
                    wishes: Vec::new(),
                    repeat_purchases,
                }
            },
        )
}

fn any_query() -> impl Strategy<Value = Option<Vec<f32>>> {
    let value = prop_oneof![5 => -1.0_f32..1.0, 1 => any::<f32>()];
    proptest::option::of(vec(value, 0..4))
}

fn named_item(reason: &Reason) -> Option<u32> {
    match *reason {
        Reason::BecauseViewed { item }
        | Reason::BecauseBought { item }
        | Reason::BecauseInCart { item }
        | Reason::BoughtTogetherWith { item }
        | Reason::GoesWith { item }
        | Reason::SimilarTo { item } => Some(item),
        Reason::Trending
        | Reason::Popular
        | Reason::RecentlyViewed
        | Reason::MatchesYourTaste
        | Reason::Pinned
        | Reason::AsAsked
        | Reason::DueAgain
        | Reason::Catalogue => None,
    }
}

fn happened(request: &Request, item: u32, kinds: &[EventKind]) -> bool {
    let mut history = request.history.iter();
    history.any(|event| event.item == item && kinds.contains(&event.kind))
}

proptest! {
    #[test]
    fn answers_keep_to_the_limit_the_filter_and_the_exclusions_and_never_repeat(
        shop in any_shop(),
        request in any_request(),
        query in any_query(),
    ) {
        let pack = shop.pack();
        let answer = recommend(&pack, &request, query.as_deref());
        prop_assert!(answer.len() <= request.limit);
        let mut groups = Vec::new();
        for (place, answered) in answer.iter().enumerate() {
            let item = pack.items.get(answered.item).expect("an item of the pack");
            prop_assert!(answer[..place].iter().all(|other| other.item != answered.item));
            for ruled_out in [&request.exclude, &request.not_interested, &request.anchors,
                &request.already_shown] {
                prop_assert!(!ruled_out.contains(&answered.item));
            }
            if let Some(group) = &item.group_id {
                prop_assert!(!groups.contains(group), "two variants of {group}");
                groups.push(group.clone());
            }
            let filter = &request.filter;
            prop_assert!(!filter.in_stock_only || item.availability == Availability::InStock);
            let in_category = |path: &Vec<String>| item.texts[0].category.starts_with(path);
            let categories = &filter.categories;
            prop_assert!(categories.is_empty() || categories.iter().any(in_category));
            prop_assert!(filter.price_min.is_none_or(|min| min <= 1000));
            prop_assert!(filter.price_max.is_none_or(|max| max >= 1000));
        }
    }

    #[test]
    fn scores_are_finite_and_fall_when_nothing_is_diversified(
        shop in any_shop(),
        request in any_request(),
        query in any_query(),
    ) {
        let request = Request { diversity: 0.0, pins: Vec::new(), ..request };
        let pack = shop.pack();
        let answer = recommend(&pack, &request, query.as_deref());
        prop_assert!(answer.iter().all(|a| a.score.is_finite() && a.score >= 0.0));
        prop_assert!(answer.windows(2).all(|pair| pair[0].score >= pair[1].score));
    }

    #[test]
    fn pins_stand_before_all_else(shop in any_shop(), request in any_request()) {
        let pack = shop.pack();
        let answer = recommend(&pack, &request, None);
        let pinned = |a: &&Recommendation| a.reasons == [Reason::Pinned];
        let first: Vec<u32> = answer.iter().take_while(pinned).map(|a| a.item).collect();
        prop_assert_eq!(first.len(), answer.iter().filter(pinned).count());
        let mut pins = request.pins.iter();
        prop_assert!(first.iter().all(|item| pins.any(|pin| pin == item)), "in their order");
    }

    #[test]
    fn reasons_name_what_is_in_the_history_or_an_anchor(
        shop in any_shop(),
        request in any_request(),
        query in any_query(),
    ) {
        use EventKind::{AddToCart, Purchase, View};
        let pack = shop.pack();
        for answered in recommend(&pack, &request, query.as_deref()) {
            prop_assert!(!answered.reasons.is_empty());
            let catalogue = answered.reasons.contains(&Reason::Catalogue);
            prop_assert!(!catalogue || answered.reasons.len() == 1, "only where nothing else speaks");
            for (place, reason) in answered.reasons.iter().enumerate() {
                prop_assert!(!answered.reasons[..place].contains(reason));
                let anchor = named_item(reason).is_some_and(|item| request.anchors.contains(&item));
                match *reason {
                    Reason::BecauseViewed { item } => {
                        prop_assert!(anchor || happened(&request, item, &[View, AddToCart]));
                    }
                    Reason::BecauseBought { item } => {
                        prop_assert!(happened(&request, item, &[Purchase]));
                    }
                    Reason::BecauseInCart { item } => {
                        prop_assert!(happened(&request, item, &[AddToCart]));
                    }
                    Reason::BoughtTogetherWith { .. } => prop_assert!(anchor),
                    Reason::GoesWith { item } => {
                        prop_assert!(anchor || happened(&request, item, &[View, AddToCart, Purchase]));
                    }
                    Reason::AsAsked => prop_assert!(!request.wishes.is_empty()),
                    Reason::DueAgain => prop_assert!(happened(&request, answered.item, &[Purchase])),
                    Reason::SimilarTo { item } => {
                        prop_assert!(item != answered.item);
                        prop_assert!(anchor || happened(&request, item, &[View, AddToCart, Purchase]));
                    }
                    Reason::RecentlyViewed => {
                        prop_assert!(happened(&request, answered.item, &[View, AddToCart]));
                    }
                    Reason::Trending => prop_assert!(pack.popularity.trend(answered.item) > 0.0),
                    Reason::Popular => prop_assert!(pack.popularity.score(answered.item) > 0.0),
                    Reason::MatchesYourTaste => prop_assert!(query.is_some()),
                    Reason::Pinned => prop_assert!(request.pins.contains(&answered.item)),
                    Reason::Catalogue => {}
                }
            }
        }
    }

    #[test]
    fn a_list_is_as_long_as_what_may_be_shown_allows(shop in any_shop(), request in any_request()) {
        let request = Request { limit: usize::MAX, ..request };
        let pack = shop.pack();
        let all = recommend(&pack, &request, None);
        for limit in 0..all.len() {
            let some = recommend(&pack, &Request { limit, ..request.clone() }, None);
            prop_assert_eq!(some.len(), limit);
        }
    }
}
