//! The items closest to a query, found on the device.

use super::agree::{either_way, gpu, noise};
use crate::{Gpu, GpuError, ItemMatrix, MAX_K, Scored};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Rows with their scales.
fn rows(items: usize, dim: usize) -> (Vec<i8>, Vec<f32>) {
    let values = noise(7, items * dim).into_iter();
    let scales = noise(8, items).into_iter();
    (
        values.map(|x| (x * 127.0) as i8).collect(),
        scales.map(|x| 0.01 + x.abs() / 100.0).collect(),
    )
}

/// All wanted items with their scores, best first, ties in the order of items.
fn expected(
    query: &[f32],
    (values, scales): &(Vec<i8>, Vec<f32>),
    wanted: impl Fn(usize) -> bool,
) -> Vec<Scored> {
    let dim = query.len();
    let score = |item: usize| {
        let row = &values[item * dim..(item + 1) * dim];
        let sum: f64 = query
            .iter()
            .zip(row)
            .map(|(&q, &x)| f64::from(q) * f64::from(x))
            .sum();
        (sum * f64::from(scales[item])) as f32
    };
    let items = (0..scales.len()).filter(|&item| wanted(item));
    let mut all: Vec<Scored> = items
        .map(|item| Scored {
            item: item as u32,
            score: score(item),
        })
        .collect();
    all.sort_by(|a, b| b.score.total_cmp(&a.score));
    all
}

fn found(
    gpu: &Rc<Gpu>,
    dim: usize,
    rows: &(Vec<i8>, Vec<f32>),
    query: &[f32],
    k: usize,
    wanted: Option<&[u32]>,
) -> Vec<Scored> {
    pollster::block_on(async {
        let matrix = ItemMatrix::upload(gpu, dim, &rows.0, &rows.1).unwrap();
        let first = matrix.top_k(query, k, wanted).await.unwrap();
        assert_eq!(matrix.top_k(query, k, wanted).await.unwrap(), first);
        first
    })
}

/// Whether these are the `k` best of `all`, which are ordered. Sums in another order may swap neighbours that are all but
/// equal: an item is the right one where its own score is.
fn assert_alike(found: &[Scored], all: &[Scored], k: usize, what: &str) {
    assert_eq!(found.len(), k.min(all.len()), "{what}");
    let alike = |a: f32, b: f32| (a - b).abs() <= 1e-4 * b.abs().max(1.0);
    let own: HashMap<u32, f32> = all.iter().map(|one| (one.item, one.score)).collect();
    let mut seen = HashSet::new();
    for (at, (a, b)) in found.iter().zip(all).enumerate() {
        let is_right = alike(a.score, b.score) && alike(a.score, own[&a.item]);
        assert!(is_right, "{what}: {at}: {a:?}, not {b:?}");
        assert!(seen.insert(a.item), "{what}: {at}: {a:?} again");
    }
}

#[test]
fn the_best_items_are_found_in_catalogues_of_all_sizes() {
    for gpu in either_way() {
        for (items, dim, k) in [
            (1, 1, 1),
            (3, 5, 20),
            (64, 16, 20),
            (1023, 33, 20),
            (1024, 64, 1),
            (1025, 64, MAX_K),
            (70_000, 8, 20),
            // Rows that are filled up, written in more than one piece.
            (540_001, 3, 20),
        ] {
            let rows = rows(items, dim);
            let query = noise(3, dim);
            let wanted = expected(&query, &rows, |_| true);
            let found = found(&gpu, dim, &rows, &query, k, None);
            assert_alike(&found, &wanted, k, &format!("{items} {dim} {k}"));
        }
    }
}

#[test]
fn a_filter_leaves_only_what_it_wants_and_is_gone_with_its_query() {
    let Some(gpu) = gpu() else { return };
    let rows = rows(5_000, 16);
    let query = noise(3, 16);
    let mut bits = vec![0_u32; 5_000_usize.div_ceil(32)];
    for item in (0..5_000).step_by(613) {
        bits[item / 32] |= 1 << (item % 32);
    }
    let found = found(&gpu, 16, &rows, &query, 20, Some(&bits));
    assert_alike(
        &found,
        &expected(&query, &rows, |item| item % 613 == 0),
        20,
        "filter",
    );
    pollster::block_on(async {
        let matrix = ItemMatrix::upload(&gpu, 16, &rows.0, &rows.1).unwrap();
        assert_eq!(
            matrix
                .top_k(&query, 20, Some(&vec![0; bits.len()]))
                .await
                .unwrap(),
            []
        );
        let all = matrix.top_k(&query, 20, None).await.unwrap();
        assert_alike(
            &all,
            &expected(&query, &rows, |_| true),
            20,
            "after a filter",
        );
    });
}

#[test]
fn equal_items_keep_their_order() {
    for gpu in either_way() {
        let rows = (vec![1_i8; 3_000], vec![1.0_f32; 3_000]);
        let found = found(&gpu, 1, &rows, &[1.0], 20, None);
        let items: Vec<u32> = found.iter().map(|found| found.item).collect();
        assert_eq!(items, (0..20).collect::<Vec<u32>>());
    }
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_asked_for_nothing() {
    let Some(gpu) = gpu() else { return };
    pollster::block_on(async {
        let refused = ItemMatrix::upload(&gpu, 3, &[0; 5], &[1.0; 2]);
        assert!(matches!(refused, Err(GpuError::Refused { .. })));
        let matrix = ItemMatrix::upload(&gpu, 2, &[1, 2, 3, 4], &[1.0, f32::NAN]).unwrap();
        assert_eq!(matrix.top_k(&[1.0, 1.0], 0, None).await.unwrap(), []);
        for (query, k, wanted) in [
            (&[1.0][..], 1, None),
            (&[1.0, 1.0], MAX_K + 1, None),
            (&[1.0, 1.0], 1, Some(&[][..])),
        ] {
            let refused = matrix.top_k(query, k, wanted).await;
            assert!(
                matches!(refused, Err(GpuError::Refused { .. })),
                "{query:?} {k}"
            );
        }
        // A scale that is no number counts as zero.
        let found = matrix.top_k(&[1.0, 1.0], 2, None).await.unwrap();
        assert_eq!(
            found.iter().map(|found| found.score).collect::<Vec<_>>(),
            [3.0, 0.0]
        );
        gpu.destroy();
        let lost = matrix.top_k(&[1.0, 1.0], 1, None).await;
        assert!(matches!(lost, Err(GpuError::Lost { .. })), "{lost:?}");
    });
}

#[test]
fn a_score_beyond_all_numbers_is_a_score() {
    let Some(gpu) = gpu() else { return };
    let rows = (vec![-127, 127, 1, 0], vec![1.0; 4]);
    let found = found(&gpu, 1, &rows, &[3e38], 4, None);
    let items: Vec<u32> = found.iter().map(|found| found.item).collect();
    assert_eq!(items, [1, 2, 3, 0]);
    assert_eq!(found[3].score, -3.4e38);
}
