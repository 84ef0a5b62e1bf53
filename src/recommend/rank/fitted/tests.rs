//! What a pack's blend says is what is computed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use nearshelf_catalogue::{
    Embeddings, EventKind, ForYouBlend, Neighbour, NeighbourKind, Pack, Popularity,
};

use crate::evaluate::{ExactBlend, Recommender, ShelfRecommender};
use crate::mine::Interaction;
use crate::rank::Tuning;
use crate::request::{HistoryEvent, Kind, Request};
use crate::testing::Shop;

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
    own: 0.25,
    own_space: true,
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

/// The lists of the pack's own code and of the formula over the same numbers.
fn lists(seed: u32, repeat_purchases: bool) -> (Vec<u32>, Vec<u32>) {
    let pack = pack(seed);
    let mut next = numbers(seed + 1000);
    let query: Vec<f32> = (0..DIM).map(|_| next() * 2.0).collect();
    let item = |at: f32| ((at + 1.0) / 2.0 * 39.0) as u32;
    let history: Vec<Interaction> = (0_i64..6)
        .map(|time_millis| Interaction {
            session: 0,
            item: item(next()),
            kind: EventKind::Purchase,
            time_millis,
        })
        .collect();
    let request = Request {
        diversity: 0.0,
        repeat_purchases,
        ..Request::default()
    };
    let mut shelf = ShelfRecommender::new(&pack, request).with_query(|_| Ok(Some(query.clone())));
    let rows = pack.embeddings.as_ref().unwrap();
    let scales = rows.scales.iter().flat_map(|&scale| [scale; DIM]);
    let rows: Vec<f32> = rows
        .values
        .iter()
        .zip(scales)
        .map(|(&v, s)| f32::from(v) * s)
        .collect();
    let items = 0..ITEMS as u32;
    let neighbours: Vec<Vec<Neighbour>> = items
        .clone()
        .map(|item| pack.neighbours.of(NeighbourKind::Fitted, item).collect())
        .collect();
    let popularity: Vec<f32> = items.map(|item| pack.popularity.score(item)).collect();
    let mut exact = ExactBlend {
        blend: BLEND,
        dim: DIM,
        rows: &rows,
        neighbours: &neighbours,
        popularity: &popularity,
        repeat_purchases,
        query_of: Box::new(|_| Ok(Some(query.clone()))),
    };
    let ask = |who: &mut dyn Recommender| who.recommend(&history, 10, ITEMS).unwrap();
    (ask(&mut shelf), ask(&mut exact))
}

#[test]
fn items_are_ranked_by_the_formula_whether_the_seen_ones_are_shown_or_not() {
    for seed in 1..60 {
        for repeat_purchases in [false, true] {
            let (shelf, exact) = lists(seed, repeat_purchases);
            assert_eq!(shelf, exact, "seed {seed}");
        }
    }
}

#[test]
fn a_pack_without_a_blend_is_ranked_by_the_defaults() {
    assert_eq!(Tuning::of(&Shop::of(3).pack()), Tuning::default());
}

#[test]
fn weights_that_a_pack_brings_without_a_blend_count_in_for_you_where_nothing_comes_again_and_nowhere_else()
 {
    let mut pack = Shop::of(4).bought(0, 1, 0.9).pack();
    let mut lists = vec![Vec::new(); 4];
    lists[0].push(Neighbour {
        item: 2,
        weight: 0.5,
    });
    pack.neighbours.push(NeighbourKind::Fitted, &lists);
    let first = |kind, repeat_purchases| {
        let request = Request {
            kind,
            repeat_purchases,
            anchors: if kind == Kind::ForYou {
                vec![]
            } else {
                vec![0]
            },
            history: vec![HistoryEvent {
                item: 0,
                kind: EventKind::Purchase,
                time_millis: 0,
            }],
            limit: 2,
            ..Request::default()
        };
        let items = crate::recommend(&pack, &request, None).into_iter();
        items.map(|shown| shown.item).find(|&item| item != 0)
    };
    assert_eq!(first(Kind::ForYou, false), Some(2));
    assert_eq!(first(Kind::ForYou, true), Some(1));
    assert_eq!(first(Kind::BoughtTogether, false), Some(1));
    assert_eq!(first(Kind::Related, false), Some(1));
}
