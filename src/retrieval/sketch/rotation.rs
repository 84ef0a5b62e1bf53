//! A rotation that leaves no direction of the embeddings' space its own.

use crate::Rows;

/// Rows that are rotated side by side.
pub(super) const WIDTH: usize = super::estimate::BLOCK;
/// Fewest coordinates: those of a word of signs.
const FEWEST: usize = 64;

/// Signs, Hadamard's matrix, other signs, and the matrix again, of a power of two of coordinates: orthogonal, and as good
/// as random where signs are.
#[derive(Debug, Clone)]
pub(super) struct Rotation {
    /// −1 or 1, a coordinate each.
    signs: [Vec<f32>; 2],
}

impl Rotation {
    /// For vectors of `dim` values; the same for all of a length.
    pub fn new(dim: usize) -> Self {
        let bits = dim.next_power_of_two().max(FEWEST);
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut sign = || {
            // Xorshift, by Marsaglia.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            if state >> 63 == 0 { 1.0 } else { -1.0 }
        };
        Self {
            signs: std::array::from_fn(|_| (0..bits).map(|_| sign()).collect()),
        }
    }

    /// Coordinates of what is rotated: at least those of a vector.
    pub fn bits(&self) -> usize {
        self.signs[0].len()
    }

    /// The vector, rotated.
    pub fn apply(&self, vector: &[f32]) -> Vec<f32> {
        let mut block = vec![[0.0; 1]; self.bits()];
        for (to, &from) in block.iter_mut().zip(vector) {
            to[0] = from;
        }
        self.rotate(&mut block);
        block
            .into_iter()
            .map(|[value]| value / self.bits() as f32)
            .collect()
    }

    /// Rotates the rows from `first` on, coordinate by coordinate; zeros where there are none.
    pub fn apply_to_rows(&self, rows: &Rows, first: usize, block: &mut [[f32; WIDTH]]) {
        block.fill([0.0; WIDTH]);
        let mut scales = [0.0; WIDTH];
        for (lane, to) in scales.iter_mut().enumerate() {
            let (values, scale) = rows.row(first + lane);
            *to = scale / self.bits() as f32;
            for (to, &value) in block.iter_mut().zip(values) {
                to[lane] = f32::from(value);
            }
        }
        self.rotate(block);
        for values in block {
            for lane in 0..WIDTH {
                values[lane] *= scales[lane];
            }
        }
    }

    /// As many times longer as there are coordinates.
    fn rotate<const W: usize>(&self, block: &mut [[f32; W]]) {
        for signs in &self.signs {
            for (values, sign) in block.iter_mut().zip(signs) {
                for value in values {
                    *value *= sign;
                }
            }
            let mut half = 1;
            while half < block.len() {
                for pair in block.chunks_exact_mut(2 * half) {
                    let (above, below) = pair.split_at_mut(half);
                    for (above, below) in above.iter_mut().zip(below) {
                        for lane in 0..W {
                            (above[lane], below[lane]) =
                                (above[lane] + below[lane], above[lane] - below[lane]);
                        }
                    }
                }
                half *= 2;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lengths_and_angles_stay_as_they_are() {
        for dim in [1, 63, 64, 65, 300] {
            let rotation = Rotation::new(dim);
            let a: Vec<f32> = (0..dim).map(|n| (n as f32 * 0.7).sin()).collect();
            let b: Vec<f32> = (0..dim).map(|n| (n as f32 * 0.3).cos()).collect();
            let dot = |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
            let (turned_a, turned_b) = (rotation.apply(&a), rotation.apply(&b));
            assert!(
                (dot(&a, &b) - dot(&turned_a, &turned_b)).abs() < 1e-3,
                "{dim}"
            );
            assert!(
                (dot(&a, &a) - dot(&turned_a, &turned_a)).abs() < 1e-3,
                "{dim}"
            );
        }
    }

    #[test]
    fn rows_are_rotated_as_vectors_are() {
        let values: Vec<i8> = (0..20 * 64).map(|n| (n * 37 % 251 - 125) as i8).collect();
        let scales: Vec<f32> = (0..20).map(|n| 0.01 * n as f32).collect();
        let rows = Rows::new(64, &values, &scales).unwrap();
        let rotation = Rotation::new(64);
        let mut block = vec![[f32::NAN; WIDTH]; 64];
        rotation.apply_to_rows(&rows, 16, &mut block);
        let vector: Vec<f32> = values[17 * 64..18 * 64]
            .iter()
            .map(|&x| f32::from(x) * 0.17)
            .collect();
        for (values, expected) in block.iter().zip(rotation.apply(&vector)) {
            assert!((values[1] - expected).abs() < 1e-3);
            assert_eq!(values[4], 0.0);
        }
    }

    #[test]
    fn one_coordinate_becomes_all_of_them() {
        let mut vector = vec![0.0; 64];
        vector[5] = 1.0;
        assert!(
            Rotation::new(64)
                .apply(&vector)
                .iter()
                .filter(|x| x.abs() > 1e-6)
                .count()
                > 32
        );
    }
}
