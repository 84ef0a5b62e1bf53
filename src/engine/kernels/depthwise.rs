//! Depthwise convolution with channels last: each channel with a window of its own.

use super::conv::Plane;
use super::panel::Byte;
use super::quantize::Requantize;
use super::{Operand, Output, Scratch, unary};
use crate::{DType, KernelSet, Unary, Window};

/// Channels that are summed together.
const LANES: usize = 8;

/// Images with channels last, and where the taps of a position lie in them.
struct Taps {
    plane: Plane,
    channels: usize,
}

impl Taps {
    fn new(x: &[usize], y: &[usize], window: &Window) -> Self {
        Self {
            plane: Plane::channels_last(x, y, window),
            channels: x[3],
        }
    }

    /// Offset of the first channel of each tap of a position; `None` in the padding.
    fn offsets(&self, position: usize, offsets: &mut Vec<Option<usize>>) {
        let plane = &self.plane;
        let (image, position) = (position / plane.positions(), position % plane.positions());
        let (row, column) = (position / plane.out_width, position % plane.out_width);
        offsets.clear();
        for tap_row in 0..plane.kernel[0] {
            let source_row = plane.source(0, row, tap_row);
            for tap_column in 0..plane.kernel[1] {
                let pixel = source_row.zip(plane.source(1, column, tap_column));
                let offset = pixel.map(|(row, column)| {
                    (image * plane.pixels() + row * plane.width + column) * self.channels
                });
                offsets.push(offset);
            }
        }
    }
}

/// `x [n, h, w, c], w [taps, c], bias [c]` → `[n, h, w, c]`.
pub(super) fn run(
    inputs: &[Operand],
    y: &mut Output,
    window: &Window,
    activation: Option<Unary>,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, w, bias] = std::array::from_fn(|at| inputs[at]);
    let taps = Taps::new(x.shape, y.shape, window);
    let (x, w, bias, channels) = (x.f32(), w.f32(), bias.f32(), taps.channels);
    for (position, y) in y.f32_mut().chunks_exact_mut(channels.max(1)).enumerate() {
        taps.offsets(position, &mut scratch.offsets);
        let inside = scratch.offsets.iter().enumerate();
        let inside = inside.filter_map(|(tap, offset)| Some((tap * channels, (*offset)?)));
        match set {
            KernelSet::Scalar => {
                for (channel, y) in y.iter_mut().enumerate() {
                    let terms = inside.clone();
                    let terms = terms.map(|(w_at, x_at)| x[x_at + channel] * w[w_at + channel]);
                    *y = terms.fold(bias[channel], |sum, term| sum + term);
                }
            }
            KernelSet::Fastest => {
                for first in (0..channels).step_by(LANES) {
                    let width = LANES.min(channels - first);
                    if width < LANES {
                        let lanes = first..channels;
                        y[lanes.clone()].copy_from_slice(&bias[lanes.clone()]);
                        for (w_at, x_at) in inside.clone() {
                            for lane in lanes.clone() {
                                y[lane] += x[x_at + lane] * w[w_at + lane];
                            }
                        }
                        continue;
                    }
                    let mut sums = lanes_of(bias, first);
                    for (w_at, x_at) in inside.clone() {
                        let (x, w) = (lanes_of(x, x_at + first), lanes_of(w, w_at + first));
                        for lane in 0..LANES {
                            sums[lane] += x[lane] * w[lane];
                        }
                    }
                    y[first..first + LANES].copy_from_slice(&sums);
                }
            }
        }
        if let Some(activation) = activation {
            unary::in_place(activation, y, set);
        }
    }
}

fn lanes_of<T: Copy + Default>(values: &[T], at: usize) -> [T; LANES] {
    let lanes = values.get(at..).and_then(|values| values.first_chunk());
    lanes.copied().unwrap_or([T::default(); LANES])
}

/// Weights of two taps each, `[⌈taps / 2⌉, c, 2]`: the order that pairwise products read.
pub(crate) fn pack_pairs(taps: usize, channels: usize, at: impl Fn(usize, usize) -> i8) -> Vec<i8> {
    let mut packed = Vec::with_capacity(taps.next_multiple_of(2) * channels);
    for pair in (0..taps).step_by(2) {
        for channel in 0..channels {
            packed.push(at(pair, channel));
            packed.push(if pair + 1 < taps {
                at(pair + 1, channel)
            } else {
                0
            });
        }
    }
    packed
}

/// `x u8|i8 [n, h, w, c], x_zero, w (pairs of taps), multiplier [c], bias [c] i32, y_zero` → u8|i8.
pub(super) fn run_q8(
    inputs: &[Operand],
    y: &mut Output,
    window: &Window,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [x, x_zero, w, multiplier, bias, y_zero] = std::array::from_fn(|at| inputs[at]);
    let taps = Taps::new(x.shape, y.shape, window);
    let requantize = Requantize::new(multiplier, bias, y_zero);
    let zero = x_zero.byte() as i16;
    if x.dtype() == DType::I8 {
        sums_of_bytes(&taps, x.i8(), zero, w.i8(), &requantize, y, scratch, set);
    } else {
        sums_of_bytes(&taps, x.u8(), zero, w.i8(), &requantize, y, scratch, set);
    }
}

#[allow(clippy::too_many_arguments)] // one for each operand
fn sums_of_bytes<T: Byte + Default + Pairs>(
    taps: &Taps,
    x: &[T],
    zero: i16,
    w: &[i8],
    requantize: &Requantize,
    y: &mut Output,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let channels = taps.channels;
    let positions: usize = y.shape[..3].iter().product();
    let Scratch { offsets, i32_a, .. } = scratch;
    i32_a.clear();
    i32_a.resize(channels, 0);
    for position in 0..positions {
        taps.offsets(position, offsets);
        let vectors = match set {
            KernelSet::Scalar => 0,
            KernelSet::Fastest => channels / LANES * LANES,
        };
        for first in (0..vectors).step_by(LANES) {
            let mut sums = [0_i32; LANES];
            for (pair, taps) in offsets.chunks(2).enumerate() {
                let lanes = |tap: usize| match taps.get(tap) {
                    Some(Some(offset)) => lanes_of(x, offset + first),
                    _ => [T::from_zero(zero); LANES],
                };
                let from = (pair * channels + first) * 2;
                let Some(w) = w[from..].first_chunk() else {
                    continue;
                };
                T::add_pairs(&lanes(0), &lanes(1), zero, w, &mut sums);
            }
            i32_a[first..first + LANES].copy_from_slice(&sums);
        }
        for channel in vectors..channels {
            let terms = offsets.iter().enumerate().filter_map(|(tap, offset)| {
                let x = i32::from(x[(*offset)? + channel].widen() - zero);
                Some(x * i32::from(w[(tap / 2 * channels + channel) * 2 + tap % 2]))
            });
            i32_a[channel] = terms.fold(0, i32::wrapping_add);
        }
        requantize.row(position, i32_a, y, set);
    }
}

/// Products of two taps of [`LANES`] channels.
trait Pairs: Sized {
    fn from_zero(zero: i16) -> Self;

    /// Adds `(a − zero) · w[.., 0] + (b − zero) · w[.., 1]` to `sums`.
    fn add_pairs(
        a: &[Self; LANES],
        b: &[Self; LANES],
        zero: i16,
        w: &[i8; 2 * LANES],
        sums: &mut [i32; LANES],
    );
}

macro_rules! pairs {
    ($type:ty, $extend_low:ident, $extend_high:ident) => {
        impl Pairs for $type {
            fn from_zero(zero: i16) -> Self {
                zero as Self
            }

            #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
            fn add_pairs(
                a: &[Self; LANES],
                b: &[Self; LANES],
                zero: i16,
                w: &[i8; 2 * LANES],
                sums: &mut [i32; LANES],
            ) {
                for lane in 0..LANES {
                    let first = i32::from(i16::from(a[lane]) - zero) * i32::from(w[2 * lane]);
                    let second = i32::from(i16::from(b[lane]) - zero) * i32::from(w[2 * lane + 1]);
                    sums[lane] = sums[lane].wrapping_add(first + second);
                }
            }

            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            #[inline]
            fn add_pairs(
                a: &[Self; LANES],
                b: &[Self; LANES],
                zero: i16,
                w: &[i8; 2 * LANES],
                sums: &mut [i32; LANES],
            ) {
                use std::arch::wasm32::*;
                // SAFETY: each load and store lies within its array.
                unsafe {
                    let a = v128_load64_zero(a.as_ptr().cast());
                    let b = v128_load64_zero(b.as_ptr().cast());
                    let x = i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(
                        a, b,
                    );
                    let zero = i16x8_splat(zero);
                    let w = v128_load(w.as_ptr().cast());
                    let low = i16x8_sub($extend_low(x), zero);
                    let high = i16x8_sub($extend_high(x), zero);
                    let low = i32x4_dot_i16x8(low, i16x8_extend_low_i8x16(w));
                    let high = i32x4_dot_i16x8(high, i16x8_extend_high_i8x16(w));
                    let to: *mut v128 = sums.as_mut_ptr().cast();
                    v128_store(to, i32x4_add(v128_load(to), low));
                    v128_store(to.add(1), i32x4_add(v128_load(to.add(1)), high));
                }
            }
        }
    };
}
pairs!(u8, i16x8_extend_low_u8x16, i16x8_extend_high_u8x16);
pairs!(i8, i16x8_extend_low_i8x16, i16x8_extend_high_i8x16);
