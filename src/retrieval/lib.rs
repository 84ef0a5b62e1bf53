//! The rows of embeddings with the largest inner products with a query.
//!
//! ```text
//! Rows ──▶ scan ─────────────────────────────────────────▶ the k best, exactly
//!   └──▶ Sketch ──▶ estimates ──▶ candidates ──▶ scores ──▶ the k best, all but surely
//! ```
//!
//! A score is [`Rows::score`], whichever way it is found: both ways give the same rows the same scores, and ties keep the
//! order of rows. Integer arithmetic only decides which rows are worth a score.
//!
//! What a shopper downloads has this crate compiled for speed. Generic and inlined code is compiled as the crate that calls
//! it, so nothing here that takes long is either.

mod best;
mod dot;
mod draws;
mod index;
#[cfg(not(target_arch = "wasm32"))]
pub mod partition;
mod query;
mod rows;
mod scan;
mod sketch;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod wanted;

pub use draws::Draws;
pub use index::Index;
pub use rows::{Rows, RowsError};
pub use scan::{scan, scan_batch};
pub use sketch::{Scratch, Sketch};
pub use wanted::Wanted;

/// Which kernels are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KernelSet {
    /// The readable ones, which say what is right.
    Scalar,
    /// The fastest that this build has: SIMD under wasm.
    #[default]
    Fastest,
}

/// A row and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// Number of the row.
    pub item: u32,
    /// Inner product with the query.
    pub score: f32,
}

/// What can't be asked: another number of values or words than there have to be, or a value that is no finite number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a query takes {dim} finite values, as the rows' model gives them, and a mask {words} words: a bit for each of {rows} rows"
)]
pub struct QueryError {
    /// Values of a row.
    pub dim: usize,
    /// Words of a mask.
    pub words: usize,
    /// How many rows.
    pub rows: usize,
}
