#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use nearshelf_catalogue::EventKind::{self, AddToCart, Purchase, Remove, View};
use proptest::prelude::*;

use super::*;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn log(rows: &[(u32, u32, EventKind, i64)]) -> Interactions {
    let rows = rows
        .iter()
        .map(|&(session, item, kind, time_millis)| Interaction {
            session,
            item,
            kind,
            time_millis,
        });
    Interactions::new(rows.collect())
}

/// No gates, no decay: what is counted can be checked by hand.
fn plain() -> MineOptions {
    MineOptions {
        half_life_days: f64::INFINITY,
        basket_size_power: 0.0,
        across_visits: 0.0,
        shrinkage: 0.0,
        min_sessions: 1,
        min_log_likelihood_ratio: f64::NEG_INFINITY,
        ..MineOptions::default()
    }
}

fn pairs_of(list: &[Neighbour]) -> Vec<(u32, f32)> {
    list.iter().map(|n| (n.item, n.weight)).collect()
}

#[test]
fn cosines_of_a_small_log_are_as_computed_by_hand() {
    // Baskets {0,1}, {0,1}, {0,2}: cos(0,1) = 2/√(3·2), cos(0,2) = 1/√(3·1).
    let log = log(&[
        (0, 0, Purchase, 0),
        (0, 1, Purchase, 0),
        (1, 0, Purchase, 0),
        (1, 1, Purchase, 0),
        (2, 0, Purchase, 0),
        (2, 2, Purchase, 0),
    ]);
    let mined = mine(&log, 3, &plain());
    let of_zero = pairs_of(&mined.bought_together[0]);
    let ratio = (1.0 / 3.0_f32.sqrt()) / (2.0 / 6.0_f32.sqrt());
    assert_eq!(of_zero[0], (1, 1.0), "the strongest pair is scaled to 1");
    assert_eq!(of_zero[1].0, 2);
    assert!((of_zero[1].1 - ratio).abs() < 1e-6);
    assert!(mined.viewed_together.iter().all(Vec::is_empty));
}

#[test]
fn purchases_of_one_shopper_in_different_visits_go_together_more_weakly() {
    let log = log(&[
        (0, 0, Purchase, 0),
        (0, 1, Purchase, 0),
        (0, 2, Purchase, DAY),
    ]);
    let alone = mine(&log, 3, &plain());
    assert_eq!(alone.bought_together[2].len(), 0);
    let across = mine(
        &log,
        3,
        &MineOptions {
            across_visits: 0.25,
            ..plain()
        },
    );
    let of_zero = pairs_of(&across.bought_together[0]);
    assert_eq!(of_zero[0].0, 1);
    assert_eq!(of_zero[1].0, 2);
    assert!(of_zero[1].1 < 0.25 && of_zero[1].1 > 0.2);
}

#[test]
fn bought_after_viewing_has_a_direction_and_a_longest_lag() {
    let log = log(&[
        (0, 0, View, 0),
        (0, 1, Purchase, HOUR),
        (0, 2, View, 2 * HOUR),
        (1, 0, View, 0),
        (1, 3, Purchase, 20 * DAY),
    ]);
    let lists = mine(&log, 4, &plain()).bought_after_viewing;
    assert_eq!(pairs_of(&lists[0]), [(1, 1.0)]);
    assert!(lists[1].is_empty() && lists[2].is_empty());
}

#[test]
fn a_bestseller_in_every_basket_is_nobodys_neighbour() {
    // Item 0 is in all 30 baskets; 1 and 2 always go together, in ten of them.
    let mut rows = Vec::new();
    for basket in 0..30 {
        rows.push((basket, 0, Purchase, 0));
        for item in if basket < 10 {
            [1, 2]
        } else {
            [3 + basket, 40 + basket]
        } {
            rows.push((basket, item, Purchase, 0));
        }
    }
    let options = MineOptions {
        half_life_days: f64::INFINITY,
        ..MineOptions::default()
    };
    let mined = mine(&log(&rows), 80, &options);
    assert_eq!(
        pairs_of(&mined.bought_together[1])
            .iter()
            .map(|p| p.0)
            .collect::<Vec<_>>(),
        [2]
    );
    assert!(mined.bought_together[0].is_empty());
    assert_eq!(mined.popularity[0], 1.0);
}

#[test]
fn what_one_shopper_alone_did_is_not_told() {
    let mut rows = Vec::new();
    for day in 0..10 {
        rows.extend([0, 1].map(|item| (0, item, Purchase, day * DAY)));
    }
    let options = MineOptions {
        min_log_likelihood_ratio: f64::NEG_INFINITY,
        ..MineOptions::default()
    };
    assert!(mine(&log(&rows), 2, &options).bought_together[0].is_empty());
    rows.extend([0, 1].map(|item| (1, item, Purchase, 0)));
    assert_eq!(mine(&log(&rows), 2, &options).bought_together[0].len(), 1);
}

#[test]
fn recent_pairs_outweigh_old_ones() {
    let log = log(&[
        (0, 0, View, 0),
        (0, 1, View, 0),
        (1, 0, View, 400 * DAY),
        (1, 2, View, 400 * DAY),
    ]);
    let options = MineOptions {
        half_life_days: 30.0,
        popularity_power: 0.0,
        ..plain()
    };
    let list = pairs_of(&mine(&log, 3, &options).viewed_together[0]);
    assert_eq!(list[0].0, 2);
    assert!(list[1].1 < 0.001);
}

#[test]
fn lists_are_cut_to_top_k_with_ties_in_catalogue_order() {
    let rows: Vec<_> = (0..6).rev().map(|item| (0, item, View, 0)).collect();
    let options = MineOptions {
        top_k: 2,
        ..plain()
    };
    let lists = mine(&log(&rows), 6, &options).viewed_together;
    let items: Vec<u32> = lists[5].iter().map(|n| n.item).collect();
    assert_eq!(items, [0, 1]);
    let none = MineOptions {
        top_k: 0,
        ..plain()
    };
    assert!(
        mine(&log(&rows), 6, &none)
            .viewed_together
            .iter()
            .all(Vec::is_empty)
    );
}

#[test]
fn a_huge_basket_costs_its_window_not_its_square() {
    let rows: Vec<_> = (0..20_000).map(|item| (0, item, Purchase, 0)).collect();
    let options = MineOptions {
        window: 4,
        ..plain()
    };
    let lists = mine(&log(&rows), 20_000, &options).bought_together;
    assert!(lists.iter().all(|list| list.len() <= 8));
    assert_eq!(lists[100].len(), 8);
}

#[test]
fn popularity_is_one_for_the_most_wanted_and_zero_without_events() {
    let log = log(&[(0, 0, Purchase, 0), (1, 1, View, 0), (2, 1, View, 0)]);
    let popularity = mine(&log, 3, &plain()).popularity;
    // Demands 5, 2, 0.
    assert_eq!(popularity[0], 1.0);
    assert!((popularity[1] - (3.0_f32.ln() / 6.0_f32.ln())).abs() < 1e-6);
    assert_eq!(popularity[2], 0.0);
}

#[test]
fn one_busy_session_does_not_make_a_bestseller() {
    let mut rows: Vec<_> = (0..200).map(|n| (0, 0, View, n * HOUR)).collect();
    rows.extend((1..11).map(|session| (session, 1, View, 0)));
    let popularity = mine(&log(&rows), 2, &plain()).popularity;
    assert!(popularity[1] > popularity[0]);
}

#[test]
fn a_removal_takes_back_what_the_cart_said() {
    let log = log(&[(0, 0, AddToCart, 0), (0, 0, Remove, 1), (0, 1, View, 0)]);
    let popularity = mine(&log, 2, &plain()).popularity;
    assert_eq!(popularity, [0.0, 1.0]);
}

#[test]
fn trend_compares_the_last_window_with_the_one_before() {
    let mut rows = Vec::new();
    for session in 0..20 {
        // Item 0 rises, item 1 falls, item 2 stays.
        let recent = session < 10;
        let day = if recent { 13 } else { 3 };
        rows.push((session, if recent { 0 } else { 1 }, View, day * DAY + HOUR));
        rows.push((session, 2, View, day * DAY + HOUR));
    }
    rows.push((99, 3, Remove, 14 * DAY));
    let trend = mine(&log(&rows), 4, &plain()).trend;
    assert!(trend[0] > 0.4 && trend[1] < -0.4);
    assert_eq!((trend[2], trend[3]), (0.0, 0.0));
}

#[test]
fn a_log_shorter_than_the_window_has_no_trend() {
    let trend = mine(&log(&[(0, 0, View, 0), (1, 0, View, 1)]), 1, &plain()).trend;
    assert_eq!(trend, [0.0]);
}

#[test]
fn an_event_from_the_far_future_does_not_age_all_others() {
    let rows = [(0, 0, View, 0), (1, 1, View, i64::MAX), (2, 0, View, DAY)];
    let options = MineOptions {
        now_millis: DAY,
        half_life_days: 30.0,
        ..plain()
    };
    let popularity = mine(&log(&rows), 2, &options).popularity;
    assert_eq!(popularity[0], 1.0);
    assert!(popularity[1] > 0.0);
}

#[test]
fn an_empty_log_and_an_empty_catalogue_mine_to_nothing() {
    let mined = mine(&Interactions::default(), 2, &MineOptions::default());
    assert_eq!(mined.popularity, [0.0, 0.0]);
    assert!(mined.bought_together.iter().all(Vec::is_empty));
    let mined = mine(&log(&[(0, 0, View, 0)]), 0, &MineOptions::default());
    assert!(mined.viewed_together.is_empty() && mined.trend.is_empty());
}

fn any_log() -> impl Strategy<Value = Interactions> {
    let kind = prop_oneof![Just(View), Just(AddToCart), Just(Purchase), Just(Remove)];
    let time = prop_oneof![9 => 0..60 * DAY, 1 => any::<i64>()];
    let row = (0..6_u32, 0..9_u32, kind, time);
    proptest::collection::vec(row, 0..80).prop_map(|rows| log(&rows))
}

proptest! {
    #[test]
    fn any_log_mines_to_ordered_bounded_lists_without_self_neighbours(
        log in any_log(),
        top_k in 0..5_usize,
        window in 0..10_usize,
    ) {
        // Item 8 lies beyond the catalogue.
        let options = MineOptions { top_k, window, min_sessions: 1, ..MineOptions::default() };
        let mined = mine(&log, 8, &options);
        for lists in [&mined.viewed_together, &mined.bought_together, &mined.bought_after_viewing] {
            prop_assert_eq!(lists.len(), 8);
            for (item, list) in lists.iter().enumerate() {
                prop_assert!(list.len() <= top_k);
                prop_assert!(list.iter().all(|n| n.item < 8 && n.item as usize != item));
                prop_assert!(list.iter().all(|n| n.weight > 0.0 && n.weight <= 1.0));
                prop_assert!(list.windows(2).all(|w| w[0].weight > w[1].weight
                    || (w[0].weight == w[1].weight && w[0].item < w[1].item)));
            }
        }
        prop_assert!(mined.popularity.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert!(mined.trend.iter().all(|t| (-1.0..=1.0).contains(t)));
        prop_assert_eq!(&mined, &mine(&log, 8, &options));
    }

    #[test]
    fn viewed_together_is_symmetric_before_lists_are_cut(log in any_log()) {
        let options = MineOptions { top_k: 100, ..MineOptions::default() };
        let lists = mine(&log, 9, &options).viewed_together;
        for (item, list) in lists.iter().enumerate() {
            for neighbour in list {
                let back = lists[neighbour.item as usize].iter().find(|n| n.item as usize == item);
                let back = back.expect("the other direction exists");
                prop_assert!((back.weight - neighbour.weight).abs() < 1e-5);
            }
        }
    }
}
