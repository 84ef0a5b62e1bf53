//! Convolution with channels last: the product of each position's patch with packed weights.
//!
//! A patch lies in the order `[kernel rows, kernel columns, channels]`, so that the channels of one tap, and
//! neighbouring taps of one row, are copied together. Padding is zero in f32 and the zero point in q8.

use super::conv::Plane;
use super::linear::{Extents, Layer, Source, product_f32};
use super::linear_q8::product_q8;
use super::panel::{Byte, GROUP, Wide, put_f32, put_q8};
use super::quantize::Requantize;
use super::{Operand, Output, Scratch};
use crate::KernelSet;
use nearshelf_operators::{DType, Unary, Window};

/// Patches of all positions of all images.
struct Patches<'a, T> {
    plane: Plane,
    channels: usize,
    values: &'a [T],
    /// Zero point of 8-bit values.
    zero: i16,
}

impl<'a, T> Patches<'a, T> {
    fn new(x_shape: &[usize], y_shape: &[usize], window: &Window, values: &'a [T]) -> Self {
        Self {
            plane: Plane::channels_last(x_shape, y_shape, window),
            channels: x_shape[3],
            values,
            zero: 0,
        }
    }

    /// Calls `run(depth, values)` for each run of neighbouring values of a patch, and `run(depth, nothing)` for
    /// each tap that lies outside of the image.
    fn runs(&self, position: usize, mut run: impl FnMut(usize, Option<&[T]>)) {
        let plane = &self.plane;
        let (image, row, column) = plane.locate(position);
        let image = &self.values[image * plane.pixels() * self.channels..];
        for tap_row in 0..plane.kernel[0] {
            let source_row = plane.source(0, row, tap_row);
            let mut tap = 0;
            while tap < plane.kernel[1] {
                let depth = (tap_row * plane.kernel[1] + tap) * self.channels;
                let pixel = source_row.zip(plane.source(1, column, tap));
                let Some((source_row, source)) = pixel else {
                    run(depth, None);
                    tap += 1;
                    continue;
                };
                // With undilated taps all that are left inside the row are neighbours.
                let taps = if plane.dilations[1] == 1 {
                    (plane.kernel[1] - tap).min(plane.width - source)
                } else {
                    1
                };
                let from = (source_row * plane.width + source) * self.channels;
                run(depth, Some(&image[from..from + taps * self.channels]));
                tap += taps;
            }
        }
    }
}

impl Source<f32> for Patches<'_, f32> {
    fn fill<const R: usize>(&self, row: usize, lane: usize, block: &mut [[f32; R]]) {
        self.runs(row, |from, values| match values {
            Some(values) => put_f32(block, lane, from, values),
            None => {
                for rows in &mut block[from..from + self.channels] {
                    rows[lane] = 0.0;
                }
            }
        });
    }
}

impl<T: Byte> Source<Wide> for Patches<'_, T> {
    fn fill<const R: usize>(&self, row: usize, lane: usize, block: &mut [[Wide; R]]) {
        self.runs(row, |from, values| match values {
            Some(values) => put_q8(block, lane, from, values, self.zero),
            None => {
                for depth in from..from + self.channels {
                    block[depth / GROUP][lane][depth % GROUP] = 0;
                }
            }
        });
    }
}

/// Rows are positions, the depth is a patch.
fn extents(x: Operand, y: &Output, window: &Window) -> Extents {
    let taps: usize = window.kernel.iter().product();
    Extents {
        rows: y.shape[..3].iter().product(),
        depth: taps * x.shape[3],
        columns: y.shape[3],
    }
}

/// `x [n, h, w, c], w (panels), bias [m]` → `[n, h, w, m]`.
pub(super) fn run(
    inputs: &[Operand],
    y: &mut Output,
    window: &Window,
    activation: Option<Unary>,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, w, bias] = std::array::from_fn(|at| inputs[at]);
    let source = Patches::new(x.shape, y.shape, window, x.f32());
    let extents = extents(x, y, window);
    let layer = Layer {
        panels: w.f32(),
        bias: bias.f32(),
        activation,
    };
    let work = &mut scratch.f32_a;
    product_f32(extents, &source, layer, y.f32_mut(), work, set);
}

/// `x u8|i8, x_zero, w (panels), multiplier [m], bias [m] i32, y_zero` → u8|i8.
pub(super) fn run_q8(
    inputs: &[Operand],
    y: &mut Output,
    window: &Window,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, x_zero, w, multiplier, bias, y_zero] = std::array::from_fn(|at| inputs[at]);
    let extents = extents(x, y, window);
    let requantize = Requantize::new(multiplier, bias, y_zero);
    let zero = x_zero.byte() as i16;
    let (x_shape, y_shape) = (x.shape, y.shape);
    let mut finish = |row: usize, sums: &[i32]| requantize.row(row, sums, y, set);
    if x.dtype() == DType::I8 {
        let mut source = Patches::new(x_shape, y_shape, window, x.i8());
        source.zero = zero;
        product_q8(extents, &source, w.i8(), scratch, set, &mut finish);
    } else {
        let mut source = Patches::new(x_shape, y_shape, window, x.u8());
        source.zero = zero;
        product_q8(extents, &source, w.i8(), scratch, set, &mut finish);
    }
}
