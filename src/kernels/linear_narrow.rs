//! Products of bytes with columns whose weights span seven bits.
//!
//! Relaxed SIMD multiplies bytes without widening them, to the same sums on every machine where one factor lies in
//! 0..=127. So panels hold u = w − low, low being a column's smallest weight, and an activation x without a sign takes
//! part as x' = x − 128. What that changes is put right by row and by column:
//!
//! `Σ (x − zero)·w = Σ (x − zero)·u + low·Σ (x − zero)` and, where z' = zero − 128,
//! `Σ (x − zero)·u = Σ x'·u − z'·Σ u`
//!
//! Without relaxed SIMD bytes are widened, and only the first line is needed.

use super::linear::{Extents, Matrix, extents};
use super::linear_q8::{Dequantize, product_q8};
use super::panel::Byte;
use super::{Operand, Output, Scratch};
use crate::KernelSet;
use nearshelf_operators::{DType, Unary};

/// Weights without their columns' smallest.
#[derive(Clone, Copy)]
struct Narrow<'a> {
    panels: &'a [i8],
    /// Smallest weight of each column.
    low: &'a [i32],
    /// Sum of each column of the panels.
    #[cfg_attr(not(target_feature = "relaxed-simd"), expect(dead_code))]
    sums: &'a [i32],
}

/// `x u8|i8 [.., k], x_scale, x_zero, w (panels), w_scale, bias [n] f32, low [n], sums [n]` → f32 `[.., n]`.
pub(super) fn run(
    inputs: &[Operand],
    y: &mut Output,
    activation: Option<Unary>,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, x_scale, x_zero, w, w_scale, bias, low, sums] = std::array::from_fn(|at| inputs[at]);
    let extents = extents(x, y);
    let weights = Narrow {
        panels: w.i8(),
        low: low.i32(),
        sums: sums.i32(),
    };
    let scales = std::mem::take(&mut scratch.f32_b);
    let dequantize = Dequantize::new([x_scale, w_scale, bias], activation, scales, set);
    let (depth, zero) = (extents.depth, x_zero.byte() as i16);
    let y = y.f32_mut();
    if x.dtype() == DType::I8 {
        let values = x.i8();
        let x = Matrix {
            values,
            depth,
            zero,
        };
        product(extents, &x, weights, &dequantize, y, scratch, set);
    } else {
        let values = x.u8();
        let x = Matrix {
            values,
            depth,
            zero,
        };
        product(extents, &x, weights, &dequantize, y, scratch, set);
    }
    scratch.f32_b = dequantize.into_scales();
}

fn product<T: Byte>(
    extents: Extents,
    x: &Matrix<T>,
    weights: Narrow,
    dequantize: &Dequantize,
    y: &mut [f32],
    scratch: &mut Scratch,
    set: KernelSet,
) {
    #[cfg(target_feature = "relaxed-simd")]
    if set == KernelSet::Fastest {
        return relaxed::product(extents, x, weights, dequantize, y, scratch);
    }
    let mut finish = |row: usize, sums: &[i32]| {
        let x_sum = centred_sum(x, row);
        let sums = sums.iter().zip(weights.low);
        let sums = sums.map(|(sum, low)| sum.wrapping_add(low.wrapping_mul(x_sum)));
        dequantize.row(row, sums, y);
    };
    product_q8(extents, x, weights.panels, scratch, set, &mut finish);
}

/// `Σ (x − zero)` of a row.
fn centred_sum<T: Byte>(x: &Matrix<T>, row: usize) -> i32 {
    let values = x.row(row).iter().map(|value| i32::from(value.widen()));
    let sum = values.fold(0, i32::wrapping_add);
    sum.wrapping_sub(i32::from(x.zero).wrapping_mul(x.depth as i32))
}

#[cfg(target_feature = "relaxed-simd")]
mod relaxed {
    use super::super::linear::Source;
    use super::super::linear_q8::{Halves, Tiles, blocked_q8};
    use super::super::panel::{GROUP, Signed, put_signed};
    use super::super::tile::{Sums8, tile_narrow};
    use super::*;

    impl<T: Byte> Source<Signed> for Matrix<'_, T> {
        fn fill<const R: usize>(&self, row: usize, lane: usize, block: &mut [[Signed; R]]) {
            put_signed(block, lane, self.row(row));
        }
    }

    struct Unwidened<'a>(Halves<'a>);

    impl Tiles<Signed> for Unwidened<'_> {
        #[inline]
        fn tile<const R: usize>(&self, half: usize, rows: &[[Signed; R]]) -> Sums8<R> {
            tile_narrow(rows, self.0.half(half))
        }
    }

    pub(super) fn product<T: Byte>(
        extents: Extents,
        x: &Matrix<T>,
        weights: Narrow,
        dequantize: &Dequantize,
        y: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let Scratch {
            signed,
            i32_a,
            i32_b: shifts,
            ..
        } = scratch;
        let zero = i32::from(x.zero - T::OFFSET);
        shifts.clear();
        shifts.extend(weights.sums.iter().map(|sum| sum.wrapping_mul(zero)));
        let mut finish = |row: usize, sums: &[i32]| {
            let x_sum = centred_sum(x, row);
            let sums = sums.iter().zip(&*shifts).zip(weights.low);
            let sums = sums.map(|((sum, shift), low)| {
                let sum = sum.wrapping_sub(*shift);
                sum.wrapping_add(low.wrapping_mul(x_sum))
            });
            dequantize.row(row, sums, y);
        };
        let tiles = Unwidened(Halves {
            panels: weights.panels,
            groups: extents.depth.div_ceil(GROUP),
        });
        blocked_q8(extents, x, &tiles, signed, i32_a, &mut finish);
    }
}
