//! Products of rows with packed columns: `y = x · w + bias`, then an activation.
//!
//! Rows come from a [`Source`], so that a convolution is the same product over patches that are gathered a
//! block at a time and never held all at once.

use super::panel::{
    COLUMNS, GROUP, HALF, ROWS, Wide, element_f32, element_q8, put_f32, put_q8, shape_q8,
};
use super::quantize::{Requantize, parameter};
use super::tile::{tile_f32, tile_q8};
use super::{Operand, Output, Scratch, panel, unary};
use crate::{KernelSet, Unary};

/// Bytes of packed rows that are worked on together: what stays in a first-level cache beside a panel.
const BLOCK_BYTES: usize = 16 * 1024;

/// Extents of a product.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extents {
    pub rows: usize,
    pub depth: usize,
    pub columns: usize,
}

impl Extents {
    /// Rows of a block, at least one tile, when a row takes `row_bytes`.
    fn block_rows(self, row_bytes: usize) -> usize {
        let rows = BLOCK_BYTES / row_bytes.max(1);
        (rows / ROWS * ROWS).clamp(ROWS, 64)
    }
}

/// Where the rows of a product come from.
pub(super) trait Source<T> {
    /// Writes all of `row` as row `lane` of a block.
    fn fill<const R: usize>(&self, row: usize, lane: usize, block: &mut [[T; R]]);
}

/// Rows that lie one after the other.
pub(super) struct Matrix<'a, T> {
    pub values: &'a [T],
    pub depth: usize,
    /// Taken off 8-bit values.
    pub zero: i16,
}

impl<T> Matrix<'_, T> {
    fn row(&self, row: usize) -> &[T] {
        &self.values[row * self.depth..][..self.depth]
    }
}

impl Source<f32> for Matrix<'_, f32> {
    fn fill<const R: usize>(&self, row: usize, lane: usize, block: &mut [[f32; R]]) {
        put_f32(block, lane, 0, self.row(row));
    }
}

impl<T: panel::Byte> Source<Wide> for Matrix<'_, T> {
    fn fill<const R: usize>(&self, row: usize, lane: usize, block: &mut [[Wide; R]]) {
        put_q8(block, lane, 0, self.row(row), self.zero);
    }
}

/// `y = x · w + bias`; `bias` has an element a column.
pub(super) fn product_f32(
    extents: Extents,
    source: &impl Source<f32>,
    panels: &[f32],
    bias: &[f32],
    activation: Option<Unary>,
    y: &mut [f32],
    work: &mut Vec<f32>,
    set: KernelSet,
) {
    let blocked = match (set, extents.rows) {
        (KernelSet::Scalar, _) => scalar_f32,
        (KernelSet::Fastest, 1) => blocked_f32::<1, _>,
        (KernelSet::Fastest, _) => blocked_f32::<ROWS, _>,
    };
    if extents.columns > 0 {
        blocked(extents, source, panels, bias, y, work, &mut |y| {
            if let Some(activation) = activation {
                unary::in_place(activation, y, set);
            }
        });
    }
}

/// What a product is.
fn scalar_f32<S: Source<f32>>(
    extents: Extents,
    source: &S,
    panels: &[f32],
    bias: &[f32],
    y: &mut [f32],
    work: &mut Vec<f32>,
    finish: &mut dyn FnMut(&mut [f32]),
) {
    let Extents { depth, columns, .. } = extents;
    work.clear();
    work.resize(depth, 0.0);
    for (row, y) in y.chunks_exact_mut(columns).enumerate() {
        source.fill(row, 0, work.as_chunks_mut::<1>().0);
        for (j, y) in y.iter_mut().enumerate() {
            let terms = work.iter().enumerate();
            let terms = terms.map(|(p, x)| x * element_f32(panels, depth, p, j));
            *y = terms.fold(parameter(bias, j), |sum, term| sum + term);
        }
        finish(y);
    }
}

fn blocked_f32<const R: usize, S: Source<f32>>(
    extents: Extents,
    source: &S,
    panels: &[f32],
    bias: &[f32],
    y: &mut [f32],
    work: &mut Vec<f32>,
    finish: &mut dyn FnMut(&mut [f32]),
) {
    let Extents { depth, columns, .. } = extents;
    let block_rows = extents.block_rows(depth * size_of::<f32>());
    work.clear();
    work.resize(block_rows * depth, 0.0);
    let work = work.as_chunks_mut::<R>().0;
    for (number, y) in y.chunks_mut(block_rows * columns).enumerate() {
        let count = y.len() / columns;
        for row in 0..count {
            let tile = &mut work[row / R * depth..][..depth];
            source.fill(number * block_rows + row, row % R, tile);
        }
        for first in (0..columns).step_by(COLUMNS) {
            let panel = &panels[first * depth..][..COLUMNS * depth];
            let panel = panel.as_chunks::<COLUMNS>().0;
            let width = COLUMNS.min(columns - first);
            let mut start = [0.0; COLUMNS];
            start[..width].copy_from_slice(&bias[first..first + width]);
            for top in (0..count).step_by(R) {
                let sums = tile_f32(&work[top / R * depth..][..depth], panel, &start);
                for (row, sums) in (top..count).zip(&sums) {
                    let y = &mut y[row * columns + first..][..width];
                    match y.first_chunk_mut::<COLUMNS>() {
                        Some(y) => *y = *sums,
                        None => y.copy_from_slice(&sums[..width]),
                    }
                }
            }
        }
        finish(y);
    }
}

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

/// `x [.., k], w (panels), bias [n]` → `[.., n]`.
pub(super) fn run(
    inputs: &[Operand],
    y: &mut Output,
    activation: Option<Unary>,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, w, bias] = std::array::from_fn(|at| inputs[at]);
    let extents = extents(x, y);
    let source = Matrix {
        values: x.f32(),
        depth: extents.depth,
        zero: 0,
    };
    let (panels, bias) = (w.f32(), bias.f32());
    product_f32(
        extents,
        &source,
        panels,
        bias,
        activation,
        y.f32_mut(),
        &mut scratch.f32_a,
        set,
    );
}

fn extents(x: Operand, y: &Output) -> Extents {
    let depth = x.shape[x.shape.len() - 1];
    let columns = y.shape[y.shape.len() - 1];
    Extents {
        rows: y.shape[..y.shape.len() - 1].iter().product(),
        depth,
        columns,
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
    let scales: Vec<f32> = w_scale.f32().iter().map(|scale| x_scale * scale).collect();
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
