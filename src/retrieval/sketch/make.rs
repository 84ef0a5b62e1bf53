//! Sketches of rows.

use super::Sketch;
use super::estimate::BLOCK;
use super::rotation::Rotation;
use crate::Rows;

/// Rows that the mean is taken of, at most.
const SAMPLE: usize = 1 << 14;

impl Sketch {
    /// The sketch of at least one row.
    pub(super) fn made(rows: &Rows) -> Self {
        let rotation = Rotation::new(rows.dim());
        let mean = rotation.apply(&mean(rows));
        let padded = rows.count().next_multiple_of(BLOCK);
        let mut codes = vec![0; padded / 8 * mean.len()];
        let mut lengths = vec![0.0_f32; padded];
        let mut largest = f32::MIN_POSITIVE;
        let mut block = vec![[0.0; BLOCK]; mean.len()];
        let blocks = codes
            .chunks_exact_mut(mean.len() / 8 * BLOCK)
            .zip(lengths.as_chunks_mut::<BLOCK>().0);
        for (number, (codes, lengths)) in blocks.enumerate() {
            rotation.apply_to_rows(rows, number * BLOCK, &mut block);
            let mut squares = [0.0_f32; BLOCK];
            for (at, (values, mean)) in block.iter().zip(&mean).enumerate() {
                let bytes = &mut codes[at / 8 * BLOCK..][..BLOCK];
                for lane in 0..BLOCK {
                    let value = values[lane] - mean;
                    lengths[lane] += value.abs();
                    squares[lane] += value * value;
                    bytes[lane] |= u8::from(value > 0.0) << (at % 8);
                }
            }
            for (length, square) in lengths.iter_mut().zip(squares) {
                let along = square / *length;
                // Not of rows beyond reason, nor of those that are the mean.
                *length = if along.is_finite() { along } else { 0.0 };
                largest = largest.max(*length);
            }
        }
        let factors = lengths
            .iter()
            .map(|length| (length / largest * 255.0 + 0.5) as u8);
        Self {
            factors: factors.collect(),
            rotation,
            mean,
            codes,
            largest,
        }
    }
}

/// The mean vector, of at most [`SAMPLE`] rows evenly apart.
fn mean(rows: &Rows) -> Vec<f32> {
    let every = rows.count().div_ceil(SAMPLE);
    let mut mean = vec![0.0; rows.dim()];
    let part = every as f32 / rows.count() as f32;
    for row in (0..rows.count()).step_by(every.max(1)) {
        let (values, scale) = rows.row(row);
        for (mean, &value) in mean.iter_mut().zip(values) {
            *mean += part * scale * f32::from(value);
        }
    }
    // Of rows beyond reason there is none.
    if mean.iter().all(|x| x.abs() < f32::MAX) {
        mean
    } else {
        vec![0.0; rows.dim()]
    }
}
