//! Rows of one's own, asked again and again.

use crate::{QueryError, Rows, RowsError, Scored, Scratch, Sketch, Wanted, scan};

/// Rows in memory, with a sketch of them where one is wanted and pays.
#[derive(Debug)]
pub struct Index {
    dim: usize,
    values: Vec<i8>,
    scales: Vec<f32>,
    sketch: Option<Sketch>,
    scratch: Scratch,
}

impl Index {
    /// Rows whose searches are scans.
    ///
    /// # Errors
    /// As [`Rows::new`].
    pub fn new(dim: usize, values: Vec<i8>, scales: Vec<f32>) -> Result<Self, RowsError> {
        Rows::new(dim, &values, &scales)?;
        let (sketch, scratch) = (None, Scratch::default());
        Ok(Self { dim, values, scales, sketch, scratch })
    }

    /// Makes a sketch for searches to begin with, where [`Sketch::of`] gives one.
    ///
    /// # Errors
    /// None: they are rows.
    pub fn sketch(&mut self) -> Result<(), RowsError> {
        self.sketch = Sketch::of(&self.rows()?);
        Ok(())
    }

    /// The rows.
    ///
    /// # Errors
    /// None: they are rows.
    pub fn rows(&self) -> Result<Rows<'_>, RowsError> {
        Rows::new(self.dim, &self.values, &self.scales)
    }
}
