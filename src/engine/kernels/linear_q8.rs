//! Products of bytes with packed columns, in i32, and what becomes of their sums.

use super::linear::{Extents, Matrix, Source, extents};
use super::panel::{GROUP, HALF, ROWS, Wide, element_q8, shape_q8};
use super::quantize::{Requantize, parameter};
use super::tile::tile_q8;
use super::{Operand, Output, Scratch, unary};
use crate::{KernelSet, Unary};

/// `x · w` of 8-bit operands in i32. `finish` gets the number of each row and its sums.
pub(super) fn product_q8(
    extents: Extents,
    source: &impl Source<Wide>,
    panels: &[i8],
    scratch: &mut Scratch,
    set: KernelSet,
    finish: &mut dyn FnMut(usize, &[i32]),
) {
    let Scratch { i16_a, i32_a, .. } = scratch;
    match (set, extents.rows) {
        (KernelSet::Scalar, _) => scalar_q8(extents, source, panels, i16_a, i32_a, finish),
        (_, 1) => blocked_q8::<1, _>(extents, source, panels, i16_a, i32_a, finish),
        _ => blocked_q8::<ROWS, _>(extents, source, panels, i16_a, i32_a, finish),
    }
}

/// What a product is.
fn scalar_q8<S: Source<Wide>>(
    extents: Extents,
    source: &S,
    panels: &[i8],
    work: &mut Vec<i16>,
    sums: &mut Vec<i32>,
    finish: &mut dyn FnMut(usize, &[i32]),
) {
    let Extents {
        rows,
        depth,
        columns,
    } = extents;
    work.clear();
    work.resize(depth.next_multiple_of(GROUP), 0);
    sums.resize(columns, 0);
    for row in 0..rows {
        source.fill(row, 0, as_groups::<1>(work));
        for (j, sum) in sums[..columns].iter_mut().enumerate() {
            let terms = work[..depth].iter().enumerate();
            let terms =
                terms.map(|(p, &x)| i32::from(x) * i32::from(element_q8(panels, depth, p, j)));
            *sum = terms.fold(0, i32::wrapping_add);
        }
        finish(row, &sums[..columns]);
    }
}

/// Widened values in groups of neighbours of `R` rows.
fn as_groups<const R: usize>(work: &mut [i16]) -> &mut [[Wide; R]] {
    work.as_chunks_mut::<GROUP>().0.as_chunks_mut::<R>().0
}

fn blocked_q8<const R: usize, S: Source<Wide>>(
    extents: Extents,
    source: &S,
    panels: &[i8],
    work: &mut Vec<i16>,
    sums: &mut Vec<i32>,
    finish: &mut dyn FnMut(usize, &[i32]),
) {
    let Extents {
        rows,
        depth,
        columns,
    } = extents;
    let [halves, groups, _] = shape_q8(depth, columns);
    let stride = halves * HALF;
    let row_bytes = depth * size_of::<i16>() + stride * size_of::<i32>();
    let block_rows = extents.block_rows(row_bytes);
    work.clear();
    work.resize(block_rows * groups * GROUP, 0);
    sums.resize(block_rows * stride, 0);
    let work = as_groups::<R>(work);
    for first in (0..rows).step_by(block_rows) {
        let count = block_rows.min(rows - first);
        for row in 0..count {
            let tile = &mut work[row / R * groups..][..groups];
            source.fill(first + row, row % R, tile);
        }
        for half in 0..halves {
            let from = half * groups * HALF * GROUP;
            let panel = &panels[from..][..groups * HALF * GROUP];
            let panel = panel.as_chunks::<{ HALF * GROUP }>().0;
            for top in (0..count).step_by(R) {
                let tile = tile_q8(&work[top / R * groups..][..groups], panel);
                for (row, tile) in (top..count).zip(&tile) {
                    if let Some(sums) = sums[row * stride + half * HALF..].first_chunk_mut::<HALF>()
                    {
                        *sums = *tile;
                    }
                }
            }
        }
        for row in 0..count {
            finish(first + row, &sums[row * stride..][..columns]);
        }
    }
}

/// Runs an 8-bit product over the rows of `x`, whatever its sign.
fn product_of_bytes(
    extents: Extents,
    x: Operand,
    zero: Operand,
    panels: &[i8],
    scratch: &mut Scratch,
    set: KernelSet,
    finish: &mut dyn FnMut(usize, &[i32]),
) {
    let depth = extents.depth;
    let zero = zero.byte() as i16;
    if x.dtype() == crate::DType::I8 {
        let values = x.i8();
        let source = Matrix {
            values,
            depth,
            zero,
        };
        product_q8(extents, &source, panels, scratch, set, finish);
    } else {
        let values = x.u8();
        let source = Matrix {
            values,
            depth,
            zero,
        };
        product_q8(extents, &source, panels, scratch, set, finish);
    }
}

/// `x u8|i8 [.., k], x_scale, x_zero, w (panels), w_scale [n], bias [n] f32` → f32 `[.., n]`.
pub(super) fn run_dynamic(
    inputs: &[Operand],
    y: &mut Output,
    activation: Option<Unary>,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, x_scale, x_zero, w, w_scale, bias] = std::array::from_fn(|at| inputs[at]);
    let extents = extents(x, y);
    let x_scale = parameter(x_scale.f32(), 0);
    let mut scales = std::mem::take(&mut scratch.f32_b);
    scales.clear();
    scales.extend(w_scale.f32().iter().map(|scale| x_scale * scale));
    let (bias, columns, y) = (bias.f32(), extents.columns, y.f32_mut());
    product_of_bytes(
        extents,
        x,
        x_zero,
        w.i8(),
        scratch,
        set,
        &mut |row, sums| {
            let y = &mut y[row * columns..][..columns];
            for (((y, &sum), scale), bias) in y.iter_mut().zip(sums).zip(&scales).zip(bias) {
                *y = sum as f32 * scale + bias;
            }
            if let Some(activation) = activation {
                unary::in_place(activation, y, set);
            }
        },
    );
    scratch.f32_b = scales;
}

/// `x u8|i8 [.., k], x_zero, w (panels), multiplier [n], bias [n] i32, y_zero` → u8|i8 `[.., n]`.
pub(super) fn run_static(
    inputs: &[Operand],
    y: &mut Output,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, x_zero, w, multiplier, bias, y_zero] = std::array::from_fn(|at| inputs[at]);
    let extents = extents(x, y);
    let requantize = Requantize::new(multiplier, bias, y_zero);
    product_of_bytes(
        extents,
        x,
        x_zero,
        w.i8(),
        scratch,
        set,
        &mut |row, sums| {
            requantize.row(row, sums, y, set);
        },
    );
}
