//! What a pack's blend says is what is computed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use nearshelf_catalogue::{
    Embeddings, EventKind, ForYouBlend, Neighbour, NeighbourKind, Pack, Popularity,
};

use crate::rank::Tuning;
use crate::request::{HistoryEvent, Request};
use crate::testing::Shop;
use crate::{PackIndex, evaluate::ShelfRecommender};

const ITEMS: usize = 40;
const DIM: usize = 4;
const BLEND: ForYouBlend = ForYouBlend {
    model: 0.75,
    temperature: 1.5,
    neighbours: 0.5,
    neighbours_power: 0.5,
    popularity: 0.125,
    newest: 3,
    decay: 0.5,
};

/// Numbers from -1 to 1, the same each time.
fn numbers(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    }
}

fn pack(seed: u32) -> Pack {
    let mut next = numbers(seed);
    let mut pack = Shop::of(ITEMS).pack();
    let lists: Vec<Vec<Neighbour>> = (0..ITEMS)
        .map(|_| {
            let mut neighbour = || Neighbour {
                item: ((next() + 1.0) / 2.0 * 39.0) as u32,
                weight: (next() + 1.0) / 2.0,
            };
            (0..5).map(|_| neighbour()).collect()
        })
        .collect();
    pack.neighbours.push(NeighbourKind::Fitted, &lists);
    let rows: Vec<f32> = (0..ITEMS * DIM).map(|_| next() * 3.0).collect();
    pack.embeddings = Some(Embeddings::quantize_as_is(DIM, &rows));
    let popularity: Vec<f32> = (0..ITEMS).map(|_| next().abs()).collect();
    pack.popularity = Popularity::new(&popularity, &[0.0; ITEMS]);
    pack.blend = Some(BLEND);
    pack
}

/// The formula of [`ForYouBlend`], item by item.
fn scores(pack: &Pack, history: &[u32], query: &[f32]) -> Vec<f32> {
    let rows = pack.embeddings.as_ref().unwrap();
    let product = |item: usize| {
        let row = rows.values[item * DIM..].iter().zip(query);
        rows.scales[item] * row.map(|(&v, q)| f32::from(v) * q).sum::<f32>()
    };
    let products: Vec<f32> = (0..ITEMS).map(product).collect();
    let largest = products.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut newest: Vec<u32> = Vec::new();
    for &item in history.iter().rev() {
        if !newest.contains(&item) {
            newest.push(item);
        }
    }
    let mut votes = [0.0_f32; ITEMS];
    for (place, &item) in newest.iter().take(3).enumerate() {
        for neighbour in pack.neighbours.of(NeighbourKind::Fitted, item) {
            votes[neighbour.item as usize] += 0.5_f32.powi(place as i32) * neighbour.weight;
        }
    }
    let most = votes.iter().copied().fold(0.0, f32::max);
    let score = |item: usize| {
        0.75 * ((products[item] - largest) / 1.5).exp()
            + 0.5 * (votes[item] / most).sqrt()
            + 0.125 * pack.popularity.score(item as u32)
    };
    (0..ITEMS).map(score).collect()
}

#[test]
fn items_are_scored_by_the_formula_whether_the_seen_ones_are_shown_or_not() {
    for seed in 1..40 {
        let pack = pack(seed);
        let mut next = numbers(seed + 1000);
        let query: Vec<f32> = (0..DIM).map(|_| next() * 2.0).collect();
        let history: Vec<u32> = (0..6)
            .map(|_| ((next() + 1.0) / 2.0 * 39.0) as u32)
            .collect();
        let expected = scores(&pack, &history, &query);
        for repeat_purchases in [false, true] {
            let events = history
                .iter()
                .zip(0_i64..)
                .map(|(&item, time_millis)| HistoryEvent {
                    item,
                    kind: EventKind::Purchase,
                    time_millis,
                });
            let request = Request {
                history: events.collect(),
                limit: ITEMS,
                diversity: 0.0,
                repeat_purchases,
                ..Request::default()
            };
            let tuning = ShelfRecommender::for_accuracy(Tuning::of(&pack));
            let answer =
                PackIndex::new(&pack).recommend_with(&pack, &request, Some(&query), &tuning);
            let shown = (0..ITEMS as u32).filter(|i| repeat_purchases || !history.contains(i));
            assert_eq!(answer.len(), shown.count(), "seed {seed}");
            for found in &answer {
                let expected = expected[found.item as usize];
                assert!(
                    (found.score - expected).abs() < 1e-4,
                    "seed {seed}: {found:?} {expected}"
                );
            }
            assert!(answer.is_sorted_by(|a, b| a.score >= b.score));
        }
    }
}

#[test]
fn a_pack_without_a_blend_is_ranked_by_the_defaults() {
    assert_eq!(Tuning::of(&Shop::of(3).pack()), Tuning::default());
}
