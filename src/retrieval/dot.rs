//! Inner products.

use crate::query::{LANES, Query};

/// Inner product in f32, before a row's scale: sixteen lanes, added up pairwise. Of different lengths, the shorter counts.
pub(crate) fn dot_f32(query: &[f32], row: &[i8]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (queries, query_rest) = query.as_chunks::<LANES>();
    let (rows, row_rest) = row.as_chunks::<LANES>();
    for (query, row) in queries.iter().zip(rows) {
        for lane in 0..LANES {
            sums[lane] += query[lane] * f32::from(row[lane]);
        }
    }
    for ((sum, query), &row) in sums.iter_mut().zip(query_rest).zip(row_rest) {
        *sum += query * f32::from(row);
    }
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
    }
    sums[0]
}

/// Inner product of two rows of at most 2^16 values; of different lengths, the shorter counts.
pub(crate) fn dot_q8(a: &[i8], b: &[i8]) -> i32 {
    let product = |a: &i8, b: &i8| i32::from(i16::from(*a) * i16::from(*b));
    let mut sums = [0_i32; LANES];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += product(&a[lane], &b[lane]);
        }
    }
    let rest: i32 = a_rest.iter().zip(b_rest).map(|(a, b)| product(a, b)).sum();
    sums.iter().sum::<i32>() + rest
}

/// Rows that are multiplied side by side.
pub(crate) const GROUP: usize = 4;

/// Whether any of four rows may reach a score; and of one, its bound.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(crate) use portable::{bound, reaching};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) use simd128::{bound, reaching};

/// What a score is at most, in steps of the query; no number where the scale is none.
fn most(sum: i32, scale: f32, slack: f32) -> f32 {
    scale * sum as f32 + scale.abs() * slack
}

#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
mod portable {
    use super::{GROUP, LANES, Query, most};

    /// What the row's score is at most, in steps of the query.
    pub(crate) fn bound(query: &Query, row: &[i8], scale: f32) -> f32 {
        most(sum(query, row), scale, query.slack)
    }

    /// A bit for each of the first four rows whose score may reach `steps` steps of the query; of short rows all.
    pub(crate) fn reaching(query: &Query, rows: &[i8], scales: &[f32; GROUP], steps: f32) -> u32 {
        let dim = query.exact.len();
        let mut bits = 0;
        for (at, (row, &scale)) in rows.chunks_exact(dim).zip(scales).enumerate() {
            // True where there is no number.
            let misses = bound(query, row, scale) < steps;
            bits |= u32::from(!misses) << at;
        }
        bits
    }

    fn sum(query: &Query, row: &[i8]) -> i32 {
        let mut sums = [0_i32; LANES];
        for (lanes, start) in query.lanes() {
            let row = &row[start..];
            match row.first_chunk::<LANES>() {
                Some(row) => {
                    for lane in 0..LANES {
                        sums[lane] += i32::from(lanes[lane]) * i32::from(row[lane]);
                    }
                }
                None => {
                    for (lane, &value) in row.iter().enumerate() {
                        sums[lane] += i32::from(lanes[lane]) * i32::from(value);
                    }
                }
            }
        }
        sums.iter().sum()
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use super::{GROUP, LANES, Query, most};
    use core::arch::wasm32::{
        f32x4_abs, f32x4_add, f32x4_convert_i32x4, f32x4_lt, f32x4_mul, f32x4_splat,
        i16x8_load_extend_i8x8, i32x4_add, i32x4_bitmask, i32x4_dot_i16x8, i32x4_extract_lane,
        i32x4_shuffle, i32x4_splat, v128, v128_load,
    };

    /// What the row's score is at most, in steps of the query.
    pub(crate) fn bound(query: &Query, row: &[i8], scale: f32) -> f32 {
        let mut sums = i32x4_splat(0);
        let mut padded = [0; LANES];
        let row = if row.len() < LANES {
            padded[..row.len()].copy_from_slice(row);
            &padded
        } else {
            row
        };
        for (lanes, start) in query.lanes() {
            let row = &row[start..][..LANES];
            sums = multiplied(sums, lanes, row.as_ptr());
        }
        let sums = i32x4_add(sums, i32x4_shuffle::<2, 3, 0, 1>(sums, sums));
        let sum = i32x4_extract_lane::<0>(sums) + i32x4_extract_lane::<1>(sums);
        most(sum, scale, query.slack)
    }

    /// A bit for each of the first four rows whose score may reach `steps` steps of the query.
    pub(crate) fn reaching(query: &Query, rows: &[i8], scales: &[f32; GROUP], steps: f32) -> u32 {
        let dim = query.exact.len();
        if dim < LANES {
            return 0b1111;
        }
        let rows = &rows[..GROUP * dim];
        let [mut a, mut b, mut c, mut d] = [i32x4_splat(0); GROUP];
        for (lanes, start) in query.lanes() {
            // Of each row sixteen values are left.
            let at = rows[start..].as_ptr();
            // One by one: in an array, sums would be kept in memory.
            a = multiplied(a, lanes, at);
            b = multiplied(b, lanes, at.wrapping_add(dim));
            c = multiplied(c, lanes, at.wrapping_add(2 * dim));
            d = multiplied(d, lanes, at.wrapping_add(3 * dim));
        }
        let ab = i32x4_add(
            i32x4_shuffle::<0, 4, 1, 5>(a, b),
            i32x4_shuffle::<2, 6, 3, 7>(a, b),
        );
        let cd = i32x4_add(
            i32x4_shuffle::<0, 4, 1, 5>(c, d),
            i32x4_shuffle::<2, 6, 3, 7>(c, d),
        );
        let sums = i32x4_add(
            i32x4_shuffle::<0, 1, 4, 5>(ab, cd),
            i32x4_shuffle::<2, 3, 6, 7>(ab, cd),
        );
        // SAFETY: four floats are sixteen bytes; unaligned addresses are allowed.
        let scales = unsafe { v128_load(scales.as_ptr().cast()) };
        let most = f32x4_add(
            f32x4_mul(scales, f32x4_convert_i32x4(sums)),
            f32x4_mul(f32x4_abs(scales), f32x4_splat(query.slack)),
        );
        // Not of those below: where there is no number, a score has to tell.
        let below = f32x4_lt(most, f32x4_splat(steps));
        u32::from(!i32x4_bitmask(below) & 0b1111)
    }

    /// `sums` plus sixteen products with the values at `row`, where there are so many.
    fn multiplied(sums: v128, lanes: &[i16; LANES], row: *const i8) -> v128 {
        // SAFETY: sixteen bytes at `row`, as callers have seen to, and 32 of `lanes`; unaligned addresses are allowed.
        let (low, high, query_low, query_high) = unsafe {
            (
                i16x8_load_extend_i8x8(row),
                i16x8_load_extend_i8x8(row.add(8)),
                v128_load(lanes.as_ptr().cast()),
                v128_load(lanes.as_ptr().add(8).cast()),
            )
        };
        let sums = i32x4_add(sums, i32x4_dot_i16x8(low, query_low));
        i32x4_add(sums, i32x4_dot_i16x8(high, query_high))
    }
}
