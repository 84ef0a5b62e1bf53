#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::super::{Interaction, Interactions};
use super::*;
use nearshelf_catalogue::EventKind;

fn steps(sessions: &[&[u32]], item_count: usize) -> Steps {
    let rows = sessions.iter().zip(0..).flat_map(|(items, session)| {
        items
            .iter()
            .zip(0..)
            .map(move |(&item, time_millis)| Interaction {
                session,
                item,
                kind: EventKind::View,
                time_millis,
            })
    });
    Steps::new(
        &Interactions::new(rows.collect()),
        item_count,
        i64::MAX,
        |_| true,
    )
}

fn options() -> MineOptions {
    MineOptions {
        half_life_days: f64::INFINITY,
        min_sessions: 1,
        top_k: 64,
        ..MineOptions::default()
    }
}

fn lists(
    sessions: &[&[u32]],
    item_count: usize,
    penalty: f64,
    options: &MineOptions,
) -> NeighbourLists {
    linear_on(
        2,
        &steps(sessions, item_count),
        item_count,
        0,
        penalty,
        options,
    )
}

fn weight(lists: &NeighbourLists, from: usize, to: u32) -> f32 {
    lists[from]
        .iter()
        .find(|n| n.item == to)
        .map_or(0.0, |n| n.weight)
}

#[test]
fn weights_of_a_small_log_are_as_computed_by_hand() {
    // Items 0 and 1 are in two sessions together, 2 joins once.
    let sessions: [&[u32]; 3] = [&[0, 1], &[0, 1, 2], &[2]];
    let found = lists(&sessions, 3, 1.0, &options());
    // For 2: G_00 = G_11 = 2, G_01 = 2, G_02 = G_12 = 1: [[3, 2], [2, 3]] w = [1, 1], w = 1/5 each.
    // For 0: on 1 and 2: [[3, 1], [1, 3]] w = [2, 1]: w = [5/8, 1/8].
    let largest = 5.0 / 8.0;
    assert!((weight(&found, 1, 0) - 1.0).abs() < 1e-6);
    assert!((weight(&found, 2, 0) - 0.125 / largest).abs() < 1e-6);
    assert!((weight(&found, 0, 2) - 0.2 / largest).abs() < 1e-6);
    assert!((weight(&found, 1, 2) - 0.2 / largest).abs() < 1e-6);
}

#[test]
fn what_another_item_explains_is_not_counted_twice() {
    // 2 is bought with 1; 0 is in the same sessions only because it goes with 1.
    let mut sessions: Vec<&[u32]> = vec![&[1, 2]; 6];
    sessions.extend(vec![&[0, 1][..]; 6]);
    sessions.extend(vec![&[0, 1, 2][..]; 6]);
    let found = lists(&sessions, 3, 1.0, &options());
    assert!(weight(&found, 1, 2) > 4.0 * weight(&found, 0, 2));
}

#[test]
fn pairs_of_too_few_sessions_speak_for_nothing() {
    let sessions: [&[u32]; 3] = [&[0, 1], &[0, 1], &[0, 2]];
    let gated = MineOptions {
        min_sessions: 2,
        ..options()
    };
    let found = lists(&sessions, 3, 1.0, &gated);
    assert!(weight(&found, 0, 1) > 0.0);
    assert!(found[2].is_empty() && weight(&found, 0, 2) == 0.0);
}

#[test]
fn old_sessions_count_less() {
    let day = 86_400_000;
    let rows = [(0, 0, 0), (0, 1, 0), (1, 0, 90 * day), (1, 2, 90 * day)];
    let rows = rows.map(|(session, item, time_millis)| Interaction {
        session,
        item,
        kind: EventKind::View,
        time_millis,
    });
    let steps = Steps::new(&Interactions::new(rows.to_vec()), 3, i64::MAX, |_| true);
    let fading = MineOptions {
        half_life_days: 30.0,
        ..options()
    };
    let found = linear_on(1, &steps, 3, 90 * day, 1.0, &fading);
    assert!(weight(&found, 0, 2) > 4.0 * weight(&found, 0, 1));
}

#[test]
fn lists_are_cut_sorted_scaled_and_the_same_on_any_number_of_threads() {
    let mut state = 3_u64;
    let mut next = |end: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % end
    };
    let sessions: Vec<Vec<u32>> = (0..600)
        .map(|_| {
            (0..2 + next(9))
                .map(|_| (next(80) * next(80) / 80) as u32)
                .collect()
        })
        .collect();
    let sessions: Vec<&[u32]> = sessions.iter().map(Vec::as_slice).collect();
    let cut = MineOptions {
        top_k: 5,
        ..options()
    };
    let steps = steps(&sessions, 90);
    let found = linear_on(1, &steps, 90, 0, 30.0, &cut);
    assert_eq!(found, linear_on(7, &steps, 90, 0, 30.0, &cut));
    let all = || found.iter().flatten();
    assert_eq!(all().map(|n| n.weight).fold(0.0, f32::max), 1.0);
    assert!(all().count() > 100);
    for (item, list) in found.iter().enumerate() {
        assert!(list.len() <= 5);
        assert!(
            list.iter()
                .all(|n| n.item as usize != item && n.weight > 0.0)
        );
        assert!(list.windows(2).all(|w| w[0].weight >= w[1].weight));
    }
}

#[test]
fn regression_stands_beside_the_pairs_that_other_lists_take() {
    use crate::mine::{Pairs, mine};
    use nearshelf_catalogue::NeighbourKind;
    let rows = (0..90).flat_map(|session| {
        [
            (session % 3, EventKind::View),
            (3, EventKind::Purchase),
            (4, EventKind::Purchase),
        ]
        .into_iter()
        .zip(0..)
        .map(move |((item, kind), time_millis)| Interaction {
            session,
            item,
            kind,
            time_millis,
        })
    });
    let log = Interactions::new(rows.collect());
    let by = |pairs| {
        let options = MineOptions {
            pairs,
            ..MineOptions::default()
        };
        mine(&log, 5, &options)
    };
    let (cosine, linear) = (by(Pairs::Cosine), by(Pairs::Linear { penalty: 1.0 }));
    assert_eq!(cosine.for_you, None);
    assert_eq!(linear.bought_together, cosine.bought_together);
    let lists = linear.for_you.as_ref().unwrap();
    assert!(
        weight(lists, 0, 3) > 0.0,
        "what is viewed speaks for what is bought"
    );
    assert!(linear.tables().0.has_fitted() && !cosine.tables().0.has_fitted());
    assert_eq!(cosine.tables().0.of(NeighbourKind::Fitted, 0).len(), 0);
}

#[test]
fn nothing_and_a_huge_session_are_fine() {
    assert!(lists(&[], 0, 30.0, &options()).is_empty());
    assert!(lists(&[], 3, 30.0, &options()).iter().all(Vec::is_empty));
    let robot: Vec<u32> = (0..5000).collect();
    let found = lists(&[&robot, &[1, 2]], 5000, 30.0, &options());
    assert!(found.iter().all(|list| list.len() <= 64));
    assert!(!found[2500].is_empty());
}

#[test]
fn no_penalty_and_items_that_always_come_together_still_have_finite_weights() {
    let sessions: [&[u32]; 2] = [&[0, 1, 2, 3], &[0, 1, 2, 3]];
    let found = lists(&sessions, 4, 0.0, &options());
    assert!(found.iter().flatten().all(|n| n.weight.is_finite()));
}
