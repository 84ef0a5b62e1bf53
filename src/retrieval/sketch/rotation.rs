//! A rotation that leaves no direction of the embeddings' space its own.

use crate::Rows;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable::{cross, multiply};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd128::{cross, multiply};

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
        let mut block = vec![[0.0; WIDTH]; self.bits()];
        for (to, &from) in block.iter_mut().zip(vector) {
            to[0] = from / self.bits() as f32;
        }
        self.rotate(&mut block);
        block.iter().map(|values| values[0]).collect()
    }

    /// Rotates the rows from `first` on, coordinate by coordinate; zeros where there are none.
    pub fn apply_to_rows(&self, rows: &Rows, first: usize, block: &mut [[f32; WIDTH]]) {
        block.fill([0.0; WIDTH]);
        for lane in 0..WIDTH {
            let (values, scale) = rows.row(first + lane);
            let scale = scale / self.bits() as f32;
            for (to, &value) in block.iter_mut().zip(values) {
                to[lane] = scale * f32::from(value);
            }
        }
        self.rotate(block);
    }

    /// As many times longer as there are coordinates.
    fn rotate(&self, block: &mut [[f32; WIDTH]]) {
        for signs in &self.signs {
            for (values, &sign) in block.iter_mut().zip(signs) {
                multiply(values, sign);
            }
            let mut half = 1;
            while half < block.len() {
                for pair in block.chunks_exact_mut(2 * half) {
                    let (above, below) = pair.split_at_mut(half);
                    for (above, below) in above.iter_mut().zip(below) {
                        cross(above, below);
                    }
                }
                half *= 2;
            }
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    use super::WIDTH;

    pub(super) fn multiply(values: &mut [f32; WIDTH], by: f32) {
        for value in values {
            *value *= by;
        }
    }

    /// The sums of both, and what is left of one less the other.
    pub(super) fn cross(above: &mut [f32; WIDTH], below: &mut [f32; WIDTH]) {
        for (above, below) in above.iter_mut().zip(below) {
            (*above, *below) = (*above + *below, *above - *below);
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use super::WIDTH;
    use core::arch::wasm32::{
        f32x4_add, f32x4_mul, f32x4_splat, f32x4_sub, v128, v128_load, v128_store,
    };

    fn vectors(values: &mut [f32; WIDTH]) -> impl Iterator<Item = *mut v128> {
        values
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .map(|four| four.as_mut_ptr().cast())
    }

    pub(super) fn multiply(values: &mut [f32; WIDTH], by: f32) {
        for at in vectors(values) {
            // SAFETY: four floats; unaligned addresses are allowed.
            unsafe { v128_store(at, f32x4_mul(v128_load(at), f32x4_splat(by))) };
        }
    }

    /// The sums of both, and what is left of one less the other.
    pub(super) fn cross(above: &mut [f32; WIDTH], below: &mut [f32; WIDTH]) {
        for (above, below) in vectors(above).zip(vectors(below)) {
            // SAFETY: four floats each; unaligned addresses are allowed.
            unsafe {
                let (a, b) = (v128_load(above), v128_load(below));
                v128_store(above, f32x4_add(a, b));
                v128_store(below, f32x4_sub(a, b));
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
