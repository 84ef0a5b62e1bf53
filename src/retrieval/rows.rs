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
pub enum RowsError {
    /// Not `dim` values for each scale.
    #[error("{values} values are not {dim} for each of {scales} scales")]
    Lengths {
        /// Values a row.
        dim: usize,
        /// Values there are.
        values: usize,
        /// Scales there are.
        scales: usize,
    },
    /// More values a row, or more rows, than there can be.
    #[error(
        "{rows} rows of {dim} values: a row has 1 to {MAX_DIM}, and there are fewer than 2^32 rows"
    )]
    Extents {
        /// Values a row.
        dim: usize,
        /// Rows.
        rows: usize,
    },
}

impl<'a> Rows<'a> {
    /// - `values`: `[rows, dim]`, row-major
    /// - `scales`: `[rows]`; one that is no finite number counts as 0
    ///
    /// # Errors
    /// [`RowsError`] when the lengths don't fit, or `dim` is 0 or beyond 65,536.
    pub fn new(dim: usize, values: &'a [i8], scales: &'a [f32]) -> Result<Self, RowsError> {
        let rows = scales.len();
        if !(1..=MAX_DIM).contains(&dim) || u32::try_from(rows).is_err() {
            return Err(RowsError::Extents { dim, rows });
        }
        if rows.checked_mul(dim) != Some(values.len()) {
            let (values, scales) = (values.len(), rows);
            return Err(RowsError::Lengths {
                dim,
                values,
                scales,
            });
        }
        Ok(Self {
            dim,
            values,
            scales,
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
        let (found, expected) = (query.len(), self.dim);
        if found != expected {
            return Err(QueryError::Length { found, expected });
        }
        if let Some(position) = query.iter().position(|value| !value.is_finite()) {
            return Err(QueryError::NotFinite { position });
        }
        let (rows, expected) = (self.count(), Wanted::mask_words(self.count()));
        match wanted {
            Wanted::Mask(mask) if mask.len() != expected => {
                let found = mask.len();
                Err(QueryError::Mask {
                    found,
                    expected,
                    rows,
                })
            }
            _ => Ok(()),
        }
    }
}
