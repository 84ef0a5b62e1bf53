//! Rows of a page's own, asked for those closest to a query.

use super::dot::dot_f32;
use crate::order::best;

/// Items in a wanted-mask's word.
const BITS: usize = 32;

/// Embeddings in q8, whoever made them.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemRows {
    dim: usize,
    values: Vec<i8>,
    scales: Vec<f32>,
}

impl ItemRows {
    /// Rows: `values` `[items, dim]`, row-major; `scales` `[items]`, of which one that is no finite number counts as 0.
    /// `None` when there are none, or not `dim` values for each scale.
    #[must_use]
    pub fn new(dim: usize, values: Vec<i8>, scales: Vec<f32>) -> Option<Self> {
        let fits = dim > 0 && !scales.is_empty();
        let fits = fits && scales.len().checked_mul(dim) == Some(values.len());
        fits.then_some(Self {
            dim,
            values,
            scales,
        })
    }

    /// Values of a row.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// All values, row by row.
    #[must_use]
    pub fn values(&self) -> &[i8] {
        &self.values
    }

    /// A scale each row.
    #[must_use]
    pub fn scales(&self) -> &[f32] {
        &self.scales
    }

    /// Words of a mask with a bit an item.
    #[must_use]
    pub fn mask_words(&self) -> usize {
        self.scales.len().div_ceil(BITS)
    }

    /// The `k` items with the largest inner products and those, largest first, ties in the order of items. `wanted` has a
    /// bit an item, the first in the lowest bit of the first word; items beyond its end aren't wanted.
    #[must_use]
    pub fn closest(&self, query: &[f32], k: usize, wanted: Option<&[u32]>) -> Vec<(u32, f32)> {
        let is_wanted = |item: usize| {
            let word = |mask: &[u32]| mask.get(item / BITS).copied().unwrap_or(0);
            wanted.is_none_or(|mask| word(mask) >> (item % BITS) & 1 == 1)
        };
        let items = (0..self.scales.len()).filter(|&item| is_wanted(item));
        let scored = items.map(|item| (self.product(query, item), item as u32));
        let best = best(scored, k).into_iter();
        best.map(|item| (item, self.product(query, item as usize)))
            .collect()
    }

    fn product(&self, query: &[f32], item: usize) -> f32 {
        let row = self.values.chunks_exact(self.dim).nth(item);
        let scale = self.scales.get(item).copied().filter(|x| x.is_finite());
        dot_f32(query, row.unwrap_or_default()) * scale.unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_largest_products_come_first_below_zero_too() {
        let rows = ItemRows::new(2, vec![1, 0, 0, 2, -3, 0, 0, 2], vec![1.0; 4]).unwrap();
        let found = rows.closest(&[1.0, 1.0], 9, None);
        assert_eq!(found, [(1, 2.0), (3, 2.0), (0, 1.0), (2, -3.0)]);
        assert_eq!(rows.closest(&[1.0, 1.0], 1, Some(&[0b1100])), [(3, 2.0)]);
        assert!(rows.closest(&[1.0, 1.0], 0, None).is_empty());
        assert!(rows.closest(&[1.0, 1.0], 3, Some(&[])).is_empty());
    }

    #[test]
    fn a_scale_that_is_no_number_counts_as_zero() {
        let rows = ItemRows::new(1, vec![5, 5], vec![f32::NAN, 0.5]).unwrap();
        assert_eq!(rows.closest(&[1.0], 2, None), [(1, 2.5), (0, 0.0)]);
    }

    #[test]
    fn rows_of_another_length_are_none() {
        assert!(ItemRows::new(0, vec![], vec![1.0]).is_none());
        assert!(ItemRows::new(2, vec![1, 2, 3], vec![1.0, 1.0]).is_none());
        assert!(ItemRows::new(2, vec![], vec![]).is_none());
    }
}
