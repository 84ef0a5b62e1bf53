//! Between f32 and 8-bit integers. Rounding is half to even, results saturate (ONNX operator specification).

use super::{Operand, Output};
use crate::KernelSet;
use nearshelf_operators::{DType, Values};

/// Ties go to the even neighbour; NaN becomes 0.
pub(super) fn to_u8(x: f32, zero: i32) -> u8 {
    (x.round_ties_even() as i32)
        .saturating_add(zero)
        .clamp(0, 255) as u8
}

/// Ties go to the even neighbour; NaN becomes 0.
pub(super) fn to_i8(x: f32, zero: i32) -> i8 {
    (x.round_ties_even() as i32)
        .saturating_add(zero)
        .clamp(-128, 127) as i8
}

/// A byte operand as i32.
pub(super) fn bytes_as_i32(x: Operand) -> Vec<i32> {
    match x.dtype() {
        DType::I8 => x.i8().iter().map(|&v| i32::from(v)).collect(),
        DType::U8 => x.u8().iter().map(|&v| i32::from(v)).collect(),
        _ => x.i32().to_vec(),
    }
}

/// The parameter of column or map `at`: the only one, or its own.
pub(super) fn parameter<T: Copy + Default>(values: &[T], at: usize) -> T {
    let own = if values.len() == 1 {
        values.first()
    } else {
        values.get(at)
    };
    own.copied().unwrap_or_default()
}

/// Adding this to a float of small magnitude rounds it to an integer, half to even, held in the low bits.
const ROUNDER: f32 = 12_582_912.0;

/// Rounds to the integers of a byte type: what [`to_u8`] and [`to_i8`] do, without branches and conversions, so that
/// loops of it become vectors.
#[derive(Clone, Copy)]
pub(super) struct Rounded {
    zero: i32,
    least: f32,
    most: f32,
}

impl Rounded {
    pub fn new(zero: i32, is_signed: bool) -> Self {
        let (least, most) = if is_signed { (-128, 127) } else { (0, 255) };
        Self {
            zero,
            least: (least - zero) as f32,
            most: (most - zero) as f32,
        }
    }

    #[inline]
    pub fn of(self, x: f32) -> i32 {
        let x = if x.is_nan() { 0.0 } else { x };
        let x = if x > self.least { x } else { self.least };
        let x = if x < self.most { x } else { self.most };
        let bits = (x + ROUNDER).to_bits().cast_signed();
        bits.wrapping_sub(ROUNDER.to_bits().cast_signed())
            .wrapping_add(self.zero)
    }
}

/// How sums of a product become bytes: `saturate(round((sum + bias) · multiplier) + zero)`, a multiplier and a
/// bias each column.
pub(super) struct Requantize<'a> {
    multiplier: &'a [f32],
    bias: &'a [i32],
    zero: i32,
}

impl<'a> Requantize<'a> {
    pub fn new(multiplier: Operand<'a>, bias: Operand<'a>, zero: Operand<'a>) -> Self {
        Self {
            multiplier: multiplier.f32(),
            bias: bias.i32(),
            zero: zero.byte(),
        }
    }

    /// Row number `row` of `y` from its sums.
    pub fn row(&self, row: usize, sums: &[i32], y: &mut Output, set: KernelSet) {
        let range = row * sums.len()..(row + 1) * sums.len();
        match (y.values.dtype(), set) {
            (DType::I8, KernelSet::Scalar) => {
                self.each(sums, &mut y.i8_mut()[range], |x| to_i8(x, self.zero));
            }
            (_, KernelSet::Scalar) => {
                self.each(sums, &mut y.u8_mut()[range], |x| to_u8(x, self.zero))
            }
            (DType::I8, KernelSet::Fastest) => {
                let rounded = Rounded::new(self.zero, true);
                self.each(sums, &mut y.i8_mut()[range], |x| rounded.of(x) as i8);
            }
            (_, KernelSet::Fastest) => {
                let rounded = Rounded::new(self.zero, false);
                self.each(sums, &mut y.u8_mut()[range], |x| rounded.of(x) as u8);
            }
        }
    }

    fn each<Y>(&self, sums: &[i32], y: &mut [Y], round: impl Fn(f32) -> Y) {
        let parameters = self.multiplier.iter().zip(self.bias);
        for ((y, &sum), (multiplier, bias)) in y.iter_mut().zip(sums).zip(parameters) {
            *y = round(sum.wrapping_add(*bias) as f32 * multiplier);
        }
    }
}

/// Least and largest of `x` and 0; NaN is passed over. In lanes, so that it vectorises.
fn range(x: &[f32]) -> (f32, f32) {
    const LANES: usize = 16;
    let (mut least, mut most) = ([0.0_f32; LANES], [0.0_f32; LANES]);
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut take = |lane: usize, x: f32| {
        least[lane] = if x < least[lane] { x } else { least[lane] };
        most[lane] = if x > most[lane] { x } else { most[lane] };
    };
    for chunk in chunks {
        for (lane, &x) in chunk.iter().enumerate() {
            take(lane, x);
        }
    }
    rest.iter().for_each(|&x| take(0, x));
    (
        least.into_iter().fold(0.0, f32::min),
        most.into_iter().fold(0.0, f32::max),
    )
}

/// `y u8`, `scale`, `zero_point` such that the range of `x` and 0 is covered.
pub(super) fn dynamic(x: Operand, outputs: &mut [Output], set: KernelSet) {
    let [y, scale_out, zero_out] = outputs else {
        return;
    };
    let x = x.f32();
    let (least, most) = range(x);
    let scale = if most > least {
        (most - least) / 255.0
    } else {
        1.0
    };
    let zero = (-least / scale).clamp(0.0, 255.0).round_ties_even() as i32;
    match set {
        KernelSet::Scalar => {
            for (y, &x) in y.u8_mut().iter_mut().zip(x) {
                *y = to_u8(x / scale, zero);
            }
        }
        KernelSet::Fastest => {
            let rounded = Rounded::new(zero, false);
            for (y, &x) in y.u8_mut().iter_mut().zip(x) {
                *y = rounded.of(x / scale) as u8;
            }
        }
    }
    scale_out.f32_mut().fill(scale);
    zero_out.u8_mut().fill(zero as u8);
}

/// Calls `f(element, parameter)` for each element with the number of its scale and zero point.
fn for_each_parameter(
    shape: &[usize],
    axis: usize,
    parameters: usize,
    mut f: impl FnMut(usize, usize),
) {
    let inner: usize = shape.get(axis + 1..).unwrap_or_default().iter().product();
    let count: usize = shape.iter().product();
    for at in 0..count {
        f(
            at,
            if parameters == 1 {
                0
            } else {
                at / inner % parameters
            },
        );
    }
}

pub(super) fn quantize(inputs: &[Operand], y: &mut Output, axis: usize, set: KernelSet) {
    let (x, scales, zeros) = (inputs[0].f32(), inputs[1].f32(), bytes_as_i32(inputs[2]));
    let shape = y.shape;
    if let (KernelSet::Fastest, [scale], [zero]) = (set, scales, &zeros[..]) {
        let rounded = Rounded::new(*zero, y.values.dtype() == DType::I8);
        let each = |x: f32| rounded.of(x / scale);
        return match y.values {
            Values::I8(_) => {
                let pairs = y.i8_mut().iter_mut().zip(x);
                pairs.for_each(|(y, &x)| *y = each(x) as i8);
            }
            _ => {
                let pairs = y.u8_mut().iter_mut().zip(x);
                pairs.for_each(|(y, &x)| *y = each(x) as u8);
            }
        };
    }
    match y.values {
        Values::I8(_) => {
            let y = y.i8_mut();
            for_each_parameter(shape, axis, scales.len(), |at, p| {
                y[at] = to_i8(x[at] / scales[p], zeros[p])
            });
        }
        _ => {
            let y = y.u8_mut();
            for_each_parameter(shape, axis, scales.len(), |at, p| {
                y[at] = to_u8(x[at] / scales[p], zeros[p])
            });
        }
    }
}

pub(super) fn dequantize(inputs: &[Operand], y: &mut Output, axis: usize) {
    let (x, scales, zeros) = (inputs[0], inputs[1].f32(), bytes_as_i32(inputs[2]));
    let shape = y.shape;
    let y = y.f32_mut();
    if let ([scale], [zero]) = (scales, &zeros[..]) {
        let each = |x: i32| x.wrapping_sub(*zero) as f32 * scale;
        match x.dtype() {
            DType::I8 => {
                let pairs = y.iter_mut().zip(x.i8());
                pairs.for_each(|(y, &x)| *y = each(i32::from(x)));
            }
            DType::U8 => {
                let pairs = y.iter_mut().zip(x.u8());
                pairs.for_each(|(y, &x)| *y = each(i32::from(x)));
            }
            _ => {
                let pairs = y.iter_mut().zip(x.i32());
                pairs.for_each(|(y, &x)| *y = each(x));
            }
        }
        return;
    }
    let mut all = |value: &dyn Fn(usize) -> i32| {
        for_each_parameter(shape, axis, scales.len(), |at, p| {
            y[at] = value(at).wrapping_sub(zeros[p]) as f32 * scales[p];
        });
    };
    match x.dtype() {
        DType::I8 => all(&|at| i32::from(x.i8()[at])),
        DType::U8 => all(&|at| i32::from(x.u8()[at])),
        _ => all(&|at| x.i32()[at]),
    }
}

/// Widens bytes to i16 with their zero points taken off: `zeros` has one entry, or one for each of `columns`.
pub(super) fn widen(x: Operand, zeros: &[i32], columns: usize, wide: &mut Vec<i16>) {
    wide.clear();
    let zero = |at: usize| parameter(zeros, if columns == 0 { 0 } else { at % columns }) as i16;
    match x.dtype() {
        DType::I8 => wide.extend(
            x.i8()
                .iter()
                .enumerate()
                .map(|(at, &v)| i16::from(v) - zero(at)),
        ),
        _ => wide.extend(
            x.u8()
                .iter()
                .enumerate()
                .map(|(at, &v)| i16::from(v) - zero(at)),
        ),
    }
}

/// Requantizes i32 sums: `y = saturate(round(sum × multiplier) + zero)`.
pub(super) fn requantize(
    sums: &[i32],
    multiplier: impl Fn(usize) -> f32,
    zero: i32,
    y: &mut Output,
) {
    match y.values {
        Values::I8(_) => {
            for (at, (y, &sum)) in y.i8_mut().iter_mut().zip(sums).enumerate() {
                *y = to_i8(sum as f32 * multiplier(at), zero);
            }
        }
        _ => {
            for (at, (y, &sum)) in y.u8_mut().iter_mut().zip(sums).enumerate() {
                *y = to_u8(sum as f32 * multiplier(at), zero);
            }
        }
    }
}
