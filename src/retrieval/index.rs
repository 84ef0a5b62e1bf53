//! Rows of one's own, asked again and again.

use crate::{QueryError, Rows, RowsError, Scored, Scratch, Sketch, Wanted, scan};

/// Rows in memory, with a sketch of them where one is wanted and pays.
#[derive(Debug)]
pub struct Index {
    dim: usize,
    values: Vec<i8>,
    scales: Vec<f32>,
    sketch: Option<Sketch>,
}

impl Index {
    /// Rows whose searches are scans; `sketched`, they begin with a sketch where [`Sketch::of`] gives one.
    ///
    /// # Errors
    /// As [`Rows::new`].
    pub fn new(
        dim: usize,
        values: Vec<i8>,
        scales: Vec<f32>,
        sketched: bool,
    ) -> Result<Self, RowsError> {
        let rows = Rows::new(dim, &values, &scales)?;
        let sketch = if sketched { Sketch::of(&rows) } else { None };
        Ok(Self {
            dim,
            values,
            scales,
            sketch,
        })
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        Rows::checked(self.dim, &self.values, &self.scales)
    }

    /// The `k` wanted rows with the largest scores, largest first, ties in the order of rows: by [`Sketch::search`] where
    /// there is a sketch, else by [`scan`].
    ///
    /// # Errors
    /// As [`scan`].
    pub fn closest(
        &self,
        query: &[f32],
        k: usize,
        wanted: Wanted,
        scratch: &mut Scratch,
    ) -> Result<Vec<Scored>, QueryError> {
        match &self.sketch {
            Some(sketch) => sketch.search(&self.rows(), query, k, wanted, scratch),
            None => scan(&self.rows(), query, k, wanted),
        }
    }
}
