#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use nearshelf_catalogue::EventKind;

use super::*;
use crate::mine::{Interactions, MineOptions, mine};
use crate::rank::Tuning;
use crate::request::Request;
use crate::testing::Shop;

const DAY: i64 = 86_400_000;

/// Ten shoppers buy 0 and 1 together, then 2; five others 3 and 4, then 5.
fn log() -> Interactions {
    let mut rows = Vec::new();
    for session in 0..15 {
        let first = if session < 10 { 0 } else { 3 };
        for (item, day) in [(first, 0), (first + 1, 0), (first + 2, 10)] {
            rows.push(Interaction {
                session,
                item,
                kind: EventKind::Purchase,
                time_millis: day * DAY,
            });
        }
    }
    Interactions::new(rows)
}

fn shelf(log: &Interactions) -> nearshelf_catalogue::Pack {
    let mined = mine(log, 6, &MineOptions::default());
    let mut shop = Shop::of(6)
        .popularity(&mined.popularity)
        .trend(&mined.trend);
    shop.viewed_together = mined.viewed_together;
    shop.bought_together = mined.bought_together;
    shop.bought_after_viewing = mined.bought_after_viewing;
    shop.pack()
}

fn history(items: &[u32]) -> Vec<Interaction> {
    let row = |&item: &u32| Interaction {
        session: 99,
        item,
        kind: EventKind::Purchase,
        time_millis: 0,
    };
    items.iter().map(row).collect()
}

#[test]
fn popularity_answers_the_same_to_all_less_what_they_have() {
    let mut popular = PopularityBaseline::fit(&log(), 6, false);
    assert_eq!(
        popular.recommend(&history(&[1]), DAY, 3).unwrap(),
        [0, 2, 3]
    );
    let mut popular = PopularityBaseline::fit(&log(), 6, true);
    assert_eq!(
        popular.recommend(&history(&[1]), DAY, 3).unwrap(),
        [0, 1, 2]
    );
}

#[test]
fn personal_frequency_repeats_what_was_had_most_often_and_fills_from_popularity() {
    let mut personal = PersonalBaseline::fit(&log(), 6);
    let mut bought = history(&[4, 5, 5]);
    bought[1].time_millis = DAY;
    assert_eq!(
        personal.recommend(&bought, 2 * DAY, 4).unwrap(),
        [5, 4, 0, 1]
    );
}

#[test]
fn item_knn_and_the_shelf_follow_the_history_where_popularity_cannot() {
    let log = log();
    let mut knn = ItemKnn::fit(&log, 6, ItemKnnOptions::default());
    assert_eq!(knn.recommend(&history(&[3]), DAY, 2).unwrap(), [4, 5]);
    let pack = shelf(&log);
    let request = Request {
        diversity: 0.0,
        ..Request::default()
    };
    let mut shelf = ShelfRecommender::new(&pack, request);
    assert_eq!(shelf.recommend(&history(&[3]), DAY, 2).unwrap(), [4, 5]);
}

#[test]
fn a_query_given_to_the_shelf_is_asked_with_the_history() {
    let pack = Shop::of(3)
        .embeddings(&[[127, 0], [0, 127], [0, 127]])
        .pack();
    let mut asked = Vec::new();
    let query = |history: &[crate::HistoryEvent]| {
        asked.push(history.len());
        Ok(Some(vec![0.0, 1.0]))
    };
    let mut shelf = ShelfRecommender::new(&pack, Request::default()).with_query(query);
    assert_eq!(shelf.recommend(&history(&[1]), DAY, 1).unwrap(), [2]);
    drop(shelf);
    assert_eq!(asked, [1]);
}

#[test]
fn a_model_that_fails_ends_the_measurement() {
    let pack = shelf(&log());
    let failure = || ModelError::BadOutput {
        model: "for-you",
        port: "query",
    };
    let mut shelf = ShelfRecommender::new(&pack, Request::default()).with_query(|_| Err(failure()));
    let answer = shelf.recommend(&history(&[0]), DAY, 2);
    assert_eq!(answer.unwrap_err().to_string(), failure().to_string());
}

#[test]
fn a_sweep_varies_one_constant_at_a_time_and_includes_what_ships() {
    let names = |names: Vec<String>| {
        let distinct: std::collections::HashSet<_> = names.iter().cloned().collect();
        assert_eq!(distinct.len(), names.len());
        assert!(names.iter().any(|name| name == "as shipped"));
    };
    let knn = knn_variations(true);
    assert!(knn.iter().all(|(_, options)| options.repeat_purchases));
    names(knn.into_iter().map(|(n, _)| n).collect());
    names(
        tuning_variations(Tuning::default())
            .into_iter()
            .map(|(n, _)| n)
            .collect(),
    );
    names(mine_variations().into_iter().map(|(n, _)| n).collect());
}

#[test]
fn with_decay_what_was_wanted_lately_comes_first() {
    let mut rows = log().rows().to_vec();
    rows.extend((20..25).map(|session| Interaction {
        session,
        item: 5,
        kind: EventKind::Purchase,
        time_millis: 300 * DAY,
    }));
    let log = Interactions::new(rows);
    let mut plain = PopularityBaseline::fit(&log, 6, true);
    assert_eq!(plain.recommend(&history(&[0]), DAY, 2).unwrap(), [0, 1]);
    let mut decayed = PopularityBaseline::fit_decayed(&log, 6, true, 30.0);
    assert_eq!(decayed.recommend(&history(&[0]), DAY, 2).unwrap(), [5, 2]);
}

#[test]
fn item_knn_shows_what_was_seen_only_where_it_may_and_as_much_as_it_counts() {
    let log = log();
    let first = |repeat_purchases, own| {
        let options = ItemKnnOptions {
            repeat_purchases,
            own,
            ..ItemKnnOptions::default()
        };
        let mut knn = ItemKnn::fit(&log, 6, options);
        knn.recommend(&history(&[3, 4]), DAY, 1).unwrap()[0]
    };
    assert_eq!(first(false, 1.0), 5);
    assert_eq!(first(true, 9.0), 3);
    assert_eq!(first(true, 0.0), 5, "named by both");
}
