#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use nearshelf_catalogue::EventKind;

use super::*;
use crate::mine::{Interactions, MineOptions, mine};
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
    let mut shelf = ShelfRecommender::new("nearshelf", &pack, request);
    assert_eq!(shelf.name(), "nearshelf");
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
    let mut shelf =
        ShelfRecommender::new("with model", &pack, Request::default()).with_query(query);
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
    let mut shelf =
        ShelfRecommender::new("broken", &pack, Request::default()).with_query(|_| Err(failure()));
    let case = Case {
        history: history(&[0]),
        now_millis: DAY,
        relevant: vec![1],
    };
    let answer = evaluate(&mut shelf, &[case], 2, 6);
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
    names(tuning_variations().into_iter().map(|(n, _)| n).collect());
    names(mine_variations().into_iter().map(|(n, _)| n).collect());
}

#[test]
fn scores_are_averages_over_cases() {
    struct Always(Vec<u32>);
    impl Recommender for Always {
        fn name(&self) -> &str {
            "always"
        }
        fn recommend(
            &mut self,
            _: &[Interaction],
            _: i64,
            _: usize,
        ) -> Result<Vec<u32>, ModelError> {
            Ok(self.0.clone())
        }
    }
    let case = |relevant: &[u32]| Case {
        history: history(&[0]),
        now_millis: 0,
        relevant: relevant.to_vec(),
    };
    let cases = [case(&[1]), case(&[2, 3])];
    let scores = evaluate(&mut Always(vec![1, 2, 9]), &cases, 2, 8).unwrap();
    assert_eq!((scores.cases, scores.k), (2, 2));
    assert!((scores.recall - 0.75).abs() < 1e-12);
    assert!((scores.hit_rate - 1.0).abs() < 1e-12);
    assert!((scores.mrr - 0.75).abs() < 1e-12);
    assert!((scores.coverage - 0.25).abs() < 1e-12);
    let nothing = evaluate(&mut Always(vec![1]), &[], 2, 8).unwrap();
    assert_eq!(nothing.recall, 0.0);
}
