//! The space in which alike items lie close together.

use nearshelf_catalogue::Embeddings;
use nearshelf_retrieval::{Rows, Wanted, scan};

/// A pack's embeddings, checked: every row is there, or rows and the items that they are of.
#[derive(Clone, Copy)]
pub(crate) struct Space<'a> {
    rows: Rows<'a>,
    embeddings: &'a Embeddings,
}

impl<'a> Space<'a> {
    /// The embeddings of `item_count` items; `None` where there are none or they don't fit.
    pub fn new(embeddings: Option<&'a Embeddings>, item_count: usize) -> Option<Self> {
        let embeddings = embeddings?;
        let rows = Rows::new(embeddings.dim, &embeddings.values, &embeddings.scales).ok()?;
        let expected = match embeddings.items.len() {
            0 => item_count,
            some => some,
        };
        (rows.count() == expected).then_some(Self { rows, embeddings })
    }

    fn place(&self, item: u32) -> usize {
        self.embeddings.place(item)
    }

    /// A query that can be asked here: of the right length, finite, L2-normalised; `None` for one
    /// that can't be made so.
    pub fn query(&self, query: &[f32]) -> Option<Vec<f32>> {
        let length = query.iter().map(|x| x * x).sum::<f32>().sqrt();
        let usable = query.len() == self.rows.dim() && length.is_finite() && length > 0.0;
        usable.then(|| query.iter().map(|x| x / length).collect())
    }

    /// A query that can be asked here, its length kept; `None` for one of another length than rows, or with NaN.
    pub fn query_as_is(&self, query: &[f32]) -> Option<Vec<f32>> {
        self.query(query).map(|_| query.to_vec())
    }

    /// The direction of the weighted sum of items' embeddings.
    pub fn centre(&self, items: impl Iterator<Item = (u32, f32)>) -> Option<Vec<f32>> {
        let mut sum = vec![0.0; self.rows.dim()];
        for (item, weight) in items {
            self.add(&mut sum, item, weight);
        }
        self.query(&sum)
    }

    /// Adds an item's embedding, `weight` times.
    pub fn add(&self, sum: &mut [f32], item: u32, weight: f32) {
        let (row, scale) = self.rows.row(self.place(item));
        for (sum, &value) in sum.iter_mut().zip(row) {
            *sum += weight * scale * f32::from(value);
        }
    }

    /// Adds the direction of an item's embedding, `weight` times; nothing for an item without one.
    pub fn add_direction(&self, sum: &mut [f32], item: u32, weight: f32) {
        let weight = weight / self.length(item);
        if weight.is_finite() {
            self.add(sum, item, weight);
        }
    }

    /// Values of an embedding.
    pub fn dim(&self) -> usize {
        self.rows.dim()
    }

    /// Inner product of a query and an item, which is the cosine where rows are L2-normalised; 0 for an item without
    /// embedding.
    pub fn score(&self, query: &[f32], item: u32) -> f32 {
        let score = self.rows.score(query, self.place(item));
        if score.abs() < f32::MAX { score } else { 0.0 }
    }

    /// Cosine of an L2-normalised query and an item; 0 for an item without embedding.
    pub fn cosine(&self, query: &[f32], item: u32) -> f32 {
        let cosine = self.score(query, item) / self.length(item);
        if cosine.is_finite() { cosine } else { 0.0 }
    }

    /// Cosine of two items, whatever the length of rows; 0 where one has no embedding.
    pub fn similarity(&self, a: u32, b: u32) -> f32 {
        let product = self.rows.between(self.place(a), self.place(b));
        let cosine = product / (self.length(a) * self.length(b));
        if cosine.is_finite() { cosine } else { 0.0 }
    }

    fn length(&self, item: u32) -> f32 {
        let place = self.place(item);
        self.rows.between(place, place).sqrt()
    }

    /// The `k` wanted items with the largest inner product with `query`, that one first, ties in catalogue order; only
    /// items with one above `least`.
    pub fn closest(
        &self,
        query: &[f32],
        k: usize,
        least: f32,
        wanted: impl Fn(u32) -> bool,
    ) -> Vec<u32> {
        let items = &self.embeddings.items;
        let item = |row: u32| items.get(row as usize).copied().unwrap_or(row);
        let wanted = |row| wanted(item(row));
        let found = scan(&self.rows, query, k, Wanted::Where(&wanted)).unwrap_or_default();
        let above = found.into_iter().filter(|found| found.score > least);
        above.map(|found| item(found.item)).collect()
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
            items: Vec::new(),
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
    fn of_rows_of_some_items_only_those_are_found_and_the_others_have_none() {
        let some = Embeddings {
            items: vec![3, 7, 9],
            ..embeddings(&[[127, 0], [0, 127], [90, 90]])
        };
        let space = Space::new(Some(&some), 10).unwrap();
        assert_eq!(space.closest(&[1.0, 0.0], 9, 0.0, |_| true), [3, 9]);
        assert_eq!(space.closest(&[1.0, 0.0], 9, 0.0, |item| item != 3), [9]);
        assert!((space.score(&[1.0, 0.0], 3) - 1.0).abs() < 1e-6);
        assert_eq!(space.score(&[1.0, 0.0], 0), 0.0);
        assert_eq!(space.similarity(3, 4), 0.0);
        assert!(space.similarity(3, 9) > 0.7);
        let broken = Embeddings {
            items: vec![3],
            ..some
        };
        assert!(Space::new(Some(&broken), 10).is_none());
    }

    #[test]
    fn items_that_differ_little_come_in_their_order() {
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
