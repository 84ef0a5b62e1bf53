//! The space in which alike items lie close together.

use crate::order::best;
use nearshelf_catalogue::Embeddings;

use super::dot::{dot_f32, dot_q8};
use super::top::top_items;

/// Scanned candidates are this many times those wanted: the scan's query is rounded to q8, and the
/// f32 pass must be able to put right what that swaps.
const RESCORED: usize = 4;

/// A pack's embeddings, checked: every row is there.
#[derive(Clone, Copy)]
pub(crate) struct Space<'a> {
    dim: usize,
    values: &'a [i8],
    scales: &'a [f32],
}

impl<'a> Space<'a> {
    /// The embeddings of `item_count` items; `None` where there are none or they don't fit.
    pub fn new(embeddings: Option<&'a Embeddings>, item_count: usize) -> Option<Self> {
        let Embeddings {
            dim,
            values,
            scales,
        } = embeddings?;
        let fits = *dim > 0
            && scales.len() == item_count
            && item_count.checked_mul(*dim) == Some(values.len());
        fits.then_some(Self {
            dim: *dim,
            values,
            scales,
        })
    }

    /// The item's row and its scale; an item without embedding has a scale or row of zeros.
    fn row(&self, item: u32) -> Option<(&'a [i8], f32)> {
        let start = (item as usize).checked_mul(self.dim)?;
        let row = self.values.get(start..start.checked_add(self.dim)?)?;
        let scale = *self.scales.get(item as usize)?;
        scale.is_finite().then_some((row, scale))
    }

    /// A query that can be asked here: of the right length, finite, L2-normalised; `None` for one
    /// that can't be made so.
    pub fn query(&self, query: &[f32]) -> Option<Vec<f32>> {
        let length = query.iter().map(|x| x * x).sum::<f32>().sqrt();
        let usable = query.len() == self.dim && length.is_finite() && length > 0.0;
        usable.then(|| query.iter().map(|x| x / length).collect())
    }

    /// A query that can be asked here, its length kept; `None` for one of another length than rows, or with NaN.
    pub fn query_as_is(&self, query: &[f32]) -> Option<Vec<f32>> {
        self.query(query).map(|_| query.to_vec())
    }

    /// The direction of the weighted sum of items' embeddings.
    pub fn centre(&self, items: impl Iterator<Item = (u32, f32)>) -> Option<Vec<f32>> {
        let mut sum = vec![0.0; self.dim];
        for (item, weight) in items {
            if let Some((row, scale)) = self.row(item) {
                for (sum, &value) in sum.iter_mut().zip(row) {
                    *sum += weight * scale * f32::from(value);
                }
            }
        }
        self.query(&sum)
    }

    /// Inner product of a query and an item, which is the cosine where rows are L2-normalised; 0 for an item without
    /// embedding.
    pub fn score(&self, query: &[f32], item: u32) -> f32 {
        let score = self
            .row(item)
            .map(|(row, scale)| scale * dot_f32(query, row));
        score.filter(|score| score.is_finite()).unwrap_or(0.0)
    }

    /// Cosine of an L2-normalised query and an item; 0 for an item without embedding.
    pub fn cosine(&self, query: &[f32], item: u32) -> f32 {
        let cosine = self.row(item).map(|(row, scale)| {
            let sign = if scale == 0.0 { 0.0 } else { 1.0 };
            sign * dot_f32(query, row) / (dot_q8(row, row) as f32).sqrt()
        });
        cosine.filter(|cosine| cosine.is_finite()).unwrap_or(0.0)
    }

    /// Cosine of two items; rows may have any length.
    pub fn similarity(&self, a: u32, b: u32) -> f32 {
        let (Some((a, a_scale)), Some((b, b_scale))) = (self.row(a), self.row(b)) else {
            return 0.0;
        };
        let lengths = dot_q8(a, a) as f32 * dot_q8(b, b) as f32;
        let cosine = dot_q8(a, b) as f32 / lengths.sqrt();
        if cosine.is_finite() && a_scale != 0.0 && b_scale != 0.0 {
            cosine
        } else {
            0.0
        }
    }

    /// The `k` wanted items with the largest inner product with `query`, that one first, ties in catalogue order; only
    /// items with one above `least`. One pass in q8 over all items, then f32 for the best of them.
    pub fn closest(
        &self,
        query: &[f32],
        k: usize,
        least: f32,
        wanted: impl Fn(u32) -> bool,
    ) -> Vec<u32> {
        let largest = query.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let rounded: Vec<i8> = query
            .iter()
            .map(|x| (x / largest * 127.0).round() as i8)
            .collect();
        let rough = |item| match self.row(item) {
            Some((row, scale)) => scale * dot_q8(&rounded, row) as f32,
            None => 0.0,
        };
        let item_count = self.scales.len();
        let near = top_items(item_count, k.saturating_mul(RESCORED), least, wanted, rough);
        let exact = near.into_iter().map(|item| (self.score(query, item), item));
        best(exact.filter(|(score, _)| *score > least), k)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn embeddings(rows: &[[i8; 2]]) -> Embeddings {
        Embeddings {
            dim: 2,
            values: rows.concat(),
            scales: vec![1.0 / 127.0; rows.len()],
        }
    }

    #[test]
    fn the_closest_items_come_first() {
        let embeddings = embeddings(&[[127, 0], [0, 127], [90, 90], [-127, 0]]);
        let space = Space::new(Some(&embeddings), 4).unwrap();
        assert_eq!(space.closest(&[1.0, 0.0], 9, 0.0, |_| true), [0, 2]);
        assert_eq!(space.closest(&[1.0, 0.0], 9, 0.0, |item| item != 0), [2]);
        assert!((space.score(&[1.0, 0.0], 0) - 1.0).abs() < 1e-6);
        assert!((space.similarity(0, 3) + 1.0).abs() < 1e-6);
    }

    #[test]
    fn with_rows_of_any_length_products_tell_lengths_and_cosines_do_not() {
        let mut embeddings = embeddings(&[[127, 0], [127, 0], [0, -127]]);
        embeddings.scales[1] = 0.5;
        let space = Space::new(Some(&embeddings), 3).unwrap();
        assert_eq!(
            space.closest(&[2.0, 2.0], 9, f32::NEG_INFINITY, |_| true),
            [1, 0, 2]
        );
        assert!((space.cosine(&[1.0, 0.0], 1) - 1.0).abs() < 1e-6);
        assert!((space.similarity(0, 1) - 1.0).abs() < 1e-6);
        assert!((space.score(&[2.0, 0.0], 1) - 127.0).abs() < 1e-4);
    }

    #[test]
    fn rounding_the_query_does_not_change_which_items_are_found() {
        let rows: Vec<[i8; 2]> = (0..100).map(|n| [127, n as i8]).collect();
        let embeddings = embeddings(&rows);
        let space = Space::new(Some(&embeddings), 100).unwrap();
        let query = space.query(&[1.0, 0.3456]).unwrap();
        let mut all: Vec<u32> = (0..100).collect();
        all.sort_by(|&a, &b| space.score(&query, b).total_cmp(&space.score(&query, a)));
        assert_eq!(space.closest(&query, 5, 0.0, |_| true), all[..5]);
    }

    #[test]
    fn queries_that_mean_nothing_are_refused() {
        let embeddings = embeddings(&[[127, 0]]);
        let space = Space::new(Some(&embeddings), 1).unwrap();
        for query in [
            &[][..],
            &[1.0],
            &[0.0, 0.0],
            &[f32::NAN, 1.0],
            &[f32::INFINITY, 0.0],
            &[1.0, 0.0, 0.0],
        ] {
            assert_eq!(space.query(query), None, "{query:?}");
        }
    }

    #[test]
    fn embeddings_that_do_not_fit_the_items_are_no_space() {
        let embeddings = embeddings(&[[127, 0]]);
        assert!(Space::new(Some(&embeddings), 2).is_none());
        assert!(Space::new(None, 0).is_none());
    }

    #[test]
    fn a_row_of_zeros_and_an_infinite_scale_are_items_without_embedding() {
        let mut embeddings = embeddings(&[[0, 0], [127, 0]]);
        embeddings.scales[1] = f32::INFINITY;
        let space = Space::new(Some(&embeddings), 2).unwrap();
        assert!(space.closest(&[1.0, 0.0], 5, 0.0, |_| true).is_empty());
        assert_eq!(space.similarity(0, 1), 0.0);
        assert_eq!(space.centre([(0, 1.0), (1, 1.0)].into_iter()), None);
    }
}
