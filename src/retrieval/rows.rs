//! Embeddings in q8.

use crate::dot::{dot_f32, dot_q8};
use crate::{QueryError, Wanted};

/// Most values of a row: sums of products with 8 bits of a query fit 32 bits up to it.
const MAX_DIM: usize = 1 << 16;

/// Rows of 8-bit values, each with a scale: `row · scale` is the vector.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    dim: usize,
    values: &'a [i8],
    scales: &'a [f32],
}

/// Arrays that are no rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{values} values are not {dim} for each of {scales} scales, 1 to 65,536 of them")]
pub struct RowsError {
    /// Values a row.
    pub dim: usize,
    /// Values there are.
    pub values: usize,
    /// Scales there are.
    pub scales: usize,
}

impl<'a> Rows<'a> {
    /// - `values`: `[rows, dim]`, row-major
    /// - `scales`: `[rows]`; one that is no finite number counts as 0
    ///
    /// # Errors
    /// [`RowsError`] when the lengths don't fit, or `dim` is 0 or beyond 65,536.
    pub fn new(dim: usize, values: &'a [i8], scales: &'a [f32]) -> Result<Self, RowsError> {
        let (count, found) = (scales.len(), values.len());
        let fits = (1..=MAX_DIM).contains(&dim) && u32::try_from(count).is_ok();
        if fits && count.checked_mul(dim) == Some(found) {
            return Ok(Self::checked(dim, values, scales));
        }
        Err(RowsError {
            dim,
            values: found,
            scales: count,
        })
    }

    /// Rows that [`Self::new`] has been asked about.
    pub(crate) fn checked(dim: usize, values: &'a [i8], scales: &'a [f32]) -> Self {
        Self {
            dim,
            values,
            scales,
        }
    }

    /// How many rows.
    #[must_use]
    pub fn count(&self) -> usize {
        self.scales.len()
    }

    /// Values a row.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// All values, row by row.
    #[must_use]
    pub fn values(&self) -> &'a [i8] {
        self.values
    }

    /// A scale each row, as they were given.
    #[must_use]
    pub fn scales(&self) -> &'a [f32] {
        self.scales
    }

    /// The values of a row and its scale, a finite one; none and 0 where there is no such scale.
    #[must_use]
    pub fn row(&self, row: usize) -> (&'a [i8], f32) {
        match self.scales.get(row) {
            Some(scale) if scale.is_finite() => {
                (&self.values[row * self.dim..][..self.dim], *scale)
            }
            _ => (&[], 0.0),
        }
    }

    /// Inner product of the query and a row, summed in f32 over sixteen lanes; one that is no number, and one below all
    /// finite ones, is the smallest finite one. Never −0.
    #[must_use]
    pub fn score(&self, query: &[f32], row: usize) -> f32 {
        let (values, scale) = self.row(row);
        (dot_f32(query, values) * scale).max(f32::MIN) + 0.0
    }

    /// Inner product of two rows; 0 where it is no finite number.
    #[must_use]
    pub fn between(&self, a: usize, b: usize) -> f32 {
        let ((a, a_scale), (b, b_scale)) = (self.row(a), self.row(b));
        let product = a_scale * b_scale * dot_q8(a, b) as f32;
        if product.is_finite() { product } else { 0.0 }
    }

    /// Whether this can be asked here.
    ///
    /// # Errors
    /// [`QueryError`] when the query or the mask doesn't fit the rows.
    pub fn check(&self, query: &[f32], wanted: Wanted) -> Result<(), QueryError> {
        let (dim, rows) = (self.dim, self.count());
        let words = Wanted::mask_words(rows);
        let fits = match wanted {
            Wanted::Mask(mask) => mask.len() == words,
            _ => true,
        };
        if fits && query.len() == dim && query.iter().all(|value| value.is_finite()) {
            return Ok(());
        }
        Err(QueryError { dim, words, rows })
    }
}
