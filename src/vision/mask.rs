//! Which cells of a picture belong to something.

use crate::{OutputError, error::check};
use serde::Serialize;

/// Logits of cells, row by row; above 0 is inside. Cell (r, c) covers `c/width..(c+1)/width` of the picture's width and
/// `r/height..(r+1)/height` of its height.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mask {
    width: usize,
    height: usize,
    logits: Vec<f32>,
}

impl Mask {
    /// - `logits`: `[height, width]`
    ///
    /// # Errors
    /// [`OutputError`], also for a mask of no cells.
    pub fn new(width: usize, height: usize, logits: Vec<f32>) -> Result<Self, OutputError> {
        let expected = width.saturating_mul(height).max(1);
        check("mask", &logits, expected)?;
        Ok(Self {
            width,
            height,
            logits,
        })
    }

    /// Of logits that have been checked.
    pub(crate) fn checked(width: usize, height: usize, logits: Vec<f32>) -> Self {
        Self {
            width,
            height,
            logits,
        }
    }

    /// Cells a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// All logits, row by row.
    #[must_use]
    pub fn logits(&self) -> &[f32] {
        &self.logits
    }

    /// Whether a cell is inside; what lies beyond the edge isn't.
    #[must_use]
    pub fn inside(&self, row: usize, column: usize) -> bool {
        column < self.width
            && self
                .logits
                .get(row * self.width + column)
                .is_some_and(|logit| *logit > 0.0)
    }

    /// The logit at a place, between the four cells around it; beyond the edge that of the edge.
    ///
    /// - `x`, `y`: parts of the picture's width and height; NaN is 0
    #[must_use]
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (left, right, to_right) = between(x, self.width);
        let (top, bottom, to_bottom) = between(y, self.height);
        let cell = |row: usize, column: usize| {
            let logit = self.logits.get(row * self.width + column);
            logit.copied().unwrap_or(f32::MIN)
        };
        let along = |row| cell(row, left) * (1.0 - to_right) + cell(row, right) * to_right;
        along(top) * (1.0 - to_bottom) + along(bottom) * to_bottom
    }

    /// The part of all cells that is inside, 0..1.
    #[must_use]
    pub fn area(&self) -> f32 {
        let inside = self.logits.iter().filter(|logit| **logit > 0.0).count();
        inside as f32 / self.logits.len().max(1) as f32
    }
}

/// The two cells whose centres a place lies between, and how far it is to the second.
fn between(at: f32, cells: usize) -> (usize, usize, f32) {
    let last = cells.saturating_sub(1);
    let place = (at * cells as f32 - 0.5).clamp(0.0, last as f32);
    let low = place as usize; // 0 of NaN
    (
        low.min(last),
        (low + 1).min(last),
        if place.is_nan() {
            0.0
        } else {
            place - low as f32
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_has_as_many_finite_logits_as_cells() {
        assert!(Mask::new(2, 2, vec![0.0; 4]).is_ok());
        let wrong = Mask::new(2, 2, vec![0.0; 3]);
        assert!(matches!(
            wrong,
            Err(OutputError::Length {
                found: 3,
                expected: 4,
                ..
            })
        ));
        assert!(Mask::new(0, 0, Vec::new()).is_err());
        assert!(Mask::new(usize::MAX, usize::MAX, Vec::new()).is_err());
        let nan = Mask::new(1, 2, vec![0.0, f32::NAN]);
        assert_eq!(
            nan,
            Err(OutputError::NotFinite {
                output: "mask",
                at: 1
            })
        );
    }

    #[test]
    fn cells_beyond_the_edge_are_outside() {
        let mask = Mask::checked(2, 1, vec![1.0, 1.0]);
        assert!(mask.inside(0, 1));
        assert!(!mask.inside(0, 2) && !mask.inside(1, 0));
        assert_eq!(mask.area(), 1.0);
    }

    #[test]
    fn a_place_between_two_centres_lies_between_their_logits() {
        let mask = Mask::checked(2, 2, vec![-1.0, 1.0, -1.0, 1.0]);
        assert_eq!(mask.at(0.5, 0.5), 0.0);
        assert_eq!(mask.at(0.75, 0.3), 1.0);
        assert_eq!(mask.at(-3.0, f32::INFINITY), -1.0);
        assert_eq!(mask.at(f32::NAN, 0.5), -1.0);
    }
}
