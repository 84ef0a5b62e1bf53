//! Depthwise convolution with channels last: each channel with a window of its own.

use super::conv::Plane;
use super::panel::Byte;
use super::quantize::Requantize;
use super::{Operand, Output, Scratch, unary};
use crate::KernelSet;
use nearshelf_operators::{DType, Unary, Window};

/// Channels that are summed together.
const LANES: usize = 8;
/// Offset of a tap in the padding.
const OUTSIDE: usize = usize::MAX;

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

    /// Offset of the first channel of each tap of a position; [`OUTSIDE`] in the padding.
    fn offsets(&self, position: usize, offsets: &mut Vec<usize>) {
        let plane = &self.plane;
        let (image, row, column) = plane.locate(position);
        offsets.clear();
        for tap_row in 0..plane.kernel[0] {
            let source_row = plane.source(0, row, tap_row);
            for tap_column in 0..plane.kernel[1] {
                let pixel = source_row.zip(plane.source(1, column, tap_column));
                let offset = pixel.map(|(row, column)| {
                    (image * plane.pixels() + row * plane.width + column) * self.channels
                });
                offsets.push(offset.unwrap_or(OUTSIDE));
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
    let offsets = &mut scratch.offsets;
    for (position, y) in y.f32_mut().chunks_exact_mut(channels.max(1)).enumerate() {
        taps.offsets(position, offsets);
        let done = match set {
            KernelSet::Scalar => 0,
            KernelSet::Fastest => {
                let done = sums_f32::<{ 2 * LANES }>(x, w, bias, offsets, 0, y);
                sums_f32::<LANES>(x, w, bias, offsets, done, y)
            }
        };
        for channel in done..channels {
            let inside = offsets.iter().enumerate().filter(|&(_, &at)| at != OUTSIDE);
            let terms = inside.map(|(tap, at)| x[at + channel] * w[tap * channels + channel]);
            y[channel] = terms.fold(bias[channel], |sum, term| sum + term);
        }
        if let Some(activation) = activation {
            unary::in_place(activation, y, set);
        }
    }
}

/// Sums of `L` channels at a time from `first` on; returns the first channel that is left.
fn sums_f32<const L: usize>(
    x: &[f32],
    w: &[f32],
    bias: &[f32],
    offsets: &[usize],
    first: usize,
    y: &mut [f32],
) -> usize {
    let channels = y.len();
    let end = channels - (channels - first) % L;
    for (at, y) in (first..end)
        .step_by(L)
        .zip(y[first..end].as_chunks_mut::<L>().0)
    {
        if let Some(bias) = bias[at..].first_chunk::<L>() {
            *y = *bias;
        }
        let mut sums = *y;
        for (offset, w) in offsets.iter().zip(w.chunks_exact(channels)) {
            // An offset outside leads to no channels.
            let x = x.get(offset.saturating_add(at)..);
            let x = x.and_then(|x| x.first_chunk::<L>());
            if let (Some(x), Some(w)) = (x, w[at..].first_chunk::<L>()) {
                multiply_add(&mut sums, x, w);
            }
        }
        *y = sums;
    }
    end
}

/// `sums += x · w` in lanes.
#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
#[inline]
fn multiply_add<const L: usize>(sums: &mut [f32; L], x: &[f32; L], w: &[f32; L]) {
    for lane in 0..L {
        sums[lane] += x[lane] * w[lane];
    }
}

/// `sums += x · w` in lanes.
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
#[inline]
fn multiply_add<const L: usize>(sums: &mut [f32; L], x: &[f32; L], w: &[f32; L]) {
    use std::arch::wasm32::{f32x4_relaxed_madd, v128, v128_load, v128_store};
    for lane in (0..L / 4 * 4).step_by(4) {
        // SAFETY: four lanes from `lane` on lie within each array.
        unsafe {
            let sum: *mut v128 = sums.as_mut_ptr().add(lane).cast();
            let x = v128_load(x.as_ptr().add(lane).cast());
            let w = v128_load(w.as_ptr().add(lane).cast());
            v128_store(sum, f32x4_relaxed_madd(x, w, v128_load(sum)));
        }
    }
}

/// Weights of two taps each, `[⌈taps / 2⌉, c, 2]`: the order that pairwise products read.
pub fn pack_pairs(taps: usize, channels: usize, at: impl Fn(usize, usize) -> i8) -> Vec<i8> {
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
fn sums_of_bytes<T: Pairs>(
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
        let done = match set {
            KernelSet::Scalar => 0,
            KernelSet::Fastest => {
                let done = sums_q8::<2, T>(x, zero, w, offsets, 0, i32_a);
                sums_q8::<1, T>(x, zero, w, offsets, done, i32_a)
            }
        };
        for channel in done..channels {
            let inside = offsets.iter().enumerate().filter(|&(_, &at)| at != OUTSIDE);
            let terms = inside.map(|(tap, at)| {
                let weight = w[(tap / 2 * channels + channel) * 2 + tap % 2];
                i32::from(x[at + channel].widen() - zero) * i32::from(weight)
            });
            i32_a[channel] = terms.fold(0, i32::wrapping_add);
        }
        requantize.row(position, i32_a, y, set);
    }
}

/// Sums of `G` times [`LANES`] channels at a time from `first` on; returns the first channel that is left.
fn sums_q8<const G: usize, T: Pairs>(
    x: &[T],
    zero: i16,
    w: &[i8],
    offsets: &[usize],
    first: usize,
    sums: &mut [i32],
) -> usize {
    let channels = sums.len();
    let end = channels - (channels - first) % (G * LANES);
    let padding = [[T::from_zero(zero); LANES]; G];
    for at in (first..end).step_by(G * LANES) {
        // An offset outside leads to no channels.
        let lanes = |offset: Option<&usize>| {
            let lanes = x.get(offset?.saturating_add(at)..)?;
            lanes.as_chunks::<LANES>().0.first_chunk::<G>()
        };
        let mut groups = [[0_i32; LANES]; G];
        for (pair, w) in offsets.chunks(2).zip(w.chunks_exact(2 * channels)) {
            let a = lanes(pair.first()).unwrap_or(&padding);
            let b = lanes(pair.get(1)).unwrap_or(&padding);
            let w = w[2 * at..].as_chunks::<{ 2 * LANES }>().0;
            for (((sums, a), b), w) in groups.iter_mut().zip(a).zip(b).zip(w) {
                T::add_pairs(a, b, zero, w, sums);
            }
        }
        sums[at..at + G * LANES].copy_from_slice(groups.as_flattened());
    }
    end
}

/// Products of two taps of [`LANES`] channels.
trait Pairs: Byte {
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
