//! Both ways of searching against the plain one.
#![allow(clippy::unwrap_used)]

use crate::testing::{Drawn, Kind, Noise};
use crate::{
    Index, QueryError, Rows, RowsError, Scored, Scratch, Sketch, Wanted, scan, scan_batch,
};
use proptest::prelude::*;

/// The specification: a score each, ordered.
fn plain(rows: &Rows, query: &[f32], k: usize, wanted: impl Fn(u32) -> bool) -> Vec<Scored> {
    let items = (0..rows.count() as u32).filter(|&item| wanted(item));
    let mut all: Vec<Scored> = items
        .map(|item| Scored {
            item,
            score: rows.score(query, item as usize),
        })
        .collect();
    all.sort_by(|a, b| b.score.total_cmp(&a.score));
    all.truncate(k);
    all
}

fn is_set(mask: &[u32], item: u32) -> bool {
    mask[item as usize / 32] >> (item % 32) & 1 == 1
}

/// A mask that lets this part of rows pass.
fn mask(count: usize, part: f32) -> Vec<u32> {
    let mut noise = Noise::new(5);
    let mut mask = vec![0; Wanted::mask_words(count)];
    for item in 0..count {
        mask[item / 32] |= u32::from(noise.uniform() < part) << (item % 32);
    }
    mask
}

#[test]
fn a_scan_finds_what_the_plain_order_begins_with() {
    for dim in [1, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 520] {
        for count in [0, 1, 3, 4, 31, 32, 33, 260] {
            let drawn = Drawn::new(Kind::Uniform, count, dim, 2);
            let rows = drawn.rows();
            for query in &drawn.queries {
                for k in [0, 1, 20, count + 5] {
                    let found = scan(&rows, query, k, Wanted::All).unwrap();
                    assert_eq!(
                        found,
                        plain(&rows, query, k, |_| true),
                        "{count} × {dim}, {k}"
                    );
                }
            }
        }
    }
}

#[test]
fn filters_of_any_density_let_the_same_rows_pass() {
    let drawn = Drawn::new(Kind::Uniform, 1000, 24, 1);
    let (rows, query) = (drawn.rows(), &drawn.queries[0]);
    for part in [0.0, 0.01, 0.1, 0.5, 0.95, 1.1] {
        let mask = mask(1000, part);
        let expected = plain(&rows, query, 20, |item| is_set(&mask, item));
        assert_eq!(
            scan(&rows, query, 20, Wanted::Mask(&mask)).unwrap(),
            expected,
            "{part}"
        );
        let admits = |item| is_set(&mask, item);
        assert_eq!(
            scan(&rows, query, 20, Wanted::Where(&admits)).unwrap(),
            expected,
            "{part}"
        );
    }
}

#[test]
fn bits_beyond_the_last_row_are_nobodys() {
    let rows = Rows::new(1, &[1, 2, 3], &[1.0; 3]).unwrap();
    let found = scan(&rows, &[1.0], 9, Wanted::Mask(&[u32::MAX])).unwrap();
    assert_eq!(
        found.iter().map(|one| one.item).collect::<Vec<_>>(),
        [2, 1, 0]
    );
}

#[test]
fn rows_that_are_the_same_keep_their_order() {
    let rows = Rows::new(2, &[7; 200], &[0.5; 100]).unwrap();
    let found = scan(&rows, &[1.0, -3.0], 5, Wanted::All).unwrap();
    assert_eq!(
        found.iter().map(|one| one.item).collect::<Vec<_>>(),
        [0, 1, 2, 3, 4]
    );
}

#[test]
fn rows_whose_scores_differ_in_the_last_bits_are_told_apart() {
    let values: Vec<i8> = (0..64 * 500)
        .map(|n| if n % 64 < 60 { 100 } else { (n / 64 % 3) as i8 })
        .collect();
    let scales: Vec<f32> = (0..500).map(|n| 0.01 + n as f32 * 1e-9).collect();
    let rows = Rows::new(64, &values, &scales).unwrap();
    let query: Vec<f32> = (0..64).map(|n| 0.1 + n as f32 * 1e-4).collect();
    assert_eq!(
        scan(&rows, &query, 20, Wanted::All).unwrap(),
        plain(&rows, &query, 20, |_| true)
    );
}

#[test]
fn a_batch_finds_what_its_queries_find_alone() {
    let drawn = Drawn::new(Kind::Clustered(9, 0.5), 700, 40, 5);
    let queries: Vec<&[f32]> = drawn.queries.iter().map(Vec::as_slice).collect();
    let found = scan_batch(&drawn.rows(), &queries, 7, Wanted::All).unwrap();
    for (found, query) in found.iter().zip(queries) {
        assert_eq!(*found, scan(&drawn.rows(), query, 7, Wanted::All).unwrap());
    }
    assert!(
        scan_batch(&drawn.rows(), &[], 7, Wanted::All)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn scales_and_queries_beyond_reason_are_ranked_too() {
    let scales = [
        f32::NAN,
        1.0,
        f32::INFINITY,
        -1.0,
        f32::NEG_INFINITY,
        3e38,
        -3e38,
    ];
    let rows = Rows::new(1, &[5; 7], &scales).unwrap();
    for query in [1.0, -1.0, 3e38, 1e-40, 0.0, f32::MIN_POSITIVE] {
        for k in [1, 3, 7] {
            let found = scan(&rows, &[query], k, Wanted::All).unwrap();
            assert_eq!(found, plain(&rows, &[query], k, |_| true), "{query}");
            assert!(found.iter().all(|one| !one.score.is_nan()));
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_with_what_would() {
    let refused = |dim, values: &[i8], scales: &[f32]| Rows::new(dim, values, scales).unwrap_err();
    let lengths = RowsError {
        dim: 2,
        values: 3,
        scales: 2,
    };
    assert_eq!(refused(2, &[1, 2, 3], &[1.0; 2]), lengths);
    assert_eq!(
        lengths.to_string(),
        "3 values are not 2 for each of 2 scales, 1 to 65,536 of them"
    );
    refused(0, &[], &[1.0]);
    refused(65_537, &vec![0; 65_537], &[1.0]);
    assert_eq!(
        Index::new(2, vec![1, 2, 3], vec![1.0; 2], true).unwrap_err(),
        lengths
    );
    let rows = Rows::new(2, &[1, 2, 3, 4], &[1.0; 2]).unwrap();
    let wanted = QueryError {
        dim: 2,
        words: 1,
        rows: 2,
    };
    assert_eq!(scan(&rows, &[1.0], 1, Wanted::All).unwrap_err(), wanted);
    assert_eq!(
        scan(&rows, &[1.0, f32::NAN], 1, Wanted::All).unwrap_err(),
        wanted
    );
    assert_eq!(
        scan(&rows, &[1.0, 1.0], 1, Wanted::Mask(&[1, 1])).unwrap_err(),
        wanted
    );
}

proptest! {
    #[test]
    fn any_rows_are_found_in_the_plain_order(
        dim in 1_usize..70,
        bytes in proptest::collection::vec(any::<i8>(), 0..3000),
        scale in -2.0_f32..2.0,
        seed in any::<u64>(),
        k in 0_usize..40,
        part in 0.0_f32..1.2,
    ) {
        let count = bytes.len() / dim;
        let mut noise = Noise::new(seed);
        let scales: Vec<f32> = (0..count).map(|_| scale * noise.uniform()).collect();
        let query: Vec<f32> = (0..dim).map(|_| noise.normal()).collect();
        let rows = Rows::new(dim, &bytes[..count * dim], &scales).unwrap();
        let mask = mask(count, part);
        let expected = plain(&rows, &query, k, |item| is_set(&mask, item));
        prop_assert_eq!(scan(&rows, &query, k, Wanted::Mask(&mask)).unwrap(), expected);
    }
}

/// Of the 20 best for each query, the part that the sketch finds; and the part of rows that it reads.
fn recall_and_reads(drawn: &Drawn, wanted: Wanted) -> (f32, f32) {
    let rows = drawn.rows();
    let sketch = Sketch::of(&rows).unwrap();
    let mut scratch = Scratch::default();
    let (mut found, mut sought, mut read) = (0, 0, 0);
    for query in &drawn.queries {
        let exact = scan(&rows, query, 20, wanted).unwrap();
        let near = sketch
            .search(&rows, query, 20, wanted, &mut scratch)
            .unwrap();
        assert_eq!(near.len(), exact.len());
        assert!(
            near.is_sorted_by(|a, b| a.score > b.score || a.score == b.score && a.item < b.item)
        );
        for one in &near {
            assert_eq!(one.score, rows.score(query, one.item as usize));
        }
        found += near.iter().filter(|one| exact.contains(one)).count();
        sought += exact.len();
        read += scratch.rows_read();
    }
    (
        found as f32 / sought as f32,
        read as f32 / (drawn.queries.len() * rows.count()) as f32,
    )
}

#[test]
fn a_sketch_finds_99_of_100_however_rows_lie() {
    for kind in [
        Kind::Uniform,
        Kind::Clustered(100, 0.5),
        Kind::Clustered(100, 1.0),
        // Fifty of each all but the same.
        Kind::Clustered(400, 0.01),
        Kind::Clustered(3, 0.2),
        Kind::Anisotropic,
        Kind::Shifted,
        Kind::Unequal,
    ] {
        for dim in [32, 64, 100] {
            let (recall, _) = recall_and_reads(&Drawn::new(kind, 20_000, dim, 25), Wanted::All);
            assert!(recall >= 0.99, "{kind:?}, {dim}: {recall}");
        }
    }
}

#[test]
fn in_clusters_a_sketch_leaves_most_rows_alone() {
    let (recall, read) = recall_and_reads(
        &Drawn::new(Kind::Clustered(400, 0.5), 40_000, 64, 25),
        Wanted::All,
    );
    assert!(recall >= 0.99 && read < 0.02, "{recall} of {read}");
}

#[test]
fn filters_lose_a_sketch_no_rows() {
    let drawn = Drawn::new(Kind::Clustered(100, 0.5), 20_000, 64, 25);
    for part in [0.0, 0.01, 0.3, 0.8] {
        let mask = mask(20_000, part);
        let (recall, read) = recall_and_reads(&drawn, Wanted::Mask(&mask));
        assert!(recall >= 0.99 || part == 0.0, "{part}: {recall}");
        assert!(read <= part + 0.01, "{part}: {read}");
        let admits = |item| is_set(&mask, item);
        let (recall, _) = recall_and_reads(&drawn, Wanted::Where(&admits));
        assert!(recall >= 0.99 || part == 0.0, "{part}: {recall}");
    }
}

#[test]
fn rows_that_are_all_alike_are_found_in_their_order_by_a_sketch_too() {
    let drawn = Drawn {
        dim: 64,
        values: vec![3; 64 * 9000],
        scales: vec![0.1; 9000],
        queries: vec![vec![0.5; 64], vec![-0.5; 64]],
    };
    assert_eq!(recall_and_reads(&drawn, Wanted::All).0, 1.0);
}

#[test]
fn a_sketch_survives_rows_and_queries_beyond_reason() {
    let mut drawn = Drawn::new(Kind::Uniform, 9000, 64, 1);
    drawn.scales[5] = f32::NAN;
    drawn.scales[6] = f32::INFINITY;
    drawn.scales[7] = 3e38;
    drawn.scales[8] = -1.0;
    drawn.values[..64].fill(0);
    drawn.queries = [0.0, 1.0, 3e38, -3e38, 1e-42].map(|x| vec![x; 64]).to_vec();
    assert_eq!(recall_and_reads(&drawn, Wanted::All).0, 1.0);
}

#[test]
fn few_rows_and_short_ones_have_no_sketch() {
    for (count, dim) in [(0, 64), (8191, 64), (9000, 31), (9000, 1)] {
        let (values, scales) = (vec![1; count * dim], vec![1.0; count]);
        assert!(Sketch::of(&Rows::new(dim, &values, &scales).unwrap()).is_none());
        let index = Index::new(dim, values, scales, true).unwrap();
        let found = index
            .closest(&vec![1.0; dim], 3, Wanted::All, &mut Scratch::default())
            .unwrap();
        assert_eq!(found.len(), count.min(3));
    }
}

#[test]
fn a_sketch_refuses_what_a_scan_does() {
    let drawn = Drawn::new(Kind::Uniform, 9000, 32, 1);
    let (rows, scratch) = (drawn.rows(), &mut Scratch::default());
    let sketch = Sketch::of(&rows).unwrap();
    assert!(
        sketch
            .search(&rows, &[1.0], 3, Wanted::All, scratch)
            .is_err()
    );
    assert!(
        sketch
            .search(&rows, &drawn.queries[0], 3, Wanted::Mask(&[]), scratch)
            .is_err()
    );
    assert!(
        sketch
            .search(&rows, &[f32::INFINITY; 32], 3, Wanted::All, scratch)
            .is_err()
    );
    assert!(
        sketch
            .search(&rows, &drawn.queries[0], 0, Wanted::All, scratch)
            .unwrap()
            .is_empty()
    );
    let all = sketch
        .search(&rows, &drawn.queries[0], 10_000, Wanted::All, scratch)
        .unwrap();
    assert_eq!(all.len(), 9000);
}
