//! Products of bytes with packed columns, in i32, and what becomes of their sums.

use super::linear::{Extents, Matrix, Source, extents};
use super::panel::{Columns8, GROUP, HALF, ROWS, Wide, element_q8, shape_q8};
use super::quantize::{Requantize, parameter};
use super::tile::{Sums8, tile_q8};
use super::{Operand, Output, Scratch, unary};
use crate::KernelSet;
use nearshelf_operators::Unary;

/// `x · w` of 8-bit operands in i32. `finish` gets the number of each row and its sums.
pub(super) fn product_q8(
    extents: Extents,
    source: &impl Source<Wide>,
    panels: &[i8],
    scratch: &mut Scratch,
    set: KernelSet,
    finish: &mut dyn FnMut(usize, &[i32]),
) {
    let Scratch { wide, i32_a, .. } = scratch;
    if set == KernelSet::Scalar {
        return scalar_q8(extents, source, panels, wide, i32_a, finish);
    }
    let groups = extents.depth.div_ceil(GROUP);
    let tiles = Widened(Halves { panels, groups });
    blocked_q8(extents, source, &tiles, wide, i32_a, finish);
}

/// What a product is.
fn scalar_q8<S: Source<Wide>>(
    extents: Extents,
    source: &S,
    panels: &[i8],
    work: &mut Vec<Wide>,
    sums: &mut Vec<i32>,
    finish: &mut dyn FnMut(usize, &[i32]),
) {
    let Extents {
        rows,
        depth,
        columns,
    } = extents;
    work.clear();
    work.resize(depth.div_ceil(GROUP), Wide::default());
    sums.resize(columns, 0);
    for row in 0..rows {
        source.fill(row, 0, work.as_chunks_mut::<1>().0);
        for (j, sum) in sums[..columns].iter_mut().enumerate() {
            let terms = work.as_flattened()[..depth].iter().enumerate();
            let terms =
                terms.map(|(p, &x)| i32::from(x) * i32::from(element_q8(panels, depth, p, j)));
            *sum = terms.fold(0, i32::wrapping_add);
        }
        finish(row, &sums[..columns]);
    }
}

/// Halves of panels of so many groups along the depth.
#[derive(Clone, Copy)]
pub(super) struct Halves<'a> {
    pub panels: &'a [i8],
    pub groups: usize,
}

impl<'a> Halves<'a> {
    pub fn half(self, number: usize) -> &'a [Columns8] {
        let size = self.groups * HALF * GROUP;
        self.panels[number * size..][..size]
            .as_chunks::<{ HALF * GROUP }>()
            .0
    }
}

/// Products of rows, packed in groups `T`, with halves of panels.
pub(super) trait Tiles<T> {
    /// Sums of `R` rows with half a panel.
    fn tile<const R: usize>(&self, half: usize, rows: &[[T; R]]) -> Sums8<R>;
}

/// Weights that are widened as they are read.
struct Widened<'a>(Halves<'a>);

impl Tiles<Wide> for Widened<'_> {
    #[inline]
    fn tile<const R: usize>(&self, half: usize, rows: &[[Wide; R]]) -> Sums8<R> {
        tile_q8(rows, self.0.half(half))
    }
}

/// Products a block of rows at a time; a single row has tiles of one row.
pub(super) fn blocked_q8<T: Copy + Default, S: Source<T>>(
    extents: Extents,
    source: &S,
    tiles: &impl Tiles<T>,
    work: &mut Vec<T>,
    sums: &mut Vec<i32>,
    finish: &mut dyn FnMut(usize, &[i32]),
) {
    match extents.rows {
        1 => blocks::<1, T, S>(extents, source, tiles, work, sums, finish),
        _ => blocks::<ROWS, T, S>(extents, source, tiles, work, sums, finish),
    }
}

fn blocks<const R: usize, T: Copy + Default, S: Source<T>>(
    extents: Extents,
    source: &S,
    tiles: &impl Tiles<T>,
    work: &mut Vec<T>,
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
    let row_bytes = groups * size_of::<T>() + stride * size_of::<i32>();
    let block_rows = extents.block_rows(row_bytes);
    work.clear();
    work.resize(block_rows * groups, T::default());
    sums.resize(block_rows * stride, 0);
    let work = work.as_chunks_mut::<R>().0;
    for first in (0..rows).step_by(block_rows) {
        let count = block_rows.min(rows - first);
        for row in 0..count {
            let tile = &mut work[row / R * groups..][..groups];
            source.fill(first + row, row % R, tile);
        }
        for half in 0..halves {
            for top in (0..count).step_by(R) {
                let tile = tiles.tile(half, &work[top / R * groups..][..groups]);
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
    if x.dtype() == nearshelf_operators::DType::I8 {
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

/// How sums of a product become floats: `sum · scale + bias`, a scale and a bias each column, then the activation.
pub(super) struct Dequantize<'a> {
    scales: Vec<f32>,
    bias: &'a [f32],
    activation: Option<Unary>,
    set: KernelSet,
}

impl<'a> Dequantize<'a> {
    /// `scales` is work space, to be given back by [`Self::into_scales`].
    pub fn new(
        [x_scale, w_scale, bias]: [Operand<'a>; 3],
        activation: Option<Unary>,
        mut scales: Vec<f32>,
        set: KernelSet,
    ) -> Self {
        let x_scale = parameter(x_scale.f32(), 0);
        scales.clear();
        scales.extend(w_scale.f32().iter().map(|scale| x_scale * scale));
        Self {
            scales,
            bias: bias.f32(),
            activation,
            set,
        }
    }

    /// Row number `row` of `y` from its sums, one a column.
    pub fn row(&self, row: usize, sums: impl Iterator<Item = i32>, y: &mut [f32]) {
        let columns = self.bias.len();
        let y = &mut y[row * columns..][..columns];
        let parameters = self.scales.iter().zip(self.bias);
        for ((y, sum), (scale, bias)) in y.iter_mut().zip(sums).zip(parameters) {
            *y = sum as f32 * scale + bias;
        }
        if let Some(activation) = self.activation {
            unary::in_place(activation, y, self.set);
        }
    }

    pub fn into_scales(self) -> Vec<f32> {
        self.scales
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
    let scales = std::mem::take(&mut scratch.f32_b);
    let dequantize = Dequantize::new([x_scale, w_scale, bias], activation, scales, set);
    let y = y.f32_mut();
    let mut finish = |row: usize, sums: &[i32]| dequantize.row(row, sums.iter().copied(), y);
    product_of_bytes(extents, x, x_zero, w.i8(), scratch, set, &mut finish);
    scratch.f32_b = dequantize.into_scales();
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
    let mut finish = |row: usize, sums: &[i32]| requantize.row(row, sums, y, set);
    product_of_bytes(extents, x, x_zero, w.i8(), scratch, set, &mut finish);
}
