//! Convolution: NCHW, one or two spatial axes.
//!
//! Windows are unfolded a block of output positions at a time, so that work space stays small, and multiplied
//! with the weights as a matrix. One channel a group is convolved directly.

use super::{
    Operand, Output, Scratch,
    gemm::Gemm,
    igemm::IntegerGemm,
    quantize::{bytes_as_i32, parameter, requantize, widen},
};
use crate::KernelSet;
use nearshelf_operators::Window;

/// Output positions unfolded at a time.
const BLOCK: usize = 512;

/// Extents of one image and its windows; one spatial axis counts as a single row.
pub(super) struct Plane {
    pub height: usize,
    pub width: usize,
    pub out_height: usize,
    pub out_width: usize,
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    pub dilations: [usize; 2],
    pub pads: [usize; 2],
}

/// Rows and columns; one axis is columns, and rows are `filler`.
fn two(list: &[usize], filler: usize) -> [usize; 2] {
    match *list {
        [rows, columns] => [rows, columns],
        [columns] => [filler, columns],
        _ => [filler, filler],
    }
}

impl Plane {
    /// Of images `[n, c, spatial..]`.
    pub fn new(x: &[usize], y: &[usize], window: &Window) -> Self {
        Self::over(two(&x[2..], 1), two(&y[2..], 1), window)
    }

    /// Of images `[n, h, w, c]`.
    pub fn channels_last(x: &[usize], y: &[usize], window: &Window) -> Self {
        Self::over([x[1], x[2]], [y[1], y[2]], window)
    }

    fn over(
        [height, width]: [usize; 2],
        [out_height, out_width]: [usize; 2],
        window: &Window,
    ) -> Self {
        Self {
            height,
            width,
            out_height,
            out_width,
            kernel: two(&window.kernel, 1),
            strides: two(&window.strides, 1),
            dilations: two(&window.dilations, 1),
            pads: two(&window.pads_begin, 0),
        }
    }

    pub fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    pub fn positions(&self) -> usize {
        self.out_height * self.out_width
    }

    pub fn pixels(&self) -> usize {
        self.height * self.width
    }

    /// Image, row and column of an output position, counted over all images.
    pub fn locate(&self, position: usize) -> (usize, usize, usize) {
        let (image, position) = (position / self.positions(), position % self.positions());
        let (row, column) = (position / self.out_width, position % self.out_width);
        (image, row, column)
    }

    /// Whether unfolding would copy the image as it is.
    fn is_pointwise(&self) -> bool {
        self.kernel == [1, 1]
            && self.strides == [1, 1]
            && self.positions() == self.pixels()
            && self.pads == [0, 0]
    }

    /// Input row or column that a tap of an output row or column looks at.
    pub fn source(&self, axis: usize, out: usize, tap: usize) -> Option<usize> {
        let extent = if axis == 0 { self.height } else { self.width };
        let at =
            (out * self.strides[axis] + tap * self.dilations[axis]).checked_sub(self.pads[axis])?;
        (at < extent).then_some(at)
    }

    /// Unfolds positions `from..from + count` of all channels of `x` into rows `[channels * taps, count]`.
    /// Padding becomes `T::default()`.
    fn unfold<T: Copy + Default>(&self, x: &[T], from: usize, count: usize, unfolded: &mut Vec<T>) {
        unfolded.clear();
        for image in x.chunks_exact(self.pixels()) {
            for tap in 0..self.taps() {
                let (tap_row, tap_column) = (tap / self.kernel[1], tap % self.kernel[1]);
                let mut position = from;
                while position < from + count {
                    let (row, column) = (position / self.out_width, position % self.out_width);
                    let length = (self.out_width - column).min(from + count - position);
                    match self.source(0, row, tap_row) {
                        None => unfolded.extend(std::iter::repeat_n(T::default(), length)),
                        Some(source_row) => {
                            let line = &image[source_row * self.width..][..self.width];
                            unfolded.extend((column..column + length).map(|column| {
                                self.source(1, column, tap_column)
                                    .map_or(T::default(), |at| line[at])
                            }));
                        }
                    }
                    position += length;
                }
            }
        }
    }
}

pub(super) fn run(
    inputs: &[Operand],
    y: &mut Output,
    window: &Window,
    group: usize,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let (x, w, bias) = (inputs[0], inputs[1], inputs.get(2).map(Operand::f32));
    let plane = Plane::new(x.shape, y.shape, window);
    let (channels, maps) = (x.shape[1] / group, y.shape[1] / group);
    let (depth, positions) = (channels * plane.taps(), plane.positions());
    if positions == 0 {
        return;
    }
    let (x, w, y) = (x.f32(), w.f32(), y.f32_mut());
    for (map, values) in y.chunks_exact_mut(positions).enumerate() {
        values.fill(bias.map_or(0.0, |bias| bias[map % (maps * group)]));
    }
    let images = y.chunks_exact_mut(maps * positions).enumerate();
    for (at, y) in images {
        let x = &x[at * channels * plane.pixels()..][..channels * plane.pixels()];
        let w = &w[at % group * maps * depth..][..maps * depth];
        if channels == 1 && maps == 1 {
            depthwise(x, w, y, &plane);
        } else if plane.is_pointwise() {
            Gemm::dense(maps, depth, positions).run(w, x, y, &mut scratch.f32_b, set);
        } else {
            for from in (0..positions).step_by(BLOCK) {
                let count = BLOCK.min(positions - from);
                plane.unfold(x, from, count, &mut scratch.f32_a);
                let gemm = Gemm {
                    c_row: positions,
                    ..Gemm::dense(maps, depth, count)
                };
                gemm.run(w, &scratch.f32_a, &mut y[from..], &mut scratch.f32_b, set);
            }
        }
    }
}

/// One image with one window.
fn depthwise(x: &[f32], w: &[f32], y: &mut [f32], plane: &Plane) {
    for (row, line) in y.chunks_exact_mut(plane.out_width).enumerate() {
        for (tap, &weight) in w.iter().enumerate() {
            let Some(source_row) = plane.source(0, row, tap / plane.kernel[1]) else {
                continue;
            };
            let source = &x[source_row * plane.width..][..plane.width];
            let shift = tap % plane.kernel[1] * plane.dilations[1];
            // Output columns whose source lies inside the image.
            let stride = plane.strides[1];
            let first = plane.pads[1].saturating_sub(shift).div_ceil(stride);
            let end = (plane.width + plane.pads[1])
                .saturating_sub(shift)
                .div_ceil(stride)
                .min(plane.out_width);
            if first >= end {
                continue;
            }
            let start = first * stride + shift - plane.pads[1];
            for (y, x) in line[first..end]
                .iter_mut()
                .zip(source[start..].iter().step_by(stride))
            {
                *y += weight * x;
            }
        }
    }
}

/// Sums of `(x - x_zero) · (w - w_zero)` for every output element into `scratch.i32_a`.
fn integer_sums(
    operands: [Operand; 4],
    y_shape: &[usize],
    window: &Window,
    group: usize,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, w, x_zero, w_zero] = operands;
    let plane = Plane::new(x.shape, y_shape, window);
    let (channels, maps) = (x.shape[1] / group, y_shape[1] / group);
    let (depth, positions) = (channels * plane.taps(), plane.positions());
    let (mut wide_x, mut wide_w) = (Vec::new(), Vec::new());
    widen(x, &bytes_as_i32(x_zero), 0, &mut wide_x);
    widen(w, &[0], 0, &mut wide_w);
    let zeros = bytes_as_i32(w_zero);
    if depth > 0 {
        for (map, weights) in wide_w.chunks_exact_mut(depth).enumerate() {
            let zero = parameter(&zeros, map) as i16;
            weights.iter_mut().for_each(|weight| *weight -= zero);
        }
    }
    let Scratch {
        i16_a,
        i16_b,
        i32_a,
        ..
    } = scratch;
    i32_a.clear();
    i32_a.resize(y_shape.iter().product(), 0);
    if positions == 0 {
        return;
    }
    for (at, sums) in i32_a.chunks_exact_mut(maps * positions).enumerate() {
        let x = &wide_x[at * channels * plane.pixels()..][..channels * plane.pixels()];
        let w = &wide_w[at % group * maps * depth..][..maps * depth];
        for from in (0..positions).step_by(BLOCK) {
            let count = BLOCK.min(positions - from);
            plane.unfold(x, from, count, i16_a);
            let gemm = IntegerGemm {
                m: maps,
                k: depth,
                n: count,
                c_row: positions,
            };
            gemm.run(w, i16_a, &mut sums[from..], i16_b, set);
        }
    }
}

pub(super) fn run_integer(
    inputs: &[Operand],
    y: &mut Output,
    window: &Window,
    group: usize,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    integer_sums(
        [inputs[0], inputs[1], inputs[2], inputs[3]],
        y.shape,
        window,
        group,
        scratch,
        set,
    );
    y.i32_mut().copy_from_slice(&scratch.i32_a);
}

pub(super) fn run_qlinear(
    inputs: &[Operand],
    y: &mut Output,
    window: &Window,
    group: usize,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero] =
        std::array::from_fn(|at| inputs[at]);
    integer_sums([x, w, x_zero, w_zero], y.shape, window, group, scratch, set);
    let maps = y.shape[1];
    let positions: usize = y.shape[2..].iter().product();
    if let Some(bias) = inputs.get(8) {
        for (map, sums) in scratch.i32_a.chunks_exact_mut(positions.max(1)).enumerate() {
            let bias = bias.i32()[map % maps];
            sums.iter_mut()
                .for_each(|sum| *sum = sum.wrapping_add(bias));
        }
    }
    let (x_scale, y_scale) = (parameter(x_scale.f32(), 0), parameter(y_scale.f32(), 0));
    let w_scales = w_scale.f32();
    let zero = parameter(&bytes_as_i32(y_zero), 0);
    let multiplier = |at: usize| x_scale * parameter(w_scales, at / positions % maps) / y_scale;
    requantize(&scratch.i32_a, multiplier, zero, y);
}
