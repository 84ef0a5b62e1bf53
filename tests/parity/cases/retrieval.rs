//! Rows of embeddings, which no plan holds: the cases compare by themselves and give no examples.

use crate::graph::Sink;
use crate::seeded::noise;
use nearshelf_retrieval::{Rows, Scored, Scratch, Sketch, Wanted, scan};

/// Rows about eleven centres, with some of the largest bytes, and queries like them.
struct Drawn {
    dim: usize,
    values: Vec<i8>,
    scales: Vec<f32>,
    queries: Vec<Vec<f32>>,
}

impl Drawn {
    fn new(count: usize, dim: usize) -> Self {
        let centres = noise(1, 11 * dim);
        let of_centres = |seed, row: usize| {
            let centre = &centres[row % 11 * dim..][..dim];
            let vector = noise(seed + row as u32, dim).into_iter().zip(centre);
            vector.map(|(x, c)| x / 3.0 + c * 2.0 / 3.0).collect()
        };
        let rows: Vec<f32> = (0..count)
            .flat_map(|row| -> Vec<f32> { of_centres(100, row) })
            .collect();
        let extremes = [i8::MIN, -127, 127, 0];
        let value = |(at, x): (usize, &f32)| {
            let extreme = extremes.get(at % 97).filter(|_| at % 3 == 0);
            extreme.copied().unwrap_or((x * 127.0) as i8)
        };
        Self {
            dim,
            values: rows.iter().enumerate().map(value).collect(),
            scales: noise(2, count).iter().map(|x| x / 100.0).collect(),
            queries: (0..3).map(|row| of_centres(7, row)).collect(),
        }
    }

    fn rows(&self) -> Rows<'_> {
        Rows::new(self.dim, &self.values, &self.scales).unwrap()
    }
}

/// Every row's score, ordered.
fn plain(rows: &Rows, query: &[f32], k: usize, mask: &[u32]) -> Vec<Scored> {
    let items = (0..rows.count() as u32).filter(|at| mask[*at as usize / 32] >> (at % 32) & 1 == 1);
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

/// From no bits to all of them.
fn masks(count: usize) -> Vec<Vec<u32>> {
    let words = Wanted::mask_words(count);
    let cut = |word: usize, bits: u32| {
        let left = count - word * 32;
        if left < 32 {
            bits & ((1 << left) - 1)
        } else {
            bits
        }
    };
    [0, 1 << 17, 0x8001_0010, 0x0ff0_a5c3, u32::MAX]
        .map(|bits| (0..words).map(|word| cut(word, bits)).collect())
        .to_vec()
}

pub fn scans_find_the_rows_with_the_largest_scores(_: &mut Sink) {
    for dim in [1, 2, 15, 16, 17, 33, 64, 79, 520] {
        for count in [1, 3, 4, 33, 250] {
            let drawn = Drawn::new(count, dim);
            let rows = drawn.rows();
            for query in &drawn.queries {
                for mask in masks(count) {
                    for k in [1, 20, 999] {
                        let found = scan(&rows, query, k, Wanted::Mask(&mask)).unwrap();
                        let expected = plain(&rows, query, k, &mask);
                        assert_eq!(found, expected, "{count} × {dim}, {k} of {mask:x?}");
                    }
                }
            }
        }
    }
}

pub fn scans_rank_scales_that_are_no_numbers(_: &mut Sink) {
    let scales = [
        f32::NAN,
        1.0,
        f32::INFINITY,
        -1.0,
        f32::NEG_INFINITY,
        3e38,
        -3e38,
        0.0,
        0.5,
    ];
    for dim in [1, 16, 20] {
        let values = vec![5; 9 * dim];
        let rows = Rows::new(dim, &values, &scales).unwrap();
        for value in [1.0, -1.0, 3e38, 1e-40, 0.0] {
            let query = vec![value; dim];
            for k in 1..10 {
                let found = scan(&rows, &query, k, Wanted::All).unwrap();
                assert_eq!(found, plain(&rows, &query, k, &[0x1ff]), "{value} × {dim}");
            }
        }
    }
}

/// The same rows are found, by looking at the same number of them.
pub fn sketches_estimate_alike(_: &mut Sink) {
    for (count, dim) in [(8192, 32), (9001, 64), (8200, 300)] {
        let drawn = Drawn::new(count, dim);
        let rows = drawn.rows();
        let sketch = Sketch::of(&rows).unwrap();
        for query in &drawn.queries {
            for mask in masks(count) {
                let wanted = Wanted::Mask(&mask);
                let [mut plain, mut fastest] = [Scratch::default(), Scratch::default()];
                assert_eq!(
                    sketch.search(&rows, query, 20, wanted, &mut fastest),
                    sketch.search_scalar(&rows, query, 20, wanted, &mut plain),
                );
                assert_eq!(plain.rows_read(), fastest.rows_read(), "{count} × {dim}");
            }
            let mut scratch = Scratch::default();
            sketch
                .search(&rows, query, 20, Wanted::All, &mut scratch)
                .unwrap();
            assert!(scratch.rows_read() < count, "{count} × {dim}: a scan");
        }
    }
}
