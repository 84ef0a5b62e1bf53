//! Products of rows with packed columns: `y = x · w + bias`, then an activation.
//!
//! Rows come from a [`Source`], so that a convolution is the same product over patches that are gathered a
//! block at a time and never held all at once.

use super::panel::{COLUMNS, ROWS, Wide, element_f32, put_f32, put_q8};
use super::quantize::parameter;
use super::tile::tile_f32;
use super::{Operand, Output, Scratch, panel, unary};
use crate::KernelSet;
use nearshelf_operators::Unary;

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
    pub fn block_rows(self, row_bytes: usize) -> usize {
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
    /// The values of a row.
    pub fn row(&self, row: usize) -> &[T] {
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

/// What rows are multiplied with, and what becomes of the products.
#[derive(Clone, Copy)]
pub(super) struct Layer<'a> {
    pub panels: &'a [f32],
    /// An element a column.
    pub bias: &'a [f32],
    pub activation: Option<Unary>,
}

/// `y = x · w + bias`, then the activation.
pub(super) fn product_f32(
    extents: Extents,
    source: &impl Source<f32>,
    layer: Layer,
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
        blocked(extents, source, layer, y, work, &mut |y| {
            if let Some(activation) = layer.activation {
                unary::in_place(activation, y, set);
            }
        });
    }
}

/// What a product is.
fn scalar_f32<S: Source<f32>>(
    extents: Extents,
    source: &S,
    Layer { panels, bias, .. }: Layer,
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
    Layer { panels, bias, .. }: Layer,
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
    let layer = Layer {
        panels: w.f32(),
        bias: bias.f32(),
        activation,
    };
    let work = &mut scratch.f32_a;
    product_f32(extents, &source, layer, y.f32_mut(), work, set);
}

/// Rows are all axes but the last.
pub(super) fn extents(x: Operand, y: &Output) -> Extents {
    let depth = x.shape[x.shape.len() - 1];
    let columns = y.shape[y.shape.len() - 1];
    Extents {
        rows: y.shape[..y.shape.len() - 1].iter().product(),
        depth,
        columns,
    }
}
